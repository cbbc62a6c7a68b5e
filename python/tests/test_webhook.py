"""The webhook handler of `examples/webhook/python`, without the web around it."""

from __future__ import annotations

import hashlib
import hmac
import json
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Dict, List

import pytest

import cleartosend as cts

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "examples" / "webhook" / "python"))

accounts = pytest.importorskip("accounts")

ACCOUNT = "104857600000001"


def story() -> List[bytes]:
    folder = ROOT / "examples" / "account"
    base = json.loads((folder / "new.json").read_text(encoding="utf-8"))["account"]
    known = {"read_at": "2026-01-01T00:00:00Z", "account": {**base, "id": ACCOUNT}}
    return [json.dumps(known).encode(), *(path.read_bytes() for path in sorted((folder / "story").glob("*.json")))]


def stop(person: str, **names: str) -> bytes:
    preference = {"wa_id": person, "category": "marketing_messages", "value": "stop", "timestamp": 1772000000, **names}
    change = {"field": "user_preferences", "value": {"user_preferences": [preference]}}
    return json.dumps({"object": "whatsapp_business_account", "entry": [{"id": ACCOUNT, "changes": [change]}]}).encode()


def campaign() -> Dict[str, Any]:
    document: Dict[str, Any] = json.loads((ROOT / "examples" / "account" / "campaign.json").read_text(encoding="utf-8"))
    document["account"] = {"id": ACCOUNT}
    return document


@pytest.fixture
def kept(tmp_path: Path) -> Any:
    return accounts.Accounts(str(tmp_path / "book.sqlite"))


def rows(kept: Any) -> List[Any]:
    with sqlite3.connect(kept._path) as database:
        return database.execute("SELECT key, row FROM book_row ORDER BY key").fetchall()


def test_signature() -> None:
    header = "sha256=" + hmac.new(b"secret", b"{}", hashlib.sha256).hexdigest()
    assert accounts.is_signed(b"secret", b"{}", header)
    for wrong in (None, "", header[7:], header.upper(), header[:-1] + "x", "sha256=\xe9"):
        assert not accounts.is_signed(b"secret", b"{}", wrong)
    assert not accounts.is_signed(b"another", b"{}", header)
    assert not accounts.is_signed(b"secret", b"{} ", header)


def test_challenge() -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": "token", "hub.challenge": "7"}
    assert accounts.challenge("token", query) == "7"
    assert accounts.challenge("other", query) is None
    assert accounts.challenge("token", {**query, "hub.mode": "unsubscribe"}) is None
    assert accounts.challenge("token", {}) is None


def test_several_workers_replays_and_any_order(kept: Any, tmp_path: Path) -> None:
    events = [*story(), stop("34600000007")]
    for event in events:
        kept.receive(event)
    other = accounts.Accounts(str(tmp_path / "other.sqlite"))
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(other.receive, list(reversed(events)) * 3))
    assert rows(kept) == rows(other)


def test_what_cannot_be_read_changes_nothing(kept: Any) -> None:
    for event in story():
        kept.receive(event)
    before = rows(kept)
    for body in (b"", b"{", b"[]", b'{"entry": 7}', story()[1][:-3]):
        with pytest.raises(cts.AccountError):
            kept.receive(body)
    assert rows(kept) == before


def test_a_campaign_and_an_audience_are_judged_by_the_book(kept: Any, engine: cts.Engine) -> None:
    for event in [*story(), stop("34600000007")]:
        kept.receive(event)
    document = campaign()
    for at, verdict in (("2026-02-11T12:00:00Z", "deny"), ("2026-03-02T12:00:00Z", "allow")):
        assert engine.check(document, at=datetime.fromisoformat(at.replace("Z", "+00:00")), account=kept.book()).verdict == verdict
    recipient = document.pop("recipient")
    pyarrow = pytest.importorskip("pyarrow")
    people = [{f"recipient.{name}": value for name, value in recipient.items() if value is not None} for _ in range(2)]
    people[1]["recipient.phone"] = "+34600000007"
    for person in people:
        person["recipient.opt_in_at"] = datetime(2025, 6, 14, 9, 30, tzinfo=timezone.utc)
    audience = pyarrow.Table.from_pylist(people)
    judged = pyarrow.table(engine.screen(document, audience, account=kept.book(people_of=ACCOUNT))).to_pylist()
    assert [row["verdict"] for row in judged] == ["allow", "deny"]


def test_a_person_is_erased_and_stays_so(kept: Any) -> None:
    kept.receive(stop("34600000007", user_id="ES.7"))
    kept.receive(stop("34600000008"))
    erased = kept.forget("ES.7")
    assert len(erased["removed"]) == 2
    assert [key for key, _ in rows(kept)] == [f"recipient/{ACCOUNT}/+34600000008"]
    assert kept.expire(datetime(2026, 3, 1, tzinfo=timezone.utc)) == {"removed": [], "replaced": []}


def test_somebody_has_looked(kept: Any, engine: cts.Engine) -> None:
    for event in story():
        kept.receive(event)
    change = {"field": "account_update", "value": {"event": "SOMETHING_NEW"}}
    kept.receive(json.dumps({"object": "whatsapp_business_account", "entry": [{"id": ACCOUNT, "time": 1772400000, "changes": [change]}]}).encode())
    at = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)

    def asks(at: datetime) -> bool:
        decision = engine.check(campaign(), at=at, account=kept.book())
        return any(finding.rule == "account.events-not-understood" for finding in decision.findings)

    later = datetime.now(timezone.utc) + timedelta(hours=1)
    assert asks(at) and asks(later)
    assert kept.acknowledge(ACCOUNT) == [f"account/{ACCOUNT}"]
    assert asks(at) and not asks(later)  # before somebody had looked, nobody had
