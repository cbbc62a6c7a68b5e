//! What does a campaign say of itself by what it is?
//!
//! Some members decide only for some campaigns. Where they cannot, they follow from the others and
//! need not be given; where they can, one that is not given stays unknown.

use super::case::Case;
use crate::schema::attributes as id;
use crate::value::{Fact, Value};

/// A template with which the business opens the conversation answers nobody, nor does a message by
/// Direct Send.
fn opens_with_template(case: &Case<'_>) -> bool {
    let is = |attribute, wanted| case.fact(attribute).text() == Some(wanted);
    is(id::CAMPAIGN_INITIATED_BY, "business")
        && (is(id::CAMPAIGN_CONTENT, "template") || is(id::CAMPAIGN_CONTENT, "direct_send"))
}

pub(super) fn automated(case: &Case<'_>) -> Fact {
    match case.fact(id::CAMPAIGN_AUTOMATED) {
        given @ Fact::Value(_) => given.clone(),
        _ if opens_with_template(case) => Fact::Value(Value::Bool(false)),
        _ => Fact::Unknown,
    }
}

pub(super) fn general_purpose_ai(case: &Case<'_>) -> Fact {
    let is_for_something_else =
        case.fact(id::CAMPAIGN_USE_CASE).text().is_some_and(|use_case| use_case != "ai_assistant");
    match case.fact(id::CAMPAIGN_GENERAL_PURPOSE_AI) {
        given @ Fact::Value(_) => given.clone(),
        _ if is_for_something_else && automated(case) == Fact::Value(Value::Bool(false)) => {
            Fact::Value(Value::Bool(false))
        }
        _ => Fact::Unknown,
    }
}

pub(super) fn requests(case: &Case<'_>) -> Fact {
    let is_marketing = case.fact(id::CAMPAIGN_CATEGORY).text() == Some("marketing");
    match case.fact(id::CAMPAIGN_REQUESTS) {
        given @ Fact::Value(_) => given.clone(),
        _ if is_marketing && opens_with_template(case) => Fact::Value(Value::List([].into())),
        _ => Fact::Unknown,
    }
}

/// Limits count people without an open window; where nobody counted those, everybody may be one.
pub(super) fn audience_outside_window(case: &Case<'_>) -> Fact {
    match case.fact(id::CAMPAIGN_AUDIENCE_OUTSIDE_WINDOW) {
        given @ Fact::Value(_) => given.clone(),
        _ => case.fact(id::CAMPAIGN_AUDIENCE_SIZE).clone(),
    }
}
