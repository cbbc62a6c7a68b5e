//! So, are we clear to send?
//!
//! In: what each rule says of the case, and what is known of it. Out: a [`Decision`]: the verdict,
//! a finding for each rule that is broken or open, what is at stake, what is missing, and a digest
//! over all of it and all that it rests on. The worst finding wins.

mod advice;
mod digest;
mod json;
mod message;
mod ruleless;
mod written;

use std::sync::{Arc, OnceLock};

use serde::{Serialize, Serializer};

pub use written::{Written, WrittenDate};

use crate::digest::Digest;
use crate::directory::Directory;
use crate::matching::order;
use crate::matching::position::sorted;
use crate::matching::{Failure, Matched};
use crate::pack::{Confidence, Pack, Rule, SourceConfidence};
use crate::program::Program;
use crate::resolve::Resolved;
use crate::schema::Scope;
use crate::time::Timestamp;
use crate::verdict::{Exposure, FindingVerdict, Status, Topic, Verdict};

/// Whether a campaign is clear to send, and why. It never changes.
///
/// Its JSON form is fixed: members in the order of the methods, lists in the order stated.
#[derive(Clone, Debug)]
pub struct Decision {
    verdict: Verdict,
    send_at: Timestamp,
    scope: Scope,
    findings: Vec<Finding>,
    exposure: Vec<Exposure>,
    missing: Vec<Arc<str>>,
    stamp: Arc<Stamp>,
    /// The facts as the digest covers them.
    facts: Box<[u8]>,
    digest: OnceLock<Digest>,
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

    /// The given members that findings lack, by path; not those that are missing for a note.
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

    /// Over the facts, the digests of packs, directory and bundled data, the version of the engine,
    /// and of each finding its pack, rule, status, verdict, missing members, facts and waiver.
    /// Texts follow from these. It is worked out when it is first asked for.
    pub fn digest(&self) -> Digest {
        *self.digest.get_or_init(|| digest::of(self))
    }

    /// The decision as one line of JSON without spaces, the same through every door.
    pub fn to_json(&self) -> String {
        json::decision(self)
    }
}

/// The version that decisions tell.
const ENGINE: &str = env!("CARGO_PKG_VERSION");

/// As [`Decision::to_json`], for documents that hold a decision.
impl Serialize for Decision {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename = "Decision")]
        struct Document<'a> {
            verdict: Verdict,
            send_at: Written<Timestamp>,
            scope: Written<Scope>,
            findings: &'a [Finding],
            exposure: &'a [Exposure],
            missing: &'a [Arc<str>],
            packs: &'a [PackStamp],
            directory: &'a DirectoryStamp,
            engine: &'a str,
            digest: Digest,
        }
        let Self {
            verdict,
            send_at,
            scope,
            findings,
            exposure,
            missing,
            stamp,
            facts: _,
            digest: _,
        } = self;
        Document {
            verdict: *verdict,
            send_at: Written(*send_at),
            scope: Written(*scope),
            findings,
            exposure,
            missing,
            packs: &stamp.packs,
            directory: &stamp.directory,
            engine: ENGINE,
            digest: self.digest(),
        }
        .serialize(serializer)
    }
}

/// What one rule says of the case.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// The name of the rule's pack.
    pub pack: Arc<str>,
    /// The rule's id.
    pub rule: Arc<str>,
    /// What the rule is about.
    pub topic: Topic,
    /// What it says.
    pub status: Status,
    /// What that means: the rule's own verdict where it is violated, review where it is
    /// undetermined, else allow; a note where the rule's verdict is one, or the rule is not
    /// enforced.
    pub verdict: FindingVerdict,
    /// The rule in one line.
    pub title: Arc<str>,
    /// What is wrong, or open, in this case.
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
}

/// Why a rule's conditions could not be evaluated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FindingError {
    /// A stable name, such as `cel/overflow`. Listed in `docs/reference/codes.md`.
    pub code: &'static str,
    /// What went wrong, on one line.
    pub message: String,
}

/// An exception that its user made to a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FindingWaiver {
    /// Why.
    pub reason: Arc<str>,
    /// By whom.
    pub by: Arc<str>,
    /// Until when.
    pub until: WrittenDate,
}

/// The page or law that a rule cites.
#[derive(Clone, Debug, Serialize)]
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

/// Which pack.
#[derive(Clone, Debug, Serialize)]
pub struct PackStamp {
    /// Its name.
    pub name: Arc<str>,
    /// Its version.
    #[serde(serialize_with = "written::display")]
    pub version: semver::Version,
    /// The digest of its files.
    pub digest: Digest,
}

impl PackStamp {
    /// Of a pack.
    pub fn of(pack: &Pack) -> Self {
        Self { name: Arc::clone(&pack.name), version: pack.version.clone(), digest: pack.digest }
    }
}

/// Which directory.
#[derive(Clone, Debug, Serialize)]
pub struct DirectoryStamp {
    /// Where the list came from.
    pub source: Arc<str>,
    /// When it was retrieved.
    pub retrieved_at: Written<Timestamp>,
    /// Whether it names every provider that was listed in the time it covers.
    pub complete: bool,
    /// Its digest.
    pub digest: Digest,
}

impl DirectoryStamp {
    /// Of a directory.
    pub fn of(directory: &Directory) -> Self {
        Self {
            source: directory.source().into(),
            retrieved_at: Written(directory.retrieved_at()),
            complete: directory.complete(),
            digest: directory.digest(),
        }
    }
}

/// What decisions of one engine have in common.
#[derive(Clone, Debug)]
pub struct Stamp {
    packs: Vec<PackStamp>,
    directory: DirectoryStamp,
    canonical: digest::Common,
    document: json::Common,
}

impl Stamp {
    /// Of what the engine was made of. `bundled` holds name and version of all data that is
    /// compiled in and can change an answer, in name order.
    pub fn of(
        program: &Program,
        directory: &Directory,
        bundled: &[(&'static str, String)],
    ) -> Self {
        let packs: Vec<_> = program.packs().iter().map(|pack| PackStamp::of(pack)).collect();
        let directory = DirectoryStamp::of(directory);
        let canonical = digest::Common::of(bundled, &packs, &directory);
        let document = json::Common::of(&packs, &directory);
        Self { packs, directory, canonical, document }
    }
}

/// Which rules a decision tells of.
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

/// Concludes from what each rule says that is told of. All that are violated or undetermined must
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
    let mut findings: Vec<Finding> =
        rules.map(|(pack, rule, matched)| finding(pack, rule, resolved, matched)).collect();
    let send_at = resolved.facts().send_at().unwrap_or(Timestamp::MIN);
    if !program.any_in_force(send_at) {
        findings.push(ruleless::finding(program, send_at));
    }
    findings.sort_by(|a, b| a.order().cmp(&b.order()));
    let decisive = || findings.iter().filter(|finding| finding.verdict.effect() > Verdict::Allow);
    Decision {
        verdict: findings
            .iter()
            .map(|finding| finding.verdict.effect())
            .max()
            .unwrap_or(Verdict::Allow),
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

impl Finding {
    fn order(&self) -> impl Ord + '_ {
        order::key(self.verdict, self.status, &self.pack, &self.rule)
    }
}

fn finding(pack: &Pack, rule: &Rule, resolved: &Resolved<'_>, matched: &Matched) -> Finding {
    let schema = resolved.facts().schema();
    let mut facts: Vec<_> = rule
        .attributes
        .iter()
        .filter_map(|id| written::told(schema.attribute(*id), resolved.fact(*id)))
        .collect();
    facts.sort_by(|(a, _), (b, _)| a.cmp(b));
    let verdict = rule.verdict_of(matched.status);
    let is_at_stake = matched.status == Status::Violated && verdict.effect() > Verdict::Allow;
    let missing: Vec<Arc<str>> =
        sorted(matched.missing.iter().flat_map(|id| resolved.causes(*id)).map(Arc::from));
    Finding {
        pack: Arc::clone(&pack.name),
        rule: Arc::clone(&rule.id),
        topic: rule.topic,
        status: matched.status,
        verdict,
        title: Arc::clone(&rule.title),
        message: message::of(rule, resolved, matched),
        facts,
        exposure: if is_at_stake { sorted(rule.exposure.iter().copied()) } else { Vec::new() },
        advice: match matched.status {
            Status::Violated => message::filled(&rule.advice, resolved),
            Status::Undetermined => advice::of(resolved, matched, &missing),
            Status::Satisfied | Status::NotApplicable => String::new(),
        },
        missing,
        source: source(pack, rule),
        from: rule.period.from.map(WrittenDate),
        until: rule.period.until.map(WrittenDate),
        error: matched.failure.as_ref().map(|Failure { error, .. }| FindingError {
            code: error.code(),
            message: error.message().to_owned(),
        }),
        // A pack cannot waive a rule, and nobody else is asked.
        waiver: None,
    }
}

fn source(pack: &Pack, rule: &Rule) -> FindingSource {
    let cited = pack.sources.get(&rule.source.source);
    let is_unconfirmed = rule.confidence == Confidence::Unconfirmed
        || cited.is_some_and(|source| source.confidence == SourceConfidence::Unconfirmed);
    FindingSource {
        title: cited
            .map_or_else(|| Arc::clone(&rule.source.source), |source| Arc::clone(&source.title)),
        url: cited.map_or_else(|| "".into(), |source| Arc::clone(&source.url)),
        section: rule.source.section.clone(),
        retrieved: WrittenDate(cited.map_or(pack.published, |source| source.retrieved)),
        confidence: is_unconfirmed.then_some(Confidence::Unconfirmed),
    }
}
