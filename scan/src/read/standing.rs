//! Is a file one of those that are looked for, by its name and by what it holds?

/// Whether a file turned out to be one of those that are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It says what is installed or run.
    Read,
    /// It is something else.
    Passed,
}

/// Whether the name of a file says that it is one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// If it cannot be parsed, something that runs is not known.
    Certainly,
    /// The same, and it is a compose file, which may name others.
    Compose,
    /// It is judged by what it holds.
    Perhaps,
}
