"""A gate in Django: a check when the project starts, and a view that sends nothing but what is allowed.

A template that asks `{% if not decision %}` would get no answer: a decision has no truth value, and Django takes the error for false.
So templates get `decision.allowed`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, List

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.urls import path

import cleartosend as cts


@lru_cache(maxsize=1)
def engine() -> cts.Engine:
    """The engine of the settings, made once a process."""
    return cts.Engine(getattr(settings, "CLEARTOSEND_PACKS", None), base=getattr(settings, "CLEARTOSEND_BASE", None))


@register("cleartosend")
def settings_are_in_order(**_named: Any) -> List[CheckMessage]:
    """`manage.py check`: packs and base document can be read, and the sender itself is clear."""
    try:
        made = engine()
    except (cts.Error, OSError) as error:
        return [Error(str(error), hint="see CLEARTOSEND_PACKS and CLEARTOSEND_BASE in the settings", id="cleartosend.E001")]
    judged = made.judge({}, at=settings.CLEARTOSEND_CHECKED_AT)
    barred = [rule.rule for rule in judged.rules if rule.status == "violated" and rule.verdict == "deny"]
    return [Warning(f"no campaign of this sender is clear to send: {', '.join(barred)}", id="cleartosend.W001")] if barred else []


PAGE = "{% if allowed %}SEND{% else %}HOLD: {{ rules|join:', ' }}{% endif %}"


def gate(request: HttpRequest) -> HttpResponse:
    """The page that a person sees before a send."""
    try:
        decision = engine().check(request.body)
    except cts.FactsError as error:
        return JsonResponse({"code": error.code, "at": error.at, "message": error.message}, status=422)
    # `decision.allowed`, and never `decision`.
    known = {"allowed": decision.allowed, "rules": [finding.rule for finding in decision.findings]}
    return HttpResponse(engines["django"].from_string(PAGE).render(known), status=200 if decision.allowed else 409)


urlpatterns = [path("gate/", gate)]
