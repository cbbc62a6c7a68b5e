//! What if no rule of any pack is in force?

use std::sync::Arc;

use super::decision::{Finding, FindingSource, FindingTexts};
use super::said::Said;
use super::written::WrittenDate;
use crate::language::{Lang, catalogue as words};
use crate::matching::order::NO_RULE_IN_FORCE;
use crate::pack::ENGINE_PACK;
use crate::program::Program;
use crate::time::Timestamp;
use crate::value::Value;
use crate::verdict::{FindingVerdict, Status, Topic};

/// The engine's own finding: what nobody has written rules for is not clear to send.
pub(super) fn finding(program: &Program, send_at: Timestamp) -> Finding {
    let texts = texts(program, send_at, Lang::English);
    Finding {
        pack: Arc::from(ENGINE_PACK),
        rule: Arc::from(NO_RULE_IN_FORCE),
        topic: Topic::Input.into(),
        status: Status::Violated,
        verdict: FindingVerdict::Review,
        title: Arc::from(texts.title),
        message: texts.message,
        facts: vec![(Arc::from("send_at"), Value::Timestamp(send_at))],
        missing: Vec::new(),
        exposure: Vec::new(),
        advice: texts.advice,
        source: FindingSource {
            title: Arc::from("cleartosend: decisions"),
            url: Arc::from("docs/reference/decisions.md"),
            section: Some(Arc::from("No rule in force")),
            // The day on which the engine began to say so.
            retrieved: WrittenDate(Timestamp::new(WRITTEN, 0).unwrap_or(Timestamp::MIN)),
            confidence: None,
        },
        from: None,
        until: None,
        error: None,
        waiver: None,
        labels: Arc::default(),
        said: Said::Ruleless,
    }
}

/// What it says, in a language.
pub(super) fn texts(program: &Program, send_at: Timestamp, lang: Lang) -> FindingTexts {
    let packs: Vec<String> =
        program.packs().iter().map(|pack| format!("{} {}", pack.name, pack.version)).collect();
    let message = if packs.is_empty() {
        words::NO_PACK.with(lang, &[("send_at", &send_at)])
    } else {
        words::NO_RULE.with(lang, &[("packs", &packs.join(", ")), ("send_at", &send_at)])
    };
    FindingTexts {
        title: words::NO_RULE_TITLE.of(lang).to_owned(),
        message,
        advice: words::NO_RULE_ADVICE.of(lang).to_owned(),
    }
}

/// 2026-11-28.
const WRITTEN: i64 = 1_795_824_000;
