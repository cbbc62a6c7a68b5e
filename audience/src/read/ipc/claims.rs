//! May a message be as long as it says?

use std::collections::BTreeMap;

use arrow_ipc::{CompressionType, root_as_message};

use crate::error::{self, AudienceError};
use crate::format::Format;
use crate::limits::DECOMPRESSED_BYTES_MAX;

/// What a message says of itself.
pub(super) struct Claims {
    pub(super) body_length: u64,
    /// The compressed buffers in the body.
    pub(super) buffers: Vec<Claim>,
    /// Of a dictionary, its number and whether it adds to the one before.
    pub(super) dictionary: Option<(i64, bool)>,
}

/// A compressed buffer: where it lies in the body.
pub(super) struct Claim {
    pub(super) offset: u64,
    pub(super) length: u64,
    codec: CompressionType,
}

/// Bytes at the beginning of a compressed buffer that tell the length that it has when it is not
/// compressed.
pub(super) const PREFIX: usize = 8;

/// Reads the metadata of a message.
pub(super) fn claims(metadata: &[u8], format: Format) -> Result<Claims, AudienceError> {
    let negative = || error::malformed(format, "a length is negative");
    let message = root_as_message(metadata)
        .map_err(|problem| error::malformed(format, &problem.to_string()))?;
    let body_length = u64::try_from(message.bodyLength()).map_err(|_| negative())?;
    let header = message
        .header_as_record_batch()
        .or_else(|| message.header_as_dictionary_batch().and_then(|batch| batch.data()));
    let mut buffers = Vec::new();
    if let Some((compression, all)) =
        header.and_then(|header| Some((header.compression()?, header.buffers()?)))
    {
        for buffer in all {
            let (offset, length) = u64::try_from(buffer.offset())
                .ok()
                .zip(u64::try_from(buffer.length()).ok())
                .ok_or_else(negative)?;
            if length >= PREFIX as u64 {
                buffers.push(Claim { offset, length, codec: compression.codec() });
            }
        }
    }
    let dictionary =
        message.header_as_dictionary_batch().map(|batch| (batch.id(), batch.isDelta()));
    Ok(Claims { body_length, buffers, dictionary })
}

impl Claim {
    /// The length that the buffer begins with, where this program can undo what made it shorter.
    /// LIMIT: LZ4 makes nothing 255 times smaller; Zstandard does.
    pub(super) fn length(
        &self,
        prefix: [u8; PREFIX],
        format: Format,
    ) -> Result<u64, AudienceError> {
        const TIMES_MAX: u64 = 255;
        // Below 0 stands for what is not compressed after all.
        let Ok(claimed) = u64::try_from(i64::from_le_bytes(prefix)) else { return Ok(0) };
        if claimed > 0 && !is_built_in(self.codec) {
            return Err(error::compressed(format, self.codec));
        }
        if self.codec == CompressionType::LZ4_FRAME
            && claimed > self.length.saturating_mul(TIMES_MAX)
        {
            return Err(error::malformed(
                format,
                "a compressed buffer claims to be longer than it can be",
            ));
        }
        Ok(claimed)
    }
}

/// Whether what is compressed so can be read. LZ4 always can; Zstandard is heavy, and comes with
/// Parquet, which takes it as well.
fn is_built_in(codec: CompressionType) -> bool {
    codec == CompressionType::LZ4_FRAME
        || (cfg!(feature = "parquet") && codec == CompressionType::ZSTD)
}

/// What is held at once: the dictionaries so far, and one batch.
#[derive(Debug, Default)]
pub(super) struct Held {
    dictionaries: BTreeMap<i64, u64>,
}

impl Held {
    /// Takes up a message whose buffers claim that length together.
    pub(super) fn take(
        &mut self,
        dictionary: Option<(i64, bool)>,
        claimed: u64,
        format: Format,
    ) -> Result<(), AudienceError> {
        let held = match dictionary {
            None => claimed,
            Some((id, is_delta)) => {
                let known = self.dictionaries.entry(id).or_default();
                *known = if is_delta { known.saturating_add(claimed) } else { claimed };
                self.dictionaries.values().fold(0, |sum: u64, one| sum.saturating_add(*one))
            }
        };
        if held <= DECOMPRESSED_BYTES_MAX { Ok(()) } else { Err(error::too_large(format)) }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::sync::Arc;

    use arrow_array::{Int64Array, RecordBatch};
    use arrow_ipc::writer::{IpcWriteOptions, StreamWriter};

    use super::*;
    use crate::read::{ReadOptions, Source, read};

    /// A stream of one column whose buffer claims to come to so many bytes, instead of 8,000.
    fn stream(claimed: i64) -> Vec<u8> {
        let column = Arc::new(Int64Array::from(vec![7; 1000]));
        let batch = RecordBatch::try_from_iter([("x.number", column as _)]).unwrap();
        let options = IpcWriteOptions::default()
            .try_with_compression(Some(CompressionType::LZ4_FRAME))
            .unwrap();
        let mut writer =
            StreamWriter::try_new_with_options(Vec::new(), &batch.schema(), options).unwrap();
        writer.write(&batch).unwrap();
        writer.finish().unwrap();
        let mut bytes = writer.into_inner().unwrap();
        let written = 8000_i64.to_le_bytes();
        let place = bytes.windows(PREFIX).position(|word| word == written).unwrap();
        bytes[place..place + PREFIX].copy_from_slice(&claimed.to_le_bytes());
        bytes
    }

    fn rows(bytes: Vec<u8>) -> Result<usize, String> {
        let source = Source::Pipe(Box::new(Cursor::new(bytes)));
        let read = read(source, Format::ArrowStream, &ReadOptions::new());
        let audience = read.map_err(|refused| refused.to_string())?;
        audience
            .map(|batch| batch.map(|batch| batch.num_rows()).map_err(|refused| refused.to_string()))
            .sum()
    }

    #[test]
    fn a_buffer_that_claims_more_than_it_can_hold_is_refused_before_memory_is_asked_for() {
        assert_eq!(rows(stream(8000)).unwrap(), 1000);
        for claimed in [1 << 20, 1 << 40, i64::MAX] {
            let refused = rows(stream(claimed)).unwrap_err();
            let says = "a compressed buffer claims to be longer than it can be";
            assert!(refused.contains(says), "{refused}");
        }
    }

    #[test]
    fn what_all_buffers_claim_together_is_bounded() {
        let refused = Held::default().take(None, 3 << 30, Format::ArrowStream).unwrap_err();
        let says = "its compressed buffers claim more than 2147483648 bytes at once; write smaller";
        assert!(refused.to_string().contains(says), "{refused}");
        // Dictionaries are held on to, and counted together.
        let mut held = Held::default();
        for id in 0..4 {
            assert!(held.take(Some((id, false)), 1 << 29, Format::ArrowStream).is_ok());
        }
        assert!(held.take(Some((3, true)), 1, Format::ArrowStream).is_err());
        assert!(held.take(Some((3, false)), 1 << 29, Format::ArrowStream).is_ok());
    }

    #[test]
    fn what_cannot_be_undone_is_named() {
        let length = |codec: i8, prefix: i64| {
            let claim = Claim { offset: 0, length: 100, codec: CompressionType(codec) };
            let length = claim.length(prefix.to_le_bytes(), Format::ArrowStream);
            length.map_err(|error| (error.code(), error.to_string()))
        };
        assert_eq!(length(CompressionType::LZ4_FRAME.0, 400), Ok(400));
        let (code, message) = length(9, 400).unwrap_err();
        assert_eq!(code, "audience/compression");
        assert!(message.contains("a method that is not known, number 9"), "{message}");
        // Writers leave what does not get shorter as it is, and say so.
        assert_eq!(length(9, -1), Ok(0));
        let of_zstandard = length(CompressionType::ZSTD.0, 400);
        if cfg!(feature = "parquet") {
            assert_eq!(of_zstandard, Ok(400));
        } else {
            let (code, message) = of_zstandard.unwrap_err();
            assert_eq!(code, "audience/compression");
            assert!(message.contains("compressed by Zstandard"), "{message}");
        }
    }
}
