//! `cts account`: what has become of the account, and what would come next?

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use cleartosend::account::{Block, ChangeOutcome, History, Possible, Projection, Report, State};
use cleartosend::decide::WrittenDate;
use cleartosend::facts::Facts;
use cleartosend::limits;
use cleartosend::text::{escaped, shortened};
use cleartosend_files::name_of;
use serde::de::IgnoredAny;

use crate::arguments::{Account, Apply, Project, Show};
use crate::failure::Failure;
use crate::output::{self, Answer, Reader, styled};
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
    let from_input = arguments
        .events
        .iter()
        .chain([&arguments.state])
        .filter(|file| **file == Path::new("-"))
        .count();
    if from_input > 1 {
        return Err(Failure::new("standard input can be read only once"));
    }
    let to = output(arguments)?;
    let mut state = state(&arguments.state)?;
    let mut note = String::new();
    // Every bad file is told, and then nothing is applied.
    let mut failures = Vec::new();
    for file in &arguments.events {
        if let Err(failure) = apply_file(&mut state, file, arguments, &mut note) {
            failures.push((file.as_path(), failure));
        }
    }
    if !failures.is_empty() {
        return Err(Failure::of_all(failures));
    }
    let text = format!("{}\n", state.to_json());
    let answer = match to {
        None => Answer::of_bytes(text),
        Some(file) => {
            files::write(file, &text)?;
            Answer::new(String::new())
        }
    };
    Ok(answer.with_note_for(note, if arguments.json { Reader::Programs } else { Reader::People }))
}

/// Where the new state goes, if not to standard output.
fn output(arguments: &Apply) -> Result<Option<&Path>, Failure> {
    let is_pipe = |file: &Path| file == Path::new("-");
    if arguments.in_place {
        return match is_pipe(&arguments.state) {
            true => Err(Failure::new(
                "`--in-place` needs a state in a file, and this one is standard input",
            )),
            false => Ok(Some(&arguments.state)),
        };
    }
    let Some(output) = arguments.output.as_deref().filter(|file| !is_pipe(file)) else {
        return Ok(None);
    };
    files::refuse_input(output, &[&arguments.state], "`--in-place` writes the new state there")?;
    let events: Vec<&Path> = arguments.events.iter().map(PathBuf::as_path).collect();
    files::refuse_input(output, &events, "name another file")?;
    Ok(Some(output))
}

/// Takes all events of a file.
fn apply_file(
    state: &mut State,
    file: &Path,
    arguments: &Apply,
    note: &mut String,
) -> Result<(), Failure> {
    let bytes = files::read(file, limits::ACCOUNT_STATE_BYTES_MAX)?;
    for event in documents(&bytes) {
        let report = match arguments.read_at {
            Some(at) => state.apply_read_at(event, at),
            None => state.apply(event),
        };
        let report = report.map_err(|error| Failure::of_account(file, &error))?;
        if arguments.json {
            let line =
                serde_json::to_string(&report).map_err(|error| Failure::new(&error.to_string()))?;
            let _ = writeln!(note, "{line}");
        } else {
            write_report(note, file, &report);
        }
    }
    Ok(())
}

/// The JSON documents of a file, one after the other. What is none is the last of them, so that
/// reading it says why.
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
        let (file, path, field) =
            (name_of(file), escaped(&change.path), shortened(&change.field, 60));
        let _ = write!(text, "{}  {file} {path}  {field}", styled(style, change.outcome.name()));
        if let Some(kind) = change.read_as {
            let _ = write!(text, ", read as {kind}");
        }
        text.push('\n');
        for sentence in change.says.iter().chain(&change.notes) {
            let _ = writeln!(text, "    {}", escaped(sentence));
        }
    }
}

fn show(arguments: &Show) -> Result<Answer, Failure> {
    let account = state(&arguments.state)?.account(arguments.at, arguments.number.as_deref());
    Ok(Answer::of_bytes(format!("{account:#}\n")))
}

fn project(arguments: &Project) -> Result<Answer, Failure> {
    let engine = engine::of(&arguments.with)?;
    let bytes = files::read(&arguments.state, limits::ACCOUNT_STATE_BYTES_MAX)?;
    let history = if is_campaign(&bytes) {
        let facts = Facts::from_json_at(engine.schema(), &bytes, arguments.at);
        facts
            .map(|facts| History::of(&facts))
            .map_err(|error| Failure::of_facts(&arguments.state, &error))?
    } else {
        let state = State::from_json(&bytes)
            .map_err(|error| Failure::of_account(&arguments.state, &error))?;
        state.history(arguments.at).map_err(|error| Failure::of_facts(&arguments.state, &error))?
    };
    let projection = engine.project(&history, &arguments.violation, arguments.at);
    let projection =
        projection.map_err(|error| Failure::new(&format!("{error} [{}]", error.code())))?;
    if arguments.json {
        let line =
            serde_json::to_string(&projection).map_err(|error| Failure::new(&error.to_string()))?;
        return Ok(Answer::of_bytes(format!("{line}\n")));
    }
    Ok(Answer::new(as_text(&projection)))
}

/// Whether this is a campaign document and no state: it has a member that states have not.
fn is_campaign(bytes: &[u8]) -> bool {
    let members = ["send_at", "provider", "intermediaries", "access", "campaign", "recipient", "x"];
    let document: Option<serde_json::Map<String, serde_json::Value>> =
        serde_json::from_slice(bytes).ok();
    document.is_some_and(|document| members.iter().any(|member| document.contains_key(*member)))
}

fn as_text(projection: &Projection) -> String {
    let width = output::width();
    let mut text = String::new();
    let headline = match (&projection.ladder, projection.covered, projection.decided) {
        (None, ..) => "no enforcement ladder is known of that day".to_owned(),
        (Some(_), false, _) => {
            "the ladder does not cover this kind, and what follows is not published".to_owned()
        }
        (Some(_), true, true) => "one step can follow".to_owned(),
        (Some(_), true, false) => "the history does not decide which step follows".to_owned(),
    };
    let _ = writeln!(text, "{}  {headline}\n", styled(output::STRONG, &projection.violation));
    paper::row(&mut text, "at", &projection.at.to_string(), width);
    if let Some(reached) = &projection.reached {
        paper::row(&mut text, "reached", reached, width);
    }
    if projection.immediate {
        paper::row(
            &mut text,
            "note",
            "for this kind WhatsApp may end the account at once, in some cases",
            width,
        );
    }
    if !projection.missing.is_empty() {
        paper::row(&mut text, "missing", &projection.missing.join(", "), width);
    }
    for (number, step) in projection.steps.iter().enumerate() {
        let _ = writeln!(
            text,
            "\n{}. {}  {}",
            number + 1,
            styled(output::STRONG, &step.id),
            escaped(&step.title)
        );
        write_step(&mut text, step, width);
    }
    if let Some(ladder) = &projection.ladder {
        text.push('\n');
        paper::row(
            &mut text,
            "ladder",
            &format!("{} ({}, pack {})", ladder.title, ladder.id, ladder.pack),
            width,
        );
        paper::row(
            &mut text,
            "in force",
            &paper::period(Some(WrittenDate(ladder.from)), ladder.until.map(WrittenDate)),
            width,
        );
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
            Block { .. } if step.ends == "time" => {
                paper::row(text, "until", "an instant that is not published", width)
            }
            Block { .. } if step.ends != "nothing" => {
                paper::row(text, "until", &format!("{} ends it", step.ends), width)
            }
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
