//! The verdict and the rules behind it, and nothing else, as fast as can be.

use std::marker::PhantomData;
use std::sync::Arc;

use cleartosend::{Facts, Judgement};

use crate::boundary::Failure;
use crate::contract::{called, free, record};
use crate::engine::{Live, Snapshot, cts_engine};
use crate::error::cts_error;
use crate::facts::cts_facts;
use crate::handle;
use crate::input::StartsWithSize;
use crate::status::{cts_finding_status, cts_finding_verdict, cts_status, cts_verdict, of_finding};
use crate::text::cts_str;

/// The verdict on a case and the ids of the rules behind it. Made once and filled by each check
/// anew, so that checking in a loop reuses its memory. For one thread at a time.
pub struct cts_report(PhantomData<*mut u8>);

crate::handle::handle!(cts_report holds Report);

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
    called!(|c| {
        let out = c.out(report, "report");
        let out = out?;
        out.put(handle::give(Report {
            snapshot: None,
            is_filled: false,
            judgement: Judgement::new(),
        }));
        Ok(())
    })
}

/// Judges facts, and keeps in `report` the verdict and the rules that are violated or undetermined:
/// those of the findings that `cts_engine_check` gives, in the same order. If the check fails, the
/// report is empty: what was found of another case is never read as of this one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_engine_check_into(
    engine: *const cts_engine,
    facts: *const cts_facts,
    report: *mut cts_report,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let mut report = c.exclusive(report, "report");
        if let Ok(report) = &mut report {
            report.is_filled = false;
        }
        let live = c.shared(engine, "engine")?;
        let filled = c.shared(facts, "facts")?;
        report?.fill(live, &filled.facts)
    })
}

/// Gives the verdict of the last check; `CTS_ERR_EMPTY` where there was none, or it failed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_report_verdict(
    report: *const cts_report,
    verdict: *mut cts_verdict,
) -> cts_status {
    called!(|c| {
        let out = c.out(verdict, "verdict");
        let report = c.shared(report, "report")?;
        let out = out?;
        report.filled()?;
        out.put(report.judgement.verdict().into());
        Ok(())
    })
}

/// Gives the number of rules that are violated or undetermined.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_report_rule_count(
    report: *const cts_report,
    count: *mut usize,
) -> cts_status {
    called!(|c| {
        let out = c.out(count, "count");
        let report = c.shared(report, "report")?;
        let out = out?;
        report.filled()?;
        out.put(report.judgement.len());
        Ok(())
    })
}

/// Gives one rule, the worst first. `rule->struct_size` must be set, as by `CTS_RULE_INIT`.
///
/// The texts in `*rule` are borrowed from `report` and die when it is filled anew or freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_report_rule(
    report: *const cts_report,
    index: usize,
    rule: *mut cts_rule,
) -> cts_status {
    record!(report, rule, |report| {
        report.filled()?;
        let reported = report
            .judgement
            .rule(index)
            .ok_or_else(|| Failure::index(index, report.judgement.len()))?;
        cts_rule {
            struct_size: size_of::<cts_rule>(),
            status: reported.status.into(),
            verdict: of_finding(reported.verdict),
            pack: cts_str::of(reported.pack),
            rule: cts_str::of(reported.rule),
        }
    })
}

/// Frees a report; NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_report_free(report: *mut cts_report) {
    free!(report);
}

/// What is behind a [`cts_report`].
#[derive(Debug)]
pub(crate) struct Report {
    /// What the last check was made with; none before the first.
    snapshot: Option<Arc<Snapshot>>,
    /// Whether the last check came to an end.
    is_filled: bool,
    judgement: Judgement,
}

impl Report {
    fn filled(&self) -> Result<(), Failure> {
        if self.is_filled { Ok(()) } else { Err(Failure::empty_report()) }
    }

    fn fill(&mut self, live: &Live, facts: &Facts) -> Result<(), Failure> {
        // A fresh reference is taken only if the engine was replaced since the last check: counting
        // is the dearest part of this call.
        let fresh = live.if_other_than(self.snapshot.as_ref());
        let snapshot = fresh
            .as_ref()
            .or(self.snapshot.as_ref())
            .ok_or_else(|| Failure::internal("there is no engine"))?;
        snapshot.engine.judge_into(facts, &mut self.judgement)?;
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
