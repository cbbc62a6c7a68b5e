//! What does a book of a million people cost?
//!
//! Each measure stands beside the same work without the people, in the same run on the same core:
//! the ratio is what carries over to another machine.
//!
//! ```sh
//! cargo run --release --manifest-path benches/accounts/Cargo.toml -- [--people N] [--rows N]
//! ```
//!
//! With `--rounds N` it does nothing but screen the audience so often, with the people in the book
//! or, with `--without`, in a book without them: two runs under valgrind, and what one more round
//! takes is their difference.
//!
//! ```sh
//! valgrind --tool=callgrind accounts --people 20000 --rows 200000 --rounds 2 [--without]
//! ```

use std::alloc::{GlobalAlloc, Layout, System};
use std::error::Error;
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use arrow_array::types::Int8Type;
use arrow_array::{
    ArrayRef, BooleanArray, DictionaryArray, Int32Array, RecordBatch, RecordBatchIterator,
    StringArray, TimestampSecondArray,
};
use cleartosend::Engine;
use cleartosend::Facts;
use cleartosend::ScreenOptions;
use cleartosend_account::Book;
use serde_json::Value;

/// Counts what is in use, as the allocator gives it.
struct Counting;

static IN_USE: AtomicUsize = AtomicUsize::new(0);

/// What an allocation takes: glibc's sizes are multiples of 16, with 8 bytes before each.
const fn taken(size: usize) -> usize {
    let whole = (size + 8).next_multiple_of(16);
    if whole < 32 { 32 } else { whole }
}

// SAFETY: the system's allocator does the work.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        IN_USE.fetch_add(taken(layout.size()), Ordering::Relaxed);
        // SAFETY: as promised to this function.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        IN_USE.fetch_add(taken(layout.size()), Ordering::Relaxed);
        // SAFETY: as promised to this function.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        IN_USE.fetch_sub(taken(layout.size()), Ordering::Relaxed);
        // SAFETY: as promised to this function.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const ACCOUNT: &str = "100000000000001";
const CAMPAIGN: &str = include_str!("../../../tests/accounts/campaign.json");
const START: &str = include_str!("../../../tests/accounts/start.json");
const BASE: &str = include_str!("../../../tests/accounts/base.ndjson");

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let number = |name: &str, otherwise: usize| {
        let place = arguments.iter().position(|argument| argument == name);
        place.and_then(|place| arguments.get(place + 1)?.parse().ok()).unwrap_or(otherwise)
    };
    let (people, rows) = (number("--people", 1_000_000), number("--rows", 4_000_000));

    let small = business()?;
    let rounds = number("--rounds", 0);
    if rounds > 0 {
        let without = arguments.iter().any(|argument| argument == "--without");
        return rounds_of(small, if without { 0 } else { people }, people, rows, rounds);
    }
    let before = IN_USE.load(Ordering::Relaxed);
    let mut large = small.clone();
    let start = Instant::now();
    for person in 0..people {
        large.apply(stop(person, None).as_bytes())?;
    }
    let filled = start.elapsed();
    let of_one_name = (IN_USE.load(Ordering::Relaxed) - before) as f64 / people as f64;
    println!("{people} people in the book: {of_one_name:.0} bytes a person known by number");
    println!("  one webhook each, {:.2} µs a webhook", micros(filled) / people as f64);
    let before = IN_USE.load(Ordering::Relaxed);
    let mut two = small.clone();
    let several = people / 4;
    for person in 0..several {
        two.apply(stop(person, Some(person)).as_bytes())?;
    }
    let of_two_names = (IN_USE.load(Ordering::Relaxed) - before) as f64 / several as f64;
    println!("  {of_two_names:.0} bytes a person known by number and user id");
    drop(two);

    println!(
        "\none envelope, median of {ROUNDS}: in a book of one business, with the people, ratio"
    );
    for (name, event) in envelopes() {
        let event = |round: usize| event(round);
        let (one, all) = (applied(&small, &event)?, applied(&large, &event)?);
        println!("  {name:34} {one:8.2} µs {all:8.2} µs {:6.2}", all / one);
    }

    let engine = Engine::built_in()?;
    println!("\na check with the book told, µs: in a book of one business, with the people, ratio");
    let mut document: Value = serde_json::from_str(CAMPAIGN)?;
    document["account"] = serde_json::json!({ "id": ACCOUNT });
    let document = document.to_string();
    let one = with_book(&engine, &small, &document)?;
    let all = with_book(&engine, &large, &document)?;
    println!("  {:34} {one:8.2} µs {all:8.2} µs {:6.2}", "recipient in the document", all / one);

    screening(&engine, &small, &large, &document, people, rows)
}

const ROUNDS: usize = 2001;

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// One account that stands well, with one number and one template.
fn business() -> Result<Book, Box<dyn Error>> {
    let mut book = Book::from_json(START.as_bytes())?;
    for line in BASE.lines() {
        book.apply(line.as_bytes())?;
    }
    Ok(book)
}

fn phone(person: usize) -> String {
    format!("346{person:08}")
}

fn stop(person: usize, user: Option<usize>) -> String {
    let user = user.map_or(String::new(), |user| format!(r#","user_id":"ES.{user:015}""#));
    format!(
        r#"{{"object":"whatsapp_business_account","entry":[{{"id":"{ACCOUNT}","changes":[{{"field":"user_preferences","value":{{"user_preferences":[{{"wa_id":"{}"{user},"category":"marketing_messages","value":"stop","timestamp":{}}}]}}}}]}}]}}"#,
        phone(person),
        1_760_000_000 + person % 10_000_000
    )
}

type Event = fn(usize) -> String;

fn envelopes() -> [(&'static str, Event); 4] {
    [
        ("a person stops marketing", |round| stop(20_000_000 + round, Some(round))),
        ("a message failed (131049)", |round| {
            format!(
                r#"{{"object":"whatsapp_business_account","entry":[{{"id":"{ACCOUNT}","changes":[{{"field":"messages","value":{{"messaging_product":"whatsapp","metadata":{{"display_phone_number":"34600111222","phone_number_id":"200000000000001"}},"statuses":[{{"id":"wamid.{round}","status":"failed","timestamp":"{}","recipient_id":"{}","errors":[{{"code":131049,"title":"t"}}]}}]}}}}]}}]}}"#,
                1_772_000_000 + round,
                phone(round * 17)
            )
        }),
        ("a message that was read", |round| {
            format!(
                r#"{{"object":"whatsapp_business_account","entry":[{{"id":"{ACCOUNT}","changes":[{{"field":"messages","value":{{"messaging_product":"whatsapp","statuses":[{{"id":"wamid.{round}","status":"read","timestamp":"{}","recipient_id":"{}"}}]}}}}]}}]}}"#,
                1_772_000_000 + round,
                phone(round)
            )
        }),
        ("a violation", |round| {
            format!(
                r#"{{"object":"whatsapp_business_account","entry":[{{"id":"200000000000002","time":{},"changes":[{{"field":"account_update","value":{{"event":"ACCOUNT_VIOLATION","violation_info":{{"violation_type":"SPAM"}}}}}}]}}]}}"#,
                1_700_000_000 + round
            )
        }),
    ]
}

fn applied(book: &Book, event: &impl Fn(usize) -> String) -> Result<f64, Box<dyn Error>> {
    applied_in(&mut book.clone(), event)
}

fn applied_in(book: &mut Book, event: &impl Fn(usize) -> String) -> Result<f64, Box<dyn Error>> {
    let mut times = Vec::with_capacity(ROUNDS);
    for round in 0..ROUNDS {
        let event = event(round);
        let start = Instant::now();
        black_box(book.apply(black_box(event.as_bytes()))?);
        times.push(micros(start.elapsed()));
    }
    Ok(median(times))
}

fn with_book(engine: &Engine, book: &Book, document: &str) -> Result<f64, Box<dyn Error>> {
    let facts = Facts::from_json(engine.schema(), document.as_bytes())?;
    let mut times = Vec::new();
    for _ in 0..201 {
        let mut facts = facts.clone();
        let start = Instant::now();
        book.tell(&mut facts)?;
        black_box(engine.check(&facts)?.verdict());
        times.push(micros(start.elapsed()));
    }
    Ok(median(times))
}

/// Eight columns, as a customer database has them.
fn batch(
    first: usize,
    rows: usize,
    number: impl Fn(usize) -> String,
) -> Result<RecordBatch, Box<dyn Error>> {
    let of = |row: usize| (first + row).wrapping_mul(2_654_435_761) >> 7 & 0x3fff_ffff;
    let range = || (0..rows).map(of);
    let seconds = |at: fn(usize) -> Option<i64>| -> ArrayRef {
        Arc::new(range().map(at).collect::<TimestampSecondArray>().with_timezone("UTC"))
    };
    let bools = |is: fn(usize) -> bool| -> ArrayRef {
        Arc::new(range().map(|row| Some(is(row))).collect::<BooleanArray>())
    };
    let opt_ins = range().map(|row| Some(if row % 50 == 0 { "none" } else { "given" }));
    let columns: Vec<(&str, ArrayRef)> = vec![
        (
            "recipient.phone",
            Arc::new(range().map(|row| Some(number(row))).collect::<StringArray>()),
        ),
        ("recipient.opt_in", Arc::new(opt_ins.collect::<DictionaryArray<Int8Type>>())),
        (
            "recipient.opt_in_at",
            seconds(|row| (row % 50 > 0).then_some(1_700_000_000 + row as i64 % 60_000_000)),
        ),
        ("recipient.opt_in_names_whatsapp", bools(|_| true)),
        ("recipient.opted_out", bools(|row| row % 40 == 1)),
        (
            "recipient.last_inbound_at",
            seconds(|row| (row % 3 == 0).then_some(1_770_000_000 + row as i64 % 2_400_000)),
        ),
        (
            "recipient.marketing_received_24h",
            Arc::new(range().map(|row| i32::from(row % 100 == 7)).collect::<Int32Array>()),
        ),
        ("recipient.is_customer", bools(|_| true)),
    ];
    Ok(RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, array)| (name, array, true)),
    )?)
}

/// One row in ten is of the book's numbers, the others are nobody's.
fn one_in_ten(row: usize, people: usize) -> String {
    format!(
        "+346{:08}",
        if row % 10 == 0 { row / 10 % people } else { 50_000_000 + row % 40_000_000 }
    )
}

const BATCH: usize = 1 << 16;

/// Screens an audience so often, with so many people in the book, and does nothing else.
fn rounds_of(
    mut book: Book,
    people: usize,
    numbers: usize,
    rows: usize,
    rounds: usize,
) -> Result<(), Box<dyn Error>> {
    for person in 0..people {
        book.apply(stop(person, None).as_bytes())?;
    }
    let engine = Engine::built_in()?;
    let mut document: Value = serde_json::from_str(CAMPAIGN)?;
    document["account"] = serde_json::json!({ "id": ACCOUNT });
    document.as_object_mut().ok_or("no object")?.remove("recipient");
    let mut facts = Facts::from_json(engine.schema(), document.to_string().as_bytes())?;
    book.tell(&mut facts)?;
    let mut batches = Vec::new();
    for first in (0..rows).step_by(BATCH) {
        batches.push(batch(first, BATCH.min(rows - first), |row| one_in_ten(row, numbers))?);
    }
    for _ in 0..rounds {
        let audience =
            RecordBatchIterator::new(batches.iter().cloned().map(Ok), batches[0].schema());
        let mut screening = engine.screen(&facts, audience, &ScreenOptions::new())?;
        for batch in &mut screening {
            black_box(batch?);
        }
        black_box(screening.summary());
    }
    Ok(())
}

fn screening(
    engine: &Engine,
    small: &Book,
    large: &Book,
    document: &str,
    people: usize,
    rows: usize,
) -> Result<(), Box<dyn Error>> {
    let mut document: Value = serde_json::from_str(document)?;
    document.as_object_mut().ok_or("no object")?.remove("recipient");
    let document = document.to_string();
    let campaign = || Facts::from_json(engine.schema(), document.as_bytes());
    println!("\nscreening, {rows} rows of eight columns, one thread, book told before; best of 5");
    type Number = fn(usize, usize) -> String;
    let audiences: [(&str, Number); 2] = [
        ("one row in ten is of the people", one_in_ten),
        ("no row is of the people", |row, _| format!("+346{:08}", 50_000_000 + row % 40_000_000)),
    ];
    for (name, number) in audiences {
        let mut batches = Vec::new();
        for first in (0..rows).step_by(BATCH) {
            batches.push(batch(first, BATCH.min(rows - first), |row| number(row, people))?);
        }
        let mut facts = [campaign()?, campaign()?];
        let start = Instant::now();
        small.tell(&mut facts[0])?;
        let one = micros(start.elapsed());
        let start = Instant::now();
        large.tell(&mut facts[1])?;
        let all = micros(start.elapsed());
        let mut best = [f64::MAX; 2];
        let mut clear = [0; 2];
        for _ in 0..5 {
            for (place, facts) in facts.iter().enumerate() {
                let audience =
                    RecordBatchIterator::new(batches.iter().cloned().map(Ok), batches[0].schema());
                let start = Instant::now();
                let mut screening = engine.screen(facts, audience, &ScreenOptions::new())?;
                for batch in &mut screening {
                    black_box(batch?);
                }
                best[place] = best[place].min(micros(start.elapsed()));
                clear[place] = screening.summary().verdicts.allow;
            }
        }
        let [without, with] = best.map(|time| rows as f64 / time);
        println!(
            "  {name:30} without {without:7.1} Mrows/s, with {with:7.1} Mrows/s, {:5.1} % longer; clear {} and {}",
            (best[1] / best[0] - 1.0) * 100.0,
            clear[0],
            clear[1]
        );
        println!(
            "    telling the audience's facts: {:.1} ms, of {} marks {:.1} ms",
            one / 1000.0,
            people,
            all / 1000.0
        );
    }
    Ok(())
}
