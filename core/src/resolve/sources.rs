//! From which given members does a derived attribute follow?
//!
//! In: a derived attribute. Out: the members of the document that its derivation reads, for people
//! who ask whether anything reads a member.

use crate::schema::AttributeId;
use crate::schema::attributes as id;

/// The given members, by path, that a derived attribute follows from, apart from `send_at`; none
/// for one that is given.
///
/// A list of objects stands for all its members.
pub fn sources(attribute: AttributeId) -> &'static [&'static str] {
    const PROVIDER: &[&str] = &["provider.id", "provider.name", "provider.domain", "provider.role"];
    const PLACE: &[&str] = &["recipient.country", "recipient.phone", "recipient.user_id"];
    const CLOCKS: &[&str] =
        &["recipient.time_zone", "recipient.phone", "recipient.country", "recipient.user_id"];
    match attribute {
        id::PROVIDER_LISTING
        | id::PROVIDER_ON_RECORD
        | id::PROVIDER_LOOKALIKE_OF
        | id::PROVIDER_LOOKALIKE_DOMAINS => PROVIDER,
        id::DIRECTORY_DECIDED => &[
            "provider.id",
            "provider.name",
            "provider.domain",
            "provider.role",
            id::INTERMEDIARIES,
        ],
        id::INTERMEDIARIES_UNLISTED_COUNT
        | id::INTERMEDIARIES_UNAUTHORIZED_COUNT
        | id::INTERMEDIARIES_UNPROVEN_COUNT
        | id::INTERMEDIARIES_WEAKEST_LINK => &[id::INTERMEDIARIES, "provider.role"],
        id::ACCESS_ENDPOINT_STATUS => &["access.endpoint", "access.route"],
        id::ACCESS_CLIENT_STATUS => &["access.clients"],
        id::ACCOUNT_REGION_CONFLICT => &["account.region", "account.country"],
        id::ACCOUNT_NUMBER_COUNTRY | id::ACCOUNT_NUMBER_OF_BARRED_REGION => &["account.number"],
        id::ACCOUNT_RESTRICTED_BUSINESS_INITIATED
        | id::ACCOUNT_RESTRICTED_ALL
        | id::ACCOUNT_RESTRICTED_REPLIES
        | id::ACCOUNT_RESTRICTED_OTHERWISE
        | id::ACCOUNT_RESTRICTED_UTILITY_TEMPLATES
        | id::ACCOUNT_BANNED => &[id::RESTRICTIONS],
        id::ACCOUNT_VIOLATIONS_90D | id::ACCOUNT_VIOLATION_KINDS => &[id::VIOLATIONS],
        id::ACCOUNT_FEEDBACK_BLOCK_RATE => {
            &["account.feedback.blocks_7d", "account.feedback.delivered_7d"]
        }
        id::ACCOUNT_FEEDBACK_REPORT_RATE => {
            &["account.feedback.reports_7d", "account.feedback.delivered_7d"]
        }
        id::CAMPAIGN_USE_CASE_APPROVED => &["account.approved_use_cases", "campaign.use_case"],
        id::CAMPAIGN_AUTOMATED => {
            &["campaign.automated", "campaign.initiated_by", "campaign.content"]
        }
        id::CAMPAIGN_GENERAL_PURPOSE_AI => &[
            "campaign.general_purpose_ai",
            "campaign.automated",
            "campaign.use_case",
            "campaign.initiated_by",
            "campaign.content",
        ],
        id::CAMPAIGN_REQUESTS => {
            &["campaign.requests", "campaign.category", "campaign.initiated_by", "campaign.content"]
        }
        id::RECIPIENT_COUNTRY => PLACE,
        id::RECIPIENT_NUMBER_COUNTRY | id::RECIPIENT_IDENTITY_CONFLICT => {
            &["recipient.phone", "recipient.user_id"]
        }
        id::RECIPIENT_NUMBER_OF_BARRED_REGION => &["recipient.phone"],
        id::RECIPIENT_REGION_CONFLICT => {
            &["recipient.region", "recipient.country", "recipient.phone", "recipient.user_id"]
        }
        id::RECIPIENT_OPT_IN_COVERS => {
            &["recipient.opt_in_for", "campaign.category", "campaign.use_case"]
        }
        id::RECIPIENT_STOPPED_THIS => {
            &["recipient.opted_out_of", "campaign.category", "campaign.use_case"]
        }
        id::RECIPIENT_MARKETING_TODAY => &[
            "recipient.last_marketing_at",
            "recipient.marketing_received_24h",
            "recipient.time_zone",
            "recipient.phone",
            "recipient.country",
            "recipient.user_id",
        ],
        id::RECIPIENT_IN_SERVICE_WINDOW => &["recipient.last_inbound_at"],
        id::RECIPIENT_TIME_ZONE_CONFLICT
        | id::RECIPIENT_LOCAL_HOUR
        | id::RECIPIENT_LOCAL_HOUR_MIN
        | id::RECIPIENT_LOCAL_HOUR_MAX
        | id::RECIPIENT_LOCAL_WEEKDAY
        | id::RECIPIENT_LOCAL_DATE => CLOCKS,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Origin, Schema};

    #[test]
    fn every_derived_attribute_has_members_that_it_follows_from() {
        let schema = Schema::built_in();
        let lists: Vec<&str> = schema.collections().iter().map(|list| &*list.path).collect();
        for (id, attribute) in schema.iter() {
            let sources = sources(id);
            // The directory's age follows from the directory and the day alone.
            let has_some = attribute.origin != Origin::Given && id != id::DIRECTORY_AGE_DAYS;
            assert_eq!(!sources.is_empty(), has_some, "{}", attribute.path);
            for source in sources {
                let is_given = schema
                    .id(source)
                    .is_some_and(|id| schema.attribute(id).origin != Origin::Derived);
                assert!(is_given || lists.contains(source), "{}: {source}", attribute.path);
            }
        }
    }
}
