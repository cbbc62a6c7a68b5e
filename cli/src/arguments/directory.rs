//! What can be asked of a directory.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use cleartosend::Timestamp;

use super::values::{date, instant, provider_column};
use super::{CellSeparator, evidence};
use crate::format::PlainFormat;

#[derive(Debug, Subcommand)]
pub(crate) enum Directory {
    /// Read a list of providers, and write it as a directory file
    ///
    /// All of it or nothing: every bad row of a table is named with its line, and no file is
    /// touched then.
    Import(Import),
    /// Put several directory files, each a look at one list, together into one
    Merge {
        /// The directory files, in any order
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Write to this file instead of standard output
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Sign a directory: its signature is written beside it, as FILE.minisig
    Sign(evidence::Sign),
    /// Show whether a directory is signed by a key that you trust
    ///
    /// Exit codes: 0 it is, 4 it is not.
    Verify(evidence::CheckSignature),
    /// List the providers of a directory
    List {
        /// The instant to ask about; the day of the directory, if left out
        #[arg(long, value_name = "INSTANT", value_parser = instant)]
        at: Option<Timestamp>,
        #[command(flatten)]
        answer_format: PlainFormat,
        #[command(flatten)]
        of: Which,
    },
    /// Show all that a directory says of one provider
    Show {
        /// Its id, or its name
        provider: String,
        /// The instant to ask about; the day of the directory, if left out
        #[arg(long, value_name = "INSTANT", value_parser = instant)]
        at: Option<Timestamp>,
        #[command(flatten)]
        answer_format: PlainFormat,
        #[command(flatten)]
        of: Which,
    },
    /// Show what changed from one directory file to another
    ///
    /// Exit codes: 0 if they name the same providers with the same words, 1 if not, 2 bad use or
    /// bad input.
    Diff {
        /// The old directory
        old: PathBuf,
        /// The new directory
        new: PathBuf,
        #[command(flatten)]
        answer_format: PlainFormat,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The list: a directory file, or a CSV table with a heading; `-` reads standard input
    pub(crate) file: PathBuf,
    /// Its format; by the name of the file, if left out
    #[arg(long = "input-format", alias = "format", value_enum, value_name = "FORMAT")]
    pub(crate) format: Option<ListFormat>,
    /// Where a table came from, in words
    #[arg(long, value_name = "TEXT")]
    pub(crate) source: Option<String>,
    /// When a table was retrieved, such as 2026-03-01 or 2026-03-01T10:00:00Z
    #[arg(long, value_name = "INSTANT", value_parser = date)]
    pub(crate) retrieved_at: Option<Timestamp>,
    /// A table names every provider that was listed in the time that it covers. Say so only if it
    /// does: who is not in a complete list is unlisted
    #[arg(long)]
    pub(crate) complete: bool,
    /// From when on a table speaks; from when it was retrieved, if left out
    #[arg(long, value_name = "INSTANT", value_parser = date)]
    pub(crate) covers_from: Option<Timestamp>,
    /// Until when a table speaks; without an end, if left out
    #[arg(long, value_name = "INSTANT", value_parser = date)]
    pub(crate) covers_until: Option<Timestamp>,
    /// Which column of a table holds what, such as `Website=domains`; a column alone holds the
    /// names. What a column can hold: id, name, aliases, domains, role, listed_from, listed_until,
    /// evidence, evidence_at. Without ids they are made of domains or names
    #[arg(long = "name", value_name = "COLUMN[=MEMBER]", value_parser = provider_column)]
    pub(crate) names: Vec<(String, String)>,
    /// Leave these columns of a table out of account
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
    /// What stands between the cells of a table; a tab for `.tsv`, else a comma, if left out
    #[arg(long, value_enum, value_name = "SEPARATOR")]
    pub(crate) separator: Option<CellSeparator>,
    /// Merge into this directory, as a later look at the same list. The file is replaced, unless
    /// `--output` names another
    #[arg(long, value_name = "FILE")]
    pub(crate) into: Option<PathBuf>,
    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// A directory file
    Json,
    /// A table with a heading
    Csv,
}

/// Which directory.
#[derive(Debug, Args)]
pub(crate) struct Which {
    /// Use this directory instead of the built-in sample
    #[arg(long, value_name = "FILE")]
    pub(crate) directory: Option<PathBuf>,
    /// Lay a directory of providers that you vetted yourself on top
    #[arg(long, value_name = "FILE")]
    pub(crate) own: Option<PathBuf>,
}
