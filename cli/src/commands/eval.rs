//! `cts eval`: what does this expression come to?

use std::path::Path;

use cleartosend::EvalError;
use cleartosend::expert::cel::Outcome;
use cleartosend::expert::decide::Written;
use cleartosend::expert::limits;
use cleartosend::expert::text::escaped;

use crate::arguments::{Eval, Waived};
use crate::failure::Failure;
use crate::format::PlainForm;
use crate::output::Answer;
use crate::{config, engine, files, value};

/// For what has no value.
const NO_VALUE: u8 = 3;

pub(super) fn run(arguments: &Eval) -> Result<Answer, Failure> {
    // A value is one of JSON unless asked otherwise.
    let form = arguments.answer_format.or(PlainForm::Json)?;
    let file = arguments.facts.as_deref();
    let config = config::of(&arguments.with.configured, file)?;
    let engine =
        engine::over(&arguments.over, &Waived::default(), &arguments.with, config.as_ref())?;
    let document = file
        .map_or_else(|| Ok(b"{}".to_vec()), |file| files::read(file, limits::DOCUMENT_BYTES_MAX))?;
    let facts = match arguments.at {
        Some(at) => engine.facts_from_json_at(&document, at),
        None => engine.facts_from_json_without_send_at(&document),
    };
    let of_facts = |error| Failure::of_facts(file.unwrap_or(Path::new("facts")), &error);
    let facts = facts.map_err(of_facts)?;
    let outcome = engine.eval(&arguments.expression, &facts).map_err(|error| match error {
        EvalError::Expression(error) => Failure::of_expression(&arguments.expression, &error),
        EvalError::Facts(error) => of_facts(error),
        other => Failure::new(&other.to_string()),
    })?;
    match outcome {
        Outcome::Value(value) => {
            let answer = match form {
                PlainForm::Json => Answer::of_bytes(format!("{}\n", value::json(&value))),
                PlainForm::Text => {
                    Answer::new(format!("{}\n", escaped(&Written(&value).to_string())))
                }
            };
            Ok(config::named(answer, &config))
        }
        Outcome::Error(error) => {
            Err(Failure::new(&format!("{error} [{}]", error.code())).with_code(NO_VALUE))
        }
        Outcome::Undetermined(lacking) => {
            let resolved = engine.resolve(&facts);
            let mut paths: Vec<String> = Vec::new();
            for id in lacking {
                let causes = resolved.causes(id);
                if causes.is_empty() {
                    paths.push(engine.schema().attribute(id).path.to_string());
                }
                paths.extend(causes);
            }
            paths.sort_unstable();
            paths.dedup();
            Err(Failure::new(&format!("undetermined: missing {}", paths.join(", ")))
                .with_code(NO_VALUE))
        }
    }
}
