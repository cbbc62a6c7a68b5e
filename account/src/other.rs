//! What is about something else than an account's standing?
//!
//! The line, in one place: labels of webhooks that are passed, events that come under them, kinds
//! of system messages, and answers of the Graph API. What stands in one of these tables, and has
//! nothing that its row does not name, is passed. Everything else may be about an account, and
//! asks for review where it is not understood.

use serde_json::Value;

use crate::effects::{Reading, is_word};
use crate::error;
use crate::fields::Spot;
use crate::words;

/// Labels of what is sent and received, and of what else concerns no account. Of their contents
/// only the names of the outermost members are looked at, by [`crate::event::is_grave`].
pub(crate) fn is_passed(field: &str) -> bool {
    const PASSED: &[&str] = &[
        "account_settings_update",
        "automatic_events",
        "business_username_update",
        "business_username_updates",
        "calls",
        "comments",
        "consumer_profile",
        "feed",
        "flows",
        "history",
        "live_comments",
        "mentions",
        "message_deliveries",
        "message_echoes",
        "message_reactions",
        "message_reads",
        "message_template_components_update",
        "messaging_handovers",
        "messaging_optins",
        "messaging_postbacks",
        "partner_solutions",
        "payment_configuration_update",
        "smb_app_state_sync",
        "smb_message_echoes",
        "standby",
        "tracking_events",
    ];
    let field = field.to_ascii_lowercase();
    PASSED.contains(&field.as_str()) || field.starts_with("group_") || field.starts_with("call_")
}

/// Why something under a label that concerns no account may be a matter of the account after all,
/// by the names of its outermost members and its `event`.
pub(crate) fn unlike_passed(field: &str, value: &Value) -> Option<String> {
    /// The events that come under such labels, by how they begin.
    const EVENTS: [(&str, &[&str]); 3] = [
        ("calls", &["ACCEPT", "CONNECT", "PRE_ACCEPT", "REJECT", "RINGING", "TERMINATE"]),
        ("flows", &["CLIENT_", "ENDPOINT_", "FLOW_"]),
        ("partner_solutions", &["SOLUTION_"]),
    ];
    if let Some(event) = value.get("event").filter(|event| !event.is_null()) {
        let word = words::normalised(event.as_str().unwrap_or_default());
        let known = EVENTS.iter().find(|(label, _)| label.eq_ignore_ascii_case(field));
        let known = known.map(|(_, begins)| *begins).unwrap_or_default();
        if !known.iter().any(|begins| word.starts_with(begins)) {
            return Some("an `event` that does not come under this label".to_owned());
        }
    }
    let members = value.as_object()?;
    let strange = members.keys().find(|name| {
        let of_account = ["account_", "waba_"].iter().any(|begins| name.starts_with(begins));
        of_account || words::is_like_a_stop(name)
    })?;
    Some(format!("a member {} that does not come under this label", error::quoted(strange)))
}

/// What WhatsApp itself writes into the conversation with a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SystemMessage {
    /// The person has another number.
    OtherNumber,
    /// The person has another user id.
    OtherUserId,
    /// The person has another device or code, and is the same.
    SamePerson,
    /// Something of the person that no page has.
    OfPerson,
    /// Nobody knows of whom or what.
    Unknown,
}

/// What a system message of that type says. A type that no page has is of the person where its name
/// says so, and of the account where it does not.
pub(crate) fn system_message(kind: Option<&str>) -> SystemMessage {
    const TYPES: [(&str, SystemMessage); 6] = [
        ("customer_changed_number", SystemMessage::OtherNumber),
        ("user_changed_number", SystemMessage::OtherNumber),
        ("customer_changed_user_id", SystemMessage::OtherUserId),
        ("user_changed_user_id", SystemMessage::OtherUserId),
        ("customer_identity_changed", SystemMessage::SamePerson),
        ("user_identity_changed", SystemMessage::SamePerson),
    ];
    // The first versions had no type, and but one message.
    let Some(kind) = kind else { return SystemMessage::OtherNumber };
    let kind = kind.to_ascii_lowercase();
    match TYPES.iter().find(|(known, _)| *known == kind) {
        Some((_, says)) => *says,
        None if ["customer_", "user_"].iter().any(|begins| kind.starts_with(begins)) => {
            SystemMessage::OfPerson
        }
        None => SystemMessage::Unknown,
    }
}

/// Answers of the Graph API about something else, each with the members that tell it and those that
/// may stand beside them.
const ANSWERS: &[(&str, &[&str], &[&str])] = &[
    (
        "a business profile",
        &["about", "address", "description", "profile_picture_url", "vertical", "websites"],
        &["email", "messaging_product"],
    ),
    ("a media file", &["mime_type", "sha256", "file_size"], &["id", "messaging_product", "url"]),
    (
        "analytics",
        &[
            "analytics",
            "call_analytics",
            "conversation_analytics",
            "data_points",
            "granularity",
            "pricing_analytics",
            "template_analytics",
            "template_group_analytics",
        ],
        &["country_codes", "end", "id", "phone_numbers", "product_type", "start"],
    ),
    ("settings of a shop", &["is_cart_enabled", "is_catalog_visible"], &["id"]),
    (
        "a QR code",
        &["deep_link_url", "prefilled_message", "qr_image_url"],
        &["code", "creation_time"],
    ),
    ("apps that get webhooks", &["whatsapp_business_api_data"], &["override_callback_uri"]),
    ("users of an account", &["tasks"], &["business", "id", "name", "user_type"]),
    (
        "greetings and commands",
        &["commands", "conversational_automation", "enable_welcome_message", "prompts"],
        &["id"],
    ),
    (
        "a key of a number",
        &["business_public_key", "business_public_key_signature_status"],
        &["id"],
    ),
    (
        "a form",
        &["data_api_version", "endpoint_uri", "json_version", "validation_errors"],
        &["categories", "id", "name", "preview", "status"],
    ),
];

/// What an answer of the Graph API is about, where that is something else than an account's
/// standing: its members are those of one row, and no others.
pub(crate) fn answer_about(answer: &Value) -> Option<&'static str> {
    let members = answer.as_object()?;
    if is_success(answer) {
        return Some("a call that did what it should");
    }
    let of = |(_, telling, beside): &&(&str, &[&str], &[&str])| {
        let names = || members.keys().map(String::as_str);
        names().any(|name| telling.contains(&name))
            && names().all(|name| telling.contains(&name) || beside.contains(&name))
    };
    ANSWERS.iter().find(of).map(|(what, ..)| *what)
}

/// What nodes of accounts, numbers and templates have, whether it is read or not. Beside these a
/// field that reads like a stop may be how a later version of the Graph API tells of one.
const FIELDS: &[&str] = &[
    "about",
    "account_mode",
    "account_review_status",
    "can_send_message",
    "category",
    "certificate",
    "code_verification_status",
    "components",
    "correct_category",
    "country",
    "cta_url_link_tracking_opted_out",
    "currency",
    "display_phone_number",
    "entities",
    "errors",
    "health_status",
    "id",
    "language",
    "library_template_name",
    "marketing_messages_onboarding_status",
    "message_send_ttl_seconds",
    "message_template_namespace",
    "message_templates",
    "messaging_limit_tier",
    "name",
    "name_status",
    "new_certificate",
    "new_display_name",
    "new_name_status",
    "on_behalf_of_business_info",
    "owner_business_info",
    "ownership_type",
    "parameter_format",
    "phone_numbers",
    "previous_category",
    "primary_business_location",
    "quality_rating",
    "quality_score",
    "rejected_reason",
    "search_visibility",
    "status",
    "sub_category",
    "throughput",
    "timezone_id",
    "username",
    "verified_name",
    "whatsapp_business_manager_messaging_limit",
];

/// Leaves a node not understood that has a field which nobody reads and which reads like a stop.
pub(crate) fn strange_fields(reading: &mut Reading, answer: &Spot<'_>) {
    let members = answer.value.as_object().into_iter().flatten();
    let strange = members.filter(|(name, _)| !FIELDS.contains(&name.as_str()));
    for (name, value) in strange {
        if tells_of_stop(name, value) {
            let name = error::quoted(name);
            reading.doubts(format!("`{}`: there is no field {name}", answer.path));
        }
    }
}

/// Whether a member's name or one of the words within it is like a stop, and does not deny it.
pub(crate) fn tells_of_stop(name: &str, value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Object(members) => members.iter().any(|(name, value)| tells_of_stop(name, value)),
        Value::Array(items) => items.iter().any(|item| tells_of_stop(name, item)),
        Value::String(text) if text.eq_ignore_ascii_case("none") => false,
        Value::String(text) => {
            words::is_like_a_stop(name) || is_word(text) && words::is_like_a_stop(text)
        }
        Value::Bool(true) | Value::Number(_) => words::is_like_a_stop(name),
    }
}

/// Whether it is the answer to a message that was taken, or to another call that did what it
/// should.
fn is_success(answer: &Value) -> bool {
    /// One that waits for the template's quality is taken too. One that is `paused` is not: its
    /// template is.
    const TAKEN: [&str; 2] = ["accepted", "held_for_quality_assessment"];
    let Some(members) = answer.as_object() else { return false };
    if members.len() == 1 {
        return members.get("success") == Some(&Value::Bool(true));
    }
    // A template that was made, and has no name here.
    let has_words = |name: &str, words: &[&str]| {
        let word = members.get(name).and_then(Value::as_str);
        word.is_some_and(|word| words.contains(&word))
    };
    if members.len() == 3 && members.contains_key("id") {
        return has_words("status", &["APPROVED", "PENDING"])
            && has_words("category", &["AUTHENTICATION", "MARKETING", "UTILITY"]);
    }
    let names = ["messaging_product", "contacts", "messages"];
    let messages = members.get("messages").and_then(Value::as_array);
    members.keys().all(|name| names.contains(&name.as_str()))
        && messages.is_some_and(|messages| {
            messages.iter().all(|message| match message.get("message_status") {
                None => message.get("id").is_some_and(Value::is_string),
                Some(status) => status.as_str().is_some_and(|status| TAKEN.contains(&status)),
            })
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_answer_is_about_something_else_where_all_of_its_members_are() {
        let profile = json!({"about": "a", "email": "b", "messaging_product": "whatsapp"});
        assert_eq!(answer_about(&profile), Some("a business profile"));
        for (name, value) in [("status", json!("BANNED")), ("is_blocked", json!(true))] {
            let mut answer = profile.clone();
            answer[name] = value;
            assert_eq!(answer_about(&answer), None, "{name}");
        }
        // An id alone may be of a node whose fields were not given.
        for answer in [json!({"id": "1"}), json!({"email": "b"}), json!({}), json!([])] {
            assert_eq!(answer_about(&answer), None, "{answer}");
        }
    }

    #[test]
    fn no_member_that_tells_of_something_else_tells_of_standing() {
        for (what, telling, beside) in ANSWERS {
            for name in telling.iter().chain(*beside) {
                assert!(!words::is_like_a_stop(name), "{what}: {name}");
            }
            for name in *telling {
                let alone = json!({ *name: 1 });
                assert_eq!(crate::event::graph_kind(&alone), None, "{what}: {name}");
            }
        }
    }
}
