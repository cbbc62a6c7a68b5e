//! What is a rule by itself?

use super::analysis::{Certainty, Claim, ClaimKind};
use super::goal::{Goal, boxes_of};
use super::pool::Pool;
use super::relations::name;
use super::search::{Reach, Search};
use super::witness;
use crate::program::classes::{ClassSet, Classes, Piece};
use crate::program::clause::{Clause, DimensionIdx};
use crate::program::dimension::Subject;
use crate::program::{CompiledRule, Program, RuleIdx};
use crate::schema::attributes::SEND_AT;
use crate::verdict::Status;

/// The claims about single rules, in program order. A case that violates each rule, where there is
/// one, is in the pool from here on.
pub(super) fn claims(pool: &mut Pool<'_>, search: &mut Search) -> Vec<Claim> {
    let program = pool.ground.program;
    let rules: Vec<RuleIdx> = program
        .rules()
        // What follows from a pack's `known_until` asks for nothing but the date.
        .filter(|(_, _, rule)| rule.is_written())
        .map(|(index, _, _)| index)
        .collect();
    let mut found: Vec<Claim> =
        rules.into_iter().filter_map(|rule| of_rule(pool, search, rule)).collect();
    found.sort_by_key(|claim| claim.kind);
    found
}

fn of_rule(pool: &mut Pool<'_>, search: &mut Search, rule: RuleIdx) -> Option<Claim> {
    let program = pool.ground.program;
    let compiled = program.compiled(rule)?;
    let claim = |kind, certainty, says: &str, witness| Claim {
        kind,
        certainty,
        rule: name(program, rule),
        other: None,
        attribute: None,
        says: says.to_owned(),
        witness,
    };
    let is_violated = reach(pool, search, compiled, &compiled.violated);
    if let Reach::At(case) = is_violated {
        if let Some(certainty) = always(pool, search, program, rule, compiled) {
            let claimed = [(rule, Status::Violated)];
            let witness = witness::of(pool.ground, pool.case(case)?, &claimed);
            let says = "is violated by every case while it is in force";
            return Some(claim(ClaimKind::AlwaysViolated, certainty, says, witness));
        }
        return None;
    }
    if is_violated == Reach::Untried {
        return None;
    }
    let is_kept = reach(pool, search, compiled, &compiled.satisfied);
    let is_broken = reach(pool, search, compiled, &compiled.error);
    let certainty = |reaches: &[Reach]| {
        if reaches.iter().all(|reach| *reach == Reach::Nowhere) {
            Certainty::Proved
        } else {
            Certainty::Possible
        }
    };
    if let Reach::At(case) = is_kept {
        let witness = witness::of(pool.ground, pool.case(case)?, &[(rule, Status::Satisfied)]);
        let says = "is violated by no case";
        return Some(claim(ClaimKind::NeverViolated, certainty(&[is_violated]), says, witness));
    }
    if let Reach::At(_) = is_broken {
        let says = "is violated by no case: its conditions cannot be worked out";
        return Some(claim(ClaimKind::NeverViolated, certainty(&[is_violated]), says, None));
    }
    // A rule that says nothing of where it applies does so wherever it is in force.
    let applies_always = program.rule(rule)?.1.applies.is_none();
    if applies_always && [is_kept, is_broken].iter().any(|reach| *reach != Reach::Nowhere) {
        let says = "is violated by no case";
        return Some(claim(ClaimKind::NeverViolated, certainty(&[is_violated]), says, None));
    }
    let certainty = certainty(&[is_violated, is_kept, is_broken]);
    Some(claim(ClaimKind::NeverApplies, certainty, "applies to no case", None))
}

fn reach(
    pool: &mut Pool<'_>,
    search: &mut Search,
    rule: &CompiledRule,
    clauses: &[Clause],
) -> Reach {
    search.reach(pool, boxes_of(clauses, rule.scope))
}

/// Whether no case while the rule is in force has another outcome; `None` where one has.
fn always(
    pool: &mut Pool<'_>,
    search: &mut Search,
    program: &Program,
    rule: RuleIdx,
    compiled: &CompiledRule,
) -> Option<Certainty> {
    let in_force = in_force(program, rule);
    let others = [&compiled.satisfied, &compiled.error, &compiled.not_applicable];
    let goals = others
        .into_iter()
        .flatten()
        .filter_map(|clause| Goal::both(clause, &in_force, compiled.scope));
    match search.reach(pool, goals) {
        Reach::Nowhere => Some(Certainty::Proved),
        Reach::Open => Some(Certainty::Possible),
        Reach::At(_) | Reach::Untried => None,
    }
}

/// The box of the time in which a rule is in force.
fn in_force(program: &Program, rule: RuleIdx) -> Clause {
    let period = program.rule(rule).map(|(_, rule)| rule.period);
    let dimensions = program.dimensions().iter().enumerate();
    for (place, dimension) in dimensions {
        let (Classes::Timestamps(cuts), Subject::Attribute(SEND_AT), Some(period)) =
            (&dimension.classes, dimension.subject, period)
        else {
            continue;
        };
        // The ends of periods are points of the line, so that all of a gap lies in a period where
        // its lower end does.
        let lies_within = |piece| match piece {
            Piece::Point(at) | Piece::Gap(Some(at), _) => period.contains(at),
            Piece::Gap(None, _) => period.from.is_none(),
        };
        let within = cuts.iter().filter(|(_, piece)| lies_within(*piece));
        let set = ClassSet::those(dimension.count, within.map(|(class, _)| class));
        if set.len() < dimension.count {
            return Clause { constraints: vec![(DimensionIdx(place as u16), set)] };
        }
    }
    Clause::default()
}
