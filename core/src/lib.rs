//! Are we clear to send?

pub mod digest;
pub mod limits;
pub mod suggest;
pub mod ternary;
pub mod time;
pub mod value;
pub mod verdict;

pub mod schema;

pub mod cel;

pub mod directory;

pub mod pack;

pub mod program;

pub mod compile;

pub mod facts;

pub mod account;

pub mod resolve;

pub mod matching;

pub mod decide;

pub mod engine;
