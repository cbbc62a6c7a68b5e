//! Every condition up to a size over small schemas, on every row: the engine and the judge say the
//! same, and what is settled and missing is exactly what all completions say.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up should fail")]
#![expect(clippy::print_stdout, reason = "counts are shown where they are asked for")]

use cleartosend::expert::matching::Matcher;
use cleartosend::{FindingVerdict, Schema, Status, Timestamp, Type};
use cleartosend_tests::oracle::harness::{
    Answer, Court, Slots, Tally, Tamper, honest, seed, shrunk, times,
};
use cleartosend_tests::oracle::text::instant_of;
use cleartosend_tests::oracle::{FactIdx, Outcome, Row, UNKNOWN, completions};
use cleartosend_tests::packs::{Condition, Declared, Literal, Pack, Rule, World, loads};

/// Rules of one program: as many as share a table well.
const RULES_EACH: usize = 256;
/// Of the largest conditions, one in so many is looked at in each run.
const ONE_IN: usize = 32;

fn declared(path: &str, ty: Type, values: &[&str], nullable: bool) -> Declared {
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    Declared { path: path.to_owned(), ty, values, nullable, of_recipient: false }
}

fn compare(path: &str, operator: &'static str, literal: Literal) -> Condition {
    Condition::Compare { path: path.to_owned(), operator, literal, flipped: false }
}

fn text(text: &str) -> Literal {
    Literal::Text(text.to_owned())
}

/// A schema of three attributes, and what can be asked of each.
struct Small {
    attributes: Vec<Declared>,
    atoms: Vec<Condition>,
}

/// A text of three values, a truth, and a text of two values that can be absent.
fn of_texts() -> Small {
    Small {
        attributes: vec![
            declared("x.a", Type::STRING, &["p", "q", "r"], false),
            declared("x.b", Type::BOOL, &[], false),
            declared("x.c", Type::STRING, &["m", "n"], true),
        ],
        atoms: vec![
            compare("x.a", "==", text("p")),
            compare("x.a", "!=", text("q")),
            Condition::Among("x.a".to_owned(), vec![text("p"), text("r")]),
            Condition::Truth("x.b".to_owned()),
            Condition::Has("x.c".to_owned()),
            compare("x.c", "==", text("m")),
            Condition::Literal(true),
        ],
    }
}

/// A number cut in three, a truth that can be absent, and a text of any value that can be absent.
fn of_numbers() -> Small {
    Small {
        attributes: vec![
            declared("x.a", Type::INT, &[], false),
            declared("x.b", Type::BOOL, &[], true),
            declared("x.c", Type::STRING, &[], true),
        ],
        atoms: vec![
            compare("x.a", "<", Literal::Int(5)),
            compare("x.a", ">=", Literal::Int(6)),
            Condition::Truth("x.b".to_owned()),
            Condition::Has("x.b".to_owned()),
            Condition::Has("x.c".to_owned()),
            compare("x.c", "!=", text("m")),
        ],
    }
}

/// Conditions of one leaf, of two, and of three.
fn conditions(small: &Small) -> [Vec<Condition>; 3] {
    let negated = small.atoms.iter().map(|atom| Condition::Not(Box::new(atom.clone())));
    let one: Vec<Condition> = small.atoms.iter().cloned().chain(negated).collect();
    let two: Vec<Condition> =
        one.iter().flat_map(|a| one.iter().flat_map(move |b| joined(a, b))).collect();
    let mut three: Vec<Condition> =
        one.iter().flat_map(|a| two.iter().flat_map(move |b| joined(a, b))).collect();
    for a in &one {
        for b in &one {
            three.extend(
                one.iter().map(|c| Condition::If(Box::new([a.clone(), b.clone(), c.clone()]))),
            );
        }
    }
    [one, two, three]
}

fn joined(a: &Condition, b: &Condition) -> [Condition; 4] {
    let both = || Box::new([a.clone(), b.clone()]);
    [
        Condition::And(vec![a.clone(), b.clone()]),
        Condition::Or(vec![a.clone(), b.clone()]),
        Condition::Same(both()),
        Condition::Differ(both()),
    ]
}

fn rule(number: usize, applies: Option<&Condition>, condition: &Condition, requires: bool) -> Rule {
    Rule {
        id: format!("limits.r{number}"),
        applies: applies.cloned(),
        condition: condition.clone(),
        requires,
        verdict: if number.is_multiple_of(2) {
            FindingVerdict::Deny
        } else {
            FindingVerdict::Review
        },
        enforce: true,
        from: "2020-01-01".to_owned(),
        until: None,
        names: None,
    }
}

/// Every rule that loads: small conditions both ways, pairs of small ones, and of the large ones
/// those that are asked for.
fn rules(small: &Small, one_in: usize, offset: usize) -> Vec<Rule> {
    let schema = world(small, Vec::new()).schema();
    let [one, two, three] = conditions(small);
    let mut all = Vec::new();
    for condition in one.iter().chain(&two) {
        all.push(rule(all.len(), None, condition, true));
        all.push(rule(all.len(), None, condition, false));
    }
    for (small, large) in
        one.iter().flat_map(|small| one.iter().chain(&two).map(move |large| (small, large)))
    {
        all.push(rule(all.len(), Some(small), large, all.len().is_multiple_of(2)));
        all.push(rule(all.len(), Some(large), small, all.len().is_multiple_of(3)));
    }
    for condition in three.iter().skip(offset % one_in).step_by(one_in) {
        all.push(rule(all.len(), None, condition, all.len().is_multiple_of(2)));
    }
    all.retain(|rule| loads(rule, &schema, &[]));
    all
}

fn world(small: &Small, rules: Vec<Rule>) -> World {
    let mut pack = Pack::named("small");
    pack.attributes.clone_from(&small.attributes);
    pack.rules = rules;
    World { packs: vec![pack] }
}

fn at() -> Vec<Timestamp> {
    vec![instant_of("2026-03-02T15:00:00Z").expect("an instant")]
}

/// Every row over the facts of all subjects, each also unknown.
fn rows(court: &Court) -> Vec<Row> {
    let mut all = vec![Vec::new()];
    for subject in &court.judge.subjects {
        let facts: Vec<FactIdx> = (0..subject.pool.len() as FactIdx).chain([UNKNOWN]).collect();
        all = all
            .iter()
            .flat_map(|row| facts.iter().map(move |fact| [&row[..], &[*fact]].concat()))
            .collect();
    }
    all.into_iter().map(|facts| Row { send_at: 0, facts, of_recipient: true }).collect()
}

fn run(small: &Small, rules: &[Rule], tamper: Tamper) -> Result<Tally, String> {
    let mut tally = Tally::default();
    for some in rules.chunks(RULES_EACH) {
        let world = world(small, some.to_vec());
        let court = Court::of(&world, &at(), &[])
            .map_err(|problem| format!("{problem}\n{}", world.shown()))?;
        assert_eq!(court.too_large, 0, "conditions so small are exact");
        let (mut matcher, mut slots) = (Matcher::new(), Slots::new(court.program.schema()));
        for row in rows(&court) {
            slots.fill(&court.judge, &row);
            let mut answer = court.ask(&mut matcher, &slots);
            tamper(&mut answer);
            if court.compare(&answer, &row, &mut tally).is_err() {
                return Err(shrunk(&world, &court.row_facts(&row), tamper));
            }
            no_absence_is_an_error(&court, &row);
        }
    }
    println!("{} rules, {tally:?}", rules.len());
    Ok(tally)
}

/// What loads is guarded: with all facts known, nothing that is absent leaves a rule undetermined.
fn no_absence_is_an_error(court: &Court, row: &Row) {
    if row.facts.contains(&UNKNOWN) {
        return;
    }
    for rule in &court.judge.rules {
        let judgement =
            completions::judge(&court.judge, rule, row, &mut Vec::new()).expect("one completion");
        assert_ne!(
            judgement.outcomes,
            [Outcome::Error],
            "{} loads and is not guarded\n{}",
            rule.name,
            court.shown(row)
        );
    }
}

fn all_agree(small: &Small, least: usize) {
    let offset = seed(20_260_302) as usize;
    let one_in = ONE_IN.div_ceil(times());
    let tally = run(small, &rules(small, one_in, offset), honest)
        .unwrap_or_else(|problem| panic!("{problem}"));
    assert!(tally.comparisons > least, "{tally:?}");
    assert_eq!((tally.skipped, tally.cautious, tally.idle), (0, 0, 0), "all of it is exact");
    assert!(tally.settled > least / 20 && tally.undetermined > least / 20, "{tally:?}");
}

#[test]
fn every_small_condition_over_texts_is_exact() {
    all_agree(&of_texts(), 500_000);
}

#[test]
fn every_small_condition_over_numbers_is_exact() {
    all_agree(&of_numbers(), 500_000);
}

#[test]
fn what_is_refused_for_want_of_a_guard_can_mostly_fail() {
    let small = of_texts();
    let schema: Schema = world(&small, Vec::new()).schema();
    let [one, two, _] = conditions(&small);
    let refused: Vec<&Condition> = one
        .iter()
        .chain(&two)
        .filter(|condition| !loads(&rule(0, None, condition, true), &schema, &[]))
        .collect();
    let asks_c = refused.iter().filter(|condition| condition.source().contains("x.c ==")).count();
    assert_eq!(
        asks_c,
        refused.len(),
        "only what asks for the value of a nullable attribute is refused"
    );
    assert!(refused.len() > 100);
}

#[test]
fn a_missing_fact_too_many_is_noticed() {
    fn add(answer: &mut Answer) {
        for said in answer.rules.iter_mut().filter(|said| said.status == Some(Status::Undetermined))
        {
            said.missing.insert(cleartosend::schema::attributes::SEND_AT);
        }
    }
    let small = of_texts();
    let some: Vec<Rule> = rules(&small, usize::MAX, 0).into_iter().take(200).collect();
    let problem = run(&small, &some, add).expect_err("a difference");
    assert!(problem.contains("missing") && problem.matches("[[rule]]").count() == 1, "{problem}");
}
