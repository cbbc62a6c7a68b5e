//! One campaign, many people: typed facts, a verdict each, and the rules behind it.
//!
//! `cargo run --package cleartosend --example recipients`

use std::error::Error;
use std::fmt::Write;

use cleartosend::{Engine, Facts, Judgement};

/// Whom the shop would write to: number, consent, whether the person asked to stop.
const PEOPLE: [(&str, &str, bool); 3] = [
    ("+34600000000", "given", false),
    ("+34600000001", "given", true),
    ("+34600000002", "none", false),
];

/// Writes the answer.
pub(crate) fn tell(out: &mut String) -> Result<(), Box<dyn Error>> {
    let engine = Engine::built_in()?;
    let campaign = Facts::from_json(engine.schema(), CAMPAIGN)?;
    // Filled again and again, it uses its memory again.
    let mut judgement = Judgement::new();
    for (phone, opt_in, opted_out) in PEOPLE {
        // A copy of the campaign for each: no recipient inherits facts of another.
        let mut facts = campaign.clone();
        facts.set_path("recipient.phone", phone)?;
        facts.set_path("recipient.opt_in", opt_in)?;
        facts.set_path("recipient.opted_out", opted_out)?;
        engine.judge_into(&facts, &mut judgement)?;
        write!(out, "{phone}: {}", judgement.verdict())?;
        for rule in judgement.rules() {
            write!(out, ", {} {}", rule.rule, rule.status)?;
        }
        writeln!(out)?;
    }
    Ok(())
}

const CAMPAIGN: &[u8] = include_bytes!("../campaign-only.json");

#[allow(dead_code, clippy::allow_attributes, clippy::print_stdout, reason = "an example")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut out = String::new();
    tell(&mut out)?;
    print!("{out}");
    Ok(())
}
