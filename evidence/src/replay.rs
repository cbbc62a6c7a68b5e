//! Does the engine still say what a record says?

use std::collections::BTreeMap;

use cleartosend::expert::engine::Masked;
use cleartosend::schema::{AttributeId, VERSION as SCHEMA};
use cleartosend::{Decision, Engine, ExplainOptions, Fact, Facts, Timestamp, Value as FactValue};
use serde_json::{Map, Value};

use crate::error::RecordError;
use crate::flat::{self, Flat, Recipient, Schemas};
use crate::json;
use crate::record::{Record, explained};
use crate::rows::RowChange;
use crate::verify::{self, Difference, verify};

/// What came of judging a record again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "whoever reads it tells each from the others")]
pub enum Replayed {
    /// The same decision, byte for byte, and the same explanation where there is one.
    SameBytes,
    /// The same, as far as engines of two versions can be compared: all but the version and the
    /// digest, which covers it.
    SameOfOtherEngine {
        /// The version that made the record.
        engine: String,
    },
    /// Of a screening: its campaign comes to the same by itself. The audience is not in the record,
    /// so that nothing is said of its rows.
    CampaignAlone,
    /// Of a screening whose rows were judged again too: these come to the same counts.
    SameRows,
    /// It comes to the same, and contradicts itself: digests that do not fit, or what is said to
    /// follow from a hidden name and does not.
    Contradicts {
        /// What it contradicts itself in.
        differences: Vec<Difference>,
    },
    /// The same verdict by the same rules, in other words or by other inputs.
    SameVerdict {
        /// The inputs that differ.
        inputs: Vec<String>,
        /// What is worded differently: rules, and members of the record.
        texts: Vec<String>,
    },
    /// Another verdict, or other rules.
    Changed {
        /// The inputs that differ.
        inputs: Vec<String>,
        /// The verdict of the record; of a screening whose rows were judged again, the worst one of
        /// its rows and its campaign.
        from: String,
        /// The same now.
        to: String,
        /// The rules that say something else, by pack and id; of a screening, of its campaign alone.
        rules: Vec<RuleChange>,
        /// Of a screening: the counts of rows that are others, where rows were judged again.
        rows: Vec<RowChange>,
    },
}

impl Replayed {
    /// What came of the record of a screening whose rows were judged again too, where these counts
    /// are others than they were, [`compare_rows`](crate::compare_rows).
    #[must_use]
    pub fn with_rows(self, record: &Record, rows: Vec<RowChange>) -> Self {
        let (then, now) = worst_rows(record, &rows);
        let changed = |inputs: Vec<String>, rows: Vec<RowChange>| {
            let verdict = record.verdict();
            let (from, to) = (worse(verdict, then), worse(verdict, now));
            Self::Changed { inputs, from, to, rules: Vec::new(), rows }
        };
        match self {
            Self::CampaignAlone if rows.is_empty() => Self::SameRows,
            same @ (Self::SameOfOtherEngine { .. } | Self::SameVerdict { .. })
                if rows.is_empty() =>
            {
                same
            }
            Self::CampaignAlone | Self::SameRows | Self::SameBytes => changed(Vec::new(), rows),
            Self::SameOfOtherEngine { engine } => {
                let now = env!("CARGO_PKG_VERSION");
                changed(vec![format!("engine: {engine} then, {now} now")], rows)
            }
            Self::SameVerdict { inputs, .. } => changed(inputs, rows),
            Self::Changed { inputs, from, to, rules, .. } => {
                let (from, to) = (worse(&from, then), worse(&to, now));
                Self::Changed { inputs, from, to, rules, rows }
            }
            Self::Contradicts { differences } => Self::Contradicts { differences },
        }
    }
}

/// The worst verdict of any row, by the record and with the counts that are others now.
fn worst_rows(record: &Record, rows: &[RowChange]) -> (&'static str, &'static str) {
    let then = |verdict: &str| record.rows_of(verdict).unwrap_or_default();
    let now = |verdict: &str| {
        let changed = rows.iter().find(|change| change.what == verdict);
        changed.map_or_else(|| then(verdict), |change| change.to)
    };
    let worst = |counted: &dyn Fn(&str) -> u64| {
        let has_rows = |verdict: &&str| counted(verdict) > 0;
        ["deny", "review"].into_iter().find(has_rows).unwrap_or("allow")
    };
    (worst(&then), worst(&now))
}

/// The worse of two verdicts.
fn worse(one: &str, other: &str) -> String {
    let worst = ["deny", "review"].into_iter().find(|word| [one, other].contains(word));
    worst.unwrap_or(one).to_owned()
}

/// A rule that says something else of a case than it did.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a rule and what it says at two times")]
pub struct RuleChange {
    /// Its pack and id: `whatsapp/consent.opted-out`.
    pub rule: String,
    /// Its status and verdict in the record, such as `violated, deny`; none where it has no
    /// finding.
    pub from: Option<String>,
    /// The same now.
    pub to: Option<String>,
}

/// Judges the facts of a record again, and its explanation where it has one and is not masked: an
/// explanation follows from the number itself.
///
/// The audience of a screening is not in its record: its campaign is judged.
///
/// Of what a masked record says that followed from the hidden names, only such attributes are
/// taken, and those that other facts of the record settle are recomputed. The rest, which follows
/// from the name alone, is the word of whoever made the record.
///
/// # Errors
/// Facts that the engine cannot read.
pub fn replay(record: &Record, engine: &Engine) -> Result<Replayed, RecordError> {
    let masked = record.at("/masked").and_then(Value::as_object);
    let recipient = match record.text_at("/decision/scope") {
        Some("recipient") => Recipient::Judged,
        _ => Recipient::Nobody,
    };
    let schemas = schemas(record);
    let Flat { facts, names } = flat::read(engine.schema(), record.facts(), recipient, schemas)?;
    let mut differences = verify(record);
    let decision = match masked {
        None if names.is_empty() => engine.check(&facts),
        None => return Err(RecordError::member("masked", "an object, though names are hidden")),
        Some(masked) => {
            let hidden = Masked { names, derived: derived(engine, masked)? };
            unfounded(engine, &facts, &hidden, (masked, schemas), &mut differences);
            engine.check_masked(&facts, &hidden)
        }
    }
    .map_err(|error| RecordError::of_facts(&error))?;
    let explanation = match record.at("/explanation").filter(|_| masked.is_none()) {
        None => None,
        Some(recorded) => {
            let until = recorded.pointer("/timeline/until").and_then(Value::as_str);
            let options = match until.and_then(|until| Timestamp::parse(until).ok()) {
                Some(until) => ExplainOptions::default().until(until),
                None => ExplainOptions::default(),
            };
            let now = engine
                .explain(&facts, &options)
                .map_err(|error| RecordError::of_explanation(&error))?;
            Some((recorded, explained(&now)?))
        }
    };
    let replayed = compare(record, &decision, explanation)?;
    Ok(match replayed {
        Replayed::SameBytes | Replayed::SameOfOtherEngine { .. } if !differences.is_empty() => {
            Replayed::Contradicts { differences }
        }
        Replayed::SameBytes if record.is_screening() => Replayed::CampaignAlone,
        other => other,
    })
}

/// The facts of a record's campaign as facts of an engine, to judge an audience by again.
///
/// # Errors
/// Facts that the engine cannot read, and those of a recipient.
pub fn campaign(record: &Record, engine: &Engine) -> Result<Facts, RecordError> {
    if record.text_at("/decision/scope") == Some("recipient") {
        return Err(RecordError::member("decision.scope", "`campaign`, as of a screening"));
    }
    let read = flat::read(engine.schema(), record.facts(), Recipient::Nobody, schemas(record))?;
    Ok(read.facts)
}

/// Whether a record was made with the attributes of today.
fn schemas(record: &Record) -> Schemas {
    match record.text_at("/rests_on/bundled/schema") {
        Some(version) if version == SCHEMA.to_string() => Schemas::Same,
        _ => Schemas::Differ,
    }
}

/// Adds what cannot have followed from the hidden names: attributes that do not follow from any,
/// and those that other facts settle, whoever the recipient is.
fn unfounded(
    engine: &Engine,
    facts: &Facts,
    Masked { names, derived }: &Masked,
    (masked, schemas): (&Map<String, Value>, Schemas),
    differences: &mut Vec<Difference>,
) {
    let schema = engine.schema();
    let said = masked.get("derived").and_then(Value::as_object);
    for (path, value) in said.into_iter().flatten() {
        let id = schema.id(path);
        // Another version may derive what this one does not know.
        let is_of_other = id.is_none() && schemas == Schemas::Differ;
        if !is_of_other && !derived.iter().any(|(follows, _)| Some(*follows) == id) {
            differences.push(Difference::new(
                format!("masked.derived.{path}"),
                Some(value),
                "not given: it does not follow from a number or a user id",
            ));
        }
    }
    if schemas == Schemas::Differ {
        return;
    }
    let mut nobody = facts.clone();
    names.iter().for_each(|(id, _)| nobody.set_unknown(*id));
    let mut settled = engine.derived_from_names(&nobody);
    let is_given = |path: &str| schema.id(path).is_some_and(|id| nobody.fact(id).value().is_some());
    let given = Given {
        names: names.is_empty(),
        country: is_given(COUNTRY),
        zone: is_given("recipient.time_zone"),
        // What the number contradicts is no better known than what the number says.
        conflict: said.and_then(|said| said.get(CONFLICT)) != Some(&Value::Bool(false)),
    };
    if !given.names && given.zone {
        // Only with the number can be told whether country and zone contradict each other, and
        // which of the country's clocks count then. The clock of the zone itself counts always.
        schema.id(COUNTRY).into_iter().for_each(|id| nobody.set_unknown(id));
        let by_zone = engine.derived_from_names(&nobody);
        for (settled, by_zone) in settled.iter_mut().zip(by_zone) {
            if *schema.attribute(settled.0).path != *COUNTRY {
                *settled = by_zone;
            }
        }
    }
    for ((id, now), (_, then)) in settled.iter().zip(derived) {
        let path = &*schema.attribute(*id).path;
        if !given.allows(path, now, then) {
            let expected = flat::fact_to_json(now);
            differences.push(Difference::new(
                format!("masked.derived.{path}"),
                said.and_then(|said| said.get(path)),
                verify::shown(expected.as_ref()),
            ));
        }
    }
}

const COUNTRY: &str = "recipient.country";

/// Whether the zone that is given shows another time than where the number is from.
const CONFLICT: &str = "recipient.time_zone_conflict";

/// What of a hidden recipient stands in the record besides.
struct Given {
    /// All of the names, since none is hidden.
    names: bool,
    country: bool,
    zone: bool,
    conflict: bool,
}

impl Given {
    /// Whether an attribute can have been that, `then`, where it comes to this without the hidden
    /// names, `now`.
    fn allows(&self, path: &str, now: &Fact, then: &Fact) -> bool {
        let is_clock = path.starts_with("recipient.local_");
        let is_settled = match path {
            _ if self.names => true,
            COUNTRY => self.country,
            "recipient.marketing_today" => self.zone && !self.conflict,
            _ => is_clock && self.zone && !self.conflict,
        };
        if is_settled || !(is_clock && self.zone) {
            return !is_settled || now == then;
        }
        // The given zone is one of several then, all of which agree on what is known.
        match (number(now), number(then)) {
            _ if *then == Fact::Unknown => true,
            (Some(now), Some(then)) if path.ends_with("_min") => then <= now,
            (Some(now), Some(then)) if path.ends_with("_max") => then >= now,
            _ => now == then,
        }
    }
}

fn number(fact: &Fact) -> Option<i64> {
    match fact.value()? {
        FactValue::Int(number) => Some(*number),
        _ => None,
    }
}

fn derived(
    engine: &Engine,
    masked: &Map<String, Value>,
) -> Result<Vec<(AttributeId, Fact)>, RecordError> {
    let derived = masked.get("derived").and_then(Value::as_object);
    let derived = derived.ok_or_else(|| RecordError::member("masked.derived", "an object"))?;
    // What a record leaves out was unknown.
    let schema = engine.schema();
    let mut facts = engine.derived_from_names(&engine.facts(Timestamp::MIN));
    for (id, fact) in &mut facts {
        let attribute = schema.attribute(*id);
        *fact =
            flat::fact_from_json(attribute.ty, derived.get(&*attribute.path)).ok_or_else(|| {
                RecordError::member(&format!("masked.derived.{}", attribute.path), "a value of it")
            })?;
    }
    Ok(facts)
}

fn compare(
    record: &Record,
    decision: &Decision,
    explanation: Option<(&Value, Value)>,
) -> Result<Replayed, RecordError> {
    let now = json::read(decision.to_json().as_bytes())?;
    let (Some(Value::Object(before)), Value::Object(mut now)) = (record.at("/decision"), now)
    else {
        return Err(RecordError::member("decision", "an object"));
    };
    let mut before = before.clone();
    let engine = record.text_at("/decision/engine").unwrap_or_default();
    let is_other_engine = engine != decision.engine();
    if is_other_engine {
        for members in [&mut before, &mut now] {
            members.remove("engine");
            members.remove("digest");
        }
    }
    let said_otherwise = explanation.is_some_and(|(before, now)| *before != now);
    if before == now && !said_otherwise {
        return Ok(match is_other_engine {
            true => Replayed::SameOfOtherEngine { engine: engine.to_owned() },
            false => Replayed::SameBytes,
        });
    }
    let mut inputs = inputs(record, decision);
    inputs.extend(waivers(&before, &now));
    let rules = rules(&before, &now);
    let verdict = |members: &Map<String, Value>| {
        members.get("verdict").and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let (from, to) = (verdict(&before), verdict(&now));
    if from != to || !rules.is_empty() {
        return Ok(Replayed::Changed { inputs, from, to, rules, rows: Vec::new() });
    }
    let mut texts: Vec<String> = before
        .keys()
        .chain(now.keys().filter(|name| !before.contains_key(*name)))
        .filter(|name| *name != "findings" && before.get(*name) != now.get(*name))
        .cloned()
        .collect();
    let (old, new) = (findings(&before), findings(&now));
    texts.extend(
        new.iter().filter(|(rule, of)| old.get(*rule) != Some(of)).map(|(rule, _)| rule.clone()),
    );
    if said_otherwise {
        texts.push("explanation".to_owned());
    }
    Ok(Replayed::SameVerdict { inputs, texts })
}

/// What the record rests on and this decision does not.
fn inputs(record: &Record, decision: &Decision) -> Vec<String> {
    let mut inputs = Vec::new();
    let before: Vec<(String, String)> = record
        .packs()
        .iter()
        .map(|(name, digest)| ((*name).to_owned(), (*digest).to_owned()))
        .collect();
    let now: Vec<(String, String)> = decision
        .packs()
        .iter()
        .map(|pack| (pack.name.to_string(), pack.digest.to_string()))
        .collect();
    for (name, digest) in &before {
        match now.iter().find(|(other, _)| other == name) {
            Some((_, other)) if other == digest => {}
            Some((_, other)) => inputs.push(format!("pack {name}: {digest} then, {other} now")),
            None => inputs.push(format!("pack {name}: {digest} then, none now")),
        }
    }
    for (name, digest) in now.iter().filter(|(name, _)| !before.iter().any(|(old, _)| old == name))
    {
        inputs.push(format!("pack {name}: none then, {digest} now"));
    }
    let directory = decision.directory().digest.to_string();
    let then = record.text_at("/rests_on/directory").unwrap_or("none");
    if then != directory {
        inputs.push(format!("directory: {then} then, {directory} now"));
    }
    for (name, version) in decision.bundled() {
        let then = record.text_at(&format!("/rests_on/bundled/{name}")).unwrap_or("none");
        if then != version {
            inputs.push(format!("bundled {name}: {then} then, {version} now"));
        }
    }
    let then = record.text_at("/rests_on/engine").unwrap_or("none");
    if then != decision.engine() {
        inputs.push(format!("engine: {then} then, {} now", decision.engine()));
    }
    inputs
}

/// The exceptions by which rules counted for less, where these are others now.
fn waivers(before: &Map<String, Value>, now: &Map<String, Value>) -> Vec<String> {
    let waiver = |finding: Option<&&Value>| {
        let finding = finding?;
        let waiver = finding.get("waiver").filter(|waiver| waiver.is_object())?;
        let text =
            |of: &Value, name| of.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (reason, by) = (text(waiver, "reason"), text(waiver, "by"));
        let (until, to) = (text(waiver, "until"), text(finding, "verdict"));
        Some(format!("to {to}, {reason} ({by}, until {until})"))
    };
    let (before, now) = (findings(before), findings(now));
    let mut names: Vec<&String> = before.keys().chain(now.keys()).collect();
    names.sort_unstable();
    names.dedup();
    names
        .into_iter()
        .filter_map(|rule| {
            let (then, now) = (waiver(before.get(rule)), waiver(now.get(rule)));
            let said = |waiver: Option<String>| waiver.unwrap_or_else(|| "none".to_owned());
            (then != now)
                .then(|| format!("waiver of {rule}: {} then, {} now", said(then), said(now)))
        })
        .collect()
}

/// Findings by pack and rule.
fn findings(decision: &Map<String, Value>) -> BTreeMap<String, &Value> {
    let findings = decision.get("findings").and_then(Value::as_array);
    let name = |finding: &Value| {
        let text = |name| finding.get(name).and_then(Value::as_str).unwrap_or_default();
        format!("{}/{}", text("pack"), text("rule"))
    };
    findings.into_iter().flatten().map(|finding| (name(finding), finding)).collect()
}

fn rules(before: &Map<String, Value>, now: &Map<String, Value>) -> Vec<RuleChange> {
    let said = |finding: Option<&&Value>| {
        let finding = finding?;
        let text = |name| finding.get(name).and_then(Value::as_str).unwrap_or_default();
        Some(format!("{}, {}", text("status"), text("verdict")))
    };
    let (before, now) = (findings(before), findings(now));
    let mut names: Vec<&String> = before.keys().chain(now.keys()).collect();
    names.sort_unstable();
    names.dedup();
    names
        .into_iter()
        .map(|rule| RuleChange {
            rule: rule.clone(),
            from: said(before.get(rule)),
            to: said(now.get(rule)),
        })
        .filter(|change| change.from != change.to)
        .collect()
}
