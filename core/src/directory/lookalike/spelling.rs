//! Is one name a misspelling of the other?

/// Half an edit. Costs are counted in halves, since floating point has no place in a decision.
pub(super) const HALF: u32 = 1;
/// A whole edit.
pub(super) const WHOLE: u32 = 2;
/// The longest name that is compared; longer ones are nobody's misspelling.
const LETTERS_MAX: usize = 64;

/// How far two plain names are apart, in half edits, if not farther than [`allowance`] of the known
/// one.
///
/// Optimal string alignment with weights: what typing and imitation do most (two letters change
/// places, a letter is doubled or halved, one is taken for a similar one) costs half of what tells
/// two names apart. The first letter is the one that people look at.
pub(super) fn misspelling(known: &[char], asked: &[char]) -> Option<u32> {
    distance(known, asked, allowance(known, asked))
}

/// As [`misspelling`], with a stated allowance.
pub(super) fn distance(known: &[char], asked: &[char], most: u32) -> Option<u32> {
    if most == 0 || known.len().abs_diff(asked.len()) > 2 {
        return None;
    }
    let width = asked.len() + 1;
    let mut rows = [[0_u32; LETTERS_MAX + 1]; 3];
    let [before_last, last, current] = &mut rows;
    let (mut before_last, mut last, mut current) =
        (before_last.get_mut(..width)?, last.get_mut(..width)?, current.get_mut(..width)?);
    for (cost, count) in last.iter_mut().zip(0..) {
        *cost = count * WHOLE;
    }
    for (row, left) in known.iter().enumerate() {
        if let Some(cost) = current.first_mut() {
            *cost = (row as u32 + 1) * WHOLE;
        }
        let left_before = row.checked_sub(1).and_then(|before| known.get(before));
        for (column, right) in asked.iter().enumerate() {
            let right_before = column.checked_sub(1).and_then(|before| asked.get(before));
            let at =
                |costs: &[u32], column: usize| costs.get(column).copied().unwrap_or(u32::MAX / 2);
            let replaced = at(last, column) + replacing(*left, *right, row == 0 && column == 0);
            let dropped =
                at(last, column + 1) + if left_before == Some(left) { HALF } else { WHOLE };
            let inserted =
                at(current, column) + if right_before == Some(right) { HALF } else { WHOLE };
            let mut least = replaced.min(dropped).min(inserted);
            if left_before == Some(right) && right_before == Some(left) && left != right {
                least = least.min(at(before_last, column.wrapping_sub(1)) + HALF);
            }
            if let Some(cost) = current.get_mut(column + 1) {
                *cost = least;
            }
        }
        if current.iter().all(|cost| *cost > most + WHOLE) {
            return None;
        }
        (before_last, last, current) = (last, current, before_last);
    }
    last.last().copied().filter(|cost| *cost > 0 && *cost <= most)
}

/// How many half edits still make a misspelling of a name of that length, and not another name.
///
/// One letter of `Sinch` away lie *cinch*, *pinch* and *since*; one letter of `Infobip` away lies
/// nothing. A letter put inside a short name rarely makes a word.
fn allowance(known: &[char], asked: &[char]) -> u32 {
    match known.len() {
        5 if asked.len() == 6 && known.first() == asked.first() && known.last() == asked.last() => {
            WHOLE
        }
        0..=3 => 0,
        4..=5 => HALF,
        6..=8 => WHOLE,
        9..=11 => WHOLE + HALF,
        _ => WHOLE + WHOLE,
    }
}

fn replacing(known: char, asked: char, is_first: bool) -> u32 {
    if known == asked {
        0
    } else if is_first {
        WHOLE
    } else if are_alike(known, asked) {
        HALF
    } else {
        WHOLE
    }
}

/// Letters that are taken for one another, by sight, by sound or by a neighbouring key that changes
/// little.
fn are_alike(one: char, other: char) -> bool {
    matches!(
        (one.min(other), one.max(other)),
        ('a', 'e' | 'o')
            | ('b', 'd' | 'p')
            | ('c', 'e' | 'k' | 'o' | 's')
            | ('d', 't')
            | ('e', 'i')
            | ('f', 'p')
            | ('g', 'q')
            | ('h', 'n')
            | ('i', 'j' | 'l' | 'y')
            | ('k', 'q')
            | ('l', 't')
            | ('m', 'n')
            | ('o', 'u')
            | ('p', 'q')
            | ('s', 'z')
            | ('u', 'v')
            | ('v', 'w')
    )
}

#[cfg(test)]
mod tests {
    use super::misspelling;

    #[test]
    fn a_slip_is_a_misspelling_and_another_word_is_not() {
        let cost = |known: &str, asked: &str| {
            misspelling(&known.chars().collect::<Vec<_>>(), &asked.chars().collect::<Vec<_>>())
        };
        for (known, asked, expected) in [
            ("infobip", "infobip", None),
            ("infobip", "infobop", Some(2)),
            ("infobip", "infboip", Some(1)),
            ("infobip", "infobipp", Some(1)),
            ("infobip", "infoblp", Some(1)),
            ("sinch", "sinhc", Some(1)),
            ("sinch", "cinch", None),
            ("mitto", "mito", Some(1)),
            ("brevo", "bravo", Some(1)),
            ("freshworks", "freshbooks", None),
            ("8x8", "8x9", None),
            ("linkmobility", "linkmobillty", Some(1)),
        ] {
            assert_eq!(cost(known, asked), expected, "{known} {asked}");
        }
    }
}
