//! Which number is this, to those who dial from one country?

use std::fmt;

use phonenumber::country::Id;

/// LIMIT: characters of a cell that may be a number: the longest ones, with marks between all
/// digits.
const CHARS_MAX: usize = 40;

/// The country of numbers that do not begin with `+`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country(Id);

/// There is no such country in the number plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCountry(String);

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

    /// Its code.
    pub(super) fn name(self) -> String {
        self.0.as_ref().to_owned()
    }

    /// The number in E.164 that a cell says, as somebody in the country would write it, with `+` or
    /// without; none where it says none that is assigned.
    pub(super) fn read(self, cell: &str) -> Option<String> {
        // Marks that people put between digits, and none with a meaning of its own: an extension or
        // a letter is no part of a number that messages go to.
        let is_mark = |letter: char| matches!(letter, ' ' | '\u{a0}' | '-' | '.' | '(' | ')' | '/');
        if cell.chars().count() > CHARS_MAX {
            return None;
        }
        // Shops export it so that a spreadsheet keeps the `+`.
        let cell = cell.strip_prefix('\'').unwrap_or(cell);
        let digits: String = cell.chars().filter(|letter| !is_mark(*letter)).collect();
        let rest = digits.strip_prefix('+').unwrap_or(&digits);
        if rest.is_empty() || !rest.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let number = phonenumber::parse(Some(self.0), &digits).ok()?;
        let written = number.format().mode(phonenumber::Mode::E164).to_string();
        phonenumber::is_valid(&number).then_some(written)
    }
}
