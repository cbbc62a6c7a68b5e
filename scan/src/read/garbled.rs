//! Does a text that cannot be parsed hold something that runs?
//!
//! A file that is broken stops nothing by itself: trees hold many, as data of tests. One that would
//! be read for what it runs or installs does, since what else stands in it is not known.

use super::image::{is_image, is_image_key};
use super::wanted::split_version;
use crate::mentions::Mentions;

/// Which images tell.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Images {
    /// Any: what runs is not known.
    Any,
    /// Those that the catalogue lists: in a template the others are no surprise.
    Listed,
}

/// Whether the text holds an image, a package URL, or a name that the catalogue lists.
pub(crate) fn holds_client(text: &str, images: Images, into: &Mentions<'_>) -> bool {
    text.lines().any(|line| {
        let code = line.trim_start();
        !code.starts_with('#') && !code.starts_with("//") && line_holds(code, images, into)
    })
}

fn line_holds(line: &str, images: Images, into: &Mentions<'_>) -> bool {
    let is_end = |c: char| c.is_whitespace() || "\"'`{}[](),;=<>".contains(c);
    let mut is_value = false;
    for word in line.split(is_end).filter(|word| !word.is_empty() && *word != ":") {
        let value = word.trim_start_matches(':');
        let may_run = images == Images::Any && is_value && value.contains(['/', ':']);
        if (may_run && is_image(value)) || is_listed(value, into) {
            return true;
        }
        let key = word.trim_matches(':');
        is_value = is_image_key(key);
    }
    false
}

fn is_listed(word: &str, into: &Mentions<'_>) -> bool {
    if word.starts_with("pkg:") && word.contains('/') {
        return true;
    }
    let name = word.strip_prefix("npm:").unwrap_or(word).trim_end_matches([':', '.']);
    name.contains(|c: char| c.is_ascii_alphabetic())
        && (into.lists(name) || into.lists(split_version(name).0))
}

/// Whether the text is a template, which is no YAML or JSON before its values are filled in. What a
/// workflow has in `${{ … }}` is a text like any other.
pub(crate) fn is_template(text: &str) -> bool {
    text.match_indices("{{")
        .any(|(at, _)| !text.get(..at).is_some_and(|before| before.ends_with(['$', '{'])))
}
