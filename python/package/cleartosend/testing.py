"""What came of a pack's tests (`Pack.test`)."""

from __future__ import annotations

from typing import NamedTuple, Tuple

__all__ = ["FailedTest", "Gap", "Tested"]


class FailedTest(NamedTuple):
    """A test that does not hold."""

    name: str
    at: str
    """`file:line:column`"""
    problems: Tuple[str, ...]
    """In what the decision differs from what the test expects."""


class Gap(NamedTuple):
    """An outcome, date or clause of a rule that no test shows."""

    what: str
    at: str
    """`file:line:column`"""


class Tested(NamedTuple):
    """What came of a pack's tests."""

    tests: int
    """How many there are."""
    failures: Tuple[FailedTest, ...]
    gaps: Tuple[Gap, ...]

    @property
    def passed(self) -> bool:
        """Whether every test holds and nothing is left unshown."""
        return not self.failures and not self.gaps
