"""Calls a second of this package and of others, from Python, with the same rules: `python3 benches/python/compare.py`.

Makes an environment below the target folder, builds the wheel into it, installs the peers, and runs itself there; `--here` skips that.
`--write` puts what was found into docs/performance.md.

Before anything is timed, every engine must name the same broken rules as the function by hand, on every row, or the run fails.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, NamedTuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- measured in python: begin -->", "<!-- measured in python: end -->"
ROWS = 1000
SAMPLES = 15


class Peer(NamedTuple):
    name: str
    form: str
    #: What is asked for one row, in the form that the engine takes at its fastest, and what comes back.
    given: List[Any]
    ask: Callable[[Any], Any]
    #: The ids of the broken rules in what came back, in rule order.
    broken: Callable[[Any], List[str]]


def main() -> None:
    if "--here" not in sys.argv:
        bootstrap()
    sys.path.insert(0, str(HERE))
    import gate

    rows = gate.rows(ROWS)
    wanted = [gate.by_hand(row) for row in rows]
    peers = [*ours(gate, rows), by_hand(gate, rows), cel_rust(gate, rows), cel_cpp(gate, rows), zen(gate, rows), cedar(gate, rows)]
    for peer in peers:
        for number, (given, expected) in enumerate(zip(peer.given, wanted)):
            found = peer.broken(peer.ask(given))
            if found != expected:
                sys.exit(f"{peer.name}: row {number}: {found}, expected {expected}")
    denied = sum(bool(broken) for broken in wanted)
    print(f"all {len(peers)} agree on {ROWS} rows, {denied} of them with a broken rule\n", flush=True)
    report = table(peers, measured(peers), denied)
    print(report)
    if "--write" in sys.argv:
        text = PAGE.read_text(encoding="utf-8")
        before, rest = text.split(BEGIN)
        _, after = rest.split(END)
        PAGE.write_text(f"{before}{BEGIN}\n{report}{END}{after}", encoding="utf-8")


def bootstrap() -> None:
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    place = target / "python" / "benches"
    python = place / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "-r", str(HERE / "requirements.txt")], check=True)
    # Into the same target folder as everything else, so that what was compiled is taken.
    subprocess.run([*pip, "--force-reinstall", "--no-deps", str(ROOT / "python")], check=True, env={**os.environ, "CARGO_TARGET_DIR": str(target)})
    sys.exit(subprocess.run([str(python), __file__, "--here", *sys.argv[1:]], check=False).returncode)


def measured(peers: List[Peer]) -> List[float]:
    """Seconds of the processor a call, the median of samples that take turns: whatever else the machine does, it does to all."""
    samples: List[List[float]] = [[] for _ in peers]
    for _ in range(SAMPLES):
        for peer, times in zip(peers, samples):
            ask, given = peer.ask, peer.given
            count, began = 0, time.process_time()
            while time.process_time() - began < 0.05:
                for one in given[count % ROWS : count % ROWS + 50]:
                    ask(one)
                count += 50
            times.append((time.process_time() - began) / count)
    return [statistics.median(times) for times in samples]


def table(peers: List[Peer], seconds: List[float], denied: int) -> str:
    lines = [
        f"Machine: {cpu()}, {os.cpu_count()} cores shared with other work, CPython {platform.python_version()}; processor time, all threads of the process. "
        f"Twenty rules, {ROWS} rows, {denied} with a broken rule.\n",
        "| from Python | form | µs a call | calls a second | against a dict checked here |",
        "| --- | --- | --: | --: | --: |",
    ]
    for peer, took in zip(peers, seconds):
        lines.append(f"| {peer.name} | {peer.form} | {took * 1e6:.1f} | {1 / took:,.0f} | {took / seconds[0]:.2f} × |")
    return "\n".join(lines) + "\n"


def cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def version(package: str) -> str:
    return f"{package} {importlib.metadata.version(package)}"


# ---- This package ----------------------------------------------------------------------------------------------------------------------


def ours(gate: Any, rows: List[Dict[str, Any]]) -> List[Peer]:
    import cleartosend as cts

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "rules").mkdir()
        (Path(folder) / "pack.toml").write_text(MANIFEST, encoding="utf-8")
        (Path(folder) / "rules" / "gate.toml").write_text("".join(map(as_toml, gate.RULES)), encoding="utf-8")
        engine = cts.Engine([folder], built_in=False)
    order = {rule.id: number for number, rule in enumerate(gate.RULES)}

    def broken(decision: cts.Decision) -> List[str]:
        return sorted((finding.rule for finding in decision.findings), key=order.__getitem__)

    name = version("cleartosend")
    texts = [json.dumps(row).encode() for row in rows]
    return [
        Peer(name, "a dict; a decision with findings, texts, sources", rows, engine.check, broken),
        Peer(name, "JSON; the same", texts, engine.check, broken),
        Peer(name, "JSON; the decision as JSON, with its digest", texts, lambda text: engine.check(text).to_json(), lambda found: broken_of_json(found, order)),
    ]


def broken_of_json(document: str, order: Dict[str, int]) -> List[str]:
    return sorted((finding["rule"] for finding in json.loads(document)["findings"]), key=order.__getitem__)


MANIFEST = """
name = "gate"
version = "1.0.0"
requires = ">=1.0"
title = "Twenty rules"
published = 2026-01-01
[sources.source]
title = "A source"
url = "https://source.example/"
retrieved = 2026-01-01
confidence = "official"
"""


def as_toml(rule: Any) -> str:
    return (
        f"[[rule]]\nid = {json.dumps(rule.id)}\ntopic = {json.dumps(rule.id.split('.')[0])}\ntitle = \"A rule\"\n"
        f"applies = {json.dumps(conjunction(rule.applies, condition=guarded))}\n"
        f"{'requires' if rule.requires else 'forbids'} = {json.dumps(conjunction(rule.conditions, condition=guarded))}\n"
        'verdict = "deny"\nfrom = 2018-01-01\nsource = { id = "source" }\nmessage = "broken"\nadvice = "mend it"\nexposure = ["warning"]\n'
    )


def conjunction(conditions: List[Any], prefix: str = "", and_: str = " && ", condition: Callable[..., str] = lambda *a: cel_condition(*a)) -> str:
    return and_.join(condition(prefix + path, operator, constant) for path, operator, constant in conditions)


def cel_condition(path: str, operator: str, constant: Any) -> str:
    written = json.dumps(constant)
    return f"!({path} in {written})" if operator == "not in" else f"{path} {operator} {written}"


def guarded(path: str, operator: str, constant: Any) -> str:
    """A condition behind what asks for its attribute, where that may be absent. Here all are given."""
    condition = cel_condition(path, operator, constant)
    return f"has({path}) && {condition}" if path in ("account.display_name", "account.feedback.blocks_7d", "campaign.template.quality") else condition


def violation(rule: Any, **options: Any) -> str:
    """One expression that is true where the rule is broken, in the manner of C."""
    demand = conjunction(rule.conditions, **options)
    return f"({conjunction(rule.applies, **options)} && {'!' if rule.requires else ''}({demand}))"


def picked(gate: Any) -> Callable[[Any], List[str]]:
    """The ids, from a list of truths in rule order."""
    ids = [rule.id for rule in gate.RULES]
    return lambda truths: [name for name, truth in zip(ids, truths) if truth]


# ---- Peers, each in the fastest form that was found -------------------------------------------------------------------------------------


def by_hand(gate: Any, rows: List[Dict[str, Any]]) -> Peer:
    return Peer("a function in plain Python", "a dict; ids", rows, gate.by_hand, lambda found: found)


def cel_rust(gate: Any, rows: List[Dict[str, Any]]) -> Peer:
    import cel

    program = cel.compile("[" + ", ".join(map(violation, gate.RULES)) + "]")
    return Peer(version("common-expression-language"), "a dict; one expression, a list of truths", rows, program.execute, picked(gate))


def cel_cpp(gate: Any, rows: List[Dict[str, Any]]) -> Peer:
    from cel_expr_python import cel

    objects = {name: cel.Type.Map(cel.Type.STRING, cel.Type.DYN) for name in ("provider", "access", "account", "campaign", "recipient")}
    program = cel.NewEnv(variables=objects).compile("[" + ", ".join(map(violation, gate.RULES)) + "]")
    facts = [{name: row[name] for name in objects} for row in rows]
    return Peer(version("cel-expr-python"), "a dict; one expression, a list of truths", facts, lambda row: program.eval(data=row).plain_value(), picked(gate))


def zen(gate: Any, rows: List[Dict[str, Any]]) -> Peer:
    import zen as engine

    def condition(path: str, operator: str, constant: Any) -> str:
        return f"{path} {operator} {json.dumps(constant)}"

    def truth(rule: Any) -> str:
        demand = conjunction(rule.conditions, and_=" and ", condition=condition)
        return f"({conjunction(rule.applies, and_=' and ', condition=condition)} and {'not ' if rule.requires else ''}({demand}))"

    program = engine.compile_expression("[" + ", ".join(map(truth, gate.RULES)) + "]")
    return Peer(version("zen-engine"), "a dict; one expression, a list of truths", rows, program.evaluate, picked(gate))


def cedar(gate: Any, rows: List[Dict[str, Any]]) -> Peer:
    import cedarpy

    def condition(path: str, operator: str, constant: Any) -> str:
        if operator in ("in", "not in"):
            return f"{'' if operator == 'in' else '!'}{json.dumps(constant)}.contains({path})"
        return f"{path} {operator} {json.dumps(constant)}"

    texts = [f"forbid(principal, action, resource) when {{ {violation(rule, prefix='context.', condition=condition)} }};" for rule in gate.RULES]
    policies = cedarpy.PolicySet.from_str("\n".join([*texts, "permit(principal, action, resource);"]))
    entities = cedarpy.Entities.from_json_str("[]")
    parts = {"principal": 'User::"us"', "action": 'Action::"send"', "resource": 'Campaign::"this"'}
    requests = [{**parts, "context": {name: value for name, value in row.items() if name != "send_at"}} for row in rows]

    def broken(result: Any) -> List[str]:
        numbers = sorted(int(reason.removeprefix("policy")) for reason in result.diagnostics.reasons)
        return [gate.RULES[number].id for number in numbers if number < len(gate.RULES)]

    return Peer(version("cedarpy"), "a dict; policies parsed before, ids", requests, lambda request: cedarpy.is_authorized(request, policies, entities), broken)


if __name__ == "__main__":
    main()
