"""What an engine is made of: packs, folders, directories, accounts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List

import pytest

import cleartosend as cts

PACK = """
name = "house"
version = "1.0.0"
requires = ">=1.0"
title = "Rules of the house"
published = 2026-01-01

[sources.house]
title = "The house"
url = "https://house.example/"
retrieved = 2026-01-01
confidence = "official"
"""

RULES = """
[[rule]]
id = "limits.small-audiences"
topic = "limits"
title = "Audiences are small"
requires = 'campaign.audience_size < 100'
verdict = "deny"
from = 2020-01-01
source = { id = "house" }
message = "{campaign.audience_size} recipients are too many"
advice = "Send to fewer."
exposure = ["warning"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "pack.toml").write_text(PACK, encoding="utf-8")
    (tmp_path / "rules" / "limits.toml").write_text(RULES, encoding="utf-8")
    return tmp_path


LARGE: Dict[str, Any] = {"send_at": "2026-03-02T15:00:00Z", "campaign": {"audience_size": 5000}}


def rules(decision: cts.Decision) -> Dict[str, str]:
    return {finding.rule: finding.status.value for finding in decision.findings}


def test_packs_are_named_by_name_folder_or_object(folder: Path) -> None:
    house = cts.Pack.load(folder)
    wanted = cts.Engine([house], built_in=False).check(LARGE)
    assert rules(wanted) == {"limits.small-audiences": "violated"}
    assert wanted.findings[0].message == "5000 recipients are too many"
    assert dict(wanted.findings[0].facts) == {"campaign.audience_size": 5000}
    for named in (folder, str(folder), house):
        assert cts.Engine(packs=[named], built_in=False).check(LARGE).to_json() == wanted.to_json()
    stacked = cts.Engine(["messaging-law", folder])
    assert [pack.name for pack in stacked.packs] == ["whatsapp", "messaging-law", "house"]
    stacks: List[Any] = [stacked.packs, ["whatsapp", "messaging-law", "messaging-law", house]]
    for same in stacks:
        assert cts.Engine(same).check(LARGE).to_json() == stacked.check(LARGE).to_json()


def test_a_pack_tells_its_rules(folder: Path) -> None:
    house = cts.Pack.load(folder)
    assert (house.name, house.version, house.title, house.published.year) == ("house", "1.0.0", "Rules of the house", 2026)
    (rule,) = house.rules
    assert (rule.id, rule.requires, rule.forbids, rule.applies) == ("limits.small-audiences", "campaign.audience_size < 100", None, None)
    assert rule.verdict is cts.FindingVerdict.DENY and rule.enforced and rule.scope is cts.Scope.CAMPAIGN and rule.topic is cts.Topic.LIMITS
    assert rule.source.title == "The house" and rule.source.confirmed and rule.until is None
    assert "whatsapp" in cts.Pack.built_in_names()
    assert house == cts.Pack.load(str(folder)) and hash(house) == hash(cts.Pack.load(house))


def test_a_bad_pack_is_refused_with_every_problem(folder: Path) -> None:
    (folder / "rules" / "limits.toml").write_text(RULES.replace("audience_size <", "audience_sise <").replace('"warning"', '"warnings"'), encoding="utf-8")
    with pytest.raises(cts.PackError) as caught:
        cts.Pack.load(folder)
    error = caught.value
    assert len(error.problems) == 2
    assert error.at.startswith(f"{folder}/rules/limits.toml:") and error.code == error.problems[0].code
    assert any("audience_size" in (problem.help or "") for problem in error.problems)
    assert cts.Pack.lint(folder) == error.problems
    with pytest.raises(cts.PackError):
        cts.Engine([folder])


def test_a_pack_in_order_lints_clean_and_tells_what_its_tests_lack(folder: Path) -> None:
    assert cts.Pack.lint(folder) == ()
    report = cts.Pack.load(folder).test()
    assert report.tests == 0 and not report.failures and report.gaps and not report.passed


def test_the_built_in_packs_pass_their_tests() -> None:
    for name in cts.Pack.built_in_names():
        report = cts.Pack.load(name).test()
        assert report.passed and report.tests > 10, name


def test_what_is_not_there_is_told_as_python_tells_it(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        cts.Pack.load(tmp_path / "none")
    assert caught.value.filename == str(tmp_path / "none")
    with pytest.raises(FileNotFoundError):
        cts.Directory.load(tmp_path / "none.json")
    with pytest.raises(cts.EngineError) as unknown:
        cts.Engine(["whatsap"])
    assert unknown.value.code == "engine/unknown-pack" and "did you mean `whatsapp`?" in unknown.value.message
    with pytest.raises(cts.EngineError) as nothing:
        cts.Engine([], built_in=False)
    assert nothing.value.code == "python/no-pack"
    assert cts.Engine([]).packs == cts.Engine().packs


def directory(**members: Any) -> Dict[str, Any]:
    return {
        "source": "a test",
        "retrieved_at": "2026-03-01T00:00:00Z",
        "complete": True,
        "covers": {"from": "2018-08-01", "until": None},
        "providers": [
            {
                "id": "hubtype",
                "name": "Hubtype",
                "aliases": [],
                "domains": ["hubtype.com"],
                "role": "solution_partner",
                "listed": [{"from": "2018-08-01", "until": "2025-01-01"}],
                "evidence": "the list",
            }
        ],
        **members,
    }


def test_directories_are_named_by_path_bytes_or_object(tmp_path: Path) -> None:
    text = json.dumps(directory())
    place = tmp_path / "directory.json"
    place.write_text(text, encoding="utf-8")
    wanted = cts.Directory.from_json(text)
    for named in (place, str(place), text.encode(), wanted):
        engine = cts.Engine(directory=named)
        assert engine.directory == wanted and engine.check(LARGE).directory.digest == wanted.digest
    assert cts.Directory.from_json(wanted.to_json()).lookup("Hubtype").listing is cts.Listing.DELISTED
    assert len(wanted) == 1 and wanted.complete and wanted.source == "a test" and wanted.retrieved_at.year == 2026
    with pytest.raises(cts.DirectoryError) as caught:
        cts.Directory.from_json(directory(complet=True))
    assert caught.value.code == "directory/unknown-member"
    with pytest.raises(cts.DirectoryError) as caught:
        cts.Directory.from_json(directory(covers={"from": "2020-01-01", "until": "2019-01-01"}))
    assert (caught.value.code, caught.value.at) == ("directory/bad-period", "covers.until")
    assert not caught.value.message.startswith("covers")


def test_providers_are_looked_up_with_their_look_alikes() -> None:
    known = cts.Directory.from_json(directory())
    found = known.lookup("hubtype", domain="app.hubtype.com", at="2024-01-01T00:00:00Z")
    assert found.listing is cts.Listing.LISTED and found.name == "Hubtype" and found.role == "solution_partner"
    assert found.domains == ("hubtype.com",) and found.lookalike is None
    assert known.lookup("Hubtype").listing is cts.Listing.DELISTED
    false = cts.Engine(directory=known).provider("Hubtyp3", domain="hubtyp3.com")
    assert false.listing is cts.Listing.UNLISTED and false.name is None
    assert false.lookalike is not None and false.lookalike.name == "Hubtype" and len(false.lookalike.why) == len(false.lookalike.reasons) > 0
    assert known.lookup().listing is cts.Listing.UNKNOWN
    assert bool(cts.Directory.from_json(directory(providers=[], complete=False)))


def story(root: Path) -> Any:
    return sorted((root / "examples" / "account" / "story").glob("*.json"))


def test_an_account_is_kept_by_events_in_any_order(root: Path) -> None:
    account, backwards = cts.Account(), cts.Account()
    for path in story(root):
        changes = account.apply(path.read_bytes())
        assert all(change["outcome"] in ("applied", "noted", "unknown", "passed") for change in changes)
    for path in reversed(story(root)):
        backwards.apply(json.loads(path.read_text(encoding="utf-8")))
    assert account.to_json() == backwards.to_json() == cts.Account(account.to_json()).to_json()
    assert account.apply(story(root)[0].read_text(encoding="utf-8"))[0]["outcome"] == "repeated"
    assert account.account()["quality"] and account.last_event_at is not None and len(account) > 3
    with pytest.raises(cts.AccountError) as caught:
        account.apply({"entry": "none"})
    assert caught.value.code.startswith("account/") and caught.value.at == "entry"
    before = account.to_json()
    with pytest.raises(cts.AccountError):
        account.apply("{")
    assert account.to_json() == before


def test_a_book_is_kept_row_by_row(root: Path, engine: cts.Engine) -> None:
    whole = cts.Account()
    stored: Dict[str, str] = {}
    for path in story(root):
        whole.apply(path.read_bytes())
        # A worker that has nothing but the rows that the envelope is about.
        worker = cts.Account()
        for key in worker.receive(path.read_bytes())["rows"]:
            if key in stored:
                worker.merge_row(key, stored[key])
            row = worker.row(key)
            assert row is not None
            stored[key] = row
    loaded = cts.Account()
    for key, row in stored.items():
        loaded.merge_row(key, row)
    assert loaded.to_json() == whole.to_json() and loaded.keys() == sorted(stored)
    assert whole.merge(loaded) == [] and loaded.row("account/nobody") is None


def test_what_nobody_understood_asks_for_review_until_it_is_acknowledged() -> None:
    book = cts.Account()
    event = {"entry": [{"id": "100", "time": 1772000000, "changes": [{"field": "account_update", "value": {"event": "SOMETHING_NEW"}}]}]}
    assert book.apply(event)[0]["outcome"] == "not_understood"
    assert [entry["event"] for entry in book.not_understood()] == ["SOMETHING_NEW"]
    assert book.acknowledge("2026-03-01T00:00:00Z") == ["account/100"] and book.not_understood() == []
    assert book.appeal("2026-03-02T00:00:00Z", "by phone", kind="account_disabled") == ["account/100"]
    assert book.accounts() == ["100"]
    with pytest.raises(cts.AccountError) as caught:
        book.account(id="200")
    assert caught.value.code == "account/no-such-account"


def test_a_person_is_forgotten_under_every_name() -> None:
    book = cts.Account()
    preference = {"wa_id": "34600000000", "user_id": "ES.1", "category": "marketing_messages", "value": "stop", "timestamp": 1772000000}
    book.apply({"entry": [{"id": "100", "changes": [{"field": "user_preferences", "value": {"user_preferences": [preference]}}]}]})
    assert book.keys() == ["recipient/100/+34600000000", "recipient/100/ES.1"]
    assert cts.Account.accounts_in({"entry": [{"id": "100", "changes": [{"field": "user_preferences", "value": {"user_preferences": [preference]}}]}]}) == ["100"]
    for nobody in ("hola", "", "120363000000000000@g.us"):
        with pytest.raises(cts.AccountError) as caught:
            book.forget(nobody)
        assert caught.value.code == "account/not-a-person"
    assert book.forget("+34600000009") == {"removed": [], "replaced": []}
    assert book.strange_words() == []
    assert sorted(book.forget("ES.1")["removed"]) == ["recipient/100/+34600000000", "recipient/100/ES.1"] and len(book) == 0
    assert book.expire("2027-01-01T00:00:00Z") == {"removed": [], "replaced": []}


def test_a_check_takes_what_an_account_knows(root: Path, engine: cts.Engine) -> None:
    account = cts.Account()
    for path in story(root)[:9]:
        account.apply(path.read_bytes())
    assert account.last_event_at is not None
    campaign = {"campaign": {"initiated_by": "business"}}
    alone = engine.check(campaign, at=account.last_event_at)
    told = engine.check(campaign, at=account.last_event_at, account=account)
    assert alone.digest != told.digest
    member = {**campaign, "account": account.account(at=account.last_event_at)}
    assert rules(told) == rules(engine.check(member, at=account.last_event_at))


def test_a_projection_asks_the_ladder(root: Path, engine: cts.Engine) -> None:
    account = cts.Account()
    for path in story(root):
        account.apply(path.read_bytes())
    projection = engine.project(account, "spam", at="2026-06-01T00:00:00Z")
    assert projection["violation"] == "spam" and projection["steps"]
    assert engine.project({"account": account.account()}, "spam", at="2026-06-01T00:00:00Z")["steps"] == projection["steps"]
    with pytest.raises(cts.AccountError) as caught:
        engine.project(account, "spma", at="2026-06-01T00:00:00Z")
    assert caught.value.code == "account/unknown-violation"


def test_codes_are_explained() -> None:
    code = cts.explain_code(131049)
    assert code is not None and code.code == 131049 and code.title and code.retry in ("never", "later", "when_fixed", "otherwise")
    assert code.family == "recipient" and not code.subcode_of
    assert code.effect is not None and (code.effect.scope, code.effect.hours) == ("recipient", 24)
    assert code.effect.attribute == "recipient.marketing_withheld_at" and code.effect.value == "instant"
    assert cts.explain_code(7) is None
    expired = cts.explain_code(190, 463)
    assert expired is not None and expired.code == 463 and expired.subcode_of == [102, 190]
    throughput = cts.explain_code(130429, 2494055)
    assert throughput is not None and throughput.code == 130429 and throughput.effect is None


def test_expressions_are_evaluated(engine: cts.Engine) -> None:
    assert engine.eval("campaign.audience_size * 2", LARGE) == 10_000
    assert engine.eval("recipient.opt_in == 'given'", {**LARGE, "recipient": {"opt_in": "given"}}) is True
    with pytest.raises(cts.ExpressionError) as caught:
        engine.eval("campaign.audience_sise > 1", LARGE)
    assert caught.value.code == "cel/unknown-attribute" and caught.value.at == "1:1"
    with pytest.raises(cts.ExpressionError) as caught:
        engine.eval("account.quality == 'red'", LARGE)
    assert caught.value.code == "python/undetermined" and "account.quality" in caught.value.message
    with pytest.raises(cts.ExpressionError):
        engine.eval("1 / (campaign.audience_size - 5000) == 1", LARGE)


def test_the_schema_is_told(engine: cts.Engine) -> None:
    assert engine.schema()["required"] == ["send_at"]
