//! A prepared campaign says of each recipient what a check of the whole case says: for random packs,
//! campaigns and recipients, one recipient after the other in the same room.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up should fail")]

use cleartosend::schema::{AttributeId, attributes as id};
use cleartosend::{Engine, Fact, Facts, Judgement, Marks, Recipient, Value};
use cleartosend_tests::audience::{Column, column};
use cleartosend_tests::oracle::harness::{seed, times};
use cleartosend_tests::packs::{Maker, World};

use crate::equality::{campaign, engine_of, given_by_columns, instant, waivers};

const WORLDS: usize = 20;
const RECIPIENTS: usize = 50;

#[derive(Debug, Default)]
struct Tally {
    recipients: usize,
    findings: usize,
    undetermined: usize,
    lowered: usize,
}

/// Tells a recipient and facts the same.
fn tell(recipient: &mut Recipient<'_>, facts: &mut Facts, id: AttributeId, cell: Option<&Value>) {
    let same = match cell {
        Some(Value::String(text)) => {
            [recipient.set_text(id, text).is_ok(), facts.set_text(id, text).is_ok()]
        }
        Some(value) => {
            [recipient.set(id, value.clone()).is_ok(), facts.set(id, value.clone()).is_ok()]
        }
        None => [recipient.set_null(id).is_ok(), facts.set_null(id).is_ok()],
    };
    assert_eq!(same[0], same[1]);
}

fn compare(
    maker: &mut Maker,
    (engine, world): (&Engine, Option<&World>),
    facts: &Facts,
    columns: &[(AttributeId, Column)],
    judgement: &mut Judgement,
    tally: &mut Tally,
) {
    let prepared = engine.prepare(facts).expect("a campaign");
    let mut recipient = prepared.recipient();
    for row in 0..RECIPIENTS {
        recipient.clear();
        let mut whole = facts.clone();
        whole.with_recipient();
        // Of some nothing is given, of some a little.
        let given_in_eight = maker.pick(&[0, 1, 4, 8, 8]);
        for (id, column) in columns {
            if maker.random().u8(..8) >= given_in_eight {
                continue;
            }
            if maker.once_in(9) {
                // What is said twice counts as it was said last.
                let other = maker.random().usize(..RECIPIENTS);
                tell(&mut recipient, &mut whole, *id, column.cells[other].as_ref());
            }
            tell(&mut recipient, &mut whole, *id, column.cells[row].as_ref());
        }
        recipient.judge_into(judgement).expect("a judgement");
        let decision = engine.check(&whole).expect("a decision");
        let found: Vec<_> = judgement
            .rules()
            .map(|rule| (rule.pack, rule.rule, rule.status, rule.verdict))
            .collect();
        let expected = decision.findings().iter();
        let expected: Vec<_> = expected
            .map(|finding| (&*finding.pack, &*finding.rule, finding.status, finding.verdict))
            .collect();
        if (judgement.verdict(), &found) != (decision.verdict(), &expected) {
            let known = engine.schema().iter().filter_map(|(id, attribute)| match whole.fact(id) {
                Fact::Unknown => None,
                fact => Some(format!("{} = {fact:?}", attribute.path)),
            });
            panic!(
                "prepared {found:#?}\ncheck {expected:#?}\n{}\n{}",
                known.collect::<Vec<_>>().join("\n"),
                world.map(World::shown).unwrap_or_default()
            );
        }
        let judged = engine.judge(&whole).expect("a judgement");
        assert_eq!(judged.verdict(), decision.verdict());
        assert!(judged.rules().eq(judgement.rules()));
        tally.recipients += 1;
        tally.findings += found.len();
        let is_open =
            |rule: &&cleartosend::JudgedRule<'_>| rule.status == cleartosend::Status::Undetermined;
        tally.undetermined += judgement.rules().filter(|rule| is_open(&rule)).count();
        tally.lowered +=
            decision.findings().iter().filter(|finding| finding.waiver.is_some()).count();
    }
}

/// What is known of some of the recipients apart from any case.
fn marks(maker: &mut Maker, columns: &[(AttributeId, Column)]) -> Marks {
    let mut marks = Marks::default();
    let names = columns.iter().filter(|(column, _)| *column == id::RECIPIENT_PHONE);
    for name in names.flat_map(|(_, column)| &column.cells).flatten() {
        if let Value::String(phone) = name
            && maker.once_in(2)
        {
            marks.insert(phone, id::RECIPIENT_OPTED_OUT, Fact::Value(Value::Bool(true)));
            marks.insert(phone, id::RECIPIENT_OPT_IN_AT, Fact::Unknown);
        }
    }
    marks
}

#[test]
fn a_prepared_campaign_says_what_checks_say() {
    let mut maker = Maker::of_recipients(seed(20_261_129));
    let mut tally = Tally::default();
    let mut judgement = Judgement::new();
    for number in 0..WORLDS * times() {
        let world = maker.world(number % 2 == 0);
        let waivers = if number % 5 < 3 { waivers(&mut maker, &world) } else { Vec::new() };
        // Not every world can stand on the built-in packs, nor needs to.
        let Ok(engine) = engine_of(&world, &waivers, number.is_multiple_of(3)) else { continue };
        for _ in 0..3 {
            let given = given_by_columns(&mut maker, &engine);
            let send_at = instant(&mut maker, &world);
            let mut facts = campaign(&mut maker, &engine, send_at, &given);
            let columns: Vec<(AttributeId, Column)> = given
                .iter()
                .map(|id| {
                    let attribute = engine.schema().attribute(*id);
                    (*id, column(maker.random(), attribute, send_at, RECIPIENTS))
                })
                .collect();
            if maker.once_in(4) {
                facts.set_marks(marks(&mut maker, &columns));
            }
            let engine = (&engine, Some(&world));
            compare(&mut maker, engine, &facts, &columns, &mut judgement, &mut tally);
        }
    }
    println!("{tally:?}");
    assert!(
        tally.recipients > WORLDS * RECIPIENTS
            && tally.findings > tally.recipients
            && tally.undetermined > tally.recipients / 2
            && tally.lowered > tally.recipients / 200,
        "{tally:?}"
    );
}

/// The packs that come with the engine, where whole rules are settled by a campaign; at instants on
/// both sides of when rules begin and clocks are set.
#[test]
fn a_prepared_campaign_of_the_built_in_packs_says_what_checks_say() {
    let mut maker = Maker::of_recipients(seed(5));
    let mut tally = Tally::default();
    let mut judgement = Judgement::new();
    let engines = [
        Engine::built_in().expect("an engine"),
        Engine::builder().built_in_pack("messaging-law").build().expect("an engine"),
    ];
    for number in 0..30 * times() {
        let engine = &engines[number % 2];
        let send_at = maker.pick(&[
            "2026-03-02T15:00:00Z",
            "2026-03-29T00:59:59Z",
            "2025-10-25T23:30:00Z",
            "2024-02-29T06:00:00Z",
            "2019-01-01T00:00:00Z",
            "9999-12-31T23:00:00Z",
        ]);
        let send_at = cleartosend::Timestamp::parse(send_at).expect("an instant");
        let given = given_by_columns(&mut maker, engine);
        let facts = campaign(&mut maker, engine, send_at, &given);
        let columns: Vec<(AttributeId, Column)> = given
            .iter()
            .map(|id| {
                let attribute = engine.schema().attribute(*id);
                (*id, column(maker.random(), attribute, send_at, RECIPIENTS))
            })
            .collect();
        compare(&mut maker, (engine, None), &facts, &columns, &mut judgement, &mut tally);
    }
    println!("{tally:?}");
    assert!(
        tally.findings > tally.recipients && tally.undetermined > tally.recipients,
        "{tally:?}"
    );
}

/// More rules than are worth a table of their own.
#[test]
fn a_prepared_campaign_of_many_rules_says_what_checks_say() {
    let mut maker = Maker::of_recipients(seed(11));
    let mut tally = Tally::default();
    for (plain, rules) in [(true, 900), (false, 300)] {
        let world = maker.world_of(plain, 2, rules);
        let Ok(engine) = engine_of(&world, &[], false) else { continue };
        let given = given_by_columns(&mut maker, &engine);
        let send_at = instant(&mut maker, &world);
        let facts = campaign(&mut maker, &engine, send_at, &given);
        let columns: Vec<(AttributeId, Column)> = given
            .iter()
            .map(|id| {
                let attribute = engine.schema().attribute(*id);
                (*id, column(maker.random(), attribute, send_at, RECIPIENTS))
            })
            .collect();
        let judgement = &mut Judgement::new();
        compare(&mut maker, (&engine, Some(&world)), &facts, &columns, judgement, &mut tally);
    }
    assert!(tally.findings > 1000, "{tally:?}");
}
