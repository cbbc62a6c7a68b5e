//! `cts program`: what does the engine hold?

use std::fmt::Write as _;

use cleartosend::expert::program::Program;
use cleartosend::expert::program::dimension::Subject;
use cleartosend::expert::text::escaped;
use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, Table};

use crate::arguments::With;
use crate::failure::Failure;
use crate::output::{self, Answer, styled};
use crate::{config, engine};

pub(super) fn run(with: &With) -> Result<Answer, Failure> {
    let config = config::of(&with.configured, None)?;
    let engine = engine::of(with, config.as_ref())?;
    Ok(config::named(Answer::new(tell(engine.program())), &config))
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
                program.name(place).split_whitespace().collect::<Vec<_>>().join(" ")
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
    text
}
