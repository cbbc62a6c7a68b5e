"""What changes from one engine's rules to another's (`Engine.diff`)."""

from __future__ import annotations

import json
from typing import Any, Dict, NamedTuple, Optional, Tuple

__all__ = ["Difference", "RuleChange"]


class RuleChange(NamedTuple):
    """A rule that is not the same."""

    pack: str
    rule: str
    change: str
    """`added`, `removed`, `changed`, or `reworded`: the same of every case in other words."""
    certainty: str
    """`proved` where a document shows it, `possible` where clauses leave a doubt."""
    old: Optional[str]
    """What a violation means on the old side; `None` where the rule is not there."""
    new: Optional[str]
    """What a violation means on the new side; `None` where the rule is not there."""
    witness: Optional[Dict[str, Any]]
    """`document`, a campaign of which the two sides say different things, the `directory` of the pack's tests that it is judged with, and what each
    side says: `old` and `new`, each with `at`, `verdict` and `status`."""


class Difference(NamedTuple):
    """What changes from one engine's rules to another's, or from one date to another."""

    rules: Tuple[RuleChange, ...]
    """The rules that are not the same, in the order of the new engine; those that are gone last."""
    equivalent: int
    """How many rules say the same of every case, as far as all facts are known."""
    json: str
    """The whole document, with `bounds`: where the comparison ended before it was done."""

    @property
    def changes_meaning(self) -> bool:
        """Whether what some rule says of some case changes, or may."""
        return any(change.change != "reworded" for change in self.rules)


def _of_json(text: str) -> Difference:
    document = json.loads(text)
    rules = tuple(RuleChange(**change) for change in document["rules"])
    return Difference(rules, document["equivalent"], text)
