//! The table: for each class of each dimension, which clauses are still possible.
//!
//! This is bit-vector packet classification (T. V. Lakshman and D. Stiliadis, *High-speed
//! policy-based packet forwarding using efficient multi-dimensional range matching*, SIGCOMM 1998):
//! cut every field at the constants of the rules, keep a bitset of rules for each piece, and AND
//! the bitsets of the pieces that a case falls into. Rows that are equal are shared.
//!
//! A row's bits stand in three regions, each a whole number of words:
//!
//! ```text
//! [ violated: bit p is the first violated-clause of the rule at position p ][ satisfied: likewise
//! ][ overflow: all further clauses, and those of errors ]
//! ```
//!
//! so that for most rules the outcome *is* the bit, and only the overflow is folded in one by one.
//! While a row is one block, rules stand in program order: rule *r* at position *r*. In larger
//! tables rules that ask for the same values of the attributes that rule out most stand together,
//! and each row has a *summary*, one bit a block: whether anything in it is possible. ANDing the
//! summaries first leaves the few blocks in which something may survive, and the others are never
//! read. Both are from F. Baboescu and G. Varghese, *Scalable packet classification*, SIGCOMM 2001
//! (aggregated bit vectors, and rearranging rules so that aggregation loses little).

use super::classes::ClassIdx;
use super::clause::DimensionIdx;
use crate::schema::AttributeId;

/// Words of one block: matching keeps a block of the row in registers while it ANDs all dimensions.
pub const BLOCK: usize = 8;

/// The row in which everything is possible; the class *unknown* of every dimension has it.
pub const ALL: u32 = 0;

/// Bitsets of possible clauses, by class of dimension.
#[derive(Clone, Debug)]
pub struct Table {
    /// Words of the violated region, and of the satisfied one.
    pub rule_words: usize,
    /// Words of one row, a multiple of [`BLOCK`].
    pub words: usize,
    /// All rows, one after the other; row [`ALL`] first.
    pub rows: Box<[u64]>,
    /// For each row, a bit a block: whether anything in it is possible. None where a row is one
    /// block.
    pub summaries: Box<[u64]>,
    /// Words of one summary.
    pub summary_words: usize,
    /// The rule at each position; none where rules stand in program order.
    pub order: Box<[u32]>,
    /// For each dimension, the row of each class, *unknown* first.
    pub row_of: Vec<Box<[u32]>>,
    /// All dimensions whose rows are looked up for every case, those that rule out most first.
    pub columns: Vec<Column>,
    /// For coded columns, the class of each code, one column after the other.
    pub class_of_code: Box<[ClassIdx]>,
    /// Likewise its row.
    pub row_of_code: Box<[u32]>,
    /// For each dimension, where its codes begin in the two lists above; none for predicates and
    /// for what has no codes.
    pub coded: Box<[Option<u32>]>,
    /// The dimensions of predicates that are worked out only where a clause that they constrain may
    /// survive, in order.
    pub predicates: Vec<DimensionIdx>,
    /// For each of these predicates, the row of clauses that it constrains.
    pub constrained: Vec<u32>,
    /// The clauses there are.
    pub every: Box<[u64]>,
    /// The clauses of rules of campaign scope.
    pub campaign: Box<[u64]>,
    /// The overflow region, bit by bit.
    pub overflow: Vec<Overflow>,
}

/// One dimension, and how the row of a case is found on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// The dimension.
    pub dimension: DimensionIdx,
    /// How its row is found.
    pub lookup: Lookup,
}

/// How a row is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// By the code of an attribute, from a place of [`Table::row_of_code`] on.
    Code {
        /// The attribute.
        attribute: AttributeId,
        /// The row of code 0.
        first: u32,
    },
    /// By the class of an attribute's value.
    Value {
        /// The attribute.
        attribute: AttributeId,
    },
    /// By a predicate that needs no walk over a tree: its index in [`super::Program::predicates`].
    Predicate {
        /// The index.
        index: usize,
    },
}

/// One bit of the overflow region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overflow {
    /// The rule.
    pub rule: u32,
    /// Which outcome the clause belongs to.
    pub outcome: Outcome,
}

/// What a rule can come to in one case with all facts known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// In force, applies, violated.
    Violated,
    /// In force, applies, satisfied.
    Satisfied,
    /// Not in force, or does not apply.
    NotApplicable,
    /// Cannot be worked out.
    Error,
}

impl Table {
    /// The number of a class's row.
    #[inline]
    pub fn number(&self, dimension: DimensionIdx, class: ClassIdx) -> u32 {
        self.row_of
            .get(dimension.index())
            .and_then(|rows| rows.get(usize::from(class)))
            .copied()
            .unwrap_or(ALL)
    }

    /// The row of a class.
    #[inline]
    pub fn row(&self, dimension: DimensionIdx, class: ClassIdx) -> &[u64] {
        self.row_number(self.number(dimension, class))
    }

    /// A row by its number; for one that there is not, the row that rules nothing out.
    #[inline]
    pub fn row_number(&self, number: u32) -> &[u64] {
        let start = number as usize * self.words;
        let all = || self.rows.get(..self.words).unwrap_or_default();
        self.rows.get(start..start + self.words).unwrap_or_else(all)
    }

    /// Bytes of rows and of the index over them.
    pub fn bytes(&self) -> usize {
        let index: usize = self.row_of.iter().map(|rows| rows.len() * size_of::<u32>()).sum();
        (self.rows.len() + self.summaries.len()) * size_of::<u64>()
            + index
            + self.order.len() * size_of::<u32>()
            + self.row_of_code.len() * (size_of::<u32>() + size_of::<ClassIdx>())
            + self.overflow.len() * size_of::<Overflow>()
    }
}
