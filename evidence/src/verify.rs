//! Does a record say what it said when it was made?

use std::fmt;

use cleartosend::expert::digest::Digest;
use serde_json::{Map, Value, json};

use crate::json;
use crate::record::Record;

/// What a record contradicts itself in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The member that is wrong, or that a digest was recomputed of.
    pub member: &'static str,
    /// What it says.
    pub found: String,
    /// What follows from the rest of the record.
    pub expected: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { member, found, expected } = self;
        write!(f, "`{member}` is {found}, and the record comes to {expected}")
    }
}

/// What the decision's digest covers of each finding.
const COVERED: [&str; 7] = ["facts", "missing", "pack", "rule", "status", "verdict", "waiver"];

/// Recomputes the digests of a record from the record alone, and compares what it says twice.
/// Nothing differs in a record that was not changed.
///
/// Whoever changes a record can recompute its digests too: only a seal, or a digest that was kept
/// elsewhere, shows that.
pub fn verify(record: &Record) -> Vec<Difference> {
    let mut differences = Vec::new();
    let mut compare = |member, found: Option<&Value>, expected: Option<Value>| {
        if found != expected.as_ref() {
            let shown = |value: Option<&Value>| match value {
                Some(Value::String(text)) => text.clone(),
                Some(value) => value.to_string(),
                None => "not given".to_owned(),
            };
            differences.push(Difference {
                member,
                found: shown(found),
                expected: shown(expected.as_ref()),
            });
        }
    };
    compare("digest", record.at("/digest"), whole(record));
    compare("decision.digest", record.at("/decision/digest"), of_decision(record));
    compare("decision.verdict", record.at("/decision/verdict"), worst(record));
    compare(
        "decision.send_at",
        record.at("/decision/send_at"),
        record.facts().get("send_at").cloned(),
    );
    let packs = record.packs().into_iter().map(|(_, digest)| digest).collect::<Vec<_>>();
    compare("rests_on.packs", record.at("/rests_on/packs"), Some(json!(packs)));
    compare(
        "rests_on.directory",
        record.at("/rests_on/directory"),
        record.at("/decision/directory/digest").cloned(),
    );
    compare(
        "rests_on.engine",
        record.at("/rests_on/engine"),
        record.at("/decision/engine").cloned(),
    );
    differences
}

/// Over all but the digest itself.
fn whole(record: &Record) -> Option<Value> {
    let mut members = record.members().clone();
    members.remove("digest");
    digest(&Value::Object(members))
}

/// As the engine digests a decision.
fn of_decision(record: &Record) -> Option<Value> {
    let covered = |finding: &Value| {
        let members = finding.as_object()?.iter();
        let covered = members.filter(|(name, _)| COVERED.contains(&name.as_str()));
        Some(covered.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>())
    };
    let findings = record.at("/decision/findings")?.as_array()?;
    let findings: Option<Vec<_>> = findings.iter().map(covered).collect();
    digest(&json!({
        "bundled": record.at("/rests_on/bundled")?,
        "directory": record.at("/rests_on/directory")?,
        "engine": record.at("/rests_on/engine")?,
        "facts": record.facts(),
        "findings": findings?,
        "packs": record.at("/rests_on/packs")?,
        "scope": record.at("/decision/scope")?,
    }))
}

fn digest(value: &Value) -> Option<Value> {
    let bytes = json::canonical(value).ok()?;
    Some(Value::from(Digest::of(&bytes).to_string()))
}

/// The verdict of a decision is that of its worst finding; notes and what is allowed have no effect.
fn worst(record: &Record) -> Option<Value> {
    let findings = record.at("/decision/findings")?.as_array()?;
    let has = |word: &str| findings.iter().any(|finding| finding["verdict"] == word);
    let worst = ["deny", "review"].into_iter().find(|word| has(word)).unwrap_or("allow");
    Some(Value::from(worst))
}
