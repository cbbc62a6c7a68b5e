//! Does the Python package hold, as somebody installs it?
//!
//! The source distribution is built, the wheel from it, so that nothing can be missing from either;
//! the wheel is installed into a fresh environment without anything of this folder, and tested
//! there; in the long trial the module is also checked for an interpreter without the lock, which need
//! not be here.
//!
//! Tools and test dependencies come from the package index into environments below the target
//! folder, and nothing else of the machine is used but `python3` with `venv`.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

/// How long the wheel is tried.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trial {
    /// As long as a contributor waits for.
    Short,
    /// With a long search for leaks, and for interpreters that are not here.
    Long,
}

impl Trial {
    /// Checks of the leak test. With a million, eight bytes that a check does not give back are
    /// found; with ten thousand, a kilobyte is.
    fn leak_checks(self) -> &'static str {
        match self {
            Self::Short => "10000",
            Self::Long => "1000000",
        }
    }

    /// A sixth of the rows of a batch in the tests of threads, which an unoptimised module takes
    /// long for.
    fn rows(self) -> &'static str {
        match self {
            Self::Short => "1000",
            Self::Long => "10000",
        }
    }

    /// How the module is compiled: as it is shipped, or of what was built for other tests.
    fn profile(self) -> &'static str {
        match self {
            Self::Short => "dev",
            Self::Long => "release",
        }
    }
}

/// Everything.
///
/// # Errors
/// The first command that failed.
pub(crate) fn check(root: &Path, trial: Trial) -> Result<(), String> {
    let here = Here::new(root, trial)?;
    let wheel = here.wheel_of_source()?;
    let answers = here.answers()?;
    let tested = here.environment("tested", Fresh::Yes)?;
    here.pip(&tested, [OsStr::new("install"), wheel.as_os_str()])?;
    here.pip(&tested, ["install", "--requirement", "python/tests/requirements.txt"])?;
    here.run(tested.join("bin/python"), ".", ["-c", FIRST_CHECK])?;
    here.run(tested.join("bin/cts"), ".", ["check", "examples/clean-campaign.json"])?;
    here.tests(&tested, &answers)?;
    here.types(&tested)?;
    match trial {
        Trial::Short => Ok(()),
        Trial::Long => here.without_lock(),
    }
}

/// The example of a webhook handler, behind uvicorn on the loopback address, with the package as
/// somebody installs it and in an environment of its own.
///
/// # Errors
/// The first command that failed.
pub(crate) fn webhook(root: &Path, wheel: Option<&str>) -> Result<(), String> {
    let here = Here::new(root, Trial::Short)?;
    let wheel = here.wheel_to_try(wheel)?;
    let environment = here.environment("webhook", Fresh::Yes)?;
    here.pip(&environment, [OsStr::new("install"), wheel.as_os_str()])?;
    here.pip(
        &environment,
        ["install", "--requirement", "examples/webhook/python/requirements.txt"],
    )?;
    here.run(environment.join("bin/python"), ".", ["examples/webhook/python/try_it.py"])
}

/// The examples of gates behind web frameworks, with the package as somebody installs it and in an
/// environment of their own.
///
/// # Errors
/// The first command that failed.
pub(crate) fn web(root: &Path, wheel: Option<&str>) -> Result<(), String> {
    let here = Here::new(root, Trial::Short)?;
    let wheel = here.wheel_to_try(wheel)?;
    let environment = here.environment("web", Fresh::Yes)?;
    here.pip(&environment, [OsStr::new("install"), wheel.as_os_str()])?;
    here.pip(&environment, ["install", "--requirement", "examples/web/requirements.txt"])?;
    here.run(environment.join("bin/python"), ".", ["examples/web/try_it.py"])
}

/// The example of a gate as a service, on the loopback address, with the package as somebody
/// installs it and in an environment of its own: a day of it, short or long.
///
/// # Errors
/// The first command that failed.
pub(crate) fn http(root: &Path, trial: Trial, wheel: Option<&str>) -> Result<(), String> {
    let here = Here::new(root, trial)?;
    let wheel = here.wheel_to_try(wheel)?;
    let environment = here.environment("http", Fresh::Yes)?;
    here.pip(&environment, [OsStr::new("install"), wheel.as_os_str()])?;
    here.pip(&environment, ["install", "--requirement", "examples/http/requirements.txt"])?;
    let day = match trial {
        Trial::Short => ["--seconds", "3", "--reloads", "20"],
        Trial::Long => ["--seconds", "20", "--reloads", "1000"],
    };
    let arguments = ["examples/http/try_it.py"].into_iter().chain(day);
    here.run(environment.join("bin/python"), ".", arguments)
}

/// Spark on this machine, in an environment of its own: that it finds what one process finds, and how
/// long it takes beside conditions in SQL. Where there is no Java, it says so and does nothing. With
/// a wheel that was built before, nothing is built.
///
/// # Errors
/// The first command that failed.
pub(crate) fn spark(root: &Path, wheel: Option<&str>) -> Result<(), String> {
    let java = Command::new("java").arg("-version").stderr(Stdio::null()).status();
    if !java.is_ok_and(|status| status.success()) {
        println!("missing: `java`, so Spark is skipped");
        return Ok(());
    }
    let here = Here::new(root, Trial::Long)?;
    let wheel = here.wheel_to_try(wheel)?;
    // Spark is large, and stays from run to run.
    let environment = here.environment("spark", Fresh::No)?;
    here.pip(&environment, ["install", "pyspark>=4", "pyarrow", "pandas>=2.2,<3"])?;
    let again = ["install", "--force-reinstall", "--no-deps"].map(OsStr::new);
    here.pip(&environment, again.into_iter().chain([wheel.as_os_str()]))?;
    let python = environment.join("bin/python");
    let mut command = here.command(&python, ".", ["python/tests/programs/spark_local.py"]);
    // Its workers are to be the same interpreter.
    succeeded(command.env("PYSPARK_PYTHON", &python).status(), "Spark")
}

/// An interpreter without the lock, as pyo3 is told of one that is not here. Its wheel is of its
/// own version: no stable interface has it.
const WITHOUT_LOCK: &str = "implementation=CPython\nversion=3.14\nshared=true\npointer_width=64\n\
                            build_flags=Py_GIL_DISABLED\n";

/// Enough to see that rules and directory came along.
const FIRST_CHECK: &str = "import cleartosend as cts\nengine = cts.Engine(['whatsapp', \
                           'messaging-law'])\nassert len(engine.directory) > 0 and \
                           cts.explain_code(131049) is not None\nassert engine.check({'send_at': \
                           '2026-03-02T15:00:00Z'}).verdict == cts.Verdict.REVIEW\n";

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
    trial: Trial,
}

impl<'a> Here<'a> {
    fn new(root: &'a Path, trial: Trial) -> Result<Self, String> {
        let target =
            std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
        let folder = target.join("python");
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(Self { root, target, folder, trial })
    }

    /// The wheel that was given, or one that is built.
    fn wheel_to_try(&self, given: Option<&str>) -> Result<PathBuf, String> {
        match given {
            Some(file) => std::path::absolute(file).map_err(|error| format!("{file}: {error}")),
            None => self.wheel_of_source(),
        }
    }

    /// An environment of that name.
    fn environment(&self, name: &str, fresh: Fresh) -> Result<PathBuf, String> {
        let place = self.folder.join(name);
        if fresh == Fresh::Yes || !place.join("bin/python").exists() {
            let place = place.as_os_str();
            self.run(
                "python3",
                ".",
                [OsStr::new("-m"), OsStr::new("venv"), OsStr::new("--clear"), place],
            )?;
        }
        Ok(place)
    }

    fn pip<A: AsRef<OsStr>>(
        &self,
        environment: &Path,
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<(), String> {
        let mut command = self.command(
            environment.join("bin/pip"),
            ".",
            ["--quiet", "--disable-pip-version-check"],
        );
        succeeded(command.args(arguments).status(), "pip")
    }

    /// The folder that a source distribution holds.
    fn unpacked(&self, source: &Path) -> Result<PathBuf, String> {
        let into = self.folder.join("unpacked");
        let _ = fs::remove_dir_all(&into);
        let arguments = [
            OsStr::new("-m"),
            OsStr::new("tarfile"),
            OsStr::new("--extract"),
            source.as_os_str(),
            into.as_os_str(),
        ];
        self.run("python3", ".", arguments)?;
        touch(&into, SystemTime::now()).map_err(|error| format!("{}: {error}", into.display()))?;
        only(&into, |_| true).ok_or_else(|| format!("{} holds nothing", source.display()))
    }

    /// The source distribution, and the wheel that is built of it.
    fn wheel_of_source(&self) -> Result<PathBuf, String> {
        let tools = self.environment("tools", Fresh::No)?;
        self.pip(&tools, ["install", "maturin>=1.9.4,<2"])?;
        let source = self.built(&tools, &["sdist"], "python", "sources", "gz")?;
        let unpacked = self.unpacked(&source)?;
        self.wheel(&tools, &unpacked)
    }

    /// Builds the wheel, which has to be one for every interpreter with a lock since 3.9 and for
    /// old systems.
    fn wheel(&self, tools: &Path, from: &Path) -> Result<PathBuf, String> {
        let wheel = self.built(
            tools,
            &["build", "--profile", self.trial.profile()],
            from,
            "wheels",
            "whl",
        )?;
        let name = wheel.file_name().unwrap_or_default().to_string_lossy().into_owned();
        println!("{name}: {} bytes", fs::metadata(&wheel).map_or(0, |data| data.len()));
        let universal =
            name.contains("-cp39-abi3-") && (!cfg!(target_os = "linux") || name.contains("linux_"));
        // Free-threaded interpreters have a stable interface only from 3.15 on.
        let alone = name.contains("t-") || name.contains("-abi3t-");
        if universal || alone {
            Ok(wheel)
        } else {
            Err(format!("{name} is a wheel for one interpreter, expected `cp39-abi3`"))
        }
    }

    /// The one file of that ending that maturin makes of a folder.
    fn built(
        &self,
        tools: &Path,
        what: &[&str],
        from: impl AsRef<Path>,
        into: &str,
        ending: &str,
    ) -> Result<PathBuf, String> {
        let out = self.folder.join(into);
        // One of an earlier version would be taken for the new one.
        let _ = fs::remove_dir_all(&out);
        let arguments = what.iter().map(OsStr::new).chain([OsStr::new("--out"), out.as_os_str()]);
        // What was compiled of others before is taken, wherever the folder is.
        let mut command = self.command(tools.join("bin/maturin"), from, arguments);
        succeeded(command.env("CARGO_TARGET_DIR", &self.target).status(), "maturin")?;
        only(&out, |path| path.extension().is_some_and(|found| found == ending))
            .ok_or_else(|| format!("maturin made no .{ending}"))
    }

    /// What Rust answers to every case.
    fn answers(&self) -> Result<PathBuf, String> {
        let place = self.folder.join("answers.jsonl");
        let file =
            fs::File::create(&place).map_err(|error| format!("{}: {error}", place.display()))?;
        let mut command = self.command(
            "cargo",
            ".",
            ["run", "--quiet", "--package", "cleartosend-tests", "--example", "answers"],
        );
        succeeded(command.stdout(Stdio::from(file)).status(), "the example `answers`")?;
        Ok(place)
    }

    fn tests(&self, environment: &Path, answers: &Path) -> Result<(), String> {
        let mut command = self.command(environment.join("bin/pytest"), "python", ["--durations=5"]);
        let done = command
            .env("CLEARTOSEND_ANSWERS", answers)
            .env("CLEARTOSEND_LEAK_CHECKS", self.trial.leak_checks())
            .env("CLEARTOSEND_ROWS", self.trial.rows())
            .status();
        succeeded(done, "pytest")
    }

    fn types(&self, environment: &Path) -> Result<(), String> {
        let mypy = environment.join("bin/mypy");
        self.run(&mypy, "python", ["--config-file=pyproject.toml", "--package=cleartosend"])?;
        self.run(&mypy, "python", ["--config-file=pyproject.toml", "tests", "../examples/python"])?;
        self.run(
            environment.join("bin/stubtest"),
            "python",
            [
                "cleartosend",
                "--allowlist=tests/stubtest-allowlist.txt",
                "--mypy-config-file=pyproject.toml",
            ],
        )
    }

    /// Whether the module compiles for an interpreter without the lock. Last, since everything
    /// above pyo3 is checked anew for it.
    fn without_lock(&self) -> Result<(), String> {
        let config = self.folder.join("without-lock.txt");
        fs::write(&config, WITHOUT_LOCK)
            .map_err(|error| format!("{}: {error}", config.display()))?;
        let mut command =
            self.command("cargo", ".", ["check", "--quiet", "--package", "cleartosend-python"]);
        succeeded(
            command.env("PYO3_CONFIG_FILE", &config).status(),
            "cargo check for an interpreter without the lock",
        )
    }

    fn command<A: AsRef<OsStr>>(
        &self,
        program: impl AsRef<OsStr>,
        from: impl AsRef<Path>,
        arguments: impl IntoIterator<Item = A>,
    ) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(self.root.join(from))
            .env("PYTHONDONTWRITEBYTECODE", "1");
        // What is installed into an environment is for that one.
        command.env_remove("PYTHONPATH").env_remove("PYTHONHOME").env_remove("VIRTUAL_ENV");
        command
    }

    fn run<A: AsRef<OsStr>>(
        &self,
        program: impl AsRef<OsStr>,
        from: impl AsRef<Path>,
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<(), String> {
        let called = program.as_ref().to_string_lossy().into_owned();
        succeeded(self.command(program, from, arguments).status(), &called)
    }
}

/// Gives every file below a folder a time of change. Those of a source distribution are all of one
/// fixed time, by which cargo would take what it compiled of another version for fresh.
fn touch(folder: &Path, at: SystemTime) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            touch(&path, at)?;
        } else {
            fs::File::options().append(true).open(&path)?.set_modified(at)?;
        }
    }
    Ok(())
}

/// What is in a folder and is wanted, where that is one thing.
fn only(folder: &Path, wanted: impl Fn(&Path) -> bool) -> Option<PathBuf> {
    let entries = fs::read_dir(folder).ok()?;
    entries.filter_map(Result::ok).map(|entry| entry.path()).find(|path| wanted(path))
}

fn succeeded(done: std::io::Result<std::process::ExitStatus>, what: &str) -> Result<(), String> {
    match done {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{what}: {status}")),
        Err(error) => Err(format!("{what} could not be started: {error}")),
    }
}
