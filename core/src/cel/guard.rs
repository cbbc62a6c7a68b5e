//! Is every nullable attribute used behind a guard?
//!
//! Guarded means: when the attribute is absent and everything else is known, the rule is never
//! undetermined. The check is an abstract evaluation. For every pattern of absence of the rule's
//! nullable attributes, in which `has` is decided, it asks of each node which results are possible:
//! true, false, or an error by absence. All patterns are worked out at once, a bit for each, in two
//! walks over the tree: from the leaves up, in which patterns a node can come to what; from the
//! root down, in which of them an error of it would show. Parts are taken as independent of each other,
//! so it may refuse a use that some relation between values makes safe, and never accepts one that
//! is not.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{BitAnd, BitOr, Not};

use super::node::{Node, NodeKind, Quantifier, Span};
use crate::schema::{AttributeId, Nullable, Schema, attributes};

/// A use of a nullable attribute that may meet its absence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unguarded {
    /// In which of the rule's conditions.
    pub part: Part,
    /// Where in its source.
    pub span: Span,
    /// The attribute.
    pub attribute: AttributeId,
}

/// The conditions of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "a rule has these two conditions")]
pub enum Part {
    /// `applies`
    Applies,
    /// `requires` or `forbids`
    Condition,
}

/// Nullable attributes of one rule whose every pattern of absence is tried: 2^8 bits for a node.
/// The built-in rules use at most three. Beyond it, presence is taken as undecided, which refuses more.
const PATTERN_ATTRIBUTES_MAX: usize = 8;

/// The unguarded uses of nullable attributes in a rule, in order of place.
///
/// A rule does not apply where `applies` is false, and its condition then does not matter.
pub fn unguarded(applies: Option<&Node>, condition: &Node, schema: &Schema) -> Vec<Unguarded> {
    let mut nullable = BTreeSet::new();
    for node in applies.into_iter().chain([condition]) {
        collect_nullable(node, schema, &mut nullable);
    }
    if nullable.is_empty() {
        return Vec::new();
    }
    let absence = Absence::of(&nullable);
    let mut found = BTreeSet::new();
    let mut applicable = absence.all;
    for (part, node) in
        applies.map(|node| (Part::Applies, node)).into_iter().chain([(Part::Condition, condition)])
    {
        let possible = Possible::of(node, &absence);
        let mut uses = BTreeSet::new();
        show(node, &possible, applicable, &mut uses);
        found.extend(uses.into_iter().map(|(span, attribute)| Unguarded { part, span, attribute }));
        applicable = applicable & possible.truth;
    }
    found.into_iter().collect()
}

/// Derived attributes that are false, by their definition, where another attribute is absent.
const FALSE_WITHOUT: &[(AttributeId, AttributeId)] =
    &[(attributes::RECIPIENT_IN_SERVICE_WINDOW, attributes::RECIPIENT_LAST_INBOUND_AT)];

fn collect_nullable(node: &Node, schema: &Schema, into: &mut BTreeSet<AttributeId>) {
    if let NodeKind::Attribute(id) | NodeKind::Has(id) = &node.kind
        && schema.attribute(*id).nullable == Nullable::Yes
    {
        into.insert(*id);
    }
    node.for_each_part(&mut |part| collect_nullable(part, schema, into));
}

/// A set of patterns of absence: in pattern *p*, the nullable attribute *i* is absent where bit *i*
/// of *p* is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Patterns([u64; 4]);

impl Patterns {
    const NONE: Self = Self([0; 4]);

    /// The first so many.
    fn first(count: usize) -> Self {
        Self(std::array::from_fn(|word| match count.saturating_sub(word * 64) {
            0 => 0,
            bits => u64::MAX >> 64_usize.saturating_sub(bits),
        }))
    }

    /// Those in which the attribute at a place is absent.
    fn without(place: usize) -> Self {
        const WITHIN_A_WORD: [u64; 6] = [
            0xaaaa_aaaa_aaaa_aaaa,
            0xcccc_cccc_cccc_cccc,
            0xf0f0_f0f0_f0f0_f0f0,
            0xff00_ff00_ff00_ff00,
            0xffff_0000_ffff_0000,
            0xffff_ffff_0000_0000,
        ];
        Self(std::array::from_fn(|word| match WITHIN_A_WORD.get(place) {
            Some(bits) => *bits,
            None if word >> (place - WITHIN_A_WORD.len()) & 1 == 1 => u64::MAX,
            None => 0,
        }))
    }

    fn is_none(self) -> bool {
        self == Self::NONE
    }
}

impl BitAnd for Patterns {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(std::array::from_fn(|word| self.0[word] & other.0[word]))
    }
}

impl BitOr for Patterns {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(std::array::from_fn(|word| self.0[word] | other.0[word]))
    }
}

impl Not for Patterns {
    type Output = Self;

    fn not(self) -> Self {
        Self(self.0.map(|word| !word))
    }
}

/// In which patterns which attributes are absent.
struct Absence {
    /// The patterns that are asked about: all but the one in which nothing is absent.
    all: Patterns,
    /// Where an attribute may be absent.
    possible: BTreeMap<AttributeId, Patterns>,
    /// Where it is, for certain.
    certain: BTreeMap<AttributeId, Patterns>,
}

impl Absence {
    fn of(nullable: &BTreeSet<AttributeId>) -> Self {
        if nullable.len() > PATTERN_ATTRIBUTES_MAX {
            // A single pattern, in which any of them may be absent.
            let all = Patterns::first(1);
            let possible = nullable.iter().map(|id| (*id, all)).collect();
            return Self { all, possible, certain: BTreeMap::new() };
        }
        let patterns = Patterns::first(1 << nullable.len());
        let absent =
            |(place, id): (usize, &AttributeId)| (*id, patterns & Patterns::without(place));
        let certain: BTreeMap<AttributeId, Patterns> =
            nullable.iter().enumerate().map(absent).collect();
        let all = patterns & !Patterns::first(1);
        Self { all, possible: certain.clone(), certain }
    }

    fn possible(&self, id: AttributeId) -> Patterns {
        self.possible.get(&id).copied().unwrap_or(Patterns::NONE)
    }

    fn certain(&self, id: AttributeId) -> Patterns {
        self.certain.get(&id).copied().unwrap_or(Patterns::NONE)
    }
}

/// In which patterns a node can come to what. For a node that is not a condition, `truth` and
/// `falsehood` both say that it can have a value.
#[derive(Debug)]
struct Possible {
    truth: Patterns,
    falsehood: Patterns,
    /// Where absence can make it fail.
    error: Patterns,
    /// Likewise of its parts, in source order.
    parts: Vec<Possible>,
}

impl Possible {
    fn of(node: &Node, absence: &Absence) -> Self {
        let all = absence.all;
        let leaf = |truth, falsehood, error| Self { truth, falsehood, error, parts: Vec::new() };
        let none = Patterns::NONE;
        match &node.kind {
            NodeKind::Literal(crate::value::Value::Bool(true)) => leaf(all, none, none),
            NodeKind::Literal(crate::value::Value::Bool(false)) => leaf(none, all, none),
            NodeKind::Literal(_) | NodeKind::Set(_) | NodeKind::Variable(_) => leaf(all, all, none),
            NodeKind::Has(id) => leaf(all & !absence.certain(*id), absence.possible(*id), none),
            NodeKind::Attribute(id) => {
                let is_false = FALSE_WITHOUT
                    .iter()
                    .filter(|(of, _)| of == id)
                    .fold(none, |all, (_, without)| all | absence.certain(*without));
                let value = all & !absence.certain(*id);
                leaf(value & !is_false, value | is_false, absence.possible(*id) & !is_false)
            }
            NodeKind::Not(operand) => {
                let part = Self::of(operand, absence);
                Self {
                    truth: part.falsehood,
                    falsehood: part.truth,
                    error: part.error,
                    parts: vec![part],
                }
            }
            NodeKind::And(parts) => {
                let parts: Vec<Self> = parts.iter().map(|part| Self::of(part, absence)).collect();
                let error = any(&parts, |part| part.error)
                    & !any(&parts, |part| all & !part.truth & !part.error);
                let truth = parts.iter().fold(all, |all, part| all & part.truth);
                Self { truth, falsehood: any(&parts, |part| part.falsehood), error, parts }
            }
            NodeKind::Or(parts) => {
                let parts: Vec<Self> = parts.iter().map(|part| Self::of(part, absence)).collect();
                let error = any(&parts, |part| part.error)
                    & !any(&parts, |part| all & !part.falsehood & !part.error);
                let falsehood = parts.iter().fold(all, |all, part| all & part.falsehood);
                Self { truth: any(&parts, |part| part.truth), falsehood, error, parts }
            }
            NodeKind::Conditional(parts) => {
                let [condition, then, otherwise] =
                    parts.each_ref().map(|part| Self::of(part, absence));
                let of = |what: fn(&Self) -> Patterns| {
                    condition.truth & what(&then) | condition.falsehood & what(&otherwise)
                };
                Self {
                    truth: of(|branch| branch.truth),
                    falsehood: of(|branch| branch.falsehood),
                    error: condition.error | of(|branch| branch.error),
                    parts: vec![condition, then, otherwise],
                }
            }
            NodeKind::Quantifier { kind, list, body, .. } => {
                let (list, body) = (Self::of(list, absence), Self::of(body, absence));
                // The list may be empty, and elements may differ.
                let (truth, falsehood) = match kind {
                    Quantifier::All => (all, body.falsehood),
                    Quantifier::Exists | Quantifier::ExistsOne => (body.truth, all),
                };
                Self {
                    truth: list.truth & truth,
                    falsehood: list.truth & falsehood,
                    error: list.error | list.truth & body.error,
                    parts: vec![list, body],
                }
            }
            // A node that has a value where all its parts have one.
            NodeKind::Negate(_)
            | NodeKind::Compare { .. }
            | NodeKind::In { .. }
            | NodeKind::Arithmetic { .. }
            | NodeKind::List(_)
            | NodeKind::Index { .. }
            | NodeKind::Call { .. } => {
                let mut parts = Vec::new();
                node.for_each_part(&mut |part| parts.push(Self::of(part, absence)));
                let value = parts.iter().fold(all, |all, part| all & (part.truth | part.falsehood));
                let error = any(&parts, |part| part.error);
                Self { truth: value, falsehood: value, error, parts }
            }
        }
    }
}

fn any(parts: &[Possible], what: impl Fn(&Possible) -> Patterns) -> Patterns {
    parts.iter().fold(Patterns::NONE, |any, part| any | what(part))
}

/// Finds the uses whose absence makes a condition fail, of a node whose errors show in some
/// patterns.
fn show(
    node: &Node,
    possible: &Possible,
    shown: Patterns,
    found: &mut BTreeSet<(Span, AttributeId)>,
) {
    let shown = shown & possible.error;
    if shown.is_none() {
        return;
    }
    if let NodeKind::Attribute(id) = &node.kind {
        found.insert((node.span, *id));
        return;
    }
    let mut parts = possible.parts.iter();
    let mut place = 0;
    node.for_each_part(&mut |part| {
        let Some(of_part) = parts.next() else { return };
        let reached = match (&node.kind, possible.parts.as_slice(), place) {
            (NodeKind::Conditional(_), [condition, ..], 1) => shown & condition.truth,
            (NodeKind::Conditional(_), [condition, ..], 2) => shown & condition.falsehood,
            (NodeKind::Quantifier { .. }, [list, _], 1) => shown & list.truth,
            // An error of a junction shows only when no part decides, which its own patterns say.
            _ => shown,
        };
        show(part, of_part, reached, found);
        place += 1;
    });
}
