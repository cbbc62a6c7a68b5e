//! One value means one thing, by whatever way it comes: `ways/values.toml` says what.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot be set up should fail"
)]

use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Date64Array, Float64Array, Int64Array, NullArray,
    RecordBatch, RecordBatchReader, StringArray, TimestampSecondArray,
};
use arrow_schema::{Field, Schema as ArrowSchema};
use cleartosend::directory::import::{About, from_csv};
use cleartosend::screen::Texts;
use cleartosend::{Directory, Engine, Facts, PackFile, Period, ScreenOptions, Timestamp};
use cleartosend_account::Book;
use cleartosend_audience::{Format, ReadOptions, Separator, Source, Writer, read};
use serde::Deserialize;

const SENT: &str = "2026-03-02T15:00:00Z";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    recipient: Vec<Recipient>,
    account: Vec<Account>,
    directory: Vec<Listed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Recipient {
    attribute: String,
    json: String,
    document: String,
    cell: Cell,
    column: Option<Typed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cell {
    text: String,
    is: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    #[serde(rename = "type")]
    ty: String,
    value: Option<i64>,
    is: String,
    /// What a frame of Python comes to, where that is another; its own tests read it.
    #[serde(default, rename = "frame")]
    _frame: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Account {
    json: String,
    document: String,
    state: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    member: String,
    json: String,
    text: String,
    is: String,
    table: Option<String>,
}

fn table() -> Table {
    toml::from_str(include_str!("../ways/values.toml")).expect("the table")
}

/// Rules that tell what an attribute is: `given` where it has a value, `expected` where it has that
/// one. Of one that may not be absent, which is the case for booleans here, `given` is open where
/// it is unknown.
fn engine(attribute: &str, expected: Option<&str>, is_unknown: bool) -> Engine {
    let given =
        if is_unknown { format!("{attribute} == true") } else { format!("has({attribute})") };
    let expected = expected.map(|value| format!("has({attribute}) && {attribute} == {value}"));
    engine_of("", &given, expected.as_deref())
}

/// With attributes of its own, as a manifest has them.
fn engine_of(attributes: &str, given: &str, expected: Option<&str>) -> Engine {
    let manifest = "name = \"ways\"\nversion = \"1.0.0\"\nrequires = \">=1.0\"\ntitle = \"What a value is\"\npublished = 2026-01-01\n\
                    [sources.source]\ntitle = \"The source\"\nurl = \"https://source.example/\"\nretrieved = 2026-01-01\nconfidence = \"official\"\n";
    let rule = |id: &str, forbids: &str| {
        format!(
            "[[rule]]\nid = \"consent.{id}\"\ntopic = \"consent\"\ntitle = \"A value\"\nforbids = \
             '{forbids}'\nverdict = \"deny\"\nfrom = 2020-01-01\nsource = {{ id = \"source\", \
             section = \"all\" }}\nmessage = \"a value\"\nadvice = \"None.\"\nexposure = []\n"
        )
    };
    let mut rules = rule("given", given);
    if let Some(expected) = expected {
        rules.push_str(&rule("expected", expected));
    }
    let file = |path: &str, text: String| PackFile {
        path: path.to_owned(),
        bytes: Cow::Owned(text.into_bytes()),
    };
    let files = vec![
        file("pack.toml", manifest.to_owned() + attributes),
        file("rules/consent.toml", rules),
    ];
    Engine::builder()
        .without_built_in()
        .pack("ways", files)
        .build()
        .unwrap_or_else(|problem| panic!("{given}: {problem}"))
}

/// What comes of a value: as the table says it, but for `same` and `bad`.
fn outcome(rules: &[String], missing: &[String], expected: Option<&str>) -> String {
    let has = |id: &str| rules.iter().any(|rule| rule == id);
    match (
        has("input.bad-value"),
        missing.is_empty(),
        has("consent.given"),
        has("consent.expected"),
    ) {
        (true, ..) => "bad".to_owned(),
        (false, false, ..) => "unknown".to_owned(),
        (false, true, true, true) => expected.unwrap_or("?").to_owned(),
        (false, true, true, false) => "another value".to_owned(),
        (false, true, false, _) => "absent".to_owned(),
    }
}

fn by_document(engine: &Engine, document: &str, expected: Option<&str>) -> String {
    match engine.check_json(document.as_bytes()) {
        Err(problem) => problem.code().to_owned(),
        Ok(decision) => {
            let rules: Vec<String> =
                decision.findings().iter().map(|finding| finding.rule.to_string()).collect();
            let missing: Vec<String> = decision.missing().iter().map(ToString::to_string).collect();
            outcome(&rules, &missing, expected)
        }
    }
}

fn by_audience(
    engine: &Engine,
    audience: impl RecordBatchReader,
    texts: Texts,
    expected: Option<&str>,
) -> String {
    let campaign =
        Facts::from_json(engine.schema(), format!("{{\"send_at\": \"{SENT}\"}}").as_bytes())
            .unwrap();
    let screening = match engine.screen(&campaign, audience, &ScreenOptions::new().texts(texts)) {
        Ok(screening) => screening,
        Err(problem) => return problem.code().to_owned(),
    };
    let batches: Vec<RecordBatch> = screening.map(Result::unwrap).collect();
    assert_eq!(batches.iter().map(RecordBatch::num_rows).sum::<usize>(), 1, "one row");
    let list = |name: &str| -> Vec<String> {
        let cell = batches[0].column_by_name(name).expect("a column").as_list::<i32>().value(0);
        let words = cell.as_dictionary::<Int32Type>();
        let texts = words.values().as_string::<i32>();
        words
            .keys()
            .values()
            .iter()
            .map(|key| texts.value(usize::try_from(*key).unwrap()).to_owned())
            .collect()
    };
    outcome(&list("rules"), &list("missing"), expected)
}

fn by_file(
    engine: &Engine,
    bytes: Vec<u8>,
    format: Format,
    separator: Separator,
    expected: Option<&str>,
) -> String {
    let source = Source::Pipe(Box::new(std::io::Cursor::new(bytes)));
    let texts = if format.has_types() { Texts::OfTexts } else { Texts::OfAnything };
    match read(source, format, &ReadOptions::new().separator(separator)) {
        Ok(audience) => by_audience(engine, audience, texts, expected),
        Err(problem) => problem.code().to_owned(),
    }
}

fn written(name: &str, column: &ArrayRef, format: Format) -> Vec<u8> {
    let schema =
        Arc::new(ArrowSchema::new(vec![Field::new(name, column.data_type().clone(), true)]));
    let batch = RecordBatch::try_new(Arc::clone(&schema), vec![Arc::clone(column)]).unwrap();
    let mut writer = Writer::new(Vec::new(), format, Separator::Comma, &schema).unwrap();
    writer.write(&batch).unwrap();
    writer.finish().unwrap()
}

fn column(typed: &Typed) -> ArrayRef {
    let value = typed.value.unwrap_or_default();
    match typed.ty.as_str() {
        "null" => Arc::new(NullArray::new(1)),
        "bool" => Arc::new(BooleanArray::from(vec![value != 0])),
        "int64" => Arc::new(Int64Array::from(vec![value])),
        "float64" => Arc::new(Float64Array::from(vec![value as f64])),
        "date32" => Arc::new(Date32Array::from(vec![i32::try_from(value).unwrap()])),
        "date64" => Arc::new(Date64Array::from(vec![value])),
        "timestamp" => Arc::new(TimestampSecondArray::from(vec![value])),
        "timestamp-utc" => Arc::new(TimestampSecondArray::from(vec![value]).with_timezone("UTC")),
        "timestamp-madrid" => {
            Arc::new(TimestampSecondArray::from(vec![value]).with_timezone("Europe/Madrid"))
        }
        other => panic!("no column of type {other}"),
    }
}

const TYPED: [Format; 3] = [Format::Parquet, Format::Arrow, Format::ArrowStream];

#[test]
fn a_value_of_a_recipient_means_one_thing() {
    for Recipient { attribute, json, document, cell, column: typed } in table().recipient {
        let is_code = document.starts_with("facts/");
        let expected = (!is_code && !["absent", "unknown"].contains(&document.as_str()))
            .then_some(document.as_str());
        let engine = engine(&attribute, expected, document == "unknown");
        let name = attribute.strip_prefix("recipient.").expect("an attribute of a recipient");
        let whole = format!("{{\"send_at\": \"{SENT}\", \"recipient\": {{\"{name}\": {json}}}}}");
        assert_eq!(
            by_document(&engine, &whole, expected),
            document,
            "{attribute} = {json} in a document"
        );

        let as_row = |is: &str| match is {
            "same" => document.clone(),
            other => other.to_owned(),
        };
        let in_a_row = if is_code { "bad".to_owned() } else { document.clone() };
        for line in [
            format!("{{\"{attribute}\": {json}}}\n"),
            format!("{{\"recipient\": {{\"{name}\": {json}}}}}\n"),
        ] {
            let found = by_file(
                &engine,
                line.clone().into_bytes(),
                Format::Ndjson,
                Separator::Comma,
                expected,
            );
            assert_eq!(found, in_a_row, "{line}");
        }
        for (separator, mark) in [(Separator::Comma, ','), (Separator::Tab, '\t')] {
            let quoted = cell.text.replace('"', "\"\"");
            let table = format!("{attribute}{mark}recipient.user_id\n\"{quoted}\"{mark}\n");
            let found =
                by_file(&engine, table.clone().into_bytes(), Format::Csv, separator, expected);
            assert_eq!(found, as_row(&cell.is), "{table}");
        }
        for format in TYPED {
            // A text that a document takes, in a column of texts.
            if let (Some(expected), Ok(text)) = (expected, serde_json::from_str::<String>(&json)) {
                let texts: ArrayRef = Arc::new(StringArray::from(vec![text]));
                let found = by_file(
                    &engine,
                    written(&attribute, &texts, format),
                    format,
                    Separator::Comma,
                    Some(expected),
                );
                let is_text = !expected.starts_with("timestamp");
                let right = if is_text { expected } else { "screen/wrong-type" };
                assert_eq!(found, right, "{attribute} = {json} in {format}");
            }
            if let Some(typed) = &typed {
                let found = by_file(
                    &engine,
                    written(&attribute, &column(typed), format),
                    format,
                    Separator::Comma,
                    expected,
                );
                assert_eq!(found, as_row(&typed.is), "{attribute} as {} in {format}", typed.ty);
            }
        }
    }
}

#[test]
fn an_instant_of_a_pack_may_be_long_ago_but_none_that_stands_for_no_date() {
    let attribute = "[attributes.\"x.born\"]\ntype = \"timestamp\"\nscope = \"recipient\"\n\
                     title = \"When the recipient was born\"\n";
    let engine = engine_of(
        attribute,
        "x.born < timestamp(\"9999-12-31T00:00:00Z\")",
        Some("x.born < timestamp(\"1970-01-01T00:00:00Z\")"),
    );
    for (born, right) in [
        ("0001-01-01T00:00:00Z", "bad"),
        ("1900-01-01T23:59:59Z", "bad"),
        ("1900-01-02T00:00:00Z", "before 1970"),
        ("1955-05-01T12:30:00Z", "before 1970"),
        ("1969-12-31T23:59:59Z", "before 1970"),
        ("1970-01-01T00:00:00Z", "bad"),
        ("1970-01-01T23:59:59Z", "bad"),
        ("1970-01-02T00:00:00Z", "another value"),
        ("2004-05-01T00:00:00Z", "another value"),
        ("2250-05-01T00:00:00Z", "another value"),
    ] {
        let expected = Some("before 1970");
        let whole = format!("{{\"send_at\": \"{SENT}\", \"x\": {{\"born\": \"{born}\"}}}}");
        let in_a_document = if right == "bad" { "facts/no-instant" } else { right };
        assert_eq!(by_document(&engine, &whole, expected), in_a_document, "{born}");
        for (text, format) in [
            (format!("{{\"x.born\": \"{born}\"}}\n"), Format::Ndjson),
            (format!("x.born\n{born}\n"), Format::Csv),
        ] {
            let found = by_file(&engine, text.into_bytes(), format, Separator::Comma, expected);
            assert_eq!(found, right, "{born} in {format}");
        }
        let seconds = Timestamp::parse(born).unwrap().seconds();
        let typed: ArrayRef =
            Arc::new(TimestampSecondArray::from(vec![seconds]).with_timezone("UTC"));
        for format in [Format::Arrow, Format::ArrowStream] {
            let bytes = written("x.born", &typed, format);
            let found = by_file(&engine, bytes, format, Separator::Comma, expected);
            assert_eq!(found, right, "{born} as a timestamp in {format}");
        }
    }
}

#[test]
fn a_member_of_an_account_means_one_thing() {
    let engine = Engine::built_in().unwrap();
    for Account { json, document, state } in table().account {
        let whole = format!("{{\"send_at\": \"{SENT}\", \"account\": {json}}}");
        let found = Facts::from_json(engine.schema(), whole.as_bytes())
            .map_or_else(|problem| problem.code().to_owned(), |_| "good".to_owned());
        assert_eq!(found, document, "{json} in a document");
        let whole = format!("{{\"account\": {json}}}");
        let found = Book::from_json(whole.as_bytes())
            .map_or_else(|problem| problem.code().to_owned(), |_| "good".to_owned());
        assert_eq!(found, state, "{json} in a state");
    }
}

#[test]
fn a_member_of_a_provider_means_one_thing() {
    for Listed { member, json, text, is, table } in table().directory {
        let own = if member == "name" { String::new() } else { "\"name\": \"Acme\", ".to_owned() };
        let period = if member == "listed" { "" } else { ", \"listed\": []" };
        let whole = format!(
            "{{\"source\": \"s\", \"retrieved_at\": \"2026-03-01T00:00:00Z\", \"complete\": true, \
             \"covers\": {{\"from\": \"2026-03-01\", \"until\": null}}, \"providers\": [{{\"id\": \
             \"1\", {own}\"{member}\": {json}{period}}}]}}"
        );
        let found = Directory::from_json(whole.as_bytes())
            .map_or_else(|problem| problem.code().to_owned(), |_| "good".to_owned());
        assert_eq!(found, is, "{member} = {json} in a directory file");

        let heading = if member == "listed" { "listed_from" } else { &member };
        let (names, name) = if member == "name" { ("", "") } else { (",name", ",Acme") };
        let rows = format!("id,{heading}{names}\n1,{text}{name}\n");
        let retrieved_at = Timestamp::parse("2026-03-01T00:00:00Z").unwrap();
        let covers = Period { from: retrieved_at, until: None };
        let found = match from_csv(
            rows.as_bytes(),
            About { source: "s".to_owned(), retrieved_at, complete: true, covers },
        ) {
            Ok(_) => "good".to_owned(),
            Err(problems) => problems.problems[0].error.code().to_owned(),
        };
        assert_eq!(found, table.unwrap_or(is), "{member} = {text} in a table");
    }
}

#[test]
fn a_member_that_is_repeated_is_refused_by_every_reader_of_json() {
    let engine = Engine::built_in().unwrap();
    let document = format!(
        "{{\"send_at\": \"{SENT}\", \"recipient\": {{\"opted_out\": true}}, \"recipient\": {{}}}}"
    );
    assert_eq!(engine.check_json(document.as_bytes()).unwrap_err().code(), "facts/repeated-member");
    for line in [
        "{\"recipient\": {\"opted_out\": true}, \"recipient\": {\"phone\": null}}\n",
        "{\"recipient.opted_out\": true, \"recipient.opted_out\": false}\n",
        "{\"recipient\": {\"opted_out\": true, \"opted_out\": false}}\n",
        "{\"recipient\": {\"opted_out\": true}, \"recipient.opted_out\": false}\n",
    ] {
        assert_eq!(
            by_file(&engine, line.as_bytes().to_vec(), Format::Ndjson, Separator::Comma, None),
            "audience/repeated-member",
            "{line}"
        );
    }
    let mut state = Book::new();
    let webhook = br#"{"object": "whatsapp_business_account", "entry": [{"id": "1", "time": 1772460000, "changes": [
        {"field": "account_update", "value": {"event": "ACCOUNT_RESTORED"}}], "id": "2"}]}"#;
    let refused = state.apply(webhook).unwrap_err();
    assert_eq!((refused.code(), refused.path()), ("account/repeated-member", "entry[0].id"));
    assert!(state.is_empty());
    let twice = br#"{"source": "s", "source": "t"}"#;
    assert_eq!(Directory::from_json(twice).unwrap_err().code(), "directory/repeated-member");
}

#[test]
fn an_answer_that_nests_deep_leaves_the_state_readable() {
    let deep = |levels: usize| {
        format!(
            "{{\"id\": \"1\", \"name\": \"n\", \"x\": {}{}}}",
            "[".repeat(levels),
            "]".repeat(levels)
        )
    };
    let at = Timestamp::parse(SENT).unwrap();
    let mut state = Book::new();
    assert_eq!(
        state.apply_read_at(deep(100).as_bytes(), at).unwrap_err().code(),
        "account/too-deep"
    );
    for levels in [20, 90, 98, 99] {
        if state.apply_read_at(deep(levels).as_bytes(), at).is_ok() {
            assert!(Book::from_json(state.to_json().as_bytes()).is_ok(), "{levels} levels");
        }
    }
}
