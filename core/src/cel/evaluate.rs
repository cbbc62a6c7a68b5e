//! What does an expression come to over facts of which some are absent or unknown?
//!
//! Plain CEL over the typed tree: `&&`, `||` and the macros absorb what is unknown or in error when
//! another part decides; elsewhere an unknown makes the whole undetermined, and otherwise the first
//! error wins. Work is counted in steps.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::convert;
use super::functions::Function;
use super::node::{Arithmetic, Comparison, Expression, Node, NodeKind, Quantifier, SetId, Span};
use super::outcome::{EvaluationError, Outcome};
use crate::language::catalogue as words;
use crate::limits;
use crate::schema::{AttributeId, attributes};
use crate::time::zone::{Local, Zone};
use crate::time::{Duration, Timestamp};
use crate::value::{Fact, Value};

/// What the names of an expression stand for in one case.
pub trait Bindings {
    /// What is known of an attribute.
    fn fact(&self, id: AttributeId) -> &Fact;
    /// The members of a set at `send_at`.
    fn set(&self, id: SetId) -> &[Value];
    /// Whether they are known: not those of a set that changes over time, where nobody says when
    /// the message is sent.
    fn knows_set(&self, _: SetId) -> bool {
        true
    }
}

/// What an expression comes to.
///
/// A fact that is unknown makes what reads it undetermined; the value of an absent one is an error.
/// `has` is true, false or, for an unknown, undetermined. Where an undetermined and a failing part
/// meet and neither is absorbed, the whole is undetermined.
pub fn evaluate(expression: &Expression, bindings: &dyn Bindings) -> Outcome {
    match evaluate_node(&expression.root, bindings) {
        Outcome::Error(error) => Outcome::Error(match error.absent_attribute() {
            None => error,
            Some(id) => match expression.reads.paths.iter().find(|(read, _)| *read == id) {
                Some((_, path)) => error.named(path),
                None => error,
            },
        }),
        outcome => outcome,
    }
}

/// What one node comes to. It must not lie inside a macro whose variable it names.
pub fn evaluate_node(node: &Node, bindings: &dyn Bindings) -> Outcome {
    let mut evaluator =
        Evaluator { bindings, variables: Vec::new(), steps_left: limits::EVALUATION_STEPS_MAX };
    match evaluator.evaluate(node) {
        Ok(value) => Outcome::Value(value.into_owned()),
        Err(Lack::Unknown(attributes)) => Outcome::Undetermined(attributes),
        Err(Lack::Error(error)) => Outcome::Error(error),
    }
}

/// The value of a node that reads nothing.
pub(super) fn constant(node: &Node) -> Option<Value> {
    struct Nothing;
    impl Bindings for Nothing {
        fn fact(&self, _: AttributeId) -> &Fact {
            &Fact::Unknown
        }
        fn set(&self, _: SetId) -> &[Value] {
            &[]
        }
    }
    match evaluate_node(node, &Nothing) {
        Outcome::Value(value) => Some(value),
        Outcome::Undetermined(_) | Outcome::Error(_) => None,
    }
}

/// Why there is no value.
enum Lack {
    Unknown(BTreeSet<AttributeId>),
    Error(EvaluationError),
}

impl Lack {
    /// Of two parts without a value: unknowns before errors, all unknowns together, the
    /// first error.
    fn join(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unknown(mut first), Self::Unknown(second)) => {
                first.extend(second);
                Self::Unknown(first)
            }
            (Self::Error(_), Self::Unknown(unknown)) | (Self::Unknown(unknown), Self::Error(_)) => {
                Self::Unknown(unknown)
            }
            (first @ Self::Error(_), Self::Error(_)) => first,
        }
    }
}

impl From<EvaluationError> for Lack {
    fn from(error: EvaluationError) -> Self {
        Self::Error(error)
    }
}

type Evaluated<'a> = Result<Cow<'a, Value>, Lack>;

struct Evaluator<'a> {
    bindings: &'a dyn Bindings,
    /// The variables of the macros around the current node, outermost first.
    variables: Vec<Value>,
    steps_left: u64,
}

impl<'a> Evaluator<'a> {
    fn evaluate(&mut self, node: &'a Node) -> Evaluated<'a> {
        self.spend(1, node.span)?;
        match &node.kind {
            NodeKind::Literal(value) => Ok(Cow::Borrowed(value)),
            NodeKind::Attribute(id) => self.attribute(*id, node.span),
            NodeKind::Has(id) => match self.bindings.fact(*id) {
                Fact::Value(_) => truth(true),
                Fact::Absent => truth(false),
                Fact::Unknown => Err(Lack::Unknown(BTreeSet::from([*id]))),
            },
            NodeKind::Set(id) => {
                let members = self.members(*id)?;
                self.spend(members.len() as u64, node.span)?;
                Ok(Cow::Owned(Value::List(members.into())))
            }
            NodeKind::Variable(index) => match self.variables.get(usize::from(index.0)) {
                Some(value) => Ok(Cow::Owned(value.clone())),
                None => Err(EvaluationError::internal(node.span).into()),
            },
            NodeKind::Not(operand) => truth(!self.truth_of(operand)?),
            NodeKind::Negate(operand) => self.negate(operand, node.span),
            NodeKind::And(parts) => self.junction(parts, false),
            NodeKind::Or(parts) => self.junction(parts, true),
            NodeKind::Conditional(parts) => {
                let [condition, then, otherwise] = &**parts;
                let branch = if self.truth_of(condition)? { then } else { otherwise };
                self.evaluate(branch)
            }
            NodeKind::Compare { operator, left, right } => {
                self.compare(*operator, left, right, node.span)
            }
            NodeKind::In { item, list } => self.member(item, list, node.span),
            NodeKind::Arithmetic { operator, left, right } => {
                self.arithmetic(*operator, left, right, node.span)
            }
            NodeKind::List(elements) => self.list(elements),
            NodeKind::Index { list, position } => self.index(list, position, node.span),
            NodeKind::Call { function, arguments } => self.call(*function, arguments, node.span),
            NodeKind::Quantifier { kind, variable, list, body } => {
                self.quantify(*kind, usize::from(variable.0), list, body)
            }
        }
    }

    fn spend(&mut self, steps: u64, span: Span) -> Result<(), EvaluationError> {
        match self.steps_left.checked_sub(steps) {
            Some(left) => {
                self.steps_left = left;
                Ok(())
            }
            None => {
                // Nothing evaluated after this may succeed, or `||` would absorb a limit.
                self.steps_left = 0;
                Err(EvaluationError::too_many_steps(span))
            }
        }
    }

    fn spend_text(&mut self, bytes: usize, span: Span) -> Result<(), EvaluationError> {
        const BLOCK_BYTES: u64 = 64;
        self.spend(bytes as u64 / BLOCK_BYTES, span)
    }

    fn attribute(&self, id: AttributeId, span: Span) -> Evaluated<'a> {
        match self.bindings.fact(id) {
            Fact::Value(value) => Ok(Cow::Borrowed(value)),
            Fact::Absent => Err(EvaluationError::absent(span, id).into()),
            Fact::Unknown => Err(Lack::Unknown(BTreeSet::from([id]))),
        }
    }

    fn truth_of(&mut self, node: &'a Node) -> Result<bool, Lack> {
        match self.evaluate(node)?.as_ref() {
            Value::Bool(truth) => Ok(*truth),
            _ => Err(EvaluationError::internal(node.span).into()),
        }
    }

    fn int_of(&mut self, node: &'a Node) -> Result<i64, Lack> {
        match self.evaluate(node)?.as_ref() {
            Value::Int(int) => Ok(*int),
            _ => Err(EvaluationError::internal(node.span).into()),
        }
    }

    /// `&&` (decided by false) or `||` (decided by true).
    fn junction(&mut self, parts: &'a [Node], decisive: bool) -> Evaluated<'a> {
        let mut lack: Option<Lack> = None;
        for part in parts {
            match self.truth_of(part) {
                Ok(found) if found == decisive => return truth(decisive),
                Ok(_) => {}
                Err(other) => lack = Some(joined(lack, other)),
            }
        }
        lack.map_or_else(|| truth(!decisive), Err)
    }

    fn negate(&mut self, operand: &'a Node, span: Span) -> Evaluated<'a> {
        let negated = match self.evaluate(operand)?.as_ref() {
            Value::Int(int) => {
                Value::Int(int.checked_neg().ok_or_else(|| EvaluationError::overflow(span, "-"))?)
            }
            Value::Double(double) => Value::Double(-double),
            _ => return Err(EvaluationError::internal(span).into()),
        };
        Ok(Cow::Owned(negated))
    }

    /// Both operands of a strict operator, so that unknowns of both are reported and come before
    /// errors.
    fn both(
        &mut self,
        left: &'a Node,
        right: &'a Node,
    ) -> Result<(Cow<'a, Value>, Cow<'a, Value>), Lack> {
        match (self.evaluate(left), self.evaluate(right)) {
            (Ok(left), Ok(right)) => Ok((left, right)),
            (Err(lack), Ok(_)) | (Ok(_), Err(lack)) => Err(lack),
            (Err(first), Err(second)) => Err(first.join(second)),
        }
    }

    fn compare(
        &mut self,
        operator: Comparison,
        left: &'a Node,
        right: &'a Node,
        span: Span,
    ) -> Evaluated<'a> {
        let (left, right) = self.both(left, right)?;
        let equal = match operator {
            Comparison::Equal | Comparison::NotEqual => self.equal(&left, &right, span)?,
            _ => {
                self.spend_comparison(&left, &right, span)?;
                false
            }
        };
        let order = left.compare(&right);
        truth(match operator {
            Comparison::Equal => equal,
            Comparison::NotEqual => !equal,
            Comparison::Less => order.is_some_and(Ordering::is_lt),
            Comparison::LessOrEqual => order.is_some_and(Ordering::is_le),
            Comparison::Greater => order.is_some_and(Ordering::is_gt),
            Comparison::GreaterOrEqual => order.is_some_and(Ordering::is_ge),
        })
    }

    /// `==` with its cost counted.
    fn equal(&mut self, a: &Value, b: &Value, span: Span) -> Result<bool, EvaluationError> {
        match (a, b) {
            (Value::List(a), Value::List(b)) => {
                if a.len() != b.len() {
                    return Ok(false);
                }
                for (a, b) in a.iter().zip(b.iter()) {
                    self.spend(1, span)?;
                    if !self.equal(a, b, span)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            _ => {
                self.spend_comparison(a, b, span)?;
                Ok(a == b)
            }
        }
    }

    fn spend_comparison(
        &mut self,
        a: &Value,
        b: &Value,
        span: Span,
    ) -> Result<(), EvaluationError> {
        match (a, b) {
            (Value::String(a), Value::String(b)) => self.spend_text(a.len().min(b.len()), span),
            _ => Ok(()),
        }
    }

    fn member(&mut self, item: &'a Node, list: &'a Node, span: Span) -> Evaluated<'a> {
        let item = self.evaluate(item);
        let list = self.elements(list);
        let (item, list) = match (item, list) {
            (Ok(item), Ok(list)) => (item, list),
            (Err(lack), Ok(_)) | (Ok(_), Err(lack)) => return Err(lack),
            (Err(first), Err(second)) => return Err(first.join(second)),
        };
        for element in list.iter() {
            self.spend(1, span)?;
            if self.equal(&item, element, span)? {
                return truth(true);
            }
        }
        truth(false)
    }

    /// The elements of a list. Those of a set are not copied: it may have a million.
    fn members(&self, set: SetId) -> Result<&'a [Value], Lack> {
        match self.bindings.knows_set(set) {
            true => Ok(self.bindings.set(set)),
            false => Err(Lack::Unknown(BTreeSet::from([attributes::SEND_AT]))),
        }
    }

    fn elements(&mut self, list: &'a Node) -> Result<Elements<'a>, Lack> {
        if let NodeKind::Set(id) = &list.kind {
            return Ok(Elements::Borrowed(self.members(*id)?));
        }
        match self.evaluate(list)? {
            Cow::Borrowed(Value::List(elements)) => Ok(Elements::Borrowed(elements)),
            Cow::Owned(Value::List(elements)) => Ok(Elements::Shared(elements)),
            _ => Err(EvaluationError::internal(list.span).into()),
        }
    }

    fn list(&mut self, elements: &'a [Node]) -> Evaluated<'a> {
        let values = self.all(elements)?;
        Ok(Cow::Owned(Value::List(values.into_iter().map(Cow::into_owned).collect())))
    }

    /// All arguments of a strict function.
    fn all(&mut self, arguments: &'a [Node]) -> Result<Vec<Cow<'a, Value>>, Lack> {
        let mut values = Vec::with_capacity(arguments.len());
        let mut lack = None;
        for argument in arguments {
            match self.evaluate(argument) {
                Ok(value) => values.push(value),
                Err(other) => lack = Some(joined(lack, other)),
            }
        }
        lack.map_or(Ok(values), Err)
    }

    fn index(&mut self, list: &'a Node, position: &'a Node, span: Span) -> Evaluated<'a> {
        let list = self.elements(list);
        let position = self.int_of(position);
        let (list, position) = match (list, position) {
            (Ok(list), Ok(position)) => (list, position),
            (Err(lack), Ok(_)) | (Ok(_), Err(lack)) => return Err(lack),
            (Err(first), Err(second)) => return Err(first.join(second)),
        };
        let found = usize::try_from(position).ok().and_then(|position| list.get(position));
        match found {
            Some(element) => Ok(Cow::Owned(element.clone())),
            None => Err(EvaluationError::index(span, position, list.len()).into()),
        }
    }

    fn quantify(
        &mut self,
        kind: Quantifier,
        depth: usize,
        list: &'a Node,
        body: &'a Node,
    ) -> Evaluated<'a> {
        let list = self.elements(list)?;
        let mut lack: Option<Lack> = None;
        let mut found = 0_usize;
        self.variables.truncate(depth);
        for element in list.iter() {
            self.variables.push(element.clone());
            let holds = self.truth_of(body);
            self.variables.truncate(depth);
            match (kind, holds) {
                (Quantifier::All, Ok(false)) => return truth(false),
                (Quantifier::Exists, Ok(true)) => return truth(true),
                (_, Ok(holds)) => found += usize::from(holds),
                (_, Err(other)) => lack = Some(joined(lack, other)),
            }
        }
        // `exists_one` absorbs nothing: one element more or less changes it.
        lack.map_or_else(
            || {
                truth(match kind {
                    Quantifier::All => true,
                    Quantifier::Exists => false,
                    Quantifier::ExistsOne => found == 1,
                })
            },
            Err,
        )
    }
}

/// Arithmetic.
impl<'a> Evaluator<'a> {
    fn arithmetic(
        &mut self,
        operator: Arithmetic,
        left: &'a Node,
        right: &'a Node,
        span: Span,
    ) -> Evaluated<'a> {
        let (left, right) = self.both(left, right)?;
        let value = match (left.as_ref(), right.as_ref()) {
            (Value::Int(a), Value::Int(b)) => Value::Int(int_arithmetic(operator, *a, *b, span)?),
            (Value::Double(a), Value::Double(b)) => match operator {
                Arithmetic::Add => Value::Double(a + b),
                Arithmetic::Subtract => Value::Double(a - b),
                Arithmetic::Multiply => Value::Double(a * b),
                Arithmetic::Divide => Value::Double(a / b),
                Arithmetic::Remainder => return Err(EvaluationError::internal(span).into()),
            },
            (Value::String(a), Value::String(b)) => self.joined_text(a, b, span)?,
            (Value::List(a), Value::List(b)) => {
                self.spend((a.len() + b.len()) as u64, span)?;
                Value::List(a.iter().chain(b.iter()).cloned().collect())
            }
            (left, right) => time_arithmetic(operator, left, right, span)?,
        };
        Ok(Cow::Owned(value))
    }

    fn joined_text(&mut self, a: &str, b: &str, span: Span) -> Result<Value, EvaluationError> {
        let bytes = a.len().saturating_add(b.len());
        if bytes > limits::TEXT_BYTES_MAX {
            return Err(EvaluationError::text_too_long(span));
        }
        self.spend_text(bytes, span)?;
        let mut text = String::with_capacity(bytes);
        text.push_str(a);
        text.push_str(b);
        Ok(Value::String(Arc::from(text)))
    }
}

fn int_arithmetic(
    operator: Arithmetic,
    a: i64,
    b: i64,
    span: Span,
) -> Result<i64, EvaluationError> {
    int_between(operator, a, b).ok_or_else(|| match operator {
        Arithmetic::Divide | Arithmetic::Remainder if b == 0 => {
            EvaluationError::division_by_zero(span, operator.symbol())
        }
        _ => EvaluationError::overflow(span, operator.symbol()),
    })
}

/// None where there is no result, or none in 64 bits.
pub(super) fn int_between(operator: Arithmetic, a: i64, b: i64) -> Option<i64> {
    match operator {
        Arithmetic::Add => a.checked_add(b),
        Arithmetic::Subtract => a.checked_sub(b),
        Arithmetic::Multiply => a.checked_mul(b),
        Arithmetic::Divide => a.checked_div(b),
        Arithmetic::Remainder => a.checked_rem(b),
    }
}

fn time_arithmetic(
    operator: Arithmetic,
    left: &Value,
    right: &Value,
    span: Span,
) -> Result<Value, EvaluationError> {
    let timestamp = |at: Option<Timestamp>| {
        at.map(Value::Timestamp)
            .ok_or_else(|| EvaluationError::time_range(span, words::TIMESTAMPS_RANGE))
    };
    let duration = |long: Option<Duration>| {
        long.map(Value::Duration)
            .ok_or_else(|| EvaluationError::time_range(span, words::DURATIONS_RANGE))
    };
    match (operator, left, right) {
        (Arithmetic::Add, Value::Timestamp(at), Value::Duration(long))
        | (Arithmetic::Add, Value::Duration(long), Value::Timestamp(at)) => {
            timestamp(at.checked_add(*long))
        }
        (Arithmetic::Subtract, Value::Timestamp(at), Value::Duration(long)) => {
            timestamp(at.checked_sub(*long))
        }
        (Arithmetic::Subtract, Value::Timestamp(late), Value::Timestamp(early)) => {
            // The specification's suite wants the span between two instants to fit into 64 bits of
            // nanoseconds, about 292 years.
            let nanos = late.as_nanos() - early.as_nanos();
            duration(
                i64::try_from(nanos).ok().and_then(|nanos| Duration::from_nanos(i128::from(nanos))),
            )
        }
        (Arithmetic::Add, Value::Duration(a), Value::Duration(b)) => duration(a.checked_add(*b)),
        (Arithmetic::Subtract, Value::Duration(a), Value::Duration(b)) => {
            duration(a.checked_sub(*b))
        }
        _ => Err(EvaluationError::internal(span)),
    }
}

/// Functions.
impl<'a> Evaluator<'a> {
    fn call(&mut self, function: Function, arguments: &'a [Node], span: Span) -> Evaluated<'a> {
        // `size` of a set must not copy it.
        if let (Function::Size, [list]) = (function, arguments)
            && list.ty.is_list()
        {
            return Ok(Cow::Owned(int(self.elements(list)?.len())));
        }
        let values = self.all(arguments)?;
        let value = match (values.first(), values.get(1)) {
            (Some(first), None) => self.call_one(function, first, span)?,
            (Some(first), Some(second)) => self.call_two(function, first, second, span)?,
            (None, _) => return Err(EvaluationError::internal(span).into()),
        };
        Ok(Cow::Owned(value))
    }

    fn call_one(
        &mut self,
        function: Function,
        value: &Value,
        span: Span,
    ) -> Result<Value, EvaluationError> {
        if let Value::String(text) = value {
            self.spend_text(text.len(), span)?;
        }
        let failed = |target: &str| {
            EvaluationError::conversion(span, &convert::string(value).unwrap_or_default(), target)
        };
        match function {
            Function::Size => match value {
                Value::String(text) => Ok(int(text.chars().count())),
                _ => Err(EvaluationError::internal(span)),
            },
            Function::LowerAscii | Function::Trim => match value {
                Value::String(text) if function == Function::Trim => Ok(Value::string(text.trim())),
                Value::String(text) => Ok(Value::string(&text.to_ascii_lowercase())),
                _ => Err(EvaluationError::internal(span)),
            },
            Function::NoEntry => Err(EvaluationError::no_entry(span)),
            Function::ToInt => convert::int(value).map(Value::Int).ok_or_else(|| failed("int")),
            Function::ToDouble => {
                convert::double(value).map(Value::Double).ok_or_else(|| failed("double"))
            }
            Function::ToBool => convert::bool(value).map(Value::Bool).ok_or_else(|| failed("bool")),
            Function::ToTimestamp => {
                convert::timestamp(value).map(Value::Timestamp).ok_or_else(|| failed("timestamp"))
            }
            Function::ToDuration => match value {
                Value::Duration(_) => Ok(value.clone()),
                Value::String(text) => {
                    convert::duration(text).map(Value::Duration).ok_or_else(|| failed("duration"))
                }
                _ => Err(EvaluationError::internal(span)),
            },
            Function::ToString => match value {
                Value::String(_) => Ok(value.clone()),
                _ => convert::string(value)
                    .map(|text| Value::String(Arc::from(text)))
                    .ok_or_else(|| EvaluationError::internal(span)),
            },
            _ => match value {
                Value::Timestamp(at) => calendar_part(function, *at, &Zone::UTC, span),
                Value::Duration(long) => span_part(function, *long, span),
                _ => Err(EvaluationError::internal(span)),
            },
        }
    }

    fn call_two(
        &mut self,
        function: Function,
        first: &Value,
        second: &Value,
        span: Span,
    ) -> Result<Value, EvaluationError> {
        match (first, second) {
            (Value::String(text), Value::String(part)) => {
                self.spend_text(text.len().saturating_add(part.len()), span)?;
                match function {
                    Function::StartsWith => Ok(Value::Bool(text.starts_with(&**part))),
                    Function::EndsWith => Ok(Value::Bool(text.ends_with(&**part))),
                    Function::Contains => Ok(Value::Bool(text.contains(&**part))),
                    _ => Err(EvaluationError::internal(span)),
                }
            }
            (Value::Timestamp(at), Value::String(name)) => {
                let zone =
                    convert::zone_named(name).ok_or_else(|| EvaluationError::zone(span, name))?;
                calendar_part(function, *at, &zone, span)
            }
            _ => Err(EvaluationError::internal(span)),
        }
    }
}

fn calendar_part(
    function: Function,
    at: Timestamp,
    zone: &Zone,
    span: Span,
) -> Result<Value, EvaluationError> {
    let local: Local =
        zone.local(at).ok_or_else(|| EvaluationError::time_range(span, words::CALENDAR_RANGE))?;
    let part = match function {
        Function::GetFullYear => i64::from(local.year),
        Function::GetMonth => i64::from(local.month) - 1,
        Function::GetDate => i64::from(local.day),
        Function::GetDayOfMonth => i64::from(local.day) - 1,
        Function::GetDayOfWeek => i64::from(local.weekday_from_sunday),
        Function::GetDayOfYear => i64::from(local.day_of_year) - 1,
        Function::GetHours => i64::from(local.hour),
        Function::GetMinutes => i64::from(local.minute),
        Function::GetSeconds => i64::from(local.second),
        Function::GetMilliseconds => i64::from(local.nanosecond) / 1_000_000,
        _ => return Err(EvaluationError::internal(span)),
    };
    Ok(Value::Int(part))
}

/// Whole units of a span, cut off towards zero; milliseconds are those after the last whole second.
fn span_part(function: Function, long: Duration, span: Span) -> Result<Value, EvaluationError> {
    let nanos = long.as_nanos();
    let part = match function {
        Function::GetHours => nanos / 3_600_000_000_000,
        Function::GetMinutes => nanos / 60_000_000_000,
        Function::GetSeconds => nanos / 1_000_000_000,
        Function::GetMilliseconds => nanos / 1_000_000 % 1_000,
        _ => return Err(EvaluationError::internal(span)),
    };
    i64::try_from(part)
        .map(Value::Int)
        .map_err(|_| EvaluationError::overflow(span, function.name()))
}

/// The elements of a list, wherever they are.
enum Elements<'a> {
    Borrowed(&'a [Value]),
    Shared(Arc<[Value]>),
}

impl std::ops::Deref for Elements<'_> {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        match self {
            Self::Borrowed(elements) => elements,
            Self::Shared(elements) => elements,
        }
    }
}

fn joined(lack: Option<Lack>, other: Lack) -> Lack {
    match lack {
        Some(lack) => lack.join(other),
        None => other,
    }
}

fn truth<'a>(truth: bool) -> Evaluated<'a> {
    Ok(Cow::Owned(Value::Bool(truth)))
}

fn int(count: usize) -> Value {
    Value::Int(int_of(count))
}

pub(super) fn int_of(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
