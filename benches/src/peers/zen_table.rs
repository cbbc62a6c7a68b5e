//! `zen-engine`'s decision table: a column a fact, a row a rule (or one for each condition that it
//! requires), all hits collected.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use serde_json::{Map, Value as Json, json};
use zen_engine::Decision;
use zen_engine::model::GraphContent;
use zen_expression::variable::Variable;

use super::zen_expression::variable;
use super::{Cases, Ids, Loader, Peer, answer, ids, number};
use crate::rule::{ATTRIBUTES, Condition, Demand, Operator, Row, Rule, constant};

pub const LOADER: Loader =
    Loader { name: "zen-engine, table", render, load, rules_max: usize::MAX };

struct ZenTable {
    ids: Ids,
    decision: Decision,
    rows: Vec<Variable>,
}

fn render(rules: &[Rule]) -> Vec<String> {
    let mut lines = Vec::new();
    for rule in rules {
        let mut put = |demand: &[Condition]| {
            let mut line = Map::new();
            line.insert("_id".into(), format!("line{}", lines.len()).into());
            for condition in rule.applies.iter().chain(demand) {
                line.insert(format!("in{}", condition.attribute), cell(condition).into());
            }
            line.insert("out".into(), format!("\"{}\"", rule.id).into());
            lines.push(Json::Object(line));
        };
        match &rule.demand {
            Demand::Forbids(conditions) => put(conditions),
            Demand::Requires(conditions) => {
                conditions.iter().for_each(|condition| put(&[condition.negated()]))
            }
        }
    }
    let inputs = ATTRIBUTES.iter().enumerate().map(
        |(number, (path, _))| json!({"id": format!("in{number}"), "name": path, "field": path}),
    );
    let content = json!({
        "hitPolicy": "collect",
        "inputs": inputs.collect::<Vec<_>>(),
        "outputs": [{"id": "out", "name": "rule", "field": "rule"}],
        "rules": lines,
    });
    let graph = json!({
        "nodes": [
            {"id": "request", "name": "request", "type": "inputNode", "content": {}},
            {"id": "gate", "name": "gate", "type": "decisionTableNode", "content": content},
            {"id": "response", "name": "response", "type": "outputNode", "content": {}},
        ],
        "edges": [
            {"id": "e1", "sourceId": "request", "targetId": "gate"},
            {"id": "e2", "sourceId": "gate", "targetId": "response"},
        ],
    });
    vec![graph.to_string()]
}

fn cell(condition: &Condition) -> String {
    let constants = condition.constants.iter().map(constant).collect::<Vec<_>>().join(", ");
    match condition.operator {
        Operator::Equal | Operator::In => constants,
        Operator::NotEqual | Operator::NotIn => format!("not in [{constants}]"),
        Operator::Less => format!("< {constants}"),
        Operator::LessOrEqual => format!("<= {constants}"),
        Operator::Greater => format!("> {constants}"),
        Operator::GreaterOrEqual => format!(">= {constants}"),
    }
}

fn load(sources: &[String], rules: &[Rule]) -> Box<dyn Peer> {
    let mut graph: GraphContent = serde_json::from_str(&sources[0]).expect("a graph");
    graph.compile();
    Box::new(ZenTable {
        ids: ids(rules),
        decision: Decision::from(Arc::new(graph)),
        rows: Vec::new(),
    })
}

impl ZenTable {
    /// The collected hits; a rule that fails in several conditions is among them several times.
    fn evaluate(&self, row: Variable) -> Variable {
        // Nothing in this graph waits, so one poll is enough.
        let future = pin!(self.decision.evaluate(row));
        match future.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Ok(response)) => response.result,
            Poll::Ready(Err(problem)) => panic!("{problem:?}"),
            Poll::Pending => unreachable!("nothing waits"),
        }
    }
}

fn hits(result: &Variable) -> usize {
    result.as_array().map_or(0, |hits| hits.borrow().len())
}

/// Each rule once, by id.
fn each(result: &Variable) -> Vec<String> {
    let Some(hits) = result.as_array() else { return Vec::new() };
    let mut ids: Vec<String> = hits
        .borrow()
        .iter()
        .filter_map(|hit| hit.dot("rule")?.as_str().map(str::to_owned))
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

impl Peer for ZenTable {
    fn prepare(&mut self, cases: &Cases) {
        self.rows = cases.rows.iter().map(variable).collect();
    }

    fn violated(&mut self, row: usize) -> Vec<u32> {
        let mut violated: Vec<u32> = each(&self.evaluate(self.rows[row].clone()))
            .iter()
            .map(|id| number(&self.ids, id))
            .collect();
        violated.sort_unstable();
        violated
    }

    fn matched(&mut self, row: usize) -> usize {
        hits(&self.evaluate(self.rows[row].clone()))
    }

    fn checked(&mut self, row: &Row) -> usize {
        hits(&self.evaluate(variable(row)))
    }

    fn json(&mut self, document: &str, out: &mut Vec<u8>) {
        let document: Variable = serde_json::from_str(document).expect("a document");
        let violated = each(&self.evaluate(document));
        answer(violated.iter().map(String::as_str), out);
    }
}
