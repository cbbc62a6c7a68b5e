//! `cel`: one compiled program a rule, one context a row.

use std::collections::HashMap;
use std::sync::Arc;

use cel::objects::{Key, Map};
use cel::{Context, Env, Program};

use super::{Cases, Ids, Loader, Peer, answer, ids};
use crate::rule::{Demand, Row, Rule, Tree, Value, c_like, conjunction, tree};

pub const LOADER: Loader = Loader { name: "cel", render, load, rules_max: usize::MAX };

struct Cel {
    ids: Ids,
    env: Arc<Env>,
    programs: Vec<Program>,
    contexts: Vec<Context<'static, 'static>>,
}

fn render(rules: &[Rule]) -> Vec<String> {
    let one = |rule: &Rule| {
        let all =
            |conditions| conjunction(conditions, " && ", |condition| c_like(condition, in_list));
        match &rule.demand {
            Demand::Requires(conditions) => {
                format!("{} && !({})", all(&rule.applies), all(conditions))
            }
            Demand::Forbids(conditions) => format!("{} && {}", all(&rule.applies), all(conditions)),
        }
    };
    rules.iter().map(one).collect()
}

fn in_list(path: &str, constants: &str, positive: bool) -> String {
    if positive {
        format!("{path} in [{constants}]")
    } else {
        format!("!({path} in [{constants}])")
    }
}

fn load(sources: &[String], rules: &[Rule]) -> Box<dyn Peer> {
    let env = Arc::new(Env::stdlib());
    let programs = sources.iter().map(|source| env.compile(source).expect("a condition")).collect();
    Box::new(Cel { ids: ids(rules), env, programs, contexts: Vec::new() })
}

fn map(members: &[(&'static str, Tree)]) -> cel::Value {
    let map: HashMap<Key, cel::Value> =
        members.iter().map(|(name, tree)| (Key::from(*name), value(tree))).collect();
    cel::Value::Map(Map { map: Arc::new(map) })
}

fn value(tree: &Tree) -> cel::Value {
    match tree {
        Tree::Leaf(Value::Text(text)) => (*text).into(),
        Tree::Leaf(Value::Int(int)) => (*int).into(),
        Tree::Leaf(Value::Bool(bool)) => (*bool).into(),
        Tree::Object(members) => map(members),
    }
}

fn context(env: &Arc<Env>, row: &Row) -> Context<'static, 'static> {
    let mut context = Context::with_env(Arc::clone(env));
    for (name, tree) in tree(row) {
        context.add_variable_from_value(name, value(&tree));
    }
    context
}

impl Cel {
    fn run<'a>(
        programs: &'a [Program],
        context: &'a Context<'_, '_>,
    ) -> impl Iterator<Item = usize> + 'a {
        let holds =
            |program: &Program| matches!(program.execute(context), Ok(cel::Value::Bool(true)));
        programs
            .iter()
            .enumerate()
            .filter(move |(_, program)| holds(program))
            .map(|(number, _)| number)
    }
}

impl Peer for Cel {
    fn prepare(&mut self, cases: &Cases) {
        self.contexts = cases.rows.iter().map(|row| context(&self.env, row)).collect();
    }

    fn violated(&mut self, row: usize) -> Vec<u32> {
        Self::run(&self.programs, &self.contexts[row]).map(|rule| rule as u32).collect()
    }

    fn matched(&mut self, row: usize) -> usize {
        Self::run(&self.programs, &self.contexts[row]).count()
    }

    fn checked(&mut self, row: &Row) -> usize {
        Self::run(&self.programs, &context(&self.env, row)).count()
    }

    fn json(&mut self, document: &str, out: &mut Vec<u8>) {
        let document: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(document).expect("a document");
        let mut context = Context::with_env(Arc::clone(&self.env));
        for (name, value) in document {
            context.add_variable(name, value).expect("a value");
        }
        answer(Self::run(&self.programs, &context).map(|rule| &*self.ids[rule]), out);
    }
}
