//! What is made once in a process, and when?

use arrow_array::{RecordBatch, RecordBatchIterator};
use arrow_schema::Schema;
use cleartosend::{Engine, Facts, Pack, ScreenOptions};

use crate::boundary::Failure;
use crate::contract::called;
use crate::error::cts_error;
use crate::status::cts_status;

/// A case that asks for everything which is made at its first use: a provider to be compared with
/// all known ones, a client to be looked up, a number and a time zone.
const CASE: &[u8] = br#"{"send_at": "2026-03-02T15:00:00Z", "provider": {"name": "Nobody of that name", "domain": "nobody.example"},
    "access": {"clients": ["npm:nobody"]}, "recipient": {"phone": "+34600000000", "time_zone": "Europe/Madrid"}}"#;

/// Makes the constants that are otherwise made at their first use: built-in packs and directory,
/// catalogues, what the processor can do. It takes some 40 ms, and nothing when it is called again.
///
/// No program has to call it, but one that forks while it has several threads: if one of them was
/// making a constant, nobody finishes it in the child, which waits for ever at its first call. Call
/// this before, from one thread, and a fork at any time after it finds them made.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_init(error: *mut *mut cts_error) -> cts_status {
    called!(error, |c| {
        for name in Pack::built_in_names() {
            let _ = Pack::built_in(name)
                .transpose()
                .map_err(|_| Failure::internal("a built-in pack is refused"))?;
        }
        cleartosend_account::codes::all();
        let engine = Engine::built_in()?;
        engine.check_json(CASE)?.to_json();
        let mut campaign = Facts::from_json(engine.schema(), CASE)?;
        campaign.without_recipient();
        let nobody: [Result<RecordBatch, _>; 0] = [];
        let audience = RecordBatchIterator::new(nobody, Schema::empty().into());
        engine.screen(&campaign, audience, &ScreenOptions::new())?.for_each(drop);
        Ok(())
    })
}
