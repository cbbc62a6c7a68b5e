"""What would make a campaign clear to send, and from when is it?"""

from __future__ import annotations

from pathlib import Path

import cleartosend as cts

engine = cts.Engine()
campaign = Path(__file__).parent.parent / "turkey-2024.json"
explanation = engine.explain(campaign.read_bytes())

print(explanation.decision.verdict, "now")
for fix in explanation.fixes:
    # Who can do it, what to do, and what the verdict is then, whatever of the proposed values is taken.
    print(fix.leads_to, "if", " and ".join(f"{change.by}: {change.how}" for change in fix.changes))
print("clear from", explanation.clear_from, "until", explanation.clear_until or "as far as was looked")
for member in explanation.missing:
    print("supply", member.path, "from", member.comes_from)
