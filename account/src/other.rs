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
    // What is denied is no stop.
    let is_said = |value: &Value| !matches!(value, Value::Null | Value::Bool(false));
    let (strange, _) = members.iter().find(|(name, value)| {
        is_of_account(name) || words::is_like_a_stop(name) && is_said(value)
    })?;
    Some(format!("a member {} that does not come under this label", error::quoted(strange)))
}

/// Whether a name is one of a state of an account.
fn is_of_account(name: &str) -> bool {
    ["account_", "waba_"].iter().any(|begins| name.starts_with(begins))
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
        &[
            "about",
            "address",
            "description",
            "profile_picture_url",
            "vertical",
            "websites",
            "whatsapp_business_profile",
        ],
        &["email", "id", "messaging_product"],
    ),
    ("a media file", &["mime_type", "sha256", "file_size"], &["id", "messaging_product", "url"]),
    ("an upload", &["file_offset", "h"], &["id"]),
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
    (
        "a comparison of templates, or another metric",
        &["metric", "number_values", "order_by_relative_metric", "string_values"],
        &["id", "type"],
    ),
    (
        "details of a business that its country asks for",
        &["customer_care_details", "entity_name", "grievance_officer_details"],
        &["entity_type", "entity_type_custom", "id", "is_registered", "messaging_product"],
    ),
    ("settings of a shop", &["is_cart_enabled", "is_catalog_visible"], &["id"]),
    (
        "settings of a number",
        &["calling", "payload_encryption", "storage_configuration", "user_identity_change"],
        &["id", "messaging_product"],
    ),
    (
        "a QR code",
        &["deep_link_url", "message_qrdls", "prefilled_message", "qr_image_url"],
        &["code", "creation_time", "id"],
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
        &[
            "asset_type",
            "categories",
            "data_api_version",
            "download_url",
            "endpoint_uri",
            "failed_flows",
            "flows",
            "json_version",
            "migrated_flows",
            "preview",
            "validation_errors",
        ],
        &[
            "application",
            "data_channel_uri",
            "id",
            "name",
            "status",
            "success",
            "updated_at",
            "whatsapp_business_account",
        ],
    ),
    // What a business does to people is nothing that WhatsApp does to the business.
    (
        "people whom a number blocks",
        &["block_users", "wa_id"],
        &["messaging_product", "parent_user_id", "user_id"],
    ),
    (
        "a token",
        &[
            "access_token",
            "data_access_expires_at",
            "expires_at",
            "granular_scopes",
            "is_valid",
            "scopes",
        ],
        &[
            "app_id",
            "application",
            "expires_in",
            "issued_at",
            "metadata",
            "profile_id",
            "token_type",
            "type",
            "user_id",
        ],
    ),
    (
        "a group",
        &[
            "added_participants",
            "approved_join_requests",
            "failed_join_requests",
            "failed_participants",
            "groups",
            "invite_link",
            "join_approval_mode",
            "join_request_id",
            "participants",
            "rejected_join_requests",
            "removed_participants",
            "subject",
            "total_participant_count",
        ],
        &[
            "created_at",
            "creation_timestamp",
            "description",
            "id",
            "messaging_product",
            "request_id",
            "suspended",
            "wa_id",
        ],
    ),
    ("names to choose from", &["username_suggestions"], &["id"]),
    ("permissions for calls", &["permission"], &["actions", "messaging_product"]),
    ("settings of payments", &["payment_configurations"], &["id"]),
    // No node of an account, a number or a template has this member.
    (
        "a call that did what it should",
        &["messaging_product"],
        &["calls", "email", "id", "request_id", "success"],
    ),
];

/// What an answer of the Graph API is about, where that is something else than an account's
/// standing: its members are those of one row, and no others.
pub(crate) fn answer_about(answer: &Value) -> Option<String> {
    let members = answer.as_object()?;
    if let Some(strange) = success(answer) {
        let what = "about a call that did what it should".to_owned();
        return Some(match not_read(&strange) {
            Some(not_read) => format!("{what}; {not_read}"),
            None => what,
        });
    }
    if members.get("success").is_some_and(|success| *success != Value::Bool(true)) {
        return None;
    }
    if is_username(answer) {
        return Some("about a username".to_owned());
    }
    if is_form(answer) {
        return Some("about a form".to_owned());
    }
    if let [("id", Value::String(id))] =
        members.iter().map(|(name, value)| (name.as_str(), value)).collect::<Vec<_>>().as_slice()
        && id.starts_with("upload:")
    {
        return Some("about an upload".to_owned());
    }
    // What lies within may be a node of the account, and tell of its standing.
    const NODES: [&str; 2] = ["application", "whatsapp_business_account"];
    if NODES.iter().any(|name| members.get(*name).is_some_and(|node| tells_of_stop(name, node))) {
        return None;
    }
    let of = |(_, telling, beside): &&(&str, &[&str], &[&str])| {
        let names = || members.keys().map(String::as_str);
        names().any(|name| telling.contains(&name))
            && names().all(|name| telling.contains(&name) || beside.contains(&name))
    };
    ANSWERS.iter().find(of).map(|(what, ..)| format!("about {what}"))
}

/// Whether an answer has a member that nothing but a form has.
pub(crate) fn has_members_of_form(answer: &Value) -> bool {
    const MEMBERS: [&str; 5] =
        ["categories", "data_api_version", "endpoint_uri", "json_version", "validation_errors"];
    MEMBERS.iter().any(|name| answer.get(name).is_some())
}

/// Which members nobody reads, in words; none where there are none.
pub(crate) fn not_read(names: &[&str]) -> Option<String> {
    let (first, number) = (names.first()?, names.len());
    let first = error::quoted(first);
    Some(match number {
        1 => format!("the member {first} is not read"),
        _ => format!("{number} members are not read, such as {first}"),
    })
}

/// Whether it is a name of the number for people, and whether that has been given. A state of any
/// other word may be the number's.
fn is_username(answer: &Value) -> bool {
    const STATES: [&str; 2] = ["approved", "reserved"];
    let Some(members) = answer.as_object() else { return false };
    let state = members.get("status").and_then(Value::as_str);
    let is_state = state.is_some_and(|state| STATES.contains(&state));
    match members.get("username") {
        Some(_) => members.keys().all(|name| match name.as_str() {
            "username" | "id" => true,
            "status" => is_state,
            _ => false,
        }),
        // The answer to a choice of one.
        None => members.len() == 1 && is_state,
    }
}

/// Whether it is an item of a list of forms, by states that nothing else has.
fn is_form(answer: &Value) -> bool {
    const STATES: [&str; 4] = ["DEPRECATED", "DRAFT", "PUBLISHED", "THROTTLED"];
    let Some(members) = answer.as_object() else { return false };
    let state = members.get("status").and_then(Value::as_str);
    state.is_some_and(|state| STATES.contains(&state))
        && members.keys().all(|name| ["id", "name", "status"].contains(&name.as_str()))
}

/// What nodes of businesses, accounts, numbers and templates have, whether it is read or not. Beside these a
/// field that reads like a stop may be how a later version of the Graph API tells of one.
const FIELDS: &[&str] = &[
    "about",
    "account_mode",
    "account_review_status",
    "block_offline_analytics",
    "can_send_message",
    "category",
    "certificate",
    "client_whatsapp_business_accounts",
    "code_verification_status",
    "components",
    "correct_category",
    "country",
    "created_by",
    "created_time",
    "cta_url_link_tracking_opted_out",
    "currency",
    "display_phone_number",
    "entities",
    "errors",
    "health_status",
    "id",
    "is_hidden",
    "language",
    "library_template_name",
    "link",
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
    "owned_whatsapp_business_accounts",
    "owner_business_info",
    "ownership_type",
    "parameter_format",
    "payment_account_id",
    "phone_numbers",
    "previous_category",
    "primary_business_location",
    "primary_page",
    "profile_picture_uri",
    "quality_rating",
    "quality_score",
    "rejected_reason",
    "search_visibility",
    "status",
    "sub_category",
    "throughput",
    "timezone_id",
    "two_factor_type",
    "updated_by",
    "updated_time",
    "user_access_expire_time",
    "username",
    "verification_status",
    "verified_name",
    "vertical",
    "vertical_id",
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

/// The members that nobody reads of the answer to a message that was taken, or to another call that
/// did what it should; none for any other answer, and where one of them is like a stop or a state
/// of the account.
fn success(answer: &Value) -> Option<Vec<&str>> {
    /// One that waits for the template's quality is taken too. One that is `paused` is not: its
    /// template is.
    const TAKEN: [&str; 2] = ["accepted", "held_for_quality_assessment"];
    /// What may stand beside a success.
    const MADE: [&str; 6] =
        ["category", "id", "messaging_product", "name", "success", "validation_errors"];
    let members = answer.as_object()?;
    if members.get("success") == Some(&Value::Bool(true)) {
        return members.keys().all(|name| MADE.contains(&name.as_str())).then(Vec::new);
    }
    // A template that was made, or not admitted, and has no name here.
    let has_words = |name: &str, words: &[&str]| {
        let word = members.get(name).and_then(Value::as_str);
        word.is_some_and(|word| words.contains(&word))
    };
    if members.len() == 3 && members.contains_key("id") {
        let is_made = has_words("status", &["APPROVED", "PENDING", "REJECTED"])
            && has_words("category", &["AUTHENTICATION", "MARKETING", "UTILITY"]);
        return is_made.then(Vec::new);
    }
    let messages = members.get("messages").and_then(Value::as_array)?;
    let is_taken = messages.iter().all(|message| match message.get("message_status") {
        None => message.get("id").is_some_and(Value::is_string),
        Some(status) => status.as_str().is_some_and(|status| TAKEN.contains(&status)),
    });
    let strange = strange_members(answer, &["contacts", "messages", "messaging_product"]);
    let is_other = |name: &&str| members.get(*name).is_some_and(|value| is_other(name, value));
    (is_taken && strange.iter().all(is_other)).then_some(strange)
}

/// The members of an object beside those.
pub(crate) fn strange_members<'v>(value: &'v Value, known: &[&str]) -> Vec<&'v str> {
    let members = value.as_object().into_iter().flatten();
    members.map(|(name, _)| name.as_str()).filter(|name| !known.contains(name)).collect()
}

/// Whether a member that nobody reads is of something else, by its name and by the words in it:
/// neither like a stop nor of an account, nor an error.
pub(crate) fn is_other(name: &str, value: &Value) -> bool {
    !is_of_account(name)
        && !["error", "errors", "event"].contains(&name)
        && !tells_of_stop(name, value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_answer_is_about_something_else_where_all_of_its_members_are() {
        let profile = json!({"about": "a", "email": "b", "messaging_product": "whatsapp"});
        assert_eq!(answer_about(&profile).as_deref(), Some("about a business profile"));
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
        /// They are like a stop, and none of the account.
        const NO_STOPS: [&str; 2] = ["block_users", "suspended"];
        for (what, telling, beside) in ANSWERS {
            for name in telling.iter().chain(*beside) {
                assert!(!words::is_like_a_stop(name) || NO_STOPS.contains(name), "{what}: {name}");
            }
            for name in *telling {
                let alone = json!({ *name: 1 });
                assert_eq!(crate::event::graph_kind(&alone), None, "{what}: {name}");
            }
        }
    }
}
