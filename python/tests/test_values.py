"""One value means one thing, by whatever way it comes: the table of the project's tests, for dicts, JSON and tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List

import pyarrow as pa
import pytest

import cleartosend as cts

tomllib: Any = pytest.importorskip("tomllib")


def rows(root: Path) -> List[Dict[str, Any]]:
    table: List[Dict[str, Any]] = tomllib.loads((root / "tests" / "ways" / "values.toml").read_text(encoding="utf-8"))["recipient"]
    return table


def code(engine: cts.Engine, campaign: Any) -> str:
    try:
        engine.check(campaign)
    except cts.FactsError as error:
        return error.code
    return "taken"


def test_a_dict_and_its_json_are_refused_alike(engine: cts.Engine, root: Path) -> None:
    for row in rows(root):
        name = row["attribute"].removeprefix("recipient.")
        document = {"send_at": "2026-03-02T15:00:00Z", "recipient": {name: json.loads(row["json"])}}
        wanted = row["document"] if row["document"].startswith("facts/") else "taken"
        assert code(engine, document) == wanted, row
        assert code(engine, json.dumps(document)) == wanted, row


TYPES = {
    "null": pa.null(),
    "bool": pa.bool_(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "date32": pa.date32(),
    "date64": pa.date64(),
    "timestamp": pa.timestamp("s"),
    "timestamp-utc": pa.timestamp("s", "UTC"),
    "timestamp-madrid": pa.timestamp("s", "Europe/Madrid"),
}


def test_a_column_is_taken_or_refused_as_in_a_file(engine: cts.Engine, root: Path) -> None:
    campaign = {"send_at": "2026-03-02T15:00:00Z"}
    for row in rows(root):
        if "column" not in row:
            continue
        column, ty = row["column"], TYPES[row["column"]["type"]]
        value = column.get("value")
        if pa.types.is_boolean(ty):
            array = pa.array([bool(value)])
        elif pa.types.is_temporal(ty):
            array = pa.array([value], pa.int32() if pa.types.is_date32(ty) else pa.int64()).cast(ty)
        else:
            array = pa.array([value], ty)
        try:
            found = "bad" if engine.screen(campaign, pa.table({row["attribute"]: array})).summary.bad_rows else "same"
        except cts.ScreenError as error:
            found = error.code
        assert found == column.get("frame", column["is"]), row
