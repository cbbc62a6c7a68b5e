//! YAML, from the parser's events, so that aliases cost a number and not a copy.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use saphyr_parser::{Event, Marker, Parser};

use super::json::lower_first;
use super::{Entry, Problem, Tree, Value};
use crate::limits;
use crate::place::At;

/// How many bytes of a key count as one value against [`limits::YAML_NODES_MAX`].
const KEY_BYTES_PER_VALUE: usize = 16;

/// Parses every document of a file, as a list, with merge keys (`<<`) written out: own keys win
/// over merged ones.
///
/// # Errors
/// What the parser says; a file without a document.
pub(crate) fn parse(text: &str) -> Result<Tree<'_>, Problem> {
    let tree = parse_all(text)?;
    if tree.root().items().next().is_none() {
        return Err(Problem::new(None, "no YAML: the file is empty"));
    }
    Ok(tree)
}

/// The same of a file that may have none.
pub(crate) fn parse_all(text: &str) -> Result<Tree<'_>, Problem> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            Problem::new(
                Some(place(*error.marker())),
                format!("no YAML: {}", lower_first(error.info())),
            )
        })?;
        builder.take(event, place(span.start))?;
    }
    let documents = std::mem::take(&mut builder.documents);
    builder.tree.root = builder.push(Value::List(documents), 1);
    Ok(builder.tree)
}

fn place(marker: Marker) -> At {
    At::LineColumn(marker.line(), marker.col() + 1)
}

#[derive(Default)]
struct Builder<'t> {
    tree: Tree<'t>,
    open: Vec<Open<'t>>,
    /// By anchor: the value, once it is complete.
    anchors: BTreeMap<usize, usize>,
    /// By value: how many values it stands for, with aliases written out.
    sizes: Vec<usize>,
    /// The root of each document.
    documents: Vec<(At, usize)>,
}

/// A map or list that is not closed yet.
struct Open<'t> {
    anchor: usize,
    at: At,
    size: usize,
    holds: Holds<'t>,
}

enum Holds<'t> {
    List(Vec<(At, usize)>),
    Map(Vec<Entry<'t>>, Option<(Cow<'t, str>, At)>),
}

impl<'t> Builder<'t> {
    fn take(&mut self, event: Event<'t>, at: At) -> Result<(), Problem> {
        match event {
            Event::Scalar(text, _, anchor, tag) => {
                if anchor == 0
                    && let Some(Open { size, holds: Holds::Map(_, key @ None), .. }) =
                        self.open.last_mut()
                {
                    // A merge copies keys, so their length counts too.
                    *size = size.saturating_add(text.len() / KEY_BYTES_PER_VALUE);
                    *key = Some((text, at));
                    return Ok(());
                }
                // Bytes are no text before they are decoded.
                let is_bytes =
                    tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "binary");
                let value = if is_bytes { Value::Other } else { Value::Text(text) };
                let value = self.push(value, 1);
                self.complete(value, anchor, at)
            }
            Event::Alias(anchor) => {
                let Some(value) = self.anchors.get(&anchor).copied() else {
                    return Err(Problem::new(
                        Some(at),
                        "no YAML: an alias within what it stands for",
                    ));
                };
                self.complete(value, 0, at)
            }
            Event::SequenceStart(anchor, _) => self.start(anchor, at, Holds::List(Vec::new())),
            Event::MappingStart(anchor, _) => self.start(anchor, at, Holds::Map(Vec::new(), None)),
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(open) = self.open.pop() else { return Ok(()) };
                let value = match open.holds {
                    Holds::List(items) => Value::List(items),
                    Holds::Map(entries, _) => Value::Map(self.merged(entries)),
                };
                let value = self.push(value, open.size);
                self.complete(value, open.anchor, open.at)
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
        }
    }

    fn start(&mut self, anchor: usize, at: At, holds: Holds<'t>) -> Result<(), Problem> {
        if self.open.len() >= limits::DEPTH_MAX {
            return Err(Problem::new(
                Some(at),
                format!("more than {} levels of nesting", limits::DEPTH_MAX),
            ));
        }
        self.open.push(Open { anchor, at, size: 1, holds });
        Ok(())
    }

    fn push(&mut self, value: Value<'t>, size: usize) -> usize {
        self.sizes.push(size);
        self.tree.push(value)
    }

    /// Puts a complete value where it belongs.
    fn complete(&mut self, value: usize, anchor: usize, at: At) -> Result<(), Problem> {
        if anchor != 0 {
            self.anchors.insert(anchor, value);
        }
        let size = self.sizes.get(value).copied().unwrap_or(1);
        let Some(open) = self.open.last_mut() else {
            self.tree.root = value;
            self.documents.push((at, value));
            return Ok(());
        };
        open.size = open.size.saturating_add(size);
        if open.size > limits::YAML_NODES_MAX {
            return Err(Problem::new(
                Some(at),
                format!("more than {} values, with aliases written out", limits::YAML_NODES_MAX),
            ));
        }
        match &mut open.holds {
            Holds::List(items) => items.push((at, value)),
            Holds::Map(entries, key) => match key.take() {
                Some((key, key_at)) => entries.push(Entry { key, key_at, value }),
                // An anchor, an alias, a map or a list as a key: nothing that we look for. Its
                // value follows.
                None => *key = Some((Cow::Borrowed(""), at)),
            },
        }
        Ok(())
    }

    /// Entries with those of `<<` added: of one map, or of each in a list.
    fn merged(&self, entries: Vec<Entry<'t>>) -> Vec<Entry<'t>> {
        if !entries.iter().any(|entry| entry.key == "<<") {
            return entries;
        }
        let (merges, mut entries): (Vec<_>, Vec<_>) =
            entries.into_iter().partition(|entry| entry.key == "<<");
        let map = |value: usize| match self.tree.values.get(value) {
            Some(Value::Map(entries)) => entries.clone(),
            _ => Vec::new(),
        };
        let mut taken: BTreeSet<Cow<'t, str>> =
            entries.iter().map(|entry| entry.key.clone()).collect();
        for merge in merges {
            let added: Vec<Entry<'t>> = match self.tree.values.get(merge.value) {
                Some(Value::List(items)) => items.iter().flat_map(|(_, item)| map(*item)).collect(),
                _ => map(merge.value),
            };
            entries.extend(added.into_iter().filter(|entry| taken.insert(entry.key.clone())));
        }
        entries
    }
}
