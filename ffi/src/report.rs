//! The verdict and the rules behind it, and nothing else, as fast as can be.

use std::marker::PhantomData;
use std::sync::Arc;

use cleartosend::decide::NO_RULE_IN_FORCE;
use cleartosend::facts::Facts;
use cleartosend::matching::Matcher;
use cleartosend::pack::ENGINE_PACK;
use cleartosend::program::{Program, RuleIdx};
use cleartosend::verdict::{FindingVerdict, Status, Verdict};

use crate::boundary::{ErrorPlace, Failure, boundary, plain};
use crate::engine::{Live, Snapshot, cts_engine};
use crate::error::cts_error;
use crate::facts::cts_facts;
use crate::handle;
use crate::input::{Out, SizedOut, StartsWithSize};
use crate::status::{cts_finding_status, cts_finding_verdict, cts_status, cts_verdict, of_finding};
use crate::text::cts_str;

/// The verdict on a case and the ids of the rules behind it. Made once and filled by each check
/// anew, so that checking in a loop reuses its memory. For one thread at a time.
pub struct cts_report(PhantomData<*mut u8>);

/// One rule that is violated or undetermined.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cts_rule {
    /// `sizeof(cts_rule)`, set by `CTS_RULE_INIT`.
    pub struct_size: usize,
    /// What the rule says.
    pub status: cts_finding_status,
    /// What that means.
    pub verdict: cts_finding_verdict,
    /// The name of the rule's pack.
    pub pack: cts_str,
    /// The rule's id, such as `consent.no-opt-in`.
    pub rule: cts_str,
}

/// Makes an empty report.
///
/// `*report` is the caller's; free it with `cts_report_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_report_new(report: *mut *mut cts_report) -> cts_status {
    plain(|| {
        // SAFETY: as the header demands of outputs.
        let out = unsafe { Out::new(report, "report") };
        let out = out?;
        out.put(handle::give(Report {
            snapshot: None,
            is_filled: false,
            matcher: Matcher::new(),
            verdict: Verdict::Review,
            rules: Vec::new(),
        }));
        Ok(())
    })
}

/// Judges facts, and keeps in `report` the verdict and the rules that are violated or undetermined:
/// those of the findings that `cts_engine_check` gives, in the same order. If the check fails, the
/// report is empty: what was found of another case is never read as of this one.
///
/// Takes no ownership. `error`: as in `cts_builder_add_built_in_pack`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_engine_check_into(
    engine: *const cts_engine,
    facts: *const cts_facts,
    report: *mut cts_report,
    error: *mut *mut cts_error,
) -> cts_status {
    // SAFETY: as the header demands of outputs.
    let error = unsafe { ErrorPlace::new(error) };
    boundary(error, || {
        // SAFETY: as the header demands of a handle that changes.
        let mut report = unsafe { handle::exclusive(report, "report") };
        if let Ok(report) = &mut report {
            report.is_filled = false;
        }
        // SAFETY: as the header demands of a `const` handle.
        let live = unsafe { handle::shared(engine, "engine") }?;
        // SAFETY: as the header demands of a `const` handle.
        let filled = unsafe { handle::shared(facts, "facts") }?;
        report?.fill(live, &filled.facts)
    })
}

/// Gives the verdict of the last check; `CTS_ERR_EMPTY` where there was none, or it failed.
///
/// Takes no ownership.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_report_verdict(
    report: *const cts_report,
    verdict: *mut cts_verdict,
) -> cts_status {
    plain(|| {
        // SAFETY: as the header demands of outputs.
        let out = unsafe { Out::new(verdict, "verdict") };
        // SAFETY: as the header demands of a `const` handle.
        let report = unsafe { handle::shared(report, "report") }?;
        let out = out?;
        report.filled()?;
        out.put(report.verdict.into());
        Ok(())
    })
}

/// Gives the number of rules that are violated or undetermined.
///
/// Takes no ownership.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_report_rule_count(
    report: *const cts_report,
    count: *mut usize,
) -> cts_status {
    plain(|| {
        // SAFETY: as the header demands of outputs.
        let out = unsafe { Out::new(count, "count") };
        // SAFETY: as the header demands of a `const` handle.
        let report = unsafe { handle::shared(report, "report") }?;
        let out = out?;
        report.filled()?;
        out.put(report.rules.len());
        Ok(())
    })
}

/// Gives one rule, the worst first. `rule->struct_size` must be set, as by `CTS_RULE_INIT`.
///
/// Takes no ownership. The texts in `*rule` are borrowed from `report` and die when it is filled
/// anew or freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_report_rule(
    report: *const cts_report,
    index: usize,
    rule: *mut cts_rule,
) -> cts_status {
    plain(|| {
        // SAFETY: as the header demands of outputs that begin with their size.
        let out = unsafe { SizedOut::new(rule, "rule") };
        // SAFETY: as the header demands of a `const` handle.
        let report = unsafe { handle::shared(report, "report") }?;
        let out = out?;
        let snapshot = report.filled()?;
        let told =
            *report.rules.get(index).ok_or_else(|| Failure::index(index, report.rules.len()))?;
        let (pack, rule) = if told == RULELESS {
            (cts_str::of(ENGINE_PACK), cts_str::of(NO_RULE_IN_FORCE))
        } else {
            let rule = snapshot
                .order
                .rule(told)
                .ok_or_else(|| Failure::internal("a rule is not in its order"))?;
            let (pack, rule) = snapshot
                .engine
                .program()
                .rule(rule)
                .ok_or_else(|| Failure::internal("a rule is not in its program"))?;
            (cts_str::of(&pack.name), cts_str::of(&rule.id))
        };
        out.put(cts_rule {
            struct_size: size_of::<cts_rule>(),
            status: told.status().into(),
            verdict: of_finding(told.verdict()),
            pack,
            rule,
        });
        Ok(())
    })
}

/// Frees a report; NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_report_free(report: *mut cts_report) {
    plain(|| {
        // SAFETY: as the header demands of a handle that is freed.
        unsafe { handle::release(report) };
        Ok(())
    });
}

/// What is behind a [`cts_report`].
#[derive(Debug)]
pub(crate) struct Report {
    /// What the last check was made with; none before the first.
    snapshot: Option<Arc<Snapshot>>,
    /// Whether the last check came to an end.
    is_filled: bool,
    matcher: Matcher,
    verdict: Verdict,
    rules: Vec<Told>,
}

/// What one rule says, as a number that sorts as findings do: the worst verdict first, violated
/// before undetermined, then by the names of pack and rule. Its upper two bits are one of the
/// groups below, its lower ones the rule's rank by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Told(u32);

/// Thirty bits hold any rank: there are at most [`cleartosend::limits::RULES_MAX`] rules.
const RANK: u32 = (1 << 30) - 1;
const _: () = assert!(cleartosend::limits::RULES_MAX < RANK as usize);

const VIOLATED_DENY: u32 = 0 << 30;
const VIOLATED_REVIEW: u32 = 1 << 30;
const UNDETERMINED: u32 = 2 << 30;
const NOTE: u32 = 3 << 30;

/// The engine's own finding that no rule is in force: no rule has its rank.
const RULELESS: Told = Told(VIOLATED_REVIEW | RANK);

impl Told {
    fn status(self) -> Status {
        if self.0 & !RANK == UNDETERMINED { Status::Undetermined } else { Status::Violated }
    }

    fn verdict(self) -> FindingVerdict {
        match self.0 & !RANK {
            VIOLATED_DENY => FindingVerdict::Deny,
            NOTE => FindingVerdict::Note,
            _ => FindingVerdict::Review,
        }
    }
}

/// The rules of a program by the names of pack and rule, so that no check has to compare names.
#[derive(Debug)]
pub(crate) struct Order {
    /// For each rule, what it says when it is violated.
    violated: Box<[Told]>,
    by_name: Box<[RuleIdx]>,
}

impl Order {
    pub(crate) fn of(program: &Program) -> Self {
        let mut rules: Vec<_> = program.rules().collect();
        rules.sort_by(|(_, pack, rule), (_, other_pack, other)| {
            (&pack.name, &rule.id).cmp(&(&other_pack.name, &other.id))
        });
        let mut violated = vec![Told(VIOLATED_DENY); rules.len()];
        for (rank, (idx, _, rule)) in rules.iter().enumerate() {
            let group = match rule.verdict_of(Status::Violated) {
                FindingVerdict::Deny => VIOLATED_DENY,
                FindingVerdict::Review => VIOLATED_REVIEW,
                FindingVerdict::Note | FindingVerdict::Allow => NOTE,
            };
            if let Some(told) = violated.get_mut(idx.index()) {
                *told = Told(group | rank as u32 & RANK);
            }
        }
        Self { violated: violated.into(), by_name: rules.iter().map(|(idx, ..)| *idx).collect() }
    }

    fn rule(&self, told: Told) -> Option<RuleIdx> {
        self.by_name.get((told.0 & RANK) as usize).copied()
    }

    fn violated(&self, rule: RuleIdx) -> Option<Told> {
        self.violated.get(rule.index()).copied()
    }

    /// None for a rule whose findings are notes: that it is undetermined is not reported.
    fn undetermined(&self, rule: RuleIdx) -> Option<Told> {
        self.violated(rule)
            .filter(|told| told.0 & !RANK != NOTE)
            .map(|told| Told(told.0 & RANK | UNDETERMINED))
    }
}

impl Report {
    fn filled(&self) -> Result<&Snapshot, Failure> {
        self.snapshot.as_deref().filter(|_| self.is_filled).ok_or_else(Failure::empty_report)
    }

    fn fill(&mut self, live: &Live, facts: &Facts) -> Result<(), Failure> {
        // A fresh reference is taken only if the engine was replaced since the last check: counting
        // is the dearest part of this call.
        let fresh = live.if_other_than(self.snapshot.as_ref());
        let snapshot = fresh
            .as_ref()
            .or(self.snapshot.as_ref())
            .ok_or_else(|| Failure::internal("there is no engine"))?;
        let engine = &snapshot.engine;
        facts.ready_for(engine.schema())?;
        let (program, resolved) = (engine.program(), engine.resolve_for_rules(facts));
        self.matcher.run(program, &resolved);
        self.verdict = self.matcher.verdict(program);
        self.rules.clear();
        self.rules.extend(self.matcher.violated().filter_map(|rule| snapshot.order.violated(rule)));
        self.rules.extend(
            self.matcher.undetermined().filter_map(|rule| snapshot.order.undetermined(rule)),
        );
        self.rules.extend(self.matcher.is_ruleless().then_some(RULELESS));
        self.rules.sort_unstable();
        if fresh.is_some() {
            self.snapshot = fresh;
        }
        self.is_filled = true;
        Ok(())
    }
}

// SAFETY: `repr(C)`, the size first, and all zero is a value.
unsafe impl StartsWithSize for cts_rule {
    const SIZES: &'static [usize] = &[size_of::<Self>()];
}
