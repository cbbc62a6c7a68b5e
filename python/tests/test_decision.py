"""What comes out: frozen objects that cannot be misread."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import datetime, timezone
from typing import Any, Dict, List, Literal, Tuple

import pytest

import cleartosend as cts


def test_a_decision_tells_what_its_document_tells(engine: cts.Engine, campaign: Dict[str, Any]) -> None:
    decision = engine.check(campaign)
    document = decision.to_dict()
    assert json.loads(decision.to_json()) == document
    assert decision.verdict == document["verdict"] == "deny"
    assert decision.verdict is cts.Verdict.DENY
    assert not decision.allowed
    assert decision.send_at == datetime(2026, 3, 2, 15, tzinfo=timezone.utc)
    assert decision.scope is cts.Scope.RECIPIENT
    assert list(decision.missing) == document["missing"]
    assert list(decision.exposure) == document["exposure"]
    assert list(decision.exposure) == sorted(decision.exposure)
    assert decision.engine == document["engine"] == cts.__version__
    assert decision.digest == document["digest"]
    assert [(pack.name, pack.version, pack.known_until, pack.digest) for pack in decision.packs] == [tuple(pack.values()) for pack in document["packs"]]
    assert decision.directory.digest == document["directory"]["digest"]
    assert decision.directory.source == document["directory"]["source"]
    assert not decision.directory.complete
    assert len(decision.findings) == len(document["findings"]) > 3
    for finding, told in zip(decision.findings, document["findings"]):
        assert finding.to_dict() == told
        for name in ("pack", "rule", "topic", "status", "verdict", "title", "message", "advice"):
            assert getattr(finding, name) == told[name]
        assert list(finding.facts) == list(told["facts"])
        assert list(finding.exposure) == told["exposure"]
        assert finding.source.title == told["source"]["title"]
        assert finding.source.url == told["source"]["url"]
        from_ = finding.from_
        assert (None if from_ is None else from_.strftime("%Y-%m-%d")) == (told["from"] and told["from"][:10])


def test_a_decision_is_neither_true_nor_false(engine: cts.Engine, campaign: Dict[str, Any]) -> None:
    decision = engine.check(campaign)
    with pytest.raises(TypeError, match=r"decision\.allowed"):
        bool(decision)
    with pytest.raises(TypeError, match=r"Verdict\.ALLOW"):
        if decision.verdict:
            pytest.fail("a denial was read as yes")


def test_nothing_of_it_can_be_changed(engine: cts.Engine, campaign: Dict[str, Any]) -> None:
    decision = engine.check(campaign)
    frozen: Any = decision
    for name in ("verdict", "findings", "anything"):
        with pytest.raises(AttributeError):
            setattr(frozen, name, None)
    finding: Any = decision.findings[0]
    with pytest.raises(AttributeError):
        finding.rule = "another"
    with pytest.raises(TypeError):
        finding.facts["account.quality"] = "green"
    with pytest.raises(TypeError):
        cts.Decision()


def test_findings_are_made_once(engine: cts.Engine, campaign: Dict[str, Any]) -> None:
    decision = engine.check(campaign)
    assert decision.findings is decision.findings


def test_decisions_are_equal_by_what_they_cover(engine: cts.Engine, campaign: Dict[str, Any]) -> None:
    one, same = engine.check(campaign), engine.check(campaign)
    campaign["campaign"]["audience_size"] = 1
    other = engine.check(campaign)
    assert one == same and hash(one) == hash(same) and len({one, same, other}) == 2
    assert one.findings[0] == same.findings[0] != one.findings[1]
    assert copy.deepcopy(one) is one and copy.copy(one) is one


def test_it_shows_itself(engine: cts.Engine, campaign: Dict[str, Any]) -> None:
    decision = engine.check(campaign)
    assert repr(decision).startswith("<Decision deny at 2026-03-02T15:00:00Z, ")
    assert "access.unofficial-client" in repr(decision)
    assert repr(decision.findings[0]) == "<Finding whatsapp/access.unofficial-client violated, deny>"
    assert str(decision).startswith("DENY  not clear to send\n") and "\x1b" not in str(decision)
    page = decision._repr_html_()
    assert page.startswith('<div class="report"') and page.endswith("</div>\n") and "<html" not in page
    # The same as on the page of its own.
    article = page[page.index("<h2>") : page.index("</article>")]
    assert "access.unofficial-client" in article and article in decision.to_html()
    assert "No se usa ningún cliente no oficial" in decision.to_html(lang="es")
    page = decision.html()
    known = decision.packs[0].known_until
    assert f"known until {known}" in page and f"fontes consultadas até {known}" in decision.html("pt")
    assert "scope: the campaign and one recipient" in page and "at stake: " in page
    assert "<td>violated</td><td>whatsapp</td>" in page
    campaign.pop("recipient")
    assert "no recipient is given" in engine.check(campaign).html() and "no recipient is given" in engine.check(campaign)._repr_html_()


def test_what_a_campaign_says_is_no_markup(engine: cts.Engine, campaign: Dict[str, Any]) -> None:
    campaign["provider"] = {"name": "<script>alert('x')</script>", "domain": "hubtyp3.com", "role": "reseller"}
    page = engine.check(campaign, every_rule=True)._repr_html_()
    assert "<script>" not in page and "&lt;script&gt;" in page


def test_every_rule_can_be_told(engine: cts.Engine, campaign: Dict[str, Any]) -> None:
    all_rules = engine.check(campaign, every_rule=True)
    assert len(all_rules.findings) == len(engine.packs[0].rules)
    assert {finding.status for finding in all_rules.findings} >= {cts.Status.VIOLATED, cts.Status.SATISFIED}


def test_words_are_text_with_an_order_of_their_own() -> None:
    assert cts.Verdict.ALLOW < cts.Verdict.REVIEW < cts.Verdict.DENY
    assert max(cts.Verdict) is cts.Verdict.DENY
    assert cts.Verdict("deny") is cts.Verdict.DENY
    assert f"{cts.Verdict.DENY}" == str(cts.Verdict.DENY) == "deny"
    assert json.dumps({"verdict": cts.Verdict.DENY}) == '{"verdict": "deny"}'
    assert pickle.loads(pickle.dumps(cts.Verdict.DENY)) is cts.Verdict.DENY
    assert cts.Exposure.WARNING < cts.Exposure.LEGAL_ACTION
    with pytest.raises(TypeError, match="no order"):
        _ = cts.Verdict.DENY > "allow"


def test_errors_survive_the_way_to_another_process(engine: cts.Engine) -> None:
    with pytest.raises(cts.FactsError) as caught:
        engine.check({"send_at": "yesterday"})
    error = pickle.loads(pickle.dumps(caught.value))
    assert (type(error), str(error), error.code, error.at, error.message) == (
        cts.FactsError,
        str(caught.value),
        "facts/malformed-instant",
        "send_at",
        caught.value.message,
    )
    assert isinstance(error, cts.Error)


def test_a_decision_is_read_in_the_language_of_its_reader(engine: cts.Engine, campaign: Dict[str, Any]) -> None:
    decision = engine.check(campaign)
    document = decision.to_json()
    assert decision.text() == decision.text("en") == str(decision)
    assert decision.html() == decision.html("en")
    readings: List[Tuple[Literal["es", "pt"], str, str]] = [
        ("es", "DENEGADO  no se puede enviar\n", "DENEGADO"),
        ("pt", "NEGADO  o envio não pode ser feito\n", "NEGADO"),
    ]
    for lang, beginning, word in readings:
        text = decision.text(lang)
        assert text.startswith(beginning)
        assert all(finding.rule in text for finding in decision.findings)
        assert f">{word}</strong>" in decision.html(lang)
        for finding in decision.findings:
            assert finding.texts("en") == (finding.title, finding.message, finding.advice)
            texts = finding.texts(lang)
            assert isinstance(texts, cts.FindingTexts)
            assert texts.title != finding.title and texts.message != finding.message
    assert decision.to_json() == document


def test_a_language_that_there_is_none_of_is_refused(engine: cts.Engine, campaign: Dict[str, Any]) -> None:
    decision = engine.check(campaign)
    for read in (decision.text, decision.html, decision.findings[0].texts):
        with pytest.raises(cts.Error, match="`en`, `es` or `pt`") as refused:
            read("fr")  # type: ignore[arg-type]
        assert (refused.value.code, refused.value.at) == ("python/unknown-language", "lang")
