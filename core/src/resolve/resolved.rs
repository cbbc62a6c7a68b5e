//! All that is known of one case.

use std::sync::Arc;

use super::case::Case;
use super::causes::Known;
use super::derivations::{self, DERIVATIONS, Dated, Derivation};
use super::lookup::Link;
use super::memo::Memo;
use super::wanted::{Wanted, is_open_listing};
use crate::clients::Catalogue;
use crate::directory::Directory;
use crate::facts::Facts;
use crate::pack::Pack;
use crate::program::{Identity, Program};
use crate::schema::attributes as id;
use crate::schema::{AttributeId, CODE_UNKNOWN, Code};
use crate::value::Fact;

/// All that is known of one case: what was given and what follows.
#[derive(Clone, Debug)]
pub struct Resolved<'a> {
    facts: &'a Facts,
    /// In the order of [`DERIVATIONS`].
    pub(super) derived: [Fact; DERIVATIONS.len()],
    /// The code of every attribute, as rules see it.
    pub(super) codes: Vec<Code>,
    links: Vec<Link>,
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

/// Derives what is wanted from the facts, the ladders of the packs, the directory, the catalogue of
/// clients and `send_at`; the rest stays unknown.
pub fn resolve<'a>(
    facts: &'a Facts,
    packs: &[Arc<Pack>],
    directory: &Directory,
    catalogue: &Catalogue,
    wanted: &Wanted,
) -> Resolved<'a> {
    resolve_with(facts, packs, (directory, catalogue), wanted, None)
}

/// As [`resolve`], with what was kept of those who carry the messages.
pub(crate) fn resolve_with<'a>(
    facts: &'a Facts,
    packs: &[Arc<Pack>],
    (directory, catalogue): (&Directory, &Catalogue),
    wanted: &Wanted,
    memo: Option<&Memo>,
) -> Resolved<'a> {
    let mut derived = [const { Fact::Unknown }; DERIVATIONS.len()];
    let schema = facts.schema();
    let mut codes = facts.codes().to_vec();
    let mut rest = *wanted;
    // Of those that are never given the code is that of what is unknown already, and what callers
    // give is what it is.
    for place in Wanted::GIVEN_OR_DERIVED.places() {
        let Some(row) = DERIVATIONS.get(place) else { continue };
        let (Some(code), Some(slot)) = (codes.get_mut(row.id.index()), derived.get_mut(place))
        else {
            continue;
        };
        match facts.fact(row.id) {
            given @ Fact::Value(_) if wanted.has(place) => {
                slot.clone_from(given);
                rest = rest.without(Wanted::one(place));
            }
            _ => *code = CODE_UNKNOWN,
        }
    }
    let mut links = Vec::new();
    let kept = memo.filter(|_| rest.any(Wanted::OF_CARRIERS)).and_then(|memo| {
        let needs = Wanted::OF_CARRIERS.needs();
        memo.of(facts, directory, || Case::new(facts, packs, directory, catalogue, needs, None))
    });
    if let Some(kept) = kept {
        for (place, fact, code) in &kept.derived {
            let place = usize::from(*place);
            let row = DERIVATIONS.get(place).filter(|_| rest.has(place));
            let known = row.and_then(|row| codes.get_mut(row.id.index()));
            if let (Some(known), Some(slot)) = (known, derived.get_mut(place)) {
                slot.clone_from(fact);
                *known = *code;
            }
        }
        links.clone_from(&kept.links);
        rest = rest.without(Wanted::OF_CARRIERS);
    }
    let case = Case::new(facts, packs, directory, catalogue, rest.needs(), None);
    for place in rest.places() {
        let (Some(row), Some(fact)) = (DERIVATIONS.get(place), derived.get_mut(place)) else {
            continue;
        };
        *fact = (row.derive)(&case);
        if let Some(code) = codes.get_mut(row.id.index())
            && !is_open_listing(row.id, fact)
        {
            *code = schema.attribute(row.id).code(fact);
        }
    }
    links.extend(case.links.into_iter().flatten());
    Resolved { facts, derived, codes, links, rows: None }
}

/// One derived attribute alone; unknown for one that is not derived.
#[cfg(feature = "screen")]
pub(crate) fn derived(
    facts: &Facts,
    packs: &[Arc<Pack>],
    directory: &Directory,
    catalogue: &Catalogue,
    attribute: AttributeId,
) -> Fact {
    derivations::of(attribute).map_or(Fact::Unknown, |row| {
        (row.derive)(&Case::new(facts, packs, directory, catalogue, row.basis.needs, None))
    })
}

impl<'a> Resolved<'a> {
    /// What is known of an attribute, given or derived.
    ///
    /// A `provider.listing` that the directory cannot tell is the value `unknown` here; see
    /// [`Self::for_rules`].
    pub fn fact(&self, id: AttributeId) -> &Fact {
        self.derived.get(derivations::place(id)).unwrap_or_else(|| self.facts.fact(id))
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

    /// The codes of all attributes, as rules see them.
    pub(crate) fn codes(&self) -> &[Code] {
        &self.codes
    }

    /// Takes what follows from names that are not known any more as it was found when they were;
    /// what is not derived is left as it is. To be called before [`Self::placed`].
    pub(crate) fn with_derived(mut self, derived: &[(AttributeId, Fact)]) -> Self {
        let schema = self.facts.schema();
        for (id, fact) in derived {
            let slot = self.derived.get_mut(derivations::place(*id));
            let (Some(slot), Some(code)) = (slot, self.codes.get_mut(id.index())) else { continue };
            *code = schema.attribute(*id).code(fact);
            *slot = fact.clone();
        }
        self
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

    /// The given members, by path and each once, whose telling could settle an attribute that is
    /// unknown; none for one that is known, and none where it is not the caller who does not know:
    /// a directory that cannot tell, a number that the plan does not have.
    ///
    /// Paths are as in the document: `account.quality`, `account.restrictions[0].until`.
    pub fn causes(&self, attribute: AttributeId) -> Vec<String> {
        if !self.for_rules(attribute).is_unknown() {
            return Vec::new();
        }
        let path = |given: AttributeId| self.facts.schema().attribute(given).path.to_string();
        let Some(Derivation { basis, .. }) = derivations::of(attribute) else {
            return vec![path(attribute)];
        };
        let mut paths = basis.causes.paths(&Known {
            facts: self.facts,
            links: &self.links,
            own: self.fact(attribute),
            listing: self.fact(id::PROVIDER_LISTING),
        });
        if self.facts.send_at().is_none() && matches!(basis.dated, Dated::BySendAt(_)) {
            paths.push(path(id::SEND_AT));
        }
        paths.sort_unstable();
        paths.dedup();
        paths
    }

    /// The facts as given.
    pub const fn facts(&self) -> &'a Facts {
        self.facts
    }
}
