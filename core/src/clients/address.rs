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

    fn matches(&self, host: &str, path: &str) -> bool {
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
    /// Whether a host with a path is of this entry.
    pub(super) fn matches(&self, host: &str, path: &str) -> bool {
        self.pattern.matches(host, path)
    }
}

/// Whether a host is the domain itself or lies below it.
pub(crate) fn is_within(host: &str, domain: &str) -> bool {
    let Some(split) = host.len().checked_sub(domain.len()) else { return false };
    let (Some(below), Some(end)) = (host.get(..split), host.get(split..)) else { return false };
    end.eq_ignore_ascii_case(domain) && (below.is_empty() || below.ends_with('.'))
}

/// Whether the parts of a pattern follow each other somewhere in a path. Empty parts are passed
/// over, as servers do.
fn has_run(path: &str, pattern: &str) -> bool {
    let parts = || path.split('/').filter(|part| !part.is_empty());
    (0..parts().count()).any(|start| {
        let mut rest = parts().skip(start);
        pattern
            .split('/')
            .filter(|part| !part.is_empty())
            .all(|wanted| rest.next().is_some_and(|part| is_part(part, wanted)))
    })
}

/// Whether one part of a path is what one part of a pattern asks for; `%54` in the path is `T`.
fn is_part(part: &str, wanted: &str) -> bool {
    let mut found = percent_encoding::percent_decode_str(part);
    let (name, open) = wanted.strip_suffix('*').map_or((wanted, false), |name| (name, true));
    name.bytes().all(|byte| found.next().is_some_and(|other| other.eq_ignore_ascii_case(&byte)))
        && (open || found.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn a_path_matches_by_whole_parts_behind_any_prefix() {
        let pattern = Pattern::path("/message/sendText/*").expect("a path");
        for path in [
            "/message/sendText/shop",
            "/evo/v2/message/sendtext/shop",
            "//message//sendText/shop/",
            "/message/send%54ext/shop",
        ] {
            assert!(pattern.matches("any.example", path), "{path}");
        }
        for path in [
            "/message/sendText",
            "/message/sendTexts/shop",
            "/message/x/sendText/shop",
            "/messages/sendText/shop",
            "/",
            "",
        ] {
            assert!(!pattern.matches("any.example", path), "{path}");
        }
        let instance = Pattern::path("/waInstance*/sendMessage/*").expect("a path");
        assert!(instance.matches("any.example", "/waInstance1101/sendMessage/token"));
        assert!(!instance.matches("any.example", "/instance1101/sendMessage/token"));
    }

    #[test]
    fn a_host_matches_whole_and_a_domain_with_all_below_it() {
        let host = Pattern::host("web.whatsapp.com").expect("a host");
        assert!(host.matches("WEB.whatsapp.com", "/") && !host.matches("x.web.whatsapp.com", "/"));
        let domain = Pattern::host("*.whatsapp.net").expect("a domain");
        assert!(domain.matches("whatsapp.net", "/") && domain.matches("mmg.whatsapp.net", "/"));
        assert!(
            !domain.matches("notwhatsapp.net", "/")
                && !domain.matches("whatsapp.net.evil.example", "/")
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
