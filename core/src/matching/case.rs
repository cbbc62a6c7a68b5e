//! What is a case to matching?

use crate::cel::{self, SetId};
use crate::program::Program;
use crate::program::classes::{ClassIdx, UNKNOWN};
use crate::program::clause::DimensionIdx;
use crate::program::dimension::{Predicate, Subject};
use crate::resolve::{OfRecipient, Resolved};
use crate::schema::attributes::SEND_AT;
use crate::schema::{AttributeId, Code, Schema, Scope};
use crate::time::Timestamp;
use crate::value::{Fact, Value};

/// One case: what is known of each attribute, given or derived.
pub trait Case {
    /// What is known of an attribute.
    fn fact(&self, id: AttributeId) -> &Fact;
    /// Whether a recipient is given.
    fn scope(&self) -> Scope;
    /// What is known of an attribute, as a code.
    fn code(&self, schema: &Schema, id: AttributeId) -> Code {
        schema.attribute(id).code(self.fact(id))
    }
    /// The rows of a program's columns in which the case lies, where they are known already, and
    /// whether some fact is unknown.
    fn rows(&self, _: &Program) -> Option<(&[u32], bool)> {
        None
    }
}

impl Case for Resolved<'_> {
    fn fact(&self, id: AttributeId) -> &Fact {
        self.for_rules(id)
    }

    fn scope(&self) -> Scope {
        self.facts().scope()
    }

    #[inline]
    fn code(&self, _: &Schema, id: AttributeId) -> Code {
        Resolved::code(self, id)
    }

    fn rows(&self, program: &Program) -> Option<(&[u32], bool)> {
        Resolved::rows(self, program)
    }
}

impl Case for OfRecipient<'_> {
    fn fact(&self, id: AttributeId) -> &Fact {
        self.for_rules(id)
    }

    fn scope(&self) -> Scope {
        self.facts().scope()
    }

    #[inline]
    fn code(&self, _: &Schema, id: AttributeId) -> Code {
        OfRecipient::code(self, id)
    }
}

/// The class of a predicate's dimension in a case.
pub(crate) fn class_of_predicate<C: Case + ?Sized>(
    program: &Program,
    place: DimensionIdx,
    case: &C,
) -> ClassIdx {
    let Some(dimension) = program.dimension(place) else { return UNKNOWN };
    let Subject::Predicate(index) = dimension.subject else { return UNKNOWN };
    let Some(predicate) = program.predicates.get(index) else { return UNKNOWN };
    if let Some(simple) = program.class_of_predicate(place, index, |id| case.fact(id)) {
        return simple;
    }
    let bindings = PackView { program, pack: predicate.pack, case };
    if let Some(holds) = cel::holds(&predicate.node, &bindings) {
        return Predicate::class_of_truth(holds);
    }
    predicate.class_without_value(|id| case.fact(id)).unwrap_or_else(|| {
        let class = Predicate::class_of(&cel::evaluate_node(&predicate.node, &bindings));
        // Only a limit on work makes an infallible predicate fail, and what meets one is
        // undetermined.
        if usize::from(class) > dimension.count { UNKNOWN } else { class }
    })
}

/// A case as the conditions of one pack see it: facts, and that pack's sets at `send_at`.
pub(crate) struct PackView<'a, C: ?Sized> {
    pub(crate) program: &'a Program,
    pub(crate) pack: usize,
    pub(crate) case: &'a C,
}

impl<C: Case + ?Sized> cel::Bindings for PackView<'_, C> {
    fn fact(&self, id: AttributeId) -> &Fact {
        self.case.fact(id)
    }

    fn set(&self, id: SetId) -> &[Value] {
        let at = match self.case.fact(SEND_AT) {
            Fact::Value(Value::Timestamp(at)) => *at,
            // Every check has an instant; a set asked for without one has the members it began
            // with.
            _ => Timestamp::MIN,
        };
        self.program
            .sets
            .get(self.pack)
            .and_then(|sets| sets.get(usize::from(id.0)))
            .map_or(&[], |set| set.at(at))
    }
}
