//! `cts code`: what does this error code mean?

use std::fmt::Write as _;
use std::path::Path;

use cleartosend::expert::limits;
use cleartosend_account::codes::{self, Asked, Code, CodeConfidence};
use serde_json::json;

use crate::arguments;
use crate::failure::{Failure, files_name};
use crate::files;
use crate::format::PlainForm;
use crate::output::{self, Answer, styled};
use crate::paper;

/// Instead of a code: every code.
const LIST: &str = "list";

pub(super) fn run(arguments: &arguments::Code) -> Result<Answer, Failure> {
    let arguments::Code { of, subcode, answer_format } = arguments;
    let is_json = answer_format.or(PlainForm::Text)? == PlainForm::Json;
    if of == LIST {
        return match subcode {
            Some(_) => Err(Failure::new("`list` takes no subcode")),
            None if is_json => list_as_json(),
            None => Ok(Answer::new(list_as_text())),
        };
    }
    let asked = asked(of, *subcode)?;
    let mut text = String::new();
    let mut unknown = Vec::new();
    for Asked { code, subcode, .. } in asked {
        let entry = codes::explain(code);
        let below = subcode.and_then(|subcode| codes::explain_subcode(code, subcode));
        for found in entry.into_iter().chain(below) {
            if is_json {
                let line = serde_json::to_string(found)
                    .map_err(|error| Failure::new(&error.to_string()))?;
                let _ = writeln!(text, "{line}");
            } else {
                if !text.is_empty() {
                    text.push('\n');
                }
                write_entry(&mut text, found);
            }
        }
        match (entry, subcode, below) {
            (None, _, _) => unknown.push(not_known(code)),
            // Most subcodes are not published, and the code alone says what to do.
            (Some(_), Some(subcode), None) if !is_json => {
                paper::row(
                    &mut text,
                    "subcode",
                    &format!("{subcode}, which the catalogue does not have"),
                    output::width(),
                );
            }
            (Some(_), ..) => {}
        }
    }
    let failure = Failure::of_all_lines(&unknown);
    match failure {
        Some(failure) if text.is_empty() => Err(failure),
        failure => {
            let answer = if is_json { Answer::of_bytes(text) } else { Answer::new(text) };
            Ok(match failure {
                Some(failure) => answer.with_code(failure.code).with_note(failure.text),
                None => answer,
            })
        }
    }
}

/// What is asked about: a code, or those of an answer.
fn asked(of: &str, subcode: Option<i64>) -> Result<Vec<Asked>, Failure> {
    if let Ok(code) = of.trim().parse() {
        return Ok(vec![Asked::new(code, subcode)]);
    }
    if subcode.is_some() {
        return Err(Failure::new(&format!(
            "`{of}` is not a code; expected a whole number before the subcode"
        )));
    }
    let is_json = of.trim_start().starts_with(['{', '[']);
    let file = Path::new(of);
    let bytes = if is_json {
        of.as_bytes().to_vec()
    } else {
        files::read(file, limits::ACCOUNT_EVENT_BYTES_MAX).map_err(|problem| {
            Failure::new(&format!(
                "`{of}` is neither a code nor an answer in JSON, and as a file it cannot be read: \
                 {}",
                cleartosend_files::reason(&problem.error)
            ))
        })?
    };
    codes::codes_of(&bytes).map_err(|problem| {
        let name = if is_json { "answer".to_owned() } else { files_name(file) };
        Failure::new(&format!("{name}: {problem} [{}]", problem.code()))
    })
}

/// That a code is not known, with the family of its number.
fn not_known(code: i64) -> String {
    let family = codes::family(code).and_then(|family| {
        let (first, last) =
            family.blocks.iter().find(|(first, last)| (*first..=*last).contains(&code))?;
        Some(format!("; codes from {first} to {last} are of the family `{}`", family.title))
    });
    format!(
        "the catalogue does not have the code {code}{} [account/unknown-code]",
        family.unwrap_or_default()
    )
}

fn write_entry(text: &mut String, code: &Code) {
    let width = output::width();
    let under = match code.subcode_of.as_slice() {
        [] => String::new(),
        codes => format!(", as a subcode of {}", numbers(codes)),
    };
    let _ = writeln!(
        text,
        "{}{under}  {}\n",
        styled(output::STRONG, &code.code.to_string()),
        code.title
    );
    paper::row(text, "meaning", &code.meaning, width);
    paper::row(text, "gate", &code.gate, width);
    paper::row(text, "retry", &format!("{}. {}", code.retry, code.retry_when), width);
    if let Some(effect) = &code.effect {
        let until = match effect.hours {
            Some(1) => "for an hour".to_owned(),
            Some(hours) => format!("for {hours} hours"),
            None => "until an event says otherwise".to_owned(),
        };
        paper::row(
            text,
            "effect",
            &format!("{}: {} = {}, {until}", effect.scope, effect.attribute, effect.value),
            width,
        );
    }
    if !code.http.is_empty() {
        paper::row(text, "HTTP", &numbers(&code.http), width);
    }
    if let Some(family) = codes::families().iter().find(|family| family.id == code.family) {
        paper::row(text, "family", &family.title, width);
    }
    paper::row(text, "reported by", code.api.name(), width);
    paper::row(text, "source", &code.source, width);
    // An address is copied whole, so that it is never broken.
    let _ = writeln!(text, "   {:<11}{}", "", code.url);
    let doubt = if code.confidence == CodeConfidence::Official {
        String::new()
    } else {
        format!("; {}", code.confidence)
    };
    paper::row(text, "", &format!("read {}{doubt}", code.retrieved), width);
}

fn numbers<T: ToString>(numbers: &[T]) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// By family, one line for codes that follow one another and mean the same.
fn list_as_text() -> String {
    let mut text = String::new();
    for family in codes::families() {
        if !text.is_empty() {
            text.push('\n');
        }
        let _ = writeln!(text, "{}", styled(output::STRONG, &family.title));
        let mut codes = codes::all().iter().filter(|code| code.family == family.id).peekable();
        while let Some(first) = codes.next() {
            let mut last = first;
            while let Some(next) = codes.next_if(|next| {
                next.code == last.code + 1
                    && next.title == first.title
                    && next.subcode_of == first.subcode_of
            }) {
                last = next;
            }
            let mut name = match first.subcode_of.as_slice() {
                [] => String::new(),
                codes => format!("{} + ", numbers(codes)),
            };
            let _ = write!(name, "{}", first.code);
            if last.code != first.code {
                let _ = write!(name, "–{}", last.code);
            }
            let _ = writeln!(text, "  {name:<16}  {:<4}  {}", numbers(&first.http), first.title);
        }
    }
    text
}

fn list_as_json() -> Result<Answer, Failure> {
    let document = json!({"families": codes::families(), "codes": codes::all()});
    let line =
        serde_json::to_string(&document).map_err(|error| Failure::new(&error.to_string()))?;
    Ok(Answer::of_bytes(format!("{line}\n")))
}
