//! What an analysis says.

use std::sync::Arc;

use serde::Serialize;

use super::witness::Witness;
use crate::verdict::{FindingVerdict, RuleTopic, names};

/// What the rules of an engine come to, taken together.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Analysis {
    /// How many rules there are.
    pub rules: usize,
    /// What was found: by kind, then in program order.
    pub claims: Vec<Claim>,
    /// Which verdicts the rules of each topic can come to, in the order of topics, those of packs'
    /// own last.
    pub topics: Vec<TopicCoverage>,
    /// Where the analysis ended before it was done.
    pub bounds: Vec<Bound>,
}

impl Analysis {
    /// The analysis as one line of JSON without spaces.
    pub fn to_json(&self) -> String {
        // Writing to memory cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

names! {
    /// What a claim says.
    ClaimKind {
        /// No case violates the rule.
        NeverViolated = "never_violated",
        /// In no case is the rule in force and applies.
        NeverApplies = "never_applies",
        /// Every case violates the rule while it is in force.
        AlwaysViolated = "always_violated",
        /// Both rules are violated in the same cases, with the same verdict.
        Duplicate = "duplicate",
        /// Whenever the rule is violated so is the other, with at least its verdict.
        Shadowed = "shadowed",
        /// Whenever the other rule is violated so is this one, with a milder verdict.
        Generalised = "generalised",
        /// The rules ask about the same attributes with different verdicts, and some cases violate
        /// both, others one alone.
        Correlated = "correlated",
        /// No case satisfies both rules where both apply, and each can be satisfied without the
        /// other.
        Contradictory = "contradictory",
        /// Values of an attribute of which no violation of any rule depends.
        ValueNotCovered = "value_not_covered",
        /// A time in which no rule that asks about an attribute can be violated.
        PeriodNotCovered = "period_not_covered",
    }
}

names! {
    /// How sure a claim is.
    Certainty {
        /// It follows from the clauses, whatever the facts.
        Proved = "proved",
        /// The clauses leave a doubt, and no document was found that settles it.
        Possible = "possible",
    }
}

/// The names of a rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct RuleName {
    /// Its pack.
    pub pack: Arc<str>,
    /// Its id.
    pub rule: Arc<str>,
}

/// Something that was found.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Claim {
    /// What it says.
    pub kind: ClaimKind,
    /// How sure it is.
    pub certainty: Certainty,
    /// The rule that it is about; none where it is about an attribute.
    pub rule: Option<RuleName>,
    /// The other rule, of a pair.
    pub other: Option<RuleName>,
    /// The attribute, and which of its values or which time.
    pub attribute: Option<Arc<str>>,
    /// It in words: half a sentence, about the rule or attribute.
    pub says: String,
    /// A document that shows it; none of what no document can show.
    pub witness: Option<Witness>,
}

/// Which verdicts the rules of a topic can come to.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct TopicCoverage {
    /// The topic.
    pub topic: RuleTopic,
    /// How many rules it has.
    pub rules: usize,
    /// For each verdict that a rule of the topic bears, from grave to mild, whether some case comes
    /// to it.
    pub verdicts: Vec<VerdictShown>,
}

/// Whether a violation with a verdict can happen.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct VerdictShown {
    /// The verdict.
    pub verdict: FindingVerdict,
    /// How many rules bear it.
    pub rules: usize,
    /// Of how many of these a case was found that violates them.
    pub violated: usize,
    /// A document that violates the first of them.
    pub witness: Option<Witness>,
}

/// Where an analysis ended before it was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Bound {
    /// The name of the limit, as in `core/src/limits.rs`.
    pub limit: &'static str,
    /// What was not done, in words.
    pub left: String,
}
