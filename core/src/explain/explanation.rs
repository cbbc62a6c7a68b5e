//! What an explanation says.

use std::sync::Arc;

use crate::decide::Decision;
use crate::schema::Schema;
use crate::schema::levers::{ChangedBy, Effort};
use crate::time::Timestamp;
use crate::value::Value;
use crate::verdict::{RuleTopic, Status, Verdict};

/// Why a case is or is not clear to send, and what would help. It never changes.
#[derive(Clone, Debug)]
pub struct Explanation {
    pub(super) schema: Arc<Schema>,
    pub(super) decision: Decision,
    pub(super) checklist: Vec<ChecklistEntry>,
    pub(super) fixes: Vec<Fix>,
    pub(super) more_fixes: bool,
    pub(super) alone: Vec<Option<Change>>,
    pub(super) timeline: Option<Timeline>,
    /// The first instant after `send_at` that is clear, where no timeline shows it.
    pub(super) first_clear: Option<Timestamp>,
    pub(super) ends: Vec<RuleEnd>,
    pub(super) missing: Vec<Missing>,
}

impl Explanation {
    /// What the attributes of the case are.
    pub(crate) fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The decision, as [`Engine::check`](crate::Engine::check) gives it.
    pub const fn decision(&self) -> &Decision {
        &self.decision
    }

    /// Every rule in scope: by topic; of one topic violated, undetermined, satisfied, not
    /// applicable; then by pack and rule id.
    pub fn checklist(&self) -> &[ChecklistEntry] {
        &self.checklist
    }

    /// The smallest sets of changes that lead to allow; where none does and the verdict is deny,
    /// those that lead to review. By number of changes, then by the greatest effort, then by path.
    ///
    /// Of no fix some of the changes alone suffice, whatever values they propose.
    pub fn fixes(&self) -> &[Fix] {
        &self.fixes
    }

    /// Whether there are, or may be, more fixes than are listed.
    pub const fn more_fixes(&self) -> bool {
        self.more_fixes
    }

    /// What meets one finding of the decision by itself, by its place among the findings: a change
    /// after which that rule is no longer violated nor undetermined, whatever else stands against
    /// sending. None of what is no violation that counts, and where no single change does.
    ///
    /// Of several: sending later, where that alone makes the case clear; then one of the first of
    /// [`Self::fixes`] that has one; then of the least effort.
    pub fn change_for(&self, finding: usize) -> Option<&Change> {
        self.alone.get(finding)?.as_ref()
    }

    /// The verdict at later instants; none where it was not asked for.
    pub const fn timeline(&self) -> Option<&Timeline> {
        self.timeline.as_ref()
    }

    /// The first instant, from `send_at` on, at which everything else as given is clear to send, as
    /// far as was looked.
    pub fn clear_from(&self) -> Option<Timestamp> {
        self.clear().map(|interval| interval.from).or(self.first_clear)
    }

    /// The first instant after [`Self::clear_from`] at which it no longer is; none where it is
    /// clear as far as the timeline reaches.
    pub fn clear_until(&self) -> Option<Timestamp> {
        let end = self.timeline.as_ref()?.until;
        self.clear().map(|interval| interval.until).filter(|until| *until < end)
    }

    fn clear(&self) -> Option<&Interval> {
        let intervals = &self.timeline.as_ref()?.intervals;
        intervals.iter().find(|interval| interval.verdict == Verdict::Allow)
    }

    /// Where the timeline is clear at no instant: when each finding ends that stands against
    /// sending at every instant of it, in the order of findings. Empty where there is no timeline,
    /// or one that is clear at some instant.
    pub fn ends(&self) -> &[RuleEnd] {
        &self.ends
    }

    /// The given members that findings miss, what settles most first.
    pub fn missing(&self) -> &[Missing] {
        &self.missing
    }
}

/// What one rule says of the case.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChecklistEntry {
    /// What the rule is about.
    pub topic: RuleTopic,
    /// The name of the rule's pack.
    pub pack: Arc<str>,
    /// The rule's id.
    pub rule: Arc<str>,
    /// What it says.
    pub status: Status,
}

/// Changes that together make the verdict better.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Fix {
    /// The verdict with all of them: for each value that they propose.
    pub leads_to: Verdict,
    /// The changes, by path, each path once.
    pub changes: Vec<Change>,
}

/// One change.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Change {
    /// What is changed: a member of the document, an entry of a list (`account.restrictions[0]`),
    /// or an object of which [`To::Members`] names the members.
    pub path: Arc<str>,
    /// What it is now: its value; of an object its members by path; of an entry or a recipient the
    /// name. None where nothing is given.
    pub from: Before,
    /// What it is to be.
    pub to: To,
    /// Who can change it.
    pub by: ChangedBy,
    /// What to do.
    pub how: &'static str,
    /// How much that asks for.
    pub effort: Effort,
}

/// What something is now.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Before {
    /// A value, or none.
    Value(Option<Value>),
    /// The members of an object, by name.
    Members(Vec<(Arc<str>, Option<Value>)>),
}

/// What something is to be.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum To {
    /// This value; of a list, the whole list.
    Value(Value),
    /// Any of these values.
    OneOf(Vec<Value>),
    /// A number of this range, both ends in it; no end means any.
    Range {
        /// The least.
        min: Option<Value>,
        /// The greatest.
        max: Option<Value>,
    },
    /// These members of an object, by name, each any of some values; none of them means `null`.
    Members(Vec<(Arc<str>, Vec<Value>)>),
    /// One of these objects, each as [`Self::Members`] has one: what goes together.
    OneOfMembers(Vec<Vec<(Arc<str>, Vec<Value>)>>),
    /// It is left out.
    Removed,
}

/// The verdict as time goes on, everything else as given. It speaks of `send_at` and of the whole
/// seconds after it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeline {
    /// `send_at`.
    pub from: Timestamp,
    /// Where it ends.
    pub until: Timestamp,
    /// Half-open intervals without gaps, in order; neighbours differ.
    pub intervals: Vec<Interval>,
}

/// A stretch of time in which the verdict and the rules behind it are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Interval {
    /// The first instant.
    pub from: Timestamp,
    /// The first instant after it.
    pub until: Timestamp,
    /// The verdict.
    pub verdict: Verdict,
    /// The rules whose findings are as bad as the verdict, in the order of findings: by id, or
    /// `pack/id` where two packs have one id. None where it is clear.
    pub rules: Vec<Arc<str>>,
}

/// When a rule no longer stands against sending, everything else as given.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RuleEnd {
    /// The rule: its id, or `pack/id` where two packs have one id.
    pub rule: Arc<str>,
    /// What it says all along.
    pub status: Status,
    /// What that means at `send_at`.
    pub verdict: Verdict,
    /// When that is over.
    pub over: WhenOver,
}

/// When something is over that outlasts a timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "an end is known, may come, or is not known")]
pub enum WhenOver {
    /// At this instant.
    At(Timestamp),
    /// Not before this instant: as far as was looked.
    NotBefore(Timestamp),
    /// No end is known: nothing of what the rule reads passes with time.
    NoEndKnown,
}

/// A member to supply.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Missing {
    /// The member.
    pub path: Arc<str>,
    /// How many of the undetermined findings some value of it settles by itself, everything else as
    /// given: as violated, satisfied or not applicable. Of values that no list names, those are
    /// tried that rules tell apart.
    pub settles: usize,
    /// Whether some value of it is known to lead to allow, the other missing members as good as
    /// they can be.
    pub can_allow: bool,
    /// What can be given.
    pub values: MissingValues,
    /// What it is.
    pub title: Arc<str>,
    /// Where it usually comes from.
    pub comes_from: &'static str,
}

/// What can be given.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MissingValues {
    /// One of these.
    OneOf(Vec<Arc<str>>),
    /// `true` or `false`.
    Bool,
    /// Something of this form, in words.
    Form(String),
}
