//! What was found of an audience?

use std::ffi::c_void;
use std::marker::PhantomData;
use std::mem::offset_of;
use std::sync::OnceLock;

use cleartosend::Summary;
use cleartosend::screen::{Help, VerdictCounts};

use crate::boundary::Failure;
use crate::contract::{built_in, called, free, getter, record};
use crate::error::cts_error;
use crate::handle;
use crate::input::StartsWithSize;
use crate::status::{cts_finding_status, cts_finding_verdict, cts_status, cts_verdict, of_finding};
use crate::text::cts_str;

/// What was found of an audience, or of the rows that were taken so far. Never changes; may be read
/// by several threads at once.
pub struct cts_summary(PhantomData<*mut u8>);

crate::handle::handle!(cts_summary holds Found);

/// Rows by verdict.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cts_verdict_counts {
    /// Clear to send.
    pub allow: u64,
    /// A person must decide, or something is missing.
    pub review: u64,
    /// Not clear to send.
    pub deny: u64,
}

/// A summary as a whole.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cts_summary_info {
    /// `sizeof(cts_summary_info)`, set by `CTS_SUMMARY_INFO_INIT`.
    pub struct_size: usize,
    /// Rows judged.
    pub rows: u64,
    /// Rows by verdict.
    pub verdicts: cts_verdict_counts,
    /// Rows with a value that could not be read.
    pub bad_rows: u64,
    /// The worst verdict of any row; `CTS_VERDICT_NONE` where no row was judged.
    pub worst: cts_verdict,
    /// 1 if the audience was read to its end; 0 if rows are still to come, the stream was released
    /// before, or it failed.
    pub is_complete: i32,
    /// How many `cts_summary_rule` gives.
    pub rule_count: usize,
    /// How many `cts_summary_missing` gives.
    pub missing_count: usize,
    /// How many `cts_summary_country` gives.
    pub country_count: usize,
    /// How many `cts_summary_bad_value` gives: the first hundred.
    pub bad_value_count: usize,
    /// 1 if verdicts were all that was asked (`cts_screen_options_verdict_only`): `bad_rows` and
    /// the four counts above are 0 then because nothing of that was counted, and say nothing.
    pub is_verdict_only: i32,
}

/// How many rows have a finding of a rule. Texts in it are borrowed from the `cts_summary` and die
/// with it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cts_rule_rows {
    /// `sizeof(cts_rule_rows)`, set by `CTS_RULE_ROWS_INIT`.
    pub struct_size: usize,
    /// Whether the rule is violated or undetermined.
    pub status: cts_finding_status,
    /// What that means.
    pub verdict: cts_finding_verdict,
    /// The name of the rule's pack; not there (NULL) for `input.bad-value`, which is said of values
    /// that could not be read.
    pub pack: cts_str,
    /// The rule's id.
    pub rule: cts_str,
    /// Rows with this finding.
    pub rows: u64,
    /// Rows with no other finding: so many more would be allowed if this were fixed;
    /// 0 for a note.
    pub alone: u64,
    /// Why an exception lowered the verdict; not there (NULL) where none did.
    pub waiver_reason: cts_str,
    /// Who made it; not there (NULL) where there is none.
    pub waiver_by: cts_str,
}

/// In how many rows a member is missing. Texts in it are borrowed from the `cts_summary` and die
/// with it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cts_missing_rows {
    /// `sizeof(cts_missing_rows)`, set by `CTS_MISSING_ROWS_INIT`.
    pub struct_size: usize,
    /// The member's path.
    pub path: cts_str,
    /// Rows in which it is missing.
    pub rows: u64,
}

/// How many recipients are in a country. Texts in it live as long as the library.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cts_country_rows {
    /// `sizeof(cts_country_rows)`, set by `CTS_COUNTRY_ROWS_INIT`.
    pub struct_size: usize,
    /// ISO 3166-1 alpha-2; not there (NULL) where the country is not known.
    pub country: cts_str,
    /// Rows.
    pub rows: u64,
    /// Rows by verdict.
    pub verdicts: cts_verdict_counts,
}

/// A value that could not be read. Texts in it are borrowed from the `cts_summary` and die with it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cts_bad_value {
    /// `sizeof(cts_bad_value)`, set by `CTS_BAD_VALUE_INIT`.
    pub struct_size: usize,
    /// The number of the row in the audience, from 0.
    pub row: u64,
    /// As the audience calls the column.
    pub column: cts_str,
    /// The attribute that the column holds.
    pub attribute: cts_str,
    /// What was found, and what was expected.
    pub reason: cts_str,
}

/// Gives the summary as a whole. `info->struct_size` must be set, as by `CTS_SUMMARY_INFO_INIT`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_summary_read(
    summary: *const cts_summary,
    info: *mut cts_summary_info,
) -> cts_status {
    record!(summary, info, |found| {
        let Summary { rows, verdicts, rules, missing, countries, bad_rows, bad_values, .. } =
            &found.summary;
        cts_summary_info {
            struct_size: size_of::<cts_summary_info>(),
            rows: *rows,
            verdicts: (*verdicts).into(),
            bad_rows: bad_rows.unwrap_or_default(),
            worst: if *rows == 0 {
                cts_verdict::CTS_VERDICT_NONE
            } else {
                found.summary.worst().into()
            },
            is_complete: found.is_complete.into(),
            rule_count: list(rules).len(),
            missing_count: list(missing).len(),
            country_count: list(countries).len(),
            bad_value_count: list(bad_values).len(),
            is_verdict_only: rules.is_none().into(),
        }
    })
}

/// Gives a rule that some row has a finding of, in the order of findings: deny before review before
/// note, violated before undetermined, then by pack and id. `rule->struct_size` must be set, as by
/// `CTS_RULE_ROWS_INIT`.
///
/// The texts in `*rule` are borrowed from `summary` and die with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_summary_rule(
    summary: *const cts_summary,
    index: usize,
    rule: *mut cts_rule_rows,
) -> cts_status {
    record!(summary, rule, |found| {
        let reported = item(list(&found.summary.rules), index)?;
        cts_rule_rows {
            struct_size: size_of::<cts_rule_rows>(),
            status: reported.status.into(),
            verdict: of_finding(reported.verdict),
            pack: cts_str::of_option(reported.pack.as_deref()),
            rule: cts_str::of(&reported.rule),
            rows: reported.rows,
            alone: reported.alone,
            waiver_reason: cts_str::of_option(reported.waiver.as_ref().map(|one| &*one.reason)),
            waiver_by: cts_str::of_option(reported.waiver.as_ref().map(|one| &*one.by)),
        }
    })
}

/// Gives a member that some row misses, by path. `missing->struct_size` must be set, as by
/// `CTS_MISSING_ROWS_INIT`.
///
/// The texts in `*missing` are borrowed from `summary` and die with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_summary_missing(
    summary: *const cts_summary,
    index: usize,
    missing: *mut cts_missing_rows,
) -> cts_status {
    record!(summary, missing, |found| {
        let reported = item(list(&found.summary.missing), index)?;
        cts_missing_rows {
            struct_size: size_of::<cts_missing_rows>(),
            path: cts_str::of(&reported.path),
            rows: reported.rows,
        }
    })
}

/// Gives a country of recipients, the most frequent first; there is none where no column gives a
/// country. `country->struct_size` must be set, as by `CTS_COUNTRY_ROWS_INIT`.
///
/// The texts in `*country` live as long as the library.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_summary_country(
    summary: *const cts_summary,
    index: usize,
    country: *mut cts_country_rows,
) -> cts_status {
    record!(summary, country, |found| {
        let reported = item(list(&found.summary.countries), index)?;
        cts_country_rows {
            struct_size: size_of::<cts_country_rows>(),
            country: cts_str::of_option(reported.country),
            rows: reported.rows,
            verdicts: reported.verdicts.into(),
        }
    })
}

/// Gives a value that could not be read, in the order of rows. `bad->struct_size` must be set, as
/// by `CTS_BAD_VALUE_INIT`.
///
/// The texts in `*bad` are borrowed from `summary` and die with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_summary_bad_value(
    summary: *const cts_summary,
    index: usize,
    bad: *mut cts_bad_value,
) -> cts_status {
    record!(summary, bad, |found| {
        let reported = item(list(&found.summary.bad_values), index)?;
        cts_bad_value {
            struct_size: size_of::<cts_bad_value>(),
            row: reported.row,
            column: cts_str::of(&reported.column),
            attribute: cts_str::of(&reported.attribute),
            reason: cts_str::of(&reported.reason),
        }
    })
}

/// Gives the summary as one line of JSON, as `cts screen --json` prints it.
///
/// `*json` is borrowed from `summary` and dies with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_summary_json(
    summary: *const cts_summary,
    json: *mut cts_str,
) -> cts_status {
    getter!(summary, json, |found| cts_str::of(found.json.get_or_init(|| found.summary.to_json())))
}

/// Gives what would help the audience most, as one line of JSON: `changes`, those of the campaign
/// or of the sender with which more rows would be allowed, the one that helps most first, and
/// `hours`, what sending at each of them would change. It is the member `help` of
/// `cts_summary_json`; not there (NULL) where `cts_screen_options_help` did not ask for it.
///
/// `*json` is borrowed from `summary` and dies with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_summary_help_json(
    summary: *const cts_summary,
    json: *mut cts_str,
) -> cts_status {
    getter!(summary, json, |found| cts_str::of_option(
        found.help.get_or_init(|| found.summary.help.as_ref().map(Help::to_json)).as_deref()
    ))
}

/// Gives the summary for people, as `cts screen` prints it: lines with counts and their share.
///
/// `*text` is borrowed from `summary` and dies with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_summary_text(
    summary: *const cts_summary,
    text: *mut cts_str,
) -> cts_status {
    getter!(summary, text, |found| cts_str::of(
        found.text.get_or_init(|| found.summary.to_string())
    ))
}

/// Makes one summary of several, as if their audiences had been one: `summaries` are `count`
/// summaries in the order of their rows, by which rows with bad values are numbered. They are of
/// one campaign, and of the same packs, waivers, directory and engine: others are refused,
/// `screen/other-basis`. It is complete if all of them are.
///
/// Takes no ownership of `summaries`. `*merged` is the caller's; free it with `cts_summary_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_summary_merge(
    summaries: *const *const cts_summary,
    count: usize,
    merged: *mut *mut cts_summary,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(merged, "merged");
        built_in!("screen");
        let summaries = c.items(summaries, count, "summaries")?;
        let mut whole: Option<Found> = None;
        for summary in summaries {
            let found = c.shared(*summary, "summaries")?;
            match &mut whole {
                None => whole = Some(Found::new(found.summary.clone(), found.is_complete)),
                Some(whole) => {
                    whole.summary.merge(&found.summary)?;
                    whole.is_complete &= found.is_complete;
                }
            }
        }
        let whole = whole.ok_or_else(|| Failure::value("count", 0, "one summary at least"))?;
        let out = out?;
        out.put(handle::give(whole));
        Ok(())
    })
}

/// Reads a summary from what `cts_summary_json` gave, maybe in another process, so that it can be
/// merged. JSON does not say whether the audience was read to its end: `is_complete`, 1 or 0, does.
///
/// `*summary` is the caller's; free it with `cts_summary_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_summary_new_from_json(
    json: *const c_void,
    json_len: usize,
    is_complete: i32,
    summary: *mut *mut cts_summary,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(summary, "summary");
        built_in!("screen");
        let json = c.bytes(json, json_len, "json")?;
        let is_complete = match is_complete {
            0 => false,
            1 => true,
            other => return Err(Failure::value("is_complete", other, "0 or 1")),
        };
        let out = out?;
        out.put(handle::give(Found::new(Summary::from_json(json)?, is_complete)));
        Ok(())
    })
}

/// Frees a summary; NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_summary_free(summary: *mut cts_summary) {
    free!(summary);
}

/// What is behind a [`cts_summary`].
#[derive(Debug)]
pub(crate) struct Found {
    summary: Summary,
    is_complete: bool,
    json: OnceLock<String>,
    help: OnceLock<Option<String>>,
    text: OnceLock<String>,
}

impl Found {
    pub(crate) fn new(summary: Summary, is_complete: bool) -> Self {
        Self {
            summary,
            is_complete,
            json: OnceLock::new(),
            help: OnceLock::new(),
            text: OnceLock::new(),
        }
    }
}

/// A list of a summary; without an item where it was not made.
fn list<T>(of: &Option<Vec<T>>) -> &[T] {
    of.as_deref().unwrap_or_default()
}

fn item<T>(items: &[T], index: usize) -> Result<&T, Failure> {
    items.get(index).ok_or_else(|| Failure::index(index, items.len()))
}

impl From<VerdictCounts> for cts_verdict_counts {
    fn from(VerdictCounts { allow, review, deny }: VerdictCounts) -> Self {
        Self { allow, review, deny }
    }
}

// SAFETY: `repr(C)`, the size first, and all zero is a value.
unsafe impl StartsWithSize for cts_summary_info {
    const SIZES: &'static [usize] = &[offset_of!(Self, is_verdict_only), size_of::<Self>()];
}
// SAFETY: as above.
unsafe impl StartsWithSize for cts_rule_rows {
    const SIZES: &'static [usize] = &[offset_of!(Self, waiver_reason), size_of::<Self>()];
}
// SAFETY: as above.
unsafe impl StartsWithSize for cts_missing_rows {
    const SIZES: &'static [usize] = &[size_of::<Self>()];
}
// SAFETY: as above.
unsafe impl StartsWithSize for cts_country_rows {
    const SIZES: &'static [usize] = &[size_of::<Self>()];
}
// SAFETY: as above.
unsafe impl StartsWithSize for cts_bad_value {
    const SIZES: &'static [usize] = &[size_of::<Self>()];
}
