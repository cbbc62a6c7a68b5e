//! How is an audience screened?

use std::num::NonZeroUsize;

use super::vectors::Vectors;
use crate::limits::{AUDIENCE_ROWS_MAX, SCREEN_HOURS_MAX};

/// How an audience is screened. Without more: no column kept, none ignored, one thread, the widest
/// vectors that the processor has.
#[derive(Clone, Debug, Default)]
pub struct ScreenOptions {
    pub(super) keep: Vec<String>,
    pub(super) ignore: Vec<String>,
    pub(super) names: Vec<(String, String)>,
    pub(super) texts: Texts,
    pub(super) time_zone: Option<String>,
    pub(super) threads: Option<NonZeroUsize>,
    pub(super) rows_max: Option<u64>,
    pub(super) vectors: Vectors,
    help: Option<u32>,
    is_fix_given: bool,
    pub(super) result: ResultColumns,
}

/// Which columns a result has beside those kept, the verdict and what is missing.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ResultColumns {
    pub(super) has_rank: bool,
    pub(super) rules_by_status: bool,
    /// Nothing but the verdict, of rows and in the summary.
    pub(super) verdict_only: bool,
}

/// Which columns may hold texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is nothing between the two")]
pub enum Texts {
    /// Those of attributes that are texts.
    #[default]
    OfTexts,
    /// All: numbers, booleans and instants are read from texts as a campaign document writes them.
    /// For tables that have no types, such as CSV.
    OfAnything,
}

impl ScreenOptions {
    /// As documented on the type.
    pub fn new() -> Self {
        Self::default()
    }

    /// Repeats a column of the audience in the result, before the others, such as an id. It need
    /// not be an attribute.
    #[must_use]
    pub fn keep(mut self, column: &str) -> Self {
        self.keep.push(column.to_owned());
        self
    }

    /// Leaves a column of the audience out of account, whatever it is called.
    #[must_use]
    pub fn ignore(mut self, column: &str) -> Self {
        self.ignore.push(column.to_owned());
        self
    }

    /// Names the attribute of a column that is not named by the attribute's path.
    #[must_use]
    pub fn name(mut self, column: &str, attribute: &str) -> Self {
        self.names.push((column.to_owned(), attribute.to_owned()));
        self
    }

    /// Which columns may hold texts.
    #[must_use]
    pub fn texts(mut self, texts: Texts) -> Self {
        self.texts = texts;
        self
    }

    /// Says that timestamps of columns without a time zone are what clocks of this zone showed,
    /// such as `Europe/Madrid`. Without it, such columns are refused. A time that the zone's clocks
    /// show twice or never is a value that cannot be read.
    #[must_use]
    pub fn time_zone(mut self, zone: &str) -> Self {
        self.time_zone = Some(zone.to_owned());
        self
    }

    /// How many threads work on batches, at most
    /// [`SCREEN_THREADS_MAX`](crate::limits::SCREEN_THREADS_MAX). With one, no thread is started:
    /// batches are judged as they are asked for.
    #[must_use]
    pub fn threads(mut self, threads: NonZeroUsize) -> Self {
        self.threads = Some(threads);
        self
    }

    /// How many rows an audience may have: at most, and without this, [`AUDIENCE_ROWS_MAX`]. More
    /// are the error `screen/too-many-rows`, before the batch that has them is judged: how long a
    /// batch says it is may have cost its sender nothing.
    #[must_use]
    pub fn rows_max(mut self, rows: u64) -> Self {
        self.rows_max = Some(rows.min(AUDIENCE_ROWS_MAX));
        self
    }

    /// Counts what would help most: how many more rows would be allowed with each single change of
    /// the campaign or of the sender, and if the message went out at each of so many hours that
    /// come, at most [`SCREEN_HOURS_MAX`]. Each batch is judged once more for each of them.
    #[must_use]
    pub fn help(mut self, hours: u32) -> Self {
        self.help = Some(hours.min(SCREEN_HOURS_MAX));
        self
    }

    /// Adds a column `fix` to the result: for each row that is not allowed, who can change that by
    /// one change of the least effort that [`Self::help`] tries: `campaign`, `sender` or `time`;
    /// `audience`, to leave the row out, where no such change does. Null where the row is allowed.
    #[must_use]
    pub fn fix_column(mut self) -> Self {
        self.is_fix_given = true;
        let hours = self.help.unwrap_or_default();
        self.help(hours)
    }

    /// How many hours are tried besides changes; none where nobody asks what would help.
    pub(crate) fn help_hours(&self) -> Option<u32> {
        self.help
    }

    pub(super) fn is_fix_given(&self) -> bool {
        self.is_fix_given
    }

    /// Adds a column `rank` after the verdict: 0 for allow, 1 for review, 2 for deny, so that the
    /// greatest is the worst wherever texts are sorted by the alphabet.
    #[must_use]
    pub fn with_rank(mut self) -> Self {
        self.result.has_rank = true;
        self
    }

    /// Gives two columns, `violated` and `undetermined`, in place of `rules`: the rules that a row
    /// violates, and those that it leaves undetermined.
    #[must_use]
    pub fn rules_by_status(mut self) -> Self {
        self.result.rules_by_status = true;
        self
    }

    /// Gives verdicts alone, at their own speed: the result has no lists of rules and of missing
    /// members, and the summary counts rows by verdict and nothing else
    /// ([`Summary::rules`](super::Summary::rules) and what follows it are none). A block of rows is
    /// left as soon as no rule can make any verdict in it worse. Verdicts are those of the whole
    /// answer, also of rows with values that cannot be read. [`Self::rules_by_status`] then changes
    /// nothing.
    #[must_use]
    pub fn verdict_only(mut self) -> Self {
        self.result.verdict_only = true;
        self
    }

    /// How wide vectors may be.
    #[must_use]
    pub fn vectors(mut self, vectors: Vectors) -> Self {
        self.vectors = vectors;
        self
    }
}
