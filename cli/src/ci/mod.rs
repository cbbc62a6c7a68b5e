//! How is an answer reported to a build?
//!
//! Three forms for what runs checks of a repository: annotations of GitHub Actions, a JUnit report,
//! and SARIF 2.1.0 for code hosts. A command says what it looked at ([`Case`]) and what is to be
//! said of each ([`Remark`]); the forms say the same of them.

mod github;
mod junit;
mod sarif;

use std::path::Path;

use cleartosend::{Decision, FindingVerdict, Lang, Status, Verdict};

use crate::failure::{Failure, InputProblem, files_name};
use crate::output::Answer;

/// A form for builds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CiForm {
    /// Workflow commands of GitHub Actions.
    Github,
    /// A report of tests in XML.
    Junit,
    /// A SARIF 2.1.0 log.
    Sarif,
}

/// One thing that was looked at: a document, a test of a pack.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// What it is called.
    pub(crate) name: String,
    /// Where it begins.
    pub(crate) place: Place,
    /// What came of it.
    pub(crate) outcome: Outcome,
    /// That in a word or two, such as `deny`.
    pub(crate) word: &'static str,
    pub(crate) remarks: Vec<Remark>,
}

/// What came of a case, for whoever counts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Passed,
    /// It was looked at, and is not in order.
    Failed,
    /// It could not be looked at.
    Refused,
}

/// One remark on a case.
#[derive(Clone, Debug)]
pub(crate) struct Remark {
    pub(crate) level: Level,
    /// A stable name of what it is about: `whatsapp/consent.no-opt-in`, `facts/unknown-member`.
    pub(crate) id: String,
    /// What that is about in general, in one line.
    pub(crate) title: String,
    /// The remarks; a line each.
    pub(crate) lines: Vec<String>,
    /// Where what it rests on can be read; empty where there is no such place.
    pub(crate) url: String,
    pub(crate) place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Error,
    Warning,
    Note,
}

/// A line of a file.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) file: String,
    /// From 1.
    pub(crate) line: usize,
}

/// What a command looked at, in a form. `what` is the command, such as `cts check`.
pub(crate) fn report(form: CiForm, what: &str, cases: &[Case]) -> Result<Answer, Failure> {
    let text = match form {
        CiForm::Github => github::text(cases),
        CiForm::Junit => junit::text(what, cases),
        CiForm::Sarif => sarif::text(cases).map_err(|error| Failure::new(&error.to_string()))?,
    };
    Ok(Answer::of_bytes(text))
}

impl Case {
    /// A document that was judged.
    pub(crate) fn of_decision(
        name: String,
        file: &Path,
        line: Option<u64>,
        decision: &Decision,
        lang: Lang,
    ) -> Self {
        let place = Place::of(file, line);
        let verdict = decision.verdict();
        let remarks = decision.findings().iter().enumerate().filter_map(|(index, finding)| {
            if matches!(finding.status, Status::Satisfied | Status::NotApplicable) {
                return None;
            }
            let level = match (finding.verdict, finding.verdict.effect()) {
                (FindingVerdict::Note, _) | (_, Verdict::Allow) => Level::Note,
                (_, Verdict::Review) => Level::Warning,
                (_, Verdict::Deny) => Level::Error,
            };
            let texts = decision.texts(index, lang)?;
            let source = &finding.source;
            let section =
                source.section.as_ref().map(|section| format!(", {section}")).unwrap_or_default();
            let cited = format!("{}{section}", source.title);
            Some(Remark {
                level,
                id: format!("{}/{}", finding.pack, finding.rule),
                title: texts.title,
                lines: [texts.message, texts.advice, cited]
                    .into_iter()
                    .filter(|line| !line.is_empty())
                    .collect(),
                url: source.url.to_string(),
                place: place.clone(),
            })
        });
        let remarks = remarks.collect();
        let outcome = if verdict == Verdict::Allow { Outcome::Passed } else { Outcome::Failed };
        Self { name, place, outcome, word: verdict.name(), remarks }
    }

    /// What was refused: a remark for each problem, at its line where it has one.
    pub(crate) fn of_failure(
        name: String,
        file: &Path,
        line: Option<u64>,
        failure: &Failure,
    ) -> Self {
        let place = Place::of(file, line);
        let of_problem = |problem: &InputProblem| Remark {
            level: Level::Error,
            id: problem.code.to_owned(),
            title: "refused".to_owned(),
            lines: vec![problem.message.clone()],
            url: String::new(),
            place: match (&problem.file, problem.line, line) {
                (Some(file), at, _) => Place { file: file.clone(), line: at.unwrap_or(1) },
                // A document that is a line of a file has no lines of its own.
                (None, Some(at), None) => Place { line: at, ..place.clone() },
                (None, ..) => place.clone(),
            },
        };
        let mut remarks: Vec<Remark> = failure.problems.iter().map(of_problem).collect();
        if remarks.is_empty() {
            remarks.push(Remark {
                level: Level::Error,
                id: "refused".to_owned(),
                title: "refused".to_owned(),
                lines: vec![failure.plain()],
                url: String::new(),
                place: place.clone(),
            });
        }
        Self { name, place, outcome: Outcome::Refused, word: "refused", remarks }
    }
}

impl Place {
    fn of(file: &Path, line: Option<u64>) -> Self {
        let line = line.and_then(|line| usize::try_from(line).ok()).unwrap_or(1);
        Self { file: files_name(file), line }
    }
}

impl Remark {
    /// All lines as one text.
    fn text(&self) -> String {
        self.lines.join("\n")
    }
}
