//! Which names and domains are known, in forms that can be searched?
//!
//! A *mark* is what a provider is recognised by: a name, an alias, the label of a domain. A search
//! costs a number of lookups that depends on the length of what is asked and not on the size of the
//! directory:
//!
//! - by look and by words, one lookup in a table of hashes;
//! - by spelling, the marks that become equal to what is asked when at most one letter is dropped
//!   from each (which finds every single edit), and for longer ones those that share one of three
//!   segments (which finds two edits: they cannot touch all three).

use super::super::index::{Index, finished, hash, hash_bytes};
use super::super::provider::Provider;
use super::form::{looks, plain, words};
use super::spelling::{WHOLE, distance, misspelling};
use super::words::is_ordinary;
use crate::limits::NAME_BYTES_MAX;

/// What a provider is recognised by.
#[derive(Debug)]
pub(in super::super) struct Mark {
    entry: u32,
    pub(super) kind: Kind,
    /// A name folded, a label as in the domain.
    pub(super) text: String,
    pub(super) plain: String,
    pub(super) letters: Vec<char>,
    pub(super) words_in_order: String,
    looks: Vec<String>,
    /// It is a word of the language.
    pub(super) is_ordinary: bool,
    /// All of its words are.
    pub(super) is_phrase: bool,
    pub(super) has_digits: bool,
    letter_set: u64,
    /// The text itself is not plain ASCII.
    pub(super) has_marks: bool,
}

/// Where a mark, or what is held against it, comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) enum Kind {
    Name,
    Label,
}

/// The marks of a directory.
#[derive(Debug)]
pub(in super::super) struct Marks {
    marks: Vec<Mark>,
    by_look: Index,
    by_words: Index,
    by_deletion: Index,
    by_segment: Index,
}

/// The shortest mark with an allowance for misspelling.
const SPELLING_MIN: usize = 4;
/// The shortest mark of which more than one whole edit is a misspelling, so that the segments are
/// needed.
const SEGMENTS_MIN: usize = 9;
/// Edits that the segments find.
const EDITS_MAX: usize = 2;
/// Marks compared letter by letter in one search. LIMIT: a segment that more marks share than this
/// hides the later ones; a segment is three letters at a stated place in a name of a stated length,
/// and of 100,000 names few share one.
const COMPARED_MAX: usize = 512;

impl Marks {
    pub(in super::super) fn new(providers: &[Provider]) -> Self {
        let mut marks = Vec::new();
        for (entry, provider) in (0_u32..).zip(providers) {
            for (name_given, name) in std::iter::once(provider.name())
                .chain(provider.aliases().iter().map(String::as_str))
                .zip(&provider.names)
            {
                marks.extend(Mark::new(entry, Kind::Name, name_given, name));
            }
            let mut labels: Vec<String> =
                provider.domains.iter().filter_map(|domain| label_of(domain)).collect();
            labels.sort_unstable();
            labels.dedup();
            marks.extend(
                labels.iter().filter_map(|label| Mark::new(entry, Kind::Label, label, label)),
            );
        }
        let by = |keys: &dyn Fn(&Mark) -> Vec<u64>| {
            Index::new(
                (0_u32..)
                    .zip(&marks)
                    .flat_map(|(at, mark)| keys(mark).into_iter().map(move |key| (key, at)))
                    .collect(),
            )
        };
        Self {
            by_look: by(&|mark| mark.looks.iter().map(|look| hash(look)).collect()),
            by_words: by(&|mark| {
                if mark.words_in_order.contains(' ') {
                    vec![hash(&sorted(&mark.words_in_order))]
                } else {
                    Vec::new()
                }
            }),
            by_deletion: by(&|mark| {
                if mark.letters.len() < SPELLING_MIN {
                    Vec::new()
                } else {
                    deletions(&mark.letters)
                }
            }),
            by_segment: by(&|mark| {
                if mark.letters.len() < SEGMENTS_MIN {
                    Vec::new()
                } else {
                    segments(&mark.letters).collect()
                }
            }),
            marks,
        }
    }

    /// The marks that have one of those looks, with their entries.
    pub(super) fn of_looks(&self, looks: &[String]) -> impl Iterator<Item = (u32, &Mark)> {
        looks
            .iter()
            .flat_map(|look| {
                self.by_look
                    .get(hash(look))
                    .filter_map(|at| self.at(at))
                    .filter(move |mark| mark.looks.contains(look))
            })
            .map(|mark| (mark.entry, mark))
    }

    /// The marks of several words that have those, sorted and joined by a space.
    pub(super) fn of_words(&self, words: &str) -> impl Iterator<Item = (u32, &Mark)> {
        self.by_words
            .get(hash(words))
            .filter_map(|at| self.at(at))
            .filter(move |mark| sorted(&mark.words_in_order) == words)
            .map(|mark| (mark.entry, mark))
    }

    /// The marks that this is a misspelling of, with how far it is from each in half edits.
    pub(super) fn of_spelling(&self, text: &str, letters: &[char]) -> Vec<(u32, &Mark, u32)> {
        let near = self.near(text, letters).into_iter();
        near.filter_map(|mark| Some((mark.entry, mark, misspelling(&mark.letters, letters)?)))
            .collect()
    }

    /// The domain labels one edit away, with how far in half edits, however short they are.
    pub(super) fn of_neighbours(&self, text: &str, letters: &[char]) -> Vec<(u32, &Mark, u32)> {
        let near = self.near(text, letters).into_iter().filter(|mark| mark.kind == Kind::Label);
        near.filter_map(|mark| Some((mark.entry, mark, distance(&mark.letters, letters, WHOLE)?)))
            .collect()
    }

    /// The marks that may be a misspelling away, and others.
    fn near(&self, text: &str, letters: &[char]) -> Vec<&Mark> {
        if letters.len() + EDITS_MAX < SPELLING_MIN || letters.len() > NAME_BYTES_MAX {
            return Vec::new();
        }
        let mut found: Vec<u32> =
            deletions(letters).into_iter().flat_map(|key| self.by_deletion.get(key)).collect();
        if letters.len() + EDITS_MAX >= SEGMENTS_MIN {
            found.extend(
                segments_near(letters).flat_map(|key| self.by_segment.get(key)).take(COMPARED_MAX),
            );
        }
        found.sort_unstable();
        found.dedup();
        let wanted = letter_set(letters.iter().copied());
        found
            .into_iter()
            .filter_map(|at| self.at(at))
            // An edit changes at most two members of the set of letters.
            .filter(|mark| (mark.letter_set ^ wanted).count_ones() as usize <= 2 * EDITS_MAX)
            .filter(|mark| mark.plain != text)
            .collect()
    }

    /// Whether a domain's label says the same as one of its provider's names, so that a name near
    /// to it is near to both.
    pub(super) fn is_like_name(&self, label: &Mark) -> bool {
        self.of_looks(&label.looks)
            .any(|(entry, mark)| entry == label.entry && mark.kind == Kind::Name)
            || label.letters.len() >= SEGMENTS_MIN
    }

    fn at(&self, at: u32) -> Option<&Mark> {
        self.marks.get(at as usize)
    }
}

impl Mark {
    /// `None` for what has no letter, or is too long to be looked for.
    fn new(entry: u32, kind: Kind, name_given: &str, text: &str) -> Option<Self> {
        let plain = plain(text);
        if plain.is_empty() || text.len() > NAME_BYTES_MAX {
            return None;
        }
        let own: Vec<String> = words(text).into_iter().map(self::plain).collect();
        Some(Self {
            entry,
            kind,
            letters: plain.chars().collect(),
            letter_set: letter_set(plain.chars()),
            looks: looks(name_given),
            is_ordinary: is_ordinary(&plain),
            is_phrase: own.iter().all(|word| is_ordinary(word)),
            has_digits: plain.bytes().any(|byte| byte.is_ascii_digit()),
            has_marks: !text.is_ascii(),
            words_in_order: own.join(" "),
            text: text.to_owned(),
            plain,
        })
    }
}

/// What stands before the public suffix, decoded.
fn label_of(domain: &str) -> Option<String> {
    let (unicode, decoded) = idna::domain_to_unicode(domain);
    decoded.ok()?;
    unicode.split('.').next().map(str::to_owned)
}

fn sorted(words_in_order: &str) -> String {
    let mut words: Vec<&str> = words_in_order.split(' ').collect();
    words.sort_unstable();
    words.join(" ")
}

/// The set of the letters, as bits; letters that share a bit only make two sets more alike.
fn letter_set(letters: impl Iterator<Item = char>) -> u64 {
    letters.fold(0, |set, letter| set | 1 << (letter as u32 % 64))
}

/// The hashes of the letters, whole and with each one dropped: polynomials, so that each follows
/// from the hash of what stands before the dropped letter and of what stands behind it.
fn deletions(letters: &[char]) -> Vec<u64> {
    const BASE: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut behind = vec![(0_u64, 1_u64)];
    for letter in letters.iter().rev() {
        let (sum, power) = behind.last().copied().unwrap_or((0, 1));
        behind.push((
            u64::from(*letter as u32 + 1).wrapping_mul(power).wrapping_add(sum),
            power.wrapping_mul(BASE),
        ));
    }
    let mut before = 0_u64;
    let mut hashes = vec![finished(behind.last().map_or(0, |(sum, _)| *sum))];
    for (letter, (sum, power)) in letters.iter().zip(behind.iter().rev().skip(1)) {
        hashes.push(finished(before.wrapping_mul(*power).wrapping_add(*sum)));
        before = before.wrapping_mul(BASE).wrapping_add(u64::from(*letter as u32 + 1));
    }
    hashes
}

/// The keys of a mark's three segments: its length, which of the three, and the letters.
fn segments(letters: &[char]) -> impl Iterator<Item = u64> {
    (0..=EDITS_MAX).filter_map(move |part| {
        let (from, until) = segment(letters.len(), part);
        letters.get(from..until).map(|letters_of| segment_key(letters.len(), part, letters_of))
    })
}

/// The keys under which marks are found that lie at most two edits away: for each length that such
/// a mark can have, the pieces of what is asked that can be one of its segments, shifted by at most
/// two.
fn segments_near(letters: &[char]) -> impl Iterator<Item = u64> {
    let count = letters.len();
    (count.saturating_sub(EDITS_MAX).max(SEGMENTS_MIN)..=count + EDITS_MAX).flat_map(
        move |length| {
            (0..=EDITS_MAX).flat_map(move |part| {
                let (from, until) = segment(length, part);
                (from.saturating_sub(EDITS_MAX)..=from + EDITS_MAX).filter_map(move |start| {
                    letters
                        .get(start..start + (until - from))
                        .map(|piece| segment_key(length, part, piece))
                })
            })
        },
    )
}

fn segment(length: usize, part: usize) -> (usize, usize) {
    (length * part / (EDITS_MAX + 1), length * (part + 1) / (EDITS_MAX + 1))
}

fn segment_key(length: usize, part: usize, letters: &[char]) -> u64 {
    let place = [length as u8, part as u8];
    hash_bytes(
        place.into_iter().chain(letters.iter().flat_map(|letter| (*letter as u32).to_le_bytes())),
    )
}
