//! Tables of text by lines and records: RFC 4180, read strictly, for whoever reads one.
//!
//! Lines end with LF or CRLF; an empty line is no record. A quotation mark inside a cell that does
//! not begin with one stands for itself. A quotation mark that is never closed, and text after a
//! closing one, are errors: a reader that guesses loses rows.

use std::fmt;
use std::io::{self, BufRead as _, BufReader, Read};

use memchr::{memchr, memchr_iter};

use crate::limits::RECORD_BYTES_MAX;

/// Bytes read at once.
const BUFFER: usize = 1 << 20;

/// Why a record or a line could not be read. It has no code of its own: an audience and a directory
/// have one for each reason, such as `audience/unclosed-quote` and `directory/not-csv`.
#[derive(Debug)]
pub struct RecordError {
    line: u64,
    reason: Reason,
}

/// What is wrong with a record.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "a new reason must be worded by every reader")]
pub enum Reason {
    /// The system failed.
    Unreadable(io::Error),
    /// Bytes that are not UTF-8.
    NotUtf8,
    /// More than [`RECORD_BYTES_MAX`] bytes.
    TooLong,
    /// A quotation mark that is never closed.
    UnclosedQuote,
    /// Text after the closing quotation mark of the cell of that number, from 1.
    TextAfterQuote(usize),
}

impl RecordError {
    fn new(line: u64, reason: Reason) -> Self {
        Self { line, reason }
    }

    /// The line on which the record begins, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// What is wrong.
    pub fn reason(&self) -> &Reason {
        &self.reason
    }

    /// Whether nothing after it can be read.
    pub fn is_final(&self) -> bool {
        match self.reason {
            Reason::NotUtf8 | Reason::TextAfterQuote(_) => false,
            Reason::Unreadable(_) | Reason::TooLong | Reason::UnclosedQuote => true,
        }
    }
}

/// What is wrong, without the place.
impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reason {
            Reason::Unreadable(problem) => write!(f, "reading failed: {problem}"),
            Reason::NotUtf8 => f.write_str(
                "found bytes that are not UTF-8; save the file as UTF-8, if it has another \
                 encoding",
            ),
            Reason::TooLong => {
                write!(f, "a row that begins here has more than {RECORD_BYTES_MAX} bytes")
            }
            Reason::UnclosedQuote => {
                f.write_str("a quotation mark that opens in this row is never closed")
            }
            Reason::TextAfterQuote(cell) => write!(
                f,
                "cell {cell}: found text after the closing quotation mark, expected the next \
                 cell; a quotation mark inside is written twice"
            ),
        }
    }
}

impl std::error::Error for RecordError {}

/// Text by lines, with their numbers.
pub struct Lines<R> {
    input: BufReader<R>,
    number: u64,
    /// How many empty lines stand before the one that was read last.
    gap: u64,
}

impl<R> fmt::Debug for Lines<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lines").field("number", &self.number).finish_non_exhaustive()
    }
}

impl<R: Read> Lines<R> {
    /// The lines of an input.
    pub fn new(input: R) -> Self {
        Self { input: BufReader::with_capacity(BUFFER, input), number: 0, gap: 0 }
    }

    /// The number of the line that was read last.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Appends the next line with its end. `begun` is the line where the record begins. False at
    /// the end of the text.
    fn append(&mut self, into: &mut Vec<u8>, begun: u64) -> Result<bool, RecordError> {
        let room = (RECORD_BYTES_MAX + 1).saturating_sub(into.len());
        let read = (&mut self.input).take(room as u64).read_until(b'\n', into);
        let count = read.map_err(|problem| RecordError::new(begun, Reason::Unreadable(problem)))?;
        if into.len() > RECORD_BYTES_MAX {
            return Err(RecordError::new(begun, Reason::TooLong));
        }
        if count > 0 {
            self.number += 1;
        }
        Ok(count > 0)
    }

    /// The next line that is not empty, without its end, in a buffer that is reused; none at the
    /// end of the text. A byte order mark is no part of the text.
    ///
    /// # Errors
    /// A line that is too long; what reading fails with.
    pub fn next<'a>(&mut self, buffer: &'a mut Vec<u8>) -> Result<Option<&'a [u8]>, RecordError> {
        const MARK: &[u8] = b"\xef\xbb\xbf";
        self.gap = 0;
        loop {
            buffer.clear();
            if !self.append(buffer, self.number + 1)? {
                return Ok(None);
            }
            if self.number == 1 && buffer.starts_with(MARK) {
                buffer.drain(..MARK.len());
            }
            if !without_end(buffer).is_empty() {
                break;
            }
            self.gap += 1;
        }
        Ok(Some(without_end(buffer)))
    }
}

/// A line without its end.
fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// The records of a table, one after the other: cells without quotation marks and separators.
pub struct Records<R> {
    lines: Lines<R>,
    separator: u8,
    line: Vec<u8>,
    bytes: Vec<u8>,
    /// Where each cell ends.
    ends: Vec<usize>,
    begun: u64,
}

impl<R> fmt::Debug for Records<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Records").field("begun", &self.begun).finish_non_exhaustive()
    }
}

impl<R: Read> Records<R> {
    /// The records of an input. The separator is an ASCII character.
    pub fn new(input: R, separator: u8) -> Self {
        Self {
            lines: Lines::new(input),
            separator,
            line: Vec::new(),
            bytes: Vec::new(),
            ends: Vec::new(),
            begun: 0,
        }
    }

    /// The line on which the record begins that was read last.
    pub fn line(&self) -> u64 {
        self.begun
    }

    /// How many empty lines stand before it. They are no records.
    pub fn gap(&self) -> u64 {
        self.lines.gap
    }

    /// How many cells it has.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether none was read.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Its cells.
    ///
    /// # Errors
    /// Bytes that are not UTF-8.
    pub fn cells(&self) -> Result<impl Iterator<Item = &str>, RecordError> {
        let text = std::str::from_utf8(&self.bytes)
            .map_err(|_| RecordError::new(self.begun, Reason::NotUtf8))?;
        let mut begun = 0;
        Ok(self.ends.iter().map(move |end| {
            // INVARIANT: cells end at ASCII, so that no cut goes through a character.
            let cell = text.get(begun..*end).unwrap_or_default();
            begun = *end;
            cell
        }))
    }

    /// Reads a record; false at the end of the table.
    ///
    /// # Errors
    /// What is wrong with the record. After an error that is not final, the next one can be read.
    pub fn advance(&mut self) -> Result<bool, RecordError> {
        self.bytes.clear();
        self.ends.clear();
        let Some(line) = self.lines.next(&mut self.line)? else { return Ok(false) };
        self.begun = self.lines.number;
        if memchr(b'"', line).is_some() {
            self.quoted()?;
            return Ok(true);
        }
        let mut begun = 0;
        for end in memchr_iter(self.separator, line).chain([line.len()]) {
            self.bytes.extend_from_slice(line.get(begun..end).unwrap_or_default());
            self.ends.push(self.bytes.len());
            begun = end + 1;
        }
        Ok(true)
    }

    /// A record with quotation marks, which may go over several lines.
    fn quoted(&mut self) -> Result<(), RecordError> {
        let mut place = 0;
        loop {
            if self.line.get(place) == Some(&b'"') {
                place = self.inside(place + 1)?;
                let rest = self.line.get(place..).unwrap_or_default();
                if without_end(rest).first().is_some_and(|byte| *byte != self.separator) {
                    return Err(RecordError::new(
                        self.begun,
                        Reason::TextAfterQuote(self.ends.len() + 1),
                    ));
                }
            } else {
                let rest = without_end(self.line.get(place..).unwrap_or_default());
                let cell = rest
                    .get(..memchr(self.separator, rest).unwrap_or(rest.len()))
                    .unwrap_or_default();
                self.bytes.extend_from_slice(cell);
                place += cell.len();
            }
            self.ends.push(self.bytes.len());
            if self.line.get(place) != Some(&self.separator) {
                return Ok(());
            }
            place += 1;
        }
    }

    /// What is inside quotation marks, from that place; gives the place after the closing one.
    fn inside(&mut self, mut place: usize) -> Result<usize, RecordError> {
        loop {
            let rest = self.line.get(place..).unwrap_or_default();
            let Some(end) = memchr(b'"', rest) else {
                self.bytes.extend_from_slice(rest);
                place = self.line.len();
                if !self.lines.append(&mut self.line, self.begun)? {
                    return Err(RecordError::new(self.begun, Reason::UnclosedQuote));
                }
                continue;
            };
            self.bytes.extend_from_slice(rest.get(..end).unwrap_or_default());
            place += end + 1;
            if self.line.get(place) != Some(&b'"') {
                return Ok(place);
            }
            self.bytes.push(b'"');
            place += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The records as lists of cells with their lines, and errors in words.
    fn read(table: &str, separator: u8) -> Vec<(u64, Result<Vec<String>, String>)> {
        let mut records = Records::new(table.as_bytes(), separator);
        let mut read = Vec::new();
        loop {
            match records.advance() {
                Ok(false) => return read,
                Ok(true) => read.push((
                    records.line(),
                    Ok(records.cells().unwrap().map(str::to_owned).collect()),
                )),
                Err(problem) => {
                    read.push((problem.line(), Err(problem.to_string())));
                    if problem.is_final() {
                        return read;
                    }
                }
            }
        }
    }

    #[test]
    fn cells_with_and_without_quotation_marks() {
        let cells = |cells: &[&str]| Ok(cells.iter().map(|cell| (*cell).to_owned()).collect());
        let found = read("\u{feff}a,\"b\"\"c\",\r\n\r\n\"d\ne\",f\"g,\" h\"\n,,\n   \n", b',');
        assert_eq!(
            found,
            [
                (1, cells(&["a", "b\"c", ""])),
                (3, cells(&["d\ne", "f\"g", " h"])),
                (5, cells(&["", "", ""])),
                (6, cells(&["   "]))
            ]
        );
        assert_eq!(read("\t\n", b'\t'), [(1, cells(&["", ""]))]);
    }

    #[test]
    fn a_quotation_mark_is_closed_and_ends_its_cell() {
        let found = read("a,b\n\"c\"d,e\nf,\"g\nh,i\n", b',');
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(
            matches!(&found[1], (2, Err(problem)) if problem.starts_with("cell 1: found text after")),
            "{found:?}"
        );
        assert!(
            matches!(&found[2], (3, Err(problem)) if problem.contains("never closed")),
            "{found:?}"
        );
    }
}
