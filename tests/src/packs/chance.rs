//! What chance makes of a seed: attributes, sets, conditions, rules, packs.

use cleartosend::expert::cel::guard::unguarded;
use cleartosend::expert::cel::{Environment, SetDeclaration, compile_condition};
use cleartosend::{Duration, FindingVerdict, Scalar, Schema, Timestamp, Type, Value};
use fastrand::Rng;

use super::{Condition, Declared, Entry, Known, Literal, Pack, Rule, Set, World};

const INSTANTS: [&str; 8] = [
    "2018-08-01T00:00:00Z",
    "2024-02-29T23:59:59.999999999Z",
    "2025-06-01T00:00:00Z",
    "2025-06-01T02:00:00+02:00",
    "2026-01-01T00:00:00Z",
    "2026-03-02T15:00:00Z",
    "2026-03-02T15:00:00.000000001Z",
    "2027-01-01T00:00:00Z",
];
const TEXTS: [&str; 6] = ["", "a", "b", "ab", "Acme", "ä"];
const INTS: [i64; 9] = [0, 1, 2, 5, 100, 1000, i64::MAX, -1, i64::MIN];
const DOUBLES: [&str; 7] = ["0.0", "-0.0", "0.5", "1.0", "-2.5", "1e300", "1.7976931348623157e308"];
const SPANS: [&str; 5] = ["0s", "24h", "1h30m", "-90s", "1ns"];
const OPERATORS: [&str; 6] = ["==", "!=", "<", "<=", ">", ">="];
const ZONES: [&str; 3] = ["UTC", "Europe/Madrid", "+05:30"];

/// Makes worlds from a seed.
#[derive(Debug)]
pub struct Maker {
    random: Rng,
    /// What conditions are about.
    palette: Vec<Known>,
    /// The sets of the pack at hand.
    sets: Vec<Set>,
    /// Conditions made before, to be used again.
    used: Vec<Condition>,
    /// One in how many leaves is no constraint on a single attribute; 0 for never.
    others: u8,
    /// Whether most conditions are about recipients.
    of_recipients: bool,
}

impl Maker {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        Self {
            random: Rng::with_seed(seed),
            palette: Vec::new(),
            sets: Vec::new(),
            used: Vec::new(),
            others: 0,
            of_recipients: false,
        }
    }

    /// From a seed, with most conditions about recipients.
    pub fn of_recipients(seed: u64) -> Self {
        Self { of_recipients: true, ..Self::new(seed) }
    }

    /// The source of chance.
    pub const fn random(&mut self) -> &mut Rng {
        &mut self.random
    }

    /// Any of a slice.
    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.random.usize(..from.len())].clone()
    }

    /// Whether something that happens once in so many times happens.
    pub fn once_in(&mut self, times: u8) -> bool {
        self.random.u8(..times) == 0
    }

    /// What the conditions of the last world are about.
    pub fn palette(&self) -> &[Known] {
        &self.palette
    }

    /// A value that an attribute, or a member of it, can have.
    pub fn value(&mut self, known: &Known) -> Value {
        match known.ty.base {
            Scalar::Bool => Value::Bool(self.random.bool()),
            Scalar::Int if known.count => Value::Int(self.pick(&[0, 1, 3, 10, 100, i64::MAX])),
            Scalar::Int => Value::Int(self.pick(&[i64::MIN, -3, 0, 1, 3, 10, i64::MAX])),
            Scalar::Double => {
                Value::Double(self.pick(&[0.0, -0.0, 0.25, 1.0, -1e19, 5e-324, f64::MAX]))
            }
            Scalar::Timestamp => {
                let nanos = self.pick(&[0, 5]);
                Value::Timestamp(
                    Timestamp::new(self.random.i64(1_500_000_000..1_900_000_000), nanos)
                        .unwrap_or(Timestamp::MIN),
                )
            }
            Scalar::Duration => Value::Duration(
                Duration::from_seconds(self.random.i64(-100_000..100_000)).unwrap_or_default(),
            ),
            Scalar::String | Scalar::Nothing => Value::string(&match known.values.len() {
                0 => self.pick(&["A b", "a", "abc", "Acme", "5", "true", "日本"]).to_owned(),
                count => known.values[self.random.usize(..count.min(6))].clone(),
            }),
        }
    }

    /// A world of a few rules. A plain one has only constraints on single attributes.
    pub fn world(&mut self, plain: bool) -> World {
        let packs = if self.once_in(3) { self.random.usize(2..4) } else { 1 };
        let rules = self.random.usize(packs..13);
        self.world_of(plain, packs, rules)
    }

    /// A world of so many packs and rules.
    pub fn world_of(&mut self, plain: bool, packs: usize, rules: usize) -> World {
        self.others = if plain { 0 } else { 3 };
        self.used.clear();
        let declared = self.declared();
        let built_in = Schema::built_in();
        let mut candidates: Vec<Known> =
            built_in.iter().filter_map(|(_, attribute)| Known::of(attribute)).collect();
        self.random.shuffle(&mut candidates);
        if self.of_recipients {
            candidates.sort_by_key(|known| !known.path.starts_with("recipient."));
        }
        candidates.truncate(self.random.usize(1..6));
        candidates.retain(|known| known.path != "send_at");
        candidates.extend(declared.iter().filter_map(|declared| Known::of(&declared.attribute())));
        self.palette = candidates;
        let mut left = rules;
        let mut world = World::default();
        for number in 0..packs {
            let rules = if number + 1 == packs {
                left
            } else {
                self.random.usize(1..=left - (packs - number - 1))
            };
            left -= rules;
            world.packs.push(self.pack(&format!("p{number}"), &declared, rules));
        }
        world
    }

    fn declared(&mut self) -> Vec<Declared> {
        const SCALARS: [Type; 6] =
            [Type::BOOL, Type::INT, Type::DOUBLE, Type::STRING, Type::TIMESTAMP, Type::DURATION];
        (0..self.random.usize(1..5))
            .map(|number| {
                let scalar = self.pick(&SCALARS);
                let ty = if self.once_in(5) { scalar.list() } else { scalar };
                let listed = scalar == Type::STRING && self.random.bool();
                let values = if listed {
                    ["a", "b", "m", "q", "z"].map(str::to_owned)[..self.random.usize(1..6)].to_vec()
                } else {
                    vec![]
                };
                let path = format!("x.{}f{number}", if self.once_in(4) { "deep." } else { "" });
                Declared {
                    path,
                    ty,
                    values,
                    nullable: self.once_in(3),
                    of_recipient: self.once_in(3),
                }
            })
            .collect()
    }

    fn pack(&mut self, name: &str, declared: &[Declared], rules: usize) -> Pack {
        let mut pack = Pack::named(name);
        // Packs declare what they need of what others declare too.
        let count =
            if self.random.bool() { declared.len() } else { self.random.usize(1..=declared.len()) };
        let (own, others) = declared.split_at(count);
        let whole = self.palette.clone();
        self.palette.retain(|known| others.iter().all(|other| other.path != known.path));
        let named = |condition: &Condition| {
            others.iter().any(|other| condition.source().contains(&other.path))
        };
        let before = self.used.clone();
        self.used.retain(|condition| !named(condition));
        pack.attributes = own.to_vec();
        pack.sets = (0..self.random.usize(..3)).map(|number| self.set(number)).collect();
        self.sets.clone_from(&pack.sets);
        let schema = World { packs: vec![pack.clone()] }.schema();
        let sets: Vec<SetDeclaration> = pack.sets.iter().map(declaration).collect();
        while pack.rules.len() < rules {
            let rule = self.rule(pack.rules.len());
            if loads(&rule, &schema, &sets) {
                // Small ones only: a condition that holds others that hold others grows past every
                // limit.
                if rule.condition.source().len() < 200 {
                    self.used.push(rule.condition.clone());
                }
                pack.rules.push(rule);
            }
        }
        self.palette = whole;
        self.used.extend(before.into_iter().filter(named));
        pack
    }

    fn instant(&mut self) -> String {
        self.pick(&INSTANTS).to_owned()
    }

    /// The ends of a period, in order; the same instant is written in two ways.
    fn period(&mut self) -> (String, Option<String>) {
        let first = self.random.usize(..INSTANTS.len());
        let last = self.random.usize(..INSTANTS.len());
        let same = |place: usize| if place == 3 { 2 } else { place };
        let until =
            (self.random.bool() && same(first) < same(last)).then(|| INSTANTS[last].to_owned());
        (INSTANTS[first].to_owned(), until)
    }

    fn set(&mut self, number: usize) -> Set {
        let of_ints = self.once_in(3);
        let closed: Vec<Vec<String>> = self
            .palette
            .iter()
            .filter(|known| !known.values.is_empty())
            .map(|k| k.values.clone())
            .collect();
        let domain =
            if closed.is_empty() || self.random.bool() { None } else { Some(self.pick(&closed)) };
        let mut members: Vec<Literal> = if of_ints {
            INTS[..6].iter().map(|int| Literal::Int(*int)).collect()
        } else {
            let texts = domain.unwrap_or_else(|| TEXTS.map(str::to_owned).to_vec());
            texts.into_iter().filter(|text| !text.is_empty()).take(8).map(Literal::Text).collect()
        };
        self.random.shuffle(&mut members);
        // A member that is listed twice for one instant is refused, so each is in one entry, or in
        // two that do not overlap.
        let mut entries = Vec::new();
        while !members.is_empty() && entries.len() < 4 {
            let count = self.random.usize(1..=members.len().min(3));
            let values: Vec<Literal> = members.drain(..count).collect();
            let (from, until) = self.period();
            let from = (!self.once_in(3)).then_some(from);
            if let Some(until) = &until
                && self.once_in(3)
            {
                entries.push(Entry {
                    values: values.clone(),
                    from: Some(until.clone()),
                    until: None,
                });
            }
            entries.push(Entry { values, from, until });
        }
        Set { id: format!("set-{number}"), entries }
    }

    fn rule(&mut self, number: usize) -> Rule {
        let (from, until) = self.period();
        // A few are so large that they cannot be kept as clauses.
        let size =
            if self.once_in(30) { self.random.usize(12..48) } else { self.random.usize(1..7) };
        let applies = match self.random.u8(..4) {
            0 => None,
            _ => {
                let size = self.random.usize(1..5);
                Some(self.condition(size))
            }
        };
        Rule {
            id: format!("limits.r{number}"),
            applies,
            condition: self.condition(size),
            requires: self.random.bool(),
            verdict: self.pick(&[
                FindingVerdict::Deny,
                FindingVerdict::Review,
                FindingVerdict::Deny,
                FindingVerdict::Review,
                FindingVerdict::Note,
            ]),
            enforce: !self.once_in(8),
            from: if self.once_in(2) { INSTANTS[0].to_owned() } else { from },
            until,
            names: self.once_in(8).then(|| self.any().path),
        }
    }

    fn any(&mut self) -> Known {
        self.random
            .choice(&self.palette)
            .cloned()
            .unwrap_or_else(|| panic!("a palette is never empty"))
    }

    /// A condition of about that many leaves.
    pub fn condition(&mut self, size: usize) -> Condition {
        if self.once_in(8)
            && let Some(used) = self.random.choice(&self.used).cloned()
            && names_no_set(&used)
        {
            return used;
        }
        if size <= 1 {
            return self.leaf();
        }
        let half = |maker: &mut Self| maker.condition(size / 2);
        match self.random.u8(..10) {
            0 => Condition::Not(Box::new(self.condition(size))),
            1 => Condition::If(Box::new([half(self), half(self), half(self)])),
            2 => Condition::Same(Box::new([half(self), half(self)])),
            3 => Condition::Differ(Box::new([half(self), half(self)])),
            kind => {
                let count = self.random.usize(2..4);
                let parts = (0..count).map(|_| self.condition(size / count)).collect();
                if kind % 2 == 0 { Condition::And(parts) } else { Condition::Or(parts) }
            }
        }
    }

    fn leaf(&mut self) -> Condition {
        if self.once_in(20) {
            return Condition::Literal(self.random.bool());
        }
        if self.once_in(12) {
            let literal = Literal::Instant(self.instant());
            return Condition::Compare {
                path: "send_at".into(),
                operator: self.pick(&OPERATORS),
                literal,
                flipped: self.random.bool(),
            };
        }
        if self.once_in(15)
            && let Some(set) = self.random.choice(&self.sets).cloned()
            && let Some(literal) = set.entries.first().and_then(|entry| entry.values.first())
        {
            return Condition::LiteralInSet(literal.clone(), set.id);
        }
        let known = self.any();
        if self.once_in(8) {
            return Condition::Has(known.path);
        }
        let other = self.others > 0 && self.once_in(self.others);
        let plain = if other { None } else { self.plain(&known) };
        let leaf = match plain {
            Some(leaf) => leaf,
            None if self.others > 0 => Condition::Other(self.other(&known)),
            None => Condition::Has(known.path.clone()),
        };
        self.guarded(&known, leaf)
    }

    fn guarded(&mut self, known: &Known, leaf: Condition) -> Condition {
        if !known.nullable || matches!(leaf, Condition::Has(_)) {
            return leaf;
        }
        let has = Condition::Has(known.path.clone());
        match self.random.u8(..10) {
            0..6 => Condition::And(vec![has, leaf]),
            6..8 => Condition::Or(vec![Condition::Not(Box::new(has)), leaf]),
            8 => Condition::If(Box::new([has, leaf, Condition::Literal(self.random.bool())])),
            _ => leaf,
        }
    }

    /// A constraint on one attribute; none for lists.
    fn plain(&mut self, known: &Known) -> Option<Condition> {
        let path = known.path.clone();
        if known.ty.is_list() {
            return None;
        }
        if known.ty == Type::BOOL && !self.once_in(3) {
            return Some(Condition::Truth(path));
        }
        if self.once_in(4) {
            let fits = |set: &&Set| match set.entries.first().and_then(|entry| entry.values.first())
            {
                Some(Literal::Int(_)) => known.ty == Type::INT,
                // A set with members that the attribute cannot have is refused at load.
                Some(Literal::Text(_)) => {
                    known.ty == Type::STRING && members_fit(set, &known.values)
                }
                _ => false,
            };
            let fitting: Vec<Set> = self.sets.iter().filter(fits).cloned().collect();
            if let Some(set) = self.random.choice(&fitting) {
                return Some(Condition::InSet(path, set.id.clone()));
            }
        }
        if self.once_in(4) {
            let literals = (0..self.random.usize(1..4)).map(|_| self.literal(known)).collect();
            return Some(Condition::Among(path, literals));
        }
        let operators = if known.is_open_text() { &OPERATORS[..2] } else { &OPERATORS[..] };
        let operator = self.pick(operators);
        Some(Condition::Compare {
            path,
            operator,
            literal: self.literal(known),
            flipped: self.once_in(4),
        })
    }

    fn literal(&mut self, known: &Known) -> Literal {
        match known.ty.base {
            Scalar::Bool => Literal::Bool(self.random.bool()),
            Scalar::Int => Literal::Int(self.pick(&INTS)),
            Scalar::Double => Literal::Double(self.pick(&DOUBLES)),
            Scalar::Timestamp => Literal::Instant(self.instant()),
            Scalar::Duration => Literal::Span(self.pick(&SPANS)),
            Scalar::String | Scalar::Nothing => Literal::Text(self.text(known)),
        }
    }

    fn text(&mut self, known: &Known) -> String {
        match known.values.len() {
            0 => self.pick(&TEXTS).to_owned(),
            // The same few are asked about again and again, so that rules meet.
            count if self.once_in(4) => known.values[self.random.usize(..count)].clone(),
            count => known.values[self.random.usize(..count.min(4))].clone(),
        }
    }

    /// An attribute of a type that has a value for certain.
    fn present(&mut self, ty: Type, closed: bool) -> Option<String> {
        let fits = |known: &&Known| {
            known.ty == ty && !known.nullable && (closed || known.values.is_empty())
        };
        let fitting: Vec<String> =
            self.palette.iter().filter(fits).map(|known| known.path.clone()).collect();
        self.random.choice(&fitting).cloned()
    }

    /// Something about an attribute that is no constraint on it alone, or none of the kind that
    /// becomes classes.
    fn other(&mut self, known: &Known) -> String {
        let a = &known.path;
        let literal = self.literal(known).source();
        let op = self.pick(&OPERATORS);
        let beside = self.present(known.ty, true);
        if let Some(b) = &beside
            && b != a
            && !known.ty.is_list()
            && self.once_in(3)
        {
            return format!("{a} {op} {b}");
        }
        let b = beside.unwrap_or_else(|| literal.clone());
        let chosen = self.random.usize(..8);
        let of = |forms: &[String]| forms[chosen % forms.len()].clone();
        let zone = self.pick(&ZONES);
        if known.ty.is_list() {
            let item = self
                .present(Type { base: known.ty.base, lists: 0 }, false)
                .unwrap_or_else(|| literal.clone());
            return of(&[
                format!("{literal} in {a}"),
                format!("{a}.exists(v, v == {literal})"),
                format!("{a}.all(v, v != {literal})"),
                format!("size({a}) > 1"),
                format!("{a} == [{literal}]"),
                format!("{a}[0] == {literal}"),
                format!("{a}.exists_one(v, v == {literal})"),
                if known.values.is_empty() {
                    format!("{item} in {a}")
                } else {
                    format!("{a}.exists(v, v.startsWith(\"m\"))")
                },
            ]);
        }
        match known.ty.base {
            Scalar::Bool => of(&[
                format!("string({a}) == \"true\""),
                format!("[{a}, {b}].all(v, v)"),
                format!("({a} ? 1 : 2) {op} 1"),
                format!("[{a}].exists(v, v || {b})"),
            ]),
            Scalar::Int => of(&[
                format!("{a} + 1 {op} {literal}"),
                format!("10 / {a} >= 2"),
                format!("{a} % 3 == 1"),
                format!("-{a} {op} {literal}"),
                format!("double({a}) {op} 2.5"),
                format!("string({a}) == \"5\""),
                format!("{a} in [{b}, 7]"),
                format!("{a} - {b} {op} 3"),
            ]),
            Scalar::Double => of(&[
                format!("{a} * 2.0 {op} {literal}"),
                // Not by 0.0: to the judge a comparison with NaN is an error, where CEL says false.
                format!("{a} / 4.0 {op} 1.0"),
                format!("int({a}) == 1"),
                format!("-{a} {op} {b}"),
                format!("{a} in [{b}, 7.0]"),
            ]),
            Scalar::String | Scalar::Nothing => {
                let text = format!("{:?}", self.pick(&TEXTS));
                // A closed list is compared only with its own values, and order over one is a plain
                // constraint.
                let compared = if known.values.is_empty() {
                    format!("{a} {op} {text}")
                } else {
                    format!("{a}.contains({text})")
                };
                of(&[
                    format!("{a}.startsWith({text})"),
                    format!("{a}.endsWith({text})"),
                    compared.clone(),
                    format!("size({a}) {op} 2"),
                    format!("{a} + \"b\" {op} \"ab\""),
                    format!("int({a}) {op} 1"),
                    compared,
                ])
            }
            Scalar::Timestamp => of(&[
                format!("{a} + duration(\"24h\") {op} send_at"),
                format!("send_at - {a} {op} duration(\"24h\")"),
                format!("{a}.getHours() {op} 9"),
                format!("{a}.getDayOfWeek({zone:?}) == 0"),
                format!("{a} {op} send_at"),
                format!("int({a}) {op} 5"),
            ]),
            Scalar::Duration => of(&[
                format!("{a} + duration(\"1h\") {op} {literal}"),
                format!("{a}.getHours() {op} 2"),
                format!("send_at + {a} {op} timestamp(\"2026-01-01T00:00:00Z\")"),
                format!("{a} in [{b}, {literal}]"),
            ]),
        }
    }
}

fn members_fit(set: &Set, values: &[String]) -> bool {
    let mut members = set.entries.iter().flat_map(|entry| &entry.values);
    values.is_empty()
        || members.all(|member| matches!(member, Literal::Text(text) if values.contains(text)))
}

/// A set as conditions see it.
pub fn declaration(set: &Set) -> SetDeclaration {
    let of_ints =
        matches!(set.entries.first().and_then(|entry| entry.values.first()), Some(Literal::Int(_)));
    SetDeclaration {
        name: set.id.as_str().into(),
        element: if of_ints { Type::INT } else { Type::STRING },
    }
}

fn names_no_set(condition: &Condition) -> bool {
    // A set belongs to its pack, so what names one cannot be used again elsewhere.
    !condition.source().contains("sets.")
}

/// Whether a rule uses nullable attributes behind guards, so that it loads.
pub fn loads(rule: &Rule, schema: &Schema, sets: &[SetDeclaration]) -> bool {
    let environment = Environment { schema, sets };
    let read = |condition: &Condition| {
        let source = condition.source();
        compile_condition(&source, &environment).unwrap_or_else(|error| {
            panic!("a generated condition is refused: {error} in `{source}`")
        })
    };
    let applies = rule.applies.as_ref().map(read);
    let condition = read(&rule.condition);
    unguarded(applies.as_ref().map(|applies| &applies.root), &condition.root, schema).is_empty()
}
