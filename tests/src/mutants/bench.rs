//! What do a pack's tests say of a rule that is not the pack's?

use std::collections::BTreeMap;
use std::sync::Arc;

use cleartosend::expert::cel::{Node, NodeKind, SetId};
use cleartosend::expert::compile::compile;
use cleartosend::expert::matching::Matcher;
use cleartosend::expert::program::clause::Clause;
use cleartosend::expert::program::{CompiledRule, Program, RuleIdx};
use cleartosend::expert::resolve::Resolved;
use cleartosend::pack::{Rule, Set};
use cleartosend::schema::{AttributeId, Scope};
use cleartosend::{Directory, Engine, Facts, FindingVerdict, Pack, Status, Verdict};

/// A pack's tests, with all that a test's facts come to.
pub(super) struct Bench<'a> {
    pub(super) pack: &'a Pack,
    pub(super) cases: Vec<Case<'a>>,
    /// The pack without what compiling does not need.
    bare: Pack,
}

/// One test.
pub(super) struct Case<'a> {
    pub(super) resolved: Resolved<'a>,
    /// What the test expects of the rules that it names, by their place in the pack.
    named: BTreeMap<usize, Status>,
    verdict: Verdict,
    /// What each rule of the pack says.
    statuses: Vec<Option<Status>>,
    /// What that does to the verdict.
    effects: Vec<Verdict>,
}

/// What a rule says of a test's facts.
#[derive(Clone, Copy)]
pub(super) struct Said<'r> {
    /// Its place in the pack.
    pub(super) place: usize,
    /// The rule, or a mutant of it.
    pub(super) rule: &'r Rule,
    pub(super) status: Option<Status>,
}

impl Said<'_> {
    fn effect(self) -> Verdict {
        self.status.map_or(Verdict::Allow, |status| self.rule.verdict_of(status).effect())
    }
}

impl Case<'_> {
    pub(super) fn names(&self, place: usize) -> bool {
        self.named.contains_key(&place)
    }

    /// What the pack's rule at a place says.
    pub(super) fn status(&self, place: usize) -> Option<Status> {
        self.statuses.get(place).copied().flatten()
    }

    /// Whether the test fails if these rules say so, and all others what they do.
    pub(super) fn fails(&self, said: &[Said<'_>]) -> bool {
        said.iter().any(|said| self.misses(*said)) || self.verdict_with(said) != self.verdict
    }

    /// Whether the rule stands in another list than the test says.
    fn misses(&self, said: Said<'_>) -> bool {
        let named = self.named.get(&said.place).copied();
        match (said.status, named) {
            (Some(status), Some(named)) => status != named,
            (None, Some(_)) => true,
            (Some(Status::Violated), None) => true,
            // Notes that are undetermined are reported on request only.
            (Some(Status::Undetermined), None) => {
                said.rule.verdict_of(Status::Undetermined) != FindingVerdict::Note
            }
            (Some(Status::Satisfied | Status::NotApplicable) | None, None) => false,
        }
    }

    fn verdict_with(&self, said: &[Said<'_>]) -> Verdict {
        let others = self.effects.iter().enumerate();
        let others = others.filter(|(place, _)| said.iter().all(|said| said.place != *place));
        let others = others.map(|(_, effect)| *effect);
        others.chain(said.iter().map(|said| said.effect())).max().unwrap_or(Verdict::Allow)
    }
}

impl Bench<'_> {
    /// Resolves the facts of a pack's tests, all of which must pass.
    pub(super) fn with<T>(pack: &Arc<Pack>, act: impl FnOnce(&Bench<'_>) -> T) -> T {
        let mut engines: BTreeMap<Option<&Arc<str>>, Engine> = BTreeMap::new();
        let tests = &pack.tests().unwrap_or_else(|errors| panic!("{errors}")).tests;
        for test in tests {
            engines
                .entry(test.directory.as_ref())
                .or_insert_with(|| engine(pack, test.directory.as_ref()));
        }
        let facts: Vec<Facts> = tests
            .iter()
            .map(|test| {
                let document = test.facts.to_string();
                Facts::from_json(&pack.schema, document.as_bytes())
                    .unwrap_or_else(|error| panic!("{}: {error}", test.name))
            })
            .collect();
        let places: BTreeMap<&str, usize> =
            pack.rules.iter().enumerate().map(|(place, rule)| (&*rule.id, place)).collect();
        let mut matcher = Matcher::new();
        let cases = tests.iter().zip(&facts).map(|(test, facts)| {
            let engine = &engines[&test.directory.as_ref()];
            let resolved = engine.resolve(facts);
            matcher.run(engine.program(), &resolved);
            let expect = &test.expect;
            let lists = [
                (&expect.violated, Status::Violated),
                (&expect.undetermined, Status::Undetermined),
                (&expect.satisfied, Status::Satisfied),
                (&expect.not_applicable, Status::NotApplicable),
            ];
            let places = &places;
            let named = lists
                .into_iter()
                .flat_map(|(ids, status)| ids.iter().map(move |id| (places[&**id], status)));
            let statuses: Vec<Option<Status>> = (0..pack.rules.len())
                .map(|place| matcher.status(engine.program(), RuleIdx(place as u32)))
                .collect();
            let effects = statuses.iter().zip(&pack.rules).enumerate();
            let effects = effects
                .map(|(place, (status, rule))| Said { place, rule, status: *status }.effect())
                .collect();
            let case = Case {
                resolved,
                named: named.collect(),
                verdict: expect.verdict,
                statuses,
                effects,
            };
            let all: Vec<Said<'_>> = pack
                .rules
                .iter()
                .enumerate()
                .filter(|(_, rule)| rule.is_written())
                .map(|(place, rule)| Said { place, rule, status: case.status(place) })
                .collect();
            assert!(!case.fails(&all), "the test `{}` fails", test.name);
            case
        });
        let cases = cases.collect();
        let mut bare = Pack::clone(pack);
        bare.rules.clear();
        bare.directories.clear();
        bare.sources.clear();
        act(&Bench { pack, cases, bare })
    }

    /// Compiles rules, each alternative with its own sets.
    pub(super) fn program(&self, alternatives: Vec<(Vec<Rule>, Vec<Set>)>) -> Program {
        let packs = alternatives.into_iter().enumerate().map(|(number, (rules, sets))| {
            let name = Arc::from(format!("alternative-{number}"));
            let mut pack = self.bare.clone();
            (pack.name, pack.rules, pack.sets) = (name, rules, sets);
            Arc::new(pack)
        });
        compile(packs.collect(), Arc::clone(&self.pack.schema))
            .unwrap_or_else(|error| panic!("mutants do not compile: {error}"))
    }

    /// The pack's sets, without members where none of the rules reads them.
    pub(super) fn sets_of(&self, rules: &[Rule]) -> Vec<Set> {
        let mut sets = self.pack.sets.clone();
        for (number, set) in sets.iter_mut().enumerate() {
            if !rules.iter().any(|rule| reads(rule, SetId(number as u16))) {
                set.entries.clear();
            }
        }
        sets
    }
}

fn engine(pack: &Arc<Pack>, directory: Option<&Arc<str>>) -> Engine {
    let alone = Engine::builder().without_built_in().draft(Arc::clone(pack));
    let builder = match directory {
        None => alone,
        Some(name) => {
            let read = Directory::from_json(&pack.directories[name]);
            alone.directory(Arc::new(read.unwrap_or_else(|error| panic!("{name}: {error}"))))
        }
    };
    builder.build().unwrap_or_else(|error| panic!("{error}"))
}

/// The trees of a rule's conditions.
pub(super) fn trees(rule: &Rule) -> impl Iterator<Item = &Node> {
    rule.applies.iter().chain([rule.condition.expression()]).map(|expression| &expression.root)
}

/// Whether a rule's conditions name a set.
pub(super) fn reads(rule: &Rule, set: SetId) -> bool {
    fn finds(node: &Node, set: SetId) -> bool {
        let mut found = node.kind == NodeKind::Set(set);
        node.for_each_part(&mut |part| found |= finds(part, set));
        found
    }
    trees(rule).any(|tree| finds(tree, set))
}

/// Gives a rule the scope that its changed conditions and its texts make.
pub(super) fn rescope(rule: &mut Rule, pack: &Pack) {
    fn note(node: &Node, found: &mut Vec<AttributeId>) {
        if let NodeKind::Attribute(id) | NodeKind::Has(id) = node.kind {
            found.push(id);
        }
        node.for_each_part(&mut |part| note(part, found));
    }
    let mut read = Vec::new();
    trees(rule).for_each(|tree| note(tree, &mut read));
    read.extend(rule.message.attributes().chain(rule.advice.attributes()));
    let scopes = read.into_iter().map(|id| pack.schema.attribute(id).scope);
    rule.scope = scopes.max().unwrap_or(Scope::Campaign);
}

/// Whether two rules of a program come to the same in every case.
///
/// Each outcome is a union of clauses, and the four leave no case out, so they do exactly if no
/// clause of one shares a case with a clause of another outcome of the other. Predicates count as
/// independent, so that two rules may be taken for different which no real case tells apart.
pub(super) fn mean_the_same(program: &Program, one: RuleIdx, other: RuleIdx) -> bool {
    let (Some(one), Some(other)) = (program.compiled(one), program.compiled(other)) else {
        return false;
    };
    let share = |a: &Clause, b: &Clause| {
        a.constraints
            .iter()
            .all(|(dimension, set)| b.on(*dimension).is_none_or(|other| set.meets(other)))
    };
    one.scope == other.scope
        && outcomes(one).iter().enumerate().all(|(number, clauses)| {
            let foreign = outcomes(other).into_iter().enumerate();
            let mut foreign = foreign.filter(|(at, _)| *at != number).flat_map(|(_, all)| all);
            foreign.all(|b| clauses.iter().all(|a| !share(a, b)))
        })
}

fn outcomes(rule: &CompiledRule) -> [&[Clause]; 4] {
    [&rule.violated, &rule.satisfied, &rule.not_applicable, &rule.error]
}
