"""A gate behind FastAPI, without a model: the body goes to the engine as the bytes that came.

The engine reads them as strictly as a file: a member that does not exist, or one that is there twice, is an error. A model in between would
have to be as strict, and would make objects that nobody needs.
"""

from __future__ import annotations

import json
from typing import Any, Dict

from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse

import cleartosend as cts

# Made once, when the process starts; requests share it.
ENGINE = cts.Engine()
DOCUMENT = {"requestBody": {"required": True, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Campaign"}}}}}
# What a caller does next: send, do not send, or ask a person.
STATUS = {cts.Verdict.ALLOW: 200, cts.Verdict.DENY: 409, cts.Verdict.REVIEW: 202}

app = FastAPI(title="Are we clear to send?")


@app.post("/check", openapi_extra=DOCUMENT)
async def check(request: Request) -> Response:
    """The decision, with a status for each verdict; 422 with all that is wrong with the document."""
    body = await request.body()
    try:
        decision = ENGINE.check(body)
    except cts.FactsError as error:
        problems = [{"code": problem.code, "at": problem.at, "message": problem.message} for problem in error.problems]
        return JSONResponse({"problems": problems}, status_code=422)
    return Response(decision.to_json(), status_code=STATUS[decision.verdict], media_type="application/json")


def openapi() -> Dict[str, Any]:
    """OpenAPI 3.1, with the engine's own schema of a campaign among its components."""
    if app.openapi_schema is None:
        api = get_openapi(title=app.title, version=app.version, openapi_version="3.1.0", routes=app.routes)
        # `#` is the whole of a document, which here is the interface: what the schema refers to is placed beside it.
        campaign = json.loads(json.dumps(ENGINE.schema()).replace('"#/$defs/', '"#/components/schemas/Campaign.'))
        parts = {f"Campaign.{name}": part for name, part in campaign.pop("$defs", {}).items()}
        api.setdefault("components", {}).setdefault("schemas", {}).update({"Campaign": campaign, **parts})
        app.openapi_schema = api
    return app.openapi_schema


app.openapi = openapi  # type: ignore[method-assign]
