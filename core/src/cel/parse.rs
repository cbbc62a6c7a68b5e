//! Is the source a well-formed expression, and how do its parts hang together?
//!
//! In: tokens. Out: the untyped tree. Recursive descent, one frame set per bracket or `?:`, so
//! [`limits::EXPRESSION_DEPTH_MAX`] bounds the stack; chains of `&&`, `||` and signs are loops and
//! make one node each.

use std::sync::Arc;

use super::error::ExpressionError;
use super::node::{Arithmetic, Comparison, Span};
use super::slips;
use super::tokens::{Token, TokenKind, tokens};
use super::tree::{Syntax, SyntaxKind, Word};
use crate::limits;
use crate::value::Value;

/// The untyped tree of a source.
pub(super) fn parse(source: &str) -> Result<Syntax<'_>, ExpressionError> {
    let tokens = tokens(source)?;
    let mut parser = Parser { source, tokens, at: 0, open: 0, nodes: 0 };
    if parser.peek() == &TokenKind::End {
        return Err(ExpressionError::empty(parser.span()));
    }
    let root = parser.expression()?;
    match parser.peek() {
        TokenKind::End => Ok(root),
        _ => {
            let (span, found) = (parser.span(), parser.written());
            let error = ExpressionError::unexpected(span, found, "the end of the expression");
            let after = source.get(span.range().end..).unwrap_or_default();
            Err(error.after(source.get(root.span.range()).unwrap_or_default(), found, after))
        }
    }
}

struct Parser<'a> {
    source: &'a str,
    tokens: Vec<Token>,
    at: usize,
    /// Expressions begun and not finished.
    open: usize,
    nodes: usize,
}

/// Words that the grammar keeps for languages that embed CEL.
const RESERVED: &[&str] = &[
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

/// An operator between two operands, below `&&`.
#[derive(Clone, Copy)]
enum Infix {
    Compare(Comparison),
    In,
    Arithmetic(Arithmetic),
}

impl<'a> Parser<'a> {
    // The functions from here to `primary` are on the stack once for each open bracket, and hold
    // little more than a call: building nodes is left to functions beside that way.

    fn expression(&mut self) -> Result<Syntax<'a>, ExpressionError> {
        if self.open >= limits::EXPRESSION_DEPTH_MAX {
            return Err(ExpressionError::too_deep(self.span()));
        }
        self.open += 1;
        let mut whole = self.or()?;
        if self.take("?") {
            whole = self.conditional(whole)?;
        }
        self.open -= 1;
        Ok(whole)
    }

    fn conditional(&mut self, condition: Syntax<'a>) -> Result<Syntax<'a>, ExpressionError> {
        let then = self.or()?;
        if self.sees("?") {
            return Err(ExpressionError::nested_conditional(self.span()));
        }
        if !self.take(":") {
            let (span, found) = (self.span(), self.written());
            return Err(ExpressionError::half_conditional(span, found));
        }
        let otherwise = self.expression()?;
        let span = condition.span.to(otherwise.span);
        let depth = condition.depth.max(then.depth).max(otherwise.depth);
        self.node(SyntaxKind::Conditional(Box::new([condition, then, otherwise])), span, depth)
    }

    fn or(&mut self) -> Result<Syntax<'a>, ExpressionError> {
        let first = self.and()?;
        if self.sees("||") { self.or_more(first) } else { Ok(first) }
    }

    fn or_more(&mut self, first: Syntax<'a>) -> Result<Syntax<'a>, ExpressionError> {
        let mut parts = vec![first];
        while self.take("||") {
            parts.push(self.and()?);
        }
        let (span, depth) = extent(&parts);
        self.node(SyntaxKind::Or(parts), span, depth)
    }

    fn and(&mut self) -> Result<Syntax<'a>, ExpressionError> {
        let first = self.infix(1)?;
        if self.sees("&&") { self.and_more(first) } else { Ok(first) }
    }

    fn and_more(&mut self, first: Syntax<'a>) -> Result<Syntax<'a>, ExpressionError> {
        let mut parts = vec![first];
        while self.take("&&") {
            parts.push(self.infix(1)?);
        }
        let (span, depth) = extent(&parts);
        self.node(SyntaxKind::And(parts), span, depth)
    }

    /// Operands joined by operators that bind at least as tightly as `least`; each level is
    /// left-associative.
    fn infix(&mut self, least: u8) -> Result<Syntax<'a>, ExpressionError> {
        let mut left = self.signed()?;
        while let Some((binding, operator)) = self.peek_infix() {
            if binding < least {
                break;
            }
            self.at += 1;
            self.check_right(operator, &left)?;
            let right = self.infix(binding + 1)?;
            left = self.joined(operator, left, right)?;
        }
        self.check_after(&left)?;
        Ok(left)
    }

    /// Refuses what other languages compare with.
    fn check_right(&self, operator: Infix, left: &Syntax<'a>) -> Result<(), ExpressionError> {
        let left = self.source.get(left.span.range()).unwrap_or_default();
        match operator {
            Infix::Compare(operator @ (Comparison::Equal | Comparison::NotEqual))
                if self.peek() == &TokenKind::Name && self.written() == "null" =>
            {
                let is_absent = matches!(operator, Comparison::Equal);
                Err(ExpressionError::null_compared(self.span(), left, is_absent))
            }
            Infix::In if self.sees("{") => Err(ExpressionError::set_in_braces(self.span())),
            _ => Ok(()),
        }
    }

    /// Refuses a word of another language where an operator belongs.
    fn check_after(&self, left: &Syntax<'a>) -> Result<(), ExpressionError> {
        if self.peek() == &TokenKind::End {
            return Ok(());
        }
        let (span, found) = (self.span(), self.written());
        let before = self.source.get(left.span.range()).unwrap_or_default();
        let is_operand = matches!(
            self.peek(),
            TokenKind::Name | TokenKind::Int(_) | TokenKind::Double(_) | TokenKind::String(_)
        );
        if is_operand && before.eq_ignore_ascii_case("not") {
            return Err(ExpressionError::not_operator(left.span));
        }
        let rest = self.source.get(span.range().end..).unwrap_or_default();
        match self.peek() {
            TokenKind::Name if found != "in" => match slips::between(found, before, rest) {
                Some(help) => Err(ExpressionError::foreign_word(span, found, help)),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    fn joined(
        &mut self,
        operator: Infix,
        left: Syntax<'a>,
        right: Syntax<'a>,
    ) -> Result<Syntax<'a>, ExpressionError> {
        let (span, depth) = (left.span.to(right.span), left.depth.max(right.depth));
        let sides = Box::new([left, right]);
        let kind = match operator {
            Infix::Compare(operator) => SyntaxKind::Compare { operator, sides },
            Infix::In => SyntaxKind::In(sides),
            Infix::Arithmetic(operator) => SyntaxKind::Arithmetic { operator, sides },
        };
        self.node(kind, span, depth)
    }

    fn peek_infix(&self) -> Option<(u8, Infix)> {
        let infix = match self.peek() {
            TokenKind::Name if self.written() == "in" => (1, Infix::In),
            TokenKind::Mark(mark) => match *mark {
                "==" => (1, Infix::Compare(Comparison::Equal)),
                "!=" => (1, Infix::Compare(Comparison::NotEqual)),
                "<" => (1, Infix::Compare(Comparison::Less)),
                "<=" => (1, Infix::Compare(Comparison::LessOrEqual)),
                ">" => (1, Infix::Compare(Comparison::Greater)),
                ">=" => (1, Infix::Compare(Comparison::GreaterOrEqual)),
                "+" => (2, Infix::Arithmetic(Arithmetic::Add)),
                "-" => (2, Infix::Arithmetic(Arithmetic::Subtract)),
                "*" => (3, Infix::Arithmetic(Arithmetic::Multiply)),
                "/" => (3, Infix::Arithmetic(Arithmetic::Divide)),
                "%" => (3, Infix::Arithmetic(Arithmetic::Remainder)),
                _ => return None,
            },
            _ => return None,
        };
        Some(infix)
    }

    fn signed(&mut self) -> Result<Syntax<'a>, ExpressionError> {
        if self.sees("!") {
            self.not()
        } else if self.sees("-") {
            self.negated()
        } else {
            self.member(Sign::Plus)
        }
    }

    fn not(&mut self) -> Result<Syntax<'a>, ExpressionError> {
        let start = self.span();
        let mut times = 0;
        while self.take("!") {
            times += 1;
        }
        let operand = self.member(Sign::Plus)?;
        let (span, depth) = (start.to(operand.span), operand.depth);
        self.node(SyntaxKind::Not { times, operand: Box::new(operand) }, span, depth)
    }

    fn negated(&mut self) -> Result<Syntax<'a>, ExpressionError> {
        let start = self.span();
        let mut times = 0;
        while self.take("-") {
            times += 1;
        }
        // The last sign belongs to the number, or -9223372036854775808 could not be written.
        let number = matches!(self.peek(), TokenKind::Int(_) | TokenKind::Double(_));
        times -= usize::from(number);
        let mut operand = self.member(if number { Sign::Minus } else { Sign::Plus })?;
        operand.span = start.to(operand.span);
        if times == 0 {
            return Ok(operand);
        }
        let (span, depth) = (operand.span, operand.depth);
        self.node(SyntaxKind::Negate { times, operand: Box::new(operand) }, span, depth)
    }

    fn member(&mut self, sign: Sign) -> Result<Syntax<'a>, ExpressionError> {
        let mut operand = self.primary(sign)?;
        while self.sees(".") || self.sees("[") || self.sees("{") {
            operand = self.suffixed(operand)?;
        }
        Ok(operand)
    }

    fn suffixed(&mut self, operand: Syntax<'a>) -> Result<Syntax<'a>, ExpressionError> {
        if self.take("[") {
            return self.index(operand);
        }
        if self.sees("{") {
            return Err(ExpressionError::unsupported(self.span(), "{", "messages"));
        }
        self.at += 1;
        if self.sees("?") {
            return Err(ExpressionError::unsupported(self.span(), ".?", "optional values"));
        }
        let word = self.word()?;
        if self.sees("(") { self.call(Some(operand), word) } else { self.select(operand, word) }
    }

    fn index(&mut self, operand: Syntax<'a>) -> Result<Syntax<'a>, ExpressionError> {
        let open = self.before();
        if self.sees("?") {
            return Err(ExpressionError::unsupported(self.span(), "[?", "optional values"));
        }
        let position = self.expression()?;
        let end = self.close(open, "]", "`]`")?;
        let (span, depth) = (operand.span.to(end), operand.depth.max(position.depth));
        self.node(
            SyntaxKind::Index { list: Box::new(operand), position: Box::new(position) },
            span,
            depth,
        )
    }

    fn select(
        &mut self,
        operand: Syntax<'a>,
        word: Word<'a>,
    ) -> Result<Syntax<'a>, ExpressionError> {
        let span = operand.span.to(word.span);
        let depth = operand.depth;
        match operand {
            Syntax { kind: SyntaxKind::Name { mut path, from_root }, .. } => {
                path.push(word);
                Ok(Syntax { kind: SyntaxKind::Name { path, from_root }, span, depth })
            }
            operand => self.node(
                SyntaxKind::Select { operand: Box::new(operand), member: word },
                span,
                depth,
            ),
        }
    }

    fn call(
        &mut self,
        receiver: Option<Syntax<'a>>,
        name: Word<'a>,
    ) -> Result<Syntax<'a>, ExpressionError> {
        let start = receiver.as_ref().map_or(name.span, |receiver| receiver.span);
        let open = self.expect("(", "`(`")?;
        let mut arguments = Vec::new();
        while !self.sees(")") {
            arguments.push(self.expression()?);
            if !self.take(",") {
                break;
            }
            if self.sees(")") {
                return Err(ExpressionError::unexpected(
                    self.span(),
                    self.written(),
                    "another argument",
                ));
            }
        }
        let end = self.close(open, ")", "`,` or `)`")?;
        let deepest =
            extent(&arguments).1.max(receiver.as_ref().map_or(0, |receiver| receiver.depth));
        self.node(
            SyntaxKind::Call { receiver: receiver.map(Box::new), name, arguments },
            start.to(end),
            deepest,
        )
    }

    fn primary(&mut self, sign: Sign) -> Result<Syntax<'a>, ExpressionError> {
        match self.peek() {
            TokenKind::Name => self.name(),
            TokenKind::Mark("(") => self.bracketed(),
            TokenKind::Mark("[") => self.list(),
            TokenKind::Mark(".") => self.name_from_root(),
            TokenKind::Int(_)
            | TokenKind::Double(_)
            | TokenKind::String(_)
            | TokenKind::Mark(_)
            | TokenKind::End => self.literal(sign),
        }
    }

    fn bracketed(&mut self) -> Result<Syntax<'a>, ExpressionError> {
        let start = self.span();
        self.at += 1;
        let mut inner = self.expression()?;
        if self.sees(",") {
            return Err(ExpressionError::list_in_brackets(self.span()));
        }
        let end = self.close(start, ")", "`)`")?;
        inner.span = start.to(end);
        Ok(inner)
    }

    fn literal(&mut self, sign: Sign) -> Result<Syntax<'a>, ExpressionError> {
        let span = self.span();
        let value = match (self.peek(), sign) {
            (TokenKind::Int(magnitude), _) => {
                let value = match sign {
                    Sign::Plus => i64::try_from(*magnitude).ok(),
                    Sign::Minus => 0_i64.checked_sub_unsigned(*magnitude),
                };
                Value::Int(value.ok_or_else(|| {
                    ExpressionError::bad_number(span, "the number is out of range")
                })?)
            }
            (TokenKind::Double(magnitude), Sign::Plus) => Value::Double(*magnitude),
            (TokenKind::Double(magnitude), Sign::Minus) => Value::Double(-*magnitude),
            (TokenKind::String(text), _) => Value::String(Arc::clone(text)),
            (TokenKind::Mark("{"), _) => {
                // `{{campaign.category}}`, as templates have it.
                let next = self.tokens.get(self.at + 1);
                let is_template = next.is_some_and(|next| next.kind == TokenKind::Mark("{"));
                return Err(match is_template {
                    true => ExpressionError::in_braces(span),
                    false => ExpressionError::unsupported(span, "{", "maps"),
                });
            }
            _ => {
                let error = ExpressionError::unexpected(span, self.written(), "a value");
                let percent = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
                return Err(match percent {
                    Some(Token { kind: TokenKind::Mark("%"), .. }) => error.percent(),
                    _ => error,
                });
            }
        };
        self.at += 1;
        self.node(SyntaxKind::Literal(value), span, 0)
    }

    fn name(&mut self) -> Result<Syntax<'a>, ExpressionError> {
        let span = self.span();
        let written = self.written();
        if written == "true" || written == "false" {
            let value = Value::Bool(written == "true");
            self.at += 1;
            return self.node(SyntaxKind::Literal(value), span, 0);
        }
        match written {
            "null" => Err(ExpressionError::null(span)),
            "in" => Err(ExpressionError::unexpected(span, "in", "a value")),
            reserved if RESERVED.contains(&reserved) => {
                Err(ExpressionError::reserved(span, reserved))
            }
            _ => self.plain_name(false, span),
        }
    }

    fn name_from_root(&mut self) -> Result<Syntax<'a>, ExpressionError> {
        let dot = self.span();
        self.at += 1;
        self.plain_name(true, dot)
    }

    fn plain_name(&mut self, from_root: bool, start: Span) -> Result<Syntax<'a>, ExpressionError> {
        let word = self.word()?;
        if self.sees("(") {
            return self.call(None, word);
        }
        let span = start.to(word.span);
        // Most names have two or three words.
        let mut path = Vec::with_capacity(3);
        path.push(word);
        self.node(SyntaxKind::Name { path, from_root }, span, 0)
    }

    fn list(&mut self) -> Result<Syntax<'a>, ExpressionError> {
        let start = self.span();
        self.at += 1;
        let mut elements = Vec::new();
        while !self.sees("]") {
            if self.sees("?") {
                return Err(ExpressionError::unsupported(self.span(), "[?", "optional values"));
            }
            if elements.len() >= limits::LIST_LITERAL_MAX {
                return Err(ExpressionError::list_too_long(self.span()));
            }
            elements.push(self.expression()?);
            if !self.take(",") {
                break;
            }
        }
        let end = self.close(start, "]", "`,` or `]`")?;
        let depth = extent(&elements).1;
        self.node(SyntaxKind::List(elements), start.to(end), depth)
    }

    /// A name after a dot or where a value begins.
    fn word(&mut self) -> Result<Word<'a>, ExpressionError> {
        let (span, written) = (self.span(), self.written());
        let keyword = matches!(written, "in" | "true" | "false" | "null");
        if self.peek() != &TokenKind::Name || keyword {
            return Err(ExpressionError::unexpected(span, written, "a name"));
        }
        let word = Word { text: written, span };
        self.at += 1;
        Ok(word)
    }

    fn node(
        &mut self,
        kind: SyntaxKind<'a>,
        span: Span,
        depth_below: u16,
    ) -> Result<Syntax<'a>, ExpressionError> {
        self.nodes += 1;
        if self.nodes > limits::EXPRESSION_NODES_MAX {
            return Err(ExpressionError::too_many_nodes(span));
        }
        let depth = depth_below.saturating_add(1);
        if usize::from(depth) > limits::EXPRESSION_DEPTH_MAX {
            return Err(ExpressionError::too_deep(span));
        }
        Ok(Syntax { kind, span, depth })
    }

    fn token(&self) -> Option<&Token> {
        self.tokens.get(self.at).or(self.tokens.last())
    }

    fn peek(&self) -> &TokenKind {
        self.token().map_or(&TokenKind::End, |token| &token.kind)
    }

    fn span(&self) -> Span {
        self.token().map_or_else(Span::default, |token| token.span)
    }

    /// The next token, as written.
    fn written(&self) -> &'a str {
        self.source.get(self.span().range()).unwrap_or_default()
    }

    fn sees(&self, mark: &str) -> bool {
        matches!(self.peek(), TokenKind::Mark(next) if *next == mark)
    }

    fn take(&mut self, mark: &str) -> bool {
        let found = self.sees(mark);
        self.at += usize::from(found);
        found
    }

    /// Where the token stands that was taken last.
    fn before(&self) -> Span {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        last.map_or_else(Span::default, |token| token.span)
    }

    /// What closes a bracket; where the expression ends without it, says which one is open.
    fn close(&mut self, open: Span, mark: &str, wanted: &str) -> Result<Span, ExpressionError> {
        let is_over = self.written().is_empty();
        self.expect(mark, wanted).map_err(|error| match is_over {
            true => error.unclosed(self.source, open, mark),
            false => error,
        })
    }

    fn expect(&mut self, mark: &str, wanted: &str) -> Result<Span, ExpressionError> {
        let span = self.span();
        if self.take(mark) {
            Ok(span)
        } else {
            Err(ExpressionError::unexpected(span, self.written(), wanted))
        }
    }
}

/// The sign that belongs to a number.
#[derive(Clone, Copy)]
enum Sign {
    Plus,
    Minus,
}

/// Where parts begin and end, and how deep the deepest goes.
fn extent(parts: &[Syntax<'_>]) -> (Span, u16) {
    let first = parts.first().map_or_else(Span::default, |part| part.span);
    let last = parts.last().map_or(first, |part| part.span);
    (first.to(last), parts.iter().map(|part| part.depth).max().unwrap_or(0))
}
