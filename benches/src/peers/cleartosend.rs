//! This engine: a pack of its own with the rules, the built-in directory and catalogue.
//!
//! Twice: once asked what the peers are asked (which rules are violated), once for the whole
//! decision document with findings and digests.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;

use cleartosend::expert::compile::compile;
use cleartosend::expert::matching::Matcher;
use cleartosend::expert::program::Program;
use cleartosend::expert::resolve::Resolved;
use cleartosend::schema::AttributeId;
use cleartosend::{Engine, Facts, Judgement, Pack, PackFile, Schema, Timestamp};

use super::{Cases, Loader, Peer, answer};
use crate::rule::{ATTRIBUTES, Condition, Row, Rule, SEND_AT, Value, c_like, conjunction};

pub const LOADER: Loader = Loader { name: "cleartosend", render, load, rules_max: usize::MAX };
pub const LOADER_DOCUMENT: Loader = Loader {
    name: "cleartosend, whole decision",
    render,
    load: load_document,
    rules_max: usize::MAX,
};

/// The pack's files: its manifest and its rules.
fn render(rules: &[Rule]) -> Vec<String> {
    let said = |rule: &Rule| {
        let all = |conditions: &[Condition]| {
            conjunction(conditions, " && ", |condition| guarded(c_like(condition, in_list)))
        };
        let demand = all(rule.demand.conditions());
        (rule.id.clone(), all(&rule.applies), rule.demand.is_required(), demand)
    };
    pack(rules.iter().map(said))
}

/// The files of a pack of rules: of each its id, when it applies, whether it requires rather than
/// forbids, and what.
pub fn pack(rules: impl Iterator<Item = (String, String, bool, String)>) -> Vec<String> {
    let manifest = "name = 'bench'\nversion = '1.0.0'\nrequires = '>=1.0, <2'\ntitle = 'Rules of the benchmark'\npublished = 2026-01-01\n\
                    [sources.policy]\ntitle = 'A policy'\nurl = 'https://example.com'\nretrieved = 2026-01-01\nconfidence = 'official'\n";
    let mut text = String::new();
    for (id, applies, is_required, demand) in rules {
        let key = if is_required { "requires" } else { "forbids" };
        let (topic, _) = id.split_once('.').expect("a topic");
        write!(
            text,
            "[[rule]]\nid = '{id}'\ntopic = '{topic}'\ntitle = 'A rule'\napplies = '{applies}'\n{key} = \
             '{demand}'\nverdict = 'deny'\nfrom = 2018-01-01\nsource = {{ id = 'policy' \
             }}\nmessage = 'Not like this'\nadvice = 'Mend it'\nexposure = ['warning']\n\n"
        )
        .expect("a string");
    }
    vec![manifest.into(), text]
}

const MAY_BE_ABSENT: [&str; 3] =
    ["account.display_name", "account.feedback.blocks_7d", "campaign.template.quality"];

/// Whether an attribute may have no value.
#[cfg(all(feature = "datalogic", feature = "wirefilter", feature = "zen-expression"))]
pub fn may_be_absent(path: &str) -> bool {
    MAY_BE_ABSENT.contains(&path)
}

/// A condition behind what asks for its attribute, where that may be absent: such as the quality of
/// a template that nobody has rated. Here all are given.
fn guarded(condition: String) -> String {
    match MAY_BE_ABSENT.iter().find(|path| condition.contains(**path)) {
        Some(path) => format!("has({path}) && {condition}"),
        None => condition,
    }
}

fn in_list(path: &str, constants: &str, positive: bool) -> String {
    if positive {
        format!("{path} in [{constants}]")
    } else {
        format!("!({path} in [{constants}])")
    }
}

fn files(sources: &[String]) -> Vec<PackFile> {
    let file = |path: &str, text: &str| PackFile {
        path: path.into(),
        bytes: Cow::Owned(text.as_bytes().to_vec()),
    };
    vec![file("pack.toml", &sources[0]), file("rules/rules.toml", &sources[1])]
}

fn attributes(schema: &Schema) -> Vec<AttributeId> {
    ATTRIBUTES
        .iter()
        .map(|(path, _)| schema.id(path).expect("an attribute of the built-in schema"))
        .collect()
}

/// Facts of a row, set one by one through the public setters.
fn facts(schema: &Arc<Schema>, attributes: &[AttributeId], send_at: Timestamp, row: &Row) -> Facts {
    let mut facts = Facts::new(schema, send_at);
    for (id, value) in attributes.iter().zip(row) {
        let set = match value {
            Value::Text(text) => facts.set_text(*id, text),
            Value::Int(int) => facts.set(*id, cleartosend::Value::Int(*int)),
            Value::Bool(bool) => facts.set(*id, cleartosend::Value::Bool(*bool)),
        };
        set.expect("a value of the attribute");
    }
    facts
}

fn send_at() -> Timestamp {
    Timestamp::parse(SEND_AT).expect("an instant")
}

/// This engine with these rules alone.
pub fn engine(rules: &[Rule]) -> Result<Engine, String> {
    let pack = files(&render(rules));
    let built = Engine::builder().pack("bench", pack).without_built_in().build();
    built.map_err(|problem| problem.to_string())
}

/// Facts and rules up to the outcomes of all rules, without findings.
struct Outcomes {
    engine: Engine,
    matcher: Matcher,
    judgement: Judgement,
    attributes: Vec<AttributeId>,
    send_at: Timestamp,
    rows: Vec<Resolved<'static>>,
}

fn load(sources: &[String], _: &[Rule]) -> Box<dyn Peer> {
    let engine =
        Engine::builder().pack("bench", files(sources)).without_built_in().build().expect("a pack");
    Box::new(Outcomes {
        attributes: attributes(engine.schema()),
        engine,
        matcher: Matcher::new(),
        judgement: Judgement::new(),
        send_at: send_at(),
        rows: Vec::new(),
    })
}

impl Outcomes {
    fn of(&mut self, facts: &Facts) {
        self.engine.judge_into(facts, &mut self.judgement).expect("facts of this engine");
    }
}

impl Peer for Outcomes {
    fn prepare(&mut self, cases: &Cases) {
        let schema = self.engine.schema();
        // Resolved facts borrow from those given; both live as long as the program.
        let resolved = |row| {
            self.engine.resolve_for_rules(Box::leak(Box::new(facts(
                schema,
                &self.attributes,
                self.send_at,
                row,
            ))))
        };
        self.rows = cases.rows.iter().map(resolved).collect();
    }

    fn violated(&mut self, row: usize) -> Vec<u32> {
        self.matcher.run(self.engine.program(), &self.rows[row]);
        assert_eq!(self.matcher.undetermined().count(), 0, "all facts are told");
        self.matcher.violated().map(|rule| rule.0).collect()
    }

    fn matched(&mut self, row: usize) -> usize {
        self.matcher.run(self.engine.program(), &self.rows[row]);
        self.matcher.violated().count()
    }

    fn checked(&mut self, row: &Row) -> usize {
        let facts = facts(self.engine.schema(), &self.attributes, self.send_at, row);
        self.of(&facts);
        self.judgement.len()
    }

    fn json(&mut self, document: &str, out: &mut Vec<u8>) {
        let facts =
            Facts::from_json(self.engine.schema(), document.as_bytes()).expect("a document");
        self.of(&facts);
        answer(self.judgement.rules().map(|judged| judged.rule), out);
    }
}

/// The paved path: facts in, decision out.
struct Decisions {
    engine: Engine,
    attributes: Vec<AttributeId>,
    send_at: Timestamp,
    rows: Vec<Facts>,
    numbers: Vec<Arc<str>>,
}

fn load_document(sources: &[String], _: &[Rule]) -> Box<dyn Peer> {
    let engine =
        Engine::builder().pack("bench", files(sources)).without_built_in().build().expect("a pack");
    let numbers = engine.packs()[0].rules.iter().map(|rule| Arc::clone(&rule.id)).collect();
    Box::new(Decisions {
        attributes: attributes(engine.schema()),
        engine,
        send_at: send_at(),
        rows: Vec::new(),
        numbers,
    })
}

impl Peer for Decisions {
    fn prepare(&mut self, cases: &Cases) {
        self.rows = cases
            .rows
            .iter()
            .map(|row| facts(self.engine.schema(), &self.attributes, self.send_at, row))
            .collect();
    }

    fn violated(&mut self, row: usize) -> Vec<u32> {
        let decision = self.engine.check(&self.rows[row]).expect("facts of this engine");
        let number = |id: &str| {
            self.numbers.iter().position(|known| &**known == id).expect("a rule's id") as u32
        };
        let mut violated: Vec<u32> =
            decision.findings().iter().map(|finding| number(&finding.rule)).collect();
        violated.sort_unstable();
        violated
    }

    fn matched(&mut self, row: usize) -> usize {
        self.engine.check(&self.rows[row]).expect("facts of this engine").findings().len()
    }

    fn checked(&mut self, row: &Row) -> usize {
        let facts = facts(self.engine.schema(), &self.attributes, self.send_at, row);
        self.engine.check(&facts).expect("facts of this engine").findings().len()
    }

    fn json(&mut self, document: &str, out: &mut Vec<u8>) {
        let decision = self.engine.check_json(document.as_bytes()).expect("a document");
        out.extend_from_slice(decision.to_json().as_bytes());
    }
}

/// The size of the compiled program, in words.
pub fn shape(rules: &[Rule]) -> String {
    let schema = Schema::built_in();
    let pack =
        Pack::load(&files(&render(rules)), &schema).unwrap_or_else(|problems| panic!("{problems}"));
    let program = compile(vec![Arc::new(pack)], schema).expect("a program");
    describe(&program)
}

/// The size of a program, in words.
pub fn describe(program: &Program) -> String {
    let table = program.table();
    let classes: usize = program.dimensions().iter().map(|dimension| dimension.count).sum();
    format!(
        "{} rules, {} dimensions ({} predicates) with {classes} classes, {} clauses, {} words a \
         row ({} a region of rules), {} bytes of tables",
        program.len(),
        program.dimensions().len(),
        program.predicates().len(),
        program.clauses(),
        table.words,
        table.rule_words,
        table.bytes()
    )
}
