//! Reads a pack's folder and tells every problem: `cargo run -p cleartosend --example pack_lint --
//! packs/whatsapp`.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a command for authors of packs"
)]

use std::borrow::Cow;
use std::path::Path;
use std::process::ExitCode;

use cleartosend::pack::{Pack, PackFile};
use cleartosend::schema::Schema;

fn main() -> ExitCode {
    let Some(folder) = std::env::args().nth(1) else {
        println!("usage: pack_lint DIR");
        return ExitCode::from(2);
    };
    let mut files = Vec::new();
    if let Err(error) = collect(Path::new(&folder), "", &mut files) {
        println!("{folder}: {error}");
        return ExitCode::from(2);
    }
    match Pack::load(&files, &Schema::built_in()) {
        Ok(pack) => {
            let (rules, sets, ladders, tests) =
                (pack.rules.len(), pack.sets.len(), pack.ladders.len(), pack.tests.len());
            println!(
                "{} {}: {rules} rules, {sets} sets, {ladders} ladders, {tests} tests, {}",
                pack.name, pack.version, pack.digest
            );
            ExitCode::SUCCESS
        }
        Err(errors) => {
            for error in &errors {
                println!("{folder}/{error} [{}]", error.code());
            }
            ExitCode::FAILURE
        }
    }
}

/// All files below a folder, under their paths relative to it.
fn collect(folder: &Path, prefix: &str, files: &mut Vec<PackFile>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{path}/"), files)?;
        } else {
            files.push(PackFile { path, bytes: Cow::Owned(std::fs::read(entry.path())?) });
        }
    }
    Ok(())
}
