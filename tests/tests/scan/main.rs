//! What a scan finds in trees, and how it reports it.

mod cases;
mod formats;
mod render;
mod trees;
