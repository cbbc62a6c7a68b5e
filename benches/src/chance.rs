//! Gates of chance, one case at a time: nobody chose them, so nobody tuned for them.
//!
//! A seed draws how many rules there are and how often a condition is of each kind. A third of the
//! gates keep to what `wirefilter-engine` can say: constants, parts of texts, and what joins them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use crate::generate::{self, Random};
use crate::measure::{self, Effort};
use crate::peers::{self, Cases, Loader, What};
use crate::report;
use crate::rule::{ATTRIBUTES, Condition, Demand, Kind, Row, Rule, Value, attribute, c_like};

/// A condition over the facts of a case.
#[derive(Clone, Debug)]
enum Test {
    /// An attribute against constants.
    Constant(Condition),
    /// Whether a text has a part: anywhere, or at an end.
    Part(Place, usize, &'static str),
    /// How many letters a text has.
    Size(usize, &'static str, i64),
    /// Two attributes of a kind.
    Two(usize, &'static str, usize),
    /// `one + other`, or `one - other`, against a constant.
    Sum(usize, char, usize, &'static str, i64),
    /// So many times one against the other.
    Times(usize, i64, &'static str, usize),
    /// What is left when a number is divided.
    Rest(usize, i64, i64),
    /// Of two numbers, that which a truth chooses, against a constant.
    Choice(usize, usize, usize, &'static str, i64),
    Not(Box<Test>),
    All(Vec<Test>),
    Any(Vec<Test>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Anywhere,
    Start,
    End,
}

struct ChanceRule {
    applies: Test,
    is_required: bool,
    demand: Test,
}

struct Gate {
    rules: Vec<ChanceRule>,
    /// Whether every engine can say all of it.
    is_plain: bool,
}

const ORDERS: [&str; 4] = ["<", "<=", ">", ">="];
const PARTS: [&str; 8] = ["a", "er", "ing", "re", "E", "d", "ap", "un"];

fn compare<T: PartialOrd>(how: &str, one: T, other: T) -> bool {
    match how {
        "==" => one == other,
        "!=" => one != other,
        "<" => one < other,
        "<=" => one <= other,
        ">" => one > other,
        _ => one >= other,
    }
}

fn int(row: &Row, attribute: usize) -> i64 {
    match row[attribute] {
        Value::Int(int) => int,
        _ => 0,
    }
}

fn text(row: &Row, attribute: usize) -> &'static str {
    match row[attribute] {
        Value::Text(text) => text,
        _ => "",
    }
}

impl Test {
    fn holds(&self, row: &Row) -> bool {
        match self {
            Self::Constant(condition) => condition.holds(row),
            Self::Part(place, of, part) => match place {
                Place::Anywhere => text(row, *of).contains(part),
                Place::Start => text(row, *of).starts_with(part),
                Place::End => text(row, *of).ends_with(part),
            },
            Self::Size(of, how, size) => compare(how, text(row, *of).len() as i64, *size),
            Self::Two(one, how, other) => compare(how, row[*one], row[*other]),
            Self::Sum(one, '+', other, how, constant) => {
                compare(how, int(row, *one) + int(row, *other), *constant)
            }
            Self::Sum(one, _, other, how, constant) => {
                compare(how, int(row, *one) - int(row, *other), *constant)
            }
            Self::Times(one, by, how, other) => compare(how, int(row, *one) * by, int(row, *other)),
            Self::Rest(of, by, rest) => int(row, *of) % by == *rest,
            Self::Choice(chooses, one, other, how, constant) => {
                let chosen = if row[*chooses] == Value::Bool(true) { one } else { other };
                compare(how, int(row, *chosen), *constant)
            }
            Self::Not(inner) => !inner.holds(row),
            Self::All(parts) => parts.iter().all(|part| part.holds(row)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(row)),
        }
    }

    /// The attributes that a test reads by itself.
    fn read(&self) -> Vec<usize> {
        match self {
            Self::Constant(condition) => vec![condition.attribute],
            Self::Part(_, of, _) | Self::Size(of, ..) | Self::Rest(of, ..) => vec![*of],
            Self::Two(one, _, other)
            | Self::Sum(one, _, other, ..)
            | Self::Times(one, _, _, other) => vec![*one, *other],
            Self::Choice(chooses, one, other, ..) => vec![*chooses, *one, *other],
            Self::Not(_) | Self::All(_) | Self::Any(_) => Vec::new(),
        }
    }

    /// In a language with C's operators; what differs is said by `words`.
    fn in_words(&self, words: &Words) -> String {
        let name = |of: &usize| ATTRIBUTES[*of].0;
        let joined = |parts: &[Self], by: &str| {
            format!(
                "({})",
                parts.iter().map(|part| part.in_words(words)).collect::<Vec<_>>().join(by)
            )
        };
        let said = match self {
            Self::Constant(condition) => return (words.constant)(condition),
            Self::Part(place, of, part) => return (words.part)(*place, name(of), part),
            Self::Size(of, how, size) => format!("{}({}) {how} {size}", words.size, name(of)),
            Self::Two(one, how, other) => format!("{} {how} {}", name(one), name(other)),
            Self::Sum(one, sign, other, how, constant) => {
                format!("{} {sign} {} {how} {constant}", name(one), name(other))
            }
            Self::Times(one, by, how, other) => {
                format!("{} * {by} {how} {}", name(one), name(other))
            }
            Self::Rest(of, by, rest) => format!("{} % {by} == {rest}", name(of)),
            Self::Choice(chooses, one, other, how, constant) => {
                format!("({} ? {} : {}) {how} {constant}", name(chooses), name(one), name(other))
            }
            Self::Not(inner) => return format!("{}({})", words.not, inner.in_words(words)),
            Self::All(parts) => return joined(parts, words.and),
            Self::Any(parts) => return joined(parts, words.or),
        };
        let guards: String = match words.has_guards {
            true => self.read().iter().map(|of| guard(name(of))).collect(),
            false => String::new(),
        };
        format!("({guards}{said})")
    }

    fn in_json_logic(&self) -> Json {
        let of = |of: &usize| json!({"var": ATTRIBUTES[*of].0});
        let all = |parts: &[Self]| parts.iter().map(Self::in_json_logic).collect::<Vec<_>>();
        let strict = |how: &str| match how {
            "==" => "===".to_owned(),
            "!=" => "!==".to_owned(),
            how => how.to_owned(),
        };
        match self {
            Self::Constant(condition) => peers::in_json_logic(condition),
            Self::Part(Place::Anywhere, text, part) => json!({"in": [part, of(text)]}),
            Self::Part(Place::Start, text, part) => json!({"starts_with": [of(text), part]}),
            Self::Part(Place::End, text, part) => json!({"ends_with": [of(text), part]}),
            Self::Size(text, how, size) => json!({strict(how): [{"length": of(text)}, size]}),
            Self::Two(one, how, other) => json!({strict(how): [of(one), of(other)]}),
            Self::Sum(one, sign, other, how, constant) => {
                json!({strict(how): [{sign.to_string(): [of(one), of(other)]}, constant]})
            }
            Self::Times(one, by, how, other) => {
                json!({strict(how): [{"*": [of(one), by]}, of(other)]})
            }
            Self::Rest(one, by, rest) => json!({"===": [{"%": [of(one), by]}, rest]}),
            Self::Choice(chooses, one, other, how, constant) => {
                json!({strict(how): [{"if": [of(chooses), of(one), of(other)]}, constant]})
            }
            Self::Not(inner) => json!({"!": inner.in_json_logic()}),
            Self::All(parts) => json!({"and": all(parts)}),
            Self::Any(parts) => json!({"or": all(parts)}),
        }
    }
}

/// How a language says what others say otherwise.
struct Words {
    and: &'static str,
    or: &'static str,
    not: &'static str,
    size: &'static str,
    constant: fn(&Condition) -> String,
    part: fn(Place, &str, &str) -> String,
    /// Whether attributes that may be absent are asked about first.
    has_guards: bool,
}

fn guard(name: &str) -> String {
    if peers::may_be_absent(name) { format!("has({name}) && ") } else { String::new() }
}

const OURS: Words = Words {
    and: " && ",
    or: " || ",
    not: "!",
    size: "size",
    constant: |condition| {
        let list = |path: &str, constants: &str, positive: bool| {
            format!("{}({path} in [{constants}])", if positive { "" } else { "!" })
        };
        format!("({}{})", guard(condition.path()), c_like(condition, list))
    },
    part: |place, text, part| {
        let how = match place {
            Place::Anywhere => "contains",
            Place::Start => "startsWith",
            Place::End => "endsWith",
        };
        format!("({}{text}.{how}(\"{part}\"))", guard(text))
    },
    has_guards: true,
};
const ZEN: Words = Words {
    and: " and ",
    or: " or ",
    not: "not ",
    size: "len",
    constant: |condition| {
        let list = |path: &str, constants: &str, positive: bool| {
            format!("{path} {} [{constants}]", if positive { "in" } else { "not in" })
        };
        format!("({})", c_like(condition, list))
    },
    part: |place, text, part| {
        let how = match place {
            Place::Anywhere => "contains",
            Place::Start => "startsWith",
            Place::End => "endsWith",
        };
        format!("{how}({text}, \"{part}\")")
    },
    has_guards: false,
};
const WIREFILTER: Words = Words {
    and: " && ",
    or: " || ",
    not: "not ",
    size: "",
    constant: |condition| format!("({})", peers::in_wirefilter(condition)),
    part: |_, text, part| format!("{text} contains \"{part}\""),
    has_guards: false,
};

impl ChanceRule {
    fn violated_by(&self, row: &Row) -> bool {
        self.applies.holds(row) && self.demand.holds(row) != self.is_required
    }

    fn in_words(&self, words: &Words) -> String {
        let not = if self.is_required { words.not } else { "" };
        let (applies, demand) = (self.applies.in_words(words), self.demand.in_words(words));
        format!("({applies}{}{not}({demand}))", words.and)
    }

    fn in_json_logic(&self) -> Json {
        let demand = self.demand.in_json_logic();
        let demand = if self.is_required { json!({"!": demand}) } else { demand };
        json!({"and": [self.applies.in_json_logic(), demand]})
    }
}

impl Gate {
    fn new(seed: u64) -> Self {
        let random = &mut Random::new(seed.wrapping_mul(0x1000_0001));
        let is_plain = seed.is_multiple_of(3);
        let families: usize = if is_plain { 2 } else { 7 };
        let shares: Vec<usize> = (0..families)
            .flat_map(|family| {
                let least = if family == 0 { 2 } else { 0 };
                vec![family; least + random.below(5)]
            })
            .collect();
        let rules = (0..8 + random.below(33)).map(|_| {
            let is_required = random.below(3) == 0;
            let mut some = |wanted: usize| -> Vec<Test> {
                (0..wanted)
                    .map(|_| {
                        let family = *random.pick(&shares);
                        let test = test(random, family);
                        if random.below(6) == 0 { Test::Not(Box::new(test)) } else { test }
                    })
                    .collect()
            };
            let applies = Test::All(some(2));
            let demand = some(3);
            // What is required mostly holds and what is forbidden mostly does not.
            let demand = if is_required { Test::Any(demand) } else { Test::All(demand) };
            ChanceRule { applies, is_required, demand }
        });
        Self { rules: rules.collect(), is_plain }
    }

    /// The sources of an engine, where it can say them.
    fn sources(&self, name: &str) -> Option<Vec<String>> {
        let in_words = |words: &Words| self.rules.iter().map(|rule| rule.in_words(words)).collect();
        match name {
            "cleartosend" => {
                let rules = self.rules.iter().enumerate().map(|(number, rule)| {
                    (
                        id(number),
                        rule.applies.in_words(&OURS),
                        rule.is_required,
                        rule.demand.in_words(&OURS),
                    )
                });
                Some(peers::pack(rules))
            }
            "datalogic-rs" => {
                Some(self.rules.iter().map(|rule| rule.in_json_logic().to_string()).collect())
            }
            "wirefilter-engine" => self.is_plain.then(|| in_words(&WIREFILTER)),
            "zen-engine, expressions" => Some(in_words(&ZEN)),
            _ => None,
        }
    }
}

fn id(number: usize) -> String {
    format!("limits.r{number}")
}

/// A condition of one of the kinds: constants, parts of texts, lengths, two attributes, arithmetic,
/// remainders, choices.
fn test(random: &mut Random, family: usize) -> Test {
    let of_kind = |random: &mut Random, kind: Kind| loop {
        let found = random.below(ATTRIBUTES.len());
        if ATTRIBUTES[found].1 == kind {
            break found;
        }
    };
    let two_ints = |random: &mut Random| {
        let one = of_kind(random, Kind::Int);
        loop {
            let other = of_kind(random, Kind::Int);
            if other != one {
                break (one, other);
            }
        }
    };
    let how = *random.pick(&ORDERS);
    let constant = *random.pick(&[1, 2, 10, 100, 1_000, 5_000, 20_000, 100_000]);
    match family {
        0 => {
            let of = random.below(ATTRIBUTES.len());
            Test::Constant(generate::condition(random, of))
        }
        1 => Test::Part(Place::Anywhere, of_kind(random, Kind::Text), random.pick::<&str>(&PARTS)),
        2 => {
            let of = of_kind(random, Kind::Text);
            if random.below(3) == 0 {
                return Test::Size(of, how, 2 + random.below(9) as i64);
            }
            let place = *random.pick(&[Place::Start, Place::End]);
            Test::Part(place, of, random.pick::<&str>(&PARTS))
        }
        3 => {
            if random.below(2) == 0 {
                let (one, other) = two_ints(random);
                return Test::Two(one, how, other);
            }
            let how = *random.pick(&["==", "!="]);
            let (one, other) = *random.pick(&[
                ("account.country", "recipient.country"),
                ("account.quality", "campaign.template.quality"),
            ]);
            Test::Two(attribute(one), how, attribute(other))
        }
        4 => {
            let (one, other) = two_ints(random);
            match random.below(3) {
                0 => Test::Times(one, 2 + random.below(20) as i64, how, other),
                1 => Test::Sum(one, '+', other, how, constant),
                _ => Test::Sum(one, '-', other, how, constant),
            }
        }
        5 => {
            let by = 2 + random.below(9);
            Test::Rest(of_kind(random, Kind::Int), by as i64, random.below(by) as i64)
        }
        _ => {
            let (one, other) = two_ints(random);
            Test::Choice(of_kind(random, Kind::Bool), one, other, how, constant)
        }
    }
}

const PEERS: [&str; 4] =
    ["cleartosend", "datalogic-rs", "wirefilter-engine", "zen-engine, expressions"];
const STARTS: [What; 2] = [What::Match, What::Check];

/// The pack of a seed's gate.
pub fn sources(seed: u64) -> Option<Vec<String>> {
    Gate::new(seed).sources(PEERS[0])
}

/// Measures the seeds, prints a table, and with `write` puts it into the page.
pub fn run(seeds: impl Iterator<Item = u64>, cases: &Cases, write: bool) -> Result<(), String> {
    let mut text =
        "| seed | rules | denied | match | datalogic-rs | wirefilter | zen | facts built, \
                    match | datalogic-rs | wirefilter | zen |\n\
                    | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |\n"
            .to_owned();
    print!("{text}");
    let mut ratios: BTreeMap<(What, &str), Vec<(f64, u64)>> = BTreeMap::new();
    for seed in seeds {
        let gate = Gate::new(seed);
        let found = one(&gate, cases).map_err(|problem| format!("seed {seed}: {problem}"))?;
        let violated = |row: &&Row| gate.rules.iter().any(|rule| rule.violated_by(row));
        let denied = cases.rows.iter().filter(violated).count();
        let mut line = format!(
            "| {seed} | {} | {:.0} %",
            gate.rules.len(),
            denied as f64 * 100.0 / cases.rows.len() as f64
        );
        for what in STARTS {
            let took = |name: &str| found.get(name).and_then(|found| found.get(&what)).copied();
            let ours = took(PEERS[0]).unwrap_or(f64::NAN);
            let _ = write!(line, " | {}", report::duration(ours));
            for peer in &PEERS[1..] {
                let Some(theirs) = took(peer) else {
                    line.push_str(" | –");
                    continue;
                };
                let _ = write!(line, " | {:.2} ×", theirs / ours);
                ratios.entry((what, peer)).or_default().push((theirs / ours, seed));
            }
        }
        line.push_str(" |\n");
        print!("{line}");
        text.push_str(&line);
    }
    for ((what, peer), mut of_peer) in ratios {
        of_peer.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        let start = if what == What::Match { "match" } else { "facts built, match" };
        let (worst, seed) = of_peer[0];
        let (middle, _) = of_peer[of_peer.len() / 2];
        let line = format!(
            "\nAgainst {peer}, {start}: worst {worst:.2} × (seed {seed}), median {middle:.2} ×.\n"
        );
        print!("{line}");
        text.push_str(&line);
    }
    if write { report::write_chance(&text) } else { Ok(()) }
}

/// Nanoseconds a decision by engine and start, once all agree on every row.
fn one(gate: &Gate, cases: &Cases) -> Result<BTreeMap<&'static str, BTreeMap<What, f64>>, String> {
    let known = peers::all();
    let named = |name: &&str| known.iter().find(|loader| loader.name == *name);
    // A peer takes nothing but the ids from rules of this form.
    let rules: Vec<Rule> = (0..gate.rules.len())
        .map(|number| Rule {
            id: id(number),
            applies: Vec::new(),
            demand: Demand::Forbids(Vec::new()),
        })
        .collect();
    let loaded = PEERS.iter().filter_map(named).filter_map(|loader: &Loader| {
        Some((loader.name, (loader.load)(&gate.sources(loader.name)?, &rules)))
    });
    let expected: Vec<Vec<u32>> = cases
        .rows
        .iter()
        .map(|row| {
            let rules = gate.rules.iter().enumerate();
            rules
                .filter(|(_, rule)| rule.violated_by(row))
                .map(|(number, _)| number as u32)
                .collect()
        })
        .collect();
    measure::loaded(loaded.collect(), &expected, cases, Effort::BUSY)
}
