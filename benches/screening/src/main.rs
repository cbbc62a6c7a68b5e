//! An audience screened by this engine, by a loop written by hand, by the kernels of arrow-rs, and
//! by Polars, DuckDB and DataFusion.
//!
//! ```text
//! cargo run --release --manifest-path benches/screening/Cargo.toml -- [--quick] [--rows N] [--sizes 20,100] [--no-python] [--write]
//! cargo run --release --manifest-path benches/screening/Cargo.toml -- generate --rows 20000000 --out audience.parquet
//! cargo run --release --manifest-path benches/screening/Cargo.toml -- loop TABLE TIMES [--rows N]
//! cargo run --release --manifest-path benches/screening/Cargo.toml -- loop SEED TIMES [verdict]
//! cargo run --release --manifest-path benches/screening/Cargo.toml -- random [--seeds 1-20] [--rows N] [--samples N] [--write]
//! cargo run --release --manifest-path benches/screening/Cargo.toml -- instructions [--write]
//! cargo run --release --manifest-path benches/screening/Cargo.toml -- threads [--rows N]
//! cargo run --release --manifest-path benches/screening/Cargo.toml -- starts
//! cargo run --release --manifest-path benches/screening/Cargo.toml -- hand-over --rows 1000000 --folder FOLDER
//! ```
//!
//! The first makes the audience, checks that all agree on every row, then measures and prints;
//! `--write` puts the tables and the plot into `docs/performance.md`. The second writes an audience
//! to try `cts screen` on. The third screens a table that often and says nothing, for profilers:
//! `gate`, `nulls`, `texts`, `phones`, `built-in`, `built-in-phones`; the fourth a gate of the fifth,
//! by its seed, and asked for verdicts alone by `verdict`. The fifth puts gates of chance before
//! this engine, Polars and DuckDB, a seed each, checks that all agree on every row, and prints what
//! each takes; `--write` puts that into the same page. The sixth counts what a row costs by the kind
//! of its condition, against the record in `benches/instructions.toml`. The seventh puts two threads
//! against one. The eighth tells what a screening takes before its first row and for few rows. The
//! last writes the main table, the gate as data and as a pack, for `benches/python/screen.py`.

mod against;
mod built_in;
mod by_hand;
mod chance;
mod counted;
mod expected;
mod files;
mod kernels;
mod measure;
mod ours;
mod peers;
mod plot;
mod random;
mod report;
mod rule;
mod run;
mod starts;
mod table;
mod threads;
mod tree;
mod variants;

use std::path::PathBuf;
use std::process::ExitCode;

use against::Chosen;
use measure::Effort;

const SEED_OF_ROWS: u64 = 2026;
const SEED_OF_RULES: u64 = 2018;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["generate", options @ ..] => generate(options),
        ["random", "--show", seed] => number(Some(seed)).map(|seed| against::shown(seed as u64)),
        ["random", options @ ..] => {
            chosen(options).and_then(|chosen| against::run(&chosen, &run::target()?))
        }
        ["loop", seed, times, form @ ..] if seed.parse::<u64>().is_ok() => number(Some(times))
            .and_then(|times| {
                let seed = seed.parse().unwrap_or_default();
                against::looped(seed, times, 1 << 19, form == ["verdict"])
            }),
        ["loop", table, times, options @ ..] => run::looped(table, times, options),
        ["instructions", options @ ..] => counted::run(options),
        ["starts"] => starts::run(),
        ["loop-start", shape, rows, times] => {
            number(Some(times)).and_then(|times| starts::looped(shape, rows, times))
        }
        ["threads"] => threads::run(1 << 20),
        ["threads", "--rows", rows] => number(Some(rows)).and_then(threads::run),
        ["loop-by", threads, what] => {
            number(Some(threads)).and_then(|threads| threads::looped(what, threads))
        }
        ["loop-of", kind, times] => {
            number(Some(times)).and_then(|times| counted::looped(kind, times))
        }
        ["hand-over", "--rows", rows, "--folder", folder] => {
            number(Some(rows)).and_then(|rows| run::hand_over(rows, &PathBuf::from(folder)))
        }
        ["memory", file] => files::memory(&rule::gate(), &PathBuf::from(file)),
        options => Options::read(options).and_then(|options| run::run(&options)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// What to measure.
struct Options {
    effort: Effort,
    sizes: Vec<usize>,
    with_python: bool,
    write: bool,
}

impl Options {
    fn read(options: &[&str]) -> Result<Self, String> {
        let mut read = Self {
            effort: Effort { rows: 10_000_000, samples: 7 },
            sizes: vec![20, 100, 1000],
            with_python: true,
            write: false,
        };
        let mut options = options.iter();
        while let Some(option) = options.next() {
            match *option {
                "--quick" => read.effort = Effort { rows: 1_000_000, samples: 5 },
                "--rows" => read.effort.rows = number(options.next())?,
                "--sizes" => {
                    read.sizes = options
                        .next()
                        .unwrap_or(&"")
                        .split(',')
                        .map(|size| number(Some(&size)))
                        .collect::<Result<_, _>>()?
                }
                "--no-python" => read.with_python = false,
                "--write" => read.write = true,
                other => {
                    return Err(format!(
                        "unknown option `{other}`, expected --quick, --rows, --sizes, --no-python \
                         or --write"
                    ));
                }
            }
        }
        Ok(read)
    }
}

fn number(text: Option<&&str>) -> Result<usize, String> {
    let text = text.ok_or("a number is missing")?;
    text.parse()
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| format!("`{text}` is no number above zero"))
}

/// The seeds of `random`: numbers, and stretches such as `1-20`.
fn chosen(options: &[&str]) -> Result<Chosen, String> {
    let mut chosen = Chosen { seeds: (1..=20).collect(), rows: 1 << 19, samples: 5, write: false };
    let mut options = options.iter();
    while let Some(option) = options.next() {
        match *option {
            "--seeds" => {
                chosen.seeds.clear();
                for part in options.next().unwrap_or(&"").split(',') {
                    let (first, last) = part.split_once('-').unwrap_or((part, part));
                    let ends = number(Some(&first))?..=number(Some(&last))?;
                    chosen.seeds.extend(ends.map(|seed| seed as u64));
                }
            }
            "--rows" => chosen.rows = number(options.next())?,
            "--samples" => chosen.samples = number(options.next())?,
            "--write" => chosen.write = true,
            other => {
                return Err(format!(
                    "unknown option `{other}`, expected --seeds, --rows, --samples or --write"
                ));
            }
        }
    }
    Ok(chosen)
}

fn generate(options: &[&str]) -> Result<(), String> {
    let (mut rows, mut out) = (20_000_000, None);
    let mut options = options.iter();
    while let Some(option) = options.next() {
        match *option {
            "--rows" => rows = number(options.next())?,
            "--out" => out = options.next().map(PathBuf::from),
            other => return Err(format!("unknown option `{other}`, expected --rows or --out")),
        }
    }
    let out = out.ok_or("--out FILE is missing")?;
    files::generate(&out, rows, random::Random::new(SEED_OF_ROWS))
}
