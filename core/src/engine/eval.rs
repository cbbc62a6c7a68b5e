//! What does an expression that is no rule come to?

use std::sync::Arc;

use crate::cel::{self, Bindings, Environment, ExpressionError, Outcome, SetDeclaration, SetId};
use crate::pack::{Pack, Set};
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
    let sets: Vec<(&Pack, &Set)> = program
        .packs()
        .iter()
        .flat_map(|pack| pack.sets.iter().map(|set| (&**pack, set)))
        .collect();
    let declarations: Vec<SetDeclaration> =
        sets.iter().map(|(pack, set)| declaration(pack, set, &sets)).collect();
    let expression =
        cel::compile(source, &Environment { schema: program.schema(), sets: &declarations })?;
    let known = Known {
        resolved,
        send_at: resolved.facts().send_at(),
        sets: program.sets.iter().flatten().collect(),
    };
    Ok(cel::evaluate(&expression, &known))
}

/// The set as expressions know it: by its name, or by its pack's and its own where another pack has
/// one of that name.
fn declaration(pack: &Pack, set: &Set, all: &[(&Pack, &Set)]) -> SetDeclaration {
    let is_only = all.iter().filter(|(_, other)| other.id == set.id).count() == 1;
    let name =
        if is_only { Arc::clone(&set.id) } else { format!("{}.{}", pack.name, set.id).into() };
    SetDeclaration { name, element: set.element }
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
