//! Does what is handed out work where nothing else is?
//!
//! Each trial unpacks or installs its file in an empty folder and runs it without this process's
//! environment.

use std::path::Path;
use std::process::{Command, Stdio};

use super::{Dist, GLIBC, VERSION, copy, run, said, write};

/// Where the tools of users are; nothing of ours is there.
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// A campaign that is clear to send, and one that is not.
const CLEAR: &str = "clean-campaign.json";
const DENIED: &str = "rogue-provider.json";

/// A program with nothing of this environment.
fn alone(program: impl AsRef<std::ffi::OsStr>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("PATH", PATH).env("HOME", folder).current_dir(folder);
    command.stdin(Stdio::null());
    command
}

/// That a program judges both campaigns as it should.
fn judges(dist: &Dist, folder: &Path, ask: impl Fn(&str) -> Command) -> Result<(), String> {
    for (campaign, code) in [(CLEAR, 0), (DENIED, 1)] {
        copy(&dist.root.join("examples").join(campaign), &folder.join(campaign))?;
        let mut command = ask(campaign);
        let output = command
            .output()
            .map_err(|error| format!("{command:?} could not be started: {error}"))?;
        if output.status.code() != Some(code) {
            let (said, note) =
                (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            return Err(format!("{command:?}: {}, expected {code}\n{said}{note}", output.status));
        }
    }
    Ok(())
}

/// A folder of its own, with an archive unpacked in it.
fn unpacked(dist: &Dist, archive: &Path, name: &str) -> Result<std::path::PathBuf, String> {
    let folder = dist.fresh(name)?;
    let mut tar = Command::new("tar");
    tar.args(["--extract", "--gzip", "--strip-components=1", "--file"]).arg(archive);
    run(tar.arg("--directory").arg(&folder))?;
    Ok(folder)
}

/// That a program or library needs no newer C library than what is promised. One that needs none
/// is old enough.
pub(super) fn old_enough(file: &Path) -> Result<(), String> {
    let symbols = said(Command::new("objdump").arg("-T").arg(file)).unwrap_or_default();
    let number = |version: &str| -> Vec<u32> {
        version.split('.').map(|part| part.parse().unwrap_or_default()).collect()
    };
    let needed = symbols.split("GLIBC_").skip(1);
    let needed = needed.filter_map(|rest| rest.split([')', ' ', '\n']).next());
    let newest = needed.max_by_key(|version| number(version)).unwrap_or("none");
    if number(newest) > number(GLIBC) {
        return Err(format!("{}: needs glibc {newest}, expected {GLIBC}", file.display()));
    }
    println!("{}: glibc needed: {newest}", file.file_name().unwrap_or_default().to_string_lossy());
    Ok(())
}

pub(super) fn command(dist: &Dist, archive: &Path) -> Result<(), String> {
    let folder = unpacked(dist, archive, "trial-command")?;
    let program = folder.join("bin/cts");
    judges(dist, &folder, |campaign| {
        let mut command = alone(&program, &folder);
        command.args(["check", campaign]);
        command
    })?;
    println!("the command: unpacked, two campaigns judged");
    Ok(())
}

/// A program in C and one with the library inside of it, by the files for pkg-config.
pub(super) fn libraries(dist: &Dist, archive: &Path) -> Result<(), String> {
    let folder = unpacked(dist, archive, "trial-c")?;
    copy(&dist.root.join("examples/c/first_check.c"), &folder.join("first_check.c"))?;
    for module in ["cleartosend", "cleartosend-static"] {
        let mut flags = alone("pkg-config", &folder);
        flags.args(["--cflags", "--libs", module]);
        let flags = said(flags.env("PKG_CONFIG_PATH", folder.join("lib/pkgconfig")))?;
        let program = folder.join(format!("first_check-{module}"));
        let mut compile = alone("cc", &folder);
        compile.arg("first_check.c").arg("-o").arg(&program).args(flags.split_whitespace());
        run(&mut compile)?;
        judges(dist, &folder, |campaign| {
            let mut command = alone(&program, &folder);
            command.env("LD_LIBRARY_PATH", folder.join("lib")).arg(campaign);
            command
        })?;
    }
    println!("the C libraries: unpacked, a program compiled with each, two campaigns judged");
    Ok(())
}

pub(super) fn wheel(dist: &Dist, wheel: &Path) -> Result<(), String> {
    let folder = dist.fresh("trial-python")?;
    run(alone("python3", &folder).args(["-m", "venv", "environment"]))?;
    let place = folder.join("environment/bin");
    let mut pip = alone(place.join("pip"), &folder);
    pip.args(["install", "--quiet", "--disable-pip-version-check", "--no-index", "--no-deps"]);
    run(pip.arg(wheel))?;
    judges(dist, &folder, |campaign| {
        let mut command = alone(place.join("cts"), &folder);
        command.args(["check", campaign]);
        command
    })?;
    let program = "import cleartosend as cts, pathlib, sys\n\
                   sys.exit(not cts.Engine().check(pathlib.Path(sys.argv[1]).read_bytes()).allowed)";
    judges(dist, &folder, |campaign| {
        let mut command = alone(place.join("python"), &folder);
        command.args(["-c", program, campaign]);
        command
    })?;
    println!("the wheel: installed without an index, two campaigns judged by module and command");
    Ok(())
}

pub(super) fn npm(dist: &Dist, pack: &Path) -> Result<(), String> {
    let folder = dist.fresh("trial-js")?;
    write(&folder.join("package.json"), "{\"private\": true}\n")?;
    let mut npm = alone("npm", &folder);
    npm.args(["install", "--offline", "--no-audit", "--no-fund", "--loglevel=error"]);
    run(npm.arg(pack))?;
    let check = "process.exit(new Engine().check(readFileSync(process.argv[2])).allowed ? 0 : 1)\n";
    let module = "import { readFileSync } from 'node:fs';\nimport { Engine } from 'cleartosend';\n";
    let common = "const { readFileSync } = require('node:fs');\n\
                  const { Engine } = require('cleartosend');\n";
    for (name, head) in [("check.mjs", module), ("check.cjs", common)] {
        write(&folder.join(name), &format!("{head}{check}"))?;
        judges(dist, &folder, |campaign| {
            let mut command = alone("node", &folder);
            command.args([name, campaign]);
            command
        })?;
    }
    println!("the npm package: installed offline, two campaigns judged by `import` and `require`");
    Ok(())
}

/// A program that has the crate among its dependencies.
pub(super) fn engine_crate(dist: &Dist, file: &Path) -> Result<(), String> {
    let folder = dist.fresh("trial-rust")?;
    let packed = unpacked(dist, file, "trial-rust/cleartosend")?;
    for name in ["LICENSE-MIT", "LICENSE-APACHE", "README.md"] {
        if !packed.join(name).is_file() {
            return Err(format!("the crate has no {name}"));
        }
    }
    let manifest = format!(
        "[package]\nname = \"gate\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         cleartosend = {{ path = \"cleartosend\", version = \"{VERSION}\" }}\n\n[workspace]\n"
    );
    write(&folder.join("Cargo.toml"), &manifest)?;
    copy(&dist.root.join("Cargo.lock"), &folder.join("Cargo.lock"))?;
    let program = "fn main() -> Result<(), Box<dyn std::error::Error>> {\n    \
                   let document = std::fs::read(std::env::args().nth(1).ok_or(\"no file\")?)?;\n    \
                   let engine = cleartosend::Engine::built_in()?;\n    \
                   let decision = engine.check_json(&document)?;\n    \
                   std::process::exit(i32::from(decision.verdict() != cleartosend::Verdict::Allow))\n}\n";
    super::create(&folder.join("src"))?;
    write(&folder.join("src/main.rs"), program)?;
    let mut build = Command::new("cargo");
    build.args(["build", "--quiet"]).current_dir(&folder);
    run(build.env("CARGO_TARGET_DIR", dist.work.join("trial-rust-target")))?;
    let program = dist.work.join("trial-rust-target/debug/gate");
    judges(dist, &folder, |campaign| {
        let mut command = alone(&program, &folder);
        command.arg(campaign);
        command
    })?;
    println!("the crate: unpacked, a program compiled with it, two campaigns judged");
    Ok(())
}
