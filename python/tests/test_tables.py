"""Audiences from the libraries that people have, and results back into them."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Dict, List

import duckdb
import nanoarrow
import pandas
import polars
import pyarrow
import pyarrow.parquet
import pytest

import cleartosend as cts

SALE: Dict[str, Any] = json.loads((Path(__file__).resolve().parents[2] / "examples" / "campaign-only.json").read_text(encoding="utf-8"))

ROWS: List[Dict[str, Any]] = [
    {"phone": "+34600000001", "opt_in": "given", "opt_in_at": datetime(2025, 6, 14, 9, 30, tzinfo=timezone.utc), "opted_out": False, "marketing_received_24h": 0, "last_inbound_at": None},
    {"phone": "+34600000002", "opt_in": "given", "opt_in_at": datetime(2024, 11, 2, 18, 5, tzinfo=timezone.utc), "opted_out": True, "marketing_received_24h": 0, "last_inbound_at": None},
    {"phone": "+12125550123", "opt_in": "given", "opt_in_at": datetime(2024, 11, 2, 18, 5, tzinfo=timezone.utc), "opted_out": False, "marketing_received_24h": 1, "last_inbound_at": None},
    {"phone": None, "opt_in": "none", "opt_in_at": None, "opted_out": False, "marketing_received_24h": 3, "last_inbound_at": datetime(2026, 3, 2, 14, tzinfo=timezone.utc)},
]
FRAME = polars.DataFrame(
    [{"id": number, **{f"recipient.{name}": value for name, value in row.items()}} for number, row in enumerate(ROWS)],
    schema_overrides={"recipient.last_inbound_at": polars.Datetime("us", "UTC")},
)


@pytest.fixture(scope="module")
def wanted(engine: cts.Engine) -> List[Dict[str, Any]]:
    decisions = engine.check_many([{**SALE, "recipient": row} for row in ROWS])
    return [
        {"id": number, "verdict": str(decision.verdict), "rules": [finding.rule for finding in decision.findings], "missing": list(decision.missing)}
        for number, decision in enumerate(decisions)
    ]


def rows(screening: cts.Screening) -> List[Dict[str, Any]]:
    found: List[Dict[str, Any]] = pyarrow.table(screening).to_pylist()
    return found


def test_from_polars(engine: cts.Engine, wanted: List[Dict[str, Any]]) -> None:
    assert rows(engine.screen(SALE, FRAME, keep=["id"])) == wanted
    lean = FRAME.with_columns(polars.col("recipient.phone").cast(polars.Categorical), polars.col("recipient.opt_in").cast(polars.Enum(["none", "given"])))
    assert rows(engine.screen(SALE, lean, keep=["id"])) == wanted
    assert rows(engine.screen(SALE, polars.concat([FRAME[:1], FRAME[1:]], rechunk=False), keep=["id"])) == wanted
    assert rows(engine.screen(SALE, (FRAME[place] for place in (slice(0, 2), slice(2, 4))), keep=["id"])) == wanted
    assert rows(engine.screen(SALE, FRAME.lazy().collect(), keep=["id"], names={})) == wanted
    with pytest.raises(TypeError, match=r"\.collect\(\)"):
        engine.screen(SALE, FRAME.lazy(), keep=["id"])  # type: ignore[arg-type]


def test_into_polars(engine: cts.Engine, wanted: List[Dict[str, Any]]) -> None:
    told = polars.DataFrame(engine.screen(SALE, FRAME, keep=["id"]))
    assert told.to_dicts() == wanted
    assert told.filter(polars.col("verdict") == "allow")["id"].to_list() == [0]
    assert told.filter(polars.col("rules").list.contains("consent.opted-out"))["id"].to_list() == [1]
    joined = FRAME.join(told, on="id")
    assert joined.height == 4
    batches = [polars.DataFrame(batch) for batch in engine.screen(SALE, FRAME, keep=["id"])]
    assert polars.concat(batches).to_dicts() == wanted
    counts = polars.DataFrame(engine.screen(SALE, FRAME, keep=["id"]).summary.rules)
    assert counts.columns == ["pack", "rule", "status", "verdict", "rows", "alone", "waiver"]


def test_from_and_into_pandas(engine: cts.Engine, wanted: List[Dict[str, Any]], tmp_path: Path) -> None:
    frame = pandas.DataFrame({name: FRAME[name].to_list() for name in FRAME.columns})
    frame["recipient.opt_in_at"] = pandas.to_datetime(frame["recipient.opt_in_at"], utc=True)
    frame["recipient.last_inbound_at"] = pandas.to_datetime(frame["recipient.last_inbound_at"], utc=True)
    assert rows(engine.screen(SALE, frame, keep=["id"])) == wanted
    # The labels of rows that were picked are no attribute, and nobody has to say so.
    assert rows(engine.screen(SALE, frame[frame["id"] > 1], keep=["id"])) == wanted[2:]
    labelled = pyarrow.Table.from_pandas(frame[frame["id"] > 1], preserve_index=True)
    assert "__index_level_0__" in labelled.column_names
    assert rows(engine.screen(SALE, labelled, keep=["id"])) == wanted[2:]
    pyarrow.parquet.write_table(labelled, tmp_path / "audience.parquet")
    assert rows(engine.screen(SALE, tmp_path / "audience.parquet", keep=["id"])) == wanted[2:]
    kept = pyarrow.table(engine.screen(SALE, labelled, keep=["id", "__index_level_0__"]))
    assert kept["__index_level_0__"].to_pylist() == [2, 3]
    assert rows(engine.screen(SALE, frame.astype({"recipient.phone": "category"}), keep=["id"])) == wanted
    told = pandas.DataFrame.from_arrow(engine.screen(SALE, frame, keep=["id"]))
    assert told["verdict"].to_list() == [row["verdict"] for row in wanted]
    assert [list(rules) for rules in told["rules"]] == [row["rules"] for row in wanted]
    assert pandas.DataFrame(engine.screen(SALE, frame, keep=["id"]).summary.countries)["country"].to_list()[0] in ("ES", "US")


def test_from_and_into_duckdb(engine: cts.Engine, wanted: List[Dict[str, Any]]) -> None:
    with duckdb.connect() as database:
        database.execute("set threads to 2")
        audience = FRAME  # found by its name in the query
        assert audience.height == 4
        relation = database.sql("select * from audience order by id")
        assert rows(engine.screen(SALE, relation, keep=["id"])) == wanted
        # A connection runs one query at a time, so that the audience comes from another one.
        screening = engine.screen(SALE, database.cursor().sql("select * from audience order by id"), keep=["id"])
        assert screening.rows == 0
        counts = database.sql("select verdict, count(*) from screening group by all order by all").fetchall()
        assert counts == [("allow", 1), ("deny", 3)] and screening.summary.rows == 4
        result = pyarrow.table(engine.screen(SALE, audience, keep=["id"]))
        assert result.num_rows == 4
        refused = database.sql("select a.id from audience a join result r using (id) where list_contains(r.rules, 'consent.no-opt-in')").fetchall()
        assert refused == [(3,)]


def test_from_and_into_nanoarrow(engine: cts.Engine, wanted: List[Dict[str, Any]]) -> None:
    """A library that knows nothing but the protocol."""
    stream = nanoarrow.ArrayStream(FRAME.to_arrow())
    screening = engine.screen(SALE, stream, keep=["id"])
    told = nanoarrow.ArrayStream(screening).read_all()
    assert [row["verdict"] for row in told.to_pylist()] == [row["verdict"] for row in wanted]
    batch = next(iter(engine.screen(SALE, nanoarrow.c_array(FRAME.to_arrow().to_batches()[0]), keep=["id"])))
    assert nanoarrow.c_array(batch).length == 4


@pytest.mark.parametrize("name", ["audience.parquet", "audience.csv", "audience.ndjson", "audience.arrow"])
def test_from_files_that_polars_wrote(engine: cts.Engine, wanted: List[Dict[str, Any]], tmp_path: Path, name: str) -> None:
    place = tmp_path / name
    if name.endswith("parquet"):
        FRAME.write_parquet(place)
    elif name.endswith("arrow"):
        FRAME.write_ipc(place)
    else:
        instants = [column for column in FRAME.columns if column.endswith("_at")]
        texts = FRAME.with_columns(polars.col(instants).dt.to_string("%Y-%m-%dT%H:%M:%SZ"))
        texts.write_csv(place) if name.endswith("csv") else texts.write_ndjson(place)
    told = rows(engine.screen(SALE, place, keep=["id"]))
    assert [{**row, "id": int(row["id"])} for row in told] == wanted
    assert engine.screen(SALE, place, keep=["id"]).write(tmp_path / "out.parquet").rows == 4
    assert polars.read_parquet(tmp_path / "out.parquet")["verdict"].to_list() == [row["verdict"] for row in wanted]
