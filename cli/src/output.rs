//! How does an answer leave?
//!
//! The one place that writes to standard output and standard error. A command gives its whole
//! answer as text. What is for people has styles, which are dropped where nobody would see them:
//! when the output is no terminal, or `NO_COLOR` is set; a stranger's text in it is escaped
//! ([`styled`]) by whoever puts it there, and what steers a terminal and is no style of ours is
//! escaped here. What is for programs leaves byte for byte.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anstream::ColorChoice;
use cleartosend::expert::text::is_hidden;
use cleartosend_files::reason;

use crate::failure::Failure;
pub(crate) use crate::style::{BAD, DOUBTFUL, FAINT, GOOD, STRONG, styled};

/// Who reads a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reader {
    People,
    Programs,
}

/// The answer of a command that could be carried out.
pub(crate) struct Answer {
    text: String,
    reader: Reader,
    /// What goes to standard error, beside the answer.
    note: String,
    note_reader: Reader,
    code: u8,
}

impl Answer {
    /// For people.
    pub(crate) fn new(text: String) -> Self {
        Self {
            text,
            reader: Reader::People,
            note: String::new(),
            note_reader: Reader::People,
            code: 0,
        }
    }

    /// For programs: JSON, or what else has a format.
    pub(crate) fn of_bytes(text: String) -> Self {
        Self { reader: Reader::Programs, ..Self::new(text) }
    }

    pub(crate) fn for_reader(text: String, reader: Reader) -> Self {
        Self { reader, ..Self::new(text) }
    }

    pub(crate) fn with_code(self, code: u8) -> Self {
        Self { code, ..self }
    }

    /// Why there is no answer.
    pub(crate) fn of_failure(failure: Failure) -> Self {
        Self::new(String::new()).with_note(failure.text).with_code(failure.code)
    }

    /// Lines for people below the answer; beside it, where programs read it or it is the note.
    pub(crate) fn with_footer(mut self, lines: &str) -> Self {
        match self.reader {
            Reader::People if !self.text.is_empty() => self.text.push_str(lines),
            _ if self.note_reader == Reader::People => self.note.push_str(lines),
            // What programs read on standard error stays theirs.
            _ => {}
        }
        self
    }

    pub(crate) fn with_note(self, note: String) -> Self {
        self.with_note_for(note, Reader::People)
    }

    pub(crate) fn with_note_for(self, note: String, note_reader: Reader) -> Self {
        Self { note, note_reader, ..self }
    }
}

/// Standard output for rows, as they come.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    is_closed: Arc<AtomicBool>,
}

impl Rows {
    /// Whether whoever read the rows has gone away.
    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::Relaxed)
    }

    fn noted<T>(&self, result: io::Result<T>) -> io::Result<T> {
        if result.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
            self.is_closed.store(true, Ordering::Relaxed);
        }
        result
    }
}

impl Write for Rows {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.noted(io::stdout().write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.noted(io::stdout().flush())
    }
}

/// Takes from `CTS_COLOR` whether there are styles: `auto`, as without it, `always` or `never`.
#[expect(clippy::disallowed_methods, reason = "`CTS_COLOR` is documented to say this")]
pub(crate) fn colours() -> Result<(), Failure> {
    let Some(asked) = std::env::var_os("CTS_COLOR").filter(|asked| !asked.is_empty()) else {
        return Ok(());
    };
    let choice = match asked.to_string_lossy().as_ref() {
        "auto" => ColorChoice::Auto,
        "always" => ColorChoice::Always,
        "never" => ColorChoice::Never,
        other => {
            return Err(Failure::new(&format!(
                "`CTS_COLOR` is `{other}`, expected auto, always or never"
            )));
        }
    };
    choice.write_global();
    Ok(())
}

/// Columns of the terminal, or 100 where there is none.
pub(crate) fn width() -> usize {
    const WIDTH: usize = 100;
    const WIDTH_MIN: usize = 40;
    terminal_size::terminal_size()
        .map_or(WIDTH, |(width, _)| usize::from(width.0))
        .clamp(WIDTH_MIN, WIDTH)
}

/// Writes an answer, or why there is none, and gives the exit code.
pub(crate) fn finish(answer: Result<Answer, Failure>) -> u8 {
    let answer = answer.unwrap_or_else(Answer::of_failure);
    let code = answer.code;
    match show(&answer) {
        // Whoever read the output has seen enough; that changes nothing of the answer.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => code,
        Err(error) => {
            let _ = write(
                anstream::stderr(),
                &harmless(&format!("cannot write the answer: {}\n", reason(&error))),
            );
            2
        }
        Ok(()) => code,
    }
}

/// Writes an answer.
pub(crate) fn show(answer: &Answer) -> io::Result<()> {
    let Answer { text, reader, note, note_reader, code: _ } = answer;
    match reader {
        Reader::People => write(anstream::stdout(), &harmless(text)),
        Reader::Programs => write(io::stdout(), text),
    }?;
    match note_reader {
        Reader::People => write(anstream::stderr(), &harmless(note)),
        Reader::Programs => write(io::stderr(), note),
    }
}

/// Prints what the parser of the command line says: help or version to standard output, anything
/// else to standard error.
pub(crate) fn print(refusal: &clap::Error) {
    let text = harmless(&refusal.render().ansi().to_string());
    // Whoever closed the stream has seen enough.
    let _ = if refusal.use_stderr() {
        write(anstream::stderr(), &text)
    } else {
        write(anstream::stdout(), &text)
    };
}

/// The text with everything escaped that steers a terminal or cannot be seen, but for line feeds
/// and styles.
fn harmless(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let length = style_length(rest).unwrap_or(next.len_utf8());
        let (taken, left) = rest.split_at_checked(length).unwrap_or((rest, ""));
        if next == '\n' || length > next.len_utf8() || !is_hidden(next) {
            safe.push_str(taken);
        } else {
            safe.extend(next.escape_unicode());
        }
        rest = left;
    }
    safe
}

/// The length of the style that a text begins with: `ESC [`, digits and `;`, `m`.
fn style_length(text: &str) -> Option<usize> {
    let parameters = text.strip_prefix("\u{1b}[")?;
    let length =
        parameters.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b';').count();
    parameters.as_bytes().get(length).filter(|byte| **byte == b'm').map(|_| length + 3)
}

fn write(mut to: impl Write, text: &str) -> io::Result<()> {
    to.write_all(text.as_bytes())?;
    to.flush()
}

#[cfg(test)]
mod tests {
    use super::{BAD, harmless, styled};

    #[test]
    fn only_lines_and_styles_reach_a_terminal() {
        let ours = format!("{}  x\n", styled(BAD, "deny"));
        assert_eq!(harmless(&ours), ours);
        assert_eq!(harmless("a\u{1b}[2Jb\u{1b}[1;1Hc"), "a\\u{1b}[2Jb\\u{1b}[1;1Hc");
        assert_eq!(
            harmless("\u{1b}]0;t\u{7}\u{9b}8m\u{7f}\r\u{202e}"),
            "\\u{1b}]0;t\\u{7}\\u{9b}8m\\u{7f}\\u{d}\\u{202e}"
        );
        assert_eq!(harmless("\u{1b}[3"), "\\u{1b}[3");
        assert_eq!(styled(BAD, "a\u{1b}[8m\nb"), format!("{BAD}a\\u{{1b}}[8m\\u{{a}}b{BAD:#}"));
    }
}
