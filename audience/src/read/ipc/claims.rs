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
    use super::*;

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
