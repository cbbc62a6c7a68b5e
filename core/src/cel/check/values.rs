//! Literals that are compared with an attribute are values that it can have.

use std::sync::Arc;

use super::checker::Checker;
use crate::cel::convert;
use crate::cel::error::ExpressionError;
use crate::cel::functions::Function;
use crate::cel::node::{Membership, Node, NodeKind, Span};
use crate::form;
use crate::schema::{AttributeId, Form, Schema};
use crate::time::Timestamp;
use crate::value::Value;

impl Checker<'_> {
    /// Refuses a literal that an attribute on the other side never is.
    pub(super) fn check_values(
        &mut self,
        left: &Node,
        right: &Node,
        span: Span,
    ) -> Result<(), ExpressionError> {
        if let Some(attribute) = self.domain(left) {
            self.check_literals(attribute, right, span)?;
        }
        if let Some(attribute) = self.domain(right) {
            self.check_literals(attribute, left, span)?;
        }
        Ok(())
    }

    /// The attribute from which a value (or its elements) comes, when not every text is a value of
    /// it.
    pub(super) fn domain(&self, value: &Node) -> Option<AttributeId> {
        match &value.kind {
            NodeKind::Attribute(id) => {
                let form = &self.environment.schema.attribute(*id).form;
                has_form(form).then_some(*id)
            }
            NodeKind::Variable(index) => {
                self.scope.get(usize::from(index.0)).and_then(|variable| variable.domain)
            }
            NodeKind::Index { list, .. } => self.domain(list),
            _ => None,
        }
    }

    pub(super) fn check_literals(
        &mut self,
        attribute: AttributeId,
        value: &Node,
        span: Span,
    ) -> Result<(), ExpressionError> {
        match &value.kind {
            NodeKind::Literal(Value::String(text)) => {
                check_member(self.environment.schema, attribute, text, value.span)
            }
            NodeKind::List(elements) => elements
                .iter()
                .try_for_each(|element| self.check_literals(attribute, element, span)),
            NodeKind::Conditional(parts) => {
                parts.iter().skip(1).try_for_each(|part| self.check_literals(attribute, part, span))
            }
            NodeKind::Arithmetic { left, right, .. } if value.ty.is_list() => {
                self.check_literals(attribute, left, span)?;
                self.check_literals(attribute, right, span)
            }
            NodeKind::Set(set) => {
                self.reads.memberships.push(Membership { attribute, set: *set, span });
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

/// Whether not every string is a value of that form. The empty one is no fact of the caller's own,
/// but rules may say so.
fn has_form(form: &Form) -> bool {
    !matches!(
        form,
        Form::Any
            | Form::Text
            | Form::Count
            | Form::CountOrUnlimited
            | Form::Instant
            | Form::End
            | Form::OwnInstant
    )
}

/// Refuses a text that an attribute with a list of values, or of a form, never is.
pub(in crate::cel) fn check_member(
    schema: &Schema,
    attribute: AttributeId,
    text: &str,
    span: Span,
) -> Result<(), ExpressionError> {
    let attribute = schema.attribute(attribute);
    if form::fits(text, &attribute.form) {
        return Ok(());
    }
    let meant = form::meant(text, &attribute.form, None);
    let nearest = meant.first().map(String::as_str);
    Err(match &attribute.form {
        Form::OneOf(choices) => {
            let names: Vec<&str> = choices.iter().map(|choice| &*choice.name).collect();
            ExpressionError::unknown_value(span, &attribute.path, text, nearest, &names)
        }
        form => {
            ExpressionError::not_of_form(span, &attribute.path, text, nearest, form::expected(form))
        }
    })
}

/// Refuses a literal instant, span or zone that there is not: a rule that can only fail is a
/// mistake.
pub(super) fn check_text(function: Function, arguments: &[Node]) -> Result<(), ExpressionError> {
    let text = |argument: Option<&Node>| match argument {
        Some(Node { kind: NodeKind::Literal(Value::String(text)), span, .. }) => {
            Some((Arc::clone(text), *span))
        }
        _ => None,
    };
    match function {
        Function::ToTimestamp => {
            let Some((text, span)) = text(arguments.first()) else { return Ok(()) };
            match Timestamp::parse(&text) {
                Ok(_) => Ok(()),
                Err(error) => {
                    Err(ExpressionError::bad_literal(span, "timestamp", &text, &error.to_string()))
                }
            }
        }
        Function::ToDuration => {
            let Some((text, span)) = text(arguments.first()) else { return Ok(()) };
            match convert::duration(&text) {
                Some(_) => Ok(()),
                None => {
                    let days = text.strip_suffix('d').and_then(|days| days.parse::<u32>().ok());
                    let why = match days {
                        Some(days) => {
                            format!("days are written as hours: `{}h`", u64::from(days) * 24)
                        }
                        None if is_too_long(&text) => {
                            "it reaches beyond 10,000 years, 87,660,000 hours".to_owned()
                        }
                        None => {
                            "write hours, minutes and seconds as in `1h30m` or `90s`".to_owned()
                        }
                    };
                    Err(ExpressionError::bad_literal(span, "duration", &text, &why))
                }
            }
        }
        _ => match text(arguments.get(1)) {
            Some((zone, span)) if takes_zone(function) && convert::zone_named(&zone).is_none() => {
                Err(ExpressionError::unknown_zone(span, &zone))
            }
            _ => Ok(()),
        },
    }
}

const fn takes_zone(function: Function) -> bool {
    !matches!(function, Function::StartsWith | Function::EndsWith | Function::Contains)
}

/// The instant that a number stands for: the date that was written without quotes, or so many
/// seconds after 1970.
pub(super) fn timestamp_meant(written: &str, seconds: i64) -> Option<Timestamp> {
    let parts: Vec<&str> = written.split('-').map(str::trim).collect();
    /// Seconds as which nobody writes an instant of ours: thousandths of them are meant.
    const THOUSANDTHS: i64 = 100_000_000_000;
    let date = match parts.as_slice() {
        [year] if year.len() == 4 && (1970..2100).contains(&seconds) => {
            Timestamp::parse(&format!("{year}-01-01T00:00:00Z")).ok()
        }
        [year, month, day] if year.len() == 4 => {
            Timestamp::parse(&format!("{year}-{month:0>2}-{day:0>2}T00:00:00Z")).ok()
        }
        _ => None,
    };
    let seconds = if seconds >= THOUSANDTHS { seconds / 1000 } else { seconds };
    date.or_else(|| convert::timestamp(&Value::Int(seconds)))
}

/// Whether a text would be a duration with smaller numbers in it.
fn is_too_long(text: &str) -> bool {
    let mut smaller = String::with_capacity(text.len());
    for character in text.chars() {
        if !character.is_ascii_digit() {
            smaller.push(character);
        } else if !smaller.ends_with('1') {
            smaller.push('1');
        }
    }
    convert::duration(&smaller).is_some()
}
