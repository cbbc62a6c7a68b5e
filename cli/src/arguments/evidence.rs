//! What can be asked about records?

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use cleartosend::Timestamp;

use super::values::{date, threads};
use super::{ReadIn, Waived};
use crate::format::{LinesFormat, LinesPageFormat};

/// Whether a record of the answer is kept.
#[derive(Debug, Args)]
pub(crate) struct Keep {
    /// Keep a record of the decision: append it to this log, `.ndjson`, or write it as a file of
    /// its own to this folder. Nothing is printed unless it is stored
    #[arg(long, value_name = "LOG|FOLDER")]
    pub(crate) record: Option<PathBuf>,
    /// In the record, put keyed hashes in place of the recipient's number and user id, by the key in
    /// this file
    #[arg(long, value_name = "FILE", requires = "record")]
    pub(crate) mask_key: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Records: files of one, logs, or folders of both
    #[arg(required = true, value_name = "RECORD")]
    pub(crate) records: Vec<PathBuf>,
    /// Check the seals of logs: every record has to be sealed by this public key, or another one
    /// that is given. Files that go on from each other are given in order; a file that does not is
    /// a log of its own
    #[arg(long, value_name = "KEY")]
    pub(crate) trust: Vec<PathBuf>,
    /// Accept a log that goes on where another file ended which is not at hand
    #[arg(long, requires = "trust")]
    pub(crate) continued: bool,
    /// How many segments the last log has at least: what tells that its end was not cut off
    #[arg(long, value_name = "N", requires = "trust")]
    pub(crate) segments: Option<u64>,
    /// Compare the files that records of screenings name, by their digests: they are in this folder
    #[arg(long, value_name = "FOLDER")]
    pub(crate) files: Option<PathBuf>,
    /// How many threads verify; one for each processor core, if left out
    #[arg(long, value_name = "N", value_parser = threads)]
    pub(crate) threads: Option<NonZeroUsize>,
    #[command(flatten)]
    pub(crate) answer_format: LinesPageFormat,
    #[command(flatten)]
    pub(crate) read_in: ReadIn,
}

#[derive(Debug, Args)]
pub(crate) struct Replay {
    /// Records: files of one, logs, or folders of both
    #[arg(required = true, value_name = "RECORD")]
    pub(crate) records: Vec<PathBuf>,
    /// Judge with this pack, a folder or the name of a built-in one, in place of the one of that
    /// name in the record, or on top
    #[arg(long = "pack", value_name = "DIR|NAME")]
    pub(crate) pack: Vec<PathBuf>,
    /// A folder of packs: those that a record rests on are found in it by their digests
    #[arg(long, value_name = "FOLDER")]
    pub(crate) packs: Option<PathBuf>,
    /// Use this provider directory instead of the built-in sample
    #[arg(long, value_name = "FILE")]
    pub(crate) directory: Option<PathBuf>,
    /// Lay a directory of providers that you vetted yourself on top
    #[arg(long, value_name = "FILE")]
    pub(crate) own: Option<PathBuf>,
    /// Judge the rows of screenings again too, by the files of their audiences: they are in this
    /// folder
    #[arg(long, value_name = "FOLDER")]
    pub(crate) files: Option<PathBuf>,
    /// Judge by packs and directories that are files only if the owner of this public key signed
    /// them, or that of another one that is given. Built-in ones are part of the command
    #[arg(long, value_name = "KEY")]
    pub(crate) trust: Vec<PathBuf>,
    /// Take this day, or timestamp, for today when signatures are asked whether they have expired
    #[arg(long, value_name = "DATE", value_parser = date, requires = "trust")]
    pub(crate) as_of: Option<Timestamp>,
    #[command(flatten)]
    pub(crate) waived: Waived,
    /// How many threads judge; one for each processor core, if left out
    #[arg(long, value_name = "N", value_parser = threads)]
    pub(crate) threads: Option<NonZeroUsize>,
    #[command(flatten)]
    pub(crate) answer_format: LinesPageFormat,
    #[command(flatten)]
    pub(crate) read_in: ReadIn,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Records {
    /// Find the records about a recipient
    ///
    /// Exit codes: 0 all were searched, whether one was found or not, 3 some could not be: they are
    /// masked by a key that was not given, or of audiences in files of their own, 2 one cannot be read.
    Find(Find),
    /// Seal what was appended to a log since its last seal
    ///
    /// From then on, `cts verify --trust` shows what was edited, cut, inserted or put in another
    /// order. The log is checked first; one that is broken is not sealed again.
    Seal(SealLog),
}

#[derive(Debug, Args)]
pub(crate) struct Find {
    /// Records: files of one, logs, or folders of both
    #[arg(required = true, value_name = "RECORD")]
    pub(crate) records: Vec<PathBuf>,
    /// The recipient's number, in E.164
    #[arg(long, value_name = "PHONE")]
    pub(crate) number: Option<String>,
    /// The recipient's user id
    #[arg(long, value_name = "ID", conflicts_with = "number")]
    pub(crate) user_id: Option<String>,
    /// The digest of a decision: finds its records, masked ones too
    #[arg(long, value_name = "DIGEST", conflicts_with_all = ["number", "user_id"])]
    pub(crate) decision: Option<String>,
    /// The key that masked records were made with
    #[arg(long, value_name = "FILE")]
    pub(crate) mask_key: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) answer_format: LinesFormat,
}

#[derive(Debug, Args)]
pub(crate) struct SealLog {
    /// The log
    pub(crate) log: PathBuf,
    /// The secret key, as `cts key new` makes it
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// Accept seals of this public key in the log: that of whoever sealed it before
    #[arg(long, value_name = "KEY")]
    pub(crate) also_trust: Vec<PathBuf>,
    /// Then put the log aside under the number of its last segment, and begin a new one that goes
    /// on from there
    #[arg(long)]
    pub(crate) rotate: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    /// Make a pair of keys in the format of minisign: NAME.key, which signs, and NAME.pub, which
    /// tells who signed
    ///
    /// The secret key has no password: keep its file where nobody else can read it.
    New {
        /// The name of the two files, without their ends
        name: PathBuf,
    },
    /// Make a key for `--mask-key`
    Mask {
        /// The file of the key
        file: PathBuf,
        /// Make it of a secret of your own in this file, of 16 bytes at least, in place of random
        /// numbers
        #[arg(long, value_name = "SECRET")]
        of: Option<PathBuf>,
    },
}

/// Whose packs and directories are used.
#[derive(Clone, Debug, Args)]
pub(crate) struct Trusting {
    /// Use packs and directories that are files only if the owner of this public key signed them,
    /// or that of another one that is given. Built-in ones are part of the command
    #[arg(long, value_name = "KEY")]
    pub(crate) trust: Vec<PathBuf>,
    /// Take this day, or timestamp, for today when signatures are asked whether they have expired
    #[arg(long, value_name = "DATE", value_parser = date, requires = "trust")]
    pub(crate) as_of: Option<Timestamp>,
    /// Refuse what is older, though it is signed: a pack, as `house=1.2.0`, or a directory, as
    /// `providers=2026-03-01`
    #[arg(long, value_name = "NAME=VERSION", value_parser = at_least, requires = "trust")]
    pub(crate) at_least: Vec<(String, String)>,
}

fn at_least(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, version)) => Ok((name.to_owned(), version.to_owned())),
        None => Err("expected a name, `=` and a version, such as `house=1.2.0`".to_owned()),
    }
}

#[derive(Debug, Args)]
pub(crate) struct Sign {
    /// The pack's folder, or the directory's file
    pub(crate) path: PathBuf,
    /// The secret key, as `cts key new` makes it
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// The signature counts until this day, or timestamp; for good, if left out
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) expires: Option<Timestamp>,
}

#[derive(Debug, Args)]
pub(crate) struct CheckSignature {
    /// The pack's folder, or the directory's file
    pub(crate) path: PathBuf,
    #[command(flatten)]
    pub(crate) trusting: Trusting,
}

#[derive(Debug, Args)]
pub(crate) struct ReportOf {
    /// Documents: files of one, files of one a line, or folders of both
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Write the page to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Put keyed hashes in place of recipients' numbers and user ids, by the key in this file
    #[arg(long, value_name = "FILE")]
    pub(crate) mask_key: Option<PathBuf>,
    /// The form of the page; by the name of the output, or HTML, if left out
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) format: Option<ReportFormat>,
    #[command(flatten)]
    pub(crate) read_in: ReadIn,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// One file of HTML
    Html,
    /// Markdown
    Md,
}
