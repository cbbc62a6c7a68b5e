//! Writes what every case of `tests/cases/` asks, and what Rust answers, as a line of JSON each:
//! other bindings must answer with the same bytes.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "it reads the cases and prints them"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use cleartosend_tests::{law, runner};

/// How many changes of the examples bindings answer.
const CHANGES: usize = 400;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let mut directories = BTreeMap::new();
    for path in files(&cases.join("directories"), "json")? {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        directories.insert(name, fs::read_to_string(&path)?);
    }
    for path in files(&cases, "toml")? {
        let file = runner::read(&fs::read_to_string(&path)?)?;
        for case in &file.cases {
            println!("{}", serde_json::to_string(&runner::asked(&file, case, &directories)?)?);
        }
    }
    // What nobody understands, in the examples: each binding must refuse it, or not be clear, as
    // Rust does.
    let examples = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples"), "json")?;
    let examples: Result<Vec<_>, Box<dyn std::error::Error>> = examples
        .iter()
        .map(|path| {
            Ok((path.display().to_string(), serde_json::from_str(&fs::read_to_string(path)?)?))
        })
        .collect();
    for (name, document) in law::sample(&examples?, CHANGES) {
        println!(
            "{}",
            serde_json::to_string(&runner::asked_of_built_in(name, document.to_string())?)?
        );
    }
    Ok(())
}

fn files(folder: &Path, ending: &str) -> io::Result<Vec<PathBuf>> {
    let entries: io::Result<Vec<PathBuf>> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut files = entries?;
    files.retain(|path| path.extension().is_some_and(|found| found == ending));
    files.sort();
    Ok(files)
}
