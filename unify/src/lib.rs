//! Nothing. `Cargo.toml` beside this folder says what the package is for.
