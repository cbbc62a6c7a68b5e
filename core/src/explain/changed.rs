//! What does a case come to when somebody changes something?
//!
//! Most of a changed case is as it was. What one change makes different is found once, by resolving
//! of the changed case what the change touches. Changes that touch no attribute in common, given or derived, are
//! put together from that: what follows from one does not follow from the other. Of those that do,
//! the case with both is resolved, once. Only the columns of the program that read something
//! different are then looked up again, and the table is matched as for any other case.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::deed::{Deed, done};
use super::levers::Lever;
use super::trial::{Judged, Trials};
use crate::facts::Facts;
use crate::matching::Case;
use crate::program::Program;
use crate::resolve::{Resolved, Wanted};
use crate::schema::{AttributeId, CODE_UNKNOWN, Code, Schema, Scope};
use crate::value::Fact;
use crate::verdict::Verdict;

/// Values of levers, by lever: the numbers of both.
pub(super) type Assignment = Vec<(usize, usize)>;

/// A case, the levers that there are to change it, and what is known of them.
pub(super) struct Alternatives<'f> {
    pub(super) facts: &'f Facts,
    pub(super) levers: &'f [Lever],
    resolved: &'f Resolved<'f>,
    /// For each lever the attributes that it touches, a bit each.
    touched: Vec<Vec<u64>>,
    /// For each lever those that touch something that it touches, itself too.
    overlaps: Vec<Vec<bool>>,
    differences: BTreeMap<Assignment, Rc<Difference>>,
    room: Room,
}

/// What is different in a changed case.
#[derive(Debug)]
struct Difference {
    /// By attribute.
    facts: Vec<(AttributeId, Fact, Code)>,
    /// The program's columns that read them.
    columns: Vec<usize>,
    scope: Scope,
}

/// Room that is used again.
#[derive(Debug, Default)]
struct Room {
    /// For each attribute, from 1 on, the difference that it is in; 0 for none.
    places: Vec<u32>,
    codes: Vec<Code>,
    rows: Vec<u32>,
}

/// A changed case, as rules see it.
pub(super) struct Changed<'c> {
    resolved: &'c Resolved<'c>,
    differences: Vec<Rc<Difference>>,
    room: Room,
    scope: Scope,
    unknown: bool,
}

impl<'f> Alternatives<'f> {
    pub(super) fn new(resolved: &'f Resolved<'f>, levers: &'f [Lever]) -> Self {
        let facts = resolved.facts();
        let touched: Vec<Vec<u64>> = levers.iter().map(|lever| bits(lever, facts)).collect();
        let meet = |one: &[u64], other: &[u64]| one.iter().zip(other).any(|(a, b)| a & b != 0);
        let overlaps = touched
            .iter()
            .map(|one| touched.iter().map(|other| meet(one, other)).collect())
            .collect();
        Self {
            facts,
            levers,
            resolved,
            touched,
            overlaps,
            differences: BTreeMap::new(),
            room: Room::default(),
        }
    }

    /// What a changed case is judged to be.
    pub(super) fn judge(&mut self, trials: &mut Trials<'_>, changes: &Assignment) -> Judged {
        let changed = self.changed(trials, changes);
        let judged = trials.judge_case(&changed);
        self.room = changed.room;
        judged
    }

    /// Asks something of a changed case.
    pub(super) fn ask<T>(
        &mut self,
        trials: &mut Trials<'_>,
        changes: &Assignment,
        ask: impl FnOnce(&mut Trials<'_>, &Changed<'f>) -> T,
    ) -> T {
        let changed = self.changed(trials, changes);
        let answer = ask(trials, &changed);
        self.room = changed.room;
        answer
    }

    /// The verdict on a changed case that is resolved as a whole, as whoever carries the changes out
    /// would have it resolved.
    pub(super) fn confirm(&self, trials: &mut Trials<'_>, changes: &Assignment) -> Verdict {
        trials.verdict(&done(self.facts, deeds(self.levers, changes)))
    }

    fn changed(&mut self, trials: &Trials<'_>, changes: &Assignment) -> Changed<'f> {
        let groups = self.groups(changes);
        let differences: Vec<Rc<Difference>> =
            groups.into_iter().map(|group| self.difference(trials, group)).collect();
        let mut room = std::mem::take(&mut self.room);
        let resolved = self.resolved;
        let program = trials.ground.program;
        room.begin(resolved, program);
        let mut scope = resolved.facts().scope();
        for (place, difference) in (1..).zip(&differences) {
            for (id, _, code) in &difference.facts {
                room.put(*id, place, *code);
            }
            if difference.scope != resolved.facts().scope() {
                scope = difference.scope;
            }
        }
        let mut changed = Changed { resolved, differences, room, scope, unknown: true };
        changed.place(program);
        changed
    }

    /// The changes in groups of which no two touch anything in common.
    fn groups(&self, changes: &Assignment) -> Vec<Assignment> {
        let overlap = |one: usize, other: usize| {
            self.overlaps.get(one).and_then(|row| row.get(other)).copied().unwrap_or(true)
        };
        let mut groups: Vec<Assignment> = Vec::with_capacity(changes.len());
        for change in changes {
            let mut joined = vec![*change];
            groups.retain(|group| {
                let meets = group.iter().any(|(lever, _)| overlap(*lever, change.0));
                if meets {
                    joined.extend(group);
                }
                !meets
            });
            joined.sort_unstable();
            groups.push(joined);
        }
        groups
    }

    fn difference(&mut self, trials: &Trials<'_>, group: Assignment) -> Rc<Difference> {
        if let Some(known) = self.differences.get(&group) {
            return Rc::clone(known);
        }
        let facts = done(self.facts, deeds(self.levers, &group));
        let is_touched = |id: AttributeId| {
            group.iter().any(|(lever, _)| {
                let word = self.touched.get(*lever).and_then(|bits| bits.get(id.index() / 64));
                word.is_some_and(|word| word >> (id.index() % 64) & 1 == 1)
            })
        };
        let resolved = trials.ground.resolve_those(&facts, Wanted::those(is_touched));
        let ids = self.facts.schema().iter().map(|(id, _)| id);
        let different = ids.filter(|id| is_touched(*id)).filter_map(|id| {
            let fact = resolved.for_rules(id);
            let is_different = fact != self.resolved.for_rules(id);
            is_different.then(|| (id, fact.clone(), resolved.code(id)))
        });
        let different: Vec<(AttributeId, Fact, Code)> = different.collect();
        let is_read = |id| different.binary_search_by_key(&id, |(id, ..)| *id).is_ok();
        let columns = trials.ground.program.columns_reading(is_read);
        let found = Rc::new(Difference { facts: different, columns, scope: facts.scope() });
        self.differences.insert(group, Rc::clone(&found));
        found
    }
}

/// The attributes that a lever touches, a bit each.
fn bits(lever: &Lever, facts: &Facts) -> Vec<u64> {
    let mut bits = vec![0; facts.codes().len().div_ceil(64)];
    lever.touched(facts.schema()).for_each(|id| {
        bits.get_mut(id.index() / 64).into_iter().for_each(|word| *word |= 1 << (id.index() % 64));
    });
    bits
}

/// What is done, one change after the other.
pub(super) fn deeds<'l>(
    levers: &'l [Lever],
    changes: &'l Assignment,
) -> impl Iterator<Item = &'l Deed> {
    changes
        .iter()
        .filter_map(|(lever, value)| levers.get(*lever)?.values.get(*value))
        .flat_map(|value| &value.deeds)
}

impl Room {
    /// As the case is.
    fn begin(&mut self, resolved: &Resolved<'_>, program: &Program) {
        self.codes.clear();
        self.codes.extend_from_slice(resolved.codes());
        self.places.clear();
        self.places.resize(self.codes.len(), 0);
        self.rows.clear();
        self.rows.extend_from_slice(resolved.rows(program).map_or(&[], |(rows, _)| rows));
    }

    fn put(&mut self, id: AttributeId, place: u32, code: Code) {
        let slots = self.places.get_mut(id.index()).zip(self.codes.get_mut(id.index()));
        if let Some((known, known_code)) = slots {
            *known = place;
            *known_code = code;
        }
    }
}

impl Changed<'_> {
    /// Finds where the changed case lies in the program's table.
    fn place(&mut self, program: &Program) {
        let mut rows = std::mem::take(&mut self.room.rows);
        let was_unknown = self.resolved.rows(program).is_none_or(|(_, unknown)| unknown);
        let case = &*self;
        let unknown = program.look_up_again(
            case.differences.iter().flat_map(|known| &known.columns).copied(),
            |id| case.known_code(id),
            |id| case.fact(id),
            &mut rows,
        );
        self.room.rows = rows;
        self.unknown = was_unknown || unknown;
    }

    fn known_code(&self, id: AttributeId) -> Code {
        self.room.codes.get(id.index()).copied().unwrap_or(CODE_UNKNOWN)
    }

    /// The number of the difference that an attribute is in, from 1 on.
    fn difference_of(&self, id: AttributeId) -> usize {
        self.room.places.get(id.index()).map_or(0, |place| *place as usize)
    }
}

impl Case for Changed<'_> {
    fn fact(&self, id: AttributeId) -> &Fact {
        let place = self.difference_of(id).checked_sub(1);
        let difference = place.and_then(|place| self.differences.get(place));
        let different = difference.and_then(|known| {
            let at = known.facts.binary_search_by_key(&id, |(id, ..)| *id).ok()?;
            known.facts.get(at)
        });
        different.map_or_else(|| self.resolved.for_rules(id), |(_, fact, _)| fact)
    }

    fn scope(&self) -> Scope {
        self.scope
    }

    fn code(&self, _: &Schema, id: AttributeId) -> Code {
        self.known_code(id)
    }

    fn rows(&self, _: &Program) -> Option<(&[u32], bool)> {
        // Trials judge by one program.
        Some((&self.room.rows, self.unknown))
    }
}
