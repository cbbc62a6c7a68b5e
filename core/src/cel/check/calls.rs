//! Functions and macros: which are meant, and whether their arguments fit.

use super::checker::{Checker, Variable};
use super::make::{dotted, folded, node};
use super::values::{check_text, timestamp_meant};
use crate::cel::error::ExpressionError;
use crate::cel::functions::{Call, Function, unsupported_family, unsupported_namespace};
use crate::cel::node::{Node, NodeKind, Quantifier, Span, VariableIdx};
use crate::cel::slips;
use crate::cel::tree::{Syntax, SyntaxKind, Word};
use crate::suggest;
use crate::value::{Type, Value};

impl Checker<'_> {
    pub(super) fn check_call(
        &mut self,
        receiver: Option<&Syntax<'_>>,
        name: &Word<'_>,
        arguments: &[Syntax<'_>],
        span: Span,
    ) -> Result<Node, ExpressionError> {
        let quantifier = match name.text {
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
            && let Some(family) = unsupported_namespace(first.text)
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
                name.text,
                Some(Quantifier::ExistsOne.name()),
            ));
        }
        match Function::named(name.text) {
            Some(function) => self.check_function(function, receiver, name, arguments, span),
            None => match unsupported_family(name.text) {
                Some(family) => Err(ExpressionError::unsupported(name.span, name.text, family)),
                None if is_clock(name.text) => {
                    Err(ExpressionError::unknown_function(name.span, name.text, None).no_clock())
                }
                None => Err(self.unknown_function(receiver, name, arguments)),
            },
        }
    }

    fn unknown_function(
        &self,
        receiver: Option<&Syntax<'_>>,
        name: &Word<'_>,
        arguments: &[Syntax<'_>],
    ) -> ExpressionError {
        let nearest = suggest::nearest(name.text, Function::names());
        let written: Vec<&str> =
            arguments.iter().map(|argument| self.written(argument.span)).collect();
        let receiver = receiver.map(|receiver| self.written(receiver.span));
        match slips::function(name.text, receiver, &written) {
            Some(help) => ExpressionError::foreign_function(name.span, name.text, help),
            None => ExpressionError::unknown_function(name.span, name.text, nearest),
        }
    }

    fn check_function(
        &mut self,
        function: Function,
        receiver: Option<&Syntax<'_>>,
        name: &Word<'_>,
        arguments: &[Syntax<'_>],
        span: Span,
    ) -> Result<Node, ExpressionError> {
        match (function.call(), receiver) {
            (Call::Method, None) => {
                let written = |argument: Option<&Syntax<'_>>, otherwise| {
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

    fn check_has(&mut self, arguments: &[Syntax<'_>], span: Span) -> Result<Node, ExpressionError> {
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
        list: &Syntax<'_>,
        name: &Word<'_>,
        arguments: &[Syntax<'_>],
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
pub(super) fn is_clock(name: &str) -> bool {
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
