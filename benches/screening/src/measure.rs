//! Time, memory, and the speed of reading memory.

use std::hint::black_box;
use std::time::Instant;

use cpu_time::ProcessTime;
use fearless_simd::{Level, Simd, dispatch};

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    pub rows: usize,
    /// Samples of each.
    pub samples: usize,
}

/// Seconds of a run: by the clock, and of processor time over all threads.
#[derive(Clone, Copy, Debug, Default)]
pub struct Took {
    pub wall: f64,
    pub processor: f64,
}

pub fn took(run: impl FnOnce()) -> Took {
    let (wall, processor) = (Instant::now(), ProcessTime::now());
    run();
    Took { wall: wall.elapsed().as_secs_f64(), processor: processor.elapsed().as_secs_f64() }
}

/// What is measured: its name, and how to run it with that many threads.
pub struct Contender<'a> {
    pub name: String,
    /// What it gives for each row.
    pub gives: &'static str,
    pub run: Box<dyn FnMut(usize) + 'a>,
}

/// Seconds of one run, with one thread and with two.
#[derive(Clone, Debug)]
pub struct Found {
    pub name: String,
    pub gives: String,
    /// Median processor time with one thread: what other programs do meanwhile does not count.
    pub one: f64,
    /// Half the median processor time with two threads: what they would take with a core each.
    pub two: f64,
    /// Least time by the clock with two threads, whatever else the machine does.
    pub two_by_clock: f64,
    /// Bytes at the most in use, beyond those before.
    pub memory: Option<u64>,
}

impl Found {
    pub fn new(name: &str, gives: &str, one: &[Took], two: &[Took], memory: Option<u64>) -> Self {
        let processor = |runs: &[Took]| median(runs.iter().map(|took| took.processor));
        Self {
            name: name.into(),
            gives: gives.into(),
            one: processor(one),
            two: processor(two) / 2.0,
            two_by_clock: two.iter().map(|took| took.wall).fold(f64::INFINITY, f64::min),
            memory,
        }
    }
}

pub fn median(samples: impl Iterator<Item = f64>) -> f64 {
    let mut samples: Vec<f64> = samples.collect();
    samples.sort_by(f64::total_cmp);
    samples.get(samples.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Measures all in turns, so that a busy moment of the machine falls on all alike.
pub fn all(contenders: &mut [Contender<'_>], samples: usize) -> Vec<Found> {
    let mut times: Vec<[Vec<Took>; 2]> =
        contenders.iter().map(|_| [Vec::new(), Vec::new()]).collect();
    let memory: Vec<Option<u64>> =
        contenders.iter_mut().map(|contender| peak(|| (contender.run)(1))).collect();
    for _ in 0..samples {
        for (contender, times) in contenders.iter_mut().zip(&mut times) {
            for threads in [1, 2] {
                times[threads - 1].push(took(|| (contender.run)(threads)));
            }
        }
    }
    let found = contenders.iter().zip(&times).zip(memory);
    found
        .map(|((contender, [one, two]), memory)| {
            Found::new(&contender.name, contender.gives, one, two, memory)
        })
        .collect()
}

/// Bytes that a run had in use at the most, beyond those before it; none where the system does not
/// tell.
pub fn peak(run: impl FnOnce()) -> Option<u64> {
    let is_reset = std::fs::write("/proc/self/clear_refs", "5").is_ok();
    let before = status("VmRSS:");
    run();
    let (before, most) = (before?, status("VmHWM:")?);
    is_reset.then(|| most.saturating_sub(before))
}

/// A line of `/proc/self/status`, in bytes.
pub fn status(name: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

/// Does work on parts with one thread, here, or with several.
pub fn with_threads<T: Sync, R: Send>(parts: &[T], threads: usize, work: impl Fn(&T) -> R + Sync) {
    if threads == 1 {
        parts.iter().for_each(|part| drop(black_box(work(part))));
        return;
    }
    std::thread::scope(|scope| {
        for parts in parts.chunks(parts.len().div_ceil(threads).max(1)) {
            let work = &work;
            scope.spawn(move || parts.iter().for_each(|part| drop(black_box(work(part)))));
        }
    });
}

/// Reads memory as fast as sums can.
pub fn sum(level: Level, longs: &[u64]) -> u64 {
    #[inline(always)]
    fn sum<S: Simd>(_: S, longs: &[u64]) -> u64 {
        let (chunks, rest) = longs.as_chunks::<32>();
        let mut sums = [0_u64; 32];
        for chunk in chunks {
            for (sum, long) in sums.iter_mut().zip(chunk) {
                *sum = sum.wrapping_add(*long);
            }
        }
        sums.iter().chain(rest).fold(0, |sum, long| sum.wrapping_add(*long))
    }
    dispatch!(level, simd => sum(simd, longs))
}
