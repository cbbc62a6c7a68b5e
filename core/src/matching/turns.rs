//! Where along a line of numbers or instants do conditions turn?
//!
//! With the campaign known, a condition on one number or instant of the recipient is a function of
//! it that changes at finitely many places: at the constants of the rules, and, for sums and
//! differences with what is known (`send_at - recipient.last_inbound_at < duration("24h")`), where
//! the linear inequality turns or the arithmetic leaves its range. Between two neighbouring places
//! every condition comes to the same, so asking once for each piece is enough.

use std::collections::BTreeSet;

use crate::cel::{self, Arithmetic, Bindings, Node, NodeKind};
use crate::schema::AttributeId;
use crate::time::{Duration, SPAN_SECONDS_MAX, Timestamp};
use crate::value::{Scalar, Value};

/// A line that values of a type lie on: whole numbers, or nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    Ints,
    Instants,
    Spans,
}

impl Line {
    pub(crate) fn of(scalar: Scalar) -> Option<Self> {
        match scalar {
            Scalar::Int => Some(Self::Ints),
            Scalar::Timestamp => Some(Self::Instants),
            Scalar::Duration => Some(Self::Spans),
            Scalar::Bool | Scalar::Double | Scalar::String | Scalar::Nothing => None,
        }
    }

    /// The first and the last place that holds a value.
    pub(crate) fn ends(self) -> (i128, i128) {
        match self {
            Self::Ints => (i64::MIN.into(), i64::MAX.into()),
            Self::Instants => (Timestamp::MIN.as_nanos(), Timestamp::MAX.as_nanos()),
            Self::Spans => {
                let longest =
                    Duration::from_seconds(SPAN_SECONDS_MAX).unwrap_or_default().as_nanos();
                (-longest, longest)
            }
        }
    }

    /// The value at a place.
    pub(crate) fn value(self, at: i128) -> Option<Value> {
        match self {
            Self::Ints => i64::try_from(at).ok().map(Value::Int),
            Self::Instants => instant(at).map(Value::Timestamp),
            Self::Spans => Duration::from_nanos(at).map(Value::Duration),
        }
    }

    /// The place of a value.
    pub(crate) fn place(self, value: &Value) -> Option<i128> {
        match (self, value) {
            (Self::Ints, Value::Int(value)) => Some((*value).into()),
            (Self::Instants, Value::Timestamp(at)) => Some(at.as_nanos()),
            (Self::Spans, Value::Duration(span)) => Some(span.as_nanos()),
            _ => None,
        }
    }
}

/// The instant that many nanoseconds after 1970.
pub(crate) fn instant(nanos: i128) -> Option<Timestamp> {
    const NANOS: i128 = 1_000_000_000;
    Timestamp::new(
        i64::try_from(nanos.div_euclid(NANOS)).ok()?,
        u32::try_from(nanos.rem_euclid(NANOS)).ok()?,
    )
}

/// Adds the places at which a condition may turn along an attribute's line; `None` where it reads
/// the attribute in a way that has no such places.
pub(crate) fn turns(
    node: &Node,
    attribute: AttributeId,
    line: Line,
    known: &dyn Bindings,
    places: &mut BTreeSet<i128>,
) -> Option<()> {
    if !reads(node, attribute) {
        return Some(());
    }
    match &node.kind {
        NodeKind::Has(_) => Some(()),
        NodeKind::Not(inner) => turns(inner, attribute, line, known, places),
        NodeKind::And(parts) | NodeKind::Or(parts) => {
            parts.iter().try_for_each(|part| turns(part, attribute, line, known, places))
        }
        NodeKind::Conditional(parts) => {
            parts.iter().try_for_each(|part| turns(part, attribute, line, known, places))
        }
        NodeKind::Compare { left, right, .. } if left.ty == crate::value::Type::BOOL => {
            turns(left, attribute, line, known, places)?;
            turns(right, attribute, line, known, places)
        }
        NodeKind::Compare { left, right, .. } => {
            let sides =
                (side(left, attribute, known, places)?, side(right, attribute, known, places)?);
            // A side without a value leaves nothing to compare, wherever the attribute lies.
            if let (Side::At(left), Side::At(right)) = sides {
                compared(left, right, places);
            }
            Some(())
        }
        NodeKind::In { item, list } => {
            let NodeKind::Attribute(_) = item.kind else { return None };
            let NodeKind::List(members) = &list.kind else { return None };
            members.iter().try_for_each(|member| {
                let NodeKind::Literal(value) = &member.kind else { return None };
                let at = line.place(value)?;
                places.extend([at, at + 1]);
                Some(())
            })
        }
        _ => None,
    }
}

/// `slope * x + offset`, where x is the attribute.
#[derive(Clone, Copy)]
struct Linear {
    slope: i128,
    offset: i128,
}

enum Side {
    At(Linear),
    /// Unknown or in error, whatever the attribute is.
    Nowhere,
}

fn reads(node: &Node, attribute: AttributeId) -> bool {
    if matches!(&node.kind, NodeKind::Attribute(id) | NodeKind::Has(id) if *id == attribute) {
        return true;
    }
    let mut any = false;
    node.for_each_part(&mut |part| any |= reads(part, attribute));
    any
}

fn side(
    node: &Node,
    attribute: AttributeId,
    known: &dyn Bindings,
    places: &mut BTreeSet<i128>,
) -> Option<Side> {
    if !reads(node, attribute) {
        let cel::Outcome::Value(value) = cel::evaluate_node(node, known) else {
            return Some(Side::Nowhere);
        };
        let own = Line::of(node.ty.base).filter(|_| !node.ty.is_list())?;
        return own.place(&value).map(|offset| Side::At(Linear { slope: 0, offset }));
    }
    match &node.kind {
        NodeKind::Attribute(_) => Some(Side::At(Linear { slope: 1, offset: 0 })),
        NodeKind::Arithmetic {
            operator: operator @ (Arithmetic::Add | Arithmetic::Subtract),
            left,
            right,
        } => {
            let (a, b) =
                (side(left, attribute, known, places)?, side(right, attribute, known, places)?);
            let (Side::At(a), Side::At(b)) = (a, b) else { return Some(Side::Nowhere) };
            let sign = if *operator == Arithmetic::Add { 1 } else { -1 };
            let sum = Linear {
                slope: a.slope + sign * b.slope,
                offset: a.offset.checked_add(sign.checked_mul(b.offset)?)?,
            };
            let own = Line::of(node.ty.base)?;
            // The span between two instants must fit into 64 bits of nanoseconds; see the
            // evaluator.
            let between_instants = own == Line::Spans && left.ty == crate::value::Type::TIMESTAMP;
            let (least, most) =
                if between_instants { (i64::MIN.into(), i64::MAX.into()) } else { own.ends() };
            crossings(sum, least, places);
            crossings(sum, most.checked_add(1)?, places);
            Some(Side::At(sum))
        }
        _ => None,
    }
}

/// Where a comparison of the two may change, whatever its operator.
fn compared(left: Linear, right: Linear, places: &mut BTreeSet<i128>) {
    let Some(offset) = left.offset.checked_sub(right.offset) else { return };
    let difference = Linear { slope: left.slope - right.slope, offset };
    // From below 0 to 0, and from 0 to above.
    crossings(difference, 0, places);
    crossings(difference, 1, places);
}

/// Where `slope * x + offset` comes to be at least `level`, or ceases to be.
fn crossings(linear: Linear, level: i128, places: &mut BTreeSet<i128>) {
    let Linear { slope, offset } = linear;
    let Some(gap) = level.checked_sub(offset) else { return };
    if slope > 0 {
        // x >= gap / slope, rounded up
        places.insert(-(-gap).div_euclid(slope));
    } else if slope < 0 {
        // x <= gap / slope, rounded down; it ceases one after
        places.insert((-gap).div_euclid(-slope) + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cel::{Environment, Outcome, SetId};
    use crate::schema::Schema;
    use crate::schema::attributes as id;
    use crate::value::Fact;

    struct One(AttributeId, Fact);

    impl Bindings for One {
        fn fact(&self, attribute: AttributeId) -> &Fact {
            static SEND_AT: once_cell::sync::Lazy<Fact> = once_cell::sync::Lazy::new(|| {
                Fact::Value(Value::Timestamp(Timestamp::parse("2026-03-02T15:00:00Z").unwrap()))
            });
            if attribute == self.0 {
                &self.1
            } else if attribute == id::SEND_AT {
                &SEND_AT
            } else {
                &Fact::Unknown
            }
        }

        fn set(&self, _: SetId) -> &[Value] {
            &[]
        }
    }

    /// Both neighbours of each place, and points between, come to what their piece's first place
    /// comes to.
    #[test]
    fn between_two_places_nothing_changes() {
        let schema = Schema::built_in();
        let conditions = [
            (
                id::RECIPIENT_LAST_INBOUND_AT,
                "send_at - recipient.last_inbound_at < duration(\"24h\")",
            ),
            (
                id::RECIPIENT_LAST_INBOUND_AT,
                "recipient.last_inbound_at + duration(\"30s\") == send_at",
            ),
            (
                id::RECIPIENT_LAST_INBOUND_AT,
                "recipient.last_inbound_at - duration(\"87600h\") > \
                 timestamp(\"0001-01-02T00:00:00Z\") && send_at > recipient.last_inbound_at",
            ),
            (
                id::RECIPIENT_MARKETING_RECEIVED_24H,
                "2 - recipient.marketing_received_24h >= recipient.marketing_received_24h - 7",
            ),
            (
                id::RECIPIENT_MARKETING_RECEIVED_24H,
                "recipient.marketing_received_24h + 9223372036854775800 > 5 ? true : \
                 recipient.marketing_received_24h in [3, 4]",
            ),
            (
                id::RECIPIENT_MARKETING_RECEIVED_24H,
                "recipient.marketing_received_24h - 9223372036854775807 - 5 < -9 && \
                 campaign.automated",
            ),
        ];
        for (attribute, source) in conditions {
            let condition =
                cel::compile_condition(source, &Environment { schema: &schema, sets: &[] })
                    .unwrap();
            let line = Line::of(schema.attribute(attribute).ty.base).unwrap();
            let mut places = BTreeSet::new();
            turns(&condition.root, attribute, line, &One(attribute, Fact::Unknown), &mut places)
                .unwrap();
            let (first, last) = line.ends();
            let outcome = |at: i128| match cel::evaluate_node(
                &condition.root,
                &One(attribute, Fact::Value(line.value(at).unwrap())),
            ) {
                Outcome::Value(value) => format!("{value:?}"),
                Outcome::Error(_) => "error".into(),
                Outcome::Undetermined(_) => "open".into(),
            };
            let mut starts: Vec<i128> =
                places.into_iter().filter(|at| first < *at && *at <= last).collect();
            assert!(!starts.is_empty(), "{source}");
            starts.insert(0, first);
            let mut seen = BTreeSet::new();
            for (at, start) in starts.iter().enumerate() {
                let end = starts.get(at + 1).map_or(last, |next| next - 1);
                let expected = outcome(*start);
                for inside in [end, start + (end - start) / 2, start + (end - start) / 3] {
                    assert_eq!(
                        outcome(inside),
                        expected,
                        "{source} at {inside} in {start}..={end}"
                    );
                }
                seen.insert(expected);
            }
            assert!(seen.len() > 1, "{source}: {seen:?}");
        }
    }

    #[test]
    fn what_is_not_linear_has_no_places() {
        let schema = Schema::built_in();
        for source in
            ["recipient.last_inbound_at.getHours() > 5", "recipient.marketing_received_24h * 2 > 5"]
        {
            let condition =
                cel::compile_condition(source, &Environment { schema: &schema, sets: &[] })
                    .unwrap();
            let attribute = *condition.attributes().first().unwrap();
            let line = Line::of(schema.attribute(attribute).ty.base).unwrap();
            assert!(
                turns(
                    &condition.root,
                    attribute,
                    line,
                    &One(attribute, Fact::Unknown),
                    &mut BTreeSet::new()
                )
                .is_none(),
                "{source}"
            );
        }
    }
}
