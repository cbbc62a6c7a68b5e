//! Whole trees: what is read and what is left out, broken and hostile files, links, limits, order,
//! size.

#![expect(
    clippy::expect_used,
    reason = "a test that cannot set up its files fails, also in its helpers"
)]

use std::fs;
use std::path::Path;

use cleartosend::Verdict;
use cleartosend::expert::clients::{Catalogue, ClientStatus};
use cleartosend_scan::{Acceptances, Installed, Options, Report, ScanError, Unread, limits, scan};
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
    scan(
        root,
        &Catalogue::built_in().expect("catalogue"),
        &Options { installed, ..Options::default() },
    )
    .expect("a readable tree")
}

fn files(report: &Report) -> Vec<&str> {
    report.findings.iter().map(|finding| finding.file.as_str()).collect()
}

#[test]
fn broken_files_are_reported_and_the_rest_is_read() {
    let report = scanned(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scan/broken"));
    let broken: Vec<(&str, Option<usize>)> =
        report.broken.iter().map(|broken| (broken.file.as_str(), broken.line)).collect();
    assert_eq!(
        broken,
        [
            ("Cargo.lock", Some(1)),
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
    assert!(report.broken.iter().any(|broken| broken.reason.contains("`this is no requirement`")));
    // Two bytes of a mark and two letters: read as what the mark says, and noted.
    assert!(
        report.notes.iter().any(
            |note| note.file == "composer.json" && note.text.starts_with("decoded from UTF-16")
        )
    );
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
    assert_eq!(
        (report.read.as_slice(), report.files_seen),
        (&[".hidden/package.json".to_owned(), "package.json".to_owned()][..], 4)
    );
}

#[test]
fn installed_packages_are_left_out_unless_asked_for() {
    let root = tree(&[
        ("node_modules/x/package.json", BAILEYS),
        ("web/vendor/a/b/composer.json", "{}"),
        ("package.json", "{}"),
    ]);
    let report = scanned(root.path());
    assert_eq!(files(&report), [] as [&str; 0]);
    let skipped: Vec<&str> = report.skipped.iter().map(|skipped| skipped.file.as_str()).collect();
    assert_eq!(skipped, ["node_modules", "web/vendor"]);
    assert_eq!(files(&with(root.path(), Installed::Read)), ["node_modules/x/package.json"]);
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let outside =
        tree(&[("package.json", BAILEYS), ("deep/go.mod", "require go.mau.fi/whatsmeow v0.0.1\n")]);
    let root = tree(&[("a/package.json", "{}")]);
    let link = |from: &Path, to: &str| {
        std::os::unix::fs::symlink(from, root.path().join(to)).expect("a link");
    };
    link(&outside.path().join("package.json"), "package.json");
    link(outside.path(), "linked");
    link(root.path(), "a/circle");
    link(Path::new("/nowhere"), "yarn.lock");
    let report = scanned(root.path());
    assert_eq!(files(&report), [] as [&str; 0]);
    let skipped: Vec<(&str, &str)> = report
        .skipped
        .iter()
        .map(|skipped| (skipped.file.as_str(), skipped.reason.as_str()))
        .collect();
    let away = "a link that leads out of the tree; links are not followed";
    assert_eq!(
        skipped,
        [("linked", away), ("package.json", away), ("yarn.lock", "a link that leads nowhere")]
    );
    assert_eq!(report.verdict(), Verdict::Review, "what they lead to may hold anything");

    // A file of the tree under a name that says what it is.
    let renamed = tree(&[("deps.data", BAILEYS), ("a/Cargo.toml", "")]);
    std::os::unix::fs::symlink("deps.data", renamed.path().join("package.json")).expect("a link");
    std::os::unix::fs::symlink("a/Cargo.toml", renamed.path().join("Cargo.toml")).expect("a link");
    let report = scanned(renamed.path());
    assert_eq!((files(&report), report.verdict()), (vec!["package.json"], Verdict::Deny));
    assert_eq!(
        report
            .skipped
            .iter()
            .map(|skipped| (skipped.file.as_str(), skipped.unread))
            .collect::<Vec<_>>(),
        [("Cargo.toml", false)]
    );

    let link_to_root = outside.path().join("root");
    std::os::unix::fs::symlink(outside.path().join("deep"), &link_to_root).expect("a link");
    assert_eq!(files(&scanned(&link_to_root)), ["go.mod"], "the root itself may be a link");
}

#[test]
fn a_file_past_the_limit_is_reported_and_not_read() {
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
    let error = |path: &str| {
        scan(&root.path().join(path), &catalogue, &Options::default()).expect_err(path)
    };
    assert!(matches!(error("notes.md"), ScanError::UnknownFile { .. }));
    assert_eq!(error("missing").code(), "scan/unreadable-root");
}

#[test]
fn what_is_undecided_asks_and_does_not_accuse() {
    let root =
        tree(&[("package.json", r#"{"dependencies": {"n8n-nodes-evolution-api": "1.0.4"}}"#)]);
    let report = scanned(root.path());
    assert_eq!(report.verdict(), Verdict::Review);
    assert!(report.findings[0].ask.as_ref().is_some_and(|ask| ask.contains("`integration`")));
    assert_eq!(scanned(tree(&[("package.json", "{}")]).path()).verdict(), Verdict::Allow);
}

#[test]
fn what_could_not_be_read_counts_unless_it_is_accepted() {
    let root = tree(&[("package.json", "{"), ("go.mod", "module x\n")]);
    assert_eq!(scanned(root.path()).verdict(), Verdict::Review);
    let catalogue = Catalogue::built_in().expect("catalogue");
    let accept = Options { unread: Unread::Accept, ..Options::default() };
    let report = scan(root.path(), &catalogue, &accept).expect("a readable tree");
    assert_eq!((report.verdict(), report.broken.len()), (Verdict::Allow, 1));
    assert_eq!(
        scan(tree(&[]).path(), &catalogue, &accept).expect("a readable tree").verdict(),
        Verdict::Allow
    );
}

#[test]
fn patterns_leave_out_and_say_so() {
    let root = tree(&[
        ("a/fixtures/package.json", BAILEYS),
        ("b/package.json", BAILEYS),
        ("package.json", "{}"),
    ]);
    let options = |exclude: &[&str]| Options {
        exclude: exclude.iter().map(|text| (*text).to_owned()).collect(),
        ..Options::default()
    };
    let catalogue = Catalogue::built_in().expect("catalogue");
    let report = scan(root.path(), &catalogue, &options(&["**/fixtures", "b/*.json"]))
        .expect("a readable tree");
    assert_eq!((files(&report), report.verdict()), (vec![], Verdict::Allow));
    let skipped: Vec<(&str, &str)> = report
        .skipped
        .iter()
        .map(|skipped| (skipped.file.as_str(), skipped.reason.as_str()))
        .collect();
    assert_eq!(
        skipped,
        [("a/fixtures", "excluded by `**/fixtures`"), ("b/package.json", "excluded by `b/*.json`")]
    );
    assert_eq!(
        scan(root.path(), &catalogue, &options(&["["])).expect_err("a bad pattern").code(),
        "scan/bad-pattern"
    );
    write(root.path(), ".cts-scan.toml", "exclude = 1\n");
    assert_eq!(
        files(&scanned(root.path())).len(),
        2,
        "a stranger's file is not heard unless asked for"
    );
    let heard = Options {
        accepted: Acceptances::On("2026-11-28".parse().expect("a day")),
        ..Options::default()
    };
    let error = scan(root.path(), &catalogue, &heard).expect_err("a bad file");
    assert_eq!(error.code(), "scan/bad-accept-file");
    assert!(error.to_string().contains("line 1"), "{error}");
}

#[test]
fn several_trees_are_one_report() {
    let (one, other) = (tree(&[("package.json", BAILEYS)]), tree(&[("README.md", "")]));
    let report =
        Report::joined(vec![scanned(one.path()), scanned(other.path())]).expect("two reports");
    assert_eq!(report.roots.len(), 2);
    assert_eq!(files(&report), [one.path().join("package.json").to_str().expect("a plain path")]);
    assert_eq!(report.broken.len(), 1, "{:?}", report.broken);
    assert_eq!((report.files_read, report.files_seen, report.root.as_str()), (1, 2, "."));
}

#[test]
fn clients_are_ready_for_a_campaign_document() {
    let manifest = r#"{"dependencies": {"whatsapp": "1", "wa": "npm:baileys@6", "react": "19", "some-baileys": "1"}}"#;
    let report =
        scanned(tree(&[("package.json", manifest), ("send.py", "import pywhatkit\n")]).path());
    assert_eq!(
        report.clients.iter().map(String::as_str).collect::<Vec<_>>(),
        ["npm:baileys", "npm:some-baileys", "npm:whatsapp"],
        "a fork is asked about in a campaign too"
    );
}

/// A file may be one line, and every name in it may be told.
#[test]
fn one_line_with_many_findings_is_reported_once_for_each_up_to_a_bound() {
    let many: Vec<String> = (0..limits::FINDINGS_PER_FILE_MAX + 5)
        .map(|n| format!("\"wa{n}\":\"npm:baileys@6\""))
        .collect();
    let report = scanned(
        tree(&[("package.json", &format!("{{\"dependencies\":{{{}}}}}", many.join(",")))]).path(),
    );
    assert_eq!(report.findings.len(), limits::FINDINGS_PER_FILE_MAX);
    assert_eq!(report.broken[0].reason, "5 more mentions of clients are not listed one by one");
}

#[test]
fn deep_and_hostile_files_are_refused_and_not_crashed_upon() {
    let bomb = (1..30).fold("a0: &a0 [x, x]\n".to_owned(), |text, n| {
        format!("{text}a{n}: &a{n} [*a{0}, *a{0}, *a{0}]\n", n - 1)
    });
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
        (
            "9/pnpm-lock.yaml",
            &(0..100_000).map(|n| format!("{}- x\n", " ".repeat(n % 300))).collect::<String>(),
        ),
    ]);
    let report = scanned(root.path());
    for n in 1..=7 {
        assert!(
            report.broken.iter().any(|broken| broken.file.starts_with(&format!("{n}/"))),
            "{n}: {:?}",
            report.broken
        );
    }
    assert!(report.broken.iter().any(|broken| broken.file.starts_with("8/")
        && broken.reason.contains("levels of `dependencies`")));
    assert!(report.broken.iter().any(|broken| broken.file.starts_with("4/")
        && broken.reason.contains("with aliases written out")));
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
                        let part: Vec<u8> =
                            damaged[at..(at + next(40)).min(damaged.len())].to_vec();
                        damaged.splice(at..at, part);
                    }
                }
            }
            write(root.path(), &format!("{round}-{written}/{name}"), damaged);
            written += 1;
        }
    }
    let report = scanned(root.path());
    assert!(
        written > 600 && report.files_read > written / 4,
        "{written} written, {} read",
        report.files_read
    );
    assert!(!report.broken.is_empty());
}

fn collect(directory: &Path, into: &mut Vec<(String, Vec<u8>)>) {
    for entry in
        fs::read_dir(directory).expect("readable").map(|entry| entry.expect("an entry").path())
    {
        if entry.is_dir() {
            collect(&entry, into);
        } else if entry.extension().is_none_or(|extension| extension != "md") {
            into.push((
                entry.file_name().expect("a name").to_string_lossy().into_owned(),
                read(&entry),
            ));
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
    let guilty =
        clean.replace("\"last\": \"1.0.0\"", "\"wa\": \"npm:@whiskeysockets/baileys@^6.7.0\"");
    let requirements: String = (0..60).map(|n| format!("package-{n}=={n}.0\n")).collect();
    for n in 0..5_000 {
        let directory = format!("{}/{}", n % 71, n);
        write(
            root.path(),
            &format!("{directory}/package.json"),
            if n % 100 == 0 { &guilty } else { &clean },
        );
        write(root.path(), &format!("{directory}/requirements.txt"), &requirements);
    }
    let report = scanned(root.path());
    assert_eq!(report.files_read, 10_000);
    assert_eq!(report.count(ClientStatus::Unofficial), 50);
    assert!(report.findings.is_sorted_by_key(|finding| &finding.file));
    assert_eq!(report.findings, scanned(root.path()).findings);
}

#[test]
fn what_is_no_form_that_is_known_is_reported() {
    for (file, text, reason) in [
        ("package.json", "[]", "holds a list"),
        ("package.json", "\"baileys\"", "holds a single value"),
        ("composer.json", "3", "holds a single value"),
        ("pnpm-lock.yaml", "lockfileVersion: '12.0'\ninstalled:\n  baileys: 6.7.0\n", "a form of"),
        ("package-lock.json", r#"{"lockfileVersion": 9, "graph": {"baileys": {}}}"#, "a form of"),
        ("Cargo.lock", "version = 9\n[crates]\nwhatsapp = \"1.0.0\"\n", "a form of"),
    ] {
        let report = scanned(tree(&[(file, text), ("sound/package.json", "{}")]).path());
        assert!(
            matches!(report.broken.as_slice(), [broken] if broken.reason.contains(reason)),
            "{file}: {:?}",
            report.broken
        );
        assert_eq!(report.verdict(), Verdict::Review, "{file}");
    }
    // Nothing is installed, in the forms that say so.
    for (file, text) in [
        ("package-lock.json", r#"{"name": "a", "lockfileVersion": 1}"#),
        ("package-lock.json", r#"{"name": "a", "lockfileVersion": 3, "packages": {}}"#),
        ("pnpm-lock.yaml", "lockfileVersion: '9.0'\nsettings:\n  a: b\nimporters:\n  .: {}\n"),
        ("pubspec.yaml", "---\n"),
        ("Cargo.lock", "version = 4\n"),
        ("poetry.lock", "package = []\n[metadata]\nlock-version = \"2.0\"\n"),
    ] {
        let report = scanned(tree(&[(file, text)]).path());
        assert_eq!((&report.broken, report.verdict()), (&vec![], Verdict::Allow), "{file}");
    }
}

#[test]
fn a_list_of_names_installs_them_as_a_table_does() {
    for text in [
        r#"{"dependencies": ["baileys@6.7.0"]}"#,
        r#"{"dependencies": "left-pad@1 baileys@^6.7.0"}"#,
    ] {
        let report = scanned(tree(&[("package.json", text)]).path());
        assert_eq!(files(&report), ["package.json"], "{text}");
        assert_eq!(report.verdict(), Verdict::Deny);
    }
}

#[test]
fn every_document_of_a_file_is_read() {
    let lock = "lockfileVersion: '9.0'\nimporters:\n  .: {}\n---\nlockfileVersion: '9.0'\n\
                packages:\n  baileys@6.7.0: {}\n";
    let report = scanned(tree(&[("pnpm-lock.yaml", lock)]).path());
    assert_eq!(files(&report), ["pnpm-lock.yaml"]);
}

#[test]
fn overrides_that_nest_without_end_are_reported() {
    let depth = limits::NESTED_DEPENDENCIES_MAX + 1;
    let text = format!(
        r#"{{"overrides": {}{{"baileys": "6.7.0"}}{}}}"#,
        r#"{"a": "#.repeat(depth),
        "}".repeat(depth)
    );
    let report = scanned(tree(&[("package.json", &text)]).path());
    assert_eq!(report.broken.len(), 1, "{:?}", report.broken);
    assert_eq!(report.verdict(), Verdict::Review);
}

#[test]
fn a_source_that_is_no_text_is_searched_and_reported() {
    let root = tree(&[("package.json", "{}")]);
    write(root.path(), "a.js", b"const a = '\0\xff'; require('whatsapp-web.js')");
    write(root.path(), "film.ts", b"G\0\xff\x10");
    let report = scanned(root.path());
    assert_eq!(files(&report), ["a.js"]);
    let reported: Vec<&str> = report.skipped.iter().map(|skipped| skipped.file.as_str()).collect();
    assert_eq!(reported, ["a.js", "film.ts"]);
    assert_eq!(report.verdict(), Verdict::Review);
}

#[test]
fn broken_data_that_names_a_client_is_reported() {
    let named = r#"{"nodes": [{"type": "n8n-nodes-evolution-api.evolutionApi"}], "image": }"#;
    let report = scanned(tree(&[("flow.json", named), ("package.json", "{}")]).path());
    assert_eq!(report.broken.len(), 1, "{:?}", report.broken);
    let other = r#"{"nodes": [{"type": "a"}], "image": }"#;
    let report = scanned(tree(&[("flow.json", other), ("package.json", "{}")]).path());
    assert_eq!((&report.broken, report.verdict()), (&vec![], Verdict::Allow));
}

#[cfg(unix)]
#[test]
fn names_that_are_no_text_and_links_hide_no_source() {
    use std::os::unix::ffi::OsStrExt as _;
    let source = "const { Client } = require('whatsapp-web.js')\n";
    let outside = tree(&[("send.js", source)]);
    let root = tree(&[("package.json", "{}"), (".git/a/send.js", source)]);
    let odd = root.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9.js"));
    fs::write(odd, source).expect("a file");
    let link = |to: &Path, name: &str| {
        std::os::unix::fs::symlink(to, root.path().join(name)).expect("a link");
    };
    link(&outside.path().join("send.js"), "away.js");
    link(Path::new(".git/a/send.js"), "kept.js");
    let report = scanned(root.path());
    assert_eq!(files(&report), ["caf\u{fffd}.js", "kept.js"]);
    assert!(report.skipped.iter().any(|skipped| skipped.file == "away.js" && skipped.unread));
}

#[test]
fn what_a_container_fetches_when_it_starts_counts() {
    for line in [
        "CMD npx -y @open-wa/wa-automate --port 8080",
        r#"CMD ["npx","-y","@open-wa/wa-automate"]"#,
        r#"ENTRYPOINT ["sh", "-c", "npx @open-wa/wa-automate"]"#,
        r#"RUN ["npm","install","@open-wa/wa-automate"]"#,
        "ONBUILD RUN npm i @open-wa/wa-automate",
    ] {
        let report = scanned(tree(&[("Dockerfile", &format!("FROM node:22\n{line}\n"))]).path());
        assert_eq!(
            (files(&report), report.verdict()),
            (vec!["Dockerfile"], Verdict::Deny),
            "{line}"
        );
    }
}

#[test]
fn what_may_be_a_client_has_a_name_for_a_campaign() {
    let catalogue = Catalogue::built_in().expect("catalogue");
    for (file, text, name) in [
        (
            "chart/templates/d.yaml",
            "spec:\n  containers:\n  - image: \"{{ .Values.repo }}/waha:{{ .Values.tag }}\"\n",
            "docker:waha",
        ),
        (
            ".gitmodules",
            "[submodule \"x\"]\n path=x\n url=../../WhiskeySockets/Baileys.git\n",
            "git:WhiskeySockets/Baileys",
        ),
        (
            ".gitmodules",
            "[submodule \"x\"]\n path=x\n url=../baileys.git\n",
            "npm:@unknown/baileys",
        ),
        (
            "compose.yaml",
            "services:\n  c:\n    build: https://github.com/acme/waha.git#main\n",
            "git:https://github.com/acme/waha.git",
        ),
    ] {
        let report = scanned(tree(&[(file, text)]).path());
        assert_eq!(report.verdict(), Verdict::Review, "{text}");
        assert_eq!(report.clients.iter().collect::<Vec<_>>(), [name], "{text}");
        assert_eq!(catalogue.status_of(name), ClientStatus::Undecided, "{name}");
    }
}

#[test]
fn passwords_in_addresses_are_not_reported() {
    let root = tree(&[
        (
            "package.json",
            r#"{"dependencies": {"a": "git+https://u:s3cret@git.acme.example/x/baileys.git",
                "b": "https://u:s3cret@github.com/WhiskeySockets/Baileys"}}"#,
        ),
        ("compose.yaml", "include:\n  - https://u:s3cret@git.acme.example/x.git\n"),
        ("requirements.txt", "neonize @ https://u:s3cret@host.example/neonize.whl\n"),
        ("a.txt/requirements.txt", "no requirement https://u:s3cret@host.example\n"),
    ]);
    let report = scanned(root.path());
    assert!(report.findings.len() > 2 && report.broken.len() > 1);
    assert!(report.clients.contains("git:git+https://git.acme.example/x/baileys.git"));
    let reported = format!(
        "{:?} {:?} {:?} {:?}",
        report.findings, report.broken, report.clients, report.notes
    );
    assert!(!reported.contains("s3cret"), "{reported}");
}
