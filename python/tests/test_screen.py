"""Whole audiences: every row as a check of it alone, the summary, and what is refused."""

from __future__ import annotations

import copy
import json
import os
import pickle
from collections import Counter
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Tuple

import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cleartosend as cts

UTC = timezone.utc


@pytest.fixture
def sale(root: Path) -> Dict[str, Any]:
    """A campaign without a recipient that is clear by itself."""
    document: Dict[str, Any] = json.loads((root / "examples" / "campaign-only.json").read_text(encoding="utf-8"))
    return document


def audience(rows: int = 6) -> Any:
    return pa.table(
        {
            "id": pa.array(range(rows), pa.int64()),
            "recipient.phone": [f"+3460000{number:04}" for number in range(rows)],
            "recipient.opt_in": ["given" if number % 2 else "none" for number in range(rows)],
            "recipient.opt_in_at": pa.array([datetime(2025, 1, 1, tzinfo=UTC)] * rows, pa.timestamp("us", "UTC")),
            "recipient.opted_out": [number % 3 == 0 for number in range(rows)],
            "recipient.marketing_received_24h": pa.array([0] * rows, pa.uint8()),
            "recipient.last_inbound_at": pa.nulls(rows),
        }
    )


# ---- Rows ------------------------------------------------------------------------------------------------------------------------------


def instants() -> st.SearchStrategy[datetime]:
    """Around the instant of sending, where windows open and close, and far from it."""
    sent = datetime(2026, 3, 2, 15, tzinfo=UTC)
    near = st.integers(-48 * 60, 48 * 60).map(lambda minutes: sent + timedelta(minutes=minutes))
    return st.one_of(near, st.sampled_from([sent, sent - timedelta(hours=24)]), st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))


TEXT = [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string()), pa.dictionary(pa.uint32(), pa.large_string())]
INSTANT = [pa.timestamp("us", "UTC"), pa.timestamp("us", "Europe/Madrid"), pa.timestamp("ns", "+02:00"), pa.dictionary(pa.int16(), pa.timestamp("us", "UTC"))]
BOOL = [pa.bool_()]
INT = [pa.int8(), pa.uint8(), pa.int16(), pa.int32(), pa.uint64(), pa.int64()]

PHONES = ["+34600000001", "+14165550123", "+12125550123", "+442071838750", "+905321234567", "+5511987654321", "+70000000000", "34600", "+34 600", "", "+" + "9" * 30]
COLUMNS: Dict[str, Tuple[List[Any], st.SearchStrategy[Any]]] = {
    "recipient.phone": (TEXT, st.sampled_from(PHONES)),
    "recipient.user_id": (TEXT, st.sampled_from(["ES.13491208655302741918", "US.1", "?"])),
    "recipient.country": (TEXT, st.sampled_from(["ES", "US", "CA", "CU", "TR", "es", "XX", ""])),
    "recipient.region": (TEXT, st.sampled_from(["US-FL", "BR-SP", "nowhere"])),
    "recipient.is_adult": (BOOL, st.booleans()),
    "recipient.is_customer": (BOOL, st.booleans()),
    "recipient.opt_in": (TEXT, st.sampled_from(["given", "none", "gvien"])),
    "recipient.opt_in_at": (INSTANT, instants()),
    "recipient.opted_out": (BOOL, st.booleans()),
    "recipient.marketing_stopped_at": (INSTANT, instants()),
    "recipient.in_register": (BOOL, st.booleans()),
    "recipient.last_inbound_at": (INSTANT, instants()),
    "recipient.marketing_received_24h": (INT, st.integers(0, 100)),
    "recipient.time_zone": (TEXT, st.sampled_from(["Europe/Madrid", "America/New_York", "Mars/Olympus"])),
}


@st.composite
def audiences(draw: st.DrawFn) -> Tuple[List[Dict[str, Any]], Any]:
    """Rows as the members of `recipient`, and as a table."""
    names = draw(st.lists(st.sampled_from(sorted(COLUMNS)), min_size=1, max_size=8, unique=True))
    count = draw(st.integers(0, 40))
    columns, fields = [], []
    for name in names:
        types, values = COLUMNS[name]
        column = draw(st.lists(st.none() | values, min_size=count, max_size=count))
        field = pa.field(name, draw(st.sampled_from(types)))
        if pa.types.is_dictionary(field.type):
            columns.append((column, pa.array(column, field.type.value_type).dictionary_encode().cast(field.type)))
        else:
            columns.append((column, pa.array(column, field.type)))
        fields.append(field)
    table = pa.Table.from_arrays([array for _, array in columns], schema=pa.schema(fields))
    rows = [{name.removeprefix("recipient."): column[row] for name, (column, _) in zip(names, columns)} for row in range(count)]
    return rows, table


def checked(engine: cts.Engine, campaign: Dict[str, Any], rows: List[Dict[str, Any]]) -> List[Optional[cts.Decision]]:
    """The decision of each row; none for one that a check refuses."""
    found: List[Optional[cts.Decision]] = []
    for row in rows:
        try:
            found.append(engine.check({**campaign, "recipient": row}))
        except cts.FactsError:
            found.append(None)
    return found


BAD = "input.bad-value"


@settings(max_examples=60 * int(os.environ.get("CTS_TIMES", "1")))
@given(case=audiences(), sliced=st.integers(0, 3), threads=st.integers(1, 2), data=st.data())
def test_every_row_is_as_a_check_of_it_alone(case: Tuple[List[Dict[str, Any]], Any], sliced: int, threads: int, data: st.DataObject) -> None:
    rows, table = case
    engine, campaign = ENGINES[data.draw(st.sampled_from(sorted(ENGINES)))], dict(SALE)
    campaign["send_at"] = data.draw(st.sampled_from(["2026-03-02T15:00:00Z", "2019-08-05T00:00:00Z", "2024-05-14T23:59:59Z"]))
    if data.draw(st.booleans()):
        campaign.pop("account")
    # Arrays that begin in the middle of their buffers, and tables of several pieces.
    table, rows = table.slice(sliced), rows[sliced:]
    half = len(rows) // 2
    table = pa.concat_tables([table.slice(0, half), table.slice(half)]) if rows else table
    screening = engine.screen(campaign, table, threads=threads)
    result = pa.table(screening).to_pylist()
    assert len(result) == len(rows)
    decisions = checked(engine, campaign, rows)
    for row, told, decision in zip(rows, result, decisions):
        if decision is None:
            assert BAD in told["rules"] and told["verdict"] != "allow", row
        else:
            assert told == {"verdict": decision.verdict, "rules": [finding.rule for finding in decision.findings if finding.verdict != "note"], "missing": list(decision.missing)}, row
    good = [decision for decision in decisions if decision is not None]
    assert engine.check_many([{**campaign, "recipient": row} for row, decision in zip(rows, decisions) if decision is not None]) == good

    summary = screening.summary
    verdicts = Counter(told["verdict"] for told in result)
    assert (summary.rows, summary.bad_rows) == (len(rows), decisions.count(None))
    assert summary.verdicts == (verdicts["allow"], verdicts["review"], verdicts["deny"])
    rules = Counter(rule for told in result for rule in told["rules"])
    by_rule: Counter[str] = Counter()
    noted = Counter(finding.rule for decision in good for finding in decision.findings if finding.verdict == "note")
    for count in summary.rules:
        if noted.pop(count.rule, 0):
            assert count.alone == 0
            continue
        by_rule[count.rule] += count.rows
        assert count.alone == sum(1 for told in result if told["rules"] == [count.rule]) or rules[count.rule] > count.rows
    assert by_rule == rules and not noted
    assert {member.path: member.rows for member in summary.missing} == Counter(path for told in result for path in told["missing"])


SALE: Dict[str, Any] = json.loads((Path(__file__).resolve().parents[2] / "examples" / "campaign-only.json").read_text(encoding="utf-8"))
ENGINES = {"whatsapp": cts.Engine(), "both": cts.Engine(["messaging-law"])}


def test_columns_of_the_caller(sale: Dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "pack.toml").write_text(
        'name = "mine"\nversion = "1.0.0"\nrequires = ">=1.0"\ntitle = "Mine"\npublished = 2026-01-01\n'
        '[sources.us]\ntitle = "Us"\nurl = "https://us.example/"\nretrieved = 2026-01-01\nconfidence = "official"\n'
        '[attributes."x.points"]\ntype = "int"\nscope = "recipient"\ntitle = "Points"\n',
        encoding="utf-8",
    )
    (tmp_path / "rules" / "consent.toml").write_text(
        '[[rule]]\nid = "consent.points"\ntopic = "consent"\ntitle = "Points"\nrequires = "x.points >= 10"\nverdict = "deny"\nfrom = 2018-01-01\n'
        'source = { id = "us" }\nmessage = "few points"\nadvice = "collect"\nexposure = ["warning"]\n',
        encoding="utf-8",
    )
    engine = cts.Engine([tmp_path], built_in=False)
    told = pa.table(engine.screen(sale, pa.table({"points": [9, 10, None]}), names={"points": "x.points"})).to_pylist()
    assert [row["verdict"] for row in told] == ["deny", "allow", "review"]
    assert told[2]["missing"] == ["x.points"]


# ---- Ways in ---------------------------------------------------------------------------------------------------------------------------


class OnlyStream:
    """An object that has nothing but the protocol."""

    def __init__(self, table: Any) -> None:
        self.table = table

    def __arrow_c_stream__(self, requested_schema: Optional[object] = None) -> object:
        return self.table.__arrow_c_stream__(requested_schema)


class OnlyArray:
    def __init__(self, batch: Any) -> None:
        self.batch = batch

    def __arrow_c_array__(self, requested_schema: Optional[object] = None) -> Tuple[object, object]:
        pair: Tuple[object, object] = self.batch.__arrow_c_array__(requested_schema)
        return pair


def ways_in(table: Any, folder: Path) -> Iterator[Tuple[str, Any]]:
    batches = table.to_batches(max_chunksize=2)
    yield "stream", OnlyStream(table)
    yield "array", OnlyArray(table.combine_chunks().to_batches()[0])
    yield "table", table
    yield "reader", table.to_reader(max_chunksize=2)
    yield "batch", table.to_batches()[0]
    yield "list of batches", batches
    yield "generator of batches", (batch for batch in batches)
    yield "generator of arrays", (OnlyArray(batch) for batch in batches)
    yield "generator of tables", (table.slice(first, 4) for first in range(0, table.num_rows, 4))
    pyarrow.parquet.write_table(table, folder / "audience.parquet")
    yield "path", folder / "audience.parquet"
    yield "text", str(folder / "audience.parquet")
    for name, make in (("audience.arrow", pa.ipc.new_file), ("audience.arrows", pa.ipc.new_stream)):
        with make(str(folder / name), table.schema) as writer:
            writer.write_table(table)
        yield name, folder / name


@pytest.mark.parametrize("threads", [0, 1, 3])
def test_all_ways_in_give_the_same(engine: cts.Engine, sale: Dict[str, Any], tmp_path: Path, threads: int) -> None:
    table = audience(9)
    wanted = pa.table(engine.screen(sale, table, keep=["id"])).to_pylist()
    assert [row["verdict"] for row in wanted][:4] == ["deny", "allow", "deny", "deny"]
    for name, form in ways_in(table, tmp_path):
        assert pa.table(engine.screen(sale, form, keep=["id"], threads=threads)).to_pylist() == wanted, name


def test_texts_of_files_are_read_as_documents_have_them(engine: cts.Engine, sale: Dict[str, Any], root: Path, tmp_path: Path) -> None:
    screening = engine.screen(sale, root / "examples" / "audience.csv", keep=["id"], ignore=["name"])
    assert screening.summary.verdicts == (5, 3, 4)
    assert [(bad.row, bad.column) for bad in screening.summary.bad_values] == [(6, "recipient.phone")]
    lines = tmp_path / "audience.jsonl"
    lines.write_text('{"recipient": {"phone": "+34600000001", "opted_out": true}}\n{"recipient.phone": null, "recipient.opted_out": false}\n', encoding="utf-8")
    assert [row["verdict"] for row in pa.table(engine.screen(sale, lines)).to_pylist()] == ["deny", "review"]


def test_large_tables_come_in_pieces_in_their_order(engine: cts.Engine, sale: Dict[str, Any]) -> None:
    table = pa.table({"id": pa.array(range(300_001), pa.int32()), "recipient.opted_out": pa.array([number % 7 == 0 for number in range(300_001)])})
    for threads in (1, 2):
        batches = list(engine.screen(sale, table, keep=["id"], threads=threads))
        assert len(batches) > 3 and max(map(len, batches)) <= 1 << 16
        told = pa.Table.from_batches([pa.record_batch(batch) for batch in batches])
        assert told["id"].to_pylist() == list(range(300_001))
        assert told["verdict"].cast(pa.string()).to_pylist()[:8] == ["deny"] + ["review"] * 6 + ["deny"]


@pytest.mark.parametrize("threads", [1, 2])
def test_a_length_that_cost_nothing_is_bounded(engine: cts.Engine, sale: Dict[str, Any], tmp_path: Path, threads: int) -> None:
    endless = pa.record_batch([pa.nulls(1 << 36)], names=["recipient.phone"])
    file = tmp_path / "endless.arrow"
    with pa.ipc.new_file(file, endless.schema, options=pa.ipc.IpcWriteOptions(allow_64bit=True)) as writer:
        writer.write_batch(endless)
    assert file.stat().st_size < 1000
    for form in (endless, pa.Table.from_batches([endless]), file):
        with pytest.raises(cts.ScreenError) as caught:
            list(engine.screen(sale, form, threads=threads))
        assert caught.value.code == "screen/too-many-rows"


def test_nothing_is_copied(engine: cts.Engine, sale: Dict[str, Any]) -> None:
    """The kept column of the result lies where that of the audience lies."""
    table = audience()
    told = pa.table(engine.screen(sale, table, keep=["id"]))
    assert told["id"].chunk(0).buffers()[1].address == table["id"].chunk(0).buffers()[1].address
    batch = next(iter(engine.screen(sale, table, keep=["id"])))
    assert pa.record_batch(batch)["id"].buffers()[1].address == table["id"].chunk(0).buffers()[1].address


def test_no_rows(engine: cts.Engine, sale: Dict[str, Any]) -> None:
    empty = audience(0)
    for form in (empty, [empty], empty.to_reader(), iter([empty, empty])):
        screening = engine.screen(sale, form, keep=["id"])
        assert screening.summary.rows == 0 and screening.summary.worst == "allow"
        assert pa.table(screening).column_names == ["id", "verdict", "rules", "missing"]


def test_campaign_account_and_instant_are_as_for_check(engine: cts.Engine, sale: Dict[str, Any]) -> None:
    table = audience(2)
    sale.pop("account")
    account = cts.Account(json.dumps({"account": SALE["account"]}))
    with_account = engine.screen(json.dumps(sale), table, keep=["id"], account=account)
    assert "account.quality" not in {member.path for member in with_account.summary.missing}
    assert "account.quality" in {member.path for member in engine.screen(sale, table, keep=["id"]).summary.missing}
    early = datetime(2010, 1, 1, tzinfo=UTC)
    told = pa.table(engine.screen(SALE, table.select(["recipient.opt_in"]), at=early)).to_pylist()
    decisions = engine.check_many([{**SALE, "recipient": {"opt_in": opt_in}} for opt_in in ("none", "given")], at=early)
    assert [row["rules"] for row in told] == [[finding.rule for finding in decision.findings] for decision in decisions]
    assert told != pa.table(engine.screen(SALE, table.select(["recipient.opt_in"]))).to_pylist()
    with pytest.raises(cts.FactsError) as caught:
        engine.screen({**sale, "campain": {}}, table, keep=["id"])
    assert caught.value.code == "facts/unknown-member"


# ---- Ways out --------------------------------------------------------------------------------------------------------------------------


def test_rows_can_be_taken_once(engine: cts.Engine, sale: Dict[str, Any], tmp_path: Path) -> None:
    ways = {
        "iterating": list,
        "__arrow_c_stream__": pa.table,
        "`write`": lambda screening: screening.write(tmp_path / "out.parquet"),
    }
    for first, take in ways.items():
        screening = engine.screen(sale, audience(), keep=["id"])
        take(screening)
        for again in ways.values():
            with pytest.raises(cts.ScreenError) as caught:
                again(screening)
            assert caught.value.code == "python/rows-taken"
            assert first in caught.value.message and "screen again" in caught.value.message
        assert screening.summary.rows == screening.rows == 6
        assert len(pa.schema(screening)) == 4


def test_an_iterator_goes_on(engine: cts.Engine, sale: Dict[str, Any]) -> None:
    rows = iter(engine.screen(sale, [audience(2)] * 3, keep=["id"]))
    assert len(next(rows)) == 2
    assert [len(batch) for batch in rows] == [2, 2]
    assert list(rows) == []


def test_the_summary_is_of_all_rows_whenever_it_is_asked_for(engine: cts.Engine, sale: Dict[str, Any]) -> None:
    wanted = pa.table(engine.screen(sale, [audience(2)] * 5, keep=["id"]))
    before = engine.screen(sale, [audience(2)] * 5, keep=["id"])
    assert before.rows == 0 and before.summary.rows == 10
    assert pa.table(before).equals(wanted)

    amid = engine.screen(sale, [audience(2)] * 5, keep=["id"])
    rows = iter(amid)
    first = next(rows)
    assert amid.rows == 2 and amid.summary.rows == amid.rows == 10
    assert pa.Table.from_batches([pa.record_batch(batch) for batch in (first, *rows)]).equals(wanted)

    left = engine.screen(sale, (audience(2) for _ in range(5)), keep=["id"])
    for _ in left:
        break
    assert left.summary.rows == 10
    reader = pa.RecordBatchReader.from_stream(streamed := engine.screen(sale, [audience(2)] * 5, keep=["id"]))
    reader.read_next_batch()
    assert streamed.summary.rows == 10 and reader.read_all().num_rows == 8


@pytest.mark.parametrize("name", ["out.parquet", "out.csv", "out.tsv", "out.ndjson", "out.arrow", "out.arrows"])
def test_rows_into_files(engine: cts.Engine, sale: Dict[str, Any], tmp_path: Path, name: str) -> None:
    summary = engine.screen(sale, audience(), keep=["id"]).write(tmp_path / name)
    assert summary == engine.screen(sale, audience(), keep=["id"]).summary
    written = (tmp_path / name).read_bytes()
    wanted = pa.table(engine.screen(sale, audience(), keep=["id"])).to_pylist()
    if name.endswith("parquet"):
        assert pyarrow.parquet.read_table(tmp_path / name).to_pylist() == wanted
    elif name.endswith("ndjson"):
        assert [json.loads(line) for line in written.splitlines()] == wanted
    elif name.endswith("arrows"):
        assert pa.ipc.open_stream(written).read_all().to_pylist() == wanted
    elif name.endswith("arrow"):
        assert pa.ipc.open_file(written).read_all().to_pylist() == wanted
    else:
        assert written.decode().splitlines()[2].split("\t" if "tsv" in name else ",")[:2] == ["1", wanted[1]["verdict"]]
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_file_is_whole_or_not_there(engine: cts.Engine, sale: Dict[str, Any], tmp_path: Path) -> None:
    def broken() -> Iterator[Any]:
        yield audience()
        raise RuntimeError("the cursor was closed")

    place = tmp_path / "out.parquet"
    place.write_text("what was there before", encoding="utf-8")
    with pytest.raises(RuntimeError, match="the cursor was closed"):
        engine.screen(sale, broken(), keep=["id"]).write(place)
    assert place.read_text(encoding="utf-8") == "what was there before"
    assert [path.name for path in tmp_path.iterdir()] == ["out.parquet"]

    screening = engine.screen(sale, audience(), keep=["id"])
    with pytest.raises(FileNotFoundError):
        screening.write(tmp_path / "nowhere" / "out.parquet")
    with pytest.raises(IsADirectoryError):
        (tmp_path / "folder.parquet").mkdir()
        screening.write(tmp_path / "folder.parquet")
    with pytest.raises(cts.ScreenError) as caught:
        screening.write(tmp_path / "out.xlsx")
    assert caught.value.code == "python/unknown-format" and ".parquet" in caught.value.message
    assert screening.write(place).rows == 6  # none of these took the rows


# ---- The summary -----------------------------------------------------------------------------------------------------------------------


def test_verdicts_alone(engine: cts.Engine, sale: Dict[str, Any], tmp_path: Path) -> None:
    table = audience()
    whole, alone = engine.screen(sale, table, keep=["id"]), engine.screen(sale, table, keep=["id"], verdict_only=True)
    assert alone.column_names == ["id", "verdict"]
    assert pa.table(alone).to_pylist() == [{"id": row["id"], "verdict": row["verdict"]} for row in pa.table(whole).to_pylist()]
    summary = alone.summary
    assert (summary.verdicts, summary.worst) == (whole.summary.verdicts, whole.summary.worst)
    assert summary.is_verdict_only and not whole.summary.is_verdict_only
    # What was not counted is no count of none.
    assert not {"rules", "missing", "countries", "bad_rows", "bad_values"} & set(summary.to_dict())
    for ask in (
        lambda: summary.rules,
        lambda: summary.missing,
        lambda: summary.countries,
        lambda: summary.bad_rows,
        lambda: summary.bad_values,
        lambda: summary.to_arrow("rules"),
    ):
        with pytest.raises(cts.ScreenError) as raised:
            ask()
        assert raised.value.code == "python/verdict-only"
    assert summary.to_arrow("verdicts").num_rows == 3
    assert cts.Summary.from_json(summary.to_json()) == summary == cts.Summary.merge([summary])
    file = tmp_path / "audience.csv"
    file.write_text("recipient.phone\n+34600000001\n")
    with pytest.raises(cts.RecordError):
        engine.screen(sale, file, verdict_only=True, record=True)


def test_the_summary_is_a_frozen_object(engine: cts.Engine, sale: Dict[str, Any]) -> None:
    table = audience().set_column(1, "recipient.phone", pa.array(["+34600000001", "<b>", None, "+14165550123", "+34600000002", "+34600000003"]))
    screening = engine.screen(sale, table, keep=["id"])
    summary = screening.summary
    assert summary.verdicts == (2, 2, 2) or sum(summary.verdicts) == 6
    assert summary.verdicts.deny == summary.to_dict()["verdicts"]["deny"]
    assert summary.worst is cts.Verdict.DENY
    first = summary.rules[0]
    assert (first.pack, first.rule, first.status, first.verdict) == ("whatsapp", "consent.no-opt-in", "violated", "deny")
    assert first.rows == 3 and first.alone == 1
    assert [count.country for count in summary.countries][0] == "ES" and summary.countries[0].verdicts.deny >= 1
    assert summary.bad_rows == 1 and summary.bad_values[0].row == 1 and "`<b>`" in summary.bad_values[0].reason
    assert json.loads(summary.to_json()) == summary.to_dict()
    assert set(summary.to_dict()) == {"rows", "audience_size", "verdicts", "rules", "missing", "countries", "bad_rows", "bad_values", "basis"}
    assert str(summary).startswith("rows") and "consent.no-opt-in" in str(summary)
    assert repr(summary).startswith("<Summary of 6 rows: ")
    assert summary.text() == str(summary) and summary.html() == summary.html("en")
    assert summary.text("es").startswith("filas") and "consent.no-opt-in incumplida" in summary.text("es")
    assert summary.text("pt").startswith("linhas") and "negado" in summary.html("pt")
    html = summary._repr_html_()
    assert html.startswith('<div class="report"') and html[html.index("<h2>") : html.index("</article>")] in summary.to_html()
    assert "consent.no-opt-in" in html and "&lt;b&gt;" in html and "<b>" not in html
    assert summary == engine.screen(sale, table, keep=["id"]).summary != engine.screen(sale, audience(), keep=["id"]).summary
    assert copy.copy(summary) is summary is copy.deepcopy(summary)
    with pytest.raises(AttributeError):
        summary.rows = 5  # type: ignore[misc]
    with pytest.raises(TypeError, match="summary.worst"):
        bool(summary)


def test_rows_outside_the_window_are_compared_with_what_the_campaign_says(engine: cts.Engine, sale: Dict[str, Any]) -> None:
    summary = engine.screen(sale, audience(), keep=["id"]).summary
    assert (summary.audience_outside_window, summary.rows_outside_window) == (None, None)
    sale["campaign"]["audience_outside_window"] = 1
    summary = engine.screen(sale, audience(), keep=["id"]).summary
    # Of six, four are denied, and nobody wrote.
    assert (summary.audience_outside_window, summary.rows_outside_window) == (1, 2)
    assert "2 rows without an open service window" in str(summary) and "2 rows without" in summary.html()
    assert cts.Summary.from_json(summary.to_json()) == summary


def test_batches(engine: cts.Engine, sale: Dict[str, Any]) -> None:
    (batch,) = engine.screen(sale, audience(), keep=["id"])
    assert (len(batch), batch.num_rows, batch.column_names) == (6, 6, ["id", "verdict", "rules", "missing"])
    assert pa.record_batch(batch).equals(pa.record_batch(batch))
    assert pa.schema(batch).names == batch.column_names
    assert repr(batch) == "<Batch of 6 rows: id, verdict, rules, missing>"


# ---- What is refused -------------------------------------------------------------------------------------------------------------------


def refused(engine: cts.Engine, campaign: Dict[str, Any], table: Any, **options: Any) -> cts.ScreenError:
    with pytest.raises(cts.ScreenError) as caught:
        engine.screen(campaign, table, **options)
    error = caught.value
    assert isinstance(error, cts.Error) and error.code in str(error)
    copied = pickle.loads(pickle.dumps(error))
    assert (copied.code, copied.at, copied.message) == (error.code, error.at, error.message)
    return error


def test_columns_that_are_not_as_said(engine: cts.Engine, sale: Dict[str, Any]) -> None:
    table = audience()
    error = refused(engine, sale, table)
    assert (error.code, error.at) == ("screen/unknown-column", "id")
    error = refused(engine, sale, table.rename_columns(["id", "recipient.phone", "recipient.opt_in", "recipient.opt_in_at", "recipient.opted_ut", "a", "b"]), keep=["id"])
    assert (error.code, error.at) == ("screen/unknown-column", "recipient.opted_ut") and "did you mean `recipient.opted_out`?" in error.message
    error = refused(engine, sale, pa.table({"recipient.opted_out": [0, 1]}))
    assert (error.code, error.at) == ("screen/wrong-type", "recipient.opted_out") and "Boolean" in error.message
    assert refused(engine, sale, table, keep=["idd"]).code == "screen/missing-column"
    assert refused(engine, sale, table, keep=["id"], names={"id": "recipient.phoen"}).code == "screen/unknown-attribute"
    assert refused(engine, sale, pa.table({"recipient.local_hour": [1]})).code == "screen/derived-column"
    assert refused(engine, sale, pa.table({"verdict": ["allow"]}), keep=["verdict"]).code == "screen/reserved-name"
    assert refused(engine, sale, pa.table({"a": ["+34600000001"], "recipient.phone": ["+34600000001"]}), names={"a": "recipient.phone"}).code == "screen/repeated-column"
    assert refused(engine, {**sale, "recipient": {"phone": "+34600000001"}}, table, keep=["id"]).code == "screen/recipient-told"
    assert engine.screen(sale, table, keep=["id"], ignore=["recipient.phone", "not there"]).summary.countries == ()


def test_instants_without_a_zone(engine: cts.Engine, sale: Dict[str, Any]) -> None:
    naive = pa.table({"recipient.opt_in_at": pa.array([datetime(2025, 1, 1)], pa.timestamp("us"))})
    error = refused(engine, sale, naive)
    assert (error.code, error.at) == ("screen/timestamps-without-zone", "recipient.opt_in_at") and "time zone" in error.message
    assert refused(engine, sale, naive.rename_columns(["seen"]), names={"seen": "recipient.last_inbound_at"}).at == "seen"
    assert engine.screen(sale, naive, ignore=["recipient.opt_in_at"]).summary.rows == 1
    assert engine.screen(sale, naive.rename_columns(["seen"]), keep=["seen"]).summary.rows == 1


def test_what_is_no_audience(engine: cts.Engine, sale: Dict[str, Any], tmp_path: Path) -> None:
    for other, said in ((5, "found `int`"), ([{"recipient.phone": "+34600000001"}], "gave `dict` at place 0"), ({"recipient.phone": ["+34600000001"]}, "polars.DataFrame"), (None, "NoneType")):
        with pytest.raises(TypeError, match=said):
            engine.screen(sale, other)  # type: ignore[arg-type]
    assert refused(engine, sale, []).code == "python/no-table"
    assert refused(engine, sale, pa.array([1, 2])).code == "python/audience"
    assert refused(engine, sale, pa.chunked_array([[1, 2]])).code == "python/audience"
    assert refused(engine, sale, tmp_path / "audience.xlsx").code == "python/unknown-format"
    with pytest.raises(FileNotFoundError):
        engine.screen(sale, tmp_path / "audience.parquet")
    (tmp_path / "audience.parquet").write_bytes(b"PAR1 and then nothing that belongs there PAR1")
    error = refused(engine, sale, tmp_path / "audience.parquet")
    assert error.code == "audience/malformed" and error.at == str(tmp_path / "audience.parquet")
    (tmp_path / "audience.csv").write_text("recipient.phone\n+34600000001\n+34600000002,too many\n", encoding="utf-8")
    with pytest.raises(cts.ScreenError) as caught:
        _ = engine.screen(sale, tmp_path / "audience.csv").summary
    assert caught.value.code == "audience/cell-count" and caught.value.at == f"{tmp_path / 'audience.csv'}:3"
    assert refused(engine, sale, audience(), keep=["id"], threads=-1).code == "python/threads"
    for hours in (-1, 337, 2**40):
        assert refused(engine, sale, audience(), keep=["id"], help=hours).code == "python/help"
    wrong: Any
    for wrong in ({"help": True}, {"help": "48"}, {"fix_column": 1}, {"keep": "id"}, {"keep": [5]}, {"names": [("a", "b")]}, {"names": {"a": 5}}, {"threads": None}):
        with pytest.raises(TypeError):
            engine.screen(sale, audience(), **wrong)


def test_what_would_help(engine: cts.Engine, sale: Dict[str, Any]) -> None:
    campaign = {**sale, "campaign": {**sale["campaign"], "offers_opt_out": False}}
    # Nothing that nobody asked for.
    plain = engine.screen(campaign, audience(), keep=["id"])
    assert plain.summary.help is None and "help" not in plain.summary.to_dict() and "fix" not in plain.column_names

    asked = engine.screen(campaign, audience(), keep=["id"], help=24, fix_column=True)
    assert asked.column_names == ["id", "verdict", "rules", "missing", "fix"]
    rows = pa.table(asked).to_pylist()
    assert all((row["fix"] is None) == (row["verdict"] == "allow") for row in rows)
    assert {row["fix"] for row in rows if not row["id"] % 2} == {"audience"}
    help = asked.summary.help
    assert help is not None and asked.summary.to_dict()["help"]["hours"][0]["more"] == help.hours[0].more
    assert [hour.at for hour in help.hours] == [help.hours[0].at + timedelta(hours=number) for number in range(24)]

    # As many more as a screening of the changed campaign allows.
    change, more = next(known for known in help.changes if known.change.path == "campaign.offers_opt_out")
    assert (change.from_, change.to, change.by) == (False, True, cts.ChangedBy.CAMPAIGN) and change.how
    mended = engine.screen(sale, audience(), keep=["id"]).summary
    assert mended.verdicts.allow - asked.summary.verdicts.allow == more > 0
    for hour in help.hours[:3]:
        later = engine.screen(campaign, audience(), keep=["id"], at=hour.at).summary
        assert later.verdicts.allow - asked.summary.verdicts.allow == hour.more

    assert f"+{more}" in str(asked.summary) and f"<td>+{more}</td>" in asked.summary.html()
    changes_alone = engine.screen(campaign, audience(), keep=["id"], help=0).summary.help
    assert changes_alone == cts.screening.Help(help.changes, ())
    # Where all rows are as good as they can be.
    clear = engine.screen(sale, audience().slice(1, 1), keep=["id"], help=0).summary
    assert clear.help == ((), ()) and "no change" in clear.html()


def test_tables_that_differ(engine: cts.Engine, sale: Dict[str, Any]) -> None:
    table = audience().select(["recipient.phone", "recipient.opted_out"])
    for other in (
        table.rename_columns(["recipient.opted_out", "recipient.phone"]),
        table.drop_columns(["recipient.opted_out"]),
        table.append_column("recipient.opt_in", pa.array(["given"] * 6)),
        table.set_column(1, "recipient.opted_out", pa.array([1] * 6)),
    ):
        with pytest.raises(cts.ScreenError) as caught:
            list(engine.screen(sale, [table, other]))
        assert caught.value.code == "python/other-columns" and "at place 1" in caught.value.message
    # Whether a column may be null does not count.
    strict = pa.Table.from_arrays(table.columns, schema=pa.schema([field.with_nullable(False) for field in table.schema]))
    assert engine.screen(sale, [strict, table, strict]).summary.rows == 18


class Mine(Exception):
    pass


@pytest.mark.parametrize("threads", [1, 2])
def test_what_the_callers_iterator_raises_comes_out_as_itself(engine: cts.Engine, sale: Dict[str, Any], tmp_path: Path, threads: int) -> None:
    def broken() -> Iterator[Any]:
        yield audience()
        yield audience()
        raise Mine("the database\0 went away")

    def screening() -> cts.Screening:
        return engine.screen(sale, broken(), keep=["id"], threads=threads)

    with pytest.raises(Mine):
        _ = screening().summary
    with pytest.raises(Mine):
        screening().write(tmp_path / "out.csv")
    seen = []
    with pytest.raises(Mine):
        for batch in screening():
            seen.append(len(batch))
    assert seen == [6, 6]
    # Arrow's stream has nothing but a text for errors.
    with pytest.raises(Exception, match="Mine: the database"):
        pa.table(screening())
    failed = screening()
    for _ in range(2):
        with pytest.raises(Mine):
            _ = failed.summary
    assert failed.rows == 12

    def at_once() -> Iterator[Any]:
        raise Mine
        yield

    with pytest.raises(Mine):
        engine.screen(sale, at_once(), keep=["id"])
    with pytest.raises(Mine):
        engine.screen(sale, Broken(), keep=["id"])


class Broken:
    def __arrow_c_stream__(self, requested_schema: Optional[object] = None) -> object:
        raise Mine


def test_capsules_that_are_none(engine: cts.Engine, sale: Dict[str, Any]) -> None:
    class Wrong:
        def __init__(self, given: object) -> None:
            self.given = given

        def __arrow_c_stream__(self, requested_schema: Optional[object] = None) -> object:
            return self.given

    for given in (None, 5, audience().schema.__arrow_c_schema__()):
        with pytest.raises((TypeError, ValueError)):
            engine.screen(sale, Wrong(given), keep=["id"])
    taken = audience().__arrow_c_stream__()
    assert pa.table(Wrong(taken)).num_rows == 6
    assert "released" in refused(engine, sale, Wrong(taken), keep=["id"]).message


def test_the_audience_may_not_ask_the_screening(engine: cts.Engine, sale: Dict[str, Any]) -> None:
    def asks() -> Iterator[Any]:
        yield audience()
        assert screening.rows == 6 and "6 rows" in repr(screening)  # these do not wait
        yield audience() if screening.summary else None

    screening = engine.screen(sale, asks(), keep=["id"])
    with pytest.raises(cts.ScreenError) as caught:
        _ = screening.summary
    assert caught.value.code == "python/at-work"


def test_an_audience_may_screen_another(engine: cts.Engine, sale: Dict[str, Any]) -> None:
    """What its code calls lets go of the interpreter's lock before it pulls the rows, on the thread on which the outer screening waits."""
    polars = pytest.importorskip("polars")
    people = polars.DataFrame({"id": [1, 2, 3], "recipient.opted_out": [True, False, True]})
    inner: List[cts.Screening] = []

    def tables() -> Iterator[Any]:
        for part in (people[:1], people[1:]):
            inner.append(engine.screen(sale, iter([part]), keep=["id"]))
            yield part.filter(polars.DataFrame(inner[-1])["verdict"] == "deny")

    assert engine.screen(sale, tables(), keep=["id"]).summary.rows == 2
    assert [screening.summary.rows for screening in inner] == [1, 2]


def test_a_screening_has_no_truth_value(engine: cts.Engine, sale: Dict[str, Any]) -> None:
    screening = engine.screen(sale, audience(), keep=["id"])
    with pytest.raises(TypeError, match="summary.worst"):
        bool(screening)
    assert repr(screening) == "<Screening, 0 rows judged so far: id, verdict, rules, missing>"
    with pytest.raises(TypeError):
        cts.Screening()
    with pytest.raises(TypeError):
        cts.Summary()
