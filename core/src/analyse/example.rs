//! Which campaign document shows something of a rule?
//!
//! For authors of tests: a question names a rule and what no test shows of it yet, and a document
//! is looked for in the boxes of the rule's clauses. Each that is returned was judged.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use super::document;
use super::goal::{Goal, boxes_of};
use super::ground::{DirectoryIdx, Ground};
use super::pool::Pool;
use super::search::{Reach, Search};
use super::witness::{self, Judged, Witness};
use crate::limits;
use crate::program::classes::ClassSet;
use crate::program::clause::{Clause, DimensionIdx};
use crate::program::dimension::{Dimension, Subject};
use crate::program::{CompiledRule, RuleIdx};
use crate::schema::Scope;
use crate::schema::attributes::SEND_AT;
use crate::time::{Duration, Timestamp};
use crate::value::{Fact, Value};
use crate::verdict::Status;

/// What is to be shown of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shown {
    /// That it has this outcome.
    Outcome(Status),
    /// That it is violated by the clause of this number.
    Clause(usize),
    /// That it has one outcome at this instant and another a second before: two documents.
    Date(Timestamp),
}

/// A rule, and what is to be shown of it.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "callers build it")]
pub struct Asked {
    /// The rule's pack.
    pub pack: Arc<str>,
    /// The rule's id.
    pub rule: Arc<str>,
    /// What is to be shown.
    pub shown: Shown,
}

/// For each question the documents that show it; none where no document was found.
pub(crate) fn examples(ground: &Ground<'_>, asked: &[Asked]) -> Vec<Vec<Witness>> {
    let mut pool = Pool::new(ground);
    let mut search = Search::new();
    let found = asked.iter().map(|asked| {
        let named = ground
            .program
            .rules()
            .find(|(_, pack, rule)| pack.name == asked.pack && rule.id == asked.rule);
        let rule = named.map(|(index, ..)| index)?;
        let compiled = ground.program.compiled(rule)?;
        let mut looked = Looked { pool: &mut pool, search: &mut search, ground, rule, compiled };
        match asked.shown {
            Shown::Outcome(Status::Undetermined) => looked.undetermined().map(|one| vec![one]),
            Shown::Outcome(status) => looked.outcome(status).map(|one| vec![one]),
            Shown::Clause(number) => looked.clause(number).map(|one| vec![one]),
            Shown::Date(at) => looked.date(at),
        }
    });
    found.map(Option::unwrap_or_default).collect()
}

/// A rule that examples are looked for.
struct Looked<'a, 'g> {
    pool: &'a mut Pool<'g>,
    search: &'a mut Search,
    ground: &'g Ground<'g>,
    rule: RuleIdx,
    compiled: &'g CompiledRule,
}

impl Looked<'_, '_> {
    fn outcome(&mut self, status: Status) -> Option<Witness> {
        let clauses = match status {
            Status::Violated => &self.compiled.violated,
            Status::Satisfied => &self.compiled.satisfied,
            Status::NotApplicable => &self.compiled.not_applicable,
            Status::Undetermined => &self.compiled.error,
        };
        let case = self.reach(boxes_of(clauses, self.compiled.scope))?;
        witness::of(self.ground, self.pool.case(case)?, &[(self.rule, status)])
    }

    /// A case that violates the rule by the clause of that number: several may hold of one case,
    /// and the first is named.
    fn clause(&mut self, number: usize) -> Option<Witness> {
        let clause = self.compiled.violated.get(number)?;
        let rule = self.rule;
        let shows = |judged: &Judged<'_>| {
            judged.status(rule) == Some(Status::Violated) && judged.clause_of(rule) == Some(number)
        };
        let scope = self.compiled.scope;
        let found = match self.reach(boxes_of(&self.beyond(number), scope)) {
            Some(found) => found,
            None => self.reach(boxes_of(std::slice::from_ref(clause), scope))?,
        };
        let inside = self.pool.cases_in(clause);
        let inside =
            super::pool::all_of_both(&inside, self.pool.rule_cases(self.rule)?.violated.bits());
        let cases: Vec<usize> = std::iter::once(found).chain(inside).collect();
        let cases = cases.into_iter().filter_map(|case| self.pool.case(case));
        cases.take(CASES_MAX).find_map(|case| witness::made(self.ground, case, shows))
    }

    /// Boxes of a clause's cases that no clause before it explains too; none where that would take
    /// too many.
    fn beyond(&self, number: usize) -> Vec<Clause> {
        let violated = &self.compiled.violated;
        let mut boxes: Vec<Clause> = violated.get(number).into_iter().cloned().collect();
        for before in violated.iter().take(number) {
            let outside = |(place, set): &(DimensionIdx, ClassSet)| {
                let rest = self.ground.program.dimension(*place)?.complement(set);
                (!rest.is_empty()).then(|| Clause { constraints: vec![(*place, rest)] })
            };
            let outside: Vec<Clause> = before.constraints.iter().filter_map(outside).collect();
            boxes = boxes
                .iter()
                .flat_map(|one| outside.iter().filter_map(move |other| one.and(other)))
                .collect();
            if boxes.len() > limits::ANALYSIS_BOXES_MAX {
                return Vec::new();
            }
        }
        boxes
    }

    /// A case with so few facts given that the rule is undetermined.
    fn undetermined(&mut self) -> Option<Witness> {
        let scope = self.compiled.scope;
        let bare = |at: Timestamp| {
            let mut facts = crate::facts::Facts::new(self.ground.program.schema(), at);
            if scope == Scope::Recipient {
                facts.with_recipient();
            }
            super::ground::Case::own(facts)
        };
        let period = self.ground.program.rule(self.rule)?.1.period;
        let all = [&self.compiled.violated, &self.compiled.satisfied];
        let mut at: Vec<Timestamp> = period.from.into_iter().collect();
        for clauses in all {
            if let Some(case) = self.reach(boxes_of(clauses, scope)) {
                at.extend(self.pool.case(case).and_then(|case| case.facts.send_at()));
            }
        }
        let claimed = [(self.rule, Status::Undetermined)];
        at.into_iter().find_map(|at| witness::of(self.ground, &bare(at), &claimed))
    }

    /// Two documents that differ in `send_at` alone, on both sides of an instant.
    fn date(&mut self, at: Timestamp) -> Option<Vec<Witness>> {
        let program = self.ground.program;
        let place = program
            .dimensions()
            .iter()
            .position(|known| known.subject == Subject::Attribute(SEND_AT))?;
        let dimension = program.dimensions().get(place)?;
        let place = DimensionIdx(u16::try_from(place).ok()?);
        let before = at.checked_sub(Duration::from_seconds(1)?)?;
        let (now, then) = (class_at(dimension, at), class_at(dimension, before));
        let outcomes = [
            &self.compiled.violated,
            &self.compiled.satisfied,
            &self.compiled.not_applicable,
            &self.compiled.error,
        ];
        let mut goals = Vec::new();
        for (number, ones) in outcomes.iter().enumerate() {
            for (other, others) in outcomes.iter().enumerate() {
                if number == other {
                    continue;
                }
                let of = |clauses: &[Clause], class: &ClassSet| -> Vec<Clause> {
                    clauses.iter().filter_map(|clause| at_class(clause, place, class)).collect()
                };
                for one in of(ones, &now) {
                    for other in of(others, &then) {
                        let Some(mut both) = one.and(&other) else { continue };
                        both.constraints.push((place, now.clone()));
                        both.constraints.sort_by_key(|(place, _)| *place);
                        goals.push(Goal { clause: both, scope: self.compiled.scope });
                    }
                }
            }
        }
        let case = self.reach(goals.into_iter())?;
        let case = self.pool.case(case)?;
        let whole = document::of(&case.facts, program.schema());
        let (ground, rule) = (self.ground, self.rule);
        let pair = |document: &Json| [with(document, before), with(document, at)];
        let differ = |document: &Json| {
            let [then, now] = pair(document).map(|document| {
                Judged::of(ground, &document, case.directory).and_then(|judged| judged.status(rule))
            });
            let rule_cases = |status: Option<Status>| {
                status.is_some_and(|status| status != Status::Undetermined)
            };
            then != now && rule_cases(then) && rule_cases(now)
        };
        if !differ(&whole) {
            return None;
        }
        let document = document::shortened(whole, differ);
        let documents = pair(&document).map(|document| made(ground, document, case.directory));
        documents.into_iter().collect()
    }

    fn reach(&mut self, goals: impl Iterator<Item = Goal>) -> Option<usize> {
        match self.search.reach(self.pool, goals) {
            Reach::At(case) => Some(case),
            Reach::Nowhere | Reach::Open | Reach::Untried => None,
        }
    }
}

/// LIMIT: how many cases in a box are tried for one that its clause explains.
const CASES_MAX: usize = 64;

fn made(ground: &Ground<'_>, document: Json, directory: DirectoryIdx) -> Option<Witness> {
    let verdict = Judged::of(ground, &document, directory)?.verdict();
    Some(Witness { document, directory: ground.directories.name(directory), verdict })
}

/// The document with another `send_at`.
fn with(document: &Json, at: Timestamp) -> Json {
    let mut document = document.clone();
    if let Json::Object(members) = &mut document {
        let members: &mut Map<String, Json> = members;
        members.insert("send_at".to_owned(), json!(at.to_string()));
    }
    document
}

/// The class of an instant.
fn class_at(dimension: &Dimension, at: Timestamp) -> ClassSet {
    let class = dimension.class(&Fact::Value(Value::Timestamp(at)));
    ClassSet::those(dimension.count, [class])
}

/// A clause without its constraint on a dimension; `None` where that has none of some classes.
fn at_class(clause: &Clause, place: DimensionIdx, classes: &ClassSet) -> Option<Clause> {
    if clause.on(place).is_some_and(|set| !set.meets(classes)) {
        return None;
    }
    let rest = clause.constraints.iter().filter(|(on, _)| *on != place);
    Some(Clause { constraints: rest.cloned().collect() })
}
