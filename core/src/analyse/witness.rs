//! Documents that show something.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value as Json;

use super::document;
use super::ground::{Case, DirectoryIdx, Ground, OWN};
use super::pool::class_of;
use crate::matching::outcome::settle;
use crate::matching::{self, Matcher};
use crate::program::classes::{ClassIdx, UNKNOWN};
use crate::program::clause::{Clause, DimensionIdx};
use crate::program::dimension::Subject;
use crate::program::{Program, RuleIdx};
use crate::resolve::{Resolved, Wanted, sources};
use crate::schema::AttributeId;
use crate::schema::attributes::SEND_AT;
use crate::verdict::{Status, Verdict};

/// A campaign document that shows what is claimed. It was read, resolved and matched.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Witness {
    /// The document. What it does not need to show the claim is left out, so that other rules may
    /// be undetermined.
    pub document: Json,
    /// Which directory of the packs' tests it is judged with; the engine's own, if there is none.
    pub directory: Option<Arc<str>>,
    /// The verdict on it, without what waivers lower: rules' own verdicts are meant.
    pub verdict: Verdict,
}

/// What a program says of a document.
pub(super) struct Judged<'g> {
    ground: &'g Ground<'g>,
    matcher: Matcher,
    row: Vec<ClassIdx>,
}

impl<'g> Judged<'g> {
    /// Reads and judges a document; `None` where it is refused.
    pub(super) fn of(
        ground: &'g Ground<'g>,
        document: &Json,
        directory: DirectoryIdx,
    ) -> Option<Self> {
        let facts = document::read(ground.program.schema(), document)?;
        let case = Case { facts, directory };
        let resolved = ground.resolve(&case);
        let mut matcher = Matcher::new();
        matcher.run(ground.program, &resolved);
        let row = matcher.classes(ground.program, &resolved);
        Some(Self { ground, matcher, row })
    }

    pub(super) fn status(&self, rule: RuleIdx) -> Option<Status> {
        self.matcher.status(self.ground.program, rule)
    }

    /// The number of the clause by which a rule is violated.
    pub(super) fn clause_of(&self, rule: RuleIdx) -> Option<usize> {
        let program = self.ground.program;
        let rule_cases = matching::clause(program, &self.row, rule)?;
        let compiled = program.compiled(rule)?;
        compiled.violated.iter().position(|clause| std::ptr::eq(clause, rule_cases))
    }

    /// Whether the document lies in a box.
    pub(super) fn lies_in(&self, clause: &Clause) -> bool {
        clause.certain(&self.row)
    }

    pub(super) fn verdict(&self) -> Verdict {
        self.matcher.verdict_without_waivers(self.ground.program)
    }
}

/// The shortest document, made of facts, of which each rule says what is claimed; `None` where they
/// do not bear it out.
pub(super) fn of(
    ground: &Ground<'_>,
    case: &Case,
    claimed: &[(RuleIdx, Status)],
) -> Option<Witness> {
    let shows = |judged: &Judged<'_>| {
        claimed.iter().all(|(rule, status)| judged.status(*rule) == Some(*status))
    };
    by_what_is_read(ground, case, claimed, shows).or_else(|| made(ground, case, shows))
}

/// The same witness, found with less: what the rules do not read is left out from the start, and
/// they alone are asked until the last. `None` where the whole program says otherwise in the end.
fn by_what_is_read(
    ground: &Ground<'_>,
    case: &Case,
    claimed: &[(RuleIdx, Status)],
    shows: impl Fn(&Judged<'_>) -> bool,
) -> Option<Witness> {
    let program = ground.program;
    let read = Read::by(program, claimed.iter().map(|(rule, _)| *rule));
    let wanted = Wanted::those(|id| read.attributes.contains(&id));
    let does_by = |document: &Json, directory: DirectoryIdx| {
        let Some(facts) = document::read(program.schema(), document) else { return false };
        let case = Case { facts, directory };
        let resolved = ground.resolve_for(&case, &wanted);
        claimed.iter().all(|(rule, status)| status_of(program, *rule, &resolved) == Some(*status))
    };
    let does = |document: &Json| does_by(document, case.directory);
    let asked = document::of_those(&case.facts, program.schema(), |path| read.paths.contains(path));
    if !does(&asked) {
        return None;
    }
    let document = document::shortened(asked, does);
    let directory = if does_by(&document, OWN) { OWN } else { case.directory };
    let judged = Judged::of(ground, &document, directory)?;
    shows(&judged).then(|| Witness {
        directory: ground.directories.name(directory),
        verdict: judged.verdict(),
        document,
    })
}

/// What some rules read.
struct Read {
    /// What their dimensions ask for.
    attributes: BTreeSet<AttributeId>,
    /// The paths of these and of what they follow from.
    paths: BTreeSet<Arc<str>>,
}

impl Read {
    fn by(program: &Program, rules: impl Iterator<Item = RuleIdx>) -> Self {
        let mut attributes = BTreeSet::from([SEND_AT]);
        let dimensions =
            rules.filter_map(|rule| program.compiled(rule)).flat_map(|rule| &rule.dimensions);
        for place in dimensions {
            match program.dimension(*place).map(|known| known.subject) {
                Some(Subject::Attribute(id)) => {
                    attributes.insert(id);
                }
                Some(Subject::Predicate(index)) => {
                    let predicate = program.predicates().get(index);
                    attributes.extend(predicate.into_iter().flat_map(|known| &known.attributes));
                }
                None => {}
            }
        }
        let own = |id: &AttributeId| Arc::clone(&program.schema().attribute(*id).path);
        let paths = attributes.iter().flat_map(|id| sources(*id).into_iter().chain([own(id)]));
        Self { paths: paths.collect(), attributes }
    }
}

/// What a program says of one rule, worked out alone.
fn status_of(program: &Program, rule: RuleIdx, resolved: &Resolved<'_>) -> Option<Status> {
    let compiled = program.compiled(rule)?;
    if compiled.scope > resolved.facts().scope() {
        return None;
    }
    let classes: Vec<ClassIdx> =
        compiled.dimensions.iter().map(|place| class_of(program, *place, resolved)).collect();
    let class = |place: DimensionIdx| {
        let known = compiled.dimensions.binary_search(&place).ok();
        known.and_then(|known| classes.get(known)).copied().unwrap_or(UNKNOWN)
    };
    let possible = |clauses: &[Clause]| clauses.iter().any(|clause| clause.possible_where(class));
    let satisfied = possible(&compiled.satisfied);
    let others = |_: &bool| satisfied || possible(&compiled.not_applicable);
    let settled = settle(possible(&compiled.violated), possible(&compiled.error), others);
    Some(settled.status(satisfied))
}

/// As [`of`], for any claim that a judgement can bear out.
pub(super) fn made(
    ground: &Ground<'_>,
    case: &Case,
    shows: impl Fn(&Judged<'_>) -> bool,
) -> Option<Witness> {
    let does_by = |document: &Json, directory: DirectoryIdx| {
        Judged::of(ground, document, directory).is_some_and(|judged| shows(&judged))
    };
    let does = |document: &Json| does_by(document, case.directory);
    let whole = document::of(&case.facts, ground.program.schema());
    if !does(&whole) {
        return None;
    }
    let document = document::shortened(whole, does);
    // What shows the same without a directory of tests is easier to try.
    let directory = if does_by(&document, OWN) { OWN } else { case.directory };
    let verdict = Judged::of(ground, &document, directory)?.verdict();
    Some(Witness { document, directory: ground.directories.name(directory), verdict })
}
