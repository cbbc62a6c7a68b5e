//! `cts pack new`: a pack to begin with.

use std::fs;
use std::path::{Path, PathBuf};

use cleartosend::expert::text::escaped;
use cleartosend::schema::VERSION;
use cleartosend::{Pack, PackFile, Schema, Timestamp};

use crate::failure::Failure;
use crate::output::Answer;

/// What a new pack holds, by path.
const FILES: [(&str, &str); 6] = [
    ("README.md", include_str!("../../../templates/pack/README.md")),
    ("conditions.toml", include_str!("../../../templates/pack/conditions.toml")),
    ("pack.toml", include_str!("../../../templates/pack/pack.toml")),
    ("rules/frequency.toml", include_str!("../../../templates/pack/rules/frequency.toml")),
    ("tables.toml", include_str!("../../../templates/pack/tables.toml")),
    ("tests/frequency.toml", include_str!("../../../templates/pack/tests/frequency.toml")),
];

/// Writes the folder, which must not be there yet, or be empty. Its last part is the pack's name.
pub(super) fn run(folder: &Path, day: Timestamp) -> Result<Answer, Failure> {
    let called = folder.display().to_string();
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.ok_or_else(|| Failure::new(&format!("`{called}` names no folder")))?;
    if Pack::built_in_names().any(|built_in| built_in == name) {
        let message = format!("`{name}` is a built-in pack: give yours a name of its own");
        return Err(Failure::new(&message));
    }
    let day = day.to_string();
    let day = day.split('T').next().unwrap_or_default();
    let requires = format!(">={}.{}, <{}", VERSION.major, VERSION.minor, VERSION.major + 1);
    let filled = |text: &str| {
        let values = [("{name}", &*name), ("{requires}", &*requires), ("{day}", day)];
        values.iter().fold(text.to_owned(), |text, (mark, values)| text.replace(mark, values))
    };
    let files: Vec<PackFile> = FILES
        .iter()
        .map(|(path, text)| PackFile {
            path: (*path).to_owned(),
            bytes: filled(text).into_bytes().into(),
        })
        .collect();
    // Whatever is wrong with the name is found before anything is written.
    if let Err(errors) = Pack::load(&files, &Schema::built_in()) {
        return Err(Failure::of_pack(&called, &files, &errors));
    }
    refuse_full(folder)?;
    for file in &files {
        let path = folder.join(&file.path);
        let write = |path: &PathBuf| {
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            fs::File::create_new(path)
                .and_then(|mut new| std::io::Write::write_all(&mut new, &file.bytes))
        };
        write(&path).map_err(|error| Failure::of_writing(&path, &error))?;
    }
    let called = escaped(&called);
    let mut text = format!("{called}: a pack with a rule, a table, a condition and tests\n");
    for next in ["cts pack lint", "cts pack test"] {
        text.push_str(&format!("  {next} {called}\n"));
    }
    Ok(Answer::new(text))
}

/// Refuses a folder with something in it.
fn refuse_full(folder: &Path) -> Result<(), Failure> {
    match fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => {
                let message =
                    format!("{} is there and not empty: nothing is overwritten", folder.display());
                Err(Failure::new(&message))
            }
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Failure::of_writing(folder, &error)),
    }
}
