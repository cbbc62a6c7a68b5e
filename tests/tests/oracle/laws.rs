//! Laws that hold for every pack and every row, whatever the right answer is: nobody has to know it
//! to see that two answers do not fit.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up should fail")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cleartosend::expert::matching::{Case, Matcher, missing};
use cleartosend::expert::program::{Program, RuleIdx};
use cleartosend::schema::attributes::SEND_AT;
use cleartosend::schema::{AttributeId, Origin, Scope};
use cleartosend::{Duration, Fact, Facts, Schema, Status, Timestamp, Value, Verdict};
use cleartosend_tests::oracle::harness::{Slots, program_of, seed, times};
use cleartosend_tests::oracle::text::instant_of;
use cleartosend_tests::packs::{Known, Maker, World};

const WORLDS: usize = 150;
const ROWS: usize = 40;

/// What the engine says, by rule and path, so that two programs can be compared.
#[derive(Clone, Debug, PartialEq)]
struct Answer {
    rules: BTreeMap<String, (Option<Status>, BTreeSet<String>)>,
    verdict: Verdict,
}

fn ask<C: Case>(program: &Program, case: &C) -> Answer {
    let mut matcher = Matcher::new();
    matcher.run(program, case);
    let said = |index: RuleIdx| {
        let status = matcher.status(program, index);
        let lacked = if status.is_some() {
            missing(program, &matcher, case, index)
        } else {
            BTreeSet::new()
        };
        (status, lacked.iter().map(|id| program.schema().attribute(*id).path.to_string()).collect())
    };
    let rules = program
        .rules()
        .map(|(index, pack, rule)| (format!("{}/{}", pack.name, rule.id), said(index)))
        .collect();
    Answer { rules, verdict: matcher.verdict_without_waivers(program) }
}

fn program(world: &World) -> Program {
    let packs: Vec<_> = world.packs.iter().map(|pack| (pack.name.clone(), pack.files())).collect();
    program_of(&packs).unwrap_or_else(|problem| panic!("{problem}\n{}", world.shown()))
}

/// Facts by path.
type GivenFacts = BTreeMap<String, Fact>;

fn fact(maker: &mut Maker, known: &Known) -> Fact {
    if known.nullable && maker.once_in(4) {
        return Fact::Absent;
    }
    let mut scalar = || maker.value(known);
    let value =
        if known.ty.is_list() { Value::List([scalar(), scalar()].into()) } else { scalar() };
    Fact::Value(value)
}

fn given_facts(maker: &mut Maker, unknown_in_ten: u8) -> GivenFacts {
    let palette = maker.palette().to_vec();
    let given_facts = palette.iter().map(|known| {
        let unknown = maker.random().u8(..10) < unknown_in_ten;
        (known.path.clone(), if unknown { Fact::Unknown } else { fact(maker, known) })
    });
    given_facts.collect()
}

fn slots(schema: &Schema, send_at: Timestamp, given_facts: &GivenFacts) -> Slots {
    let mut slots = Slots::new(schema);
    slots.put(SEND_AT, Fact::Value(Value::Timestamp(send_at)));
    for (path, fact) in given_facts {
        if let Some(id) = schema.id(path) {
            slots.put(id, fact.clone());
        }
    }
    slots
}

fn instant(maker: &mut Maker, world: &World) -> Timestamp {
    let boundaries = world.boundaries();
    let at = instant_of(&maker.pick(&boundaries)).expect("an instant");
    let shift = Duration::from_nanos(maker.pick(&[0, -1, 1, 86_400_000_000_000])).expect("a span");
    at.checked_add(shift).expect("an instant")
}

/// Runs a law over random worlds.
fn holds(
    seed: u64,
    law: impl Fn(&mut Maker, &World, &Program) -> Result<usize, String>,
) -> Result<usize, String> {
    let mut maker = Maker::new(seed);
    let mut count = 0;
    for number in 0..WORLDS * times() {
        let world = maker.world(number % 2 == 0);
        let program = program(&world);
        count += law(&mut maker, &world, &program).map_err(|problem| {
            format!("seed {seed}, world {number}: {problem}\n{}", world.shown())
        })?;
    }
    Ok(count)
}

/// What may become of a status when a fact is filled in.
fn may_become(before: Status, after: Status) -> bool {
    match before {
        Status::Undetermined => true,
        // Satisfied also says that a violation is impossible while it is open whether the rule
        // applies.
        Status::Satisfied => matches!(after, Status::Satisfied | Status::NotApplicable),
        Status::Violated | Status::NotApplicable => after == before,
    }
}

fn fits(before: &Answer, after: &Answer) -> Result<(), String> {
    for ((name, (first, _)), (_, (then, _))) in before.rules.iter().zip(&after.rules) {
        match (first, then) {
            (Some(first), Some(then)) if may_become(*first, *then) => {}
            (None, None) => {}
            _ => return Err(format!("{name} was {first:?} and became {then:?}")),
        }
    }
    let settled = before.verdict != Verdict::Review
        || before.rules.values().all(|(status, _)| *status != Some(Status::Undetermined));
    if settled && before.verdict != after.verdict {
        return Err(format!("the verdict was {}, and became {}", before.verdict, after.verdict));
    }
    Ok(())
}

#[test]
fn filling_in_an_unknown_fact_takes_nothing_back() {
    let count = holds(seed(1), |maker, world, program| {
        for _ in 0..ROWS {
            let (send_at, mut facts) = (instant(maker, world), given_facts(maker, 6));
            let mut before = ask(program, &slots(program.schema(), send_at, &facts));
            let unknown: Vec<Known> = maker
                .palette()
                .iter()
                .filter(|known| facts[&known.path].is_unknown())
                .cloned()
                .collect();
            for known in unknown {
                facts.insert(known.path.clone(), fact(maker, &known));
                let after = ask(program, &slots(program.schema(), send_at, &facts));
                fits(&before, &after).map_err(|problem| {
                    format!("{problem} when {} was filled in\n{facts:?}", known.path)
                })?;
                before = after;
            }
        }
        Ok(ROWS)
    });
    assert!(count.unwrap_or_else(|problem| panic!("{problem}")) > 1000);
}

#[test]
fn a_status_taken_back_is_noticed() {
    let one = |status, verdict| Answer {
        rules: [("p/r".to_owned(), (Some(status), BTreeSet::new()))].into(),
        verdict,
    };
    assert!(
        fits(&one(Status::Violated, Verdict::Deny), &one(Status::Satisfied, Verdict::Allow))
            .is_err()
    );
    assert!(
        fits(&one(Status::Satisfied, Verdict::Allow), &one(Status::Violated, Verdict::Deny))
            .is_err()
    );
    assert!(
        fits(
            &one(Status::NotApplicable, Verdict::Allow),
            &one(Status::Undetermined, Verdict::Review)
        )
        .is_err()
    );
    assert!(
        fits(&one(Status::Violated, Verdict::Deny), &one(Status::Violated, Verdict::Review))
            .is_err()
    );
    assert!(
        fits(&one(Status::Undetermined, Verdict::Review), &one(Status::Violated, Verdict::Deny))
            .is_ok()
    );
    assert!(
        fits(&one(Status::Satisfied, Verdict::Allow), &one(Status::NotApplicable, Verdict::Allow))
            .is_ok()
    );
}

#[test]
fn the_order_of_packs_rules_sets_and_attributes_changes_nothing() {
    let count = holds(seed(2), |maker, world, program_before| {
        let mut shuffled = world.clone();
        maker.random().shuffle(&mut shuffled.packs);
        for pack in &mut shuffled.packs {
            maker.random().shuffle(&mut pack.rules);
            maker.random().shuffle(&mut pack.sets);
            maker.random().shuffle(&mut pack.attributes);
            pack.sets.iter_mut().for_each(|set| maker.random().shuffle(&mut set.entries));
        }
        let after = program(&shuffled);
        for number in 0..ROWS {
            let (send_at, facts) =
                (instant(maker, world), given_facts(maker, [0, 3, 6][number % 3]));
            let [first, then] = [program_before, &after]
                .map(|program| ask(program, &slots(program.schema(), send_at, &facts)));
            if first != then {
                return Err(format!(
                    "{first:?}\nbecame\n{then:?}\nwhen shuffled, at {send_at} with {facts:?}\n{}",
                    shuffled.shown()
                ));
            }
        }
        Ok(ROWS)
    });
    assert!(count.unwrap_or_else(|problem| panic!("{problem}")) > 1000);
}

/// The place of an instant among boundaries: how many lie at or before it.
fn interval(boundaries: &[Timestamp], at: Timestamp) -> usize {
    boundaries.iter().filter(|boundary| **boundary <= at).count()
}

#[test]
fn any_instant_between_two_boundaries_gives_the_same() {
    let count = holds(seed(3), |maker, world, program| {
        // A condition that asks for the instant itself has boundaries of its own.
        let asks = world
            .rules()
            .flat_map(|rule| rule.applies.iter().chain([&rule.condition]))
            .any(|c| c.source().contains("send_at"));
        if asks {
            return Ok(0);
        }
        let boundaries: Vec<Timestamp> =
            world.boundaries().iter().filter_map(|at| instant_of(at)).collect();
        let mut count = 0;
        for _ in 0..ROWS {
            let (first, facts) = (instant(maker, world), given_facts(maker, 3));
            let shift =
                maker.pick(&[1, 1_000_000_000, 30 * 86_400_000_000_000, -1, -3_600_000_000_000]);
            let then = Duration::from_nanos(shift)
                .and_then(|shift| first.checked_add(shift))
                .expect("an instant");
            if interval(&boundaries, first) == interval(&boundaries, then) {
                let [a, b] =
                    [first, then].map(|at| ask(program, &slots(program.schema(), at, &facts)));
                if a != b {
                    return Err(format!("{a:?} at {first}\n{b:?} at {then}\nwith {facts:?}"));
                }
                count += 1;
            }
        }
        Ok(count)
    });
    assert!(count.unwrap_or_else(|problem| panic!("{problem}")) > 200);
}

/// Facts as a campaign document gave them.
struct Given(Facts);

impl Case for Given {
    fn fact(&self, id: AttributeId) -> &Fact {
        self.0.fact(id)
    }

    fn scope(&self) -> Scope {
        self.0.scope()
    }
}

/// A document with its members in a random order. A name that comes again goes on with the same
/// object.
fn document(maker: &mut Maker, send_at: Timestamp, given_facts: &GivenFacts) -> String {
    fn object(maker: &mut Maker, members: &[(&str, String)]) -> String {
        let mut names: Vec<&str> =
            members.iter().map(|(path, _)| path.split('.').next().unwrap_or(path)).collect();
        names.sort_unstable();
        names.dedup();
        maker.random().shuffle(&mut names);
        let written = names.iter().map(|name| {
            let value = match members.iter().find(|(path, _)| path == name) {
                Some((_, value)) => value.clone(),
                None => {
                    let inner = members.iter().filter_map(|(path, value)| {
                        let rest = path.strip_prefix(name)?.strip_prefix('.')?;
                        Some((rest, value.clone()))
                    });
                    let inner: Vec<(&str, String)> = inner.collect();
                    object(maker, &inner)
                }
            };
            format!("{name:?}: {value}")
        });
        let written: Vec<String> = written.collect();
        format!("{{{}}}", written.join(", "))
    }
    let mut members: Vec<(&str, String)> = vec![("send_at", format!("\"{send_at}\""))];
    for (path, fact) in given_facts {
        match fact {
            Fact::Unknown => {}
            Fact::Absent => members.push((path, "null".to_owned())),
            Fact::Value(value) => members.push((path, value.to_json().to_string())),
        }
    }
    object(maker, &members)
}

#[test]
fn the_order_of_facts_changes_nothing() {
    let count = holds(seed(4), |maker, world, program| {
        let schema: &Arc<Schema> = program.schema();
        for _ in 0..ROWS / 4 {
            let (send_at, mut facts) = (instant(maker, world), given_facts(maker, 3));
            facts.retain(|path, _| {
                schema.id(path).is_some_and(|id| schema.attribute(id).origin != Origin::Derived)
            });
            let documents = [document(maker, send_at, &facts), document(maker, send_at, &facts)];
            let answers = documents.each_ref().map(|document| {
                let given = Facts::from_json(schema, document.as_bytes())
                    .unwrap_or_else(|error| panic!("{error} in {document}"));
                ask(program, &Given(given))
            });
            let mut paths: Vec<(&String, &Fact)> = facts.iter().collect();
            maker.random().shuffle(&mut paths);
            let mut set = Facts::new(schema, send_at);
            for (path, fact) in paths {
                let id = schema.id(path).expect("a known path");
                match fact {
                    Fact::Unknown => {}
                    Fact::Absent => set.set_null(id).unwrap_or_else(|error| panic!("{error}")),
                    Fact::Value(value) => {
                        set.set(id, value.clone()).unwrap_or_else(|error| panic!("{error}"));
                    }
                }
            }
            let set = ask(program, &Given(set));
            if answers.iter().any(|answer| *answer != set) {
                return Err(format!("{}\n{}\n{answers:?}\n{set:?}", documents[0], documents[1]));
            }
        }
        Ok(ROWS / 4)
    });
    assert!(count.unwrap_or_else(|problem| panic!("{problem}")) > 1000);
}
