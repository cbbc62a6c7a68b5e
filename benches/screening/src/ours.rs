//! This engine: a pack with the rules, batches in, batches out.

use std::borrow::Cow;
use std::num::NonZeroUsize;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int32Type};
use arrow_array::{RecordBatch, RecordBatchIterator, StringArray};
use arrow_schema::ArrowError;
use cleartosend::screen::Vectors;
use cleartosend::{Engine, Facts, PackFile, ScreenOptions, Timestamp};

use crate::expected::Expected;
use crate::rule::{self, Rule};
use crate::table::{SEND_AT, Table};

/// An engine and a campaign: all that is not the audience.
#[derive(Clone)]
pub struct Screen {
    pub engine: Engine,
    pub campaign: Facts,
}

impl Screen {
    /// An engine with these rules alone, and a campaign of which nothing is told but its instant.
    pub fn of_rules(rules: &[Rule]) -> Result<Self, String> {
        Self::of_rules_and(rules, "")
    }

    /// As [`Self::of_rules`], with more rules as a pack writes them.
    pub fn of_rules_and(rules: &[Rule], more: &str) -> Result<Self, String> {
        let (manifest, rules) = rule::pack(rules);
        Self::of_pack("screening", (manifest, rules + more))
    }

    /// An engine with a pack of such a manifest and such rules.
    pub fn of_pack(name: &str, (manifest, rules): (String, String)) -> Result<Self, String> {
        let file = |path: &str, text: String| PackFile {
            path: path.into(),
            bytes: Cow::Owned(text.into_bytes()),
        };
        let files = vec![file("pack.toml", manifest), file("rules/rules.toml", rules)];
        let engine = Engine::builder()
            .pack(name, files)
            .without_built_in()
            .build()
            .map_err(|problem| problem.to_string())?;
        let campaign =
            engine.facts(Timestamp::parse(SEND_AT).map_err(|problem| problem.to_string())?);
        Ok(Self { engine, campaign })
    }

    /// Screens a table and drops the result as it comes: how many rows were denied.
    pub fn run(&self, table: &Table, options: &ScreenOptions) -> Result<u64, String> {
        let mut screening = self.start(table, options)?;
        for batch in screening.by_ref() {
            std::hint::black_box(batch.map_err(|problem| problem.to_string())?);
        }
        Ok(screening.summary().verdicts.deny)
    }

    pub fn start(
        &self,
        table: &Table,
        options: &ScreenOptions,
    ) -> Result<cleartosend::Screening<Reader<'_>>, String> {
        // A batch is a list of counted references: nothing is copied.
        let batches: Box<dyn Iterator<Item = Result<RecordBatch, ArrowError>> + Send> =
            Box::new(table.batches.clone().into_iter().map(Ok));
        let reader = RecordBatchIterator::new(batches, Arc::clone(&table.schema));
        self.engine.screen(&self.campaign, reader, options).map_err(|problem| problem.to_string())
    }

    /// Every row must have the verdict and the list of rules that a plain loop has, and lack
    /// nothing.
    pub fn agrees(
        &self,
        table: &Table,
        rules: &[Rule],
        expected: &Expected,
        options: &ScreenOptions,
    ) -> Result<(), String> {
        // All rules deny and stand in one pack, so findings are in order of their ids.
        let mut in_order: Vec<&str> = rules.iter().map(|rule| &*rule.id).collect();
        in_order.sort_unstable();
        let rank_of = |rule: &Rule| in_order.binary_search(&&*rule.id).unwrap_or_default();
        let rank: Vec<usize> = rules.iter().map(rank_of).collect();
        let mut row = 0;
        for batch in self.start(table, options)? {
            let batch = batch.map_err(|problem| problem.to_string())?;
            let column =
                |name: &str| batch.column_by_name(name).ok_or(format!("no column `{name}`"));
            let verdicts = column("verdict")?.as_dictionary::<Int8Type>();
            let words = verdicts.values().as_string::<i32>();
            let lists = column("rules")?.as_list::<i32>();
            let items = lists.values().as_dictionary::<Int32Type>();
            let names: &StringArray = items.values().as_string();
            let missing = column("missing")?.as_list::<i32>();
            let offsets = lists.value_offsets();
            for at in 0..batch.num_rows() {
                let verdict = words.value(verdicts.keys().value(at) as usize);
                let reported =
                    &items.keys().values()[offsets[at] as usize..offsets[at + 1] as usize];
                let mut wanted: Vec<usize> =
                    expected.row(row).iter().map(|rule| rank[usize::from(*rule)]).collect();
                wanted.sort_unstable();
                let same = reported.len() == wanted.len()
                    && reported.iter().zip(&wanted).all(|(reported, wanted)| {
                        names.value(*reported as usize) == in_order[*wanted]
                    })
                    && (verdict == "deny") != wanted.is_empty()
                    && missing.value_length(at) == 0;
                if !same {
                    let reported: Vec<&str> =
                        reported.iter().map(|reported| names.value(*reported as usize)).collect();
                    return Err(format!(
                        "row {row}: {verdict} {reported:?}, not {:?}",
                        expected.row(row)
                    ));
                }
                row += 1;
            }
        }
        if row == expected.rows() {
            Ok(())
        } else {
            Err(format!("{row} rows came out of {}", expected.rows()))
        }
    }
}

type Reader<'a> =
    RecordBatchIterator<Box<dyn Iterator<Item = Result<RecordBatch, ArrowError>> + Send + 'a>>;

/// One width and a number of threads.
pub fn options(vectors: Vectors, threads: usize) -> ScreenOptions {
    ScreenOptions::new()
        .time_zone("UTC")
        .vectors(vectors)
        .threads(NonZeroUsize::new(threads).unwrap_or(NonZeroUsize::MIN))
}
