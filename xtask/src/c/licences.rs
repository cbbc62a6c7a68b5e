//! Whose work is inside of a library, and under which licences?

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// A notice of all crates that a crate of the workspace is built with, with the features that these
/// words ask cargo for: name, version and licence of each, and each licence's text once, with the
/// crates that came with it.
///
/// # Errors
/// `cargo` cannot tell, or a crate says nothing of its licence.
pub(crate) fn text(root: &Path, package: &str, features: &[&str]) -> Result<String, String> {
    let metadata: Value =
        serde_json::from_str(&cargo(root, &["metadata", "--format-version", "1", "--locked"])?)
            .map_err(|error| format!("cargo metadata: {error}"))?;
    let words =
        ["tree", "--locked", "-p", package, "-e", "normal", "--prefix", "none", "-f", "{p}"];
    let tree = cargo(root, &[&words, features].concat())?;
    let packages = metadata.get("packages").and_then(Value::as_array).cloned().unwrap_or_default();
    let member = |package: &Value, name: &str| -> String {
        package.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let mut crates = BTreeMap::new();
    for line in tree.lines() {
        let mut words = line.split_whitespace();
        let (Some(name), Some(version)) = (words.next(), words.next()) else { continue };
        let version = version.trim_start_matches('v');
        let found = packages.iter().find(|package| {
            member(package, "name") == name && member(package, "version") == version
        });
        let found = found.ok_or_else(|| format!("cargo metadata does not tell of {line}"))?;
        // Ours has none of its own: it is the licence of the whole.
        if found.get("source").is_some_and(|source| !source.is_null()) {
            crates.insert((name.to_owned(), version.to_owned()), found.clone());
        }
    }
    let mut out =
        String::from("This has parts of these works, which their authors license as follows.\n\n");
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for ((name, version), found) in &crates {
        let licence = member(found, "license");
        if licence.is_empty() {
            return Err(format!("{name} {version} does not say under which licence it is"));
        }
        let _ = writeln!(out, "{name} {version}: {licence}  {}", member(found, "repository"));
        let manifest = member(found, "manifest_path");
        for text in texts_of(Path::new(&manifest).parent().unwrap_or(root))? {
            texts.entry(text).or_default().push(format!("{name} {version}"));
        }
    }
    for (text, of) in texts {
        let _ = write!(out, "\n{}\n{}\n\n{}\n", "=".repeat(80), of.join(", "), text);
    }
    Ok(out)
}

/// The licences and notices that lie in a crate's folder.
fn texts_of(folder: &Path) -> Result<Vec<String>, String> {
    let unreadable = |error| format!("{}: {error}", folder.display());
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
        let is_one = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE"]
            .iter()
            .any(|start| name.starts_with(start));
        if is_one && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    let read = |path: &PathBuf| {
        let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        // Some are Latin-1; a notice with a replaced letter is still one.
        let text = String::from_utf8_lossy(&bytes).replace('\r', "");
        Ok(text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned())
    };
    files.iter().map(read).collect()
}

fn cargo(root: &Path, words: &[&str]) -> Result<String, String> {
    let output = Command::new("cargo")
        .args(words)
        .current_dir(root)
        .output()
        .map_err(|error| format!("`cargo` could not be started: {error}"))?;
    if !output.status.success() {
        return Err(format!(
            "cargo {}: {}",
            words.join(" "),
            String::from_utf8_lossy(&output.stderr)
        ));
    }
    String::from_utf8(output.stdout).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_crates_of_the_library_are_named_with_the_texts_of_their_licences() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let text = text(&root, "cleartosend-ffi", &[]).unwrap_or_else(|error| error);
        assert!(text.contains("\narrow-data "), "{text}");
        assert!(text.contains("\nserde_json "), "{text}");
        assert!(text.contains("Permission is hereby granted, free of charge"));
        assert!(text.contains("Apache License"));
        // What only builds the header is not inside.
        assert!(!text.contains("cbindgen"));
        assert!(!text.contains("\ncleartosend"), "{text}");
    }
}
