//! `cts directory`: which providers does a list name, and what changed in it?

mod entry;
mod import;

use std::fmt::Write as _;
use std::path::Path;

use cleartosend::directory::{Identity, diff};
use cleartosend::expert::suggest::nearest;
use cleartosend::expert::text::escaped;
use cleartosend::{Directory, Lang, Timestamp};
use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};
use serde_json::{Value, json};

pub(super) use entry::{as_json as entry_as_json, write as write_entry};

use crate::arguments;
use crate::commands::evidence::{Kind, check_signature, sign};
use crate::engine;
use crate::failure::Failure;
use crate::format::PlainForm;
use crate::output::{self, Answer, Reader, styled};
use crate::paper;
use cleartosend::DirectoryStamp;

/// Where two directories differ.
const DIFFERENT: u8 = 1;

pub(super) fn run(command: &arguments::Directory) -> Result<Answer, Failure> {
    match command {
        arguments::Directory::Sign(arguments) => sign(Kind::Directory, arguments),
        arguments::Directory::Verify(arguments) => check_signature(Kind::Directory, arguments),
        arguments::Directory::Import(arguments) => import::import(arguments),
        arguments::Directory::Merge { files, output } => import::merge(files, output.as_deref()),
        arguments::Directory::List { at, answer_format, of } => {
            let form = answer_format.or(PlainForm::Text)?;
            let directory = engine::directory(of.directory.as_deref(), of.own.as_deref())?;
            let at = at.unwrap_or(directory.retrieved_at());
            Ok(match form {
                PlainForm::Json => Answer::of_bytes(list_as_json(&directory, at)),
                PlainForm::Text => Answer::new(list_as_text(&directory, at)),
            })
        }
        arguments::Directory::Show { provider, at, answer_format, of } => {
            let form = answer_format.or(PlainForm::Text)?;
            let directory = engine::directory(of.directory.as_deref(), of.own.as_deref())?;
            let at = at.unwrap_or(directory.retrieved_at());
            show(&directory, provider, at, form)
        }
        arguments::Directory::Diff { old, new, answer_format } => {
            differences(old, new, answer_format.or(PlainForm::Text)?)
        }
    }
}

fn list_as_json(directory: &Directory, at: Timestamp) -> String {
    let providers: Vec<Value> = directory
        .providers()
        .iter()
        .map(|provider| entry_as_json(directory, provider, at))
        .collect();
    format!(
        "{}\n",
        json!({"at": at.to_string(), "directory": DirectoryStamp::of(directory), "providers": providers})
    )
}

fn list_as_text(directory: &Directory, at: Timestamp) -> String {
    let mut table = Table::new();
    table.load_preset(NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(["id", "name", "domains", "role", "listing"]);
    for provider in directory.providers() {
        table.add_row([
            &escaped(provider.id()),
            &escaped(provider.name()),
            &escaped(&provider.domains().join(" ")),
            provider.role().unwrap_or("-"),
            directory.listing(provider, at).name(),
        ]);
    }
    let mut text = String::new();
    for line in table.lines() {
        let _ = writeln!(text, "{}", line.trim());
    }
    let stamp = paper::directory(&DirectoryStamp::of(directory));
    let _ =
        writeln!(text, "\n{} providers at {at}; {}", directory.providers().len(), escaped(&stamp));
    text
}

fn show(
    directory: &Directory,
    asked: &str,
    at: Timestamp,
    form: PlainForm,
) -> Result<Answer, Failure> {
    let by_name =
        || directory.find(&Identity { name: Some(asked), ..Identity::default() }, at).entry;
    let Some(provider) = directory.provider(asked).or_else(by_name) else {
        let known =
            directory.providers().iter().flat_map(|provider| [provider.name(), provider.id()]);
        let near = nearest(asked, known)
            .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        return Err(Failure::new(&format!("the directory has no provider `{asked}`{near}")));
    };
    if form == PlainForm::Json {
        return Ok(Answer::of_bytes(format!("{}\n", entry_as_json(directory, provider, at))));
    }
    let listing = directory.listing(provider, at);
    let mut text = format!(
        "{}  {} at {at}\n",
        styled(output::STRONG, listing.name()),
        escaped(provider.name())
    );
    write_entry(&mut text, provider, &paper::page(Lang::English));
    paper::row(
        &mut text,
        "directory",
        &paper::directory(&DirectoryStamp::of(directory)),
        output::width(),
    );
    Ok(Answer::new(text))
}

fn differences(old: &Path, new: &Path, form: PlainForm) -> Result<Answer, Failure> {
    let read = |file| engine::read_directory(file).map(|directory| directory.to_snapshot());
    let difference = diff(&read(old)?, &read(new)?);
    let is_same = difference.added.is_empty()
        && difference.removed.is_empty()
        && difference.changed.is_empty();
    let named = |entries: &[cleartosend::directory::Entry]| -> Vec<Value> {
        entries.iter().map(|entry| json!({"id": entry.id, "name": entry.name})).collect()
    };
    let mut text = String::new();
    if form == PlainForm::Json {
        let parsed = |member: &str| serde_json::from_str::<Value>(member).unwrap_or(Value::Null);
        let changed: Vec<Value> = difference
            .changed
            .iter()
            .map(|change| {
                let members =
                    change.members.iter().map(|(name, was, is)| ((*name).to_owned(), json!({"was": parsed(was), "is": parsed(is)})));
                json!({"id": change.id, "name": change.name, "members": members.collect::<serde_json::Map<_, _>>()})
            })
            .collect();
        let _ = writeln!(
            text,
            "{}",
            json!({"same": is_same, "added": named(&difference.added), "removed": named(&difference.removed), "changed": changed})
        );
    } else {
        for entry in &difference.added {
            let _ = writeln!(
                text,
                "{}  {} ({})",
                styled(output::GOOD, "added"),
                escaped(&entry.name),
                escaped(&entry.id)
            );
        }
        for entry in &difference.removed {
            let _ = writeln!(
                text,
                "{}  {} ({})",
                styled(output::BAD, "removed"),
                escaped(&entry.name),
                escaped(&entry.id)
            );
        }
        for change in &difference.changed {
            let _ = writeln!(
                text,
                "{}  {} ({})",
                styled(output::DOUBTFUL, "changed"),
                escaped(&change.name),
                escaped(&change.id)
            );
            for (name, was, is) in &change.members {
                let _ = writeln!(
                    text,
                    "   {name}\n      was {}\n      is  {}",
                    escaped(was),
                    escaped(is)
                );
            }
        }
        let (added, removed, changed) =
            (difference.added.len(), difference.removed.len(), difference.changed.len());
        let _ = writeln!(text, "{added} added, {removed} removed, {changed} changed");
    }
    let reader = if form == PlainForm::Json { Reader::Programs } else { Reader::People };
    Ok(Answer::for_reader(text, reader).with_code(if is_same { 0 } else { DIFFERENT }))
}
