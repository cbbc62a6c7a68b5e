//! Records: kept beside answers, verified, judged again, found, sealed.

mod inputs;
mod keep;
mod key;
mod records;
mod replay;
mod report;
mod screened;
mod signing;
mod verify;

pub(super) use keep::{keep, refuse_place};
pub(super) use key::run as key;
pub(super) use records::run as records;
pub(super) use replay::run as replay;
pub(super) use report::{
    add_to_page, page, page_of, page_of_decision, page_of_explanation, run as report,
};
pub(super) use screened::{ResultFile, Screenings};
pub(crate) use signing::Trusted;
pub(super) use signing::{Kind, check as check_signature, sign};
pub(super) use verify::run as verify;

use std::path::Path;

use cleartosend_evidence::{
    KEY_FILE_BYTES_MAX, Mask, PublicKey, RecordError, SealError, SecretKey,
};

use crate::failure::{Failure, files_name};
use crate::files;

/// The exit code where something differs.
const DIFFERS: u8 = 4;
/// The exit code where nothing differs and something, or all there is, was not judged.
const NOT_JUDGED: u8 = 3;
/// The exit code where something cannot be read.
const UNREADABLE: u8 = 2;

fn of_record(file: &Path, error: &RecordError) -> Failure {
    Failure::new(&format!("{}: {error} [{}]", files_name(file), error.code()))
}

fn of_seal(file: &Path, error: &SealError) -> Failure {
    match error {
        SealError::Io(error) => {
            Failure::new(&format!("{}: {}", files_name(file), cleartosend_files::reason(error)))
        }
        SealError::Key(_) | SealError::Log(_) => {
            Failure::new(&format!("{}: {error}", files_name(file)))
        }
    }
}

fn mask(file: &Path) -> Result<Mask, Failure> {
    let key = files::read(file, KEY_FILE_BYTES_MAX)?;
    Mask::read(&key).map_err(|error| of_record(file, &error))
}

fn text(file: &Path) -> Result<String, Failure> {
    Ok(String::from_utf8_lossy(&files::read(file, KEY_FILE_BYTES_MAX)?).into_owned())
}

fn public_key(file: &Path) -> Result<PublicKey, Failure> {
    PublicKey::read(&text(file)?).map_err(|error| of_seal(file, &error))
}

fn secret_key(file: &Path) -> Result<SecretKey, Failure> {
    SecretKey::read(&text(file)?).map_err(|error| of_seal(file, &error))
}
