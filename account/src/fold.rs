//! Which restrictions are in force, by all events about them?
//!
//! In: statements, each with its timestamp. Out: restrictions with their dates. The order in which
//! it came does not count.

use cleartosend::Timestamp;
use serde_json::{Map, Value, json};

use crate::book::Word;
use crate::fields::canonical;

/// What an event says of restrictions and bans.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Standing {
    /// Nothing stands against sending.
    Healthy,
    /// The account is as it was before.
    Reinstated,
    /// An appeal succeeded; of one kind, or of all.
    Appealed { kind: Option<String> },
    /// The number is banned, or it is not.
    NumberBan { banned: bool },
    /// A payment fails, which stops business-initiated messages.
    Payment,
    /// These restrictions are in force, and no others of their track.
    Restrictions { list: Vec<Listed> },
    /// The account is stopped; how is not given.
    Stopped,
    /// WhatsApp refuses to send, since something stops the account; what, the code does not tell.
    Refused,
    /// The account was deleted.
    Deleted,
    /// The account is disabled from `since` on.
    Ban { since: Timestamp },
}

/// One restriction of a list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Listed {
    /// A restriction kind of the schema; none where it is not known which.
    pub(crate) kind: Option<String>,
    /// Until when; none where that is not given.
    pub(crate) until: Option<Timestamp>,
}

impl Standing {
    /// As a word of a register.
    pub(crate) fn word(&self) -> Word {
        let value = match self {
            Self::Healthy => json!({"is": "healthy"}),
            Self::Reinstated => json!({"is": "reinstated"}),
            Self::Appealed { kind } => json!({"is": "appealed", "kind": kind}),
            Self::NumberBan { banned: true } => json!({"is": "number_banned"}),
            Self::NumberBan { banned: false } => json!({"is": "number_not_banned"}),
            Self::Payment => json!({"is": "payment_failing"}),
            Self::Stopped => json!({"is": "stopped"}),
            Self::Refused => json!({"is": "refused"}),
            Self::Deleted => json!({"is": "deleted"}),
            Self::Ban { since } => json!({"is": "disabled", "since": since.to_string()}),
            Self::Restrictions { list } => {
                let list: Vec<Value> = list
                    .iter()
                    .map(|listed| {
                        let until = listed.until.map(|until| until.to_string());
                        json!({"kind": listed.kind, "until": until})
                    })
                    .collect();
                json!({"is": "restricted", "list": list})
            }
        };
        Word::Json(canonical(&value).into())
    }

    /// As a word that says beside it what the event named.
    pub(crate) fn word_beside(word: &Word, what: &str, name: &str) -> Word {
        let mut value = word.value();
        if let Some(members) = value.as_object_mut() {
            members.insert(what.to_owned(), name.into());
        }
        Word::Json(canonical(&value).into())
    }

    /// What stands so beside a word.
    pub(crate) fn beside(word: &Word, what: &str) -> Option<String> {
        // Most words have nothing beside them.
        let Word::Json(text) = word else { return None };
        if !text.contains(what) {
            return None;
        }
        word.value().get(what).and_then(Value::as_str).map(str::to_owned)
    }

    /// What a word of a register says; one that is not understood stops.
    pub(crate) fn of(word: &Word) -> Self {
        Self::read(&word.value()).unwrap_or(Self::Stopped)
    }

    fn read(value: &Value) -> Option<Self> {
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let instant = |value: Option<&Value>| match value {
            None | Some(Value::Null) => Some(None),
            Some(value) => Timestamp::parse(value.as_str()?).ok().map(Some),
        };
        Some(match text("is")? {
            "healthy" => Self::Healthy,
            "reinstated" => Self::Reinstated,
            "appealed" => Self::Appealed { kind: text("kind").map(str::to_owned) },
            "number_banned" => Self::NumberBan { banned: true },
            "number_not_banned" => Self::NumberBan { banned: false },
            "payment_failing" => Self::Payment,
            "stopped" => Self::Stopped,
            "refused" => Self::Refused,
            "deleted" => Self::Deleted,
            "disabled" => Self::Ban { since: instant(value.get("since"))?? },
            "restricted" => {
                let list = value.get("list")?.as_array()?;
                let listed = |item: &Value| {
                    let kind = item.get("kind").and_then(Value::as_str).map(str::to_owned);
                    Some(Listed { kind, until: instant(item.get("until"))? })
                };
                Self::Restrictions { list: list.iter().map(listed).collect::<Option<_>>()? }
            }
            _ => return None,
        })
    }

    /// Whether it stands against sending.
    pub(crate) fn stops(&self) -> bool {
        match self {
            Self::Healthy
            | Self::Reinstated
            | Self::Appealed { .. }
            | Self::NumberBan { banned: false } => false,
            Self::Restrictions { list } => !list.is_empty(),
            Self::NumberBan { banned: true }
            | Self::Payment
            | Self::Stopped
            | Self::Refused
            | Self::Deleted
            | Self::Ban { .. } => true,
        }
    }

    /// Within a second what stops comes last, so that it holds.
    const fn rank(&self) -> u8 {
        match self {
            Self::Healthy => 0,
            Self::NumberBan { banned: false } => 1,
            Self::Reinstated => 2,
            Self::Appealed { .. } => 3,
            Self::Restrictions { .. } => 4,
            Self::Payment => 5,
            Self::Ban { .. } => 6,
            Self::Deleted => 7,
            Self::NumberBan { banned: true } => 8,
            Self::Refused => 9,
            Self::Stopped => 10,
        }
    }

    /// For people.
    pub(crate) fn sentence(&self, at: Timestamp) -> String {
        match self {
            Self::Restrictions { list } if list.is_empty() => format!("no restrictions from {at}"),
            Self::Restrictions { list } => {
                let list: Vec<String> = list.iter().map(Listed::sentence).collect();
                format!("restricted from {at}: {}", list.join(", "))
            }
            Self::Ban { since } => format!("account_disabled from {since}"),
            Self::Reinstated => format!("reinstated at {at}"),
            Self::Appealed { kind: Some(kind) } => format!("{kind} ended by an appeal at {at}"),
            Self::Appealed { kind: None } => format!("all restrictions ended by an appeal at {at}"),
            Self::Healthy => format!("can send at {at}"),
            Self::Payment => {
                format!("no business-initiated messages from {at}, since the payment fails")
            }
            Self::NumberBan { banned: true } => format!("number_banned from {at}"),
            Self::NumberBan { banned: false } => format!("not banned from {at}"),
            Self::Stopped | Self::Refused => {
                format!("stopped at {at} in an unknown way until an event tells more")
            }
            Self::Deleted => format!("deleted at {at}"),
        }
    }
}

impl Listed {
    fn sentence(&self) -> String {
        let kind = self.kind.as_deref().unwrap_or("an unknown kind");
        match self.until {
            Some(until) => format!("{kind} until {until}"),
            None => format!("{kind} until an unknown instant"),
        }
    }
}

/// A statement, its time, and the number of the account that it is about, if it is about one.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub(crate) at: Timestamp,
    pub(crate) number: Option<String>,
    pub(crate) standing: Standing,
}

/// The restrictions of an account.
#[derive(Debug, Default)]
pub(crate) struct Restrictions {
    /// In the order of their beginnings.
    pub(crate) list: Vec<Restriction>,
    /// Whether the list is complete: the whole list was given, or that there are none.
    pub(crate) complete: bool,
}

/// A restriction, in force at `since <= at < until`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Restriction {
    /// A restriction kind of the schema; none where it is not known which.
    pub(crate) kind: Option<String>,
    /// From when; none where that is not known.
    pub(crate) since: Option<Timestamp>,
    pub(crate) until: Until,
    pub(crate) origin: Origin,
    /// Of which kind it is, if it goes on at all, where `kind` is not known.
    pub(crate) perhaps: Option<String>,
}

/// Until when a restriction is in force.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Until {
    At(Timestamp),
    /// Until an event ends it.
    Open,
    Unknown,
}

/// Where a restriction comes from, which says what ends it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Origin {
    /// The account as it was before any event.
    Base,
    /// A list of restrictions.
    List,
    /// A list of restrictions that names a number.
    ListOfNumber(String),
    /// The account is disabled.
    Ban,
    /// A number is banned.
    Number(String),
    /// Something stopped the account, and nobody knows what.
    Failure,
    /// As [`Self::Failure`], by a code alone, which another stop may explain.
    Refusal,
    /// The account was deleted, and no event says that it is there again.
    Deletion,
    /// A payment fails.
    Payment,
}

impl Restriction {
    /// Whether it may be in force at that instant or later.
    fn outlasts(&self, at: Timestamp) -> bool {
        match self.until {
            Until::At(until) => until > at,
            Until::Open | Until::Unknown => true,
        }
    }

    fn covers(&self, at: Timestamp) -> bool {
        self.since.is_some_and(|since| since <= at) && self.outlasts(at)
    }

    fn begins_after(&self, at: Timestamp) -> bool {
        self.since.is_some_and(|since| since >= at)
    }

    /// What ended before it began was never in force.
    pub(crate) fn is_ever(&self) -> bool {
        !matches!((self.since, self.until), (Some(since), Until::At(until)) if until <= since)
    }

    pub(crate) fn to_value(&self) -> Value {
        let mut written = Map::new();
        // What is not known is left out, which says just that; `null` is for good, or until an
        // event ends it.
        if let Some(kind) = &self.kind {
            written.insert("kind".into(), kind.clone().into());
        }
        if let Some(since) = self.since {
            written.insert("since".into(), since.to_string().into());
        }
        match self.until {
            Until::At(until) => written.insert("until".into(), until.to_string().into()),
            Until::Open => written.insert("until".into(), Value::Null),
            Until::Unknown => None,
        };
        Value::Object(written)
    }
}

const DAY_SECONDS: i64 = 86_400;

/// Folds all statements.
pub(crate) fn fold(base: Vec<Restriction>, mut said: Vec<Said>) -> Restrictions {
    said.sort_by_key(|said| (said.at.seconds(), said.standing.rank(), said.at.nanos()));
    let mut known = Restrictions { list: base, complete: false };
    for Said { at, number, standing } in said {
        match standing {
            Standing::Restrictions { list } => known.replace(at, &list),
            Standing::Ban { since } => known.ban(at, since),
            Standing::Reinstated => {
                known.end(at, |entry| {
                    matches!(entry.origin, Origin::Ban | Origin::Failure | Origin::Refusal)
                        || entry.origin == Origin::Base
                            && matches!(
                                entry.kind.as_deref(),
                                Some("account_disabled" | "account_locked")
                            )
                });
                // As before: without what the ban was for, or with it, nobody says.
                known.doubt(at);
                known.doubt_deletion(at);
            }
            Standing::Appealed { kind } => {
                // What is of no known kind may be of any other.
                known.end(at, |entry| {
                    kind.is_none()
                        || entry.kind.as_ref().or(entry.perhaps.as_ref()) == kind.as_ref()
                });
            }
            Standing::Healthy => {
                known.complete = true;
                known.end(at, |entry| match entry.origin {
                    Origin::Failure | Origin::Refusal | Origin::Deletion | Origin::Payment => true,
                    // A ban that is yet to come says nothing against sending now.
                    Origin::Ban => entry.since.is_some_and(|since| since <= at),
                    _ => false,
                });
                known.doubt(at);
            }
            Standing::NumberBan { banned } => {
                known.number_ban(at, number.unwrap_or_default(), banned);
            }
            Standing::Payment => known.payment(at),
            Standing::Stopped => known.stopped(at),
            Standing::Refused => known.refused(at),
            Standing::Deleted => known.deleted(at),
        }
    }
    known.list.sort_by(|a, b| (a.since, &a.kind).cmp(&(b.since, &b.kind)));
    known
}

impl Restrictions {
    /// A new list stands for the whole. WhatsApp does not say so plainly: what an earlier list had
    /// and this one has not may be over or go on, so that until its end nobody knows. Only an empty
    /// list says that nothing is left. What no list told, no list ends: a stop of unknown kind may be
    /// another than those of lists.
    fn replace(&mut self, at: Timestamp, list: &[Listed]) {
        self.complete = true;
        // Codes come before the event that tells why messages are refused.
        if list.iter().any(|listed| explains(listed.kind.as_deref())) {
            self.end(at, |entry| {
                let is_just_before = entry.since.is_some_and(|since| {
                    at.seconds().saturating_sub(since.seconds()) <= DAY_SECONDS
                });
                entry.origin == Origin::Refusal && is_just_before
            });
        }
        let mut doubtful = Vec::new();
        let mut continued = vec![false; list.len()];
        for entry in &mut self.list {
            let replaceable = entry.origin == Origin::List
                || entry.origin == Origin::Base && is_of_lists(entry.kind.as_deref());
            if !replaceable || !entry.covers(at) {
                continue;
            }
            if list.is_empty() {
                entry.until = Until::At(at);
            } else if entry.kind.is_none() {
                // It was doubtful before, and stays so.
            } else if let Some(place) = list.iter().position(|listed| listed.kind == entry.kind) {
                if let (Some(continued), Some(listed)) = (continued.get_mut(place), list.get(place))
                {
                    *continued = true;
                    entry.until = end_of(listed, entry.since.unwrap_or(at));
                }
            } else if !stops_messages(entry.kind.as_deref()) {
                // Whether it goes on or not, no message depends on it.
            } else {
                doubtful.push(entry.doubted(at));
            }
        }
        for (listed, continued) in list.iter().zip(continued) {
            if !continued {
                // Told after its end: how long it had been in force is not known.
                let since = listed.until.map_or(at, |until| until.min(at));
                let until = end_of(listed, since);
                self.list.push(Restriction {
                    kind: listed.kind.clone(),
                    since: Some(since),
                    until,
                    origin: Origin::List,
                    perhaps: None,
                });
            }
        }
        self.list.append(&mut doubtful);
    }

    /// Of what a list restricts and goes on at that instant, nobody knows whether it still does.
    fn doubt(&mut self, at: Timestamp) {
        let mut doubtful = Vec::new();
        for entry in &mut self.list {
            let is_listed = entry.origin == Origin::List
                || entry.origin == Origin::Base && is_of_lists(entry.kind.as_deref());
            if is_listed
                && entry.kind.is_some()
                && stops_messages(entry.kind.as_deref())
                && entry.kind.as_deref() != Some("utility_templates")
                && entry.covers(at)
            {
                doubtful.push(entry.doubted(at));
            }
        }
        self.list.append(&mut doubtful);
    }

    /// What was deleted may not be what was reinstated.
    fn doubt_deletion(&mut self, at: Timestamp) {
        let mut doubtful = Vec::new();
        for entry in &mut self.list {
            if entry.origin == Origin::Deletion && entry.kind.is_some() && entry.covers(at) {
                doubtful.push(entry.doubted(at));
            }
        }
        self.list.append(&mut doubtful);
    }

    /// A date that has not come is replaced by a newer word; what has begun has begun.
    fn ban(&mut self, at: Timestamp, since: Timestamp) {
        let open = self
            .list
            .iter_mut()
            .find(|entry| entry.origin == Origin::Ban && entry.until == Until::Open);
        match open {
            Some(entry) => {
                entry.since = Some(
                    entry
                        .since
                        .filter(|begun| *begun <= at)
                        .map_or(since, |begun| begun.min(since)),
                );
            }
            None => self.list.push(Restriction {
                kind: Some("account_disabled".into()),
                since: Some(since),
                until: Until::Open,
                origin: Origin::Ban,
                perhaps: None,
            }),
        }
    }

    fn number_ban(&mut self, at: Timestamp, number: String, banned: bool) {
        let origin = Origin::Number(number);
        let open =
            self.list.iter().any(|entry| entry.origin == origin && entry.until == Until::Open);
        if !banned {
            self.end(at, |entry| entry.origin == origin);
        } else if !open {
            self.list.push(Restriction {
                kind: Some("number_banned".into()),
                since: Some(at),
                until: Until::Open,
                origin,
                perhaps: None,
            });
        }
    }

    fn payment(&mut self, at: Timestamp) {
        let open = |entry: &Restriction| entry.origin == Origin::Payment && entry.outlasts(at);
        if !self.list.iter().any(open) {
            self.list.push(Restriction {
                kind: Some("business_initiated".into()),
                since: Some(at),
                until: Until::Open,
                origin: Origin::Payment,
                perhaps: None,
            });
        }
    }

    /// Something is in force, and nobody knows what nor until when.
    fn stopped(&mut self, at: Timestamp) {
        if !self.list.iter().any(|entry| entry.origin == Origin::Failure && entry.covers(at)) {
            self.stop(at, Origin::Failure);
        }
    }

    /// What is known to be in force explains a refusal; else something is.
    fn refused(&mut self, at: Timestamp) {
        let stops = |entry: &Restriction| {
            // What stops one number, or some messages, may leave the others.
            let is_of_all = !matches!(entry.origin, Origin::Number(_) | Origin::Payment);
            is_of_all
                && (entry.kind.is_none() || explains(entry.kind.as_deref()))
                && entry.covers(at)
        };
        if !self.list.iter().any(stops) {
            self.stop(at, Origin::Refusal);
        }
    }

    fn stop(&mut self, at: Timestamp, origin: Origin) {
        self.list.push(Restriction {
            kind: None,
            since: Some(at),
            until: Until::Unknown,
            origin,
            perhaps: None,
        });
    }

    fn deleted(&mut self, at: Timestamp) {
        if !self.list.iter().any(|entry| entry.origin == Origin::Deletion && entry.outlasts(at)) {
            self.list.push(Restriction {
                kind: Some("account_disabled".into()),
                since: Some(at),
                until: Until::Open,
                origin: Origin::Deletion,
                perhaps: None,
            });
        }
    }

    /// Ends what goes on at that instant, and drops what would have begun after it.
    fn end(&mut self, at: Timestamp, ends: impl Fn(&Restriction) -> bool) {
        self.list.retain(|entry| !(ends(entry) && entry.begins_after(at)));
        for entry in self.list.iter_mut().filter(|entry| ends(entry)) {
            if entry.outlasts(at) {
                entry.until = Until::At(at);
            }
        }
    }
}

impl Restriction {
    /// Ends it at that instant, and gives what may go on of it.
    fn doubted(&mut self, at: Timestamp) -> Self {
        let rest = Self {
            kind: None,
            since: Some(at),
            until: self.until,
            origin: self.origin.clone(),
            perhaps: self.kind.clone(),
        };
        self.until = Until::At(at);
        rest
    }
}

fn end_of(listed: &Listed, since: Timestamp) -> Until {
    listed.until.map_or(Until::Unknown, |until| Until::At(until.max(since)))
}

/// The kinds that lists of restrictions tell, and that an event may therefore replace.
fn is_of_lists(kind: Option<&str>) -> bool {
    let lists = [
        "business_initiated",
        "customer_initiated",
        "all_messaging",
        "add_phone_number",
        "utility_templates",
        "direct_send",
        "calling",
        "other",
    ];
    kind.is_some_and(|kind| lists.contains(&kind))
}

/// Whether a restriction of that kind may be why all messages of an account are refused.
fn explains(kind: Option<&str>) -> bool {
    let kinds = [
        "account_disabled",
        "account_locked",
        "all_messaging",
        "business_initiated",
        "customer_initiated",
    ];
    kind.is_some_and(|kind| kinds.contains(&kind))
}

/// Whether some message may depend on a restriction of that kind.
fn stops_messages(kind: Option<&str>) -> bool {
    !matches!(kind, Some("add_phone_number" | "calling"))
}
