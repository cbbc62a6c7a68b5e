//! How much is held at once.

/// Rows of a batch. Enough that the work done once a batch does not count; few enough that a batch stays within the processor's caches.
pub const BATCH_ROWS: usize = 1 << 16;

/// Bytes of text after which a batch ends, however few its rows are: rows of one kilobyte fill it at the number of rows above.
pub const BATCH_BYTES: usize = 64 << 20;

/// Bytes of a line of NDJSON, or of a record of CSV. Recipients are told in some hundred bytes. The limit finds a quotation mark that is never
/// closed, or a file without lines, before it fills the memory.
pub const RECORD_BYTES_MAX: usize = 16 << 20;

/// How deep objects of NDJSON may stand in each other where they are opened. Attributes have three or four parts.
pub const DEPTH_MAX: usize = 16;

/// Columns of a CSV or NDJSON table. Exports of customer data have hundreds; each column costs memory even where it is empty.
pub const COLUMNS_MAX: usize = 10_000;

/// Rows of a row group that is written. What Parquet writers have in common: readers skip and share work by row groups.
pub const GROUP_ROWS: usize = 1 << 20;

/// Bytes of a row group that is written, which the writer holds until it is complete.
pub const GROUP_BYTES: usize = 128 << 20;

/// Batches that are read ahead on a thread of their own.
pub const BATCHES_AHEAD: usize = 2;
