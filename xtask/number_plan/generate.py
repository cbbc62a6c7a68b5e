#!/usr/bin/env python3
"""Writes core/data/number_plan.rs and tests/vectors/number-plan.csv.

    python3 -m venv venv && venv/bin/pip install phonenumbers==9.0.43 tzdata==2026.6
    venv/bin/python xtask/number_plan/generate.py

The number plan is the metadata of libphonenumber (Apache-2.0), read from its Python port, the package `phonenumbers`. Which zones a
country has is the IANA time zone database's `zone.tab` (public domain), read from the package `tzdata`.

Countries. Where a calling code is one country's, the code decides. For codes of several countries, and for countries of several zones,
the patterns of all kinds of number of all regions are run side by side, digit by digit, as one automaton; its states say which region
libphonenumber would name (`region_code_for_number`), and whether the number is tied to a place (`is_number_geographical`). States with
the same future are merged, so the whole fits in some tens of kilobytes and gives the same answer as the patterns, lengths included.

Zones. A number tied to a place has the zones of its longest known prefix; any other has all zones of its country. libphonenumber's zones
are stand-ins here and there (Bucharest for Kaliningrad, since the clocks agreed once); a zone that is not the country's own is replaced.
"""

import csv
import os
import random
import re
import re._constants as sre
import re._parser as sre_parse
import sys
from importlib.metadata import version

import phonenumbers
import tzdata
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata, PhoneNumber, PhoneNumberType
from phonenumbers.phonenumberutil import _GEO_MOBILE_COUNTRIES
from phonenumbers.tzdata import TIMEZONE_DATA

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TABLES = os.path.join(ROOT, "core/data/number_plan.rs")
VECTORS = os.path.join(ROOT, "tests/vectors/number-plan.csv")

# Regions of libphonenumber that ISO 3166-1 knows as part of another country.
ISO = {"AC": "SH", "TA": "SH"}
# Zones of `zone.tab` that no clock of the country's own telephones shows: China keeps one time by law, Crimea's numbers left +380.
NOT_SHOWN = {"CN": {"Asia/Urumqi"}, "UA": {"Europe/Simferopol"}}
EXTRA = {"XK": ["Europe/Belgrade"]}
# Prefixes whose zone libphonenumber gives as a neighbour's, or not at all.
PLACES = {
    "74012": ["Europe/Kaliningrad"],
    "7845": ["Europe/Saratov"],  # UTC+4 since 2016
    # Chihuahua, on central time without summer time since 2022; Ciudad Juárez (656) has its own entry.
    **{f"52{area}": ["America/Chihuahua"] for area in (614, 621, 625, 627, 628, 629, 635, 636, 639, 648, 649, 652, 659)},
    "52626": ["America/Chihuahua", "America/Ojinaga"],
    "61889": ["Australia/Darwin"],
    "5661": ["America/Punta_Arenas"],
    "5667": ["America/Coyhaique"],
    "5632": ["America/Santiago", "Pacific/Easter"],
}
DIGITS_MAX = 15
KINDS = ["premium_rate", "toll_free", "shared_cost", "voip", "personal_number", "pager", "uan", "voicemail"]


def main():
    zones = zones_of_countries()
    rename = renamed(zones)
    codes = plan_codes(zones)
    dag = Dag()
    entries = {}
    for code, regions in codes.items():
        entries[code] = dag.add(code, regions)
    prefixes = zone_prefixes(zones, rename, codes, dag, entries)
    checked = verify(dag, entries, codes)
    write_tables(zones, codes, dag, entries, prefixes)
    rows = write_vectors(zones, codes, dag, entries, prefixes)
    print(f"{len(dag.nodes)} states, {len(prefixes)} prefixes, {checked} random numbers agree, {rows} vectors")


def zones_of_countries():
    zones = {}
    with open(os.path.join(os.path.dirname(tzdata.__file__), "zoneinfo/zone.tab")) as lines:
        for line in lines:
            if not line.startswith("#"):
                country, _, zone = line.rstrip("\n").split("\t")[:3]
                if zone not in NOT_SHOWN.get(country, ()):
                    zones.setdefault(country, []).append(zone)
    zones.update(EXTRA)
    return {country: sorted(names) for country, names in sorted(zones.items())}


def renamed(zones):
    """Former names in libphonenumber, and their present ones."""
    former = {
        "Africa/Asmera": "Africa/Asmara", "America/Buenos_Aires": "America/Argentina/Buenos_Aires", "America/Godthab": "America/Nuuk",
        "Asia/Calcutta": "Asia/Kolkata", "Asia/Choibalsan": "Asia/Ulaanbaatar", "Asia/Katmandu": "Asia/Kathmandu",
        "Asia/Rangoon": "Asia/Yangon", "Atlantic/Faeroe": "Atlantic/Faroe", "Pacific/Enderbury": "Pacific/Kanton",
        "Pacific/Ponape": "Pacific/Pohnpei", "Pacific/Truk": "Pacific/Chuuk", "Europe/Kiev": "Europe/Kyiv",
    }
    known = {name for names in zones.values() for name in names}
    assert set(former.values()) <= known, set(former.values()) - known
    return former


def plan_codes(zones):
    """The calling codes with their regions; those of one region and one zone need no automaton."""
    return {
        str(code): list(regions)
        for code, regions in sorted(COUNTRY_CODE_TO_REGION_CODE.items(), key=lambda item: str(item[0]))
        if regions != ("001",)
    }


def needs_automaton(regions, zones):
    return len(regions) > 1 or len(zones[ISO.get(regions[0], regions[0])]) > 1


# ---------------------------------------------------------------- patterns as automata


class Nfa:
    """Fragments of a pattern; `edges[state]` is a list of (digits, next), digits None for a free step."""

    def __init__(self):
        self.edges = []
        self.accepts = {}

    def state(self):
        self.edges.append([])
        return len(self.edges) - 1

    def pattern(self, text, tag, is_prefix):
        start = self.state()
        end = self.sequence(sre_parse.parse(text), start)
        if is_prefix:
            self.edges[end].append((frozenset(range(10)), end))
        self.accepts.setdefault(end, set()).add(tag)
        return start

    def sequence(self, items, at):
        for item in items:
            at = self.item(item, at)
        return at

    def item(self, item, at):
        kind, value = item
        if kind is sre.LITERAL:
            return self.step(at, {value - 48})
        if kind is sre.IN:
            return self.step(at, members(value))
        if kind is sre.SUBPATTERN:
            return self.sequence(value[3], at)
        if kind is sre.BRANCH:
            end = self.state()
            for branch in value[1]:
                start = self.state()
                self.edges[at].append((None, start))
                self.edges[self.sequence(branch, start)].append((None, end))
            return end
        if kind is sre.MAX_REPEAT:
            least, most, inner = value
            for _ in range(least):
                at = self.sequence(inner, at)
            end = self.state()
            self.edges[at].append((None, end))
            for _ in range(min(int(most), DIGITS_MAX + 3) - least):
                at = self.sequence(inner, at)
                self.edges[at].append((None, end))
            return end
        raise ValueError(f"unexpected pattern item {kind}")

    def step(self, at, digits):
        end = self.state()
        self.edges[at].append((frozenset(digits), end))
        return end

    def closure(self, states):
        seen, stack = set(states), list(states)
        while stack:
            for digits, following in self.edges[stack.pop()]:
                if digits is None and following not in seen:
                    seen.add(following)
                    stack.append(following)
        return frozenset(seen)

    def after(self, states, digit):
        return self.closure({following for state in states for digits, following in self.edges[state] if digits and digit in digits})


def members(items):
    digits = set()
    for kind, value in items:
        if kind is sre.LITERAL:
            digits.add(value - 48)
        elif kind is sre.RANGE:
            digits.update(range(value[0] - 48, value[1] - 47))
        elif kind is sre.CATEGORY and value is sre.CATEGORY_DIGIT:
            digits.update(range(10))
        else:
            raise ValueError(f"unexpected class item {kind}")
    assert digits <= set(range(10))
    return digits


class Dag:
    """States with the same future are one. A node is (answer, ten successors); node 0 answers nobody for ever."""

    def __init__(self):
        self.nodes = []
        self.numbers = {}
        self.dead = {}

    def node(self, answer, successors):
        key = (answer, successors)
        if key not in self.numbers:
            self.numbers[key] = len(self.nodes)
            self.nodes.append(key)
        return self.numbers[key]

    def dead_end(self, answer):
        """The node that gives that answer whatever follows; it is its own successor, written as None."""
        return self.node(answer, None)

    def next(self, node, digit):
        successors = self.nodes[node][1]
        return node if successors is None else successors[digit]

    def add(self, code, regions):
        nfa = Nfa()
        metadata = {region: PhoneMetadata.metadata_for_region_or_calling_code(int(code), region) for region in regions}
        starts, lengths = [], {}
        for region in regions:
            data = metadata[region]
            if data.leading_digits:
                starts.append(nfa.pattern(data.leading_digits, (region, "leading"), True))
            for kind in ["general_desc", "fixed_line", "mobile", *KINDS]:
                desc = getattr(data, kind)
                if desc and desc.national_number_pattern:
                    lengths[region, kind] = tuple(desc.possible_length)
                    starts.append(nfa.pattern(desc.national_number_pattern, (region, kind), False))
        default = (iso(regions[0]), False) if len(regions) == 1 else None

        def answer(states, length):
            tags = set()
            for state in states:
                for tag in nfa.accepts.get(state, ()):
                    if not lengths.get(tag) or length in lengths[tag]:
                        tags.add(tag)
            for region in regions:
                kind = number_type(metadata[region], {kind for of, kind in tags if of == region})
                if len(regions) > 1:
                    if metadata[region].leading_digits:
                        if (region, "leading") not in tags:
                            continue
                    elif kind is None:
                        continue
                place = kind in ("fixed", "both") or (kind == "mobile" and int(code) in _GEO_MOBILE_COUNTRIES)
                return iso(region), place
            return default

        memo = {}

        def build(states, length):
            if not states:
                return self.dead_end(default)
            key = (states, length)
            if key not in memo:
                here = answer(states, length)
                if length >= DIGITS_MAX - len(code):
                    memo[key] = self.node(here, tuple([self.dead_end(default)] * 10))
                else:
                    successors = tuple(build(nfa.after(states, digit), length + 1) for digit in range(10))
                    first = successors[0]
                    steady = self.nodes[first] == (here, None) and all(successor == first for successor in successors)
                    memo[key] = first if steady else self.node(here, successors)
            return memo[key]

        return build(nfa.closure(starts), 0)

    def run(self, start, digits):
        node = start
        for digit in digits:
            node = self.next(node, int(digit))
        return self.nodes[node][0]


def number_type(data, kinds):
    """As libphonenumber's `number_type`, which asks in this order; None where it says unknown."""
    if "general_desc" not in kinds:
        return None
    for kind in KINDS:
        if kind in kinds:
            return kind
    if "fixed_line" in kinds:
        both = "mobile" in kinds or data.mobile and data.fixed_line.national_number_pattern == data.mobile.national_number_pattern
        return "both" if both else "fixed"
    return "mobile" if "mobile" in kinds else None


def iso(region):
    return ISO.get(region, region)


# ---------------------------------------------------------------- zones of prefixes


def zone_prefixes(zones, rename, codes, dag, entries):
    """Prefixes longer than the calling code, with zones that are the country's own; those that say no more than the country are left out."""
    table = {prefix: [rename.get(zone, zone) for zone in names] for prefix, names in TIMEZONE_DATA.items()}
    for prefix, names in PLACES.items():
        for longer in [other for other in table if other.startswith(prefix)]:
            del table[longer]
        table[prefix] = names
    result = {}
    for prefix, names in sorted(table.items()):
        code = next((prefix[:length] for length in (1, 2, 3) if prefix[:length] in codes), None)
        if code is None or prefix == code:
            continue
        countries = reachable(dag, entries[code], prefix[len(code):])
        own = sorted({zone for country in countries for zone in zones[country]})
        if not own:
            continue
        kept = sorted(set(names) & set(own)) or own
        result[prefix] = kept
    # What a shorter prefix says already need not be said again.
    slim = {}
    for prefix, names in sorted(result.items(), key=lambda item: (len(item[0]), item[0])):
        shorter = next((prefix[:length] for length in range(len(prefix) - 1, 0, -1) if prefix[:length] in slim), None)
        if shorter is None or slim[shorter] != names:
            slim[prefix] = names
    return dict(sorted(slim.items()))


def reachable(dag, start, digits):
    node = start
    for digit in digits:
        node = dag.next(node, int(digit))
    found, seen, stack = set(), {node}, [node]
    while stack:
        answer, successors = dag.nodes[stack.pop()]
        if answer:
            found.add(answer[0])
        for successor in successors or ():
            if successor not in seen:
                seen.add(successor)
                stack.append(successor)
    return found


def zones_of(phone, zones, codes, dag, entries, prefixes):
    code, digits = split(phone, codes)
    if code is None:
        return []
    answer = dag.run(entries[code], digits)
    if answer is None:
        return []
    country, place = answer
    if place:
        for length in range(len(phone), len(code), -1):
            if phone[:length] in prefixes:
                return prefixes[phone[:length]]
    return zones.get(country, [])


def split(phone, codes):
    for length in (1, 2, 3):
        if phone[:length] in codes:
            return phone[:length], phone[length:]
    return None, phone


# ---------------------------------------------------------------- against the library


def asked(code, digits):
    """The number as libphonenumber sees it, without its parser, which would guess at prefixes."""
    zeros = len(digits) - len(digits.lstrip("0"))
    return PhoneNumber(country_code=int(code), national_number=int(digits or 0), italian_leading_zero=zeros > 0 or None, number_of_leading_zeros=zeros if zeros > 1 else None)


def random_digits(rng, code, regions):
    kind = rng.random()
    region = rng.choice(regions)
    data = PhoneMetadata.metadata_for_region_or_calling_code(int(code), region)
    if kind < 0.75:
        desc = getattr(data, rng.choice(["fixed_line", "mobile", "fixed_line", "mobile", *KINDS]))
        example = desc.example_number if desc else None
        if example:
            keep = rng.randrange(len(example) + 1)
            return example[:keep] + "".join(rng.choice("0123456789") for _ in example[keep:])
    lengths = data.general_desc.possible_length
    length = rng.choice(lengths) + (rng.choice((-1, 1)) if kind > 0.95 else 0)
    start = rng.choice(["", data.leading_digits if data.leading_digits and data.leading_digits.isdigit() else ""])
    return start + "".join(rng.choice("0123456789") for _ in range(max(1, length - len(start))))


def verify(dag, entries, codes):
    rng = random.Random(20261123)
    checked = 0
    for code, regions in codes.items():
        for _ in range(4000 if len(regions) > 1 else 120):
            digits = random_digits(rng, code, regions)
            if not digits.strip("0") or len(code + digits) > DIGITS_MAX:
                continue
            number = asked(code, digits)
            region = phonenumbers.region_code_for_number(number)
            answer = dag.run(entries[code], digits)
            assert (iso(region) if region else None) == (answer[0] if answer else None), (code, digits, region, answer)
            if region:
                kind = phonenumbers.number_type(number)
                place = phonenumbers.is_number_geographical(number)
                assert place == answer[1], (code, digits, kind, answer)
            checked += 1
    return checked


# ---------------------------------------------------------------- what is written


def write_tables(zones, codes, dag, entries, prefixes):
    order = sorted({country for country in zones} | {answer[0] for answer, _ in dag.nodes if answer})
    country_number = {country: at for at, country in enumerate(order)}
    zone_names = sorted({zone for names in [*zones.values(), *prefixes.values()] for zone in names})
    lists = sorted({tuple(names) for names in [*zones.values(), *prefixes.values()]} | {()})
    list_number = {names: at for at, names in enumerate(lists)}
    masks, offsets, answers, targets = [], [], [], []
    runs = {}
    for at, (answer, successors) in enumerate(dag.nodes):
        successors = successors or tuple([at] * 10)
        mask, run = 0, []
        for digit, successor in enumerate(successors):
            if digit == 0 or successor != successors[digit - 1]:
                mask |= 1 << digit
                run.append(successor)
        key = tuple(run)
        if key not in runs:
            runs[key] = len(targets)
            targets.extend(run)
        masks.append(mask)
        offsets.append(runs[key])
        answers.append(0 if answer is None else (country_number[answer[0]] + 1) * 2 + answer[1])
    assert len(dag.nodes) < 65536 and len(targets) < 65536 and len(lists) < 65536
    code_rows = sorted((int(code), entries[code]) for code in codes)
    starts = [0xFFFF] * 1000
    for code, entry in code_rows:
        starts[code] = entry
    with open(TABLES, "w") as out:
        out.write("// Generated by xtask/number_plan/generate.py: do not edit, run it again.\n//\n")
        out.write(f"// Number plan: libphonenumber's metadata {version('phonenumbers')} (Apache-2.0). Zones of countries: IANA time zone database {tzdata.IANA_VERSION}\n")
        out.write("// (public domain).\n\n")
        out.write(f'pub(super) const VERSION: &str = "libphonenumber {version("phonenumbers")}, tz {tzdata.IANA_VERSION}";\n\n')
        table(out, "COUNTRIES", "&str", [f'"{country}"' for country in order])
        table(out, "COUNTRY_ZONES", "u16", [list_number[tuple(zones.get(country, ()))] for country in order])
        table(out, "CODE_STARTS", "u16", starts)
        table(out, "STATE_MASKS", "u16", masks)
        table(out, "STATE_OFFSETS", "u16", offsets)
        table(out, "STATE_ANSWERS", "u16", answers)
        table(out, "TARGETS", "u16", targets)
        keys = sorted((int(prefix.ljust(DIGITS_MAX, "0")), len(prefix), list_number[tuple(names)]) for prefix, names in prefixes.items())
        table(out, "PREFIXES", "(u64, u8, u16)", [f"({key}, {length}, {names})" for key, length, names in keys])
        out.write("#[rustfmt::skip]\npub(super) static ZONE_LISTS: &[&[&str]] = &[\n")
        for names in lists:
            out.write("    &[" + ", ".join(f'"{name}"' for name in names) + "],\n")
        out.write("];\n")


def table(out, name, kind, items):
    out.write(f"#[rustfmt::skip]\npub(super) static {name}: &[{kind}] = &[\n")
    line = "   "
    for item in items:
        text = f" {item},"
        if len(line) + len(text) > 138:
            out.write(line + "\n")
            line = "   "
        line += text
    out.write(line + "\n];\n\n")


def write_vectors(zones, codes, dag, entries, prefixes):
    """Numbers with the country that libphonenumber itself names, and the zones of this plan."""
    rng = random.Random(1)
    rows = {}
    for code, regions in codes.items():
        for _ in range(40 if len(regions) > 3 else 8 if len(regions) > 1 else 1):
            digits = random_digits(rng, code, regions)
            if digits.strip("0") and len(code + digits) <= DIGITS_MAX:
                region = phonenumbers.region_code_for_number(asked(code, digits))
                rows[code + digits] = iso(region) if region else ""
    for code in (800, 808, 870, 878, 881, 882, 883, 888, 979):
        rows[f"{code}12345678"] = ""
    with open(VECTORS, "w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["phone", "country", "zones"])
        for phone, country in sorted(rows.items()):
            writer.writerow([f"+{phone}", country, " ".join(zones_of(phone, zones, codes, dag, entries, prefixes))])
    return len(rows)


if __name__ == "__main__":
    sys.setrecursionlimit(10000)
    main()
