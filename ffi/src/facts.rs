//! How are facts of a case given without JSON?

use std::ffi::{c_char, c_void};
use std::marker::PhantomData;

use cleartosend::expert::limits::{DOCUMENT_BYTES_MAX, FACT_LIST_MAX, FACT_TEXT_BYTES_MAX};
use cleartosend::schema::{AttributeId, Scope};
use cleartosend::{Duration, Engine, Fact, Facts, FactsError, Timestamp, Value};
use cleartosend_account::Book;
use serde::de::IgnoredAny;

use crate::boundary::Failure;
use crate::contract::{called, free};
use crate::engine::{Keys, cts_engine};
use crate::error::cts_error;
use crate::handle;
use crate::status::cts_status;
use crate::text::cts_str;

/// The facts of one case. Made once, filled and checked as often as needed: what all recipients
/// of a campaign share is given first, and `cts_facts_reset` goes back to that before each of them.
/// For one thread at a time.
pub struct cts_facts(PhantomData<*mut u8>);

crate::handle::handle!(cts_facts holds Filled);

/// Makes facts for an engine, with nothing given yet but what its base document gives
/// (`cts_builder_base`). A check needs `send_at` at least.
///
/// Takes no ownership of `engine`, and does not need it to live on. `*facts` is the caller's; free
/// it with `cts_facts_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_facts_new(
    engine: *const cts_engine,
    facts: *mut *mut cts_facts,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(facts, "facts");
        let current = c.shared(engine, "engine")?.current();
        let out = out?;
        let empty = empty(&current.engine)?;
        out.put(handle::give(Filled::of(empty.clone(), empty, current.keys.clone())));
        Ok(())
    })
}

/// Makes facts from a campaign document, such as what is common to all recipients of a campaign.
/// The document need not have `send_at`, but a check needs it.
///
/// `*facts` is the caller's; free it with `cts_facts_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_facts_new_from_json(
    engine: *const cts_engine,
    json: *const c_void,
    json_len: usize,
    facts: *mut *mut cts_facts,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(facts, "facts");
        let current = c.shared(engine, "engine")?.current();
        let json = c.bytes(json, json_len, "json")?;
        let out = out?;
        let facts = current.engine.facts_from_json_without_send_at(json)?;
        let empty = empty(&current.engine)?;
        out.put(handle::give(Filled::of(facts, empty, current.keys.clone())));
        Ok(())
    })
}

/// Copies facts, with what `cts_facts_reset` goes back to: one for each thread, or one for each
/// recipient.
///
/// Takes no ownership of `facts`, which may be freed before. `*copy` is the caller's; free it with
/// `cts_facts_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_facts_clone(
    facts: *const cts_facts,
    copy: *mut *mut cts_facts,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(copy, "copy");
        let filled = c.shared(facts, "facts")?;
        out?.put(handle::give(filled.clone()));
        Ok(())
    })
}

/// Goes back to the campaign: to what was given before anything was given of a recipient, without
/// one. Call it before each recipient, and none inherits what was given of another, by setters or
/// by `cts_account_tell`. The campaign is the document that the facts were made from, but for its
/// recipient, and what was given since; what is given of the campaign while there is a recipient is
/// part of that case, and goes with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_facts_reset(facts: *mut cts_facts) -> cts_status {
    called!(|c| {
        c.exclusive(facts, "facts")?.reset();
        Ok(())
    })
}

/// Clears everything, the campaign too: nothing is given any more but what the base document of
/// the engine gives.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_facts_clear(facts: *mut cts_facts) -> cts_status {
    called!(|c| {
        let filled = c.exclusive(facts, "facts")?;
        filled.clear();
        Ok(())
    })
}

/// Tells the text of a string attribute. Attributes of other types have setters of their own, and
/// no text is read as a number or an instant.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_facts_set_string(
    facts: *mut cts_facts,
    attribute: u32,
    text: *const c_char,
    text_len: usize,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let filled = c.exclusive(facts, "facts")?;
        let id = filled.keys.id(attribute)?;
        filled.fits(id, text, text_len)?;
        let text = c.text(text, text_len, "text")?;
        Ok(filled.about(id).set_text(id, text)?)
    })
}

/// Tells a whole number. On an attribute of doubles, it is the nearest double. `INT64_MAX` is no
/// limit, for a limit.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_facts_set_int(
    facts: *mut cts_facts,
    attribute: u32,
    number: i64,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let filled = c.exclusive(facts, "facts")?;
        filled.set(attribute, || Ok(Value::Int(number)))
    })
}

/// Tells a number with a fraction. NaN and infinities are refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_facts_set_double(
    facts: *mut cts_facts,
    attribute: u32,
    number: f64,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let filled = c.exclusive(facts, "facts")?;
        filled.set(attribute, || Ok(Value::Double(number)))
    })
}

/// Tells a truth value: 0 is false, 1 is true, and any other number is refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_facts_set_bool(
    facts: *mut cts_facts,
    attribute: u32,
    truth: i32,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let filled = c.exclusive(facts, "facts")?;
        filled.set(attribute, || match truth {
            0 => Ok(Value::Bool(false)),
            1 => Ok(Value::Bool(true)),
            other => Err(Failure::value("truth", other, "0 or 1")),
        })
    })
}

/// Tells an instant: seconds since 1970-01-01T00:00:00Z, without leap seconds, and nanoseconds from
/// 0 to 999999999 after them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_facts_set_instant(
    facts: *mut cts_facts,
    attribute: u32,
    seconds: i64,
    nanos: u32,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let filled = c.exclusive(facts, "facts")?;
        filled.set(attribute, || instant(seconds, nanos).map(Value::Timestamp))
    })
}

/// Tells a duration: that many seconds and nanoseconds, added up.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_facts_set_duration(
    facts: *mut cts_facts,
    attribute: u32,
    seconds: i64,
    nanos: i32,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let filled = c.exclusive(facts, "facts")?;
        filled.set(attribute, || {
            let span =
                Duration::from_nanos(i128::from(seconds) * 1_000_000_000 + i128::from(nanos));
            span.map(Value::Duration)
                .ok_or_else(|| Failure::value("seconds", seconds, "a duration within 10,000 years"))
        })
    })
}

/// Tells a list of texts, such as `access.clients`. An empty list says that there are none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_facts_set_strings(
    facts: *mut cts_facts,
    attribute: u32,
    texts: *const cts_str,
    text_count: usize,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let filled = c.exclusive(facts, "facts")?;
        let id = filled.keys.id(attribute)?;
        if !texts.is_null()
            && (FACT_LIST_MAX + 1..=isize::MAX as usize / size_of::<cts_str>())
                .contains(&text_count)
        {
            return Err(filled.refused(id, &FactsError::list_too_long(FACT_LIST_MAX)));
        }
        let given = c.items(texts, text_count, "texts")?;
        let mut texts = Vec::with_capacity(given.len());
        for text in given {
            filled.fits(id, text.data, text.len)?;
            texts.push(Value::string(c.text(text.data, text.len, "texts")?));
        }
        filled.set(attribute, || Ok(Value::List(texts.into())))
    })
}

/// Tells that an attribute does not exist, as `null` does in a document; on one that cannot be
/// absent, that it is unknown.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_facts_set_null(
    facts: *mut cts_facts,
    attribute: u32,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let filled = c.exclusive(facts, "facts")?;
        let id = filled.keys.id(attribute)?;
        Ok(filled.about(id).set_null(id)?)
    })
}

/// Tells anything by its path and its JSON, as the member of a document: lists of objects such as
/// `account.restrictions`, and attributes of any type. An empty list of objects, `[]`, says that
/// there are none; one that was never given is unknown.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_facts_set_json(
    facts: *mut cts_facts,
    name: *const c_char,
    name_len: usize,
    json: *const c_void,
    json_len: usize,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let filled = c.exclusive(facts, "facts")?;
        let name = c.text(name, name_len, "name")?;
        let json = c.bytes(json, json_len, "json")?;
        filled.set_json(name, json)
    })
}

/// Clears an attribute. That there is a recipient stays, until
/// `cts_facts_reset` or `cts_facts_clear`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_facts_unset(
    facts: *mut cts_facts,
    attribute: u32,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let filled = c.exclusive(facts, "facts")?;
        let id = filled.keys.id(attribute)?;
        filled.changing().unset(id);
        Ok(())
    })
}

/// Declares that there is a recipient, about whom nothing need be known. Anything under
/// `recipient.` that is given declares it too.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_facts_with_recipient(facts: *mut cts_facts) -> cts_status {
    called!(|c| {
        let filled = c.exclusive(facts, "facts")?;
        filled.meeting_recipient().with_recipient();
        Ok(())
    })
}

/// Frees facts; NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_facts_free(facts: *mut cts_facts) {
    free!(facts);
}

/// What is behind a [`cts_facts`].
#[derive(Clone, Debug)]
pub(crate) struct Filled {
    pub(crate) facts: Facts,
    /// What is given of the campaign, as it was before there was a recipient; of no use while it
    /// is stale.
    campaign: Facts,
    /// Whether the campaign has changed since, which can only be while there is no recipient.
    is_stale: bool,
    empty: Facts,
    keys: Keys,
}

/// Facts with nothing given but what the engine's base document gives.
fn empty(engine: &Engine) -> Result<Facts, FactsError> {
    engine.facts_from_json_without_send_at(b"{}")
}

impl Filled {
    fn of(facts: Facts, empty: Facts, keys: Keys) -> Self {
        let mut campaign = facts.clone();
        campaign.without_recipient();
        Self { facts, campaign, is_stale: false, empty, keys }
    }

    fn reset(&mut self) {
        // Without a recipient, what is given is the campaign.
        if self.facts.scope() == Scope::Recipient {
            self.facts.clone_from(&self.campaign);
        }
    }

    fn clear(&mut self) {
        self.facts.clone_from(&self.empty);
        self.is_stale = true;
    }

    /// The facts, to be given something that is not of a recipient.
    #[inline]
    fn changing(&mut self) -> &mut Facts {
        self.is_stale |= self.facts.scope() == Scope::Campaign;
        &mut self.facts
    }

    /// The facts, to be given a recipient.
    #[inline]
    fn meeting_recipient(&mut self) -> &mut Facts {
        if self.is_stale && self.facts.scope() == Scope::Campaign {
            self.campaign.clone_from(&self.facts);
            self.is_stale = false;
        }
        &mut self.facts
    }

    /// The facts, to be given an attribute.
    #[inline]
    fn about(&mut self, id: AttributeId) -> &mut Facts {
        if self.facts.schema().attribute(id).scope == Scope::Recipient {
            self.meeting_recipient()
        } else {
            self.changing()
        }
    }

    /// Takes what an account book holds, all of it or nothing.
    pub(crate) fn clause_of(&mut self, state: &Book) -> Result<(), FactsError> {
        let mut reported = self.facts.clone();
        state.tell(&mut reported)?;
        let facts = if reported.scope() == Scope::Recipient {
            self.meeting_recipient()
        } else {
            self.changing()
        };
        *facts = reported;
        Ok(())
    }

    #[inline]
    fn set(
        &mut self,
        attribute: u32,
        value: impl FnOnce() -> Result<Value, Failure>,
    ) -> Result<(), Failure> {
        let id = self.keys.id(attribute)?;
        let value = value()?;
        Ok(self.about(id).set(id, value)?)
    }

    /// Looks at the length of a text before anybody reads it.
    fn fits(&self, id: AttributeId, text: *const c_char, length: usize) -> Result<(), Failure> {
        if text.is_null() || !(FACT_TEXT_BYTES_MAX + 1..=isize::MAX as usize).contains(&length) {
            return Ok(());
        }
        Err(self.refused(id, &FactsError::text_too_long(length)))
    }

    fn refused(&self, id: AttributeId, error: &FactsError) -> Failure {
        Failure::of_value(error, &self.facts.schema().attribute(id).path)
    }

    /// Reads a document that has nothing but this member, and takes it over.
    fn set_json(&mut self, name: &str, json: &[u8]) -> Result<(), Failure> {
        let schema = std::sync::Arc::clone(self.facts.schema());
        let is_collection = schema.collections().iter().any(|known| &*known.path == name);
        let id: Option<AttributeId> = schema.id(name);
        if id.is_none() && !is_collection {
            let lists = schema.collections().iter().map(|known| &*known.path);
            let nearest =
                schema.nearest(name).or_else(|| cleartosend::expert::suggest::nearest(name, lists));
            return Err(Failure::unknown_attribute(name, nearest));
        }
        if json.len() > DOCUMENT_BYTES_MAX {
            return Err(Failure::of_value(&FactsError::document_too_large(), name));
        }
        // What is not one JSON value by itself could close the braces around it and give other
        // members.
        serde_json::from_slice::<IgnoredAny>(json)
            .map_err(|error| Failure::not_json(name, &error))?;
        let read = Facts::from_json_without_send_at(&schema, &nested(name, json))
            .map_err(|error| Failure::of_member(&error))?;
        if is_collection {
            let reported = read.collection(name).ok_or_else(|| {
                Failure::value("json", "null", "a list; what was never given is unknown")
            })?;
            self.changing().set_collection(name, reported.to_vec())?;
            return Ok(());
        }
        match id.map(|id| (id, read.fact(id))) {
            Some((id, Fact::Value(value))) => Ok(self.about(id).set(id, value.clone())?),
            Some((id, Fact::Absent | Fact::Unknown)) => Ok(self.about(id).set_null(id)?),
            None => Ok(()),
        }
    }
}

/// `account.quality` and `"red"` become `{"account":{"quality":"red"}}`. The name is a known path,
/// so it needs no escapes.
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

/// The timestamp that C gives by numbers.
pub(crate) fn instant(seconds: i64, nanos: u32) -> Result<Timestamp, Failure> {
    Timestamp::new(seconds, nanos).ok_or_else(|| {
        let found = format!("{seconds} seconds and {nanos} nanoseconds");
        Failure::value(
            "seconds",
            found,
            "a timestamp in the years 1 to 9999, and nanoseconds below 1000000000",
        )
    })
}
