//! What would have to be given?
//!
//! A derived attribute is never given, so whoever misses one gets the given members that could
//! settle it. Which they are stands in the row of the attribute, in [`super::derivations`]; those
//! that are worked out case by case are worked out here.

use super::lookup::{self, Link};
use super::restriction::{Stop, restricts};
use super::whereabouts::country_of;
use crate::facts::Facts;
use crate::schema::AttributeId;
#[cfg(feature = "screen")]
use crate::schema::Nullable;
use crate::schema::attributes as id;
use crate::ternary::Ternary;
use crate::value::Fact;

/// Which given members could settle a derived attribute that is unknown.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Causes {
    /// None: it is not the caller who does not know, but the directory or the number plan.
    None,
    /// These, each on its condition.
    Members(&'static [(AttributeId, When)]),
    /// Those that depend on the case, by path.
    OfCase(fn(&Known<'_>) -> Vec<String>),
}

/// When a member is among those that could settle an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum When {
    Always,
    /// It is not known.
    Unknown,
    /// It is not known, and no number is.
    UnknownWithoutPhone,
    /// It is an id instead of a number.
    NoNumber,
    /// No number is known, and no country either. It is asked of the facts: no rule need read the
    /// country for itself.
    NowhereKnown,
}

/// What is known of a case in which an attribute is unknown.
pub(crate) struct Known<'a> {
    pub(super) facts: &'a Facts,
    /// Of the intermediaries; empty where none is given.
    pub(super) links: &'a [Link],
    /// What follows for the attribute itself: a listing may be known to be undetermined.
    pub(super) own: &'a Fact,
    pub(super) listing: &'a Fact,
}

impl Causes {
    /// The members, by path.
    pub(super) fn paths(self, known: &Known<'_>) -> Vec<String> {
        match self {
            Self::None => Vec::new(),
            Self::Members(members) => members
                .iter()
                .filter(|(member, when)| known.holds(*member, *when))
                .map(|(member, _)| known.path(*member))
                .collect(),
            Self::OfCase(paths) => paths(known),
        }
    }
}

impl When {
    /// As it is for all rows of an audience that can be read, whether or not a column holds the
    /// member; `None` where it holds for none. A nullable member that has a column is known or
    /// absent in each of them.
    #[cfg(feature = "screen")]
    pub(crate) fn of_rows(self, nullable: Nullable, has_column: bool) -> Option<Self> {
        let is_known = has_column && nullable == Nullable::Yes;
        match self {
            Self::Always | Self::Unknown | Self::UnknownWithoutPhone if is_known => None,
            Self::Always | Self::Unknown => Some(Self::Always),
            Self::NoNumber => None,
            Self::UnknownWithoutPhone | Self::NowhereKnown => Some(self),
        }
    }
}

impl Known<'_> {
    fn holds(&self, member: AttributeId, when: When) -> bool {
        let has_phone = || self.facts.fact(id::RECIPIENT_PHONE).value().is_some();
        let is_unknown = || self.facts.fact(member).is_unknown();
        match when {
            When::Always => true,
            When::Unknown => is_unknown(),
            When::NoNumber => {
                self.facts.fact(member).text().is_some_and(|number| !number.starts_with('+'))
            }
            When::UnknownWithoutPhone => !has_phone() && is_unknown(),
            When::NowhereKnown => !has_phone() && country_of(self.facts).is_none(),
        }
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

    /// Those that have no value, also where leaving them out says that there is none: here it is no
    /// answer.
    fn without_value(&self, given: &[AttributeId]) -> Vec<String> {
        given
            .iter()
            .filter(|given| self.facts.fact(**given).value().is_none())
            .map(|given| self.path(*given))
            .collect()
    }

    /// Those of the intermediaries for which something is undetermined.
    fn of_links(&self, is_undetermined: impl Fn(&Link) -> bool, asks_review: bool) -> Vec<String> {
        let Some(entries) = self.facts.collection(id::INTERMEDIARIES) else {
            return vec![id::INTERMEDIARIES.to_owned()];
        };
        let mut paths = Vec::new();
        for (number, (entry, link)) in
            entries.iter().filter_map(lookup::members).zip(self.links).enumerate()
        {
            if !is_undetermined(link) {
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
            if asks_review && entry.app_review.is_unknown() {
                note("app_review");
            }
        }
        paths
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

    fn of_purposes(&self, list: AttributeId) -> Vec<String> {
        match self.facts.fact(list).is_unknown() {
            true => vec![self.path(list)],
            false => self.unknown_of(&[id::CAMPAIGN_CATEGORY, id::CAMPAIGN_USE_CASE]),
        }
    }
}

const OF_PROVIDER: &[AttributeId] = &[id::PROVIDER_ID, id::PROVIDER_NAME, id::PROVIDER_DOMAIN];

pub(super) fn of_provider(known: &Known<'_>) -> Vec<String> {
    if known.own.is_unknown() { known.unknown_of(OF_PROVIDER) } else { Vec::new() }
}

pub(super) fn of_directory(known: &Known<'_>) -> Vec<String> {
    let mut paths = of_unlisted(known);
    if known.listing.is_unknown() {
        paths.extend(known.unknown_of(OF_PROVIDER));
    }
    paths
}

pub(super) fn of_unlisted(known: &Known<'_>) -> Vec<String> {
    known.of_links(|link| link.unlisted == Ternary::Undetermined, false)
}

pub(super) fn of_unauthorized(known: &Known<'_>) -> Vec<String> {
    known.of_links(|link| link.unauthorized == Ternary::Undetermined, true)
}

pub(super) fn of_unproven(known: &Known<'_>) -> Vec<String> {
    known.of_links(|link| link.unproven == Ternary::Undetermined, true)
}

pub(super) fn of_weakest_link(known: &Known<'_>) -> Vec<String> {
    let is_undetermined = |link: &Link| {
        link.is_nameless
            || [link.unlisted, link.unauthorized, link.unproven].contains(&Ternary::Undetermined)
    };
    known.of_links(is_undetermined, true)
}

pub(super) fn of_link_lookalike(known: &Known<'_>) -> Vec<String> {
    known.of_links(|link| link.is_stranger, false)
}

/// Those of the restrictions that may stop that.
pub(super) fn of_restrictions(known: &Known<'_>, stop: Stop) -> Vec<String> {
    let Some(entries) = known.facts.collection(id::RESTRICTIONS) else {
        return vec![id::RESTRICTIONS.to_owned()];
    };
    let mut paths = Vec::new();
    for (number, entry) in entries.iter().enumerate() {
        if restricts(entry, stop, known.facts.send_at()) == Ternary::Undetermined {
            let members =
                ["kind", "since", "until"].iter().zip(entry).filter(|(_, fact)| fact.is_unknown());
            paths.extend(
                members.map(|(member, _)| format!("{}[{number}].{member}", id::RESTRICTIONS)),
            );
        }
    }
    paths
}

pub(super) fn of_violation_dates(known: &Known<'_>) -> Vec<String> {
    known.of_violations(&["at"])
}

pub(super) fn of_violation_kinds(known: &Known<'_>) -> Vec<String> {
    known.of_violations(&["kind", "at"])
}

pub(super) fn of_block_rate(known: &Known<'_>) -> Vec<String> {
    known.without_value(&[id::ACCOUNT_BLOCKS_7D, id::ACCOUNT_DELIVERED_7D])
}

pub(super) fn of_report_rate(known: &Known<'_>) -> Vec<String> {
    known.without_value(&[id::ACCOUNT_REPORTS_7D, id::ACCOUNT_DELIVERED_7D])
}

pub(super) fn of_use_case_approved(known: &Known<'_>) -> Vec<String> {
    known.without_value(&[id::ACCOUNT_APPROVED_USE_CASES, id::CAMPAIGN_USE_CASE])
}

pub(super) fn of_recipient_region(known: &Known<'_>) -> Vec<String> {
    let mut paths = known.unknown_of(&[id::RECIPIENT_REGION]);
    if country_of(known.facts).is_none() {
        paths.push(known.path(id::RECIPIENT_COUNTRY));
    }
    paths
}

pub(super) fn of_recipient_country(known: &Known<'_>) -> Vec<String> {
    known.unknown_of(&[id::RECIPIENT_COUNTRY])
}

pub(super) fn of_stopped_this(known: &Known<'_>) -> Vec<String> {
    known.of_purposes(id::RECIPIENT_OPTED_OUT_OF)
}

pub(super) fn of_opt_in_covers(known: &Known<'_>) -> Vec<String> {
    known.of_purposes(id::RECIPIENT_OPT_IN_FOR)
}

pub(super) fn of_marketing_today(known: &Known<'_>) -> Vec<String> {
    let mut paths = known.unknown_of(&[id::RECIPIENT_MARKETING_RECEIVED_24H]);
    if known.facts.fact(id::RECIPIENT_LAST_MARKETING_AT).value().is_none() {
        paths.push(known.path(id::RECIPIENT_LAST_MARKETING_AT));
    } else {
        paths.extend(OF_CLOCKS.paths(known));
    }
    paths
}

/// What settles clocks.
pub(super) const OF_CLOCKS: Causes = Causes::Members(&[
    (id::RECIPIENT_TIME_ZONE, When::Unknown),
    (id::RECIPIENT_PHONE, When::Unknown),
    // The country decides only where there is no number.
    (id::RECIPIENT_COUNTRY, When::NowhereKnown),
]);
