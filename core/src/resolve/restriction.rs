//! What does a restriction stop, and is it in force?

use crate::facts::Entry;
use crate::ternary::Ternary;
use crate::time::Timestamp;
use crate::value::{Fact, Value};

/// Restriction kinds that end replies too.
pub(super) const STOPPING_ALL: &[&str] =
    &["all_messaging", "account_locked", "account_disabled", "number_banned", "brand_banned"];
pub(super) const STOPPING_BUSINESS_INITIATED: &[&str] = &[
    "business_initiated",
    "all_messaging",
    "account_locked",
    "account_disabled",
    "number_banned",
    "brand_banned",
];
pub(super) const STOPPING_REPLIES: &[&str] = &[
    "customer_initiated",
    "all_messaging",
    "account_locked",
    "account_disabled",
    "number_banned",
    "brand_banned",
];
pub(super) const STOPPING_SOMETHING_ELSE: &[&str] = &["other"];
pub(super) const STOPPING_UTILITY_TEMPLATES: &[&str] = &["utility_templates"];
pub(super) const STOPPING_DIRECT_SEND: &[&str] = &["direct_send"];
pub(super) const BANNING: &[&str] = &["account_disabled", "number_banned", "brand_banned"];

/// Whether one restriction is of one of those kinds and in force: `since <= send_at < until`.
pub(super) fn restricts(entry: &Entry, kinds: &[&str], send_at: Option<Timestamp>) -> Ternary {
    let [kind, since, until] = entry.as_slice() else { return Ternary::Undetermined };
    let is_kind = Ternary::from(kind.text().map(|kind| kinds.contains(&kind)));
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
    is_kind.and(has_begun).and(goes_on)
}
