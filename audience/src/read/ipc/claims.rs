//! May a message be as long as it says?

use arrow_ipc::{CompressionType, root_as_message};

use crate::error::{self, AudienceError};
use crate::format::Format;
use crate::limits::BUFFER_BYTES_MAX;

/// What a message says of itself.
pub(super) struct Claims {
    pub(super) body_length: u64,
    /// The compressed buffers in the body.
    pub(super) buffers: Vec<Claim>,
}

/// A compressed buffer: where it lies in the body.
pub(super) struct Claim {
    pub(super) offset: u64,
    pub(super) length: u64,
    codec: CompressionType,
}

/// Bytes at the beginning of a compressed buffer that tell the length that it has when it is not compressed.
pub(super) const PREFIX: usize = 8;

/// Reads the metadata of a message.
pub(super) fn claims(metadata: &[u8], format: Format) -> Result<Claims, AudienceError> {
    let negative = || error::malformed(format, "a length is negative");
    let message = root_as_message(metadata).map_err(|problem| error::malformed(format, &problem.to_string()))?;
    let body_length = u64::try_from(message.bodyLength()).map_err(|_| negative())?;
    let header = message.header_as_record_batch().or_else(|| message.header_as_dictionary_batch().and_then(|batch| batch.data()));
    let mut buffers = Vec::new();
    if let Some((compression, all)) = header.and_then(|header| Some((header.compression()?, header.buffers()?))) {
        for buffer in all {
            let (offset, length) = u64::try_from(buffer.offset()).ok().zip(u64::try_from(buffer.length()).ok()).ok_or_else(negative)?;
            if length >= PREFIX as u64 {
                buffers.push(Claim { offset, length, codec: compression.codec() });
            }
        }
    }
    Ok(Claims { body_length, buffers })
}

impl Claim {
    /// Checks the length that the buffer begins with. LIMIT: LZ4 makes nothing 255 times smaller; Zstandard does.
    pub(super) fn check(&self, prefix: [u8; PREFIX], format: Format) -> Result<(), AudienceError> {
        const TIMES_MAX: u64 = 255;
        // Below 0 stands for what is not compressed after all.
        let Ok(claimed) = u64::try_from(i64::from_le_bytes(prefix)) else { return Ok(()) };
        let most = match self.codec {
            CompressionType::LZ4_FRAME => self.length.saturating_mul(TIMES_MAX).min(BUFFER_BYTES_MAX),
            _ => BUFFER_BYTES_MAX,
        };
        if claimed <= most { Ok(()) } else { Err(error::malformed(format, "a compressed buffer claims to be longer than it can be")) }
    }
}
