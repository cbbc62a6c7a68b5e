"""Rows a second of `Engine.screen`, of the same rules by hand in polars, and of the engine from Rust: `python3 benches/python/screen.py`.

Makes an environment below the target folder, builds the wheel into it and the generator of `benches/screening`, and runs itself there; `--here`
skips that and takes the folder that it made. `--rows N` for another audience than a million rows, `--write` puts what was found into
docs/performance.md.

Before anything is timed, polars and this package must deny the same rows, and name the same rules.
"""

from __future__ import annotations

import functools
import gc
import json
import operator
import os
import re
import statistics
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Callable, Dict, List, NamedTuple, Tuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
FOLDER = TARGET / "python" / "screen"
PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- screened in python: begin -->", "<!-- screened in python: end -->"
# Runs of a process, and how often Rust and Python take turns: a shared machine is now faster and now slower, for seconds at a time.
SAMPLES, ROUNDS = 3, 7


def main() -> None:
    rows = int(sys.argv[sys.argv.index("--rows") + 1]) if "--rows" in sys.argv else 1_000_000
    # One thread of polars against one of the engine; two in a process of their own.
    for threads in (1, 2):
        if f"--threads={threads}" in sys.argv:
            print(json.dumps(measured(threads)))
            return
    if "--here" not in sys.argv:
        bootstrap(rows)
    report = table(rows, [(rust(rows), asked(1), asked(2)) for _ in range(ROUNDS)])
    print(report)
    if "--write" in sys.argv:
        text = PAGE.read_text(encoding="utf-8")
        before, rest = text.split(BEGIN)
        _, after = rest.split(END)
        PAGE.write_text(f"{before}{BEGIN}\n{report}{END}{after}", encoding="utf-8")


def bootstrap(rows: int) -> None:
    place = TARGET / "python" / "benches"
    python = place / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "numpy", "polars", "pyarrow"], check=True)
    # Into the same target folder as everything else, so that what was compiled is taken.
    subprocess.run([*pip, "--force-reinstall", "--no-deps", str(ROOT / "python")], check=True, env={**os.environ, "CARGO_TARGET_DIR": str(TARGET)})
    manifest = str(ROOT / "benches" / "screening" / "Cargo.toml")
    subprocess.run(["cargo", "build", "--release", "--quiet", "--manifest-path", manifest], check=True, env={**os.environ, "CARGO_TARGET_DIR": str(SCREENING)})
    subprocess.run([str(GENERATOR), "hand-over", "--rows", str(rows), "--folder", str(FOLDER)], check=True)
    sys.exit(subprocess.run([str(python), __file__, "--here", *sys.argv[1:]], check=False).returncode)


# A workspace of its own, whose profile is not that of the wheel.
SCREENING = TARGET / "screening"
GENERATOR = SCREENING / "release" / "cleartosend-screening"


def asked(threads: int) -> List[Dict[str, Any]]:
    """What a process measures that has so many threads from its start."""
    environment = {**os.environ, "POLARS_MAX_THREADS": str(threads)}
    done = subprocess.run([sys.executable, __file__, f"--threads={threads}"], check=True, stdout=subprocess.PIPE, env=environment)
    found: List[Dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return found


def rust(rows: int) -> float:
    """Rows a second of processor time, from Rust, one thread: the median of some runs over the same table."""
    done = subprocess.run([str(GENERATOR), "loop", "gate", str(SAMPLES), "--rows", str(rows)], check=True, stderr=subprocess.PIPE, encoding="utf-8")
    return statistics.median(float(found) * 1e6 for found in re.findall(r"([\d.]+) million", done.stderr))


class Form(NamedTuple):
    name: str
    gives: str
    run: Callable[[], Any]
    #: The rules that stand against each row, as bits in the order of the rules; or whether any does.
    answer: Callable[[Any], Any]


def measured(threads: int) -> List[Dict[str, Any]]:
    forms = [*ours(threads), *by_hand()]
    wanted = forms[0].answer(forms[0].run())
    for form in forms:
        found = form.answer(form.run())
        if found.dtype == bool:
            agrees = (found == (wanted != 0)).all()
        else:
            agrees = (found == wanted).all()
        if not agrees:
            sys.exit(f"{form.name} has other answers than {forms[0].name}")
    samples: List[List[float]] = [[] for _ in forms]
    for _ in range(SAMPLES):
        for form, times in zip(forms, samples):
            gc.collect()
            began = time.process_time()
            answer = form.run()
            times.append(time.process_time() - began)
            # What comes before is not to be freed on the clock of what comes after.
            del answer
    return [
        {"name": form.name, "gives": form.gives, "processor": statistics.median(times)}
        for form, times in zip(forms, samples)
    ]


def audience() -> Any:
    import pyarrow as pa

    with pa.memory_map(str(FOLDER / "audience.arrow")) as source:
        table = pa.ipc.open_file(source).read_all()
    # The generator's instants are UTC and do not say so; a copy, so that the file is not read on the clock.
    fields = [pa.field(field.name, pa.timestamp("ms", "UTC") if pa.types.is_timestamp(field.type) else field.type) for field in table.schema]
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, pa.schema(fields)) as writer:
        writer.write_table(table.cast(pa.schema(fields)))
    return pa.ipc.open_stream(sink.getvalue()).read_all()


def ours(threads: int) -> List[Form]:
    import numpy
    import polars as pl

    import cleartosend as cts

    engine = cts.Engine([FOLDER / "pack"], built_in=False)
    campaign = {"send_at": "2026-03-02T15:00:00Z"}
    table = audience()
    frame = enumerated(table)
    ids = [rule["id"] for rule in json.loads((FOLDER / "rules.json").read_text(encoding="utf-8"))["rules"]]

    def bits(frames: List[pl.DataFrame]) -> Any:
        told = pl.concat(frames).select(pl.col("rules").list.eval(pl.element().cast(pl.String).replace_strict(ids, [1 << place for place in range(len(ids))], return_dtype=pl.Int64)).list.sum())
        return told["rules"].to_numpy().astype(numpy.int64)

    def batches(given: Any) -> Callable[[], Any]:
        return lambda: list(engine.screen(campaign, given, threads=threads))

    def dropped(given: Any) -> Callable[[], Any]:
        def run() -> Any:
            for _ in (screening := engine.screen(campaign, given, threads=threads)):
                pass
            return screening

        return run

    def counted(screening: cts.Screening) -> Any:
        """Rows that were dropped are compared by their counts."""
        again = bits([pl.DataFrame(batch) for batch in engine.screen(campaign, table)])
        assert screening.summary.verdicts.deny == int((again != 0).sum())
        return again

    everything = "verdict, rule ids, missing members, counts"
    from_batches: Callable[[Any], Any] = lambda found: bits([pl.DataFrame(batch) for batch in found])
    name = f"cleartosend {cts.__version__}"
    return [
        Form(f"{name}, a pyarrow table in, batches out", everything, batches(table), from_batches),
        Form(f"{name}, a pyarrow table in, batches dropped", everything, dropped(table), counted),
        Form(f"{name}, a polars frame in, batches dropped", everything, dropped(frame), counted),
        Form(f"{name}, a polars frame in and out", everything, lambda: pl.DataFrame(engine.screen(campaign, frame, threads=threads)), lambda found: bits([found])),
    ]


def enumerated(table: Any) -> Any:
    """A polars frame, with enumerations where there are few texts: polars hands these over as they lie, while it makes a dictionary for each
    column of its categories."""
    import polars as pl

    columns = json.loads((FOLDER / "rules.json").read_text(encoding="utf-8"))["columns"]
    frame = pl.DataFrame(table)
    return frame.with_columns(pl.col(column["name"]).cast(pl.Enum(column["words"])) for column in columns if column["kind"] == "words").rechunk()


def by_hand() -> List[Form]:
    """The forms that were the fastest in `benches/screening/peers.py`, and the one that tells all rules of a row."""
    import polars as pl

    document = json.loads((FOLDER / "rules.json").read_text(encoding="utf-8"))
    words = {column["name"]: column["words"] for column in document["columns"] if column["kind"] == "words"}
    kinds = {column["name"]: column["kind"] for column in document["columns"]}
    as_enum = enumerated(audience())
    as_codes = as_enum.with_columns(pl.col(name).to_physical() for name in words)
    compare = {"==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}

    def condition(one: Dict[str, Any], by_code: bool) -> Any:
        name, constants = one["column"], one["constants"]
        column = pl.col(name)
        if kinds[name] == "bool":
            return column if constants[0] else ~column
        if kinds[name] == "instant":
            constants = [pl.lit(datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=constant), dtype=pl.Datetime("ms", "UTC")) for constant in constants]
        if kinds[name] == "words" and by_code:
            constants = [pl.lit(words[name].index(word), dtype=as_codes.schema[name]) for word in constants]
        if one["operator"] == "in":
            return functools.reduce(operator.or_, (column == constant for constant in constants))
        if one["operator"] == "not in":
            return functools.reduce(operator.and_, (column != constant for constant in constants))
        return compare[one["operator"]](column, constants[0])

    def violated(rule: Dict[str, Any], by_code: bool) -> Any:
        demand = functools.reduce(operator.and_, (condition(one, by_code) for one in rule["demand"]))
        applies = functools.reduce(operator.and_, (condition(one, by_code) for one in rule["applies"]))
        return applies & (~demand if rule["required"] else demand)

    forms = []
    for data_name, data, by_code in (("enumerations", as_enum, False), ("codes", as_codes, True)):
        rules = [violated(rule, by_code) for rule in document["rules"]]
        denied = functools.reduce(operator.or_, rules).alias("denied")
        bits = (pl.when(rule).then(pl.lit(1 << number, pl.UInt32)).otherwise(pl.lit(0, pl.UInt32)) for number, rule in enumerate(rules))
        told = functools.reduce(operator.or_, bits).alias("rules")
        for engine in ("in-memory", "streaming"):
            name = f"polars {pl.__version__}, {data_name}, {engine}"
            forms.append(Form(name, "verdict", functools.partial(data.lazy().select(denied).collect, engine=engine), lambda found: found["denied"].to_numpy().astype(bool)))
            forms.append(Form(name, "set of rules", functools.partial(data.lazy().select(told).collect, engine=engine), lambda found: found["rules"].to_numpy()))
    return forms


def table(rows: int, rounds: List[Tuple[float, List[Dict[str, Any]], List[Dict[str, Any]]]]) -> str:
    sys.path.insert(0, str(HERE))
    import platform

    import compare

    def millions(found: List[float]) -> str:
        return f"{statistics.median(found) / 1e6:.0f} M ({min(found) / 1e6:.0f}–{max(found) / 1e6:.0f})"

    lines = [
        f"Machine: {compare.cpu()}, {os.cpu_count()} cores shared with other work, CPython {platform.python_version()}. Twenty rules over 25 columns, {rows:,} rows. "
        f"Medians of {ROUNDS} rounds of {SAMPLES} runs, and in brackets the least and the greatest. From Rust, one thread: {millions([one for one, _, _ in rounds])} rows a second.\n",
        "| from Python | gives | one thread | two threads | against Rust, one thread |",
        "| --- | --- | --: | --: | --: |",
    ]
    for place, form in enumerate(rounds[0][1]):
        one = [rows / alone[place]["processor"] for _, alone, _ in rounds]
        two = [rows / both[place]["processor"] * 2 for _, _, both in rounds]
        # Within a round, so that both saw the same machine.
        shares = [mine / rust for mine, (rust, _, _) in zip(one, rounds)]
        share = f"{statistics.median(shares):.2f} × ({min(shares):.2f}–{max(shares):.2f})"
        lines.append(f"| {form['name']} | {form['gives']} | {millions(one)} | {millions(two)} | {share} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
