//! cleartosend
pub mod digest;
pub mod limits;
pub mod suggest;
pub mod ternary;
pub mod time;
pub mod value;
pub mod verdict;

pub mod cel;
pub mod schema;

pub mod directory;

pub mod facts;

pub mod resolve;
