//! What is known of a pack while its rules, ladder and tests are read?

use std::collections::BTreeSet;
use std::sync::Arc;

use super::manifest::Sources;
use super::table::Text;
use crate::cel::{NamedCondition, NamedTable, SetDeclaration};
use crate::schema::Schema;

/// What rules, sets, ladders and tests are checked against.
pub(super) struct Context<'t> {
    /// The name of the pack, if it could be read.
    pub(super) pack: Option<&'t str>,
    pub(super) schema: &'t Schema,
    /// The `x.` paths that the pack declares.
    pub(super) declared: &'t BTreeSet<Arc<str>>,
    pub(super) sources: &'t Sources,
    /// The sets as conditions know them.
    pub(super) sets: &'t [SetDeclaration],
    /// The texts in each set, where they stand.
    pub(super) members: &'t [Vec<Text<'t>>],
    /// What `conditions.NAME` stands for.
    pub(super) conditions: &'t [NamedCondition],
    /// The names of conditions that stand further down, and so cannot be named yet.
    pub(super) below: &'t [String],
    /// What `tables.NAME` stands for.
    pub(super) tables: &'t [NamedTable],
    /// Whether all attributes, sets, tables and named conditions could be read. If not, names in conditions cannot be judged,
    /// and are not.
    pub(super) names_known: bool,
}
