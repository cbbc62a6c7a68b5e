"""Spark on this machine, `local[2]`: the same counts as one process, and how long it takes beside ten conditions in SQL.

`cargo xtask spark` runs it. What differs from what one process finds is an error; times are printed and never judged.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any, Callable, Dict, List

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


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


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
        ways = {
            "read the columns, nothing judged": people,
            f"ten conditions in SQL, {len(CONDITIONS)} reasons": in_sql,
            "cleartosend.spark.screen": screened.rows,
        }
        times = {name: sorted(seconds(partial(thrown_away, frame)) for _ in range(3))[1] for name, frame in ways.items()}
        times["its summary"] = seconds(screened.summary)
        rules = len({rule.id for pack in cts.Engine().packs for rule in pack.rules})
        print(f"{ROWS:,} rows, local[2], {rules} rules in the pack; the same counts as one process: {found!r}")
        print(f"{'':36}{'seconds':>9}{'rows a second':>16}{'core ns a row':>15}")
        for name, took in times.items():
            print(f"{name:36}{took:9.2f}{ROWS / took:16,.0f}{took * 2 / ROWS * 1e9:15.0f}")
        stream(spark, folder, Path(place) / "streamed")
        allowed = spark.read.parquet(str(Path(place) / "streamed" / "rows")).count()
        assert allowed == found.verdicts.allow, (allowed, found.verdicts)
        print(f"a stream of the same files: {allowed:,} rows that are clear to send")
    spark.stop()


if __name__ == "__main__":
    main()
