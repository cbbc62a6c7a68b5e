//! How is one provider's entry told?

use cleartosend::directory::Provider;
use cleartosend::expert::decide::WrittenDate;
use cleartosend::{Directory, Timestamp};
use serde_json::{Value, json};

use crate::paper;

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
pub(in super::super) fn write(text: &mut String, provider: &Provider, width: usize) {
    let mut row = |label: &str, value: &str| paper::row(text, label, value, width);
    row("entry", &format!("{} ({})", provider.name(), provider.id()));
    if !provider.aliases().is_empty() {
        row("also", &provider.aliases().join(", "));
    }
    if let Some(role) = provider.role() {
        row("role", role);
    }
    if !provider.domains().is_empty() {
        row("domains", &provider.domains().join(", "));
    }
    for listed in provider.listed() {
        row(
            "listed",
            &paper::period(
                Some(WrittenDate(listed.period.from)),
                listed.period.until.map(WrittenDate),
            ),
        );
        if let Some(source) = &listed.source {
            row("", source);
        }
    }
    if provider.listed().is_empty() {
        row("listed", "no period is on record");
    }
    if let Some(evidence) = provider.evidence() {
        row("evidence", evidence);
    }
    if let Some(at) = provider.evidence_at() {
        row("", &format!("shows the role since {}", WrittenDate(at)));
    }
}
