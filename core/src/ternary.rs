//! Truth with a third value: Kleene's strong logic.

/// A truth value of a condition over facts that may be unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ternary {
    /// Holds for every completion of the unknown facts.
    True,
    /// Fails for every completion of the unknown facts.
    False,
    /// Not settled.
    Undetermined,
}
