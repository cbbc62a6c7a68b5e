//! What does every rule in scope say?

use std::sync::Arc;

use super::explanation::ChecklistEntry;
use crate::matching::Matcher;
use crate::program::Program;
use crate::resolve::Resolved;

pub(super) fn of(program: &Program, resolved: &Resolved<'_>) -> Vec<ChecklistEntry> {
    let mut matcher = Matcher::new();
    matcher.run(program, resolved);
    let mut entries: Vec<ChecklistEntry> = program
        .rules()
        .filter_map(|(number, pack, rule)| {
            Some(ChecklistEntry {
                topic: rule.topic.clone(),
                pack: Arc::clone(&pack.name),
                rule: Arc::clone(&rule.id),
                status: matcher.status(program, number)?,
            })
        })
        .collect();
    entries.sort_by(|a, b| {
        (&a.topic, a.status, &a.pack, &a.rule).cmp(&(&b.topic, b.status, &b.pack, &b.rule))
    });
    entries
}
