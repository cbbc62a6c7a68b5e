//! Whom is there to look up, and what does the directory say of each?

use crate::directory::{Directory, Found, Identity, Listing};
use crate::facts::{Entry, Facts};
use crate::schema::attributes as id;
use crate::ternary::Ternary;
use crate::time::Timestamp;
use crate::value::{Fact, Value};

/// What is given of a provider's identity.
enum Identified<'a> {
    /// At least one identifier.
    As(Identity<'a>),
    /// It has none.
    Nobody,
    /// None is known, and there may be one.
    NotGiven,
}

/// An identifier that is not given matters only where none is: then any could settle who it is.
fn identified<'a>(id: &'a Fact, name: &'a Fact, domain: &'a Fact) -> Identified<'a> {
    let identity = Identity { id: id.text(), name: name.text(), domain: domain.text() };
    if identity != Identity::default() {
        Identified::As(identity)
    } else if id.is_unknown() || name.is_unknown() || domain.is_unknown() {
        Identified::NotGiven
    } else {
        Identified::Nobody
    }
}

/// What the directory says of the provider.
pub(super) enum Standing<'a> {
    Found(Found<'a>),
    /// There is nobody to look up.
    Nobody,
    /// There is nothing to look up, or no time.
    NotGiven,
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
        (Identified::NotGiven, _) if is_self(facts) => Standing::Nobody,
        (Identified::NotGiven, _) | (Identified::As(_), None) => Standing::NotGiven,
    }
}

/// Whether the business is its own provider, which then needs no name.
pub(super) fn is_self(facts: &Facts) -> bool {
    facts.fact(id::PROVIDER_ROLE).text() == Some("self")
}

/// The role that the directory has of a firm, where one that promises more is given.
///
/// A role of today says nothing of the days before the page that shows it, and who left the
/// directory may work in another since. Who is on record for more than is said says nothing false.
pub(super) fn other_role<'d>(
    found: &Found<'d>,
    given: &Fact,
    send_at: Option<Timestamp>,
) -> Option<&'d str> {
    let rank = |role: &str| match role {
        "solution_partner" => 2,
        "tech_partner" | "tech_provider" => 1,
        _ => 0,
    };
    let entry = found.entry?;
    let (role, given) = (entry.role()?, given.text()?);
    let is_early =
        entry.evidence_at().is_some_and(|shown| send_at.is_none_or(|send_at| send_at < shown));
    let is_better = rank(given) > rank(role);
    (is_better && !is_early && found.listing != Listing::Delisted).then_some(role)
}

/// One intermediary, judged.
#[derive(Clone, Debug)]
pub(super) struct Link {
    /// Its name, domain or id, when one is given.
    pub(super) called: Option<std::sync::Arc<str>>,
    pub(super) is_nameless: bool,
    /// Whether no identifier is given.
    pub(super) is_stranger: bool,
    pub(super) unlisted: Ternary,
    pub(super) unauthorized: Ternary,
    pub(super) unproven: Ternary,
    /// The name of the provider that it imitates.
    pub(super) lookalike_of: Option<std::sync::Arc<str>>,
    /// The provider whose domain or id stands beside another's name.
    pub(super) domain_of: Option<std::sync::Arc<str>>,
    /// The role that the directory has of it, where a better one is given.
    pub(super) other_role: Option<std::sync::Arc<str>>,
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
    let is_stranger = matches!(identified, Identified::NotGiven);
    let found = match (identified, send_at) {
        (Identified::As(identity), Some(at)) => Some(directory.find(&identity, at)),
        _ => None,
    };
    let listing = found.as_ref().map_or(Listing::Unknown, |found| found.listing);
    let lookalike = found.as_ref().and_then(|found| found.lookalike.as_ref());
    let domain_of = found.as_ref().and_then(|found| found.domain_of);
    let other_role = found.as_ref().and_then(|found| other_role(found, entry.role, send_at));
    let unlisted = match listing {
        Listing::Listed => Ternary::False,
        Listing::Delisted | Listing::Unlisted => Ternary::True,
        Listing::Unknown => Ternary::Undetermined,
    };
    // Where neither role nor review is given, nothing is known; where only the review is missing,
    // it decides.
    let not_given = entry.app_review.is_unknown() && entry.role.is_unknown();
    let review_is = |wanted: &str| entry.app_review.text().map(|review| review == wanted);
    let without_review = if not_given { Ternary::False } else { review_is("none").into() };
    let with_doubt = if not_given { Ternary::True } else { review_is("pending").into() };
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
        lookalike_of: lookalike.map(|lookalike| lookalike.of.name().into()),
        domain_of: domain_of.map(|provider| provider.name().into()),
        other_role: other_role.map(Into::into),
    }
}
