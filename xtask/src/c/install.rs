//! What does a C programmer install?

use std::path::Path;
use std::process::Command;

use super::HEADER;

/// What the C compiler links to the static library on Linux: what Rust's standard library needs.
const PRIVATE_LIBS: &str = "-lgcc_s -lutil -lrt -lpthread -lm -ldl -lc";

/// The release's own names.
struct Names {
    version: &'static str,
    /// What a program that was linked asks the system for.
    soname: String,
    /// The file itself.
    shared: String,
}

/// The profile that is installed from where nothing else is said: smaller and faster libraries, and
/// slow to build.
pub(crate) const PROFILE: &str = "c";

/// Builds the libraries and puts header, libraries and what build systems need under `prefix`.
///
/// # Errors
/// A build that fails, a file that cannot be written, a symbol that should not be there.
pub(crate) fn install(root: &Path, prefix: &Path, profile: &str) -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        return Err("installing is written for Linux; elsewhere, build with `cargo build \
                    --profile c -p cleartosend-ffi`"
            .to_owned());
    }
    let (major, minor) = (env!("CARGO_PKG_VERSION_MAJOR"), env!("CARGO_PKG_VERSION_MINOR"));
    let version = env!("CARGO_PKG_VERSION");
    let abi = if major == "0" { format!("0.{minor}") } else { major.to_owned() };
    let names = Names {
        version,
        soname: format!("libcleartosend.so.{abi}"),
        shared: format!("libcleartosend.so.{version}"),
    };

    let mut build = Command::new("cargo");
    build.args(["build", "--profile", profile, "-p", "cleartosend-ffi", "--lib"]);
    if profile == "dev" {
        // What tests use is made of what was built for the command, with features that it needs.
        build.args(["-p", "cleartosend-cli"]);
    }
    run(root, &mut build)?;
    // Cargo's own profile of that name has another folder.
    let built = target(root)?.join(if profile == "dev" { "debug" } else { profile });
    let (include, lib) = (prefix.join("include"), prefix.join("lib"));
    let (pkgconfig, cmake) = (lib.join("pkgconfig"), lib.join("cmake/cleartosend"));
    for folder in [&include, &pkgconfig, &cmake] {
        std::fs::create_dir_all(folder)
            .map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    copy(&root.join(HEADER), &include.join("cleartosend.h"))?;

    let shared = lib.join(&names.shared);
    copy(&built.join("libcleartosend_ffi.so"), &shared)?;
    run(root, Command::new("strip").arg("--strip-unneeded").arg(&shared))?;
    link(&names.shared, &lib.join(&names.soname))?;
    link(&names.soname, &lib.join("libcleartosend.so"))?;
    let archive = lib.join("libcleartosend.a");
    seal(root, &built.join("libcleartosend_ffi.a"), &archive)?;

    for (template, place) in [
        ("cleartosend.pc.in", pkgconfig.join("cleartosend.pc")),
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
fn target(root: &Path) -> Result<std::path::PathBuf, String> {
    let output = Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--no-deps"])
        .current_dir(root)
        .output();
    let output = output.map_err(|error| format!("`cargo` could not be started: {error}"))?;
    let told: serde_json::Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("cargo metadata: {error}"))?;
    let folder = told.get("target_directory").and_then(serde_json::Value::as_str);
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
