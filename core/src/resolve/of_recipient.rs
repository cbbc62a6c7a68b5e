//! What follows of one recipient after the other, over what was found of their campaign?
//!
//! With the campaign known, what follows from it is known too, and so is what follows of a recipient
//! of whom nothing is given. Of another only that is derived which follows from what is given.

use std::sync::Arc;

use super::case::Case;
use super::derivations::{self, DERIVATIONS};
use super::resolved::{Wanted, is_open_listing, resolve};
use super::whereabouts::ClocksRead;
use crate::clients::Catalogue;
use crate::directory::Directory;
use crate::facts::Facts;
use crate::pack::Pack;
use crate::schema::{AttributeId, CODE_UNKNOWN, Code, Schema};
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

/// What follows of one recipient, with room that is used again.
#[derive(Clone, Debug)]
pub struct Derived {
    /// What was derived anew, and of it what it came to.
    anew: Wanted,
    facts: Vec<Fact>,
    /// The attributes of which another thing is known than of a recipient of whom nothing is given.
    moved: Vec<AttributeId>,
}

impl Default for Derived {
    fn default() -> Self {
        Self {
            anew: Wanted::NONE,
            facts: vec![Fact::Unknown; DERIVATIONS.len()],
            moved: Vec::new(),
        }
    }
}

/// All that is known of one recipient of a campaign.
#[derive(Clone, Copy, Debug)]
pub struct OfRecipient<'a> {
    facts: &'a Facts,
    campaign: &'a OfCampaign,
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
        let Derived { anew, facts: known, moved } = derived;
        moved.clear();
        *anew = Wanted::NONE;
        for id in given {
            *anew = anew.or(self.following.get(id.index()).copied().unwrap_or(Wanted::NONE));
            // One that may be derived is what its derivation says.
            if derivations::of(*id).is_none() {
                moved.push(*id);
            }
        }
        let clocks = Some(&self.clocks);
        let case = Case::new(facts, packs, directory, catalogue, anew.needs(), clocks);
        for place in anew.places() {
            let (Some(row), Some(fact), Some(before)) =
                (DERIVATIONS.get(place), known.get_mut(place), self.derived.get(place))
            else {
                continue;
            };
            *fact = (row.derive)(&case);
            if fact != before {
                moved.push(row.id);
            }
        }
        OfRecipient { facts, campaign: self, derived }
    }

    /// What is known where nothing is given of a recipient.
    pub fn without_recipient<'a>(
        &'a self,
        facts: &'a Facts,
        derived: &'a mut Derived,
    ) -> OfRecipient<'a> {
        derived.moved.clear();
        derived.anew = Wanted::NONE;
        OfRecipient { facts, campaign: self, derived }
    }
}

impl<'a> OfRecipient<'a> {
    /// What rules may take for known of an attribute, given or derived.
    pub fn for_rules(&self, id: AttributeId) -> &'a Fact {
        let place = derivations::place(id);
        let derived = if self.derived.anew.has(place) {
            self.derived.facts.get(place)
        } else {
            self.campaign.derived.get(place)
        };
        let fact = derived.unwrap_or_else(|| self.facts.fact(id));
        if is_open_listing(id, fact) { &Fact::Unknown } else { fact }
    }

    /// The code of an attribute, as rules see it.
    #[inline]
    pub fn code(&self, schema: &Schema, id: AttributeId) -> Code {
        let place = derivations::place(id);
        if place >= DERIVATIONS.len() {
            return self.facts.codes().get(id.index()).copied().unwrap_or(CODE_UNKNOWN);
        }
        if self.derived.anew.has(place) {
            return schema.attribute(id).code(self.for_rules(id));
        }
        self.campaign.codes.get(id.index()).copied().unwrap_or(CODE_UNKNOWN)
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
