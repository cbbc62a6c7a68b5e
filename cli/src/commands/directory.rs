//! `cts directory`: which providers does a list name, and what changed in it?

mod entry;
mod import;

use std::fmt::Write as _;
use std::path::Path;

use cleartosend::directory::{Difference, Identity, Snapshot, diff};
use cleartosend::expert::suggest::nearest;
use cleartosend::expert::text::escaped;
use cleartosend::{Directory, Lang, Timestamp};
use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};
use serde_json::{Map, Value, json};

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
    let differences = Differences::between(old, new)?;
    let code = if differences.is_same() { 0 } else { DIFFERENT };
    let answer = match form {
        PlainForm::Json => {
            Answer::for_reader(format!("{}\n", differences.to_json()), Reader::Programs)
        }
        PlainForm::Text => Answer::for_reader(differences.to_text(), Reader::People),
    };
    Ok(answer.with_code(code))
}

/// Where two directories differ.
pub(super) struct Differences {
    entries: Difference,
    /// What differs of the list itself, each with what it was and what it is, as JSON.
    of_list: Vec<(&'static str, Value, Value)>,
}

impl Differences {
    pub(super) fn between(old: &Path, new: &Path) -> Result<Self, Failure> {
        let read = |file| engine::read_directory(file).map(|directory| directory.to_snapshot());
        let (old, new) = (read(old)?, read(new)?);
        let mut of_list = Vec::new();
        if old.complete != new.complete {
            of_list.push(("complete", json!(old.complete), json!(new.complete)));
        }
        if old.covers != new.covers {
            let covers = |of: &Snapshot| {
                let until = of.covers.until.map(|until| until.to_string());
                json!({"from": of.covers.from.to_string(), "until": until})
            };
            of_list.push(("covers", covers(&old), covers(&new)));
        }
        Ok(Self { entries: diff(&old, &new), of_list })
    }

    pub(super) fn is_same(&self) -> bool {
        let Difference { added, removed, changed, .. } = &self.entries;
        added.is_empty() && removed.is_empty() && changed.is_empty() && self.of_list.is_empty()
    }

    pub(super) fn to_json(&self) -> Value {
        let named = |entries: &[cleartosend::directory::Entry]| -> Vec<Value> {
            entries.iter().map(|entry| json!({"id": entry.id, "name": entry.name})).collect()
        };
        let parsed = |member: &str| serde_json::from_str::<Value>(member).unwrap_or(Value::Null);
        let changed = self.entries.changed.iter().map(|change| {
            let members = change.members.iter().map(|(name, was, is)| {
                ((*name).to_owned(), json!({"was": parsed(was), "is": parsed(is)}))
            });
            let members: Map<String, Value> = members.collect();
            json!({"id": change.id, "name": change.name, "members": members})
        });
        let of_list = self.of_list.iter();
        let of_list: Map<String, Value> = of_list
            .map(|(name, was, is)| ((*name).to_owned(), json!({"was": was, "is": is})))
            .collect();
        json!({
            "same": self.is_same(), "added": named(&self.entries.added),
            "removed": named(&self.entries.removed), "changed": changed.collect::<Vec<_>>(),
            "members": of_list,
        })
    }

    pub(super) fn to_text(&self) -> String {
        let mut text = String::new();
        for (word, style, entries) in [
            ("added", output::GOOD, &self.entries.added),
            ("removed", output::BAD, &self.entries.removed),
        ] {
            for entry in entries {
                let (name, id) = (escaped(&entry.name), escaped(&entry.id));
                let _ = writeln!(text, "{}  {name} ({id})", styled(style, word));
            }
        }
        let differ = |name: &str, was: &str, is: &str| {
            format!("   {name}\n      was {}\n      is  {}\n", escaped(was), escaped(is))
        };
        let changed = styled(output::DOUBTFUL, "changed");
        for change in &self.entries.changed {
            let (name, id) = (escaped(&change.name), escaped(&change.id));
            let _ = writeln!(text, "{changed}  {name} ({id})");
            for (name, was, is) in &change.members {
                text.push_str(&differ(name, was, is));
            }
        }
        if !self.of_list.is_empty() {
            let _ = writeln!(text, "{changed}  the list itself");
        }
        for (name, was, is) in &self.of_list {
            text.push_str(&differ(name, &was.to_string(), &is.to_string()));
        }
        let _ = writeln!(text, "{}", self.counts());
        text
    }

    /// How many providers differ, in a line without its end.
    pub(super) fn counts(&self) -> String {
        let Difference { added, removed, changed, .. } = &self.entries;
        format!("{} added, {} removed, {} changed", added.len(), removed.len(), changed.len())
    }
}
