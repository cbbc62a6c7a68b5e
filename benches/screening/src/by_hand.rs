//! The gate as a loop that somebody would write by hand, compiled with its rules: the mark to
//! reach.
//!
//! 64 rows at a time, a byte for each, so that the compiler makes vectors of every line; once as
//! compiled for any x86-64 (SSE2), and once for each wider level that the processor has.

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int32Type, Int64Type, TimestampMillisecondType};
use fearless_simd::{Level, Simd, dispatch};

use crate::table::{COLUMNS, DAY_MS, Layout, SEND_AT_MS, place};

/// Rows at work at a time.
const LANES: usize = 64;
/// 1 where something holds.
type Holds = [u8; LANES];

/// What the loop gives.
pub trait Answer {
    fn room(rows: usize) -> Self;
    fn put(&mut self, from: usize, violated: &[Holds; 20]);
}

/// A byte a row: 1 where the row is denied.
pub struct Verdicts(pub Vec<u8>);

impl Answer for Verdicts {
    fn room(rows: usize) -> Self {
        Self(vec![0; rows])
    }

    #[inline(always)]
    fn put(&mut self, from: usize, violated: &[Holds; 20]) {
        let mut any = violated[0];
        for rule in &violated[1..] {
            for (any, rule) in any.iter_mut().zip(rule) {
                *any |= rule;
            }
        }
        let into = &mut self.0[from..];
        let rows = into.len().min(LANES);
        into[..rows].copy_from_slice(&any[..rows]);
    }
}

/// A bit for each rule that a row violates; zero where it is allowed.
pub struct RuleSets(pub Vec<u32>);

impl Answer for RuleSets {
    fn room(rows: usize) -> Self {
        Self(vec![0; rows])
    }

    #[inline(always)]
    fn put(&mut self, from: usize, violated: &[Holds; 20]) {
        // Eight rules to a byte first: four times as many rows fit into a vector.
        let byte = |rules: &[Holds]| -> Holds {
            let mut bits = [0; LANES];
            for (shift, rule) in rules.iter().enumerate() {
                for (bits, rule) in bits.iter_mut().zip(rule) {
                    *bits |= rule << shift;
                }
            }
            bits
        };
        let (low, middle, high) =
            (byte(&violated[..8]), byte(&violated[8..16]), byte(&violated[16..]));
        for (row, into) in self.0[from..].iter_mut().take(LANES).enumerate() {
            *into = u32::from(low[row]) | u32::from(middle[row]) << 8 | u32::from(high[row]) << 16;
        }
    }
}

/// Judges a batch with vectors of one level.
pub fn run<A: Answer>(level: Level, batch: &RecordBatch) -> A {
    let columns = Columns::new(batch);
    let mut answer = A::room(batch.num_rows());
    dispatch!(level, simd => rows(simd, &columns, batch.num_rows(), &mut answer));
    answer
}

/// The columns as slices, by their layout.
struct Columns<'a> {
    bits: [&'a [u8]; COLUMNS.len()],
    bytes: [&'a [i8]; COLUMNS.len()],
    words: [&'a [i32]; COLUMNS.len()],
    longs: [&'a [i64]; COLUMNS.len()],
}

impl<'a> Columns<'a> {
    fn new(batch: &'a RecordBatch) -> Self {
        let mut columns =
            Self { bits: [&[]; 25], bytes: [&[]; 25], words: [&[]; 25], longs: [&[]; 25] };
        for (at, (column, array)) in COLUMNS.iter().zip(batch.columns()).enumerate() {
            match column.layout {
                // Batches are made whole, so bits begin with a byte.
                Layout::Bool(_) => columns.bits[at] = array.as_boolean().values().values(),
                Layout::Words8(_) => {
                    columns.bytes[at] = array.as_dictionary::<Int8Type>().keys().values()
                }
                Layout::Words32(_) => {
                    columns.words[at] = array.as_dictionary::<Int32Type>().keys().values()
                }
                Layout::Int32(_) => columns.words[at] = array.as_primitive::<Int32Type>().values(),
                Layout::Int64(_) => columns.longs[at] = array.as_primitive::<Int64Type>().values(),
                Layout::Instant(_) => {
                    columns.longs[at] = array.as_primitive::<TimestampMillisecondType>().values()
                }
            }
        }
        columns
    }
}

/// The place of a word in a column's dictionary, when this is compiled.
const fn key(path: &str, word: &str) -> i32 {
    let (Layout::Words8(words) | Layout::Words32(words)) = COLUMNS[place(path)].layout else {
        panic!("no dictionary")
    };
    let mut key = 0;
    while key < words.len() {
        let (a, b) = (words[key].0.as_bytes(), word.as_bytes());
        let mut at = 0;
        while at < a.len() && at < b.len() && a[at] == b[at] {
            at += 1;
        }
        if at == a.len() && at == b.len() {
            return key as i32;
        }
        key += 1;
    }
    panic!("no such word")
}

macro_rules! is {
    ($columns:ident, $path:literal in $($word:literal)|+) => {{
        let keys = &$columns.bytes[const { place($path) }];
        let keys: &[i8; LANES] = keys[$columns.from..$columns.from + LANES].try_into().expect("as many");
        lanes(|row| $((keys[row] == const { key($path, $word) as i8 }))|+)
    }};
}

/// The columns at 64 rows.
struct At<'a> {
    bits: &'a [&'a [u8]; COLUMNS.len()],
    bytes: &'a [&'a [i8]; COLUMNS.len()],
    words: &'a [&'a [i32]; COLUMNS.len()],
    longs: &'a [&'a [i64]; COLUMNS.len()],
    from: usize,
}

#[inline(always)]
fn lanes(holds: impl Fn(usize) -> bool) -> Holds {
    let mut found = [0; LANES];
    for (row, found) in found.iter_mut().enumerate() {
        *found = u8::from(holds(row));
    }
    found
}

#[inline(always)]
fn and(a: &Holds, b: &Holds) -> Holds {
    lanes(|row| a[row] & b[row] != 0)
}

#[inline(always)]
fn and_not(a: &Holds, b: &Holds) -> Holds {
    lanes(|row| a[row] & (b[row] ^ 1) != 0)
}

impl At<'_> {
    #[inline(always)]
    fn bool(&self, column: usize) -> Holds {
        let bytes: &[u8; LANES / 8] = self.bits[column][self.from / 8..self.from / 8 + LANES / 8]
            .try_into()
            .expect("as many");
        lanes(|row| bytes[row / 8] >> (row % 8) & 1 == 1)
    }

    #[inline(always)]
    fn word(&self, column: usize, holds: impl Fn(i32) -> bool) -> Holds {
        let values: &[i32; LANES] =
            self.words[column][self.from..self.from + LANES].try_into().expect("as many");
        lanes(|row| holds(values[row]))
    }

    #[inline(always)]
    fn long(&self, column: usize, holds: impl Fn(i64) -> bool) -> Holds {
        let values: &[i64; LANES] =
            self.longs[column][self.from..self.from + LANES].try_into().expect("as many");
        lanes(|row| holds(values[row]))
    }
}

#[inline(always)]
fn rows<S: Simd, A: Answer>(_: S, columns: &Columns<'_>, rows: usize, answer: &mut A) {
    let Columns { bits, bytes, words, longs } = columns;
    let whole = rows / LANES * LANES;
    for from in (0..whole).step_by(LANES) {
        answer.put(from, &violated(&At { bits, bytes, words, longs, from }));
    }
    if whole == rows {
        return;
    }
    // The last rows, padded.
    let bits: Vec<Vec<u8>> = bits.iter().map(|column| padded(column, whole / 8)).collect();
    let bytes: Vec<Vec<i8>> = bytes.iter().map(|column| padded(column, whole)).collect();
    let words: Vec<Vec<i32>> = words.iter().map(|column| padded(column, whole)).collect();
    let longs: Vec<Vec<i64>> = longs.iter().map(|column| padded(column, whole)).collect();
    let at = At {
        bits: &std::array::from_fn(|column| &*bits[column]),
        bytes: &std::array::from_fn(|column| &*bytes[column]),
        words: &std::array::from_fn(|column| &*words[column]),
        longs: &std::array::from_fn(|column| &*longs[column]),
        from: 0,
    };
    answer.put(whole, &violated(&at));
}

fn padded<T: Copy + Default>(column: &[T], from: usize) -> Vec<T> {
    let mut rest: Vec<T> =
        column.get(from..).unwrap_or_default().iter().copied().take(LANES).collect();
    rest.resize(LANES, T::default());
    rest
}

/// The gate: for each rule, the rows that violate it.
#[inline(always)]
fn violated(at: &At<'_>) -> [Holds; 20] {
    const DAYS_20: i64 = SEND_AT_MS - 20 * DAY_MS;
    const DAYS_450: i64 = SEND_AT_MS - 450 * DAY_MS;
    const DAYS_880: i64 = SEND_AT_MS - 880 * DAY_MS;
    let template = is!(at, "x.content" in "template");
    let promotes = is!(at, "x.category" in "marketing" | "utility");
    let authenticates = is!(at, "x.category" in "authentication");
    let broad = is!(at, "x.use_case" in "marketing" | "bulk_messaging" | "surveys");
    let care = is!(at, "x.use_case" in "customer_care");
    let received = const { place("recipient.marketing_received_24h") };
    let size = const { place("x.audience_size") };
    let seen = const { place("x.last_seen_at") };
    let country = const { place("recipient.country") };
    let bool = |path: usize| at.bool(path);
    [
        and_not(&template, &is!(at, "recipient.opt_in" in "given")),
        and_not(&bool(const { place("recipient.opted_out") }), &authenticates),
        and(&promotes, &is!(at, "x.consent" in "imported" | "unclear")),
        and(
            &is!(at, "x.category" in "marketing"),
            &at.long(const { place("x.consented_at") }, |when| when < DAYS_880),
        ),
        and(&broad, &at.long(seen, |when| when <= DAYS_450)),
        and_not(&at.word(received, |count| count > 2), &authenticates),
        and(
            &and(&is!(at, "x.tier" in "none"), &at.long(seen, |when| when > DAYS_20)),
            &at.word(received, |count| count > 1),
        ),
        and(&at.word(size, |size| size > 0), &is!(at, "x.route" in "unofficial")),
        and(&and(&template, &is!(at, "x.route" in "on_premises_api")), &broad),
        and_not(&template, &is!(at, "x.template_status" in "approved")),
        and(&and(&promotes, &is!(at, "x.quality" in "red")), &at.word(size, |size| size > 1000)),
        and_not(&at.word(const { place("x.blocks_7d") }, |blocks| blocks >= 240), &care),
        and_not(&at.word(size, |size| size > 57_000), &is!(at, "x.route" in "business_app")),
        and(
            &and_not(&bool(const { place("x.automated") }), &authenticates),
            &and_not(
                &is!(at, "x.use_case" in "customer_care" | "ai_assistant"),
                &bool(const { place("x.human_handoff") }),
            ),
        ),
        and_not(
            &and_not(&bool(const { place("x.general_ai") }), &care),
            &at.word(country, |country_key| {
                (country_key == const { key("recipient.country", "BR") })
                    | (country_key == const { key("recipient.country", "IT") })
            }),
        ),
        and_not(&and(&promotes, &template), &bool(const { place("x.offers_opt_out") })),
        and(
            &at.word(size, |size| size >= 10),
            &is!(at, "x.vertical" in "tobacco" | "firearms" | "illegal_drugs"),
        ),
        and(
            &template,
            &at.word(country, |country_key| {
                (country_key == const { key("recipient.country", "CU") })
                    | (country_key == const { key("recipient.country", "IR") })
                    | (country_key == const { key("recipient.country", "SY") })
            }),
        ),
        and_not(
            &is!(at, "x.vertical" in "dating" | "entertainment"),
            &bool(const { place("x.is_adult") }),
        ),
        and(
            &and(
                &at.word(const { place("x.orders_12m") }, |orders| orders < 40),
                &at.long(const { place("x.spend_cents") }, |spend| spend < 4_000_000),
            ),
            &bool(const { place("x.on_hold") }),
        ),
    ]
}
