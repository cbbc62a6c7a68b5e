//! What can be asked of an account book.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use cleartosend::Timestamp;

use super::With;
use super::values::instant;
use crate::format::{LinesFormat, PlainFormat};

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
    pub(crate) answer_format: LinesFormat,
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
    pub(crate) answer_format: PlainFormat,
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
    pub(crate) answer_format: PlainFormat,
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

/// Where a document takes its account from.
#[derive(Debug, Args)]
pub(crate) struct OfAccount {
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
}

impl OfAccount {
    /// Whether a book is named.
    pub(crate) const fn is_by_book(&self) -> bool {
        self.account.is_some() || self.book.is_some()
    }
}
