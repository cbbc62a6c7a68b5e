//! The same question and the same answer have the same digest.
//!
//! The digest is over the RFC 8785 form of
//!
//! ```text
//! {"bundled": {name: version, …}, "directory": digest, "engine": version, "facts": {path: value, …},
//!  "findings": [{"facts": …, "missing": …, "pack": …, "rule": …, "status": …, "verdict": …, "waiver": …}, …],
//!  "packs": [digest, …], "scope": …}
//! ```
//!
//! Titles, messages, advice and sources follow from the packs, whose digests are in it. That form
//! is written here directly, members in order: a general canonicaliser sorts what we know the order
//! of and costs a hundred times as much as all rules together. Tests hold it against one. What is
//! the same for all decisions of an engine is written, and hashed, once.

use super::decision::{Decision, Finding, FindingWaiver};
use super::writer::Writer;
use super::written::{self, Written, no_limit};
use crate::digest::Digest;
use crate::facts::{Entry, Facts};
use crate::schema::{Attribute, AttributeId, CODE_FIRST, Code, GivenMember};
use crate::value::{Fact, Value};

impl Decision {
    /// Over the facts, the digests of packs, directory and bundled data, the version of the engine,
    /// and of each finding its pack, rule, status, verdict, missing members, facts and waiver.
    /// Texts follow from these. It is worked out when it is first asked for.
    pub fn digest(&self) -> Digest {
        *self.digest.get_or_init(|| self.stamp.canonical.beginning.and(&rest(self)))
    }
}

/// The member that is written already of a value with a code of its own.
fn known_member<'k>(known: &'k [Box<str>], codes: &[Code], id: AttributeId) -> Option<&'k str> {
    let place = codes.get(id.index())?.checked_sub(CODE_FIRST)?;
    known.get(usize::from(place)).map(|member| &**member)
}

/// What comes after the beginning.
fn rest(decision: &Decision) -> Vec<u8> {
    // Destructured, so that no member is forgotten: the verdict, exposure and missing members
    // follow from the findings, `send_at` is a fact.
    let Decision {
        verdict: _,
        send_at: _,
        scope,
        findings,
        exposure: _,
        missing: _,
        stamp,
        facts,
        digest: _,
    } = decision;
    let mut out = Writer::for_findings(findings.len());
    out.bytes(facts);
    out.key("findings");
    out.open("[");
    for finding in findings {
        out.finding(finding);
        out.raw(",");
    }
    out.close("]");
    out.key("packs");
    out.bytes(&stamp.canonical.packs);
    out.key("scope");
    out.text(scope.name());
    out.raw("}");
    out.into_bytes()
}

/// The facts as given, by path: what is absent is null, what is unknown is left out.
pub(crate) fn facts(facts: &Facts) -> Box<[u8]> {
    let mut out = Writer::default();
    out.facts(facts);
    out.into_bytes().into()
}

impl Writer {
    fn finding(&mut self, finding: &Finding) {
        // Destructured, so that what a finding gains is thought of here: the texts follow from the
        // pack, the rule and the facts.
        let Finding {
            pack,
            rule,
            topic: _,
            status,
            verdict,
            title: _,
            message: _,
            facts,
            missing,
            exposure: _,
            advice: _,
            source: _,
            from: _,
            until: _,
            error: _,
            waiver,
            labels: _,
            said: _,
        } = finding;
        self.open("{");
        self.key("facts");
        self.open("{");
        for (path, value) in facts {
            self.key(path);
            self.value(value);
        }
        self.close("}");
        self.key("missing");
        self.strings(missing.iter().map(|path| &**path));
        self.key("pack");
        self.text(pack);
        self.key("rule");
        self.text(rule);
        self.key("status");
        self.text(status.name());
        self.key("verdict");
        self.text(verdict.name());
        self.key("waiver");
        match waiver {
            Some(FindingWaiver { reason, by, until }) => {
                self.open("{");
                self.key("by");
                self.text(by);
                self.key("reason");
                self.text(reason);
                self.key("until");
                self.quoted(until);
                self.close("}");
            }
            None => self.optional(None),
        }
        self.close("}");
    }

    fn facts(&mut self, facts: &Facts) {
        let schema = facts.schema();
        self.open("{");
        for given in schema.given() {
            match &given.member {
                GivenMember::Value(id, known) => match facts.fact(*id) {
                    Fact::Unknown => {}
                    fact => match known_member(known, facts.codes(), *id) {
                        Some(member) => self.raw(member),
                        None => self.fact(&given.name, schema.attribute(*id), fact),
                    },
                },
                GivenMember::Collection(index) => {
                    let Some(entries) = facts.collection_at(*index) else { continue };
                    self.raw(&given.name);
                    self.collection(
                        entries,
                        schema
                            .collections()
                            .get(*index)
                            .map_or(&[], |collection| &*collection.members),
                    );
                }
            }
        }
        self.close("}");
    }

    fn collection(&mut self, entries: &[Entry], members: &[Attribute]) {
        let mut order: Vec<usize> = (0..members.len()).collect();
        order.sort_unstable_by_key(|place| members.get(*place).map(|member| &member.path));
        self.open("[");
        for entry in entries {
            self.open("{");
            for (member, fact) in
                order.iter().filter_map(|place| members.get(*place).zip(entry.get(*place)))
            {
                self.fact(&format!("\"{}\":", member.path), member, fact);
            }
            self.close("},");
        }
        self.close("],");
    }

    /// A member whose name is written already, and the comma after it; nothing of what is unknown.
    fn fact(&mut self, name: &str, attribute: &Attribute, fact: &Fact) {
        match fact {
            Fact::Value(value) => {
                self.raw(name);
                match no_limit(attribute, value) {
                    Some(word) => self.string(word),
                    None => self.value(value),
                }
            }
            Fact::Absent => {
                self.raw(name);
                self.raw("null,");
            }
            Fact::Unknown => {}
        }
    }

    /// A value as decisions write it, and the comma after it.
    fn value(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.string(text),
            Value::Bool(value) => self.raw(if *value { "true," } else { "false," }),
            Value::Timestamp(at) => self.quoted(at),
            Value::Duration(span) => self.quoted(span),
            Value::List(values) => {
                self.open("[");
                values.iter().for_each(|value| self.value(value));
                self.close("],");
            }
            Value::Int(value) if value.unsigned_abs() <= written::EXACT_MAX => {
                self.plain(value);
                self.raw(",");
            }
            // Doubles print as ECMAScript does (section 3.2.2.3), which is the library's business.
            Value::Int(_) | Value::Double(_) => {
                match serde_json_canonicalizer::to_vec(&Written(value)) {
                    Ok(number) => self.bytes(&number),
                    // Facts are finite. What is no number of JSON would be digested as a text, and
                    // never as nothing.
                    Err(_) => self.quoted(&Written(value)),
                }
                self.raw(",");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde::Serialize;
    use serde::ser::{SerializeMap, Serializer};

    use super::super::written::shown;
    use super::*;
    use crate::decide::{FindingError, Stamp, WrittenDate};
    use crate::schema::{Choice, Form, NotGiven, Nullable, Origin, Schema, Scope};
    use crate::time::Timestamp;
    use crate::value::Type;

    /// What the digest of a decision is over: its RFC 8785 form, which puts members in order.
    #[derive(Serialize)]
    struct Digested<'a> {
        facts: Given<'a>,
        #[serde(serialize_with = "versions")]
        bundled: &'a [(&'static str, String)],
        packs: Vec<Digest>,
        directory: Digest,
        engine: &'a str,
        scope: Written<Scope>,
        findings: Vec<serde_json::Value>,
    }

    /// What the digest covers of a finding, by the names of its members in the document.
    fn covered(finding: &Finding) -> serde_json::Value {
        let mut whole = serde_json::to_value(finding).unwrap();
        let members = whole.as_object_mut().unwrap();
        members.retain(|name, _| {
            ["pack", "rule", "status", "verdict", "missing", "facts", "waiver"]
                .contains(&name.as_str())
        });
        assert_eq!(members.len(), 7);
        whole
    }

    fn versions<S: Serializer>(
        versions: &[(&'static str, String)],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_map(versions.iter().map(|(name, version)| (name, version)))
    }

    /// The facts as given, by path: what is absent is null, what is unknown is left out.
    struct Given<'a>(&'a Facts);

    impl Serialize for Given<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let facts = self.0;
            let schema = facts.schema();
            let mut map = serializer.serialize_map(None)?;
            for (id, attribute) in schema.iter() {
                if attribute.origin != Origin::Derived {
                    write(&mut map, attribute, facts.fact(id))?;
                }
            }
            for collection in schema.collections() {
                if let Some(entries) = facts.collection(&collection.path) {
                    let entries: Vec<_> = entries
                        .iter()
                        .map(|entry| GivenEntry { members: &collection.members, entry })
                        .collect();
                    map.serialize_entry(&*collection.path, &entries)?;
                }
            }
            map.end()
        }
    }

    /// One object of a list, written as the facts are.
    struct GivenEntry<'a> {
        members: &'a [Attribute],
        entry: &'a Entry,
    }

    impl Serialize for GivenEntry<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(None)?;
            for (member, fact) in self.members.iter().zip(self.entry) {
                write(&mut map, member, fact)?;
            }
            map.end()
        }
    }

    fn write<M: SerializeMap>(
        map: &mut M,
        attribute: &Attribute,
        fact: &Fact,
    ) -> Result<(), M::Error> {
        match fact {
            Fact::Value(value) => {
                map.serialize_entry(&*attribute.path, &Written(&shown(attribute, value)))
            }
            Fact::Absent => map.serialize_entry(&*attribute.path, &None::<()>),
            Fact::Unknown => Ok(()),
        }
    }

    #[test]
    fn the_canonical_form_is_the_librarys() {
        let engine = crate::engine::Engine::built_in().unwrap();
        let documents = [
            r#"{"send_at": "2026-03-02T15:00:00Z"}"#,
            r#"{"send_at": "2026-03-02T15:00:00.25Z", "provider": {"name": "Quo\"te \\ \u0007\n\u00e9\ud83d\udc31", "id": null},
                "account": {"daily_limit": "unlimited", "restrictions": [{"kind": "spam", "since": "2026-03-01T00:00:00Z", "until": null}, {}]},
                "access": {"clients": ["npm:baileys", "npm:x"]}, "campaign": {"audience_size": 9007199254740993}}"#,
            r#"{"send_at": "2026-03-02T15:00:00Z", "account": {"feedback": {"delivered_7d": 3000, "blocks_7d": 2000, "reports_7d": 1}},
                "access": {"route": "cloud_api"}, "intermediaries": [], "recipient": {"phone": "+34600000000"}}"#,
        ];
        let bundled = [("names", "1".to_owned()), ("tzdb", "2026a".to_owned())];
        for document in documents {
            let document = document.replace("\"spam\"", "\"all_messaging\"");
            let facts = Facts::from_json(engine.schema(), document.as_bytes()).unwrap();
            let mut decision = engine.check(&facts).unwrap();
            decision.stamp = Arc::new(Stamp::of(&engine.0.program, engine.directory(), &bundled));
            if let Some(finding) = decision.findings.first_mut() {
                let waiver = FindingWaiver {
                    reason: "quo\"ted".into(),
                    by: "the house".into(),
                    until: WrittenDate(Timestamp::MAX),
                };
                finding.waiver = Some(waiver);
                finding.error =
                    Some(FindingError { code: "cel/overflow", message: "too \\ much".into() });
            }
            let stamp = &decision.stamp;
            let digested = Digested {
                facts: Given(&facts),
                bundled: &bundled,
                packs: stamp.packs.iter().map(|pack| pack.digest).collect(),
                directory: stamp.directory.digest,
                engine: decision.engine(),
                scope: Written(decision.scope),
                findings: decision.findings.iter().map(covered).collect(),
            };
            let expected = serde_json_canonicalizer::to_vec(&digested).unwrap();
            let ours = [&*stamp.canonical.begins, &*rest(&decision)].concat();
            assert_eq!(decision.digest(), Digest::of(&expected));
            assert_eq!(String::from_utf8_lossy(&ours), String::from_utf8_lossy(&expected));
            assert_eq!(decision.to_json(), serde_json::to_string(&decision).unwrap());
        }
    }

    #[test]
    fn declared_attributes_stand_in_their_place() {
        let attribute = |path: &str, ty, form| Attribute {
            path: path.into(),
            ty,
            form,
            unit: None,
            nullable: Nullable::Yes,
            origin: Origin::Given,
            not_given: NotGiven::Unknown,
            scope: Scope::Campaign,
            doc: "".into(),
        };
        let choice = |name: &str| Choice { name: name.into(), doc: "".into() };
        let choices: Arc<[Choice]> =
            [choice("plain"), choice("quo\"te \\"), choice("\u{e9}")].into();
        let declared = [
            attribute("x.zeta", Type::BOOL, Form::Any),
            attribute("x.o\"dd", Type::STRING, Form::OneOf(choices)),
            attribute("x.alpha", Type::INT, Form::Count),
        ];
        let schema = Arc::new(Schema::built_in().with_declared(declared).unwrap());
        for members in [
            r#"{"zeta": true, "o\"dd": "quo\"te \\", "alpha": 7}"#,
            r#"{"zeta": false, "o\"dd": "\u00e9", "alpha": null}"#,
            r#"{"zeta": null, "o\"dd": null}"#,
            r#"{"o\"dd": "plain"}"#,
        ] {
            let document = format!(
                r#"{{"send_at": "2026-03-02T15:00:00Z", "x": {members}, "account": {{"quality": "red"}}, "intermediaries": []}}"#
            );
            let given = Facts::from_json(&schema, document.as_bytes()).unwrap();
            let expected = serde_json_canonicalizer::to_vec(&Given(&given)).unwrap();
            assert_eq!(String::from_utf8_lossy(&facts(&given)), String::from_utf8_lossy(&expected));
        }
    }
}
