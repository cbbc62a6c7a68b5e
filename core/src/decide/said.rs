//! What are the texts of a finding made of?
//!
//! A decision holds its texts in English, as its document has them. What they were made of is kept
//! beside them, as far as it is not in the finding itself, so that the same texts can be had in
//! another language without judging again: the rule, which facts do not exist, and why a rule is
//! undetermined.

use std::sync::Arc;

use crate::matching::{Failure, Matched};
use crate::program::RuleIdx;
use crate::resolve::Resolved;
use crate::schema::AttributeId;
use crate::schema::attributes as id;

/// What the texts of a finding are made of, beside the finding's own members.
#[derive(Clone, Debug)]
pub(super) enum Said {
    /// The rule's own words; of the attributes in them these do not exist.
    Rule { rule: RuleIdx, absent: Box<[AttributeId]> },
    /// Why the rule is undetermined.
    Open { rule: RuleIdx, open: Box<Open> },
    /// No rule of any pack is in force.
    Ruleless,
}

/// Why a rule is undetermined, beside the members that are missing.
#[derive(Clone, Debug)]
pub(super) struct Open {
    /// What the directory does not settle, by path.
    pub(super) of_directory: Vec<Arc<str>>,
    /// What nothing at hand settles, by path.
    pub(super) others: Vec<Arc<str>>,
    /// Why the condition could not be evaluated.
    pub(super) failure: Option<Failure>,
}

impl Open {
    pub(super) fn of(resolved: &Resolved<'_>, matched: &Matched) -> Self {
        let schema = resolved.facts().schema();
        let (mut of_directory, mut others) = (Vec::new(), Vec::new());
        for id in matched.missing.iter().filter(|id| resolved.causes(**id).is_empty()) {
            let paths = if is_of_directory(*id) { &mut of_directory } else { &mut others };
            paths.push(Arc::clone(&schema.attribute(*id).path));
        }
        Self { of_directory, others, failure: matched.failure.clone() }
    }
}

/// Whether it is the directory that settles an attribute, and not the caller.
fn is_of_directory(attribute: AttributeId) -> bool {
    [
        id::PROVIDER_LISTING,
        id::PROVIDER_LISTING_KNOWN,
        id::PROVIDER_LOOKALIKE_OF,
        id::INTERMEDIARIES_UNLISTED_COUNT,
        id::INTERMEDIARIES_UNAUTHORIZED_COUNT,
        id::INTERMEDIARIES_UNPROVEN_COUNT,
        id::INTERMEDIARIES_WEAKEST_LINK,
    ]
    .contains(&attribute)
}
