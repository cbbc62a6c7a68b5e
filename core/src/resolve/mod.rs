//! What follows from what the caller said?
//!
//! [`resolve`] fills every derived attribute from the facts, the directory and `send_at`;
//! [`Resolved::placed`] then finds where the case lies in a program's table. Nothing after this
//! stage reads the directory, the catalogue of clients, a time zone or the number plan.
//!
//! What is unknown stays unknown where it matters, and only there: a restriction that surely stops
//! the account settles the matter, however little is known of the next one. [`Resolved::causes`]
//! names what would have to be told.

mod account;
pub(crate) mod barred;
mod campaign;
mod causes;
pub mod plan;
mod provider;
pub(crate) mod recipient;
mod sources;

pub use sources::sources;

use crate::directory::clients::Catalogue;
use crate::directory::{Directory, Listing};
use crate::facts::Facts;
use crate::program::{Identity, Program};
use crate::schema::attributes as id;
use crate::schema::{AttributeId, CODE_UNKNOWN, Code, Schema};
use crate::time::Timestamp;
use crate::value::{Fact, Value};

/// All that is known of one case: what was given and what follows.
#[derive(Clone, Debug)]
pub struct Resolved<'a> {
    facts: &'a Facts,
    /// In the order of [`DERIVATIONS`].
    derived: [Fact; DERIVATIONS.len()],
    /// The code of every attribute, as rules see it.
    codes: Vec<Code>,
    links: Vec<provider::Link>,
    rows: Option<Rows>,
}

/// Where a case lies in the table of one program.
#[derive(Clone, Debug)]
struct Rows {
    program: Identity,
    rows: Vec<u32>,
    /// Whether some fact is unknown.
    unknown: bool,
}

/// Which derived attributes to work out. Looking up a provider or a time zone costs more than all
/// rules together.
#[derive(Clone, Copy, Debug)]
pub struct Wanted(u64);

impl Wanted {
    /// All of them.
    pub const ALL: Self = Self(u64::MAX >> (64 - DERIVATIONS.len()));

    const OF_PROVIDER: Self = Self::listed(&[
        id::PROVIDER_LISTING,
        id::PROVIDER_LOOKALIKE_OF,
        id::PROVIDER_LOOKALIKE_DOMAINS,
        id::PROVIDER_ON_RECORD,
        id::DIRECTORY_DECIDED,
    ]);
    const OF_INTERMEDIARIES: Self = Self::listed(&[
        id::INTERMEDIARIES_UNLISTED_COUNT,
        id::INTERMEDIARIES_UNAUTHORIZED_COUNT,
        id::INTERMEDIARIES_UNPROVEN_COUNT,
        id::INTERMEDIARIES_WEAKEST_LINK,
        id::DIRECTORY_DECIDED,
    ]);
    const OF_CLOCKS: Self = Self::listed(&[
        id::RECIPIENT_LOCAL_HOUR,
        id::RECIPIENT_LOCAL_HOUR_MIN,
        id::RECIPIENT_LOCAL_HOUR_MAX,
        id::RECIPIENT_LOCAL_WEEKDAY,
        id::RECIPIENT_LOCAL_DATE,
    ]);
    const OF_PLACES: Self =
        Self::listed(&[id::RECIPIENT_TIME_ZONE_CONFLICT, id::RECIPIENT_MARKETING_TODAY]);

    /// Those that something asks for.
    pub fn those(wanted: impl Fn(AttributeId) -> bool) -> Self {
        let bits = DERIVATIONS
            .iter()
            .enumerate()
            .filter(|(_, (id, _))| wanted(*id))
            .map(|(place, _)| 1 << place);
        Self(bits.fold(0, |all, bit: u64| all | bit))
    }

    /// Those of a list; one that is not derived does not compile.
    const fn listed(ids: &[AttributeId]) -> Self {
        let mut bits = 0;
        let mut number = 0;
        while number < ids.len() {
            bits |= 1 << PLACES[ids[number].index()];
            number += 1;
        }
        Self(bits)
    }

    const fn any(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }
}

/// Derives what is wanted from the facts, the directory, the catalogue of clients and `send_at`;
/// the rest stays unknown.
pub fn resolve<'a>(
    facts: &'a Facts,
    directory: &Directory,
    catalogue: &Catalogue,
    wanted: &Wanted,
) -> Resolved<'a> {
    let case = Case::new(facts, directory, catalogue, *wanted);
    let schema = facts.schema();
    let mut codes = facts.codes().to_vec();
    let mut derived = [const { Fact::Unknown }; DERIVATIONS.len()];
    for (place, ((id, derive), fact)) in DERIVATIONS.iter().zip(&mut derived).enumerate() {
        let Some(code) = codes.get_mut(id.index()) else { continue };
        *code = CODE_UNKNOWN;
        if wanted.any(Wanted(1 << place)) {
            *fact = derive(&case);
            if !is_open_listing(*id, fact) {
                *code = schema.attribute(*id).code(fact);
            }
        }
    }
    Resolved { facts, derived, codes, links: case.links.unwrap_or_default(), rows: None }
}

/// One derived attribute alone; unknown for one that is not derived.
#[cfg(feature = "screen")]
pub(crate) fn derived(
    facts: &Facts,
    directory: &Directory,
    catalogue: &Catalogue,
    attribute: AttributeId,
) -> Fact {
    let place = PLACES.get(attribute.index()).copied().unwrap_or(NOWHERE);
    let Some((_, derive)) = DERIVATIONS.get(usize::from(place)) else { return Fact::Unknown };
    derive(&Case::new(facts, directory, catalogue, Wanted(1 << place)))
}

impl<'a> Resolved<'a> {
    /// What is known of an attribute, given or derived.
    ///
    /// A `provider.listing` that the directory cannot tell is the value `unknown` here; see
    /// [`Self::for_rules`].
    pub fn fact(&self, id: AttributeId) -> &Fact {
        let place = PLACES.get(id.index()).copied().unwrap_or(NOWHERE);
        self.derived.get(usize::from(place)).unwrap_or_else(|| self.facts.fact(id))
    }

    /// What rules may take for known of an attribute: as [`Self::fact`], but a listing that the
    /// directory cannot tell is an unknown fact, so that no rule takes a hole in the directory for
    /// an answer.
    pub fn for_rules(&self, id: AttributeId) -> &Fact {
        let fact = self.fact(id);
        if is_open_listing(id, fact) { &Fact::Unknown } else { fact }
    }

    /// The code of an attribute, as rules see it.
    #[inline]
    pub fn code(&self, id: AttributeId) -> Code {
        self.codes.get(id.index()).copied().unwrap_or(CODE_UNKNOWN)
    }

    /// Finds where the case lies in a program's table, so that matching only has to AND.
    #[must_use]
    pub fn placed(mut self, program: &Program) -> Self {
        let mut rows = Vec::new();
        let unknown = program.look_up(|id| self.code(id), |id| self.for_rules(id), &mut rows);
        self.rows = Some(Rows { program: program.identity.clone(), rows, unknown });
        self
    }

    /// Where the case lies in a program's table, if it was [`Self::placed`] there, and whether some
    /// fact is unknown.
    pub(crate) fn rows(&self, program: &Program) -> Option<(&[u32], bool)> {
        let rows = self.rows.as_ref()?;
        (rows.program == program.identity).then_some((&*rows.rows, rows.unknown))
    }

    /// The facts as given.
    pub const fn facts(&self) -> &'a Facts {
        self.facts
    }
}

/// Whether this is a listing that the directory cannot tell.
fn is_open_listing(id: AttributeId, fact: &Fact) -> bool {
    id == id::PROVIDER_LISTING && fact.text() == Some(Listing::Unknown.name())
}

/// What the derivations work on: the facts, and what several of them share.
struct Case<'a> {
    facts: &'a Facts,
    directory: &'a Directory,
    catalogue: &'a Catalogue,
    send_at: Option<Timestamp>,
    provider: provider::Standing<'a>,
    /// None where it is not told whether there are intermediaries.
    links: Option<Vec<provider::Link>>,
    /// None where nothing asks for them.
    whereabouts: Option<recipient::Whereabouts<'a>>,
    clocks: Option<recipient::Clocks>,
}

impl<'a> Case<'a> {
    fn new(
        facts: &'a Facts,
        directory: &'a Directory,
        catalogue: &'a Catalogue,
        wanted: Wanted,
    ) -> Self {
        let send_at = facts.send_at();
        let asks_where = wanted.any(Wanted::OF_CLOCKS) || wanted.any(Wanted::OF_PLACES);
        let whereabouts = if asks_where {
            send_at.map(|send_at| recipient::Whereabouts::of(facts, send_at))
        } else {
            None
        };
        Self {
            facts,
            directory,
            catalogue,
            send_at,
            provider: match wanted.any(Wanted::OF_PROVIDER) {
                true => provider::standing(facts, directory, send_at),
                false => provider::Standing::NotTold,
            },
            links: if wanted.any(Wanted::OF_INTERMEDIARIES) {
                provider::links(facts, directory, send_at)
            } else {
                None
            },
            clocks: if wanted.any(Wanted::OF_CLOCKS) {
                whereabouts.as_ref().and_then(recipient::Whereabouts::clocks)
            } else {
                None
            },
            whereabouts,
        }
    }

    fn fact(&self, id: AttributeId) -> &Fact {
        self.facts.fact(id)
    }

    /// A value of an attribute's list; the schema's own copy of the text is shared.
    fn word(&self, id: AttributeId, word: &str) -> Fact {
        let schema: &Schema = self.facts.schema();
        let choices = schema.attribute(id).choices().unwrap_or_default();
        let known = choices.iter().find(|choice| &*choice.name == word);
        known.map_or_else(
            || text(word),
            |choice| Fact::Value(Value::String(std::sync::Arc::clone(&choice.name))),
        )
    }
}

fn text(text: &str) -> Fact {
    Fact::Value(Value::string(text))
}

fn count(count: usize) -> Fact {
    Fact::Value(Value::Int(i64::try_from(count).unwrap_or(i64::MAX)))
}

/// How one attribute follows from a case.
type Derivation = fn(&Case<'_>) -> Fact;

/// Every attribute that is derived, or may be, with the function that derives it.
const DERIVATIONS: [(AttributeId, Derivation); 44] = [
    (id::PROVIDER_LISTING, provider::listing),
    (id::PROVIDER_ON_RECORD, provider::on_record),
    (id::PROVIDER_LOOKALIKE_OF, provider::lookalike_of),
    (id::PROVIDER_LOOKALIKE_DOMAINS, provider::lookalike_domains),
    (id::DIRECTORY_AGE_DAYS, provider::directory_age_days),
    (id::DIRECTORY_DECIDED, provider::directory_decided),
    (id::INTERMEDIARIES_UNLISTED_COUNT, provider::unlisted_count),
    (id::INTERMEDIARIES_UNAUTHORIZED_COUNT, provider::unauthorized_count),
    (id::INTERMEDIARIES_UNPROVEN_COUNT, provider::unproven_count),
    (id::INTERMEDIARIES_WEAKEST_LINK, provider::weakest_link),
    (id::ACCESS_ENDPOINT_STATUS, provider::endpoint_status),
    (id::ACCESS_CLIENT_STATUS, provider::client_status),
    (id::ACCOUNT_REGION_CONFLICT, account::region_conflict),
    (id::ACCOUNT_NUMBER_COUNTRY, account::number_country),
    (id::ACCOUNT_NUMBER_OF_BARRED_REGION, account::number_of_barred_region),
    (id::ACCOUNT_RESTRICTED_BUSINESS_INITIATED, account::restricted_business_initiated),
    (id::ACCOUNT_RESTRICTED_ALL, account::restricted_all),
    (id::ACCOUNT_RESTRICTED_REPLIES, account::restricted_replies),
    (id::ACCOUNT_RESTRICTED_OTHERWISE, account::restricted_otherwise),
    (id::ACCOUNT_RESTRICTED_UTILITY_TEMPLATES, account::restricted_utility_templates),
    (id::ACCOUNT_BANNED, account::banned),
    (id::ACCOUNT_VIOLATIONS_90D, account::violations_90d),
    (id::ACCOUNT_VIOLATION_KINDS, account::violation_kinds),
    (id::ACCOUNT_FEEDBACK_BLOCK_RATE, account::feedback_block_rate),
    (id::ACCOUNT_FEEDBACK_REPORT_RATE, account::feedback_report_rate),
    (id::CAMPAIGN_AUTOMATED, campaign::automated),
    (id::CAMPAIGN_GENERAL_PURPOSE_AI, campaign::general_purpose_ai),
    (id::CAMPAIGN_REQUESTS, campaign::requests),
    (id::CAMPAIGN_USE_CASE_APPROVED, account::use_case_approved),
    (id::RECIPIENT_COUNTRY, recipient::country),
    (id::RECIPIENT_NUMBER_COUNTRY, recipient::number_country),
    (id::RECIPIENT_NUMBER_OF_BARRED_REGION, recipient::number_of_barred_region),
    (id::RECIPIENT_REGION_CONFLICT, recipient::region_conflict),
    (id::RECIPIENT_IDENTITY_CONFLICT, recipient::identity_conflict),
    (id::RECIPIENT_TIME_ZONE_CONFLICT, recipient::time_zone_conflict),
    (id::RECIPIENT_OPT_IN_COVERS, recipient::opt_in_covers),
    (id::RECIPIENT_STOPPED_THIS, recipient::stopped_this),
    (id::RECIPIENT_MARKETING_TODAY, recipient::marketing_today),
    (id::RECIPIENT_IN_SERVICE_WINDOW, recipient::in_service_window),
    (id::RECIPIENT_LOCAL_HOUR, recipient::local_hour),
    (id::RECIPIENT_LOCAL_HOUR_MIN, recipient::local_hour_min),
    (id::RECIPIENT_LOCAL_HOUR_MAX, recipient::local_hour_max),
    (id::RECIPIENT_LOCAL_WEEKDAY, recipient::local_weekday),
    (id::RECIPIENT_LOCAL_DATE, recipient::local_date),
];

/// In [`PLACES`]: not derived.
const NOWHERE: u8 = u8::MAX;

/// Where in [`DERIVATIONS`] an attribute stands, by its number.
const PLACES: [u8; PLACES_MAX] = {
    let mut places = [NOWHERE; PLACES_MAX];
    let mut place = 0;
    while place < DERIVATIONS.len() {
        // An attribute numbered past the end does not compile: the index is checked when this
        // constant is made.
        places[DERIVATIONS[place].0.index()] = place as u8;
        place += 1;
    }
    places
};
const PLACES_MAX: usize = 128;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Origin;

    #[test]
    fn every_derived_attribute_and_no_other_has_a_derivation() {
        let schema = Schema::built_in();
        for (id, attribute) in schema.iter() {
            let derived = DERIVATIONS.iter().filter(|(known, _)| *known == id).count();
            assert_eq!(
                derived,
                usize::from(attribute.origin != Origin::Given),
                "{}",
                attribute.path
            );
        }
    }
}
