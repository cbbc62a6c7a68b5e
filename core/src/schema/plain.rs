//! What is left of a name when case, marks and punctuation are taken away?

use caseless::Caseless as _;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Letters and digits without case and marks.
pub(super) fn plain(name: &str) -> String {
    name.nfkd()
        .filter(|letter| !is_combining_mark(*letter))
        .default_case_fold()
        .filter(|letter| letter.is_alphanumeric())
        .collect()
}
