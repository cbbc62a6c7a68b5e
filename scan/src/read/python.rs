//! Requirement files, `pyproject.toml`, `Pipfile`, and the lock files of Python's tools.

use std::borrow::Cow;
use std::collections::BTreeSet;

use cleartosend::expert::clients::Ecosystem;

use super::requirement::{packed, shortened, take_address, take_requirement};
use super::standing::Named;
use super::{command, path, shape};
use crate::format::Format;
use crate::mention::{Mention, Via, Want};
use crate::mentions::Mentions;
use crate::place::{At, place_of};
use crate::tree::{Node, Shape};

pub(crate) fn read_requirements(text: &str, into: &mut Mentions<'_>) {
    let mut rest = text;
    while !rest.is_empty() {
        let (line, after) = logical_line(rest);
        rest = after;
        let at = place_of(text, line.trim_start());
        let joined: Cow<'_, str> = if line.contains('\n') {
            Cow::Owned(line.replace("\\\r\n", "").replace("\\\n", ""))
        } else {
            Cow::Borrowed(line)
        };
        let line = without_comment(&joined).trim();
        if line.is_empty() {
            continue;
        }
        let option = |names: [&str; 2]| {
            names
                .iter()
                .find_map(|name| line.strip_prefix(name))
                .map(|rest| rest.trim_start_matches(['=', ' ', '\t']))
        };
        let named = option(["--requirement", "-r"]).or_else(|| option(["--constraint", "-c"]));
        let requirement = match option(["--editable", "-e"]) {
            Some(editable) => editable,
            None if named.is_some() => {
                into.include(named.unwrap_or_default(), at, Want::Required, Format::Requirements);
                continue;
            }
            None if line.starts_with('-') => continue,
            None => line,
        };
        if !take_requirement(requirement, at, Via::Direct, into) {
            into.problem(at, format!("no requirement: `{}`", shortened(requirement)));
        }
    }
}

/// The text up to a line end that no `\` stands before, and the rest.
fn logical_line(text: &str) -> (&str, &str) {
    for (at, _) in text.match_indices('\n') {
        let line = text.get(..at).unwrap_or(text);
        let line = line.strip_suffix('\r').unwrap_or(line);
        if !line.ends_with('\\') {
            return (line, text.get(at + 1..).unwrap_or_default());
        }
    }
    (text, "")
}

/// Without a `#` that begins the line or stands after a blank; one within an address is part of it.
fn without_comment(line: &str) -> &str {
    let comment = line.match_indices('#').find(|(at, _)| {
        *at == 0 || line.get(..*at).is_some_and(|before| before.ends_with([' ', '\t']))
    });
    comment.and_then(|(at, _)| line.get(..at)).unwrap_or(line)
}

pub(crate) fn read_pyproject(root: Node<'_>, into: &mut Mentions<'_>) {
    for path in [&["project", "name"][..], &["tool", "poetry", "name"]] {
        for (name, at) in
            root.under(path).into_iter().filter_map(|name| Some((name.text()?, name.at)))
        {
            into.own(Ecosystem::Pypi, name, at);
        }
    }
    read_tasks(root, into);
    let mut lists = shape::lists_under(root, &["project", "dependencies"], into);
    lists.extend(shape::lists_under(root, &["build-system", "requires"], into));
    for map in [
        &["project", "optional-dependencies"][..],
        &["dependency-groups"],
        &["tool", "pdm", "dev-dependencies"],
        &["tool", "flit", "metadata", "requires-extra"],
    ] {
        lists.extend(shape::named_lists(root, map, into));
    }
    for list in [
        "dev-dependencies",
        "override-dependencies",
        "constraint-dependencies",
        "build-constraint-dependencies",
    ] {
        lists.extend(shape::lists_under(root, &["tool", "uv", list], into));
    }
    lists.extend(shape::lists_under(root, &["tool", "rye", "dev-dependencies"], into));
    lists.extend(shape::lists_under(root, &["tool", "flit", "metadata", "requires"], into));
    take_lists(lists, into);
    let hatch = shape::tables_under(root, &["tool", "hatch"], into);
    read_hatch_environments(hatch, into);
    let briefcase = shape::tables_under(root, &["tool", "briefcase"], into);
    read_briefcase(briefcase, into);
    // Lists that stand in files of their own.
    let dynamic = root.under(&["tool", "setuptools", "dynamic"]);
    let named = dynamic.iter().flat_map(|dynamic| {
        dynamic.all("dependencies").chain(dynamic.all("optional-dependencies"))
    });
    for files in named
        .flat_map(|named| std::iter::once(named).chain(named.entries().map(|(_, extra)| extra)))
        .flat_map(|one| one.all("file"))
    {
        for (path, at) in std::iter::once(files)
            .chain(files.items())
            .filter_map(|file| Some((file.text()?, file.at)))
        {
            into.include(path, at, Want::Required, Format::Requirements);
        }
    }
    let mut tables = Vec::new();
    for poetry in shape::tables_under(root, &["tool", "poetry"], into) {
        for section in ["dependencies", "dev-dependencies", "requires-plugins"] {
            tables.extend(shape::tables(poetry, section, into));
        }
        for group in shape::named_tables(poetry, &["group"], into) {
            tables.extend(shape::tables(group, "dependencies", into));
        }
    }
    tables.extend(shape::tables_under(root, &["tool", "uv", "sources"], into));
    tables.extend(shape::tables_under(root, &["tool", "pdm", "resolution", "overrides"], into));
    for table in tables {
        read_table(table, into);
    }
    for pixi in shape::tables_under(root, &["tool", "pixi"], into) {
        read_pixi(pixi, into);
    }
}

/// Lists of requirements as strings.
fn take_lists(lists: Vec<Node<'_>>, into: &mut Mentions<'_>) {
    for requirement in lists.into_iter().flat_map(Node::items) {
        // A group may also hold `{include-group = "…"}`.
        if requirement.all("include-group").next().is_some() {
            continue;
        }
        let Some(text) = requirement.text() else {
            into.problem(requirement.at, "no requirement: not a text");
            continue;
        };
        if !take_requirement(text, requirement.at, Via::Direct, into) {
            into.problem(requirement.at, format!("no requirement: `{}`", shortened(text)));
        }
    }
}

/// `tool.briefcase`: lists for all apps, for one, and for one on one platform.
fn read_briefcase(tables: Vec<Node<'_>>, into: &mut Mentions<'_>) {
    let mut owners = tables;
    for briefcase in owners.clone() {
        let apps = shape::named_tables(briefcase, &["app"], into);
        let parts = apps.iter().copied().flat_map(Node::entries).map(|(_, part)| part);
        owners.extend(parts.filter(|part| part.is_map()));
        owners.extend(apps);
    }
    let mut lists = Vec::new();
    for owner in owners {
        lists.extend(shape::lists(owner, "requires", into));
        lists.extend(shape::lists(owner, "test_requires", into));
    }
    take_lists(lists, into);
}

/// `hatch.toml`, or `tool.hatch` of `pyproject.toml`.
pub(crate) fn read_hatch_environments(tables: Vec<Node<'_>>, into: &mut Mentions<'_>) {
    let mut lists = Vec::new();
    for hatch in tables {
        for environment in shape::named_tables(hatch, &["envs"], into) {
            lists.extend(shape::lists(environment, "dependencies", into));
            lists.extend(shape::lists(environment, "extra-dependencies", into));
        }
    }
    take_lists(lists, into);
}

/// Commands that a project gives names to, in whichever form its tool has them.
fn read_tasks(root: Node<'_>, into: &mut Mentions<'_>) {
    let mut open: Vec<Node<'_>> = [
        ["tool", "poe", "tasks"],
        ["tool", "taskipy", "tasks"],
        ["tool", "pdm", "scripts"],
        ["tool", "rye", "scripts"],
        ["tool", "pixi", "tasks"],
        ["tool", "hatch", "envs"],
    ]
    .iter()
    .flat_map(|path| root.under(path))
    .collect();
    while let Some(node) = open.pop() {
        command::read(node.text().unwrap_or_default(), node.at, into);
        // The words of one command may stand apart.
        let words: Vec<&str> = node.items().filter_map(Node::text).collect();
        command::read(&words.join(" "), node.at, into);
        open.extend(node.entries().map(|(_, inner)| inner));
        open.extend(node.items());
    }
}

/// `pixi.toml`: packages of Conda and of PyPI, in general, by feature and by platform.
pub(crate) fn read_pixi(root: Node<'_>, into: &mut Mentions<'_>) {
    let mut tables = vec![root];
    tables.extend(shape::named_tables(root, &["feature"], into));
    for table in tables.clone() {
        tables.extend(shape::named_tables(table, &["target"], into));
    }
    for table in tables {
        for section in
            ["dependencies", "host-dependencies", "build-dependencies", "pypi-dependencies"]
        {
            for section in shape::tables(table, section, into) {
                read_table(section, into);
            }
        }
    }
}

/// `environment.yml` of Conda: packages of its own, which mostly go by PyPI's names, and a list for
/// pip. False if it is none.
pub(crate) fn read_conda(root: Node<'_>, named: Named, into: &mut Mentions<'_>) -> bool {
    if root.all("channels").next().is_some() {
        shape::lists(root, "dependencies", into);
    } else if named != Named::Perhaps {
        for needed in root.all("dependencies") {
            shape::fits(needed, "dependencies", &[Shape::List, Shape::Table], into);
        }
    }
    let wanted = || root.all("dependencies").flat_map(Node::items);
    let is_one = root.all("channels").next().is_some()
        || wanted().any(|item| item.text().is_some() || item.all("pip").next().is_some());
    if !is_one {
        return false;
    }
    for item in wanted() {
        if let Some(text) = item.text() {
            // `channel::name=1.0=build`
            let package = text.rsplit("::").next().unwrap_or(text);
            take_package(package, item.at, into);
        }
        for requirement in shape::lists(item, "pip", into).into_iter().flat_map(Node::items) {
            let Some(text) = requirement.text() else {
                into.problem(requirement.at, "no requirement: not a text");
                continue;
            };
            let file = text
                .strip_prefix("-r")
                .or_else(|| text.strip_prefix("--requirement"))
                .or_else(|| text.strip_prefix("-c"));
            if let Some(file) = file {
                into.include(
                    file.trim_start_matches(['=', ' ']),
                    requirement.at,
                    Want::Required,
                    Format::Requirements,
                );
            } else if !text.starts_with('-')
                && !take_requirement(text, requirement.at, Via::Direct, into)
            {
                into.problem(requirement.at, format!("no requirement: `{}`", shortened(text)));
            }
        }
    }
    true
}

fn take_package(text: &str, at: At, into: &mut Mentions<'_>) {
    let name = text.split([' ', '=', '<', '>', '~', '!', '[']).next().unwrap_or(text);
    let version = text.get(name.len()..).map(|rest| rest.trim_start_matches([' ', '=']));
    into.take(Mention {
        ecosystem: Ecosystem::Conda,
        name,
        alias: None,
        version,
        via: Via::Direct,
        at,
    });
}

/// `conda-lock.yml` and `pixi.lock`: packages by name, by address, or by both.
pub(crate) fn read_conda_lock(root: Node<'_>, into: &mut Mentions<'_>) {
    let mut packages = shape::rows(root, "package", into);
    packages.extend(shape::rows(root, "packages", into));
    for package in packages {
        let version = package.text_of("version");
        let name = package.all("name").find_map(|name| Some((name.text()?, name.at)));
        if let Some((name, at)) = name {
            let mention = Mention {
                ecosystem: Ecosystem::Pypi,
                name,
                alias: None,
                version,
                via: Via::Locked,
                at,
            };
            if into.take(mention) {
                continue;
            }
        }
        for (origin, at) in package
            .all("pypi")
            .chain(package.all("url"))
            .filter_map(|origin| Some((origin.text()?, origin.at)))
        {
            take_origin(origin, name.map(|(name, _)| name), at, Via::Locked, into);
        }
    }
}

/// Where a lock file says that something was fetched from: an address, or a path on disk, which
/// another name may stand for.
fn take_origin(origin: &str, name: Option<&str>, at: At, via: Via, into: &mut Mentions<'_>) {
    if origin.contains("://") || origin.starts_with("git@") {
        take_address(origin, name, at, via, into);
    } else {
        path::take(origin, packed(origin, at, via), into);
    }
}

/// `name = "^1"`, `name = {version = "^1", git = "…"}`, or a list of the latter.
fn read_table(table: Node<'_>, into: &mut Mentions<'_>) {
    for (name, wanted) in table.entries() {
        shape::fits(wanted, name, &[Shape::Text, Shape::Table, Shape::List], into);
        for choice in wanted.items() {
            shape::fits(choice, name, &[Shape::Table], into);
        }
        let choices: Vec<Node<'_>> = std::iter::once(wanted).chain(wanted.items()).collect();
        let version =
            choices.iter().find_map(|choice| choice.text().or_else(|| choice.text_of("version")));
        let mention = Mention {
            ecosystem: Ecosystem::Pypi,
            name,
            alias: None,
            version,
            via: Via::Direct,
            at: wanted.at,
        };
        if into.take(mention) {
            continue;
        }
        for address in choices.iter().filter_map(|choice| {
            choice
                .text_of("git")
                .or_else(|| choice.text_of("url"))
                .or_else(|| choice.text_of("file"))
                // PDM's overrides have a version or an address.
                .or_else(|| choice.text().filter(|text| text.contains("://")))
        }) {
            take_address(address, Some(name), wanted.at, Via::Direct, into);
        }
        for folder in choices.iter().filter_map(|choice| choice.text_of("path")) {
            path::take(folder, packed(folder, wanted.at, Via::Direct), into);
        }
    }
}

/// `poetry.lock`, `uv.lock`, `pdm.lock`, `pylock.toml`: lists of packages with name, version and
/// source.
pub(crate) fn read_lock(root: Node<'_>, into: &mut Mentions<'_>) {
    let mut packages = shape::rows(root, "package", into);
    packages.extend(shape::rows(root, "packages", into));
    // uv writes the project itself among the packages, with its source on disk.
    let is_project = |package: Node<'_>| {
        package
            .all("source")
            .any(|source| ["virtual", "editable"].iter().any(|kind| source.text_of(kind).is_some()))
    };
    let direct: BTreeSet<&str> =
        packages.iter().copied().filter(|one| is_project(*one)).flat_map(names_needed).collect();
    let tells = packages.iter().copied().any(is_project);
    for package in packages {
        let Some((name, at)) = shape::name(package, into) else { continue };
        let via = match (tells, direct.contains(name)) {
            (false, _) => Via::Locked,
            (true, true) => Via::Direct,
            (true, false) => Via::Transitive,
        };
        let origins = || {
            package
                .all("source")
                .chain(package.all("vcs"))
                .chain(package.all("archive"))
                .chain(package.all("directory"))
                // PDM writes them into the package itself.
                .chain(std::iter::once(package))
        };
        if is_project(package) {
            into.own(Ecosystem::Pypi, name, at);
            // A folder that stands beside the project is another's.
            for folder in origins().filter_map(|origin| origin.text_of("editable")) {
                path::take(folder, packed(folder, at, via), into);
            }
            continue;
        }
        let mention = Mention {
            ecosystem: Ecosystem::Pypi,
            name,
            alias: None,
            version: package.text_of("version"),
            via,
            at,
        };
        if !into.take(mention) {
            for origin in origins().filter_map(|origin| {
                ["url", "git", "path", "directory"].iter().find_map(|key| origin.text_of(key))
            }) {
                take_origin(origin, Some(name), at, via, into);
            }
        }
    }
}

/// The names in every list of dependencies of one package of `uv.lock`.
fn names_needed(package: Node<'_>) -> impl Iterator<Item = &str> {
    let grouped = ["optional-dependencies", "dev-dependencies"]
        .into_iter()
        .flat_map(move |key| package.all(key))
        .flat_map(Node::entries);
    package
        .all("dependencies")
        .chain(grouped.map(|(_, list)| list))
        .flat_map(Node::items)
        .filter_map(|needed| needed.text_of("name"))
}

pub(crate) fn read_pipfile(root: Node<'_>, into: &mut Mentions<'_>) {
    // Every other table of a Pipfile than these is a group of packages too.
    for (name, table) in root.entries().filter(|(name, _)| {
        !matches!(*name, "source" | "requires" | "scripts" | "pipenv" | "pipfile")
    }) {
        if shape::fits(table, name, &[Shape::Table], into) {
            read_table(table, into);
        }
    }
}

pub(crate) fn read_pipfile_lock(root: Node<'_>, into: &mut Mentions<'_>) {
    let groups: Vec<Node<'_>> = root
        .entries()
        .filter(|(name, group)| {
            *name != "_meta" && shape::fits(*group, name, &[Shape::Table], into)
        })
        .map(|(_, group)| group)
        .collect();
    for (name, package) in groups.into_iter().flat_map(Node::entries) {
        shape::fits(package, name, &[Shape::Table], into);
        let version = package.text_of("version");
        let mention = Mention {
            ecosystem: Ecosystem::Pypi,
            name,
            alias: None,
            version,
            via: Via::Locked,
            at: package.at,
        };
        if !into.take(mention) {
            for origin in
                ["git", "hg", "svn", "file", "path"].iter().filter_map(|key| package.text_of(key))
            {
                take_origin(origin, Some(name), package.at, Via::Locked, into);
            }
        }
    }
}
