"""Records: decisions with all that they rest on, kept, verified, judged again and shown to people.

>>> import cleartosend as cts
>>> engine = cts.Engine()
>>> record = engine.record({"send_at": "2026-03-02T15:00:00Z", "account": {"quality": "red"}})
>>> record.verify()
()
>>> engine.replay(record).what
<Outcome.SAME_BYTES: 'same_bytes'>
"""

from __future__ import annotations

from typing import Iterable, List, Literal, Mapping, NamedTuple, Optional, Tuple, Union

from ._core import Decision, Explanation, Log, Mask, Record, Summary
from ._core import report as _report
from ._word import Decisive
from .errors import RecordError
from .words import Verdict

__all__ = ["Contradiction", "Log", "LogLine", "Mask", "Outcome", "Record", "RecordError", "Replayed", "RowChange", "RuleChange", "report"]

_Document = Union[Record, Decision, Explanation, Summary, str]


class Outcome(Decisive):
    """What came of judging a record again, as `cts replay --json` names it."""

    SAME_BYTES = "same_bytes"
    """The same decision, byte for byte, and the same explanation where there is one."""
    SAME_OF_OTHER_ENGINE = "same_of_other_engine"
    """The same in all but the version of the engine that made it, and the digest over that."""
    NOT_JUDGED_AGAIN = "not_judged_again"
    """The record of a screening: its campaign comes to the same by itself, and of its rows nothing is said."""
    SAME_ROWS = "same_rows"
    """The record of a screening whose rows were judged again too, with `files`: they come to the same counts."""
    SAME_VERDICT = "same_verdict"
    """The same verdict by the same rules, in other words or by other inputs."""
    CHANGED = "changed"
    """Another verdict, or other rules."""
    DIFFERS = "differs"
    """It comes to the same and contradicts itself."""


class Contradiction(NamedTuple):
    """What a record contradicts itself in."""

    member: str
    """The member that is wrong, or that a digest was recomputed of."""
    found: str
    """What it says."""
    expected: str
    """What follows from the rest of the record, or what stands there in any record."""


class RuleChange(NamedTuple):
    """A rule that says something else of a case than it did."""

    rule: str
    """Its pack and id: `whatsapp/consent.opted-out`."""
    from_: Optional[str]
    """Its status and verdict in the record, such as `violated, deny`; `None` where it has no finding."""
    to: Optional[str]
    """The same now."""


class RowChange(NamedTuple):
    """A count of the rows of a screening that is another than it was."""

    what: str
    """What is counted: `deny`, `whatsapp/consent.no-opt-in (violated, deny)`, `missing recipient.opt_in`, `country ES`."""
    from_: int
    """Rows in the record."""
    to: int
    """Rows now."""


class Replayed(NamedTuple):
    """What came of judging a record again."""

    what: Outcome
    """In a word."""
    engine: Optional[str]
    """The version that made the record, where it is the same of another engine."""
    inputs: Tuple[str, ...]
    """The inputs that differ, such as a pack with its digests then and now."""
    texts: Tuple[str, ...]
    """What is worded differently: rules, and members of the record."""
    from_: Union[Verdict, str, None]
    """The verdict of the record, where it changed; a plain text where that is none."""
    to: Union[Verdict, str, None]
    """The verdict now, where it changed."""
    rules: Tuple[RuleChange, ...]
    """The rules that say something else, where it changed; of a screening, of its campaign alone."""
    rows: Tuple[RowChange, ...]
    """Of a screening whose rows were judged again: the counts that are others, where it changed."""
    contradictions: Tuple[Contradiction, ...]
    """What it contradicts itself in, where it differs."""
    reason: Optional[str]
    """Why rows were not judged again, though `files` was given; `None` where they were."""


class LogLine(NamedTuple):
    """One line of a log."""

    line: int
    """Its number, from 1."""
    record: Optional[Record]
    """The record; `None` where the line has none."""
    error: Optional[RecordError]
    """Why it has none; `None` where it has one."""


def report(
    documents: Union[Mapping[str, _Document], Iterable[_Document]],
    *,
    lang: Literal["en", "es", "pt"] = "en",
    form: Literal["html", "md"] = "html",
    mask: Optional[Mask] = None,
) -> str:
    """One page for people of any number of records, decisions, explanations and summaries, as `cts report` writes it.

    The page is one file that asks for nothing else. `documents` are named by a mapping, or numbered; JSON that one of these was written as
    will do. With `mask`, keyed hashes stand in place of recipients' numbers and user ids. Raises `RecordError` for what is no such document,
    and for what would still hold the number.
    """
    if isinstance(documents, str):
        raise TypeError("documents: found one text, expected a list of documents, or a mapping from names to documents")
    if isinstance(documents, Mapping):
        named = documents.items()
        return _report([(name, _json(document)) for name, document in named], lang, form, mask)
    numbered: List[Tuple[str, str]] = [(f"{place}", _json(document)) for place, document in enumerate(documents, 1)]
    return _report(numbered, lang, form, mask)


def _json(document: _Document) -> str:
    if isinstance(document, str):
        return document
    if isinstance(document, (Record, Decision, Explanation, Summary)):
        return document.to_json()
    raise TypeError(f"documents: found a `{type(document).__name__}`, expected a record, a decision, an explanation, a summary or the JSON of one")
