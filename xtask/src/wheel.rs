//! Does the Python package hold, as somebody installs it?
//!
//! The wheel is built once, installed into a fresh environment without anything of this folder, and tested there; then the source
//! distribution is built and installed into another; and the module is checked for an interpreter without the lock, which need not be here.
//! Tools and test dependencies come from the package index into environments below the target folder, and nothing else of the machine is used
//! but `python3` with `venv`.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Checks of the leak test. With them, eight bytes that a check does not give back are found.
const LEAK_CHECKS: &str = "1000000";

/// Everything.
///
/// # Errors
/// The first command that failed.
pub(crate) fn check(root: &Path) -> Result<(), String> {
    let here = Here::new(root)?;
    let tools = here.environment("tools", Fresh::No)?;
    here.pip(&tools, ["install", "maturin>=1.9.4,<2"])?;

    let wheel = here.wheel(&tools)?;
    let answers = here.answers()?;
    let tested = here.environment("tested", Fresh::Yes)?;
    here.pip(&tested, [OsStr::new("install"), wheel.as_os_str()])?;
    here.pip(&tested, ["install", "--requirement", "python/tests/requirements.txt"])?;
    here.tests(&tested, &answers)?;
    here.types(&tested)?;

    let source = here.source(&tools)?;
    let unpacked = here.environment("from-source", Fresh::Yes)?;
    // Whether everything that a wheel is built of is there. What others wrote was compiled for the wheel above, and is taken from there.
    let install = here.command(unpacked.join("bin/pip"), "python", ["install", "--quiet", "--disable-pip-version-check"]);
    let done = { install }.arg(&source).env("CARGO_TARGET_DIR", &here.target).status();
    succeeded(done, "pip install of the source distribution")?;
    here.run(unpacked.join("bin/python"), ".", ["-c", FIRST_CHECK])?;
    here.run(unpacked.join("bin/cts"), ".", ["check", "examples/clean-campaign.json"])?;
    here.without_lock()
}

/// An interpreter without the lock, as pyo3 is told of one that is not here. Its wheel is of its own version: no stable interface has it.
const WITHOUT_LOCK: &str = "implementation=CPython\nversion=3.14\nshared=true\npointer_width=64\nbuild_flags=Py_GIL_DISABLED\n";

/// Enough to see that rules and directory came along.
const FIRST_CHECK: &str = "import cleartosend as cts\n\
    engine = cts.Engine(['whatsapp', 'messaging-law'])\n\
    assert len(engine.directory) > 0 and cts.explain_code(131049) is not None\n\
    assert engine.check({'send_at': '2026-03-02T15:00:00Z'}).verdict == cts.Verdict.REVIEW\n";

/// Whether an environment of an earlier run will do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fresh {
    Yes,
    No,
}

struct Here<'a> {
    root: &'a Path,
    /// Where cargo builds to.
    target: PathBuf,
    /// Of all that this chore makes.
    folder: PathBuf,
}

impl<'a> Here<'a> {
    fn new(root: &'a Path) -> Result<Self, String> {
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
        let folder = target.join("python");
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(Self { root, target, folder })
    }

    /// An environment of that name.
    fn environment(&self, name: &str, fresh: Fresh) -> Result<PathBuf, String> {
        let place = self.folder.join(name);
        if fresh == Fresh::Yes || !place.join("bin/python").exists() {
            let place = place.as_os_str();
            self.run("python3", ".", [OsStr::new("-m"), OsStr::new("venv"), OsStr::new("--clear"), place])?;
        }
        Ok(place)
    }

    fn pip<A: AsRef<OsStr>>(&self, environment: &Path, arguments: impl IntoIterator<Item = A>) -> Result<(), String> {
        let mut command = self.command(environment.join("bin/pip"), ".", ["--quiet", "--disable-pip-version-check"]);
        succeeded(command.args(arguments).status(), "pip")
    }

    /// Builds the wheel, which has to be one for every interpreter with a lock since 3.9 and for old systems.
    fn wheel(&self, tools: &Path) -> Result<PathBuf, String> {
        let wheel = self.built(tools, "build", "wheels", "whl")?;
        let name = wheel.file_name().unwrap_or_default().to_string_lossy().into_owned();
        println!("{name}: {} bytes", fs::metadata(&wheel).map_or(0, |data| data.len()));
        let universal = name.contains("-cp39-abi3-") && (!cfg!(target_os = "linux") || name.contains("linux_"));
        // Free-threaded interpreters have a stable interface only from 3.15 on.
        let alone = name.contains("t-") || name.contains("-abi3t-");
        if universal || alone { Ok(wheel) } else { Err(format!("{name} is a wheel for one interpreter, expected `cp39-abi3`")) }
    }

    fn source(&self, tools: &Path) -> Result<PathBuf, String> {
        self.built(tools, "sdist", "sources", "gz")
    }

    /// The one file of that ending that maturin makes.
    fn built(&self, tools: &Path, what: &str, into: &str, ending: &str) -> Result<PathBuf, String> {
        let out = self.folder.join(into);
        // One of an earlier version would be taken for the new one.
        let _ = fs::remove_dir_all(&out);
        let arguments = [OsStr::new(what), OsStr::new("--out"), out.as_os_str()];
        self.run(tools.join("bin/maturin"), "python", arguments)?;
        let entries = fs::read_dir(&out).map_err(|error| format!("{}: {error}", out.display()))?;
        let mut files = entries.filter_map(Result::ok).map(|entry| entry.path());
        files.find(|path| path.extension().is_some_and(|found| found == ending)).ok_or_else(|| format!("maturin made no .{ending}"))
    }

    /// What Rust answers to every case.
    fn answers(&self) -> Result<PathBuf, String> {
        let place = self.folder.join("answers.jsonl");
        let file = fs::File::create(&place).map_err(|error| format!("{}: {error}", place.display()))?;
        let mut command = self.command("cargo", ".", ["run", "--quiet", "--package", "cleartosend-tests", "--example", "answers"]);
        succeeded(command.stdout(Stdio::from(file)).status(), "the example `answers`")?;
        Ok(place)
    }

    fn tests(&self, environment: &Path, answers: &Path) -> Result<(), String> {
        let mut command = self.command(environment.join("bin/pytest"), "python", ["--durations=5"]);
        let done = command.env("CLEARTOSEND_ANSWERS", answers).env("CLEARTOSEND_LEAK_CHECKS", LEAK_CHECKS).status();
        succeeded(done, "pytest")
    }

    fn types(&self, environment: &Path) -> Result<(), String> {
        let mypy = environment.join("bin/mypy");
        self.run(&mypy, "python", ["--config-file=pyproject.toml", "--package=cleartosend"])?;
        self.run(&mypy, "python", ["--config-file=pyproject.toml", "tests", "../examples/python"])?;
        self.run(environment.join("bin/stubtest"), "python", ["cleartosend", "--allowlist=tests/stubtest-allowlist.txt"])
    }

    /// Whether the module compiles for an interpreter without the lock. Last, since everything above pyo3 is checked anew for it.
    fn without_lock(&self) -> Result<(), String> {
        let config = self.folder.join("without-lock.txt");
        fs::write(&config, WITHOUT_LOCK).map_err(|error| format!("{}: {error}", config.display()))?;
        let mut command = self.command("cargo", ".", ["check", "--quiet", "--package", "cleartosend-python"]);
        succeeded(command.env("PYO3_CONFIG_FILE", &config).status(), "cargo check for an interpreter without the lock")
    }

    fn command<A: AsRef<OsStr>>(&self, program: impl AsRef<OsStr>, from: &str, arguments: impl IntoIterator<Item = A>) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.root.join(from)).env("PYTHONDONTWRITEBYTECODE", "1");
        // What is installed into an environment is for that one.
        command.env_remove("PYTHONPATH").env_remove("PYTHONHOME").env_remove("VIRTUAL_ENV");
        command
    }

    fn run<A: AsRef<OsStr>>(&self, program: impl AsRef<OsStr>, from: &str, arguments: impl IntoIterator<Item = A>) -> Result<(), String> {
        let called = program.as_ref().to_string_lossy().into_owned();
        succeeded(self.command(program, from, arguments).status(), &called)
    }
}

fn succeeded(done: std::io::Result<std::process::ExitStatus>, what: &str) -> Result<(), String> {
    match done {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{what}: {status}")),
        Err(error) => Err(format!("{what} could not be started: {error}")),
    }
}
