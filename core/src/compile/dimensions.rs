//! Which dimensions are there, and where are they cut?
//!
//! In: all conditions of all packs. Out: a dimension for each attribute that some condition
//! constrains, cut at every constant that it is compared with. Predicates are added later, by
//! [`super::normalise`], as it meets them.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::atom::{Atom, Shape, closed_list, shape};
use crate::cel::{Comparison, Node, SetId};
use crate::program::classes::{Classes, Cuts};
use crate::program::clause::DimensionIdx;
use crate::program::dimension::Dimension;
use crate::program::sets::Timeline;
use crate::schema::{Attribute, AttributeId, Nullable, Schema, attributes};
use crate::time::Timestamp;
use crate::value::{Scalar, Value};

/// The constants that rules compare each attribute with.
#[derive(Default)]
pub(super) struct Constants {
    by_attribute: BTreeMap<AttributeId, Vec<Value>>,
    /// The sets that were noted, by attribute and pack: many rules may ask the same of a large set.
    sets: BTreeSet<(AttributeId, usize, SetId)>,
    /// The closed lists that were noted whole.
    closed: BTreeSet<AttributeId>,
}

/// The number of a pack, and its sets.
pub(super) type PackSets<'p> = (usize, &'p [Timeline]);

impl Constants {
    /// Notes the constants of a condition; `sets` are its pack's.
    pub(super) fn note(&mut self, node: &Node, schema: &Schema, sets: PackSets<'_>) {
        match shape(node, schema) {
            Shape::Not(inner) => self.note(inner, schema, sets),
            Shape::And(parts) | Shape::Or(parts) => {
                parts.iter().for_each(|part| self.note(part, schema, sets));
            }
            Shape::Conditional(parts) => {
                parts.iter().for_each(|part| self.note(part, schema, sets));
            }
            Shape::Same(left, right) | Shape::Differ(left, right) => {
                self.note(left, schema, sets);
                self.note(right, schema, sets);
            }
            Shape::Atom(atom) => self.note_atom(&atom, schema, sets),
        }
    }

    fn note_atom(&mut self, atom: &Atom<'_>, schema: &Schema, sets: PackSets<'_>) {
        match atom {
            Atom::Literal(_) | Atom::Predicate => {}
            Atom::Truth(id) | Atom::Has(id) => {
                self.by_attribute.entry(*id).or_default();
            }
            Atom::Compare(id, operator, constant) => {
                let constants = self.by_attribute.entry(*id).or_default();
                constants.push((*constant).clone());
                // An order tells apart also texts that are not named, so all of them are.
                if !matches!(operator, Comparison::Equal | Comparison::NotEqual)
                    && let Some(closed) = closed_list(schema.attribute(*id))
                    && self.closed.insert(*id)
                {
                    constants.extend(closed.into_iter().map(Value::string));
                }
            }
            Atom::Among(id, constants) => self
                .by_attribute
                .entry(*id)
                .or_default()
                .extend(constants.iter().map(|constant| (*constant).clone())),
            Atom::InSet(id, set) => {
                let members = self.by_attribute.entry(*id).or_default();
                let (pack, sets) = sets;
                if !self.sets.insert((*id, pack, *set)) {
                    return;
                }
                let Some(set) = sets.get(usize::from(set.0)) else { return };
                members.extend(set.values().cloned());
                set.boundaries().iter().for_each(|boundary| self.note_instant(*boundary));
            }
            Atom::ConstantInSet(_, set) => {
                let Some(set) = sets.1.get(usize::from(set.0)) else { return };
                set.boundaries().iter().for_each(|boundary| self.note_instant(*boundary));
            }
        }
    }

    /// Notes a boundary of a period.
    pub(super) fn note_instant(&mut self, at: Timestamp) {
        self.by_attribute.entry(attributes::SEND_AT).or_default().push(Value::Timestamp(at));
    }

    /// The dimensions, in attribute order, and where each attribute's is.
    pub(super) fn dimensions(
        mut self,
        schema: &Schema,
    ) -> (Vec<Dimension>, BTreeMap<AttributeId, DimensionIdx>) {
        for (id, ends) in BOUNDED {
            let Some(constants) = self.by_attribute.get(id).cloned() else { continue };
            for end in ends {
                self.by_attribute.entry(*end).or_default().extend(constants.iter().cloned());
            }
        }
        // A screening compares what a campaign says of its audience with the rows.
        if self.by_attribute.contains_key(&attributes::CAMPAIGN_AUDIENCE_OUTSIDE_WINDOW) {
            self.by_attribute.entry(attributes::RECIPIENT_IN_SERVICE_WINDOW).or_default();
        }
        let mut dimensions = Vec::with_capacity(self.by_attribute.len());
        let mut places = BTreeMap::new();
        for (id, constants) in self.by_attribute {
            let attribute = schema.attribute(id);
            places.insert(id, DimensionIdx(dimensions.len() as u16));
            dimensions.push(Dimension::of_attribute(
                id,
                classes(attribute, constants),
                attribute.nullable == Nullable::Yes,
            ));
        }
        (dimensions, places)
    }
}

/// Attributes that have a value where two others, its least and its greatest, are the same, and are
/// unknown where these differ.
const BOUNDED: &[(AttributeId, [AttributeId; 2])] = &[(
    attributes::RECIPIENT_LOCAL_HOUR,
    [attributes::RECIPIENT_LOCAL_HOUR_MIN, attributes::RECIPIENT_LOCAL_HOUR_MAX],
)];

/// The least and the greatest value of an attribute that has them.
pub(super) fn bounded_by(id: AttributeId) -> Option<[AttributeId; 2]> {
    BOUNDED.iter().find(|(known, _)| *known == id).map(|(_, ends)| *ends)
}

/// Cuts an attribute's range at constants.
fn classes(attribute: &Attribute, constants: Vec<Value>) -> Classes {
    if attribute.ty.is_list() {
        return Classes::List;
    }
    match attribute.ty.base {
        Scalar::Bool => Classes::Bool,
        Scalar::Int => {
            let least = if attribute.form.is_count() { 0 } else { i64::MIN };
            let points = ordered(&constants, |value| match value {
                Value::Int(value) if *value >= least => Some(*value),
                _ => None,
            });
            Classes::Ints(Cuts::new(points, |lower, upper| match (lower, upper) {
                (None, Some(upper)) => upper == least,
                (Some(lower), None) => lower == i64::MAX,
                (Some(lower), Some(upper)) => upper.abs_diff(lower) == 1,
                (None, None) => false,
            }))
        }
        Scalar::Double => {
            let points = ordered(&constants, |value| match value {
                // Facts are finite, so nothing equals an infinity or NaN.
                Value::Double(value) if value.is_finite() => Some(*value),
                _ => None,
            });
            Classes::Doubles(Cuts::new(points, |lower, upper| match (lower, upper) {
                (None, Some(upper)) => upper == f64::MIN,
                (Some(lower), None) => lower == f64::MAX,
                (Some(lower), Some(upper)) => lower.next_up() == upper,
                (None, None) => false,
            }))
        }
        Scalar::Timestamp => {
            let points = ordered(&constants, |value| match value {
                Value::Timestamp(value) => Some(*value),
                _ => None,
            });
            Classes::Timestamps(Cuts::new(points, |lower, upper| match (lower, upper) {
                (None, Some(upper)) => upper == Timestamp::MIN,
                (Some(lower), None) => lower == Timestamp::MAX,
                (Some(lower), Some(upper)) => upper.as_nanos() - lower.as_nanos() == 1,
                (None, None) => false,
            }))
        }
        Scalar::Duration => {
            let points = ordered(&constants, |value| match value {
                Value::Duration(value) => Some(*value),
                _ => None,
            });
            Classes::Durations(Cuts::new(points, |lower, upper| match (lower, upper) {
                (Some(lower), Some(upper)) => upper.as_nanos() - lower.as_nanos() == 1,
                _ => false,
            }))
        }
        Scalar::String | Scalar::Nothing => texts(attribute, constants),
    }
}

fn texts(attribute: &Attribute, constants: Vec<Value>) -> Classes {
    let mut named: Vec<Arc<str>> = constants
        .into_iter()
        .filter_map(|value| match value {
            Value::String(text) => Some(text),
            _ => None,
        })
        .collect();
    named.sort_unstable();
    named.dedup();
    let others = match closed_list(attribute) {
        None => true,
        Some(possible) => {
            // A text that the attribute cannot have is no class: nothing would ever fall into it.
            let possible = BTreeSet::from_iter(possible);
            named.retain(|text| possible.contains(&**text));
            named.len() < possible.len()
        }
    };
    Classes::Texts { named: named.into(), others }
}

fn ordered<T: PartialOrd>(constants: &[Value], pick: impl Fn(&Value) -> Option<T>) -> Vec<T> {
    let mut points: Vec<T> = constants.iter().filter_map(pick).collect();
    points.sort_by(|a, b| a.partial_cmp(b).unwrap_or(Ordering::Equal));
    points.dedup();
    points
}
