//! Which rows are outside the customer-service window, where a campaign says how many are?

use std::sync::Arc;

use super::bits::Bits;
use super::block::Block;
use super::plan::{Plan, State};
use super::room::Room;
use crate::facts::Facts;
use crate::program::Program;
use crate::program::classes::{ClassSet, UNKNOWN};
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

/// What has to be asked of the rows of a campaign.
pub(super) fn asked(facts: &Facts, program: &Arc<Program>, states: &[State]) -> Asked {
    let Some(_) = said(facts) else { return Asked::Settled(Outside::Nobody) };
    let window = Subject::Attribute(attributes::RECIPIENT_IN_SERVICE_WINDOW);
    let place = program.dimensions.iter().position(|known| known.subject == window);
    let Some((place, dimension)) =
        place.and_then(|place| Some((place, program.dimensions.get(place)?)))
    else {
        return Asked::Settled(Outside::Nobody);
    };
    let open = dimension.class(&Fact::Value(Value::Bool(true)));
    match states.get(place) {
        Some(State::Varying) => Asked::OfRows(
            DimensionIdx(place as u16),
            ClassSet::of(dimension.count, |class| class == open),
        ),
        Some(State::Fixed(class)) if *class != open && *class != UNKNOWN => {
            Asked::Settled(Outside::Everybody)
        }
        Some(State::Fixed(_)) | None => Asked::Settled(Outside::Nobody),
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

impl Block<'_> {
    /// The rows that are known to have no open window, as columns tell; marked ones are judged
    /// alone.
    pub(super) fn outside(&self, room: &Room) -> Bits {
        let all = Bits::first(self.rows);
        match self.plan.outside {
            Outside::Nobody => Bits::NONE,
            Outside::Everybody => all,
            Outside::Without(constraint) => {
                room.bits.get(constraint as usize).map_or(Bits::NONE, |open| all.without(open))
            }
        }
    }
}

impl Plan {
    /// Whether the rows outside the window are counted.
    pub(super) fn counts_outside(&self) -> bool {
        said(&self.base.facts).is_some()
    }
}
