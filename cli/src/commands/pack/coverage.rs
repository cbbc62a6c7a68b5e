//! Do a pack's tests show every outcome, both sides of every date, and every clause?
//!
//! Three things are counted, and all must be shown by some test or be exempt with a reason
//! (`docs/reference/pack-format.md`):
//! - *outcomes*: each rule violated, satisfied, not applicable and undetermined; the last only
//!   where a fact that it reads can be unknown;
//! - *dates*: at each instant at which what a rule says can change, a test in the second before and
//!   a test in the second from it on, both of which name the rule, with different outcomes;
//! - *clauses*: each clause by which a compiled rule is violated is the one that told in some case.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cleartosend::expert::matching;
use cleartosend::expert::matching::Matcher;
use cleartosend::expert::program::classes::Classes;
use cleartosend::expert::program::dimension::Subject;
use cleartosend::expert::program::{Program, RuleIdx};
use cleartosend::pack::{Exempted, Exemption, ExemptionOf, PackTest, Place};
use cleartosend::schema::{AttributeId, NotGiven, Origin, attributes};
use cleartosend::{Duration, Engine, Facts, Pack, Schema, Status, Timestamp};

/// What was shown so far. Rules are told by their place in the pack, which an engine of this pack
/// alone keeps.
#[derive(Default)]
pub(super) struct Coverage {
    outcomes: BTreeSet<(usize, Status)>,
    /// For each test: when, and what became of each rule that it names.
    dated: Vec<(Timestamp, Vec<(usize, Status)>)>,
    clauses: BTreeSet<(usize, usize)>,
}

/// How much of one kind is shown.
#[derive(Debug)]
pub(super) struct Count {
    pub(super) what: &'static str,
    pub(super) shown: usize,
    pub(super) exempt: usize,
    pub(super) of: usize,
}

/// Something that no test shows, or an exemption that nothing needs.
#[derive(Clone, Debug)]
pub struct Gap {
    /// The rule, set or exemption in the pack.
    pub place: Place,
    /// What is not shown.
    pub what: String,
}

impl Coverage {
    /// Notes what a test shows.
    pub(super) fn note(&mut self, engine: &Engine, facts: &Facts, test: &PackTest) {
        let program = engine.program();
        let resolved = engine.resolve(facts);
        let mut matcher = Matcher::new();
        matcher.run(program, &resolved);
        let row = matcher.classes(program, &resolved);
        let expect = &test.expect;
        let lists =
            [&expect.violated, &expect.undetermined, &expect.satisfied, &expect.not_applicable];
        let named: BTreeSet<&str> = lists.into_iter().flatten().map(|id| &**id).collect();
        let mut dated = Vec::new();
        for (rule, _, known) in program.rules() {
            let Some(status) = matcher.status(program, rule) else { continue };
            self.outcomes.insert((rule.index(), status));
            if named.contains(&*known.id) {
                dated.push((rule.index(), status));
            }
            let told = if status == Status::Violated {
                matching::clause(program, &row, rule)
            } else {
                None
            };
            if let (Some(told), Some(compiled)) = (told, program.compiled(rule)) {
                let place = compiled.violated.iter().position(|clause| std::ptr::eq(clause, told));
                self.clauses.extend(place.map(|place| (rule.index(), place)));
            }
        }
        if let Some(send_at) = facts.send_at() {
            self.dated.push((send_at, dated));
        }
    }

    /// What is lacking, and the counts of outcomes, dates and clauses.
    pub(super) fn judge(
        &self,
        program: &Program,
        pack: &Pack,
        exemptions: &[Exemption],
    ) -> (Vec<Gap>, [Count; 3]) {
        // Warnings are exempt from lint, not from being shown.
        let is_of_tests = |exemption: &&Exemption| !matches!(exemption.what, Exempted::Lint(_));
        let exemptions = || exemptions.iter().filter(is_of_tests);
        let mut excused: BTreeMap<(ExemptionOf, Exempted), bool> = exemptions()
            .map(|exemption| ((exemption.of.clone(), exemption.what.clone()), false))
            .collect();
        let mut gaps = Vec::new();
        let mut counts =
            ["outcomes", "dates", "clauses"].map(|what| Count { what, shown: 0, exempt: 0, of: 0 });
        let mut take = |count: &mut Count,
                        shown: bool,
                        of: ExemptionOf,
                        what: Exempted,
                        place: &Place,
                        lacking: &dyn Fn() -> String| {
            count.of += 1;
            if shown {
                count.shown += 1;
            } else if let Some(used) = excused.get_mut(&(of, what)) {
                *used = true;
                count.exempt += 1;
            } else {
                gaps.push(Gap { place: place.clone(), what: lacking() });
            }
        };
        let [outcomes, dates, clauses] = &mut counts;
        let mut known_dates = BTreeSet::new();
        for (index, _, rule) in program.rules().filter(|(_, _, rule)| rule.is_written()) {
            let of = || ExemptionOf::Rule(Arc::clone(&rule.id));
            let place = index.index();
            for status in Status::ALL
                .iter()
                .copied()
                .filter(|status| *status != Status::Undetermined || can_be_open(program, index))
            {
                let shown = self.outcomes.contains(&(place, status));
                let lacking =
                    || format!("{}: no test makes it {}", rule.id, status.name().replace('_', " "));
                take(outcomes, shown, of(), Exempted::Outcome(status), &rule.place, &lacking);
            }
            for at in changes(program, index) {
                known_dates.insert(at);
                let lacking = || {
                    format!(
                        "{}: no two tests name it with different outcomes just before {at} and \
                         from then on",
                        rule.id
                    )
                };
                take(
                    dates,
                    self.shows_change(place, at),
                    of(),
                    Exempted::Date(at),
                    &rule.place,
                    &lacking,
                );
            }
            for (number, clause) in program
                .compiled(index)
                .map(|compiled| compiled.violated.as_slice())
                .unwrap_or_default()
                .iter()
                .enumerate()
            {
                let words = program.describe(clause);
                let lacking = || format!("{}: no test violates it by: {words}", rule.id);
                let shown = self.clauses.contains(&(place, number));
                take(
                    clauses,
                    shown,
                    of(),
                    Exempted::Clause(words.as_str().into()),
                    &rule.place,
                    &lacking,
                );
            }
        }
        for set in &pack.sets {
            let written: BTreeSet<Timestamp> =
                set.entries.iter().flat_map(|entry| [entry.from, entry.until]).flatten().collect();
            // A date that changes what some rule says was counted there.
            for at in written.difference(&known_dates) {
                let lacking = || format!("{}: nothing that a rule says changes at {at}", set.id);
                take(
                    dates,
                    false,
                    ExemptionOf::Set(Arc::clone(&set.id)),
                    Exempted::Date(*at),
                    &set.place,
                    &lacking,
                );
            }
        }
        for exemption in exemptions() {
            if excused.get(&(exemption.of.clone(), exemption.what.clone())) == Some(&false) {
                gaps.push(Gap {
                    place: exemption.place.clone(),
                    what: "this exemption is not needed".to_owned(),
                });
            }
        }
        (gaps, counts)
    }

    fn shows_change(&self, rule: usize, at: Timestamp) -> bool {
        let Some(second) = Duration::from_seconds(1) else { return false };
        let said = |from: Option<Timestamp>, until: Option<Timestamp>| -> BTreeSet<Status> {
            let tests = self.dated.iter().filter(|(when, _)| {
                from.is_none_or(|from| from <= *when) && until.is_none_or(|until| *when < until)
            });
            tests
                .flat_map(|(_, rules)| rules)
                .filter(|(known, _)| *known == rule)
                .map(|(_, status)| *status)
                .collect()
        };
        let before = said(at.checked_sub(second), Some(at));
        let after = said(Some(at), at.checked_add(second));
        before.iter().any(|status| after.iter().any(|other| other != status))
    }
}

/// Whether some fact that a rule's conditions read can be unknown.
fn can_be_open(program: &Program, rule: RuleIdx) -> bool {
    let Some(compiled) = program.compiled(rule) else { return false };
    let read = compiled.dimensions.iter().filter_map(|place| program.dimension(*place)).flat_map(
        |dimension| match dimension.subject {
            Subject::Attribute(id) => vec![id],
            Subject::Predicate(index) => program
                .predicates()
                .get(index)
                .map(|predicate| predicate.attributes.iter().copied().collect())
                .unwrap_or_default(),
        },
    );
    read.into_iter().any(|id| can_be_unknown(program.schema(), id))
}

/// Whether a check may not know an attribute.
pub(super) fn can_be_unknown(schema: &Schema, id: AttributeId) -> bool {
    let attribute = schema.attribute(id);
    // The instant of sending is always told, and a directory always says when it was retrieved.
    let always = [attributes::SEND_AT, attributes::DIRECTORY_AGE_DAYS].contains(&id);
    !always && (attribute.origin != Origin::Given || attribute.not_given == NotGiven::Unknown)
}

/// The first instants of each stretch of time in which a rule says the same of the same facts, but
/// the first stretch's.
fn changes(program: &Program, rule: RuleIdx) -> BTreeSet<Timestamp> {
    let mut found = BTreeSet::new();
    let Some(compiled) = program.compiled(rule) else { return found };
    for place in &compiled.dimensions {
        let Some(dimension) = program.dimension(*place) else { continue };
        let Classes::Timestamps(cuts) = &dimension.classes else { continue };
        if dimension.subject != Subject::Attribute(attributes::SEND_AT) {
            continue;
        }
        let all =
            [&compiled.violated, &compiled.satisfied, &compiled.not_applicable, &compiled.error];
        let sets: Vec<_> =
            all.into_iter().flatten().filter_map(|clause| clause.on(*place)).collect();
        let differ = |a: Option<&u16>, b: Option<&u16>| match (a, b) {
            (Some(a), Some(b)) if *a != 0 && *b != 0 => {
                sets.iter().any(|set| set.contains(*a) != set.contains(*b))
            }
            _ => false,
        };
        for (number, point) in cuts.points.iter().enumerate() {
            if differ(cuts.pieces.get(number * 2), cuts.pieces.get(number * 2 + 1)) {
                found.insert(*point);
            }
            if differ(cuts.pieces.get(number * 2 + 1), cuts.pieces.get(number * 2 + 2)) {
                found.extend(Duration::from_nanos(1).and_then(|least| point.checked_add(least)));
            }
        }
    }
    found
}
