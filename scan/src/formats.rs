//! Which kind of file is this: by its name, or by what it holds?

use crate::format::Format;
use crate::mention::Via;
use crate::mentions::Mentions;
use crate::place::At;
use crate::read::garbled::{Images, holds_client};
use crate::read::imports::Neighbours;
use crate::read::language::Language;
use crate::read::source::{Hosts, Searcher};
use crate::read::standing::{Named, Standing};
use crate::read::{
    cargo, command, composer, dart, deno, deployment, docker, garbled, go, gradle, ini, literal,
    maven, nix, npm, nuget, pnpm, python, yarn,
};
use crate::tree::json::Dialect;
use crate::tree::{Node, Problem, Tree, json, toml, yaml};

/// What becomes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Its name says that it lists what is installed or run.
    Manifest(Format),
    /// It may, and is judged by what it holds.
    Content(Content),
    /// It is a template or an example of one of these, by the ending behind the name.
    Template(Inner),
    /// It lists what is installed, in a form that is not read; with the reason.
    Unread(&'static str),
}

/// What a template is filled in to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Inner {
    Manifest(Format),
    Content(Content),
}

/// Endings of templates and of examples, behind the name that the file is copied to.
const TEMPLATES: &[&str] = &[
    ".j2",
    ".jinja",
    ".jinja2",
    ".tpl",
    ".tmpl",
    ".template",
    ".gotmpl",
    ".erb",
    ".example",
    ".sample",
    ".dist",
    ".default",
];

/// A kind of file that may say something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    Yaml,
    Json,
    Toml,
    /// Settings of a program: only addresses and images count.
    Data,
    Source(Language),
}

/// Well-known files that say what is installed and are not read.
const UNREAD: &[(&str, &str)] = &[
    ("podfile", "CocoaPods"),
    ("podfile.lock", "CocoaPods"),
    ("package.swift", "the Swift package manager"),
    ("package.resolved", "the Swift package manager"),
    ("cartfile", "Carthage"),
    ("build.sbt", "sbt"),
    ("project.clj", "Leiningen"),
    ("deps.edn", "Clojure"),
    ("ivy.xml", "Ivy"),
    ("stack.yaml", "Stack"),
    ("cabal.project", "Cabal"),
    ("rebar.config", "rebar3"),
    ("rebar.lock", "rebar3"),
    ("gleam.toml", "Gleam"),
    ("manifest.toml", "Julia or Gleam"),
    ("project.toml", "Julia"),
    ("renv.lock", "R"),
    ("conanfile.txt", "Conan"),
    ("conanfile.py", "Conan"),
    ("vcpkg.json", "vcpkg"),
    ("cpanfile", "Perl"),
    ("makefile.pl", "Perl"),
    ("module.bazel", "Bazel"),
    ("workspace.bazel", "Bazel"),
    ("paket.dependencies", "Paket"),
    ("paket.lock", "Paket"),
    ("project.assets.json", "NuGet's own cache"),
    ("elm.json", "Elm"),
    ("shard.yml", "Crystal"),
    ("dub.json", "D"),
    ("brewfile", "Homebrew"),
    ("package.json5", "pnpm, in JSON5"),
    (".pnp.cjs", "yarn's own loader; `yarn.lock` says the same"),
    ("vagrantfile", "Vagrant"),
];

impl Role {
    /// The role of a file, from its name and that of its directory; letters are compared without
    /// case.
    pub(crate) fn of(directory: &str, file: &str) -> Option<Self> {
        let file = file.to_ascii_lowercase();
        if let Some(format) = Format::of(directory, &file) {
            return Some(Self::Manifest(format));
        }
        if let Some((_, tool)) = UNREAD.iter().find(|(name, _)| *name == file) {
            return Some(Self::Unread(tool));
        }
        if file.ends_with(".cabal")
            || file.ends_with(".nimble")
            || file.ends_with(".rockspec")
            || file.ends_with(".nuspec")
        {
            return Some(Self::Unread("a package manager that is not known here"));
        }
        if file.ends_with(".yml") || file.ends_with(".yaml") {
            return Some(Self::Content(Content::Yaml));
        }
        if file.ends_with(".json") {
            return Some(Self::Content(Content::Json));
        }
        let is_own = file == crate::accept::FILE || file == crate::accept::CONFIG_FILE;
        if !is_own && file.ends_with(".toml") {
            return Some(Self::Content(Content::Toml));
        }
        let data = [".ini", ".cfg", ".conf", ".properties", ".xml", ".config"];
        if data.iter().any(|ending| file.ends_with(ending)) {
            return Some(Self::Content(Content::Data));
        }
        if let Some(language) = Language::of(&file) {
            return Some(Self::Content(Content::Source(language)));
        }
        let copied_to = TEMPLATES.iter().find_map(|ending| file.strip_suffix(ending))?;
        Some(match Self::of(directory, copied_to)? {
            Self::Manifest(Format::BunBinary) => return None,
            Self::Manifest(format) => Self::Template(Inner::Manifest(format)),
            source @ Self::Content(Content::Source(_)) => source,
            Self::Content(content) => Self::Template(Inner::Content(content)),
            other @ (Self::Template(_) | Self::Unread(_)) => other,
        })
    }
}

impl Format {
    fn of(directory: &str, file: &str) -> Option<Self> {
        let ends = |ending: &str| file.strip_suffix(ending);
        Some(match file {
            "package.json" | "bower.json" => Self::PackageJson,
            "package.yaml" => Self::PackageYaml,
            "package-lock.json" | "npm-shrinkwrap.json" | ".package-lock.json" => Self::PackageLock,
            "yarn.lock" => Self::YarnLock,
            "pnpm-lock.yaml" => Self::PnpmLock,
            "pnpm-workspace.yaml" => Self::PnpmWorkspace,
            "bun.lock" => Self::BunLock,
            "bun.lockb" => Self::BunBinary,
            "deno.json" | "deno.jsonc" | "jsr.json" | "import_map.json" | "importmap.json" => {
                Self::DenoJson
            }
            "deno.lock" => Self::DenoLock,
            "pyproject.toml" => Self::Pyproject,
            "poetry.lock" | "uv.lock" | "pdm.lock" | "pylock.toml" => Self::PythonLock,
            "pipfile" => Self::Pipfile,
            "pipfile.lock" => Self::PipfileLock,
            "setup.py" => Self::SetupPy,
            "setup.cfg" | "tox.ini" => Self::SetupCfg,
            "hatch.toml" => Self::Hatch,
            "pixi.toml" => Self::Pixi,
            "pixi.lock" | "conda-lock.yml" | "conda-lock.yaml" => Self::CondaLock,
            "buildozer.spec" => Self::Buildozer,
            "go.mod" | "go.work" => Self::GoMod,
            "go.sum" | "go.work.sum" => Self::GoSum,
            "cargo.toml" => Self::CargoToml,
            "cargo.lock" => Self::CargoLock,
            "composer.json" => Self::ComposerJson,
            "composer.lock" => Self::ComposerLock,
            "pom.xml" => Self::Pom,
            "gradle.lockfile" => Self::GradleLock,
            "flake.lock" => Self::FlakeLock,
            "packages.config" => Self::PackagesConfig,
            "packages.lock.json" => Self::NugetLock,
            "directory.packages.props" | "directory.build.props" | "directory.build.targets" => {
                Self::MsBuild
            }
            "gemfile" | "gems.rb" => Self::Gems,
            "gemfile.lock" | "gems.locked" => Self::GemLock,
            "mix.exs" | "mix.lock" => Self::Mix,
            "pubspec.yaml" | "pubspec_overrides.yaml" => Self::Pubspec,
            "pubspec.lock" => Self::PubspecLock,
            "jenkinsfile" => Self::Program,
            "devcontainer.json" | ".devcontainer.json" | "railway.json" | ".mcp.json" => {
                Self::DevContainer
            }
            "captain-definition" => Self::Captain,
            ".gitmodules" => Self::GitModules,
            "gopkg.toml" | "gopkg.lock" => Self::GoDep,
            "glide.yaml" | "glide.lock" => Self::Glide,
            "mise.toml" | ".mise.toml" | "mise.local.toml" | ".mise.local.toml" => Self::Tools,
            ".tool-versions" => Self::ToolVersions,
            "environment.yml" | "environment.yaml" | "values.yaml" | "values.yml"
            | "chart.yaml" | "kustomization.yaml" | "kustomization.yml" | "skaffold.yaml"
            | ".gitlab-ci.yml" | ".yarnrc.yml" => Self::Settings,
            _ if ends(".spdx").is_some() => Self::Spdx,
            _ if ends(".tf.json").is_some() => Self::Program,
            _ if file.starts_with("pylock.") && ends(".toml").is_some() => Self::PythonLock,
            _ if ends(".gradle").or_else(|| ends(".gradle.kts")).is_some() => Self::Gradle,
            _ if ends(".versions.toml").is_some() => Self::GradleCatalogue,
            _ if ends(".csproj")
                .or_else(|| ends(".fsproj"))
                .or_else(|| ends(".vbproj"))
                .is_some() =>
            {
                Self::MsBuild
            }
            _ if ends(".gemspec").is_some() => Self::Gems,
            _ if [".tf", ".tofu", ".hcl", ".nomad", ".tfvars", ".nix", ".bicep"]
                .iter()
                .any(|ending| ends(ending).is_some()) =>
            {
                Self::Program
            }
            _ if [".container", ".service"].iter().any(|ending| ends(ending).is_some()) => {
                Self::Unit
            }
            _ if (file.starts_with("fly.")
                || file == "railway.toml"
                || file == "nixpacks.toml")
                && ends(".toml").is_some() =>
            {
                Self::DeploymentToml
            }
            _ if is_dockerfile(file) => Self::Dockerfile,
            _ => {
                if let Some(stem) = ends(".txt").or_else(|| ends(".in")).or_else(|| ends(".pip")) {
                    return is_requirements(directory, stem).then_some(Self::Requirements);
                }
                let stem = ends(".yml").or_else(|| ends(".yaml"))?;
                let first = stem.split(['.', '-', '_']).next()?;
                let compose = first == "compose"
                    || stem.starts_with("docker-compose")
                    || stem.starts_with("podman-compose");
                return compose.then_some(Self::Compose);
            }
        })
    }

    /// Reads a file of this format. [`Standing::Passed`] if it only may have been one and is not.
    pub(crate) fn read(self, text: &str, into: &mut Mentions<'_>) -> Result<Standing, Problem> {
        match self {
            Self::PackageJson => npm::read_package(table(plain(text, into)?.root())?, into)?,
            Self::PackageYaml => {
                for document in yaml::parse(text)?.root().items() {
                    npm::read_package(table(document)?, into)?;
                }
            }
            Self::PackageLock => {
                npm::read_package_lock(self.known(plain(text, into)?.root())?, into);
            }
            Self::BunLock => {
                let tree = json::parse(text, Dialect::WithComments)?;
                npm::read_bun_lock(self.known(tree.root())?, into);
            }
            Self::BunBinary => return Ok(Standing::Passed),
            Self::YarnLock => yarn::read(text, into)?,
            Self::PnpmLock => {
                for document in yaml::parse(text)?.root().items() {
                    pnpm::read_lock(self.known(document)?, into);
                }
            }
            Self::PnpmWorkspace => {
                for document in yaml::parse(text)?.root().items() {
                    pnpm::read_workspace(table(document)?, into);
                }
            }
            Self::DenoJson => {
                let tree = json::parse(text, Dialect::WithComments)?;
                deno::read(table(tree.root())?, into);
            }
            Self::DenoLock => {
                deno::read_lock(self.known(plain(text, into)?.root())?, into);
            }
            Self::Settings => {
                // A template is no YAML yet.
                let named =
                    if garbled::is_template(text) { Named::Perhaps } else { Named::Certainly };
                deployment::read_yaml(text, named, into)?;
            }
            Self::GitModules => ini::read_git_modules(text, into),
            Self::GoDep => go::read_dep(toml::parse(text)?.root(), into),
            Self::Glide => {
                for document in yaml::parse(text)?.root().items() {
                    go::read_glide(document, into);
                }
            }
            Self::Tools => command::read_tools(toml::parse(text)?.root(), into),
            Self::ToolVersions => command::read_tool_versions(text, into),
            Self::Captain => {
                deployment::read_tree(plain(text, into)?.root(), into)?;
            }
            Self::Spdx => {
                for (found, _) in text.match_indices("pkg:") {
                    let rest = text.get(found..).unwrap_or_default();
                    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
                    let client = rest.get(..end).unwrap_or_default();
                    into.take_client(client, Via::Locked, At::Offset(found));
                }
            }
            Self::Requirements => python::read_requirements(text, into),
            Self::Pyproject => python::read_pyproject(toml::parse(text)?.root(), into),
            Self::PythonLock => python::read_lock(self.known(toml::parse(text)?.root())?, into),
            Self::Pipfile => python::read_pipfile(toml::parse(text)?.root(), into),
            Self::PipfileLock => python::read_pipfile_lock(table(plain(text, into)?.root())?, into),
            Self::SetupPy => literal::read_setup(text, into),
            Self::SetupCfg => ini::read_python(text, into),
            Self::Hatch => python::read_hatch_environments(vec![toml::parse(text)?.root()], into),
            Self::Pixi => python::read_pixi(toml::parse(text)?.root(), into),
            Self::CondaLock => {
                for document in yaml::parse(text)?.root().items() {
                    python::read_conda_lock(self.known(document)?, into);
                }
            }
            Self::Buildozer => ini::read_buildozer(text, into),
            Self::GoMod => go::read(text, into),
            Self::GoSum => go::read_sums(text, into),
            Self::CargoToml => cargo::read_manifest(toml::parse(text)?.root(), into),
            Self::CargoLock => cargo::read_lock(self.known(toml::parse(text)?.root())?, into),
            Self::ComposerJson => composer::read_manifest(table(plain(text, into)?.root())?, into),
            Self::ComposerLock => composer::read_lock(self.known(plain(text, into)?.root())?, into),
            Self::Pom => maven::read(text, into)?,
            Self::Gradle => {
                literal::check_program(text, into);
                gradle::read_build(text, into);
            }
            Self::GradleLock => gradle::read_lock(text, into),
            Self::FlakeLock => nix::read_lock(self.known(plain(text, into)?.root())?, into),
            Self::GradleCatalogue => gradle::read_catalogue(toml::parse(text)?.root(), into),
            Self::MsBuild => nuget::read_project(text, into)?,
            Self::PackagesConfig => nuget::read_packages(text, into)?,
            Self::NugetLock => nuget::read_lock(self.known(plain(text, into)?.root())?, into),
            Self::Gems => literal::read_gems(text, into),
            Self::GemLock => literal::read_gem_lock(text, into),
            Self::Mix => literal::read_mix(text, into),
            Self::Pubspec => {
                for document in yaml::parse(text)?.root().items() {
                    dart::read(table(document)?, into);
                }
            }
            Self::PubspecLock => {
                for document in yaml::parse(text)?.root().items() {
                    dart::read_lock(self.known(document)?, into);
                }
            }
            Self::Dockerfile => docker::read_dockerfile(text, into),
            Self::Compose => return deployment::read_yaml(text, Named::Compose, into),
            Self::Unit => ini::read_unit(text, into),
            Self::Program => literal::read_deployment(text, into),
            Self::DeploymentToml => {
                deployment::read_tree(toml::parse(text)?.root(), into)?;
            }
            Self::DevContainer => {
                let json = json::parse(text, Dialect::WithComments)?;
                deployment::read_tree(json.root(), into)?;
            }
        }
        Ok(Standing::Read)
    }

    /// The sections of a lock file that say what is installed, in every form of it that is read.
    fn sections(self) -> &'static [&'static str] {
        match self {
            Self::PackageLock => &["packages", "dependencies"],
            Self::PnpmLock => &[
                "importers",
                "packages",
                "snapshots",
                "dependencies",
                "devDependencies",
                "optionalDependencies",
            ],
            Self::BunLock => &["workspaces", "packages"],
            Self::DenoLock => &["packages", "npm", "jsr", "remote", "specifiers", "workspace"],
            Self::PythonLock | Self::CondaLock => &["package", "packages"],
            Self::CargoLock => &["package", "root"],
            Self::ComposerLock => &["packages", "packages-dev"],
            Self::NugetLock => &["dependencies"],
            Self::FlakeLock => &["nodes"],
            Self::PubspecLock => &["packages"],
            _ => &[],
        }
    }

    /// The root of a lock file, if it is of a form that is read: one that holds something, and
    /// nothing under a known name, may be of a newer form, and says what is installed all the same.
    fn known(self, root: Node<'_>) -> Result<Node<'_>, Problem> {
        /// What lock files have besides.
        const ASIDE: &[&str] = &["metadata", "_meta", "settings", "sdks"];
        let root = table(root)?;
        let sections = self.sections();
        let is_known = root.entries().any(|(key, _)| sections.contains(&key));
        let other = root.entries().find(|(key, node)| !node.is_text() && !ASIDE.contains(key));
        match other {
            Some((key, node)) if !is_known => Err(Problem::new(
                Some(node.at),
                format!(
                    "has `{}` and none of `{}`: a form of this file that is not known",
                    key.chars().take(100).collect::<String>(),
                    sections.join("`, `")
                ),
            )),
            _ => Ok(root),
        }
    }
}

/// The root of a file that is a table of names, or is empty.
fn table(root: Node<'_>) -> Result<Node<'_>, Problem> {
    let is_empty = root.is_text() && matches!(root.text(), Some("" | "~" | "null"));
    if root.is_map() || is_empty {
        return Ok(root);
    }
    let found = if root.is_text() { "a single value" } else { "a list" };
    Err(Problem::new(Some(root.at), format!("holds {found}; expected names with their values")))
}

impl Format {
    /// Whether such a file holds addresses and settings of what it runs.
    pub(crate) const fn has_addresses(self) -> bool {
        matches!(
            self,
            Self::Dockerfile
                | Self::Compose
                | Self::Unit
                | Self::Program
                | Self::DeploymentToml
                | Self::DevContainer
                | Self::Settings
        )
    }
}

impl Content {
    /// Whether a look at the bytes says that there may be something; what is passed over here is
    /// not parsed.
    pub(crate) fn may_say(self, bytes: &[u8]) -> bool {
        let has = |needle: &str| memchr::memmem::find(bytes, needle.as_bytes()).is_some();
        // Two bytes a letter: let the reader see.
        let wide = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
        match self {
            Self::Yaml => {
                wide || has("mage")
                    || has("services")
                    || has("dependencies")
                    || has("repository")
                    || has("run")
                    || has("install")
                    || has("bash")
                    || has("pwsh")
                    || has("powershell")
                    || has("docker")
                    || has("ConfigMap")
                    || has("stringData")
                    || has("content")
                    || has("cript")
                    || has("ommand")
                    || has("exec")
                    || has("repoURL")
                    || has("resources")
                    || has("packageExtensions")
                    || has("npm")
                    || has("pip")
                    || has("shell")
                    || has("cmd")
                    || has("git:")
                    || has("pkg:")
            }
            Self::Json => {
                wide || (has("\"nodes\"") && has("\"type\""))
                    || has("mage\"")
                    || has("\"matches\"")
                    || has("ommand\"")
                    || has("ommands\"")
                    || has("cript\"")
                    || has("cripts\"")
                    || has("cmd\"")
                    || has("\"args\"")
                    || has("pkg:")
            }
            Self::Toml => {
                wide || has("mage") || has("ommand") || has("run") || has("cmd") || has("pkg:")
            }
            Self::Data => {
                has("<purl>")
                    || (has("<Container") && has("<Repository>"))
                    || has("ommand")
                    || has("cmd")
                    || has("exec")
                    || has("PACKAGES")
            }
            Self::Source(_) => true,
        }
    }

    pub(crate) fn read(
        self,
        text: &str,
        file: &str,
        searcher: &Searcher<'_>,
        neighbours: Neighbours<'_>,
        into: &mut Mentions<'_>,
    ) -> Result<Standing, Problem> {
        let standing = match self {
            Self::Yaml => deployment::read_yaml(text, Named::Perhaps, into)?,
            Self::Json => {
                let tree = match json::parse(text, Dialect::WithComments) {
                    Ok(tree) => tree,
                    // Data that is no JSON is nobody's manifest, but for one that names a client.
                    Err(problem) => {
                        searcher.read_binary(text.as_bytes(), into);
                        searcher.read_settings(text, Hosts::All, into);
                        let images =
                            if garbled::is_template(text) { Images::Listed } else { Images::Any };
                        let is_silent = into.is_empty() && !holds_client(text, images, into);
                        return if is_silent { Ok(Standing::Passed) } else { Err(problem) };
                    }
                };
                let root = tree.root();
                let flows = deployment::read_n8n(root, into);
                if deployment::read_tree(root, into)? == Standing::Read || is_extension(root) {
                    Standing::Read
                } else {
                    flows
                }
            }
            Self::Toml => match toml::parse(text) {
                Ok(tree) => deployment::read_tree(tree.root(), into)?,
                Err(problem) => {
                    searcher.read_settings(text, Hosts::Services, into);
                    return if holds_client(text, Images::Any, into) {
                        Err(problem)
                    } else {
                        Ok(Standing::Passed)
                    };
                }
            },
            Self::Data => {
                read_elements(text, into);
                ini::read_settings(text, into);
                Standing::Passed
            }
            Self::Source(language) => return Ok(searcher.read(text, language, neighbours, into)),
        };
        if standing == Standing::Read || file.eq_ignore_ascii_case("manifest.json") {
            // Settings and nodes of workflows have addresses.
            searcher.read_settings(text, Hosts::All, into);
        } else {
            searcher.read_settings(text, Hosts::Services, into);
        }
        Ok(standing)
    }
}

/// Lists of parts in XML, and templates of hosts: elements that hold a package URL or an image.
fn read_elements(text: &str, into: &mut Mentions<'_>) {
    for (found, open) in text.match_indices("<purl>").chain(text.match_indices("<Repository>")) {
        let rest = text.get(found + open.len()..).unwrap_or_default();
        let value = rest.split('<').next().unwrap_or_default().trim();
        if open == "<purl>" {
            into.take_client(value, Via::Locked, At::Offset(found));
        } else if text.contains("<Container") {
            docker::take_image(value, At::Offset(found), into);
        }
    }
}

/// The manifest of a browser's extension, which says on which pages it works.
fn is_extension(root: Node<'_>) -> bool {
    root.all("manifest_version").next().is_some()
        && root.all("content_scripts").chain(root.all("host_permissions")).next().is_some()
}

/// JSON, or what people write for it.
fn plain<'t>(text: &'t str, into: &mut Mentions<'_>) -> Result<Tree<'t>, Problem> {
    let (tree, note) = json::parse_leniently(text)?;
    if let Some(note) = note {
        into.note(note);
    }
    Ok(tree)
}

/// `requirements.txt` and its kin, also as it is often misspelt, and everything in a folder called
/// so.
fn is_requirements(directory: &str, stem: &str) -> bool {
    let words = ["requirements", "requirement", "constraints", "constraint"];
    let named = words.iter().any(|word| {
        let rest = stem.strip_prefix(word).or_else(|| stem.strip_suffix(word));
        rest.is_some_and(|rest| {
            rest.is_empty() || rest.starts_with(['-', '_', '.']) || rest.ends_with(['-', '_', '.'])
        })
    });
    named
        || stem.starts_with("requirements")
        || stem.ends_with("requirements")
        || directory.eq_ignore_ascii_case("requirements")
}

/// `Dockerfile`, `Dockerfile.prod`, `prod.Dockerfile`, and the same with `Containerfile`; not
/// `dockerfile.md` and the like.
fn is_dockerfile(file: &str) -> bool {
    ["dockerfile", "containerfile"].iter().any(|name| {
        let after = file.strip_prefix(name).and_then(|rest| rest.strip_prefix(['.', '-', '_']));
        let text = after.is_some_and(|rest| {
            matches!(
                rest,
                "md" | "txt" | "html" | "json" | "dockerignore" | "rs" | "py" | "go" | "js" | "ts"
            )
        });
        let before = file
            .strip_suffix(name)
            .is_some_and(|stem| stem.is_empty() || stem.ends_with(['.', '-', '_']));
        before || (after.is_some() && !text)
    })
}

#[cfg(test)]
mod tests {
    use super::{Content, Format, Role};
    use crate::read::language::Language;

    #[test]
    fn files_are_known_by_name() {
        for (directory, file, format) in [
            ("", "package.json", Some(Format::PackageJson)),
            ("", "requirements-dev.txt", Some(Format::Requirements)),
            ("", "requirement.txt", Some(Format::Requirements)),
            ("", "constraints.txt", Some(Format::Requirements)),
            ("", "dev-requirements.in", Some(Format::Requirements)),
            ("requirements", "base.txt", Some(Format::Requirements)),
            ("notes", "base.txt", None),
            ("", "Dockerfile", Some(Format::Dockerfile)),
            ("", "Dockerfile.prod", Some(Format::Dockerfile)),
            ("", "web.dockerfile", Some(Format::Dockerfile)),
            ("", "dockerfile.md", None),
            ("", "mydockerfile", None),
            ("", "compose.override.yaml", Some(Format::Compose)),
            ("", "docker-compose.prod.yml", Some(Format::Compose)),
            ("", "composer.yml", None),
            ("", "App.csproj", Some(Format::MsBuild)),
            ("", "build.gradle.kts", Some(Format::Gradle)),
            ("gradle", "libs.versions.toml", Some(Format::GradleCatalogue)),
            ("", "my-package.json", None),
            ("", "fly.prod.toml", Some(Format::DeploymentToml)),
        ] {
            let found = match Role::of(directory, file) {
                Some(Role::Manifest(format)) => Some(format),
                _ => None,
            };
            assert_eq!(found, format, "{directory}/{file}");
        }
        assert_eq!(Role::of("", "stack.yml"), Some(Role::Content(Content::Yaml)));
        assert_eq!(Role::of("", "send.AHK"), Some(Role::Content(Content::Source(Language::Keys))));
        assert!(matches!(Role::of("", "Podfile.lock"), Some(Role::Unread(_))));
        assert_eq!(Role::of("", "README.md"), None);
    }
}
