//! Dockerfiles: which images are built upon, and what their commands install by name.
//!
//! Dockerfiles are read here and not by a library: those at hand either know no here-documents or
//! keep no lines, and all that counts are the images of `FROM`, `COPY --from` and
//! `RUN --mount=from`, the addresses of `ADD`, and names in commands.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use cleartosend::expert::clients::Ecosystem;

use super::command;
use super::wanted::name_in_tarball;
use crate::limits;
use crate::mention::{Mention, Via};
use crate::mentions::Mentions;
use crate::place::{At, place_of};
use crate::tree::Node;
use crate::tree::json::{self, Dialect};

pub(crate) fn read_dockerfile(text: &str, into: &mut Mentions<'_>) {
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    let mut stages: BTreeSet<String> = BTreeSet::new();
    for instruction in instructions(text) {
        let at = instruction.at;
        let mut words: Vec<&str> = instruction.words.iter().map(String::as_str).collect();
        // What is kept for a later build is run there.
        while words.len() > 1 && words.first().is_some_and(|word| is(word, "ONBUILD")) {
            words.remove(0);
        }
        let Some((keyword, words)) = words.split_first() else { continue };
        let mut images: Vec<&str> = Vec::new();
        match keyword.to_ascii_uppercase().as_str() {
            "ARG" => set_variables(words, &mut known),
            "ENV" => match words {
                [name, value @ ..] if !name.contains('=') => {
                    set_variable(name, &value.join(" "), &mut known);
                    command::take_setting(name, &value.join(" "), at, into);
                }
                words => {
                    set_variables(words, &mut known);
                    for (name, value) in words.iter().filter_map(|word| word.split_once('=')) {
                        command::take_setting(name, value, at, into);
                    }
                }
            },
            "FROM" => {
                let mut rest = words.iter().copied().skip_while(|word| word.starts_with("--"));
                images.extend(rest.next());
                if let (Some(word), Some(stage)) = (rest.next(), rest.next())
                    && is(word, "as")
                {
                    // The stage's name counts from the next instruction on: `FROM node AS node`
                    // builds upon an image.
                    take_stage(images.pop().unwrap_or_default(), &known, &stages, at, into);
                    stages.insert(stage.to_ascii_lowercase());
                }
            }
            "COPY" | "ADD" => {
                images.extend(words.iter().filter_map(|word| word.strip_prefix("--from=")));
                let addresses =
                    words.iter().filter(|word| word.contains("://") || word.starts_with("git@"));
                for address in addresses {
                    take_address(address, at, into);
                }
            }
            "RUN" => {
                let mounts = words.iter().filter_map(|word| word.strip_prefix("--mount="));
                images.extend(
                    mounts
                        .flat_map(|mount| mount.split(','))
                        .filter_map(|part| part.strip_prefix("from=")),
                );
                read_command(&words.join(" "), &known, at, into);
                if let Some((_, at)) = instruction.document.first() {
                    let lines: Vec<&str> =
                        instruction.document.iter().map(|(line, _)| *line).collect();
                    let whole = lines.join("\n");
                    for (line, first) in command::joined_lines(&whole) {
                        let number = lines_before(&whole, first);
                        let at = instruction.document.get(number).map_or(*at, |(_, at)| *at);
                        read_command(&line, &known, at, into);
                    }
                }
            }
            "CMD" | "ENTRYPOINT" | "HEALTHCHECK" | "SHELL" => {
                read_command(&words.join(" "), &known, at, into);
            }
            "LABEL" | "MAINTAINER" | "EXPOSE" | "VOLUME" | "USER" | "WORKDIR" | "STOPSIGNAL"
            | "INCLUDE" | "ONBUILD" => {}
            // A template is filled in by another tool, and its lines are not instructions.
            _ if ["{{", "{%", "<%", "%%"].iter().any(|mark| instruction.has(mark)) => {}
            _ => into.problem(
                at,
                format!("`{}` is not an instruction", keyword.chars().take(40).collect::<String>()),
            ),
        }
        for image in images {
            take_stage(image, &known, &stages, at, into);
        }
    }
}

/// How many lines of a text stand before one of them.
fn lines_before(text: &str, line: &str) -> usize {
    let At::Offset(offset) = place_of(text, line) else { return 0 };
    text.get(..offset).unwrap_or_default().matches('\n').count()
}

fn is(word: &str, keyword: &str) -> bool {
    word.eq_ignore_ascii_case(keyword)
}

fn set_variables(words: &[&str], known: &mut BTreeMap<String, String>) {
    for (name, value) in words.iter().filter_map(|word| word.split_once('=')) {
        set_variable(name, value, known);
    }
}

fn set_variable(name: &str, value: &str, known: &mut BTreeMap<String, String>) {
    let value = fill(value.trim_matches(['"', '\'']), known).text.into_owned();
    // LIMIT: a longer value is no part of an image's name, and is not copied into each that uses
    // it.
    if value.len() <= limits::IMAGE_NAME_BYTES_MAX {
        known.insert(name.to_owned(), value);
    }
}

/// A command in the form of a shell, or as a list of words in JSON.
fn read_command(text: &str, known: &BTreeMap<String, String>, at: At, into: &mut Mentions<'_>) {
    let text = text.trim_start();
    let from = text.find('[').filter(|from| {
        // Options, and `CMD` behind `HEALTHCHECK`, stand before.
        text.get(..*from).is_some_and(|before| {
            before.split_whitespace().all(|word| word.starts_with("--") || is(word, "CMD"))
        })
    });
    let list = from.and_then(|from| json::parse(text.get(from..)?, Dialect::Json).ok());
    let listed: Option<String> =
        list.map(|list| list.root().items().filter_map(Node::text).collect::<Vec<_>>().join(" "));
    let command = filled_in(listed.as_deref().unwrap_or(text), known);
    command::read(&command, at, into);
}

/// An archive or a repository that is copied into an image.
fn take_address(address: &str, at: At, into: &mut Mentions<'_>) {
    if name_in_tarball(address).is_some() {
        command::take_npm(address, at, into);
        return;
    }
    into.take(Mention {
        ecosystem: Ecosystem::Git,
        name: address,
        alias: None,
        version: None,
        via: Via::Direct,
        at,
    });
}

/// An image's name without what says that it is one.
fn without_scheme(image: &str) -> &str {
    ["docker://", "docker-image://"]
        .iter()
        .find_map(|scheme| image.strip_prefix(scheme))
        .unwrap_or(image)
}

/// An image, with the variables that are set beside the file.
pub(crate) fn take_image(image: &str, at: At, into: &mut Mentions<'_>) {
    let known = std::mem::take(&mut into.variables);
    let image = without_scheme(image);
    take_stage(image, &known, &BTreeSet::new(), at, into);
    into.variables = known;
}

/// An image whose variables have values that other parts of the program compute, or which is built
/// under this name: what is not known of it is not reported.
pub(super) fn take_own_image(image: &str, at: At, into: &mut Mentions<'_>) {
    let image = without_scheme(image);
    let filled = fill(image.trim_matches(['"', '\'']), &into.variables).text.into_owned();
    take_name(&filled, at, into);
}

/// A string that may be an image: it is only if its name ends as that of a listed one.
pub(super) fn take_copy(text: &str, at: At, into: &mut Mentions<'_>) {
    if text.matches('/').count() >= 2 && !text.contains("://") {
        let image = fill(text, &BTreeMap::new());
        into.take_copy(&image.text, at);
    }
}

fn take_stage(
    image: &str,
    known: &BTreeMap<String, String>,
    stages: &BTreeSet<String>,
    at: At,
    into: &mut Mentions<'_>,
) {
    let written = image.trim_matches(['"', '\'']);
    let filled = fill(written, known);
    let image = &*filled.text;
    let earlier_stage =
        stages.contains(&image.to_ascii_lowercase()) || image.bytes().all(|b| b.is_ascii_digit());
    if earlier_stage {
        return;
    }
    let is_known = take_name(image, at, into);
    if let (false, Some(pattern)) = (is_known, &filled.pattern) {
        into.gap(Ecosystem::Docker, written, without_tag(pattern), at);
    }
}

fn take_name(image: &str, at: At, into: &mut Mentions<'_>) -> bool {
    into.take(Mention {
        ecosystem: Ecosystem::Docker,
        name: image,
        alias: None,
        version: version_of(image),
        via: Via::Direct,
        at,
    })
}

/// The digest or the tag.
fn version_of(image: &str) -> Option<&str> {
    if let Some((_, digest)) = image.split_once('@') {
        return Some(digest);
    }
    image.rsplit('/').next()?.split_once(':').map(|(_, tag)| tag)
}

fn without_tag(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or(image);
    let last = image.rfind('/').map_or(0, |slash| slash + 1);
    let tag = image.get(last..).and_then(|part| part.find(':'));
    tag.and_then(|tag| image.get(..last + tag)).unwrap_or(image)
}

/// A text with its variables filled in.
pub(super) struct Filled<'i> {
    /// With a variable's name where it has no value.
    pub(super) text: Cow<'i, str>,
    /// With `*` where a variable has no value, if there is one that somebody sets elsewhere.
    pub(super) pattern: Option<String>,
}

/// Variables that name what the project itself builds.
const OWN: &[&str] = &[
    "CI_REGISTRY_IMAGE",
    "CI_PROJECT_PATH",
    "CI_PROJECT_NAME",
    "GITHUB_REPOSITORY",
    "GITHUB_REPOSITORY_OWNER",
    "COMPOSE_PROJECT_NAME",
    "PROJECT_ID",
    "REPO_NAME",
];

/// `$X`, `${X}`, `${X:-y}` and `${X-y}` filled in where a value is known; a default may have
/// variables of its own.
pub(super) fn fill<'i>(image: &'i str, known: &BTreeMap<String, String>) -> Filled<'i> {
    if !image.contains('$') {
        return Filled { text: Cow::Borrowed(image), pattern: None };
    }
    let mut fills = Fills { known, gap: false };
    let (text, pattern) = fills.fill(image, limits::NESTED_DEFAULTS_MAX);
    Filled { text: Cow::Owned(text), pattern: fills.gap.then_some(pattern) }
}

struct Fills<'k> {
    known: &'k BTreeMap<String, String>,
    gap: bool,
}

impl Fills<'_> {
    fn fill(&mut self, image: &str, depth: usize) -> (String, String) {
        let (mut text, mut pattern) = (String::new(), String::new());
        let mut rest = image;
        while let Some((before, after)) = rest.split_once('$') {
            text.push_str(before);
            pattern.push_str(before);
            let (variable, left) = match after.strip_prefix('{') {
                Some(inner) => split_braced(inner),
                None => {
                    let end = after
                        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                        .unwrap_or(after.len());
                    after.split_at(end)
                }
            };
            rest = left;
            let name = variable.split([':', '-', '+', '?']).next().unwrap_or(variable);
            let default = variable
                .get(name.len()..)
                .map(|rest| rest.trim_start_matches(':'))
                .and_then(|rest| rest.strip_prefix('-'));
            match (self.known.get(name), default) {
                (Some(value), _) => {
                    text.push_str(value);
                    pattern.push_str(value);
                }
                (None, Some(default)) if depth > 0 => {
                    let (inner, inner_pattern) = self.fill(default, depth - 1);
                    text.push_str(&inner);
                    pattern.push_str(&inner_pattern);
                }
                _ => {
                    // `${{ … }}` and `$(…)` are worked out by the tool that runs the file.
                    let plain = !name.is_empty()
                        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                    self.gap |= plain && !OWN.contains(&name);
                    text.push_str(name);
                    pattern.push('*');
                }
            }
            if text.len() > limits::IMAGE_NAME_BYTES_MAX {
                break;
            }
        }
        text.push_str(rest);
        pattern.push_str(rest);
        (text, pattern)
    }
}

/// What stands before the brace that closes, and what behind it.
fn split_braced(inner: &str) -> (&str, &str) {
    let mut depth = 1_usize;
    for (at, byte) in inner.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (inner.get(..at).unwrap_or(inner), inner.get(at + 1..).unwrap_or_default());
        }
    }
    (inner, "")
}

/// A command with the variables that are known; others stay as they are written.
fn filled_in<'t>(text: &'t str, known: &BTreeMap<String, String>) -> Cow<'t, str> {
    if known.is_empty() || !text.contains('$') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let braced = after.strip_prefix('{');
        let name = braced.unwrap_or(after);
        let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
        let (name, left) = name.split_at(end);
        let left = if braced.is_some() { left.strip_prefix('}') } else { Some(left) };
        match (known.get(name), left) {
            (Some(value), Some(left)) => {
                out.push_str(value);
                rest = left;
            }
            _ => {
                out.push('$');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// One instruction, with continued lines joined, and the lines of its here-documents.
struct Instruction<'t> {
    at: At,
    words: Vec<String>,
    document: Vec<(&'t str, At)>,
}

impl Instruction<'_> {
    fn has(&self, mark: &str) -> bool {
        self.words.iter().any(|word| word.contains(mark))
    }
}

fn instructions(text: &str) -> Vec<Instruction<'_>> {
    let escape = text
        .lines()
        .map_while(|line| line.trim_start().strip_prefix('#'))
        .filter_map(|directive| directive.trim().split_once('='))
        .find_map(|(name, value)| {
            name.trim().eq_ignore_ascii_case("escape").then(|| value.trim().chars().next())
        })
        .flatten()
        .unwrap_or('\\');
    let mut all = Vec::new();
    // Where each line stands last, so that an end which never comes is known at once.
    let last_of: BTreeMap<&str, usize> = text
        .lines()
        .enumerate()
        .map(|(number, line)| (line.trim_start_matches('\t'), number))
        .collect();
    let mut lines = text.lines().enumerate();
    while let Some((first_number, first)) = lines.next() {
        if first.trim().is_empty() || first.trim_start().starts_with('#') {
            continue;
        }
        let at = place_of(text, first.trim_start());
        let mut words = Vec::new();
        let (mut number, mut line) = (first_number, first);
        loop {
            let code = line.trim_end();
            let continued = code.strip_suffix(escape);
            words.extend(continued.unwrap_or(code).split_whitespace().map(str::to_owned));
            if continued.is_none() {
                break;
            }
            // Comments and empty lines do not end a continued instruction.
            let Some(next) = lines
                .find(|(_, next)| !next.trim().is_empty() && !next.trim_start().starts_with('#'))
            else {
                break;
            };
            (number, line) = next;
        }
        let mut document = Vec::new();
        let takes_documents = words.first().is_some_and(|word| {
            ["RUN", "COPY", "ADD"].iter().any(|keyword| word.eq_ignore_ascii_case(keyword))
        });
        if takes_documents {
            for end in words.iter().filter_map(|word| here_document(word)) {
                // Without its end it is a shell's own here-document within quotes, or broken:
                // nothing is passed over then.
                if last_of.get(end).is_some_and(|last| *last > number) {
                    for (here, line) in lines.by_ref() {
                        number = here;
                        if line.trim_start_matches('\t') == end {
                            break;
                        }
                        document.push((line, place_of(text, line)));
                    }
                }
            }
        }
        all.push(Instruction { at, words, document });
    }
    all
}

/// The word that ends a here-document: `<<EOF`, `<<-EOF`, `<<"EOF"`.
fn here_document(word: &str) -> Option<&str> {
    let (_, end) = word.split_once("<<")?;
    let end = end.strip_prefix('-').unwrap_or(end).trim_matches(['"', '\'']);
    let plain = !end.is_empty() && end.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    plain.then_some(end)
}
