"""The cases of `tests/cases/`, and the examples: the same bytes as Rust, from JSON and from objects."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Dict, Iterator, List, NoReturn, Tuple

import pytest

import cleartosend as cts

ROOT = Path(__file__).resolve().parents[2]


def _answers() -> List[Dict[str, Any]]:
    """What Rust answered to every case. `cargo xtask python` writes it and names it."""
    place = os.environ.get("CLEARTOSEND_ANSWERS")
    if place is None:
        pytest.fail("CLEARTOSEND_ANSWERS names no file; `cargo run -p cleartosend-tests --example answers` writes it")
    with open(place, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _asked(case: Dict[str, Any], folder: Path) -> cts.Engine:
    packs: List[Any] = []
    for name, files in case["packs"]:
        if files is None:
            packs.append(name)
            continue
        for path, text in files.items():
            place = folder / name / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        packs.append(folder / name)
    directory = None if case["directory"] is None else case["directory"].encode()
    return cts.Engine(packs, directory, built_in=False)


def _answer(engine: cts.Engine, campaign: Any, at: Any) -> Dict[str, Any]:
    try:
        return {"Ok": engine.check(campaign, at=at).to_json()}
    except cts.FactsError as error:
        return {"Err": [error.code, error.at]}


class Repeated(Exception):
    pass


def _once(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise Repeated
    return dict(pairs)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def test_every_case_has_the_same_answer(tmp_path: Path) -> None:
    cases = _answers()
    assert len(cases) > 60
    as_objects = 0
    for number, case in enumerate(cases):
        engine = _asked(case, tmp_path / str(number))
        document, at, wanted = case["document"], case["at"], case["answer"]
        if "Err" in wanted and not wanted["Err"][1]:
            wanted = {"Err": [wanted["Err"][0], _answer(engine, document, at)["Err"][1]]}  # no path: here it is line and column
        for form in (document, document.encode(), bytearray(document.encode()), memoryview(document.encode())):
            assert _answer(engine, form, at) == wanted, case["name"]
        try:
            objects = json.loads(document, object_pairs_hook=_once, parse_constant=_no_constant)
        except (ValueError, Repeated, RecursionError):
            continue  # no dict can be so
        found = _answer(engine, objects, at)
        if "Err" in wanted and isinstance(objects, dict):
            assert found["Err"][0] == wanted["Err"][0], case["name"]
        elif "Ok" in wanted:
            assert found == wanted, case["name"]
            assert engine.check_many([objects, document], at=at)[0].to_json() == wanted["Ok"]
        as_objects += 1
    assert as_objects > 90


def _examples() -> List[Path]:
    golden = ROOT / "tests" / "golden"
    return [path for path in sorted((ROOT / "examples").glob("*.json")) if (golden / path.name).exists()]


@pytest.mark.parametrize("example", _examples(), ids=lambda path: path.stem)
def test_examples_have_the_golden_decisions(engine: cts.Engine, example: Path) -> None:
    document = example.read_bytes()
    golden = json.loads((ROOT / "tests" / "golden" / example.name).read_text(encoding="utf-8"))
    decision = engine.check(document)
    assert list(_flat(decision.to_dict())) == list(_flat(golden))
    assert engine.check(json.loads(document)).to_json() == decision.to_json()
    assert engine.check_many([document])[0] == decision


def _flat(value: Any, path: str = "") -> Iterator[Tuple[str, Any]]:
    """Values with their paths, in the order of the document: members have an order that is fixed."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _flat(member, f"{path}.{name}")
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _flat(item, f"{path}[{place}]")
    else:
        yield path, value
