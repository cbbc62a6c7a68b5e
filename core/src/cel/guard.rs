//! Is every nullable attribute used behind a guard?
//!
//! Guarded means: when the attribute is absent and everything else is known, the rule is never
//! undetermined. The check is an abstract evaluation. For every pattern of absence of the rule's
//! nullable attributes, in which `has` is decided, it asks of each node which results are possible:
//! true, false, or an error by absence. Parts are taken as independent of each other, so it may
//! refuse a use that some relation between values makes safe, and never accepts one that is not.

use std::collections::BTreeSet;

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

/// Nullable attributes of one rule whose every pattern of absence is tried: 2^8 evaluations of a
/// small tree. The built-in rules use at most three. Beyond it, presence is taken as undecided,
/// which refuses more.
const PATTERN_ATTRIBUTES_MAX: usize = 8;

/// The unguarded uses of nullable attributes in a rule, in order of place.
///
/// A rule does not apply where `applies` is false, and its condition then does not matter.
pub fn unguarded(applies: Option<&Node>, condition: &Node, schema: &Schema) -> Vec<Unguarded> {
    let mut nullable = BTreeSet::new();
    for node in applies.into_iter().chain([condition]) {
        collect_nullable(node, schema, &mut nullable);
    }
    let nullable: Vec<AttributeId> = nullable.into_iter().collect();
    let mut found = BTreeSet::new();
    if nullable.len() > PATTERN_ATTRIBUTES_MAX {
        find(applies, condition, &Absence::Undecided(&nullable), &mut found);
    } else {
        for pattern in 1_u32..1 << nullable.len() {
            let absent = nullable
                .iter()
                .enumerate()
                .filter(|(index, _)| pattern >> index & 1 == 1)
                .map(|(_, id)| *id)
                .collect();
            find(applies, condition, &Absence::Of(absent), &mut found);
        }
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

/// Which attributes are absent.
enum Absence<'a> {
    /// These, and no others.
    Of(BTreeSet<AttributeId>),
    /// Any of these may be.
    Undecided(&'a [AttributeId]),
}

impl Absence<'_> {
    fn possible(&self, id: AttributeId) -> bool {
        match self {
            Self::Of(absent) => absent.contains(&id),
            Self::Undecided(nullable) => nullable.contains(&id),
        }
    }

    fn certain(&self, id: AttributeId) -> bool {
        match self {
            Self::Of(absent) => absent.contains(&id),
            Self::Undecided(_) => false,
        }
    }
}

/// What a node can come to. For a node that is not a condition, `truth` and `falsehood` both say
/// that it can have a value.
#[derive(Clone, Default)]
struct Possible {
    truth: bool,
    falsehood: bool,
    /// The uses whose absence can make it fail; none when it cannot.
    errors: BTreeSet<(Span, AttributeId)>,
}

fn find(
    applies: Option<&Node>,
    condition: &Node,
    absence: &Absence<'_>,
    found: &mut BTreeSet<Unguarded>,
) {
    let mut applicable = true;
    if let Some(applies) = applies {
        let possible = results(applies, absence);
        applicable = possible.truth;
        found.extend(possible.errors.iter().map(|(span, attribute)| Unguarded {
            part: Part::Applies,
            span: *span,
            attribute: *attribute,
        }));
    }
    if applicable {
        let errors = results(condition, absence).errors;
        found.extend(errors.iter().map(|(span, attribute)| Unguarded {
            part: Part::Condition,
            span: *span,
            attribute: *attribute,
        }));
    }
}

fn results(node: &Node, absence: &Absence<'_>) -> Possible {
    let anything = || Possible { truth: true, falsehood: true, errors: BTreeSet::new() };
    match &node.kind {
        NodeKind::Literal(value) => {
            let known = matches!(value, crate::value::Value::Bool(_));
            let holds = matches!(value, crate::value::Value::Bool(true));
            Possible {
                truth: holds || !known,
                falsehood: !holds || !known,
                errors: BTreeSet::new(),
            }
        }
        NodeKind::Set(_) | NodeKind::Variable(_) => anything(),
        NodeKind::Has(id) => Possible {
            truth: !absence.certain(*id),
            falsehood: absence.possible(*id),
            errors: BTreeSet::new(),
        },
        NodeKind::Attribute(id)
            if FALSE_WITHOUT.iter().any(|(of, without)| of == id && absence.certain(*without)) =>
        {
            Possible { truth: false, falsehood: true, errors: BTreeSet::new() }
        }
        NodeKind::Attribute(id) => {
            let value = !absence.certain(*id);
            let errors = if absence.possible(*id) {
                BTreeSet::from([(node.span, *id)])
            } else {
                BTreeSet::new()
            };
            Possible { truth: value, falsehood: value, errors }
        }
        NodeKind::Not(operand) => {
            let Possible { truth, falsehood, errors } = results(operand, absence);
            Possible { truth: falsehood, falsehood: truth, errors }
        }
        NodeKind::And(parts) => junction(parts, absence, Deciding::Falsehood),
        NodeKind::Or(parts) => junction(parts, absence, Deciding::Truth),
        NodeKind::Conditional(parts) => conditional(parts, absence),
        NodeKind::Quantifier { kind, list, body, .. } => quantifier(*kind, list, body, absence),
        NodeKind::Negate(_)
        | NodeKind::Compare { .. }
        | NodeKind::In { .. }
        | NodeKind::Arithmetic { .. }
        | NodeKind::List(_)
        | NodeKind::Index { .. }
        | NodeKind::Call { .. } => strict(node, absence),
    }
}

/// Which result of a part settles the whole.
#[derive(Clone, Copy, PartialEq)]
enum Deciding {
    Truth,
    Falsehood,
}

fn junction(parts: &[Node], absence: &Absence<'_>, deciding: Deciding) -> Possible {
    let parts: Vec<Possible> = parts.iter().map(|part| results(part, absence)).collect();
    let decides =
        |part: &Possible| if deciding == Deciding::Truth { part.truth } else { part.falsehood };
    let passes =
        |part: &Possible| if deciding == Deciding::Truth { part.falsehood } else { part.truth };
    // An error shows only when no part decides; a part that can do nothing but decide hides those
    // of all others.
    let hidden = parts.iter().any(|part| !passes(part) && part.errors.is_empty());
    let mut errors = BTreeSet::new();
    if !hidden {
        parts.iter().for_each(|part| errors.extend(part.errors.iter().copied()));
    }
    let decided = parts.iter().any(decides);
    let passed = parts.iter().all(passes);
    match deciding {
        Deciding::Truth => Possible { truth: decided, falsehood: passed, errors },
        Deciding::Falsehood => Possible { truth: passed, falsehood: decided, errors },
    }
}

fn conditional(parts: &[Node; 3], absence: &Absence<'_>) -> Possible {
    let [condition, then, otherwise] = parts;
    let condition = results(condition, absence);
    let mut whole = Possible { truth: false, falsehood: false, errors: condition.errors };
    for (taken, branch) in [(condition.truth, then), (condition.falsehood, otherwise)] {
        if taken {
            let branch = results(branch, absence);
            whole.truth |= branch.truth;
            whole.falsehood |= branch.falsehood;
            whole.errors.extend(branch.errors);
        }
    }
    whole
}

fn quantifier(kind: Quantifier, list: &Node, body: &Node, absence: &Absence<'_>) -> Possible {
    let list = results(list, absence);
    if !list.truth {
        return Possible { errors: list.errors, ..Possible::default() };
    }
    let body = results(body, absence);
    let mut errors = list.errors;
    errors.extend(body.errors.iter().copied());
    // The list may be empty, and elements may differ.
    match kind {
        Quantifier::All => Possible { truth: true, falsehood: body.falsehood, errors },
        Quantifier::Exists => Possible { truth: body.truth, falsehood: true, errors },
        Quantifier::ExistsOne => Possible { truth: body.truth, falsehood: true, errors },
    }
}

/// A node that has a value where all its parts have one.
fn strict(node: &Node, absence: &Absence<'_>) -> Possible {
    let mut value = true;
    let mut errors = BTreeSet::new();
    node.for_each_part(&mut |part| {
        let part = results(part, absence);
        value &= part.truth || part.falsehood;
        errors.extend(part.errors);
    });
    Possible { truth: value, falsehood: value, errors }
}
