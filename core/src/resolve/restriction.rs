//! What does a restriction stop, and is it in force?

use crate::facts::Entry;
use crate::ternary::Ternary;
use crate::time::Timestamp;
use crate::value::{Fact, Value};

/// What a restriction can stop.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// Messages of every kind.
    All,
    BusinessInitiated,
    Replies,
    UtilityTemplates,
    DirectSend,
    /// The account, the number or the brand is banned.
    Ban,
    /// Nobody has said what.
    SomethingElse,
}

/// What restrictions of that kind stop; `None` for a kind that is missing here, which may stop
/// anything.
fn stopped_by(kind: &str) -> Option<&'static [Stop]> {
    use Stop::{All, Ban, BusinessInitiated, DirectSend, Replies, SomethingElse, UtilityTemplates};
    Some(match kind {
        "business_initiated" => &[BusinessInitiated],
        "customer_initiated" => &[Replies],
        "all_messaging" | "account_locked" => &[All, BusinessInitiated, Replies],
        "account_disabled" | "number_banned" | "brand_banned" => {
            &[All, BusinessInitiated, Replies, Ban]
        }
        "utility_templates" => &[UtilityTemplates],
        "direct_send" => &[DirectSend],
        "other" => &[SomethingElse],
        "add_phone_number" | "calling" => &[],
        _ => return None,
    })
}

/// Whether one restriction stops that and is in force: `since <= send_at < until`.
pub(super) fn restricts(entry: &Entry, stop: Stop, send_at: Option<Timestamp>) -> Ternary {
    let [kind, since, until] = entry.as_slice() else { return Ternary::Undetermined };
    let stops = kind.text().and_then(stopped_by).map(|stopped| stopped.contains(&stop));
    let compared = |bound: &Fact, holds: fn(Timestamp, Timestamp) -> bool| match (bound, send_at) {
        (Fact::Value(Value::Timestamp(bound)), Some(at)) => Ternary::from(holds(*bound, at)),
        _ => Ternary::Undetermined,
    };
    let has_begun = compared(since, |since, at| since <= at);
    let goes_on = if *until == Fact::Absent {
        Ternary::True
    } else {
        compared(until, |until, at| at < until)
    };
    Ternary::from(stops).and(has_begun).and(goes_on)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Schema;

    #[test]
    fn what_each_kind_stops_is_known() {
        let schema = Schema::built_in();
        let restrictions =
            schema.collections().iter().find(|list| &*list.path == "account.restrictions").unwrap();
        let kinds = restrictions.members[0].choices().unwrap();
        assert!(kinds.len() > 10);
        for kind in kinds {
            assert!(stopped_by(&kind.name).is_some(), "{}", kind.name);
        }
    }
}
