//! The spring sale, as it would go out: is it clear to send?
//!
//! `cargo run --package cleartosend --example first_check`

use std::error::Error;
use std::fmt::Write;

use cleartosend::{Engine, Status};

const CAMPAIGN: &[u8] = br#"{
    "send_at": "2026-03-02T15:00:00Z",
    "provider": {"name": "Hubtyp3", "domain": "hubtyp3.com", "role": "solution_partner"},
    "access": {"route": "cloud_api", "clients": ["npm:@whiskeysockets/baileys"]},
    "campaign": {"initiated_by": "business", "category": "marketing"},
    "recipient": {"phone": "+34600000000", "opt_in": "given", "opted_out": true}
}"#;

/// Writes the answer.
pub(crate) fn tell(out: &mut String) -> Result<(), Box<dyn Error>> {
    let engine = Engine::built_in()?;
    let decision = engine.check_json(CAMPAIGN)?;
    writeln!(out, "verdict: {}", decision.verdict())?;
    for finding in decision.findings().iter().filter(|one| one.status == Status::Violated) {
        writeln!(out, "- {}: {}", finding.rule, finding.message)?;
    }
    let asked = decision.missing().iter().any(|path| &**path == "account.quality");
    writeln!(out, "asked for, since it was not given: {asked}")?;
    Ok(())
}

#[allow(dead_code, clippy::allow_attributes, clippy::print_stdout, reason = "an example")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut out = String::new();
    tell(&mut out)?;
    print!("{out}");
    Ok(())
}
