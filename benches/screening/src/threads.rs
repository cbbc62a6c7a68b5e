//! Two threads against one: the same work by each, in turns.
//!
//! Processor time is compared, which other programs leave alone: work that threads hinder each other
//! in, such as a counter that all write, takes more of it with two.

use std::hint::black_box;

use cleartosend::Engine;
use cleartosend::screen::Vectors;

use crate::measure::{median, took, with_threads};
use crate::ours::{Screen, options};
use crate::random::Random;
use crate::table::Table;
use crate::{SEED_OF_ROWS, rule};

const SAMPLES: usize = 9;
const CHECKS: usize = 4000;
const DOCUMENT: &str = r#"{"send_at": "2026-03-02T15:00:00Z", "provider": {"role": "self"},
    "account": {"country": "ES"}, "campaign": {"category": "marketing", "content": "template"},
    "recipient": {"phone": "+34600000000", "opt_in": "given", "opted_out": false}}"#;

/// Prints the ratios.
pub fn run(rows: usize) -> Result<(), String> {
    let (screened, checked) = (Screened::new(rows)?, Checked::new()?);
    println!("| work | processor time of two threads, against one | least, most |");
    println!("| --- | --: | --: |");
    let ratios = |work: &dyn Fn(usize)| {
        let once = |_: usize| {
            let [one, two] = [1, 2].map(|threads| took(|| work(threads)).processor);
            two / one
        };
        (0..SAMPLES).map(once).collect::<Vec<f64>>()
    };
    for (name, ratios) in [
        ("screening, a gate of twenty rules", ratios(&|threads| screened.run(threads))),
        ("check, JSON to a decision", ratios(&|threads| checked.run(threads))),
    ] {
        let least = ratios.iter().copied().fold(f64::INFINITY, f64::min);
        let most = ratios.iter().copied().fold(0.0, f64::max);
        println!("| {name} | {:.2} × | {least:.2}, {most:.2} |", median(ratios.iter().copied()));
    }
    Ok(())
}

/// Does the work once and says nothing, for profilers.
pub fn looped(what: &str, threads: usize) -> Result<(), String> {
    match what {
        "screen" => Screened::new(1 << 18)?.run(threads),
        "check" => Checked::new()?.run(threads),
        other => return Err(format!("unknown work `{other}`, expected screen or check")),
    }
    Ok(())
}

struct Screened(Screen, Table);

impl Screened {
    fn new(rows: usize) -> Result<Self, String> {
        let table = Table::new(Random::new(SEED_OF_ROWS), rows);
        Ok(Self(Screen::of_rules(&rule::gate())?, table))
    }

    fn run(&self, threads: usize) {
        self.0.run(&self.1, &options(Vectors::Best, threads)).expect("a table of the gate");
    }
}

struct Checked(Engine);

impl Checked {
    fn new() -> Result<Self, String> {
        let engine = Engine::built_in().map_err(|problem| problem.to_string())?;
        engine.check_json(DOCUMENT.as_bytes()).map_err(|problem| problem.to_string())?;
        Ok(Self(engine))
    }

    fn run(&self, threads: usize) {
        let parts = [DOCUMENT; CHECKS];
        with_threads(&parts, threads, |document| {
            black_box(self.0.check_json(document.as_bytes()).expect("a document"))
        });
    }
}
