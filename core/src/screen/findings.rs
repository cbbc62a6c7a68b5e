//! From the rows that satisfy each constraint to what each rule says of them.
//!
//! A clause is possible where all its constraints are, an outcome where one of its clauses is; what
//! follows is settled by [`crate::matching::outcome`]. With everything known exactly one outcome is
//! possible, so *satisfied* and *not applicable* are asked for only where something is unknown.

use super::bits::{BLOCK, Bits};
use super::block::Block;
use super::columns::{Filler, MARKED};
use super::found::Found;
use super::layout::{self, Reader};
use super::outside::{self, Outside};
use super::places::{self, BAD_LABEL, Labels, NULL};
use super::plan::{Lacks, LacksOfColumns, PlanRule};
use super::room::{Missing, Room};
use super::row;
use crate::facts::Facts;
use crate::matching::outcome::{self, Settled};
use crate::matching::{self, missing_where};
use crate::resolve::When;
use crate::schema::attributes::RECIPIENT_IN_SERVICE_WINDOW;
use crate::value::{Fact, Value};
use crate::verdict::Verdict;

impl Block<'_> {
    pub(super) fn judge(
        &self,
        fillers: &[Filler<'_>],
        (markers, apart): (&[Reader<'_, u32>], &[u32]),
        room: &mut Room,
    ) -> Found {
        let plan = self.plan;
        let bad = self.bad(fillers, room);
        let marked = self.marked(markers, apart);
        let live = Bits::first(self.rows);
        let unmarked = live.without(&marked);
        let outside = self.outside(room).without(&marked);
        let mut found = Found { outside, ..Found::default() };
        found.slots.extend(plan.ruleless.map(|slot| (slot, live)));
        let mut of_row = Bits::NONE;
        let mut missing = std::mem::replace(&mut room.missing, Missing::new(0));
        self.kernel.wide(
            #[inline(always)]
            || self.outcomes(room, &unmarked.without(&bad), &mut found, &mut missing, &mut of_row),
        );
        if !unmarked.is_none() {
            found.slots.extend(plan.fixed.iter().map(|slot| (*slot, unmarked)));
            plan.fixed_missing.iter().for_each(|path| missing.note(*path, &unmarked));
        }
        if !bad.is_none() || !of_row.is_none() || !marked.is_none() {
            self.row_by_row(&bad, &marked, &of_row, &mut found, &mut missing);
        }
        found.slots.sort_unstable_by_key(|(slot, _)| *slot);
        found.missing = missing.take();
        room.missing = missing;
        found
    }

    /// The rows that are known to have no open window, as columns tell.
    pub(super) fn outside(&self, room: &Room) -> Bits {
        let all = Bits::first(self.rows);
        match self.plan.outside {
            Outside::Nobody => Bits::NONE,
            Outside::Everybody => all,
            Outside::Without(constraint) => {
                room.bits.get(constraint as usize).map_or(Bits::NONE, |open| all.without(open))
            }
        }
    }

    /// What each rule says of the rows that can be read.
    #[inline(always)]
    fn outcomes(
        &self,
        room: &Room,
        readable: &Bits,
        found: &mut Found,
        missing: &mut Missing,
        of_row: &mut Bits,
    ) {
        for rule in &self.plan.rules {
            let settled = self.outcome(rule, room);
            let mut violated = settled.violated.and(readable);
            let mut open = settled.undetermined.and(readable);
            if !rule.waivers.is_empty() {
                self.waive(rule, room, &mut violated, &mut open, found);
            }
            if !violated.is_none() {
                found.slots.push((rule.violated_slot, violated));
            }
            if let Some(slot) = rule.open_slot
                && !open.is_none()
            {
                found.slots.push((slot, open));
                self.lack(rule, &open, room, missing, of_row);
            }
        }
    }

    /// Takes out the rows of which a waiver lowers what a rule says, and notes them as that.
    pub(super) fn waive(
        &self,
        rule: &PlanRule,
        room: &Room,
        violated: &mut Bits,
        open: &mut Bits,
        found: &mut Found,
    ) {
        for waiver in &rule.waivers {
            if violated.is_none() && open.is_none() {
                return;
            }
            let holds = self.outcome(&waiver.holds, room).violated;
            for (rows, slot) in
                [(&mut *violated, waiver.violated_slot), (&mut *open, waiver.open_slot)]
            {
                let lowered = rows.and(&holds);
                if let Some(slot) = slot
                    && !lowered.is_none()
                {
                    found.slots.push((slot, lowered));
                    *rows = rows.without(&lowered);
                }
            }
        }
    }

    /// The rows of recipients about whom something is known that no column holds; `apart` are those
    /// of the batch that were found before, in order.
    pub(super) fn marked(&self, markers: &[Reader<'_, u32>], apart: &[u32]) -> Bits {
        let mut marked = Bits::NONE;
        let range = self.range();
        let first = apart.partition_point(|row| (*row as usize) < range.start);
        let own = apart.iter().skip(first).map(|row| *row as usize);
        for row in own.take_while(|row| *row < range.end) {
            marked.set(row - range.start);
        }
        let mut labels = [NULL; BLOCK];
        for marker in markers {
            let Some(labels) = labels.get_mut(..self.rows) else { continue };
            marker(self.kernel, self.range(), labels);
            labels
                .iter()
                .enumerate()
                .filter(|(_, label)| **label == MARKED)
                .for_each(|(row, _)| marked.set(row));
        }
        marked
    }

    /// The rows with a value that could not be read.
    fn bad(&self, fillers: &[Filler<'_>], room: &Room) -> Bits {
        let mut bad = Bits::NONE;
        for place in 0..self.plan.axes.len() {
            self.bad_of(place, fillers, room, &mut bad);
        }
        self.bad_places(room, &mut bad);
        bad
    }

    /// Adds the rows of an axis that was read with a value that could not be.
    pub(super) fn bad_of(&self, place: usize, fillers: &[Filler<'_>], room: &Room, bad: &mut Bits) {
        if let (Some(axis), Some(Filler::Bytes { may_be_bad: true, .. }), Some(classes)) =
            (self.plan.axes.get(place), fillers.get(place), room.classes.get(place))
        {
            let mut of_axis = Bits::NONE;
            self.kernel.mark(classes, &axis.bad, &mut of_axis);
            bad.add(&of_axis.and(&Bits::first(self.rows)));
        }
    }

    /// Adds the rows of which a place could not be read.
    pub(super) fn bad_places(&self, room: &Room, bad: &mut Bits) {
        let places = &self.plan.places;
        let Labels { phone, user_id, country, time_zone } = &room.labels;
        for (column, labels) in [
            (places.phone, phone),
            (places.user_id, user_id),
            (places.country, country),
            (places.time_zone, time_zone),
        ] {
            if column.is_some() {
                for (word, labels) in bad.iter_mut().zip(labels.as_chunks::<64>().0) {
                    // Most often there is none, and asking whether there is any is quick.
                    if labels.iter().fold(false, |any, label| any | (*label == BAD_LABEL)) {
                        *word |= labels.iter().enumerate().fold(0, |word, (bit, label)| {
                            word | u64::from(*label == BAD_LABEL) << bit
                        });
                    }
                }
            }
        }
        *bad = bad.and(&Bits::first(self.rows));
    }

    /// Where a rule is violated, and where it is undetermined.
    #[inline(always)]
    pub(super) fn outcome(&self, rule: &PlanRule, room: &Room) -> Settled<Bits> {
        let violated = self.any(&rule.violated, room);
        let error = if rule.error.is_empty() { Bits::NONE } else { self.any(&rule.error, room) };
        let is_open = rule.is_open
            || rule
                .axes
                .iter()
                .any(|axis| room.is_open.get(*axis as usize).copied().unwrap_or(true));
        outcome::settle(violated, error, |_| {
            if !is_open {
                return Bits::NONE;
            }
            let mut others = self.any(&rule.satisfied, room);
            others.add(&self.any(&rule.not_applicable, room));
            others
        })
    }

    /// Where some of the clauses are possible.
    #[inline(always)]
    fn any(&self, clauses: &[u32], room: &Room) -> Bits {
        let mut any = Bits::NONE;
        for clause in clauses {
            any.add(&self.all(*clause, room));
        }
        any
    }

    /// Where a clause is possible.
    #[inline(always)]
    fn all(&self, clause: u32, room: &Room) -> Bits {
        let constraints =
            self.plan.clauses.get(clause as usize).map_or::<&[u32], _>(&[], AsRef::as_ref);
        let mut all = Bits::ALL;
        for constraint in constraints {
            if let Some(bits) = room.bits.get(*constraint as usize) {
                all = all.and(bits);
            }
        }
        all
    }

    /// Notes what is missing in the rows in which a rule is undetermined.
    fn lack(
        &self,
        rule: &PlanRule,
        open: &Bits,
        room: &Room,
        missing: &mut Missing,
        of_row: &mut Bits,
    ) {
        for lacking in &rule.missing {
            let rows = missing_where(&lacking.pairs, |clause| self.all(clause, room));
            let rows = rows.and(open);
            if rows.is_none() {
                continue;
            }
            match &lacking.lacks {
                Lacks::OfRow => of_row.add(&rows),
                Lacks::Columns(LacksOfColumns { always, nulls }) => {
                    always.iter().for_each(|member| missing.note(*member, &rows));
                    for (member, column) in nulls {
                        let rows = rows.and(&self.nulls_of(*column));
                        if !rows.is_none() {
                            missing.note(*member, &rows);
                        }
                    }
                }
                Lacks::Members(members) => {
                    let without_phone = || Bits::of_rows_with(&room.labels.phone, &NULL);
                    for (member, when) in members {
                        let rows = match when {
                            When::Always | When::Unknown | When::NoNumber => rows,
                            When::UnknownWithoutPhone => rows.and(&without_phone()),
                            When::NowhereKnown => {
                                let nowhere =
                                    Bits::of_rows_with(&room.countries, &places::NO_COUNTRY);
                                rows.and(&without_phone()).and(&nowhere)
                            }
                        };
                        missing.note(*member, &rows);
                    }
                }
            }
        }
    }

    /// The rows in which a column is null, of those whose nulls are asked for.
    fn nulls_of(&self, column: usize) -> Bits {
        let nulls = self.nulls.iter().find(|(known, _)| *known == column);
        nulls.and_then(|(_, nulls)| nulls.as_ref()).map_or(Bits::NONE, |nulls| {
            Bits::ALL.without(&layout::bits(nulls.inner(), self.start, self.rows))
        })
    }

    /// Judges rows one at a time: those with a value that could not be read and those about whom
    /// more is known, whole; the others for what is missing. What is known of a recipient may
    /// change what is fixed for all others, so that nothing is taken from the plan.
    pub(super) fn row_by_row(
        &self,
        bad: &Bits,
        marked: &Bits,
        of_row: &Bits,
        found: &mut Found,
        missing: &mut Missing,
    ) {
        let base = &self.plan.base;
        let mut rows = *bad;
        rows.add(marked);
        rows.add(of_row);
        for row in rows.rows() {
            let (is_bad, is_marked) = (bad.has(row), marked.has(row));
            let mut facts: Facts = base.facts.clone();
            let problems =
                row::tell(&mut facts, self.batch, self.start + row, &self.plan.bound, |_| true);
            if is_marked {
                facts.tell_marks();
            }
            let resolved = base.resolve(&facts);
            if is_marked
                && outside::said(&base.facts).is_some()
                && resolved.fact(RECIPIENT_IN_SERVICE_WINDOW) == &Fact::Value(Value::Bool(false))
            {
                found.outside.set(row);
            }
            for matched in matching::findings(&base.program, &resolved) {
                let place = self.plan.rules.binary_search_by_key(&matched.rule, |rule| rule.rule);
                let varying = place.ok().and_then(|place| self.plan.rules.get(place));
                if varying.is_none() && !is_marked {
                    continue;
                }
                let slot = base.order.number(matched.rule, matched.status, matched.waiver);
                let Some(slot) = slot else { continue };
                if is_bad || is_marked {
                    found.put(slot, row);
                }
                // Nothing that matters is missing for what is waived.
                if matched.verdict(&base.program).effect() == Verdict::Allow {
                    continue;
                }
                for path in matched.missing.iter().flat_map(|attribute| resolved.causes(*attribute))
                {
                    if let Some(member) = self.plan.members.position(&path) {
                        missing.note(member, &Bits::only(row));
                    }
                }
            }
            if is_bad {
                found.put(base.order.bad_value(), row);
                found.bad.push((row, problems));
            }
        }
    }
}
