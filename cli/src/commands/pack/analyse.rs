//! `cts pack analyse`: what are the rules of packs to each other?

use std::fmt::Write as _;

use cleartosend::analyse::{Certainty, Claim, RuleName, TopicCoverage, Witness};
use cleartosend::expert::text::escaped;
use cleartosend::{Analysis, Engine};

use crate::format::PlainForm;
use crate::output::{self, Answer, styled};

/// What comes of an analysis of an engine's packs.
pub(super) fn of(engine: &Engine, form: PlainForm) -> Answer {
    let analysis = engine.analyse();
    match form {
        PlainForm::Json => Answer::of_bytes(format!("{}\n", analysis.to_json())),
        PlainForm::Text => Answer::new(text(&analysis, engine.packs().len() > 1)),
    }
}

fn text(analysis: &Analysis, has_several: bool) -> String {
    let mut text = String::new();
    for claim in &analysis.claims {
        write_claim(&mut text, claim, has_several);
    }
    if !analysis.claims.is_empty() {
        text.push('\n');
    }
    for topic in &analysis.topics {
        let _ = writeln!(text, "{}", of_topic(topic));
    }
    for bound in &analysis.bounds {
        let _ = writeln!(text, "not all was tried: {} ({})", bound.left, bound.limit);
    }
    let claims = analysis.claims.len();
    let ending = plural(claims);
    let _ =
        writeln!(text, "{} rule{}, {claims} claim{ending}", analysis.rules, plural(analysis.rules));
    text
}

fn write_claim(text: &mut String, claim: &Claim, has_several: bool) {
    let name = |rule: &RuleName| match has_several {
        true => format!("{}/{}", rule.pack, rule.rule),
        false => rule.rule.to_string(),
    };
    let kind = claim.kind.name().replace('_', " ");
    let style = match claim.certainty {
        Certainty::Proved => output::STRONG,
        Certainty::Possible => output::FAINT,
    };
    let about = match (&claim.rule, &claim.attribute) {
        (Some(rule), _) => name(rule),
        (None, attribute) => attribute.as_deref().unwrap_or_default().to_owned(),
    };
    let beside = claim
        .other
        .as_ref()
        .map(|other| format!(" (the other: {})", escaped(&name(other))))
        .unwrap_or_default();
    let doubt = match claim.certainty {
        Certainty::Proved => "",
        Certainty::Possible => "possible: ",
    };
    let _ = writeln!(
        text,
        "{}  {}: {doubt}{}{beside}",
        styled(style, &kind),
        escaped(&about),
        escaped(&claim.says)
    );
    if let Some(witness) = &claim.witness {
        write_witness(text, witness);
    }
}

fn write_witness(text: &mut String, witness: &Witness) {
    let document = witness.document.to_string();
    let _ = writeln!(text, "    {}: {}", witness.verdict, escaped(&document));
    if let Some(directory) = &witness.directory {
        let _ = writeln!(text, "    {}", escaped(&directory_of_tests(directory)));
    }
}

/// With which directory a document shows what is said of it.
pub(crate) fn directory_of_tests(name: &str) -> String {
    format!("judged with the directory `{name}` of the pack's tests")
}

fn of_topic(topic: &TopicCoverage) -> String {
    let verdicts: Vec<String> = topic
        .verdicts
        .iter()
        .map(|shown| match shown.violated == shown.rules {
            true => format!("{} {}", shown.verdict, shown.rules),
            false => format!("{} {} of {}", shown.verdict, shown.violated, shown.rules),
        })
        .collect();
    format!("{:<12} {}", topic.topic.name(), verdicts.join(", "))
}

const fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}
