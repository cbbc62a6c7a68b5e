//! Small trees, each with what a scan must say of it: `scan/cases.toml`, and `scan/misread.toml` of
//! what a reader may read past.
//!
//! The format stands at the head of the first. A case that only says `allow` proves that an
//! innocent stays one.

#![expect(
    clippy::expect_used,
    reason = "a test that cannot set up its files fails, also in its helpers"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use cleartosend::expert::clients::Catalogue;
use cleartosend_scan::{Acceptances, Options, Report, scan};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    why: String,
    /// `allow`, `review` or `deny`.
    verdict: String,
    /// Each finding as `STATUS ECOSYSTEM:NAME`, without repetition; if left out, it is not
    /// compared.
    finds: Option<BTreeSet<String>>,
    /// Parts of notes, broken files and skipped files that must be told.
    #[serde(default)]
    tells: Vec<String>,
    #[serde(default)]
    encoding: Encoding,
    files: BTreeMap<String, String>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Encoding {
    #[default]
    Utf8,
    Utf16Le,
    Utf16Be,
    Latin1,
}

impl Encoding {
    fn bytes(self, text: &str) -> Vec<u8> {
        match self {
            Self::Utf8 => text.as_bytes().to_vec(),
            Self::Utf16Le => [0xff, 0xfe]
                .into_iter()
                .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
                .collect(),
            Self::Utf16Be => [0xfe, 0xff]
                .into_iter()
                .chain(text.encode_utf16().flat_map(u16::to_be_bytes))
                .collect(),
            Self::Latin1 => text
                .chars()
                .map(|c| u8::try_from(u32::from(c)).expect("a letter of Latin-1"))
                .collect(),
        }
    }
}

fn cases() -> Vec<Case> {
    let mut all = Vec::new();
    for file in ["cases.toml", "misread.toml"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scan").join(file);
        #[expect(clippy::disallowed_methods, reason = "cases are files")]
        let text = fs::read_to_string(path).expect("readable");
        let cases: Cases = toml::from_str(&text).expect("the format of cases");
        all.extend(cases.case);
    }
    all
}

fn scanned(case: &Case) -> Report {
    let root = tempfile::tempdir().expect("a directory");
    for (path, text) in &case.files {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("directories");
        fs::write(path, case.encoding.bytes(text)).expect("a file");
    }
    let options = Options {
        accepted: Acceptances::On("2026-11-28".parse().expect("a day")),
        ..Options::default()
    };
    scan(root.path(), &Catalogue::built_in().expect("catalogue"), &options)
        .expect("a readable tree")
}

fn mistakes(case: &Case) -> Vec<String> {
    let report = scanned(case);
    let mut mistakes = Vec::new();
    if report.verdict().name() != case.verdict {
        mistakes.push(format!("verdict {}, not {}", report.verdict().name(), case.verdict));
    }
    let found: BTreeSet<String> = report
        .findings
        .iter()
        .map(|finding| format!("{} {}", finding.status, finding.client()))
        .collect();
    if case.finds.as_ref().is_some_and(|finds| *finds != found) {
        mistakes.push(format!("finds {found:?}"));
    }
    let mut reported: Vec<String> =
        report.broken.iter().map(|broken| format!("{}: {}", broken.file, broken.reason)).collect();
    reported.extend(
        report.skipped.iter().map(|skipped| format!("{}: {}", skipped.file, skipped.reason)),
    );
    reported.extend(report.notes.iter().map(|note| format!("{}: {}", note.file, note.text)));
    reported.extend(
        report
            .unused_acceptances
            .iter()
            .map(|unused| format!("{:?} {}", unused.why, unused.client)),
    );
    for part in
        case.tells.iter().filter(|part| !reported.iter().any(|reported| reported.contains(*part)))
    {
        mistakes.push(format!("does not tell `{part}` but {reported:?}"));
    }
    mistakes
}

#[test]
fn every_tree_is_judged_as_its_case_says() {
    let mut wrong = Vec::new();
    let mut names = BTreeSet::new();
    for case in cases() {
        assert!(names.insert(case.name.clone()), "{} is there twice", case.name);
        for mistake in mistakes(&case) {
            wrong.push(format!("{} ({}): {mistake}", case.name, case.why));
        }
    }
    assert!(names.len() > 150, "{}", names.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_wrong_expectation_fails() {
    let mut cases = cases();
    let case = cases.iter_mut().find(|case| case.verdict == "deny").expect("a case");
    "allow".clone_into(&mut case.verdict);
    case.tells.push("never told".to_owned());
    assert_eq!(mistakes(case).len(), 2);
}
