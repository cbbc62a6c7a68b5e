//! What would settle a rule that is undetermined?

use std::fmt;
use std::sync::Arc;

use super::said::Open;
use crate::facts;
use crate::language::{Lang, catalogue as words};
use crate::matching::Failure;
use crate::schema::{Attribute, Choice, Nullable, Schema};

/// What to give, for each missing member its values or their form; what to do where it is the
/// directory that cannot tell; what could not be evaluated.
pub(super) fn of(open: &Open, missing: &[Arc<str>], schema: &Schema, lang: Lang) -> String {
    let Open { of_directory, others, failure } = open;
    let mut parts = Vec::new();
    if !missing.is_empty() {
        let wanted: Vec<String> = missing.iter().map(|path| wanted(schema, path, lang)).collect();
        parts.push(words::GIVE.with(lang, &[("members", &wanted.join("; "))]));
    }
    if !of_directory.is_empty() {
        parts.push(words::DIRECTORY_CANNOT_TELL.of(lang).to_owned());
    }
    if !others.is_empty() {
        let paths: Vec<&str> = others.iter().map(|path| &**path).collect();
        parts.push(words::PERSON_DECIDES.with(lang, &[("paths", &paths.join(", "))]));
    }
    parts.extend(failure.as_ref().map(|failure| of_failure(failure, lang)));
    if parts.is_empty() {
        // What is undetermined with nothing missing met a limit on work or memory.
        parts.push(words::TOO_MUCH.of(lang).to_owned());
    }
    parts.join("; ")
}

fn of_failure(Failure { error, part }: &Failure, lang: Lang) -> String {
    const SHOWN: usize = 120;
    let line = part.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut shown: String = line.chars().take(SHOWN).collect();
    if line.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    words::NOT_EVALUATED.with(lang, &[("part", &shown), ("error", &error.message_in(lang))])
}

/// `access.route: cloud_api, on_premises_api, business_app or unofficial`
fn wanted(schema: &Schema, path: &str, lang: Lang) -> String {
    match attribute(schema, path) {
        Some(attribute) => format!("{path}: {}", values(attribute, lang)),
        None if schema.collections().iter().any(|collection| *collection.path == *path) => {
            format!("{path}: {}", words::LIST_OR_EMPTY.of(lang))
        }
        None => path.to_owned(),
    }
}

/// What can be given for a missing member, and whether that is cut short.
pub(crate) fn values_of(schema: &Schema, path: &str, lang: Lang) -> (String, Length) {
    match attribute(schema, path) {
        Some(known) => {
            let is_cut = known.choices().is_some_and(|choices| choices.len() > LISTED);
            (values(known, lang), if is_cut { Length::Cut } else { Length::Whole })
        }
        None => (words::LIST_OR_EMPTY.of(lang).to_owned(), Length::Whole),
    }
}

/// Whether the list of values is complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Length {
    Whole,
    Cut,
}

/// How many values are listed.
const LISTED: usize = 12;

/// The attribute of a path as in the document: a member of a list has its place in brackets.
fn attribute<'s>(schema: &'s Schema, path: &str) -> Option<&'s Attribute> {
    if let Some(id) = schema.id(path) {
        return Some(schema.attribute(id));
    }
    let (list, rest) = path.split_once('[')?;
    let (_, member) = rest.split_once("].")?;
    let collection = schema.collections().iter().find(|collection| *collection.path == *list)?;
    collection.members.iter().find(|attribute| *attribute.path == *member)
}

fn values(attribute: &Attribute, lang: Lang) -> String {
    let values = match attribute.choices().filter(|choices| !choices.is_empty()) {
        None => facts::expected(attribute, lang),
        Some(choices) => {
            let names: Vec<&str> =
                choices.iter().take(LISTED).map(|choice: &Choice| &*choice.name).collect();
            let mut values = names.join(", ");
            if attribute.ty.is_list() {
                values = words::LIST_OF.with(lang, &[("values", &values)]);
            }
            if choices.len() > LISTED {
                let value_in_words =
                    [("values", &values as &dyn fmt::Display), ("count", &choices.len())];
                values = words::MORE_VALUES.with(lang, &value_in_words);
            }
            values
        }
    };
    match attribute.nullable {
        Nullable::Yes => words::OR_NULL.with(lang, &[("values", &values)]),
        Nullable::No => values,
    }
}
