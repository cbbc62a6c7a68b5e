//! What does this event say?
//!
//! In: one change. Out: a [`Reading`], dated words for the rows that they concern. Words of
//! WhatsApp become words of the schema here. The grave core of an event counts, whatever of its
//! details can be read: a detail that cannot is unknown, and a note says so.

use cleartosend::Timestamp;
use cleartosend::expert::digest::Digest;
use cleartosend::expert::text::shortened;
use cleartosend::schema::is_country;
use serde_json::{Value, json};

use crate::book::{Key, Point, Register, Word};
use crate::envelope::{Change, Content};
use crate::error::{self, AccountError};
use crate::event::{Kind, LIMITS};
use crate::fields::{Limit, SHOWN, Spot, canonical, digits, start_of_day};
use crate::fold::{Listed, Standing};
use crate::words::{self, Words};
use crate::{codes, graph, terms};

/// What one change says.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) account: String,
    pub(crate) at: Timestamp,
    /// Words for rows, in the order in which they stand in the change.
    pub(crate) points: Vec<(Key, Point)>,
    /// A sentence each.
    pub(crate) says: Vec<String>,
    /// What a reader should know of it.
    pub(crate) notes: Vec<String>,
    /// The kind of event, where it is known.
    pub(crate) kind: Option<Kind>,
    /// Why something about the account is not understood.
    pub(crate) doubt: Option<String>,
    /// Whether it concerns no account, and nothing was looked at.
    pub(crate) passed: bool,
}

/// Reads a change.
pub(crate) fn read(change: &Change<'_>) -> Reading {
    let mut reading = Reading {
        account: change.account.clone(),
        at: change.at.unwrap_or(Timestamp::MIN),
        points: Vec::new(),
        says: Vec::new(),
        notes: Vec::new(),
        kind: None,
        doubt: None,
        passed: false,
    };
    let value = match &change.content {
        Content::Passed(note) => {
            reading.passed = true;
            reading.notes.extend(note.clone());
            return reading;
        }
        Content::NotUnderstood(value, why) => {
            reading.doubts(why.clone());
            reading.keep_doubt(change, value);
            return reading;
        }
        Content::Event(kind, value) => {
            reading.kind = Some(*kind);
            event(&mut reading, *kind, value, change.at);
            value
        }
    };
    reading.keep_doubt(change, value.value);
    reading
}

fn event(reading: &mut Reading, kind: Kind, value: &Spot<'_>, at: Option<Timestamp>) {
    // These carry times of their own.
    match kind {
        Kind::MessageError => return messages(reading, value, at),
        Kind::Preferences => return preferences(reading, value, at),
        Kind::UserIdUpdate => return user_id_updates(reading, value, at),
        _ => {}
    }
    if at.is_none() {
        return reading.doubts(error::no_time().to_string());
    }
    reading.own_account(value);
    match kind {
        Kind::AccountUpdate => account_update(reading, value),
        Kind::AccountReview => {
            let key = reading.of_account();
            let decision = value.member("decision");
            let word = reading.word(decision, "decision", words::REVIEWS, "account.review");
            reading.tell(&key, Register::Review, word);
            reading.put(&key, Register::Began, Word::Bool(true));
        }
        Kind::AccountAlerts => account_alert(reading, value),
        Kind::BusinessCapability => business_capability(reading, value),
        Kind::NumberQuality => number_quality(reading, value),
        Kind::NumberName => {
            if let Some(number) = reading.number(value) {
                let decision = value.member("decision");
                let word = reading.word(
                    decision,
                    "decision",
                    words::NAME_DECISIONS,
                    "account.display_name",
                );
                reading.tell(&number, Register::DisplayName, word);
            }
        }
        Kind::TemplateStatus => template_status(reading, value),
        Kind::TemplateQuality => {
            if let Some(template) = reading.template(value) {
                let score = value.member("new_quality_score");
                let word =
                    reading.word(score, "quality", words::QUALITIES, "campaign.template.quality");
                reading.tell(&template, Register::Quality, word);
            }
        }
        Kind::TemplateCategory => template_category(reading, value),
        // Who asked for it is a person, and nothing depends on it.
        Kind::Security => match value.member("event") {
            Some(event) => {
                let key = reading.of_account();
                reading.notice(&key, &format!("security {}", event.shown()));
            }
            None => reading.doubts(error::missing("what happened").to_string()),
        },
        Kind::GraphAccount => graph::account(reading, value),
        Kind::GraphNumber => graph::number(reading, value),
        Kind::GraphTemplate => graph::template(reading, value),
        Kind::GraphHealth => graph::bare_health(reading, value),
        Kind::GraphError => graph::error(reading, value),
        Kind::Base => graph::base(reading, value),
        Kind::MessageError | Kind::Preferences | Kind::UserIdUpdate => {}
    }
}

impl Reading {
    pub(crate) fn of_account(&self) -> Key {
        Key::account(&self.account)
    }

    /// Adds a word without a sentence.
    pub(crate) fn put(&mut self, key: &Key, register: Register, word: Word) {
        self.put_at(key, register, self.at, word);
    }

    pub(crate) fn put_at(&mut self, key: &Key, register: Register, at: Timestamp, word: Word) {
        self.points.push((key.clone(), Point { register, at, word }));
    }

    /// Adds a word, and says it.
    pub(crate) fn tell(&mut self, key: &Key, register: Register, word: Word) {
        self.tell_at(key, register, self.at, word);
    }

    pub(crate) fn tell_at(&mut self, key: &Key, register: Register, at: Timestamp, word: Word) {
        let value = match &word {
            Word::Unknown | Word::Strange(_) => "not known".to_owned(),
            Word::Text(text) => shortened(text, SHOWN),
            other => other.value().to_string(),
        };
        self.says.push(format!("{}: {register} = {value} from {at}", thing(key)));
        self.put_at(key, register, at, word);
    }

    /// Adds what is said of restrictions and bans, and says it.
    pub(crate) fn stand(&mut self, key: &Key, standing: &Standing) {
        self.says.push(format!("{}: {}", thing(key), standing.sentence(self.at)));
        self.put(key, Register::Standing, standing.word());
    }

    pub(crate) fn notice(&mut self, key: &Key, what: &str) {
        self.tell(key, Register::Notices, Word::text(&shortened(what, SHOWN)));
    }

    /// A word that no table has.
    pub(crate) fn note(&mut self, what: &str, spot: &Spot<'_>) {
        self.notes.push(format!(
            "`{}`: unknown {what} {}",
            spot.path,
            error::quoted(&spot.shown())
        ));
    }

    /// What cannot be read, and is unknown therefore.
    pub(crate) fn problem(&mut self, problem: &AccountError) {
        self.notes.push(problem.to_string());
    }

    /// What concerns the account and is not understood: somebody has to look.
    pub(crate) fn doubts(&mut self, why: String) {
        self.notes.push(why.clone());
        self.doubt.get_or_insert(why);
    }

    /// Keeps the doubt in the account's row, until somebody acknowledges it. Of the event it keeps
    /// what it is called, and a digest by which it is told from others.
    fn keep_doubt(&mut self, change: &Change<'_>, value: &Value) {
        let Some(why) = self.doubt.clone() else { return };
        let event = value.get("event").and_then(Value::as_str).map(|event| shortened(event, SHOWN));
        let digest = Digest::of(canonical(value).as_bytes()).to_string();
        let kept = json!({
            "field": shortened(&change.field, SHOWN),
            "event": event,
            "why": shortened(&why, 120),
            "id": digest.get(7..23).unwrap_or_default(),
        });
        let key = self.of_account();
        self.put(&key, Register::NotUnderstood, Word::of(&kept));
        self.says.push(format!(
            "{}: not understood, so that checks ask for review until it is acknowledged",
            thing(&key)
        ));
    }

    /// A word of the schema for a word of WhatsApp; unknown, and a note, for one that is not known.
    pub(crate) fn word(
        &mut self,
        spot: Option<Spot<'_>>,
        what: &str,
        words: &Words,
        path: &str,
    ) -> Word {
        let Some(spot) = spot else {
            self.notes.push(format!("no {what} is given"));
            return Word::Unknown;
        };
        let known = spot.value.as_str().and_then(|text| words::of(words, text));
        match known {
            // The schema may have no word for a state that is known, or the state may be that
            // nothing is known.
            Some(candidates) => words::allowed(path, candidates).map_or(Word::Unknown, Word::text),
            None => {
                self.note(what, &spot);
                Word::Strange(spot.shown().into())
            }
        }
    }

    pub(crate) fn limit(&mut self, key: &Key, spot: &Spot<'_>) {
        let word = match spot.limit() {
            Ok(Limit::Known(limit)) => Word::of(&limit),
            // Nothing is said of the limit that there is.
            Ok(Limit::NotSet) => {
                self.notes.push(format!("`{}`: the limit is not set yet", spot.path));
                return;
            }
            Ok(Limit::Strange) | Err(_) => {
                self.note("limit", spot);
                Word::Strange(spot.shown().into())
            }
        };
        self.tell(key, Register::DailyLimit, word);
    }

    /// An account's id that the change itself gives goes before that of the entry: changes that
    /// concern partners come in an entry of the portfolio.
    fn own_account(&mut self, value: &Spot<'_>) {
        let Some(info) = value.member("waba_info") else { return };
        let id_of = |name: &str| info.member(name).and_then(|id| id.name().ok());
        match id_of("waba_id") {
            Some(id) if is_id(&id) => self.account = id,
            Some(_) => self.doubts("`waba_info.waba_id` is not an id".to_owned()),
            None => {}
        }
        if let Some(owner) = id_of("owner_business_id").filter(|id| is_id(id)) {
            let key = self.of_account();
            self.put(&key, Register::OfPortfolio, Word::text(&owner));
        }
    }

    /// The number that a change is about: its display number, else its id. Both are linked where
    /// both are given, and to the account.
    pub(crate) fn number(&mut self, value: &Spot<'_>) -> Option<Key> {
        let shown = ["display_phone_number", "phone_number", "display_number"]
            .iter()
            .find_map(|name| value.member(name))
            .and_then(|number| number.name().ok())
            .map(|number| digits(&number))
            .filter(|number| (2..=15).contains(&number.len()))
            .map(|number| format!("+{number}"));
        let id =
            value.member("phone_number_id").and_then(|id| id.name().ok()).filter(|id| is_id(id));
        self.link_number(shown.as_deref(), id.as_deref())
    }

    /// As [`Self::number`], of what is given already.
    pub(crate) fn link_number(&mut self, shown: Option<&str>, id: Option<&str>) -> Option<Key> {
        let Some(name) = shown.or(id) else {
            self.doubts("no number is named".to_owned());
            return None;
        };
        let key = Key::number(name);
        if let (Some(shown), Some(id)) = (shown, id) {
            self.put(&key, Register::SameAs, Word::text(id));
            self.put(&Key::number(id), Register::SameAs, Word::text(shown));
        }
        if !self.account.is_empty() {
            let account = self.account.clone();
            self.put(&key, Register::OfAccount, Word::text(&account));
            let of = self.of_account();
            self.put(&of, Register::Numbers, Word::text(name));
        }
        Some(key)
    }

    pub(crate) fn template(&mut self, value: &Spot<'_>) -> Option<Key> {
        let name = ["message_template_name", "name"]
            .iter()
            .find_map(|name| value.member(name))
            .and_then(|name| name.name().ok())
            .filter(|name| !name.is_empty());
        let Some(name) = name else {
            self.doubts("no template is named".to_owned());
            return None;
        };
        let language = ["message_template_language", "language"]
            .iter()
            .find_map(|name| value.member(name))
            .and_then(|language| language.name().ok())
            .unwrap_or_default();
        Some(Key::Template {
            account: self.account.as_str().into(),
            name: name.into(),
            language: language_of(&language).into(),
        })
    }
}

/// Whether a text is an id of WhatsApp's: digits, and no placeholder.
pub(crate) fn is_id(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && !text.trim_start_matches('0').is_empty()
}

/// A language as rows are named by it: `en-US` and `en_US` are one.
pub(crate) fn language_of(text: &str) -> String {
    text.trim().replace('-', "_").to_ascii_lowercase()
}

/// What a row is of, for people.
fn thing(key: &Key) -> String {
    match key {
        Key::Portfolio(id) => format!("portfolio {id}"),
        Key::Account(_) => "account".to_owned(),
        Key::Number(id) => format!("number {}", id.trim_start_matches('+')),
        Key::Template { name, language, .. } => format!("template {name} ({language})"),
        Key::Recipient { id, .. } => format!("recipient {id}"),
    }
}

fn account_update(reading: &mut Reading, value: &Spot<'_>) {
    let key = reading.of_account();
    // A reseller renames the member.
    let event = value.member("event").or_else(|| value.member("updateEvent"));
    let name = event.as_ref().and_then(|event| event.value.as_str()).unwrap_or_default().to_owned();
    let name = words::normalised(&name);
    let mut understood = true;
    match name.as_str() {
        "ACCOUNT_VIOLATION" => violation(reading, value.member("violation_info").as_ref()),
        "ACCOUNT_RESTRICTION" => restrictions(reading, value.member("restriction_info").as_ref()),
        "DISABLED_UPDATE" => disabled_update(reading, value.member("ban_info").as_ref()),
        "ACCOUNT_DELETED" => reading.stand(&key, &Standing::Ban { since: reading.at }),
        "COMPROMISED_NOTIFICATION" => {
            reading.stand(&key, &Standing::Stopped);
            reading.notice(&key, "compromised");
        }
        "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE" => {
            tell_country(reading, value.member("country").as_ref());
        }
        "PARTNER_REMOVED" | "PARTNER_APP_UNINSTALLED" => {
            reading.tell(&key, Register::Connection, Word::text("disconnected"));
            let info = value.member("disconnection_info");
            let reason = info.and_then(|info| info.member("reason")).map(|reason| reason.shown());
            reading.notice(&key, format!("{name} {}", reason.unwrap_or_default()).trim_end());
        }
        "ACCOUNT_OFFBOARDED" => {
            reading.tell(&key, Register::Connection, Word::text("offboarded"));
        }
        "PARTNER_ADDED" | "PARTNER_APP_INSTALLED" | "ACCOUNT_RECONNECTED" => {
            reading.tell(&key, Register::Connection, Word::text("connected"));
        }
        // Comes in the entry of the partner's portfolio, and says nothing of what may be sent.
        "PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE" => {
            let of = match value.member("waba_info") {
                Some(_) => key.clone(),
                None => Key::Portfolio(reading.account.as_str().into()),
            };
            reading.notice(&of, &name);
        }
        // They say nothing of what may be sent.
        "AD_ACCOUNT_LINKED"
        | "AUTH_INTL_PRICE_ELIGIBILITY_UPDATE"
        | "MM_LITE_TERMS_SIGNED"
        | "VOLUME_BASED_PRICING_TIER_UPDATE"
        | "VERIFIED_ACCOUNT" => reading.notice(&key, &name),
        _ => understood = false,
    }
    // Members that say what they say, whatever name the event has.
    let read_by_name = |member: &str| match member {
        "violation_info" => name == "ACCOUNT_VIOLATION",
        "restriction_info" => name == "ACCOUNT_RESTRICTION",
        "ban_info" => name == "DISABLED_UPDATE",
        _ => true,
    };
    for member in ["violation_info", "restriction_info", "ban_info"] {
        let Some(info) = value.member(member).filter(|_| !read_by_name(member)) else { continue };
        match member {
            "violation_info" => violation(reading, Some(&info)),
            "restriction_info" => restrictions(reading, Some(&info)),
            _ => disabled_update(reading, Some(&info)),
        }
    }
    if !understood {
        match &event {
            Some(event) => {
                reading.note("event", event);
                reading.doubts(format!(
                    "`event` {} of an account is not known",
                    error::quoted(&event.shown())
                ));
            }
            None => reading.doubts(error::missing("what happened").to_string()),
        }
    }
}

fn violation(reading: &mut Reading, info: Option<&Spot<'_>>) {
    let key = reading.of_account();
    let kind = info.and_then(|info| info.member("violation_type"));
    let word = kind.as_ref().and_then(|kind| kind.value.as_str()).unwrap_or_default();
    let lower = word.trim().to_ascii_lowercase();
    let known = words::violations().any(|known| *known == lower);
    match &kind {
        Some(kind) if !known => reading.note("violation type", kind),
        None => reading.problem(&error::missing("a violation type")),
        Some(_) => {}
    }
    let kind = if known { lower } else { "other".to_owned() };
    reading.says.push(format!("account: violation {kind} at {}", reading.at));
    reading.put(&key, Register::Violations, Word::text(&kind));
}

pub(crate) fn tell_country(reading: &mut Reading, country: Option<&Spot<'_>>) {
    let key = reading.of_account();
    let text = country.and_then(|country| country.value.as_str()).unwrap_or_default();
    let text = text.trim().to_ascii_uppercase();
    let word = if is_country(&text) {
        Word::text(&text)
    } else {
        match country {
            Some(country) => reading.note("country", country),
            None => reading.problem(&error::missing("a country")),
        }
        Word::Strange(shortened(&text, SHOWN).into())
    };
    reading.tell(&key, Register::Country, word);
}

fn restrictions(reading: &mut Reading, info: Option<&Spot<'_>>) {
    let key = reading.of_account();
    let Some(info) = info else {
        // Restricted, and nobody knows how.
        reading.problem(&error::missing("a list of restrictions"));
        return reading.stand(&key, &Standing::Stopped);
    };
    // One restriction is also seen as an object outside a list.
    let items = info.one_or_more();
    let mut list = Vec::new();
    let mut warned = false;
    for item in &items {
        if is_warning(item) {
            warned = true;
            continue;
        }
        let until = item.member("expiration").and_then(|until| expiration(reading, &until));
        let kind = item.member("restriction_type");
        let word = kind.as_ref().and_then(|kind| kind.value.as_str());
        let kind = match (word.and_then(|word| words::of(words::RESTRICTIONS, word)), &kind) {
            (Some([]), Some(kind)) => {
                reading.notes.push(format!(
                    "`{}`: {} concerns no messages",
                    kind.path,
                    error::quoted(&kind.shown())
                ));
                continue;
            }
            (Some(candidates), _) => words::allowed_kind(candidates),
            (None, Some(kind)) => {
                reading.note("restriction type", kind);
                words::allowed_kind(&["other"])
            }
            (None, None) => {
                reading.problem(&error::missing("a restriction type").at(&item.path));
                None
            }
        };
        if until.is_some_and(|until| until <= reading.at) {
            reading.notes.push(format!("`{}`: the expiration lies before the event", item.path));
        }
        list.push(Listed { kind, until });
    }
    if warned {
        reading.tell(&key, Register::TemplateMisuseWarned, Word::Bool(true));
    }
    // A list of nothing but warnings or calls says nothing of the restrictions on messages; an
    // empty one says that there are none.
    if items.is_empty() || !list.is_empty() {
        reading.stand(&key, &Standing::Restrictions { list });
    }
}

/// The end of a restriction; none where 0 or −1 stands for no known end, and where it cannot be
/// read. A date without a time is over at its end.
fn expiration(reading: &mut Reading, until: &Spot<'_>) -> Option<Timestamp> {
    const DAY_SECONDS: i64 = 86_400;
    if matches!(until.whole(), Ok(0 | -1)) {
        return None;
    }
    until
        .instant()
        .or_else(|problem| {
            let day = until.date().ok();
            day.and_then(|day| Timestamp::new(day.seconds() + DAY_SECONDS, 0)).ok_or(problem)
        })
        .map_err(|problem| reading.problem(&problem))
        .ok()
}

/// Misuse of the utility category brings a warning first, which comes as a restriction with `WARN`
/// somewhere in it.
fn is_warning(item: &Spot<'_>) -> bool {
    let texts = item.value.as_object().into_iter().flat_map(|members| members.iter());
    let mut words =
        texts.filter(|(name, _)| *name != "remediation").filter_map(|(_, value)| value.as_str());
    words.any(|text| {
        text.to_ascii_uppercase()
            .split('_')
            .any(|word| matches!(word, "WARN" | "WARNING" | "WARNED"))
    })
}

fn disabled_update(reading: &mut Reading, info: Option<&Spot<'_>>) {
    let key = reading.of_account();
    let at = reading.at;
    let Some(info) = info else {
        reading.problem(&error::missing("a ban state"));
        return reading.stand(&key, &Standing::Stopped);
    };
    let state = info.member("waba_ban_state").or_else(|| info.member("banState"));
    let date = info.member("waba_ban_date").or_else(|| info.member("banDate"));
    let date = date.and_then(|date| date.date().map_err(|problem| reading.problem(&problem)).ok());
    // A date without a time covers the event's own day; only another day says more than the event's
    // instant.
    let other_day = date.filter(|date| *date != start_of_day(at));
    // One page prints the state as a list.
    let states = state.as_ref().map(Spot::one_or_more).unwrap_or_default();
    let mut told = false;
    for state in &states {
        let word = words::normalised(state.value.as_str().unwrap_or_default());
        let standing = match word.as_str() {
            "SCHEDULE_FOR_DISABLE" => Standing::Ban { since: other_day.unwrap_or(at) },
            "DISABLE" => Standing::Ban { since: other_day.filter(|date| *date < at).unwrap_or(at) },
            "REINSTATE" => Standing::Reinstated,
            _ => {
                reading.note("ban state", state);
                // Something was said about a ban, and nobody knows what.
                Standing::Stopped
            }
        };
        reading.stand(&key, &standing);
        told = true;
    }
    if !told {
        reading.problem(&error::missing("a ban state").at(&info.path));
        reading.stand(&key, &Standing::Stopped);
    }
}

/// Today under `alert_info`; before that, flat.
fn account_alert(reading: &mut Reading, value: &Spot<'_>) {
    let info = value.member("alert_info").unwrap_or_else(|| value.clone());
    let Some(kind) = info.member("alert_type") else {
        return reading.doubts(error::missing("an alert type").to_string());
    };
    let entity = value.member("entity_type").map(|entity| entity.shown().to_ascii_uppercase());
    let id = value.member("entity_id").and_then(|id| id.name().ok()).filter(|id| is_id(id));
    let key = match (entity.as_deref(), id) {
        (Some("BUSINESS"), Some(id)) => Key::Portfolio(id.into()),
        _ => reading.of_account(),
    };
    let status = info.member("alert_status").map(|status| status.shown()).unwrap_or_default();
    let severity = info.member("alert_severity").map(|severity| severity.shown());
    let severity = severity.unwrap_or_else(|| "ACTIVE".to_owned());
    let state = if status.eq_ignore_ascii_case("NONE") { "over" } else { severity.as_str() };
    reading.notice(&key, &format!("alert {}: {state}", kind.shown()));
}

fn business_capability(reading: &mut Reading, value: &Spot<'_>) {
    // The portfolio's limit comes first: the limit of each number is a thing of the past.
    let key = reading.of_account();
    match LIMITS.iter().find_map(|name| value.member(name)) {
        Some(limit) => reading.limit(&key, &limit),
        None if value.member("max_phone_numbers_per_waba").is_some()
            || value.member("max_phone_numbers_per_business").is_some() => {}
        None => {
            reading.problem(&error::missing("a limit").at(&value.path));
            reading.tell(&key, Register::DailyLimit, Word::Unknown);
        }
    }
}

/// The day on which limits moved from numbers to portfolios: 2025-10-07.
const LIMITS_OF_PORTFOLIOS_SINCE: i64 = 1_759_795_200;

fn number_quality(reading: &mut Reading, value: &Spot<'_>) {
    let Some(number) = reading.number(value) else { return };
    if let Some(score) = value.member("new_quality_score") {
        let word = reading.word(Some(score), "quality", words::QUALITIES, "account.quality");
        reading.tell(&number, Register::Quality, word);
    } else if let Some(event) = value.member("event") {
        match words::normalised(&event.shown()).as_str() {
            "FLAGGED" => reading.tell(&number, Register::Quality, Word::text("red")),
            // No longer low; whether medium or high is not told.
            "UNFLAGGED" => reading.tell(&number, Register::Quality, Word::Unknown),
            "ONBOARDING" | "THROUGHPUT_UPGRADE" | "UPGRADE" | "DOWNGRADE" => {}
            _ => {
                reading.note("event", &event);
                reading.tell(&number, Register::Quality, Word::Strange(event.shown().into()));
            }
        }
    }
    let of_number = reading.at.seconds() < LIMITS_OF_PORTFOLIOS_SINCE;
    let account = reading.of_account();
    if let Some(limit) = value.member("max_daily_conversations_per_business") {
        reading.limit(&account, &limit);
    } else if let Some(limit) = value.member("current_limit") {
        reading.limit(if of_number { &number } else { &account }, &limit);
    }
}

fn template_status(reading: &mut Reading, value: &Spot<'_>) {
    let Some(key) = reading.template(value) else { return };
    let event = value.member("event");
    let status = reading.word(
        event,
        "template status",
        words::TEMPLATE_STATUSES,
        "campaign.template.status",
    );
    reading.tell(&key, Register::Status, status);
    if let Some(category) = value.member("message_template_category") {
        let word = reading.word(Some(category), "category", words::CATEGORIES, "campaign.category");
        reading.tell(&key, Register::Category, word);
    }
    let title = value.member("other_info").and_then(|info| info.member("title"));
    let reason = title.or_else(|| value.member("reason")).map(|reason| reason.shown());
    let reason = reason.filter(|reason| reason != "NONE");
    reading.put(&key, Register::Reason, reason.map_or(Word::Unknown, |text| Word::text(&text)));
}

/// Before a change, `new_category` is the present category and `correct_category` the coming one;
/// after it, `new_category` is the present.
fn template_category(reading: &mut Reading, value: &Spot<'_>) {
    let Some(key) = reading.template(value) else { return };
    let mut read = |name: &str| {
        let category = value.member(name)?;
        Some(reading.word(Some(category), "category", words::CATEGORIES, "campaign.category"))
    };
    let (present, coming) = (read("new_category"), read("correct_category"));
    if present.is_none() && coming.is_none() {
        reading.problem(&error::missing("a category").at(&value.path));
        return reading.tell(&key, Register::Category, Word::Unknown);
    }
    if let Some(present) = present {
        reading.tell(&key, Register::Category, present);
    }
    let none = Word::text(NO_CHANGE);
    reading.tell(&key, Register::CorrectCategory, coming.clone().unwrap_or_else(|| none.clone()));
    let day = value.member("category_update_timestamp");
    if let (Some(coming), Some(day)) = (coming, day) {
        match day.instant() {
            Ok(day) => {
                let change = day.max(reading.at);
                reading.tell_at(&key, Register::Category, change, coming);
                reading.tell_at(&key, Register::CorrectCategory, change, none);
            }
            Err(problem) => reading.problem(&problem),
        }
    }
}

/// The word for a template that keeps its category.
pub(crate) const NO_CHANGE: &str = "none";
/// The word for a person who has marketing again.
pub(crate) const RESUMED: &str = "resumed";

/// The person whom an event names by a number and by user ids. All of the names are linked: what is
/// known under one is known under all.
fn person(reading: &mut Reading, at: Timestamp, names: &[Option<Spot<'_>>]) -> Option<Key> {
    let mut known: Vec<String> = Vec::new();
    for spot in names.iter().flatten() {
        let Ok(text) = spot.name() else { continue };
        let name = if text.contains('.') && !text.starts_with('.') {
            text
        } else {
            let digits = digits(&text);
            if !(5..=15).contains(&digits.len()) {
                continue;
            }
            format!("+{digits}")
        };
        if !known.contains(&name) {
            known.push(name);
        }
    }
    let first = known.first()?.clone();
    let sender = reading.account.clone();
    for other in known.iter().skip(1) {
        link(reading, at, &Key::recipient(&sender, &first), other);
        link(reading, at, &Key::recipient(&sender, other), &first);
    }
    Some(Key::recipient(&sender, &first))
}

fn link(reading: &mut Reading, at: Timestamp, key: &Key, other: &str) {
    reading.put_at(key, Register::SameAs, at, Word::text(other));
}

/// One item a preference, without the recipient's name, which says nothing of the account.
fn preferences(reading: &mut Reading, value: &Spot<'_>, entry: Option<Timestamp>) {
    let items = match value.member("user_preferences") {
        Some(items) => items.one_or_more(),
        None => vec![value.clone()],
    };
    for item in items {
        let at = item.member("timestamp").and_then(|at| at.instant().ok()).or(entry);
        let names = ["wa_id", "user_id", "parent_user_id"].map(|name| item.member(name));
        let Some(at) = at else {
            reading.doubts(error::no_time().at(&item.path).to_string());
            continue;
        };
        let Some(person) = person(reading, at, &names) else {
            reading.doubts(format!("`{}`: a preference of nobody who is named", item.path));
            continue;
        };
        let category = item.member("category").map(|category| category.shown());
        let choice = item.member("value");
        let is_marketing = category
            .as_deref()
            .is_some_and(|category| category.eq_ignore_ascii_case("marketing_messages"));
        let word = match choice.as_ref().map(|choice| choice.shown().to_ascii_lowercase()) {
            Some(choice) if is_marketing && choice == "stop" => Word::Bool(true),
            Some(choice) if is_marketing && (choice == "resume" || choice == "signup") => {
                Word::text(RESUMED)
            }
            _ => {
                if let Some(category) = item.member("category").filter(|_| !is_marketing) {
                    reading.note("category", &category);
                } else if let Some(choice) = &choice {
                    reading.note("preference", choice);
                }
                Word::Strange(choice.map(|choice| choice.shown()).unwrap_or_default().into())
            }
        };
        reading.tell_at(&person, Register::Stopped, at, word);
    }
}

/// The number that messages went through, linked to its account; none where it is not named.
fn metadata(reading: &mut Reading, value: &Spot<'_>, at: Timestamp) -> Option<Key> {
    let metadata = value.member("metadata")?;
    let (doubt, notes) = (reading.doubt.clone(), reading.notes.len());
    let before = std::mem::replace(&mut reading.at, at);
    let number = reading.number(&metadata);
    reading.at = before;
    reading.doubt = doubt;
    reading.notes.truncate(notes);
    number
}

/// What failed, and changes of persons' numbers. Of a message nothing else is read.
fn messages(reading: &mut Reading, value: &Spot<'_>, entry: Option<Timestamp>) {
    let mut seen = false;
    for status in value.member("statuses").map(|list| list.one_or_more()).unwrap_or_default() {
        let Some(errors) = status.member("errors") else { continue };
        seen = true;
        let at = status.member("timestamp").and_then(|at| at.instant().ok()).or(entry);
        let Some(at) = at else {
            reading.doubts(error::no_time().at(&status.path).to_string());
            continue;
        };
        let names = ["recipient_id", "recipient_user_id", "parent_recipient_user_id"]
            .map(|name| status.member(name));
        for problem in errors.one_or_more() {
            failure(reading, value, &problem, at, &names);
        }
    }
    // Errors that belong to no message.
    for problem in value.member("errors").map(|list| list.one_or_more()).unwrap_or_default() {
        seen = true;
        match entry {
            Some(at) => failure(reading, value, &problem, at, &[]),
            None => reading.doubts(error::no_time().at(&problem.path).to_string()),
        }
    }
    for message in value.member("messages").map(|list| list.one_or_more()).unwrap_or_default() {
        let Some(system) = message.member("system") else { continue };
        let at = message.member("timestamp").and_then(|at| at.instant().ok()).or(entry);
        let (old, new) = (message.member("from"), system.member("wa_id"));
        let new = new.or_else(|| system.member("new_wa_id"));
        if let (Some(at), Some(old), Some(new)) = (at, old, new) {
            seen = true;
            moved(reading, at, &old, &new);
        }
    }
    reading.passed = !seen;
}

/// A person's number changed: what was known under the old one goes along. The old one may be
/// somebody else's one day, so that nothing goes back.
fn moved(reading: &mut Reading, at: Timestamp, old: &Spot<'_>, new: &Spot<'_>) {
    let names = [old, new].map(|spot| spot.name().map(|name| digits(&name)).unwrap_or_default());
    let [old, new] = names;
    if old.len() < 5 || new.len() < 5 || old == new {
        return;
    }
    let key = Key::recipient(&reading.account, &format!("+{new}"));
    reading.says.push(format!("recipient +{new}: was +{old} until {at}"));
    reading.put_at(&key, Register::Was, at, Word::text(&format!("+{old}")));
}

fn user_id_updates(reading: &mut Reading, value: &Spot<'_>, entry: Option<Timestamp>) {
    let items = match value.member("user_id_update") {
        Some(items) => items.one_or_more(),
        None => vec![value.clone()],
    };
    for item in items {
        let at = item.member("timestamp").and_then(|at| at.instant().ok()).or(entry);
        let Some(at) = at else {
            reading.doubts(error::no_time().at(&item.path).to_string());
            continue;
        };
        let of = |name: &str, which: &str| item.member(name).and_then(|ids| ids.member(which));
        let names = [
            item.member("wa_id"),
            of("user_id", "current"),
            of("user_id", "previous"),
            of("parent_user_id", "current"),
            of("parent_user_id", "previous"),
        ];
        match person(reading, at, &names) {
            Some(person) => {
                // User ids are never given to another person.
                let ids: Vec<String> = [&names[1], &names[2]]
                    .into_iter()
                    .flatten()
                    .filter_map(|id| id.name().ok())
                    .collect();
                if let [current, previous] = ids.as_slice() {
                    let sender = reading.account.clone();
                    link(reading, at, &Key::recipient(&sender, current), previous);
                    link(reading, at, &Key::recipient(&sender, previous), current);
                }
                if let Key::Recipient { id, .. } = &person {
                    reading.says.push(format!("recipient {id}: another user id from {at}"));
                }
            }
            None => reading.doubts(format!("`{}`: a user id of nobody who is named", item.path)),
        }
    }
}

/// Why a message failed.
fn failure(
    reading: &mut Reading,
    value: &Spot<'_>,
    problem: &Spot<'_>,
    at: Timestamp,
    names: &[Option<Spot<'_>>],
) {
    let account = reading.of_account();
    let code = problem.member("code").or_else(|| problem.member("error_code"));
    let number = code.as_ref().and_then(|code| code.whole().ok());
    let Some(number) = number else {
        match &code {
            Some(code) => reading.note("error code", code),
            None => reading.problem(&error::missing("an error code").at(&problem.path)),
        }
        // It may have been that the person stopped marketing, or anything.
        match person(reading, at, names) {
            Some(person) => {
                let word = Word::Strange("error".into());
                reading.tell_at(&person, Register::Stopped, at, word);
            }
            None => reading.doubts(format!("`{}`: an error without a code", problem.path)),
        }
        return;
    };
    let through = match terms::is_of_number(number) {
        true => metadata(reading, value, at).unwrap_or_else(|| account.clone()),
        false => account.clone(),
    };
    send_error(reading, &account, &through, number, at, code.as_ref());
    let register = match number {
        131_049 => Register::Withheld,
        131_050 => Register::Stopped,
        130_472 => Register::Experiment,
        _ => return,
    };
    match person(reading, at, names) {
        Some(person) => {
            reading.tell_at(&person, register, at, Word::Bool(true));
        }
        None => reading.doubts(format!("`{}`: a failure to nobody who is named", problem.path)),
    }
}

/// What a code of a message that was not sent says of the account, or of the number that it went
/// through.
pub(crate) fn send_error(
    reading: &mut Reading,
    account: &Key,
    through: &Key,
    code: i64,
    at: Timestamp,
    spot: Option<&Spot<'_>>,
) {
    if codes::explain(code).is_none()
        && let Some(spot) = spot
    {
        reading.note("error code", spot);
    }
    let term = terms::seconds_of(code);
    if term.is_some() || matches!(code, 368 | 131_031) {
        reading.tell_at(account, Register::Errors, at, Word::Int(code));
    }
    if matches!(code, 368 | 131_031) {
        // Restricted, disabled or locked: the code does not tell which, nor until when.
        let before = std::mem::replace(&mut reading.at, at);
        reading.stand(account, &Standing::Stopped);
        reading.at = before;
    } else if term.is_some() {
        reading.put_at(through, Register::SendErrors, at, Word::Int(code));
    }
}
