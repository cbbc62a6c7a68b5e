//! `cts pack explain`: what does a rule say, and how does the engine hold it?

mod outline;
mod phrases;
mod sentences;

use std::fmt::{Display, Write as _};

use cleartosend::expert::cel::NamedCondition;
use cleartosend::expert::decide::WrittenDate;
use cleartosend::expert::language::{Words, catalogue as words};
use cleartosend::expert::program::clause::{Clause, DimensionIdx};
use cleartosend::expert::program::dimension::{PredicateForm, Subject};
use cleartosend::expert::program::{CompiledRule, Program, RuleIdx};
use cleartosend::expert::render;
use cleartosend::expert::suggest;
use cleartosend::expert::text::escaped;
use cleartosend::pack::{
    Condition, Confidence, Enforcement, Part, Rule, SourceConfidence, Template,
};
use cleartosend::schema::{AttributeId, Nullable, Scope};
use cleartosend::{Engine, Lang, Pack, RuleTopic, Schema};
use cleartosend_authoring::can_be_unknown_of;

use crate::failure::Failure;
use crate::output::{self, Answer, styled};
use crate::paper;

/// Whether a rule is told with its clauses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    Sentences,
    Clauses,
}

pub(super) fn run(
    engine: &Engine,
    asked: &str,
    detail: Detail,
    lang: Lang,
) -> Result<Answer, Failure> {
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
        explain(&mut text, program, rule, detail, lang);
    }
    Ok(Answer::new(text))
}

fn explain(text: &mut String, program: &Program, index: RuleIdx, detail: Detail, lang: Lang) {
    let (Some((pack, rule)), Some(compiled)) = (program.rule(index), program.compiled(index))
    else {
        return;
    };
    let schema = program.schema();
    if !text.is_empty() {
        text.push('\n');
    }
    let _ = writeln!(text, "{}  {} {}", styled(output::STRONG, &rule.id), pack.name, pack.version);
    let translation = rule.translation(lang);
    let title = translation.map_or(&rule.title, |translation| &translation.title);
    let _ = writeln!(text, "{}\n", escaped(title));
    let mut row = |label: Words, value: &str| line(text, label.of(lang), value);
    row(words::EXPLAIN_VERDICT, &verdict(rule, lang));
    let (from, until) = (rule.period.from, rule.period.until);
    let period = render::period(from.map(WrittenDate), until.map(WrittenDate), lang);
    row(words::LABEL_IN_FORCE, &period);
    if let Some(seen) = rule.seen_from {
        line(text, "", &words::SEEN_FROM.with(lang, &[("date", &WrittenDate(seen))]));
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
        let cites = escaped(&format!("{country}{}{section}", source.title)).into_owned();
        line(text, words::LABEL_SOURCE.of(lang), &cites);
        let confidence = match source.confidence {
            SourceConfidence::Official => words::SOURCE_OFFICIAL,
            SourceConfidence::Secondary => words::SOURCE_SECONDARY,
            SourceConfidence::Unconfirmed => words::SOURCE_UNCONFIRMED,
        };
        let values: [(&str, &dyn Display); 3] = [
            ("url", &source.url),
            ("date", &WrittenDate(source.retrieved)),
            ("confidence", &confidence.of(lang)),
        ];
        line(text, "", &words::EXPLAIN_READ.with(lang, &values));
    }
    let exposure: Vec<&str> =
        rule.exposure.iter().map(|exposure| words::exposure(*exposure).of(lang)).collect();
    let exposure = match exposure.as_slice() {
        [] => words::NOTHING_NAMED.of(lang).to_owned(),
        named => named.join(", "),
    };
    line(text, words::LABEL_AT_STAKE.of(lang), &exposure);
    line(text, words::EXPLAIN_WRITTEN.of(lang), &rule.place.to_string());
    text.push('\n');
    let mut row = |label: Words, value: &str| line(text, label.of(lang), value);
    let always = words::ALWAYS.of(lang);
    row(words::EXPLAIN_APPLIES, rule.applies.as_ref().map_or(always, |applies| &applies.source));
    match &rule.condition {
        Condition::Requires(condition) => row(words::EXPLAIN_REQUIRES, &condition.source),
        Condition::Forbids(condition) => row(words::EXPLAIN_FORBIDS, &condition.source),
    }
    for named in named_conditions(pack, rule) {
        let values: [(&str, &dyn Display); 2] =
            [("name", &named.name), ("condition", &named.expression.source)];
        row(words::EXPLAIN_WHERE, &words::CONDITION_IS.with(lang, &values));
    }
    let (message, advice) = match translation {
        Some(translation) => (translation.message.to_string(), translation.advice.to_string()),
        None => (template(&rule.message, schema), template(&rule.advice, schema)),
    };
    row(words::EXPLAIN_MESSAGE, &escaped(&message));
    row(words::EXPLAIN_ADVICE, &escaped(&advice));
    text.push('\n');
    sentences::write(text, program, (rule, compiled), &paper::page(lang));
    if detail == Detail::Clauses {
        write_clauses(text, program, compiled, lang);
    }
}

/// What the engine holds of a rule.
fn write_clauses(text: &mut String, program: &Program, compiled: &CompiledRule, lang: Lang) {
    let always = words::ALWAYS.of(lang);
    let outcomes = [
        (words::VIOLATED, &compiled.violated),
        (words::SATISFIED, &compiled.satisfied),
        (words::DOES_NOT_APPLY, &compiled.not_applicable),
        (words::UNDETERMINED, &compiled.error),
    ];
    for (name, clauses) in outcomes {
        let clauses: Vec<&Clause> =
            clauses.iter().filter(|clause| can_hold(program, clause)).collect();
        if !clauses.is_empty() {
            let name = styled(output::STRONG, name.of(lang));
            let _ = writeln!(text, "\n{}", words::WHEN_ONE_HOLDS.with(lang, &[("status", &name)]));
            for (number, clause) in clauses.iter().enumerate() {
                write_clause(text, program, number + 1, clause, always);
            }
        }
    }
    if compiled.dimensions.iter().any(|place| is_predicate(program, *place)) {
        let _ = writeln!(text, "\n{}", words::MARKS_PREDICATE.of(lang));
    }
    let open = can_be_unknown_of(program, compiled);
    if !open.is_empty() {
        let name = styled(output::STRONG, words::UNDETERMINED.of(lang));
        let _ = writeln!(text, "\n{}", words::WHILE_UNKNOWN.with(lang, &[("status", &name)]));
        for path in open {
            let _ = writeln!(text, "  -   {path}");
        }
    }
}

/// `deny (consent, recipient scope)`
fn verdict(rule: &Rule, lang: Lang) -> String {
    let unconfirmed = match rule.confidence {
        Confidence::Unconfirmed => words::RULE_UNCONFIRMED.of(lang),
        Confidence::Confirmed => "",
    };
    let observed = match rule.enforcement {
        Enforcement::Observed => words::NOT_ENFORCED.of(lang),
        Enforcement::Enforced => "",
    };
    let scope = match rule.scope {
        Scope::Campaign => words::CAMPAIGN_SCOPE,
        Scope::Recipient => words::RECIPIENT_SCOPE,
    };
    format!(
        "{} ({}, {}{unconfirmed}{observed})",
        words::finding_verdict(rule.verdict).of(lang),
        match &rule.topic {
            RuleTopic::BuiltIn(topic) => words::topic(*topic).of(lang),
            RuleTopic::Own(name) => name,
        },
        scope.of(lang)
    )
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

fn line(text: &mut String, label: &str, value: &str) {
    let mut label = label;
    for part in value.lines() {
        // Conditions are indented, by tabs too.
        let part = part.replace('\t', "    ");
        let _ = writeln!(text, "  {label:<9} {}", escaped(&part));
        label = "";
    }
}

/// Whether a dimension is a condition that is worked out as a whole.
fn is_predicate(program: &Program, place: DimensionIdx) -> bool {
    let subject = program.dimension(place).map(|dimension| dimension.subject);
    matches!(subject, Some(Subject::Predicate(_)))
}

/// One constraint a line.
fn write_clause(
    text: &mut String,
    program: &Program,
    number: usize,
    clause: &Clause,
    always: &str,
) {
    let mut bullet = format!("{number}.");
    if clause.constraints.is_empty() {
        let _ = writeln!(text, "  {bullet:<3} {always}");
    }
    for (place, set) in &clause.constraints {
        let words =
            program.dimension(*place).map(|dimension| dimension.describe(set)).unwrap_or_default();
        let mark = if is_predicate(program, *place) { "~ " } else { "" };
        let name = escaped(program.name(*place));
        let _ = writeln!(text, "  {bullet:<3} {mark}{name} {}", escaped(&words));
        bullet.clear();
    }
}

/// A text with its placeholders, as written in the pack.
fn template(template: &Template, schema: &Schema) -> String {
    let parts = template.parts.iter().map(|part| match part {
        Part::Text(text) => text.replace('{', "{{").replace('}', "}}"),
        Part::FirstOf(attributes) => {
            let paths: Vec<&str> =
                attributes.iter().map(|id| &*schema.attribute(*id).path).collect();
            format!("{{{}}}", paths.join("|"))
        }
    });
    parts.collect()
}
