//! How is a report written?
//!
//! All three forms are functions of the report alone and end with one line end.

mod sarif;
mod text;

use crate::report::Report;

pub use sarif::{Run as SarifRun, location as sarif_location, log as sarif_log, sarif};
pub use text::text;

/// The report as JSON: its own members, and `summary` with the counts and the verdict.
///
/// # Errors
/// None that a report can cause; the serialiser's type asks for it.
pub fn json(report: &Report) -> Result<String, serde_json::Error> {
    use cleartosend::expert::clients::ClientStatus;

    let mut document = serde_json::to_value(report)?;
    document["summary"] = serde_json::json!({
        "unofficial": report.count(ClientStatus::Unofficial),
        "undecided": report.count(ClientStatus::Undecided),
        "unchecked": report.count(ClientStatus::Unchecked),
        "accepted": report.accepted.len(),
        "broken": report.broken.len(),
        "unread": report.has_unread(),
        "verdict": report.verdict().name(),
    });
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}
