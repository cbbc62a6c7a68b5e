//! When are two names, or two domains, the same?
//!
//! Names: after NFC, trimming, collapsing of white space and full case folding. Domains: lower-case
//! A-labels, by registrable domain. Never by what merely looks the same: that is a look-alike, the
//! opposite of a match.

use std::borrow::Cow;

use caseless::Caseless as _;
use idna::AsciiDenyList;
use unicode_normalization::UnicodeNormalization as _;

use crate::limits::FACT_TEXT_BYTES_MAX;

/// The longest domain name of DNS, in its textual form (RFC 1035, 2.3.4).
const DOMAIN_BYTES_MAX: usize = 253;

/// The versions of the data behind normal forms and look-alikes, for digests: another version may
/// give another answer. Three of Unicode's and that of the crate that carries the public suffix
/// list.
pub const DATA_VERSION: &str =
    "case-folding 16.0.0, confusables 18.0.0, normalization 18.0.0, public-suffix-list 2.1.247";

/// The normal form of a name; `None` for one that is empty, or too long to be anybody's.
pub(super) fn folded(name: &str) -> Option<String> {
    if name.len() > FACT_TEXT_BYTES_MAX {
        return None;
    }
    if name.is_ascii() {
        let mut text = String::with_capacity(name.len());
        for word in name.split_ascii_whitespace() {
            if !text.is_empty() {
                text.push(' ');
            }
            text.extend(word.chars().map(|letter| letter.to_ascii_lowercase()));
        }
        return if text.is_empty() { None } else { Some(text) };
    }
    let composed: String = name.nfc().collect();
    let mut text = String::with_capacity(composed.len());
    for word in composed.split_whitespace() {
        if !text.is_empty() {
            text.push(' ');
        }
        // Folding may decompose, so that what comes out is composed again.
        text.extend(word.chars().default_case_fold().nfc());
    }
    if text.is_empty() { None } else { Some(text) }
}

/// A domain as lower-case A-labels without a final dot; `None` if it is no domain name.
pub(crate) fn a_labels(domain: &str) -> Option<Cow<'_, str>> {
    let domain = domain.trim();
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    if domain.is_empty() || domain.len() > DOMAIN_BYTES_MAX * 4 {
        return None;
    }
    let labels = idna::domain_to_ascii_cow(domain.as_bytes(), AsciiDenyList::STD3).ok()?;
    let is_address = labels
        .rsplit('.')
        .next()
        .is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
    if labels.len() > DOMAIN_BYTES_MAX
        || is_address
        || labels.split('.').any(|label| {
            label.is_empty() || label.len() > 63 || label.starts_with('-') || label.ends_with('-')
        })
    {
        return None;
    }
    Some(labels)
}

/// The registrable domain, by the public suffix list, as A-labels; `None` for what is no domain
/// name or a public suffix itself.
pub(super) fn registrable(domain: &str) -> Option<String> {
    let labels = a_labels(domain)?;
    psl::domain_str(&labels).map(str::to_owned)
}

/// Whether a text is a host name of a domain that can be registered, and nothing besides.
pub fn is_domain(text: &str) -> bool {
    !text.contains(char::is_whitespace) && registrable(text).is_some()
}

/// The host name in what is none itself: an address, an e-mail address, a pattern, the first of a
/// list.
pub fn meant_domain(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let text = text.split(['/', '?', '#', ',', ';', '|', '\\']).next().unwrap_or_default();
    let text = text.split_whitespace().next().unwrap_or_default();
    let text = text.rsplit('@').next().unwrap_or_default();
    let text = text.split(':').next().unwrap_or_default();
    let text = text.trim_start_matches("*.").trim_matches(['.', '"', '\'', '<', '>']);
    is_domain(text).then(|| text.to_lowercase())
}

/// What a name is without legal forms at its end, in normal form: `twilio inc.` is `twilio`. None
/// where it has none.
pub(super) fn without_legal_form(folded: &str) -> Option<String> {
    let mut words: Vec<&str> = folded.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let all = words.len();
    while words.len() > 1 {
        let Some(last) = words.last() else { break };
        let last: String = last.chars().filter(|letter| letter.is_alphanumeric()).collect();
        if !last.is_empty() && LEGAL_FORMS.binary_search(&last.as_str()).is_err() {
            break;
        }
        words.pop();
    }
    (words.len() < all).then(|| words.join(" "))
}

/// In order, without punctuation.
#[rustfmt::skip]
const LEGAL_FORMS: &[&str] = &[
    "ab", "ag", "aps", "as", "bv", "co", "company", "corp", "corporation", "doo", "fze", "gmbh", "inc", "incorporated", "kft", "kg",
    "lda", "limited", "llc", "llp", "ltd", "ltda", "nv", "oy", "oyj", "plc", "pt", "pte", "pty", "pvt", "rl", "sa", "sab", "sarl", "sas",
    "sdnbhd", "se", "sl", "slu", "spa", "srl", "sro", "ug",
];

#[cfg(test)]
mod tests {
    use super::{
        DATA_VERSION, LEGAL_FORMS, folded, is_domain, meant_domain, registrable, without_legal_form,
    };

    #[test]
    fn the_stated_versions_are_those_in_use() {
        let dotted = |(major, minor, patch): (u64, u64, u64)| format!("{major}.{minor}.{patch}");
        let (major, minor, patch) = unicode_normalization::UNICODE_VERSION;
        let normalization = dotted((major.into(), minor.into(), patch.into()));
        let lock = include_str!("../../../Cargo.lock");
        let (_, after) = lock.split_once("name = \"psl\"\nversion = \"").unwrap();
        let (suffixes, _) = after.split_once('"').unwrap();
        let (folding, confusables) =
            (dotted(caseless::UNICODE_VERSION), dotted(unicode_security::UNICODE_VERSION));
        assert_eq!(
            DATA_VERSION,
            format!(
                "case-folding {folding}, confusables {confusables}, normalization \
                 {normalization}, public-suffix-list {suffixes}"
            )
        );
    }

    #[test]
    fn names_match_without_case_composition_and_spacing() {
        for (one, other) in [
            ("Hubtype", " hubtype "),
            ("LINK  Mobility", "link\u{a0}mobility"),
            ("Caf\u{e9} Chat", "CAFE\u{301} chat"),
            ("Stra\u{df}e", "STRASSE"),
            (
                "\u{3a3}\u{3af}\u{3c3}\u{3c5}\u{3c6}\u{3bf}\u{3c2}",
                "\u{3c3}\u{3af}\u{3c3}\u{3c5}\u{3c6}\u{3bf}\u{3c3}",
            ),
        ] {
            assert_eq!(folded(one), folded(other), "{one}");
        }
        assert_ne!(folded("Hubtype"), folded("Hub type"));
        assert_ne!(
            folded("Hubtype"),
            folded("Hubt\u{443}pe"),
            "a Cyrillic letter is another letter"
        );
        assert_eq!(folded(" \t "), None);
    }

    #[test]
    fn domains_match_by_what_can_be_registered() {
        for (domain, expected) in [
            ("hubtype.com", Some("hubtype.com")),
            ("App.HUBTYPE.com.", Some("hubtype.com")),
            ("www.example.co.uk", Some("example.co.uk")),
            ("shop.github.io", Some("shop.github.io")),
            ("b\u{fc}cher.example", Some("xn--bcher-kva.example")),
            ("xn--bcher-kva.example", Some("xn--bcher-kva.example")),
            ("co.uk", None),
            ("localhost", None),
            ("192.168.0.1", None),
            ("two words.example", None),
            ("https://hubtype.com", None),
            ("hubtype.com:443", None),
            ("hubtype.com,hubtype.es", None),
            ("*.hubtype.com", None),
            ("hello@hubtype.com", None),
            ("-hubtype.com", None),
            ("a..example", None),
            ("", None),
            ("xn--zzzzzzzzz.example", None),
        ] {
            assert_eq!(registrable(domain).as_deref(), expected, "{domain}");
        }
    }

    #[test]
    fn the_host_is_found_in_what_people_write_for_it() {
        for (text, host) in [
            ("https://hubtype.com/", Some("hubtype.com")),
            ("https://www.twilio.com/en-us", Some("www.twilio.com")),
            ("hubtype.com/", Some("hubtype.com")),
            ("hubtype.com:443", Some("hubtype.com")),
            ("hello@hubtype.com", Some("hubtype.com")),
            ("*.Hubtype.com", Some("hubtype.com")),
            (" hubtype.com ", Some("hubtype.com")),
            ("hubtype.com, hubtype.es", Some("hubtype.com")),
            ("n/a", None),
            ("", None),
            ("localhost", None),
        ] {
            assert!(!is_domain(text), "{text}");
            assert_eq!(meant_domain(text).as_deref(), host, "{text}");
        }
    }

    #[test]
    fn legal_forms_at_the_end_say_nothing() {
        assert!(LEGAL_FORMS.is_sorted());
        for (name, rest) in [
            ("twilio inc.", Some("twilio")),
            ("hubtype, s.l.", Some("hubtype")),
            ("gupshup technology india pvt. ltd.", Some("gupshup technology india")),
            ("acme gmbh & co. kg", Some("acme")),
            ("twilio", None),
            ("inc", None),
        ] {
            assert_eq!(without_legal_form(name).as_deref(), rest, "{name}");
        }
    }
}
