//! Which findings has somebody accepted, and which files are left out?
//!
//! `.cts-scan.toml` at the root of a tree names them, or the table `scan` of a `cts.toml` there,
//! each acceptance with a reason and a day on which it ends. What is accepted stays in the report;
//! what ended counts again; what matches nothing is reported, so that the list cannot outlive what
//! it was written for.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use cleartosend::expert::clients::{Catalogue, Ecosystem};
use cleartosend::expert::suggest;
use globset::{Glob, GlobMatcher};
use serde::Deserialize;
use toml::Spanned;

use crate::finding::Finding;
use crate::limits;

/// The file's name.
pub const FILE: &str = ".cts-scan.toml";
/// The file whose table `scan` says the same.
pub const CONFIG_FILE: &str = "cts.toml";

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(into = "String")]
pub struct Day {
    year: u16,
    month: u8,
    day: u8,
}

impl Day {
    /// The same day some years on.
    const fn in_years(self, years: u16) -> Self {
        Self { year: self.year.saturating_add(years), ..self }
    }
}

impl FromStr for Day {
    type Err = String;

    /// `2026-11-28`, or a timestamp, of which the day counts.
    fn from_str(text: &str) -> Result<Self, String> {
        let no_day = || format!("`{text}` is not a date such as `2026-11-28`");
        let datetime: toml::value::Datetime = text.parse().map_err(|_| no_day())?;
        let date = datetime.date.ok_or_else(no_day)?;
        Ok(Self { year: date.year, month: date.month, day: date.day })
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

/// What a `.cts-scan.toml` says.
#[derive(Debug, Default)]
pub(crate) struct Accepted {
    file: &'static str,
    entries: Vec<Entry>,
    pub(crate) exclude: Vec<Pattern>,
}

#[derive(Debug)]
struct Entry {
    line: usize,
    ecosystem: String,
    name: String,
    path: Option<Pattern>,
    reason: String,
    until: Day,
    used: bool,
}

/// A pattern of paths below the root.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    pub(crate) text: String,
    matcher: GlobMatcher,
}

impl Pattern {
    /// `*` and `?` stay within one part of a path, `**` goes over any number of them; what matches
    /// a folder matches all below it.
    pub(crate) fn new(text: &str) -> Result<Self, String> {
        let built = globset::GlobBuilder::new(text.trim_end_matches('/').trim_start_matches("./"))
            .literal_separator(true)
            .build();
        let glob: Glob = built
            .map_err(|error| format!("`{text}` is not a pattern of paths: {}", error.kind()))?;
        Ok(Self { text: text.to_owned(), matcher: glob.compile_matcher() })
    }

    pub(crate) fn matches(&self, file: &str) -> bool {
        Path::new(file)
            .ancestors()
            .any(|path| !path.as_os_str().is_empty() && self.matcher.is_match(path))
    }
}

/// An acceptance that took a finding.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Acceptance {
    /// Why, in the words of the file.
    pub reason: String,
    /// The day on which it ends: from then on the finding counts again.
    pub until: Day,
}

/// An acceptance that is of no use any more.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Unused {
    /// The name of the file that has it.
    #[serde(skip)]
    pub file: &'static str,
    /// The line there.
    pub line: usize,
    /// The client, as `ecosystem:name`.
    pub client: String,
    /// The pattern of paths, where it has one.
    pub path: Option<String>,
    /// Whether it ended or matches nothing.
    pub why: Why,
    /// The day on which it ends.
    pub until: Day,
}

/// Why an acceptance is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    /// Its day has come; what it took counts again.
    Expired,
    /// No finding matches it.
    Stale,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[serde(default)]
    exclude: Vec<Spanned<String>>,
    #[serde(default)]
    accept: Vec<Spanned<RawEntry>>,
}

/// A `cts.toml`. What else it holds is the business of who reads that.
#[derive(Deserialize)]
struct RawConfig {
    scan: Option<RawFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEntry {
    client: Spanned<String>,
    path: Option<Spanned<String>>,
    reason: Spanned<String>,
    until: Spanned<toml::value::Datetime>,
}

impl Accepted {
    /// Reads the text of a `.cts-scan.toml`.
    ///
    /// # Errors
    /// The first mistake, with its line.
    pub(crate) fn parse(text: &str, today: Day) -> Result<Self, (usize, String)> {
        let raw: RawFile = toml::from_str(text).map_err(|error| problem(text, &error))?;
        Self::from_raw(FILE, &raw, text, today)
    }

    /// Reads the table `scan` of a `cts.toml`; none where it has none.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub(crate) fn parse_config(text: &str, today: Day) -> Result<Option<Self>, (usize, String)> {
        let raw: RawConfig = toml::from_str(text).map_err(|error| problem(text, &error))?;
        raw.scan.map(|scan| Self::from_raw(CONFIG_FILE, &scan, text, today)).transpose()
    }

    fn from_raw(
        file: &'static str,
        raw: &RawFile,
        text: &str,
        today: Day,
    ) -> Result<Self, (usize, String)> {
        let line_of = |offset: usize| line_of(text, offset);
        if raw.accept.len() + raw.exclude.len() > limits::ACCEPTED_MAX {
            return Err((1, format!("more than {} entries", limits::ACCEPTED_MAX)));
        }
        let pattern = |text: &Spanned<String>| {
            Pattern::new(text.get_ref()).map_err(|reason| (line_of(text.span().start), reason))
        };
        let exclude = raw.exclude.iter().map(pattern).collect::<Result<_, _>>()?;
        let mut entries = Vec::new();
        for entry in &raw.accept {
            let line = line_of(entry.span().start);
            let entry = entry.get_ref();
            let written = entry.client.get_ref();
            let at = line_of(entry.client.span().start);
            let Some((ecosystem, name)) =
                written.split_once(':').map(|(ecosystem, name)| (ecosystem.trim(), name.trim()))
            else {
                return Err((
                    at,
                    format!("client `{written}` is not `ecosystem:name`, as in `npm:baileys`"),
                ));
            };
            if name.is_empty() || (ecosystem != ADDRESS && Ecosystem::find(ecosystem).is_none()) {
                let known = Ecosystem::ALL.iter().map(|known| known.name()).chain([ADDRESS]);
                let nearest = suggest::nearest(ecosystem, known)
                    .map(|name| format!("; did you mean `{name}`?"))
                    .unwrap_or_default();
                return Err((
                    at,
                    format!("client `{written}` names no ecosystem that is known{nearest}"),
                ));
            }
            if entry.reason.get_ref().trim().is_empty() {
                return Err((line_of(entry.reason.span().start), "the reason is empty".to_owned()));
            }
            let until = match entry.until.get_ref() {
                toml::value::Datetime { date: Some(date), time: None, offset: None } => {
                    Day { year: date.year, month: date.month, day: date.day }
                }
                other => {
                    return Err((
                        line_of(entry.until.span().start),
                        format!("until `{other}` is not a date such as `2027-01-31`"),
                    ));
                }
            };
            if until > today.in_years(limits::ACCEPTED_YEARS_MAX) {
                return Err((
                    line_of(entry.until.span().start),
                    format!(
                        "until `{until}` is more than {} years after {today}: an acceptance ends, \
                         so that somebody looks again",
                        limits::ACCEPTED_YEARS_MAX
                    ),
                ));
            }
            entries.push(Entry {
                line,
                ecosystem: Ecosystem::find(ecosystem).map_or(ADDRESS, Ecosystem::name).to_owned(),
                name: name.to_owned(),
                path: entry.path.as_ref().map(pattern).transpose()?,
                reason: entry.reason.get_ref().clone(),
                until,
                used: false,
            });
        }
        Ok(Self { file, entries, exclude })
    }

    /// The acceptance that takes a finding on that day. Those that have ended take nothing, and are
    /// noted as matching.
    pub(crate) fn of(
        &mut self,
        finding: &Finding,
        catalogue: &Catalogue,
        today: Day,
    ) -> Option<Acceptance> {
        let mut taken = None;
        for entry in self.entries.iter_mut().filter(|entry| entry.is_of(finding, catalogue)) {
            entry.used = true;
            if taken.is_none() && today < entry.until {
                taken = Some(Acceptance { reason: entry.reason.clone(), until: entry.until });
            }
        }
        taken
    }

    /// What is of no use, in the order of the file.
    pub(crate) fn unused(&self, today: Day) -> Vec<Unused> {
        let all = self.entries.iter().filter_map(|entry| {
            let why = match (entry.used, today < entry.until) {
                (_, false) => Why::Expired,
                (false, true) => Why::Stale,
                (true, true) => return None,
            };
            let path = entry.path.as_ref().map(|path| path.text.clone());
            Some(Unused {
                file: self.file,
                line: entry.line,
                client: format!("{}:{}", entry.ecosystem, entry.name),
                path,
                why,
                until: entry.until,
            })
        });
        all.collect()
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

fn problem(text: &str, error: &toml::de::Error) -> (usize, String) {
    let line = line_of(text, error.span().map_or(0, |span| span.start));
    (line, error.message().trim_end().replace('\n', " "))
}

/// What stands before a host or path of the catalogue, where an ecosystem stands before a name.
pub(crate) const ADDRESS: &str = "address";

impl Entry {
    fn is_of(&self, finding: &Finding, catalogue: &Catalogue) -> bool {
        if self.ecosystem != finding.ecosystem
            || self.path.as_ref().is_some_and(|path| !path.matches(&finding.file))
        {
            return false;
        }
        if self.name.eq_ignore_ascii_case(&finding.name) {
            return true;
        }
        // Two spellings of one name, by the rules of its ecosystem.
        let entry = |name: &str| catalogue.find(&self.ecosystem, name).map(|client| &client.name);
        entry(&self.name).is_some_and(|own| Some(own) == entry(&finding.name))
    }
}

#[cfg(test)]
mod tests {
    use super::{Accepted, Day, Pattern};

    #[test]
    fn patterns_take_folders_with_all_below_them() {
        let matches =
            |pattern: &str, file: &str| Pattern::new(pattern).expect("a pattern").matches(file);
        assert!(
            matches("tests", "tests/a/b.json")
                && matches("tests/", "tests/a")
                && matches("tests/**", "tests/a/b")
        );
        assert!(matches("**/fixtures", "a/b/fixtures/c/d") && matches("*.lock", "yarn.lock"));
        assert!(
            !matches("tests", "mytests/a")
                && !matches("*.lock", "a/yarn.lock")
                && !matches("tests/*.json", "tests/a/b.json")
        );
        assert!(Pattern::new("a[").is_err());
    }

    #[test]
    fn a_mistake_is_reported_with_its_line() {
        let entry =
            "[[accept]]\nclient = \"npm:baileys\"\nreason = \"a test\"\nuntil = 2027-01-01\n";
        let today = "2026-11-28".parse().expect("a day");
        assert!(Accepted::parse(entry, today).is_ok() && Accepted::parse("", today).is_ok());
        for (from, to, line, part) in [
            ("npm:baileys", "baileys", 2, "is not `ecosystem:name`"),
            ("npm:", "nmp:", 2, "did you mean `npm`?"),
            ("a test", " ", 3, "the reason is empty"),
            ("2027-01-01", "2027-01-01T00:00:00Z", 4, "is not a date"),
            ("2027-01-01", "9999-12-31", 4, "more than 2 years after 2026-11-28"),
            ("until", "til", 4, "unknown field"),
            ("until = 2027-01-01", "path = \"[\"\nuntil = 2027-01-01", 4, "is not a pattern"),
        ] {
            let (at, reason) = Accepted::parse(&entry.replace(from, to), today).expect_err(to);
            assert!(
                at == line && reason.contains(part) && !reason.contains('\n'),
                "{to}: {at} {reason}"
            );
        }
        assert!(
            "2026-11-28".parse::<Day>().expect("a day")
                < "2026-11-29T10:00:00Z".parse().expect("a day")
        );
        assert!("today".parse::<Day>().is_err() && "10:00:00".parse::<Day>().is_err());
    }
}
