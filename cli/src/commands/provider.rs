//! `cts provider`: who is this, whom does it resemble, and what follows?

mod advice;
mod follows;

use std::fmt::Write as _;

use cleartosend::directory::{Found, Identity, Listing};
use cleartosend::expert::text::escaped;
use cleartosend::{Directory, DirectoryStamp, Timestamp};
use serde_json::json;

use super::directory::{entry_as_json, write_entry};
use crate::arguments::Provider;
use crate::engine;
use crate::failure::Failure;
use crate::output::{self, Answer, styled};
use crate::paper;
use follows::Route;

pub(super) fn run(arguments: &Provider) -> Result<Answer, Failure> {
    let engine = engine::of(&arguments.with)?;
    let directory = engine.directory();
    // The clock is not asked: without an instant, the answer is about the day of the directory.
    let at = arguments.at.unwrap_or(directory.retrieved_at());
    let who = Identity {
        id: arguments.id.as_deref(),
        name: Some(&arguments.name),
        domain: arguments.domain.as_deref(),
    };
    let found = directory.find(&who, at);
    let routes = follows::routes(&engine, &who, at)?;
    let told = Told { directory, who, at, found, routes, with_advice: arguments.advice };
    Ok(if arguments.json { Answer::of_bytes(as_json(&told)) } else { Answer::new(as_text(&told)) })
}

/// All that is told of a provider.
struct Told<'a> {
    directory: &'a Directory,
    who: Identity<'a>,
    at: Timestamp,
    found: Found<'a>,
    routes: Vec<Route>,
    with_advice: bool,
}

fn as_json(told: &Told<'_>) -> String {
    let Told { directory, who, at, found, routes, with_advice } = told;
    let lookalike = found.lookalike.as_ref().map(|lookalike| {
        let reasons: Vec<&str> = lookalike.reasons.iter().map(|reason| reason.name()).collect();
        let why: Vec<&str> = lookalike.reasons.iter().map(|reason| reason.sentence()).collect();
        json!({"of": lookalike.of.name(), "id": lookalike.of.id(), "domains": lookalike.of.domains(), "reasons": reasons, "why": why})
    });
    let mut answer = json!({
        "provider": {"id": who.id, "name": who.name, "domain": who.domain},
        "at": at.to_string(),
        "listing": found.listing.name(),
        "listing_means": meaning(found, directory),
        "entry": found.entry.map(|provider| entry_as_json(directory, provider, *at)),
        "lookalike": lookalike,
        "domain_of": found.domain_of.map(cleartosend::directory::Provider::name),
        "follows": follows::as_json(routes),
        "limits": limits(directory, *at),
        "directory": DirectoryStamp::of(directory),
    });
    if let (true, Some(members)) = (*with_advice, answer.as_object_mut()) {
        members.insert("advice".to_owned(), advice::as_json());
    }
    format!("{answer}\n")
}

fn as_text(told: &Told<'_>) -> String {
    let Told { directory, who, at, found, routes, with_advice } = told;
    let width = output::width();
    let style = match (found.listing, &found.lookalike) {
        (Listing::Listed, _) => output::GOOD,
        (Listing::Unknown, None) => output::DOUBTFUL,
        _ => output::BAD,
    };
    let mut text = format!(
        "{}  {} at {at}\n",
        styled(style, found.listing.name()),
        escaped(who.name.unwrap_or_default())
    );
    paper::row(&mut text, "listing", meaning(found, directory), width);
    if let Some(provider) = found.entry {
        write_entry(&mut text, provider, width);
    }
    let mut row = |label: &str, value: &str| paper::row(&mut text, label, value, width);
    if let Some(provider) = found.domain_of {
        row("domain of", &format!("{} ({})", provider.name(), provider.domains().join(", ")));
        row(
            "to do",
            "Ask the provider for its name in the directory. If it is the same firm, put this name \
             into a list of your own and give that with `--own`.",
        );
    }
    if let Some(lookalike) = &found.lookalike {
        row(
            "resembles",
            &format!("{} ({})", lookalike.of.name(), lookalike.of.domains().join(", ")),
        );
        for (number, reason) in lookalike.reasons.iter().enumerate() {
            row(if number == 0 { "because" } else { "" }, reason.sentence());
        }
        row(
            "to do",
            "Compare name, domain and entry letter by letter with those of the provider that it \
             resembles before anything is sent. If it is that provider, put its domain into a \
             list of your own and give that with `--own`.",
        );
    }
    follows::write(&mut text, routes, *at, width);
    let mut row = |label: &str, value: &str| paper::row(&mut text, label, value, width);
    row("directory", &paper::directory(&DirectoryStamp::of(directory)));
    for (number, limit) in limits(directory, *at).iter().enumerate() {
        row(if number == 0 { "limits" } else { "" }, limit);
    }
    if *with_advice {
        advice::write(&mut text, width);
    } else if found.listing != Listing::Listed {
        row(
            "more",
            "`--advice` tells how to report a rogue provider, and how to move without losing the \
             number.",
        );
    }
    let _ = writeln!(text);
    text
}

/// What the listing says, in words that accuse nobody of what the directory does not know.
fn meaning(found: &Found<'_>, directory: &Directory) -> &'static str {
    match found.listing {
        Listing::Unknown if found.domain_of.is_some() => {
            "The domain is that of a provider of the directory, and the name differs, so that it \
             cannot tell."
        }
        Listing::Listed => "It was in the directory on that day.",
        Listing::Delisted => {
            "It was in the directory before, and not on that day: its listing no longer shows that \
             it is authorized."
        }
        Listing::Unlisted => {
            "It is not listed: the directory is complete for that day and does not have it."
        }
        Listing::Unknown if found.entry.is_some() => {
            "The directory names it, and cannot tell whether it was listed on that day."
        }
        Listing::Unknown if directory.complete() => {
            "It is not listed here, and the directory does not cover that day, so it cannot tell."
        }
        Listing::Unknown => {
            "It is not listed here, and this directory is not complete, so it cannot tell whether \
             it is listed elsewhere."
        }
    }
}

/// What the directory does not know.
fn limits(directory: &Directory, at: Timestamp) -> Vec<String> {
    const SECONDS_PER_DAY: i128 = 86_400;
    let mut limits = Vec::new();
    if !directory.complete() {
        limits.push(
            "This directory is not complete: that it does not name a provider, or does not date \
             its listing, says nothing against it."
                .to_owned(),
        );
    }
    if directory.providers().iter().all(|provider| provider.listed().is_empty()) {
        limits.push(
            "It has no listing periods, so that it never says `listed`, `delisted` or `unlisted`."
                .to_owned(),
        );
    }
    if !directory.covers().contains(at) {
        limits.push("It does not cover that day.".to_owned());
    }
    let days = at.since(directory.retrieved_at()).as_nanos() / (SECONDS_PER_DAY * 1_000_000_000);
    if days > 0 {
        limits.push(format!("It was retrieved {days} days before that day."));
    }
    if !limits.is_empty() {
        limits.push(
            "Import the current list with `cts directory import` and ask again with `--directory`."
                .to_owned(),
        );
    }
    limits
}
