"""A gate as a service of its own: check, screen, health, reload and metrics over HTTP, with a record of every answer.

    CTS_LOG=records/log.ndjson uvicorn gate:app

It is set up by the environment:

- `CTS_PACKS`: a folder of packs, each a folder in it, stacked by name on the built-in pack; `CTS_DIRECTORY`: the file of a directory of providers.
- `CTS_LOG`: the log of records. No answer goes out of which the record is not stored. Screened audiences are kept beside it, in `screened/`.
- `CTS_MASK_KEY`: a file of `cts key mask`. Records hide who recipients are, and audiences are not kept.
- `CTS_RELOAD_TOKEN`: who may reload; nobody, if it is not set.

One process has one engine. Run several behind a balancer, and reload each.
"""

from __future__ import annotations

import bisect
import hmac
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse

import cleartosend as cts

PACKS = os.environ.get("CTS_PACKS")
DIRECTORY = os.environ.get("CTS_DIRECTORY")
LOG = Path(os.environ["CTS_LOG"]).absolute() if "CTS_LOG" in os.environ else None
MASK = cts.Mask.load(os.environ["CTS_MASK_KEY"]) if "CTS_MASK_KEY" in os.environ else None
TOKEN = os.environ.get("CTS_RELOAD_TOKEN", "")
AUDIENCE_BYTES_MAX = 64 << 20

# What a caller does next: send, do not send, or ask a person.
STATUS = {cts.Verdict.ALLOW: 200, cts.Verdict.DENY: 409, cts.Verdict.REVIEW: 202}


class Gate:
    """The engine of this moment. A request takes it once and works on that, so that nothing is judged half by the old and half by the new."""

    def __init__(self) -> None:
        self.reloading = threading.Lock()
        self.engine = self.made()

    @staticmethod
    def made() -> cts.Engine:
        folders = sorted(manifest.parent for manifest in Path(PACKS).glob("*/pack.toml")) if PACKS else []
        return cts.Engine(folders, DIRECTORY)

    def reload(self) -> cts.Engine:
        """Makes the new engine beside the old, which stays if anything is wrong with the new."""
        with self.reloading:
            self.engine = self.made()
            return self.engine


class Metrics:
    """What a monitoring system reads, in the text format of Prometheus."""

    BOUNDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 1.0]

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.counts: dict[str, int] = {}
        self.buckets = [0] * (len(self.BOUNDS) + 1)
        self.seconds = 0.0

    def count(self, name: str, more: int = 1) -> None:
        with self.lock:
            self.counts[name] = self.counts.get(name, 0) + more

    def took(self, seconds: float) -> None:
        with self.lock:
            self.buckets[bisect.bisect_left(self.BOUNDS, seconds)] += 1
            self.seconds += seconds

    def text(self, engine: cts.Engine) -> str:
        with self.lock:
            lines = [f"{name} {count}" for name, count in sorted(self.counts.items())]
            below = 0
            for bound, count in zip([*map(str, self.BOUNDS), "+Inf"], self.buckets):
                below += count
                lines.append(f'cts_check_seconds_bucket{{le="{bound}"}} {below}')
            lines += [f"cts_check_seconds_sum {self.seconds}", f"cts_check_seconds_count {below}"]
        for pack in engine.packs:
            lines.append(f'cts_pack_info{{name="{pack.name}",version="{pack.version}",digest="{pack.digest}"}} 1')
        return "\n".join(lines) + "\n"


GATE, METRICS = Gate(), Metrics()
app = FastAPI(title="Are we clear to send?", version=cts.__version__)


class NotStored(Exception):
    """An answer of which there is no record must not go out."""


def kept(record: cts.Record) -> None:
    assert LOG is not None
    try:
        record.append(LOG)
    except OSError as error:
        METRICS.count("cts_records_failed_total")
        raise NotStored(str(error)) from error
    METRICS.count("cts_records_total")


@app.exception_handler(NotStored)
async def not_stored(_: Request, error: Exception) -> Response:
    return JSONResponse({"problems": [{"code": "gate/not-stored", "at": "", "message": f"no record of the answer could be stored: {error}"}]}, status_code=503)


@app.exception_handler(cts.Error)
async def refused(_: Request, error: Exception) -> Response:
    """All that is wrong with what was sent."""
    assert isinstance(error, cts.Error)
    METRICS.count("cts_refused_total")
    problems = getattr(error, "problems", ()) or (error,)
    return JSONResponse({"problems": [{"code": one.code, "at": one.at, "message": one.message} for one in problems]}, status_code=422)


@app.post("/check")
async def check(request: Request) -> Response:
    """Judges a campaign document: 200 send, 409 do not, 202 ask a person; 422 with all that is wrong with the document."""
    body, engine = await request.body(), GATE.engine
    began = time.perf_counter()
    decision = engine.check(body)
    METRICS.took(time.perf_counter() - began)
    if LOG is not None:
        await run_in_threadpool(lambda: kept(engine.record(body, mask=MASK)))
    METRICS.count(f'cts_answers_total{{verdict="{decision.verdict}"}}')
    return Response(decision.to_json(), status_code=STATUS[decision.verdict], media_type="application/json")


@app.post("/screen")
async def screen(request: Request, keep: str = "") -> Response:
    """Judges a campaign for an audience: lines of JSON, the campaign first, then a recipient a line. Gives a row a line, and the summary last."""
    body = await request.body()
    if len(body) > AUDIENCE_BYTES_MAX:
        return JSONResponse({"problems": [{"code": "gate/too-large", "at": "", "message": f"more than {AUDIENCE_BYTES_MAX} bytes"}]}, status_code=413)
    campaign, _, audience = body.partition(b"\n")
    columns = [name for name in keep.split(",") if name]
    text = await run_in_threadpool(screened, GATE.engine, campaign, audience, columns)
    return Response(text, media_type="application/x-ndjson")


def screened(engine: cts.Engine, campaign: bytes, audience: bytes, keep: list[str]) -> str:
    with tempfile.TemporaryDirectory() as for_now:
        folder = LOG.parent / "screened" if LOG is not None and MASK is None else Path(for_now)
        folder.mkdir(exist_ok=True, parents=True)
        name = uuid.uuid4().hex
        given, result = folder / f"{name}-audience.ndjson", folder / f"{name}-result.ndjson"
        given.write_bytes(audience)
        try:
            screening = engine.screen(campaign, given, keep=keep, record=LOG is not None)
            summary = screening.write(result)
            if LOG is not None:
                kept(screening.record(mask=MASK))
        except Exception:
            given.unlink()
            result.unlink(missing_ok=True)
            raise
        METRICS.count("cts_rows_total", summary.rows)
        return result.read_text(encoding="utf-8") + json.dumps({"summary": summary.to_dict()}, ensure_ascii=False) + "\n"


@app.get("/live", status_code=204)
async def live() -> Response:
    """The process answers."""
    return Response(status_code=204)


@app.get("/health")
async def health() -> Response:
    """What it judges by, and whether records can be stored."""
    engine = GATE.engine
    is_writable = LOG is None or os.access(LOG if LOG.exists() else LOG.parent, os.W_OK)
    found = {
        "status": "ok" if is_writable else "records cannot be stored",
        "engine": cts.__version__,
        "packs": [{"name": pack.name, "version": pack.version, "digest": pack.digest} for pack in engine.packs],
        "directory": {"digest": engine.directory.digest, "complete": engine.directory.complete},
        "records": None if LOG is None else LOG.name,
    }
    return JSONResponse(found, status_code=200 if is_writable else 503)


@app.post("/reload")
async def reload(request: Request) -> Response:
    """Reads packs and directory anew. What is wrong with them is told, 409, and the engine stays as it was."""
    given = request.headers.get("Authorization", "").encode()
    if not TOKEN or not hmac.compare_digest(given, f"Bearer {TOKEN}".encode()):
        return JSONResponse({"problems": [{"code": "gate/not-allowed", "at": "Authorization", "message": "expected the token of who may reload"}]}, status_code=401)
    try:
        engine = await run_in_threadpool(GATE.reload)
    except (cts.Error, OSError) as error:
        METRICS.count('cts_reloads_total{outcome="refused"}')
        problems = getattr(error, "problems", ()) or (error,)
        told = [{"code": getattr(one, "code", "file"), "at": getattr(one, "at", ""), "message": getattr(one, "message", str(one))} for one in problems]
        return JSONResponse({"problems": told}, status_code=409)
    METRICS.count('cts_reloads_total{outcome="done"}')
    return JSONResponse({"packs": [{"name": pack.name, "version": pack.version, "digest": pack.digest} for pack in engine.packs]})


@app.get("/metrics")
async def metrics() -> Response:
    """Counts and times, for Prometheus."""
    return Response(METRICS.text(GATE.engine), media_type="text/plain; version=0.0.4")


def schema(kind: str) -> Any:
    """The JSON Schema of a kind of document, as the command prints it."""
    printed = subprocess.run([sys.executable, "-m", "cleartosend", "schema", kind, "--json"], capture_output=True, check=True).stdout
    return json.loads(printed)


def components(**schemas: dict[str, Any]) -> dict[str, Any]:
    """Schemas as parts of one document: what is defined within one stands beside it, and references lead there."""
    placed: dict[str, Any] = {}
    for name, whole in schemas.items():
        defined = whole.pop("$defs", {})
        for part, inner in [(name, whole), *((f"{name}.{key}", of) for key, of in defined.items())]:
            placed[part] = json.loads(json.dumps(inner).replace('"#/$defs/', f'"#/components/schemas/{name}.'))
    return placed


def openapi() -> dict[str, Any]:
    """OpenAPI 3.1, whose schemas are JSON Schemas: those of the engine."""
    if app.openapi_schema:
        return app.openapi_schema
    api = get_openapi(title=app.title, version=app.version, openapi_version="3.1.0", routes=app.routes)
    problem = {"type": "object", "required": ["code", "at", "message"], "properties": {name: {"type": "string"} for name in ("code", "at", "message")}}
    problems = {"type": "object", "required": ["problems"], "properties": {"problems": {"type": "array", "items": problem}}}
    schemas = components(Campaign=GATE.engine.schema(), Decision=schema("decision"), Summary=schema("summary"), Problems=problems)
    api.setdefault("components", {})["schemas"] = schemas

    def content(name: str) -> dict[str, Any]:
        return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}

    of_check = api["paths"]["/check"]["post"]
    of_check["requestBody"] = {"required": True, "content": content("Campaign")}
    words = {"200": "send", "202": "a person has to look", "409": "do not send"}
    of_check["responses"] = {status: {"description": word, "content": content("Decision")} for status, word in words.items()}
    lines = {"application/x-ndjson": {"schema": {"type": "string", "description": "A document a line."}}}
    of_screen = api["paths"]["/screen"]["post"]
    of_screen["requestBody"] = {"required": True, "content": lines}
    of_screen["responses"] = {"200": {"description": "A row a line, and last an object with the member `summary`.", "content": lines}}
    for operation in (of_check, of_screen):
        operation["responses"]["422"] = {"description": "What is wrong with what was sent.", "content": content("Problems")}
        operation["responses"]["503"] = {"description": "No record could be stored, so that there is no answer.", "content": content("Problems")}
    of_reload = api["paths"]["/reload"]["post"]
    of_reload["responses"]["401"] = {"description": "Nobody who may reload.", "content": content("Problems")}
    of_reload["responses"]["409"] = {"description": "What is wrong with packs or directory; the engine stays as it was.", "content": content("Problems")}
    app.openapi_schema = api
    return api


app.openapi = openapi  # type: ignore[method-assign]
