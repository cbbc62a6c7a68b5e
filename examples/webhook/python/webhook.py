"""A webhook handler for WhatsApp, whole: signature, verification, storage, and the two questions that a campaign asks.

    CTS_APP_SECRET=... CTS_VERIFY_TOKEN=... CTS_BOOK=book.sqlite uvicorn webhook:app --workers 2
"""

from __future__ import annotations

import os
from typing import Any

import pyarrow as pa
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool

import cleartosend as cts
from accounts import Accounts, challenge, is_signed

# More than WhatsApp sends: an event has at most 4 MiB.
BODY_BYTES_MAX = 4 * 1024 * 1024

SECRET = os.environ["CTS_APP_SECRET"].encode()
TOKEN = os.environ["CTS_VERIFY_TOKEN"]
accounts = Accounts(os.environ["CTS_BOOK"])
engine = cts.Engine()
app = FastAPI()


@app.get("/webhook")
def verify(request: Request) -> Response:
    """Meta asks once, when the address is entered in the dashboard."""
    answer = challenge(TOKEN, dict(request.query_params))
    if answer is None:
        raise HTTPException(403)
    return Response(answer, media_type="text/plain")


@app.post("/webhook")
async def receive(request: Request) -> Response:
    """200 once the rows are stored; whoever gets no 200 sends again, for days."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > BODY_BYTES_MAX:
            raise HTTPException(413)
    if not is_signed(SECRET, bytes(body), request.headers.get("X-Hub-Signature-256")):
        raise HTTPException(401)
    try:
        await run_in_threadpool(accounts.receive, bytes(body))
    except cts.AccountError as error:
        raise HTTPException(400, str(error)) from None
    return Response()


# What follows is for the platform itself: put it behind its own door, not where the world reaches the webhook.


@app.post("/check")
def check(campaign: dict[str, Any]) -> dict[str, Any]:
    """May this campaign go out, by all that WhatsApp has sent of its account?"""
    try:
        decision = engine.check(campaign, account=accounts.book())
    except cts.Error as error:
        raise HTTPException(400, str(error)) from None
    return decision.to_dict()


def with_instants(audience: pa.Table) -> pa.Table:
    """JSON has no instants: columns of strings that are named as such become columns of instants, or are refused."""
    for place, field in enumerate(audience.schema):
        if field.name.endswith("_at") and pa.types.is_string(field.type):
            instants = audience.column(place).cast(pa.timestamp("us", "UTC"))
            audience = audience.set_column(place, field.name, instants)
    return audience


@app.post("/screen")
def screen(asked: dict[str, Any]) -> list[dict[str, Any]]:
    """To whom may it go? `campaign` is the campaign, `audience` its recipients, an object each."""
    try:
        campaign, people = asked["campaign"], asked["audience"]
        # Whose people they are: of other accounts' audiences nothing is read.
        book = accounts.book(people_of=campaign["account"]["id"])
    except KeyError as error:
        raise HTTPException(400, f"{error} is not given") from None
    try:
        audience = with_instants(pa.Table.from_pylist(people))
        return pa.table(engine.screen(campaign, audience, keep=["recipient.phone"], account=book)).to_pylist()
    except (cts.Error, pa.ArrowException) as error:
        raise HTTPException(400, str(error)) from None
