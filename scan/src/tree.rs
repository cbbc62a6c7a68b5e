//! What does a JSON, TOML or YAML file hold, with places?
//!
//! One form for the three, so that a reader of `Cargo.toml` and one of `pnpm-lock.yaml` are written
//! alike, and so that each parser is named in one file: [`json`], [`toml`], [`yaml`]. Repeated keys
//! are kept: a package manager may take either, so both count.

pub(crate) mod json;
pub(crate) mod toml;
pub(crate) mod xml;
pub(crate) mod yaml;

use std::borrow::Cow;

use crate::place::At;

/// A parsed file. Values stand in one list and name each other by number, so that YAML aliases
/// share what they stand for.
#[derive(Debug, Default)]
pub(crate) struct Tree<'t> {
    values: Vec<Value<'t>>,
    root: usize,
}

#[derive(Debug)]
enum Value<'t> {
    Text(Cow<'t, str>),
    Map(Vec<Entry<'t>>),
    List(Vec<(At, usize)>),
    /// A number, a truth value, a date; bytes of YAML.
    Other,
    Nothing,
}

/// What kind of value something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Null, or a text, a table or a list that is empty.
    Nothing,
    Text,
    Table,
    List,
    /// A number, a truth value or a date of JSON and TOML, or bytes of YAML.
    Other,
}

impl Shape {
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Nothing => "empty",
            Self::Text => "a text",
            Self::Table => "a table of names",
            Self::List => "a list",
            Self::Other => "no text (a number, a truth value, bytes)",
        }
    }
}

#[derive(Clone, Debug)]
struct Entry<'t> {
    key: Cow<'t, str>,
    key_at: At,
    value: usize,
}

/// Why a file could not be parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) at: Option<At>,
    pub(crate) reason: String,
}

impl Problem {
    pub(crate) fn new(at: Option<At>, reason: impl Into<String>) -> Self {
        Self { at, reason: reason.into() }
    }
}

impl<'t> Tree<'t> {
    fn push(&mut self, value: Value<'t>) -> usize {
        self.values.push(value);
        self.values.len() - 1
    }

    pub(crate) fn root(&self) -> Node<'_> {
        Node { tree: self, value: self.root, at: At::Offset(0) }
    }
}

/// One value of a tree, with its place: that of its key, within a map.
#[derive(Clone, Copy)]
pub(crate) struct Node<'a> {
    tree: &'a Tree<'a>,
    value: usize,
    pub(crate) at: At,
}

impl<'a> Node<'a> {
    fn value(self) -> Option<&'a Value<'a>> {
        self.tree.values.get(self.value)
    }

    /// The text, unless it is a map, a list, or a number or the like of JSON and TOML.
    pub(crate) fn text(self) -> Option<&'a str> {
        match self.value() {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The entries of a map, in order; none of anything else.
    pub(crate) fn entries(self) -> impl Iterator<Item = (&'a str, Node<'a>)> {
        let entries = match self.value() {
            Some(Value::Map(entries)) => entries.as_slice(),
            _ => &[],
        };
        entries.iter().map(move |entry| {
            (&*entry.key, Node { tree: self.tree, value: entry.value, at: entry.key_at })
        })
    }

    /// The items of a list, in order; none of anything else.
    pub(crate) fn items(self) -> impl Iterator<Item = Node<'a>> {
        let items = match self.value() {
            Some(Value::List(items)) => items.as_slice(),
            _ => &[],
        };
        items.iter().map(move |(at, value)| Node { tree: self.tree, value: *value, at: *at })
    }

    /// Every value under a key: more than one where the key is repeated.
    pub(crate) fn all(self, key: &str) -> impl Iterator<Item = Node<'a>> {
        self.entries().filter(move |(other, _)| *other == key).map(|(_, node)| node)
    }

    /// Every value under a path of keys.
    pub(crate) fn under(self, path: &[&str]) -> Vec<Node<'a>> {
        path.iter().fold(vec![self], |nodes, key| {
            nodes.into_iter().flat_map(|node| node.all(key)).collect()
        })
    }

    /// The last text under a key: what most parsers take of a repeated one.
    pub(crate) fn text_of(self, key: &str) -> Option<&'a str> {
        self.all(key).filter_map(Node::text).last()
    }

    /// What kind of value it is.
    pub(crate) fn shape(self) -> Shape {
        match self.value() {
            Some(Value::Text(text)) if !matches!(&**text, "" | "~" | "null") => Shape::Text,
            Some(Value::Map(entries)) if !entries.is_empty() => Shape::Table,
            Some(Value::List(items)) if !items.is_empty() => Shape::List,
            Some(Value::Other) => Shape::Other,
            _ => Shape::Nothing,
        }
    }

    /// Whether it is a map, with or without entries.
    pub(crate) fn is_map(self) -> bool {
        matches!(self.value(), Some(Value::Map(_)))
    }

    /// Whether there is nothing below it.
    pub(crate) fn is_text(self) -> bool {
        !matches!(self.value(), Some(Value::Map(_) | Value::List(_)))
    }
}
