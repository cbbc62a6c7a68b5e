//! Which kind of manifest is this file, by its name?

use cleartosend::directory::clients::Catalogue;

use crate::mention::{Listed, Mentions};
use crate::read::{cargo, composer, docker, go, gradle, maven, npm, nuget, pnpm, python, yarn};
use crate::tree::json::Dialect;
use crate::tree::{Problem, json, toml, yaml};

/// A kind of file that the scanner reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    PackageJson,
    PackageLock,
    YarnLock,
    PnpmLock,
    PnpmWorkspace,
    BunLock,
    Requirements,
    Pyproject,
    PythonLock,
    Pipfile,
    PipfileLock,
    GoMod,
    CargoToml,
    CargoLock,
    ComposerJson,
    ComposerLock,
    Pom,
    Gradle,
    GradleLock,
    GradleCatalogue,
    MsBuild,
    PackagesConfig,
    NugetLock,
    Dockerfile,
    Compose,
}

impl Format {
    /// The format of a file, from its name and that of its directory; letters are compared without case.
    pub(crate) fn of(directory: &str, file: &str) -> Option<Self> {
        let file = file.to_ascii_lowercase();
        let ends = |ending: &str| file.strip_suffix(ending);
        Some(match file.as_str() {
            "package.json" => Self::PackageJson,
            "package-lock.json" | "npm-shrinkwrap.json" => Self::PackageLock,
            "yarn.lock" => Self::YarnLock,
            "pnpm-lock.yaml" => Self::PnpmLock,
            "pnpm-workspace.yaml" => Self::PnpmWorkspace,
            "bun.lock" => Self::BunLock,
            "pyproject.toml" => Self::Pyproject,
            "poetry.lock" | "uv.lock" | "pdm.lock" | "pylock.toml" => Self::PythonLock,
            "pipfile" => Self::Pipfile,
            "pipfile.lock" => Self::PipfileLock,
            "go.mod" => Self::GoMod,
            "cargo.toml" => Self::CargoToml,
            "cargo.lock" => Self::CargoLock,
            "composer.json" => Self::ComposerJson,
            "composer.lock" => Self::ComposerLock,
            "pom.xml" => Self::Pom,
            "gradle.lockfile" => Self::GradleLock,
            "packages.config" => Self::PackagesConfig,
            "packages.lock.json" => Self::NugetLock,
            "directory.packages.props" | "directory.build.props" | "directory.build.targets" => Self::MsBuild,
            _ if file.starts_with("pylock.") && ends(".toml").is_some() => Self::PythonLock,
            _ if ends(".gradle").or_else(|| ends(".gradle.kts")).is_some() => Self::Gradle,
            _ if ends(".versions.toml").is_some() => Self::GradleCatalogue,
            _ if ends(".csproj").or_else(|| ends(".fsproj")).or_else(|| ends(".vbproj")).is_some() => Self::MsBuild,
            _ if is_dockerfile(&file) => Self::Dockerfile,
            _ => {
                if let Some(stem) = ends(".txt").or_else(|| ends(".in")) {
                    let named = stem.starts_with("requirements") || stem.ends_with("requirements");
                    return (named || directory.eq_ignore_ascii_case("requirements")).then_some(Self::Requirements);
                }
                let stem = ends(".yml").or_else(|| ends(".yaml"))?;
                let first = stem.split(['.', '-', '_']).next()?;
                let compose = first == "compose" || stem.starts_with("docker-compose") || stem.starts_with("podman-compose");
                return compose.then_some(Self::Compose);
            }
        })
    }

    /// Reads a file of this format.
    pub(crate) fn read<'c>(self, text: &str, catalogue: &'c Catalogue) -> Result<(Vec<Listed<'c>>, Vec<Problem>), Problem> {
        let mut mentions = Mentions::new(catalogue);
        let into = &mut mentions;
        let strict = || json::parse(text, Dialect::Json);
        match self {
            Self::PackageJson => npm::read_package(strict()?.root(), into),
            Self::PackageLock => npm::read_package_lock(strict()?.root(), into),
            Self::BunLock => npm::read_bun_lock(json::parse(text, Dialect::WithComments)?.root(), into),
            Self::YarnLock => yarn::read(text, into)?,
            Self::PnpmLock => pnpm::read_lock(yaml::parse(text)?.root(), into),
            Self::PnpmWorkspace => pnpm::read_workspace(yaml::parse(text)?.root(), into),
            Self::Requirements => python::read_requirements(text, into),
            Self::Pyproject => python::read_pyproject(toml::parse(text)?.root(), into),
            Self::PythonLock => python::read_lock(toml::parse(text)?.root(), into),
            Self::Pipfile => python::read_pipfile(toml::parse(text)?.root(), into),
            Self::PipfileLock => python::read_pipfile_lock(strict()?.root(), into),
            Self::GoMod => go::read(text, into),
            Self::CargoToml => cargo::read_manifest(toml::parse(text)?.root(), into),
            Self::CargoLock => cargo::read_lock(toml::parse(text)?.root(), into),
            Self::ComposerJson => composer::read_manifest(strict()?.root(), into),
            Self::ComposerLock => composer::read_lock(strict()?.root(), into),
            Self::Pom => maven::read(text, into)?,
            Self::Gradle => gradle::read_build(text, into),
            Self::GradleLock => gradle::read_lock(text, into),
            Self::GradleCatalogue => gradle::read_catalogue(toml::parse(text)?.root(), into),
            Self::MsBuild => nuget::read_project(text, into)?,
            Self::PackagesConfig => nuget::read_packages(text, into)?,
            Self::NugetLock => nuget::read_lock(strict()?.root(), into),
            Self::Dockerfile => docker::read_dockerfile(text, into),
            Self::Compose => docker::read_compose(yaml::parse(text)?.root(), into),
        }
        Ok(mentions.finish())
    }
}

/// `Dockerfile`, `Dockerfile.prod`, `prod.Dockerfile`, and the same with `Containerfile`; not `dockerfile.md` and the like.
fn is_dockerfile(file: &str) -> bool {
    ["dockerfile", "containerfile"].iter().any(|name| {
        let after = file.strip_prefix(name).and_then(|rest| rest.strip_prefix(['.', '-', '_']));
        let text =
            after.is_some_and(|rest| matches!(rest, "md" | "txt" | "html" | "json" | "dockerignore" | "rs" | "py" | "go" | "js" | "ts"));
        let before = file.strip_suffix(name).is_some_and(|stem| stem.is_empty() || stem.ends_with(['.', '-', '_']));
        before || (after.is_some() && !text)
    })
}

#[cfg(test)]
mod tests {
    use super::Format;

    #[test]
    fn files_are_known_by_name() {
        for (directory, file, format) in [
            ("", "package.json", Some(Format::PackageJson)),
            ("", "requirements-dev.txt", Some(Format::Requirements)),
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
        ] {
            assert_eq!(Format::of(directory, file), format, "{directory}/{file}");
        }
    }
}
