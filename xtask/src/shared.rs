//! Is each crate built once, whichever command needs it?
//!
//! Cargo builds a crate with the features that the packages named on its command line ask for
//! together. A command that names other packages builds what differs again, and everything above
//! it. `unify/Cargo.toml` asks for what would differ; this compares what cargo resolves.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

/// The commands that wait for builds, by the packages that they name: the README's first command,
/// one file of tests, the wheel.
const COMMANDS: [&[&str]; 3] = [
    &["--package", "cleartosend-cli", "--edges", "normal,build"],
    &["--package", "cleartosend-tests", "--edges", "normal,build,dev"],
    &["--package", "cleartosend-python", "--edges", "normal,build"],
];

/// All tests.
const ALL: [&str; 3] = ["--workspace", "--edges", "normal,build,dev"];

/// Every set of features with which each crate is built.
type Builds = BTreeMap<String, BTreeSet<String>>;

/// Compares the features of each crate with those for all tests.
///
/// # Errors
/// The crates that are built again, with the features that make the difference.
pub(crate) fn check(root: &Path) -> Result<(), String> {
    let all = builds(root, &ALL)?;
    let mut again = BTreeSet::new();
    for command in COMMANDS {
        for (name, found) in builds(root, command)? {
            // One more build for build scripts and macros is another matter.
            let known = all.get(&name);
            for features in found {
                if !known.is_some_and(|known| known.contains(&features)) {
                    again.insert(differs(&name, &features, known));
                }
            }
        }
    }
    if again.is_empty() {
        println!("{} crates, each built once for all commands", all.len());
        return Ok(());
    }
    let lines: Vec<String> = again.into_iter().collect();
    Err(format!(
        "these crates are built more than once; ask for the features in unify/Cargo.toml:\n{}",
        lines.join("\n")
    ))
}

fn differs(name: &str, features: &str, known: Option<&BTreeSet<String>>) -> String {
    let here: BTreeSet<&str> = features.split(',').collect();
    let there: BTreeSet<&str> =
        known.into_iter().flatten().flat_map(|features| features.split(',')).collect();
    let missing: Vec<&str> = there.difference(&here).copied().collect();
    let more: Vec<&str> = here.difference(&there).copied().collect();
    format!("    {name}: without {missing:?}, with {more:?} beyond all tests")
}

fn builds(root: &Path, packages: &[&str]) -> Result<Builds, String> {
    let output = Command::new("cargo")
        .arg("tree")
        .args(packages)
        .args(["--prefix", "none", "--format", "{p}|{f}"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("`cargo tree` could not be started: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo tree: {}", String::from_utf8_lossy(&output.stderr).trim_end()));
    }
    Ok(read(&String::from_utf8_lossy(&output.stdout)))
}

/// Lines such as `serde v1.0.0|alloc,std`, a crate's first two words being its name and version.
fn read(tree: &str) -> Builds {
    let mut builds = Builds::new();
    for (package, features) in tree.lines().filter_map(|line| line.split_once('|')) {
        let name: Vec<&str> = package.split_whitespace().take(2).collect();
        let features = features.trim_end_matches(" (*)").to_owned();
        builds.entry(name.join(" ")).or_default().insert(features);
    }
    builds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_read_by_crate() {
        let builds = read(
            "cli v0.1.0 (/a folder)|\nserde v1.0.0|alloc,std\n\nserde v1.0.0|alloc,std (*)\n\
             derive v2.0.0 (proc-macro)|std\nserde v1.0.0|std\n",
        );
        let features = |name: &str| builds.get(name).map(|found| Vec::from_iter(found.clone()));
        assert_eq!(features("serde v1.0.0"), Some(vec!["alloc,std".into(), "std".into()]));
        assert_eq!(features("derive v2.0.0"), Some(vec!["std".into()]));
        assert_eq!(features("cli v0.1.0"), Some(vec![String::new()]));
    }

    #[test]
    fn what_differs_is_named() {
        let known = BTreeSet::from(["alloc,std".to_owned()]);
        assert_eq!(
            differs("serde v1.0.0", "rc,std", Some(&known)),
            "    serde v1.0.0: without [\"alloc\"], with [\"rc\"] beyond all tests"
        );
    }
}
