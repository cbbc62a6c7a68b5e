//! Random worlds of packs, random rows of facts with unknown and absent ones: the engine and the
//! judge say the same.

#![expect(clippy::expect_used, reason = "a test that cannot be set up should fail")]
#![expect(clippy::print_stdout, reason = "counts are shown where they are asked for")]

use cleartosend::expert::matching::Matcher;
use cleartosend::{Duration, Fact, Status, Timestamp, Type, Value};
use cleartosend_tests::oracle::harness::{
    Answer, Court, Slots, Tally, Tamper, honest, seed, shrunk, times,
};
use cleartosend_tests::oracle::text::instant_of;
use cleartosend_tests::oracle::{FactIdx, Row, UNKNOWN};
use cleartosend_tests::packs::{Maker, World};

/// Worlds of one run, and rows of each.
const WORLDS: usize = 100;
const ROWS: usize = 450;

/// The instants around every boundary of a world, some afar.
fn instants(world: &World) -> Vec<Timestamp> {
    let mut found: Vec<Timestamp> =
        ["2001-01-01T00:00:00Z", "2026-03-02T09:30:00Z", "2040-06-01T12:00:00Z"]
            .into_iter()
            .filter_map(instant_of)
            .collect();
    for boundary in world.boundaries() {
        let at = instant_of(&boundary).expect("an instant");
        let nano = Duration::from_nanos(1).expect("a nanosecond");
        found.extend([Some(at), at.checked_sub(nano), at.checked_add(nano)].into_iter().flatten());
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Some values beside those of the classes.
fn more(maker: &mut Maker) -> Vec<(String, Fact)> {
    let palette = maker.palette().to_vec();
    let mut found = Vec::new();
    for known in palette {
        for _ in 0..3 {
            let value = match known.ty {
                Type { lists: 0, .. } => maker.value(&known),
                _ => Value::List(
                    (0..maker.random().usize(..4)).map(|_| maker.value(&known)).collect(),
                ),
            };
            found.push((known.path.clone(), Fact::Value(value)));
        }
    }
    found
}

fn row(maker: &mut Maker, court: &Court, unknown_in_ten: u8) -> Row {
    let judge = &court.judge;
    let facts = judge.subjects.iter().map(|subject| {
        let unknown = maker.random().u8(..10) < unknown_in_ten;
        if unknown { UNKNOWN } else { maker.random().usize(..subject.pool.len()) as FactIdx }
    });
    let facts = facts.collect();
    Row {
        send_at: maker.random().usize(..judge.instants.len()),
        facts,
        of_recipient: !maker.once_in(8),
    }
}

/// Compares some worlds; the first difference, shrunk, is the error.
fn compare(seed: u64, worlds: usize, rows: usize, tamper: Tamper) -> Result<Tally, String> {
    let mut maker = Maker::new(seed);
    let mut tally = Tally::default();
    let mut too_large = 0;
    for number in 0..worlds {
        let world = maker.world(number % 2 == 0);
        let compared = compare_world(&mut maker, &world, rows, tamper, &mut tally);
        too_large +=
            compared.map_err(|problem| format!("seed {seed}, world {number}\n{problem}"))?;
    }
    println!("{tally:?}, plain rules with a part too large to be exact: {too_large}");
    Ok(tally)
}

/// Compares rows of one world.
fn compare_world(
    maker: &mut Maker,
    world: &World,
    rows: usize,
    tamper: Tamper,
    tally: &mut Tally,
) -> Result<usize, String> {
    let more = more(maker);
    let court = Court::of(world, &instants(world), &more)
        .map_err(|problem| format!("{problem}\n{}", world.shown()))?;
    let (mut matcher, mut slots) = (Matcher::new(), Slots::new(court.program.schema()));
    for number in 0..rows {
        let row = row(maker, &court, [0, 1, 3, 0, 6, 0][number % 6]);
        slots.fill(&court.judge, &row);
        let mut answer = court.ask(&mut matcher, &slots);
        tamper(&mut answer);
        if court.compare(&answer, &row, tally).is_err() {
            return Err(shrunk(world, &court.row_facts(&row), tamper));
        }
    }
    Ok(court.too_large)
}

#[test]
fn the_engine_and_the_judge_agree_on_random_packs() {
    let tally = compare(seed(20_260_302), WORLDS * times(), ROWS, honest)
        .unwrap_or_else(|problem| panic!("{problem}"));
    assert!(tally.comparisons > 250_000 * times(), "{tally:?}");
    assert!(
        tally.settled > 10_000 && tally.undetermined > 10_000 && tally.missing > 10_000,
        "{tally:?}"
    );
    assert!(tally.skipped * 20 < tally.comparisons, "{tally:?}");
}

/// Enough rules for several blocks of a row of the table.
#[test]
fn the_engine_and_the_judge_agree_on_large_packs() {
    let mut maker = Maker::new(seed(7));
    let mut tally = Tally::default();
    for (plain, rules) in [(true, 700), (false, 1100)] {
        let world = maker.world_of(plain, 3, rules);
        compare_world(&mut maker, &world, 40 * times(), honest, &mut tally)
            .unwrap_or_else(|problem| panic!("{problem}"));
    }
    assert!(tally.comparisons > 50_000 && tally.undetermined > 1000, "{tally:?}");
}

#[test]
fn a_wrong_status_is_noticed_and_shrunk() {
    fn spoil(answer: &mut Answer) {
        for said in &mut answer.rules {
            if said.status == Some(Status::Violated) {
                said.status = Some(Status::Satisfied);
            }
        }
    }
    let problem = compare(1, 50, 50, spoil).expect_err("a difference");
    assert!(problem.contains("the engine says `satisfied`, the judge `violated`"), "{problem}");
    assert!(problem.matches("[[rule]]").count() == 1, "one rule is enough to show it\n{problem}");
    assert!(problem.lines().count() < 30, "{problem}");
}

#[test]
fn a_wrong_missing_fact_or_verdict_is_noticed() {
    fn forget(answer: &mut Answer) {
        for said in &mut answer.rules {
            said.missing.pop_first();
        }
    }
    fn deny(answer: &mut Answer) {
        answer.verdict = cleartosend::Verdict::Deny;
    }
    assert!(compare(1, 50, 50, forget).expect_err("a difference").contains("missing"));
    assert!(compare(1, 50, 50, deny).expect_err("a difference").contains("verdict"));
}
