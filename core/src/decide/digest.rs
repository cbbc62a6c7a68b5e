//! The same question and the same answer have the same digest.
//!
//! The digest is over the RFC 8785 form of `{"bundled": …, "decision": …, "facts": …}`. That form is written here directly, members in order:
//! a general canonicaliser sorts what we know the order of and costs a hundred times as much as all rules together. Tests hold it against one.
//! What is the same for all decisions of an engine is written, and hashed, once.

use super::json::Writer;
use super::written::no_limit;
use super::{Decision, DirectoryStamp, ENGINE, Finding, FindingSource, PackStamp};
use crate::digest::{Beginning, Digest};
use crate::facts::{Entry, Facts};
use crate::schema::{Attribute, AttributeId, CODE_FIRST, Code, GivenMember};
use crate::value::{Fact, Value};

/// What all decisions of one engine have in common.
#[derive(Clone, Debug)]
pub(super) struct Common {
    /// From the start to the first member that can differ.
    beginning: Beginning,
    #[cfg(test)]
    begins: Vec<u8>,
    packs: Vec<u8>,
}

impl Common {
    pub(super) fn of(bundled: &[(&'static str, String)], packs: &[PackStamp], directory: &DirectoryStamp) -> Self {
        let mut out = Writer::default();
        out.open("{\"bundled\":{");
        for (name, version) in bundled {
            out.key(name);
            out.string(version);
        }
        let DirectoryStamp { source, retrieved_at, complete, digest } = directory;
        out.close("},\"decision\":{\"directory\":{\"complete\":");
        out.raw(if *complete { "true" } else { "false" });
        out.key("digest");
        out.quoted(digest);
        out.key("retrieved_at");
        out.quoted(&retrieved_at.0);
        out.key("source");
        out.string(source);
        out.close("}");
        out.key("engine");
        out.string(ENGINE);
        let beginning = out.into_bytes();

        let mut out = Writer::default();
        out.open("[");
        for PackStamp { name, version, digest } in packs {
            out.open("{");
            out.key("digest");
            out.quoted(digest);
            out.key("name");
            out.string(name);
            out.key("version");
            out.quoted(version);
            out.close("},");
        }
        out.close("]");
        Self {
            beginning: Beginning::of(&beginning),
            #[cfg(test)]
            begins: beginning,
            packs: out.into_bytes(),
        }
    }
}

pub(super) fn of(decision: &Decision) -> Digest {
    decision.stamp.canonical.beginning.and(&rest(decision))
}

/// The member that is written already of a value with a code of its own.
fn known_member<'k>(known: &'k [Box<str>], codes: &[Code], id: AttributeId) -> Option<&'k str> {
    let place = codes.get(id.index())?.checked_sub(CODE_FIRST)?;
    known.get(usize::from(place)).map(|member| &**member)
}

/// What comes after the beginning.
fn rest(decision: &Decision) -> Vec<u8> {
    let mut out = Writer::for_findings(decision.findings.len());
    out.decision(decision);
    out.raw(",\"facts\":");
    out.bytes(&decision.facts);
    out.raw("}");
    out.into_bytes()
}

/// The facts as given, by path: what is absent is null, what is unknown is left out.
pub(super) fn facts(facts: &Facts) -> Box<[u8]> {
    let mut out = Writer::default();
    out.facts(facts);
    out.into_bytes().into()
}

impl Writer {
    /// The members after `directory` and `engine`.
    fn decision(&mut self, decision: &Decision) {
        // Destructured, so that no member is forgotten.
        let Decision { verdict, send_at, scope, findings, exposure, missing, stamp, facts: _, digest: _ } = decision;
        self.raw("\"exposure\":");
        self.strings(exposure.iter().map(|exposure| exposure.name()));
        self.key("findings");
        self.open("[");
        for finding in findings {
            self.finding(finding);
            self.raw(",");
        }
        self.close("]");
        self.key("missing");
        self.strings(missing.iter().map(|path| &**path));
        self.key("packs");
        self.bytes(&stamp.canonical.packs);
        self.key("scope");
        self.string(scope.name());
        self.key("send_at");
        self.quoted(send_at);
        self.key("verdict");
        self.string(verdict.name());
        self.close("}");
    }

    fn finding(&mut self, finding: &Finding) {
        let Finding { pack, rule, topic, status, verdict, title, message, facts, missing, exposure, advice, source, from, until } = finding;
        self.open("{");
        self.key("advice");
        self.string(advice);
        self.key("exposure");
        self.strings(exposure.iter().map(|exposure| exposure.name()));
        self.key("facts");
        self.open("{");
        for (path, value) in facts {
            self.key(path);
            self.value(value);
        }
        self.close("}");
        self.key("from");
        self.quoted(from);
        self.key("message");
        self.string(message);
        self.key("missing");
        self.strings(missing.iter().map(|path| &**path));
        self.key("pack");
        self.string(pack);
        self.key("rule");
        self.string(rule);
        self.key("source");
        let FindingSource { title: source_title, url, section, retrieved, confidence } = source;
        self.open("{");
        if let Some(confidence) = confidence {
            self.key("confidence");
            self.string(confidence.name());
        }
        self.key("retrieved");
        self.quoted(retrieved);
        self.key("section");
        self.optional(section.as_deref());
        self.key("title");
        self.string(source_title);
        self.key("url");
        self.string(url);
        self.close("}");
        self.key("status");
        self.string(status.name());
        self.key("title");
        self.string(title);
        self.key("topic");
        self.string(topic.name());
        self.key("until");
        match until {
            Some(until) => self.quoted(until),
            None => self.optional(None),
        }
        self.key("verdict");
        self.string(verdict.name());
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
                    self.collection(entries, schema.collections().get(*index).map_or(&[], |collection| &*collection.members));
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
            for (member, fact) in order.iter().filter_map(|place| members.get(*place).zip(entry.get(*place))) {
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
            Value::Int(value) if value.unsigned_abs() <= super::written::EXACT_MAX => {
                self.plain(value);
                self.raw(",");
            }
            // Doubles print as ECMAScript does (section 3.2.2.3), which is the library's business.
            Value::Int(_) | Value::Double(_) => {
                self.bytes(&serde_json_canonicalizer::to_vec(&super::Written(value)).unwrap_or_default());
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

    use super::super::written::{Written, shown};
    use super::*;
    use crate::decide::Stamp;
    use crate::schema::{Choice, Form, NotGiven, Nullable, Origin, Schema, Scope};
    use crate::time::Timestamp;
    use crate::value::Type;
    use crate::verdict::{Exposure, Verdict};

    /// What the digest of a decision is over: its RFC 8785 form, which puts members in order.
    #[derive(Serialize)]
    struct Digested<'a> {
        facts: Given<'a>,
        #[serde(serialize_with = "versions")]
        bundled: &'a [(&'static str, String)],
        decision: Undigested<'a>,
    }

    /// A decision but for its digest. Destructured from [`Decision`], so that no member is forgotten.
    #[derive(Serialize)]
    struct Undigested<'a> {
        verdict: Verdict,
        send_at: Written<Timestamp>,
        scope: Written<Scope>,
        findings: &'a [Finding],
        exposure: &'a [Exposure],
        missing: &'a [Arc<str>],
        packs: &'a [PackStamp],
        directory: &'a DirectoryStamp,
        engine: &'a str,
    }

    fn versions<S: Serializer>(versions: &[(&'static str, String)], serializer: S) -> Result<S::Ok, S::Error> {
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
                    let entries: Vec<_> = entries.iter().map(|entry| GivenEntry { members: &collection.members, entry }).collect();
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

    fn write<M: SerializeMap>(map: &mut M, attribute: &Attribute, fact: &Fact) -> Result<(), M::Error> {
        match fact {
            Fact::Value(value) => map.serialize_entry(&*attribute.path, &Written(&shown(attribute, value))),
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
            decision.stamp = Arc::new(Stamp::of(engine.program(), engine.directory(), &bundled));
            let Decision { verdict, send_at, scope, findings, exposure, missing, stamp, facts: _, digest: _ } = &decision;
            let undigested = Undigested {
                verdict: *verdict,
                send_at: Written(*send_at),
                scope: Written(*scope),
                findings,
                exposure,
                missing,
                packs: &stamp.packs,
                directory: &stamp.directory,
                engine: decision.engine(),
            };
            let digested = Digested { facts: Given(&facts), bundled: &bundled, decision: undigested };
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
        let choices: Arc<[Choice]> = [choice("plain"), choice("quo\"te \\"), choice("\u{e9}")].into();
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
            let document =
                format!(r#"{{"send_at": "2026-03-02T15:00:00Z", "x": {members}, "account": {{"quality": "red"}}, "intermediaries": []}}"#);
            let given = Facts::from_json(&schema, document.as_bytes()).unwrap();
            let expected = serde_json_canonicalizer::to_vec(&Given(&given)).unwrap();
            assert_eq!(String::from_utf8_lossy(&facts(&given)), String::from_utf8_lossy(&expected));
        }
    }
}
