//! What do the files of a pack say, read without the engine's own readers?

use std::collections::BTreeSet;

use cleartosend::{Duration, Timestamp, Value};
use toml::{Table, Value as Toml};

/// A rule, as text.
#[derive(Debug)]
pub struct Rule {
    /// Its id.
    pub id: String,
    /// When it applies.
    pub applies: Option<String>,
    /// `requires` or `forbids`.
    pub condition: String,
    /// Which of them.
    pub requires: bool,
    /// `deny`, `review` or `note`.
    pub verdict: String,
    /// Whether that counts.
    pub enforce: bool,
    /// The first instant.
    pub from: Timestamp,
    /// The first instant after.
    pub until: Option<Timestamp>,
    /// Message and advice.
    pub texts: String,
}

/// A set, with its name as conditions write it.
#[derive(Debug)]
pub struct Set {
    /// Its name.
    pub name: String,
    /// Its entries.
    pub entries: Vec<Entry>,
}

/// Some members with a period.
#[derive(Debug)]
pub struct Entry {
    /// The members.
    pub values: Vec<Value>,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl Set {
    /// The members at an instant.
    pub fn at(&self, at: Timestamp) -> Vec<Value> {
        let current = self.entries.iter().filter(|entry| entry.from.is_none_or(|from| from <= at));
        let current = current.filter(|entry| entry.until.is_none_or(|until| at < until));
        current.flat_map(|entry| entry.values.iter().cloned()).collect()
    }
}

/// The rules of a file.
pub fn rules(toml: &str) -> Vec<Rule> {
    tables(toml, "rule")
        .iter()
        .map(|table| {
            let requires = table.contains_key("requires");
            Rule {
                id: text(table, "id"),
                applies: table.contains_key("applies").then(|| text(table, "applies")),
                condition: text(table, if requires { "requires" } else { "forbids" }),
                requires,
                verdict: text(table, "verdict"),
                enforce: table.get("enforce").and_then(toml::Value::as_bool).unwrap_or(true),
                from: table.get("from").map_or(Timestamp::MIN, instant),
                until: table.get("until").map(instant),
                texts: format!("{} {}", text(table, "message"), text(table, "advice")),
            }
        })
        .collect()
}

/// The sets of a file.
pub fn sets(toml: &str) -> Vec<Set> {
    let entry = |entry: &Toml| Entry {
        values: entry["values"].as_array().into_iter().flatten().map(member).collect(),
        from: entry.get("from").map(instant),
        until: entry.get("until").map(instant),
    };
    let set = |table: &Table| Set {
        name: text(table, "id").replace('-', "_"),
        entries: table["entry"].as_array().into_iter().flatten().map(entry).collect(),
    };
    tables(toml, "set").iter().map(set).collect()
}

fn tables(toml: &str, key: &str) -> Vec<Table> {
    let root: Table = toml.parse().unwrap_or_else(|error| panic!("{error}\n{toml}"));
    let tables = root.get(key).and_then(Toml::as_array).into_iter().flatten();
    tables.filter_map(|table| table.as_table().cloned()).collect()
}

fn text(table: &Table, key: &str) -> String {
    table
        .get(key)
        .and_then(Toml::as_str)
        .unwrap_or_else(|| panic!("no `{key}` in {table:?}"))
        .to_owned()
}

fn member(toml: &Toml) -> Value {
    match toml {
        Toml::Integer(int) => Value::Int(*int),
        Toml::String(text) => Value::string(text),
        other => panic!("{other:?} is no member of a set"),
    }
}

fn instant(toml: &Toml) -> Timestamp {
    let written = toml.as_datetime().unwrap_or_else(|| panic!("{toml:?} is no date")).to_string();
    let full = if written.contains('T') { written } else { format!("{written}T00:00:00Z") };
    instant_of(&full).unwrap_or_else(|| panic!("{full} is no instant"))
}

/// An instant in RFC 3339, read by chrono.
pub fn instant_of(text: &str) -> Option<Timestamp> {
    let at = chrono::DateTime::parse_from_rfc3339(text).ok()?;
    Timestamp::new(at.timestamp(), at.timestamp_subsec_nanos())
}

/// A piece of an expression.
enum Token {
    /// `a.b.c`
    Name(String),
    /// What stands between quotes, without escapes that mean something else.
    Text(String),
    /// A number without its sign.
    Number(String),
}

/// The names, texts and numbers of an expression. Good for what the generator writes: no comments,
/// no raw or triple quotes.
fn tokens(source: &str) -> Vec<Token> {
    let chars: Vec<char> = source.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let start = at;
        let first = chars[at];
        at += 1;
        if first == '"' || first == '\'' {
            let mut text = String::new();
            while at < chars.len() && chars[at] != first {
                at += usize::from(chars[at] == '\\');
                text.push(chars[at]);
                at += 1;
            }
            at += 1;
            found.push(Token::Text(text));
        } else if first.is_ascii_digit() {
            let signed =
                |at: usize| matches!(chars[at], '+' | '-') && matches!(chars[at - 1], 'e' | 'E');
            while at < chars.len()
                && (chars[at].is_ascii_alphanumeric() || chars[at] == '.' || signed(at))
            {
                at += 1;
            }
            found.push(Token::Number(chars[start..at].iter().collect()));
        } else if first.is_ascii_alphabetic() || first == '_' {
            while at < chars.len()
                && (chars[at].is_ascii_alphanumeric() || chars[at] == '_' || chars[at] == '.')
            {
                at += 1;
            }
            found.push(Token::Name(chars[start..at].iter().collect()));
        }
    }
    found
}

/// Every dotted name, and every beginning of one: a method's name stands behind its receiver.
pub fn names(source: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for token in tokens(source) {
        let Token::Name(name) = token else { continue };
        let ends = name
            .char_indices()
            .filter(|(_, char)| *char == '.')
            .map(|(at, _)| at)
            .chain([name.len()]);
        found.extend(ends.map(|end| name[..end].to_owned()));
    }
    found
}

/// Every constant that some expressions name, by type.
#[derive(Debug, Default)]
pub struct Constants {
    /// Ints, each also with the other sign: what a sign belongs to is not asked.
    pub ints: Vec<i64>,
    /// Doubles, likewise.
    pub doubles: Vec<f64>,
    /// Texts.
    pub texts: Vec<String>,
    /// Texts that are instants.
    pub instants: Vec<Timestamp>,
    /// Texts that are spans.
    pub spans: Vec<Duration>,
}

impl Constants {
    /// Notes those of an expression.
    pub fn note(&mut self, source: &str) {
        for token in tokens(source) {
            match token {
                Token::Name(_) => {}
                Token::Text(text) => {
                    self.instants.extend(instant_of(&text));
                    self.spans.extend(span_of(&text));
                    self.texts.push(text);
                }
                Token::Number(number) => {
                    if let Ok(int) = number.parse::<u64>() {
                        self.ints.extend(i64::try_from(int));
                        self.ints.extend(0_i64.checked_sub_unsigned(int));
                    } else if let Ok(double) = number.parse::<f64>() {
                        self.doubles.extend([double, -double]);
                    }
                }
            }
        }
    }

    /// Notes members of a set.
    pub fn note_members(&mut self, members: &[Value]) {
        for member in members {
            match member {
                Value::Int(int) => self.ints.push(*int),
                Value::String(text) => self.texts.push(text.to_string()),
                _ => {}
            }
        }
    }
}

/// A span as the `cel` crate reads it.
fn span_of(text: &str) -> Option<Duration> {
    if !text.ends_with(['s', 'h', 'm'])
        || !text.starts_with(|first: char| first.is_ascii_digit() || first == '-')
    {
        return None;
    }
    match cel::Program::compile(&format!("duration({text:?})"))
        .ok()?
        .execute(&cel::Context::default())
        .ok()?
    {
        cel::Value::Duration(span) => Duration::from_nanos(
            i128::from(span.num_seconds()) * 1_000_000_000 + i128::from(span.subsec_nanos()),
        ),
        _ => None,
    }
}
