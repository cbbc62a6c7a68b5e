//! Who can change a fact, how, and where does it usually come from?
//!
//! One row an attribute that callers give, and one a list of objects. An explanation proposes the
//! changes of these rows and no others; the reference page, the JSON Schema and the types for
//! Python carry them. A given attribute that has no row here does not compile.
//!
//! What nobody can change by deciding to is never proposed: consent, age, what a person stopped,
//! where somebody is, what happened. If only such a fact of a recipient stands against sending,
//! what is left is to leave the recipient out.
//!
//! One table, as long as there are such attributes.

use super::attribute::{AttributeId, Origin};
use super::attributes::{self as id};
pub use super::lever::{ChangedBy, Effort, Lever, Proposal};
use super::lever::{fixed, lever, of_recipient};

/// How leaving a recipient out is worded where there is no other wording.
pub const LEAVE_OUT: &str = "leave this recipient out";

use ChangedBy::{Account, Campaign, Sender, Time};
use Effort::{Choice, Message, Setting, Standing, Switch};
use Proposal::{
    Emptied, Fewer, Kind, Later, More, Nothing, OfficialOnly, Provider, Values, WithUseCase,
    WithoutEntry,
};

const ANOTHER_KIND: &str = "send another kind of message, with the category and the use case that \
                            it really has";
const ANOTHER_TEMPLATE: &str = "send another template, one that is approved";
const ANOTHER_PROVIDER: &str = "send through your own app, or through a provider that is an \
                                official partner";
const OWN_APP: &str = "the sender's own set-up: the contract with the provider";
const OPT_IN_FIRST: &str = "obtain the recipient's consent first, or leave the recipient out";
const OF_CONSENT: &str = "CRM: the record of consent";
const HISTORY: &str = "CRM: the history of the contact";
const FACT: &str = "a fact of the recipient, and no choice of the sender: leave this recipient out";
const ACCOUNT_BOOK: &str = "an account book, kept from webhooks (`cts account`)";

/// A row each given attribute.
const LEVERS: &[(AttributeId, Lever)] = &[
    (
        id::SEND_AT,
        lever(
            Time,
            Choice,
            Later,
            "send later",
            "the sending system: when the message is scheduled to go out",
        ),
    ),
    (id::PROVIDER_ID, lever(Sender, Switch, Provider, ANOTHER_PROVIDER, OWN_APP)),
    (id::PROVIDER_NAME, lever(Sender, Switch, Provider, ANOTHER_PROVIDER, OWN_APP)),
    (id::PROVIDER_DOMAIN, lever(Sender, Switch, Provider, ANOTHER_PROVIDER, OWN_APP)),
    (id::PROVIDER_ROLE, lever(Sender, Switch, Provider, ANOTHER_PROVIDER, OWN_APP)),
    (
        id::PROVIDER_APP_REVIEW,
        lever(
            Sender,
            Standing,
            Values(&["passed"]),
            "have Meta review the app that sends, and wait until it has passed",
            "Meta App Dashboard: App Review, permission `whatsapp_business_messaging`",
        ),
    ),
    (
        id::PROVIDER_CLAIMS_OFFICIAL,
        fixed("what a provider says of itself", "the provider's own pages"),
    ),
    (
        id::ACCESS_ROUTE,
        lever(
            Sender,
            Switch,
            Values(&["cloud_api", "on_premises_api"]),
            "send by another route: Meta's own Cloud API, or the self-hosted API while it lasts",
            "constant of the business: how its software is connected",
        ),
    ),
    (
        id::ACCESS_ENDPOINT,
        lever(
            Sender,
            Switch,
            Values(&["https://graph.facebook.com"]),
            "post the messages to Meta's own address",
            "constant of the business: the address in the sending software's settings",
        ),
    ),
    (
        id::ACCESS_CLIENTS,
        lever(
            Sender,
            Switch,
            OfficialOnly,
            "send without the software that does not use the official API",
            "`cts scan` of the sending software's source tree",
        ),
    ),
    (
        id::ACCOUNT_ID,
        fixed("which account sends", "Graph API: the id of the WhatsApp Business account"),
    ),
    (id::ACCOUNT_NAME, fixed("what the account is called", "Graph API: `name` of the account")),
    (
        id::ACCOUNT_COUNTRY,
        fixed("where the business is", "Graph API: `country` of the account; constant"),
    ),
    (id::ACCOUNT_REGION, fixed("where the business is", "constant of the business")),
    (
        id::ACCOUNT_NUMBER,
        fixed("which number sends", "Graph API: `display_phone_number` of the number"),
    ),
    (
        id::ACCOUNT_NUMBER_STATUS,
        lever(
            Account,
            Standing,
            Values(&["connected"]),
            "bring the number back to `connected` in WhatsApp Manager, or send from another number",
            "Graph API: `status` of the phone number",
        ),
    ),
    (
        id::ACCOUNT_NUMBER_REGISTERED_AT,
        fixed("when the number was registered", "the sending system: its first registration"),
    ),
    (
        id::ACCOUNT_COEXISTENCE,
        lever(
            Account,
            Switch,
            Values(&["false"]),
            "use the number on the API alone",
            "Graph API: `is_on_biz_app` of the phone number",
        ),
    ),
    (
        id::ACCOUNT_OWNERSHIP,
        lever(
            Account,
            Switch,
            Values(&["self_owned"]),
            "move the account to the business itself",
            "Graph API: `ownership_type` of the account",
        ),
    ),
    (
        id::ACCOUNT_SUPPORT_CONTACT,
        lever(
            Account,
            Setting,
            Values(&["true"]),
            "name an e-mail address, a website or a phone number in the profile",
            "Graph API: `whatsapp_business_profile` of the number",
        ),
    ),
    (
        id::ACCOUNT_HEALTH,
        lever(
            Account,
            Standing,
            Values(&["available"]),
            "settle what the health state of the account names",
            "Graph API: `health_status` of the account",
        ),
    ),
    (
        id::ACCOUNT_CONNECTION,
        lever(
            Account,
            Setting,
            Values(&["connected"]),
            "connect the account to the app again",
            "webhook `account_update`: PARTNER_REMOVED, ACCOUNT_OFFBOARDED",
        ),
    ),
    (
        id::ACCOUNT_DISABLING_AT,
        fixed("what WhatsApp announced", "webhook `account_update`: DISABLED_UPDATE"),
    ),
    (id::ACCOUNT_RECENT_ERRORS, fixed("what WhatsApp answered", ACCOUNT_BOOK)),
    (
        id::ACCOUNT_EVENTS_NOT_UNDERSTOOD,
        lever(
            Account,
            Setting,
            Values(&["0"]),
            "look at the events of the account that were not understood, and acknowledge them",
            ACCOUNT_BOOK,
        ),
    ),
    (id::ACCOUNT_BOOK_CONFLICT, fixed("what the document contradicts", ACCOUNT_BOOK)),
    (id::ACCOUNT_BOOK_DIFFERENCES, fixed("what the document contradicts", ACCOUNT_BOOK)),
    (
        id::ACCOUNT_PACING,
        fixed("WhatsApp's own decision", "webhook `business_status_update`, and Meta's notices"),
    ),
    (
        id::ACCOUNT_TEMPLATE_MISUSE_WARNED,
        fixed("WhatsApp's own warning", "WhatsApp Manager, and Meta's notices"),
    ),
    (
        id::ACCOUNT_LICENCE_HELD,
        lever(
            Account,
            Standing,
            Values(&["true"]),
            "obtain the licence first",
            "constant of the business: its licences by country",
        ),
    ),
    (
        id::ACCOUNT_GAMBLING_PERMISSION,
        lever(
            Account,
            Standing,
            Values(&["true"]),
            "obtain Meta's written permission first",
            "constant of the business: Meta's letter",
        ),
    ),
    (
        id::ACCOUNT_NEWS_PAGE,
        lever(
            Account,
            Standing,
            Values(&["true"]),
            "register the publisher's page as a news page first",
            "constant of the business: Meta's news page index",
        ),
    ),
    (
        id::ACCOUNT_RECIPIENTS_24H,
        fixed("what was sent already", "the sending system: its log of the last 24 hours"),
    ),
    (
        id::ACCOUNT_REVIEW,
        lever(
            Account,
            Standing,
            Values(&["approved"]),
            "wait for WhatsApp's review of the account, or appeal",
            "Graph API: `account_review_status`; webhook `account_review_update`",
        ),
    ),
    (
        id::ACCOUNT_VERIFICATION,
        lever(
            Account,
            Standing,
            Values(&["verified"]),
            "have Meta verify the business",
            "Graph API: `business_verification_status` of the account",
        ),
    ),
    (
        id::ACCOUNT_DISPLAY_NAME,
        lever(
            Account,
            Standing,
            Values(&["approved"]),
            "choose a display name that is approved",
            "Graph API: `name_status` of the number; webhook `phone_number_name_update`",
        ),
    ),
    (
        id::ACCOUNT_QUALITY,
        lever(
            Account,
            Standing,
            Values(&["green"]),
            "win the quality rating back: write less often, and only to people who want it",
            "Graph API: `quality_rating` of the number; webhook `phone_number_quality_update`",
        ),
    ),
    (
        id::ACCOUNT_DAILY_LIMIT,
        lever(
            Account,
            Standing,
            More,
            "grow the messaging limit",
            "Graph API: `messaging_limit_tier`; webhook `business_capability_update`",
        ),
    ),
    (
        id::ACCOUNT_APPROVED_USE_CASES,
        lever(
            Account,
            Standing,
            WithUseCase,
            "have the account approved for the use case",
            "constant of the business",
        ),
    ),
    (
        id::ACCOUNT_DELIVERED_7D,
        fixed("what was delivered", "Graph API: `analytics` of the account; the sender's own log"),
    ),
    (
        id::ACCOUNT_BLOCKS_7D,
        lever(
            Account,
            Standing,
            Fewer,
            "wait until fewer recipients blocked the number within seven days: write less often, \
             and only to people who want it",
            "WhatsApp Manager: insights of the number",
        ),
    ),
    (
        id::ACCOUNT_REPORTS_7D,
        lever(
            Account,
            Standing,
            Fewer,
            "wait until fewer recipients reported the number within seven days: write less often, \
             and only to people who want it",
            "WhatsApp Manager: insights of the number",
        ),
    ),
    (id::CAMPAIGN_ID, fixed("the caller's own name", "the sending system")),
    (id::CAMPAIGN_NAME, fixed("the caller's own name", "the sending system")),
    (
        id::CAMPAIGN_USE_CASE,
        lever(Campaign, Message, Kind, ANOTHER_KIND, "CRM: the purpose of the campaign"),
    ),
    (
        id::CAMPAIGN_INITIATED_BY,
        fixed("who opens the conversation", "constant of the campaign: `business` for any mailing"),
    ),
    (
        id::CAMPAIGN_CONTENT,
        lever(
            Campaign,
            Message,
            Values(&["template", "free_form", "direct_send"]),
            "send the message in another form",
            "the sending system: what kind of message it posts",
        ),
    ),
    (
        id::CAMPAIGN_CATEGORY,
        lever(
            Campaign,
            Message,
            Kind,
            ANOTHER_KIND,
            "Graph API: `category` of the template; webhook `template_category_update`",
        ),
    ),
    (
        id::CAMPAIGN_TEMPLATE_NAME,
        fixed("which template is sent", "Graph API: `name` of the template"),
    ),
    (
        id::CAMPAIGN_TEMPLATE_LANGUAGE,
        fixed("which template is sent", "Graph API: `language` of the template"),
    ),
    (
        id::CAMPAIGN_TEMPLATE_STATUS,
        lever(
            Campaign,
            Message,
            Values(&["approved"]),
            ANOTHER_TEMPLATE,
            "Graph API: `status` of the template; webhook `message_template_status_update`",
        ),
    ),
    (
        id::CAMPAIGN_TEMPLATE_QUALITY,
        lever(
            Campaign,
            Message,
            Values(&["green"]),
            "send another template, one of high quality",
            "Graph API: `quality_score` of the template; webhook \
             `message_template_quality_update`",
        ),
    ),
    (
        id::CAMPAIGN_TEMPLATE_CORRECT_CATEGORY,
        fixed("WhatsApp's own decision", "webhook `template_category_update`: `correct_category`"),
    ),
    (
        id::CAMPAIGN_VERTICAL,
        fixed("what the messages are about", "constant of the business: its trade"),
    ),
    (
        id::CAMPAIGN_AUDIENCE_SIZE,
        lever(
            Campaign,
            Choice,
            Fewer,
            "write to fewer people at a time",
            "CRM: the size of the segment",
        ),
    ),
    (
        id::CAMPAIGN_AUDIENCE_OUTSIDE_WINDOW,
        lever(
            Campaign,
            Choice,
            Fewer,
            "write to fewer people at a time who have no window open",
            "CRM: the size of the segment without those who wrote in the last 24 hours",
        ),
    ),
    (
        id::CAMPAIGN_OFFERS_OPT_OUT,
        lever(
            Campaign,
            Message,
            Values(&["true"]),
            "tell in the message how to stop further ones",
            "the template: a footer or a button that stops",
        ),
    ),
    (
        id::CAMPAIGN_AUTOMATED,
        lever(
            Campaign,
            Switch,
            Values(&["false"]),
            "let people answer, and no software",
            "constant of the business: whether a bot answers",
        ),
    ),
    (
        id::CAMPAIGN_HUMAN_HANDOFF,
        lever(
            Campaign,
            Setting,
            Values(&["true"]),
            "give a prompt, clear and direct way to a person",
            "constant of the business: the bot's escalation",
        ),
    ),
    (
        id::CAMPAIGN_GENERAL_PURPOSE_AI,
        lever(
            Campaign,
            Switch,
            Values(&["false"]),
            "offer an assistant for the business's own matters alone",
            "constant of the business: what its assistant is for",
        ),
    ),
    (
        id::CAMPAIGN_REQUESTS,
        lever(
            Campaign,
            Message,
            Emptied,
            "ask for no sensitive identifiers, and send none",
            "the template or flow: what it asks for",
        ),
    ),
    (
        id::CAMPAIGN_COMMERCE,
        lever(
            Campaign,
            Message,
            Values(&["false"]),
            "send without catalogue, payment or other commerce features",
            "the template: its type",
        ),
    ),
    (
        id::CAMPAIGN_AGE_GATED,
        lever(
            Campaign,
            Switch,
            Values(&["true"]),
            "keep the campaign from people under 18 and from other countries by an age gate",
            "constant of the business: how the audience was gated",
        ),
    ),
    (
        id::CAMPAIGN_IDENTIFIES_SENDER,
        lever(
            Campaign,
            Message,
            Values(&["true"]),
            "tell in the message who sends it, and how to reach the sender",
            "the template's text",
        ),
    ),
    (
        id::CAMPAIGN_AD_LABEL,
        lever(
            Campaign,
            Message,
            Values(&["true"]),
            "label the message as an advertisement in the form that the recipient's law asks for",
            "the template's text",
        ),
    ),
    (
        id::CAMPAIGN_MESSAGES_PER_SECOND,
        lever(Campaign, Choice, Fewer, "send slower", "the sending system: its throttle"),
    ),
    (id::RECIPIENT_PHONE, of_recipient(FACT, "CRM: the mobile number, as E.164; webhook: `wa_id`")),
    (id::RECIPIENT_USER_ID, of_recipient(FACT, "webhook `messages`: the user id of the contact")),
    (id::RECIPIENT_COUNTRY, of_recipient(FACT, "CRM: the country of the contact")),
    (id::RECIPIENT_REGION, of_recipient(FACT, "CRM: state or province of the contact")),
    (id::RECIPIENT_IS_ADULT, of_recipient(FACT, "CRM: date of birth, or the age gate")),
    (id::RECIPIENT_IS_CUSTOMER, of_recipient(FACT, "CRM: whether there is an order or a quote")),
    (id::RECIPIENT_LAST_DEAL_AT, of_recipient(FACT, "CRM: the last order or quote")),
    (id::RECIPIENT_RUNNING_CONTRACT, of_recipient(FACT, "CRM: contracts and subscriptions")),
    (id::RECIPIENT_IS_BUSINESS, of_recipient(FACT, "CRM: company or person")),
    (id::RECIPIENT_IS_SUPPORTER, of_recipient(FACT, "CRM: donations and memberships")),
    (id::RECIPIENT_OPT_IN, of_recipient(OPT_IN_FIRST, OF_CONSENT)),
    (id::RECIPIENT_OPT_IN_AT, of_recipient(FACT, OF_CONSENT)),
    (id::RECIPIENT_OPT_IN_FOR, of_recipient(OPT_IN_FIRST, OF_CONSENT)),
    (id::RECIPIENT_OPT_IN_NAMES_WHATSAPP, of_recipient(OPT_IN_FIRST, OF_CONSENT)),
    (id::RECIPIENT_NIGHT_OPT_IN, of_recipient(OPT_IN_FIRST, OF_CONSENT)),
    (
        id::RECIPIENT_OPTED_OUT,
        of_recipient(FACT, "CRM: unsubscribed; webhook `messages`: a reply that asks to stop"),
    ),
    (id::RECIPIENT_OPTED_OUT_OF, of_recipient(FACT, "CRM: the preferences of the contact")),
    (id::RECIPIENT_MARKETING_STOPPED_AT, of_recipient(FACT, "webhook `user_preferences`: `stop`")),
    (
        id::RECIPIENT_MARKETING_WITHHELD_AT,
        of_recipient(FACT, "webhook `messages`: a status with error 131049"),
    ),
    (
        id::RECIPIENT_MARKETING_EXPERIMENT,
        of_recipient(FACT, "webhook `messages`: a status with error 130472"),
    ),
    (
        id::RECIPIENT_FREE_ENTRY_UNTIL,
        of_recipient(FACT, "webhook `messages`: a message with `referral`"),
    ),
    (
        id::RECIPIENT_IN_REGISTER,
        of_recipient(FACT, "the do-not-contact register of the recipient's country"),
    ),
    (
        id::RECIPIENT_REGISTER_CHECKED_AT,
        of_recipient(
            "ask the register about the recipient first, or leave the recipient out",
            "CRM: when the register was last asked",
        ),
    ),
    (
        id::RECIPIENT_LAST_INBOUND_AT,
        of_recipient(FACT, "webhook `messages`: `timestamp` of the last message"),
    ),
    (id::RECIPIENT_MARKETING_RECEIVED_24H, of_recipient(FACT, HISTORY)),
    (id::RECIPIENT_LAST_MARKETING_AT, of_recipient(FACT, HISTORY)),
    (id::RECIPIENT_TIME_ZONE, of_recipient(FACT, "CRM: the time zone of the contact")),
];

/// A row each list of objects.
const LISTS: &[(&str, Lever)] = &[
    (
        id::INTERMEDIARIES,
        lever(
            Sender,
            Switch,
            WithoutEntry,
            "send without this intermediary",
            "the sender's own set-up: the contracts on the way to the provider",
        ),
    ),
    (
        id::RESTRICTIONS,
        lever(
            Account,
            Standing,
            WithoutEntry,
            "ask WhatsApp to lift the restriction, in the Business Support Home",
            "webhook `account_update`: `restriction_info`; Business Support Home",
        ),
    ),
    (
        id::VIOLATIONS,
        lever(
            ChangedBy::Nobody,
            Standing,
            Nothing,
            "what WhatsApp reported",
            "webhook `account_update`: `violation_info`; Business Support Home",
        ),
    ),
];

/// Of attributes that packs declare.
const DECLARED: Lever =
    fixed("a fact of the caller's own", "the caller's own systems, as the pack declares it");

/// Kinds of messages: each category with the use cases that go with it. Whoever changes the one
/// changes the other, so that nothing advises a wrong label; a category that does not go with the
/// use case may be corrected alone.
pub const KINDS: &[(&str, &[&str])] = &[
    ("marketing", &["marketing", "bulk_messaging", "surveys", "political"]),
    (
        "utility",
        &[
            "notifications",
            "appointments",
            "delivery_updates",
            "payments",
            "surveys",
            "customer_care",
            "emergency_alerts",
        ],
    ),
    ("authentication", &["authentication"]),
    (
        "service",
        &["customer_care", "notifications", "appointments", "delivery_updates", "payments"],
    ),
];

/// In [`PLACES`]: no row.
const NOWHERE: u8 = u8::MAX;

/// Where in [`LEVERS`] an attribute stands, by its number.
const PLACES: [u8; id::ORIGINS.len()] = {
    let mut places = [NOWHERE; id::ORIGINS.len()];
    let mut place = 0;
    while place < LEVERS.len() {
        let number = LEVERS[place].0.index();
        assert!(places[number] == NOWHERE, "an attribute has one row");
        places[number] = place as u8;
        place += 1;
    }
    places
};

/// Every attribute of the schema that may be given has a row, and no other has one.
const _: () = {
    let mut number = 0;
    while number < PLACES.len() {
        let (path, origin) = &id::ORIGINS[number];
        let is_derived = matches!(origin, Origin::Derived);
        if is_derived != (PLACES[number] == NOWHERE) {
            panic!("{}", *path);
        }
        number += 1;
    }
};

/// The row of an attribute: of one that a pack declares, that nobody changes it. `None` for one
/// that is derived.
pub fn of(attribute: AttributeId) -> Option<&'static Lever> {
    let Some(place) = PLACES.get(attribute.index()) else { return Some(&DECLARED) };
    LEVERS.get(usize::from(*place)).map(|(_, lever)| lever)
}

/// The row of a list of objects.
pub fn of_list(path: &str) -> Option<&'static Lever> {
    LISTS.iter().find(|(known, _)| *known == path).map(|(_, lever)| lever)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Schema;

    #[test]
    fn proposals_are_values_that_the_attribute_can_have() {
        let schema = Schema::built_in();
        for (attribute, lever) in LEVERS {
            let attribute = schema.attribute(*attribute);
            let Values(values) = lever.to else { continue };
            let Some(choices) = attribute.choices() else { continue };
            for value in values {
                assert!(
                    choices.iter().any(|choice| &*choice.name == *value),
                    "{}: {value}",
                    attribute.path
                );
            }
        }
    }

    #[test]
    fn facts_of_recipients_and_of_nobody_are_never_proposed() {
        for (_, lever) in LEVERS {
            let is_proposed = lever.to != Nothing;
            let is_somebodys = !matches!(lever.by, ChangedBy::Nobody | ChangedBy::Audience);
            assert_eq!(is_proposed, is_somebodys, "{}", lever.how);
            assert!(!lever.how.is_empty() && !lever.comes_from.is_empty());
        }
    }

    #[test]
    fn what_people_are_shown_is_there_in_every_language() {
        let rows = LEVERS.iter().map(|(_, lever)| lever);
        let rows = rows.chain(LISTS.iter().map(|(_, lever)| lever)).chain([&DECLARED]);
        for lever in rows {
            let is_proposed = lever.by != ChangedBy::Nobody;
            let how = is_proposed.then_some(lever.how);
            for text in how.into_iter().chain([lever.comes_from, LEAVE_OUT]) {
                assert!(crate::language::levers::has_row(text), "{text}");
            }
        }
    }

    #[test]
    fn kinds_name_every_category_and_known_use_cases() {
        let schema = Schema::built_in();
        let names = |attribute| -> Vec<&str> {
            let choices = schema.attribute(attribute).choices().unwrap_or_default();
            choices.iter().map(|choice| &*choice.name).collect()
        };
        let categories: Vec<&str> = KINDS.iter().map(|(category, _)| *category).collect();
        assert_eq!(categories, names(id::CAMPAIGN_CATEGORY));
        let use_cases = names(id::CAMPAIGN_USE_CASE);
        for (_, known) in KINDS {
            assert!(known.iter().all(|use_case| use_cases.contains(use_case)));
        }
        for collection in schema.collections() {
            assert!(of_list(&collection.path).is_some(), "{}", collection.path);
        }
    }
}
