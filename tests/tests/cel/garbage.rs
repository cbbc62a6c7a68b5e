//! Garbage never panics, and facts that are filled in never change what was settled.

use std::sync::Arc;

use cleartosend::expert::cel;
use cleartosend::expert::cel::{Environment, Outcome, guard};
use cleartosend::schema::Nullable;
use cleartosend::{Fact, Schema};
use cleartosend_tests::generate::{Generator, Holes, seed, some_sets};
use cleartosend_tests::oracle::harness::times;

const MUTANTS: usize = 25_000;
const EXPRESSIONS: usize = 1_000;

/// What mutants are spliced from.
const PIECES: &[&str] = &[
    "&&",
    "||",
    "==",
    "!=",
    "<",
    "<=",
    "in",
    "+",
    "-",
    "*",
    "/",
    "%",
    "!",
    "?",
    ":",
    ".",
    ",",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "'",
    "\"",
    "\"\"\"",
    "r'",
    "b'",
    "\\",
    "\\u00e9",
    "\\777",
    "\\xZZ",
    "//",
    "\n",
    " ",
    "\u{0}",
    "é",
    "日",
    "1",
    "0x",
    "1e9",
    "1e999",
    "1.5",
    "9223372036854775808",
    "18446744073709551616",
    "1u",
    "true",
    "null",
    "has",
    "has(",
    "size(",
    "all",
    ".all(x, ",
    ".exists_one(",
    "x",
    "account",
    "account.quality",
    "sets.some_texts",
    "sets",
    "timestamp('",
    "duration(",
    ".getHours('",
    "UTC",
    "int(",
    "string(",
    "`",
    "?.",
    "[?",
    "..",
    "-9223372036854775808",
];

#[test]
fn mutants_never_panic() {
    let schema = Schema::built_in();
    let sets = some_sets();
    let environment = Environment { schema: &schema, sets: &sets };
    let mut generator = Generator::new(seed(7), Arc::clone(&schema), &sets);
    let facts: Vec<_> = (0..20).map(|_| generator.facts(Holes::AbsentAndUnknown)).collect();
    let (mut loaded, mut refused) = (0, 0);
    let mut source = String::new();
    for round in 0..MUTANTS * times() {
        // Now and then a fresh one; else the last one, changed once more.
        if round % 12 == 0 || source.len() > 2000 {
            let ty = generator.ty();
            source = generator.expression(ty, 8);
        } else {
            source = mutated(&mut generator, &source);
        }
        match cel::compile(&source, &environment) {
            Ok(expression) => {
                loaded += 1;
                guard::unguarded(None, &expression.root, &schema);
                let outcome = cel::evaluate(&expression, &facts[round % facts.len()]);
                if let Outcome::Error(error) = &outcome {
                    assert!(error.code().starts_with("cel/"), "{}: {source}", error.code());
                }
            }
            Err(error) => {
                refused += 1;
                assert!(error.code().starts_with("cel/"), "{}: {source}", error.code());
                assert!(
                    !error.message().contains('\n') && !error.message().ends_with('.'),
                    "{error}"
                );
                // A place inside the source, at characters.
                assert!(
                    source.get(error.span()).is_some(),
                    "{error}: {:?} in {source:?}",
                    error.span()
                );
                assert!(error.line_column(&source) >= (1, 1));
            }
        }
    }
    println!("{loaded} loaded, {refused} refused");
    assert!(loaded > MUTANTS / 20 && refused > MUTANTS / 4, "too few of a kind to mean anything");
}

fn mutated(generator: &mut Generator, source: &str) -> String {
    let mut characters: Vec<char> = source.chars().collect();
    let piece: Vec<char> = generator.pick(PIECES).chars().collect();
    let random = generator.random();
    let at = random.usize(..=characters.len());
    let end = (at + random.usize(..6)).min(characters.len());
    match random.u8(..5) {
        0 => drop(characters.drain(at..end)),
        1 => drop(characters.splice(at..end, piece)),
        2 => {
            let copied: Vec<char> = characters[at..end].to_vec();
            let to = random.usize(..=characters.len());
            drop(characters.splice(to..to, copied));
        }
        3 if at < characters.len() => characters[at] = char::from(random.u8(32..127)),
        _ => drop(characters.splice(at..at, piece)),
    }
    characters.into_iter().collect()
}

#[test]
fn bytes_never_panic() {
    let schema = Schema::built_in();
    let mut generator = Generator::new(seed(11), Arc::clone(&schema), &[]);
    for _ in 0..MUTANTS / 4 * times() {
        let random = generator.random();
        let bytes: Vec<u8> = (0..random.usize(..60)).map(|_| random.u8(..)).collect();
        let source = String::from_utf8_lossy(&bytes);
        let outcome = cel::compile(&source, &Environment { schema: &schema, sets: &[] });
        assert!(
            outcome.is_ok() || outcome.is_err_and(|error| source.get(error.span()).is_some()),
            "{source:?}"
        );
    }
}

#[test]
fn what_is_settled_stays_settled_when_unknowns_are_filled_in() {
    let schema = Schema::built_in();
    let sets = some_sets();
    let environment = Environment { schema: &schema, sets: &sets };
    let mut generator = Generator::new(seed(13), Arc::clone(&schema), &sets);
    let (mut settled, mut open) = (0, 0);
    for _ in 0..EXPRESSIONS * times() {
        let (ty, parts) = (generator.ty(), generator.random().usize(1..20));
        let source = generator.expression(ty, parts);
        let expression = cel::compile(&source, &environment)
            .unwrap_or_else(|error| panic!("{error} in `{source}`"));
        let facts = generator.facts(Holes::AbsentAndUnknown);
        let first = cel::evaluate(&expression, &facts);
        if let Outcome::Undetermined(lacked) = &first {
            open += 1;
            let unknown = lacked.iter().all(|id| {
                facts.facts[id.index()].is_unknown() && expression.attributes().contains(id)
            });
            assert!(unknown && !lacked.is_empty(), "`{source}` lacks {lacked:?}");
            continue;
        }
        settled += 1;
        for _ in 0..3 {
            let filled = cel::evaluate(&expression, &generator.completed(&facts));
            // Not `assert_eq`: NaN is itself here.
            assert_eq!(format!("{first:?}"), format!("{filled:?}"), "`{source}`");
        }
    }
    println!("{settled} settled, {open} open");
    assert!(
        settled > EXPRESSIONS / 5 && open > EXPRESSIONS / 5,
        "too few of a kind to mean anything"
    );
}

#[test]
fn a_guarded_condition_never_fails_by_absence() {
    let schema = Schema::built_in();
    let environment = Environment { schema: &schema, sets: &[] };
    let mut generator = Generator::new(seed(17), Arc::clone(&schema), &[]);
    let (mut guarded, mut unguarded) = (0, 0);
    for _ in 0..EXPRESSIONS * times() {
        let parts = generator.random().usize(1..16);
        let plain = generator.condition(parts);
        // Half of them behind a guard that may or may not be the right one.
        let source = match generator.random().bool() {
            true => plain,
            false => {
                let nullable: Vec<_> = schema
                    .iter()
                    .filter(|(_, attribute)| attribute.nullable == Nullable::Yes)
                    .collect();
                let path = &generator.pick(&nullable).1.path;
                format!("has({path}) && ({plain})")
            }
        };
        let expression = cel::compile(&source, &environment)
            .unwrap_or_else(|error| panic!("{error} in `{source}`"));
        let found = guard::unguarded(None, &expression.root, &schema);
        if !found.is_empty() {
            unguarded += 1;
            continue;
        }
        guarded += 1;
        for _ in 0..10 {
            let facts = generator.facts(Holes::Absent);
            assert!(facts.facts.iter().all(|fact| *fact != Fact::Unknown));
            if let Outcome::Error(error) = cel::evaluate(&expression, &facts) {
                assert_ne!(error.code(), "cel/absent", "`{source}`: {error}");
            }
        }
    }
    println!("{guarded} guarded, {unguarded} not");
    assert!(
        guarded > EXPRESSIONS / 10 && unguarded > EXPRESSIONS / 10,
        "too few of a kind to mean anything"
    );
}
