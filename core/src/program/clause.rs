//! Clauses: conjunctions of constraints, each on one dimension.

use super::classes::{ClassIdx, ClassSet, UNKNOWN};

/// The number of a dimension within its program.
///
/// Sixteen bits: [`crate::limits::DIMENSIONS_MAX`] is below 65,536.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DimensionIdx(pub u16);

impl DimensionIdx {
    /// As an index into a table with one entry a dimension.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// All of its constraints hold. Without any, it always holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clause {
    /// In dimension order, each dimension once, no set empty or full.
    pub constraints: Vec<(DimensionIdx, ClassSet)>,
}

impl Clause {
    /// The constraint on a dimension, if there is one.
    pub fn on(&self, dimension: DimensionIdx) -> Option<&ClassSet> {
        let place = self.constraints.binary_search_by_key(&dimension, |(known, _)| *known).ok()?;
        self.constraints.get(place).map(|(_, set)| set)
    }

    /// How many runs its sets have, and one for each: what it costs to go through it.
    pub(crate) fn weight(&self) -> usize {
        self.constraints.iter().map(|(_, set)| 1 + set.weight()).sum::<usize>() + 1
    }

    /// Whether some completion of a row satisfies the clause: classes by dimension, 0 for unknown.
    pub fn possible(&self, row: &[ClassIdx]) -> bool {
        self.possible_where(|dimension| row.get(dimension.index()).copied().unwrap_or(UNKNOWN))
    }

    /// As [`Self::possible`], of a row whose classes are asked for one by one.
    pub fn possible_where(&self, class: impl Fn(DimensionIdx) -> ClassIdx) -> bool {
        self.constraints.iter().all(|(dimension, set)| {
            let class = class(*dimension);
            class == UNKNOWN || set.contains(class)
        })
    }

    /// The clause that holds where both hold; `None` where that is nowhere.
    pub fn and(&self, other: &Self) -> Option<Self> {
        let mut constraints = Vec::with_capacity(self.constraints.len() + other.constraints.len());
        let (mut left, mut right) =
            (self.constraints.iter().peekable(), other.constraints.iter().peekable());
        loop {
            let next = match (left.peek(), right.peek()) {
                (None, None) => return Some(Self { constraints }),
                (Some((a, _)), Some((b, _))) if a == b => {
                    let (Some((dimension, first)), Some((_, second))) = (left.next(), right.next())
                    else {
                        return None;
                    };
                    let set = first.and(second);
                    if set.is_empty() {
                        return None;
                    }
                    (*dimension, set)
                }
                (Some((a, _)), Some((b, _))) if a < b => left.next()?.clone(),
                (Some(_), None) => left.next()?.clone(),
                (_, Some(_)) => right.next()?.clone(),
            };
            constraints.push(next);
        }
    }

    /// The dimension that alone keeps two clauses from sharing a case; `None` where they share one,
    /// and where several keep them apart.
    pub fn parted_by(&self, other: &Self) -> Option<DimensionIdx> {
        let mut parting = self
            .constraints
            .iter()
            .filter(|(dimension, set)| other.on(*dimension).is_some_and(|other| !set.meets(other)));
        let (dimension, _) = parting.next()?;
        if parting.next().is_some() { None } else { Some(*dimension) }
    }

    /// Whether every completion of a row satisfies the clause.
    pub fn certain(&self, row: &[ClassIdx]) -> bool {
        self.constraints.iter().all(|(dimension, set)| {
            row.get(dimension.index()).is_some_and(|class| set.contains(*class))
        })
    }
}
