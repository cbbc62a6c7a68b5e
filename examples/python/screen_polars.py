"""The spring sale and its audience, as polars frames: to whom may it go, and what keeps it from the others?"""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

import cleartosend as cts

EXAMPLES = Path(__file__).resolve().parent.parent

engine = cts.Engine()
campaign = json.loads((EXAMPLES / "campaign-only.json").read_text(encoding="utf-8"))
people = pl.read_csv(EXAMPLES / "audience.csv", try_parse_dates=True)

# A column that is no attribute is kept in the result or ignored; whoever forgets one is told.
screening = engine.screen(campaign, people, keep=["id"], ignore=["name"])
result = pl.DataFrame(screening)

cleared = people.join(result.filter(pl.col("verdict") == "allow"), on="id")
print("clear to send:", ", ".join(cleared["name"]))

for name, verdict, rules in people.join(result, on="id").filter(pl.col("verdict") != "allow").select("name", "verdict", "rules").rows():
    print(f"{verdict}: {name} ({', '.join(rules)})")

summary = screening.summary
print(f"{summary.rows} rows: {summary.verdicts.allow} allow, {summary.verdicts.review} review, {summary.verdicts.deny} deny")
for count in summary.rules:
    if count.alone:
        print(f"{count.alone} more would be clear but for {count.rule}")
