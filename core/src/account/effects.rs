//! What does this event say?
//!
//! In: one event. Out: its [`Effect`]s, each with the instant from which it holds. Words of
//! WhatsApp become words of the schema here; a word that is not known says nothing and is told as a
//! note, and where it replaces something known, that is no longer known.

use serde_json::Value;

use super::error::{self, AccountError};
use super::event::{self, Event, Kind, LIMITS};
use super::fields::{Limit, Spot, digits, start_of_day};
use super::graph;
use super::words::{self, Words};
use crate::schema::is_country;
use crate::time::Timestamp;

/// What one event says.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// In the order in which they stand in the event.
    pub(super) effects: Vec<Effect>,
    /// What a reader should know of it.
    pub(super) notes: Vec<String>,
    /// Whether the kind of event is known.
    pub(super) kind: Option<Kind>,
}

/// One thing that an event says.
#[derive(Clone, Debug)]
pub(super) enum Effect {
    /// From then on this is so; null: from then on it is not known.
    Tell { at: Timestamp, key: Key, value: Value },
    /// A violation was reported.
    Violation { at: Timestamp, kind: String },
    /// These restrictions are in force, and no others of their track.
    Restrictions { at: Timestamp, list: Vec<Listed> },
    /// The account is disabled from `since` on.
    Ban { at: Timestamp, since: Timestamp },
    /// The account is as it was before.
    Reinstated { at: Timestamp },
    /// Nothing stands against sending.
    Healthy { at: Timestamp },
    /// The number is banned, or it is not.
    NumberBan { at: Timestamp, number: String, banned: bool },
    /// A message failed because the account is stopped, in a way that the code does not tell.
    Stopped { at: Timestamp },
}

/// One restriction of a list.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    /// A restriction kind of the schema; none where it is not known which.
    pub(super) kind: Option<String>,
    /// Until when; none where that is not told.
    pub(super) until: Option<Timestamp>,
}

/// What is told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) of: Of,
    pub(super) member: &'static str,
}

/// Of whom it is told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Of {
    /// The account.
    Account,
    /// One of its numbers, by its digits.
    Number(String),
    /// A template, by name and language.
    Template(String, String),
    /// A recipient, by number in E.164 or by user id.
    Recipient(String),
    /// An error code.
    Error(i64),
    /// Something else that is worth knowing.
    Notice(String),
}

impl Effect {
    /// From when it holds.
    pub(super) fn at(&self) -> Timestamp {
        match self {
            Self::Tell { at, .. }
            | Self::Violation { at, .. }
            | Self::Restrictions { at, .. }
            | Self::Ban { at, .. }
            | Self::Reinstated { at }
            | Self::Healthy { at }
            | Self::NumberBan { at, .. }
            | Self::Stopped { at } => *at,
        }
    }

    /// For people.
    pub(super) fn sentence(&self) -> String {
        match self {
            Self::Tell { at, key, value } => {
                let of = match &key.of {
                    Of::Account => "account".to_owned(),
                    Of::Number(number) => format!("number {number}"),
                    Of::Template(name, language) => format!("template {name} ({language})"),
                    Of::Recipient(recipient) => format!("recipient {recipient}"),
                    Of::Error(code) => format!("error {code}"),
                    Of::Notice(what) => format!("notice {what}"),
                };
                let value = match value {
                    Value::Null => "not known".to_owned(),
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                format!("{of}: {} = {value} from {at}", key.member)
            }
            Self::Violation { at, kind } => format!("account: violation {kind} at {at}"),
            Self::Restrictions { at, list } if list.is_empty() => {
                format!("account: no restrictions from {at}")
            }
            Self::Restrictions { at, list } => {
                let list: Vec<String> = list.iter().map(Listed::sentence).collect();
                format!("account: restricted from {at}: {}", list.join(", "))
            }
            Self::Ban { since, .. } => format!("account: account_disabled from {since}"),
            Self::Reinstated { at } => format!("account: reinstated at {at}"),
            Self::Healthy { at } => format!("account: can send at {at}"),
            Self::NumberBan { at, number, banned: true } => {
                format!("number {number}: number_banned from {at}")
            }
            Self::NumberBan { at, number, banned: false } => {
                format!("number {number}: not banned from {at}")
            }
            Self::Stopped { at } => {
                format!("account: stopped at {at} in an unknown way until an event tells more")
            }
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

impl Reading {
    pub(super) fn tell(&mut self, at: Timestamp, of: Of, member: &'static str, value: Value) {
        self.effects.push(Effect::Tell { at, key: Key { of, member }, value });
    }

    pub(super) fn note(&mut self, what: &str, spot: &Spot<'_>) {
        let shown = match spot.value {
            Value::String(text) => error::quoted(text),
            other => error::quoted(&other.to_string()),
        };
        self.notes.push(format!("`{}`: unknown {what} {shown}", spot.path));
    }

    /// A word of the schema for a word of WhatsApp; null, and a note, for one that is not known.
    pub(super) fn word(
        &mut self,
        spot: &Spot<'_>,
        what: &str,
        words: &Words,
        path: &str,
    ) -> Result<Value, AccountError> {
        let text = spot.text()?;
        match words::of(words, text) {
            // The schema may have no word for a state that is known, or the state may be that
            // nothing is known.
            Some(candidates) => {
                Ok(words::allowed(path, candidates).map_or(Value::Null, Value::from))
            }
            None => {
                self.note(what, spot);
                Ok(Value::Null)
            }
        }
    }

    pub(super) fn limit(
        &mut self,
        at: Timestamp,
        of: Of,
        spot: &Spot<'_>,
    ) -> Result<(), AccountError> {
        match spot.limit()? {
            Limit::Known(limit) => self.tell(at, of, "daily_limit", limit),
            Limit::NotSet => self.tell(at, of, "daily_limit", Value::Null),
            Limit::Strange => {
                self.note("limit", spot);
                self.tell(at, of, "daily_limit", Value::Null);
            }
        }
        Ok(())
    }
}

/// Reads an event; `path` is where it stands.
pub(super) fn read(event: &Event, path: &str) -> Result<Reading, AccountError> {
    let kind = event::kind(&event.field, &event.value);
    let mut reading = Reading { kind, ..Reading::default() };
    let value = Spot::new(&event.value, path);
    let at = event.at;
    match kind {
        None => {}
        Some(Kind::AccountUpdate) => account_update(&mut reading, &value, at)?,
        Some(Kind::AccountReview) => {
            let decision = reading.word(
                &value.required("decision", "a decision")?,
                "decision",
                words::REVIEWS,
                "account.review",
            )?;
            reading.tell(at, Of::Account, "review", decision);
        }
        Some(Kind::AccountAlerts) => account_alert(&mut reading, &value, at)?,
        Some(Kind::BusinessCapability) => business_capability(&mut reading, &value, at)?,
        Some(Kind::NumberQuality) => number_quality(&mut reading, &value, at)?,
        Some(Kind::NumberName) => {
            let number = Of::Number(digits(
                &value.required("display_phone_number", "a phone number")?.name()?,
            ));
            let decision = value.required("decision", "a decision")?;
            let decision = reading.word(
                &decision,
                "decision",
                words::NAME_DECISIONS,
                "account.display_name",
            )?;
            reading.tell(at, number, "display_name", decision);
        }
        Some(Kind::TemplateStatus) => template_status(&mut reading, &value, at)?,
        Some(Kind::TemplateQuality) => {
            let template = template(&value)?;
            let score = value.required("new_quality_score", "a quality score")?;
            let quality =
                reading.word(&score, "quality", words::QUALITIES, "campaign.template.quality")?;
            reading.tell(at, template, "quality", quality);
        }
        Some(Kind::TemplateCategory) => template_category(&mut reading, &value, at)?,
        Some(Kind::Preferences) => preference(&mut reading, &value, at)?,
        Some(Kind::MessageError) => message_error(&mut reading, &value, at)?,
        Some(Kind::Security) => {
            let event = value.required("event", "what happened")?.text()?;
            reading.tell(at, Of::Notice(format!("security {event}")), "at", at.to_string().into());
        }
        Some(Kind::GraphAccount) => graph::account(&mut reading, &value, at)?,
        Some(Kind::GraphNumber) => graph::number(&mut reading, &value, at)?,
        Some(Kind::GraphTemplate) => graph::template(&mut reading, &value, at)?,
        Some(Kind::GraphHealth) => graph::health(&mut reading, &value, at)?,
    }
    Ok(reading)
}

fn account_update(
    reading: &mut Reading,
    value: &Spot<'_>,
    at: Timestamp,
) -> Result<(), AccountError> {
    // A reseller renames the member.
    let event = value.member("event").or_else(|| value.member("updateEvent"));
    let event = event.map_or_else(|| value.required("event", "what happened"), Ok)?;
    match event.text()? {
        "ACCOUNT_VIOLATION" => {
            let kind = value
                .required("violation_info", "an object")?
                .required("violation_type", "a violation type")?;
            let lower = kind.text()?.trim().to_ascii_lowercase();
            let known = words::violations().any(|known| *known == lower);
            if !known {
                reading.note("violation type", &kind);
            }
            reading
                .effects
                .push(Effect::Violation { at, kind: if known { lower } else { "other".into() } });
        }
        "ACCOUNT_RESTRICTION" => restrictions(
            reading,
            &value.required("restriction_info", "a list of restrictions")?,
            at,
        )?,
        "DISABLED_UPDATE" => {
            disabled_update(reading, &value.required("ban_info", "an object")?, at)?
        }
        "ACCOUNT_DELETED" => reading.effects.push(Effect::Ban { at, since: at }),
        "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE" => {
            let country = value.required("country", "a country")?;
            tell_country(reading, &country, at)?;
        }
        // They say nothing of what may be sent, and a later one of the same name replaces them.
        known @ ("AD_ACCOUNT_LINKED"
        | "AUTH_INTL_PRICE_ELIGIBILITY_UPDATE"
        | "MM_LITE_TERMS_SIGNED"
        | "PARTNER_ADDED"
        | "PARTNER_APP_INSTALLED"
        | "PARTNER_APP_UNINSTALLED"
        | "PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE"
        | "PARTNER_REMOVED"
        | "VOLUME_BASED_PRICING_TIER_UPDATE"
        | "ACCOUNT_OFFBOARDED"
        | "ACCOUNT_RECONNECTED"
        | "VERIFIED_ACCOUNT") => {
            reading.tell(at, Of::Notice(known.to_owned()), "at", at.to_string().into());
        }
        _ => {
            reading.note("event", &event);
            reading.kind = None;
        }
    }
    Ok(())
}

pub(super) fn tell_country(
    reading: &mut Reading,
    country: &Spot<'_>,
    at: Timestamp,
) -> Result<(), AccountError> {
    let text = country.text()?.to_ascii_uppercase();
    let known = is_country(&text);
    if !known {
        reading.note("country", country);
    }
    reading.tell(at, Of::Account, "country", if known { text.into() } else { Value::Null });
    Ok(())
}

fn restrictions(reading: &mut Reading, info: &Spot<'_>, at: Timestamp) -> Result<(), AccountError> {
    // One restriction is also seen as an object outside a list.
    let items = if info.value.is_object() { vec![info.clone()] } else { info.items()? };
    let mut list = Vec::new();
    let mut warned = false;
    for item in &items {
        let kind = item.required("restriction_type", "a restriction type")?;
        let text = kind.text()?;
        let until =
            item.member("expiration").map(|until| expiration(&until)).transpose()?.flatten();
        if is_warning(item) {
            warned = true;
            continue;
        }
        let kind = match words::of(words::RESTRICTIONS, text) {
            Some([]) => {
                reading.notes.push(format!(
                    "`{}`: {} concerns no messages",
                    kind.path,
                    error::quoted(text)
                ));
                continue;
            }
            Some(candidates) => words::allowed_kind(candidates),
            None => {
                reading.note("restriction type", &kind);
                words::allowed_kind(&["other"])
            }
        };
        if until.is_some_and(|until| until <= at) {
            reading.notes.push(format!("`{}`: the expiration lies before the event", item.path));
        }
        list.push(Listed { kind, until });
    }
    if warned {
        reading.tell(at, Of::Account, "template_misuse_warned", true.into());
    }
    // A list of nothing but warnings or calls says nothing of the restrictions on messages; an
    // empty one says that there are none.
    if items.is_empty() || !list.is_empty() {
        reading.effects.push(Effect::Restrictions { at, list });
    }
    Ok(())
}

/// The end of a restriction; none where 0 or −1 stands for no known end.
fn expiration(until: &Spot<'_>) -> Result<Option<Timestamp>, AccountError> {
    match until.whole() {
        Ok(0 | -1) => Ok(None),
        _ => until.instant().map(Some),
    }
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

fn disabled_update(
    reading: &mut Reading,
    info: &Spot<'_>,
    at: Timestamp,
) -> Result<(), AccountError> {
    let state = info.member("waba_ban_state").or_else(|| info.member("banState"));
    let state = state.map_or_else(|| info.required("waba_ban_state", "a ban state"), Ok)?;
    let date = info
        .member("waba_ban_date")
        .or_else(|| info.member("banDate"))
        .map(|date| date.date())
        .transpose()?;
    // A date without a time covers the event's own day; only another day says more than the event's
    // instant.
    let other_day = date.filter(|date| *date != start_of_day(at));
    match state.text()? {
        "SCHEDULE_FOR_DISABLE" => {
            reading.effects.push(Effect::Ban { at, since: other_day.unwrap_or(at) })
        }
        "DISABLE" => reading
            .effects
            .push(Effect::Ban { at, since: other_day.filter(|date| *date < at).unwrap_or(at) }),
        "REINSTATE" => reading.effects.push(Effect::Reinstated { at }),
        _ => {
            reading.note("ban state", &state);
            // Something was said about a ban, and nobody knows what.
            reading.effects.push(Effect::Stopped { at });
        }
    }
    Ok(())
}

/// Today under `alert_info`; before that, flat.
fn account_alert(
    reading: &mut Reading,
    value: &Spot<'_>,
    at: Timestamp,
) -> Result<(), AccountError> {
    let info = value.member("alert_info").unwrap_or_else(|| value.clone());
    let kind = info.required("alert_type", "an alert type")?.text()?.to_owned();
    let status = info.member("alert_status").map(|status| status.text()).transpose()?;
    let severity = info.member("alert_severity").map(|severity| severity.text()).transpose()?;
    let told =
        if status == Some("NONE") { Value::Null } else { severity.unwrap_or("ACTIVE").into() };
    reading.tell(at, Of::Notice(format!("alert {kind}")), "severity", told);
    Ok(())
}

fn business_capability(
    reading: &mut Reading,
    value: &Spot<'_>,
    at: Timestamp,
) -> Result<(), AccountError> {
    // The portfolio's limit comes first: the limit of each number is a thing of the past.
    match LIMITS.iter().find_map(|name| value.member(name)) {
        Some(limit) => reading.limit(at, Of::Account, &limit),
        None if value.member("max_phone_numbers_per_waba").is_some()
            || value.member("max_phone_numbers_per_business").is_some() =>
        {
            Ok(())
        }
        None => value.required(LIMITS[0], "a limit").map(|_| ()),
    }
}

/// The day on which limits moved from numbers to portfolios: 2025-10-07.
const LIMITS_OF_PORTFOLIOS_SINCE: i64 = 1_759_795_200;

fn number_quality(
    reading: &mut Reading,
    value: &Spot<'_>,
    at: Timestamp,
) -> Result<(), AccountError> {
    let number =
        Of::Number(digits(&value.required("display_phone_number", "a phone number")?.name()?));
    if let Some(event) = value.member("event") {
        match event.text()? {
            "FLAGGED" => reading.tell(at, number.clone(), "quality", "red".into()),
            // No longer low; whether medium or high is not told.
            "UNFLAGGED" => reading.tell(at, number.clone(), "quality", Value::Null),
            "ONBOARDING" | "THROUGHPUT_UPGRADE" | "UPGRADE" | "DOWNGRADE" => {}
            _ => reading.note("event", &event),
        }
    }
    let of_number = at.seconds() < LIMITS_OF_PORTFOLIOS_SINCE;
    if let Some(limit) = value.member("max_daily_conversations_per_business") {
        reading.limit(at, Of::Account, &limit)?;
    } else if let Some(limit) = value.member("current_limit") {
        reading.limit(at, if of_number { number } else { Of::Account }, &limit)?;
    }
    Ok(())
}

pub(super) fn template(value: &Spot<'_>) -> Result<Of, AccountError> {
    let name = value.required("message_template_name", "the name of a template")?.name()?;
    let language = value
        .member("message_template_language")
        .map(|language| language.text())
        .transpose()?
        .unwrap_or_default();
    Ok(Of::Template(name, language.to_owned()))
}

fn template_status(
    reading: &mut Reading,
    value: &Spot<'_>,
    at: Timestamp,
) -> Result<(), AccountError> {
    let of = template(value)?;
    let event = value.required("event", "a template status")?;
    let status = reading.word(
        &event,
        "template status",
        words::TEMPLATE_STATUSES,
        "campaign.template.status",
    )?;
    reading.tell(at, of.clone(), "status", status);
    reading.tell(at, of.clone(), "told", event.text()?.into());
    if let Some(category) = value.member("message_template_category") {
        let category =
            reading.word(&category, "category", words::CATEGORIES, "campaign.category")?;
        reading.tell(at, of.clone(), "category", category);
    }
    let title = value.member("other_info").and_then(|info| info.member("title"));
    let reason = title.or_else(|| value.member("reason"));
    let reason = reason.map(|reason| reason.text()).transpose()?.filter(|reason| *reason != "NONE");
    reading.tell(at, of, "reason", reason.map_or(Value::Null, Value::from));
    Ok(())
}

/// Before a change, `new_category` is the present category and `correct_category` the coming one;
/// after it, `new_category` is the present.
fn template_category(
    reading: &mut Reading,
    value: &Spot<'_>,
    at: Timestamp,
) -> Result<(), AccountError> {
    let of = template(value)?;
    let mut read = |name: &str| -> Result<Option<Value>, AccountError> {
        value
            .member(name)
            .map(|category| {
                reading.word(&category, "category", words::CATEGORIES, "campaign.category")
            })
            .transpose()
    };
    let (present, coming) = (read("new_category")?, read("correct_category")?);
    if present.is_none() && coming.is_none() {
        value.required("new_category", "a category")?;
    }
    if let Some(present) = present {
        reading.tell(at, of.clone(), "category", present);
    }
    reading.tell(at, of.clone(), "correct_category", coming.clone().unwrap_or(Value::Null));
    if let Some(coming) = coming
        && let Some(change) =
            value.member("category_update_timestamp").map(|change| change.instant()).transpose()?
    {
        let change = change.max(at);
        reading.tell(change, of.clone(), "category", coming);
        reading.tell(change, of, "correct_category", Value::Null);
    }
    Ok(())
}

fn recipient(value: &Spot<'_>, number: &str, user: &str) -> Result<Option<Of>, AccountError> {
    if let Some(number) = value.member(number) {
        return Ok(Some(Of::Recipient(format!("+{}", digits(&number.name()?)))));
    }
    value.member(user).map(|user| user.name().map(Of::Recipient)).transpose()
}

fn preference(reading: &mut Reading, value: &Spot<'_>, at: Timestamp) -> Result<(), AccountError> {
    let Some(of) = recipient(value, "wa_id", "user_id")? else {
        return value.required("wa_id", "a recipient").map(|_| ());
    };
    let category = value.required("category", "a category")?;
    if category.text()? != "marketing_messages" {
        reading.note("category", &category);
        return Ok(());
    }
    let choice = value.required("value", "`stop` or `resume`")?;
    match choice.text()? {
        "stop" => reading.tell(at, of, STOPPED, at.to_string().into()),
        "resume" => reading.tell(at, of, STOPPED, Value::Null),
        _ => reading.note("preference", &choice),
    }
    Ok(())
}

/// When a recipient stopped the business's marketing.
pub(super) const STOPPED: &str = "marketing_stopped_at";
/// When WhatsApp last withheld a marketing message from a recipient.
pub(super) const WITHHELD: &str = "marketing_withheld_at";
/// Whether WhatsApp keeps a recipient free of marketing templates.
pub(super) const EXPERIMENT: &str = "marketing_experiment";

fn message_error(
    reading: &mut Reading,
    value: &Spot<'_>,
    at: Timestamp,
) -> Result<(), AccountError> {
    let code = value.required("code", "an error code")?;
    let number = code.whole()?;
    reading.tell(at, Of::Error(number), "at", at.to_string().into());
    if super::codes::explain(number).is_none() {
        reading.note("error code", &code);
    }
    let of = recipient(value, "recipient_id", "recipient_user_id")?;
    match (number, of) {
        (131_049, Some(of)) => reading.tell(at, of, WITHHELD, at.to_string().into()),
        (131_050, Some(of)) => reading.tell(at, of, STOPPED, at.to_string().into()),
        (130_472, Some(of)) => reading.tell(at, of, EXPERIMENT, true.into()),
        // Restricted, disabled or locked: the code does not tell which, nor until when.
        (368 | 131_031, _) => reading.effects.push(Effect::Stopped { at }),
        _ => {}
    }
    Ok(())
}
