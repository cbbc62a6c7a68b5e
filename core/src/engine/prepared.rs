//! A campaign, judged for one recipient after another.

use super::judgement::Judgement;
use super::parts::{Engine, Parts};
use crate::facts::{Facts, FactsError};
use crate::matching::Remaining;
use crate::resolve::{self, Derived, OfCampaign};
use crate::schema::{Attribute, AttributeId, Origin, Scope};
use crate::value::Value;

/// A campaign of which all that follows for every recipient alike was worked out: what the
/// directory says of the provider, what restricts the account, which period a date lies in, and
/// which rules are settled before anything is known of a recipient. Made by [`Engine::prepare`];
/// never changes, and may be shared by threads.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub(super) engine: Engine,
    campaign: Facts,
    pub(super) derived: OfCampaign,
    /// None where the engine's own table serves better.
    pub(super) remaining: Option<Remaining>,
    /// Whatever may be given of a recipient.
    of_recipients: Vec<AttributeId>,
}

/// A recipient of a prepared campaign, about whom nothing is known at first.
///
/// One that is filled again and again ([`Recipient::clear`]) uses its memory again.
#[derive(Clone, Debug)]
pub struct Recipient<'p> {
    prepared: &'p Prepared,
    facts: Facts,
    changed: Vec<AttributeId>,
    /// By attribute, whether it is among them.
    is_changed: Vec<bool>,
}

impl Engine {
    /// Works out what is the same for all recipients of a campaign, so that judging them one by one
    /// does not. For many at once, [`Self::screen`](Engine::screen) is faster still.
    ///
    /// # Errors
    /// Facts that were made for another engine, that do not say when the message is sent, or that
    /// have a recipient already.
    ///
    /// ```
    /// use cleartosend::{Engine, Facts, Judgement, Verdict};
    /// use cleartosend::schema::attributes as id;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let engine = Engine::built_in()?;
    /// let campaign = br#"{"send_at": "2026-03-02T15:00:00Z",
    ///     "campaign": {"initiated_by": "business", "category": "marketing"}}"#;
    /// let campaign = engine.prepare(&Facts::from_json(engine.schema(), campaign)?)?;
    /// let mut recipient = campaign.recipient();
    /// let mut judgement = Judgement::new();
    /// for (phone, opted_out) in [("+34600000000", true), ("+34600000001", false)] {
    ///     recipient.clear();
    ///     recipient.set_text(id::RECIPIENT_PHONE, phone)?;
    ///     recipient.set(id::RECIPIENT_OPTED_OUT, opted_out)?;
    ///     recipient.judge_into(&mut judgement)?;
    ///     assert_eq!(judgement.verdict() == Verdict::Deny, opted_out);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn prepare(&self, campaign: &Facts) -> Result<Prepared, FactsError> {
        campaign.ready_for(self.schema())?;
        if campaign.scope() == Scope::Recipient {
            return Err(FactsError::recipient_in_campaign());
        }
        let mut campaign = campaign.clone();
        campaign.with_recipient();
        let Parts { program, directory, catalogue, order, in_conditions, .. } = &*self.0;
        let derived =
            OfCampaign::new(&campaign, program.packs(), directory, catalogue, in_conditions);
        let schema = self.schema();
        let varies = |id: AttributeId| {
            let attribute = schema.attribute(id);
            let scope = if is_told(attribute) { Scope::Recipient } else { Scope::Campaign };
            resolve::is_of_recipient(id, scope)
        };
        let mut room = Derived::default();
        let unknown = derived.without_recipient(&campaign, &mut room);
        let remaining = Remaining::of(program, order, &unknown, varies);
        let told = schema.iter().filter(|(_, attribute)| is_told(attribute)).map(|(id, _)| id);
        Ok(Prepared {
            engine: self.clone(),
            of_recipients: told.collect(),
            campaign,
            derived,
            remaining,
        })
    }
}

/// Whether a recipient may tell an attribute: one of a recipient, or of the caller's own.
fn is_told(attribute: &Attribute) -> bool {
    attribute.origin != Origin::Derived
        && (attribute.scope == Scope::Recipient || attribute.path.starts_with("x."))
}

impl Prepared {
    /// A recipient about whom nothing is known yet.
    pub fn recipient(&self) -> Recipient<'_> {
        Recipient {
            prepared: self,
            facts: self.campaign.clone(),
            changed: Vec::new(),
            is_changed: vec![false; self.campaign.schema().len()],
        }
    }
}

impl Recipient<'_> {
    /// Says what an attribute's value is: one of a recipient, or of the caller's own.
    ///
    /// # Errors
    /// As [`Facts::set`]; an attribute of the campaign.
    pub fn set(&mut self, id: AttributeId, value: impl Into<Value>) -> Result<(), FactsError> {
        self.tells(id)?;
        self.facts.set(id, value)
    }

    /// As [`Self::set`] with a text, which is not copied where the schema has one like it.
    ///
    /// # Errors
    /// As [`Self::set`].
    pub fn set_text(&mut self, id: AttributeId, text: &str) -> Result<(), FactsError> {
        self.tells(id)?;
        self.facts.set_text(id, text)
    }

    /// Says that an attribute has no value.
    ///
    /// # Errors
    /// As [`Facts::set_null`]; an attribute of the campaign.
    pub fn set_null(&mut self, id: AttributeId) -> Result<(), FactsError> {
        self.tells(id)?;
        self.facts.set_null(id)
    }

    /// Clears all that was set, for the next recipient.
    pub fn clear(&mut self) {
        for id in self.changed.drain(..) {
            self.facts.copy(id, &self.prepared.campaign);
            self.is_changed.get_mut(id.index()).into_iter().for_each(|is| *is = false);
        }
    }

    /// What is known of the recipient and the campaign.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Judges the campaign for this recipient, as [`Engine::judge`] does.
    ///
    /// # Errors
    /// None today; as [`Engine::judge`].
    pub fn judge(&self) -> Result<Judgement, FactsError> {
        let mut judgement = Judgement::new();
        self.judge_into(&mut judgement)?;
        Ok(judgement)
    }

    /// As [`Self::judge`], into a judgement that there is already.
    ///
    /// # Errors
    /// As [`Self::judge`].
    pub fn judge_into(&self, judgement: &mut Judgement) -> Result<(), FactsError> {
        // What is kept apart of recipients may be of any attribute.
        let changed = match self.facts.has_marks() {
            true => &self.prepared.of_recipients,
            false => &self.changed,
        };
        judgement.fill_prepared(self.prepared, &self.facts, changed)
    }

    fn tells(&mut self, id: AttributeId) -> Result<(), FactsError> {
        let schema = self.facts.schema();
        if id.index() < schema.len() {
            let attribute = schema.attribute(id);
            if attribute.scope != Scope::Recipient && !attribute.path.starts_with("x.") {
                return Err(FactsError::not_of_recipient(&attribute.path));
            }
            if let Some(is_changed) = self.is_changed.get_mut(id.index())
                && !std::mem::replace(is_changed, true)
            {
                self.changed.push(id);
            }
        }
        Ok(())
    }
}

impl Judgement {
    /// As `fill`, of a recipient of a prepared campaign. `given` are the attributes of which
    /// the facts may say something else than the campaign does.
    pub(super) fn fill_prepared(
        &mut self,
        prepared: &Prepared,
        facts: &Facts,
        given: &[AttributeId],
    ) -> Result<(), FactsError> {
        self.fill_with(&prepared.engine, facts, |this, facts| {
            let parts: &Parts = &prepared.engine.0;
            let Parts { program, directory, catalogue, order, .. } = parts;
            let known = (program.packs(), &**directory, &**catalogue);
            let case = prepared.derived.of_recipient(facts, given, known, &mut this.derived);
            match &prepared.remaining {
                Some(remaining) => {
                    this.judged.fill_remaining(program, order, remaining, &case);
                }
                None => this.judged.fill(program, order, &case),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::attributes as id;
    use crate::value::Fact;

    const CAMPAIGNS: [&str; 3] = [
        r#"{"send_at": "2026-03-02T15:00:00Z"}"#,
        r#"{"send_at": "2026-03-02T15:00:00Z", "provider": {"name": "Acme", "role": "reseller"},
            "intermediaries": [], "account": {"id": "1", "country": "ES", "restrictions": []},
            "campaign": {"initiated_by": "business", "category": "marketing"}}"#,
        r#"{"send_at": "2019-03-02T15:00:00Z", "campaign": {"category": "utility"}}"#,
    ];

    #[test]
    fn a_prepared_campaign_is_judged_as_any_other() {
        let engine = Engine::builder().built_in_pack("messaging-law").build().unwrap();
        for document in CAMPAIGNS {
            let campaign = Facts::from_json(engine.schema(), document.as_bytes()).unwrap();
            let prepared = engine.prepare(&campaign).unwrap();
            let mut recipient = prepared.recipient();
            let mut judgement = Judgement::new();
            for round in 0..200_u32 {
                recipient.clear();
                let mut facts = campaign.clone();
                facts.with_recipient();
                let texts = [
                    (id::RECIPIENT_PHONE, ["+34600000000", "+12125550123", "+5511900000000"]),
                    (id::RECIPIENT_OPT_IN, ["given", "none", "given"]),
                    (id::RECIPIENT_COUNTRY, ["ES", "US", "IN"]),
                    (
                        id::RECIPIENT_TIME_ZONE,
                        ["Europe/Madrid", "America/New_York", "Asia/Kolkata"],
                    ),
                ];
                let mut chance = round.wrapping_mul(0x9e37_79b9) ^ 0x5bd1_e995;
                for (id, choices) in texts {
                    chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    match chance >> 29 {
                        place @ 0..3 => {
                            recipient.set_text(id, choices[place as usize]).unwrap();
                            facts.set_text(id, choices[place as usize]).unwrap();
                        }
                        3 => {
                            let same = recipient.set_null(id).is_ok();
                            assert_eq!(facts.set_null(id).is_ok(), same);
                        }
                        _ => {}
                    }
                }
                for (place, id) in [id::RECIPIENT_OPTED_OUT, id::RECIPIENT_OPT_IN_NAMES_WHATSAPP]
                    .into_iter()
                    .enumerate()
                {
                    if chance >> (8 + place) & 1 == 1 {
                        recipient.set(id, chance >> (16 + place) & 1 == 1).unwrap();
                        facts.set(id, chance >> (16 + place) & 1 == 1).unwrap();
                    }
                }
                recipient.judge_into(&mut judgement).unwrap();
                let expected = engine.judge(&facts).unwrap();
                assert_eq!(judgement.verdict(), expected.verdict(), "round {round}");
                assert!(judgement.rules().eq(expected.rules()), "round {round}: {document}");
            }
        }
    }

    #[test]
    fn a_recipient_tells_nothing_of_the_campaign() {
        let engine = Engine::built_in().unwrap();
        let campaign = Facts::from_json(engine.schema(), CAMPAIGNS[0].as_bytes()).unwrap();
        let prepared = engine.prepare(&campaign).unwrap();
        let mut recipient = prepared.recipient();
        let problem = recipient.set_text(id::CAMPAIGN_CATEGORY, "marketing").unwrap_err();
        assert_eq!(problem.code(), "facts/not-of-recipient");
        recipient.set_text(id::RECIPIENT_PHONE, "+34600000000").unwrap();
        assert_eq!(
            engine.prepare(recipient.facts()).unwrap_err().code(),
            "facts/recipient-in-campaign"
        );
        recipient.clear();
        assert!(recipient.facts().fact(id::RECIPIENT_PHONE).is_unknown());
        assert_eq!(*recipient.facts().fact(id::SEND_AT), *campaign.fact(id::SEND_AT));
        assert_ne!(*recipient.facts().fact(id::SEND_AT), Fact::Unknown);
    }
}
