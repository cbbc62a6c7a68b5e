//! `zen-engine`'s expressions: one compiled expression a rule, one scope a row, one virtual
//! machine.

use zen_expression::expression::Standard;
use zen_expression::variable::{Symbol, Variable, VariableMap};
use zen_expression::vm::VM;
use zen_expression::{Expression, Scope, compile_expression};

use super::{Cases, Ids, Loader, Peer, answer, ids};
use crate::rule::{Demand, Row, Rule, Tree, Value, c_like, conjunction, tree};

pub const LOADER: Loader =
    Loader { name: "zen-engine, expressions", render, load, rules_max: usize::MAX };

struct Zen {
    ids: Ids,
    rules: Vec<Expression<Standard>>,
    machine: VM,
    rows: Vec<Variable>,
}

fn render(rules: &[Rule]) -> Vec<String> {
    let one = |rule: &Rule| {
        let all =
            |conditions| conjunction(conditions, " and ", |condition| c_like(condition, in_list));
        match &rule.demand {
            Demand::Requires(conditions) => {
                format!("{} and not ({})", all(&rule.applies), all(conditions))
            }
            Demand::Forbids(conditions) => {
                format!("{} and {}", all(&rule.applies), all(conditions))
            }
        }
    };
    rules.iter().map(one).collect()
}

fn in_list(path: &str, constants: &str, positive: bool) -> String {
    format!("{path} {} [{constants}]", if positive { "in" } else { "not in" })
}

fn load(sources: &[String], rules: &[Rule]) -> Box<dyn Peer> {
    let compiled =
        sources.iter().map(|source| compile_expression(source).expect("an expression")).collect();
    Box::new(Zen { ids: ids(rules), rules: compiled, machine: VM::new(), rows: Vec::new() })
}

fn value(tree: &Tree) -> Variable {
    match tree {
        Tree::Leaf(Value::Text(text)) => Variable::String(Symbol::from(*text)),
        Tree::Leaf(Value::Int(int)) => Variable::Number((*int).into()),
        Tree::Leaf(Value::Bool(bool)) => Variable::Bool(*bool),
        Tree::Object(members) => object(members),
    }
}

/// A row as an object of the engine.
fn object(members: &[(&'static str, Tree)]) -> Variable {
    let members: VariableMap =
        members.iter().map(|(name, tree)| (Symbol::from(*name), value(tree))).collect();
    Variable::from_object(members)
}

/// A row in the engine's own form.
pub fn variable(row: &Row) -> Variable {
    object(&tree(row))
}

fn run<'a>(
    rules: &'a [Expression<Standard>],
    row: Variable,
    machine: &'a mut VM,
) -> impl Iterator<Item = usize> + 'a {
    let scope = Scope::new(row);
    rules.iter().enumerate().filter_map(move |(number, rule)| {
        let holds = matches!(rule.evaluate_with_scope(&scope, machine), Ok(Variable::Bool(true)));
        holds.then_some(number)
    })
}

impl Peer for Zen {
    fn prepare(&mut self, cases: &Cases) {
        self.rows = cases.rows.iter().map(variable).collect();
    }

    fn violated(&mut self, row: usize) -> Vec<u32> {
        run(&self.rules, self.rows[row].clone(), &mut self.machine)
            .map(|rule| rule as u32)
            .collect()
    }

    fn matched(&mut self, row: usize) -> usize {
        run(&self.rules, self.rows[row].clone(), &mut self.machine).count()
    }

    fn checked(&mut self, row: &Row) -> usize {
        run(&self.rules, variable(row), &mut self.machine).count()
    }

    fn json(&mut self, document: &str, out: &mut Vec<u8>) {
        let document: Variable = serde_json::from_str(document).expect("a document");
        answer(run(&self.rules, document, &mut self.machine).map(|rule| &*self.ids[rule]), out);
    }
}
