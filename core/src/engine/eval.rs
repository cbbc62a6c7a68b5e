//! What is the value of an expression that is not part of a rule?

use std::sync::Arc;

use crate::cel::{
    self, Bindings, Environment, ExpressionError, NamedCondition, NamedTable, Outcome,
    SetDeclaration, SetId,
};
use crate::pack::Pack;
use crate::program::Program;
use crate::program::sets::Timeline;
use crate::resolve::Resolved;
use crate::schema::AttributeId;
use crate::time::Timestamp;
use crate::value::{Fact, Value};

/// Evaluates an expression over all that is known of a case.
pub(super) fn eval(
    program: &Program,
    source: &str,
    resolved: &Resolved<'_>,
) -> Result<Outcome, ExpressionError> {
    let packs = program.packs();
    let names = |name: for<'p> fn(&'p Pack) -> Vec<&'p Arc<str>>| -> Vec<&Arc<str>> {
        packs.iter().flat_map(|pack| name(pack)).collect()
    };
    let of_sets = names(|pack| pack.sets.iter().map(|set| &set.id).collect());
    let of_conditions = names(|pack| pack.conditions.iter().map(|named| &named.name).collect());
    let of_tables = names(|pack| pack.tables.iter().map(|table| &table.declaration.name).collect());
    let mut sets: Vec<SetDeclaration> = Vec::new();
    let mut conditions: Vec<NamedCondition> = Vec::new();
    let mut tables: Vec<NamedTable> = Vec::new();
    for pack in packs {
        // Within a pack a set has its place there, and here one among those of all.
        let first = u16::try_from(sets.len()).unwrap_or(u16::MAX);
        sets.extend(pack.sets.iter().map(|set| SetDeclaration {
            name: written(pack, &set.id, &of_sets),
            element: set.element,
        }));
        conditions.extend(pack.conditions.iter().map(|named| NamedCondition {
            name: written(pack, &named.name, &of_conditions),
            expression: named.expression.clone().with_sets_from(first),
        }));
        tables.extend(pack.tables.iter().map(|table| {
            let mut table = table.clone();
            table.declaration.name = written(pack, &table.declaration.name, &of_tables);
            table
        }));
    }
    let environment = Environment { schema: program.schema(), sets: &sets };
    let expression = cel::compile_with(source, &environment, &conditions, &tables)?;
    let known = Known {
        resolved,
        send_at: resolved.facts().send_at(),
        sets: program.sets.iter().flatten().collect(),
    };
    Ok(cel::evaluate(&expression, &known))
}

/// A name as expressions write it: alone, or with its pack's where another pack has the same.
fn written(pack: &Pack, name: &Arc<str>, all: &[&Arc<str>]) -> Arc<str> {
    let is_only = all.iter().filter(|other| **other == name).count() == 1;
    if is_only {
        Arc::clone(name)
    } else {
        format!("{}.{name}", pack.name.replace('-', "_")).into()
    }
}

/// All that is known.
struct Known<'a> {
    resolved: &'a Resolved<'a>,
    send_at: Option<Timestamp>,
    /// The sets of all packs, in stacking order.
    sets: Vec<&'a Timeline>,
}

impl Known<'_> {
    fn timeline(&self, id: SetId) -> Option<&Timeline> {
        self.sets.get(usize::from(id.0)).copied()
    }
}

impl Bindings for Known<'_> {
    fn fact(&self, id: AttributeId) -> &Fact {
        self.resolved.fact(id)
    }

    fn set(&self, id: SetId) -> &[Value] {
        self.timeline(id)
            .map_or(&[], |timeline| timeline.at(self.send_at.unwrap_or(Timestamp::MIN)))
    }

    fn knows_set(&self, id: SetId) -> bool {
        self.send_at.is_some()
            || self.timeline(id).is_some_and(|timeline| timeline.boundaries().is_empty())
    }
}
