//! What is wrong, or open, in words.

use std::fmt::Write as _;

use super::written::{Written, shown};
use crate::matching::Matched;
use crate::pack::{Part, Rule, Template};
use crate::resolve::Resolved;
use crate::schema::AttributeId;
use crate::value::Fact;
use crate::verdict::Status;

/// The message of a finding. The rule's own message says what is wrong, so only a violation has it.
pub(super) fn of(rule: &Rule, resolved: &Resolved<'_>, matched: &Matched) -> String {
    match matched.status {
        Status::Violated => filled(&rule.message, resolved),
        Status::Undetermined => open(resolved, &matched.lacking),
        Status::Satisfied => "the rule is kept".into(),
        Status::NotApplicable => {
            let in_force = resolved.facts().send_at().is_some_and(|send_at| rule.period.contains(send_at));
            if in_force { "the rule does not apply".into() } else { "the rule is not in force on this day".into() }
        }
    }
}

/// Why a rule is undetermined: what was not told, and what no caller could have told.
fn open(resolved: &Resolved<'_>, lacking: &[AttributeId]) -> String {
    let mut untold: Vec<String> = Vec::new();
    let mut untellable: Vec<String> = Vec::new();
    for id in lacking {
        let causes = resolved.causes(*id);
        if causes.is_empty() {
            untellable.push(resolved.facts().schema().attribute(*id).path.to_string());
        }
        untold.extend(causes);
    }
    let list = |paths: &mut Vec<String>| {
        paths.sort_unstable();
        paths.dedup();
        paths.join(", ")
    };
    match (untold.is_empty(), untellable.is_empty()) {
        (false, true) => format!("cannot be settled: not told: {}", list(&mut untold)),
        (true, false) => format!("cannot be settled: nothing at hand tells {}", list(&mut untellable)),
        (false, false) => {
            format!("cannot be settled: not told: {}; nothing at hand tells {}", list(&mut untold), list(&mut untellable))
        }
        (true, true) => "cannot be settled: the condition has no value for these facts".into(),
    }
}

/// A text with the values of the case. What has no value is named in brackets, so that a sentence never reads as if it had one.
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
