//! What does an event say of the account itself?

use cleartosend::Timestamp;
use cleartosend::expert::text::shortened;
use cleartosend::schema::is_country;
use serde_json::json;

use super::reading::{NUMBER_MEMBERS, Reading, is_id};
use crate::book::{Key, Register, Word};
use crate::error;
use crate::event::{ACCOUNT_MEMBERS, LIMITS};
use crate::fields::{SHOWN, Spot, start_of_day};
use crate::fold::{Listed, Standing};
use crate::other;
use crate::words;

pub(super) fn account_update(reading: &mut Reading, value: &Spot<'_>) {
    let key = reading.of_account();
    // A reseller renames the member.
    let event = value.member("event").or_else(|| value.member("updateEvent"));
    let name = event.as_ref().and_then(|event| event.value.as_str()).unwrap_or_default().to_owned();
    let name = words::normalised(&name);
    let mut understood = true;
    match name.as_str() {
        "ACCOUNT_VIOLATION" => violation(reading, value.member("violation_info").as_ref()),
        "ACCOUNT_RESTRICTION" => {
            restrictions(reading, value, value.member("restriction_info").as_ref());
        }
        "DISABLED_UPDATE" => disabled_update(reading, value.member("ban_info").as_ref()),
        "ACCOUNT_DELETED" => reading.stand(&key, &Standing::Deleted),
        "COMPROMISED_NOTIFICATION" => {
            reading.stand(&key, &Standing::Stopped);
            reading.notice(&key, "compromised");
        }
        "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE" => {
            tell_country(reading, value.member("country").as_ref());
        }
        "PARTNER_REMOVED" | "PARTNER_APP_UNINSTALLED" => {
            match app_of(value).filter(|_| name == "PARTNER_APP_UNINSTALLED") {
                Some(app) => tell_app(reading, &app, "uninstalled"),
                None => reading.tell(&key, Register::Connection, Word::text("disconnected")),
            }
            let info = value.member("disconnection_info");
            let reason = info.and_then(|info| info.member("reason")).map(|reason| reason.shown());
            reading.notice(&key, format!("{name} {}", reason.unwrap_or_default()).trim_end());
        }
        "ACCOUNT_OFFBOARDED" => {
            reading.tell(&key, Register::Connection, Word::text("offboarded"));
        }
        "PARTNER_ADDED" | "PARTNER_APP_INSTALLED" | "ACCOUNT_RECONNECTED" => {
            match app_of(value).filter(|_| name == "PARTNER_APP_INSTALLED") {
                Some(app) => tell_app(reading, &app, "installed"),
                None => reading.tell(&key, Register::Connection, Word::text("connected")),
            }
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
    strange_members(reading, value);
    // Members that say what they say, whatever name the event has.
    let read_by_name = |member: &str| match member {
        "violation_info" => name == "ACCOUNT_VIOLATION",
        "restriction_info" => name == "ACCOUNT_RESTRICTION",
        "ban_info" => name == "DISABLED_UPDATE",
        _ => true,
    };
    let before = reading.points.len();
    for member in ["violation_info", "restriction_info", "ban_info"] {
        let Some(info) = value.member(member).filter(|_| !read_by_name(member)) else { continue };
        match member {
            "violation_info" => violation(reading, Some(&info)),
            "restriction_info" => restrictions(reading, value, Some(&info)),
            _ => disabled_update(reading, Some(&info)),
        }
    }
    if !understood {
        reading.drop_ends(before);
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
    of_named_number(reading, value);
}

/// The partner's app that an event is of.
fn app_of(value: &Spot<'_>) -> Option<String> {
    let info = value.member("waba_info").and_then(|info| info.member("partner_app_id"));
    let app = info.or_else(|| value.member("partner_app_id"));
    app.and_then(|app| app.name().ok()).filter(|app| is_id(app))
}

/// Each app comes and goes by itself, and which of several sends nobody tells.
fn tell_app(reading: &mut Reading, app: &str, is: &str) {
    let key = reading.of_account();
    reading.says.push(format!("account: app {app} {is} at {}", reading.at));
    reading.put(&key, Register::Apps, Word::of(&json!({"app": app, "is": is})));
}

/// An event that names a number counts for whoever has the number, whatever entry it came in, and
/// its row keeps what it named: where the number is another account's, it ends nothing. A number
/// that cannot be read may be anybody's.
fn of_named_number(reading: &mut Reading, value: &Spot<'_>) {
    match reading.named_number(value) {
        Some(Ok(number)) if !reading.account.is_empty() => {
            let entry = reading.account.clone();
            reading.name_beside(&number, &entry, false);
            reading.put(&number, Register::NamedUnder, Word::text(&entry));
        }
        Some(Err(problem))
            if NUMBER_MEMBERS.iter().any(|name| value.member(name).is_some())
                && (reading.is_grave() || reading.ends_something()) =>
        {
            reading.doubts_whose(problem.to_string());
        }
        _ => {}
    }
}

/// Says which members nobody reads. One that is called like a stop may be one, whatever event it
/// came with.
fn strange_members(reading: &mut Reading, value: &Spot<'_>) {
    const READ: &[&str] = &["country", "event", "updateEvent", "waba_id"];
    /// They come with events that say nothing of what may be sent.
    const HARMLESS: &[&str] = &[
        "ad_account_info",
        "auth_international_rate_eligibility",
        "business_id",
        "partner_app_id",
        "phone_number",
        "solution_id",
        "solution_partner_business_ids",
        "volume_tier_info",
        "wa_ad_account_info",
    ];
    let members = value.value.as_object().into_iter().flatten();
    let strange = members.map(|(name, _)| name.as_str()).filter(|name| {
        !READ.contains(name) && !HARMLESS.contains(name) && !ACCOUNT_MEMBERS.contains(name)
    });
    for name in strange {
        let shown = error::quoted(name);
        let said = value.value.get(name);
        let text = said.and_then(|said| said.as_str()).unwrap_or_default();
        if words::is_like_a_stop(name)
            || words::is_like_a_stop(text)
            || said.is_some_and(|said| other::tells_of_stop(name, said))
        {
            reading.doubts(format!("there is no member {shown} of an account's event"));
        } else {
            reading.notes.push(format!("the member {shown} is not read"));
        }
    }
}

fn violation(reading: &mut Reading, info: Option<&Spot<'_>>) {
    let key = reading.of_account();
    let kind = info.and_then(|info| info.member("violation_type"));
    let word = kind.as_ref().and_then(|kind| kind.value.as_str()).unwrap_or_default();
    if words::CALL_VIOLATIONS.contains(&words::normalised(word).as_str()) {
        return reading.notice(&key, &format!("violation {word}, which concerns no messages"));
    }
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

fn restrictions(reading: &mut Reading, value: &Spot<'_>, info: Option<&Spot<'_>>) {
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
        // An event does not report what is already over: such an end is wrong, and the right one is
        // unknown.
        let is_over = until.is_some_and(|until| until <= reading.at);
        let until = until.filter(|_| !is_over);
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
        if is_over {
            reading.notes.push(format!(
                "`{}`: the expiration lies before the event, so that the end is not known",
                item.path
            ));
        }
        list.push(Listed { kind, until });
    }
    if warned {
        reading.tell(&key, Register::TemplateMisuseWarned, Word::Bool(true));
    }
    // A list of nothing but warnings or calls says nothing of the restrictions on messages; an
    // empty one says that there are none.
    if !items.is_empty() && list.is_empty() {
        return;
    }
    let standing = Standing::Restrictions { list };
    match reading.named_number(value) {
        None => reading.stand(&key, &standing),
        // Whose the number is, other events tell.
        Some(Ok(number)) => {
            if let (Key::Number(name), false) = (&number, reading.account.is_empty()) {
                reading.put(&key, Register::Numbers, Word::text(name));
            }
            reading.stand(&number, &standing);
        }
        Some(Err(problem)) => {
            reading.doubts(problem.to_string());
            // What it ends may be of another number.
            if !items.is_empty() {
                reading.stand(&key, &standing);
            }
        }
    }
}

/// The day that a ban gives for itself, where the event has no time.
pub(super) fn day_of_ban(value: &Spot<'_>) -> Option<Timestamp> {
    let info = value.member("ban_info")?;
    let date = info.member("waba_ban_date").or_else(|| info.member("banDate"))?;
    date.date().ok()
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
/// somewhere in it. A restriction of another kind is one, whatever words stand beside it.
fn is_warning(item: &Spot<'_>) -> bool {
    let kind = item.member("restriction_type");
    let known = kind.as_ref().and_then(|kind| words::of(words::RESTRICTIONS, kind.value.as_str()?));
    let is_of_templates = |text: &str| {
        let text = words::normalised(text);
        ["TEMPLATE", "UTILITY"].iter().any(|word| text.contains(word))
    };
    let named = kind.as_ref().and_then(|kind| kind.value.as_str());
    match known {
        Some(kinds) if !kinds.contains(&"utility_templates") => return false,
        // Of another type nobody knows what it stops.
        None if named.is_some_and(|kind| !is_of_templates(kind)) => return false,
        _ => {}
    }
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
    let mut is_known = false;
    const READ: &[&str] = &["waba_ban_state", "banState", "waba_ban_date", "banDate"];
    let members = info.value.as_object().into_iter().flatten();
    let strange = members
        .filter(|(name, _)| !READ.contains(&name.as_str()))
        .find(|(name, value)| other::tells_of_stop(name, value));
    if let Some((name, _)) = strange {
        reading.doubts(format!("`{}`: there is no member {}", info.path, error::quoted(name)));
    }
    for state in &states {
        let word = words::normalised(state.value.as_str().unwrap_or_default());
        // What ends later, or beside something that nobody reads, is not over yet.
        if word == "REINSTATE" && strange.is_some() {
            is_known = true;
            continue;
        }
        if word == "REINSTATE"
            && let Some(date) = other_day.filter(|date| *date > at)
        {
            reading.says.push(format!("account: reinstated from {date}"));
            reading.put_at(&key, Register::Standing, date, Standing::Reinstated.word());
            is_known = true;
            continue;
        }
        let standing = match word.as_str() {
            "SCHEDULE_FOR_DISABLE" => Standing::Ban { since: other_day.unwrap_or(at) },
            "DISABLE" => Standing::Ban { since: other_day.filter(|date| *date < at).unwrap_or(at) },
            "REINSTATE" => Standing::Reinstated,
            _ => {
                reading.note("ban state", state);
                // The event mentions a ban, and what it says of it is unknown.
                Standing::Stopped
            }
        };
        reading.stand(&key, &standing);
        is_known = true;
    }
    if !is_known {
        reading.problem(&error::missing("a ban state").at(&info.path));
        reading.stand(&key, &Standing::Stopped);
    }
}

/// Alerts that forbid nothing.
const ALERTS: [&str; 6] = [
    "INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED",
    "INCREASED_CAPABILITIES_ELIGIBILITY_FAILED",
    "INCREASED_CAPABILITIES_ELIGIBILITY_NEED_MORE_INFO",
    "OBA_APPROVED",
    "OBA_REJECTED",
    "PROFILE_PICTURE_LOST",
];

/// Today under `alert_info`; before that, flat.
pub(super) fn account_alert(reading: &mut Reading, value: &Spot<'_>) {
    let info = value.member("alert_info").unwrap_or_else(|| value.clone());
    let Some(kind) = info.member("alert_type") else {
        return reading.doubts(error::missing("an alert type").to_string());
    };
    let entity = value.member("entity_type").map(|entity| entity.shown().to_ascii_uppercase());
    let id = value.member("entity_id").and_then(|id| id.name().ok()).filter(|id| is_id(id));
    let key = match (entity.as_deref(), id) {
        (Some("BUSINESS"), Some(id)) => Key::Portfolio(id.into()),
        (Some("PHONE_NUMBER"), Some(id)) if !reading.account.is_empty() => {
            let entry = reading.account.clone();
            reading.put(&Key::number(&id), Register::NamedUnder, Word::text(&entry));
            reading.of_account()
        }
        _ => reading.of_account(),
    };
    let status = info.member("alert_status").map(|status| status.shown()).unwrap_or_default();
    let severity = info.member("alert_severity").map(|severity| severity.shown());
    let severity = severity.unwrap_or_else(|| "ACTIVE".to_owned());
    let state = if status.eq_ignore_ascii_case("NONE") { "over" } else { severity.as_str() };
    let known = ALERTS.contains(&words::normalised(&kind.shown()).as_str());
    if !known && state != "over" {
        reading.doubts(format!("`{}`: there is no alert {}", kind.path, kind.shown()));
    }
    reading.notice(&key, &format!("alert {}: {state}", kind.shown()));
}

pub(super) fn business_capability(reading: &mut Reading, value: &Spot<'_>) {
    // The portfolio's limit comes first: the limit of each number is a thing of the past. Where no
    // account is named it may be of any.
    let key = match reading.account.is_empty() {
        true => Key::portfolio(""),
        false => reading.of_account(),
    };
    let given: Vec<Spot<'_>> = LIMITS.iter().filter_map(|name| value.member(name)).collect();
    let contradict = given.windows(2).any(|pair| match pair {
        [one, other] => one.limit() != other.limit(),
        _ => false,
    });
    match given.first() {
        Some(_) if contradict => {
            reading.notes.push(format!("`{}`: limits that differ", value.path));
            reading.tell(&key, Register::DailyLimit, Word::Unknown);
        }
        Some(limit) => reading.limit(&key, limit),
        // A limit of `null` is a limit that is not given.
        None if !LIMITS.iter().any(|name| value.value.get(name).is_some())
            && (value.member("max_phone_numbers_per_waba").is_some()
                || value.member("max_phone_numbers_per_business").is_some()) => {}
        None => {
            reading.problem(&error::missing("a limit").at(&value.path));
            reading.tell(&key, Register::DailyLimit, Word::Unknown);
        }
    }
}
