"""The spring sale, as it would go out: is it clear to send?"""

from __future__ import annotations

from datetime import datetime, timezone

import cleartosend as cts

engine = cts.Engine()

decision = engine.check(
    {
        "send_at": datetime(2026, 3, 2, 15, tzinfo=timezone.utc),
        "provider": {"name": "Hubtyp3", "domain": "hubtyp3.com", "role": "solution_partner"},
        "access": {"route": "cloud_api", "clients": ["npm:@whiskeysockets/baileys"]},
        "campaign": {"initiated_by": "business", "category": "marketing"},
        "recipient": {"phone": "+34600000000", "opt_in": "given", "opted_out": True},
    }
)

print("verdict:", decision.verdict)
for finding in decision.findings:
    if finding.status == "violated":
        print(f"- {finding.rule}: {finding.message}")
        print(f"  {finding.advice}")
        print(f"  {finding.source.title}, {finding.source.url}")
print("asked for, since it was not given:", "account.quality" in decision.missing)
