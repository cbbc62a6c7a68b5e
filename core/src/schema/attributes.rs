//! The built-in attributes, each declared here and nowhere else.
//!
//! A row here gives an attribute its number, type, allowed values, nullability and, as its comment,
//! its definition. The rule language, the reader of campaign documents, the JSON Schema and
//! `docs/reference/attributes.md` all come from it. A derived attribute also has a row in
//! `resolve/derivations.rs`, and does not compile without.
//!
//! One table, as long as there are attributes.

use std::sync::Arc;

use super::attribute::{Attribute, AttributeId, Choice, Form, NotGiven, Nullable, Origin, Scope};
use super::collection::Collection;
use crate::value::{Scalar, Type};

/// The version of the built-in schema, against which a pack states its `requires`.
pub const VERSION: semver::Version = semver::Version::new(1, 0, 0);

/// Numbers the attributes in the order of their rows and lists them.
macro_rules! declare {
    ($(
        $(#[doc = $doc:literal])+
        $id:ident => $origin:ident($path:literal, $ty:expr) $(.$with:ident($($what:tt)*))*,
    )+) => {
        #[expect(non_camel_case_types, reason = "the variants only number the constants below")]
        enum Number { $($id,)+ }
        $(
            #[doc = concat!("`", $path, "`:", $($doc),+)]
            pub const $id: AttributeId = AttributeId(Number::$id as u16);
        )+
        pub(super) fn all() -> Vec<Attribute> {
            vec![$($origin($path, $ty, concat!($($doc),+).trim_start())$(.$with($($what)*))*,)+]
        }
        /// The path of each attribute, and where it comes from, by its number.
        pub(crate) const ORIGINS: &[(&str, Origin)] = &[$(($path, origin!($origin))),+];
    };
}

macro_rules! origin {
    (given) => {
        Origin::Given
    };
    (derived) => {
        Origin::Derived
    };
    (given_or_derived) => {
        Origin::GivenOrDerived
    };
}

const NO_PART: &str = "the country is judged where no part of it is named";

const LIST_OF_STRING: Type = Type { base: Scalar::String, lists: 1 };

declare! {
    /// The instant at which the message is sent.
    SEND_AT => given("send_at", Type::TIMESTAMP),

    /// The provider's id in the directory.
    PROVIDER_ID => given("provider.id", Type::STRING).form(Form::Id).nullable(),
    /// The name of the provider that carries the messages.
    PROVIDER_NAME => given("provider.name", Type::STRING).form(Form::Firm).nullable(),
    /// The provider's web domain.
    PROVIDER_DOMAIN => given("provider.domain", Type::STRING).form(Form::Domain).nullable(),
    /// In which role the provider works.
    PROVIDER_ROLE => given("provider.role", Type::STRING).one_of(ROLES),
    /// How far Meta's review of the provider's app has come.
    PROVIDER_APP_REVIEW => given("provider.app_review", Type::STRING).one_of(APP_REVIEWS),
    /// Whether the provider calls itself official.
    PROVIDER_CLAIMS_OFFICIAL => given("provider.claims_official", Type::BOOL)
        .nullable()
        .absent_when_not_given(
            "what a provider says of itself need not be looked up; its listing and its review are \
             judged without it",
        ),
    /// What the directory says of the provider at `send_at`. In a rule, `unknown` is an unknown
    /// fact.
    PROVIDER_LISTING => derived("provider.listing", Type::STRING).one_of(LISTINGS),
    /// Whether the directory tells that the provider is listed, delisted or unlisted at `send_at`;
    /// unknown of a provider that has neither id, name nor domain.
    PROVIDER_LISTING_KNOWN => derived("provider.listing_known", Type::BOOL),
    /// From when on the directory has evidence that the provider, found by id or domain, is a
    /// solution partner; absent where it has none.
    PROVIDER_PARTNER_EVIDENCE_AT => derived("provider.partner_evidence_at", Type::TIMESTAMP)
        .nullable(),
    /// Whether the directory names the provider, by id or domain, as a solution partner or without
    /// a role, and tells no period in which it was listed.
    PROVIDER_ON_RECORD => derived("provider.on_record", Type::BOOL),
    /// The listed provider that this one imitates by name or domain.
    PROVIDER_LOOKALIKE_OF => derived("provider.lookalike_of", Type::STRING).nullable(),
    /// The domains on record of the listed provider that this one resembles; absent when it
    /// resembles none.
    PROVIDER_LOOKALIKE_DOMAINS => derived("provider.lookalike_domains", LIST_OF_STRING).nullable(),
    /// The provider whose domain or id on record was given beside a name, or another identifier,
    /// that is not its own: a legal form, a country or a slip more, or another firm's; absent where
    /// they agree, and where they resemble a provider that they are not.
    PROVIDER_DOMAIN_OF => derived("provider.domain_of", Type::STRING).nullable(),
    /// Whether a business that is said to run its own app is given the identity of a provider: an
    /// id, or a name or domain that the directory has or that resembles one of its own; false where
    /// no role is given, and where a domain of its own tells it from a provider of its name.
    PROVIDER_SELF_CONFLICT => derived("provider.self_conflict", Type::BOOL),
    /// The provider of the directory after which a business that runs its own app is called, where
    /// the domain given beside the name is no provider's and resembles none; absent otherwise.
    PROVIDER_SELF_NAMESAKE => derived("provider.self_namesake", Type::STRING).nullable(),
    /// The role in which the directory has the provider, where one that promises more is given: a
    /// solution partner's of a tech provider, either's of a reseller; absent otherwise, where either
    /// is not known, and of a provider that left the directory.
    PROVIDER_OTHER_ROLE => derived("provider.other_role", Type::STRING).nullable(),
    /// The name, id or domain, of the provider or else of the first intermediary, that the catalogue
    /// of clients has as that of an unofficial client or gateway, or of one that serves both; absent
    /// where it has none of them. The name of a business that runs its own app is not compared.
    PROVIDER_KNOWN_GATEWAY => derived("provider.known_gateway", Type::STRING).nullable(),
    /// The name, of the provider or else of the first intermediary, that lists several firms of the
    /// directory, as `Acme, Quillwork`; absent where each is one firm's or nobody's.
    PROVIDER_SEVERAL_FIRMS => derived("provider.several_firms", Type::STRING).nullable(),
    /// Whole days from the directory's retrieval to `send_at`, never negative.
    DIRECTORY_AGE_DAYS => derived("directory.age_days", Type::INT).unit("days").form(Form::Count),
    /// Whether the directory tells that the provider, or an intermediary, is listed, delisted or
    /// unlisted at `send_at`; a business with its own app has no provider to look up.
    DIRECTORY_DECIDED => derived("directory.decided", Type::BOOL),

    /// Intermediaries that the directory does not list at `send_at`.
    INTERMEDIARIES_UNLISTED_COUNT => derived("intermediaries.unlisted_count", Type::INT)
        .form(Form::Count),
    /// Unlisted intermediaries without app review.
    INTERMEDIARIES_UNAUTHORIZED_COUNT => derived("intermediaries.unauthorized_count", Type::INT)
        .form(Form::Count),
    /// Unlisted intermediaries whose app review is pending, or of whom neither role nor review is
    /// told.
    INTERMEDIARIES_UNPROVEN_COUNT => derived("intermediaries.unproven_count", Type::INT)
        .form(Form::Count),
    /// The name, domain or id of the first intermediary of the weakest standing; absent when each
    /// is in order.
    INTERMEDIARIES_WEAKEST_LINK => derived("intermediaries.weakest_link", Type::STRING).nullable(),
    /// The name, domain or id of the first intermediary that imitates a provider of the directory;
    /// absent when none does.
    INTERMEDIARIES_LOOKALIKE => derived("intermediaries.lookalike", Type::STRING).nullable(),
    /// The provider that `intermediaries.lookalike` imitates by name or domain.
    INTERMEDIARIES_LOOKALIKE_OF => derived("intermediaries.lookalike_of", Type::STRING).nullable(),
    /// The name, domain or id of the first intermediary whose domain or id on record was given
    /// beside a name, or another identifier, that is not its own; absent where there is none.
    INTERMEDIARIES_MISNAMED => derived("intermediaries.misnamed", Type::STRING).nullable(),
    /// The provider whose domain or id was given for `intermediaries.misnamed`.
    INTERMEDIARIES_DOMAIN_OF => derived("intermediaries.domain_of", Type::STRING).nullable(),
    /// The name, domain or id of the first intermediary of which a role is given that promises more
    /// than the one that the directory has, as `provider.other_role` has it of the provider; absent
    /// where there is none.
    INTERMEDIARIES_PROMOTED => derived("intermediaries.promoted", Type::STRING).nullable(),
    /// The role in which the directory has `intermediaries.promoted`.
    INTERMEDIARIES_OTHER_ROLE => derived("intermediaries.other_role", Type::STRING).nullable(),

    /// The technical route of the messages; if not given, `cloud_api` where `access.endpoint` is
    /// Meta's own.
    ACCESS_ROUTE => given_or_derived("access.route", Type::STRING).one_of(ROUTES),
    /// The address that the messages are posted to.
    ACCESS_ENDPOINT => given("access.endpoint", Type::STRING).form(Form::Endpoint).nullable(),
    /// Whose address `access.endpoint` is, by its host, or by a path that stands for a gateway on
    /// any host; absent when there is no endpoint, and when none is given for the Business app,
    /// which has none.
    ACCESS_ENDPOINT_STATUS => derived("access.endpoint_status", Type::STRING)
        .one_of(ENDPOINT_STATUSES)
        .nullable(),
    /// The provider of the directory to whose domain the host of `access.endpoint` belongs, where
    /// another one, a solution partner by the directory or by what is given, carries the messages and
    /// this one is no intermediary; absent otherwise.
    ACCESS_ENDPOINT_OF_ANOTHER => derived("access.endpoint_of_another", Type::STRING).nullable(),
    /// The provider of the directory whose domain the host of `access.endpoint` resembles; absent
    /// where the host is known, and where it resembles none.
    ACCESS_ENDPOINT_LOOKALIKE_OF => derived("access.endpoint_lookalike_of", Type::STRING)
        .nullable(),
    /// Packages, images, gateways, services and apps in use, as `ecosystem:name` or as package
    /// URLs.
    ACCESS_CLIENTS => given("access.clients", LIST_OF_STRING).form(Form::Client),
    /// The standing of the worst client in use, in the order unofficial, undecided, unchecked,
    /// unrecognised, official; absent when the list is empty.
    ACCESS_CLIENT_STATUS => derived("access.client_status", Type::STRING)
        .one_of(CLIENT_STATUSES)
        .nullable(),
    /// Whether a client in use is one of which the catalogue says, and nobody has checked, that it
    /// re-implements or drives the consumer client.
    ACCESS_CLIENT_ALLEGED => derived("access.client_alleged", Type::BOOL),
    /// Whether WhatsApp's own app for businesses, which a person uses by hand, is among the clients.
    ACCESS_BUSINESS_APP_CLIENT => derived("access.business_app_client", Type::BOOL),

    /// The id of the business account.
    ACCOUNT_ID => given("account.id", Type::STRING).form(Form::Id),
    /// The name of the business account.
    ACCOUNT_NAME => given("account.name", Type::STRING).form(Form::Name),
    /// The country of the business.
    ACCOUNT_COUNTRY => given("account.country", Type::STRING).form(Form::Country),
    /// The part of the country that the business is in, by ISO 3166-2, such as `UA-43`.
    ACCOUNT_REGION => given("account.region", Type::STRING)
        .form(Form::Region)
        .nullable()
        .absent_when_not_given(NO_PART),
    /// Whether a given `account.region` lies in another country than `account.country`.
    ACCOUNT_REGION_CONFLICT => derived("account.region_conflict", Type::BOOL),
    /// The sending number, or the id that WhatsApp gives to it, which an account book knows.
    ACCOUNT_NUMBER => given("account.number", Type::STRING)
        .form(Form::PhoneOrId)
        .nullable()
        .absent_when_not_given("the account is judged by its country where no number is named"),
    /// The country of the sending number by the number plan; absent when the number is not told.
    ACCOUNT_NUMBER_COUNTRY => derived("account.number_country", Type::STRING)
        .form(Form::Country)
        .nullable(),
    /// Whether the sending number lies in a range that is used for Crimea, Sevastopol or the
    /// regions of Donetsk and Luhansk; false when the number is not given.
    ACCOUNT_NUMBER_OF_BARRED_REGION => derived("account.number_of_barred_region", Type::BOOL),
    /// The state of the sending number.
    ACCOUNT_NUMBER_STATUS => given("account.number_status", Type::STRING)
        .one_of(NUMBER_STATUSES)
        .nullable()
        .absent_when_not_given(
            "WhatsApp reports it only of numbers that it knows; a ban is a restriction too",
        ),
    /// When the sending number was registered on the route.
    ACCOUNT_NUMBER_REGISTERED_AT => given("account.number_registered_at", Type::TIMESTAMP)
        .nullable()
        .absent_when_not_given(
            "few systems keep the day, and only numbers of the first days are judged by it",
        ),
    /// Whether the sending number is used in the Business app and on the Cloud API at once.
    ACCOUNT_COEXISTENCE => given("account.coexistence", Type::BOOL)
        .nullable()
        .absent_when_not_given(
            "most numbers are on one of the two, and those on both were connected so on purpose",
        ),
    /// Who owns the account.
    ACCOUNT_OWNERSHIP => given("account.ownership", Type::STRING)
        .one_of(OWNERSHIPS)
        .nullable()
        .absent_when_not_given("accounts that a provider owns ended with 2025"),
    /// Whether the profile names a support contact with an e-mail address, a website or a phone
    /// number.
    ACCOUNT_SUPPORT_CONTACT => given("account.support_contact", Type::BOOL)
        .nullable()
        .absent_when_not_given(
            "a profile that nobody looked at is not taken for one without a contact",
        ),
    /// Whether the account can send, by the worst of its health states.
    ACCOUNT_HEALTH => given("account.health", Type::STRING)
        .one_of(HEALTHS)
        .nullable()
        .absent_when_not_given(
            "not every system asks for it; what stops the account is a restriction too",
        ),
    /// Whether the account is connected to the partner or app that sends.
    ACCOUNT_CONNECTION => given("account.connection", Type::STRING)
        .one_of(CONNECTIONS)
        .nullable()
        .absent_when_not_given("WhatsApp reports it when it changes"),
    /// Error codes that WhatsApp gave to messages of the account or its sending number, and whose
    /// term is not over at `send_at`.
    ACCOUNT_RECENT_ERRORS => given("account.recent_errors", LIST_OF_STRING)
        .nullable()
        .absent_when_not_given("an account book counts them"),
    /// From when on the account is to be disabled, where WhatsApp announced that and the day lies
    /// ahead.
    ACCOUNT_DISABLING_AT => given("account.disabling_at", Type::TIMESTAMP)
        .nullable()
        .absent_when_not_given("WhatsApp announces it where it is to be"),
    /// Events of the account that were not understood, and that nobody acknowledged.
    ACCOUNT_EVENTS_NOT_UNDERSTOOD => given("account.events_not_understood", Type::INT)
        .unit("events")
        .form(Form::Count)
        .nullable()
        .absent_when_not_given("an account book counts them"),
    /// In what the document contradicts the account book that it is judged with.
    ACCOUNT_BOOK_CONFLICT => given("account.book_conflict", Type::STRING)
        .one_of(BOOK_CONFLICTS)
        .nullable()
        .absent_when_not_given("an account book says it"),
    /// What differs there: of each member its path, its value in the document, and its value in the
    /// book.
    ACCOUNT_BOOK_DIFFERENCES => given("account.book_differences", LIST_OF_STRING)
        .nullable()
        .absent_when_not_given("an account book says it"),
    /// How WhatsApp paces the portfolio's templates.
    ACCOUNT_PACING => given("account.pacing", Type::STRING)
        .one_of(PACINGS)
        .nullable()
        .absent_when_not_given("WhatsApp reports pacing only while it paces"),
    /// Whether WhatsApp warned the business of templates in the wrong category.
    ACCOUNT_TEMPLATE_MISUSE_WARNED => given("account.template_misuse_warned", Type::BOOL)
        .nullable()
        .absent_when_not_given("WhatsApp reports the warning when it warns"),
    /// Whether the business holds the licences that its trade and the recipient's country ask for;
    /// `null` for none.
    ACCOUNT_LICENCE_HELD => given("account.licence_held", Type::BOOL).nullable(),
    /// Whether Meta permitted online gambling and gaming in writing; `null` for no permission.
    ACCOUNT_GAMBLING_PERMISSION => given("account.gambling_permission", Type::BOOL).nullable(),
    /// Whether a publisher of news is registered as a news page; `null` for none.
    ACCOUNT_NEWS_PAGE => given("account.news_page", Type::BOOL).nullable(),
    /// Distinct recipients written to in the last 24 hours, outside windows: by the whole
    /// portfolio, before 2025-10-07 by the number.
    ACCOUNT_RECIPIENTS_24H => given("account.recipients_24h", Type::INT)
        .unit("recipients")
        .form(Form::Count)
        .nullable()
        .absent_when_not_given(
            "the size of the audience is judged alone where nothing was sent before it",
        ),
    /// Whether WhatsApp approved the account.
    ACCOUNT_REVIEW => given("account.review", Type::STRING).one_of(REVIEWS),
    /// Whether Meta verified the business.
    ACCOUNT_VERIFICATION => given("account.verification", Type::STRING).one_of(VERIFICATIONS),
    /// Whether the display name is approved.
    ACCOUNT_DISPLAY_NAME => given("account.display_name", Type::STRING)
        .one_of(DISPLAY_NAMES)
        .nullable()
        .absent_when_not_given(
            "a name that is not approved stops only numbers that Meta provides, and their status \
             says so",
        ),
    /// The quality rating of the sending number.
    ACCOUNT_QUALITY => given("account.quality", Type::STRING).one_of(QUALITIES),
    /// Distinct recipients that may be written to in 24 hours, outside windows; `unlimited` reads
    /// as 2^63-1.
    ACCOUNT_DAILY_LIMIT => given("account.daily_limit", Type::INT)
        .unit("recipients")
        .form(Form::CountOrUnlimited),
    /// The use cases that the account is approved for.
    ACCOUNT_APPROVED_USE_CASES => given("account.approved_use_cases", LIST_OF_STRING)
        .one_of(USE_CASES)
        .nullable()
        .absent_when_not_given("since 2022-05-02 nobody is approved use case by use case"),
    /// Messages delivered in the last seven days.
    ACCOUNT_DELIVERED_7D => given("account.feedback.delivered_7d", Type::INT)
        .unit("messages")
        .form(Form::Count)
        .nullable()
        .absent_when_not_given(
            "WhatsApp does not tell a sender who blocked or reported it; the quality rating says \
             what it counts",
        ),
    /// Recipients who blocked the number in the last seven days.
    ACCOUNT_BLOCKS_7D => given("account.feedback.blocks_7d", Type::INT)
        .unit("recipients")
        .form(Form::Count)
        .nullable()
        .absent_when_not_given(
            "WhatsApp does not tell a sender who blocked or reported it; the quality rating says \
             what it counts",
        ),
    /// Recipients who reported the number in the last seven days.
    ACCOUNT_REPORTS_7D => given("account.feedback.reports_7d", Type::INT)
        .unit("recipients")
        .form(Form::Count)
        .nullable()
        .absent_when_not_given(
            "WhatsApp does not tell a sender who blocked or reported it; the quality rating says \
             what it counts",
        ),
    /// Whether a restriction in force at `send_at` stops business-initiated messages:
    /// business_initiated, all_messaging, account_locked, account_disabled, number_banned or
    /// brand_banned.
    ACCOUNT_RESTRICTED_BUSINESS_INITIATED =>
        derived("account.restricted_business_initiated", Type::BOOL),
    /// Whether a restriction in force at `send_at` stops replies too: all_messaging,
    /// account_locked, account_disabled, number_banned or brand_banned.
    ACCOUNT_RESTRICTED_ALL => derived("account.restricted_all", Type::BOOL),
    /// Whether a restriction in force at `send_at` stops replies: customer_initiated, or one that
    /// stops all messages.
    ACCOUNT_RESTRICTED_REPLIES => derived("account.restricted_replies", Type::BOOL),
    /// Whether a restriction of a kind that is not in the list is in force at `send_at`.
    ACCOUNT_RESTRICTED_OTHERWISE => derived("account.restricted_otherwise", Type::BOOL),
    /// Whether a restriction of utility templates is in force at `send_at`.
    ACCOUNT_RESTRICTED_UTILITY_TEMPLATES =>
        derived("account.restricted_utility_templates", Type::BOOL),
    /// Whether a restriction of Direct Send is in force at `send_at`.
    ACCOUNT_RESTRICTED_DIRECT_SEND => derived("account.restricted_direct_send", Type::BOOL),
    /// Whether the account is disabled, or the number or brand banned, at `send_at`.
    ACCOUNT_BANNED => derived("account.banned", Type::BOOL),
    /// Violations in the 90 days up to and including `send_at`.
    ACCOUNT_VIOLATIONS_90D => derived("account.violations_90d", Type::INT)
        .unit("violations")
        .form(Form::Count),
    /// Violations in the 7 days up to `send_at`, or up to 5 minutes after it, since clocks differ;
    /// in the 30 days where there are several.
    ACCOUNT_VIOLATIONS_RECENT => derived("account.violations_recent", Type::INT)
        .unit("violations")
        .form(Form::Count),
    /// The kinds of the violations reported up to `send_at`, or up to 5 minutes after it, since
    /// clocks differ, each once, in the order of their names.
    ACCOUNT_VIOLATION_KINDS => derived("account.violation_kinds", LIST_OF_STRING)
        .one_of(VIOLATION_KINDS),
    /// What the enforcement ladder in force at `send_at` says can follow a further violation of the
    /// kind that was reported last, as texts for people: steps by their ids, with their days. Empty
    /// where no violation was reported.
    ACCOUNT_NEXT_STEPS => derived("account.next_steps", LIST_OF_STRING),
    /// Whether a violation is dated more than 5 minutes after `send_at`, or before 2009, when
    /// there was no WhatsApp.
    ACCOUNT_VIOLATIONS_MISDATED => derived("account.violations_misdated", Type::BOOL),
    /// Whether a restriction is said to have begun or ended before 2009, when there was no
    /// WhatsApp; what is not given contradicts nothing.
    ACCOUNT_RESTRICTIONS_MISDATED => derived("account.restrictions_misdated", Type::BOOL),
    /// Whether blocks or reports are given of seven days in which nothing was delivered; false
    /// where one of the counts is not given.
    ACCOUNT_FEEDBACK_CONFLICT => derived("account.feedback_conflict", Type::BOOL),
    /// Blocks over deliveries of the last seven days; absent when nothing was delivered, or the
    /// blocks are not known.
    ACCOUNT_FEEDBACK_BLOCK_RATE => derived("account.feedback_block_rate", Type::DOUBLE).nullable(),
    /// Reports over deliveries of the last seven days; absent when nothing was delivered, or the
    /// reports are not known.
    ACCOUNT_FEEDBACK_REPORT_RATE => derived("account.feedback_report_rate", Type::DOUBLE)
        .nullable(),

    /// The caller's id of the campaign.
    CAMPAIGN_ID => given("campaign.id", Type::STRING).form(Form::Name),
    /// The caller's name of the campaign.
    CAMPAIGN_NAME => given("campaign.name", Type::STRING).form(Form::Name),
    /// What the messages are for; if not given, `marketing` where a marketing template opens the
    /// conversation, and `campaign.vertical` is a trade that sells to the public.
    CAMPAIGN_USE_CASE => given_or_derived("campaign.use_case", Type::STRING).one_of(USE_CASES),
    /// Who opens the conversation; if not given, `business` where a marketing template is sent.
    CAMPAIGN_INITIATED_BY => given_or_derived("campaign.initiated_by", Type::STRING)
        .one_of(INITIATORS),
    /// Whether an approved template or free text is sent, or a message without template by Direct
    /// Send; if not given, `template` where `campaign.template.status` is given and
    /// `campaign.category` is not `service`, of which there are no templates.
    CAMPAIGN_CONTENT => given_or_derived("campaign.content", Type::STRING).one_of(CONTENTS),
    /// The message category.
    CAMPAIGN_CATEGORY => given("campaign.category", Type::STRING).one_of(CATEGORIES),
    /// The name of the template.
    CAMPAIGN_TEMPLATE_NAME => given("campaign.template.name", Type::STRING).form(Form::Name),
    /// The language of the template as WhatsApp writes it, such as `es_ES`; templates of one name
    /// are told apart by it.
    CAMPAIGN_TEMPLATE_LANGUAGE => given("campaign.template.language", Type::STRING)
        .form(Form::Language)
        .nullable()
        .absent_when_not_given(
            "a template is judged by its own state, in whatever language it is",
        ),
    /// The review state of the template.
    CAMPAIGN_TEMPLATE_STATUS => given("campaign.template.status", Type::STRING)
        .one_of(TEMPLATE_STATUSES),
    /// The quality rating of the template.
    CAMPAIGN_TEMPLATE_QUALITY => given("campaign.template.quality", Type::STRING)
        .one_of(QUALITIES)
        .nullable()
        .absent_when_not_given(
            "WhatsApp rates a template after it was sent; one of low quality is paused, which its \
             status says",
        ),
    /// The category to which WhatsApp said that it moves the template.
    CAMPAIGN_TEMPLATE_CORRECT_CATEGORY => given("campaign.template.correct_category", Type::STRING)
        .one_of(CATEGORIES)
        .nullable()
        .absent_when_not_given("WhatsApp reports the category only of templates that it moves"),
    /// The trade that the messages are about.
    CAMPAIGN_VERTICAL => given("campaign.vertical", Type::STRING).one_of(VERTICALS),
    /// Distinct recipients of the campaign.
    CAMPAIGN_AUDIENCE_SIZE => given("campaign.audience_size", Type::INT)
        .unit("recipients")
        .form(Form::Count),
    /// Distinct recipients of the campaign who have no service window open: those whom limits
    /// count; if not given, the whole audience.
    CAMPAIGN_AUDIENCE_OUTSIDE_WINDOW => given_or_derived("campaign.audience_outside_window", Type::INT)
        .unit("recipients")
        .form(Form::Count),
    /// Whether the message tells how to stop further ones.
    CAMPAIGN_OFFERS_OPT_OUT => given("campaign.offers_opt_out", Type::BOOL),
    /// Whether software answers; if not given, false where the business opens the conversation
    /// with a template or by Direct Send.
    CAMPAIGN_AUTOMATED => given_or_derived("campaign.automated", Type::BOOL),
    /// Whether there is a prompt, clear and direct way to a person.
    CAMPAIGN_HUMAN_HANDOFF => given("campaign.human_handoff", Type::BOOL),
    /// Whether a general-purpose AI assistant is the main thing offered; if not given, false where
    /// no software answers and the use case is another than `ai_assistant`.
    CAMPAIGN_GENERAL_PURPOSE_AI => given_or_derived("campaign.general_purpose_ai", Type::BOOL),
    /// Sensitive identifiers that the messages ask for or send; if not given, none where the
    /// business opens the conversation with a marketing template.
    CAMPAIGN_REQUESTS => given_or_derived("campaign.requests", LIST_OF_STRING).one_of(REQUESTS),
    /// Whether the messages use a catalogue, a payment or another commerce feature.
    CAMPAIGN_COMMERCE => given("campaign.commerce", Type::BOOL)
        .nullable()
        .absent_when_not_given("messages without a catalogue or payment have nothing to say here"),
    /// Whether the campaign is kept from people under 18 and from other countries by technical and
    /// organisational means; `null` for no gate.
    CAMPAIGN_AGE_GATED => given("campaign.age_gated", Type::BOOL).nullable(),
    /// Whether the message tells who sends it, and how to reach the sender.
    CAMPAIGN_IDENTIFIES_SENDER => given("campaign.identifies_sender", Type::BOOL)
        .nullable()
        .absent_when_not_given("asked by the laws of some countries alone"),
    /// Whether the message is labelled as an advertisement in the form that the recipient's law
    /// asks for; `null` for no label.
    CAMPAIGN_AD_LABEL => given("campaign.ad_label", Type::BOOL).nullable(),
    /// How fast the campaign is sent from one number.
    CAMPAIGN_MESSAGES_PER_SECOND => given("campaign.messages_per_second", Type::INT)
        .unit("messages a second")
        .form(Form::Count)
        .nullable()
        .absent_when_not_given(
            "WhatsApp slows a sender down that is too fast; nothing else follows from it",
        ),
    /// Whether messages of free form, or by Direct Send, are given a template that is not approved,
    /// so that one of the two is not what is sent; false where either is not given.
    CAMPAIGN_TEMPLATE_CONFLICT => derived("campaign.template_conflict", Type::BOOL),
    /// Whether the use case is among those that the account is approved for.
    CAMPAIGN_USE_CASE_APPROVED => derived("campaign.use_case_approved", Type::BOOL),

    /// The recipient's number.
    RECIPIENT_PHONE => given("recipient.phone", Type::STRING).form(Form::Phone).nullable(),
    /// The recipient's business-scoped user id.
    RECIPIENT_USER_ID => given("recipient.user_id", Type::STRING).form(Form::UserId).nullable(),
    /// Where the recipient is; if not given, the country of the number, or of the user id where
    /// there is no number.
    RECIPIENT_COUNTRY => given_or_derived("recipient.country", Type::STRING).form(Form::Country),
    /// The country of the recipient's number by the number plan, or of the user id where there is
    /// no number.
    RECIPIENT_NUMBER_COUNTRY => derived("recipient.number_country", Type::STRING)
        .form(Form::Country),
    /// Whether the recipient's number lies in a range that is used for Crimea, Sevastopol or the
    /// regions of Donetsk and Luhansk; false when there is no number.
    RECIPIENT_NUMBER_OF_BARRED_REGION => derived("recipient.number_of_barred_region", Type::BOOL),
    /// Whether a given `recipient.time_zone` is that of Crimea, `Europe/Simferopol`; false when
    /// none is given.
    RECIPIENT_ZONE_OF_BARRED_REGION => derived("recipient.zone_of_barred_region", Type::BOOL),
    /// The part of the country that the recipient is in, by ISO 3166-2, such as `US-FL` or `BR-SP`.
    RECIPIENT_REGION => given("recipient.region", Type::STRING)
        .form(Form::Region)
        .nullable()
        .absent_when_not_given(NO_PART),
    /// Whether a given `recipient.region` lies in another country than `recipient.country`.
    RECIPIENT_REGION_CONFLICT => derived("recipient.region_conflict", Type::BOOL),
    /// Whether phone and user id are both given and of different countries; unknown where the
    /// number plan does not place the number.
    RECIPIENT_IDENTITY_CONFLICT => derived("recipient.identity_conflict", Type::BOOL),
    /// Whether the recipient is 18 or older, as far as the age gate knows; `null` for no gate.
    RECIPIENT_IS_ADULT => given("recipient.is_adult", Type::BOOL).nullable(),
    /// Whether the recipient bought like goods or services from the business, or negotiated about
    /// them.
    RECIPIENT_IS_CUSTOMER => given("recipient.is_customer", Type::BOOL)
        .nullable()
        .absent_when_not_given(
            "only laws that let a business write to its own customers ask for it",
        ),
    /// When the recipient last bought like goods or services from the business, or negotiated
    /// about them; `null` where nobody knows.
    RECIPIENT_LAST_DEAL_AT => given("recipient.last_deal_at", Type::TIMESTAMP).nullable(),
    /// Whether the recipient has a contract with the business that is running, and the message is
    /// about it.
    RECIPIENT_RUNNING_CONTRACT => given("recipient.running_contract", Type::BOOL)
        .nullable()
        .absent_when_not_given("only laws that except messages about such a contract ask for it"),
    /// Whether the recipient is a business, and written to as one.
    RECIPIENT_IS_BUSINESS => given("recipient.is_business", Type::BOOL)
        .nullable()
        .absent_when_not_given(
            "most recipients are consumers, and only laws that leave businesses out ask for it",
        ),
    /// Whether the recipient supported the charity that sends, or showed interest in its purpose,
    /// and was told at that time how to refuse its messages.
    RECIPIENT_IS_SUPPORTER => given("recipient.is_supporter", Type::BOOL)
        .nullable()
        .absent_when_not_given(
            "only laws that let charities write to their supporters ask for it",
        ),
    /// Whether the recipient opted in.
    RECIPIENT_OPT_IN => given("recipient.opt_in", Type::STRING).one_of(OPT_INS),
    /// When the recipient opted in.
    RECIPIENT_OPT_IN_AT => given("recipient.opt_in_at", Type::TIMESTAMP)
        .nullable()
        .absent_when_not_given(
            "a consent without a date is a consent; laws that ask for the date say so",
        ),
    /// The message categories and use cases that the opt-in covers; absent when it covers all.
    RECIPIENT_OPT_IN_FOR => given("recipient.opt_in_for", LIST_OF_STRING)
        .one_of(PURPOSES)
        .nullable()
        .absent_when_not_given(
            "an opt-in that names no purpose covers all messages of the business",
        ),
    /// Whether the campaign's category or use case is among those that the opt-in covers; true when
    /// the opt-in covers all.
    RECIPIENT_OPT_IN_COVERS => derived("recipient.opt_in_covers", Type::BOOL),
    /// Whether the opt-in names WhatsApp as the channel.
    RECIPIENT_OPT_IN_NAMES_WHATSAPP => given("recipient.opt_in_names_whatsapp", Type::BOOL)
        .nullable()
        .absent_when_not_given("an opt-in is asked to name the channel only before 2024-11-01"),
    /// Whether the recipient agreed, apart from the opt-in, to advertising at night.
    RECIPIENT_NIGHT_OPT_IN => given("recipient.night_opt_in", Type::BOOL)
        .nullable()
        .absent_when_not_given("a consent of its own, which exists only where it was asked for"),
    /// Whether the recipient asked to stop, and has not asked to resume.
    RECIPIENT_OPTED_OUT => given("recipient.opted_out", Type::BOOL),
    /// The message categories and use cases that the recipient asked to stop; `recipient.opted_out`
    /// stands for all messages.
    RECIPIENT_OPTED_OUT_OF => given("recipient.opted_out_of", LIST_OF_STRING)
        .one_of(PURPOSES)
        .nullable()
        .absent_when_not_given(
            "`recipient.opted_out` alone says whether the recipient stopped everything",
        ),
    /// Whether the campaign's category or use case is among those of `recipient.opted_out_of`.
    RECIPIENT_STOPPED_THIS => derived("recipient.stopped_this", Type::BOOL),
    /// When the recipient stopped this business's marketing in WhatsApp itself; absent when never,
    /// or resumed since.
    RECIPIENT_MARKETING_STOPPED_AT => given("recipient.marketing_stopped_at", Type::TIMESTAMP)
        .nullable()
        .absent_when_not_given("WhatsApp reports it only of people who stopped"),
    /// When WhatsApp last withheld a marketing message from the recipient (error 131049).
    RECIPIENT_MARKETING_WITHHELD_AT => given("recipient.marketing_withheld_at", Type::TIMESTAMP)
        .nullable()
        .absent_when_not_given("WhatsApp reports it only of messages that it withheld"),
    /// Whether the recipient is among those whom WhatsApp keeps free of marketing templates (error
    /// 130472).
    RECIPIENT_MARKETING_EXPERIMENT => given("recipient.marketing_experiment", Type::BOOL)
        .nullable()
        .absent_when_not_given("WhatsApp reports it only of people in the experiment"),
    /// Until when a window is open that the recipient opened by an advert or a button that leads
    /// to the chat (a free entry point): 72 hours, since September 2026 up to 7 days; `null` for
    /// none.
    RECIPIENT_FREE_ENTRY_UNTIL => given("recipient.free_entry_until", Type::TIMESTAMP).nullable(),
    /// Whether the recipient stands in the do-not-contact register of the recipient's country;
    /// `null` where nobody asked it.
    RECIPIENT_IN_REGISTER => given("recipient.in_register", Type::BOOL).nullable(),
    /// When that register was last asked about the recipient.
    RECIPIENT_REGISTER_CHECKED_AT => given("recipient.register_checked_at", Type::TIMESTAMP)
        .nullable()
        .absent_when_not_given("only countries with a register have anything to say here"),
    /// When the recipient last wrote or called.
    RECIPIENT_LAST_INBOUND_AT => given("recipient.last_inbound_at", Type::TIMESTAMP).nullable(),
    /// Marketing messages that the recipient got in the last 24 hours.
    RECIPIENT_MARKETING_RECEIVED_24H => given("recipient.marketing_received_24h", Type::INT)
        .unit("messages")
        .form(Form::Count),
    /// When marketing of the business last reached the recipient.
    RECIPIENT_LAST_MARKETING_AT => given("recipient.last_marketing_at", Type::TIMESTAMP)
        .nullable()
        .absent_when_not_given("`recipient.marketing_received_24h` then answers for the last day"),
    /// Whether marketing reached the recipient on the local date of `send_at`, in every zone that
    /// the recipient may be in; unknown where zones differ. Without `recipient.last_marketing_at`
    /// it is false if `recipient.marketing_received_24h` is 0, else unknown.
    RECIPIENT_MARKETING_TODAY => derived("recipient.marketing_today", Type::BOOL),
    /// The recipient's time zone.
    RECIPIENT_TIME_ZONE => given("recipient.time_zone", Type::STRING)
        .form(Form::TimeZone)
        .nullable(),
    /// Whether a given time zone shows another local time at `send_at` than every zone of the
    /// recipient's number and given country; local hours then cover all of them. Unknown where the
    /// number plan does not place the number and nothing else agrees with the zone.
    RECIPIENT_TIME_ZONE_CONFLICT => derived("recipient.time_zone_conflict", Type::BOOL),
    /// Whether `send_at` is less than 24 hours after the last inbound message; false when there was
    /// none. One up to 5 minutes after `send_at` counts as received at `send_at`, since clocks
    /// differ; a later one opens nothing.
    RECIPIENT_IN_SERVICE_WINDOW => derived("recipient.in_service_window", Type::BOOL),
    /// Whether the last inbound message is dated more than 5 minutes after `send_at`, or before
    /// 2009, when there was no WhatsApp; false when none is given.
    RECIPIENT_LAST_INBOUND_MISDATED => derived("recipient.last_inbound_misdated", Type::BOOL),
    /// Whether the last deal with a customer is dated more than 5 minutes after `send_at`; false when
    /// none is given.
    RECIPIENT_LAST_DEAL_MISDATED => derived("recipient.last_deal_misdated", Type::BOOL),
    /// The recipient's local hour, 0 to 23, where every zone that the recipient may be in shows the
    /// same; else unknown.
    RECIPIENT_LOCAL_HOUR => derived("recipient.local_hour", Type::INT)
        .unit("hours")
        .form(Form::Count),
    /// The least local hour, 0 to 23, over the zones that the recipient may be in.
    RECIPIENT_LOCAL_HOUR_MIN => derived("recipient.local_hour_min", Type::INT)
        .unit("hours")
        .form(Form::Count),
    /// The greatest local hour, 0 to 23, over the zones that the recipient may be in.
    RECIPIENT_LOCAL_HOUR_MAX => derived("recipient.local_hour_max", Type::INT)
        .unit("hours")
        .form(Form::Count),
    /// The least local time of the day, in minutes since midnight, 0 to 1439, over the zones that
    /// the recipient may be in.
    RECIPIENT_LOCAL_MINUTE_OF_DAY_MIN => derived("recipient.local_minute_of_day_min", Type::INT)
        .unit("minutes")
        .form(Form::Count),
    /// The greatest local time of the day, in minutes since midnight, 0 to 1439, over the zones
    /// that the recipient may be in.
    RECIPIENT_LOCAL_MINUTE_OF_DAY_MAX => derived("recipient.local_minute_of_day_max", Type::INT)
        .unit("minutes")
        .form(Form::Count),
    /// The recipient's local day of the week, 0 for Sunday to 6 for Saturday, where every zone that
    /// the recipient may be in has the same; else unknown.
    RECIPIENT_LOCAL_WEEKDAY => derived("recipient.local_weekday", Type::INT).form(Form::Count),
    /// The recipient's local date as a number, 20260302 for 2 March 2026, where every zone that the
    /// recipient may be in has the same; else unknown.
    RECIPIENT_LOCAL_DATE => derived("recipient.local_date", Type::INT),
    /// The least number of local dates from the opt-in to `send_at`, 0 on the same date, over all
    /// zones that the recipient may be in; absent where `recipient.opt_in_at` is. It is below 0
    /// where that lies on a later date; up to 5 minutes after `send_at` count as `send_at`.
    RECIPIENT_LOCAL_DAYS_SINCE_OPT_IN_MIN =>
        derived("recipient.local_days_since_opt_in_min", Type::INT)
            .unit("days")
            .nullable(),
    /// The greatest number of local dates from the opt-in to `send_at`, 0 on the same date, over
    /// all zones that the recipient may be in; absent where `recipient.opt_in_at` is. It is below 0
    /// where that lies on a later date; up to 5 minutes after `send_at` count as `send_at`.
    RECIPIENT_LOCAL_DAYS_SINCE_OPT_IN_MAX =>
        derived("recipient.local_days_since_opt_in_max", Type::INT)
            .unit("days")
            .nullable(),
    /// The least number of local dates from the recipient's last message or call to `send_at`, 0 on
    /// the same date, over all zones that the recipient may be in; absent where
    /// `recipient.last_inbound_at` is. It is below 0 where that lies on a later date; up to 5
    /// minutes after `send_at` count as `send_at`.
    RECIPIENT_LOCAL_DAYS_SINCE_LAST_INBOUND_MIN =>
        derived("recipient.local_days_since_last_inbound_min", Type::INT)
            .unit("days")
            .nullable(),
    /// The greatest number of local dates from the recipient's last message or call to `send_at`, 0
    /// on the same date, over all zones that the recipient may be in; absent where
    /// `recipient.last_inbound_at` is. It is below 0 where that lies on a later date; up to 5
    /// minutes after `send_at` count as `send_at`.
    RECIPIENT_LOCAL_DAYS_SINCE_LAST_INBOUND_MAX =>
        derived("recipient.local_days_since_last_inbound_max", Type::INT)
            .unit("days")
            .nullable(),
    /// The least number of local dates from the last marketing that reached the recipient to
    /// `send_at`, 0 on the same date, over all zones that the recipient may be in; absent where
    /// `recipient.last_marketing_at` is. It is below 0 where that lies on a later date; up to 5
    /// minutes after `send_at` count as `send_at`.
    RECIPIENT_LOCAL_DAYS_SINCE_LAST_MARKETING_MIN =>
        derived("recipient.local_days_since_last_marketing_min", Type::INT)
            .unit("days")
            .nullable(),
    /// The greatest number of local dates from the last marketing that reached the recipient to
    /// `send_at`, 0 on the same date, over all zones that the recipient may be in; absent where
    /// `recipient.last_marketing_at` is. It is below 0 where that lies on a later date; up to 5
    /// minutes after `send_at` count as `send_at`.
    RECIPIENT_LOCAL_DAYS_SINCE_LAST_MARKETING_MAX =>
        derived("recipient.local_days_since_last_marketing_max", Type::INT)
            .unit("days")
            .nullable(),
    /// The least number of local dates from the last deal to `send_at`, 0 on the same date, over
    /// all zones that the recipient may be in; absent where `recipient.last_deal_at` is. It is
    /// below 0 where that lies on a later date; up to 5 minutes after `send_at` count as `send_at`.
    RECIPIENT_LOCAL_DAYS_SINCE_LAST_DEAL_MIN =>
        derived("recipient.local_days_since_last_deal_min", Type::INT)
            .unit("days")
            .nullable(),
    /// The greatest number of local dates from the last deal to `send_at`, 0 on the same date, over
    /// all zones that the recipient may be in; absent where `recipient.last_deal_at` is. It is
    /// below 0 where that lies on a later date; up to 5 minutes after `send_at` count as `send_at`.
    RECIPIENT_LOCAL_DAYS_SINCE_LAST_DEAL_MAX =>
        derived("recipient.local_days_since_last_deal_max", Type::INT)
            .unit("days")
            .nullable(),
    /// The least number of local dates from the last question to the register to `send_at`, 0 on
    /// the same date, over all zones that the recipient may be in; absent where
    /// `recipient.register_checked_at` is. It is below 0 where that lies on a later date; up to 5
    /// minutes after `send_at` count as `send_at`.
    RECIPIENT_LOCAL_DAYS_SINCE_REGISTER_CHECK_MIN =>
        derived("recipient.local_days_since_register_check_min", Type::INT)
            .unit("days")
            .nullable(),
    /// The greatest number of local dates from the last question to the register to `send_at`, 0 on
    /// the same date, over all zones that the recipient may be in; absent where
    /// `recipient.register_checked_at` is. It is below 0 where that lies on a later date; up to 5
    /// minutes after `send_at` count as `send_at`.
    RECIPIENT_LOCAL_DAYS_SINCE_REGISTER_CHECK_MAX =>
        derived("recipient.local_days_since_register_check_max", Type::INT)
            .unit("days")
            .nullable(),
}

/// Path of the list of intermediaries.
pub const INTERMEDIARIES: &str = "intermediaries";
/// Path of the list of restrictions.
pub const RESTRICTIONS: &str = "account.restrictions";
/// Path of the list of violations.
pub const VIOLATIONS: &str = "account.violations";

/// What other systems call some of the members.
pub(super) const FOREIGN_NAMES: &[(&str, &str)] = &[
    ("bsp", "provider.name"),
    ("bsuid", "recipient.user_id"),
    ("display_phone_number", "account.number"),
    ("messaging_limit_tier", "account.daily_limit"),
    ("msisdn", "recipient.phone"),
    ("phone_number", "recipient.phone"),
    ("phone_number_id", "account.number"),
    ("quality_rating", "account.quality"),
    ("template_name", "campaign.template.name"),
    ("timezone", "recipient.time_zone"),
    ("wa_id", "recipient.phone"),
    ("waba_id", "account.id"),
];

pub(super) fn collections() -> Arc<[Collection]> {
    let collection = |path: &str, doc: &str, members: Vec<Attribute>| {
        let place = |name| members.iter().position(|member: &Attribute| &*member.path == name);
        let period = place("since").zip(place("until"));
        Collection { path: path.into(), doc: doc.into(), members: members.into(), period }
    };
    Arc::new([
        collection(
            INTERMEDIARIES,
            "Firms between the business and its provider, in any order.",
            vec![
                given("id", Type::STRING, "The intermediary's id in the directory.")
                    .form(Form::Id)
                    .nullable(),
                given("name", Type::STRING, "The name of the intermediary.")
                    .form(Form::Firm)
                    .nullable(),
                given("domain", Type::STRING, "The intermediary's web domain.")
                    .form(Form::Domain)
                    .nullable(),
                given("role", Type::STRING, "In which role the intermediary works.")
                    .one_of(ROLES.split_last().map_or(ROLES, |(_, of_others)| of_others)),
                given(
                    "app_review",
                    Type::STRING,
                    "How far Meta's review of the intermediary's app has come.",
                )
                .one_of(APP_REVIEWS),
            ],
        ),
        collection(
            RESTRICTIONS,
            "Restrictions on the account, past, present and coming; in force at `since <= send_at \
             < until`.",
            vec![
                given("kind", Type::STRING, "What is restricted.").one_of(RESTRICTION_KINDS),
                given("since", Type::TIMESTAMP, "From when."),
                given("until", Type::TIMESTAMP, "Until when; `null` for good.")
                    .form(Form::End)
                    .nullable(),
            ],
        ),
        collection(
            VIOLATIONS,
            "Violations that WhatsApp reported.",
            vec![
                given("kind", Type::STRING, "What was violated.").one_of(VIOLATION_KINDS),
                given("at", Type::TIMESTAMP, "When it was reported."),
            ],
        ),
    ])
}

/// Names and, where the name does not say it, meanings.
type Choices = &'static [(&'static str, &'static str)];

const ROLES: Choices = &[
    (
        "solution_partner",
        "Meta Business Partner with a credit line; called business solution provider before 2023",
    ),
    ("tech_partner", "tech provider that is also a Meta Business Partner"),
    (
        "tech_provider",
        "serves clients through its reviewed app, without a credit line; never in the directory",
    ),
    ("reseller", "sells another's service"),
    // Of the provider alone, and last: nobody stands between a business and itself.
    ("self", "the business runs its own app"),
];
const APP_REVIEWS: Choices = &[("passed", ""), ("pending", ""), ("none", "")];
const LISTINGS: Choices = &[
    ("listed", "in the directory at `send_at`"),
    ("delisted", "listed before, not at `send_at`"),
    ("unlisted", "not in a complete directory that covers `send_at`"),
    ("unknown", "the directory cannot tell"),
];
const ROUTES: Choices = &[
    ("cloud_api", "hosted by Meta"),
    ("on_premises_api", "the self-hosted client, ended 2025-10-23"),
    ("business_app", "the WhatsApp Business app, used by a person"),
    ("unofficial", "anything that re-implements or drives the consumer client"),
];
const ENDPOINT_STATUSES: Choices = &[
    (
        "official",
        "Meta's own host of the Cloud API, `graph.facebook.com`, by HTTPS on its own port; where a \
         version is named, one such as `v23.0`",
    ),
    ("partner", "a host of a solution provider that was seen to offer the official API"),
    (
        "unofficial",
        "a host of the consumer client, or the host or path of a gateway that imitates or drives \
         it",
    ),
    (
        "undecided",
        "the host or path of a gateway that serves the official API and an unofficial engine \
         alike, of one that nobody has checked, or Meta's own host in another way",
    ),
    ("unrecognised", "any other address"),
];
const CLIENT_STATUSES: Choices = &[
    ("official", "uses the official API"),
    ("unofficial", "re-implements or drives the consumer client"),
    (
        "undecided",
        "serves the official API and an unofficial way alike, or its name does not tell: its \
         configuration decides",
    ),
    ("unchecked", "in the catalogue, but nobody has checked what is said of it"),
    ("unrecognised", "not in the catalogue"),
];
const REVIEWS: Choices =
    &[("approved", ""), ("pending", ""), ("rejected", ""), ("none", "not asked for")];
const VERIFICATIONS: Choices =
    &[("verified", ""), ("pending", ""), ("unverified", ""), ("rejected", "")];
const DISPLAY_NAMES: Choices = &[("approved", ""), ("pending", ""), ("declined", "")];
const QUALITIES: Choices = &[
    ("green", "high"),
    ("yellow", "medium"),
    ("red", "low"),
    ("unrated", "not rated yet, `UNKNOWN` or `NA`"),
];
const NUMBER_STATUSES: Choices = &[
    ("connected", ""),
    ("pending", ""),
    ("unverified", ""),
    ("disconnected", ""),
    ("migrated", "moved to another account"),
    ("deleted", ""),
    ("flagged", "low quality; ended 2025-10-07"),
    ("rate_limited", "the limit of 24 hours is used up"),
    ("restricted", "the limit of 24 hours is used up"),
    ("banned", ""),
];
const OWNERSHIPS: Choices =
    &[("self_owned", ""), ("on_behalf_of", "the provider owns it; ended with 2025")];
const HEALTHS: Choices = &[("available", ""), ("limited", ""), ("blocked", "")];
const PACINGS: Choices = &[
    ("none", ""),
    ("batched", "sent in batches"),
    ("stopped", "template messages and new templates are stopped"),
];
const USE_CASES: Choices = &[
    ("customer_care", ""),
    ("notifications", ""),
    ("authentication", ""),
    ("marketing", ""),
    ("bulk_messaging", ""),
    ("ai_assistant", ""),
    ("surveys", ""),
    ("appointments", ""),
    ("delivery_updates", ""),
    ("payments", ""),
    ("emergency_alerts", ""),
    ("political", ""),
];
const INITIATORS: Choices = &[("business", ""), ("customer", "the business replies")];
const CONTENTS: Choices = &[
    ("template", ""),
    ("free_form", ""),
    ("direct_send", "with a category and without a template, which WhatsApp makes itself"),
];
const CATEGORIES: Choices = &[
    ("marketing", ""),
    ("utility", ""),
    ("authentication", ""),
    ("service", "free-form traffic inside the service window; not a template category"),
];
const TEMPLATE_STATUSES: Choices = &[
    ("approved", "`REINSTATED` and `UNARCHIVED` too"),
    ("pending", ""),
    ("rejected", ""),
    ("paused", "for 3 hours, then for 6, or by pacing"),
    ("disabled", "for good"),
    ("in_appeal", ""),
    ("flagged", ""),
    ("locked", ""),
    ("limit_exceeded", ""),
    ("archived", "unused for twelve months"),
    ("pending_deletion", ""),
    ("deleted", ""),
];
/// What a person can consent to or stop: message categories and use cases.
const PURPOSES: Choices = &[
    ("marketing", "as category or as use case"),
    ("utility", ""),
    ("authentication", "as category or as use case"),
    ("service", ""),
    ("customer_care", ""),
    ("notifications", ""),
    ("bulk_messaging", ""),
    ("ai_assistant", ""),
    ("surveys", ""),
    ("appointments", ""),
    ("delivery_updates", ""),
    ("payments", ""),
    ("emergency_alerts", ""),
    ("political", ""),
];
const OPT_INS: Choices = &[("given", ""), ("none", "")];
const REQUESTS: Choices = &[
    ("payment_card", "a full card number"),
    ("bank_account", "a full account number"),
    ("national_id", ""),
    ("health_data", ""),
    ("password", ""),
    ("one_time_code", ""),
];
const CONNECTIONS: Choices = &[
    ("connected", ""),
    ("disconnected", "a partner or app was removed from the account"),
    ("offboarded", "the account left the platform and did not come back"),
];
const BOOK_CONFLICTS: Choices = &[
    ("other_account", "the book has other accounts, and not that of the document"),
    ("number_of_other_account", "by the book the sending number belongs to another account"),
    ("unknown_number", "the book has numbers of the account, and not the sending number"),
    ("account", "the document says something else of the account, of which the book counts"),
    ("template", "the document says something else of the template, of which the book counts"),
];
const RESTRICTION_KINDS: Choices = &[
    ("business_initiated", "no business-initiated messages"),
    ("customer_initiated", "no replies: the business cannot answer"),
    ("all_messaging", "no messages at all"),
    ("add_phone_number", "no new numbers"),
    ("utility_templates", "no utility templates"),
    ("direct_send", "no messages by Direct Send"),
    ("account_locked", "locked until an appeal succeeds"),
    ("account_disabled", ""),
    ("number_banned", ""),
    ("brand_banned", ""),
    ("calling", "no calls; messages go on"),
    ("other", "a kind that is not in this list"),
];
const VIOLATION_KINDS: Choices = &[
    ("adult", "`ADULT`"),
    ("alcohol", "`ALCOHOL`"),
    ("animals", "`ANIMALS`"),
    ("body_parts_fluids", "`BODY_PARTS_FLUIDS`"),
    ("dating", "`DATING`"),
    ("digital_services_products", "`DIGITAL_SERVICES_PRODUCTS`"),
    ("drugs", "`DRUGS`, prescription and over-the-counter drugs too"),
    (
        "illegal_drugs",
        "the sale of illegal drugs, which WhatsApp reports as `DRUGS` too; can end the account at once",
    ),
    ("gambling", "`GAMBLING`"),
    ("healthcare", "`HEALTHCARE`"),
    ("illegal_products", "`ILLEGAL_PRODUCTS`"),
    ("misleading", "`MISLEADING`"),
    ("overtly_sexualized_positioning", "`OVERTLY_SEXUALIZED_POSITIONING`"),
    ("real_fake_currency", "`REAL_FAKE_CURRENCY`"),
    ("scam", "`SCAM`"),
    ("supplements", "`SUPPLEMENTS`"),
    ("third_party_infringements", "`THIRD_PARTY_INFRINGEMENTS`"),
    ("tobacco", "`TOBACCO`"),
    ("unauthorized_media", "`UNAUTHORIZED_MEDIA`"),
    ("weapons", "`WEAPONS`"),
    ("spam", "unwanted or bulk messages"),
    ("template_misclassification", "templates in a wrong category"),
    ("child_exploitation", "ends the account at once"),
    ("terrorism", "ends the account at once"),
    ("other", "a code that is not in this list"),
];
const VERTICALS: Choices = &[
    ("retail", ""),
    ("fashion", ""),
    ("beauty", ""),
    ("food", "groceries and restaurants, without alcohol"),
    ("automotive", ""),
    ("travel", ""),
    ("hospitality", ""),
    ("transport", ""),
    ("entertainment", ""),
    ("education", ""),
    ("finance", "banks, cards, ordinary lending"),
    ("insurance", ""),
    ("real_estate", ""),
    ("telecommunications", ""),
    ("technology", ""),
    ("public_utilities", "power, water, waste"),
    ("healthcare_services", "clinics, doctors, health advice, without selling products"),
    ("professional_services", ""),
    ("nonprofit", ""),
    ("news", ""),
    ("government", "government bodies"),
    ("government_contractor", "private firms that serve governments alone"),
    ("livestock", ""),
    ("alcohol", "alcoholic drinks"),
    ("tobacco", "tobacco and nicotine"),
    ("firearms", "firearms, ammunition, explosives, weapons"),
    ("gambling", "online gambling and gaming for money"),
    ("otc_drugs", "over-the-counter drugs"),
    ("prescription_drugs", ""),
    ("illegal_drugs", "illegal and recreational drugs"),
    ("medical_products", "medical devices and healthcare products"),
    ("supplements", "unsafe supplements"),
    ("endangered_species", ""),
    ("live_animals", "live animals other than livestock"),
    ("hazardous_goods", ""),
    ("currency", "real, virtual or fake currency, coin offerings, binary options"),
    ("body_parts", "body parts and fluids"),
    ("misleading_models", "fraudulent, misleading, offensive or exploitative business models"),
    ("adult", "adult products and services"),
    ("dating", ""),
    ("multi_level_marketing", ""),
    ("payday_loans", "payday loans, paycheck advances, peer-to-peer lending"),
    ("debt_collection", ""),
    ("bail_bonds", ""),
    (
        "political_organisation",
        "parties, politicians, candidates, campaigns, and firms that serve them",
    ),
    ("law_enforcement", "police, military, national security, intelligence"),
    ("other", ""),
];

fn given(path: &str, ty: Type, doc: &str) -> Attribute {
    Attribute {
        path: path.into(),
        ty,
        form: if ty == Type::TIMESTAMP && path != "send_at" { Form::Instant } else { Form::Any },
        unit: None,
        nullable: Nullable::No,
        origin: Origin::Given,
        not_given: NotGiven::Unknown,
        scope: if path.starts_with("recipient.") { Scope::Recipient } else { Scope::Campaign },
        doc: doc.into(),
    }
}

fn derived(path: &str, ty: Type, doc: &str) -> Attribute {
    Attribute { origin: Origin::Derived, ..given(path, ty, doc) }
}

fn given_or_derived(path: &str, ty: Type, doc: &str) -> Attribute {
    Attribute { origin: Origin::GivenOrDerived, ..given(path, ty, doc) }
}

impl Attribute {
    fn nullable(self) -> Self {
        Self { nullable: Nullable::Yes, ..self }
    }

    /// For members beyond those of the first campaign documents: leaving them out says that there
    /// is nothing to tell, for this reason.
    fn absent_when_not_given(self, reason: &str) -> Self {
        Self { not_given: NotGiven::Absent { reason: reason.into() }, ..self }
    }

    fn unit(self, unit: &str) -> Self {
        Self { unit: Some(unit.into()), ..self }
    }

    fn form(self, form: Form) -> Self {
        Self { form, ..self }
    }

    fn one_of(self, choices: Choices) -> Self {
        let choices =
            choices.iter().map(|(name, doc)| Choice { name: (*name).into(), doc: (*doc).into() });
        self.form(Form::OneOf(choices.collect()))
    }
}
