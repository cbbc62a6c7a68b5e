//! The same rules through this engine and its peers, side by side, in one process.
//!
//! ```text
//! cargo run --release --manifest-path benches/Cargo.toml -- [--quick] [--sizes 20,100] [--peers NAME,NAME] [--write]
//! cargo run --release --manifest-path benches/Cargo.toml -- instructions [--write]
//! cargo run --release --manifest-path benches/Cargo.toml -- shape
//! cargo run --release --manifest-path benches/Cargo.toml -- ratios
//! cargo run --release --manifest-path benches/Cargo.toml -- analysis
//! cargo run --release --manifest-path benches/Cargo.toml -- random [--seeds 1-20] [--write]
//! cargo run --release --manifest-path benches/Cargo.toml -- built-in [--write]
//! ```
//!
//! The first checks that all engines agree, then measures and prints; `--write` puts the tables and
//! the plots into `docs/performance.md`. The second counts instructions with valgrind and compares
//! them with `instructions.toml`; `--write` records them. The third tells the size of this engine's
//! compiled programs. `loop match 1000 200000` decides that often with 1,000 rules, `loop match
//! seed-6 200000` with a gate of chance, and says nothing: the second runs it under valgrind, and so may a profiler. The fourth tells how many
//! checks an explanation takes, with and without a timeline of 30 days, and is an error where that
//! is more than promised. The fifth tells how long it takes to analyse rules together, and is an
//! error where 1,000 take over a second. The sixth puts gates of chance before this engine and those
//! that can say them, a seed each, and prints the worst ratios. The seventh measures the built-in packs.

mod allocations;
mod analysis;
mod built_in;
#[cfg(all(feature = "datalogic", feature = "wirefilter", feature = "zen-expression"))]
mod chance;
mod gate;
mod generate;
mod instructions;
mod measure;
mod peers;
mod plot;
mod ratios;
mod report;
mod rule;

use std::process::ExitCode;

use generate::{Marginals, Random};
use measure::Effort;
use peers::{Cases, What};
use rule::Rule;

const ROWS: usize = 1000;
const SIZES: [usize; 4] = [20, 100, 1_000, 10_000];
const SEED_OF_ROWS: u64 = 2026;
const SEED_OF_RULES: u64 = 2018;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["loop", what, rules, count] => looped(what, rules, count),
        ["instructions", options @ ..] => instructions::run(options),
        ["shape"] => shape(),
        ["ratios"] => ratios::run(),
        ["analysis"] => analysis::run(),
        ["random", options @ ..] => random(options),
        ["built-in", options @ ..] => built_in_packs(options),
        options => compare(options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// The same thousand cases for every set of rules.
fn cases() -> Cases {
    let rows = generate::rows(&mut Random::new(SEED_OF_ROWS), ROWS);
    let documents = rows.iter().map(rule::document).collect();
    Cases { rows, documents }
}

fn rules(cases: &Cases, count: usize) -> Vec<Rule> {
    generate::rules(&mut Random::new(SEED_OF_RULES), &Marginals::of(&cases.rows), count)
}

fn compare(options: &[&str]) -> Result<(), String> {
    let mut sizes = SIZES.to_vec();
    let mut wanted: Vec<&str> = Vec::new();
    let mut effort = Effort::FULL;
    let mut write = false;
    let mut options = options.iter();
    while let Some(option) = options.next() {
        match *option {
            "--quick" => effort = Effort::QUICK,
            "--write" => write = true,
            "--sizes" => {
                let list = options.next().ok_or("--sizes wants numbers, such as 20,100")?;
                sizes = list
                    .split(',')
                    .map(|size| size.parse().map_err(|_| format!("`{size}` is no number")))
                    .collect::<Result<_, String>>()?;
            }
            "--peers" => wanted = options.next().ok_or("--peers wants names")?.split(',').collect(),
            other => {
                return Err(format!(
                    "unknown option `{other}`, expected --quick, --sizes, --peers or --write"
                ));
            }
        }
    }
    let mut loaders = peers::all();
    if !wanted.is_empty() {
        // Ratios are against this engine, so it always runs.
        loaders.retain(|loader| {
            loader.name == "cleartosend" || wanted.iter().any(|name| loader.name.contains(name))
        });
    }
    let cases = cases();
    let mut found = Vec::new();
    for size in sizes {
        eprintln!("{size} rules");
        let rules = rules(&cases, size);
        found.push(measure::size(&loaders, &rules, &cases, effort)?);
        print!("{}", report::table(&found[found.len() - 1]));
    }
    if write { report::write(&found) } else { Ok(()) }
}

/// The built-in packs alone.
fn built_in_packs(options: &[&str]) -> Result<(), String> {
    let found = built_in::measure(Effort::BUSY)?;
    print!("{}", report::built_in(&found));
    match options {
        [] => Ok(()),
        ["--write"] => report::write_built_in(&found),
        other => Err(format!("unknown option `{}`, expected --write", other.join(" "))),
    }
}

/// Gates of chance.
#[cfg(all(feature = "datalogic", feature = "wirefilter", feature = "zen-expression"))]
fn random(options: &[&str]) -> Result<(), String> {
    let (mut seeds, mut write) = (1..=20, false);
    let mut options = options.iter();
    while let Some(option) = options.next() {
        match *option {
            "--write" => write = true,
            "--seeds" => {
                let text = options.next().unwrap_or(&"");
                let (first, last) = text.split_once('-').unwrap_or((text, text));
                let number =
                    |text: &str| text.parse().map_err(|_| format!("`{text}` is no number"));
                seeds = number(first)?..=number(last)?;
            }
            other => {
                return Err(format!("unknown option `{other}`, expected --seeds or --write"));
            }
        }
    }
    chance::run(seeds, &cases(), write)
}

/// The pack of a gate of chance.
#[cfg(all(feature = "datalogic", feature = "wirefilter", feature = "zen-expression"))]
fn of_chance(seed: u64) -> Result<Vec<String>, String> {
    chance::sources(seed).ok_or_else(|| "no gate".into())
}

#[cfg(not(all(feature = "datalogic", feature = "wirefilter", feature = "zen-expression")))]
fn of_chance(_: u64) -> Result<Vec<String>, String> {
    random(&[]).map(|()| Vec::new())
}

#[cfg(not(all(feature = "datalogic", feature = "wirefilter", feature = "zen-expression")))]
fn random(_: &[&str]) -> Result<(), String> {
    Err("this needs the features `datalogic`, `wirefilter` and `zen-expression`".into())
}

/// The size of this engine's programs.
fn shape() -> Result<(), String> {
    let cases = cases();
    SIZES.iter().for_each(|size| println!("{}", peers::shape(&rules(&cases, *size))));
    println!("{}", built_in::shape()?);
    Ok(())
}

/// Decides that often and says nothing: for valgrind and profilers.
fn looped(what: &str, rules: &str, count: &str) -> Result<(), String> {
    let count = count.parse().map_err(|_| format!("`{count}` is no number"))?;
    if rules == "asked"
        && let Some(done) = ratios::looped(what, count)
    {
        return done;
    }
    if what == "analyse"
        && let Some(done) = analysis::looped(rules, count)
    {
        return done;
    }
    if rules == "built-in"
        && let Some(done) = built_in::looped_beside(what, count)
    {
        return done;
    }
    let size = || rules.parse().map_err(|_| format!("`{rules}` is no number of rules"));
    if what == "load" {
        let rules = self::rules(&cases(), size()?);
        let ours = &peers::all()[0];
        let sources = (ours.render)(&rules);
        (0..count).for_each(|_| drop(std::hint::black_box((ours.load)(&sources, &rules))));
        return Ok(());
    }
    let what = match what {
        "match" => What::Match,
        "check" => What::Check,
        "json" => What::Json,
        other => {
            return Err(format!(
                "unknown measurement `{other}`, expected load, match, check or json"
            ));
        }
    };
    if rules == "built-in" {
        return built_in::looped(what, count);
    }
    let cases = cases();
    let loaders = peers::all();
    let ours = &loaders[0];
    let mut peer = match rules.strip_prefix("seed-") {
        Some(seed) => (ours.load)(&of_chance(seed.parse().map_err(|_| format!("`{seed}`"))?)?, &[]),
        None => {
            let rules = self::rules(&cases, size()?);
            (ours.load)(&(ours.render)(&rules), &rules)
        }
    };
    peer.prepare(&cases);
    peer.run(what, &cases, 0, count);
    Ok(())
}
