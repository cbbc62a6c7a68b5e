//! `cts diff`: what changes from one pack to another, or from one date to another?

mod audience;
mod cases;
mod page;

use std::path::{Path, PathBuf};

use cleartosend::expert::limits;
use cleartosend::{DiffError, Difference, Engine, Facts, FactsError, Lang, Timestamp};
use serde_json::{Value, json};

use crate::commands::directory::Differences;
use crate::commands::evidence;
use crate::failure::{Failure, files_name};
use crate::format::PageForm;
use crate::output::Answer;
use crate::{arguments, config, engine, files};
use audience::Audience;
use cases::Cases;

/// Something changes.
const DIFFERENT: u8 = 4;

/// One side: an engine, and when its messages are sent where they are not at their own instants.
struct Side {
    engine: Engine,
    at: Option<Timestamp>,
}

impl Side {
    /// The facts of a campaign document, at this side's instant.
    fn facts(&self, campaign: &Path) -> Result<Facts, Failure> {
        let document = files::read(campaign, limits::DOCUMENT_BYTES_MAX)?;
        self.read(&document).map_err(|error| Failure::of_facts(campaign, &error))
    }

    fn read(&self, document: &[u8]) -> Result<Facts, FactsError> {
        match self.at {
            Some(at) => self.engine.facts_from_json_at(document, at),
            None => self.engine.facts_from_json(document),
        }
    }
}

/// What was compared.
struct Compared {
    difference: Difference,
    /// Where two directories were compared.
    directories: Option<Differences>,
    cases: Option<Cases>,
    audience: Option<Audience>,
}

pub(super) fn run(arguments: &arguments::Diff) -> Result<Answer, Failure> {
    let form = arguments.answer_format.or(PageForm::Text)?;
    let directory = arguments.directory.as_deref();
    let first = arguments.campaigns.first().map(PathBuf::as_path);
    let config = config::of(&arguments.configured, first)?;
    let new: &PathBuf = arguments.new.as_ref().unwrap_or(&arguments.old);
    let directories = directories(arguments, new)?;
    let side = |named: &Path, at| -> Result<Side, Failure> {
        let (trusting, config) = (&arguments.trusting, config.as_ref());
        let engine = match directories {
            Some(_) => engine::of_directory(named, trusting, config)?,
            None => engine::of_pack(named, directory, trusting, config)?,
        };
        Ok(Side { engine, at })
    };
    let (old, new) = (side(&arguments.old, arguments.old_at)?, side(new, arguments.new_at)?);
    let difference = difference(&old, &new)
        .map_err(|error| Failure::new(&format!("{error} [{}]", error.code())))?;
    let (mut cases, mut audience) = (None, None);
    match (arguments.campaigns.as_slice(), &arguments.audience) {
        ([], _) => {}
        ([campaign], Some(file)) => {
            audience = Some(Audience::screened(&old, &new, campaign, file)?);
        }
        (files, None) => cases = Some(Cases::judged(&old, &new, files)?),
        (_, Some(_)) => {
            return Err(Failure::new(
                "an audience is of one campaign; name one with `--campaigns`",
            ));
        }
    }
    let changes = difference.changes_meaning()
        || directories.as_ref().is_some_and(|directories| !directories.is_same())
        || cases.as_ref().is_some_and(|cases| !cases.changed.is_empty())
        || audience.as_ref().is_some_and(|audience| audience.changed > 0);
    let compared = Compared { difference, directories, cases, audience };
    let answer = match form {
        PageForm::Json => Answer::of_bytes(format!("{}\n", as_json(&compared))),
        PageForm::Html => {
            let document = as_json(&compared).to_string();
            let place = match (&arguments.new, arguments.old_at.zip(arguments.new_at)) {
                (Some(new), _) => format!("{} – {}", arguments.old.display(), new.display()),
                (None, Some((old, new))) => format!("{old} – {new}"),
                (None, None) => arguments.old.display().to_string(),
            };
            let report = cleartosend_evidence::Report::new();
            let place = Path::new(&place);
            Answer::of_bytes(evidence::page(report, place, &document, Lang::English)?)
        }
        PageForm::Text => Answer::new(page::text(&compared)),
        PageForm::Md => Answer::of_bytes(page::markdown(&compared)),
    };
    Ok(config::named(answer.with_code(if changes { DIFFERENT } else { 0 }), &config))
}

/// What differs between the files of two directories; none where packs are named.
fn directories(arguments: &arguments::Diff, new: &Path) -> Result<Option<Differences>, Failure> {
    let old = &arguments.old;
    let (one, other) = match (old.is_file(), new.is_file()) {
        (false, false) => return Ok(None),
        (true, true) if arguments.directory.is_none() => {
            return Differences::between(old, new).map(Some);
        }
        (true, true) => {
            return Err(Failure::new(
                "two directories are compared; expected none by `--directory` beside them",
            ));
        }
        (true, false) => (old.as_path(), new),
        (false, true) => (new, old.as_path()),
    };
    Err(Failure::new(&format!(
        "{} is a file and {} is none; expected two packs, each a folder or a name, or the files of \
         two provider directories",
        files_name(one),
        files_name(other)
    )))
}

fn difference(old: &Side, new: &Side) -> Result<Difference, DiffError> {
    match (old.at, new.at) {
        (Some(old_at), Some(new_at)) => old.engine.diff_at(old_at, &new.engine, new_at),
        _ => old.engine.diff(&new.engine),
    }
}

fn as_json(compared: &Compared) -> Value {
    let mut document = json!(compared.difference);
    if let Value::Object(members) = &mut document {
        let cases = compared.cases.as_ref().map_or(Value::Null, Cases::to_json);
        let audience = compared.audience.as_ref().map_or(Value::Null, Audience::to_json);
        if let Some(directories) = &compared.directories {
            members.insert("directories".to_owned(), directories.to_json());
        }
        members.insert("campaigns".to_owned(), cases);
        members.insert("audience".to_owned(), audience);
    }
    document
}
