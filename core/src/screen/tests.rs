use std::num::NonZeroUsize;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int32Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, DictionaryArray, FixedSizeBinaryArray, FixedSizeListArray,
    Int32Array, Int64Array, NullArray, RecordBatch, RecordBatchIterator, RecordBatchOptions,
    RunArray, StringArray, TimestampMillisecondArray,
};
use arrow_schema::{DataType, Field};

use super::*;
use crate::engine::Engine;
use crate::facts::Facts;
use crate::limits;

const CAMPAIGN: &str = r#"{"send_at": "2026-03-02T15:00:00Z",
    "provider": {"id": null, "name": "Hubtype", "domain": "hubtype.com", "role": "self", "app_review": "passed", "claims_official": true},
    "intermediaries": [], "access": {"route": "cloud_api", "endpoint": null, "clients": []},
    "account": {"id": "1", "name": "A shop", "country": "ES", "review": "approved", "verification": "verified", "display_name": "approved",
        "quality": "green", "daily_limit": 10000, "approved_use_cases": ["marketing"], "restrictions": [], "violations": [],
        "feedback": {"delivered_7d": 5000, "blocks_7d": 12, "reports_7d": 3}},
    "campaign": {"id": "2", "name": "March", "use_case": "marketing", "initiated_by": "business", "content": "template",
        "category": "marketing", "template": {"name": "march", "status": "approved", "quality": "green"}, "vertical": "retail",
        "audience_size": 8000, "offers_opt_out": true, "automated": true, "human_handoff": true, "general_purpose_ai": false, "requests": []}}"#;

fn audience(columns: Vec<(&str, ArrayRef)>) -> impl RecordBatchReader {
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, column)| (name, column, true)),
    )
    .unwrap();
    let schema = batch.schema();
    RecordBatchIterator::new([Ok(batch)], schema)
}

fn answers(batch: &RecordBatch) -> Vec<(String, Vec<String>, Vec<String>)> {
    let column = |name: &str| batch.column_by_name(name).unwrap();
    let verdicts =
        column("verdict").as_dictionary::<Int8Type>().downcast_dict::<StringArray>().unwrap();
    let list = |name: &str, row: usize| -> Vec<String> {
        let items = column(name).as_list::<i32>().value(row);
        let items = items.as_dictionary::<Int32Type>().downcast_dict::<StringArray>().unwrap();
        items.into_iter().map(|item| item.unwrap().to_owned()).collect()
    };
    let rows = verdicts.into_iter().enumerate();
    rows.map(|(row, verdict)| {
        (verdict.unwrap().to_owned(), list("rules", row), list("missing", row))
    })
    .collect()
}

fn some_recipients() -> Vec<(&'static str, ArrayRef)> {
    let opt_in: DictionaryArray<Int32Type> =
        ["given", "given", "none", "given"].into_iter().collect();
    vec![
        ("id", Arc::new(Int64Array::from(vec![11, 12, 13, 14]))),
        (
            "recipient.phone",
            Arc::new(StringArray::from(vec![
                "+34600000000",
                "+12125550123",
                "+34600000001",
                "34-600",
            ])),
        ),
        ("recipient.opt_in", Arc::new(opt_in)),
        (
            "recipient.opt_in_at",
            Arc::new(
                TimestampMillisecondArray::from(vec![Some(1_700_000_000_000), None, None, Some(0)])
                    .with_timezone("UTC"),
            ),
        ),
        (
            "recipient.opted_out",
            Arc::new(BooleanArray::from(vec![Some(false), Some(false), Some(true), None])),
        ),
        (
            "recipient.last_inbound_at",
            Arc::new(
                TimestampMillisecondArray::from(vec![None, None, None, Some(1_700_000_000_000)])
                    .with_timezone("UTC"),
            ),
        ),
        ("recipient.marketing_received_24h", Arc::new(Int64Array::from(vec![0, 0, 1, 2]))),
    ]
}

#[test]
fn each_row_says_what_a_check_of_it_says() {
    let engine = Engine::built_in().unwrap();
    let campaign = Facts::from_json(engine.schema(), CAMPAIGN.as_bytes()).unwrap();
    let options = ScreenOptions::new().keep("id");
    let mut screening = engine.screen(&campaign, audience(some_recipients()), &options).unwrap();
    let batch = screening.next().unwrap().unwrap();
    let answers = answers(&batch);
    let recipients = [
        r#"{"phone": "+34600000000", "opt_in": "given", "opt_in_at": "2023-11-14T22:13:20Z", "opted_out": false, "last_inbound_at": null, "marketing_received_24h": 0}"#,
        r#"{"phone": "+12125550123", "opt_in": "given", "opt_in_at": null, "opted_out": false, "last_inbound_at": null, "marketing_received_24h": 0}"#,
        r#"{"phone": "+34600000001", "opt_in": "none", "opt_in_at": null, "opted_out": true, "last_inbound_at": null, "marketing_received_24h": 1}"#,
    ];
    for (recipient, answers) in recipients.iter().zip(&answers) {
        let document =
            format!("{}, \"recipient\": {recipient}}}", CAMPAIGN.strip_suffix('}').unwrap());
        let decision = engine.check_json(document.as_bytes()).unwrap();
        let rules: Vec<String> =
            decision.findings().iter().map(|finding| finding.rule.to_string()).collect();
        let missing: Vec<String> = decision.missing().iter().map(ToString::to_string).collect();
        assert_eq!(*answers, (decision.verdict().name().to_owned(), rules, missing), "{recipient}");
    }
    assert!(
        answers[3].1.contains(&"input.bad-value".to_owned()) && answers[3].0 != "allow",
        "{:?}",
        answers[3]
    );
    let summary = screening.summary();
    assert_eq!((summary.rows, summary.bad_rows), (4, Some(1)));
    let bad = &summary.bad_values.unwrap()[0];
    assert_eq!((bad.row, &*bad.column), (3, "recipient.phone"));
    assert_eq!(batch.column(0).len(), 4);
}

#[test]
fn a_text_that_its_attribute_cannot_hold_is_a_bad_value_whatever_the_type() {
    let engine = Engine::built_in().unwrap();
    let campaign = Facts::from_json(engine.schema(), CAMPAIGN.as_bytes()).unwrap();
    let good = [
        ("recipient.phone", "+34600000000"),
        ("recipient.country", "ES"),
        ("recipient.opt_in", "given"),
        ("recipient.opt_in_at", "2025-06-14T09:30:00Z"),
        ("recipient.opted_out", "false"),
    ];
    for bad in 0..good.len() {
        let texts = |(place, (name, good)): (usize, &(&'static str, &str))| {
            let column: ArrayRef = Arc::new(StringArray::from(vec![
                *good,
                if place == bad { "maybe" } else { *good },
                *good,
            ]));
            (*name, column)
        };
        let columns = good.iter().enumerate().map(texts).collect();
        let mut screening = engine
            .screen(&campaign, audience(columns), &ScreenOptions::new().texts(Texts::OfAnything))
            .unwrap();
        let answers = answers(&screening.next().unwrap().unwrap());
        let is_bad: Vec<bool> = answers
            .iter()
            .map(|(_, rules, _)| rules.iter().any(|rule| rule == "input.bad-value"))
            .collect();
        assert_eq!(is_bad, [false, true, false], "{}", good[bad].0);
        assert_ne!(answers[1].0, "allow", "{}", good[bad].0);
        assert_eq!(screening.summary().bad_values.unwrap()[0].row, 1);
    }
}

#[test]
fn an_audience_that_cannot_be_read_is_refused_before_its_first_row() {
    let engine = Engine::built_in().unwrap();
    let campaign = Facts::from_json(engine.schema(), CAMPAIGN.as_bytes()).unwrap();
    let refused = |columns: Vec<(&str, ArrayRef)>, options: &ScreenOptions| {
        let problem = engine.screen(&campaign, audience(columns), options).err().unwrap();
        (problem.code(), problem.to_string())
    };
    let numbers = || -> ArrayRef { Arc::new(Int64Array::from(vec![1])) };
    let none = ScreenOptions::new();
    assert_eq!(
        refused(vec![("recipient.phon", numbers())], &none),
        (
            "screen/unknown-column",
            "`recipient.phon`: no attribute of a recipient, and not among the columns to keep or \
             to ignore; did you mean `recipient.phone`?"
                .into()
        )
    );
    let (_, all) = refused(vec![("Phone", numbers()), ("recipient.opt_inn", numbers())], &none);
    assert_eq!(
        all,
        "`Phone`: no attribute of a recipient, and not among the columns to keep or to ignore; nor \
         is `recipient.opt_inn`; did you mean `recipient.opt_in`?"
    );
    // What follows from other facts is not proposed.
    let (_, derived) = refused(vec![("recipient.local_hou", numbers())], &none);
    assert!(!derived.contains("local_hour"), "{derived}");
    assert_eq!(refused(vec![("recipient.phone", numbers())], &none).0, "screen/wrong-type");
    assert_eq!(
        refused(vec![("recipient.local_hour", numbers())], &none).0,
        "screen/derived-column"
    );
    assert_eq!(
        refused(vec![("id", numbers())], &ScreenOptions::new().keep("ids")).0,
        "screen/missing-column"
    );
    assert_eq!(
        refused(vec![("n", numbers())], &ScreenOptions::new().name("n", "account.quality")).0,
        "screen/unknown-attribute"
    );
    assert_eq!(
        refused(vec![("verdict", numbers())], &ScreenOptions::new().keep("verdict")).0,
        "screen/reserved-name"
    );
    let twice = vec![("n", numbers()), ("recipient.marketing_received_24h", numbers())];
    assert_eq!(
        refused(twice, &ScreenOptions::new().name("n", "recipient.marketing_received_24h")).0,
        "screen/repeated-column"
    );
}

/// A batch of that many rows for which nobody had to have memory: its one column, or none.
fn free_of_charge(rows: usize, column: Option<(&str, ArrayRef)>) -> RecordBatch {
    let fields: Vec<Field> = column
        .iter()
        .map(|(name, column)| Field::new(*name, column.data_type().clone(), true))
        .collect();
    let columns = column.into_iter().map(|(_, column)| column).collect();
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(
        Arc::new(arrow_schema::Schema::new(fields)),
        columns,
        &options,
    )
    .unwrap()
}

/// Every kind of column whose length its sender need not pay for.
fn kinds_free_of_charge(rows: usize) -> Vec<RecordBatch> {
    let run = RunArray::<Int32Type>::try_new(
        &Int32Array::from(vec![i32::try_from(rows).unwrap_or(i32::MAX)]),
        &StringArray::from(vec!["given"]),
    );
    let no_items = FixedSizeListArray::try_new_with_length(
        Arc::new(Field::new("item", DataType::Int32, true)),
        0,
        Arc::new(Int32Array::from(Vec::<i32>::new())),
        None,
        rows,
    );
    let no_bytes = FixedSizeBinaryArray::try_new_with_len(
        0,
        arrow_buffer::Buffer::from(Vec::<u8>::new()),
        None,
        rows,
    );
    let mut kinds = vec![
        free_of_charge(rows, None),
        free_of_charge(rows, Some(("recipient.phone", Arc::new(NullArray::new(rows))))),
        free_of_charge(rows, Some(("id", Arc::new(no_items.unwrap())))),
        free_of_charge(rows, Some(("id", Arc::new(no_bytes.unwrap())))),
    ];
    if i32::try_from(rows).is_ok() {
        kinds.push(free_of_charge(rows, Some(("recipient.opt_in", Arc::new(run.unwrap())))));
    }
    kinds
}

#[test]
fn a_batch_whose_length_cost_nothing_is_cut() {
    const ROWS: usize = 2 * limits::SCREEN_BATCH_ROWS_MAX + 5;
    let engine = Engine::built_in().unwrap();
    let campaign = Facts::from_json(engine.schema(), CAMPAIGN.as_bytes()).unwrap();
    for batch in kinds_free_of_charge(ROWS) {
        let schema = batch.schema();
        let keep = schema.fields().iter().any(|field| field.name() == "id");
        let options = if keep { ScreenOptions::new().keep("id") } else { ScreenOptions::new() };
        for threads in [1, 3] {
            let options = options.clone().threads(NonZeroUsize::new(threads).unwrap());
            let reader = RecordBatchIterator::new([Ok(batch.clone())], Arc::clone(&schema));
            let mut screening = engine.screen(&campaign, reader, &options).unwrap();
            let pieces: Vec<RecordBatch> = screening.by_ref().map(Result::unwrap).collect();
            let rows: Vec<usize> = pieces.iter().map(RecordBatch::num_rows).collect();
            assert_eq!(
                rows,
                [limits::SCREEN_BATCH_ROWS_MAX, limits::SCREEN_BATCH_ROWS_MAX, 5],
                "{schema}"
            );
            assert_eq!(screening.summary().rows, ROWS as u64);
            assert_eq!(screening.summary().verdicts.allow, 0);
            // Each row has the result of that row alone.
            let one = RecordBatchIterator::new([Ok(batch.slice(7, 1))], Arc::clone(&schema));
            let one = engine.screen(&campaign, one, &options).unwrap().next().unwrap().unwrap();
            assert_eq!(answers(&pieces[2]), vec![answers(&one)[0].clone(); 5], "{schema}");
        }
    }
}

#[test]
fn an_audience_of_more_rows_than_people_is_refused_before_it_is_judged() {
    let engine = Engine::built_in().unwrap();
    let campaign = Facts::from_json(engine.schema(), CAMPAIGN.as_bytes()).unwrap();
    let kept = ScreenOptions::new().keep("id");
    let some = || free_of_charge(3, Some(("id", Arc::new(Int64Array::from(vec![1, 2, 3])))));
    for rows in [1 << 33, 1 << 36, 1 << 55] {
        for batch in kinds_free_of_charge(rows) {
            let schema = batch.schema();
            let options = if schema.fields().iter().any(|field| field.name() == "id") {
                kept.clone()
            } else {
                ScreenOptions::new()
            };
            let mut screening = engine
                .screen(&campaign, RecordBatchIterator::new([Ok(batch)], schema), &options)
                .unwrap();
            let problem = screening.next().unwrap().unwrap_err().to_string();
            assert!(
                problem.contains("screen/too-many-rows") && problem.contains(&rows.to_string()),
                "{problem}"
            );
            assert!(screening.next().is_none());
            assert_eq!(screening.summary().rows, 0);
        }
    }
    // A caller that knows better says so; batches before the one too many are judged.
    let schema = some().schema();
    let reader = RecordBatchIterator::new([Ok(some()), Ok(some()), Ok(some())], schema);
    let mut screening = engine.screen(&campaign, reader, &kept.rows_max(6)).unwrap();
    assert_eq!(screening.by_ref().take_while(Result::is_ok).count(), 2);
    assert_eq!(screening.summary().rows, 6);
}

/// An engine of one rule over typed columns.
fn engine_of(condition: &str) -> Engine {
    let types = [
        ("i", "int"),
        ("j", "int"),
        ("a", "timestamp"),
        ("b", "timestamp"),
        ("s", "string"),
        ("t", "string"),
        ("l", "list(string)"),
    ];
    let mut manifest = "name = 'p'\nversion = '1.0.0'\nrequires = '*'\ntitle = 't'\npublished = \
                        2026-01-01\n[sources.s]\ntitle = 't'\nurl = 'https://example.com'\nretrieved \
                        = 2026-01-01\nconfidence = 'official'\n"
        .to_owned();
    for (name, ty) in types {
        manifest.push_str(&format!(
            "[attributes.'x.{name}']\ntype = '{ty}'\nscope = 'recipient'\ntitle = 't'\n"
        ));
    }
    let rule = format!(
        "[[rule]]\nid = 'data.r'\ntopic = 'data'\ntitle = 't'\nforbids = '''{condition}'''\nverdict = \
         'deny'\nsource = {{ id = 's' }}\nmessage = 'm'\nadvice = 'a'\nexposure = []\n"
    );
    let file = |path: &str, text: String| crate::pack::PackFile {
        path: path.to_owned(),
        bytes: text.into_bytes().into(),
    };
    let files = vec![file("pack.toml", manifest), file("rules/r.toml", rule)];
    Engine::builder().without_built_in().pack("p", files).build().unwrap()
}

/// What is not worked out row by row stays so: a screening would say the same, and take long.
#[test]
fn predicates_over_columns_are_worked_out_by_the_block() {
    let texts = || -> ArrayRef { Arc::new(StringArray::from(vec!["a", "b"])) };
    let instants = || -> ArrayRef {
        Arc::new(
            TimestampMillisecondArray::from(vec![1_800_000_000_000, 1_700_000_000_000])
                .with_timezone("UTC"),
        )
    };
    let mut lists =
        arrow_array::builder::ListBuilder::new(arrow_array::builder::StringBuilder::new());
    lists.append_value([Some("a"), Some("b")]);
    lists.append_value([Some("c")]);
    let batch = RecordBatch::try_from_iter([
        ("x.i", Arc::new(Int64Array::from(vec![1, 2])) as ArrayRef),
        ("x.j", Arc::new(Int32Array::from(vec![2, 1])) as ArrayRef),
        ("x.a", instants()),
        ("x.b", instants()),
        ("x.s", texts()),
        ("x.t", texts()),
        ("x.l", Arc::new(lists.finish()) as ArrayRef),
        ("recipient.country", Arc::new(StringArray::from(vec!["ES", "BR"])) as ArrayRef),
    ])
    .unwrap();
    let by_block = |condition: &str| {
        let engine = engine_of(condition);
        let campaign = engine.facts(crate::time::Timestamp::parse("2026-03-02T15:00:00Z").unwrap());
        let screener = engine.screener(&campaign, batch.schema(), &ScreenOptions::new()).unwrap();
        let plan = &screener.team.plan;
        let kernel = kernel::Kernel::new(Vectors::Best);
        plan.axes.iter().any(|axis| match &axis.source {
            axis::Source::Predicate { expression: Some(expression), .. } => {
                let placed = placed::Placed::default();
                let inputs = calculate::Inputs::default();
                let (base, bound, batch) = (&plan.base, &plan.bound, &batch);
                let rows = placed::PlacedRows { placed: &placed, base, bound, batch };
                calculate::Calculation::new(expression, rows, kernel, &inputs).is_some()
            }
            _ => false,
        })
    };
    for condition in [
        "x.i < x.j",
        "x.i * 2 - x.j > 3",
        "x.a > x.b",
        "x.a - x.b < duration(\"24h\")",
        "x.a + duration(\"1h\") <= x.b",
        "x.s == x.t",
        "x.s.startsWith(\"camp\")",
        "size(x.s) > x.i",
        "x.l.exists(e, e.startsWith(\"a\"))",
        "(x.i > x.j ? x.s : x.t) in [\"a\", \"b\"]",
        "send_at - x.a > duration(\"1h\") && x.i == x.j || x.s < x.t",
        "x.a.getHours() > x.i",
        "x.a.getMonth() != x.b.getMonth()",
        "x.s.lowerAscii().trim() == x.t",
        "double(x.i) / 2.0 > double(x.j)",
        "x.a.getHours(\"Europe/Madrid\") > x.i",
        "x.a.getDayOfWeek(\"+05:30\") in [0, 6]",
        "(x.a - x.b).getHours() > x.i",
        "int(double(x.i) / 2.0) > x.j",
        "int(x.a) > x.i",
        "size(x.l) > 1",
        "recipient.country == \"BR\" && x.i > x.j",
        "x.s < x.t || !(recipient.country in [\"ES\", \"PT\"])",
        "string(x.i) == x.s",
        "x.s + x.t == \"ab\"",
    ] {
        assert!(by_block(condition), "{condition}");
    }
    for condition in ["int(x.s) == x.i", "x.l[0] == x.s"] {
        assert!(!by_block(condition), "{condition}");
    }
}

/// Tables without types have the results of tables with types.
#[test]
fn texts_that_stand_for_values_say_what_the_values_say() {
    let whole = |values: [Option<i64>; 3]| -> [ArrayRef; 2] {
        let texts = values.map(|value| value.map(|value| value.to_string()));
        [Arc::new(Int64Array::from(values.to_vec())), Arc::new(StringArray::from(texts.to_vec()))]
    };
    let instants = [Some(1_700_000_000_250), None, Some(1_600_000_000_000)];
    let texts = vec![Some("2023-11-14T22:13:20.25Z"), None, Some("2020-09-13T12:26:40Z")];
    let instants: [ArrayRef; 2] = [
        Arc::new(TimestampMillisecondArray::from(instants.to_vec()).with_timezone("UTC")),
        Arc::new(StringArray::from(texts)),
    ];
    let columns = [
        ("x.i", whole([Some(7), Some(-1), None])),
        ("x.j", whole([Some(0), Some(9_000_000_000), Some(5)])),
        ("x.a", instants),
    ];
    let of = |condition: &str, kind: usize, bad: Option<&str>| {
        let mut columns: Vec<(&str, ArrayRef)> =
            columns.iter().map(|(name, kinds)| (*name, Arc::clone(&kinds[kind]))).collect();
        if let Some(bad) = bad {
            columns[1].1 = Arc::new(StringArray::from(vec![Some("0"), Some(bad), Some("5")]));
        }
        let engine = engine_of(condition);
        let campaign = engine.facts(crate::time::Timestamp::parse("2026-03-02T15:00:00Z").unwrap());
        let options = ScreenOptions::new().texts(Texts::OfAnything).keep("x.j");
        let mut screening = engine.screen(&campaign, audience(columns), &options).unwrap();
        let batch = screening.next().unwrap().unwrap();
        // What is kept is kept as it was given.
        assert_eq!(batch.column(0).data_type() == &DataType::Utf8, kind == 1);
        (answers(&batch), screening.summary().bad_rows)
    };
    for condition in [
        "x.i > 3",
        "x.i * 2 > x.j",
        "x.a < timestamp(\"2000-01-01T00:00:00Z\")",
        "send_at - x.a > duration(\"1h\") || x.i == x.j",
    ] {
        assert_eq!(of(condition, 0, None), of(condition, 1, None), "{condition}");
        let (rows, bad) = of(condition, 1, Some("07"));
        assert_eq!(bad, Some(1), "{condition}");
        assert_eq!(
            (&rows[0], &rows[2]),
            (&of(condition, 0, None).0[0], &of(condition, 0, None).0[2])
        );
    }
}

/// Rows that a rule denies are denied, also where a column that was then not read holds what its
/// attribute cannot; of others that is found.
#[test]
fn verdicts_alone_are_those_of_the_whole_answer() {
    let engine = Engine::built_in().unwrap();
    let campaign = Facts::from_json(engine.schema(), CAMPAIGN.as_bytes()).unwrap();
    let verdicts = |columns: Vec<(&'static str, ArrayRef)>, options: &ScreenOptions| {
        let mut screening = engine.screen(&campaign, audience(columns), options).unwrap();
        let batch = screening.next().unwrap().unwrap();
        let verdicts = batch.column_by_name("verdict").unwrap().as_dictionary::<Int8Type>();
        (verdicts.keys().values().to_vec(), batch.num_columns())
    };
    let options = ScreenOptions::new().keep("id");
    let alone = options.clone().verdict_only().rules_by_status().with_rank();
    let (found, columns) = verdicts(some_recipients(), &alone);
    assert_eq!((&found, columns), (&verdicts(some_recipients(), &options).0, 3));
    // All denied, and all but one; a phone of each cannot be read.
    for spared in [None, Some(7)] {
        let mut opted_out = vec![true; 3000];
        spared.into_iter().for_each(|row| opted_out[row] = false);
        let phones = vec!["nobody's"; opted_out.len()];
        let columns = || -> Vec<(&'static str, ArrayRef)> {
            vec![
                ("recipient.opted_out", Arc::new(BooleanArray::from(opted_out.clone()))),
                ("recipient.phone", Arc::new(StringArray::from(phones.clone()))),
            ]
        };
        let whole = verdicts(columns(), &ScreenOptions::new()).0;
        assert_eq!(verdicts(columns(), &ScreenOptions::new().verdict_only()).0, whole);
        assert!(whole.iter().filter(|verdict| **verdict == 2).count() >= 2999);
    }
}

#[test]
fn a_rank_and_rules_by_their_status_on_request() {
    let engine = Engine::built_in().unwrap();
    let campaign = Facts::from_json(engine.schema(), CAMPAIGN.as_bytes()).unwrap();
    let rows = |options: &ScreenOptions| {
        let mut screening = engine.screen(&campaign, audience(some_recipients()), options).unwrap();
        screening.next().unwrap().unwrap()
    };
    let plain = rows(&ScreenOptions::new().keep("id"));
    let apart = rows(&ScreenOptions::new().keep("id").with_rank().rules_by_status());
    let names: Vec<String> =
        apart.schema().fields().iter().map(|field| field.name().clone()).collect();
    assert_eq!(names, ["id", "verdict", "rank", "violated", "undetermined", "missing"]);
    assert_eq!(apart.schema().field(1).dict_is_ordered(), Some(true));
    let verdicts = apart.column(1).as_dictionary::<Int8Type>();
    assert_eq!(verdicts.keys(), apart.column(2).as_primitive::<Int8Type>());
    let list = |batch: &RecordBatch, name: &str, row: usize| -> Vec<String> {
        let items = batch.column_by_name(name).unwrap().as_list::<i32>().value(row);
        let items = items.as_dictionary::<Int32Type>().downcast_dict::<StringArray>().unwrap();
        items.into_iter().map(|item| item.unwrap().to_owned()).collect()
    };
    for row in 0..plain.num_rows() {
        let mut both = list(&apart, "violated", row);
        both.extend(list(&apart, "undetermined", row));
        both.sort();
        let mut rules = list(&plain, "rules", row);
        rules.sort();
        assert_eq!(both, rules);
    }
    assert!(!list(&apart, "violated", 2).is_empty());
    let reserved = engine.screen(
        &campaign,
        audience(vec![("rank", Arc::new(BooleanArray::from(vec![true])))]),
        &ScreenOptions::new().keep("rank").with_rank(),
    );
    assert_eq!(reserved.err().unwrap().code(), "screen/reserved-name");
}
