//! How does a projection read?

use std::fmt::Write as _;

use cleartosend::expert::decide::WrittenDate;
use cleartosend::expert::text::escaped;
use cleartosend_account::{Block, Possible, Projection};

use crate::output::{self, styled};
use crate::paper;

pub(super) fn as_text(projection: &Projection) -> String {
    let width = output::width();
    let mut text = String::new();
    let headline = match (&projection.ladder, projection.covered, projection.decided) {
        (None, ..) => "no enforcement ladder is known of that day".to_owned(),
        (Some(_), false, _) => {
            "the ladder does not cover this kind, and what follows is not published".to_owned()
        }
        (Some(_), true, true) => "one step can follow".to_owned(),
        (Some(_), true, false) => "the history does not decide which step follows".to_owned(),
    };
    let _ = writeln!(text, "{}  {headline}\n", styled(output::STRONG, &projection.violation));
    paper::row(&mut text, "at", &projection.at.to_string(), width);
    if let Some(reached) = &projection.reached {
        paper::row(&mut text, "reached", reached, width);
    }
    if projection.immediate {
        paper::row(
            &mut text,
            "note",
            "for this kind WhatsApp may end the account at once, in some cases",
            width,
        );
    }
    if !projection.missing.is_empty() {
        paper::row(&mut text, "missing", &projection.missing.join(", "), width);
    }
    for (number, step) in projection.steps.iter().enumerate() {
        let _ = writeln!(
            text,
            "\n{}. {}  {}",
            number + 1,
            styled(output::STRONG, &step.id),
            escaped(&step.title)
        );
        write_step(&mut text, step, width);
    }
    if let Some(ladder) = &projection.ladder {
        text.push('\n');
        paper::row(
            &mut text,
            "ladder",
            &format!("{} ({}, pack {})", ladder.title, ladder.id, ladder.pack),
            width,
        );
        paper::row(
            &mut text,
            "in force",
            &paper::period(Some(WrittenDate(ladder.from)), ladder.until.map(WrittenDate)),
            width,
        );
        paper::row(&mut text, "source", &ladder.source, width);
        paper::row(&mut text, "", &ladder.url, width);
        paper::row(&mut text, "", &format!("read {}", WrittenDate(ladder.retrieved)), width);
    }
    text
}

fn write_step(text: &mut String, step: &Possible, width: usize) {
    if step.blocks.is_empty() {
        paper::row(text, "blocks", "nothing", width);
    } else {
        paper::row(text, "blocks", &step.blocks.join(", "), width);
    }
    for length in &step.lengths {
        match length {
            Block { days: Some(days), until: Some(until) } => {
                let unit = if *days == 1 { "day" } else { "days" };
                paper::row(text, "until", &format!("{until}, if it lasts {days} {unit}"), width);
            }
            Block { .. } if step.ends == "time" => {
                paper::row(text, "until", "an instant that is not published", width);
            }
            Block { .. } if step.ends != "nothing" => {
                paper::row(text, "until", &format!("{} ends it", step.ends), width);
            }
            Block { .. } => {}
        }
    }
    let appeal = match (step.appeal, step.appeal_by) {
        ("none", _) => "not possible".to_owned(),
        ("possible", Some(by)) => format!("possible, by {by}"),
        ("possible", None) => "possible; no term is published".to_owned(),
        (_, Some(by)) => format!("not always possible; by {by}"),
        (_, None) => "not always possible; no term is published".to_owned(),
    };
    paper::row(text, "appeal", &appeal, width);
    if !step.exposure.is_empty() {
        let exposure: Vec<&str> = step.exposure.iter().map(|exposure| exposure.name()).collect();
        paper::row(text, "amounts to", &exposure.join(", "), width);
    }
}
