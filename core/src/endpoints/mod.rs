//! Whose address do the messages go to?
//!
//! [`Endpoint::parse`] reads an address, or says what is wrong with it; [`Endpoint::status`] judges
//! it. Meta's own host and those of partners stand here: by the exact host where one host is known,
//! by the registrable domain and whatever lies below it where a provider owns the whole domain. The
//! hosts of the consumer client and of gateways, and the paths by which a gateway shows on any
//! host, stand in the [`Catalogue`]. Parts of a name never match: `graph.facebook.com.example` and
//! `mytwilio.com` are strangers.

use std::borrow::Cow;
use std::fmt;

use crate::clients::{Catalogue, ClientStatus, is_within};
use crate::directory;
use crate::text::{escaped, is_hidden};

/// What an endpoint says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EndpointStatus {
    /// Meta's own host of the Cloud API, by HTTPS on its own port; where a version of the API is
    /// named, one that can be.
    Official,
    /// A host of a solution provider that was seen to offer the official API. The host says nothing
    /// of the role that the provider has today.
    Partner,
    /// None of the known addresses: the sender's own, or one of a provider or gateway that is not
    /// listed.
    Unrecognised,
    /// The address of a gateway that serves the official API and an unofficial engine alike, of
    /// something that nobody has checked, or of Meta's own host in a way in which it serves no API.
    Undecided,
    /// A host of the consumer client, or a gateway's host or path.
    Unofficial,
}

impl EndpointStatus {
    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Partner => "partner",
            Self::Unrecognised => "unrecognised",
            Self::Undecided => "undecided",
            Self::Unofficial => "unofficial",
        }
    }
}

impl fmt::Display for EndpointStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An address that messages are posted to: `https://graph.facebook.com/v23.0`, `http://host:8080`,
/// or a host with or without a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint<'a> {
    /// Without port and final dot; letters beyond ASCII as DNS has them.
    host: Cow<'a, str>,
    /// From its first slash on, without query and fragment; empty where there is none.
    path: &'a str,
    transport: Transport,
}

/// How an address says that a host is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Transport {
    /// By HTTPS on its own port, or with neither scheme nor port given.
    Https,
    /// Without encryption, by a socket, or on a port of its own.
    Other,
}

/// Why a text is no address that can be read in one way only. It has no code of its own: a document
/// is refused with `facts/malformed-endpoint`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointError {
    problem: &'static str,
    suggestion: Option<String>,
}

impl EndpointError {
    /// The address that may have been meant.
    pub fn suggestion(&self) -> Option<&str> {
        self.suggestion.as_deref()
    }
}

impl fmt::Display for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.problem)?;
        match &self.suggestion {
            Some(suggestion) => write!(f, "; did you mean `{}`?", escaped(suggestion)),
            None => Ok(()),
        }
    }
}

impl std::error::Error for EndpointError {}

impl<'a> Endpoint<'a> {
    /// Reads an address.
    ///
    /// # Errors
    /// For one with blanks, for a list of several, for one without a host, with a user name (which
    /// can pass one host off as another), or with a scheme other than `http`, `https`, `ws` and
    /// `wss`.
    pub fn parse(text: &'a str) -> Result<Self, EndpointError> {
        let invisible = |c: char| c.is_whitespace() || is_hidden(c);
        if text.contains(invisible) {
            let is_address =
                |word: &&str| word.contains("://") || begins_with_host(word.trim_matches(MARKS));
            let mut words = text.split_whitespace().filter(|word| word.contains('.'));
            if let Some(first) = words.next().filter(is_address)
                && words.any(|word| is_address(&word))
            {
                return Err(wrong(
                    "expected one address",
                    first.trim_end_matches(MARKS).to_owned(),
                ));
            }
            let cleaned: String = text.chars().filter(|c| !invisible(*c)).collect();
            return Err(wrong(
                "expected an address without blanks and without characters that cannot be seen",
                cleaned,
            ));
        }
        if let Some(first) = first_of_several(text) {
            return Err(wrong("expected one address", first.to_owned()));
        }
        let (rest, scheme) = match text.split_once("://") {
            Some((scheme, rest))
                if SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known)) =>
            {
                (rest, Some(scheme))
            }
            // A host without a scheme may carry an address in its query: `host/?next=https://…`.
            Some((before, _)) if before.contains(['/', '?', '#']) => (text, None),
            Some((_, rest)) => {
                return Err(wrong(
                    "expected an address that begins with `https://`",
                    format!("https://{rest}"),
                ));
            }
            None => (text, None),
        };
        let (authority, path_and_query) =
            rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        if let Some((user, host)) = authority.rsplit_once('@') {
            let problem = "expected an address without a user name before the host";
            // A name before `@` that looks like a host passes one host off as another, and `\` ends
            // the host for some programs only: which of two was meant is not for us to say.
            if user.contains(['.', '\\', '%']) {
                return Err(EndpointError { problem, suggestion: None });
            }
            return Err(wrong(problem, format!("https://{host}{path_and_query}")));
        }
        let path = path_and_query.split(['?', '#']).next().unwrap_or_default();
        let Some(host) = host_of(authority, scheme.is_some()) else {
            return Err(EndpointError {
                problem: "expected an address such as `https://graph.facebook.com/v23.0`",
                suggestion: None,
            });
        };
        let is_https = scheme.is_none_or(|scheme| scheme.eq_ignore_ascii_case("https"))
            && authority.rsplit_once(':').is_none_or(|(_, port)| HTTPS_PORTS.contains(&port));
        let transport = if is_https { Transport::Https } else { Transport::Other };
        Ok(Self { host, path, transport })
    }

    /// The host, without port and final dot; letters beyond ASCII as DNS has them.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Judges the address. Letters are compared without case.
    pub fn status(&self, catalogue: &Catalogue) -> EndpointStatus {
        let host = &*self.host;
        let is = |known: &&str| host.eq_ignore_ascii_case(known);
        if OFFICIAL_HOSTS.iter().any(is) {
            // Meta's host serves no paths of gateways and passes nothing on: one of the two is
            // wrong.
            let is_anothers = catalogue.find_address(host, self.path).is_some()
                || self.status_behind(catalogue) != EndpointStatus::Unrecognised;
            let serves = self.transport == Transport::Https && has_a_version_or_none(self.path);
            return if serves && !is_anothers {
                EndpointStatus::Official
            } else {
                EndpointStatus::Undecided
            };
        }
        if PARTNER_HOSTS.iter().any(is)
            || PARTNER_DOMAINS.iter().any(|domain| is_within(host, domain))
        {
            return EndpointStatus::Partner;
        }
        match catalogue.find_address(host, self.path).map(|address| address.status) {
            Some(ClientStatus::Unofficial) => EndpointStatus::Unofficial,
            Some(ClientStatus::Undecided | ClientStatus::Unchecked) => EndpointStatus::Undecided,
            Some(ClientStatus::Official) => EndpointStatus::Partner,
            Some(ClientStatus::Unrecognised) | None
                if self.is_disguised() || catalogue.called_like_host(host).is_some() =>
            {
                EndpointStatus::Undecided
            }
            Some(ClientStatus::Unrecognised) | None => self.status_behind(catalogue),
        }
    }

    /// Whether a known host stands in front of another, `graph.facebook.com.example`, or one looks
    /// like Meta's own, `graph-facebook.com`, `graph.faceb00k.com`, or is it with one slip,
    /// `graph.faceboook.com`.
    fn is_disguised(&self) -> bool {
        let host = self.host.to_ascii_lowercase();
        // Below Meta's own domain nobody else has a host.
        if !is_within(&host, "facebook.com") && directory::begins_like(&host, "graph.facebook.") {
            return true;
        }
        if host.split('.').any(|label| strsim::osa_distance(label, "facebook") == 1) {
            return true;
        }
        [OFFICIAL_HOSTS, CONSUMER_HOSTS, PARTNER_HOSTS, PARTNER_DOMAINS].concat().iter().any(
            |known| {
                host.match_indices(known).any(|(at, _)| {
                    let (before, behind) = (host.get(..at), host.get(at + known.len()..));
                    before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
                        && behind.is_some_and(|behind| behind.starts_with('.'))
                })
            },
        )
    }

    /// The standing of the address that the path ends in, as `https://proxy.example/https://…` of
    /// one that passes messages on. A proxy is nobody's official host.
    fn status_behind(&self, catalogue: &Catalogue) -> EndpointStatus {
        let address = self.path.rfind("://").and_then(|colon| {
            let before = self.path.get(..colon)?;
            self.path.get(before.rfind('/').map_or(0, |slash| slash + 1)..)
        });
        let status = address
            .and_then(|address| Endpoint::parse(address).ok())
            .map(|behind| behind.status(catalogue));
        match status {
            Some(status @ (EndpointStatus::Unofficial | EndpointStatus::Undecided)) => status,
            _ => EndpointStatus::Unrecognised,
        }
    }
}

/// Whether a path begins with a version that the Graph API can have (`/v23.0`), or with something
/// that is none. Versions have two numbers, the first from 1 on; which there are changes four times
/// a year, and of one that has ended Meta serves the next, so that no list is kept here.
fn has_a_version_or_none(path: &str) -> bool {
    /// What other APIs call a version, and this one does not.
    const NO_VERSIONS: [&str; 6] = ["beta", "current", "dev", "latest", "next", "stable"];
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    if NO_VERSIONS.iter().any(|word| first.eq_ignore_ascii_case(word)) {
        return false;
    }
    let Some(version) = first.strip_prefix(['v', 'V']) else { return true };
    let is_number = |text: &str| {
        (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    version.split_once('.').is_some_and(|(major, minor)| {
        is_number(major) && is_number(minor) && !major.starts_with('0')
    })
}

/// What separates the addresses of a list that is written as one text.
const MARKS: [char; 3] = [',', ';', '|'];

/// The first address of a list that is written as one text.
fn first_of_several(text: &str) -> Option<&str> {
    let path_end = text.find(['?', '#']).unwrap_or(text.len());
    let (at, _) = text.match_indices(MARKS).find(|(at, mark)| {
        let rest = text.get(at + mark.len()..).unwrap_or_default();
        let begins = SCHEMES.iter().any(|scheme| {
            rest.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme))
                && rest.get(scheme.len()..).is_some_and(|rest| rest.starts_with("://"))
        });
        begins || (*at < path_end && begins_with_host(rest))
    })?;
    text.get(..at)
}

/// Whether a text begins as a host with a domain does, and not as the name of a file.
fn begins_with_host(text: &str) -> bool {
    /// Endings of files that stand in paths.
    const FILES: &[&str] = &["php", "json", "xml", "html", "htm", "asp", "aspx", "jsp", "js", "do"];
    let host = text.split(['/', '?', '#', ',', ';', '|', ':']).next().unwrap_or_default();
    host.rsplit_once('.').is_some_and(|(before, last)| {
        !before.is_empty()
            && last.len() >= 2
            && last.bytes().all(|byte| byte.is_ascii_alphabetic())
            && !FILES.iter().any(|file| last.eq_ignore_ascii_case(file))
            && host_of(host, false).is_some()
    })
}

/// An error with a suggestion, where the suggestion can be read.
fn wrong(problem: &'static str, suggestion: String) -> EndpointError {
    EndpointError {
        problem,
        suggestion: Endpoint::parse(&suggestion).is_ok().then_some(suggestion),
    }
}

/// What stands behind the colon of a host that is reached on the port of HTTPS.
const HTTPS_PORTS: [&str; 2] = ["", "443"];

const SCHEMES: [&str; 4] = ["https", "http", "wss", "ws"];

/// The one host of the Cloud API. Exact: other hosts of the same domain serve other products.
const OFFICIAL_HOSTS: &[&str] = &["graph.facebook.com"];

/// The host of the consumer app's own page.
const CONSUMER_HOSTS: &[&str] = &["web.whatsapp.com"];

/// Hosts of providers of which only this host was seen to carry the official API (2026-11-23).
const PARTNER_HOSTS: &[&str] = &["waba-v2.360dialog.io"];

/// Domains of solution providers whose own pages were read and show them in that trade
/// (2026-11-23). The domain and every host below it is the provider's own.
const PARTNER_DOMAINS: &[&str] = &[
    "360dialog.com",
    "bird.com",
    "gupshup.io",
    "infobip.com",
    "messagebird.com",
    "sinch.com",
    "twilio.com",
    "vonage.com",
];

/// The host of what stands between scheme and path; `None` where there is none, or where it could
/// be read in two ways.
///
/// Without a scheme, one word is no host: it needs a dot or a port.
fn host_of(authority: &str, with_scheme: bool) -> Option<Cow<'_, str>> {
    // Browsers read `\` as `/`, other clients do not.
    if authority.contains(['\\', '%']) {
        return None;
    }
    if authority.starts_with('[') {
        let (address, port) = authority.split_once(']')?;
        let plain =
            address.len() > 1 && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port));
        return plain.then_some(Cow::Borrowed(address));
    }
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) if is_port(port) => (host, port),
        Some(_) => return None,
        None => (authority, ""),
    };
    let host = host.strip_suffix('.').unwrap_or(host);
    if !with_scheme
        && port.is_empty()
        && !host.contains('.')
        && !host.eq_ignore_ascii_case("localhost")
    {
        return None;
    }
    if !host.is_ascii() {
        // As DNS has it: full-width letters are those that they look like.
        return directory::a_labels(host).map(|labels| Cow::Owned(labels.into_owned()));
    }
    let label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    (host.len() <= 253 && host.split('.').all(label)).then_some(Cow::Borrowed(host))
}

fn is_port(port: &str) -> bool {
    port.bytes().all(|b| b.is_ascii_digit()) && port.len() <= 5
}

#[cfg(test)]
mod tests {
    use super::{Catalogue, Endpoint, EndpointStatus};

    fn all_are(status: EndpointStatus, endpoints: &[&str]) {
        let catalogue = Catalogue::built_in().expect("the built-in catalogue loads");
        for endpoint in endpoints {
            let read =
                Endpoint::parse(endpoint).unwrap_or_else(|error| panic!("{endpoint}: {error}"));
            assert_eq!(read.status(&catalogue), status, "{endpoint}");
        }
    }

    #[test]
    fn the_cloud_api_is_official_however_it_is_written() {
        all_are(
            EndpointStatus::Official,
            &[
                "https://graph.facebook.com/v23.0/123/messages",
                "HTTPS://Graph.Facebook.COM",
                "graph.facebook.com",
                "graph.facebook.com:443/v23.0",
                "https://graph.facebook.com./v23.0",
                "https://graph.facebook.com?next=https://evil.example",
                "graph.facebook.com/?next=https://evil.example",
            ],
        );
    }

    #[test]
    fn metas_host_is_official_only_as_it_serves_the_api() {
        all_are(
            EndpointStatus::Official,
            &[
                "https://graph.facebook.com:/v23.0",
                "https://graph.facebook.com/v9.0/1/messages",
                "https://graph.facebook.com/V23.0/1/messages",
                "https://graph.facebook.com/v100.10",
                "https://graph.facebook.com/106540352242922/messages",
                "https://graph.facebook.com//v23.0",
            ],
        );
        all_are(
            EndpointStatus::Undecided,
            &[
                "http://graph.facebook.com/v23.0",
                "HTTP://graph.facebook.com",
                "ws://graph.facebook.com/v23.0",
                "wss://graph.facebook.com/v23.0",
                "https://graph.facebook.com:8443/v23.0",
                "graph.facebook.com:80/v23.0",
                "https://graph.facebook.com/v0.0/1/messages",
                "https://graph.facebook.com/v0.1",
                "https://graph.facebook.com/v023.0",
                "https://graph.facebook.com/vNext/1/messages",
                "https://graph.facebook.com/latest/1/messages",
                "https://graph.facebook.com/v23/1/messages",
                "https://graph.facebook.com/v23.0.1/1/messages",
                "https://graph.facebook.com/v23.x",
                "https://graph.facebook.com/v.0",
                "https://graph.facebook.com/v/1/messages",
                "https://graph.facebook.com/v2300.0",
                "https://graph.facebook.com//v0.0",
                "https://graph.facebook.com/message/sendText/x",
                "https://graph.facebook.com/https://gateway.example/message/sendText/x",
                "https://proxy.example/http://graph.facebook.com/v23.0",
            ],
        );
    }

    #[test]
    fn a_part_of_a_name_never_matches() {
        all_are(
            EndpointStatus::Unrecognised,
            &[
                "https://xgraph.facebook.com",
                "https://evil.example/graph.facebook.com",
                "https://evil.example?https://graph.facebook.com",
                "https://evil.example/?to=/message/sendText/x",
                "https://facebook.com",
                "https://mytwilio.com",
                "https://gräph.facebook.com",
                "https://notwhatsapp.net",
                "https://www.whatsapp.com",
                "http://localhost:3000",
                "localhost:3000",
                "gateway:8080/send",
                "http://[::1]:8080",
                "192.0.2.1",
                "https://other.360dialog.io",
                "https://proxy.example/https://gateway.example/send",
                "https://gateway.example/v1;v=1.0/a,b.json",
                "http://gateway.example/send/message",
                // What an owner registered is no container, and a label goes on as it likes.
                "https://www.baileys.com/send",
                "http://wahanda:3000",
                "https://evolution.shop.example/send",
                "https://shop.example/sessions/start",
                "https://shop.example/instance/createdAt",
            ],
        );
    }

    #[test]
    fn a_known_host_in_front_of_another_and_the_name_of_a_gateway_are_looked_at() {
        all_are(
            EndpointStatus::Undecided,
            &[
                "https://graph.facebook.com.evil.example/v23.0",
                "https://web.whatsapp.com.evil.example/",
                "https://graph-facebook.com/v23.0",
                "https://graph.faceb00k.com/v23.0",
                "https://graph.faceboook.com/v23.0/1/messages",
                "https://graph.facebok.com/v23.0",
                "https://graph.facebook.net/v23.0",
                "https://graph.f\u{430}cebook.com/v23.0",
                "https://twilio.com.evil.example",
                "https://api.twilio.com.evil.example",
                "http://waha:3000",
                "http://evolution-api:8080/",
                "https://evolution-api.shop.example/v1",
                "http://waha-1:3000",
                "http://waha2:3000/send",
                "http://evolution-api-2.internal.shop.example/",
                "http://baileys-api:3000",
                "http://wppconnect:21465",
                "https://my-baileys.shop.example/send",
            ],
        );
    }

    #[test]
    fn providers_are_known_by_host_or_by_domain() {
        all_are(
            EndpointStatus::Partner,
            &[
                "https://waba-v2.360dialog.io/messages",
                "https://api.twilio.com/2010-04-01",
                "twilio.com",
                "https://x.api.infobip.com",
                // A partner is known for what it is, whatever its paths and hosts are called.
                "https://api.twilio.com/session/start",
                "https://baileys-api.twilio.com/instance/create",
            ],
        );
    }

    #[test]
    fn the_consumer_client_and_gateways_have_their_own_standing_on_any_host() {
        all_are(
            EndpointStatus::Unofficial,
            &[
                "https://web.whatsapp.com/send",
                "wss://web.whatsapp.com/ws/chat",
                "https://WEB.WhatsApp.com.",
                "https://ｗｅｂ.whatsapp.com",
                "https://mmg.whatsapp.net",
                "https://api.ultramsg.com/instance1/messages/chat",
                "https://7103.api.greenapi.com/waInstance1/sendMessage/t",
                "https://api.green-api.com",
                "https://proxy.example/waInstance1101/sendMessage/token",
                "https://gate.whapi.cloud/messages/text",
                "https://www.wasenderapi.com/api/send-message",
                "https://wasenderapi.com/api/send-message",
                "https://api.z-api.io/instances/1/token/2/send-text",
                "https://api.maytapi.com/api/p/1/sendMessage",
                "https://api.wassenger.com/v1/messages",
                "https://free.uazapi.com/send/text",
                "http://localhost:3000/api/sendText",
                "http://localhost:21465/api/shop/start-session",
                "http://localhost:3000/api/./sendText",
                "https://proxy.example/https://web.whatsapp.com/send",
            ],
        );
        all_are(
            EndpointStatus::Undecided,
            &[
                "http://localhost:8080/message/sendText/shop",
                "https://evo.example/v2/message/sendMedia/shop",
                "https://evo.example/message/./sendText/shop",
                "https://evo.example/message%2FsendText%2Fshop",
                "https://evo.example/message;a=b/sendText/shop",
                "https://api6.unipile.com:13670/api/v1/chats",
                "https://wa.shop.example/instance/create",
                "https://wa.shop.example/session/start/shop",
                "http://localhost:3000/api/default/sendText",
                "http://localhost:3000/api/sessions/default/start",
                "https://evo.shop.example/chat/sendPresence/shop",
                "https://wa.me/34600000000",
                "https://api.whatsapp.com/send?phone=34600000000",
            ],
        );
    }

    #[test]
    fn an_address_that_could_be_read_in_two_ways_is_refused_with_what_was_meant() {
        for (endpoint, suggestion) in [
            ("", None),
            ("https://", None),
            ("https:///v23.0", None),
            ("meta", None),
            ("cloud_api", None),
            ("/v23.0/messages", None),
            ("ftp://graph.facebook.com", Some("https://graph.facebook.com")),
            ("https://graph.facebook.com@evil.example/", None),
            ("https://graph.facebook.com\\@evil", None),
            ("https://user:secret@gateway.example/send", Some("https://gateway.example/send")),
            ("https://evil.example\\@graph.facebook.com", None),
            ("https://graph%2efacebook.com", None),
            ("https://graph.facebook.com:port", None),
            ("https://graph..facebook.com", None),
            (
                "https://graph.facebook.com\n.evil.example",
                Some("https://graph.facebook.com.evil.example"),
            ),
            (" https://graph.facebook.com/v23.0", Some("https://graph.facebook.com/v23.0")),
            ("https://graph.facebook.com/v23.0 ", Some("https://graph.facebook.com/v23.0")),
            ("https://graph.\u{200b}facebook.com", Some("https://graph.facebook.com")),
            ("https://graph.\u{202e}facebook.com", Some("https://graph.facebook.com")),
            (
                "https://graph.facebook.com/v23.0,https://web.whatsapp.com",
                Some("https://graph.facebook.com/v23.0"),
            ),
            (
                "https://graph.facebook.com/v23.0;web.whatsapp.com/send",
                Some("https://graph.facebook.com/v23.0"),
            ),
            ("graph.facebook.com|https://web.whatsapp.com", Some("graph.facebook.com")),
            (
                "https://graph.facebook.com/v23.0?a=1,https://web.whatsapp.com",
                Some("https://graph.facebook.com/v23.0?a=1"),
            ),
            (
                "https://graph.facebook.com, https://web.whatsapp.com",
                Some("https://graph.facebook.com"),
            ),
            ("graph.facebook.com and web.whatsapp.com", Some("graph.facebook.com")),
            ("https://graph.facebook .com/v23.0", Some("https://graph.facebook.com/v23.0")),
            ("https://[]", None),
            ("https://*.example", None),
            ("https://a,b.example", Some("https://a")),
            ("mailto:someone", None),
        ] {
            let error = Endpoint::parse(endpoint).expect_err(endpoint);
            assert_eq!(error.suggestion(), suggestion, "{endpoint:?}: {error}");
            assert!(!error.to_string().contains(['\n', '\u{200b}', '\u{202e}']), "{error}");
        }
    }
}
