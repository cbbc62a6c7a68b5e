//! Facts as the document that says them, and less of it.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::facts::{Entry, Facts};
use crate::schema::attributes::SEND_AT;
use crate::schema::{Attribute, Form, NotGiven, Origin, Schema, Scope};
use crate::value::{Fact, Value};

/// The document that says facts to whoever reads it by a schema: what that schema does not have is
/// left out.
pub(super) fn of(facts: &Facts, read_by: &Schema) -> Json {
    of_those(facts, read_by, |_| true)
}

/// As [`of`], of the members at certain paths alone; that there is a recipient is said in any case.
pub(super) fn of_those(facts: &Facts, read_by: &Schema, is_wanted: impl Fn(&str) -> bool) -> Json {
    let mut document = Map::new();
    let own = facts.schema();
    for (id, attribute) in own.iter() {
        if attribute.origin == Origin::Derived
            || !is_wanted(&attribute.path)
            || read_by.id(&attribute.path).is_none()
        {
            continue;
        }
        let written = match facts.fact(id) {
            // Leaving it out says the same.
            fact if *fact == attribute.not_given.fact() => continue,
            Fact::Value(value) => json(attribute, value),
            Fact::Unknown if !matches!(attribute.not_given, NotGiven::Value(_)) => continue,
            Fact::Absent | Fact::Unknown => Json::Null,
        };
        put(&mut document, &attribute.path, written);
    }
    for collection in own.collections().iter().filter(|list| is_wanted(&list.path)) {
        let Some(entries) = facts.collection(&collection.path) else { continue };
        let entries = entries.iter().map(|one| entry(&collection.members, one)).collect();
        put(&mut document, &collection.path, Json::Array(entries));
    }
    if facts.scope() == Scope::Recipient {
        document.entry("recipient").or_insert_with(|| Json::Object(Map::new()));
    }
    Json::Object(document)
}

/// The facts that a document says; `None` where it is refused.
pub(super) fn read(schema: &Arc<Schema>, document: &Json) -> Option<Facts> {
    let bytes = serde_json::to_vec(document).ok()?;
    Facts::from_json(schema, &bytes).ok()
}

fn entry(members: &[Attribute], facts: &Entry) -> Json {
    let rule_cases = members.iter().zip(facts).filter_map(|(member, fact)| match fact {
        Fact::Value(value) => Some((member.path.to_string(), json(member, value))),
        Fact::Absent => Some((member.path.to_string(), Json::Null)),
        Fact::Unknown => None,
    });
    Json::Object(rule_cases.collect())
}

fn json(attribute: &Attribute, value: &Value) -> Json {
    match (&attribute.form, value) {
        (Form::CountOrUnlimited, Value::Int(i64::MAX)) => "unlimited".into(),
        _ => value.to_json(),
    }
}

/// Puts a value at a dotted path.
fn put(object: &mut Map<String, Json>, path: &str, value: Json) {
    let Some((first, rest)) = path.split_once('.') else {
        object.insert(path.to_owned(), value);
        return;
    };
    let inner = object.entry(first).or_insert_with(|| Json::Object(Map::new()));
    if let Json::Object(inner) = inner {
        put(inner, rest, value);
    }
}

/// As little of a document as still shows what it is to show.
pub(super) fn shortened(document: Json, shows: impl Fn(&Json) -> bool) -> Json {
    let mut document = document;
    // Whole objects first, then what is in those that are needed.
    for depth in 1..=3 {
        for place in places(&document, depth) {
            let mut less = document.clone();
            if remove(&mut less, &place) && shows(&less) {
                document = less;
            }
        }
    }
    document
}

/// The places of all members at a depth.
fn places(document: &Json, depth: usize) -> Vec<Vec<String>> {
    let mut found: Vec<Vec<String>> = vec![Vec::new()];
    for _ in 0..depth {
        let inner = found.into_iter().flat_map(|place| {
            let members: Vec<String> = match at(document, &place) {
                Some(Json::Object(object)) => object.keys().cloned().collect(),
                _ => Vec::new(),
            };
            members.into_iter().map(move |member| {
                let mut place = place.clone();
                place.push(member);
                place
            })
        });
        found = inner.collect();
    }
    let send_at = Schema::built_in().attribute(SEND_AT).path.to_string();
    found.retain(|place| *place != [send_at.as_str()]);
    found
}

fn at<'d>(document: &'d Json, place: &[String]) -> Option<&'d Json> {
    place.iter().try_fold(document, |inner, member| inner.get(member))
}

fn remove(document: &mut Json, place: &[String]) -> bool {
    let Some((last, before)) = place.split_last() else { return false };
    let holder = before.iter().try_fold(document, |inner, member| inner.get_mut(member));
    match holder {
        Some(Json::Object(object)) => object.remove(last).is_some(),
        _ => false,
    }
}
