//! `cts account`: what has become of the account, and what would come next?

use std::fmt::Write as _;
use std::path::Path;

use cleartosend::account::{Block, ChangeOutcome, History, Possible, Projection, Report, State};
use cleartosend::decide::WrittenDate;
use cleartosend::facts::Facts;
use cleartosend::limits;
use serde::de::IgnoredAny;

use crate::arguments::{Account, Apply, Project, Show};
use crate::failure::Failure;
use crate::output::{self, Answer, styled};
use crate::{engine, files, paper};

pub(super) fn run(account: &Account) -> Result<Answer, Failure> {
    match account {
        Account::Apply(arguments) => apply(arguments),
        Account::Show(arguments) => show(arguments),
        Account::Project(arguments) => project(arguments),
    }
}

/// Reads a state.
pub(super) fn state(file: &Path) -> Result<State, Failure> {
    let bytes = files::read(file, limits::ACCOUNT_STATE_BYTES_MAX)?;
    State::from_json(&bytes).map_err(|error| Failure::of_account(file, &error))
}

fn apply(arguments: &Apply) -> Result<Answer, Failure> {
    let from_input = arguments.events.iter().chain([&arguments.state]).filter(|file| **file == Path::new("-")).count();
    if from_input > 1 {
        return Err(Failure::new("standard input can be read only once"));
    }
    let mut state = state(&arguments.state)?;
    let mut note = String::new();
    for file in &arguments.events {
        let bytes = files::read(file, limits::ACCOUNT_STATE_BYTES_MAX)?;
        for event in documents(&bytes) {
            let report = match arguments.read_at {
                Some(at) => state.apply_read_at(event, at),
                None => state.apply(event),
            };
            let report = report.map_err(|error| Failure::of_account(file, &error))?;
            if arguments.json {
                let line = serde_json::to_string(&report).map_err(|error| Failure::new(&error.to_string()))?;
                let _ = writeln!(note, "{line}");
            } else {
                write_report(&mut note, file, &report);
            }
        }
    }
    Ok(Answer::new(format!("{}\n", state.to_json())).with_note(note))
}

/// The JSON documents of a file, one after the other. What is none is the last of them, so that reading it says why.
fn documents(bytes: &[u8]) -> Vec<&[u8]> {
    let mut documents = Vec::new();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut stream = serde_json::Deserializer::from_slice(bytes).into_iter::<IgnoredAny>();
    let mut begun = 0;
    while let Some(document) = stream.next() {
        let end = if document.is_ok() { stream.byte_offset() } else { bytes.len() };
        documents.extend(bytes.get(begun..end));
        if document.is_err() {
            break;
        }
        begun = end;
    }
    // A file without any document is refused as one.
    if documents.is_empty() {
        documents.push(bytes);
    }
    documents
}

fn write_report(text: &mut String, file: &Path, report: &Report) {
    for change in &report.changes {
        let style = match change.outcome {
            ChangeOutcome::Unknown => output::DOUBTFUL,
            ChangeOutcome::Applied => output::GOOD,
            _ => output::FAINT,
        };
        let field: String = change.field.chars().take(60).flat_map(char::escape_debug).collect();
        let _ = write!(text, "{}  {} {}  {field}", styled(style, change.outcome.name()), file.display(), change.path);
        if let Some(kind) = change.read_as {
            let _ = write!(text, ", read as {kind}");
        }
        text.push('\n');
        for sentence in change.says.iter().chain(&change.notes) {
            let shown: String = sentence.chars().flat_map(|c| if c.is_control() { c.escape_debug().collect() } else { vec![c] }).collect();
            let _ = writeln!(text, "    {shown}");
        }
    }
}

fn show(arguments: &Show) -> Result<Answer, Failure> {
    let account = state(&arguments.state)?.account(arguments.at, arguments.number.as_deref());
    Ok(Answer::new(format!("{account:#}\n")))
}

fn project(arguments: &Project) -> Result<Answer, Failure> {
    let engine = engine::of(&arguments.with)?;
    let bytes = files::read(&arguments.state, limits::ACCOUNT_STATE_BYTES_MAX)?;
    let history = if is_campaign(&bytes) {
        let facts = Facts::from_json_at(engine.schema(), &bytes, arguments.at);
        facts.map(|facts| History::of(&facts)).map_err(|error| Failure::of_facts(&arguments.state, &error))?
    } else {
        let state = State::from_json(&bytes).map_err(|error| Failure::of_account(&arguments.state, &error))?;
        state.history(arguments.at).map_err(|error| Failure::of_facts(&arguments.state, &error))?
    };
    let projection = engine.project(&history, &arguments.violation, arguments.at);
    let projection = projection.map_err(|error| Failure::new(&format!("{error} [{}]", error.code())))?;
    let text = if arguments.json {
        let line = serde_json::to_string(&projection).map_err(|error| Failure::new(&error.to_string()))?;
        format!("{line}\n")
    } else {
        as_text(&projection)
    };
    Ok(Answer::new(text))
}

/// Whether this is a campaign document and no state: it has a member that states have not.
fn is_campaign(bytes: &[u8]) -> bool {
    let members = ["send_at", "provider", "intermediaries", "access", "campaign", "recipient", "x"];
    let document: Option<serde_json::Map<String, serde_json::Value>> = serde_json::from_slice(bytes).ok();
    document.is_some_and(|document| members.iter().any(|member| document.contains_key(*member)))
}

fn as_text(projection: &Projection) -> String {
    let width = output::width();
    let mut text = String::new();
    let headline = match (&projection.ladder, projection.covered, projection.decided) {
        (None, ..) => "no enforcement ladder is known of that day".to_owned(),
        (Some(_), false, _) => "the ladder does not cover this kind, and what follows is not published".to_owned(),
        (Some(_), true, true) => "one step can follow".to_owned(),
        (Some(_), true, false) => "the history does not decide which step follows".to_owned(),
    };
    let _ = writeln!(text, "{}  {headline}\n", styled(output::STRONG, &projection.violation));
    paper::row(&mut text, "at", &projection.at.to_string(), width);
    if let Some(reached) = &projection.reached {
        paper::row(&mut text, "reached", reached, width);
    }
    if projection.immediate {
        paper::row(&mut text, "note", "this kind skips the ladder", width);
    }
    if !projection.missing.is_empty() {
        paper::row(&mut text, "missing", &projection.missing.join(", "), width);
    }
    for (number, step) in projection.steps.iter().enumerate() {
        let _ = writeln!(text, "\n{}. {}  {}", number + 1, styled(output::STRONG, &step.id), step.title);
        write_step(&mut text, step, width);
    }
    if let Some(ladder) = &projection.ladder {
        text.push('\n');
        paper::row(&mut text, "ladder", &format!("{} ({}, pack {})", ladder.title, ladder.id, ladder.pack), width);
        paper::row(&mut text, "in force", &paper::period(WrittenDate(ladder.from), ladder.until.map(WrittenDate)), width);
        paper::row(&mut text, "source", &ladder.source, width);
        paper::row(&mut text, "", &ladder.url, width);
        paper::row(&mut text, "", &format!("read {}", WrittenDate(ladder.retrieved)), width);
    }
    text
}

fn write_step(text: &mut String, step: &Possible, width: usize) {
    if step.blocks.is_empty() {
        paper::row(text, "blocks", "nothing", width);
    } else {
        paper::row(text, "blocks", &step.blocks.join(", "), width);
    }
    for length in &step.lengths {
        match length {
            Block { days: Some(days), until: Some(until) } => {
                let unit = if *days == 1 { "day" } else { "days" };
                paper::row(text, "until", &format!("{until}, if it lasts {days} {unit}"), width);
            }
            Block { .. } if step.ends == "time" => paper::row(text, "until", "an instant that is not published", width),
            Block { .. } if step.ends != "nothing" => paper::row(text, "until", &format!("{} ends it", step.ends), width),
            Block { .. } => {}
        }
    }
    let appeal = match (step.appeal, step.appeal_by) {
        ("none", _) => "not possible".to_owned(),
        ("possible", Some(by)) => format!("possible, by {by}"),
        ("possible", None) => "possible; no term is published".to_owned(),
        (_, Some(by)) => format!("not always possible; by {by}"),
        (_, None) => "not always possible; no term is published".to_owned(),
    };
    paper::row(text, "appeal", &appeal, width);
    if !step.exposure.is_empty() {
        let exposure: Vec<&str> = step.exposure.iter().map(|exposure| exposure.name()).collect();
        paper::row(text, "amounts to", &exposure.join(", "), width);
    }
}
