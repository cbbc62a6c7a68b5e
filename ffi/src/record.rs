//! How is a decision kept, so that others can check it?

use std::ffi::c_void;

use cleartosend::{ExplainOptions, Facts};
use cleartosend_evidence::{Mask, RecordOptions, Recording as _};

use crate::boundary::Failure;
use crate::contract::{Contract, built_in, called};
use crate::engine::{Snapshot, cts_engine};
use crate::error::cts_error;
use crate::facts::cts_facts;
use crate::handle;
use crate::input::StartsWithSize;
use crate::status::cts_status;
use crate::text::{cts_str, cts_text};

/// What a record holds beside facts and decision.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cts_record_options {
    /// `sizeof(cts_record_options)`, set by `CTS_RECORD_OPTIONS_INIT`.
    pub struct_size: usize,
    /// The text of a key file, as `cts key mask` makes it, by which keyed hashes stand in place of
    /// the recipient's number and user id; one that is not there (NULL) hides nothing.
    pub mask_key: cts_str,
    /// 1 explains the decision too; 0 does not.
    pub explain: i32,
}

/// Judges facts and makes a record of it, as one line of JSON: the facts after merging, the
/// decision, the explanation if it is asked for, and the digests of all that these rest on. It is
/// what `cts check --record` appends to a log, a line for each, and what `cts verify` and `cts
/// replay` check. Its member `decision` is what `cts_decision_json` gives. `options` may be NULL.
///
/// Nothing is stored: append the text and a line feed to a log, and have the system store it,
/// before you send.
///
/// `*record` is the caller's; free it with `cts_text_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_engine_record(
    engine: *const cts_engine,
    facts: *const cts_facts,
    options: *const cts_record_options,
    record: *mut *mut cts_text,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(record, "record");
        built_in!("records");
        let current = c.shared(engine, "engine")?.current();
        let filled = c.shared(facts, "facts")?;
        let wanted = Wanted::read(c, options)?;
        let out = out?;
        out.put(handle::give(wanted.record(&current, &filled.facts)?));
        Ok(())
    })
}

/// Judges a campaign document and makes a record of it, as `cts_engine_record` does of facts.
///
/// `*record` is the caller's; free it with `cts_text_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_engine_record_json(
    engine: *const cts_engine,
    json: *const c_void,
    json_len: usize,
    options: *const cts_record_options,
    record: *mut *mut cts_text,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(record, "record");
        built_in!("records");
        let current = c.shared(engine, "engine")?.current();
        let json = c.bytes(json, json_len, "json")?;
        let wanted = Wanted::read(c, options)?;
        let out = out?;
        let facts = current.engine.facts_from_json(json)?;
        out.put(handle::give(wanted.record(&current, &facts)?));
        Ok(())
    })
}

/// What is asked for.
#[derive(Default)]
struct Wanted {
    explain: bool,
    mask: Option<Mask>,
}

impl Wanted {
    /// NULL stands for the defaults.
    fn read(c: Contract<'_>, given: *const cts_record_options) -> Result<Self, Failure> {
        if given.is_null() {
            return Ok(Self::default());
        }
        let given = c.structure(given, "options")?;
        let explain = match given.explain {
            0 => false,
            1 => true,
            other => return Err(Failure::value("options", other, "0 or 1 for `explain`")),
        };
        let key = c.optional_text(given.mask_key, "mask_key")?;
        let mask = key.map(|key| Mask::read(key.as_bytes())).transpose()?;
        Ok(Self { explain, mask })
    }

    fn record(&self, current: &Snapshot, facts: &Facts) -> Result<String, Failure> {
        // Says what is wrong with facts as every other call does.
        current.engine.judge(facts)?;
        let options = RecordOptions::new();
        let options = match self.explain {
            true => options.explain(ExplainOptions::default()),
            false => options,
        };
        let options = self.mask.iter().fold(options, RecordOptions::mask);
        Ok(current.engine.record(facts, &options)?.to_json().to_owned())
    }
}

// SAFETY: `repr(C)`, the size first, and all zero is a value.
unsafe impl StartsWithSize for cts_record_options {
    const SIZES: &'static [usize] = &[size_of::<Self>()];
}
