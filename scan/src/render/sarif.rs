//! SARIF 2.1.0, for code hosts.

use cleartosend::digest::Digest;
use cleartosend::directory::clients::ClientStatus;
use serde_json::{Value, json};

use crate::report::{Broken, Finding, Report};

/// The rules, in the order of their index.
const RULES: [(&str, ClientStatus, &str, &str, &str); 2] = [
    (
        "unofficial-client",
        ClientStatus::Unofficial,
        "error",
        "Unofficial client of WhatsApp",
        "It re-implements or drives the consumer client, which the terms of WhatsApp forbid; numbers that use it are restricted and banned. \
         Use the Cloud API instead.",
    ),
    (
        "undecided-client",
        ClientStatus::Undecided,
        "warning",
        "Client of WhatsApp whose route is not known",
        "Its name does not tell whether it uses the official API, or nobody has confirmed what is said of it. Answer the question in the \
         message.",
    ),
];

/// The report as a SARIF 2.1.0 log with one run.
///
/// Unofficial clients are errors, undecided ones warnings; broken files are notifications of the run. Paths are relative to `SRCROOT`,
/// columns count characters.
///
/// # Errors
/// None that a report can cause; the serialiser's type asks for it.
pub fn sarif(report: &Report) -> Result<String, serde_json::Error> {
    let rules: Vec<Value> = RULES
        .iter()
        .map(|(id, _, level, short, full)| {
            json!({
                "id": id,
                "shortDescription": {"text": short},
                "fullDescription": {"text": full},
                "help": {"text": full},
                "defaultConfiguration": {"level": level},
                "properties": {"tags": ["security", "whatsapp"], "precision": "very-high"},
            })
        })
        .collect();
    let results: Vec<Value> = report.findings.iter().filter_map(result).collect();
    let notifications: Vec<Value> = report.broken.iter().map(notification).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "cleartosend",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
                "properties": {"catalogue": report.catalogue},
            }},
            "columnKind": "unicodeCodePoints",
            "invocations": [{"executionSuccessful": true, "toolExecutionNotifications": notifications}],
            "results": results,
        }],
    });
    Ok(serde_json::to_string_pretty(&log)? + "\n")
}

fn result(finding: &Finding) -> Option<Value> {
    let (index, (id, _, level, _, _)) = RULES.iter().enumerate().find(|(_, rule)| rule.1 == finding.status)?;
    let identifier = format!("{}:{}", finding.ecosystem, finding.name);
    let mut message = format!("`{identifier}` is {}", finding.status.name());
    if let Some(alias) = &finding.alias {
        message.push_str(&format!(", here under the name `{alias}`"));
    }
    message.push_str(&format!(". {}", finding.note));
    if let Some(ask) = &finding.ask {
        message.push_str(&format!(" {ask}"));
    }
    // Stays the same when lines move, so that a code host knows the finding again.
    let alias = finding.alias.as_deref().unwrap_or_default();
    let fingerprint = Digest::of_parts([("file", finding.file.as_bytes()), ("client", identifier.as_bytes()), ("alias", alias.as_bytes())]);
    Some(json!({
        "ruleId": id,
        "ruleIndex": index,
        "level": level,
        "message": {"text": message},
        "locations": [location(&finding.file, finding.line, finding.column)],
        "partialFingerprints": {"clientInFile/v1": fingerprint},
        "properties": {
            "client": identifier,
            "status": finding.status.name(),
            "kind": finding.kind,
            "via": finding.via,
            "version": finding.version,
            "confidence": finding.confidence,
            "seen": finding.seen,
            "source": finding.source,
        },
    }))
}

fn notification(broken: &Broken) -> Value {
    let mut notification = json!({"level": "warning", "message": {"text": format!("not read: {}", broken.reason)}});
    if !broken.file.is_empty() {
        notification["locations"] = json!([location(&broken.file, broken.line, broken.column)]);
    }
    notification
}

fn location(file: &str, line: Option<usize>, column: Option<usize>) -> Value {
    let mut physical = json!({"artifactLocation": {"uri": uri(file), "uriBaseId": "SRCROOT"}});
    // A location needs a line to be shown; of a file without one it is the first.
    physical["region"] = match (line, column) {
        (Some(line), Some(column)) => json!({"startLine": line, "startColumn": column}),
        (Some(line), None) => json!({"startLine": line}),
        (None, _) => json!({"startLine": 1}),
    };
    json!({"physicalLocation": physical})
}

/// A relative path as a URI reference: what RFC 3986 does not allow in a path segment is percent-encoded, and so is `:`, which could
/// pass the first segment off as a scheme.
fn uri(file: &str) -> String {
    let mut out = String::with_capacity(file.len());
    for byte in file.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/' | b'@' | b'+') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
