//! What does a summary rest on?

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::base::Base;
use crate::decide;
use crate::digest::Digest;

/// What a summary rests on, each by its digest: two summaries of one basis can be merged
/// ([`Summary::merge`](super::Summary::merge)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Basis {
    /// Over the facts of the campaign.
    pub campaign: Arc<str>,
    /// The packs, in stacking order.
    pub packs: Vec<BasisPack>,
    /// Over the waivers of packs and engine.
    pub waivers: Arc<str>,
    /// The directory's.
    pub directory: Arc<str>,
    /// Over the versions of all data that is compiled in.
    pub bundled: Arc<str>,
    /// The version of the engine.
    pub engine: Arc<str>,
}

/// A pack that a summary rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct BasisPack {
    /// Its name.
    pub name: Arc<str>,
    /// Its version.
    pub version: Arc<str>,
    /// The digest of its files.
    pub digest: Arc<str>,
}

/// For people: name, version and the beginning of the digest.
impl fmt::Display for BasisPack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({})", self.name, self.version, shortly(&self.digest))
    }
}

impl Basis {
    /// Of a campaign, before anything is given of a recipient.
    pub(super) fn of(base: &Base) -> Self {
        let text = |digest: Digest| Arc::from(digest.to_string());
        let packs = base.program.packs().iter().map(|pack| BasisPack {
            name: Arc::clone(&pack.name),
            version: pack.version.to_string().into(),
            digest: text(pack.digest),
        });
        let waivers = base.program.waivers().all().iter().map(|made| {
            let waiver = &made.waiver;
            // Lengths are hashed too, so that no two lists of waivers are written alike.
            let when = waiver.when.as_ref().map_or("", |when| &when.source);
            let parts = [
                &*waiver.pack,
                &waiver.rule,
                when,
                waiver.lower_to.name(),
                &waiver.reason,
                &waiver.by,
                &waiver.from.to_string(),
                &waiver.until.to_string(),
            ];
            Digest::of_parts(parts.map(|part| ("", part.as_bytes()))).to_string()
        });
        let waivers: String = waivers.collect();
        let bundled =
            base.stamp.bundled().iter().map(|(name, version)| (*name, version.as_bytes()));
        Self {
            campaign: text(Digest::of(&decide::facts_bytes(&base.facts))),
            packs: packs.collect(),
            waivers: text(Digest::of(waivers.as_bytes())),
            directory: text(base.directory.digest()),
            bundled: text(Digest::of_parts(bundled)),
            engine: decide::ENGINE.into(),
        }
    }

    /// What differs, in words; empty where nothing does.
    pub(super) fn differences(&self, other: &Self) -> Vec<String> {
        // Destructured, so that no part is forgotten.
        let Self { campaign, packs, waivers, directory, bundled, engine } = self;
        let list = |packs: &[BasisPack]| {
            packs.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        };
        let digest = |what: &str, one: &str, other: &str| {
            (one != other).then(|| format!("{what} ({} and {})", shortly(one), shortly(other)))
        };
        let of_packs = (*packs != other.packs)
            .then(|| format!("packs ({} and {})", list(packs), list(&other.packs)));
        let found = [
            digest("campaigns", campaign, &other.campaign),
            of_packs,
            digest("waivers", waivers, &other.waivers),
            digest("directories", directory, &other.directory),
            digest("bundled data", bundled, &other.bundled),
            digest("engines", engine, &other.engine),
        ];
        found.into_iter().flatten().collect()
    }
}

/// The beginning of a digest, by which people tell it from another.
fn shortly(digest: &str) -> String {
    const SHOWN: usize = "sha256:".len() + 12;
    crate::text::escaped(&digest.chars().take(SHOWN).collect::<String>()).into_owned()
}
