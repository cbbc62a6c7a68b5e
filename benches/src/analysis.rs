//! What it takes to analyse many rules together, by time and by instructions.
//!
//! Two shapes of rules: the ones of the benchmark, most of which apply to different cases, and ones
//! of which most overlap with most, so that thousands of pairs have something to be said of them.

use std::hint::black_box;
use std::time::Instant;

use cleartosend::Engine;

use crate::generate::{self, Random};
use crate::instructions::collected;
use crate::rule::Rule;
use crate::{SEED_OF_RULES, cases, peers, rules};

const SIZES: [usize; 3] = [250, 500, 1_000];
const SHAPES: [&str; 2] = ["apart", "overlapping"];
/// How long 1,000 rules that are mostly apart may take.
const MILLISECONDS_MAX: f64 = 1_000.0;

/// Measures and prints; an error where 1,000 rules take longer than promised. Time is the least of
/// three, and without loading; instructions are those of loading and analysing.
pub fn run() -> Result<(), String> {
    println!("| shape | rules | claims | milliseconds | instructions, with loading |");
    println!("| --- | --: | --: | --: | --: |");
    let mut over = Vec::new();
    for shape in SHAPES {
        for size in SIZES {
            let engine = engine(shape, size)?;
            let mut least = f64::INFINITY;
            let mut claims = 0;
            for _ in 0..3 {
                let start = Instant::now();
                claims = black_box(engine.analyse()).claims.len();
                least = least.min(start.elapsed().as_secs_f64() * 1e3);
            }
            let instructions = collected(shape, "analyse", size as u64)?;
            println!("| {shape} | {size} | {claims} | {least:.0} | {instructions} |");
            if least > MILLISECONDS_MAX && shape == "apart" {
                over.push(size);
            }
        }
    }
    if over.is_empty() { Ok(()) } else { Err(format!("over a second: {over:?} rules")) }
}

/// Loads so many rules of a shape and analyses them once; none where there is no such shape.
pub fn looped(shape: &str, size: usize) -> Option<Result<(), String>> {
    SHAPES.contains(&shape).then(|| {
        black_box(engine(shape, size)?.analyse());
        Ok(())
    })
}

fn engine(shape: &str, size: usize) -> Result<Engine, String> {
    let rules: Vec<Rule> = match shape {
        "apart" => rules(&cases(), size),
        _ => generate::overlapping(&mut Random::new(SEED_OF_RULES), size),
    };
    peers::engine(&rules)
}
