//! Which words is the source made of?
//!
//! In: the source of one expression. Out: its [`Token`]s, literals already read. Nothing here
//! recurses, and the number of tokens is bounded by [`limits::EXPRESSION_BYTES_MAX`].

use std::sync::Arc;

use super::error::ExpressionError;
use super::node::Span;
use super::slips;
use crate::limits;

/// One word of the source.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Span,
}

/// What a word is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    /// A name. Its text is the source under the span.
    Name,
    /// The magnitude of an integer: a `-` before it is a token of its own.
    Int(u64),
    Double(f64),
    String(Arc<str>),
    /// An operator or bracket, as written.
    Mark(&'static str),
    End,
}

/// All tokens of a source; the last is [`TokenKind::End`].
pub(super) fn tokens(source: &str) -> Result<Vec<Token>, ExpressionError> {
    if source.len() > limits::EXPRESSION_BYTES_MAX {
        return Err(ExpressionError::too_long(source.len()));
    }
    let mut reader = Reader { source, at: 0 };
    let mut found = Vec::new();
    loop {
        let token = reader.next_token()?;
        let end = token.kind == TokenKind::End;
        found.push(token);
        if end {
            return Ok(found);
        }
    }
}

struct Reader<'a> {
    source: &'a str,
    /// In bytes, always at the boundary of a character.
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn byte(&self, ahead: usize) -> u8 {
        self.source.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    fn span_from(&self, start: usize) -> Span {
        Span::new(start, self.at)
    }

    fn next_token(&mut self) -> Result<Token, ExpressionError> {
        self.skip_blanks();
        let start = self.at;
        let kind = match self.byte(0) {
            0 if self.rest().is_empty() => TokenKind::End,
            b'0'..=b'9' => self.number()?,
            b'.' if self.byte(1).is_ascii_digit() => self.number()?,
            b'"' | b'\'' => self.string(Escapes::Read)?,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => match self.string_prefix() {
                Some((length, escapes)) => {
                    self.at += length;
                    self.string(escapes)?
                }
                None => {
                    self.at += self
                        .rest()
                        .bytes()
                        .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
                        .count();
                    if let (
                        b'"' | b'\'',
                        "b" | "B" | "br" | "bR" | "Br" | "BR" | "rb" | "rB" | "Rb" | "RB",
                    ) = (self.byte(0), self.source.get(start..self.at).unwrap_or_default())
                    {
                        return Err(ExpressionError::unsupported(
                            self.span_from(start),
                            "b\"…\"",
                            "bytes",
                        ));
                    }
                    TokenKind::Name
                }
            },
            b'`' => {
                return Err(ExpressionError::unsupported(
                    Span::new(start, start + 1),
                    "`",
                    "names in backquotes",
                ));
            }
            _ => self.mark()?,
        };
        Ok(Token { kind, span: self.span_from(start) })
    }

    fn skip_blanks(&mut self) {
        loop {
            match self.byte(0) {
                b' ' | b'\t' | b'\r' | b'\n' | 0x0C => self.at += 1,
                b'/' if self.byte(1) == b'/' => {
                    self.at += self.rest().find('\n').unwrap_or(self.rest().len());
                }
                _ => return,
            }
        }
    }

    fn mark(&mut self) -> Result<TokenKind, ExpressionError> {
        if let Some(mark) = self.own_mark() {
            self.at += mark.len();
            return Ok(TokenKind::Mark(mark));
        }
        if let Some((mark, help)) = slips::mark(self.rest()) {
            let span = Span::new(self.at, self.at + mark.len());
            return Err(ExpressionError::foreign_mark(span, mark, help));
        }
        let found = self.rest().chars().next().unwrap_or_default();
        Err(ExpressionError::unexpected_character(
            Span::new(self.at, self.at + found.len_utf8()),
            found,
        ))
    }

    /// The mark that stands here, unless what follows makes it one of another language.
    fn own_mark(&self) -> Option<&'static str> {
        Some(match [self.byte(0), self.byte(1), self.byte(2)] {
            [b'=', b'=', b'='] | [b'!', b'=', b'='] => return None,
            [b'=', b'=', _] => "==",
            [b'!', b'=', _] => "!=",
            [b'&', b'&', _] => "&&",
            [b'|', b'|', _] => "||",
            [b'<', b'=', _] => "<=",
            [b'>', b'=', _] => ">=",
            [b'<', b'>', _]
            | [b'*', b'*', _]
            | [b'+', b'+', _]
            | [b'?', b'?', _]
            | [b'/', b'*', _] => return None,
            [b'<', ..] => "<",
            [b'>', ..] => ">",
            [b'+', ..] => "+",
            [b'-', ..] => "-",
            [b'*', ..] => "*",
            [b'/', ..] => "/",
            [b'%', ..] => "%",
            [b'!', ..] => "!",
            [b'?', ..] => "?",
            [b':', ..] => ":",
            [b'.', ..] => ".",
            [b',', ..] => ",",
            [b'(', ..] => "(",
            [b')', ..] => ")",
            [b'[', ..] => "[",
            [b']', ..] => "]",
            [b'{', ..] => "{",
            [b'}', ..] => "}",
            _ => return None,
        })
    }

    fn number(&mut self) -> Result<TokenKind, ExpressionError> {
        let start = self.at;
        let kind = if self.byte(0) == b'0' && self.byte(1) == b'x' {
            self.at += 2;
            let digits = self.rest().bytes().take_while(u8::is_ascii_hexdigit).count();
            let text = self.rest().get(..digits).unwrap_or_default();
            let value = u64::from_str_radix(text, 16);
            self.at += digits;
            if digits == 0 {
                return Err(ExpressionError::bad_number(
                    self.span_from(start),
                    "`0x` is followed by no hexadecimal digit",
                ));
            }
            value.ok().map(TokenKind::Int)
        } else {
            self.skip_digits();
            let mut double = false;
            if self.byte(0) == b'.' && self.byte(1).is_ascii_digit() {
                double = true;
                self.at += 1;
                self.skip_digits();
            }
            let sign = usize::from(matches!(self.byte(1), b'+' | b'-'));
            if matches!(self.byte(0), b'e' | b'E') && self.byte(1 + sign).is_ascii_digit() {
                double = true;
                self.at += 1 + sign;
                self.skip_digits();
            }
            let text = self.source.get(start..self.at).unwrap_or_default();
            if double {
                text.parse().ok().filter(|value: &f64| value.is_finite()).map(TokenKind::Double)
            } else {
                text.parse().ok().map(TokenKind::Int)
            }
        };
        if matches!(self.byte(0), b'u' | b'U') {
            self.at += 1;
            let written = self.source.get(start..self.at).unwrap_or_default();
            return Err(ExpressionError::unsupported(
                self.span_from(start),
                written,
                "unsigned integers",
            ));
        }
        if self.byte(0).is_ascii_alphanumeric() || self.byte(0) == b'_' {
            let word = |at: usize| {
                let text = self.source.get(at..).unwrap_or_default();
                let in_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':' | '-');
                text.get(..text.find(|c| !in_word(c)).unwrap_or(text.len())).unwrap_or_default()
            };
            // `2026-03-01T15:00`: the number before the `T` is the day of a date.
            let date =
                start.checked_sub("2026-03-".len()).and_then(|at| slips::timestamp(word(at)));
            let help = match date {
                Some(timestamp) => Some(format!("write `{timestamp}`")),
                None => slips::number(word(start)),
            };
            self.at += 1;
            return Err(ExpressionError::number_with_letter(self.span_from(start), help));
        }
        kind.ok_or_else(|| {
            ExpressionError::bad_number(self.span_from(start), "the number is out of range")
        })
    }

    fn skip_digits(&mut self) {
        self.at += self.rest().bytes().take_while(u8::is_ascii_digit).count();
    }

    /// The prefix of a raw string, when one starts here.
    fn string_prefix(&self) -> Option<(usize, Escapes)> {
        let raw = matches!(self.byte(0), b'r' | b'R') && matches!(self.byte(1), b'"' | b'\'');
        raw.then_some((1, Escapes::Keep))
    }

    fn string(&mut self, escapes: Escapes) -> Result<TokenKind, ExpressionError> {
        let start = self.at;
        let quote = self.byte(0);
        let is_tripled = self.byte(1) == quote && self.byte(2) == quote;
        let fence = match (quote, is_tripled) {
            (b'"', false) => "\"",
            (b'"', true) => "\"\"\"",
            (_, false) => "'",
            (_, true) => "'''",
        };
        // Most strings are short words, in one line and without a backslash.
        let within = self.source.get(start + 1..).unwrap_or_default();
        let end =
            within.bytes().position(|byte| byte == quote || matches!(byte, b'\\' | b'\n' | b'\r'));
        if !is_tripled
            && let Some(text) = end.and_then(|end| within.get(..end))
            && within.as_bytes().get(text.len()) == Some(&quote)
        {
            self.at += text.len() + 2;
            return Ok(TokenKind::String(Arc::from(text)));
        }
        self.at += fence.len();
        let mut text = String::new();
        loop {
            if self.rest().starts_with(fence) {
                self.at += fence.len();
                return Ok(TokenKind::String(text.into()));
            }
            let Some(next) = self.rest().chars().next() else {
                return Err(ExpressionError::unclosed_string(self.span_from(start), fence));
            };
            match (next, escapes) {
                ('\\', Escapes::Read) => text.push(self.escape()?),
                ('\n' | '\r', _) if fence.len() == 1 => {
                    return Err(ExpressionError::unclosed_string(self.span_from(start), fence));
                }
                _ => {
                    text.push(next);
                    self.at += next.len_utf8();
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, ExpressionError> {
        let start = self.at;
        let simple = match self.byte(1) {
            b'a' => Some('\u{7}'),
            b'b' => Some('\u{8}'),
            b'f' => Some('\u{C}'),
            b'n' => Some('\n'),
            b'r' => Some('\r'),
            b't' => Some('\t'),
            b'v' => Some('\u{B}'),
            plain @ (b'\\' | b'?' | b'"' | b'\'' | b'`') => Some(char::from(plain)),
            _ => None,
        };
        if let Some(character) = simple {
            self.at += 2;
            return Ok(character);
        }
        let (skip, digits, radix) = match self.byte(1) {
            b'x' | b'X' => (2, 2, 16),
            b'u' => (2, 4, 16),
            b'U' => (2, 8, 16),
            b'0'..=b'3' => (1, 3, 8),
            _ => (1, 0, 0),
        };
        let code = self
            .rest()
            .get(skip..skip + digits)
            .filter(|text| digits > 0 && text.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let character =
            code.and_then(|text| u32::from_str_radix(text, radix).ok()).and_then(char::from_u32);
        // One character beyond the backslash is enough to show, whatever is missing after it.
        let shown = self.rest().chars().take(2).map(char::len_utf8).sum::<usize>();
        self.at += if character.is_some() { skip + digits } else { shown };
        character.ok_or_else(|| {
            ExpressionError::bad_escape(
                self.span_from(start),
                self.source.get(start..self.at).unwrap_or_default(),
            )
        })
    }
}

/// Whether a backslash means something.
#[derive(Clone, Copy)]
enum Escapes {
    Read,
    Keep,
}
