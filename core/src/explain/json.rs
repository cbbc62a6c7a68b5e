//! An explanation as a document.

use std::sync::Arc;

use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Serialize, Serializer};

use super::explanation::{
    Before, Change, ChecklistEntry, Explanation, Fix, Interval, Missing, MissingValues, Timeline,
    To,
};
use crate::decide::Written;
use crate::time::Timestamp;
use crate::value::Value;

impl Explanation {
    /// The explanation as one line of JSON without spaces, the same through every binding. Its
    /// member `decision` is [`Decision::to_json`](crate::Decision::to_json), byte for byte.
    pub fn to_json(&self) -> String {
        // Writing to memory cannot fail.
        let rest = serde_json::to_string(&Rest(self)).unwrap_or_default();
        let decision = self.decision.to_json();
        let rest = rest.strip_prefix('{').unwrap_or(&rest);
        format!("{{\"decision\":{decision},{rest}")
    }
}

/// All but the decision.
struct Rest<'e>(&'e Explanation);

impl Serialize for Rest<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Destructured, so that no member is forgotten.
        let Explanation {
            schema: _,
            decision: _,
            checklist,
            fixes,
            more_fixes,
            alone: _,
            timeline,
            first_clear: _,
            ends: _,
            missing,
        } = self.0;
        let mut document = serializer.serialize_struct("Explanation", 7)?;
        document.serialize_field("checklist", checklist)?;
        document.serialize_field("fixes", fixes)?;
        document.serialize_field("more_fixes", more_fixes)?;
        document.serialize_field("timeline", timeline)?;
        document.serialize_field("clear_from", &self.0.clear_from().map(Written))?;
        document.serialize_field("clear_until", &self.0.clear_until().map(Written))?;
        document.serialize_field("missing", missing)?;
        document.end()
    }
}

impl Serialize for ChecklistEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { topic, pack, rule, status } = self;
        let mut entry = serializer.serialize_struct("ChecklistEntry", 4)?;
        entry.serialize_field("topic", topic)?;
        entry.serialize_field("pack", &**pack)?;
        entry.serialize_field("rule", &**rule)?;
        entry.serialize_field("status", status)?;
        entry.end()
    }
}

impl Serialize for Fix {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { leads_to, changes } = self;
        let mut fix = serializer.serialize_struct("Fix", 2)?;
        fix.serialize_field("leads_to", leads_to)?;
        fix.serialize_field("changes", changes)?;
        fix.end()
    }
}

impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Effort orders fixes and is not a member: it stands in the schema.
        let Self { path, from, to, by, how, effort: _ } = self;
        let mut change = serializer.serialize_struct("Change", 5)?;
        change.serialize_field("path", &**path)?;
        change.serialize_field("from", from)?;
        change.serialize_field("to", to)?;
        change.serialize_field("by", by)?;
        change.serialize_field("how", how)?;
        change.end()
    }
}

impl Serialize for Before {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.as_ref().map(Written).serialize(serializer),
            Self::Members(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(&**name, &value.as_ref().map(Written))?;
                }
                map.end()
            }
        }
    }
}

impl Serialize for To {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => Written(value).serialize(serializer),
            Self::OneOf(values) => serializer.collect_seq(values.iter().map(Written)),
            Self::Range { min, max } => {
                let mut range = serializer.serialize_map(Some(2))?;
                range.serialize_entry("min", &min.as_ref().map(Written))?;
                range.serialize_entry("max", &max.as_ref().map(Written))?;
                range.end()
            }
            Self::Members(members) => Members(members).serialize(serializer),
            Self::OneOfMembers(objects) => {
                serializer.collect_seq(objects.iter().map(|members| Members(members)))
            }
            Self::Removed => serializer.serialize_str("removed"),
        }
    }
}

/// Members of an object, by name.
struct Members<'m>(&'m [(Arc<str>, Vec<Value>)]);

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, values) in self.0 {
            map.serialize_entry(&**name, &AnyOf(values))?;
        }
        map.end()
    }
}

/// One value by itself, several as a list, none as `null`.
struct AnyOf<'v>(&'v [Value]);

impl Serialize for AnyOf<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            [] => serializer.serialize_none(),
            [only] => Written(only).serialize(serializer),
            several => serializer.collect_seq(several.iter().map(Written)),
        }
    }
}

impl Serialize for Timeline {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { from, until, intervals } = self;
        let mut timeline = serializer.serialize_struct("Timeline", 3)?;
        timeline.serialize_field("from", &Written(*from))?;
        timeline.serialize_field("until", &Written(*until))?;
        timeline.serialize_field("intervals", intervals)?;
        timeline.end()
    }
}

impl Serialize for Interval {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { from, until, verdict, rules } = self;
        let mut interval = serializer.serialize_struct("Interval", 4)?;
        interval.serialize_field("from", &Written::<Timestamp>(*from))?;
        interval.serialize_field("until", &Written::<Timestamp>(*until))?;
        interval.serialize_field("verdict", verdict)?;
        interval.serialize_field("rules", &texts(rules))?;
        interval.end()
    }
}

impl Serialize for Missing {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { path, settles, can_allow, values, title, comes_from } = self;
        let mut missing = serializer.serialize_struct("Missing", 6)?;
        missing.serialize_field("path", &**path)?;
        missing.serialize_field("settles", settles)?;
        missing.serialize_field("can_allow", can_allow)?;
        missing.serialize_field("values", values)?;
        missing.serialize_field("title", &**title)?;
        missing.serialize_field("comes_from", comes_from)?;
        missing.end()
    }
}

impl Serialize for MissingValues {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::OneOf(names) => texts(names).serialize(serializer),
            Self::Bool => [false, true].serialize(serializer),
            Self::Form(words) => serializer.serialize_str(words),
        }
    }
}

fn texts(texts: &[Arc<str>]) -> Vec<&str> {
    texts.iter().map(|text| &**text).collect()
}
