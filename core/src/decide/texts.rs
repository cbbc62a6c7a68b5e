//! What does a finding say, in the language of whoever reads it?
//!
//! A text that a pack does not have in a language is the English one.

use std::borrow::Cow;

use super::decision::{Decision, Finding, FindingTexts};
use super::said::Said;
use super::{advice, message, ruleless};
use crate::language::Lang;
use crate::pack::Template;
use crate::program::RuleIdx;
use crate::schema::AttributeId;
use crate::verdict::Status;

use message::InPlace;

impl Decision {
    /// What the finding at that place among [`Self::findings`] says in a language; none where there
    /// is no such finding. In English it is what the finding holds.
    ///
    /// ```
    /// use cleartosend::{Engine, Lang};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let engine = Engine::builder().without_built_in().build()?;
    /// let decision = engine.check_json(br#"{"send_at": "2026-03-02T15:00:00Z"}"#)?;
    /// let texts = decision.texts(0, Lang::Spanish).ok_or("no finding")?;
    /// assert!(texts.message.starts_with("no hay ningún paquete"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn texts(&self, place: usize, lang: Lang) -> Option<FindingTexts> {
        let finding = self.findings.get(place)?;
        if lang == Lang::English {
            return Some(english(finding));
        }
        let program = &self.stamp.program;
        Some(match &finding.said {
            Said::Rule { rule, absent } => self.of_rule(finding, *rule, absent, lang),
            Said::Open { rule, open } => FindingTexts {
                title: self.title(finding, *rule, lang),
                message: message::open(open, &finding.missing, lang),
                advice: advice::of(open, &finding.missing, program.schema(), lang),
            },
            Said::Ruleless => ruleless::texts(program, self.send_at, lang),
        })
    }

    /// Of a rule that is violated, satisfied or not applicable.
    fn of_rule(
        &self,
        finding: &Finding,
        index: RuleIdx,
        absent: &[AttributeId],
        lang: Lang,
    ) -> FindingTexts {
        let program = &self.stamp.program;
        let title = self.title(finding, index, lang);
        // INVARIANT: the decision was made by this program, so the rule is there.
        let Some((_, rule)) = program.rule(index) else { return english(finding) };
        match finding.status {
            Status::Violated => {
                let schema = program.schema();
                let in_place = |id: AttributeId| {
                    let path = &schema.attribute(id).path;
                    let known = finding.facts.iter().find(|(known, _)| known == path);
                    match known {
                        Some((_, value)) => InPlace::Value(value.clone()),
                        None if absent.contains(&id) => InPlace::Absent,
                        None => InPlace::Unknown,
                    }
                };
                let (message, advice) = match rule.translation(lang) {
                    Some(translation) => (
                        Cow::Owned(Template::of(&translation.message, schema)),
                        Cow::Owned(Template::of(&translation.advice, schema)),
                    ),
                    None => (Cow::Borrowed(&rule.message), Cow::Borrowed(&rule.advice)),
                };
                let mut text = message::filled(&message, schema, lang, in_place);
                text.extend(message::assumed(rule, self.send_at, lang));
                let advice = message::filled(&advice, schema, lang, in_place);
                FindingTexts { title, message: text, advice }
            }
            Status::Satisfied => FindingTexts {
                title,
                message: message::satisfied(lang).to_owned(),
                advice: String::new(),
            },
            Status::NotApplicable | Status::Undetermined => FindingTexts {
                title,
                message: message::not_applicable(rule, Some(self.send_at), lang).to_owned(),
                advice: String::new(),
            },
        }
    }

    fn title(&self, finding: &Finding, index: RuleIdx, lang: Lang) -> String {
        let translated = self.stamp.program.rule(index).and_then(|(_, rule)| {
            rule.translation(lang).map(|translation| translation.title.to_string())
        });
        translated.unwrap_or_else(|| finding.title.to_string())
    }
}

fn english(finding: &Finding) -> FindingTexts {
    FindingTexts {
        title: finding.title.to_string(),
        message: finding.message.clone(),
        advice: finding.advice.clone(),
    }
}
