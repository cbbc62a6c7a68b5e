//! Is there a case in a box?
//!
//! First among those that are known. Else those that miss the fewest constraints are led into it:
//! what a move brings nearer is followed, and what keeps it as near is tried where nothing does.

use std::collections::BTreeSet;

use super::analysis::Bound;
use super::goal::Goal;
use super::ground::Case;
use super::moves;
use super::pool::{Pool, class_of};
use crate::limits;
use crate::matching::bits;
use crate::program::dimension::Subject;
use crate::resolve::Wanted;
use crate::schema::attributes::SEND_AT;
use crate::schema::{Origin, Scope};

/// What became of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// There is no box: there is no such case.
    Nowhere,
    /// The case of the pool of that number.
    At(usize),
    /// There is a box, and no case was found in it.
    Open,
    /// There is a box, and nothing was left to look for a case with.
    Untried,
}

/// As [`Reach`], of a question whether there is a case at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Nothing,
    Case,
    Open,
    Untried,
}

/// Searches, with what is left to be tried.
#[derive(Clone, Debug)]
pub(super) struct Search {
    left: usize,
    /// How many boxes are still looked into.
    boxes_left: usize,
    /// How many questions ended because nothing was left.
    cut: usize,
    /// How many questions had more boxes than are looked into.
    boxes: usize,
}

/// How many moves that bring a case no nearer are followed, one after the other.
const DETOURS: usize = 1;

impl Search {
    pub(super) const fn new() -> Self {
        Self {
            left: limits::ANALYSIS_TRIALS_MAX,
            boxes_left: limits::ANALYSIS_ALL_BOXES_MAX,
            cut: 0,
            boxes: 0,
        }
    }

    /// Where it ended before it was done.
    pub(super) fn bounds(&self) -> Vec<Bound> {
        let mut bounds = Vec::new();
        if self.cut > 0 {
            let limit =
                if self.left == 0 { "ANALYSIS_TRIALS_MAX" } else { "ANALYSIS_ALL_BOXES_MAX" };
            bounds.push(Bound { limit, left: format!("{} questions were left open", self.cut) });
        }
        if self.boxes > 0 {
            bounds.push(Bound {
                limit: "ANALYSIS_BOXES_MAX",
                left: format!("of {} questions some boxes were not looked into", self.boxes),
            });
        }
        bounds
    }

    /// As [`Self::reach`], where nobody asks for the case: a box of attributes that are all given,
    /// each in a class that some case has, holds one, and none is built.
    pub(super) fn holds(
        &mut self,
        pool: &mut Pool<'_>,
        goals: impl Iterator<Item = Goal>,
    ) -> Holds {
        let mut boxes = Vec::new();
        for goal in goals.filter(|goal| !pool.excludes(goal)).take(limits::ANALYSIS_BOXES_MAX + 1) {
            if pool.is_free(&goal) {
                return Holds::Case;
            }
            boxes.push(goal);
        }
        match self.reach(pool, boxes.into_iter()) {
            Reach::Nowhere => Holds::Nothing,
            Reach::At(_) => Holds::Case,
            Reach::Open => Holds::Open,
            Reach::Untried => Holds::Untried,
        }
    }

    /// A case in one of some boxes.
    pub(super) fn reach(
        &mut self,
        pool: &mut Pool<'_>,
        goals: impl Iterator<Item = Goal>,
    ) -> Reach {
        let mut boxes: Vec<Goal> = goals
            .filter(|goal| !pool.excludes(goal))
            .take(limits::ANALYSIS_BOXES_MAX + 1)
            .collect();
        if boxes.is_empty() {
            return Reach::Nowhere;
        }
        let has_more = boxes.len() > limits::ANALYSIS_BOXES_MAX;
        boxes.truncate(limits::ANALYSIS_BOXES_MAX);
        let Some(left) = self.boxes_left.checked_sub(boxes.len()) else {
            self.boxes_left = 0;
            self.cut += 1;
            return Reach::Untried;
        };
        self.boxes_left = left;
        for goal in &boxes {
            if let Some(case) = known(pool, goal) {
                return Reach::At(case);
            }
        }
        for goal in &boxes {
            if self.left == 0 {
                self.cut += 1;
                return Reach::Untried;
            }
            if let Some(case) = self.find(pool, goal) {
                return Reach::At(case);
            }
        }
        self.boxes += usize::from(has_more);
        Reach::Open
    }

    /// A case in a box that none is known in.
    fn find(&mut self, pool: &mut Pool<'_>, goal: &Goal) -> Option<usize> {
        let budget = self.left.min(limits::ANALYSIS_TRIALS_PER_BOX_MAX);
        let wanted = wanted(pool, goal);
        let mut walk = Walk { pool, goal, wanted, left: budget };
        let found = walk.starts().into_iter().find_map(|start| {
            let mut case = walk.pool.case(start)?.clone();
            if goal.scope == Scope::Recipient {
                case.facts.with_recipient();
            }
            let unmet = walk.unmet(&case);
            walk.lead(&case, &unmet, DETOURS)
        });
        self.left -= budget - walk.left;
        found.map(|case| pool.add_with_others(case))
    }
}

/// What has to be derived to tell whether a case lies in a box.
fn wanted(pool: &Pool<'_>, goal: &Goal) -> Wanted {
    let program = pool.ground.program;
    let mut read = BTreeSet::new();
    for (place, _) in &goal.clause.constraints {
        match program.dimension(*place).map(|known| known.subject) {
            Some(Subject::Attribute(id)) => {
                read.insert(id);
            }
            Some(Subject::Predicate(index)) => {
                let predicate = program.predicates().get(index);
                read.extend(predicate.into_iter().flat_map(|known| &known.attributes));
            }
            None => {}
        }
    }
    Wanted::those(|id| read.contains(&id))
}

/// A case of the pool that lies in a box.
pub(super) fn known(pool: &Pool<'_>, goal: &Goal) -> Option<usize> {
    let sets = pool.met(goal);
    let words = pool.cases().len().div_ceil(64);
    (0..words).find_map(|place| {
        let mut word = sets
            .iter()
            .fold(u64::MAX, |word, bits| word & bits.get(place).copied().unwrap_or_default());
        let rest = pool.cases().len() % 64;
        if sets.is_empty() && place + 1 == words && rest != 0 {
            word &= (1 << rest) - 1;
        }
        (word != 0).then(|| place * 64 + word.trailing_zeros() as usize)
    })
}

/// One search.
struct Walk<'w, 'g> {
    pool: &'w Pool<'g>,
    goal: &'w Goal,
    wanted: Wanted,
    left: usize,
}

impl Walk<'_, '_> {
    /// The cases that miss the fewest constraints, few that miss the same.
    fn starts(&self) -> Vec<usize> {
        let sets = self.pool.met(self.goal);
        // How many constraints each case misses, and which: of more than 64, which of some.
        let mut ranked: Vec<(usize, u64)> = vec![(0, 0); self.pool.cases().len()];
        for (number, bits) in sets.iter().enumerate() {
            for (place, block) in ranked.chunks_mut(64).enumerate() {
                let missing = !bits.get(place).copied().unwrap_or_default();
                for at in bits::places(missing) {
                    let Some((rank, missed)) = block.get_mut(at) else { break };
                    *rank += 1;
                    *missed |= 1 << (number % 64);
                }
            }
        }
        // The pool is large and few are wanted: it is gone through once for each rank, which costs
        // less than to sort it.
        let mut found: Vec<(u64, usize)> = Vec::new();
        for rank in 0..=sets.len() {
            let all = ranked.iter().enumerate().filter(|(_, (known, _))| *known == rank);
            for (case, (_, missed)) in all {
                if found.iter().filter(|(known, _)| known == missed).count() < 2 {
                    found.push((*missed, case));
                }
                if found.len() == limits::ANALYSIS_STARTS_PER_BOX_MAX {
                    return found.into_iter().map(|(_, case)| case).collect();
                }
            }
        }
        found.into_iter().map(|(_, case)| case).collect()
    }

    /// The places of the constraints that a case does not meet: of the instant first, and of what
    /// follows from others before what is given, which can be set without touching others.
    fn unmet(&self, case: &Case) -> Vec<usize> {
        let program = self.pool.ground.program;
        let resolved = self.pool.ground.resolve_for(case, &self.wanted);
        let mut unmet: Vec<(u8, usize)> = self
            .goal
            .clause
            .constraints
            .iter()
            .enumerate()
            .filter(|(_, (place, set))| !set.contains(class_of(program, *place, &resolved)))
            .map(|(number, (place, _))| {
                let rank = match program.dimension(*place).map(|known| known.subject) {
                    Some(Subject::Attribute(SEND_AT)) => 0,
                    Some(Subject::Attribute(id))
                        if program.schema().attribute(id).origin == Origin::Given =>
                    {
                        2
                    }
                    _ => 1,
                };
                (rank, number)
            })
            .collect();
        unmet.sort_unstable();
        unmet.into_iter().map(|(_, number)| number).collect()
    }

    /// Leads a case into the box, from where it misses some constraints. Each step down meets one
    /// more or uses up a detour, so that the depth is bounded by the clause's length.
    fn lead(&mut self, case: &Case, unmet: &[usize], detours: usize) -> Option<Case> {
        let Some(target) = unmet.first() else { return Some(case.clone()) };
        let (place, set) = self.goal.clause.constraints.get(*target)?;
        let bases = [Some(case.clone()), moves::filled(self.pool, case, *place)];
        let mut as_near: Vec<(Case, Vec<usize>)> = Vec::new();
        for base in bases.into_iter().flatten() {
            for step in moves::towards(self.pool, &base, *place, set) {
                if self.left == 0 {
                    return None;
                }
                let Some(tried) = moves::done(self.pool, &base, &step) else { continue };
                self.left -= 1;
                let now = self.unmet(&tried);
                if now.contains(target) {
                    continue;
                }
                if now.len() < unmet.len() {
                    if let Some(found) = self.lead(&tried, &now, detours) {
                        return Some(found);
                    }
                } else if now.len() == unmet.len() && as_near.len() < limits::ANALYSIS_DETOURS_MAX {
                    as_near.push((tried, now));
                }
            }
        }
        let detours = detours.checked_sub(1)?;
        as_near.into_iter().find_map(|(tried, now)| self.lead(&tried, &now, detours))
    }
}
