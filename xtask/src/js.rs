//! Does the JavaScript package hold, as somebody installs it?
//!
//! The engine is compiled to WebAssembly, the package is put together and packed, the pack is
//! installed into a folder of its own and tested there under Node; the playground is made of the
//! same package and tried in a browser.
//!
//! Whichever toolchain knows WebAssembly is taken: the one that runs this, if it has the target, or
//! Debian's, which builds the standard library from its sources. Tools of JavaScript come from the
//! package index into `js/node_modules`.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const TARGET: &str = "wasm32-unknown-unknown";
/// What the packed package may weigh: a page or a worker loads all of it.
const PACKED_BYTES_MAX: u64 = 2_500_000;
/// Debian's toolchain.
const DEBIAN: [&str; 3] =
    ["/usr/bin/rustc", "/usr/bin/cargo", "/usr/lib/rustlib/src/rust/library/std/Cargo.toml"];
/// What of the package is copied as it is; the rest is made.
const SOURCES: [&str; 10] = [
    "README.md",
    "package.json",
    "bare.js",
    "bare.d.ts",
    "browser.js",
    "engine.js",
    "errors.js",
    "node.js",
    "values.js",
    "worker.js",
];

/// What of WebAssembly the compiler uses and every host has; with all that its optimiser knows, it
/// would write forms that no host reads yet.
const FEATURES: [&str; 8] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-call-indirect-overlong",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// How much is made of the package.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Made {
    /// Optimised a little, and tested under Node.
    Quick,
    /// As it is shipped, with the playground.
    Shipped,
}

impl Made {
    const fn profile(self) -> &'static str {
        match self {
            Self::Quick => "trial",
            Self::Shipped => "release",
        }
    }
}

enum Toolchain {
    /// The one that runs this has the target.
    Own,
    Debian,
}

/// What is missing to build the package, and how to get it.
pub(crate) fn missing() -> Option<String> {
    let mut lacks = Vec::new();
    if toolchain().is_none() {
        lacks.push(format!(
            "a toolchain for {TARGET}: `rustup target add {TARGET}`, or on Debian `apt-get install \
             rustc-web cargo-web rust-web-src lld`"
        ));
    }
    for tool in ["node", "npm"] {
        if !runs(tool) {
            lacks.push(format!("`{tool}`: install Node.js 18 or newer"));
        }
    }
    if lacks.is_empty() { None } else { Some(lacks.join("; ")) }
}

/// What is missing to build it while a contributor waits: Debian's toolchain compiles the standard
/// library first.
pub(crate) fn missing_for_ci() -> Option<String> {
    match toolchain() {
        Some(Toolchain::Debian) => {
            Some(format!("a toolchain with {TARGET} built; `cargo xtask js` takes the one here"))
        }
        _ => missing(),
    }
}

/// Builds, packs and tests the package.
///
/// # Errors
/// A tool that is missing, or the first command that failed.
pub(crate) fn check(root: &Path, made: Made) -> Result<(), String> {
    if let Some(lacks) = missing() {
        return Err(format!("missing: {lacks}"));
    }
    let here = Here::new(root, made);
    here.tools()?;
    let module = here.module()?;
    let package = here.package(&module)?;
    let installed = here.packed(&package)?;
    let answers = here.answers()?;
    here.node(&installed, &answers)?;
    here.bin("tsc", ["--project", "tsconfig.json"])?;
    match made {
        Made::Quick => Ok(()),
        Made::Shipped => here.playground(&package),
    }
}

struct Here<'a> {
    root: &'a Path,
    made: Made,
    /// `js/`.
    js: PathBuf,
    /// Of all that this chore makes, but the playground.
    target: PathBuf,
}

impl<'a> Here<'a> {
    fn new(root: &'a Path, made: Made) -> Self {
        let js = root.join("js");
        Self { root, made, target: js.join("target"), js }
    }

    /// The tools of JavaScript, of the versions that `js/package.json` names.
    fn tools(&self) -> Result<(), String> {
        self.run("npm", &self.js, ["install", "--no-audit", "--no-fund", "--loglevel=error"])
    }

    /// The WebAssembly module, as the compiler leaves it.
    fn module(&self) -> Result<PathBuf, String> {
        let profile = self.made.profile();
        let arguments =
            ["build", "--package", "cleartosend-js", "--profile", profile, "--target", TARGET];
        let mut command = match toolchain() {
            Some(Toolchain::Debian) => {
                let mut command = self.command(DEBIAN[1], &self.js, arguments);
                // Another compiler than the one that runs this, whose variables it must not see.
                for name in ["RUSTUP_TOOLCHAIN", "RUSTC_WRAPPER", "RUSTFLAGS", "CARGO"] {
                    command.env_remove(name);
                }
                command.args(["-Z", "build-std=std,panic_abort"]);
                command.env("RUSTC", DEBIAN[0]).env("RUSTC_BOOTSTRAP", "1");
                // Its linker may be missing where its package is older; this compiler's will do.
                if !runs_as_linker("rust-lld") {
                    command.env("PATH", path_with_own_linker()?);
                }
                command
            }
            _ => self.command("cargo", &self.js, arguments),
        };
        succeeded(command.env("CARGO_TARGET_DIR", &self.target).status(), "cargo build")?;
        Ok(self.target.join(TARGET).join(profile).join("cleartosend_js.wasm"))
    }

    /// The package in a folder, ready to be packed.
    fn package(&self, module: &Path) -> Result<PathBuf, String> {
        let folder = self.target.join("package");
        let _ = fs::remove_dir_all(&folder);
        create(&folder)?;
        let glue = self.target.join("glue");
        let mut bindgen = self.command(
            "cargo",
            &self.js,
            ["run", "--quiet", "--package", "cleartosend-bindgen", "--"],
        );
        bindgen.args([module, glue.as_path()]).env("CARGO_TARGET_DIR", &self.target);
        succeeded(bindgen.status(), "bindgen")?;
        let wasm = folder.join("cleartosend.wasm");
        let found = glue.join("cleartosend_bg.wasm");
        match self.made {
            Made::Quick => copy(&found, &wasm)?,
            Made::Shipped => {
                let (found, wasm) = (text(&found), text(&wasm));
                let arguments = [&*found, "-Os", "-o", &*wasm];
                self.bin("wasm-opt", arguments.into_iter().chain(FEATURES))?;
            }
        }
        copy(&glue.join("cleartosend.js"), &folder.join("glue.js"))?;
        let sources = self.js.join("package");
        for name in SOURCES {
            copy(&sources.join(name), &folder.join(name))?;
        }
        for name in ["LICENSE-APACHE", "LICENSE-MIT"] {
            copy(&self.root.join(name), &folder.join(name))?;
        }
        // One declaration for both kinds of modules, each of which wants a file of its own.
        let types =
            read(&sources.join("campaign.d.ts"))? + "\n" + &read(&sources.join("api.d.ts"))?;
        write(&folder.join("index.d.ts"), &types)?;
        write(&folder.join("index.d.cts"), &types)?;
        copy(&sources.join("node.cjs.js"), &folder.join("node.cjs.js"))?;
        self.bin(
            "esbuild",
            [
                &*text(&folder.join("node.cjs.js")),
                "--bundle",
                "--platform=node",
                "--format=cjs",
                "--target=node18",
                // Only where no module is given, and here one is.
                "--define:import.meta.url=undefined",
                "--log-level=warning",
                &*format!("--outfile={}", text(&folder.join("node.cjs"))),
            ],
        )?;
        fs::remove_file(folder.join("node.cjs.js")).map_err(|error| error.to_string())?;
        Ok(folder)
    }

    /// Packs the package and installs the pack where nothing else is.
    fn packed(&self, package: &Path) -> Result<PathBuf, String> {
        let packs = self.target.join("packs");
        let _ = fs::remove_dir_all(&packs);
        create(&packs)?;
        self.run("npm", package, ["pack", "--silent", "--pack-destination", &*text(&packs)])?;
        let pack = fs::read_dir(&packs)
            .map_err(|error| error.to_string())?
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .find(|path| path.extension().is_some_and(|ending| ending == "tgz"))
            .ok_or("`npm pack` made no .tgz")?;
        let size = |path: &Path| fs::metadata(path).map_or(0, |data| data.len());
        let (wasm, bytes) = (size(&package.join("cleartosend.wasm")), size(&pack));
        println!("{}: {bytes} bytes; the module in it: {wasm} bytes", pack.display());
        if self.made == Made::Shipped && bytes > PACKED_BYTES_MAX {
            return Err(format!(
                "the package weighs {bytes} bytes, expected {PACKED_BYTES_MAX} at most"
            ));
        }
        let installed = self.target.join("installed");
        let _ = fs::remove_dir_all(&installed);
        create(&installed)?;
        write(&installed.join("package.json"), "{\"private\": true, \"type\": \"module\"}\n")?;
        // As modules of a user's own would, by the package's name.
        write(&installed.join("entry.mjs"), "export * from \"cleartosend\";\n")?;
        let quiet = ["install", "--offline", "--no-audit", "--no-fund", "--loglevel=error"];
        self.run("npm", &installed, quiet.into_iter().chain([&*text(&pack)]))?;
        Ok(installed)
    }

    /// What Rust answers to every case.
    fn answers(&self) -> Result<PathBuf, String> {
        let place = self.target.join("answers.jsonl");
        let file =
            fs::File::create(&place).map_err(|error| format!("{}: {error}", place.display()))?;
        let arguments =
            ["run", "--quiet", "--package", "cleartosend-tests", "--example", "answers"];
        let mut command = self.command("cargo", self.root, arguments);
        succeeded(command.stdout(Stdio::from(file)).status(), "the example `answers`")?;
        Ok(place)
    }

    /// The tests, which import the package as somebody installed it.
    fn node(&self, installed: &Path, answers: &Path) -> Result<(), String> {
        let tests = self.js.join("tests");
        let mut command = self.command("node", self.root, ["--test"]);
        for name in ["answers.test.mjs", "package.test.mjs", "screen.test.mjs", "examples.test.mjs"]
        {
            command.arg(tests.join(name));
        }
        command.env("CLEARTOSEND_ANSWERS", answers).env("CLEARTOSEND_INSTALLED", installed);
        succeeded(command.status(), "node --test")
    }

    /// The playground: a page, its style and one script that holds all else.
    fn playground(&self, package: &Path) -> Result<(), String> {
        let sources = self.root.join("docs/playground");
        let folder = self.root.join("target/playground");
        create(&folder)?;
        for name in ["index.html", "playground.css"] {
            copy(&sources.join(name), &folder.join(name))?;
        }
        let out = folder.join("playground.js");
        self.bin(
            "esbuild",
            [
                &*text(&sources.join("playground.mjs")),
                "--bundle",
                // Pages that are opened as files may load scripts, and no modules.
                "--format=iife",
                "--target=es2022",
                "--minify",
                "--loader:.wasm=binary",
                "--loader:.json=text",
                "--define:import.meta.url=undefined",
                "--log-level=warning",
                &*format!("--alias:cleartosend={}", text(&package.join("bare.js"))),
                &*format!("--alias:cleartosend.wasm={}", text(&package.join("cleartosend.wasm"))),
                &*format!("--outfile={}", text(&out)),
            ],
        )?;
        let bytes = fs::metadata(&out).map_or(0, |data| data.len());
        println!("{}: {bytes} bytes of script", folder.join("index.html").display());
        let Some(browser) = BROWSERS.iter().find(|name| runs(name)) else {
            println!(
                "skipped: the playground in a browser, for want of one of {}",
                BROWSERS.join(", ")
            );
            return Ok(());
        };
        let mut command =
            self.command("node", &self.js, ["--test", "tests/playground.browser.mjs"]);
        command.env("CLEARTOSEND_BROWSER", browser).env("CLEARTOSEND_PLAYGROUND", &folder);
        succeeded(command.status(), "the playground in a browser")
    }

    /// A tool of `js/node_modules`.
    fn bin<A: AsRef<OsStr>>(
        &self,
        tool: &str,
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<(), String> {
        self.run(self.js.join("node_modules/.bin").join(tool), &self.js, arguments)
    }

    fn command<A: AsRef<OsStr>>(
        &self,
        program: impl AsRef<OsStr>,
        from: &Path,
        arguments: impl IntoIterator<Item = A>,
    ) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(from);
        command
    }

    fn run<A: AsRef<OsStr>>(
        &self,
        program: impl AsRef<OsStr>,
        from: &Path,
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<(), String> {
        let called = program.as_ref().to_string_lossy().into_owned();
        succeeded(self.command(program, from, arguments).status(), &called)
    }
}

const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// The toolchain to build with, if there is one.
fn toolchain() -> Option<Toolchain> {
    let own = Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]).output();
    let folder = own.ok().filter(|output| output.status.success());
    let folder = folder.and_then(|output| String::from_utf8(output.stdout).ok());
    if folder.is_some_and(|folder| Path::new(folder.trim()).exists()) {
        return Some(Toolchain::Own);
    }
    DEBIAN.iter().all(|file| Path::new(file).exists()).then_some(Toolchain::Debian)
}

fn runs_as_linker(tool: &str) -> bool {
    Command::new(tool).args(["-flavor", "wasm", "--version"]).output().is_ok()
}

/// The search path with the folder in which this compiler has its linker.
fn path_with_own_linker() -> Result<OsString, String> {
    let output = Command::new("rustc").args(["--print", "target-libdir"]).output();
    let libraries = output.map_err(|error| format!("rustc: {error}"))?.stdout;
    let libraries = String::from_utf8(libraries).map_err(|error| error.to_string())?;
    let folder = Path::new(libraries.trim()).with_file_name("bin");
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(std::iter::once(folder).chain(std::env::split_paths(&path)))
        .map_err(|error| error.to_string())
}

fn runs(tool: &str) -> bool {
    Command::new(tool).arg("--version").output().is_ok_and(|output| output.status.success())
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

fn create(folder: &Path) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    fs::copy(from, to).map(drop).map_err(|error| format!("{}: {error}", from.display()))
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

fn succeeded(done: std::io::Result<std::process::ExitStatus>, what: &str) -> Result<(), String> {
    match done {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{what}: {status}")),
        Err(error) => Err(format!("{what} could not be started: {error}")),
    }
}
