//! What would have to be told?
//!
//! A derived attribute is never given, so a rule that lacks one is told which given members could
//! settle it.

use super::{Resolved, account, provider, recipient};
use crate::schema::AttributeId;
use crate::schema::attributes as id;
use crate::ternary::Ternary;

impl Resolved<'_> {
    /// The given members, by path, whose telling could settle an attribute that is unknown; none
    /// for one that is known, and none where it is not the caller who does not know: a directory
    /// that cannot tell, a number that the plan does not have.
    ///
    /// Paths are as in the document: `account.quality`, `account.restrictions[0].until`.
    pub fn causes(&self, attribute: AttributeId) -> Vec<String> {
        if !self.for_rules(attribute).is_unknown() {
            return Vec::new();
        }
        let mut paths = match attribute {
            id::PROVIDER_LISTING | id::PROVIDER_LOOKALIKE_OF | id::PROVIDER_LOOKALIKE_DOMAINS => {
                if self.fact(attribute).is_unknown() {
                    self.unknown_of(&[id::PROVIDER_ID, id::PROVIDER_NAME, id::PROVIDER_DOMAIN])
                } else {
                    Vec::new()
                }
            }
            id::PROVIDER_ON_RECORD => {
                self.unknown_of(&[id::PROVIDER_ID, id::PROVIDER_NAME, id::PROVIDER_DOMAIN])
            }
            id::DIRECTORY_DECIDED => self.of_directory(),
            id::DIRECTORY_AGE_DAYS => Vec::new(),
            id::INTERMEDIARIES_UNLISTED_COUNT
            | id::INTERMEDIARIES_UNAUTHORIZED_COUNT
            | id::INTERMEDIARIES_UNPROVEN_COUNT
            | id::INTERMEDIARIES_WEAKEST_LINK => self.of_intermediaries(attribute),
            id::ACCESS_ENDPOINT_STATUS => self.unknown_of(&[id::ACCESS_ENDPOINT]),
            id::ACCESS_CLIENT_STATUS => self.unknown_of(&[id::ACCESS_CLIENTS]),
            id::ACCOUNT_RESTRICTED_BUSINESS_INITIATED
            | id::ACCOUNT_RESTRICTED_ALL
            | id::ACCOUNT_RESTRICTED_REPLIES
            | id::ACCOUNT_RESTRICTED_OTHERWISE
            | id::ACCOUNT_RESTRICTED_UTILITY_TEMPLATES
            | id::ACCOUNT_BANNED => self.of_restrictions(attribute),
            id::ACCOUNT_VIOLATIONS_90D => self.of_violations(&["at"]),
            id::ACCOUNT_VIOLATION_KINDS => self.of_violations(&["kind", "at"]),
            id::ACCOUNT_FEEDBACK_BLOCK_RATE => {
                self.without_value(&[id::ACCOUNT_BLOCKS_7D, id::ACCOUNT_DELIVERED_7D])
            }
            id::ACCOUNT_FEEDBACK_REPORT_RATE => {
                self.without_value(&[id::ACCOUNT_REPORTS_7D, id::ACCOUNT_DELIVERED_7D])
            }
            id::CAMPAIGN_USE_CASE_APPROVED => {
                self.without_value(&[id::ACCOUNT_APPROVED_USE_CASES, id::CAMPAIGN_USE_CASE])
            }
            id::RECIPIENT_NUMBER_OF_BARRED_REGION => self.unknown_of(&[id::RECIPIENT_PHONE]),
            id::RECIPIENT_NUMBER_COUNTRY => self.of_number_country(),
            id::RECIPIENT_IN_SERVICE_WINDOW => self.unknown_of(&[id::RECIPIENT_LAST_INBOUND_AT]),
            id::RECIPIENT_LOCAL_HOUR
            | id::RECIPIENT_LOCAL_HOUR_MIN
            | id::RECIPIENT_LOCAL_HOUR_MAX
            | id::RECIPIENT_LOCAL_WEEKDAY
            | id::RECIPIENT_LOCAL_DATE => self.of_clocks(),
            id::ACCOUNT_REGION_CONFLICT => {
                self.unknown_of(&[id::ACCOUNT_REGION, id::ACCOUNT_COUNTRY])
            }
            id::RECIPIENT_REGION_CONFLICT => {
                let mut paths = self.unknown_of(&[id::RECIPIENT_REGION]);
                if recipient::country_of(self.facts).is_none() {
                    paths.push(self.path(id::RECIPIENT_COUNTRY));
                }
                paths
            }
            id::RECIPIENT_STOPPED_THIS => self.of_purposes(id::RECIPIENT_OPTED_OUT_OF),
            id::RECIPIENT_OPT_IN_COVERS => self.of_purposes(id::RECIPIENT_OPT_IN_FOR),
            id::RECIPIENT_MARKETING_TODAY => self.of_marketing_today(),
            id::RECIPIENT_TIME_ZONE_CONFLICT => self.unknown_of(&[id::RECIPIENT_COUNTRY]),
            // A number that the plan does not have.
            id::ACCOUNT_NUMBER_COUNTRY | id::RECIPIENT_IDENTITY_CONFLICT => Vec::new(),
            given => vec![self.path(given)],
        };
        if self.facts.send_at().is_none() && DATED.contains(&attribute) {
            paths.push(self.path(id::SEND_AT));
        }
        paths.sort_unstable();
        paths.dedup();
        paths
    }

    fn path(&self, attribute: AttributeId) -> String {
        self.facts.schema().attribute(attribute).path.to_string()
    }

    fn unknown_of(&self, given: &[AttributeId]) -> Vec<String> {
        given
            .iter()
            .filter(|given| self.facts.fact(**given).is_unknown())
            .map(|given| self.path(*given))
            .collect()
    }

    fn of_intermediaries(&self, attribute: AttributeId) -> Vec<String> {
        let Some(entries) = self.facts.collection(id::INTERMEDIARIES) else {
            return vec![id::INTERMEDIARIES.to_owned()];
        };
        let is_open = |link: &provider::Link| match attribute {
            id::INTERMEDIARIES_UNLISTED_COUNT => link.unlisted == Ternary::Undetermined,
            id::INTERMEDIARIES_UNAUTHORIZED_COUNT => link.unauthorized == Ternary::Undetermined,
            id::INTERMEDIARIES_UNPROVEN_COUNT => link.unproven == Ternary::Undetermined,
            _ => {
                link.is_nameless
                    || [link.unlisted, link.unauthorized, link.unproven]
                        .contains(&Ternary::Undetermined)
            }
        };
        let mut paths = Vec::new();
        for (number, (entry, link)) in
            entries.iter().filter_map(provider::members).zip(&self.links).enumerate()
        {
            if !is_open(link) {
                continue;
            }
            let mut note =
                |member: &str| paths.push(format!("{}[{number}].{member}", id::INTERMEDIARIES));
            if link.is_stranger {
                let identifiers =
                    [("id", entry.id), ("name", entry.name), ("domain", entry.domain)];
                identifiers
                    .iter()
                    .filter(|(_, fact)| fact.is_unknown())
                    .for_each(|(member, _)| note(member));
            }
            if attribute != id::INTERMEDIARIES_UNLISTED_COUNT && entry.app_review.is_unknown() {
                note("app_review");
            }
        }
        paths
    }

    fn of_restrictions(&self, attribute: AttributeId) -> Vec<String> {
        let Some(entries) = self.facts.collection(id::RESTRICTIONS) else {
            return vec![id::RESTRICTIONS.to_owned()];
        };
        let kinds = account::kinds_of(attribute).unwrap_or_default();
        let mut paths = Vec::new();
        for (number, entry) in entries.iter().enumerate() {
            if account::restricts(entry, kinds, self.facts.send_at()) == Ternary::Undetermined {
                let members = ["kind", "since", "until"]
                    .iter()
                    .zip(entry)
                    .filter(|(_, fact)| fact.is_unknown());
                paths.extend(
                    members.map(|(member, _)| format!("{}[{number}].{member}", id::RESTRICTIONS)),
                );
            }
        }
        paths
    }

    /// Those that have no value, also where leaving them out says that there is none: here it is no
    /// answer.
    fn without_value(&self, given: &[AttributeId]) -> Vec<String> {
        given
            .iter()
            .filter(|given| self.facts.fact(**given).value().is_none())
            .map(|given| self.path(*given))
            .collect()
    }

    fn of_violations(&self, members: &[&str]) -> Vec<String> {
        let Some(entries) = self.facts.collection(id::VIOLATIONS) else {
            return vec![id::VIOLATIONS.to_owned()];
        };
        let mut paths = Vec::new();
        for (number, entry) in entries.iter().enumerate() {
            let unknown = ["kind", "at"]
                .iter()
                .zip(entry)
                .filter(|(member, fact)| members.contains(member) && fact.is_unknown());
            paths.extend(
                unknown.map(|(member, _)| format!("{}[{number}].{member}", id::VIOLATIONS)),
            );
        }
        paths
    }

    fn of_directory(&self) -> Vec<String> {
        let mut paths = self.of_intermediaries(id::INTERMEDIARIES_UNLISTED_COUNT);
        if self.fact(id::PROVIDER_LISTING).is_unknown() {
            paths.extend(self.unknown_of(&[
                id::PROVIDER_ID,
                id::PROVIDER_NAME,
                id::PROVIDER_DOMAIN,
            ]));
        }
        paths
    }

    fn of_number_country(&self) -> Vec<String> {
        if self.facts.fact(id::RECIPIENT_PHONE).value().is_some() {
            return Vec::new();
        }
        self.unknown_of(&[id::RECIPIENT_PHONE, id::RECIPIENT_USER_ID])
    }

    fn of_purposes(&self, list: AttributeId) -> Vec<String> {
        match self.facts.fact(list).is_unknown() {
            true => vec![self.path(list)],
            false => self.unknown_of(&[id::CAMPAIGN_CATEGORY, id::CAMPAIGN_USE_CASE]),
        }
    }

    fn of_marketing_today(&self) -> Vec<String> {
        let mut paths = self.unknown_of(&[id::RECIPIENT_MARKETING_RECEIVED_24H]);
        if self.facts.fact(id::RECIPIENT_LAST_MARKETING_AT).value().is_none() {
            paths.push(self.path(id::RECIPIENT_LAST_MARKETING_AT));
        } else {
            paths.extend(self.of_clocks());
        }
        paths
    }

    fn of_clocks(&self) -> Vec<String> {
        let mut paths = self.unknown_of(&[id::RECIPIENT_TIME_ZONE, id::RECIPIENT_PHONE]);
        // The country decides only where there is no number. It is asked of the facts: no rule need
        // read it for itself.
        if self.facts.fact(id::RECIPIENT_PHONE).value().is_none()
            && recipient::country_of(self.facts).is_none()
        {
            paths.push(self.path(id::RECIPIENT_COUNTRY));
        }
        paths
    }
}

/// What cannot be derived without the instant of sending.
const DATED: &[AttributeId] = &[
    id::PROVIDER_LISTING,
    id::PROVIDER_LOOKALIKE_OF,
    id::PROVIDER_LOOKALIKE_DOMAINS,
    id::DIRECTORY_AGE_DAYS,
    id::DIRECTORY_DECIDED,
    id::PROVIDER_ON_RECORD,
    id::INTERMEDIARIES_UNLISTED_COUNT,
    id::INTERMEDIARIES_UNAUTHORIZED_COUNT,
    id::INTERMEDIARIES_UNPROVEN_COUNT,
    id::INTERMEDIARIES_WEAKEST_LINK,
    id::ACCOUNT_RESTRICTED_BUSINESS_INITIATED,
    id::ACCOUNT_RESTRICTED_ALL,
    id::ACCOUNT_RESTRICTED_REPLIES,
    id::ACCOUNT_RESTRICTED_OTHERWISE,
    id::ACCOUNT_RESTRICTED_UTILITY_TEMPLATES,
    id::ACCOUNT_BANNED,
    id::ACCOUNT_VIOLATIONS_90D,
    id::ACCOUNT_VIOLATION_KINDS,
    id::RECIPIENT_IN_SERVICE_WINDOW,
    id::RECIPIENT_MARKETING_TODAY,
    id::RECIPIENT_TIME_ZONE_CONFLICT,
    id::RECIPIENT_LOCAL_HOUR,
    id::RECIPIENT_LOCAL_HOUR_MIN,
    id::RECIPIENT_LOCAL_HOUR_MAX,
    id::RECIPIENT_LOCAL_WEEKDAY,
    id::RECIPIENT_LOCAL_DATE,
];
