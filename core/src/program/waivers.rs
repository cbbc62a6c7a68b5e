//! Exceptions to rules, compiled.

use std::collections::BTreeMap;

use super::clause::DimensionIdx;
use super::rule::{CompiledRule, RuleIdx};
use crate::pack::Waiver;

/// The number of a waiver within its program: those of packs in stacking order, then those of
/// whoever made the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WaiverIdx(pub u32);

/// A waiver, and when it holds.
#[derive(Clone, Debug)]
pub struct CompiledWaiver {
    /// What it says.
    pub waiver: Waiver,
    /// When it holds, as a rule that is violated where it does: within its period, and for the cases
    /// that it is about.
    pub holds: CompiledRule,
}

/// All waivers of a program.
#[derive(Clone, Debug, Default)]
pub struct WaiverTable {
    all: Vec<CompiledWaiver>,
    /// Those of each rule that has some, the one that lowers most first; of two that lower alike,
    /// the first.
    of_rule: BTreeMap<RuleIdx, Box<[WaiverIdx]>>,
    /// The rules that each is about, in program order.
    rules: Vec<Box<[RuleIdx]>>,
}

impl WaiverTable {
    /// Of waivers in order, each with the rules that it is about.
    pub fn of(waivers: Vec<(CompiledWaiver, Vec<RuleIdx>)>) -> Self {
        let mut of_rule: BTreeMap<RuleIdx, Vec<WaiverIdx>> = BTreeMap::new();
        for (number, (_, rules)) in (0..).zip(&waivers) {
            for rule in rules {
                of_rule.entry(*rule).or_default().push(WaiverIdx(number));
            }
        }
        let (all, rules): (Vec<CompiledWaiver>, Vec<Box<[RuleIdx]>>) =
            waivers.into_iter().map(|(waiver, rules)| (waiver, rules.into())).unzip();
        let lower_to = |place: &WaiverIdx| all.get(place.0 as usize).map(|one| one.waiver.lower_to);
        let of_rule = of_rule.into_iter().map(|(rule, mut places)| {
            places.sort_by_key(|place| (lower_to(place), *place));
            (rule, places.into())
        });
        Self { of_rule: of_rule.collect(), all, rules }
    }

    /// All, in order.
    pub fn all(&self) -> &[CompiledWaiver] {
        &self.all
    }

    /// The waiver of that number.
    pub fn get(&self, waiver: WaiverIdx) -> Option<&CompiledWaiver> {
        self.all.get(waiver.0 as usize)
    }

    /// The rules that a waiver is about, in program order.
    pub fn rules_of(&self, waiver: WaiverIdx) -> &[RuleIdx] {
        self.rules.get(waiver.0 as usize).map_or(&[], |rules| rules)
    }

    /// Those of a rule, in the order in which they are asked.
    pub fn of_rule(&self, rule: RuleIdx) -> &[WaiverIdx] {
        self.of_rule.get(&rule).map_or(&[], |waivers| waivers)
    }

    /// What the waivers of a rule constrain.
    pub fn dimensions(&self, rule: RuleIdx) -> impl Iterator<Item = DimensionIdx> {
        let waivers = self.of_rule(rule).iter().filter_map(|waiver| self.get(*waiver));
        waivers.flat_map(|waiver| waiver.holds.dimensions.iter().copied())
    }
}
