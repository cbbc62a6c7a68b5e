//! In which order do findings stand?
//!
//! The worst verdict first; of one verdict what is violated before what is undetermined; then by
//! the names of pack and rule.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::waived;
use crate::pack::ENGINE_PACK;
use crate::program::waivers::WaiverIdx;
use crate::program::{Program, RuleIdx};
use crate::verdict::{FindingVerdict, Status};

/// The id of the engine's own finding that no rule is in force.
pub const NO_RULE_IN_FORCE: &str = "input.no-rule-in-force";

/// The id of the engine's own finding that a value of a row cannot be read.
pub const BAD_VALUE: &str = "input.bad-value";

/// What findings are sorted by.
pub fn key<'a>(
    verdict: FindingVerdict,
    status: Status,
    pack: &'a str,
    rule: &'a str,
) -> impl Ord + 'a {
    (Reverse(verdict), status, pack, rule)
}

/// Whose word a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a rule's or the engine's own")]
pub enum Subject {
    /// A rule's.
    Rule(RuleIdx),
    /// The engine's own: no rule is in force.
    Ruleless,
    /// The engine's own: a value of a row cannot be read.
    BadValue,
}

impl Subject {
    /// The names of pack and rule.
    pub fn names(self, program: &Program) -> Option<(&str, &str)> {
        match self {
            Self::Rule(rule) => program.rule(rule).map(|(pack, rule)| (&*pack.name, &*rule.id)),
            Self::Ruleless => Some((ENGINE_PACK, NO_RULE_IN_FORCE)),
            // What a row says is nobody's pack.
            Self::BadValue => Some(("", BAD_VALUE)),
        }
    }
}

/// A finding that a case may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "what findings are sorted by")]
pub struct Rank {
    /// What it is about.
    pub subject: Subject,
    /// What it says.
    pub status: Status,
    /// What that means.
    pub verdict: FindingVerdict,
    /// The exception that lowered it to that.
    pub waiver: Option<WaiverIdx>,
}

/// Every finding that a case may have, in order: their numbers sort as they do, so that no check
/// has to compare names.
///
/// A rule that is undetermined and whose findings are notes is not reported, and not here.
#[derive(Clone, Debug)]
pub struct Order {
    ranks: Box<[Rank]>,
    /// For each rule, the numbers of its two findings.
    of_rule: Box<[OfRule]>,
    /// The numbers of what waivers make of them.
    waived: BTreeMap<(RuleIdx, Status, WaiverIdx), u32>,
    ruleless: u32,
    bad_value: u32,
}

#[derive(Clone, Copy, Debug, Default)]
struct OfRule {
    violated: u32,
    undetermined: Option<u32>,
}

impl Order {
    /// The order of a program's findings, and of the engine's own.
    pub fn of(program: &Program) -> Self {
        let mut ranks: Vec<Rank> = Vec::with_capacity(program.len() * 2 + 2);
        for (number, _, rule) in program.rules() {
            let reported: &[Status] = if rule.is_quiet() {
                &[Status::Violated]
            } else {
                &[Status::Violated, Status::Undetermined]
            };
            for status in reported {
                let subject = Subject::Rule(number);
                let verdict = rule.verdict_of(*status);
                ranks.push(Rank { subject, status: *status, verdict, waiver: None });
                let waivers = waived::waivers_of(program, number, *status).unwrap_or_default();
                ranks.extend(waivers.into_iter().filter_map(|waiver| {
                    let verdict = waived::lower_to(program, waiver)?;
                    Some(Rank { subject, status: *status, verdict, waiver: Some(waiver) })
                }));
            }
        }
        ranks.extend([Subject::BadValue, Subject::Ruleless].map(|subject| Rank {
            subject,
            status: Status::Violated,
            verdict: FindingVerdict::Review,
            waiver: None,
        }));
        let of = |rank: &Rank| {
            let (pack, rule) = rank.subject.names(program).unwrap_or_default();
            key(rank.verdict, rank.status, pack, rule)
        };
        ranks.sort_by(|a, b| of(a).cmp(&of(b)));
        let mut order = Self {
            of_rule: vec![OfRule::default(); program.len()].into(),
            ranks: ranks.into(),
            waived: BTreeMap::new(),
            ruleless: 0,
            bad_value: 0,
        };
        for (number, rank) in (0..).zip(&order.ranks) {
            match rank.subject {
                Subject::BadValue => order.bad_value = number,
                Subject::Ruleless => order.ruleless = number,
                Subject::Rule(rule) if rank.waiver.is_some() => {
                    let waiver = rank.waiver.map(|waiver| (rule, rank.status, waiver));
                    order.waived.extend(waiver.map(|waived| (waived, number)));
                }
                Subject::Rule(rule) => match order.of_rule.get_mut(rule.index()) {
                    Some(known) if rank.status == Status::Violated => known.violated = number,
                    Some(known) => known.undetermined = Some(number),
                    None => {}
                },
            }
        }
        order
    }

    /// All findings, in order.
    pub fn ranks(&self) -> &[Rank] {
        &self.ranks
    }

    /// The finding of that number.
    pub fn rank(&self, number: u32) -> Option<Rank> {
        self.ranks.get(number as usize).copied()
    }

    /// The number of what a rule says, lowered by a waiver or not; none where it is not reported.
    pub fn number(&self, rule: RuleIdx, status: Status, waiver: Option<WaiverIdx>) -> Option<u32> {
        if let Some(waiver) = waiver {
            return self.waived.get(&(rule, status, waiver)).copied();
        }
        let known = self.of_rule.get(rule.index())?;
        match status {
            Status::Violated => Some(known.violated),
            Status::Undetermined => known.undetermined,
            Status::Satisfied | Status::NotApplicable => None,
        }
    }

    /// The number of the finding that no rule is in force.
    pub const fn ruleless(&self) -> u32 {
        self.ruleless
    }

    /// The number of the finding that a value cannot be read.
    pub const fn bad_value(&self) -> u32 {
        self.bad_value
    }
}
