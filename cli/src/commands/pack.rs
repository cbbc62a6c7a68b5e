//! `cts pack`: is the pack in order, and what is in it?

mod analyse;
mod coverage;
mod explain;
mod list;
mod test;

use std::path::Path;
use std::sync::Arc;

use cleartosend::Pack;
use cleartosend::expert::text::escaped;

use crate::arguments;
use crate::engine::{self, Named};
use crate::failure::Failure;
use crate::output::Answer;

pub use coverage::Gap;
pub use test::{TestFailure, Tested, tested};

pub(super) fn run(command: &arguments::Pack) -> Result<Answer, Failure> {
    match command {
        arguments::Pack::Lint { folder } => lint(folder),
        arguments::Pack::Test { folder } => test::run(&loaded(folder)?),
        arguments::Pack::Analyse { packs, format } => analyse::run(packs, *format),
        arguments::Pack::List { folder: Some(folder) } => Ok(list::run(&[loaded(folder)?.pack])),
        arguments::Pack::Explain { rule, read_in, with } => {
            explain::run(&engine::of(with)?, rule, read_in.lang)
        }
        arguments::Pack::List { folder: None } => {
            let packs: Result<Vec<_>, Failure> = Pack::built_in_names()
                .map(|name| loaded(Path::new(name)).map(|loaded| loaded.pack))
                .collect();
            Ok(list::run(&packs?))
        }
    }
}

fn lint(folder: &Path) -> Result<Answer, Failure> {
    let called = folder.display().to_string();
    let pack = engine::load(&called, &engine::read_pack(folder)?)?;
    let count =
        |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    let contents = [
        count(pack.rules.len(), "rule"),
        count(pack.sets.len(), "set"),
        count(pack.ladders.len(), "ladder"),
        count(pack.tests.len(), "test"),
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

fn loaded(folder: &Path) -> Result<Loaded, Failure> {
    let named = engine::named_pack(folder)?;
    let pack = match &named {
        Named::Folder { called, files } => Arc::new(engine::load(called, files)?),
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
