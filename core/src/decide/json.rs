//! A decision as a document: members in the order of its methods.

use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::decision::{Decision, Finding, FindingError, FindingSource, FindingWaiver};
use super::stamp::{DirectoryStamp, ENGINE, PackStamp};
use super::writer::Writer;
use super::written::Written;
use crate::digest::Digest;
use crate::schema::Scope;
use crate::time::Timestamp;
use crate::value::Value;
use crate::verdict::{Exposure, Verdict};

impl Decision {
    /// The decision as one line of JSON without spaces, the same through every binding.
    pub fn to_json(&self) -> String {
        let mut out = Writer::for_findings(self.findings.len());
        out.decision_in_order(self);
        // INVARIANT: only texts were written, and marks of ASCII between them. What were no text
        // would be shown as far as it is, and never be an empty document.
        String::from_utf8(out.into_bytes())
            .unwrap_or_else(|bad| String::from_utf8_lossy(bad.as_bytes()).into_owned())
    }
}

/// As [`Decision::to_json`], for documents that hold a decision.
impl Serialize for Decision {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename = "Decision")]
        struct Document<'a> {
            verdict: Verdict,
            send_at: Written<Timestamp>,
            scope: Written<Scope>,
            findings: &'a [Finding],
            exposure: &'a [Exposure],
            missing: &'a [Arc<str>],
            packs: &'a [PackStamp],
            directory: &'a DirectoryStamp,
            engine: &'a str,
            digest: Digest,
        }
        let Self {
            verdict,
            send_at,
            scope,
            findings,
            exposure,
            missing,
            stamp,
            facts: _,
            digest: _,
        } = self;
        Document {
            verdict: *verdict,
            send_at: Written(*send_at),
            scope: Written(*scope),
            findings,
            exposure,
            missing,
            packs: &stamp.packs,
            directory: &stamp.directory,
            engine: ENGINE,
            digest: self.digest(),
        }
        .serialize(serializer)
    }
}

impl Writer {
    fn decision_in_order(&mut self, decision: &Decision) {
        // Destructured, so that no member is forgotten.
        let Decision {
            verdict,
            send_at,
            scope,
            findings,
            exposure,
            missing,
            stamp,
            facts: _,
            digest: _,
        } = decision;
        self.open("{");
        self.key("verdict");
        self.text(verdict.name());
        self.key("send_at");
        self.quoted(send_at);
        self.key("scope");
        self.text(scope.name());
        self.key("findings");
        self.open("[");
        for finding in findings {
            self.finding_in_order(finding);
            self.raw(",");
        }
        self.close("]");
        self.key("exposure");
        self.strings(exposure.iter().map(|exposure| exposure.name()));
        self.key("missing");
        self.strings(missing.iter().map(|path| &**path));
        self.raw(",");
        self.bytes(&stamp.document);
        self.key("digest");
        self.quoted(&decision.digest());
        self.close("}");
    }

    fn finding_in_order(&mut self, finding: &Finding) {
        let Finding {
            pack,
            rule,
            topic,
            status,
            verdict,
            title,
            message,
            facts,
            missing,
            exposure,
            advice,
            source,
            from,
            until,
            error,
            waiver,
            labels,
            said: _,
        } = finding;
        self.open("{");
        for (name, text) in [
            ("pack", &**pack),
            ("rule", rule),
            ("topic", topic.name()),
            ("status", status.name()),
            ("verdict", verdict.name()),
            ("title", title),
            ("message", message),
        ] {
            self.key(name);
            self.text(text);
        }
        self.key("facts");
        self.open("{");
        for (path, value) in facts {
            self.key(path);
            self.written(value);
        }
        self.close("}");
        self.key("missing");
        self.strings(missing.iter().map(|path| &**path));
        self.key("exposure");
        self.strings(exposure.iter().map(|exposure| exposure.name()));
        self.key("advice");
        self.text(advice);
        let FindingSource { title, url, section, retrieved, confidence } = source;
        self.key("source");
        self.open("{");
        self.key("title");
        self.text(title);
        self.key("url");
        self.text(url);
        self.key("section");
        self.optional(section.as_deref());
        self.key("retrieved");
        self.quoted(retrieved);
        if let Some(confidence) = confidence {
            self.key("confidence");
            self.text(confidence.name());
        }
        self.close("}");
        for (name, date) in [("from", from), ("until", until)] {
            self.key(name);
            match date {
                Some(date) => self.quoted(date),
                None => self.optional(None),
            }
        }
        self.key("error");
        match error {
            Some(FindingError { code, message }) => {
                self.open("{");
                self.key("code");
                self.text(code);
                self.key("message");
                self.text(message);
                self.close("}");
            }
            None => self.optional(None),
        }
        self.key("waiver");
        match waiver {
            Some(FindingWaiver { reason, by, until }) => {
                self.open("{");
                self.key("reason");
                self.text(reason);
                self.key("by");
                self.text(by);
                self.key("until");
                self.quoted(until);
                self.close("}");
            }
            None => self.optional(None),
        }
        if !labels.is_empty() {
            self.key("labels");
            self.open("{");
            for (name, text) in labels.iter() {
                self.key(name);
                self.text(text);
            }
            self.close("}");
        }
        self.close("}");
    }

    fn written(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.text(text),
            Value::Bool(value) => self.raw(if *value { "true" } else { "false" }),
            // Numbers are few, and how a double prints is the library's business.
            value => {
                // Writing to memory cannot fail.
                let _ = serde_json::to_writer(&mut self.0, &Written(value));
            }
        }
    }
}
