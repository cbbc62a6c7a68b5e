//! Pages for people, in the styles of a terminal. How they read is core's business.

use std::io::IsTerminal as _;

use cleartosend::expert::decide::WrittenDate;
use cleartosend::expert::render::{self, Ink, Page, TimelineShape};
use cleartosend::{Decision, DirectoryStamp, Explanation, FindingVerdict, Lang, Verdict};

use crate::output;

/// A page as wide as the terminal.
pub(crate) fn page(lang: Lang) -> Page {
    Page { lang, width: output::width(), ink: styled }
}

/// The whole decision.
pub(crate) fn of(decision: &Decision, lang: Lang) -> String {
    render::paper(decision, &page(lang))
}

/// The decision of an explanation on one screen, with so many lines below it.
pub(crate) fn short(explanation: &Explanation, below: usize, lang: Lang) -> String {
    render::short(explanation, render::SCREEN_LINES.saturating_sub(below), &page(lang))
}

/// The whole explanation, with a bar for the time where somebody looks at a terminal.
pub(crate) fn explanation(explanation: &Explanation, lang: Lang) -> String {
    let shape = match std::io::stdout().is_terminal() {
        true => TimelineShape::Bar,
        false => TimelineShape::Lines,
    };
    render::explanation(explanation, shape, &page(lang))
}

/// A label and what belongs to it, escaped, and wrapped beside it: of pages that are in English
/// alone.
pub(crate) fn row(text: &mut String, label: &str, value: &str, width: usize) {
    Page { lang: Lang::English, width, ink: styled }.labelled(text, label, value);
}

/// `from 2018-08-01 until 2025-10-23`
pub(crate) fn period(from: Option<WrittenDate>, until: Option<WrittenDate>) -> String {
    render::period(from, until, Lang::English)
}

/// A directory in one line.
pub(crate) fn directory(stamp: &DirectoryStamp) -> String {
    render::directory(stamp, Lang::English)
}

fn styled(ink: Ink, text: &str) -> String {
    let style = match ink {
        Ink::Verdict(Verdict::Allow) | Ink::Finding(FindingVerdict::Allow) => output::GOOD,
        Ink::Verdict(Verdict::Review) | Ink::Finding(FindingVerdict::Review) => output::DOUBTFUL,
        Ink::Verdict(Verdict::Deny) | Ink::Finding(FindingVerdict::Deny) => output::BAD,
        Ink::Strong => output::STRONG,
        // A note, and what stands beside.
        _ => output::FAINT,
    };
    output::styled(style, text)
}
