"""The types of documents, as pydantic and what is built on it read them: no looser than the engine."""

from __future__ import annotations

import copy
import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Dict, Tuple

import pandas
import pytest
from pydantic import TypeAdapter, ValidationError

import cleartosend as cts

ADAPTER: TypeAdapter[cts.CampaignDocument] = TypeAdapter(cts.CampaignDocument)


@pytest.fixture
def clean(root: Path) -> Dict[str, Any]:
    document: Dict[str, Any] = json.loads((root / "examples" / "clean-campaign.json").read_text(encoding="utf-8"))
    return document


def refused(document: object) -> Tuple[str, Tuple[object, ...]]:
    with pytest.raises(ValidationError) as caught:
        ADAPTER.validate_python(document)
    first = caught.value.errors()[0]
    return first["type"], tuple(part for part in first["loc"])


def test_a_document_passes_and_is_judged_as_before(engine: cts.Engine, clean: Dict[str, Any]) -> None:
    for validated in (ADAPTER.validate_python(clean), ADAPTER.validate_json(json.dumps(clean))):
        assert engine.check(validated).to_json() == engine.check(clean).to_json()
    sent = {"send_at": datetime(2026, 3, 2, 15, tzinfo=timezone.utc)}
    assert ADAPTER.validate_python(sent) == sent


@pytest.mark.parametrize(
    "path",
    [("recipent",), ("recipient", "marketing_stoped_at"), ("recipient", "in_registre"), ("account", "restrictions_"), ("account", "feedback", "blocks")],
)
def test_a_member_that_does_not_exist_is_not_dropped(clean: Dict[str, Any], path: Tuple[str, ...]) -> None:
    document: Any = copy.deepcopy(clean)
    inner = document
    for name in path[:-1]:
        inner = inner.setdefault(name, {})
    inner[path[-1]] = "2026-03-01T00:00:00Z"
    assert refused(document) == ("extra_forbidden", path)


@pytest.mark.parametrize(
    ("value", "kind"), [("no", "bool_type"), ("false", "bool_type"), (0, "bool_type"), (1.0, "bool_type"), ([], "bool_type")]
)
def test_a_value_is_not_converted(clean: Dict[str, Any], value: object, kind: str) -> None:
    clean["recipient"]["opted_out"] = value
    assert refused(clean) == (kind, ("recipient", "opted_out"))


def test_objects_of_lists_are_as_strict(clean: Dict[str, Any]) -> None:
    clean["account"]["restrictions"] = [{"kind": "number_banned", "sinse": "2026-01-01T00:00:00Z"}]
    with pytest.raises(ValidationError):
        ADAPTER.validate_python(clean)
    assert refused({}) == ("missing", ("send_at",))


def test_the_schema_made_of_it_takes_no_other_members() -> None:
    schema = ADAPTER.json_schema()
    objects = [schema, *schema["$defs"].values()]
    assert all(found["additionalProperties"] is False for found in objects if found.get("type") == "object")


@pytest.mark.parametrize(
    "value", [pandas.NaT, pandas.NA, float("nan"), pandas.Timestamp("2026-03-01"), pandas.Timedelta(1), pandas.Series([1]), {1, 2}, b"x", 1j]
)
def test_what_is_no_instant_is_refused_with_its_path(engine: cts.Engine, clean: Dict[str, Any], value: object) -> None:
    clean["recipient"]["opt_in_at"] = value
    with pytest.raises(cts.FactsError) as caught:
        engine.check(clean)
    assert caught.value.at == "recipient.opt_in_at"
    assert caught.value.code in {"facts/wrong-type", "facts/instant-without-offset", "facts/not-a-number"}


def test_scalars_of_numpy_are_what_they_hold(engine: cts.Engine, clean: Dict[str, Any]) -> None:
    numpy = pytest.importorskip("numpy")
    expected = engine.check(clean).to_json()
    clean["recipient"]["marketing_received_24h"] = numpy.int64(clean["recipient"]["marketing_received_24h"])
    assert engine.check(clean).to_json() == expected
    clean["recipient"]["opted_out"] = numpy.bool_(clean["recipient"]["opted_out"])
    assert engine.check(clean).to_json() == expected
