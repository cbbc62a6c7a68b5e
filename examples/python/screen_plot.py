"""What a notebook would show of a screening: which rules keep how many people from the sale, as a picture in a file."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import matplotlib

matplotlib.use("Agg")  # into files: nothing here has a window
import matplotlib.pyplot as plt

import cleartosend as cts

EXAMPLES = Path(__file__).resolve().parent.parent

engine = cts.Engine()
campaign = json.loads((EXAMPLES / "campaign-only.json").read_text(encoding="utf-8"))

# A file is read as it comes, so that a large one needs no more memory than this one.
summary = engine.screen(campaign, EXAMPLES / "audience.csv", ignore=["id", "name"]).summary

colours = {"allow": "#1a7f37", "review": "#9a6700", "deny": "#cf222e"}
rules = summary.rules[::-1]
figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4), width_ratios=(1, 3), layout="constrained")
left.bar(summary.verdicts._fields, summary.verdicts, color=list(colours.values()))
left.set_title(f"{summary.rows} people")
right.barh([f"{count.rule} {count.status}" for count in rules], [count.rows for count in rules], color=[colours[count.verdict] for count in rules], alpha=0.4)
right.barh([f"{count.rule} {count.status}" for count in rules], [count.alone for count in rules], color=[colours[count.verdict] for count in rules])
right.set_title("rows a rule stands against; in full colour, those that nothing else stands against")

with tempfile.TemporaryDirectory() as folder:
    place = Path(sys.argv[1] if len(sys.argv) > 1 else Path(folder) / "screening.png")
    figure.savefig(place, dpi=100)
    print("drawn:", place.read_bytes()[1:4].decode())
for count in summary.rules:
    print(count.verdict, count.rule, count.status, count.rows, count.alone)
