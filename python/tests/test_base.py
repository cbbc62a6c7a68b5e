"""Base documents: what is the same for all campaigns of a sender, given once."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any, Dict, Mapping

import pytest

import cleartosend as cts

BASE: Dict[str, Any] = {
    "account": {"quality": "green", "verification": "verified"},
    "access": {"route": "cloud_api", "clients": ("npm:axios",)},
}
CAMPAIGN: Dict[str, Any] = {
    "send_at": datetime(2026, 3, 2, 15, tzinfo=timezone.utc),
    "account": {"quality": "red"},
    "access": {"clients": []},
    "recipient": {"phone": "+34600000000", "opted_out": True},
}
WHOLE: Dict[str, Any] = {
    **CAMPAIGN,
    "account": {"quality": "red", "verification": "verified"},
    "access": {"route": "cloud_api", "clients": []},
}


@pytest.mark.parametrize("base", [BASE, json.dumps(BASE), json.dumps(BASE).encode()], ids=["mapping", "text", "bytes"])
def test_a_campaign_wins_member_by_member(engine: cts.Engine, base: Any) -> None:
    over = cts.Engine(base=base)
    whole = engine.check(WHOLE)
    assert over.check(CAMPAIGN).to_json() == whole.to_json()
    assert over.check(CAMPAIGN).digest == whole.digest != engine.check(CAMPAIGN).digest
    # Whatever reads a campaign reads it over the base.
    assert over.judge(CAMPAIGN) == engine.judge(WHOLE)
    assert over.explain(CAMPAIGN, timeline=False) == engine.explain(WHOLE, timeline=False)
    assert over.check_many([CAMPAIGN, {**CAMPAIGN, "access": {}}])[0] == whole
    assert over.eval("account.verification", CAMPAIGN) == "verified"


def test_an_instant_is_the_callers(engine: cts.Engine) -> None:
    over = cts.Engine(base={**BASE, "send_at": "2026-03-02T15:00:00Z"})
    without = {name: value for name, value in CAMPAIGN.items() if name != "send_at"}
    assert over.check(without) == engine.check(WHOLE)
    later = datetime(2026, 4, 2, 15, tzinfo=timezone.utc)
    assert over.check(CAMPAIGN, at=later) == engine.check(WHOLE, at=later)


def test_an_audience_is_judged_over_it(engine: cts.Engine) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    people = pyarrow.table({"recipient.phone": ["+34600000000", "+34600000001"], "recipient.opted_out": [True, False]})

    def summary(judge: cts.Engine, document: Mapping[str, Any]) -> cts.Summary:
        return judge.screen({name: value for name, value in document.items() if name != "recipient"}, people).summary

    assert summary(cts.Engine(base=BASE), CAMPAIGN) == summary(engine, WHOLE) != summary(engine, CAMPAIGN)


def test_what_is_wrong_with_it_is_told_with_its_place() -> None:
    with pytest.raises(cts.FactsError, match="did you mean `red`") as value:
        cts.Engine(base={"account": {"quality": "reed"}})
    assert (value.value.code, value.value.at) == ("facts/value-outside-list", "base.account.quality")
    with pytest.raises(cts.FactsError) as recipient:
        cts.Engine(base={"recipient": {"phone": "+34600000000"}})
    assert recipient.value.code == "facts/recipient-in-base"
    with pytest.raises(cts.FactsError) as member:
        cts.Engine(base=b'{"acount": {}}')
    assert member.value.code == "facts/unknown-member"


def test_a_path_is_not_taken_for_a_document() -> None:
    with pytest.raises(cts.FactsError, match=r"read_bytes\(\)") as path:
        cts.Engine(base="sender.json")
    assert (path.value.code, path.value.at) == ("facts/syntax", "base")
