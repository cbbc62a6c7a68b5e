//! Commands that install or run something by name: `npm i NAME`, `npx -y NAME`, `pip install NAME`,
//! `docker run NAME`.
//!
//! Only names that stand there literally are seen. No shell is imitated: words are split at blanks,
//! commands at `;`, `&`, `|`, brackets and line ends, and every word after an installing one is
//! looked up, so that an option's value costs a look-up and nothing else. A line that goes on is
//! joined with the next before anything is split.

use std::borrow::Cow;

use cleartosend::expert::clients::Ecosystem;

use super::wanted::{is_repository, is_short, name_in_tarball, split_version, take_wanted};
use super::{go, requirement, shape};
use crate::format::Format;
use crate::mention::{Mention, Via, Want};
use crate::mentions::Mentions;
use crate::place::{At, place_of};
use crate::tree::Node;

/// Reads one or several commands that stand in one place.
pub(crate) fn read(text: &str, at: At, into: &mut Mentions<'_>) {
    for (line, _) in joined_lines(text) {
        read_line(&line, at, into);
    }
}

/// Reads the commands of a script, each at the line that it begins on.
pub(crate) fn read_script(text: &str, into: &mut Mentions<'_>) {
    for (line, first) in joined_lines(text) {
        read_line(&line, place_of(text, first.trim_start()), into);
    }
}

/// The lines of a text without its comments, each with those that go on with it, and the first of
/// them as it is written.
///
/// What stands at the end of a line says that it goes on: `\` in shells, Makefiles and units, `^`
/// in batch files, a backtick behind a blank in PowerShell. A program may be handed any of these by
/// any kind of file, so that none is asked what it is.
pub(super) fn joined_lines(text: &str) -> impl Iterator<Item = (Cow<'_, str>, &str)> {
    let mut lines = text.lines();
    std::iter::from_fn(move || {
        let first = lines.by_ref().find(|line| !is_remark(line))?;
        let Some(begin) = continued(first) else { return Some((Cow::Borrowed(first), first)) };
        let mut whole = begin.to_owned();
        for next in lines.by_ref().filter(|line| !is_remark(line)) {
            whole.push(' ');
            let goes_on = continued(next);
            whole.push_str(goes_on.unwrap_or(next));
            if goes_on.is_none() {
                break;
            }
        }
        Some((Cow::Owned(whole), first))
    })
}

/// A comment of a shell or of a batch file, or a label of the latter.
fn is_remark(line: &str) -> bool {
    let line = line.trim_start();
    let first = line.split([' ', '\t']).next().unwrap_or_default();
    line.starts_with(['#', ':'])
        || ["rem", "@rem"].iter().any(|word| first.eq_ignore_ascii_case(word))
}

/// Commands that a program hands to a shell or starts: the literals in the brackets of a call that
/// does so, put together as the words of one.
pub(super) fn read_calls(text: &str, is_code: impl Fn(usize) -> bool, into: &mut Mentions<'_>) {
    /// LIMIT: bytes of a call's arguments that are looked at.
    const CALL_BYTES_MAX: usize = 1_000;
    let bytes = text.as_bytes();
    for (open, _) in text.match_indices(['(', '`', '"', '\'', '[']) {
        let before = text.get(..open).unwrap_or_default();
        let Some(name) = called(before) else { continue };
        let is_open = match bytes.get(open) {
            Some(b'(') => starts(name),
            // `$`…`` and `execa`…`` in JavaScript, `system "…"` in Ruby and Perl.
            Some(b'`') => (name == "$" || starts(name)) && !before.ends_with(char::is_whitespace),
            Some(b'[') => false,
            _ => {
                matches!(name, "system" | "exec" | "spawn" | "sh") && before.ends_with([' ', '\t'])
            }
        };
        if !is_open || !is_code(open.saturating_sub(1)) {
            continue;
        }
        let mut end = (open + CALL_BYTES_MAX).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let words = words_of_call(text.get(open..end).unwrap_or_default());
        // Functions that are a tool, or what it installs with.
        let tool = [
            ("pip.main", "pip "),
            ("_internal.main", "pip "),
            ("session.install", "pip install "),
            ("pip.install", "pip install "),
            ("piplite.install", "pip install "),
        ];
        let tool = tool.iter().find(|(call, _)| before.ends_with(call)).map_or("", |(_, of)| *of);
        // Functions near the system are given a program and, once more, its name.
        let mut split = words.split(' ');
        let is_twice = split.next().is_some_and(|first| split.next() == Some(first));
        let words = words.split_once(' ').filter(|_| is_twice).map_or(&*words, |(_, rest)| rest);
        if !words.is_empty() {
            read(&format!("{tool}{words}"), At::Offset(open), into);
        }
    }
}

/// The name of what is called by the bracket that follows.
fn called(before: &str) -> Option<&str> {
    /// LIMIT: bytes of a name.
    const NAME_BYTES_MAX: usize = 40;
    let before = before.trim_end_matches([' ', '\t']);
    let length = before
        .bytes()
        .rev()
        .take(NAME_BYTES_MAX)
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$'))
        .count();
    before.get(before.len() - length..).filter(|name| !name.is_empty())
}

/// Whether a function of that name starts programs, in any of the languages.
fn starts(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "call",
        "capture_output",
        "check_call",
        "check_output",
        "cmd",
        "command",
        "commandcontext",
        "create_subprocess_exec",
        "create_subprocess_shell",
        "exec",
        "execa",
        "execacommand",
        "execacommandsync",
        "execasync",
        "execfile",
        "execfilesync",
        "execlp",
        "execsync",
        "execute",
        "execv",
        "execvp",
        "getoutput",
        "getstatusoutput",
        "install",
        "local",
        "main",
        "new",
        "passthru",
        "popen",
        "popen2",
        "popen3",
        "proc_open",
        "processbuilder",
        "processstartinfo",
        "run",
        "run_command",
        "runsync",
        "sh",
        "shell",
        "shell_exec",
        "shellout",
        "spawn",
        "spawnlp",
        "spawnsync",
        "start",
        "startprocess",
        "sudo",
        "system",
        "x",
    ];
    const NAME_BYTES_MAX: usize = 24;
    name.len() <= NAME_BYTES_MAX && NAMES.binary_search(&&*name.to_ascii_lowercase()).is_ok()
}

/// The literals between a call's opening sign and the one that closes it, and those that are added
/// behind it: `Command::new("a").arg("b")`.
fn words_of_call(call: &str) -> String {
    let bytes = call.as_bytes();
    let mut words = String::new();
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' | b'\'' | b'`' => {
                let rest = call.get(at + 1..).unwrap_or_default();
                let mut escaped = false;
                let end = rest.bytes().position(|other| {
                    let ends = !escaped && other == *byte;
                    escaped = !escaped && other == b'\\';
                    ends
                });
                let end = end.unwrap_or(rest.len());
                words.push_str(&rest.get(..end).unwrap_or_default().replace("\\n", "\n"));
                words.push(' ');
                at += end + 1;
                if depth == 0 {
                    return words;
                }
            }
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => {
                depth = depth.saturating_sub(1);
                let after = call.get(at + 1..).unwrap_or_default().trim_start();
                if depth == 0 && !after.starts_with(".arg") {
                    return words;
                }
            }
            _ => {}
        }
        at += 1;
    }
    words
}

/// What stands before the sign that the next line goes on with this one.
fn continued(line: &str) -> Option<&str> {
    let line = line.trim_end();
    if let Some(before) = line.strip_suffix('\\') {
        // Within a string of another language the sign is written twice.
        return Some(before.trim_end_matches('\\'));
    }
    let before = line.strip_suffix(['^', '`'])?;
    before.ends_with([' ', '\t']).then_some(before)
}

/// A line with the tools that a Makefile names by variables: `$(DOCKER) run`.
fn with_tools(line: &str) -> Cow<'_, str> {
    const TOOLS: [&str; 8] = ["DOCKER", "PODMAN", "NPM", "NPX", "PNPM", "YARN", "PIP", "UV"];
    let mut line = Cow::Borrowed(line);
    if !line.contains("$(") && !line.contains("${") {
        return line;
    }
    for tool in TOOLS {
        let named = [format!("$({tool})"), format!("${{{tool}}}")];
        if let Some(variable) = named.iter().find(|variable| line.contains(&***variable)) {
            line = Cow::Owned(line.replace(&**variable, &tool.to_ascii_lowercase()));
        }
    }
    line
}

fn read_line(line: &str, at: At, into: &mut Mentions<'_>) {
    let line = with_tools(line);
    for command in line.split([';', '&', '|', '(', ')', '`']) {
        let words: Vec<&str> = command
            .split_whitespace()
            .map(|word| word.trim_matches(['"', '\'', ',', '[', ']']))
            // What is left of a sign for lines where they are one by now.
            .filter(|word| !matches!(*word, "\\" | "^"))
            .collect();
        for (position, word) in words.iter().enumerate() {
            // Before it, a recipe of a Makefile says whether it is shown.
            let word = word.trim_start_matches(['@', '+', '!', '%']);
            let word = word.strip_prefix('-').filter(|_| position == 0).unwrap_or(word);
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
            requirement::take_requirement(name, at, Via::Command, into);
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
            requirement::take_requirement(word, at, Via::Command, into);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{called, joined_lines, starts, words_of_call};

    #[test]
    fn lines_that_go_on_are_joined() {
        let lines = |text: &'static str| -> Vec<String> {
            joined_lines(text)
                .map(|(line, _)| line.split_whitespace().collect::<Vec<_>>().join(" "))
                .collect()
        };
        assert_eq!(lines("a \\\n  b\\\nc\nd"), ["a b c", "d"]);
        assert_eq!(lines("a ^\r\n b\r\nc `\n d"), ["a b", "c d"]);
        assert_eq!(lines("a \\\\\n b"), ["a b"]);
        assert_eq!(lines("x=`a`\nb=^\nc"), ["x=`a`", "b=^", "c"]);
        assert_eq!(lines("a \\\n # no\n b\n# c\nREM d\n:: e"), ["a b"]);
        assert_eq!(lines("a \\"), ["a"]);
    }

    #[test]
    fn calls_that_start_programs_are_known() {
        for name in ["exec", "execSync", "system", "Popen", "ProcessBuilder", "x", "run_command"] {
            assert!(starts(name), "{name}");
        }
        assert!(!starts("log") && !starts("print") && !starts(""));
        assert_eq!(called("os.system "), Some("system"));
        assert_eq!(called("= "), None);
        assert_eq!(words_of_call(r#"("a", ["b", 'c d'])["e"]"#), "a b c d ");
        assert_eq!(words_of_call(r#"("a").arg("b").args(["c"]) + "d""#), "a b c ");
        assert_eq!(words_of_call(r#""a b" + "c""#), "a b ");
    }
}
