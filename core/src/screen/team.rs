//! How many more rows would be clear if the campaign were another?
//!
//! Each batch is judged again with every changed campaign, which was planned before the first row
//! as the campaign itself was: the result is that of a screening of that campaign. The audience is
//! read once.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int8Type;
use arrow_array::{ArrayRef, DictionaryArray, Int8Array, RecordBatch, StringArray};
use arrow_schema::{ArrowError, DataType, Field, Schema as ArrowSchema, SchemaRef};

use super::basis::Basis;
use super::bind::{FIX, VERDICT};
use super::error;
use super::help::{Help, HelpOfChange, HelpOfHour};
use super::judge::Judge;
use super::kernel::Kernel;
use super::options::ScreenOptions;
use super::output::Frame;
use super::plan::Plan;
use super::summary::Counts;
use crate::explain::Change;
use crate::schema::levers::ChangedBy;
use crate::time::Timestamp;
use crate::verdict::Verdict;

/// A changed campaign, planned.
#[derive(Debug)]
pub(super) struct Other {
    pub(super) change: Change,
    pub(super) at: Option<Timestamp>,
    pub(super) plan: Arc<Plan>,
    pub(super) frame: Arc<Frame>,
}

/// What is judged of an audience: the campaign as it is, and each change of it.
#[derive(Debug)]
pub(super) struct Team {
    /// What summaries rest on.
    pub(super) basis: Arc<Basis>,
    pub(super) plan: Arc<Plan>,
    frame: Arc<Frame>,
    pub(super) others: Vec<Other>,
    /// The columns of the result.
    pub(super) schema: SchemaRef,
    /// The words of the column of fixes, if there is to be one.
    words: Option<ArrayRef>,
    /// Whether somebody asks what would help.
    is_asked: bool,
}

impl Team {
    pub(super) fn new(
        basis: Basis,
        plan: Arc<Plan>,
        frame: Arc<Frame>,
        others: Vec<Other>,
        options: &ScreenOptions,
    ) -> Self {
        let mut schema = Arc::clone(&frame.schema);
        let mut words: Option<ArrayRef> = None;
        if options.is_fix_given() {
            let word = DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Utf8));
            let field = Arc::new(Field::new(FIX, word, true));
            let fields = schema.fields().iter().cloned().chain([field]);
            schema = Arc::new(ArrowSchema::new(fields.collect::<Vec<_>>()));
            let names = ChangedBy::ALL.iter().map(|by| by.name());
            words = Some(Arc::new(StringArray::from_iter_values(names)));
        }
        let is_asked = options.help_hours().is_some();
        Self { basis: Arc::new(basis), plan, frame, others, schema, words, is_asked }
    }

    /// What would help, by the rows that were counted for each change.
    pub(super) fn help(&self, more: &[i64]) -> Option<Help> {
        if !self.is_asked {
            return None;
        }
        let mut help = Help::default();
        for (other, more) in self.others.iter().zip(more) {
            match other.at {
                Some(at) => help.hours.push(HelpOfHour { at, more: *more }),
                None if *more > 0 => {
                    let change = other.change.clone();
                    help.changes.push(HelpOfChange { change, more: *more });
                }
                None => {}
            }
        }
        // What helps as much stays in its order.
        help.changes.sort_by_key(|known| std::cmp::Reverse(known.more));
        Some(help)
    }
}

/// Judges batches of one audience with everything that a team holds.
#[derive(Debug)]
pub(super) struct Panel {
    team: Arc<Team>,
    own: Judge,
    others: Vec<Judge>,
}

impl Panel {
    pub(super) fn new(team: &Arc<Team>, kernel: Kernel) -> Self {
        let judge = |plan: &Arc<Plan>| Judge::new(Arc::clone(plan), kernel);
        Self {
            own: judge(&team.plan),
            others: team.others.iter().map(|other| judge(&other.plan)).collect(),
            team: Arc::clone(team),
        }
    }

    /// Judges all rows of a batch, the first of which has that number in the audience.
    pub(super) fn batch(
        &mut self,
        batch: &RecordBatch,
        first_row: u64,
    ) -> Result<(RecordBatch, Counts), ArrowError> {
        let Self { team, own, others } = self;
        let (answers, mut counts) = own.batch(&team.frame, batch, first_row)?;
        if others.is_empty() && team.words.is_none() {
            return Ok((answers, counts));
        }
        let before = allowed(&answers)?;
        let mut fixes: Vec<Option<i8>> = vec![None; before.len()];
        for (place, (judge, other)) in others.iter_mut().zip(&team.others).enumerate() {
            let (changed, _) = judge.batch(&other.frame, batch, first_row)?;
            let after = allowed(&changed)?;
            let more = before.iter().zip(&after).map(|(was, is)| i64::from(*is) - i64::from(*was));
            counts.help(place, more.sum());
            let word = word(other.change.by);
            let rows = fixes.iter_mut().zip(before.iter().zip(&after));
            for (fix, (was, is)) in rows {
                if !was && *is && fix.is_none() {
                    *fix = word;
                }
            }
        }
        let Some(words) = &team.words else { return Ok((answers, counts)) };
        for (fix, _) in fixes.iter_mut().zip(&before).filter(|(_, was)| !**was) {
            *fix = fix.or(word(ChangedBy::Audience));
        }
        let fixes =
            DictionaryArray::<Int8Type>::try_new(Int8Array::from(fixes), Arc::clone(words))?;
        let columns = answers.columns().iter().cloned().chain([Arc::new(fixes) as ArrayRef]);
        Ok((RecordBatch::try_new(Arc::clone(&team.schema), columns.collect())?, counts))
    }
}

/// The place of a word in the column of fixes.
fn word(by: ChangedBy) -> Option<i8> {
    let place = ChangedBy::ALL.iter().position(|known| *known == by);
    place.and_then(|place| i8::try_from(place).ok())
}

/// For each row of a result, whether it is allowed.
fn allowed(answers: &RecordBatch) -> Result<Vec<bool>, ArrowError> {
    let column = answers.column_by_name(VERDICT);
    let column = column.and_then(|column| column.as_dictionary_opt::<Int8Type>());
    // INVARIANT: every result has the column, and words stand in it in the order of verdicts.
    let column = column.ok_or_else(error::no_verdicts)?;
    Ok(column.keys().values().iter().map(|key| *key == Verdict::Allow as i8).collect())
}
