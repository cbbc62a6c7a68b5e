//! Which events lie in this envelope?
//!
//! In: one webhook, or one answer of the Graph API with the instant at which it was read. Out: its
//! changes, each with the place where it stood, so that each stands or falls alone. Nothing is
//! taken from a clock.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;

use cleartosend::expert::limits;
use cleartosend::expert::text::shortened;
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
    /// What has a member twice, and where.
    Repeated(&'v Value, String),
}

/// An envelope that was read.
pub(crate) struct Envelope {
    whole: Value,
    /// Changes that have a member twice: where each stands, and where its member.
    repeated: BTreeMap<String, String>,
}

impl Envelope {
    /// Reads JSON by its grammar, also where it has what no text or number can hold.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, AccountError> {
        let repeated = RefCell::new(BTreeMap::new());
        let read = |bytes: &[u8]| {
            repeated.borrow_mut().clear();
            parse(
                bytes,
                limits::ACCOUNT_EVENT_BYTES_MAX,
                limits::ACCOUNT_EVENT_DEPTH_MAX,
                Place::Root,
                &repeated,
            )
        };
        let whole = read(bytes).or_else(|problem| {
            // What is refused for its length is not looked at.
            let is_syntax = problem.code() == "account/syntax";
            match is_syntax.then(|| repaired(bytes)).flatten() {
                Some(repaired) => read(&repaired).map_err(|_| problem),
                None => Err(problem),
            }
        })?;
        Ok(Self { whole, repeated: repeated.into_inner() })
    }

    /// The changes, in their order. What has a member twice is not understood, and spoils no other.
    /// `received_at` is when the envelope was received, and when an
    /// answer of the Graph API was read where it is not wrapped with that.
    pub(crate) fn changes(
        &self,
        received_at: Option<Timestamp>,
    ) -> Result<Vec<Change<'_>>, AccountError> {
        let mut changes = self.all_changes(received_at)?;
        for change in &mut changes {
            let Some(member) = self.repeated.get(&change.path) else { continue };
            if change.account == TEST_ACCOUNT {
                continue;
            }
            let place = change.path.replace(['[', '.'], "/").replace(']', "");
            let whole = self.whole.pointer(&format!("/{place}")).unwrap_or(&Value::Null);
            let value = whole.get("value").filter(|value| value.is_object()).unwrap_or(whole);
            change.content = Content::Repeated(value, member.clone());
        }
        Ok(changes)
    }

    fn all_changes(&self, received_at: Option<Timestamp>) -> Result<Vec<Change<'_>>, AccountError> {
        let whole = &self.whole;
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
                    "`object` is {}, which is not a business account of WhatsApp",
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
    parse(bytes, bytes_max, depth_left, Place::Whole, &RefCell::default())
}

fn parse(
    bytes: &[u8],
    bytes_max: usize,
    depth_left: usize,
    place: Place<'_>,
    repeated: &RefCell<BTreeMap<String, String>>,
) -> Result<Value, AccountError> {
    if bytes.len() > bytes_max {
        return Err(error::too_large(bytes.len(), bytes_max));
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let refused = RefCell::new(None);
    let mut json = serde_json::Deserializer::from_slice(text);
    let seed = Strict { path: "", place, refused: &refused, repeated, depth_left };
    let read = seed.deserialize(&mut json).and_then(|value| json.end().map(|()| value));
    read.map_err(|problem| refused.take().unwrap_or_else(|| error::syntax(&problem)))
}

/// The same text without what its grammar allows and no value can hold: half of a pair of surrogates
/// becomes U+FFFD, and a number past all others a text that begins with it, which is read as no id
/// and no number. None where there is nothing of that.
fn repaired(text: &[u8]) -> Option<Vec<u8>> {
    const REPLACEMENT: &[u8] = b"\\uFFFD";
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    let mut in_text = false;
    let mut is_other = false;
    while let Some(first) = rest.first().copied() {
        let length = match (in_text, first) {
            (_, b'"') => {
                in_text = !in_text;
                1
            }
            (true, b'\\') => match surrogate(rest) {
                Some(0xd800..=0xdbff)
                    if rest.get(6..).and_then(surrogate).is_some_and(|low| low >= 0xdc00) =>
                {
                    12
                }
                Some(_) => {
                    out.extend_from_slice(REPLACEMENT);
                    rest = rest.get(6..).unwrap_or_default();
                    is_other = true;
                    continue;
                }
                None => 2,
            },
            (false, b'-' | b'0'..=b'9') => {
                let is_of_number =
                    |byte: &u8| matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E' | b'0'..=b'9');
                let length = rest.iter().take_while(|byte| is_of_number(byte)).count();
                let token = rest.get(..length).unwrap_or_default();
                if is_past_all(token) {
                    out.push(b'"');
                    out.extend_from_slice(REPLACEMENT);
                    out.extend_from_slice(token);
                    out.push(b'"');
                    rest = rest.get(length..).unwrap_or_default();
                    is_other = true;
                    continue;
                }
                length
            }
            _ => 1,
        };
        let (taken, left) = rest.split_at(length.min(rest.len()));
        out.extend_from_slice(taken);
        rest = left;
    }
    is_other.then_some(out)
}

/// The half of a pair that an escape at the beginning of a text writes.
fn surrogate(text: &[u8]) -> Option<u16> {
    let digits = text.strip_prefix(b"\\u")?.get(..4)?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let code = u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    (0xd800..=0xdfff).contains(&code).then_some(code)
}

/// Whether it is a number of JSON, and too large for any.
fn is_past_all(token: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(token) else { return false };
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let are_digits =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent = exponent.map(|text| text.strip_prefix(['+', '-']).unwrap_or(text));
    are_digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(are_digits)
        && exponent.is_none_or(are_digits)
        && text.parse::<f64>().is_ok_and(f64::is_infinite)
}

/// What a part of an envelope is.
#[derive(Clone, Copy)]
enum Place<'a> {
    /// The whole of an envelope.
    Root,
    /// The list of entries, or one that stands for it.
    Entries,
    Entry,
    /// The list of changes, or one that stands for it.
    Changes,
    /// An answer of the Graph API.
    Answer,
    /// The list within an answer.
    Data,
    /// Of the change that stands there.
    Within(&'a str),
    /// What stands or falls with the whole.
    Whole,
}

impl<'a> Place<'a> {
    /// The place of an item of a list that is here; `path` is that of the item.
    const fn item(self, path: &'a str) -> Self {
        match self {
            Self::Entries => Self::Entry,
            Self::Changes | Self::Answer | Self::Data => Self::Within(path),
            Self::Within(change) => Self::Within(change),
            Self::Root | Self::Entry | Self::Whole => Self::Whole,
        }
    }

    /// The place of a member of an object that is here; `path` is that of the object.
    fn member(self, path: &'a str, name: &str) -> Self {
        match (self, name) {
            (Self::Root, "entry") => Self::Entries,
            (Self::Root, "answer") => Self::Answer,
            (Self::Root | Self::Answer, "data") => Self::Data,
            (Self::Entries | Self::Entry, "changes") => Self::Changes,
            (Self::Root | Self::Entries | Self::Entry | Self::Answer | Self::Whole, _) => {
                Self::Whole
            }
            (Self::Changes | Self::Data, _) => Self::Within(path),
            (Self::Within(change), _) => Self::Within(change),
        }
    }
}

/// Reads any JSON, and refuses an object that has a member twice: which of the two another reader
/// would take, nobody knows. Within one change it spoils that change alone.
#[derive(Clone, Copy)]
struct Strict<'a> {
    path: &'a str,
    place: Place<'a>,
    /// Changes that have a member twice.
    repeated: &'a RefCell<BTreeMap<String, String>>,
    /// Our own error: serde's carries only text.
    refused: &'a RefCell<Option<AccountError>>,
    /// How many more levels there may be.
    depth_left: usize,
}

impl Strict<'_> {
    fn refuse<E: serde::de::Error>(&self, problem: AccountError, path: &str) -> E {
        let path = shortened(path, 120);
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
            let place = self.place.item(&path);
            match list.next_element_seed(Strict { path: &path, place, depth_left, ..self })? {
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
            let place = self.place.member(self.path, &name);
            let is_repeated = members.contains_key(&name);
            if is_repeated {
                let Place::Within(change) = place else {
                    return Err(self.refuse(error::repeated_member(), &path));
                };
                let mut repeated = self.repeated.borrow_mut();
                repeated.entry(change.to_owned()).or_insert_with(|| path.clone());
            }
            let value = map.next_value_seed(Strict { path: &path, place, depth_left, ..self })?;
            if !is_repeated {
                members.insert(name, value);
            }
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
            // Pages send messages so, and accounts nothing.
            let is_of_account = root.member("object").is_some_and(|object| {
                object.shown().eq_ignore_ascii_case("whatsapp_business_account")
            });
            let is_passed = !is_of_account
                && ["messaging", "standby"].iter().any(|name| entry.member(name).is_some());
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

/// Whether a campaign document may name an account so, and it was read whole.
fn is_account_id(id: &str) -> bool {
    if id.contains('\u{fffd}') {
        return false;
    }
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
