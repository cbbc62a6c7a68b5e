//! `cts init`: what does one begin with?

use std::path::{Path, PathBuf};

use cleartosend::Timestamp;
use cleartosend::expert::text::escaped;
use cleartosend_files::{name_of, reason};

use crate::failure::Failure;
use crate::output::Answer;
use crate::{config, files};

/// What a campaign's file has where the instant of sending belongs.
const SEND_AT: &str = "SEND_AT";

const BASE: &str = include_str!("../init/base.json");
const CAMPAIGN: &str = include_str!("../init/campaign.json");
const CONFIG: &str = include_str!("../init/cts.toml");

pub(super) fn run(folder: &Path) -> Result<Answer, Failure> {
    let campaign = CAMPAIGN.replace(SEND_AT, &now()?.to_string());
    let texts = [(config::FILE, CONFIG), ("base.json", BASE), ("campaign.json", &campaign)];
    let texts = texts.map(|(name, text)| (folder.join(name), text));
    // A link that leads nowhere is there, too.
    let is_there = |(file, _): &&(PathBuf, &str)| file.symlink_metadata().is_ok();
    let there: Vec<String> = texts
        .iter()
        .filter(is_there)
        .map(|(file, _)| format!("{} is there, and nothing was written", name_of(file)))
        .collect();
    if let Some(failure) = Failure::of_all_lines(&there) {
        return Err(failure);
    }
    std::fs::create_dir_all(folder).map_err(|error| {
        Failure::new(&format!("cannot make {}: {}", name_of(folder), reason(&error)))
    })?;
    files::write_new(&texts)?;
    let mut text = String::new();
    for (file, _) in &texts {
        text.push_str(&format!("wrote  {}\n", escaped(&name_of(file))));
    }
    let [.., (campaign, _)] = &texts;
    text.push_str(&format!("next   cts check {}\n", escaped(&campaign.display().to_string())));
    Ok(Answer::new(text))
}

/// The instant by the system's clock, to the second.
#[expect(
    clippy::disallowed_methods,
    reason = "a first campaign is to be sent now; from then on its document says when"
)]
fn now() -> Result<Timestamp, Failure> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok();
    let now = since.and_then(|since| Timestamp::new(i64::try_from(since.as_secs()).ok()?, 0));
    now.ok_or_else(|| Failure::new("the system's clock has no date"))
}
