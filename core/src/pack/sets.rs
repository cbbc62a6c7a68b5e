//! Who is a member of which list, and when?

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use super::content::{Set, SetEntry};
use super::error::Kind;
use super::manifest::Sources;
use super::place::Place;
use super::table::{Field, NameForm, Spot, Table, Text, kind_of};
use crate::cel::SetDeclaration;
use crate::limits;
use crate::time::Timestamp;
use crate::value::{Type, Value};

const KEYS: [&str; 1] = ["set"];
const SET_KEYS: [&str; 4] = ["id", "title", "source", "entry"];
const ENTRY_KEYS: [&str; 4] = ["values", "from", "until", "source"];

/// What `sets.toml` says, as far as it could be read.
#[derive(Default)]
pub(super) struct Read<'t> {
    pub(super) sets: Vec<Set>,
    /// The sets as conditions know them, also those with problems elsewhere; as many as `sets`
    /// where there are none.
    pub(super) declarations: Vec<SetDeclaration>,
    /// The texts in each declared set, where they stand.
    pub(super) members: Vec<Vec<Text<'t>>>,
    /// Whether each set has its declaration.
    pub(super) complete: bool,
}

pub(super) fn read<'t>(spot: &Spot<'t>, root: &'t DeTable<'t>, sources: &Sources) -> Read<'t> {
    let table = Table::new(spot.clone(), root, "`sets.toml`", &KEYS);
    let tables = table.tables("set", "a set", &SET_KEYS);
    if tables.len() > limits::SETS_MAX {
        spot.report(Kind::TooManySets);
        return Read::default();
    }
    let count =
        table.optional("set").and_then(|field| field.items()).map_or(0, |items| items.len());
    let mut read = Read::default();
    let mut names: BTreeMap<Arc<str>, Place> = BTreeMap::new();
    for table in &tables {
        let id = table.text("id").filter(|id| id.check_name("a set", NameForm::Identifier));
        let element = element(table);
        let mut members = Members::default();
        let set = read_set(table, id.as_ref(), element, sources, &mut members);
        read.sets.extend(table.keep(set));
        if let (Some(id), Some(element)) = (&id, element) {
            match names.get(&*id.value.replace('-', "_")) {
                Some(first) => id.spot.report(Kind::RepeatedId {
                    what: "the set",
                    id: id.value.into(),
                    first: first.clone(),
                }),
                None => drop(names.insert(Arc::from(id.value.replace('-', "_")), id.spot.place())),
            }
            read.declarations.push(SetDeclaration { name: Arc::from(id.value), element });
            read.members.push(members.texts);
        }
    }
    read.complete = read.declarations.len() == count;
    read
}

fn read_set<'t>(
    table: &Table<'t>,
    id: Option<&Text<'t>>,
    element: Option<Type>,
    sources: &Sources,
    members: &mut Members<'t>,
) -> Option<Set> {
    let title = table.shared("title");
    let source = table.required("source").and_then(|field| sources.cite(&field));
    let tables = table.tables("entry", "an entry of a set", &ENTRY_KEYS);
    let size = |entry: &Table<'_>| match entry.optional("values").map(|field| field.value) {
        Some(DeValue::Array(values)) => values.len(),
        _ => 0,
    };
    if tables.iter().map(size).sum::<usize>() > limits::SET_MEMBERS_MAX {
        table.spot.report(Kind::TooManyMembers { set: id.map_or("", |id| id.value).into() });
        return None;
    }
    let mut entries = Vec::new();
    for entry in tables {
        let period = entry.period();
        let values =
            entry.required("values").and_then(|field| members.read(&field, element, period));
        let own = entry.optional("source");
        let cited = own.map_or_else(|| source.clone(), |field| sources.cite(&field));
        let read = values.zip(period).zip(cited);
        let read =
            read.map(|((values, (from, until)), source)| SetEntry { values, from, until, source });
        entries.extend(entry.keep(read));
    }
    Some(Set {
        id: Arc::from(id?.value),
        title: title?,
        element: element?,
        entries,
        place: table.spot.place(),
    })
}

/// The type of the first member.
fn element(table: &Table<'_>) -> Option<Type> {
    let entries = table.required("entry")?;
    let items = entries.items()?;
    if items.is_empty() {
        entries.spot.report(Kind::Empty { key: entries.key.into() });
    }
    let first = items.iter().find_map(|entry| match entry.value {
        DeValue::Table(entry) => entry
            .get("values")
            .and_then(|values| values.get_ref().as_array())
            .and_then(|values| values.first()),
        _ => None,
    });
    match first?.get_ref() {
        DeValue::String(_) => Some(Type::STRING),
        DeValue::Integer(_) => Some(Type::INT),
        _ => None,
    }
}

type Ends = (Option<Timestamp>, Option<Timestamp>);

/// The members of one set, as they are read.
#[derive(Default)]
struct Members<'t> {
    /// When each is a member, and by which entry.
    strings: BTreeMap<Arc<str>, Vec<(Ends, Place)>>,
    ints: BTreeMap<i64, Vec<(Ends, Place)>>,
    texts: Vec<Text<'t>>,
}

impl<'t> Members<'t> {
    fn read(
        &mut self,
        field: &Field<'t>,
        element: Option<Type>,
        period: Option<Ends>,
    ) -> Option<Vec<Value>> {
        let items = field.items()?;
        if items.is_empty() {
            field.spot.report(Kind::Empty { key: field.key.into() });
        }
        Some(items.iter().filter_map(|item| self.read_one(item, element, period)).collect())
    }

    fn read_one(
        &mut self,
        item: &Field<'t>,
        element: Option<Type>,
        period: Option<Ends>,
    ) -> Option<Value> {
        let (value, seen) = match item.value {
            DeValue::String(_) if element == Some(Type::STRING) => {
                let text = item.text()?;
                let shared: Arc<str> = Arc::from(text.value);
                self.texts.push(text);
                (Value::String(Arc::clone(&shared)), self.strings.entry(shared).or_default())
            }
            DeValue::Integer(digits) if element == Some(Type::INT) => {
                let Ok(number) = i64::from_str_radix(digits.as_str(), digits.radix()) else {
                    item.spot.report(Kind::OutOfRange {
                        key: item.key.into(),
                        found: item.source().into(),
                        expected: "a number of 64 bits",
                    });
                    return None;
                };
                (Value::Int(number), self.ints.entry(number).or_default())
            }
            other => {
                let found = kind_of(other);
                item.spot.report(match element {
                    Some(Type::INT) => Kind::MixedTypes { expected: "whole numbers", found },
                    Some(_) => Kind::MixedTypes { expected: "strings", found },
                    None => Kind::NoMemberType { found },
                });
                return None;
            }
        };
        if let Some(period) = period {
            match seen.iter().find(|(other, _)| overlap(*other, period)) {
                Some((_, first)) => {
                    let shown = item.source().trim_matches(['"', '\'']);
                    item.spot
                        .report(Kind::RepeatedMember { value: shown.into(), first: first.clone() });
                }
                None => seen.push((period, item.spot.place())),
            }
        }
        Some(value)
    }
}

fn overlap(a: Ends, b: Ends) -> bool {
    let begins_before = |from: Option<Timestamp>, until: Option<Timestamp>| match (from, until) {
        (Some(from), Some(until)) => from < until,
        _ => true,
    };
    begins_before(a.0, b.1) && begins_before(b.0, a.1)
}

impl Set {
    /// The name that conditions use: `sets.NAME`.
    pub fn name(&self) -> String {
        self.id.replace('-', "_")
    }

    /// The members at an instant, in order, each once.
    pub fn members_at(&self, at: Timestamp) -> Vec<Value> {
        let current = self.entries.iter().filter(|entry| entry.contains(at));
        let mut members: Vec<Value> =
            current.flat_map(|entry| entry.values.iter().cloned()).collect();
        members.sort_by(|a, b| a.compare(b).unwrap_or(std::cmp::Ordering::Equal));
        members.dedup();
        members
    }

    /// The instants at which members come or go, in order, each once.
    pub fn boundaries(&self) -> Vec<Timestamp> {
        let mut boundaries: Vec<Timestamp> = self
            .entries
            .iter()
            .flat_map(|entry| entry.from.into_iter().chain(entry.until))
            .collect();
        boundaries.sort_unstable();
        boundaries.dedup();
        boundaries
    }
}

impl SetEntry {
    /// Whether its values are members at an instant.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= at) && self.until.is_none_or(|until| at < until)
    }
}
