//! What if no rule of any pack is in force?

use std::sync::Arc;

use super::decision::{Finding, FindingSource};
use super::written::WrittenDate;
use crate::matching::order::NO_RULE_IN_FORCE;
use crate::pack::ENGINE_PACK;
use crate::program::Program;
use crate::time::Timestamp;
use crate::value::Value;
use crate::verdict::{FindingVerdict, Status, Topic};

/// The engine's own finding: what nobody has written rules for is not clear to send.
pub(super) fn finding(program: &Program, send_at: Timestamp) -> Finding {
    let packs: Vec<String> =
        program.packs().iter().map(|pack| format!("{} {}", pack.name, pack.version)).collect();
    let message = if packs.is_empty() {
        format!("there is no pack, so no rule is in force at {send_at}")
    } else {
        format!("no rule of {} is in force at {send_at}", packs.join(", "))
    };
    Finding {
        pack: Arc::from(ENGINE_PACK),
        rule: Arc::from(NO_RULE_IN_FORCE),
        topic: Topic::Input,
        status: Status::Violated,
        verdict: FindingVerdict::Review,
        title: Arc::from("Some rule is in force when the message is sent"),
        message,
        facts: vec![(Arc::from("send_at"), Value::Timestamp(send_at))],
        missing: Vec::new(),
        exposure: Vec::new(),
        advice: "Correct `send_at`, or add a pack whose rules are in force then.".to_owned(),
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
    }
}

/// 2026-11-28.
const WRITTEN: i64 = 1_795_824_000;
