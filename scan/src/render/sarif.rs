//! SARIF 2.1.0, for code hosts.

use std::collections::BTreeMap;
use std::path::Path;

use cleartosend::expert::clients::ClientStatus;
use cleartosend::expert::digest::Digest;
use serde_json::{Value, json};

use crate::accept::Acceptance;
use crate::finding::Finding;
use crate::mention::Evidence;
use crate::report::{Broken, Report, Skipped};

/// One rule: what it reports, its severity and its confidence.
struct Rule {
    id: &'static str,
    level: &'static str,
    precision: &'static str,
    short: &'static str,
    full: &'static str,
}

/// The rules, in the order of their index.
const RULES: [Rule; 4] = [
    Rule {
        id: "unofficial-client",
        level: "error",
        precision: "very-high",
        short: "Unofficial client of WhatsApp",
        full: "It re-implements or drives the consumer client, which the terms of WhatsApp \
               forbid; numbers that use it are restricted and banned. Use the Cloud API instead.",
    },
    Rule {
        id: "undecided-client",
        level: "warning",
        precision: "high",
        short: "Client of WhatsApp whose route is not known",
        full: "Its name does not tell whether it uses the official API, or nobody has confirmed \
               what is said of it. Answer the question in the message.",
    },
    Rule {
        id: "resembles-client",
        level: "warning",
        precision: "medium",
        short: "Name that looks like an unofficial client of WhatsApp",
        full: "It is called like a fork, an add-on or a copy of an unofficial client, or the tree \
               calls itself so. Answer the question in the message.",
    },
    Rule {
        id: "client-in-source",
        level: "warning",
        precision: "medium",
        short: "Name or address of a client of WhatsApp in a source",
        full: "A source names an unofficial client, or an address that such clients use, where no \
               manifest does. Answer the question in the message.",
    },
];

/// What the rules rest on.
const TERMS: &str = "https://www.whatsapp.com/legal/terms-of-service";
/// The package URL of this version.
const INFORMATION: &str = concat!("pkg:cargo/cleartosend-scan@", env!("CARGO_PKG_VERSION"));

fn rule_of(finding: &Finding) -> usize {
    match (finding.evidence, finding.status) {
        (Evidence::Name | Evidence::Key | Evidence::OwnName, ClientStatus::Unofficial) => 0,
        (Evidence::Name | Evidence::Key, _) => 1,
        (Evidence::OwnName | Evidence::ImageCopy | Evidence::Resemblance, _) => 2,
        (Evidence::SourceString, _) => 3,
    }
}

/// The report as a SARIF 2.1.0 log with one run.
///
/// Unofficial clients are errors, the rest warnings; accepted findings are suppressed results;
/// files that could not be read are notifications of the run. Paths are relative to `SRCROOT`,
/// columns count characters.
///
/// # Errors
/// None that a report can cause; the serialiser's type asks for it.
pub fn sarif(report: &Report) -> Result<String, serde_json::Error> {
    let rules: Vec<Value> = RULES
        .iter()
        .map(|rule| {
            json!({
                "id": rule.id,
                "shortDescription": {"text": rule.short},
                "fullDescription": {"text": rule.full},
                "help": {"text": rule.full},
                "helpUri": TERMS,
                "defaultConfiguration": {"level": rule.level},
                "properties": {"tags": ["security", "whatsapp"], "precision": rule.precision},
            })
        })
        .collect();
    // Of the same client in the same file the first, the second, …
    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
    let mut results: Vec<Value> =
        report.findings.iter().map(|finding| result(finding, None, &mut counted)).collect();
    results.extend(
        report
            .accepted
            .iter()
            .map(|accepted| result(&accepted.finding, Some(&accepted.acceptance), &mut counted)),
    );
    let mut notifications: Vec<Value> = report.broken.iter().map(of_broken).collect();
    notifications.extend(report.skipped.iter().filter(|skipped| skipped.unread).map(of_unread));
    if report.files_read == 0 {
        notifications.push(json!({"level": "warning", "message": {"text": "nothing was read: no file says what is installed or run in a form that is known"}}));
    }
    let log = log(Run {
        information: INFORMATION,
        rules,
        properties: json!({"catalogue": report.catalogue}),
        base_ids: base_ids(&report.root),
        notifications,
        results,
    });
    Ok(serde_json::to_string_pretty(&log)? + "\n")
}

/// What differs between the logs of this project's tools.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "whoever writes a log says all of it")]
pub struct Run<'a> {
    /// Where the tool is documented.
    pub information: &'a str,
    /// What results refer to, by id and index.
    pub rules: Vec<Value>,
    /// What else there is to say of the tool.
    pub properties: Value,
    /// What paths are relative to.
    pub base_ids: Value,
    /// What could not be read.
    pub notifications: Vec<Value>,
    /// What was found.
    pub results: Vec<Value>,
}

/// A SARIF 2.1.0 log with one run.
pub fn log(run: Run<'_>) -> Value {
    let Run { information, rules, properties, base_ids, notifications, results } = run;
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "cleartosend",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": information,
                "rules": rules,
                "properties": properties,
            }},
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": base_ids,
            "invocations": [{"executionSuccessful": true, "toolExecutionNotifications": notifications}],
            "results": results,
        }],
    })
}

/// What paths are relative to. A root that was given relative to the working folder stays so: the
/// log does not name the machine's folders.
fn base_ids(root: &str) -> Value {
    let folder = if Path::new(root).is_file() {
        Path::new(root)
            .parent()
            .map(|parent| parent.to_string_lossy().into_owned())
            .unwrap_or_default()
    } else {
        root.to_owned()
    };
    let folder = folder.trim_start_matches("./").trim_end_matches('/');
    match folder {
        "" | "." => json!({"SRCROOT": {"description": {"text": "the scanned tree"}}}),
        absolute if absolute.starts_with('/') => {
            json!({"SRCROOT": {"uri": format!("file://{}/", uri(absolute)), "description": {"text": "the scanned tree"}}})
        }
        relative => json!({
            "SRCROOT": {"uri": format!("{}/", uri(relative)), "uriBaseId": "WORKDIR", "description": {"text": "the scanned tree"}},
            "WORKDIR": {"description": {"text": "the folder that the scan was started in"}},
        }),
    }
}

fn result(
    finding: &Finding,
    accepted: Option<&Acceptance>,
    counted: &mut BTreeMap<String, usize>,
) -> Value {
    let index = rule_of(finding);
    let rule = RULES.get(index);
    let identifier = finding.client();
    let mut message = match (&finding.resembles, finding.evidence) {
        (Some(original), _) => format!("`{identifier}` resembles `{original}`"),
        (None, Evidence::SourceString) => format!("`{identifier}` is named in a source"),
        (None, _) => format!("`{identifier}` is {}", finding.status.name()),
    };
    if let Some(alias) = &finding.alias {
        message.push_str(&format!(", here under the name `{alias}`"));
    }
    if let Some(target) = &finding.target {
        message.push_str(&format!("; under this name stands `{target}`"));
    }
    message.push_str(&format!(". {}", finding.note));
    if let Some(ask) = &finding.ask {
        message.push_str(&format!(" {ask}"));
    }
    // Stays the same when lines move and versions change, so that a code host knows the finding
    // again.
    let part = |part: &Option<std::sync::Arc<str>>| part.as_deref().unwrap_or_default().to_owned();
    let (alias, target) = (part(&finding.alias), part(&finding.target));
    let parts = [
        ("file", finding.file.as_bytes()),
        ("client", identifier.as_bytes()),
        ("alias", alias.as_bytes()),
        ("target", target.as_bytes()),
    ];
    let fingerprint = Digest::of_parts(parts).to_string();
    let hash =
        fingerprint.rsplit(':').next().and_then(|hex| hex.get(..16)).unwrap_or_default().to_owned();
    let count = counted.entry(fingerprint.clone()).or_insert(0);
    *count += 1;
    let mut result = json!({
        "ruleId": rule.map(|rule| rule.id),
        "ruleIndex": index,
        "level": rule.map(|rule| rule.level),
        "message": {"text": message},
        "locations": [location(&finding.file, finding.line, finding.column)],
        "partialFingerprints": {"clientInFile/v1": fingerprint, "primaryLocationLineHash": format!("{hash}:{count}")},
        "properties": {
            "client": identifier,
            "project": finding.project,
            "status": finding.status.name(),
            "evidence": finding.evidence,
            "kind": finding.kind,
            "via": finding.via,
            "version": finding.version,
            "confidence": finding.confidence,
            "seen": finding.seen,
            "source": finding.source,
        },
    });
    if let Some(acceptance) = accepted {
        let justification = format!("{} (until {})", acceptance.reason, acceptance.until);
        result["suppressions"] =
            json!([{"kind": "external", "status": "accepted", "justification": justification}]);
    }
    result
}

fn of_broken(broken: &Broken) -> Value {
    let mut notification =
        json!({"level": "warning", "message": {"text": format!("not read: {}", broken.reason)}});
    if !broken.file.is_empty() {
        notification["locations"] = json!([location(&broken.file, broken.line, broken.column)]);
    }
    notification
}

fn of_unread(skipped: &Skipped) -> Value {
    json!({
        "level": "warning",
        "message": {"text": format!("not read: {}", skipped.reason)},
        "locations": [location(&skipped.file, None, None)],
    })
}

/// A place in a file: relative to `SRCROOT`, unless it is named by its whole path.
pub fn location(file: &str, line: Option<usize>, column: Option<usize>) -> Value {
    // Of several trees one may be named by its whole path.
    let artifact = if file.starts_with('/') {
        json!({"uri": format!("file://{}", uri(file))})
    } else {
        json!({"uri": uri(file), "uriBaseId": "SRCROOT"})
    };
    let mut physical = json!({"artifactLocation": artifact});
    // A location needs a line to be shown; of a file without one it is the first.
    physical["region"] = match (line, column) {
        (Some(line), Some(column)) => json!({"startLine": line, "startColumn": column}),
        (Some(line), None) => json!({"startLine": line}),
        (None, _) => json!({"startLine": 1}),
    };
    json!({"physicalLocation": physical})
}

/// A relative path as a URI reference: what RFC 3986 does not allow in a path segment is
/// percent-encoded, and so is `:`, which could pass the first segment off as a scheme.
fn uri(file: &str) -> String {
    let mut out = String::with_capacity(file.len());
    for byte in file.bytes() {
        if byte.is_ascii_alphanumeric()
            || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/' | b'@' | b'+')
        {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
