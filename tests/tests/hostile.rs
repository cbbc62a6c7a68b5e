//! Whatever bytes come in, nothing panics: they are judged, or refused in one line.
//!
//! `CTS_SEED` chooses the mutants and `CTS_HOSTILE` multiplies how many bytes of them there are.
//! What must hold, the good inputs and the ways to spoil them are those of the fuzz targets; see
//! `docs/internals/fuzzing.md`.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../../fuzz/src/lib.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    clippy::allow_attributes,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the same source is a crate of its own, with programs that use all of it"
)]
mod fuzz;

use std::thread;

use cleartosend::Engine;
use cleartosend::expert::limits;
use cleartosend_tests::generate::seed;
use fuzz::{Ended, Target, campaign, seeds};

/// What `CTS_HOSTILE` says, else 1.
fn times() -> usize {
    #[expect(clippy::disallowed_methods, reason = "how long to test; the engine never sees it")]
    let given = std::env::var("CTS_HOSTILE").ok().and_then(|text| text.parse().ok());
    given.unwrap_or(1)
}

/// Judges some bytes of mutants, and demands that both ends are met, or nothing was tested.
fn hold(target: Target, bytes: usize) {
    let seed = seed(1);
    match campaign::run(target, seed, bytes * times()) {
        Ok(report) => {
            #[expect(clippy::print_stdout, reason = "how much was tried")]
            {
                println!("{}: {report:?}", target.name());
            }
            assert!(report.accepted > 0 && report.refused > 0, "{}: {report:?}", target.name());
        }
        Err(broken) => panic!(
            "{}: CTS_SEED={seed}, input {}: {}\nmade small: {}",
            target.name(),
            broken.number,
            broken.because,
            broken.small.escape_ascii()
        ),
    }
}

#[test]
fn documents() {
    hold(Target::Document, 600_000);
}

#[test]
fn expressions() {
    hold(Target::Expression, 100_000);
}

#[test]
fn conditions() {
    hold(Target::Condition, 30_000);
}

#[test]
fn packs() {
    hold(Target::Pack, 600_000);
}

#[test]
fn directories() {
    hold(Target::Directory, 200_000);
}

#[test]
fn tables() {
    hold(Target::Table, 100_000);
}

#[test]
fn facts_given_one_by_one() {
    hold(Target::Facts, 100_000);
}

#[test]
fn what_once_broke_stays_mended() {
    for target in Target::ALL {
        for (name, bytes) in seeds::regressions(target) {
            if let Err(because) = campaign::judged(target, &bytes) {
                panic!("fuzz/regressions/{}/{name}: {because}", target.name());
            }
        }
    }
}

#[test]
fn good_inputs_are_good() {
    for target in
        [Target::Document, Target::Condition, Target::Pack, Target::Directory, Target::Table]
    {
        let regressions = seeds::regressions(target).len();
        let seeds = seeds::of(target);
        for (number, seed) in seeds.iter().take(seeds.len() - regressions).enumerate() {
            let ended = target.judge(seed);
            // Not every condition of a pack is one without what the pack names.
            let text = String::from_utf8_lossy(seed);
            let names_more = target == Target::Condition
                && ["sets.", "conditions.", "tables."].iter().any(|kind| text.contains(kind));
            assert!(
                ended == Ended::Accepted || names_more,
                "{} {number}: {}",
                target.name(),
                seed.escape_ascii()
            );
        }
    }
}

/// Half of what Rust gives a thread. Tests are built with few optimisations, and frames are then
/// two to three times what a release has: a release stays well within the 512 KiB that macOS gives
/// a thread.
const SMALL_STACK: usize = 1024 * 1024;

/// Runs this with little stack. If it does not suffice, the process dies, and no test can fail more
/// plainly.
fn with_little_stack(what: impl FnOnce() + Send + 'static) {
    thread::Builder::new().stack_size(SMALL_STACK).spawn(what).unwrap().join().unwrap();
}

#[test]
fn the_deepest_expressions_fit_a_small_stack() {
    // Each of them nests as deep as is allowed, and one deeper.
    let deepest = |deep: usize| {
        let nested = |open: &str, inner: &str, close: &str| {
            format!("{}{inner}{}", open.repeat(deep), close.repeat(deep))
        };
        let exists =
            (0..deep).fold("true".to_owned(), |inner, at| format!("[1].exists(v{at}, {inner})"));
        vec![
            nested("!", "true", ""),
            nested("-", "account.daily_limit", "") + " == 1",
            nested("(", "true", ")"),
            nested("[", "1", "]") + " == []",
            nested("true ? ", "true", " : false"),
            nested("true || (", "account.quality == 'red'", ")"),
            nested("account.quality == 'red' && !(", "account.country == 'ES'", ")"),
            nested(
                "account.quality == 'red' || (has(recipient.phone) && (",
                "recipient.phone == '+15550001111'",
                "))",
            ),
            "account.daily_limit + 1 ".to_owned() + &"+ 1 ".repeat(deep) + "== 1",
            "account.quality == 'red' ".to_owned() + &"&& account.country != 'ES' ".repeat(deep),
            exists,
        ]
    };
    with_little_stack(move || {
        let mut accepted = 0;
        for deep in (1..=limits::EXPRESSION_DEPTH_MAX + 2).rev() {
            for source in deepest(deep) {
                accepted +=
                    usize::from(Target::Expression.judge(source.as_bytes()) == Ended::Accepted);
                // The compiler of conditions sees fewer: each takes a pack.
                if deep % 16 == 0 || deep > limits::EXPRESSION_DEPTH_MAX - 3 {
                    Target::Condition.judge(source.as_bytes());
                }
            }
        }
        assert!(
            accepted > limits::EXPRESSION_DEPTH_MAX * 8,
            "{accepted} were accepted: the rest nests less deep than it looks"
        );
    });
}

#[test]
fn the_deepest_documents_and_packs_fit_a_small_stack() {
    with_little_stack(|| {
        for deep in [1, limits::DOCUMENT_DEPTH_MAX, 126, 127, 128, 1000, 100_000] {
            for (open, close) in [
                ("[", "]"),
                ("{\"x\":", "}"),
                ("{\"provider\":", "}"),
                ("[{\"a\":", "}]"),
                ("{\"intermediaries\":[", "]}"),
            ] {
                let text = format!("{}1{}", open.repeat(deep), close.repeat(deep));
                for document in [
                    text.clone(),
                    format!("{{\"account\":{text}}}"),
                    format!("{{\"access\":{{\"clients\":{text}}}}}"),
                    open.repeat(deep),
                ] {
                    Target::Document.judge(document.as_bytes());
                    Target::Directory.judge(document.as_bytes());
                    Target::Directory.judge(format!("{{\"providers\":{document}}}").as_bytes());
                }
            }
            for (open, close) in
                [("[", "]"), ("{a=", "}"), ("[{a=", "}]"), ("{a.a.a.a.a.a.a=", "}")]
            {
                let text = format!("a = {}1{}\n", open.repeat(deep), close.repeat(deep));
                for path in [
                    "pack.toml",
                    "rules/window.toml",
                    "sets.toml",
                    "ladder.toml",
                    "tests/window.toml",
                ] {
                    Target::Pack.judge(format!("{path}\n{text}").as_bytes());
                }
                Target::Pack.judge(format!("tests/window.toml\n[base.b]\n{text}").as_bytes());
            }
        }
    });
}

#[test]
fn the_engine_itself_is_made_with_a_small_stack() {
    with_little_stack(|| {
        Engine::builder().built_in_pack("whatsapp").build().unwrap();
    });
}
