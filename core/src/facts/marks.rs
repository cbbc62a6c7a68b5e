//! What is known of recipients apart from a case?

use std::collections::BTreeMap;
use std::fmt;

use crate::schema::AttributeId;
use crate::value::{Fact, Value};

/// What is known of recipients apart from the case: for each name of a recipient, a number in E.164
/// or a user id, facts of that recipient. A case without a recipient carries them, for the audience
/// that it is screened against and for a recipient who is given later.
#[derive(Clone, Default)]
pub struct Marks {
    /// All names, one after the other.
    names: String,
    /// In the order in which they came.
    entries: Vec<Entry>,
    facts: Vec<Known>,
    /// Of all facts, each once.
    attributes: Vec<AttributeId>,
    /// A table with open addressing, at most half full: the upper half of a name's hash, and its
    /// entry counted from 1.
    slots: Vec<u64>,
    /// Two bits of a word for each name, by its last bytes, so that most names that are not in it
    /// are found so by one look at little memory.
    filter: Vec<u32>,
    /// Whether a name is shorter than those last bytes.
    has_short: bool,
}

/// The last bytes of a name by which it is sought in the filter: numbers differ there.
const TAIL: usize = 8;

/// Names that are looked up together.
#[cfg(feature = "screen")]
const TOGETHER: usize = 256;

/// What is kept of names between the steps of looking them up.
#[cfg(feature = "screen")]
struct Room {
    /// Both halves of their last bytes.
    tails: [[u32; TOGETHER]; 2],
    /// The words of the filter, and the bits in them.
    words: [u32; TOGETHER],
    bits: [u32; TOGETHER],
    /// The places of those that have passed the filter.
    passed: [u8; TOGETHER],
    hashes: [u64; TOGETHER],
    slots: [u64; TOGETHER],
    /// Where the names stand that they may be.
    ranges: [(u32, u32); TOGETHER],
}

#[cfg(feature = "screen")]
impl Room {
    const NEW: Self = Self {
        tails: [[0; TOGETHER]; 2],
        words: [0; TOGETHER],
        bits: [0; TOGETHER],
        passed: [0; TOGETHER],
        hashes: [0; TOGETHER],
        slots: [0; TOGETHER],
        ranges: [(0, 0); TOGETHER],
    };
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    start: u32,
    end: u32,
    /// The first of its facts.
    first: u32,
}

/// One fact of an entry, and where the next one is; itself where there is none.
#[derive(Clone, Debug)]
struct Known {
    attribute: AttributeId,
    fact: Fact,
    next: u32,
}

impl Marks {
    /// Adds what is known under one name. Of two facts of one attribute the stricter counts: a
    /// value before unknown, unknown before absent, the later timestamp, `true` before `false`.
    ///
    /// Names of more than 4 GiB together are not kept.
    pub fn insert(&mut self, name: &str, attribute: AttributeId, fact: Fact) {
        let Ok(next) = u32::try_from(self.facts.len()) else { return };
        if !self.attributes.contains(&attribute) {
            self.attributes.push(attribute);
        }
        let hash = hash(name.as_bytes());
        let Some(entry) = self.find_hashed(name.as_bytes(), hash) else {
            let Ok(start) = u32::try_from(self.names.len()) else { return };
            let Ok(end) = u32::try_from(self.names.len() + name.len()) else { return };
            let Ok(number) = u32::try_from(self.entries.len()) else { return };
            self.names.push_str(name);
            self.entries.push(Entry { start, end, first: next });
            self.facts.push(Known { attribute, fact, next });
            if self.entries.len() * 2 > self.slots.len() {
                self.grow();
            } else {
                self.place(hash, number);
            }
            return;
        };
        let mut place = self.entries.get(entry as usize).map_or(0, |entry| entry.first);
        while let Some(known) = self.facts.get_mut(place as usize) {
            if known.attribute == attribute {
                if is_stricter(&fact, &known.fact) {
                    known.fact = fact;
                }
                return;
            }
            if known.next == place {
                known.next = next;
                break;
            }
            place = known.next;
        }
        self.facts.push(Known { attribute, fact, next });
    }

    /// Whether nothing is known of anybody.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether something is known under that name.
    #[cfg(feature = "screen")]
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// The number of the entry of that name, counted from 0.
    #[cfg(feature = "screen")]
    pub(crate) fn find(&self, name: &str) -> Option<u32> {
        let name = name.as_bytes();
        let (word, bits) = of_filter(tail(name), shift_of(&self.filter));
        let known = self.filter.get(word as usize).copied().unwrap_or_default();
        if known & bits == bits { self.find_hashed(name, hash(name)) } else { None }
    }

    /// Adds each name that is known, by its place among so many, with the number of its entry.
    ///
    /// Looking up a name waits for memory several times, one after the other. Of many names each
    /// step is made for all before the next one, so that they wait together.
    #[cfg(feature = "screen")]
    #[inline(always)]
    pub(crate) fn find_each<'n>(
        &self,
        count: usize,
        name: impl Fn(usize) -> &'n [u8],
        found: &mut Vec<(u32, u32)>,
    ) {
        let mut room = Room::NEW;
        for first in (0..count).step_by(TOGETHER) {
            let rows = first..count.min(first + TOGETHER);
            let [lows, highs] = &mut room.tails;
            for (row, (low, high)) in rows.clone().zip(lows.iter_mut().zip(highs)) {
                (*low, *high) = halves(tail(name(row)));
            }
            let passing = self.pass(rows.len(), &mut room);
            self.look_up(&mut room, passing, |place| name(first + place), first, found);
        }
    }

    /// As [`Self::find_each`], of names that stand one after the other: each begins where the one
    /// before ends. Most of them are never looked at but for their last bytes.
    #[cfg(feature = "screen")]
    #[inline(always)]
    pub(crate) fn find_each_within<O: Copy>(
        &self,
        bytes: &[u8],
        ends: &[O],
        place_of: impl Fn(O) -> usize,
        found: &mut Vec<(u32, u32)>,
    ) {
        let place = |row: usize| ends.get(row).map_or(usize::MAX, |end| place_of(*end));
        let name = |row| bytes.get(place(row)..place(row + 1)).unwrap_or_default();
        if self.has_short {
            return self.find_each(ends.len().saturating_sub(1), name, found);
        }
        let mut room = Room::NEW;
        let mut first = 0;
        for ends in ends.get(1..).unwrap_or_default().chunks(TOGETHER) {
            // Of a shorter name these are bytes of the one before it too, and pass for nothing
            // worse than one name that is looked up in vain.
            let [lows, highs] = &mut room.tails;
            let tails = lows.iter_mut().zip(highs);
            // Numbers of one country mostly are of one length, and stand at even distances.
            let start = place(first);
            let length = place(first + 1).wrapping_sub(start);
            let mut at = start;
            let is_even = ends.iter().fold(length >= TAIL, |is_even, end| {
                at = at.wrapping_add(length);
                is_even & (place_of(*end) == at)
            });
            let even = bytes.get(start..at).filter(|_| is_even).unwrap_or_default();
            if even.is_empty() {
                for (end, (low, high)) in ends.iter().zip(tails) {
                    let end = place_of(*end);
                    let tail = bytes.get(end.wrapping_sub(TAIL)..end).unwrap_or_default();
                    let tail = u64::from_le_bytes(tail.try_into().unwrap_or_default());
                    (*low, *high) = halves(tail);
                }
            } else {
                for (name, (low, high)) in even.chunks_exact(length).zip(tails) {
                    let tail = name.last_chunk::<TAIL>().copied().unwrap_or_default();
                    (*low, *high) = halves(u64::from_le_bytes(tail));
                }
            }
            let passing = self.pass(ends.len(), &mut room);
            if passing > 0 {
                self.look_up(&mut room, passing, |place| name(first + place), first, found);
            }
            first += ends.len();
        }
    }

    /// The places of so many names that the filter lets pass; how many they are. What can be worked
    /// out of several at once is, and no branch depends on a name but where one has passed.
    #[cfg(feature = "screen")]
    #[inline(always)]
    fn pass(&self, count: usize, room: &mut Room) -> usize {
        const WORD: usize = u64::BITS as usize;
        let (filter, shift) = (self.filter.as_slice(), shift_of(&self.filter));
        let Room { tails: [lows, highs], words, bits, passed, .. } = room;
        let tails = lows.iter().zip(&*highs);
        for ((low, high), (word, bits)) in tails.zip(words.iter_mut().zip(&mut *bits)) {
            (*word, *bits) = filtered(*low, *high, shift);
        }
        let mut passing = 0;
        let [words, bits] = [&*words, &*bits].map(|all| all.get(..count).unwrap_or_default());
        for (number, (words, bits)) in words.chunks(WORD).zip(bits.chunks(WORD)).enumerate() {
            let mut passes = 0_u64;
            for (word, bits) in words.iter().zip(bits) {
                let known = filter.get(*word as usize).copied().unwrap_or_default();
                passes = passes << 1 | u64::from(known & bits == *bits);
            }
            // The first name is the topmost.
            let mut left = passes << (WORD - words.len());
            while left != 0 {
                let place = left.leading_zeros();
                left ^= 1 << (u64::BITS - 1 - place);
                if let Some(into) = passed.get_mut(passing) {
                    *into = (number * WORD) as u8 + place as u8;
                }
                passing += 1;
            }
        }
        passing
    }

    /// Looks up those that have passed.
    #[cfg(feature = "screen")]
    #[inline(always)]
    fn look_up<'n>(
        &self,
        room: &mut Room,
        passing: usize,
        name: impl Fn(usize) -> &'n [u8],
        first: usize,
        found: &mut Vec<(u32, u32)>,
    ) {
        let Room { passed, hashes, slots, ranges, .. } = room;
        let passed = passed.get(..passing).unwrap_or_default();
        let mask = self.slots.len().wrapping_sub(1);
        for (place, (hashed, slot)) in passed.iter().zip(hashes.iter_mut().zip(&mut *slots)) {
            *hashed = hash(name(usize::from(*place)));
            *slot = self.slots.get(*hashed as usize & mask).copied().unwrap_or_default();
        }
        for (_, (slot, range)) in passed.iter().zip(slots.iter().zip(&mut *ranges)) {
            let entry = (*slot as u32).wrapping_sub(1);
            *range =
                self.entries.get(entry as usize).map_or((0, 0), |known| (known.start, known.end));
        }
        let names = self.names.as_bytes();
        let bytes = ranges.iter().take(passing).map(|(start, _)| names.get(*start as usize));
        // Nothing reads it: the names are at hand now.
        std::hint::black_box(bytes.flatten().fold(0, |all, byte| all | byte));
        let each = passed.iter().zip(&*hashes).zip(slots.iter().zip(&*ranges));
        for ((place, hash), (slot, (start, end))) in each {
            let name = name(usize::from(*place));
            let known = names.get(*start as usize..*end as usize).unwrap_or_default();
            let entry = if *slot != 0 && slot >> 32 == hash >> 32 && is_same(known, name) {
                Some((*slot as u32).wrapping_sub(1))
            } else {
                self.find_hashed(name, *hash)
            };
            let row = first + usize::from(*place);
            found.extend(entry.map(|entry| (row as u32, entry)));
        }
    }

    /// The attributes of which something is known of somebody, in the order in which they came.
    #[cfg(feature = "screen")]
    pub(crate) fn attributes(&self) -> &[AttributeId] {
        &self.attributes
    }

    /// What is known of an entry.
    pub(crate) fn facts_at(&self, entry: u32) -> impl Iterator<Item = (AttributeId, &Fact)> {
        let mut next = self.entries.get(entry as usize).map(|entry| entry.first);
        std::iter::from_fn(move || {
            let place = next?;
            let known = self.facts.get(place as usize)?;
            next = (known.next != place).then_some(known.next);
            Some((known.attribute, &known.fact))
        })
    }

    /// What is known under one name.
    pub fn facts_of(&self, name: &str) -> Vec<(AttributeId, Fact)> {
        self.of([name])
    }

    /// What is known of a recipient under all of its names.
    pub(crate) fn of<'a>(
        &self,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Vec<(AttributeId, Fact)> {
        let mut facts = Vec::new();
        for name in names {
            let name = name.as_bytes();
            let Some(entry) = self.find_hashed(name, hash(name)) else { continue };
            for (attribute, fact) in self.facts_at(entry) {
                add(&mut facts, attribute, fact.clone());
            }
        }
        facts
    }

    fn name(&self, entry: u32) -> &str {
        let range =
            self.entries.get(entry as usize).map(|entry| entry.start as usize..entry.end as usize);
        range.and_then(|range| self.names.get(range)).unwrap_or_default()
    }

    fn find_hashed(&self, name: &[u8], hash: u64) -> Option<u32> {
        let mut slot = slot_of(hash, self.slots.len());
        loop {
            let found = *self.slots.get(slot)?;
            if found == 0 {
                return None;
            }
            let entry = (found as u32).wrapping_sub(1);
            if found >> 32 == hash >> 32 && self.name(entry).as_bytes() == name {
                return Some(entry);
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    fn place(&mut self, hash: u64, entry: u32) {
        let name = self.name(entry).as_bytes();
        let (is_short, tail) = (name.len() < TAIL, tail(name));
        self.has_short |= is_short;
        let (word, bits) = of_filter(tail, shift_of(&self.filter));
        if let Some(word) = self.filter.get_mut(word as usize) {
            *word |= bits;
        }
        let mut slot = slot_of(hash, self.slots.len());
        while let Some(found) = self.slots.get_mut(slot) {
            if *found == 0 {
                *found = hash >> 32 << 32 | u64::from(entry + 1);
                return;
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    /// Makes room for twice as many.
    fn grow(&mut self) {
        let slots = (self.slots.len() * 2).max(16);
        self.slots = vec![0; slots];
        self.filter = vec![0; slots / 4];
        for entry in 0..self.entries.len() as u32 {
            let hash = hash(self.name(entry).as_bytes());
            self.place(hash, entry);
        }
    }
}

/// For people who look for an error: names with what is known, in order.
impl fmt::Debug for Marks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries = 0..self.entries.len() as u32;
        let known: BTreeMap<&str, Vec<_>> =
            entries.map(|entry| (self.name(entry), self.facts_at(entry).collect())).collect();
        f.debug_map().entries(known).finish()
    }
}

/// A number of a text. The same on every machine: nothing depends on it but where a name is kept.
/// Most names have 8 to 16 bytes, of which the first and the last eight are all.
fn hash(name: &[u8]) -> u64 {
    const ODD: [u64; 3] = [0x9e37_79b9_7f4a_7c15, 0xbf58_476d_1ce4_e5b9, 0x94d0_49bb_1331_11eb];
    let mixed = |one: u64, other: u64| {
        let product = u128::from(one) * u128::from(other);
        (product as u64) ^ (product >> 64) as u64
    };
    let packed = |bytes: &[u8]| bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
    let (first, last) = match (name.first_chunk::<8>(), name.last_chunk::<8>()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => (packed(name), 0),
    };
    let mut state = mixed(first ^ ODD[0], last ^ ODD[1]) ^ name.len() as u64;
    for word in name.get(8..name.len().saturating_sub(8)).unwrap_or_default().chunks(8) {
        state = mixed(state ^ packed(word), ODD[2]);
    }
    mixed(state, ODD[0])
}

fn slot_of(hash: u64, slots: usize) -> usize {
    hash as usize & slots.wrapping_sub(1)
}

/// The last bytes of a name, or all of a shorter one.
#[inline(always)]
fn tail(name: &[u8]) -> u64 {
    match name.last_chunk::<TAIL>() {
        Some(tail) => u64::from_le_bytes(*tail),
        None => name.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    }
}

/// By how much a number of a name is shifted, so that what is left of it is a word of the filter,
/// which has a power of two of them.
#[inline(always)]
fn shift_of(filter: &[u32]) -> u32 {
    u32::BITS.saturating_sub(filter.len().trailing_zeros()).min(u32::BITS - 1)
}

/// Both halves of the last bytes of a name.
#[inline(always)]
const fn halves(tail: u64) -> (u32, u32) {
    (tail as u32, (tail >> u32::BITS) as u32)
}

/// As [`filtered`], of both halves.
const fn of_filter(tail: u64, shift: u32) -> (u32, u32) {
    let (low, high) = halves(tail);
    filtered(low, high, shift)
}

/// The word of the filter for the last bytes of a name, and two bits in it: the topmost bits of
/// products, which depend on all of their factors. Of 32 bits, so that a vector works out eight.
#[inline(always)]
const fn filtered(low: u32, high: u32, shift: u32) -> (u32, u32) {
    const ODD: [u32; 3] = [0x9e37_79b1, 0x85eb_ca77, 0xc2b2_ae3d];
    let mixed = low.wrapping_mul(ODD[0]).wrapping_add(high.wrapping_mul(ODD[1]));
    let mixed = (mixed ^ mixed >> 15).wrapping_mul(ODD[2]);
    let places = (mixed ^ mixed >> 13).wrapping_mul(ODD[0]);
    (mixed >> shift, 1 << (places >> 27) | 1 << (places >> 22 & 31))
}

/// Whether two names are the same; most are no longer than their first and their last bytes.
#[cfg(feature = "screen")]
#[inline(always)]
fn is_same(one: &[u8], other: &[u8]) -> bool {
    let ends = |name: &[u8]| Some((*name.first_chunk::<8>()?, *name.last_chunk::<8>()?));
    match (ends(one), ends(other)) {
        (Some(of_one), Some(of_other)) if one.len() == other.len() && one.len() <= 16 => {
            of_one == of_other
        }
        _ => one == other,
    }
}

fn add(facts: &mut Vec<(AttributeId, Fact)>, attribute: AttributeId, fact: Fact) {
    match facts.iter_mut().find(|(known, _)| *known == attribute) {
        None => facts.push((attribute, fact)),
        Some((_, known)) => {
            if is_stricter(&fact, known) {
                *known = fact;
            }
        }
    }
}

fn is_stricter(fact: &Fact, than: &Fact) -> bool {
    let rank = |fact: &Fact| match fact {
        Fact::Absent => 0,
        Fact::Unknown => 1,
        Fact::Value(_) => 2,
    };
    match (fact, than) {
        (Fact::Value(Value::Timestamp(at)), Fact::Value(Value::Timestamp(known))) => at > known,
        (Fact::Value(Value::Bool(is)), Fact::Value(Value::Bool(known))) => is > known,
        _ => rank(fact) > rank(than),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::attributes as id;
    use crate::time::Timestamp;

    #[test]
    fn names_are_found_and_others_are_not() {
        let mut marks = Marks::default();
        let at = |seconds| Fact::Value(Value::Timestamp(Timestamp::new(seconds, 0).unwrap()));
        let names: Vec<String> = (0..5000)
            .map(|number| match number % 3 {
                0 => format!("+346{number:08}"),
                1 => format!("ES.{number}"),
                _ => "x".repeat(number % 40) + &number.to_string(),
            })
            .collect();
        for (number, name) in names.iter().enumerate() {
            marks.insert(name, id::RECIPIENT_MARKETING_STOPPED_AT, at(number as i64));
            marks.insert(name, id::RECIPIENT_MARKETING_WITHHELD_AT, Fact::Unknown);
            // The stricter counts, whatever comes first.
            marks.insert(name, id::RECIPIENT_MARKETING_WITHHELD_AT, Fact::Absent);
            marks.insert(name, id::RECIPIENT_MARKETING_STOPPED_AT, at(7));
        }
        assert_eq!(marks.len(), names.len());
        for (number, name) in names.iter().enumerate() {
            let expected = [
                (id::RECIPIENT_MARKETING_STOPPED_AT, at(7.max(number as i64))),
                (id::RECIPIENT_MARKETING_WITHHELD_AT, Fact::Unknown),
            ];
            assert_eq!(marks.facts_of(name), expected, "{name}");
            assert!(marks.facts_of(&format!("{name} ")).is_empty());
        }
        assert!(marks.facts_of("").is_empty());
        #[cfg(feature = "screen")]
        {
            let others: Vec<String> = names.iter().map(|name| format!("{name} ")).collect();
            let asked: Vec<&str> =
                names.iter().zip(&others).flat_map(|(name, other)| [&**other, &**name]).collect();
            let mut found = Vec::new();
            let expected: Vec<(u32, u32)> = (0..5000).map(|at| (at * 2 + 1, at)).collect();
            let name = |row: usize| asked[row].as_bytes();
            marks.find_each(asked.len(), name, &mut found);
            assert_eq!(found, expected);
            // The same where they stand one after the other, with and without short names.
            let mut long = Marks::default();
            for (number, name) in names.iter().enumerate() {
                let name =
                    if name.len() < TAIL { format!("a longer {name}") } else { name.clone() };
                long.insert(&name, id::RECIPIENT_MARKETING_STOPPED_AT, at(number as i64));
            }
            assert!(marks.has_short && !long.has_short);
            for marks in [&marks, &long] {
                let (mut bytes, mut ends, mut expected) = (Vec::new(), vec![0_usize], Vec::new());
                for (row, name) in asked.iter().enumerate() {
                    bytes.extend(name.as_bytes());
                    ends.push(bytes.len());
                    expected.extend(marks.find(name).map(|entry| (row as u32, entry)));
                }
                found.clear();
                marks.find_each_within(&bytes, &ends, |end| end, &mut found);
                assert!(found == expected && found.len() > 3000);
            }
            found.clear();
            Marks::default().find_each(asked.len(), name, &mut found);
            Marks::default().find_each_within(&[1; 9], &[0, 9], |end| end, &mut found);
            assert!(found.is_empty());
        }
        marks.insert("", id::RECIPIENT_MARKETING_EXPERIMENT, Fact::Absent);
        assert_eq!(marks.facts_of("").len(), 1);
    }

    #[cfg(feature = "screen")]
    #[test]
    fn names_of_one_length_are_found_beside_others() {
        let mut marks = Marks::default();
        for number in (0..3000).step_by(3) {
            let name = format!("+346{number:08}");
            marks.insert(&name, id::RECIPIENT_MARKETING_EXPERIMENT, Fact::Absent);
        }
        // So many of one length, and then one of another, or none.
        for even in [1, 7, TOGETHER - 1, TOGETHER, TOGETHER + 1, 3 * TOGETHER] {
            for other in ["", "+34600000", "+346000000030", "ES.12345678901234567890"] {
                for before in [0, 5] {
                    let mut bytes = vec![b'x'; before];
                    let (mut ends, mut expected) = (vec![before], Vec::new());
                    let mut push = |name: &str| {
                        let row = ends.len() as u32 - 1;
                        bytes.extend(name.as_bytes());
                        ends.push(bytes.len());
                        expected.extend(marks.find(name).map(|entry| (row, entry)));
                    };
                    for round in 0..3 {
                        for number in 0..even {
                            push(&format!("+346{:08}", number + round));
                        }
                        push(other);
                    }
                    let mut found = Vec::new();
                    marks.find_each_within(&bytes, &ends, |end| end, &mut found);
                    assert!(found == expected && !found.is_empty(), "{even} {other} {before}");
                }
            }
        }
    }
}
