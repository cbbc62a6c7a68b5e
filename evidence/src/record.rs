//! What does a record hold?

use cleartosend::expert::digest::Digest;
use cleartosend::expert::engine::Masked;
use cleartosend::expert::resolve::plan::national_variant;
use cleartosend::{Decision, Engine, ExplainOptions, Explanation, Facts};
use serde_json::{Map, Value, json};

use crate::error::RecordError;
use crate::flat::fact_to_json;
use crate::mask::Mask;
use crate::screening::{FileDigest, Screened};
use crate::{json, mask};

/// The version of the schema of records: `docs/reference/record.schema.json`.
pub const VERSION: u64 = 1;

/// With what the keyed hash of a name begins.
pub(crate) const MASK_PREFIX: &str = "hmac-sha256:";

/// Under what the digest of the decision about the recipient by name is hidden.
const UNMASKED: &str = "decision.digest";

/// The facts that name a recipient.
pub(crate) const NAMES: [&str; 2] = ["recipient.phone", "recipient.user_id"];

/// The members of a record, in the order in which they are written.
pub(crate) const MEMBERS: [&str; 8] =
    ["record", "facts", "decision", "explanation", "screening", "masked", "rests_on", "digest"];

/// A decision with all that it rests on, as a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    members: Map<String, Value>,
    /// As it was written, on one line.
    text: String,
}

/// What a record holds beside facts and decision.
#[derive(Clone, Debug, Default)]
pub struct RecordOptions<'a> {
    pub(crate) explain: Option<ExplainOptions>,
    pub(crate) mask: Option<&'a Mask>,
    pub(crate) screened: Option<&'a Screened>,
}

impl<'a> RecordOptions<'a> {
    /// Facts and decision alone.
    pub fn new() -> Self {
        Self::default()
    }

    /// Explains the decision too.
    #[must_use]
    pub fn explain(self, options: ExplainOptions) -> Self {
        Self { explain: Some(options), ..self }
    }

    /// Hides who the recipient is.
    #[must_use]
    pub fn mask(self, mask: &'a Mask) -> Self {
        Self { mask: Some(mask), ..self }
    }

    /// Says what came of a screening of an audience, of whose campaign the facts are.
    #[must_use]
    pub fn screened(self, screened: &'a Screened) -> Self {
        Self { screened: Some(screened), ..self }
    }
}

/// Engines that make records.
pub trait Recording {
    /// Judges a case, and makes a record of it.
    ///
    /// # Errors
    /// Facts that cannot be judged; a masked record that would still hold the recipient's number,
    /// or that a rule would judge otherwise.
    fn record(&self, facts: &Facts, options: &RecordOptions<'_>) -> Result<Record, RecordError>;
}

impl Recording for Engine {
    fn record(&self, facts: &Facts, options: &RecordOptions<'_>) -> Result<Record, RecordError> {
        let explanation = options
            .explain
            .as_ref()
            .map(|how| self.explain(facts, how))
            .transpose()
            .map_err(|error| RecordError::of_explanation(&error))?;
        let decision = match &explanation {
            Some(explanation) => explanation.decision().clone(),
            None => self.check(facts).map_err(|error| RecordError::of_facts(&error))?,
        };
        let explanation = match &explanation {
            Some(explanation) => explained(explanation)?,
            None => Value::Null,
        };
        let screening = options.screened.map_or(Value::Null, Screened::to_json);
        let Some(mask) = options.mask else {
            return Record::of(&decision, &explanation, &screening, &Value::Null);
        };
        let names = self.names_of(facts);
        let masked = Masked {
            names: names
                .iter()
                .map(|(id, name)| (*id, mask.hide(&self.schema().attribute(*id).path, name)))
                .collect(),
            derived: self.derived_from_names(facts),
        };
        let judged =
            self.check_masked(facts, &masked).map_err(|error| RecordError::of_facts(&error))?;
        mask::refuse_other_verdicts(&decision, &judged)?;
        let derived: Map<String, Value> = masked
            .derived
            .iter()
            .filter_map(|(id, fact)| {
                Some((self.schema().attribute(*id).path.to_string(), fact_to_json(fact)?))
            })
            .collect();
        let hidden: Vec<(&str, &str)> = names
            .iter()
            .zip(&masked.names)
            .map(|((_, name), (_, hash))| (name.as_str(), hash.as_str()))
            .collect();
        let about = json!({
            "by": "hmac-sha256",
            "key": mask.name(),
            // In plain it would give the number away: all else that it covers stands in the record,
            // so that whoever tries every number would know the right one by it.
            "unmasked_digest": mask.hide(UNMASKED, &decision.digest().to_string()),
            "derived": derived,
        });
        let explanation = mask::replaced(explanation, &hidden);
        let screening = mask::without_values(screening);
        mask::refuse_numbers(&screening)?;
        let record = Record::of(&judged, &explanation, &screening, &about)?;
        let names: Vec<&str> = names.iter().map(|(_, name)| name.as_str()).collect();
        mask::refuse_names(&record.members, &names)?;
        Ok(record)
    }
}

/// An explanation without its decision, which stands in the record itself.
pub(crate) fn explained(explanation: &Explanation) -> Result<Value, RecordError> {
    let mut whole = json::read(explanation.to_json().as_bytes())?;
    if let Some(members) = whole.as_object_mut() {
        members.remove("decision");
    }
    Ok(whole)
}

impl Record {
    fn of(
        decision: &Decision,
        explanation: &Value,
        screening: &Value,
        masked: &Value,
    ) -> Result<Self, RecordError> {
        let bundled: Map<String, Value> = decision
            .bundled()
            .iter()
            .map(|(name, version)| ((*name).to_owned(), Value::from(version.as_str())))
            .collect();
        let packs: Vec<Value> =
            decision.packs().iter().map(|pack| Value::from(pack.digest.to_string())).collect();
        let rests_on = json!({
            "engine": decision.engine(),
            "bundled": bundled,
            "packs": packs,
            "directory": decision.directory().digest.to_string(),
        });
        // Facts and decision are written as the engine writes them.
        let mut text = format!(
            "{{\"record\":{VERSION},\"facts\":{},\"decision\":{},\"explanation\":{explanation},\
             \"screening\":{screening},\"masked\":{masked},\"rests_on\":{rests_on}",
            decision.facts_json(),
            decision.to_json(),
        );
        let unsealed = json::read(format!("{text}}}").as_bytes())?;
        let digest = Digest::of(&json::canonical(&unsealed)?);
        text.push_str(&format!(",\"digest\":\"{digest}\"}}"));
        Self::read(text.as_bytes())
    }

    /// Reads a record: its version, and that it has the members of one. What they say is not
    /// checked: [`verify`](crate::verify()) does that.
    ///
    /// # Errors
    /// What is not JSON, or no record of a version that is known.
    pub fn read(text: &[u8]) -> Result<Self, RecordError> {
        let Value::Object(members) = json::read(text)? else {
            return Err(RecordError::no_record("an object"));
        };
        match members.get("record") {
            None => return Err(RecordError::no_record("the member `record`, its version")),
            Some(version) if version.as_u64() == Some(VERSION) => {}
            Some(version) => return Err(RecordError::unknown_version(version)),
        }
        if let Some(name) = members.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
            return Err(RecordError::unknown_member(name, MEMBERS));
        }
        for name in ["facts", "decision", "rests_on"] {
            if !members.get(name).is_some_and(Value::is_object) {
                return Err(RecordError::member(name, "an object"));
            }
        }
        for name in ["explanation", "screening", "masked"] {
            if !members.get(name).is_some_and(|value| value.is_object() || value.is_null()) {
                return Err(RecordError::member(name, "an object or null"));
            }
        }
        let text = String::from_utf8_lossy(text).trim().to_owned();
        let text =
            if text.contains('\n') { Value::Object(members.clone()).to_string() } else { text };
        Ok(Self { members, text })
    }

    /// The record as one line of JSON.
    pub fn to_json(&self) -> &str {
        &self.text
    }

    /// The digest that the record gives itself; empty where it gives none.
    pub fn digest(&self) -> &str {
        self.text_at("/digest").unwrap_or_default()
    }

    /// The verdict of its decision; empty where it has none.
    pub fn verdict(&self) -> &str {
        self.text_at("/decision/verdict").unwrap_or_default()
    }

    /// The instant that its decision is about; empty where it gives none.
    pub fn send_at(&self) -> &str {
        self.text_at("/decision/send_at").unwrap_or_default()
    }

    /// Whether it is about the screening of an audience.
    pub fn is_screening(&self) -> bool {
        self.at("/screening").is_some()
    }

    /// The packs that it rests on, in stacking order: names and digests.
    pub fn packs(&self) -> Vec<(&str, &str)> {
        let packs = self.at("/decision/packs").and_then(Value::as_array);
        packs
            .into_iter()
            .flatten()
            .map(|pack| {
                let text = |name| pack.get(name).and_then(Value::as_str).unwrap_or_default();
                (text("name"), text("digest"))
            })
            .collect()
    }

    /// Whether the recipient has that name, a number in E.164 or a user id: by itself, or by its
    /// keyed hash where the record is masked. A number counts however its country writes it: with
    /// and without Brazil's ninth digit, Mexico's 1, and Argentina's 9.
    pub fn is_about(&self, name: &str, mask: Option<&Mask>) -> bool {
        let other = national_variant(name);
        let names = [Some(name), other.as_deref()];
        NAMES.iter().any(|path| {
            let found = self.facts().get(*path).and_then(Value::as_str);
            found.is_some_and(|found| {
                names.into_iter().flatten().any(|name| {
                    found == name || mask.is_some_and(|mask| found == mask.hide(path, name))
                })
            })
        })
    }

    /// Whether it is of the decision with that digest: by its own, or by the keyed hash of the
    /// digest where the record is masked.
    pub fn is_of_decision(&self, digest: &str, mask: Option<&Mask>) -> bool {
        let is = |place: &str, digest: &str| self.text_at(place) == Some(digest);
        is("/decision/digest", digest)
            // Masked records of before had it in plain.
            || is("/masked/unmasked_digest", digest)
            || mask.is_some_and(|mask| is("/masked/unmasked_digest", &mask.hide(UNMASKED, digest)))
    }

    /// The files that a screening names: its audience and its result.
    pub fn files(&self) -> Vec<FileDigest> {
        let files = ["/screening/audience", "/screening/output"];
        files.iter().filter_map(|place| FileDigest::from_json(self.at(place)?)).collect()
    }

    /// The file with the rows of a screening; none where none were written.
    pub fn result_file(&self) -> Option<FileDigest> {
        FileDigest::from_json(self.at("/screening/output")?)
    }

    /// The file of the audience that was screened; none where nothing was.
    pub fn audience_file(&self) -> Option<FileDigest> {
        FileDigest::from_json(self.at("/screening/audience")?)
    }

    /// How the file of the audience was read, in the words of whoever read it; none where the
    /// record does not say it.
    pub fn read_as(&self) -> Option<&Value> {
        self.at("/screening/read")
    }

    /// How the file of the result was written, in the words of whoever wrote it; none where the
    /// record does not say it.
    pub fn written_as(&self) -> Option<&Value> {
        self.at("/screening/written")
    }

    /// The digest of the waivers by which an audience was screened; none where nothing was.
    pub fn waivers(&self) -> Option<&str> {
        self.text_at("/screening/summary/basis/waivers")
    }

    /// How many rows of a screening have a verdict, as its summary says.
    pub fn rows_of(&self, verdict: &str) -> Option<u64> {
        self.at("/screening/summary/verdicts")?.get(verdict)?.as_u64()
    }

    /// The name of the key that it is masked by; none if it is not masked.
    pub fn mask_key(&self) -> Option<&str> {
        self.text_at("/masked/key")
    }

    pub(crate) fn members(&self) -> &Map<String, Value> {
        &self.members
    }

    pub(crate) fn facts(&self) -> &Map<String, Value> {
        static NONE: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
        self.at("/facts").and_then(Value::as_object).unwrap_or(&NONE)
    }

    /// What stands at a place; nothing for null.
    pub(crate) fn at(&self, pointer: &str) -> Option<&Value> {
        let mut names = pointer.split('/').skip(1);
        let mut value = self.members.get(names.next()?)?;
        for name in names {
            value = value.get(name)?;
        }
        (!value.is_null()).then_some(value)
    }

    pub(crate) fn text_at(&self, pointer: &str) -> Option<&str> {
        self.at(pointer).and_then(Value::as_str)
    }
}
