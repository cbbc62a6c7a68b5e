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

/// On which page the codes of each kind stand, and in which folders they are made.
const KINDS: &[(&str, &str, &[&str])] = &[
    ("cel/", CODES, &["core/src"]),
    ("facts/", CODES, ALL),
    ("engine/", CODES, ALL),
    ("compile/", CODES, ALL),
    ("directory/", CODES, ALL),
    ("catalogue/", CODES, ALL),
    ("scan/", CODES, ALL),
    ("explain/", CODES, ALL),
    ("diff/", CODES, ALL),
    ("lint/", CODES, ALL),
    ("screen/", CODES, ALL),
    ("audience/", CODES, ALL),
    ("record/", CODES, ALL),
    ("trust/", CODES, ALL),
    ("internal/", CODES, ALL),
    ("account/", "docs/reference/account.md", &["account/src", "cli/src"]),
    ("store/", "docs/reference/account.md", &["store/src"]),
    ("c/", "docs/c.md", &["ffi/src"]),
    ("python/", "docs/python.md", &["python/src", "python/package"]),
];

const CODES: &str = "docs/reference/codes.md";

const ALL: &[&str] = &[
    "account/src",
    "audience/src",
    "authoring/src",
    "cli/src",
    "core/src",
    "evidence/src",
    "ffi/src",
    "files/src",
    "js/src",
    "python/src",
    "scan/src",
    "screening/src",
    "store/src",
];

/// Codes that no case brings about, and why.
const NOT_MET: &[(&str, &str)] = &[
    ("account/bad-date", "reported as a note of a change, which has the words and no code"),
    ("account/no-time", "reported as a note of a change, which has the words and no code"),
    ("audience/pipe-too-long", "16 GiB through a pipe"),
    ("audience/repeats-too-much", "four gigabytes of result"),
    ("audience/unreadable", "a disk that fails while a file is read"),
    ("audience/unwritable-type", "the command and Python keep such columns out before"),
    ("audience/unwritten", "a disk that fails while a file is written"),
    ("c/empty-report", "its functions give a status, CTS_ERR_EMPTY, and no error"),
    ("c/index", "its functions give a status, CTS_ERR_INDEX, and no error"),
    ("c/no-event", "its function gives a status, CTS_ERR_EMPTY, and no error"),
    ("compile/other-schema", "packs that a builder of engines loaded have one schema"),
    ("compile/table-too-large", "a table of a gigabyte"),
    ("compile/too-many-classes", "65,536 values that conditions tell apart"),
    ("compile/too-many-dimensions", "60,001 questions"),
    ("compile/too-many-rules", "131,073 rules"),
    ("directory/too-many-providers", "more than a million providers"),
    ("lint/not-compared", "rules that one case leaves with 10,000 clauses of others"),
    ("pack/too-many-members", "a set of more than a million members"),
    ("record/packs", "packs that fitted together when the record was written"),
    ("record/report", "a mistake in cleartosend"),
    ("record/too-large", "a line of 64 MiB"),
    ("screen/too-many-findings", "a batch of two thousand million findings"),
    ("screen/too-many-threads", "the command's own reader of numbers is before it"),
    ("store/busy", "another process that keeps a store for half a minute"),
];

fn text(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)).unwrap()
}

/// The codes of that kind that begin after one of those marks; a message may follow after a colon.
fn codes(text: &str, marks: &[char], kind: &str) -> BTreeSet<String> {
    let code = |part: &str| {
        let rest = part.strip_prefix(kind)?;
        let is_of_name = |byte: &u8| byte.is_ascii_lowercase() || *byte == b'-';
        let length = rest.bytes().take_while(is_of_name).count();
        let (name, after) = rest.split_at(length);
        let is_code = !name.is_empty() && (after.is_empty() || after.starts_with([':', ']']));
        is_code.then(|| format!("{kind}{name}"))
    };
    text.lines().flat_map(|line| line.split(marks).filter_map(code)).collect()
}

/// The text of all sources below a folder.
fn sources(folder: &Path, found: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs" || ending == "py") {
            found.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn every_code_of_the_source_is_documented_and_no_other() {
    let of = |folders: &[&str]| {
        let mut source = String::new();
        for folder in folders {
            sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder), &mut source);
        }
        source
    };
    let all = of(ALL);
    for (kind, page, folders) in KINDS {
        let some = if *folders == ALL { String::new() } else { of(folders) };
        let source = if *folders == ALL { &all } else { &some };
        let made = codes(source, &['"', '['], kind);
        assert!(!made.is_empty(), "no code of kind {kind} in {folders:?}");
        let current: String = text(page)
            .lines()
            .filter(|line| !line.contains("retired with"))
            .map(|line| format!("{line}\n"))
            .collect();
        assert_eq!(
            made,
            codes(&current, &['`'], kind),
            "the source has the codes on the left, {page} those on the right"
        );
    }
}

/// The codes that cases expect, in the files of tests, which stand apart from the sources. A code
/// counts where a program or a table of cases has it as a value, or at the beginning of one: not in
/// a comment, within a sentence, or in a file that nothing runs.
fn expected(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let is_test = path.components().any(|part| part.as_os_str() == "tests");
        if path.is_dir() && !["src", "target", ".git", "node_modules", "compat"].contains(&name) {
            expected(&path, found);
        } else if is_test && path.is_file() {
            let ending = path.extension().and_then(|ending| ending.to_str());
            let is_read = matches!(ending, Some("rs" | "c" | "cpp" | "py" | "toml" | "json"));
            if is_read {
                // Documents that are refused for their bytes are among them.
                let bytes = std::fs::read(&path).unwrap();
                found.extend(values(&String::from_utf8_lossy(&bytes), ending));
            }
        }
    }
}

/// The codes that stand right after a quotation mark, or in brackets within a text as the command
/// prints them.
fn values(text: &str, ending: Option<&str>) -> BTreeSet<String> {
    let comment = if matches!(ending, Some("py" | "toml")) { "#" } else { "//" };
    let mut found = BTreeSet::new();
    let mut excused = false;
    let mut in_comment = false;
    for line in text.lines().map(str::trim_start) {
        // What is excused above is not met by being named there.
        excused = line.starts_with("const NOT_MET") || (excused && line != "];");
        in_comment |= line.starts_with("/*");
        if !excused && !in_comment && !line.starts_with(comment) {
            found.extend(line.split(['"', '\'', '[']).skip(1).filter_map(code));
        }
        in_comment &= !line.contains("*/");
    }
    found
}

/// The code that a text begins with, where nothing but its message follows.
fn code(text: &str) -> Option<String> {
    let is_of_code = |letter: char| letter.is_ascii_lowercase() || "-/0123456789".contains(letter);
    let end = text.find(|letter| !is_of_code(letter)).unwrap_or(text.len());
    let (code, after) = text.split_at(end);
    let is_code = code.split('/').count() == 2
        && (after.is_empty() || after.starts_with([']', ':', ' ', '\\']));
    is_code.then(|| code.to_owned())
}

/// The codes that a page lists: one a row of its tables, or in its sentences.
fn listed(page: &str, kind: Option<&str>) -> BTreeSet<String> {
    let page = text(page);
    let current = page.lines().filter(|line| !line.contains("retired with"));
    match kind {
        Some(kind) => current.flat_map(|line| codes(line, &['`'], kind)).collect(),
        None => current
            .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
            .filter(|code| code.contains('/'))
            .map(str::to_owned)
            .collect(),
    }
}

#[test]
fn every_code_is_met_by_a_case_as_a_user_would_meet_it() {
    let mut met = BTreeSet::new();
    expected(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap(), &mut met);
    let others = KINDS.iter().filter(|(_, page, _)| *page != CODES);
    let of_others = others.flat_map(|(kind, page, _)| listed(page, Some(kind)));
    let all: BTreeSet<String> = listed(CODES, None).into_iter().chain(of_others).collect();
    let excused: BTreeSet<&str> = NOT_MET.iter().map(|(code, _)| *code).collect();
    let not_met: BTreeSet<&str> = all
        .iter()
        .map(String::as_str)
        // What is a mistake in cleartosend has no input that brings it about.
        .filter(|code| !code.starts_with("internal/") && !met.contains(*code))
        .collect();
    assert_eq!(
        not_met, excused,
        "codes that no case expects on the left, those excused on the right"
    );
}

#[test]
fn a_code_that_is_only_named_is_not_met() {
    for (text, ending, met) in [
        ("    (json!([]), \"kind/name\"),", "rs", true),
        ("    assert!(err.contains(\"x [kind/name]\"));", "rs", true),
        ("    // \"kind/name\" is elsewhere", "rs", false),
        ("    assert!(note.contains(\"unlike kind/name\"));", "rs", false),
        ("/* of\n \"kind/name\" */", "c", false),
        ("code = \"kind/name\"", "toml", true),
        ("# code = \"kind/name\"", "toml", false),
        ("const NOT_MET: &[&str] = &[\n    \"kind/name\",\n];", "rs", false),
    ] {
        assert_eq!(values(text, Some(ending)).contains("kind/name"), met, "{text}");
    }
}

#[test]
fn typed_callers_get_codes_too() {
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
fn each_code_is_reported_once() {
    let page = text("docs/reference/codes.md");
    let rows: Vec<&str> =
        page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    let distinct: BTreeSet<&str> = rows.iter().copied().collect();
    assert_eq!(rows.len(), distinct.len());
}
