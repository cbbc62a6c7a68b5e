//! Everything that is wrong with one document.

use super::error::FactsError;
use crate::limits;

/// The problems, of which the first in path order are kept.
#[derive(Default)]
pub(super) struct Problems {
    found: Vec<FactsError>,
    count: usize,
    /// What ended the reading, which is reported first: it may be the cause of the rest.
    first: Option<FactsError>,
}

impl Problems {
    /// How many were put in.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    pub(super) fn put(&mut self, problem: FactsError) {
        self.count += 1;
        self.found.push(problem);
        // A document of a megabyte can have a hundred thousand of them.
        if self.found.len() > 2 * limits::PROBLEMS_SHOWN_MAX {
            self.keep_first();
        }
    }

    pub(super) fn put_first(&mut self, problem: FactsError) {
        self.count += 1;
        self.first = Some(problem);
    }

    /// All in one error; none where nothing is wrong.
    pub(super) fn into_error(mut self) -> Option<FactsError> {
        self.keep_first();
        let mut shown = self.first.into_iter().chain(self.found).take(limits::PROBLEMS_SHOWN_MAX);
        let first = shown.next()?;
        let further: Vec<FactsError> = shown.collect();
        let left_out = self.count.saturating_sub(1 + further.len());
        Some(first.with_further(further, left_out))
    }

    fn keep_first(&mut self) {
        self.found.sort_by_cached_key(|problem| key(problem.path()));
        self.found.truncate(limits::PROBLEMS_SHOWN_MAX);
    }
}

/// Sorts places in lists as numbers: `a[2]` before `a[10]`.
fn key(path: &str) -> String {
    let mut key = String::with_capacity(path.len());
    for (number, part) in path.split('[').enumerate() {
        match part.split_once(']').filter(|_| number > 0) {
            Some((place, rest)) => key.push_str(&format!("[{place:0>9}]{rest}")),
            None => key.push_str(part),
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn places_in_lists_are_numbers() {
        let mut paths = ["a[10].b", "a[2]", "a.b", "a[2].c"];
        paths.sort_by_key(|path| key(path));
        assert_eq!(paths, ["a.b", "a[2]", "a[2].c", "a[10].b"]);
    }
}
