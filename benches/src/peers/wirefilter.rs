//! `wirefilter-engine`: one compiled filter a rule. It has 32-bit integers, no lists and no
//! timestamps, which these rules do without.

use wirefilter::{ExecutionContext, Filter, LhsValue, Scheme, Type};

use super::{Cases, Ids, Loader, Peer, answer, ids};
use crate::rule::{
    ATTRIBUTES, Condition, Demand, Kind, Operator, Row, Rule, Value, c_like, conjunction,
};

pub const LOADER: Loader =
    Loader { name: "wirefilter-engine", render, load, rules_max: usize::MAX };

struct Wirefilter {
    ids: Ids,
    scheme: &'static Scheme,
    filters: Vec<Filter<'static>>,
    contexts: Vec<ExecutionContext<'static>>,
}

fn render(rules: &[Rule]) -> Vec<String> {
    let one = |rule: &Rule| {
        let all = |conditions| conjunction(conditions, " && ", test);
        match &rule.demand {
            Demand::Requires(conditions) => {
                format!("{} && not ({})", all(&rule.applies), all(conditions))
            }
            Demand::Forbids(conditions) => format!("{} && {}", all(&rule.applies), all(conditions)),
        }
    };
    rules.iter().map(one).collect()
}

pub fn test(condition: &Condition) -> String {
    let path = condition.path();
    match (condition.operator, condition.constants[0]) {
        (Operator::Equal, Value::Bool(true)) | (Operator::NotEqual, Value::Bool(false)) => {
            path.into()
        }
        (_, Value::Bool(_)) => format!("not {path}"),
        _ => c_like(condition, |path, constants, positive| {
            format!(
                "{}{path} in {{{}}}",
                if positive { "" } else { "not " },
                constants.replace(',', "")
            )
        }),
    }
}

fn load(sources: &[String], rules: &[Rule]) -> Box<dyn Peer> {
    let mut scheme = Scheme::with_capacity(ATTRIBUTES.len());
    for (path, kind) in ATTRIBUTES {
        let ty = match kind {
            Kind::Text => Type::Bytes,
            Kind::Int => Type::Int,
            Kind::Bool => Type::Bool,
        };
        scheme.add_field(path.to_owned(), ty).expect("a new field");
    }
    // Filters borrow their scheme; one scheme is small and lives as long as the program.
    let scheme: &'static Scheme = Box::leak(Box::new(scheme));
    let compile = |source: &String| {
        scheme.parse(source).unwrap_or_else(|problem| panic!("{problem}")).compile()
    };
    Box::new(Wirefilter {
        ids: ids(rules),
        scheme,
        filters: sources.iter().map(compile).collect(),
        contexts: Vec::new(),
    })
}

fn context(scheme: &'static Scheme, row: &Row) -> ExecutionContext<'static> {
    let mut context = ExecutionContext::new(scheme);
    for ((path, _), value) in ATTRIBUTES.iter().zip(row) {
        let value = match value {
            Value::Text(text) => LhsValue::Bytes(text.as_bytes()),
            Value::Int(int) => LhsValue::Int(i32::try_from(*int).expect("32 bits")),
            Value::Bool(bool) => LhsValue::Bool(*bool),
        };
        context.set_field_value(path, value).expect("a value of the field's type");
    }
    context
}

fn run<'a>(
    filters: &'a [Filter<'static>],
    context: &'a ExecutionContext<'static>,
) -> impl Iterator<Item = usize> + 'a {
    let holds = |filter: &Filter<'static>| filter.execute(context).expect("the same scheme");
    filters.iter().enumerate().filter(move |(_, filter)| holds(filter)).map(|(number, _)| number)
}

impl Peer for Wirefilter {
    fn prepare(&mut self, cases: &Cases) {
        self.contexts = cases.rows.iter().map(|row| context(self.scheme, row)).collect();
    }

    fn violated(&mut self, row: usize) -> Vec<u32> {
        run(&self.filters, &self.contexts[row]).map(|rule| rule as u32).collect()
    }

    fn matched(&mut self, row: usize) -> usize {
        run(&self.filters, &self.contexts[row]).count()
    }

    fn checked(&mut self, row: &Row) -> usize {
        run(&self.filters, &context(self.scheme, row)).count()
    }

    fn json(&mut self, document: &str, out: &mut Vec<u8>) {
        let document: serde_json::Value = serde_json::from_str(document).expect("a document");
        let mut context = ExecutionContext::new(self.scheme);
        for (path, _) in ATTRIBUTES {
            let value = path.split('.').fold(&document, |value, member| &value[member]);
            let value = match value {
                serde_json::Value::String(text) => {
                    // SAFETY: a filter takes only contexts of exactly its own lifetime, here
                    // 'static, though it keeps nothing of them. The context is dropped at the end
                    // of this function, before the document that the text is part of.
                    let text: &'static [u8] =
                        unsafe { std::mem::transmute::<&[u8], &'static [u8]>(text.as_bytes()) };
                    LhsValue::Bytes(text)
                }
                serde_json::Value::Bool(bool) => LhsValue::Bool(*bool),
                other => LhsValue::Int(
                    other.as_i64().and_then(|int| i32::try_from(int).ok()).expect("32 bits"),
                ),
            };
            context.set_field_value(path, value).expect("a value of the field's type");
        }
        answer(run(&self.filters, &context).map(|rule| &*self.ids[rule]), out);
    }
}
