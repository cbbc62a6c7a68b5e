"""What is a table, and the counts of a `Summary`."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Optional, Protocol, Tuple

from .explanation import Change
from .findings import FindingWaiver
from .words import FindingVerdict, Status

__all__ = [
    "ArrowArray",
    "ArrowStream",
    "BadValue",
    "Basis",
    "BasisPack",
    "CountryCount",
    "Help",
    "HelpOfChange",
    "HelpOfHour",
    "MissingCount",
    "RuleCount",
    "VerdictCounts",
]


class ArrowStream(Protocol):
    """A table of many batches: frames of polars and pandas, tables and readers of pyarrow, relations of DuckDB."""

    def __arrow_c_stream__(self, requested_schema: Optional[object] = None) -> object:
        """A capsule of a stream."""


class ArrowArray(Protocol):
    """A table of one batch."""

    def __arrow_c_array__(self, requested_schema: Optional[object] = None) -> Tuple[object, object]:
        """Capsules of the columns and of the batch."""


class VerdictCounts(NamedTuple):
    """Rows by verdict."""

    allow: int
    """Clear to send."""
    review: int
    """A person must decide, or something is missing."""
    deny: int
    """Not clear to send."""


class RuleCount(NamedTuple):
    """How many rows have a finding of a rule."""

    pack: Optional[str]
    """The rule's pack; `None` for values that could not be read."""
    rule: str
    """The rule's id."""
    status: Status
    """Whether it is violated or undetermined."""
    verdict: FindingVerdict
    """What that means. A note has no effect on any row's verdict, and the rows' lists of rules leave it out."""
    rows: int
    """Rows with this finding."""
    alone: int
    """Rows with no other finding: so many more would be allowed if this were fixed; 0 for a note."""
    waiver: Optional[FindingWaiver] = None
    """The exception that lowered the verdict; `None` where there is none."""


class MissingCount(NamedTuple):
    """In how many rows a member is missing."""

    path: str
    rows: int


class CountryCount(NamedTuple):
    """How many recipients are in a country."""

    country: Optional[str]
    """ISO 3166-1 alpha-2; `None` where it is not known."""
    rows: int
    verdicts: VerdictCounts


class BadValue(NamedTuple):
    """A value that could not be read."""

    row: int
    """The number of the row in the audience, from 0."""
    column: str
    """As the audience calls the column."""
    attribute: str
    """The attribute that the column holds."""
    reason: str
    """What was found, and what was expected."""


class HelpOfChange(NamedTuple):
    """What one change would do to an audience."""

    change: Change
    """The change."""
    more: int
    """How many more rows would be allowed: those that would be, less those that are."""


class HelpOfHour(NamedTuple):
    """What sending at another instant would do to an audience."""

    at: datetime
    """The instant."""
    more: int
    """How many more rows would be allowed: fewer than none where some no longer would be."""


class Help(NamedTuple):
    """What would help an audience, one change at a time."""

    changes: Tuple[HelpOfChange, ...]
    """Changes of the campaign or of the sender with which more rows would be allowed, what helps most first; then by effort and path."""
    hours: Tuple[HelpOfHour, ...]
    """What sending at each of the hours asked for would change, in order."""


class BasisPack(NamedTuple):
    """A pack that a summary rests on."""

    name: str
    version: str
    digest: str


class Basis(NamedTuple):
    """What a summary rests on, each by its digest."""

    campaign: str
    """Over the facts of the campaign."""
    packs: Tuple[BasisPack, ...]
    """The packs, in stacking order."""
    waivers: str
    """Over the exceptions of packs and engine."""
    directory: str
    """The directory's."""
    bundled: str
    """Over the versions of all data that comes with the engine."""
    engine: str
    """The version of the engine."""
