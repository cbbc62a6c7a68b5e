//! TOML.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::json::lower_first;
use super::{Entry, Problem, Tree, Value};
use crate::place::At;

/// Parses a file. The parser bounds the nesting (at some 80 levels), and with it the recursion
/// here.
pub(crate) fn parse(text: &str) -> Result<Tree<'_>, Problem> {
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map(|span| At::Offset(span.start));
        Problem::new(at, format!("no TOML: {}", lower_first(error.message())))
    })?;
    let mut tree = Tree::default();
    tree.root = add_table(&mut tree, table.into_inner());
    Ok(tree)
}

fn add_table<'t>(tree: &mut Tree<'t>, table: DeTable<'t>) -> usize {
    let entries = table.into_iter().map(|(key, value)| Entry {
        key_at: At::Offset(key.span().start),
        key: key.into_inner(),
        value: add(tree, value),
    });
    let entries = entries.collect();
    tree.push(Value::Map(entries))
}

fn add<'t>(tree: &mut Tree<'t>, value: Spanned<DeValue<'t>>) -> usize {
    match value.into_inner() {
        DeValue::String(text) => tree.push(Value::Text(text)),
        DeValue::Table(table) => add_table(tree, table),
        DeValue::Array(array) => {
            let items = array
                .into_iter()
                .map(|item| (At::Offset(item.span().start), add(tree, item)))
                .collect();
            tree.push(Value::List(items))
        }
        DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => {
            tree.push(Value::Other)
        }
    }
}
