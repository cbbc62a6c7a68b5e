//! How is a state written, and what does it say of a campaign?
//!
//! A state is one JSON object. `account` is exactly what a campaign document holds under that name.
//! `history` holds what all else follows from: `base`, the account as it was before any event, and
//! the events. The other members are views, written for readers and not read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::effects::{self, Of, STOPPED};
use super::error::{self, AccountError};
use super::event::{Event, Kind};
use super::fields::{Spot, canonical, digits};
use super::fold::{Known, Origin, Restriction, Until};
use super::{State, envelope, gathered};
use crate::facts::{Facts, FactsError};
use crate::limits;
use crate::schema::{AttributeId, Schema, attributes as id};
use crate::text::shortened;
use crate::time::Timestamp;
use crate::value::{Fact, Value as FactValue};

/// The account as it was before any event.
#[derive(Clone, Debug, Default)]
pub(super) struct Base {
    pub(super) account: Map<String, Value>,
    pub(super) restrictions: Vec<Restriction>,
}

impl Base {
    fn of(account: Map<String, Value>) -> Result<Self, AccountError> {
        let schema = Schema::built_in();
        let document = json!({ "account": account }).to_string();
        let facts = Facts::from_json_without_send_at(&schema, document.as_bytes())
            .map_err(|problem| error::facts(&problem))?;
        let entries = facts.collection(id::RESTRICTIONS).unwrap_or_default();
        let restrictions = entries.iter().map(|entry| restriction(entry)).collect();
        Ok(Self { account, restrictions })
    }
}

fn restriction(entry: &[Fact]) -> Restriction {
    let instant = |fact: Option<&Fact>| match fact {
        Some(Fact::Value(FactValue::Timestamp(at))) => Some(*at),
        _ => None,
    };
    let until = match entry.get(2) {
        Some(Fact::Absent) => Until::Open,
        other => instant(other).map_or(Until::Unknown, Until::At),
    };
    let kind = entry.first().and_then(Fact::text).map(str::to_owned);
    Restriction { kind, since: instant(entry.get(1)), until, origin: Origin::Base }
}

const MEMBERS: [&str; 8] =
    ["account", "errors", "history", "notices", "numbers", "recipients", "templates", "unknown"];
const HISTORY_MEMBERS: [&str; 3] = ["base", "events", "forgotten_until"];
const EVENT_MEMBERS: [&str; 4] = ["account", "at", "field", "value"];

pub(super) fn read(bytes: &[u8]) -> Result<State, AccountError> {
    let whole =
        envelope::json(bytes, limits::ACCOUNT_STATE_BYTES_MAX, limits::ACCOUNT_STATE_DEPTH_MAX)?;
    let root = Spot::new(&whole, "");
    check_members(&root, &MEMBERS)?;
    let object = |spot: Option<Spot<'_>>| spot.map(|spot| spot.object().cloned()).transpose();
    let account = object(root.member("account"))?;
    let Some(history) = root.member("history") else {
        let base = Base::of(account.unwrap_or_default())?;
        return Ok(State { base, ..State::default() });
    };
    check_members(&history, &HISTORY_MEMBERS)?;
    let base = Base::of(object(history.member("base"))?.unwrap_or_default())
        .map_err(|problem| problem.under("history"))?;
    let forgotten_until =
        history.member("forgotten_until").map(|until| until.instant()).transpose()?;
    let mut state = State { base, events: BTreeSet::new(), forgotten_until };
    for item in history.required("events", "a list of events")?.items()? {
        state.events.insert(read_event(&item)?);
    }
    if state.events.len() > limits::ACCOUNT_EVENTS_MAX + limits::ACCOUNT_SUPERSEDED_MAX {
        return Err(error::too_many_events());
    }
    if let Some(account) = account {
        state.base = merged(&state, &account)?;
    }
    Ok(state)
}

fn check_members(spot: &Spot<'_>, known: &[&str]) -> Result<(), AccountError> {
    match spot.object()?.keys().find(|name| !known.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => {
            let shown = shortened(name, 60);
            let dot = if spot.path.is_empty() { "" } else { "." };
            Err(error::unknown_member(name, known).at(&format!("{}{dot}{shown}", spot.path)))
        }
    }
}

fn read_event(item: &Spot<'_>) -> Result<Event, AccountError> {
    check_members(item, &EVENT_MEMBERS)?;
    let at = item.required("at", "an instant")?.instant()?;
    let account =
        item.member("account").map(|account| account.name()).transpose()?.unwrap_or_default();
    let field = item.required("field", "the label of the change")?.text()?.to_owned();
    let value = item.required("value", "an object")?;
    value.object()?;
    let event = Event::new(at, account, field, value.value.clone());
    effects::read(&event, &value.path)?;
    Ok(event)
}

/// The base with what was changed by hand among the members that no event tells.
fn merged(state: &State, account: &Map<String, Value>) -> Result<Base, AccountError> {
    let known = state.known(state.last_event_at());
    let told = account_of(&Base::default(), state, &known, None);
    let whole = account_of(&state.base, state, &known, None);
    let mut base = state.base.account.clone();
    let names: BTreeSet<&String> = account.keys().chain(whole.keys()).collect();
    for name in names {
        let (found, expected) = (account.get(name), whole.get(name));
        if found.map(canonical) == expected.map(canonical) {
            continue;
        }
        if let Some(told) = told.get(name) {
            let nothing = Value::Null;
            return Err(error::edited(found.unwrap_or(&nothing), expected.unwrap_or(told))
                .at(&format!("account.{name}")));
        }
        match found {
            Some(found) => base.insert(name.clone(), found.clone()),
            None => base.remove(name),
        };
    }
    Base::of(base)
}

pub(super) fn write(state: &State) -> String {
    let known = state.known(state.last_event_at());
    let events: Vec<Value> = state.events.iter().map(write_event).collect();
    let mut history = json!({"base": state.base.account, "events": events});
    if let (Some(until), Some(history)) = (state.forgotten_until, history.as_object_mut()) {
        history.insert("forgotten_until".into(), until.to_string().into());
    }
    let mut document = Map::new();
    document.insert("account".into(), account(state, &known, None));
    document.insert("history".into(), history);
    let mut view = |name: &str, view: Value| {
        let empty = view.as_object().is_some_and(Map::is_empty)
            || view.as_array().is_some_and(Vec::is_empty);
        if !empty {
            document.insert(name.to_owned(), view);
        }
    };
    view(
        "numbers",
        by_name(gathered(&known, |of| {
            if let Of::Number(number) = of { Some(number.clone()) } else { None }
        })),
    );
    view(
        "recipients",
        by_name(gathered(&known, |of| {
            if let Of::Recipient(recipient) = of { Some(recipient.clone()) } else { None }
        })),
    );
    view(
        "errors",
        by_name(gathered(&known, |of| {
            if let Of::Error(code) = of { Some(code.to_string()) } else { None }
        })),
    );
    view(
        "notices",
        by_name(gathered(&known, |of| {
            if let Of::Notice(notice) = of { Some(notice.clone()) } else { None }
        })),
    );
    view("templates", templates(&known));
    let unknown = state
        .events
        .iter()
        .filter(|event| effects::read(event, "").is_ok_and(|reading| reading.kind.is_none()));
    view("unknown", unknown.map(write_event).collect());
    canonical(&Value::Object(document))
}

fn write_event(event: &Event) -> Value {
    let mut written =
        json!({"at": event.at.to_string(), "field": event.field, "value": event.value});
    if let (false, Some(written)) = (event.account.is_empty(), written.as_object_mut()) {
        written.insert("account".into(), event.account.clone().into());
    }
    written
}

/// Things of which nothing is known any more are left out.
fn by_name(things: BTreeMap<String, Map<String, Value>>) -> Value {
    things
        .into_iter()
        .filter(|(_, members)| !members.is_empty())
        .map(|(name, members)| (name, Value::Object(members)))
        .collect::<Map<_, _>>()
        .into()
}

fn templates(known: &Known) -> Value {
    let things = gathered(known, |of| match of {
        Of::Template(name, language) => Some((name.clone(), language.clone())),
        _ => None,
    });
    let written = things.into_iter().map(|((name, language), mut members)| {
        members.insert("name".into(), name.into());
        members.insert("language".into(), language.into());
        Value::Object(members)
    });
    written.collect()
}

/// The account as a campaign document has it.
pub(super) fn account(state: &State, known: &Known, number: Option<&str>) -> Value {
    Value::Object(account_of(&state.base, state, known, number))
}

/// What a number's own events tell of the account that sends from it.
const OF_NUMBERS: [&str; 5] =
    ["quality", "display_name", "number_status", "coexistence", "daily_limit"];

fn account_of(
    base: &Base,
    state: &State,
    known: &Known,
    number: Option<&str>,
) -> Map<String, Value> {
    let schema = Schema::built_in();
    let mut account = base.account.clone();
    let mut tell = |member: &str, value: &Value| {
        // A register for which the schema has no attribute is seen in the views only.
        if schema.id(&format!("account.{member}")).is_some() {
            if value.is_null() {
                account.remove(member);
            } else {
                account.insert(member.to_owned(), value.clone());
            }
        }
    };
    for (key, (_, value)) in known.told.iter().filter(|(key, _)| key.of == Of::Account) {
        tell(key.member, value);
    }
    let number = number.or_else(|| base.account.get("phone").and_then(Value::as_str)).map(digits);
    for member in OF_NUMBERS {
        if let Some((at, value)) = of_numbers(known, member, number.as_deref()) {
            let of_account =
                known.told.iter().find(|(key, _)| key.of == Of::Account && key.member == member);
            if of_account.is_none_or(|(_, (told_at, _))| *told_at < at) {
                tell(member, &value);
            }
        }
    }
    if let (None, Some(id)) = (account.get("id"), state.account_id()) {
        account.insert("id".into(), id.into());
    }
    // A review says where an account begins: before it there was nothing to restrict and nothing to
    // violate.
    let began = state
        .events
        .iter()
        .any(|event| super::event::kind(&event.field, &event.value) == Some(Kind::AccountReview));
    let shown = known.restrictions.iter().filter(|entry| match (&entry.origin, &number) {
        (Origin::Number(banned), Some(number)) => banned == number,
        (Origin::Base, _) => !base.restrictions.is_empty(),
        _ => true,
    });
    // What ended before it began was never in force.
    let is_ever = |entry: &&Restriction| !matches!((entry.since, &entry.until), (Some(since), Until::At(until)) if *until <= since);
    let restrictions: Vec<Value> = shown.filter(is_ever).map(write_restriction).collect();
    if began
        || known.restrictions_complete
        || !restrictions.is_empty()
        || account.contains_key("restrictions")
    {
        account.insert("restrictions".into(), restrictions.into());
    }
    let told =
        known.violations.iter().map(|(at, kind)| json!({"kind": kind, "at": at.to_string()}));
    let given =
        base.account.get("violations").and_then(Value::as_array).cloned().unwrap_or_default();
    let violations: Vec<Value> = given.into_iter().chain(told).collect();
    if began || !violations.is_empty() {
        account.insert("violations".into(), violations.into());
    }
    account
}

/// What the sending number tells; what all numbers agree on, where it is not said which one sends.
/// Null where they differ.
fn of_numbers(known: &Known, member: &str, number: Option<&str>) -> Option<(Timestamp, Value)> {
    let mut told =
        known.told.iter().filter(|(key, _)| key.member == member).filter_map(|(key, told)| {
            match &key.of {
                Of::Number(own) if number.is_none_or(|number| number == own) => Some(told.clone()),
                _ => None,
            }
        });
    let first = told.next()?;
    Some(told.fold(first, |(at, value), (other_at, other)| {
        (at.max(other_at), if value == other { value } else { Value::Null })
    }))
}

/// What is not known is left out, which says just that; `null` is for good, or until an event ends
/// it.
fn write_restriction(restriction: &Restriction) -> Value {
    let mut written = Map::new();
    if let Some(kind) = &restriction.kind {
        written.insert("kind".into(), kind.clone().into());
    }
    if let Some(since) = restriction.since {
        written.insert("since".into(), since.to_string().into());
    }
    match restriction.until {
        Until::At(until) => written.insert("until".into(), until.to_string().into()),
        Until::Open => written.insert("until".into(), Value::Null),
        Until::Unknown => None,
    };
    Value::Object(written)
}

pub(super) fn tell(state: &State, facts: &mut Facts) -> Result<(), FactsError> {
    let schema = Arc::clone(facts.schema());
    let known = state.known(facts.send_at().or_else(|| state.last_event_at()));
    let text_of =
        |id: Option<AttributeId>| id.and_then(|id| facts.fact(id).text()).map(str::to_owned);
    let number = text_of(schema.id("account.phone"));
    let mut cleared = Vec::new();
    let mut document = Map::new();
    document.insert("account".into(), account(state, &known, number.as_deref()));
    if let Some(template) = text_of(Some(id::CAMPAIGN_TEMPLATE_NAME)) {
        document.insert("campaign".into(), campaign(&known, &template, &schema, &mut cleared));
    }
    let recipient_of =
        text_of(Some(id::RECIPIENT_PHONE)).or_else(|| text_of(Some(id::RECIPIENT_USER_ID)));
    if let Some(recipient_of) = recipient_of {
        document
            .insert("recipient".into(), recipient(&known, &recipient_of, &schema, &mut cleared));
    }
    let told =
        Facts::from_json_without_send_at(&schema, Value::Object(document).to_string().as_bytes())?;
    for (id, attribute) in schema.iter() {
        if let Fact::Value(value) = told.fact(id)
            && attribute.origin != crate::schema::Origin::Derived
        {
            facts.set(id, value.clone())?;
        }
    }
    for path in [id::RESTRICTIONS, id::VIOLATIONS] {
        if let Some(entries) = told.collection(path) {
            facts.set_collection(path, entries.to_vec())?;
        }
    }
    for id in cleared {
        facts.unset(id);
    }
    stop_marketing(&known, facts)?;
    #[cfg(feature = "screen")]
    if facts.scope() == crate::schema::Scope::Campaign {
        let marks = marks(&known, facts)?;
        facts.set_marks(marks);
    }
    Ok(())
}

/// What the state says of each recipient, as [`tell`] would say it of one: for audiences.
#[cfg(feature = "screen")]
fn marks(known: &Known, facts: &Facts) -> Result<crate::facts::Marks, FactsError> {
    let schema = facts.schema();
    let is_marketing = facts.fact(id::CAMPAIGN_CATEGORY).text() == Some("marketing");
    let mut marks = crate::facts::Marks::new();
    for (key, (_, value)) in &known.told {
        let Of::Recipient(recipient) = &key.of else { continue };
        let mark = match schema.id(&format!("recipient.{}", key.member)) {
            Some(id) if value.is_null() => Some((id, None)),
            Some(id) => {
                match crate::facts::fact_from_json(&value.to_string(), schema.attribute(id))? {
                    Fact::Value(value) => Some((id, Some(value))),
                    Fact::Absent | Fact::Unknown => None,
                }
            }
            None if key.member == STOPPED && !value.is_null() && is_marketing => {
                Some((id::RECIPIENT_OPTED_OUT, Some(FactValue::Bool(true))))
            }
            None => None,
        };
        if let Some(mark) = mark {
            marks.entry(recipient.as_str().into()).or_default().push(mark);
        }
    }
    Ok(marks)
}

/// What the state says of the campaign's template, over all its languages: the campaign does not
/// say which one is sent.
fn campaign(known: &Known, name: &str, schema: &Schema, cleared: &mut Vec<AttributeId>) -> Value {
    let mut campaign = Map::new();
    let mut template = Map::new();
    for (member, path) in [
        ("category", "campaign.category"),
        ("status", "campaign.template.status"),
        ("quality", "campaign.template.quality"),
        ("correct_category", "campaign.template.correct_category"),
    ] {
        let of_name = |of: &Of| matches!(of, Of::Template(own, _) if own == name);
        let mut told = known
            .told
            .iter()
            .filter(|(key, _)| key.member == member && of_name(&key.of))
            .map(|(_, (_, value))| value);
        let (Some(id), Some(first)) = (schema.id(path), told.next()) else { continue };
        let agreed = if told.all(|other| other == first) { first } else { &Value::Null };
        if agreed.is_null() {
            // A quality that is not told says nothing; a status that is no longer known must not be
            // taken for the one that was given.
            if member != "quality" {
                cleared.push(id);
            }
        } else if member == "category" {
            campaign.insert(member.to_owned(), agreed.clone());
        } else {
            template.insert(member.to_owned(), agreed.clone());
        }
    }
    campaign.insert("template".into(), Value::Object(template));
    Value::Object(campaign)
}

fn recipient(
    known: &Known,
    recipient: &str,
    schema: &Schema,
    cleared: &mut Vec<AttributeId>,
) -> Value {
    let mut members = Map::new();
    for (key, (_, value)) in
        known.told.iter().filter(|(key, _)| key.of == Of::Recipient(recipient.to_owned()))
    {
        if let Some(id) = schema.id(&format!("recipient.{}", key.member)) {
            if value.is_null() {
                cleared.push(id);
            } else {
                members.insert(key.member.to_owned(), value.clone());
            }
        }
    }
    Value::Object(members)
}

/// Where the schema has no attribute for it, a stop of marketing is an opt-out of a marketing
/// message, and of no other.
fn stop_marketing(known: &Known, facts: &mut Facts) -> Result<(), FactsError> {
    if facts.schema().id(&format!("recipient.{STOPPED}")).is_some()
        || facts.fact(id::CAMPAIGN_CATEGORY).text() != Some("marketing")
    {
        return Ok(());
    }
    let recipient =
        facts.fact(id::RECIPIENT_PHONE).text().or_else(|| facts.fact(id::RECIPIENT_USER_ID).text());
    let Some(recipient) = recipient.map(|recipient| Of::Recipient(recipient.to_owned())) else {
        return Ok(());
    };
    let stopped = known
        .told
        .iter()
        .any(|(key, (_, value))| key.of == recipient && key.member == STOPPED && !value.is_null());
    if stopped { facts.set(id::RECIPIENT_OPTED_OUT, FactValue::Bool(true)) } else { Ok(()) }
}
