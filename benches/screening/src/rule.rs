//! Rules that every peer's language can say: columns compared with constants.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::random::Random;
use crate::table::{COLUMNS, Cells, DAY_MS, Layout, Row, SEND_AT_MS, Table, place};

/// What a rule can ask of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Equal,
    NotEqual,
    In,
    NotIn,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

use Operator::{Equal, Greater, GreaterOrEqual, In, Less, LessOrEqual, NotEqual, NotIn};

/// A column compared with one constant, or with several for [`Operator::In`] and
/// [`Operator::NotIn`]. Constants are numbers as in [`Row`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    pub column: usize,
    pub operator: Operator,
    pub constants: Vec<i64>,
}

/// violated = all of `applies` hold, and all of `demand` hold where that is forbidden, or not all
/// where it is required.
#[derive(Clone, Debug)]
pub struct Rule {
    pub id: String,
    pub applies: Vec<Condition>,
    pub is_required: bool,
    pub demand: Vec<Condition>,
}

impl Condition {
    fn holds(&self, row: &Row) -> bool {
        self.holds_for(row[self.column])
    }

    fn holds_for(&self, value: i64) -> bool {
        let first = self.constants[0];
        match self.operator {
            Equal => value == first,
            NotEqual => value != first,
            In => self.constants.contains(&value),
            NotIn => !self.constants.contains(&value),
            Less => value < first,
            LessOrEqual => value <= first,
            Greater => value > first,
            GreaterOrEqual => value >= first,
        }
    }

    fn symbol(&self) -> &'static str {
        match self.operator {
            Equal => "==",
            NotEqual => "!=",
            In => "in",
            NotIn => "not in",
            Less => "<",
            LessOrEqual => "<=",
            Greater => ">",
            GreaterOrEqual => ">=",
        }
    }

    fn constant(&self, constant: i64) -> String {
        match COLUMNS[self.column].layout {
            Layout::Bool(_) => (constant == 1).to_string(),
            Layout::Words8(words) | Layout::Words32(words) => {
                format!("\"{}\"", words[constant as usize].0)
            }
            Layout::Int32(_) | Layout::Int64(_) => constant.to_string(),
            Layout::Instant(_) => format!("timestamp(\"{}\")", instant(constant)),
        }
    }

    /// As this engine's language says it.
    fn cel(&self) -> String {
        let path = COLUMNS[self.column].path;
        let constants: Vec<String> =
            self.constants.iter().map(|constant| self.constant(*constant)).collect();
        let constants = constants.join(", ");
        match self.operator {
            In => format!("{path} in [{constants}]"),
            NotIn => format!("!({path} in [{constants}])"),
            _ => format!("{path} {} {constants}", self.symbol()),
        }
    }

    fn json(&self) -> Value {
        let column = &COLUMNS[self.column];
        let constant = |constant: &i64| match column.layout {
            Layout::Bool(_) => json!(*constant == 1),
            Layout::Words8(words) | Layout::Words32(words) => json!(words[*constant as usize].0),
            Layout::Int32(_) | Layout::Int64(_) | Layout::Instant(_) => json!(constant),
        };
        let constants: Vec<Value> = self.constants.iter().map(constant).collect();
        json!({"column": column.path, "operator": self.symbol(), "constants": constants})
    }
}

impl Rule {
    pub fn is_violated_by(&self, row: &Row) -> bool {
        self.applies.iter().all(|condition| condition.holds(row))
            && self.demand.iter().all(|condition| condition.holds(row)) != self.is_required
    }
}

/// An instant in RFC 3339, in whole seconds.
fn instant(milliseconds: i64) -> String {
    let at = cleartosend::Timestamp::parse("1970-01-01T00:00:00Z").expect("an instant");
    let span =
        cleartosend::Duration::from_nanos(i128::from(milliseconds) * 1_000_000).expect("a span");
    at.checked_add(span).expect("an instant").to_string()
}

/// The rules for Python: conditions as data, and each instant column by name.
pub fn document(rules: &[Rule]) -> Value {
    let all = |conditions: &[Condition]| conditions.iter().map(Condition::json).collect::<Vec<_>>();
    let rule = |rule: &Rule| json!({"id": rule.id, "applies": all(&rule.applies), "required": rule.is_required, "demand": all(&rule.demand)});
    let column = |column: &crate::table::Column| {
        let kind = match column.layout {
            Layout::Bool(_) => "bool",
            Layout::Words8(_) | Layout::Words32(_) => "words",
            Layout::Int32(_) | Layout::Int64(_) => "int",
            Layout::Instant(_) => "instant",
        };
        let words: Vec<&str> =
            column.words().unwrap_or_default().iter().map(|(word, _)| *word).collect();
        json!({"name": column.path, "kind": kind, "words": words})
    };
    json!({
        "rules": rules.iter().map(rule).collect::<Vec<_>>(),
        "columns": COLUMNS.iter().map(column).collect::<Vec<_>>(),
    })
}

/// The rules as a pack: its manifest, with the attributes that it declares, and its rules.
pub fn pack(rules: &[Rule]) -> (String, String) {
    let mut manifest = String::from(
        "name = 'screening'\nversion = '1.0.0'\nrequires = '>=1.0, <2'\ntitle = 'Rules of the benchmark'\npublished = 2026-01-01\n\
         [sources.policy]\ntitle = 'A policy'\nurl = 'https://example.com'\nretrieved = 2026-01-01\nconfidence = 'official'\n",
    );
    for column in COLUMNS.iter().filter(|column| column.path.starts_with("x.")) {
        let (kind, values) = match column.layout {
            Layout::Bool(_) => ("bool", String::new()),
            Layout::Words8(words) | Layout::Words32(words) => {
                let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
                ("string", format!("values = ['{}']\n", words.join("', '")))
            }
            Layout::Int32(_) | Layout::Int64(_) => ("int", String::new()),
            Layout::Instant(_) => ("timestamp", String::new()),
        };
        let path = column.path;
        write!(
            manifest,
            "[attributes.\"{path}\"]\ntype = '{kind}'\n{values}scope = 'recipient'\ntitle = 'A \
             column.'\n"
        )
        .expect("a string");
    }
    let mut text = String::new();
    for rule in rules {
        let all = |conditions: &[Condition]| {
            conditions.iter().map(Condition::cel).collect::<Vec<_>>().join(" && ")
        };
        let (topic, _) = rule.id.split_once('.').expect("a topic");
        write!(
            text,
            "[[rule]]\nid = '{}'\ntopic = '{topic}'\ntitle = 'A rule'\napplies = '{}'\n{} = \
             '{}'\nverdict = 'deny'\nfrom = 2018-01-01\nsource = {{ id = 'policy' }}\nmessage = \
             'Not like this'\nadvice = 'Mend it'\nexposure = ['warning']\n\n",
            rule.id,
            all(&rule.applies),
            if rule.is_required { "requires" } else { "forbids" },
            all(&rule.demand)
        )
        .expect("a string");
    }
    (manifest, text)
}

fn word(path: &str, operator: Operator, words: &[&str]) -> Condition {
    let column = place(path);
    let known = COLUMNS[column].words().expect("a dictionary");
    let key = |word: &&str| {
        known.iter().position(|(known, _)| known == word).expect("a word of the column") as i64
    };
    Condition { column, operator, constants: words.iter().map(key).collect() }
}

fn int(path: &str, operator: Operator, constant: i64) -> Condition {
    Condition { column: place(path), operator, constants: vec![constant] }
}

fn is(path: &str, constant: bool) -> Condition {
    int(path, Equal, constant.into())
}

fn days_ago(path: &str, operator: Operator, days: i64) -> Condition {
    int(path, operator, SEND_AT_MS - days * DAY_MS)
}

/// Twenty rules that apply to most rows and read every column. [`crate::by_hand`] says the same, in
/// the same order.
pub fn gate() -> Vec<Rule> {
    let requires = |id: &str, applies: &[Condition], demand: &[Condition]| Rule {
        id: id.into(),
        applies: applies.to_vec(),
        is_required: true,
        demand: demand.to_vec(),
    };
    let forbids = |id: &str, applies: &[Condition], demand: &[Condition]| Rule {
        is_required: false,
        ..requires(id, applies, demand)
    };
    let template = word("x.content", Equal, &["template"]);
    let promotes = word("x.category", In, &["marketing", "utility"]);
    let no_code = word("x.category", NotEqual, &["authentication"]);
    let broad = word("x.use_case", In, &["marketing", "bulk_messaging", "surveys"]);
    vec![
        requires(
            "consent.no-opt-in",
            std::slice::from_ref(&template),
            &[word("recipient.opt_in", Equal, &["given"])],
        ),
        forbids(
            "consent.opted-out",
            std::slice::from_ref(&no_code),
            &[is("recipient.opted_out", true)],
        ),
        forbids(
            "consent.unclear",
            std::slice::from_ref(&promotes),
            &[word("x.consent", In, &["imported", "unclear"])],
        ),
        requires(
            "consent.too-old",
            &[word("x.category", Equal, &["marketing"])],
            &[days_ago("x.consented_at", GreaterOrEqual, 880)],
        ),
        requires(
            "consent.dormant",
            std::slice::from_ref(&broad),
            &[days_ago("x.last_seen_at", Greater, 450)],
        ),
        requires(
            "frequency.marketing",
            std::slice::from_ref(&no_code),
            &[int("recipient.marketing_received_24h", LessOrEqual, 2)],
        ),
        forbids(
            "frequency.new-contact",
            &[word("x.tier", Equal, &["none"]), days_ago("x.last_seen_at", Greater, 20)],
            &[int("recipient.marketing_received_24h", Greater, 1)],
        ),
        forbids(
            "access.unofficial",
            &[int("x.audience_size", Greater, 0)],
            &[word("x.route", Equal, &["unofficial"])],
        ),
        forbids(
            "access.retired",
            std::slice::from_ref(&template),
            &[word("x.route", Equal, &["on_premises_api"]), broad.clone()],
        ),
        requires(
            "template.not-approved",
            std::slice::from_ref(&template),
            &[word("x.template_status", Equal, &["approved"])],
        ),
        forbids(
            "account.red",
            std::slice::from_ref(&promotes),
            &[word("x.quality", Equal, &["red"]), int("x.audience_size", Greater, 1000)],
        ),
        requires(
            "feedback.many-blocks",
            &[word("x.use_case", NotEqual, &["customer_care"])],
            &[int("x.blocks_7d", Less, 240)],
        ),
        requires(
            "limits.audience",
            &[word("x.route", NotEqual, &["business_app"])],
            &[int("x.audience_size", LessOrEqual, 57_000)],
        ),
        forbids(
            "automation.no-handoff",
            std::slice::from_ref(&no_code),
            &[
                is("x.automated", true),
                is("x.human_handoff", false),
                word("x.use_case", In, &["customer_care", "ai_assistant"]),
            ],
        ),
        forbids(
            "automation.general-ai",
            &[word("recipient.country", NotIn, &["BR", "IT"])],
            &[is("x.general_ai", true), word("x.use_case", NotEqual, &["customer_care"])],
        ),
        requires(
            "consent.no-way-out",
            &[promotes.clone(), template.clone()],
            &[is("x.offers_opt_out", true)],
        ),
        forbids(
            "vertical.forbidden",
            &[int("x.audience_size", GreaterOrEqual, 10)],
            &[word("x.vertical", In, &["tobacco", "firearms", "illegal_drugs"])],
        ),
        requires(
            "territory.no-service",
            std::slice::from_ref(&template),
            &[word("recipient.country", NotIn, &["CU", "IR", "SY"])],
        ),
        requires(
            "vertical.minors",
            &[word("x.vertical", In, &["dating", "entertainment"])],
            &[is("x.is_adult", true)],
        ),
        forbids(
            "data.on-hold",
            &[int("x.orders_12m", Less, 40), int("x.spend_cents", Less, 4_000_000)],
            &[is("x.on_hold", true)],
        ),
    ]
}

/// Rules added to the gate that apply to a row, on average, at every size.
const ADDED_APPLICABLE: f64 = 4.0;
/// How often an added rule that applies is violated: between these.
const VIOLATED: (f64, f64) = (0.005, 0.03);
/// Rows by which it is told how often a condition holds.
const SAMPLE: usize = 2000;

/// A set of that many rules: the gate, and rules for single countries, trades and use cases, the
/// narrower the more there are.
pub fn rules(random: &mut Random, table: &Table, count: usize) -> Vec<Rule> {
    let cells = Cells::new(&table.batches[0]);
    let sample: Vec<Row> =
        (0..table.batches[0].num_rows().min(SAMPLE)).map(|row| cells.row(row)).collect();
    let often = |conditions: &[Condition]| -> f64 {
        let one = |condition: &Condition| {
            sample.iter().filter(|row| condition.holds(row)).count() as f64 / sample.len() as f64
        };
        conditions.iter().map(one).product()
    };
    let mut rules = gate();
    let share = ADDED_APPLICABLE / count.saturating_sub(rules.len()).max(1) as f64;
    while rules.len() < count {
        let applies = until(|| {
            let conditions = conditions(random, &sample, &[], true);
            (share / 1.5..share * 1.5).contains(&often(&conditions)).then_some(conditions)
        });
        let (is_required, demand) = until(|| {
            let conditions = conditions(random, &sample, &applies, false);
            let often = often(&conditions);
            let is_rare = |often| (VIOLATED.0..VIOLATED.1).contains(&often);
            (is_rare(often) || is_rare(1.0 - often)).then(|| (is_rare(1.0 - often), conditions))
        });
        rules.push(Rule { id: format!("limits.r{}", rules.len()), applies, is_required, demand });
    }
    rules.truncate(count);
    rules
}

fn until<T>(mut attempt: impl FnMut() -> Option<T>) -> T {
    loop {
        if let Some(found) = attempt() {
            return found;
        }
    }
}

/// One to three conditions on different columns, none of them among `taken`; the first may have to
/// narrow much.
fn conditions(
    random: &mut Random,
    sample: &[Row],
    taken: &[Condition],
    narrow: bool,
) -> Vec<Condition> {
    const NARROW: [usize; 4] =
        [place("recipient.country"), place("x.vertical"), place("x.use_case"), place("x.tier")];
    let wanted = 1 + random.below(3);
    let mut conditions: Vec<Condition> = Vec::new();
    while conditions.len() < wanted {
        let column = if narrow && random.below(4) > 0 {
            *random.pick(&NARROW)
        } else {
            random.below(COLUMNS.len())
        };
        if !taken.iter().chain(&conditions).any(|known| known.column == column) {
            conditions.push(condition(random, sample, column));
        }
    }
    conditions
}

/// Thresholds for a column of numbers: so few, since policies share them.
const THRESHOLDS: usize = 12;

fn condition(random: &mut Random, sample: &[Row], column: usize) -> Condition {
    let one = |operator, constant| Condition { column, operator, constants: vec![constant] };
    match COLUMNS[column].layout {
        Layout::Bool(_) => one(Equal, random.below(2) as i64),
        Layout::Words8(words) | Layout::Words32(words) => {
            let several = words.len() > 3 && random.below(3) == 0;
            let wanted = if several { 2 + random.below(2) } else { 1 };
            let mut constants: Vec<i64> = Vec::new();
            while constants.len() < wanted {
                let key = random.below(words.len()) as i64;
                if !constants.contains(&key) {
                    constants.push(key);
                }
            }
            let operator = match (several, random.below(4) > 0) {
                (false, true) => Equal,
                (false, false) => NotEqual,
                (true, true) => In,
                (true, false) => NotIn,
            };
            Condition { column, operator, constants }
        }
        Layout::Int32(_) | Layout::Int64(_) | Layout::Instant(_) => {
            let operator = *random.pick(&[Less, LessOrEqual, Greater, GreaterOrEqual]);
            one(operator, sample[random.below(THRESHOLDS) * sample.len() / THRESHOLDS][column])
        }
    }
}
