//! What was found of audiences that were screened apart?
//!
//! Parts of one audience may be screened by several processes. Each has a [`Summary`], which
//! travels as JSON, and all of them come to the summary of the whole, to the last number.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::basis::Basis;
use super::error::{self, ScreenError};
use super::summary::{
    BAD_ROWS_SHOWN_MAX, BadRow, CountryCount, MissingCount, RuleCount, Summary, VerdictCounts,
    gathered, in_order,
};
use crate::decide::{FindingWaiver, WrittenDate};
use crate::schema;
use crate::time::Timestamp;
use crate::verdict::{FindingVerdict, Status};

impl Summary {
    /// Adds the summary of the rows that follow those of this one: afterwards it is that of both,
    /// as if they had been one audience. So parts are merged in the order of their rows; in another
    /// order the counts are the same, and rows with bad values are numbered in that order. Where one
    /// of the two counted verdicts alone, so does what both come to.
    ///
    /// # Errors
    /// `screen/other-basis`, if the two are of different campaigns, packs, waivers, directories or
    /// engines: it names all that differ. `screen/summary-with-help`, if either says what would help.
    /// `screen/summary`, if there are more rows than 64 bits count. This summary is then as it was.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use arrow_array::{ArrayRef, BooleanArray, RecordBatch, RecordBatchIterator};
    /// use cleartosend::{Engine, Facts, ScreenOptions, Summary};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let engine = Engine::built_in()?;
    /// let document = br#"{"send_at": "2026-03-02T15:00:00Z"}"#;
    /// let campaign = Facts::from_json(engine.schema(), document)?;
    /// let screened = |opted_out: Vec<bool>| -> Result<Summary, Box<dyn std::error::Error>> {
    ///     let opted_out: ArrayRef = Arc::new(BooleanArray::from(opted_out));
    ///     let batch = RecordBatch::try_from_iter([("recipient.opted_out", opted_out)])?;
    ///     let audience = RecordBatchIterator::new([Ok(batch.clone())], batch.schema());
    ///     let mut screening = engine.screen(&campaign, audience, &ScreenOptions::new())?;
    ///     screening.by_ref().for_each(drop);
    ///     Ok(screening.summary())
    /// };
    /// let mut summary = screened(vec![true, false])?;
    /// // From another process it comes as JSON.
    /// let json = screened(vec![true])?.to_json();
    /// summary.merge(&Summary::from_json(json.as_bytes())?)?;
    /// assert_eq!(summary, screened(vec![true, false, true])?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn merge(&mut self, later: &Self) -> Result<(), ScreenError> {
        let differences = self.basis.differences(&later.basis);
        if !differences.is_empty() {
            return Err(error::other_basis(&differences));
        }
        if self.help.is_some() || later.help.is_some() {
            return Err(error::help_is_given());
        }
        *self = merged(self, later).ok_or_else(error::too_many_to_count)?;
        Ok(())
    }

    /// Reads a summary from the JSON that [`Summary::to_json`] writes.
    ///
    /// # Errors
    /// `screen/summary`, for whatever is no such JSON. `screen/summary-with-help`, if it says what
    /// would help, which is for people and not read back.
    pub fn from_json(json: &[u8]) -> Result<Self, ScreenError> {
        let read: ReadSummary =
            serde_json::from_slice(json).map_err(|problem| error::no_summary(&problem))?;
        if read.help.is_some() {
            return Err(error::help_is_given());
        }
        read.summary().map_err(|problem| error::no_summary(&problem))
    }
}

fn merged(one: &Summary, later: &Summary) -> Option<Summary> {
    let mut missing: BTreeMap<&Arc<str>, u64> = BTreeMap::new();
    for MissingCount { path, rows } in one.missing.iter().chain(&later.missing).flatten() {
        let count = missing.entry(path).or_default();
        *count = count.saturating_add(*rows);
    }
    let mut countries: BTreeMap<Option<&'static str>, (u64, VerdictCounts)> = BTreeMap::new();
    for CountryCount { country, rows, verdicts } in
        one.countries.iter().chain(&later.countries).flatten()
    {
        let (all, by_verdict) = countries.entry(*country).or_default();
        *all = all.saturating_add(*rows);
        by_verdict.add(*verdicts);
    }
    // No other count is greater than that of rows: what these hold, all hold.
    let rows = one.rows.checked_add(later.rows)?;
    let mut verdicts = one.verdicts;
    verdicts.add(later.verdicts);
    let outside = one.rows_outside_window.zip(later.rows_outside_window);
    let outside = outside.map(|(rows, more)| rows.saturating_add(more));
    let mut bad_values = one.bad_values.clone().unwrap_or_default();
    for bad in later.bad_values.iter().flatten() {
        if bad_values.len() < BAD_ROWS_SHOWN_MAX {
            bad_values.push(BadRow { row: one.rows.saturating_add(bad.row), ..bad.clone() });
        }
    }
    let countries = countries.into_iter().map(|(country, (rows, verdicts))| CountryCount {
        country,
        rows,
        verdicts,
    });
    let is_counted = one.rules.is_some() && later.rules.is_some();
    let rules = one.rules.iter().chain(&later.rules).flatten().cloned();
    Some(Summary {
        rows,
        audience_size: one.audience_size,
        audience_outside_window: one.audience_outside_window,
        rows_outside_window: outside,
        verdicts,
        rules: is_counted.then(|| gathered(rules)),
        missing: is_counted.then(|| {
            missing
                .into_iter()
                .map(|(path, rows)| MissingCount { path: Arc::clone(path), rows })
                .collect()
        }),
        countries: is_counted.then(|| in_order(countries.collect())),
        bad_rows: one.bad_rows.zip(later.bad_rows).map(|(bad, more)| bad.saturating_add(more)),
        bad_values: is_counted.then_some(bad_values),
        help: None,
        basis: Arc::clone(&one.basis),
    })
}

impl VerdictCounts {
    fn add(&mut self, more: Self) {
        self.allow = self.allow.saturating_add(more.allow);
        self.review = self.review.saturating_add(more.review);
        self.deny = self.deny.saturating_add(more.deny);
    }

    /// All rows; none if there are more than 64 bits count.
    fn rows(self) -> Option<u64> {
        self.allow.checked_add(self.review)?.checked_add(self.deny)
    }
}

/// A summary as its JSON has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadSummary {
    rows: u64,
    #[serde(default)]
    audience_size: Option<i64>,
    #[serde(default)]
    audience_outside_window: Option<i64>,
    #[serde(default)]
    rows_outside_window: Option<u64>,
    verdicts: VerdictCounts,
    #[serde(default)]
    rules: Option<Vec<ReadRule>>,
    #[serde(default)]
    missing: Option<Vec<MissingCount>>,
    #[serde(default)]
    countries: Option<Vec<ReadCountry>>,
    #[serde(default)]
    bad_rows: Option<u64>,
    #[serde(default)]
    bad_values: Option<Vec<BadRow>>,
    #[serde(default)]
    help: Option<IgnoredAny>,
    basis: Basis,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadRule {
    pack: Option<Arc<str>>,
    rule: Arc<str>,
    status: String,
    verdict: String,
    #[serde(default)]
    waiver: Option<ReadWaiver>,
    rows: u64,
    alone: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadWaiver {
    reason: Arc<str>,
    by: Arc<str>,
    until: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadCountry {
    country: Option<String>,
    rows: u64,
    verdicts: VerdictCounts,
}

impl ReadSummary {
    fn summary(self) -> Result<Summary, String> {
        let Self {
            rows,
            audience_size,
            audience_outside_window,
            rows_outside_window,
            verdicts,
            rules,
            missing,
            countries,
            bad_rows,
            bad_values,
            help: _,
            basis,
        } = self;
        let is_counted = rules.is_some();
        let others =
            [missing.is_some(), countries.is_some(), bad_rows.is_some(), bad_values.is_some()];
        if others.contains(&!is_counted) {
            return Err(
                "`rules`, `missing`, `countries`, `bad_rows` and `bad_values` stand together"
                    .to_owned(),
            );
        }
        let (rules, missing) = (rules.unwrap_or_default(), missing.unwrap_or_default());
        let countries = countries.unwrap_or_default();
        let (bad_rows, bad_values) = (bad_rows.unwrap_or_default(), bad_values.unwrap_or_default());
        let of_rules = rules.iter().flat_map(|rule| [rule.rows, rule.alone]);
        let of_missing = missing.iter().map(|member| member.rows);
        let of_bad = bad_values.iter().map(|bad| bad.row.saturating_add(1));
        let in_countries =
            countries.iter().try_fold(0_u64, |sum, country| sum.checked_add(country.rows));
        let of_countries = in_countries.unwrap_or(u64::MAX);
        let outside = rows_outside_window.unwrap_or_default();
        let of_all = [bad_rows, of_countries, outside];
        let counts = of_rules.chain(of_missing).chain(of_bad).chain(of_all);
        if audience_outside_window.is_some() != rows_outside_window.is_some() {
            return Err(
                "`audience_outside_window` and `rows_outside_window` stand together".to_owned()
            );
        }
        if verdicts.rows() != Some(rows) || counts.max().is_some_and(|most| most > rows) {
            return Err(format!("its counts do not belong to {rows} rows"));
        }
        if bad_values.len() > BAD_ROWS_SHOWN_MAX {
            return Err(format!(
                "found {} bad values, expected at most {BAD_ROWS_SHOWN_MAX}",
                bad_values.len()
            ));
        }
        let rules: Result<Vec<RuleCount>, String> = rules.into_iter().map(ReadRule::rule).collect();
        let countries: Result<Vec<CountryCount>, String> =
            countries.into_iter().map(ReadCountry::country).collect();
        let (rules, countries) = (rules?, countries?);
        // What stands twice or elsewhere would make two of one summary.
        let in_place = [
            ("rules", gathered(rules.iter().cloned()) == rules),
            ("missing", missing.is_sorted_by(|one, next| one.path < next.path)),
            ("countries", in_order(countries.clone()) == countries && are_different(&countries)),
            ("bad_values", bad_values.is_sorted_by_key(|bad| bad.row)),
        ];
        if let Some((list, _)) = in_place.iter().find(|(_, is_in_place)| !is_in_place) {
            return Err(format!("`{list}` is not in the order of summaries, or names one twice"));
        }
        Ok(Summary {
            rows,
            audience_size,
            audience_outside_window,
            rows_outside_window,
            verdicts,
            rules: is_counted.then_some(rules),
            missing: is_counted.then_some(missing),
            countries: is_counted.then_some(countries),
            bad_rows: is_counted.then_some(bad_rows),
            bad_values: is_counted.then_some(bad_values),
            help: None,
            basis: Arc::new(basis),
        })
    }
}

impl ReadRule {
    fn rule(self) -> Result<RuleCount, String> {
        let Self { pack, rule, status, verdict, waiver, rows, alone } = self;
        Ok(RuleCount {
            pack,
            rule,
            status: status.parse::<Status>().map_err(|problem| problem.to_string())?,
            verdict: verdict.parse::<FindingVerdict>().map_err(|problem| problem.to_string())?,
            waiver: waiver.map(ReadWaiver::waiver).transpose()?,
            rows,
            alone,
        })
    }
}

impl ReadWaiver {
    fn waiver(self) -> Result<FindingWaiver, String> {
        let Self { reason, by, until } = self;
        // A day is written without its time.
        let instant = Timestamp::parse(&until)
            .or_else(|_| Timestamp::parse(&format!("{until}T00:00:00Z")))
            .map_err(|problem| format!("{}: {problem}", crate::text::quoted(&until)))?;
        Ok(FindingWaiver { reason, by, until: WrittenDate(instant) })
    }
}

impl ReadCountry {
    fn country(self) -> Result<CountryCount, String> {
        let Self { country, rows, verdicts } = self;
        let known = |code: String| {
            let known = schema::countries().iter().copied().find(|known| *known == code);
            known.ok_or_else(|| format!("there is no country {}", crate::text::quoted(&code)))
        };
        if verdicts.rows() != Some(rows) {
            return Err("the verdicts of a country do not add up to its rows".to_owned());
        }
        Ok(CountryCount { country: country.map(known).transpose()?, rows, verdicts })
    }
}

/// Whether no country stands twice.
fn are_different(countries: &[CountryCount]) -> bool {
    let codes: BTreeSet<Option<&'static str>> =
        countries.iter().map(|count| count.country).collect();
    codes.len() == countries.len()
}
