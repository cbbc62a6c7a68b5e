//! What can be said of a rule when some facts are unknown? Whatever every way to fill them in
//! agrees on.

use cleartosend::Status;

use super::{FactIdx, Judge, Outcome, Row, Rule, UNKNOWN};

/// More completions than this of one rule on one row are not tried.
pub const COMPLETIONS_MAX: usize = 4_000;

/// What the completions of a row say of one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// What they settle.
    pub status: Status,
    /// The subjects of which two completions that differ in it alone come to different outcomes.
    pub missing: Vec<usize>,
    /// Whether every fact that the rule reads is known.
    pub is_known: bool,
    /// Every outcome that some completion comes to, in order.
    pub outcomes: Vec<Outcome>,
}

/// Tries every completion; none if there are too many.
pub fn judge(
    judge: &Judge,
    rule: &Rule,
    row: &Row,
    scratch: &mut Vec<FactIdx>,
) -> Option<Judgement> {
    let unknown: Vec<usize> =
        (0..rule.reads.len()).filter(|place| row.facts[rule.reads[*place]] == UNKNOWN).collect();
    let sizes: Vec<usize> = unknown.iter().map(|place| rule.classes[*place].len()).collect();
    let count = sizes.iter().try_fold(1_usize, |count, size| {
        count.checked_mul(*size).filter(|count| *count <= COMPLETIONS_MAX)
    })?;
    scratch.clear();
    scratch.extend_from_slice(&row.facts);
    let mut all = Vec::with_capacity(count);
    for number in 0..count {
        let mut rest = number;
        for (place, size) in unknown.iter().zip(&sizes) {
            scratch[rule.reads[*place]] = rule.classes[*place][rest % size];
            rest /= size;
        }
        all.push(judge.outcome(rule, row.send_at, scratch));
    }
    let mut missing = Vec::new();
    let mut stride = 1;
    for (place, size) in unknown.iter().zip(&sizes) {
        // Completions that differ in this fact alone stand a stride apart within each run of
        // `stride * size`.
        let differ = (0..count).filter(|number| number / stride % size == 0).any(|first| {
            let line = (1..*size).map(|step| all[first + step * stride]);
            line.into_iter().any(|other| other != all[first])
        });
        if differ {
            missing.push(rule.reads[*place]);
        }
        stride *= size;
    }
    let mut outcomes = all;
    outcomes.sort_unstable();
    outcomes.dedup();
    Some(Judgement { status: status(&outcomes), missing, is_known: unknown.is_empty(), outcomes })
}

/// What the outcomes of all completions amount to. An error agrees with nothing, not even with
/// itself.
pub fn status(outcomes: &[Outcome]) -> Status {
    match outcomes {
        [Outcome::Violated] => Status::Violated,
        [Outcome::NotApplicable] => Status::NotApplicable,
        [Outcome::Satisfied] | [Outcome::Satisfied, Outcome::NotApplicable] => Status::Satisfied,
        _ => Status::Undetermined,
    }
}
