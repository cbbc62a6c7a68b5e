//! `cts records`: records of a recipient, and seals.

use std::fmt::Write as _;

use cleartosend::expert::text::{escaped, quoted};
use cleartosend::{Facts, Schema};
use cleartosend_evidence::{Chain, Mask, Record, Rotated, Seal};

use super::verify::count;
use super::{UNREADABLE, inputs, mask, of_seal, public_key, secret_key};
use crate::arguments::evidence::{Find, Records, SealLog};
use crate::failure::{Failure, files_name};
use crate::format::PlainForm;
use crate::output::Answer;

pub(in crate::commands) fn run(records: &Records) -> Result<Answer, Failure> {
    match records {
        Records::Find(arguments) => find(arguments),
        Records::Seal(arguments) => seal(arguments),
    }
}

/// The exit code where something was not searched.
const NOT_SEARCHED: u8 = 3;

/// What is looked for.
enum Wanted {
    /// A number or a user id.
    Name(String),
    /// The digest of a decision.
    Decision(String),
}

impl Wanted {
    fn of(arguments: &Find) -> Result<Self, Failure> {
        if let Some(digest) = &arguments.decision {
            let hex = digest.strip_prefix("sha256:").unwrap_or_default();
            if hex.len() != 64 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                return Err(Failure::new(&format!(
                    "{} is not the digest of a decision: `sha256:` and 64 hexadecimal digits",
                    quoted(digest)
                )));
            }
            return Ok(Self::Decision(digest.to_lowercase()));
        }
        let (member, name) = match (&arguments.number, &arguments.user_id) {
            (Some(number), _) => ("phone", number),
            (None, Some(id)) => ("user_id", id),
            (None, None) => {
                return Err(Failure::new("expected `--number`, `--user-id` or `--decision`"));
            }
        };
        // Read as a campaign document is: what cannot stand there is in no record.
        let document = serde_json::json!({
            "send_at": "2020-01-01T00:00:00Z", "recipient": {member: name},
        });
        Facts::from_json(&Schema::built_in(), document.to_string().as_bytes())
            .map_err(|error| Failure::new(&format!("{} [{}]", error.message(), error.code())))?;
        Ok(Self::Name(name.clone()))
    }

    fn is_in(&self, record: &Record, mask: Option<&Mask>) -> bool {
        match self {
            Self::Name(name) => record.is_about(name, mask),
            Self::Decision(digest) => record.is_of_decision(digest, mask),
        }
    }
}

/// What could not be searched.
#[derive(Clone, Copy, Debug, Default)]
struct NotSearched {
    unreadable: u64,
    /// Masked, and no key was given.
    masked: u64,
    /// Masked by another key than was given.
    other_key: u64,
    /// Their audiences are not in them.
    screenings: u64,
}

impl NotSearched {
    fn add(&mut self, record: &Record, wanted: &Wanted, key: Option<&str>) {
        match (record.mask_key(), key) {
            (Some(_), None) => self.masked += 1,
            (Some(of), Some(key)) if of != key => self.other_key += 1,
            _ => {}
        }
        let is_of_rows = record.is_screening() && matches!(wanted, Wanted::Name(_));
        self.screenings += u64::from(is_of_rows);
    }

    fn lines(&self) -> String {
        [
            (self.unreadable, "cannot be read"),
            (self.masked, "masked, and no key was given: not searched; name it by `--mask-key`"),
            (self.other_key, "masked by another key: not searched"),
            (
                self.screenings,
                "of screenings: their audiences are in files of their own, not searched",
            ),
        ]
        .into_iter()
        .filter(|(records, _)| *records > 0)
        .map(|(records, why)| format!("{} {why}\n", count(records)))
        .collect()
    }

    fn code(&self) -> u8 {
        match (self.unreadable, self.masked + self.other_key + self.screenings) {
            (0, 0) => 0,
            (0, _) => NOT_SEARCHED,
            _ => UNREADABLE,
        }
    }
}

fn find(arguments: &Find) -> Result<Answer, Failure> {
    let is_json = arguments.answer_format.or(PlainForm::Text)? == PlainForm::Json;
    let mask = arguments.mask_key.as_deref().map(mask).transpose()?;
    let wanted = Wanted::of(arguments)?;
    let inputs = inputs::all(&arguments.records)?;
    let passed_over = inputs::passed_over(&arguments.records);
    let (mut text, mut note) = (String::new(), inputs::lines_of(&passed_over));
    let mut found = 0_u64;
    let mut not_searched = NotSearched::default();
    let key = mask.as_ref().map(Mask::name);
    inputs::each(
        &inputs,
        None,
        |piece| match &piece.bytes {
            Ok(bytes) if piece.line.is_some() && !Chain::is_record(bytes) => None,
            Ok(bytes) => {
                Some(Record::read(bytes).map_err(|error| format!("{error} [{}]", error.code())))
            }
            Err(reason) => Some(Err(reason.clone())),
        },
        |piece, record| match record {
            None => {}
            Some(Err(reason)) => {
                not_searched.unreadable += 1;
                let line = format!("{}: unreadable: {reason}", piece.place(&inputs));
                let _ = writeln!(note, "{}", escaped(&line));
            }
            Some(Ok(record)) => {
                if !wanted.is_in(&record, mask.as_ref()) {
                    not_searched.add(&record, &wanted, key.as_deref());
                    return;
                }
                found += 1;
                let _ = match is_json {
                    true => writeln!(text, "{}", record.to_json()),
                    false => {
                        let (at, verdict) = (record.send_at(), record.verdict());
                        let place = piece.place(&inputs);
                        let line = format!("{place}: {at} {verdict} {}", record.digest());
                        writeln!(text, "{}", escaped(&line))
                    }
                };
            }
        },
    );
    let answer = if is_json {
        let NotSearched { unreadable, masked, other_key, screenings } = not_searched;
        let counts = serde_json::json!({
            "found": found, "unreadable": unreadable, "masked": masked,
            "masked_by_another_key": other_key, "screenings": screenings,
            "passed_over": passed_over.iter().map(|of| files_name(&of.file)).collect::<Vec<_>>(),
        });
        Answer::of_bytes(format!("{text}{counts}\n"))
    } else {
        let not_read = inputs::count_of(&passed_over);
        Answer::new(format!("{text}{} found\n{}{not_read}", count(found), not_searched.lines()))
    };
    let code = match not_searched.code() {
        0 if !passed_over.is_empty() => NOT_SEARCHED,
        code => code,
    };
    Ok(answer.with_note(note).with_code(code))
}

fn seal(arguments: &SealLog) -> Result<Answer, Failure> {
    let SealLog { log, key, also_trust, rotate } = arguments;
    // A line after its record would make a file of one record unreadable.
    if !inputs::is_log(log) {
        return Err(Failure::new(&format!(
            "{} is not a log: a seal is a line of a log, whose name ends in `.ndjson` or `.jsonl`",
            files_name(log)
        )));
    }
    let key = secret_key(key)?;
    let earlier = also_trust.iter().map(|key| public_key(key)).collect::<Result<Vec<_>, _>>()?;
    let failed = |error| of_seal(log, &error);
    let sealed = |seal: &Seal| {
        format!(
            "{}: segment {} sealed, {}, key {}\n",
            files_name(log),
            seal.segment,
            count(seal.records),
            seal.key
        )
    };
    if !rotate {
        let seal = Seal::append(log, &key, &earlier).map_err(failed)?;
        return Ok(Answer::new(sealed(&seal)));
    }
    let text = match Seal::rotate(log, &key, &earlier).map_err(failed)? {
        Rotated::Aside { seal, file } => format!(
            "{}{}: put aside; a new log goes on\n",
            seal.as_deref().map(sealed).unwrap_or_default(),
            files_name(&file)
        ),
        Rotated::Nothing => {
            format!("{}: nothing was recorded since it was begun\n", files_name(log))
        }
    };
    Ok(Answer::new(text))
}
