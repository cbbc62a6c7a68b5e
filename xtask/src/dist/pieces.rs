//! How is each part made?

use std::process::Command;

use super::{Dist, VERSION, copy, create, ending, has_target, js, run, said, told, trial, write};
use crate::c;

impl Dist {
    /// The command, with its manual pages, completions and licences: for the C library of most
    /// Linux systems, and without one where the toolchain can.
    pub(super) fn command(&self) -> Result<(), String> {
        let musl = self.host.replace("-gnu", "-musl");
        let mut targets = vec![self.host.as_str()];
        if has_target(&musl) {
            targets.push(&musl);
        } else {
            self.not_built(
                &format!("the command as a static program ({musl})"),
                &format!("the standard library of the target; `rustup target add {musl}`"),
            )?;
        }
        for triple in targets {
            let built = self.built(triple, "dist", "cleartosend-cli")?.join("cts");
            let name = format!("cleartosend-{VERSION}-{}", triple.replace("-unknown", ""));
            let folder = self.fresh(&name)?;
            let program = folder.join("bin/cts");
            copy(&built, &program)?;
            let manual = folder.join("share/man/man1");
            create(&manual)?;
            said(Command::new(&program).args(["man", "--output"]).arg(&manual))?;
            for (shell, place) in [
                ("bash", "share/bash-completion/completions/cts"),
                ("zsh", "share/zsh/site-functions/_cts"),
                ("fish", "share/fish/vendor_completions.d/cts.fish"),
            ] {
                let place = folder.join(place);
                create(place.parent().unwrap_or(&folder))?;
                write(&place, &said(Command::new(&program).args(["completions", shell]))?)?;
            }
            let documents = folder.join("share/doc/cleartosend");
            for file in ["LICENSE-MIT", "LICENSE-APACHE", "README.md", "CHANGELOG.md"] {
                copy(&self.root.join(file), &documents.join(file))?;
            }
            let notices = c::notices(&self.root, "cleartosend-cli", &[])?;
            write(&documents.join("THIRD-PARTY-LICENCES.txt"), &notices)?;
            trial::old_enough(&program)?;
            trial::command(self, &self.archived(&folder)?)?;
        }
        Ok(())
    }

    /// The C libraries as a folder that can be put anywhere.
    pub(super) fn libraries(&self) -> Result<(), String> {
        // As `cargo xtask install` builds them: for size, with one unit for everything.
        let built = self.built(&self.host, "c", "cleartosend-ffi")?;
        let name = format!("libcleartosend-{VERSION}-{}", self.host.replace("-unknown", ""));
        let folder = self.fresh(&name)?;
        let prefix = folder.display().to_string();
        c::lay_out(&self.root, &c::Options::of(&["--prefix", &prefix], None)?, &built)?;
        trial::old_enough(&folder.join(format!("lib/libcleartosend.so.{VERSION}")))?;
        trial::libraries(self, &self.archived(&folder)?)
    }

    /// The wheel for every CPython since 3.9, and the source distribution.
    pub(super) fn wheels(&self) -> Result<(), String> {
        let made = self.fresh("wheels")?;
        let python = self.root.join("python");
        let mut maturin = self.with_tools("maturin")?;
        maturin.current_dir(&python).args(["build", "--locked", "--profile", "dist", "--zig"]);
        maturin.args(["--compatibility", "manylinux2014", "--target", &self.host, "--out"]);
        run(maturin.arg(&made).env("CARGO_TARGET_DIR", &self.target))?;
        let mut maturin = Command::new(self.tool("maturin"));
        run(maturin.current_dir(&python).args(["sdist", "--out"]).arg(&made))?;
        let wheels = ending(&made, "whl")?;
        let wheel = wheels.first().ok_or("maturin made no wheel")?;
        let name = wheel.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !name.contains("-cp39-abi3-manylinux") {
            return Err(format!("{name} is not a wheel for every CPython and old systems"));
        }
        let files: Vec<_> = wheels.iter().cloned().chain(ending(&made, "gz")?).collect();
        run(Command::new(self.tool("twine")).args(["check", "--strict"]).args(&files))?;
        for file in &files {
            let place = self.out.join(file.file_name().unwrap_or_default());
            copy(file, &place)?;
            told(&place);
        }
        for version in ["3.13t", "3.14t"] {
            let interpreter = format!("python{version}");
            if said(Command::new(&interpreter).arg("--version")).is_err() {
                self.not_built(
                    &format!("a wheel for CPython {version}, without the lock"),
                    &format!("`{interpreter}`; `maturin build --interpreter {interpreter}`"),
                )?;
            }
        }
        let musl = self.host.replace("-gnu", "-musl");
        if !has_target(&musl) {
            self.not_built("a wheel for musl (musllinux)", &format!("`rustup target add {musl}`"))?;
        }
        trial::wheel(self, wheel)
    }

    /// The npm package, which its own chore builds and tests.
    pub(super) fn npm(&self) -> Result<(), String> {
        if let Some(missing) = js::missing() {
            return self.not_built("the npm package", &missing);
        }
        js::check(&self.root, js::Made::Shipped)?;
        let packs = ending(&self.root.join("js/target/packs"), "tgz")?;
        let pack = packs.first().ok_or("`cargo xtask js` left no package")?;
        let place = self.out.join(format!("cleartosend-npm-{VERSION}.tgz"));
        copy(pack, &place)?;
        told(&place);
        trial::npm(self, &place)
    }

    /// The engine crate, as the registry would take it.
    pub(super) fn engine_crate(&self) -> Result<(), String> {
        let mut cargo = Command::new("cargo");
        cargo.current_dir(&self.root).args(["publish", "--dry-run", "--locked", "--allow-dirty"]);
        run(cargo.args(["--package", "cleartosend"]))?;
        // A dry run leaves nothing behind.
        let mut cargo = Command::new("cargo");
        cargo.current_dir(&self.root).args(["package", "--quiet", "--no-verify", "--locked"]);
        run(cargo.args(["--allow-dirty", "--package", "cleartosend"]))?;
        let name = format!("cleartosend-{VERSION}.crate");
        let place = self.out.join(&name);
        copy(&self.target.join("package").join(&name), &place)?;
        told(&place);
        trial::engine_crate(self, &place)
    }

    /// The file by which a container image is made. No image is made here: that takes a daemon and
    /// images of others.
    pub(super) fn container(&self) -> Result<(), String> {
        let file = self.root.join("Containerfile");
        let said = said(Command::new(self.tool("hadolint")).arg(&file))?;
        println!("Containerfile: hadolint finds nothing{said}");
        self.not_built("the container image", "a builder of images: `podman build .`")?;
        copy(&file, &self.out.join("Containerfile"))
    }
}
