//! `cts pack`: is the pack in order, and what is in it?

mod analyse;
mod explain;
mod fmt;
mod lint;
mod list;
mod new;
mod register;
mod test;
mod watch;

use std::path::Path;
use std::sync::Arc;

use cleartosend::Pack;
use cleartosend::pack::PackTests;

use crate::arguments::pack::Pack as Command;
use crate::ci::{self, Case, CiForm};
use crate::commands::evidence::{Kind, check_signature, sign};
use crate::commands::scan::now;
use crate::config;
use crate::engine::{self, Named};
use crate::failure::{Failure, files_name};
use crate::format::{PlainForm, RegisterForm, TestForm};
use crate::output::Answer;

pub(crate) use analyse::directory_of_tests;

pub(super) fn run(command: &Command) -> Result<Answer, Failure> {
    match command {
        Command::Sign(arguments) => sign(Kind::Pack, arguments),
        Command::Verify(arguments) => check_signature(Kind::Pack, arguments),
        Command::Analyse { packs, answer_format, trusting, configured } => {
            let form = answer_format.or(PlainForm::Text)?;
            if !packs.is_empty() {
                return Ok(analyse::of(&engine::of_packs(packs, trusting)?, form));
            }
            let Some(config) = config::of(configured, None)? else {
                return Err(Failure::new(
                    "name the packs to analyse: there is no `cts.toml` that names them",
                ));
            };
            let engine = engine::of_config(&config, trusting)?;
            Ok(config::named(analyse::of(&engine, form), [&config]))
        }
        Command::Fmt { folder, check } => {
            fmt::run(folder, if *check { fmt::Then::Tell } else { fmt::Then::Write })
        }
        Command::New { folder, at } => new::run(folder, at.map_or_else(now, Ok)?),
        Command::Lint { folder, at, deny, answer_format } => {
            let at = at.map_or_else(now, Ok)?;
            let form = answer_format.or(TestForm::Text)?.parted();
            match (loaded(folder), form) {
                (Err(failure), Err(form)) => refused(lint::WHAT, folder, failure, form),
                (loaded, form) => lint::run(&loaded?, at, *deny, form),
            }
        }
        Command::Test { folder, draft: true, .. } => test::draft(&loaded(folder)?),
        Command::Test { folder, only, coverage, threshold, watch, answer_format, .. } => {
            let form = answer_format.or(TestForm::Text)?.parted();
            let wanted = test::Wanted { only, coverage: *coverage, threshold: *threshold };
            let run = || match (loaded(folder), form) {
                (Err(failure), Err(form)) => refused(test::WHAT, folder, failure, form),
                (loaded, form) => test::run(&loaded?, &wanted, form),
            };
            match (watch, form) {
                (false, _) => run(),
                (true, Ok(_)) => watch::run(folder, run),
                (true, Err(_)) => Err(Failure::new(
                    "`--watch` prints an answer after each change, as text or as a line of JSON",
                )),
            }
        }
        Command::Explain { rule, clauses, read_in, with } => {
            let config = config::of(&with.configured, None)?;
            let engine = engine::of_drafts(with, config.as_ref())?;
            let detail = match clauses {
                true => explain::Detail::Clauses,
                false => explain::Detail::Sentences,
            };
            Ok(config::named(explain::run(&engine, rule, detail, read_in.lang)?, &config))
        }
        Command::List { folder, answer_format } => {
            let form = answer_format.or(RegisterForm::Text)?;
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

/// A pack that cannot be read, for a build: each problem at its line.
fn refused(what: &str, folder: &Path, failure: Failure, form: CiForm) -> Result<Answer, Failure> {
    let manifest = folder.join("pack.toml");
    let case = Case::of_failure(files_name(folder), &manifest, None, &failure);
    let answer = ci::report(form, what, &[case])?;
    Ok(answer.with_code(failure.code).with_note(failure.text))
}

/// A pack, and what is needed to make an engine of it alone.
struct Loaded {
    named: Named,
    pack: Arc<Pack>,
}

impl Loaded {
    /// What the caller calls it: its folder, or its name.
    fn called(&self) -> &str {
        match &self.named {
            Named::Folder { called, .. } | Named::BuiltIn(called) => called,
        }
    }

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
