//! A number of bytes of mutants, judged; what breaks is made small.
#![allow(
    clippy::panic,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests tell how long they took"
)]

use std::panic::{self, AssertUnwindSafe};
use std::time::{Duration, Instant};

use fastrand::Rng;

use super::{Ended, Target, mutate, seeds};

/// What came of a campaign in which nothing broke.
#[derive(Clone, Copy, Debug, Default)]
pub struct Report {
    /// Bytes of all inputs.
    pub bytes: usize,
    /// Inputs that were good.
    pub accepted: usize,
    /// Inputs that were refused.
    pub refused: usize,
    /// The longest time that one input took.
    pub slowest: Duration,
    /// The number of that input.
    pub slowest_number: u64,
}

/// An input that broke something.
#[derive(Clone, Debug)]
pub struct Broken {
    /// The number of the mutant, from which with the seed it can be made again.
    pub number: u64,
    /// What the judge said.
    pub because: String,
    /// The input, made small.
    pub small: Vec<u8>,
}

/// The mutant of that number.
pub fn input(target: Target, seeds: &[Vec<u8>], seed: u64, number: u64) -> Vec<u8> {
    // Each mutant has chance of its own, so that one can be made without those before it.
    let mut rng = Rng::with_seed(seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let (good, donor) = (rng.usize(..seeds.len().max(1)), rng.usize(..seeds.len().max(1)));
    let of = |at: usize| seeds.get(at).map(Vec::as_slice).unwrap_or_default();
    mutate::mutant(&mut rng, target, of(good), of(donor))
}

/// Judges mutants until `bytes` of them have been judged.
///
/// # Errors
/// The first input that broke something.
pub fn run(target: Target, seed: u64, bytes: usize) -> Result<Report, Broken> {
    let seeds = seeds::of(target);
    let mut report = Report::default();
    let mut number = 0;
    while report.bytes < bytes {
        let input = input(target, &seeds, seed, number);
        report.bytes += input.len();
        let start = Instant::now();
        match judged(target, &input) {
            Ok(Ended::Accepted) => report.accepted += 1,
            Ok(Ended::Refused) => report.refused += 1,
            Err(because) => return Err(Broken { number, because, small: shrunk(target, input) }),
        }
        let took = start.elapsed();
        if took > report.slowest {
            (report.slowest, report.slowest_number) = (took, number);
        }
        number += 1;
    }
    Ok(report)
}

/// Judges one input; a panic is what it says.
///
/// # Errors
/// What broke.
pub fn judged(target: Target, input: &[u8]) -> Result<Ended, String> {
    panic::catch_unwind(AssertUnwindSafe(|| target.judge(input))).map_err(|payload| {
        let text = payload
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| payload.downcast_ref::<&str>().copied());
        text.unwrap_or("a panic without words").to_owned()
    })
}

/// A smaller input that breaks something too: ever smaller parts are left out while it still does.
fn shrunk(target: Target, mut input: Vec<u8>) -> Vec<u8> {
    // Each attempt would tell of its panic.
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let mut attempts = 3000_u32;
    let mut part = input.len().div_ceil(2);
    while part > 0 && attempts > 0 {
        let mut at = 0;
        while at < input.len() && attempts > 0 {
            let mut without = input.clone();
            drop(without.drain(at..(at + part).min(input.len())));
            attempts -= 1;
            if judged(target, &without).is_err() {
                input = without;
            } else {
                at += part;
            }
        }
        part /= 2;
    }
    panic::set_hook(hook);
    input
}
