//! Where is a name registered, and when are two spellings of it the same?

use crate::verdict::names;

names! {
    /// Where a name is registered, and so how two spellings of it compare.
    ///
    /// All compare ASCII letters without case and no other letters at all. A version after the name
    /// (`name@1.2`, `name==1.2`, `image:tag`) is ignored.
    Ecosystem {
        /// Node packages, with their scope: `@scope/name`.
        Npm = "npm",
        /// Python projects: runs of `-`, `_` and `.` are one `-`. Also called `pip`.
        Pypi = "pypi",
        /// Go modules, by module path: the `/v2` of a major version is ignored. Also called
        /// `golang`.
        Go = "go",
        /// Rust crates: `_` is `-`. Also called `crates`.
        Cargo = "cargo",
        /// PHP packages: `vendor/name`. Also called `packagist`.
        Composer = "composer",
        /// Java libraries: `group:artifact`.
        Maven = "maven",
        /// .NET packages.
        Nuget = "nuget",
        /// Ruby gems. Also called `rubygems`.
        Gem = "gem",
        /// Elixir and Erlang packages.
        Hex = "hex",
        /// Dart and Flutter packages.
        Pub = "pub",
        /// Packages of Deno's registry, with their scope: `@scope/name`. Also called `deno`.
        Jsr = "jsr",
        /// Packages of Conda.
        Conda = "conda",
        /// Container images, without tag and digest; `docker.io/` and `library/` are ignored, other
        /// registries are part of the name. Also called `image` and `oci`.
        Docker = "docker",
        /// Repositories: `host/owner/name`, from any form of address.
        Git = "git",
        /// Apps on phones and desktops: spaces, `-`, `_` and `.` are passed over.
        App = "app",
        /// Services sold under a name: spaces, `-`, `_` and `.` are passed over.
        Hosted = "hosted",
        /// Packages of Debian and its kin.
        Deb = "deb",
        /// Packages of Fedora and its kin.
        Rpm = "rpm",
        /// Packages of Alpine.
        Apk = "apk",
    }
}

impl Ecosystem {
    /// Whether what is named here is built from a repository: packages and images, but not
    /// repositories themselves, apps and services.
    pub const fn is_published(self) -> bool {
        !matches!(self, Self::Git | Self::App | Self::Hosted)
    }

    /// What its names look like, for messages.
    pub(super) const fn form(self) -> &'static str {
        match self {
            Self::Npm => "the name of a Node package, such as `whatsapp-web.js` or `@scope/name`",
            Self::Jsr => "the name of a Deno package, such as `@scope/name`",
            Self::Pypi => "the name of a Python project, such as `pywa`",
            Self::Go => "a module path, such as `go.mau.fi/whatsmeow`",
            Self::Cargo => "the name of a crate, such as `whatsapp-business-rs`",
            Self::Composer => "`vendor/name`, such as `netflie/whatsapp-cloud-api`",
            Self::Maven => "`group:artifact`, such as `com.github.auties00:cobalt`",
            Self::Nuget => "the name of a .NET package, such as `Twilio`",
            Self::Gem => "the name of a gem, such as `twilio-ruby`",
            Self::Hex | Self::Pub | Self::Conda | Self::Deb | Self::Rpm | Self::Apk => {
                "the name of a package: letters, digits, `-`, `_`, `.`"
            }
            Self::Docker => {
                "the name of an image, such as `devlikeapro/waha` or `ghcr.io/owner/name`"
            }
            Self::Git => "a repository, such as `github.com/owner/name`",
            Self::App | Self::Hosted => "the name of an app or a service",
        }
    }

    /// The ecosystem of that name or of one of its other names; letters are compared without case.
    pub fn find(name: &str) -> Option<Self> {
        const OTHER_NAMES: &[(&str, Ecosystem)] = &[
            ("pip", Ecosystem::Pypi),
            ("golang", Ecosystem::Go),
            ("crates", Ecosystem::Cargo),
            ("crate", Ecosystem::Cargo),
            ("packagist", Ecosystem::Composer),
            ("rubygems", Ecosystem::Gem),
            ("deno", Ecosystem::Jsr),
            ("image", Ecosystem::Docker),
            ("oci", Ecosystem::Docker),
        ];
        let own = Self::ALL.iter().map(|ecosystem| (ecosystem.name(), *ecosystem));
        own.chain(OTHER_NAMES.iter().copied())
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, ecosystem)| ecosystem)
    }
}

/// A name reduced to what is compared: a part of the text as written, and a rule that folds its
/// bytes on the way.
///
/// A slice and a rule rather than a new string, so that a lookup allocates nothing.
#[derive(Clone, Copy)]
pub(super) struct Key<'a> {
    prefix: &'static str,
    text: &'a str,
    fold: Fold,
}

/// What becomes of each byte, besides that capitals become small letters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fold {
    /// Nothing.
    Plain,
    /// A run of `-`, `_`, `.` and blanks becomes one `-`.
    Separators,
    /// `-`, `_`, `.` and blanks are passed over.
    Joined,
    /// `_` becomes `-`.
    Underscores,
    /// `/` becomes `:`.
    SlashToColon,
    /// `:` becomes `/`.
    ColonToSlash,
}

impl<'a> Key<'a> {
    pub(super) fn of(ecosystem: Ecosystem, name: &'a str) -> Self {
        let name = name.trim();
        let plain = |text| Self { prefix: "", text, fold: Fold::Plain };
        match ecosystem {
            // The `@` of a scope stands first; any other begins a version.
            Ecosystem::Npm | Ecosystem::Jsr => {
                match name.strip_prefix('@').map(|rest| rest.find('@')) {
                    Some(Some(at)) => plain(name.get(..=at).unwrap_or(name)),
                    Some(None) => plain(name),
                    None => plain(until(name, &['@'])),
                }
            }
            Ecosystem::Pypi => {
                let text = until(name, &['=', '<', '>', '~', '!', '[', ';', '@', '(', ' ', '#'])
                    .trim_end();
                Self { prefix: "", text, fold: Fold::Separators }
            }
            Ecosystem::Go => {
                plain(without_major_version(until(name, &['@', ' ']).trim_end_matches('/')))
            }
            Ecosystem::Cargo => {
                Self { prefix: "", text: until(name, &['@', ' ']), fold: Fold::Underscores }
            }
            Ecosystem::Composer => plain(until(name, &[':', '@', '=', ' '])),
            Ecosystem::Maven => {
                Self { prefix: "", text: group_and_artifact(name), fold: Fold::SlashToColon }
            }
            Ecosystem::Nuget
            | Ecosystem::Gem
            | Ecosystem::Hex
            | Ecosystem::Pub
            | Ecosystem::Deb
            | Ecosystem::Rpm
            | Ecosystem::Apk => plain(until(name, &['@', ' '])),
            Ecosystem::Conda => plain(until(name, &['=', '<', '>', '~', '!', '[', '@', ' '])),
            Ecosystem::Docker => plain(image_name(name)),
            Ecosystem::Git => {
                let (prefix, text) = repository(name);
                Self { prefix, text, fold: Fold::ColonToSlash }
            }
            Ecosystem::App | Ecosystem::Hosted => {
                Self { prefix: "", text: name, fold: Fold::Joined }
            }
        }
    }

    /// Writes what is compared into a buffer; `None` if it is longer than any entry's name may be.
    pub(super) fn write(self, buffer: &mut [u8; KEY_BYTES_MAX]) -> Option<&[u8]> {
        let mut length = 0;
        let mut after_separator = false;
        for byte in self.prefix.bytes().chain(self.text.bytes()) {
            let separator = matches!(byte, b'-' | b'_' | b'.' | b' ' | b'\t');
            let separates = self.fold == Fold::Separators && separator;
            let repeats = separates && after_separator;
            after_separator = separates;
            if repeats || (self.fold == Fold::Joined && separator) {
                continue;
            }
            *buffer.get_mut(length)? = match (self.fold, byte) {
                _ if separates => b'-',
                (Fold::Underscores, b'_') => b'-',
                (Fold::SlashToColon, b'/') => b':',
                (Fold::ColonToSlash, b':') => b'/',
                _ => byte.to_ascii_lowercase(),
            };
            length += 1;
        }
        buffer.get(..length)
    }
}

/// Bytes of a normalised name: npm allows 214, but no known client comes near, and a longer name
/// cannot be one.
pub(super) const KEY_BYTES_MAX: usize = 128;

/// The text before the first of some marks.
fn until<'a>(text: &'a str, marks: &[char]) -> &'a str {
    text.split(marks).next().unwrap_or(text)
}

/// A module path without the `/v2` that a major version from 2 adds.
fn without_major_version(path: &str) -> &str {
    match path.rsplit_once("/v") {
        Some((stem, major))
            if !stem.is_empty()
                && !major.is_empty()
                && major.bytes().all(|b| b.is_ascii_digit()) =>
        {
            stem
        }
        _ => path,
    }
}

/// `group:artifact` of `group:artifact:version:…`, also when written `group/artifact@version`.
fn group_and_artifact(name: &str) -> &str {
    let name = until(name, &['@', ' ']);
    let end = name.match_indices([':', '/']).nth(1).map_or(name.len(), |(at, _)| at);
    name.get(..end).unwrap_or(name)
}

/// An image without digest, tag, the default registry's host and the namespace of its own images.
pub(super) fn image_name(name: &str) -> &str {
    let name = until(name, &['@', ' ']);
    let last = name.rfind('/').map_or(0, |slash| slash + 1);
    let tag =
        name.get(last..).and_then(|part| part.find(':')).map_or(name.len(), |colon| last + colon);
    let mut name = name.get(..tag).unwrap_or(name);
    for host in
        ["docker.io/", "index.docker.io/", "registry-1.docker.io/", "registry.hub.docker.com/"]
    {
        name = without_prefix(name, host).unwrap_or(name);
    }
    without_prefix(name, "library/").unwrap_or(name)
}

/// `host/owner/name` of a repository's address: a prefix to put before it, and the rest of the
/// text.
fn repository(address: &str) -> (&'static str, &str) {
    let address = until(address, &['#', '?', ' ']);
    // One that passes others' pages on has their address behind its own.
    let address = address.rsplit_once("://").map_or(address, |(_, rest)| rest);
    for (other, host) in [
        ("api.github.com/repos/", "github.com/"),
        ("raw.githubusercontent.com/", "github.com/"),
        ("github.com:443/", "github.com/"),
        ("gitlab.com:443/", "gitlab.com/"),
        ("bitbucket.org:443/", "bitbucket.org/"),
        ("codeberg.org:443/", "codeberg.org/"),
    ] {
        if let Some(path) = without_prefix(address, other) {
            return (host, repository_path(path, 2));
        }
    }
    for (short, host) in
        [("github:", "github.com/"), ("gitlab:", "gitlab.com/"), ("bitbucket:", "bitbucket.org/")]
    {
        if let Some(path) = without_prefix(address, short) {
            return (host, repository_path(path, 2));
        }
    }
    // A user name stands before the host only: an `@` further on begins a revision.
    let first = until(address, &['/']);
    let address = first.rfind('@').and_then(|at| address.get(at + 1..)).unwrap_or(address);
    let address = without_prefix(address, "www.")
        .or_else(|| without_prefix(address, "codeload."))
        .unwrap_or(address);
    ("", repository_path(address, 3))
}

/// The first parts of a path, without a revision and the ending `.git`.
fn repository_path(path: &str, parts: usize) -> &str {
    let path = until(path, &['@']).trim_end_matches('/');
    let end = path.match_indices(['/', ':']).nth(parts - 1).map_or(path.len(), |(at, _)| at);
    let path = path.get(..end).unwrap_or(path);
    path.strip_suffix(".git").unwrap_or(path)
}

/// The text after a prefix, letters compared without case.
fn without_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    if head.eq_ignore_ascii_case(prefix) { text.get(prefix.len()..) } else { None }
}

/// The last parts of a path, if it has more or as many.
pub(super) fn last_parts(path: &str, parts: usize) -> Option<&str> {
    let start = match path.rmatch_indices('/').nth(parts - 1) {
        Some((at, _)) => at + 1,
        None if path.split('/').count() == parts => 0,
        None => return None,
    };
    path.get(start..)
}

/// Whether an image's name says whose it is: beside its own name there is more than a registry.
pub(super) fn has_owner(image: &str) -> bool {
    let Some((first, rest)) = image.split_once('/') else { return false };
    let registry = first.contains(['.', ':']) || first.eq_ignore_ascii_case("localhost");
    !registry || rest.contains('/')
}

/// The name without its last part, where what is left may be the same thing: a module's path of a
/// package's in Go, an app's name of one with a version behind it.
pub(super) fn without_last_part(ecosystem: Ecosystem, name: &str) -> Option<&str> {
    match ecosystem {
        Ecosystem::Go => {
            let (module, _) = until(name, &['@', ' ']).trim_end_matches('/').rsplit_once('/')?;
            module.contains('/').then_some(module)
        }
        Ecosystem::App => {
            let (app, last) = name.trim_end().rsplit_once([' ', '-', '_', '@', ':'])?;
            (!app.trim().is_empty() && is_version(last)).then_some(app.trim_end())
        }
        _ => None,
    }
}

/// Whether a word behind an app's name says which issue of it is meant: `v17.20`, `2.24`, `apk`.
fn is_version(word: &str) -> bool {
    /// Words by which the sites that spread such apps tell their issues apart.
    const EDITIONS: &[&str] =
        &["pro", "apk", "app", "mod", "latest", "version", "update", "android", "new", "mini"];
    let number = word.strip_prefix(['v', 'V']).unwrap_or(word);
    let is_number = number.bytes().any(|byte| byte.is_ascii_digit())
        && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    is_number || EDITIONS.iter().any(|edition| word.eq_ignore_ascii_case(edition))
}

/// Whether a name is what a pattern stands for: `*` is any text, letters compare without case.
pub(super) fn fits(name: &str, pattern: &str) -> bool {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = without_prefix(name, first) else { return false };
    let mut last: Option<&str> = None;
    for piece in pieces {
        if let Some(middle) = last.replace(piece) {
            let found = (0..=rest.len()).find_map(|at| without_prefix(rest.get(at..)?, middle));
            let Some(after) = found else { return false };
            rest = after;
        }
    }
    match last {
        None => rest.is_empty(),
        Some(end) => rest
            .len()
            .checked_sub(end.len())
            .and_then(|at| rest.get(at..))
            .is_some_and(|tail| tail.eq_ignore_ascii_case(end)),
    }
}
