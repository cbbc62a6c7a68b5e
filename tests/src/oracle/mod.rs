//! What should a rule come to? A judge that is slow and obvious, and shares no code with the
//! compiler or the matcher.
//!
//! It reads the TOML of packs by itself, gives the text of each condition to the `cel` crate, and
//! combines the two answers of a rule:
//!
//! | in force | applies | condition | outcome |
//! | --- | --- | --- | --- |
//! | no | | | not applicable |
//! | yes | error | | error |
//! | yes | false | | not applicable |
//! | yes | true | error | error |
//! | yes | true | as it must be | satisfied |
//! | yes | true | otherwise | violated |
//!
//! A row with unknown facts is judged by trying every way to fill them in ([`completions`]), with
//! one value of each class ([`classes`]). Of the engine it uses only the schema and the types of
//! values.

pub mod classes;
pub mod completions;
pub mod expression;
pub mod harness;
pub mod text;

use cleartosend::schema::{AttributeId, Nullable, Scope};
use cleartosend::{Fact, FindingVerdict, Schema, Timestamp};

use crate::packs::Files;
use expression::{Expression, judged};
use text::Constants;

/// What a rule comes to when every fact is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// In force, applies, and broken.
    Violated,
    /// In force, applies, and kept.
    Satisfied,
    /// Not in force, or does not apply.
    NotApplicable,
    /// Cannot be worked out.
    Error,
}

/// A fact by its place in the pool of its attribute; [`UNKNOWN`] for none.
pub type FactIdx = u16;

/// Not known.
pub const UNKNOWN: FactIdx = FactIdx::MAX;

/// An attribute that some rule reads, with every fact that it may have in this run.
#[derive(Debug)]
pub struct Subject {
    /// Its path.
    pub path: String,
    /// Its number in the schema.
    pub id: AttributeId,
    /// Its facts: one of each class of each rule, and those that were asked for.
    pub pool: Vec<Fact>,
    /// The same for the `cel` crate; none for *absent*.
    values: Vec<Option<Box<dyn cel::common::value::Val>>>,
}

/// One row of facts.
#[derive(Clone, Debug)]
pub struct Row {
    /// The instant of sending, by its place in [`Judge::instants`].
    pub send_at: usize,
    /// The facts, by subject.
    pub facts: Vec<FactIdx>,
    /// Whether a recipient is told.
    pub of_recipient: bool,
}

/// A rule as the judge sees it.
#[derive(Debug)]
pub struct Rule {
    /// Its pack and id, as `pack/id`.
    pub name: String,
    /// What a violation means.
    pub verdict: FindingVerdict,
    /// Whether it is about a recipient.
    pub of_recipient: bool,
    requires: bool,
    from: Timestamp,
    until: Option<Timestamp>,
    applies: Option<Expression>,
    condition: Expression,
    /// The subjects that its conditions read.
    pub reads: Vec<usize>,
    /// For each of them, one fact of each class.
    pub classes: Vec<Vec<FactIdx>>,
}

/// The judge of some packs.
#[derive(Debug)]
pub struct Judge {
    /// What rules read.
    pub subjects: Vec<Subject>,
    /// Every instant of sending of this run.
    pub instants: Vec<Timestamp>,
    /// The rules, packs in stacking order, rules in source order.
    pub rules: Vec<Rule>,
}

impl Rule {
    /// Whether it is in force at an instant.
    pub fn is_in_force(&self, at: Timestamp) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }
}

impl Judge {
    /// Reads packs. `more` are facts that rows will have beside those of the classes.
    pub fn new(
        packs: &[(String, Files)],
        schema: &Schema,
        instants: &[Timestamp],
        more: &[(String, Fact)],
    ) -> Self {
        let paths: Vec<String> =
            schema.iter().map(|(_, attribute)| attribute.path.to_string()).collect();
        let mut judge =
            Self { subjects: Vec::new(), instants: instants.to_vec(), rules: Vec::new() };
        for (name, files) in packs {
            let sets = text::sets(&files.sets);
            for rule in text::rules(&files.rules) {
                judge.add(name, &rule, &sets, schema, &paths);
            }
        }
        for subject in &mut judge.subjects {
            for (path, fact) in more {
                if *path == subject.path {
                    subject.place_of(fact);
                }
            }
        }
        let pools: Vec<usize> = judge.subjects.iter().map(|subject| subject.pool.len()).collect();
        for rule in &mut judge.rules {
            rule.applies
                .iter_mut()
                .chain([&mut rule.condition])
                .for_each(|expression| expression.make_room(&pools, instants.len()));
        }
        judge
    }

    fn add(
        &mut self,
        pack: &str,
        rule: &text::Rule,
        sets: &[text::Set],
        schema: &Schema,
        paths: &[String],
    ) {
        let conditions: Vec<&str> =
            rule.applies.iter().chain([&rule.condition]).map(String::as_str).collect();
        let mut constants = Constants::default();
        conditions.iter().for_each(|condition| constants.note(condition));
        let named = text::names(&conditions.join(" ; "));
        let known_sets: Vec<&text::Set> =
            sets.iter().filter(|set| named.contains(&format!("sets.{}", set.name))).collect();
        known_sets
            .iter()
            .flat_map(|set| &set.entries)
            .for_each(|entry| constants.note_members(&entry.values));

        let mut reads = Vec::new();
        let mut classes = Vec::new();
        for path in paths.iter().filter(|path| **path != "send_at" && named.contains(path.as_str()))
        {
            let Some(id) = schema.id(path) else { continue };
            let place =
                self.subjects.iter().position(|subject| subject.path == *path).unwrap_or_else(
                    || {
                        self.subjects.push(Subject {
                            path: path.clone(),
                            id,
                            pool: Vec::new(),
                            values: Vec::new(),
                        });
                        self.subjects.len() - 1
                    },
                );
            let facts = classes::of(schema.attribute(id), &constants);
            reads.push(place);
            classes.push(facts.iter().map(|fact| self.subjects[place].place_of(fact)).collect());
        }
        let subjects = &self.subjects;
        let read = |source: &str| Expression::new(source, subjects, &known_sets, &self.instants);
        let (applies, condition) = (rule.applies.as_deref().map(read), read(&rule.condition));
        // Placeholders of the texts count for the scope too.
        let everything =
            format!("{} ; {}", conditions.join(" ; "), rule.texts.replace(['{', '}'], " "));
        let all = text::names(&everything);
        let of_recipient = schema.iter().any(|(_, known)| {
            known.scope == Scope::Recipient && all.contains(&known.path.to_string())
        });
        self.rules.push(Rule {
            name: format!("{pack}/{}", rule.id),
            verdict: match &*rule.verdict {
                "note" => FindingVerdict::Note,
                _ if !rule.enforce => FindingVerdict::Note,
                "deny" => FindingVerdict::Deny,
                "review" => FindingVerdict::Review,
                other => panic!("{}: {other} is no verdict of a rule", rule.id),
            },
            of_recipient,
            requires: rule.requires,
            from: rule.from,
            until: rule.until,
            applies,
            condition,
            reads,
            classes,
        });
    }

    /// What a rule comes to at an instant; `facts` are by subject and known where the rule reads
    /// them.
    pub fn outcome(&self, rule: &Rule, send_at: usize, facts: &[FactIdx]) -> Outcome {
        let at = self.instants[send_at];
        if !rule.is_in_force(at) {
            return Outcome::NotApplicable;
        }
        match rule
            .applies
            .as_ref()
            .map_or(Some(true), |applies| applies.truth(&self.subjects, send_at, at, facts))
        {
            None => Outcome::Error,
            Some(false) => Outcome::NotApplicable,
            Some(true) => match rule.condition.truth(&self.subjects, send_at, at, facts) {
                None => Outcome::Error,
                Some(holds) if holds == rule.requires => Outcome::Satisfied,
                Some(_) => Outcome::Violated,
            },
        }
    }

    /// A fact of a row.
    pub fn fact(&self, row: &Row, subject: usize) -> &Fact {
        self.subjects[subject].pool.get(usize::from(row.facts[subject])).unwrap_or(&Fact::Unknown)
    }
}

impl Subject {
    /// The place of a fact in the pool, which is made if there is none.
    pub fn place_of(&mut self, fact: &Fact) -> FactIdx {
        // Values are told apart as they print, so that 0.0 and -0.0 are two.
        let shown = format!("{fact:?}");
        let place = self.pool.iter().position(|known| format!("{known:?}") == shown);
        place.unwrap_or_else(|| {
            self.pool.push(fact.clone());
            self.values.push(fact.value().map(judged));
            self.pool.len() - 1
        }) as FactIdx
    }

    /// Whether it can be absent.
    pub fn is_nullable(&self, schema: &Schema) -> bool {
        schema.attribute(self.id).nullable == Nullable::Yes
    }
}
