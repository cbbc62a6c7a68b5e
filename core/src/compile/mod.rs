//! How do rules become a program?
//!
//! In: packs, loaded against one schema. Out: a [`Program`], or a [`CompileError`]. The passes, in
//! order:
//!
//! 1. [`folded`]: each condition → the same without what `send_at` alone settles.
//! 2. [`dimensions`]: which attributes do conditions constrain, and at which constants are they
//!    cut?
//! 3. [`normalise`]: each condition → the [`formula`]s for which it is true, false and in error;
//!    what is no constraint on one attribute becomes a [`predicate`].
//! 4. [`outcomes`]: each rule → clauses for violated, satisfied, not applicable and error, without
//!    those of facts that cannot occur together.
//! 5. [`waivers`]: each waiver → clauses for where it holds.
//! 6. [`rows`]: all clauses → one bitset a class.

mod atom;
mod dimensions;
mod error;
mod folded;
mod formula;
mod normalise;
mod outcomes;
mod predicate;
mod rows;
mod waivers;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use error::CompileError;
use folded::Sets;

use crate::cel::SetId;
use crate::limits;
use crate::pack::{Pack, Rule, Waiver};
use crate::program::excluded::Excluded;
use crate::program::sets::Timeline;
use crate::program::{CompiledRule, Identity, Program};
use crate::schema::Schema;
use crate::time::Period;

/// Compiles packs, in stacking order, for a schema that extends each pack's.
///
/// # Errors
/// Packs that cannot stand together, and programs past the limits.
pub fn compile(packs: Vec<Arc<Pack>>, schema: Arc<Schema>) -> Result<Program, CompileError> {
    compile_with(packs, schema, &[])
}

/// As [`compile`], with waivers beside those of packs. One of a rule that is not there lowers
/// nothing: whoever reads waivers refuses it.
///
/// # Errors
/// As [`compile`].
pub fn compile_with(
    packs: Vec<Arc<Pack>>,
    schema: Arc<Schema>,
    waivers: &[Waiver],
) -> Result<Program, CompileError> {
    compiled(packs, schema, waivers, Sets::Named)
}

/// As [`compile`], where the rules of one pack are compared with those of another: predicates are
/// one where the sets that they name have the same members, whatever these sets are called.
///
/// # Errors
/// As [`compile`].
pub(crate) fn compile_to_compare(
    packs: Vec<Arc<Pack>>,
    schema: Arc<Schema>,
) -> Result<Program, CompileError> {
    compiled(packs, schema, &[], Sets::Written)
}

fn compiled(
    packs: Vec<Arc<Pack>>,
    schema: Arc<Schema>,
    waivers: &[Waiver],
    in_predicates: Sets,
) -> Result<Program, CompileError> {
    check_packs(&packs, &schema)?;
    let sets: Vec<Vec<Timeline>> =
        packs.iter().map(|pack| pack.sets.iter().map(Timeline::of).collect()).collect();

    let mut constants = dimensions::Constants::default();
    let mut conditions: Vec<outcomes::Conditions<'_>> = Vec::new();
    for (number, (pack, sets)) in packs.iter().zip(&sets).enumerate() {
        for rule in &pack.rules {
            let known = outcomes::Conditions::of(rule, &schema, sets, in_predicates);
            known.each().for_each(|root| constants.note(root, &schema, (number, sets)));
            conditions.push(known);
            [rule.period.from, rule.period.until]
                .into_iter()
                .flatten()
                .for_each(|until| constants.note_instant(until));
        }
    }
    let waivers = waivers::of(&packs, &sets, waivers, &schema);
    waivers.iter().for_each(|waiver| waiver.note(&mut constants, &schema));
    let (dimensions, places) = constants.dimensions(&schema);
    for dimension in &dimensions {
        if dimension.count >= limits::CLASSES_MAX
            && let crate::program::dimension::Subject::Attribute(id) = dimension.subject
        {
            return Err(CompileError::TooManyClasses {
                path: Arc::clone(&schema.attribute(id).path),
                classes: dimension.count,
            });
        }
    }

    let mut normaliser = normalise::Normaliser {
        schema: &schema,
        excluded: Excluded::of(&dimensions),
        dimensions,
        predicates: Vec::new(),
        places,
        known: BTreeMap::new(),
        memberships: BTreeMap::new(),
        alike: match in_predicates {
            Sets::Named => BTreeMap::new(),
            Sets::Written => alike(&sets),
        },
        steps: formula::Steps::of_nodes(0),
        taken: 0,
    };
    let mut rules: Vec<CompiledRule> = Vec::new();
    let mut conditions = conditions.into_iter();
    for (number, (pack, sets)) in packs.iter().zip(&sets).enumerate() {
        for (place, (rule, conditions)) in pack.rules.iter().zip(&mut conditions).enumerate() {
            let of = outcomes::PlaceOfRule { pack: number, place, sets };
            let compiled = outcomes::of_rule(&mut normaliser, rule, &conditions, of);
            rules.push(compiled.map_err(|_| CompileError::NoClauses {
                pack: Arc::clone(&pack.name),
                rule: Arc::clone(&rule.id),
            })?);
            if normaliser.dimensions.len() > limits::DIMENSIONS_MAX {
                return Err(CompileError::TooManyDimensions {
                    dimensions: normaliser.dimensions.len(),
                });
            }
        }
    }
    let waivers = waivers::compiled(&mut normaliser, &waivers, &packs, &rules)?;
    let normalise::Normaliser { dimensions, predicates, taken, .. } = normaliser;
    let table = rows::table(&rules, &dimensions, &predicates, &schema)?;
    let notes = notes(&packs);
    let in_force = in_force(packs.iter().flat_map(|pack| &pack.rules).map(|rule| rule.period));
    Ok(Program {
        schema,
        packs,
        rules,
        dimensions,
        predicates,
        sets,
        table,
        waivers,
        notes,
        in_force,
        steps: taken,
        identity: Identity::default(),
    })
}

/// The first set with the same members at all times, for each set that is not the first itself.
fn alike(sets: &[Vec<Timeline>]) -> BTreeMap<(usize, SetId), (usize, SetId)> {
    let mut firsts: BTreeMap<String, (usize, SetId)> = BTreeMap::new();
    let mut alike = BTreeMap::new();
    for (pack, sets) in sets.iter().enumerate() {
        for (number, timeline) in sets.iter().enumerate() {
            let set = (pack, SetId(number as u16));
            let first = *firsts.entry(timeline.as_text()).or_insert(set);
            if first != set {
                alike.insert(set, first);
            }
        }
    }
    alike
}

/// The stretches of time that some period covers.
fn in_force(periods: impl Iterator<Item = Period>) -> Box<[Period]> {
    let mut periods: Vec<Period> = periods.collect();
    // No start, which is always before, comes first.
    periods.sort_by_key(|period| period.from);
    let mut covered: Vec<Period> = Vec::new();
    for period in periods {
        match covered.last_mut() {
            Some(last)
                if last.until.is_none_or(|until| period.from.is_none_or(|from| from <= until)) =>
            {
                last.until = last.until.zip(period.until).map(|(one, other)| one.max(other));
            }
            _ => covered.push(period),
        }
    }
    covered.into()
}

/// A bit a rule, in program order: those of which it is not reported that they are undetermined.
fn notes(packs: &[Arc<Pack>]) -> Box<[u64]> {
    let is_note: Vec<bool> =
        packs.iter().flat_map(|pack| &pack.rules).map(Rule::is_quiet).collect();
    let word = |rules: &[bool]| {
        rules.iter().enumerate().fold(0, |word, (bit, is_note)| word | u64::from(*is_note) << bit)
    };
    is_note.chunks(64).map(word).collect()
}

fn check_packs(packs: &[Arc<Pack>], schema: &Schema) -> Result<(), CompileError> {
    let mut names = BTreeSet::new();
    for pack in packs {
        if !names.insert(&pack.name) {
            return Err(CompileError::PackTwice { name: Arc::clone(&pack.name) });
        }
        // Numbers of attributes within a pack are of its own schema: they mean the same here only
        // if each has the same path.
        let extended =
            pack.schema.iter().all(|(id, attribute)| schema.id(&attribute.path) == Some(id));
        if !extended {
            return Err(CompileError::OtherSchema { name: Arc::clone(&pack.name) });
        }
    }
    let rules: usize = packs.iter().map(|pack| pack.rules.len()).sum();
    if rules > limits::RULES_MAX { Err(CompileError::TooManyRules { rules }) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
