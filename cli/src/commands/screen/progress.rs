//! How far has it come?

use std::cell::Cell;
use std::io::IsTerminal as _;

use cleartosend_audience::Progress;
use indicatif::{HumanCount, ProgressBar, ProgressStyle};

/// A line on standard error, where that is a terminal, with the rows so far and how fast they go;
/// and how much is left, where that is known. It is gone when this is dropped.
pub(super) struct Bar {
    bar: Option<ProgressBar>,
    rows: Cell<u64>,
}

impl Bar {
    pub(super) fn new(progress: &Progress) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| match progress.total() {
            Some(total) => {
                with_style(ProgressBar::new(total), "{bar:30} {percent:>3}%  {msg}  {eta} left")
            }
            None => with_style(ProgressBar::new_spinner(), "{spinner} {msg}"),
        });
        Self { bar, rows: Cell::new(0) }
    }

    pub(super) fn advance(&self, progress: &Progress, rows: usize) {
        let Some(bar) = &self.bar else { return };
        let rows = self.rows.get() + rows as u64;
        self.rows.set(rows);
        let a_second = (rows as f64 / bar.elapsed().as_secs_f64().max(0.001)) as u64;
        bar.set_message(format!("{} rows, {} a second", HumanCount(rows), HumanCount(a_second)));
        bar.set_position(progress.position());
    }
}

fn with_style(bar: ProgressBar, template: &str) -> ProgressBar {
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
