//! What can be asked on the command line?

pub(crate) mod evidence;
pub(crate) mod pack;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use cleartosend::Lang;
use cleartosend::directory::import::Layout;
use cleartosend::expert::suggest::nearest;
use cleartosend::{Timestamp, Verdict};

use crate::commands::schema_kinds;
use crate::format::{
    LinesFormat, PageFormat, PlainFormat, ReportFormat, SummaryFormat, ToldAsCheck,
};

/// Are we clear to send? Judges WhatsApp campaigns by dated, cited rules.
///
/// Exit codes: 0 allow, 1 deny, 3 review, 2 bad use or bad input.
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
    pub(crate) told: PlainFormat,
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
pub(crate) struct AccountBook {
    /// Keep the book in this SQLite file, which is made where there is none, instead of a BOOK in
    /// JSON. Several processes may use it at once
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) book: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Account,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Account {
    /// Take webhooks and answers of the Graph API into a book, and print the new book
    ///
    /// `cts account apply BOOK EVENT…`, or `cts account --book FILE apply EVENT…`. Each change
    /// stands or falls alone; what became of it is reported on standard error. What is not JSON is
    /// refused, and nothing is printed then.
    Apply(Apply),
    /// Print the `account` member of a campaign document, as a book knows it
    Show(Show),
    /// Show what a further violation would bring, by the enforcement ladder and the account's own
    /// history
    Project(Project),
    /// Note that an appeal succeeded: restrictions end
    Appeal(AppealOf),
    /// Acknowledge the events that were not understood, which make checks ask for review
    Acknowledge(Acknowledge),
    /// Forget a person, given by a number or a user id
    Forget(Forget),
    /// Drop what no check after a timestamp asks about
    Expire(Expire),
    /// Print every row of the book as a line of JSON
    Export(Export),
    /// Join rows that `export` printed, a book, or a state of version 0.1.0
    Import(ImportRows),
}

/// Where a new book goes.
#[derive(Debug, Args)]
pub(crate) struct NewBook {
    /// Write the new book to this file, which appears when it is complete, instead of standard
    /// output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Write the new book in place of the old one, once it is complete
    #[arg(long, conflicts_with = "output")]
    pub(crate) in_place: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Apply {
    /// The book, unless `--book` names one, and files of one or more webhooks or answers; `-` reads
    /// standard input. A new book is `{}`, or `{"account": …}` with what is known already
    #[arg(required = true, value_name = "BOOK EVENT")]
    pub(crate) files: Vec<PathBuf>,
    /// When the events were received: counts for answers of the Graph API that are not wrapped with
    /// the time at which they were read, and for webhooks without a time
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub(crate) read_at: Option<Timestamp>,
    #[command(flatten)]
    pub(crate) told: LinesFormat,
    #[command(flatten)]
    pub(crate) new: NewBook,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The book, unless `--book` names one; `-` reads standard input
    #[arg(value_name = "BOOK")]
    pub(crate) state: Option<PathBuf>,
    /// The account, of several
    #[arg(long, value_name = "ID")]
    pub(crate) account: Option<String>,
    /// As of this instant instead of the last event
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub(crate) at: Option<Timestamp>,
    /// The number that sends, of several: a phone number or a phone-number id
    #[arg(long, value_name = "PHONE")]
    pub(crate) number: Option<String>,
    #[command(flatten)]
    pub(crate) told: PlainFormat,
}

#[derive(Debug, Args)]
pub(crate) struct Project {
    /// The book, unless `--book` names one, or a campaign document; `-` reads standard input
    #[arg(value_name = "BOOK")]
    pub(crate) state: Option<PathBuf>,
    /// The account, of several
    #[arg(long, value_name = "ID")]
    pub(crate) account: Option<String>,
    /// The kind of the violation, such as `spam`
    #[arg(long, value_name = "KIND")]
    pub(crate) violation: String,
    /// When it would happen
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub(crate) at: Timestamp,
    #[command(flatten)]
    pub(crate) told: PlainFormat,
    #[command(flatten)]
    pub(crate) with: With,
}

#[derive(Debug, Args)]
pub(crate) struct AppealOf {
    /// The book, unless `--book` names one; `-` reads standard input
    #[arg(value_name = "BOOK")]
    pub(crate) state: Option<PathBuf>,
    /// The account, of several
    #[arg(long, value_name = "ID")]
    pub(crate) account: Option<String>,
    /// The kind of restriction that ended, such as `account_disabled`; `all` for every one
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: String,
    /// When it ended
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub(crate) at: Timestamp,
    /// By whose word, for those who read the book later
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) new: NewBook,
}

#[derive(Debug, Args)]
pub(crate) struct Acknowledge {
    /// The book, unless `--book` names one; `-` reads standard input
    #[arg(value_name = "BOOK")]
    pub(crate) state: Option<PathBuf>,
    /// The account, of several
    #[arg(long, value_name = "ID")]
    pub(crate) account: Option<String>,
    /// When somebody looked at them
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub(crate) at: Timestamp,
    #[command(flatten)]
    pub(crate) new: NewBook,
}

#[derive(Debug, Args)]
pub(crate) struct Forget {
    /// The book, unless `--book` names one, and the person: a number with its country code or a user
    /// id
    #[arg(required = true, num_args = 1..=2, value_name = "BOOK PERSON")]
    pub(crate) names: Vec<String>,
    #[command(flatten)]
    pub(crate) new: NewBook,
}

#[derive(Debug, Args)]
pub(crate) struct Expire {
    /// The book, unless `--book` names one; `-` reads standard input
    #[arg(value_name = "BOOK")]
    pub(crate) state: Option<PathBuf>,
    /// Checks of earlier instants are no longer asked
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub(crate) before: Timestamp,
    #[command(flatten)]
    pub(crate) new: NewBook,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The book, unless `--book` names one; `-` reads standard input
    #[arg(value_name = "BOOK")]
    pub(crate) state: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ImportRows {
    /// The book, unless `--book` names one, and files of rows, a book or a state; `-` reads
    /// standard input
    #[arg(required = true, value_name = "BOOK FILE")]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) new: NewBook,
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
    pub(crate) told: PlainFormat,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The campaign document; `-` reads standard input. Of several, and of a folder, which stands
    /// for each `.json` file in it, and of NDJSON (`.ndjson`, `.jsonl`), a document a line, each is
    /// told in one line; the exit code is 2 if one was refused, else that of the worst verdict
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Standard input is NDJSON
    #[arg(long)]
    pub(crate) ndjson: bool,
    #[command(flatten)]
    pub(crate) told: ToldAsCheck,
    /// Print the whole decision, each finding with its facts and its source
    #[arg(long)]
    pub(crate) full: bool,
    /// Judge as of this instant instead of the document's `send_at`, such as 2019-09-01T10:00:00Z
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub(crate) at: Option<Timestamp>,
    /// Take the account, the template and the recipient's stop of marketing from this book where
    /// it knows them, as of the instant
    #[arg(long, value_name = "BOOK", conflicts_with = "book")]
    pub(crate) account: Option<PathBuf>,
    /// As `--account`, from a book in this SQLite file
    #[arg(long, value_name = "FILE")]
    pub(crate) book: Option<PathBuf>,
    /// The number that sends, in place of the document's: a phone number or a phone-number id
    #[arg(long, value_name = "PHONE")]
    pub(crate) number: Option<String>,
    /// List also the rules that are satisfied or do not apply; text is then told in full
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
    pub(crate) told: PageFormat,
    /// End the timeline before this instant, at most 400 days after `send_at`; the default is 30
    /// days
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub(crate) until: Option<Timestamp>,
    /// Explain as of this instant instead of the document's `send_at`
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub(crate) at: Option<Timestamp>,
    /// Take the account, the template and the recipient's stop of marketing from this book where
    /// it knows them, as of the instant
    #[arg(long, value_name = "BOOK", conflicts_with = "book")]
    pub(crate) account: Option<PathBuf>,
    /// As `--account`, from a book in this SQLite file
    #[arg(long, value_name = "FILE")]
    pub(crate) book: Option<PathBuf>,
    /// The number that sends, in place of the document's: a phone number or a phone-number id
    #[arg(long, value_name = "PHONE")]
    pub(crate) number: Option<String>,
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
    /// Write the summary to this file too, as one line of JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) summary: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) told: SummaryFormat,
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
    /// Take the account, the template and what is known of recipients from this book where it
    /// knows them, as of the instant
    #[arg(long, value_name = "BOOK", conflicts_with = "book")]
    pub(crate) account: Option<PathBuf>,
    /// As `--account`, from a book in this SQLite file
    #[arg(long, value_name = "FILE")]
    pub(crate) book: Option<PathBuf>,
    /// The number that sends, in place of the document's: a phone number or a phone-number id
    #[arg(long, value_name = "PHONE")]
    pub(crate) number: Option<String>,
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
pub(crate) enum TableFormat {
    /// Comma-separated values with a heading: `.csv`, `.tsv`
    Csv,
    /// JSON objects, one a line: `.ndjson`, `.jsonl`
    Ndjson,
    /// Apache Parquet: `.parquet`
    Parquet,
    /// Arrow IPC, the file format: `.arrow`, `.ipc`, `.feather`
    Arrow,
    /// Arrow IPC, the stream format: `.arrows`
    ArrowStream,
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

/// Which `cts.toml` has a say.
#[derive(Debug, Args)]
pub(crate) struct Configured {
    /// Read this `cts.toml`, instead of the first one from the document's folder upwards. What the
    /// command line names comes before what it names; packs are stacked on its packs
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,
    /// Read no `cts.toml`, as for a stranger's document
    #[arg(long)]
    pub(crate) no_config: bool,
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
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub(crate) at: Option<Timestamp>,
    #[command(flatten)]
    pub(crate) over: Over,
    #[command(flatten)]
    pub(crate) told: PlainFormat,
    #[command(flatten)]
    pub(crate) with: With,
}

#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// The old pack: its folder, or the name of a built-in pack
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,
    /// The new pack; the old one, if left out, to compare two dates
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
    pub(crate) told: PageFormat,
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
    pub(crate) told: PlainFormat,
    #[command(flatten)]
    pub(crate) read_in: ReadIn,
    #[command(flatten)]
    pub(crate) with: With,
}

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
        told: PlainFormat,
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
        told: PlainFormat,
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
        told: PlainFormat,
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

#[derive(Debug, Args)]
pub(crate) struct Scan {
    /// Source trees, or single files of one; of several, files are named with their root in front
    #[arg(required = true, value_name = "TREE")]
    pub(crate) trees: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) told: ReportFormat,
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

fn instant(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).map_err(|error| error.to_string())
}

/// A date stands for midnight, UTC, at its start.
fn date(text: &str) -> Result<Timestamp, String> {
    let midnight =
        if text.len() == 10 { Timestamp::parse(&format!("{text}T00:00:00Z")).ok() } else { None };
    midnight.map_or_else(|| instant(text), Ok)
}

/// Attributes have no `=` in their paths; columns may.
fn column_name(text: &str) -> Result<(String, String), String> {
    match text.rsplit_once('=') {
        Some((column, attribute)) => Ok((column.to_owned(), attribute.to_owned())),
        None => {
            Err("expected a column, `=` and an attribute, such as `mobile=recipient.phone`"
                .to_owned())
        }
    }
}

/// Attributes have no `:` in their paths and values no `=`; words may have both.
fn word_value(text: &str) -> Result<(String, String, String), String> {
    let parts = text.split_once(':').and_then(|(attribute, rest)| {
        let (word, value) = rest.rsplit_once('=')?;
        Some((attribute.to_owned(), word.to_owned(), value.to_owned()))
    });
    parts.ok_or_else(|| {
        "expected an attribute, `:`, a word, `=` and a value, such as `recipient.opt_in:TRUE=given`"
            .to_owned()
    })
}

/// A heading may have a `=` in it, unless a member of a directory's entry follows.
fn provider_column(text: &str) -> Result<(String, String), String> {
    match text.rsplit_once('=') {
        Some((column, member)) if Layout::MEMBERS.contains(&member) => {
            Ok((column.to_owned(), member.to_owned()))
        }
        Some((_, member)) => {
            let near = nearest(member, Layout::MEMBERS.iter().copied());
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            Err(format!("a column cannot hold `{member}`{near}"))
        }
        None => Ok((text.to_owned(), "name".to_owned())),
    }
}

fn threads(text: &str) -> Result<NonZeroUsize, String> {
    let most = cleartosend::expert::limits::SCREEN_THREADS_MAX;
    let count = text.parse().ok().filter(|count: &NonZeroUsize| count.get() <= most);
    count.ok_or_else(|| format!("expected a whole number from 1 to {most}"))
}

fn lang(text: &str) -> Result<Lang, String> {
    Lang::from_name(text).ok_or_else(|| {
        // Systems name a language with its country: `pt-BR`, `es_MX.UTF-8`.
        let language = text.split(['-', '_', '.']).next().unwrap_or_default().to_lowercase();
        let near = Lang::from_name(&language).map(Lang::name);
        let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        format!("expected en, es or pt{near}")
    })
}

fn verdict(text: &str) -> Result<Verdict, String> {
    Verdict::from_name(text).ok_or_else(|| {
        let near = nearest(text, Verdict::ALL.iter().map(|verdict| verdict.name()));
        let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        format!("expected deny, review or allow{near}")
    })
}
