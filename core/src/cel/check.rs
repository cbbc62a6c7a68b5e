//! What do the names mean, and do the types fit?
//!
//! In: the untyped tree and the environment. Out: the typed tree, the only one that is evaluated
//! and compiled. A literal that is compared with an attribute must be one of the attribute's
//! values. Constant arithmetic and conversions are folded.

use std::sync::Arc;

use super::convert;
use super::environment::{Environment, NamedCondition};
use super::error::ExpressionError;
use super::evaluate::constant;
use super::functions::{Call, Function, is_type_name, unsupported_family, unsupported_namespace};
use super::node::{
    Arithmetic, Comparison, Expression, Membership, Node, NodeKind, Quantifier, Reads, SetId, Span,
    VariableIdx,
};
use super::slips;
use super::table::{self, NamedTable};
use super::tree::{Syntax, SyntaxKind, Word};
use crate::form;
use crate::limits;
use crate::schema::{AttributeId, Form, Origin, Schema};
use crate::suggest;
use crate::time::Timestamp;
use crate::value::{Scalar, Type, Value};

/// The typed tree and what it reads.
pub(super) fn check(
    source: &str,
    syntax: &Syntax,
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

struct Checker<'a> {
    source: &'a str,
    environment: &'a Environment<'a>,
    /// What `conditions.NAME` stands for.
    conditions: &'a [NamedCondition],
    /// What `tables.NAME` stands for.
    tables: &'a [NamedTable],
    /// Whether one of them was put in its place.
    has_tables: bool,
    /// The nodes of named conditions that were put in their place so far.
    expanded: usize,
    /// The variables of the macros around the current node, outermost first.
    scope: Vec<Variable>,
    reads: Reads,
    /// What was refused so far.
    errors: Vec<ExpressionError>,
}

/// Puts a tree to a place within as many macros: how many nodes it has.
fn settle(node: &mut Node, span: Span, macros: usize) -> usize {
    node.span = span;
    let within = |variable: &mut VariableIdx| {
        variable.0 = variable.0.saturating_add(u8::try_from(macros).unwrap_or(u8::MAX));
    };
    if let NodeKind::Variable(variable) | NodeKind::Quantifier { variable, .. } = &mut node.kind {
        within(variable);
    }
    let mut nodes = 1_usize;
    node.for_each_part_mut(&mut |part| nodes = nodes.saturating_add(settle(part, span, macros)));
    nodes
}

struct Variable {
    name: String,
    ty: Type,
    /// The attribute whose elements it runs over.
    domain: Option<AttributeId>,
}

impl Checker<'_> {
    /// The typed node. In place of one that is refused stands a node that fits everything, so that
    /// the rest is checked too; the error is kept. An error here ends the check.
    fn check(&mut self, syntax: &Syntax) -> Result<Node, ExpressionError> {
        match self.check_kind(syntax) {
            // LIMIT: a search for the nearest name each.
            Err(error) if self.errors.len() + 1 < limits::EXPRESSION_ERRORS_MAX => {
                self.errors.push(error);
                Ok(node(NodeKind::List(Vec::new()), Type::scalar(Scalar::Nothing), syntax.span))
            }
            checked => checked,
        }
    }

    fn check_kind(&mut self, syntax: &Syntax) -> Result<Node, ExpressionError> {
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

    fn check_bool(&mut self, syntax: &Syntax, what: &str) -> Result<Node, ExpressionError> {
        let checked = self.check(syntax)?;
        match fits(checked.ty, Type::BOOL) {
            true => Ok(checked),
            false => Err(ExpressionError::not_bool(checked.span, what, checked.ty)),
        }
    }

    fn check_bools(&mut self, parts: &[Syntax], what: &str) -> Result<Vec<Node>, ExpressionError> {
        let operator = if what.contains("||") { "||" } else { "&&" };
        let check = |(number, part): (usize, &Syntax)| {
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
        operand: &Syntax,
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
        operand: &Syntax,
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
        parts: &[Syntax; 3],
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
        sides: &[Syntax; 2],
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

    fn check_in(&mut self, sides: &[Syntax; 2], span: Span) -> Result<Node, ExpressionError> {
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
        sides: &[Syntax; 2],
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

    fn check_list(&mut self, elements: &[Syntax], span: Span) -> Result<Node, ExpressionError> {
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
        list: &Syntax,
        position: &Syntax,
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

/// Names.
impl<'a> Checker<'a> {
    /// A part of the source.
    fn written(&self, span: Span) -> &'a str {
        self.source.get(span.range()).unwrap_or_default()
    }

    fn check_name(
        &mut self,
        path: &[Word],
        from_root: bool,
        span: Span,
    ) -> Result<Node, ExpressionError> {
        let Some(first) = path.first() else {
            return Err(ExpressionError::unknown_attribute(span, "", None));
        };
        if let Some(index) =
            self.scope.iter().rposition(|variable| variable.name == first.text && !from_root)
        {
            if path.len() > 1 {
                return Err(ExpressionError::hidden_by_variable(span, &first.text, &dotted(path)));
            }
            let ty =
                self.scope.get(index).map_or(Type::scalar(Scalar::Nothing), |variable| variable.ty);
            return Ok(node(
                NodeKind::Variable(VariableIdx(u8::try_from(index).unwrap_or(u8::MAX))),
                ty,
                span,
            ));
        }
        if first.text == "sets" {
            return self.check_set(path.get(1..).unwrap_or_default(), span);
        }
        if first.text == "conditions" {
            return self.check_named(path.get(1..).unwrap_or_default(), span);
        }
        if first.text == "tables" {
            return self.check_table(path.get(1..).unwrap_or_default(), span);
        }
        let id = self.attribute(path, span)?;
        Ok(node(NodeKind::Attribute(id), self.environment.schema.attribute(id).ty, span))
    }

    fn check_set(&mut self, name: &[Word], span: Span) -> Result<Node, ExpressionError> {
        let names: Vec<String> =
            self.environment.sets.iter().map(|set| set.name.replace('-', "_")).collect();
        if name.is_empty() {
            return Err(ExpressionError::bare_sets(span, names.first().map(String::as_str)));
        }
        let wanted = dotted(name);
        let found = names
            .iter()
            .position(|name| *name == wanted)
            .and_then(|index| u16::try_from(index).ok())
            .map(SetId);
        let Some(id) = found else {
            // Of two sets of one name, each is named with its pack.
            let of_pack = names
                .iter()
                .find(|name| name.strip_suffix(&*wanted).is_some_and(|pack| pack.ends_with('.')));
            let nearest = of_pack
                .map(String::as_str)
                .or_else(|| suggest::nearest(&wanted, names.iter().map(String::as_str)));
            return Err(ExpressionError::unknown_set(span, &wanted, nearest));
        };
        let element =
            self.environment.sets.get(usize::from(id.0)).map_or(Type::STRING, |set| set.element);
        self.reads.sets.insert(id);
        Ok(node(NodeKind::Set(id), element.list(), span))
    }

    /// What a named condition stands for, where its name stands.
    fn check_named(&mut self, name: &[Word], span: Span) -> Result<Node, ExpressionError> {
        let conditions = self.conditions;
        let wanted = dotted(name);
        let Some(named) = conditions.iter().find(|condition| *condition.name == *wanted) else {
            let nearest = suggest::nearest(&wanted, conditions.iter().map(|named| &*named.name));
            return Err(ExpressionError::unknown_condition(span, &wanted, nearest));
        };
        self.stand_in(&named.expression, span)
    }

    /// What a table comes to, where its name stands.
    fn check_table(&mut self, name: &[Word], span: Span) -> Result<Node, ExpressionError> {
        let tables = self.tables;
        let wanted = dotted(name);
        let Some(named) = tables.iter().find(|table| *table.declaration.name == *wanted) else {
            let names = tables.iter().map(|table| &*table.declaration.name);
            return Err(ExpressionError::unknown_table(
                span,
                &wanted,
                suggest::nearest(&wanted, names),
            ));
        };
        self.has_tables = true;
        self.stand_in(&named.expression, span)
    }

    /// Puts an expression in the place of its name.
    fn stand_in(&mut self, expression: &Expression, span: Span) -> Result<Node, ExpressionError> {
        let Reads { attributes, sets, memberships, paths } = &expression.reads;
        self.reads.attributes.extend(attributes);
        self.reads.sets.extend(sets);
        self.reads
            .memberships
            .extend(memberships.iter().map(|membership| Membership { span, ..*membership }));
        for path in paths {
            if !self.reads.paths.iter().any(|(id, _)| *id == path.0) {
                self.reads.paths.push(path.clone());
            }
        }
        let mut root = expression.root.clone();
        // LIMIT: names that stand for names would double the tree with each.
        self.expanded = self.expanded.saturating_add(settle(&mut root, span, self.scope.len()));
        if self.expanded > limits::EXPRESSION_NODES_MAX {
            return Err(ExpressionError::too_many_nodes(span));
        }
        Ok(root)
    }

    fn attribute(&mut self, path: &[Word], span: Span) -> Result<AttributeId, ExpressionError> {
        let schema = self.environment.schema;
        let written = dotted(path);
        let Some(id) = schema.id(&written) else {
            return Err(unknown_name(schema, &self.scope, path, &written, span));
        };
        if self.reads.attributes.insert(id) {
            self.reads.paths.push((id, Arc::clone(&schema.attribute(id).path)));
        }
        Ok(id)
    }

    fn check_select(&mut self, operand: &Syntax, member: &Word) -> Result<Node, ExpressionError> {
        let before = self.errors.len();
        let operand = self.check(operand)?;
        if self.errors.len() > before {
            return Ok(operand);
        }
        let written = self.source.get(operand.span.range()).unwrap_or_default();
        Err(ExpressionError::no_members(member.span, written, operand.ty, &member.text))
    }
}

/// Why a name that is no attribute is refused.
fn unknown_name(
    schema: &Schema,
    scope: &[Variable],
    path: &[Word],
    written: &str,
    span: Span,
) -> ExpressionError {
    const EXAMPLES_MAX: usize = 3;
    const STEM: usize = 6;
    let below =
        |path: &str, name: &str| path.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
    if let Some(collection) = schema
        .collections()
        .iter()
        .find(|list| *list.path == *written || below(written, &list.path))
    {
        let root = collection.path.split('.').next().unwrap_or_default();
        let derived = schema.iter().filter(|(_, attribute)| {
            attribute.origin == Origin::Derived && below(&attribute.path, root)
        });
        let mut derived: Vec<&str> = derived.map(|(_, attribute)| &*attribute.path).collect();
        // Those first that are named after the list: `account.restricted_all` for
        // `account.restrictions`.
        let stem: String = collection.path.chars().take(root.len() + 1 + STEM).collect();
        derived.sort_by_key(|path| !path.starts_with(&stem));
        derived.truncate(EXAMPLES_MAX);
        return ExpressionError::collection(span, &collection.path, &derived);
    }
    let members = schema.iter_by_path().map(|(_, attribute)| &*attribute.path);
    let members: Vec<&str> =
        members.filter(|path| below(path, written)).take(EXAMPLES_MAX).collect();
    if !members.is_empty() {
        return ExpressionError::attribute_prefix(span, written, &members);
    }
    if let Some((_, attribute)) =
        schema.iter().find(|(_, attribute)| below(written, &attribute.path))
    {
        let member = written.get(attribute.path.len() + 1..).unwrap_or_default();
        return ExpressionError::no_members(span, &attribute.path, attribute.ty, member);
    }
    match path {
        [word] if is_type_name(&word.text) => {
            ExpressionError::unsupported(span, &word.text, "types as values")
        }
        [word, ..] if unsupported_namespace(&word.text).is_some() => ExpressionError::unsupported(
            span,
            written,
            unsupported_namespace(&word.text).unwrap_or_default(),
        ),
        _ => {
            let variables = scope.iter().map(|variable| variable.name.as_str());
            let nearest = schema.nearest(written).or_else(|| suggest::nearest(written, variables));
            match (path, nearest) {
                ([word], _) if is_clock(&word.text) => {
                    ExpressionError::unknown_attribute(span, written, None).no_clock()
                }
                ([_], None) => ExpressionError::unknown_word(span, written),
                ([first, ..], None) if first.text == "x" => {
                    ExpressionError::undeclared(span, written)
                }
                _ => ExpressionError::unknown_attribute(span, written, nearest),
            }
        }
    }
}

/// Functions and macros.
impl Checker<'_> {
    fn check_call(
        &mut self,
        receiver: Option<&Syntax>,
        name: &Word,
        arguments: &[Syntax],
        span: Span,
    ) -> Result<Node, ExpressionError> {
        let quantifier = match name.text.as_str() {
            "all" => Some(Quantifier::All),
            "exists" => Some(Quantifier::Exists),
            "exists_one" => Some(Quantifier::ExistsOne),
            _ => None,
        };
        match (quantifier, receiver) {
            (Some(kind), Some(list)) => {
                return self.check_quantifier(kind, list, name, arguments, span);
            }
            (Some(kind), None) => {
                let right = format!("list.{}(item, …)", kind.name());
                let error = ExpressionError::wrong_call_form(name.span, kind.name(), &right);
                return Err(match (kind, arguments) {
                    (Quantifier::Exists, [Syntax { kind: SyntaxKind::Name { path, .. }, .. }]) => {
                        error.asks_has(&dotted(path))
                    }
                    _ => error,
                });
            }
            (None, None) if name.text == "has" => return self.check_has(arguments, span),
            (None, _) => {}
        }
        if let Some(Syntax { kind: SyntaxKind::Name { path, .. }, .. }) = receiver
            && let Some(first) = path.first()
            && let Some(family) = unsupported_namespace(&first.text)
            && !self.scope.iter().any(|variable| variable.name == first.text)
        {
            return Err(ExpressionError::unsupported(
                span,
                &format!("{}.{}", dotted(path), name.text),
                family,
            ));
        }
        // Other CELs' second name of it; with three arguments it is another macro.
        if name.text == "existsOne" && arguments.len() != 3 {
            return Err(ExpressionError::unknown_function(
                name.span,
                &name.text,
                Some(Quantifier::ExistsOne.name()),
            ));
        }
        match Function::named(&name.text) {
            Some(function) => self.check_function(function, receiver, name, arguments, span),
            None => match unsupported_family(&name.text) {
                Some(family) => Err(ExpressionError::unsupported(name.span, &name.text, family)),
                None if is_clock(&name.text) => {
                    Err(ExpressionError::unknown_function(name.span, &name.text, None).no_clock())
                }
                None => Err(self.unknown_function(receiver, name, arguments)),
            },
        }
    }

    fn unknown_function(
        &self,
        receiver: Option<&Syntax>,
        name: &Word,
        arguments: &[Syntax],
    ) -> ExpressionError {
        let nearest = suggest::nearest(&name.text, Function::names());
        let written: Vec<&str> =
            arguments.iter().map(|argument| self.written(argument.span)).collect();
        let receiver = receiver.map(|receiver| self.written(receiver.span));
        match slips::function(&name.text, receiver, &written) {
            Some(help) => ExpressionError::foreign_function(name.span, &name.text, help),
            None => ExpressionError::unknown_function(name.span, &name.text, nearest),
        }
    }

    fn check_function(
        &mut self,
        function: Function,
        receiver: Option<&Syntax>,
        name: &Word,
        arguments: &[Syntax],
        span: Span,
    ) -> Result<Node, ExpressionError> {
        match (function.call(), receiver) {
            (Call::Method, None) => {
                let written = |argument: Option<&Syntax>, otherwise| {
                    argument.map_or(otherwise, |argument| self.written(argument.span))
                };
                let right = format!(
                    "{}.{}({})",
                    written(arguments.first(), "value"),
                    function.name(),
                    written(arguments.get(1), ""),
                );
                return Err(ExpressionError::wrong_call_form(name.span, function.name(), &right));
            }
            (Call::Plain, Some(receiver)) => {
                let right = format!("{}({})", function.name(), self.written(receiver.span));
                return Err(ExpressionError::wrong_call_form(name.span, function.name(), &right));
            }
            _ => {}
        }
        let mut checked = Vec::with_capacity(arguments.len() + 1);
        for argument in receiver.into_iter().chain(arguments) {
            checked.push(self.check(argument)?);
        }
        let types: Vec<Type> = checked.iter().map(|argument| argument.ty).collect();
        let ty = function.result(&types);
        let ty = ty.ok_or_else(|| {
            let error =
                ExpressionError::wrong_arguments(span, function.name(), function.takes(), &types);
            match (function, types.as_slice(), checked.as_slice()) {
                (
                    Function::Contains | Function::StartsWith | Function::EndsWith,
                    [of, _],
                    [list, part],
                ) if of.is_list() => {
                    error.of_list(function.name(), self.written(list.span), self.written(part.span))
                }
                (Function::ToDuration, [Type::INT], [number]) => error.days(match number.kind {
                    NodeKind::Literal(Value::Int(days)) => Some(days),
                    _ => None,
                }),
                _ => error,
            }
        })?;
        if let (
            Function::ToTimestamp,
            Some(Node { kind: NodeKind::Literal(Value::Int(seconds)), span, .. }),
        ) = (function, checked.first())
        {
            let written = self.written(*span);
            return Err(ExpressionError::number_as_timestamp(
                *span,
                written,
                *seconds,
                timestamp_meant(written, *seconds),
            ));
        }
        check_text(function, &checked)?;
        Ok(folded(node(NodeKind::Call { function, arguments: checked }, ty, span)))
    }

    fn check_has(&mut self, arguments: &[Syntax], span: Span) -> Result<Node, ExpressionError> {
        let [argument] = arguments else {
            return Err(ExpressionError::wrong_arguments(
                span,
                "has",
                "the path of one attribute",
                &[],
            ));
        };
        let written = self.source.get(argument.span.range()).unwrap_or_default();
        let SyntaxKind::Name { path, from_root } = &argument.kind else {
            let error = ExpressionError::has_argument(argument.span, written);
            return Err(match &argument.kind {
                SyntaxKind::Literal(Value::String(path))
                    if self.environment.schema.id(path).is_some() =>
                {
                    error.in_quotes(path)
                }
                _ => error,
            });
        };
        match self.check_name(path, *from_root, argument.span)?.kind {
            NodeKind::Attribute(id) => Ok(node(NodeKind::Has(id), Type::BOOL, span)),
            _ => Err(ExpressionError::has_argument(argument.span, written)),
        }
    }

    fn check_quantifier(
        &mut self,
        kind: Quantifier,
        list: &Syntax,
        name: &Word,
        arguments: &[Syntax],
        span: Span,
    ) -> Result<Node, ExpressionError> {
        let (variable, body) = match arguments {
            [variable, body] => (variable, body),
            [_, _, _] => {
                return Err(ExpressionError::unsupported(
                    name.span,
                    kind.name(),
                    "macros with two variables",
                ));
            }
            _ => {
                let right = format!("list.{}(item, …)", kind.name());
                let error = ExpressionError::wrong_call_form(name.span, kind.name(), &right);
                return Err(match (kind, arguments, &list.kind) {
                    (Quantifier::Exists, [], SyntaxKind::Name { path, .. }) => {
                        error.asks_has(&dotted(path))
                    }
                    _ => error,
                });
            }
        };
        let variable_name = match &variable.kind {
            SyntaxKind::Name { path, from_root: false } if path.len() == 1 => dotted(path),
            _ => {
                let written = self.source.get(variable.span.range()).unwrap_or_default();
                return Err(ExpressionError::bad_variable(variable.span, written));
            }
        };
        let list = self.check(list)?;
        let ty = self.element_type(&list, kind.name())?;
        let domain = self.domain(&list);
        let index = u8::try_from(self.scope.len()).map_err(|_| ExpressionError::too_deep(span))?;
        self.scope.push(Variable { name: variable_name, ty, domain });
        let body = self.check_bool(body, "what is asked of each element");
        self.scope.pop();
        let kind = NodeKind::Quantifier {
            kind,
            variable: VariableIdx(index),
            list: Box::new(list),
            body: Box::new(body?),
        };
        Ok(node(kind, Type::BOOL, span))
    }
}

/// Whether a name asks for the current time, which rules cannot read.
fn is_clock(name: &str) -> bool {
    matches!(
        name,
        "now"
            | "Now"
            | "NOW"
            | "today"
            | "getNow"
            | "current_time"
            | "currentTime"
            | "current_timestamp"
            | "utcnow"
    )
}

/// The instant that a number stands for: the date that was written without quotes, or so many
/// seconds after 1970.
fn timestamp_meant(written: &str, seconds: i64) -> Option<Timestamp> {
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

/// Allowed values.
impl Checker<'_> {
    /// Refuses a literal that an attribute on the other side never is.
    fn check_values(
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
    fn domain(&self, value: &Node) -> Option<AttributeId> {
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

    fn check_literals(
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
        Form::Any | Form::Text | Form::Count | Form::CountOrUnlimited | Form::Instant | Form::End
    )
}

/// Refuses a text that an attribute with a list of values, or of a form, never is.
pub(super) fn check_member(
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
fn check_text(function: Function, arguments: &[Node]) -> Result<(), ExpressionError> {
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

fn arithmetic_type(operator: Arithmetic, left: Type, right: Type) -> Option<Type> {
    if is_nothing(left) || is_nothing(right) {
        return arithmetic_type_open(operator, if is_nothing(left) { right } else { left });
    }
    if left.is_list() || right.is_list() {
        return if operator == Arithmetic::Add && left.is_list() && right.is_list() {
            unify(left, right)
        } else {
            None
        };
    }
    use Scalar::{Double, Duration, Int, String, Timestamp};
    let base = match (operator, left.base, right.base) {
        (_, Int, Int) => Int,
        (
            Arithmetic::Add | Arithmetic::Subtract | Arithmetic::Multiply | Arithmetic::Divide,
            Double,
            Double,
        ) => Double,
        (Arithmetic::Add, String, String) => String,
        (Arithmetic::Add, Timestamp, Duration) | (Arithmetic::Add, Duration, Timestamp) => {
            Timestamp
        }
        (Arithmetic::Subtract, Timestamp, Duration) => Timestamp,
        (Arithmetic::Subtract, Timestamp, Timestamp) => Duration,
        (Arithmetic::Add | Arithmetic::Subtract, Duration, Duration) => Duration,
        _ => return None,
    };
    Some(Type::scalar(base))
}

/// The type of arithmetic with an element of an empty list, which fits anything and is never
/// calculated; undetermined where the other side is.
fn arithmetic_type_open(operator: Arithmetic, other: Type) -> Option<Type> {
    let nothing = Type::scalar(Scalar::Nothing);
    if other.is_list() {
        return (operator == Arithmetic::Add).then_some(other);
    }
    match (operator, other.base) {
        (_, Scalar::Int) | (Arithmetic::Add, Scalar::String | Scalar::Timestamp) => Some(other),
        (Arithmetic::Remainder, Scalar::Double) => None,
        (_, Scalar::Double) => Some(other),
        (Arithmetic::Add | Arithmetic::Subtract, Scalar::Timestamp | Scalar::Duration)
        | (_, Scalar::Nothing) => Some(nothing),
        (_, Scalar::Bool | Scalar::String | Scalar::Timestamp | Scalar::Duration) => None,
    }
}

/// The type that both fit: the same, or what `[]` stands for.
fn unify(a: Type, b: Type) -> Option<Type> {
    let open = |open: Type, other: Type| open.base == Scalar::Nothing && other.lists >= open.lists;
    match (a, b) {
        _ if a == b || open(b, a) => Some(a),
        _ if open(a, b) => Some(b),
        _ => None,
    }
}

fn fits(found: Type, wanted: Type) -> bool {
    found == wanted || is_nothing(found)
}

fn is_nothing(ty: Type) -> bool {
    ty == Type::scalar(Scalar::Nothing)
}

fn node(kind: NodeKind, ty: Type, span: Span) -> Node {
    Node { kind, ty, span }
}

fn literal(value: Value, span: Span) -> Node {
    let ty = match value {
        Value::Bool(_) => Type::BOOL,
        Value::Int(_) => Type::INT,
        Value::Double(_) => Type::DOUBLE,
        Value::String(_) => Type::STRING,
        Value::Timestamp(_) => Type::TIMESTAMP,
        Value::Duration(_) => Type::DURATION,
        // The parser makes no list literals of values.
        Value::List(_) => Type::scalar(Scalar::Nothing).list(),
    };
    node(NodeKind::Literal(value), ty, span)
}

/// The node, or its value when every part is a literal and there is one. A part without value fails
/// when it is evaluated, as in CEL.
fn folded(node: Node) -> Node {
    let is_literal = |part: &Node| matches!(part.kind, NodeKind::Literal(_));
    let constant_parts = match &node.kind {
        NodeKind::Negate(operand) => is_literal(operand),
        NodeKind::Arithmetic { left, right, .. } => is_literal(left) && is_literal(right),
        NodeKind::Call { arguments, .. } => arguments.iter().all(is_literal),
        _ => false,
    };
    match constant_parts.then(|| constant(&node)).flatten() {
        Some(value) => Node { kind: NodeKind::Literal(value), ..node },
        None => node,
    }
}

fn dotted(path: &[Word]) -> String {
    let words: Vec<&str> = path.iter().map(|word| word.text.as_str()).collect();
    words.join(".")
}
