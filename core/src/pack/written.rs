//! Where does a pack write what it declares?

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::content::Pack;
use super::error::MANIFEST;
use super::place::Place;
use super::table::File;

/// What a pack declares by name.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Declared {
    /// `[sources.NAME]`
    Sources,
    /// `[attributes."PATH"]`
    Attributes,
    /// `[[condition]]`; `_` stands for `-`.
    Conditions,
    /// `[[table]]`; likewise.
    Tables,
}

impl Pack {
    /// Where the pack declares what, by name; none of a file that cannot be read. The file is read
    /// anew, since nobody else asks.
    pub(crate) fn places_of(&self, what: Declared) -> BTreeMap<String, Place> {
        self.read_places(what).unwrap_or_default()
    }

    fn read_places(&self, what: Declared) -> Option<BTreeMap<String, Place>> {
        let (path, list) = match what {
            Declared::Sources => (MANIFEST, "sources"),
            Declared::Attributes => (MANIFEST, "attributes"),
            Declared::Conditions => ("conditions.toml", "condition"),
            Declared::Tables => ("tables.toml", "table"),
        };
        let file = self.files.iter().find(|file| file.path == path)?;
        let text = std::str::from_utf8(&file.bytes).ok()?;
        let root = DeTable::parse(text).ok()?;
        let file = File::new(path.into(), text);
        let mut places = BTreeMap::new();
        match value(root.get_ref(), list)? {
            DeValue::Table(entries) => {
                for (key, _) in entries {
                    places.insert(key.get_ref().to_string(), file.place(key.span().start));
                }
            }
            DeValue::Array(entries) => {
                for entry in entries {
                    if let DeValue::Table(entry) = entry.get_ref()
                        && let Some((_, id)) = entry.iter().find(|(key, _)| *key.get_ref() == "id")
                        && let DeValue::String(name) = id.get_ref()
                    {
                        let place = file.place(id.span().start);
                        places.entry(name.replace('-', "_")).or_insert(place);
                    }
                }
            }
            _ => {}
        }
        Some(places)
    }
}

/// The value of a key.
fn value<'t, 'd>(table: &'t DeTable<'d>, key: &str) -> Option<&'t DeValue<'d>> {
    table.iter().find(|(known, _)| *known.get_ref() == key).map(|(_, value)| value.get_ref())
}
