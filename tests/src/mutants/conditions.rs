//! Mutants of named conditions: each in all the rules that name it.

use cleartosend::expert::cel::{
    Environment, NamedCondition, SetDeclaration, compile_condition_with,
};
use cleartosend::expert::matching::Matcher;
use cleartosend::expert::program::RuleIdx;
use cleartosend::pack::{Condition, Rule};

use super::bench::{Bench, Said, mean_the_same, rescope};
use super::changes::{Whole, changes};
use super::rules::is_refused;
use super::{At, Fate, Mutant, Text};

pub(super) fn mutants(bench: &Bench<'_>, text: &Text) -> Vec<Mutant> {
    let conditions = bench.pack.conditions.iter().enumerate();
    conditions
        .flat_map(|(number, condition)| of_condition(bench, text, number, condition))
        .collect()
}

fn of_condition(
    bench: &Bench<'_>,
    text: &Text,
    number: usize,
    condition: &NamedCondition,
) -> Vec<Mutant> {
    let pack = bench.pack;
    let expression = &condition.expression;
    let top = At("conditions.toml", 1);
    let name = format!("conditions.{}", condition.name);
    let users: Vec<(usize, &Rule)> = pack
        .rules
        .iter()
        .enumerate()
        .filter(|(_, rule)| {
            let sources = rule.applies.iter().chain([rule.condition.expression()]);
            sources.into_iter().any(|used| names(&used.source, &name))
        })
        .collect();
    let mut mutants = Vec::new();
    let mut alternatives: Vec<Vec<NamedCondition>> = Vec::new();
    for change in changes(expression, &pack.schema, Whole::Negated) {
        let mut all = pack.conditions.clone();
        all[number].expression.root = change.root;
        alternatives.push(all);
        mutants.push(Mutant {
            kind: change.kind,
            of: condition.name.clone(),
            what: change.what,
            place: text.line_of(top, &expression.source, change.span),
            fate: Fate::Equal,
        });
    }
    let mut matcher = Matcher::new();
    for (place, rule) in users {
        let mutated: Vec<Rule> =
            alternatives.iter().map(|conditions| with(bench, rule, conditions)).collect();
        for (mutant, rule) in mutants.iter_mut().zip(&mutated) {
            if mutant.fate != Fate::Noticed && is_refused(pack, rule) {
                mutant.fate = Fate::Refused;
            }
        }
        let rules: Vec<Rule> = std::iter::once(rule.clone()).chain(mutated.clone()).collect();
        let sets = bench.sets_of(&rules);
        let program = bench.program(vec![(rules, sets)]);
        // A test that notices what one of the rules says is enough: the others are as they were.
        for case in bench.cases.iter().filter(|case| case.names(place)) {
            if mutants.iter().all(|mutant| mutant.fate == Fate::Noticed) {
                return mutants;
            }
            matcher.run(&program, &case.resolved);
            for (number, (mutant, rule)) in mutants.iter_mut().zip(&mutated).enumerate() {
                let status = matcher.status(&program, RuleIdx(number as u32 + 1));
                if mutant.fate != Fate::Noticed
                    && mutant.fate != Fate::Refused
                    && status != case.status(place)
                    && case.fails(&[Said { place, rule, status }])
                {
                    mutant.fate = Fate::Noticed;
                }
            }
        }
        for (number, mutant) in mutants.iter_mut().enumerate() {
            if mutant.fate == Fate::Equal
                && !mean_the_same(&program, RuleIdx(0), RuleIdx(number as u32 + 1))
            {
                mutant.fate = Fate::Survived;
            }
        }
    }
    mutants
}

/// The rule, read with other named conditions.
fn with(bench: &Bench<'_>, rule: &Rule, conditions: &[NamedCondition]) -> Rule {
    let sets: Vec<SetDeclaration> = bench
        .pack
        .sets
        .iter()
        .map(|set| SetDeclaration { name: set.id.clone(), element: set.element })
        .collect();
    let environment = Environment { schema: &bench.pack.schema, sets: &sets };
    let read = |source: &str| {
        compile_condition_with(source, &environment, conditions, &bench.pack.tables)
            .unwrap_or_else(|error| panic!("{}: {error}", rule.id))
    };
    let mut changed = rule.clone();
    changed.applies = rule.applies.as_ref().map(|applies| read(&applies.source));
    changed.condition = match &rule.condition {
        Condition::Requires(condition) => Condition::Requires(read(&condition.source)),
        Condition::Forbids(condition) => Condition::Forbids(read(&condition.source)),
    };
    rescope(&mut changed, bench.pack);
    changed
}

/// Whether a source has a name that is not only the beginning of a longer one.
fn names(source: &str, name: &str) -> bool {
    source.match_indices(name).any(|(at, _)| {
        let after = source.get(at + name.len()..).and_then(|rest| rest.chars().next());
        after.is_none_or(|next| next != '_' && !next.is_alphanumeric())
    })
}
