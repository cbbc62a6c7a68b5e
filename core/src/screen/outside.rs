//! Which rows are outside the customer-service window, where a campaign says how many are?

use crate::facts::Facts;
use crate::program::Program;
use crate::program::classes::{ClassIdx, ClassSet, UNKNOWN};
use crate::program::clause::DimensionIdx;
use crate::program::dimension::Subject;
use crate::schema::{AttributeId, attributes};
use crate::value::{Fact, Value};

/// How the rows that are known to have no open window are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outside {
    /// Nobody asks, or of no row it is known.
    Nobody,
    /// Each of them: no column says otherwise.
    Everybody,
    /// Those that do not satisfy a constraint, by its number: that a window is open.
    Without(u32),
}

/// That a window may be open, as a constraint on rows; or what all rows come to.
pub(super) enum Asked {
    Settled(Outside),
    OfRows(DimensionIdx, ClassSet),
}

/// What has to be asked of the rows of a campaign; `settled` gives the class of a dimension, by its
/// place, where no row changes it.
pub(super) fn asked(
    facts: &Facts,
    program: &Program,
    settled: impl Fn(usize) -> Option<ClassIdx>,
) -> Asked {
    let Some(_) = said(facts) else { return Asked::Settled(Outside::Nobody) };
    let window = Subject::Attribute(attributes::RECIPIENT_IN_SERVICE_WINDOW);
    let known = program.dimensions.iter().enumerate().find(|(_, known)| known.subject == window);
    let Some((place, dimension)) = known else { return Asked::Settled(Outside::Nobody) };
    let open = dimension.class(&Fact::Value(Value::Bool(true)));
    match settled(place) {
        None => Asked::OfRows(
            DimensionIdx(place as u16),
            ClassSet::of(dimension.count, |class| class == open),
        ),
        Some(class) if class != open && class != UNKNOWN => Asked::Settled(Outside::Everybody),
        Some(_) => Asked::Settled(Outside::Nobody),
    }
}

/// How many recipients a campaign says to be without an open window, where that is asked: what is
/// not given follows from the audience's size, and no limit counts replies.
pub(super) fn said(campaign: &Facts) -> Option<i64> {
    of_campaign(campaign, attributes::CAMPAIGN_AUDIENCE_OUTSIDE_WINDOW)
}

/// A count that a campaign gives of its recipients; none of replies, which no limit counts.
pub(super) fn of_campaign(campaign: &Facts, count: AttributeId) -> Option<i64> {
    let initiated_by = campaign.fact(attributes::CAMPAIGN_INITIATED_BY).text();
    match campaign.fact(count) {
        Fact::Value(Value::Int(size)) if initiated_by != Some("customer") => Some(*size),
        _ => None,
    }
}
