//! A verdict without findings.

use std::sync::Arc;

use super::parts::{Engine, Parts};
use crate::facts::{Facts, FactsError};
use crate::matching;
use crate::resolve::Derived;
use crate::verdict::{FindingVerdict, Status, Verdict};

/// The verdict on a case and the rules behind it, without texts.
///
/// One that is filled again and again ([`Engine::judge_into`]) uses its memory again.
#[derive(Clone, Debug, Default)]
pub struct Judgement {
    /// The engine that filled it; none before the first case, and after one that was refused.
    engine: Option<Engine>,
    pub(super) judged: matching::Judgement,
    /// Room for what follows of a recipient.
    pub(super) derived: Derived,
}

/// One rule that is violated or undetermined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JudgedRule<'a> {
    /// The name of the rule's pack.
    pub pack: &'a str,
    /// The rule's id.
    pub rule: &'a str,
    /// What it says.
    pub status: Status,
    /// What that means.
    pub verdict: FindingVerdict,
}

impl Judgement {
    /// One that is to be filled.
    pub fn new() -> Self {
        Self::default()
    }

    /// The verdict, as [`Decision::verdict`](crate::decide::Decision::verdict) has it; review where
    /// nothing was judged.
    pub fn verdict(&self) -> Verdict {
        self.engine
            .as_ref()
            .map_or(Verdict::Review, |Engine(parts)| self.judged.verdict(&parts.order))
    }

    /// The rules that are violated or undetermined: those of
    /// [`Decision::findings`](crate::decide::Decision::findings), in the same order.
    pub fn rules(&self) -> impl Iterator<Item = JudgedRule<'_>> {
        (0..self.len()).filter_map(|place| self.rule(place))
    }

    /// The rule of that place among them, from 0.
    pub fn rule(&self, place: usize) -> Option<JudgedRule<'_>> {
        let Engine(parts) = self.engine.as_ref()?;
        let rank = self.judged.finding(&parts.order, place)?;
        let (pack, rule) = rank.subject.names(&parts.program)?;
        Some(JudgedRule { pack, rule, status: rank.status, verdict: rank.verdict })
    }

    /// How many they are.
    pub fn len(&self) -> usize {
        self.judged.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.judged.is_empty()
    }

    pub(super) fn fill(&mut self, engine: &Engine, facts: &Facts) -> Result<(), FactsError> {
        self.fill_with(engine, facts, |this, facts| {
            let parts: &Parts = &engine.0;
            let Parts { program, directory, catalogue, in_conditions, memo, .. } = parts;
            let known = (&**directory, &**catalogue);
            let packs = program.packs();
            let case = this.derived.of_case(facts, packs, known, *in_conditions, memo);
            this.judged.fill(program, &parts.order, &case);
        })
    }

    pub(super) fn fill_with(
        &mut self,
        engine: &Engine,
        facts: &Facts,
        fill: impl FnOnce(&mut Self, &Facts),
    ) -> Result<(), FactsError> {
        if let Err(problem) = facts.ready_for(engine.schema()) {
            self.judged.clear();
            self.engine = None;
            return Err(problem);
        }
        fill(self, &facts.with_marks());
        // To count one more holder takes as long as some rules do.
        if self.engine.as_ref().is_none_or(|known| !Arc::ptr_eq(&known.0, &engine.0)) {
            self.engine = Some(engine.clone());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_judgement_tells_what_the_decision_tells() {
        let engine = Engine::built_in().unwrap();
        let mut judgement = Judgement::new();
        assert_eq!((judgement.verdict(), judgement.len()), (Verdict::Review, 0));
        for document in [
            r#"{"send_at": "2026-03-02T15:00:00Z"}"#,
            r#"{"send_at": "1990-01-01T00:00:00Z"}"#,
            r#"{"send_at": "2026-03-02T15:00:00Z", "provider": {"name": "Acme", "role": "reseller"},
                "campaign": {"initiated_by": "business", "category": "marketing"},
                "recipient": {"phone": "+34600000000", "opt_in": "none", "opted_out": true}}"#,
        ] {
            let facts = Facts::from_json(engine.schema(), document.as_bytes()).unwrap();
            let decision = engine.check(&facts).unwrap();
            engine.judge_into(&facts, &mut judgement).unwrap();
            assert_eq!(judgement.verdict(), decision.verdict());
            let expected = decision.findings().iter();
            let expected =
                expected.map(|found| (&*found.pack, &*found.rule, found.status, found.verdict));
            let judged = judgement.rules();
            assert!(
                judged.map(|rule| (rule.pack, rule.rule, rule.status, rule.verdict)).eq(expected)
            );
            assert!(!judgement.is_empty());
        }
    }
}
