//! Are we clear to send, and why?

use std::ffi::c_void;
use std::marker::PhantomData;
use std::mem::offset_of;
use std::sync::{Arc, OnceLock};

use cleartosend::expert::decide::Written;
use cleartosend::pack::Confidence;
use cleartosend::{Decision, FindingTexts, Lang, Report, Value};
use serde::{Serialize, Serializer};

use crate::boundary::Failure;
use crate::contract::{called, free, getter, record};
use crate::engine::cts_engine;
use crate::error::cts_error;
use crate::facts::{cts_facts, instant};
use crate::handle;
use crate::input::StartsWithSize;
use crate::status::{cts_finding_status, cts_finding_verdict, cts_status, cts_verdict, of_finding};
use crate::text::{Views, cts_str};

/// Whether a campaign is clear to send, and why. Never changes; may be read by several threads at
/// once.
pub struct cts_decision(PhantomData<*mut u8>);

crate::handle::handle!(cts_decision holds Made);

/// What one rule says of the case. Texts and arrays in it are borrowed from the decision and die
/// with it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cts_finding {
    /// `sizeof(cts_finding)`, set by `CTS_FINDING_INIT`.
    pub struct_size: usize,
    /// What the rule says.
    pub status: cts_finding_status,
    /// What that means: the rule's own verdict where it is violated, review where it is
    /// undetermined, else allow; `CTS_NOTE` where the rule's verdict is that, or the rule is not
    /// enforced.
    pub verdict: cts_finding_verdict,
    /// The name of the rule's pack.
    pub pack: cts_str,
    /// The rule's id, such as `consent.no-opt-in`.
    pub rule: cts_str,
    /// What the rule is about, such as `consent`.
    pub topic: cts_str,
    /// The rule in one line.
    pub title: cts_str,
    /// What is wrong, or open, in this case.
    pub message: cts_str,
    /// What to do; empty where nothing is to be done.
    pub advice: cts_str,
    /// The paths of the members of the document whose telling could settle the rule.
    pub missing: *const cts_str,
    /// How many.
    pub missing_count: usize,
    /// What the violation can lead to, from mild to grave, such as `number_ban_permanent`.
    pub exposure: *const cts_str,
    /// How many.
    pub exposure_count: usize,
    /// The title of the page or law that the rule cites.
    pub source_title: cts_str,
    /// Where it can be read.
    pub source_url: cts_str,
    /// Where in it; not there (NULL) if the rule cites all of it.
    pub source_section: cts_str,
    /// When it was read, such as `2026-11-20`.
    pub source_retrieved: cts_str,
    /// `unconfirmed`, where the rule or its source is; else not there (NULL).
    pub source_confidence: cts_str,
    /// Since when the rule is in force; not there (NULL) for a rule that always is.
    pub from: cts_str,
    /// Until when; not there (NULL) if it has no end.
    pub until: cts_str,
    /// What is known of what the rule reads, by path: a JSON object as the decision has it, such as
    /// `{"access.route":"unofficial"}`.
    pub facts: cts_str,
    /// Why the rule's conditions could not be evaluated although all that they need is known, as a
    /// stable name such as `cel/overflow`; not there (NULL) where they could.
    pub error_code: cts_str,
    /// The same in words; not there (NULL) where they could.
    pub error_message: cts_str,
    /// Why an exception lowered the verdict; not there (NULL) where none did.
    pub waiver_reason: cts_str,
    /// Who made it; not there (NULL) where there is none.
    pub waiver_by: cts_str,
    /// Until when it holds, such as `2026-07-01`; not there (NULL) where there is none.
    pub waiver_until: cts_str,
    /// What the authors of the rule call it for their own purposes: a JSON object of texts, such as
    /// `{"team":"legal"}`; not there (NULL) where there is nothing.
    pub labels: cts_str,
}

/// What a finding says in one language. Texts in it are borrowed from the decision and die with it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cts_finding_texts {
    /// `sizeof(cts_finding_texts)`, set by `CTS_FINDING_TEXTS_INIT`.
    pub struct_size: usize,
    /// The rule in one line.
    pub title: cts_str,
    /// What is wrong, or open, in this case.
    pub message: cts_str,
    /// What to do; empty where nothing is to be done.
    pub advice: cts_str,
}

/// Judges a campaign document. `told` is a `cts_told`.
///
/// `*decision` is the caller's; free it with `cts_decision_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_engine_check_json(
    engine: *const cts_engine,
    json: *const c_void,
    json_len: usize,
    told: i32,
    decision: *mut *mut cts_decision,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(decision, "decision");
        let current = c.shared(engine, "engine")?.current();
        let json = c.bytes(json, json_len, "json")?;
        let told = which(told)?;
        let out = out?;
        let facts = current.engine.facts_from_json(json)?;
        out.put(handle::give(Made::new(current.engine.report(&facts, told)?)));
        Ok(())
    })
}

/// Judges a campaign document at another instant than it says, or where it does not say one:
/// seconds since 1970-01-01T00:00:00Z and nanoseconds after them. `told` is a `cts_told`.
///
/// `*decision` is the caller's; free it with `cts_decision_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_engine_check_json_at(
    engine: *const cts_engine,
    json: *const c_void,
    json_len: usize,
    seconds: i64,
    nanos: u32,
    told: i32,
    decision: *mut *mut cts_decision,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(decision, "decision");
        let current = c.shared(engine, "engine")?.current();
        let json = c.bytes(json, json_len, "json")?;
        let (send_at, told) = (instant(seconds, nanos)?, which(told)?);
        let out = out?;
        let facts = current.engine.facts_from_json_at(json, send_at)?;
        out.put(handle::give(Made::new(current.engine.report(&facts, told)?)));
        Ok(())
    })
}

/// Judges facts. `told` is a `cts_told`. Where only the verdict and the rules' ids are wanted,
/// `cts_engine_check_into` is faster.
///
/// `*decision` is the caller's; free it with `cts_decision_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_engine_check(
    engine: *const cts_engine,
    facts: *const cts_facts,
    told: i32,
    decision: *mut *mut cts_decision,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(decision, "decision");
        let current = c.shared(engine, "engine")?.current();
        let filled = c.shared(facts, "facts")?;
        let told = which(told)?;
        let out = out?;
        out.put(handle::give(Made::new(current.engine.report(&filled.facts, told)?)));
        Ok(())
    })
}

/// Gives the verdict.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_decision_verdict(
    decision: *const cts_decision,
    verdict: *mut cts_verdict,
) -> cts_status {
    getter!(decision, verdict, |made| made.decision.verdict().into())
}

/// Gives the decision as one line of JSON, byte for byte as every other binding gives it.
///
/// `*json` is borrowed from `decision` and dies with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_decision_json(
    decision: *const cts_decision,
    json: *mut cts_str,
) -> cts_status {
    getter!(decision, json, |made| cts_str::of(made.json.get_or_init(|| made.decision.to_json())))
}

/// Gives the digest over the facts, all that the decision rests on, and the decision: `sha256:` and
/// 64 hexadecimal digits.
///
/// `*digest` is borrowed from `decision` and dies with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_decision_digest(
    decision: *const cts_decision,
    digest: *mut cts_str,
) -> cts_status {
    getter!(decision, digest, |made| cts_str::of(
        made.digest.get_or_init(|| made.decision.digest().to_string())
    ))
}

/// Gives what the violations can lead to, from mild to grave, such as `number_ban_permanent`.
///
/// The array and its texts are borrowed from `decision` and die with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_decision_exposure(
    decision: *const cts_decision,
    exposure: *mut *const cts_str,
    count: *mut usize,
) -> cts_status {
    getter!(decision, [exposure, count], |made| &made.shown().exposure)
}

/// Gives the paths of the members of the document that are missing for the findings.
///
/// The array and its texts are borrowed from `decision` and die with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_decision_missing(
    decision: *const cts_decision,
    missing: *mut *const cts_str,
    count: *mut usize,
) -> cts_status {
    getter!(decision, [missing, count], |made| &made.shown().missing)
}

/// Gives the number of findings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_decision_finding_count(
    decision: *const cts_decision,
    count: *mut usize,
) -> cts_status {
    getter!(decision, count, |made| made.decision.findings().len())
}

/// Gives one finding, the worst first. `finding->struct_size` must be set, as by
/// `CTS_FINDING_INIT`.
///
/// The texts and arrays in `*finding` are borrowed from `decision` and die with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_decision_finding(
    decision: *const cts_decision,
    index: usize,
    finding: *mut cts_finding,
) -> cts_status {
    record!(decision, finding, |made| made.finding(index)?)
}

/// Gives the decision for people: a page of 100 columns in their language, in lines that end with a
/// line feed. `language` is a `cts_language`. JSON and digest do not depend on it; texts of rules
/// that their pack does not have in a language are in English.
///
/// `*text` is borrowed from `decision` and dies with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_decision_text(
    decision: *const cts_decision,
    language: i32,
    text: *mut cts_str,
) -> cts_status {
    getter!(decision, text, |made| cts_str::of(&made.read(language)?.text))
}

/// Gives what one finding says, the worst first, in a language: `language` is a `cts_language`.
/// `texts->struct_size` must be set, as by `CTS_FINDING_TEXTS_INIT`.
///
/// The texts in `*texts` are borrowed from `decision` and die with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_decision_finding_texts(
    decision: *const cts_decision,
    index: usize,
    language: i32,
    texts: *mut cts_finding_texts,
) -> cts_status {
    called!(|c| {
        let out = c.sized(texts, "texts");
        let made = c.shared(decision, "decision")?;
        let read = made.read(language)?;
        let out = out?;
        let FindingTexts { title, message, advice, .. } = read
            .findings
            .get(index)
            .ok_or_else(|| Failure::index(index, made.decision.findings().len()))?;
        out.put(cts_finding_texts {
            struct_size: size_of::<cts_finding_texts>(),
            title: cts_str::of(title),
            message: cts_str::of(message),
            advice: cts_str::of(advice),
        });
        Ok(())
    })
}

/// Frees a decision; NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_decision_free(decision: *mut cts_decision) {
    free!(decision);
}

/// What is behind a [`cts_decision`]: the decision, which never changes, and forms of it that are
/// made when first asked for.
#[derive(Debug)]
pub(crate) struct Made {
    decision: Decision,
    json: OnceLock<String>,
    digest: OnceLock<String>,
    shown: OnceLock<Shown>,
    english: OnceLock<Read>,
    spanish: OnceLock<Read>,
    portuguese: OnceLock<Read>,
}

/// The decision as people read it in one language.
#[derive(Debug)]
struct Read {
    text: String,
    findings: Vec<FindingTexts>,
}

impl Read {
    fn of(decision: &Decision, lang: Lang) -> Self {
        let count = decision.findings().len();
        Self {
            text: decision.text(lang),
            findings: (0..count).filter_map(|place| decision.texts(place, lang)).collect(),
        }
    }
}

/// What C sees that the decision itself does not hold as texts.
#[derive(Debug)]
struct Shown {
    exposure: Views,
    missing: Views,
    findings: Vec<ShownFinding>,
}

#[derive(Debug)]
struct ShownFinding {
    exposure: Views,
    missing: Views,
    retrieved: String,
    from: Option<String>,
    until: Option<String>,
    /// Nothing where it cannot be written, which would be a defect.
    facts: Option<String>,
    waiver_until: Option<String>,
    labels: Option<String>,
}

/// What a rule's conditions and texts name, as decisions write it.
struct Named<'a>(&'a [(Arc<str>, Value)]);

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(path, value)| (&**path, Written(value))))
    }
}

impl Made {
    pub(crate) fn new(decision: Decision) -> Self {
        Self {
            decision,
            json: OnceLock::new(),
            digest: OnceLock::new(),
            shown: OnceLock::new(),
            english: OnceLock::new(),
            spanish: OnceLock::new(),
            portuguese: OnceLock::new(),
        }
    }

    fn read(&self, language: i32) -> Result<&Read, Failure> {
        let lang = crate::status::language(language)?;
        let made = match lang {
            Lang::Spanish => &self.spanish,
            Lang::Portuguese => &self.portuguese,
            _ => &self.english,
        };
        Ok(made.get_or_init(|| Read::of(&self.decision, lang)))
    }

    fn shown(&self) -> &Shown {
        self.shown.get_or_init(|| {
            let findings = self.decision.findings().iter().map(|finding| ShownFinding {
                exposure: Views::of(finding.exposure.iter().map(|exposure| exposure.name())),
                missing: Views::of(finding.missing.iter().map(|path| &**path)),
                retrieved: finding.source.retrieved.to_string(),
                from: finding.from.map(|from| from.to_string()),
                until: finding.until.map(|until| until.to_string()),
                facts: serde_json::to_string(&Named(&finding.facts)).ok(),
                waiver_until: finding.waiver.as_ref().map(|waiver| waiver.until.to_string()),
                labels: match finding.labels.is_empty() {
                    true => None,
                    false => serde_json::to_string(&*finding.labels).ok(),
                },
            });
            Shown {
                exposure: Views::of(
                    self.decision.exposure().iter().map(|exposure| exposure.name()),
                ),
                missing: Views::of(self.decision.missing().iter().map(|path| &**path)),
                findings: findings.collect(),
            }
        })
    }

    fn finding(&self, index: usize) -> Result<cts_finding, Failure> {
        let found = self.decision.findings().get(index).zip(self.shown().findings.get(index));
        let (finding, shown) =
            found.ok_or_else(|| Failure::index(index, self.decision.findings().len()))?;
        let facts = shown
            .facts
            .as_deref()
            .ok_or_else(|| Failure::internal("facts that cannot be written"))?;
        Ok(cts_finding {
            struct_size: size_of::<cts_finding>(),
            status: finding.status.into(),
            verdict: of_finding(finding.verdict),
            pack: cts_str::of(&finding.pack),
            rule: cts_str::of(&finding.rule),
            topic: cts_str::of(finding.topic.name()),
            title: cts_str::of(&finding.title),
            message: cts_str::of(&finding.message),
            advice: cts_str::of(&finding.advice),
            missing: shown.missing.as_ptr(),
            missing_count: shown.missing.len(),
            exposure: shown.exposure.as_ptr(),
            exposure_count: shown.exposure.len(),
            source_title: cts_str::of(&finding.source.title),
            source_url: cts_str::of(&finding.source.url),
            source_section: cts_str::of_option(finding.source.section.as_deref()),
            source_retrieved: cts_str::of(&shown.retrieved),
            source_confidence: cts_str::of_option(finding.source.confidence.map(Confidence::name)),
            from: cts_str::of_option(shown.from.as_deref()),
            until: cts_str::of_option(shown.until.as_deref()),
            facts: cts_str::of(facts),
            error_code: cts_str::of_option(finding.error.as_ref().map(|error| error.code)),
            error_message: cts_str::of_option(finding.error.as_ref().map(|error| &*error.message)),
            waiver_reason: cts_str::of_option(finding.waiver.as_ref().map(|one| &*one.reason)),
            waiver_by: cts_str::of_option(finding.waiver.as_ref().map(|one| &*one.by)),
            waiver_until: cts_str::of_option(shown.waiver_until.as_deref()),
            labels: cts_str::of_option(shown.labels.as_deref()),
        })
    }
}

fn which(told: i32) -> Result<Report, Failure> {
    match told {
        0 => Ok(Report::Findings),
        1 => Ok(Report::EveryRule),
        other => Err(Failure::value("told", other, "CTS_FINDINGS or CTS_EVERY_RULE")),
    }
}

// SAFETY: `repr(C)`, the size first, and all zero is a value.
unsafe impl StartsWithSize for cts_finding {
    const SIZES: &'static [usize] =
        &[offset_of!(Self, facts), offset_of!(Self, waiver_reason), size_of::<Self>()];
}

// SAFETY: `repr(C)`, the size first, and all zero is a value.
unsafe impl StartsWithSize for cts_finding_texts {
    const SIZES: &'static [usize] = &[size_of::<Self>()];
}
