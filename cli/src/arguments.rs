//! What can be asked on the command line?

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use cleartosend::time::Timestamp;

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
    /// Evaluate an expression of the rule language and print its value as JSON
    ///
    /// Exit codes: 2 if the expression does not parse or check, 3 if it has no value: an error, or facts that are missing.
    Eval(Eval),
    /// Print the JSON Schema of campaign documents
    Schema(With),
    /// Work on rule packs
    #[command(subcommand)]
    Pack(Pack),
    /// Tell what the directory says of a provider, and whom it resembles
    Provider(Provider),
    /// Find clients of WhatsApp in the manifests and lock files of a source tree
    ///
    /// Exit codes: 1 if an unofficial client was found, 3 if one is undecided, else 0.
    Scan(Scan),
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The campaign document; `-` reads standard input
    pub(crate) file: PathBuf,
    /// Print the decision as one line of JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Judge as of this instant instead of the document's `send_at`, such as 2019-09-01T10:00:00Z
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub(crate) at: Option<Timestamp>,
    /// Tell also of the rules that are kept or do not apply
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) with: With,
}

/// What the engine is made of.
#[derive(Debug, Args)]
pub(crate) struct With {
    /// Add a pack: its folder, or the name of a built-in one. It is stacked on the built-in `whatsapp` pack, which is always there; a
    /// folder whose pack is called `whatsapp` takes its place
    #[arg(long = "pack", value_name = "DIR|NAME")]
    pub(crate) packs: Vec<PathBuf>,
    /// Use this provider directory instead of the built-in sample
    #[arg(long, value_name = "FILE")]
    pub(crate) directory: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Eval {
    /// The expression
    pub(crate) expression: String,
    /// A campaign document whose facts the expression may name; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) facts: Option<PathBuf>,
    /// The instant of sending, instead of the document's
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub(crate) at: Option<Timestamp>,
    #[command(flatten)]
    pub(crate) with: With,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Pack {
    /// Check a pack and tell every problem with its place
    Lint {
        /// The pack's folder
        folder: PathBuf,
    },
    /// Run a pack's tests, and tell which outcomes, dates and clauses of its rules no test shows
    ///
    /// Exit code 1 if a test fails or something is not shown.
    Test {
        /// The pack's folder, or the name of a built-in pack
        folder: PathBuf,
    },
    /// List a pack's rules with their periods and sources
    List {
        /// The pack's folder, or the name of a built-in pack; all built-in packs, if left out
        folder: Option<PathBuf>,
    },
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
    /// Use this directory instead of the built-in sample
    #[arg(long, value_name = "FILE")]
    pub(crate) directory: Option<PathBuf>,
    /// Print the answer as one line of JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Scan {
    /// The source tree, or one manifest or lock file
    pub(crate) tree: PathBuf,
    /// How the report is told
    #[arg(long, value_enum, default_value_t = Form::Text)]
    pub(crate) format: Form,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Form {
    /// For people
    Text,
    /// For programs
    Json,
    /// SARIF 2.1.0, for code hosts
    Sarif,
}

fn instant(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).map_err(|error| error.to_string())
}
