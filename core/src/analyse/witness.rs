//! Documents that show something.

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value as Json;

use super::document;
use super::ground::{Case, DirectoryIdx, Ground, OWN};
use crate::facts::Facts;
use crate::matching::{self, Matcher};
use crate::program::RuleIdx;
use crate::program::classes::ClassIdx;
use crate::program::clause::Clause;
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
        let bytes = serde_json::to_vec(document).ok()?;
        let facts = Facts::from_json(ground.program.schema(), &bytes).ok()?;
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
        self.matcher.verdict(self.ground.program)
    }
}

/// The shortest document, made of facts, of which each rule says what is claimed; `None` where they
/// do not bear it out.
pub(super) fn of(
    ground: &Ground<'_>,
    case: &Case,
    claimed: &[(RuleIdx, Status)],
) -> Option<Witness> {
    made(ground, case, |judged| {
        claimed.iter().all(|(rule, status)| judged.status(*rule) == Some(*status))
    })
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
