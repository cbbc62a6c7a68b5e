//! Which numbers do rules tell apart?

use std::collections::BTreeSet;

use super::trial::Trials;
use crate::facts::Facts;
use crate::matching::PackView;
use crate::matching::turns::{self, Line};
use crate::program::classes::Classes;
use crate::program::dimension;
use crate::schema::AttributeId;
use crate::schema::attributes as id;
use crate::value::{Fact, Value};

/// The least numbers, from 0 on, of the pieces into which the line of an attribute is cut in a case,
/// in order: those of one piece are alike to every rule, the rest of the case as given.
pub(super) fn pieces(trials: &Trials<'_>, facts: &Facts, attribute: AttributeId) -> Vec<i64> {
    let program = trials.ground.program;
    let resolved = trials.ground.resolve(facts);
    // Rules may read it by what it stands in for.
    let mut read = vec![attribute];
    if attribute == id::CAMPAIGN_AUDIENCE_SIZE
        && facts.fact(id::CAMPAIGN_AUDIENCE_OUTSIDE_WINDOW).value().is_none()
    {
        read.push(id::CAMPAIGN_AUDIENCE_OUTSIDE_WINDOW);
    }
    let mut starts: BTreeSet<i64> = BTreeSet::from([0]);
    if rate_of(attribute).is_some() {
        // None and some differ where nothing was delivered.
        starts.insert(1);
    }
    for dimension in program.dimensions() {
        let dimension::Subject::Attribute(of) = dimension.subject else { continue };
        match &dimension.classes {
            Classes::Ints(cuts) if read.contains(&of) => {
                starts.extend(cuts.points.iter().flat_map(|at| [*at, at.saturating_add(1)]));
            }
            Classes::Doubles(cuts) if Some(of) == rate_of(attribute) => {
                if let Fact::Value(Value::Int(delivered)) = facts.fact(id::ACCOUNT_DELIVERED_7D) {
                    // A little to either side: where a quotient rounds is for the trial to tell.
                    starts.extend(cuts.points.iter().flat_map(|rate| {
                        let at = (rate * *delivered as f64).floor() as i64;
                        [at.saturating_sub(1), at, at.saturating_add(1), at.saturating_add(2)]
                    }));
                }
            }
            _ => {}
        }
    }
    for predicate in program.predicates() {
        let view = PackView { program, pack: predicate.pack, case: &resolved };
        for of in read.iter().filter(|of| predicate.attributes.contains(of)) {
            let mut places = BTreeSet::new();
            // What is not linear is tried as it comes: a claim is one of a trial all the same.
            let _ = turns::turns(&predicate.node, *of, Line::Ints, &view, &mut places);
            starts.extend(places.into_iter().filter_map(|at| i64::try_from(at).ok()));
        }
    }
    starts.into_iter().filter(|at| *at >= 0).collect()
}

const fn rate_of(count: AttributeId) -> Option<AttributeId> {
    match count {
        id::ACCOUNT_BLOCKS_7D => Some(id::ACCOUNT_FEEDBACK_BLOCK_RATE),
        id::ACCOUNT_REPORTS_7D => Some(id::ACCOUNT_FEEDBACK_REPORT_RATE),
        _ => None,
    }
}
