//! What has become of an account, by what WhatsApp itself says of it?

use std::ffi::{c_char, c_void};
use std::marker::PhantomData;

use cleartosend::account::State;
use cleartosend::time::Timestamp;

use crate::boundary::{ErrorPlace, Failure, boundary, plain};
use crate::changes::{Changes, cts_changes};
use crate::error::cts_error;
use crate::facts::{cts_facts, instant};
use crate::handle;
use crate::input::{self, Out};
use crate::status::cts_status;
use crate::text::{cts_str, cts_text};

/// The state of one account: what was known before any event, and the events that WhatsApp sent. An
/// event that comes twice changes nothing, and the order in which events come does not count. May
/// be read by several threads at once, but not while one takes in an event.
pub struct cts_account(PhantomData<*mut u8>);

/// Reads a state: what `cts_account_json` gave, `{}` for a new one, or `{"account": …}` to begin
/// with what is known already.
///
/// Takes no ownership: everything is copied. `*account` is the caller's; free it with
/// `cts_account_free`. `error`: as in `cts_builder_add_built_in_pack`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_account_new_from_json(
    json: *const c_void,
    json_len: usize,
    account: *mut *mut cts_account,
    error: *mut *mut cts_error,
) -> cts_status {
    // SAFETY: as the header demands of outputs.
    let error = unsafe { ErrorPlace::new(error) };
    boundary(error, || {
        // SAFETY: as the header demands of outputs.
        let out = unsafe { Out::new(account, "account") };
        // SAFETY: as the header demands of bytes.
        let json = unsafe { input::bytes(json, json_len, "json") }?;
        let out = out?;
        out.put(handle::give(State::from_json(json)?));
        Ok(())
    })
}

/// Takes in one event: the body of a webhook, or an answer of the Graph API wrapped as
/// `{"read_at": …, "answer": …}`. All of it or, where any part is malformed or of another account,
/// nothing.
///
/// Takes no ownership: what is kept is copied. `*changes` is the caller's; free it with
/// `cts_changes_free`. `error`: as in `cts_builder_add_built_in_pack`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_account_apply(
    account: *mut cts_account,
    event: *const c_void,
    event_len: usize,
    changes: *mut *mut cts_changes,
    error: *mut *mut cts_error,
) -> cts_status {
    // SAFETY: as the header demands of outputs.
    let error = unsafe { ErrorPlace::new(error) };
    boundary(error, || {
        // SAFETY: as the header demands of outputs.
        let out = unsafe { Out::new(changes, "changes") };
        // SAFETY: as the header demands of a handle that changes.
        let state = unsafe { handle::exclusive(account, "account") }?;
        // SAFETY: as the header demands of bytes.
        let event = unsafe { input::bytes(event, event_len, "event") }?;
        let out = out?;
        out.put(handle::give(Changes::of(state.apply(event)?)));
        Ok(())
    })
}

/// Takes in an answer of the Graph API as it came, which does not say when it was read: seconds
/// since 1970-01-01T00:00:00Z and nanoseconds after them say it. A webhook, or an answer that says
/// it, is taken in as by `cts_account_apply`.
///
/// Takes no ownership: what is kept is copied. `*changes` is the caller's; free it with
/// `cts_changes_free`. `error`: as in `cts_builder_add_built_in_pack`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_account_apply_read_at(
    account: *mut cts_account,
    event: *const c_void,
    event_len: usize,
    seconds: i64,
    nanos: u32,
    changes: *mut *mut cts_changes,
    error: *mut *mut cts_error,
) -> cts_status {
    // SAFETY: as the header demands of outputs.
    let error = unsafe { ErrorPlace::new(error) };
    boundary(error, || {
        // SAFETY: as the header demands of outputs.
        let out = unsafe { Out::new(changes, "changes") };
        // SAFETY: as the header demands of a handle that changes.
        let state = unsafe { handle::exclusive(account, "account") }?;
        // SAFETY: as the header demands of bytes.
        let event = unsafe { input::bytes(event, event_len, "event") }?;
        let read_at = instant(seconds, nanos)?;
        let out = out?;
        out.put(handle::give(Changes::of(state.apply_read_at(event, read_at)?)));
        Ok(())
    })
}

/// Gives the state as one line of JSON, to be kept and read again by `cts_account_new_from_json`.
/// Its member `account` is that of a campaign document, as of the last event.
///
/// Takes no ownership. `*json` is the caller's; free it with `cts_text_free`. `error`: as in
/// `cts_builder_add_built_in_pack`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_account_json(
    account: *const cts_account,
    json: *mut *mut cts_text,
    error: *mut *mut cts_error,
) -> cts_status {
    // SAFETY: as the header demands of outputs.
    let error = unsafe { ErrorPlace::new(error) };
    boundary(error, || {
        // SAFETY: as the header demands of outputs.
        let out = unsafe { Out::new(json, "json") };
        // SAFETY: as the header demands of a `const` handle.
        let state = unsafe { handle::shared(account, "account") }?;
        let out = out?;
        out.put(handle::give(state.to_json()));
        Ok(())
    })
}

/// Gives the `account` member of a campaign document as of the last event, as one line of JSON.
/// `number` is the sending number; without one, (NULL, 0), what differs between the account's
/// numbers is left out.
///
/// Takes no ownership. `*json` is the caller's; free it with `cts_text_free`. `error`: as in
/// `cts_builder_add_built_in_pack`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_account_show(
    account: *const cts_account,
    number: *const c_char,
    number_len: usize,
    json: *mut *mut cts_text,
    error: *mut *mut cts_error,
) -> cts_status {
    // SAFETY: as the header demands of outputs.
    let error = unsafe { ErrorPlace::new(error) };
    boundary(error, || {
        // SAFETY: as the header demands of a `const` handle, of texts and of outputs.
        unsafe { show(account, None, number, number_len, json) }
    })
}

/// Gives the `account` member of a campaign document as of an instant: seconds since
/// 1970-01-01T00:00:00Z and nanoseconds after them. Restrictions and violations have dates of their
/// own and are given whole, also those of a later date. `number`: as in `cts_account_show`.
///
/// Takes no ownership. `*json` is the caller's; free it with `cts_text_free`. `error`: as in
/// `cts_builder_add_built_in_pack`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_account_show_at(
    account: *const cts_account,
    seconds: i64,
    nanos: u32,
    number: *const c_char,
    number_len: usize,
    json: *mut *mut cts_text,
    error: *mut *mut cts_error,
) -> cts_status {
    // SAFETY: as the header demands of outputs.
    let error = unsafe { ErrorPlace::new(error) };
    boundary(error, || {
        let at = instant(seconds, nanos);
        // SAFETY: as the header demands of a `const` handle, of texts and of outputs.
        unsafe { show(account, Some(at), number, number_len, json) }
    })
}

/// Tells facts what the state knows as of their `send_at`, or as of the last event where they have
/// none: the account, the campaign's template by its name, and whether the recipient stopped
/// marketing. So tell the instant, the template's name and the recipient first. What the state does
/// not know stays as it was told, also of a recipient before: go back with `cts_facts_reset` before
/// each. All of it or, where it fails, nothing.
///
/// Takes no ownership, and `facts` does not need `account` to live on. `error`: as in
/// `cts_builder_add_built_in_pack`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_account_tell(
    account: *const cts_account,
    facts: *mut cts_facts,
    error: *mut *mut cts_error,
) -> cts_status {
    // SAFETY: as the header demands of outputs.
    let error = unsafe { ErrorPlace::new(error) };
    boundary(error, || {
        // SAFETY: as the header demands of a `const` handle.
        let state = unsafe { handle::shared(account, "account") }?;
        // SAFETY: as the header demands of a handle that changes.
        let filled = unsafe { handle::exclusive(facts, "facts") }?;
        Ok(filled.told_by(state)?)
    })
}

/// Gives the number of events that are kept.
///
/// Takes no ownership.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_account_event_count(
    account: *const cts_account,
    count: *mut usize,
) -> cts_status {
    plain(|| {
        // SAFETY: as the header demands of outputs.
        let out = unsafe { Out::new(count, "count") };
        // SAFETY: as the header demands of a `const` handle.
        let state = unsafe { handle::shared(account, "account") }?;
        let out = out?;
        out.put(state.len());
        Ok(())
    })
}

/// Gives the instant of the last event: seconds since 1970-01-01T00:00:00Z and nanoseconds after
/// them. `CTS_ERR_EMPTY` where there is none.
///
/// Takes no ownership.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_account_last_event_at(
    account: *const cts_account,
    seconds: *mut i64,
    nanos: *mut u32,
) -> cts_status {
    plain(|| {
        // SAFETY: as the header demands of outputs.
        let seconds = unsafe { Out::new(seconds, "seconds") };
        // SAFETY: as the header demands of outputs.
        let nanos = unsafe { Out::new(nanos, "nanos") };
        // SAFETY: as the header demands of a `const` handle.
        let state = unsafe { handle::shared(account, "account") }?;
        let seconds = seconds?;
        let nanos = nanos?;
        let at = state.last_event_at().ok_or_else(Failure::no_event)?;
        seconds.put(at.seconds());
        nanos.put(at.nanos());
        Ok(())
    })
}

/// Frees an account; NULL is allowed. Facts that it told stay good.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_account_free(account: *mut cts_account) {
    plain(|| {
        // SAFETY: as the header demands of a handle that is freed.
        unsafe { handle::release(account) };
        Ok(())
    });
}

/// # Safety
/// As the header demands of a `const` handle, of texts and of outputs.
unsafe fn show(
    account: *const cts_account,
    at: Option<Result<Timestamp, Failure>>,
    number: *const c_char,
    number_len: usize,
    json: *mut *mut cts_text,
) -> Result<(), Failure> {
    // SAFETY: as promised to this function.
    let out = unsafe { Out::new(json, "json") };
    // SAFETY: as promised to this function.
    let state = unsafe { handle::shared(account, "account") }?;
    let at = at.transpose()?;
    // SAFETY: as promised to this function.
    let number =
        unsafe { input::optional_text(cts_str { data: number, len: number_len }, "number") }?;
    out?.put(handle::give(state.account(at, number).to_string()));
    Ok(())
}
