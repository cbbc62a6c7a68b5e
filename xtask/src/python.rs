//! What do editors and type checkers know of the words and members that Python programs use?
//!
//! In: the schema and the words of core. Out: `words.py`, an enumeration for each list of words,
//! and `campaign.py`, a `TypedDict` for each object of a campaign document.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cleartosend::directory::Listing;
use cleartosend::schema::levers::{self, ChangedBy, Lever, Proposal};
use cleartosend::schema::{Attribute, Form, Nullable, Origin, Scope, attributes};
use cleartosend::{Exposure, FindingVerdict, Scalar, Schema, Status, Topic, Type, Verdict};

const GENERATED: &str =
    "# Generated from the engine's own declarations by `cargo xtask generate`. Do not edit.\n";

/// `words.py`.
pub(crate) fn words() -> String {
    let mut text = String::from(
        "\"\"\"The words of decisions, each a text and a member of its list.\n\nThe order of a \
         list is the order of `<`: verdicts from the mildest, exposure from mild to \
         grave.\n\"\"\"\n\n",
    );
    text.push_str(GENERATED);
    text.push_str(
        "\nfrom ._word import Decisive, Word\n\n__all__ = [\"ChangedBy\", \"Exposure\", \
         \"FindingVerdict\", \"Listing\", \"Scope\", \"Status\", \"Topic\", \"Verdict\"]\n",
    );
    let verdict =
        "What a check concludes. The worst finding wins. It has no truth value: compare it.";
    push_words(
        &mut text,
        "Verdict",
        "Decisive",
        verdict,
        Verdict::ALL.iter().map(|word| word.name()),
    );
    let of_finding = "What a finding means, from nothing to the gravest. A note has no effect on \
                      the verdict of its decision. It has no truth value: compare it.";
    push_words(
        &mut text,
        "FindingVerdict",
        "Decisive",
        of_finding,
        FindingVerdict::ALL.iter().map(|word| word.name()),
    );
    push_words(
        &mut text,
        "Status",
        "Word",
        "What one rule says of one case.",
        Status::ALL.iter().map(|word| word.name()),
    );
    push_words(
        &mut text,
        "Topic",
        "Word",
        "What a rule is about.",
        Topic::ALL.iter().map(|word| word.name()),
    );
    push_words(
        &mut text,
        "Exposure",
        "Word",
        "What a violation can lead to.",
        Exposure::ALL.iter().map(|word| word.name()),
    );
    let scopes = [Scope::Campaign, Scope::Recipient];
    push_words(
        &mut text,
        "Scope",
        "Word",
        "Whom a rule or a decision is about.",
        scopes.iter().map(|word| word.name()),
    );
    push_words(
        &mut text,
        "Listing",
        "Word",
        "What a directory says of a provider.",
        Listing::ALL.iter().map(|word| word.name()),
    );
    push_words(
        &mut text,
        "ChangedBy",
        "Word",
        "Who can change a fact.",
        ChangedBy::ALL.iter().map(|word| word.name()),
    );
    text
}

fn push_words(
    text: &mut String,
    class: &str,
    base: &str,
    doc: &str,
    words: impl Iterator<Item = &'static str>,
) {
    let _ = write!(text, "\n\nclass {class}({base}):\n    \"\"\"{doc}\"\"\"\n\n");
    for word in words {
        let _ = writeln!(text, "    {} = \"{word}\"", word.to_uppercase());
    }
}

/// `campaign.py`.
pub(crate) fn campaign(schema: &Schema) -> String {
    let mut root = Node::default();
    for (id, attribute) in schema.iter() {
        if attribute.origin != Origin::Derived {
            let (ty, doc) = value(attribute);
            root.insert(&attribute.path, Member::Value((ty, with_source(doc, levers::of(id)))));
        }
    }
    let mut text = String::from(
        "\"\"\"The campaign document, for editors and type checkers.\n\nEvery member but \
         `send_at` may be left out. `None` means what the reference says of each: that there is \
         none, or that it is not known.\n\"\"\"\n\n",
    );
    text.push_str(GENERATED);
    text.push_str(
        "\nfrom __future__ import annotations\n\nimport sys\nfrom datetime import datetime\nfrom \
         typing import TYPE_CHECKING, List, Literal, Mapping, Optional, Tuple, Union\n\n# Before \
         Python 3.12 pydantic takes this class of `typing_extensions` alone, on which it depends \
         itself.\nif TYPE_CHECKING or sys.version_info >= (3, 12):\n    from typing import \
         TypedDict\nelse:\n    try:\n        from typing_extensions import TypedDict\n    except \
         ImportError:\n        from typing import TypedDict\n\n__all__ = [",
    );
    let mut classes = String::new();
    let mut names = vec!["Instant".to_owned()];
    for collection in schema.collections() {
        let mut entry = Node::default();
        for attribute in collection.members.iter() {
            entry.insert(&attribute.path, Member::Value(value(attribute)));
        }
        let class = singular(&class_name(&collection.path));
        push_class(&mut classes, &mut names, &class, &collection.doc, &entry, &mut Vec::new());
        let list = format!("Optional[Union[List[{class}], Tuple[{class}, ...]]]");
        let doc = with_source(collection.doc.to_string(), levers::of_list(&collection.path));
        root.insert(&collection.path, Member::Value((list, doc)));
    }
    root.members.remove(SEND_AT);
    root.insert(
        "x",
        Member::Value((
            "Optional[Mapping[str, object]]".to_owned(),
            "The caller's own facts, declared by the caller's packs.".to_owned(),
        )),
    );
    push_class(
        &mut classes,
        &mut names,
        ROOT,
        "A campaign, and maybe one recipient, to be checked at `send_at`.",
        &root,
        &mut Vec::new(),
    );
    let documents: Vec<String> = names
        .iter()
        .filter(|name| *name != "Instant")
        .map(|name| format!("\n    {name},"))
        .collect();
    names.sort();
    let names: Vec<String> = names.iter().map(|name| format!("\n    \"{name}\",")).collect();
    let _ = write!(
        text,
        "{}\n]\n\nInstant = Union[datetime, str]\n\"\"\"An aware datetime, or text as RFC 3339 \
         has it.\"\"\"\n",
        names.concat()
    );
    text.push_str(&classes);
    let _ = write!(
        text,
        "\n\n# What reads these classes at run time, such as pydantic, is as strict as the \
         engine: it drops no member and converts no value.\nfor _document in (\n    \
         _Sent,{}\n):\n    setattr(_document, \"__pydantic_config__\", {{\"extra\": \"forbid\", \
         \"strict\": True}})\n",
        documents.concat()
    );
    text
}

/// The one member that has to be there.
const SEND_AT: &str = "send_at";
/// The class of a whole document; its member `campaign` has the plain name.
const ROOT: &str = "CampaignDocument";

/// An object of the document.
#[derive(Default)]
struct Node {
    members: BTreeMap<String, Member>,
}

enum Member {
    /// A type and a definition.
    Value((String, String)),
    Object(Node),
}

impl Node {
    fn insert(&mut self, path: &str, member: Member) {
        let Some((head, rest)) = path.split_once('.') else {
            self.members.insert(path.to_owned(), member);
            return;
        };
        let node =
            self.members.entry(head.to_owned()).or_insert_with(|| Member::Object(Self::default()));
        if let Member::Object(node) = node {
            node.insert(rest, member);
        }
    }
}

/// Writes the classes of the objects within, then this one's.
fn push_class(
    text: &mut String,
    names: &mut Vec<String>,
    class: &str,
    doc: &str,
    node: &Node,
    path: &mut Vec<String>,
) {
    let mut body = String::new();
    for (name, member) in &node.members {
        let (ty, doc) = match member {
            Member::Value((ty, doc)) => (ty.clone(), doc.clone()),
            Member::Object(inner) => {
                path.push(name.clone());
                let inner_class = class_name(&path.join("."));
                let doc = format!(
                    "The document's `{}`. `None` means that all of it is unknown.",
                    path.join(".")
                );
                push_class(text, names, &inner_class, &doc, inner, path);
                path.pop();
                (format!("Optional[{inner_class}]"), doc)
            }
        };
        let _ = write!(body, "    {name}: {ty}\n    \"\"\"{doc}\"\"\"\n");
    }
    names.push(class.to_owned());
    if class == ROOT {
        let _ = write!(
            text,
            "\n\nclass _Sent(TypedDict):\n    {SEND_AT}: Instant\n    \"\"\"The instant at which \
             the message is sent.\"\"\"\n"
        );
        let _ =
            write!(text, "\n\nclass {class}(_Sent, total=False):\n    \"\"\"{doc}\"\"\"\n\n{body}");
    } else {
        let _ = write!(
            text,
            "\n\nclass {class}(TypedDict, total=False):\n    \"\"\"{doc}\"\"\"\n\n{body}"
        );
    }
}

/// A definition with where the value usually comes from, and who can change it.
fn with_source(doc: String, lever: Option<&Lever>) -> String {
    let Some(lever) = lever else { return doc };
    let change = match lever.to {
        Proposal::Nothing => String::new(),
        _ => format!(" Can be changed by: {} ({}).", lever.by, lever.how),
    };
    format!("{doc} Comes from: {}.{change}", lever.comes_from)
}

/// The type of an attribute's value, and its definition.
fn value(attribute: &Attribute) -> (String, String) {
    let ty = ty(attribute.ty, &attribute.form);
    if attribute.path == Schema::built_in().attribute(attributes::SEND_AT).path {
        return (ty, attribute.doc.to_string());
    }
    let null = match attribute.nullable {
        Nullable::Yes => " `None` means that there is none.",
        Nullable::No => " `None` means unknown.",
    };
    let absent =
        if attribute.not_given.is_absent() { " Not given means that there is none." } else { "" };
    (format!("Optional[{ty}]"), format!("{}{null}{absent}", attribute.doc))
}

fn ty(ty: Type, form: &Form) -> String {
    if let Some(element) = ty.element() {
        let element = self::ty(element, form);
        return format!("Union[List[{element}], Tuple[{element}, ...]]");
    }
    match form {
        Form::OneOf(choices) => {
            let choices: Vec<String> =
                choices.iter().map(|choice| format!("\"{}\"", choice.name)).collect();
            format!("Literal[{}]", choices.join(", "))
        }
        Form::CountOrUnlimited => "Union[int, Literal[\"unlimited\"]]".to_owned(),
        _ => match ty.base {
            Scalar::Bool => "bool",
            Scalar::Int => "int",
            Scalar::Double => "float",
            Scalar::Timestamp => "Instant",
            Scalar::String | Scalar::Duration | Scalar::Nothing => "str",
        }
        .to_owned(),
    }
}

/// `account.feedback` is `AccountFeedback`.
fn class_name(path: &str) -> String {
    path.split(['.', '_'])
        .flat_map(|word| {
            word.chars()
                .enumerate()
                .map(|(place, c)| if place == 0 { c.to_ascii_uppercase() } else { c })
        })
        .collect()
}

/// The name of one of several: `Intermediaries` holds an `Intermediary`.
fn singular(class: &str) -> String {
    match class.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => class.strip_suffix('s').unwrap_or(class).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_classes() {
        assert_eq!(class_name("account.feedback"), "AccountFeedback");
        assert_eq!(singular("Intermediaries"), "Intermediary");
        assert_eq!(singular("AccountRestrictions"), "AccountRestriction");
    }

    #[test]
    fn every_given_attribute_is_a_member() {
        let text = campaign(&Schema::built_in());
        for (_, attribute) in
            Schema::built_in().iter().filter(|(_, attribute)| attribute.origin != Origin::Derived)
        {
            let name = attribute.path.rsplit('.').next().unwrap_or_default();
            assert!(text.contains(&format!("    {name}: ")), "{}", attribute.path);
        }
    }
}
