//! What does each rule say of a case?

use super::case::{Case, PackView};
use super::matcher::Matcher;
use super::missing::missing;
use super::waived;
use crate::cel::{self, EvaluationError};
use crate::program::waivers::WaiverIdx;
use crate::program::{Program, RuleIdx};
use crate::resolve::Resolved;
use crate::schema::AttributeId;
use crate::verdict::{FindingVerdict, Status};

/// What one rule says of one case.
#[derive(Clone, Debug)]
pub struct Matched {
    /// The rule.
    pub rule: RuleIdx,
    /// What it says.
    pub status: Status,
    /// The attributes, given or derived, that are missing where it is undetermined, in schema
    /// order.
    pub missing: Vec<AttributeId>,
    /// Why it is undetermined although nothing is missing.
    pub failure: Option<Failure>,
    /// The exception that lowers what it says.
    pub waiver: Option<WaiverIdx>,
}

impl Matched {
    /// What it means: what the rule says, or what a waiver lowers that to.
    pub fn verdict(&self, program: &Program) -> FindingVerdict {
        let lowered = self.waiver.and_then(|waiver| waived::lower_to(program, waiver));
        // INVARIANT: matched by this program, so the rule is there.
        lowered.unwrap_or_else(|| {
            program
                .rule(self.rule)
                .map_or(FindingVerdict::Review, |(_, rule)| rule.verdict_of(self.status))
        })
    }
}

/// Why a condition has no value although everything that it needs is known.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What went wrong.
    pub error: EvaluationError,
    /// The part of the condition that it went wrong in, as written.
    pub part: String,
}

/// Works out one case: every rule, in program order; rules of recipient scope only where a
/// recipient is given.
pub fn run(program: &Program, resolved: &Resolved<'_>) -> Vec<Matched> {
    let mut matcher = Matcher::new();
    matcher.run(program, resolved);
    let rules = (0..program.len() as u32).map(RuleIdx);
    rules
        .filter_map(|rule| {
            Some(matched(program, resolved, &matcher, rule, matcher.status(program, rule)?))
        })
        .collect()
}

/// As [`run`], but only the rules that are reported without being asked for: see
/// [`Matcher::findings`].
pub fn findings(program: &Program, resolved: &Resolved<'_>) -> Vec<Matched> {
    let mut matcher = Matcher::new();
    matcher.run(program, resolved);
    matcher
        .findings(program)
        .map(|(rule, status)| matched(program, resolved, &matcher, rule, status))
        .collect()
}

fn matched(
    program: &Program,
    resolved: &Resolved<'_>,
    matcher: &Matcher,
    rule: RuleIdx,
    status: Status,
) -> Matched {
    let missing = match status {
        Status::Undetermined => missing(program, matcher, resolved, rule).into_iter().collect(),
        Status::Violated | Status::Satisfied | Status::NotApplicable => Vec::new(),
    };
    let is_unexplained = status == Status::Undetermined && missing.is_empty();
    let failure = if is_unexplained { failure(program, resolved, rule) } else { None };
    let waiver = waived::waived(program, resolved, rule, status);
    Matched { rule, status, missing, failure, waiver }
}

fn failure<C: Case + ?Sized>(program: &Program, case: &C, rule: RuleIdx) -> Option<Failure> {
    let pack = program.compiled(rule)?.pack;
    let (_, rule) = program.rule(rule)?;
    let bindings = PackView { program, pack, case };
    let mut conditions = rule.applies.iter().chain([rule.condition.expression()]);
    conditions.find_map(|condition| match cel::evaluate(condition, &bindings) {
        cel::Outcome::Error(error) => {
            let part = condition.source.get(error.span()).unwrap_or(&condition.source).to_owned();
            Some(Failure { error, part })
        }
        cel::Outcome::Value(_) | cel::Outcome::Undetermined(_) => None,
    })
}
