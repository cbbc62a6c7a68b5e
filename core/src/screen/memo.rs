//! What texts came to before: a column of plain texts mostly repeats a few of them.

/// Texts of a column, each in the place that its hash names, with what it came to. Another text of
/// the same place takes it over, so that nothing grows.
///
/// What a text comes to depends on it alone, so that the same comes out with and without.
#[derive(Debug)]
pub(super) struct Memo<'a, T> {
    places: Vec<Option<(&'a str, T)>>,
    asked: u32,
    found: u32,
}

impl<'a, T: Copy> Memo<'a, T> {
    /// One for a column of so many rows.
    pub(super) fn new(rows: usize) -> Self {
        /// As many as the second cache of any processor holds along with the texts.
        const PLACES_MAX: usize = 4096;
        let places = rows.next_power_of_two().min(PLACES_MAX);
        Self { places: vec![None; places], asked: 0, found: 0 }
    }

    /// What a text comes to, asked for where it is not known.
    #[inline]
    pub(super) fn get(&mut self, text: &'a str, entry: impl FnOnce(&str) -> T) -> T {
        // Where texts hardly repeat, such as numbers of phones, looking them up is in vain.
        const TRIAL: u32 = 4096;
        if self.asked >= TRIAL && self.found < self.asked / 4 {
            return entry(text);
        }
        self.asked = self.asked.saturating_add(1);
        let place = hash(text) as usize & (self.places.len() - 1);
        let Some(known) = self.places.get_mut(place) else { return entry(text) };
        match known {
            Some((same, found)) if *same == text => {
                self.found = self.found.saturating_add(1);
                *found
            }
            _ => {
                let found = entry(text);
                *known = Some((text, found));
                found
            }
        }
    }
}

/// Only where a text is kept depends on it.
#[inline]
pub(super) fn hash(text: &str) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let mixed = |hash: u64, word: u64| (hash.rotate_left(23) ^ word).wrapping_mul(FACTOR);
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let hash =
        words.iter().fold(text.len() as u64, |hash, word| mixed(hash, u64::from_le_bytes(*word)));
    let rest = rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
    // Multiplying carries bits only upwards, so that what differs in the last letters is brought down
    // and mixed again, and the upper half taken.
    let hash = mixed(hash, rest);
    (hash ^ (hash >> 32)).wrapping_mul(FACTOR) >> 40
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_what_was_found() {
        let texts: Vec<String> =
            (0..20_000).map(|number| format!("text {}", number % 900)).collect();
        let mut memo = Memo::new(texts.len());
        let mut asked = 0;
        for text in texts.iter().chain(&texts) {
            let found = memo.get(text, |text| {
                asked += 1;
                text.len() as u32 + u32::from(text.ends_with('7'))
            });
            assert_eq!(found, text.len() as u32 + u32::from(text.ends_with('7')));
        }
        assert!((900..10_000).contains(&asked), "{asked}");
        let mut few = Memo::new(64);
        let mut asked = 0;
        for _ in 0..100 {
            for text in ["ES", "FR", ""] {
                few.get(text, |_| asked += 1);
            }
        }
        assert!(asked <= 300 && few.found + asked == few.asked);
    }
}
