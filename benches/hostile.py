#!/usr/bin/env python3
"""How work grows with what a stranger can make grow, by instruction counts: python3 benches/hostile.py [CTS] [KIND ...]

Each kind is made at a small size, at one, and at twice that, and `valgrind --tool=callgrind` counts what CTS (target/release/cts)
executes. What the second adds to the small one should double: over 2.3 fails. No quiet machine is needed."""
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

MOST = 2.3
RULE = '[[rule]]\nid="limits.r{n}"\ntopic="limits"\ntitle="t"\nforbids=\'\'\'{condition}\'\'\'\nverdict="review"\nfrom=2018-01-01\nsource={{id="s"}}\nmessage="m"\nadvice="a"\nexposure=[]\n'
PACK = 'name="a"\nversion="1.0.0"\nrequires=">=1.0, <2"\ntitle="t"\npublished=2026-01-01\n[sources.s]\ntitle="t"\nurl="https://a.example"\nretrieved=2026-01-01\nconfidence="official"\n'
CAMPAIGN = {"send_at": "2026-03-02T15:00:00Z", "campaign": {"category": "marketing"}}


def pack(folder, rules, more=""):
    (folder / "rules").mkdir()
    (folder / "pack.toml").write_text(PACK + more)
    (folder / "rules" / "r.toml").write_text(rules)
    return ["pack", "lint", "."]


def attributes(folder, size):
    (folder / "pom.xml").write_text("<project " + " ".join(f'a{i}="1"' for i in range(size)) + "/>")
    return ["scan", "."]


def descriptors(folder, size):
    (folder / "yarn.lock").write_text("# yarn lockfile v1\n\n" + "a@1, " * size + 'a@1:\n  version "1"\n')
    return ["scan", "."]


def names(folder, size):
    (folder / "d.csv").write_text("id,name\n" + "".join(f"1,name{i}\n" for i in range(size)))
    return ["directory", "import", "d.csv", "--source", "s", "--retrieved-at", "2026-03-01", "--complete"]


def screened(folder, lines):
    (folder / "campaign.json").write_text(json.dumps(CAMPAIGN))
    (folder / "audience.ndjson").write_text("\n".join(lines) + "\n")
    kept = ",".join(json.loads(lines[0]))
    return ["screen", "campaign.json", "audience.ndjson", "--anyway", "--keep", kept, "-o", "/dev/null", "--format", "csv"]


def columns(folder, size):
    return screened(folder, ["{" + ",".join(f'"a{i}":1' for i in range(size)) + "}"] + ["{}"] * 100)


def rows(folder, size):
    return screened(folder, ["{" + ",".join(f'"a{i}":1' for i in range(100)) + "}"] + ["{}"] * size)


def rules(folder, size):
    return pack(folder, "".join(RULE.format(n=n, condition=f"account.daily_limit=={n}") for n in range(size)))


def members(folder, size):
    texts = ", ".join(f'"t{n}"' for n in range(size))
    (folder / "sets.toml").write_text(f'[[set]]\nid = "many"\ntitle = "t"\nsource = {{ id = "s" }}\n[[set.entry]]\nvalues = [{texts}]\nfrom = 2018-01-01\n')
    return pack(folder, RULE.format(n=0, condition="account.id in sets.many"))


def guards(folder, size):
    letters = "abcdefgh"
    has = "&&".join(f"has(x.{a})" for a in letters)
    any_of = "||".join(f"x.{letters[n % 8]}" for n in range(size))
    declared = "".join(f'[attributes."x.{a}"]\ntype="bool"\nnullable=true\nscope="recipient"\ntitle="t"\n' for a in letters)
    return pack(folder, RULE.format(n=0, condition=f"{has}&&({any_of})"), declared)


def providers(folder, size):
    document = CAMPAIGN | {"intermediaries": [{"name": f"name {n:02}", "role": "reseller"} for n in range(size)]}
    (folder / "case.json").write_text(json.dumps(document))
    return ["check", "case.json"]


def on_one_number(condition):
    return lambda folder, size: pack(folder, "".join(RULE.format(n=n, condition=condition.format(n=n)) for n in range(size)))


def constants_and_members(folder, size):
    """Classes of an attribute, and members of a set that ten rules look for among them."""
    texts = ", ".join(f'"t{n:05}"' for n in range(size))
    (folder / "sets.toml").write_text(f'[[set]]\nid = "many"\ntitle = "t"\nsource = {{ id = "s" }}\n[[set.entry]]\nvalues = [{texts}]\nfrom = 2018-01-01\n')
    named = "".join(RULE.format(n=n, condition=f'account.id == "c{n:05}"') for n in range(size))
    return pack(folder, named + "".join(RULE.format(n=size + n, condition=f"account.id in sets.many && account.daily_limit == {n}") for n in range(10)))


def sets(folder, size):
    each = '[[set]]\nid = "s{n}"\ntitle = "t"\nsource = {{ id = "s" }}\n[[set.entry]]\nvalues = ["a{n}"]\nfrom = 2018-01-01\n'
    (folder / "sets.toml").write_text("".join(each.format(n=n) for n in range(size)))
    return pack(folder, "".join(RULE.format(n=n, condition=f"account.id in sets.s{n}") for n in range(size)))


def uses(folder, size):
    """Rules that use a condition of thirty levels."""
    deep = "account.banned"
    for level in range(30):
        deep = f"({deep} {'&&' if level % 2 else '||'} account.daily_limit == {level})"
    (folder / "conditions.toml").write_text(f'[[condition]]\nid = "deep"\nexpr = "{deep}"\n')
    return pack(folder, "".join(RULE.format(n=n, condition=f"conditions.deep && campaign.audience_size == {n}") for n in range(size)))


def keys(folder, size):
    """Keys of one entry of a table with four values, up to the 1,024 that there may be, in three rules."""
    values = ", ".join(f'"key-{n:04}" = {n % 4}' for n in range(size))
    (folder / "tables.toml").write_text(f'[[table]]\nid = "cap"\nkey = "account.id"\ntype = "int"\n[[table.entry]]\nvalues = {{ {values} }}\ndefault = 0\n')
    return pack(folder, "".join(RULE.format(n=n, condition=f"account.daily_limit > {n} + tables.cap") for n in range(3)))


def unused(folder, size):
    each = '[sources.u{n}]\ntitle="t"\nurl="https://a.example"\nretrieved=2026-01-01\nconfidence="official"\n'
    return pack(folder, RULE.format(n=0, condition="account.banned"), "".join(each.format(n=n) for n in range(size)))


def waivers(folder, size):
    each = '[[waiver]]\nrule="a/limits.r{n}"\nwhen="account.daily_limit == {n}"\nlower_to="note"\nreason="r"\nby="b"\nfrom=2026-01-01\nuntil=2026-12-01\n'
    (folder / "waivers.toml").write_text("".join(each.format(n=n) for n in range(size)))
    return pack(folder, "".join(RULE.format(n=n, condition=f"account.daily_limit=={n}") for n in range(size))) + ["--at", "2026-06-01T00:00:00Z"]


def unknown(folder, size):
    document = CAMPAIGN | {f"{n:05}" + "k" * 100: n for n in range(size)}
    (folder / "case.json").write_text(json.dumps(document))
    return ["check", "case.json"]


def steps(folder, size):
    """Rules that each ask something of every element of a list of 200, of one case."""
    listed = ", ".join(str(n) for n in range(200))
    (folder / "house").mkdir()
    pack(folder / "house", "".join(RULE.format(n=n, condition=f"[{listed}].all(number, number + {n} < campaign.audience_size)") for n in range(size)))
    (folder / "case.json").write_text(json.dumps(CAMPAIGN | {"campaign": {"category": "marketing", "audience_size": 1_000_000}}))
    return ["check", "case.json", "--no-built-in", "--pack", "house", "--json"]


KINDS = {
    "attributes of one XML element": (attributes, 20, 2000),
    "descriptors of one lock entry": (descriptors, 20, 16_000),
    "names of one provider": (names, 20, 1000),
    "columns of the first line, 100 rows": (columns, 10, 300),
    "rows of 100 columns": (rows, 10, 1000),
    "rules on one number": (rules, 10, 100),
    "rules on one number, each within the last": (on_one_number("account.daily_limit>{n}"), 10, 100),
    "rules with a comparison of their own": (on_one_number("account.daily_limit+{n}<campaign.audience_size"), 10, 100),
    "rules with steps of their own, of one case": (steps, 10, 100),
    "rules that use a deep condition": (uses, 10, 100),
    "waivers of rules": (waivers, 10, 200),
    "sets, each used once": (sets, 10, 200),
    "members of a set": (members, 10, 1000),
    "constants and members of a set, together": (constants_and_members, 10, 300),
    "keys of a table": (keys, 10, 500),
    "sources that nothing cites": (unused, 10, 500),
    "unknown members of a document": (unknown, 10, 100),
    "conditions behind guards": (guards, 8, 120),
    "providers of a campaign": (providers, 1, 8),
}


def counted(cts, make, size):
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        command = make(folder, size)
        run = subprocess.run(
            ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", cts, *command],
            cwd=folder, capture_output=True, text=True, errors="replace")
        found = re.search(r"Collected : (\d+)", run.stderr)
        if not found:
            sys.exit(run.stderr)
        return int(found[1]), (run.stdout + run.stderr.split("==")[0]).strip().splitlines()


def main():
    arguments = sys.argv[1:]
    cts = str(Path(arguments.pop(0) if arguments else "target/release/cts").resolve())
    worse = 0
    print("| grows | sizes | millions of instructions | the second adds, against the first |\n| --- | --- | --- | --: |")
    for name, (make, small, size) in KINDS.items():
        if arguments and name not in arguments:
            continue
        few, one, two = (counted(cts, make, n)[0] for n in (small, size, 2 * size))
        grows = (two - few) / max(one - few, 1)
        worse += grows > MOST
        print(f"| {name} | {small}, {size:,}, {2 * size:,} | {few / 1e6:.1f}, {one / 1e6:.1f}, {two / 1e6:.1f} | {grows:.2f} × |", flush=True)
    sys.exit(f"{worse} kinds grow faster than what they are given" if worse else 0)


if __name__ == "__main__":
    main()
