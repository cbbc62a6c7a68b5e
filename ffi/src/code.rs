//! What does an error code of WhatsApp mean?

use cleartosend_account::codes::{self, Code};

use crate::boundary::Failure;
use crate::contract::{Contract, built_in, called};
use crate::error::cts_error;
use crate::handle;
use crate::status::cts_status;
use crate::text::cts_text;

/// Explains an error code of WhatsApp, such as 131049, as one line of JSON: what it means, whether
/// to try again and when, what it changes, and its source, as `cts code --json` prints it.
/// `CTS_ERR_EMPTY` where the catalogue does not have it.
///
/// `*json` is the caller's; free it with `cts_text_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_code_explain(
    code: i64,
    json: *mut *mut cts_text,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| give(c, &code.to_string(), json, || codes::explain(code)))
}

/// Explains a subcode that came with a code, as `error_subcode`. `CTS_ERR_EMPTY` where the
/// catalogue does not have it: most subcodes are not published, and the code alone says what to do.
///
/// `*json` is the caller's; free it with `cts_text_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_code_explain_subcode(
    code: i64,
    subcode: i64,
    json: *mut *mut cts_text,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let name = format!("{code} with the subcode {subcode}");
        give(c, &name, json, || codes::explain_subcode(code, subcode))
    })
}

fn give(
    c: Contract<'_>,
    name: &str,
    json: *mut *mut cts_text,
    explain: impl FnOnce() -> Option<&'static Code>,
) -> Result<(), Failure> {
    let out = c.out(json, "json");
    built_in!("accounts");
    let out = out?;
    let found = explain().ok_or_else(|| Failure::no_code(name))?;
    let text = serde_json::to_string(found)
        .map_err(|_| Failure::internal("a code that cannot be written"))?;
    out.put(handle::give(text));
    Ok(())
}
