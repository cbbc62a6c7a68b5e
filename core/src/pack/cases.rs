//! What does the pack promise of its rules, by example?

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value as Json};
use toml::de::{DeTable, DeValue};

use super::content::{Exempted, Exemption, ExemptionOf, Expectation, PackTest, PackTests};
use super::error::{Kind, meant};
use super::place::Place;
use super::table::{Field, NameForm, Spot, Table, Text, fields, instant};
use crate::cel;
use crate::schema::{AttributeId, Origin, Schema};
use crate::suggest;
use crate::value::Scalar;
use crate::verdict::{Status, Verdict};

const KEYS: [&str; 3] = ["base", "test", "exempt"];
const TEST_KEYS: [&str; 9] =
    ["name", "why", "draft", "base", "set", "remove", "null", "directory", "expect"];
const EXEMPT_KEYS: [&str; 7] = ["rule", "set", "outcome", "date", "clause", "lint", "why"];
const EXPECT_KEYS: [&str; 6] =
    ["verdict", "violated", "undetermined", "satisfied", "not_applicable", "missing"];

/// Reads files of tests: first the bases of all, then the tests.
pub(super) struct Reader<'t> {
    schema: &'t Schema,
    directories: &'t BTreeMap<Arc<str>, Arc<[u8]>>,
    paths: Paths,
    /// None while rules could not be read.
    rules: Option<BTreeSet<Arc<str>>>,
    /// Whether every file of tests could be read, so that an unknown base is really unknown.
    bases_known: bool,
    bases: BTreeMap<Arc<str>, (Json, Place)>,
    names: BTreeMap<Arc<str>, Place>,
    tests: Vec<PackTest>,
    /// None while sets could not be read.
    sets: Option<BTreeSet<Arc<str>>>,
    exemptions: Vec<Exemption>,
}

impl<'t> Reader<'t> {
    /// `names_known`: whether the schema has all attributes that the pack declares.
    pub(super) fn new(
        schema: &'t Schema,
        names_known: bool,
        directories: &'t BTreeMap<Arc<str>, Arc<[u8]>>,
    ) -> Self {
        Self {
            schema,
            directories,
            paths: Paths::of(schema, names_known),
            rules: None,
            bases_known: true,
            bases: BTreeMap::new(),
            names: BTreeMap::new(),
            tests: Vec::new(),
            sets: None,
            exemptions: Vec::new(),
        }
    }

    /// Has expected rules checked against the pack's.
    pub(super) fn expect_rules(&mut self, ids: BTreeSet<Arc<str>>) {
        self.rules = Some(ids);
    }

    /// Has exempted sets checked against the pack's.
    pub(super) fn expect_sets(&mut self, ids: BTreeSet<Arc<str>>) {
        self.sets = Some(ids);
    }

    /// Leaves unknown bases alone: a file that could not be read may hold them.
    pub(super) fn allow_unknown_bases(&mut self) {
        self.bases_known = false;
    }

    pub(super) fn into_tests(self) -> PackTests {
        PackTests { tests: self.tests, exemptions: self.exemptions }
    }

    pub(super) fn read_bases(&mut self, spot: &Spot<'_>, root: &DeTable<'_>) {
        let Some((_, value)) = root.get_key_value("base") else {
            return;
        };
        let DeValue::Table(entries) = value.get_ref() else {
            // Reported with the tests, where the keys of the file are checked.
            self.bases_known = false;
            return;
        };
        for base in fields(&Spot { span: value.span(), ..spot.clone() }, entries) {
            let name = base.key_text();
            name.check_name("a base", NameForm::Dotted);
            let document =
                base.entries().map(|entries| object(&base.spot, entries)).unwrap_or_default();
            self.check_texts("", &document, &name.spot);
            let place = name.spot.place();
            if let Some((_, first)) = self.bases.get(base.key) {
                name.spot.report(Kind::RepeatedId {
                    what: "the base",
                    id: base.key.into(),
                    first: first.clone(),
                });
                continue;
            }
            self.bases.insert(Arc::from(base.key), (document, place));
        }
    }

    pub(super) fn read_tests<'r>(&mut self, spot: &Spot<'r>, root: &'r DeTable<'r>) {
        let table = Table::new(spot.clone(), root, "a file of tests", &KEYS);
        if let Some(base) = table.optional("base") {
            base.entries();
        }
        for test in table.tables("test", "a test", &TEST_KEYS) {
            let read = self.read_test(&test);
            self.tests.extend(test.keep(read));
        }
        for exemption in table.tables("exempt", "an exemption", &EXEMPT_KEYS) {
            let read = self.read_exemption(&exemption);
            self.exemptions.extend(exemption.keep(read));
        }
    }

    fn read_exemption(&self, table: &Table<'_>) -> Option<Exemption> {
        let why = table.shared("why");
        let known = |field: &Field<'_>, what: &'static str, ids: Option<&BTreeSet<Arc<str>>>| {
            let text = field.text()?;
            if let Some(ids) = ids.filter(|ids| !ids.contains(text.value)) {
                let word = text.value.into();
                let kind = if what == "rule" {
                    Kind::UnknownRule { id: word }
                } else {
                    Kind::UnknownWord { what, word }
                };
                text.spot.report_name(kind, text.value, ids.iter().map(|id| &**id));
                return None;
            }
            Some(Arc::from(text.value))
        };
        let of = match (table.optional("rule"), table.optional("set")) {
            (Some(rule), None) => known(&rule, "rule", self.rules.as_ref()).map(ExemptionOf::Rule),
            (None, Some(set)) => known(&set, "set", self.sets.as_ref()).map(ExemptionOf::Set),
            (None, None) => table.required("rule").and(None),
            (Some(_), Some(set)) => {
                set.spot
                    .report(Kind::UnknownKey { key: set.key.into(), of: "an exemption of a rule" });
                None
            }
        };
        let outcome = table.optional("outcome").map(|field| {
            let status = field.text()?.word("outcome", Status::ALL, Status::name)?;
            Some(Exempted::Outcome(status))
        });
        let date = table.optional("date").map(|field| field.date().map(Exempted::Date));
        let clause = table
            .optional("clause")
            .map(|field| field.text().map(|text| Exempted::Clause(text.value.into())));
        let lint = table
            .optional("lint")
            .map(|field| field.text().map(|text| Exempted::Lint(text.value.into())));
        let mut values =
            ["outcome", "date", "clause", "lint"].into_iter().filter_map(|key| table.optional(key));
        if let Some(second) = values.nth(1) {
            second.spot.report(Kind::UnknownKey {
                key: second.key.into(),
                of: "an exemption that already says of what",
            });
        }
        let what = match [outcome, date, clause, lint].into_iter().flatten().next() {
            None => table.required("date").and(None),
            Some(what) => what,
        };
        Some(Exemption { of: of?, what: what?, why: why?, place: table.spot.place() })
    }

    fn read_test(&mut self, table: &Table<'_>) -> Option<PackTest> {
        let name = table.text("name").and_then(|text| self.read_name(&text));
        let why = table.optional_shared("why");
        let mut facts = match table.optional("base") {
            None => Some(Json::Object(Map::new())),
            Some(field) => field.text().and_then(|text| self.find_base(&text)),
        };
        for (path, value) in
            table.optional("set").map(|field| self.read_changes(&field)).unwrap_or_default()
        {
            if let Some(facts) = &mut facts {
                set_path(facts, &path, Some(value));
            }
        }
        for path in
            table.optional("remove").map(|field| self.read_paths(&field)).unwrap_or_default()
        {
            if let Some(facts) = &mut facts {
                set_path(facts, &path, None);
            }
        }
        for path in table.optional("null").map(|field| self.read_paths(&field)).unwrap_or_default()
        {
            if let Some(facts) = &mut facts {
                set_path(facts, &path, Some(Json::Null));
            }
        }
        let directory = table
            .optional("directory")
            .map(|field| field.text().and_then(|text| self.find_directory(&text)));
        let is_draft = table.optional("draft").map_or(Some(false), |field| field.bool());
        let expect = table.required("expect").and_then(|field| self.read_expectation(&field));
        Some(PackTest {
            name: name?,
            why,
            facts: facts?,
            directory: match directory {
                None => None,
                Some(directory) => Some(directory?),
            },
            expect: expect?,
            is_draft: is_draft?,
            place: table.spot.place(),
        })
    }

    fn read_name(&mut self, text: &Text<'_>) -> Option<Arc<str>> {
        if let Some(first) = self.names.get(text.value) {
            text.spot.report(Kind::RepeatedId {
                what: "the test",
                id: text.value.into(),
                first: first.clone(),
            });
            return None;
        }
        let name: Arc<str> = Arc::from(text.value);
        self.names.insert(Arc::clone(&name), text.spot.place());
        Some(name)
    }

    fn find_base(&self, text: &Text<'_>) -> Option<Json> {
        let found = self.bases.get(text.value);
        if found.is_none() && self.bases_known {
            text.spot.report_name(
                Kind::UnknownBase { name: text.value.into() },
                text.value,
                self.bases.keys().map(|name| &**name),
            );
        }
        found.map(|(document, _)| document.clone())
    }

    fn find_directory(&self, text: &Text<'_>) -> Option<Arc<str>> {
        let found = self.directories.get_key_value(text.value);
        if found.is_none() {
            let names = self.directories.keys().map(|name| &**name);
            text.spot.report_name(
                Kind::UnknownDirectory { name: text.value.into() },
                text.value,
                names,
            );
        }
        found.map(|(name, _)| Arc::clone(name))
    }

    /// Paths and values of `set`: keys are paths, quoted or not.
    fn read_changes<'r>(&self, field: &Field<'r>) -> Vec<(String, Json)> {
        let mut changes = Vec::new();
        let mut open: Vec<(String, Field<'r>)> = Vec::new();
        let push = |prefix: &str, field: &Field<'r>, open: &mut Vec<(String, Field<'r>)>| {
            let Some(entries) = field.entries() else {
                return;
            };
            for entry in fields(&field.spot, entries).into_iter().rev() {
                open.push((format!("{prefix}{}", entry.key), entry));
            }
        };
        push("", field, &mut open);
        while let Some((path, entry)) = open.pop() {
            // `set.a.b = 1` says the same as `set."a.b" = 1`; only a table written as a value
            // replaces what was there.
            if entry.is_dotted() {
                push(&format!("{path}."), &entry, &mut open);
            } else if self.check_path(&path, &entry.key_text().spot)
                && let Some(value) = json(&entry)
            {
                self.check_texts(&path, &value, &entry.spot);
                changes.push((path, value));
            }
        }
        changes
    }

    fn read_paths(&self, field: &Field<'_>) -> Vec<String> {
        let texts = field.texts().unwrap_or_default();
        texts
            .iter()
            .filter(|text| self.check_path(text.value, &text.spot))
            .map(|text| text.value.to_owned())
            .collect()
    }

    /// Reports each string that its attribute never is, which no test could be run with.
    fn check_texts(&self, path: &str, value: &Json, spot: &Spot<'_>) {
        let mut open = vec![(path.to_owned(), value)];
        while let Some((path, value)) = open.pop() {
            match value {
                Json::Object(members) => open.extend(members.iter().rev().map(|(name, member)| {
                    let dot = if path.is_empty() { "" } else { "." };
                    (format!("{path}{dot}{name}"), member)
                })),
                Json::Array(items) => {
                    open.extend(items.iter().rev().map(|item| (path.clone(), item)));
                }
                Json::String(text) => {
                    let id = self.schema.id(&path);
                    let is_text =
                        |id: &AttributeId| self.schema.attribute(*id).ty.base == Scalar::String;
                    let checked = id
                        .filter(is_text)
                        .map(|id| cel::check_value(self.schema, id, text, cel::Span::default()));
                    if let Some(Err(error)) = checked {
                        let kind =
                            Kind::Expression { code: error.code(), message: error.to_string() };
                        spot.report_with(kind, error.help().map(str::to_owned));
                    }
                }
                Json::Null | Json::Bool(_) | Json::Number(_) => {}
            }
        }
    }

    fn check_path(&self, path: &str, spot: &Spot<'_>) -> bool {
        match self.paths.find(path, self.schema) {
            Found::Given => return true,
            Found::Derived => spot.report(Kind::DerivedPath { path: path.to_owned() }),
            Found::Unknown => {
                let help = if spot.problems.is_full() {
                    None
                } else {
                    self.paths.nearest(path, self.schema)
                };
                spot.report_with(Kind::UnknownPath { path: path.into() }, help);
            }
        }
        false
    }

    fn read_expectation(&self, field: &Field<'_>) -> Option<Expectation> {
        let table = field.table("an expectation", &EXPECT_KEYS)?;
        let verdict = table
            .text("verdict")
            .and_then(|text| text.word("verdict", Verdict::ALL, Verdict::name));
        let mut seen = BTreeSet::new();
        let mut rules = |key| match table.optional(key) {
            None => Some(Vec::new()),
            Some(field) => self.read_rules(&field, &mut seen),
        };
        let (violated, undetermined) = (rules("violated"), rules("undetermined"));
        let (satisfied, not_applicable) = (rules("satisfied"), rules("not_applicable"));
        let missing = table.optional("missing").map(|field| Some(self.read_missing(&field)));
        Some(Expectation {
            verdict: verdict?,
            violated: violated?,
            undetermined: undetermined?,
            satisfied: satisfied?,
            not_applicable: not_applicable?,
            missing: match missing {
                None => None,
                Some(missing) => Some(missing?),
            },
        })
    }

    /// Ids of rules of the pack, none of which was `seen` in another list.
    fn read_rules(
        &self,
        field: &Field<'_>,
        seen: &mut BTreeSet<Arc<str>>,
    ) -> Option<Vec<Arc<str>>> {
        let mut ids = Vec::new();
        for text in field.texts()? {
            let id: Arc<str> = Arc::from(text.value);
            if let Some(rules) = self.rules.as_ref().filter(|rules| !rules.contains(&id)) {
                text.spot.report_name(
                    Kind::UnknownRule { id: text.value.into() },
                    text.value,
                    rules.iter().map(|id| &**id),
                );
            } else if !seen.insert(Arc::clone(&id)) && !ids.contains(&id) {
                text.spot.report(Kind::RepeatedValue { value: text.value.into() });
            }
            ids.push(id);
        }
        Some(ids)
    }

    fn read_missing(&self, field: &Field<'_>) -> Vec<Arc<str>> {
        self.read_paths(field).into_iter().map(Arc::from).collect()
    }
}

enum Found {
    Given,
    Derived,
    Unknown,
}

/// The paths that a campaign document may have, and the objects on the way to them.
struct Paths {
    known: BTreeSet<String>,
    /// Whether the attributes of the pack itself are among them.
    complete: bool,
}

impl Paths {
    fn of(schema: &Schema, complete: bool) -> Self {
        let given = schema
            .iter()
            .filter(|(_, attribute)| attribute.origin != Origin::Derived)
            .map(|(_, attribute)| &attribute.path);
        let mut known = BTreeSet::from(["x".to_owned()]);
        for path in given.chain(schema.collections().iter().map(|collection| &collection.path)) {
            known.extend(
                path.match_indices('.').filter_map(|(dot, _)| path.get(..dot)).map(str::to_owned),
            );
            known.insert(path.to_string());
        }
        Self { known, complete }
    }

    fn find(&self, path: &str, schema: &Schema) -> Found {
        if self.known.contains(path) || (!self.complete && path.starts_with("x.")) {
            Found::Given
        } else if schema.id(path).is_some() {
            Found::Derived
        } else {
            Found::Unknown
        }
    }

    fn nearest(&self, wrong: &str, schema: &Schema) -> Option<String> {
        let nearest = suggest::nearest(wrong, self.known.iter().map(String::as_str));
        nearest
            .or_else(|| schema.nearest(wrong).filter(|path| self.known.contains(*path)))
            .map(meant)
    }
}

/// Puts a value at a path, or takes out what is there.
fn set_path(document: &mut Json, path: &str, value: Option<Json>) {
    let mut at = document;
    let (folders, last) = match path.rsplit_once('.') {
        Some((folders, last)) => (folders.split('.').collect(), last),
        None => (Vec::new(), path),
    };
    for folder in folders {
        if !at.is_object() {
            *at = Json::Object(Map::new());
        }
        let Json::Object(members) = at else {
            return;
        };
        if value.is_none() && !members.contains_key(folder) {
            return;
        }
        at = members.entry(folder).or_insert_with(|| Json::Object(Map::new()));
    }
    match (value, at) {
        (Some(value), Json::Object(members)) => drop(members.insert(last.to_owned(), value)),
        (Some(value), other) => *other = Json::Object(Map::from_iter([(last.to_owned(), value)])),
        (None, Json::Object(members)) => drop(members.remove(last)),
        (None, _) => {}
    }
}

/// The same value in JSON: dates become texts of RFC 3339.
///
/// Recursion is bounded: the parser refuses values nested more than 80 deep, and keys of many parts
/// are refused before.
fn json(field: &Field<'_>) -> Option<Json> {
    match field.value {
        DeValue::String(text) => Some(Json::from(text.as_ref())),
        DeValue::Boolean(value) => Some(Json::from(*value)),
        DeValue::Integer(digits) => {
            let number = i64::from_str_radix(digits.as_str(), digits.radix()).ok();
            if number.is_none() {
                field.spot.report(Kind::OutOfRange {
                    key: field.key.into(),
                    found: field.source().into(),
                    expected: "a number of 64 bits",
                });
            }
            number.map(Json::from)
        }
        DeValue::Float(digits) => {
            let number = digits.as_str().parse().ok().and_then(serde_json::Number::from_f64);
            if number.is_none() {
                field.spot.report(Kind::OutOfRange {
                    key: field.key.into(),
                    found: field.source().into(),
                    expected: "a finite number",
                });
            }
            number.map(Json::from)
        }
        DeValue::Datetime(date) => {
            let read = instant(date);
            if let Err(error) = &read {
                field
                    .spot
                    .report(Kind::BadDate { found: field.source().into(), why: error.to_string() });
            }
            read.ok().map(|at| Json::from(at.to_string()))
        }
        DeValue::Array(_) => Some(field.items()?.iter().filter_map(json).collect()),
        DeValue::Table(entries) => Some(object(&field.spot, entries)),
    }
}

fn object<'t>(spot: &Spot<'t>, entries: &'t DeTable<'t>) -> Json {
    fields(spot, entries)
        .iter()
        .filter_map(|field| Some((field.key.to_owned(), json(field)?)))
        .collect()
}
