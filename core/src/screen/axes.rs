//! Which axes do the constraints of an audience ask for, and which classes satisfy each?

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::axis::{Axis, Runs, Source};
use super::bind::Bound;
use super::column::OnColumn;
use super::expression::{Expression, Lowering};
use super::kernel::{BAD, Run};
use super::pieces::{Pieces, by_code, class_of, pieces_of_boolean};
use super::places::{Places, is_place};
use super::signature::{Signature, Wanted, signatures};
use crate::matching::PackView;
use crate::matching::turns::{self, Line};
use crate::program::Program;
use crate::program::classes::{ClassIdx, ClassSet, UNKNOWN};
use crate::program::clause::DimensionIdx;
use crate::program::dimension::{Dimension, Subject};
use crate::resolve::Resolved;
use crate::resolve::derivations::{self, AxisKind, FirstNull, OfPlaces};
use crate::schema::AttributeId;

/// What one vector of bytes is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum AxisKey {
    /// One given attribute, and all that follows from it alone.
    Column(AttributeId),
    /// `recipient.number_country`
    NumberCountry,
    /// `recipient.country`
    Country,
    /// The local hour, weekday and date.
    Clocks,
    /// A boolean that follows from columns of places.
    OfPlaces(OfPlaces),
    /// What is derived row by row.
    Derived(AttributeId, FirstNull),
    /// A predicate over several columns, or over what is no line.
    Predicate(DimensionIdx),
}

/// The axis that a dimension belongs to.
pub(super) fn key(
    program: &Program,
    bound: &Bound,
    resolved: &Resolved<'_>,
    dimension: DimensionIdx,
) -> AxisKey {
    match program.dimension(dimension).map(|known| known.subject) {
        Some(Subject::Attribute(attribute)) => of_attribute(attribute),
        Some(Subject::Predicate(index)) => {
            let on_column = program.predicates.get(index).and_then(|predicate| {
                let mut read = predicate.attributes.iter().filter(|id| bound.varies(**id));
                let only = *read.next()?;
                let is_simple = read.next().is_none()
                    && of_attribute(only) == AxisKey::Column(only)
                    && !is_place(only);
                let attribute = program.schema.attribute(only);
                let view = PackView { program, pack: predicate.pack, case: resolved };
                let can = is_simple
                    && match Line::of(attribute.ty.base) {
                        _ if attribute.ty.is_list() => false,
                        Some(line) => {
                            turns::turns(&predicate.node, only, line, &view, &mut BTreeSet::new())
                                .is_some()
                        }
                        None => attribute.codes().is_some(),
                    };
                can.then_some(only)
            });
            on_column.map_or(AxisKey::Predicate(dimension), AxisKey::Column)
        }
        None => AxisKey::Predicate(dimension),
    }
}

/// A predicate as an expression over columns.
fn expression(
    program: &Program,
    bound: &Bound,
    resolved: &Resolved<'_>,
    dimension: DimensionIdx,
) -> Option<Expression> {
    let Subject::Predicate(index) = program.dimension(dimension)?.subject else { return None };
    let predicate = program.predicates.get(index)?;
    let lowering = Lowering {
        schema: &program.schema,
        bound,
        known: &PackView { program, pack: predicate.pack, case: resolved },
        pack: predicate.pack,
        of_members: Cell::default(),
        quantifiers: Cell::default(),
    };
    lowering.predicate(&predicate.node)
}

fn of_attribute(attribute: AttributeId) -> AxisKey {
    match derivations::of(attribute).map(|row| row.basis.axis) {
        Some(AxisKind::NumberCountry) => AxisKey::NumberCountry,
        Some(AxisKind::Country) => AxisKey::Country,
        Some(AxisKind::Clocks(_)) => AxisKey::Clocks,
        Some(AxisKind::Places(of)) => AxisKey::OfPlaces(of),
        Some(AxisKind::Column(of)) => AxisKey::Column(of.column),
        Some(AxisKind::Rows(first_null)) => AxisKey::Derived(attribute, first_null),
        Some(AxisKind::Campaign) | None => AxisKey::Column(attribute),
    }
}

/// One axis and the constraints on it, by their numbers, with the classes that satisfy them.
type Built = (Axis, Vec<(usize, Runs)>);

/// Makes the axes of one key; more than one where a byte could not tell all apart.
pub(super) fn build(
    program: &Program,
    bound: &Bound,
    resolved: &Resolved<'_>,
    places: &Places,
    key: AxisKey,
    wanted: &[(DimensionIdx, &ClassSet, u32)],
) -> Vec<Built> {
    let mut dimensions: Vec<DimensionIdx> =
        wanted.iter().map(|(dimension, _, _)| *dimension).collect();
    dimensions.dedup();
    let numbered: Vec<(usize, Wanted<'_>)> = wanted
        .iter()
        .map(|(dimension, set, number)| {
            let place = dimensions.iter().position(|known| known == dimension).unwrap_or_default();
            (*number as usize, Wanted { dimension: place, set })
        })
        .collect();
    let known: Vec<&Dimension> =
        dimensions.iter().filter_map(|dimension| program.dimension(*dimension)).collect();
    let Pieces { pieces, null, bad, numbering, source } = match key {
        AxisKey::NumberCountry => Pieces::derived(places.country_pieces(&known), |classes| {
            Source::NumberCountry(classes.into())
        }),
        AxisKey::Country => Pieces::derived(places.country_pieces(&known), |classes| {
            Source::Country(classes.into())
        }),
        AxisKey::Clocks => Pieces::derived(places.clock_pieces(&known), |classes| {
            Source::Clocks(places.by_clocks(classes))
        }),
        AxisKey::OfPlaces(of) => Pieces::derived(pieces_of_boolean(&known), move |classes| {
            Source::OfPlaces { of, class_of: by_code(classes) }
        }),
        AxisKey::Derived(attribute, first_null) => {
            // An attribute has one dimension, and its classes are all that rows can come to.
            let Some(dimension) = dimensions.first().copied() else { return Vec::new() };
            let count = known.first().map_or(0, |known| known.count as ClassIdx);
            let pieces = (0..=count).map(|class| vec![class]).collect();
            Pieces::derived(pieces, move |classes| Source::Derived {
                attribute,
                first_null,
                dimension,
                class_of: classes.into(),
            })
        }
        AxisKey::Predicate(dimension) => {
            let count = program.dimension(dimension).map_or(0, |known| known.count as ClassIdx);
            let pieces =
                (0..=3).map(|class| vec![if class > count { UNKNOWN } else { class }]).collect();
            let expression = expression(program, bound, resolved, dimension).map(Arc::new);
            Pieces::derived(pieces, move |classes| Source::Predicate {
                dimension,
                expression: expression.clone(),
                class_of: std::array::from_fn(|class| class_of(classes, class)),
            })
        }
        AxisKey::Column(attribute) => {
            let Some(column) = bound.place(attribute) else { return Vec::new() };
            let on = OnColumn {
                program,
                resolved,
                attribute,
                known: program.schema.attribute(attribute),
                column,
                dimensions: &dimensions,
            };
            on.pieces()
        }
    };
    let may_be_bad = matches!(key, AxisKey::Column(attribute) if !is_place(attribute)
        && bound.column(attribute).is_some_and(|column| column.may_be_bad));
    let built = signatures(&pieces, bad, &numbered, numbering).into_iter().map(|signature| {
        let Signature { class_of: classes, constraints, open } = signature;
        let is_open = |class: u8| open.iter().any(|run| run.holds(class));
        let readable = || {
            classes
                .iter()
                .enumerate()
                .filter(|(piece, _)| Some(*piece) != null && Some(*piece) != bad)
                .map(|(_, class)| *class)
        };
        let is_open_by_null = null.is_some() && !readable().any(is_open);
        let null = null
            .map(|null| class_of(&classes, null))
            .filter(|null| readable().all(|class| class != *null));
        let of_bad = bad.map(|bad| Run { first: class_of(&classes, bad), more: 0 });
        let axis = Axis {
            source: source(&classes),
            is_open_by_null,
            bad: if may_be_bad {
                [Run { first: BAD, more: 0 }].into_iter().chain(of_bad).collect()
            } else {
                Box::default()
            },
            constraints: constraints.iter().map(|(number, _)| *number as u32).collect(),
            open: open.into(),
        };
        let count = classes.iter().max().map_or(0, |last| usize::from(*last) + 1);
        (
            axis,
            constraints
                .into_iter()
                .map(|(number, runs)| (number, Runs::new(runs, null, count)))
                .collect(),
        )
    });
    built.collect()
}
