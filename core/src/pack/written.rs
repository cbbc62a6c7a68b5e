//! Where does a pack write what it declares?

use toml::de::{DeTable, DeValue};

use super::content::Pack;
use super::error::MANIFEST;
use super::place::Place;
use super::table::File;

/// Something that a pack declares, by its name.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Written<'a> {
    /// `[sources.NAME]`
    Source(&'a str),
    /// `[attributes."PATH"]`
    Attribute(&'a str),
    /// A `[[condition]]`; `_` stands for `-`.
    Condition(&'a str),
    /// A `[[table]]`; likewise.
    Table(&'a str),
}

impl Pack {
    /// Where the pack declares something. Its files are read anew, since nobody else asks.
    pub(crate) fn place_of(&self, what: Written<'_>) -> Option<Place> {
        let (path, list, name) = match what {
            Written::Source(name) => (MANIFEST, "sources", name),
            Written::Attribute(name) => (MANIFEST, "attributes", name),
            Written::Condition(name) => ("conditions.toml", "condition", name),
            Written::Table(name) => ("tables.toml", "table", name),
        };
        let file = self.files.iter().find(|file| file.path == path)?;
        let text = std::str::from_utf8(&file.bytes).ok()?;
        let root = DeTable::parse(text).ok()?;
        let at = match value(root.get_ref(), list)? {
            DeValue::Table(entries) => {
                let mut keys = entries.iter().map(|(key, _)| key);
                keys.find(|key| **key.get_ref() == *name)?.span()
            }
            DeValue::Array(entries) => {
                let ids = entries.iter().filter_map(|entry| match entry.get_ref() {
                    DeValue::Table(entry) => entry.iter().find(|(key, _)| *key.get_ref() == "id"),
                    _ => None,
                });
                let mut named = ids.filter(|(_, id)| match id.get_ref() {
                    DeValue::String(id) => id.replace('-', "_") == name,
                    _ => false,
                });
                named.next()?.1.span()
            }
            _ => return None,
        };
        Some(File::new(path.into(), text).place(at.start))
    }
}

/// The value of a key.
fn value<'t, 'd>(table: &'t DeTable<'d>, key: &str) -> Option<&'t DeValue<'d>> {
    table.iter().find(|(known, _)| *known.get_ref() == key).map(|(_, value)| value.get_ref())
}
