//! `cts scan`: which clients of WhatsApp does this source tree use?

use std::path::Path;
use std::sync::Arc;

use cleartosend::Timestamp;
use cleartosend::expert::clients::{Catalogue, ClientStatus};
use cleartosend_scan::{Acceptances, Day, Installed, Options, Report, Unread, render, scan};

use crate::arguments::{FailOn, Scan};
use crate::failure::{Failure, files_name};
use crate::format::ReportForm;
use crate::output::{Answer, Reader};
use crate::{config, files};

pub(super) fn run(arguments: &Scan) -> Result<Answer, Failure> {
    let form = arguments.answer_format.or(ReportForm::Text)?;
    if arguments.allow_unread && arguments.fail_on.contains(&FailOn::Unread) {
        return Err(Failure::new(
            "`--allow-unread` accepts what could not be read, and `--fail-on unread` does not: \
             expected one of them",
        ));
    }
    let catalogue = match &arguments.catalogue {
        Some(file) => Arc::new(own_catalogue(file)?),
        None => Catalogue::built_in().map_err(|error| Failure::new(&error.to_string()))?,
    };
    let options = Options {
        installed: if arguments.installed { Installed::Read } else { Installed::Skip },
        unread: if arguments.allow_unread { Unread::Accept } else { Unread::Counts },
        exclude: arguments.exclude.clone(),
        accepted: match arguments.at {
            _ if arguments.no_accept => Acceptances::Ignore,
            day => {
                let day = day.map_or_else(today, Ok)?;
                match arguments.no_config {
                    true => Acceptances::WithoutConfig(day),
                    false => Acceptances::On(day),
                }
            }
        },
    };
    let mut configs = Vec::new();
    if matches!(options.accepted, Acceptances::On(_)) {
        for tree in &arguments.trees {
            configs.extend(config::in_folder(tree)?.filter(|config| config.has_scan));
        }
    }
    let mut reports = Vec::new();
    for tree in &arguments.trees {
        reports.push(
            scan(tree, &catalogue, &options)
                .map_err(|error| Failure::new(&format!("{error} [{}]", error.code())))?,
        );
    }
    let Some(report) = Report::joined(reports) else {
        return Err(Failure::new("give a source tree"));
    };
    let text = match form {
        ReportForm::Text => Ok(render::text(&report)),
        ReportForm::Json => render::json(&report),
        ReportForm::Sarif => render::sarif(&report),
    };
    let text = text.map_err(|error| Failure::new(&error.to_string()))?;
    let reader = if form == ReportForm::Text { Reader::People } else { Reader::Programs };
    let answer = Answer::for_reader(text, reader).with_code(code_of(&report, arguments));
    Ok(config::named(answer, &configs))
}

/// Unofficial clients are 1 whatever is asked for; the rest is 3 where it is asked for.
fn code_of(report: &Report, arguments: &Scan) -> u8 {
    if report.count(ClientStatus::Unofficial) > 0 {
        return 1;
    }
    let usual = [FailOn::Undecided, FailOn::Unread];
    let asked: &[FailOn] = match &*arguments.fail_on {
        [] => &usual,
        asked => asked,
    };
    let fails = asked.iter().any(|what| match what {
        FailOn::Unofficial => false,
        FailOn::Undecided => report.worst() > ClientStatus::Unrecognised,
        FailOn::Unread => !arguments.allow_unread && report.has_unread(),
        FailOn::Unsupported => report.has_unsupported(),
        FailOn::Stale => !report.unused_acceptances.is_empty(),
    });
    if fails { 3 } else { 0 }
}

fn own_catalogue(file: &Path) -> Result<Catalogue, Failure> {
    /// LIMIT: a hundred times the built-in catalogue.
    const CATALOGUE_BYTES_MAX: usize = 16 << 20;
    let bytes = files::read(file, CATALOGUE_BYTES_MAX)?;
    let refused = |reason: String| Failure::new(&format!("{}: {reason}", files_name(file)));
    if bytes.len() > CATALOGUE_BYTES_MAX {
        return Err(refused(format!("larger than {} MiB", CATALOGUE_BYTES_MAX >> 20)));
    }
    let text = std::str::from_utf8(&bytes)
        .map_err(|error| refused(format!("not UTF-8 at byte {}", error.valid_up_to())))?;
    Catalogue::parse(text).map_err(|error| refused(format!("{error} [{}]", error.code())))
}

/// The instant by the system's clock.
#[expect(
    clippy::disallowed_methods,
    reason = "whether an exception has ended is asked of today; `--at` asks of another day"
)]
pub(super) fn now() -> Result<Timestamp, Failure> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok();
    let now = since.and_then(|since| Timestamp::new(i64::try_from(since.as_secs()).ok()?, 0));
    now.ok_or_else(|| Failure::new("the system's clock has no date; give `--at`"))
}

fn today() -> Result<Day, Failure> {
    let day = now()?.to_string().parse().ok();
    day.ok_or_else(|| Failure::new("the system's clock has no date; give `--at`"))
}
