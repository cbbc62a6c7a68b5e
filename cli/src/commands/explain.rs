//! `cts explain`: why, and what would help?

use cleartosend::expert::{limits, render};
use cleartosend::{ExplainOptions, Facts};

use crate::arguments::Explain;
use crate::commands::{account, code_of};
use crate::failure::Failure;
use crate::format::PageForm;
use crate::output::Answer;
use crate::{engine, files, paper};

pub(super) fn run(arguments: &Explain) -> Result<Answer, Failure> {
    let form = arguments.told.or(PageForm::Text)?;
    let lang = arguments.read_in.lang;
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
    let explanation = engine
        .explain(&facts, &options)
        .map_err(|error| Failure::of_explanation(&arguments.file, &error))?;
    let answer = match form {
        PageForm::Json => Answer::of_bytes(format!("{}\n", explanation.to_json())),
        PageForm::Md => {
            Answer::of_bytes(render::markdown::explanation(&explanation, engine.schema(), lang))
        }
        PageForm::Text => Answer::new(paper::explanation(&engine, &explanation, lang)),
    };
    Ok(answer.with_code(code_of(explanation.decision().verdict())))
}
