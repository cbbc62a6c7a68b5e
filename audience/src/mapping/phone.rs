//! Which number is this, to those who dial from one country?

use std::fmt;

use phonenumber::country::Id;

use super::error::BAD_MAPPING;

/// LIMIT: characters of a cell that may be a number: the longest ones, with marks between all
/// digits.
const CHARS_MAX: usize = 40;

/// The country of numbers that do not begin with `+`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country(Id);

/// There is no such country in the number plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCountry(String);

impl UnknownCountry {
    /// A stable name for programs: `audience/bad-mapping`. Listed in `docs/reference/codes.md`.
    pub const fn code(&self) -> &'static str {
        BAD_MAPPING
    }
}

impl fmt::Display for UnknownCountry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a country with numbers, such as `ES`", self.0)
    }
}

impl std::error::Error for UnknownCountry {}

impl Country {
    /// The country of that ISO 3166-1 code.
    ///
    /// # Errors
    /// There is none with numbers.
    pub fn named(code: &str) -> Result<Self, UnknownCountry> {
        code.parse().map(Self).map_err(|_| UnknownCountry(code.chars().take(60).collect()))
    }

    /// The number in E.164 that a cell says, as somebody in the country would write it, with `+` or
    /// without.
    ///
    /// # Errors
    /// What the cell is: no number that is assigned, or one that could be two. Where national
    /// numbers are written with a 0 first, digits without it and without `+` may as well begin with
    /// another country's code, as `wa_id` has them.
    pub(super) fn read(self, cell: &str) -> Result<String, String> {
        let no_number = || format!("is not a number of {}", self.0.as_ref());
        let digits = digits(cell).ok_or_else(no_number)?;
        let number = self.number(&digits).ok_or_else(no_number)?;
        let trunk = phonenumber::metadata::DATABASE.by_id(self.0.as_ref()).and_then(|metadata| {
            metadata.national_prefix().filter(|prefix| *prefix == "0").map(str::to_owned)
        });
        let is_bare = !digits.starts_with('+') && !digits.starts_with('0');
        if trunk.is_some() && is_bare {
            let abroad = self.number(&format!("+{digits}")).filter(|abroad| *abroad != number);
            if let Some(abroad) = abroad {
                return Err(format!("may be {abroad} or {number}"));
            }
        }
        Ok(number)
    }

    /// The number in E.164, if it is assigned.
    fn number(self, digits: &str) -> Option<String> {
        let number = phonenumber::parse(Some(self.0), digits).ok()?;
        let written = number.format().mode(phonenumber::Mode::E164).to_string();
        phonenumber::is_valid(&number).then_some(written)
    }
}

/// The digits of a cell, with a `+` before them where it has one; none where it holds anything else.
fn digits(cell: &str) -> Option<String> {
    // Marks that people put between digits, and none with a meaning of its own: an extension or a
    // letter is no part of a number that messages go to.
    let is_mark = |letter: char| matches!(letter, ' ' | '\u{a0}' | '-' | '.' | '(' | ')' | '/');
    // A number that was read as one with a fraction: its `.0` would pass for a digit. Of several
    // points each stands between digits.
    let has_fraction =
        cell.split_once('.').is_some_and(|(_, part)| part.len() == 1 || part == "00");
    if cell.chars().count() > CHARS_MAX || has_fraction {
        return None;
    }
    // Shops export it so that a spreadsheet keeps the `+`.
    let cell = cell.strip_prefix('\'').unwrap_or(cell);
    let digits: String = cell.chars().filter(|letter| !is_mark(*letter)).collect();
    let rest = digits.strip_prefix('+').unwrap_or(&digits);
    (!rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::Country;

    #[test]
    fn digits_that_may_be_two_numbers_are_refused() {
        let read = |country: &str, cell: &str| Country::named(country).unwrap().read(cell);
        assert_eq!(read("ES", "34600000001").as_deref(), Ok("+34600000001"));
        assert_eq!(read("DE", "01512 3456789").as_deref(), Ok("+4915123456789"));
        assert_eq!(read("ES", "600000001.0"), Err("is not a number of ES".to_owned()));
        assert_eq!(read("FR", "06.12.34.56.00").as_deref(), Ok("+33612345600"));
        assert_eq!(read("DE", "+34600000001").as_deref(), Ok("+34600000001"));
        assert_eq!(read("DE", "4915123456789").as_deref(), Ok("+4915123456789"));
        let two = read("DE", "34600000001").unwrap_err();
        assert_eq!(two, "may be +34600000001 or +4934600000001");
        assert_eq!(read("DE", "12"), Err("is not a number of DE".to_owned()));
        // Where no 0 comes first, a national number is what it looks like.
        assert_eq!(read("US", "4795550123").as_deref(), Ok("+14795550123"));
    }
}
