//! What does the catalogue say of a name that a file mentions?

use std::borrow::Cow;
use std::sync::Arc;

use cleartosend::expert::clients::{Address, Catalogue, Client, ClientName, ClientStatus};

use crate::mention::{Evidence, Mention, Via};
use crate::place::At;

/// Something that is known to the catalogue, or looks like it.
pub(crate) struct Listed {
    pub(crate) ecosystem: &'static str,
    pub(crate) name: Arc<str>,
    pub(crate) project: Arc<str>,
    pub(crate) status: ClientStatus,
    pub(crate) kind: &'static str,
    pub(crate) confidence: &'static str,
    pub(crate) seen: Arc<str>,
    pub(crate) note: Arc<str>,
    pub(crate) ask: Option<Arc<str>>,
    pub(crate) source: Arc<str>,
    pub(crate) evidence: Evidence,
    pub(crate) alias: Option<Arc<str>>,
    pub(crate) target: Option<Arc<str>>,
    pub(crate) resembles: Option<Arc<str>>,
    pub(crate) version: Option<Arc<str>>,
    pub(crate) via: Via,
    pub(crate) at: At,
}

/// What is asked about, by a name that a campaign can give and that is asked about there too: what
/// stands in a template, or is named from where the tree lies, has only the end of one.
pub(crate) fn doubtful_name(listed: &Listed, catalogue: &Catalogue) -> Option<String> {
    let path = listed.name.strip_prefix("github.com/").unwrap_or(&listed.name);
    let last = path.rsplit('/').next().unwrap_or(path);
    let names = [&*listed.name, path, last].map(|name| format!("{}:{name}", listed.ecosystem));
    // A repository without its owner is of a name that others have.
    let names = names.into_iter().chain([format!("npm:@unknown/{last}")]);
    names
        .into_iter()
        .find(|name| ClientName::parse(name).is_ok() && catalogue.status_of(name) == listed.status)
}

/// A text without the users and passwords in its addresses.
pub(crate) fn without_password(text: &str) -> Cow<'_, str> {
    const MARK: &str = "://";
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(MARK) {
        let (before, behind) = rest.split_at(at + MARK.len());
        let is_end = |c: char| {
            c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'' | '`' | '<' | '>')
        };
        let authority = behind.split(is_end).next().unwrap_or_default();
        out.push_str(before);
        // The user of a server for repositories is called `git` everywhere.
        rest = match authority.rsplit_once('@') {
            Some((user, _)) if user != "git" => behind.get(user.len() + 1..).unwrap_or_default(),
            _ => behind,
        };
    }
    if out.is_empty() {
        return Cow::Borrowed(text);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

pub(crate) fn hide_passwords(listed: &mut Listed) {
    let hide = |text: &mut Arc<str>| {
        if text.contains("://") {
            *text = Arc::from(without_password(text));
        }
    };
    hide(&mut listed.name);
    hide(&mut listed.note);
    let others = [
        &mut listed.ask,
        &mut listed.alias,
        &mut listed.target,
        &mut listed.resembles,
        &mut listed.version,
    ];
    others.into_iter().flatten().for_each(hide);
}

pub(crate) fn of_address(address: &Address, at: At) -> Listed {
    const ASKED: &str = "Does this code run, and does it post messages there or drive that page? \
                         If so, it is what the catalogue says.";
    Listed {
        ecosystem: "address",
        name: Arc::from(address.pattern.text()),
        project: address.project.clone(),
        status: address.status.min(ClientStatus::Undecided),
        kind: address.kind.name(),
        confidence: address.confidence.name(),
        seen: address.seen.clone(),
        note: address.note.clone(),
        ask: Some(address.ask.clone().unwrap_or_else(|| Arc::from(ASKED))),
        source: address.source.url.clone().unwrap_or_else(|| address.source.title.clone()),
        evidence: Evidence::SourceString,
        alias: None,
        target: None,
        resembles: None,
        version: None,
        via: Via::Source,
        at,
    }
}

/// An entry of the catalogue, with what the file says of it.
pub(crate) fn listed_as(client: &Client, evidence: Evidence, mention: Mention<'_>) -> Listed {
    Listed {
        ecosystem: client.ecosystem.name(),
        name: client.name.clone(),
        project: client.project.clone(),
        status: client.status,
        kind: client.kind.name(),
        confidence: client.confidence.name(),
        seen: client.seen.clone(),
        note: client.note.clone(),
        ask: client.ask.clone(),
        source: client.source.url.clone().unwrap_or_else(|| client.source.title.clone()),
        evidence,
        alias: mention.alias.map(Arc::from),
        target: None,
        resembles: None,
        version: mention
            .version
            .map(str::trim)
            .filter(|version| !version.is_empty())
            .map(Arc::from),
        via: mention.via,
        at: mention.at,
    }
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn passwords_in_addresses_are_left_out() {
        for (text, shown) in [
            ("git+https://u:s3cret@git.example/x.git#1", "git+https://git.example/x.git#1"),
            ("a https://t@h/x, b http://u:p@q@h:80?c=@d", "a https://h/x, b http://h:80?c=@d"),
            ("ssh://git@h/x", "ssh://git@h/x"),
            ("git@h:x and @a/b", "git@h:x and @a/b"),
            ("https://h/@a/b", "https://h/@a/b"),
        ] {
            assert_eq!(without_password(text), shown);
        }
    }
}
