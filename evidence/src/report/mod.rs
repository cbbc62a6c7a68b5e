//! How do people read what was decided?
//!
//! One page of HTML, or of Markdown, of any number of records, decisions, explanations, summaries
//! of screenings, comparisons, and outcomes of verifying and of judging again. The page asks for
//! nothing else: no script, no picture, no font. What many documents say together stands first;
//! documents follow, each with its findings: all, or the worst of them.

mod chart;
mod hide;
mod markdown;
mod prose;
mod screening;
mod texts;
mod titles;
mod view;
mod words;

use std::collections::BTreeMap;

use cleartosend::expert::text::escaped;
use cleartosend::{Decision, Engine, Explanation, Lang};
use minijinja::value::ValueKind;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde_json::Value;

use crate::error::RecordError;
use crate::mask::Mask;

/// Documents that are shown one by one; all are counted. Where there are more, the worst are shown.
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

/// How much a document matters to a reader, the most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// What verifying or judging again came to.
    Counts,
    Differs,
    Deny,
    Review,
    Other,
}

/// How much of a page is made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    Whole,
    /// The documents, without what they say together, and without the page's own head and foot.
    Documents,
}

/// Whether a document is about something to be sent, and not about records.
fn is_about_sending(view: &Value) -> bool {
    view.get("headline").is_some_and(Value::is_string)
}

/// What is known of all documents, and the worst of them.
#[derive(Debug, Default)]
pub struct Report {
    mask: Option<Mask>,
    /// Of each rank the first documents, with their place among all.
    shown: BTreeMap<Rank, Vec<(u64, Value)>>,
    count: u64,
    differ: u64,
    verdicts: chart::Verdicts,
    days: BTreeMap<i64, chart::Verdicts>,
    /// By rule and verdict: one rule can deny in one document and ask for review in another.
    rules: BTreeMap<(String, String), u64>,
    /// Titles of these rules, as the first document has them.
    called: BTreeMap<String, String>,
    titles: titles::Titles,
    /// What could not be read: its name and why, the first of them.
    unreadable: Vec<(String, String)>,
    unreadable_count: u64,
}

impl Report {
    /// Of no document.
    pub fn new() -> Self {
        Self::default()
    }

    /// Hides who recipients are in all documents that are added from here on.
    #[must_use]
    pub fn mask(self, mask: Mask) -> Self {
        Self { mask: Some(mask), ..self }
    }

    /// Shows beside the names of an engine's rules what they are called, in a language, where a
    /// document has their names alone: a screening does. A pack is known by its digest.
    #[must_use]
    pub fn titles(mut self, engine: &Engine, lang: Lang) -> Self {
        self.titles.add(engine, lang);
        self
    }

    /// How many documents there are.
    pub fn len(&self) -> u64 {
        self.count
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// How many of them are records that contradict themselves, such as by a digest that does not
    /// fit. They are shown first, with a warning.
    pub fn differ(&self) -> u64 {
        self.differ
    }

    /// Names what was to be added and cannot be read, and why: whoever is handed the page has
    /// nothing else that says it. The page says how many these are before all documents.
    pub fn add_unreadable(&mut self, place: &str, reason: &str) {
        self.unreadable_count += 1;
        if self.unreadable.len() >= SHOWN_MAX {
            return;
        }
        let (mut place, mut reason) = (place.to_owned(), reason.to_owned());
        if let Some(mask) = &self.mask {
            (place, reason) = (hide::place(&place, mask), hide::difference(&reason, mask));
        }
        self.unreadable.push((escaped(&place).into_owned(), escaped(&reason).into_owned()));
    }

    /// Adds a record, a decision, an explanation, a summary, a comparison, or a line of what
    /// verifying or judging again came to.
    ///
    /// # Errors
    /// What is none of these; with a mask, what would still hold the recipient's number.
    pub fn add(&mut self, place: &str, document: &[u8]) -> Result<(), RecordError> {
        self.add_document(place, crate::json::read(document)?, Lang::English)
    }

    /// Adds a decision with what its rules say in a language, which its document has in English.
    ///
    /// # Errors
    /// As [`Self::add`].
    pub fn add_decision(
        &mut self,
        place: &str,
        decision: &Decision,
        lang: Lang,
    ) -> Result<(), RecordError> {
        let mut document = crate::json::read(decision.to_json().as_bytes())?;
        texts::of_decision(&mut document, decision, lang);
        self.add_document(place, document, lang)
    }

    /// Adds an explanation with what its rules say in a language.
    ///
    /// # Errors
    /// As [`Self::add`].
    pub fn add_explanation(
        &mut self,
        place: &str,
        explanation: &Explanation,
        lang: Lang,
    ) -> Result<(), RecordError> {
        let mut document = crate::json::read(explanation.to_json().as_bytes())?;
        if let Some(decision) = document.get_mut("decision") {
            texts::of_decision(decision, explanation.decision(), lang);
        }
        self.add_document(place, document, lang)
    }

    fn add_document(
        &mut self,
        place: &str,
        mut document: Value,
        texts: Lang,
    ) -> Result<(), RecordError> {
        let mut differences = Vec::new();
        if document.get("record").is_some() {
            // Says what is wrong with it.
            let record = crate::Record::read(document.to_string().as_bytes())?;
            differences = crate::verify(&record).iter().map(ToString::to_string).collect();
        }
        let mut place = place.to_owned();
        if let Some(mask) = &self.mask {
            document = hide::names(document, mask)?;
            differences = differences.iter().map(|of| hide::difference(of, mask)).collect();
            place = hide::place(&place, mask);
        }
        let view = view::of(&place, &document, &differences, &self.titles).ok_or_else(|| {
            RecordError::no_record(
                "a record, a decision, an explanation, a summary, a comparison, or a line of \
                 `verify --json` or `replay --json`",
            )
        });
        let mut view = view?;
        if let Some(members) = view.as_object_mut() {
            members.insert("texts".to_owned(), Value::from(texts.name()));
        }
        self.count += 1;
        self.differ += u64::from(!differences.is_empty());
        let verdict = view.get("headline").and_then(Value::as_str).unwrap_or_default().to_owned();
        if !verdict.is_empty() {
            self.verdicts.add(&verdict);
            let send_at = view.get("send_at").and_then(Value::as_str).unwrap_or_default();
            if let Some(day) = chart::day_of(send_at) {
                self.days.entry(day).or_default().add(&verdict);
            }
        }
        for finding in view.get("findings").and_then(Value::as_array).into_iter().flatten() {
            let text = |name: &str| finding.get(name).and_then(Value::as_str).unwrap_or_default();
            let rule = format!("{}/{}", text("pack"), text("rule"));
            let called = self.titles.in_packs(view.get("packs"), text("pack"), text("rule"));
            let called = called.unwrap_or_else(|| text("title"));
            self.called.entry(rule.clone()).or_insert_with(|| called.to_owned());
            *self.rules.entry((rule, text("verdict").to_owned())).or_default() += 1;
        }
        let what = view.get("outcome").and_then(|of| of.get("what")).and_then(Value::as_str);
        let rank = match (verdict.as_str(), what) {
            _ if !differences.is_empty() => Rank::Differs,
            _ if view.pointer("/outcome/counts").is_some() => Rank::Counts,
            (
                _,
                Some("differs" | "broken" | "changed" | "unreadable" | "passed_over" | "unsealed"),
            ) => Rank::Differs,
            ("deny", _) => Rank::Deny,
            ("review", _) => Rank::Review,
            _ => Rank::Other,
        };
        let of_rank = self.shown.entry(rank).or_default();
        if of_rank.len() < SHOWN_MAX {
            of_rank.push((self.count, view));
        }
        Ok(())
    }

    /// The documents that are shown: as they came where all are, or else the worst first. Counts
    /// and records that contradict themselves come before all others.
    fn shown(&self) -> Vec<&Value> {
        let mut shown: Vec<&(u64, Value)> = self.shown.values().flatten().take(SHOWN_MAX).collect();
        if shown.len() as u64 == self.count {
            let is_first = |view: &Value| {
                let differences = view.get("differences").and_then(Value::as_array);
                view.pointer("/outcome/counts").is_some()
                    || differences.is_some_and(|differences| !differences.is_empty())
            };
            shown.sort_by_key(|(place, view)| (!is_first(view), *place));
        }
        shown.into_iter().map(|(_, view)| view).collect()
    }

    /// The page, in a language: its own words are, and what rules say stands as the documents have
    /// it.
    ///
    /// # Errors
    /// A template that cannot be filled.
    pub fn page(&self, page: Page, lang: Lang) -> Result<String, RecordError> {
        self.rendered(page, lang, Extent::Whole)
    }

    /// The documents alone, as a part of another page of HTML, such as a notebook.
    ///
    /// # Errors
    /// A template that cannot be filled.
    pub fn fragment(&self, lang: Lang) -> Result<String, RecordError> {
        self.rendered(Page::Html, lang, Extent::Documents)
    }

    fn rendered(&self, page: Page, lang: Lang, extent: Extent) -> Result<String, RecordError> {
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|name| match name {
            "html" => AutoEscape::Html,
            _ => markdown::ESCAPE,
        });
        environment.set_formatter(markdown::formatter);
        // Documents are strangers': what is missing or not a list is shown as nothing.
        environment.set_undefined_behavior(UndefinedBehavior::Chainable);
        environment.add_filter("all", all);
        environment.add_filter("address", markdown::address);
        environment.add_filter("prose", |of: minijinja::Value| prose::prose(&of));
        environment.add_filter("how", |of: minijinja::Value, lang: &str| prose::how(&of, lang));
        let (name, source) = match page {
            Page::Html => ("html", include_str!("report.html")),
            Page::Markdown => ("md", include_str!("report.md")),
        };
        let failed = |error: minijinja::Error| RecordError::template(&error);
        environment.add_template(name, source).map_err(failed)?;
        let css = minijinja::Value::from_safe_string(include_str!("report.css").to_owned());
        environment.add_global("css", css);
        let mut rules: Vec<_> = self.rules.iter().collect();
        rules.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
        let rules: Vec<Value> = rules
            .into_iter()
            .map(|((name, verdict), count)| {
                let title = self.called.get(name);
                serde_json::json!(
                    {"rule": name, "title": title, "verdict": verdict, "count": count}
                )
            })
            .collect();
        let shown = self.shown();
        environment
            .get_template(name)
            .and_then(|template| {
                template.render(minijinja::value::Serde(serde_json::json!({
                    "lang": lang.name(),
                    "words": words::of(lang),
                    "count": self.count,
                    "differ": self.differ,
                    "unreadable": self.unreadable,
                    "unreadable_count": self.unreadable_count,
                    "not_shown": self.count - shown.len() as u64,
                    "verdicts": self.verdicts.to_json(),
                    "over_time": chart::over_time(&self.days),
                    "rules": rules,
                    "has_index": shown.len() > 1 && shown.iter().any(|view| is_about_sending(view)),
                    "documents": shown,
                    "fragment": extent == Extent::Documents,
                })))
            })
            .map(|page| page + "\n")
            .map_err(failed)
    }
}

/// The items of a list, and none of anything else.
fn all(value: minijinja::Value) -> minijinja::Value {
    match value.kind() {
        ValueKind::Seq | ValueKind::Iterable => value,
        _ => minijinja::Value::from(Vec::<minijinja::Value>::new()),
    }
}
