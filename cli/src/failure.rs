//! Why could a command not be carried out, and how is it shown?

use std::ops::Range;
use std::path::Path;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use cleartosend::directory::import::{ImportError, Problem};
use cleartosend::expert::cel::ExpressionError;
use cleartosend::expert::text::escaped;
use cleartosend::explain::ExplainError;
use cleartosend::pack::PackError;
use cleartosend::{DirectoryError, EngineError, FactsError, PackErrors, PackFile, ScreenError};
use cleartosend_account::AccountError;
use cleartosend_audience::MappingErrors;
use cleartosend_files::{FolderError, Unreadable, name_of, reason};

use crate::style;

/// Bad use or bad input: what goes to standard error, with exit code 2 unless said otherwise.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) text: String,
    pub(crate) code: u8,
    /// The same piece by piece, where its pieces have codes and lines.
    pub(crate) problems: Vec<InputProblem>,
}

/// One thing that is wrong with a document or a pack.
#[derive(Clone, Debug)]
pub(crate) struct InputProblem {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// The file, where it is another than the one that was asked about.
    pub(crate) file: Option<String>,
    /// From 1.
    pub(crate) line: Option<usize>,
}

impl Failure {
    pub(crate) fn new(message: &str) -> Self {
        Self::raw(error_line(message))
    }

    pub(crate) fn with_code(self, code: u8) -> Self {
        Self { code, ..self }
    }

    /// What is wrong, for programs: without styles, in one line.
    pub(crate) fn plain(&self) -> String {
        let text = anstream::adapter::strip_str(&self.text).to_string();
        let lines = text.lines().map(|line| line.strip_prefix("error: ").unwrap_or(line));
        lines.collect::<Vec<_>>().join("; ")
    }

    /// Several of one kind, a line each; none if there are none.
    pub(crate) fn of_all_lines(messages: &[String]) -> Option<Self> {
        let text: String = messages.iter().map(|message| error_line(message)).collect();
        (!text.is_empty()).then(|| Self::raw(text))
    }

    /// Every problem of what is declared of an audience.
    pub(crate) fn of_mapping(errors: &MappingErrors) -> Self {
        let line = |problem: &String| error_line(&format!("{problem} [{}]", errors.code()));
        Self::raw(errors.problems().iter().map(line).collect())
    }

    fn raw(text: String) -> Self {
        Self { text, code: 2, problems: Vec::new() }
    }

    /// A document that was refused: for each problem its name, the place in it, the message.
    pub(crate) fn of_facts(file: &Path, error: &FactsError) -> Self {
        Self::of_members(&files_name(file), error)
    }

    /// Everything that is wrong with a document, by its members.
    fn of_members(name: &str, error: &FactsError) -> Self {
        let problems = || [error].into_iter().chain(error.further());
        let mut text: String = problems()
            .map(|problem| error_line(&format!("{name}: {problem} [{}]", problem.code())))
            .collect();
        if error.left_out() > 0 {
            text.push_str(&error_line(&format!("{name}: and {} more", error.left_out())));
        }
        let of_problem = |problem: &FactsError| InputProblem {
            code: problem.code(),
            message: problem.to_string(),
            file: None,
            line: problem.line_column().map(|(line, _)| line),
        };
        Self { problems: problems().map(of_problem).collect(), ..Self::raw(text) }
    }

    /// A case that cannot be explained.
    pub(crate) fn of_explanation(file: &Path, error: &ExplainError) -> Self {
        match error.facts() {
            Some(facts) => Self::of_facts(file, facts),
            None => Self::new(&format!("{error} [{}]", error.code())),
        }
    }

    /// A base document that was refused.
    pub(crate) fn of_base(file: &Path, error: &FactsError) -> Self {
        Self::of_members(&format!("base document {}", files_name(file)), error)
    }

    /// A directory that was refused.
    pub(crate) fn of_directory(file: &Path, error: &DirectoryError) -> Self {
        Self::new(&format!("{}: {error} [{}]", files_name(file), error.code()))
    }

    /// Every bad row of a table, with its line.
    pub(crate) fn of_table(file: &Path, error: &ImportError) -> Self {
        let mut text = String::new();
        for Problem { line, error, .. } in &error.problems {
            let place =
                if *line > 0 { format!("{}:{line}", files_name(file)) } else { files_name(file) };
            text.push_str(&error_line(&format!("{place}: {error} [{}]", error.code())));
        }
        Self::raw(text)
    }

    /// A state or an event that was refused.
    pub(crate) fn of_account(file: &Path, error: &AccountError) -> Self {
        Self::new(&format!("{}: {error} [{}]", files_name(file), error.code()))
    }

    /// An audience whose columns do not fit, with what the options of the command can do about it.
    pub(crate) fn of_screening(file: &Path, error: &ScreenError) -> Self {
        let help = match error.code() {
            // Spreadsheets write such a column after a comma at the end of each line.
            "screen/unknown-column" if error.column().is_empty() => {
                "; it has no name: `--ignore \"\"` leaves it out"
            }
            "screen/unknown-column" if error.column().contains(';') => {
                ": if `;` stands between cells, say `--separator semicolon`"
            }
            "screen/unknown-column" => {
                "; `--keep` or `--ignore` it, or say by `--map` which attribute it is"
            }
            "screen/derived-column" | "screen/reserved-name" => ": `--ignore` it",
            _ => "",
        };
        Self::new(&format!("{}: {error}{help} [{}]", files_name(file), error.code()))
    }

    /// A file that cannot be written.
    pub(crate) fn of_writing(file: &Path, error: &std::io::Error) -> Self {
        Self::new(&format!("cannot write {}: {}", name_of(file), reason(error)))
    }

    /// Nothing is printed, since the output is closed.
    pub(crate) fn silent(code: u8) -> Self {
        Self { code, ..Self::raw(String::new()) }
    }

    pub(crate) fn of_expression(source: &str, error: &ExpressionError) -> Self {
        let all = [error].into_iter().chain(error.further());
        Self::raw(
            all.map(|error| {
                shown(error.code(), error.message(), None, source, 1, error.span(), error.help())
            })
            .collect(),
        )
    }

    /// Every problem of a pack, each with the line it stands in.
    pub(crate) fn of_pack(folder: &str, files: &[PackFile], errors: &PackErrors) -> Self {
        let source = |file: &str| {
            let file = files.iter().find(|known| known.path == file)?;
            std::str::from_utf8(&file.bytes).ok()
        };
        let folder = escaped(folder);
        let mut text = problems(errors, |file| format!("{folder}/{}", escaped(file)), source);
        let count = errors.iter().count();
        let counted = if count == 1 { "problem" } else { "problems" };
        text.push_str(&error_line(&format!("{folder} has {count} {counted}")));
        let of_problem = |error: &PackError| {
            let help = error.help().map(|help| format!("; {help}")).unwrap_or_default();
            InputProblem {
                code: error.code(),
                message: format!("{}{help}", error.message()),
                file: Some(format!("{folder}/{}", error.place().file)),
                line: usize::try_from(error.place().line).ok(),
            }
        };
        Self { problems: errors.iter().map(of_problem).collect(), ..Self::raw(text) }
    }

    /// Every problem of a file of waivers, each with the line it stands in.
    pub(crate) fn of_waivers(file: &str, bytes: &[u8], errors: &PackErrors) -> Self {
        let source = |_: &str| std::str::from_utf8(bytes).ok();
        Self::raw(problems(errors, |_| escaped(file).into_owned(), source))
    }

    /// Every problem of a waiver of a `cts.toml`, with the line on which that begins.
    pub(crate) fn of_config_waiver(file: &str, line: usize, errors: &PackErrors) -> Self {
        let lines = errors.iter().map(|error| {
            let help = error.help().map(|help| format!("; {help}")).unwrap_or_default();
            let message = format!("{file}:{line}: {}{help} [{}]", error.message(), error.code());
            error_line(&message)
        });
        Self::raw(lines.collect())
    }

    /// A pack's folder that was not read.
    pub(crate) fn of_folder(folder: &Path, error: &FolderError) -> Self {
        match error {
            FolderError::Unreadable(unreadable) => Self::of_reading(unreadable),
            FolderError::Pack(errors) => Self::of_pack(&folder.display().to_string(), &[], errors),
        }
    }

    /// A file that cannot be read.
    pub(crate) fn of_reading(Unreadable { path, error }: &Unreadable) -> Self {
        Self::new(&format!("cannot read {}: {}", files_name(path), reason(error)))
    }

    /// A book that cannot be read.
    pub(crate) fn of_book(unreadable: &Unreadable) -> Self {
        match unreadable.error.kind() {
            std::io::ErrorKind::NotFound => Self::new(&format!(
                "cannot read {}: {}; a new book is a file that holds `{{}}`",
                files_name(&unreadable.path),
                reason(&unreadable.error)
            )),
            _ => Self::of_reading(unreadable),
        }
    }

    /// All failures, one after the other, in the order of what they are about.
    pub(crate) fn of_all(mut failures: Vec<(&Path, Self)>) -> Self {
        failures.sort_by_key(|(path, _)| *path);
        Self::raw(failures.into_iter().map(|(_, failure)| failure.text).collect())
    }

    pub(crate) fn of_engine(error: &EngineError) -> Self {
        Self::new(&format!("{error} [{}]", error.code()))
    }
}

/// How a file is called in messages.
pub(crate) fn files_name(file: &Path) -> String {
    if file == Path::new("-") { "standard input".to_owned() } else { name_of(file) }
}

impl From<Unreadable> for Failure {
    fn from(unreadable: Unreadable) -> Self {
        Self::of_reading(&unreadable)
    }
}

/// One line, whatever is in the message.
fn error_line(message: &str) -> String {
    format!("{}: {}\n", style::styled(style::BAD, "error"), escaped(message))
}

/// The problems of files, each with the line it stands in, where the file is at hand.
fn problems<'s>(
    errors: &PackErrors,
    path: impl Fn(&str) -> String,
    source: impl Fn(&str) -> Option<&'s str>,
) -> String {
    let mut text = String::new();
    for error in errors {
        let place = error.place();
        let path = path(&place.file);
        match source(&place.file).filter(|_| !error.span().is_empty()) {
            Some(source) => text.push_str(&shown(
                error.code(),
                &error.message(),
                Some(&path),
                source,
                1,
                error.span(),
                error.help(),
            )),
            None => {
                let help = error.help().map(|help| format!("; {help}")).unwrap_or_default();
                let at = format!("{path}:{}:{}", place.line, place.column);
                let message = format!("{at}: {}{help} [{}]", error.message(), error.code());
                text.push_str(&error_line(&message));
            }
        }
    }
    text
}

/// The message above the source line, with a caret beneath what is wrong.
fn shown(
    code: &str,
    message: &str,
    path: Option<&str>,
    source: &str,
    line: usize,
    span: Range<usize>,
    help: Option<&str>,
) -> String {
    // A place at the very end has nothing to stand under; the renderer accepts only ranges within
    // the source.
    let end = span.end.min(source.len());
    let start = span.start.min(end);
    let mut snippet = Snippet::source(source)
        .line_start(line)
        .annotation(AnnotationKind::Primary.span(start..end).label(help));
    if let Some(path) = path {
        snippet = snippet.path(path);
    }
    let group = Level::ERROR.primary_title(message).id(code).element(snippet);
    format!("{}\n", Renderer::styled().render(&[group]))
}
