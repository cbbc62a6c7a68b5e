"""Records: made, kept, read, verified, judged again, hidden and shown, as the command does it."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Dict, List

import pytest

import cleartosend as cts
from cleartosend import evidence
from cleartosend.evidence import Outcome

KEY = b"a key for these tests"


def recorded(engine: cts.Engine, document: Dict[str, Any]) -> Dict[str, Any]:
    found: Dict[str, Any] = engine.record(document).to_dict()
    return found


def reread(document: Dict[str, Any]) -> cts.Record:
    return cts.Record.from_json(json.dumps(document))


def refitted(document: Dict[str, Any]) -> cts.Record:
    """With the digest that fits, as whoever changes a record can make it."""
    (digest,) = reread(document).verify()
    return reread({**document, "digest": digest.expected})


def test_a_record_has_the_facts_after_merging_and_the_decision(root: Path, campaign: Dict[str, Any]) -> None:
    account = campaign.pop("account")
    engine = cts.Engine(base={"account": account})
    record = engine.record(campaign)
    decision = engine.check(campaign)
    document = record.to_dict()
    assert document["facts"]["account.quality"] == account["quality"]
    assert document["decision"] == decision.to_dict() and document["explanation"] is None
    assert document["rests_on"]["packs"] == [pack.digest for pack in decision.packs]
    assert record.verdict is cts.Verdict.DENY and record.send_at == decision.send_at
    assert record.digest == document["digest"] and record.digest.startswith("sha256:")
    assert not record.is_screening and record.mask_key is None
    assert repr(record) == f"<Record deny at {document['decision']['send_at']}>"
    assert record.verify() == ()
    # The same bytes whoever makes it.
    assert "\n" not in record.to_json() and cts.Record.from_json(record.to_json().encode()) == record


def test_the_command_reads_what_is_made_here(root: Path, campaign: Dict[str, Any], tmp_path: Path) -> None:
    log = tmp_path / "log.ndjson"
    engine = cts.Engine()
    for explain in (False, True):
        assert engine.record(campaign, explain=explain).append(log) == 0
    for command, says in (("verify", "2 verified"), ("replay", "2 same bytes")):
        ran = subprocess.run([sys.executable, "-m", "cleartosend", command, str(log)], capture_output=True, text=True)
        assert ran.returncode == 0 and says in ran.stdout, ran.stdout + ran.stderr
    subprocess.run([sys.executable, "-m", "cleartosend", "check", "examples/spring-sale.json", "--record", str(log)], cwd=root, capture_output=True)
    made_there = [line.record for line in evidence.Log(log)][-1]
    assert made_there == engine.record((root / "examples" / "spring-sale.json").read_bytes())


def test_options_are_those_of_a_check(engine: cts.Engine, campaign: Dict[str, Any]) -> None:
    at = "2026-03-05T10:00:00Z"
    recipient = campaign.pop("recipient")
    record = engine.record(campaign, recipient=recipient, at=at, explain=True)
    assert record.to_dict()["decision"] == engine.check(campaign, recipient=recipient, at=at).to_dict()
    explained = engine.explain({**campaign, "recipient": recipient}, at=at).to_dict()
    del explained["decision"]
    assert record.to_dict()["explanation"] == explained
    with pytest.raises(cts.FactsError):
        engine.record({"send_at": "today"})


def test_a_record_is_judged_again_and_says_what_changed(engine: cts.Engine, campaign: Dict[str, Any]) -> None:
    record = engine.record(campaign, explain=True)
    same = engine.replay(record)
    assert same == (Outcome.SAME_BYTES, None, (), (), None, None, (), (), (), None)
    both = cts.Engine(["messaging-law"])
    other = both.replay(engine.record(campaign))
    assert other.what in (Outcome.CHANGED, Outcome.SAME_VERDICT)
    assert any(text.startswith("pack messaging-law: none then, sha256:") for text in other.inputs)
    forged = record.to_dict()
    forged["decision"]["findings"] = forged["decision"]["findings"][1:]
    changed = engine.replay(reread(forged))
    assert changed.what is Outcome.CHANGED and (changed.from_, changed.to) == (cts.Verdict.DENY, cts.Verdict.DENY)
    assert changed.rules[0].from_ is None and changed.rules[0].to is not None
    forged = record.to_dict()
    forged["digest"] = "sha256:" + "0" * 64
    differs = engine.replay(reread(forged))
    assert differs.what is Outcome.DIFFERS and differs.contradictions[0].member == "digest"
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(differs.what)


def test_what_a_record_contradicts_itself_in_is_named(engine: cts.Engine, campaign: Dict[str, Any]) -> None:
    forged = recorded(engine, campaign)
    forged["facts"]["account.quality"] = "green"
    found = reread(forged).verify()
    assert {of.member for of in found} == {"digest", "decision.digest"}
    assert all(of.found != of.expected for of in found)
    forged["decision"]["verdict"] = "maybe"
    with pytest.raises(cts.RecordError) as raised:
        reread(forged).verdict
    assert raised.value.code == "record/member" and raised.value.at == "decision.verdict"
    forged["decision"]["send_at"] = "soon"
    with pytest.raises(cts.RecordError, match="decision.send_at"):
        reread(forged).send_at


def test_what_is_no_record_is_refused(engine: cts.Engine, campaign: Dict[str, Any]) -> None:
    document = recorded(engine, campaign)
    for change, code in (
        ({"record": 2}, "record/unknown-version"),
        ({"fact": {}}, "record/unknown-member"),
        ({"facts": []}, "record/member"),
    ):
        with pytest.raises(cts.RecordError) as raised:
            reread({**document, **change})
        assert raised.value.code == code
    with pytest.raises(cts.RecordError) as raised:
        cts.Record.from_json("{")
    assert raised.value.code == "record/not-json"


def test_records_are_values(engine: cts.Engine, campaign: Dict[str, Any]) -> None:
    one, same = engine.record(campaign), engine.record(campaign)
    other = engine.record(campaign, at="2026-04-01T00:00:00Z")
    assert one == same and hash(one) == hash(same) and one != other
    assert pickle.loads(pickle.dumps(one)) == one
    assert copy.copy(one) is one and copy.deepcopy(one) is one


def test_a_log_is_appended_to_by_all_threads_and_read_to_its_end(engine: cts.Engine, campaign: Dict[str, Any], tmp_path: Path) -> None:
    log = tmp_path / "log.ndjson"

    def work(part: int) -> None:
        for place in range(10):
            engine.record({**campaign, "send_at": f"2026-03-0{part}T10:00:{place:02}Z"}).append(log)

    threads = [threading.Thread(target=work, args=(part,)) for part in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = list(evidence.Log(log))
    assert [line.line for line in lines] == list(range(1, 41))
    assert all(line.error is None and line.record is not None and line.record.verify() == () for line in lines)
    assert len({line.record.send_at for line in lines if line.record}) == 40


def test_lines_that_are_no_records_are_named_and_the_rest_is_read(engine: cts.Engine, campaign: Dict[str, Any], tmp_path: Path) -> None:
    log = tmp_path / "log.ndjson"
    record = engine.record(campaign)
    log.write_text(f'{record.to_json()}\n{{"record": 7}}\nno record\n{record.to_json()}\n{{"record":1,"fa', encoding="utf-8")
    found = [(line.line, line.error.code if line.error else None) for line in evidence.Log(log)]
    assert found == [(1, None), (2, "record/unknown-version"), (3, "record/not-json"), (4, None), (5, "record/cut")]
    # What a crash cut off is taken away by the next record.
    assert record.append(log) == len('{"record":1,"fa')
    assert [line.line for line in evidence.Log(log) if line.record] == [1, 4, 5]
    with pytest.raises(FileNotFoundError):
        evidence.Log(tmp_path / "none.ndjson")
    table = tmp_path / "table.csv"
    table.write_text("id,phone", encoding="utf-8")
    with pytest.raises(OSError, match="not of a log of records"):
        record.append(table)
    assert table.read_text(encoding="utf-8") == "id,phone"
    with pytest.raises(OSError):
        record.append(tmp_path / "no-folder" / "log.ndjson")


def test_nothing_is_left_of_a_person_in_a_masked_record(engine: cts.Engine, campaign: Dict[str, Any], tmp_path: Path) -> None:
    mask = cts.Mask(KEY)
    number: str = campaign["recipient"]["phone"]
    plain, record = engine.record(campaign, explain=True), engine.record(campaign, explain=True, mask=mask)
    assert number[3:] in plain.to_json() and number[3:] not in record.to_json()
    assert record.mask_key == mask.name and record.verdict is plain.verdict
    assert record.is_about(number, mask=mask) and plain.is_about(number)
    assert not record.is_about(number) and not record.is_about(number, mask=cts.Mask(b"another key of tests"))
    assert record.verify() == () and engine.replay(record).what is Outcome.SAME_BYTES
    with pytest.raises(cts.RecordError) as raised:
        engine.record({**campaign, "campaign": {**campaign["campaign"], "name": f"to {number}"}}, mask=mask)
    assert raised.value.code == "record/name-elsewhere"
    with pytest.raises(cts.RecordError) as raised:
        cts.Mask(b"short")
    assert raised.value.code == "record/mask-key"
    key = tmp_path / "names.mask"
    key.write_text(f"cts-mask-key-1:{KEY.hex()}\n", encoding="utf-8")
    assert cts.Mask.load(key).name == mask.name and KEY.decode() not in repr(mask) and mask.name in repr(mask)
    key.write_text("a long line of text that is no key\n", encoding="utf-8")
    with pytest.raises(cts.RecordError, match="cts key mask"):
        cts.Mask.load(key)
    with pytest.raises(FileNotFoundError):
        cts.Mask.load(tmp_path / "none.mask")
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(mask)


def test_a_screening_is_recorded_with_its_files(root: Path, engine: cts.Engine, tmp_path: Path) -> None:
    audience, result = tmp_path / "audience.csv", tmp_path / "result.csv"
    audience.write_bytes((root / "examples" / "audience.csv").read_bytes())
    campaign = (root / "examples" / "campaign-only.json").read_bytes()

    def screen(**options: Any) -> cts.Screening:
        return engine.screen(campaign, audience, keep=["id", "name"], record=True, **options)

    screening = screen()
    summary = screening.write(result)
    record = screening.record()
    assert record.is_screening and repr(record).startswith("<Record of a screening, ")
    document = record.to_dict()["screening"]
    assert document["summary"] == summary.to_dict() and document["columns"][0] == {"name": "id", "type": "Utf8"}
    assert (document["audience"]["name"], document["audience"]["bytes"]) == ("audience.csv", audience.stat().st_size)
    assert document["output"]["name"] == "result.csv" and record.verify() == ()
    # The rows need not be taken, nor written.
    assert screen().record(mask=cts.Mask(KEY)).to_dict()["screening"]["output"] is None
    # The same as the command keeps it.
    log = tmp_path / "log.ndjson"
    line = ["screen", "examples/campaign-only.json", str(audience), "--keep", "id,name", "--output", str(result), "--record", str(log)]
    subprocess.run([sys.executable, "-m", "cleartosend", *line], cwd=root, capture_output=True)
    there = next(iter(evidence.Log(log))).record
    assert there is not None
    other = there.to_dict()["screening"]
    # The command also knows on which line of the file a row stands.
    assert other["summary"].pop("bad_values")[0]["line"] == document["summary"].pop("bad_values")[0]["row"] + 2
    assert other == document
    judged = subprocess.run([sys.executable, "-m", "cleartosend", "replay", str(log), "--files", str(tmp_path)], capture_output=True, text=True)
    assert "1 of screenings: same rows" in judged.stdout, judged.stdout
    renamed = tmp_path / "renamed.csv"
    renamed.write_text(audience.read_text(encoding="utf-8").replace("recipient.phone", "mobile"), encoding="utf-8")
    names = {"mobile": "recipient.phone"}
    engine.screen(campaign, renamed, keep=["id"], ignore=["name"], names=names, record=True).record().append(log)
    judged = subprocess.run([sys.executable, "-m", "cleartosend", "replay", str(log), "--files", str(tmp_path)], capture_output=True, text=True)
    assert "2 of screenings: same rows" in judged.stdout, judged.stdout
    log.write_text("", encoding="utf-8")
    there.append(log)
    again = screening.record()
    again.append(log)
    check = subprocess.run([sys.executable, "-m", "cleartosend", "verify", str(log), "--files", str(tmp_path)], capture_output=True, text=True)
    assert "2 verified" in check.stdout, check.stdout


def test_rows_of_a_screening_are_judged_again(root: Path, engine: cts.Engine, tmp_path: Path) -> None:
    audience = tmp_path / "audience.csv"
    audience.write_bytes((root / "examples" / "audience.csv").read_bytes())
    campaign = (root / "examples" / "campaign-only.json").read_bytes()
    record = engine.screen(campaign, audience, keep=["id", "name"], record=True).record()
    assert engine.replay(record).what is Outcome.NOT_JUDGED_AGAIN
    assert engine.replay(record, files=tmp_path).what is Outcome.SAME_ROWS
    forged = record.to_dict()
    forged["screening"]["summary"]["verdicts"].update(allow=6, deny=3)
    changed = engine.replay(refitted(forged), files=tmp_path)
    assert changed.what is Outcome.CHANGED and changed.rows[:2] == (("allow", 6, 5), ("deny", 3, 4)) and changed.rules == ()
    del forged["screening"]["read"]
    earlier = engine.replay(refitted(forged), files=tmp_path)
    assert earlier.reason is not None and "how its audience was read" in earlier.reason
    with audience.open("a", encoding="utf-8") as file:
        file.write("\n")
    other = engine.replay(record, files=tmp_path)
    assert other.what is Outcome.DIFFERS and other.contradictions[0].member == "screening.audience"
    audience.unlink()
    with pytest.raises(cts.RecordError) as raised:
        engine.replay(record, files=tmp_path)
    assert raised.value.code == "python/no-rows" and "audience.csv" in str(raised.value)


def test_a_screening_that_cannot_be_recorded_says_why(root: Path, engine: cts.Engine, tmp_path: Path) -> None:
    import pyarrow

    audience = tmp_path / "audience.csv"
    audience.write_bytes((root / "examples" / "audience.csv").read_bytes())
    campaign = (root / "examples" / "campaign-only.json").read_bytes()
    plain = engine.screen(campaign, audience, keep=["id", "name"])
    with pytest.raises(cts.RecordError) as raised:
        plain.record()
    assert raised.value.code == "python/not-recorded" and "record=True" in str(raised.value)
    with pytest.raises(cts.RecordError) as raised:
        engine.screen(campaign, pyarrow.table({"recipient.phone": ["+34600000000"]}), record=True)
    assert raised.value.code == "python/no-file"
    screening = engine.screen(campaign, audience, keep=["id", "name"], record=True)
    screening.summary
    with audience.open("a", encoding="utf-8") as file:
        file.write("\n")
    with pytest.raises(cts.RecordError) as raised:
        screening.record()
    assert raised.value.code == "python/changed-audience" and "audience.csv was changed" in str(raised.value)


def pages(engine: cts.Engine, campaign: Dict[str, Any], root: Path) -> List[str]:
    screening = engine.screen((root / "examples" / "campaign-only.json").read_bytes(), root / "examples" / "audience.csv", keep=["id", "name"])
    decision, explanation = engine.check(campaign), engine.explain(campaign)
    return [
        decision.to_html(lang="es"),
        explanation.to_html(lang="es"),
        engine.record(campaign).to_html(lang="es"),
        screening.report(lang="es"),
        screening.summary.to_html(lang="es"),
    ]


def test_pages_are_those_of_the_command(root: Path, engine: cts.Engine, campaign: Dict[str, Any], tmp_path: Path) -> None:
    for page in pages(engine, campaign, root):
        assert page.startswith("<!DOCTYPE html>") and '<html lang="es">' in page and "Informe de decisiones" in page
        assert "http-equiv" in page and "<script" not in page and page.endswith("</html>\n")
    hostile = {**campaign, "provider": {"name": "<script>alert(1)</script>", "role": "solution_partner"}}
    page = engine.record(hostile).to_html()
    assert "<script>" not in page and "&lt;script&gt;" in page
    assert "<svg" in engine.explain({**campaign, "recipient": {"phone": "+905321234567"}, "send_at": "2024-05-14T00:00:00Z"}).to_html()
    with pytest.raises(cts.Error) as raised:
        engine.check(campaign).to_html(lang="de")  # type: ignore[arg-type]
    assert raised.value.code == "python/unknown-language"


def test_one_page_of_many_documents(root: Path, engine: cts.Engine, campaign: Dict[str, Any]) -> None:
    decision, record = engine.check(campaign), engine.record(campaign)
    page = evidence.report({"the spring <sale>": decision, "its record": record})
    assert "the spring &lt;sale&gt;" in page and "2 documents" in page
    markdown = evidence.report([decision, record.to_json()], form="md", lang="pt", mask=cts.Mask(KEY))
    assert markdown.startswith("# Relatório de decisões") and campaign["recipient"]["phone"][3:] not in markdown
    with pytest.raises(cts.RecordError) as raised:
        evidence.report([decision], form="pdf")  # type: ignore[arg-type]
    assert raised.value.code == "python/unknown-form"
    with pytest.raises(cts.RecordError) as raised:
        evidence.report(["{}"])
    assert raised.value.code == "record/no-record"
    with pytest.raises(TypeError, match="found one text"):
        evidence.report("{}")
    with pytest.raises(TypeError, match="found a `int`"):
        evidence.report([1])  # type: ignore[list-item]


def test_the_lists_of_a_summary_are_tables(root: Path, engine: cts.Engine) -> None:
    import polars

    screening = engine.screen((root / "examples" / "campaign-only.json").read_bytes(), root / "examples" / "audience.csv", keep=["id", "name"], help=24)
    summary = screening.summary
    rules = summary.to_polars()
    assert rules.columns == ["pack", "rule", "status", "verdict", "rows", "alone", "waiver"]
    assert rules["rule"].to_list() == [rule.rule for rule in summary.rules]
    assert rules["rows"].to_list() == [rule.rows for rule in summary.rules]
    verdicts = summary.to_pandas("verdicts").set_index("verdict")["rows"]
    assert verdicts.to_dict() == summary.verdicts._asdict()
    assert summary.to_polars("missing").rows() == [tuple(member) for member in summary.missing]
    countries = summary.to_arrow("countries").to_pylist()
    assert [of["country"] for of in countries] == [of.country for of in summary.countries]
    assert [of["deny"] for of in countries] == [of.verdicts.deny for of in summary.countries]
    assert summary.to_polars("bad_values").rows() == [tuple(bad) for bad in summary.bad_values]
    assert summary.help is not None
    assert summary.to_polars("changes")["more"].to_list() == [of.more for of in summary.help.changes]
    hours = summary.to_polars("hours")
    assert hours["at"].to_list() == [of.at for of in summary.help.hours] and hours["more"].to_list() == [of.more for of in summary.help.hours]
    # What nobody asked for has no row, and its columns all the same.
    without = engine.screen((root / "examples" / "campaign-only.json").read_bytes(), polars.DataFrame({"recipient.phone": ["+34600000000"]}))
    assert without.summary.to_polars("hours").schema == hours.schema and without.summary.to_polars("hours").height == 0
    with pytest.raises(cts.ScreenError) as raised:
        summary.to_polars("rule")  # type: ignore[arg-type]
    assert raised.value.code == "python/unknown-table" and "`rules`" in str(raised.value)
