//! What is wanted under a name of npm's: a version, another package, a repository, a file?

use std::borrow::Cow;

use cleartosend::expert::clients::Ecosystem;

use crate::mention::{Mention, Via};
use crate::mentions::Mentions;
use crate::place::At;

/// Judges by the address that a package was fetched from. True if that settles what it is, listed
/// or not.
pub(super) fn take_source(
    installed_as: &str,
    address: &str,
    version: &str,
    via: Via,
    at: At,
    into: &mut Mentions<'_>,
) -> bool {
    if let Some(name) = name_in_tarball(address) {
        into.take(Mention {
            ecosystem: Ecosystem::Npm,
            name: &name,
            alias: Some(installed_as),
            version: Some(version),
            via,
            at,
        });
        return true;
    }
    // A repository says less than the name where the catalogue lists both.
    !into.knows(Ecosystem::Npm, installed_as)
        && address.contains("://")
        && into.take(Mention {
            ecosystem: Ecosystem::Git,
            name: address,
            alias: Some(installed_as),
            version: Some(version),
            via,
            at,
        })
}

/// One line of a manifest: a name, and what is wanted of it: a range, another package, or an
/// address.
pub(super) fn take_wanted(name: &str, wanted: &str, at: At, via: Via, into: &mut Mentions<'_>) {
    let wanted = wanted.trim();
    let decoded;
    let wanted = if wanted.starts_with("npm:") && wanted.contains('%') {
        decoded = wanted.replace("%2f", "/").replace("%2F", "/").replace("%40", "@");
        &*decoded
    } else {
        wanted
    };
    let mention = |real, version| Mention {
        ecosystem: Ecosystem::Npm,
        name: real,
        alias: Some(name),
        version: Some(version),
        via,
        at,
    };
    if let Some(target) = wanted.strip_prefix("npm:") {
        let (real, version) = split_version(target);
        // `npm:^1.2` is a range of the name itself; a bare word may be a package or a tag.
        let is_other =
            !version.is_empty() || target.starts_with('@') || into.knows(Ecosystem::Npm, target);
        into.take(if is_other { mention(real, version) } else { mention(name, target) });
        return;
    }
    if let Some(patched) = wanted.strip_prefix("patch:") {
        let (real, rest) = split_version(patched.split('#').next().unwrap_or(patched));
        let version = rest.trim_start_matches("npm%3A").trim_start_matches("npm:");
        into.take(mention(if real.is_empty() { name } else { real }, version));
        return;
    }
    if let Some(real) = name_in_tarball(wanted) {
        into.take(mention(&real, wanted));
        return;
    }
    if into.take(mention(name, wanted)) {
        return;
    }
    take_local(wanted, mention(name, wanted), into);
    if is_repository(wanted) {
        let short = is_short(wanted);
        let address =
            if short { Cow::Owned(format!("github:{wanted}")) } else { Cow::Borrowed(wanted) };
        into.take(Mention { ecosystem: Ecosystem::Git, name: &address, ..mention(name, wanted) });
    }
}

/// An archive or a folder, by what it is called: `file:./scope-name-1.0.0.tgz`, `link:../name`.
pub(super) fn take_local(wanted: &str, mention: Mention<'_>, into: &mut Mentions<'_>) {
    if let Some(packed) = packed_name(wanted) {
        take_packed(packed, mention, into);
    }
}

/// What an archive or a folder is called: `file:./scope-name-1.0.0.tgz`, `link:../name`.
fn packed_name(wanted: &str) -> Option<&str> {
    let local = ["file:", "link:", "portal:"].iter().find_map(|start| wanted.strip_prefix(start));
    let path = wanted.split(['#', '?']).next().unwrap_or(wanted).trim_end_matches('/');
    let last = path.rsplit(['/', '\\', ':']).next()?;
    let archive = [".tgz", ".tar.gz", ".tar"].iter().find_map(|ending| last.strip_suffix(ending));
    match (archive, local) {
        (Some(stem), _) => {
            let version = stem.match_indices('-').find(|(at, _)| {
                let rest = stem.get(at + 1..).unwrap_or_default();
                rest.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit())
            });
            Some(version.and_then(|(at, _)| stem.get(..at)).unwrap_or(stem))
        }
        (None, Some(_)) => Some(last),
        (None, None) => None,
    }
}

/// Takes a name that only a file or a folder has: what is in it is not known, so a listed name is
/// one that is asked about.
fn take_packed(packed: &str, mention: Mention<'_>, into: &mut Mentions<'_>) {
    // `npm pack` writes `@scope/name` as `scope-name`.
    let scoped = packed
        .match_indices('-')
        .filter_map(|(at, _)| Some(format!("@{}/{}", packed.get(..at)?, packed.get(at + 1..)?)));
    let listed = std::iter::once(packed.to_owned())
        .chain(scoped)
        .find(|name| into.knows(Ecosystem::Npm, name));
    into.take_packed(listed.as_deref().unwrap_or(packed), mention);
}

/// Whether what is wanted is a repository: an address, `github:owner/name`, or `owner/name`.
pub(super) fn is_repository(wanted: &str) -> bool {
    let hosted =
        ["github:", "gitlab:", "bitbucket:", "git@"].iter().any(|start| wanted.starts_with(start));
    let path = wanted.split('#').next().unwrap_or(wanted);
    let word = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    };
    let short = path
        .split_once('/')
        .is_some_and(|(owner, name)| word(owner) && word(name) && !owner.starts_with('.'));
    hosted || wanted.contains("://") || short
}

/// Whether a repository is written as `owner/name`, with whatever stands behind `#`.
pub(super) fn is_short(repository: &str) -> bool {
    !repository.split('#').next().unwrap_or(repository).contains(':')
}

/// `name@version` in two; the version is empty where there is none.
pub(super) fn split_version(package: &str) -> (&str, &str) {
    let scope = usize::from(package.starts_with('@'));
    match package.get(scope..).and_then(|rest| rest.find('@')) {
        Some(at) => (
            package.get(..scope + at).unwrap_or(package),
            package.get(scope + at + 1..).unwrap_or_default(),
        ),
        None => (package, ""),
    }
}

/// The package in the address of a registry's archive: `…/@scope/name/-/name-1.0.0.tgz`, or
/// `…/download/@scope/name/1.0.0/…`.
pub(super) fn name_in_tarball(address: &str) -> Option<Cow<'_, str>> {
    let (_, path) = address.split_once("://")?;
    let whole = match (path.split_once("/-/"), path.split_once("/download/")) {
        (Some((before, _)), _) => before,
        (None, Some((_, after))) if after.starts_with('@') => {
            let end = after.match_indices('/').nth(1).map_or(after.len(), |(at, _)| at);
            return Some(Cow::Borrowed(after.get(..end).unwrap_or(after)));
        }
        _ => return None,
    };
    let mut parts = whole.rsplit('/');
    let (name, scope) = (parts.next()?, parts.next()?);
    if name.contains('%') {
        return Some(Cow::Owned(name.replace("%40", "@").replace("%2f", "/").replace("%2F", "/")));
    }
    if scope.starts_with('@') || scope.starts_with("%40") {
        let start = whole.len().checked_sub(name.len() + scope.len() + 1)?;
        let scoped = whole.get(start..)?;
        return Some(if scoped.starts_with('%') {
            Cow::Owned(scoped.replacen("%40", "@", 1))
        } else {
            Cow::Borrowed(scoped)
        });
    }
    Some(Cow::Borrowed(name))
}

#[cfg(test)]
mod tests {
    use super::{name_in_tarball, split_version};

    #[test]
    fn names_are_cut_out_whole() {
        assert_eq!(split_version("@a/b@^1.0"), ("@a/b", "^1.0"));
        assert_eq!(split_version("b@npm:c@1"), ("b", "npm:c@1"));
        assert_eq!(split_version("@a/b"), ("@a/b", ""));
        let name = |address| name_in_tarball(address).map(std::borrow::Cow::into_owned);
        assert_eq!(name("https://r.example/@a/b/-/b-1.0.0.tgz").as_deref(), Some("@a/b"));
        assert_eq!(name("https://r.example/npm/%40a%2fb/-/b-1.0.0.tgz").as_deref(), Some("@a/b"));
        assert_eq!(name("https://r.example/mirror/b/-/b-1.0.0.tgz").as_deref(), Some("b"));
        assert_eq!(name("https://r.example/download/@a/b/1.0.0/ff").as_deref(), Some("@a/b"));
        assert_eq!(name("git+ssh://git@h.example/a/b.git"), None);
    }
}
