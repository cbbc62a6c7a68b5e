//! What may a text that does not fit have meant, and how is a value of the form written?

use super::language::meant_language;
use crate::clients::ClientName;
use crate::directory::meant_domain;
use crate::endpoints::Endpoint;
use crate::schema::{Choice, Form, is_phone, meant_country, regions};
use crate::suggest;
use crate::time::zone;

/// What a text that does not fit may mean, the likeliest first; nothing where nothing is near. The
/// country of what the text is said of, where it is known, tells regions apart.
pub(crate) fn meant(text: &str, form: &Form, country: Option<&str>) -> Vec<String> {
    let names = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
    match form {
        Form::OneOf(choices) => names(meant_choice(text, choices).into_iter().collect()),
        Form::Country => names(meant_country(text).into_iter().collect()),
        Form::Region => names(regions::meant(text, country)),
        Form::TimeZone => names(zone::meant(text)),
        Form::Phone | Form::PhoneOrId => meant_phone(text).into_iter().collect(),
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
        | Form::UserId
        | Form::Count
        | Form::CountOrUnlimited => Vec::new(),
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
        Form::Text => "a text",
        Form::TimeZone => "an IANA time zone such as `Europe/Madrid`",
        Form::Client => "`ecosystem:name`, such as `npm:whatsapp-web.js`, or a package URL",
        Form::Endpoint => "an address such as `https://graph.facebook.com/v23.0`",
        Form::UserId => {
            "a business-scoped user id such as `US.13491208655302741918`, or a parent id such as \
             `US.ENT.13491208655302741918`"
        }
        Form::Language => "a language as WhatsApp writes it, such as `es` or `es_ES`",
        Form::CountOrUnlimited => "a whole number from 0, or \"unlimited\"",
        Form::Any | Form::OneOf(_) | Form::Count | Form::Instant | Form::End => "another form",
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
    ("casino", "gambling"),
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

/// The number that another way of writing it means: with spaces, with `00`, as WhatsApp's own id. A
/// national number means none, since the country is not told.
fn meant_phone(found: &str) -> Option<String> {
    /// The shortest number that is taken for one with its country where nothing says so.
    const DIGITS_MIN: usize = 11;
    let text = found.trim();
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
    let (is_international, digits) =
        match kept.strip_prefix('+').or_else(|| kept.strip_prefix("00")) {
            Some(digits) => (true, digits),
            None => (false, kept.as_str()),
        };
    let phone = format!("+{digits}");
    (is_phone(&phone) && (is_international || digits.len() >= DIGITS_MIN)).then_some(phone)
}
