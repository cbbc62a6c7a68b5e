//! The targets as plain programs, for a stable compiler without a fuzzer.
//!
//! `document FILE…` judges files; `document --bytes 10000000 [--seed 1]` judges mutants; without
//! arguments, the regressions.

use std::process::ExitCode;
use std::time::Instant;

use super::{Target, campaign, seeds};

/// Runs a target as its arguments say. Fails on the first input that breaks something.
pub fn main(target: Target) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1)?.parse::<u64>().ok()
    };
    if let Some(bytes) = option("--bytes") {
        return mutants(
            target,
            option("--seed").unwrap_or(1),
            usize::try_from(bytes).unwrap_or(usize::MAX),
        );
    }
    let files = if arguments.is_empty() {
        seeds::regressions(target)
    } else {
        arguments
            .iter()
            .map(|file| (file.clone(), std::fs::read(file).unwrap_or_default()))
            .collect()
    };
    for (name, bytes) in &files {
        let start = Instant::now();
        match campaign::judged(target, bytes) {
            Ok(ended) => {
                println!("{name}: {ended:?}, {} bytes, {:.1?}", bytes.len(), start.elapsed());
            }
            Err(because) => {
                eprintln!("{name}: {because}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

fn mutants(target: Target, seed: u64, bytes: usize) -> ExitCode {
    let start = Instant::now();
    match campaign::run(target, seed, bytes) {
        Ok(report) => {
            println!(
                "{}: seed {seed}, {} inputs of {} bytes in {:.1?}: {} accepted, {} refused; \
                 slowest {:.1?} (input {})",
                target.name(),
                report.accepted + report.refused,
                report.bytes,
                start.elapsed(),
                report.accepted,
                report.refused,
                report.slowest,
                report.slowest_number,
            );
            ExitCode::SUCCESS
        }
        Err(broken) => {
            let file = format!("broken-{}-{seed}-{}", target.name(), broken.number);
            let kept = std::fs::write(&file, &broken.small);
            eprintln!(
                "{}: seed {seed}, input {}: {}\nmade small, in {file} ({kept:?}): {}",
                target.name(),
                broken.number,
                broken.because,
                broken.small.escape_ascii()
            );
            ExitCode::FAILURE
        }
    }
}
