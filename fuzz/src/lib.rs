//! Does any input break the engine?
//!
//! [`Target::judge`] says what must hold of any bytes, one target for each way by which a
//! stranger's bytes come in. [`seeds`] are good inputs, [`mutate`] spoils them, [`campaign`] judges
//! a number of bytes of what comes out and shrinks what breaks. The tests of the project run a
//! short campaign, the programs of `targets/` long ones, and under a fuzzer the same targets are
//! judged by its choice of bytes.

pub mod campaign;
pub mod judge;
pub mod mutate;
#[cfg(not(fuzzing))]
pub mod run;
pub mod seeds;

/// A way in for bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A campaign document.
    Document,
    /// An expression, over facts.
    Expression,
    /// An expression as the condition of a rule, compiled into a program.
    Condition,
    /// A file of a pack among good ones: its path, a line feed, its bytes.
    Pack,
    /// A provider directory, and who is looked up in it.
    Directory,
    /// A provider directory as a CSV table.
    Table,
    /// Facts told one by one, not as a document: the bytes choose which attributes, and their
    /// values.
    Facts,
}

/// What became of an input that broke nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It was good.
    Accepted,
    /// It was refused, as it should be: with a code and a message.
    Refused,
}

impl Target {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Document,
        Self::Expression,
        Self::Condition,
        Self::Pack,
        Self::Directory,
        Self::Table,
        Self::Facts,
    ];

    /// The name of its program, and of its folder of regressions.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Expression => "expression",
            Self::Condition => "condition",
            Self::Pack => "pack",
            Self::Directory => "directory",
            Self::Table => "table",
            Self::Facts => "facts",
        }
    }

    /// Panics if these bytes break a promise.
    pub fn judge(self, bytes: &[u8]) -> Ended {
        match self {
            Self::Document => judge::document(bytes),
            Self::Expression => judge::expression(bytes),
            Self::Condition => judge::condition(bytes),
            Self::Pack => judge::pack(bytes),
            Self::Directory => judge::directory(bytes),
            Self::Table => judge::table(bytes),
            Self::Facts => judge::facts(bytes),
        }
    }
}
