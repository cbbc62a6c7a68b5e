//! What may a text that does not fit have meant, and how is a value of the form written?

use super::calling::{calling_code, may_be_number};
use super::language::meant_language;
use crate::clients::ClientName;
use crate::directory::meant_domain;
use crate::endpoints::Endpoint;
use crate::schema::{Choice, Form, is_phone, meant_country, regions};
use crate::suggest;
use crate::time::{Timestamp, zone};

/// What a text that does not fit may mean, the likeliest first; nothing where nothing is near. The
/// country of the text's object, where it is known, distinguishes regions.
pub(crate) fn meant(text: &str, form: &Form, country: Option<&str>) -> Vec<String> {
    let names = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
    match form {
        Form::OneOf(choices) => names(meant_choice(text, choices).into_iter().collect()),
        Form::Country => names(meant_country(text).into_iter().collect()),
        Form::Region => names(regions::meant(text, country)),
        Form::TimeZone => names(zone::meant(text)),
        Form::Phone | Form::PhoneOrId => meant_phone(text, country).into_iter().collect(),
        Form::Domain => meant_domain(text).into_iter().collect(),
        Form::Client => {
            let suggestion = ClientName::parse(text).err();
            suggestion.and_then(|error| error.suggestion().map(str::to_owned)).into_iter().collect()
        }
        Form::Endpoint => {
            let suggestion = Endpoint::parse(text).err();
            suggestion.and_then(|error| error.suggestion().map(str::to_owned)).into_iter().collect()
        }
        Form::Language => meant_language(text).into_iter().collect(),
        Form::Any
        | Form::Id
        | Form::Name
        | Form::Firm
        | Form::Text
        | Form::Instant
        | Form::End
        | Form::OwnInstant
        | Form::UserId
        | Form::Count => Vec::new(),
        Form::CountOrUnlimited => meant_limit(text).into_iter().collect(),
    }
}

/// How a value of the form is written, to stand behind *expected*.
pub(crate) const fn expected(form: &Form) -> &'static str {
    match form {
        Form::Phone => {
            "an E.164 number such as `+34600000000`: `+`, then 7 to 15 digits that do not begin \
             with 0, without spaces"
        }
        Form::PhoneOrId => {
            "an E.164 number such as `+34600000000`: `+`, then 7 to 15 digits that do not begin \
             with 0, without spaces; or a phone-number id"
        }
        Form::Country => "an ISO 3166-1 alpha-2 code such as `ES`",
        Form::Region => "an ISO 3166-2 code such as `US-FL`",
        Form::Domain => "a host name such as `example.com`",
        Form::Id => "an id without blanks",
        Form::Name => "a name",
        Form::Firm => "the name of a firm",
        Form::Text => "a string",
        Form::TimeZone => "an IANA time zone such as `Europe/Madrid`",
        Form::Client => "`ecosystem:name`, such as `npm:whatsapp-web.js`, or a package URL",
        Form::Endpoint => "an address such as `https://graph.facebook.com/v23.0`",
        Form::UserId => {
            "a business-scoped user id such as `US.13491208655302741918`, or a parent id such as \
             `US.ENT.13491208655302741918`"
        }
        Form::Language => "a language as WhatsApp writes it, such as `es` or `es_ES`",
        Form::CountOrUnlimited => "a whole number from 0, or \"unlimited\"",
        Form::Any | Form::OneOf(_) | Form::Count | Form::Instant | Form::End | Form::OwnInstant => {
            "another form"
        }
    }
}

/// The value of a list that another word means.
pub(crate) fn meant_choice<'a>(text: &str, choices: &'a [Choice]) -> Option<&'a str> {
    let names = || choices.iter().map(|choice| &*choice.name);
    let word = text.trim();
    OTHER_WORDS
        .iter()
        .find(|(other, _)| word.eq_ignore_ascii_case(other))
        .and_then(|(_, meant)| names().find(|name| name == meant))
        .or_else(|| suggest::nearest(text, names()))
}

/// What other systems call some of the values.
const OTHER_WORDS: &[(&str, &str)] = &[
    ("bitcoin", "currency"),
    ("apparel", "fashion"),
    ("casino", "gambling"),
    ("clothes", "fashion"),
    ("clothing", "fashion"),
    ("crypto", "currency"),
    ("cryptocurrency", "currency"),
    ("drugs", "illegal_drugs"),
    ("ecommerce", "retail"),
    ("e-commerce", "retail"),
    ("forex", "currency"),
    ("guns", "firearms"),
    ("loans", "finance"),
    ("pharmacy", "otc_drugs"),
    ("politics", "political_organisation"),
    ("political", "political_organisation"),
    ("vape", "tobacco"),
    ("weapons", "firearms"),
    ("bsp", "solution_partner"),
    ("isv", "tech_provider"),
    ("transactional", "utility"),
    ("otp", "authentication"),
    ("promotional", "marketing"),
];

/// The number that another way of writing it means: with spaces, with `00`, as WhatsApp's own id;
/// of one without its country, the number in the country that is given.
fn meant_phone(found: &str, country: Option<&str>) -> Option<String> {
    /// The shortest number that is taken for one with its country where nothing says so.
    const DIGITS_MIN: usize = 11;
    let text = found.trim();
    // A number that was read as one with a fraction; its `.0` is no digit of it.
    // Of several points each stands between digits.
    let text = match text.split_once('.') {
        Some((whole, "0" | "00")) => whole,
        // Which number `34600000001.5` was, nobody knows.
        Some((_, part)) if part.len() == 1 => return None,
        _ => text,
    };
    let text =
        ["whatsapp:", "tel:"].iter().find_map(|scheme| text.strip_prefix(scheme)).unwrap_or(text);
    let text = ["@s.whatsapp.net", "@c.us"]
        .iter()
        .find_map(|host| text.strip_suffix(host))
        .unwrap_or(text);
    let kept: String = text
        .chars()
        .filter(|letter| !letter.is_whitespace() && !matches!(letter, '-' | '.' | '(' | ')' | '/'))
        .collect();
    let international = kept.strip_prefix('+').or_else(|| kept.strip_prefix("00"));
    if let Some(digits) = international {
        return Some(format!("+{digits}")).filter(|phone| is_phone(phone));
    }
    let home = country.and_then(|country| Some((country, calling_code(country)?)));
    let whole = Some(format!("+{kept}")).filter(|phone| is_phone(phone));
    let is_long = kept.len() >= DIGITS_MIN;
    match home {
        Some((country, code)) if !(is_long && kept.starts_with(code)) => {
            national(&kept, country, code)
        }
        _ => whole.filter(|_| is_long),
    }
}

/// A number as it is dialled at home, in a country; none that the country cannot have.
fn national(digits: &str, country: &str, code: &str) -> Option<String> {
    /// Whether a number keeps its first zero abroad: Italy, and who shares its code.
    const KEEPS_ZERO: &[&str] = &["39", "378"];
    let subscriber = match digits.strip_prefix('0') {
        Some(rest) if !KEEPS_ZERO.contains(&code) => rest,
        _ => digits,
    };
    let phone = format!("+{code}{subscriber}");
    (may_be_number(country, subscriber) && is_phone(&phone)).then_some(phone)
}

/// What a count is that stands with separators or a unit: `10 000`, `10,000`, `10K`.
pub(crate) fn meant_count(found: &str) -> Option<i64> {
    let text = found.trim().to_ascii_lowercase();
    let (digits, times) = match (text.strip_suffix('k'), text.strip_suffix('m')) {
        (Some(digits), _) => (digits, 1000),
        (_, Some(digits)) => (digits, 1_000_000),
        _ => (text.as_str(), 1),
    };
    // A point or comma may also begin a fraction, unless three digits follow.
    let mut groups = digits.split(['.', ',']);
    let is_grouped = groups.next().is_some() && groups.all(|group| group.len() == 3);
    let kept: String = digits
        .chars()
        .filter(|letter| !letter.is_whitespace() && !matches!(letter, ',' | '.' | '_' | '\''))
        .collect();
    let is_number =
        is_grouped && !kept.is_empty() && kept.bytes().all(|byte| byte.is_ascii_digit());
    kept.parse::<i64>().ok().filter(|_| is_number)?.checked_mul(times)
}

/// A messaging limit as the Graph API has it: `TIER_10K`, `TIER_UNLIMITED`.
fn meant_limit(found: &str) -> Option<String> {
    let text = found.trim().to_ascii_uppercase();
    let tier = text.strip_prefix("TIER_").or_else(|| text.strip_prefix("TIER ")).unwrap_or(&text);
    match tier {
        "UNLIMITED" => Some("unlimited".to_owned()),
        tier => meant_count(tier).map(|count| count.to_string()),
    }
}

/// What another word for yes or no means.
pub(crate) fn meant_bool(found: &str) -> Option<bool> {
    match found.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" | "1" | "t" | "on" | "sí" | "si" | "sim" => Some(true),
        "false" | "no" | "n" | "0" | "f" | "off" | "não" | "nao" => Some(false),
        _ => None,
    }
}

/// The instant that a number stands for: seconds since 1970, or milliseconds, of the years in which
/// there are campaigns.
pub(crate) fn meant_instant(found: i64) -> Option<Timestamp> {
    /// 2001-09-09 to 2100-01-01.
    const SECONDS: std::ops::Range<i64> = 1_000_000_000..4_102_444_800;
    let at = |seconds| Timestamp::new(seconds, 0).filter(|_| SECONDS.contains(&seconds));
    at(found).or_else(|| at(found / 1000))
}
