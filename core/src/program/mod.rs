//! What does the engine hold?
//!
//! A [`Program`]: the rules of all packs, checked and in order.

use std::sync::Arc;

use crate::pack::{Pack, Rule};
use crate::schema::Schema;

/// The number of a rule within its program.
///
/// Sixteen bits are too few by one for [`crate::limits::RULES_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleIdx(pub u32);

/// All rules of one engine.
#[derive(Debug)]
pub struct Program {
    pub(crate) schema: Arc<Schema>,
    pub(crate) packs: Vec<Arc<Pack>>,
    /// The pack and the place in it of each rule: packs in stacking order, rules in source order.
    pub(crate) rules: Vec<(usize, usize)>,
}

impl Program {
    /// The attributes of all packs together.
    pub const fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// The packs, in stacking order.
    pub fn packs(&self) -> &[Arc<Pack>] {
        &self.packs
    }

    /// A rule with its pack; none for the number of another program.
    pub fn rule(&self, rule: RuleIdx) -> Option<(&Pack, &Rule)> {
        let (pack, place) = self.rules.get(rule.0 as usize)?;
        let pack = self.packs.get(*pack)?;
        Some((pack, pack.rules.get(*place)?))
    }

    /// All rules with their packs, in order.
    pub fn rules(&self) -> impl Iterator<Item = (RuleIdx, &Pack, &Rule)> {
        (0..self.rules.len() as u32).filter_map(|number| {
            let (pack, rule) = self.rule(RuleIdx(number))?;
            Some((RuleIdx(number), pack, rule))
        })
    }
}
