//! Which values of a column can no constraint tell apart?
//!
//! With the campaign known, few constraints are left on each column. Values that satisfy the same
//! of them are one class of the screen, however many the program itself distinguishes, so a class
//! fits into a byte and a constraint is a few runs of bytes.

use std::collections::BTreeSet;

use super::kernel::Run;
use crate::program::classes::{ClassIdx, ClassSet, UNKNOWN};

/// Classes of one column of bytes: [`super::kernel::BAD`] is kept for values that cannot be read.
const CLASSES_MAX: usize = 250;

/// One of the kinds of value that a column may hold: the class in each of the axis's dimensions.
pub(super) type Piece = Vec<ClassIdx>;

/// A constraint on one of an axis's dimensions: where the dimension stands in each piece, and the
/// classes that satisfy it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'p> {
    pub(super) dimension: usize,
    pub(super) set: &'p ClassSet,
}

/// How pieces fall into classes of bytes, for as many of the constraints as fit.
#[derive(Clone, Debug)]
pub(super) struct Signature {
    /// The class of each piece.
    pub(super) class_of: Vec<u8>,
    /// The constraints, by their numbers, each with the classes for which it is possible.
    pub(super) constraints: Vec<(usize, Vec<Run>)>,
    /// The classes that leave some dimension unknown.
    pub(super) open: Vec<Run>,
}

/// How classes are numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbering {
    /// One number for all pieces that satisfy the same.
    Merged,
    /// In the order of pieces, neighbours that satisfy the same together: along a line, the number
    /// is how many places have been passed.
    InOrder,
}

/// Classes for all constraints: most often one signature, more where a single byte could not tell
/// the pieces apart. A piece of values that the attribute cannot hold has a class of its own, and
/// otherwise counts as the piece before it, so that runs do not break there.
pub(super) fn signatures(
    pieces: &[Piece],
    bad: Option<usize>,
    constraints: &[(usize, Wanted<'_>)],
    numbering: Numbering,
) -> Vec<Signature> {
    match signature(pieces, bad, constraints, numbering) {
        Some(signature) => vec![signature],
        // Two constraints alone make at most nine classes when merged, so halving ends.
        None if constraints.len() <= 2 => signatures(pieces, bad, constraints, Numbering::Merged),
        None => {
            let (first, second) = constraints.split_at(constraints.len() / 2);
            [first, second]
                .iter()
                .flat_map(|half| signatures(pieces, bad, half, numbering))
                .collect()
        }
    }
}

/// Whether everything is known of a piece, which constraints are possible for it, and whether its
/// values are bad.
type Satisfied = (bool, Vec<bool>, bool);

fn signature(
    pieces: &[Piece],
    bad: Option<usize>,
    constraints: &[(usize, Wanted<'_>)],
    numbering: Numbering,
) -> Option<Signature> {
    let is_possible = |piece: &Piece, wanted: &Wanted<'_>| {
        let class = piece.get(wanted.dimension).copied().unwrap_or(UNKNOWN);
        class == UNKNOWN || wanted.set.contains(class)
    };
    let satisfied = |(place, piece): (usize, &Piece)| -> Satisfied {
        let is_bad = bad == Some(place);
        let like = if is_bad {
            place.checked_sub(1).and_then(|before| pieces.get(before)).unwrap_or(piece)
        } else {
            piece
        };
        (
            !like.contains(&UNKNOWN),
            constraints.iter().map(|(_, wanted)| is_possible(like, wanted)).collect(),
            is_bad,
        )
    };
    let satisfied: Vec<Satisfied> = pieces.iter().enumerate().map(satisfied).collect();
    // The class of each piece, and what each class satisfies.
    let (class_of, classes) = match numbering {
        Numbering::Merged => merged(&satisfied),
        Numbering::InOrder => in_order(&satisfied),
    };
    if classes.len() > CLASSES_MAX {
        return None;
    }
    let numbered = || classes.iter().zip(0..=u8::MAX);
    let runs_of = |place: usize| {
        runs(
            numbered()
                .filter(|((_, possible, _), _)| possible.get(place) == Some(&true))
                .map(|(_, class)| class),
        )
    };
    let constraints = constraints
        .iter()
        .enumerate()
        .map(|(place, (number, _))| (*number, runs_of(place)))
        .collect();
    let open = runs(
        numbered()
            .filter(|((is_settled, _, is_bad), _)| !is_settled && !is_bad)
            .map(|(_, class)| class),
    );
    Some(Signature {
        class_of: class_of.into_iter().map(|class| class as u8).collect(),
        constraints,
        open,
    })
}

fn merged(satisfied: &[Satisfied]) -> (Vec<usize>, Vec<&Satisfied>) {
    let classes: BTreeSet<&Satisfied> = satisfied.iter().collect();
    let classes: Vec<&Satisfied> = classes.into_iter().collect();
    (
        satisfied.iter().map(|piece| classes.binary_search(&piece).unwrap_or_default()).collect(),
        classes,
    )
}

fn in_order(satisfied: &[Satisfied]) -> (Vec<usize>, Vec<&Satisfied>) {
    let mut classes: Vec<&Satisfied> = Vec::new();
    let class = |piece| {
        if classes.last().is_none_or(|last| *last != piece) {
            classes.push(piece);
        }
        classes.len() - 1
    };
    (satisfied.iter().map(class).collect(), classes)
}

/// Numbers in order, as runs.
fn runs(numbers: impl Iterator<Item = u8>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some(run) if u16::from(run.first) + u16::from(run.more) + 1 == u16::from(number) => {
                run.more += 1;
            }
            _ => runs.push(Run { first: number, more: 0 }),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(classes: usize, inside: &[ClassIdx]) -> ClassSet {
        ClassSet::of(classes, |class| inside.contains(&class))
    }

    #[test]
    fn values_that_satisfy_the_same_constraints_are_one_class() {
        // Unknown, five classes of a first dimension, and the second dimension unknown throughout.
        let pieces: Vec<Piece> =
            (0..=5).map(|class| vec![class, if class == 3 { 0 } else { 1 }]).collect();
        let (first, second) = (set(5, &[2, 3]), set(5, &[5]));
        let constraints =
            [(7, Wanted { dimension: 0, set: &first }), (9, Wanted { dimension: 0, set: &second })];
        let found = signatures(&pieces, None, &constraints, Numbering::Merged);
        let [signature] = found.as_slice() else { panic!("one signature") };
        let class = |piece: usize| signature.class_of[piece];
        assert_eq!(class(1), class(4), "neither constraint tells them apart");
        assert_ne!(class(2), class(3), "one is open");
        let is_open =
            |class: u8| signature.open.iter().any(|run| class.wrapping_sub(run.first) <= run.more);
        assert!(is_open(class(0)) && is_open(class(3)) && !is_open(class(1)));
        for (number, wanted) in constraints {
            let runs = &signature.constraints.iter().find(|(known, _)| *known == number).unwrap().1;
            for (at, piece) in pieces.iter().enumerate() {
                let class = signature.class_of[at];
                let inside =
                    runs.iter().any(|run| class >= run.first && class - run.first <= run.more);
                assert_eq!(
                    inside,
                    piece[0] == UNKNOWN || wanted.set.contains(piece[0]),
                    "{number} {at}"
                );
            }
        }
    }

    #[test]
    fn along_a_line_the_class_is_how_many_places_were_passed() {
        let pieces: Vec<Piece> = [1, 2, 3, 4, 1].map(|class| vec![class]).to_vec();
        let below = set(4, &[1, 2]);
        let found = signatures(
            &pieces,
            None,
            &[(0, Wanted { dimension: 0, set: &below })],
            Numbering::InOrder,
        );
        let [signature] = found.as_slice() else { panic!("one signature") };
        assert_eq!(signature.class_of, [0, 0, 1, 1, 2]);
        assert_eq!(
            signature.constraints,
            [(0, vec![Run { first: 0, more: 0 }, Run { first: 2, more: 0 }])]
        );
    }

    #[test]
    fn more_than_a_byte_can_tell_apart_is_held_by_two() {
        let pieces: Vec<Piece> = (0..2000).map(|class| vec![class]).collect();
        let sets: Vec<ClassSet> = (1..=600).map(|class| set(2000, &[class])).collect();
        let constraints: Vec<_> =
            sets.iter().enumerate().map(|(at, set)| (at, Wanted { dimension: 0, set })).collect();
        for numbering in [Numbering::Merged, Numbering::InOrder] {
            let found = signatures(&pieces, None, &constraints, numbering);
            assert!(found.len() > 2);
            let listed: Vec<usize> = found
                .iter()
                .flat_map(|signature| signature.constraints.iter().map(|(number, _)| *number))
                .collect();
            assert_eq!(listed, (0..600).collect::<Vec<_>>());
        }
    }
}
