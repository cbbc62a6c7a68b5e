//! What are two rules to each other?

use super::analysis::{Certainty, Claim, ClaimKind, RuleName};
use super::goal::Goal;
use super::pool::Pool;
use super::search::{Holds, Reach, Search};
use super::witness;
use crate::program::clause::{Clause, DimensionIdx};
use crate::program::dimension::Subject;
use crate::program::{CompiledRule, Program, RuleIdx};
use crate::schema::attributes::SEND_AT;
use crate::verdict::{FindingVerdict, Status, Verdict};

/// The claims about pairs of rules: those of one kind together, in program order.
pub(super) fn claims(pool: &mut Pool<'_>, search: &mut Search) -> Vec<Claim> {
    let program = pool.ground.program;
    // A rule that nothing violates stands in every relation, and in none that matters.
    let rules: Vec<Ruled> = program
        .rules()
        .filter(|(index, _, rule)| {
            rule.is_written()
                && pool
                    .rule_cases(*index)
                    .is_some_and(|rule_cases| rule_cases.violated.first().is_some())
        })
        .filter_map(|(index, _, rule)| {
            let asked = asked(program, program.compiled(index)?);
            Some(Ruled { index, verdict: rule.verdict_of(Status::Violated), asked })
        })
        .collect();
    let mut found: Vec<Claim> = Vec::new();
    for (number, one) in rules.iter().enumerate() {
        for other in rules.get(number + 1..).unwrap_or_default() {
            let pair = Pair { one: one.index, other: other.index };
            found.extend(pair.inclusion(pool, search, one, other));
            // A note is no demand that could be met or not.
            if one.verdict.effect().min(other.verdict.effect()) > Verdict::Allow {
                found.extend(pair.contradiction(pool, search));
            }
        }
    }
    found.sort_by_key(|claim| claim.kind);
    found
}

/// A rule that something violates.
struct Ruled {
    index: RuleIdx,
    verdict: FindingVerdict,
    /// What decides whether it is violated, but for the instant.
    asked: Vec<DimensionIdx>,
}

/// Two rules, in program order.
struct Pair {
    one: RuleIdx,
    other: RuleIdx,
}

/// Whether the one rule is violated wherever the other is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Proved,
    Possible,
    No,
}

impl Pair {
    fn inclusion(
        &self,
        pool: &mut Pool<'_>,
        search: &mut Search,
        one_ruled: &Ruled,
        other_ruled: &Ruled,
    ) -> Option<Claim> {
        let (one, other) = (self.one, self.other);
        let (one_verdict, other_verdict) = (one_ruled.verdict, other_ruled.verdict);
        let one_in_other = within(pool, search, one, other);
        let other_in_one = within(pool, search, other, one);
        let certainty = |within: Within| match within {
            Within::Proved => Certainty::Proved,
            Within::Possible | Within::No => Certainty::Possible,
        };
        let (kind, about, beside, certainty) = match (one_in_other, other_in_one) {
            (Within::No, Within::No) => {
                let may_be = one_verdict != other_verdict && one_ruled.asked == other_ruled.asked;
                return may_be.then(|| self.correlation(pool, search)).flatten();
            }
            // Of two that say the same the later is the one too many.
            (a, b) if a != Within::No && b != Within::No && one_verdict == other_verdict => {
                let both = if a == Within::Proved { b } else { a };
                (ClaimKind::Duplicate, other, one, certainty(both))
            }
            (a, _) if a != Within::No && one_verdict <= other_verdict => {
                (ClaimKind::Shadowed, one, other, certainty(a))
            }
            (_, b) if b != Within::No && other_verdict <= one_verdict => {
                (ClaimKind::Shadowed, other, one, certainty(b))
            }
            (a, _) if a != Within::No => (ClaimKind::Generalised, other, one, certainty(a)),
            (_, b) => (ClaimKind::Generalised, one, other, certainty(b)),
        };
        let case = both_violated(pool, search, one, other)?;
        let program = pool.ground.program;
        let claimed = [(about, Status::Violated), (beside, Status::Violated)];
        let says = match kind {
            ClaimKind::Duplicate => "is violated in the same cases, with the same verdict",
            ClaimKind::Shadowed => {
                "is violated only where the other is, whose verdict is no milder"
            }
            _ => "is violated wherever the other is, with a milder verdict",
        };
        Some(Claim {
            kind,
            certainty,
            rule: name(program, about),
            other: name(program, beside),
            attribute: None,
            says: says.to_owned(),
            witness: witness::of(pool.ground, pool.case(case)?, &claimed),
        })
    }

    /// Of rules that ask about the same attributes and differ in their verdicts: a claim where some
    /// cases violate both, and each is violated alone.
    fn correlation(&self, pool: &mut Pool<'_>, search: &mut Search) -> Option<Claim> {
        let program = pool.ground.program;
        let case = both_violated(pool, search, self.one, self.other)?;
        let claimed = [(self.one, Status::Violated), (self.other, Status::Violated)];
        Some(Claim {
            kind: ClaimKind::Correlated,
            certainty: Certainty::Proved,
            rule: name(program, self.one),
            other: name(program, self.other),
            attribute: None,
            says: "asks about the same attributes with another verdict, and some cases violate \
                   both"
                .to_owned(),
            witness: witness::of(pool.ground, pool.case(case)?, &claimed),
        })
    }

    fn contradiction(&self, pool: &mut Pool<'_>, search: &mut Search) -> Option<Claim> {
        let program = pool.ground.program;
        let (rule_cases, beside) = (pool.rule_cases(self.one)?, pool.rule_cases(self.other)?);
        if rule_cases.satisfied.first_of_both(&beside.satisfied).is_some() {
            return None;
        }
        let (one, other) = (program.compiled(self.one)?, program.compiled(self.other)?);
        let both_kept = boxes(&one.satisfied, &other.satisfied, one, other);
        let certainty = match search.holds(pool, both_kept) {
            Holds::Case | Holds::Untried => return None,
            Holds::Nothing => Certainty::Proved,
            Holds::Open => Certainty::Possible,
        };
        let kept_alone = [
            boxes(&one.violated, &other.satisfied, one, other),
            boxes(&one.satisfied, &other.violated, one, other),
        ];
        let mut cases = Vec::new();
        for goals in kept_alone {
            let Reach::At(case) = search.reach(pool, goals) else { return None };
            cases.push(case);
        }
        let claimed = [(self.one, Status::Violated), (self.other, Status::Satisfied)];
        Some(Claim {
            kind: ClaimKind::Contradictory,
            certainty,
            rule: name(program, self.one),
            other: name(program, self.other),
            attribute: None,
            says: "is kept by no case that keeps the other, where both apply".to_owned(),
            witness: witness::of(pool.ground, pool.case(*cases.first()?)?, &claimed),
        })
    }
}

/// The boxes that clauses of two rules share.
pub(super) fn boxes<'r>(
    some: &'r [Clause],
    others: &'r [Clause],
    one: &'r CompiledRule,
    other: &'r CompiledRule,
) -> impl Iterator<Item = Goal> + Clone + 'r {
    let scope = one.scope.max(other.scope);
    some.iter()
        .flat_map(move |some| others.iter().filter_map(move |other| Goal::both(some, other, scope)))
}

/// Whether a rule is violated only where another is.
fn within(pool: &mut Pool<'_>, search: &mut Search, rule: RuleIdx, other: RuleIdx) -> Within {
    let program = pool.ground.program;
    let seen = match (pool.rule_cases(rule), pool.rule_cases(other)) {
        (Some(rule_cases), Some(beside)) => rule_cases.violated.first_in(&beside.clear).is_some(),
        _ => true,
    };
    let (false, Some(one), Some(beside)) = (seen, program.compiled(rule), program.compiled(other))
    else {
        return Within::No;
    };
    let apart = [&beside.not_applicable, &beside.satisfied, &beside.error]
        .into_iter()
        .flat_map(|clauses| boxes(&one.violated, clauses, one, beside));
    match search.holds(pool, apart) {
        Holds::Nothing => Within::Proved,
        Holds::Open => Within::Possible,
        // What was not examined is not claimed; that it was not is reported as a bound.
        Holds::Case | Holds::Untried => Within::No,
    }
}

fn both_violated(
    pool: &mut Pool<'_>,
    search: &mut Search,
    one: RuleIdx,
    other: RuleIdx,
) -> Option<usize> {
    let known = pool.rule_cases(one)?.violated.first_of_both(&pool.rule_cases(other)?.violated);
    if known.is_some() {
        return known;
    }
    let program = pool.ground.program;
    let (a, b) = (program.compiled(one)?, program.compiled(other)?);
    match search.reach(pool, boxes(&a.violated, &b.violated, a, b)) {
        Reach::At(case) => Some(case),
        Reach::Nowhere | Reach::Open | Reach::Untried => None,
    }
}

/// What decides whether a rule is violated, but for the instant.
fn asked(program: &Program, rule: &CompiledRule) -> Vec<DimensionIdx> {
    let mut asked: Vec<DimensionIdx> = rule
        .violated
        .iter()
        .flat_map(|clause| clause.constraints.iter().map(|(place, _)| *place))
        .filter(|place| {
            program
                .dimension(*place)
                .is_some_and(|known| known.subject != Subject::Attribute(SEND_AT))
        })
        .collect();
    asked.sort_unstable();
    asked.dedup();
    asked
}

/// The names of a rule.
pub(super) fn name(program: &Program, rule: RuleIdx) -> Option<RuleName> {
    program.rule(rule).map(|(pack, rule)| RuleName {
        pack: std::sync::Arc::clone(&pack.name),
        rule: std::sync::Arc::clone(&rule.id),
    })
}
