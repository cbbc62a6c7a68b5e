//! `cts pack explain`: what does a rule say, and how does the engine hold it?

use std::collections::BTreeSet;
use std::fmt::Write as _;

use cleartosend::expert::cel::NamedCondition;
use cleartosend::expert::decide::WrittenDate;
use cleartosend::expert::program::clause::Clause;
use cleartosend::expert::program::dimension::{PredicateForm, Subject};
use cleartosend::expert::program::{CompiledRule, Program, RuleIdx};
use cleartosend::expert::suggest;
use cleartosend::expert::text::escaped;
use cleartosend::pack::{Condition, Confidence, Enforcement, Part, Rule, Template};
use cleartosend::schema::{AttributeId, Nullable};
use cleartosend::{Engine, Pack, Schema};

use crate::failure::Failure;
use crate::output::{self, Answer, styled};
use crate::paper;

pub(super) fn run(engine: &Engine, asked: &str) -> Result<Answer, Failure> {
    let program = engine.program();
    let named = |pack: &Pack, rule: &Rule| {
        *rule.id == *asked || asked == format!("{}/{}", pack.name, rule.id)
    };
    let found: Vec<RuleIdx> = program
        .rules()
        .filter(|(_, pack, rule)| named(pack, rule))
        .map(|(index, _, _)| index)
        .collect();
    if found.is_empty() {
        let known: Vec<&str> = program.rules().map(|(_, _, rule)| &*rule.id).collect();
        let nearest = suggest::nearest(asked, known.iter().copied())
            .map(|near| format!("; did you mean `{near}`?"))
            .unwrap_or_default();
        return Err(Failure::new(&format!("no rule is called `{asked}`{nearest}")));
    }
    let mut text = String::new();
    for rule in found {
        explain(&mut text, program, rule);
    }
    Ok(Answer::new(text))
}

fn explain(text: &mut String, program: &Program, index: RuleIdx) {
    let (Some((pack, rule)), Some(compiled)) = (program.rule(index), program.compiled(index))
    else {
        return;
    };
    let schema = program.schema();
    if !text.is_empty() {
        text.push('\n');
    }
    let _ = writeln!(text, "{}  {} {}", styled(output::STRONG, &rule.id), pack.name, pack.version);
    let _ = writeln!(text, "{}\n", escaped(&rule.title));
    let unconfirmed = if rule.confidence == Confidence::Unconfirmed { ", unconfirmed" } else { "" };
    let observed = if rule.enforcement == Enforcement::Observed {
        ", not enforced: what it finds is a note"
    } else {
        ""
    };
    line(
        text,
        "verdict",
        &format!(
            "{} ({}, {} scope{unconfirmed}{observed})",
            rule.verdict,
            rule.topic,
            rule.scope.name()
        ),
    );
    line(
        text,
        "in force",
        &paper::period(rule.period.from.map(WrittenDate), rule.period.until.map(WrittenDate)),
    );
    if let Some(seen) = rule.seen_from {
        line(text, "", &format!("seen from {} on; before that it is assumed", WrittenDate(seen)));
    }
    let countries = rule.source_by_country.iter();
    let cited = [(None, &rule.source)]
        .into_iter()
        .chain(countries.map(|(country, citation)| (Some(country), citation)));
    for (country, citation) in cited {
        let Some(source) = pack.sources.get(&citation.source) else { continue };
        let country = country.map(|country| format!("{country}: ")).unwrap_or_default();
        let section =
            citation.section.as_ref().map(|section| format!(", {section}")).unwrap_or_default();
        line(text, "source", &escaped(&format!("{country}{}{section}", source.title)));
        line(
            text,
            "",
            &format!(
                "{} (read {}, {})",
                source.url,
                WrittenDate(source.retrieved),
                source.confidence
            ),
        );
    }
    let exposure: Vec<&str> = rule.exposure.iter().map(|exposure| exposure.name()).collect();
    line(
        text,
        "at stake",
        if exposure.is_empty() { "nothing named".to_owned() } else { exposure.join(", ") }.as_str(),
    );
    line(text, "written", &rule.place.to_string());
    text.push('\n');
    line(text, "applies", rule.applies.as_ref().map_or("always", |applies| &applies.source));
    match &rule.condition {
        Condition::Requires(condition) => line(text, "requires", &condition.source),
        Condition::Forbids(condition) => line(text, "forbids", &condition.source),
    }
    for named in named_conditions(pack, rule) {
        line(text, "where", &format!("conditions.{} is {}", named.name, named.expression.source));
    }
    line(text, "message", &escaped(&template(&rule.message, schema)));
    line(text, "advice", &escaped(&template(&rule.advice, schema)));
    let outcomes = [
        ("violated", &compiled.violated),
        ("satisfied", &compiled.satisfied),
        ("not applicable", &compiled.not_applicable),
        ("undetermined", &compiled.error),
    ];
    for (name, clauses) in outcomes {
        let clauses: Vec<&Clause> =
            clauses.iter().filter(|clause| can_hold(program, clause)).collect();
        if !clauses.is_empty() {
            let _ = writeln!(text, "\n{} when one of these holds", styled(output::STRONG, name));
            clauses
                .iter()
                .enumerate()
                .for_each(|(number, clause)| write_clause(text, program, number + 1, clause));
        }
    }
    let open = can_be_unknown(program, compiled);
    if !open.is_empty() {
        let _ = writeln!(
            text,
            "\n{} while one of these is not known and can change the outcome",
            styled(output::STRONG, "undetermined")
        );
        for path in open {
            let _ = writeln!(text, "  -   {path}");
        }
    }
}

/// The named conditions that a rule's conditions write, and those that they write, in source order.
fn named_conditions<'p>(pack: &'p Pack, rule: &'p Rule) -> Vec<&'p NamedCondition> {
    let mut texts: Vec<&str> = vec![&*rule.condition.expression().source];
    texts.extend(rule.applies.iter().map(|applies| &*applies.source));
    let mut found = Vec::new();
    // Each names only those above it.
    for named in pack.conditions.iter().rev() {
        let written = format!("conditions.{}", named.name);
        let is_written = |text: &&str| {
            text.match_indices(&written).any(|(at, _)| {
                let after = text.get(at + written.len()..).and_then(|rest| rest.chars().next());
                !after.is_some_and(|after| after.is_ascii_alphanumeric() || after == '_')
            })
        };
        if texts.iter().any(is_written) {
            texts.push(&*named.expression.source);
            found.push(named);
        }
    }
    found.reverse();
    found
}

/// Whether some facts satisfy a clause: a comparison of attributes that the clause has present
/// always comes to something.
fn can_hold(program: &Program, clause: &Clause) -> bool {
    const CANNOT_BE_WORKED_OUT: u16 = 3;
    let is_present = |id: AttributeId| {
        clause.constraints.iter().any(|(place, set)| {
            program.dimension(*place).is_some_and(|dimension| {
                dimension.subject == Subject::Attribute(id)
                    && dimension.absent.is_some_and(|absent| !set.contains(absent))
            })
        })
    };
    let has_value =
        |id: AttributeId| program.schema().attribute(id).nullable == Nullable::No || is_present(id);
    !clause.constraints.iter().any(|(place, set)| {
        let Some(Subject::Predicate(index)) =
            program.dimension(*place).map(|dimension| &dimension.subject)
        else {
            return false;
        };
        let fails_only = set.contains(CANNOT_BE_WORKED_OUT) && !set.contains(1) && !set.contains(2);
        match program.predicates().get(*index).map(|predicate| &predicate.form) {
            Some(PredicateForm::Compares { left, right, .. }) => {
                fails_only && has_value(*left) && has_value(*right)
            }
            Some(PredicateForm::Contains { list, .. }) => fails_only && has_value(*list),
            Some(PredicateForm::Tree) | None => false,
        }
    })
}

/// The attributes that a rule's conditions read and that a check may not know, in path order.
fn can_be_unknown<'a>(program: &'a Program, compiled: &CompiledRule) -> BTreeSet<&'a str> {
    let read = compiled.dimensions.iter().filter_map(|place| program.dimension(*place)).flat_map(
        |dimension| match dimension.subject {
            Subject::Attribute(id) => vec![id],
            Subject::Predicate(index) => program
                .predicates()
                .get(index)
                .map(|predicate| predicate.attributes.iter().copied().collect())
                .unwrap_or_default(),
        },
    );
    let open = read.filter(|id| super::coverage::can_be_unknown(program.schema(), *id));
    open.map(|id| &*program.schema().attribute(id).path).collect()
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
        let words =
            program.dimension(*place).map(|dimension| dimension.describe(set)).unwrap_or_default();
        let _ =
            writeln!(text, "  {bullet:<3} {} {}", escaped(program.name(*place)), escaped(&words));
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
