//! Do the engine and the judge agree on every rule of a world and every row of facts? If not, on
//! which smallest one?

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use cleartosend::expert::compile::compile;
use cleartosend::expert::matching::{Case, Matcher, missing};
use cleartosend::expert::program::dimension::Subject as Dimension;
use cleartosend::expert::program::{Program, RuleIdx};
use cleartosend::schema::attributes::SEND_AT;
use cleartosend::schema::{AttributeId, Scope};
use cleartosend::{
    Fact, FindingVerdict, Pack, PackFile, Schema, Status, Timestamp, Value, Verdict,
};

use super::completions::{self, Judgement};
use super::{FactIdx, Judge, Row};
use crate::packs::{Files, World};

/// The seed of a run: `CTS_SEED` if it is set and a number, else `default`. Printed, so that a
/// failure can be run again.
pub fn seed(default: u64) -> u64 {
    #[expect(clippy::disallowed_methods, reason = "a seed for tests; the engine never sees it")]
    let given = std::env::var("CTS_SEED").ok().and_then(|text| text.parse().ok());
    let seed = given.unwrap_or(default);
    #[expect(clippy::print_stdout, reason = "shown when a test fails")]
    {
        println!("CTS_SEED={seed}");
    }
    seed
}

/// How many times more than in every run: `CTS_TIMES` if it is set and a number, else 1.
pub fn times() -> usize {
    #[expect(clippy::disallowed_methods, reason = "how long tests run; the engine never sees it")]
    let given = std::env::var("CTS_TIMES").ok().and_then(|text| text.parse().ok());
    given.unwrap_or(1)
}

/// Facts as the engine wants them.
#[derive(Clone, Debug)]
pub struct Slots {
    facts: Vec<Fact>,
    scope: Scope,
}

impl Slots {
    /// Nothing known.
    pub fn new(schema: &Schema) -> Self {
        Self { facts: vec![Fact::Unknown; schema.len()], scope: Scope::Recipient }
    }

    /// Says what is known of an attribute.
    pub fn put(&mut self, id: AttributeId, fact: Fact) {
        self.facts[id.index()] = fact;
    }

    /// Says whether a recipient is told.
    pub const fn tell_recipient(&mut self, row_facts: bool) {
        self.scope = if row_facts { Scope::Recipient } else { Scope::Campaign };
    }

    /// Takes over a row.
    pub fn fill(&mut self, judge: &Judge, row: &Row) {
        self.tell_recipient(row.of_recipient);
        self.put(SEND_AT, Fact::Value(Value::Timestamp(judge.instants[row.send_at])));
        for (place, subject) in judge.subjects.iter().enumerate() {
            self.facts[subject.id.index()].clone_from(judge.fact(row, place));
        }
    }
}

impl Case for Slots {
    fn fact(&self, id: AttributeId) -> &Fact {
        &self.facts[id.index()]
    }

    fn scope(&self) -> Scope {
        self.scope
    }
}

/// What the engine says of one rule: nothing where it is about a recipient and none is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Its status.
    pub status: Option<Status>,
    /// What is missing.
    pub missing: BTreeSet<AttributeId>,
}

/// What the engine says of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// By rule, in program order.
    pub rules: Vec<Said>,
    /// The verdict.
    pub verdict: Verdict,
}

/// Changes what the engine said, to see whether anybody notices.
pub type Tamper = fn(&mut Answer);

/// Leaves what the engine said as it is.
pub fn honest(_: &mut Answer) {}

/// A world with its program and its judge.
#[derive(Debug)]
pub struct Court {
    /// The program.
    pub program: Program,
    /// The judge.
    pub judge: Judge,
    /// By rule, whether it has to be exact: it is made only of constraints on single attributes,
    /// and none was too large to be kept so.
    pub plain: Vec<bool>,
    /// Plain rules of which the engine kept a part as a predicate.
    pub too_large: usize,
}

/// What was compared.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Rules on rows.
    pub comparisons: usize,
    /// Of these, with every fact known that the rule reads.
    pub known: usize,
    /// Of these, settled by the judge although something was unknown.
    pub settled: usize,
    /// Of these, undetermined by both.
    pub undetermined: usize,
    /// Of these, undetermined by the engine alone, which is allowed only for rules with predicates.
    pub cautious: usize,
    /// Of these, satisfied to the engine and not applicable to the judge, which is allowed
    /// likewise.
    pub idle: usize,
    /// Comparisons of rules with predicates where something was unknown.
    pub with_predicates: usize,
    /// Not judged: too many completions.
    pub skipped: usize,
    /// Missing facts that both named.
    pub missing: usize,
}

impl Tally {
    /// Adds another.
    pub const fn add(&mut self, other: &Self) {
        self.comparisons += other.comparisons;
        self.known += other.known;
        self.settled += other.settled;
        self.undetermined += other.undetermined;
        self.cautious += other.cautious;
        self.idle += other.idle;
        self.with_predicates += other.with_predicates;
        self.skipped += other.skipped;
        self.missing += other.missing;
    }
}

/// The engine's view of some packs, loaded on top of each other.
///
/// # Errors
/// What the engine says is wrong with them.
pub fn program_of(packs: &[(String, Files)]) -> Result<Program, String> {
    let mut schema = Schema::built_in();
    let mut loaded = Vec::new();
    for (_, files) in packs {
        let file = |path: &str, text: &str| PackFile {
            path: path.to_owned(),
            bytes: Cow::Owned(text.as_bytes().to_vec()),
        };
        let mut all =
            vec![file("pack.toml", &files.manifest), file("rules/rules.toml", &files.rules)];
        if !files.sets.is_empty() {
            all.push(file("sets.toml", &files.sets));
        }
        let pack = Pack::load(&all, &schema).map_err(|problems| problems.to_string())?;
        schema = Arc::clone(&pack.schema);
        loaded.push(Arc::new(pack));
    }
    compile(loaded, schema).map_err(|error| error.to_string())
}

impl Court {
    /// Loads and compiles a world, and lets the judge read it.
    ///
    /// # Errors
    /// The engine refuses the world.
    pub fn of(
        world: &World,
        instants: &[Timestamp],
        more: &[(String, Fact)],
    ) -> Result<Self, String> {
        let packs: Vec<(String, Files)> =
            world.packs.iter().map(|pack| (pack.name.clone(), pack.files())).collect();
        let program = program_of(&packs)?;
        let judge = Judge::new(&packs, program.schema(), instants, more);
        let has_predicate = |rule: usize| {
            let dimensions = program
                .compiled(RuleIdx(rule as u32))
                .map_or(&[][..], |compiled| &compiled.dimensions);
            let subjects = dimensions.iter().filter_map(|dimension| program.dimension(*dimension));
            subjects
                .into_iter()
                .any(|dimension| matches!(dimension.subject, Dimension::Predicate(_)))
        };
        let written: Vec<bool> = world.rules().map(crate::packs::Rule::is_plain).collect();
        let too_large = written
            .iter()
            .enumerate()
            .filter(|(rule, plain)| **plain && has_predicate(*rule))
            .count();
        let plain = written
            .iter()
            .enumerate()
            .map(|(rule, plain)| *plain && !has_predicate(rule))
            .collect();
        Ok(Self { program, judge, plain, too_large })
    }

    /// What the engine says of a case. What is missing is asked for only where something may be.
    pub fn ask(&self, matcher: &mut Matcher, case: &Slots) -> Answer {
        matcher.run(&self.program, case);
        let said = |rule: u32| {
            let status = matcher.status(&self.program, RuleIdx(rule));
            let missing = if status.is_some() {
                missing(&self.program, matcher, case, RuleIdx(rule))
            } else {
                BTreeSet::new()
            };
            Said { status, missing }
        };
        Answer {
            rules: (0..self.program.len() as u32).map(said).collect(),
            verdict: matcher.verdict_without_waivers(&self.program),
        }
    }

    /// Compares what is said of one row.
    ///
    /// # Errors
    /// The first difference, in words.
    pub fn compare(&self, answer: &Answer, row: &Row, tally: &mut Tally) -> Result<(), String> {
        let mut scratch: Vec<FactIdx> = Vec::new();
        let (mut verdict, mut all_judged) = (Verdict::Allow, true);
        let in_force =
            self.judge.rules.iter().any(|rule| rule.is_in_force(self.judge.instants[row.send_at]));
        // Nobody says that what no rule is about is clear.
        let mut said_verdict = if in_force { Verdict::Allow } else { Verdict::Review };
        verdict = verdict.max(said_verdict);
        for (number, (rule, said)) in self.judge.rules.iter().zip(&answer.rules).enumerate() {
            let row_facts = row.of_recipient || !rule.of_recipient;
            let Some(status) = said.status else {
                if row_facts {
                    return Err(format!("{}: the engine says nothing", rule.name));
                }
                continue;
            };
            if !row_facts {
                return Err(format!(
                    "{}: the engine says {status} of a rule about recipients, and none is told",
                    rule.name
                ));
            }
            said_verdict = said_verdict.max(weight(status, rule.verdict));
            let Some(judgement) = completions::judge(&self.judge, rule, row, &mut scratch) else {
                tally.skipped += 1;
                all_judged = false;
                continue;
            };
            tally.comparisons += 1;
            verdict = verdict.max(weight(judgement.status, rule.verdict));
            all_judged &= weight(status, rule.verdict) == weight(judgement.status, rule.verdict);
            self.compare_rule(number, said, status, &judgement, tally).map_err(|problem| {
                format!(
                    "{}: {problem} (outcomes of completions: {:?})",
                    rule.name, judgement.outcomes
                )
            })?;
            let is_known = judgement.is_known;
            tally.known += usize::from(is_known);
            tally.settled += usize::from(!is_known && judgement.status != Status::Undetermined);
            tally.with_predicates += usize::from(!is_known && !self.plain[number]);
        }
        if answer.verdict != said_verdict {
            return Err(format!(
                "the engine's verdict is {}, which is not the worst of its own findings",
                answer.verdict
            ));
        }
        if all_judged && answer.verdict != verdict {
            return Err(format!(
                "the engine's verdict is {}, the judge's {verdict}",
                answer.verdict
            ));
        }
        Ok(())
    }

    fn compare_rule(
        &self,
        number: usize,
        said: &Said,
        status: Status,
        judgement: &Judgement,
        tally: &mut Tally,
    ) -> Result<(), String> {
        let is_known = judgement.is_known;
        let wanted: BTreeSet<AttributeId> =
            judgement.missing.iter().map(|subject| self.judge.subjects[*subject].id).collect();
        let paths = |ids: &BTreeSet<AttributeId>| {
            let schema = self.program.schema();
            ids.iter()
                .map(|id| schema.attribute(*id).path.to_string())
                .collect::<Vec<_>>()
                .join(", ")
        };
        let differ = |what: &str, ours: &str, judged: &str| {
            Err(format!("{what}: the engine says `{ours}`, the judge `{judged}`"))
        };
        tally.undetermined +=
            usize::from(status == Status::Undetermined && judgement.status == Status::Undetermined);
        tally.missing += said.missing.intersection(&wanted).count();
        if status != judgement.status {
            // With predicates the engine may think more outcomes possible than there are. So it may
            // leave open what the judge settles, and call satisfied what never applies, neither of
            // which is a finding; never the other way about.
            match (status, judgement.status) {
                (Status::Undetermined, _) if !self.plain[number] && !is_known => {
                    tally.cautious += 1;
                }
                (Status::Satisfied, Status::NotApplicable) if !self.plain[number] && !is_known => {
                    tally.idle += 1;
                }
                _ => return differ("status", status.name(), judgement.status.name()),
            }
        }
        if self.plain[number] && said.missing != wanted {
            return differ("missing", &paths(&said.missing), &paths(&wanted));
        }
        if !said.missing.is_superset(&wanted) {
            return differ(
                "missing, of which the judge's must be a part",
                &paths(&said.missing),
                &paths(&wanted),
            );
        }
        Ok(())
    }

    /// A row in words.
    pub fn shown(&self, row: &Row) -> String {
        let mut text = format!("send_at = {}\n", self.judge.instants[row.send_at]);
        for (place, subject) in self.judge.subjects.iter().enumerate() {
            let _ = match self.judge.fact(row, place) {
                Fact::Value(value) => writeln!(text, "{} = {}", subject.path, value.to_json()),
                Fact::Absent => writeln!(text, "{} is absent", subject.path),
                Fact::Unknown => writeln!(text, "{} is unknown", subject.path),
            };
        }
        let _ = writeln!(
            text,
            "{}",
            if row.of_recipient { "a recipient is told" } else { "no recipient is told" }
        );
        text
    }

    /// A row apart from this court, by path.
    pub fn row_facts(&self, row: &Row) -> RowFacts {
        let facts =
            self.judge.subjects.iter().enumerate().map(|(place, subject)| {
                (subject.path.clone(), self.judge.fact(row, place).clone())
            });
        RowFacts {
            send_at: self.judge.instants[row.send_at],
            facts: facts.collect(),
            of_recipient: row.of_recipient,
        }
    }
}

/// What a rule adds to the verdict.
pub const fn weight(status: Status, of_rule: FindingVerdict) -> Verdict {
    match (of_rule, status) {
        (FindingVerdict::Note | FindingVerdict::Allow, _)
        | (_, Status::Satisfied | Status::NotApplicable) => Verdict::Allow,
        (FindingVerdict::Deny, Status::Violated) => Verdict::Deny,
        (FindingVerdict::Review, Status::Violated)
        | (FindingVerdict::Review | FindingVerdict::Deny, Status::Undetermined) => Verdict::Review,
    }
}

/// A row by path, which outlives its court.
#[derive(Clone, Debug)]
pub struct RowFacts {
    /// The instant of sending.
    pub send_at: Timestamp,
    /// What is known of each attribute.
    pub facts: Vec<(String, Fact)>,
    /// Whether a recipient is told.
    pub of_recipient: bool,
}

impl RowFacts {
    /// The row within a court that was made with its facts.
    fn row(&self, judge: &Judge) -> Row {
        let place = |subject: &super::Subject| {
            let fact = self
                .facts
                .iter()
                .find(|(path, _)| *path == subject.path)
                .map(|(_, fact)| format!("{fact:?}"));
            let place = fact.and_then(|fact| {
                subject.pool.iter().position(|known| format!("{known:?}") == fact)
            });
            place.map_or(super::UNKNOWN, |place| place as FactIdx)
        };
        Row {
            send_at: 0,
            facts: judge.subjects.iter().map(place).collect(),
            of_recipient: self.of_recipient,
        }
    }

    fn smaller(&self) -> Vec<Self> {
        let mut found: Vec<Self> = Vec::new();
        for (place, (_, fact)) in self.facts.iter().enumerate() {
            if fact.is_unknown() {
                continue;
            }
            let mut changed = self.clone();
            changed.facts[place].1 = Fact::Unknown;
            found.push(changed);
        }
        if !self.of_recipient {
            found.push(Self { of_recipient: true, ..self.clone() });
        }
        found
    }
}

/// What is wrong with a world and a row, if anything is. A world that the engine refuses is not
/// looked at.
pub fn difference(world: &World, row_facts: &RowFacts, tamper: Tamper) -> Option<(String, Court)> {
    let more: Vec<(String, Fact)> =
        row_facts.facts.iter().filter(|(_, fact)| !fact.is_unknown()).cloned().collect();
    let court = Court::of(world, &[row_facts.send_at], &more).ok()?;
    let row = row_facts.row(&court.judge);
    let mut slots = Slots::new(court.program.schema());
    slots.fill(&court.judge, &row);
    let mut answer = court.ask(&mut Matcher::new(), &slots);
    tamper(&mut answer);
    let problem = court.compare(&answer, &row, &mut Tally::default()).err()?;
    Some((problem, court))
}

/// The smallest world and row found that still differ, in words.
pub fn shrunk(world: &World, row_facts: &RowFacts, tamper: Tamper) -> String {
    const TRIES_MAX: usize = 3000;
    let (mut world, mut row_facts) = (world.clone(), row_facts.clone());
    let Some((mut problem, mut court)) = difference(&world, &row_facts, tamper) else {
        return format!("the difference is gone when looked at alone\n{}", world.shown());
    };
    let mut tries = 0;
    'smaller: while tries < TRIES_MAX {
        let worlds = world.smaller().into_iter().map(|world| (world, row_facts.clone()));
        let rows = row_facts.smaller().into_iter().map(|row_facts| (world.clone(), row_facts));
        for (smaller, facts) in worlds.chain(rows) {
            tries += 1;
            if let Some((found, at)) = difference(&smaller, &facts, tamper) {
                (world, row_facts, problem, court) = (smaller, facts, found, at);
                continue 'smaller;
            }
            if tries >= TRIES_MAX {
                break;
            }
        }
        break;
    }
    format!("{problem}\n{}\n{}", world.shown(), court.shown(&row_facts.row(&court.judge)))
}
