//! Which events lie in this envelope?
//!
//! In: one webhook, or one answer of the Graph API with the instant at which it was read. Out: its
//! changes, each with the place where it stood, so that each stands or falls alone. Nothing is
//! taken from a clock.

use std::cell::RefCell;
use std::fmt;

use cleartosend::expert::limits;
use cleartosend::{Facts, Schema, Timestamp};
use serde::Deserializer;
use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value, json};

use crate::error::{self, AccountError};
use crate::event::{self, Kind};
use crate::fields::Spot;
use crate::other;

/// One change of an envelope.
#[derive(Debug)]
pub(crate) struct Change<'v> {
    /// Where it stands, such as `entry[0].changes[1]`.
    pub(crate) path: String,
    /// The label that it came with.
    pub(crate) field: String,
    /// The id of the entry; empty where there is none.
    pub(crate) account: String,
    /// When it happened, as far as the envelope says; for an answer, when it was read.
    pub(crate) at: Option<Timestamp>,
    pub(crate) content: Content<'v>,
    /// Whom a message was for that an answer is about, where the caller says so.
    pub(crate) recipient: Vec<Spot<'v>>,
}

/// What a change holds.
#[derive(Debug)]
pub(crate) enum Content<'v> {
    /// Something of that kind, which is read.
    Event(Kind, Spot<'v>),
    /// Something that concerns no account, and is not looked at; and why, where that is not plain.
    Passed(Option<String>),
    /// Something about an account that is not understood, and why.
    NotUnderstood(&'v Value, String),
}

/// An envelope that was read.
pub(crate) struct Envelope(Value);

impl Envelope {
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, AccountError> {
        json(bytes, limits::ACCOUNT_EVENT_BYTES_MAX, limits::ACCOUNT_EVENT_DEPTH_MAX).map(Self)
    }

    /// The changes, in their order. `received_at` is when the envelope was received, and when an
    /// answer of the Graph API was read where it is not wrapped with that.
    pub(crate) fn changes(
        &self,
        received_at: Option<Timestamp>,
    ) -> Result<Vec<Change<'_>>, AccountError> {
        let whole = &self.0;
        let root = Spot::new(whole, "");
        if !whole.is_object() {
            return Err(error::no_event(whole));
        }
        if let Some(object) = root.member("object").and_then(|object| object.value.as_str())
            && is_other_product(object)
        {
            return Ok(vec![Change {
                path: String::new(),
                field: object.to_owned(),
                account: String::new(),
                at: None,
                content: Content::Passed(Some(format!(
                    "`object` is {}, which is no business account of WhatsApp",
                    error::quoted(object)
                ))),
                recipient: Vec::new(),
            }]);
        }
        if whole.get("entry").is_some() {
            return webhook(&root, received_at);
        }
        let account = root.member("account");
        if let (Some(account), None) = (&account, whole.get("answer"))
            && account.value.is_object()
        {
            let at = root.required("read_at", "the timestamp from which it holds")?.moment()?;
            return Ok(vec![Change {
                path: "account".to_owned(),
                field: Kind::Base.name().to_owned(),
                account: account.member("id").and_then(|id| id.name().ok()).unwrap_or_default(),
                at: Some(at),
                content: Content::Event(Kind::Base, account.clone()),
                recipient: Vec::new(),
            }]);
        }
        if whole.get("answer").is_some() {
            let at =
                root.required("read_at", "the timestamp at which the answer was read")?.moment()?;
            let answer = root.required("answer", "an answer of the Graph API")?;
            let account = account.map(|id| id.name()).transpose()?.unwrap_or_default();
            let recipient = ["to", "recipient"].iter().filter_map(|name| root.stated(name));
            let recipient: Vec<Spot<'_>> = recipient.collect();
            let mut changes = graph(&answer, Some(at), &account)?;
            for change in &mut changes {
                change.recipient.clone_from(&recipient);
            }
            return Ok(changes);
        }
        if event::graph_kind(whole).is_none() && whole.get("data").is_none() {
            return Err(error::no_event(whole));
        }
        graph(&root, Some(received_at.ok_or_else(error::no_read_time)?), "")
    }
}

/// Products that share WhatsApp's webhooks.
fn is_other_product(object: &str) -> bool {
    const OTHERS: [&str; 9] = [
        "ad_account",
        "application",
        "catalog",
        "commerce",
        "instagram",
        "page",
        "permissions",
        "threads",
        "user",
    ];
    OTHERS.contains(&object.to_ascii_lowercase().as_str())
}

/// Reads JSON text, with a byte order mark or without, that nests no deeper than that.
pub(crate) fn json(
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

fn webhook<'v>(
    root: &Spot<'v>,
    received_at: Option<Timestamp>,
) -> Result<Vec<Change<'v>>, AccountError> {
    let entries = root.required("entry", "a list of entries")?;
    if !entries.value.is_array() {
        entries.object()?;
    }
    let mut changes = Vec::new();
    for entry in entries.one_or_more() {
        // Whose it is, nobody knows then: it may be of any account.
        let id = entry
            .member("id")
            .and_then(|id| id.name().ok())
            .filter(|id| is_account_id(id))
            .unwrap_or_default();
        let time = entry.member("time").and_then(|time| time.moment().ok()).or(received_at);
        let Some(list) = entry.member("changes") else {
            let why = "an entry without `changes`".to_owned();
            // Pages send messages so.
            let is_passed =
                ["messaging", "standby"].iter().any(|name| entry.member(name).is_some());
            let content = match is_passed {
                true => Content::Passed(Some(why)),
                false => Content::NotUnderstood(entry.value, why),
            };
            let path = entry.path.clone();
            changes.push(Change {
                path,
                field: String::new(),
                account: id,
                at: time,
                content,
                recipient: Vec::new(),
            });
            continue;
        };
        changes.extend(list.one_or_more().into_iter().map(|change| {
            let field = change
                .member("field")
                .and_then(|field| field.value.as_str())
                .unwrap_or_default()
                .to_owned();
            let content = content(&change, &id, &field);
            Change {
                path: change.path,
                field,
                account: id.clone(),
                at: time,
                content,
                recipient: Vec::new(),
            }
        }));
    }
    if changes.is_empty() {
        return Err(error::no_changes().at(&entries.path));
    }
    Ok(changes)
}

/// Whether a campaign document may name an account so.
fn is_account_id(id: &str) -> bool {
    let document = json!({ "account": { "id": id } }).to_string();
    Facts::from_json_without_send_at(&Schema::built_in(), document.as_bytes()).is_ok()
}

/// What the dashboard writes for the account in the events that it sends as a test.
const TEST_ACCOUNT: &str = "0";

fn content<'v>(change: &Spot<'v>, account: &str, field: &str) -> Content<'v> {
    let value = change.member("value");
    let counts =
        |value: &Spot<'_>| event::is_grave(value.value) || event::is_of_people(value.value);
    if other::is_passed(field) && !value.as_ref().is_some_and(counts) {
        return match value.as_ref().and_then(|value| other::unlike_passed(field, value.value)) {
            Some(why) if account != TEST_ACCOUNT => Content::NotUnderstood(change.value, why),
            _ => Content::Passed(None),
        };
    }
    if account == TEST_ACCOUNT {
        return Content::Passed(Some(
            "the entry's `id` is 0: a test of the dashboard, of no account".to_owned(),
        ));
    }
    let Some(value) = value.filter(|value| value.value.is_object()) else {
        return Content::NotUnderstood(change.value, "`value` is not an object".to_owned());
    };
    match event::kind(field, value.value) {
        Some(kind) => Content::Event(kind, value),
        // Whatever a new field is about: somebody has to say that it is no matter of the account.
        None => Content::NotUnderstood(
            value.value,
            format!("there is no field {}", error::quoted(field)),
        ),
    }
}

/// An answer of the Graph API: one object, or a list of them under `data`.
fn graph<'v>(
    answer: &Spot<'v>,
    at: Option<Timestamp>,
    account: &str,
) -> Result<Vec<Change<'v>>, AccountError> {
    let answers = match answer.member("data") {
        Some(data) => data.one_or_more(),
        None if answer.value.is_array() => answer.items()?,
        None => vec![answer.clone()],
    };
    let mut changes = Vec::with_capacity(answers.len());
    for answer in answers {
        let about = other::answer_about(answer.value);
        let kind = event::graph_kind(answer.value).filter(|_| about.is_none());
        let content = match kind {
            _ if about.is_some() => Content::Passed(about),
            Some(kind) => Content::Event(kind, answer.clone()),
            None => Content::NotUnderstood(
                answer.value,
                "not a known answer of the Graph API".to_owned(),
            ),
        };
        // Only an account's own answer carries the account's id; a number's or a template's is its
        // own.
        let account = match (kind, answer.member("id")) {
            (Some(Kind::GraphAccount), Some(id)) => {
                id.name().ok().filter(|id| is_account_id(id)).unwrap_or_default()
            }
            _ => account.to_owned(),
        };
        changes.push(Change {
            path: answer.path.clone(),
            field: kind.map_or("graph", Kind::name).to_owned(),
            account,
            at,
            content,
            recipient: Vec::new(),
        });
    }
    Ok(changes)
}
