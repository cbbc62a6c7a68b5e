//! `cts pack explain`: what does a rule say, and how does the engine hold it?

use std::fmt::Write as _;

use cleartosend::decide::WrittenDate;
use cleartosend::engine::Engine;
use cleartosend::pack::{Condition, Confidence, Enforcement, Pack, Part, Rule, Template};
use cleartosend::program::clause::Clause;
use cleartosend::program::{Program, RuleIdx};
use cleartosend::schema::Schema;
use cleartosend::suggest;
use cleartosend::text::escaped;

use crate::failure::Failure;
use crate::output::{self, Answer, styled};

pub(super) fn run(engine: &Engine, asked: &str) -> Result<Answer, Failure> {
    let program = engine.program();
    let named = |pack: &Pack, rule: &Rule| *rule.id == *asked || asked == format!("{}/{}", pack.name, rule.id);
    let found: Vec<RuleIdx> = program.rules().filter(|(_, pack, rule)| named(pack, rule)).map(|(index, _, _)| index).collect();
    if found.is_empty() {
        let known: Vec<&str> = program.rules().map(|(_, _, rule)| &*rule.id).collect();
        let nearest = suggest::nearest(asked, known.iter().copied()).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        return Err(Failure::new(&format!("no rule is called `{asked}`{nearest}")));
    }
    let mut text = String::new();
    for rule in found {
        explain(&mut text, program, rule);
    }
    Ok(Answer::new(text))
}

fn explain(text: &mut String, program: &Program, index: RuleIdx) {
    let (Some((pack, rule)), Some(compiled)) = (program.rule(index), program.compiled(index)) else { return };
    let schema = program.schema();
    if !text.is_empty() {
        text.push('\n');
    }
    let _ = writeln!(text, "{}  {} {}", styled(output::STRONG, &rule.id), pack.name, pack.version);
    let _ = writeln!(text, "{}\n", escaped(&rule.title));
    let unconfirmed = if rule.confidence == Confidence::Unconfirmed { ", unconfirmed" } else { "" };
    let observed = if rule.enforcement == Enforcement::Observed { ", not enforced: what it finds is a note" } else { "" };
    line(text, "verdict", &format!("{} ({}, {} scope{unconfirmed}{observed})", rule.verdict, rule.topic, rule.scope.name()));
    let until = rule.period.until.map(|until| format!(" until {}", WrittenDate(until))).unwrap_or_default();
    line(text, "in force", &format!("from {}{until}", WrittenDate(rule.period.from)));
    if let Some(source) = pack.sources.get(&rule.source.source) {
        let section = rule.source.section.as_ref().map(|section| format!(", {section}")).unwrap_or_default();
        line(text, "source", &format!("{}{section}", source.title));
        line(text, "", &format!("{} (read {}, {})", source.url, WrittenDate(source.retrieved), source.confidence));
    }
    let exposure: Vec<&str> = rule.exposure.iter().map(|exposure| exposure.name()).collect();
    line(text, "at stake", if exposure.is_empty() { "nothing named".to_owned() } else { exposure.join(", ") }.as_str());
    line(text, "written", &rule.place.to_string());
    text.push('\n');
    line(text, "applies", rule.applies.as_ref().map_or("always", |applies| &applies.source));
    match &rule.condition {
        Condition::Requires(condition) => line(text, "requires", &condition.source),
        Condition::Forbids(condition) => line(text, "forbids", &condition.source),
    }
    line(text, "message", &template(&rule.message, schema));
    line(text, "advice", &template(&rule.advice, schema));
    let outcomes = [
        ("violated", &compiled.violated),
        ("satisfied", &compiled.satisfied),
        ("not applicable", &compiled.not_applicable),
        ("undetermined", &compiled.error),
    ];
    for (name, clauses) in outcomes {
        if !clauses.is_empty() {
            let _ = writeln!(text, "\n{} when one of these holds", styled(output::STRONG, name));
            clauses.iter().enumerate().for_each(|(number, clause)| write_clause(text, program, number + 1, clause));
        }
    }
}

fn line(text: &mut String, label: &str, value: &str) {
    let mut label = label;
    for part in value.lines() {
        // Conditions are indented, by tabs too.
        let part = part.replace('\t', "    ");
        let _ = writeln!(text, "  {label:<9} {}", escaped(&part));
        label = "";
    }
}

/// One constraint a line.
fn write_clause(text: &mut String, program: &Program, number: usize, clause: &Clause) {
    let mut bullet = format!("{number}.");
    if clause.constraints.is_empty() {
        let _ = writeln!(text, "  {bullet:<3} always");
    }
    for (place, set) in &clause.constraints {
        let words = program.dimension(*place).map(|dimension| dimension.describe(set)).unwrap_or_default();
        let _ = writeln!(text, "  {bullet:<3} {} {}", escaped(program.name(*place)), escaped(&words));
        bullet.clear();
    }
}

/// A text with its placeholders, as written in the pack.
fn template(template: &Template, schema: &Schema) -> String {
    let parts = template.parts.iter().map(|part| match part {
        Part::Text(text) => text.replace('{', "{{").replace('}', "}}"),
        Part::Attribute(id) => format!("{{{}}}", schema.attribute(*id).path),
    });
    parts.collect()
}
