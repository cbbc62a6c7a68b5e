//! Which client did the caller write?
//!
//! [`ClientName::parse`] reads `ecosystem:name` with or without a version, `github:owner/name`, and
//! package URLs as tools for bills of materials write them. What has not the form of its ecosystem
//! is an error and not an unrecognised client: a name that cannot be placed must not pass for one
//! that is harmless.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr as _;

use packageurl::PackageUrl;

use super::ecosystem::Ecosystem;
use crate::directory::is_placeholder;
use crate::suggest;
use crate::text::{escaped, is_hidden, shortened};

/// A client as callers write it: where its name is registered, and the name with whatever version
/// stands after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientName<'a> {
    /// Where the name is registered.
    pub ecosystem: Ecosystem,
    /// The name, to be asked of a [`Catalogue`](super::Catalogue).
    pub name: Cow<'a, str>,
}

/// Why a text is no client. It has no code of its own: a document is refused with
/// `facts/malformed-client` or `facts/unknown-ecosystem`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientNameError {
    kind: ClientNameErrorKind,
    suggestion: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum ClientNameErrorKind {
    /// No colon, nothing before it, or nothing after it.
    NoName,
    /// A blank before or after.
    Blank,
    /// A control character, or one that cannot be seen.
    Invisible(char),
    /// An ecosystem, or a type of package URLs, that is not known.
    Ecosystem(String),
    /// A name that its ecosystem cannot have.
    Name(Ecosystem),
    /// A version that is itself an address: something else is installed under this name.
    Redirected,
    /// A package URL with a qualifier by which something else may be meant than its name says.
    Elsewhere(&'static str),
    /// A package URL that cannot be read.
    PackageUrl(String),
}

impl<'a> ClientName<'a> {
    /// Reads a client.
    ///
    /// # Errors
    /// What is wrong, with a suggestion where one is at hand.
    pub fn parse(text: &'a str) -> Result<Self, ClientNameError> {
        check_letters(text)?;
        let Some((before, name)) =
            text.split_once(':').filter(|(before, name)| !before.is_empty() && !name.is_empty())
        else {
            return Err(ClientNameError {
                kind: ClientNameErrorKind::NoName,
                suggestion: without_colon(text),
            });
        };
        if before.eq_ignore_ascii_case("pkg") {
            return package_url(text);
        }
        if name.starts_with(char::is_whitespace) || before.ends_with(char::is_whitespace) {
            let suggestion = Some(format!("{}:{}", before.trim(), name.trim()));
            return Err(ClientNameError { kind: ClientNameErrorKind::Blank, suggestion });
        }
        let client = match (Ecosystem::find(before), host_of_shorthand(before)) {
            (Some(ecosystem), _) => Self { ecosystem, name: Cow::Borrowed(name) },
            // The catalogue reads `github:owner/name` itself.
            (None, Some(_)) => Self { ecosystem: Ecosystem::Git, name: Cow::Borrowed(text) },
            (None, None) => return Err(unknown_ecosystem(before, text, name)),
        };
        client.check().map(|()| client)
    }

    /// Whether the name is one that its ecosystem can have.
    fn check(&self) -> Result<(), ClientNameError> {
        let wrong = || ClientNameErrorKind::Name(self.ecosystem).into();
        let name = &*self.name;
        // Only services and apps have names of their own choosing.
        if !matches!(self.ecosystem, Ecosystem::App | Ecosystem::Hosted) && !name.is_ascii() {
            return Err(wrong());
        }
        let plain = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|b| {
                    b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~' | b'+')
                })
        };
        let all_plain = |path: &str| path.split('/').all(plain);
        let parts = |path: &str| path.split('/').count();
        let (stem, version) = self.stem_and_version();
        let fits = match self.ecosystem {
            Ecosystem::Npm => match stem.strip_prefix('@') {
                Some(scoped) => parts(scoped) == 2 && all_plain(scoped),
                None => plain(stem),
            },
            Ecosystem::Jsr => {
                stem.strip_prefix('@').is_some_and(|scoped| parts(scoped) == 2 && all_plain(scoped))
            }
            Ecosystem::Pypi
            | Ecosystem::Cargo
            | Ecosystem::Nuget
            | Ecosystem::Gem
            | Ecosystem::Hex
            | Ecosystem::Pub
            | Ecosystem::Conda
            | Ecosystem::Deb
            | Ecosystem::Rpm
            | Ecosystem::Apk => {
                // An option of an installer is no name.
                plain(stem) && !stem.starts_with(['-', '.', '~', '+'])
            }
            Ecosystem::Go => all_plain(stem.trim_end_matches('/')),
            Ecosystem::Composer => parts(stem) == 2 && all_plain(stem),
            Ecosystem::Maven => {
                stem.split([':', '/']).count() >= 2 && stem.split([':', '/']).take(2).all(plain)
            }
            Ecosystem::Docker => {
                let (host, path) = stem.split_once('/').unwrap_or(("", stem));
                let host_fits = host.split_once(':').map_or(host, |(host, _)| host);
                (host.is_empty() || plain(host_fits))
                    && path.split('/').all(|part| plain(part.split(':').next().unwrap_or(part)))
            }
            Ecosystem::Git => is_repository(stem),
            // No firm's or app's name: what stands where nobody knows one, or was to be filled in.
            Ecosystem::App | Ecosystem::Hosted => {
                let named = name.split_once("://").map_or(name, |(_, rest)| rest);
                !is_placeholder(named) && !["${", "{{", "<%"].iter().any(|open| name.contains(open))
            }
        };
        // A second name behind a blank is nobody's version.
        let behind = version.strip_prefix(' ').unwrap_or_default().trim();
        let is_second = match self.ecosystem {
            Ecosystem::Docker => !behind.is_empty(),
            Ecosystem::Composer | Ecosystem::Maven | Ecosystem::Nuget => {
                behind.contains(['/', ':'])
            }
            _ => false,
        };
        if !fits || is_second {
            return Err(wrong());
        }
        // `wa@npm:baileys`, `wa @ git+https://…`: the name says nothing of what is installed.
        let checked = matches!(
            self.ecosystem,
            Ecosystem::Npm | Ecosystem::Pypi | Ecosystem::Cargo | Ecosystem::Jsr
        );
        if checked && version.contains([':', '/']) {
            let target = version.trim_start_matches([' ', '@']);
            let suggestion = match ClientName::parse(target) {
                Ok(client) => Some(format!("{}:{}", client.ecosystem, client.name)),
                Err(error) => error.suggestion,
            };
            return Err(ClientNameError { kind: ClientNameErrorKind::Redirected, suggestion });
        }
        Ok(())
    }

    /// The name without its version, and what stands after it.
    fn stem_and_version(&self) -> (&str, &str) {
        let name = &*self.name;
        let marks: &[char] = match self.ecosystem {
            Ecosystem::Pypi | Ecosystem::Conda => {
                &['=', '<', '>', '~', '!', '[', ';', '@', '(', ' ', '#']
            }
            Ecosystem::Composer => &[':', '@', '=', ' '],
            Ecosystem::Git => &['#', '?', ' '],
            Ecosystem::App | Ecosystem::Hosted => &[],
            _ => &['@', ' '],
        };
        // The `@` of a scope stands first.
        let from = usize::from(name.starts_with('@'));
        let end =
            name.get(from..).and_then(|rest| rest.find(marks)).map_or(name.len(), |at| from + at);
        (name.get(..end).unwrap_or(name), name.get(end..).unwrap_or_default())
    }
}

/// Whether a text is the address of one repository: by a scheme that repositories have, and at a
/// forge with an owner and a name.
fn is_repository(address: &str) -> bool {
    const SCHEMES: &[&str] = &["https", "http", "ssh", "git", "git+https", "git+http", "git+ssh"];
    let (scheme, rest) = match address.split_once("://") {
        Some((scheme, rest)) => (Some(scheme), rest),
        None => (None, address),
    };
    let has_scheme = |scheme: &str| SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known));
    let mut parts = rest.trim_end_matches('/').split('/');
    let host = parts.next().unwrap_or_default();
    let is_forge = FORGES.iter().any(|forge| host.eq_ignore_ascii_case(forge));
    scheme.is_none_or(has_scheme)
        && parts.filter(|part| !part.is_empty()).count() > usize::from(is_forge)
        || host.contains(':') && scheme.is_none()
}

/// What cannot be seen is refused where it stands: two texts that look the same would be two
/// clients.
fn check_letters(text: &str) -> Result<(), ClientNameError> {
    if let Some(letter) = text.chars().find(|letter| is_hidden(*letter)) {
        let cleaned: String = text.chars().filter(|letter| !is_hidden(*letter)).collect();
        return Err(ClientNameError {
            kind: ClientNameErrorKind::Invisible(letter),
            suggestion: valid(cleaned.trim()),
        });
    }
    if text.trim() != text {
        return Err(ClientNameError {
            kind: ClientNameErrorKind::Blank,
            suggestion: valid(text.trim()),
        });
    }
    Ok(())
}

/// A text as a suggestion, if it is a client.
fn valid(text: &str) -> Option<String> {
    ClientName::parse(text).is_ok().then(|| text.to_owned())
}

/// Hosts of repositories, each below its owner.
const FORGES: &[&str] = &["github.com", "gitlab.com", "bitbucket.org", "codeberg.org"];

/// The host that the short form of a repository stands for.
fn host_of_shorthand(before: &str) -> Option<&'static str> {
    let hosts =
        [("github", "github.com"), ("gitlab", "gitlab.com"), ("bitbucket", "bitbucket.org")];
    hosts.into_iter().find(|(short, _)| short.eq_ignore_ascii_case(before)).map(|(_, host)| host)
}

/// Words that people take for ecosystems: tools and languages, each with the ecosystem that it
/// takes its packages from.
const MISTAKEN: &[(&str, Ecosystem)] = &[
    ("yarn", Ecosystem::Npm),
    ("pnpm", Ecosystem::Npm),
    ("bun", Ecosystem::Npm),
    ("node", Ecosystem::Npm),
    ("nodejs", Ecosystem::Npm),
    ("javascript", Ecosystem::Npm),
    ("js", Ecosystem::Npm),
    ("npmjs", Ecosystem::Npm),
    ("typescript", Ecosystem::Npm),
    ("n8n", Ecosystem::Npm),
    ("python", Ecosystem::Pypi),
    ("pip3", Ecosystem::Pypi),
    ("pipy", Ecosystem::Pypi),
    ("pypy", Ecosystem::Pypi),
    ("poetry", Ecosystem::Pypi),
    ("pipenv", Ecosystem::Pypi),
    ("uv", Ecosystem::Pypi),
    ("gomod", Ecosystem::Go),
    ("rust", Ecosystem::Cargo),
    ("php", Ecosystem::Composer),
    ("gradle", Ecosystem::Maven),
    ("java", Ecosystem::Maven),
    ("kotlin", Ecosystem::Maven),
    ("sbt", Ecosystem::Maven),
    ("dotnet", Ecosystem::Nuget),
    ("csharp", Ecosystem::Nuget),
    ("ruby", Ecosystem::Gem),
    ("bundler", Ecosystem::Gem),
    ("mix", Ecosystem::Hex),
    ("elixir", Ecosystem::Hex),
    ("dart", Ecosystem::Pub),
    ("flutter", Ecosystem::Pub),
    ("container", Ecosystem::Docker),
    ("dockerhub", Ecosystem::Docker),
    ("podman", Ecosystem::Docker),
    ("ghcr", Ecosystem::Docker),
    ("repository", Ecosystem::Git),
    ("repo", Ecosystem::Git),
    ("android", Ecosystem::App),
    ("ios", Ecosystem::App),
    ("service", Ecosystem::Hosted),
    ("saas", Ecosystem::Hosted),
    ("gateway", Ecosystem::Hosted),
    ("debian", Ecosystem::Deb),
    ("alpine", Ecosystem::Apk),
];

fn unknown_ecosystem(found: &str, text: &str, name: &str) -> ClientNameError {
    let is_address = ["https", "http", "ssh", "git+https", "git+ssh", "git+http"]
        .iter()
        .any(|scheme| scheme.eq_ignore_ascii_case(found));
    let suggestion = if is_address {
        of_page(text).or_else(|| valid(&format!("git:{text}")))
    } else {
        meant_ecosystem(found).and_then(|ecosystem| valid(&format!("{ecosystem}:{name}")))
    };
    ClientNameError { kind: ClientNameErrorKind::Ecosystem(found.to_owned()), suggestion }
}

/// The ecosystem that a word which is none means: a tool or language, a registry's name, a slip.
fn meant_ecosystem(word: &str) -> Option<Ecosystem> {
    // `crates.io`, `maven central`, `packages/npm`.
    let word = word.rsplit('/').next().unwrap_or(word).trim();
    let first = word.split([' ', '.', '-', '_']).next().unwrap_or(word);
    let known = |word: &str| {
        Ecosystem::find(word).or_else(|| {
            MISTAKEN
                .iter()
                .find(|(mistaken, _)| mistaken.eq_ignore_ascii_case(word))
                .map(|(_, ecosystem)| *ecosystem)
        })
    };
    known(word).or_else(|| known(first)).or_else(|| {
        let names = Ecosystem::ALL.iter().map(|ecosystem| ecosystem.name());
        let others = MISTAKEN.iter().map(|(mistaken, _)| *mistaken);
        suggest::nearest(word, names.chain(others)).and_then(known)
    })
}

/// What a text without a colon means: `npm/name`, `npm name`, `@scope/name`, the address of a
/// registry's page without its scheme, a repository, a module path, an image.
fn without_colon(text: &str) -> Option<String> {
    /// Registries of images that stand before an owner's name.
    const IMAGE_HOSTS: &[&str] = &["docker.io", "ghcr.io", "quay.io", "public.ecr.aws"];
    let text = text.trim().trim_start_matches('/');
    if text.starts_with('@') {
        return valid(&format!("npm:{text}"));
    }
    if let Some(client) = of_page(text) {
        return Some(client);
    }
    let at = text.find(['/', '=', ';', '|', '\\', '\u{ff1a}', ' '])?;
    let (before, rest) = text.split_at(at);
    let rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '@');
    if before.contains('.') {
        let is = |known: &&str| before.eq_ignore_ascii_case(known);
        let ecosystem = if FORGES.iter().any(is) {
            Ecosystem::Git
        } else if IMAGE_HOSTS.iter().any(is) {
            Ecosystem::Docker
        } else {
            Ecosystem::Go
        };
        return valid(&format!("{ecosystem}:{text}"));
    }
    meant_ecosystem(before).and_then(|ecosystem| valid(&format!("{ecosystem}:{rest}")))
}

/// The client that the page of a registry is about.
fn of_page(address: &str) -> Option<String> {
    const PAGES: &[(&str, Ecosystem)] = &[
        ("npmjs.com/package/", Ecosystem::Npm),
        ("npmjs.org/package/", Ecosystem::Npm),
        ("pypi.org/project/", Ecosystem::Pypi),
        ("hub.docker.com/r/", Ecosystem::Docker),
        ("pkg.go.dev/", Ecosystem::Go),
        ("crates.io/crates/", Ecosystem::Cargo),
        ("packagist.org/packages/", Ecosystem::Composer),
        ("mvnrepository.com/artifact/", Ecosystem::Maven),
        ("central.sonatype.com/artifact/", Ecosystem::Maven),
        ("nuget.org/packages/", Ecosystem::Nuget),
        ("rubygems.org/gems/", Ecosystem::Gem),
        ("hex.pm/packages/", Ecosystem::Hex),
        ("pub.dev/packages/", Ecosystem::Pub),
        ("jsr.io/", Ecosystem::Jsr),
    ];
    let address = host_and_path(address);
    let address = address.strip_prefix("www.").unwrap_or(&address);
    let address = until_mark(address);
    PAGES.iter().find_map(|(page, ecosystem)| {
        let name = address.strip_prefix(page)?.trim_matches('/');
        // A version or a tab of the page may follow the name.
        let parts = match (ecosystem, name.starts_with('@')) {
            (Ecosystem::Go, _) => usize::MAX,
            (Ecosystem::Composer | Ecosystem::Maven | Ecosystem::Docker, _) | (_, true) => 2,
            _ => 1,
        };
        let name: Vec<&str> = name.split('/').take(parts).collect();
        let mark = if *ecosystem == Ecosystem::Maven { ":" } else { "/" };
        valid(&format!("{ecosystem}:{}", name.join(mark)))
    })
}

/// An address without its query and fragment.
fn until_mark(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or(address)
}

/// Reads a package URL. Names in it are whole, so that what stands after `?` and `#` says only
/// where a copy came from.
fn package_url<'a>(text: &str) -> Result<ClientName<'a>, ClientNameError> {
    // The scheme's letters have no case; the library knows small ones only.
    let lowered = format!("pkg{}", text.get(3..).unwrap_or_default());
    let path = lowered.get(4..).unwrap_or_default().trim_start_matches('/');
    if let Some((ty, rest)) = path.split_once('/') {
        check_type(&ty.to_ascii_lowercase(), rest)?;
    }
    let url = PackageUrl::from_str(&lowered)
        .map_err(|error| ClientNameErrorKind::PackageUrl(error.to_string()))?;
    let (namespace, name) = (url.namespace().unwrap_or_default(), url.name());
    let joined = |mark: char| {
        if namespace.is_empty() { name.to_owned() } else { format!("{namespace}{mark}{name}") }
    };
    let repository_url =
        || url.qualifiers().get("repository_url").map(|value| host_and_path(value));
    let (ecosystem, name) = match (url.ty(), host_of_shorthand(url.ty())) {
        (_, Some(host)) => (Ecosystem::Git, format!("{host}/{}", joined('/'))),
        ("maven", _) => (Ecosystem::Maven, joined(':')),
        // Of the name of an image in a registry the package URL has the last part alone.
        ("oci", _) => match repository_url() {
            Some(repository) if repository.rsplit('/').next() == Some(name) => {
                (Ecosystem::Docker, repository)
            }
            Some(repository) => (Ecosystem::Docker, format!("{repository}/{name}")),
            None => (Ecosystem::Docker, joined('/')),
        },
        ("docker", _) => match repository_url() {
            Some(host) => (Ecosystem::Docker, format!("{host}/{}", joined('/'))),
            None => (Ecosystem::Docker, joined('/')),
        },
        // The namespace is a distribution or an organisation and no part of the name.
        ("deb", _) => (Ecosystem::Deb, name.to_owned()),
        ("rpm", _) => (Ecosystem::Rpm, name.to_owned()),
        ("apk", _) => (Ecosystem::Apk, name.to_owned()),
        ("hex", _) => (Ecosystem::Hex, name.to_owned()),
        (ty, None) => match published(ty) {
            Some(ecosystem) => (ecosystem, joined('/')),
            None => return Err(ClientNameErrorKind::Ecosystem(ty.to_owned()).into()),
        },
    };
    // Where it comes from if not from where its name is registered, nothing else says.
    if let Some(elsewhere) =
        ["vcs_url", "download_url"].into_iter().find(|key| url.qualifiers().contains_key(*key))
    {
        return Err(ClientNameErrorKind::Elsewhere(elsewhere).into());
    }
    let version = url.version().map(|version| format!("@{version}")).unwrap_or_default();
    let with_version = ClientName { ecosystem, name: Cow::Owned(format!("{name}{version}")) };
    with_version.check()?;
    Ok(ClientName { ecosystem, name: Cow::Owned(name) })
}

/// The ecosystem that a package URL's type stands for.
fn published(ty: &str) -> Option<Ecosystem> {
    Ecosystem::find(ty).filter(|ecosystem| ecosystem.is_published())
}

/// Whether the type of a package URL is one that is known, with what was meant where it is not.
fn check_type(ty: &str, rest: &str) -> Result<(), ClientNameError> {
    if published(ty).is_some() || host_of_shorthand(ty).is_some() {
        return Ok(());
    }
    let types = [
        "npm", "pypi", "golang", "cargo", "composer", "maven", "nuget", "gem", "hex", "pub",
        "docker", "oci", "github",
    ];
    let meant = MISTAKEN
        .iter()
        .find(|(mistaken, _)| *mistaken == ty)
        .map(|(_, ecosystem)| ecosystem.name());
    let suggestion = meant
        .or_else(|| suggest::nearest(ty, types))
        .and_then(|ty| valid(&format!("pkg:{ty}/{rest}")));
    Err(ClientNameError { kind: ClientNameErrorKind::Ecosystem(ty.to_owned()), suggestion })
}

/// An address without its scheme and the slash at its end.
fn host_and_path(address: &str) -> String {
    let address = address.split_once("://").map_or(address, |(_, rest)| rest);
    address.trim_end_matches('/').to_owned()
}

impl From<ClientNameErrorKind> for ClientNameError {
    fn from(kind: ClientNameErrorKind) -> Self {
        Self { kind, suggestion: None }
    }
}

impl ClientNameError {
    /// Whether the ecosystem is what is wrong.
    pub const fn is_about_ecosystem(&self) -> bool {
        matches!(self.kind, ClientNameErrorKind::Ecosystem(_))
    }

    /// The client that may have been meant.
    pub fn suggestion(&self) -> Option<&str> {
        self.suggestion.as_deref()
    }
}

impl fmt::Display for ClientNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |text: &str| shortened(text, 40);
        match &self.kind {
            ClientNameErrorKind::NoName => {
                write!(f, "expected `ecosystem:name`, such as `npm:whatsapp-web.js`")?;
            }
            ClientNameErrorKind::Blank => write!(f, "expected a client without blanks around it")?,
            ClientNameErrorKind::Invisible(letter) => {
                write!(f, "the character U+{:04X} in it cannot be seen", u32::from(*letter))?;
            }
            ClientNameErrorKind::Ecosystem(found) => {
                write!(f, "`{}` is not an ecosystem", shown(found))?;
                if self.suggestion.is_none() {
                    let names: Vec<&str> =
                        Ecosystem::ALL.iter().map(|ecosystem| ecosystem.name()).collect();
                    write!(f, "; expected one of {}, or a package URL", names.join(", "))?;
                }
            }
            ClientNameErrorKind::Name(ecosystem) => write!(f, "expected {}", ecosystem.form())?,
            ClientNameErrorKind::Redirected => {
                write!(f, "something else is installed under this name; name what is installed")?;
            }
            ClientNameErrorKind::Elsewhere(qualifier) => write!(
                f,
                "by its `{qualifier}` it comes from elsewhere: name that as a client of its own, \
                 and leave `{qualifier}` out"
            )?,
            ClientNameErrorKind::PackageUrl(problem) => {
                write!(
                    f,
                    "not a package URL such as `pkg:npm/%40scope/name@1`: {}",
                    shown(problem)
                )?;
            }
        }
        match &self.suggestion {
            Some(suggestion) => write!(f, "; did you mean `{}`?", escaped(suggestion)),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ClientNameError {}
