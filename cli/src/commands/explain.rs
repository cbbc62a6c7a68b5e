//! `cts explain`: why, and what would help?

use std::io::IsTerminal as _;

use cleartosend::expert::limits;
use cleartosend::expert::render::{self, TimelineShape};
use cleartosend::{ExplainOptions, Facts};

use crate::arguments::Explain;
use crate::commands::{account, code_of};
use crate::failure::Failure;
use crate::output::Answer;
use crate::{engine, files, paper};

pub(super) fn run(arguments: &Explain) -> Result<Answer, Failure> {
    let engine = engine::of(&arguments.with)?;
    let document = files::read(&arguments.file, limits::DOCUMENT_BYTES_MAX)?;
    let facts = match arguments.at {
        Some(at) => Facts::from_json_at(engine.schema(), &document, at),
        None => Facts::from_json(engine.schema(), &document),
    };
    let mut facts = facts.map_err(|error| Failure::of_facts(&arguments.file, &error))?;
    account::tell(
        &mut facts,
        arguments.account.as_deref(),
        arguments.book.as_deref(),
        arguments.number.as_deref(),
    )?;
    let options = match arguments.until {
        Some(until) => ExplainOptions::default().until(until),
        None => ExplainOptions::default(),
    };
    let explanation = engine.explain(&facts, &options).map_err(|error| match error.facts() {
        Some(facts) => Failure::of_facts(&arguments.file, facts),
        None => Failure::new(&format!("{error} [{}]", error.code())),
    })?;
    let code = code_of(explanation.decision().verdict());
    let answer = match arguments.json {
        true => Answer::of_bytes(format!("{}\n", explanation.to_json())),
        false => {
            let shape = match std::io::stdout().is_terminal() {
                true => TimelineShape::Bar,
                false => TimelineShape::Lines,
            };
            let page = paper::page(arguments.read_in.lang);
            Answer::new(render::explanation(&explanation, &page, shape))
        }
    };
    Ok(answer.with_code(code))
}
