//! How do people read what was decided?
//!
//! One page of HTML, or of Markdown, of any number of records, decisions, explanations and
//! summaries of screenings. The page asks for nothing else: no script, no picture, no font. What
//! many documents say together stands first; the first of them follow, each with its findings.

mod chart;
mod view;
mod words;

use std::collections::BTreeMap;

use cleartosend::Lang;
use minijinja::{AutoEscape, Environment};
use serde_json::Value;

use crate::error::RecordError;

/// Documents that are shown one by one; all are counted.
///
/// LIMIT: a page of more is not read by anybody, and its sources are at hand.
const SHOWN_MAX: usize = 200;

/// The form of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a new form breaks callers on purpose")]
pub enum Page {
    /// One file of HTML.
    Html,
    /// Markdown, as code hosts show it.
    Markdown,
}

/// What is known of all documents, and the first of them.
#[derive(Debug, Default)]
pub struct Report {
    shown: Vec<Value>,
    count: u64,
    verdicts: chart::Verdicts,
    days: BTreeMap<String, chart::Verdicts>,
    rules: BTreeMap<String, (String, u64)>,
}

impl Report {
    /// Of no document.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many documents there are.
    pub fn len(&self) -> u64 {
        self.count
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Adds a record, a decision, an explanation or a summary.
    ///
    /// # Errors
    /// What is none of these.
    pub fn add(&mut self, place: &str, document: &[u8]) -> Result<(), RecordError> {
        let document = crate::json::read(document)?;
        if document.get("record").is_some() {
            // Says what is wrong with it.
            crate::Record::read(document.to_string().as_bytes())?;
        }
        let view = view::of(place, &document).ok_or_else(|| {
            RecordError::no_record("a record, a decision, an explanation or a summary")
        })?;
        self.count += 1;
        let text = |name: &str| view.get(name).and_then(Value::as_str).unwrap_or_default();
        if !text("verdict").is_empty() {
            self.verdicts.add(text("verdict"));
            let day = text("send_at").get(..10).unwrap_or_default().to_owned();
            self.days.entry(day).or_default().add(text("verdict"));
        }
        for finding in view.get("findings").and_then(Value::as_array).into_iter().flatten() {
            let text = |name: &str| finding.get(name).and_then(Value::as_str).unwrap_or_default();
            let name = format!("{}/{}", text("pack"), text("rule"));
            self.rules.entry(name).or_insert_with(|| (text("verdict").to_owned(), 0)).1 += 1;
        }
        if self.shown.len() < SHOWN_MAX {
            self.shown.push(view);
        }
        Ok(())
    }

    /// The page, in a language: its own words are, and what rules say stands as the documents have
    /// it.
    ///
    /// # Errors
    /// A template that cannot be filled.
    pub fn page(&self, page: Page, lang: Lang) -> Result<String, RecordError> {
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|name| match name {
            "html" => AutoEscape::Html,
            _ => AutoEscape::None,
        });
        environment.add_filter("cell", cell);
        environment.add_filter("address", address);
        let (name, source) = match page {
            Page::Html => ("html", include_str!("report.html")),
            Page::Markdown => ("md", include_str!("report.md")),
        };
        let failed = |error: minijinja::Error| RecordError::template(&error);
        environment.add_template(name, source).map_err(failed)?;
        let mut rules: Vec<_> = self.rules.iter().collect();
        rules.sort_by_key(|(name, (_, count))| (std::cmp::Reverse(*count), *name));
        let rules: Vec<Value> = rules
            .into_iter()
            .map(|(name, (verdict, count))| {
                serde_json::json!({"rule": name, "verdict": verdict, "count": count})
            })
            .collect();
        environment
            .get_template(name)
            .and_then(|template| {
                template.render(minijinja::value::Serde(serde_json::json!({
                    "lang": lang.name(),
                    "words": words::of(lang),
                    "count": self.count,
                    "not_shown": self.count - self.shown.len() as u64,
                    "verdicts": self.verdicts.to_json(),
                    "over_time": chart::over_time(&self.days),
                    "rules": rules,
                    "documents": self.shown,
                })))
            })
            .map(|page| page + "\n")
            .map_err(failed)
    }
}

/// An address between angle brackets of Markdown, and within a cell.
fn address(text: &str) -> String {
    text.replace(['<', '>', ' ', '\n', '\r', '|', '`'], "%20")
}

/// A text within a cell of a table in Markdown, in which nothing of it is markup.
fn cell(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' => {
                safe.push('\\');
                safe.push(letter);
            }
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '\n' | '\r' => safe.push(' '),
            letter => safe.push(letter),
        }
    }
    safe
}
