//! What of a document is shown?

use cleartosend::expert::text::escaped;
use serde_json::{Map, Value, json};

use super::titles::Titles;
use super::{chart, screening};

/// What a page shows of a document; nothing of one that is not known. `differences` say what a
/// record contradicts itself in.
pub(super) fn of(
    place: &str,
    document: &Value,
    differences: &[String],
    titles: &Titles,
) -> Option<Value> {
    let document = &harmless(document);
    let differences: Vec<_> = differences.iter().map(|of| escaped(of)).collect();
    if let Some(outcome) = outcome(document) {
        return Some(json!({"place": escaped(place), "outcome": outcome}));
    }
    if is_comparison(document) {
        return Some(json!({"place": escaped(place), "comparison": comparison(document)}));
    }
    let is_record = document.get("record").is_some();
    let (decision, explanation) = match document {
        _ if is_record => (document.get("decision"), document.get("explanation")),
        _ if document.get("decision").is_some() => (document.get("decision"), Some(document)),
        _ => (Some(document), None),
    };
    let summary = match is_record {
        true => document.pointer("/screening/summary"),
        false => Some(document),
    };
    let summary = summary.filter(|summary| screening::is_summary(summary));
    let decision = decision.filter(|decision| {
        decision.get("verdict").is_some_and(Value::is_string)
            && decision.get("findings").is_some_and(Value::is_array)
    });
    if decision.is_none() && summary.is_none() {
        return None;
    }
    let explanation = explanation.filter(|explanation| explanation.is_object());
    let of_decision = |name: &str| decision.and_then(|decision| decision.get(name)).cloned();
    let of_explanation = |name: &str| explanation.and_then(|of| of.get(name)).cloned();
    let verdict = decision.and_then(|decision| decision.get("verdict")).and_then(Value::as_str);
    Some(json!({
        "place": escaped(place),
        "called": document.get("facts").filter(|_| is_record).and_then(called),
        "is_record": is_record,
        "differences": differences,
        "masked": document.get("masked").filter(|_| is_record).is_some_and(Value::is_object),
        // Of a screening the verdict of the campaign alone says nothing of its rows.
        "headline": worse(verdict, summary.map(screening::worst)),
        "verdict": verdict,
        "send_at": of_decision("send_at"),
        "scope": of_decision("scope"),
        "findings": findings(decision),
        "exposure": of_decision("exposure"),
        "missing": of_explanation("missing"),
        "lacks": of_decision("missing"),
        "fixes": fixes(of_explanation("fixes").as_ref()),
        "timeline": chart::timeline(of_explanation("timeline").as_ref()),
        "clear_from": of_explanation("clear_from"),
        "clear_until": of_explanation("clear_until"),
        "packs": of_decision("packs"),
        "directory": of_decision("directory"),
        "engine": of_decision("engine"),
        "decision_digest": of_decision("digest"),
        "digest": document.get("digest").filter(|_| is_record),
        "facts": document.get("facts").filter(|_| is_record).map(facts),
        "screening": document.get("screening").filter(|screening| screening.is_object()),
        "summary": summary.map(|summary| screening::of(summary, titles)),
    }))
}

fn worse<'a>(one: Option<&'a str>, other: Option<&'a str>) -> Option<&'a str> {
    let is = |word: &str| one == Some(word) || other == Some(word);
    match () {
        () if is("deny") => Some("deny"),
        () if is("review") => Some("review"),
        () => one.or(other),
    }
}

/// A line of what verifying or judging again came to; nothing of another document.
fn outcome(document: &Value) -> Option<Value> {
    let what = document.get("what").and_then(Value::as_str);
    let is_line = what.is_some() && document.get("place").is_some_and(Value::is_string);
    let is_end = document.get("records").is_some_and(Value::is_u64)
        && ["same_bytes", "verified"].iter().any(|name| document.get(*name).is_some());
    let texts = |name: &str| -> Vec<String> {
        let items = document.get(name).and_then(Value::as_array).into_iter().flatten();
        items.map(bare).collect()
    };
    let counts = || -> Vec<Value> {
        let members = document.as_object().into_iter().flatten();
        members
            .filter(|(_, count)| count.is_u64() || count.is_boolean())
            .map(|(name, count)| json!({"name": name, "count": count}))
            .collect()
    };
    match (is_line, is_end) {
        (true, _) => Some(json!({
            "of": document.get("place"),
            "what": what,
            "from": document.get("from"),
            "to": document.get("to"),
            "reason": document.get("reason"),
            "reasons": texts("reasons"),
            "inputs": texts("inputs"),
            "texts": texts("texts"),
            "rules": changes(document),
        })),
        (false, true) => Some(json!({"counts": counts()})),
        (false, false) => None,
    }
}

/// What came out otherwise: rules, and of a screening counts of rows.
fn changes(document: &Value) -> Vec<Value> {
    let items = |name: &str| document.get(name).and_then(Value::as_array).into_iter().flatten();
    let count = |row: &Value, name: &str| row.get(name).map(Value::to_string);
    let rows = items("rows").map(|row| {
        let (from, to) = (count(row, "from"), count(row, "to"));
        json!({"rule": row.get("what"), "from": from, "to": to})
    });
    items("rules").cloned().chain(rows).collect()
}

/// Whether it is what `cts diff --json` prints.
fn is_comparison(document: &Value) -> bool {
    let is_list = |name: &str| document.get(name).is_some_and(Value::is_array);
    is_list("rules") && is_list("bounds") && document.get("campaigns").is_some()
}

/// A document with nothing in its texts that cannot be seen.
fn harmless(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::from(escaped(text)),
        Value::Array(items) => items.iter().map(harmless).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, member)| (escaped(name).into_owned(), harmless(member)))
            .collect::<Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

/// What the campaign is called, and who sends it.
fn called(facts: &Value) -> Option<String> {
    let names = ["campaign.name", "account.name"].iter().filter_map(|path| facts.get(*path));
    let names: Vec<&str> =
        names.filter_map(Value::as_str).filter(|name| !name.is_empty()).collect();
    if names.is_empty() { None } else { Some(names.join(" · ")) }
}

/// Facts as people read them: a text by itself, all else as JSON; by themselves those of which
/// there are none. Many are none unless they are given, and a record has both alike.
fn facts(facts: &Value) -> Value {
    let facts = facts.as_object().into_iter().flatten();
    let (absent, given): (Vec<_>, Vec<_>) = facts.partition(|(_, value)| value.is_null());
    let given: Vec<Value> = given
        .into_iter()
        .map(|(path, value)| {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            json!({"path": path, "value": value})
        })
        .collect();
    let absent: Vec<&String> = absent.into_iter().map(|(path, _)| path).collect();
    json!({"given": given, "absent": absent})
}

/// A comparison, with each campaign that shows a difference as a text.
fn comparison(document: &Value) -> Value {
    let mut document = document.clone();
    let rules = document.get_mut("rules").and_then(Value::as_array_mut);
    for rule in rules.into_iter().flatten() {
        let shown = rule.pointer_mut("/witness/document");
        if let Some(shown) = shown.filter(|shown| !shown.is_null()) {
            *shown = Value::from(shown.to_string());
        }
    }
    document
}

/// Findings, each with the address of its source where that is one of the web.
fn findings(decision: Option<&Value>) -> Vec<Value> {
    let findings = decision.and_then(|decision| decision.get("findings")).and_then(Value::as_array);
    let mut findings = findings.cloned().unwrap_or_default();
    for finding in &mut findings {
        let url = finding.pointer("/source/url").and_then(Value::as_str).unwrap_or_default();
        let is_of_the_web = url.starts_with("https://") || url.starts_with("http://");
        let href = if is_of_the_web { Value::from(url) } else { Value::Null };
        if let Some(members) = finding.as_object_mut() {
            members.insert("href".to_owned(), href);
        }
    }
    findings
}

/// Fixes, a line for each change.
fn fixes(fixes: Option<&Value>) -> Vec<Value> {
    let fixes = fixes.and_then(Value::as_array);
    fixes
        .into_iter()
        .flatten()
        .map(|fix| {
            let changes = fix.get("changes").and_then(Value::as_array);
            let lines: Vec<Value> = changes.into_iter().flatten().map(change).collect();
            json!({"leads_to": fix.get("leads_to"), "changes": lines})
        })
        .collect()
}

/// What to do, of what, and what it is to be: one of these. Nothing of a member that is to be left
/// out as a whole.
pub(super) fn change(change: &Value) -> Value {
    let text = |name: &str| change.get(name).and_then(Value::as_str).unwrap_or_default();
    let path = text("path");
    let to = match change.get("to") {
        Some(Value::String(word)) if word == "removed" && path == "recipient" => Vec::new(),
        // A list that is to be another list is one value.
        Some(Value::Array(options))
            if !options.is_empty() && !change.get("from").is_some_and(Value::is_array) =>
        {
            options.iter().map(option_of).collect()
        }
        Some(to) => vec![option_of(to)],
        None => Vec::new(),
    };
    json!({"how": text("how"), "path": path, "to": to})
}

/// What something is to be; of an object each member.
fn option_of(to: &Value) -> String {
    match to {
        Value::Object(range) if range.contains_key("min") && range.contains_key("max") => {
            let end = |name: &str| range.get(name).filter(|end| !end.is_null()).map(bare);
            match (end("min"), end("max")) {
                (Some(min), Some(max)) => format!("{min} … {max}"),
                (Some(min), None) => format!("≥ {min}"),
                (None, Some(max)) => format!("≤ {max}"),
                (None, None) => "…".to_owned(),
            }
        }
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| format!("{name}: {}", bare(value)));
            members.collect::<Vec<_>>().join(", ")
        }
        value => bare(value),
    }
}

fn bare(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        // An empty list is written as one: it would not be seen else.
        Value::Array(items) if items.is_empty() => "[]".to_owned(),
        Value::Array(items) => items.iter().map(bare).collect::<Vec<_>>().join(" | "),
        other => other.to_string(),
    }
}
