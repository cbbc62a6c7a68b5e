//! What the tests of the C binding share: an installed prefix, and programs built against it.

#![allow(dead_code, clippy::allow_attributes, reason = "each test file uses what it needs")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot go on fails, and says what it skips"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, OnceLock, PoisonError};

/// How a C program is built and run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Plain,
    /// Under AddressSanitizer, LeakSanitizer and UndefinedBehaviorSanitizer.
    Sanitized,
    Valgrind,
}

/// The top of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// A folder of this test binary's own.
pub(crate) fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("c-binding-{}", std::process::id()))
        .join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Where the libraries are installed: made once, as a user would.
pub(crate) fn prefix() -> &'static Path {
    static PREFIX: OnceLock<PathBuf> = OnceLock::new();
    PREFIX.get_or_init(|| install("prefix", &[]))
}

/// Installs libraries into a folder of that name.
pub(crate) fn install(name: &str, options: &[&str]) -> PathBuf {
    let prefix = scratch(name);
    let mut install = Command::new(env!("CARGO"));
    install
        .args(["run", "--quiet", "-p", "xtask", "--", "install", "--prefix"])
        .arg(&prefix)
        .current_dir(root());
    install.args(["--profile", &profile()]).args(options);
    succeeds(&mut install);
    prefix
}

/// How the libraries are built. The profile `c` of releases is slow to build, and differs in size
/// and speed alone.
#[allow(clippy::disallowed_methods, reason = "a test asks how it is to be run")]
pub(crate) fn profile() -> String {
    std::env::var("CTS_C_PROFILE").unwrap_or_else(|_| "dev".to_owned())
}

/// Whether the libraries are those of quick builds, with which valgrind takes minutes a program.
pub(crate) fn is_unoptimised() -> bool {
    profile() == "dev"
}

/// Says loudly that a test is skipped.
pub(crate) fn skipped(why: &str) {
    eprintln!("SKIPPED: {why}");
}

/// Whether a tool is there; says loudly that a test is skipped where it is not.
pub(crate) fn is_there(tool: &str) -> bool {
    let there =
        Command::new(tool).arg("--version").output().is_ok_and(|output| output.status.success());
    if !there {
        skipped(&format!("`{tool}` is not installed, so this test shows nothing"));
    }
    there
}

/// Builds a program of `tests/c/` against the installed prefix, warnings being errors; once, also
/// where several tests run it.
pub(crate) fn built(name: &str, mode: Mode) -> PathBuf {
    built_with(name, mode, &prefix().join("include"))
}

/// As [`built`], with the header in that folder.
pub(crate) fn built_with(name: &str, mode: Mode, include: &Path) -> PathBuf {
    built_at(name, mode, include, &prefix().join("lib"))
}

/// As [`built_with`], with the libraries in that folder.
pub(crate) fn built_at(name: &str, mode: Mode, include: &Path, lib: &Path) -> PathBuf {
    static BUILT: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
    let header = include.file_name().unwrap().to_str().unwrap();
    let program = scratch("bin").join(format!("{}-{mode:?}-{header}", name.replace('/', "-")));
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    if built.contains(&program) {
        return program;
    }
    let (folder, c, cpp) = (root().join("tests/c"), format!("{name}.c"), format!("{name}.cpp"));
    let (compiler, standard, source) =
        if folder.join(&c).is_file() { ("gcc", "-std=c99", c) } else { ("g++", "-std=c++17", cpp) };
    let mut compiler = Command::new(compiler);
    compiler
        .args([
            standard,
            "-D_POSIX_C_SOURCE=200809L",
            "-Wall",
            "-Wextra",
            "-Wpedantic",
            "-Werror",
            "-g",
            "-o",
        ])
        .arg(&program);
    if mode == Mode::Sanitized {
        compiler.args([
            "-fsanitize=address,undefined",
            "-fno-sanitize-recover=all",
            "-fno-omit-frame-pointer",
        ]);
    }
    compiler.arg("-I").arg(include).arg(folder.join(source));
    compiler
        .arg("-L")
        .arg(lib)
        .args(["-lcleartosend", "-lpthread"])
        .arg(format!("-Wl,-rpath,{}", lib.display()));
    succeeds(&mut compiler);
    built.insert(program.clone());
    program
}

/// How a built program is started in its mode.
pub(crate) fn started(program: &Path, mode: Mode) -> Command {
    if mode != Mode::Valgrind {
        return Command::new(program);
    }
    let mut valgrind = Command::new("valgrind");
    // What the library makes at first use it keeps, time zones behind tagged pointers, which
    // valgrind takes for possibly lost.
    valgrind.args([
        "-q",
        "--error-exitcode=9",
        "--leak-check=full",
        "--show-leak-kinds=definite,indirect",
    ]);
    // Threads take turns, where the system can: otherwise one that is busy may keep the others
    // waiting for minutes.
    valgrind.arg("--fair-sched=try");
    valgrind.arg("--errors-for-leak-kinds=definite,indirect").arg(program);
    valgrind
}

/// Runs a command that must succeed.
pub(crate) fn succeeds(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let (out, err) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {}\n{out}\n{err}", output.status);
    output
}
