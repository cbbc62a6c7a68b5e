//! What does a condition come to where nothing it reads is missing and nothing fails?
//!
//! The common case of the [evaluator](mod@super::evaluate), without its accounts: no steps are counted,
//! no reason is kept why there is no value, and no value is copied. What is not known here, the
//! evaluator is asked. Nothing is handled that could meet a limit on work: a tree has no more than
//! [`EXPRESSION_NODES_MAX`] nodes, each of which costs as much as two texts of facts are long.
//!
//! [`EXPRESSION_NODES_MAX`]: crate::limits::EXPRESSION_NODES_MAX

use std::cmp::Ordering;

use super::evaluate::{Bindings, int_between, int_of};
use super::functions::Function;
use super::node::{Arithmetic, Comparison, Node, NodeKind};
use crate::time::{Duration, Timestamp};
use crate::value::{Fact, Value};

/// Whether a condition holds; none where the evaluator has to be asked.
pub(crate) fn holds<B: Bindings + ?Sized>(node: &Node, known: &B) -> Option<bool> {
    match &node.kind {
        NodeKind::Has(id) => match known.fact(*id) {
            Fact::Value(_) => Some(true),
            Fact::Absent => Some(false),
            Fact::Unknown => None,
        },
        NodeKind::Not(operand) => holds(operand, known).map(|truth| !truth),
        NodeKind::And(parts) => junction(parts, false, known),
        NodeKind::Or(parts) => junction(parts, true, known),
        NodeKind::Compare { operator, left, right } => {
            compare(*operator, plain(left, known)?, plain(right, known)?)
        }
        NodeKind::Conditional(parts) => {
            let [condition, then, otherwise] = &**parts;
            holds(if holds(condition, known)? { then } else { otherwise }, known)
        }
        NodeKind::Call { function, arguments } => {
            let [text, part] = arguments.as_slice() else { return None };
            let (Plain::Text(text), Plain::Text(part)) = (plain(text, known)?, plain(part, known)?)
            else {
                return None;
            };
            match function {
                Function::StartsWith => Some(text.starts_with(part)),
                Function::EndsWith => Some(text.ends_with(part)),
                Function::Contains => Some(text.contains(part)),
                _ => None,
            }
        }
        NodeKind::Attribute(_) | NodeKind::Literal(_) => match plain(node, known)? {
            Plain::Bool(truth) => Some(truth),
            _ => None,
        },
        _ => None,
    }
}

/// `&&` (decided by false) or `||` (decided by true): a part that decides does so whatever others
/// lack.
fn junction<B: Bindings + ?Sized>(parts: &[Node], decisive: bool, known: &B) -> Option<bool> {
    let mut is_whole = true;
    for part in parts {
        match holds(part, known) {
            Some(truth) if truth == decisive => return Some(decisive),
            Some(_) => {}
            None => is_whole = false,
        }
    }
    is_whole.then_some(!decisive)
}

/// A value of one of the scalar types, borrowed.
#[derive(Clone, Copy)]
enum Plain<'a> {
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(&'a str),
    Timestamp(Timestamp),
    Duration(Duration),
}

impl<'a> Plain<'a> {
    #[inline]
    fn of(value: &'a Value) -> Option<Self> {
        Some(match value {
            Value::Bool(bool) => Self::Bool(*bool),
            Value::Int(int) => Self::Int(*int),
            Value::Double(double) => Self::Double(*double),
            Value::String(text) => Self::Text(text),
            Value::Timestamp(at) => Self::Timestamp(*at),
            Value::Duration(long) => Self::Duration(*long),
            Value::List(_) => return None,
        })
    }
}

fn plain<'a, B: Bindings + ?Sized>(node: &'a Node, known: &'a B) -> Option<Plain<'a>> {
    match &node.kind {
        NodeKind::Attribute(id) => known.fact(*id).value().and_then(Plain::of),
        NodeKind::Literal(value) => Plain::of(value),
        NodeKind::Arithmetic { operator, left, right } => {
            arithmetic(*operator, plain(left, known)?, plain(right, known)?)
        }
        NodeKind::Conditional(parts) => {
            let [condition, then, otherwise] = &**parts;
            plain(if holds(condition, known)? { then } else { otherwise }, known)
        }
        NodeKind::Call { function: Function::Size, arguments } => {
            let [text] = arguments.as_slice() else { return None };
            match plain(text, known)? {
                Plain::Text(text) => Some(Plain::Int(int_of(text.chars().count()))),
                _ => None,
            }
        }
        NodeKind::Negate(operand) => match plain(operand, known)? {
            Plain::Int(int) => int.checked_neg().map(Plain::Int),
            Plain::Double(double) => Some(Plain::Double(-double)),
            _ => None,
        },
        NodeKind::Has(_)
        | NodeKind::Not(_)
        | NodeKind::And(_)
        | NodeKind::Or(_)
        | NodeKind::Compare { .. } => holds(node, known).map(Plain::Bool),
        _ => None,
    }
}

/// As [`Value::compare`] within one type.
fn compare(operator: Comparison, left: Plain<'_>, right: Plain<'_>) -> Option<bool> {
    let order: Option<Ordering> = match (left, right) {
        (Plain::Int(a), Plain::Int(b)) => Some(a.cmp(&b)),
        (Plain::Bool(a), Plain::Bool(b)) => Some(a.cmp(&b)),
        (Plain::Double(a), Plain::Double(b)) => a.partial_cmp(&b),
        (Plain::Text(a), Plain::Text(b)) => Some(a.cmp(b)),
        (Plain::Timestamp(a), Plain::Timestamp(b)) => Some(a.cmp(&b)),
        (Plain::Duration(a), Plain::Duration(b)) => Some(a.cmp(&b)),
        _ => return None,
    };
    Some(operator.holds(order))
}

/// None where it has no result: the evaluator says why.
fn arithmetic<'a>(operator: Arithmetic, left: Plain<'a>, right: Plain<'a>) -> Option<Plain<'a>> {
    use Arithmetic::{Add, Divide, Multiply, Remainder, Subtract};
    match (left, right) {
        (Plain::Int(a), Plain::Int(b)) => int_between(operator, a, b).map(Plain::Int),
        (Plain::Double(a), Plain::Double(b)) => match operator {
            Add => Some(Plain::Double(a + b)),
            Subtract => Some(Plain::Double(a - b)),
            Multiply => Some(Plain::Double(a * b)),
            Divide => Some(Plain::Double(a / b)),
            Remainder => None,
        },
        (Plain::Timestamp(late), Plain::Timestamp(early)) if operator == Subtract => {
            let nanos = i64::try_from(late.as_nanos() - early.as_nanos()).ok()?;
            Duration::from_nanos(nanos.into()).map(Plain::Duration)
        }
        (Plain::Timestamp(at), Plain::Duration(long)) => match operator {
            Add => at.checked_add(long).map(Plain::Timestamp),
            Subtract => at.checked_sub(long).map(Plain::Timestamp),
            _ => None,
        },
        (Plain::Duration(a), Plain::Duration(b)) => match operator {
            Add => a.checked_add(b).map(Plain::Duration),
            Subtract => a.checked_sub(b).map(Plain::Duration),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cel::{self, Environment, Outcome, SetId};
    use crate::schema::{AttributeId, Schema, attributes as id};

    struct Known {
        facts: Vec<(AttributeId, Fact)>,
    }

    impl Bindings for Known {
        fn fact(&self, attribute: AttributeId) -> &Fact {
            let known = self.facts.iter().find(|(id, _)| *id == attribute);
            known.map_or(&Fact::Unknown, |(_, fact)| fact)
        }

        fn set(&self, _: SetId) -> &[Value] {
            &[]
        }
    }

    struct Chance(u64);

    impl Chance {
        fn below(&mut self, end: usize) -> usize {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) as usize % end
        }

        fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
            from[self.below(from.len())]
        }

        fn bool(&mut self, depth: usize) -> String {
            let order = self.pick(&["==", "!=", "<", "<=", ">", ">="]);
            let below = depth.saturating_sub(1);
            let kind = if depth == 0 { self.below(6) } else { self.below(11) };
            match kind {
                0 => self.pick(&["true", "false", "recipient.opted_out"]).to_owned(),
                1 => format!(
                    "has({})",
                    self.pick(&["account.display_name", "recipient.last_inbound_at"])
                ),
                2 => format!("{} {order} {}", self.int(depth), self.int(depth)),
                3 => format!("{} {order} {}", self.text(depth), self.text(depth)),
                4 => format!("{} {order} {}", self.instant(depth), self.instant(depth)),
                5 => format!("{} {order} {}", self.span(depth), self.span(depth)),
                6 => format!("!({})", self.bool(below)),
                7 => format!(
                    "({} && {} && {})",
                    self.bool(below),
                    self.bool(below),
                    self.bool(below)
                ),
                8 => format!("({} || {})", self.bool(below), self.bool(below)),
                9 => {
                    format!("({} ? {} : {})", self.bool(below), self.bool(below), self.bool(below))
                }
                _ => {
                    let how = self.pick(&["contains", "startsWith", "endsWith"]);
                    format!("{}.{how}({})", self.text(below), self.text(below))
                }
            }
        }

        fn int(&mut self, depth: usize) -> String {
            let below = depth.saturating_sub(1);
            match if depth == 0 { self.below(3) } else { self.below(7) } {
                0 => {
                    self.pick(&["campaign.audience_size", "account.feedback.blocks_7d"]).to_owned()
                }
                1 => self.pick(&["0", "3", "-1", "9223372036854775807"]).to_owned(),
                2 => format!("size({})", self.text(below)),
                3 => format!("-({})", self.int(below)),
                4 => format!("({} ? {} : {})", self.bool(below), self.int(below), self.int(below)),
                _ => {
                    let operator = self.pick(&["+", "-", "*", "/", "%"]);
                    format!("({} {operator} {})", self.int(below), self.int(below))
                }
            }
        }

        fn text(&mut self, _: usize) -> String {
            self.pick(&[
                "account.display_name",
                "campaign.name",
                "''",
                "'a'",
                "'\u{e9}p'",
                "'caf\u{e9}p'",
            ])
            .to_owned()
        }

        fn instant(&mut self, depth: usize) -> String {
            match if depth == 0 { self.below(2) } else { self.below(3) } {
                0 => self.pick(&["send_at", "recipient.last_inbound_at"]).to_owned(),
                1 => "timestamp('2026-03-02T15:00:00Z')".to_owned(),
                _ => {
                    let operator = self.pick(&["+", "-"]);
                    format!("({} {operator} {})", self.instant(depth - 1), self.span(0))
                }
            }
        }

        fn span(&mut self, depth: usize) -> String {
            match if depth == 0 { 0 } else { self.below(3) } {
                0 => self.pick(&["duration('1h')", "duration('-90s')"]).to_owned(),
                1 => format!("({} - {})", self.instant(depth - 1), self.instant(depth - 1)),
                _ => format!("({} + {})", self.span(depth - 1), self.span(depth - 1)),
            }
        }
    }

    #[test]
    fn what_is_told_is_what_the_evaluator_says() {
        let schema = Schema::built_in();
        let environment = Environment { schema: &schema, sets: &[] };
        let mut chance = Chance(11);
        let mut told = [0; 2];
        let mut untold = 0;
        for _ in 0..6000 {
            let source = chance.bool(3);
            let Ok(condition) = cel::compile_condition(&source, &environment) else { continue };
            for _ in 0..4 {
                let mut fact = |values: &[Value]| match chance.below(values.len() + 2) {
                    0 if chance.below(2) == 0 => Fact::Unknown,
                    1 => Fact::Absent,
                    _ => Fact::Value(values[chance.below(values.len())].clone()),
                };
                let at = |text: &str| Value::Timestamp(Timestamp::parse(text).unwrap());
                let instants = [at("2026-03-02T14:00:00Z"), at("1970-01-02T00:00:00Z")];
                let texts = ["", "a", "\u{e9}p", "caf\u{e9}p", "ap"].map(Value::string);
                let ints = [0, 3, -1, i64::MAX, i64::MIN].map(Value::Int);
                let facts = vec![
                    (id::SEND_AT, fact(&instants)),
                    (id::RECIPIENT_LAST_INBOUND_AT, fact(&instants)),
                    (id::RECIPIENT_OPTED_OUT, fact(&[true, false].map(Value::Bool))),
                    (id::ACCOUNT_DISPLAY_NAME, fact(&texts)),
                    (id::CAMPAIGN_NAME, fact(&texts)),
                    (id::CAMPAIGN_AUDIENCE_SIZE, fact(&ints)),
                    (id::ACCOUNT_BLOCKS_7D, fact(&ints)),
                ];
                let known = Known { facts };
                let expected = cel::evaluate_node(&condition.root, &known);
                match holds(&condition.root, &known) {
                    Some(truth) => {
                        assert_eq!(expected, Outcome::Value(Value::Bool(truth)), "{source}");
                        told[usize::from(truth)] += 1;
                    }
                    // Of what these conditions are made of, all that has a value is told.
                    None => {
                        assert!(!matches!(expected, Outcome::Value(_)), "{source}: {expected:?}");
                        untold += 1;
                    }
                }
            }
        }
        assert!(told.iter().all(|count| *count > 1500) && untold > 1500, "{told:?}, {untold}");
    }
}
