#!/usr/bin/env python3
"""Writes core/src/schema/regions/codes.txt and replaced.txt.

    npm pack cldr-core@48.2.0 cldr-subdivisions-full@48.2.0
    for package in *.tgz; do mkdir -p "cldr/$package"; tar xzf "$package" -C "cldr/$package" --strip-components=1; done
    python3 xtask/regions/generate.py cldr/cldr-core-48.2.0.tgz cldr/cldr-subdivisions-full-48.2.0.tgz

The codes of ISO 3166-2 and their English names are those of the Unicode CLDR (Unicode License V3), whose subdivision codes are ISO's without
the hyphen, in small letters. Codes that ISO has given up are CLDR's aliases.
"""

import json
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDER = os.path.join(ROOT, "core/src/schema/regions")

# Regions that are countries of ISO 3166-1 too: CLDR names them as such.
NAMES = {
    "cnhk": "Hong Kong", "cnmo": "Macao", "cnnm": "Inner Mongolia", "cntw": "Taiwan", "fi01": "Åland Islands", "frbl": "Saint Barthélemy",
    "frcp": "Clipperton Island", "frmf": "Saint Martin", "frnc": "New Caledonia", "frpf": "French Polynesia",
    "frpm": "Saint Pierre and Miquelon", "frtf": "French Southern Territories", "frwf": "Wallis and Futuna", "nlaw": "Aruba",
    "nlcw": "Curaçao", "nlsx": "Sint Maarten", "shta": "Tristan da Cunha", "usas": "American Samoa", "usgu": "Guam",
    "usmp": "Northern Mariana Islands", "uspr": "Puerto Rico", "usum": "United States Minor Outlying Islands", "usvi": "US Virgin Islands",
}


def load(folder, *path):
    with open(os.path.join(folder, *path), encoding="utf-8") as file:
        return json.load(file)


def iso(code):
    return f"{code[:2]}-{code[2:]}".upper()


def main(core, subdivisions):
    supplemental = load(core, "supplemental", "subdivisionContainment.json")["supplemental"]
    groups = next(groups for name, groups in supplemental.items() if name != "version")
    codes = sorted({code for group in groups.values() for code in group["_contains"]})
    names = load(subdivisions, "subdivisions", "en", "en.json")["subdivisions"]["localeDisplayNames"]["subdivisions"]
    aliases = load(core, "supplemental", "aliases.json")["supplemental"]["metadata"]["alias"]["subdivisionAlias"]
    known = {iso(code): names.get(code) or NAMES[code] for code in codes}
    with open(os.path.join(FOLDER, "codes.txt"), "w", encoding="utf-8") as file:
        file.writelines(f"{code} {name}\n" for code, name in sorted(known.items()))
    replaced = {}
    for old, alias in aliases.items():
        replacement = iso(alias["_replacement"].split()[0])
        if iso(old) not in known and replacement in known:
            replaced[iso(old)] = replacement
    with open(os.path.join(FOLDER, "replaced.txt"), "w", encoding="utf-8") as file:
        file.writelines(f"{old} {new}\n" for old, new in sorted(replaced.items()))


main(*sys.argv[1:])
