//! Who carries the messages, and is each of them in order?

use super::case::{Case, count, fact_of, text};
use super::lookup::{self, Link, Standing, is_self, members};
use crate::directory::{Found, Identity, Listing, Provider};
use crate::endpoints::{Endpoint, EndpointStatus};
use crate::schema::attributes as id;
use crate::ternary::Ternary;
use crate::value::{Fact, Value};

pub(super) fn listing(case: &Case<'_>) -> Fact {
    let listing = match &case.provider {
        Standing::Found(found) => found.listing,
        Standing::Nobody => Listing::Unknown,
        Standing::NotGiven => return Fact::Unknown,
    };
    case.word(id::PROVIDER_LISTING, listing.name())
}

/// A name alone can be anybody's: a provider is on record by its id or its domain.
pub(super) fn on_record(case: &Case<'_>) -> Fact {
    let found = match &case.provider {
        Standing::Found(found) => found,
        Standing::Nobody => return Fact::Value(Value::Bool(false)),
        Standing::NotGiven => return Fact::Unknown,
    };
    let is_named = found.entry.is_some_and(|entry| {
        found.listing == Listing::Unknown
            && entry.listed().is_empty()
            && entry.role().is_none_or(|role| role == "solution_partner")
    });
    let (identifier, domain) = (case.fact(id::PROVIDER_ID), case.fact(id::PROVIDER_DOMAIN));
    match (is_named, identifier.text().or(domain.text())) {
        (false, _) => Fact::Value(Value::Bool(false)),
        (true, Some(_)) => Fact::Value(Value::Bool(true)),
        (true, None) if identifier.is_unknown() || domain.is_unknown() => Fact::Unknown,
        (true, None) => Fact::Value(Value::Bool(false)),
    }
}

pub(super) fn listing_known(case: &Case<'_>) -> Fact {
    match &case.provider {
        Standing::Found(found) => Fact::Value(Value::Bool(found.listing != Listing::Unknown)),
        Standing::Nobody if is_self(case.facts) => Fact::Value(Value::Bool(false)),
        // Of a provider without name, id and domain no list can tell anything.
        Standing::Nobody | Standing::NotGiven => Fact::Unknown,
    }
}

/// A name alone can be anybody's here too.
pub(super) fn partner_evidence_at(case: &Case<'_>) -> Fact {
    let found = match &case.provider {
        Standing::Found(found) => found,
        Standing::Nobody => return Fact::Absent,
        Standing::NotGiven => return Fact::Unknown,
    };
    let since = found
        .entry
        .filter(|entry| entry.role() == Some("solution_partner"))
        .and_then(Provider::evidence_at);
    let (identifier, domain) = (case.fact(id::PROVIDER_ID), case.fact(id::PROVIDER_DOMAIN));
    match since {
        None => Fact::Absent,
        Some(since) if identifier.text().or(domain.text()).is_some() => {
            Fact::Value(Value::Timestamp(since))
        }
        Some(_) if identifier.is_unknown() || domain.is_unknown() => Fact::Unknown,
        Some(_) => Fact::Absent,
    }
}

pub(super) fn directory_decided(case: &Case<'_>) -> Fact {
    let of_provider = match &case.provider {
        _ if is_self(case.facts) => Ternary::False,
        Standing::Found(found) => (found.listing != Listing::Unknown).into(),
        Standing::Nobody => Ternary::False,
        Standing::NotGiven => Ternary::Undetermined,
    };
    // Without an identifier nothing was looked up.
    let of_links = case
        .links
        .as_ref()
        .map(|links| links.iter().any(|link| link.unlisted != Ternary::Undetermined));
    fact_of(of_provider.or(of_links.into()))
}

pub(super) fn lookalike_of(case: &Case<'_>) -> Fact {
    match &case.provider {
        Standing::Found(found) => {
            found.lookalike.as_ref().map_or(Fact::Absent, |lookalike| text(lookalike.of.name()))
        }
        Standing::Nobody => Fact::Absent,
        Standing::NotGiven => Fact::Unknown,
    }
}

pub(super) fn lookalike_domains(case: &Case<'_>) -> Fact {
    match &case.provider {
        Standing::Found(found) => found.lookalike.as_ref().map_or(Fact::Absent, |lookalike| {
            let domains = lookalike.of.domains().iter();
            Fact::Value(Value::List(domains.map(|domain| Value::string(domain)).collect()))
        }),
        Standing::Nobody => Fact::Absent,
        Standing::NotGiven => Fact::Unknown,
    }
}

pub(super) fn domain_of(case: &Case<'_>) -> Fact {
    match &case.provider {
        Standing::Found(found) => {
            found.domain_of.map_or(Fact::Absent, |provider| text(provider.name()))
        }
        Standing::Nobody => Fact::Absent,
        Standing::NotGiven => Fact::Unknown,
    }
}

/// A business that runs its own app needs no identity of a provider, and may have a name and a
/// domain of its own; an id is one of the directory, which has none of such a business. A role that
/// is not given contradicts nothing.
pub(super) fn self_conflict(case: &Case<'_>) -> Fact {
    let is_anothers = match &case.provider {
        Standing::Found(found) => {
            case.fact(id::PROVIDER_ID).text().is_some()
                || (is_of_directory(found) && !has_own_domain(case))
        }
        Standing::Nobody | Standing::NotGiven => false,
    };
    Fact::Value(Value::Bool(is_anothers && is_self(case.facts)))
}

fn is_of_directory(found: &Found<'_>) -> bool {
    found.entry.is_some() || found.lookalike.is_some() || found.domain_of.is_some()
}

/// Whether a domain is given that is no provider's and resembles none. Names are words, and a
/// business may be called like a provider; its domain tells them apart.
fn has_own_domain(case: &Case<'_>) -> bool {
    let (Some(domain), Some(send_at)) = (case.fact(id::PROVIDER_DOMAIN).text(), case.send_at)
    else {
        return false;
    };
    let asked = Identity { domain: Some(domain), ..Identity::default() };
    !is_of_directory(&case.directory.find(&asked, send_at))
}

pub(super) fn self_namesake(case: &Case<'_>) -> Fact {
    let Standing::Found(found) = &case.provider else { return Fact::Absent };
    let namesake = found.entry.or(found.lookalike.as_ref().map(|lookalike| lookalike.of));
    namesake
        .filter(|_| is_self(case.facts) && has_own_domain(case))
        .map_or(Fact::Absent, |provider| text(provider.name()))
}

pub(super) fn directory_age_days(case: &Case<'_>) -> Fact {
    const SECONDS_PER_DAY: i64 = 86_400;
    let Some(send_at) = case.send_at else { return Fact::Unknown };
    let nanos = send_at.since(case.directory.retrieved_at()).as_nanos();
    let days = nanos.div_euclid(i128::from(SECONDS_PER_DAY) * 1_000_000_000);
    Fact::Value(Value::Int(i64::try_from(days).unwrap_or(0).max(0)))
}

/// How many links are so, unless one may or may not be.
fn counted(case: &Case<'_>, is_so: impl Fn(&Link) -> Ternary) -> Fact {
    let Some(links) = &case.links else { return Fact::Unknown };
    let mut sure = 0;
    for link in links {
        match is_so(link) {
            Ternary::True => sure += 1,
            Ternary::False => {}
            Ternary::Undetermined => return Fact::Unknown,
        }
    }
    count(sure)
}

pub(super) fn unlisted_count(case: &Case<'_>) -> Fact {
    counted(case, |link| link.unlisted)
}

pub(super) fn unauthorized_count(case: &Case<'_>) -> Fact {
    counted(case, |link| link.unauthorized)
}

pub(super) fn unproven_count(case: &Case<'_>) -> Fact {
    counted(case, |link| link.unproven)
}

/// From worst to best: without app review, in doubt, unlisted but reviewed. The first link of the
/// worst standing that any has is named, unless one before it may stand as badly,
/// or any worse.
pub(super) fn weakest_link(case: &Case<'_>) -> Fact {
    let Some(links) = &case.links else { return Fact::Unknown };
    let standings: [fn(&Link) -> Ternary; 3] =
        [|link| link.unauthorized, |link| link.unproven, |link| link.unlisted];
    for stands_so in standings {
        for link in links {
            match stands_so(link) {
                Ternary::True => {
                    return link
                        .called
                        .as_ref()
                        .map_or(Fact::Unknown, |name| Fact::Value(Value::String(name.clone())));
                }
                Ternary::Undetermined => return Fact::Unknown,
                Ternary::False => {}
            }
        }
    }
    Fact::Absent
}

pub(super) fn link_lookalike(case: &Case<'_>) -> Fact {
    of_first_link(case, |link| link.lookalike_of.as_ref(), |link| link.called.as_ref())
}

pub(super) fn link_lookalike_of(case: &Case<'_>) -> Fact {
    of_first_link(case, |link| link.lookalike_of.as_ref(), |link| link.lookalike_of.as_ref())
}

pub(super) fn link_misnamed(case: &Case<'_>) -> Fact {
    of_first_link(case, |link| link.domain_of.as_ref(), |link| link.called.as_ref())
}

pub(super) fn link_domain_of(case: &Case<'_>) -> Fact {
    of_first_link(case, |link| link.domain_of.as_ref(), |link| link.domain_of.as_ref())
}

pub(super) fn link_promoted(case: &Case<'_>) -> Fact {
    of_first_link(case, |link| link.other_role.as_ref(), |link| link.called.as_ref())
}

pub(super) fn link_other_role(case: &Case<'_>) -> Fact {
    of_first_link(case, |link| link.other_role.as_ref(), |link| link.other_role.as_ref())
}

type Named<'l> = Option<&'l std::sync::Arc<str>>;

/// What is asked of the first link of which the directory says something. One of whom it is not
/// told whom to look up may be anybody.
fn of_first_link<'l>(
    case: &'l Case<'_>,
    says: impl Fn(&'l Link) -> Named<'l>,
    asked: impl Fn(&'l Link) -> Named<'l>,
) -> Fact {
    let Some(links) = &case.links else { return Fact::Unknown };
    match links.iter().find(|link| says(link).is_some()) {
        Some(link) => asked(link)
            .map_or(Fact::Unknown, |text| Fact::Value(Value::String(std::sync::Arc::clone(text)))),
        None if links.iter().any(|link| link.is_stranger) => Fact::Unknown,
        None => Fact::Absent,
    }
}

/// Meta's own host serves the Cloud API and nothing else that carries messages.
pub(super) fn route(case: &Case<'_>) -> Fact {
    let is_metas = || {
        case.fact(id::ACCESS_ENDPOINT)
            .text()
            .and_then(|address| Endpoint::parse(address).ok())
            .is_some_and(|address| address.status(case.catalogue) == EndpointStatus::Official)
    };
    match case.fact(id::ACCESS_ROUTE) {
        given @ Fact::Value(_) => given.clone(),
        _ if is_metas() => case.word(id::ACCESS_ROUTE, "cloud_api"),
        _ => Fact::Unknown,
    }
}

pub(super) fn endpoint_status(case: &Case<'_>) -> Fact {
    let endpoint = case.fact(id::ACCESS_ENDPOINT);
    match endpoint.text() {
        // Facts are read by form, so that every address in them can be read.
        Some(address) => Endpoint::parse(address).map_or(Fact::Unknown, |address| {
            case.word(id::ACCESS_ENDPOINT_STATUS, address.status(case.catalogue).name())
        }),
        // Software posts nothing to the Business app: there is no address to give.
        None if endpoint.is_unknown()
            && case.fact(id::ACCESS_ROUTE).text() != Some("business_app") =>
        {
            Fact::Unknown
        }
        None => Fact::Absent,
    }
}

pub(super) fn other_role(case: &Case<'_>) -> Fact {
    let Standing::Found(found) = &case.provider else { return Fact::Absent };
    lookup::other_role(found, case.fact(id::PROVIDER_ROLE), case.send_at).map_or(Fact::Absent, text)
}

pub(super) fn several_firms(case: &Case<'_>) -> Fact {
    let entries = case.facts.collection(id::INTERMEDIARIES).unwrap_or_default();
    let links = entries.iter().filter_map(members).filter_map(|link| link.name.text());
    let mut names = case.fact(id::PROVIDER_NAME).text().into_iter().chain(links);
    names.find(|name| case.directory.names_several(name)).map_or(Fact::Absent, text)
}

/// Only partners have addresses of their own: a tech provider or a reseller may well send through a
/// partner that it did not name.
pub(super) fn endpoint_of_another(case: &Case<'_>) -> Fact {
    let Standing::Found(found) = &case.provider else { return Fact::Absent };
    // A domain that is a provider's own says whose address it is, whatever the firm is called: a
    // provider has firms in many countries.
    let of_domain = || {
        let domain = case.fact(id::PROVIDER_DOMAIN).text()?;
        case.directory.owner_of(domain).filter(|_| found.lookalike.is_none())
    };
    let own = found.entry.or(found.domain_of).or_else(of_domain);
    let sends_by_itself = match own {
        Some(own) => own.role().is_none_or(|role| role == "solution_partner"),
        // Of whom nothing is on record, what is said counts.
        None => case.fact(id::PROVIDER_ROLE).text() == Some("solution_partner"),
    };
    if !sends_by_itself {
        return Fact::Absent;
    }
    let Some(owner) = endpoint(case).and_then(|address| case.directory.owner_of(address.host()))
    else {
        return Fact::Absent;
    };
    let entries = case.facts.collection(id::INTERMEDIARIES).unwrap_or_default();
    let is_link = entries.iter().filter_map(members).any(|link| {
        let given = [link.id.text(), link.name.text(), link.domain.text()];
        given.iter().any(Option::is_some) && {
            let identity = Identity { id: given[0], name: given[1], domain: given[2] };
            case.directory.leads_to(&identity, owner)
        }
    });
    let is_own = own.is_some_and(|own| own.id() == owner.id());
    if is_own || is_link || is_self(case.facts) { Fact::Absent } else { text(owner.name()) }
}

pub(super) fn endpoint_lookalike_of(case: &Case<'_>) -> Fact {
    let stranger = endpoint(case)
        .filter(|address| address.status(case.catalogue) == EndpointStatus::Unrecognised);
    stranger
        .and_then(|address| case.directory.resembled_by(address.host()))
        .map_or(Fact::Absent, |provider| text(provider.name()))
}

/// The address that the messages are posted to, where one is given.
fn endpoint<'c>(case: &'c Case<'_>) -> Option<Endpoint<'c>> {
    Endpoint::parse(case.fact(id::ACCESS_ENDPOINT).text()?).ok()
}

pub(super) fn client_status(case: &Case<'_>) -> Fact {
    match case.fact(id::ACCESS_CLIENTS) {
        Fact::Value(Value::List(clients)) => {
            let names = clients.iter().filter_map(|client| match client {
                Value::String(name) => Some(&**name),
                _ => None,
            });
            let worst = names.map(|name| case.catalogue.status_of(name)).max();
            worst.map_or(Fact::Absent, |status| case.word(id::ACCESS_CLIENT_STATUS, status.name()))
        }
        _ => Fact::Unknown,
    }
}

pub(super) fn client_alleged(case: &Case<'_>) -> Fact {
    match case.fact(id::ACCESS_CLIENTS) {
        Fact::Value(Value::List(clients)) => {
            let mut names = clients.iter().filter_map(|client| match client {
                Value::String(name) => Some(&**name),
                _ => None,
            });
            Fact::Value(Value::Bool(names.any(|name| case.catalogue.is_alleged(name))))
        }
        _ => Fact::Unknown,
    }
}

pub(super) fn business_app_client(case: &Case<'_>) -> Fact {
    match case.fact(id::ACCESS_CLIENTS) {
        Fact::Value(Value::List(clients)) => {
            let mut names = clients.iter().filter_map(|client| match client {
                Value::String(name) => Some(&**name),
                _ => None,
            });
            Fact::Value(Value::Bool(names.any(|name| case.catalogue.is_business_app(name))))
        }
        _ => Fact::Unknown,
    }
}

pub(super) fn known_gateway(case: &Case<'_>) -> Fact {
    let own = |member| case.fact(member).text().filter(|_| !is_self(case.facts));
    let names = [own(id::PROVIDER_NAME), own(id::PROVIDER_ID)];
    let of_provider = case.catalogue.gateway(names, case.fact(id::PROVIDER_DOMAIN).text());
    let entries = case.facts.collection(id::INTERMEDIARIES).unwrap_or_default();
    let mut links = entries.iter().filter_map(members);
    let known = of_provider.or_else(|| {
        links.find_map(|link| {
            case.catalogue.gateway([link.name.text(), link.id.text()], link.domain.text())
        })
    });
    known.map_or(Fact::Absent, text)
}
