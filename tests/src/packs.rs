//! Random packs: what they say as data, so that it can be printed as TOML and made smaller, and how
//! chance makes them.
//!
//! A [`World`] is some packs stacked on each other. Its conditions are trees of our own, printed in
//! CEL; whether one consists only of constraints on single attributes ([`Condition::is_plain`])
//! decides how exact the engine has to be about it.

use std::fmt::Write as _;

use cleartosend::schema::{Attribute, Form, NotGiven, Nullable, Origin, Scope};
use cleartosend::{FindingVerdict, Scalar, Schema, Type};

mod chance;

pub use chance::{Maker, declaration, loads};

/// Packs, in stacking order. All declare the same attributes, or fewer.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// The packs.
    pub packs: Vec<Pack>,
}

/// One pack.
#[derive(Clone, Debug)]
pub struct Pack {
    /// Its name.
    pub name: String,
    /// The attributes that it declares.
    pub attributes: Vec<Declared>,
    /// Its sets.
    pub sets: Vec<Set>,
    /// Its rules.
    pub rules: Vec<Rule>,
}

/// A declared attribute.
#[derive(Clone, Debug)]
pub struct Declared {
    /// Its path, under `x.`.
    pub path: String,
    /// Its type.
    pub ty: Type,
    /// Its closed list of values; none means any.
    pub values: Vec<String>,
    /// Whether it can be absent.
    pub nullable: bool,
    /// Whether it is about a recipient.
    pub of_recipient: bool,
}

/// A dated set.
#[derive(Clone, Debug)]
pub struct Set {
    /// Its id.
    pub id: String,
    /// Its entries.
    pub entries: Vec<Entry>,
}

/// Some members of a set, with a period in RFC 3339.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The members, all texts or all ints.
    pub values: Vec<Literal>,
    /// The first instant.
    pub from: Option<String>,
    /// The first instant after.
    pub until: Option<String>,
}

/// One rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its id.
    pub id: String,
    /// When it applies.
    pub applies: Option<Condition>,
    /// What it asks.
    pub condition: Condition,
    /// Whether the condition must hold; else it must not.
    pub requires: bool,
    /// What a violation means.
    pub verdict: FindingVerdict,
    /// Whether that counts.
    pub enforce: bool,
    /// The first instant at which it is in force.
    pub from: String,
    /// The first instant after.
    pub until: Option<String>,
    /// An attribute that its message names.
    pub names: Option<String>,
}

/// A constant.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `true`
    Bool(bool),
    /// `7`
    Int(i64),
    /// As written, with a point or an exponent.
    Double(&'static str),
    /// `"text"`
    Text(String),
    /// `timestamp("…")`
    Instant(String),
    /// `duration("…")`
    Span(&'static str),
}

/// A condition.
#[derive(Clone, Debug)]
pub enum Condition {
    /// `true`
    Literal(bool),
    /// A boolean attribute.
    Truth(String),
    /// `has(path)`
    Has(String),
    /// `path operator literal`, or the other way about.
    Compare {
        /// The attribute.
        path: String,
        /// Between the two.
        operator: &'static str,
        /// The constant.
        literal: Literal,
        /// Whether the constant stands first.
        flipped: bool,
    },
    /// `path in [literal, …]`
    Among(String, Vec<Literal>),
    /// `path in sets.name`
    InSet(String, String),
    /// `literal in sets.name`
    LiteralInSet(Literal, String),
    /// Something that is no constraint on a single attribute, as written.
    Other(String),
    /// `!a`
    Not(Box<Condition>),
    /// `a && b && …`
    And(Vec<Condition>),
    /// `a || b || …`
    Or(Vec<Condition>),
    /// `a ? b : c`
    If(Box<[Condition; 3]>),
    /// `a == b`
    Same(Box<[Condition; 2]>),
    /// `a != b`
    Differ(Box<[Condition; 2]>),
}

/// The files of one pack.
#[derive(Clone, Debug)]
pub struct Files {
    /// `pack.toml`
    pub manifest: String,
    /// `rules/rules.toml`
    pub rules: String,
    /// `sets.toml`
    pub sets: String,
}

impl Literal {
    /// In CEL.
    pub fn source(&self) -> String {
        match self {
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Double(text) => (*text).to_owned(),
            Self::Text(text) => format!("{text:?}"),
            Self::Instant(text) => format!("timestamp({text:?})"),
            Self::Span(text) => format!("duration({text:?})"),
        }
    }
}

impl Condition {
    /// In CEL.
    pub fn source(&self) -> String {
        let part = |part: &Self| match part {
            Self::Literal(_) | Self::Truth(_) | Self::Has(_) => part.source(),
            _ => format!("({})", part.source()),
        };
        let joined = |parts: &[Self], by: &str| parts.iter().map(part).collect::<Vec<_>>().join(by);
        let list = |literals: &[Literal]| {
            literals.iter().map(Literal::source).collect::<Vec<_>>().join(", ")
        };
        match self {
            Self::Literal(value) => value.to_string(),
            Self::Truth(path) => path.clone(),
            Self::Has(path) => format!("has({path})"),
            Self::Compare { path, operator, literal, flipped: false } => {
                format!("{path} {operator} {}", literal.source())
            }
            Self::Compare { path, operator, literal, flipped: true } => {
                format!("{} {operator} {path}", literal.source())
            }
            Self::Among(path, literals) => format!("{path} in [{}]", list(literals)),
            Self::InSet(path, set) => format!("{path} in sets.{}", set.replace('-', "_")),
            Self::LiteralInSet(literal, set) => {
                format!("{} in sets.{}", literal.source(), set.replace('-', "_"))
            }
            Self::Other(source) => source.clone(),
            Self::Not(inner) => format!("!{}", part(inner)),
            Self::And(parts) => joined(parts, " && "),
            Self::Or(parts) => joined(parts, " || "),
            Self::If(parts) => {
                let [condition, then, otherwise] = &**parts;
                format!("{} ? {} : {}", part(condition), part(then), part(otherwise))
            }
            Self::Same(sides) => joined(&**sides, " == "),
            Self::Differ(sides) => joined(&**sides, " != "),
        }
    }

    /// Whether it is made only of constraints on single attributes.
    pub fn is_plain(&self) -> bool {
        match self {
            Self::Other(_) => false,
            _ => self.parts().iter().all(|part| part.is_plain()),
        }
    }

    fn parts(&self) -> Vec<&Self> {
        match self {
            Self::Not(inner) => vec![inner],
            Self::And(parts) | Self::Or(parts) => parts.iter().collect(),
            Self::If(parts) => parts.iter().collect(),
            Self::Same(sides) | Self::Differ(sides) => sides.iter().collect(),
            _ => Vec::new(),
        }
    }

    /// Conditions that are one step smaller, the smallest first.
    pub fn smaller(&self) -> Vec<Self> {
        if matches!(self, Self::Literal(_)) {
            return Vec::new();
        }
        let mut found = vec![Self::Literal(true), Self::Literal(false)];
        found.extend(self.parts().into_iter().cloned());
        for (place, part) in self.parts().into_iter().enumerate() {
            found.extend(part.smaller().into_iter().map(|smaller| self.with_part(place, smaller)));
        }
        match self {
            Self::And(parts) if parts.len() > 2 => {
                found.extend((0..parts.len()).map(|place| Self::And(without(parts, place))));
            }
            Self::Or(parts) if parts.len() > 2 => {
                found.extend((0..parts.len()).map(|place| Self::Or(without(parts, place))));
            }
            Self::Among(path, literals) if literals.len() > 1 => {
                found.extend(
                    (0..literals.len())
                        .map(|place| Self::Among(path.clone(), without(literals, place))),
                );
            }
            _ => {}
        }
        found
    }

    fn with_part(&self, place: usize, part: Self) -> Self {
        let mut changed = self.clone();
        let slot = match &mut changed {
            Self::Not(inner) => Some(&mut **inner),
            Self::And(parts) | Self::Or(parts) => parts.get_mut(place),
            Self::If(parts) => parts.get_mut(place),
            Self::Same(sides) | Self::Differ(sides) => sides.get_mut(place),
            _ => None,
        };
        if let Some(slot) = slot {
            *slot = part;
        }
        changed
    }
}

fn without<T: Clone>(items: &[T], place: usize) -> Vec<T> {
    let mut rest = items.to_vec();
    rest.remove(place);
    rest
}

impl Rule {
    /// Whether both of its conditions are made only of constraints on single attributes.
    pub fn is_plain(&self) -> bool {
        self.condition.is_plain() && self.applies.as_ref().is_none_or(Condition::is_plain)
    }
}

impl Declared {
    /// As the schema has it.
    pub fn attribute(&self) -> Attribute {
        let choices = self.values.iter().map(|value| cleartosend::schema::Choice {
            name: value.as_str().into(),
            doc: "".into(),
        });
        Attribute {
            path: self.path.as_str().into(),
            ty: self.ty,
            form: if self.values.is_empty() { Form::Any } else { Form::OneOf(choices.collect()) },
            unit: None,
            nullable: if self.nullable { Nullable::Yes } else { Nullable::No },
            origin: Origin::Given,
            not_given: NotGiven::Unknown,
            scope: if self.of_recipient { Scope::Recipient } else { Scope::Campaign },
            doc: "t".into(),
        }
    }
}

impl Pack {
    /// A pack with nothing in it.
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), attributes: Vec::new(), sets: Vec::new(), rules: Vec::new() }
    }

    /// As files.
    pub fn files(&self) -> Files {
        Files { manifest: self.manifest(), rules: self.rules_file(), sets: self.sets_file() }
    }

    fn manifest(&self) -> String {
        let mut toml = format!(
            "name = '{}'\nversion = '1.0.0'\nrequires = '>=1.0, <2'\ntitle = 't'\npublished = 2026-01-01\n\n[sources.s]\ntitle = 't'\n\
             url = 'https://example.com'\nretrieved = 2026-01-01\nconfidence = 'official'\n",
            self.name
        );
        for attribute in &self.attributes {
            let scope = if attribute.of_recipient { "recipient" } else { "campaign" };
            let Declared { path, ty, nullable, .. } = attribute;
            let _ = write!(
                toml,
                "\n[attributes.'{path}']\ntype = '{ty}'\nnullable = {nullable}\nscope = \
                 '{scope}'\ntitle = 't'\n"
            );
            if !attribute.values.is_empty() {
                let _ = writeln!(toml, "values = {:?}", attribute.values);
            }
        }
        toml
    }

    fn rules_file(&self) -> String {
        let mut toml = String::new();
        for rule in &self.rules {
            let _ = writeln!(toml, "[[rule]]\nid = '{}'\ntopic = 'limits'\ntitle = 't'", rule.id);
            if let Some(applies) = &rule.applies {
                let _ = writeln!(toml, "applies = {}", quoted(&applies.source()));
            }
            let key = if rule.requires { "requires" } else { "forbids" };
            let _ = writeln!(toml, "{key} = {}", quoted(&rule.condition.source()));
            let _ = writeln!(toml, "verdict = '{}'\nfrom = {}", rule.verdict, rule.from);
            if !rule.enforce {
                let _ = writeln!(toml, "enforce = false");
            }
            if let Some(until) = &rule.until {
                let _ = writeln!(toml, "until = {until}");
            }
            let named =
                rule.names.as_ref().map_or_else(|| "m".to_owned(), |path| format!("m {{{path}}}"));
            let _ = writeln!(
                toml,
                "source = {{ id = 's' }}\nmessage = '{named}'\nadvice = 'a'\nexposure = []\n"
            );
        }
        toml
    }

    fn sets_file(&self) -> String {
        let mut toml = String::new();
        for set in &self.sets {
            let _ =
                writeln!(toml, "[[set]]\nid = '{}'\ntitle = 't'\nsource = {{ id = 's' }}", set.id);
            for entry in &set.entries {
                let values: Vec<String> = entry.values.iter().map(Literal::source).collect();
                let _ = writeln!(toml, "[[set.entry]]\nvalues = [{}]", values.join(", "));
                for (key, end) in [("from", &entry.from), ("until", &entry.until)] {
                    if let Some(end) = end {
                        let _ = writeln!(toml, "{key} = {end}");
                    }
                }
            }
        }
        toml
    }
}

/// A TOML string: literal where that can be, since conditions are full of quotes.
pub fn quoted(source: &str) -> String {
    if !source.contains(|char: char| char == '\'' || char.is_control()) {
        return format!("'{source}'");
    }
    let mut text = String::from("\"");
    for char in source.chars() {
        match char {
            '"' | '\\' => text.extend(['\\', char]),
            _ if char.is_control() => drop(write!(text, "\\u{:04X}", u32::from(char))),
            _ => text.push(char),
        }
    }
    text.push('"');
    text
}

impl World {
    /// All rules, in program order.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.packs.iter().flat_map(|pack| &pack.rules)
    }

    /// The built-in schema with all declared attributes.
    pub fn schema(&self) -> Schema {
        let declared =
            self.packs.iter().flat_map(|pack| pack.attributes.iter().map(Declared::attribute));
        Schema::built_in().with_declared(declared).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Every instant at which a period of a rule or of a set's entry begins or ends, as written.
    pub fn boundaries(&self) -> Vec<String> {
        let of_rules = self.rules().flat_map(|rule| [Some(&rule.from), rule.until.as_ref()]);
        let entries = self.packs.iter().flat_map(|pack| &pack.sets).flat_map(|set| &set.entries);
        let of_sets = entries.flat_map(|entry| [entry.from.as_ref(), entry.until.as_ref()]);
        let mut found: Vec<String> = of_rules.chain(of_sets).flatten().cloned().collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Worlds that are one step smaller, the boldest steps first.
    pub fn smaller(&self) -> Vec<Self> {
        let mut found = Vec::new();
        for (place, pack) in self.packs.iter().enumerate().filter(|(_, pack)| pack.rules.len() > 3)
        {
            let (first, second) = pack.rules.split_at(pack.rules.len() / 2);
            for half in [first, second] {
                let mut world = self.clone();
                world.packs[place].rules = half.to_vec();
                found.push(world);
            }
        }
        if self.packs.len() > 1 {
            found.extend(
                (0..self.packs.len()).map(|place| Self { packs: without(&self.packs, place) }),
            );
        }
        for (place, pack) in self.packs.iter().enumerate() {
            let mut changed = |change: &dyn Fn(&mut Pack)| {
                let mut world = self.clone();
                if let Some(pack) = world.packs.get_mut(place) {
                    change(pack);
                }
                found.push(world);
            };
            (0..pack.rules.len()).for_each(|rule| changed(&|pack| drop(pack.rules.remove(rule))));
            (0..pack.sets.len()).for_each(|set| changed(&|pack| drop(pack.sets.remove(set))));
            (0..pack.attributes.len())
                .for_each(|attribute| changed(&|pack| drop(pack.attributes.remove(attribute))));
            for (at, set) in pack.sets.iter().enumerate() {
                if set.entries.len() > 1 {
                    (0..set.entries.len()).for_each(|entry| {
                        changed(&|pack| drop(pack.sets[at].entries.remove(entry)));
                    });
                }
                for (entry, known) in set.entries.iter().enumerate() {
                    if known.from.is_some() {
                        changed(&|pack| pack.sets[at].entries[entry].from = None);
                    }
                    if known.until.is_some() {
                        changed(&|pack| pack.sets[at].entries[entry].until = None);
                    }
                    if known.values.len() > 1 {
                        (0..known.values.len()).for_each(|value| {
                            changed(&|pack| {
                                drop(pack.sets[at].entries[entry].values.remove(value));
                            });
                        });
                    }
                }
            }
            for (at, rule) in pack.rules.iter().enumerate() {
                if rule.applies.is_some() {
                    changed(&|pack| pack.rules[at].applies = None);
                }
                if rule.until.is_some() {
                    changed(&|pack| pack.rules[at].until = None);
                }
                if rule.names.is_some() {
                    changed(&|pack| pack.rules[at].names = None);
                }
                for smaller in rule.applies.iter().flat_map(Condition::smaller) {
                    changed(&|pack| pack.rules[at].applies = Some(smaller.clone()));
                }
                for smaller in rule.condition.smaller() {
                    changed(&|pack| pack.rules[at].condition = smaller.clone());
                }
            }
        }
        found
    }

    /// As TOML, for people.
    pub fn shown(&self) -> String {
        let mut text = String::new();
        for pack in &self.packs {
            let files = pack.files();
            let attributes = files
                .manifest
                .split_once("[attributes")
                .map_or(String::new(), |(_, rest)| format!("[attributes{rest}\n"));
            let noise = ["topic = ", "title = ", "source = ", "advice = ", "exposure = "];
            let rest = format!("{attributes}{}{}", files.sets, files.rules);
            let kept: Vec<&str> = rest
                .lines()
                .filter(|line| !noise.iter().any(|start| line.starts_with(start)))
                .collect();
            let _ = writeln!(text, "# pack {}\n{}", pack.name, kept.join("\n").trim_end());
        }
        text
    }
}

/// What a generator needs to know of an attribute.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its path.
    pub path: String,
    /// Its type.
    pub ty: Type,
    /// Its closed list of values, or that of its members.
    pub values: Vec<String>,
    /// Whether it can be absent.
    pub nullable: bool,
    /// Whether it is a number from 0.
    pub count: bool,
}

impl Known {
    /// What the schema says, unless its texts have a form that is neither free nor a list.
    pub fn of(attribute: &Attribute) -> Option<Self> {
        let values: Vec<String> = match &attribute.form {
            Form::OneOf(choices) => choices.iter().map(|choice| choice.name.to_string()).collect(),
            Form::Country => {
                cleartosend::schema::countries().iter().map(|code| (*code).to_owned()).collect()
            }
            Form::Any
            | Form::Text
            | Form::Count
            | Form::CountOrUnlimited
            | Form::Instant
            | Form::End
            | Form::OwnInstant => Vec::new(),
            Form::Region | Form::Domain | Form::Id | Form::Name | Form::Firm => {
                return None;
            }
            Form::Phone
            | Form::PhoneOrId
            | Form::TimeZone
            | Form::Client
            | Form::Endpoint
            | Form::Language
            | Form::UserId => {
                return None;
            }
        };
        let count = matches!(attribute.form, Form::Count | Form::CountOrUnlimited);
        let nullable = attribute.nullable == Nullable::Yes;
        Some(Self { path: attribute.path.to_string(), ty: attribute.ty, values, nullable, count })
    }

    /// Whether its texts have an order that no finite list of classes has.
    pub fn is_open_text(&self) -> bool {
        self.ty == Type::scalar(Scalar::String) && self.values.is_empty()
    }
}
