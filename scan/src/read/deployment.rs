//! What does a YAML, JSON or TOML file run, whatever its name is?
//!
//! Compose files, Kubernetes, Helm, workflows of CI, dev containers, task definitions and settings
//! of hosts all say an image's name under a key that ends in `image`, or in the two parts
//! `repository` and `tag`; commands stand under a handful of keys. So a file is judged by these
//! keys and not by its shape. A name that is not listed is passed over like everywhere.

use std::borrow::Cow;

use cleartosend::expert::clients::Ecosystem;

use super::{command, docker, literal, python};
use crate::limits;
use crate::mention::{Mention, Mentions, Via};
use crate::place::{At, place_of};
use crate::tree::{Node, Problem, yaml};

/// Whether a file turned out to be one of those that are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It says what is installed or run.
    Read,
    /// It is something else.
    Passed,
}

/// Whether the name of a file says that it is one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// If it cannot be parsed, something that runs is not known.
    Certainly,
    /// It is judged by what it holds.
    Perhaps,
}

/// A YAML file: every document of it.
pub(crate) fn read_yaml(
    text: &str,
    named: Named,
    into: &mut Mentions<'_>,
) -> Result<Standing, Problem> {
    let tree = match yaml::parse_all(text) {
        Ok(tree) => tree,
        Err(problem) if named == Named::Certainly => return Err(problem),
        Err(problem) => return read_lines(text, problem, into),
    };
    let mut standing = match named {
        Named::Certainly => Standing::Read,
        Named::Perhaps => Standing::Passed,
    };
    let is_prose = |document: Node<'_>| document.text().is_some_and(|text| !text.trim().is_empty());
    if named == Named::Certainly && tree.root().items().any(is_prose) {
        return Err(Problem::new(None, "no settings: the file is plain text".to_owned()));
    }
    for document in tree.root().items() {
        if python::read_conda(document, into) {
            standing = Standing::Read;
        }
        if read_tree(document, into)? == Standing::Read {
            standing = Standing::Read;
        }
    }
    Ok(standing)
}

/// A template, or a broken file: lines that name an image. Only the latter is told, since what it
/// holds besides is not known.
fn read_lines(text: &str, problem: Problem, into: &mut Mentions<'_>) -> Result<Standing, Problem> {
    let mut standing = Standing::Passed;
    for line in text.lines() {
        let code = line.trim_start().trim_start_matches("- ").trim_start();
        let Some((key, value)) = code.split_once(':') else { continue };
        if is_image_key(key.trim_matches(['"', '\''])) || key == "repository" {
            // Of a template's line what stands before the first value that is filled in.
            let value =
                value.split(" #").next().unwrap_or(value).split("{{").next().unwrap_or(value);
            let value = value.trim().trim_matches(['"', '\'']).trim_end_matches([':', '@']);
            if is_image(value) {
                standing = Standing::Read;
                docker::take_image(value, place_of(text, code), into);
            }
        }
    }
    if standing == Standing::Read && !text.contains("{{") { Err(problem) } else { Ok(standing) }
}

/// Any tree of maps and lists.
pub(crate) fn read_tree(root: Node<'_>, into: &mut Mentions<'_>) -> Result<Standing, Problem> {
    let mut standing = if is_deployment(root) { Standing::Read } else { Standing::Passed };
    let mut open = vec![root];
    let mut looked_at = 0_usize;
    while let Some(node) = open.pop() {
        looked_at += 1;
        // Aliases are shared by the parser and written out by this walk.
        if looked_at > limits::YAML_NODES_MAX {
            return Err(Problem::new(
                Some(node.at),
                format!("more than {} values, with aliases written out", limits::YAML_NODES_MAX),
            ));
        }
        if take_parts(node, into) {
            standing = Standing::Read;
        }
        take_program(node, into);
        let origin = if node.all("build").next().is_some() {
            ImageOrigin::Here
        } else {
            ImageOrigin::Fetched
        };
        for (key, value) in node.entries() {
            if take_entry(key, value, origin, into) {
                standing = Standing::Read;
            }
            if let Some(client) = value.text().filter(|text| text.starts_with("pkg:")) {
                into.take_client(client, Via::Locked, value.at);
            }
            if !value.is_text() {
                open.push(value);
            }
        }
        open.extend(node.items().filter(|item| !item.is_text()));
    }
    Ok(standing)
}

/// Compose files have `services`, objects of Kubernetes say their version and kind.
fn is_deployment(root: Node<'_>) -> bool {
    let runs =
        |service: Node<'_>| ["image", "build"].iter().any(|key| service.all(key).next().is_some());
    root.all("services").flat_map(Node::entries).any(|(_, service)| runs(service))
        || (root.text_of("apiVersion").is_some() && root.text_of("kind").is_some())
        || ["mcpServers", "bomFormat", "spdxVersion", "SPDXID", "dockerfileLines"]
            .iter()
            .any(|key| root.all(key).next().is_some())
}

fn is_image_key(key: &str) -> bool {
    let last = key.len().checked_sub("image".len()).and_then(|start| key.get(start..));
    last.is_some_and(|last| last.eq_ignore_ascii_case("image"))
        || matches!(key, "newName" | "imageName" | "image_name" | "imageUri")
}

/// Whether it can be a container's image, and not a picture.
fn is_image(text: &str) -> bool {
    let picture = |ending: &str| {
        text.len() > ending.len()
            && text
                .get(text.len() - ending.len()..)
                .is_some_and(|end| end.eq_ignore_ascii_case(ending))
    };
    let pictures = [".png", ".jpg", ".jpeg", ".svg", ".gif", ".webp", ".ico", ".avif"];
    !text.is_empty()
        && !text.starts_with(['/', '.'])
        && !text.contains("://")
        && !text.contains(' ')
        && !pictures.into_iter().any(picture)
}

/// Where the image of a service comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ImageOrigin {
    /// It is built in the tree, and its name is given to the result.
    Here,
    /// It is fetched by its name.
    Fetched,
}

/// One entry of a map. True if it names an image.
fn take_entry(key: &str, value: Node<'_>, origin: ImageOrigin, into: &mut Mentions<'_>) -> bool {
    let text = value.text().unwrap_or_default();
    if is_image_key(key) || key == "container" {
        // `{name: …}` in pipelines, `{url: …}` elsewhere; `repository` and `tag` are taken with
        // their map.
        let named = ["name", "url", "default"].into_iter().find_map(|key| value.text_of(key));
        let image = if text.is_empty() { named.unwrap_or_default() } else { text };
        if !image.is_empty() {
            match origin {
                // Only what is called so is surely no picture.
                ImageOrigin::Fetched if key == "image" => {
                    docker::take_image(image, value.at, into);
                }
                _ => docker::take_own_image(image, value.at, into),
            }
        }
        return key != "container" && is_image(image);
    }
    match key {
        "uses" if text.starts_with("docker://") => docker::take_image(text, value.at, into),
        "services" => {
            value
                .items()
                .filter_map(|item| {
                    // A pipeline's service may be a map with a name; those of hosts have a type.
                    let named = || item.all("type").next().is_none().then(|| item.text_of("name"));
                    Some((item.text().or_else(|| named().flatten())?, item.at))
                })
                .for_each(|(image, at)| docker::take_image(image, at, into));
        }
        "build" | "context" => {
            let address =
                if text.is_empty() { value.text_of("context").unwrap_or_default() } else { text };
            if address.contains("://")
                || address.starts_with("git@")
                || address.starts_with("github.com/")
            {
                let mention = Mention {
                    ecosystem: Ecosystem::Git,
                    name: address,
                    alias: None,
                    version: None,
                    via: Via::Direct,
                    at: value.at,
                };
                into.take(mention);
                return true;
            }
        }
        "dockerfile_inline" | "dockerfileInline" => {
            into.placed(value.at, |into| docker::read_dockerfile(text, into));
        }
        "dockerfileLines" => {
            let lines: Vec<&str> = value.items().filter_map(Node::text).collect();
            into.placed(value.at, |into| docker::read_dockerfile(&lines.join("\n"), into));
        }
        "include" => {
            for image in
                value.items().filter_map(Node::text).filter_map(|text| text.strip_prefix("oci://"))
            {
                docker::take_image(image, value.at, into);
            }
        }
        // Argo CD, Flux and Kustomize build from repositories.
        "repoURL" if !text.is_empty() => take_repository(text, value.at, into),
        "resources" | "bases" => {
            for address in value
                .items()
                .filter_map(Node::text)
                .filter(|text| text.starts_with("github.com/") || text.contains("://"))
            {
                take_repository(address, value.at, into);
            }
        }
        // Charts that a chart needs.
        "dependencies" => {
            for chart in value.items().filter(|item| item.text_of("repository").is_some()) {
                let name = chart.text_of("name").unwrap_or_default();
                match chart.text_of("repository").and_then(|from| from.strip_prefix("oci://")) {
                    Some(registry) => {
                        docker::take_image(&format!("{registry}/{name}"), chart.at, into);
                    }
                    None => docker::take_image(name, chart.at, into),
                }
            }
        }
        "packageExtensions" => {
            for extended in value.entries().map(|(_, extended)| extended) {
                super::npm::read_sections(extended, Via::Transitive, into);
            }
        }
        "run"
        | "script"
        | "before_script"
        | "after_script"
        | "command"
        | "commands"
        | "args"
        | "cmd"
        | "entrypoint"
        | "user_data"
        | "postCreateCommand"
        | "postStartCommand"
        | "onCreateCommand"
        | "updateContentCommand"
        | "initializeCommand"
        | "buildCommand"
        | "startCommand"
        | "installCommand" => take_commands(value, into),
        _ => {}
    }
    false
}

fn take_repository(address: &str, at: At, into: &mut Mentions<'_>) {
    into.take(Mention {
        ecosystem: Ecosystem::Git,
        name: address,
        alias: None,
        version: None,
        via: Via::Direct,
        at,
    });
}

/// A program and its arguments, where they stand apart: containers of Kubernetes, services of
/// compose, servers of agents, programs of PM2.
fn take_program(map: Node<'_>, into: &mut Mentions<'_>) {
    for (program, arguments) in
        [("command", "args"), ("entrypoint", "command"), ("script", "args"), ("cmd", "args")]
    {
        let Some(program) = map.all(program).last() else { continue };
        let Some(arguments) = map.all(arguments).last() else { continue };
        let words: Vec<&str> = [program, arguments]
            .into_iter()
            .flat_map(|part| std::iter::once(part).chain(part.items()))
            .filter_map(Node::text)
            .collect();
        command::read(&words.join(" "), program.at, into);
    }
}

/// Commands: a text, a list of texts, or the words of one in a list.
fn take_commands(value: Node<'_>, into: &mut Mentions<'_>) {
    if let Some(text) = value.text() {
        return command::read(text, value.at, into);
    }
    let words: Vec<&str> = value.items().filter_map(Node::text).collect();
    if words.iter().any(|word| word.contains(' ')) {
        value
            .items()
            .for_each(|item| command::read(item.text().unwrap_or_default(), item.at, into));
    } else {
        command::read(&words.join(" "), value.at, into);
    }
    value
        .entries()
        .for_each(|(_, named)| command::read(named.text().unwrap_or_default(), named.at, into));
}

/// `registry`, `repository` and `tag`, as Helm's values have them.
fn take_parts(map: Node<'_>, into: &mut Mentions<'_>) -> bool {
    let Some(repository) = map.all("repository").find(|node| node.text().is_some()) else {
        return false;
    };
    let text = repository.text().unwrap_or_default();
    // Of a chart or a package it is an address.
    if text.contains("://")
        || !(["tag", "registry", "pullPolicy", "digest"]
            .iter()
            .any(|key| map.all(key).next().is_some()))
    {
        return false;
    }
    let registry = map.text_of("registry").filter(|registry| !registry.is_empty());
    let name: Cow<'_, str> =
        registry.map_or(Cow::Borrowed(text), |registry| Cow::Owned(format!("{registry}/{text}")));
    let name = map.text_of("tag").map_or_else(|| name.to_string(), |tag| format!("{name}:{tag}"));
    docker::take_image(&name, repository.at, into);
    true
}

/// A workflow that n8n exports: each node's `type` is the package that it is of, and its name
/// there.
pub(crate) fn read_n8n(root: Node<'_>, into: &mut Mentions<'_>) -> Standing {
    // One workflow, a list of them, or one within an answer.
    let mut flows: Vec<Node<'_>> = std::iter::once(root).chain(root.items()).collect();
    for key in ["data", "workflow", "workflows", "workflowData"] {
        flows.extend(root.all(key).flat_map(|inner| std::iter::once(inner).chain(inner.items())));
    }
    let mut standing = Standing::Passed;
    for node in flows.into_iter().flat_map(|flow| flow.all("nodes")).flat_map(Node::items) {
        let Some((kind, at)) = node.all("type").find_map(|kind| Some((kind.text()?, kind.at)))
        else {
            continue;
        };
        if let Some((package, _)) = kind.rsplit_once('.') {
            standing = Standing::Read;
            into.take(Mention {
                ecosystem: Ecosystem::Npm,
                name: package,
                alias: None,
                version: None,
                via: Via::Direct,
                at,
            });
        }
    }
    standing
}

/// `deno.json`, `jsr.json`, import maps.
pub(crate) fn read_deno(root: Node<'_>, into: &mut Mentions<'_>) {
    if let Some(name) = root.text_of("name") {
        into.own(Ecosystem::Jsr, name, root.at);
    }
    let scopes = root.all("scopes").flat_map(Node::entries).map(|(_, scope)| scope);
    for (key, wanted) in root.all("imports").chain(scopes).flat_map(Node::entries) {
        let specifier = wanted.text().unwrap_or_default();
        let key = key.trim_end_matches('/');
        if !literal::take_specifier(specifier, Some(key), wanted.at, Via::Direct, into) {
            // A listed name that stands for something else.
            into.take(Mention {
                ecosystem: Ecosystem::Npm,
                name: specifier,
                alias: Some(key),
                version: None,
                via: Via::Direct,
                at: wanted.at,
            });
        }
    }
    for (_, task) in root.all("tasks").flat_map(Node::entries) {
        let command = task.text().or_else(|| task.text_of("command")).unwrap_or_default();
        command::read(command, task.at, into);
    }
}

/// `deno.lock`, of each version.
pub(crate) fn read_deno_lock(root: Node<'_>, into: &mut Mentions<'_>) {
    let lists = root.all("npm").chain(root.under(&["packages", "npm"]));
    let older = root.under(&["npm", "packages"]);
    for (name, at) in
        lists.chain(older).flat_map(Node::entries).map(|(name, package)| (name, package.at))
    {
        take_locked(&format!("npm:{name}"), at, into);
    }
    let specifiers = root.all("specifiers").chain(root.under(&["packages", "specifiers"]));
    for (specifier, at) in specifiers
        .chain(root.all("remote"))
        .flat_map(Node::entries)
        .map(|(name, entry)| (name, entry.at))
    {
        take_locked(specifier, at, into);
    }
    let workspaces = root.all("workspace").flat_map(|all| {
        std::iter::once(all).chain(all.all("members").flat_map(Node::entries).map(|(_, one)| one))
    });
    for needed in workspaces
        .flat_map(|one| one.all("dependencies").chain(one.under(&["packageJson", "dependencies"])))
        .flat_map(Node::items)
    {
        literal::take_specifier(
            needed.text().unwrap_or_default(),
            None,
            needed.at,
            Via::Direct,
            into,
        );
    }
}

fn take_locked(specifier: &str, at: At, into: &mut Mentions<'_>) {
    literal::take_specifier(specifier, None, at, Via::Locked, into);
}

/// `pubspec.yaml`: packages of Dart.
pub(crate) fn read_pubspec(root: Node<'_>, into: &mut Mentions<'_>) {
    if let Some(name) = root.text_of("name") {
        into.own(Ecosystem::Pub, name, root.at);
    }
    for section in ["dependencies", "dev_dependencies", "dependency_overrides"] {
        for (name, wanted) in root.all(section).flat_map(Node::entries) {
            let version = wanted.text().or_else(|| wanted.text_of("version"));
            let mention = Mention {
                ecosystem: Ecosystem::Pub,
                name,
                alias: None,
                version,
                via: Via::Direct,
                at: wanted.at,
            };
            if !into.take(mention) {
                let address =
                    wanted.all("git").find_map(|git| git.text().or_else(|| git.text_of("url")));
                if let Some(address) = address {
                    into.take(Mention {
                        ecosystem: Ecosystem::Git,
                        name: address,
                        alias: Some(name),
                        ..mention
                    });
                }
            }
        }
    }
}

/// `pubspec.lock`.
pub(crate) fn read_pubspec_lock(root: Node<'_>, into: &mut Mentions<'_>) {
    for (name, package) in root.all("packages").flat_map(Node::entries) {
        let version = package.text_of("version");
        let via = if package.text_of("dependency").is_some_and(|way| way.starts_with("direct")) {
            Via::Direct
        } else {
            Via::Transitive
        };
        let mention =
            Mention { ecosystem: Ecosystem::Pub, name, alias: None, version, via, at: package.at };
        if !into.take(mention)
            && let Some(address) =
                package.all("description").find_map(|description| description.text_of("url"))
            && package.text_of("source") == Some("git")
        {
            into.take(Mention {
                ecosystem: Ecosystem::Git,
                name: address,
                alias: Some(name),
                ..mention
            });
        }
    }
}
