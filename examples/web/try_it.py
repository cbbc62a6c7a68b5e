"""Tries the gates behind FastAPI and Django: what is clear goes through, and nothing else does."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import cleartosend as cts

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
EXAMPLES = HERE.parent
CLEAN, DENIED, OPEN = ((EXAMPLES / f"{name}.json").read_bytes() for name in ("clean-campaign", "spring-sale", "missing-facts"))
MISSPELT = CLEAN.replace(b'"opted_out"', b'"opted_ut"', 1)
WRONG = json.dumps({"send_at": "2026-03-02", "account": {"quality": "reed"}}).encode()


def fastapi() -> None:
    from fastapi.testclient import TestClient
    from fastapi_gate import ENGINE, app
    from openapi_spec_validator import validate

    with TestClient(app) as client:
        for body, status in ((CLEAN, 200), (DENIED, 409), (OPEN, 202)):
            answer = client.post("/check", content=body)
            assert answer.status_code == status, answer.text
            assert answer.text == ENGINE.check(body).to_json()
        refused = client.post("/check", content=MISSPELT)
        assert refused.status_code == 422 and "did you mean" in refused.text, refused.text
        problems = client.post("/check", content=WRONG).json()["problems"]
        assert {problem["at"] for problem in problems} == {"send_at", "account.quality"}, problems
        api = client.get("/openapi.json").json()
        validate(api)
        assert api["components"]["schemas"]["Campaign"]["additionalProperties"] is False
        # The validator passes over references that lead nowhere.
        led = set(re.findall(r'"\$ref": "#/components/schemas/([^"]+)"', json.dumps(api)))
        assert "Campaign.phone" in led and led <= set(api["components"]["schemas"]) and "$defs" not in json.dumps(api), led
    print("FastAPI: 200, 409, 202; two documents refused with what is wrong; its OpenAPI is valid")


def django() -> None:
    import django as framework
    from django.conf import settings

    templates = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]
    settings.configure(ROOT_URLCONF="django_gate", TEMPLATES=templates, ALLOWED_HOSTS=["testserver"], CLEARTOSEND_CHECKED_AT="2026-03-02T15:00:00Z")
    framework.setup()
    import django_gate
    from django.core.checks import run_checks
    from django.test import Client

    def checked() -> list[str]:
        django_gate.engine.cache_clear()
        return [str(message.id) for message in run_checks(tags=["cleartosend"])]

    assert checked() == []
    settings.CLEARTOSEND_BASE = {"access": {"route": "unofficial"}}
    assert checked() == ["cleartosend.W001"]
    settings.CLEARTOSEND_BASE = {"account": {"quality": "reed"}}
    assert checked() == ["cleartosend.E001"]
    settings.CLEARTOSEND_BASE = None
    assert checked() == []

    client = Client()
    for body, status, page in ((CLEAN, 200, "SEND"), (DENIED, 409, "HOLD: "), (OPEN, 409, "HOLD: "), (MISSPELT, 422, "")):
        answer = client.post("/gate/", body, content_type="application/json")
        assert answer.status_code == status and answer.content.decode().startswith(page), answer.content
    print("Django: the settings are checked; SEND once, HOLD twice, one document refused")


def main() -> None:
    assert cts.Engine().check(CLEAN).allowed
    fastapi()
    django()


if __name__ == "__main__":
    main()
