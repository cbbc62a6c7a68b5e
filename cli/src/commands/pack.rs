//! `cts pack`: is the pack in order, and what is in it?

mod analyse;
mod coverage;
mod explain;
mod list;
mod new;
mod register;
mod test;
mod waivers;

use std::path::Path;
use std::sync::Arc;

use cleartosend::expert::text::escaped;
use cleartosend::pack::PackTests;
use cleartosend::{Pack, Timestamp};
use serde_json::json;

use crate::arguments;
use crate::commands::evidence::{Kind, check_signature, sign};
use crate::commands::scan::now;
use crate::config;
use crate::engine::{self, Named};
use crate::failure::Failure;
use crate::format::{PlainForm, RegisterForm, TestForm};
use crate::output::Answer;

pub use coverage::Gap;
pub use test::{TestFailure, Tested, tested};

pub(super) fn run(command: &arguments::Pack) -> Result<Answer, Failure> {
    match command {
        arguments::Pack::Sign(arguments) => sign(Kind::Pack, arguments),
        arguments::Pack::Verify(arguments) => check_signature(Kind::Pack, arguments),
        arguments::Pack::Analyse { packs, told } => analyse::run(packs, told.or(PlainForm::Text)?),
        arguments::Pack::New { folder, at } => new::run(folder, at.map_or_else(now, Ok)?),
        arguments::Pack::Lint { folder, at, told } => lint(folder, *at, told.or(PlainForm::Text)?),
        arguments::Pack::Test { folder, told } => {
            let form = told.or(TestForm::Text)?.parted();
            match (loaded(folder), form) {
                (Err(failure), Err(form)) => test::refused(folder, failure, form),
                (loaded, form) => test::run(&loaded?, form),
            }
        }
        arguments::Pack::Explain { rule, read_in, with } => {
            let config = config::of(&with.configured, None)?;
            let engine = engine::of(with, config.as_ref())?;
            Ok(config::named(explain::run(&engine, rule, read_in.lang)?, &config))
        }
        arguments::Pack::List { folder, told } => {
            let form = told.or(RegisterForm::Text)?;
            let packs = match folder {
                Some(folder) => vec![loaded(folder)?.pack],
                None => {
                    let packs: Result<Vec<_>, Failure> = Pack::built_in_names()
                        .map(|name| loaded(Path::new(name)).map(|loaded| loaded.pack))
                        .collect();
                    packs?
                }
            };
            Ok(register::run(&packs, form).unwrap_or_else(|| list::run(&packs)))
        }
    }
}

fn lint(folder: &Path, at: Option<Timestamp>, form: PlainForm) -> Result<Answer, Failure> {
    let called = folder.display().to_string();
    let files = engine::read_pack(folder)?;
    let pack = engine::load(&called, &files)?;
    let tests = pack.tests().map_err(|errors| Failure::of_pack(&called, &files, &errors))?;
    let at = at.map_or_else(now, Ok)?;
    let idle = waivers::idle(&pack, (&called, &files), at)?;
    if form == PlainForm::Json {
        let answer = json!({
            "pack": &*pack.name,
            "version": pack.version.to_string(),
            "digest": pack.digest.to_string(),
            "rules": pack.rules.len(),
            "sets": pack.sets.len(),
            "ladders": pack.ladders.len(),
            "tests": tests.tests.len(),
            "unread": unread(&pack),
            "idle_waivers": idle,
        });
        return Ok(Answer::of_bytes(format!("{answer}\n")));
    }
    let count =
        |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    let contents = [
        count(pack.rules.len(), "rule"),
        count(pack.sets.len(), "set"),
        count(pack.ladders.len(), "ladder"),
        count(tests.tests.len(), "test"),
    ];
    let called = escaped(&called);
    let mut text = format!(
        "{called}: in order: {} {}, {}, {}\n",
        pack.name,
        pack.version,
        contents.join(", "),
        pack.digest
    );
    for path in unread(&pack) {
        text.push_str(&format!("{called}: warning: `{path}` is declared, and no rule reads it\n"));
    }
    idle.iter().for_each(|line| text.push_str(line));
    Ok(Answer::new(text))
}

/// The attributes that a pack declares and neither the conditions nor the texts of its rules name.
/// A caller who gives one believes that it counts.
fn unread(pack: &Pack) -> Vec<&str> {
    let is_read = |path: &str| {
        pack.schema
            .id(path)
            .is_some_and(|id| pack.rules.iter().any(|rule| rule.attributes.contains(&id)))
    };
    pack.attributes.iter().map(|attribute| &*attribute.path).filter(|path| !is_read(path)).collect()
}

/// A pack, and what is needed to make an engine of it alone.
struct Loaded {
    named: Named,
    pack: Arc<Pack>,
}

impl Loaded {
    /// The pack's tests.
    fn tests(&self) -> Result<&PackTests, Failure> {
        let (called, files) = match &self.named {
            Named::Folder { called, files, .. } => (called, files.as_slice()),
            Named::BuiltIn(name) => (name, &[][..]),
        };
        self.pack.tests().map_err(|errors| Failure::of_pack(called, files, &errors))
    }
}

fn loaded(folder: &Path) -> Result<Loaded, Failure> {
    let named = engine::named_pack(folder)?;
    let pack = match &named {
        Named::Folder { pack, .. } => Arc::clone(pack),
        Named::BuiltIn(name) => {
            let unknown = || {
                Failure::of_engine(&cleartosend::EngineError::UnknownPack { name: name.clone() })
            };
            Pack::built_in(name)
                .ok_or_else(unknown)?
                .map_err(|errors| Failure::of_pack(name, &[], &errors))?
        }
    };
    Ok(Loaded { named, pack })
}
