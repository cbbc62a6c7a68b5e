//! What has become of an account, by what WhatsApp itself says of it?

use std::ffi::{c_char, c_void};
use std::marker::PhantomData;

use cleartosend::Timestamp;
use cleartosend_account::{Book, accounts_in};

use crate::boundary::Failure;
use crate::changes::{Changes, cts_changes};
use crate::contract::{Contract, built_in, called, free, getter};
use crate::error::cts_error;
use crate::facts::{cts_facts, instant};
use crate::handle;
use crate::status::cts_status;
use crate::text::{cts_str, cts_text};

/// A book of accounts, kept by what WhatsApp sends of them. An event that comes twice changes
/// nothing, and the order in which events come does not count. May be read by several threads at
/// once, but not while one takes in an event.
pub struct cts_account(PhantomData<*mut u8>);

crate::handle::handle!(cts_account holds Book);

/// Reads a book: what `cts_account_json` gave, also in version 0.1.0, `{}` for a new one, or
/// `{"account": …}` to begin with what is known already.
///
/// `*account` is the caller's; free it with `cts_account_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_account_new_from_json(
    json: *const c_void,
    json_len: usize,
    account: *mut *mut cts_account,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(account, "account");
        built_in!("accounts");
        let json = c.bytes(json, json_len, "json")?;
        let out = out?;
        out.put(handle::give(Book::from_json(json)?));
        Ok(())
    })
}

/// Takes in one event: the body of a webhook of any account, or an answer of the Graph API wrapped
/// as `{"read_at": …, "answer": …}`. Each change stands or falls alone; what is not JSON is
/// refused, and nothing is taken in then.
///
/// `*changes` is the caller's; free it with `cts_changes_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_account_apply(
    account: *mut cts_account,
    event: *const c_void,
    event_len: usize,
    changes: *mut *mut cts_changes,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(changes, "changes");
        built_in!("accounts");
        let state = c.exclusive(account, "account")?;
        let event = c.bytes(event, event_len, "event")?;
        let out = out?;
        out.put(handle::give(Changes::of(state.apply(event)?)));
        Ok(())
    })
}

/// Takes in an answer of the Graph API as it came, which does not say when it was read: seconds
/// since 1970-01-01T00:00:00Z and nanoseconds after them say it. A webhook, or an answer that says
/// it, is taken in as by `cts_account_apply`.
///
/// `*changes` is the caller's; free it with `cts_changes_free`.
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
    called!(error, |c| {
        let out = c.out(changes, "changes");
        built_in!("accounts");
        let state = c.exclusive(account, "account")?;
        let event = c.bytes(event, event_len, "event")?;
        let read_at = instant(seconds, nanos)?;
        let out = out?;
        out.put(handle::give(Changes::of(state.apply_read_at(event, read_at)?)));
        Ok(())
    })
}

/// Gives the book as one line of JSON, to be kept and read again by `cts_account_new_from_json`.
/// Its member `account`, where the book has one account, is that of a campaign document, as of the
/// last event.
///
/// `*json` is the caller's; free it with `cts_text_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_account_json(
    account: *const cts_account,
    json: *mut *mut cts_text,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(json, "json");
        built_in!("accounts");
        let state = c.shared(account, "account")?;
        let out = out?;
        out.put(handle::give(state.to_json()));
        Ok(())
    })
}

/// Gives the `account` member of a campaign document as of the last event, as one line of JSON.
/// `number` is the sending number; without one, (NULL, 0), what differs between the account's
/// numbers is left out.
///
/// `*json` is the caller's; free it with `cts_text_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_account_show(
    account: *const cts_account,
    number: *const c_char,
    number_len: usize,
    json: *mut *mut cts_text,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| { show(c, account, None, number, number_len, json) })
}

/// Gives the `account` member of a campaign document as of an instant: seconds since
/// 1970-01-01T00:00:00Z and nanoseconds after them. Restrictions and violations have dates of their
/// own and are given whole, also those of a later date. `number`: as in `cts_account_show`.
///
/// `*json` is the caller's; free it with `cts_text_free`.
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
    called!(error, |c| {
        let at = instant(seconds, nanos);
        show(c, account, Some(at), number, number_len, json)
    })
}

/// Tells facts what the book knows as of their `send_at`, or as of the last event where they have
/// none: the account, the campaign's template by its name, and whether the recipient stopped
/// marketing. So tell the instant, the template's name and the recipient first. What the book does
/// not know stays as it was given, also of an earlier recipient: go back with `cts_facts_reset`
/// before each. All of it or, where it fails, nothing.
///
/// Takes no ownership, and `facts` does not need `account` to live on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_account_tell(
    account: *const cts_account,
    facts: *mut cts_facts,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        built_in!("accounts");
        let state = c.shared(account, "account")?;
        let filled = c.exclusive(facts, "facts")?;
        Ok(filled.clause_of(state)?)
    })
}

/// Gives the number of rows that are kept.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_account_event_count(
    account: *const cts_account,
    count: *mut usize,
) -> cts_status {
    getter!(account, count, |state| state.len())
}

/// Gives the instant of the last event: seconds since 1970-01-01T00:00:00Z and nanoseconds after
/// them. `CTS_ERR_EMPTY` where there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_account_last_event_at(
    account: *const cts_account,
    seconds: *mut i64,
    nanos: *mut u32,
) -> cts_status {
    called!(|c| {
        let seconds = c.out(seconds, "seconds");
        let nanos = c.out(nanos, "nanos");
        built_in!("accounts");
        let state = c.shared(account, "account")?;
        let seconds = seconds?;
        let nanos = nanos?;
        let at = state.last_event_at().ok_or_else(Failure::no_event)?;
        seconds.put(at.seconds());
        nanos.put(at.nanos());
        Ok(())
    })
}

/// Gives one row of the book as one line of JSON, to be kept under its key. `CTS_ERR_EMPTY` where
/// there is none.
///
/// `*json` is the caller's; free it with `cts_text_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_account_row(
    account: *const cts_account,
    key: *const c_char,
    key_len: usize,
    json: *mut *mut cts_text,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(json, "json");
        built_in!("accounts");
        let book = c.shared(account, "account")?;
        let key = c.text(key, key_len, "key")?;
        let out = out?;
        out.put(handle::give(book.row(key).ok_or_else(Failure::no_row)?));
        Ok(())
    })
}

/// Joins a row, as `cts_account_row` gave it, also of a later version.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_account_merge_row(
    account: *mut cts_account,
    key: *const c_char,
    key_len: usize,
    row: *const c_void,
    row_len: usize,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        built_in!("accounts");
        let book = c.exclusive(account, "account")?;
        let key = c.text(key, key_len, "key")?;
        let row = c.bytes(row, row_len, "row")?;
        book.merge_row(key, row)?;
        Ok(())
    })
}

/// Joins all rows of another book. Commutative, associative and idempotent: workers may keep books
/// of their own and join them in any order.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_account_merge(
    account: *mut cts_account,
    other: *const cts_account,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        built_in!("accounts");
        let other = c.shared(other, "other")?.clone();
        let book = c.exclusive(account, "account")?;
        book.merge(&other);
        Ok(())
    })
}

/// Forgets a person, given by a number in E.164 or a user id, under all names that the book knows.
/// Gives `{"removed": [KEY…], "replaced": [KEY…]}`: rows to delete where they are kept, and rows to
/// replace by what `cts_account_row` gives. What names no person is an error; of a person whom the
/// book does not have both lists are empty.
///
/// `*json` is the caller's; free it with `cts_text_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_account_forget(
    account: *mut cts_account,
    person: *const c_char,
    person_len: usize,
    json: *mut *mut cts_text,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(json, "json");
        built_in!("accounts");
        let book = c.exclusive(account, "account")?;
        let person = c.text(person, person_len, "person")?;
        out?.put(handle::give(written(&book.forget(person)?)?));
        Ok(())
    })
}

/// Drops what no check after an instant asks about: seconds since 1970-01-01T00:00:00Z and
/// nanoseconds after them. Gives what `cts_account_forget` gives.
///
/// `*json` is the caller's; free it with `cts_text_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_account_expire(
    account: *mut cts_account,
    seconds: i64,
    nanos: u32,
    json: *mut *mut cts_text,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(json, "json");
        built_in!("accounts");
        let book = c.exclusive(account, "account")?;
        let before = instant(seconds, nanos)?;
        out?.put(handle::give(written(&book.expire(before))?));
        Ok(())
    })
}

/// Gives what of an account's events was not understood and not acknowledged, as one line of JSON:
/// a list of objects with `at`, `field`, `event`, `why` and `id`. `id`: the account's; none,
/// (NULL, 0), where the book has one account.
///
/// `*json` is the caller's; free it with `cts_text_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_account_not_understood(
    account: *const cts_account,
    id: *const c_char,
    id_len: usize,
    json: *mut *mut cts_text,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(json, "json");
        built_in!("accounts");
        let book = c.shared(account, "account")?;
        let id = c.optional_text(cts_str { data: id, len: id_len }, "id")?;
        out?.put(handle::give(written(&book.not_understood(id)?)?));
        Ok(())
    })
}

/// Acknowledges the events of an account that were not understood, as of an instant: checks no
/// longer ask for review because of them. The row that changes is that of `account/ID`. `id`: the
/// account's; none, (NULL, 0), where the book has one account.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_account_acknowledge(
    account: *mut cts_account,
    id: *const c_char,
    id_len: usize,
    seconds: i64,
    nanos: u32,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        built_in!("accounts");
        let book = c.exclusive(account, "account")?;
        let id = c.optional_text(cts_str { data: id, len: id_len }, "id")?;
        book.acknowledge(id, instant(seconds, nanos)?)?;
        Ok(())
    })
}

/// Notes that an appeal succeeded: restrictions of that kind, or all of them, end at an instant.
/// The row that changes is that of `account/ID`. `kind`: a kind of restriction; none, (NULL, 0),
/// for all. `reason`: what to keep beside it. `id`: the account's; none, (NULL, 0), where the book
/// has one account.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_account_appeal(
    account: *mut cts_account,
    id: *const c_char,
    id_len: usize,
    kind: *const c_char,
    kind_len: usize,
    seconds: i64,
    nanos: u32,
    reason: *const c_char,
    reason_len: usize,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        built_in!("accounts");
        let book = c.exclusive(account, "account")?;
        let id = c.optional_text(cts_str { data: id, len: id_len }, "id")?;
        let kind = c.optional_text(cts_str { data: kind, len: kind_len }, "kind")?;
        let reason = c.text(reason, reason_len, "reason")?;
        book.appeal(id, kind, instant(seconds, nanos)?, reason)?;
        Ok(())
    })
}

/// Gives the ids of the accounts that the book has, in order, as one line of JSON: a list of texts.
///
/// `*json` is the caller's; free it with `cts_text_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_account_ids(
    account: *const cts_account,
    json: *mut *mut cts_text,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(json, "json");
        built_in!("accounts");
        let book = c.shared(account, "account")?;
        let ids: Vec<&str> = book.accounts().collect();
        out?.put(handle::give(written(&ids)?));
        Ok(())
    })
}

/// Gives the keys of the rows, in order, as one line of JSON: a list of texts, of each of which
/// `cts_account_row` gives the row.
///
/// `*json` is the caller's; free it with `cts_text_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_account_keys(
    account: *const cts_account,
    json: *mut *mut cts_text,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(json, "json");
        built_in!("accounts");
        let book = c.shared(account, "account")?;
        out?.put(handle::give(written(&book.keys())?));
        Ok(())
    })
}

/// Gives the ids of the accounts that an event is about, in order and each once, as one line of
/// JSON: a list of texts. It needs no book: whose rows to load before the event is applied.
///
/// `*json` is the caller's; free it with `cts_text_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_accounts_in(
    event: *const c_void,
    event_len: usize,
    json: *mut *mut cts_text,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(json, "json");
        built_in!("accounts");
        let event = c.bytes(event, event_len, "event")?;
        out?.put(handle::give(written(&accounts_in(event)?)?));
        Ok(())
    })
}

/// Frees an account; NULL is allowed. Facts that took data from it stay valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_account_free(account: *mut cts_account) {
    free!(account);
}

/// What serde writes.
fn written(value: &impl serde::Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|_| Failure::internal("JSON that cannot be written"))
}

/// The body of both functions that show.
fn show(
    c: Contract<'_>,
    account: *const cts_account,
    at: Option<Result<Timestamp, Failure>>,
    number: *const c_char,
    number_len: usize,
    json: *mut *mut cts_text,
) -> Result<(), Failure> {
    let out = c.out(json, "json");
    built_in!("accounts");
    let state = c.shared(account, "account")?;
    let at = at.transpose()?;
    let number = c.optional_text(cts_str { data: number, len: number_len }, "number")?;
    out?.put(handle::give(state.account(None, at, number)?.to_string()));
    Ok(())
}
