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

mod api;
mod browser;
mod c;
mod deny;
mod dist;
mod generate;
mod js;
mod layers;
mod origins;
mod others;
mod pages;
mod python;
mod readme;
mod report;
mod shared;
mod steps;
mod typescript;
mod wheel;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use generate::Stale;
use steps::{Golden, Step};
use wheel::Trial;

const HELP: &str = "\
usage: cargo xtask <chore>

  test [--bless]       run every test that a contributor needs; --bless rewrites the golden files
                       from what came out
  ci                   everything that must hold before a change goes in
  full                 that, and what takes longer or needs more: what is shipped, as it is shipped,
                       and the random judges four times; missing tools are named
  mutants              change the built-in packs' rules one thing at a time: the share of changes
                       that the packs' own tests notice, and each that none does
  layers               check that the modules of core import only what stands above them
  pages                check that no link in a page leads to nothing, and that every page is reached
  deny                 check licences, sources and known weaknesses of what we depend on, where
                       `cargo deny` is installed
  shared               check that no command builds a crate again that another has built
  generate [--check]   write the pages and files made from the sources; --check only compares
  api [--check]        write the list of what the engine crate promises by name; --check only
                       compares
  c [--check]          write the C header and the record of its binary interface; --check only
                       compares
  install --prefix DIR [--libdir DIR] [--profile NAME] [--features none|parquet]
                       build the C libraries and install headers, libraries, licences and files
                       for pkg-config and CMake, below DESTDIR where that is set; with
                       `--profile release`, libraries that are larger and quicker to build; with
                       `--features parquet`, libraries that read and write Parquet, and Arrow IPC
                       that is compressed by Zstandard; with `--features none`, libraries that
                       judge and explain, in half of the space
  python [--long]      build the wheel and the source distribution, and test both as installed;
                       --long with a long search for leaks
  others               build and run the gates in Go, Java, C#, PHP and Ruby, of those that are
                       installed
  js [--quick]         build the JavaScript package, test it as installed, make the playground and
                       try it in a browser; --quick optimises little and makes no playground
  dist [PART …]        make what is handed out of a version, in `target/artefacts`, and try each in an
                       empty folder: command, c, python, js, crate, container, papers
  report               make pages of reports and look at them in a browser: at three widths, by
                       day and by night, on paper, and beside pictures of before
  spark [--wheel FILE] build the wheel and run Spark with it on this machine, in an environment of
                       its own: the same counts as one process, and the times of both; --wheel
                       takes one that was built, such as that of `dist`
  web [--wheel FILE]   run the examples of gates behind FastAPI and Django; --wheel as above
  http [--long] [--wheel FILE]
                       run a day of the example of a gate as a service on the loopback address:
                       answers, records, rotation and reloads; --long with a thousand reloads
  webhook [--wheel FILE]
                       run the example of a webhook handler behind uvicorn on the loopback address
  help                 this text";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let root = root();
    let outcome = match words.as_slice() {
        ["test"] => steps::run(&root, &steps::tests(Golden::Compare)),
        ["test", "--bless"] => steps::run(&root, &steps::tests(Golden::Rewrite)),
        ["ci"] => ci(&root),
        ["full"] => full(&root),
        ["mutants"] => steps::run(&root, &[steps::mutants()]),
        ["layers"] => layers::check(&root),
        ["pages"] => pages::check(&root),
        ["deny"] => deny::check(&root),
        ["shared"] => shared::check(&root),
        ["generate"] => generate::generate(&root, Stale::Rewrite),
        ["generate", "--check"] => generate::generate(&root, Stale::Refuse),
        ["api"] => api::generate(&root, Stale::Rewrite),
        ["api", "--check"] => api::generate(&root, Stale::Refuse),
        ["c"] => c::generate(&root, Stale::Rewrite),
        ["c", "--check"] => c::generate(&root, Stale::Refuse),
        ["python"] => wheel::check(&root, Trial::Short),
        ["python", "--long"] => wheel::check(&root, Trial::Long),
        ["others"] => others::check(&root),
        ["js"] => js::check(&root, js::Made::Shipped),
        ["js", "--quick"] => js::check(&root, js::Made::Quick),
        ["dist", parts @ ..] => dist::make(&root, parts),
        ["report"] => report::check(&root),
        ["spark"] => wheel::spark(&root, None),
        ["spark", "--wheel", file] => wheel::spark(&root, Some(file)),
        ["web"] => wheel::web(&root, None),
        ["web", "--wheel", file] => wheel::web(&root, Some(file)),
        ["http"] => wheel::http(&root, Trial::Short, None),
        ["http", "--wheel", file] => wheel::http(&root, Trial::Short, Some(file)),
        ["http", "--long"] => wheel::http(&root, Trial::Long, None),
        ["http", "--long", "--wheel", file] => wheel::http(&root, Trial::Long, Some(file)),
        ["webhook"] => wheel::webhook(&root, None),
        ["webhook", "--wheel", file] => wheel::webhook(&root, Some(file)),
        ["install", rest @ ..] => install(&root, rest),
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

/// What takes longer or needs more than a contributor waits for or has: what is shipped, as it is
/// shipped, and the random judges with four times their usual number.
fn full(root: &Path) -> Result<(), String> {
    for (tool, what) in TOOLS {
        let version = std::process::Command::new(tool).arg("--version").output();
        if !version.is_ok_and(|output| output.status.success()) {
            println!("missing: `{tool}`, so {what} are not run");
        }
    }
    let mut steps = ci_steps(root)?;
    steps.extend(js_step("JavaScript package and playground", "cargo xtask js", js::missing()));
    steps.extend([
        Step::new("judges, four times", "cargo test --release -p cleartosend-tests")
            .with_env("CTS_TIMES", "4"),
        Step::new("C libraries as they are shipped", "cargo test -p cleartosend-ffi")
            .with_env("CTS_C_PROFILE", "c"),
        Step::new("engine crate, packaged", "cargo package --package cleartosend --allow-dirty"),
        Step::new("wheel, a long search for leaks", "cargo xtask python --long"),
        Step::new("a day of a gate as a service", "cargo xtask http --long"),
        Step::new("webhook handler", "cargo xtask webhook"),
        Step::new("pages of reports in a browser", "cargo xtask report"),
        Step::new("gates in other languages", "cargo xtask others"),
        Step::new("gates behind web frameworks", "cargo xtask web"),
        Step::new("Spark", "cargo xtask spark"),
        Step::new("what is handed out", "cargo xtask dist"),
        Step::new(
            "speed, a look",
            "cargo run --release --manifest-path benches/Cargo.toml --no-default-features -- --quick",
        ),
        Step::new(
            "speed of account books, a look",
            "cargo run --release --manifest-path benches/accounts/Cargo.toml -- --people 100000 --rows 1000000",
        ),
    ]);
    steps::run(root, &steps)
}

/// What else has to be there for all of `full`.
const TOOLS: [(&str, &str); 5] = [
    ("java", "the tests on Spark"),
    ("gcc", "the programs in C"),
    ("g++", "the programs in C++"),
    ("valgrind", "the C programs under valgrind and the instruction counts"),
    ("cmake", "the examples that CMake builds"),
];

fn install(root: &Path, words: &[&str]) -> Result<(), String> {
    let staged = std::env::var_os("DESTDIR").map(PathBuf::from);
    c::install(root, &c::Options::of(words, staged)?)
}

/// The checks that are quick to fail come first; the README's commands, which run all tests, come
/// last.
fn ci(root: &Path) -> Result<(), String> {
    steps::run(root, &ci_steps(root)?)
}

fn ci_steps(root: &Path) -> Result<Vec<Step>, String> {
    let mut steps = vec![
        Step::new("format", "cargo fmt --all --check"),
        Step::new("layers", "cargo xtask layers"),
        Step::new("pages", "cargo xtask pages"),
        Step::new("shared builds", "cargo xtask shared"),
        Step::new("dependencies", "cargo xtask deny"),
        Step::new("generated files", "cargo xtask generate --check"),
        Step::new("C header", "cargo xtask c --check"),
        Step::new("public items", "cargo xtask api --check"),
        Step::new("lints", "cargo clippy --workspace --all-targets -- -D warnings"),
        Step::new("documentation", "cargo doc --workspace --no-deps --document-private-items")
            .with_env("RUSTDOCFLAGS", "-D warnings"),
    ];
    steps.extend(readme::steps(root)?);
    steps.extend(js_step("JavaScript package", "cargo xtask js --quick", js::missing_for_ci()));
    Ok(steps)
}

/// A step of the JavaScript package, where there is what builds it.
fn js_step(name: &str, command: &str, missing: Option<String>) -> Option<Step> {
    match missing {
        None => Some(Step::new(name, command)),
        Some(lacks) => {
            println!("skipped: {name}; missing: {lacks}");
            None
        }
    }
}

/// The top of the repository: the folder above this crate's.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}
