//! What can be wrong with the types and values of an expression.

use super::error::{ExpressionError, quoted};
use super::node::Span;
use crate::text::brief;
use crate::time::Timestamp;
use crate::value::Type;

/// Types and values.
impl ExpressionError {
    pub(super) fn mismatch(span: Span, operator: &str, left: Type, right: Type) -> Self {
        let error = Self::new(
            "cel/type-mismatch",
            span,
            format!("`{operator}` does not take {left} and {right}"),
        );
        let pair = |a: Type, b: Type| (left, right) == (a, b) || (left, right) == (b, a);
        match operator {
            _ if pair(Type::INT, Type::DOUBLE) => error.with_help(
                "write both numbers as doubles, as in `1.0`, or convert with `double(…)`",
            ),
            _ if pair(Type::TIMESTAMP, Type::STRING) => {
                error.with_help("write a timestamp as `timestamp(\"2026-03-02T15:00:00Z\")`")
            }
            _ if pair(Type::DURATION, Type::STRING) => {
                error.with_help("write a span of time as `duration(\"24h\")`")
            }
            _ if pair(Type::DURATION, Type::INT) => {
                error.with_help("write a span of time as `duration(\"24h\")`")
            }
            "in" if right == Type::STRING => error.with_help(
                "write a list in square brackets: `a in [b]`; `string.contains(part)` looks into a \
                 string",
            ),
            "==" | "!=" if right == left.list() || left == right.list() => {
                error.with_help("write `item in list`")
            }
            _ => error,
        }
    }

    /// A literal beside a value of another type, with what to write instead.
    pub(super) fn written_as(self, help: String) -> Self {
        self.with_help(help)
    }

    /// `a == "x" || "y"`, with the words.
    pub(super) fn one_of_several(self, what: &str, values: [&str; 2], operator: &str) -> Self {
        let list = format!("{} in [{}, {}]", brief(what), brief(values[0]), brief(values[1]));
        self.with_help(match operator {
            "||" => format!("write `{list}`"),
            _ => format!("write `!({list})`"),
        })
    }

    /// `2 < x < 5`, with its words.
    pub(super) fn chained(self, [low, first, middle, second, high]: [&str; 5]) -> Self {
        self.with_help(format!(
            "write `{} {first} {middle} && {middle} {second} {}`",
            brief(low),
            brief(high),
            middle = brief(middle)
        ))
    }

    /// A list looked for in a list of the same, with their words.
    pub(super) fn list_in_list(self, [item, list]: [&str; 2]) -> Self {
        self.with_help(format!(
            "ask of its elements: `{}.exists(item, item in {})`",
            brief(item),
            brief(list)
        ))
    }

    /// A function of strings that is called with a list, with the words of both.
    pub(super) fn of_list(self, function: &str, list: &str, part: &str) -> Self {
        let (list, part) = (brief(list), brief(part));
        match function {
            "contains" => self.with_help(format!("write `{part} in {list}`")),
            _ => self.with_help(format!(
                "ask of its elements: `{list}.exists(item, item.{function}({part}))`"
            )),
        }
    }

    /// A number where a span of time belongs; as days, if it is a literal.
    pub(super) fn days(self, days: Option<i64>) -> Self {
        const DAYS_MAX: i64 = 36_500;
        match days.filter(|days| (1..=DAYS_MAX).contains(days)) {
            Some(1) | None => {
                self.with_help("write a span of time, as in `duration(\"24h\")` for one day")
            }
            Some(days) => self.with_help(format!(
                "write a span of time, as in `duration(\"{}h\")` for {days} days",
                days * 24
            )),
        }
    }

    pub(super) fn not_bool(span: Span, what: &str, found: Type) -> Self {
        Self::new("cel/not-bool", span, format!("{what} must be of type bool, not {found}"))
    }

    pub(super) fn wrong_operand(span: Span, operator: &str, found: Type) -> Self {
        Self::new("cel/type-mismatch", span, format!("`{operator}` does not take {found}"))
    }

    pub(super) fn branches_differ(span: Span, then: Type, otherwise: Type) -> Self {
        Self::new(
            "cel/type-mismatch",
            span,
            format!("both results of `?:` must be of one type, not {then} and {otherwise}"),
        )
    }

    pub(super) fn elements_differ(span: Span, list: Type, element: Type) -> Self {
        Self::new(
            "cel/mixed-list",
            span,
            format!("a list holds one type: this element is {element}, those before are {list}"),
        )
    }

    pub(super) fn not_a_list(span: Span, operator: &str, found: Type) -> Self {
        Self::new("cel/type-mismatch", span, format!("`{operator}` needs a list, not {found}"))
    }

    pub(super) fn wrong_arguments(span: Span, name: &str, takes: &str, found: &[Type]) -> Self {
        let found: Vec<String> = found.iter().map(Type::to_string).collect();
        let found = if found.is_empty() {
            "and is given nothing".to_owned()
        } else {
            format!("not {}", found.join(", "))
        };
        Self::new("cel/wrong-arguments", span, format!("`{name}` takes {takes}, {found}"))
    }

    pub(super) fn no_type(span: Span) -> Self {
        Self::new("cel/no-type", span, "an element of an empty list has no type")
    }

    pub(super) fn unknown_value(
        span: Span,
        attribute: &str,
        value: &str,
        nearest: Option<&str>,
        known: &[&str],
    ) -> Self {
        const LISTED_MAX: usize = 8;
        let error = Self::new(
            "cel/unknown-value",
            span,
            format!("`{attribute}` is never `{}`", brief(value)),
        );
        match nearest {
            Some(_) => error.did_you_mean(nearest),
            None if !known.is_empty() && known.len() <= LISTED_MAX => {
                error.with_help(format!("it is one of {}", quoted(known)))
            }
            None => error,
        }
    }

    /// A text that the attribute never is; `expected` says how its values are written.
    pub(super) fn not_of_form(
        span: Span,
        attribute: &str,
        value: &str,
        nearest: Option<&str>,
        expected: &str,
    ) -> Self {
        let message = format!("`{attribute}` is never `{}`", brief(value));
        let error = Self::new("cel/unknown-value", span, message);
        match nearest {
            Some(_) => error.did_you_mean(nearest),
            None => error.with_help(format!("expected {expected}")),
        }
    }

    pub(super) fn bad_literal(span: Span, function: &str, text: &str, why: &str) -> Self {
        let message = format!("`{}` is no {function}: {why}", brief(text));
        let error = Self::new("cel/bad-literal", span, message);
        // A date alone, with or without the zone.
        let midnight = format!("{}T00:00:00Z", text.trim_end_matches(['Z', 'z']));
        match function == "timestamp" && Timestamp::parse(&midnight).is_ok() {
            true => error.with_help(format!("write `timestamp(\"{midnight}\")`")),
            false => error,
        }
    }

    /// `timestamp(2026-03-01)`, which is 2022 seconds after 1970.
    pub(super) fn number_as_timestamp(
        span: Span,
        written: &str,
        seconds: i64,
        meant: Option<Timestamp>,
    ) -> Self {
        let message = format!(
            "`{}` is the number {seconds}, and a timestamp is written in quotes",
            brief(written)
        );
        let meant =
            meant.map_or_else(|| "2026-03-02T15:00:00Z".to_owned(), |meant| meant.to_string());
        Self::new("cel/bad-literal", span, message)
            .with_help(format!("write `timestamp(\"{meant}\")`"))
    }

    pub(super) fn unknown_zone(span: Span, zone: &str) -> Self {
        Self::new("cel/unknown-zone", span, format!("there is no time zone `{}`", brief(zone)))
            .with_help("write an IANA name such as `Europe/Madrid`, or an offset such as `+01:00`")
    }

    pub(super) fn not_a_condition(span: Span, found: Type) -> Self {
        Self::new(
            "cel/not-a-condition",
            span,
            format!("a condition must be of type bool, and this is {found}"),
        )
    }

    /// A nullable attribute is used where it may be absent.
    pub fn unguarded(span: Span, path: &str) -> Self {
        Self::new(
            "cel/unguarded",
            span,
            format!("`{path}` may be absent here, and the rule would then be undetermined"),
        )
        .with_help(format!("say what holds then: `has({path}) && …` or `!has({path}) || …`"))
    }
}
