//! Where does a member stand among those that findings may miss?

use std::sync::Arc;

/// Given members, by path and in order, each once: the numbers of members sort as they do.
#[derive(Clone, Debug, Default)]
pub struct Members(Box<[Arc<str>]>);

impl Members {
    /// Those members, in whatever order they come and however often.
    pub fn of(paths: impl IntoIterator<Item = Arc<str>>) -> Self {
        Self(sorted(paths).into())
    }

    /// The number of a member.
    pub fn position(&self, path: &str) -> Option<u32> {
        self.0.binary_search_by(|known| (**known).cmp(path)).ok().map(|place| place as u32)
    }

    /// The paths, in order.
    pub fn paths(&self) -> &[Arc<str>] {
        &self.0
    }
}

/// In order, each once.
pub fn sorted<T: Ord>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut items: Vec<T> = items.into_iter().collect();
    items.sort_unstable();
    items.dedup();
    items
}
