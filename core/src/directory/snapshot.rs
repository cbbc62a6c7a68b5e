//! What does a directory file say?
//!
//! The plain form: what was read, imported or merged, before it is indexed for search, and what is
//! written.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::error::DirectoryError;
use super::names::{folded, is_domain, is_id, registrable};
use crate::limits::{DIRECTORY_PROVIDERS_MAX, FACT_TEXT_BYTES_MAX};
use crate::schema::{Schema, attributes};
use crate::time::{FIRST, PAST_ALL, Period, Timestamp};

/// A period in which a provider was listed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "callers build it: a new field is theirs to fill in")]
pub struct Listed {
    /// When.
    pub period: Period<Timestamp>,
    /// Where this is known from, in words.
    pub source: Option<String>,
}

/// What a directory says of one provider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "callers build it: a new field is theirs to fill in")]
pub struct Entry {
    /// Its id, unique in the directory; the list's own where it has one.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Other, former or later names.
    pub aliases: Vec<String>,
    /// Its web domains.
    pub domains: Vec<String>,
    /// A value of `provider.role`, where known.
    pub role: Option<String>,
    /// When it was listed; empty where that is not known.
    pub listed: Vec<Listed>,
    /// What the entry rests on, in words.
    pub evidence: Option<String>,
    /// From when on that shows the role; `None` where its day is not known.
    pub evidence_at: Option<Timestamp>,
}

/// What a directory file says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "callers build it: a new field is theirs to fill in")]
pub struct Snapshot {
    /// Where the list came from, in words.
    pub source: String,
    /// When it was retrieved.
    pub retrieved_at: Timestamp,
    /// Whether it names every provider that was listed in `covers`.
    pub complete: bool,
    /// The period that it speaks of.
    pub covers: Period<Timestamp>,
    /// The providers.
    pub providers: Vec<Entry>,
}

/// The normal forms of an entry's names and domains.
pub(super) struct NormalForms {
    pub(super) names: Vec<String>,
    pub(super) domains: Vec<String>,
}

impl Snapshot {
    /// Checks what types do not: dates, periods, roles, domains, names and ids that are none, ids
    /// that are not unique, a complete list of nobody. Gives each entry's normal forms.
    pub(super) fn check(&self) -> Result<Vec<NormalForms>, DirectoryError> {
        if self.providers.len() > DIRECTORY_PROVIDERS_MAX {
            return Err(DirectoryError::too_many(self.providers.len()).under("providers"));
        }
        check_text(&self.source, "source").map_err(|error| error.under("source"))?;
        check_instant(self.retrieved_at).map_err(|error| error.under("retrieved_at"))?;
        check_period(&self.covers).map_err(|error| error.under("covers"))?;
        if self.complete && self.providers.is_empty() {
            return Err(DirectoryError::complete_and_empty().under("providers"));
        }
        let schema = Schema::built_in();
        let roles = roles(&schema);
        let mut ids = BTreeMap::new();
        let mut normal_forms = Vec::with_capacity(self.providers.len());
        for (at, entry) in self.providers.iter().enumerate() {
            let here = |error: DirectoryError| error.under(&format!("providers[{at}]"));
            normal_forms.push(check_entry(entry, &roles).map_err(here)?);
            if let Some(first) = ids.insert(entry.id.as_str(), at) {
                return Err(here(DirectoryError::duplicate_id(&entry.id, first).under("id")));
            }
        }
        Ok(normal_forms)
    }

    /// The directory file: JSON, members in the order of the format, a provider a line.
    pub fn to_json(&self) -> String {
        let mut text = String::new();
        text.push_str("{\n  \"source\": ");
        push_text(&mut text, &self.source);
        let _ = write!(
            text,
            ",\n  \"retrieved_at\": \"{}\",\n  \"complete\": {},\n  \"covers\": ",
            self.retrieved_at, self.complete
        );
        push_period(&mut text, &self.covers, None);
        text.push_str(",\n  \"providers\": [");
        for (at, entry) in self.providers.iter().enumerate() {
            text.push_str(if at == 0 { "\n    " } else { ",\n    " });
            push_entry(&mut text, entry);
        }
        text.push_str(if self.providers.is_empty() { "]\n}\n" } else { "\n  ]\n}\n" });
        text
    }
}

/// The values of `provider.role`.
pub(super) fn roles(schema: &Schema) -> Vec<&str> {
    schema
        .attribute(attributes::PROVIDER_ROLE)
        .choices()
        .unwrap_or_default()
        .iter()
        .map(|role| &*role.name)
        .collect()
}

fn check_entry(entry: &Entry, roles: &[&str]) -> Result<NormalForms, DirectoryError> {
    check_text(&entry.id, "id").map_err(|error| error.under("id"))?;
    if !is_id(&entry.id) {
        return Err(DirectoryError::bad_id(&entry.id).under("id"));
    }
    let name = check_name(&entry.name).map_err(|error| error.under("name"))?;
    let mut names = vec![name];
    for (at, alias) in entry.aliases.iter().enumerate() {
        names.push(check_name(alias).map_err(|error| error.under(&format!("aliases[{at}]")))?);
    }
    let mut domains = Vec::with_capacity(entry.domains.len());
    for (at, domain) in entry.domains.iter().enumerate() {
        let normal = registrable(domain)
            .filter(|_| is_domain(domain))
            .ok_or_else(|| DirectoryError::bad_domain(domain).under(&format!("domains[{at}]")))?;
        domains.push(normal);
    }
    if let Some(role) = &entry.role
        && !roles.contains(&role.as_str())
    {
        return Err(DirectoryError::bad_role(role, roles).under("role"));
    }
    if let Some(at) = entry.evidence_at {
        check_instant(at).map_err(|error| error.under("evidence_at"))?;
    }
    for (at, listed) in entry.listed.iter().enumerate() {
        check_period(&listed.period).map_err(|error| error.under(&format!("listed[{at}]")))?;
    }
    Ok(NormalForms { names, domains })
}

fn check_text(text: &str, what: &str) -> Result<(), DirectoryError> {
    if text.len() > FACT_TEXT_BYTES_MAX {
        return Err(DirectoryError::too_long(text.len()));
    }
    if text.trim().is_empty() { Err(DirectoryError::empty(what)) } else { Ok(()) }
}

fn check_name(name: &str) -> Result<String, DirectoryError> {
    check_text(name, "name")?;
    folded(name).ok_or_else(|| DirectoryError::bad_name(name))
}

/// Refuses an instant that stands for none, or that cannot have come.
fn check_instant(at: Timestamp) -> Result<(), DirectoryError> {
    match at.seconds() {
        FIRST..PAST_ALL => Ok(()),
        _ => Err(DirectoryError::no_date(at)),
    }
}

/// The end may lie as far ahead as it likes.
fn check_period(period: &Period<Timestamp>) -> Result<(), DirectoryError> {
    check_instant(period.from).map_err(|error| error.under("from"))?;
    match period.until {
        Some(until) if until <= period.from => {
            Err(DirectoryError::bad_period(period.from, until).under("until"))
        }
        _ => Ok(()),
    }
}

impl Entry {
    /// Checks an entry by itself, with paths from its members on.
    #[cfg(feature = "csv")]
    pub(super) fn check(&self) -> Result<(), DirectoryError> {
        check_entry(self, &roles(&Schema::built_in())).map(|_| ())
    }

    /// Its members in the order of the format, each as JSON.
    pub(super) fn members(&self) -> [(&'static str, String); 8] {
        let written = |push: &dyn Fn(&mut String)| {
            let mut text = String::new();
            push(&mut text);
            text
        };
        [
            ("id", written(&|text| push_text(text, &self.id))),
            ("name", written(&|text| push_text(text, &self.name))),
            ("aliases", written(&|text| push_texts(text, &self.aliases))),
            ("domains", written(&|text| push_texts(text, &self.domains))),
            ("role", written(&|text| push_optional(text, self.role.as_deref()))),
            ("listed", written(&|text| push_listed(text, &self.listed))),
            ("evidence", written(&|text| push_optional(text, self.evidence.as_deref()))),
            ("evidence_at", written(&|text| push_day(text, self.evidence_at))),
        ]
    }
}

fn push_entry(text: &mut String, entry: &Entry) {
    text.push('{');
    // What came later to the format is written where there is something to tell.
    let is_given =
        |(name, _): &(&str, String)| *name != "evidence_at" || entry.evidence_at.is_some();
    for (at, (name, member)) in entry.members().into_iter().filter(is_given).enumerate() {
        let comma = if at == 0 { "" } else { ", " };
        let _ = write!(text, "{comma}\"{name}\": {member}");
    }
    text.push('}');
}

fn push_listed(text: &mut String, listed: &[Listed]) {
    text.push('[');
    for (at, listed) in listed.iter().enumerate() {
        if at > 0 {
            text.push_str(", ");
        }
        push_period(text, &listed.period, listed.source.as_deref());
    }
    text.push(']');
}

fn push_period(text: &mut String, period: &Period<Timestamp>, source: Option<&str>) {
    let _ = write!(text, "{{\"from\": \"{}\", \"until\": ", Day(period.from));
    match period.until {
        Some(until) => {
            let _ = write!(text, "\"{}\"", Day(until));
        }
        None => text.push_str("null"),
    }
    if let Some(source) = source {
        text.push_str(", \"source\": ");
        push_text(text, source);
    }
    text.push('}');
}

/// An instant as the date that stands for it, where one does.
struct Day(Timestamp);

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = self.0.to_string();
        f.write_str(text.strip_suffix("T00:00:00Z").unwrap_or(&text))
    }
}

fn push_day(text: &mut String, at: Option<Timestamp>) {
    match at {
        Some(at) => {
            let _ = write!(text, "\"{}\"", Day(at));
        }
        None => text.push_str("null"),
    }
}

fn push_texts(text: &mut String, texts: &[String]) {
    text.push('[');
    for (at, item) in texts.iter().enumerate() {
        if at > 0 {
            text.push_str(", ");
        }
        push_text(text, item);
    }
    text.push(']');
}

fn push_optional(text: &mut String, item: Option<&str>) {
    match item {
        Some(item) => push_text(text, item),
        None => text.push_str("null"),
    }
}

/// A JSON string; `Value` displays as compact JSON and cannot fail for a string.
fn push_text(text: &mut String, item: &str) {
    let _ = write!(text, "{}", serde_json::Value::from(item));
}
