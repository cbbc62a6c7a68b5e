//! Which word of the schema does a word of WhatsApp stand for?
//!
//! Each table gives, for a word of WhatsApp, the words that would say it, the best first: the first
//! that the schema allows is taken, and none says that the state is known and no word for it. A
//! word that is in no table is not known.

use std::sync::Arc;

use cleartosend::Schema;
use cleartosend::schema::attributes;

/// Words of WhatsApp in capitals, and what says the same, the best first.
pub(crate) type Words = [(&'static str, &'static [&'static str])];

pub(crate) const REVIEWS: &Words = &[
    ("APPROVED", &["approved"]),
    ("REJECTED", &["rejected"]),
    ("PENDING", &["pending"]),
    // Put off: not decided, and not usable.
    ("DEFERRED", &["pending"]),
];

pub(crate) const NAME_DECISIONS: &Words = &[
    ("APPROVED", &["approved"]),
    ("REJECTED", &["declined"]),
    ("PENDING", &["pending"]),
    ("DEFERRED", &["pending"]),
];

pub(crate) const NAME_STATUSES: &Words = &[
    ("APPROVED", &["approved"]),
    ("AVAILABLE_WITHOUT_REVIEW", &["approved"]),
    ("DECLINED", &["declined"]),
    ("PENDING_REVIEW", &["pending"]),
    ("EXPIRED", &[]),
    ("NONE", &[]),
];

pub(crate) const VERIFICATIONS: &Words = &[
    ("VERIFIED", &["verified"]),
    ("PENDING", &["pending"]),
    ("PENDING_NEED_MORE_INFO", &["pending"]),
    ("PENDING_SUBMISSION", &["pending"]),
    ("NOT_VERIFIED", &["unverified"]),
    ("EXPIRED", &["unverified"]),
    ("REJECTED", &["rejected"]),
    ("FAILED", &["rejected"]),
    ("REVOKED", &["rejected"]),
    ("INELIGIBLE", &["rejected"]),
];

pub(crate) const QUALITIES: &Words = &[
    ("GREEN", &["green"]),
    ("YELLOW", &["yellow"]),
    ("RED", &["red"]),
    ("NA", &["unrated"]),
    ("UNKNOWN", &["unrated"]),
];

pub(crate) const CATEGORIES: &Words = &[
    ("MARKETING", &["marketing"]),
    ("UTILITY", &["utility"]),
    ("AUTHENTICATION", &["authentication"]),
];

/// Only an approved template is sent, so that a state without a word of its own falls to the
/// nearest that is not sent.
pub(crate) const TEMPLATE_STATUSES: &Words = &[
    ("APPROVED", &["approved"]),
    ("REINSTATED", &["approved"]),
    ("UNARCHIVED", &["approved"]),
    ("PENDING", &["pending"]),
    ("IN_APPEAL", &["in_appeal", "rejected"]),
    ("REJECTED", &["rejected"]),
    ("PAUSED", &["paused"]),
    ("DISABLED", &["disabled"]),
    ("ARCHIVED", &["archived", "disabled"]),
    ("PENDING_DELETION", &["pending_deletion", "disabled"]),
    ("DELETED", &["deleted", "disabled"]),
    ("LIMIT_EXCEEDED", &["limit_exceeded", "rejected"]),
    ("FLAGGED", &["flagged"]),
    ("LOCKED", &["locked"]),
];

pub(crate) const NUMBER_STATUSES: &Words = &[
    ("CONNECTED", &["connected"]),
    ("PENDING", &["pending"]),
    ("UNVERIFIED", &["unverified"]),
    ("DISCONNECTED", &["disconnected"]),
    ("MIGRATED", &["migrated"]),
    ("DELETED", &["deleted"]),
    ("FLAGGED", &["flagged"]),
    ("RATE_LIMITED", &["rate_limited"]),
    ("RESTRICTED", &["restricted"]),
    ("BANNED", &["banned"]),
    ("UNKNOWN", &[]),
];

pub(crate) const OWNERSHIPS: &Words = &[
    ("SELF_OWNED", &["self_owned"]),
    // So the Graph API's reference: of the business itself, or of a partner's client.
    ("SELF", &["self_owned"]),
    ("CLIENT_OWNED", &["self_owned"]),
    ("ON_BEHALF_OF", &["on_behalf_of"]),
];

/// An empty list: the restriction concerns no messages that a campaign has.
pub(crate) const RESTRICTIONS: &Words = &[
    // The name occurs in three spellings.
    ("RESTRICTED_ADD_PHONE_NUMBER_ACTION", &["add_phone_number"]),
    ("RESTRICTION_ADD_PHONE_NUMBER_ACTION", &["add_phone_number"]),
    ("RESTRICTION_ON_ADD_PHONE_NUMBER_ACTION", &["add_phone_number"]),
    ("RESTRICTED_BIZ_INITIATED_MESSAGING", &["business_initiated"]),
    // The business cannot answer customers, whatever the name suggests.
    ("RESTRICTED_CUSTOMER_INITIATED_MESSAGING", &["customer_initiated", "all_messaging"]),
    ("RESTRICTED_UTILITY_TEMPLATES", &["utility_templates"]),
    ("RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES", &["direct_send"]),
    ("RESTRICTED_BUSINESS_INITIATED_CALLING", &[]),
    ("RESTRICTED_USER_INITIATED_CALLING", &[]),
    ("RESTRICTED_USER_INITIATED_CALLING_CALL_BUTTON_HIDDEN", &[]),
    ("RESTRICTED_BIZ_INITIATED_AND_USER_INITIATED_CALLING", &[]),
];

/// Violations of the quality of calls, which concern no messages.
pub(crate) const CALL_VIOLATIONS: [&str; 4] = [
    "LOW_BUSINESS_INITIATED_CALLING_QUALITY",
    "LOW_CALLING_QUALITY",
    "LOW_USER_INITIATED_CALLING_QUALITY",
    "USER_INITIATED_CALLS_LOW_PICKUP_RATE",
];

/// The events of `account_update`.
const ACCOUNT_EVENTS: [&str; 18] = [
    "ACCOUNT_DELETED",
    "ACCOUNT_OFFBOARDED",
    "ACCOUNT_RECONNECTED",
    "ACCOUNT_RESTRICTION",
    "ACCOUNT_VIOLATION",
    "AD_ACCOUNT_LINKED",
    "AUTH_INTL_PRICE_ELIGIBILITY_UPDATE",
    "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE",
    "COMPROMISED_NOTIFICATION",
    "DISABLED_UPDATE",
    "MM_LITE_TERMS_SIGNED",
    "PARTNER_ADDED",
    "PARTNER_APP_INSTALLED",
    "PARTNER_APP_UNINSTALLED",
    "PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE",
    "PARTNER_REMOVED",
    "VERIFIED_ACCOUNT",
    "VOLUME_BASED_PRICING_TIER_UPDATE",
];

/// Whether a word is an event of `account_update`.
pub(crate) fn is_account_event(word: &str) -> bool {
    let word = normalised(word);
    ACCOUNT_EVENTS.iter().any(|known| *known == word)
}

/// Whether a name or a word may be of something that stops an account.
pub(crate) fn is_like_a_stop(text: &str) -> bool {
    const STOPS: &[&str] = &[
        "ban",
        "banned",
        "block",
        "blocked",
        "deactivated",
        "deactivation",
        "disable",
        "disabled",
        "enforcement",
        "integrity",
        "limit",
        "limited",
        "lock",
        "locked",
        "penalty",
        "restricted",
        "restriction",
        "restrictions",
        "suspended",
        "suspension",
        "terminated",
        "termination",
        "violation",
        "violations",
    ];
    parts_of(text).iter().any(|word| STOPS.contains(&word.as_str()))
}

/// The words of a name, in small letters: `account_lock`, `accountLock`, `ACCOUNT LOCK`.
fn parts_of(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut was_small = false;
    for letter in name.chars().take(200) {
        let begins = !letter.is_alphanumeric() || (was_small && letter.is_uppercase());
        was_small = letter.is_lowercase();
        if begins {
            parts.push(String::new());
        }
        if letter.is_alphanumeric()
            && let Some(part) = parts.last_mut()
        {
            part.extend(letter.to_lowercase());
        }
    }
    parts
}

/// What would say the same; none for a word that is not known. Some words come in lower case, or
/// with spaces or hyphens between their parts.
pub(crate) fn of(words: &Words, word: &str) -> Option<&'static [&'static str]> {
    let word = normalised(word);
    words.iter().find(|(known, _)| *known == word).map(|(_, candidates)| *candidates)
}

/// A word as the tables write it.
pub(crate) fn normalised(word: &str) -> String {
    word.trim().to_ascii_uppercase().replace([' ', '-'], "_")
}

/// The first of these that an attribute allows.
pub(crate) fn allowed(path: &str, candidates: &[&'static str]) -> Option<&'static str> {
    let schema = Schema::built_in();
    let choices = schema.id(path).and_then(|id| schema.attribute(id).choices())?;
    candidates
        .iter()
        .copied()
        .find(|candidate| choices.iter().any(|choice| *choice.name == **candidate))
}

/// The first of these that is a restriction kind.
pub(crate) fn allowed_kind(candidates: &[&str]) -> Option<String> {
    let schema = Schema::built_in();
    let kinds = kinds(&schema, attributes::RESTRICTIONS);
    candidates
        .iter()
        .find(|candidate| kinds.iter().any(|kind| **kind == ***candidate))
        .map(|kind| (*kind).to_owned())
}

/// The violation kinds.
pub(crate) fn violations() -> impl Iterator<Item = Arc<str>> {
    kinds(&Schema::built_in(), attributes::VIOLATIONS).into_iter()
}

/// The restriction kinds.
pub(crate) fn restriction_kinds() -> impl Iterator<Item = Arc<str>> {
    kinds(&Schema::built_in(), attributes::RESTRICTIONS).into_iter()
}

fn kinds(schema: &Schema, collection: &str) -> Vec<Arc<str>> {
    let collection = schema.collections().iter().find(|known| *known.path == *collection);
    let member = collection
        .and_then(|collection| collection.members.iter().find(|member| &*member.path == "kind"));
    let choices = member.and_then(|member| member.choices()).unwrap_or_default();
    choices.iter().map(|choice| Arc::clone(&choice.name)).collect()
}
