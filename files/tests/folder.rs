//! What is read of a pack's folder, and what is refused by its name.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;

use cleartosend_files::{FolderError, read_pack};
use tempfile::TempDir;

fn folder(files: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in files {
        let path = folder.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, file).unwrap();
    }
    folder
}

fn read(folder: &Path) -> Vec<String> {
    read_pack(folder).unwrap().into_iter().map(|file| file.path).collect()
}

/// `code path: message; help`, one for each problem.
fn refused(folder: &Path) -> Vec<String> {
    match read_pack(folder) {
        Err(FolderError::Pack(errors)) => errors
            .iter()
            .map(|error| {
                let help = error.help().map(|help| format!("; {help}")).unwrap_or_default();
                format!("{} {}: {}{help}", error.code(), error.place().file, error.message())
            })
            .collect(),
        Err(FolderError::Unreadable(unreadable)) => panic!("{unreadable:?}"),
        Ok(files) => panic!("read: {files:?}"),
    }
}

#[test]
fn a_pack_can_be_a_repository_and_be_edited() {
    let folder = folder(&[
        "pack.toml",
        "rules/consent.toml",
        "tests/directories/one.json",
        ".git/hooks/pre-commit.sample",
        ".gitignore",
        ".DS_Store",
        "LICENSE",
        "LICENSE-MIT.txt",
        "LICENSES/MIT.txt",
        "rules/consent.toml~",
        "rules/consent.toml.orig",
        "rules/.consent.toml.swp",
        "tests/.DS_Store",
    ]);
    assert_eq!(
        read(folder.path()),
        ["pack.toml", "rules/consent.toml", "tests/directories/one.json"]
    );
}

#[test]
fn what_no_pack_has_is_read_so_that_it_is_reported() {
    let folder =
        folder(&["pack.toml", "rule/consent.toml", "rules/a/b/c/d/e.toml", "rules/LICENSE.toml"]);
    assert_eq!(
        read(folder.path()),
        ["pack.toml", "rule/consent.toml", "rules/LICENSE.toml", "rules/a/b/c/d/e.toml"]
    );
}

#[test]
fn a_folder_of_packs_names_them() {
    let folder = folder(&[
        "gate/pack.toml",
        "house/pack.toml",
        "notes/readme.md",
        ".old/pack.toml",
        "index.md",
    ]);
    let problem = "pack/missing-file pack.toml: there is no `pack.toml`";
    assert_eq!(
        refused(folder.path()),
        [format!(
            "{problem}; the packs `gate` and `house` are in folders of this one: name one of them"
        )]
    );
    assert_eq!(refused(&folder.path().join("notes")), [problem]);
}

#[cfg(unix)]
#[test]
fn what_is_no_plain_file_is_refused_by_name_and_not_opened() {
    use std::os::unix::fs::symlink;
    let outside = folder(&["secret.toml", "rules/secret.toml"]);
    let folder = folder(&["pack.toml", "rules/consent.toml"]);
    symlink(outside.path().join("secret.toml"), folder.path().join("rules/leak.toml")).unwrap();
    symlink(outside.path().join("rules"), folder.path().join("tests")).unwrap();
    symlink(".", folder.path().join("again")).unwrap();
    symlink("nowhere", folder.path().join("sets.toml")).unwrap();
    std::os::unix::net::UnixListener::bind(folder.path().join("rules/socket.toml")).unwrap();
    // Whoever opened it would wait for good.
    let made = std::process::Command::new("mkfifo")
        .arg(folder.path().join("ladder.toml"))
        .status()
        .unwrap();
    assert!(made.success());
    let kinds = [
        ("again", "a link"),
        ("ladder.toml", "a pipe"),
        ("rules/leak.toml", "a link"),
        ("rules/socket.toml", "a socket"),
    ];
    let kinds = kinds.into_iter().chain([("sets.toml", "a link"), ("tests", "a link")]);
    let expected: Vec<String> = kinds
        .map(|(path, what)| {
            format!(
                "pack/not-a-plain-file {path}: `{path}` is {what}; a pack is plain files in plain \
                 folders"
            )
        })
        .collect();
    assert_eq!(refused(folder.path()), expected);
    // A pipe or a link that is passed over is passed over.
    let link = tempfile::tempdir().unwrap();
    symlink(folder.path().join("rules"), link.path().join(".git")).unwrap();
    std::fs::write(link.path().join("pack.toml"), "").unwrap();
    assert_eq!(read(link.path()), ["pack.toml"]);
    // The folder itself may be named by a link.
    let named = tempfile::tempdir().unwrap();
    symlink(link.path(), named.path().join("current")).unwrap();
    assert_eq!(read(&named.path().join("current")), ["pack.toml"]);
}

#[cfg(target_os = "linux")]
#[test]
fn folders_of_the_system_are_no_packs() {
    assert_eq!(
        refused(Path::new("/proc")),
        ["pack/missing-file pack.toml: there is no `pack.toml`"]
    );
    assert_eq!(
        refused(Path::new("/dev")),
        ["pack/missing-file pack.toml: there is no `pack.toml`"]
    );
}
