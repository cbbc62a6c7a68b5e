//! Which tests does a pack miss, written out?

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use cleartosend::analyse::{Asked, Shown, Witness};
use cleartosend::expert::limits;
use cleartosend::pack::{ENGINE_PACK, PackTests};
use cleartosend::{
    Decision, Engine, Facts, Finding, FindingVerdict, Pack, Report, Status, Verdict,
};
use serde_json::Value as Json;

use crate::coverage::{Coverage, Gap, ShownByTest};
use crate::error::TestsError;
use crate::run::{TestReport, engine_of, run_tests};

/// Tests that are missing, in the format of a pack's tests.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Draft {
    /// The tests, to be read and kept, and a comment for each thing that none was found for.
    pub text: String,
    /// Whether a test was found for all that no test shows.
    pub is_complete: bool,
}

/// The tests that would show what no test shows. Without any of them less would be shown.
///
/// # Errors
/// Those of [`run_tests`].
pub fn draft(pack: &Arc<Pack>, tests: &PackTests) -> Result<Draft, TestsError> {
    let TestReport { gaps, coverage: mut shown, .. } = run_tests(pack, tests)?;
    let of_pack = engine_of(pack, None)?;
    let place = |id: &Arc<str>| {
        let mut rules = of_pack.program().rules();
        rules.find(|(.., rule)| rule.id == *id).map(|(index, ..)| index.index())
    };
    let mut missing: Vec<Missing<'_>> = gaps
        .iter()
        .filter_map(|gap| {
            let (rule, shown) = gap.unshown.clone()?;
            let asked = Asked { pack: Arc::clone(&pack.name), rule, shown };
            Some(Missing { gap, rule: place(&asked.rule)?, asked })
        })
        .collect();
    // What asks most of a document comes first: it may show the rest.
    missing.sort_by_key(|missing| match missing.asked.shown {
        Shown::Date(_) => 0,
        Shown::Clause(_) => 1,
        _ => 2,
    });
    let asked: Vec<Asked> = missing.iter().map(|missing| missing.asked.clone()).collect();
    let mut drafts: Vec<DraftTest> = Vec::new();
    for (missing, witnesses) in missing.iter().zip(of_pack.examples(&asked)) {
        if shown.shows(missing.rule, &missing.asked.shown) {
            continue;
        }
        for witness in witnesses {
            if let Some(draft) = DraftTest::of(pack, missing, witness)? {
                shown.note(&draft.noted);
                drafts.push(draft);
            }
        }
    }
    // What a later one shows too needs no earlier one.
    let is_all_shown = |shown: &Coverage, before: &[bool]| {
        missing.iter().zip(before).all(|(missing, was_shown)| {
            !was_shown || shown.shows(missing.rule, &missing.asked.shown)
        })
    };
    let were_shown: Vec<bool> =
        missing.iter().map(|it| shown.shows(it.rule, &it.asked.shown)).collect();
    drafts.retain(|draft| {
        shown.forget(&draft.noted);
        let is_needed = !is_all_shown(&shown, &were_shown);
        if is_needed {
            shown.note(&draft.noted);
        }
        is_needed
    });
    let mut names: BTreeSet<String> =
        tests.tests.iter().map(|test| test.name.to_string()).collect();
    let mut text = String::new();
    for draft in &drafts {
        draft.write(&mut text, &mut names);
    }
    let mut is_complete = true;
    for (missing, _) in missing.iter().zip(&were_shown).filter(|(_, was_shown)| !**was_shown) {
        let _ = writeln!(text, "# no test was found for: {}", one_line(&missing.gap.what));
        is_complete = false;
    }
    Ok(Draft { text, is_complete })
}

/// Something that no test shows.
struct Missing<'g> {
    gap: &'g Gap,
    /// The place of the rule within the program of this pack alone.
    rule: usize,
    asked: Asked,
}

/// A test to be written.
struct DraftTest {
    rule: Arc<str>,
    why: String,
    directory: Option<Arc<str>>,
    facts: Written,
    decision: Decision,
    noted: ShownByTest,
}

impl DraftTest {
    /// What the pack alone says of a document, with the directory that it was found with; `None`
    /// where the format cannot say the document.
    fn of(
        pack: &Arc<Pack>,
        missing: &Missing<'_>,
        witness: Witness,
    ) -> Result<Option<Self>, TestsError> {
        let Some(written) = Written::of(&witness.document) else { return Ok(None) };
        let engine: Engine = engine_of(pack, witness.directory.as_ref())?;
        let facts = Facts::from_json(engine.schema(), witness.document.to_string().as_bytes());
        let Ok(facts) = facts else { return Ok(None) };
        let Ok(decision) = engine.report(&facts, Report::EveryRule) else { return Ok(None) };
        let rule = Arc::clone(&missing.asked.rule);
        let named = listed(&decision, &rule).into_iter().flat_map(|(_, rules)| rules).collect();
        let noted = ShownByTest::of(&engine, &facts, &named);
        Ok(Some(Self {
            rule,
            why: one_line(&missing.gap.what),
            directory: witness.directory,
            facts: written,
            noted,
            decision,
        }))
    }

    fn write(&self, text: &mut String, names: &mut BTreeSet<String>) {
        let status = self.decision.findings().iter().find(|finding| *finding.rule == *self.rule);
        let status = status.map_or("", |finding| finding.status.name()).replace('_', " ");
        // A name that no test has.
        let first = names.len() + 1;
        let name = (first..)
            .map(|number| format!("draft {number}: {} is {status}", self.rule))
            .find(|name| !names.contains(name))
            .unwrap_or_default();
        text.push_str("[[test]]\n");
        let _ = writeln!(text, "name = {}", quoted(&name));
        names.insert(name);
        let _ = writeln!(text, "why = {}", quoted(&self.why));
        text.push_str("draft = true\n");
        if let Some(directory) = &self.directory {
            let _ = writeln!(text, "directory = {}", quoted(directory));
        }
        if !self.facts.null.is_empty() {
            let paths: Vec<String> = self.facts.null.iter().map(|path| quoted(path)).collect();
            let _ = writeln!(text, "null = [{}]", paths.join(", "));
        }
        text.push_str("[test.set]\n");
        for (path, value) in &self.facts.set {
            let _ = writeln!(text, "{} = {value}", quoted(path));
        }
        let verdict = findings(&self.decision).map(|finding| finding.verdict.effect()).max();
        let verdict = verdict.unwrap_or(Verdict::Allow);
        let _ = writeln!(text, "[test.expect]\nverdict = \"{verdict}\"");
        for (key, rules) in listed(&self.decision, &self.rule) {
            if !rules.is_empty() {
                let rules: Vec<String> = rules.into_iter().map(quoted).collect();
                let _ = writeln!(text, "{key} = [{}]", rules.join(", "));
            }
        }
        text.push('\n');
    }
}

fn findings(decision: &Decision) -> impl Iterator<Item = &Finding> {
    decision.findings().iter().filter(|finding| *finding.pack != *ENGINE_PACK)
}

/// The rules that a test names: all that it has to, and the one that it is about.
fn listed<'d>(decision: &'d Decision, about: &str) -> [(&'static str, Vec<&'d str>); 4] {
    [
        ("violated", Status::Violated),
        ("undetermined", Status::Undetermined),
        ("satisfied", Status::Satisfied),
        ("not_applicable", Status::NotApplicable),
    ]
    .map(|(key, status)| {
        let is_listed = |finding: &&Finding| {
            finding.status == status
                && (*finding.rule == *about
                    || status == Status::Violated
                    || status == Status::Undetermined && finding.verdict != FindingVerdict::Note)
        };
        (key, findings(decision).filter(is_listed).map(|finding| &*finding.rule).collect())
    })
}

/// A document as a test says it.
struct Written {
    /// Paths and values, in the order of the document.
    set: Vec<(String, String)>,
    null: Vec<String>,
}

impl Written {
    /// `None` where the format has no way to say it: TOML has no null within lists.
    fn of(document: &Json) -> Option<Self> {
        let mut written = Self { set: Vec::new(), null: Vec::new() };
        written.add("", document, 0)?;
        Some(written)
    }

    fn add(&mut self, path: &str, value: &Json, depth: usize) -> Option<()> {
        match value {
            Json::Null => self.null.push(path.to_owned()),
            Json::Object(members)
                if depth == 0 || !members.is_empty() && depth < limits::DOCUMENT_DEPTH_MAX =>
            {
                for (member, value) in members {
                    let path = match path {
                        "" => member.clone(),
                        path => format!("{path}.{member}"),
                    };
                    self.add(&path, value, depth + 1)?;
                }
            }
            _ => self.set.push((path.to_owned(), in_toml(value)?)),
        }
        Some(())
    }
}

/// A value in a line of TOML; `None` where there is a null in it.
fn in_toml(value: &Json) -> Option<String> {
    Some(match value {
        Json::Null => return None,
        Json::Bool(value) => value.to_string(),
        Json::Number(value) => value.to_string(),
        Json::String(text) => quoted(text),
        Json::Array(items) => {
            let items: Option<Vec<String>> = items.iter().map(in_toml).collect();
            format!("[{}]", items?.join(", "))
        }
        Json::Object(members) if members.is_empty() => "{}".to_owned(),
        Json::Object(members) => {
            let members: Option<Vec<String>> = members
                .iter()
                .map(|(name, value)| Some(format!("{} = {}", quoted(name), in_toml(value)?)))
                .collect();
            format!("{{ {} }}", members?.join(", "))
        }
    })
}

/// A string of TOML: as one of JSON, but that U+007F has to be escaped.
fn quoted(text: &str) -> String {
    Json::from(text).to_string().replace('\u{7f}', "\\u007f")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
