//! Which of somebody's own cases change?

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use cleartosend::expert::limits;
use cleartosend::schema::attributes::CAMPAIGN_ID;
use cleartosend::{Facts, FactsError, Judgement, Verdict};
use serde_json::{Value, json};

use super::Side;
use crate::failure::{Failure, files_name};
use crate::files;

/// Cases judged by both sides.
pub(super) struct Cases {
    pub(super) judged: usize,
    /// Those of which the two sides say different things, in the order in which they were read.
    pub(super) changed: Vec<CaseChange>,
}

/// One case that changes.
pub(super) struct CaseChange {
    /// The file, and the line of a document that is one of several.
    pub(super) place: String,
    /// The campaign's own id, if it is given.
    pub(super) id: Option<String>,
    pub(super) from: Verdict,
    pub(super) to: Verdict,
    /// Findings that only the old side has, as `pack/rule: status`, by weight.
    pub(super) gone: Vec<String>,
    /// Findings that only the new side has.
    pub(super) come: Vec<String>,
}

impl Cases {
    /// Judges the documents of all files by both sides.
    pub(super) fn judged(old: &Side, new: &Side, files: &[PathBuf]) -> Result<Self, Failure> {
        let mut cases = Self { judged: 0, changed: Vec::new() };
        let mut problems = Vec::new();
        for file in files {
            let bytes = files::read(file, limits::DIRECTORY_BYTES_MAX)?;
            for (line, document) in documents(&bytes) {
                let place = match line {
                    Some(line) => format!("{}:{line}", files_name(file)),
                    None => files_name(file),
                };
                match change(old, new, document, &place) {
                    Ok(change) => {
                        cases.judged += 1;
                        cases.changed.extend(change);
                    }
                    Err(error) => problems.push(format!("{place}: {error} [{}]", error.code())),
                }
            }
        }
        match Failure::of_all_lines(&problems) {
            Some(failure) => Err(failure),
            None => Ok(cases),
        }
    }

    /// How many cases go from one verdict to another, by both.
    pub(super) fn moves(&self) -> BTreeMap<(Verdict, Verdict), usize> {
        let mut moves = BTreeMap::new();
        for change in &self.changed {
            *moves.entry((change.from, change.to)).or_insert(0) += 1;
        }
        moves
    }

    pub(super) fn to_json(&self) -> Value {
        let changed: Vec<Value> = self
            .changed
            .iter()
            .map(|change| {
                json!({
                    "at": change.place, "id": change.id, "from": change.from, "to": change.to,
                    "gone": change.gone, "come": change.come,
                })
            })
            .collect();
        json!({"judged": self.judged, "changed": changed})
    }
}

/// The documents of a file: the whole file, or one a line.
fn documents(bytes: &[u8]) -> Vec<(Option<usize>, &[u8])> {
    if serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok() {
        return vec![(None, bytes)];
    }
    let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    let is_given = |line: &[u8]| line.iter().any(|byte| !byte.is_ascii_whitespace());
    let lines_given = lines.iter().filter(|line| is_given(line)).count();
    let starts = lines.iter().filter(|line| line.trim_ascii_start().starts_with(b"{")).count();
    if lines_given != starts {
        // One document with an error in it, which is reported at its own line.
        return vec![(None, bytes)];
    }
    lines
        .into_iter()
        .enumerate()
        .filter(|(_, line)| is_given(line))
        .map(|(number, line)| (Some(number + 1), line))
        .collect()
}

fn change(
    old: &Side,
    new: &Side,
    document: &[u8],
    place: &str,
) -> Result<Option<CaseChange>, FactsError> {
    let (before, facts) = judged(old, document)?;
    let (after, _) = judged(new, document)?;
    let (was, is) = (findings(&before), findings(&after));
    if before.verdict() == after.verdict() && was == is {
        return Ok(None);
    }
    let only = |some: &[String], others: &[String]| -> Vec<String> {
        let others: BTreeSet<&String> = others.iter().collect();
        some.iter().filter(|finding| !others.contains(finding)).cloned().collect()
    };
    Ok(Some(CaseChange {
        place: place.to_owned(),
        id: facts.fact(CAMPAIGN_ID).text().map(ToOwned::to_owned),
        from: before.verdict(),
        to: after.verdict(),
        gone: only(&was, &is),
        come: only(&is, &was),
    }))
}

fn judged(side: &Side, document: &[u8]) -> Result<(Judgement, Facts), FactsError> {
    let facts = side.read(document)?;
    Ok((side.engine.judge(&facts)?, facts))
}

/// What was found, with what makes it another finding: whose it is, its status and its verdict.
fn findings(judgement: &Judgement) -> Vec<String> {
    judgement
        .rules()
        .map(|judged| {
            format!("{}/{}: {}, {}", judged.pack, judged.rule, judged.status, judged.verdict)
        })
        .collect()
}
