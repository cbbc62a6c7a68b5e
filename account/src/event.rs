//! What kind of event is this?
//!
//! Which kind it is follows from its members and not from its label: WhatsApp's own sample of a
//! change of template quality carries the label of another field.

use serde_json::Value;

use crate::other::is_passed;
use crate::words;

cleartosend::names! {
    /// What kind of event it is, named as WhatsApp labels it.
    Kind {
        /// The account itself: violations, restrictions, bans, country.
        AccountUpdate = "account_update",
        /// The review of a new account.
        AccountReview = "account_review_update",
        /// Alerts about eligibility, badges and pictures.
        AccountAlerts = "account_alerts",
        /// Limits of the portfolio.
        BusinessCapability = "business_capability_update",
        /// Limits, and until October 2025 quality, of a number.
        NumberQuality = "phone_number_quality_update",
        /// The display name of a number.
        NumberName = "phone_number_name_update",
        /// The review state of a template.
        TemplateStatus = "message_template_status_update",
        /// The quality of a template.
        TemplateQuality = "message_template_quality_update",
        /// The category of a template.
        TemplateCategory = "template_category_update",
        /// A recipient stops marketing, or resumes it.
        Preferences = "user_preferences",
        /// Messages, of which only failures and changes of numbers are read.
        MessageError = "messages",
        /// The PIN of a number.
        Security = "security",
        /// A person's user id changed.
        UserIdUpdate = "user_id_update",
        /// A business portfolio that was read.
        GraphBusiness = "graph_business",
        /// An account that was read.
        GraphAccount = "graph_account",
        /// A number that was read.
        GraphNumber = "graph_phone_number",
        /// A template that was read.
        GraphTemplate = "graph_template",
        /// A health state that was read.
        GraphHealth = "graph_health",
        /// The answer to a message that was refused.
        GraphError = "graph_error",
        /// The account as the caller knows it, in the form of a campaign document.
        Base = "base",
    }
}

/// Which kind of webhook this is, by its members; where they do not tell, by its label. None for
/// what is not known.
pub(crate) fn kind(field: &str, value: &Value) -> Option<Kind> {
    let labelled = Kind::ALL
        .iter()
        .copied()
        .find(|kind| kind.name().eq_ignore_ascii_case(field) && is_webhook(*kind));
    match labelled {
        // Their members are many and not looked at.
        Some(Kind::Preferences | Kind::MessageError | Kind::UserIdUpdate) if !is_grave(value) => {
            labelled
        }
        _ if is_passed(field) && !is_grave(value) && !is_of_people(value) => None,
        _ => by_members(value).or(labelled),
    }
}

const fn is_webhook(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::GraphBusiness
            | Kind::GraphAccount
            | Kind::GraphNumber
            | Kind::GraphTemplate
            | Kind::GraphHealth
            | Kind::GraphError
            | Kind::Base
    )
}

/// Whether a value has a ban, a restriction or a violation, or an event of an account, which count
/// whatever the label says.
pub(crate) fn is_grave(value: &Value) -> bool {
    let names = ["ban_info", "restriction_info", "violation_info"];
    let event = value.get("event").and_then(Value::as_str);
    names.iter().any(|name| value.get(name).is_some()) || event.is_some_and(words::is_account_event)
}

/// Whether a value has what people chose, or under which names they are known: it counts whatever
/// the label says.
pub(crate) fn is_of_people(value: &Value) -> bool {
    ["user_preferences", "user_id_update"].iter().any(|name| value.get(name).is_some())
}

/// What `account_update` says beside its event.
pub(crate) const ACCOUNT_MEMBERS: [&str; 6] = [
    "violation_info",
    "restriction_info",
    "ban_info",
    "waba_info",
    "disconnection_info",
    "partner_client_certification_info",
];

fn by_members(value: &Value) -> Option<Kind> {
    let has = |name: &str| value.get(name).is_some();
    let any = |names: &[&str]| names.iter().any(|name| has(name));
    let event = value.get("event").and_then(Value::as_str).unwrap_or_default();
    if any(&ACCOUNT_MEMBERS) || words::is_account_event(event) {
        return Some(Kind::AccountUpdate);
    }
    if any(&["message_template_id", "message_template_name"]) {
        return if any(&["new_quality_score", "previous_quality_score"]) {
            Some(Kind::TemplateQuality)
        } else if any(&["new_category", "correct_category", "previous_category"]) {
            Some(Kind::TemplateCategory)
        } else if has("event") {
            Some(Kind::TemplateStatus)
        } else {
            None
        };
    }
    if any(&["display_phone_number", "phone_number"]) {
        return if any(&["decision", "requested_verified_name"]) {
            Some(Kind::NumberName)
        } else if any(&[
            "current_limit",
            "max_daily_conversations_per_business",
            "new_quality_score",
        ]) {
            Some(Kind::NumberQuality)
        } else if event.to_ascii_uppercase().starts_with("PIN_") {
            Some(Kind::Security)
        } else {
            None
        };
    }
    if any(&["alert_info", "alert_type"]) {
        return Some(Kind::AccountAlerts);
    }
    if any(&LIMITS) {
        return Some(Kind::BusinessCapability);
    }
    if any(&["user_preferences"]) || has("wa_id") && has("category") && has("value") {
        return Some(Kind::Preferences);
    }
    if any(&["user_id_update"]) {
        return Some(Kind::UserIdUpdate);
    }
    if any(&["statuses"]) {
        return Some(Kind::MessageError);
    }
    if has("decision") {
        return Some(Kind::AccountReview);
    }
    None
}

/// The member names of the limits of a portfolio, and before that of each number.
pub(crate) const LIMITS: [&str; 3] = [
    "max_daily_conversations_per_business",
    "max_daily_conversation_per_phone",
    "max_daily_conversations_per_phone",
];

/// What no node but that of a business has.
const BUSINESS_MEMBERS: [&str; 7] = [
    "client_whatsapp_business_accounts",
    "owned_whatsapp_business_accounts",
    "payment_account_id",
    "primary_page",
    "two_factor_type",
    "user_access_expire_time",
    "verification_status",
];

/// Which kind of Graph answer this is, by its members.
pub(crate) fn graph_kind(answer: &Value) -> Option<Kind> {
    let has = |name: &str| answer.get(name).is_some();
    let any = |names: &[&str]| names.iter().any(|name| has(name));
    let status = answer.get("status").and_then(Value::as_str);
    if any(&BUSINESS_MEMBERS) {
        Some(Kind::GraphBusiness)
    } else if any(&[
        "display_phone_number",
        "quality_rating",
        "name_status",
        "new_name_status",
        "messaging_limit_tier",
        "code_verification_status",
        "platform_type",
        "is_on_biz_app",
        "account_mode",
        "throughput",
        "last_onboarded_time",
        "verified_name",
        "is_official_business_account",
    ]) {
        Some(Kind::GraphNumber)
    } else if any(&[
        "account_review_status",
        "business_verification_status",
        "primary_business_location",
        "message_template_namespace",
        "ownership_type",
        "owner_business_info",
        "on_behalf_of_business_info",
        "marketing_messages_onboarding_status",
        "timezone_id",
        "phone_numbers",
        "message_templates",
        "whatsapp_business_manager_messaging_limit",
    ]) {
        Some(Kind::GraphAccount)
    } else if any(&[
        "components",
        "correct_category",
        "previous_category",
        "quality_score",
        "rejected_reason",
        "parameter_format",
    ]) || has("name") && has("language")
        || has("category") && has("language")
    {
        // A score without a template's name is a number's.
        let is_number = !has("name") && has("quality_score") && !has("category");
        Some(if is_number { Kind::GraphNumber } else { Kind::GraphTemplate })
    } else if has("error") {
        Some(Kind::GraphError)
    } else if has("health_status") || has("can_send_message") {
        Some(Kind::GraphHealth)
    } else if has("errors") {
        Some(Kind::GraphError)
    } else if has("status") && has("name") {
        let of_account = status.is_some_and(|status| status.eq_ignore_ascii_case("ACTIVE"));
        Some(if of_account { Kind::GraphAccount } else { Kind::GraphTemplate })
    } else if has("status") && has("id") {
        if status.is_some_and(|status| status.eq_ignore_ascii_case("ACTIVE")) {
            return Some(Kind::GraphAccount);
        }
        let knows = |words| status.is_some_and(|status| words::of(words, status).is_some());
        let of_template = !knows(words::NUMBER_STATUSES) && knows(words::TEMPLATE_STATUSES);
        Some(if of_template { Kind::GraphTemplate } else { Kind::GraphNumber })
    } else {
        None
    }
}
