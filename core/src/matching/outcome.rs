//! From the outcomes that are possible to a status.
//!
//! A rule has four outcomes. Each is *possible* where the known facts do not rule it out, whatever
//! the unknown ones turn out to be, and with all facts known exactly one is.
//!
//! | violated | error | satisfied | not applicable | status |
//! | --- | --- | --- | --- | --- |
//! | yes | no | no | no | violated |
//! | yes | any other possible | | | undetermined |
//! | no | yes | | | undetermined |
//! | no | no | yes | | satisfied |
//! | no | no | no | yes | not applicable |
//!
//! An error is undetermined: a case that turns out so would be, so no other status may promise
//! otherwise.

use super::bits::Truth;
use crate::verdict::Status;

/// In which cases a rule is violated, and in which it is undetermined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "the two statuses that are reported")]
pub struct Settled<B> {
    /// It is violated.
    pub violated: B,
    /// It is undetermined.
    pub undetermined: B,
}

/// The statuses of a rule, from where it may be violated, where it may fail with an error, and
/// where it may be satisfied or not apply.
///
/// `others` is asked only where its answer matters: of the cases that it is given. What it says of
/// any other case has no effect.
#[inline(always)]
pub fn settle<B: Truth>(violated: B, error: B, others: impl FnOnce(&B) -> B) -> Settled<B> {
    let undetermined = if violated.is_none() {
        error
    } else {
        let asked = violated.without(&error);
        error.or(&asked.and(&others(&asked)))
    };
    Settled { violated: violated.without(&undetermined), undetermined }
}

impl Settled<bool> {
    /// The status of one case. With neither a violation nor an error possible, a rule that may be
    /// satisfied is.
    pub const fn status(self, satisfied: bool) -> Status {
        match (self.violated, self.undetermined, satisfied) {
            (true, _, _) => Status::Violated,
            (false, true, _) => Status::Undetermined,
            (false, false, true) => Status::Satisfied,
            (false, false, false) => Status::NotApplicable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table above, by violated, error, satisfied and not applicable.
    fn table(possible: [bool; 4]) -> Status {
        match possible {
            [true, false, false, false] => Status::Violated,
            [true, ..] | [false, true, ..] => Status::Undetermined,
            [false, false, true, _] => Status::Satisfied,
            [false, false, false, _] => Status::NotApplicable,
        }
    }

    #[test]
    fn one_case_and_many_follow_the_table() {
        let all: Vec<[bool; 4]> =
            (0..16_u32).map(|bits| [0, 1, 2, 3].map(|bit| bits >> bit & 1 == 1)).collect();
        let column = |outcome: usize| {
            all.iter()
                .enumerate()
                .fold(0_u64, |word, (case, possible)| word | u64::from(possible[outcome]) << case)
        };
        let [violated, error, satisfied, not_applicable] = [0, 1, 2, 3].map(column);
        let words = settle(violated, error, |_| satisfied | not_applicable);
        let blocks = settle([0, violated], [0, error], |_| [0, satisfied | not_applicable]);
        assert_eq!(blocks.violated, [0, words.violated]);
        assert_eq!(blocks.undetermined, [0, words.undetermined]);
        for (case, possible) in all.iter().enumerate() {
            let [violated, error, satisfied, not_applicable] = *possible;
            let one = settle(violated, error, |_| satisfied || not_applicable);
            assert_eq!(one.status(satisfied), table(*possible), "{possible:?}");
            assert_eq!(one.violated, words.violated >> case & 1 == 1, "{possible:?}");
            assert_eq!(one.undetermined, words.undetermined >> case & 1 == 1, "{possible:?}");
        }
    }

    #[test]
    fn what_does_not_matter_is_not_asked_for() {
        let unasked = |_: &u64| panic!("nothing is violated");
        assert_eq!(settle(0, 5, unasked), Settled { violated: 0, undetermined: 5 });
        let asked = settle(0b11, 0b01, |asked| {
            assert_eq!(*asked, 0b10);
            u64::MAX
        });
        assert_eq!(asked, Settled { violated: 0, undetermined: 0b11 });
    }
}
