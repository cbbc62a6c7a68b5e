//! `cts report`: decisions as a page for people.

use std::num::NonZeroUsize;
use std::path::Path;

use cleartosend::expert::text::escaped;
use cleartosend::{Decision, Engine, EngineBuilder, Explanation, Lang, Pack};
use cleartosend_evidence::{Chain, Page, RecordError, Report};

use super::verify::count;
use super::{DIFFERS, NOT_JUDGED, UNREADABLE, inputs, mask};
use crate::arguments::evidence::{ReportFormat, ReportOf};
use crate::failure::{Failure, files_name};
use crate::files;
use crate::format::PageForm;
use crate::output::Answer;

pub(in crate::commands) fn run(arguments: &ReportOf) -> Result<Answer, Failure> {
    if let Some(output) = &arguments.output {
        let named: Vec<&Path> = arguments.files.iter().map(std::path::PathBuf::as_path).collect();
        files::refuse_input(output, &named, "name another file by `--output`")?;
    }
    let page = form_of(arguments)?;
    let lang = arguments.read_in.lang;
    let mut report = Report::new();
    // A record of a screening has the names of rules alone.
    let all = Pack::built_in_names().fold(Engine::builder(), EngineBuilder::built_in_pack);
    if let Ok(engine) = all.build() {
        report = report.titles(&engine, lang);
    }
    if let Some(key) = &arguments.mask_key {
        report = report.mask(mask(key)?);
    }
    let inputs = inputs::all(&arguments.files)?;
    let (mut problems, mut unreadable) = (Vec::new(), Vec::new());
    inputs::each(
        &inputs,
        Some(NonZeroUsize::MIN),
        |_| (),
        |piece, ()| {
            let place = piece.place(&inputs);
            let mut add = |place: &str, document: &[u8]| {
                if let Err(error) = report.add(place, document) {
                    let reason = format!("{error} [{}]", error.code());
                    problems.push(format!("{place}: unreadable: {reason}"));
                    unreadable.push((place.to_owned(), reason));
                }
            };
            match &piece.bytes {
                Ok(bytes) if piece.line.is_some() && !Chain::is_record(bytes) => {}
                Ok(bytes) => match lines_of(bytes) {
                    Some(lines) if piece.line.is_none() => {
                        for (number, line) in lines {
                            add(&format!("{place}:{number}"), line);
                        }
                    }
                    _ => add(&place, bytes),
                },
                Err(reason) => {
                    problems.push(format!("{place}: unreadable: {reason}"));
                    unreadable.push((place, reason.clone()));
                }
            }
        },
    );
    let passed_over = inputs::passed_over(&arguments.files);
    let note: String = problems.iter().map(|problem| format!("{}\n", escaped(problem))).collect();
    if report.is_empty() {
        problems.insert(0, "there is nothing to report".to_owned());
        return Err(Failure::of_all_lines(&problems)
            .unwrap_or_else(|| Failure::new("there is nothing to report")));
    }
    for (place, reason) in &unreadable {
        report.add_unreadable(place, reason);
    }
    for passed in &passed_over {
        report.add_unreadable(&files_name(&passed.file), passed.reason);
    }
    let note = note + &inputs::lines_of(&passed_over);
    let text = page_of(&report, page, lang)?;
    let code = match (problems.is_empty(), report.differ()) {
        (true, 0) if !passed_over.is_empty() => NOT_JUDGED,
        (true, 0) => 0,
        (true, _) => DIFFERS,
        (false, _) => UNREADABLE,
    };
    let differ = match report.differ() {
        0 => String::new(),
        1 => "1 record contradicts itself: it was changed after it was made; see `cts verify`\n"
            .to_owned(),
        records => format!(
            "{} contradict themselves: they were changed after they were made; see `cts verify`\n",
            count(records)
        ),
    };
    let answer = match &arguments.output {
        None => Answer::of_bytes(text),
        Some(output) => {
            files::write(output, &text)?;
            Answer::new(format!(
                "{}: a report of {}\n",
                files_name(output),
                documents(report.len())
            ))
        }
    };
    Ok(answer.with_note(note + &differ).with_code(code))
}

/// The lines of a file that is many documents, one a line; nothing of one document.
fn lines_of(bytes: &[u8]) -> Option<Vec<(usize, &[u8])>> {
    let is_json = |bytes: &[u8]| serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok();
    if is_json(bytes) {
        return None;
    }
    let lines = bytes.split(|byte| *byte == b'\n').zip(1..);
    let lines: Vec<_> = lines
        .map(|(line, number)| (number, line))
        .filter(|(_, line)| !line.trim_ascii().is_empty())
        .collect();
    (lines.len() > 1 && lines.iter().all(|(_, line)| is_json(line))).then_some(lines)
}

/// A page of one document, to a report that may know titles already.
pub(in crate::commands) fn page(
    mut report: Report,
    place: &Path,
    document: &str,
    lang: Lang,
) -> Result<String, Failure> {
    let added = report.add(&place.display().to_string(), document.as_bytes());
    added.map_err(|error| failure(&error))?;
    page_of(&report, Page::Html, lang)
}

/// A page of a decision, with what its rules say in the language of the page.
pub(in crate::commands) fn page_of_decision(
    place: &Path,
    decision: &Decision,
    lang: Lang,
) -> Result<String, Failure> {
    let mut report = Report::new();
    add_to_page(&mut report, &place.display().to_string(), decision, lang)?;
    page_of(&report, Page::Html, lang)
}

/// A page of an explanation, with what its rules say in the language of the page.
pub(in crate::commands) fn page_of_explanation(
    place: &Path,
    explanation: &Explanation,
    lang: Lang,
) -> Result<String, Failure> {
    let mut report = Report::new();
    let added = report.add_explanation(&place.display().to_string(), explanation, lang);
    added.map_err(|error| failure(&error))?;
    page_of(&report, Page::Html, lang)
}

/// Adds a decision.
pub(in crate::commands) fn add_to_page(
    report: &mut Report,
    place: &str,
    decision: &Decision,
    lang: Lang,
) -> Result<(), Failure> {
    report.add_decision(place, decision, lang).map_err(|error| failure(&error))
}

/// The page of a report.
pub(in crate::commands) fn page_of(
    report: &Report,
    page: Page,
    lang: Lang,
) -> Result<String, Failure> {
    report.page(page, lang).map_err(|error| failure(&error))
}

/// What was written for people or programs, or the page of it.
pub(super) fn answer_in(
    form: PageForm,
    text: String,
    report: &Report,
    lang: Lang,
) -> Result<Answer, Failure> {
    Ok(match form {
        PageForm::Text => Answer::new(text),
        PageForm::Json => Answer::of_bytes(text),
        PageForm::Html => Answer::of_bytes(page_of(report, Page::Html, lang)?),
        PageForm::Md => Answer::of_bytes(page_of(report, Page::Markdown, lang)?),
    })
}

fn failure(error: &RecordError) -> Failure {
    Failure::new(&format!("{error} [{}]", error.code()))
}

/// `1 document`, `2 documents`
fn documents(count: u64) -> String {
    if count == 1 { "1 document".to_owned() } else { format!("{count} documents") }
}

/// As it was asked for, or else by the name of the output.
fn form_of(arguments: &ReportOf) -> Result<Page, Failure> {
    let end = arguments.output.as_deref().and_then(Path::extension);
    match (arguments.format, end.and_then(|end| end.to_str())) {
        (Some(ReportFormat::Html), _) => Ok(Page::Html),
        (Some(ReportFormat::Md), _) | (None, Some("md" | "markdown")) => Ok(Page::Markdown),
        (None, None | Some("html" | "htm")) => Ok(Page::Html),
        (None, Some(end)) => Err(Failure::new(&format!(
            "a report is not written as `.{}`; expected a name that ends in `.html` or `.md`, or \
             `--format`",
            escaped(end)
        ))),
    }
}
