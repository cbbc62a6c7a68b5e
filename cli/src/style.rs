//! In which styles is a text for people?

use anstyle::{AnsiColor, Style};
use cleartosend::expert::text::escaped;

pub(crate) const STRONG: Style = Style::new().bold();
pub(crate) const FAINT: Style = Style::new().dimmed();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const DOUBTFUL: Style = AnsiColor::Yellow.on_default().bold();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();

/// A text in a style, escaped.
pub(crate) fn styled(style: Style, text: &str) -> String {
    format!("{style}{}{style:#}", escaped(text))
}
