//! `cts provider`: who is this, which providers does it resemble, and what follows?

mod advice;
mod follows;

use std::fmt::Write as _;

use cleartosend::directory::{self, Found, Identity, Listing};
use cleartosend::expert::language::{Words, catalogue as words};
use cleartosend::expert::render::{self, Page};
use cleartosend::expert::text::escaped;
use cleartosend::{Directory, DirectoryStamp, Lang, Timestamp};
use serde_json::json;

use super::directory::{entry_as_json, write_entry};
use crate::arguments::Provider;
use crate::failure::Failure;
use crate::format::PlainForm;
use crate::output::{self, Answer, styled};
use crate::{config, engine, paper};
use follows::Route;

pub(super) fn run(arguments: &Provider) -> Result<Answer, Failure> {
    let form = arguments.answer_format.or(PlainForm::Text)?;
    let config = config::of(&arguments.with.configured, None)?;
    let engine = engine::of(&arguments.with, config.as_ref())?;
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
    let answer_about =
        ProviderAnswer { directory, who, at, found, routes, with_advice: arguments.advice };
    let answer = match form {
        PlainForm::Json => Answer::of_bytes(as_json(&answer_about)),
        PlainForm::Text => Answer::new(as_text(&answer_about, arguments.read_in.lang)),
    };
    Ok(config::named(answer, &config))
}

/// All that is printed about a provider.
struct ProviderAnswer<'a> {
    directory: &'a Directory,
    who: Identity<'a>,
    at: Timestamp,
    found: Found<'a>,
    routes: Vec<Route>,
    with_advice: bool,
}

fn as_json(answer_about: &ProviderAnswer<'_>) -> String {
    let ProviderAnswer { directory, who, at, found, routes, with_advice } = answer_about;
    let lookalike = found.lookalike.as_ref().map(|lookalike| {
        let reasons: Vec<&str> = lookalike.reasons.iter().map(|reason| reason.name()).collect();
        let why: Vec<&str> = lookalike.reasons.iter().map(|reason| reason.sentence()).collect();
        json!({"of": lookalike.of.name(), "id": lookalike.of.id(), "domains": lookalike.of.domains(), "reasons": reasons, "why": why})
    });
    let mut answer = json!({
        "provider": {"id": who.id, "name": who.name, "domain": who.domain},
        "at": at.to_string(),
        "listing": found.listing.name(),
        "listing_means": meaning(found, directory).of(Lang::English),
        "entry": found.entry.map(|provider| entry_as_json(directory, provider, *at)),
        "lookalike": lookalike,
        "domain_of": found.domain_of.map(directory::Provider::name),
        "follows": follows::as_json(routes),
        "limits": limits(directory, *at, Lang::English),
        "directory": DirectoryStamp::of(directory),
    });
    if let (true, Some(members)) = (*with_advice, answer.as_object_mut()) {
        members.insert("advice".to_owned(), advice::as_json());
    }
    format!("{answer}\n")
}

fn as_text(answer_about: &ProviderAnswer<'_>, lang: Lang) -> String {
    let ProviderAnswer { directory, who, at, found, routes, with_advice } = answer_about;
    let page = paper::page(lang);
    let style = match (found.listing, &found.lookalike) {
        (Listing::Listed, _) => output::GOOD,
        (Listing::Unknown, None) => output::DOUBTFUL,
        _ => output::BAD,
    };
    let name = escaped(who.name.unwrap_or_default());
    let mut text = format!(
        "{}  {}\n",
        styled(style, listing(found.listing).of(lang)),
        words::PROVIDER_AT.with(lang, &[("name", &name), ("at", at)])
    );
    page.row(&mut text, words::LABEL_LISTING, meaning(found, directory).of(lang));
    if let Some(provider) = found.entry {
        write_entry(&mut text, provider, &page);
    }
    if let Some(provider) = found.domain_of {
        page.row(&mut text, words::LABEL_DOMAIN_OF, &with_domains(provider));
        page.row(&mut text, words::LABEL_TO_DO, words::ASK_NAME.of(lang));
    }
    if let Some(lookalike) = &found.lookalike {
        page.row(&mut text, words::LABEL_RESEMBLES, &with_domains(lookalike.of));
        let reasons = lookalike.reasons.iter().map(|reason| reason.sentence_in(lang));
        rows(&mut text, words::LABEL_BECAUSE, reasons, &page);
        page.row(&mut text, words::LABEL_TO_DO, words::COMPARE.of(lang));
    }
    follows::write(&mut text, routes, *at, &page);
    let stamp = render::directory(&DirectoryStamp::of(directory), lang);
    page.row(&mut text, words::LABEL_DIRECTORY, &stamp);
    rows(&mut text, words::LABEL_LIMITS, limits(directory, *at, lang).iter(), &page);
    if *with_advice {
        advice::write(&mut text, &page);
    } else if found.listing != Listing::Listed {
        page.row(&mut text, words::LABEL_MORE, words::MORE_ADVICE.of(lang));
    }
    let _ = writeln!(text);
    text
}

/// A row for each value; the first has the label.
fn rows(
    text: &mut String,
    label: Words,
    values: impl Iterator<Item = impl AsRef<str>>,
    page: &Page,
) {
    for (number, value) in values.enumerate() {
        match number {
            0 => page.row(text, label, value.as_ref()),
            _ => page.more(text, value.as_ref()),
        }
    }
}

fn with_domains(provider: &directory::Provider) -> String {
    format!("{} ({})", provider.name(), provider.domains().join(", "))
}

const fn listing(listing: Listing) -> Words {
    match listing {
        Listing::Listed => words::LISTED,
        Listing::Delisted => words::DELISTED,
        Listing::Unlisted => words::UNLISTED,
        Listing::Unknown => words::LISTING_UNKNOWN,
    }
}

/// What the listing says, in words that accuse nobody of what the directory does not know.
fn meaning(found: &Found<'_>, directory: &Directory) -> Words {
    match found.listing {
        Listing::Unknown if found.domain_of.is_some() => words::MEANS_OTHER_NAME,
        Listing::Listed => words::MEANS_LISTED,
        Listing::Delisted => words::MEANS_DELISTED,
        Listing::Unlisted => words::MEANS_UNLISTED,
        Listing::Unknown if found.entry.is_some() => words::MEANS_UNDATED,
        Listing::Unknown if directory.complete() => words::MEANS_NOT_COVERED,
        Listing::Unknown => words::MEANS_NOT_COMPLETE,
    }
}

/// What the directory does not know.
fn limits(directory: &Directory, at: Timestamp, lang: Lang) -> Vec<String> {
    const SECONDS_PER_DAY: i128 = 86_400;
    let mut limits = Vec::new();
    if !directory.complete() {
        limits.push(words::LIMIT_NOT_COMPLETE.of(lang).to_owned());
    }
    if directory.providers().iter().all(|provider| provider.listed().is_empty()) {
        limits.push(words::LIMIT_NO_PERIODS.of(lang).to_owned());
    }
    if !directory.covers().contains(at) {
        limits.push(words::LIMIT_NOT_COVERED.of(lang).to_owned());
    }
    let days = at.since(directory.retrieved_at()).as_nanos() / (SECONDS_PER_DAY * 1_000_000_000);
    if days > 0 {
        limits.push(words::LIMIT_AGE.with(lang, &[("days", &days)]));
    }
    if !limits.is_empty() {
        limits.push(words::LIMIT_IMPORT.of(lang).to_owned());
    }
    limits
}
