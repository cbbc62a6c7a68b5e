//! `cts check`: is this campaign clear to send?

use cleartosend::decide::Report;
use cleartosend::facts::Facts;
use cleartosend::limits;

use crate::arguments::Check;
use crate::commands::{account, code_of};
use crate::failure::Failure;
use crate::output::{self, Answer};
use crate::{engine, files, paper};

pub(super) fn run(arguments: &Check) -> Result<Answer, Failure> {
    let engine = engine::of(&arguments.with)?;
    let document = files::read(&arguments.file, limits::DOCUMENT_BYTES_MAX)?;
    let facts = match arguments.at {
        Some(at) => Facts::from_json_at(engine.schema(), &document, at),
        None => Facts::from_json(engine.schema(), &document),
    };
    let mut facts = facts.map_err(|error| Failure::of_facts(&arguments.file, &error))?;
    if let Some(file) = &arguments.account {
        account::state(file)?.tell(&mut facts).map_err(|error| Failure::of_facts(file, &error))?;
    }
    let report = if arguments.all { Report::EveryRule } else { Report::Findings };
    let decision = engine.report(&facts, report).map_err(|error| Failure::of_facts(&arguments.file, &error))?;
    let text = if arguments.json { format!("{}\n", decision.to_json()) } else { paper::of(&decision, output::width()) };
    Ok(Answer::new(text).with_code(code_of(decision.verdict)))
}
