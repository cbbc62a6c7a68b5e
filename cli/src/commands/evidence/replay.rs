//! `cts replay`: does the engine still say what a record says?

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use cleartosend::expert::text::escaped;
use cleartosend::{Directory, Engine, Lang, Pack};
use cleartosend_evidence::{Chain, Record, RecordError, Replayed, RowChange, RuleChange, replay};
use cleartosend_screening::judge_rows;
use serde_json::json;

use super::inputs::{self, Input, PassedOver, Piece};
use super::report::answer_in;
use super::verify::count;
use super::{DIFFERS, NOT_JUDGED, Trusted, UNREADABLE};
use crate::arguments::evidence::{Replay, Trusting};
use crate::engine::{self, Named};
use crate::failure::{Failure, files_name};
use crate::format::PageForm;
use crate::output::Answer;

pub(in crate::commands) fn run(arguments: &Replay) -> Result<Answer, Failure> {
    let form = arguments.answer_format.or(PageForm::Text)?;
    let engines = Engines::of(arguments)?;
    let inputs = inputs::all(&arguments.records)?;
    let mut report = Report::new(&inputs, form, arguments.files.is_some());
    inputs::each(
        &inputs,
        arguments.threads,
        |piece| judged(piece, &engines, arguments.files.as_deref()),
        |piece, judged| report.add(&piece, &judged),
    );
    let passed_over = inputs::passed_over(&arguments.records);
    let note = engines.unreadable + &inputs::lines_of(&passed_over);
    Ok(report.answer(&passed_over, arguments.read_in.lang)?.with_note(note))
}

/// What came of a piece; nothing of a line of the log itself.
type Judged = Option<Result<Outcome, String>>;

/// What came of a record, and of the rows of a screening where these were not judged, why.
struct Outcome {
    replayed: Replayed,
    no_rows: Option<String>,
    /// Whether it is a screening of which no row was judged.
    is_campaign_alone: bool,
}

fn judged(piece: &Piece, engines: &Engines, files: Option<&Path>) -> Judged {
    let bytes = match &piece.bytes {
        Ok(bytes) => bytes,
        Err(reason) => return Some(Err(reason.clone())),
    };
    if piece.line.is_some() && !Chain::is_record(bytes) {
        return None;
    }
    let judged = Record::read(bytes).and_then(|record| {
        let engine = engines.of_record(&record)?;
        Ok((replay(&record, &engine)?, record, engine))
    });
    let (replayed, record, engine) = match judged {
        Ok(judged) => judged,
        Err(error) => return Some(Err(format!("{error} [{}]", error.code()))),
    };
    let is_screening = record.is_screening();
    let Some(folder) = files.filter(|_| is_screening) else {
        return Some(Ok(Outcome { replayed, no_rows: None, is_campaign_alone: is_screening }));
    };
    let judged = judge_rows(&record, &engine, folder).with(&record, replayed);
    Some(judged.map(|(replayed, no_rows)| {
        let is_campaign_alone = no_rows.is_some();
        Outcome { replayed, no_rows, is_campaign_alone }
    }))
}

/// A pack that can be used.
struct Candidate {
    name: String,
    digest: String,
    named: Named,
}

/// The engines that records need, each made once.
struct Engines {
    /// In place of packs of these names.
    forced: Vec<Candidate>,
    /// By digest, or else by name.
    known: Vec<Candidate>,
    /// What is wrong with packs of the folder that cannot be used.
    unreadable: String,
    directory: Arc<Directory>,
    waivers: Vec<(String, Vec<u8>)>,
    made: Mutex<BTreeMap<Vec<usize>, Result<Engine, RecordError>>>,
}

impl Engines {
    fn of(arguments: &Replay) -> Result<Self, Failure> {
        let trusted = Trusted::of(&Trusting {
            trust: arguments.trust.clone(),
            as_of: arguments.as_of,
            at_least: Vec::new(),
        })?;
        let mut known = Vec::new();
        let mut unreadable = String::new();
        if let Some(folder) = &arguments.packs {
            (known, unreadable) = packs_of(folder, &trusted)?;
        }
        for name in Pack::built_in_names() {
            known.push(candidate(Named::BuiltIn(name.to_owned()))?);
        }
        let forced = arguments
            .pack
            .iter()
            .map(|named| candidate(engine::trusted_pack(named, engine::named_pack, &trusted)?));
        let forced = forced.collect::<Result<Vec<_>, Failure>>()?;
        let directory = engine::trusted_directory(
            arguments.directory.as_deref(),
            arguments.own.as_deref(),
            &trusted,
        )?;
        let waivers = engine::read_waivers(&arguments.waived)?;
        let made = Mutex::new(BTreeMap::new());
        Ok(Self { forced, known, unreadable, directory, waivers, made })
    }

    /// The engine with the packs that a record rests on, in its order.
    fn of_record(&self, record: &Record) -> Result<Engine, RecordError> {
        let packs = record.packs();
        let mut chosen = Vec::with_capacity(packs.len());
        for (name, digest) in &packs {
            chosen.push(self.choose(name, digest)?);
        }
        // Packs of another name are stacked on top.
        let on_top = self.forced.iter().enumerate();
        let on_top = on_top.filter(|(_, pack)| packs.iter().all(|(name, _)| *name != pack.name));
        chosen.extend(on_top.map(|(place, _)| place));
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.entry(chosen).or_insert_with_key(|chosen| self.make(chosen)).clone()
    }

    /// The place of a pack among the forced ones and, after these, the known ones.
    fn choose(&self, name: &str, digest: &str) -> Result<usize, RecordError> {
        let forced = self.forced.iter().position(|pack| pack.name == name);
        let known = |fits: &dyn Fn(&Candidate) -> bool| {
            self.known.iter().position(fits).map(|place| self.forced.len() + place)
        };
        forced
            .or_else(|| known(&|pack| pack.name == name && pack.digest == digest))
            .or_else(|| known(&|pack| pack.name == name))
            .ok_or_else(|| RecordError::unknown_pack(name, digest))
    }

    fn make(&self, chosen: &[usize]) -> Result<Engine, RecordError> {
        let mut builder = Engine::builder().without_built_in();
        for place in chosen {
            let pack = self
                .forced
                .get(*place)
                .or_else(|| self.known.get(place.checked_sub(self.forced.len())?));
            builder = match pack.map(|pack| &pack.named) {
                Some(Named::BuiltIn(name)) => builder.built_in_pack(name),
                // By its digest: the pack that a record names, or the one that the caller asks for.
                Some(Named::Folder { pack, .. }) => builder.draft(Arc::clone(pack)),
                None => builder,
            };
        }
        for (called, bytes) in &self.waivers {
            builder = builder.waivers(called, bytes);
        }
        builder
            .directory(Arc::clone(&self.directory))
            .build()
            .map_err(|error| RecordError::engine(&error))
    }
}

fn candidate(named: Named) -> Result<Candidate, Failure> {
    let (name, digest) = match &named {
        Named::BuiltIn(name) => match Pack::built_in(name) {
            Some(Ok(pack)) => (pack.name.to_string(), pack.digest.to_string()),
            Some(Err(errors)) => return Err(Failure::of_pack(name, &[], &errors)),
            None => {
                return Err(Failure::new(&format!("there is no built-in pack `{name}`")));
            }
        },
        Named::Folder { pack, .. } => (pack.name.to_string(), pack.digest.to_string()),
    };
    Ok(Candidate { name, digest, named })
}

/// The packs in the folders of a folder. One that nobody signed who is trusted cannot be used.
fn packs_of(folder: &Path, trusted: &Trusted) -> Result<(Vec<Candidate>, String), Failure> {
    let failed = |error: std::io::Error| {
        Failure::from(cleartosend_files::Unreadable { path: folder.to_path_buf(), error })
    };
    let (mut packs, mut unreadable) = (Vec::new(), String::new());
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        folders.push(entry.map_err(failed)?.path());
    }
    folders.sort();
    for path in folders.iter().filter(|path| path.join("pack.toml").is_file()) {
        // Another pack may be all that is needed.
        let read = engine::trusted_pack(path, engine::folder_pack, trusted);
        match read.and_then(candidate) {
            Ok(pack) => packs.push(pack),
            Err(failure) => {
                // It is no failure of this command where nothing needs it.
                let text = anstream::adapter::strip_str(&failure.text).to_string();
                for line in text.lines() {
                    let line = match line.strip_prefix("error") {
                        Some(rest) => format!("not used{rest}\n"),
                        None => format!("{line}\n"),
                    };
                    unreadable.push_str(&line);
                }
            }
        }
    }
    match packs.is_empty() && unreadable.is_empty() {
        true => Err(Failure::new(&format!(
            "{} holds no packs: folders with a `pack.toml`",
            files_name(folder)
        ))),
        false => Ok((packs, unreadable)),
    }
}

/// What is reported.
struct Report<'a> {
    inputs: &'a [Input],
    form: PageForm,
    /// Whether a folder with the files of screenings was named.
    has_files: bool,
    page: cleartosend_evidence::Report,
    text: String,
    records: u64,
    same: u64,
    other_engine: BTreeMap<String, u64>,
    other_text: u64,
    changed: u64,
    differ: u64,
    unreadable: u64,
    same_rows: u64,
    screenings: u64,
    not_shown: u64,
    /// How many rest on other waivers.
    waived: u64,
}

const OR_FILES: &str = "differ in themselves or from their files";

/// Lines for people; `--json` has all.
const SHOWN: u64 = 100;

impl<'a> Report<'a> {
    fn new(inputs: &'a [Input], form: PageForm, has_files: bool) -> Self {
        Self {
            inputs,
            form,
            has_files,
            page: cleartosend_evidence::Report::new(),
            text: String::new(),
            records: 0,
            same: 0,
            other_engine: BTreeMap::new(),
            other_text: 0,
            changed: 0,
            differ: 0,
            unreadable: 0,
            same_rows: 0,
            screenings: 0,
            not_shown: 0,
            waived: 0,
        }
    }

    fn add(&mut self, piece: &Piece, judged: &Judged) {
        let Some(result) = judged else { return };
        self.records += 1;
        let place = piece.place(self.inputs);
        if let Ok(Outcome { no_rows: Some(reason), .. }) = result {
            if self.form == PageForm::Text {
                let line = format!("{place}: rows not judged again: {reason}");
                let _ = writeln!(self.text, "{}", escaped(&line));
            } else {
                let what = "not_judged_again";
                self.line(&place, &json!({"place": place, "what": what, "reason": reason}));
            }
        }
        let is_campaign_alone = result.as_ref().is_ok_and(|outcome| outcome.is_campaign_alone);
        let result = result.as_ref().map(|outcome| &outcome.replayed);
        let counted = match &result {
            // Of another engine or not: of its rows nothing is known.
            Ok(Replayed::SameOfOtherEngine { .. }) if is_campaign_alone => {
                self.screenings += 1;
                return;
            }
            Ok(Replayed::SameBytes) => {
                self.same += 1;
                return;
            }
            Ok(Replayed::SameOfOtherEngine { engine }) => {
                *self.other_engine.entry(engine.clone()).or_default() += 1;
                return;
            }
            Ok(Replayed::CampaignAlone) => {
                self.screenings += 1;
                return;
            }
            Ok(Replayed::SameRows) => {
                self.same_rows += 1;
                return;
            }
            Ok(Replayed::Contradicts { .. }) => &mut self.differ,
            Ok(Replayed::SameVerdict { .. }) => &mut self.other_text,
            Ok(Replayed::Changed { .. }) => &mut self.changed,
            Err(_) => &mut self.unreadable,
        };
        *counted += 1;
        if let Ok(Replayed::Changed { inputs, .. } | Replayed::SameVerdict { inputs, .. }) = result
        {
            self.waived += u64::from(inputs.iter().any(|input| input.starts_with("waiver")));
        }
        if self.form != PageForm::Text {
            self.line(&place, &in_json(&place, &result));
        } else if self.other_text + self.changed + self.differ + self.unreadable > SHOWN {
            self.not_shown += 1;
        } else {
            in_words(&mut self.text, &place, &result);
        }
    }

    /// A line for programs, or a part of the page.
    fn line(&mut self, place: &str, line: &serde_json::Value) {
        match self.form {
            PageForm::Json => {
                let _ = writeln!(self.text, "{line}");
            }
            // Such a line is always one that a page shows.
            _ => drop(self.page.add(place, line.to_string().as_bytes())),
        }
    }

    fn answer(mut self, passed_over: &[PassedOver], lang: Lang) -> Result<Answer, Failure> {
        let Self { records, same, other_text, changed, differ, unreadable, .. } = self;
        let Self { same_rows, screenings, .. } = self;
        let other_engine: u64 = self.other_engine.values().sum();
        if self.form != PageForm::Text {
            for passed in passed_over {
                self.line(&files_name(&passed.file), &passed.to_json());
            }
            let counts = json!({
                "records": records, "same_bytes": same, "same_of_other_engine": other_engine,
                "same_verdict": other_text, "changed": changed, "differ": differ,
                "unreadable": unreadable, "same_rows": same_rows, "screenings": screenings,
                "passed_over": passed_over.len(),
            });
            self.line(&count(records), &counts);
        } else {
            if self.not_shown > 0 {
                let more = self.not_shown;
                let _ = writeln!(self.text, "… and {more} more: see `--json`");
            }
            let _ = write!(
                self.text,
                "{}: {same} same bytes, {other_text} same verdict but other text, {changed} \
                 changed, {unreadable} unreadable",
                count(records)
            );
            // These are rare, and told where there are any: the counts add up.
            for (records, what) in [
                (other_engine, "same of another engine"),
                (differ, if self.has_files { OR_FILES } else { "differ in themselves" }),
                (same_rows, "of screenings: same rows"),
                (screenings, "not judged again"),
            ] {
                if records > 0 {
                    let _ = write!(self.text, ", {records} {what}");
                }
            }
            self.text.push('\n');
            for (engine, records) in &self.other_engine {
                let _ = writeln!(
                    self.text,
                    "{} of engine {}: the same in all but the version and the digest over it",
                    count(*records),
                    escaped(engine)
                );
            }
            if self.waived > 0 {
                let _ = writeln!(
                    self.text,
                    "{} on other waivers: `--waivers` names the file of those that were in force",
                    if self.waived == 1 {
                        "1 record rests".to_owned()
                    } else {
                        format!("{} rest", count(self.waived))
                    }
                );
            }
            if screenings > 0 {
                let _ = writeln!(
                    self.text,
                    "{} of screenings: the campaign alone comes to the same; a record holds no \
                     audience, so that no row was judged again{}",
                    count(screenings),
                    // With it, each says why not.
                    match self.has_files {
                        true => "",
                        false => ": `--files` names the folder with it",
                    }
                );
            }
            self.text.push_str(&inputs::count_of(passed_over));
        }
        let code = match (unreadable, other_text + changed + differ, screenings) {
            (0, 0, 0) if records == 0 || !passed_over.is_empty() => NOT_JUDGED,
            (0, 0, 0) => 0,
            (0, 0, _) => NOT_JUDGED,
            (0, ..) => DIFFERS,
            _ => UNREADABLE,
        };
        Ok(answer_in(self.form, self.text, &self.page, lang)?.with_code(code))
    }
}

fn in_words(text: &mut String, place: &str, result: &Result<&Replayed, &String>) {
    let mut line = |words: &str| {
        let _ = writeln!(text, "{}", escaped(words));
    };
    match result {
        Err(reason) => line(&format!("{place}: unreadable: {reason}")),
        Ok(Replayed::SameVerdict { inputs, texts }) => {
            line(&format!("{place}: same verdict, other text: {}", texts.join(", ")));
            inputs.iter().for_each(|input| line(&format!("  input: {input}")));
        }
        Ok(Replayed::Changed { inputs, from, to, rules, rows }) => {
            match (from == to, rules.is_empty()) {
                (true, true) => line(&format!("{place}: changed: rows come out otherwise")),
                (true, false) => line(&format!("{place}: changed: {to} by other rules")),
                (false, _) => line(&format!("{place}: changed: {from} then, {to} now")),
            }
            inputs.iter().for_each(|input| line(&format!("  input: {input}")));
            for RuleChange { rule, from, to } in rules {
                let said = |said: &Option<String>| said.as_deref().unwrap_or("nothing").to_owned();
                line(&format!("  rule: {rule}: {} then, {} now", said(from), said(to)));
            }
            for RowChange { what, from, to } in rows {
                line(&format!("  rows: {what}: {from} then, {to} now"));
            }
        }
        Ok(Replayed::Contradicts { differences }) => {
            differences.iter().for_each(|of| line(&format!("{place}: differs: {of}")));
        }
        Ok(
            Replayed::SameBytes
            | Replayed::SameOfOtherEngine { .. }
            | Replayed::SameRows
            | Replayed::CampaignAlone,
        ) => {}
    }
}

fn in_json(place: &str, result: &Result<&Replayed, &String>) -> serde_json::Value {
    match result {
        Err(reason) => json!({"place": place, "what": "unreadable", "reason": reason}),
        Ok(Replayed::SameVerdict { inputs, texts }) => {
            json!({"place": place, "what": "same_verdict", "inputs": inputs, "texts": texts})
        }
        Ok(Replayed::Changed { inputs, from, to, rules, rows }) => {
            let rows: Vec<_> = rows
                .iter()
                .map(|RowChange { what, from, to }| json!({"what": what, "from": from, "to": to}))
                .collect();
            let rules: Vec<_> = rules
                .iter()
                .map(|RuleChange { rule, from, to }| json!({"rule": rule, "from": from, "to": to}))
                .collect();
            json!({
                "place": place, "what": "changed", "from": from, "to": to,
                "inputs": inputs, "rules": rules, "rows": rows,
            })
        }
        Ok(Replayed::Contradicts { differences }) => {
            let reasons: Vec<String> = differences.iter().map(ToString::to_string).collect();
            json!({"place": place, "what": "differs", "reasons": reasons})
        }
        Ok(Replayed::CampaignAlone) => json!({"place": place, "what": "not_judged_again"}),
        Ok(Replayed::SameRows) => json!({"place": place, "what": "same_rows"}),
        Ok(Replayed::SameBytes) => json!({"place": place, "what": "same_bytes"}),
        Ok(Replayed::SameOfOtherEngine { engine }) => {
            json!({"place": place, "what": "same_of_other_engine", "engine": engine})
        }
    }
}
