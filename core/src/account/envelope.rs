//! Which events lie in this envelope?
//!
//! In: the bytes of one webhook, or of one answer of the Graph API with the instant at which it was
//! read. Out: its events, each with the place where it stood. A webhook may hold several entries,
//! and an entry several changes. Nothing is taken from a clock.

use std::cell::RefCell;
use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::error::{self, AccountError};
use super::event::{self, Event, Kind};
use super::fields::Spot;
use crate::limits;
use crate::time::Timestamp;

/// One change of an envelope.
pub(super) struct Change {
    /// Where it stands, such as `entry[0].changes[1]`.
    pub(super) path: String,
    /// The label that it came with.
    pub(super) field: String,
    /// Its events, each with its place; none for what concerns messages and not the account.
    pub(super) events: Vec<(String, Event)>,
}

/// Reads an envelope. `read_at` is when an answer of the Graph API was read, where the answer is
/// not wrapped with it.
pub(super) fn read(bytes: &[u8], read_at: Option<Timestamp>) -> Result<Vec<Change>, AccountError> {
    let whole = json(bytes, limits::ACCOUNT_EVENT_BYTES_MAX, limits::ACCOUNT_EVENT_DEPTH_MAX)?;
    let root = Spot::new(&whole, "");
    root.object()?;
    if whole.get("entry").is_some() {
        return webhook(&root);
    }
    if whole.get("answer").is_some() {
        let at = root.required("read_at", "the instant at which the answer was read")?.instant()?;
        let answer = root.required("answer", "an answer of the Graph API")?;
        return graph(&answer, at);
    }
    if event::graph_kind(&whole).is_none() && whole.get("data").is_none() {
        return Err(error::no_event());
    }
    graph(&root, read_at.ok_or_else(error::no_read_time)?)
}

/// Reads JSON text, with a byte order mark or without, that nests no deeper than that.
pub(super) fn json(
    bytes: &[u8],
    bytes_max: usize,
    depth_left: usize,
) -> Result<Value, AccountError> {
    if bytes.len() > bytes_max {
        return Err(error::too_large(bytes.len(), bytes_max));
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let refused = RefCell::new(None);
    let mut json = serde_json::Deserializer::from_slice(text);
    let seed = Strict { path: "", refused: &refused, depth_left };
    let read = seed.deserialize(&mut json).and_then(|value| json.end().map(|()| value));
    read.map_err(|problem| refused.take().unwrap_or_else(|| error::syntax(&problem)))
}

/// Reads any JSON, and refuses an object that has a member twice: which of the two another reader
/// would take, nobody knows.
#[derive(Clone, Copy)]
struct Strict<'a> {
    path: &'a str,
    /// Our own error: serde's carries only text.
    refused: &'a RefCell<Option<AccountError>>,
    /// How many more levels there may be.
    depth_left: usize,
}

impl Strict<'_> {
    fn refuse<E: serde::de::Error>(&self, problem: AccountError, path: &str) -> E {
        let path: String = path.chars().take(120).flat_map(char::escape_debug).collect();
        *self.refused.borrow_mut() = Some(problem.at(&path));
        E::custom("refused")
    }

    fn deeper<E: serde::de::Error>(&self) -> Result<usize, E> {
        self.depth_left.checked_sub(1).ok_or_else(|| self.refuse(error::too_deep(), self.path))
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let depth_left = self.deeper()?;
        let mut items = Vec::new();
        loop {
            let path = format!("{}[{}]", self.path, items.len());
            match list.next_element_seed(Strict { path: &path, depth_left, ..self })? {
                Some(item) => items.push(item),
                None => return Ok(Value::Array(items)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let depth_left = self.deeper()?;
        let mut members = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            let path =
                if self.path.is_empty() { name.clone() } else { format!("{}.{name}", self.path) };
            if members.contains_key(&name) {
                return Err(self.refuse(error::repeated_member(), &path));
            }
            let value = map.next_value_seed(Strict { path: &path, depth_left, ..self })?;
            members.insert(name, value);
        }
        Ok(Value::Object(members))
    }
}

fn webhook(root: &Spot<'_>) -> Result<Vec<Change>, AccountError> {
    let object = root.member("object").map(|object| object.text()).transpose()?;
    let ours = object.is_none_or(|object| object == "whatsapp_business_account");
    let mut changes = Vec::new();
    for entry in root.required("entry", "a list of entries")?.items()? {
        entry.object()?;
        let id = entry.member("id").map(|id| id.name()).transpose()?.unwrap_or_default();
        let time = entry.member("time").map(|time| time.instant()).transpose()?;
        for change in entry.required("changes", "a list of changes")?.items()? {
            let field = change.required("field", "the label of the change")?.text()?.to_owned();
            let value = change.required("value", "an object")?;
            value.object()?;
            let path = change.path.clone();
            let label = if ours {
                field.clone()
            } else {
                format!("{}:{field}", object.unwrap_or_default())
            };
            let kind = event::kind(&label, value.value);
            let envelope = Envelope { id: &id, time, entry: &entry };
            let events = match kind {
                Some(Kind::Preferences) => preferences(&value, &envelope)?,
                Some(Kind::MessageError) => failures(&value, &envelope)?,
                _ => {
                    let account = owner(&value)?.unwrap_or_else(|| id.clone());
                    vec![(
                        value.path.clone(),
                        Event::new(envelope.needs_time()?, account, label, value.value.clone()),
                    )]
                }
            };
            changes.push(Change { path, field, events });
        }
    }
    Ok(changes)
}

struct Envelope<'e> {
    id: &'e str,
    time: Option<Timestamp>,
    entry: &'e Spot<'e>,
}

impl Envelope<'_> {
    fn needs_time(&self) -> Result<Timestamp, AccountError> {
        self.time.ok_or_else(|| error::no_time().at(&format!("{}.time", self.entry.path)))
    }

    /// When an item happened: its own stamp, else that of the entry.
    fn time_of(&self, item: &Spot<'_>) -> Result<Timestamp, AccountError> {
        match (item.member("timestamp"), self.time) {
            (Some(stamp), _) => stamp.instant(),
            (None, Some(time)) => Ok(time),
            (None, None) => Err(error::no_time().at(&format!("{}.timestamp", item.path))),
        }
    }

    /// An event in this project's own form, which its label tells, whatever label it came with.
    fn event(&self, kind: Kind, at: Timestamp, members: Map<String, Value>) -> Event {
        Event::new(at, self.id.to_owned(), kind.name().to_owned(), Value::Object(members))
    }
}

/// The account that a change is about, where it says so itself: changes that concern partners come
/// in an entry of the portfolio.
fn owner(value: &Spot<'_>) -> Result<Option<String>, AccountError> {
    value
        .member("waba_info")
        .and_then(|info| info.member("waba_id"))
        .map(|id| id.name())
        .transpose()
}

/// One event a preference, without the recipient's name, which says nothing of the account.
fn preferences(
    value: &Spot<'_>,
    envelope: &Envelope<'_>,
) -> Result<Vec<(String, Event)>, AccountError> {
    let items = match value.member("user_preferences") {
        Some(items) => items.items()?,
        None => vec![value.clone()],
    };
    let mut events = Vec::with_capacity(items.len());
    for item in items {
        let at = envelope.time_of(&item)?;
        let mut members = kept(&item, &["wa_id", "user_id", "category", "value"])?;
        members.insert("timestamp".into(), at.seconds().into());
        events.push((item.path.clone(), envelope.event(Kind::Preferences, at, members)));
    }
    Ok(events)
}

/// One event an error of a failed message. Of a message nothing is kept but whom it was for and why
/// it failed.
fn failures(
    value: &Spot<'_>,
    envelope: &Envelope<'_>,
) -> Result<Vec<(String, Event)>, AccountError> {
    let number =
        value.member("metadata").and_then(|metadata| metadata.member("display_phone_number"));
    let mut events = Vec::new();
    for status in value.member("statuses").map_or(Ok(Vec::new()), |statuses| statuses.items())? {
        let Some(errors) = status.member("errors") else { continue };
        let at = envelope.time_of(&status)?;
        for problem in errors.items()? {
            let mut members = kept(&status, &["recipient_id", "recipient_user_id"])?;
            members
                .insert("code".into(), problem.required("code", "an error code")?.whole()?.into());
            if let Some(title) = problem.member("title") {
                members.insert("title".into(), title.text()?.into());
            }
            if let Some(number) = &number {
                members.insert("display_phone_number".into(), number.name()?.into());
            }
            events.push((problem.path.clone(), envelope.event(Kind::MessageError, at, members)));
        }
    }
    Ok(events)
}

fn kept(item: &Spot<'_>, names: &[&str]) -> Result<Map<String, Value>, AccountError> {
    item.object()?;
    let mut members = Map::new();
    for name in names {
        if let Some(member) = item.member(name) {
            members.insert((*name).to_owned(), member.name()?.into());
        }
    }
    Ok(members)
}

/// An answer of the Graph API: one object, or a list of them under `data`.
fn graph(answer: &Spot<'_>, at: Timestamp) -> Result<Vec<Change>, AccountError> {
    answer.object()?;
    let answers = match answer.member("data") {
        Some(data) => data.items()?,
        None => vec![answer.clone()],
    };
    let mut changes = Vec::with_capacity(answers.len());
    for answer in answers {
        answer.object()?;
        let kind = event::graph_kind(answer.value);
        let field = kind.map_or("graph", Kind::name).to_owned();
        // Only an account's own answer carries the account's id; a number's or a template's is its
        // own.
        let account = match (kind, answer.member("id")) {
            (Some(Kind::GraphAccount), Some(id)) => id.name()?,
            _ => String::new(),
        };
        let event = Event::new(at, account, field.clone(), answer.value.clone());
        changes.push(Change {
            path: answer.path.clone(),
            field,
            events: vec![(answer.path.clone(), event)],
        });
    }
    Ok(changes)
}
