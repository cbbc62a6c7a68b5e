//! What is violated or undetermined, in words.

use std::fmt::Write as _;
use std::sync::Arc;

use super::said::Open;
use super::written::{Written, WrittenDate};
use crate::language::{Lang, Words, catalogue as words, values};
use crate::matching::position::sorted;
use crate::pack::{Part, Rule, Template};
use crate::schema::{Attribute, AttributeId, Schema};
use crate::time::Timestamp;
use crate::value::Value;

/// What stands in a text in place of an attribute.
pub(super) enum InPlace {
    Value(Value),
    /// It does not exist.
    Absent,
    /// It is not known.
    Unknown,
}

/// Behind the message of a violation: that the rule is assumed to have held on that day.
pub(super) fn assumed(rule: &Rule, send_at: Timestamp, lang: Lang) -> Option<String> {
    let seen = rule.seen_from.filter(|seen| send_at < *seen)?;
    Some(words::ASSUMED.with(lang, &[("date", &WrittenDate(seen))]))
}

/// Of a rule that is satisfied.
pub(super) const fn satisfied(lang: Lang) -> &'static str {
    words::RULE_SATISFIED.of(lang)
}

/// Of a rule that does not apply.
pub(super) fn not_applicable(rule: &Rule, send_at: Option<Timestamp>, lang: Lang) -> &'static str {
    if send_at.is_some_and(|send_at| rule.period.contains(send_at)) {
        words::RULE_DOES_NOT_APPLY.of(lang)
    } else {
        words::RULE_NOT_IN_FORCE.of(lang)
    }
}

/// Why a rule is undetermined: what was not given, and what no caller could have given.
pub(super) fn open(open: &Open, missing: &[Arc<str>], lang: Lang) -> String {
    let Open { of_directory, others, failure } = open;
    let reasons = match failure {
        Some(failure) if lang == Lang::English => failure.error.message().to_owned(),
        Some(failure) => failure.error.message_in(lang),
        None => {
            let reason = |paths: &[Arc<str>], says: Words| {
                let paths = sorted(paths.iter().map(|path| &**path)).join(", ");
                (!paths.is_empty()).then(|| says.with(lang, &[("paths", &paths)]))
            };
            let reasons = [
                reason(missing, words::NOT_GIVEN),
                reason(of_directory, words::DIRECTORY_DOES_NOT_SETTLE),
                reason(others, words::NOTHING_SETTLES),
            ];
            let reasons: Vec<String> = reasons.into_iter().flatten().collect();
            if reasons.is_empty() {
                words::CONDITION_WITHOUT_VALUE.of(lang).to_owned()
            } else {
                reasons.join("; ")
            }
        }
    };
    words::CANNOT_DECIDE.with(lang, &[("reasons", &reasons)])
}

/// A text with the values of the case. What has no value is named in brackets, so that a sentence
/// never reads as if it had one.
pub(super) fn filled(
    template: &Template,
    schema: &Schema,
    lang: Lang,
    in_place: impl Fn(AttributeId) -> InPlace,
) -> String {
    let mut text = String::new();
    for part in &template.parts {
        match part {
            Part::Text(part) => text.push_str(part),
            Part::FirstOf(attributes) => {
                let all = || attributes.iter().map(|id| (*id, in_place(*id)));
                let value = all().find(|(_, fact)| matches!(fact, InPlace::Value(_)));
                // What may still have a value is named before what has none.
                let open = || all().find(|(_, fact)| matches!(fact, InPlace::Unknown));
                let Some((id, fact)) = value.or_else(open).or_else(|| all().next()) else {
                    continue;
                };
                let attribute = schema.attribute(id);
                let path = &attribute.path;
                match fact {
                    InPlace::Value(value) => value_in_words(&mut text, attribute, &value, lang),
                    InPlace::Absent => {
                        text.push_str(&words::NO_VALUE.with(lang, &[("path", path)]));
                    }
                    InPlace::Unknown => {
                        text.push_str(&words::UNKNOWN_VALUE.with(lang, &[("path", path)]));
                    }
                }
            }
        }
    }
    text
}

/// A value in a sentence: in words, where its attribute has some; a value of a list of names in
/// quotes, where it is no word of the language.
fn value_in_words(text: &mut String, attribute: &Attribute, value: &Value, lang: Lang) {
    match value {
        Value::List(elements) if !elements.is_empty() => {
            // These have commas within.
            let has_commas =
                matches!(&*attribute.path, "account.next_steps" | "account.book_differences");
            let between = if has_commas { "; " } else { ", " };
            for (number, element) in elements.iter().enumerate() {
                text.push_str(if number == 0 { "" } else { between });
                value_in_words(text, attribute, element, lang);
            }
        }
        Value::String(name) => match values::of(&attribute.path, name, lang) {
            Some(words) => text.push_str(&words),
            None if attribute.choices().is_some() => text.push_str(&values::quoted(name, lang)),
            None => text.push_str(name),
        },
        // Writing to a text cannot fail.
        other => {
            let _ = write!(text, "{}", Written(other).in_words(lang));
        }
    }
}
