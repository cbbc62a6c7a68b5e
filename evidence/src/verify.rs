//! Is a record as it was when it was made?

use std::borrow::Cow;
use std::fmt;

use cleartosend::expert::digest::Digest;
use cleartosend::expert::text::shortened;
use serde_json::{Map, Value, json};

use crate::record::Record;
use crate::{form, json};

/// What a record contradicts itself in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The member that is wrong, or that a digest was recomputed of.
    pub member: Cow<'static, str>,
    /// What it says.
    pub found: String,
    /// What follows from the rest of the record, or what stands there in any record.
    pub expected: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { member, found, expected } = self;
        write!(f, "`{member}` is {found}, expected {expected}")
    }
}

/// What the decision's digest covers of each finding.
const COVERED: [&str; 7] = ["facts", "missing", "pack", "rule", "status", "verdict", "waiver"];

impl Difference {
    pub(crate) fn new(
        member: impl Into<Cow<'static, str>>,
        found: Option<&Value>,
        expected: impl Into<String>,
    ) -> Self {
        Self { member: member.into(), found: shown(found), expected: expected.into() }
    }
}

/// A value on one line, of a length that can be read.
pub(crate) fn shown(value: Option<&Value>) -> String {
    /// A digest is shown whole.
    const SHOWN: usize = 200;
    match value {
        Some(Value::String(text)) => shortened(text, SHOWN),
        Some(value) => shortened(&value.to_string(), SHOWN),
        None => "not given".to_owned(),
    }
}

/// Recomputes the digests of a record from the record alone, compares what it says twice, and what
/// it says of a mask and of a screening with the form that these have. Nothing differs in a record
/// that was not changed.
///
/// Whoever changes a record can recompute its digests too: only a seal, or a digest that was kept
/// elsewhere, shows that.
pub fn verify(record: &Record) -> Vec<Difference> {
    let mut differences = Vec::new();
    let mut compare = |member: &'static str, found: Option<&Value>, expected: Option<Value>| {
        if found != expected.as_ref() {
            differences.push(Difference::new(member, found, shown(expected.as_ref())));
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
    form::check(record, &mut differences);
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

/// The verdict of a decision is that of its worst finding; notes and what is allowed have no
/// effect.
fn worst(record: &Record) -> Option<Value> {
    let findings = record.at("/decision/findings")?.as_array()?;
    let has = |word: &str| findings.iter().any(|finding| finding["verdict"] == word);
    let worst = ["deny", "review"].into_iter().find(|word| has(word)).unwrap_or("allow");
    Some(Value::from(worst))
}
