//! What a name stands for: an attribute, a set, a named condition, a table, or why it is none.

use std::borrow::Cow;
use std::sync::Arc;

use super::calls::is_clock;
use super::checker::{Checker, Variable};
use super::make::{dotted, node, settle};
use crate::cel::environment::SetDeclaration;
use crate::cel::error::ExpressionError;
use crate::cel::functions::{is_type_name, unsupported_namespace};
use crate::cel::node::{Expression, Membership, Node, NodeKind, Reads, SetId, Span, VariableIdx};
use crate::cel::tree::{Syntax, Word};
use crate::limits;
use crate::schema::{AttributeId, Origin, Schema};
use crate::suggest;
use crate::value::{Scalar, Type};

impl<'a> Checker<'a> {
    /// A part of the source.
    pub(super) fn written(&self, span: Span) -> &'a str {
        self.source.get(span.range()).unwrap_or_default()
    }

    pub(super) fn check_name(
        &mut self,
        path: &[Word<'_>],
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
                return Err(ExpressionError::hidden_by_variable(span, first.text, &dotted(path)));
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

    pub(super) fn check_set(
        &mut self,
        name: &[Word<'_>],
        span: Span,
    ) -> Result<Node, ExpressionError> {
        let as_written = |set: &SetDeclaration| set.name.replace('-', "_");
        if name.is_empty() {
            let first = self.environment.sets.first().map(as_written);
            return Err(ExpressionError::bare_sets(span, first.as_deref()));
        }
        let wanted = self.as_path(name);
        let is_joined = wanted.contains('_');
        let is_wanted = |set: &SetDeclaration| {
            let written = |byte: u8| if byte == b'-' { b'_' } else { byte };
            *set.name == *wanted
                || is_joined
                    && set.name.len() == wanted.len()
                    && set.name.bytes().map(written).eq(wanted.bytes())
        };
        let found = self.environment.sets.iter().position(is_wanted);
        let found = found.and_then(|index| u16::try_from(index).ok()).map(SetId);
        let Some(id) = found else {
            let names: Vec<String> = self.environment.sets.iter().map(as_written).collect();
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
    fn check_named(&mut self, name: &[Word<'_>], span: Span) -> Result<Node, ExpressionError> {
        let conditions = self.conditions;
        let wanted = dotted(name);
        let Some(named) = conditions.iter().find(|condition| *condition.name == *wanted) else {
            let nearest = suggest::nearest(&wanted, conditions.iter().map(|named| &*named.name));
            return Err(ExpressionError::unknown_condition(span, &wanted, nearest));
        };
        self.stand_in(&named.expression, span)
    }

    /// What a table comes to, where its name stands.
    fn check_table(&mut self, name: &[Word<'_>], span: Span) -> Result<Node, ExpressionError> {
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

    /// A dotted name, without the blanks that may stand around its dots.
    fn as_path(&self, path: &[Word<'_>]) -> Cow<'a, str> {
        let (Some(first), Some(last)) = (path.first(), path.last()) else {
            return Cow::Borrowed("");
        };
        let written = self.written(first.span.to(last.span));
        let words: usize = path.iter().map(|word| word.text.len()).sum();
        match words + path.len() - 1 == written.len() {
            true => Cow::Borrowed(written),
            false => Cow::Owned(dotted(path)),
        }
    }

    pub(super) fn attribute(
        &mut self,
        path: &[Word<'_>],
        span: Span,
    ) -> Result<AttributeId, ExpressionError> {
        let schema = self.environment.schema;
        let written = self.as_path(path);
        let Some(id) = schema.id(&written) else {
            return Err(unknown_name(schema, &self.scope, path, &written, span));
        };
        if self.reads.attributes.insert(id) {
            self.reads.paths.push((id, Arc::clone(&schema.attribute(id).path)));
        }
        Ok(id)
    }

    pub(super) fn check_select(
        &mut self,
        operand: &Syntax<'_>,
        member: &Word<'_>,
    ) -> Result<Node, ExpressionError> {
        let before = self.errors.len();
        let operand = self.check(operand)?;
        if self.errors.len() > before {
            return Ok(operand);
        }
        let written = self.source.get(operand.span.range()).unwrap_or_default();
        Err(ExpressionError::no_members(member.span, written, operand.ty, member.text))
    }
}

/// Why a name that is no attribute is refused.
fn unknown_name(
    schema: &Schema,
    scope: &[Variable],
    path: &[Word<'_>],
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
        [word] if is_type_name(word.text) => {
            ExpressionError::unsupported(span, word.text, "types as values")
        }
        [word, ..] if unsupported_namespace(word.text).is_some() => ExpressionError::unsupported(
            span,
            written,
            unsupported_namespace(word.text).unwrap_or_default(),
        ),
        _ => {
            let variables = scope.iter().map(|variable| variable.name.as_str());
            let nearest = schema.nearest(written).or_else(|| suggest::nearest(written, variables));
            match (path, nearest) {
                ([word], _) if is_clock(word.text) => {
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
