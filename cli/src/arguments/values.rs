//! Values of options, from text.

use std::num::NonZeroUsize;

use cleartosend::directory::import::Layout;
use cleartosend::expert::suggest::nearest;
use cleartosend::{Lang, Timestamp, Verdict};

pub(super) fn instant(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).map_err(|error| error.to_string())
}

/// A date stands for midnight, UTC, at its start.
pub(super) fn date(text: &str) -> Result<Timestamp, String> {
    let midnight =
        if text.len() == 10 { Timestamp::parse(&format!("{text}T00:00:00Z")).ok() } else { None };
    midnight.map_or_else(|| instant(text), Ok).map_err(|_| {
        "expected a day such as `2026-03-02`, or a timestamp such as `2026-03-02T15:00:00Z`"
            .to_owned()
    })
}

/// Attributes have no `=` in their paths; columns may.
pub(super) fn column_name(text: &str) -> Result<(String, String), String> {
    match text.rsplit_once('=') {
        Some((column, attribute)) => Ok((column.to_owned(), attribute.to_owned())),
        None => {
            Err("expected a column, `=` and an attribute, such as `mobile=recipient.phone`"
                .to_owned())
        }
    }
}

/// Attributes have no `:` in their paths and values no `=`; words may have both.
pub(super) fn word_value(text: &str) -> Result<(String, String, String), String> {
    let parts = text.split_once(':').and_then(|(attribute, rest)| {
        let (word, value) = rest.rsplit_once('=')?;
        Some((attribute.to_owned(), word.to_owned(), value.to_owned()))
    });
    parts.ok_or_else(|| {
        "expected an attribute, `:`, a word, `=` and a value, such as `recipient.opt_in:TRUE=given`"
            .to_owned()
    })
}

/// A heading may have a `=` in it, unless a member of a directory's entry follows.
pub(super) fn provider_column(text: &str) -> Result<(String, String), String> {
    match text.rsplit_once('=') {
        Some((column, member)) if Layout::MEMBERS.contains(&member) => {
            Ok((column.to_owned(), member.to_owned()))
        }
        Some((_, member)) => {
            let near = nearest(member, Layout::MEMBERS.iter().copied());
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            Err(format!("a column cannot hold `{member}`{near}"))
        }
        None => Ok((text.to_owned(), "name".to_owned())),
    }
}

pub(super) fn threads(text: &str) -> Result<NonZeroUsize, String> {
    let most = cleartosend::expert::limits::SCREEN_THREADS_MAX;
    let count = text.parse().ok().filter(|count: &NonZeroUsize| count.get() <= most);
    count.ok_or_else(|| format!("expected a whole number from 1 to {most}"))
}

pub(super) fn lang(text: &str) -> Result<Lang, String> {
    Lang::from_name(text).ok_or_else(|| {
        // Systems name a language with its country: `pt-BR`, `es_MX.UTF-8`.
        let language = text.split(['-', '_', '.']).next().unwrap_or_default().to_lowercase();
        let near = Lang::from_name(&language).map(Lang::name);
        let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        format!("expected en, es or pt{near}")
    })
}

pub(super) fn verdict(text: &str) -> Result<Verdict, String> {
    Verdict::from_name(text).ok_or_else(|| {
        let near = nearest(text, Verdict::ALL.iter().map(|verdict| verdict.name()));
        let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        format!("expected deny, review or allow{near}")
    })
}
