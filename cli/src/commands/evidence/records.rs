//! `cts records`: records of a recipient, and seals.

use std::fmt::Write as _;

use cleartosend_evidence::{Chain, Record, Seal};

use super::verify::count;
use super::{UNREADABLE, inputs, mask, of_seal, secret_key};
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

fn find(arguments: &Find) -> Result<Answer, Failure> {
    let is_json = arguments.told.or(PlainForm::Text)? == PlainForm::Json;
    let mask = arguments.mask_key.as_deref().map(mask).transpose()?;
    let name = arguments.number.as_deref().or(arguments.user_id.as_deref()).unwrap_or_default();
    if arguments.number.is_some() && !name.starts_with('+') {
        return Err(Failure::new(&format!(
            "`{name}` is not a number in E.164, such as +34600000000"
        )));
    }
    let inputs = inputs::all(&arguments.records)?;
    let (mut text, mut note) = (String::new(), String::new());
    let (mut found, mut hidden) = (0_u64, 0_u64);
    let key = mask.as_ref().map(cleartosend_evidence::Mask::name);
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
                let _ = writeln!(note, "{}: unreadable: {reason}", piece.place(&inputs));
            }
            Some(Ok(record)) => {
                hidden += u64::from(record.mask_key().is_some_and(|of| key.as_deref() != Some(of)));
                if record.is_about(name, mask.as_ref()) {
                    found += 1;
                    let place = piece.place(&inputs);
                    let _ = match is_json {
                        true => writeln!(text, "{}", record.to_json()),
                        false => {
                            let (at, verdict) = (record.send_at(), record.verdict());
                            writeln!(text, "{place}: {at} {verdict} {}", record.digest())
                        }
                    };
                }
            }
        },
    );
    let code = if note.is_empty() { 0 } else { UNREADABLE };
    if hidden > 0 {
        let _ = writeln!(note, "{} masked by another key: not searched", count(hidden));
    }
    let _ = writeln!(note, "{} found", count(found));
    let answer = if is_json { Answer::of_bytes(text) } else { Answer::new(text) };
    Ok(answer.with_note(note).with_code(code))
}

fn seal(arguments: &SealLog) -> Result<Answer, Failure> {
    let SealLog { log, key, rotate } = arguments;
    let key = secret_key(key)?;
    let failed = |error| of_seal(log, &error);
    let (seal, aside) = match rotate {
        true => Seal::rotate(log, &key).map(|(seal, aside)| (seal, Some(aside))),
        false => Seal::append(log, &key).map(|seal| (seal, None)),
    }
    .map_err(failed)?;
    let mut text = format!(
        "{}: segment {} sealed, {}, key {}\n",
        files_name(log),
        seal.segment,
        count(seal.records),
        seal.key
    );
    if let Some(aside) = aside {
        let _ = writeln!(text, "{}: put aside; a new log goes on", files_name(&aside));
    }
    Ok(Answer::new(text))
}
