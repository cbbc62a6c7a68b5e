//! What do the columns of an audience say: by the command line, and by a table `[audience.NAME]` of
//! the `cts.toml`?
//!
//! What the command line says of a column, a format or an encoding replaces what the table says of
//! it; texts that say nothing, and columns that are kept or ignored, are those of both.

use cleartosend::expert::suggest::nearest;
use cleartosend_audience::MappingErrors;
use cleartosend_screening::{Declared, DeclaredColumn};

use crate::arguments::Screen;
use crate::config::Config;
use crate::failure::Failure;

/// What is declared of the audience of a call.
pub(crate) fn declared(arguments: &Screen, config: Option<&Config>) -> Result<Declared, Failure> {
    let mut declared = match &arguments.mapped.mapping {
        None => Declared::default(),
        Some(name) => named(name, config)?,
    };
    let mapped = &arguments.mapped;
    refuse_twice(arguments)?;
    for (column, attribute) in &arguments.names {
        let attribute = attribute.clone();
        declared.columns.retain(|(known, _)| known != column);
        let said = DeclaredColumn { attribute, ..DeclaredColumn::default() };
        declared.columns.push((column.clone(), said));
    }
    for (attribute, word, value) in &mapped.values {
        let pair = (word.clone(), value.clone());
        match declared.columns.iter_mut().find(|(_, column)| column.attribute == *attribute) {
            Some((_, column)) => {
                column.values.retain(|(known, _)| known != word);
                column.values.push(pair);
            }
            // A column that is called by its attribute.
            None => {
                let attribute = attribute.clone();
                let said = DeclaredColumn {
                    attribute: attribute.clone(),
                    values: vec![pair],
                    ..DeclaredColumn::default()
                };
                declared.columns.push((attribute, said));
            }
        }
    }
    declared.nulls.extend(mapped.nulls.iter().cloned());
    replace(&mut declared.date_format, &mapped.date_format);
    replace(&mut declared.time_zone, &arguments.time_zone);
    replace(&mut declared.time, &mapped.time);
    replace(&mut declared.default_country, &mapped.default_country);
    replace(&mut declared.encoding, &mapped.encoding);
    declared.keep.extend(arguments.keep.iter().cloned());
    declared.ignore.extend(arguments.ignore.iter().cloned());
    Ok(declared)
}

/// Refuses a column with two attributes and a word with two values, all at once. What the command
/// line says twice alike is said once.
fn refuse_twice(arguments: &Screen) -> Result<(), Failure> {
    let mut problems = Vec::new();
    for (number, (column, attribute)) in arguments.names.iter().enumerate() {
        let before = arguments.names.iter().take(number);
        for (_, other) in before.filter(|(known, other)| known == column && other != attribute) {
            problems.push(format!("`--map`: column `{column}` is `{other}` and `{attribute}`"));
        }
    }
    let values = &arguments.mapped.values;
    for (number, (attribute, word, value)) in values.iter().enumerate() {
        let before = values.iter().take(number);
        let others = before
            .filter(|(known, said, other)| known == attribute && said == word && other != value);
        for (_, _, other) in others {
            problems.push(format!(
                "`--value`: in `{attribute}` the word `{word}` is `{other}` and `{value}`"
            ));
        }
    }
    MappingErrors::of(problems).map_or(Ok(()), |errors| Err(Failure::of_mapping(&errors)))
}

fn named(name: &str, config: Option<&Config>) -> Result<Declared, Failure> {
    let unknown = |problem| Failure::of_mapping(&MappingErrors::one(problem));
    let Some(config) = config else {
        return Err(unknown(format!(
            "`--mapping {name}` is a table `[audience.{name}]` of a `cts.toml`, and none is read"
        )));
    };
    config.audiences.get(name).cloned().ok_or_else(|| {
        let known: Vec<&str> = config.audiences.keys().map(String::as_str).collect();
        let help = match (nearest(name, known.iter().copied()), known.is_empty()) {
            (Some(near), _) => format!("; did you mean `{near}`?"),
            (None, false) => format!("; expected one of {}", known.join(", ")),
            (None, true) => String::new(),
        };
        unknown(format!("{} has no table `[audience.{name}]`{help}", config.name))
    })
}

fn replace(declared: &mut Option<String>, given: &Option<String>) {
    if given.is_some() {
        declared.clone_from(given);
    }
}
