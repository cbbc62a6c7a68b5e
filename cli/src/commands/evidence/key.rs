//! `cts key`: keys for seals and masks.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use cleartosend_evidence::{KEY_FILE_BYTES_MAX, Mask, SecretKey};

use super::of_seal;
use crate::arguments::evidence::Key;
use crate::failure::{Failure, files_name};
use crate::files;
use crate::output::Answer;

pub(in crate::commands) fn run(key: &Key) -> Result<Answer, Failure> {
    match key {
        Key::New { name } => new(name),
        Key::Mask { file, of } => {
            let key = match of {
                None => Mask::new_key().map_err(|error| super::of_record(file, &error))?,
                Some(secret) => Mask::key_of(&files::read(secret, KEY_FILE_BYTES_MAX)?)
                    .map_err(|error| super::of_record(secret, &error))?,
            };
            write_new(file, &format!("{key}\n"), ReadBy::Owner)?;
            Ok(Answer::new(format!("{}: hides names; keep it\n", files_name(file))))
        }
    }
}

fn new(name: &Path) -> Result<Answer, Failure> {
    let with_end = |end: &str| {
        let mut name = name.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    };
    let (secret_file, public_file) = (with_end(".key"), with_end(".pub"));
    let failed = |error| of_seal(&secret_file, &error);
    let (secret, public) = SecretKey::pair().map_err(failed)?;
    write_new(&secret_file, &secret.to_text().map_err(failed)?, ReadBy::Owner)?;
    write_new(&public_file, &public.to_text().map_err(failed)?, ReadBy::All)?;
    Ok(Answer::new(format!(
        "key {}\n{}: signs; keep it where nobody else can read it\n{}: tells who signed; give it \
         to whoever verifies\n",
        public.id(),
        files_name(&secret_file),
        files_name(&public_file)
    )))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ReadBy {
    Owner,
    All,
}

/// A key is never written over another.
fn write_new(file: &Path, text: &str, read_by: ReadBy) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if read_by == ReadBy::Owner {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let _ = read_by;
    options
        .open(file)
        .and_then(|mut opened| {
            opened.write_all(text.as_bytes())?;
            opened.sync_all()
        })
        .map_err(|error| Failure::of_writing(file, &error))
}
