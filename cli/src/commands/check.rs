//! `cts check`: is this campaign clear to send?

use cleartosend::expert::language::catalogue as words;
use cleartosend::expert::limits;
use cleartosend::{Decision, Engine, Facts, Lang, Report};
use cleartosend_account::{History, Possible};
use cleartosend_evidence::RecordOptions;

use crate::arguments::Check;
use crate::commands::{account, code_of, evidence};
use crate::failure::Failure;
use crate::output::Answer;
use crate::{engine, files, paper};

pub(super) fn run(arguments: &Check) -> Result<Answer, Failure> {
    evidence::refuse_place(&arguments.kept, &arguments.file)?;
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
    let report = if arguments.all { Report::EveryRule } else { Report::Findings };
    let decision = engine
        .report(&facts, report)
        .map_err(|error| Failure::of_facts(&arguments.file, &error))?;
    evidence::keep(&arguments.kept, &engine, &facts, RecordOptions::new())?;
    let answer = match arguments.json {
        true => Answer::of_bytes(format!("{}\n", decision.to_json())),
        false => Answer::new(as_text(&engine, &facts, &decision, arguments.read_in.lang)),
    };
    Ok(answer.with_code(code_of(decision.verdict())))
}

/// The paper, and below it what a violation would bring to this very account, where its history is
/// told. The decision document has no place for it: what can follow at worst is its `exposure`.
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
