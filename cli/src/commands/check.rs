//! `cts check`: is this campaign clear to send?

use std::path::Path;

use cleartosend::expert::language::catalogue as words;
use cleartosend::expert::{limits, render};
use cleartosend::{Decision, Engine, ExplainOptions, Facts, Lang, Report, Verdict};
use cleartosend_account::{History, Possible};
use cleartosend_evidence::RecordOptions;

use crate::arguments::Check;
use crate::commands::{account, code_of, evidence, several};
use crate::failure::Failure;
use crate::format::{CheckForm, PageForm};
use crate::output::Answer;
use crate::{config, engine, files, inputs, paper};

pub(super) fn run(arguments: &Check) -> Result<Answer, Failure> {
    let form = arguments.answer_format.or(CheckForm::Text)?.parted();
    for file in &arguments.files {
        evidence::refuse_place(&arguments.kept, file)?;
    }
    let (form, file) = match (form, inputs::only(&arguments.files, arguments.ndjson)) {
        (Ok(form), Some(file)) => (form, file),
        // A build gets one document in the form of several.
        (form, _) => return several::run(arguments, form),
    };
    let config = config::of(&arguments.with.configured, Some(file))?;
    let engine =
        engine::over(&arguments.over, &arguments.waived, &arguments.with, config.as_ref())?;
    let document = files::read(file, limits::DOCUMENT_BYTES_MAX)?;
    let facts = match arguments.at {
        Some(at) => engine.facts_from_json_at(&document, at),
        None => engine.facts_from_json(&document),
    };
    let mut facts = facts.map_err(|error| Failure::of_facts(file, &error))?;
    account::tell(&mut facts, &arguments.of_account)?;
    evidence::keep(&arguments.kept, &engine, &facts, RecordOptions::new())?;
    let lang = arguments.read_in.lang;
    let idle = engine::idle_waivers(&engine, config.as_ref(), &facts);
    if form == PageForm::Text && !arguments.full && !arguments.all {
        let below = config::lines_below(&config) + idle.len();
        let (text, verdict) = on_one_screen(&engine, &facts, (file, below), lang)?;
        let answer = Answer::new(text).with_code(code_of(verdict)).with_footer(&idle.concat());
        return Ok(config::named(answer, &config));
    }
    let report = if arguments.all { Report::EveryRule } else { Report::Findings };
    let decision =
        engine.report(&facts, report).map_err(|error| Failure::of_facts(file, &error))?;
    let answer = match form {
        PageForm::Json => Answer::of_bytes(format!("{}\n", decision.to_json())),
        PageForm::Html => Answer::of_bytes(evidence::page_of_decision(file, &decision, lang)?),
        PageForm::Md => Answer::of_bytes(render::markdown::decision(&decision, lang)),
        PageForm::Text => Answer::new(as_text(&engine, &facts, &decision, lang)),
    };
    let answer = answer.with_code(code_of(decision.verdict())).with_footer(&idle.concat());
    Ok(config::named(answer, &config))
}

/// The decision on one screen, with what would meet each finding, and room for so many lines below.
pub(super) fn on_one_screen(
    engine: &Engine,
    facts: &Facts,
    (file, below): (&Path, usize),
    lang: Lang,
) -> Result<(String, Verdict), Failure> {
    let options = ExplainOptions::default().one_step();
    let explanation =
        engine.explain(facts, &options).map_err(|error| Failure::of_explanation(file, &error))?;
    Ok((paper::short(&explanation, below, lang), explanation.decision().verdict()))
}

/// The paper, and below it what a violation would bring to this very account, where its history is
/// known. The decision document has no member for it: what can follow at worst is its `exposure`.
pub(super) fn as_text(engine: &Engine, facts: &Facts, decision: &Decision, lang: Lang) -> String {
    /// A violation of which nothing else is known: ladders that name the kinds that they cover do
    /// not cover it.
    const ANY_KIND: &str = "other";
    let mut text = paper::of(decision, lang);
    let history = History::of(facts);
    let known = history.restrictions.is_some() && history.violations.is_some();
    if decision.exposure().is_empty() || !known {
        return text;
    }
    if let Ok(projection) =
        cleartosend_account::project(engine, &history, ANY_KIND, decision.send_at())
    {
        let steps: Vec<String> = projection.steps.iter().map(|step| in_words(step, lang)).collect();
        if !steps.is_empty() {
            let steps = steps.join(words::OR_STEP.of(lang));
            let says = words::NEXT_STEP.with(lang, &[("steps", &steps)]);
            paper::page(lang).row(&mut text, words::LABEL_NEXT_STEP, &says);
        }
    }
    text
}

/// The title of a step, which packs have in English; in other languages what the step amounts to.
fn in_words(step: &Possible, lang: Lang) -> String {
    if lang == Lang::English || step.exposure.is_empty() {
        return step.title.to_string();
    }
    let exposure: Vec<&str> =
        step.exposure.iter().map(|word| words::exposure(*word).of(lang)).collect();
    let exposure = exposure.join(", ");
    let days: Vec<String> =
        step.lengths.iter().filter_map(|length| length.days).map(|days| days.to_string()).collect();
    if days.is_empty() {
        return exposure;
    }
    let days = days.join(words::OR.of(lang));
    words::STEP_DAYS.with(lang, &[("step", &exposure), ("days", &days)])
}
