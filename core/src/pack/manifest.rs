//! Who is the pack, what does it cite, and which attributes does it add?

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use super::content::{Citation, ENGINE_PACK, Source, SourceConfidence};
use super::defaults;
use super::error::{Kind, did_you_mean};
use super::place::Place;
use super::table::{Field, NameForm, Spot, Table, Text, kind_of};
use crate::limits;
use crate::schema::{self, Attribute, Choice, Form, Nullable, Origin, Schema, SchemaError, Scope};
use crate::text;
use crate::time::Timestamp;
use crate::value::{Scalar, Type};

/// What `pack.toml` says, as far as it could be read.
#[derive(Default)]
pub(super) struct Manifest {
    pub(super) head: Option<Head>,
    pub(super) sources: Sources,
    /// In path order.
    pub(super) attributes: Vec<Attribute>,
    /// The base with the attributes; none if some could not be read.
    pub(super) schema: Option<Arc<Schema>>,
}

pub(super) struct Head {
    pub(super) name: Arc<str>,
    pub(super) version: semver::Version,
    pub(super) requires: semver::VersionReq,
    pub(super) title: Arc<str>,
    pub(super) published: Timestamp,
    pub(super) known_until: Option<Known>,
}

/// Up to which day the authors read their sources, and where they say so.
pub(super) struct Known {
    pub(super) until: Timestamp,
    pub(super) place: Place,
}

/// The sources of a pack, and those that were meant to be.
#[derive(Default)]
pub(super) struct Sources {
    pub(super) read: BTreeMap<Arc<str>, Source>,
    /// Ids whose tables have problems.
    broken: Vec<Arc<str>>,
    /// Whether `pack.toml` could be read at all.
    known: bool,
}

/// The source that the rules on the pack's own age cite.
pub(super) const KNOWN_UNTIL: &str = "known-until";

const KEYS: [&str; 8] =
    ["name", "version", "requires", "title", "published", "known_until", "sources", "attributes"];
const SOURCE_KEYS: [&str; 4] = ["title", "url", "retrieved", "confidence"];
const ATTRIBUTE_KEYS: [&str; 8] =
    ["type", "values", "nullable", "not_given", "default", "scope", "unit", "title"];
const CITATION_KEYS: [&str; 2] = ["id", "section"];

pub(super) fn read<'t>(spot: &Spot<'t>, root: &'t DeTable<'t>, base: &Schema) -> Manifest {
    let table = Table::new(spot.clone(), root, "`pack.toml`", &KEYS);
    let head = read_head(&table);
    let sources = read_sources(&table);
    let before = spot.problems.count();
    let declared = read_attributes(&table);
    let schema = extend(base, &declared);
    let schema = (spot.problems.count() == before).then_some(schema);
    let mut attributes: Vec<Attribute> =
        declared.into_iter().map(|(_, attribute)| attribute).collect();
    attributes.sort_by(|a, b| a.path.cmp(&b.path));
    Manifest { head, sources, attributes, schema }
}

impl Manifest {
    /// What the pack says of itself is what the rules about its own age cite.
    pub(super) fn cite_itself(&mut self) {
        let Some(Head { title, version, known_until: Some(known), .. }) = &self.head else {
            return;
        };
        let source = Source {
            title: Arc::from(format!("{title} ({version}): known_until")),
            url: Arc::from("docs/reference/pack-format.md"),
            retrieved: known.until,
            confidence: SourceConfidence::Official,
        };
        self.sources.read.entry(Arc::from(KNOWN_UNTIL)).or_insert(source);
    }
}

fn read_head(table: &Table<'_>) -> Option<Head> {
    let name = table.text("name").filter(|name| name.check_name("a pack", NameForm::Dotted));
    if let Some(name) = name.as_ref().filter(|name| name.value == ENGINE_PACK) {
        name.spot.report(Kind::ReservedName { name: name.value.into() });
    }
    let version = table.text("version").and_then(|text| version(&text));
    let requires = table.text("requires").and_then(|text| range(&text));
    let title = table.shared("title");
    let published = table.required("published").and_then(|field| field.date());
    let known_until = match table.optional("known_until") {
        None => Some(None),
        Some(field) => {
            field.date().map(|until| Some(Known { until, place: field.key_text().spot.place() }))
        }
    };
    Some(Head {
        known_until: known_until?,
        name: Arc::from(name?.value),
        version: version?,
        requires: requires?,
        title: title?,
        published: published?,
    })
}

fn version(text: &Text<'_>) -> Option<semver::Version> {
    let read = semver::Version::parse(text.value);
    read.map_err(|error| {
        text.spot.report(Kind::BadVersion { text: text.value.into(), why: error.to_string() });
    })
    .ok()
}

fn range(text: &Text<'_>) -> Option<semver::VersionReq> {
    match semver::VersionReq::parse(text.value) {
        Err(error) => {
            text.spot.report(Kind::BadRange { text: text.value.into(), why: error.to_string() });
        }
        Ok(range) if !range.matches(&schema::VERSION) => {
            text.spot.report(Kind::OtherSchema { range: text.value.into() });
        }
        Ok(range) => return Some(range),
    }
    None
}

fn read_sources(table: &Table<'_>) -> Sources {
    let mut sources = Sources { known: true, ..Sources::default() };
    let entries = table
        .optional("sources")
        .and_then(|field| Some(super::table::fields(&field.spot, field.entries()?)));
    for field in entries.unwrap_or_default() {
        let id: Arc<str> = Arc::from(field.key);
        let name = field.key_text();
        name.check_name("a source", NameForm::Dotted);
        match field.spot.keep("a source", read_source(&field)) {
            Some(source) => drop(sources.read.insert(id, source)),
            None => sources.broken.push(id),
        }
    }
    sources
}

fn read_source(field: &Field<'_>) -> Option<Source> {
    let table = field.table("a source", &SOURCE_KEYS)?;
    let title = table.shared("title");
    let url = table.text("url").filter(|url| {
        let good = is_address(url.value);
        if !good {
            url.spot.report(Kind::BadUrl { url: url.value.into() });
        }
        good
    });
    let retrieved = table.required("retrieved").and_then(|field| field.date());
    let confidence = table.text("confidence").and_then(|text| {
        text.word("confidence of a source", SourceConfidence::ALL, SourceConfidence::name)
    });
    Some(Source {
        title: title?,
        url: Arc::from(url?.value),
        retrieved: retrieved?,
        confidence: confidence?,
    })
}

/// Whether a text has the form of a web address: scheme, host, and no spaces or control characters.
fn is_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    !host.is_empty()
        && !text.chars().any(|character| character.is_whitespace() || character.is_control())
}

impl Sources {
    /// Reads `source = { id = "…", section = "…" }`.
    pub(super) fn cite(&self, field: &Field<'_>) -> Option<Citation> {
        if let DeValue::String(id) = field.value {
            let kind = Kind::WrongType {
                key: field.key.into(),
                expected: "a table",
                found: kind_of(field.value),
            };
            let id = text::shortened(id, limits::NAME_BYTES_MAX);
            let help = format!("write `{} = {{ id = \"{id}\" }}`", field.key);
            field.spot.report_with(kind, Some(help));
            return None;
        }
        let table = field.table("a citation", &CITATION_KEYS)?;
        let id = table.text("id");
        let section = table.optional_shared("section");
        let id = id?;
        let broken = self.broken.iter().any(|known| **known == *id.value);
        if self.known && !broken && !self.read.contains_key(id.value) {
            let ids = self.read.keys().chain(&self.broken).map(|known| &**known);
            id.spot.report_name(Kind::UnknownSource { id: id.value.into() }, id.value, ids);
            return None;
        }
        Some(Citation { source: Arc::from(id.value), section })
    }

    /// Whether a source is one that nobody confirmed.
    pub(super) fn is_unconfirmed(&self, id: &str) -> bool {
        self.read.get(id).is_some_and(|source| source.confidence == SourceConfidence::Unconfirmed)
    }
}

/// The attributes that could be read, each with the place of its path.
fn read_attributes<'t>(table: &Table<'t>) -> Vec<(Text<'t>, Attribute)> {
    let entries = table
        .optional("attributes")
        .and_then(|field| Some(super::table::fields(&field.spot, field.entries()?)));
    let read = |field: &Field<'t>| {
        let path = field.key_text();
        if report_unquoted(field) {
            return None;
        }
        if !is_path(path.value) {
            path.spot.report(Kind::BadAttributePath { path: path.value.into() });
            return None;
        }
        field
            .spot
            .keep("an attribute", read_attribute(path.value, field))
            .map(|attribute| (path, attribute))
    };
    entries.unwrap_or_default().iter().filter_map(read).collect()
}

/// Reports a path that was written without quotes, which TOML takes apart at its dots: all within
/// are tables. Whether it was.
fn report_unquoted(field: &Field<'_>) -> bool {
    let Some(entries) = field.nested() else { return false };
    let keys = super::table::fields(&field.spot, entries);
    let is_table = |inner: &Field<'_>| inner.nested().is_some();
    if field.key.contains('.') || keys.is_empty() || !keys.iter().all(is_table) {
        return false;
    }
    for inner in &keys {
        let path = inner.key_text();
        let written = format!("{}.{}", field.key, path.value);
        let help = format!("write its path in quotes: `[attributes.\"{written}\"]`");
        path.spot.report_with(Kind::BadAttributePath { path: field.key.into() }, Some(help));
    }
    true
}

/// Whether rules can write a path: identifiers joined by dots.
fn is_path(path: &str) -> bool {
    let identifier = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    path.len() <= limits::NAME_BYTES_MAX && path.split('.').all(identifier)
}

fn read_attribute(path: &str, field: &Field<'_>) -> Option<Attribute> {
    let table = field.table("an attribute", &ATTRIBUTE_KEYS)?;
    let ty = table.text("type").and_then(|text| {
        let read = type_named(text.value);
        if read.is_none() {
            let kind = Kind::UnknownWord { what: "type", word: text.value.into() };
            let meant = type_meant(text.value).map(|name| format!("write `{name}`"));
            let help =
                meant.or_else(|| did_you_mean(text.value, TYPES.iter().map(|(name, _)| *name)));
            text.spot.report_with(kind, help);
        }
        read
    });
    let values = table.optional("values");
    let form = match (&values, ty) {
        (Some(field), Some(ty)) if ty.base != Scalar::String || ty.lists > 1 => {
            field.spot.report(Kind::MisplacedValues { ty: ty.to_string() });
            None
        }
        (Some(field), _) => field.texts().map(|texts| choices(field, &texts)),
        // What systems write where they know nothing is no value of the caller's either.
        (None, Some(ty)) if ty.base == Scalar::String => Some(Form::Text),
        (None, Some(ty)) if ty.base == Scalar::Timestamp => Some(Form::OwnInstant),
        (None, _) => Some(Form::Any),
    };
    let nullable = table.optional("nullable").map_or(Some(false), |field| field.bool());
    let scopes = [Scope::Campaign, Scope::Recipient];
    let scope = table.text("scope").and_then(|text| text.word("scope", &scopes, Scope::name));
    let unit = table.optional_shared("unit");
    let doc = table.shared("title");
    let not_given = defaults::read(&table, nullable, ty.zip(form.as_ref()));
    let nullable = if nullable? { Nullable::Yes } else { Nullable::No };
    Some(Attribute {
        path: Arc::from(path),
        ty: ty?,
        form: form?,
        unit,
        nullable,
        origin: Origin::Given,
        not_given: not_given?,
        scope: scope?,
        doc: doc?,
    })
}

fn choices(field: &Field<'_>, texts: &[Text<'_>]) -> Form {
    if texts.is_empty() {
        field.spot.report(Kind::Empty { key: field.key.into() });
    }
    let choice = |text: &Text<'_>| Choice { name: Arc::from(text.value), doc: Arc::from("") };
    Form::OneOf(texts.iter().map(choice).collect())
}

const TYPES: [(&str, Type); 6] = [
    ("bool", Type::BOOL),
    ("int", Type::INT),
    ("double", Type::DOUBLE),
    ("string", Type::STRING),
    ("timestamp", Type::TIMESTAMP),
    ("duration", Type::DURATION),
];

/// The type of that name: a scalar, or `list(…)` of a type.
fn type_named(name: &str) -> Option<Type> {
    let mut lists = 0;
    let mut inner = name.trim();
    while let Some(element) = inner.strip_prefix("list(").and_then(|rest| rest.strip_suffix(')')) {
        lists += 1;
        inner = element.trim();
        if lists > limits::LIST_NESTING_MAX {
            return None;
        }
    }
    let (_, scalar) = TYPES.iter().find(|(name, _)| *name == inner)?;
    Some(Type { base: scalar.base, lists })
}

/// The type that another language calls so.
fn type_meant(name: &str) -> Option<String> {
    let lower = name.trim().to_lowercase();
    let scalar = |name: &str| {
        Some(match name.trim() {
            "text" | "str" | "varchar" | "enum" | "word" => "string",
            "integer" | "number" | "long" | "int64" | "count" => "int",
            "float" | "decimal" | "real" | "float64" => "double",
            "boolean" | "flag" => "bool",
            "date" | "datetime" | "time" | "instant" => "timestamp",
            "span" | "interval" | "timedelta" => "duration",
            own => TYPES.iter().find(|(name, _)| *name == own)?.0,
        })
    };
    if ["list", "array", "set"].contains(&lower.as_str()) {
        return Some("list(string)".to_owned());
    }
    let inside = |open: &str, close: &str| lower.strip_prefix(open)?.strip_suffix(close);
    let element = [("list(", ")"), ("list<", ">"), ("list[", "]"), ("array(", ")"), ("", "[]")]
        .into_iter()
        .find_map(|(open, close)| inside(open, close));
    match element {
        Some(element) => scalar(element).map(|name| format!("list({name})")),
        None => scalar(&lower).map(str::to_owned),
    }
}

/// The base with the declared attributes; what the schema refuses is reported.
fn extend(base: &Schema, declared: &[(Text<'_>, Attribute)]) -> Arc<Schema> {
    let mut schema = base.clone();
    for (path, attribute) in declared {
        if let Err(error) = schema.declare(attribute.clone()) {
            let full = error == SchemaError::TooMany;
            let help = match &error {
                SchemaError::OutsideX { path } => {
                    let name = path.rsplit('.').next().unwrap_or_default();
                    Some(format!("write `[attributes.\"x.{name}\"]`, and `x.{name}` in conditions"))
                }
                _ => None,
            };
            path.spot.report_with(Kind::Schema(error), help);
            if full {
                break;
            }
        }
    }
    Arc::new(schema)
}
