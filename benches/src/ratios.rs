//! What an explanation takes, in checks of the same cases: instructions, counted by valgrind.
//!
//! A ratio does not depend on the machine, and says what a caller pays for asking more.

use std::hint::black_box;

use cleartosend::{Engine, ExplainOptions, Facts};

use crate::built_in;
use crate::instructions::collected;

/// What is asked, by name; the most checks that it may take; how many cases the two runs judge.
const ASKED: [(&str, Option<u64>, [u64; 2]); 4] = [
    ("check", None, [100, 1100]),
    ("one-step", None, [10, 110]),
    ("explain", Some(100), [10, 110]),
    ("timeline", Some(2000), [2, 12]),
];

/// Counts and prints; an error where something takes more than it may.
pub fn run() -> Result<(), String> {
    let mut check = None;
    let mut over = Vec::new();
    println!("| asked | instructions | checks | at most |\n| --- | --: | --: | --: |");
    for (asked, most, counts) in ASKED {
        let [fewer, more] = counts.map(|count| collected("asked", asked, count));
        let [few, many] = counts;
        let each = more?.saturating_sub(fewer?) / (many - few);
        let one = *check.get_or_insert(each.max(1));
        let bound = most.map_or("–".into(), |most| most.to_string());
        println!("| {asked} | {each} | {} | {bound} |", each / one);
        if most.is_some_and(|most| each / one > most) {
            over.push(asked);
        }
    }
    if over.is_empty() { Ok(()) } else { Err(format!("over the bound: {}", over.join(", "))) }
}

/// Asks so many times, over the thousand cases of the benchmark in turn; none where nothing of that
/// name is asked here.
pub fn looped(asked: &str, count: usize) -> Option<Result<(), String>> {
    let options = match asked {
        "check" => None,
        "one-step" => Some(ExplainOptions::default().one_step()),
        "explain" => Some(ExplainOptions::default().without_timeline()),
        "timeline" => Some(ExplainOptions::default()),
        _ => return None,
    };
    Some(built_in::cases().map(|(engine, cases)| {
        cases.iter().cycle().take(count).for_each(|facts| ask(&engine, facts, options.as_ref()));
    }))
}

fn ask(engine: &Engine, facts: &Facts, options: Option<&ExplainOptions>) {
    match options {
        None => {
            black_box(engine.check(black_box(facts)).is_ok());
        }
        Some(options) => {
            black_box(engine.explain(black_box(facts), options).is_ok());
        }
    }
}
