"""A day of the service on the loopback address: answers, records, rotation, reloads and metrics while it is asked from all sides.

    python examples/http/try_it.py [--seconds 3] [--reloads 20]

Packs are replaced and logs put aside while requests are under way. Every answer has to be that of one of the two packs as a whole, every answer has to have a
record, and the records have to be sealed, verified and judged again to the same bytes.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import cleartosend as cts

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parent
TOKEN = "who may reload"
CLEAN, DENIED, OPEN = ((EXAMPLES / f"{name}.json").read_bytes() for name in ("clean-campaign", "spring-sale", "missing-facts"))
CAMPAIGN = json.dumps(json.loads((EXAMPLES / "campaign-only.json").read_text(encoding="utf-8"))).encode()
CLIENTS = 4
VERSIONS = ("1.0.0", "2.0.0")


def pack(folder: Path, version: str) -> Path:
    """A pack of the house, in two versions that say different things of a campaign that is clear else."""
    (folder / "rules").mkdir(parents=True)
    verdict = "review" if version == VERSIONS[0] else "deny"
    (folder / "pack.toml").write_text(
        f'name = "house"\nversion = "{version}"\nrequires = "*"\ntitle = "House rules"\npublished = 2026-01-01\n'
        '[sources.ours]\ntitle = "Our policy"\nurl = "https://acme.example"\nretrieved = 2026-01-01\nconfidence = "official"\n',
        encoding="utf-8",
    )
    (folder / "rules" / "house.toml").write_text(
        f'[[rule]]\nid = "data.by-business"\ntopic = "data"\ntitle = "We write first"\nforbids = \'campaign.initiated_by == "business"\'\n'
        f'verdict = "{verdict}"\nsource = {{ id = "ours" }}\nmessage = "we write first"\nadvice = "ask"\nexposure = []\n',
        encoding="utf-8",
    )
    return folder


class Client:
    """A connection that is kept."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()


class Service:
    """The service in a process of its own."""

    def __init__(self, folder: Path, **settings: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "uvicorn", "gate:app", "--host", "127.0.0.1", "--port", str(self.port), "--log-level", "warning"]
        self.server = subprocess.Popen(command, cwd=HERE, env={**os.environ, "CTS_RELOAD_TOKEN": TOKEN, **settings})
        for _ in range(600):
            assert self.server.poll() is None, "uvicorn did not start"
            try:
                if Client(self.port).ask("GET", "/live")[0] == 204:
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("uvicorn does not answer")

    def __enter__(self) -> Service:
        return self

    def __exit__(self, *_: object) -> None:
        self.server.terminate()
        self.server.wait(30)

    def reload(self, client: Client) -> tuple[int, Any]:
        status, body = client.ask("POST", "/reload", Authorization=f"Bearer {TOKEN}")
        return status, json.loads(body)


def cts_command(folder: Path, *arguments: str) -> str:
    ran = subprocess.run([sys.executable, "-m", "cleartosend", *arguments], cwd=folder, capture_output=True, text=True)
    assert ran.returncode == 0, f"cts {' '.join(arguments)}: {ran.returncode}\n{ran.stdout[-3000:]}{ran.stderr[-3000:]}"
    return ran.stdout


def interface(client: Client) -> None:
    """What the page of the interface says is so."""
    from jsonschema import Draft202012Validator
    from openapi_spec_validator import validate

    api = json.loads(client.ask("GET", "/openapi.json")[1])
    assert api["openapi"].startswith("3.1.")
    validate(api)

    def of(name: str) -> Draft202012Validator:
        return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": api["components"]})

    decided = client.ask("POST", "/check", DENIED)[1]
    of("Decision").validate(json.loads(decided))
    of("Campaign").validate(json.loads(DENIED))
    assert not of("Campaign").is_valid({"send_at": "2026-03-02"})
    refused = client.ask("POST", "/check", b'{"send_at": "2026-03-02", "account": {"quality": "reed"}}')
    assert refused[0] == 422
    of("Problems").validate(json.loads(refused[1]))
    assert {one["at"] for one in json.loads(refused[1])["problems"]} == {"send_at", "account.quality"}


def answers(client: Client, engine: cts.Engine) -> None:
    """Each verdict has its status, and the document is the engine's, byte for byte."""
    for body in (CLEAN, DENIED, OPEN):
        status, document = client.ask("POST", "/check", body)
        decision = engine.check(body)
        assert document.decode() == decision.to_json()
        assert status == {"allow": 200, "deny": 409, "review": 202}[decision.verdict.value]
    people = [{"id": "a", "recipient.phone": "+34600000001", "recipient.opt_in": "given"}, {"id": "b", "recipient.phone": "+34600000002", "recipient.opt_in": "none"}]
    lines = b"\n".join([CAMPAIGN, *(json.dumps(row).encode() for row in people)]) + b"\n"
    status, body = client.ask("POST", "/screen?keep=id", lines)
    rows = [json.loads(line) for line in body.decode().splitlines()]
    assert status == 200 and [row["id"] for row in rows[:2]] == ["a", "b"], body
    assert rows[1]["verdict"] == "deny" and rows[2]["summary"]["rows"] == 2
    status, body = client.ask("POST", "/screen", lines)
    assert status == 422 and json.loads(body)["problems"][0]["at"] == "id", body


def reloads(client: Client, service: Service, packs: Path) -> None:
    """Nobody reloads who may not; what is wrong with a pack leaves the engine as it was."""
    assert client.ask("POST", "/reload")[0] == 401
    assert client.ask("POST", "/reload", Authorization="Bearer guess")[0] == 401
    before = json.loads(client.ask("GET", "/health")[1])
    manifest = packs / "house" / "pack.toml"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace("published", "publishd"), encoding="utf-8")
    status, told = service.reload(client)
    assert status == 409 and "publishd" in json.dumps(told), told
    assert json.loads(client.ask("GET", "/health")[1]) == before
    manifest.write_text(text, encoding="utf-8")
    status, told = service.reload(client)
    assert status == 200 and [one["name"] for one in told["packs"]] == ["whatsapp", "house"], told


class Crowd:
    """Requests from all sides, as long as it is entered."""

    def __init__(self, service: Service, folder: Path) -> None:
        self.service, self.over = service, threading.Event()
        self.expected = {cts.Engine([folder / version]).check(body).to_json() for version in VERSIONS for body in (CLEAN, DENIED, OPEN)}
        self.wrong: list[tuple[int, bytes]] = []
        # How long checks took, and an empty route in between.
        self.checks: list[float] = []
        self.empty: list[float] = []
        self.threads = [threading.Thread(target=self.work, args=(number,)) for number in range(CLIENTS)]

    def work(self, number: int) -> None:
        client, bodies = Client(self.service.port), (CLEAN, DENIED, OPEN)
        while not self.over.is_set():
            number += 1
            began = time.perf_counter()
            status, body = client.ask("POST", "/check", bodies[number % 3])
            middle = time.perf_counter()
            client.ask("GET", "/live")
            self.empty.append(time.perf_counter() - middle)
            self.checks.append(middle - began)
            if body.decode() not in self.expected:
                self.wrong.append((status, body))

    def __enter__(self) -> Crowd:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()
        assert not self.wrong, f"{len(self.wrong)} answers are of neither pack: {self.wrong[0]}"


def replaced(service: Service, folder: Path, seconds: float, wanted: int) -> int:
    """Replaces the pack and puts logs aside, over and over: how often the service was reloaded."""
    done, client, end = 0, Client(service.port), time.monotonic() + seconds
    house = folder / "packs" / "house"
    while time.monotonic() < end or done < wanted:
        # In one step, so that no reload reads half of each.
        fresh = folder / "fresh"
        shutil.copytree(folder / VERSIONS[done % 2], fresh)
        aside = folder / "aside"
        house.rename(aside)
        fresh.rename(house)
        shutil.rmtree(aside)
        status, told = service.reload(client)
        assert status == 200 and told["packs"][1]["version"] == VERSIONS[done % 2], told
        done += 1
        if done % max(wanted // 4, 1) == 0 and (folder / "records" / "log.ndjson").exists():
            cts_command(folder, "records", "seal", "records/log.ndjson", "--key", "officer.key", "--rotate")
    return done


def p99(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--reloads", type=int, default=20)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for version in VERSIONS:
            pack(folder / version, version)
        (folder / "records").mkdir()
        shutil.copytree(folder / VERSIONS[0], folder / "packs" / "house")
        cts_command(folder, "key", "new", "officer")
        engine = cts.Engine([folder / VERSIONS[0]])

        with Service(folder, CTS_PACKS=str(folder / "packs"), CTS_LOG=str(folder / "records" / "log.ndjson")) as service:
            client = Client(service.port)
            interface(client)
            answers(client, engine)
            reloads(client, service, folder / "packs")
            with Crowd(service, folder) as crowd:
                done = replaced(service, folder, asked.seconds, asked.reloads)
            asked_for = len(crowd.checks)
            # The other connection was idle for too long.
            client = Client(service.port)
            counted = dict(line.rsplit(" ", 1) for line in client.ask("GET", "/metrics")[1].decode().splitlines())
            # One check of the interface, three answers, a screening.
            records = asked_for + 5
            assert int(counted["cts_records_total"]) == records, counted
            assert int(counted['cts_reloads_total{outcome="done"}']) == done + 1 and int(counted['cts_reloads_total{outcome="refused"}']) == 1
            assert sum(int(count) for name, count in counted.items() if name.startswith("cts_answers_total")) == records - 1
            assert int(counted["cts_check_seconds_count"]) == records - 1 and int(counted["cts_refused_total"]) == 2
            # A log that cannot be written: no answer goes out.
            log = folder / "records" / "log.ndjson"
            kept = log.read_bytes() if log.exists() else b""
            log.write_text("no log of records", encoding="utf-8")
            status, body = client.ask("POST", "/check", CLEAN)
            assert status == 503 and b"gate/not-stored" in body, (status, body)
            log.write_bytes(kept)
        cts_command(folder, "records", "seal", "records/log.ndjson", "--key", "officer.key", "--rotate")
        files = [str(path.relative_to(folder)) for path in sorted((folder / "records").glob("log-*.ndjson"))]
        verified = cts_command(folder, "verify", *files, "--trust", "officer.pub", "--files", "records/screened")
        assert f"{records} records: {records} verified" in verified and "every record is sealed" in verified, verified
        replayed = cts_command(folder, "replay", *files, "--packs", ".", "--files", "records/screened")
        assert f"{records - 1} same bytes" in replayed and "1 of screenings: same rows" in replayed, replayed
        print(f"{asked_for} answers over {done} reloads in {len(files)} files of records: none of two packs, none without a record, all verified and the same again")

        with Service(folder, CTS_PACKS=str(folder / "packs")) as service:
            with Crowd(service, folder) as crowd:
                time.sleep(asked.seconds)
            of_check, of_empty = p99(crowd.checks), p99(crowd.empty)
            print(f"{len(crowd.checks)} checks without records: p99 {1000 * of_check:.2f} ms, of an empty route {1000 * of_empty:.2f} ms: {of_check / of_empty:.2f} times")


if __name__ == "__main__":
    main()
