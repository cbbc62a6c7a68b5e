//! By which hosts and paths is a project known?

use std::sync::Arc;

use super::source::Source;
use super::word::{ClientStatus, EntryConfidence, Kind};

/// A host, or a path on any host, by which a project is known.
#[derive(Clone, Debug)]
pub struct Address {
    /// The project, which may have names and other addresses.
    pub project: Arc<str>,
    /// The host or path, as [`Pattern`] says.
    pub pattern: Pattern,
    /// Its standing. Never [`ClientStatus::Unrecognised`].
    pub status: ClientStatus,
    /// How it talks to WhatsApp.
    pub kind: Kind,
    /// How well the entry is founded.
    pub confidence: EntryConfidence,
    /// The day that the entry speaks of, as `2026-11-23`.
    pub seen: Arc<str>,
    /// What it is, in one or two sentences.
    pub note: Arc<str>,
    /// The question whose answer decides; always there for what is undecided.
    pub ask: Option<Arc<str>>,
    /// Where the address was seen.
    pub source: Arc<Source>,
}

/// What of an address is compared. ASCII letters compare without case.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "finished: an address is a host and a path")]
pub enum Pattern {
    /// One host, such as `web.whatsapp.com`.
    Host(Arc<str>),
    /// A domain and every host below it, written `*.whatsapp.net`; here without the `*.`.
    Domain(Arc<str>),
    /// Parts of a path that follow each other, such as `/message/sendText/*`: `*` is any one part,
    /// and `waInstance*` any that begins so. What stands before and after is not compared, since
    /// gateways are put behind prefixes.
    Path(Arc<str>),
}

impl Pattern {
    /// Reads a host as the catalogue writes it; `None` if it is none.
    pub(super) fn host(text: &str) -> Option<Self> {
        let (wild, host) = text.strip_prefix("*.").map_or((false, text), |host| (true, host));
        let label = |label: &str| {
            !label.is_empty()
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        let plain = host.contains('.') && host.len() <= 253 && host.split('.').all(label);
        plain
            .then(|| if wild { Self::Domain(Arc::from(host)) } else { Self::Host(Arc::from(host)) })
    }

    /// Reads a path as the catalogue writes it; `None` if it is none, or so short that strangers
    /// would match.
    pub(super) fn path(text: &str) -> Option<Self> {
        let parts = text.strip_prefix('/')?;
        let part = |part: &str| {
            let name = part.strip_suffix('*').unwrap_or(part);
            (!part.is_empty())
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        };
        let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
        (letters >= LETTERS_OF_A_PATH_MIN && parts.split('/').all(part))
            .then(|| Self::Path(Arc::from(text)))
    }

    /// The pattern as the catalogue writes it.
    pub fn text(&self) -> String {
        match self {
            Self::Host(text) | Self::Path(text) => text.to_string(),
            Self::Domain(domain) => format!("*.{domain}"),
        }
    }

    fn matches(&self, host: &str, path: &[Box<[u8]>]) -> bool {
        match self {
            Self::Host(listed) => host.eq_ignore_ascii_case(listed),
            Self::Domain(domain) => is_within(host, domain),
            Self::Path(pattern) => has_run(path, pattern),
        }
    }
}

/// LIMIT: letters of a path in the catalogue. Below it the path would be a plain word that
/// anybody's service may use.
const LETTERS_OF_A_PATH_MIN: usize = 8;

impl Address {
    /// Whether whoever has a domain is this project, which is unofficial or serves that way too: it
    /// is one of its hosts, or a gateway's hosts lie below it. Below the domain of the consumer
    /// client lies more than that.
    pub(super) fn is_of_domain(&self, domain: &str) -> bool {
        let is_sold = matches!(self.kind, Kind::Gateway | Kind::Hosted | Kind::Both);
        matches!(self.status, ClientStatus::Unofficial | ClientStatus::Undecided)
            && match &self.pattern {
                Pattern::Host(host) => {
                    domain.eq_ignore_ascii_case(host) || is_sold && is_within(host, domain)
                }
                Pattern::Domain(listed) => {
                    is_within(domain, listed) || is_sold && is_within(listed, domain)
                }
                Pattern::Path(_) => false,
            }
    }

    /// Whether a host with the parts of a path is of this entry.
    pub(super) fn matches(&self, host: &str, path: &[Box<[u8]>]) -> bool {
        self.pattern.matches(host, path)
    }
}

/// Whether a host is the domain itself or lies below it.
pub(crate) fn is_within(host: &str, domain: &str) -> bool {
    let Some(split) = host.len().checked_sub(domain.len()) else { return false };
    let (Some(below), Some(end)) = (host.get(..split), host.get(split..)) else { return false };
    end.eq_ignore_ascii_case(domain) && (below.is_empty() || below.ends_with('.'))
}

/// The parts of a path as a server reads them: `%2F` is `/` and `%54` is `T`, empty parts and `.`
/// are passed over, `..` takes a part back, and what stands behind `;` in a part is no part of its
/// name.
pub(super) fn parts_of(path: &str) -> Vec<Box<[u8]>> {
    let mut parts: Vec<Box<[u8]>> = Vec::new();
    if path.is_empty() {
        return parts;
    }
    let decoded: Vec<u8> = percent_encoding::percent_decode_str(path).collect();
    for part in decoded.split(|byte| matches!(byte, b'/' | b'\\')) {
        match part.split(|byte| *byte == b';').next().unwrap_or_default() {
            b"" | b"." => {}
            b".." => drop(parts.pop()),
            name => parts.push(Box::from(name)),
        }
    }
    parts
}

/// Whether the parts of a pattern follow each other somewhere in a path.
fn has_run(parts: &[Box<[u8]>], pattern: &str) -> bool {
    let wanted = || pattern.split('/').filter(|part| !part.is_empty());
    parts
        .windows(wanted().count().max(1))
        .any(|run| run.iter().zip(wanted()).all(|(part, wanted)| is_part(part, wanted)))
}

/// Whether one part of a path is what one part of a pattern asks for.
fn is_part(part: &[u8], wanted: &str) -> bool {
    let (name, open) = wanted.strip_suffix('*').map_or((wanted, false), |name| (name, true));
    part.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name.as_bytes()))
        && (open || part.len() == name.len())
}

/// The host and the path of a service that is named by its address, with or without a scheme.
pub(super) fn host_and_path(address: &str) -> (&str, &str) {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let host = host.split(':').next().unwrap_or(host);
    (host.strip_suffix('.').unwrap_or(host), path)
}

#[cfg(test)]
mod tests {
    use super::{Pattern, parts_of};

    fn matches(pattern: &Pattern, host: &str, path: &str) -> bool {
        pattern.matches(host, &parts_of(path))
    }

    #[test]
    fn a_path_matches_by_whole_parts_behind_any_prefix() {
        let pattern = Pattern::path("/message/sendText/*").expect("a path");
        for path in [
            "/message/sendText/shop",
            "/evo/v2/message/sendtext/shop",
            "//message//sendText/shop/",
            "/message/send%54ext/shop",
            "/message/./sendText/shop",
            "/message%2FsendText%2fshop",
            "/message;a=b/sendText/shop",
            "/message/x/../sendText/shop",
            "/message\\sendText\\shop",
        ] {
            assert!(matches(&pattern, "any.example", path), "{path}");
        }
        for path in [
            "/message/sendText",
            "/message/sendTexts/shop",
            "/message/x/sendText/shop",
            "/messages/sendText/shop",
            "/",
            "",
        ] {
            assert!(!matches(&pattern, "any.example", path), "{path}");
        }
        let instance = Pattern::path("/waInstance*/sendMessage/*").expect("a path");
        assert!(matches(&instance, "any.example", "/waInstance1101/sendMessage/token"));
        assert!(!matches(&instance, "any.example", "/instance1101/sendMessage/token"));
    }

    #[test]
    fn a_host_matches_whole_and_a_domain_with_all_below_it() {
        let host = Pattern::host("web.whatsapp.com").expect("a host");
        assert!(
            matches(&host, "WEB.whatsapp.com", "/") && !matches(&host, "x.web.whatsapp.com", "/")
        );
        let domain = Pattern::host("*.whatsapp.net").expect("a domain");
        assert!(matches(&domain, "whatsapp.net", "/") && matches(&domain, "mmg.whatsapp.net", "/"));
        assert!(
            !matches(&domain, "notwhatsapp.net", "/")
                && !matches(&domain, "whatsapp.net.evil.example", "/")
        );
    }

    #[test]
    fn what_would_match_strangers_is_no_pattern() {
        for path in [
            "message/sendText",
            "/",
            "/send",
            "/send/*",
            "/a b/sendMessage",
            "/message//sendText",
            "/send?to=sendText",
        ] {
            assert_eq!(Pattern::path(path), None, "{path}");
        }
        for host in
            ["", "localhost", "*", "*.", "https://web.whatsapp.com", "web.whatsapp.com/", "a..b"]
        {
            assert_eq!(Pattern::host(host), None, "{host}");
        }
    }
}
