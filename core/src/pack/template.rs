//! How does a text with facts in it read?

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use super::content::{Part, Template};
use crate::schema::{AttributeId, Form, Schema};
use crate::value::{Fact, Value};

/// What is wrong with the text of a template, and where in it.
pub(super) enum TemplateProblem<'t> {
    /// A `{` without a `}`.
    Unclosed,
    /// A `}` without a `{`.
    Stray,
    /// A placeholder that is no attribute.
    Unknown(&'t str),
}

/// A piece of a text with placeholders.
pub(super) enum Piece<'t> {
    /// What stands as it is.
    Plain(&'t str),
    /// `{path}` or `{path|path}`, and where what is in the braces stands.
    Path(&'t str, Range<usize>),
    /// A brace that has no partner, and where it stands.
    Broken(TemplateProblem<'t>, Range<usize>),
}

/// Between the attributes of a placeholder, of which the first that has a value is shown.
const OR: char = '|';

/// The pieces of a text, in order. `{path}` is an attribute, `{path|path}` the first that has a
/// value, `{{` and `}}` are braces.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let at = text.len() - rest.len();
        let Some(brace) = next_brace(rest) else {
            let plain = std::mem::take(&mut rest);
            return (!plain.is_empty()).then_some(Piece::Plain(plain));
        };
        let (before, from_brace) = rest.split_at(brace);
        if !before.is_empty() {
            rest = from_brace;
            return Some(Piece::Plain(before));
        }
        let after = from_brace.get(1..).unwrap_or_default();
        if from_brace.starts_with("{{") || from_brace.starts_with("}}") {
            rest = after.get(1..).unwrap_or_default();
            return Some(Piece::Plain(from_brace.get(..1).unwrap_or_default()));
        }
        if from_brace.starts_with('}') {
            rest = after;
            return Some(Piece::Broken(TemplateProblem::Stray, at..at + 1));
        }
        let end = next_brace(after)
            .filter(|end| after.get(*end..).is_some_and(|end| end.starts_with('}')));
        let Some(end) = end else {
            rest = after;
            return Some(Piece::Broken(TemplateProblem::Unclosed, at..at + 1));
        };
        let (path, after_path) = after.split_at(end);
        rest = after_path.get(1..).unwrap_or_default();
        Some(Piece::Path(path, at + 1..at + 1 + path.len()))
    })
}

/// The place of the next brace. Each is looked for alone, which goes many bytes at a time.
fn next_brace(text: &str) -> Option<usize> {
    match (text.find('{'), text.find('}')) {
        (Some(open), Some(close)) => Some(open.min(close)),
        (open, close) => open.or(close),
    }
}

impl Template {
    /// Reads a text.
    pub(super) fn parse<'t>(
        text: &'t str,
        schema: &Schema,
    ) -> (Self, Vec<(TemplateProblem<'t>, Range<usize>)>) {
        let mut parts = Vec::new();
        let mut problems = Vec::new();
        let mut plain = String::new();
        for piece in pieces(text) {
            match piece {
                Piece::Plain(text) => plain.push_str(text),
                Piece::Broken(problem, at) => problems.push((problem, at)),
                Piece::Path(path, at) => {
                    let mut attributes = Vec::new();
                    let mut start = at.start;
                    for path in path.split(OR) {
                        let end = start + path.len();
                        match schema.id(path) {
                            Some(id) => attributes.push(id),
                            None => problems.push((TemplateProblem::Unknown(path), start..end)),
                        }
                        start = end + OR.len_utf8();
                    }
                    if !plain.is_empty() {
                        parts.push(Part::Text(Arc::from(std::mem::take(&mut plain))));
                    }
                    parts.push(Part::FirstOf(attributes.into()));
                }
            }
        }
        if !plain.is_empty() {
            parts.push(Part::Text(Arc::from(plain)));
        }
        (Self { parts }, problems)
    }

    /// Reads a text that was checked when its pack was loaded.
    pub(crate) fn of(text: &str, schema: &Schema) -> Self {
        Self::parse(text, schema).0
    }

    /// The attributes in it, in the order of the text.
    pub fn attributes(&self) -> impl Iterator<Item = AttributeId> {
        self.placeholders().flatten().copied()
    }

    /// The attributes of each placeholder, in the order of the text.
    pub(crate) fn placeholders(&self) -> impl Iterator<Item = &[AttributeId]> {
        self.parts.iter().filter_map(|part| match part {
            Part::FirstOf(attributes) => Some(&**attributes),
            Part::Text(_) => None,
        })
    }

    /// The text with facts in place of attributes.
    ///
    /// Strings stand bare, instants as RFC 3339, doubles with as few digits as tell them apart,
    /// elements of lists with `, ` between them; an absent fact is `none`, an unknown one
    /// `unknown`.
    pub fn render(&self, schema: &Schema, fact: impl Fn(AttributeId) -> Fact) -> String {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(plain) => text.push_str(plain),
                Part::FirstOf(attributes) => {
                    let facts = || attributes.iter().map(|id| (*id, fact(*id)));
                    let value = facts().find(|(_, fact)| matches!(fact, Fact::Value(_)));
                    let shown = value.or_else(|| facts().find(|(_, fact)| *fact == Fact::Unknown));
                    match shown {
                        Some((id, Fact::Value(value))) => {
                            write_value(&mut text, &value, &schema.attribute(id).form);
                        }
                        Some(_) => text.push_str("unknown"),
                        None => text.push_str("none"),
                    }
                }
            }
        }
        text
    }
}

fn write_value(text: &mut String, value: &Value, form: &Form) {
    // Writing to a string cannot fail.
    let _ = match value {
        Value::Bool(value) => write!(text, "{value}"),
        Value::Int(i64::MAX) if *form == Form::CountOrUnlimited => write!(text, "unlimited"),
        Value::Int(value) => write!(text, "{value}"),
        Value::Double(value) if *value != 0.0 && !(1e-7..1e21).contains(&value.abs()) => {
            write!(text, "{value:e}")
        }
        Value::Double(value) => write!(text, "{value}"),
        Value::String(value) => write!(text, "{value}"),
        Value::Timestamp(value) => write!(text, "{value}"),
        Value::Duration(value) => write!(text, "{value}"),
        Value::List(values) => {
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    text.push_str(", ");
                }
                // Lists nest no deeper than `LIST_NESTING_MAX`.
                write_value(text, value, form);
            }
            Ok(())
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::attributes as a;
    use crate::time::Timestamp;

    fn render(text: &str, facts: &[(AttributeId, Fact)]) -> String {
        let schema = Schema::built_in();
        let (template, problems) = Template::parse(text, &schema);
        assert!(problems.is_empty(), "{text}");
        template.render(&schema, |id| {
            facts.iter().find(|(of, _)| *of == id).map(|(_, fact)| fact.clone()).unwrap_or_default()
        })
    }

    #[test]
    fn facts_read_as_a_person_would_write_them() {
        let known = |id, value| (id, Fact::Value(value));
        let facts = [
            known(a::PROVIDER_NAME, Value::string("Acme {x}")),
            known(a::ACCOUNT_DAILY_LIMIT, Value::Int(i64::MAX)),
            known(a::CAMPAIGN_AUDIENCE_SIZE, Value::Int(-7)),
            known(a::ACCOUNT_FEEDBACK_BLOCK_RATE, Value::Double(0.1)),
            known(a::CAMPAIGN_AUTOMATED, Value::Bool(true)),
            known(
                a::RECIPIENT_OPT_IN_AT,
                Value::Timestamp(Timestamp::from_date(2026, 3, 2).unwrap()),
            ),
            known(
                a::CAMPAIGN_REQUESTS,
                Value::List(Arc::new([Value::string("password"), Value::string("national_id")])),
            ),
            (a::RECIPIENT_PHONE, Fact::Absent),
        ];
        for (text, rendered) in [
            ("{provider.name}: {account.daily_limit}", "Acme {x}: unlimited"),
            ("{campaign.audience_size} at {account.feedback_block_rate}", "-7 at 0.1"),
            ("{campaign.automated}{{}}{campaign.requests}", "true{}password, national_id"),
            ("{recipient.opt_in_at}", "2026-03-02T00:00:00Z"),
            ("to {recipient.phone} by {recipient.user_id}", "to none by unknown"),
            ("{recipient.phone|provider.name}", "Acme {x}"),
            ("{provider.name|recipient.phone}", "Acme {x}"),
            ("{recipient.phone|recipient.user_id}", "unknown"),
            ("{recipient.phone|recipient.phone}", "none"),
            ("no facts, ü", "no facts, ü"),
            ("", ""),
        ] {
            assert_eq!(render(text, &facts), rendered, "{text}");
        }
    }

    #[test]
    fn each_attribute_of_a_choice_is_checked_where_it_stands() {
        let schema = Schema::built_in();
        let text = "{recipient.phone|recipient.fone|} and {|}";
        let (_, problems) = Template::parse(text, &schema);
        let places: Vec<&str> = problems.iter().map(|(_, at)| &text[at.clone()]).collect();
        assert_eq!(places, ["recipient.fone", "", "", ""]);
    }

    #[test]
    fn doubles_keep_all_their_digits_and_no_more() {
        for (value, rendered) in [
            (1.0, "1"),
            (0.0, "0"),
            (1e300, "1e300"),
            (2.5e-9, "2.5e-9"),
            (1e-7, "0.0000001"),
            (123_456.75, "123456.75"),
        ] {
            let fact = Fact::Value(Value::Double(value));
            assert_eq!(
                render("{account.feedback_block_rate}", &[(a::ACCOUNT_FEEDBACK_BLOCK_RATE, fact)]),
                rendered
            );
        }
    }
}
