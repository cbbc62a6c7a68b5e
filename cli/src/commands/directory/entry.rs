//! How is one provider's entry printed?

use cleartosend::directory::Provider;
use cleartosend::expert::decide::WrittenDate;
use cleartosend::expert::language::catalogue as words;
use cleartosend::expert::render::{self, Page};
use cleartosend::{Directory, Timestamp};
use serde_json::{Value, json};

/// The entry as JSON, with what it says of an instant.
pub(in super::super) fn as_json(
    directory: &Directory,
    provider: &Provider,
    at: Timestamp,
) -> Value {
    let listed = provider.listed().iter().map(|listed| {
        json!({
            "from": WrittenDate(listed.period.from), "until": listed.period.until.map(WrittenDate), "source": listed.source,
        })
    });
    json!({
        "id": provider.id(), "name": provider.name(), "aliases": provider.aliases(), "domains": provider.domains(),
        "role": provider.role(), "listing": directory.listing(provider, at).name(), "listed": listed.collect::<Vec<_>>(),
        "evidence": provider.evidence(), "evidence_at": provider.evidence_at().map(WrittenDate),
    })
}

/// The entry as rows.
pub(in super::super) fn write(text: &mut String, provider: &Provider, page: &Page) {
    let lang = page.lang;
    let name = format!("{} ({})", provider.name(), provider.id());
    page.row(text, words::LABEL_ENTRY, &name);
    if !provider.aliases().is_empty() {
        page.row(text, words::LABEL_ALSO, &provider.aliases().join(", "));
    }
    if let Some(role) = provider.role() {
        page.row(text, words::LABEL_ROLE, role);
    }
    if !provider.domains().is_empty() {
        page.row(text, words::LABEL_DOMAINS, &provider.domains().join(", "));
    }
    for listed in provider.listed() {
        let (from, until) = (listed.period.from, listed.period.until);
        let period = render::period(Some(WrittenDate(from)), until.map(WrittenDate), lang);
        page.row(text, words::LABEL_LISTED, &period);
        if let Some(source) = &listed.source {
            page.more(text, source);
        }
    }
    if provider.listed().is_empty() {
        page.row(text, words::LABEL_LISTED, words::NO_PERIOD.of(lang));
    }
    if let Some(evidence) = provider.evidence() {
        page.row(text, words::LABEL_EVIDENCE, evidence);
    }
    if let Some(at) = provider.evidence_at() {
        page.more(text, &words::ROLE_SINCE.with(lang, &[("date", &WrittenDate(at))]));
    }
}
