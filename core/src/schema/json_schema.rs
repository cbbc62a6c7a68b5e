//! What may a campaign document hold, for programs that check or complete one?
//!
//! In: a [`Schema`]. Out: a JSON Schema (draft 2020-12) of the document, for editors and for
//! callers that want to refuse a document before it is sent anywhere. It is as strict as JSON
//! Schema can be without the engine's tables: it knows every member, value and format, but not the
//! time zones, the number plan, or days that a month does not have.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::all::Schema;
use super::attribute::{Attribute, Choice, Form, NotGiven, Nullable, Origin};
use super::attributes::VERSION;
use super::{attributes, countries, levers};
use crate::limits;
use crate::value::{Scalar, Type};

/// The JSON Schema (draft 2020-12) of the campaign document.
///
/// Derived attributes are not members, since they are never given. Attributes that packs declare
/// are the members of `x`; where there are none, `x` is open. The members of every object of the
/// result are in alphabetical order.
pub fn campaign_schema(schema: &Schema) -> Json {
    let mut root = Node::default();
    for (id, attribute) in schema.iter() {
        match attribute.origin {
            Origin::Given | Origin::GivenOrDerived => {
                root.insert(&attribute.path, with_lever(member(attribute), levers::of(id)));
            }
            Origin::Derived => {}
        }
    }
    for collection in schema.collections() {
        let mut entry = Node::default();
        for attribute in collection.members.iter() {
            entry.insert(&attribute.path, member(attribute));
        }
        let list = json!({
            "type": ["array", "null"],
            "description": format!("{} `null` means unknown, `[]` that there are none.", collection.doc),
            "items": object(&entry, ""),
            "maxItems": collection.entries_max(),
        });
        root.insert(&collection.path, with_lever(list, levers::of_list(&collection.path)));
    }
    if !root.members.contains_key(X) {
        root.insert(X, json!({ "type": ["object", "null"], "description": X_DOC }));
    }

    root.insert(
        "$schema",
        json!({ "type": "string", "description": "The address of this JSON Schema, for editors. It is no fact." }),
    );
    let mut document = object(&root, "");
    let top = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "WhatsApp campaign",
        "description": format!(
            "A campaign, and maybe one recipient, to be checked at `send_at`. Schema version {VERSION}. Every member but `send_at` is optional; \
             what is left out is unknown unless its description says otherwise. A member that is not listed is an error."
        ),
        "type": "object",
        "required": ["send_at"],
        "$defs": definitions(),
        "examples": [example()],
    });
    if let (Json::Object(document), Json::Object(top)) = (&mut document, top) {
        document.extend(top);
    }
    // Whatever features of the JSON library the rest of a build turns on, the bytes are the same.
    document.sort_all_objects();
    document
}

/// A member with who can change it, how, with what effort, and where it comes from: annotations that
/// no validator reads.
fn with_lever(mut member: Json, lever: Option<&levers::Lever>) -> Json {
    if let Some(lever) = lever {
        member["x-changed-by"] = Json::from(lever.by.name());
        member["x-how"] = Json::from(lever.how);
        member["x-effort"] = Json::from(lever.effort.name());
        member["x-comes-from"] = Json::from(lever.comes_from);
    }
    member
}

const X: &str = "x";
const X_DOC: &str = "The caller's own facts, declared by the caller's packs.";

/// An object of the document while it is put together.
#[derive(Default)]
struct Node {
    members: BTreeMap<String, Member>,
}

enum Member {
    Leaf(Json),
    Object(Node),
}

impl Node {
    /// Puts a member at a dotted path. A path that is a value and an object at once does not occur:
    /// [`Schema::with_declared`] refuses it.
    fn insert(&mut self, path: &str, leaf: Json) {
        let Some((head, rest)) = path.split_once('.') else {
            self.members.insert(path.to_owned(), Member::Leaf(leaf));
            return;
        };
        let node =
            self.members.entry(head.to_owned()).or_insert_with(|| Member::Object(Self::default()));
        if let Member::Object(node) = node {
            node.insert(rest, leaf);
        }
    }
}

/// An object with the members of `node` and no others, at `path`, or `null`.
fn object(node: &Node, path: &str) -> Json {
    let properties: Map<String, Json> = node
        .members
        .iter()
        .map(|(name, member)| {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            let schema = match member {
                Member::Leaf(leaf) => leaf.clone(),
                Member::Object(node) => object(node, &path),
            };
            (name.clone(), schema)
        })
        .collect();
    let mut schema = json!({ "type": ["object", "null"], "properties": properties, "additionalProperties": false });
    if let Some(doc) = object_doc(path) {
        schema["description"] =
            Json::from(format!("{doc} `null` means that all of it is unknown."));
    }
    schema
}

/// One line on each object of the document; lists and values bring their own.
fn object_doc(path: &str) -> Option<&'static str> {
    Some(match path {
        "provider" => "Who carries the messages.",
        "access" => "How the messages reach WhatsApp.",
        "account" => "The business account that sends.",
        "account.feedback" => "What recipients made of the last seven days' messages.",
        "campaign" => "What is to be sent.",
        "campaign.template" => "The template that is sent.",
        "recipient" => "Who receives the message. Leave it out to judge the campaign alone.",
        X => X_DOC,
        _ => return None,
    })
}

/// The schema of one given attribute.
fn member(attribute: &Attribute) -> Json {
    let required = is_required(attribute);
    let mut schema = value(attribute.ty, &attribute.form, !required);
    let mut doc = attribute.doc.to_string();
    if let Some(choices) = attribute.choices() {
        doc.push_str(&meanings(choices));
    }
    if !required {
        doc.push_str(match attribute.nullable {
            Nullable::Yes => " `null` means that there is none.",
            Nullable::No => " `null` means unknown.",
        });
        match &attribute.not_given {
            NotGiven::Unknown => {}
            NotGiven::Absent { .. } => doc.push_str(" Not given means that there is none."),
            NotGiven::Value(default) => schema["default"] = default.to_json(),
        }
    }
    schema["description"] = Json::from(doc);
    schema
}

/// Whether a document must have this member; there is one.
pub(super) fn is_required(attribute: &Attribute) -> bool {
    attribute.path == Schema::built_in().attribute(attributes::SEND_AT).path
}

fn meanings(choices: &[Choice]) -> String {
    let in_words: Vec<String> = choices
        .iter()
        .filter(|choice| !choice.doc.is_empty())
        .map(|choice| format!("`{}`: {}", choice.name, choice.doc))
        .collect();
    if in_words.is_empty() { String::new() } else { format!(" {}.", in_words.join("; ")) }
}

/// The schema of a value of that type and form, or, with `or_null`, of `null`.
fn value(ty: Type, form: &Form, or_null: bool) -> Json {
    if let Some(element) = ty.element() {
        return json!({ "type": types("array", or_null), "items": value(element, form, false), "maxItems": limits::FACT_LIST_MAX });
    }
    match form {
        Form::OneOf(choices) => {
            let mut values: Vec<Json> =
                choices.iter().map(|choice| Json::from(&*choice.name)).collect();
            if or_null {
                values.push(Json::Null);
            }
            json!({ "type": types("string", or_null), "enum": values })
        }
        Form::Country => defined("country", or_null),
        Form::Phone => defined("phone", or_null),
        Form::PhoneOrId => {
            json!({ "type": types("string", or_null), "pattern": r"^(\+[1-9][0-9]{6,14}|[0-9]{14,20})$" })
        }
        Form::TimeZone => defined("time_zone", or_null),
        Form::Region => defined("region", or_null),
        Form::Domain => defined("domain", or_null),
        Form::Id => json!({ "type": types("string", or_null), "pattern": r"^\S+$" }),
        Form::Name | Form::Firm | Form::Text => {
            json!({ "type": types("string", or_null), "pattern": r"\S" })
        }
        Form::Instant | Form::End | Form::OwnInstant => defined("instant", or_null),
        Form::Client => defined("client", or_null),
        Form::Endpoint => defined("endpoint", or_null),
        Form::UserId => defined("user_id", or_null),
        Form::Language => {
            json!({ "type": types("string", or_null), "pattern": "^[A-Za-z]{2,3}([_-]([A-Za-z]{2,4}|[0-9]{3}))?$" })
        }
        Form::Count => json!({ "type": types("integer", or_null), "minimum": 0 }),
        Form::CountOrUnlimited => {
            let mut values =
                vec![json!({ "type": "integer", "minimum": 0 }), json!({ "const": "unlimited" })];
            if or_null {
                values.push(json!({ "type": "null" }));
            }
            json!({ "anyOf": values })
        }
        Form::Any => match ty.base {
            Scalar::Bool => json!({ "type": types("boolean", or_null) }),
            Scalar::Int => json!({ "type": types("integer", or_null) }),
            Scalar::Double => json!({ "type": types("number", or_null) }),
            Scalar::String => json!({ "type": types("string", or_null) }),
            Scalar::Timestamp => defined("instant", or_null),
            Scalar::Duration => json!({ "type": types("string", or_null), "examples": ["86400s"] }),
            // The element of a list that is always empty.
            Scalar::Nothing => Json::from(false),
        },
    }
}

fn types(name: &str, or_null: bool) -> Json {
    if or_null { json!([name, "null"]) } else { json!(name) }
}

fn defined(name: &str, or_null: bool) -> Json {
    let reference = json!({ "$ref": format!("#/$defs/{name}") });
    if or_null { json!({ "anyOf": [reference, { "type": "null" }] }) } else { reference }
}

fn definitions() -> Json {
    json!({
        "instant": {
            "description": "An instant of RFC 3339, with its offset from UTC.",
            "type": "string",
            "format": "date-time",
            // Most validators do not assert formats, and a forgotten offset is the commonest slip.
            "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})$",
            "examples": ["2026-03-02T15:00:00Z", "2026-03-02T16:00:00+01:00"],
        },
        "country": {
            "description": "A country code of ISO 3166-1 alpha-2, in capitals; `XK` is Kosovo.",
            "type": "string",
            "enum": countries(),
        },
        "region": {
            "description": "A part of a country by ISO 3166-2.",
            "type": "string",
            "pattern": "^[A-Z]{2}-[A-Z0-9]{1,3}$",
            "examples": ["US-FL", "UA-43"],
        },
        "domain": {
            "description": "A host name that can be registered: no address, path, port or list.",
            "type": "string",
            "pattern": r"^[^\s/:@,;*?#\\]+\.[^\s/:@,;*?#\\]+$",
            "examples": ["hubtype.com"],
        },
        "phone": {
            "description": "A number in E.164 form.",
            "type": "string",
            "pattern": "^\\+[1-9][0-9]{6,14}$",
            "examples": ["+34600000000"],
        },
        "time_zone": {
            "description": "A name of the IANA time zone database.",
            "type": "string",
            "minLength": 1,
            "examples": ["Europe/Madrid"],
        },
        "client": {
            "description": "A package, image, gateway, service or app, as `ecosystem:name` or as a package URL.",
            "type": "string",
            "pattern": "^[^:\\s]+:\\S(.*\\S)?$",
            "examples": ["npm:@whiskeysockets/baileys", "docker:evoapicloud/evolution-api", "pkg:npm/%40whiskeysockets/baileys@6.7.0"],
        },
        "endpoint": {
            "description": "An address that messages are posted to: with a host, without blanks and without a user name.",
            "type": "string",
            "pattern": "^\\S+$",
            "examples": ["https://graph.facebook.com/v23.0"],
        },
        "user_id": {
            "description": "A business-scoped user id: a country code, a dot, up to 128 letters and digits; a parent id has `ENT.` before them.",
            "type": "string",
            "pattern": "^[A-Z]{2}\\.(ENT\\.)?[A-Za-z0-9]{1,128}$",
            "examples": ["US.1349", "US.ENT.1349"],
        },
    })
}

fn example() -> Json {
    json!({
        "send_at": "2026-03-02T15:00:00Z",
        "provider": { "name": "Acme Messaging", "domain": "acme.example", "role": "tech_provider", "app_review": "passed" },
        "access": { "route": "cloud_api", "endpoint": "https://graph.facebook.com/v23.0", "clients": [] },
        "account": { "quality": "green", "daily_limit": 10000, "restrictions": [] },
        "campaign": { "use_case": "marketing", "initiated_by": "business", "content": "template", "category": "marketing" },
        "recipient": { "phone": "+34600000000", "opt_in": "given", "opted_out": false, "last_inbound_at": null },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{NotGiven, Scope};

    fn built_in() -> Json {
        campaign_schema(&Schema::built_in())
    }

    /// The member at a dotted path.
    fn at(path: &str) -> Option<Json> {
        let mut node = built_in();
        for name in path.split('.') {
            node = node.get("properties")?.get(name)?.clone();
        }
        Some(node)
    }

    #[test]
    fn every_given_attribute_is_a_member_and_no_derived_one_is() {
        for (_, attribute) in Schema::built_in().iter() {
            assert_eq!(
                at(&attribute.path).is_some(),
                attribute.origin != Origin::Derived,
                "{}",
                attribute.path
            );
        }
    }

    #[test]
    fn only_the_instant_of_sending_is_required_and_it_cannot_be_null() {
        assert_eq!(built_in()["required"], json!(["send_at"]));
        assert_eq!(at("send_at").unwrap()["$ref"], "#/$defs/instant");
        assert_eq!(
            at("recipient.opt_in_at").unwrap()["anyOf"],
            json!([{ "$ref": "#/$defs/instant" }, { "type": "null" }])
        );
    }

    #[test]
    fn lists_of_objects_hold_closed_objects() {
        let restriction = &at("account.restrictions").unwrap()["items"];
        assert_eq!(restriction["additionalProperties"], false);
        assert!(
            restriction["properties"]["kind"]["enum"]
                .as_array()
                .unwrap()
                .contains(&json!("number_banned"))
        );
    }

    #[test]
    fn the_callers_own_facts_are_open_until_a_pack_declares_some() {
        assert_eq!(at("x").unwrap().get("additionalProperties"), None);
        let tier = Attribute {
            path: "x.loyalty.tier".into(),
            ty: Type::STRING,
            form: Form::OneOf([Choice { name: "gold".into(), doc: "".into() }].into()),
            unit: None,
            nullable: Nullable::No,
            origin: Origin::Given,
            not_given: NotGiven::Unknown,
            scope: Scope::Recipient,
            doc: "The recipient's tier.".into(),
        };
        let schema = campaign_schema(&Schema::built_in().with_declared([tier]).unwrap());
        let x = &schema["properties"]["x"];
        assert_eq!(x["additionalProperties"], false);
        assert_eq!(x["properties"]["loyalty"]["properties"]["tier"]["enum"], json!(["gold", null]));
    }

    #[test]
    fn every_object_of_the_document_is_described() {
        fn walk(schema: &Json, path: &str) {
            for (name, member) in schema["properties"].as_object().into_iter().flatten() {
                assert!(member["description"].is_string(), "{path}{name} has no description");
                walk(member, &format!("{path}{name}."));
            }
        }
        walk(&built_in(), "");
    }
}
