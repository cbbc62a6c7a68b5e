//! Commands that install or run something by name: `npm i NAME`, `npx -y NAME`, `pip install NAME`,
//! `docker run NAME`.
//!
//! Only names that stand there literally are seen. No shell is imitated: words are split at blanks,
//! commands at `;`, `&`, `|`, brackets and line ends, and every word after an installing one is
//! looked up, so that an option's value costs a look-up and nothing else.

use cleartosend::expert::clients::Ecosystem;

use super::npm::{is_repository, is_short, name_in_tarball, split_version, take_wanted};
use super::{go, python, shape};
use crate::formats::Format;
use crate::mention::{Mention, Mentions, Via, Want};
use crate::place::{At, place_of};
use crate::tree::Node;

/// Reads one or several commands that stand in one place.
pub(crate) fn read(text: &str, at: At, into: &mut Mentions<'_>) {
    for command in text.split([';', '&', '|', '(', ')', '`', '\n']) {
        let words: Vec<&str> = command
            .split_whitespace()
            .map(|word| word.trim_matches(['"', '\'', ',', '[', ']']))
            .collect();
        for (position, word) in words.iter().enumerate() {
            let tool = word.rsplit('/').next().unwrap_or(word);
            if let Some(rest) = words.get(position + 1..)
                && take_command(tool, rest, at, into)
            {
                break;
            }
        }
    }
}

/// True if the tool is known, so that the rest of the command belongs to it.
fn take_command(tool: &str, rest: &[&str], at: At, into: &mut Mentions<'_>) -> bool {
    let tool = tool.trim_end_matches(".exe").trim_end_matches(".cmd");
    let stem = tool.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    match stem {
        "npm" | "pnpm" | "yarn" | "bun" | "cnpm" => {
            if let Some(asked) =
                after(rest, &["i", "in", "install", "add", "update", "up", "upgrade", "isntall"])
            {
                names(asked).for_each(|name| take_npm(name, at, into));
            } else if let Some(asked) = after(rest, &["x", "exec", "dlx", "create"]) {
                take_run(asked, at, into);
            }
        }
        "npx" | "pnpx" | "bunx" => take_run(rest, at, into),
        "deno" => rest
            .iter()
            .filter_map(|word| word.strip_prefix("npm:"))
            .for_each(|name| take_npm(name, at, into)),
        "pip" | "pipx" | "uv" | "poetry" | "pdm" | "pipenv" | "rye" | "conda" | "mamba"
        | "micromamba" | "hatch" => {
            if let Some(asked) = after(rest, &["install", "add", "run", "inject"]) {
                take_python(asked, at, into);
            }
        }
        "uvx" => take_python(rest, at, into),
        "go" => {
            for name in after(rest, &["get", "install", "run"]).into_iter().flat_map(names) {
                go::take_package(name, at, Via::Command, into);
            }
        }
        "cargo" => take_each(Ecosystem::Cargo, after(rest, &["add", "install"]), at, into),
        "gem" => take_each(Ecosystem::Gem, after(rest, &["install", "i"]), at, into),
        "bundle" => take_each(Ecosystem::Gem, after(rest, &["add"]), at, into),
        "composer" => take_each(Ecosystem::Composer, after(rest, &["require", "req"]), at, into),
        "dotnet" | "nuget" => {
            take_each(Ecosystem::Nuget, after(rest, &["package", "install"]), at, into);
        }
        "dart" | "flutter" => {
            take_each(Ecosystem::Pub, after(rest, &["add", "activate"]), at, into);
        }
        "docker" | "podman" | "nerdctl" => {
            take_each(Ecosystem::Docker, after(rest, &["run", "pull", "create"]), at, into);
        }
        "git" => {
            for address in after(rest, &["clone", "submodule"])
                .into_iter()
                .flat_map(names)
                .filter(|word| word.contains(['/', ':']))
            {
                into.take(mention(Ecosystem::Git, address, at));
            }
        }
        "gh" => {
            let asked = after(rest, &["clone"]).into_iter().flat_map(names);
            for name in asked.filter(|word| word.contains('/')).take(1) {
                let short = !name.contains(':');
                let address = if short { format!("github:{name}") } else { name.to_owned() };
                into.take(mention(Ecosystem::Git, &address, at));
            }
        }
        "kubectl" | "oc" | "gcloud" | "az" | "fly" | "flyctl" | "doctl" | "railway" => {
            take_images(rest, at, into);
        }
        "degit" | "tiged" | "giget" => take_template(rest, at, into),
        "skopeo" | "crane" | "regctl" | "buildah" | "oras" => {
            take_each(Ecosystem::Docker, Some(&without_transport(rest)), at, into);
        }
        // A chart is called like the image that it runs.
        "helm" => {
            let charts = without_transport(rest).into_iter();
            let names: Vec<&str> = charts.filter_map(|chart| chart.rsplit('/').next()).collect();
            take_each(Ecosystem::Docker, Some(&names), at, into);
        }
        // What is fetched from a listed repository is used; other addresses are nobody's.
        "curl" | "wget" => {
            for address in names(rest) {
                if name_in_tarball(address).is_some() {
                    take_npm(address, at, into);
                } else if into.knows(Ecosystem::Git, address) {
                    into.take(mention(Ecosystem::Git, address, at));
                }
            }
        }
        _ => return false,
    }
    true
}

/// `mise.toml`: tools by the name of what installs them, `"npm:NAME" = "latest"`.
pub(crate) fn read_tools(root: Node<'_>, into: &mut Mentions<'_>) {
    let tools = shape::tables(root, "tools", into);
    for (tool, version) in tools.into_iter().flat_map(Node::entries) {
        take_tool(tool, version.at, into);
    }
    for task in root.all("tasks").flat_map(Node::entries).map(|(_, task)| task) {
        for run in std::iter::once(task).chain(task.all("run")) {
            read(run.text().unwrap_or_default(), run.at, into);
        }
    }
}

/// `.tool-versions`: a tool and its versions on each line.
pub(crate) fn read_tool_versions(text: &str, into: &mut Mentions<'_>) {
    for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
        if let Some(tool) = line.split_whitespace().next() {
            take_tool(tool, place_of(text, line), into);
        }
    }
}

fn take_tool(tool: &str, at: At, into: &mut Mentions<'_>) {
    let Some((installer, name)) = tool.split_once(':') else { return };
    let ecosystem = match installer {
        "npm" => Ecosystem::Npm,
        "pipx" => Ecosystem::Pypi,
        "cargo" => Ecosystem::Cargo,
        "gem" => Ecosystem::Gem,
        "go" => {
            go::take_package(name, at, Via::Direct, into);
            return;
        }
        "ubi" | "github" | "aqua" => {
            let name = format!("github:{name}");
            into.take(Mention { via: Via::Direct, ..mention(Ecosystem::Git, &name, at) });
            return;
        }
        _ => return,
    };
    into.take(Mention { via: Via::Direct, ..mention(ecosystem, name, at) });
}

/// What stands behind the first of some words, if nothing but options stand before it.
fn after<'w, 'a>(words: &'w [&'a str], wanted: &[&str]) -> Option<&'w [&'a str]> {
    // `yarn global add`, `uv pip install`, `uv tool install`, `dotnet add X package Y`: a few words
    // may stand before.
    let position = words.iter().take(6).position(|word| wanted.contains(word))?;
    words.get(position + 1..)
}

fn names<'a>(words: &[&'a str]) -> impl Iterator<Item = &'a str> {
    words.iter().copied().filter(|word| !word.is_empty() && !word.starts_with('-'))
}

fn mention(ecosystem: Ecosystem, name: &str, at: At) -> Mention<'_> {
    Mention { ecosystem, name, alias: None, version: None, via: Via::Command, at }
}

fn take_each(ecosystem: Ecosystem, words: Option<&[&str]>, at: At, into: &mut Mentions<'_>) {
    for name in words.into_iter().flat_map(names) {
        if !into.take(mention(ecosystem, name, at)) && name.contains("://") {
            into.take(mention(Ecosystem::Git, name, at));
        }
    }
}

/// A repository that is copied without its history: `OWNER/NAME`, with a branch, a folder or the
/// name of a server.
fn take_template(words: &[&str], at: At, into: &mut Mentions<'_>) {
    let Some(name) = names(words).next() else { return };
    let name = name.strip_prefix("gh:").unwrap_or(name);
    if name.contains(':') {
        into.take(mention(Ecosystem::Git, name, at));
        return;
    }
    let path = name.split('#').next().unwrap_or(name);
    let mut parts = path.split('/');
    if let (Some(owner), Some(repository)) = (parts.next(), parts.next()) {
        into.take(mention(Ecosystem::Git, &format!("github:{owner}/{repository}"), at));
    }
}

/// A setting that lists packages for a program to install when it starts, as
/// `N8N_COMMUNITY_PACKAGES=n8n-nodes-x,@y/z`. Other settings say nothing of that.
pub(crate) fn take_setting(key: &str, value: &str, at: At, into: &mut Mentions<'_>) {
    const LISTS: [&str; 5] = ["PACKAGES", "EXTENSIONS", "PLUGINS", "NODE_MODULES", "REQUIREMENTS"];
    let is_word = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    if !key.bytes().all(is_word) || !LISTS.iter().any(|list| key.ends_with(list)) {
        return;
    }
    let is_python = key.contains("PIP") || key.contains("PYTHON") || key.ends_with("REQUIREMENTS");
    let separators = [',', ';', ' ', '"', '\'', '[', ']'];
    for name in value.split(separators).filter(|name| !name.is_empty()) {
        if is_python {
            python::take_requirement(name, at, Via::Command, into);
            continue;
        }
        // A folder that holds the package is called like it.
        let name = match name.rsplit_once('/') {
            Some((before, last)) if !name.starts_with('@') && !before.contains(':') => last,
            _ => name,
        };
        take_npm(name, at, into);
    }
}

/// Images in the options of commands, `--image=NAME` and `--image NAME` and their kin, and
/// `CONTAINER=NAME` of `set image`.
fn take_images(words: &[&str], at: At, into: &mut Mentions<'_>) {
    const OPTIONS: [&str; 6] = [
        "--image",
        "-i",
        "--source",
        "--container-image-name",
        "--deployment-container-image-name",
        "--docker-custom-image-name",
    ];
    let is_set = after(words, &["image"]).is_some();
    let mut is_image = false;
    for word in words {
        let of_container =
            word.split_once('=').filter(|_| is_set && !word.starts_with('-')).map(|(_, name)| name);
        let of_option = word.split_once('=').filter(|(option, _)| OPTIONS.contains(option));
        let image = of_option.map(|(_, image)| image).or(of_container);
        if let Some(image) = image.or_else(|| std::mem::take(&mut is_image).then_some(*word)) {
            into.take(mention(Ecosystem::Docker, image, at));
        }
        is_image = OPTIONS.contains(word);
    }
}

/// Images and charts without what says how they are fetched.
fn without_transport<'a>(words: &[&'a str]) -> Vec<&'a str> {
    let transports = ["docker://", "oci://", "docker-daemon:"];
    let bare = |word: &&'a str| {
        transports.iter().find_map(|transport| word.strip_prefix(transport)).unwrap_or(*word)
    };
    words.iter().map(bare).collect()
}

pub(super) fn take_npm(name: &str, at: At, into: &mut Mentions<'_>) {
    if name_in_tarball(name).is_some() {
        take_wanted(name, name, at, Via::Command, into);
        return;
    }
    let (package, version) = split_version(name);
    if version.is_empty() && !name.starts_with('@') && is_repository(name) {
        let short = is_short(name);
        into.take(mention(
            Ecosystem::Git,
            &if short { format!("github:{name}") } else { name.to_owned() },
            at,
        ));
        return;
    }
    take_wanted(package, version, at, Via::Command, into);
}

/// The package that is run: the first word that is no option, and those of `--package`.
fn take_run(words: &[&str], at: At, into: &mut Mentions<'_>) {
    let mut is_package = false;
    for (position, word) in words.iter().enumerate() {
        let tool = split_version(word).0;
        if matches!(tool, "degit" | "tiged" | "giget") && !is_package {
            take_template(words.get(position + 1..).unwrap_or_default(), at, into);
            return;
        }
        if let Some(package) = word.strip_prefix("--package=") {
            take_npm(package, at, into);
        } else if matches!(*word, "-p" | "--package") {
            is_package = true;
        } else if !word.starts_with('-') {
            take_npm(word, at, into);
            if !std::mem::take(&mut is_package) {
                return;
            }
        }
    }
}

fn take_python(words: &[&str], at: At, into: &mut Mentions<'_>) {
    let mut is_file = false;
    for word in words {
        if std::mem::take(&mut is_file) {
            into.include(word, at, Want::IfThere, Format::Requirements);
        } else if matches!(*word, "-r" | "-c" | "--requirement" | "--constraint") {
            is_file = true;
        } else if !word.starts_with('-') {
            python::take_requirement(word, at, Via::Command, into);
        }
    }
}
