//! What was found before of whom?
//!
//! What a name comes to in normal form, whether it lists several firms and whom it imitates does
//! not change with the instant, and is most of the work of a look-up. Whoever tries many cases of
//! one campaign asks of the same few again and again. A directory keeps it of the first of them; it
//! never changes and is never dropped, so that whoever looks waits for nobody, and whoever comes
//! when all places are taken works it out.

use std::sync::OnceLock;

use super::asked::{Asked, Given, Identity};
use super::index::hash_bytes;
use super::list::Directory;
use super::lookalike::{Lookalike, Reason};

/// Places, a power of two.
const PLACES: usize = 1024;
/// Places in which one may be.
const PROBES: usize = 8;
/// What is longer is not kept.
const BYTES_MAX: usize = 256;

/// What was found of each of some identities.
#[derive(Debug)]
pub(super) struct Known(Box<[OnceLock<Box<Findings>>]>);

/// What was found of one.
#[derive(Debug)]
struct Findings {
    id: Option<Box<str>>,
    name: Option<Box<str>>,
    domain: Option<Box<str>>,
    folded: Given,
    registrable: Given,
    names_several: OnceLock<bool>,
    /// The number of the provider.
    lookalike: OnceLock<Option<(u32, Vec<Reason>)>>,
}

impl Default for Known {
    fn default() -> Self {
        Self((0..PLACES).map(|_| OnceLock::new()).collect())
    }
}

impl Known {
    /// What is known of an identity; none where it is not kept.
    fn of(&self, who: &Identity<'_>) -> Option<&Findings> {
        let texts = || [who.id, who.name, who.domain];
        let bytes: usize = texts().into_iter().flatten().map(str::len).sum();
        if bytes > BYTES_MAX {
            return None;
        }
        // No text has a byte 255, so that texts are told apart where they end.
        let written = texts().into_iter().flat_map(|text| {
            let bytes = text.unwrap_or_default().bytes();
            bytes.chain([if text.is_some() { 0xff } else { 0xfe }])
        });
        let start = hash_bytes(written) as usize;
        for step in 0..PROBES {
            let place = self.0.get(start.wrapping_add(step) & (PLACES - 1))?;
            // Where another comes first, it may be of somebody else.
            let found = place.get_or_init(|| Box::new(Findings::new(who)));
            if found.is_of(who) {
                return Some(found);
            }
        }
        None
    }
}

impl Findings {
    fn new(who: &Identity<'_>) -> Self {
        let Asked { name, domain, .. } = Asked::new(who);
        Self {
            id: who.id.map(Into::into),
            name: who.name.map(Into::into),
            domain: who.domain.map(Into::into),
            folded: name,
            registrable: domain,
            names_several: OnceLock::new(),
            lookalike: OnceLock::new(),
        }
    }

    fn is_of(&self, who: &Identity<'_>) -> bool {
        self.id.as_deref() == who.id
            && self.name.as_deref() == who.name
            && self.domain.as_deref() == who.domain
    }
}

impl Directory {
    /// An identity in normal form.
    pub(super) fn asked<'a>(&self, who: &Identity<'a>) -> Asked<'a> {
        let Some(known) = self.known.of(who) else { return Asked::new(who) };
        Asked {
            id: who.id,
            name: known.folded.clone(),
            domain: known.registrable.clone(),
            identity: *who,
        }
    }

    /// Whether a name lists several providers, and is not one provider's own.
    pub(crate) fn names_several(&self, name: &str) -> bool {
        match self.known.of(&Identity { name: Some(name), ..Identity::default() }) {
            Some(known) => *known.names_several.get_or_init(|| self.lists_several(name)),
            None => self.lists_several(name),
        }
    }

    /// The provider that an identity imitates, which no entry is of.
    pub(super) fn lookalike(&self, asked: &Asked<'_>) -> Option<Lookalike<'_>> {
        let Some(known) = self.known.of(&asked.identity).filter(|known| {
            // Somebody may ask for less than the identity says.
            known.folded == asked.name && known.registrable == asked.domain
        }) else {
            return self.imitated(asked);
        };
        let found = known.lookalike.get_or_init(|| {
            let Lookalike { of, reasons } = self.imitated(asked)?;
            Some((self.number_of(of)?, reasons))
        });
        let (of, reasons) = found.as_ref()?;
        Some(Lookalike { of: self.at(*of)?, reasons: reasons.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_what_is_found_anew() {
        let directory = Directory::built_in().unwrap();
        let at = directory.retrieved_at();
        let names = ["Twilio", "Twillio", "Twilio, Infobip", "Acme", "unknown", "Hubtype Inc.", ""];
        let domains =
            [None, Some("twilio.com"), Some("twilio.example"), Some("-"), Some("acme.es")];
        for round in 0..3 {
            for name in names {
                for domain in domains {
                    for id in [None, Some("twilio")] {
                        let who = Identity { id, name: Some(name), domain };
                        // One that was asked for nothing before.
                        let anew = Directory::from_json(super::super::list::SAMPLE).unwrap();
                        let say = |directory: &Directory| {
                            let several = directory.names_several(name);
                            format!("{:?} {several}", directory.find(&who, at))
                        };
                        assert_eq!(say(&directory), say(&anew), "round {round}: {who:?}");
                    }
                }
            }
        }
        // More than there are places for.
        for number in 0..3 * PLACES {
            let name = format!("Twilio {number}");
            let who = Identity { name: Some(&name), ..Identity::default() };
            assert_eq!(directory.asked(&who).name, Asked::new(&who).name);
        }
    }
}
