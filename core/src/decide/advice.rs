//! What would settle a rule that is undetermined?

use std::sync::Arc;

use crate::facts;
use crate::matching::{Failure, Matched};
use crate::resolve::Resolved;
use crate::schema::attributes as id;
use crate::schema::{Attribute, AttributeId, Choice, Nullable, Schema};

/// What to give, for each missing member its values or their form; what to do where it is the
/// directory that cannot tell; what could not be evaluated.
pub(super) fn of(resolved: &Resolved<'_>, matched: &Matched, missing: &[Arc<str>]) -> String {
    let mut parts = Vec::new();
    if !missing.is_empty() {
        let schema = resolved.facts().schema();
        let wanted: Vec<String> = missing.iter().map(|path| wanted(schema, path)).collect();
        parts.push(format!("give {}", wanted.join("; ")));
    }
    let cannot_tell = |of_directory: bool| {
        let open = matched.missing.iter().filter(move |id| is_of_directory(**id) == of_directory);
        open.filter(|id| resolved.causes(**id).is_empty())
            .map(|id| &*resolved.facts().schema().attribute(*id).path)
            .collect::<Vec<_>>()
    };
    if !cannot_tell(true).is_empty() {
        parts.push(DIRECTORY.to_owned());
    }
    let others = cannot_tell(false);
    if !others.is_empty() {
        parts.push(format!(
            "nothing that can be given settles {}: let a person decide",
            others.join(", ")
        ));
    }
    parts.extend(matched.failure.as_ref().map(of_failure));
    if parts.is_empty() {
        // What is open without anything missing is a limit on work or on memory.
        parts.push(
            "let a person decide: the condition is more than the engine works out".to_owned(),
        );
    }
    parts.join("; ")
}

/// The two commands with which what a directory leaves open can be settled.
const DIRECTORY: &str = "the directory at hand cannot tell: import a current list of providers \
                         (`cts directory import LIST --into FILE`, then `--directory FILE`), or \
                         lay providers that you vetted yourself on top (`--own FILE`)";

/// Whether it is the directory that settles an attribute, and not the caller.
pub(super) fn is_of_directory(attribute: AttributeId) -> bool {
    [
        id::PROVIDER_LISTING,
        id::PROVIDER_LISTING_KNOWN,
        id::PROVIDER_LOOKALIKE_OF,
        id::INTERMEDIARIES_UNLISTED_COUNT,
        id::INTERMEDIARIES_UNAUTHORIZED_COUNT,
        id::INTERMEDIARIES_UNPROVEN_COUNT,
        id::INTERMEDIARIES_WEAKEST_LINK,
    ]
    .contains(&attribute)
}

fn of_failure(Failure { error, part }: &Failure) -> String {
    const SHOWN: usize = 120;
    let line = part.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut shown: String = line.chars().take(SHOWN).collect();
    if line.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    format!(
        "`{shown}` could not be evaluated: {error}; correct the facts that it reads, or the rule"
    )
}

/// `access.route: cloud_api, on_premises_api, business_app or unofficial`
fn wanted(schema: &Schema, path: &str) -> String {
    match attribute(schema, path) {
        Some(attribute) => format!("{path}: {}", values(attribute)),
        None if schema.collections().iter().any(|collection| *collection.path == *path) => {
            format!("{path}: a list, `[]` if there is none")
        }
        None => path.to_owned(),
    }
}

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

fn values(attribute: &Attribute) -> String {
    const LISTED: usize = 12;
    let none = if attribute.nullable == Nullable::Yes { ", or null if there is none" } else { "" };
    let Some(choices) = attribute.choices().filter(|choices| !choices.is_empty()) else {
        return format!("{}{none}", facts::expected(attribute));
    };
    let of_list = if attribute.ty.is_list() { "a list of " } else { "" };
    let names: Vec<&str> =
        choices.iter().take(LISTED).map(|choice: &Choice| &*choice.name).collect();
    let more = if choices.len() > LISTED {
        format!(", … ({} values)", choices.len())
    } else {
        String::new()
    };
    format!("{of_list}{}{more}{none}", names.join(", "))
}
