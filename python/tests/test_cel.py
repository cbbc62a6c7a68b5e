"""Google's CEL runtime as an independent judge: random packs over known facts.

The judge never sees our engine. It evaluates the conditions of each rule by themselves; this file puts them together by the table of the pack
format, and the engine's outcome of every rule has to be the same.
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Optional

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cleartosend as cts

if sys.version_info < (3, 11):
    pytest.skip("Google's runtime is built for 3.11 and later", allow_module_level=True)

from cel_expr_python import cel

T = cel.Type

#: Attributes of each type, with values on and beside the constants that conditions use.
_INSTANTS = [datetime(2026, 3, 2, 15, tzinfo=timezone.utc) + timedelta(hours=hours) for hours in (-48, -24, -1, 0, 1)]
_FACTS: Dict[str, Any] = {
    "campaign.audience_size": (T.INT, [0, 0, 1, 99, 100, 101, 9_007_199_254_740_993, 2**63 - 1]),
    "recipient.marketing_received_24h": (T.INT, [0, 0, 1, 2, 3]),
    "account.daily_limit": (T.INT, [0, 0, 0, 1, 2**63 - 1]),
    "campaign.offers_opt_out": (T.BOOL, [True, False]),
    "campaign.automated": (T.BOOL, [True, False]),
    "recipient.opted_out": (T.BOOL, [True, False]),
    "account.quality": (T.STRING, ["green", "yellow", "red"]),
    "campaign.category": (T.STRING, ["marketing", "utility", "authentication", "service"]),
    "campaign.name": (T.STRING, ["s", "sale", "Sale", "spring sale", "été", "a" * 40]),
    "account.name": (T.STRING, ["sale", "house"]),
    "access.clients": (T.List(T.STRING), [[], ["npm:a"], ["npm:a", "pypi:b"], ["docker:c"]]),
    "send_at": (T.TIMESTAMP, _INSTANTS),
}
_ENUMS = {"account.quality": ["green", "yellow", "red"], "campaign.category": ["marketing", "utility", "authentication", "service"]}
_INT = [name for name, (kind, _) in _FACTS.items() if kind == T.INT]
_BOOL = [name for name, (kind, _) in _FACTS.items() if kind == T.BOOL]
_TEXT = ["campaign.name", "account.name"]


def _quoted(text: str) -> str:
    return "'" + text + "'"


_compare = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
_equal = st.sampled_from(["==", "!="])


@st.composite
def _whole(draw: Any, depth: int = 2) -> str:
    """An expression of type int. It may overflow or divide by zero: errors are part of the language."""
    if depth == 0 or draw(st.integers(0, 2)):
        return str(draw(st.sampled_from([*_INT, "0", "1", "2", "100", "size(campaign.name)", "size(access.clients)", "send_at.getHours()", "send_at.getDayOfWeek()"])))
    left, right = draw(_whole(depth - 1)), draw(_whole(depth - 1))
    return f"({left} {draw(st.sampled_from(['+', '-', '*', '/', '%']))} {right})"


@st.composite
def _atom(draw: Any) -> str:
    kind = draw(st.sampled_from([0, 1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9]))
    if kind == 0:
        return str(draw(st.sampled_from(_BOOL)))
    if kind == 1:
        return f"{draw(_whole())} {draw(_compare)} {draw(_whole())}"
    if kind == 2:
        name = draw(st.sampled_from(sorted(_ENUMS)))
        return f"{name} {draw(_equal)} {_quoted(draw(st.sampled_from(_ENUMS[name])))}"
    if kind == 3:
        name = draw(st.sampled_from(sorted(_ENUMS)))
        members = draw(st.lists(st.sampled_from(_ENUMS[name]), min_size=1, max_size=3))
        return f"{name} in [{', '.join(map(_quoted, members))}]"
    if kind == 4:
        return f"campaign.name {draw(_compare)} {draw(st.sampled_from(['account.name', _quoted('sale'), _quoted('été')]))}"
    if kind == 5:
        function = draw(st.sampled_from(["startsWith", "endsWith", "contains"]))
        return f"campaign.name.{function}({draw(st.sampled_from(['account.name', _quoted('s'), _quoted('')]))})"
    if kind == 6:
        return f"{_quoted(draw(st.sampled_from(['npm:a', 'pypi:b', 'docker:d'])))} in access.clients"
    if kind == 7:
        macro = draw(st.sampled_from(["all", "exists", "exists_one"]))
        return f"access.clients.{macro}(c, c.startsWith({_quoted(draw(st.sampled_from(['npm', 'docker', ''])))}))"
    if kind == 8:
        at = draw(st.sampled_from(_INSTANTS)).strftime("%Y-%m-%dT%H:%M:%SZ")
        return f"send_at {draw(_compare)} timestamp({_quoted(at)})"
    return str(draw(st.sampled_from(["true", "false"])))


_condition = st.recursive(
    _atom(),
    lambda inner: st.one_of(
        inner.map(lambda a: f"!({a})"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} && {pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} || {pair[1]})"),
        st.tuples(inner, inner, inner).map(lambda three: f"({three[0]} ? {three[1]} : {three[2]})"),
    ),
    max_leaves=6,
)


class Rule(NamedTuple):
    applies: Optional[str]
    requires: bool
    condition: str
    start: int
    end: Optional[int]
    deny: bool


_rule = st.builds(
    Rule, st.none() | _condition, st.booleans(), _condition, st.sampled_from([-72, -72, -72, -72, 0]), st.sampled_from([None, None, 1]), st.booleans()
)
_facts = st.fixed_dictionaries({name: st.sampled_from(values) for name, (_, values) in _FACTS.items()})

_MANIFEST = """
name = "random"
version = "1.0.0"
requires = ">=1.0"
title = "Random rules"
published = 2026-01-01
[sources.source]
title = "A source"
url = "https://source.example/"
retrieved = 2026-01-01
confidence = "official"
"""


def _written(rules: List[Rule]) -> str:
    text = ""
    for number, rule in enumerate(rules):
        begin = _INSTANTS[3] + timedelta(hours=rule.start)
        text += f'[[rule]]\nid = "limits.r{number}"\ntopic = "limits"\ntitle = "t"\nverdict = "{"deny" if rule.deny else "review"}"\n'
        text += f"from = {begin:%Y-%m-%dT%H:%M:%SZ}\n"
        if rule.end is not None:
            text += f"until = {_INSTANTS[3] + timedelta(hours=rule.end):%Y-%m-%dT%H:%M:%SZ}\n"
        if rule.applies is not None:
            text += f'applies = """{rule.applies}"""\n'
        text += f'{"requires" if rule.requires else "forbids"} = """{rule.condition}"""\n'
        text += 'source = { id = "source" }\nmessage = "m"\nadvice = "a"\nexposure = ["warning"]\n'
    return text


@lru_cache(maxsize=1)
def _environment() -> Any:
    return cel.NewEnv(variables={name: kind for name, (kind, _) in _FACTS.items()})


def _judge(expression: str, activation: Any) -> Optional[bool]:
    """True, false, or none for an error."""
    value = _environment().compile(expression).eval(activation)
    if value.type() == T.ERROR:
        return None
    found = value.value()
    assert isinstance(found, bool), expression
    return found


def _in_force(rule: Rule, send_at: datetime) -> bool:
    begin = _INSTANTS[3] + timedelta(hours=rule.start)
    return begin <= send_at and (rule.end is None or send_at < _INSTANTS[3] + timedelta(hours=rule.end))


def _expected(rule: Rule, send_at: datetime, activation: Any) -> str:
    """The table: what is in force and applies is kept or broken; what ends in an error is open."""
    if not _in_force(rule, send_at):
        return "not_applicable"
    applies = True if rule.applies is None else _judge(rule.applies, activation)
    if applies is None:
        return "undetermined"
    if not applies:
        return "not_applicable"
    holds = _judge(rule.condition, activation)
    if holds is None:
        return "undetermined"
    return "satisfied" if holds is rule.requires else "violated"


def _nested(facts: Dict[str, Any]) -> Dict[str, Any]:
    document: Dict[str, Any] = {}
    for path, value in facts.items():
        *parents, name = path.split(".")
        here = document
        for parent in parents:
            here = here.setdefault(parent, {})
        here[name] = value
    return document


CASES = {"rules": 0, "violated": 0, "satisfied": 0, "not_applicable": 0, "undetermined": 0}


@settings(max_examples=400, suppress_health_check=list(HealthCheck))
@given(rules=st.lists(_rule, min_size=1, max_size=6), rows=st.lists(_facts, min_size=2, max_size=8))
def _hold(folder: Path, rules: List[Rule], rows: List[Dict[str, Any]]) -> None:
    (folder / "rules").mkdir(exist_ok=True)
    (folder / "pack.toml").write_text(_MANIFEST, encoding="utf-8")
    (folder / "rules" / "rules.toml").write_text(_written(rules), encoding="utf-8")
    engine = cts.Engine([folder], built_in=False)
    decisions = engine.check_many([_nested(facts) for facts in rows], every_rule=True)
    for facts, decision in zip(rows, decisions):
        activation = _environment().Activation(facts)
        found = {finding.rule: finding for finding in decision.findings}
        # Where no rule is in force, a person decides.
        worst = cts.Verdict.ALLOW if any(_in_force(rule, facts["send_at"]) for rule in rules) else cts.Verdict.REVIEW
        for number, rule in enumerate(rules):
            finding = found[f"limits.r{number}"]
            wanted = _expected(rule, facts["send_at"], activation)
            assert finding.status == wanted, (rule, facts, finding.missing)
            assert finding.missing == (), (rule, facts)
            if wanted == "violated":
                worst = max(worst, cts.Verdict.DENY if rule.deny else cts.Verdict.REVIEW)
            elif wanted == "undetermined":
                worst = max(worst, cts.Verdict.REVIEW)
            CASES["rules"] += 1
            CASES[wanted] += 1
        assert decision.verdict is worst


def test_rules_come_out_as_googles_runtime_says(tmp_path: Path) -> None:
    _hold(tmp_path)
    print(CASES)
    assert CASES["rules"] > 4000 and all(count > 100 for count in CASES.values()), CASES


def test_the_judge_can_disagree(tmp_path: Path) -> None:
    rule = Rule(None, True, "campaign.audience_size < 100", -24, None, True)
    facts = {name: values[0] for name, (_, values) in _FACTS.items()} | {"send_at": _INSTANTS[3], "campaign.audience_size": 100}
    assert _expected(rule, facts["send_at"], _environment().Activation(facts)) == "violated"
    wrong = rule._replace(condition="campaign.audience_size <= 100")
    assert _expected(wrong, facts["send_at"], _environment().Activation(facts)) == "satisfied"
