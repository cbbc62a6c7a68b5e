//! How does an answer leave?
//!
//! The one place that writes to standard output and standard error. A command gives its whole answer as text, with styles that are
//! dropped where nobody would see them: when the output is no terminal, or `NO_COLOR` is set.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anstyle::{AnsiColor, Style};

use crate::failure::Failure;

/// The answer of a command that could be carried out.
pub(crate) struct Answer {
    pub(crate) text: String,
    /// What goes to standard error, beside the answer.
    pub(crate) note: String,
    pub(crate) code: u8,
}

impl Answer {
    pub(crate) fn new(text: String) -> Self {
        Self { text, note: String::new(), code: 0 }
    }

    pub(crate) fn with_code(self, code: u8) -> Self {
        Self { code, ..self }
    }

    pub(crate) fn with_note(self, note: String) -> Self {
        Self { note, ..self }
    }
}

pub(crate) const STRONG: Style = Style::new().bold();
pub(crate) const FAINT: Style = Style::new().dimmed();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const DOUBTFUL: Style = AnsiColor::Yellow.on_default().bold();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();

/// A text in a style.
pub(crate) fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
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

/// Columns of the terminal, or 100 where there is none.
pub(crate) fn width() -> usize {
    const WIDTH: usize = 100;
    const WIDTH_MIN: usize = 40;
    terminal_size::terminal_size().map_or(WIDTH, |(width, _)| usize::from(width.0)).clamp(WIDTH_MIN, WIDTH)
}

/// Writes an answer, or why there is none, and gives the exit code.
pub(crate) fn finish(answer: Result<Answer, Failure>) -> u8 {
    let (text, note, code) = match answer {
        Ok(answer) => (answer.text, answer.note, answer.code),
        Err(failure) => (String::new(), failure.text, failure.code),
    };
    let written = write(anstream::stdout(), &text).and_then(|()| write(anstream::stderr(), &note));
    match written {
        // Whoever read the output has seen enough; that changes nothing of the answer.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => code,
        Err(error) => {
            let _ = write(anstream::stderr(), &format!("cannot write the answer: {error}\n"));
            2
        }
        Ok(()) => code,
    }
}

fn write(mut to: impl Write, text: &str) -> io::Result<()> {
    to.write_all(text.as_bytes())?;
    to.flush()
}
