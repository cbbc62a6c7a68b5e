//! Writes the JavaScript that loads a module and calls it: `bindgen MODULE FOLDER`.

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let mut arguments = env::args_os().skip(1).map(PathBuf::from);
    let (Some(module), Some(folder), None) = (arguments.next(), arguments.next(), arguments.next())
    else {
        eprintln!("usage: bindgen MODULE FOLDER");
        return ExitCode::from(2);
    };
    let made =
        Bindgen::new().input_path(&module).out_name("cleartosend").web(true).and_then(|bindgen| {
            bindgen.typescript(true).omit_default_module_path(true).generate(&folder)
        });
    match made {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("error: {problem:#}");
            ExitCode::FAILURE
        }
    }
}
