//! `cts provider`: what does the directory say of this one?

use std::fmt::Write as _;

use cleartosend::decide::{DirectoryStamp, WrittenDate};
use cleartosend::directory::{Directory, Found, Identity, Listing};
use cleartosend::time::Timestamp;
use serde_json::json;

use crate::arguments::Provider;
use crate::engine;
use crate::failure::Failure;
use crate::output::{self, Answer, styled};
use crate::paper;

pub(super) fn run(arguments: &Provider) -> Result<Answer, Failure> {
    let directory = match &arguments.directory {
        Some(file) => engine::directory(file)?,
        None => Directory::built_in().map_err(|error| Failure::new(&format!("{error} [{}]", error.code())))?,
    };
    // The clock is not asked: without an instant, the answer is about the day of the directory.
    let at = arguments.at.unwrap_or(directory.retrieved_at());
    let who = Identity { id: arguments.id.as_deref(), name: Some(&arguments.name), domain: arguments.domain.as_deref() };
    let found = directory.find(&who, at);
    let text = if arguments.json { as_json(&directory, &who, at, &found) } else { as_text(&directory, at, &found, arguments) };
    Ok(Answer::new(text))
}

fn as_json(directory: &Directory, who: &Identity<'_>, at: Timestamp, found: &Found<'_>) -> String {
    let entry = found.entry.map(|provider| {
        let listed = provider
            .listed()
            .iter()
            .map(|listed| json!({"from": WrittenDate(listed.period.from), "until": listed.period.until.map(WrittenDate)}));
        json!({
            "id": provider.id(), "name": provider.name(), "aliases": provider.aliases(), "domains": provider.domains(),
            "role": provider.role(), "listed": listed.collect::<Vec<_>>(), "evidence": provider.evidence(),
        })
    });
    let lookalike = found.lookalike.as_ref().map(|lookalike| {
        let reasons: Vec<&str> = lookalike.reasons.iter().map(|reason| reason.name()).collect();
        json!({"of": lookalike.of.name(), "id": lookalike.of.id(), "reasons": reasons})
    });
    let answer = json!({
        "provider": {"id": who.id, "name": who.name, "domain": who.domain},
        "at": at.to_string(),
        "listing": found.listing.name(),
        "entry": entry,
        "lookalike": lookalike,
        "directory": DirectoryStamp::of(directory),
    });
    format!("{answer}\n")
}

fn as_text(directory: &Directory, at: Timestamp, found: &Found<'_>, arguments: &Provider) -> String {
    let width = output::width();
    let style = match (found.listing, &found.lookalike) {
        (Listing::Listed, _) => output::GOOD,
        (Listing::Unknown, None) => output::DOUBTFUL,
        _ => output::BAD,
    };
    let mut text = format!("{}  {} at {at}\n", styled(style, found.listing.name()), arguments.name);
    let mut row = |label: &str, value: &str| paper::row(&mut text, label, value, width);
    if let Some(provider) = found.entry {
        row("entry", &format!("{} ({})", provider.name(), provider.id()));
        if let Some(role) = provider.role() {
            row("role", role);
        }
        row("domains", &provider.domains().join(", "));
        for listed in provider.listed() {
            row("listed", &paper::period(WrittenDate(listed.period.from), listed.period.until.map(WrittenDate)));
        }
        if let Some(evidence) = provider.evidence() {
            row("evidence", evidence);
        }
    }
    if let Some(lookalike) = &found.lookalike {
        row("looks like", &format!("{} ({})", lookalike.of.name(), lookalike.of.domains().join(", ")));
        for reason in &lookalike.reasons {
            row("because", reason.sentence());
        }
    }
    row("follows", follows(found, directory));
    row("directory", &paper::directory(&DirectoryStamp::of(directory)));
    if !directory.complete() {
        row("", "This directory is not complete: that it does not name a provider, or does not date its listing, says nothing against it.");
    }
    let _ = writeln!(text);
    text
}

fn follows(found: &Found<'_>, directory: &Directory) -> &'static str {
    match (found.listing, &found.lookalike) {
        (Listing::Listed, _) => "It was in the directory on that day.",
        (_, Some(_)) => {
            "It is not the provider that it resembles. Compare name, domain and entry letter by letter before anything is sent."
        }
        (Listing::Delisted, None) => {
            "It was in the directory before, and not on that day: its listing no longer shows that it is authorized."
        }
        (Listing::Unlisted, None) => {
            "The directory is complete for that day and does not have it: a reviewed app of its own or the business's own app must show \
             that it is authorized."
        }
        (Listing::Unknown, None) if found.entry.is_some() => "The directory names it, and cannot tell whether it was listed on that day.",
        (Listing::Unknown, None) if directory.complete() => "The directory does not cover that day.",
        (Listing::Unknown, None) => "The directory cannot tell. Look it up in the current list of solution providers.",
    }
}
