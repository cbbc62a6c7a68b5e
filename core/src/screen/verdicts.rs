//! The verdicts of a block and nothing else.
//!
//! Rules are asked one after the other, first those that may deny, and each axis is read when the
//! first rule needs it. As soon as no rule that is left can make the verdict of any row worse, the
//! block is left, with what was not read.
//!
//! Nothing changes by that. A row that a rule denies stays denied, whatever the columns hold that
//! were not read: also where one of them cannot be read, since a rule does not follow from columns
//! that it does not read. A row with a value that cannot be read in a column that was read is
//! judged by itself, as where reasons are asked for.

use std::collections::BTreeSet;

use super::axis::Source;
use super::bits::Bits;
use super::block::Block;
use super::columns::Filler;
use super::found::Found;
use super::layout::Reader;
use super::outside::Outside;
use super::places::is_place;
use super::plan::{Plan, PlanRule};
use super::register::either;
use super::room::{Missing, Room};
use crate::program::dimension::Subject;
use crate::resolve::derivations::recipient_sources;
use crate::schema::AttributeId;
use crate::verdict::Verdict;

/// The verdicts of the rows of a block; the rows of no set are allowed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Verdicts {
    pub(super) deny: Bits,
    pub(super) review: Bits,
    /// Rows outside the customer-service window, where they are counted.
    pub(super) outside: Bits,
}

impl Verdicts {
    fn note(&mut self, verdict: Verdict, rows: &Bits) {
        match verdict {
            Verdict::Deny => self.deny.add(rows),
            Verdict::Review => self.review.add(rows),
            Verdict::Allow => {}
        }
    }

    fn add(&mut self, more: &Self) {
        self.deny.add(&more.deny);
        self.review.add(&more.review);
    }

    /// Without the verdicts of those rows.
    fn without(&self, rows: &Bits) -> Self {
        Self { deny: self.deny.without(rows), review: self.review.without(rows), ..*self }
    }
}

/// The order in which rules are asked: those that may deny first, and of them those that settled
/// most rows for what they take.
#[derive(Clone, Debug)]
pub(super) struct Turns {
    turns: Vec<Turn>,
    blocks: u32,
}

#[derive(Clone, Debug)]
struct Turn {
    /// By its place in [`Plan::rules`].
    rule: usize,
    /// What has to be read first: the axes of its clauses and of its waivers', and those of all
    /// columns that these follow from.
    axes: Box<[u32]>,
    reads_places: bool,
    may_deny: bool,
    /// Whether something that it reads is unknown of every row.
    is_open: bool,
    /// Of a violation, and of what is undetermined.
    verdicts: [Verdict; 2],
    cost: u64,
    /// Rows of which the verdict was as bad as it could be after it, and not before.
    settled: u64,
}

impl Turns {
    pub(super) fn new(plan: &Plan) -> Self {
        let turn = |(place, rule): (usize, &PlanRule)| {
            let verdict = |slot: Option<u32>| of_slot(plan, slot).unwrap_or(Verdict::Allow);
            let verdicts = [verdict(Some(rule.violated_slot)), verdict(rule.open_slot)];
            let of_waivers = rule.waivers.iter().flat_map(|waiver| {
                [waiver.violated_slot, waiver.open_slot].map(|slot| of_slot(plan, slot))
            });
            let may_deny = verdicts.into_iter().map(Some).chain(of_waivers);
            let (mut axes, mut reads_places) = (BTreeSet::new(), false);
            for part in rule.with_waivers() {
                for axis in &part.axes {
                    axes.insert(*axis);
                    reads_places |= sources(plan, *axis, &mut axes);
                }
            }
            let mut axes: Vec<u32> = axes.into_iter().collect();
            axes.sort_by_key(|axis| plan.cost(*axis));
            let cost = axes.iter().map(|axis| plan.cost(*axis)).sum::<u64>();
            Turn {
                rule: place,
                axes: axes.into(),
                reads_places,
                may_deny: may_deny.flatten().any(|verdict| verdict == Verdict::Deny),
                is_open: rule.with_waivers().any(|part| part.is_open),
                verdicts,
                cost: cost + 1,
                settled: 0,
            }
        };
        let mut turns =
            Self { turns: plan.rules.iter().enumerate().map(turn).collect(), blocks: 0 };
        turns.sort();
        turns
    }

    /// After a block: what was found of the first ones tells in which order to go on.
    fn next(&mut self) {
        self.blocks = self.blocks.saturating_add(1);
        if self.blocks.is_power_of_two() {
            self.sort();
        }
    }

    fn sort(&mut self) {
        // What settles more rows for its cost comes first; before anything is known, what costs
        // less.
        self.turns.sort_by(|one, other| {
            let gain = |turn: &Turn, of_other: &Turn| {
                u128::from(turn.settled + 1) * u128::from(of_other.cost)
            };
            let by_gain = gain(other, one).cmp(&gain(one, other));
            other.may_deny.cmp(&one.may_deny).then(by_gain)
        });
    }
}

/// The effect of a finding; none where it is not reported.
fn of_slot(plan: &Plan, slot: Option<u32>) -> Option<Verdict> {
    plan.base.order.rank(slot?).map(|rank| rank.verdict.effect())
}

/// Adds the axes of the columns from which an axis follows, and says whether it reads places.
fn sources(plan: &Plan, axis: u32, into: &mut BTreeSet<u32>) -> bool {
    let Some(axis) = plan.axes.get(axis as usize) else { return false };
    let attributes: Vec<AttributeId> = match &axis.source {
        Source::Line { .. }
        | Source::Doubles { .. }
        | Source::Bools { .. }
        | Source::Words { .. }
        | Source::Presence { .. } => return false,
        Source::PlacePresence { .. }
        | Source::NumberCountry(_)
        | Source::Country(_)
        | Source::Clocks(_)
        | Source::OfPlaces { .. } => return true,
        Source::Derived { attribute, .. } => vec![*attribute],
        Source::Predicate { dimension, .. } => {
            let program = &plan.base.program;
            let subject = program.dimension(*dimension).map(|known| known.subject);
            let predicate = match subject {
                Some(Subject::Predicate(index)) => program.predicates.get(index),
                Some(Subject::Attribute(_)) | None => None,
            };
            predicate.into_iter().flat_map(|known| known.attributes.iter().copied()).collect()
        }
    };
    let mut reads_places = false;
    for source in attributes.iter().flat_map(recipient_sources) {
        reads_places |= is_place(*source);
        let Some(place) = plan.bound.place(*source) else { continue };
        let of_column = plan.axes.iter().enumerate().filter(|(_, axis)| {
            matches!(&axis.source,
                Source::Line { column, .. }
                | Source::Doubles { column, .. }
                | Source::Bools { column, .. }
                | Source::Words { column, .. }
                | Source::Presence { column, .. } if *column == place)
        });
        into.extend(of_column.map(|(axis, _)| axis as u32));
    }
    reads_places
}

/// How the columns of a batch are read.
pub(super) struct Readers<'r, 'a> {
    pub(super) fillers: &'r [Filler<'a>],
    pub(super) labellers: &'r [Option<Reader<'a, u32>>; 4],
    pub(super) markers: &'r [Reader<'a, u32>],
    /// The rows of the batch that are judged apart, in order.
    pub(super) apart: &'r [u32],
}

impl Block<'_> {
    pub(super) fn verdicts(
        &self,
        readers: &Readers<'_, '_>,
        turns: &mut Turns,
        room: &mut Room,
    ) -> Verdicts {
        let plan = self.plan;
        let live = Bits::first(self.rows);
        let marked = self.marked(readers.markers, readers.apart);
        let unmarked = live.without(&marked);
        room.begin();
        // What all rows have, whatever is known of them, and what their columns say.
        let (mut of_all, mut of_columns) = (Verdicts::default(), Verdicts::default());
        let common = plan.fixed.iter().map(|slot| (*slot, &unmarked));
        for (slot, rows) in common.chain(plan.ruleless.map(|slot| (slot, &live))) {
            of_all.note(of_slot(plan, Some(slot)).unwrap_or(Verdict::Allow), rows);
        }
        let mut bad = Bits::NONE;
        for turn in &mut turns.turns {
            let settled = settled(turn.may_deny, &of_all, &of_columns.without(&bad));
            if live.without(&settled).is_none() {
                break;
            }
            let Some(rule) = plan.rules.get(turn.rule) else { continue };
            if turn.reads_places {
                self.label_once(readers, room, &mut bad);
            }
            let mut is_open = turn.is_open;
            for axis in &turn.axes {
                let wanted = unmarked.without(&settled);
                let asked = (readers.fillers, &wanted);
                is_open |= self.read_once(*axis as usize, asked, room, &mut bad);
            }
            if is_open {
                for axis in &turn.axes {
                    self.mark_rest(*axis as usize, readers.fillers, room);
                }
            }
            let readable = unmarked.without(&bad);
            let found = self.kernel.wide(
                #[inline(always)]
                || self.verdicts_of(rule, turn.verdicts, &readable, room),
            );
            let newly = if turn.may_deny { found.deny } else { either(&found.deny, &found.review) };
            turn.settled += newly.without(&settled).count();
            of_columns.add(&found);
        }
        turns.next();
        let mut all = of_columns.without(&bad);
        all.add(&of_all);
        if live.without(&all.deny).is_none() {
            return Verdicts { deny: all.deny, ..Verdicts::default() };
        }
        if let Outside::Without(constraint) = plan.outside
            && let Some(constraint) = plan.constraints.get(constraint as usize)
        {
            // A derived axis needs its places.
            self.label_once(readers, room, &mut bad);
            self.read_once(constraint.axis as usize, (readers.fillers, &live), room, &mut bad);
        }
        let outside = self.outside(room).without(&marked);
        let is_settled = live.without(&either(&all.deny, &all.review)).is_none();
        if !is_settled || !marked.is_none() || !bad.is_none() {
            self.label_once(readers, room, &mut bad);
            for (place, filler) in readers.fillers.iter().enumerate() {
                if matches!(filler, Filler::Bytes { may_be_bad: true, .. }) {
                    self.read_once(place, (readers.fillers, &live), room, &mut bad);
                }
            }
        }
        let mut of_rows = Found { outside, ..Found::default() };
        if !bad.is_none() || !marked.is_none() {
            let mut missing = std::mem::replace(&mut room.missing, Missing::new(0));
            self.row_by_row(&bad, &marked, &Bits::NONE, &mut of_rows, &mut missing);
            missing.take();
            room.missing = missing;
        }
        all = of_columns.without(&bad);
        all.add(&of_all);
        for (slot, rows) in &of_rows.slots {
            all.note(of_slot(plan, Some(*slot)).unwrap_or(Verdict::Allow), rows);
        }
        Verdicts { deny: all.deny, review: all.review.without(&all.deny), outside: of_rows.outside }
    }

    /// What a rule and its waivers make of the rows that can be read.
    #[inline(always)]
    fn verdicts_of(
        &self,
        rule: &PlanRule,
        [violated, open]: [Verdict; 2],
        readable: &Bits,
        room: &Room,
    ) -> Verdicts {
        let mut found = Verdicts::default();
        let outcome = self.outcome(rule, room);
        let mut rows = [outcome.violated.and(readable), outcome.undetermined.and(readable)];
        if !rule.waivers.is_empty() {
            let mut lowered = Found::default();
            let [violated, open] = &mut rows;
            self.waive(rule, room, violated, open, &mut lowered);
            for (slot, rows) in &lowered.slots {
                found.note(of_slot(self.plan, Some(*slot)).unwrap_or(Verdict::Allow), rows);
            }
        }
        found.note(violated, &rows[0]);
        found.note(open, &rows[1]);
        found
    }

    /// Reads what tells places, if that was not done, and adds the rows of which it cannot be read.
    fn label_once(&self, readers: &Readers<'_, '_>, room: &mut Room, bad: &mut Bits) {
        if std::mem::replace(&mut room.is_labelled, true) {
            return;
        }
        self.label(readers.labellers, room);
        self.bad_places(room, bad);
    }

    /// Reads an axis, if that was not done, and adds the rows of which it cannot be read; whether
    /// something is unknown of some row.
    fn read_once(
        &self,
        place: usize,
        (fillers, wanted): (&[Filler<'_>], &Bits),
        room: &mut Room,
        bad: &mut Bits,
    ) -> bool {
        if room.is_read.get(place).copied().unwrap_or(true) {
            return room.is_open.get(place).copied().unwrap_or(true);
        }
        let is_open = self.read(place, fillers, room, wanted);
        self.bad_of(place, fillers, room, bad);
        is_open
    }
}

/// The rows whose verdict a rule cannot make worse.
fn settled(may_deny: bool, of_all: &Verdicts, of_columns: &Verdicts) -> Bits {
    let mut settled = of_all.deny;
    settled.add(&of_columns.deny);
    if !may_deny {
        settled.add(&of_all.review);
        settled.add(&of_columns.review);
    }
    settled
}
