//! Summaries of parts of an audience come to that of the whole: for random audiences, however they
//! are cut and in whichever way the parts are put together. Those that rest on something else are
//! refused, and so is what is no summary.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a judge that cannot go on should stop the test"
)]

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Int64Array, RecordBatch, RecordBatchIterator, StringArray,
};
use cleartosend::screen::BadRow;
use cleartosend::{Engine, Facts, ScreenOptions, Summary};
use cleartosend_tests::oracle::harness::{seed, times};
use fastrand::Rng;

const AUDIENCES: usize = 6;
const ROWS_MAX: usize = 40;

const CAMPAIGN: &str = include_str!("../../../examples/campaign-only.json");

/// An exception for some rows, so that a rule is counted with it and without.
const WAIVER: &str = "[[waiver]]\nrule = \"whatsapp/consent.no-opt-in\"\nlower_to = \"review\"\n\
                      when = \"recipient.country == 'ES'\"\nreason = \"a list in migration\"\n\
                      by = \"counsel\"\nfrom = 2026-01-01\nuntil = 2026-07-01\n";

fn waiving() -> Engine {
    Engine::builder().waivers("mine", WAIVER.as_bytes()).build().unwrap()
}

fn audience(rng: &mut Rng, rows: usize) -> RecordBatch {
    let phones = ["+34600000001", "+14165550123", "+905321234567", "+5511987654321", "34 600"];
    let mut texts = |of: &[&'static str]| -> ArrayRef {
        let text = |_| (rng.u8(..6) > 0).then(|| of[rng.usize(..of.len())]);
        Arc::new((0..rows).map(text).collect::<StringArray>())
    };
    let (phone, opt_in) = (texts(&phones), texts(&["given", "none", "perhaps"]));
    let opted_out: BooleanArray = (0..rows).map(|_| Some(rng.u8(..4) == 0)).collect();
    let received: Int64Array = (0..rows).map(|_| Some(rng.i64(-1..3))).collect();
    RecordBatch::try_from_iter_with_nullable([
        ("recipient.phone", phone, true),
        ("recipient.opt_in", opt_in, true),
        ("recipient.opted_out", Arc::new(opted_out) as ArrayRef, true),
        ("recipient.marketing_received_24h", Arc::new(received) as ArrayRef, true),
    ])
    .unwrap()
}

fn screened(
    engine: &Engine,
    campaign: &str,
    rows: RecordBatch,
    options: &ScreenOptions,
) -> Summary {
    let facts = Facts::from_json(engine.schema(), campaign.as_bytes()).unwrap();
    let schema = rows.schema();
    let reader = RecordBatchIterator::new([Ok(rows)], schema);
    let mut screening = engine.screen(&facts, reader, options).unwrap();
    screening.by_ref().for_each(|batch| assert!(batch.is_ok()));
    screening.summary()
}

fn plainly(engine: &Engine, rows: &RecordBatch) -> Summary {
    screened(engine, CAMPAIGN, rows.clone(), &ScreenOptions::new())
}

fn joined(one: &Summary, later: &Summary) -> Summary {
    let mut joined = one.clone();
    joined.merge(later).unwrap();
    joined
}

/// Puts two neighbours together, any two, until one is left.
fn in_some_way(mut parts: Vec<Summary>, rng: &mut Rng) -> Summary {
    while parts.len() > 1 {
        let place = rng.usize(1..parts.len());
        let later = parts.remove(place);
        parts[place - 1].merge(&later).unwrap();
    }
    parts.remove(0)
}

/// All that does not depend on where a row stands.
fn counts(summary: &Summary) -> Summary {
    let mut counts = summary.clone();
    counts.bad_values = None;
    counts
}

#[test]
fn parts_come_to_the_whole() {
    let mut rng = Rng::with_seed(seed(20_261_129));
    let engines = [Engine::built_in().unwrap(), waiving()];
    for round in 0..AUDIENCES * times() {
        let engine = &engines[round % engines.len()];
        let rows = rng.usize(..=ROWS_MAX);
        let whole = audience(&mut rng, rows);
        // Parts of no rows are among them.
        let mut cuts: Vec<usize> = (0..rng.usize(1..5)).map(|_| rng.usize(..=rows)).collect();
        cuts.sort_unstable();
        let starts = [0].into_iter().chain(cuts.iter().copied());
        let ends = cuts.iter().copied().chain([rows]);
        let parts: Vec<Summary> = starts
            .zip(ends)
            .map(|(start, end)| plainly(engine, &whole.slice(start, end - start)))
            .collect();
        let wanted = plainly(engine, &whole);

        assert_eq!(in_some_way(parts.clone(), &mut rng), wanted, "round {round}");
        // JSON is how they travel.
        for part in parts.iter().chain([&wanted]) {
            let json = part.to_json();
            assert_eq!(&Summary::from_json(json.as_bytes()).unwrap(), part, "round {round}");
        }
        // In another order the counts are the same.
        let mut mixed = parts.clone();
        rng.shuffle(&mut mixed);
        assert_eq!(counts(&in_some_way(mixed, &mut rng)), counts(&wanted), "round {round}");
        let (one, other) = (&parts[0], &parts[1]);
        assert_eq!(counts(&joined(one, other)), counts(&joined(other, one)), "round {round}");
    }
}

#[test]
fn of_many_bad_values_the_first_are_reported() {
    let engine = Engine::built_in().unwrap();
    let part = |rows: usize| {
        let phones: StringArray = (0..rows).map(|_| Some("<b>")).collect();
        let column = ("recipient.phone", Arc::new(phones) as ArrayRef);
        plainly(&engine, &RecordBatch::try_from_iter([column]).unwrap())
    };
    let both = joined(&part(70), &part(70));
    assert_eq!(both, part(140));
    let values = both.bad_values.unwrap();
    assert_eq!((both.bad_rows, values.len()), (Some(140), 100));
    assert_eq!(values.last().map(|BadRow { row, .. }| *row), Some(99));
}

#[test]
fn what_rests_on_something_else_is_refused() {
    let mut rng = Rng::with_seed(5);
    let rows = audience(&mut rng, 10);
    let (engine, waiving) = (Engine::built_in().unwrap(), waiving());
    let law = Engine::builder().built_in_pack("messaging-law").build().unwrap();
    let mut summary = plainly(&engine, &rows);
    let before = summary.clone();

    let later = CAMPAIGN.replace("2026-03-02", "2026-03-03");
    assert_ne!(later, CAMPAIGN);
    let other = screened(&law, &later, rows.clone(), &ScreenOptions::new());
    let problem = summary.merge(&other).unwrap_err();
    assert_eq!(problem.code(), "screen/other-basis");
    let said = problem.to_string();
    assert!(said.contains("campaigns (sha256:") && said.contains("packs (whatsapp "), "{said}");
    assert!(said.contains("messaging-law") && !said.contains("directories"), "{said}");

    let problem = summary.merge(&plainly(&waiving, &rows)).unwrap_err();
    assert!(problem.message().starts_with("the summaries are of different waivers ("), "{problem}");

    // A part leaves out the changes that help none of its rows, so that sums would be too small.
    let helped = screened(&engine, CAMPAIGN, rows, &ScreenOptions::new().help(1));
    for problem in [
        summary.merge(&helped).unwrap_err(),
        helped.clone().merge(&summary).unwrap_err(),
        Summary::from_json(helped.to_json().as_bytes()).unwrap_err(),
    ] {
        assert_eq!(problem.code(), "screen/summary-with-help", "{problem}");
    }
    assert_eq!(summary, before);
}

/// What was not counted of a part was not counted of the whole, and is nowhere a zero.
#[test]
fn verdicts_alone_come_to_verdicts_alone() {
    let mut rng = Rng::with_seed(7);
    let rows = audience(&mut rng, 40);
    let engine = Engine::built_in().unwrap();
    let options = ScreenOptions::new().verdict_only();
    let alone = screened(&engine, CAMPAIGN, rows.clone(), &options);
    let whole = plainly(&engine, &rows);
    assert_eq!((alone.rows, alone.verdicts), (whole.rows, whole.verdicts));
    let json: serde_json::Value = serde_json::from_str(&alone.to_json()).unwrap();
    for name in ["rules", "missing", "countries", "bad_rows", "bad_values"] {
        assert!(json.get(name).is_none(), "{json}");
    }
    assert_eq!(Summary::from_json(alone.to_json().as_bytes()).unwrap(), alone);
    for both in [joined(&alone, &alone), joined(&alone, &whole), joined(&whole, &alone)] {
        assert_eq!((both.rows, &both.rules, both.bad_rows), (80, &None, None));
        assert_eq!(both.verdicts.deny, 2 * whole.verdicts.deny);
    }
    let half = whole.to_json().replace("\"bad_rows\":", "\"bed_rows\":");
    assert!(Summary::from_json(half.as_bytes()).is_err());
    let mut value: serde_json::Value = serde_json::from_str(&whole.to_json()).unwrap();
    value.as_object_mut().unwrap().remove("bad_rows");
    let problem = Summary::from_json(value.to_string().as_bytes()).unwrap_err();
    assert!(problem.message().contains("stand together"), "{problem}");
}

#[test]
fn what_is_no_summary_is_refused() {
    let engine = Engine::built_in().unwrap();
    let columns: [(&str, ArrayRef); 2] = [
        ("recipient.phone", Arc::new(StringArray::from(vec!["+34600000001", "+14165550123", "?"]))),
        ("recipient.opt_in", Arc::new(StringArray::from(vec!["given", "none", "given"]))),
    ];
    let json = plainly(&engine, &RecordBatch::try_from_iter(columns).unwrap()).to_json();
    for (from, to) in [
        ("\"rows\":3", "\"rows\":4"),
        ("\"rows\":3", "\"rows\":-3"),
        ("\"status\":\"violated\"", "\"status\":\"broken\""),
        ("\"country\":\"ES\"", "\"country\":\"XX\""),
        // Twice the same.
        ("\"country\":\"ES\"", "\"country\":\"CA\""),
        ("\"bad_rows\":1", "\"bad_rows\":7"),
        ("\"basis\":", "\"bases\":"),
        ("{\"rows\"", "[\"rows\""),
        ("\"allow\":0", "\"allow\":18446744073709551615"),
    ] {
        let changed = json.replacen(from, to, 1);
        assert_ne!(changed, json, "{from}");
        let problem = Summary::from_json(changed.as_bytes()).unwrap_err();
        assert_eq!(problem.code(), "screen/summary", "{changed}");
    }
    // One list the other way round, and one member twice.
    let mut value: serde_json::Value = serde_json::from_str(&json).unwrap();
    let rules = value["rules"].as_array_mut().unwrap();
    assert!(rules.len() > 1);
    rules.reverse();
    let problem = Summary::from_json(value.to_string().as_bytes()).unwrap_err();
    assert!(problem.message().contains("`rules` is not in the order"), "{problem}");
}

#[test]
fn more_rows_than_are_counted_are_refused() {
    let engine = Engine::built_in().unwrap();
    let column = ("recipient.opted_out", Arc::new(BooleanArray::from(vec![true])) as ArrayRef);
    let one = plainly(&engine, &RecordBatch::try_from_iter([column]).unwrap());
    let mut many = one.clone();
    many.rows = u64::MAX;
    many.verdicts.deny = u64::MAX;
    let problem = many.merge(&one).unwrap_err();
    assert_eq!(problem.code(), "screen/summary");
    assert_eq!(many.rows, u64::MAX);
}
