//! Which values and times does no rule ask about, and which verdicts does each topic come to?

use std::collections::BTreeMap;
use std::sync::Arc;

use super::analysis::{Certainty, Claim, ClaimKind, TopicCoverage, VerdictShown};
use super::goal::Goal;
use super::pool::Pool;
use super::search::{Reach, Search};
use super::witness;
use crate::program::classes::{ClassIdx, ClassSet, Classes};
use crate::program::clause::{Clause, DimensionIdx};
use crate::program::dimension::Subject;
use crate::program::{Program, RuleIdx};
use crate::schema::attributes::SEND_AT;
use crate::schema::{AttributeId, Form, Scope};
use crate::verdict::{FindingVerdict, RuleTopic, Status};

/// For each attribute that some violation depends on: the values of a closed list that are in no
/// violation's constraint on it, and the times between and after those in which it matters.
pub(super) fn uncovered(pool: &mut Pool<'_>, search: &mut Search) -> Vec<Claim> {
    let program = pool.ground.program;
    let when = program
        .dimensions()
        .iter()
        .position(|known| known.subject == Subject::Attribute(SEND_AT))
        .map(|place| DimensionIdx(place as u16));
    let mut values = Vec::new();
    let mut periods = Vec::new();
    for (place, dimension) in program.dimensions().iter().enumerate() {
        let place = DimensionIdx(place as u16);
        let Subject::Attribute(id) = dimension.subject else { continue };
        if id == SEND_AT {
            continue;
        }
        let asking: Vec<&Clause> = asking(program, place).collect();
        if asking.is_empty() {
            continue;
        }
        let attribute = program.schema().attribute(id);
        let is_closed = matches!(attribute.form, Form::OneOf(_)) && !attribute.ty.is_list();
        if is_closed {
            let asked = asking
                .iter()
                .filter_map(|clause| clause.on(place))
                .fold(ClassSet::empty(dimension.count), |all, set| all.or(set));
            let left = dimension.complement(&asked);
            // That there is none is no value.
            let left = ClassSet::of(dimension.count, |class| {
                left.contains(class) && Some(class) != dimension.absent
            });
            if !left.is_empty() {
                let words = dimension.describe(&left);
                let clause = Clause { constraints: vec![(place, left)] };
                let kind = ClaimKind::ValueNotCovered;
                let says = format!("no violation depends on it {words}");
                values.extend(claim(pool, search, kind, id, says, &clause));
            }
        }
        if let Some(when) = when {
            for (set, words) in gaps(program, when, &asking) {
                let clause = Clause { constraints: vec![(when, set)] };
                let kind = ClaimKind::PeriodNotCovered;
                let says = format!("no rule that asks about it can be violated at {words}");
                periods.extend(claim(pool, search, kind, id, says, &clause));
            }
        }
    }
    values.extend(periods);
    values
}

/// The clauses by which rules are violated and that constrain a dimension.
fn asking(program: &Program, place: DimensionIdx) -> impl Iterator<Item = &Clause> {
    (0..program.len() as u32)
        .filter_map(|rule| program.compiled(RuleIdx(rule)))
        .flat_map(|compiled| &compiled.violated)
        .filter(move |clause| clause.on(place).is_some())
}

/// The stretches of time after the first clause holds in which none does, each in words.
fn gaps(program: &Program, when: DimensionIdx, asking: &[&Clause]) -> Vec<(ClassSet, String)> {
    let Some(dimension) = program.dimension(when) else { return Vec::new() };
    let Classes::Timestamps(cuts) = &dimension.classes else { return Vec::new() };
    let is_asked =
        |class| asking.iter().any(|clause| clause.on(when).is_none_or(|set| set.contains(class)));
    let mut found = Vec::new();
    let mut has_begun = false;
    let mut run: Vec<ClassIdx> = Vec::new();
    let mut flush = |run: &mut Vec<ClassIdx>| {
        if !run.is_empty() {
            let set = ClassSet::those(dimension.count, run.drain(..));
            let words = dimension.describe(&set);
            found.push((set, words));
        }
    };
    for (class, _) in cuts.iter() {
        if is_asked(class) {
            flush(&mut run);
            has_begun = true;
        } else if has_begun {
            run.push(class);
        }
    }
    flush(&mut run);
    found
}

fn claim(
    pool: &mut Pool<'_>,
    search: &mut Search,
    kind: ClaimKind,
    id: AttributeId,
    says: String,
    clause: &Clause,
) -> Option<Claim> {
    let program = pool.ground.program;
    let attribute = program.schema().attribute(id);
    let goal = Goal { clause: clause.clone(), scope: Scope::Campaign };
    let case = match search.reach(pool, [goal].into_iter()) {
        Reach::At(case) => Some(case),
        // A value that nothing comes to is no gap.
        Reach::Open | Reach::Untried | Reach::Nowhere => return None,
    };
    let found = case.and_then(|case| pool.case(case))?;
    let witness = witness::made(pool.ground, found, |judged| judged.lies_in(clause));
    Some(Claim {
        kind,
        certainty: Certainty::Proved,
        rule: None,
        other: None,
        attribute: Some(Arc::clone(&attribute.path)),
        says,
        witness,
    })
}

/// What the rules of each topic come to.
pub(super) fn topics(pool: &Pool<'_>) -> Vec<TopicCoverage> {
    let program = pool.ground.program;
    let mut topics: BTreeMap<RuleTopic, BTreeMap<FindingVerdict, VerdictShown>> = BTreeMap::new();
    for (index, _, rule) in program.rules() {
        let verdict = rule.verdict_of(Status::Violated);
        let shown = topics
            .entry(rule.topic.clone())
            .or_default()
            .entry(verdict)
            .or_insert_with(|| VerdictShown { verdict, rules: 0, violated: 0, witness: None });
        shown.rules += 1;
        let Some(violated) = pool.rule_cases(index).map(|rule_cases| &rule_cases.violated) else {
            continue;
        };
        let Some(case) = violated.first().and_then(|case| pool.case(case)) else {
            continue;
        };
        shown.violated += 1;
        if shown.witness.is_none() {
            shown.witness = witness::of(pool.ground, case, &[(index, Status::Violated)]);
        }
    }
    topics
        .into_iter()
        .map(|(topic, verdicts)| TopicCoverage {
            topic,
            rules: verdicts.values().map(|shown| shown.rules).sum(),
            verdicts: verdicts.into_values().rev().collect(),
        })
        .collect()
}
