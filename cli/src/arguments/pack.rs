//! What can be asked about packs?

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use cleartosend::Timestamp;

use super::evidence::{CheckSignature, Sign, Trusting};
use super::{Configured, ReadIn, With, date};
use crate::format::{PlainFormat, RegisterFormat, TestFormat};

#[derive(Debug, Subcommand)]
pub(crate) enum Pack {
    /// Write a pack to begin with: a rule, a table, a named condition and tests. Nothing is
    /// overwritten
    New {
        /// The folder of the new pack; its last part is the pack's name
        folder: PathBuf,
        /// The day on which it is published, instead of today
        #[arg(long, value_name = "INSTANT", value_parser = date)]
        at: Option<Timestamp>,
    },
    /// Check a pack and report every problem with its place, and what is allowed and probably not
    /// meant: rules that nothing violates or that add nothing, what is declared and not used
    ///
    /// Exit codes: 0 in order, 1 with `--deny warnings` if there is a warning, 2 not in order.
    Lint {
        /// The pack's folder, or the name of a built-in pack
        folder: PathBuf,
        /// Warn of waivers that have ended at this instant, instead of today
        #[arg(long, value_name = "INSTANT", value_parser = date)]
        at: Option<Timestamp>,
        /// Exit with code 1 if there is any
        #[arg(long, value_enum, value_name = "WHAT")]
        deny: Option<Deny>,
        #[command(flatten)]
        answer_format: TestFormat,
    },
    /// Bring the files of a pack into their one canonical form, and name those that were not: the
    /// order of keys, spaces and blank lines. Comments and values stay as they are
    Fmt {
        /// The pack's folder
        folder: PathBuf,
        /// Write nothing, and exit with code 1 if some file is not in that form
        #[arg(long)]
        check: bool,
    },
    /// Run a pack's tests, and show which outcomes, dates and clauses of its rules no test shows
    ///
    /// Exit code 1 if a test fails or something is not shown.
    Test {
        /// The pack's folder, or the name of a built-in pack
        folder: PathBuf,
        /// Print the missing tests, in the format of a pack's tests, instead of running those that
        /// are there. They say what the rules do now: read each, and remove its mark
        /// `draft = true` if it is what they should do
        #[arg(
            long,
            conflicts_with_all = ["only", "coverage", "threshold", "watch", "format", "json"]
        )]
        draft: bool,
        /// Run only the tests whose name has this in it, or that name the rule of this id
        #[arg(long, value_name = "TEXT", conflicts_with_all = ["coverage", "threshold"])]
        only: Option<String>,
        /// Show how much of each rule the tests show
        #[arg(long)]
        coverage: bool,
        /// Exit with code 1 where less is shown than this share, in percent, instead of all; with
        /// 0, only if a test fails
        #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(..=100))]
        threshold: Option<u8>,
        /// Run the tests now and after each change of a file of the pack, until interrupted
        #[arg(long)]
        watch: bool,
        #[command(flatten)]
        answer_format: TestFormat,
    },
    /// Explain a rule in sentences: when it is violated and when not, what needs to be known, its
    /// period, source, and what is at stake
    Explain {
        /// The rule's id, such as `consent.opted-out`; `pack/id` where two packs have one id
        rule: String,
        /// Show the clauses too: what the engine holds of the rule
        #[arg(long)]
        clauses: bool,
        #[command(flatten)]
        read_in: ReadIn,
        #[command(flatten)]
        with: With,
    },
    /// Sign a pack: its signature is written to `.pack.minisig` in its folder
    Sign(Sign),
    /// Show whether a pack is signed by a key that you trust
    ///
    /// Exit codes: 0 it is, 4 it is not.
    Verify(CheckSignature),
    /// Show what the rules of packs are to each other: rules that nothing violates, that say what
    /// others say or contradict them, values and times that no rule asks about
    ///
    /// Each claim comes with a campaign document that shows it, or is called possible. Rules' own
    /// verdicts are meant: what waivers lower for a time changes nothing of what rules are to each
    /// other. Exit codes: 0 whatever is found, 2 bad use or bad input.
    Analyse {
        /// The packs' folders, or names of built-in packs, analysed together; if left out, those
        /// that `cts check` uses by the `cts.toml`
        #[arg(value_name = "DIR|NAME")]
        packs: Vec<PathBuf>,
        #[command(flatten)]
        answer_format: PlainFormat,
        #[command(flatten)]
        trusting: Trusting,
        #[command(flatten)]
        configured: Configured,
    },
    /// List a pack's rules with their periods and sources
    List {
        /// The pack's folder, or the name of a built-in pack; all built-in packs, if left out
        folder: Option<PathBuf>,
        #[command(flatten)]
        answer_format: RegisterFormat,
    },
}

/// What makes the command fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Deny {
    Warnings,
}
