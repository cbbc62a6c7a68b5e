//! cleartosend
pub mod digest;
pub mod limits;
pub mod suggest;
pub mod ternary;
pub mod time;
pub mod value;
pub mod verdict;

pub mod cel;
pub mod compile;
pub mod facts;
pub mod matching;
pub mod pack;
pub mod program;
pub mod schema;
