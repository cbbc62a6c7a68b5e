//! Which values of a column can no constraint tell apart?
//!
//! With the campaign known, few constraints are left on each column. Values that satisfy the same of them are one class of the screen, however
//! many the program itself tells apart, so a class fits into a byte and a constraint is a few runs of bytes.

use std::collections::BTreeMap;

use super::kernel::Run;
use crate::program::classes::{ClassIdx, ClassSet, UNKNOWN};

/// Classes of one column of bytes: [`super::kernel::BAD`] is kept for values that cannot be read.
const CLASSES_MAX: usize = 250;

/// One of the kinds of value that a column may hold: the class in each of the axis's dimensions.
pub(super) type Piece = Vec<ClassIdx>;

/// A constraint on one of an axis's dimensions: where the dimension stands in each piece, and the classes that satisfy it.
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
    /// Classes below this have a dimension that is unknown.
    pub(super) open: u8,
}

/// Classes for all constraints: most often one signature, more where a single byte could not tell the pieces apart.
pub(super) fn signatures(pieces: &[Piece], constraints: &[(usize, Wanted<'_>)]) -> Vec<Signature> {
    match signature(pieces, constraints) {
        Some(signature) => vec![signature],
        // Two constraints alone make at most eight classes, so halving ends.
        None => {
            let (first, second) = constraints.split_at(constraints.len() / 2);
            [first, second].iter().flat_map(|half| signatures(pieces, half)).collect()
        }
    }
}

fn signature(pieces: &[Piece], constraints: &[(usize, Wanted<'_>)]) -> Option<Signature> {
    let is_possible = |piece: &Piece, wanted: &Wanted<'_>| {
        let class = piece.get(wanted.dimension).copied().unwrap_or(UNKNOWN);
        class == UNKNOWN || wanted.set.contains(class)
    };
    // Settled ones after open ones, so that whether a row is open is one comparison.
    let key = |piece: &Piece| -> (bool, Vec<bool>) {
        let is_settled = !piece.contains(&UNKNOWN);
        (is_settled, constraints.iter().map(|(_, wanted)| is_possible(piece, wanted)).collect())
    };
    let keys: Vec<_> = pieces.iter().map(key).collect();
    let mut known: BTreeMap<&(bool, Vec<bool>), u8> = keys.iter().map(|key| (key, 0)).collect();
    if known.len() > CLASSES_MAX && constraints.len() > 2 {
        return None;
    }
    known.values_mut().enumerate().for_each(|(number, class)| *class = number as u8);
    let open = known.keys().filter(|(is_settled, _)| !is_settled).count() as u8;
    let runs = constraints.iter().enumerate().map(|(place, (number, _))| {
        let inside = known.iter().filter(|((_, possible), _)| possible.get(place) == Some(&true)).map(|(_, class)| *class);
        (*number, runs(inside))
    });
    let constraints = runs.collect();
    Some(Signature { class_of: keys.iter().map(|key| known.get(key).copied().unwrap_or(0)).collect(), constraints, open })
}

/// Numbers in order, as runs.
fn runs(numbers: impl Iterator<Item = u8>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some(run) if u16::from(run.first) + u16::from(run.more) + 1 == u16::from(number) => run.more += 1,
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
        let pieces: Vec<Piece> = (0..=5).map(|class| vec![class, if class == 3 { 0 } else { 1 }]).collect();
        let (first, second) = (set(5, &[2, 3]), set(5, &[5]));
        let constraints = [(7, Wanted { dimension: 0, set: &first }), (9, Wanted { dimension: 0, set: &second })];
        let found = signatures(&pieces, &constraints);
        let [signature] = found.as_slice() else { panic!("one signature") };
        let class = |piece: usize| signature.class_of[piece];
        assert_eq!(class(1), class(4), "neither constraint tells them apart");
        assert_ne!(class(2), class(3), "one is open");
        assert!(class(0) < signature.open && class(3) < signature.open && class(1) >= signature.open);
        for (number, wanted) in constraints {
            let runs = &signature.constraints.iter().find(|(known, _)| *known == number).unwrap().1;
            for (at, piece) in pieces.iter().enumerate() {
                let class = signature.class_of[at];
                let inside = runs.iter().any(|run| class >= run.first && class - run.first <= run.more);
                assert_eq!(inside, piece[0] == UNKNOWN || wanted.set.contains(piece[0]), "{number} {at}");
            }
        }
    }

    #[test]
    fn more_than_a_byte_can_tell_apart_is_told_by_two() {
        let pieces: Vec<Piece> = (0..2000).map(|class| vec![class]).collect();
        let sets: Vec<ClassSet> = (1..=600).map(|class| set(2000, &[class])).collect();
        let constraints: Vec<_> = sets.iter().enumerate().map(|(at, set)| (at, Wanted { dimension: 0, set })).collect();
        let found = signatures(&pieces, &constraints);
        assert!(found.len() > 2);
        let told: Vec<usize> = found.iter().flat_map(|signature| signature.constraints.iter().map(|(number, _)| *number)).collect();
        assert_eq!(told, (0..600).collect::<Vec<_>>());
    }
}
