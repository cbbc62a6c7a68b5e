//! The answers for people in Spanish and Portuguese: golden papers, and what does not depend on the
//! language.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test that cannot read its files or its output has failed"
)]

use super::support::{cts, root};

fn out(arguments: &[&str]) -> String {
    String::from_utf8(cts(arguments).stdout).unwrap()
}

/// Digests change with every word of a pack, and are no words.
fn masked(text: &str) -> String {
    let mut masked = String::new();
    for (number, part) in text.split("sha256:").enumerate() {
        if number > 0 {
            masked.push_str("sha256:…");
        }
        masked.push_str(if number == 0 { part } else { part.get(64..).unwrap_or_default() });
    }
    masked
}

/// The answer as the file of that name in `cli/tests/languages/` has it; with `BLESS` the file is
/// written.
fn reads_as(name: &str, arguments: &[&str]) {
    let path = root().join("cli/tests/languages").join(name);
    let found = masked(&out(arguments));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "{name} reads otherwise; look at it, and rewrite it with `cargo xtask test --bless`:\n{found}"
    );
}

#[test]
fn papers_read_as_an_officer_writes() {
    for lang in ["es", "pt"] {
        let check = |example: &str| {
            let file = format!("examples/{example}.json");
            reads_as(&format!("{example}.{lang}.txt"), &["check", &file, "--full", "--lang", lang]);
            reads_as(&format!("{example}-short.{lang}.txt"), &["check", &file, "--lang", lang]);
            // An hour is soon looked through.
            let explained = ["explain", &file, "--until", "2026-03-02T16:00:00Z", "--lang", lang];
            reads_as(&format!("{example}-explained.{lang}.txt"), &explained);
        };
        check("spring-sale");
        check("missing-facts");
        check("clean-campaign");
        let provider =
            ["provider", "Hubtyp3", "--domain", "hubtyp3.example", "--advice", "--lang", lang];
        reads_as(&format!("provider.{lang}.txt"), &provider);
        let screen = [
            "screen",
            "examples/campaign-only.json",
            "examples/audience.csv",
            "--keep",
            "id",
            "--ignore",
            "name",
            "--lang",
            lang,
        ];
        reads_as(&format!("screen.{lang}.txt"), &screen);
        let explain = ["pack", "explain", "consent.opted-out", "--lang", lang];
        reads_as(&format!("explain.{lang}.txt"), &explain);
    }
}

#[test]
fn explanations_read_in_the_language_that_is_asked_for() {
    for (lang, words) in [
        ("es", ["DENEGADO", "Qué ayudaría", "send_at: 2024-05-15T00:00:00Z", "Cuándo"]),
        ("pt", ["NEGADO", "O que ajudaria", "send_at: 2024-05-15T00:00:00Z", "Quando"]),
    ] {
        let page = out(&["explain", "examples/turkey-2024.json", "--lang", lang]);
        assert!(page.starts_with(words[0]), "{page}");
        assert!(words.iter().all(|word| page.contains(word)), "{page}");
        assert!(page.contains("territory.turkey-barred"), "{page}");
    }
}

#[test]
fn english_is_what_is_printed_without_being_asked_for() {
    for arguments in [
        &["check", "examples/spring-sale.json"][..],
        &["explain", "examples/turkey-2024.json"],
        &["provider", "Hubtyp3", "--advice"],
        &["pack", "explain", "consent.opted-out"],
        &["screen", "examples/campaign-only.json", "examples/audience.csv", "--ignore", "id,name"],
    ] {
        assert_eq!(out(&[arguments, &["--lang", "en"]].concat()), out(arguments), "{arguments:?}");
    }
}

#[test]
fn what_programs_read_is_the_same_in_every_language() {
    for arguments in [
        &["check", "--json", "examples/spring-sale.json"][..],
        &["explain", "--json", "examples/turkey-2024.json"],
        &["check", "--json", "--all", "examples/missing-facts.json"],
        &["provider", "Hubtyp3", "--advice", "--json"],
        &[
            "screen",
            "--json",
            "examples/campaign-only.json",
            "examples/audience.csv",
            "--ignore",
            "id,name",
        ],
    ] {
        let english = cts(arguments);
        assert!(!english.stdout.is_empty(), "{arguments:?}");
        for lang in ["es", "pt"] {
            let other = cts(&[arguments, &["--lang", lang]].concat());
            assert_eq!(other.stdout, english.stdout, "{arguments:?} in {lang}");
            assert_eq!(other.status.code(), english.status.code(), "{arguments:?} in {lang}");
        }
    }
}

#[test]
fn another_language_is_refused_with_the_nearest() {
    for (lang, says) in [
        ("fr", "expected en, es or pt"),
        ("pt-BR", "did you mean `pt`?"),
        ("es_MX.UTF-8", "did you mean `es`?"),
        ("ES", "did you mean `es`?"),
    ] {
        let refused = cts(&["check", "examples/spring-sale.json", "--lang", lang]);
        assert_eq!((refused.status.code(), refused.stdout.len()), (Some(2), 0), "{lang}");
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(said.contains(says), "{lang}: {said}");
    }
}
