//! What can be asked of an audience.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use cleartosend::{Timestamp, Verdict};

use super::account::OfAccount;
use super::values::{column_name, instant, threads, verdict, word_value};
use super::{Over, ReadIn, Waived, With, evidence};
use crate::format::{SummaryFormat, TableFormat};

#[derive(Debug, Args)]
pub(crate) struct Screen {
    /// The campaign document, without a recipient; `-` reads standard input
    pub(crate) campaign: PathBuf,
    /// The audience: a column for each attribute under `recipient.` or `x.` that rows have; `-`
    /// reads standard input
    pub(crate) audience: PathBuf,
    /// Write the rows of the result to this file, which appears when it is complete; `-` writes
    /// standard output, and the summary goes to standard error
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Repeat these columns of the audience in the result, such as an id. They need not be
    /// attributes
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    pub(crate) keep: Vec<String>,
    /// Leave these columns of the audience out of account
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
    /// Take a column as an attribute that it is not called by, such as `mobile=recipient.phone`
    #[arg(long = "map", visible_alias = "name", value_name = "COLUMN=ATTRIBUTE", value_parser = column_name)]
    pub(crate) names: Vec<(String, String)>,
    #[command(flatten)]
    pub(crate) mapped: Mapped,
    /// Write only the rows of these verdicts; the summary counts all
    #[arg(long, value_name = "VERDICT,…", value_delimiter = ',', value_parser = verdict, requires = "output")]
    pub(crate) only: Vec<Verdict>,
    /// Give verdicts alone, at their own speed: rows without the rules and missing members behind
    /// them, and a summary of how many rows have which verdict. A record says why, and needs the
    /// whole answer
    #[arg(long, conflicts_with = "record")]
    pub(crate) verdict_only: bool,
    /// Write the summary to this file too, as one line of JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) summary: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) answer_format: SummaryFormat,
    /// Read the audience even if the campaign is denied by itself
    #[arg(long)]
    pub(crate) anyway: bool,
    #[command(flatten)]
    pub(crate) helped: Helped,
    /// Take what a line of NDJSON leaves out as null, though `null` says that there is none and
    /// nothing says that nothing is known
    #[arg(long)]
    pub(crate) left_out_is_null: bool,
    /// The format of the audience; by the name of the file, if left out
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) input_format: Option<TableFormat>,
    /// What stands between the cells of CSV, read or written; a tab for `.tsv`, else a comma, if
    /// left out
    #[arg(long, value_enum, value_name = "SEPARATOR")]
    pub(crate) separator: Option<CellSeparator>,
    /// How many threads judge; one for each processor core, if left out. The result is the same
    #[arg(long, value_name = "N", value_parser = threads)]
    pub(crate) threads: Option<NonZeroUsize>,
    /// Fail if the audience has fewer rows, and write nothing: an export that came out empty clears
    /// nobody
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub(crate) min_rows: u64,
    /// Take timestamps of Parquet and Arrow columns that have no time zone, and dates by
    /// `--date-format`, as what clocks of this one showed, such as Europe/Madrid; without it such
    /// columns are refused
    #[arg(long, value_name = "ZONE")]
    pub(crate) time_zone: Option<String>,
    /// In CSV output, put an apostrophe before texts that a spreadsheet would take for a formula
    #[arg(long, requires = "output")]
    pub(crate) guard_formulas: bool,
    /// Judge as of this instant instead of the document's `send_at`
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub(crate) at: Option<Timestamp>,
    #[command(flatten)]
    pub(crate) of_account: OfAccount,
    #[command(flatten)]
    pub(crate) waived: Waived,
    #[command(flatten)]
    pub(crate) read_in: ReadIn,
    #[command(flatten)]
    pub(crate) over: Over,
    #[command(flatten)]
    pub(crate) kept: evidence::Keep,
    #[command(flatten)]
    pub(crate) with: With,
}

/// Which changes would allow more of an audience.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Helped {
    /// Count how many more rows would be allowed with each single change of the campaign or the
    /// sender
    #[arg(long)]
    pub(crate) what_helps: bool,
    /// And if the message went out later, at each hour of so many days, at most 14
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=14))]
    pub(crate) when: Option<u32>,
    /// Add a column `fix` to the rows: who can clear the row by one change: campaign, sender or
    /// time; audience where only leaving it out helps
    #[arg(long, requires = "output")]
    pub(crate) fix_column: bool,
}

/// How the cells of an audience in CSV are written, if not as a campaign document writes values.
#[derive(Debug, Args)]
pub(crate) struct Mapped {
    /// Take the columns as the table `[audience.NAME]` of the `cts.toml` says
    #[arg(long, value_name = "NAME")]
    pub(crate) mapping: Option<String>,
    /// In CSV, what a word of an attribute's column stands for, such as
    /// `recipient.opt_in:TRUE=given`. Any other word there is a bad value then
    #[arg(long = "value", value_name = "ATTRIBUTE:WORD=VALUE", value_parser = word_value)]
    pub(crate) values: Vec<(String, String, String)>,
    /// In CSV, how dates are written, such as `%d/%m/%Y %H:%M`, by clocks of `--time-zone`
    #[arg(long, value_name = "FORMAT")]
    pub(crate) date_format: Option<String>,
    /// The time of day of dates without one, such as 23:59:59
    #[arg(long, value_name = "TIME", requires = "date_format")]
    pub(crate) time: Option<String>,
    /// In CSV, the country of numbers that do not begin with `+`, such as ES
    #[arg(long, value_name = "COUNTRY")]
    pub(crate) default_country: Option<String>,
    /// In CSV, a cell that says nothing, such as `N/A`
    #[arg(long = "null", value_name = "TEXT")]
    pub(crate) nulls: Vec<String>,
    /// In CSV, the encoding of the file, such as windows-1252; UTF-8, if left out
    #[arg(long, value_name = "ENCODING")]
    pub(crate) encoding: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CellSeparator {
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// A tab
    Tab,
}
