//! What does one cell say?

use std::borrow::Cow;

use cleartosend::expert::text::CELL_REASON;

use super::date::DateFormat;
use super::phone::Country;

/// A text that only an attribute of any text holds, since it says why it is none other.
pub(super) const ANY_TEXT: &str = "?\u{1f}no value map covers";

/// How the cells of a column become values.
#[derive(Clone, Debug, Default)]
pub(crate) struct Conversion {
    pub(super) nulls: Vec<String>,
    pub(super) values: Vec<(String, String)>,
    pub(super) date_format: Option<DateFormat>,
    pub(super) country: Option<Country>,
    /// Whether the attribute holds any text, so that nothing is a bad value of it.
    pub(super) takes_any_text: bool,
}

/// A cell that is not as declared, and whose attribute would take it for a value.
#[derive(Debug)]
pub(crate) struct NotCovered {
    pub(crate) words: Vec<String>,
}

impl Conversion {
    /// The value that a cell stands for; none where it says nothing. What is not as declared
    /// becomes a text that says so, and that no attribute but one of any text can hold.
    pub(crate) fn of<'a>(&'a self, cell: &'a str) -> Result<Option<Cow<'a, str>>, NotCovered> {
        if cell.is_empty() || self.nulls.iter().any(|null| null == cell) {
            return Ok(None);
        }
        if !self.values.is_empty() {
            return match self.values.iter().find(|(word, _)| word == cell) {
                Some((_, value)) => Ok(Some(Cow::Borrowed(value.as_str()))),
                None if self.takes_any_text => {
                    Err(NotCovered { words: self.values.iter().map(|it| it.0.clone()).collect() })
                }
                None => Ok(Some(Cow::Owned(refused(cell, &self.not_covered())))),
            };
        }
        if let Some(format) = &self.date_format {
            return Ok(Some(Cow::Owned(match format.read(cell) {
                Ok(at) => at.to_string(),
                Err(why) => refused(cell, &why),
            })));
        }
        if let Some(country) = self.country {
            return Ok(Some(match country.read(cell) {
                Ok(number) => Cow::Owned(number),
                Err(why) => Cow::Owned(refused(cell, &why)),
            }));
        }
        Ok(Some(Cow::Borrowed(cell)))
    }

    fn not_covered(&self) -> String {
        let words: Vec<String> =
            self.values.iter().map(|(word, _)| cleartosend::expert::text::quoted(word)).collect();
        format!("no value map covers; expected one of {}", words.join(", "))
    }
}

/// A text that stands for no value and says why: the cell, and the reason.
fn refused(cell: &str, why: &str) -> String {
    format!("{}{CELL_REASON}{why}", cell.replace(CELL_REASON, " "))
}

#[cfg(test)]
mod tests {
    use super::Conversion;

    #[test]
    fn a_refused_cell_says_why_in_full() {
        let long = "maybe, ".repeat(40);
        let conversion = Conversion {
            values: vec![("TRUE".to_owned(), "given".to_owned())],
            ..Conversion::default()
        };
        let reason = conversion.of(&long).unwrap().unwrap().into_owned();
        assert_eq!(reason, format!("{long}\u{1f}no value map covers; expected one of `TRUE`"));
        // What parts the two is no part of a cell.
        let reason = conversion.of("a\u{1f}b").unwrap().unwrap().into_owned();
        assert!(reason.starts_with("a b\u{1f}no value map"), "{reason}");
    }
}
