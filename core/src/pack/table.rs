//! Where in which file does this key stand, and is it what was expected?
//!
//! Readers of the files ask tables for keys. What is missing, unknown or of a wrong type is
//! reported here, with its place, and the reader goes on with what there is: a getter that answers
//! `None` for a required key has reported why.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};
use toml::value::{Datetime, Offset};

use super::error;
use super::error::{Kind, PackError, PackErrors, did_you_mean};
use super::place::Place;
use crate::limits;
use crate::time::{Timestamp, TimestampError};

/// The problems found so far.
#[derive(Default)]
pub(super) struct Problems {
    found: RefCell<Vec<PackError>>,
}

impl Problems {
    pub(super) fn push(&self, error: PackError) {
        let mut found = self.found.borrow_mut();
        match found.len() {
            // LIMIT: a file of nothing but mistakes must not cost a message and a search for the
            // nearest name each.
            limits::PACK_PROBLEMS_MAX => {
                found.push(PackError { kind: Kind::TooManyProblems, help: None, ..error });
            }
            count if count < limits::PACK_PROBLEMS_MAX => found.push(error),
            _ => {}
        }
    }

    /// Whether further problems are dropped.
    pub(super) fn is_full(&self) -> bool {
        self.found.borrow().len() > limits::PACK_PROBLEMS_MAX
    }

    pub(super) fn count(&self) -> usize {
        self.found.borrow().len()
    }

    /// `Ok` if there are none, else all of them in order. Takes them out.
    pub(super) fn finish(&self) -> Result<(), PackErrors> {
        let mut found = self.found.take();
        if found.is_empty() {
            return Ok(());
        }
        // The note that there are more stays last.
        found.sort_by_key(|error| {
            (error.kind == Kind::TooManyProblems, error.place.clone(), error.span.end)
        });
        // A key that is read twice is reported once.
        found.dedup_by(|a, b| a.kind == b.kind && a.place == b.place && a.span == b.span);
        Err(PackErrors(found))
    }
}

/// One text file and how to find lines in it.
pub(super) struct File<'a> {
    pub(super) name: Arc<str>,
    pub(super) text: &'a str,
    /// Offset, line and column at each start of a line, and again every [`MARK_CHARS`] characters
    /// of a long line.
    marks: Vec<(usize, u32, u32)>,
}

/// How many characters a search for a column may have to count.
const MARK_CHARS: u32 = 1024;

impl<'a> File<'a> {
    pub(super) fn new(name: Arc<str>, text: &'a str) -> Self {
        let mut marks = vec![(0, 1, 1)];
        let (mut line, mut start) = (1_u32, 0);
        for written in text.split_inclusive('\n') {
            // Only within a line that is longer is another mark needed.
            if written.len() > MARK_CHARS as usize {
                for (number, (offset, _)) in (1_u32..).zip(written.char_indices()) {
                    if number > 1 && number % MARK_CHARS == 1 {
                        marks.push((start + offset, line, number));
                    }
                }
            }
            start += written.len();
            if written.ends_with('\n') {
                line = line.saturating_add(1);
                marks.push((start, line, 1));
            }
        }
        Self { name, text, marks }
    }

    pub(super) fn place(&self, offset: usize) -> Place {
        let after = self.marks.partition_point(|(start, ..)| *start <= offset);
        let (start, line, column) = after
            .checked_sub(1)
            .and_then(|index| self.marks.get(index))
            .copied()
            .unwrap_or((0, 1, 1));
        let rest = self.text.get(start..).unwrap_or_default();
        let before = rest.char_indices().take_while(|(at, _)| start + at < offset).count();
        Place {
            file: Arc::clone(&self.name),
            line,
            column: column.saturating_add(u32::try_from(before).unwrap_or(u32::MAX)),
        }
    }
}

/// A stretch of a file, about which something can be reported.
#[derive(Clone)]
pub(super) struct Spot<'t> {
    pub(super) file: &'t File<'t>,
    pub(super) problems: &'t Problems,
    pub(super) span: Range<usize>,
}

impl Spot<'_> {
    pub(super) fn report(&self, kind: Kind) {
        self.report_with(kind, None);
    }

    pub(super) fn report_with(&self, kind: Kind, help: Option<String>) {
        let place = self.place();
        self.problems.push(PackError { kind, help, place, span: self.span.clone() });
    }

    /// Reports a name that is none of the valid ones, with the nearest of them.
    pub(super) fn report_name<'a>(
        &self,
        kind: Kind,
        wrong: &str,
        valid: impl IntoIterator<Item = &'a str>,
    ) {
        let help = if self.problems.is_full() { None } else { did_you_mean(wrong, valid) };
        self.report_with(kind, help);
    }

    pub(super) fn place(&self) -> Place {
        self.file.place(self.span.start)
    }

    /// What was read here, or nothing, once something has been reported.
    ///
    /// Nothing is half-loaded: a part that is left out while no problem is known is a problem of
    /// its own.
    pub(super) fn keep<T>(&self, what: &'static str, read: Option<T>) -> Option<T> {
        if read.is_none() && self.problems.count() == 0 {
            self.report(Kind::Internal { what });
        }
        read
    }
}

/// A table whose keys are known.
pub(super) struct Table<'t> {
    pub(super) spot: Spot<'t>,
    what: &'static str,
    entries: &'t DeTable<'t>,
}

/// One key and its value.
#[derive(Clone)]
pub(super) struct Field<'t> {
    pub(super) key: &'t str,
    key_span: Range<usize>,
    /// Of the value.
    pub(super) spot: Spot<'t>,
    pub(super) value: &'t DeValue<'t>,
}

/// A string.
#[derive(Clone)]
pub(super) struct Text<'t> {
    pub(super) spot: Spot<'t>,
    pub(super) value: &'t str,
}

impl<'t> Table<'t> {
    /// The table, with each key reported that is not `known`.
    pub(super) fn new(
        spot: Spot<'t>,
        entries: &'t DeTable<'t>,
        what: &'static str,
        known: &[&str],
    ) -> Self {
        Self::with(spot, entries, what, known, |_| false)
    }

    /// As [`Self::new`]; a key that is not `known` may be `reported` in other words.
    fn with(
        spot: Spot<'t>,
        entries: &'t DeTable<'t>,
        what: &'static str,
        known: &[&str],
        reported: impl Fn(&Field<'t>) -> bool,
    ) -> Self {
        for (key, value) in entries {
            if !known.contains(&&**key.get_ref()) && !reported(&field(&spot, key, value)) {
                let at = Spot { span: key.span(), ..spot.clone() };
                let of = what;
                at.report_name(
                    Kind::UnknownKey { key: (&**key.get_ref()).into(), of },
                    key.get_ref(),
                    known.iter().copied(),
                );
            }
        }
        Self { spot, what, entries }
    }

    /// As [`Spot::keep`], for what was read of this table.
    pub(super) fn keep<T>(&self, read: Option<T>) -> Option<T> {
        self.spot.keep(self.what, read)
    }

    /// The value of a key that may be left out.
    pub(super) fn optional(&self, key: &str) -> Option<Field<'t>> {
        let (key, value) = self.entries.get_key_value(key)?;
        Some(field(&self.spot, key, value))
    }

    /// The value of a key that must be there.
    pub(super) fn required(&self, key: &'static str) -> Option<Field<'t>> {
        let field = self.optional(key);
        if field.is_none() {
            self.spot.report(Kind::MissingKey { key, of: self.what });
        }
        field
    }

    /// A text that must be there and not be empty.
    pub(super) fn text(&self, key: &'static str) -> Option<Text<'t>> {
        self.required(key)?.text()
    }

    /// A text that is not empty, as a shared one.
    pub(super) fn shared(&self, key: &'static str) -> Option<Arc<str>> {
        self.text(key).map(|text| Arc::from(text.value))
    }

    /// A text that may be left out.
    pub(super) fn optional_shared(&self, key: &str) -> Option<Arc<str>> {
        self.optional(key)?.text().map(|text| Arc::from(text.value))
    }

    /// The entries of `[[key]]`; none if there are none.
    pub(super) fn tables(&self, key: &str, what: &'static str, known: &[&str]) -> Vec<Table<'t>> {
        self.tables_with(key, what, known, |_| false)
    }

    /// As [`Self::tables`]; a key that is not `known` may be `reported` in other words.
    pub(super) fn tables_with(
        &self,
        key: &str,
        what: &'static str,
        known: &[&str],
        reported: impl Fn(&Field<'t>) -> bool,
    ) -> Vec<Table<'t>> {
        let items = self.optional(key).and_then(|field| field.items());
        let table = |item: &Field<'t>| {
            let entries = item.entries()?;
            Some(Table::with(item.spot.clone(), entries, what, known, &reported))
        };
        items.unwrap_or_default().iter().filter_map(table).collect()
    }

    /// `from` and `until`, with an empty period reported. Outer `None` where something was
    /// reported.
    pub(super) fn period(&self) -> Option<(Option<Timestamp>, Option<Timestamp>)> {
        let read = |key| match self.optional(key) {
            None => Some(None),
            Some(field) => field.date().map(Some),
        };
        let (from, until) = (read("from"), read("until"));
        let (from, until) = (from?, until?);
        if let (Some(from_at), Some(until_at)) = (from, until)
            && until_at <= from_at
            && let Some(field) = self.optional("until")
        {
            let text = |key| {
                self.optional(key).map(|field| field.source().trim().to_owned()).unwrap_or_default()
            };
            field.spot.report(Kind::EmptyPeriod { from: text("from"), until: text("until") });
            return None;
        }
        Some((from, until))
    }
}

/// All keys and values of a table, in the order of the file.
pub(super) fn fields<'t>(spot: &Spot<'t>, entries: &'t DeTable<'t>) -> Vec<Field<'t>> {
    let mut fields: Vec<_> = entries.iter().collect();
    fields.sort_by_key(|(key, _)| key.span().start);
    fields.into_iter().map(|(key, value)| field(spot, key, value)).collect()
}

fn field<'t>(
    spot: &Spot<'t>,
    key: &'t Spanned<DeString<'t>>,
    value: &'t Spanned<DeValue<'t>>,
) -> Field<'t> {
    let spot = Spot { span: value.span(), ..spot.clone() };
    Field { key: key.get_ref(), key_span: key.span(), spot, value: value.get_ref() }
}

impl<'t> Field<'t> {
    pub(super) fn wrong_type(&self, expected: &'static str) {
        self.spot.report(Kind::WrongType {
            key: self.key.into(),
            expected,
            found: kind_of(self.value),
        });
    }

    /// The value as it is written.
    pub(super) fn source(&self) -> &'t str {
        self.spot.file.text.get(self.spot.span.clone()).unwrap_or_default()
    }

    /// The key itself.
    pub(super) fn key_text(&self) -> Text<'t> {
        Text { spot: Spot { span: self.key_span.clone(), ..self.spot.clone() }, value: self.key }
    }

    /// Whether the value is a table only because the key goes on behind a dot.
    pub(super) fn is_dotted(&self) -> bool {
        matches!(self.value, DeValue::Table(_)) && self.spot.span == self.key_span
    }

    /// A text that is not empty.
    pub(super) fn text(&self) -> Option<Text<'t>> {
        let DeValue::String(value) = self.value else {
            self.wrong_type("a string");
            return None;
        };
        if value.trim().is_empty() {
            self.spot.report(Kind::Empty { key: self.key.into() });
            return None;
        }
        Some(Text { spot: self.spot.clone(), value })
    }

    pub(super) fn bool(&self) -> Option<bool> {
        let DeValue::Boolean(value) = self.value else {
            self.wrong_type("`true` or `false`");
            return None;
        };
        Some(*value)
    }

    /// A whole number from 1.
    pub(super) fn days(&self) -> Option<u32> {
        let DeValue::Integer(digits) = self.value else {
            self.wrong_type("a whole number");
            return None;
        };
        let value =
            u32::from_str_radix(digits.as_str(), digits.radix()).ok().filter(|days| *days > 0);
        if value.is_none() {
            self.spot.report(Kind::OutOfRange {
                key: self.key.into(),
                found: self.source().into(),
                expected: "a number of days from 1",
            });
        }
        value
    }

    /// A date, or a date and time with an offset.
    pub(super) fn date(&self) -> Option<Timestamp> {
        let DeValue::Datetime(value) = self.value else {
            self.wrong_type("a date such as 2026-03-02, without quotes");
            return None;
        };
        let read = instant(value);
        if let Err(error) = &read {
            self.spot.report(Kind::BadDate { found: self.source().into(), why: error.to_string() });
        }
        read.ok()
    }

    /// The elements of a list, each with the list's key.
    pub(super) fn items(&self) -> Option<Vec<Field<'t>>> {
        let DeValue::Array(items) = self.value else {
            let expected = if matches!(self.value, DeValue::Table(_)) {
                "a list: `[[…]]` instead of `[…]`"
            } else {
                "a list"
            };
            self.wrong_type(expected);
            return None;
        };
        let field = |item: &'t Spanned<DeValue<'t>>| {
            let spot = Spot { span: item.span(), ..self.spot.clone() };
            Field { key: self.key, key_span: self.key_span.clone(), spot, value: item.get_ref() }
        };
        Some(items.iter().map(field).collect())
    }

    /// The elements of a list of texts, each once.
    pub(super) fn texts(&self) -> Option<Vec<Text<'t>>> {
        let items = self.items()?;
        let texts: Vec<Text<'t>> = items.iter().filter_map(Field::text).collect();
        let mut seen = BTreeMap::new();
        for text in &texts {
            if seen.insert(text.value, ()).is_some() {
                text.spot.report(Kind::RepeatedValue { value: text.value.into() });
            }
        }
        Some(texts)
    }

    /// A table with known keys.
    pub(super) fn table(&self, what: &'static str, known: &[&str]) -> Option<Table<'t>> {
        let entries = self.entries()?;
        Some(Table::new(self.spot.clone(), entries, what, known))
    }

    /// The keys of a table; none of anything else.
    pub(super) const fn nested(&self) -> Option<&'t DeTable<'t>> {
        match self.value {
            DeValue::Table(entries) => Some(entries),
            _ => None,
        }
    }

    /// A table with any keys.
    pub(super) fn entries(&self) -> Option<&'t DeTable<'t>> {
        let DeValue::Table(entries) = self.value else {
            self.wrong_type("a table");
            return None;
        };
        Some(entries)
    }
}

impl<'t> Text<'t> {
    /// Reports something about a part of the text.
    pub(super) fn report_within(&self, part: Range<usize>, kind: Kind, help: Option<String>) {
        self.within(part).report_with(kind, help);
    }

    /// The part of the file that a part of the text comes from; the whole text where escapes make
    /// that unclear.
    pub(super) fn within(&self, part: Range<usize>) -> Spot<'t> {
        let written = self.spot.file.text.get(self.spot.span.clone()).unwrap_or_default();
        let quotes =
            if written.starts_with("'''") || written.starts_with("\"\"\"") { 3 } else { 1 };
        // A line break right after three quotes is not part of the text.
        let starts = [quotes, quotes + 1, quotes + 2];
        let start = starts.into_iter().find(|start| {
            let skipped = written.get(quotes..*start).unwrap_or("?");
            let content = written.get(*start..).unwrap_or_default();
            matches!(skipped, "" | "\n" | "\r\n")
                && content.len() == self.value.len() + quotes
                && content.starts_with(self.value)
        });
        let span = match start {
            Some(start) => {
                let base = self.spot.span.start + start;
                base + part.start..base + part.end
            }
            None => self.spot.span.clone(),
        };
        Spot { span, ..self.spot.clone() }
    }

    /// The word of that name, else a report with the nearest.
    pub(super) fn word<T: Copy>(
        &self,
        what: &'static str,
        all: &[T],
        name: impl Fn(T) -> &'static str,
    ) -> Option<T> {
        let found = all.iter().copied().find(|word| name(*word) == self.value);
        if found.is_none() {
            let kind = Kind::UnknownWord { what, word: self.value.into() };
            let words: Vec<&str> = all.iter().map(|word| name(*word)).collect();
            let help = if self.spot.problems.is_full() {
                None
            } else {
                error::one_of_words(self.value, &words)
            };
            self.spot.report_with(kind, help);
        }
        found
    }

    /// Whether the text is a name: words of lower-case letters and digits, joined by one of
    /// `joins`.
    pub(super) fn check_name(&self, what: &'static str, form: NameForm) -> bool {
        let good = self.value.len() <= limits::NAME_BYTES_MAX && form.fits(self.value);
        if !good {
            let lower = self.value.to_lowercase().replace([' ', '/', ':'], "-");
            let help = form.fits(&lower).then(|| error::meant(&lower));
            self.spot.report_with(
                Kind::BadName { name: self.value.into(), what, form: form.describe() },
                help,
            );
        }
        good
    }
}

/// What a name may look like.
#[derive(Clone, Copy)]
pub(super) enum NameForm {
    /// Words joined by `-`, `_` or `.`.
    Dotted,
    /// Words joined by `-` or `_`, the first beginning with a letter, since conditions write it as
    /// an identifier.
    Identifier,
}

impl NameForm {
    pub(super) fn fits(self, name: &str) -> bool {
        let (joins, digit_first): (&[char], bool) = match self {
            Self::Dotted => (&['-', '_', '.'], true),
            Self::Identifier => (&['-', '_'], false),
        };
        let word = |word: &str| {
            !word.is_empty()
                && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        name.split(joins).all(word)
            && (digit_first || name.starts_with(|first: char| first.is_ascii_lowercase()))
    }

    const fn describe(self) -> &'static str {
        match self {
            Self::Dotted => "lower-case words of letters and digits, joined by `-`, `_` or `.`",
            Self::Identifier => {
                "lower-case words of letters and digits, joined by `-` or `_`, beginning with a \
                 letter"
            }
        }
    }
}

/// The instant that a TOML date or date-time names.
pub(super) fn instant(value: &Datetime) -> Result<Timestamp, TimestampError> {
    let Some(date) = value.date else {
        return Err(TimestampError::Malformed);
    };
    let Some(time) = value.time else {
        let day = i16::try_from(date.year)
            .ok()
            .zip(i8::try_from(date.month).ok())
            .zip(i8::try_from(date.day).ok());
        let day = day.and_then(|((year, month), day)| Timestamp::from_date(year, month, day));
        return day.ok_or(if date.year == 0 {
            TimestampError::OutOfRange
        } else {
            TimestampError::Impossible
        });
    };
    let offset = match value.offset {
        None => return Err(TimestampError::NoOffset),
        Some(Offset::Z) => "Z".to_owned(),
        Some(Offset::Custom { minutes }) => {
            let sign = if minutes < 0 { '-' } else { '+' };
            format!("{sign}{:02}:{:02}", minutes.unsigned_abs() / 60, minutes.unsigned_abs() % 60)
        }
    };
    let (second, nano) = (time.second.unwrap_or(0), time.nanosecond.unwrap_or(0));
    let day = format!("{:04}-{:02}-{:02}", date.year, date.month, date.day);
    Timestamp::parse(&format!(
        "{day}T{:02}:{:02}:{second:02}.{nano:09}{offset}",
        time.hour, time.minute
    ))
}

/// What a value is, in words.
pub(super) const fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "`true` or `false`",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
