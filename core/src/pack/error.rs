//! What can be wrong with a pack, in words.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::place::Place;
use crate::schema::{self, SchemaError};
use crate::text::brief;
use crate::{limits, suggest};

/// Why a pack was refused: every problem, in the order of files and places.
#[derive(Clone, Debug)]
pub struct PackErrors(pub(super) Vec<PackError>);

/// One problem of a pack.
#[derive(Clone, Debug)]
pub struct PackError {
    pub(super) kind: Kind,
    pub(super) help: Option<String>,
    pub(super) place: Place,
    pub(super) span: Range<usize>,
}

/// A user's text in a message: in backticks, on one line, cut when long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shown(String);

impl From<&str> for Shown {
    fn from(text: &str) -> Self {
        Self(brief(text))
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.0)
    }
}

/// What is wrong. The doc of each is in `docs/reference/codes.md`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Kind {
    #[error("{files} files are more than {}", limits::PACK_FILES_MAX)]
    TooManyFiles { files: usize },
    #[error("{bytes} bytes are more than {}", limits::PACK_BYTES_MAX)]
    TooManyBytes { bytes: usize },
    #[error("more than {} rules", limits::RULES_MAX)]
    TooManyRules,
    #[error("more than {} members in the set {set}", limits::SET_MEMBERS_MAX)]
    TooManyMembers { set: Shown },
    #[error("more than {} sets", limits::SETS_MAX)]
    TooManySets,
    #[error("more than {} named conditions", limits::CONDITIONS_MAX)]
    TooManyConditions,
    #[error("more than {} tables", limits::TABLES_MAX)]
    TooManyTables,
    #[error("more than {} entries in a table", limits::TABLE_ENTRIES_MAX)]
    TooManyTableEntries,
    #[error("more than {} keys in an entry of a table", limits::TABLE_KEYS_MAX)]
    TooManyTableKeys,
    #[error("more than {} waivers", limits::WAIVERS_MAX)]
    TooManyWaivers,
    #[error("more than {} labels", limits::LABELS_MAX)]
    TooManyLabels,
    #[error("a label of {bytes} bytes is longer than {}", limits::LABEL_BYTES_MAX)]
    LongLabel { bytes: usize },
    #[error("more than {} problems; the others are not listed", limits::PACK_PROBLEMS_MAX)]
    TooManyProblems,

    #[error("{path} is not a file of a pack")]
    UnknownFile { path: Shown },
    #[error("{path} is there twice")]
    RepeatedFile { path: Shown },
    #[error("there is no `pack.toml`")]
    MissingFile,
    #[error("{path} is {found}; a pack is plain files in plain folders")]
    NotPlainFile { path: Shown, found: &'static str },
    #[error("the file is not UTF-8")]
    NotUtf8,
    #[error("not TOML: {message}")]
    Syntax { message: String },
    #[error("a key of more than {} parts", limits::PACK_KEY_PARTS_MAX)]
    TooDeep,

    #[error("the key {key} is there twice")]
    RepeatedKey { key: Shown },
    #[error("unknown key {key} in {of}")]
    UnknownKey { key: Shown, of: &'static str },
    #[error("the key `{key}` is missing in {of}")]
    MissingKey { key: &'static str, of: &'static str },
    #[error("{key} is {found}, expected {expected}")]
    WrongType { key: Shown, expected: &'static str, found: &'static str },
    #[error("{key} is empty")]
    Empty { key: Shown },
    #[error("{found} is not a date: {why}")]
    BadDate { found: Shown, why: String },
    #[error("{key} is {found}, expected {expected}")]
    OutOfRange { key: Shown, found: Shown, expected: &'static str },
    #[error("until {until} is not after from {from}")]
    EmptyPeriod { from: String, until: String },
    #[error("{name} is not a name of {what}: expected {form}")]
    BadName { name: Shown, what: &'static str, form: &'static str },
    #[error("unknown {what} {word}")]
    UnknownWord { what: &'static str, word: Shown },
    #[error("{value} is there twice")]
    RepeatedValue { value: Shown },
    #[error("{what} {id} is already defined at {first}")]
    RepeatedId { what: &'static str, id: Shown, first: Place },

    #[error("{name} is not a name of a pack of yours: findings of the engine itself bear it")]
    ReservedName { name: Shown },
    #[error("{text} is not a semantic version: {why}")]
    BadVersion { text: Shown, why: String },
    #[error("{text} is not a range of semantic versions: {why}")]
    BadRange { text: Shown, why: String },
    #[error("the pack requires a schema version {range}, this is {}", schema::VERSION)]
    OtherSchema { range: Shown },
    #[error("{url} is not an address: expected `https://` or `http://` and a host")]
    BadUrl { url: Shown },

    #[error(
        "{path} is not a path of an attribute: expected `x.` and words of letters, digits and `_`, \
         joined by dots"
    )]
    BadAttributePath { path: Shown },
    #[error("{0}")]
    Schema(SchemaError),
    #[error("`values` are for strings and lists of strings, not for {ty}")]
    MisplacedValues { ty: String },

    #[error("what is absent when it is not given has to be nullable")]
    AbsentNotNullable,

    #[error("an attribute has a `default` or says `not_given`, not both")]
    DefaultBesideNotGiven,

    #[error("no document can give this value: expected {expected}")]
    BadDefault { expected: &'static str },

    #[error("a list of more than {} elements, which no document can give", limits::FACT_LIST_MAX)]
    LongDefault,

    #[error(
        "the id of a rule begins with its topic and a dot: {id} does not begin with `{topic}.`"
    )]
    IdOutsideTopic { id: Shown, topic: String },
    #[error("a topic of one's own is written as pack and topic: {topic} is none of this pack")]
    ForeignTopic { topic: Shown },
    #[error("a rule has exactly one of `requires` and `forbids`, this one has {found}")]
    OneCondition { found: &'static str },
    #[error("a rule that is unconfirmed may not deny")]
    UnconfirmedRule,
    #[error("a rule whose source is unconfirmed may not deny, and {source_id} is")]
    UnconfirmedSource { source_id: Shown },
    #[error("a rule that is assumed as long as it is in force may not deny")]
    AssumedRule,
    #[error(
        "`seen_from` is not a day after `from` and up to `until`; where nothing is assumed, leave it \
         out"
    )]
    SeenOutside,
    #[error("a rule whose verdict is `note` has no exposure")]
    NoteWithExposure,
    #[error("unknown source {id}")]
    UnknownSource { id: Shown },
    #[error(
        "`source_by_country` is for a rule that names its countries: `applies` has to be, or to \
         join by `&&`, `recipient.country == …` or `recipient.country in …`"
    )]
    SourcesWithoutCountries,
    #[error("the rule applies to {country}, for which it names no source")]
    NoSourceOfCountry { country: Shown },
    #[error("the rule never applies to {country}")]
    SourceOfOtherCountry { country: Shown },

    #[error("{message}")]
    Expression { code: &'static str, message: String },
    #[error("`{path}` may be absent: the rule would then be undetermined")]
    Unguarded { path: String },
    #[error("`{path}` is not declared by this pack")]
    UndeclaredAttribute { path: String },
    #[error("unknown attribute {path}")]
    UnknownAttribute { path: Shown },
    #[error("`{{` without `}}`")]
    UnclosedBrace,
    #[error("`}}` without `{{`")]
    StrayBrace,

    #[error("{key} is not a language that rules have texts in")]
    UnknownLanguage { key: Shown },
    #[error("the placeholder {path} is not in the English text")]
    OtherPlaceholder { path: Shown },
    #[error("the placeholder {path} of the English text is missing")]
    MissingPlaceholder { path: Shown },

    #[error("the members of a set are of one type: {found} among {expected}")]
    MixedTypes { expected: &'static str, found: &'static str },
    #[error("the members of a set are strings or whole numbers, not {found}")]
    NoMemberType { found: &'static str },
    #[error("{value} is already a member in that time, by the entry at {first}")]
    RepeatedMember { value: Shown, first: Place },

    #[error("the key of a table is a string or an int, and {path} is {ty}")]
    TableKeyType { path: Shown, ty: String },
    #[error("the attribute can also be {keys}, for which the table has no value")]
    MissingTableKeys { keys: String },
    #[error("the entry at {first} still counts in that time")]
    OverlappingEntry { first: Place },
    #[error(
        "{name} is no rule of a pack: expected `PACK/RULE`, such as `whatsapp/account.rejected`"
    )]
    NoRuleName { name: Shown },
    #[error("no pack {name} is loaded")]
    WaiverOfUnknownPack { name: Shown },
    #[error("{rule} cannot be waived: it says `waivable = false`")]
    NotWaivable { rule: Shown },
    #[error("a waiver lasts at most {} days", limits::WAIVER_DAYS_MAX)]
    LongWaiver,
    #[error("unknown rule {id}")]
    UnknownRule { id: Shown },
    #[error("unknown base {name}")]
    UnknownBase { name: Shown },
    #[error("unknown path {path}")]
    UnknownPath { path: Shown },
    #[error("`{path}` is derived and never given")]
    DerivedPath { path: String },
    #[error("unknown directory {name}: there is no `tests/directories/{}.json`", name.0)]
    UnknownDirectory { name: Shown },

    #[error(
        "{what} was left out for a reason that was not given; this is a mistake in cleartosend, \
         not in the pack"
    )]
    Internal { what: &'static str },
}

impl Kind {
    const fn code(&self) -> &'static str {
        match self {
            Self::TooManyFiles { .. } => "pack/too-many-files",
            Self::TooManyBytes { .. } => "pack/too-many-bytes",
            Self::TooManyRules => "pack/too-many-rules",
            Self::TooManyMembers { .. } => "pack/too-many-members",
            Self::TooManySets => "pack/too-many-sets",
            Self::TooManyConditions => "pack/too-many-conditions",
            Self::TooManyTables => "pack/too-many-tables",
            Self::TooManyTableEntries => "pack/too-many-entries",
            Self::TooManyTableKeys => "pack/too-many-keys",
            Self::TableKeyType { .. } => "pack/table-key-type",
            Self::MissingTableKeys { .. } => "pack/missing-table-keys",
            Self::OverlappingEntry { .. } => "pack/overlapping-entries",
            Self::TooManyWaivers => "pack/too-many-waivers",
            Self::TooManyLabels => "pack/too-many-labels",
            Self::LongLabel { .. } => "pack/label-too-long",
            Self::TooManyProblems => "pack/too-many-problems",
            Self::UnknownFile { .. } => "pack/unknown-file",
            Self::RepeatedFile { .. } => "pack/repeated-file",
            Self::MissingFile => "pack/missing-file",
            Self::NotPlainFile { .. } => "pack/not-a-plain-file",
            Self::NotUtf8 => "pack/not-utf8",
            Self::Syntax { .. } => "pack/syntax",
            Self::TooDeep => "pack/too-deep",
            Self::RepeatedKey { .. } => "pack/repeated-key",
            Self::UnknownKey { .. } => "pack/unknown-key",
            Self::MissingKey { .. } => "pack/missing-key",
            Self::WrongType { .. } => "pack/wrong-type",
            Self::Empty { .. } => "pack/empty",
            Self::BadDate { .. } => "pack/bad-date",
            Self::OutOfRange { .. } => "pack/out-of-range",
            Self::EmptyPeriod { .. } => "pack/empty-period",
            Self::BadName { .. } => "pack/bad-name",
            Self::UnknownWord { .. } => "pack/unknown-word",
            Self::RepeatedValue { .. } => "pack/repeated-value",
            Self::RepeatedId { .. } => "pack/repeated-id",
            Self::ReservedName { .. } => "pack/reserved-name",
            Self::BadVersion { .. } => "pack/bad-version",
            Self::BadRange { .. } => "pack/bad-range",
            Self::OtherSchema { .. } => "pack/other-schema",
            Self::BadUrl { .. } => "pack/bad-url",
            Self::BadAttributePath { .. } => "pack/bad-attribute-path",
            Self::Schema(SchemaError::OutsideX { .. }) => "pack/attribute-outside-x",
            Self::Schema(SchemaError::DeclaredTwice { .. }) => "pack/attribute-declared-twice",
            Self::Schema(SchemaError::Overlap { .. }) => "pack/attribute-overlap",
            Self::Schema(SchemaError::TooMany) => "pack/too-many-attributes",
            Self::MisplacedValues { .. } => "pack/misplaced-values",
            Self::AbsentNotNullable => "pack/absent-not-nullable",
            Self::DefaultBesideNotGiven => "pack/default-beside-not-given",
            Self::BadDefault { .. } | Self::LongDefault => "pack/bad-default",
            Self::IdOutsideTopic { .. } => "pack/id-outside-topic",
            Self::ForeignTopic { .. } => "pack/foreign-topic",
            Self::OneCondition { .. } => "pack/one-condition",
            Self::UnconfirmedRule | Self::UnconfirmedSource { .. } | Self::AssumedRule => {
                "pack/unconfirmed-deny"
            }
            Self::SeenOutside => "pack/seen-from-outside-period",
            Self::NoteWithExposure => "pack/note-with-exposure",
            Self::UnknownSource { .. } => "pack/unknown-source",
            Self::SourcesWithoutCountries => "pack/sources-without-countries",
            Self::NoSourceOfCountry { .. } => "pack/no-source-of-country",
            Self::SourceOfOtherCountry { .. } => "pack/source-of-other-country",
            Self::Expression { code, .. } => code,
            Self::Unguarded { .. } => "pack/unguarded",
            Self::UndeclaredAttribute { .. } => "pack/undeclared-attribute",
            Self::UnknownAttribute { .. } => "pack/unknown-attribute",
            Self::UnclosedBrace => "pack/unclosed-brace",
            Self::StrayBrace => "pack/stray-brace",
            Self::UnknownLanguage { .. } => "pack/unknown-language",
            Self::OtherPlaceholder { .. } => "pack/other-placeholder",
            Self::MissingPlaceholder { .. } => "pack/missing-placeholder",
            Self::MixedTypes { .. } => "pack/mixed-types",
            Self::NoMemberType { .. } => "pack/no-member-type",
            Self::RepeatedMember { .. } => "pack/repeated-member",
            Self::NoRuleName { .. } => "pack/no-rule-name",
            Self::WaiverOfUnknownPack { .. } => "pack/unknown-pack",
            Self::NotWaivable { .. } => "pack/not-waivable",
            Self::LongWaiver => "pack/waiver-too-long",
            Self::UnknownRule { .. } => "pack/unknown-rule",
            Self::UnknownBase { .. } => "pack/unknown-base",
            Self::UnknownPath { .. } => "pack/unknown-path",
            Self::DerivedPath { .. } => "pack/derived-path",
            Self::UnknownDirectory { .. } => "pack/unknown-directory",
            Self::Internal { .. } => "internal/pack",
        }
    }
}

/// The nearest valid name, or all of them where none is near and they are few.
pub(super) fn did_you_mean<'a>(
    wrong: &str,
    valid: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    let valid: Vec<&str> = valid.into_iter().collect();
    suggest::nearest(wrong, valid.iter().copied()).map(meant).or_else(|| one_of(&valid, LISTED_MAX))
}

/// The file that makes a folder a pack.
pub(super) const MANIFEST: &str = "pack.toml";

/// Names that fit on a line of help.
const LISTED_MAX: usize = 12;

/// The nearest word of a closed list, or the whole list: nothing else shows it to the author.
pub(super) fn one_of_words(wrong: &str, words: &[&str]) -> Option<String> {
    const WORDS_MAX: usize = 64;
    suggest::nearest(wrong, words.iter().copied()).map(meant).or_else(|| one_of(words, WORDS_MAX))
}

fn one_of(valid: &[&str], listed_max: usize) -> Option<String> {
    match valid {
        [] => None,
        [only] => Some(format!("expected {}", Shown::from(*only))),
        [_, .., last] if valid.len() <= listed_max => {
            let others: Vec<String> = valid
                .iter()
                .take(valid.len() - 1)
                .map(|name| Shown::from(*name).to_string())
                .collect();
            Some(format!("expected {} or {}", others.join(", "), Shown::from(*last)))
        }
        _ => None,
    }
}

pub(super) fn meant(name: &str) -> String {
    format!("did you mean {}?", Shown::from(name))
}

impl PackErrors {
    /// For a folder that has no `pack.toml`, with the names of those of its folders that are packs.
    pub fn without_manifest<'a>(packs_below: impl IntoIterator<Item = &'a str>) -> Self {
        let names: Vec<String> = packs_below
            .into_iter()
            .take(LISTED_MAX)
            .map(|name| Shown::from(name).to_string())
            .collect();
        let help = match names.as_slice() {
            [] => None,
            [only] => Some(format!("the pack {only} is in a folder of this one: name that")),
            [others @ .., last] => Some(format!(
                "the packs {} and {last} are in folders of this one: name one of them",
                others.join(", ")
            )),
        };
        Self(vec![PackError::of_file(MANIFEST, Kind::MissingFile, help)])
    }

    /// For a folder with something in it that is no plain file: the path of each, and what it is.
    pub fn irregular(found: impl IntoIterator<Item = (String, &'static str)>) -> Self {
        let mut found: Vec<(String, &'static str)> = found.into_iter().collect();
        found.sort_unstable();
        let error = |(path, found): &(String, &'static str)| {
            PackError::of_file(path, Kind::NotPlainFile { path: path.as_str().into(), found }, None)
        };
        let mut errors: Vec<PackError> =
            found.iter().take(limits::PACK_PROBLEMS_MAX).map(error).collect();
        if found.len() > limits::PACK_PROBLEMS_MAX {
            errors.extend(
                errors
                    .last()
                    .map(|last| PackError::of_file(&last.place.file, Kind::TooManyProblems, None)),
            );
        }
        Self(errors)
    }

    /// The problems, in the order of files and places. There is at least one.
    pub fn iter(&self) -> std::slice::Iter<'_, PackError> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a PackErrors {
    type Item = &'a PackError;
    type IntoIter = std::slice::Iter<'a, PackError>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl PackError {
    /// A problem of a file as a whole.
    pub(super) fn of_file(path: &str, kind: Kind, help: Option<String>) -> Self {
        Self { kind, help, place: Place { file: Arc::from(path), line: 1, column: 1 }, span: 0..0 }
    }

    /// A stable name for programs, such as `pack/unknown-key`. Listed in `docs/reference/codes.md`.
    pub const fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// Where it is.
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// The same place in bytes of the file; empty where it is about the file or the pack as a
    /// whole.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// What would help, such as the nearest valid name.
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// What is wrong, without place and help.
    pub fn message(&self) -> String {
        self.kind.to_string()
    }
}

/// One problem a line: `file:line:column: message`.
impl fmt::Display for PackErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            fmt::Display::fmt(error, f)?;
        }
        Ok(())
    }
}

/// `file:line:column: message`, and what would help behind it.
impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.kind)?;
        match &self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for PackErrors {}
impl std::error::Error for PackError {}
