//! `cts pack lint`: is the pack valid, and what in it is probably not meant?

use std::path::Path;

use cleartosend::analyse::Warning;
use cleartosend::expert::text::escaped;
use cleartosend::pack::PackTests;
use cleartosend::{EngineError, Pack, Timestamp};
use cleartosend_authoring::{lint, lint_json};

use super::{Loaded, refused};
use crate::arguments::pack::Deny;
use crate::ci::{self, Case, CiForm, Level, Outcome, Remark};
use crate::engine::Named;
use crate::failure::{Failure, files_name};
use crate::format::PlainForm;
use crate::output::{self, Answer, styled};

/// For warnings that are denied.
const DENIED: u8 = 1;

/// The command, as reports name it.
pub(super) const WHAT: &str = "cts pack lint";

pub(super) fn run(
    loaded: &Loaded,
    at: Timestamp,
    deny: Option<Deny>,
    form: Result<PlainForm, CiForm>,
) -> Result<Answer, Failure> {
    let called = loaded.called();
    let refused_as = |failure: Failure| match form {
        Err(form) => refused(WHAT, Path::new(called), failure, form),
        Ok(_) => Err(failure),
    };
    let tests = match loaded.tests() {
        Ok(PackTests { tests, .. }) => tests,
        Err(failure) => return refused_as(failure),
    };
    let warnings = match lint(&loaded.pack, at) {
        Ok(warnings) => warnings,
        Err(error) => return refused_as(failure(loaded, &error)),
    };
    let is_denied = deny == Some(Deny::Warnings) && !warnings.is_empty();
    let answer = match form {
        Ok(PlainForm::Text) => Answer::new(text(called, &loaded.pack, tests.len(), &warnings)),
        Ok(PlainForm::Json) => {
            let answer = lint_json(&loaded.pack, tests.len(), &warnings);
            Answer::of_bytes(format!("{answer}\n"))
        }
        Err(form) => ci::report(form, WHAT, &[case(called, &warnings, is_denied)])?,
    };
    Ok(answer.with_code(if is_denied { DENIED } else { 0 }))
}

fn failure(loaded: &Loaded, error: &EngineError) -> Failure {
    match (error, &loaded.named) {
        (EngineError::Pack { errors, .. }, Named::Folder { called, files, .. }) => {
            Failure::of_pack(called, files, errors)
        }
        _ => Failure::of_engine(error),
    }
}

fn text(called: &str, pack: &Pack, tests: usize, warnings: &[Warning]) -> String {
    let count =
        |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    let contents = [
        count(pack.rules.len(), "rule"),
        count(pack.sets.len(), "set"),
        count(pack.ladders.len(), "ladder"),
        count(tests, "test"),
    ];
    let called = escaped(called);
    let mut text = format!(
        "{called}: in order: {} {}, {}, {}\n",
        pack.name,
        pack.version,
        contents.join(", "),
        pack.digest
    );
    for Warning { code, place, message, .. } in warnings {
        let warning = styled(output::DOUBTFUL, "warning");
        text.push_str(&format!("{called}/{place}: {warning}: {} [{code}]\n", escaped(message)));
    }
    text
}

/// The pack, for a build, with a remark for each warning.
fn case(called: &str, warnings: &[Warning], is_denied: bool) -> Case {
    let place = |file: &str, line: u32| ci::Place {
        file: files_name(&Path::new(called).join(file)),
        line: usize::try_from(line).unwrap_or(1),
    };
    let remark = |warning: &Warning| Remark {
        level: if is_denied { Level::Error } else { Level::Warning },
        id: warning.code.to_owned(),
        title: "a warning about the pack".to_owned(),
        lines: vec![warning.message.clone()],
        url: String::new(),
        place: place(&warning.place.file, warning.place.line),
    };
    Case {
        name: called.to_owned(),
        place: place("pack.toml", 1),
        outcome: if is_denied { Outcome::Failed } else { Outcome::Passed },
        word: if is_denied { "failed" } else { "passed" },
        remarks: warnings.iter().map(remark).collect(),
    }
}
