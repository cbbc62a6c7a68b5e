//! What does the engine hold?
//!
//! A [`Program`] is all packs compiled to one table (see [`table`]). It is built by
//! [`crate::compile`], never changes, and is shared by threads. A new pack makes a new program
//! beside the old one.

pub mod classes;
pub mod clause;
pub mod dimension;
pub(crate) mod excluded;
mod rule;
pub mod sets;
pub mod table;
pub mod waivers;

use std::sync::Arc;

pub use rule::{CompiledRule, RuleIdx};

use classes::{ClassIdx, UNKNOWN};
use clause::{Clause, DimensionIdx};
use dimension::{Dimension, Predicate};
use sets::Timeline;
use table::{ALL, Column, Lookup, Table};
use waivers::WaiverTable;

use crate::pack::{Pack, Rule};
use crate::schema::{AttributeId, CODE_UNKNOWN, Code, Schema};
use crate::time::{Period, Timestamp};
use crate::value::Fact;

/// All packs of an engine, compiled.
#[derive(Debug)]
pub struct Program {
    pub(crate) schema: Arc<Schema>,
    pub(crate) packs: Vec<Arc<Pack>>,
    pub(crate) rules: Vec<CompiledRule>,
    pub(crate) dimensions: Vec<Dimension>,
    pub(crate) predicates: Vec<Predicate>,
    /// For each pack, its sets over time.
    pub(crate) sets: Vec<Vec<Timeline>>,
    pub(crate) table: Table,
    pub(crate) waivers: WaiverTable,
    /// A bit a rule: those of which it is reported on request only that they are undetermined.
    pub(crate) notes: Box<[u64]>,
    /// When some rule is in force: half-open stretches that do not touch, in order.
    pub(crate) in_force: Box<[Period]>,
    pub(crate) steps: u64,
    /// Tells this program from any other that is in use.
    pub(crate) identity: Identity,
}

/// Which program something was worked out for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Identity(Arc<()>);

impl PartialEq for Identity {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Program {
    /// The schema that facts must be made for.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// The packs, in stacking order.
    pub fn packs(&self) -> &[Arc<Pack>] {
        &self.packs
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// All rules, in program order.
    pub fn rules(&self) -> impl Iterator<Item = (RuleIdx, &Arc<Pack>, &Rule)> {
        (0..self.rules.len() as u32).filter_map(|index| {
            self.rule(RuleIdx(index)).map(|(pack, rule)| (RuleIdx(index), pack, rule))
        })
    }

    /// The rule of that number, and its pack.
    pub fn rule(&self, rule: RuleIdx) -> Option<(&Arc<Pack>, &Rule)> {
        let compiled = self.rules.get(rule.index())?;
        let pack = self.packs.get(compiled.pack)?;
        Some((pack, pack.rules.get(compiled.place)?))
    }

    /// Whether some rule of some pack is in force at an instant.
    pub fn any_in_force(&self, at: Timestamp) -> bool {
        self.in_force.iter().any(|period| period.contains(at))
    }

    /// The clauses of that rule.
    pub fn compiled(&self, rule: RuleIdx) -> Option<&CompiledRule> {
        self.rules.get(rule.index())
    }

    /// How many steps it took to find the clauses of the rules: about a word of a set of classes
    /// compared each. It grows with the nodes of the rules, whatever they say.
    pub const fn steps(&self) -> u64 {
        self.steps
    }

    /// The exceptions to rules.
    pub fn waivers(&self) -> &WaiverTable {
        &self.waivers
    }

    /// What clauses constrain.
    pub fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }

    /// The dimension of that number.
    pub fn dimension(&self, dimension: DimensionIdx) -> Option<&Dimension> {
        self.dimensions.get(dimension.index())
    }

    /// The conditions that are dimensions of their own.
    pub fn predicates(&self) -> &[Predicate] {
        &self.predicates
    }

    /// The bitsets.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// Whether some rule's conditions read an attribute.
    pub fn reads(&self, id: AttributeId) -> bool {
        self.dimensions
            .iter()
            .any(|dimension| dimension.subject == dimension::Subject::Attribute(id))
            || self.predicates.iter().any(|predicate| predicate.attributes.contains(&id))
    }

    /// Finds the row of each column for a case, given what is known of each attribute, as a code
    /// and as a fact; whether some is unknown.
    #[inline]
    pub(crate) fn look_up<'f>(
        &self,
        code: impl Fn(AttributeId) -> Code,
        fact: impl Fn(AttributeId) -> &'f Fact,
        rows: &mut Vec<u32>,
    ) -> bool {
        let mut unknown = false;
        rows.clear();
        rows.extend(self.table.columns.iter().map(|column| {
            let (row, is_unknown) = self.row(column, &code, &fact);
            unknown |= is_unknown;
            row
        }));
        unknown
    }

    /// The columns that read some of these attributes, in order.
    pub(crate) fn columns_reading(&self, is_read: impl Fn(AttributeId) -> bool) -> Vec<usize> {
        let columns =
            self.table.columns.iter().enumerate().filter(|(_, column)| match column.lookup {
                Lookup::Code { attribute, .. } | Lookup::Value { attribute } => is_read(attribute),
                Lookup::Predicate { index } => {
                    self.predicates.get(index).is_some_and(|predicate| {
                        predicate.attributes.iter().any(|attribute| is_read(*attribute))
                    })
                }
            });
        columns.map(|(place, _)| place).collect()
    }

    /// As [`Self::look_up`], of these columns alone: the rows of the others are left. Whether some
    /// fact that was looked up is unknown.
    pub(crate) fn look_up_again<'f>(
        &self,
        columns: impl Iterator<Item = usize>,
        code: impl Fn(AttributeId) -> Code,
        fact: impl Fn(AttributeId) -> &'f Fact,
        rows: &mut [u32],
    ) -> bool {
        let mut unknown = false;
        for place in columns {
            let Some((column, known)) = self.table.columns.get(place).zip(rows.get_mut(place))
            else {
                continue;
            };
            let (row, is_unknown) = self.row(column, &code, &fact);
            unknown |= is_unknown;
            *known = row;
        }
        unknown
    }

    /// The row of one column in which a case lies, and whether what it reads is unknown.
    #[inline(always)]
    fn row<'f>(
        &self,
        column: &Column,
        code: &impl Fn(AttributeId) -> Code,
        fact: &impl Fn(AttributeId) -> &'f Fact,
    ) -> (u32, bool) {
        let table = &self.table;
        let class = match column.lookup {
            Lookup::Code { attribute, first } => {
                let code = code(attribute);
                let row = table.row_of_code.get(first as usize + usize::from(code));
                return (row.copied().unwrap_or(ALL), code == CODE_UNKNOWN);
            }
            Lookup::Value { attribute } => self
                .dimension(column.dimension)
                .map_or(UNKNOWN, |known| known.class(fact(attribute))),
            Lookup::Predicate { index } => {
                self.class_of_predicate(column.dimension, index, fact).unwrap_or(UNKNOWN)
            }
        };
        (table.number(column.dimension, class), class == UNKNOWN)
    }

    /// The class of a predicate that needs no walk over a tree; `None` for one that does.
    pub(crate) fn class_of_predicate<'f>(
        &self,
        place: DimensionIdx,
        index: usize,
        fact: impl Fn(AttributeId) -> &'f Fact,
    ) -> Option<ClassIdx> {
        let class = self.predicates.get(index)?.form.class(fact)?;
        // A class that the dimension does not have can settle nothing.
        let count = self.dimension(place).map_or(0, |dimension| dimension.count);
        Some(if usize::from(class) > count { UNKNOWN } else { class })
    }

    /// Clauses of all outcomes of all rules.
    pub fn clauses(&self) -> usize {
        self.rules
            .iter()
            .map(|rule| {
                rule.violated.len()
                    + rule.satisfied.len()
                    + rule.not_applicable.len()
                    + rule.error.len()
            })
            .sum()
    }

    /// How a dimension is called: an attribute's path, or a predicate as written.
    pub fn name(&self, dimension: DimensionIdx) -> &str {
        match self.dimension(dimension).map(|known| known.subject) {
            Some(dimension::Subject::Attribute(id)) => &self.schema.attribute(id).path,
            Some(dimension::Subject::Predicate(index)) => {
                self.predicates.get(index).map_or("", |predicate| &predicate.source)
            }
            None => "",
        }
    }

    /// A clause in words: each constraint as dimension and classes.
    pub fn describe(&self, clause: &Clause) -> String {
        let parts = clause.constraints.iter().map(|(place, set)| {
            let words =
                self.dimension(*place).map(|dimension| dimension.describe(set)).unwrap_or_default();
            format!("{} {words}", self.name(*place))
        });
        let parts: Vec<String> = parts.collect();
        if parts.is_empty() { "always".into() } else { parts.join(", ") }
    }
}
