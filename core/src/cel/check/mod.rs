//! What do the names mean, and do the types fit?
//!
//! In: the untyped tree and the environment. Out: the typed tree, the only one that is evaluated
//! and compiled. A literal that is compared with an attribute must be one of the attribute's
//! values. Constant arithmetic and conversions are folded.

mod calls;
mod checker;
mod make;
mod names;
mod types;
mod values;

use self::checker::Checker;
use self::make::{dotted, folded, literal, node};
use self::types::{arithmetic_type, fits, is_nothing, unify};
pub(super) use self::values::check_member;
use self::values::timestamp_meant;
use super::environment::{Environment, NamedCondition};
use super::error::ExpressionError;
use super::node::{Arithmetic, Comparison, Node, NodeKind, Reads, Span};
use super::slips;
use super::table::{self, NamedTable};
use super::tree::{Syntax, SyntaxKind};
use crate::limits;
use crate::value::{Scalar, Type, Value};

/// The typed tree and what it reads.
pub(super) fn check(
    source: &str,
    syntax: &Syntax<'_>,
    environment: &Environment<'_>,
    conditions: &[NamedCondition],
    tables: &[NamedTable],
) -> Result<(Node, Reads), ExpressionError> {
    let mut checker = Checker {
        source,
        environment,
        conditions,
        tables,
        has_tables: false,
        expanded: 0,
        scope: Vec::new(),
        reads: Reads::default(),
        errors: Vec::new(),
    };
    let checked = checker.check(syntax);
    checker.errors.extend(checked.as_ref().err().cloned());
    match (ExpressionError::of_all(checker.errors), checked) {
        (Some(errors), _) | (None, Err(errors)) => Err(errors),
        (None, Ok(root)) if is_nothing(root.ty) => Err(ExpressionError::no_type(root.span)),
        (None, Ok(root)) if checker.has_tables => {
            let span = root.span;
            match table::lift(root, limits::EXPRESSION_NODES_MAX) {
                Some(root) if is_too_deep(&root) => Err(ExpressionError::too_deep(span)),
                Some(root) => Ok((root, checker.reads)),
                None => Err(ExpressionError::too_many_nodes(span)),
            }
        }
        (None, Ok(root)) if checker.expanded > 0 && is_too_deep(&root) => {
            Err(ExpressionError::too_deep(root.span))
        }
        (None, Ok(root)) => Ok((root, checker.reads)),
    }
}

/// Whether a tree nests deeper than those who walk it can take.
fn is_too_deep(root: &Node) -> bool {
    let mut open = vec![(root, 1_usize)];
    while let Some((node, depth)) = open.pop() {
        if depth > limits::EXPRESSION_DEPTH_MAX {
            return true;
        }
        node.for_each_part(&mut |part| open.push((part, depth + 1)));
    }
    false
}

impl Checker<'_> {
    /// The typed node. In place of one that is refused stands a node that fits everything, so that
    /// the rest is checked too; the error is kept. An error here ends the check.
    fn check(&mut self, syntax: &Syntax<'_>) -> Result<Node, ExpressionError> {
        match self.check_kind(syntax) {
            // LIMIT: a search for the nearest name each.
            Err(error) if self.errors.len() + 1 < limits::EXPRESSION_ERRORS_MAX => {
                self.errors.push(error);
                Ok(node(NodeKind::List(Vec::new()), Type::scalar(Scalar::Nothing), syntax.span))
            }
            checked => checked,
        }
    }

    fn check_kind(&mut self, syntax: &Syntax<'_>) -> Result<Node, ExpressionError> {
        let span = syntax.span;
        match &syntax.kind {
            SyntaxKind::Literal(value) => Ok(literal(value.clone(), span)),
            SyntaxKind::Name { path, from_root } => self.check_name(path, *from_root, span),
            SyntaxKind::Select { operand, member } => self.check_select(operand, member),
            SyntaxKind::Call { receiver, name, arguments } => {
                self.check_call(receiver.as_deref(), name, arguments, span)
            }
            SyntaxKind::Index { list, position } => self.check_index(list, position, span),
            SyntaxKind::List(elements) => self.check_list(elements, span),
            SyntaxKind::Not { times, operand } => self.check_not(*times, operand, span),
            SyntaxKind::Negate { times, operand } => self.check_negate(*times, operand, span),
            SyntaxKind::And(parts) => Ok(node(
                NodeKind::And(self.check_bools(parts, "a side of `&&`")?),
                Type::BOOL,
                span,
            )),
            SyntaxKind::Or(parts) => {
                Ok(node(NodeKind::Or(self.check_bools(parts, "a side of `||`")?), Type::BOOL, span))
            }
            SyntaxKind::Conditional(parts) => self.check_conditional(parts, span),
            SyntaxKind::Compare { operator, sides } => self.check_compare(*operator, sides, span),
            SyntaxKind::In(sides) => self.check_in(sides, span),
            SyntaxKind::Arithmetic { operator, sides } => {
                self.check_arithmetic(*operator, sides, span)
            }
        }
    }

    fn check_bool(&mut self, syntax: &Syntax<'_>, what: &str) -> Result<Node, ExpressionError> {
        let checked = self.check(syntax)?;
        match fits(checked.ty, Type::BOOL) {
            true => Ok(checked),
            false => Err(ExpressionError::not_bool(checked.span, what, checked.ty)),
        }
    }

    fn check_bools(
        &mut self,
        parts: &[Syntax<'_>],
        what: &str,
    ) -> Result<Vec<Node>, ExpressionError> {
        let operator = if what.contains("||") { "||" } else { "&&" };
        let check = |(number, part): (usize, &Syntax<'_>)| {
            let before = number.checked_sub(1).and_then(|before| parts.get(before));
            self.check_bool(part, what).map_err(|error| match before.map(|before| &before.kind) {
                // `a == "x" || "y"`.
                Some(SyntaxKind::Compare { operator: compared, sides })
                    if error.code() == "cel/not-bool"
                        && matches!(part.kind, SyntaxKind::Literal(_))
                        && matches!(
                            (operator, compared),
                            ("||", Comparison::Equal) | ("&&", Comparison::NotEqual)
                        ) =>
                {
                    let [what, value] = [&sides[0], &sides[1]].map(|side| self.written(side.span));
                    error.one_of_several(what, [value, self.written(part.span)], operator)
                }
                _ => error,
            })
        };
        parts.iter().enumerate().map(check).collect()
    }

    fn check_not(
        &mut self,
        times: usize,
        operand: &Syntax<'_>,
        span: Span,
    ) -> Result<Node, ExpressionError> {
        let operand = self.check_bool(operand, "what `!` turns around")?;
        match times % 2 {
            0 => Ok(Node { span, ..operand }),
            _ => Ok(node(NodeKind::Not(Box::new(operand)), Type::BOOL, span)),
        }
    }

    fn check_negate(
        &mut self,
        times: usize,
        operand: &Syntax<'_>,
        span: Span,
    ) -> Result<Node, ExpressionError> {
        let operand = self.check(operand)?;
        if !fits(operand.ty, Type::INT) && !fits(operand.ty, Type::DOUBLE) {
            return Err(ExpressionError::wrong_operand(span, "-", operand.ty));
        }
        if times.is_multiple_of(2) {
            return Ok(Node { span, ..operand });
        }
        let ty = operand.ty;
        Ok(folded(node(NodeKind::Negate(Box::new(operand)), ty, span)))
    }

    fn check_conditional(
        &mut self,
        parts: &[Syntax<'_>; 3],
        span: Span,
    ) -> Result<Node, ExpressionError> {
        let [condition, then, otherwise] = parts;
        let condition = self.check_bool(condition, "the condition of `?:`")?;
        let (then, otherwise) = (self.check(then)?, self.check(otherwise)?);
        let ty = unify(then.ty, otherwise.ty).ok_or_else(|| {
            ExpressionError::branches_differ(otherwise.span, then.ty, otherwise.ty)
        })?;
        Ok(node(NodeKind::Conditional(Box::new([condition, then, otherwise])), ty, span))
    }

    fn check_compare(
        &mut self,
        operator: Comparison,
        sides: &[Syntax<'_>; 2],
        span: Span,
    ) -> Result<Node, ExpressionError> {
        let [first, second] = sides;
        let (left, right) = (self.check(first)?, self.check(second)?);
        let Some(ty) = unify(left.ty, right.ty) else {
            let error = ExpressionError::mismatch(span, operator.symbol(), left.ty, right.ty);
            return Err(match &first.kind {
                // As one writes it on paper.
                SyntaxKind::Compare { operator: before, sides } => {
                    let [low, middle] = [&sides[0], &sides[1]].map(|side| self.written(side.span));
                    error.chained([
                        low,
                        before.symbol(),
                        middle,
                        operator.symbol(),
                        self.written(second.span),
                    ])
                }
                _ => self.written_otherwise(error, &left, &right),
            });
        };
        if matches!(operator, Comparison::Equal | Comparison::NotEqual) {
            self.check_values(&left, &right, span)?;
        } else if ty.is_list() {
            return Err(ExpressionError::wrong_operand(span, operator.symbol(), ty));
        }
        Ok(node(
            NodeKind::Compare { operator, left: Box::new(left), right: Box::new(right) },
            Type::BOOL,
            span,
        ))
    }

    /// The words that an attribute can be, if they are a short list.
    fn words_of(&self, value: &Node) -> Option<String> {
        const LISTED_MAX: usize = 8;
        let NodeKind::Attribute(id) = value.kind else { return None };
        let choices = self.environment.schema.attribute(id).choices()?;
        let words: Vec<String> =
            choices.iter().map(|choice| format!("`\"{}\"`", choice.name)).collect();
        (words.len() <= LISTED_MAX).then(|| format!("write one of {}", words.join(", ")))
    }

    /// Says how a literal beside a value of another type is written, where that is likely.
    fn written_otherwise(
        &self,
        error: ExpressionError,
        left: &Node,
        right: &Node,
    ) -> ExpressionError {
        let help = [(left, right), (right, left)].into_iter().find_map(|(value, literal)| {
            match (&literal.kind, value.ty) {
                (NodeKind::Literal(Value::String(text)), ty) => slips::text_for(text, ty),
                // A flag beside one word of a list.
                (NodeKind::Literal(Value::Bool(_)), Type::STRING) => self.words_of(value),
                (NodeKind::Literal(Value::Int(number)), Type::STRING) => {
                    Some(format!("write `\"{number}\"` in quotes"))
                }
                (NodeKind::Literal(Value::Int(number)), Type::TIMESTAMP) => {
                    let meant = timestamp_meant(self.written(literal.span), *number)?;
                    Some(format!("write `timestamp(\"{meant}\")`"))
                }
                _ => None,
            }
        });
        match (help, [left, right].map(|side| (side.ty, &side.kind))) {
            (Some(help), _) => error.written_as(help),
            (None, [(Type::DURATION, _), (Type::INT, NodeKind::Literal(Value::Int(days)))])
            | (None, [(Type::INT, NodeKind::Literal(Value::Int(days))), (Type::DURATION, _)]) => {
                error.days(Some(*days))
            }
            _ => error,
        }
    }

    fn check_in(&mut self, sides: &[Syntax<'_>; 2], span: Span) -> Result<Node, ExpressionError> {
        let [item, list] = sides;
        let written = [item, list].map(|side| self.written(side.span));
        let (item, list) = (self.check(item)?, self.check(list)?);
        let fit = is_nothing(list.ty)
            || list.ty.element().is_some_and(|element| unify(item.ty, element).is_some());
        if !fit {
            let error = ExpressionError::mismatch(span, "in", item.ty, list.ty);
            return Err(if item.ty == list.ty && item.ty.is_list() {
                error.list_in_list(written)
            } else {
                error
            });
        }
        self.check_values(&item, &list, span)?;
        Ok(node(NodeKind::In { item: Box::new(item), list: Box::new(list) }, Type::BOOL, span))
    }

    fn check_arithmetic(
        &mut self,
        operator: Arithmetic,
        sides: &[Syntax<'_>; 2],
        span: Span,
    ) -> Result<Node, ExpressionError> {
        if operator == Arithmetic::Subtract
            && let Some(error) = self.name_with_hyphens(span)
        {
            return Err(error);
        }
        let [left, right] = sides;
        let (left, right) = (self.check(left)?, self.check(right)?);
        let ty = arithmetic_type(operator, left.ty, right.ty);
        let ty = ty.ok_or_else(|| {
            let error = ExpressionError::mismatch(span, operator.symbol(), left.ty, right.ty);
            match [&left, &right].map(|side| (side.ty.base, &side.kind)) {
                [(Scalar::Timestamp | Scalar::Duration, _), (Scalar::Int, kind)]
                | [(Scalar::Int, kind), (Scalar::Timestamp | Scalar::Duration, _)] => {
                    error.days(if let NodeKind::Literal(Value::Int(days)) = kind {
                        Some(*days)
                    } else {
                        None
                    })
                }
                // `send_at + "1h"`.
                [
                    (Scalar::Timestamp, _),
                    (Scalar::String, NodeKind::Literal(Value::String(text))),
                ] => match slips::duration(text) {
                    Some(span) => error.written_as(format!("write `{span}`")),
                    None => self.written_otherwise(error, &left, &right),
                },
                _ => error,
            }
        })?;
        Ok(folded(node(
            NodeKind::Arithmetic { operator, left: Box::new(left), right: Box::new(right) },
            ty,
            span,
        )))
    }

    /// `sets.alcohol-countries`, as the pack writes the name, which here is a subtraction.
    fn name_with_hyphens(&self, span: Span) -> Option<ExpressionError> {
        let written = self.written(span);
        let (of, name) = written.split_once('.')?;
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if !name.chars().all(is_name) {
            return None;
        }
        let meant = name.replace('-', "_");
        let is = |known: &str| {
            known == meant || known.strip_suffix(&*meant).is_some_and(|pack| pack.ends_with('.'))
        };
        match of {
            "sets" => self
                .environment
                .sets
                .iter()
                .map(|set| set.name.replace('-', "_"))
                .find(|known| is(known))
                .map(|known| ExpressionError::unknown_set(span, name, Some(&known))),
            "tables" => self
                .tables
                .iter()
                .find(|table| is(&table.declaration.name))
                .map(|known| &known.declaration.name)
                .map(|known| ExpressionError::unknown_table(span, name, Some(known))),
            "conditions" => self
                .conditions
                .iter()
                .find(|condition| is(&condition.name))
                .map(|known| ExpressionError::unknown_condition(span, name, Some(&known.name))),
            _ => None,
        }
    }

    fn check_list(&mut self, elements: &[Syntax<'_>], span: Span) -> Result<Node, ExpressionError> {
        let mut ty = Type::scalar(Scalar::Nothing);
        let mut checked = Vec::with_capacity(elements.len());
        for element in elements {
            let element = self.check(element)?;
            ty = unify(ty, element.ty)
                .ok_or_else(|| ExpressionError::elements_differ(element.span, ty, element.ty))?;
            checked.push(element);
        }
        if ty.lists >= limits::LIST_NESTING_MAX {
            return Err(ExpressionError::list_too_nested(span));
        }
        Ok(node(NodeKind::List(checked), ty.list(), span))
    }

    fn check_index(
        &mut self,
        list: &Syntax<'_>,
        position: &Syntax<'_>,
        span: Span,
    ) -> Result<Node, ExpressionError> {
        if let (SyntaxKind::Name { path, .. }, SyntaxKind::Literal(Value::String(member))) =
            (&list.kind, &position.kind)
        {
            let path = format!("{}.{member}", dotted(path));
            return Err(ExpressionError::indexed_by_name(position.span, &path));
        }
        let (list, position) = (self.check(list)?, self.check(position)?);
        let element = self.element_type(&list, "[…]")?;
        if !fits(position.ty, Type::INT) {
            return Err(ExpressionError::wrong_operand(position.span, "[…]", position.ty));
        }
        Ok(node(
            NodeKind::Index { list: Box::new(list), position: Box::new(position) },
            element,
            span,
        ))
    }

    fn element_type(&self, list: &Node, operator: &str) -> Result<Type, ExpressionError> {
        if is_nothing(list.ty) {
            return Ok(list.ty);
        }
        list.ty.element().ok_or_else(|| ExpressionError::not_a_list(list.span, operator, list.ty))
    }
}
