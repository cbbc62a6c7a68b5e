"""Exceptions to rules, and labels."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest

import cleartosend as cts

WAIVER = """
[[waiver]]
rule = "whatsapp/template.not-approved"
lower_to = "note"
reason = "seen"
by = "Ana"
from = 2026-01-01
until = 2026-07-01
"""
CAMPAIGN = {"send_at": "2026-03-02T15:00:00Z", "campaign": {"content": "template", "template": {"status": "rejected"}}}


def test_a_waiver_lowers_what_a_rule_finds_and_says_why() -> None:
    decision = cts.Engine(waivers=WAIVER).check(CAMPAIGN)
    (finding,) = [finding for finding in decision.findings if finding.waiver]
    assert (finding.rule, finding.status, finding.verdict) == ("template.not-approved", "violated", "note")
    assert finding.waiver == ("seen", "Ana", datetime(2026, 7, 1, tzinfo=timezone.utc))
    assert finding.to_dict()["waiver"] == {"reason": "seen", "by": "Ana", "until": "2026-07-01"}
    plain = cts.Engine().check(CAMPAIGN)
    assert [finding.verdict for finding in plain.findings if finding.rule == "template.not-approved"] == ["deny"]


def test_a_summary_tells_of_waivers() -> None:
    pa = pytest.importorskip("pyarrow")
    audience = pa.table({"recipient.country": ["ES", "FR"]})
    summary = cts.Engine(waivers=WAIVER).screen(CAMPAIGN, audience).summary
    (count,) = [count for count in summary.rules if count.waiver]
    assert (count.rule, count.verdict, count.rows) == ("template.not-approved", "note", 2)
    assert count.waiver is not None and count.waiver.by == "Ana"
    assert "note template.not-approved violated, waived" in str(summary)


def test_a_rule_that_refuses_waivers_says_so() -> None:
    with pytest.raises(cts.PackError) as raised:
        cts.Engine(waivers=WAIVER.replace("template.not-approved", "consent.opted-out"))
    assert raised.value.code == "pack/not-waivable"
    rules = {rule.id: rule.waivable for rule in cts.Engine().packs[0].rules}
    assert rules["template.not-approved"] and not rules["consent.opted-out"]


def test_labels_are_passed_through(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "pack.toml").write_text(
        """
name = "house"
version = "1.0.0"
requires = "*"
title = "t"
published = 2026-01-01
[sources.s]
title = "t"
url = "https://acme.example"
retrieved = 2026-01-01
confidence = "official"
"""
    )
    (tmp_path / "rules" / "limits.toml").write_text(
        """
[[rule]]
id = "limits.big"
topic = "limits"
title = "t"
forbids = 'campaign.audience_size > 100'
verdict = "deny"
source = { id = "s" }
message = "m"
advice = "a"
exposure = []
labels = { team = "legal" }
"""
    )
    engine = cts.Engine(packs=[tmp_path], built_in=False)
    (finding,) = engine.check({"send_at": "2026-03-02T15:00:00Z", "campaign": {"audience_size": 200}}).findings
    assert finding.labels == {"team": "legal"} == finding.to_dict()["labels"]
    assert engine.packs[0].rules[0].labels == {"team": "legal"}
    with pytest.raises(TypeError):
        finding.labels["team"] = "x"  # type: ignore[index]
