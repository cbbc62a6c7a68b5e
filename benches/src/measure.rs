//! Time, memory and agreement of engines over one set of rules.
//!
//! Samples of all engines are interleaved, so that a busy moment of the machine falls on all alike,
//! and the median of each is told.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::allocations::counted;
use crate::peers::{Cases, Loader, Peer, What};
use crate::rule::{self, Rule};

/// How long and how often.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Samples of each engine and measurement.
    pub samples: usize,
    /// About how long one sample takes; at least one decision.
    pub sample: Duration,
    /// Rows on which engines are compared, of all rows.
    pub compared: usize,
    /// Loads of each engine.
    pub loads: usize,
    /// Whether the processor's time of this thread counts, and the least of the samples: on a
    /// machine that is busy with others.
    pub is_busy: bool,
}

impl Effort {
    pub const FULL: Self = Self {
        samples: 41,
        sample: Duration::from_millis(4),
        compared: usize::MAX,
        loads: 3,
        is_busy: false,
    };
    /// For each of many gates, and for the built-in packs.
    pub const BUSY: Self = Self {
        samples: 21,
        sample: Duration::from_millis(2),
        compared: usize::MAX,
        loads: 1,
        is_busy: true,
    };
    pub const QUICK: Self = Self {
        samples: 9,
        sample: Duration::from_millis(1),
        compared: 50,
        loads: 1,
        is_busy: false,
    };
}

/// What was found of one engine with one set of rules.
#[derive(Clone, Debug)]
pub struct Found {
    pub name: &'static str,
    /// Median nanoseconds a decision.
    pub nanoseconds: BTreeMap<What, f64>,
    /// Allocations a decision, on average.
    pub allocations: BTreeMap<What, f64>,
    /// Milliseconds from text to ready, the least seen.
    pub load: f64,
    /// Bytes held after loading, by rule.
    pub bytes_per_rule: f64,
}

/// What was found of all engines with one set of rules.
#[derive(Clone, Debug)]
pub struct Size {
    pub rules: usize,
    /// Rules that apply to a row, on average.
    pub applicable: f64,
    /// Rows that violate some rule.
    pub denied: usize,
    pub rows: usize,
    pub peers: Vec<Found>,
}

struct Loaded {
    name: &'static str,
    peer: Box<dyn Peer>,
    load: f64,
    bytes: isize,
}

/// Loads, compares and measures.
///
/// # Errors
/// The first row on which an engine differs from the plain definition of the rules.
pub fn size(
    loaders: &[Loader],
    rules: &[Rule],
    cases: &Cases,
    effort: Effort,
) -> Result<Size, String> {
    let fits = loaders.iter().filter(|loader| rules.len() <= loader.rules_max);
    let mut loaded: Vec<Loaded> = fits.map(|loader| load(loader, rules, effort)).collect();
    for one in &mut loaded {
        one.peer.prepare(cases);
    }
    let expected: Vec<Vec<u32>> = cases.rows.iter().map(|row| rule::violated(rules, row)).collect();
    compare(&mut loaded, &expected, cases, effort)?;
    let mut nanoseconds = times(&mut loaded, cases, effort);
    let peers = loaded.iter_mut().map(|one| {
        let allocations = What::ALL.map(|what| {
            let rows = if rules.len() > 1000 { 5 } else { 50 };
            one.peer.run(what, cases, 0, 1);
            let ((), asked) = counted(|| one.peer.run(what, cases, 0, rows));
            // The loop of a JSON measurement makes room for the answer once.
            let own = if what == What::Json { 1.0 } else { 0.0 };
            (what, (asked.calls as f64 - own) / rows as f64)
        });
        Found {
            name: one.name,
            nanoseconds: nanoseconds.remove(one.name).unwrap_or_default(),
            allocations: allocations.into(),
            load: one.load,
            bytes_per_rule: one.bytes as f64 / rules.len() as f64,
        }
    });
    let peers = peers.collect();
    let applicable: usize =
        cases.rows.iter().map(|row| rules.iter().filter(|rule| rule.applies_to(row)).count()).sum();
    Ok(Size {
        rules: rules.len(),
        applicable: applicable as f64 / cases.rows.len() as f64,
        denied: expected.iter().filter(|violated| !violated.is_empty()).count(),
        rows: cases.rows.len(),
        peers,
    })
}

/// Compares and measures engines that have their rules: nanoseconds a decision, by engine.
///
/// # Errors
/// The first row on which an engine differs from what is expected.
#[cfg(all(feature = "datalogic", feature = "wirefilter", feature = "zen-expression"))]
pub fn loaded(
    peers: Vec<(&'static str, Box<dyn Peer>)>,
    expected: &[Vec<u32>],
    cases: &Cases,
    effort: Effort,
) -> Result<BTreeMap<&'static str, BTreeMap<What, f64>>, String> {
    let loaded = |(name, peer)| Loaded { name, peer, load: 0.0, bytes: 0 };
    let mut loaded: Vec<Loaded> = peers.into_iter().map(loaded).collect();
    for one in &mut loaded {
        one.peer.prepare(cases);
    }
    compare(&mut loaded, expected, cases, effort)?;
    Ok(times(&mut loaded, cases, effort))
}

fn load(loader: &Loader, rules: &[Rule], effort: Effort) -> Loaded {
    eprintln!("  loading {}", loader.name);
    let sources = (loader.render)(rules);
    let mut least = f64::INFINITY;
    for _ in 1..effort.loads {
        let start = Instant::now();
        drop((loader.load)(&sources, rules));
        least = least.min(start.elapsed().as_secs_f64() * 1e3);
    }
    let start = Instant::now();
    let (peer, asked) = counted(|| (loader.load)(&sources, rules));
    // Counting costs a load some per cent, so this one counts only where it is the only one.
    if effort.loads == 1 {
        least = start.elapsed().as_secs_f64() * 1e3;
    }
    Loaded { name: loader.name, peer, load: least, bytes: asked.held }
}

/// Every engine must give the same rules for the same row.
fn compare(
    loaded: &mut [Loaded],
    expected: &[Vec<u32>],
    cases: &Cases,
    effort: Effort,
) -> Result<(), String> {
    for one in loaded {
        eprintln!("  comparing {}", one.name);
        for (row, expected) in expected.iter().enumerate().take(effort.compared) {
            let violated = one.peer.violated(row);
            if violated != *expected {
                let document = &cases.documents[row];
                return Err(format!(
                    "{} says {violated:?} of row {row}, not {expected:?}: {document}",
                    one.name
                ));
            }
            if row >= 50 {
                continue;
            }
            let mut answer = Vec::new();
            one.peer.json(&cases.documents[row], &mut answer);
            let answer: serde_json::Value =
                serde_json::from_slice(&answer).map_err(|problem| problem.to_string())?;
            let denied = answer["verdict"] == "deny";
            if denied == expected.is_empty() {
                return Err(format!("{} answers row {row} with {answer}", one.name));
            }
        }
    }
    Ok(())
}

fn times(
    loaded: &mut [Loaded],
    cases: &Cases,
    effort: Effort,
) -> BTreeMap<&'static str, BTreeMap<What, f64>> {
    let mut found: BTreeMap<&'static str, BTreeMap<What, f64>> = BTreeMap::new();
    for what in What::ALL {
        eprintln!("  timing {what:?}");
        let counts: Vec<usize> = loaded
            .iter_mut()
            .map(|one| decisions_a_sample(&mut *one.peer, what, cases, effort))
            .collect();
        let mut samples: Vec<Vec<f64>> = vec![Vec::new(); loaded.len()];
        for sample in 0..effort.samples {
            for ((one, count), samples) in loaded.iter_mut().zip(&counts).zip(&mut samples) {
                // Slow engines decide few rows a sample: each sample takes other rows.
                let from = sample * 97 % cases.rows.len();
                // The caches still hold what the engine before needed.
                one.peer.run(what, cases, from, (count / 8).clamp(usize::from(*count > 4), 100));
                let start = now(effort);
                one.peer.run(what, cases, from, *count);
                let took = now(effort).saturating_sub(start);
                samples.push(took.as_secs_f64() * 1e9 / *count as f64);
            }
        }
        for (one, samples) in loaded.iter().zip(&mut samples) {
            samples.sort_by(f64::total_cmp);
            let place = if effort.is_busy { 0 } else { samples.len() / 2 };
            found.entry(one.name).or_default().insert(what, samples[place]);
        }
    }
    found
}

/// The time that counts, from some beginning on.
pub fn now(effort: Effort) -> Duration {
    if !effort.is_busy {
        static BEGAN: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
        return BEGAN.get_or_init(Instant::now).elapsed();
    }
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the call writes one `timespec`, which lives until it returns.
    let failed = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    assert_eq!(failed, 0, "every thread has a clock");
    Duration::new(time.tv_sec.cast_unsigned(), time.tv_nsec as u32)
}

/// How many decisions take about as long as a sample should.
fn decisions_a_sample(peer: &mut dyn Peer, what: What, cases: &Cases, effort: Effort) -> usize {
    let mut count = 1;
    loop {
        let start = now(effort);
        peer.run(what, cases, 0, count);
        let took = now(effort).saturating_sub(start);
        if took * 2 >= effort.sample {
            let fits = count as f64 * effort.sample.as_secs_f64() / took.as_secs_f64();
            return (fits as usize).clamp(1, 1 << 20);
        }
        count *= 2;
    }
}
