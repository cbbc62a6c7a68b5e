//! How is a file of recipients screened, and is what a record says of it still so?
//!
//! Beside the engine, which screens batches of rows, and [`cleartosend_audience`], which makes them
//! of files, stands what is declared of the columns of a file ([`Declared`]), how a record keeps
//! that ([`ReadAs`], [`WrittenAs`]), and what compares a record with files: whether they are those
//! that it names ([`compare_files`]), and whether their rows come to the same ([`judge_rows`]). The
//! command and Python share it.

mod columns;
mod declared;
mod files;
mod form;
mod rows;

pub use columns::{Columns, LeftOut, read_options, screen_options};
pub use declared::{Declared, DeclaredColumn};
pub use files::{FileCheck, compare_files};
pub use form::{ReadAs, WrittenAs};
pub use rows::{RowsAgain, judge_rows};
