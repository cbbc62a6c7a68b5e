//! The project's own chores: `cargo xtask help` lists them.
//!
//! Anything with logic that concerns the repository, and not its users, is here: Rust that anybody
//! can read and run, not shell.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "chores talk to the person who runs them"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "chores read and write the repository's files and time their steps; core does not"
)]

mod c;
mod generate;
mod layers;
mod python;
mod readme;
mod steps;
mod wheel;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use generate::Stale;
use steps::{Golden, Step};

const HELP: &str = "\
usage: cargo xtask <chore>

  test [--bless]       run every test that a contributor needs; --bless rewrites the golden files \
                    from what came out
  ci                   everything that must hold before a change goes in
  layers               check that the modules of core import only what stands above them
  generate [--check]   write the pages and files made from the sources; --check only compares
  c [--check]          write the C header and the record of its binary interface; --check only \
                    compares
  install --prefix DIR [--profile NAME]
                       build the C libraries and install header, libraries and files for \
                    pkg-config and CMake; with
                       `--profile release`, libraries that are larger and quicker to build
  python               build the wheel and the source distribution, and test both as installed
  help                 this text";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let root = root();
    let outcome = match words.as_slice() {
        ["test"] => steps::run(&root, &steps::tests(Golden::Compare)),
        ["test", "--bless"] => steps::run(&root, &steps::tests(Golden::Rewrite)),
        ["ci"] => ci(&root),
        ["layers"] => layers::check(&root),
        ["generate"] => generate::generate(&root, Stale::Rewrite),
        ["generate", "--check"] => generate::generate(&root, Stale::Refuse),
        ["c"] => c::generate(&root, Stale::Rewrite),
        ["c", "--check"] => c::generate(&root, Stale::Refuse),
        ["python"] => wheel::check(&root),
        ["install", "--prefix", prefix] => install(&root, prefix, c::PROFILE),
        ["install", "--prefix", prefix, "--profile", profile] => install(&root, prefix, profile),
        ["help" | "--help" | "-h"] => {
            println!("{HELP}");
            Ok(())
        }
        _ => {
            eprintln!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn install(root: &Path, prefix: &str, profile: &str) -> Result<(), String> {
    let prefix = std::path::absolute(prefix).map_err(|error| format!("{prefix}: {error}"))?;
    c::install(root, &prefix, profile)
}

/// The checks that are quick to fail come first; the README's commands, which run all tests, come
/// last.
fn ci(root: &Path) -> Result<(), String> {
    let mut steps = vec![
        Step::new("format", "cargo fmt --all --check"),
        Step::new("layers", "cargo xtask layers"),
        Step::new("generated files", "cargo xtask generate --check"),
        Step::new("C header", "cargo xtask c --check"),
        Step::new("lints", "cargo clippy --workspace --all-targets -- -D warnings"),
        Step::new("documentation", "cargo doc --workspace --no-deps --document-private-items")
            .with_env("RUSTDOCFLAGS", "-D warnings"),
    ];
    steps.extend(readme::steps(root)?);
    steps::run(root, &steps)
}

/// The top of the repository: the folder above this crate's.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}
