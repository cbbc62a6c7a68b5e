//! Which clients does a source tree use?

use std::ffi::c_char;
use std::path::Path;

use cleartosend::expert::clients::Catalogue;
use cleartosend_scan::{Acceptances, Options, render, scan};

use crate::boundary::Failure;
use crate::contract::{built_in, called};
use crate::error::cts_error;
use crate::handle;
use crate::status::{cts_status, cts_verdict};
use crate::text::cts_text;

/// Finds which clients of WhatsApp a source tree, or one file of it, installs, runs and calls, and
/// gives the report of `cts scan --json`. `*verdict` is `CTS_DENY` where one is unofficial,
/// `CTS_REVIEW` where something could not be read or told, else `CTS_ALLOW`. Nothing is run and no
/// network is asked; the files below `path` are opened.
///
/// `day` is a date such as `2026-03-02`, of which what the tree itself lists as accepted is heard,
/// or (NULL, 0) where the tree is not believed.
///
/// `*json` is the caller's; free it with `cts_text_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_scan(
    path: *const c_char,
    path_len: usize,
    day: *const c_char,
    day_len: usize,
    verdict: *mut cts_verdict,
    json: *mut *mut cts_text,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let verdict = c.out(verdict, "verdict");
        let out = c.out(json, "json");
        built_in!("scan");
        let path = c.text(path, path_len, "path")?;
        let accepted = match c.text(day, day_len, "day")? {
            "" => Acceptances::Ignore,
            day => Acceptances::On(
                day.parse().map_err(|_| Failure::value("day", day, "a date such as 2026-03-02"))?,
            ),
        };
        let (verdict, out) = (verdict?, out?);
        let catalogue =
            Catalogue::built_in().map_err(|_| Failure::internal("a catalogue that is broken"))?;
        let options = Options { accepted, ..Options::default() };
        let report = scan(Path::new(path), &catalogue, &options)
            .map_err(|error| Failure::of_scan(path, error.code(), error.to_string()))?;
        let text = render::json(&report)
            .map_err(|_| Failure::internal("a report that cannot be written"))?;
        verdict.put(report.verdict().into());
        out.put(handle::give(text));
        Ok(())
    })
}
