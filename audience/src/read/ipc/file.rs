//! Files: batches by the table of contents at the end.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};

use arrow_ipc::reader::{FileReader, read_footer_length};
use arrow_ipc::{Block, root_as_footer};
use arrow_schema::ArrowError;

use super::claims::{Held, PREFIX, claims};
use super::{BEGUN, pieces, wanted};
use crate::error::{self, AudienceError};
use crate::format::Format;
use crate::limits::METADATA_BYTES_MAX;
use crate::read::{Audience, Progress, ReadOptions};

const FORMAT: Format = Format::Arrow;

pub(in crate::read) fn read(
    mut file: File,
    options: &ReadOptions,
) -> Result<Audience, AudienceError> {
    check(&mut file)?;
    let malformed = |problem: ArrowError| error::of_arrow(FORMAT, &problem);
    let again = file.try_clone().map_err(|problem| error::unreadable(&problem))?;
    let mut reader = FileReader::try_new_buffered(file, None).map_err(malformed)?;
    let wanted = wanted(&reader.schema(), options);
    if wanted.len() < reader.schema().fields().len() {
        reader = FileReader::try_new_buffered(again, Some(wanted)).map_err(malformed)?;
    }
    let progress = Progress { total: Some(reader.num_batches() as u64), ..Progress::default() };
    let counted = progress.clone();
    let schema = reader.schema();
    let batches = reader.flat_map(move |batch| {
        counted.advance(1);
        let (batch, failed) = match batch {
            Ok(batch) => (Some(batch), None),
            Err(problem) => (None, Some(Err(error::of_arrow(FORMAT, &problem)))),
        };
        batch.into_iter().flat_map(pieces).map(Ok).chain(failed)
    });
    Ok(Audience::new(schema, batches, FORMAT, progress))
}

/// Checks that all that the table of contents names lies in the file, and what it claims of its
/// size.
fn check(file: &mut File) -> Result<(), AudienceError> {
    const END: usize = 10;
    let length = file.metadata().map_err(|problem| error::unreadable(&problem))?.len();
    let outside = || error::malformed(FORMAT, "it ends in the middle, or is not such a file");
    let mut end = [0; END];
    let footer_end = length.checked_sub(END as u64).ok_or_else(outside)?;
    read_at(file, footer_end, &mut end)?;
    let footer_length =
        read_footer_length(end).map_err(|problem| error::of_arrow(FORMAT, &problem))?;
    let footer_begin = footer_end.checked_sub(footer_length as u64).ok_or_else(outside)?;
    let mut footer = vec![0; footer_length];
    read_at(file, footer_begin, &mut footer)?;
    let footer = root_as_footer(&footer)
        .map_err(|problem| error::malformed(FORMAT, &problem.to_string()))?;
    let blocks = footer
        .dictionaries()
        .into_iter()
        .flatten()
        .chain(footer.recordBatches().into_iter().flatten());
    let mut held = Held::default();
    for block in blocks {
        check_block(file, block, footer_begin, &mut held)?;
    }
    file.rewind().map_err(|problem| error::unreadable(&problem))
}

fn check_block(
    file: &mut File,
    block: &Block,
    end: u64,
    held: &mut Held,
) -> Result<(), AudienceError> {
    let outside = || error::malformed(FORMAT, "a batch lies outside the file");
    let length = |length: i64| u64::try_from(length).map_err(|_| outside());
    let (begun, metadata_length, body_length) = (
        length(block.offset())?,
        length(block.metaDataLength().into())?,
        length(block.bodyLength())?,
    );
    let body = begun.checked_add(metadata_length).ok_or_else(outside)?;
    if body.checked_add(body_length).is_none_or(|after| after > end)
        || metadata_length > METADATA_BYTES_MAX as u64
    {
        return Err(outside());
    }
    let mut metadata = vec![0; metadata_length as usize];
    read_at(file, begun, &mut metadata)?;
    // As for a message of a stream: what it begins with, then its length.
    let prefix = if metadata.starts_with(&BEGUN) { 2 * BEGUN.len() } else { BEGUN.len() };
    let claims = claims(metadata.get(prefix..).unwrap_or_default(), FORMAT)?;
    let mut claimed: u64 = 0;
    for claim in &claims.buffers {
        if claim.offset.checked_add(claim.length).is_none_or(|after| after > body_length) {
            return Err(error::malformed(FORMAT, "a buffer lies outside its batch"));
        }
        let mut prefix = [0; PREFIX];
        read_at(file, body + claim.offset, &mut prefix)?;
        claimed = claimed.saturating_add(claim.length(prefix, FORMAT)?);
    }
    held.take(claims.dictionary, claimed, FORMAT)
}

fn read_at(file: &mut File, place: u64, into: &mut [u8]) -> Result<(), AudienceError> {
    let read = file.seek(SeekFrom::Start(place)).and_then(|_| file.read_exact(into));
    read.map_err(|problem| match problem.kind() {
        io::ErrorKind::UnexpectedEof => error::malformed(FORMAT, "it ends in the middle"),
        _ => error::unreadable(&problem),
    })
}
