//! What follows of one recipient after the other, over what was found of their campaign?
//!
//! With the campaign known, what follows from it is known too, and so is what follows of a recipient
//! of whom nothing is given. Of another only that is derived which follows from what is given.

use std::sync::Arc;

use super::case::Case;
use super::derivations::{self, DERIVATIONS};
use super::memo::Memo;
use super::resolved::resolve;
use super::wanted::{Wanted, is_open_listing};
use super::whereabouts::ClocksRead;
use crate::clients::Catalogue;
use crate::directory::Directory;
use crate::facts::Facts;
use crate::pack::Pack;
use crate::schema::{AttributeId, CODE_UNKNOWN, Code};
use crate::value::Fact;

/// What follows from a campaign, and of a recipient of whom nothing is given.
#[derive(Clone, Debug)]
pub struct OfCampaign {
    derived: [Fact; DERIVATIONS.len()],
    /// Of all attributes, as rules see them.
    codes: Vec<Code>,
    /// By attribute, what of that which is wanted follows from it.
    following: Vec<Wanted>,
    /// What clocks show at the instant of sending.
    clocks: ClocksRead,
}

/// What follows of one case, with room that is used again.
#[derive(Clone, Debug)]
pub struct Derived {
    /// What was derived of this case, and of it what it came to, with the code that rules see.
    anew: Wanted,
    facts: Vec<Fact>,
    /// By attribute: of a case that is no recipient's of a campaign that is known, all codes.
    codes: Vec<Code>,
    /// The attributes of which another thing is known than of a recipient of whom nothing is given.
    moved: Vec<AttributeId>,
}

impl Default for Derived {
    fn default() -> Self {
        Self {
            anew: Wanted::NONE,
            facts: vec![Fact::Unknown; DERIVATIONS.len()],
            codes: Vec::new(),
            moved: Vec::new(),
        }
    }
}

impl Derived {
    /// Derives those places; whether each is another than before is told to `note`.
    fn derive(&mut self, case: &Case<'_>, wanted: Wanted, mut note: impl FnMut(usize, &Fact)) {
        let schema = case.facts.schema();
        self.anew = self.anew.or(wanted);
        for place in wanted.places() {
            let (Some(row), Some(fact)) = (DERIVATIONS.get(place), self.facts.get_mut(place))
            else {
                continue;
            };
            let Some(code) = self.codes.get_mut(row.id.index()) else { continue };
            *fact = (row.derive)(case);
            *code = match is_open_listing(row.id, fact) {
                true => CODE_UNKNOWN,
                false => schema.attribute(row.id).code(fact),
            };
            note(place, fact);
        }
    }

    /// Derives what is wanted of a case, with what was kept of those who carry the messages.
    pub(crate) fn of_case<'a>(
        &'a mut self,
        facts: &'a Facts,
        packs: &[Arc<Pack>],
        (directory, catalogue): (&Directory, &Catalogue),
        wanted: Wanted,
        memo: &Memo,
    ) -> OfRecipient<'a> {
        self.anew = Wanted::NONE;
        self.moved.clear();
        let mut rest = wanted;
        self.codes.clear();
        self.codes.extend_from_slice(facts.codes());
        // What callers give is what it is, where anything asks for it.
        for place in Wanted::GIVEN_OR_DERIVED.places() {
            let (Some(row), Some(slot)) = (DERIVATIONS.get(place), self.facts.get_mut(place))
            else {
                continue;
            };
            match facts.fact(row.id) {
                given @ Fact::Value(_) if wanted.has(place) => {
                    slot.clone_from(given);
                    let one = Wanted::one(place);
                    self.anew = self.anew.or(one);
                    rest = rest.without(one);
                }
                _ => {
                    let code = self.codes.get_mut(row.id.index());
                    code.into_iter().for_each(|code| *code = CODE_UNKNOWN);
                }
            }
        }
        if rest.any(Wanted::OF_CARRIERS) {
            let needs = Wanted::OF_CARRIERS.needs();
            let kept = memo.of(facts, directory, || {
                Case::new(facts, packs, directory, catalogue, needs, None)
            });
            for (place, fact, code) in kept.into_iter().flat_map(|kept| &kept.derived) {
                let place = usize::from(*place);
                let row = DERIVATIONS.get(place).filter(|_| rest.has(place));
                let known = row.and_then(|row| self.codes.get_mut(row.id.index()));
                if let (Some(known), Some(slot)) = (known, self.facts.get_mut(place)) {
                    slot.clone_from(fact);
                    *known = *code;
                }
            }
            if kept.is_some() {
                self.anew = self.anew.or(rest.and(Wanted::OF_CARRIERS));
                rest = rest.without(Wanted::OF_CARRIERS);
            }
        }
        let case = Case::new(facts, packs, directory, catalogue, rest.needs(), None);
        self.derive(&case, rest, |_, _| {});
        OfRecipient { facts, campaign: None, derived: self }
    }
}

/// All that is known of one case, of a recipient of a campaign that is known or of any.
#[derive(Clone, Copy, Debug)]
pub struct OfRecipient<'a> {
    facts: &'a Facts,
    campaign: Option<&'a OfCampaign>,
    derived: &'a Derived,
}

impl OfCampaign {
    /// Derives what is wanted of a campaign with a recipient of whom nothing is given.
    pub fn new(
        campaign: &Facts,
        packs: &[Arc<Pack>],
        directory: &Directory,
        catalogue: &Catalogue,
        wanted: &Wanted,
    ) -> Self {
        let resolved = resolve(campaign, packs, directory, catalogue, wanted);
        let given = campaign.schema().iter();
        Self {
            following: given.map(|(id, _)| wanted.following(id)).collect(),
            derived: resolved.derived,
            codes: resolved.codes,
            clocks: ClocksRead::new(),
        }
    }

    /// Derives what is wanted of a recipient. Facts must say of the campaign what they said then;
    /// `given` are the attributes of which they may say something else.
    pub fn of_recipient<'a>(
        &'a self,
        facts: &'a Facts,
        given: &[AttributeId],
        (packs, directory, catalogue): (&[Arc<Pack>], &Directory, &Catalogue),
        derived: &'a mut Derived,
    ) -> OfRecipient<'a> {
        derived.codes.resize(self.codes.len(), CODE_UNKNOWN);
        let mut moved = std::mem::take(&mut derived.moved);
        moved.clear();
        derived.anew = Wanted::NONE;
        let mut wanted = Wanted::NONE;
        for id in given {
            wanted = wanted.or(self.following.get(id.index()).copied().unwrap_or(Wanted::NONE));
            // One that may be derived is what its derivation says.
            if derivations::of(*id).is_none() {
                moved.push(*id);
            }
        }
        let clocks = Some(&self.clocks);
        let case = Case::new(facts, packs, directory, catalogue, wanted.needs(), clocks);
        derived.derive(&case, wanted, |place, fact| {
            let row = DERIVATIONS.get(place).filter(|_| self.derived.get(place) != Some(fact));
            moved.extend(row.map(|row| row.id));
        });
        derived.moved = moved;
        OfRecipient { facts, campaign: Some(self), derived }
    }

    /// What is known where nothing is given of a recipient.
    pub fn without_recipient<'a>(
        &'a self,
        facts: &'a Facts,
        derived: &'a mut Derived,
    ) -> OfRecipient<'a> {
        derived.moved.clear();
        derived.anew = Wanted::NONE;
        OfRecipient { facts, campaign: Some(self), derived }
    }
}

impl<'a> OfRecipient<'a> {
    /// What rules may take for known of an attribute, given or derived.
    pub fn for_rules(&self, id: AttributeId) -> &'a Fact {
        let place = derivations::place(id);
        if place >= DERIVATIONS.len() {
            return self.facts.fact(id);
        }
        let known = match self.derived.anew.has(place) {
            true => self.derived.facts.get(place),
            false => self.campaign.and_then(|campaign| campaign.derived.get(place)),
        };
        known.filter(|fact| !is_open_listing(id, fact)).unwrap_or(&Fact::Unknown)
    }

    /// The code of an attribute, as rules see it.
    #[inline]
    pub fn code(&self, id: AttributeId) -> Code {
        let code = match self.campaign {
            None => self.derived.codes.get(id.index()),
            Some(campaign) => {
                let place = derivations::place(id);
                if place >= DERIVATIONS.len() {
                    self.facts.codes().get(id.index())
                } else if self.derived.anew.has(place) {
                    self.derived.codes.get(id.index())
                } else {
                    campaign.codes.get(id.index())
                }
            }
        };
        code.copied().unwrap_or(CODE_UNKNOWN)
    }

    /// The attributes, given or derived, of which another thing is known than of a recipient of whom
    /// nothing is given.
    pub fn moved(&self) -> &'a [AttributeId] {
        &self.derived.moved
    }

    /// The facts as given.
    pub const fn facts(&self) -> &'a Facts {
        self.facts
    }
}
