//! What `cts` makes of files that are no documents, and of readers that go away: exit codes as
//! documented, and no panic.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test that cannot write its files or read its output has failed"
)]

use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::support::{self, cts, root};

fn command(arguments: &[&str]) -> Command {
    support::command(&root(), arguments)
}

/// Exit code 2, nothing on standard output, and a reason without a backtrace on standard error.
fn refused(arguments: &[&str]) -> String {
    let output = cts(arguments);
    let printed = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        (output.status.code(), output.stdout.len()),
        (Some(2), 0),
        "{arguments:?}: {printed}"
    );
    assert!(
        printed.starts_with("error: ") && !printed.contains("panicked"),
        "{arguments:?}: {printed}"
    );
    printed
}

/// Files that are no documents, packs or directories: their names, and what is in them.
fn strange_files() -> (TempDir, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let files: [(&str, Vec<u8>); 9] = [
        ("empty", Vec::new()),
        ("zeros", vec![0; 4096]),
        ("binary", (0..=255).cycle().take(100_000).collect()),
        (
            "elf",
            std::fs::read(env!("CARGO_BIN_EXE_cts")).unwrap().into_iter().take(3 << 20).collect(),
        ),
        ("utf16", "{\"send_at\": 1}".encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("brackets", vec![b'['; 1 << 20]),
        ("one byte too many", vec![b' '; (1 << 20) + 1]),
        ("huge", vec![b' '; 64 << 20]),
        ("escapes \u{1b}[31m", b"{\"\\u001b[31m\x1b[31m\": 1}".to_vec()),
    ];
    let mut paths = vec![
        folder.path().display().to_string(),
        folder.path().join("missing").display().to_string(),
        String::new(),
    ];
    for (name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        paths.push(path.display().to_string());
    }
    if cfg!(unix) {
        paths.push("/dev/null".to_owned());
        // Endless: only as much is read as could be good.
        paths.push("/dev/zero".to_owned());
    }
    (folder, paths)
}

#[test]
fn strange_files_are_refused_as_documents() {
    let (_folder, paths) = strange_files();
    for path in &paths {
        for more in [
            &["check"][..],
            &["check", "--json"],
            &["check", "--at", "2026-03-02T15:00:00Z"],
            &["eval", "send_at", "--facts"],
        ] {
            let printed = refused(&[more, &[path.as_str()]].concat());
            assert!(printed.len() < 1000, "{path}: {} bytes", printed.len());
        }
    }
}

#[test]
fn strange_files_are_refused_as_directories_and_packs() {
    let (folder, paths) = strange_files();
    for path in &paths {
        // A directory may be endless: 256 MiB are read before it is too large.
        if path != "/dev/zero" {
            refused(&["provider", "Hubtype", "--directory", path]);
            refused(&["check", "examples/clean-campaign.json", "--directory", path]);
        }
        // A bare word names a built-in pack, and there is none of these.
        refused(&["pack", "lint", path]);
        refused(&["pack", "test", path]);
        refused(&["check", "examples/clean-campaign.json", "--pack", path]);
    }
    // What fits in a pack's folder is no pack either.
    for name in ["pack.toml", "rules", "sets.toml"] {
        let pack = folder.path().join("pack");
        std::fs::create_dir_all(pack.join("rules")).unwrap();
        std::fs::copy(folder.path().join("binary"), pack.join("rules/a.toml")).unwrap();
        if name != "rules" {
            std::fs::copy(folder.path().join("brackets"), pack.join(name)).unwrap();
        }
        refused(&["pack", "lint", pack.to_str().unwrap()]);
    }
}

#[cfg(unix)]
#[test]
fn loops_of_links_and_names_that_are_no_text_are_refused() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(folder.path(), folder.path().join("rules")).unwrap();
    std::os::unix::fs::symlink("self.toml", folder.path().join("self.toml")).unwrap();
    refused(&["pack", "lint", folder.path().to_str().unwrap()]);
    let name = std::ffi::OsStr::from_bytes(b"\xff\xfe.json");
    let path = folder.path().join(name);
    let missing = command(&["check"]).arg(&path).output().unwrap();
    assert_eq!(missing.status.code(), Some(2));
    std::fs::copy(root().join("examples/clean-campaign.json"), &path).unwrap();
    let there = command(&["check"]).arg(&path).output().unwrap();
    assert_eq!(there.status.code(), Some(0), "{}", String::from_utf8_lossy(&there.stderr));
    let scanned = command(&["scan"]).arg(folder.path()).output().unwrap();
    assert!(
        matches!(scanned.status.code(), Some(2 | 3)),
        "{}",
        String::from_utf8_lossy(&scanned.stderr)
    );
}

#[test]
fn a_reader_that_went_away_changes_no_exit_code() {
    for (arguments, code) in [
        (&["check", "examples/spring-sale.json"][..], 1),
        (&["check", "--json", "--all", "examples/clean-campaign.json"], 0),
        (&["schema"], 0),
        (&["pack", "list"], 0),
        (&["pack", "test", "packs/whatsapp"], 0),
    ] {
        let mut child =
            command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut printed = String::new();
        child.stderr.take().unwrap().read_to_string(&mut printed).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(code), "{arguments:?}: {printed}");
        assert!(!printed.contains("panicked"), "{arguments:?}: {printed}");
    }
    // Nobody hears why, and it is still refused.
    let mut child = command(&["check", "missing.json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop((child.stdout.take(), child.stderr.take()));
    assert_eq!(child.wait().unwrap().code(), Some(2));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_reported() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = command(&["check", "examples/clean-campaign.json"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("cannot write the answer"));
}

#[test]
fn a_writer_that_sends_bytes_one_by_one_and_stops_is_judged_by_what_came() {
    let mut child = command(&["check", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    for byte in b"{\"send_at\": \"2026-0" {
        input.write_all(&[*byte]).unwrap();
    }
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("standard input"));
}

#[test]
fn hostile_arguments_are_bad_use() {
    let long = "a".repeat(100_000);
    let deep = "(".repeat(20_000);
    for arguments in [
        &["check", "examples/clean-campaign.json", "--at", "2026-13-45T99:00:00Z"][..],
        &["check", "examples/clean-campaign.json", "--at", ""],
        &["check", "examples/clean-campaign.json", "--pack", &long],
        &["eval", &deep],
        &["eval", "\u{1F469}\u{202e}"],
        &["eval", "'\u{1b}[31m"],
        &["eval", ""],
        &["check", &long],
        &[""],
    ] {
        let output = cts(arguments);
        let printed = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{printed:.300}");
        assert!(!printed.contains("panicked"), "{printed}");
    }
    let output = cts(&["provider", &long, "--domain", &long, "--id", ""]);
    assert!(
        matches!(output.status.code(), Some(0 | 2)),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
