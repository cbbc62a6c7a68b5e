//! Gates and audiences of chance: nobody chose them, so nobody tuned for them.
//!
//! A seed draws how many columns there are of each kind, how many nulls they have, how many rules
//! there are, and how often a condition is of each kind.

use std::sync::Arc;

use arrow_array::builder::{Int32Builder, ListBuilder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    DurationMillisecondType, Float64Type, Int8Type, Int32Type, Int64Type, TimestampMillisecondType,
};
use arrow_array::{
    Array, ArrayRef, BooleanArray, DictionaryArray, DurationMillisecondArray, Float64Array,
    Int8Array, Int32Array, Int64Array, RecordBatch, StringArray, TimestampMillisecondArray,
};
use arrow_schema::{Field, Schema};

use crate::random::Random;
use crate::table::{DAY_MS, SEND_AT_MS, Table, ranges};
use crate::tree::{Found, Node, Row};

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Bool,
    /// A dictionary of few texts; columns of one pool can be compared.
    Words {
        pool: usize,
    },
    /// Plain texts of which there are thousands.
    Texts,
    Int32,
    Int64,
    Double,
    /// Milliseconds, up to so many days before sending.
    Instant(i64),
    /// Milliseconds, up to 40 days.
    Span,
    ListOfTexts,
    ListOfInts,
}

impl Kind {
    pub fn is_list(&self) -> bool {
        matches!(self, Self::ListOfTexts | Self::ListOfInts)
    }
}

#[derive(Clone, Debug)]
pub struct Column {
    /// The attribute's path, which is the column's name.
    pub name: String,
    pub kind: Kind,
    /// How many of 1,000 rows are null.
    pub nulls: usize,
    /// Whether null says that there is none.
    pub is_nullable: bool,
}

#[derive(Clone, Debug)]
pub struct ChanceRule {
    pub applies: Node,
    pub is_required: bool,
    pub demand: Node,
}

/// Columns and rules.
#[derive(Clone, Debug)]
pub struct Gate {
    pub columns: Vec<Column>,
    pub rules: Vec<ChanceRule>,
    /// How many conditions are of each kind.
    pub counts: Vec<(&'static str, usize)>,
}

const POOLS: [&[&str]; 3] = [
    &["none", "bronze", "silver", "gold"],
    &[
        "AE", "AR", "AT", "AU", "BE", "BR", "CA", "CH", "CL", "CO", "DE", "DK", "EG", "ES", "FI",
        "FR", "GB", "GR", "ID", "IE", "IL", "IN", "IT", "JP", "KE", "MX", "MY", "NG", "NL", "NO",
        "NZ", "PE", "PL", "PT", "SA", "SE", "SG", "TR", "US", "ZA",
    ],
    &[
        "shop_front",
        "shop_online",
        "call_centre",
        "partner_web",
        "partner_shop",
        "import_2024",
        "import_2025",
        "event_stand",
        "app_ios",
        "app_android",
        "web_form",
        "web_chat",
    ],
];
const TAGS: [&str; 14] = [
    "vip",
    "new",
    "lapsed",
    "promo_spring",
    "promo_autumn",
    "promo_winter",
    "student",
    "staff",
    "reseller",
    "beta",
    "newsletter",
    "no_calls",
    "complaint",
    "refund",
];
const NAMES: [&str; 12] =
    ["ana", "bo", "Chandra", "dmitri", "Eun", "farah", "Guo", "hana", "ivo", "Jose", "kofi", "li"];
const HOSTS: [&str; 6] =
    ["example.com", "example.org", "mail.example", "post.example.net", "corp.test", "shop.test"];
/// Zones whose clocks were as far from UTC all the time; a plain loop needs no more then.
const ZONES: [(&str, i64); 4] =
    [("America/Sao_Paulo", -180), ("Asia/Kolkata", 330), ("Asia/Tokyo", 540), ("+02:00", 120)];

fn text(random: &mut Random) -> String {
    let name = random.pick(&NAMES);
    let (number, host) = (random.below(40), random.pick(&HOSTS));
    format!("{name}.{number}@{host}")
}

/// The rows in so many of 1,000.
fn in_1000(random: &mut Random, of_1000: usize) -> bool {
    random.below(1000) < of_1000
}

impl Gate {
    pub fn new(seed: u64) -> Self {
        let random = &mut Random::new(seed.wrapping_mul(0x1000_0001));
        let columns = columns(random);
        // How often a condition is of each kind; constants are always among them.
        let weights: Vec<usize> = FAMILIES
            .iter()
            .map(|(_, least, most)| least + random.below(most - least + 1))
            .collect();
        let family_of: Vec<usize> = weights
            .iter()
            .enumerate()
            .flat_map(|(family, weight)| std::iter::repeat_n(family, *weight))
            .collect();
        let mut counts: Vec<(&'static str, usize)> =
            FAMILIES.iter().map(|(name, ..)| (*name, 0)).collect();
        let count = 8 + random.below(25);
        let mut rules = Vec::new();
        while rules.len() < count {
            let mut drawing =
                Drawing { columns: &columns, random, used: Vec::new(), nulls: Nulls::Any };
            // What is required mostly holds and what is forbidden mostly does not, or all rows of
            // all gates would be denied.
            let is_required = drawing.random.below(3) == 0;
            let mut all = |drawing: &mut Drawing<'_>, wanted: usize, is_either: bool| {
                let mut found = Vec::new();
                let mut tries = 0;
                while found.len() < wanted && tries < 50 {
                    tries += 1;
                    let family = *drawing.random.pick(&family_of);
                    if let Some(condition) = drawing.condition(family) {
                        counts[family].1 += 1;
                        found.push(condition);
                    }
                }
                match found.len() {
                    1 => found.remove(0),
                    _ if is_either => Node::Or(found),
                    _ => Node::And(found),
                }
            };
            let (first, second) = (drawing.random.below(3), drawing.random.below(2));
            let applies = all(&mut drawing, 1 + usize::from(first > 0), false);
            let demand = all(&mut drawing, 2 + second, is_required);
            rules.push(ChanceRule { applies, is_required, demand });
        }
        Self { columns, rules, counts }
    }

    /// The pack's manifest and its rules.
    pub fn pack(&self) -> (String, String) {
        use std::fmt::Write as _;
        let mut manifest = String::from(
            "name = 'chance'\nversion = '1.0.0'\nrequires = '>=1.0, <2'\ntitle = 'Rules of chance'\n\
             published = 2026-01-01\n[sources.policy]\ntitle = 'A policy'\n\
             url = 'https://example.com'\nretrieved = 2026-01-01\nconfidence = 'official'\n",
        );
        for Column { name, kind, is_nullable, .. } in &self.columns {
            let (kind, values) = match kind {
                Kind::Bool => ("bool", String::new()),
                Kind::Words { pool } => {
                    ("string", format!("values = ['{}']\n", POOLS[*pool].join("', '")))
                }
                Kind::Texts => ("string", String::new()),
                Kind::Int32 | Kind::Int64 => ("int", String::new()),
                Kind::Double => ("double", String::new()),
                Kind::Instant(_) => ("timestamp", String::new()),
                Kind::Span => ("duration", String::new()),
                Kind::ListOfTexts => ("list(string)", String::new()),
                Kind::ListOfInts => ("list(int)", String::new()),
            };
            writeln!(
                manifest,
                "[attributes.\"{name}\"]\ntype = '{kind}'\n{values}nullable = {is_nullable}\n\
                 scope = 'recipient'\ntitle = 'A column.'"
            )
            .expect("a string");
        }
        let mut text = String::new();
        for (number, rule) in self.rules.iter().enumerate() {
            writeln!(
                text,
                "[[rule]]\nid = 'consent.rule-{number:02}'\ntopic = 'consent'\ntitle = 'A rule'\n\
                 applies = '''{}'''\n{} = '''{}'''\nverdict = 'deny'\nfrom = 2018-01-01\n\
                 source = {{ id = 'policy' }}\nmessage = 'Not like this'\nadvice = 'Mend it'\n\
                 exposure = ['warning']\n",
                rule.applies.cel(&self.columns),
                if rule.is_required { "requires" } else { "forbids" },
                rule.demand.cel(&self.columns)
            )
            .expect("a string");
        }
        (manifest, text)
    }

    /// As `gates.py` reads it.
    pub fn document(&self) -> serde_json::Value {
        use serde_json::json;
        let column = |column: &Column| {
            let words = match column.kind {
                Kind::Words { pool } => POOLS[pool],
                Kind::ListOfTexts => &TAGS,
                _ => &[],
            };
            let is_list = column.kind.is_list();
            json!({"name": column.name, "words": words, "is_list": is_list})
        };
        let rule = |rule: &ChanceRule| {
            json!({
                "applies": rule.applies.json(&self.columns),
                "required": rule.is_required,
                "demand": rule.demand.json(&self.columns),
            })
        };
        json!({
            "columns": self.columns.iter().map(column).collect::<Vec<_>>(),
            "rules": self.rules.iter().map(rule).collect::<Vec<_>>(),
        })
    }

    pub fn table(&self, seed: u64, rows: usize) -> Table {
        let random = &mut Random::new(seed);
        let texts: Vec<Option<ArrayRef>> = self
            .columns
            .iter()
            .map(|column| match column.kind {
                Kind::Words { pool } => {
                    Some(Arc::new(StringArray::from_iter_values(POOLS[pool].iter().copied()))
                        as ArrayRef)
                }
                _ => None,
            })
            .collect();
        let make = |random: &mut Random, rows: usize| -> Vec<ArrayRef> {
            let both = self.columns.iter().zip(&texts);
            both.map(|(column, texts)| column.array(random, rows, texts.as_ref())).collect()
        };
        let fields: Vec<Field> = self
            .columns
            .iter()
            .zip(make(random, 1))
            .map(|(column, array)| Field::new(&column.name, array.data_type().clone(), true))
            .collect();
        let schema = Arc::new(Schema::new(fields));
        let batch = |rows: usize, random: &mut Random| {
            RecordBatch::try_new(Arc::clone(&schema), make(random, rows)).expect("columns")
        };
        let batches = ranges(rows).map(|range| batch(range.len(), random)).collect();
        Table { schema, batches }
    }
}

fn columns(random: &mut Random) -> Vec<Column> {
    let mut kinds = Vec::new();
    let mut some = |kind: &dyn Fn(&mut Random) -> Kind, least: usize, more: usize| {
        for _ in 0..least + random.below(more + 1) {
            let kind = kind(random);
            kinds.push(kind);
        }
    };
    some(&|_| Kind::Bool, 2, 3);
    some(&|random| Kind::Words { pool: random.below(POOLS.len()) }, 4, 4);
    some(&|_| Kind::Texts, 2, 1);
    some(&|_| Kind::Int32, 3, 3);
    some(&|_| Kind::Int64, 2, 2);
    some(&|_| Kind::Double, 2, 2);
    some(&|random| Kind::Instant(30 + random.below(900) as i64), 3, 2);
    some(&|_| Kind::Span, 1, 1);
    some(&|_| Kind::ListOfTexts, 1, 1);
    some(&|_| Kind::ListOfInts, 1, 1);
    // How many of 100 columns have nulls.
    let with_nulls = *random.pick(&[0, 0, 20, 50]);
    let kinds = kinds.into_iter().enumerate();
    kinds
        .map(|(number, kind)| {
            let nulls =
                if random.below(100) < with_nulls { *random.pick(&[10, 50, 200]) } else { 0 };
            let is_nullable = nulls > 0 && !kind.is_list() && random.below(2) == 0;
            Column { name: format!("x.c{number}"), kind, nulls, is_nullable }
        })
        .collect()
}

impl Column {
    fn array(&self, random: &mut Random, rows: usize, texts: Option<&ArrayRef>) -> ArrayRef {
        let nulls = self.nulls;
        fn each<T>(
            random: &mut Random,
            (rows, nulls): (usize, usize),
            draw: impl Fn(&mut Random) -> T,
        ) -> Vec<Option<T>> {
            (0..rows).map(|_| (!in_1000(random, nulls)).then(|| draw(random))).collect()
        }
        let of = (rows, nulls);
        match self.kind {
            Kind::Bool => {
                Arc::new(BooleanArray::from(each(random, of, |random| random.below(3) == 0)))
            }
            Kind::Words { pool } => {
                let count = POOLS[pool].len();
                let texts = Arc::clone(texts.expect("a dictionary has texts"));
                if count > 20 {
                    let keys =
                        Int32Array::from(each(random, of, |random| random.below(count) as i32));
                    Arc::new(DictionaryArray::<Int32Type>::new(keys, texts))
                } else {
                    let keys =
                        Int8Array::from(each(random, of, |random| random.below(count) as i8));
                    Arc::new(DictionaryArray::<Int8Type>::new(keys, texts))
                }
            }
            Kind::Texts => Arc::new(StringArray::from_iter(each(random, of, text))),
            Kind::Int32 => {
                Arc::new(Int32Array::from(each(random, of, |random| random.below(1000) as i32)))
            }
            Kind::Int64 => Arc::new(Int64Array::from(each(random, of, |random| {
                random.below(1_000_000) as i64
            }))),
            Kind::Double => Arc::new(Float64Array::from(each(random, of, |random| {
                random.below(4_000_000) as f64 / 4096.0
            }))),
            Kind::Instant(days) => {
                let seconds = (days * DAY_MS / 1000) as usize;
                Arc::new(TimestampMillisecondArray::from(each(random, of, |random| {
                    SEND_AT_MS - random.below(seconds) as i64 * 1000
                })))
            }
            Kind::Span => Arc::new(DurationMillisecondArray::from(each(random, of, |random| {
                random.below(40 * 86_400) as i64 * 1000
            }))),
            Kind::ListOfTexts => {
                let mut lists = ListBuilder::new(StringBuilder::new());
                for _ in 0..rows {
                    for _ in 0..random.below(4) {
                        lists.values().append_value(random.pick(&TAGS));
                    }
                    lists.append(!in_1000(random, nulls));
                }
                Arc::new(lists.finish())
            }
            Kind::ListOfInts => {
                let mut lists = ListBuilder::new(Int32Builder::new());
                for _ in 0..rows {
                    for _ in 0..random.below(6) {
                        lists.values().append_value(random.below(1000) as i32);
                    }
                    lists.append(!in_1000(random, nulls));
                }
                Arc::new(lists.finish())
            }
        }
    }
}

/// Kinds of conditions, with how many shares each has at least and at most.
pub const FAMILIES: [(&str, usize, usize); 8] = [
    ("constants", 2, 8),
    ("two columns", 0, 4),
    ("arithmetic", 0, 4),
    ("times", 0, 4),
    ("texts", 0, 4),
    ("lists", 0, 2),
    ("choices", 0, 2),
    ("conversions and texts put together", 0, 1),
];

const ORDERS: [&str; 4] = ["<", "<=", ">", ">="];

fn column(column: usize) -> Node {
    Node::Column(column)
}

fn boxed(one: Node, other: Node) -> Box<[Node; 2]> {
    Box::new([one, other])
}

/// Draws the conditions of one rule, none of which read a column that another reads.
struct Drawing<'d> {
    columns: &'d [Column],
    random: &'d mut Random,
    used: Vec<usize>,
    nulls: Nulls,
}

/// Which columns a condition may read. What can fail, such as a sum that may not fit, leaves a rule
/// open here where a part of it is not known: an engine for tables has no such answer, so that
/// those conditions read columns without nulls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Nulls {
    Any,
    /// None that say that there is no value.
    Unknown,
    None,
}

impl Drawing<'_> {
    fn condition(&mut self, family: usize) -> Option<Node> {
        let used = self.used.len();
        self.nulls = match family {
            0 => Nulls::Any,
            1 | 4..=6 => Nulls::Unknown,
            _ => Nulls::None,
        };
        let found = match family {
            0 => self.constant(),
            1 => self.two_columns(),
            2 => self.arithmetic(),
            3 => self.times(),
            4 => self.texts(),
            5 => self.lists(),
            6 => self.choice(),
            _ => self.rare(),
        };
        let Some(condition) = found else {
            self.used.truncate(used);
            return None;
        };
        // What may be absent is asked for behind a guard.
        let mut read = Vec::new();
        condition.columns(&mut read);
        read.sort_unstable();
        read.dedup();
        let guards = read.into_iter().filter(|read| self.columns[*read].is_nullable);
        let mut parts: Vec<Node> = guards.map(Node::Has).collect();
        Some(if parts.is_empty() {
            condition
        } else {
            parts.push(condition);
            Node::And(parts)
        })
    }

    /// A column of a kind that the rule has not read.
    fn take(&mut self, wanted: impl Fn(&Kind) -> bool) -> Option<usize> {
        let free: Vec<usize> = (0..self.columns.len())
            .filter(|column| {
                let Column { kind, nulls, is_nullable, .. } = &self.columns[*column];
                let may_be = match self.nulls {
                    Nulls::Any => true,
                    Nulls::Unknown => !is_nullable,
                    Nulls::None => *nulls == 0,
                };
                may_be && wanted(kind) && !self.used.contains(column)
            })
            .collect();
        let found = (!free.is_empty()).then(|| *self.random.pick(&free))?;
        self.used.push(found);
        Some(found)
    }

    fn int(&mut self) -> Option<usize> {
        self.take(|kind| matches!(kind, Kind::Int32 | Kind::Int64))
    }

    fn instant(&mut self) -> Option<usize> {
        self.take(|kind| matches!(kind, Kind::Instant(_)))
    }

    fn order(&mut self) -> &'static str {
        self.random.pick::<&'static str>(&ORDERS)
    }

    fn compare(&mut self, one: Node, other: Node) -> Node {
        let order = self.order();
        Node::Compare(order, boxed(one, other))
    }

    /// A whole number that lies somewhere among those of a column.
    fn number_of(&mut self, of: usize) -> i64 {
        match self.columns[of].kind {
            Kind::Int64 => self.random.below(1_000_000) as i64,
            _ => self.random.below(1000) as i64,
        }
    }

    fn double(&mut self) -> Node {
        Node::Double(self.random.below(1000) as f64 + 0.5)
    }

    /// Of a pool, some of its texts.
    fn words(&mut self, pool: usize, most: usize) -> Vec<Node> {
        let count = 1 + self.random.below(most);
        let mut words: Vec<&str> = (0..count).map(|_| *self.random.pick(POOLS[pool])).collect();
        words.sort_unstable();
        words.dedup();
        words.into_iter().map(|word| Node::Text(word.into())).collect()
    }

    fn constant(&mut self) -> Option<Node> {
        let of = self.take(|kind| !kind.is_list())?;
        let is_equal = self.random.below(2) == 0;
        Some(match self.columns[of].kind {
            Kind::Bool if is_equal => column(of),
            Kind::Bool => Node::Not(Box::new(column(of))),
            Kind::Words { pool } => match self.random.below(3) {
                0 => {
                    let operator = if is_equal { "==" } else { "!=" };
                    Node::Compare(operator, boxed(column(of), self.words(pool, 1).remove(0)))
                }
                _ => {
                    let among = Node::Among(Box::new(column(of)), self.words(pool, 6));
                    if is_equal { among } else { Node::Not(Box::new(among)) }
                }
            },
            Kind::Texts => {
                let members = 1 + self.random.below(30);
                let members = (0..members).map(|_| Node::Text(text(self.random))).collect();
                Node::Among(Box::new(column(of)), members)
            }
            Kind::Int32 | Kind::Int64 => {
                let number = Node::Int(self.number_of(of));
                self.compare(column(of), number)
            }
            Kind::Double => {
                let number = self.double();
                self.compare(column(of), number)
            }
            Kind::Instant(days) => {
                let before = self.random.below(days as usize * 24) as i64 * 3_600_000;
                let at = match is_equal || self.columns[of].nulls > 0 {
                    true => Node::Instant(SEND_AT_MS - before),
                    false => {
                        let since = Node::Calculate("-", boxed(Node::Now, column(of)));
                        return Some(self.compare(since, Node::Span(before)));
                    }
                };
                self.compare(column(of), at)
            }
            Kind::Span => {
                let long = Node::Span(self.random.below(40 * 24) as i64 * 3_600_000);
                self.compare(column(of), long)
            }
            Kind::ListOfTexts | Kind::ListOfInts => return None,
        })
    }

    fn two_columns(&mut self) -> Option<Node> {
        let first = self.take(|kind| !kind.is_list())?;
        let kind = self.columns[first].kind.clone();
        let second = self.take(|other| match (&kind, other) {
            (Kind::Instant(_), Kind::Instant(_)) => true,
            (Kind::Int32 | Kind::Int64, Kind::Int32 | Kind::Int64) => true,
            _ => *other == kind,
        })?;
        let is_equal = self.random.below(2) == 0;
        Some(match kind {
            Kind::Bool | Kind::Words { .. } => {
                let operator = if is_equal { "==" } else { "!=" };
                Node::Compare(operator, boxed(column(first), column(second)))
            }
            Kind::Texts => match self.random.below(4) {
                0 => Node::Compare("==", boxed(column(first), column(second))),
                1 => Node::TextTest("startsWith", boxed(column(first), column(second))),
                _ => self.compare(column(first), column(second)),
            },
            _ => self.compare(column(first), column(second)),
        })
    }

    fn arithmetic(&mut self) -> Option<Node> {
        let form = self.random.below(8);
        if form < 5 {
            let (first, second) = (self.int()?, self.int()?);
            let constant = Node::Int(self.number_of(first));
            let small = Node::Int(2 + self.random.below(9) as i64);
            let (first, second) = (column(first), column(second));
            return Some(match form {
                0 => self.compare(Node::Calculate("+", boxed(first, second)), constant),
                1 => self.compare(Node::Calculate("-", boxed(first, second)), constant),
                2 => self.compare(Node::Calculate("*", boxed(first, small)), second),
                3 => self.compare(Node::Calculate("/", boxed(first, small)), second),
                _ => {
                    let left = Node::Calculate("%", boxed(first, small));
                    Node::And(vec![
                        Node::Compare("==", boxed(left, Node::Int(1))),
                        self.compare(second, constant),
                    ])
                }
            });
        }
        let (first, second) =
            (self.take(|kind| *kind == Kind::Double)?, self.take(|kind| *kind == Kind::Double)?);
        let constant = self.double();
        let (first, second) = (column(first), column(second));
        let by = Node::Double(0.25 + self.random.below(12) as f64 / 4.0);
        Some(match form {
            5 => self.compare(Node::Calculate("+", boxed(first, second)), constant),
            6 => self.compare(Node::Calculate("*", boxed(first, by)), second),
            _ => {
                let left = Node::Calculate("-", boxed(first, second));
                self.compare(Node::Calculate("/", boxed(left, by)), constant)
            }
        })
    }

    fn times(&mut self) -> Option<Node> {
        let first = self.instant()?;
        let long = Node::Span(self.random.below(60 * 24) as i64 * 3_600_000);
        Some(match self.random.below(7) {
            0 | 1 => {
                let second = self.instant()?;
                let between = Node::Calculate("-", boxed(column(first), column(second)));
                self.compare(between, long)
            }
            2 => {
                let second = self.instant()?;
                let later = Node::Calculate("+", boxed(column(first), long));
                self.compare(later, column(second))
            }
            3 => {
                let span = self.take(|kind| *kind == Kind::Span)?;
                let since = Node::Calculate("-", boxed(Node::Now, column(first)));
                self.compare(since, column(span))
            }
            4 => {
                let hour = Node::Int(1 + self.random.below(22) as i64);
                self.compare(Node::Part("getHours", None, Box::new(column(first))), hour)
            }
            5 => {
                let zone = *self.random.pick(&ZONES);
                let hour = Node::Int(1 + self.random.below(22) as i64);
                self.compare(Node::Part("getHours", Some(zone), Box::new(column(first))), hour)
            }
            _ => {
                let zone = *self.random.pick(&ZONES);
                let zone = (self.random.below(2) == 0).then_some(zone);
                let day = Node::Part("getDayOfWeek", zone, Box::new(column(first)));
                Node::Among(Box::new(day), vec![Node::Int(0), Node::Int(6)])
            }
        })
    }

    fn texts(&mut self) -> Option<Node> {
        let of = self.take(|kind| matches!(kind, Kind::Texts | Kind::Words { .. }))?;
        let is_plain = self.columns[of].kind == Kind::Texts;
        let (starts, ends, holds): (&[&str], &[&str], &[&str]) = match is_plain {
            true => (&NAMES, &HOSTS, &[".1", "an", "@shop", "example"]),
            false => (
                &["shop", "import", "A", "no", "I"],
                &["2025", "web", "S", "d"],
                &["_", "o", "art", "R"],
            ),
        };
        let text = |random: &mut Random, of: &[&str]| Node::Text((*random.pick(of)).into());
        let form = self.random.below(if is_plain { 5 } else { 4 });
        Some(match form {
            0 => {
                let part = text(self.random, starts);
                Node::TextTest("startsWith", boxed(column(of), part))
            }
            1 => Node::TextTest("endsWith", boxed(column(of), text(self.random, ends))),
            2 => Node::TextTest("contains", boxed(column(of), text(self.random, holds))),
            3 => {
                let size =
                    if is_plain { 12 + self.random.below(12) } else { self.random.below(12) };
                self.compare(Node::Size(Box::new(column(of))), Node::Int(size as i64))
            }
            _ => {
                let part = Node::Text(self.random.pick(&NAMES).to_ascii_lowercase());
                Node::TextTest("startsWith", boxed(Node::Lower(Box::new(column(of))), part))
            }
        })
    }

    fn lists(&mut self) -> Option<Node> {
        let list = self.take(Kind::is_list)?;
        let is_all = self.random.below(3) == 0;
        let elements = |body| Node::Elements { is_all, list, body: Box::new(body) };
        if self.random.below(5) == 0 {
            let size = Node::Int(self.random.below(4) as i64);
            return Some(self.compare(Node::Size(Box::new(column(list))), size));
        }
        if self.columns[list].kind == Kind::ListOfInts {
            let number = self.random.below(1000) as i64;
            return Some(if self.random.below(4) == 0 {
                Node::InList(Box::new(Node::Int(number)), list)
            } else {
                elements(self.compare(Node::Element, Node::Int(number)))
            });
        }
        let tag = |random: &mut Random| Node::Text((*random.pick(&TAGS)).into());
        Some(match self.random.below(4) {
            0 | 1 => Node::InList(Box::new(tag(self.random)), list),
            2 => {
                let part = Node::Text("promo".into());
                elements(Node::TextTest("startsWith", boxed(Node::Element, part)))
            }
            _ => {
                let members = (0..4).map(|_| tag(self.random)).collect();
                elements(Node::Among(Box::new(Node::Element), members))
            }
        })
    }

    fn choice(&mut self) -> Option<Node> {
        let word = self.take(|kind| matches!(kind, Kind::Bool | Kind::Words { .. }))?;
        let condition = match self.columns[word].kind {
            Kind::Words { pool } => {
                Node::Compare("==", boxed(column(word), self.words(pool, 1).remove(0)))
            }
            _ => column(word),
        };
        let (first, second) = (self.int()?, self.int()?);
        let constant = Node::Int(self.number_of(first));
        let parts = Node::If(Box::new([condition, column(first), column(second)]));
        Some(self.compare(parts, constant))
    }

    fn rare(&mut self) -> Option<Node> {
        Some(match self.random.below(5) {
            0 => {
                let first = self.take(|kind| matches!(kind, Kind::Words { .. }))?;
                let second = self.take(|kind| matches!(kind, Kind::Words { .. }))?;
                let joined = Node::Joined(boxed(column(first), column(second)));
                Node::TextTest("contains", boxed(joined, Node::Text("dA".into())))
            }
            1 => {
                let (int, double) = (self.int()?, self.take(|kind| *kind == Kind::Double)?);
                self.compare(Node::Widened(Box::new(column(int))), column(double))
            }
            2 => {
                let (int, double) = (self.int()?, self.take(|kind| *kind == Kind::Double)?);
                self.compare(Node::Whole(Box::new(column(double))), column(int))
            }
            3 => {
                let int = self.int()?;
                let digit = Node::Text((1 + self.random.below(9)).to_string());
                let written = Node::Written(Box::new(column(int)));
                Node::TextTest("startsWith", boxed(written, digit))
            }
            _ => {
                let span = self.take(|kind| *kind == Kind::Span)?;
                let int = self.int()?;
                self.compare(Node::Hours(Box::new(column(span))), column(int))
            }
        })
    }
}

/// A batch whose cells can be asked for one by one.
pub struct ChanceCells<'a>(Vec<Cells<'a>>);

enum Cells<'a> {
    Bools(&'a BooleanArray),
    Bytes(&'a DictionaryArray<Int8Type>, &'a StringArray),
    Words(&'a DictionaryArray<Int32Type>, &'a StringArray),
    Texts(&'a StringArray),
    Ints(&'a Int32Array),
    Longs(&'a Int64Array),
    Doubles(&'a Float64Array),
    Instants(&'a TimestampMillisecondArray),
    Spans(&'a DurationMillisecondArray),
    ListsOfTexts(&'a arrow_array::ListArray, &'a StringArray),
    ListsOfInts(&'a arrow_array::ListArray, &'a Int32Array),
}

impl<'a> ChanceCells<'a> {
    pub fn new(gate: &Gate, batch: &'a RecordBatch) -> Self {
        let cells = |(column, array): (&Column, &'a ArrayRef)| match column.kind {
            Kind::Bool => Cells::Bools(array.as_boolean()),
            Kind::Words { .. } => match array.as_dictionary_opt::<Int8Type>() {
                Some(keys) => Cells::Bytes(keys, keys.values().as_string()),
                None => {
                    let keys = array.as_dictionary::<Int32Type>();
                    Cells::Words(keys, keys.values().as_string())
                }
            },
            Kind::Texts => Cells::Texts(array.as_string()),
            Kind::Int32 => Cells::Ints(array.as_primitive::<Int32Type>()),
            Kind::Int64 => Cells::Longs(array.as_primitive::<Int64Type>()),
            Kind::Double => Cells::Doubles(array.as_primitive::<Float64Type>()),
            Kind::Instant(_) => Cells::Instants(array.as_primitive::<TimestampMillisecondType>()),
            Kind::Span => Cells::Spans(array.as_primitive::<DurationMillisecondType>()),
            Kind::ListOfTexts => {
                let lists = array.as_list::<i32>();
                Cells::ListsOfTexts(lists, lists.values().as_string())
            }
            Kind::ListOfInts => {
                let lists = array.as_list::<i32>();
                Cells::ListsOfInts(lists, lists.values().as_primitive::<Int32Type>())
            }
        };
        Self(gate.columns.iter().zip(batch.columns()).map(cells).collect())
    }

    pub fn row(&'a self, row: usize) -> ListRow<'a> {
        ListRow { cells: self, row }
    }
}

pub struct ListRow<'a> {
    cells: &'a ChanceCells<'a>,
    row: usize,
}

impl<'a> Row<'a> for ListRow<'a> {
    fn cell(&self, column: usize) -> Found<'a> {
        let row = self.row;
        fn of<'a, A: Array>(
            array: &'a A,
            row: usize,
            value: impl Fn(&'a A) -> Found<'a>,
        ) -> Found<'a> {
            if array.is_null(row) { Found::Unknown } else { value(array) }
        }
        match &self.cells.0[column] {
            Cells::Bools(array) => of(*array, row, |array| Found::Bool(array.value(row))),
            Cells::Bytes(array, words) => of(*array, row, |array| {
                Found::Text(words.value(array.keys().value(row) as usize).into())
            }),
            Cells::Words(array, words) => of(*array, row, |array| {
                Found::Text(words.value(array.keys().value(row) as usize).into())
            }),
            Cells::Texts(array) => of(*array, row, |array| Found::Text(array.value(row).into())),
            Cells::Ints(array) => of(*array, row, |array| Found::Int(array.value(row).into())),
            Cells::Longs(array) => of(*array, row, |array| Found::Int(array.value(row))),
            Cells::Doubles(array) => of(*array, row, |array| Found::Double(array.value(row))),
            Cells::Instants(array) => of(*array, row, |array| Found::Int(array.value(row))),
            Cells::Spans(array) => of(*array, row, |array| Found::Int(array.value(row))),
            Cells::ListsOfTexts(..) | Cells::ListsOfInts(..) => Found::Unknown,
        }
    }

    fn elements(&self, column: usize) -> Option<Vec<Found<'a>>> {
        let range = |lists: &arrow_array::ListArray| {
            let offsets = lists.value_offsets();
            lists
                .is_valid(self.row)
                .then(|| offsets[self.row] as usize..offsets[self.row + 1] as usize)
        };
        match &self.cells.0[column] {
            Cells::ListsOfTexts(lists, texts) => {
                Some(range(lists)?.map(|at| Found::Text(texts.value(at).into())).collect())
            }
            Cells::ListsOfInts(lists, ints) => {
                Some(range(lists)?.map(|at| Found::Int(ints.value(at).into())).collect())
            }
            _ => None,
        }
    }
}
