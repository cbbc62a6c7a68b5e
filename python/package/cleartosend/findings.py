"""What a `Finding` or a `Judgement` holds beside words and texts."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from .words import FindingVerdict, Status

__all__ = ["FindingError", "FindingTexts", "FindingWaiver", "JudgedRule"]


class FindingError(NamedTuple):
    """Why the conditions of a rule could not be evaluated although all that they need is known."""

    code: str
    """A stable name, such as `cel/overflow`."""
    message: str
    """What went wrong, on one line."""


class FindingTexts(NamedTuple):
    """What a finding says in one language."""

    title: str
    """The rule in one line."""
    message: str
    """What is wrong, or open, in this case."""
    advice: str
    """What to do; empty where nothing is to be done."""


class FindingWaiver(NamedTuple):
    """An exception to a rule, made by its user."""

    reason: str
    """Why."""
    by: str
    """Who made it."""
    until: datetime
    """Until when."""


class JudgedRule(NamedTuple):
    """One rule that is violated or undetermined, of a `Judgement`."""

    pack: str
    """The name of the rule's pack."""
    rule: str
    """The rule's id."""
    status: Status
    """What it says."""
    verdict: FindingVerdict
    """What that means."""
