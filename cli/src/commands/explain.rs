//! `cts explain`: why, and what would help?

use cleartosend::ExplainOptions;
use cleartosend::expert::{limits, render};
use cleartosend_evidence::RecordOptions;

use crate::arguments::Explain;
use crate::commands::{account, code_of, evidence};
use crate::failure::Failure;
use crate::format::PageForm;
use crate::output::Answer;
use crate::{config, engine, files, paper};

pub(super) fn run(arguments: &Explain) -> Result<Answer, Failure> {
    let form = arguments.answer_format.or(PageForm::Text)?;
    evidence::refuse_place(&arguments.kept, &arguments.file)?;
    let lang = arguments.read_in.lang;
    let config = config::of(&arguments.with.configured, Some(&arguments.file))?;
    let engine =
        engine::over(&arguments.over, &arguments.waived, &arguments.with, config.as_ref())?;
    let document = files::read(&arguments.file, limits::DOCUMENT_BYTES_MAX)?;
    let facts = match arguments.at {
        Some(at) => engine.facts_from_json_at(&document, at),
        None => engine.facts_from_json(&document),
    };
    let mut facts = facts.map_err(|error| Failure::of_facts(&arguments.file, &error))?;
    account::tell(&mut facts, &arguments.of_account)?;
    let options = match arguments.until {
        Some(until) => ExplainOptions::default().until(until),
        None => ExplainOptions::default(),
    };
    let explanation = engine
        .explain(&facts, &options)
        .map_err(|error| Failure::of_explanation(&arguments.file, &error))?;
    evidence::keep(&arguments.kept, &engine, &facts, RecordOptions::new().explain(options))?;
    let answer = match form {
        PageForm::Json => Answer::of_bytes(format!("{}\n", explanation.to_json())),
        PageForm::Html => {
            Answer::of_bytes(evidence::page_of_explanation(&arguments.file, &explanation, lang)?)
        }
        PageForm::Md => Answer::of_bytes(render::markdown::explanation(&explanation, lang)),
        PageForm::Text => Answer::new(paper::explanation(&explanation, lang)),
    };
    let code = code_of(explanation.decision().verdict());
    let idle = engine::idle_waivers(&engine, config.as_ref(), &facts);
    Ok(config::named(answer.with_code(code).with_footer(&idle.concat()), &config))
}
