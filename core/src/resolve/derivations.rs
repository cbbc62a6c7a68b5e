//! From what does each derived attribute follow?
//!
//! One row an attribute that is derived, or may be: from which given members it follows, whether it
//! changes with `send_at`, which members would settle it where it is unknown, how the rows of an
//! audience come to it, and the function that derives it. Resolving a case, telling what is missing
//! and screening all read this table, and an attribute of the schema that has no row here does not
//! compile.

use std::sync::Arc;

use super::case::{Case, Needs};
use super::causes::{self, Causes, When};
use super::restriction::Stop;
use super::turns::Turns;
use super::whereabouts::{ClockReading, Clocks};
use super::{account, campaign, provider, recipient};
use crate::schema::attributes::{self, self as id};
use crate::schema::{AttributeId, Origin, Schema, Scope};
use crate::time::Timestamp;
use crate::value::Fact;

/// How one attribute follows from others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Derivation {
    pub(crate) id: AttributeId,
    pub(super) derive: fn(&Case<'_>) -> Fact,
    pub(crate) basis: Basis,
}

/// From what it follows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Basis {
    from: Follows,
    pub(crate) dated: Dated,
    pub(super) needs: Needs,
    pub(crate) causes: Causes,
    /// How rows of an audience come to it.
    pub(crate) axis: AxisKind,
}

impl Basis {
    /// Whether it follows from those who carry the messages, their software, and what the directory
    /// says at `send_at`, and from nothing else.
    pub(super) const fn is_of_carriers(&self) -> bool {
        let Follows { recipient, other, lists } = self.from;
        let mut place = 0;
        while place < other.len() {
            let mut carrier = 0;
            while carrier < CARRIERS.len() && CARRIERS[carrier].0 != other[place].0 {
                carrier += 1;
            }
            if carrier == CARRIERS.len() {
                return false;
            }
            place += 1;
        }
        let is_dated =
            matches!(self.dated, AtAnyTime | BySendAt(Turns::Provider | Turns::ProviderAndLinks));
        let is_listed = match lists {
            [] => !other.is_empty(),
            [list] => are_alike(list.as_bytes(), id::INTERMEDIARIES.as_bytes()),
            _ => false,
        };
        recipient.is_empty() && is_dated && is_listed
    }

    /// Whether it follows from that member of a recipient, besides from others.
    pub(super) fn reads_of_recipient(&self, member: AttributeId) -> bool {
        self.from.recipient.contains(&member)
    }
}

const fn are_alike(mut one: &[u8], mut other: &[u8]) -> bool {
    while let ([a, rest @ ..], [b, others @ ..]) = (one, other) {
        if *a != *b {
            return false;
        }
        (one, other) = (rest, others);
    }
    one.is_empty() && other.is_empty()
}

/// The given members that a derivation reads, apart from `send_at`; a list of objects stands for
/// all its members.
#[derive(Clone, Copy, Debug)]
struct Follows {
    recipient: &'static [AttributeId],
    other: &'static [AttributeId],
    lists: &'static [&'static str],
}

/// Whether an attribute can be derived without `send_at`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dated {
    /// It changes with `send_at`, and is unknown without: at these instants.
    BySendAt(Turns),
    /// It is the same at any time.
    AtAnyTime,
}

/// How the rows of an audience come to an attribute.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(feature = "screen"), expect(dead_code, reason = "of screenings alone"))]
pub(crate) enum AxisKind {
    /// They do not: it follows from the campaign alone.
    Campaign,
    /// By the country in which each is.
    Country,
    /// By the country of each number.
    NumberCountry,
    /// By what clocks show.
    Clocks(ClockReading),
    /// By numbers, user ids, countries and zones together.
    Places(OfPlaces),
    /// By one column, each value of which gives one value.
    Column(&'static OfColumn),
    /// Row by row.
    Rows(FirstNull),
}

/// A boolean that follows from columns of places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum OfPlaces {
    IdentityConflict,
    NumberOfBarredRegion,
    TimeZoneConflict,
    ZoneOfBarredRegion,
}

/// What follows from each value of one column.
#[derive(Debug)]
#[cfg_attr(not(feature = "screen"), expect(dead_code, reason = "of screenings alone"))]
pub(crate) struct OfColumn {
    pub(crate) column: AttributeId,
    pub(crate) derive: fn(&Fact, Option<Timestamp>) -> Fact,
    /// The values from which on it may be another, for a `send_at`.
    pub(crate) turns: fn(Timestamp) -> [Option<Timestamp>; 2],
}

/// Whether all rows come to the same in which the first member that a derivation reads is null.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FirstNull {
    Settles,
    /// Other columns have a say then.
    AsksOthers,
}

use AxisKind::{Campaign, Column, Country, NumberCountry, Places, Rows};
use Causes::{Members, OfCase};
use Dated::{AtAnyTime, BySendAt};

/// The members that say who carries the messages, besides the intermediaries.
pub(super) const CARRIERS: [AttributeId; 7] = [
    id::PROVIDER_ID,
    id::PROVIDER_NAME,
    id::PROVIDER_DOMAIN,
    id::PROVIDER_ROLE,
    id::ACCESS_ENDPOINT,
    id::ACCESS_ROUTE,
    id::ACCESS_CLIENTS,
];

const NONE: Follows = Follows { recipient: &[], other: &[], lists: &[] };

const PROVIDER: Basis = Basis {
    from: Follows {
        other: &[id::PROVIDER_ID, id::PROVIDER_NAME, id::PROVIDER_DOMAIN, id::PROVIDER_ROLE],
        ..NONE
    },
    dated: BySendAt(Turns::Provider),
    needs: Needs::PROVIDER,
    causes: OfCase(causes::of_provider),
    axis: Campaign,
};

const DIRECTORY: Basis = Basis {
    from: Follows { lists: &[id::INTERMEDIARIES], ..PROVIDER.from },
    dated: BySendAt(Turns::ProviderAndLinks),
    needs: Needs::PROVIDER.and(Needs::LINKS),
    causes: OfCase(causes::of_directory),
    ..PROVIDER
};

const fn links(causes: Causes) -> Basis {
    Basis {
        from: Follows { other: &[id::PROVIDER_ROLE], lists: &[id::INTERMEDIARIES], ..NONE },
        dated: BySendAt(Turns::ProviderAndLinks),
        needs: Needs::LINKS,
        causes,
        axis: Campaign,
    }
}

/// What follows from members of the campaign alone, at any time.
const fn of_campaign(other: &'static [AttributeId], causes: Causes) -> Basis {
    Basis {
        from: Follows { other, ..NONE },
        dated: AtAnyTime,
        needs: Needs::NOTHING,
        causes,
        axis: Campaign,
    }
}

/// What a list of dated entries says of the account on the day of sending.
const fn of_list(list: &'static [&'static str], turns: Turns, causes: Causes) -> Basis {
    Basis {
        from: Follows { lists: list, ..NONE },
        dated: BySendAt(turns),
        needs: Needs::NOTHING,
        causes,
        axis: Campaign,
    }
}

const RESTRICTIONS: &[&str] = &[id::RESTRICTIONS];
const VIOLATIONS: &[&str] = &[id::VIOLATIONS];
const HISTORY: &[&str] = &[id::RESTRICTIONS, id::VIOLATIONS];

/// What follows from members of a recipient, at any time.
const fn of_recipient(recipient: &'static [AttributeId], causes: Causes, axis: AxisKind) -> Basis {
    Basis {
        from: Follows { recipient, ..NONE },
        dated: AtAnyTime,
        needs: Needs::NOTHING,
        causes,
        axis,
    }
}

/// What follows from a recipient's list of purposes, and those of the campaign.
const fn of_purposes(list: &'static [AttributeId], causes: Causes) -> Basis {
    Basis {
        from: Follows {
            recipient: list,
            other: &[id::CAMPAIGN_CATEGORY, id::CAMPAIGN_USE_CASE],
            ..NONE
        },
        dated: AtAnyTime,
        needs: Needs::NOTHING,
        causes,
        axis: Rows(FirstNull::Settles),
    }
}

/// What says who opens the conversation.
const OPENING: &[AttributeId] = &[
    id::CAMPAIGN_INITIATED_BY,
    id::CAMPAIGN_CATEGORY,
    id::CAMPAIGN_CONTENT,
    id::CAMPAIGN_TEMPLATE_STATUS,
];

const PLACE: &[AttributeId] = &[id::RECIPIENT_COUNTRY, id::RECIPIENT_PHONE, id::RECIPIENT_USER_ID];
const ZONES: &[AttributeId] =
    &[id::RECIPIENT_TIME_ZONE, id::RECIPIENT_PHONE, id::RECIPIENT_COUNTRY, id::RECIPIENT_USER_ID];

const fn clocks(reading: ClockReading, turns: Turns) -> Basis {
    Basis {
        dated: BySendAt(turns),
        needs: Needs::CLOCKS,
        ..of_recipient(ZONES, causes::OF_CLOCKS, AxisKind::Clocks(reading))
    }
}

/// What local dates that are counted from an instant follow from, and what settles them.
mod days {
    use super::{AttributeId, When, id};

    const fn members(instant: AttributeId) -> [AttributeId; 5] {
        [
            instant,
            id::RECIPIENT_TIME_ZONE,
            id::RECIPIENT_PHONE,
            id::RECIPIENT_COUNTRY,
            id::RECIPIENT_USER_ID,
        ]
    }

    const fn causes(instant: AttributeId) -> [(AttributeId, When); 4] {
        [
            (instant, When::Unknown),
            (id::RECIPIENT_TIME_ZONE, When::Unknown),
            (id::RECIPIENT_PHONE, When::Unknown),
            (id::RECIPIENT_COUNTRY, When::NowhereKnown),
        ]
    }

    pub(super) const OPT_IN: [AttributeId; 5] = members(id::RECIPIENT_OPT_IN_AT);
    pub(super) const CAUSES_OF_OPT_IN: [(AttributeId, When); 4] = causes(id::RECIPIENT_OPT_IN_AT);
    pub(super) const LAST_INBOUND: [AttributeId; 5] = members(id::RECIPIENT_LAST_INBOUND_AT);
    pub(super) const CAUSES_OF_LAST_INBOUND: [(AttributeId, When); 4] =
        causes(id::RECIPIENT_LAST_INBOUND_AT);
    pub(super) const LAST_MARKETING: [AttributeId; 5] = members(id::RECIPIENT_LAST_MARKETING_AT);
    pub(super) const CAUSES_OF_LAST_MARKETING: [(AttributeId, When); 4] =
        causes(id::RECIPIENT_LAST_MARKETING_AT);
    pub(super) const LAST_DEAL: [AttributeId; 5] = members(id::RECIPIENT_LAST_DEAL_AT);
    pub(super) const CAUSES_OF_LAST_DEAL: [(AttributeId, When); 4] =
        causes(id::RECIPIENT_LAST_DEAL_AT);
    pub(super) const REGISTER_CHECK: [AttributeId; 5] = members(id::RECIPIENT_REGISTER_CHECKED_AT);
    pub(super) const CAUSES_OF_REGISTER_CHECK: [(AttributeId, When); 4] =
        causes(id::RECIPIENT_REGISTER_CHECKED_AT);
}

/// Local dates from an instant, which comes first among the members, to `send_at`.
const fn days_since(
    members: &'static [AttributeId],
    causes: &'static [(AttributeId, When)],
) -> Basis {
    Basis {
        dated: BySendAt(Turns::DaysSince),
        needs: Needs::WHEREABOUTS,
        ..of_recipient(members, Members(causes), Rows(FirstNull::Settles))
    }
}

const SERVICE_WINDOW: OfColumn = OfColumn {
    column: id::RECIPIENT_LAST_INBOUND_AT,
    derive: recipient::window_of,
    turns: recipient::window_turns,
};

const LAST_INBOUND: OfColumn = OfColumn {
    column: id::RECIPIENT_LAST_INBOUND_AT,
    derive: recipient::misdated,
    turns: recipient::misdated_turns,
};

const LAST_DEAL: OfColumn = OfColumn {
    column: id::RECIPIENT_LAST_DEAL_AT,
    derive: recipient::dated_ahead,
    turns: recipient::dated_ahead_turns,
};

const fn row(id: AttributeId, derive: fn(&Case<'_>) -> Fact, basis: Basis) -> Derivation {
    Derivation { id, derive, basis }
}

/// The table.
pub(crate) const DERIVATIONS: &[Derivation] = &[
    row(id::PROVIDER_LISTING, provider::listing, PROVIDER),
    row(id::PROVIDER_LISTING_KNOWN, provider::listing_known, PROVIDER),
    row(id::PROVIDER_ON_RECORD, provider::on_record, PROVIDER),
    row(
        id::PROVIDER_PARTNER_EVIDENCE_AT,
        provider::partner_evidence_at,
        // Which entry is meant may change with its listing.
        PROVIDER,
    ),
    row(id::PROVIDER_LOOKALIKE_OF, provider::lookalike_of, PROVIDER),
    row(id::PROVIDER_LOOKALIKE_DOMAINS, provider::lookalike_domains, PROVIDER),
    row(id::PROVIDER_DOMAIN_OF, provider::domain_of, PROVIDER),
    row(
        id::PROVIDER_SELF_CONFLICT,
        provider::self_conflict,
        Basis { causes: Causes::None, ..PROVIDER },
    ),
    row(
        id::PROVIDER_SELF_NAMESAKE,
        provider::self_namesake,
        Basis { causes: Causes::None, ..PROVIDER },
    ),
    row(id::PROVIDER_OTHER_ROLE, provider::other_role, Basis { causes: Causes::None, ..PROVIDER }),
    row(
        id::PROVIDER_KNOWN_GATEWAY,
        provider::known_gateway,
        Basis {
            from: Follows {
                other: &[
                    id::PROVIDER_ID,
                    id::PROVIDER_NAME,
                    id::PROVIDER_DOMAIN,
                    id::PROVIDER_ROLE,
                ],
                lists: &[id::INTERMEDIARIES],
                ..NONE
            },
            // What is not given is nobody's; others ask for it.
            ..of_campaign(&[], Causes::None)
        },
    ),
    row(
        id::PROVIDER_SEVERAL_FIRMS,
        provider::several_firms,
        Basis {
            from: Follows { other: &[id::PROVIDER_NAME], lists: &[id::INTERMEDIARIES], ..NONE },
            ..of_campaign(&[], Causes::None)
        },
    ),
    row(
        id::DIRECTORY_AGE_DAYS,
        provider::directory_age_days,
        Basis { dated: BySendAt(Turns::DirectoryAge), ..of_campaign(&[], Causes::None) },
    ),
    row(id::DIRECTORY_DECIDED, provider::directory_decided, DIRECTORY),
    row(
        id::INTERMEDIARIES_UNLISTED_COUNT,
        provider::unlisted_count,
        links(OfCase(causes::of_unlisted)),
    ),
    row(
        id::INTERMEDIARIES_UNAUTHORIZED_COUNT,
        provider::unauthorized_count,
        links(OfCase(causes::of_unauthorized)),
    ),
    row(
        id::INTERMEDIARIES_UNPROVEN_COUNT,
        provider::unproven_count,
        links(OfCase(causes::of_unproven)),
    ),
    row(
        id::INTERMEDIARIES_WEAKEST_LINK,
        provider::weakest_link,
        links(OfCase(causes::of_weakest_link)),
    ),
    row(
        id::INTERMEDIARIES_LOOKALIKE,
        provider::link_lookalike,
        links(OfCase(causes::of_link_lookalike)),
    ),
    row(
        id::INTERMEDIARIES_LOOKALIKE_OF,
        provider::link_lookalike_of,
        links(OfCase(causes::of_link_lookalike)),
    ),
    row(
        id::INTERMEDIARIES_MISNAMED,
        provider::link_misnamed,
        links(OfCase(causes::of_link_lookalike)),
    ),
    row(
        id::INTERMEDIARIES_DOMAIN_OF,
        provider::link_domain_of,
        links(OfCase(causes::of_link_lookalike)),
    ),
    row(
        id::INTERMEDIARIES_PROMOTED,
        provider::link_promoted,
        links(OfCase(causes::of_link_lookalike)),
    ),
    row(
        id::INTERMEDIARIES_OTHER_ROLE,
        provider::link_other_role,
        links(OfCase(causes::of_link_lookalike)),
    ),
    row(
        id::ACCESS_ROUTE,
        provider::route,
        of_campaign(
            &[id::ACCESS_ROUTE, id::ACCESS_ENDPOINT],
            Members(&[(id::ACCESS_ROUTE, When::Always)]),
        ),
    ),
    row(
        id::ACCESS_ENDPOINT_STATUS,
        provider::endpoint_status,
        of_campaign(
            &[id::ACCESS_ENDPOINT, id::ACCESS_ROUTE],
            Members(&[(id::ACCESS_ENDPOINT, When::Unknown)]),
        ),
    ),
    row(
        id::ACCESS_ENDPOINT_OF_ANOTHER,
        provider::endpoint_of_another,
        Basis {
            from: Follows {
                other: &[
                    id::ACCESS_ENDPOINT,
                    id::PROVIDER_ID,
                    id::PROVIDER_NAME,
                    id::PROVIDER_DOMAIN,
                    id::PROVIDER_ROLE,
                ],
                lists: &[id::INTERMEDIARIES],
                ..NONE
            },
            needs: Needs::PROVIDER,
            // What is not given contradicts nothing; others ask for it.
            ..of_campaign(&[], Causes::None)
        },
    ),
    row(
        id::ACCESS_ENDPOINT_LOOKALIKE_OF,
        provider::endpoint_lookalike_of,
        of_campaign(&[id::ACCESS_ENDPOINT], Causes::None),
    ),
    row(
        id::ACCESS_CLIENT_STATUS,
        provider::client_status,
        of_campaign(&[id::ACCESS_CLIENTS], Members(&[(id::ACCESS_CLIENTS, When::Unknown)])),
    ),
    row(
        id::ACCESS_CLIENT_ALLEGED,
        provider::client_alleged,
        of_campaign(&[id::ACCESS_CLIENTS], Members(&[(id::ACCESS_CLIENTS, When::Unknown)])),
    ),
    row(
        id::ACCESS_BUSINESS_APP_CLIENT,
        provider::business_app_client,
        of_campaign(&[id::ACCESS_CLIENTS], Members(&[(id::ACCESS_CLIENTS, When::Unknown)])),
    ),
    row(
        id::ACCOUNT_REGION_CONFLICT,
        account::region_conflict,
        of_campaign(
            &[id::ACCOUNT_REGION, id::ACCOUNT_COUNTRY],
            Members(&[(id::ACCOUNT_REGION, When::Unknown), (id::ACCOUNT_COUNTRY, When::Unknown)]),
        ),
    ),
    row(
        id::ACCOUNT_NUMBER_COUNTRY,
        account::number_country,
        // Unknown of a number that the plan does not have.
        of_campaign(&[id::ACCOUNT_NUMBER], Members(&[(id::ACCOUNT_NUMBER, When::NoNumber)])),
    ),
    row(
        id::ACCOUNT_NUMBER_OF_BARRED_REGION,
        account::number_of_barred_region,
        of_campaign(
            &[id::ACCOUNT_NUMBER],
            Members(&[(id::ACCOUNT_NUMBER, When::Unknown), (id::ACCOUNT_NUMBER, When::NoNumber)]),
        ),
    ),
    row(
        id::ACCOUNT_RESTRICTED_BUSINESS_INITIATED,
        account::restricted_business_initiated,
        of_list(
            RESTRICTIONS,
            Turns::Restrictions,
            OfCase(|known| causes::of_restrictions(known, Stop::BusinessInitiated)),
        ),
    ),
    row(
        id::ACCOUNT_RESTRICTED_ALL,
        account::restricted_all,
        of_list(
            RESTRICTIONS,
            Turns::Restrictions,
            OfCase(|known| causes::of_restrictions(known, Stop::All)),
        ),
    ),
    row(
        id::ACCOUNT_RESTRICTED_REPLIES,
        account::restricted_replies,
        of_list(
            RESTRICTIONS,
            Turns::Restrictions,
            OfCase(|known| causes::of_restrictions(known, Stop::Replies)),
        ),
    ),
    row(
        id::ACCOUNT_RESTRICTED_OTHERWISE,
        account::restricted_otherwise,
        of_list(
            RESTRICTIONS,
            Turns::Restrictions,
            OfCase(|known| causes::of_restrictions(known, Stop::SomethingElse)),
        ),
    ),
    row(
        id::ACCOUNT_RESTRICTED_UTILITY_TEMPLATES,
        account::restricted_utility_templates,
        of_list(
            RESTRICTIONS,
            Turns::Restrictions,
            OfCase(|known| causes::of_restrictions(known, Stop::UtilityTemplates)),
        ),
    ),
    row(
        id::ACCOUNT_RESTRICTED_DIRECT_SEND,
        account::restricted_direct_send,
        of_list(
            RESTRICTIONS,
            Turns::Restrictions,
            OfCase(|known| causes::of_restrictions(known, Stop::DirectSend)),
        ),
    ),
    row(
        id::ACCOUNT_BANNED,
        account::banned,
        of_list(
            RESTRICTIONS,
            Turns::Restrictions,
            OfCase(|known| causes::of_restrictions(known, Stop::Ban)),
        ),
    ),
    row(
        id::ACCOUNT_VIOLATIONS_90D,
        account::violations_90d,
        of_list(VIOLATIONS, Turns::Violations, OfCase(causes::of_violation_dates)),
    ),
    row(
        id::ACCOUNT_VIOLATIONS_RECENT,
        account::violations_recent,
        of_list(VIOLATIONS, Turns::Violations, OfCase(causes::of_violation_dates)),
    ),
    row(
        id::ACCOUNT_VIOLATION_KINDS,
        account::violation_kinds,
        of_list(VIOLATIONS, Turns::Violations, OfCase(causes::of_violation_kinds)),
    ),
    row(
        id::ACCOUNT_NEXT_STEPS,
        account::next_steps,
        of_list(HISTORY, Turns::Ladder, OfCase(causes::of_violation_kinds)),
    ),
    row(
        id::ACCOUNT_VIOLATIONS_MISDATED,
        account::violations_misdated,
        of_list(VIOLATIONS, Turns::Violations, OfCase(causes::of_violation_dates)),
    ),
    row(
        id::ACCOUNT_RESTRICTIONS_MISDATED,
        account::restrictions_misdated,
        Basis { from: Follows { lists: RESTRICTIONS, ..NONE }, ..of_campaign(&[], Causes::None) },
    ),
    row(
        id::ACCOUNT_FEEDBACK_CONFLICT,
        account::feedback_conflict,
        // Always known.
        of_campaign(
            &[id::ACCOUNT_DELIVERED_7D, id::ACCOUNT_BLOCKS_7D, id::ACCOUNT_REPORTS_7D],
            Causes::None,
        ),
    ),
    row(
        id::ACCOUNT_FEEDBACK_BLOCK_RATE,
        account::feedback_block_rate,
        of_campaign(
            &[id::ACCOUNT_BLOCKS_7D, id::ACCOUNT_DELIVERED_7D],
            OfCase(causes::of_block_rate),
        ),
    ),
    row(
        id::ACCOUNT_FEEDBACK_REPORT_RATE,
        account::feedback_report_rate,
        of_campaign(
            &[id::ACCOUNT_REPORTS_7D, id::ACCOUNT_DELIVERED_7D],
            OfCase(causes::of_report_rate),
        ),
    ),
    row(
        id::CAMPAIGN_AUDIENCE_OUTSIDE_WINDOW,
        campaign::audience_outside_window,
        of_campaign(
            &[id::CAMPAIGN_AUDIENCE_OUTSIDE_WINDOW, id::CAMPAIGN_AUDIENCE_SIZE],
            Members(&[(id::CAMPAIGN_AUDIENCE_SIZE, When::Unknown)]),
        ),
    ),
    row(
        id::CAMPAIGN_CONTENT,
        campaign::content,
        of_campaign(
            &[id::CAMPAIGN_CONTENT, id::CAMPAIGN_TEMPLATE_STATUS, id::CAMPAIGN_CATEGORY],
            Members(&[(id::CAMPAIGN_CONTENT, When::Always)]),
        ),
    ),
    row(
        id::CAMPAIGN_INITIATED_BY,
        campaign::initiated_by,
        of_campaign(OPENING, Members(&[(id::CAMPAIGN_INITIATED_BY, When::Always)])),
    ),
    row(
        id::CAMPAIGN_USE_CASE,
        campaign::use_case,
        of_campaign(
            &[
                id::CAMPAIGN_USE_CASE,
                id::CAMPAIGN_VERTICAL,
                id::CAMPAIGN_INITIATED_BY,
                id::CAMPAIGN_CATEGORY,
                id::CAMPAIGN_CONTENT,
                id::CAMPAIGN_TEMPLATE_STATUS,
            ],
            Members(&[(id::CAMPAIGN_USE_CASE, When::Always)]),
        ),
    ),
    row(
        id::CAMPAIGN_AUTOMATED,
        campaign::automated,
        of_campaign(
            &[
                id::CAMPAIGN_AUTOMATED,
                id::CAMPAIGN_INITIATED_BY,
                id::CAMPAIGN_CATEGORY,
                id::CAMPAIGN_CONTENT,
                id::CAMPAIGN_TEMPLATE_STATUS,
            ],
            Members(&[(id::CAMPAIGN_AUTOMATED, When::Always)]),
        ),
    ),
    row(
        id::CAMPAIGN_GENERAL_PURPOSE_AI,
        campaign::general_purpose_ai,
        of_campaign(
            &[
                id::CAMPAIGN_GENERAL_PURPOSE_AI,
                id::CAMPAIGN_AUTOMATED,
                id::CAMPAIGN_USE_CASE,
                id::CAMPAIGN_VERTICAL,
                id::CAMPAIGN_INITIATED_BY,
                id::CAMPAIGN_CATEGORY,
                id::CAMPAIGN_CONTENT,
                id::CAMPAIGN_TEMPLATE_STATUS,
            ],
            Members(&[(id::CAMPAIGN_GENERAL_PURPOSE_AI, When::Always)]),
        ),
    ),
    row(
        id::CAMPAIGN_REQUESTS,
        campaign::requests,
        of_campaign(
            &[
                id::CAMPAIGN_REQUESTS,
                id::CAMPAIGN_CATEGORY,
                id::CAMPAIGN_INITIATED_BY,
                id::CAMPAIGN_CONTENT,
                id::CAMPAIGN_TEMPLATE_STATUS,
            ],
            Members(&[(id::CAMPAIGN_REQUESTS, When::Always)]),
        ),
    ),
    row(
        id::CAMPAIGN_TEMPLATE_CONFLICT,
        campaign::template_conflict,
        of_campaign(&[id::CAMPAIGN_CONTENT, id::CAMPAIGN_TEMPLATE_STATUS], Causes::None),
    ),
    row(
        id::CAMPAIGN_USE_CASE_APPROVED,
        account::use_case_approved,
        of_campaign(
            &[
                id::ACCOUNT_APPROVED_USE_CASES,
                id::CAMPAIGN_USE_CASE,
                id::CAMPAIGN_VERTICAL,
                id::CAMPAIGN_INITIATED_BY,
                id::CAMPAIGN_CATEGORY,
                id::CAMPAIGN_CONTENT,
                id::CAMPAIGN_TEMPLATE_STATUS,
            ],
            OfCase(causes::of_use_case_approved),
        ),
    ),
    row(
        id::RECIPIENT_COUNTRY,
        recipient::country,
        of_recipient(PLACE, Members(&[(id::RECIPIENT_COUNTRY, When::Always)]), Country),
    ),
    row(
        id::RECIPIENT_NUMBER_COUNTRY,
        recipient::number_country,
        of_recipient(
            &[id::RECIPIENT_PHONE, id::RECIPIENT_USER_ID],
            Members(&[
                (id::RECIPIENT_PHONE, When::UnknownWithoutPhone),
                (id::RECIPIENT_USER_ID, When::UnknownWithoutPhone),
            ]),
            NumberCountry,
        ),
    ),
    row(
        id::RECIPIENT_NUMBER_OF_BARRED_REGION,
        recipient::number_of_barred_region,
        of_recipient(
            &[id::RECIPIENT_PHONE],
            Members(&[(id::RECIPIENT_PHONE, When::Unknown)]),
            Places(OfPlaces::NumberOfBarredRegion),
        ),
    ),
    row(
        id::RECIPIENT_ZONE_OF_BARRED_REGION,
        recipient::zone_of_barred_region,
        // Always known.
        of_recipient(
            &[id::RECIPIENT_TIME_ZONE],
            Causes::None,
            Places(OfPlaces::ZoneOfBarredRegion),
        ),
    ),
    row(
        id::RECIPIENT_REGION_CONFLICT,
        recipient::region_conflict,
        of_recipient(
            &[
                id::RECIPIENT_REGION,
                id::RECIPIENT_COUNTRY,
                id::RECIPIENT_PHONE,
                id::RECIPIENT_USER_ID,
            ],
            OfCase(causes::of_recipient_region),
            Rows(FirstNull::Settles),
        ),
    ),
    row(
        id::RECIPIENT_IDENTITY_CONFLICT,
        recipient::identity_conflict,
        of_recipient(
            &[id::RECIPIENT_PHONE, id::RECIPIENT_USER_ID],
            // Unknown of a number that the plan does not have.
            Causes::None,
            Places(OfPlaces::IdentityConflict),
        ),
    ),
    row(
        id::RECIPIENT_TIME_ZONE_CONFLICT,
        recipient::time_zone_conflict,
        Basis {
            dated: BySendAt(Turns::Offsets),
            needs: Needs::WHEREABOUTS,
            ..of_recipient(
                ZONES,
                OfCase(causes::of_recipient_country),
                Places(OfPlaces::TimeZoneConflict),
            )
        },
    ),
    row(
        id::RECIPIENT_OPT_IN_COVERS,
        recipient::opt_in_covers,
        of_purposes(&[id::RECIPIENT_OPT_IN_FOR], OfCase(causes::of_opt_in_covers)),
    ),
    row(
        id::RECIPIENT_STOPPED_THIS,
        recipient::stopped_this,
        of_purposes(&[id::RECIPIENT_OPTED_OUT_OF], OfCase(causes::of_stopped_this)),
    ),
    row(
        id::RECIPIENT_MARKETING_TODAY,
        recipient::marketing_today,
        Basis {
            dated: BySendAt(Turns::MarketingDay),
            needs: Needs::WHEREABOUTS,
            ..of_recipient(
                &[
                    id::RECIPIENT_LAST_MARKETING_AT,
                    id::RECIPIENT_MARKETING_RECEIVED_24H,
                    id::RECIPIENT_TIME_ZONE,
                    id::RECIPIENT_PHONE,
                    id::RECIPIENT_COUNTRY,
                    id::RECIPIENT_USER_ID,
                ],
                OfCase(causes::of_marketing_today),
                Rows(FirstNull::AsksOthers),
            )
        },
    ),
    row(
        id::RECIPIENT_IN_SERVICE_WINDOW,
        recipient::in_service_window,
        Basis {
            dated: BySendAt(Turns::ServiceWindow),
            ..of_recipient(
                &[id::RECIPIENT_LAST_INBOUND_AT],
                Members(&[(id::RECIPIENT_LAST_INBOUND_AT, When::Unknown)]),
                Column(&SERVICE_WINDOW),
            )
        },
    ),
    row(
        id::RECIPIENT_LAST_INBOUND_MISDATED,
        recipient::last_inbound_misdated,
        Basis {
            dated: BySendAt(Turns::ServiceWindow),
            ..of_recipient(&[id::RECIPIENT_LAST_INBOUND_AT], Causes::None, Column(&LAST_INBOUND))
        },
    ),
    row(
        id::RECIPIENT_LAST_DEAL_MISDATED,
        recipient::last_deal_misdated,
        Basis {
            dated: BySendAt(Turns::LastDeal),
            ..of_recipient(&[id::RECIPIENT_LAST_DEAL_AT], Causes::None, Column(&LAST_DEAL))
        },
    ),
    row(id::RECIPIENT_LOCAL_HOUR, recipient::local_hour, clocks(Clocks::hour, Turns::Hours)),
    row(
        id::RECIPIENT_LOCAL_HOUR_MIN,
        recipient::local_hour_min,
        clocks(Clocks::hour_min, Turns::Hours),
    ),
    row(
        id::RECIPIENT_LOCAL_HOUR_MAX,
        recipient::local_hour_max,
        clocks(Clocks::hour_max, Turns::Hours),
    ),
    row(
        id::RECIPIENT_LOCAL_MINUTE_OF_DAY_MIN,
        recipient::local_minute_of_day_min,
        clocks(Clocks::minute_min, Turns::Minutes),
    ),
    row(
        id::RECIPIENT_LOCAL_MINUTE_OF_DAY_MAX,
        recipient::local_minute_of_day_max,
        clocks(Clocks::minute_max, Turns::Minutes),
    ),
    row(
        id::RECIPIENT_LOCAL_WEEKDAY,
        recipient::local_weekday,
        clocks(Clocks::weekday, Turns::Days),
    ),
    row(id::RECIPIENT_LOCAL_DATE, recipient::local_date, clocks(Clocks::date, Turns::Days)),
    row(
        id::RECIPIENT_LOCAL_DAYS_SINCE_OPT_IN_MIN,
        recipient::local_days_since_opt_in_min,
        days_since(&days::OPT_IN, &days::CAUSES_OF_OPT_IN),
    ),
    row(
        id::RECIPIENT_LOCAL_DAYS_SINCE_OPT_IN_MAX,
        recipient::local_days_since_opt_in_max,
        days_since(&days::OPT_IN, &days::CAUSES_OF_OPT_IN),
    ),
    row(
        id::RECIPIENT_LOCAL_DAYS_SINCE_LAST_INBOUND_MIN,
        recipient::local_days_since_last_inbound_min,
        days_since(&days::LAST_INBOUND, &days::CAUSES_OF_LAST_INBOUND),
    ),
    row(
        id::RECIPIENT_LOCAL_DAYS_SINCE_LAST_INBOUND_MAX,
        recipient::local_days_since_last_inbound_max,
        days_since(&days::LAST_INBOUND, &days::CAUSES_OF_LAST_INBOUND),
    ),
    row(
        id::RECIPIENT_LOCAL_DAYS_SINCE_LAST_MARKETING_MIN,
        recipient::local_days_since_last_marketing_min,
        days_since(&days::LAST_MARKETING, &days::CAUSES_OF_LAST_MARKETING),
    ),
    row(
        id::RECIPIENT_LOCAL_DAYS_SINCE_LAST_MARKETING_MAX,
        recipient::local_days_since_last_marketing_max,
        days_since(&days::LAST_MARKETING, &days::CAUSES_OF_LAST_MARKETING),
    ),
    row(
        id::RECIPIENT_LOCAL_DAYS_SINCE_LAST_DEAL_MIN,
        recipient::local_days_since_last_deal_min,
        days_since(&days::LAST_DEAL, &days::CAUSES_OF_LAST_DEAL),
    ),
    row(
        id::RECIPIENT_LOCAL_DAYS_SINCE_LAST_DEAL_MAX,
        recipient::local_days_since_last_deal_max,
        days_since(&days::LAST_DEAL, &days::CAUSES_OF_LAST_DEAL),
    ),
    row(
        id::RECIPIENT_LOCAL_DAYS_SINCE_REGISTER_CHECK_MIN,
        recipient::local_days_since_register_check_min,
        days_since(&days::REGISTER_CHECK, &days::CAUSES_OF_REGISTER_CHECK),
    ),
    row(
        id::RECIPIENT_LOCAL_DAYS_SINCE_REGISTER_CHECK_MAX,
        recipient::local_days_since_register_check_max,
        days_since(&days::REGISTER_CHECK, &days::CAUSES_OF_REGISTER_CHECK),
    ),
];

/// In [`PLACES`]: not derived.
const NOWHERE: u8 = u8::MAX;

/// Where in [`DERIVATIONS`] an attribute stands, by its number.
const PLACES: [u8; attributes::ORIGINS.len()] = {
    let mut places = [NOWHERE; attributes::ORIGINS.len()];
    let mut place = 0;
    while place < DERIVATIONS.len() {
        let Derivation { id, basis, .. } = &DERIVATIONS[place];
        assert!(places[id.index()] == NOWHERE, "an attribute has one row");
        assert!(
            basis.from.recipient.is_empty() == matches!(basis.axis, Campaign),
            "what follows from a recipient has an axis, and nothing else has"
        );
        places[id.index()] = place as u8;
        place += 1;
    }
    places
};

/// Every attribute of the schema that is derived, or may be, has a row, and no other has one.
const _: () = {
    let mut number = 0;
    while number < PLACES.len() {
        let (path, origin) = &attributes::ORIGINS[number];
        let is_given = matches!(origin, Origin::Given);
        if is_given != (PLACES[number] == NOWHERE) {
            panic!("{}", *path);
        }
        number += 1;
    }
};

/// The place of an attribute's row; past the end of the table where it has none.
#[inline]
pub(super) fn place(attribute: AttributeId) -> usize {
    usize::from(PLACES.get(attribute.index()).copied().unwrap_or(NOWHERE))
}

/// The row of an attribute; none for one that is given.
#[inline]
pub(crate) fn of(attribute: AttributeId) -> Option<&'static Derivation> {
    DERIVATIONS.get(place(attribute))
}

/// The given members, by path, that a derived attribute follows from, apart from `send_at`; none
/// for one that is given.
///
/// A list of objects stands for all its members.
pub fn sources(attribute: AttributeId) -> Vec<Arc<str>> {
    let Some(Derivation { basis: Basis { from, .. }, .. }) = of(attribute) else {
        return Vec::new();
    };
    let schema = Schema::built_in();
    let members = from.recipient.iter().chain(from.other);
    members
        .map(|member| Arc::clone(&schema.attribute(*member).path))
        .chain(from.lists.iter().map(|list| Arc::from(*list)))
        .collect()
}

/// The attributes that follow from a given one, besides from others.
pub(crate) fn following(given: AttributeId) -> impl Iterator<Item = AttributeId> {
    let is_from = move |row: &&Derivation| {
        let from = &row.basis.from;
        from.recipient.contains(&given)
            || from.other.contains(&given)
            || given == attributes::SEND_AT && matches!(row.basis.dated, BySendAt(_))
    };
    DERIVATIONS.iter().filter(is_from).map(|row| row.id)
}

/// Whether an attribute is a recipient's own: given of one, or following from what is.
pub(crate) fn is_of_recipient(attribute: AttributeId, given: Scope) -> bool {
    of(attribute).map_or(given == Scope::Recipient, |row| !row.basis.from.recipient.is_empty())
}

/// The attributes that follow from a list of objects, besides from others.
pub(crate) fn following_list(list: &str) -> impl Iterator<Item = AttributeId> {
    DERIVATIONS.iter().filter(move |row| row.basis.from.lists.contains(&list)).map(|row| row.id)
}

/// Whether an attribute changes with `send_at`.
pub(crate) fn turns_with_send_at(attribute: AttributeId) -> bool {
    attribute == attributes::SEND_AT
        || of(attribute).is_some_and(|row| matches!(row.basis.dated, BySendAt(_)))
}

/// The given attributes that an attribute of recipient scope follows from, or is.
#[cfg(feature = "screen")]
pub(crate) fn recipient_sources(attribute: &AttributeId) -> &[AttributeId] {
    of(*attribute).map_or(std::slice::from_ref(attribute), |known| known.basis.from.recipient)
}

/// The attributes of the campaign that an attribute of recipient scope follows from besides.
#[cfg(feature = "screen")]
pub(crate) fn campaign_sources(attribute: AttributeId) -> &'static [AttributeId] {
    match of(attribute).map(|known| &known.basis.from) {
        Some(Follows { recipient: [_, ..], other, .. }) => other,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is given of an attribute that may be derived is what it is, so that nothing has to be
    /// derived then.
    #[test]
    fn what_callers_give_goes_before_what_follows() {
        use crate::facts::Facts;
        use crate::schema::CODE_FIRST;
        use crate::value::Value;

        let schema = Schema::built_in();
        let engine = crate::engine::Engine::built_in().unwrap();
        let (directory, catalogue) = (engine.directory(), engine.catalogue());
        let mut count = 0;
        for (id, attribute) in
            schema.iter().filter(|(_, attribute)| attribute.origin == Origin::GivenOrDerived)
        {
            let values = (CODE_FIRST..).map_while(|code| attribute.value_of_code(code)).take(300);
            let values: Vec<Value> = match attribute.codes() {
                Some(_) => values.collect(),
                None if attribute.ty.is_list() => vec![Value::List([].into())],
                None => vec![Value::Int(0), Value::Int(7)],
            };
            for value in values {
                let mut facts =
                    Facts::new(&schema, Timestamp::parse("2026-03-02T15:00:00Z").unwrap());
                if facts.set(id, value.clone()).is_err() {
                    continue;
                }
                let row = of(id).unwrap();
                let case = Case::new(&facts, &[], directory, catalogue, row.basis.needs, None);
                assert_eq!((row.derive)(&case), Fact::Value(value), "{}", attribute.path);
                count += 1;
            }
        }
        assert!(count > 250, "{count}");
    }

    #[test]
    fn every_derived_attribute_has_members_that_it_follows_from() {
        let schema = Schema::built_in();
        let lists: Vec<&str> = schema.collections().iter().map(|list| &*list.path).collect();
        for (id, attribute) in schema.iter() {
            let sources = sources(id);
            // The directory's age follows from the directory and the day alone.
            let has_some = attribute.origin != Origin::Given && id != id::DIRECTORY_AGE_DAYS;
            assert_eq!(!sources.is_empty(), has_some, "{}", attribute.path);
            for source in &sources {
                let is_given = schema
                    .id(source)
                    .is_some_and(|id| schema.attribute(id).origin != Origin::Derived);
                assert!(is_given || lists.contains(&&**source), "{}: {source}", attribute.path);
            }
            let recipient = of(id).map_or(&[][..], |known| known.basis.from.recipient);
            assert!(
                recipient.iter().all(|id| schema.attribute(*id).path.starts_with("recipient.")),
                "{}",
                attribute.path
            );
        }
    }
}
