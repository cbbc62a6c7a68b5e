//! In which form is an answer printed?
//!
//! One option everywhere, `--format`, and `--json` as its short form. Each command takes the forms
//! that it has; the parser of the command line lists them where another is asked for.

use clap::{Args, ValueEnum};

use crate::ci::CiForm;
use crate::failure::Failure;

/// The form of an answer that has a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PageForm {
    /// For people
    Text,
    /// For programs: one line of JSON
    Json,
    /// For people, to be filed: GitHub-flavoured Markdown
    Md,
    /// For people, to be shown or printed: one file of HTML
    Html,
}

/// The form of what is checked in a build as well: an answer that has a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckForm {
    /// For people
    Text,
    /// For programs: one line of JSON
    Json,
    /// For people, to be filed: GitHub-flavoured Markdown
    Md,
    /// For people, to be shown or printed: one file of HTML
    Html,
    /// Annotations of GitHub Actions
    Github,
    /// A JUnit report, for build servers
    Junit,
    /// SARIF 2.1.0, for code hosts
    Sarif,
}

impl CheckForm {
    /// The form, of those for builds or of those for readers.
    pub(crate) fn parted(self) -> Result<PageForm, CiForm> {
        match self {
            Self::Text => Ok(PageForm::Text),
            Self::Json => Ok(PageForm::Json),
            Self::Md => Ok(PageForm::Md),
            Self::Html => Ok(PageForm::Html),
            Self::Github => Err(CiForm::Github),
            Self::Junit => Err(CiForm::Junit),
            Self::Sarif => Err(CiForm::Sarif),
        }
    }
}

/// The form of what is checked in a build as well: tests and warnings of a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TestForm {
    /// For people
    Text,
    /// For programs: JSON
    Json,
    /// Annotations of GitHub Actions
    Github,
    /// A JUnit report, for build servers
    Junit,
    /// SARIF 2.1.0, for code hosts
    Sarif,
}

impl TestForm {
    /// The form, of those for builds or of those for readers.
    pub(crate) fn parted(self) -> Result<PlainForm, CiForm> {
        match self {
            Self::Text => Ok(PlainForm::Text),
            Self::Json => Ok(PlainForm::Json),
            Self::Github => Err(CiForm::Github),
            Self::Junit => Err(CiForm::Junit),
            Self::Sarif => Err(CiForm::Sarif),
        }
    }
}

/// The form of an answer that has no page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlainForm {
    /// For people
    Text,
    /// For programs: JSON
    Json,
}

/// The form of a list of rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RegisterForm {
    /// Tables for people
    Text,
    /// A register, one line of JSON: a row for each rule with its topic, period, source and labels
    Json,
    /// The register as a table in Markdown
    Md,
    /// The register as a table with a heading
    Csv,
}

/// The form of a report of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportForm {
    /// For people
    Text,
    /// For programs: JSON
    Json,
    /// SARIF 2.1.0, for code hosts
    Sarif,
}

/// The form of a summary; formats of rows stand here too, as `--format` of version 0.1.0 was that
/// of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SummaryForm {
    /// For people
    Text,
    /// For programs: one line of JSON
    Json,
    /// For people, to be filed: GitHub-flavoured Markdown
    Md,
    /// For people, to be shown or printed: one file of HTML
    Html,
    #[value(hide = true)]
    Csv,
    #[value(hide = true)]
    Ndjson,
    #[value(hide = true)]
    Parquet,
    #[value(hide = true)]
    Arrow,
    #[value(hide = true)]
    ArrowStream,
}

/// The format of a table.
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

macro_rules! formats {
    ($(#[$doc:meta])* $name:ident: $form:ident, $help:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Args)]
        pub(crate) struct $name {
            #[doc = $help]
            #[arg(long, value_enum, value_name = "FORMAT")]
            format: Option<$form>,
            /// The same as `--format json`
            #[arg(long)]
            json: bool,
        }

        impl $name {
            /// The form that was asked for; without a word, the usual one.
            pub(crate) fn or(&self, usual: $form) -> Result<$form, Failure> {
                match (self.format, self.json) {
                    (None, true) => Ok($form::Json),
                    (Some(form), true) if form != $form::Json => Err(contradiction(&form)),
                    (form, _) => Ok(form.unwrap_or(usual)),
                }
            }
        }
    };
}

formats!(
    /// How a decision or an explanation is reported.
    PageFormat: PageForm, "The format of the answer: text, if left out"
);
formats!(
    /// How a check is reported.
    CheckFormat: CheckForm, "The format of the answer: text, if left out"
);
formats!(
    /// How tests and warnings of a pack are reported.
    TestFormat: TestForm, "The format of the outcome: text, if left out"
);
formats!(
    /// How an answer is reported that is text unless asked otherwise, or JSON.
    PlainFormat: PlainForm, "The format of the answer"
);
formats!(
    /// How an answer of many parts is reported: text unless asked otherwise, or JSON.
    LinesFormat: PlainForm, "The format of the answer: text, if left out; `json` is a line for each part"
);
formats!(
    /// How an answer of many parts is reported that has a page.
    LinesPageFormat: PageForm, "The format of the answer: text, if left out; `json` is a line for each part"
);
formats!(
    /// How a list of rules is reported.
    RegisterFormat: RegisterForm, "The format of the list: text, if left out"
);
formats!(
    /// How a scan is reported.
    ReportFormat: ReportForm, "The format of the report: text, if left out"
);

/// How the summary of an audience is reported, and in which format its rows are written.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct SummaryFormat {
    /// The format of the summary: text, if left out. The format of the rows is `--output-format`
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<SummaryForm>,
    /// Print the summary as one line of JSON: the same as `--format json`
    #[arg(long)]
    json: bool,
    /// The format of the rows that `--output` writes; by the name of the file, if left out
    #[arg(long, value_enum, value_name = "FORMAT")]
    output_format: Option<TableFormat>,
}

impl SummaryFormat {
    /// The form of the summary, and the format of the rows where it is named.
    pub(crate) fn forms(&self) -> Result<(PageForm, Option<TableFormat>), Failure> {
        let rows = |rows: TableFormat| match self.output_format {
            Some(_) => Err(Failure::new(
                "`--format` of rows and `--output-format` are the same: give `--output-format` \
                 alone",
            )),
            None => Ok((if self.json { PageForm::Json } else { PageForm::Text }, Some(rows))),
        };
        let given = match self.format {
            Some(SummaryForm::Csv) => return rows(TableFormat::Csv),
            Some(SummaryForm::Ndjson) => return rows(TableFormat::Ndjson),
            Some(SummaryForm::Parquet) => return rows(TableFormat::Parquet),
            Some(SummaryForm::Arrow) => return rows(TableFormat::Arrow),
            Some(SummaryForm::ArrowStream) => return rows(TableFormat::ArrowStream),
            Some(SummaryForm::Text) => Some(PageForm::Text),
            Some(SummaryForm::Json) => Some(PageForm::Json),
            Some(SummaryForm::Md) => Some(PageForm::Md),
            Some(SummaryForm::Html) => Some(PageForm::Html),
            None => None,
        };
        let given = PageFormat { format: given, json: self.json }.or(PageForm::Text)?;
        Ok((given, self.output_format))
    }
}

fn contradiction(form: &impl ValueEnum) -> Failure {
    let name = form.to_possible_value().map(|value| value.get_name().to_owned());
    let name = name.unwrap_or_default();
    Failure::new(&format!(
        "`--json` and `--format {name}` contradict each other: give one of the two"
    ))
}
