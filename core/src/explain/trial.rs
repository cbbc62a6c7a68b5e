//! What would the engine say of another case?

use std::sync::Arc;

use crate::clients::Catalogue;
use crate::decide::Stamp;
use crate::directory::Directory;
use crate::facts::Facts;
use crate::matching::order::{Order, Rank, Subject};
use crate::matching::{Case, Judgement, class_of_predicate};
use crate::program::Program;
use crate::program::classes::{ClassIdx, UNKNOWN};
use crate::program::clause::DimensionIdx;
use crate::program::dimension;
use crate::resolve::{self, Resolved, Wanted};
use crate::verdict::Verdict;

/// What the engine holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ground<'e> {
    pub(crate) program: &'e Program,
    pub(crate) directory: &'e Directory,
    pub(crate) catalogue: &'e Catalogue,
    pub(crate) order: &'e Order,
    pub(crate) wanted: Wanted,
    pub(crate) stamp: &'e Arc<Stamp>,
}

impl Ground<'_> {
    pub(super) fn resolve<'f>(&self, facts: &'f Facts) -> Resolved<'f> {
        self.resolve_those(facts, Wanted::ALL).placed(self.program)
    }

    /// These attributes alone, and not where the case lies in the program's table.
    pub(super) fn resolve_those<'f>(&self, facts: &'f Facts, those: Wanted) -> Resolved<'f> {
        let packs = self.program.packs();
        let wanted = self.wanted.and(those);
        resolve::resolve(facts, packs, self.directory, self.catalogue, &wanted)
    }
}

/// Judges cases, with room that it uses again.
pub(super) struct Trials<'e> {
    pub(super) ground: &'e Ground<'e>,
    judgement: Judgement,
}

/// What was found of a case.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    pub(super) verdict: Verdict,
    /// The numbers of all findings in the order of findings, so that the worst stand first.
    pub(super) findings: Vec<u32>,
}

impl<'e> Trials<'e> {
    pub(super) fn new(ground: &'e Ground<'e>) -> Self {
        Self { ground, judgement: Judgement::default() }
    }

    pub(super) fn judge(&mut self, facts: &Facts) -> Judged {
        self.judge_case(&self.ground.resolve(facts))
    }

    pub(super) fn judge_case<C: Case>(&mut self, case: &C) -> Judged {
        self.judgement.fill(self.ground.program, self.ground.order, case);
        Judged {
            verdict: self.judgement.verdict(self.ground.order),
            findings: self.judgement.numbers().to_vec(),
        }
    }

    pub(super) fn verdict(&mut self, facts: &Facts) -> Verdict {
        self.verdict_resolved(&self.ground.resolve(facts))
    }

    pub(super) fn verdict_resolved(&mut self, resolved: &Resolved<'_>) -> Verdict {
        self.judgement.fill(self.ground.program, self.ground.order, resolved);
        self.judgement.verdict(self.ground.order)
    }

    /// The findings of a case that keep it from being clear to send, the worst first.
    pub(super) fn bad(&self, judged: &Judged) -> impl Iterator<Item = Rank> {
        let order = self.ground.order;
        judged
            .findings
            .iter()
            .filter_map(|number| order.rank(*number))
            .filter(|rank| rank.verdict.effect() > Verdict::Allow)
    }

    /// Where a case lies on all that a finding's rule reads: two cases that lie alike are alike to
    /// it.
    pub(super) fn place<C: Case>(&self, case: &C, subject: Subject) -> Vec<ClassIdx> {
        let program = self.ground.program;
        let Subject::Rule(rule) = subject else { return Vec::new() };
        let dimensions = program.compiled(rule).map_or(&[][..], |compiled| &compiled.dimensions);
        let of_waivers = program.waivers().dimensions(rule);
        let all = dimensions.iter().copied().chain(of_waivers);
        all.map(|place| class(program, place, case)).collect()
    }
}

fn class<C: Case>(program: &Program, place: DimensionIdx, case: &C) -> ClassIdx {
    let Some(known) = program.dimension(place) else { return UNKNOWN };
    match known.subject {
        dimension::Subject::Attribute(id) => known.class(case.fact(id)),
        dimension::Subject::Predicate(_) => class_of_predicate(program, place, case),
    }
}
