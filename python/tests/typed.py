"""Not run: what a type checker must accept, and what it must refuse (a comment that is not needed is an error of `mypy --strict`)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Iterator, List, Optional, Tuple

import cleartosend as cts
from cleartosend.campaign import CampaignDocument


def accepted(engine: cts.Engine, campaign: CampaignDocument) -> Tuple[cts.Verdict, List[str], datetime]:
    decision: cts.Decision = engine.check(campaign, at="2026-03-02T15:00:00Z")
    many: List[cts.Decision] = engine.check_many([campaign, b"{}", "{}", {"send_at": decision.send_at}])
    exposure: Tuple[cts.Exposure, ...] = many[0].exposure
    assert exposure[0] < exposure[1]
    if decision.verdict is cts.Verdict.DENY and decision.verdict >= cts.Verdict.REVIEW:
        print(decision.findings[0].facts["account.quality"])
    return decision.verdict, [finding.rule for finding in decision.findings], decision.send_at


class Frame:
    def __arrow_c_stream__(self, requested_schema: Optional[object] = None) -> object: ...


def screened(engine: cts.Engine, campaign: CampaignDocument, frame: Frame) -> Iterator[cts.Batch]:
    screening: cts.Screening = engine.screen(campaign, frame, keep=["id"], names={"mobile": "recipient.phone"}, threads=0)
    again = engine.screen(campaign, (frame for _ in range(3)), at="2026-03-02T15:00:00Z")
    summary: cts.Summary = engine.screen(campaign, Path("audience.parquet")).write("out.parquet")
    if summary.worst is not cts.Verdict.DENY and summary.verdicts.allow > 0 and again.summary == summary:
        print([count.rule for count in summary.rules if count.alone and count.verdict < cts.FindingVerdict.DENY])
    help = engine.screen(campaign, frame, help=48, fix_column=True).summary.help
    if help is not None:
        print([known.change.path for known in help.changes if known.more > 0], max(help.hours, key=lambda hour: hour.more).at.isoformat())
    yield from screening


sale: CampaignDocument = {
    "send_at": "2026-03-02T15:00:00Z",
    "campaign": {"category": "marketing", "audience_size": 10, "requests": ["payment_card"]},
    "account": {"daily_limit": "unlimited", "restrictions": [{"kind": "other", "since": "2026-03-01T00:00:00Z", "until": None}]},
    "recipient": {"opted_out": False, "phone": None},
}

misspelt: CampaignDocument = {"send_at": "2026-03-02T15:00:00Z", "campain": {}}  # type: ignore[typeddict-unknown-key]
outside: CampaignDocument = {"send_at": "2026-03-02T15:00:00Z", "account": {"quality": "reed"}}  # type: ignore[typeddict-item]
undated: CampaignDocument = {"campaign": {}}  # type: ignore[typeddict-item]


def refused(engine: cts.Engine) -> None:
    engine.check(5)  # type: ignore[arg-type]
    engine.screen({}, 5)  # type: ignore[arg-type]
    engine.screen({}, "audience.csv", names=["a"])  # type: ignore[arg-type]
    engine.check({}).verdict = cts.Verdict.ALLOW  # type: ignore[misc]
