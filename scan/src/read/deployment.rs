//! What does a YAML, JSON or TOML file run, whatever its name is?
//!
//! Compose files, Kubernetes, Helm, workflows of CI, dev containers, task definitions and settings
//! of hosts all say an image's name under a key that ends in `image`, or in the two parts
//! `repository` and `tag`; commands stand under a handful of keys. So a file is judged by these
//! keys and not by its shape. A name that is not listed is passed over like everywhere.

use std::borrow::Cow;

use cleartosend::expert::clients::Ecosystem;

use super::garbled::{Images, holds_client, is_template};
use super::image::{is_image, is_image_key};
use super::standing::{Named, Standing};
use super::{command, docker, npm, python, requirement, shape, wanted};
use crate::format::Format;
use crate::limits;
use crate::mention::{Mention, Via, Want};
use crate::mentions::Mentions;
use crate::place::{At, place_of};
use crate::tree::{Node, Problem, Shape, yaml};

/// A YAML file: every document of it.
pub(crate) fn read_yaml(
    text: &str,
    named: Named,
    into: &mut Mentions<'_>,
) -> Result<Standing, Problem> {
    let tree = match yaml::parse_all(text) {
        Ok(tree) => tree,
        Err(problem) if named != Named::Perhaps => return Err(problem),
        Err(problem) => return read_lines(text, problem, into),
    };
    let mut standing = match named {
        Named::Certainly | Named::Compose => Standing::Read,
        Named::Perhaps => Standing::Passed,
    };
    let is_prose = |document: Node<'_>| document.text().is_some_and(|text| !text.trim().is_empty());
    if named != Named::Perhaps && tree.root().items().any(is_prose) {
        return Err(Problem::new(None, "no settings: the file is plain text".to_owned()));
    }
    for document in tree.root().items() {
        if python::read_conda(document, named, into) {
            standing = Standing::Read;
        }
        if named == Named::Compose || has_services(document) {
            read_compose_files(document, into);
        }
        if read_tree(document, into)? == Standing::Read {
            standing = Standing::Read;
        }
    }
    Ok(standing)
}

/// The files that a compose file is made of besides: `include`, and `extends` of a service. A
/// repository among them is taken too.
fn read_compose_files(root: Node<'_>, into: &mut Mentions<'_>) {
    let mut files: Vec<Node<'_>> = Vec::new();
    let services = root.all("services").flat_map(Node::entries);
    let extends = services.flat_map(|(_, service)| service.all("extends"));
    files.extend(extends.flat_map(|extends| extends.all("file")));
    let included = root.all("include").flat_map(|all| std::iter::once(all).chain(all.items()));
    for one in included.flat_map(|one| std::iter::once(one).chain(one.all("path"))) {
        files.push(one);
        files.extend(one.items());
    }
    for (path, at) in files.into_iter().filter_map(|file| Some((file.text()?, file.at))) {
        if path.starts_with("oci://") {
            continue;
        }
        if path.contains("://") || path.starts_with("git@") {
            take_repository(path, at, into);
        }
        into.include(path, at, Want::Required, Format::Compose);
    }
}

/// A template, or a broken file: lines that name an image. The latter is told if it holds an image
/// or a listed name, since what it holds besides is not known.
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
    let is_given = if is_template(text) {
        standing == Standing::Passed && holds_client(text, Images::Listed, into)
    } else {
        standing == Standing::Read || holds_client(text, Images::Any, into)
    };
    if is_given { Err(problem) } else { Ok(standing) }
}

/// Modules of Ansible that start containers or install packages of the system. True if it is one.
///
/// An image that is a variable alone (`"{{ web_image }}"`) is set by a file of variables; one that
/// no file sets is not known.
fn take_container(key: &str, value: Node<'_>, into: &mut Mentions<'_>) -> bool {
    const CONTAINERS: [&str; 3] = ["docker_container", "podman_container", "docker_swarm_service"];
    const PACKAGES: [&str; 6] = ["apt", "yum", "dnf", "apk", "package", "pacman"];
    let module = key.rsplit('.').next().unwrap_or(key);
    if PACKAGES.contains(&module) && value.all("name").next().is_some() {
        return true;
    }
    if !CONTAINERS.contains(&module) {
        return false;
    }
    for (image, at) in value.all("image").filter_map(|image| Some((image.text()?, image.at))) {
        let Some(inner) = image
            .trim()
            .strip_prefix("{{")
            .and_then(|rest| rest.strip_suffix("}}"))
            .filter(|inner| !inner.contains(['{', '}']))
        else {
            continue;
        };
        let default = inner
            .split_once('|')
            .and_then(|(_, filters)| filters.trim().strip_prefix("default("))
            .map(|given| given.split(')').next().unwrap_or(given).trim());
        match default {
            Some(given) if given.starts_with(['"', '\'']) => {
                docker::take_image(given.trim_matches(['"', '\'']), at, into);
            }
            _ => {
                let name = inner.split('|').next().unwrap_or(inner).trim();
                into.wants_image(name.rsplit('.').next().unwrap_or(name), at);
            }
        }
    }
    value.is_map()
}

/// Settings of a container that list packages: `KEY: VALUE`, `- KEY=VALUE`, and an entry with a
/// `name` and a `value`.
fn take_settings(node: Node<'_>, into: &mut Mentions<'_>) {
    for (key, value) in node.entries() {
        take_setting(key, value.text().unwrap_or_default(), value.at, into);
    }
    for item in node.items() {
        if let Some((key, value)) = item.text().and_then(|text| text.split_once('=')) {
            take_setting(key, value, item.at, into);
        }
    }
    let names = node.all("name").filter_map(Node::text);
    for (key, value) in names.zip(node.all("value")) {
        let text = value.text().unwrap_or_default();
        take_setting(key, text, value.at, into);
        // Parameters of a chart are named by their path in its values.
        if key.ends_with(".repository") || key.ends_with(".image") {
            docker::take_own_image(text, value.at, into);
        }
    }
}

/// A setting of a container, which may be the image that another is started from.
fn take_setting(key: &str, value: &str, at: At, into: &mut Mentions<'_>) {
    command::take_setting(key, value, at, into);
    let is_setting = !key.is_empty()
        && key
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    if is_setting && value.contains('/') && into.knows(Ecosystem::Docker, value) {
        docker::take_own_image(value, at, into);
    }
}

/// Files that stand in a map: those of a `ConfigMap` by their names, and those that a machine
/// writes when it starts.
fn take_files(node: Node<'_>, into: &mut Mentions<'_>) {
    let named = ["data", "stringData", "files"].into_iter().flat_map(|key| node.all(key));
    for (name, file) in named.flat_map(Node::entries) {
        if let Some(text) = file.text().filter(|text| name.contains('.') || text.contains('\n')) {
            into.embed(name, text, file.at);
        }
    }
    let content = ["content", "contents", "inline"]
        .into_iter()
        .find_map(|key| node.all(key).find_map(|content| Some((content.text()?, content.at))));
    let path = ["path", "dest", "destination", "filename", "target"]
        .into_iter()
        .find_map(|key| node.text_of(key));
    if let Some((text, at)) = content
        && (path.is_some() || text.starts_with("#!"))
    {
        into.embed(path.unwrap_or_default(), text, at);
    }
}

/// Any tree of maps and lists.
pub(crate) fn read_tree(root: Node<'_>, into: &mut Mentions<'_>) -> Result<Standing, Problem> {
    let is_certain = is_deployment(root);
    let mut standing = if is_certain { Standing::Read } else { Standing::Passed };
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
        take_settings(node, into);
        take_files(node, into);
        let origin = if node.all("build").next().is_some() {
            ImageOrigin::Here
        } else {
            ImageOrigin::Fetched
        };
        for (key, value) in node.entries() {
            if is_certain && key == "image" {
                shape::fits(value, key, &[Shape::Text, Shape::Table], into);
            }
            if take_entry(key, value, origin, into) {
                standing = Standing::Read;
            }
            take_address(value, into);
            if !value.is_text() {
                open.push(value);
            }
        }
        for item in node.items() {
            take_address(item, into);
            if !item.is_text() {
                open.push(item);
            }
        }
    }
    Ok(standing)
}

/// A text that says by its scheme what it is, under whatever key: a package URL, an image.
fn take_address(value: Node<'_>, into: &mut Mentions<'_>) {
    let text = value.text().unwrap_or_default();
    if text.starts_with("pkg:") {
        into.take_client(text, Via::Locked, value.at);
    } else if text.starts_with("docker-image://") {
        docker::take_image(text, value.at, into);
    }
}

/// Compose files have `services`, objects of Kubernetes say their version and kind.
fn is_deployment(root: Node<'_>) -> bool {
    has_services(root)
        || (root.text_of("apiVersion").is_some() && root.text_of("kind").is_some())
        || ["mcpServers", "bomFormat", "spdxVersion", "SPDXID", "dockerfileLines"]
            .iter()
            .any(|key| root.all(key).next().is_some())
}

/// Services as compose files have them.
fn has_services(root: Node<'_>) -> bool {
    let runs = |service: Node<'_>| {
        ["image", "build", "extends"].iter().any(|key| service.all(key).next().is_some())
    };
    root.all("services").flat_map(Node::entries).any(|(_, service)| runs(service))
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
    if take_container(key, value, into) {
        return true;
    }
    if is_image_key(key) || key == "container" {
        if !text.is_empty() && !is_template(text) {
            into.sets_image(key);
        }
        // `{name: …}` in pipelines, `{url: …}` elsewhere; `repository` and `tag` are taken with
        // their map.
        let named = ["name", "url", "default"].into_iter().find_map(|key| value.text_of(key));
        let named = named.or_else(|| repository_alone(value));
        // A list where a name should be.
        value.items().filter_map(Node::text).for_each(|image| {
            docker::take_own_image(image, value.at, into);
        });
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
        "images" => take_images(value, into),
        // Ansible.
        "npm" | "community.general.npm" => {
            if let Some(name) = value.text_of("name") {
                let version = value.text_of("version").unwrap_or_default();
                wanted::take_wanted(name, version, value.at, Via::Command, into);
            }
        }
        "pip" | "ansible.builtin.pip" => {
            for name in value
                .all("name")
                .flat_map(|name| std::iter::once(name).chain(name.items()))
                .filter_map(Node::text)
                .flat_map(|names| names.split(','))
            {
                requirement::take_requirement(name, value.at, Via::Command, into);
            }
        }
        "git" | "ansible.builtin.git" => {
            if let Some(address) = value.text_of("repo") {
                take_repository(address, value.at, into);
            }
        }
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
                npm::read_sections(extended, Via::Transitive, into);
            }
        }
        "healthcheck" | "healthCheck" => {
            value.all("test").for_each(|test| take_commands(test, into));
        }
        // Values of a chart, as a text.
        "values" | "valuesYaml" if text.contains(':') => into.embed("values.yml", text, value.at),
        _ if runs(key) => take_commands(value, into),
        _ => {}
    }
    false
}

/// Whether commands stand under a key: of pipelines, compose files, Kubernetes, Ansible, hosts and
/// machines that set themselves up.
fn runs(key: &str) -> bool {
    const KEYS: &[&str] = &[
        "after_build",
        "after_deploy",
        "after_failure",
        "after_install",
        "after_success",
        "args",
        "bash",
        "before_build",
        "before_cache",
        "before_deploy",
        "before_install",
        "before_test",
        "bootcmd",
        "deploy",
        "entrypoint",
        "exec",
        "init",
        "install",
        "on_failure",
        "on_success",
        "postbuild",
        "postdeploy",
        "postinstall",
        "poststart",
        "prebuild",
        "predeploy",
        "preinstall",
        "prestart",
        "powershell",
        "pwsh",
        "release",
        "run",
        "shell",
        "sh",
        "start",
        "startup",
        "user_data",
        "userdata",
    ];
    // `ansible.builtin.shell`, `postCreateCommand`, `install_script`, `startup-script`.
    const ENDINGS: &[&str] = &["command", "commands", "cmd", "cmds", "script", "scripts"];
    let key = match key.split_once(".") {
        Some(("ansible" | "community", rest)) => rest.rsplit(".").next().unwrap_or(rest),
        _ => key,
    };
    let key = key.to_ascii_lowercase();
    let is_prose = key.ends_with("transcript") || key.ends_with("transcripts");
    KEYS.contains(&&*key) || (!is_prose && ENDINGS.iter().any(|ending| key.ends_with(ending)))
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
    for (program, arguments) in [
        ("command", "args"),
        ("entrypoint", "command"),
        ("entrypoint", "args"),
        ("script", "args"),
        ("cmd", "args"),
        ("name", "args"),
    ] {
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
    // A list of commands, each in its words.
    for item in value.items() {
        let words: Vec<&str> = item.items().filter_map(Node::text).collect();
        command::read(&words.join(" "), item.at, into);
    }
    value
        .entries()
        .for_each(|(_, named)| command::read(named.text().unwrap_or_default(), named.at, into));
}

/// Images by the names that a chart gives them, or in a list, as texts or as maps.
fn take_images(all: Node<'_>, into: &mut Mentions<'_>) {
    let named = all.entries().map(|(_, image)| image);
    for one in named.chain(all.items()) {
        // `NAME=IMAGE` puts another image in the place of one.
        let text = one.text().map(|text| text.split_once('=').map_or(text, |(_, image)| image));
        for image in [text, repository_alone(one), one.text_of("name")].into_iter().flatten() {
            if is_image(image) {
                docker::take_own_image(image, one.at, into);
            }
        }
    }
}

/// Whether a map with a `repository` has another part of an image's name.
fn has_parts(map: Node<'_>) -> bool {
    ["tag", "registry", "pullPolicy", "digest"].iter().any(|key| map.all(key).next().is_some())
}

/// An image's name without a tag; of a chart or a package it is an address.
fn repository_alone(map: Node<'_>) -> Option<&str> {
    map.text_of("repository").filter(|name| !has_parts(map) && !name.contains("://"))
}

/// `registry`, `repository` and `tag`, as Helm's values have them.
fn take_parts(map: Node<'_>, into: &mut Mentions<'_>) -> bool {
    let Some(repository) = map.all("repository").find(|node| node.text().is_some()) else {
        return false;
    };
    let text = repository.text().unwrap_or_default();
    // Of a chart or a package it is an address.
    if text.contains("://") || !has_parts(map) {
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
        for (key, name) in
            [("jsCode", "code.js"), ("functionCode", "code.js"), ("pythonCode", "code.py")]
        {
            for code in node.all("parameters").flat_map(|parameters| parameters.all(key)) {
                into.embed(name, code.text().unwrap_or_default(), code.at);
            }
        }
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
