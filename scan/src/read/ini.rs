//! Files of sections and keys: `setup.cfg`, `tox.ini`, `buildozer.spec`, and the units of Podman
//! and systemd.

use cleartosend::expert::clients::Ecosystem;

use super::{command, docker, requirement};
use crate::format::Format;
use crate::mention::{Mention, Via, Want};
use crate::mentions::Mentions;
use crate::place::{At, place_of};

/// One value, with the lines that continue it.
struct Setting<'t> {
    section: &'t str,
    key: &'t str,
    /// Each line with its place; the first may be empty.
    lines: Vec<(&'t str, At)>,
}

fn settings<'t>(text: &'t str, into: &mut Mentions<'_>) -> Vec<Setting<'t>> {
    let mut all: Vec<Setting<'_>> = Vec::new();
    let mut section = "";
    let mut continues = false;
    for line in text.lines() {
        let code = line.trim();
        let continued = std::mem::replace(&mut continues, code.ends_with('\\'));
        if code.is_empty() || code.starts_with(['#', ';']) {
            continue;
        }
        let at = place_of(text, code);
        if (continued || line.starts_with([' ', '\t']))
            && let Some(open) = all.last_mut()
        {
            open.lines.push((code, at));
        } else if let Some(name) = code.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name;
        } else if section.is_empty() {
            into.problem(at, "a line before any section");
        } else if let Some((key, value)) = code.split_once('=').or_else(|| code.split_once(':')) {
            all.push(Setting { section, key: key.trim(), lines: vec![(value.trim(), at)] });
        } else {
            into.problem(at, "neither a section nor a key with a value");
        }
    }
    all
}

/// `setup.cfg` and `tox.ini`.
pub(crate) fn read_python(text: &str, into: &mut Mentions<'_>) {
    for setting in settings(text, into) {
        let takes = match setting.section {
            "metadata" => {
                if let (true, Some((name, at))) = (setting.key == "name", setting.lines.first()) {
                    into.own(Ecosystem::Pypi, name, *at);
                }
                false
            }
            "options" => {
                matches!(setting.key, "install_requires" | "setup_requires" | "tests_require")
            }
            "options.extras_require" => true,
            section => {
                (section.starts_with("testenv") && setting.key == "deps")
                    || setting.key == "requires"
            }
        };
        for (line, at) in setting.lines.iter().filter(|_| takes) {
            let line = line.split(" #").next().unwrap_or(line);
            // `tox.ini` puts a condition in front: `py311: name`.
            let requirement = line.split_once(": ").map_or(line, |(_, rest)| rest).trim();
            if let Some(file) =
                requirement.strip_prefix("-r").or_else(|| requirement.strip_prefix("-c"))
            {
                into.include(
                    file.trim().trim_start_matches("{toxinidir}/"),
                    *at,
                    Want::IfThere,
                    Format::Requirements,
                );
            } else if !requirement.is_empty() {
                requirement::take_requirement(requirement, *at, Via::Direct, into);
            }
        }
    }
}

/// `buildozer.spec`: `requirements = python3,kivy,name==1.0`.
pub(crate) fn read_buildozer(text: &str, into: &mut Mentions<'_>) {
    for setting in settings(text, into).into_iter().filter(|setting| setting.key == "requirements")
    {
        for (line, at) in setting.lines {
            for name in line.split(',').map(str::trim).filter(|name| !name.is_empty()) {
                requirement::take_requirement(name, at, Via::Direct, into);
            }
        }
    }
}

/// `.gitmodules`: the repositories that stand in folders of the tree.
pub(crate) fn read_git_modules(text: &str, into: &mut Mentions<'_>) {
    for line in text.lines() {
        if let Some((key, address)) = line.split_once('=')
            && key.trim().eq_ignore_ascii_case("url")
        {
            let address = address.trim().trim_matches('"');
            if address.starts_with("./") || address.starts_with("../") {
                take_relative(address, place_of(text, address), into);
                continue;
            }
            into.take(Mention {
                ecosystem: Ecosystem::Git,
                name: address,
                alias: None,
                version: None,
                via: Via::Direct,
                at: place_of(text, address),
            });
        }
    }
}

/// A repository that is named from the place of this one, which the file does not tell: an owner
/// and a name of a listed one are asked about, and so is its name alone.
fn take_relative(address: &str, at: At, into: &mut Mentions<'_>) {
    let path = address.trim_start_matches(['.', '/']);
    let path = path.strip_suffix(".git").unwrap_or(path);
    let whole = format!("github.com/{path}");
    let name = if into.knows(Ecosystem::Git, &whole) { whole.as_str() } else { path };
    let mention = Mention {
        ecosystem: Ecosystem::Git,
        name,
        alias: None,
        version: None,
        via: Via::Direct,
        at,
    };
    into.take_packed(name, mention);
}

/// Units: `Image=` of Podman's `.container`, commands of systemd's `.service`.
pub(crate) fn read_unit(text: &str, into: &mut Mentions<'_>) {
    for setting in settings(text, into) {
        if setting.key.to_ascii_lowercase().starts_with("exec")
            && let Some((_, at)) = setting.lines.first()
        {
            let lines: Vec<&str> = setting.lines.iter().map(|(line, _)| *line).collect();
            command::read(&lines.join("\n"), *at, into);
        }
        for (line, at) in &setting.lines {
            if setting.key.eq_ignore_ascii_case("image") {
                docker::take_image(line, *at, into);
            }
        }
    }
}

/// Settings of any program, of which those that start another count: `command=` of supervisord.
pub(crate) fn read_settings(text: &str, into: &mut Mentions<'_>) {
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let code = line.trim();
        if code.is_empty() || code.starts_with(['#', ';', '!', '<', '[']) {
            continue;
        }
        let Some((key, value)) = code.split_once('=') else { continue };
        let at = place_of(text, code);
        let mut value = value.trim().to_owned();
        // A value goes on in lines that are indented, or behind a sign.
        while value.ends_with('\\')
            || lines.peek().is_some_and(|next| {
                next.starts_with([' ', '\t']) && !next.trim().is_empty() && !next.contains('=')
            })
        {
            let Some(next) = lines.next() else { break };
            let goes_on = value.trim_end_matches('\\').len();
            value.truncate(goes_on);
            value.push(' ');
            value.push_str(next.trim());
        }
        let key = key.trim();
        let last = key.rsplit(['.', '-', '_', ' ']).next().unwrap_or(key).to_ascii_lowercase();
        if ["command", "commands", "cmd", "exec", "daemon", "run", "script"].contains(&&*last)
            || last.starts_with("exec")
        {
            command::read(&value, at, into);
        }
        command::take_setting(key, &value, at, into);
    }
}
