//! An explanation for notebooks: what would help, a bar of the time, and what to supply.

use std::fmt::Write as _;

use cleartosend::expert::language::{answers, catalogue as words};
use cleartosend::expert::render;
use cleartosend::explain::Timeline;
use cleartosend::{Explanation, Lang, Verdict};

use super::{Escaped, colour, of_finding};

/// Members and intervals that a page shows; programs have all of them.
const SHOWN: usize = 5;

/// The explanation as a fragment of HTML.
pub(in crate::to_python) fn explanation(explanation: &Explanation, lang: Lang) -> String {
    let decision = explanation.decision();
    let mut html = String::new();
    super::verdict(&mut html, decision, lang);
    let _ = write!(html, "<p>{}", Escaped(&render::counts(explanation, lang)));
    if let Some(timeline) = explanation.timeline() {
        let clear = render::clear(explanation, timeline, lang);
        let label = answers::LABEL_CLEAR.of(lang);
        let _ = write!(html, "<br>{label}: {}", Escaped(&clear));
    }
    html.push_str("</p>");
    if let Some(leads_to) = render::help(explanation) {
        let (title, leads_to) = (answers::WHAT_WOULD_HELP.of(lang), leads_to.of(lang));
        let _ = write!(html, "<p><strong>{title}</strong> {leads_to}</p>");
    }
    if !explanation.fixes().is_empty() {
        html.push_str("<ol>");
        for fix in explanation.fixes() {
            let changes: Vec<String> = fix
                .changes
                .iter()
                .map(|change| Escaped(&render::change(change, lang)).to_string())
                .collect();
            let _ = write!(html, "<li>{}</li>", changes.join("<br>"));
        }
        html.push_str("</ol>");
    }
    if let Some(timeline) = explanation.timeline().filter(|known| known.intervals.len() > 1) {
        let (title, given) = (answers::WHEN.of(lang), answers::ALL_ELSE_AS_GIVEN.of(lang));
        let _ = write!(html, "<p><strong>{title}</strong> {given}</p>");
        bar(&mut html, timeline, lang);
    }
    if !explanation.missing().is_empty() {
        let _ = write!(html, "<p><strong>{}</strong>", answers::SUPPLY_FIRST.of(lang));
        let all = explanation.missing().len();
        if all > SHOWN {
            let items: [(&str, &dyn std::fmt::Display); 2] = [("shown", &SHOWN), ("count", &all)];
            let _ = write!(html, " {}", answers::SHOWN_OF_ALL.with(lang, &items));
        }
        html.push_str("</p><ol>");
        for member in explanation.missing().iter().take(SHOWN) {
            let _ =
                write!(html, "<li>{}</li>", Escaped(&render::to_supply(explanation, member, lang)));
        }
        html.push_str("</ol>");
    }
    html.push_str("</div>");
    html
}

/// The time as a bar: a rectangle for each stretch of one verdict, each with its text, and the whole
/// of it in words for who does not see it.
fn bar(html: &mut String, timeline: &Timeline, lang: Lang) {
    const WIDTH: f64 = 600.0;
    let from = timeline.from.seconds();
    let length = timeline.until.seconds().saturating_sub(from).max(1) as f64;
    let place = |at: i64| (at.saturating_sub(from) as f64 / length * WIDTH).clamp(0.0, WIDTH);
    let stretches = stretches(timeline);
    let items: Vec<String> = stretches.iter().map(|stretch| stretch.in_words(lang)).collect();
    let shown = items.get(..SHOWN).unwrap_or(&items).join("; ");
    let more = if items.len() > SHOWN { "; …" } else { "" };
    let _ = write!(
        html,
        "<svg role=\"img\" aria-label=\"{}{more}\" width=\"{WIDTH}\" height=\"16\" viewBox=\"0 0 \
         {WIDTH} 16\">",
        Escaped(&shown)
    );
    for (stretch, words) in stretches.iter().zip(&items) {
        let start = place(stretch.from);
        let _ = write!(
            html,
            "<rect x=\"{start:.2}\" width=\"{:.2}\" height=\"16\" \
             fill=\"{}\"><title>{}</title></rect>",
            place(stretch.until) - start,
            colour(of_finding(stretch.verdict)),
            Escaped(words)
        );
    }
    html.push_str("</svg>");
    let _ = write!(html, "<p><small>{shown}{more}</small></p>");
}

/// Neighbouring intervals of one verdict.
struct Stretch {
    from: i64,
    until: i64,
    verdict: Verdict,
    since: String,
}

impl Stretch {
    /// `deny from 2024-05-14T12:00:00Z`
    fn in_words(&self, lang: Lang) -> String {
        let since = words::FROM.with(lang, &[("from", &self.since)]);
        format!("{} {since}", words::verdict(self.verdict).of(lang))
    }
}

fn stretches(timeline: &Timeline) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for interval in &timeline.intervals {
        match stretches.last_mut() {
            Some(last) if last.verdict == interval.verdict => {
                last.until = interval.until.seconds();
            }
            _ => stretches.push(Stretch {
                from: interval.from.seconds(),
                until: interval.until.seconds(),
                verdict: interval.verdict,
                since: interval.from.to_string(),
            }),
        }
    }
    stretches
}
