//! `cts schema`: what may a document hold?

use std::fmt::Write as _;

use cleartosend::expert::suggest::nearest;
use cleartosend::expert::text::escaped;
use cleartosend::schema::levers::{self, Lever};
use cleartosend::schema::{Attribute, Nullable, Origin};
use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};
use serde_json::json;

use crate::arguments::Schema;
use crate::failure::Failure;
use crate::format::PlainForm;
use crate::output::{self, Answer, styled};
use crate::{config, engine, paper, schemas};

pub(super) fn run(arguments: &Schema) -> Result<Answer, Failure> {
    let config = config::of(&arguments.with.configured, None)?;
    let engine = engine::of_drafts(&arguments.with, config.as_ref())?;
    Ok(config::named(answer(arguments, engine.schema())?, &config))
}

fn answer(arguments: &Schema, schema: &cleartosend::Schema) -> Result<Answer, Failure> {
    let Some(asked) = &arguments.of else {
        return match arguments.answer_format.or(PlainForm::Json)? {
            PlainForm::Json => {
                let json = schemas::json_schema(arguments.kind.as_deref(), schema);
                Ok(Answer::of_bytes(format!("{json:#}\n")))
            }
            PlainForm::Text => Err(Failure::new(
                "the whole schema is JSON alone; `--for ATTRIBUTE` tells of one attribute as text",
            )),
        };
    };
    let form = arguments.answer_format.or(PlainForm::Text)?;
    let member = found(schema, asked)?;
    Ok(match form {
        PlainForm::Json => Answer::of_bytes(as_json(&member)),
        PlainForm::Text => Answer::new(as_text(&member)),
    })
}

/// An attribute, or a member of the entries of a list.
struct Member<'s> {
    /// `account.violations[].kind`
    path: String,
    attribute: &'s Attribute,
    lever: Option<&'static Lever>,
}

/// The member of that path; also by its last names, where no other has them.
fn found<'s>(schema: &'s cleartosend::Schema, asked: &str) -> Result<Member<'s>, Failure> {
    let attributes = schema.iter().map(|(id, attribute)| Member {
        path: attribute.path.to_string(),
        attribute,
        lever: levers::of(id),
    });
    let of_lists = schema.collections().iter().flat_map(|list| {
        list.members.iter().map(|attribute| Member {
            path: format!("{}[].{}", list.path, attribute.path),
            attribute,
            lever: levers::of_list(&list.path),
        })
    });
    let members: Vec<Member<'s>> = attributes.chain(of_lists).collect();
    // As people write it: in capitals, with brackets, or the place of an entry in them.
    let plain = |path: &str| {
        let parts =
            path.split('[').map(|part| part.rsplit_once(']').map_or(part, |(_, rest)| rest));
        parts.collect::<String>().to_lowercase()
    };
    let asked_plain = plain(asked);
    let is_exact = |member: &Member<'_>| plain(&member.path) == asked_plain;
    let is_end = |member: &Member<'_>| plain(&member.path).ends_with(&format!(".{asked_plain}"));
    let exact = members.iter().position(is_exact);
    let ends: Vec<usize> =
        (0..members.len()).filter(|place| members.get(*place).is_some_and(is_end)).collect();
    let place = match (exact, ends.as_slice()) {
        (Some(place), _) => place,
        (None, [place]) => *place,
        (None, []) => {
            let names = members
                .iter()
                .flat_map(|member| [&*member.path, member.path.rsplit('.').next().unwrap_or("")]);
            let near = nearest(asked, names)
                .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            return Err(Failure::new(&format!("there is no attribute `{asked}`{near}")));
        }
        (None, several) => {
            let paths: Vec<&str> = several
                .iter()
                .filter_map(|place| members.get(*place))
                .map(|member| &*member.path)
                .collect();
            let paths = paths.join("`, `");
            return Err(Failure::new(&format!("`{asked}` may be one of `{paths}`")));
        }
    };
    members
        .into_iter()
        .nth(place)
        .ok_or_else(|| Failure::new(&format!("there is no attribute `{asked}`")))
}

fn as_json(member: &Member<'_>) -> String {
    let Member { path, attribute, lever } = member;
    let values = attribute.choices().map(|choices| {
        let values = choices
            .iter()
            .map(|choice| json!({"value": &*choice.name, "means": means(&choice.doc)}));
        values.collect::<Vec<_>>()
    });
    let answer = json!({
        "path": path,
        "type": attribute.ty.to_string(),
        "title": &*attribute.doc,
        "given": attribute.origin != Origin::Derived,
        "nullable": attribute.nullable == Nullable::Yes,
        "values": values,
        "changed_by": lever.map(|lever| lever.by.name()),
        "comes_from": lever.map(|lever| lever.comes_from),
    });
    format!("{answer}\n")
}

/// What a value means; none where its name says it.
fn means(doc: &str) -> Option<&str> {
    Some(doc).filter(|doc| !doc.is_empty())
}

fn as_text(member: &Member<'_>) -> String {
    let Member { path, attribute, lever } = member;
    let width = output::width();
    let mut text = format!("{}\n", styled(output::STRONG, path));
    paper::row(&mut text, "is", &attribute.doc, width);
    let nullable = match attribute.nullable {
        Nullable::Yes => ", or null where there is none",
        Nullable::No => "",
    };
    paper::row(&mut text, "type", &format!("{}{nullable}", attribute.ty), width);
    match (attribute.origin, lever) {
        (Origin::Derived, _) => {
            paper::row(&mut text, "from", "other facts; it cannot be given", width);
        }
        (Origin::Given | Origin::GivenOrDerived, Some(lever)) => {
            paper::row(&mut text, "from", lever.comes_from, width);
        }
        (Origin::Given | Origin::GivenOrDerived, None) => {}
    }
    let Some(choices) = attribute.choices().filter(|choices| !choices.is_empty()) else {
        return text;
    };
    text.push('\n');
    let mut table = Table::new();
    table
        .load_preset(NOTHING)
        .set_width(u16::try_from(width.saturating_sub(2)).unwrap_or(u16::MAX))
        .set_content_arrangement(ContentArrangement::Dynamic);
    for choice in choices {
        table.add_row([escaped(&choice.name), escaped(&choice.doc)]);
    }
    for line in table.lines() {
        let _ = writeln!(text, "  {}", line.trim_end());
    }
    text
}
