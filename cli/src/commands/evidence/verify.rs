//! `cts verify`: does a record say what it said when it was made?

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cleartosend::Lang;
use cleartosend::expert::digest::Digest;
use cleartosend_evidence::{Broken, Chain, Difference, PublicKey, Record, verify};
use cleartosend_screening::{FileCheck, compare_files};
use serde_json::json;

use super::inputs::{self, Input, PassedOver, Piece};
use super::report::answer_in;
use super::{DIFFERS, NOT_JUDGED, UNREADABLE, public_key};
use crate::arguments::evidence::Verify;
use crate::failure::{Failure, files_name};
use crate::format::PageForm;
use crate::output::Answer;

pub(in crate::commands) fn run(arguments: &Verify) -> Result<Answer, Failure> {
    let form = arguments.answer_format.or(PageForm::Text)?;
    let trusted =
        arguments.trust.iter().map(|key| public_key(key)).collect::<Result<Vec<_>, _>>()?;
    let inputs = inputs::all(&arguments.records)?;
    let mut report = Report::new(&inputs, form);
    let mut seals = (!trusted.is_empty()).then(|| Seals {
        chain: Chain::new(trusted.clone()),
        trusted,
        input: None,
        is_broken: false,
        any_broken: false,
        own_files: 0,
        sealed: BTreeMap::new(),
        arguments,
    });
    inputs::each(
        &inputs,
        arguments.threads,
        |piece| checked(piece, arguments),
        |piece, checked| {
            if let Some(seals) = &mut seals {
                seals.push(&piece, &inputs, &mut report);
            }
            report.add(&piece, &checked);
        },
    );
    if let Some(seals) = &mut seals {
        seals.finish(&inputs, &mut report);
    }
    let is_sealed = seals.is_some_and(|seals| !seals.any_broken);
    let passed_over = inputs::passed_over(&arguments.records);
    let answer = report.answer(is_sealed, &passed_over, arguments.read_in.lang)?;
    Ok(answer.with_note(inputs::lines_of(&passed_over)))
}

/// What a piece is.
enum Checked {
    Verified,
    Differs(Vec<String>),
    Unreadable(String),
    /// A line of the log itself.
    OfLog,
}

fn checked(piece: &Piece, arguments: &Verify) -> Checked {
    let bytes = match &piece.bytes {
        Ok(bytes) => bytes,
        Err(reason) => return Checked::Unreadable(reason.clone()),
    };
    if piece.line.is_some() && !Chain::is_record(bytes) {
        return Checked::OfLog;
    }
    let record = match Record::read(bytes) {
        Ok(record) => record,
        Err(error) => return Checked::Unreadable(format!("{error} [{}]", error.code())),
    };
    let mut differs: Vec<String> = verify(&record).iter().map(Difference::to_string).collect();
    if let Some(folder) = &arguments.files {
        for checked in compare_files(&record, folder) {
            match checked {
                FileCheck::Same => {}
                FileCheck::Differs(reason) => differs.push(reason),
                FileCheck::Unreadable(reason) => return Checked::Unreadable(reason),
            }
        }
    }
    if differs.is_empty() { Checked::Verified } else { Checked::Differs(differs) }
}

/// The seals of one log after the other.
struct Seals<'a> {
    chain: Chain,
    trusted: Vec<PublicKey>,
    input: Option<usize>,
    /// Whether the log that is being read is broken; what follows in it is not looked at.
    is_broken: bool,
    any_broken: bool,
    /// How many records there are that stand in files of their own.
    own_files: u64,
    /// Where each seal stands, by its digest.
    sealed: BTreeMap<String, String>,
    arguments: &'a Verify,
}

impl Seals<'_> {
    fn push(&mut self, piece: &Piece, inputs: &[Input], report: &mut Report<'_>) {
        if self.input != Some(piece.input) {
            self.end_file(inputs, report);
            self.input = Some(piece.input);
            // What does not go on from another file is a log of its own. One whose first line was
            // taken away to look like it begins with a segment other than the first.
            if !piece.bytes.as_ref().is_ok_and(|first| Chain::is_continuation(first)) {
                self.chain = Chain::new(self.trusted.clone());
                self.is_broken = false;
            }
        }
        if self.is_broken {
            return;
        }
        let is_log = inputs.get(piece.input).is_some_and(|input| input.is_log);
        if !is_log {
            self.own_files += 1;
            // One stands for all of a folder.
            if self.own_files == 1 {
                let line = piece.line.unwrap_or(1);
                let reason = "is a file of its own, which has no seal".to_owned();
                self.tell(&Broken { line, reason }, inputs, report);
            }
            self.is_broken = true;
            return;
        }
        // A line that cannot be read is reported as such.
        let Ok(bytes) = &piece.bytes else { return };
        let before = self.chain.segments();
        let pushed = match self.arguments.continued {
            true => self.chain.continue_from(bytes),
            false => self.chain.push(bytes),
        };
        if let Err(broken) = pushed {
            self.tell(&broken, inputs, report);
        } else if self.chain.segments() > before && !Chain::is_continuation(bytes) {
            self.once(piece, bytes, inputs, report);
        }
    }

    /// A segment stands in one place: where it stands again, a copy may hide that another is gone.
    fn once(&mut self, piece: &Piece, seal: &[u8], inputs: &[Input], report: &mut Report<'_>) {
        let place = piece.place(inputs);
        let digest = Digest::of(seal).to_string();
        let Some(first) = self.sealed.insert(digest.clone(), place) else { return };
        let (line, segment) = (piece.line.unwrap_or(1), self.chain.segments());
        let reason = format!("seals segment {segment} a second time: it stands at {first} already");
        self.sealed.insert(digest, first);
        self.tell(&Broken { line, reason }, inputs, report);
    }

    fn end_file(&mut self, inputs: &[Input], report: &mut Report<'_>) {
        if self.is_broken {
            return;
        }
        // Whoever took seals away leaves the same: it is no success, and no proof of a change.
        if let Err(unsealed) = self.chain.finish() {
            (self.is_broken, self.any_broken) = (true, true);
            report.unsealed(&self.place(unsealed.line, inputs), &unsealed.reason);
        }
        self.chain = self.chain.clone().next_file();
    }

    fn finish(&mut self, inputs: &[Input], report: &mut Report<'_>) {
        self.end_file(inputs, report);
        if self.is_broken {
            return;
        }
        let found = self.chain.segments();
        if found == 0 {
            self.any_broken = true;
            let file = inputs.last().map(|input| files_name(&input.file)).unwrap_or_default();
            report.unsealed(&file, "has no seal");
            return;
        }
        if let Some(least) = self.arguments.segments.filter(|least| found < *least) {
            self.any_broken = true;
            let file = inputs.last().map(|input| files_name(&input.file)).unwrap_or_default();
            report.broken(&file, &format!("ends with segment {found}, expected at least {least}"));
        }
    }

    fn tell(&mut self, broken: &Broken, inputs: &[Input], report: &mut Report<'_>) {
        (self.is_broken, self.any_broken) = (true, true);
        report.broken(&self.place(broken.line, inputs), &broken.reason);
    }

    fn place(&self, line: u64, inputs: &[Input]) -> String {
        let file = self.input.and_then(|input| inputs.get(input));
        let file = file.map(|input| files_name(&input.file)).unwrap_or_default();
        format!("{file}:{line}")
    }
}

/// What is reported.
struct Report<'a> {
    inputs: &'a [Input],
    form: PageForm,
    page: cleartosend_evidence::Report,
    text: String,
    records: u64,
    differ: u64,
    unreadable: u64,
    broken: u64,
    unsealed: u64,
    seals: u64,
}

impl<'a> Report<'a> {
    fn new(inputs: &'a [Input], form: PageForm) -> Self {
        Self {
            inputs,
            form,
            page: cleartosend_evidence::Report::new(),
            text: String::new(),
            records: 0,
            differ: 0,
            unreadable: 0,
            broken: 0,
            unsealed: 0,
            seals: 0,
        }
    }

    fn add(&mut self, piece: &Piece, checked: &Checked) {
        self.records += u64::from(!matches!(checked, Checked::OfLog));
        match checked {
            Checked::Verified => {}
            Checked::OfLog => self.seals += 1,
            Checked::Differs(reasons) => {
                self.differ += 1;
                let place = piece.place(self.inputs);
                self.line(&place, "differs", reasons);
            }
            Checked::Unreadable(reason) => {
                self.unreadable += 1;
                let place = piece.place(self.inputs);
                self.line(&place, "unreadable", std::slice::from_ref(reason));
            }
        }
    }

    fn broken(&mut self, place: &str, reason: &str) {
        self.broken += 1;
        self.line(place, "broken", &[reason.to_owned()]);
    }

    fn unsealed(&mut self, place: &str, reason: &str) {
        self.unsealed += 1;
        self.line(place, "unsealed", &[reason.to_owned()]);
    }

    fn line(&mut self, place: &str, what: &str, reasons: &[String]) {
        if self.form != PageForm::Text {
            self.part(place, &json!({"place": place, "what": what, "reasons": reasons}));
            return;
        }
        for reason in reasons {
            let line = format!("{place}: {what}: {reason}");
            let _ = writeln!(self.text, "{}", cleartosend::expert::text::escaped(&line));
        }
    }

    /// A line for programs, or a part of the page.
    fn part(&mut self, place: &str, line: &serde_json::Value) {
        match self.form {
            PageForm::Json => {
                let _ = writeln!(self.text, "{line}");
            }
            // Such a line is always one that a page shows.
            _ => drop(self.page.add(place, line.to_string().as_bytes())),
        }
    }

    fn answer(
        mut self,
        is_sealed: bool,
        passed_over: &[PassedOver],
        lang: Lang,
    ) -> Result<Answer, Failure> {
        let Self { records, differ, unreadable, broken, unsealed, seals, .. } = self;
        let verified = records - differ - unreadable;
        if self.form != PageForm::Text {
            for passed in passed_over {
                self.part(&files_name(&passed.file), &passed.to_json());
            }
            let counts = json!({
                "records": records, "verified": verified, "differ": differ,
                "unreadable": unreadable, "broken": broken, "unsealed": unsealed,
                "sealed": is_sealed, "passed_over": passed_over.len(),
            });
            self.part(&count(records), &counts);
        } else {
            let _ = match records {
                0 => writeln!(self.text, "{}: nothing was verified", count(records)),
                _ => writeln!(
                    self.text,
                    "{}: {verified} verified, {differ} differ, {unreadable} unreadable",
                    count(records)
                ),
            };
            let seals = match (is_sealed, broken + unsealed, seals) {
                (true, ..) => "every record is sealed by a key that you trust",
                (false, 0, 1..) => "the seals were not checked: name a key by `--trust`",
                _ => "",
            };
            if !seals.is_empty() {
                let _ = writeln!(self.text, "{seals}");
            }
            self.text.push_str(&inputs::count_of(passed_over));
        }
        let code = match (unreadable, differ + broken + unsealed) {
            // A seal of nothing says that there was nothing.
            (0, 0) if records == 0 && !is_sealed => NOT_JUDGED,
            (0, 0) if !passed_over.is_empty() => NOT_JUDGED,
            (0, 0) => 0,
            (0, _) => DIFFERS,
            _ => UNREADABLE,
        };
        Ok(answer_in(self.form, self.text, &self.page, lang)?.with_code(code))
    }
}

/// `1 record`, `2 records`
pub(super) fn count(records: u64) -> String {
    if records == 1 { "1 record".to_owned() } else { format!("{records} records") }
}
