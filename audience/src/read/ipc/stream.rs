//! Streams: messages from beginning to end.

use std::io::{BufReader, Read};

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::reader::StreamDecoder;
use arrow_schema::{Schema, SchemaRef};

use super::claims::{Held, claims};
use super::{BEGUN, pieces, wanted};
use crate::error::{self, AudienceError};
use crate::format::Format;
use crate::limits::METADATA_BYTES_MAX;
use crate::read::{Audience, Bytes, ReadOptions};

const FORMAT: Format = Format::ArrowStream;

pub(in crate::read) fn read(
    input: Bytes,
    options: &ReadOptions,
) -> Result<Audience, AudienceError> {
    let progress = input.progress.clone();
    let input = BufReader::with_capacity(1 << 20, input);
    let mut batches = Batches {
        input,
        decoder: StreamDecoder::new(),
        held: Held::default(),
        has_begun_next: false,
        is_finished: false,
    };
    while batches.decoder.schema().is_none() {
        if batches.message()?.is_none() {
            return Err(error::malformed(FORMAT, "it ends before it tells its columns"));
        }
    }
    let whole = batches.decoder.schema().unwrap_or_else(|| Schema::empty().into());
    // The columns are known only once the stream has begun, so that all are read and some are
    // dropped.
    let wanted = wanted(&whole, options);
    let schema: SchemaRef =
        whole.project(&wanted).map_err(|problem| error::of_arrow(FORMAT, &problem))?.into();
    let batches = batches.flat_map(move |batch| {
        let batch = batch.and_then(|batch| {
            batch.project(&wanted).map_err(|problem| error::of_arrow(FORMAT, &problem))
        });
        let (batch, failed) = match batch {
            Ok(batch) => (Some(batch), None),
            Err(problem) => (None, Some(Err(problem))),
        };
        batch.into_iter().flat_map(pieces).map(Ok).chain(failed)
    });
    Ok(Audience::new(schema, batches, FORMAT, progress))
}

struct Batches {
    input: BufReader<Bytes>,
    decoder: StreamDecoder,
    held: Held,
    /// Whether the decoder already knows that the next message begins.
    has_begun_next: bool,
    is_finished: bool,
}

impl Iterator for Batches {
    type Item = Result<RecordBatch, AudienceError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.message() {
                Ok(Some(Some(batch))) => return Some(Ok(batch)),
                Ok(Some(None)) => {}
                Ok(None) => return None,
                Err(problem) => return Some(Err(problem)),
            }
        }
    }
}

impl Batches {
    /// Reads a message, which may hold a batch; none at the end.
    fn message(&mut self) -> Result<Option<Option<RecordBatch>>, AudienceError> {
        if self.is_finished {
            return Ok(None);
        }
        let mut word = [0; 4];
        let count = self.fill(&mut word)?;
        // Writers end a stream with a mark: one without it was cut, or its writer ended early.
        if count == 0 {
            return if self.decoder.schema().is_none() {
                Ok(None)
            } else {
                Err(error::cut_short())
            };
        }
        if count == word.len() && word == BEGUN {
            word = [0; 4];
            if self.fill(&mut word)? < word.len() {
                return Err(truncated());
            }
        } else if count < word.len() {
            return Err(truncated());
        }
        let length = u32::from_le_bytes(word) as usize;
        if length == 0 {
            self.is_finished = true;
            return if self.fill(&mut [0])? == 0 { Ok(None) } else { Err(error::after_end()) };
        }
        if length > METADATA_BYTES_MAX {
            return Err(error::malformed(FORMAT, "a message claims to be longer than any is"));
        }
        let mut bytes = [BEGUN, word].concat();
        self.append(&mut bytes, length as u64)?;
        let claims = claims(bytes.get(2 * BEGUN.len()..).unwrap_or_default(), FORMAT)?;
        let begun = bytes.len() as u64;
        self.append(&mut bytes, claims.body_length)?;
        let mut claimed: u64 = 0;
        for claim in &claims.buffers {
            // One that lies outside is refused by the decoder, before it asks for memory.
            let place = usize::try_from(begun.saturating_add(claim.offset)).unwrap_or(usize::MAX);
            if let Some(prefix) = bytes.get(place..).and_then(|rest| rest.first_chunk()) {
                claimed = claimed.saturating_add(claim.length(*prefix, FORMAT)?);
            }
        }
        self.held.take(claims.dictionary, claimed, FORMAT)?;
        let mut bytes = Buffer::from_vec(bytes);
        if self.has_begun_next {
            bytes.advance(BEGUN.len());
        }
        let mut batch = self.decode(bytes)?;
        // The decoder takes up what has no body only when the next message begins, and the columns
        // are wanted before there is one.
        self.has_begun_next = claims.body_length == 0;
        if self.has_begun_next {
            batch = self.decode(Buffer::from(BEGUN))?.or(batch);
        }
        Ok(Some(batch))
    }

    /// Gives bytes to the decoder; with the last of a message, its batch comes out.
    fn decode(&mut self, mut bytes: Buffer) -> Result<Option<RecordBatch>, AudienceError> {
        let mut batch = None;
        while !bytes.is_empty() {
            batch = self
                .decoder
                .decode(&mut bytes)
                .map_err(|problem| error::of_arrow(FORMAT, &problem))?
                .or(batch);
        }
        Ok(batch)
    }

    /// Reads as much as there is, up to the length of `into`.
    fn fill(&mut self, into: &mut [u8]) -> Result<usize, AudienceError> {
        let mut filled = 0;
        while let Some(rest) = into.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.input.read(rest) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(problem) if problem.kind() == std::io::ErrorKind::Interrupted => {}
                Err(problem) => return Err(error::unreadable(&problem)),
            }
        }
        Ok(filled)
    }

    /// Appends exactly so many bytes: as they come, so that a length that is not true costs no
    /// memory.
    fn append(&mut self, bytes: &mut Vec<u8>, count: u64) -> Result<(), AudienceError> {
        let read = (&mut self.input)
            .take(count)
            .read_to_end(bytes)
            .map_err(|problem| error::unreadable(&problem))?;
        if (read as u64) < count { Err(truncated()) } else { Ok(()) }
    }
}

fn truncated() -> AudienceError {
    error::malformed(FORMAT, "it ends in the middle")
}
