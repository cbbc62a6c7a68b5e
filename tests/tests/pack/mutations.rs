//! Whatever bytes a pack's files hold, loading ends with a pack or with problems that stand where
//! they say.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::borrow::Cow;

use cleartosend::{Pack, PackFile, Schema};
use cleartosend_tests::oracle::harness::times;
use fastrand::Rng;

use crate::common;

/// A tenth of them without optimisation, where they take as long.
const MUTATIONS: usize = 1_500;

/// Texts that mean something to one of the readers.
const TOKENS: [&str; 34] = [
    "\n[[rule]]\n",
    "\n[[set.entry]]\n",
    "\n[[test]]\n",
    "[",
    "]",
    "{",
    "}",
    "{{",
    "}}",
    "'''",
    "\"\"\"",
    "\"",
    "'",
    "=",
    ".",
    ",",
    "#",
    "\\u00",
    "\r\n",
    "2024-02-29",
    "0000-01-01",
    "T00:00:60",
    "+24:00",
    "nan",
    "-inf",
    "0x",
    "9223372036854775808",
    "é",
    "\u{202e}",
    "x.tier",
    "has(",
    " && ",
    "sets.",
    "id = ",
];

fn mutate(rng: &mut Rng, files: &mut [PackFile]) {
    let donor = rng.choice(files.iter()).map(|file| file.bytes.to_vec()).unwrap();
    let target = rng.usize(..files.len());
    let bytes = files[target].bytes.to_mut();
    for _ in 0..rng.usize(1..4) {
        let at = rng.usize(..=bytes.len());
        let end = (at + rng.usize(..40)).min(bytes.len());
        match rng.u8(..7) {
            0 if at < bytes.len() => bytes[at] ^= 1 << rng.u8(..8),
            1 if at < bytes.len() => bytes[at] = rng.u8(..),
            2 => drop(bytes.drain(at..end)),
            3 => {
                let copy = bytes[at..end].to_vec();
                let to = rng.usize(..=bytes.len());
                drop(bytes.splice(to..to, copy));
            }
            4 => {
                let from = rng.usize(..=donor.len());
                let until = (from + rng.usize(..200)).min(donor.len());
                drop(bytes.splice(at..end, donor[from..until].iter().copied()));
            }
            5 => bytes.truncate(at),
            _ => drop(bytes.splice(at..at, rng.choice(TOKENS).unwrap().bytes())),
        }
    }
    if rng.u8(..50) == 0 {
        files[target].path = rng
            .choice([
                "sets.toml",
                "pack.toml",
                "rules/a.toml",
                "tests/a.toml",
                "",
                "/\n",
                "rules/..toml",
            ])
            .unwrap()
            .to_owned();
    }
}

fn check(files: &[PackFile], base: &Schema, what: &str) -> bool {
    match Pack::load(files, base) {
        Ok(pack) => {
            let rules = files.iter().filter(|file| file.path.starts_with("rules/"));
            let headers: usize = rules
                .map(|file| String::from_utf8_lossy(&file.bytes).matches("\n[[rule]]\n").count())
                .sum();
            assert!(pack.rules.len() <= headers + files.len(), "{what}: a rule from nowhere");
            true
        }
        Err(errors) => {
            assert!(errors.iter().next().is_some(), "{what}: refused without a reason");
            for error in &errors {
                let text = error.to_string();
                assert!(!text.contains(char::is_control), "{what}: `{text:?}` is not one line");
                assert!(
                    error.code().starts_with("pack/") || error.code().starts_with("cel/"),
                    "{what}: {} {error}",
                    error.code()
                );
                let file = files.iter().find(|file| *file.path == *error.place().file);
                let size = file.map_or(0, |file| file.bytes.len());
                let span = error.span();
                assert!(
                    span.start <= span.end && span.end <= size,
                    "{what}: {error} stands at {span:?} of {size}"
                );
                let before = file.and_then(|file| file.bytes.get(..span.start)).unwrap_or_default();
                let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
                assert_eq!(error.place().line as usize, line, "{what}: {error}");
            }
            false
        }
    }
}

#[test]
fn mutated_packs_are_loaded_or_refused() {
    let (good, base) = (common::good(), common::base());
    let (mut loaded, mut refused) = (0, 0);
    for seed in 0..MUTATIONS * times() {
        let mut files = good.clone();
        mutate(&mut Rng::with_seed(seed as u64), &mut files);
        match check(&files, &base, &format!("seed {seed}")) {
            true => loaded += 1,
            false => refused += 1,
        }
    }
    // A mutation in a comment or a title leaves the pack good; both outcomes must be met, or
    // nothing was tested.
    assert!(
        loaded > MUTATIONS / 100 && refused > MUTATIONS / 2,
        "{loaded} loaded, {refused} refused"
    );
}

#[test]
fn deep_and_hostile_texts_are_refused_in_one_line_each_and_without_exhausting_the_stack() {
    let deep = [
        format!("a = {}1{}", "[".repeat(100_000), "]".repeat(100_000)),
        format!("a = {}", "[".repeat(100_000)),
        format!("a = {}", "{a=".repeat(100_000)),
        format!("a{} = 1", ".a".repeat(100_000)),
        format!("[a{}]\nb = 1", " . \"a\"".repeat(100_000)),
        format!("a = {}1{}", "{a.a.a.a.a.a.a.a=".repeat(79), "}".repeat(79)),
        format!(
            "[base.b.c.d.e.f.g.h]\na.a.a.a.a.a.a.a = {}1{}",
            "[{a.a.a.a.a.a.a.a=".repeat(39),
            "}]".repeat(39)
        ),
        "[[rule]]\n[rule.a]\n".repeat(10_000),
        "[attributes.\"x\\n\"]\n[sources.\"x\\n\"]\n[base.\"x\\n\"]\n[[rule]]\nid = \
         \"x\\n\"\ntopic = \"x\\n\"\nmessage = \"{x\\n}\""
            .to_owned(),
    ];
    for (index, text) in deep.iter().enumerate() {
        for path in
            ["pack.toml", "rules/consent.toml", "sets.toml", "ladder.toml", "tests/consent.toml"]
        {
            let mut files = common::good();
            files.retain(|file| file.path != path);
            files.push(PackFile {
                path: path.to_owned(),
                bytes: Cow::Owned(text.clone().into_bytes()),
            });
            let loaded = check(&files, &common::base(), &format!("text {index} as {path}"));
            // Also where a base is as deep as keys allow: the tests of the good pack then miss
            // theirs.
            assert!(!loaded, "text {index} as {path}");
        }
    }
}
