//! The reference of codes names those that the source has, and no other.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test that cannot read the sources has failed"
)]

use std::collections::BTreeSet;
use std::path::Path;

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

#[test]
fn each_code_is_told_once() {
    let page = text("docs/reference/codes.md");
    let rows: Vec<&str> =
        page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    let distinct: BTreeSet<&str> = rows.iter().copied().collect();
    assert_eq!(rows.len(), distinct.len());
}
