//! What follows from who carries the messages, kept from case to case.
//!
//! A business sends through the same provider and from the same software for months. What follows
//! from them, looked up in the directory and in the catalogue of clients by names and addresses that
//! have to be brought to a form first, takes most of the time of a check. An engine keeps it for the
//! first few hundred of them that it meets.
//!
//! What is kept never changes and is never dropped: whoever looks waits for nobody and writes
//! nothing, and whoever comes when all places are taken works it out.

use std::sync::OnceLock;

use super::case::Case;
use super::derivations::{CARRIERS, DERIVATIONS};
use super::lookup::Link;
use super::wanted::{Wanted, is_open_listing};
use crate::directory::Directory;
use crate::facts::{Entry, Facts};
use crate::schema::attributes as id;
use crate::schema::{CODE_UNKNOWN, Code};
use crate::time::Timestamp;
use crate::value::{Fact, Value};

/// Places, a power of two.
const PLACES: usize = 512;
/// Places in which one may be.
const PROBES: usize = 4;
/// What is longer than that is not kept: bytes of texts, texts of a list, intermediaries.
const BYTES_MAX: usize = 512;
const LIST_MAX: usize = 8;
const LINKS_MAX: usize = 4;
/// Providers of a directory of which it is known when any of them may become another.
const PROVIDERS_MAX: usize = 1 << 14;

/// What was found of each of some carriers.
#[derive(Debug)]
pub(crate) struct Memo {
    kept: Box<[OnceLock<Box<Kept>>]>,
    /// The instants at which what the directory says of anybody may become another, in order; none
    /// where there are too many providers.
    turns: OnceLock<Option<Box<[Timestamp]>>>,
}

/// What follows from one of them.
#[derive(Debug)]
pub(super) struct Kept {
    carriers: [Fact; CARRIERS.len()],
    intermediaries: Option<Vec<Entry>>,
    /// From when and until when; none where it is not known when the message is sent.
    sent: Option<(Timestamp, Timestamp)>,
    /// By place in [`DERIVATIONS`].
    pub(super) derived: Box<[(u8, Fact, Code)]>,
    pub(super) links: Vec<Link>,
}

impl Default for Memo {
    fn default() -> Self {
        Self { kept: (0..PLACES).map(|_| OnceLock::new()).collect(), turns: OnceLock::new() }
    }
}

impl Memo {
    /// What follows from those who carry the messages of a case; none where it is not kept.
    /// `derive` makes of the facts what is needed to derive it.
    pub(super) fn of<'f>(
        &self,
        facts: &'f Facts,
        directory: &Directory,
        derive: impl FnOnce() -> Case<'f>,
    ) -> Option<&Kept> {
        let send_at = facts.send_at();
        let start = hash(facts)?;
        for step in 0..PROBES {
            let place = self.kept.get((start + step) & (PLACES - 1))?;
            match place.get() {
                Some(kept) if kept.is_of(facts, send_at) => return Some(kept),
                Some(_) => {}
                None => {
                    let kept = Kept::new(facts, self.stretch(directory, send_at)?, derive());
                    // Where another came first, nobody knows of whom it is.
                    return place
                        .set(Box::new(kept))
                        .is_ok()
                        .then(|| place.get())?
                        .map(|kept| &**kept);
                }
            }
        }
        None
    }

    /// From when and until when nothing that the directory says becomes another, around an instant;
    /// none where that is not known.
    fn stretch(
        &self,
        directory: &Directory,
        send_at: Option<Timestamp>,
    ) -> Option<Option<(Timestamp, Timestamp)>> {
        let turns = self.turns.get_or_init(|| turns(directory)).as_ref()?;
        let Some(at) = send_at else { return Some(None) };
        let next = turns.partition_point(|turn| *turn <= at);
        let from = next.checked_sub(1).and_then(|before| turns.get(before));
        // The last instant there is belongs to no stretch.
        let until = turns.get(next).copied().unwrap_or(Timestamp::MAX);
        Some(Some((from.copied().unwrap_or(Timestamp::MIN), until)))
    }
}

fn turns(directory: &Directory) -> Option<Box<[Timestamp]>> {
    let providers = directory.providers();
    if providers.len() > PROVIDERS_MAX {
        return None;
    }
    let covers = directory.covers();
    let mut turns: Vec<Timestamp> =
        [Some(covers.from), covers.until].into_iter().flatten().collect();
    for provider in providers {
        turns.extend(provider.evidence_at());
        for listed in provider.listed() {
            turns.extend([Some(listed.period.from), listed.period.until].into_iter().flatten());
        }
    }
    turns.sort_unstable();
    turns.dedup();
    Some(turns.into())
}

impl Kept {
    fn new(facts: &Facts, sent: Option<(Timestamp, Timestamp)>, case: Case<'_>) -> Self {
        let schema = facts.schema();
        let derived = Wanted::OF_CARRIERS.places().filter_map(|place| {
            let row = DERIVATIONS.get(place)?;
            let fact = (row.derive)(&case);
            let code = match is_open_listing(row.id, &fact) {
                true => CODE_UNKNOWN,
                false => schema.attribute(row.id).code(&fact),
            };
            Some((place as u8, fact, code))
        });
        let derived = derived.collect();
        Self {
            carriers: CARRIERS.map(|carrier| facts.fact(carrier).clone()),
            intermediaries: facts.collection(id::INTERMEDIARIES).map(<[Entry]>::to_vec),
            sent,
            derived,
            links: case.links.unwrap_or_default(),
        }
    }

    fn is_of(&self, facts: &Facts, send_at: Option<Timestamp>) -> bool {
        let is_sent = match (self.sent, send_at) {
            (Some((from, until)), Some(at)) => from <= at && at < until,
            (None, None) => true,
            _ => false,
        };
        is_sent
            && CARRIERS.iter().zip(&self.carriers).all(|(id, known)| facts.fact(*id) == known)
            && facts.collection(id::INTERMEDIARIES) == self.intermediaries.as_deref()
    }
}

/// Where to begin to look; none for what is too long to be kept.
fn hash(facts: &Facts) -> Option<usize> {
    let mut bytes_left = BYTES_MAX;
    let mut hash = 0_u64;
    let mut mix = |word: u64| {
        hash = (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23);
    };
    for id in CARRIERS {
        match facts.fact(id) {
            Fact::Unknown => mix(1),
            Fact::Absent => mix(2),
            Fact::Value(Value::String(text)) => {
                bytes_left = bytes_left.checked_sub(text.len())?;
                mix(text.len() as u64);
                let (words, rest) = text.as_bytes().as_chunks::<8>();
                words.iter().for_each(|word| mix(u64::from_le_bytes(*word)));
                mix(rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)));
            }
            Fact::Value(Value::List(items)) if items.len() <= LIST_MAX => {
                for item in items.iter() {
                    let Value::String(text) = item else { return None };
                    bytes_left = bytes_left.checked_sub(text.len())?;
                }
                mix(items.len() as u64 + 3);
            }
            Fact::Value(_) => return None,
        }
    }
    let entries = facts.collection(id::INTERMEDIARIES).unwrap_or_default();
    if entries.len() > LINKS_MAX {
        return None;
    }
    for fact in entries.iter().flatten() {
        bytes_left = bytes_left.checked_sub(fact.text().map_or(0, str::len))?;
    }
    mix(entries.len() as u64);
    Some((hash >> 32) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::Catalogue;
    use crate::resolve::{resolve, resolve_with};
    use crate::schema::Schema;
    use crate::time::Duration;

    /// What is kept is what would be found: of providers, their slips, chains and addresses, at the
    /// instants around which the directory says something else.
    #[test]
    fn what_is_kept_is_what_is_found() {
        let engine = crate::engine::Engine::built_in().unwrap();
        let directory: &Directory = engine.directory();
        let catalogue: &Catalogue = engine.catalogue();
        let schema = Schema::built_in();
        let memo = Memo::default();
        let nano = Duration::from_nanos(1).unwrap();
        let mut instants: Vec<Timestamp> = turns(directory).unwrap().to_vec();
        instants =
            instants.iter().flat_map(|at| [at.checked_sub(nano), Some(*at)]).flatten().collect();
        instants.push(Timestamp::parse("2026-03-02T15:00:00Z").unwrap());
        let names = ["Hubtype", "Twilio Inc.", "Twillio", "Acme", "twilio.com", "Evolution API"];
        let domains = [None, Some("hubtype.com"), Some("twilio.com"), Some("shop.example")];
        let endpoints = [
            None,
            Some("https://graph.facebook.com/v23.0"),
            Some("http://waha:3000"),
            Some("twillio.com"),
        ];
        let text = |text: &str| Fact::Value(Value::string(text));
        let (mut chance, mut kept) = (7_u64, 0);
        let mut below = |end: usize| {
            chance = chance
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (chance >> 33) as usize % end
        };
        for number in 0..1500 {
            let mut facts = Facts::new(&schema, instants[below(instants.len())]);
            facts.replace(id::PROVIDER_NAME, text(names[below(names.len())]));
            facts.replace(id::PROVIDER_ID, [Fact::Absent, Fact::Unknown][below(2)].clone());
            facts.replace(
                id::PROVIDER_ROLE,
                [Fact::Unknown, text("self"), text("solution_partner"), text("reseller")][below(4)]
                    .clone(),
            );
            if let Some(domain) = domains[below(4)] {
                facts.replace(id::PROVIDER_DOMAIN, text(domain));
            }
            if let Some(endpoint) = endpoints[below(4)] {
                facts.replace(id::ACCESS_ENDPOINT, text(endpoint));
            }
            if below(2) == 0 {
                let link = vec![Fact::Unknown, text(names[below(names.len())])];
                let links = if below(3) == 0 { Vec::new() } else { vec![link] };
                facts.set_collection(id::INTERMEDIARIES, links).unwrap();
            }
            if below(3) == 0 {
                let clients = [Value::string("npm:baileys"), Value::string("npm:x")];
                facts.replace(id::ACCESS_CLIENTS, Fact::Value(Value::List(clients.into())));
            }
            let found = resolve(&facts, &[], directory, catalogue, &Wanted::ALL);
            let known = (directory, catalogue);
            let with = resolve_with(&facts, &[], known, &Wanted::ALL, Some(&memo));
            for (id, attribute) in schema.iter() {
                assert_eq!(found.fact(id), with.fact(id), "{}", attribute.path);
                assert_eq!(found.code(id), with.code(id), "{}", attribute.path);
                assert_eq!(found.causes(id), with.causes(id), "{}", attribute.path);
            }
            kept += usize::from(hash(&facts).is_some());
            // Each attribute by itself is what it is among all.
            for row in DERIVATIONS.iter().filter(|_| number % 30 == 0) {
                let alone = Wanted::those(|id| id == row.id);
                let alone = resolve(&facts, &[], directory, catalogue, &alone);
                let path = &schema.attribute(row.id).path;
                assert_eq!(alone.fact(row.id), found.fact(row.id), "{path}");
            }
        }
        assert!(kept > 1000);
        assert!(memo.kept.iter().any(|place| place.get().is_some()));
    }
}
