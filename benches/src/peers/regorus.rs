//! `regorus`: one module with a partial set of violated rules, compiled for its virtual machine
//! (RVM).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::num::NonZeroUsize;

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine, PolicyLengthConfig};

use super::{Cases, Ids, Loader, Peer, answer, ids, number};
use crate::rule::{Condition, Demand, Row, Rule, Tree, Value, c_like, tree};

/// A program of its virtual machine has at most 65,535 instructions, and 10,000 of these rules come
/// to 245,122.
pub const LOADER: Loader = Loader { name: "regorus", render, load, rules_max: 2_000 };

const ENTRY: &str = "data.gate.violated";

struct Regorus {
    ids: Ids,
    machine: RegoVM,
    inputs: Vec<regorus::Value>,
}

fn render(rules: &[Rule]) -> Vec<String> {
    let mut module = "package gate\nimport rego.v1\n".to_owned();
    for (number, rule) in rules.iter().enumerate() {
        let mut body: Vec<String> = rule.applies.iter().map(line).collect();
        match &rule.demand {
            Demand::Forbids(conditions) => body.extend(conditions.iter().map(line)),
            Demand::Requires(conditions) if conditions.len() == 1 => {
                body.extend(conditions.iter().map(|condition| line(&condition.negated())))
            }
            Demand::Requires(conditions) => {
                let met: Vec<String> = conditions.iter().map(line).collect();
                write!(module, "met_{number} if {{\n  {}\n}}\n", met.join("\n  "))
                    .expect("a string");
                body.push(format!("not met_{number}"));
            }
        }
        write!(module, "violated contains \"{}\" if {{\n  {}\n}}\n", rule.id, body.join("\n  "))
            .expect("a string");
    }
    vec![module]
}

fn line(condition: &Condition) -> String {
    c_like(condition, |path, constants, positive| {
        format!("{}{path} in {{{constants}}}", if positive { "" } else { "not " })
    })
    .replace(condition.path(), &format!("input.{}", condition.path()))
}

fn load(sources: &[String], rules: &[Rule]) -> Box<dyn Peer> {
    let mut engine = Engine::new();
    // Ten thousand rules are past the default limits on a policy's length.
    engine.set_policy_length_config(PolicyLengthConfig {
        max_file_bytes: NonZeroUsize::MAX,
        max_lines: NonZeroUsize::MAX,
        ..PolicyLengthConfig::default()
    });
    engine.add_policy("gate.rego".into(), sources[0].clone()).expect("a module");
    let policy = engine.compile_with_entrypoint(&ENTRY.into()).expect("an entry point");
    let program = Compiler::compile_from_policy(&policy, &[ENTRY]).expect("a program");
    let mut machine = RegoVM::new();
    machine.set_max_instructions(usize::MAX);
    machine.load_program(program);
    Box::new(Regorus { ids: ids(rules), machine, inputs: Vec::new() })
}

fn value(tree: &Tree) -> regorus::Value {
    match tree {
        Tree::Leaf(Value::Text(text)) => regorus::Value::from(*text),
        Tree::Leaf(Value::Int(int)) => regorus::Value::from(*int),
        Tree::Leaf(Value::Bool(bool)) => regorus::Value::from(*bool),
        Tree::Object(members) => object(members),
    }
}

fn object(members: &[(&'static str, Tree)]) -> regorus::Value {
    let members: BTreeMap<regorus::Value, regorus::Value> =
        members.iter().map(|(name, tree)| (regorus::Value::from(*name), value(tree))).collect();
    regorus::Value::from(members)
}

impl Regorus {
    fn execute(&mut self, input: regorus::Value) -> regorus::Value {
        self.machine.set_input(input);
        self.machine.execute().expect("an evaluation")
    }
}

fn count(violated: &regorus::Value) -> usize {
    violated.as_set().map_or(0, |set| set.len())
}

impl Peer for Regorus {
    fn prepare(&mut self, cases: &Cases) {
        self.inputs = cases.rows.iter().map(|row| object(&tree(row))).collect();
    }

    fn violated(&mut self, row: usize) -> Vec<u32> {
        let violated = self.execute(self.inputs[row].clone());
        let violated = violated
            .as_set()
            .expect("a set")
            .iter()
            .map(|id| number(&self.ids, id.as_string().expect("an id")));
        let mut violated: Vec<u32> = violated.collect();
        violated.sort_unstable();
        violated
    }

    fn matched(&mut self, row: usize) -> usize {
        count(&self.execute(self.inputs[row].clone()))
    }

    fn checked(&mut self, row: &Row) -> usize {
        count(&self.execute(object(&tree(row))))
    }

    fn json(&mut self, document: &str, out: &mut Vec<u8>) {
        let violated = self.execute(regorus::Value::from_json_str(document).expect("a document"));
        answer(
            violated.as_set().expect("a set").iter().map(|id| &**id.as_string().expect("an id")),
            out,
        );
    }
}
