//! Whole trees: what is read and what is left out, broken and hostile files, links, limits, order, size.

#![expect(clippy::expect_used, reason = "a test that cannot set up its files fails, also in its helpers")]

use std::fs;
use std::path::Path;

use cleartosend::directory::clients::{Catalogue, ClientStatus};
use cleartosend::verdict::Verdict;
use cleartosend_scan::{Installed, Options, Report, ScanError, limits, scan};
use tempfile::TempDir;

const BAILEYS: &str = r#"{"dependencies": {"baileys": "6.7.0"}}"#;

fn tree(files: &[(&str, &str)]) -> TempDir {
    let root = tempfile::tempdir().expect("a directory");
    for (path, text) in files {
        write(root.path(), path, text);
    }
    root
}

fn write(root: &Path, path: &str, bytes: impl AsRef<[u8]>) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("a parent")).expect("directories");
    fs::write(path, bytes).expect("a file");
}

fn scanned(root: &Path) -> Report {
    with(root, Installed::Skip)
}

fn with(root: &Path, installed: Installed) -> Report {
    scan(root, &Catalogue::built_in().expect("catalogue"), &Options { installed }).expect("a readable tree")
}

fn files(report: &Report) -> Vec<&str> {
    report.findings.iter().map(|finding| finding.file.as_str()).collect()
}

#[test]
fn broken_files_are_told_and_the_rest_is_read() {
    let report = scanned(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scan/broken"));
    let broken: Vec<(&str, Option<usize>)> = report.broken.iter().map(|broken| (broken.file.as_str(), broken.line)).collect();
    assert_eq!(
        broken,
        [
            ("Cargo.lock", Some(1)),
            ("composer.json", None),
            ("package.json", Some(2)),
            ("pnpm-lock.yaml", Some(2)),
            ("pom.xml", Some(1)),
            ("requirements.txt", Some(2)),
            ("yarn.lock", None),
        ]
    );
    for broken in &report.broken {
        assert!(!broken.reason.is_empty() && !broken.reason.contains('\n'), "{broken:?}");
    }
    assert!(report.broken.iter().any(|broken| broken.reason.contains("not UTF-8 at byte 0")));
    assert!(report.broken.iter().any(|broken| broken.reason.contains("`this is no requirement`")));
    assert_eq!(files(&report), ["requirements.txt", "requirements.txt", "sound/package.json"]);
    assert_eq!(report.verdict(), Verdict::Deny);
}

#[test]
fn hidden_and_ignored_files_are_read_and_history_is_not() {
    let root = tree(&[
        (".gitignore", "package.json\n"),
        ("package.json", BAILEYS),
        (".hidden/package.json", BAILEYS),
        (".git/package.json", BAILEYS),
        ("README.md", "baileys"),
    ]);
    let report = scanned(root.path());
    assert_eq!(files(&report), [".hidden/package.json", "package.json"]);
    assert_eq!((report.files_read, report.skipped.len()), (2, 1));
}

#[test]
fn installed_packages_are_left_out_unless_asked_for() {
    let root = tree(&[("node_modules/x/package.json", BAILEYS), ("web/vendor/a/b/composer.json", "{}"), ("package.json", "{}")]);
    let report = scanned(root.path());
    assert_eq!(files(&report), [] as [&str; 0]);
    let skipped: Vec<&str> = report.skipped.iter().map(|skipped| skipped.file.as_str()).collect();
    assert_eq!(skipped, ["node_modules", "web/vendor"]);
    assert_eq!(files(&with(root.path(), Installed::Read)), ["node_modules/x/package.json"]);
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let outside = tree(&[("package.json", BAILEYS), ("deep/go.mod", "require go.mau.fi/whatsmeow v0.0.1\n")]);
    let root = tree(&[("a/package.json", "{}")]);
    let link = |from: &Path, to: &str| std::os::unix::fs::symlink(from, root.path().join(to)).expect("a link");
    link(&outside.path().join("package.json"), "package.json");
    link(outside.path(), "linked");
    link(root.path(), "a/circle");
    link(Path::new("/nowhere"), "yarn.lock");
    let report = scanned(root.path());
    assert_eq!(files(&report), [] as [&str; 0]);
    let skipped: Vec<(&str, &str)> = report.skipped.iter().map(|skipped| (skipped.file.as_str(), skipped.reason.as_str())).collect();
    assert_eq!(skipped, [("package.json", "a link; links are not followed"), ("yarn.lock", "a link; links are not followed")]);

    let link_to_root = outside.path().join("root");
    std::os::unix::fs::symlink(outside.path().join("deep"), &link_to_root).expect("a link");
    assert_eq!(files(&scanned(&link_to_root)), ["go.mod"], "the root itself may be a link");
}

#[test]
fn a_file_past_the_limit_is_told_and_not_read() {
    let root = tree(&[]);
    let size = usize::try_from(limits::FILE_BYTES_MAX).expect("fits");
    let mut text = BAILEYS.as_bytes().to_vec();
    text.resize(size, b' ');
    write(root.path(), "at/package.json", &text);
    text.push(b' ');
    write(root.path(), "past/package.json", &text);
    let report = scanned(root.path());
    assert_eq!(files(&report), ["at/package.json"]);
    assert_eq!(report.broken[0].file, "past/package.json");
    assert_eq!(report.broken[0].reason, "larger than 32 MiB");
}

#[test]
fn a_single_file_can_be_scanned_and_a_wrong_root_is_an_error() {
    let root = tree(&[("package.json", BAILEYS), ("notes.md", "")]);
    assert_eq!(files(&scanned(&root.path().join("package.json"))), ["package.json"]);
    let catalogue = Catalogue::built_in().expect("catalogue");
    let error = |path: &str| scan(&root.path().join(path), &catalogue, &Options::default()).expect_err(path);
    assert!(matches!(error("notes.md"), ScanError::UnknownFile { .. }));
    assert_eq!(error("missing").code(), "scan/unreadable-root");
}

#[test]
fn what_is_undecided_asks_and_does_not_accuse() {
    let root = tree(&[("package.json", r#"{"dependencies": {"n8n-nodes-evolution-api": "1.0.4"}}"#)]);
    let report = scanned(root.path());
    assert_eq!(report.verdict(), Verdict::Review);
    assert!(report.findings[0].ask.as_ref().is_some_and(|ask| ask.contains("`integration`")));
    assert_eq!(scanned(tree(&[]).path()).verdict(), Verdict::Allow);
}

#[test]
fn deep_and_hostile_files_are_refused_and_not_crashed_upon() {
    let bomb = (1..30).fold("a0: &a0 [x, x]\n".to_owned(), |text, n| format!("{text}a{n}: &a{n} [*a{0}, *a{0}, *a{0}]\n", n - 1));
    let nested_lock = format!("{}{}", r#"{"dependencies":{"a":"#.repeat(100), "}}".repeat(100));
    let root = tree(&[
        ("1/package.json", &"[".repeat(1_000_000)),
        ("2/package.json", &r#"{"dependencies":"#.repeat(1_000_000)),
        ("3/pnpm-lock.yaml", &"[".repeat(200_000)),
        ("4/pnpm-lock.yaml", &bomb),
        ("5/compose.yml", "a: &a {b: *a}\n"),
        ("6/Cargo.toml", &format!("a = {}", "[".repeat(1_000_000))),
        ("7/pom.xml", &"<a>".repeat(1_000_000)),
        ("8/package-lock.json", &nested_lock.replace(r#""a":}}"#, r#""a":{}}}"#)),
        ("9/pnpm-lock.yaml", &(0..100_000).map(|n| format!("{}- x\n", " ".repeat(n % 300))).collect::<String>()),
    ]);
    let report = scanned(root.path());
    for n in 1..=7 {
        assert!(report.broken.iter().any(|broken| broken.file.starts_with(&format!("{n}/"))), "{n}: {:?}", report.broken);
    }
    assert!(report.broken.iter().any(|broken| broken.file.starts_with("8/") && broken.reason.contains("levels of `dependencies`")));
    assert!(report.broken.iter().any(|broken| broken.file.starts_with("4/") && broken.reason.contains("with aliases written out")));
}

/// Every file of the fixtures, cut and with bytes changed, at places that a fixed sequence chooses.
#[test]
fn damaged_files_never_crash_the_scan() {
    let mut sources = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scan"), &mut sources);
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below.max(1) as u64).expect("fits")
    };
    let root = tree(&[]);
    let mut written = 0;
    for (name, bytes) in &sources {
        for round in 0..24 {
            let mut damaged = bytes.clone();
            for _ in 0..=next(4) {
                let at = next(damaged.len());
                match next(4) {
                    0 => damaged.truncate(at),
                    1 if at < damaged.len() => drop(damaged.remove(at)),
                    2 => damaged.insert(at, b"{}[]\"'@:/\\$#<&*=\n\xc3"[next(18)]),
                    _ => {
                        let part: Vec<u8> = damaged[at..(at + next(40)).min(damaged.len())].to_vec();
                        damaged.splice(at..at, part);
                    }
                }
            }
            write(root.path(), &format!("{round}-{written}/{name}"), damaged);
            written += 1;
        }
    }
    let report = scanned(root.path());
    assert!(written > 600 && report.files_read > written / 4, "{written} written, {} read", report.files_read);
    assert!(!report.broken.is_empty());
}

fn collect(directory: &Path, into: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(directory).expect("readable").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            collect(&entry, into);
        } else if entry.extension().is_none_or(|extension| extension != "md") {
            into.push((entry.file_name().expect("a name").to_string_lossy().into_owned(), read(&entry)));
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "fixtures are files")]
fn read(path: &Path) -> Vec<u8> {
    fs::read(path).expect("readable")
}

#[test]
fn ten_thousand_manifests_are_read_in_order_and_twice_the_same() {
    let root = tree(&[]);
    let plain: String = (0..60).map(|n| format!("    \"package-{n}\": \"^{n}.0.0\",\n")).collect();
    let clean = format!("{{\n  \"dependencies\": {{\n{plain}    \"last\": \"1.0.0\"\n  }}\n}}\n");
    let guilty = clean.replace("\"last\": \"1.0.0\"", "\"wa\": \"npm:@whiskeysockets/baileys@^6.7.0\"");
    let requirements: String = (0..60).map(|n| format!("package-{n}=={n}.0\n")).collect();
    for n in 0..5_000 {
        let directory = format!("{}/{}", n % 71, n);
        write(root.path(), &format!("{directory}/package.json"), if n % 100 == 0 { &guilty } else { &clean });
        write(root.path(), &format!("{directory}/requirements.txt"), &requirements);
    }
    let report = scanned(root.path());
    assert_eq!(report.files_read, 10_000);
    assert_eq!(report.count(ClientStatus::Unofficial), 50);
    assert!(report.findings.is_sorted_by_key(|finding| &finding.file));
    assert_eq!(report.findings, scanned(root.path()).findings);
}
