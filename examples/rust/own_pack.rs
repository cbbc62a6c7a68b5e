//! A pack of one's own on top of the built-in one: a rule about a fact that only this business has.
//!
//! `cargo run --package cleartosend --example own_pack`

use std::error::Error;
use std::fmt::Write;

use cleartosend::{Engine, Pack, PackFile, Schema};

const PACK: &str = r#"
name     = "our-shop"
version  = "1.0.0"
requires = ">=1.0.0"
title    = "What our shop has decided for itself"
published = 2026-01-01

[sources.handbook]
title     = "Handbook of the marketing team, section 4"
url       = "https://shop.example/handbook"
retrieved = 2026-01-01
confidence = "official"

[attributes."x.segment"]
type   = "string"
values = ["new", "regular"]
scope  = "recipient"
title  = "how long the person has been a customer"
"#;

const RULES: &str = r#"
[[rule]]
id       = "use_case.regulars-only"
topic    = "use_case"
title    = "Sales go to regular customers"
applies  = 'campaign.category == "marketing"'
requires = 'x.segment == "regular"'
verdict  = "deny"
from     = 2026-01-01
source   = { id = "handbook" }
message  = "the segment is {x.segment}"
advice   = "Leave new customers out."
exposure = []
"#;

/// Writes the answer.
pub(crate) fn tell(out: &mut String) -> Result<(), Box<dyn Error>> {
    let file = |path: &str, text: &'static str| PackFile {
        path: path.to_owned(),
        bytes: text.as_bytes().into(),
    };
    let files = [file("pack.toml", PACK), file("rules/sales.toml", RULES)];
    // A pack with a problem is refused whole, with all its problems and their places.
    let pack = Pack::load(&files, &Schema::built_in())?;
    let engine = Engine::builder().add(pack).build()?;
    let decision = engine.check_json(
        br#"{
            "send_at": "2026-03-02T15:00:00Z",
            "campaign": {"category": "marketing"},
            "recipient": {"phone": "+34600000000"},
            "x": {"segment": "new"}
        }"#,
    )?;
    for finding in decision.findings().iter().filter(|one| &*one.pack == "our-shop") {
        writeln!(out, "{} {}: {}", finding.verdict, finding.rule, finding.message)?;
        writeln!(out, "  {} {}", finding.source.title, finding.source.url)?;
    }
    Ok(())
}

#[allow(dead_code, clippy::allow_attributes, clippy::print_stdout, reason = "an example")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut out = String::new();
    tell(&mut out)?;
    print!("{out}");
    Ok(())
}
