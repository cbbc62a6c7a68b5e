//! What is written of what is handed out?
//!
//! What each product has inside (CycloneDX), what is new (from the changelog), what was not built,
//! and a checksum of everything.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{Dist, VERSION, read, run, said, told, write};

/// Which lists are made: of which product, by which manifest.
const INSIDE: [(&str, &str); 5] = [
    ("cts", "cli/Cargo.toml"),
    ("libcleartosend", "ffi/Cargo.toml"),
    ("wheel", "python/Cargo.toml"),
    ("npm", "js/Cargo.toml"),
    ("crate", "core/Cargo.toml"),
];

/// Checks lists of what is inside by the schema of their format.
const VALIDATE: &str = "import pathlib, sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
for name in sys.argv[1:]:
    error = JsonStrictValidator(SchemaVersion.V1_5).validate_str(pathlib.Path(name).read_text())
    assert error is None, (name, error)
";

/// Writes them.
///
/// # Errors
/// A tool that failed, or a version that the changelog does not know.
pub(super) fn write_all(dist: &Dist) -> Result<(), String> {
    inside(dist)?;
    let notes = notes(&read(&dist.root.join("CHANGELOG.md"))?, VERSION)?;
    let place = dist.out.join("RELEASE-NOTES.md");
    write(&place, &notes)?;
    told(&place);
    not_built(dist)?;
    checksums(dist)
}

fn inside(dist: &Dist) -> Result<(), String> {
    let tools = dist.target.join("tools");
    let tool = tools.join("bin/cargo-cyclonedx");
    if !tool.exists() {
        let mut cargo = Command::new("cargo");
        cargo.args(["install", "--quiet", "--debug", "--locked", "cargo-cyclonedx", "--root"]);
        run(cargo.arg(&tools))?;
    }
    let mut lists = Vec::new();
    for (product, manifest) in INSIDE {
        let manifest = dist.root.join(manifest);
        let mut command = Command::new(&tool);
        command.args(["cyclonedx", "--quiet", "--format", "json", "--spec-version", "1.5"]);
        command.args(["--no-build-deps", "--override-filename", MADE, "--manifest-path"]);
        run(command.arg(&manifest))?;
        let found = manifest.with_file_name(format!("{MADE}.json"));
        let list = read(&found)?;
        // The tool writes one beside the manifest of each crate of the workspace.
        swept(&dist.root.join("js"))?;
        swept(&dist.root)?;
        let place = dist.out.join(format!("cleartosend-{product}-{VERSION}.cdx.json"));
        write(&place, &without_root(&list, &dist.root))?;
        told(&place);
        lists.push(place);
    }
    run(Command::new(dist.tool("python")).args(["-c", VALIDATE]).args(&lists))
}

/// What the tool calls its files until they are put in their place.
const MADE: &str = "made-by-dist.cdx";

fn swept(folder: &Path) -> Result<(), String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let within = entries.filter_map(Result::ok).map(|entry| entry.path());
    for place in within.chain([folder.to_path_buf()]) {
        let file = place.join(format!("{MADE}.json"));
        if file.exists() {
            fs::remove_file(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        }
    }
    Ok(())
}

/// Where the repository is on this machine is nobody's concern.
fn without_root(list: &str, root: &Path) -> String {
    list.replace(&root.display().to_string(), "cleartosend")
}

/// The part of the changelog that tells of a version, or of what has none yet.
fn notes(changelog: &str, version: &str) -> Result<String, String> {
    let section = |name: &str| {
        let heading = format!("## {name}");
        let begin = changelog.lines().position(|line| {
            line == heading || line.strip_prefix(&heading).is_some_and(|rest| rest.starts_with(' '))
        })?;
        let lines = changelog.lines().skip(begin + 1).take_while(|line| !line.starts_with("## "));
        Some(lines.collect::<Vec<_>>().join("\n"))
    };
    let (body, note) = match (section(version), section("Unreleased")) {
        (Some(body), _) => (body, ""),
        (None, Some(body)) => (body, "\nThe changelog has no date for this version yet.\n"),
        (None, None) => return Err(format!("CHANGELOG.md says nothing of {version}")),
    };
    if body.trim().is_empty() {
        return Err(format!("CHANGELOG.md has nothing under {version}"));
    }
    Ok(format!("# cleartosend {version}\n{note}\n{}\n", body.trim()))
}

fn not_built(dist: &Dist) -> Result<(), String> {
    let mut text = String::from(
        "What of this version was not built here, and what is missing for it. Wheels for other \
         systems and programs for them are built there by the same chore.\n\n",
    );
    if let Ok(entries) = fs::read_dir(dist.work.join("not-built")) {
        let mut files: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
        files.sort();
        for file in files {
            text.push_str(&read(&file)?);
        }
    }
    write(&dist.out.join("NOT-BUILT.txt"), &text)
}

/// `SHA256SUMS`, in the form that `sha256sum --check` takes.
fn checksums(dist: &Dist) -> Result<(), String> {
    const SUMS: &str = "SHA256SUMS";
    let entries = fs::read_dir(&dist.out).map_err(|error| error.to_string())?;
    let mut names: Vec<_> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.file_name())
        .filter(|name| name != SUMS)
        .collect();
    names.sort();
    let sums = said(Command::new("sha256sum").arg("--").args(&names).current_dir(&dist.out))?;
    write(&dist.out.join(SUMS), &sums)?;
    print!("{sums}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_those_of_the_version() {
        let changelog = "# Changelog\n\n## Unreleased\n\n- new\n\n## 0.2.0 (2026-03-01)\n\n- old\n\n\
                         ## 0.1.0\n\n- oldest\n";
        let of = |version: &str| notes(changelog, version);
        assert_eq!(of("0.2.0"), Ok("# cleartosend 0.2.0\n\n- old\n".to_owned()));
        assert_eq!(of("0.1.0"), Ok("# cleartosend 0.1.0\n\n- oldest\n".to_owned()));
        assert!(of("0.3.0").is_ok_and(|text| text.contains("no date") && text.contains("- new")));
        assert!(notes("# Changelog\n", "0.1.0").is_err());
        assert!(notes("## 0.1.0\n\n## 0.0.1\n- x\n", "0.1.0").is_err());
    }
}
