//! Who carries the messages, and is each of them in order?

use super::{Case, count, text};
use crate::directory::endpoints::Endpoint;
use crate::directory::{Directory, Found, Identity, Listing};
use crate::facts::{Entry, Facts};
use crate::schema::attributes as id;
use crate::ternary::Ternary;
use crate::time::Timestamp;
use crate::value::{Fact, Value};

/// What is told of a provider's identity.
enum Identified<'a> {
    /// At least one identifier.
    As(Identity<'a>),
    /// It has none.
    Nobody,
    /// None is known, and there may be one.
    NotTold,
}

/// An identifier that is not told matters only where none is told: then any could settle who it is.
fn identified<'a>(id: &'a Fact, name: &'a Fact, domain: &'a Fact) -> Identified<'a> {
    let identity = Identity { id: id.text(), name: name.text(), domain: domain.text() };
    if identity != Identity::default() {
        Identified::As(identity)
    } else if id.is_unknown() || name.is_unknown() || domain.is_unknown() {
        Identified::NotTold
    } else {
        Identified::Nobody
    }
}

/// What the directory says of the provider.
pub(super) enum Standing<'a> {
    Found(Found<'a>),
    /// There is nobody to look up.
    Nobody,
    /// It is not told whom to look up, or for when.
    NotTold,
}

pub(super) fn standing<'a>(
    facts: &Facts,
    directory: &'a Directory,
    send_at: Option<Timestamp>,
) -> Standing<'a> {
    let identified = identified(
        facts.fact(id::PROVIDER_ID),
        facts.fact(id::PROVIDER_NAME),
        facts.fact(id::PROVIDER_DOMAIN),
    );
    match (identified, send_at) {
        (Identified::As(identity), Some(at)) => Standing::Found(directory.find(&identity, at)),
        (Identified::Nobody, _) => Standing::Nobody,
        // A business that runs its own app has no provider to name.
        (Identified::NotTold, _) if is_self(facts) => Standing::Nobody,
        (Identified::NotTold, _) | (Identified::As(_), None) => Standing::NotTold,
    }
}

/// Whether the business is its own provider, which then needs no name.
pub(super) fn is_self(facts: &Facts) -> bool {
    facts.fact(id::PROVIDER_ROLE).text() == Some("self")
}

pub(super) fn listing(case: &Case<'_>) -> Fact {
    let listing = match &case.provider {
        Standing::Found(found) => found.listing,
        Standing::Nobody => Listing::Unknown,
        Standing::NotTold => return Fact::Unknown,
    };
    case.word(id::PROVIDER_LISTING, listing.name())
}

/// A name alone can be anybody's: a provider is on record by its id or its domain.
pub(super) fn on_record(case: &Case<'_>) -> Fact {
    let found = match &case.provider {
        Standing::Found(found) => found,
        Standing::Nobody => return Fact::Value(Value::Bool(false)),
        Standing::NotTold => return Fact::Unknown,
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

pub(super) fn directory_decided(case: &Case<'_>) -> Fact {
    let of_provider = match &case.provider {
        _ if is_self(case.facts) => Ternary::False,
        Standing::Found(found) => (found.listing != Listing::Unknown).into(),
        Standing::Nobody => Ternary::False,
        Standing::NotTold => Ternary::Undetermined,
    };
    // Of whom it is not told whom to look up, nothing was looked up.
    let of_links = case
        .links
        .as_ref()
        .map(|links| links.iter().any(|link| link.unlisted != Ternary::Undetermined));
    match of_provider.or(of_links.into()) {
        Ternary::True => Fact::Value(Value::Bool(true)),
        Ternary::False => Fact::Value(Value::Bool(false)),
        Ternary::Undetermined => Fact::Unknown,
    }
}

pub(super) fn lookalike_of(case: &Case<'_>) -> Fact {
    match &case.provider {
        Standing::Found(found) => {
            found.lookalike.as_ref().map_or(Fact::Absent, |lookalike| text(lookalike.of.name()))
        }
        Standing::Nobody => Fact::Absent,
        Standing::NotTold => Fact::Unknown,
    }
}

pub(super) fn lookalike_domains(case: &Case<'_>) -> Fact {
    match &case.provider {
        Standing::Found(found) => found.lookalike.as_ref().map_or(Fact::Absent, |lookalike| {
            let domains = lookalike.of.domains().iter();
            Fact::Value(Value::List(domains.map(|domain| Value::string(domain)).collect()))
        }),
        Standing::Nobody => Fact::Absent,
        Standing::NotTold => Fact::Unknown,
    }
}

pub(super) fn directory_age_days(case: &Case<'_>) -> Fact {
    const SECONDS_PER_DAY: i64 = 86_400;
    let Some(send_at) = case.send_at else { return Fact::Unknown };
    let nanos = send_at.since(case.directory.retrieved_at()).as_nanos();
    let days = nanos.div_euclid(i128::from(SECONDS_PER_DAY) * 1_000_000_000);
    Fact::Value(Value::Int(i64::try_from(days).unwrap_or(0).max(0)))
}

/// One intermediary, judged.
#[derive(Clone, Debug)]
pub(super) struct Link {
    /// Its name, domain or id, when one is told.
    called: Option<std::sync::Arc<str>>,
    pub(super) is_nameless: bool,
    /// Whether it is not told whom to look up.
    pub(super) is_stranger: bool,
    pub(super) unlisted: Ternary,
    pub(super) unauthorized: Ternary,
    pub(super) unproven: Ternary,
}

/// Where the members of an intermediary stand in its entry.
pub(super) struct Members<'e> {
    pub(super) id: &'e Fact,
    pub(super) name: &'e Fact,
    pub(super) domain: &'e Fact,
    pub(super) role: &'e Fact,
    pub(super) app_review: &'e Fact,
}

/// The members of an intermediary; none if the schema had others, which a test would tell.
pub(super) fn members(entry: &Entry) -> Option<Members<'_>> {
    match entry.as_slice() {
        [id, name, domain, role, app_review] => {
            Some(Members { id, name, domain, role, app_review })
        }
        _ => None,
    }
}

pub(super) fn links(
    facts: &Facts,
    directory: &Directory,
    send_at: Option<Timestamp>,
) -> Option<Vec<Link>> {
    let entries = match facts.collection(id::INTERMEDIARIES) {
        Some(entries) => entries,
        // Between a business and itself there is nobody.
        None if is_self(facts) => &[],
        None => return None,
    };
    // Of a chain that is not read as a whole nothing is known.
    entries.iter().map(|entry| Some(link(&members(entry)?, directory, send_at))).collect()
}

fn link(entry: &Members<'_>, directory: &Directory, send_at: Option<Timestamp>) -> Link {
    let identified = identified(entry.id, entry.name, entry.domain);
    let is_stranger = matches!(identified, Identified::NotTold);
    let listing = match (identified, send_at) {
        (Identified::As(identity), Some(at)) => directory.find(&identity, at).listing,
        _ => Listing::Unknown,
    };
    let unlisted = match listing {
        Listing::Listed => Ternary::False,
        Listing::Delisted | Listing::Unlisted => Ternary::True,
        Listing::Unknown => Ternary::Undetermined,
    };
    // Of whom neither role nor review is told, nothing speaks; of whom only the review is missing,
    // it decides.
    let untold = entry.app_review.is_unknown() && entry.role.is_unknown();
    let review_is = |wanted: &str| entry.app_review.text().map(|review| review == wanted);
    let without_review = if untold { Ternary::False } else { review_is("none").into() };
    let with_doubt = if untold { Ternary::True } else { review_is("pending").into() };
    let called = [entry.name, entry.domain, entry.id].into_iter().find_map(|fact| match fact {
        Fact::Value(Value::String(text)) => Some(std::sync::Arc::clone(text)),
        _ => None,
    });
    Link {
        is_nameless: called.is_none(),
        called,
        is_stranger,
        unlisted,
        unauthorized: unlisted.and(without_review),
        unproven: unlisted.and(with_doubt),
    }
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
/// worst standing that any has is named, unless it is open whether one before it stands as badly,
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
