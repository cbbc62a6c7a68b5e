"""Runs the handler behind uvicorn on the loopback address, with two workers, and sends it what WhatsApp sent about one account.

    python examples/webhook/python/try_it.py
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
STORY = HERE.parent.parent / "account"
SECRET, TOKEN = "an app's secret", "a token of our own"
ACCOUNT = "104857600000001"
# When, to how many, and the verdict.
ASKED = [
    ("2026-01-12T12:00:00Z", 1500, "allow"),
    ("2026-02-01T12:00:00Z", 1500, "review"),
    ("2026-02-10T09:00:00Z", 1500, "deny"),
    ("2026-02-13T09:00:00Z", 1500, "allow"),
    ("2026-02-20T09:30:00Z", 1500, "deny"),
    ("2026-02-25T12:00:00Z", 8000, "deny"),
    ("2026-03-02T12:00:00Z", 8000, "allow"),
]


class Handler:
    def __init__(self, address: str) -> None:
        self.address = address

    def ask(self, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        request = urllib.request.Request(self.address + path, data=body, headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read()

    def send(self, body: bytes) -> int:
        """As WhatsApp sends it."""
        signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        return self.ask("/webhook", body, {"X-Hub-Signature-256": signature})[0]

    def post(self, path: str, body: Any) -> Any:
        status, answer = self.ask(path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        assert status == 200, (path, status, answer)
        return json.loads(answer)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        environment = os.environ | {"CTS_APP_SECRET": SECRET, "CTS_VERIFY_TOKEN": TOKEN, "CTS_BOOK": str(Path(folder) / "book.sqlite")}
        command = [sys.executable, "-m", "uvicorn", "webhook:app", "--host", "127.0.0.1", "--port", str(port), "--workers", "2", "--log-level", "warning"]
        server = subprocess.Popen(command, cwd=HERE, env=environment)
        try:
            handler = Handler(f"http://127.0.0.1:{port}")
            wait_for(handler, server)
            tell(handler)
            judge(handler)
        finally:
            server.terminate()
            server.wait(30)
    print("the webhook handler answers as it should")


def wait_for(handler: Handler, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert server.poll() is None, "uvicorn did not start"
        try:
            handler.ask("/webhook")
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError("uvicorn does not answer")


def tell(handler: Handler) -> None:
    # Meta verifies the address.
    query = {"hub.mode": "subscribe", "hub.verify_token": TOKEN, "hub.challenge": "1158201444"}
    assert handler.ask("/webhook?" + urllib.parse.urlencode(query)) == (200, b"1158201444")
    assert handler.ask("/webhook?" + urllib.parse.urlencode(query | {"hub.verify_token": "a guess"}))[0] == 403
    # The account as it is known already, then the story: in any order, three times, over several connections at once.
    base = {"read_at": "2026-01-01T00:00:00Z", "account": json.loads((STORY / "new.json").read_text())["account"] | {"id": ACCOUNT}}
    events = [json.dumps(base).encode(), *(path.read_bytes() for path in sorted((STORY / "story").glob("*.json")))]
    stop = {"user_preferences": [{"wa_id": "34600000007", "category": "marketing_messages", "value": "stop", "timestamp": 1772000000}]}
    change = {"field": "user_preferences", "value": stop}
    events.append(json.dumps({"object": "whatsapp_business_account", "entry": [{"id": ACCOUNT, "changes": [change]}]}).encode())
    sent = events * 3
    random.Random(15).shuffle(sent)
    with ThreadPoolExecutor(8) as several:
        assert set(several.map(handler.send, sent)) == {200}
    # What Meta did not sign, and what cannot be read, changes nothing.
    ban = json.loads(events[1])
    ban["entry"][0]["changes"] = [{"field": "account_update", "value": {"event": "ACCOUNT_DELETED"}}]
    body = json.dumps(ban).encode()
    for headers in ({}, {"X-Hub-Signature-256": "sha256=" + "0" * 64}, {"X-Hub-Signature-256": "sha256=é".encode().decode("latin-1")}):
        assert handler.ask("/webhook", body, headers)[0] == 401
    assert handler.send(body[:-2]) == 400
    assert handler.send(b"[]") == 400


def judge(handler: Handler) -> None:
    campaign = json.loads((STORY / "campaign.json").read_text())
    campaign["account"] = {"id": ACCOUNT}
    recipient = campaign.pop("recipient")
    for at, audience, verdict in ASKED:
        campaign["send_at"] = at
        campaign["campaign"]["audience_size"] = audience
        said = handler.post("/check", campaign | {"recipient": recipient})
        assert said["verdict"] == verdict, (at, said)
    people = [{f"recipient.{name}": value for name, value in recipient.items() if value is not None} for _ in range(2)]
    people[1]["recipient.phone"] = "+34600000007"
    rows = handler.post("/screen", {"campaign": campaign, "audience": people})
    assert [row["verdict"] for row in rows] == ["allow", "deny"], rows
    # An instant that cannot be read is an error of the call.
    people[0]["recipient.opt_in_at"] = "the first of May"
    body = json.dumps({"campaign": campaign, "audience": people}).encode()
    assert handler.ask("/screen", body, {"Content-Type": "application/json"})[0] == 400


if __name__ == "__main__":
    main()
