//! Whose host do the messages go to?
//!
//! [`status_of`] judges an endpoint by its host alone: by the exact host where one host is known, by the registrable domain and
//! whatever lies below it where a provider owns the whole domain. Parts of a name never match: `graph.facebook.com.example` and
//! `mytwilio.com` are strangers.

use std::fmt;

/// What the host of an endpoint says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EndpointStatus {
    /// Meta's own host of the Cloud API.
    Official,
    /// A host of a solution provider that was seen to offer the official API. The host says nothing of the role that the provider has
    /// today.
    Partner,
    /// None of the known hosts: the sender's own, a provider's that is not listed here, or a gateway's.
    Unrecognised,
    /// No `http` or `https` address with a plain host, or one with a user name before it, which can pass one host off as another.
    Invalid,
}

impl EndpointStatus {
    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Partner => "partner",
            Self::Unrecognised => "unrecognised",
            Self::Invalid => "invalid",
        }
    }
}

impl fmt::Display for EndpointStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Judges an endpoint: `https://graph.facebook.com/v23.0`, `http://host:8080`, or a bare host with or without a path.
///
/// Letters are compared without case and one dot at the end of the host is ignored. Allocates nothing.
pub fn status_of(endpoint: &str) -> EndpointStatus {
    let Some(host) = host_of(endpoint) else { return EndpointStatus::Invalid };
    if OFFICIAL_HOSTS.iter().any(|official| host.eq_ignore_ascii_case(official)) {
        EndpointStatus::Official
    } else if PARTNER_HOSTS.iter().any(|partner| host.eq_ignore_ascii_case(partner))
        || PARTNER_DOMAINS.iter().any(|domain| is_within(host, domain))
    {
        EndpointStatus::Partner
    } else {
        EndpointStatus::Unrecognised
    }
}

/// The one host of the Cloud API. Exact: other hosts of the same domain serve other products.
const OFFICIAL_HOSTS: &[&str] = &["graph.facebook.com"];

/// Hosts of providers of which only this host was seen to carry the official API (2026-11-23).
const PARTNER_HOSTS: &[&str] = &["waba-v2.360dialog.io"];

/// Domains of solution providers whose own pages were read and show them in that trade (2026-11-23). The domain and every host below it
/// is the provider's own.
const PARTNER_DOMAINS: &[&str] =
    &["360dialog.com", "bird.com", "gupshup.io", "infobip.com", "messagebird.com", "sinch.com", "twilio.com", "vonage.com"];

/// The host, without scheme, port, path and final dot; `None` where the address is malformed or could be read in two ways.
fn host_of(endpoint: &str) -> Option<&str> {
    let endpoint = endpoint.trim_matches(' ');
    let rest = match endpoint.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http") => rest,
        // A bare host may carry an address in its query: `host/?next=https://…`.
        Some((before, _)) if before.contains(['/', '?', '#']) => endpoint,
        Some(_) => return None,
        None => endpoint,
    };
    let authority = rest.split(['/', '?', '#']).next()?;
    // Browsers read `\` as `/`, other clients do not; a name before `@` looks like a host to people.
    if authority.contains(['@', '\\', '%']) || authority.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return None;
    }
    if authority.starts_with('[') {
        let (address, port) = authority.split_once(']')?;
        let plain = address.len() > 1 && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port));
        return plain.then_some(address);
    }
    let host = match authority.split_once(':') {
        Some((host, port)) if is_port(port) => host,
        Some(_) => return None,
        None => authority,
    };
    let host = host.strip_suffix('.').unwrap_or(host);
    let labelled = !host.is_empty() && host.len() <= 253 && host.split('.').all(|label| !label.is_empty());
    labelled.then_some(host)
}

fn is_port(port: &str) -> bool {
    port.bytes().all(|b| b.is_ascii_digit()) && port.len() <= 5
}

/// Whether a host is the domain itself or lies below it.
fn is_within(host: &str, domain: &str) -> bool {
    let Some(split) = host.len().checked_sub(domain.len()) else { return false };
    let (Some(below), Some(end)) = (host.get(..split), host.get(split..)) else { return false };
    end.eq_ignore_ascii_case(domain) && (below.is_empty() || below.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::{EndpointStatus, status_of};

    #[test]
    fn the_cloud_api_is_official_however_it_is_written() {
        for endpoint in [
            "https://graph.facebook.com/v23.0/123/messages",
            "HTTPS://Graph.Facebook.COM",
            "graph.facebook.com",
            "graph.facebook.com:443/v23.0",
            "https://graph.facebook.com./v23.0",
            "https://graph.facebook.com?next=https://evil.example",
            "graph.facebook.com/?next=https://evil.example",
        ] {
            assert_eq!(status_of(endpoint), EndpointStatus::Official, "{endpoint}");
        }
    }

    #[test]
    fn a_part_of_a_name_never_matches() {
        for endpoint in [
            "https://graph.facebook.com.evil.example/v23.0",
            "https://xgraph.facebook.com",
            "https://evil.example/graph.facebook.com",
            "https://evil.example?https://graph.facebook.com",
            "https://facebook.com",
            "https://mytwilio.com",
            "https://twilio.com.evil.example",
            "https://gräph.facebook.com",
            "http://localhost:3000",
            "http://[::1]:8080",
            "192.0.2.1",
        ] {
            assert_eq!(status_of(endpoint), EndpointStatus::Unrecognised, "{endpoint}");
        }
    }

    #[test]
    fn providers_are_known_by_host_or_by_domain() {
        for endpoint in
            ["https://waba-v2.360dialog.io/messages", "https://api.twilio.com/2010-04-01", "twilio.com", "https://x.api.infobip.com"]
        {
            assert_eq!(status_of(endpoint), EndpointStatus::Partner, "{endpoint}");
        }
        assert_eq!(status_of("https://other.360dialog.io"), EndpointStatus::Unrecognised);
    }

    #[test]
    fn an_address_that_could_be_read_in_two_ways_is_invalid() {
        for endpoint in [
            "",
            "https://",
            "https:///v23.0",
            "ftp://graph.facebook.com",
            "https://graph.facebook.com@evil.example/",
            "https://evil.example\\@graph.facebook.com",
            "https://graph%2efacebook.com",
            "https://graph.facebook.com:port",
            "https://graph..facebook.com",
            "https://graph.facebook.com\n.evil.example",
            "https://[]",
            "mailto:someone",
        ] {
            assert_eq!(status_of(endpoint), EndpointStatus::Invalid, "{endpoint}");
        }
    }
}
