//! Texts that rules name, found by what they hash to.

use std::sync::Arc;

use super::axis::Words;
use super::memo::hash;

/// The texts of [`Words`], each at the place that its hash names or at the next one that was free.
#[derive(Debug)]
pub(super) struct WordTable {
    places: Vec<Option<(Arc<str>, u8)>>,
    /// A bit for each length that some text has, all lengths from 63 together.
    lengths: u64,
    others: u8,
}

impl WordTable {
    pub(super) fn new(words: &Words) -> Self {
        // At the most a quarter is taken, so that a search is short.
        let places = (words.known.len() * 4).next_power_of_two();
        let mut table = Self { places: vec![None; places], lengths: 0, others: words.others };
        for (text, class) in &words.known {
            table.lengths |= bit_of_length(text);
            let mut place = hash(text) as usize;
            while let Some(Some(_)) = table.places.get(place & (places - 1)) {
                place += 1;
            }
            if let Some(free) = table.places.get_mut(place & (places - 1)) {
                *free = Some((Arc::clone(text), *class));
            }
        }
        table
    }

    /// The class of a text.
    #[inline]
    pub(super) fn class(&self, text: &str) -> u8 {
        if self.lengths & bit_of_length(text) == 0 {
            return self.others;
        }
        let mut place = hash(text) as usize;
        while let Some(Some((known, class))) = self.places.get(place & (self.places.len() - 1)) {
            if **known == *text {
                return *class;
            }
            place += 1;
        }
        self.others
    }
}

#[inline]
fn bit_of_length(text: &str) -> u64 {
    1 << text.len().min(63)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_where_they_are() {
        for count in [0, 1, 7, 300] {
            let mut known: Vec<(Arc<str>, u8)> =
                (0..count).map(|number| (format!("word {number}").into(), number as u8)).collect();
            known.sort_unstable();
            let words = Words { known, others: 255 };
            let table = WordTable::new(&words);
            for number in 0..400 {
                let text = format!("word {number}");
                assert_eq!(table.class(&text), words.class(&text), "{count}, {text}");
            }
            for text in ["", "word", &"w".repeat(100)] {
                assert_eq!(table.class(text), 255);
            }
        }
    }
}
