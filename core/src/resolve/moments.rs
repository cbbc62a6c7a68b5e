//! At which instants may what rules read become something else?

use std::collections::BTreeSet;
use std::sync::Arc;

use super::derivations::{DERIVATIONS, Dated};
use super::turns::{self, Turns};
use super::wanted::Wanted;
use crate::directory::Directory;
use crate::facts::Facts;
use crate::pack::Pack;
use crate::time::Timestamp;

/// The instants after one and before another at which some derived attribute of those wanted may
/// change, everything else as given. Of a time in minutes, only changes at `minutes` of the day count.
pub(crate) fn turns(
    facts: &Facts,
    packs: &[Arc<Pack>],
    directory: &Directory,
    wanted: Wanted,
    after: Timestamp,
    before: Timestamp,
    minutes: &BTreeSet<i64>,
) -> BTreeSet<Timestamp> {
    let rows = DERIVATIONS.iter().enumerate().filter(|(place, _)| wanted.has(*place));
    let kinds: BTreeSet<Turns> = rows
        .filter_map(|(_, row)| match row.basis.dated {
            Dated::BySendAt(turns) => Some(turns),
            Dated::AtAnyTime => None,
        })
        .collect();
    turns::instants(&kinds, facts, packs, directory, after, before, minutes)
}
