//! `cts report`: decisions as a page for people.

use std::num::NonZeroUsize;
use std::path::Path;

use cleartosend::expert::text::escaped;
use cleartosend_evidence::{Chain, Page, Report};

use super::{UNREADABLE, inputs};
use crate::arguments::evidence::{ReportFormat, ReportOf};
use crate::failure::{Failure, files_name};
use crate::files;
use crate::output::Answer;

pub(in crate::commands) fn run(arguments: &ReportOf) -> Result<Answer, Failure> {
    let page = page_of(arguments);
    if let Some(output) = &arguments.output {
        let named: Vec<&Path> = arguments.files.iter().map(std::path::PathBuf::as_path).collect();
        files::refuse_input(output, &named, "name another file by `--output`")?;
    }
    let inputs = inputs::all(&arguments.files)?;
    let mut report = Report::new();
    let mut problems = Vec::new();
    inputs::each(
        &inputs,
        Some(NonZeroUsize::MIN),
        |_| (),
        |piece, ()| {
            let place = piece.place(&inputs);
            let added = match &piece.bytes {
                Ok(bytes) if piece.line.is_some() && !Chain::is_record(bytes) => Ok(()),
                Ok(bytes) => {
                    report.add(&place, bytes).map_err(|error| format!("{error} [{}]", error.code()))
                }
                Err(reason) => Err(reason.clone()),
            };
            if let Err(reason) = added {
                problems.push(format!("{place}: unreadable: {reason}\n"));
            }
        },
    );
    if report.is_empty() {
        let problems: String = problems.concat();
        return Err(Failure::new(&format!("there is nothing to report: {}", problems.trim_end())));
    }
    let text = report
        .page(page, arguments.read_in.lang)
        .map_err(|error| Failure::new(&format!("{error} [{}]", error.code())))?;
    let code = if problems.is_empty() { 0 } else { UNREADABLE };
    let note: String = problems.iter().map(|problem| escaped_line(problem)).collect();
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
    Ok(answer.with_note(note).with_code(code))
}

/// `1 document`, `2 documents`
fn documents(count: u64) -> String {
    if count == 1 { "1 document".to_owned() } else { format!("{count} documents") }
}

fn escaped_line(problem: &str) -> String {
    format!("{}\n", escaped(problem.trim_end()))
}

/// As it was asked for, or else by the name of the output.
fn page_of(arguments: &ReportOf) -> Page {
    let end = arguments.output.as_deref().and_then(Path::extension);
    match (arguments.format, end.and_then(|end| end.to_str())) {
        (Some(ReportFormat::Html), _) => Page::Html,
        (Some(ReportFormat::Md), _) | (None, Some("md")) => Page::Markdown,
        (None, _) => Page::Html,
    }
}
