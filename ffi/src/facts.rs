//! What is told of a case, without JSON?

use std::ffi::{c_char, c_void};
use std::marker::PhantomData;

use cleartosend::facts::Facts;
use cleartosend::schema::AttributeId;
use cleartosend::schema::attributes::SEND_AT;
use cleartosend::time::{Duration, Timestamp};
use cleartosend::value::{Fact, Value};
use serde::de::IgnoredAny;

use crate::boundary::{ErrorPlace, Failure, boundary, plain};
use crate::engine::{Keys, cts_engine};
use crate::error::cts_error;
use crate::handle;
use crate::input::{self, Out};
use crate::status::cts_status;
use crate::text::cts_str;

/// What is told of one case. Made once, filled and checked as often as wanted. For one thread at a time.
pub struct cts_facts(PhantomData<*mut u8>);

/// Makes facts for an engine, of which nothing is told yet. A check needs `send_at` at least.
///
/// Takes no ownership of `engine`, and does not need it to live on. `*facts` is the caller's; free it with `cts_facts_free`. `error`: as in
/// `cts_builder_add_built_in_pack`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_facts_new(engine: *const cts_engine, facts: *mut *mut cts_facts, error: *mut *mut cts_error) -> cts_status {
    // SAFETY: as the header demands of outputs.
    let error = unsafe { ErrorPlace::new(error) };
    boundary(error, || {
        // SAFETY: as the header demands of a `const` handle.
        let current = unsafe { handle::shared(engine, "engine") }?.current();
        // SAFETY: as the header demands of outputs.
        let out = unsafe { Out::new(facts, "facts") }?;
        let mut empty = current.engine.facts(Timestamp::MIN);
        empty.unset(SEND_AT);
        out.put(handle::give(Filled { facts: empty.clone(), empty, keys: current.keys.clone() }));
        Ok(())
    })
}

/// Makes facts from a campaign document, such as what is common to all recipients of a campaign. The document need not have `send_at`, but
/// a check needs it.
///
/// Takes no ownership. `*facts` is the caller's; free it with `cts_facts_free`. `error`: as in `cts_builder_add_built_in_pack`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_facts_new_from_json(
    engine: *const cts_engine,
    json: *const c_void,
    json_len: usize,
    facts: *mut *mut cts_facts,
    error: *mut *mut cts_error,
) -> cts_status {
    // SAFETY: as the header demands of outputs.
    let error = unsafe { ErrorPlace::new(error) };
    boundary(error, || {
        // SAFETY: as the header demands of a `const` handle.
        let current = unsafe { handle::shared(engine, "engine") }?.current();
        // SAFETY: as the header demands of bytes.
        let json = unsafe { input::bytes(json, json_len, "json") }?;
        // SAFETY: as the header demands of outputs.
        let out = unsafe { Out::new(facts, "facts") }?;
        let mut empty = current.engine.facts(Timestamp::MIN);
        empty.unset(SEND_AT);
        let facts = Facts::from_json_without_send_at(current.engine.schema(), json)?;
        out.put(handle::give(Filled { facts, empty, keys: current.keys.clone() }));
        Ok(())
    })
}

/// Takes everything back: nothing is told any more.
///
/// Takes no ownership.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_facts_clear(facts: *mut cts_facts) -> cts_status {
    plain(|| {
        // SAFETY: as the header demands of a handle that changes.
        let filled = unsafe { handle::exclusive(facts, "facts") }?;
        filled.facts = filled.empty.clone();
        Ok(())
    })
}

/// Tells the text of a string attribute. Attributes of other types have setters of their own, and no text is read as a number or an instant.
///
/// Takes no ownership: the text is copied. `error`: as in `cts_builder_add_built_in_pack`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_facts_set_string(
    facts: *mut cts_facts,
    attribute: u32,
    text: *const c_char,
    text_len: usize,
    error: *mut *mut cts_error,
) -> cts_status {
    // SAFETY: as the header demands of outputs.
    let error = unsafe { ErrorPlace::new(error) };
    boundary(error, || {
        // SAFETY: as the header demands of a handle that changes.
        let filled = unsafe { handle::exclusive(facts, "facts") }?;
        // SAFETY: as the header demands of texts.
        let text = unsafe { input::text(text, text_len, "text") }?;
        let id = filled.keys.id(attribute)?;
        Ok(filled.facts.set_text(id, text)?)
    })
}

/// Tells a whole number. On an attribute of doubles, it is the nearest double. `INT64_MAX` is no limit, for a limit.
///
/// Takes no ownership. `error`: as in `cts_builder_add_built_in_pack`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_facts_set_int(facts: *mut cts_facts, attribute: u32, number: i64, error: *mut *mut cts_error) -> cts_status {
    // SAFETY: as the header demands of outputs.
    let error = unsafe { ErrorPlace::new(error) };
    boundary(error, || {
        // SAFETY: as the header demands of a handle that changes.
        let filled = unsafe { handle::exclusive(facts, "facts") }?;
        filled.set(attribute, || Ok(Value::Int(number)))
    })
}

/// Tells a number with a fraction. NaN and infinities are refused.
///
/// Takes no ownership. `error`: as in `cts_builder_add_built_in_pack`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_facts_set_double(
    facts: *mut cts_facts,
    attribute: u32,
    number: f64,
    error: *mut *mut cts_error,
) -> cts_status {
    // SAFETY: as the header demands of outputs.
    let error = unsafe { ErrorPlace::new(error) };
    boundary(error, || {
        // SAFETY: as the header demands of a handle that changes.
        let filled = unsafe { handle::exclusive(facts, "facts") }?;
        filled.set(attribute, || Ok(Value::Double(number)))
    })
}

/// Tells a truth value: 0 is false, 1 is true, and any other number is refused.
///
/// Takes no ownership. `error`: as in `cts_builder_add_built_in_pack`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_facts_set_bool(facts: *mut cts_facts, attribute: u32, truth: i32, error: *mut *mut cts_error) -> cts_status {
    // SAFETY: as the header demands of outputs.
    let error = unsafe { ErrorPlace::new(error) };
    boundary(error, || {
        // SAFETY: as the header demands of a handle that changes.
        let filled = unsafe { handle::exclusive(facts, "facts") }?;
        filled.set(attribute, || match truth {
            0 => Ok(Value::Bool(false)),
            1 => Ok(Value::Bool(true)),
            other => Err(Failure::value("truth", other, "0 or 1")),
        })
    })
}

/// Tells an instant: seconds since 1970-01-01T00:00:00Z, without leap seconds, and nanoseconds from 0 to 999999999 after them.
///
/// Takes no ownership. `error`: as in `cts_builder_add_built_in_pack`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_facts_set_instant(
    facts: *mut cts_facts,
    attribute: u32,
    seconds: i64,
    nanos: u32,
    error: *mut *mut cts_error,
) -> cts_status {
    // SAFETY: as the header demands of outputs.
    let error = unsafe { ErrorPlace::new(error) };
    boundary(error, || {
        // SAFETY: as the header demands of a handle that changes.
        let filled = unsafe { handle::exclusive(facts, "facts") }?;
        filled.set(attribute, || instant(seconds, nanos).map(Value::Timestamp))
    })
}

/// Tells a duration: that many seconds and nanoseconds, added up.
///
/// Takes no ownership. `error`: as in `cts_builder_add_built_in_pack`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_facts_set_duration(
    facts: *mut cts_facts,
    attribute: u32,
    seconds: i64,
    nanos: i32,
    error: *mut *mut cts_error,
) -> cts_status {
    // SAFETY: as the header demands of outputs.
    let error = unsafe { ErrorPlace::new(error) };
    boundary(error, || {
        // SAFETY: as the header demands of a handle that changes.
        let filled = unsafe { handle::exclusive(facts, "facts") }?;
        filled.set(attribute, || {
            let span = Duration::from_nanos(i128::from(seconds) * 1_000_000_000 + i128::from(nanos));
            span.map(Value::Duration).ok_or_else(|| Failure::value("seconds", seconds, "a duration within 10,000 years"))
        })
    })
}

/// Tells a list of texts, such as `access.clients`. An empty list says that there are none.
///
/// Takes no ownership: the texts are copied. `error`: as in `cts_builder_add_built_in_pack`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_facts_set_strings(
    facts: *mut cts_facts,
    attribute: u32,
    texts: *const cts_str,
    text_count: usize,
    error: *mut *mut cts_error,
) -> cts_status {
    // SAFETY: as the header demands of outputs.
    let error = unsafe { ErrorPlace::new(error) };
    boundary(error, || {
        // SAFETY: as the header demands of a handle that changes.
        let filled = unsafe { handle::exclusive(facts, "facts") }?;
        // SAFETY: as the header demands of arrays.
        let given = unsafe { input::items(texts, text_count, "texts") }?;
        let mut texts = Vec::with_capacity(given.len());
        for text in given {
            // SAFETY: as the header demands of texts.
            texts.push(Value::string(unsafe { input::text(text.data, text.len, "texts") }?));
        }
        filled.set(attribute, || Ok(Value::List(texts.into())))
    })
}

/// Tells that an attribute does not exist, as `null` does in a document; on one that cannot be absent, that it is unknown.
///
/// Takes no ownership. `error`: as in `cts_builder_add_built_in_pack`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_facts_set_null(facts: *mut cts_facts, attribute: u32, error: *mut *mut cts_error) -> cts_status {
    // SAFETY: as the header demands of outputs.
    let error = unsafe { ErrorPlace::new(error) };
    boundary(error, || {
        // SAFETY: as the header demands of a handle that changes.
        let filled = unsafe { handle::exclusive(facts, "facts") }?;
        let id = filled.keys.id(attribute)?;
        Ok(filled.facts.set_null(id)?)
    })
}

/// Tells anything by its path and its JSON, as the member of a document: lists of objects such as `account.restrictions`, and attributes of
/// any type. An empty list of objects, `[]`, says that there are none; one that was never told is unknown.
///
/// Takes no ownership. `error`: as in `cts_builder_add_built_in_pack`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_facts_set_json(
    facts: *mut cts_facts,
    name: *const c_char,
    name_len: usize,
    json: *const c_void,
    json_len: usize,
    error: *mut *mut cts_error,
) -> cts_status {
    // SAFETY: as the header demands of outputs.
    let error = unsafe { ErrorPlace::new(error) };
    boundary(error, || {
        // SAFETY: as the header demands of a handle that changes.
        let filled = unsafe { handle::exclusive(facts, "facts") }?;
        // SAFETY: as the header demands of texts.
        let name = unsafe { input::text(name, name_len, "name") }?;
        // SAFETY: as the header demands of bytes.
        let json = unsafe { input::bytes(json, json_len, "json") }?;
        filled.set_json(name, json)
    })
}

/// Takes back what was told of an attribute. That a recipient is told of stays, until `cts_facts_clear`.
///
/// Takes no ownership. `error`: as in `cts_builder_add_built_in_pack`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_facts_unset(facts: *mut cts_facts, attribute: u32, error: *mut *mut cts_error) -> cts_status {
    // SAFETY: as the header demands of outputs.
    let error = unsafe { ErrorPlace::new(error) };
    boundary(error, || {
        // SAFETY: as the header demands of a handle that changes.
        let filled = unsafe { handle::exclusive(facts, "facts") }?;
        let id = filled.keys.id(attribute)?;
        filled.facts.unset(id);
        Ok(())
    })
}

/// Tells that there is a recipient, of whom nothing need be known. Anything under `recipient.` that is told says so too.
///
/// Takes no ownership.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_facts_with_recipient(facts: *mut cts_facts) -> cts_status {
    plain(|| {
        // SAFETY: as the header demands of a handle that changes.
        let filled = unsafe { handle::exclusive(facts, "facts") }?;
        filled.facts.with_recipient();
        Ok(())
    })
}

/// Frees facts; NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_facts_free(facts: *mut cts_facts) {
    plain(|| {
        // SAFETY: as the header demands of a handle that is freed.
        unsafe { handle::release(facts) };
        Ok(())
    });
}

/// What is behind a [`cts_facts`].
#[derive(Debug)]
pub(crate) struct Filled {
    pub(crate) facts: Facts,
    empty: Facts,
    keys: Keys,
}

impl Filled {
    #[inline]
    fn set(&mut self, attribute: u32, value: impl FnOnce() -> Result<Value, Failure>) -> Result<(), Failure> {
        let id = self.keys.id(attribute)?;
        Ok(self.facts.set(id, value()?)?)
    }

    /// Reads a document that has nothing but this member, and takes it over.
    fn set_json(&mut self, name: &str, json: &[u8]) -> Result<(), Failure> {
        let schema = std::sync::Arc::clone(self.facts.schema());
        let is_collection = schema.collections().iter().any(|known| &*known.path == name);
        let id: Option<AttributeId> = schema.id(name);
        if id.is_none() && !is_collection {
            let lists = schema.collections().iter().map(|known| &*known.path);
            let nearest = schema.nearest(name).or_else(|| cleartosend::suggest::nearest(name, lists));
            return Err(Failure::unknown_attribute(name, nearest));
        }
        // What is not one JSON value by itself could close the braces around it and tell of other members.
        serde_json::from_slice::<IgnoredAny>(json).map_err(|error| Failure::not_json(name, &error))?;
        let read = Facts::from_json_without_send_at(&schema, &nested(name, json)).map_err(|error| Failure::of_member(&error))?;
        if is_collection {
            let told = read.collection(name).ok_or_else(|| Failure::value("json", "null", "a list; what was never told is unknown"))?;
            self.facts.set_collection(name, told.to_vec())?;
            return Ok(());
        }
        match id.map(|id| (id, read.fact(id))) {
            Some((id, Fact::Value(value))) => Ok(self.facts.set(id, value.clone())?),
            Some((id, Fact::Absent | Fact::Unknown)) => Ok(self.facts.set_null(id)?),
            None => Ok(()),
        }
    }
}

/// `account.quality` and `"red"` become `{"account":{"quality":"red"}}`. The name is a known path, so it needs no escapes.
fn nested(name: &str, json: &[u8]) -> Vec<u8> {
    let parts: Vec<&str> = name.split('.').collect();
    let mut document = Vec::with_capacity(name.len() + json.len() + parts.len() * 5);
    for part in &parts {
        document.extend_from_slice(b"{\"");
        document.extend_from_slice(part.as_bytes());
        document.extend_from_slice(b"\":");
    }
    document.extend_from_slice(json);
    document.resize(document.len() + parts.len(), b'}');
    document
}

/// The instant that C tells by numbers.
pub(crate) fn instant(seconds: i64, nanos: u32) -> Result<Timestamp, Failure> {
    Timestamp::new(seconds, nanos).ok_or_else(|| {
        let found = format!("{seconds} seconds and {nanos} nanoseconds");
        Failure::value("seconds", found, "an instant in the years 1 to 9999, and nanoseconds below 1000000000")
    })
}
