//! What a pack holds, read and checked.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use once_cell::sync::OnceCell;

use super::place::Place;
use crate::cel;
use crate::digest::Digest;
use crate::language::Lang;
use crate::schema::{Attribute, AttributeId, Schema, Scope};
use crate::time::{Period, Timestamp};
use crate::value::{Type, Value};
use crate::verdict::{Exposure, FindingVerdict, RuleTopic, Status, Verdict};

/// One file of a pack, as handed over by whoever reads files.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "callers build it: a new field is theirs to fill in")]
pub struct PackFile {
    /// The path relative to the pack's folder, with `/` between its parts.
    pub path: String,
    /// What is in it.
    pub bytes: Cow<'static, [u8]>,
}

/// Rules, sets, an enforcement ladder and tests that belong together, read and checked.
#[derive(Clone, Debug)]
pub struct Pack {
    /// The pack's name, such as `whatsapp`.
    pub name: Arc<str>,
    /// The pack's own version.
    pub version: semver::Version,
    /// Which versions of the schema it can be used with; [`crate::schema::VERSION`] is among them.
    pub requires: semver::VersionReq,
    /// One line on what the pack is.
    pub title: Arc<str>,
    /// When this version was published.
    pub published: Timestamp,
    /// The day up to which its authors read their sources; not shown, if there is none.
    pub known_until: Option<Timestamp>,
    /// What the rules cite, by id.
    pub sources: BTreeMap<Arc<str>, Source>,
    /// The facts that the pack adds under `x.`, in path order.
    pub attributes: Vec<Attribute>,
    /// In source order: files by path, then by position.
    pub rules: Vec<Rule>,
    /// In source order; the number of a set within conditions is its place here.
    pub sets: Vec<Set>,
    /// What `conditions.NAME` stands for, in source order. Conditions of rules hold it already.
    pub conditions: Vec<cel::NamedCondition>,
    /// What `tables.NAME` stands for, in source order. Conditions of rules hold it already.
    pub tables: Vec<cel::NamedTable>,
    /// The exceptions that the pack makes, in source order.
    pub waivers: Vec<Waiver>,
    /// In source order.
    pub ladders: Vec<Ladder>,
    /// The provider directories that tests name, by name: the bytes of
    /// `tests/directories/NAME.json`, not yet read.
    pub directories: BTreeMap<Arc<str>, Arc<[u8]>>,
    /// The schema given to [`Pack::load`], extended by the pack's attributes. Numbers of attributes
    /// anywhere in the pack are of this schema.
    pub schema: Arc<Schema>,
    /// Over the names and bytes of all files that are read, in path order.
    pub digest: Digest,
    /// What it was read from, so that it can be read anew on top of another schema.
    pub(crate) files: Arc<[PackFile]>,
    /// What [`Pack::tests`] gives, once somebody asked.
    pub(super) tests: OnceCell<PackTests>,
}

impl Pack {
    /// The files that it was read from, in path order: what another process needs to read it too.
    pub fn files(&self) -> &[PackFile] {
        &self.files
    }
}

/// What a pack promises of its rules by example.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct PackTests {
    /// In source order: files by path, then by position.
    pub tests: Vec<PackTest>,
    /// What no test needs to show, in source order.
    pub exemptions: Vec<Exemption>,
}

/// What findings of the engine itself bear as the name of their pack. No pack has it.
pub const ENGINE_PACK: &str = "engine";

/// A page or a law that rules cite.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Source {
    /// Its title.
    pub title: Arc<str>,
    /// Where it can be read: `http://` or `https://`.
    pub url: Arc<str>,
    /// When it was read.
    pub retrieved: Timestamp,
    /// How near it is to the origin.
    pub confidence: SourceConfidence,
}

crate::verdict::names! {
    /// How near a source is to the origin.
    SourceConfidence {
        /// The page itself.
        Official = "official",
        /// A page about it.
        Secondary = "secondary",
        /// Neither.
        Unconfirmed = "unconfirmed",
    }
}

crate::verdict::names! {
    /// Whether a rule is known to be in force as written.
    Confidence {
        /// It is.
        Confirmed = "confirmed",
        /// It is believed to be; such a rule never denies.
        Unconfirmed = "unconfirmed",
    }
}

/// A source, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Citation {
    /// The id of a source of the same pack.
    pub source: Arc<str>,
    /// The section, as the source names it.
    pub section: Option<Arc<str>>,
}

/// One rule.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Rule {
    /// Topic, dot, what is wrong; of an own topic without its pack. Unique within the pack.
    pub id: Arc<str>,
    /// What it is about.
    pub topic: RuleTopic,
    /// One line on what it says.
    pub title: Arc<str>,
    /// When it applies; always, if there is none.
    pub applies: Option<cel::Expression>,
    /// What must or must not hold.
    pub condition: Condition,
    /// What a violation means: `note`, `review` or `deny`.
    pub verdict: FindingVerdict,
    /// Whether it means that yet.
    pub enforcement: Enforcement,
    /// When it is in force.
    pub period: Period,
    /// The first instant for which a source shows it; from the start of its period until then it is
    /// assumed to have held, and its findings say so. None where nothing is assumed.
    pub seen_from: Option<Timestamp>,
    /// By whose word.
    pub source: Citation,
    /// By whose word instead, where the recipient's country is known; empty where the rule has one
    /// source for all.
    pub source_by_country: BTreeMap<Arc<str>, Citation>,
    /// What is wrong in the case at hand.
    pub message: Template,
    /// What to do about it.
    pub advice: Template,
    /// Title, message and advice in other languages, each language once.
    pub translations: Vec<Translation>,
    /// What a violation can lead to, from mild to grave, each once; empty where the verdict is
    /// `note`.
    pub exposure: Vec<Exposure>,
    /// How sure the pack is.
    pub confidence: Confidence,
    /// Whether its findings can be waived.
    pub waivable: Waivable,
    /// What its authors call it for their own purposes; findings repeat it.
    pub labels: Arc<BTreeMap<Arc<str>, Arc<str>>>,
    /// Recipient scope if anything in [`Self::attributes`] has it.
    pub scope: Scope,
    /// What its conditions, message and advice read.
    pub attributes: BTreeSet<AttributeId>,
    /// Where its `[[rule]]` stands.
    pub place: Place,
}

/// The texts of a rule in another language: all of them.
///
/// Message and advice stand as written, with `{path}` for attributes: the same that the English
/// texts have. They are taken apart when somebody reads them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Translation {
    /// The language.
    pub lang: Lang,
    /// The rule's title.
    pub title: Arc<str>,
    /// Its message.
    pub message: Arc<str>,
    /// Its advice.
    pub advice: Arc<str>,
}

impl Rule {
    /// Its texts in a language other than English, if the pack has them.
    pub fn translation(&self, lang: Lang) -> Option<&Translation> {
        self.translations.iter().find(|translation| translation.lang == lang)
    }

    /// By whose word the rule holds where the recipient is in this country, or where nobody knows
    /// the country.
    pub fn source_in(&self, country: Option<&str>) -> &Citation {
        country.and_then(|country| self.source_by_country.get(country)).unwrap_or(&self.source)
    }

    /// What a finding of the rule means, by what the rule says.
    pub fn verdict_of(&self, status: Status) -> FindingVerdict {
        match status {
            Status::Violated if self.is_note() => FindingVerdict::Note,
            Status::Undetermined if self.is_quiet() => FindingVerdict::Note,
            Status::Violated => self.verdict,
            Status::Undetermined => FindingVerdict::Review,
            Status::Satisfied | Status::NotApplicable => FindingVerdict::Allow,
        }
    }

    /// Whether it stands in a file of rules. Those that follow from the pack's `known_until` do
    /// not.
    pub fn is_written(&self) -> bool {
        *self.place.file != *super::error::MANIFEST
    }

    /// Whether it is reported on request only that it is undetermined: a rule whose findings are
    /// notes, and one that is assumed as long as it is in force. Nobody is asked for more because
    /// of an assumption.
    pub fn is_quiet(&self) -> bool {
        let is_assumed = match (self.seen_from, self.period.until) {
            (Some(seen), Some(until)) => until <= seen,
            _ => false,
        };
        self.is_note() || is_assumed
    }

    /// Whether all that it finds is a note. Where it is undetermined, that is then reported on
    /// request only.
    pub const fn is_note(&self) -> bool {
        matches!(
            (self.verdict, self.enforcement),
            (FindingVerdict::Note, _) | (_, Enforcement::Observed)
        )
    }
}

/// Whether a violation of a rule counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is nothing between the two")]
pub enum Enforcement {
    /// It means what the rule's verdict says.
    Enforced,
    /// It is a note, whatever the rule's verdict: to see what a rule would do before it does.
    Observed,
}

/// Whether exceptions to a rule can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is nothing between the two")]
pub enum Waivable {
    /// They can.
    Yes,
    /// A waiver of the rule is refused when it is loaded.
    No,
}

/// What a rule asks.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "a third form would change what a rule is")]
pub enum Condition {
    /// The rule is violated where this is false.
    Requires(cel::Expression),
    /// The rule is violated where this is true.
    Forbids(cel::Expression),
}

impl Condition {
    /// Whether it must hold; else it must not.
    pub const fn is_required(&self) -> bool {
        matches!(self, Self::Requires(_))
    }

    /// The expression, whichever way it counts.
    pub const fn expression(&self) -> &cel::Expression {
        match self {
            Self::Requires(expression) | Self::Forbids(expression) => expression,
        }
    }
}

/// A text with the values of attributes in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Template {
    /// Its parts, in order.
    pub parts: Vec<Part>,
}

/// A part of a [`Template`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "texts have no third kind of part")]
pub enum Part {
    /// Itself.
    Text(Arc<str>),
    /// In the case at hand the value of the first of these attributes that has one; most
    /// placeholders name one attribute.
    FirstOf(Box<[AttributeId]>),
}

/// A named list whose members have dates.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Set {
    /// Its id; conditions write `_` for `-`.
    pub id: Arc<str>,
    /// One line on what it lists.
    pub title: Arc<str>,
    /// `string` or `int`.
    pub element: Type,
    /// Its members, in source order.
    pub entries: Vec<SetEntry>,
    /// Where its `[[set]]` stands.
    pub place: Place,
}

/// Some members of a set, with one period and source.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SetEntry {
    /// The members.
    pub values: Vec<Value>,
    /// The first instant at which they are members; always before, if there is none.
    pub from: Option<Timestamp>,
    /// The first instant at which they no longer are; none means no end.
    pub until: Option<Timestamp>,
    /// By whose word.
    pub source: Citation,
}

/// A dated, reasoned exception to a rule, that ends.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Waiver {
    /// The name of the rule's pack.
    pub pack: Arc<str>,
    /// The rule's id.
    pub rule: Arc<str>,
    /// For which cases; for all, if there is none. A case that leaves it undetermined is not
    /// waived.
    pub when: Option<cel::Expression>,
    /// What findings of the rule mean instead: `allow`, `note` or `review`.
    pub lower_to: FindingVerdict,
    /// Why.
    pub reason: Arc<str>,
    /// Who made it.
    pub by: Arc<str>,
    /// The first instant at which it holds.
    pub from: Timestamp,
    /// The first instant at which it no longer does.
    pub until: Timestamp,
    /// Where its `[[waiver]]` stands.
    pub place: Place,
    /// Where it names its rule.
    pub(super) named_at: (Place, Range<usize>),
}

impl Waiver {
    /// Pack and rule, as they are written.
    pub fn of(&self) -> String {
        format!("{}/{}", self.pack, self.rule)
    }
}

/// A version of the enforcement ladder: what WhatsApp does about violations, step by step.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Ladder {
    /// Its id, such as `v3`.
    pub id: Arc<str>,
    /// One line on what it is.
    pub title: Arc<str>,
    /// When it is in force.
    pub period: Period,
    /// By whose word.
    pub source: Citation,
    /// The violation kinds that it covers; all, if there is no list.
    pub violations: Option<Vec<Arc<str>>>,
    /// The violation kinds that go to the last step at once.
    pub immediate: Vec<Arc<str>>,
    /// In which order its steps follow violations.
    pub order: StepOrder,
    /// Its steps, from mild to grave.
    pub steps: Vec<LadderStep>,
    /// Where its `[[ladder]]` stands.
    pub place: Place,
}

/// One step of a [`Ladder`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LadderStep {
    /// Its id, unique within the ladder.
    pub id: Arc<str>,
    /// One line on what happens.
    pub title: Arc<str>,
    /// How many days it may last; empty where days do not apply.
    pub days: Vec<u32>,
    /// The restriction kinds that it brings.
    pub blocks: Vec<Arc<str>>,
    /// What ends it.
    pub ends: StepEnd,
    /// Whether one can appeal.
    pub appeal: Appeal,
    /// Within how many days one can appeal.
    pub appeal_days: Option<u32>,
    /// What it amounts to, from mild to grave, each once.
    pub exposure: Vec<Exposure>,
}

crate::verdict::names! {
    /// In which order the steps of a ladder follow violations.
    StepOrder {
        /// From the first to the last, as violations repeat.
        Climbing = "climbing",
        /// In none that is published: any of them can follow any violation.
        Any = "any",
    }
}

crate::verdict::names! {
    /// What ends a step of the ladder.
    StepEnd {
        /// There is nothing to end.
        Nothing = "nothing",
        /// Its days pass.
        Time = "time",
        /// An appeal succeeds.
        Appeal = "appeal",
        /// The account is reinstated.
        Reinstatement = "reinstatement",
    }
}

crate::verdict::names! {
    /// Whether a step of the ladder can be appealed.
    Appeal {
        /// It can.
        Possible = "possible",
        /// For some violations.
        NotAlways = "not_always",
        /// It cannot.
        None = "none",
    }
}

/// A test of the pack's own: facts in, verdict and rule ids out.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PackTest {
    /// What it shows, as a sentence. Unique within the pack.
    pub name: Arc<str>,
    /// The rule of the world that it pins.
    pub why: Option<Arc<str>>,
    /// The campaign document, with its base, changes and removals applied. Not yet read as facts.
    pub facts: serde_json::Value,
    /// A key of [`Pack::directories`]; the built-in directory, if there is none.
    pub directory: Option<Arc<str>>,
    /// What must come out.
    pub expect: Expectation,
    /// Whether a command wrote it and nobody has confirmed it yet.
    pub is_draft: bool,
    /// Where its `[[test]]` stands.
    pub place: Place,
}

/// Something that tests would otherwise have to show, and the reason why they cannot.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Exemption {
    /// A rule's id, or a set's.
    pub of: ExemptionOf,
    /// What need not be shown of it.
    pub what: Exempted,
    /// The reason.
    pub why: Arc<str>,
    /// Where its `[[exempt]]` stands.
    pub place: Place,
}

/// Whose coverage an [`Exemption`] is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "coverage is of rules and sets")]
pub enum ExemptionOf {
    /// A rule, by its id.
    Rule(Arc<str>),
    /// A set, by its id.
    Set(Arc<str>),
}

/// What an [`Exemption`] excuses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(
    clippy::exhaustive_enums,
    reason = "coverage is of outcomes, dates and clauses, and lint apart"
)]
pub enum Exempted {
    /// An outcome of the rule.
    Outcome(Status),
    /// A date at which the rule, or the set, changes.
    Date(Timestamp),
    /// A clause by which the rule is violated, in the words of the report.
    Clause(Arc<str>),
    /// A warning of `cts pack lint`, by its code without `lint/`: it is meant so.
    Lint(Arc<str>),
}

/// What a [`PackTest`] expects, as rule ids of the pack.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Expectation {
    /// The verdict.
    pub verdict: Verdict,
    /// All rules that are violated.
    pub violated: Vec<Arc<str>>,
    /// All rules that are undetermined; of those whose findings are notes, some.
    pub undetermined: Vec<Arc<str>>,
    /// Some rules that are satisfied.
    pub satisfied: Vec<Arc<str>>,
    /// Some rules that do not apply.
    pub not_applicable: Vec<Arc<str>>,
    /// All facts that are missing, by path; not looked at, if there is no list.
    pub missing: Option<Vec<Arc<str>>>,
}
