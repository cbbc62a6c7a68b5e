//! Lists the built-in packs for `src/pack/built_in.rs`: every file below `packs/` that a pack's
//! loader reads. And says to the compiler where `packs/` is.
#![expect(
    clippy::disallowed_methods,
    reason = "cargo tells a build script its folders through the environment"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let crate_folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    // A packaged crate has the folder within; in the repository it is a link to the one above, which
    // a system without links checks out as a text.
    let packs = match crate_folder.join("packs") {
        within if within.is_dir() => within,
        _ => crate_folder.join("../packs"),
    }
    .canonicalize()?;
    let out = PathBuf::from(env::var("OUT_DIR")?).join("built_in_packs.rs");
    println!("cargo::rerun-if-changed={}", packs.display());
    println!("cargo::rustc-env=CLEARTOSEND_PACKS={}", packs.display());
    let mut list = String::from("[\n");
    let mut count = 0;
    for (name, folder) in
        entries(&packs)?.into_iter().filter(|(_, path)| path.join("pack.toml").is_file())
    {
        writeln!(list, "Embedded::new({name:?}, &[")?;
        write_files(&mut list, &folder, "")?;
        list.push_str("]),\n");
        count += 1;
    }
    list.push(']');
    fs::write(out, format!("static EMBEDDED: [Embedded; {count}] = {list};\n"))?;
    Ok(())
}

/// Adds the path and bytes of each file below a folder.
fn write_files(
    list: &mut String,
    folder: &Path,
    prefix: &str,
) -> Result<(), Box<dyn std::error::Error>> {
    for (name, path) in entries(folder)? {
        if path.is_dir() {
            write_files(list, &path, &format!("{prefix}{name}/"))?;
        } else if !name.ends_with(".md") {
            writeln!(
                list,
                "({:?}, include_bytes!({:?})),",
                format!("{prefix}{name}"),
                path.canonicalize()?
            )?;
        }
    }
    Ok(())
}

/// What is in a folder, by name; nothing if there is no such folder.
fn entries(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        entries.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
    }
    entries.sort();
    Ok(entries)
}
