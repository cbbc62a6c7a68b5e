//! What is wrong, or open, in words.

use std::fmt::Write as _;

use super::advice;
use super::written::{Written, WrittenDate, shown};
use crate::matching::Matched;
use crate::pack::{Part, Rule, Template};
use crate::resolve::Resolved;
use crate::schema::AttributeId;
use crate::value::Fact;
use crate::verdict::Status;

/// The message of a finding. The rule's own message says what is wrong, so only a violation has it.
pub(super) fn of(rule: &Rule, resolved: &Resolved<'_>, matched: &Matched) -> String {
    match matched.status {
        Status::Violated => {
            let mut text = filled(&rule.message, resolved);
            let send_at = resolved.facts().send_at();
            if let Some(seen) = rule.seen_from.filter(|seen| send_at.is_some_and(|at| at < *seen)) {
                // Writing to a text cannot fail.
                let _ = write!(
                    text,
                    "; that this held before {} is assumed, not seen",
                    WrittenDate(seen)
                );
            }
            text
        }
        Status::Undetermined => match &matched.failure {
            Some(failure) => format!("cannot be decided: {}", failure.error),
            None => open(resolved, &matched.missing),
        },
        Status::Satisfied => "the rule is kept".into(),
        Status::NotApplicable => {
            let in_force =
                resolved.facts().send_at().is_some_and(|send_at| rule.period.contains(send_at));
            if in_force {
                "the rule does not apply".into()
            } else {
                "the rule is not in force on this day".into()
            }
        }
    }
}

/// Why a rule is undetermined: what was not given, and what no caller could have given.
fn open(resolved: &Resolved<'_>, undetermined: &[AttributeId]) -> String {
    let (mut missing, mut of_directory, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for id in undetermined {
        let causes = resolved.causes(*id);
        if causes.is_empty() {
            let paths = if advice::is_of_directory(*id) { &mut of_directory } else { &mut others };
            paths.push(resolved.facts().schema().attribute(*id).path.to_string());
        }
        missing.extend(causes);
    }
    let reason = |paths: &mut Vec<String>, says: &str| {
        paths.sort_unstable();
        paths.dedup();
        (!paths.is_empty()).then(|| format!("{says} {}", paths.join(", ")))
    };
    let reasons = [
        reason(&mut missing, "not given:"),
        reason(&mut of_directory, "the directory does not settle"),
        reason(&mut others, "nothing at hand settles"),
    ];
    let reasons: Vec<String> = reasons.into_iter().flatten().collect();
    if reasons.is_empty() {
        return "cannot be decided: the condition has no value for these facts".into();
    }
    format!("cannot be decided: {}", reasons.join("; "))
}

/// A text with the values of the case. What has no value is named in brackets, so that a sentence
/// never reads as if it had one.
pub(super) fn filled(template: &Template, resolved: &Resolved<'_>) -> String {
    let mut text = String::new();
    for part in &template.parts {
        match part {
            Part::Text(part) => text.push_str(part),
            Part::Attribute(id) => {
                let attribute = resolved.facts().schema().attribute(*id);
                // Writing to a text cannot fail.
                let _ = match resolved.fact(*id) {
                    Fact::Value(value) => write!(text, "{}", Written(&shown(attribute, value))),
                    Fact::Absent => write!(text, "[no {}]", attribute.path),
                    Fact::Unknown => write!(text, "[unknown {}]", attribute.path),
                };
            }
        }
    }
    text
}
