//! `cts scan`: which clients of WhatsApp does this source tree use?

use cleartosend::directory::clients::Catalogue;
use cleartosend_scan::{Options, render, scan};

use crate::arguments::{Form, Scan};
use crate::commands::code_of;
use crate::failure::Failure;
use crate::output::Answer;

pub(super) fn run(arguments: &Scan) -> Result<Answer, Failure> {
    let catalogue = Catalogue::built_in().map_err(|error| Failure::new(&error.to_string()))?;
    let report = scan(&arguments.tree, &catalogue, &Options::default());
    let report = report.map_err(|error| Failure::new(&format!("{error} [{}]", error.code())))?;
    let text = match arguments.format {
        Form::Text => Ok(render::text(&report)),
        Form::Json => render::json(&report),
        Form::Sarif => render::sarif(&report),
    };
    let text = text.map_err(|error| Failure::new(&error.to_string()))?;
    Ok(Answer::new(text).with_code(code_of(report.verdict())))
}
