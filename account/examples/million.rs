//! How long does an envelope take, and how large is a person, in a book of a million people?
//!
//! `cargo run --release -p cleartosend-account --example million`
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a measurement asks for the time and the memory, and prints what it found"
)]

use std::time::Instant;

use cleartosend_account::{AccountError, Book};

const PEOPLE: u32 = 1_000_000;
const ENVELOPES: u32 = 20_000;

fn stop(person: u32) -> Vec<u8> {
    format!(
        r#"{{"object":"whatsapp_business_account","entry":[{{"id":"100000000000001","changes":[{{"field":"user_preferences","value":{{"messaging_product":"whatsapp","user_preferences":[{{"wa_id":"346{person:08}","category":"marketing_messages","value":"stop","timestamp":1772409600}}]}}}}]}}]}}"#
    )
    .into_bytes()
}

/// Bytes of this process that are in memory, where the system tells.
fn resident() -> Option<u64> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    Some(statm.split_whitespace().nth(1)?.parse::<u64>().ok()? * 4096)
}

fn main() -> Result<(), AccountError> {
    let before = resident();
    let mut book = Book::new();
    for person in 0..PEOPLE {
        book.apply(&stop(person))?;
    }
    if let (Some(before), Some(after)) = (before, resident()) {
        println!("{} bytes a person", (after - before) / u64::from(PEOPLE));
    }
    let start = Instant::now();
    for envelope in 0..ENVELOPES {
        let (time, limit) = (1_772_500_000 + envelope, 1000 + envelope);
        let event = format!(
            r#"{{"object":"whatsapp_business_account","entry":[{{"id":"100000000000001","time":{time},"changes":[{{"field":"business_capability_update","value":{{"max_daily_conversations_per_business":{limit}}}}}]}}]}}"#
        );
        book.apply(event.as_bytes())?;
        book.apply(&stop(PEOPLE + envelope))?;
    }
    println!("{:?} an envelope", start.elapsed() / (2 * ENVELOPES));
    Ok(())
}
