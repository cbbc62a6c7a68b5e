//! Conditions as trees: what each engine's language is made from, and what a plain loop says of
//! them.

use cleartosend::Timestamp;
use serde_json::{Value as Json, json};

use crate::chance::Column;
use crate::table::SEND_AT_MS;

/// An expression over the columns of a row. Instants and spans are in milliseconds.
#[derive(Clone, Debug)]
pub enum Node {
    Column(usize),
    /// The element of the list that [`Node::Elements`] goes through.
    Element,
    Int(i64),
    Double(f64),
    Text(String),
    Instant(i64),
    Span(i64),
    /// `send_at`
    Now,
    /// `== != < <= > >=`
    Compare(&'static str, Box<[Node; 2]>),
    /// `+ - * / %`
    Calculate(&'static str, Box<[Node; 2]>),
    Among(Box<Node>, Vec<Node>),
    /// `startsWith`, `endsWith`, `contains`
    TextTest(&'static str, Box<[Node; 2]>),
    /// `lowerAscii`
    Lower(Box<Node>),
    /// Texts one after the other.
    Joined(Box<[Node; 2]>),
    /// Code points of a text, elements of a list.
    Size(Box<Node>),
    /// A part of an instant in a zone: its name, and how many minutes it is ahead of UTC.
    Part(&'static str, Option<(&'static str, i64)>, Box<Node>),
    /// The whole hours of a span.
    Hours(Box<Node>),
    /// A whole number as a double.
    Widened(Box<Node>),
    /// A double without its fraction.
    Whole(Box<Node>),
    /// A whole number as a text.
    Written(Box<Node>),
    /// `exists` or `all` over the elements of a column.
    Elements {
        is_all: bool,
        list: usize,
        body: Box<Node>,
    },
    /// A constant among the elements of a column.
    InList(Box<Node>, usize),
    Has(usize),
    Not(Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    If(Box<[Node; 3]>),
}

/// What an expression comes to; nothing where something that it needs is not known.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
pub enum Found<'a> {
    Unknown,
    Bool(bool),
    /// Also instants and spans.
    Int(i64),
    Double(f64),
    Text(std::borrow::Cow<'a, str>),
}

/// A row that can be asked for its cells.
pub trait Row<'a> {
    fn cell(&self, column: usize) -> Found<'a>;
    /// The elements of a list; none where it is null.
    fn elements(&self, column: usize) -> Option<Vec<Found<'a>>>;
}

impl Node {
    /// The columns that are read.
    pub fn columns(&self, into: &mut Vec<usize>) {
        match self {
            Self::Column(column) | Self::Has(column) => into.push(*column),
            Self::InList(item, list) | Self::Elements { list, body: item, .. } => {
                into.push(*list);
                item.columns(into);
            }
            Self::Compare(_, sides)
            | Self::Calculate(_, sides)
            | Self::TextTest(_, sides)
            | Self::Joined(sides) => sides.iter().for_each(|side| side.columns(into)),
            Self::Among(inner, _)
            | Self::Lower(inner)
            | Self::Size(inner)
            | Self::Part(_, _, inner)
            | Self::Hours(inner)
            | Self::Widened(inner)
            | Self::Whole(inner)
            | Self::Written(inner)
            | Self::Not(inner) => inner.columns(into),
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|part| part.columns(into)),
            Self::If(parts) => parts.iter().for_each(|part| part.columns(into)),
            Self::Element
            | Self::Int(_)
            | Self::Double(_)
            | Self::Text(_)
            | Self::Instant(_)
            | Self::Span(_)
            | Self::Now => {}
        }
    }

    /// As a condition of a rule.
    pub fn cel(&self, columns: &[Column]) -> String {
        let of = |node: &Self| node.cel(columns);
        let name = |column: &usize| columns[*column].name.clone();
        let joined = |parts: &[Self], by: &str| {
            format!("({})", parts.iter().map(of).collect::<Vec<_>>().join(by))
        };
        match self {
            Self::Column(column) => name(column),
            Self::Element => "e".into(),
            Self::Int(int) => int.to_string(),
            Self::Double(double) => format!("{double:?}"),
            Self::Text(text) => format!("\"{text}\""),
            Self::Instant(ms) => {
                let at =
                    Timestamp::new(ms.div_euclid(1000), ms.rem_euclid(1000) as u32 * 1_000_000);
                format!("timestamp(\"{}\")", at.expect("an instant of these years"))
            }
            Self::Span(ms) => format!("duration(\"{ms}ms\")"),
            Self::Now => "send_at".into(),
            Self::Compare(operator, sides) | Self::Calculate(operator, sides) => {
                let [one, other] = &**sides;
                format!("({} {operator} {})", of(one), of(other))
            }
            Self::Joined(sides) => format!("({} + {})", of(&sides[0]), of(&sides[1])),
            Self::Among(item, members) => {
                let members: Vec<String> = members.iter().map(of).collect();
                format!("({} in [{}])", of(item), members.join(", "))
            }
            Self::TextTest(function, sides) => {
                format!("{}.{function}({})", of(&sides[0]), of(&sides[1]))
            }
            Self::Lower(text) => format!("{}.lowerAscii()", of(text)),
            Self::Size(inner) => format!("size({})", of(inner)),
            Self::Part(function, None, instant) => format!("{}.{function}()", of(instant)),
            Self::Part(function, Some((zone, _)), instant) => {
                format!("{}.{function}(\"{zone}\")", of(instant))
            }
            Self::Hours(span) => format!("{}.getHours()", of(span)),
            Self::Widened(inner) => format!("double({})", of(inner)),
            Self::Whole(inner) => format!("int({})", of(inner)),
            Self::Written(inner) => format!("string({})", of(inner)),
            Self::Elements { is_all, list, body } => {
                let kind = if *is_all { "all" } else { "exists" };
                format!("{}.{kind}(e, {})", name(list), of(body))
            }
            Self::InList(item, list) => format!("({} in {})", of(item), name(list)),
            Self::Has(column) => format!("has({})", name(column)),
            Self::Not(inner) => format!("!{}", of(inner)),
            Self::And(parts) => joined(parts, " && "),
            Self::Or(parts) => joined(parts, " || "),
            Self::If(parts) => {
                let [condition, then, otherwise] = &**parts;
                format!("({} ? {} : {})", of(condition), of(then), of(otherwise))
            }
        }
    }

    /// As `gates.py` reads it: a name, and what it is of.
    pub fn json(&self, columns: &[Column]) -> Json {
        let of = |node: &Self| node.json(columns);
        let all = |nodes: &[Self]| nodes.iter().map(of).collect::<Vec<_>>();
        let name = |column: &usize| &columns[*column].name;
        match self {
            Self::Column(column) => json!(["column", name(column)]),
            Self::Element => json!(["element"]),
            Self::Int(int) => json!(["int", int]),
            Self::Double(double) => json!(["double", double]),
            Self::Text(text) => json!(["text", text]),
            Self::Instant(ms) => json!(["instant", ms]),
            Self::Span(ms) => json!(["span", ms]),
            Self::Now => json!(["instant", SEND_AT_MS]),
            Self::Compare(operator, sides) | Self::Calculate(operator, sides) => {
                json!([operator, of(&sides[0]), of(&sides[1])])
            }
            Self::Joined(sides) => json!(["joined", of(&sides[0]), of(&sides[1])]),
            Self::Among(item, members) => json!(["among", of(item), all(members)]),
            Self::TextTest(function, sides) => json!([function, of(&sides[0]), of(&sides[1])]),
            Self::Lower(text) => json!(["lower", of(text)]),
            Self::Size(inner) => match &**inner {
                Self::Column(column) if columns[*column].kind.is_list() => {
                    json!(["list size", of(inner)])
                }
                _ => json!(["size", of(inner)]),
            },
            Self::Part(function, zone, instant) => {
                json!(["part", function, zone.map(|(zone, _)| zone), of(instant)])
            }
            Self::Hours(span) => json!(["hours", of(span)]),
            Self::Widened(inner) => json!(["widened", of(inner)]),
            Self::Whole(inner) => json!(["whole", of(inner)]),
            Self::Written(inner) => json!(["written", of(inner)]),
            Self::Elements { is_all, list, body } => {
                json!([if *is_all { "all" } else { "exists" }, name(list), of(body)])
            }
            Self::InList(item, list) => json!(["in list", of(item), name(list)]),
            Self::Has(column) => json!(["has", name(column)]),
            Self::Not(inner) => json!(["not", of(inner)]),
            Self::And(parts) => json!(["and", all(parts)]),
            Self::Or(parts) => json!(["or", all(parts)]),
            Self::If(parts) => json!(["if", of(&parts[0]), of(&parts[1]), of(&parts[2])]),
        }
    }

    /// What it comes to in a row.
    pub fn find<'a>(&'a self, row: &dyn Row<'a>, element: Option<&Found<'a>>) -> Found<'a> {
        use Found::{Bool, Double, Int, Text, Unknown};
        let of = |node: &'a Self| node.find(row, element);
        let truth = |is_known: bool, holds: bool| if is_known { Bool(holds) } else { Unknown };
        match self {
            Self::Column(column) => row.cell(*column),
            Self::Element => element.cloned().unwrap_or(Unknown),
            Self::Int(int) | Self::Instant(int) | Self::Span(int) => Int(*int),
            Self::Double(double) => Double(*double),
            Self::Text(text) => Text(text.into()),
            Self::Now => Int(SEND_AT_MS),
            Self::Compare(operator, sides) => {
                let (one, other) = (of(&sides[0]), of(&sides[1]));
                truth(
                    one != Unknown && other != Unknown,
                    match *operator {
                        "==" => one == other,
                        "!=" => one != other,
                        "<" => one < other,
                        "<=" => one <= other,
                        ">" => one > other,
                        _ => one >= other,
                    },
                )
            }
            Self::Calculate(operator, sides) => match (of(&sides[0]), of(&sides[1])) {
                (Int(a), Int(b)) => Int(match *operator {
                    "+" => a + b,
                    "-" => a - b,
                    "*" => a * b,
                    "/" => a / b,
                    _ => a % b,
                }),
                (Double(a), Double(b)) => Double(match *operator {
                    "+" => a + b,
                    "-" => a - b,
                    "*" => a * b,
                    _ => a / b,
                }),
                _ => Unknown,
            },
            Self::Joined(sides) => match (of(&sides[0]), of(&sides[1])) {
                (Text(one), Text(other)) => Text(format!("{one}{other}").into()),
                _ => Unknown,
            },
            Self::Among(item, members) => {
                let item = of(item);
                truth(item != Unknown, members.iter().any(|member| of(member) == item))
            }
            Self::TextTest(function, sides) => match (of(&sides[0]), of(&sides[1])) {
                (Text(text), Text(part)) => Bool(match *function {
                    "startsWith" => text.starts_with(&*part),
                    "endsWith" => text.ends_with(&*part),
                    _ => text.contains(&*part),
                }),
                _ => Unknown,
            },
            Self::Lower(text) => match of(text) {
                Text(text) => Text(text.to_ascii_lowercase().into()),
                _ => Unknown,
            },
            Self::Size(inner) => match &**inner {
                Self::Column(list) if row.elements(*list).is_some() => {
                    Int(row.elements(*list).map_or(0, |elements| elements.len() as i64))
                }
                inner => match of(inner) {
                    Text(text) => Int(text.chars().count() as i64),
                    _ => Unknown,
                },
            },
            Self::Part(function, zone, instant) => match of(instant) {
                Int(at) => {
                    let at = at + zone.map_or(0, |(_, ahead)| ahead * 60_000);
                    Int(match *function {
                        "getHours" => at.div_euclid(3_600_000).rem_euclid(24),
                        // 1970-01-01 was a Thursday, and Sunday is 0.
                        _ => (at.div_euclid(86_400_000) + 4).rem_euclid(7),
                    })
                }
                _ => Unknown,
            },
            Self::Hours(span) => match of(span) {
                Int(ms) => Int(ms / 3_600_000),
                _ => Unknown,
            },
            Self::Widened(inner) => match of(inner) {
                Int(int) => Double(int as f64),
                _ => Unknown,
            },
            Self::Whole(inner) => match of(inner) {
                Double(double) => Int(double as i64),
                _ => Unknown,
            },
            Self::Written(inner) => match of(inner) {
                Int(int) => Text(int.to_string().into()),
                _ => Unknown,
            },
            Self::Elements { is_all, list, body } => match row.elements(*list) {
                None => Unknown,
                Some(elements) => {
                    let mut holds =
                        elements.iter().map(|element| body.find(row, Some(element)) == Bool(true));
                    Bool(if *is_all { holds.all(|one| one) } else { holds.any(|one| one) })
                }
            },
            Self::InList(item, list) => match row.elements(*list) {
                None => Unknown,
                Some(elements) => Bool(elements.contains(&of(item))),
            },
            Self::Has(column) => Bool(row.cell(*column) != Unknown),
            Self::Not(inner) => match of(inner) {
                Bool(holds) => Bool(!holds),
                _ => Unknown,
            },
            Self::And(parts) => junction(parts.iter().map(of), false),
            Self::Or(parts) => junction(parts.iter().map(of), true),
            Self::If(parts) => match of(&parts[0]) {
                Bool(true) => of(&parts[1]),
                Bool(false) => of(&parts[2]),
                _ => Unknown,
            },
        }
    }
}

fn junction<'a>(parts: impl Iterator<Item = Found<'a>>, decisive: bool) -> Found<'a> {
    let mut found = Found::Bool(!decisive);
    for part in parts {
        match part {
            Found::Bool(holds) if holds == decisive => return Found::Bool(decisive),
            Found::Bool(_) => {}
            _ => found = Found::Unknown,
        }
    }
    found
}
