//! How much is held at once.

/// Rows of a batch. Enough that the work done once a batch does not count; few enough that a batch
/// stays within the processor's caches.
pub const BATCH_ROWS: usize = 1 << 16;

/// Bytes after which a batch ends, however few its rows are: rows of one kilobyte fill it at the
/// number of rows above. A cell counts even where it is null, so that a table of many columns is
/// read in fewer rows at once.
pub const BATCH_BYTES: usize = 64 << 20;

pub use cleartosend::expert::limits::RECORD_BYTES_MAX;

/// How deep objects of NDJSON may stand in each other where they are opened. Attributes have three
/// or four parts.
pub const DEPTH_MAX: usize = 16;

/// Columns of a CSV or NDJSON table. Exports of customer data have hundreds; each column costs
/// memory even where it is empty.
pub const COLUMNS_MAX: usize = 10_000;

/// Rows of a row group that is written. What Parquet writers have in common: readers skip and share
/// work by row groups.
pub const GROUP_ROWS: usize = 1 << 20;

/// Bytes of a row group that is written, which the writer holds until it is complete.
pub const GROUP_BYTES: usize = 128 << 20;

/// Batches that are read ahead on a thread of their own: one is ready while the next is read. More
/// would be held and not be sooner.
pub const BATCHES_AHEAD: usize = 2;

/// Bytes of the metadata of an Arrow message: some 30 for each column and buffer.
pub const METADATA_BYTES_MAX: usize = 256 << 20;

/// Bytes that the compressed buffers of an Arrow message may become together, and those of all
/// dictionaries that are held: decoders ask for them before they begin, on the word of the file
/// alone. Writers make batches of some 100 MiB.
pub const DECOMPRESSED_BYTES_MAX: u64 = 2 << 30;

/// Bytes of a Parquet or Arrow file that comes from a pipe: it is copied to a temporary file before
/// it is read.
pub const PIPE_BYTES_MAX: u64 = 16 << 30;

/// Bytes of a batch with its dictionaries written out, after which it is written in pieces.
pub const WRITTEN_BYTES_MAX: u64 = 64 << 20;

/// Bytes of texts that rows share, written out: so many for each row, and so many more for the
/// table. Longer texts are fine where the file holds each of them.
pub const REPEATED_BYTES_ROW: u64 = 4096;
/// See [`REPEATED_BYTES_ROW`].
pub const REPEATED_BYTES_FREE: u64 = 1 << 30;
