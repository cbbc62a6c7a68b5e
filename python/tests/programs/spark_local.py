"""Spark on this machine, `local[2]`: the same counts as one process, and what it costs beside ten conditions in SQL, step by step.

`cargo xtask spark` runs it. What differs from what one process finds is an error; times are printed and never judged.
"""

from __future__ import annotations

import json
import math
import os
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Tuple

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

import cleartosend as cts
import cleartosend.spark

ROWS = int(os.environ.get("CTS_SPARK_ROWS", "5000000"))
SALE: Dict[str, Any] = json.loads((Path(__file__).resolve().parents[3] / "examples" / "campaign-only.json").read_text(encoding="utf-8"))

# What a table of recipients says, from the number of a row alone: the same wherever it is made.
PEOPLE = """
    id,
    concat(element_at(array('+346000', '+551198', '+1212555', '+9053212', '+4477001', '+919876'), int(id % 6) + 1), lpad(string(id % 100000), 5, '0')) as recipient_phone,
    if(id % 11 = 0, 'none', 'given') as recipient_opt_in,
    timestamp'2025-06-14 09:30:00' + make_interval(0, 0, 0, int(id % 300)) as recipient_opt_in_at,
    id % 13 = 0 as recipient_opted_out,
    if(id % 7 = 0, timestamp'2026-03-02 00:00:00', null) as recipient_last_inbound_at,
    int(id % 4) as recipient_marketing_received_24h
"""

# Ten conditions as a person writes them, each with its reason. They are far less than the rules of the pack.
CONDITIONS = {
    "opted-out": "recipient_opted_out",
    "no-opt-in": "recipient_opt_in = 'none'",
    "opt-in-after-sending": "recipient_opt_in_at > timestamp'2026-03-02 15:00:00'",
    "opt-in-too-old": "recipient_opt_in_at < timestamp'2025-01-01 00:00:00'",
    "too-much-today": "recipient_marketing_received_24h >= 3",
    "marketing-paused-in-the-us": "recipient_phone like '+1%'",
    "barred-country": "recipient_phone like '+53%' or recipient_phone like '+98%' or recipient_phone like '+850%'",
    "no-number": "not recipient_phone rlike '^[+][1-9][0-9]{6,14}$'",
    "answer-not-in-window": "recipient_last_inbound_at is not null and recipient_last_inbound_at < timestamp'2026-03-01 15:00:00'",
    "nothing-known": "recipient_opt_in is null or recipient_opted_out is null",
}


def reasons() -> Any:
    found = ", ".join(f"if({condition}, '{name}', null)" for name, condition in CONDITIONS.items())
    return F.expr(f"array_compact(array({found}))")


class Cost(NamedTuple):
    """What work took: on the clock, and of the processors in Spark itself and in its Python workers."""

    clock: float
    spark: float
    python: float


class Processors:
    """Seconds of processors that Spark and its workers took so far, where the system tells (Linux)."""

    def __init__(self, spark: Any) -> None:
        self.jvm = int(spark.sparkContext._jvm.java.lang.ProcessHandle.current().pid())
        # Workers end when they are idle for long, and nobody waits for them: what they took is kept here.
        self.taken: Dict[int, float] = {}

    def look(self) -> Tuple[float, float]:
        if not Path("/proc/self/stat").exists():
            return math.nan, math.nan
        parents: Dict[int, int] = {}
        taken: Dict[int, float] = {}
        for place in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = place.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            except OSError:
                continue
            process = int(place.parent.name)
            parents[process] = int(fields[1])
            taken[process] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        for process in parents:
            above = process
            while above in parents and above != self.jvm:
                above = parents[above]
            if above == self.jvm:
                self.taken[process] = taken[process]
        return self.taken[self.jvm], sum(self.taken.values()) - self.taken[self.jvm]


def cost(processors: Processors, work: Callable[[], object]) -> Cost:
    before = processors.look()
    began = time.perf_counter()
    work()
    clock = time.perf_counter() - began
    return Cost(clock, *(after - so_far for after, so_far in zip(processors.look(), before)))


def counted(batches: Iterator[Any]) -> Iterator[Any]:
    """How many rows there are, and nothing else of them."""
    import pyarrow

    yield pyarrow.record_batch({"rows": pyarrow.array([sum(batch.num_rows for batch in batches)], pyarrow.int64())})


def judged_in_files(spark: Any, folder: Path) -> int:
    """The same rows, which tasks read from the files themselves: none goes through Spark. Rows of the result are thrown away."""
    screener = cts.Screener(SALE, keep=["id"], without_dots=True)

    def rows_of(part: str) -> int:
        import pyarrow.parquet

        return sum(batch.num_rows for batch in screener(pyarrow.parquet.ParquetFile(part).iter_batches(1 << 16, use_threads=False)))

    parts = [str(part) for part in sorted(folder.glob("*.parquet"))]
    rows: int = spark.sparkContext.parallelize(parts, len(parts)).map(rows_of).sum()
    assert rows == ROWS, rows
    return rows


def thrown_away(frame: Any) -> None:
    frame.write.format("noop").mode("overwrite").save()


def same_as_one_process(folder: Path, screened: Any) -> cts.Summary:
    """The summaries of Spark and of one process, which have to be equal to the last number."""
    found: cts.Summary = screened.summary()
    one = cts.Engine()

    def tables() -> Any:
        import pyarrow.parquet

        for part in sorted(folder.glob("*.parquet")):
            yield from pyarrow.parquet.ParquetFile(part).iter_batches(1 << 16)

    names = {name: name.replace("_", ".", 1) for name in columns(folder) if name != "id"}
    screening = one.screen(SALE, tables(), keep=["id"], names=names)
    for _ in screening:
        pass
    wanted = screening.summary
    assert found.rows == wanted.rows == ROWS, (found.rows, wanted.rows)
    assert (found.verdicts, found.rules, found.missing, found.countries) == (wanted.verdicts, wanted.rules, wanted.missing, wanted.countries)
    return found


def columns(folder: Path) -> List[str]:
    import pyarrow.parquet

    names: List[str] = pyarrow.parquet.read_schema(next(folder.glob("*.parquet"))).names
    return names


def edges(spark: Any) -> None:
    """What stands in the way of a first job: names with dots, partitions without rows, structs, columns that are wrong."""
    few = spark.range(4).selectExpr(*PEOPLE.strip().split(",\n"))
    empty = few.where("id < 0")
    assert cleartosend.spark.screen(empty, SALE, keep=["id"]).rows.collect() == []
    assert cleartosend.spark.screen(empty, SALE, keep=["id"]).summary().rows == 0
    plain = cleartosend.spark.screen(few, SALE, keep=["id"])
    wanted = plain.rows.orderBy("id").collect()
    assert plain.rows.columns == ["id", "verdict", "rules", "missing"] and len(wanted) == 4
    dotted = few.toDF(*[name.replace("recipient_", "recipient.", 1) for name in few.columns])
    assert cleartosend.spark.screen(dotted, SALE, keep=["id"]).rows.orderBy("id").collect() == wanted
    members = [F.col(name).alias(name.removeprefix("recipient_")) for name in few.columns if name != "id"]
    nested = few.select("id", F.struct(*members).alias("recipient"))
    assert cleartosend.spark.screen(nested, SALE, keep=["id"]).rows.orderBy("id").collect() == wanted
    named = few.withColumnRenamed("recipient_phone", "mobile").withColumn("note", F.lit("x"))
    renamed = cleartosend.spark.screen(named, SALE, keep=["id"], ignore=["note"], names={"mobile": "recipient.phone"}, rank=True, by_status=True)
    assert renamed.rows.columns == ["id", "verdict", "rank", "violated", "undetermined", "missing"]
    assert [row.verdict for row in renamed.rows.orderBy("id").collect()] == [row.verdict for row in wanted]
    few_results = cleartosend.spark.screen(few, SALE, keep=["id"], results=["verdict"])
    assert few_results.rows.columns == ["id", "verdict"]
    assert few_results.rows.orderBy("id").collect() == plain.rows.select("id", "verdict").orderBy("id").collect()
    turned = cleartosend.spark.screen(few, SALE, keep=["id"], rank=True, results=["rules", "rank"])
    assert turned.rows.orderBy("id").collect() == cleartosend.spark.screen(few, SALE, keep=["id"], rank=True).rows.select("id", "rules", "rank").orderBy("id").collect()
    for results in (["verdict", "rank"], ["verdict", "verdict"]):
        try:
            cleartosend.spark.screen(few, SALE, keep=["id"], results=results)
        except ValueError as error:
            assert "expected each once of verdict, rules, missing" in str(error), error
        else:
            raise AssertionError("a column that no result has was promised")
    try:
        cleartosend.spark.screen(named, SALE, keep=["id"])
    except cts.ScreenError as error:
        assert error.code == "screen/unknown-column", error
    else:
        raise AssertionError("a column that is no attribute was taken")


def stream(spark: Any, folder: Path, into: Path) -> None:
    """Structured Streaming: what arrives is judged as it arrives."""
    arriving = spark.readStream.schema(spark.read.parquet(str(folder)).schema).parquet(str(folder))
    judged = cleartosend.spark.screen(arriving, SALE, keep=["id"]).rows
    query = judged.where("verdict = 'allow'").writeStream.format("parquet").trigger(availableNow=True)
    query.option("path", str(into / "rows")).option("checkpointLocation", str(into / "checkpoint")).start().awaitTermination()


def main() -> None:
    spark = (
        SparkSession.builder.master("local[2]")
        .appName("cleartosend")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", "2g")
        .config("spark.sql.session.timeZone", "UTC")
        # As instants, which other readers of the files take for such.
        .config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "65536")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "people"
        edges(spark)
        spark.range(0, ROWS, 1, 8).selectExpr(*PEOPLE.strip().split(",\n")).write.parquet(str(folder))
        people = spark.read.parquet(str(folder))
        screened = cleartosend.spark.screen(people, SALE, keep=["id"])
        found = same_as_one_process(folder, screened)
        in_sql = people.select("id", reasons().alias("rules")).selectExpr("id", "if(size(rules) = 0, 'allow', 'deny') as verdict", "rules")
        verdicts = cleartosend.spark.screen(people, SALE, keep=["id"], results=["verdict"])
        ways: Dict[str, Callable[[], object]] = {
            "read the columns, nothing judged": partial(thrown_away, people),
            f"ten conditions in SQL, {len(CONDITIONS)} reasons": partial(thrown_away, in_sql),
            "columns into Python, nothing judged": partial(thrown_away, people.mapInArrow(counted, "rows long")),
            "judged, nothing back: the summary": screened.summary,
            "judged, verdicts back": partial(thrown_away, verdicts.rows),
            "judged, verdicts, rules, missing": partial(thrown_away, screened.rows),
            "the same of files that tasks read": partial(judged_in_files, spark, folder),
        }
        processors = Processors(spark)
        # In turns, so that whatever else the machine does falls on all of them.
        costs: Dict[str, List[Cost]] = {name: [] for name in ways}
        for _ in range(4):
            for name, work in ways.items():
                costs[name].append(cost(processors, work))
        rules = len({rule.id for pack in cts.Engine().packs for rule in pack.rules})
        print(f"{ROWS:,} rows, local[2], {rules} rules in the pack; the same counts as one process: {found!r}")
        print(f"{'':36}{'seconds':>9}{'rows a second':>16}{'core ns a row':>15}{'Spark':>8}{'Python':>8}")
        for name, all_runs in costs.items():
            # The first is for Spark's compiler.
            clock = min(run.clock for run in all_runs[1:])
            in_spark, in_python = (min(getattr(run, of) for run in all_runs[1:]) / ROWS * 1e9 for of in ("spark", "python"))
            print(f"{name:36}{clock:9.2f}{ROWS / clock:16,.0f}{in_spark + in_python:15.0f}{in_spark:8.0f}{in_python:8.0f}")
        stream(spark, folder, Path(place) / "streamed")
        allowed = spark.read.parquet(str(Path(place) / "streamed" / "rows")).count()
        assert allowed == found.verdicts.allow, (allowed, found.verdicts)
        print(f"a stream of the same files: {allowed:,} rows that are clear to send")
    spark.stop()


if __name__ == "__main__":
    main()
