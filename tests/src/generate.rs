//! Random well-typed expressions over the schema's attributes, and random facts with holes.
//!
//! Everything follows from a seed: the same seed makes the same expressions and facts on every
//! machine. Expressions are text, with no more brackets than precedence needs (and sometimes more),
//! so that a parser is tested too. They always load: a text that is compared with an attribute of a
//! closed list of values is one of them, and literal instants, spans and zones exist.

use std::sync::Arc;

use cleartosend::expert::cel::{Bindings, SetDeclaration, SetId};
use cleartosend::schema::{Attribute, AttributeId, Form, Nullable};
use cleartosend::{Duration, Fact, Scalar, Schema, Timestamp, Type, Value, schema};
use fastrand::Rng;

/// The seed of a run: `CTS_SEED` if it is set and a number, else `default`. Printed, so that a
/// failure can be run again.
pub fn seed(default: u64) -> u64 {
    #[expect(clippy::disallowed_methods, reason = "a seed for tests; the engine never sees it")]
    let given = std::env::var("CTS_SEED").ok().and_then(|text| text.parse().ok());
    let seed = given.unwrap_or(default);
    #[expect(clippy::print_stdout, reason = "shown when a test fails")]
    {
        println!("CTS_SEED={seed}");
    }
    seed
}

/// Which facts are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holes {
    /// None: every attribute has a value.
    None,
    /// Some nullable attributes are absent.
    Absent,
    /// Some nullable attributes are absent, and any may be unknown.
    AbsentAndUnknown,
}

/// Facts, one an attribute of the schema, and the members of each set.
#[derive(Clone, Debug)]
pub struct Facts {
    /// By [`AttributeId`].
    pub facts: Vec<Fact>,
    /// By [`SetId`].
    pub sets: Vec<Vec<Value>>,
}

impl Bindings for Facts {
    fn fact(&self, id: AttributeId) -> &Fact {
        self.facts.get(id.index()).unwrap_or(&Fact::Unknown)
    }

    fn set(&self, id: SetId) -> &[Value] {
        self.sets.get(usize::from(id.0)).map_or(&[], Vec::as_slice)
    }
}

/// Two sets for expressions to name, one of texts and one of ints.
pub fn some_sets() -> Vec<SetDeclaration> {
    vec![
        SetDeclaration { name: "some-texts".into(), element: Type::STRING },
        SetDeclaration { name: "some-ints".into(), element: Type::INT },
    ]
}

/// Makes expressions and facts.
#[derive(Clone, Debug)]
pub struct Generator {
    random: Rng,
    schema: Arc<Schema>,
    sets: Vec<SetDeclaration>,
    /// Of the macros around what is being written, outermost first.
    variables: Vec<Variable>,
}

#[derive(Clone, Debug)]
struct Variable {
    name: String,
    ty: Type,
    closed: Closed,
}

/// Whether a text or list comes from an attribute with a closed list of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Closed {
    Yes,
    No,
}

/// Which attributes may stand here: one with a closed list of values may not be compared with any
/// text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    Compared,
    Free,
}

/// A piece of source and how tightly its outermost operator binds.
struct Piece {
    source: String,
    binding: u8,
}

const CONDITIONAL: u8 = 0;
const OR: u8 = 1;
const AND: u8 = 2;
const RELATION: u8 = 3;
const ADDITION: u8 = 4;
const MULTIPLICATION: u8 = 5;
const UNARY: u8 = 6;
const PRIMARY: u8 = 7;

const SCALARS: [Type; 6] =
    [Type::BOOL, Type::INT, Type::DOUBLE, Type::STRING, Type::TIMESTAMP, Type::DURATION];
const TEXTS: [&str; 12] = ["", "a", "b", "ab", "abc", "A", "ä", "日本", "1", "true", "-7", "1.5"];
const ZONES: [&str; 6] =
    ["UTC", "Europe/Madrid", "America/Sao_Paulo", "Asia/Kathmandu", "+05:30", "-03:00"];
const INSTANTS: [&str; 7] = [
    "2024-02-29T23:59:59Z",
    "2026-03-02T15:00:00Z",
    "2026-03-29T00:59:59.999Z",
    "2025-12-31T23:30:00-02:00",
    "1970-01-01T00:00:00Z",
    "1969-12-31T23:59:59.5Z",
    "2018-08-01T00:00:00.123456789Z",
];
const SPANS: [&str; 8] = ["0s", "24h", "1h30m", "-90s", "1500ms", "1.5h", "720h", "1ns"];

impl Generator {
    /// A generator for a schema and sets.
    pub fn new(seed: u64, schema: Arc<Schema>, sets: &[SetDeclaration]) -> Self {
        Self { random: Rng::with_seed(seed), schema, sets: sets.to_vec(), variables: Vec::new() }
    }

    /// A condition of about that many parts.
    pub fn condition(&mut self, parts: usize) -> String {
        self.expression(Type::BOOL, parts)
    }

    /// An expression of that type and of about that many parts.
    pub fn expression(&mut self, ty: Type, parts: usize) -> String {
        self.piece(ty, parts, Use::Free).source
    }

    /// A type that expressions can have.
    pub fn ty(&mut self) -> Type {
        let scalar = *self.pick(&SCALARS);
        if self.random.u8(..8) == 0 { scalar.list() } else { scalar }
    }

    /// Any of a slice.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.random.usize(..from.len())]
    }

    /// The source of chance.
    pub fn random(&mut self) -> &mut Rng {
        &mut self.random
    }

    fn piece(&mut self, ty: Type, parts: usize, usage: Use) -> Piece {
        let piece =
            if parts <= 1 { self.leaf(ty, usage) } else { self.branch(ty, parts - 1, usage) };
        match self.random.u8(..20) {
            0 => Piece { source: format!("({})", piece.source), binding: PRIMARY },
            _ => piece,
        }
    }

    /// A piece for a place that takes operators binding at least so tightly.
    fn part(&mut self, ty: Type, parts: usize, usage: Use, least: u8) -> String {
        let piece = self.piece(ty, parts, usage);
        bracketed(piece, least)
    }

    fn leaf(&mut self, ty: Type, usage: Use) -> Piece {
        if let Some(source) = self.variable(ty, usage) {
            return primary(source);
        }
        if self.random.bool()
            && let Some(source) = self.attribute(ty, usage)
        {
            return primary(source);
        }
        self.literal(ty, usage)
    }

    fn variable(&mut self, ty: Type, usage: Use) -> Option<String> {
        let fits = |variable: &&Variable| {
            variable.ty == ty && (usage == Use::Free || variable.closed == Closed::No)
        };
        let fitting: Vec<String> =
            self.variables.iter().filter(fits).map(|variable| variable.name.clone()).collect();
        // An inner variable of the same name hides the outer one, so names differ.
        (!fitting.is_empty() && self.random.u8(..3) > 0).then(|| self.pick(&fitting).clone())
    }

    fn attribute(&mut self, ty: Type, usage: Use) -> Option<String> {
        let fits = |attribute: &Attribute| {
            attribute.ty == ty && (usage == Use::Free || !is_closed(attribute))
        };
        let fitting: Vec<Arc<str>> = self
            .schema
            .iter()
            .filter(|(_, attribute)| fits(attribute))
            .map(|(_, a)| Arc::clone(&a.path))
            .collect();
        (!fitting.is_empty()).then(|| self.pick(&fitting).to_string())
    }

    fn literal(&mut self, ty: Type, usage: Use) -> Piece {
        if let Some(element) = ty.element() {
            if self.random.u8(..4) == 0
                && let Some(set) = self.set(element)
            {
                return primary(set);
            }
            let elements: Vec<String> = (0..self.random.usize(..4))
                .map(|_| self.part(element, 1, usage, CONDITIONAL))
                .collect();
            return primary(format!("[{}]", elements.join(", ")));
        }
        match ty.base {
            Scalar::Bool => primary(self.random.bool().to_string()),
            Scalar::Int => {
                let int = *self.pick(&[0, 1, 2, 3, 7, 24, 60, 1000, i64::MAX, -1, -2, i64::MIN]);
                match self.random.u8(..8) {
                    0 if int >= 0 => primary(format!("{int:#x}")),
                    _ => Piece {
                        source: int.to_string(),
                        binding: if int < 0 { UNARY } else { PRIMARY },
                    },
                }
            }
            Scalar::Double => {
                let source = *self.pick(&[
                    "0.0", "1.0", "0.5", ".25", "1e3", "2.5e-1", "1e308", "-1.5", "-0.0", "3.0",
                    "1e19",
                ]);
                Piece {
                    source: source.to_owned(),
                    binding: if source.starts_with('-') { UNARY } else { PRIMARY },
                }
            }
            Scalar::String | Scalar::Nothing => {
                let text = *self.pick(&TEXTS);
                primary(match self.random.u8(..6) {
                    0 => format!("'{text}'"),
                    1 => format!("r\"{text}\""),
                    2 => format!("\"\"\"{text}\"\"\""),
                    _ => format!("{text:?}"),
                })
            }
            Scalar::Timestamp => primary(format!("timestamp({:?})", self.pick(&INSTANTS))),
            Scalar::Duration => primary(format!("duration({:?})", self.pick(&SPANS))),
        }
    }

    fn set(&mut self, element: Type) -> Option<String> {
        let fitting: Vec<String> = self
            .sets
            .iter()
            .filter(|set| set.element == element)
            .map(|set| set.name.replace('-', "_"))
            .collect();
        (!fitting.is_empty()).then(|| format!("sets.{}", self.pick(&fitting)))
    }

    fn branch(&mut self, ty: Type, parts: usize, usage: Use) -> Piece {
        match self.random.u8(..12) {
            0 => {
                let condition = self.part(Type::BOOL, parts / 3, Use::Free, OR);
                let then = self.part(ty, parts / 3, usage, OR);
                let otherwise = self.part(ty, parts / 3, usage, CONDITIONAL);
                return Piece {
                    source: format!("{condition} ? {then} : {otherwise}"),
                    binding: CONDITIONAL,
                };
            }
            1 if ty.lists < 2 => {
                // An element of `[]` alone has no type.
                let first = self.part(ty, 1, usage, CONDITIONAL);
                let more = self.part(ty.list(), parts - 1, usage, MULTIPLICATION);
                let position = self.random.u8(..3);
                return primary(format!("([{first}] + {more})[{position}]"));
            }
            _ => {}
        }
        if ty.is_list() {
            return self.list_branch(ty, parts, usage);
        }
        match ty.base {
            Scalar::Bool => self.bool_branch(parts),
            Scalar::Int => self.int_branch(parts),
            Scalar::Double => self.double_branch(parts),
            Scalar::String | Scalar::Nothing => self.string_branch(parts),
            Scalar::Timestamp => self.timestamp_branch(parts),
            Scalar::Duration => self.duration_branch(parts),
        }
    }

    fn list_branch(&mut self, ty: Type, parts: usize, usage: Use) -> Piece {
        match (self.random.u8(..3), ty.element()) {
            (0, _) | (_, None) => self.infix("+", ty, ty, parts, usage, ADDITION),
            (_, Some(element)) => {
                let count = self.random.usize(1..4);
                let elements: Vec<String> = (0..count)
                    .map(|_| self.part(element, parts / count, usage, CONDITIONAL))
                    .collect();
                primary(format!("[{}]", elements.join(", ")))
            }
        }
    }

    fn bool_branch(&mut self, parts: usize) -> Piece {
        match self.random.u8(..14) {
            0 | 1 => self.junction("&&", parts, AND),
            2 | 3 => self.junction("||", parts, OR),
            4 => {
                let operand = self.part(Type::BOOL, parts, Use::Free, PRIMARY);
                Piece { source: format!("!{operand}"), binding: UNARY }
            }
            5 => {
                // CEL's own `has` wants a member of something.
                let paths = self.schema.iter().map(|(_, attribute)| Arc::clone(&attribute.path));
                let ids: Vec<Arc<str>> = paths.filter(|path| path.contains('.')).collect();
                primary(format!("has({})", self.pick(&ids)))
            }
            6 | 7 => self.closed_comparison(),
            8 => {
                let ty = *self.pick(&SCALARS);
                let item = self.part(ty, parts / 2, Use::Compared, RELATION);
                let list = self.part(ty.list(), parts / 2, Use::Compared, ADDITION);
                Piece { source: format!("{item} in {list}"), binding: RELATION }
            }
            9 => {
                let method = *self.pick(&["startsWith", "endsWith", "contains"]);
                let text = self.part(Type::STRING, parts / 2, Use::Free, PRIMARY);
                let part = self.part(Type::STRING, parts / 2, Use::Free, CONDITIONAL);
                primary(format!("{text}.{method}({part})"))
            }
            10 => self.quantifier(parts),
            _ => {
                let ty = *self.pick(&SCALARS);
                let operator = *self.pick(&["==", "!=", "<", "<=", ">", ">="]);
                let left = self.part(ty, parts / 2, Use::Compared, RELATION);
                let right = self.part(ty, parts / 2, Use::Compared, ADDITION);
                Piece { source: format!("{left} {operator} {right}"), binding: RELATION }
            }
        }
    }

    fn junction(&mut self, operator: &str, parts: usize, binding: u8) -> Piece {
        let count = self.random.usize(2..4);
        let sides: Vec<String> = (0..count)
            .map(|_| self.part(Type::BOOL, parts / count, Use::Free, binding + 1))
            .collect();
        Piece { source: sides.join(&format!(" {operator} ")), binding }
    }

    /// An attribute with a closed list of values beside values that it can have.
    fn closed_comparison(&mut self) -> Piece {
        let closed: Vec<(Arc<str>, AttributeId)> = self
            .schema
            .iter()
            .filter(|(_, attribute)| is_closed(attribute))
            .map(|(id, attribute)| (Arc::clone(&attribute.path), id))
            .collect();
        let (path, id) = self.pick(&closed).clone();
        let schema = Arc::clone(&self.schema);
        let attribute = schema.attribute(id);
        let values: Vec<String> = (0..self.random.usize(1..4))
            .map(|_| format!("{:?}", self.text_of(attribute)))
            .collect();
        let value = values.first().cloned().unwrap_or_default();
        let source = match (attribute.ty.is_list(), self.random.u8(..4)) {
            (true, 0) => format!("{path} == [{}]", values.join(", ")),
            (true, 1) => format!("{path}.exists(v, v == {value})"),
            (true, _) => format!("{value} in {path}"),
            (false, 0) => format!("{path} in [{}]", values.join(", ")),
            (false, 1) => format!("{path} != {value}"),
            (false, _) => format!("{path} == {value}"),
        };
        Piece { source, binding: RELATION }
    }

    fn quantifier(&mut self, parts: usize) -> Piece {
        let element = *self.pick(&SCALARS);
        let (list, closed) = match (element, self.random.bool()) {
            (Type::STRING, true) => (
                self.attribute(Type::STRING.list(), Use::Free)
                    .unwrap_or_else(|| "[\"a\"]".to_owned()),
                Closed::Yes,
            ),
            _ => (self.part(element.list(), parts / 2, Use::Compared, PRIMARY), Closed::No),
        };
        let kind = *self.pick(&["all", "exists", "exists_one"]);
        let name = format!("v{}", self.variables.len());
        self.variables.push(Variable { name: name.clone(), ty: element, closed });
        let body = self.part(Type::BOOL, parts / 2, Use::Free, CONDITIONAL);
        self.variables.pop();
        primary(format!("{list}.{kind}({name}, {body})"))
    }

    fn int_branch(&mut self, parts: usize) -> Piece {
        match self.random.u8(..9) {
            0 => self.infix("+", Type::INT, Type::INT, parts, Use::Free, ADDITION),
            1 => self.infix("-", Type::INT, Type::INT, parts, Use::Free, ADDITION),
            2 => self.infix("*", Type::INT, Type::INT, parts, Use::Free, MULTIPLICATION),
            3 => self.infix("/", Type::INT, Type::INT, parts, Use::Free, MULTIPLICATION),
            4 => self.infix("%", Type::INT, Type::INT, parts, Use::Free, MULTIPLICATION),
            5 => {
                let operand = self.part(Type::INT, parts, Use::Free, PRIMARY);
                Piece { source: format!("-{operand}"), binding: UNARY }
            }
            6 => {
                let ty = *self.pick(&[Type::STRING, Type::STRING.list(), Type::INT.list()]);
                match self.random.bool() {
                    true => {
                        primary(format!("size({})", self.part(ty, parts, Use::Free, CONDITIONAL)))
                    }
                    false => {
                        primary(format!("{}.size()", self.part(ty, parts, Use::Free, PRIMARY)))
                    }
                }
            }
            7 => {
                let ty = *self.pick(&[Type::DOUBLE, Type::STRING, Type::TIMESTAMP, Type::INT]);
                primary(format!("int({})", self.part(ty, parts, Use::Free, CONDITIONAL)))
            }
            _ => self.calendar(parts),
        }
    }

    fn calendar(&mut self, parts: usize) -> Piece {
        const OF_BOTH: [&str; 4] = ["getHours", "getMinutes", "getSeconds", "getMilliseconds"];
        const OF_INSTANTS: [&str; 6] =
            ["getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear"];
        if self.random.u8(..3) == 0 {
            let method = *self.pick(&OF_BOTH);
            return primary(format!(
                "{}.{method}()",
                self.part(Type::DURATION, parts, Use::Free, PRIMARY)
            ));
        }
        let method =
            if self.random.bool() { *self.pick(&OF_BOTH) } else { *self.pick(&OF_INSTANTS) };
        let zone =
            if self.random.bool() { format!("{:?}", self.pick(&ZONES)) } else { String::new() };
        primary(format!(
            "{}.{method}({zone})",
            self.part(Type::TIMESTAMP, parts, Use::Free, PRIMARY)
        ))
    }

    fn double_branch(&mut self, parts: usize) -> Piece {
        match self.random.u8(..6) {
            0 => self.infix("+", Type::DOUBLE, Type::DOUBLE, parts, Use::Free, ADDITION),
            1 => self.infix("-", Type::DOUBLE, Type::DOUBLE, parts, Use::Free, ADDITION),
            2 => self.infix("*", Type::DOUBLE, Type::DOUBLE, parts, Use::Free, MULTIPLICATION),
            3 => self.infix("/", Type::DOUBLE, Type::DOUBLE, parts, Use::Free, MULTIPLICATION),
            4 => {
                let operand = self.part(Type::DOUBLE, parts, Use::Free, PRIMARY);
                Piece { source: format!("-{operand}"), binding: UNARY }
            }
            _ => {
                let ty = *self.pick(&[Type::INT, Type::STRING, Type::DOUBLE]);
                primary(format!("double({})", self.part(ty, parts, Use::Free, CONDITIONAL)))
            }
        }
    }

    fn string_branch(&mut self, parts: usize) -> Piece {
        match self.random.u8(..2) {
            0 => self.infix("+", Type::STRING, Type::STRING, parts, Use::Free, ADDITION),
            _ => {
                let ty = *self.pick(&SCALARS);
                primary(format!("string({})", self.part(ty, parts, Use::Free, CONDITIONAL)))
            }
        }
    }

    fn timestamp_branch(&mut self, parts: usize) -> Piece {
        match self.random.u8(..4) {
            0 => self.infix("+", Type::TIMESTAMP, Type::DURATION, parts, Use::Free, ADDITION),
            1 => self.infix("+", Type::DURATION, Type::TIMESTAMP, parts, Use::Free, ADDITION),
            2 => self.infix("-", Type::TIMESTAMP, Type::DURATION, parts, Use::Free, ADDITION),
            _ => {
                let ty = *self.pick(&[Type::INT, Type::TIMESTAMP]);
                let from = self.part(ty, parts, Use::Free, CONDITIONAL);
                // A number that reads no fact is refused: who writes one means a date in quotes.
                let reads_a_fact =
                    ["account.", "campaign.", "directory.", "intermediaries.", "recipient."]
                        .iter()
                        .any(|root| from.contains(root));
                match reads_a_fact || ty == Type::TIMESTAMP {
                    true => primary(format!("timestamp({from})")),
                    false => primary(format!("timestamp({:?})", self.pick(&INSTANTS))),
                }
            }
        }
    }

    fn duration_branch(&mut self, parts: usize) -> Piece {
        match self.random.u8(..4) {
            0 => self.infix("+", Type::DURATION, Type::DURATION, parts, Use::Free, ADDITION),
            1 => self.infix("-", Type::DURATION, Type::DURATION, parts, Use::Free, ADDITION),
            2 => self.infix("-", Type::TIMESTAMP, Type::TIMESTAMP, parts, Use::Free, ADDITION),
            _ => primary(format!(
                "duration({})",
                self.part(Type::DURATION, parts, Use::Free, CONDITIONAL)
            )),
        }
    }

    /// A left-associative operator.
    fn infix(
        &mut self,
        operator: &str,
        left: Type,
        right: Type,
        parts: usize,
        usage: Use,
        binding: u8,
    ) -> Piece {
        let left = self.part(left, parts / 2, usage, binding);
        let right = self.part(right, parts / 2, usage, binding + 1);
        Piece { source: format!("{left} {operator} {right}"), binding }
    }
}

/// Facts.
impl Generator {
    /// Facts for every attribute, and members for every set.
    pub fn facts(&mut self, holes: Holes) -> Facts {
        let schema = Arc::clone(&self.schema);
        let facts = schema.iter().map(|(_, attribute)| self.fact(attribute, holes)).collect();
        let sets = self.sets.clone();
        let sets = sets
            .iter()
            .map(|set| {
                (0..self.random.usize(..6)).map(|_| self.value_of_type(set.element)).collect()
            })
            .collect();
        Facts { facts, sets }
    }

    /// The same facts with every unknown filled in: by a value or, where that can be, by absence.
    pub fn completed(&mut self, facts: &Facts) -> Facts {
        let schema = Arc::clone(&self.schema);
        let mut completed = facts.clone();
        for ((_, attribute), fact) in schema.iter().zip(&mut completed.facts) {
            if fact.is_unknown() {
                *fact = self.fact(attribute, Holes::Absent);
            }
        }
        completed
    }

    /// What is known of one attribute.
    pub fn fact(&mut self, attribute: &Attribute, holes: Holes) -> Fact {
        let nullable = attribute.nullable == Nullable::Yes || attribute.not_given.is_absent();
        match (holes, self.random.u8(..5)) {
            (Holes::Absent | Holes::AbsentAndUnknown, 0 | 1) if nullable => Fact::Absent,
            (Holes::AbsentAndUnknown, 2 | 3) => Fact::Unknown,
            _ => Fact::Value(self.value(attribute)),
        }
    }

    /// A value that the attribute can have.
    pub fn value(&mut self, attribute: &Attribute) -> Value {
        match (attribute.ty, &attribute.form) {
            (Type { base: Scalar::String, lists: 1 }, _) => Value::List(
                (0..self.random.usize(..4))
                    .map(|_| Value::string(&self.text_of(attribute)))
                    .collect(),
            ),
            (Type::STRING, _) => Value::string(&self.text_of(attribute)),
            (Type::INT, Form::CountOrUnlimited) if self.random.u8(..3) == 0 => Value::Int(i64::MAX),
            (Type::INT, _) => {
                Value::Int(*self.pick(&[0, 1, 2, 3, 7, 23, 24, 60, 250, 1000, 10_000]))
            }
            (ty, _) => self.value_of_type(ty),
        }
    }

    /// A text that the attribute (or a member of it) can be.
    fn text_of(&mut self, attribute: &Attribute) -> String {
        match &attribute.form {
            Form::OneOf(choices) => self.pick(choices).name.to_string(),
            Form::Country => (*self.pick(schema::countries())).to_owned(),
            Form::Phone | Form::PhoneOrId => format!("+34{:09}", self.random.u32(..1_000_000_000)),
            Form::TimeZone => (*self.pick(&ZONES[..4])).to_owned(),
            Form::Client => {
                format!("npm:{}", self.pick(&["whatsapp-web.js", "some-client", "other"]))
            }
            Form::Endpoint => (*self.pick(&[
                "https://graph.facebook.com/v23.0",
                "https://gateway.example/message/sendText/x",
                "https://web.whatsapp.com",
            ]))
            .to_owned(),
            Form::UserId => format!("{}.{:x}", self.pick(schema::countries()), self.random.u32(..)),
            Form::Language => (*self.pick(&["es", "es_ES", "pt-BR"])).to_owned(),
            Form::Region => (*self.pick(&["US-FL", "US-KY", "UA-43", "BR-SP"])).to_owned(),
            Form::Domain => (*self.pick(&["acme.example", "hubtype.com", "b.example"])).to_owned(),
            Form::Id | Form::Name | Form::Firm | Form::Text => {
                (*self.pick(&["a", "b", "ab", "Acme", "1"])).to_owned()
            }
            Form::Any
            | Form::Count
            | Form::CountOrUnlimited
            | Form::Instant
            | Form::End
            | Form::OwnInstant => (*self.pick(&TEXTS)).to_owned(),
        }
    }

    fn value_of_type(&mut self, ty: Type) -> Value {
        if let Some(element) = ty.element() {
            return Value::List(
                (0..self.random.usize(..4)).map(|_| self.value_of_type(element)).collect(),
            );
        }
        match ty.base {
            Scalar::Bool => Value::Bool(self.random.bool()),
            Scalar::Int => Value::Int(*self.pick(&[-1, 0, 1, 2, 3, 7, 24, i64::MAX, i64::MIN])),
            Scalar::Double => Value::Double(*self.pick(&[0.0, 0.01, 0.5, 1.0, -1.5, 1e19])),
            Scalar::String | Scalar::Nothing => Value::string(self.pick::<&str>(&TEXTS)),
            Scalar::Timestamp => {
                let seconds = self.random.i64(1_500_000_000..1_900_000_000);
                let nanos = *self.pick(&[0, 0, 1, 500_000_000]);
                Value::Timestamp(Timestamp::new(seconds, nanos).unwrap_or(Timestamp::MIN))
            }
            Scalar::Duration => Value::Duration(
                Duration::from_seconds(self.random.i64(-100_000..100_000)).unwrap_or_default(),
            ),
        }
    }
}

fn is_closed(attribute: &Attribute) -> bool {
    !matches!(
        attribute.form,
        Form::Any
            | Form::Text
            | Form::Count
            | Form::CountOrUnlimited
            | Form::Instant
            | Form::End
            | Form::OwnInstant
    )
}

fn primary(source: impl Into<String>) -> Piece {
    Piece { source: source.into(), binding: PRIMARY }
}

fn bracketed(piece: Piece, least: u8) -> String {
    if piece.binding < least { format!("({})", piece.source) } else { piece.source }
}
