//! `cts code`: what does this error code mean?

use std::fmt::Write as _;

use cleartosend::account::codes::{self, CodeConfidence};
use cleartosend::engine::Engine;

use crate::arguments::Code;
use crate::failure::Failure;
use crate::output::{self, Answer, styled};
use crate::paper;

pub(super) fn run(arguments: &Code) -> Result<Answer, Failure> {
    let Some(code) = Engine::code(arguments.code) else {
        let near: Vec<String> = codes::nearest(arguments.code)
            .iter()
            .map(|code| format!("{} ({})", code.code, code.title))
            .collect();
        let help = if near.is_empty() {
            String::new()
        } else {
            format!("; the nearest are {}", near.join(", "))
        };
        return Err(Failure::new(&format!(
            "the catalogue does not have the code {}{help} [account/unknown-code]",
            arguments.code
        )));
    };
    if arguments.json {
        let line = serde_json::to_string(code).map_err(|error| Failure::new(&error.to_string()))?;
        return Ok(Answer::of_bytes(format!("{line}\n")));
    }
    let width = output::width();
    let mut text =
        format!("{}  {}\n\n", styled(output::STRONG, &code.code.to_string()), code.title);
    paper::row(&mut text, "meaning", &code.meaning, width);
    paper::row(&mut text, "gate", &code.gate, width);
    paper::row(&mut text, "retry", &format!("{}. {}", code.retry, code.retry_when), width);
    if !code.http.is_empty() {
        let statuses: Vec<String> = code.http.iter().map(ToString::to_string).collect();
        paper::row(&mut text, "HTTP", &statuses.join(", "), width);
    }
    paper::row(&mut text, "told by", code.api.name(), width);
    paper::row(&mut text, "source", &code.source, width);
    // An address is copied whole, so that it is never broken.
    let _ = writeln!(text, "   {:<11}{}", "", code.url);
    let doubt = if code.confidence == CodeConfidence::Official {
        String::new()
    } else {
        format!("; {}", code.confidence)
    };
    paper::row(&mut text, "", &format!("read {}{doubt}", code.retrieved), width);
    Ok(Answer::new(text))
}
