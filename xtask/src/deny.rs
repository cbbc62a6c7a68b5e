//! May every crate that the workspace depends on be there?
//!
//! In: `deny.toml` and `Cargo.lock`, read by `cargo deny`. Licences, sources and repeated crates
//! are checked wherever that tool is installed; known weaknesses where their database can be had.

use std::path::Path;
use std::process::{Command, Stdio};

/// Checks the dependency tree, and names what cannot be checked on this machine.
///
/// # Errors
/// A crate that `deny.toml` does not allow, or one with a known weakness.
pub(crate) fn check(root: &Path) -> Result<(), String> {
    if !is_well(root, &["--version"], Stdio::null())? {
        println!(
            "skipped: licences, sources and known weaknesses of dependencies; missing: \
             `cargo deny` (cargo install cargo-deny)"
        );
        return Ok(());
    }
    let mut wrong = Vec::new();
    if !is_well(root, &["check", "bans", "licenses", "sources"], Stdio::inherit())? {
        wrong.push("a dependency that deny.toml does not allow");
    }
    if !is_well(root, &["fetch", "db"], Stdio::null())? {
        println!("skipped: known weaknesses of dependencies; their database cannot be had here");
    } else if !is_well(root, &["check", "--disable-fetch", "advisories"], Stdio::inherit())? {
        wrong.push("a dependency with a known weakness");
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join(", and ")) }
}

fn is_well(root: &Path, arguments: &[&str], errors: Stdio) -> Result<bool, String> {
    Command::new("cargo")
        .arg("deny")
        .args(arguments)
        .current_dir(root)
        .stdout(Stdio::null())
        .stderr(errors)
        .status()
        .map(|status| status.success())
        .map_err(|error| format!("`cargo` could not be started: {error}"))
}
