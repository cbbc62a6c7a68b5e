"""What an `Explanation` holds: fixes, a timeline, what is missing."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum
from typing import Mapping, NamedTuple, Optional, Tuple, Union

from .words import ChangedBy, Status, Topic, Verdict

__all__ = ["Change", "ChecklistEntry", "Fix", "Interval", "Members", "Missing", "OneOf", "Range", "Removed", "Timeline"]

Value = Union[bool, int, float, str, datetime, timedelta, Tuple["Value", ...]]


class ChecklistEntry(NamedTuple):
    """What one rule says of the case."""

    topic: Union[Topic, str]
    """What the rule is about."""
    pack: str
    """The name of the rule's pack."""
    rule: str
    """The rule's id."""
    status: Status
    """What it says."""


class OneOf(NamedTuple):
    """Any of these values; of objects, whose members go together, a `Members` each."""

    values: Tuple[Union[Value, "Members"], ...]


class Range(NamedTuple):
    """A number of this range, both ends in it; `None` is no end."""

    min: Optional[Value]
    max: Optional[Value]


class Members(NamedTuple):
    """These members of an object, by name: a value, any of several, or `None`, which a document writes as `null`."""

    members: Mapping[str, Union[Value, OneOf, None]]


class Removed(Enum):
    """It is left out."""

    REMOVED = "removed"


class Change(NamedTuple):
    """One change."""

    path: str
    """What is changed: a member of the document, an entry of a list (`account.restrictions[0]`), or an object of which `Members` names the members."""
    from_: Union[Value, Mapping[str, Optional[Value]], None]
    """What it is now: its value; of an object its members by name; of an entry or a recipient the name. `None` where nothing is given."""
    to: Union[Value, OneOf, Range, Members, Removed]
    """What it is to be: a value (of a list, the whole list as a tuple), or one of the other forms."""
    by: ChangedBy
    """Who can change it."""
    how: str
    """What to do, in English."""


class Fix(NamedTuple):
    """Changes that together make the verdict better; none of them can be left out."""

    leads_to: Verdict
    """The verdict with all of them: for each value that they propose."""
    changes: Tuple[Change, ...]
    """The changes, by path, each path once."""


class Interval(NamedTuple):
    """A stretch of time in which the verdict and the rules behind it are the same."""

    from_: datetime
    """The first instant."""
    until: datetime
    """The first instant after it."""
    verdict: Verdict
    """The verdict."""
    rules: Tuple[str, ...]
    """The rules whose findings are as bad as the verdict: by id, or `pack/id` where two packs have one id. Empty where it is clear."""


class Timeline(NamedTuple):
    """The verdict as time goes on, everything else as given. It speaks of the instant of sending and of the whole seconds after it."""

    from_: datetime
    """The instant of sending."""
    until: datetime
    """Where it ends."""
    intervals: Tuple[Interval, ...]
    """Half-open intervals without gaps, in order."""


class Missing(NamedTuple):
    """A member to supply."""

    path: str
    """The member."""
    settles: int
    """How many of the undetermined findings it can settle by itself."""
    can_allow: bool
    """Whether some value of it is known to lead to `ALLOW`, the other missing members as good as they can be."""
    values: Union[Tuple[str, ...], Tuple[bool, ...], str]
    """What can be given: a list, or the form in words."""
    title: str
    """What it is, in English."""
    comes_from: str
    """Where it usually comes from, in English; empty where nobody can say."""
