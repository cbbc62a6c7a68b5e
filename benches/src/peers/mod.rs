//! Engines, each behind the same small trait.

#[cfg(feature = "cedar")]
mod cedar;
#[cfg(feature = "cel")]
mod cel;
mod cleartosend;
#[cfg(feature = "datalogic")]
mod datalogic;
mod handwritten;
#[cfg(feature = "regorus")]
mod regorus;
#[cfg(feature = "wirefilter")]
mod wirefilter;
#[cfg(feature = "zen-expression")]
mod zen_expression;
#[cfg(feature = "zen")]
mod zen_table;

use std::hint::black_box;

pub use cleartosend::{describe, engine, shape};
#[cfg(all(feature = "datalogic", feature = "wirefilter", feature = "zen-expression"))]
pub use cleartosend::{may_be_absent, pack};
#[cfg(all(feature = "datalogic", feature = "wirefilter", feature = "zen-expression"))]
pub use datalogic::expression as in_json_logic;
#[cfg(all(feature = "datalogic", feature = "wirefilter", feature = "zen-expression"))]
pub use wirefilter::test as in_wirefilter;

use serde::Serialize;

use crate::rule::{Row, Rule};

/// Facts in every form that a measurement starts from.
pub struct Cases {
    pub rows: Vec<Row>,
    pub documents: Vec<String>,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// Facts already in the engine's own form → how many rules are violated.
    Match,
    /// A plain Rust array of values → the engine's own form → how many rules are violated.
    Check,
    /// A JSON document → JSON with the verdict and the ids of the rules that are violated.
    Json,
}

impl What {
    pub const ALL: [Self; 3] = [Self::Match, Self::Check, Self::Json];
}

/// An engine with a set of rules loaded.
pub trait Peer {
    /// Puts rows into the engine's own form and keeps them.
    fn prepare(&mut self, cases: &Cases);
    /// The numbers of the rules that a prepared row violates, in order: for the check that all
    /// engines agree.
    fn violated(&mut self, row: usize) -> Vec<u32>;
    /// How many rules a prepared row violates.
    fn matched(&mut self, row: usize) -> usize;
    /// How many rules a row violates, which must be put into the engine's form first.
    fn checked(&mut self, row: &Row) -> usize;
    /// The answer to a document, put after what `answer` holds.
    fn json(&mut self, document: &str, answer: &mut Vec<u8>);

    /// One measurement over consecutive rows, from the first again after the last.
    ///
    /// A provided method, so that each engine has a loop of its own with nothing called through a
    /// pointer.
    fn run(&mut self, what: What, cases: &Cases, from: usize, count: usize) {
        let rows = (0..count).map(|step| (from + step) % cases.rows.len());
        match what {
            What::Match => rows.for_each(|row| {
                black_box(self.matched(black_box(row)));
            }),
            What::Check => rows.for_each(|row| {
                black_box(self.checked(black_box(&cases.rows[row])));
            }),
            What::Json => {
                let mut answer = Vec::with_capacity(4096);
                rows.for_each(|row| {
                    answer.clear();
                    self.json(black_box(&cases.documents[row]), &mut answer);
                    black_box(&answer);
                });
            }
        }
    }
}

/// How an engine comes to its rules.
pub struct Loader {
    pub name: &'static str,
    /// The rules in the engine's language; not measured.
    pub render: fn(&[Rule]) -> Vec<String>,
    /// From text to ready.
    pub load: fn(&[String], &[Rule]) -> Box<dyn Peer>,
    /// The largest set that it is given.
    pub rules_max: usize,
}

/// All engines: ours first, the function written by hand last.
pub fn all() -> Vec<Loader> {
    vec![
        cleartosend::LOADER,
        cleartosend::LOADER_DOCUMENT,
        #[cfg(feature = "datalogic")]
        datalogic::LOADER,
        #[cfg(feature = "wirefilter")]
        wirefilter::LOADER,
        #[cfg(feature = "zen-expression")]
        zen_expression::LOADER,
        #[cfg(feature = "zen")]
        zen_table::LOADER,
        #[cfg(feature = "cel")]
        cel::LOADER,
        #[cfg(feature = "regorus")]
        regorus::LOADER,
        #[cfg(feature = "cedar")]
        cedar::LOADER,
        handwritten::LOADER,
    ]
}

/// The ids of rules, by number.
type Ids = Vec<String>;

fn ids(rules: &[Rule]) -> Ids {
    rules.iter().map(|rule| rule.id.clone()).collect()
}

#[cfg(any(feature = "cedar", feature = "regorus", feature = "zen"))]
fn number(ids: &[String], id: &str) -> u32 {
    ids.iter().position(|known| known == id).expect("a rule's id") as u32
}

/// What an engine that does not write JSON itself answers.
#[derive(Serialize)]
struct Answer<'a> {
    verdict: &'static str,
    violated: &'a [&'a str],
}

fn answer<'a>(violated: impl Iterator<Item = &'a str>, out: &mut Vec<u8>) {
    let violated: Vec<&str> = violated.collect();
    let verdict = if violated.is_empty() { "allow" } else { "deny" };
    serde_json::to_writer(out, &Answer { verdict, violated: &violated }).expect("plain texts");
}
