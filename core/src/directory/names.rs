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
use crate::text::is_hidden;

/// What systems and people write where there is none, or where they know none: it identifies
/// nobody. As [`bare`] leaves it.
const NOBODY: &[&str] = &[
    "a confirmar",
    "a definir",
    "anonymous",
    "aucun",
    "desconhecido",
    "desconocida",
    "desconocido",
    "inconnu",
    "indefinido",
    "k. a",
    "keine",
    "keiner",
    "n.a",
    "n.d",
    "n/a",
    "n/d",
    "nan",
    "nenhum",
    "nessuno",
    "nil",
    "ninguna",
    "ninguno",
    "ningún",
    "no aplica",
    "no disponible",
    "no name",
    "no partner",
    "no provider",
    "none",
    "none given",
    "not applicable",
    "not available",
    "not given",
    "not known",
    "not provided",
    "not set",
    "not specified",
    "not sure",
    "null",
    "object object",
    "pendente",
    "pendiente",
    "por confirmar",
    "por definir",
    "s/d",
    "sconosciuto",
    "sin definir",
    "sin nombre",
    "sin proveedor",
    "tba",
    "tbc",
    "tbd",
    "to be announced",
    "to be confirmed",
    "to be defined",
    "to be determined",
    "unbekannt",
    "undefined",
    "unknown",
    "unnamed",
    "unspecified",
];

/// What stands in for a firm's name in forms and tests. A campaign may well be called so.
const STAND_INS: &[&str] = &[
    "asdf",
    "dummy",
    "example",
    "na",
    "placeholder",
    "prueba",
    "qwerty",
    "test",
    "teste",
    "testing",
    "tests",
    "todo",
    "xxx",
];

/// The longest domain name of DNS, in its textual form (RFC 1035, 2.3.4).
const DOMAIN_BYTES_MAX: usize = 253;

/// The versions of the data behind normal forms and look-alikes, for digests: another version may
/// give another answer. Three of Unicode's and that of the crate that carries the public suffix
/// list.
pub const DATA_VERSION: &str =
    "case-folding 16.0.0, confusables 18.0.0, normalization 18.0.0, public-suffix-list 2.1.247";

/// Signs that claim a name and are no part of it.
const CLAIMS: [char; 4] = ['\u{ae}', '\u{a9}', '\u{2122}', '\u{2120}'];

/// Letters or digits, and nothing that is blank or cannot be seen; no word for nobody.
pub fn is_id(text: &str) -> bool {
    text.contains(char::is_alphanumeric)
        && !text.contains(|letter: char| letter.is_whitespace() || is_hidden(letter))
        && bare(text, |bare| !names_nobody(bare) && !stands_in(bare))
}

/// Letters or digits that can be seen are in it, and it is no word for nobody.
pub fn is_name(text: &str) -> bool {
    has_letters(text) && bare(text, |bare| !names_nobody(bare))
}

fn has_letters(text: &str) -> bool {
    text.chars().any(|letter| letter.is_alphanumeric() && !is_hidden(letter))
}

/// A name, and no word that stands in for a firm's.
pub(crate) fn is_firm(text: &str) -> bool {
    has_letters(text)
        && bare(text, |bare| !names_nobody(bare) && !stands_in(bare))
        && !are_zeros(text)
}

/// Whether a text is what people and systems write where there is no name, or where they know none:
/// `N/A`, `unknown`, `TBD`, `-`, `test` of a firm.
pub(crate) fn is_placeholder(text: &str) -> bool {
    !is_firm(text)
}

fn names_nobody(bare: Bare<'_>) -> bool {
    is_among(NOBODY, bare) || is_near_nobody(bare)
}

fn stands_in(bare: Bare<'_>) -> bool {
    is_among(STAND_INS, bare)
}

/// Zeros stand where systems know no name; lists count their ids from 0.
fn are_zeros(text: &str) -> bool {
    text.contains('0') && text.chars().all(|c| c == '0' || !c.is_alphanumeric())
}

/// Whether a text is one of the longer words for nobody but for one slip: `unkown`, `undefinded`.
/// Of shorter words, and of two, a letter more or less makes names of firms.
fn is_near_nobody(bare: Bare<'_>) -> bool {
    const LETTERS_MIN: usize = 7;
    // LIMIT: the longest of the words, with a letter more and marks around it.
    const BYTES_MAX: usize = 24;
    if bare.written_bytes > BYTES_MAX {
        return false;
    }
    let bare = bare.text;
    let words = NOBODY.iter().filter(|word| word.len() >= LETTERS_MIN && !word.contains(' '));
    let mut words = words.filter(|word| word.len().abs_diff(bare.len()) <= 1);
    words.any(|word| may_be_near(bare, word) && strsim::osa_distance(bare, word) <= 1)
}

/// Whether one slip may lie between two texts: besides it they begin alike and end alike. Every
/// case with a provider asks, and hardly any goes on to the distance.
fn may_be_near(text: &str, word: &str) -> bool {
    let alike = |(a, b): &(char, char)| a == b;
    let begin = text.chars().zip(word.chars()).take_while(alike).count();
    let end = text.chars().rev().zip(word.chars().rev()).take_while(alike).count();
    // Two letters that changed places.
    const SLIP: usize = 2;
    begin + end + SLIP >= text.chars().count().max(word.chars().count())
}

/// Whether a text is one of some words, or one of them with a noun after it: `unknown provider`.
fn is_among(words: &[&str], bare: Bare<'_>) -> bool {
    const OF_WHAT: &[&str] =
        &["agency", "company", "firm", "name", "partner", "provider", "reseller"];
    let is = |text: &str| words.binary_search(&text).is_ok();
    let bare = bare.text;
    is(bare)
        || bare.rsplit_once(' ').is_some_and(|(first, last)| OF_WHAT.contains(&last) && is(first))
}

/// A text without case and without the marks around it: `<Unknown>` is `unknown`, `not_set` is
/// `not set`.
#[derive(Clone, Copy)]
struct Bare<'t> {
    text: &'t str,
    /// How long it is as written.
    written_bytes: usize,
}

/// Asks of a text whether it is no word for nobody, in its bare form. What is longer than any such
/// word, with whatever stands around it, is none.
fn bare(text: &str, is_none: impl FnOnce(Bare<'_>) -> bool) -> bool {
    // LIMIT: the longest of the words, with whatever stands around it.
    const BYTES_MAX: usize = 40;
    let written_bytes = text.len();
    if written_bytes > BYTES_MAX {
        return true;
    }
    if text.is_ascii() {
        let mut room = [0; BYTES_MAX];
        if let Some(text) = bare_ascii(text.as_bytes(), &mut room) {
            return is_none(Bare { text, written_bytes });
        }
    }
    let text = text.trim_matches(|letter: char| !letter.is_alphanumeric());
    let words = text.split(|letter: char| letter.is_whitespace() || matches!(letter, '_' | '-'));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    is_none(Bare { text: &words.join(" ").to_lowercase(), written_bytes })
}

/// Likewise, of letters of ASCII alone, which need no memory.
fn bare_ascii<'r>(text: &[u8], room: &'r mut [u8]) -> Option<&'r str> {
    let first = text.iter().position(u8::is_ascii_alphanumeric);
    let last = text.iter().rposition(u8::is_ascii_alphanumeric);
    let inner = first.zip(last).and_then(|(first, last)| text.get(first..=last));
    let mut count = 0;
    let mut is_between = false;
    for byte in inner.unwrap_or_default() {
        // As `char::is_whitespace` has it: the vertical tab too.
        if matches!(byte, b'_' | b'-' | b' ' | b'\t'..=b'\r') {
            is_between = true;
            continue;
        }
        if std::mem::take(&mut is_between) {
            *room.get_mut(count)? = b' ';
            count += 1;
        }
        *room.get_mut(count)? = byte.to_ascii_lowercase();
        count += 1;
    }
    std::str::from_utf8(room.get(..count)?).ok()
}

/// The normal form of a name; `None` for what names no firm, or is too long to be anybody's.
pub(super) fn folded(name: &str) -> Option<String> {
    normal_form(name).filter(|folded| is_firm(folded))
}

fn normal_form(name: &str) -> Option<String> {
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
    let composed: String = name.nfc().filter(|letter| !CLAIMS.contains(letter)).collect();
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
pub(crate) fn registrable(domain: &str) -> Option<String> {
    let labels = a_labels(domain)?;
    psl::domain_str(&labels).map(str::to_owned)
}

/// The labels of a host that its owner chose below the registrable domain; all of a host without
/// one, as in a network of containers.
pub(crate) fn below_registrable(host: &str) -> &str {
    let host = host.strip_suffix('.').unwrap_or(host);
    if !host.contains('.') {
        return host;
    }
    let lower = host.to_ascii_lowercase();
    let of_domain = psl::domain_str(&lower).map_or(0, str::len);
    host.get(..host.len().saturating_sub(of_domain)).unwrap_or_default().trim_end_matches('.')
}

/// A name without legal forms, in normal form; none where it has no legal form.
pub(crate) fn bare_name(name: &str) -> Option<String> {
    without_legal_form(&folded(name)?)
}

/// Whether a text is a host name of a domain that can be registered, and nothing besides.
pub fn is_domain(text: &str) -> bool {
    !text.contains(|letter: char| letter.is_whitespace() || is_hidden(letter))
        && registrable(text).is_some()
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
    let text: String = text.chars().filter(|letter| !is_hidden(*letter)).collect();
    is_domain(&text).then(|| text.to_lowercase())
}

/// What a name is without legal forms, in normal form: `twilio inc.` is `twilio`, and so is
/// `株式会社twilio`. None where it has none.
pub(super) fn without_legal_form(folded: &str) -> Option<String> {
    /// `gesellschaft mit beschränkter haftung`, `s. de r.l. de c.v.`
    const FORM_WORDS_MAX: usize = 5;
    let bare = without_glued_form(folded);
    let mut words: Vec<&str> = bare.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let all = words.len();
    let joined = |words: &[&str]| -> String {
        words.iter().flat_map(|word| word.nfd()).filter(|letter| letter.is_alphanumeric()).collect()
    };
    // The longest form first, since a short one may be its end. Something of the name must stay.
    let end = |words: &[&str]| {
        (1..=FORM_WORDS_MAX.min(words.len() - 1)).rev().find_map(|count| {
            let rest = words.len() - count;
            let form = joined(words.get(rest..)?);
            (form.is_empty() || LEGAL_FORMS.binary_search(&form.as_str()).is_ok()).then_some(rest)
        })
    };
    while words.len() > 1 {
        let Some(rest) = end(&words) else { break };
        words.truncate(rest);
    }
    if words.len() > 1
        && words
            .first()
            .is_some_and(|first| LEGAL_FORMS_IN_FRONT.contains(&joined(&[first]).as_str()))
    {
        words.remove(0);
    }
    (words.len() < all || bare.len() < folded.len()).then(|| words.join(" "))
}

/// Whether a text in normal form is a legal form and nothing besides.
#[cfg(feature = "csv")]
pub(super) fn is_legal_form(folded: &str) -> bool {
    let form: String = folded.nfd().filter(|letter| letter.is_alphanumeric()).collect();
    LEGAL_FORMS.binary_search(&form.as_str()).is_ok()
}

/// Without the forms that are written to a name without a blank.
fn without_glued_form(folded: &str) -> &str {
    let mut name = folded;
    for form in LEGAL_FORMS_GLUED {
        let bare = name.strip_suffix(form).or_else(|| name.strip_prefix(form)).map(str::trim);
        if let Some(bare) = bare.filter(|bare| !bare.is_empty()) {
            name = bare;
        }
    }
    name
}

/// In order, letters and digits alone, without blanks and marks; as they stand at the end.
#[rustfmt::skip]
const LEGAL_FORMS: &[&str] = &[
    "ab", "ad", "ae", "ag", "aktiebolag", "aktiengesellschaft", "aps", "as", "asa",
    "beslotenvennootschap", "bhd", "bsc", "bv", "bvba", "cjsc", "co", "company", "corp",
    "corporation", "dmcc", "doo", "dooel", "ead", "ebt", "ehf", "eireli", "eirl", "enk", "eood",
    "epe", "eurl", "fzc", "fzco", "fze", "fzllc", "gbr", "gesellschaftmitbeschrankterhaftung",
    "ggmbh", "gk", "gmbh", "haftungsbeschrankt", "hf", "ike", "inc", "incorporated", "jsc", "kda",
    "kdd", "kft", "kg", "kgaa", "kk", "lda", "limitada", "limited", "limitedcompany",
    "limitedliabilitycompany", "limitedliabilitypartnership", "llc", "llp", "lp", "ltd", "ltda",
    "ltdsti", "ltee", "mbh", "naamlozevennootschap", "nv", "nyrt", "ohg", "ojsc", "ood", "ou", "oy",
    "oyj", "pc", "pjsc", "plc", "pllc", "privatelimited", "privatelimitedcompany",
    "proprietarylimited", "pt", "pte", "pty", "publiclimitedcompany", "pvt", "qsc", "rl", "sa",
    "saa", "sab", "sabdecv", "sac", "sadecv", "sae", "sal", "sapi", "sapidecv", "sarl", "sas",
    "sasdecv", "sasu", "sau", "sca", "scl", "scrl", "scs", "sderldecv", "sdnbhd", "se", "sia", "sl",
    "sll", "slne", "slp", "slu", "snc", "sociedadanonima", "sociedadanonimadecapitalvariable",
    "sociedadderesponsabilidadlimitada", "sociedadeanonima", "sociedadelimitada",
    "sociedadlimitada", "sociedadlimitadaunipersonal", "societaaresponsabilitalimitata",
    "societaperazioni", "societeanonyme", "societearesponsabilitelimitee",
    "societeparactionssimplifiee", "spa", "spj", "spk", "spolkazoo", "społkaakcyjna",
    "społkazograniczonaodpowiedzialnoscia", "społkazoo", "sprl", "spzoo", "spzook", "srl", "srls",
    "sro", "sti", "tbk", "uab", "ug", "ughaftungsbeschrankt", "ulc", "vof", "vzw", "wll", "yk",
    "zrt", "ао", "зао", "оао", "ооо", "пао", "тов", "тоо",
];

/// As [`LEGAL_FORMS`], at the beginning.
#[rustfmt::skip]
const LEGAL_FORMS_IN_FRONT: &[&str] = &[
    "pt", "ао", "зао", "ип", "оао", "ооо", "пао", "тов", "тоо",
];

/// Longer ones first. The last four are in the normal form of signs that stand for them.
#[rustfmt::skip]
const LEGAL_FORMS_GLUED: &[&str] = &[
    "股份有限公司", "有限责任公司", "有限責任公司", "株式会社", "有限会社", "合同会社", "有限公司", "주식회사", "유한회사", "(株)", "(有)", "(주)",
    "㈱", "㈲", "㈜", "㍿",
];

#[cfg(test)]
mod tests {
    use super::{
        DATA_VERSION, LEGAL_FORMS, NOBODY, STAND_INS, folded, is_domain, is_firm, is_id, is_name,
        is_placeholder, may_be_near, meant_domain, registrable, without_legal_form,
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
    fn whatever_is_one_slip_away_may_be_near() {
        for word in NOBODY {
            let letters: Vec<char> = word.chars().collect();
            let mut slips = Vec::new();
            for place in 0..letters.len() {
                let (mut without, mut more, mut other) =
                    (letters.clone(), letters.clone(), letters.clone());
                without.remove(place);
                more.insert(place, '\u{e9}');
                other[place] = 'q';
                slips.extend([without, more, other]);
                if place > 0 {
                    let mut turned = letters.clone();
                    turned.swap(place - 1, place);
                    slips.push(turned);
                }
            }
            for slip in slips.iter().map(|letters| letters.iter().collect::<String>()) {
                assert!(strsim::osa_distance(&slip, word) <= 1, "{slip}");
                assert!(may_be_near(&slip, word), "{slip}");
            }
        }
        assert!(!may_be_near("hubtype", "unknown"));
    }

    #[test]
    fn names_match_without_case_composition_and_spacing() {
        for (one, other) in [
            ("Hubtype", " hubtype "),
            ("LINK  Mobility", "link\u{a0}mobility"),
            ("Caf\u{e9} Chat", "CAFE\u{301} chat"),
            ("Stra\u{df}e", "STRASSE"),
            ("Hubtype\u{2122}", "hubtype"),
            ("Hubtype \u{ae}", "hubtype"),
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
        for nobody in [
            " \t ",
            "N/A",
            "n.a.",
            "#N/A",
            "null",
            "Unknown",
            "<unknown>",
            "(none)",
            "TBD",
            "test",
            "not_set",
            "-",
            "--",
            "?",
            "\u{200b}",
            "\u{3164}",
            "\u{2122}",
        ] {
            assert_eq!(folded(nobody), None, "{nobody:?}");
        }
    }

    #[test]
    fn a_word_for_nobody_is_no_name_and_no_id() {
        assert!(NOBODY.is_sorted() && STAND_INS.is_sorted());
        for nobody in ["unknown", "TBD", "N/A", "none", "<null>", "not_set", "-", "???", "", " "] {
            assert!(!is_name(nobody) && !is_firm(nobody) && !is_id(nobody), "{nobody:?}");
            assert!(is_placeholder(nobody), "{nobody:?}");
        }
        for slip in ["unkown", "Unknow", "unknwon", "UNDEFINDED", "desconocidos", "<unnnamed>"] {
            assert!(!is_name(slip) && !is_firm(slip) && !is_id(slip), "{slip:?}");
        }
        for zeros in ["0", "000", "0-0", "(0)"] {
            assert!(!is_firm(zeros) && is_id(zeros) && is_name(zeros), "{zeros:?}");
        }
        // A campaign may be called so, and a firm is not.
        assert!(is_name("Test") && !is_id("test") && !is_firm("Test"));
        assert!(
            !is_firm("Unknown provider") && !is_firm("Test reseller") && is_firm("Acme provider")
        );
        for firm in [
            "Hubtype",
            "Unknown Worlds",
            "None of Your Business GmbH",
            "3",
            "X.com",
            "O2",
            "Null & Null",
            "Reiner",
            "Nonna",
            "1000",
            "Known",
        ] {
            assert!(is_name(firm) && is_firm(firm) && !is_placeholder(firm), "{firm}");
        }
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
            ("hubtype s.a. de c.v.", Some("hubtype")),
            ("hubtype s. de r.l. de c.v.", Some("hubtype")),
            ("hubtype sp. z o.o.", Some("hubtype")),
            ("hubtype sociedad limitada", Some("hubtype")),
            ("hubtype sociedad an\u{f3}nima", Some("hubtype")),
            ("hubtype a.\u{15f}.", Some("hubtype")),
            ("acme sdn. bhd.", Some("acme")),
            ("pt acme tbk", Some("acme")),
            ("hubtype\u{682a}\u{5f0f}\u{4f1a}\u{793e}", Some("hubtype")),
            ("\u{682a}\u{5f0f}\u{4f1a}\u{793e} hubtype", Some("hubtype")),
            ("\u{43e}\u{43e}\u{43e} acme", Some("acme")),
            ("hubtype spain sl", Some("hubtype spain")),
            ("hubtype de", None),
            ("twilio", None),
            ("inc", None),
        ] {
            assert_eq!(without_legal_form(name).as_deref(), rest, "{name}");
        }
    }
}
