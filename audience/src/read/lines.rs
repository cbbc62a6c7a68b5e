//! Text by lines, with their numbers.

use std::io::{BufRead as _, BufReader, Read};

use crate::error::{self, AudienceError};
use crate::limits::RECORD_BYTES_MAX;

/// Bytes read at once.
const BUFFER: usize = 1 << 20;

pub(super) struct Lines<R> {
    input: BufReader<R>,
    /// The number of the line that was read last.
    pub(super) number: u64,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input: BufReader::with_capacity(BUFFER, input), number: 0 }
    }

    /// Appends the next line with its end. `begun` is the line where the row begins. False at the end of the text.
    pub(super) fn append(&mut self, into: &mut Vec<u8>, begun: u64) -> Result<bool, AudienceError> {
        let room = (RECORD_BYTES_MAX + 1).saturating_sub(into.len());
        let count = (&mut self.input).take(room as u64).read_until(b'\n', into).map_err(|problem| error::unreadable(&problem))?;
        if into.len() > RECORD_BYTES_MAX {
            return Err(error::too_long(begun));
        }
        if count > 0 {
            self.number += 1;
        }
        Ok(count > 0)
    }

    /// The next line that is not blank, without its end, in a buffer that is reused; none at the end of the text.
    pub(super) fn next<'a>(&mut self, buffer: &'a mut Vec<u8>) -> Result<Option<&'a [u8]>, AudienceError> {
        const MARK: &[u8] = b"\xef\xbb\xbf";
        loop {
            buffer.clear();
            if !self.append(buffer, self.number + 1)? {
                return Ok(None);
            }
            // A byte order mark is no part of the text.
            if self.number == 1 && buffer.starts_with(MARK) {
                buffer.drain(..MARK.len());
            }
            let end = buffer.trim_ascii_end().len();
            if end > 0 {
                break;
            }
        }
        Ok(Some(without_end(buffer)))
    }
}

/// A line without its end.
pub(super) fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}
