//! The texts of a block, compared by their first letters where those say enough.

use std::cell::OnceCell;
use std::rc::Rc;

use memchr::memmem;

use super::bits::Bits;
use super::kernel::Kernel;
use super::over_rows::{Side, mapped, ordered};
use crate::cel::Comparison;

/// Texts of a block, with what was found of all of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts<'a> {
    all: Vec<&'a str>,
    /// What the texts stand in, where that is one piece of memory.
    within: Option<&'a [u8]>,
    /// Whether each begins there where the one before ends.
    is_in_order: bool,
    heads: OnceCell<Vec<u64>>,
    tails: OnceCell<Vec<u64>>,
    sizes: OnceCell<Rc<Vec<i64>>>,
}

/// The rows of the texts that hold another. They stand in one piece of memory one after the other,
/// each up to its end, and are looked through together.
pub(super) fn holding(memory: &[u8], part: &str, ends: impl Iterator<Item = usize>) -> Bits {
    let mut found = Bits::NONE;
    let search = memmem::Finder::new(part);
    // Where the search goes on, and the next place that was found.
    let mut next = search.find(memory);
    for (row, end) in ends.enumerate() {
        while let Some(place) = next.filter(|place| *place < end || part.is_empty()) {
            let is_within = place + part.len() <= end;
            if is_within {
                found.set(row);
            }
            // One text is enough; what goes over the end of one may hide what begins in it.
            let from = if is_within { end } else { place + 1 };
            let rest = memory.get(from..).unwrap_or_default();
            next = search.find(rest).map(|found| from + found);
            if is_within {
                break;
            }
        }
    }
    found
}

/// Whether a text holds another. Texts of a column are short, and to prepare a search for each
/// takes longer than to look.
pub(super) fn holds_part(text: &str, part: &str) -> bool {
    const SHORT: usize = 64;
    let (Some((first, rest)), true) = (part.as_bytes().split_first(), text.len() <= SHORT) else {
        return text.contains(part);
    };
    let bytes = text.as_bytes();
    let starts = (bytes.len() + 1).saturating_sub(part.len());
    bytes.iter().take(starts).enumerate().any(|(place, byte)| {
        byte == first && bytes.get(place + 1..place + part.len()) == Some(rest)
    })
}

/// How many bytes of a text a head or a tail has.
pub(super) const BYTES: usize = 8;

/// The first bytes of a text, the first the highest; zero after its end. Of two texts, that with
/// the lesser head is the lesser.
#[inline(always)]
pub(super) fn head(text: &str) -> u64 {
    match text.as_bytes().first_chunk::<BYTES>() {
        Some(first) => u64::from_be_bytes(*first),
        None => {
            let short = text.bytes().fold(0, |head, byte| head << 8 | u64::from(byte));
            if text.is_empty() { 0 } else { short << (8 * (BYTES - text.len())) }
        }
    }
}

/// As [`head`], of a text that stands in a piece of memory: what follows it is read as well and
/// taken off, so that nothing depends on how long it is.
#[inline(always)]
pub(super) fn head_within(text: &str, within: &[u8]) -> u64 {
    let place = text.as_ptr().addr().wrapping_sub(within.as_ptr().addr());
    let bytes = within.get(place..).and_then(<[u8]>::first_chunk::<BYTES>);
    let Some(bytes) = bytes else { return head(text) };
    let beyond = 8 * BYTES.saturating_sub(text.len()) as u32;
    u64::from_be_bytes(*bytes) & u64::MAX.checked_shl(beyond).unwrap_or_default()
}

/// The last bytes of a text, the last the lowest; zero before its start.
#[inline(always)]
fn tail(text: &str) -> u64 {
    match text.as_bytes().last_chunk::<BYTES>() {
        Some(last) => u64::from_be_bytes(*last),
        None => text.bytes().fold(0, |tail, byte| tail << 8 | u64::from(byte)),
    }
}

/// So many of the highest bytes.
fn highest(bytes: usize) -> u64 {
    match bytes.min(BYTES) {
        0 => 0,
        bytes => u64::MAX << (8 * (BYTES - bytes)),
    }
}

impl<'a> Texts<'a> {
    pub(super) fn new(all: Vec<&'a str>) -> Rc<Self> {
        Rc::new(Self { all, ..Self::default() })
    }

    /// Texts that stand in one piece of memory; and whether they do so one after the other.
    pub(super) fn within(
        all: Vec<&'a str>,
        within: Option<&'a [u8]>,
        is_in_order: bool,
    ) -> Rc<Self> {
        Rc::new(Self { all, within, is_in_order, ..Self::default() })
    }

    /// All of them as one piece of memory, where they stand in it one after the other.
    pub(super) fn in_a_row(&self) -> Option<&'a [u8]> {
        let (first, last) = (self.all.first()?, self.all.last()?);
        let within = self.within.filter(|_| self.is_in_order)?;
        let place = |at: *const u8| at.addr().wrapping_sub(within.as_ptr().addr());
        within.get(place(first.as_ptr())..place(last.as_ptr()).checked_add(last.len())?)
    }

    /// The rows of the texts that hold another, as far as they are wanted.
    pub(super) fn hold(&self, part: &str, wanted: &Bits) -> Bits {
        match self.in_a_row() {
            Some(memory) if wanted.count() * 4 > self.all.len() as u64 => {
                let mut end = 0;
                holding(
                    memory,
                    part,
                    self.all.iter().map(|text| {
                        end += text.len();
                        end
                    }),
                )
            }
            _ => self.of_those(wanted.and(&self.rows()), |text| holds_part(text, part)),
        }
    }

    pub(super) fn all(&self) -> &[&'a str] {
        &self.all
    }

    fn heads(&self) -> &[u64] {
        self.heads.get_or_init(|| match self.within {
            Some(within) => self.all.iter().map(|text| head_within(text, within)).collect(),
            None => self.all.iter().map(|text| head(text)).collect(),
        })
    }

    fn tails(&self) -> &[u64] {
        self.tails.get_or_init(|| self.all.iter().map(|text| tail(text)).collect())
    }

    /// How many characters each has.
    pub(super) fn sizes(&self) -> Rc<Vec<i64>> {
        let size = |text: &&str| {
            let size = if text.is_ascii() { text.len() } else { text.chars().count() };
            i64::try_from(size).unwrap_or(i64::MAX)
        };
        Rc::clone(self.sizes.get_or_init(|| Rc::new(self.all.iter().map(size).collect())))
    }

    /// Of the rows that may be, those that are.
    pub(super) fn of_those(&self, candidates: Bits, holds: impl Fn(&str) -> bool) -> Bits {
        let mut found = candidates;
        for row in candidates.rows() {
            if !self.all.get(row).is_some_and(|text| holds(text)) {
                found.clear(row);
            }
        }
        found
    }

    fn rows(&self) -> Bits {
        Bits::first(self.all.len())
    }

    /// The rows of the texts that compare so to one.
    pub(super) fn compare_to(&self, kernel: Kernel, how: Comparison, other: &str) -> Bits {
        let (heads, of_other) = (Side::Each(self.heads()), Side::Same(head(other)));
        let alike = ordered(kernel, Comparison::Equal, heads, of_other).and(&self.rows());
        let strictly = match how {
            Comparison::Equal => return self.of_those(alike, |text| text == other),
            Comparison::NotEqual => {
                return self.rows().without(&self.of_those(alike, |text| text == other));
            }
            Comparison::Less | Comparison::LessOrEqual => Comparison::Less,
            Comparison::Greater | Comparison::GreaterOrEqual => Comparison::Greater,
        };
        let mut found = ordered(kernel, strictly, heads, of_other).and(&self.rows());
        found.add(&self.of_those(alike, |text| how.holds(Some(text.cmp(other)))));
        found
    }

    /// The rows in which one text compares so to the other.
    pub(super) fn compare(&self, kernel: Kernel, how: Comparison, others: &Self) -> Bits {
        let (heads, of_others) = (Side::Each(self.heads()), Side::Each(others.heads()));
        let rows = self.rows();
        let alike = ordered(kernel, Comparison::Equal, heads, of_others).and(&rows);
        // Most texts of a column differ in their heads, or are the same.
        let holds = |one: &str, other: &str| match how {
            Comparison::Equal | Comparison::NotEqual => one == other,
            _ => how.holds(Some(one.cmp(other))),
        };
        let mut found = alike;
        for row in alike.rows() {
            let pair = (self.all.get(row), others.all.get(row));
            if !matches!(pair, (Some(one), Some(other)) if holds(one, other)) {
                found.clear(row);
            }
        }
        match how {
            Comparison::Equal => return found,
            Comparison::NotEqual => return rows.without(&found),
            Comparison::Less | Comparison::LessOrEqual => {
                found.add(&ordered(kernel, Comparison::Less, heads, of_others).and(&rows));
            }
            Comparison::Greater | Comparison::GreaterOrEqual => {
                found.add(&ordered(kernel, Comparison::Greater, heads, of_others).and(&rows));
            }
        }
        found
    }

    /// The rows of the texts that start with one.
    pub(super) fn start_with(&self, kernel: Kernel, part: &str) -> Bits {
        let (mask, wanted) = (highest(part.len()), head(part));
        let candidates = masked(kernel, self.heads(), mask, wanted).and(&self.rows());
        // A text without the letter zero that is alike in all of a short part's letters has them.
        if part.len() <= BYTES && !part.contains('\0') {
            return candidates;
        }
        self.of_those(candidates, |text| text.starts_with(part))
    }

    /// The rows of the texts that end with one.
    pub(super) fn end_with(&self, kernel: Kernel, part: &str) -> Bits {
        let mask = match part.len().min(BYTES) {
            0 => 0,
            bytes => u64::MAX >> (8 * (BYTES - bytes)),
        };
        let candidates = masked(kernel, self.tails(), mask, tail(part)).and(&self.rows());
        if part.len() <= BYTES && !part.contains('\0') {
            return candidates;
        }
        self.of_those(candidates, |text| text.ends_with(part))
    }

    /// The rows in which one text starts with the other.
    pub(super) fn start_with_each(&self, kernel: Kernel, parts: &Self) -> Bits {
        let (heads, of_parts) = (self.heads(), parts.heads());
        let mut candidates = Bits::NONE;
        kernel.wide(
            #[inline(always)]
            || {
                let chunks = heads.chunks(64).zip(of_parts.chunks(64)).zip(parts.all.chunks(64));
                for (((heads, of_parts), parts), into) in chunks.zip(candidates.iter_mut()) {
                    let rows = heads.iter().zip(of_parts).zip(parts).enumerate();
                    *into = rows.fold(0, |word, (bit, ((head, of_part), part))| {
                        word | u64::from((head ^ of_part) & highest(part.len()) == 0) << bit
                    });
                }
            },
        );
        let mut found = candidates;
        for row in candidates.rows() {
            let pair = (self.all.get(row), parts.all.get(row));
            if !matches!(pair, (Some(text), Some(part)) if text.starts_with(part)) {
                found.clear(row);
            }
        }
        found
    }

    /// The rows of the texts that are among some, which stand in order.
    pub(super) fn among(&self, kernel: Kernel, members: &[&str]) -> Bits {
        /// Up to so many members are looked for one by one.
        const FEW: usize = 16;
        let mut candidates = Bits::NONE;
        if members.len() > FEW {
            candidates = self.rows();
        } else {
            for member in members {
                let heads = (Side::Each(self.heads()), Side::Same(head(member)));
                candidates.add(&ordered(kernel, Comparison::Equal, heads.0, heads.1));
            }
        }
        self.of_those(candidates.and(&self.rows()), |text| members.binary_search(&text).is_ok())
    }
}

/// The rows whose number has these bits under a mask.
fn masked(kernel: Kernel, numbers: &[u64], mask: u64, wanted: u64) -> Bits {
    if mask == u64::MAX {
        return kernel.compare_to(Comparison::Equal, numbers, wanted);
    }
    let kept = mapped(kernel, numbers, |number: u64| number & mask);
    kernel.compare_to(Comparison::Equal, &kept, wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::Vectors;

    #[test]
    fn texts_compare_as_letters_do() {
        let kernel = Kernel::new(Vectors::Best);
        let words = [
            "",
            "\0",
            "a",
            "a\0",
            "a\0b",
            "ab",
            "abcdefg",
            "abcdefgh",
            "abcdefgh\0",
            "abcdefghi",
            "abcdefghj",
            "b",
            "bcdefghi",
            "ñandú",
            "ñandúes",
            "zabcdefgh",
            "ÿ",
            "日本語",
        ];
        let pairs: Vec<(&str, &str)> =
            words.iter().flat_map(|one| words.iter().map(move |other| (*one, *other))).collect();
        let (one, other): (Vec<&str>, Vec<&str>) = pairs.iter().copied().unzip();
        let memory = words.concat();
        let mut start = 0;
        let of_memory: Vec<&str> = words
            .iter()
            .map(|word| {
                let text = &memory[start..start + word.len()];
                start += word.len();
                text
            })
            .collect();
        let within = Texts::within(of_memory.clone(), Some(memory.as_bytes()), true);
        assert_eq!(within.heads(), Texts::new(of_memory).heads());
        let (one, other) = (Texts::new(one), Texts::new(other));
        let rows = |holds: &dyn Fn(&str, &str) -> bool| -> Vec<usize> {
            let found = pairs.iter().enumerate().filter(|(_, (a, b))| holds(a, b));
            found.map(|(row, _)| row).collect()
        };
        let found = |bits: Bits| bits.rows().collect::<Vec<_>>();
        use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
        for how in [Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual] {
            let holds = |a: &str, b: &str| how.holds(Some(a.cmp(b)));
            assert_eq!(found(one.compare(kernel, how, &other)), rows(&holds), "{how:?}");
            for word in words {
                let holds = |a: &str, _: &str| how.holds(Some(a.cmp(word)));
                assert_eq!(
                    found(one.compare_to(kernel, how, word)),
                    rows(&holds),
                    "{how:?} {word}"
                );
            }
        }
        let holds = |a: &str, b: &str| a.starts_with(b);
        assert_eq!(found(one.start_with_each(kernel, &other)), rows(&holds));
        for word in words {
            let holds = |a: &str, _: &str| a.starts_with(word);
            assert_eq!(found(one.start_with(kernel, word)), rows(&holds), "{word}");
            let holds = |a: &str, _: &str| a.ends_with(word);
            assert_eq!(found(one.end_with(kernel, word)), rows(&holds), "{word}");
        }
        for texts in [&within, &Texts::new(within.all().to_vec())] {
            for word in words.iter().copied().chain(["bcd", "gh", "本", "z"]) {
                let wanted: Vec<usize> =
                    (0..words.len()).filter(|row| words[*row].contains(word)).collect();
                assert_eq!(found(texts.hold(word, &Bits::ALL)), wanted, "{word}");
                let few = Bits::only(7);
                assert_eq!(found(texts.hold(word, &few).and(&few)).len() == 1, wanted.contains(&7));
            }
        }
        for count in 0..words.len() {
            let mut members: Vec<&str> = words.iter().copied().take(count).collect();
            members.sort_unstable();
            let holds = |a: &str, _: &str| members.contains(&a);
            assert_eq!(found(one.among(kernel, &members)), rows(&holds), "{count}");
        }
        let sizes: Vec<i64> = pairs.iter().map(|(one, _)| one.chars().count() as i64).collect();
        assert_eq!(*one.sizes(), sizes);
    }
}
