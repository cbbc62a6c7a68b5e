//! What a decision and its findings say.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use serde::Serialize;

use super::said::Said;
use super::stamp::{DirectoryStamp, ENGINE, PackStamp, Stamp};
use super::written::{self, WrittenDate};
use crate::digest::Digest;
use crate::matching::order;
use crate::pack::Confidence;
use crate::program::Program;
use crate::program::waivers::WaiverIdx;
use crate::schema::Scope;
use crate::time::Timestamp;
use crate::verdict::{Exposure, FindingVerdict, RuleTopic, Status, Verdict};

/// Whether a campaign is clear to send, and why. It never changes.
///
/// Its JSON form is fixed: members in the order of the methods, lists in the order stated.
#[derive(Clone, Debug)]
pub struct Decision {
    pub(super) verdict: Verdict,
    pub(super) send_at: Timestamp,
    pub(super) scope: Scope,
    pub(super) findings: Vec<Finding>,
    pub(super) exposure: Vec<Exposure>,
    pub(super) missing: Vec<Arc<str>>,
    pub(super) stamp: Arc<Stamp>,
    /// The facts as the digest covers them.
    pub(super) facts: Box<[u8]>,
    pub(super) digest: OnceLock<Digest>,
}

impl Decision {
    /// The worst of the findings; allow where there is none. Notes have no effect on it.
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// The instant that the decision is about.
    pub fn send_at(&self) -> Timestamp {
        self.send_at
    }

    /// Whether a recipient was judged too.
    pub fn scope(&self) -> Scope {
        self.scope
    }

    /// Deny before review before note before allow; then violated, undetermined, satisfied, not
    /// applicable; then by pack and rule id.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// What the violations can lead to, from mild to grave; of notes nothing.
    pub fn exposure(&self) -> &[Exposure] {
        &self.exposure
    }

    /// The given members that findings miss, by path; not those that only notes miss.
    pub fn missing(&self) -> &[Arc<str>] {
        &self.missing
    }

    /// The packs, in stacking order.
    pub fn packs(&self) -> &[PackStamp] {
        &self.stamp.packs
    }

    /// The directory.
    pub fn directory(&self) -> &DirectoryStamp {
        &self.stamp.directory
    }

    /// The version of the engine.
    pub fn engine(&self) -> &'static str {
        ENGINE
    }

    /// Name and version of all data that is compiled in and can change an answer, in name order.
    pub fn bundled(&self) -> &[(&'static str, String)] {
        self.stamp.bundled()
    }

    /// The facts that were judged, by path, as the digest covers them: one line of JSON in the form
    /// of RFC 8785. What is absent is null, and what is unknown is left out.
    ///
    /// ```
    /// use cleartosend::Engine;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let engine = Engine::built_in()?;
    /// let document = br#"{"account": {"quality": "red"}, "send_at": "2026-03-02T15:00:00Z"}"#;
    /// let facts = engine.check_json(document)?.facts_json();
    /// assert!(facts.contains(r#""account.quality":"red""#));
    /// # Ok(())
    /// # }
    /// ```
    pub fn facts_json(&self) -> String {
        // INVARIANT: only texts were written. What were no text would be shown as far as it is.
        String::from_utf8_lossy(&self.facts).into_owned()
    }
}

/// What one rule says of the case.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// The name of the rule's pack.
    pub pack: Arc<str>,
    /// The rule's id.
    pub rule: Arc<str>,
    /// What the rule is about.
    pub topic: RuleTopic,
    /// What it says.
    pub status: Status,
    /// What that means: the rule's own verdict where it is violated, review where it is
    /// undetermined, else allow; a note where the rule's verdict is one, or the rule is not
    /// enforced.
    pub verdict: FindingVerdict,
    /// The rule in one line.
    pub title: Arc<str>,
    /// What is violated or undetermined in this case.
    pub message: String,
    /// What is known of what the rule's conditions and texts read, by path.
    #[serde(serialize_with = "written::facts")]
    pub facts: Vec<(Arc<str>, crate::value::Value)>,
    /// The given members whose telling could settle the rule, by path.
    pub missing: Vec<Arc<str>>,
    /// What the violation can lead to, from mild to grave; empty where there is none, and for a
    /// note.
    pub exposure: Vec<Exposure>,
    /// What to do: the rule's own advice where it is violated; where it is undetermined, what to
    /// supply.
    pub advice: String,
    /// By whose word.
    pub source: FindingSource,
    /// Since when the rule is in force; none means always.
    pub from: Option<WrittenDate>,
    /// Until when.
    pub until: Option<WrittenDate>,
    /// Why the rule's conditions could not be evaluated although all that they need is known; none
    /// where they could.
    pub error: Option<FindingError>,
    /// The exception that lowered the verdict; none where there is none.
    pub waiver: Option<FindingWaiver>,
    /// What the authors of the rule call it for their own purposes; not written where there is
    /// nothing.
    #[serde(skip_serializing_if = "no_labels")]
    pub labels: Arc<BTreeMap<Arc<str>, Arc<str>>>,
    /// What its texts are made of, in whatever language.
    #[serde(skip)]
    pub(super) said: Said,
}

/// The texts of a finding in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FindingTexts {
    /// The rule in one line.
    pub title: String,
    /// What is wrong, or open, in this case.
    pub message: String,
    /// What to do; empty where nothing is to be done.
    pub advice: String,
}

/// Why a rule's conditions could not be evaluated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FindingError {
    /// A stable name, such as `cel/overflow`. Listed in `docs/reference/codes.md`.
    pub code: &'static str,
    /// What went wrong, on one line.
    pub message: String,
}

/// An exception that its user made to a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FindingWaiver {
    /// Why.
    pub reason: Arc<str>,
    /// Who made it.
    pub by: Arc<str>,
    /// Until when.
    pub until: WrittenDate,
}

impl FindingWaiver {
    /// Of that number.
    pub(crate) fn of(program: &Program, waiver: WaiverIdx) -> Option<Self> {
        let waiver = &program.waivers().get(waiver)?.waiver;
        Some(Self {
            reason: Arc::clone(&waiver.reason),
            by: Arc::clone(&waiver.by),
            until: WrittenDate(waiver.until),
        })
    }
}

fn no_labels(labels: &Arc<BTreeMap<Arc<str>, Arc<str>>>) -> bool {
    labels.is_empty()
}

/// The page or law that a rule cites.
#[derive(Clone, Debug, Serialize)]
#[expect(clippy::exhaustive_structs, reason = "bindings tell the source of a rule with it")]
pub struct FindingSource {
    /// Its title.
    pub title: Arc<str>,
    /// Where it can be read.
    pub url: Arc<str>,
    /// Where in it.
    pub section: Option<Arc<str>>,
    /// When it was read.
    pub retrieved: WrittenDate,
    /// Unconfirmed, where the rule or its source is; not written where it is confirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
}

impl Finding {
    /// Where it stands among the findings.
    pub(super) fn order(&self) -> impl Ord + '_ {
        order::key(self.verdict, self.status, &self.pack, &self.rule)
    }
}
