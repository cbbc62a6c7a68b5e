"""Why, and what would help: the same as every other binding says, as typed frozen objects."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Dict, Literal, Tuple

import pytest

import cleartosend as cts

EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "examples").glob("*.json"))


def command(*arguments: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run([sys.executable, "-m", "cleartosend", *arguments], capture_output=True, check=False)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_explanation_is_what_the_command_prints(engine: cts.Engine, example: Path) -> None:
    explanation = engine.explain(example.read_bytes())
    assert command("explain", "--json", str(example)).stdout.decode() == explanation.to_json() + "\n"
    assert engine.explain(json.loads(example.read_bytes())) == explanation
    assert explanation.decision == engine.check(example.read_bytes())
    # The objects say what the document says.
    document = explanation.to_dict()
    assert json.loads(explanation.to_json()) == document
    assert explanation.decision.to_dict() == document["decision"]
    assert [entry._asdict() for entry in explanation.checklist] == document["checklist"]
    assert [written(fix) for fix in explanation.fixes] == document["fixes"]
    assert explanation.more_fixes == document["more_fixes"]
    assert explanation.timeline is not None
    assert written(explanation.timeline) == document["timeline"]
    assert (written(explanation.clear_from), written(explanation.clear_until)) == (document["clear_from"], document["clear_until"])
    assert [written(member) for member in explanation.missing] == document["missing"]


def written(told: Any) -> Any:
    """Objects as the document has them."""
    if isinstance(told, datetime):
        return told.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(told, cts.Removed):
        return told.value
    if isinstance(told, cts.OneOf):
        return [written(value) for value in told.values]
    if isinstance(told, cts.Members):
        return {name: written(value) for name, value in told.members.items()}
    if isinstance(told, tuple) and hasattr(told, "_asdict"):
        return {name.rstrip("_"): written(value) for name, value in told._asdict().items()}
    if isinstance(told, (list, tuple)):
        return [written(value) for value in told]
    if not isinstance(told, str) and hasattr(told, "items"):
        return {name: written(value) for name, value in told.items()}
    return told


def test_a_barred_place_is_clear_from_the_day_it_is_none(root: Path, engine: cts.Engine) -> None:
    document = (root / "examples" / "turkey-2024.json").read_bytes()
    explanation = engine.explain(document)
    assert explanation.decision.verdict is cts.Verdict.DENY
    assert explanation.clear_from == datetime(2024, 5, 15, tzinfo=timezone.utc)
    assert explanation.clear_until is None
    leave_out, later = explanation.fixes
    assert leave_out.leads_to is later.leads_to is cts.Verdict.ALLOW
    assert leave_out.changes[0].by is cts.ChangedBy.AUDIENCE
    assert leave_out.changes[0].to is cts.Removed.REMOVED
    assert later.changes == (cts.Change("send_at", datetime(2024, 5, 14, 12, tzinfo=timezone.utc), explanation.clear_from, cts.ChangedBy.TIME, "send later"),)
    assert explanation.timeline is not None
    assert [interval.verdict for interval in explanation.timeline.intervals] == ["deny", "allow"]
    assert explanation.timeline.intervals[0].rules == ("territory.turkey-barred",)


def test_what_is_missing_comes_with_its_values(root: Path, engine: cts.Engine) -> None:
    explanation = engine.explain((root / "examples" / "missing-facts.json").read_bytes())
    first = explanation.missing[0]
    assert first.settles >= max(member.settles for member in explanation.missing)
    assert first.title and first.comes_from and first.values
    assert str(explanation).count("Supply first:") == 1 and first.path in str(explanation)


def test_a_timeline_ends_where_it_is_told_to(root: Path, engine: cts.Engine) -> None:
    document = (root / "examples" / "turkey-2024.json").read_bytes()
    until = datetime(2024, 5, 15, tzinfo=timezone.utc)
    short = engine.explain(document, until=until)
    assert short.timeline is not None and short.timeline.until == until and short.clear_from is None
    assert engine.explain(document, until="2024-05-15T00:00:00Z") == short
    none = engine.explain(document, timeline=False)
    assert (none.timeline, none.clear_from) == (None, None)
    assert not any(change.path == "send_at" for fix in none.fixes for change in fix.changes)
    one = engine.explain(document, fixes_max=1)
    assert len(one.fixes) == 1 and one.more_fixes
    later = engine.explain(document, at=until + timedelta(days=1))
    assert later.decision.allowed and not later.fixes


def test_what_cannot_be_asked_is_refused(root: Path, engine: cts.Engine) -> None:
    document = (root / "examples" / "turkey-2024.json").read_bytes()
    with pytest.raises(cts.ExplainError, match="not after `send_at`") as early:
        engine.explain(document, until="2024-05-01T00:00:00Z")
    assert (early.value.code, early.value.at) == ("explain/bad-horizon", "until")
    with pytest.raises(cts.ExplainError, match="more than 400 days") as late:
        engine.explain(document, until="2034-05-01T00:00:00Z")
    assert late.value.code == "explain/bad-horizon"
    with pytest.raises(cts.ExplainError) as both:
        engine.explain(document, until="2024-06-01T00:00:00Z", timeline=False)
    assert (both.value.code, both.value.at) == ("python/until-without-timeline", "until")
    with pytest.raises(cts.ExplainError, match="found -1") as negative:
        engine.explain(document, fixes_max=-1)
    assert (negative.value.code, negative.value.at) == ("python/fixes-max", "fixes_max")
    with pytest.raises(cts.FactsError) as unread:
        engine.explain(document, until="tomorrow")
    assert unread.value.at.startswith("until")
    with pytest.raises(cts.FactsError, match="reed"):
        engine.explain({"send_at": "2024-05-14T12:00:00Z", "account": {"quality": "reed"}})


def test_what_an_account_knows_is_taken(engine: cts.Engine, campaign: Dict[str, Any]) -> None:
    account = cts.Account()
    change = {"field": "account_review_update", "value": {"decision": "REJECTED"}}
    account.apply({"object": "whatsapp_business_account", "entry": [{"id": "100", "time": 1760000000, "changes": [change]}]})
    del campaign["account"]
    explained = engine.explain(campaign, account=account, timeline=False)
    assert explained.decision == engine.check(campaign, account=account) != engine.check(campaign)


def test_an_explanation_is_read_in_three_languages(root: Path, engine: cts.Engine) -> None:
    document = root / "examples" / "turkey-2024.json"
    explanation = engine.explain(document.read_bytes())
    assert explanation.text() == explanation.text("en") == str(explanation)
    assert explanation.html() == explanation.html("en")
    readings: Tuple[Tuple[Literal["en", "es", "pt"], str], ...] = (("en", "What would help"), ("es", "Qué ayudaría"), ("pt", "O que ajudaria"))
    for lang, words in readings:
        assert words in explanation.text(lang) and words in explanation.html(lang)
        assert command("explain", "--lang", lang, str(document)).stdout.decode() == explanation.text(lang)
    with pytest.raises(cts.Error, match="`en`, `es` or `pt`"):
        explanation.text("fr")  # type: ignore[arg-type]


def test_a_notebook_shows_a_bar_that_can_be_read_without_seeing_it(root: Path, engine: cts.Engine) -> None:
    explanation = engine.explain((root / "examples" / "turkey-2024.json").read_bytes())
    shown = explanation._repr_html_()
    assert 'role="img" aria-label="When: deny 2024-05-14T12:00:00Z – 2024-05-15T00:00:00Z; allow' in shown
    assert shown[shown.index("<h2>") : shown.index("</article>")] in explanation.to_html()
    assert "deje fuera a este destinatario" in explanation.to_html(lang="es")
    page = explanation.html()
    words = "deny from 2024-05-14T12:00:00Z; allow from 2024-05-15T00:00:00Z"
    assert f'<svg role="img" aria-label="{words}"' in page and page.count("<rect ") == 2
    assert f"<small>{words}</small>" in page
    assert page.startswith("<div>") and page.endswith("</div>") and page.count("<p>") == page.count("</p>")
    without = engine.explain((root / "examples" / "turkey-2024.json").read_bytes(), timeline=False)
    assert "<svg" not in without._repr_html_()


def test_what_a_campaign_says_is_no_markup(engine: cts.Engine, campaign: Dict[str, Any]) -> None:
    campaign["provider"] = {"name": "<script>alert('x')</script>", "domain": "hubtyp3.com", "role": "reseller"}
    page = engine.explain(campaign, timeline=False)._repr_html_()
    assert "<script>" not in page


def test_an_explanation_is_frozen_and_neither_true_nor_false(engine: cts.Engine, campaign: Dict[str, Any]) -> None:
    explanation = engine.explain(campaign, timeline=False)
    with pytest.raises(TypeError, match=r"decision\.allowed"):
        bool(explanation)
    frozen: Any = explanation
    for name in ("decision", "fixes", "anything"):
        with pytest.raises(AttributeError):
            setattr(frozen, name, None)
    again = engine.explain(campaign, timeline=False)
    assert again == explanation and hash(again) == hash(explanation) and again != object()
    assert copy.copy(explanation) is copy.deepcopy(explanation) is explanation
    assert repr(explanation).startswith("<Explanation deny at 2026-03-02T15:00:00Z, ")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_a_judgement_is_a_decision_without_texts(engine: cts.Engine, example: Path) -> None:
    decision = engine.check(example.read_bytes())
    judgement = engine.judge(example.read_bytes())
    assert judgement.verdict is decision.verdict and judgement.allowed == decision.allowed
    assert judgement.rules == tuple((found.pack, found.rule, found.status, found.verdict) for found in decision.findings)
    assert all(isinstance(rule, cts.JudgedRule) for rule in judgement.rules)
    assert judgement == engine.judge(json.loads(example.read_bytes())) and judgement != object()
    with pytest.raises(TypeError, match=r"judgement\.allowed"):
        bool(judgement)
    later = decision.send_at + timedelta(days=1)
    assert engine.judge(example.read_bytes(), at=later).verdict is engine.check(example.read_bytes(), at=later).verdict


def test_facts_that_are_refused_are_not_judged(engine: cts.Engine) -> None:
    with pytest.raises(cts.FactsError) as refused:
        engine.judge({"send_at": "2024-05-14T12:00:00Z", "account": {"quality": "reed"}})
    assert refused.value.at == "account.quality"
