"""Frames as people have them: the order of verdicts, columns of nulls, numbers with nulls, structs, and rows for a check."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Dict

import duckdb
import numpy
import pandas
import polars
import pyarrow as pa
import pytest

import cleartosend as cts

SALE: Dict[str, Any] = json.loads((Path(__file__).resolve().parents[2] / "examples" / "campaign-only.json").read_text(encoding="utf-8"))
PEOPLE = polars.DataFrame(
    {
        "id": [0, 1, 2, 3],
        "group": ["a", "a", "b", "b"],
        "recipient.opt_in": ["given", "none", "given", "given"],
        "recipient.opted_out": [False, False, None, True],
    }
)


def screened(engine: cts.Engine, **more: Any) -> cts.Screening:
    return engine.screen(SALE, PEOPLE, keep=["id", "group"], **more)


def test_the_greatest_verdict_is_the_worst(engine: cts.Engine) -> None:
    wanted = pa.table(screened(engine))["verdict"].to_pylist()
    assert set(wanted) == {"review", "deny"}, "by the alphabet, review comes after deny"

    frame = screened(engine).to_polars()
    assert frame["verdict"].dtype == polars.Enum(["allow", "review", "deny"])
    assert frame["verdict"].max() == "deny" and frame.sort("verdict")["verdict"].to_list()[-1] == "deny"
    worst = frame.group_by("group").agg(polars.col("verdict").max()).sort("group")
    assert worst["verdict"].to_list() == ["deny", "deny"]
    batches = [polars.DataFrame(batch) for batch in screened(engine)]
    assert polars.concat(batches)["verdict"].max() == "deny"

    of_pandas = screened(engine).to_pandas()
    assert of_pandas["verdict"].max() == "deny" and list(of_pandas["verdict"].cat.categories) == ["allow", "review", "deny"]
    assert of_pandas.sort_values("verdict")["verdict"].iloc[-1] == "deny"
    assert (of_pandas["verdict"] > "allow").all()

    table = screened(engine, rank=True).to_arrow()
    assert table.column_names == ["id", "group", "verdict", "rank", "rules", "missing"]
    with duckdb.connect() as database:
        database.register("judged", table)
        by_rank = database.execute('select "group", max_by(verdict, rank) from judged group by all order by all').fetchall()
        assert by_rank == [("a", "deny"), ("b", "deny")]
        assert database.execute("select max(verdict::enum('allow', 'review', 'deny')) from judged").fetchall() == [("deny",)]


def test_rules_by_their_status(engine: cts.Engine) -> None:
    rows = screened(engine, by_status=True).to_arrow().to_pylist()
    assert list(rows[0]) == ["id", "group", "verdict", "violated", "undetermined", "missing"]
    assert "consent.no-opt-in" in rows[1]["violated"] and "consent.opted-out" in rows[2]["undetermined"]
    together = screened(engine).to_arrow().to_pylist()
    assert [sorted(row["rules"]) for row in together] == [sorted(row["violated"] + row["undetermined"]) for row in rows]


def test_what_rows_rest_on_goes_with_them(engine: cts.Engine) -> None:
    screening = screened(engine)
    basis = json.loads(pa.schema(screening).metadata[b"cleartosend:basis"])
    assert basis["packs"][0]["digest"] == engine.packs[0].digest and basis == screening.summary.to_dict()["basis"]
    assert json.loads(pa.record_batch(next(iter(screening))).schema.metadata[b"cleartosend:basis"]) == basis


def test_pandas_frames_are_made_by_name(engine: cts.Engine) -> None:
    screening = screened(engine)
    with pytest.raises(TypeError, match=r"screening\.to_pandas\(\)"):
        pandas.DataFrame(screening)
    assert screening.to_pandas().shape == (4, 5)


def test_columns_of_nulls_alone(engine: cts.Engine) -> None:
    frame = PEOPLE.select(polars.lit(None).alias("note"), "id", polars.lit(None).alias("recipient.last_inbound_at"), polars.exclude("id"))
    told = engine.screen(SALE, frame, keep=["id", "note"], ignore=["group"]).to_polars()
    assert told.columns[:2] == ["id", "note"] and told["id"].to_list() == [0, 1, 2, 3] and told["note"].null_count() == 4
    absent = PEOPLE.with_columns(polars.lit(None, polars.Datetime("us", "UTC")).alias("recipient.last_inbound_at"))
    assert told["rules"].to_list() == engine.screen(SALE, absent, keep=["id", "group"]).to_polars()["rules"].to_list()
    batches = engine.screen(SALE, iter([frame[:2], frame[2:]]), keep=["id"], ignore=["note", "group"])
    assert batches.summary.rows == 4
    alone = polars.DataFrame({"recipient.last_inbound_at": [None] * 3})
    assert alone["recipient.last_inbound_at"].dtype == polars.Null and engine.screen(SALE, alone).summary.rows == 3


def test_whole_numbers_of_pandas(engine: cts.Engine) -> None:
    column = "recipient.marketing_received_24h"
    with_nulls = pandas.DataFrame({column: [0, 3, None]})
    assert with_nulls[column].dtype == "float64"
    nullable = with_nulls.astype({column: "Int64"})
    wanted = engine.screen(SALE, nullable).to_arrow().to_pylist()
    assert engine.screen(SALE, with_nulls).to_arrow().to_pylist() == wanted
    assert engine.screen(SALE, with_nulls.astype("float32")).to_arrow().to_pylist() == wanted
    halves = engine.screen(SALE, pandas.DataFrame({column: [0.0, 1.5]}))
    assert [bad.row for bad in halves.summary.bad_values] == [1] and "1.5" in halves.summary.bad_values[0].reason
    nan = engine.screen(SALE, pa.table({column: pa.array([0.0, float("nan")])}))
    assert nan.summary.bad_rows == 1


def test_instants_that_are_missing_in_pandas(engine: cts.Engine) -> None:
    frame = pandas.DataFrame({"recipient.opt_in_at": [pandas.Timestamp("2025-06-14", tz="UTC"), pandas.NaT]})
    wanted = pa.table({"recipient.opt_in_at": pa.array([datetime(2025, 6, 14, tzinfo=timezone.utc), None], pa.timestamp("us", "UTC"))})
    assert engine.screen(SALE, frame).to_arrow().to_pylist() == engine.screen(SALE, wanted).to_arrow().to_pylist()
    with pytest.raises(cts.ScreenError) as caught:
        engine.screen(SALE, polars.DataFrame({"recipient.opt_in_at": [datetime(2026, 3, 2).date()]}))
    assert caught.value.code == "screen/dates"


def test_recipients_as_structs(engine: cts.Engine) -> None:
    flat = PEOPLE.drop("group")
    nested = PEOPLE.select("id", polars.struct(opt_in="recipient.opt_in", opted_out="recipient.opted_out").alias("recipient"))
    wanted = engine.screen(SALE, flat, keep=["id"]).to_arrow().to_pylist()
    assert engine.screen(SALE, nested, keep=["id"]).to_arrow().to_pylist() == wanted
    table = nested.to_arrow()
    assert engine.screen(SALE, table.slice(1), keep=["id"]).to_arrow().to_pylist() == wanted[1:]
    with pytest.raises(cts.ScreenError) as caught:
        engine.screen(SALE, nested.with_columns(polars.col("recipient").struct.rename_fields(["opt_inn", "opted_out"])), keep=["id"])
    assert caught.value.at == "recipient.opt_inn" and "did you mean `recipient.opt_in`?" in caught.value.message
    nothing = pa.table({"recipient": pa.array([{"opt_in": "given"}, None], pa.struct([("opt_in", pa.string())]))})
    with pytest.raises(cts.ScreenError, match="`recipient` is null in row 1"):
        _ = engine.screen(SALE, nothing).summary


def test_a_row_of_a_frame_is_a_recipient(engine: cts.Engine) -> None:
    row = {"opt_in": "none", "opted_out": False, "marketing_received_24h": 1, "opt_in_at": None}
    wanted = engine.check({**SALE, "recipient": row}).to_json()
    columns = {f"recipient.{name}": value for name, value in row.items()}
    for campaign in (SALE, json.dumps(SALE), json.dumps(SALE).encode()):
        for recipient in (row, columns, polars.DataFrame(columns).row(0, named=True), pandas.DataFrame([columns, columns]).iloc[1]):
            assert engine.check(campaign, recipient=recipient).to_json() == wanted
    with pytest.raises(TypeError, match="another"):
        engine.check({**SALE, "recipient": row}, recipient=row)
    with pytest.raises(cts.FactsError) as caught:
        engine.check(json.dumps({**SALE, "recipient": row}), recipient=row)
    assert caught.value.at == "recipient"
    with pytest.raises(cts.FactsError) as caught:
        engine.check(SALE, recipient={"opt_inn": "given"})
    assert caught.value.at == "recipient.opt_inn"
    with pytest.raises(TypeError, match="recipient: found `int`"):
        engine.check(SALE, recipient=5)


def test_scalars_of_numpy_where_they_are_exact(engine: cts.Engine) -> None:
    document = {**SALE, "recipient": {"opted_out": False, "marketing_received_24h": 2}}
    wanted = engine.check(document).to_json()
    document["recipient"] = {"opted_out": numpy.bool_(False), "marketing_received_24h": numpy.int16(2)}
    assert engine.check(document).to_json() == wanted
    document["recipient"] = {"opted_out": False, "marketing_received_24h": numpy.float32(2)}
    assert engine.check(document).to_json() == wanted
    for wrong in (numpy.float32(2.5), numpy.datetime64("2026-03-02"), numpy.array([2])):
        document["recipient"] = {"marketing_received_24h": wrong}
        with pytest.raises(cts.FactsError) as caught:
            engine.check(document)
        assert caught.value.at == "recipient.marketing_received_24h"


def test_texts_where_lists_are_expected(engine: cts.Engine) -> None:
    for name in ("keep", "ignore"):
        options: Dict[str, Any] = {name: "id"}
        with pytest.raises(TypeError, match=rf'{name}: found the string `id`, expected a list: `\["id"\]`'):
            engine.screen(SALE, PEOPLE, **options)
    with pytest.raises(TypeError, match="packs: found the string `messaging-law`"):
        cts.Engine("messaging-law")


def test_a_lazy_frame_of_polars(engine: cts.Engine) -> None:
    """A frame that is read and judged batch by batch, within a query."""

    def judge(frame: polars.DataFrame) -> polars.DataFrame:
        return polars.DataFrame(engine.screen(SALE, frame, keep=["id", "group"]))

    schema = polars.DataFrame(engine.screen(SALE, PEOPLE.clear(), keep=["id", "group"])).schema
    query = PEOPLE.lazy().map_batches(judge, schema=schema).filter(polars.col("verdict") == "deny").select("id")
    assert query.collect()["id"].to_list() == [1, 3]


def test_a_query_of_duckdb(engine: cts.Engine) -> None:
    people = PEOPLE.to_arrow()
    with duckdb.connect() as database:
        database.register("people", people)
        relation = database.sql('select id, "group", "recipient.opt_in", "recipient.opted_out" from people order by id')
        judged = engine.screen(SALE, relation, keep=["id", "group"], rank=True).to_arrow()
        database.register("judged", judged)
        worst = database.execute('select "group", max(rank) from judged group by all order by all').fetchall()
        assert worst == [("a", 2), ("b", 2)]


def test_what_is_equal_compares_equal(engine: cts.Engine) -> None:
    one, two = engine.check(SALE), engine.check(SALE)
    assert one.packs == two.packs and one.directory == two.directory and hash(one.packs[0]) == hash(two.packs[0])
    assert cts.Engine(["messaging-law"]) == cts.Engine(["messaging-law"]) != engine
    assert cts.Engine(base={"account": {"quality": "red"}}) != engine


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no such call there")
@pytest.mark.parametrize("way", ["list(screening)", "screening.summary", "pyarrow.table(screening)", "None"])
def test_threads_stay_in_the_process_that_began_them(way: str) -> None:
    """In a forked child such a screening raises, and lets the child end."""
    program = (
        "import os, sys, pyarrow\nimport cleartosend as cts\nengine = cts.Engine()\n"
        "batch = pyarrow.record_batch({'recipient.phone': ['+34600000001'] * 100})\n"
        "screening = engine.screen({'send_at': '2026-03-02T15:00:00Z'}, [batch] * 50, threads=2)\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    try:\n"
        f"        {way}\n"
        "    except Exception as error:\n"
        # What asks for the stream as Arrow hands it out gets its words alone.
        "        code = getattr(error, 'code', None)\n"
        "        assert code == 'python/other-process' or 'begun by another process' in str(error), error\n"
        f"        assert code or {way == 'pyarrow.table(screening)'}, error\n"
        "    else:\n"
        f"        assert {way == 'None'}\n"
        "    sys.exit(7)\n"
        "assert screening.summary.rows == 5000\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    assert subprocess.run([sys.executable, "-W", "ignore", "-c", program], check=False, timeout=60).returncode == 7
