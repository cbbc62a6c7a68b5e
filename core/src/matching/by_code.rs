//! Which predicates does the value of one attribute settle?
//!
//! An attribute of few values, each with a [code](crate::schema::Code) of its own, settles whatever
//! reads nothing else: `campaign.vertical.startsWith("g")` holds for some codes and fails for
//! others. Such a predicate is worked out for each of them once, and looked up from then on as the
//! attribute itself is.

use super::case::{Case, class_of_predicate};
use crate::program::Program;
use crate::program::classes::{ClassIdx, UNKNOWN};
use crate::program::clause::DimensionIdx;
use crate::program::dimension::Subject;
use crate::program::table::{Column, Lookup};
use crate::schema::{AttributeId, CODE_ABSENT, CODE_UNKNOWN, Code, Scope};
use crate::value::Fact;

/// Predicates that are worked out so, and values for which they are, all together: what is worked
/// out for every case, and what loading takes, are bounded by them.
const PREDICATES_MAX: usize = 256;
const CODES_MAX: usize = 1 << 14;

/// One attribute, and nothing else is known.
struct Alone(AttributeId, Fact);

impl Case for Alone {
    fn fact(&self, id: AttributeId) -> &Fact {
        if id == self.0 { &self.1 } else { &Fact::Unknown }
    }

    fn scope(&self) -> Scope {
        Scope::Recipient
    }
}

/// Works out predicates over one attribute of few values for each of them.
#[must_use]
pub fn by_code(mut program: Program) -> Program {
    let (mut kept, mut codes_left) = (Vec::new(), CODES_MAX);
    let columns_max = program.table.columns.len() + PREDICATES_MAX;
    let trees = std::mem::take(&mut program.table.predicates);
    let constrained = std::mem::take(&mut program.table.constrained);
    for (place, constrained) in trees.into_iter().zip(constrained) {
        let has_room = program.table.columns.len() < columns_max;
        let found = classes(&program, place, if has_room { codes_left } else { 0 });
        let Some((attribute, classes)) = found else {
            kept.push((place, constrained));
            continue;
        };
        codes_left -= classes.len();
        let first = program.table.class_of_code.len() as u32;
        let rows = classes.iter().map(|class| program.table.number(place, *class));
        let rows = program.table.row_of_code.iter().copied().chain(rows).collect();
        let known = program.table.class_of_code.iter().copied();
        program.table.class_of_code = known.chain(classes.iter().copied()).collect();
        program.table.row_of_code = rows;
        program.table.coded.get_mut(place.index()).into_iter().for_each(|of| *of = Some(first));
        let lookup = Lookup::Code { attribute, first };
        program.table.columns.push(Column { dimension: place, lookup });
    }
    (program.table.predicates, program.table.constrained) = kept.into_iter().unzip();
    program
}

/// The attribute that a predicate reads, where it is one of few values, and the predicate's class
/// for each of its codes, if it has no more than that.
fn classes(
    program: &Program,
    place: DimensionIdx,
    codes_max: usize,
) -> Option<(AttributeId, Vec<ClassIdx>)> {
    let Subject::Predicate(index) = program.dimension(place)?.subject else { return None };
    let predicate = program.predicates.get(index)?;
    let mut attributes = predicate.attributes.iter().copied();
    let (Some(id), None) = (attributes.next(), attributes.next()) else { return None };
    let attribute = program.schema.attribute(id);
    let codes = attribute.codes().filter(|codes| *codes <= codes_max)?;
    let fact = |code: Code| match code {
        CODE_UNKNOWN => Some(Fact::Unknown),
        CODE_ABSENT => Some(Fact::Absent),
        code => attribute.value_of_code(code).map(Fact::Value),
    };
    let class = |code: Code| {
        let class = class_of_predicate(program, place, &Alone(id, fact(code)?));
        // What a limit on work keeps from having a value is told where it is met.
        (code == CODE_UNKNOWN || class != UNKNOWN).then_some(class)
    };
    let classes: Option<Vec<ClassIdx>> = (0..codes as Code).map(class).collect();
    Some((id, classes?))
}
