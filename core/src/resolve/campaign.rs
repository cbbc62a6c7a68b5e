//! What does a campaign say of itself by what it is?
//!
//! Some members decide only for some campaigns. Where they cannot, they follow from the others and
//! need not be given; where they can, one that is not given stays unknown.

use super::case::Case;
use crate::schema::attributes as id;
use crate::value::{Fact, Value};

/// Whoever gives the status of a template sends it, but for a reply of the category that no template
/// has.
pub(super) fn content(case: &Case<'_>) -> Fact {
    match case.fact(id::CAMPAIGN_CONTENT) {
        given @ Fact::Value(_) => given.clone(),
        _ if case.fact(id::CAMPAIGN_TEMPLATE_STATUS).value().is_some() && !is_service(case) => {
            case.word(id::CAMPAIGN_CONTENT, "template")
        }
        _ => Fact::Unknown,
    }
}

/// A template that is approved and not sent says nothing false; one that cannot be sent does, or
/// else the message is of another content.
pub(super) fn template_conflict(case: &Case<'_>) -> Fact {
    let status = case.fact(id::CAMPAIGN_TEMPLATE_STATUS).text();
    let is_unfit = status.is_some_and(|status| status != "approved");
    let is_other =
        matches!(case.fact(id::CAMPAIGN_CONTENT).text(), Some("free_form" | "direct_send"));
    Fact::Value(Value::Bool(is_unfit && is_other))
}

/// Nobody asks for a marketing template: the business opens the conversation, and what that asks
/// of it (an opt-in above all) is asked.
pub(super) fn initiated_by(case: &Case<'_>) -> Fact {
    match case.fact(id::CAMPAIGN_INITIATED_BY) {
        given @ Fact::Value(_) => given.clone(),
        _ if is_marketing(case) && content(case).text() == Some("template") => {
            case.word(id::CAMPAIGN_INITIATED_BY, "business")
        }
        _ => Fact::Unknown,
    }
}

/// A marketing template that opens the conversation promotes, and what it promotes is its trade:
/// politics, codes and assistants have others. Of trades that do not sell to the public alone, the
/// use case has to be given.
pub(super) fn use_case(case: &Case<'_>) -> Fact {
    match case.fact(id::CAMPAIGN_USE_CASE) {
        given @ Fact::Value(_) => given.clone(),
        _ if is_marketing(case) && opens_with_template(case) && sells_to_the_public(case) => {
            case.word(id::CAMPAIGN_USE_CASE, "marketing")
        }
        _ => Fact::Unknown,
    }
}

fn is_service(case: &Case<'_>) -> bool {
    case.fact(id::CAMPAIGN_CATEGORY).text() == Some("service")
}

fn is_marketing(case: &Case<'_>) -> bool {
    case.fact(id::CAMPAIGN_CATEGORY).text() == Some("marketing")
}

fn sells_to_the_public(case: &Case<'_>) -> bool {
    /// Trades whose messages may be about politics or public affairs, or of which nothing is known.
    const OTHERS: &[&str] = &[
        "government",
        "government_contractor",
        "law_enforcement",
        "misleading_models",
        "news",
        "nonprofit",
        "other",
        "political_organisation",
        "professional_services",
    ];
    case.fact(id::CAMPAIGN_VERTICAL).text().is_some_and(|trade| !OTHERS.contains(&trade))
}

/// A template with which the business opens the conversation answers nobody, nor does a message by
/// Direct Send.
fn opens_with_template(case: &Case<'_>) -> bool {
    initiated_by(case).text() == Some("business")
        && matches!(content(case).text(), Some("template" | "direct_send"))
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
        use_case(case).text().is_some_and(|use_case| use_case != "ai_assistant");
    match case.fact(id::CAMPAIGN_GENERAL_PURPOSE_AI) {
        given @ Fact::Value(_) => given.clone(),
        _ if is_for_something_else && automated(case) == Fact::Value(Value::Bool(false)) => {
            Fact::Value(Value::Bool(false))
        }
        _ => Fact::Unknown,
    }
}

pub(super) fn requests(case: &Case<'_>) -> Fact {
    match case.fact(id::CAMPAIGN_REQUESTS) {
        given @ Fact::Value(_) => given.clone(),
        _ if is_marketing(case) && opens_with_template(case) => Fact::Value(Value::List([].into())),
        _ => Fact::Unknown,
    }
}

/// Limits count people without an open window; where that count is not given, all may be.
pub(super) fn audience_outside_window(case: &Case<'_>) -> Fact {
    match case.fact(id::CAMPAIGN_AUDIENCE_OUTSIDE_WINDOW) {
        given @ Fact::Value(_) => given.clone(),
        _ => case.fact(id::CAMPAIGN_AUDIENCE_SIZE).clone(),
    }
}
