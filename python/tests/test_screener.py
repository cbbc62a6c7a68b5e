"""Screening in other processes: what is sent, what is made there, and summaries that are merged."""

from __future__ import annotations

import doctest
import json
import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Dict, List

import pyarrow as pa
import pytest

import cleartosend as cts
import cleartosend.screener
from cleartosend import _pickling

ROOT = Path(__file__).resolve().parents[2]
SALE: Dict[str, Any] = json.loads((ROOT / "examples" / "campaign-only.json").read_text(encoding="utf-8"))
PHONES = ["+34600000001", "+14165550123", "<b>", "+12125550123", None, "34 600", "+905321234567", "+5511987654321"]
TABLE = pa.table(
    {
        "id": pa.array(range(len(PHONES))),
        "recipient_phone": PHONES,
        "recipient_opt_in": pa.array(["given", "none"] * 4).dictionary_encode(),
        "recipient_opted_out": [number % 3 == 0 for number in range(len(PHONES))],
    }
)


def screener(**more: Any) -> cts.Screener:
    return cts.Screener(SALE, keep=["id"], without_dots=True, **more)


def test_other_processes_judge_as_this_one_does() -> None:
    made = screener(packs=["messaging-law"], plain=True)
    rows = [row for batch in made(TABLE.to_batches()) for row in batch.to_pylist()]
    whole = made.summary(TABLE.to_batches())
    assert len(rows) == whole.rows == len(PHONES) and whole.bad_rows == 2
    parts: List[Any] = [[], TABLE.slice(0, 3).to_batches(), TABLE.slice(3, 0).to_batches(), TABLE.slice(3).to_batches(max_chunksize=2)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        merged = cts.Summary.merge(pool.map(made.summary, parts, timeout=120))
    assert merged == whole and merged.to_json() == whole.to_json()
    again = pickle.loads(pickle.dumps(made))
    assert [row for part in parts for batch in again(part) for row in batch.to_pylist()] == rows
    assert [bad.row for bad in merged.bad_values] == [2, 5]


def test_strings_for_hosts_without_dictionaries() -> None:
    lean, plain = screener(), screener(plain=True)
    (with_dictionaries,), (without,) = list(lean(TABLE.to_batches())), list(plain(TABLE.to_batches()))
    assert with_dictionaries.to_pylist() == without.to_pylist()
    assert pa.types.is_dictionary(with_dictionaries.schema.field("verdict").type)
    assert without.schema == plain.arrow_schema(TABLE.schema)
    assert [str(field.type) for field in without.schema][1:] == ["string", "list<item: string not null>", "list<item: string not null>"]
    sliced = [row for batch in plain(TABLE.slice(2).to_batches(max_chunksize=3)) for row in batch.to_pylist()]
    assert sliced == without.to_pylist()[2:]


def test_nothing_comes_of_nothing() -> None:
    made = screener()
    assert list(made([])) == [] and list(made(iter(()))) == [] and made.screen([]) is None
    assert made.summary([]).rows == 0
    assert cts.Summary.merge([made.summary([]), made.summary(TABLE.to_batches())]) == made.summary(TABLE.to_batches())
    with pytest.raises(cts.ScreenError) as caught:
        cts.Summary.merge([])
    assert caught.value.code == "python/no-summary"
    with pytest.raises(TypeError):
        cts.Summary.merge(["{}"])  # type: ignore[list-item]


def test_summaries_of_something_else_are_not_merged() -> None:
    one = screener().summary(TABLE.to_batches())
    other = cts.Screener({**SALE, "send_at": "2026-03-03T15:00:00Z"}, packs=["messaging-law"], keep=["id"], without_dots=True).summary(TABLE.to_batches())
    with pytest.raises(cts.ScreenError) as caught:
        cts.Summary.merge([one, other])
    assert caught.value.code == "screen/other-basis"
    assert "campaigns (" in caught.value.message and "packs (whatsapp" in caught.value.message and "directories" not in caught.value.message
    assert cts.Summary.from_json(one.to_json()) == pickle.loads(pickle.dumps(one)) == one
    assert one.basis.packs[0].digest == cts.Pack.load("whatsapp").digest and one.basis.engine == cts.__version__
    assert one.basis != other.basis and one.basis.directory == other.basis.directory
    for wrong in ("{}", "[]", one.to_json().replace('"rows":8', '"rows":9', 1), b"\xff"):
        with pytest.raises(cts.ScreenError) as caught:
            cts.Summary.from_json(wrong)
        assert caught.value.code == "screen/summary"


def test_what_is_wrong_is_told_before_it_is_sent() -> None:
    with pytest.raises(cts.FactsError):
        cts.Screener({**SALE, "campain": {}})
    with pytest.raises(TypeError, match="expected `engine`, or"):
        cts.Screener(SALE, engine=cts.Engine(), packs=["messaging-law"])
    with pytest.raises(TypeError, match=r'\["id"\]'):
        cts.Screener(SALE, keep="id")
    with pytest.raises(cts.ScreenError) as caught:
        cts.Screener(SALE).arrow_schema(TABLE.schema)
    assert caught.value.code == "screen/unknown-column"


PACK = {
    "pack.toml": b'name = "mine"\nversion = "1.0.0"\nrequires = ">=1.0"\ntitle = "Mine"\npublished = 2026-01-01\n'
    b'[sources.us]\ntitle = "Us"\nurl = "https://us.example/"\nretrieved = 2026-01-01\nconfidence = "official"\n'
    b'[attributes."x.points"]\ntype = "int"\nscope = "recipient"\ntitle = "Points"\n',
    "rules/consent.toml": b'[[rule]]\nid = "consent.points"\ntopic = "consent"\ntitle = "Points"\nrequires = "x.points >= 10"\nverdict = "deny"\n'
    b'from = 2018-01-01\nsource = { id = "us" }\nmessage = "few points"\nadvice = "collect"\nexposure = ["warning"]\n',
}
DIRECTORY = (
    '{"source": "ours", "retrieved_at": "2026-03-01T00:00:00Z", "complete": true, "covers": {"from": "2018-08-01", "until": null},\n'
    ' "providers": [{"id": "7", "name": "Ours", "domains": ["ours.example"], "listed": [{"from": "2020-01-01", "until": null}]}]}'
)


def test_packs_directories_and_engines_are_pickled_by_value(tmp_path: Path) -> None:
    own = cts.Pack.from_files(PACK)
    for pack in (own, cts.Pack.load("messaging-law")):
        assert pickle.loads(pickle.dumps(pack)) == pack
    assert own.files == PACK and cts.Pack.from_files(own.files) == own
    with pytest.raises(cts.PackError):
        cts.Pack.from_files({"pack.toml": b"name = 5"})

    listed = cts.Directory.from_json(DIRECTORY)
    (tmp_path / "directory.json").write_text(DIRECTORY, encoding="utf-8")
    for directory in (listed, cts.Directory.load(tmp_path / "directory.json"), cts.Directory.built_in(), cts.Directory.built_in().stack(listed)):
        assert pickle.loads(pickle.dumps(directory)).digest == directory.digest

    waivers = '[[waiver]]\nrule = "mine/consent.points"\nlower_to = "note"\nreason = "r"\nby = "b"\nfrom = 2026-01-01\nuntil = 2026-07-01\n'
    engine = cts.Engine([own, "messaging-law"], listed, base={"account": {"quality": "red"}, "access": {"clients": ("npm:a",)}}, waivers=waivers)
    again = pickle.loads(pickle.dumps(engine))
    assert again == engine != cts.Engine() and hash(again) == hash(engine)
    assert again.check(SALE).to_json() == engine.check(SALE).to_json() != cts.Engine().check(SALE).to_json()
    assert pickle.loads(pickle.dumps(engine)) is again
    assert cts.Engine() == cts.Engine() and pickle.loads(pickle.dumps(cts.Engine())) == cts.Engine()
    account = cts.Account(json.dumps({"account": {"quality": "red"}}))
    assert pickle.loads(pickle.dumps(account)).to_json() == account.to_json()


def test_a_process_with_other_rules_refuses() -> None:
    other = "sha256:" + "0" * 64
    for call in (
        lambda: _pickling.pack("whatsapp", "1.0.0", other, None),
        lambda: _pickling.directory(other, None),
        lambda: _pickling.engine("0.0.1", ((), (other, None), None, None)),
    ):
        with pytest.raises(cts.EngineError) as caught:
            call()
        assert caught.value.code == "python/other-engine"


def test_what_cannot_be_pickled_says_why(engine: cts.Engine) -> None:
    with pytest.raises(TypeError, match=r"decision\.to_json\(\)"):
        pickle.dumps(engine.check(SALE))


def test_docstrings_are_true() -> None:
    done = doctest.testmod(cleartosend.screener)
    assert done.attempted >= 6 and done.failed == 0


def test_an_engine_is_made_once_a_process() -> None:
    program = (
        "import pickle, sys, time\nimport cleartosend as cts\n"
        "data = sys.stdin.buffer.read()\none = pickle.loads(data)\ntwo = pickle.loads(data)\n"
        "assert one.engine is two.engine and one.engine is not cts.Engine()\n"
    )
    sent = pickle.dumps(screener(packs=["messaging-law"]))
    assert len(sent) < 20_000, "built-in packs are sent by name"
    assert subprocess.run([sys.executable, "-c", program], input=sent, check=False, timeout=120).returncode == 0
