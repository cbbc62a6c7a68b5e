//! What a difference says.

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value as Json;

use super::analysis::{Bound, Certainty};
use crate::time::Timestamp;
use crate::verdict::{FindingVerdict, Status, Verdict, names};

/// What changes from one engine's rules to another's, or from one date to another.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Difference {
    /// The rules that are not the same, in the order of the new program; those that are gone last.
    pub rules: Vec<RuleChange>,
    /// How many rules say the same of every case, as far as all facts are known.
    pub equivalent: usize,
    /// Where the comparison ended before it was done.
    pub bounds: Vec<Bound>,
}

impl Difference {
    /// Whether what some rule says of some case changes, or may.
    pub fn changes_meaning(&self) -> bool {
        self.rules.iter().any(|change| change.change != Change::Reworded)
    }

    /// The difference as one line of JSON without spaces.
    pub fn to_json(&self) -> String {
        // Writing to memory cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

names! {
    /// How a rule is not the same.
    Change {
        /// Only the new side has it.
        Added = "added",
        /// Only the old side has it.
        Removed = "removed",
        /// Both have it, and it says something else of some case.
        Changed = "changed",
        /// It says the same of every case in other words: title, message, advice, translations,
        /// topic, labels, source, exposure, confidence, whether it can be waived, or dates that make
        /// no difference.
        Reworded = "reworded",
    }
}

/// A rule that is not the same.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct RuleChange {
    /// Its pack.
    pub pack: Arc<str>,
    /// Its id.
    pub rule: Arc<str>,
    /// How it is not the same.
    pub change: Change,
    /// Whether a document shows it, or clauses leave a doubt.
    pub certainty: Certainty,
    /// What a violation means on the old side; none where the rule is not there.
    pub old: Option<FindingVerdict>,
    /// What a violation means on the new side.
    pub new: Option<FindingVerdict>,
    /// A document of which the two sides say different things.
    pub witness: Option<WitnessOfChange>,
}

/// A campaign document, and what both sides say of it. It was read and judged by both.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct WitnessOfChange {
    /// The document. Facts that make no difference are left out.
    pub document: Json,
    /// Which directory of the packs' tests it is judged with; the engines' own, if there is none.
    pub directory: Option<Arc<str>>,
    /// What the old side says.
    pub old: Said,
    /// What the new side says.
    pub new: Said,
}

/// What one side says of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Said {
    /// When the message is sent, where that is not the document's own instant.
    #[serde(serialize_with = "instant")]
    pub at: Option<Timestamp>,
    /// The verdict on the document, without what waivers lower.
    pub verdict: Verdict,
    /// What the rule says; none where it is not there, or not asked of a campaign alone.
    pub status: Option<Status>,
}

fn instant<S: serde::Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => serializer.collect_str(at),
        None => serializer.serialize_none(),
    }
}
