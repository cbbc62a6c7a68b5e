//! Which conditions have a name?

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::de::DeTable;

use super::context::Context;
use super::error::Kind;
use super::place::Place;
use super::rules::Source;
use super::table::{NameForm, Spot, Table};
use crate::cel::NamedCondition;
use crate::limits;

const KEYS: [&str; 1] = ["condition"];
const CONDITION_KEYS: [&str; 2] = ["id", "expr"];

/// What `conditions.toml` says, as far as it could be read.
#[derive(Default)]
pub(super) struct Read {
    /// The conditions, in source order. Each can name those above it.
    pub(super) conditions: Vec<NamedCondition>,
    /// Whether each condition of the file is among them.
    pub(super) complete: bool,
}

pub(super) fn read<'t>(spot: &Spot<'t>, root: &'t DeTable<'t>, context: &Context<'_>) -> Read {
    let table = Table::new(spot.clone(), root, "`conditions.toml`", &KEYS);
    let tables = table.tables("condition", "a condition", &CONDITION_KEYS);
    if tables.len() > limits::CONDITIONS_MAX {
        spot.report(Kind::TooManyConditions);
        return Read::default();
    }
    let mut read = Read::default();
    let mut names: BTreeMap<String, Place> = BTreeMap::new();
    let all: Vec<String> = tables
        .iter()
        .map(|table| {
            let id = table.optional("id");
            let id = id.as_ref().map(|field| field.source().trim_matches(['"', '\'']));
            id.unwrap_or_default().replace('-', "_")
        })
        .collect();
    for (number, table) in tables.iter().enumerate() {
        let id = table.text("id").filter(|id| id.check_name("a condition", NameForm::Identifier));
        let expr = table.required("expr");
        if let Some(id) = &id {
            let name = id.value.replace('-', "_");
            if let Some(first) = names.get(&name) {
                let (what, id_text) = ("the condition", id.value.into());
                id.spot.report(Kind::RepeatedId { what, id: id_text, first: first.clone() });
                continue;
            }
            names.insert(name, id.spot.place());
        }
        // Those above are known, whether or not all are.
        let below = all.get(number + 1..).unwrap_or_default();
        let above = Context { conditions: &read.conditions, below, ..*context };
        let Some(source) = expr.and_then(|field| Source::compile(&field, &above)) else { continue };
        if let Some(id) = id {
            let name = Arc::from(id.value.replace('-', "_"));
            read.conditions.push(NamedCondition { name, expression: source.expression });
        }
    }
    let count =
        table.optional("condition").and_then(|field| field.items()).map_or(0, |items| items.len());
    read.complete = read.conditions.len() == count;
    read
}
