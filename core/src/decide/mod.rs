//! So, are we clear to send?
//!
//! In: what each rule says of the case, and what is known of it. Out: a [`Decision`]: the verdict,
//! a finding for each rule that is violated or undetermined, what is at stake, what is missing, and
//! a digest over all of it and all that it rests on. The worst finding wins.

mod advice;
mod decision;
mod digest;
mod json;
mod json_schema;
mod message;
mod ruleless;
mod said;
mod stamp;
mod texts;
mod writer;
mod written;

use std::sync::{Arc, OnceLock};

pub(crate) use advice::{Length, values_of};
pub use decision::{Decision, Finding, FindingError, FindingSource, FindingTexts, FindingWaiver};
#[cfg(feature = "screen")]
pub(crate) use digest::facts as facts_bytes;
#[cfg(feature = "screen")]
pub(crate) use json_schema::waiver as waiver_schema;
pub(crate) use json_schema::{decision as decision_schema, topic as topic_schema};
#[cfg(feature = "screen")]
pub(crate) use stamp::ENGINE;
pub use stamp::{DirectoryStamp, PackStamp, Stamp};
pub(crate) use written::shown;
pub use written::{InWords, Written, WrittenDate};

use crate::language::Lang;
use crate::matching::position::sorted;
use crate::matching::{Failure, Matched};
use crate::pack::{Confidence, Pack, Rule, SourceConfidence};
use crate::program::Program;
use crate::resolve::Resolved;
use crate::schema::attributes as id;
use crate::time::Timestamp;
use crate::value::{Fact, Value};
use crate::verdict::{Status, Verdict};

use message::InPlace;
use said::{Open, Said};

/// Which rules a decision reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is nothing between the two")]
pub enum Report {
    /// Those that are violated or undetermined; of those whose findings are notes, the violated
    /// ones.
    #[default]
    Findings,
    /// All, also those that are satisfied or do not apply.
    EveryRule,
}

/// Concludes from the status of each reported rule. All that are violated or undetermined must
/// be among them, but for undetermined ones whose findings are notes.
pub fn decide(
    program: &Program,
    resolved: &Resolved<'_>,
    matched: &[Matched],
    stamp: &Arc<Stamp>,
) -> Decision {
    let rules = matched
        .iter()
        .filter_map(|matched| program.rule(matched.rule).map(|(pack, rule)| (pack, rule, matched)));
    let mut findings: Vec<Finding> = rules
        .map(|(pack, rule, matched)| finding(program, (pack, rule), resolved, matched))
        .collect();
    let send_at = resolved.facts().send_at().unwrap_or(Timestamp::MIN);
    if !program.any_in_force(send_at) {
        findings.push(ruleless::finding(program, send_at));
    }
    findings.sort_by(|a, b| a.order().cmp(&b.order()));
    let decisive = || findings.iter().filter(|finding| finding.verdict.effect() > Verdict::Allow);
    Decision {
        verdict: Verdict::of_findings(findings.iter().map(|finding| finding.verdict)),
        send_at,
        scope: resolved.facts().scope(),
        exposure: sorted(decisive().flat_map(|finding| finding.exposure.iter().copied())),
        missing: sorted(decisive().flat_map(|finding| finding.missing.iter().cloned())),
        findings,
        stamp: Arc::clone(stamp),
        facts: digest::facts(resolved.facts()),
        digest: OnceLock::new(),
    }
}

fn finding(
    program: &Program,
    (pack, rule): (&Pack, &Rule),
    resolved: &Resolved<'_>,
    matched: &Matched,
) -> Finding {
    let schema = resolved.facts().schema();
    let mut facts: Vec<_> = rule
        .attributes
        .iter()
        .filter_map(|id| written::value_in_words(schema.attribute(*id), resolved.fact(*id)))
        .collect();
    facts.sort_by(|(a, _), (b, _)| a.cmp(b));
    let verdict = matched.verdict(program);
    let is_at_stake = matched.status == Status::Violated && verdict.effect() > Verdict::Allow;
    let missing: Vec<Arc<str>> =
        sorted(matched.missing.iter().flat_map(|id| resolved.causes(*id)).map(Arc::from));
    let (message, advice, said) = said(rule, resolved, matched, &missing);
    Finding {
        pack: Arc::clone(&pack.name),
        rule: Arc::clone(&rule.id),
        topic: rule.topic.clone(),
        status: matched.status,
        verdict,
        title: Arc::clone(&rule.title),
        message,
        facts,
        exposure: if is_at_stake { sorted(rule.exposure.iter().copied()) } else { Vec::new() },
        advice,
        missing,
        source: source(pack, rule, resolved),
        from: rule.period.from.map(WrittenDate),
        until: rule.period.until.map(WrittenDate),
        error: matched.failure.as_ref().map(|Failure { error, .. }| FindingError {
            code: error.code(),
            message: error.message().to_owned(),
        }),
        waiver: matched.waiver.and_then(|waiver| FindingWaiver::of(program, waiver)),
        labels: Arc::clone(&rule.labels),
        said,
    }
}

/// Message and advice in English, and what they were made of. The rule's own message says what is
/// wrong, so only a violation has it.
fn said(
    rule: &Rule,
    resolved: &Resolved<'_>,
    matched: &Matched,
    missing: &[Arc<str>],
) -> (String, String, Said) {
    const LANG: Lang = Lang::English;
    let schema = resolved.facts().schema();
    let send_at = resolved.facts().send_at();
    let as_given = |message: &str| {
        let said = Said::Rule { rule: matched.rule, absent: Box::default() };
        (message.to_owned(), String::new(), said)
    };
    match matched.status {
        Status::Violated => {
            let in_place = |id| match resolved.fact(id) {
                Fact::Value(value) => InPlace::Value(shown(schema.attribute(id), value)),
                Fact::Absent => InPlace::Absent,
                Fact::Unknown => InPlace::Unknown,
            };
            let mut text = message::filled(&rule.message, schema, LANG, in_place);
            text.extend(send_at.and_then(|at| message::assumed(rule, at, LANG)));
            let advice = message::filled(&rule.advice, schema, LANG, in_place);
            let named = rule.message.attributes().chain(rule.advice.attributes());
            let absent = named.filter(|id| matches!(resolved.fact(*id), Fact::Absent));
            let said = Said::Rule { rule: matched.rule, absent: absent.collect() };
            (text, advice, said)
        }
        Status::Undetermined => {
            let open = Box::new(Open::of(resolved, matched));
            let text = message::open(&open, missing, LANG);
            let advice = advice::of(&open, missing, schema, LANG);
            (text, advice, Said::Open { rule: matched.rule, open })
        }
        Status::Satisfied => as_given(message::satisfied(LANG)),
        Status::NotApplicable => as_given(message::not_applicable(rule, send_at, LANG)),
    }
}

fn source(pack: &Pack, rule: &Rule, resolved: &Resolved<'_>) -> FindingSource {
    let country = match resolved.fact(id::RECIPIENT_COUNTRY) {
        Fact::Value(Value::String(country)) => Some(&**country),
        _ => None,
    };
    let citation = rule.source_in(country);
    let cited = pack.sources.get(&citation.source);
    let is_unconfirmed = rule.confidence == Confidence::Unconfirmed
        || cited.is_some_and(|source| source.confidence == SourceConfidence::Unconfirmed);
    FindingSource {
        title: cited
            .map_or_else(|| Arc::clone(&citation.source), |source| Arc::clone(&source.title)),
        url: cited.map_or_else(|| "".into(), |source| Arc::clone(&source.url)),
        section: citation.section.clone(),
        retrieved: WrittenDate(cited.map_or(pack.published, |source| source.retrieved)),
        confidence: is_unconfirmed.then_some(Confidence::Unconfirmed),
    }
}
