//! What every call gives back, and the words of a decision.

use std::ffi::c_char;

use cleartosend::Lang;

use crate::boundary::Failure;
use crate::input::Safe;

/// What every call gives back. Numbers are never reused. None but `CTS_OK` says that all is well.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum cts_status {
    /// All is well, and the outputs are written.
    CTS_OK = 0,
    /// A pointer that must not be NULL is NULL.
    CTS_ERR_NULL = 1,
    /// A pointer is not to a handle of the type that the function takes, or is not aligned as what
    /// it is to.
    CTS_ERR_HANDLE = 2,
    /// A text is not UTF-8.
    CTS_ERR_UTF8 = 3,
    /// A length is more than any object can have, or more than anything of its kind has.
    CTS_ERR_LENGTH = 4,
    /// This library does not know the `struct_size` of a structure.
    CTS_ERR_STRUCT_SIZE = 5,
    /// A number is not one of those that are allowed.
    CTS_ERR_VALUE = 6,
    /// An index is past the end.
    CTS_ERR_INDEX = 7,
    /// There is no such attribute, or it is one of another engine.
    CTS_ERR_ATTRIBUTE = 8,
    /// A campaign document, or a value of an attribute, is refused. The error says which and why.
    CTS_ERR_FACTS = 9,
    /// A pack is refused, or the packs do not go together. The error says where and why.
    CTS_ERR_PACK = 10,
    /// A directory is refused.
    CTS_ERR_DIRECTORY = 11,
    /// A file or folder cannot be read.
    CTS_ERR_FILE = 12,
    /// The facts were made when the engine had other attributes: make them anew.
    CTS_ERR_OTHER_ENGINE = 13,
    /// There is nothing to tell yet: the report was not filled, or the account has no event.
    CTS_ERR_EMPTY = 14,
    /// The state of an account, an event of it, or a question about it is refused. The error says
    /// which and why.
    CTS_ERR_ACCOUNT = 15,
    /// An audience is refused: before its first row, or a file of one where it is wrong. The error
    /// says which column or line and why, or what its stream said.
    CTS_ERR_AUDIENCE = 16,
    /// The screening is at work in another call. Ask again when that has returned.
    CTS_ERR_BUSY = 17,
    /// A record cannot be made: its mask key is none, or something that is to be hidden would stand
    /// in it. The error says which and why.
    CTS_ERR_RECORD = 18,
    /// A defect of this library.
    CTS_ERR_INTERNAL = 98,
    /// A defect of this library, caught before it reached the caller. Free the handles that the
    /// call was to change.
    CTS_ERR_PANIC = 99,
}

/// What a check concludes. The worst finding wins.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum cts_verdict {
    /// No verdict: the call failed, or nothing was judged. Not clear to send.
    CTS_VERDICT_NONE = 0,
    /// Nothing known stands against sending.
    CTS_ALLOW = 1,
    /// A person must decide, or a fact is missing.
    CTS_REVIEW = 2,
    /// Sending would break a rule that is in force.
    CTS_DENY = 3,
}

/// What a finding amounts to: a number of `cts_verdict`, or `CTS_NOTE`. From mild to grave they are
/// `CTS_ALLOW`, `CTS_NOTE`, `CTS_REVIEW`, `CTS_DENY`: compare what `cts_finding_verdict_rank`
/// gives, and not the numbers.
pub type cts_finding_verdict = i32;

/// The verdict of a finding that is shown, and does not change the verdict of the decision.
pub const CTS_NOTE: i32 = 4;

/// What one rule says of one case.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum cts_finding_status {
    /// Nothing: the call that should have set it failed.
    CTS_FINDING_STATUS_NONE = 0,
    /// The rule is in force, applies, and is violated.
    CTS_VIOLATED = 1,
    /// The given facts do not settle the rule.
    CTS_UNDETERMINED = 2,
    /// The rule is in force, applies, and is satisfied.
    CTS_SATISFIED = 3,
    /// The rule is not in force at `send_at`, or does not apply.
    CTS_NOT_APPLICABLE = 4,
}

/// Which rules a decision reports.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum cts_told {
    /// Those that are violated or undetermined.
    CTS_FINDINGS = 0,
    /// All, also those that are satisfied or do not apply.
    CTS_EVERY_RULE = 1,
}

/// In which language people read.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum cts_language {
    /// English.
    CTS_ENGLISH = 0,
    /// Spanish.
    CTS_SPANISH = 1,
    /// Portuguese, as written in Brazil.
    CTS_PORTUGUESE = 2,
}

/// How far the timeline of an explanation reaches.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum cts_timeline {
    /// 30 days from the instant of sending.
    CTS_TIMELINE_DAYS = 0,
    /// To an instant.
    CTS_TIMELINE_UNTIL = 1,
    /// There is none, and no fix by sending later: the rest takes a fraction of the time.
    CTS_TIMELINE_NONE = 2,
}

/// Which columns of an audience may hold texts.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum cts_texts {
    /// Those of attributes that are texts.
    CTS_TEXTS_OF_TEXTS = 0,
    /// All: numbers, truth values and instants are read from texts as a campaign document has them.
    /// For tables that have no types, such as CSV.
    CTS_TEXTS_OF_ANYTHING = 1,
}

/// A format of tables.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum cts_format {
    /// What the ending of a file's name says: `.csv`, `.tsv`, `.ndjson`, `.jsonl`, `.parquet`,
    /// `.arrow`, `.ipc`, `.feather` or `.arrows`.
    CTS_FORMAT_BY_NAME = 0,
    /// Comma-separated values with a heading.
    CTS_CSV = 1,
    /// JSON objects, one a line.
    CTS_NDJSON = 2,
    /// Apache Parquet. A library may be built without: it is then `CTS_ERR_VALUE`, with an error that
    /// says so.
    CTS_PARQUET = 3,
    /// Arrow IPC, the file format.
    CTS_ARROW = 4,
    /// Arrow IPC, the stream format.
    CTS_ARROW_STREAM = 5,
}

/// What a directory says of a provider.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum cts_listing {
    /// The directory cannot tell, or the call failed.
    CTS_LISTING_UNKNOWN = 0,
    /// In the list at that instant.
    CTS_LISTED = 1,
    /// It was in the list before, and no longer at that instant.
    CTS_DELISTED = 2,
    /// Not in the list, which is complete for that instant.
    CTS_UNLISTED = 3,
}

/// What became of one change of an event.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum cts_change_outcome {
    /// Nothing: the call that should have said it failed.
    CTS_CHANGE_NONE = 0,
    /// It was new and says something.
    CTS_CHANGE_APPLIED = 1,
    /// It was known, and changed nothing.
    CTS_CHANGE_REPEATED = 2,
    /// It was kept, and was not understood.
    CTS_CHANGE_UNKNOWN = 3,
    /// It was understood and kept, and says nothing of what may be sent.
    CTS_CHANGE_NOTED = 4,
    /// It concerns messages and not the account, and was not kept.
    CTS_CHANGE_PASSED = 5,
}

/// The name of a status, such as `CTS_ERR_NULL`, ended by a NUL; `unknown` for any other number. It
/// lives as long as the library.
#[unsafe(no_mangle)]
pub extern "C" fn cts_status_name(status: i32) -> *const c_char {
    let known = ALL.iter().find(|(known, _)| *known as i32 == status);
    known.map_or("unknown\0", |(_, name)| name).as_ptr().cast()
}

/// The name of a verdict as decisions write it, also that of a finding, such as `deny` or `note`,
/// ended by a NUL; `none` for `CTS_VERDICT_NONE`, and `unknown` for any other number. It lives as
/// long as the library.
#[unsafe(no_mangle)]
pub extern "C" fn cts_verdict_name(verdict: i32) -> *const c_char {
    match verdict {
        0 => "none\0",
        1 => "allow\0",
        2 => "review\0",
        3 => "deny\0",
        4 => "note\0",
        _ => "unknown\0",
    }
    .as_ptr()
    .cast()
}

/// How grave the verdict of a finding is, for comparing: 1 for `CTS_ALLOW`, 2 for `CTS_NOTE`, 3 for
/// `CTS_REVIEW`, 4 for `CTS_DENY`. What is none of them, `CTS_VERDICT_NONE` too, is 5: it must not
/// pass for anything better.
#[unsafe(no_mangle)]
pub extern "C" fn cts_finding_verdict_rank(verdict: i32) -> i32 {
    match verdict {
        1 => 1,
        CTS_NOTE => 2,
        2 => 3,
        3 => 4,
        _ => 5,
    }
}

/// The name of a finding's status as decisions write it, such as `violated`, ended by a NUL; `none`
/// for `CTS_FINDING_STATUS_NONE`, and `unknown` for any other number. It lives as long as the
/// library.
#[unsafe(no_mangle)]
pub extern "C" fn cts_finding_status_name(status: i32) -> *const c_char {
    match status {
        0 => "none\0",
        1 => "violated\0",
        2 => "undetermined\0",
        3 => "satisfied\0",
        4 => "not_applicable\0",
        _ => "unknown\0",
    }
    .as_ptr()
    .cast()
}

/// The name of a listing, such as `delisted`, ended by a NUL; `unknown` for `CTS_LISTING_UNKNOWN`
/// and any other number. It lives as long as the library.
#[unsafe(no_mangle)]
pub extern "C" fn cts_listing_name(listing: i32) -> *const c_char {
    match listing {
        1 => "listed\0",
        2 => "delisted\0",
        3 => "unlisted\0",
        _ => "unknown\0",
    }
    .as_ptr()
    .cast()
}

/// The name of what became of a change, such as `applied`, ended by a NUL; `none` for
/// `CTS_CHANGE_NONE`, `not_understood` for `CTS_CHANGE_UNKNOWN`, and `unknown` for any other
/// number. It lives as long as the library.
#[unsafe(no_mangle)]
pub extern "C" fn cts_change_outcome_name(outcome: i32) -> *const c_char {
    match outcome {
        0 => "none\0",
        1 => "applied\0",
        2 => "repeated\0",
        3 => "not_understood\0",
        4 => "noted\0",
        5 => "passed\0",
        _ => "unknown\0",
    }
    .as_ptr()
    .cast()
}

macro_rules! named {
    ($($status:ident),+ $(,)?) => {
        const ALL: &[(cts_status, &str)] = &[$((cts_status::$status, concat!(stringify!($status), "\0")),)+];

        /// Does not compile when a status is not in the list above.
        const _: fn(cts_status) = |status| match status { $(cts_status::$status => {})+ };
    };
}

named! {
    CTS_OK, CTS_ERR_NULL, CTS_ERR_HANDLE, CTS_ERR_UTF8, CTS_ERR_LENGTH, CTS_ERR_STRUCT_SIZE, CTS_ERR_VALUE, CTS_ERR_INDEX,
    CTS_ERR_ATTRIBUTE, CTS_ERR_FACTS, CTS_ERR_PACK, CTS_ERR_DIRECTORY, CTS_ERR_FILE, CTS_ERR_OTHER_ENGINE, CTS_ERR_EMPTY,
    CTS_ERR_ACCOUNT, CTS_ERR_AUDIENCE, CTS_ERR_BUSY, CTS_ERR_RECORD, CTS_ERR_INTERNAL, CTS_ERR_PANIC,
}

impl Safe for cts_verdict {
    const SAFE: Self = Self::CTS_VERDICT_NONE;
}

/// The number of a finding's verdict.
/// The language that C means.
pub(crate) fn language(number: i32) -> Result<Lang, Failure> {
    match number {
        0 => Ok(Lang::English),
        1 => Ok(Lang::Spanish),
        2 => Ok(Lang::Portuguese),
        other => {
            let expected = "CTS_ENGLISH, CTS_SPANISH or CTS_PORTUGUESE";
            Err(Failure::value("language", other, expected))
        }
    }
}

pub(crate) fn of_finding(verdict: cleartosend::FindingVerdict) -> cts_finding_verdict {
    use cleartosend::FindingVerdict;
    match verdict {
        FindingVerdict::Allow => cts_verdict::CTS_ALLOW as i32,
        FindingVerdict::Note => CTS_NOTE,
        FindingVerdict::Review => cts_verdict::CTS_REVIEW as i32,
        FindingVerdict::Deny => cts_verdict::CTS_DENY as i32,
    }
}

impl From<cleartosend::Verdict> for cts_verdict {
    fn from(verdict: cleartosend::Verdict) -> Self {
        use cleartosend::Verdict;
        match verdict {
            Verdict::Allow => Self::CTS_ALLOW,
            Verdict::Review => Self::CTS_REVIEW,
            Verdict::Deny => Self::CTS_DENY,
        }
    }
}

impl From<cleartosend::Status> for cts_finding_status {
    fn from(status: cleartosend::Status) -> Self {
        use cleartosend::Status;
        match status {
            Status::Violated => Self::CTS_VIOLATED,
            Status::Undetermined => Self::CTS_UNDETERMINED,
            Status::Satisfied => Self::CTS_SATISFIED,
            Status::NotApplicable => Self::CTS_NOT_APPLICABLE,
        }
    }
}

impl From<cleartosend::directory::Listing> for cts_listing {
    fn from(listing: cleartosend::directory::Listing) -> Self {
        use cleartosend::directory::Listing;
        match listing {
            Listing::Listed => Self::CTS_LISTED,
            Listing::Delisted => Self::CTS_DELISTED,
            Listing::Unlisted => Self::CTS_UNLISTED,
            Listing::Unknown => Self::CTS_LISTING_UNKNOWN,
        }
    }
}

impl From<cleartosend_account::ChangeOutcome> for cts_change_outcome {
    fn from(outcome: cleartosend_account::ChangeOutcome) -> Self {
        use cleartosend_account::ChangeOutcome;
        match outcome {
            ChangeOutcome::Applied => Self::CTS_CHANGE_APPLIED,
            ChangeOutcome::Repeated => Self::CTS_CHANGE_REPEATED,
            ChangeOutcome::NotUnderstood => Self::CTS_CHANGE_UNKNOWN,
            ChangeOutcome::Noted => Self::CTS_CHANGE_NOTED,
            ChangeOutcome::Passed => Self::CTS_CHANGE_PASSED,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cleartosend::directory::Listing;
    use cleartosend::{FindingVerdict, Status, Verdict};
    use cleartosend_account::ChangeOutcome;

    fn text(name: *const c_char) -> &'static str {
        // SAFETY: the functions above give texts of this library that end with a NUL.
        unsafe { std::ffi::CStr::from_ptr(name) }.to_str().unwrap()
    }

    #[test]
    fn numbers_have_the_names_that_decisions_write() {
        for verdict in Verdict::ALL {
            assert_eq!(text(cts_verdict_name(cts_verdict::from(*verdict) as i32)), verdict.name());
        }
        for verdict in FindingVerdict::ALL {
            assert_eq!(text(cts_verdict_name(of_finding(*verdict))), verdict.name());
        }
        for status in Status::ALL {
            assert_eq!(
                text(cts_finding_status_name(cts_finding_status::from(*status) as i32)),
                status.name()
            );
        }
        for listing in Listing::ALL {
            assert_eq!(text(cts_listing_name(cts_listing::from(*listing) as i32)), listing.name());
        }
        for outcome in ChangeOutcome::ALL {
            assert_eq!(
                text(cts_change_outcome_name(cts_change_outcome::from(*outcome) as i32)),
                outcome.name()
            );
        }
        assert_eq!(text(cts_status_name(99)), "CTS_ERR_PANIC");
        for wrong in [-1, 6, 100, i32::MAX, i32::MIN] {
            let names = [
                cts_verdict_name(wrong),
                cts_finding_status_name(wrong),
                cts_listing_name(wrong),
                cts_change_outcome_name(wrong),
            ];
            assert_eq!(names.map(text), ["unknown"; 4]);
        }
        assert_eq!(text(cts_status_name(97)), "unknown");
        assert_eq!(text(cts_verdict_name(CTS_NOTE)), "note");
        let nothing = [cts_verdict_name(0), cts_finding_status_name(0), cts_change_outcome_name(0)];
        assert_eq!(nothing.map(text), ["none"; 3]);
        assert_eq!(text(cts_listing_name(0)), "unknown");
    }

    #[test]
    fn what_is_no_verdict_is_graver_than_any() {
        let ranks: Vec<i32> = FindingVerdict::ALL
            .iter()
            .map(|verdict| cts_finding_verdict_rank(of_finding(*verdict)))
            .collect();
        assert!(FindingVerdict::ALL.is_sorted());
        assert_eq!(ranks, [1, 2, 3, 4]);
        assert_eq!(
            [cts_verdict::CTS_VERDICT_NONE as i32, -1, 5, i32::MAX, i32::MIN]
                .map(|verdict| cts_finding_verdict_rank(verdict)),
            [5; 5]
        );
    }
}
