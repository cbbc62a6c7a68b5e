//! `datalogic-rs`: one compiled JSONLogic expression a rule, data parsed once a row, one arena
//! reset between rows.

use bumpalo::Bump;
use datalogic_rs::datavalue::NumberValue;
use datalogic_rs::{DataValue, Engine, Logic, ParsedData};
use serde_json::json;

use super::{Cases, Ids, Loader, Peer, answer, ids};
use crate::rule::{Condition, Demand, Operator, Row, Rule, Tree, Value, tree};

pub const LOADER: Loader = Loader { name: "datalogic-rs", render, load, rules_max: usize::MAX };

struct Datalogic {
    ids: Ids,
    engine: Engine,
    rules: Vec<Logic>,
    arena: Bump,
    rows: Vec<ParsedData>,
}

fn render(rules: &[Rule]) -> Vec<String> {
    let one = |rule: &Rule| {
        let mut all: Vec<serde_json::Value> = rule.applies.iter().map(expression).collect();
        match &rule.demand {
            Demand::Forbids(conditions) => all.extend(conditions.iter().map(expression)),
            Demand::Requires(conditions) if conditions.len() == 1 => {
                all.extend(conditions.iter().map(|one| expression(&one.negated())))
            }
            Demand::Requires(conditions) => {
                let met: Vec<serde_json::Value> = conditions.iter().map(expression).collect();
                all.push(json!({"!": {"and": met}}));
            }
        }
        json!({ "and": all }).to_string()
    };
    rules.iter().map(one).collect()
}

pub fn expression(condition: &Condition) -> serde_json::Value {
    let json = |value: &Value| match value {
        Value::Text(text) => json!(text),
        Value::Int(int) => json!(int),
        Value::Bool(bool) => json!(bool),
    };
    let operator = match condition.operator {
        Operator::In => {
            return json!({"in": [{"var": condition.path()}, condition.constants.iter().map(json).collect::<Vec<_>>()]});
        }
        Operator::NotIn => return json!({ "!": expression(&condition.negated()) }),
        Operator::Equal => "===",
        Operator::NotEqual => "!==",
        Operator::Less => "<",
        Operator::LessOrEqual => "<=",
        Operator::Greater => ">",
        Operator::GreaterOrEqual => ">=",
    };
    json!({ operator: [{"var": condition.path()}, json(&condition.constants[0])] })
}

fn load(sources: &[String], rules: &[Rule]) -> Box<dyn Peer> {
    let engine = Engine::new();
    let compiled = sources
        .iter()
        .map(|source| engine.compile(source.as_str()).expect("an expression"))
        .collect();
    Box::new(Datalogic {
        ids: ids(rules),
        engine,
        rules: compiled,
        arena: Bump::new(),
        rows: Vec::new(),
    })
}

fn value<'a>(tree: &Tree, arena: &'a Bump) -> DataValue<'a> {
    match tree {
        Tree::Leaf(Value::Text(text)) => DataValue::String(text),
        Tree::Leaf(Value::Int(int)) => DataValue::Number(NumberValue::Integer(*int)),
        Tree::Leaf(Value::Bool(bool)) => DataValue::Bool(*bool),
        Tree::Object(members) => object(members, arena),
    }
}

fn object<'a>(members: &[(&'static str, Tree)], arena: &'a Bump) -> DataValue<'a> {
    DataValue::Object(
        arena.alloc_slice_fill_iter(members.iter().map(|(name, tree)| (*name, value(tree, arena)))),
    )
}

fn run<'a>(
    engine: &'a Engine,
    rules: &'a [Logic],
    data: &'a DataValue<'a>,
    arena: &'a Bump,
) -> impl Iterator<Item = usize> + 'a {
    let holds = move |rule: &'a Logic| {
        engine.evaluate(rule, data, arena).expect("an evaluation").as_bool() == Some(true)
    };
    rules.iter().enumerate().filter(move |(_, rule)| holds(rule)).map(|(number, _)| number)
}

impl Peer for Datalogic {
    fn prepare(&mut self, cases: &Cases) {
        self.rows = cases
            .documents
            .iter()
            .map(|document| ParsedData::from_json(document).expect("a document"))
            .collect();
    }

    fn violated(&mut self, row: usize) -> Vec<u32> {
        self.arena.reset();
        run(&self.engine, &self.rules, self.rows[row].value(), &self.arena)
            .map(|rule| rule as u32)
            .collect()
    }

    fn matched(&mut self, row: usize) -> usize {
        self.arena.reset();
        run(&self.engine, &self.rules, self.rows[row].value(), &self.arena).count()
    }

    fn checked(&mut self, row: &Row) -> usize {
        self.arena.reset();
        let data = self.arena.alloc(object(&tree(row), &self.arena));
        run(&self.engine, &self.rules, data, &self.arena).count()
    }

    fn json(&mut self, document: &str, out: &mut Vec<u8>) {
        self.arena.reset();
        let data =
            self.arena.alloc(DataValue::from_str(document, &self.arena).expect("a document"));
        answer(run(&self.engine, &self.rules, data, &self.arena).map(|rule| &*self.ids[rule]), out);
    }
}
