//! The engine beside judges that are slow and obvious.

mod conformance;
mod exhaustive;
mod laws;
mod random;
