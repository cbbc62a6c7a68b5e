//! The reference of codes names those that the source has, and no other.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test that cannot read the sources has failed"
)]

use std::collections::BTreeSet;
use std::path::Path;

use cleartosend::directory::Snapshot;
use cleartosend::{Engine, Facts, PackFile};

/// Where each kind of code is made.
const MAKERS: &[(&str, &[&str])] = &[
    ("cel/", &["core/src/cel/error.rs"]),
    ("facts/", &["core/src/facts/error.rs"]),
    ("engine/", &["core/src/engine/error.rs"]),
    ("compile/", &["core/src/compile/error.rs"]),
    ("directory/", &["core/src/directory/error.rs"]),
    ("catalogue/", &["core/src/clients/read.rs"]),
    ("scan/", &["scan/src/walk.rs"]),
    ("explain/", &["core/src/explain/error.rs"]),
    ("diff/", &["core/src/analyse/error.rs"]),
    ("lint/", &["core/src/analyse/lint.rs"]),
    ("screen/", &["core/src/screen/error.rs"]),
    ("audience/", &["audience/src/error.rs"]),
    ("record/", &["evidence/src/error.rs"]),
    ("trust/", &["evidence/src/signed.rs"]),
    (
        "internal/",
        &[
            "audience/src/error.rs",
            "core/src/cel/error.rs",
            "core/src/compile/error.rs",
            "core/src/engine/error.rs",
            "core/src/pack/error.rs",
            "core/src/screen/error.rs",
        ],
    ),
];

/// Codes that no test meets as a user would, and why.
const NOT_MET: &[(&str, &str)] = &[
    ("audience/pipe-too-long", "16 GiB through a pipe"),
    ("audience/repeats-too-much", "four gigabytes of result"),
    ("audience/row-too-long", "a row of 64 MiB"),
    ("audience/unreadable", "a disk that fails while a file is read"),
    ("audience/unwritable-type", "the command and Python keep such columns out before"),
    ("audience/unwritten", "a disk that fails while a file is written"),
    ("compile/other-schema", "packs that a builder of engines loaded have one schema"),
    ("compile/table-too-large", "a table of a gigabyte"),
    ("compile/too-many-classes", "65,536 values that conditions tell apart"),
    ("compile/too-many-dimensions", "60,001 questions"),
    ("compile/too-many-rules", "65,537 rules"),
    ("directory/too-many-providers", "more than a million providers"),
    ("internal/audience", "a mistake in cleartosend"),
    ("internal/catalogue", "a mistake in cleartosend"),
    ("internal/cel-type", "a mistake in cleartosend"),
    ("internal/compile", "a mistake in cleartosend"),
    ("internal/pack", "a mistake in cleartosend"),
    ("internal/screen", "a mistake in cleartosend"),
    ("pack/too-many-members", "a set of more than a million members"),
    ("record/packs", "packs that fitted together when the record was written"),
    ("record/report", "a mistake in cleartosend"),
    ("record/too-large", "a line of 64 MiB"),
    ("screen/too-many-findings", "a batch of two thousand million findings"),
    ("screen/too-many-threads", "the command's own reader of numbers is before it"),
];

fn text(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)).unwrap()
}

/// The codes between that mark, of that kind.
fn codes(text: &str, mark: char, kind: &str) -> BTreeSet<String> {
    let is_code = |part: &&str| {
        part.strip_prefix(kind).is_some_and(|name| {
            !name.is_empty()
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        })
    };
    text.lines().flat_map(|line| line.split(mark).filter(is_code)).map(str::to_owned).collect()
}

#[test]
fn every_code_of_the_source_is_documented_and_no_other() {
    let page = text("docs/reference/codes.md");
    for (kind, files) in MAKERS {
        let made: BTreeSet<String> = files
            .iter()
            .map(|file| text(file))
            .flat_map(|source| codes(&source, '"', kind))
            .collect();
        assert!(!made.is_empty(), "no code of kind {kind} in {files:?}");
        assert_eq!(
            made,
            codes(&page, '`', kind),
            "the source has the codes on the left, docs/reference/codes.md those on the right"
        );
    }
}

/// The text of all files of tests, which stand apart from the sources.
fn tests(folder: &Path, found: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let is_test = path.components().any(|part| part.as_os_str() == "tests");
        if path.is_dir() && !["src", "target", ".git", "node_modules", "compat"].contains(&name) {
            tests(&path, found);
        } else if is_test && path.is_file() {
            let text = std::fs::read(&path).unwrap();
            let text = String::from_utf8_lossy(&text);
            // What is excused here is not met by being named.
            let is_excused = |line: &&str| NOT_MET.iter().any(|(code, _)| line.contains(code));
            let is_here = path.ends_with(file!());
            text.lines().filter(|line| !is_here || !is_excused(line)).for_each(|line| {
                found.push_str(line);
                found.push('\n');
            });
        }
    }
}

#[test]
fn every_code_is_met_by_a_test_as_a_user_would_meet_it() {
    let page = text("docs/reference/codes.md");
    let mut met = String::new();
    tests(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap(), &mut met);
    let excused: BTreeSet<&str> = NOT_MET.iter().map(|(code, _)| *code).collect();
    let not_met: BTreeSet<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .filter(|code| code.contains('/') && !met.contains(*code))
        .collect();
    assert_eq!(
        not_met, excused,
        "codes that no test meets on the left, those excused on the right"
    );
}

#[test]
fn typed_callers_are_told_by_codes_too() {
    let engine = Engine::built_in().unwrap();
    let other = Engine::builder().pack("own", own_pack()).build().unwrap();
    let campaign = br#"{"send_at": "2026-03-02T15:00:00Z"}"#;
    let facts = Facts::from_json(engine.schema(), campaign).unwrap();
    assert_eq!(other.check(&facts).unwrap_err().code(), "facts/other-engine");

    let prepared = engine.prepare(&facts).unwrap();
    let mut recipient = prepared.recipient();
    let of_campaign = engine.schema().id("campaign.category").unwrap();
    let problem = recipient.set_text(of_campaign, "marketing").unwrap_err();
    assert_eq!(problem.code(), "facts/not-of-recipient");
    recipient.set_text(engine.schema().id("recipient.phone").unwrap(), "+34600000000").unwrap();
    let problem = engine.prepare(recipient.facts()).unwrap_err();
    assert_eq!(problem.code(), "facts/recipient-in-campaign");

    assert_eq!(Snapshot::merge(&[]).unwrap_err().code(), "directory/nothing-to-merge");
}

/// A pack that declares an attribute, so that engines with it number attributes otherwise.
fn own_pack() -> Vec<PackFile> {
    let manifest = "name = \"own\"\nversion = \"1.0.0\"\nrequires = \">=1.0, <2\"\ntitle = \"t\"\n\
        published = 2026-11-23\n[attributes.\"x.a\"]\ntype = \"bool\"\nscope = \"campaign\"\n\
        title = \"t\"\n";
    vec![PackFile { path: "pack.toml".to_owned(), bytes: manifest.as_bytes().into() }]
}

#[test]
fn each_code_is_told_once() {
    let page = text("docs/reference/codes.md");
    let rows: Vec<&str> =
        page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    let distinct: BTreeSet<&str> = rows.iter().copied().collect();
    assert_eq!(rows.len(), distinct.len());
}
