//! `cedar-policy`: one `forbid` policy a rule, beside one that permits all; facts are the request's
//! context.

use cedar_policy::{
    Authorizer, Context, Entities, EntityUid, Policy, PolicyId, PolicySet, Request,
    RestrictedExpression,
};

use super::{Cases, Ids, Loader, Peer, answer, ids, number};
use crate::rule::{Condition, Demand, Row, Rule, Tree, Value, c_like, conjunction, tree};

pub const LOADER: Loader = Loader { name: "cedar-policy", render, load, rules_max: usize::MAX };

struct Cedar {
    ids: Ids,
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
    requests: Vec<Request>,
    uids: [EntityUid; 3],
}

fn render(rules: &[Rule]) -> Vec<String> {
    let one = |rule: &Rule| {
        let all = |conditions: &[Condition]| {
            conjunction(conditions, " && ", |condition| {
                c_like(condition, in_list)
                    .replace(condition.path(), &format!("context.{}", condition.path()))
            })
        };
        let demand = match &rule.demand {
            Demand::Requires(conditions) => format!("!({})", all(conditions)),
            Demand::Forbids(conditions) => all(conditions),
        };
        format!(
            "forbid(principal, action, resource) when {{ {} && {demand} }};",
            all(&rule.applies)
        )
    };
    rules.iter().map(one).collect()
}

fn in_list(path: &str, constants: &str, positive: bool) -> String {
    if positive {
        format!("[{constants}].contains({path})")
    } else {
        format!("!([{constants}].contains({path}))")
    }
}

fn load(sources: &[String], rules: &[Rule]) -> Box<dyn Peer> {
    let mut policies = PolicySet::new();
    policies
        .add(
            Policy::parse(Some(PolicyId::new("permit")), "permit(principal, action, resource);")
                .expect("a policy"),
        )
        .expect("a new id");
    for (source, rule) in sources.iter().zip(rules) {
        policies
            .add(Policy::parse(Some(PolicyId::new(&rule.id)), source).expect("a policy"))
            .expect("a new id");
    }
    let uid = |text: &str| text.parse().expect("an entity");
    let uids = [uid("User::\"us\""), uid("Action::\"send\""), uid("Campaign::\"this\"")];
    Box::new(Cedar {
        ids: ids(rules),
        authorizer: Authorizer::new(),
        policies,
        entities: Entities::empty(),
        requests: Vec::new(),
        uids,
    })
}

fn expression(tree: Tree) -> RestrictedExpression {
    match tree {
        Tree::Leaf(Value::Text(text)) => RestrictedExpression::new_string(text.to_owned()),
        Tree::Leaf(Value::Int(int)) => RestrictedExpression::new_long(int),
        Tree::Leaf(Value::Bool(bool)) => RestrictedExpression::new_bool(bool),
        Tree::Object(members) => RestrictedExpression::new_record(
            members.into_iter().map(|(name, tree)| (name.to_owned(), expression(tree))),
        )
        .expect("distinct names"),
    }
}

impl Cedar {
    fn request(&self, context: Context) -> Request {
        let [principal, action, resource] = self.uids.clone();
        Request::new(principal, action, resource, context, None)
            .expect("a request without a schema")
    }

    fn of(&self, row: &Row) -> Request {
        let pairs = tree(row).into_iter().map(|(name, tree)| (name.to_owned(), expression(tree)));
        self.request(Context::from_pairs(pairs).expect("distinct names"))
    }

    /// Reasons of a denial; the one of a permission is the policy that permits all.
    fn reasons(&self, request: &Request) -> Vec<PolicyId> {
        let response = self.authorizer.is_authorized(request, &self.policies, &self.entities);
        match response.decision() {
            cedar_policy::Decision::Allow => Vec::new(),
            cedar_policy::Decision::Deny => response.diagnostics().reason().cloned().collect(),
        }
    }
}

impl Peer for Cedar {
    fn prepare(&mut self, cases: &Cases) {
        self.requests = cases.rows.iter().map(|row| self.of(row)).collect();
    }

    fn violated(&mut self, row: usize) -> Vec<u32> {
        let mut violated: Vec<u32> = self
            .reasons(&self.requests[row])
            .iter()
            .map(|id| number(&self.ids, AsRef::<str>::as_ref(id)))
            .collect();
        violated.sort_unstable();
        violated
    }

    fn matched(&mut self, row: usize) -> usize {
        self.reasons(&self.requests[row]).len()
    }

    fn checked(&mut self, row: &Row) -> usize {
        self.reasons(&self.of(row)).len()
    }

    fn json(&mut self, document: &str, out: &mut Vec<u8>) {
        let context = Context::from_json_str(document, None).expect("a document");
        let reasons = self.reasons(&self.request(context));
        answer(reasons.iter().map(AsRef::as_ref), out);
    }
}
