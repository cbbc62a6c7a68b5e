//! What can be asked on the command line?

mod account;
mod directory;
pub(crate) mod evidence;
pub(crate) mod pack;
mod screen;
mod values;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use cleartosend::{Lang, Timestamp};

use self::values::{date, instant, lang};
use crate::format::{CheckFormat, PageFormat, PlainFormat, ReportFormat};
use crate::schemas::schema_kinds;

pub(crate) use self::account::{
    Account, AccountBook, Apply, ImportRows, NewBook, OfAccount, Project, Show,
};
pub(crate) use self::directory::{Directory, Import, ListFormat};
pub(crate) use self::screen::{CellSeparator, Helped, Screen};
pub(crate) use crate::config::Configured;

/// Are we clear to send? Judges WhatsApp campaigns by dated, cited rules.
///
/// Exit codes: 0 allow, 1 deny, 3 review, 2 bad use or bad input, 4 something differs (diff,
/// verify, replay).
#[derive(Debug, Parser)]
#[command(name = "cts", version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Judge a campaign document: allow (0), deny (1) or review (3)
    Check(Check),
    /// Explain a campaign document: what would make it clear to send, from when it is, and what to
    /// supply first
    ///
    /// The exit code is that of `cts check`.
    Explain(Explain),
    /// Begin a folder: write a `cts.toml`, a base document and a campaign that `cts check` judges
    ///
    /// Writes nothing if one of them is there.
    Init {
        /// The folder, which is made if it is not there; the working folder, if left out
        #[arg(default_value = ".", hide_default_value = true)]
        folder: PathBuf,
    },
    /// Judge a campaign for every recipient of an audience: a table in CSV, NDJSON, Parquet or
    /// Arrow IPC
    ///
    /// Prints a summary; with `--output`, writes for each row its verdict, the rules against it,
    /// and what is missing. The exit code gives the worst verdict of any row. A campaign that is
    /// denied by itself is answered as `cts check` answers it, and the audience is not read.
    Screen(Box<Screen>),
    /// Evaluate an expression of the rule language and print its value as JSON
    ///
    /// Exit codes: 2 if the expression does not parse or check, 3 if it has no value: an error, or
    /// facts that are missing.
    Eval(Eval),
    /// Print the JSON Schema of campaign documents, of files of packs or of answers in JSON, or
    /// what one attribute is and may be
    Schema(Schema),
    /// Work on rule packs
    #[command(subcommand)]
    Pack(pack::Pack),
    /// Show what changes from one pack to another, or from one date to another
    ///
    /// Names the rules that are added, removed or changed, each with a campaign document of which
    /// the two say different things. Cases of your own are judged by the two packs alone, with the
    /// directory, the base document and the waivers of a `cts.toml`; of rules, waivers change
    /// nothing. Exit codes: 0 if nothing changes in meaning, 4 if something does, 2 bad use or bad
    /// input.
    Diff(Diff),
    /// Show what the compiled rules come to: attributes, classes, clauses, bytes
    Program(Program),
    /// Show what the directory says of a provider, and whom it resembles
    ///
    /// Exit codes: 0 whatever the answer, 2 bad use or bad input.
    Provider(Provider),
    /// Import, list, show and compare directories of solution providers
    #[command(subcommand)]
    Directory(Directory),
    /// Find clients of WhatsApp in what a source tree installs, runs and calls
    ///
    /// Exit codes: 0 nothing found in what was read; 1 an unofficial client was found; 3 something
    /// is undecided, could not be read, or nothing was read at all; 2 bad use or bad input.
    Scan(Scan),
    /// Keep a book of accounts by what WhatsApp sends, and ask what would come next
    Account(AccountBook),
    /// Show what an error code of WhatsApp means, whether to try again, and what it changes
    ///
    /// Takes a code, a code and its subcode, or an answer that holds codes: `{"error": {…}}`, the
    /// errors of a webhook, or a health state. `cts code list` prints every code that is explained.
    ///
    /// Exit code: 2 if the catalogue does not have a code.
    Code(Code),
    /// Recompute the digests of records, and check the seals of logs
    ///
    /// Exit codes: 0 nothing differs, 4 something does, 2 a record cannot be read.
    Verify(evidence::Verify),
    /// Judge records again, and show what comes out otherwise: which input, which rule
    ///
    /// Exit codes: 0 the same, 4 something differs, 3 no row of a screening was judged again, 2 a
    /// record cannot be read or judged.
    Replay(evidence::Replay),
    /// Write a page for people of records and logs, and of what `--json` of check, explain, screen,
    /// diff, verify and replay prints
    ///
    /// One file that asks for nothing else, to be read, printed or sent. Exit codes: 0, 4 if a
    /// record contradicts itself, or 2 if a document cannot be read.
    Report(evidence::ReportOf),
    /// Find records, and seal logs of them
    #[command(subcommand)]
    Records(evidence::Records),
    /// Make keys for seals and masks
    #[command(subcommand)]
    Key(evidence::Key),
    /// Print the script that completes `cts` in a shell
    ///
    /// For bash: `cts completions bash > ~/.local/share/bash-completion/completions/cts`. For zsh
    /// the file `_cts` in a folder of `$fpath`, for fish
    /// `~/.config/fish/completions/cts.fish`, for PowerShell a line of the profile:
    /// `cts completions powershell | Out-String | Invoke-Expression`.
    Completions(Completions),
    /// Print the manual page of `cts`, or write those of all commands
    Man(Man),
}

#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Of what: of campaign documents, if left out; of a kind of file that packs have; of another
    /// document that is printed with `--json`, or read
    #[arg(value_name = "KIND", value_parser = schema_kinds(), conflicts_with = "of")]
    pub(crate) kind: Option<String>,
    /// Describe this attribute alone: its values with what they mean, and where it comes from. Its
    /// last name does, such as `vertical`, where no other attribute has it
    #[arg(long = "for", value_name = "ATTRIBUTE")]
    pub(crate) of: Option<String>,
    #[command(flatten)]
    pub(crate) answer_format: PlainFormat,
    #[command(flatten)]
    pub(crate) with: With,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

#[derive(Debug, Args)]
pub(crate) struct Man {
    /// Write the pages of all commands into this folder, such as `~/.local/share/man/man1`
    #[arg(short, long, value_name = "FOLDER")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Code {
    /// The error code; an answer that holds codes, as JSON or as a file with it, `-` for standard
    /// input; or `list`
    #[arg(value_name = "CODE|ANSWER|FILE|list", allow_negative_numbers = true)]
    pub(crate) of: String,
    /// The subcode that came with the code, as `error_subcode`
    #[arg(value_name = "SUBCODE", allow_negative_numbers = true)]
    pub(crate) subcode: Option<i64>,
    #[command(flatten)]
    pub(crate) answer_format: PlainFormat,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The campaign document; `-` reads standard input. Of several, and of a folder, which stands
    /// for each `.json` file in it, and of NDJSON (`.ndjson`, `.jsonl`), a document a line, each takes
    /// one line; the exit code is 2 if one was refused, else that of the worst verdict
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Standard input is NDJSON
    #[arg(long)]
    pub(crate) ndjson: bool,
    #[command(flatten)]
    pub(crate) answer_format: CheckFormat,
    /// Print the whole decision, each finding with its facts and its source
    #[arg(long)]
    pub(crate) full: bool,
    /// Judge as of this instant instead of the document's `send_at`, such as 2019-09-01T10:00:00Z
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub(crate) at: Option<Timestamp>,
    #[command(flatten)]
    pub(crate) of_account: OfAccount,
    /// List also the rules that are satisfied or do not apply; text is then printed in full
    #[arg(long)]
    pub(crate) all: bool,
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

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The campaign document; `-` reads standard input
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) answer_format: PageFormat,
    /// End the timeline before this instant, at most 400 days after `send_at`; the default is 30
    /// days
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub(crate) until: Option<Timestamp>,
    /// Explain as of this instant instead of the document's `send_at`
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

/// Who reads the answer.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct ReadIn {
    /// The language of the answer for people: en, es or pt. What `--json` prints is the same in all
    #[arg(long, value_name = "LANG", default_value = "en", hide_default_value = true, value_parser = lang)]
    pub(crate) lang: Lang,
}

/// Exceptions to rules.
#[derive(Debug, Default, Args)]
pub(crate) struct Waived {
    /// Lower findings as the waivers in this file say, which has the form of a pack's
    /// `waivers.toml`
    #[arg(long, value_name = "FILE")]
    pub(crate) waivers: Vec<PathBuf>,
}

/// What is reported of a program.
#[derive(Debug, Args)]
pub(crate) struct Program {
    /// Show how the conditions of the rules are worked out for the rows of an audience that tells
    /// all that a recipient may be: at once, from one column, as a program over columns, or row by
    /// row
    #[arg(long)]
    pub(crate) screen: bool,
    /// With `--screen`: of a campaign of this instant, instead of now
    #[arg(long, value_name = "INSTANT", value_parser = instant, requires = "screen")]
    pub(crate) at: Option<Timestamp>,
    #[command(flatten)]
    pub(crate) with: With,
}

/// What the engine is made of.
#[derive(Debug, Args)]
pub(crate) struct With {
    /// Add a pack: its folder, or the name of a built-in one. It is stacked on the built-in
    /// `whatsapp` pack; a folder whose pack is called `whatsapp` takes its place
    #[arg(long = "pack", value_name = "DIR|NAME")]
    pub(crate) packs: Vec<PathBuf>,
    /// Leave out the built-in `whatsapp` pack: only the packs that `--pack` names
    #[arg(long)]
    pub(crate) no_built_in: bool,
    /// Use this provider directory instead of the built-in sample
    #[arg(long, value_name = "FILE")]
    pub(crate) directory: Option<PathBuf>,
    /// Lay a directory of providers that you vetted yourself on top. It adds providers, and never
    /// makes another one unlisted
    #[arg(long, value_name = "FILE")]
    pub(crate) own: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) trusting: evidence::Trusting,
    #[command(flatten)]
    pub(crate) configured: Configured,
}

/// What is the same for all campaigns.
#[derive(Debug, Args)]
pub(crate) struct Over {
    /// Read the campaign over this base document: what is the same for all campaigns, such as the
    /// account and the provider. The campaign's own members win, member by member
    #[arg(long, value_name = "FILE")]
    pub(crate) base: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Eval {
    /// The expression
    #[arg(allow_hyphen_values = true)]
    pub(crate) expression: String,
    /// A campaign document whose facts the expression may name; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) facts: Option<PathBuf>,
    /// The instant of sending, instead of the document's
    #[arg(long, value_name = "INSTANT", value_parser = date)]
    pub(crate) at: Option<Timestamp>,
    #[command(flatten)]
    pub(crate) over: Over,
    #[command(flatten)]
    pub(crate) answer_format: PlainFormat,
    #[command(flatten)]
    pub(crate) with: With,
}

#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// The old pack: its folder, or the name of a built-in pack. Or the file of a provider
    /// directory, to compare two of them
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,
    /// The new pack, or the new directory's file; the old one, if left out, to compare two dates
    #[arg(value_name = "NEW", required_unless_present = "old_at")]
    pub(crate) new: Option<PathBuf>,
    /// Judge the old side as of this instant
    #[arg(long, value_name = "INSTANT", value_parser = date, requires = "new_at")]
    pub(crate) old_at: Option<Timestamp>,
    /// Judge the new side as of this instant
    #[arg(long, value_name = "INSTANT", value_parser = date, requires = "old_at")]
    pub(crate) new_at: Option<Timestamp>,
    /// Show which of these campaign documents are judged differently: a document a file, or one a
    /// line
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(crate) campaigns: Vec<PathBuf>,
    /// With one campaign: say of how many recipients of this audience the verdict or the rules
    /// change. Columns are those of `cts screen`
    #[arg(long, value_name = "FILE", requires = "campaigns")]
    pub(crate) audience: Option<PathBuf>,
    /// Use this provider directory instead of the built-in sample, on both sides
    #[arg(long, value_name = "FILE")]
    pub(crate) directory: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) trusting: evidence::Trusting,
    #[command(flatten)]
    pub(crate) configured: Configured,
    #[command(flatten)]
    pub(crate) answer_format: PageFormat,
}

#[derive(Debug, Args)]
pub(crate) struct Provider {
    /// The provider's name
    pub(crate) name: String,
    /// Its web domain
    #[arg(long)]
    pub(crate) domain: Option<String>,
    /// Its id in the directory
    #[arg(long)]
    pub(crate) id: Option<String>,
    /// The instant to ask about; the day of the directory, if left out
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub(crate) at: Option<Timestamp>,
    /// Show how to report a rogue provider, and how to move to an authorized one without losing the
    /// number
    #[arg(long)]
    pub(crate) advice: bool,
    #[command(flatten)]
    pub(crate) answer_format: PlainFormat,
    #[command(flatten)]
    pub(crate) read_in: ReadIn,
    #[command(flatten)]
    pub(crate) with: With,
}

#[derive(Debug, Args)]
pub(crate) struct Scan {
    /// Source trees, or single files of one; of several, files are named with their root in front
    #[arg(required = true, value_name = "TREE")]
    pub(crate) trees: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) answer_format: ReportFormat,
    /// Leave out paths below the root: `*` stays within one part of a path, `**` goes over any
    /// number. May be given several times
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,
    /// What makes the exit code other than 0, besides unofficial clients; the verdict in the report
    /// stays as it is. Not given: `undecided,unread`
    #[arg(long, value_enum, value_delimiter = ',', value_name = "WHAT")]
    pub(crate) fail_on: Vec<FailOn>,
    /// Accept what could not be read: it is reported, and does not make the result undecided
    #[arg(long)]
    pub(crate) allow_unread: bool,
    /// Read packages that are installed in the tree (`node_modules`, `vendor`, `site-packages` and
    /// the like), too
    #[arg(long)]
    pub(crate) installed: bool,
    /// A catalogue of your own, instead of the built-in one
    #[arg(long, value_name = "FILE")]
    pub(crate) catalogue: Option<PathBuf>,
    /// Do not hear the tree's own `.cts-scan.toml` or `cts.toml`, as for a stranger's tree
    #[arg(long)]
    pub(crate) no_accept: bool,
    /// The day on which acceptances are judged; today, unless given
    #[arg(long, value_name = "DATE")]
    pub(crate) at: Option<cleartosend_scan::Day>,
    /// Do not read the `cts.toml` of the tree. No other one is read
    #[arg(long)]
    pub(crate) no_config: bool,
}

/// What can make a scan fail, besides unofficial clients, which always do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Nothing but unofficial clients
    Unofficial,
    /// Undecided clients, names that look like one, and mentions in sources: exit code 3
    Undecided,
    /// What is broken, too large or linked elsewhere, or that nothing was read: exit code 3
    Unread,
    /// Well-known dependency files of kinds that are not read: exit code 3
    Unsupported,
    /// Acceptances that have ended or match nothing: exit code 3
    Stale,
}
