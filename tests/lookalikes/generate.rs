//! Imitations of the sample's providers, ten kinds, made by rule: the same ones every time.

use cleartosend::Directory;
use cleartosend::directory::Provider;

/// One labelled case.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) kind: &'static str,
    /// The imitated provider's id; `None` for an innocent.
    pub(crate) of: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) domain: Option<String>,
    /// In the half that was not looked at while the search was written.
    pub(crate) held_out: bool,
}

/// What can be changed in a name: a source of numbers that goes on from a seed, so that adding a
/// kind changes no other.
struct Numbers(u64);

impl Numbers {
    fn of(kind: &str, provider: &Provider) -> Self {
        let seed = kind
            .bytes()
            .chain(provider.id().bytes())
            .fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| {
                (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
        Self(seed)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % limit.max(1) as u64) as usize
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

const HOMOGLYPHS: &[(char, char)] = &[
    ('a', '\u{430}'),
    ('c', '\u{441}'),
    ('e', '\u{435}'),
    ('o', '\u{43e}'),
    ('p', '\u{440}'),
    ('x', '\u{445}'),
    ('y', '\u{443}'),
    ('i', '\u{456}'),
    ('s', '\u{455}'),
    ('h', '\u{4bb}'),
    ('o', '\u{3bf}'),
    ('i', '\u{131}'),
    ('g', '\u{261}'),
    ('a', '\u{251}'),
    ('t', '\u{442}'),
    ('l', '\u{4cf}'),
    ('m', '\u{43c}'),
    ('n', '\u{578}'),
    ('k', '\u{43a}'),
    ('b', '\u{42c}'),
    ('r', '\u{433}'),
    ('v', '\u{3bd}'),
    ('w', '\u{51d}'),
    ('8', '\u{222}'),
];
const ASCII_SWAPS: &[(&str, &str)] = &[
    ("o", "0"),
    ("l", "1"),
    ("i", "1"),
    ("e", "3"),
    ("a", "4"),
    ("s", "5"),
    ("t", "7"),
    ("m", "rn"),
    ("I", "l"),
    ("b", "8"),
    ("w", "vv"),
];
const WORDS_BEHIND: &[&str] = &[
    "Official",
    "WhatsApp API",
    "Business",
    "Support",
    "Partner",
    "Solutions",
    "India",
    "Bulk Messaging",
    "Verified",
    "Group",
];
const WORDS_BEFORE: &[&str] = &["Official", "My", "WhatsApp", "The Real", "Get"];
const LABEL_WORDS: &[&str] =
    &["whatsapp", "official", "api", "support", "login", "app", "business", "partner"];
const SUFFIXES: &[&str] = &["net", "org", "co", "xyz", "info", "online", "com.br", "biz"];
const OTHER_DOMAINS: &[&str] = &[
    "wa-gateway.example",
    "bulksender.example",
    "cheap-messages.xyz",
    "blast24.example",
    "sendfast.net",
];

/// A name and a domain; `None` where the kind cannot be made of that provider.
type Imitation = Option<(Option<String>, Option<String>)>;
/// How a kind of imitation is made.
type Make = fn(&Provider, &mut Numbers) -> Imitation;

/// Every imitation of every provider that the kind can be made of.
pub(crate) fn imitations(directory: &Directory) -> Vec<Case> {
    let kinds: &[(&'static str, Make)] = &[
        ("homoglyph", |provider, numbers| Some((Some(homoglyph(provider.name(), numbers)?), None))),
        ("digits for letters", |provider, numbers| {
            Some((Some(ascii_swap(provider.name(), numbers)?), None))
        }),
        ("encoded domain", |provider, numbers| {
            let domain = provider.domains().first()?;
            let (label, suffix) = domain.split_once('.')?;
            Some((
                None,
                Some(
                    idna::domain_to_ascii(&format!("{}.{suffix}", homoglyph(label, numbers)?))
                        .ok()?,
                ),
            ))
        }),
        ("one edit", |provider, numbers| Some((Some(edited(provider.name(), numbers)), None))),
        ("one edit in the domain", |provider, numbers| {
            let (label, suffix) = provider.domains().first()?.split_once('.')?;
            Some((None, Some(format!("{}.{suffix}", edited(label, numbers).to_lowercase()))))
        }),
        ("words added", |provider, numbers| {
            let name = provider.name();
            let added = if numbers.below(3) == 0 {
                format!("{} {name}", numbers.one(WORDS_BEFORE))
            } else {
                format!("{name} {}", numbers.one(WORDS_BEHIND))
            };
            Some((Some(added), None))
        }),
        ("words added to the domain", |provider, numbers| {
            let (label, _) = provider.domains().first()?.split_once('.')?;
            let word = numbers.one(LABEL_WORDS);
            let label = match numbers.below(4) {
                0 => format!("{label}-{word}"),
                1 => format!("{word}-{label}"),
                2 => format!("{label}{word}"),
                _ => format!("get{label}"),
            };
            Some((None, Some(format!("{label}.example"))))
        }),
        ("separators and order", |provider, numbers| {
            Some((Some(respaced(provider.name(), numbers)?), None))
        }),
        ("other suffix or subdomain", |provider, numbers| {
            let domain = provider.domains().first()?;
            let (label, suffix) = domain.split_once('.')?;
            if numbers.below(2) == 0 {
                return Some((None, Some(format!("{domain}.{}", numbers.one(OTHER_DOMAINS)))));
            }
            let other = SUFFIXES
                .iter()
                .cycle()
                .skip(numbers.below(SUFFIXES.len()))
                .find(|other| **other != suffix)?;
            Some((None, Some(format!("{label}.{other}"))))
        }),
        ("right name, other domain", |provider, numbers| {
            Some((Some(provider.name().to_owned()), Some((*numbers.one(OTHER_DOMAINS)).to_owned())))
        }),
    ];
    let mut cases = Vec::new();
    for (kind, make) in kinds {
        for (at, provider) in directory.providers().iter().enumerate() {
            if let Some((name, domain)) = make(provider, &mut Numbers::of(kind, provider)) {
                cases.push(Case {
                    kind,
                    of: Some(provider.id().to_owned()),
                    name,
                    domain,
                    held_out: at % 2 == 1,
                });
            }
        }
    }
    cases
}

/// The innocents of `innocent.txt`.
pub(crate) fn innocents() -> Vec<Case> {
    let text = include_str!("innocent.txt");
    let names = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(|line| line.split(';'))
        .map(str::trim)
        .filter(|name| !name.is_empty());
    names
        .enumerate()
        .map(|(at, name)| {
            let (name, domain) = match name.strip_prefix('@') {
                Some(domain) => (None, Some(domain.to_owned())),
                None => (Some(name.to_owned()), None),
            };
            Case { kind: "innocent", of: None, name, domain, held_out: at % 2 == 1 }
        })
        .collect()
}

fn homoglyph(text: &str, numbers: &mut Numbers) -> Option<String> {
    let places: Vec<(usize, char)> = text
        .char_indices()
        .flat_map(|(at, letter)| {
            HOMOGLYPHS
                .iter()
                .filter(move |(from, _)| letter.to_lowercase().eq([*from]))
                .map(move |(_, to)| (at, *to))
        })
        .collect();
    if places.is_empty() {
        return None;
    }
    let (at, to) = *numbers.one(&places);
    Some(text.char_indices().map(|(here, letter)| if here == at { to } else { letter }).collect())
}

fn ascii_swap(text: &str, numbers: &mut Numbers) -> Option<String> {
    let fitting: Vec<_> = ASCII_SWAPS.iter().filter(|(from, _)| text.contains(from)).collect();
    if fitting.is_empty() {
        return None;
    }
    let (from, to) = numbers.one(&fitting);
    Some(text.replacen(from, to, 1))
}

fn edited(text: &str, numbers: &mut Numbers) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let letter = char::from(b'a' + numbers.below(26) as u8);
    let at = numbers.below(letters.len());
    match numbers.below(5) {
        0 => letters.insert(at, letter),
        1 if letters.len() > 3 => drop(letters.remove(at)),
        2 if letters.get(at + 1).is_some_and(|next| *next != letters[at]) => {
            letters.swap(at, at + 1);
        }
        3 => letters.insert(at, letters[at]),
        _ => letters[at] = if letters[at] == letter { 'q' } else { letter },
    }
    letters.into_iter().collect()
}

fn respaced(name: &str, numbers: &mut Numbers) -> Option<String> {
    let words: Vec<&str> = name.split_whitespace().collect();
    if words.len() > 1 {
        return Some(match numbers.below(3) {
            0 => words.concat(),
            1 => words.join("-"),
            _ => words.iter().rev().copied().collect::<Vec<_>>().join(" "),
        });
    }
    let letters: Vec<char> = name.chars().collect();
    let at = 1 + numbers.below(letters.len().checked_sub(2)?);
    let mark = *numbers.one(&['-', ' ', '.', '_']);
    Some(letters.iter().take(at).chain([&mark]).chain(letters.iter().skip(at)).collect())
}
