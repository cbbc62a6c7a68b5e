//! What kind of event is this?
//!
//! An [`Event`] is one change of one account at one instant, taken out of its envelope and kept as
//! it came. Which kind it is follows from its members and not from its label: WhatsApp's own sample
//! of a change of template quality carries the label of another field.

use std::cmp::Ordering;

use serde_json::Value;

use super::fields::canonical;
use crate::time::Timestamp;

/// One change of one account at one instant.
///
/// Two events with the same instant, account, label and members are the same event. Events are
/// ordered by instant; what falls in one second is ordered by label and text, so that the order of
/// arrival never counts.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) at: Timestamp,
    /// The id of the account, as the envelope has it; empty where it does not say.
    pub(super) account: String,
    /// The label of the change.
    pub(super) field: String,
    pub(super) value: Value,
    /// The members as text, by which events are told apart.
    text: String,
}

impl Event {
    pub(super) fn new(at: Timestamp, account: String, field: String, value: Value) -> Self {
        let text = canonical(&value);
        Self { at, account, field, value, text }
    }

    fn key(&self) -> (Timestamp, &str, &str, &str) {
        (self.at, &self.field, &self.text, &self.account)
    }
}

impl PartialEq for Event {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Event {}

impl PartialOrd for Event {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Event {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

crate::verdict::names! {
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
        /// A message that failed, as this project keeps it.
        MessageError = "messages",
        /// The PIN of a number.
        Security = "security",
        /// An account that was read.
        GraphAccount = "graph_account",
        /// A number that was read.
        GraphNumber = "graph_phone_number",
        /// A template that was read.
        GraphTemplate = "graph_template",
        /// A health state that was read.
        GraphHealth = "graph_health",
    }
}

/// Which kind of webhook this is, by its members; where they do not tell, by its label. None for
/// what is not known.
pub(super) fn kind(field: &str, value: &Value) -> Option<Kind> {
    // What is told of another object than an account is labelled with it: its members may have the
    // names of ours and mean something else.
    if field.contains(':') {
        return None;
    }
    let labelled = Kind::from_name(field);
    if matches!(
        labelled,
        Some(
            Kind::GraphAccount
                | Kind::GraphNumber
                | Kind::GraphTemplate
                | Kind::GraphHealth
                | Kind::Preferences
        )
    ) {
        return labelled;
    }
    by_members(value).or(labelled)
}

fn by_members(value: &Value) -> Option<Kind> {
    let has = |name: &str| value.get(name).is_some();
    let any = |names: &[&str]| names.iter().any(|name| has(name));
    if any(&[
        "violation_info",
        "restriction_info",
        "ban_info",
        "waba_info",
        "disconnection_info",
        "partner_client_certification_info",
    ]) {
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
    if has("display_phone_number") {
        return if any(&["decision", "requested_verified_name"]) {
            Some(Kind::NumberName)
        } else if any(&["current_limit", "max_daily_conversations_per_business"]) {
            Some(Kind::NumberQuality)
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
    if any(&["statuses"]) {
        return Some(Kind::MessageError);
    }
    None
}

/// Under what names the limits of a portfolio, and before of each number, are told.
pub(super) const LIMITS: [&str; 3] = [
    "max_daily_conversations_per_business",
    "max_daily_conversation_per_phone",
    "max_daily_conversations_per_phone",
];

/// Which kind of Graph answer this is, by its members.
pub(super) fn graph_kind(answer: &Value) -> Option<Kind> {
    let has = |name: &str| answer.get(name).is_some();
    let number = [
        "display_phone_number",
        "quality_rating",
        "name_status",
        "messaging_limit_tier",
        "code_verification_status",
        "platform_type",
    ];
    let template =
        ["components", "correct_category", "previous_category", "quality_score", "rejected_reason"];
    let account = [
        "account_review_status",
        "business_verification_status",
        "primary_business_location",
        "message_template_namespace",
        "ownership_type",
        "owner_business_info",
        "marketing_messages_onboarding_status",
        "timezone_id",
    ];
    if number.iter().any(|name| has(name)) {
        Some(Kind::GraphNumber)
    } else if account.iter().any(|name| has(name)) {
        Some(Kind::GraphAccount)
    } else if template.iter().any(|name| has(name)) || has("category") && has("language") {
        Some(Kind::GraphTemplate)
    } else if has("whatsapp_business_manager_messaging_limit") {
        Some(Kind::GraphAccount)
    } else if has("health_status") {
        Some(Kind::GraphHealth)
    } else {
        None
    }
}
