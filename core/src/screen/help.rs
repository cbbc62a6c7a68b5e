//! What would help an audience most, and how does that read?

use serde::{Serialize, Serializer};

use super::number::grouped;
use crate::explain::Change;
use crate::language::{Lang, answers};
use crate::render::markdown::{escaped, table};
use crate::render::{self, Page};
use crate::time::Timestamp;

/// What would help an audience, one change at a time.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Help {
    /// Changes of the campaign or of the sender with which more rows would be allowed, what helps
    /// most first; then by effort and path.
    pub changes: Vec<HelpOfChange>,
    /// What sending at each of the hours asked for would change, in order.
    pub hours: Vec<HelpOfHour>,
}

/// What one change would do to an audience.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct HelpOfChange {
    /// The change.
    pub change: Change,
    /// How many more rows would be allowed: those that would be, less those that are.
    pub more: i64,
}

/// What sending at another instant would do to an audience.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct HelpOfHour {
    /// The instant.
    #[serde(serialize_with = "written")]
    pub at: Timestamp,
    /// How many more rows would be allowed: fewer than none where some no longer would be.
    pub more: i64,
}

/// How many changes are shown, and how many hours: those that help most.
const SHOWN: usize = 8;

impl Help {
    /// As one line of JSON: the member `help` of [`Summary::to_json`](super::Summary::to_json).
    pub fn to_json(&self) -> String {
        // Every member writes itself without fail, and keys are texts.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What a page for people shows, in their language: the changes that help most, each with how
    /// many more rows it allows, then the hours, the earliest of those that help as much first.
    /// Programs read [`Help::changes`] and [`Help::hours`], which have all.
    pub fn shown(&self, lang: Lang) -> Vec<(String, i64)> {
        let changes = self.changes.iter().take(SHOWN);
        let mut shown: Vec<(String, i64)> =
            changes.map(|known| (render::change(&known.change, lang), known.more)).collect();
        let mut hours: Vec<&HelpOfHour> = self.hours.iter().filter(|hour| hour.more > 0).collect();
        hours.sort_by_key(|hour| (std::cmp::Reverse(hour.more), hour.at));
        let hours = hours.into_iter().take(SHOWN);
        shown.extend(
            hours.map(|hour| (answers::SEND_LATER.with(lang, &[("at", &hour.at)]), hour.more)),
        );
        shown
    }

    /// For people, a line each.
    pub(super) fn text(&self, lang: Lang, width: usize) -> String {
        let page = Page { lang, width: width.min(render::WIDTH), ink: |_, text| text.to_owned() };
        let mut text = format!("{}\n", answers::HELPS_MOST.of(lang));
        let shown = self.shown(lang);
        if shown.is_empty() {
            page.labelled(&mut text, "", answers::NOTHING_HELPS.of(lang));
        }
        for (change, more) in shown {
            page.labelled(&mut text, &format!("+{}", grouped(more.unsigned_abs())), &change);
        }
        text
    }

    /// As a table in Markdown.
    pub(super) fn markdown(&self, lang: Lang) -> String {
        let heads = [answers::WHAT_WOULD_HELP, answers::MORE_ROWS];
        let mut rows = vec![heads.map(|head| head.of(lang).to_owned()).to_vec()];
        rows.extend(self.shown(lang).into_iter().map(|(change, more)| {
            vec![escaped(&change), format!("+{}", grouped(more.unsigned_abs()))]
        }));
        table(&rows)
    }
}

fn written<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}
