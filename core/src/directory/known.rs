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
use super::lookalike::reason::Reason;

/// Places, a power of two.
pub(super) const PLACES: usize = 1024;
/// Places in which one may be.
const PROBES: usize = 8;
/// What is longer is not kept.
const BYTES_MAX: usize = 256;

/// What was found of each of some identities.
#[derive(Debug)]
pub(super) struct Known(Box<[OnceLock<Box<Findings>>]>);

/// What was found of one.
#[derive(Debug)]
pub(super) struct Findings {
    id: Option<Box<str>>,
    name: Option<Box<str>>,
    domain: Option<Box<str>>,
    pub(super) folded: Given,
    pub(super) registrable: Given,
    pub(super) names_several: OnceLock<bool>,
    /// The number of the provider.
    pub(super) lookalike: OnceLock<Option<(u32, Vec<Reason>)>>,
}

impl Default for Known {
    fn default() -> Self {
        Self((0..PLACES).map(|_| OnceLock::new()).collect())
    }
}

impl Known {
    /// What is known of an identity; none where it is not kept.
    pub(super) fn of(&self, who: &Identity<'_>) -> Option<&Findings> {
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
