//! Exceptions to rules as clauses.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::dimensions::Constants;
use super::error::CompileError;
use super::folded::{Sets, folded};
use super::formula::{Steps, TooManyClauses};
use super::normalise::{Normaliser, Origin, Three, nodes};
use super::outcomes;
use crate::cel::{Expression, Node};
use crate::pack::{Pack, Waiver};
use crate::program::sets::Timeline;
use crate::program::waivers::{CompiledWaiver, WaiverTable};
use crate::program::{CompiledRule, RuleIdx};
use crate::schema::{Schema, Scope};

/// A waiver, and what its condition may name.
pub(super) struct Given<'p> {
    waiver: Waiver,
    pack: usize,
    place: usize,
    sets: &'p [Timeline],
    /// Its condition, where `send_at` alone settles a part of it.
    folded: Option<Node>,
}

/// The waivers of packs in stacking order, then the others, which know no sets.
pub(super) fn of<'p>(
    packs: &[Arc<Pack>],
    sets: &'p [Vec<Timeline>],
    others: &[Waiver],
    schema: &Schema,
) -> Vec<Given<'p>> {
    let given = |waiver: &Waiver, pack: usize, place: usize, sets: &'p [Timeline]| {
        let condition =
            waiver.when.as_ref().map(|when| folded(&when.root, schema, sets, Sets::Named));
        let folded = match condition {
            Some(Cow::Owned(condition)) => Some(condition),
            Some(Cow::Borrowed(_)) | None => None,
        };
        Given { waiver: waiver.clone(), pack, place, sets, folded }
    };
    let of_packs = packs.iter().zip(sets).enumerate().flat_map(|(number, (pack, sets))| {
        let waivers = pack.waivers.iter().enumerate();
        waivers.map(move |(place, waiver)| given(waiver, number, place, sets))
    });
    let others = others.iter().enumerate();
    let others = others.map(|(place, waiver)| given(waiver, packs.len(), place, &[]));
    of_packs.chain(others).collect()
}

impl Given<'_> {
    /// Notes the constants of a waiver.
    pub(super) fn note(&self, constants: &mut Constants, schema: &Schema) {
        if let Some(when) = &self.waiver.when {
            constants.note(self.root(when), schema, (self.pack, self.sets));
        }
        constants.note_instant(self.waiver.from);
        constants.note_instant(self.waiver.until);
    }

    fn root<'a>(&'a self, when: &'a Expression) -> &'a Node {
        self.folded.as_ref().unwrap_or(&when.root)
    }

    fn holds(&self, normaliser: &mut Normaliser<'_>) -> Result<CompiledRule, TooManyClauses> {
        let Self { waiver, pack, place, sets, .. } = self;
        let in_force = normaliser.between(Some(waiver.from), Some(waiver.until));
        let always = Three::literal(true);
        let outcomes = match &waiver.when {
            None => outcomes::combined(normaliser, &in_force, &always, &always, false),
            Some(when) => {
                let origin = Origin { pack: *pack, source: &when.source, sets };
                let root = self.root(when);
                let condition = bounded(normaliser, root, origin);
                outcomes::combined(normaliser, &in_force, &always, &condition, false).or_else(
                    |TooManyClauses| {
                        let condition = normaliser.predicate(root, origin);
                        outcomes::combined(normaliser, &in_force, &always, &condition, false)
                    },
                )
            }
        };
        Ok(outcomes::with_clauses(outcomes?, *pack, *place, Scope::Campaign))
    }
}

/// When a condition is true, false and in error, within the steps that its size allows; what would
/// take more is a predicate.
fn bounded(normaliser: &mut Normaliser<'_>, when: &Node, origin: Origin<'_>) -> Three {
    normaliser.steps = Steps::of_nodes(nodes(when));
    let condition = normaliser.three(when, origin);
    normaliser.taken += normaliser.steps.taken();
    match normaliser.steps.are_spent() {
        true => normaliser.predicate(when, origin),
        false => condition,
    }
}

/// All waivers as clauses, each with the rules that it is about.
pub(super) fn compiled(
    normaliser: &mut Normaliser<'_>,
    waivers: &[Given<'_>],
    packs: &[Arc<Pack>],
    rules: &[CompiledRule],
) -> Result<WaiverTable, CompileError> {
    let mut compiled = Vec::with_capacity(waivers.len());
    let mut by_name: BTreeMap<(&str, &str), Vec<RuleIdx>> = BTreeMap::new();
    for (number, rule) in (0..).zip(rules).filter(|_| !waivers.is_empty()) {
        if let Some(pack) = packs.get(rule.pack)
            && let Some(rule) = pack.rules.get(rule.place)
        {
            by_name.entry((&pack.name, &rule.id)).or_default().push(RuleIdx(number));
        }
    }
    for given in waivers {
        let waiver = &given.waiver;
        let holds = given.holds(normaliser).map_err(|_| CompileError::NoClauses {
            pack: Arc::clone(&waiver.pack),
            rule: Arc::clone(&waiver.rule),
        })?;
        let of_rules = by_name.get(&(&*waiver.pack, &*waiver.rule)).cloned().unwrap_or_default();
        compiled.push((CompiledWaiver { waiver: waiver.clone(), holds }, of_rules));
    }
    Ok(WaiverTable::of(compiled))
}
