//! What does a C programmer install?

use std::path::{Component, Path, PathBuf};
use std::process::Command;

use super::{HEADER, licences};

/// What the C compiler links to the static library on Linux: what Rust's standard library needs.
/// What unwinds the stack is left to the compiler, which takes the shared one or, with `-static`,
/// the archive.
const PRIVATE_LIBS: &str = "-lutil -lrt -lpthread -lm -ldl";

/// What is installed beside the libraries for other languages.
const DEFINITIONS: [&str; 2] = ["cleartosend.cdef.h", "api.json"];

/// The release's own names.
struct Names {
    version: &'static str,
    /// What a program that was linked asks the system for.
    soname: String,
    /// The file itself.
    shared: String,
    /// Where the libraries are, as the prefix sees it, and the way back from there.
    libdir: String,
    up: String,
}

/// What weighs much, and is built in or left out as is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Features {
    /// Nothing that can be left out: a library that judges and explains.
    None,
    /// All but what weighs most.
    Plain,
    /// Audiences in Parquet, and what is compressed by Zstandard.
    Parquet,
}

impl Features {
    /// As cargo takes them.
    pub(crate) fn words(self) -> &'static [&'static str] {
        match self {
            Self::None => &["--no-default-features"],
            Self::Plain => &[],
            Self::Parquet => &["--features", "cleartosend-ffi/parquet"],
        }
    }
}

/// Where to, and how built.
#[derive(Debug, PartialEq)]
pub(crate) struct Options {
    prefix: PathBuf,
    /// Where libraries go, below the prefix.
    libdir: PathBuf,
    profile: String,
    /// What the libraries have that they need not.
    features: Features,
    /// A folder in which the prefix is laid out, for whoever makes packages.
    staged: Option<PathBuf>,
}

impl Options {
    /// Of the command line: `--prefix DIR [--libdir DIR] [--profile NAME] [--features none|parquet]`.
    ///
    /// # Errors
    /// A word that is not understood, no prefix, or a folder for libraries that is not below it.
    pub(crate) fn of(words: &[&str], staged: Option<PathBuf>) -> Result<Self, String> {
        let (mut prefix, mut libdir, mut profile) = (None, "lib", PROFILE);
        let mut features = Features::Plain;
        for pair in words.chunks(2) {
            match *pair {
                ["--prefix", value] => prefix = Some(value),
                ["--libdir", value] => libdir = value,
                ["--profile", value] => profile = value,
                ["--features", "none"] => features = Features::None,
                ["--features", "parquet"] => features = Features::Parquet,
                [word, ..] => {
                    return Err(format!(
                        "found `{word}`, expected --prefix DIR, --libdir DIR, --profile NAME, \
                         --features none or --features parquet"
                    ));
                }
                [] => {}
            }
        }
        let prefix = prefix.ok_or("say where to: --prefix DIR")?;
        let prefix = std::path::absolute(prefix).map_err(|error| format!("{prefix}: {error}"))?;
        let below = Path::new(libdir);
        // The files find each other relative to where they are, so that the folder can be moved.
        let below = below.strip_prefix(&prefix).unwrap_or(below);
        if below.as_os_str().is_empty()
            || !below.components().all(|part| matches!(part, Component::Normal(_)))
        {
            return Err(format!("--libdir {libdir} is not a folder below the prefix"));
        }
        Ok(Self {
            libdir: below.to_path_buf(),
            profile: profile.to_owned(),
            features,
            staged: staged.filter(|folder| !folder.as_os_str().is_empty()),
            prefix,
        })
    }

    /// Where files are written.
    fn root(&self) -> PathBuf {
        match &self.staged {
            Some(staged) => staged.join(self.prefix.strip_prefix("/").unwrap_or(&self.prefix)),
            None => self.prefix.clone(),
        }
    }
}

/// The profile that is installed from where nothing else is said: smaller and faster libraries, and
/// slow to build.
const PROFILE: &str = "c";

/// Builds the libraries and puts header, libraries and what build systems need under `prefix`.
///
/// # Errors
/// A build that fails, a file that cannot be written, a symbol that should not be there.
pub(crate) fn install(root: &Path, options: &Options) -> Result<(), String> {
    let profile = options.profile.as_str();
    if !cfg!(target_os = "linux") {
        return Err("installing is written for Linux; elsewhere, build with `cargo build \
                    --profile c -p cleartosend-ffi`"
            .to_owned());
    }
    let mut build = Command::new("cargo");
    build.args(["build", "--profile", profile, "-p", "cleartosend-ffi", "--lib"]);
    build.args(options.features.words());
    if profile == "dev" {
        // What tests use is made of what was built for the command, with features that it needs.
        build.args(["-p", "cleartosend-cli"]);
    }
    run(root, &mut build)?;
    // Cargo's own profile of that name has another folder.
    let built = target(root)?.join(if profile == "dev" { "debug" } else { profile });
    lay_out(root, options, &built)
}

/// Puts header, libraries and what build systems need under the prefix, of libraries that were
/// built.
///
/// # Errors
/// A file that cannot be written, a symbol that should not be there.
pub(crate) fn lay_out(root: &Path, options: &Options, built: &Path) -> Result<(), String> {
    let (major, minor) = (env!("CARGO_PKG_VERSION_MAJOR"), env!("CARGO_PKG_VERSION_MINOR"));
    let version = env!("CARGO_PKG_VERSION");
    let abi = if major == "0" { format!("0.{minor}") } else { major.to_owned() };
    let names = Names {
        version,
        soname: format!("libcleartosend.so.{abi}"),
        shared: format!("libcleartosend.so.{version}"),
        libdir: options.libdir.display().to_string(),
        up: options.libdir.components().map(|_| "..").collect::<Vec<_>>().join("/"),
    };
    let prefix = options.root();
    let (include, lib) = (prefix.join("include"), prefix.join(&options.libdir));
    let (share, doc) = (prefix.join("share/cleartosend"), prefix.join("share/doc/cleartosend"));
    let (pkgconfig, cmake) = (lib.join("pkgconfig"), lib.join("cmake/cleartosend"));
    for folder in [&include, &pkgconfig, &cmake, &share, &doc] {
        std::fs::create_dir_all(folder)
            .map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    copy(&root.join(HEADER), &include.join("cleartosend.h"))?;
    copy(&root.join("include/cleartosend.hpp"), &include.join("cleartosend.hpp"))?;
    for name in DEFINITIONS {
        copy(&root.join("ffi/definitions").join(name), &share.join(name))?;
    }
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        copy(&root.join(name), &doc.join(name))?;
    }
    let notices = doc.join("THIRD-PARTY-LICENCES.txt");
    std::fs::write(&notices, licences::text(root, "cleartosend-ffi", options.features.words())?)
        .map_err(|error| format!("{}: {error}", notices.display()))?;

    let shared = lib.join(&names.shared);
    copy(&built.join("libcleartosend_ffi.so"), &shared)?;
    run(root, Command::new("strip").arg("--strip-unneeded").arg(&shared))?;
    link(&names.shared, &lib.join(&names.soname))?;
    link(&names.soname, &lib.join("libcleartosend.so"))?;
    let archive = lib.join("libcleartosend.a");
    seal(root, &built.join("libcleartosend_ffi.a"), &archive)?;

    for (template, place) in [
        ("cleartosend.pc.in", pkgconfig.join("cleartosend.pc")),
        ("cleartosend-static.pc.in", pkgconfig.join("cleartosend-static.pc")),
        ("cleartosend-config.cmake.in", cmake.join("cleartosend-config.cmake")),
        ("cleartosend-config-version.cmake.in", cmake.join("cleartosend-config-version.cmake")),
    ] {
        let path = root.join("ffi/packaging").join(template);
        let text = std::fs::read_to_string(&path)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        std::fs::write(&place, filled(&text, &names))
            .map_err(|error| format!("{}: {error}", place.display()))?;
    }
    check_symbols(root, &shared, &archive)?;
    for file in [&shared, &archive] {
        let bytes =
            std::fs::metadata(file).map_err(|error| format!("{}: {error}", file.display()))?.len();
        println!("{}: {:.2} MB", file.display(), bytes as f64 / 1e6);
    }
    Ok(())
}

/// Where cargo builds to.
fn target(root: &Path) -> Result<PathBuf, String> {
    let output = Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--no-deps"])
        .current_dir(root)
        .output();
    let output = output.map_err(|error| format!("`cargo` could not be started: {error}"))?;
    let given: serde_json::Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("cargo metadata: {error}"))?;
    let folder = given.get("target_directory").and_then(serde_json::Value::as_str);
    folder
        .map(Into::into)
        .ok_or_else(|| "cargo metadata does not tell the target directory".to_owned())
}

/// Makes an archive of which a program sees nothing but the functions of the header, so that two
/// libraries with Rust inside can be linked into one program.
fn seal(root: &Path, from: &Path, to: &Path) -> Result<(), String> {
    let object = to.with_extension("o");
    let _ = std::fs::remove_file(to);
    run(root, Command::new("ld").args(["-r", "--whole-archive", "-o"]).arg(&object).arg(from))?;
    // Rust's standard library brings its bitcode along, which, once joined, is none that a linker's
    // plugin can read.
    let unwanted = ["--strip-debug", "--remove-section=.llvmbc", "--remove-section=.llvmcmd"];
    run(
        root,
        Command::new("objcopy")
            .args(["--wildcard", "--keep-global-symbol=cts_*"])
            .args(unwanted)
            .arg(&object),
    )?;
    run(root, Command::new("ar").arg("crs").arg(to).arg(&object))?;
    std::fs::remove_file(&object).map_err(|error| format!("{}: {error}", object.display()))
}

/// Both libraries have every function of the header, and no other symbol.
fn check_symbols(root: &Path, shared: &Path, archive: &Path) -> Result<(), String> {
    let header =
        std::fs::read_to_string(root.join(HEADER)).map_err(|error| format!("{HEADER}: {error}"))?;
    let expected = super::functions(&header);
    for (file, options) in [(shared, ["-D", "--defined-only"]), (archive, ["-g", "--defined-only"])]
    {
        let output = Command::new("nm")
            .args(options)
            .arg(file)
            .output()
            .map_err(|error| format!("`nm`: {error}"))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let mut found: Vec<&str> =
            text.lines().filter_map(|line| line.split_whitespace().nth(2)).collect();
        found.sort_unstable();
        let missing: Vec<&String> =
            expected.iter().filter(|name| !found.contains(&name.as_str())).collect();
        let strange: Vec<&&str> =
            found.iter().filter(|name| !expected.iter().any(|known| known == *name)).collect();
        if !missing.is_empty() || !strange.is_empty() {
            return Err(format!("{}: lacks {missing:?}, has {strange:?}", file.display()));
        }
        println!("{}: {} functions, no other symbol", file.display(), found.len());
    }
    Ok(())
}

fn filled(template: &str, names: &Names) -> String {
    template
        .replace("@VERSION@", names.version)
        .replace("@MAJOR@", env!("CARGO_PKG_VERSION_MAJOR"))
        .replace("@MINOR@", env!("CARGO_PKG_VERSION_MINOR"))
        .replace("@SONAME@", &names.soname)
        .replace("@SHARED_FILE@", &names.shared)
        .replace("@PRIVATE_LIBS@", PRIVATE_LIBS)
        .replace("@LIBDIR@", &names.libdir)
        .replace("@UP@", &names.up)
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    std::fs::copy(from, to)
        .map(|_| ())
        .map_err(|error| format!("{} to {}: {error}", from.display(), to.display()))
}

fn link(target: &str, place: &Path) -> Result<(), String> {
    let _ = std::fs::remove_file(place);
    #[cfg(unix)]
    return std::os::unix::fs::symlink(target, place)
        .map_err(|error| format!("{}: {error}", place.display()));
    #[cfg(not(unix))]
    Err(format!("{}: no link to {target} can be made here", place.display()))
}

fn run(root: &Path, command: &mut Command) -> Result<(), String> {
    let status = command
        .current_dir(root)
        .status()
        .map_err(|error| format!("{command:?} could not be started: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} failed: {status}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_reported_as_build_systems_tell_them() {
        let of = |words: &[&str]| Options::of(words, None);
        let plain = of(&["--prefix", "/opt/cts"]);
        assert_eq!(
            plain,
            Ok(Options {
                prefix: "/opt/cts".into(),
                libdir: "lib".into(),
                profile: PROFILE.to_owned(),
                features: Features::Plain,
                staged: None,
            })
        );
        for libdir in ["lib/x86_64-linux-gnu", "/opt/cts/lib/x86_64-linux-gnu"] {
            let options = of(&["--prefix", "/opt/cts", "--libdir", libdir]);
            assert_eq!(
                options.map(|options| options.libdir),
                Ok("lib/x86_64-linux-gnu".into()),
                "{libdir}"
            );
        }
        for libdir in ["/usr/lib", "../lib", "/opt/cts", "."] {
            let refused = of(&["--prefix", "/opt/cts", "--libdir", libdir]);
            assert!(refused.is_err_and(|error| error.contains(libdir)), "{libdir}");
        }
        assert!(of(&["--prefx", "/opt"]).is_err_and(|error| error.contains("`--prefx`")));
        assert!(of(&["--libdir", "lib64"]).is_err_and(|error| error.contains("--prefix DIR")));
        assert!(of(&["--prefix"]).is_err());
        let with = of(&["--prefix", "/opt/cts", "--features", "parquet"]);
        assert_eq!(with.map(|options| options.features), Ok(Features::Parquet));
        let small = of(&["--prefix", "/opt/cts", "--features", "none"]);
        assert_eq!(small.map(|options| options.features), Ok(Features::None));
        let other = of(&["--prefix", "/opt/cts", "--features", "orc"]);
        assert!(other.is_err_and(|error| error.contains("--features parquet")));
    }

    #[test]
    fn a_staged_prefix_is_laid_out_below_the_stage() {
        let words = ["--prefix", "/usr"];
        let root = |staged: &str| Options::of(&words, Some(staged.into())).map(|it| it.root());
        assert_eq!(root("/tmp/stage"), Ok("/tmp/stage/usr".into()));
        assert_eq!(root(""), Ok("/usr".into()));
    }
}
