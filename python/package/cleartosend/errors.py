"""What goes wrong with a call. What is wrong with a campaign is a finding, and no error.

The codes are those of the engine, the same through every binding, and never change.
"""

from __future__ import annotations

from typing import Any, Callable, NamedTuple, Optional, Tuple

__all__ = [
    "AccountError",
    "DirectoryError",
    "EngineError",
    "Error",
    "ExplainError",
    "ExpressionError",
    "FactsError",
    "PackError",
    "Problem",
    "RecordError",
    "ScreenError",
]


class Error(Exception):
    """Anything that cleartosend refuses."""

    code: str
    """A stable name for programs, such as `facts/unknown-member`."""
    at: str
    """Where: a path such as `account.restrictions[0].until`, or `file:line:column`. Empty for the whole."""
    message: str
    """What is wrong, without the place."""

    def __init__(self, text: str, *, code: str = "", at: str = "", message: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.at = at
        self.message = message or text

    def __reduce__(self) -> Tuple[Callable[..., Error], Tuple[Any, ...]]:
        return _remade, (type(self), self.args[0], dict(self.__dict__))


class Problem(NamedTuple):
    """One problem of a pack or of a campaign."""

    code: str
    message: str
    at: str
    """Where: `folder/file:line:column` of a pack, a path such as `account.restrictions[0].until` of a campaign."""
    help: Optional[str]
    """What would help, such as the nearest valid name, where the message does not say it."""


class FactsError(Error):
    """A campaign is not exactly as the schema says, with all that is wrong: at most twenty problems, by path.
    The error's own code, place and message are those of the first."""

    problems: Tuple[Problem, ...]

    def __init__(
        self, text: str, *, code: str = "", at: str = "", message: str = "", problems: Tuple[Problem, ...] = ()
    ) -> None:
        super().__init__(text, code=code, at=at, message=message)
        self.problems = problems


class DirectoryError(Error):
    """A directory is not in order."""


class AccountError(Error):
    """An account's state, an event or a question about them is not in order."""


class EngineError(Error):
    """The packs do not make an engine together."""


class ScreenError(Error):
    """An audience cannot be screened, or its rows cannot be had. `at` is a column, or a file with a line."""


class RecordError(Error):
    """A record cannot be made, read, judged again or shown."""


class ExplainError(Error):
    """What was asked of an explanation cannot be, such as a timeline that ends before it begins."""


class ExpressionError(Error):
    """An expression does not parse or check, or has no value."""


class PackError(Error):
    """A pack is refused, with all of its problems. The error's own code, place and message are those of the first."""

    problems: Tuple[Problem, ...]

    def __init__(
        self, text: str, *, code: str = "", at: str = "", message: str = "", problems: Tuple[Problem, ...] = ()
    ) -> None:
        super().__init__(text, code=code, at=at, message=message)
        self.problems = problems


def _remade(kind: Callable[[str], Error], text: str, state: dict[str, Any]) -> Error:
    """An error that went through pickle, from one process to another."""
    error = kind(text)
    error.__dict__.update(state)
    return error
