//! Which rules hold?
//!
//! In: a program and what is known of a case. Out: for every rule that the case is in the scope of, whether it is violated, undetermined,
//! satisfied or not applicable, and which attributes it lacks.

use std::collections::BTreeSet;

use crate::cel::{self, Bindings, Expression, Outcome, SetId};
use crate::pack::{Condition, Pack, Rule};
use crate::program::{Program, RuleIdx};
use crate::resolve::Resolved;
use crate::schema::{AttributeId, Scope};
use crate::time::Timestamp;
use crate::value::{Fact, Value};
use crate::verdict::Status;

/// What one rule says of one case.
#[derive(Clone, Debug)]
pub struct Matched {
    /// The rule.
    pub rule: RuleIdx,
    /// What it says.
    pub status: Status,
    /// The attributes, given or derived, for want of which it is undetermined.
    pub lacking: Vec<AttributeId>,
}

/// Judges every rule, in the program's order. Rules about the recipient are left out where the case has none.
pub fn run(program: &Program, resolved: &Resolved<'_>) -> Vec<Matched> {
    let scope = resolved.facts().scope();
    let send_at = resolved.facts().send_at().unwrap_or(Timestamp::MIN);
    let mut packs = program.packs().iter().map(|pack| Case::new(pack, resolved, send_at)).collect::<Vec<_>>();
    let mut matched = Vec::new();
    for (index, _, rule) in program.rules() {
        if rule.scope == Scope::Recipient && scope == Scope::Campaign {
            continue;
        }
        let Some(case) = program.rules.get(index.0 as usize).and_then(|(pack, _)| packs.get_mut(*pack)) else { continue };
        let (status, lacking) = case.judge(rule, send_at);
        matched.push(Matched { rule: index, status, lacking: lacking.into_iter().collect() });
    }
    matched
}

/// What the names in one pack's conditions stand for.
struct Case<'a> {
    resolved: &'a Resolved<'a>,
    sets: Vec<Vec<Value>>,
}

impl Bindings for Case<'_> {
    fn fact(&self, id: AttributeId) -> &Fact {
        self.resolved.for_rules(id)
    }

    fn set(&self, id: SetId) -> &[Value] {
        self.sets.get(usize::from(id.0)).map_or(&[], Vec::as_slice)
    }
}

/// What a condition comes to.
enum Truth {
    Known(bool),
    Lacks(BTreeSet<AttributeId>),
}

impl<'a> Case<'a> {
    fn new(pack: &Pack, resolved: &'a Resolved<'a>, send_at: Timestamp) -> Self {
        let in_force = |from: Option<Timestamp>, until: Option<Timestamp>| {
            from.is_none_or(|from| from <= send_at) && until.is_none_or(|until| send_at < until)
        };
        let members = |set: &crate::pack::Set| {
            let entries = set.entries.iter().filter(|entry| in_force(entry.from, entry.until));
            entries.flat_map(|entry| entry.values.iter().cloned()).collect()
        };
        Self { resolved, sets: pack.sets.iter().map(members).collect() }
    }

    fn judge(&self, rule: &Rule, send_at: Timestamp) -> (Status, BTreeSet<AttributeId>) {
        if !rule.period.contains(send_at) {
            return (Status::NotApplicable, BTreeSet::new());
        }
        let applies = rule.applies.as_ref().map_or(Truth::Known(true), |applies| self.truth(applies));
        if matches!(applies, Truth::Known(false)) {
            return (Status::NotApplicable, BTreeSet::new());
        }
        let kept = match &rule.condition {
            Condition::Requires(condition) => self.truth(condition),
            Condition::Forbids(condition) => match self.truth(condition) {
                Truth::Known(broken) => Truth::Known(!broken),
                lacks @ Truth::Lacks(_) => lacks,
            },
        };
        match (applies, kept) {
            // A violation is impossible, whether the rule applies or not.
            (_, Truth::Known(true)) => (Status::Satisfied, BTreeSet::new()),
            (Truth::Known(_), Truth::Known(false)) => (Status::Violated, BTreeSet::new()),
            (Truth::Known(_), Truth::Lacks(lacking)) | (Truth::Lacks(lacking), Truth::Known(false)) => (Status::Undetermined, lacking),
            (Truth::Lacks(mut lacking), Truth::Lacks(more)) => {
                lacking.extend(more);
                (Status::Undetermined, lacking)
            }
        }
    }

    fn truth(&self, condition: &Expression) -> Truth {
        match cel::evaluate(condition, self) {
            Outcome::Value(Value::Bool(truth)) => Truth::Known(truth),
            Outcome::Undetermined(lacking) => Truth::Lacks(lacking),
            Outcome::Value(_) | Outcome::Error(_) => Truth::Lacks(BTreeSet::new()),
        }
    }
}
