//! `cts program`: what does the engine hold?

use std::fmt::Write as _;
use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema as Columns, TimeUnit};
use cleartosend::Lang;
use cleartosend::expert::language::catalogue as words;
use cleartosend::expert::program::Program;
use cleartosend::expert::program::dimension::Subject;
use cleartosend::expert::text::escaped;
use cleartosend::schema::{Origin, Scope};
use cleartosend::screen::{ScreenedCondition, Way};
use cleartosend::{Engine, Scalar, ScreenOptions, Timestamp, Type};
use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, Table};

use super::scan::now;
use crate::arguments;
use crate::failure::Failure;
use crate::output::{self, Answer, styled};
use crate::{config, engine};

pub(super) fn run(arguments: &arguments::Program) -> Result<Answer, Failure> {
    let config = config::of(&arguments.with.configured, None)?;
    let engine = engine::of_drafts(&arguments.with, config.as_ref())?;
    let text = match arguments.screen {
        true => screened(&engine, arguments.at.map_or_else(now, Ok)?)?,
        false => tell(engine.program()),
    };
    Ok(config::named(Answer::new(text), &config))
}

/// How conditions are worked out for an audience with a column for every attribute of a recipient.
fn screened(engine: &Engine, at: Timestamp) -> Result<String, Failure> {
    let campaign = engine.facts(at);
    let options = ScreenOptions::new();
    let screener = engine
        .screener(&campaign, Arc::new(columns(engine)), &options)
        .map_err(|error| Failure::new(&format!("{error} [{}]", error.code())))?;
    let conditions = screener.conditions();
    let mut text = String::new();
    for (way, heading) in [
        (Way::Rows, "row by row"),
        (Way::Columns, "as a program over columns"),
        (Way::OneColumn, "from one column"),
        (Way::Once, "once for all rows"),
    ] {
        let of_way: Vec<&ScreenedCondition> =
            conditions.iter().filter(|condition| condition.way == way).collect();
        let _ = writeln!(text, "{}: {}", styled(output::STRONG, heading), of_way.len());
        for condition in of_way {
            // A long predicate is printed in one line.
            let line = condition.condition.split_whitespace().collect::<Vec<_>>().join(" ");
            let _ = writeln!(text, "  {}", escaped(&line));
        }
    }
    Ok(text)
}

/// A column for each attribute that rows may tell.
fn columns(engine: &Engine) -> Columns {
    let listed = engine.schema().iter().filter(|(_, attribute)| {
        attribute.origin != Origin::Derived
            && (attribute.scope == Scope::Recipient || attribute.path.starts_with("x."))
    });
    let fields = listed.filter_map(|(_, attribute)| {
        Some(Field::new(&*attribute.path, column_type(attribute.ty)?, true))
    });
    Columns::new(fields.collect::<Vec<_>>())
}

/// The type of a column of values of that type; none for lists of lists.
fn column_type(ty: Type) -> Option<DataType> {
    if let Some(element) = ty.element() {
        let element = (!element.is_list()).then(|| column_type(element))??;
        return Some(DataType::List(Arc::new(Field::new("item", element, true))));
    }
    Some(match ty.base {
        Scalar::Bool => DataType::Boolean,
        Scalar::Int => DataType::Int64,
        Scalar::Double => DataType::Float64,
        Scalar::String => DataType::Utf8,
        Scalar::Timestamp => DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into())),
        Scalar::Duration => DataType::Duration(TimeUnit::Millisecond),
        Scalar::Nothing => return None,
    })
}

fn tell(program: &Program) -> String {
    let mut text = String::new();
    for pack in program.packs() {
        let _ = writeln!(
            text,
            "{} {}, {}",
            styled(output::STRONG, &pack.name),
            pack.version,
            pack.digest
        );
    }
    let table = program.table();
    let _ = writeln!(
        text,
        "\n{} rules, {} clauses, {} attributes, {} predicates\n{} words a row, {} rows, {} bytes \
         of table, {} bytes a rule\n",
        program.len(),
        program.clauses(),
        program.dimensions().len() - program.predicates().len(),
        program.predicates().len(),
        table.words,
        table.rows.len() / table.words.max(1),
        table.bytes(),
        table.bytes() / program.len().max(1),
    );
    let mut attributes = Table::new();
    attributes.load_preset(NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    attributes.set_header(["attribute or predicate", "classes", "rules", "clauses"]);
    for column in 1..4 {
        if let Some(column) = attributes.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    for (number, dimension) in program.dimensions().iter().enumerate() {
        let place = cleartosend::expert::program::clause::DimensionIdx(number as u16);
        let name = match dimension.subject {
            Subject::Attribute(_) => program.name(place).to_owned(),
            // A long predicate is told in one line.
            Subject::Predicate(_) => {
                let words: Vec<&str> = program.name(place).split_whitespace().collect();
                format!("~ {}", words.join(" "))
            }
        };
        let compiled = || program.rules().filter_map(|(index, _, _)| program.compiled(index));
        let rules = compiled().filter(|rule| rule.dimensions.contains(&place)).count();
        let clauses: usize = compiled()
            .map(|rule| {
                let all = [&rule.violated, &rule.satisfied, &rule.not_applicable, &rule.error];
                all.iter()
                    .flat_map(|clauses| clauses.iter())
                    .filter(|clause| clause.on(place).is_some())
                    .count()
            })
            .sum();
        attributes.add_row([
            escaped(&name).into_owned(),
            dimension.count.to_string(),
            rules.to_string(),
            clauses.to_string(),
        ]);
    }
    for line in attributes.lines() {
        let _ = writeln!(text, "{}", line.trim_end());
    }
    if !program.predicates().is_empty() {
        let _ = writeln!(text, "\n{}", words::MARKS_PREDICATE.of(Lang::English));
    }
    text
}
