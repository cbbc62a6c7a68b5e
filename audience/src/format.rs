//! Which formats are there?

use std::fmt;
use std::path::Path;

/// A format of tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a new format must be decided on by every caller")]
pub enum Format {
    /// Comma-separated values with a heading, by RFC 4180: `.csv`, or `.tsv` with tabs.
    Csv,
    /// JSON objects, one a line: `.ndjson` or `.jsonl`.
    Ndjson,
    /// Apache Parquet: `.parquet`.
    Parquet,
    /// Arrow IPC, the file format: `.arrow`, `.ipc` or `.feather`.
    Arrow,
    /// Arrow IPC, the stream format: `.arrows`.
    ArrowStream,
}

impl Format {
    /// Every format.
    pub const ALL: &'static [Self] =
        &[Self::Csv, Self::Ndjson, Self::Parquet, Self::Arrow, Self::ArrowStream];

    /// What the extension of a file's name says, in small letters or capitals.
    pub fn of(file: &Path) -> Option<Self> {
        let extension = file.extension()?.to_string_lossy().to_ascii_lowercase();
        Self::ALL.iter().copied().find(|format| format.extensions().contains(&extension.as_str()))
    }

    /// Whether this program was built with it: Parquet is a feature of this crate.
    pub const fn is_built_in(self) -> bool {
        !matches!(self, Self::Parquet) || cfg!(feature = "parquet")
    }

    /// The extensions of such files.
    pub const fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Csv => &["csv", "tsv"],
            Self::Ndjson => &["ndjson", "jsonl"],
            Self::Parquet => &["parquet"],
            Self::Arrow => &["arrow", "ipc", "feather"],
            Self::ArrowStream => &["arrows"],
        }
    }

    /// Whether columns have types, or each cell has its own, as in NDJSON. Those of the other
    /// formats are texts.
    pub const fn has_types(self) -> bool {
        match self {
            Self::Csv => false,
            Self::Ndjson | Self::Parquet | Self::Arrow | Self::ArrowStream => true,
        }
    }

    /// What such a file begins with, where all do.
    pub(crate) const fn mark(self) -> &'static [u8] {
        match self {
            Self::Parquet => b"PAR1",
            Self::Arrow => b"ARROW1",
            Self::Csv | Self::Ndjson | Self::ArrowStream => b"",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Csv => "CSV",
            Self::Ndjson => "NDJSON",
            Self::Parquet => "Parquet",
            Self::Arrow => "Arrow file",
            Self::ArrowStream => "Arrow stream",
        })
    }
}

/// What stands between the cells of a CSV table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "what else stands between cells is no CSV")]
pub enum Separator {
    /// `,`
    #[default]
    Comma,
    /// `;`, as spreadsheets write it where the comma is the decimal point.
    Semicolon,
    /// A tab.
    Tab,
}

impl Separator {
    /// A tab for `.tsv`, else a comma.
    pub fn of(file: &Path) -> Self {
        match file.extension() {
            Some(extension) if extension.eq_ignore_ascii_case("tsv") => Self::Tab,
            _ => Self::Comma,
        }
    }

    /// The character. INVARIANT: ASCII, so that text cut at it stays UTF-8.
    pub(crate) const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }
}
