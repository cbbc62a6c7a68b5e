//! Why, and what would help?

use std::ffi::c_void;
use std::marker::PhantomData;
use std::sync::OnceLock;

use cleartosend::{ExplainOptions, Explanation, Lang};

use crate::boundary::Failure;
use crate::contract::{Contract, called, free, getter};
use crate::decision::{Made, cts_decision};
use crate::engine::cts_engine;
use crate::error::cts_error;
use crate::facts::{cts_facts, instant};
use crate::handle;
use crate::input::StartsWithSize;
use crate::status::{cts_status, language};
use crate::text::cts_str;

/// Why a campaign is or is not clear to send, what would help, and from when it is. Never changes;
/// may be read by several threads at once.
pub struct cts_explanation(PhantomData<*mut u8>);

crate::handle::handle!(cts_explanation holds ExplanationReport);

/// How much is to be explained.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cts_explain_options {
    /// `sizeof(cts_explain_options)`, set by `CTS_EXPLAIN_OPTIONS_INIT`.
    pub struct_size: usize,
    /// How many fixes there are at most; 0 for 8.
    pub fixes_max: usize,
    /// A `cts_timeline`: `CTS_TIMELINE_DAYS` unless something else is set.
    pub timeline: i32,
    /// Of `CTS_TIMELINE_UNTIL`: nanoseconds after `until_seconds`.
    pub until_nanos: u32,
    /// Of `CTS_TIMELINE_UNTIL`: the instant before which the timeline ends, at most 400 days after
    /// that of sending, in seconds since 1970-01-01T00:00:00Z.
    pub until_seconds: i64,
}

/// Explains facts: the decision, a checklist of all rules, the smallest sets of changes that make
/// the verdict better, the verdict at later instants, and what to supply first. Every claim was
/// checked by judging the case again. `options` may be NULL: 8 fixes and 30 days.
///
/// `*explanation` is the caller's; free it with `cts_explanation_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_engine_explain(
    engine: *const cts_engine,
    facts: *const cts_facts,
    options: *const cts_explain_options,
    explanation: *mut *mut cts_explanation,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(explanation, "explanation");
        let current = c.shared(engine, "engine")?.current();
        let filled = c.shared(facts, "facts")?;
        let options = read(c, options)?;
        let out = out?;
        out.put(handle::give(ExplanationReport::new(
            current.engine.explain(&filled.facts, &options)?,
        )));
        Ok(())
    })
}

/// Explains a campaign document, as `cts_engine_explain` does facts.
///
/// `*explanation` is the caller's; free it with `cts_explanation_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_engine_explain_json(
    engine: *const cts_engine,
    json: *const c_void,
    json_len: usize,
    options: *const cts_explain_options,
    explanation: *mut *mut cts_explanation,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(explanation, "explanation");
        let current = c.shared(engine, "engine")?.current();
        let json = c.bytes(json, json_len, "json")?;
        let options = read(c, options)?;
        let out = out?;
        let facts = current.engine.facts_from_json(json)?;
        out.put(handle::give(ExplanationReport::new(current.engine.explain(&facts, &options)?)));
        Ok(())
    })
}

/// Gives the explanation as one line of JSON, byte for byte as `cts explain --json` prints it. Its
/// member `decision` is what `cts_decision_json` gives.
///
/// `*json` is borrowed from `explanation` and dies with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_explanation_json(
    explanation: *const cts_explanation,
    json: *mut cts_str,
) -> cts_status {
    getter!(explanation, json, |reported| cts_str::of(
        reported.json.get_or_init(|| reported.explanation.to_json())
    ))
}

/// Gives the explanation for people: a page of 100 columns in their language, in lines that end
/// with a line feed. `language` is a `cts_language`.
///
/// `*text` is borrowed from `explanation` and dies with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_explanation_text(
    explanation: *const cts_explanation,
    language: i32,
    text: *mut cts_str,
) -> cts_status {
    called!(|c| {
        let text = c.out(text, "text");
        let reported = c.shared(explanation, "explanation")?;
        let read = reported.read(language)?;
        let text = text?;
        text.put(cts_str::of(read));
        Ok(())
    })
}

/// Gives the decision of an explanation, as a check gives it.
///
/// `*decision` is the caller's, and lives on without the explanation; free it with
/// `cts_decision_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_explanation_decision(
    explanation: *const cts_explanation,
    decision: *mut *mut cts_decision,
) -> cts_status {
    getter!(explanation, decision, |reported| handle::give(Made::new(
        reported.explanation.decision().clone()
    )))
}

/// Frees an explanation; NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_explanation_free(explanation: *mut cts_explanation) {
    free!(explanation);
}

/// What is behind a [`cts_explanation`]: the explanation, which never changes, and forms of it that
/// are made when first asked for.
#[derive(Debug)]
pub(crate) struct ExplanationReport {
    explanation: Explanation,
    json: OnceLock<String>,
    english: OnceLock<String>,
    spanish: OnceLock<String>,
    portuguese: OnceLock<String>,
}

impl ExplanationReport {
    fn new(explanation: Explanation) -> Self {
        Self {
            explanation,
            json: OnceLock::new(),
            english: OnceLock::new(),
            spanish: OnceLock::new(),
            portuguese: OnceLock::new(),
        }
    }

    fn read(&self, number: i32) -> Result<&str, Failure> {
        let lang = language(number)?;
        let made = match lang {
            Lang::Spanish => &self.spanish,
            Lang::Portuguese => &self.portuguese,
            _ => &self.english,
        };
        Ok(made.get_or_init(|| self.explanation.text(lang)))
    }
}

/// What is asked for; NULL stands for the defaults.
fn read(c: Contract<'_>, given: *const cts_explain_options) -> Result<ExplainOptions, Failure> {
    let options = ExplainOptions::default();
    if given.is_null() {
        return Ok(options);
    }
    let given = c.structure(given, "options")?;
    let options = match given.fixes_max {
        0 => options,
        most => options.fixes_max(most),
    };
    match given.timeline {
        0 => Ok(options),
        1 => Ok(options.until(instant(given.until_seconds, given.until_nanos)?)),
        2 => Ok(options.without_timeline()),
        other => {
            let expected = "CTS_TIMELINE_DAYS, CTS_TIMELINE_UNTIL or CTS_TIMELINE_NONE";
            Err(Failure::value("options", other, expected))
        }
    }
}

// SAFETY: `repr(C)`, the size first, and all zero is a value.
unsafe impl StartsWithSize for cts_explain_options {
    const SIZES: &'static [usize] = &[size_of::<Self>()];
}
