//! What can be wrong with an expression when it is read. All wording of the rule language is here
//! and in `error_of_types.rs`, one function a message.

use std::fmt;
use std::ops::Range;

use super::node::Span;
use super::slips;
use crate::limits;
use crate::text::brief;
use crate::value::Type;

/// Why an expression was refused at load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpressionError(Box<Report>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Report {
    code: &'static str,
    message: String,
    span: Span,
    help: Option<String>,
    further: Vec<ExpressionError>,
}

impl ExpressionError {
    /// What else is wrong with the same expression, in source order.
    pub fn further(&self) -> &[Self] {
        &self.0.further
    }

    /// All of them as one, the first in source order with the others; none where there are none.
    pub(super) fn of_all(mut errors: Vec<Self>) -> Option<Self> {
        errors.sort_by_key(|error| error.0.span.start);
        let mut errors = errors.into_iter();
        let mut first = errors.next()?;
        first.0.further = errors.collect();
        Some(first)
    }

    /// A stable name for programs, such as `cel/unknown-attribute`. Listed in
    /// docs/reference/codes.md.
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// What is wrong, on one line. The same as its `Display`.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Where, in bytes of the source.
    pub fn span(&self) -> Range<usize> {
        self.0.span.range()
    }

    /// What to write instead, when that is likely.
    pub fn help(&self) -> Option<&str> {
        self.0.help.as_deref()
    }

    /// Line and column of the start, both from 1; the column counts characters.
    pub fn line_column(&self, source: &str) -> (usize, usize) {
        line_column(source, self.span().start)
    }

    pub(super) fn new(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self(Box::new(Report {
            code,
            message: message.into(),
            span,
            help: None,
            further: Vec::new(),
        }))
    }

    pub(super) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// Help that names the nearest valid name, if any is near.
    pub(super) fn did_you_mean(self, nearest: Option<&str>) -> Self {
        match nearest {
            Some(name) => self.with_help(format!("did you mean `{name}`?")),
            None => self,
        }
    }
}

impl fmt::Display for ExpressionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for ExpressionError {}

/// Line and column of a byte of a source, both from 1; the column counts characters.
pub fn line_column(source: &str, at: usize) -> (usize, usize) {
    let mut at = at.min(source.len());
    while !source.is_char_boundary(at) {
        at -= 1;
    }
    let before = source.get(..at).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
    (before.matches('\n').count() + 1, column)
}

/// Words and form.
impl ExpressionError {
    pub(super) fn too_long(bytes: usize) -> Self {
        let message = format!(
            "the expression has {bytes} bytes; at most {} are read",
            limits::EXPRESSION_BYTES_MAX
        );
        Self::new("cel/too-long", Span::default(), message)
    }

    pub(super) fn too_deep(span: Span) -> Self {
        Self::new(
            "cel/too-deep",
            span,
            format!("the expression nests more than {} deep", limits::EXPRESSION_DEPTH_MAX),
        )
    }

    pub(super) fn too_many_nodes(span: Span) -> Self {
        Self::new(
            "cel/too-many-nodes",
            span,
            format!("the expression has more than {} parts", limits::EXPRESSION_NODES_MAX),
        )
    }

    pub(super) fn list_too_long(span: Span) -> Self {
        Self::new(
            "cel/list-too-long",
            span,
            format!("the list has more than {} elements", limits::LIST_LITERAL_MAX),
        )
        .with_help("name the list in `sets.toml` and write `sets.NAME`")
    }

    pub(super) fn list_too_nested(span: Span) -> Self {
        Self::new(
            "cel/list-too-nested",
            span,
            format!("lists nest more than {} deep", limits::LIST_NESTING_MAX),
        )
    }

    pub(super) fn empty(span: Span) -> Self {
        Self::new("cel/syntax", span, "the expression is empty")
    }

    pub(super) fn unexpected_character(span: Span, found: char) -> Self {
        let written = brief(found.encode_utf8(&mut [0; 4]));
        let error = Self::new("cel/syntax", span, format!("`{written}` has no meaning here"));
        match slips::character(found) {
            Some(help) => error.with_help(help),
            None => error,
        }
    }

    /// A mark of another language.
    pub(super) fn foreign_mark(span: Span, mark: &str, help: &str) -> Self {
        Self::new("cel/syntax", span, format!("`{mark}` has no meaning here")).with_help(help)
    }

    /// A word of another language where an operator belongs.
    pub(super) fn foreign_word(span: Span, word: &str, help: String) -> Self {
        Self::unexpected(span, word, "an operator or the end of the expression").with_help(help)
    }

    pub(super) fn unexpected(span: Span, found: &str, wanted: &str) -> Self {
        let message = match found {
            "" => format!("the expression ends where {wanted} is expected"),
            _ => format!("found `{}` where {wanted} is expected", brief(found)),
        };
        Self::new("cel/syntax", span, message)
    }

    /// The expression ends inside a bracket.
    pub(super) fn unclosed(self, source: &str, open: Span, close: &str) -> Self {
        let (_, column) = line_column(source, open.range().start);
        let bracket = source.get(open.range()).unwrap_or_default();
        self.with_help(format!("close `{}` of character {column} with `{close}`", brief(bracket)))
    }

    /// An attribute in the braces of templates.
    pub(super) fn in_braces(span: Span) -> Self {
        Self::unsupported(span, "{", "maps").with_help(slips::PATH)
    }

    /// What stands behind a whole expression, with the expression and with what follows.
    pub(super) fn after(self, before: &str, found: &str, rest: &str) -> Self {
        let ends_in_number = before.ends_with(|c: char| c.is_ascii_digit());
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        match found {
            "," if ends_in_number && digits(rest) == 3 => {
                self.with_help("write a number without marks between its digits: `1000`")
            }
            "," => self.with_help("write `&&` between conditions that must all hold"),
            ":" if ends_in_number => {
                self.with_help("hours are whole numbers: write `8`, not `8:00`")
            }
            _ => self,
        }
    }

    /// `50%`.
    pub(super) fn percent(self) -> Self {
        self.with_help("`%` is the remainder of a division; write a share as in `0.5`")
    }

    /// `a ? b` and `a?.b`.
    pub(super) fn half_conditional(span: Span, found: &str) -> Self {
        Self::unexpected(span, found, "`:` and what holds otherwise").with_help(
            "write `condition ? then : otherwise`; of what may be absent, `has(a) ? a : b`",
        )
    }

    /// `("a", "b")`.
    pub(super) fn list_in_brackets(span: Span) -> Self {
        Self::unexpected(span, ",", "`)`").with_help("write a list in square brackets: `[a, b]`")
    }

    /// `in {"a", "b"}`.
    pub(super) fn set_in_braces(span: Span) -> Self {
        Self::unsupported(span, "{", "maps").with_help("write a list in square brackets: `[a, b]`")
    }

    pub(super) fn number_with_letter(span: Span, help: Option<String>) -> Self {
        let error = Self::bad_number(span, "a number is followed by a letter");
        match help {
            Some(help) => error.with_help(help),
            None => error,
        }
    }

    pub(super) fn bad_number(span: Span, why: &str) -> Self {
        Self::new("cel/bad-number", span, why)
    }

    pub(super) fn unclosed_string(span: Span, fence: &str) -> Self {
        Self::new("cel/unclosed-string", span, format!("the string has no closing `{fence}`"))
    }

    pub(super) fn bad_escape(span: Span, escape: &str) -> Self {
        let needs = match escape.as_bytes().get(1) {
            Some(b'x' | b'X') => Some("two hexadecimal digits"),
            Some(b'u') => Some("four hexadecimal digits that name a character"),
            Some(b'U') => Some("eight hexadecimal digits that name a character"),
            Some(b'0'..=b'3') => Some("two more octal digits"),
            _ => None,
        };
        let message = match needs {
            Some(needs) => format!("`{}` needs {needs}", brief(escape)),
            None => format!("`{}` is not an escape", brief(escape)),
        };
        Self::new("cel/bad-escape", span, message)
            .with_help("write `\\\\` for a backslash, or a raw string such as r\"\\d\"")
    }

    pub(super) fn reserved(span: Span, word: &str) -> Self {
        let error = Self::new("cel/reserved-word", span, format!("`{word}` is a reserved word"));
        match slips::reserved(word) {
            Some(help) => error.with_help(help),
            None => error,
        }
    }

    /// A conditional between `?` and `:` of another.
    pub(super) fn nested_conditional(span: Span) -> Self {
        Self::unexpected(span, "?", "`:` and what holds otherwise")
            .with_help("put the inner `… ? … : …` in brackets")
    }

    pub(super) fn null(span: Span) -> Self {
        Self::unsupported(span, "null", "null")
            .with_help("write `has(…)` to ask whether an attribute is there")
    }

    /// `a == null`, with the words for `a`.
    pub(super) fn null_compared(span: Span, left: &str, is_absent: bool) -> Self {
        let not = if is_absent { "!" } else { "" };
        Self::null(span).with_help(format!("write `{not}has({})`", brief(left)))
    }

    /// `not a`, which two words beside each other may be.
    pub(super) fn not_operator(span: Span) -> Self {
        Self::unexpected(span, "not", "an operator or a value")
            .with_help("write `!` for not, as in `!(a in b)`")
    }

    /// Something that CEL has and this language has not.
    pub(super) fn unsupported(span: Span, written: &str, family: &str) -> Self {
        let verb = if family.starts_with("the extension") { "is" } else { "are" };
        let message = match written == family {
            true => format!("`{}` is not supported", brief(written)),
            false => format!("`{}`: {family} {verb} not supported", brief(written)),
        };
        let error = Self::new("cel/unsupported", span, message);
        match written {
            "matches" => {
                error.with_help("`startsWith`, `endsWith` and `contains` look into strings")
            }
            "map" | "filter" => error.with_help("`all`, `exists` and `exists_one` ask of a list"),
            _ => error,
        }
    }
}

/// Names.
impl ExpressionError {
    pub(super) fn unknown_attribute(span: Span, path: &str, nearest: Option<&str>) -> Self {
        Self::new("cel/unknown-attribute", span, format!("there is no attribute `{}`", brief(path)))
            .did_you_mean(nearest)
    }

    /// A bare word that is no name: likely a text without its quotes.
    pub(super) fn unknown_word(span: Span, word: &str) -> Self {
        let error = Self::unknown_attribute(span, word, None);
        if word == "unlimited" {
            let help = format!("to rules an unlimited count is the greatest one, `{}`", i64::MAX);
            return error.with_help(help);
        }
        match slips::word(word) {
            Some(help) => error.with_help(help),
            None => error.with_help(format!("write a string in quotes: `\"{}\"`", brief(word))),
        }
    }

    /// A fact of the caller's own that no pack declares.
    pub(super) fn undeclared(span: Span, path: &str) -> Self {
        let help =
            format!("a pack declares it in its `pack.toml`: `[attributes.\"{}\"]`", brief(path));
        Self::unknown_attribute(span, path, None).with_help(help)
    }

    /// A name that asks for the time of day.
    pub(super) fn no_clock(self) -> Self {
        self.with_help("rules have no clock: `send_at` is when the message is sent")
    }

    pub(super) fn attribute_prefix(span: Span, path: &str, members: &[&str]) -> Self {
        let message = format!("`{}` is not an attribute but the beginning of several", brief(path));
        Self::new("cel/incomplete-attribute", span, message)
            .with_help(format!("name one of them, such as {}", quoted(members)))
    }

    pub(super) fn collection(span: Span, path: &str, derived: &[&str]) -> Self {
        let message = format!(
            "`{}` is a list of objects, which conditions see only through derived attributes",
            brief(path)
        );
        let error = Self::new("cel/list-of-objects", span, message);
        if derived.is_empty() { error } else { error.with_help(format!("see {}", quoted(derived))) }
    }

    pub(super) fn no_members(span: Span, what: &str, ty: Type, member: &str) -> Self {
        let message =
            format!("`{}` is of type {ty} and has no member `{}`", brief(what), brief(member));
        let error = Self::new("cel/no-such-member", span, message);
        match slips::member(what, ty, member) {
            Some(help) => error.with_help(help),
            None => error,
        }
    }

    pub(super) fn hidden_by_variable(span: Span, variable: &str, path: &str) -> Self {
        let message = format!(
            "`{}` begins with the variable `{}` of a macro, which has no members",
            brief(path),
            brief(variable)
        );
        Self::new("cel/no-such-member", span, message).with_help("give the variable another name")
    }

    pub(super) fn bare_sets(span: Span, nearest: Option<&str>) -> Self {
        let example = nearest.unwrap_or("NAME");
        Self::new("cel/unknown-set", span, "`sets` alone is not a list")
            .with_help(format!("name a set: `sets.{example}`"))
    }

    pub(super) fn unknown_set(span: Span, name: &str, nearest: Option<&str>) -> Self {
        let nearest = nearest.map(|name| format!("sets.{name}"));
        Self::new("cel/unknown-set", span, format!("there is no set `{}`", brief(name)))
            .did_you_mean(nearest.as_deref())
    }

    pub(super) fn unknown_condition(span: Span, name: &str, nearest: Option<&str>) -> Self {
        let nearest = nearest.map(|name| format!("conditions.{name}"));
        let message = if name.is_empty() {
            "`conditions` alone is not a condition".to_owned()
        } else {
            format!("there is no condition `{}`", brief(name))
        };
        Self::new("cel/unknown-condition", span, message).did_you_mean(nearest.as_deref())
    }

    pub(super) fn unknown_table(span: Span, name: &str, nearest: Option<&str>) -> Self {
        let nearest = nearest.map(|name| format!("tables.{name}"));
        let message = if name.is_empty() {
            "`tables` alone is not a table".to_owned()
        } else {
            format!("there is no table `{}`", brief(name))
        };
        Self::new("cel/unknown-table", span, message).did_you_mean(nearest.as_deref())
    }

    pub(super) fn unknown_function(span: Span, name: &str, nearest: Option<&str>) -> Self {
        Self::new("cel/unknown-function", span, format!("there is no function `{}`", brief(name)))
            .did_you_mean(nearest)
    }

    /// A function of another language, with what to write instead.
    pub(super) fn foreign_function(span: Span, name: &str, help: String) -> Self {
        Self::unknown_function(span, name, None).with_help(help)
    }

    /// `account["quality"]`.
    pub(super) fn indexed_by_name(span: Span, path: &str) -> Self {
        Self::new("cel/type-mismatch", span, "`[…]` takes the place of an element, not a name")
            .with_help(format!("write `{}`", brief(path)))
    }

    pub(super) fn wrong_call_form(span: Span, name: &str, right: &str) -> Self {
        Self::new("cel/wrong-arguments", span, format!("`{name}` is not called this way"))
            .with_help(format!("write `{right}`"))
    }

    pub(super) fn bad_variable(span: Span, written: &str) -> Self {
        let message = format!("`{}` cannot name the variable of a macro", brief(written));
        Self::new("cel/bad-variable", span, message)
            .with_help("write a plain name, as in `list.all(item, item > 0)`")
    }

    pub(super) fn has_argument(span: Span, written: &str) -> Self {
        Self::new(
            "cel/bad-has",
            span,
            format!("`has` takes the path of an attribute, not `{}`", brief(written)),
        )
    }

    /// `has("recipient.phone")`, with the path.
    pub(super) fn in_quotes(self, path: &str) -> Self {
        self.with_help(format!("write `has({})`", brief(path)))
    }

    /// `exists(recipient.phone)`, which other languages have for `has`.
    pub(super) fn asks_has(self, path: &str) -> Self {
        self.with_help(format!("write `has({})`", brief(path)))
    }
}

pub(super) fn quoted(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}
