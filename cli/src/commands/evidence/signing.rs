//! Whose packs and directories are used?

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use cleartosend::expert::limits;
use cleartosend::expert::text::escaped;
use cleartosend::{Directory, Engine, Pack, PackFile, Timestamp};
use cleartosend_evidence::{KEY_FILE_BYTES_MAX, Subject, Trust};

use super::{DIFFERS, of_seal, public_key, secret_key};
use crate::arguments::evidence::{CheckSignature, Sign, Trusting};
use crate::engine;
use crate::failure::{Failure, files_name};
use crate::files;
use crate::output::Answer;

/// The signature of a pack lies in its folder, where packs pass over it; that of a directory lies
/// beside its file.
const PACK_SIGNATURE: &str = ".pack.minisig";
const SIGNATURE_END: &str = ".minisig";

/// What was named, and where its signature lies.
struct Named {
    subject: Subject,
    signature: PathBuf,
}

fn pack(folder: &Path) -> Result<Named, Failure> {
    let called = folder.display().to_string();
    let pack = engine::load(&called, &engine::read_pack(folder)?)?;
    Ok(of_pack(folder, &pack))
}

fn of_pack(folder: &Path, pack: &Pack) -> Named {
    Named { subject: Subject::pack(pack), signature: folder.join(PACK_SIGNATURE) }
}

fn directory(file: &Path) -> Result<Named, Failure> {
    let bytes = files::read(file, limits::DIRECTORY_BYTES_MAX)?;
    let directory =
        Directory::from_json(&bytes).map_err(|error| Failure::of_directory(file, &error))?;
    Ok(of_directory(file, &directory, &bytes))
}

fn of_directory(file: &Path, directory: &Directory, bytes: &[u8]) -> Named {
    let mut signature = OsString::from(file);
    signature.push(SIGNATURE_END);
    Named { subject: Subject::directory(directory, bytes), signature: signature.into() }
}

/// What a command is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::commands) enum Kind {
    Pack,
    Directory,
}

fn named(kind: Kind, path: &Path) -> Result<Named, Failure> {
    match kind {
        Kind::Pack => pack(path),
        Kind::Directory => directory(path),
    }
}

/// `cts pack sign`, `cts directory sign`.
pub(in crate::commands) fn sign(kind: Kind, arguments: &Sign) -> Result<Answer, Failure> {
    let key = secret_key(&arguments.key)?;
    let Named { subject, signature } = named(kind, &arguments.path)?;
    let text =
        subject.sign(&key, arguments.expires).map_err(|error| of_seal(&arguments.key, &error))?;
    files::write(&signature, &text)?;
    Ok(Answer::new(format!("{}: signs {}\n", files_name(&signature), escaped(&subject.words()))))
}

/// `cts pack verify`, `cts directory verify`.
pub(in crate::commands) fn check(
    kind: Kind,
    arguments: &CheckSignature,
) -> Result<Answer, Failure> {
    let trust = trust(&arguments.trusting)?
        .ok_or_else(|| Failure::new("nobody is trusted; name a key by `--trust`"))?;
    let Named { subject, signature } = named(kind, &arguments.path)?;
    let read_signature = read(&signature)?;
    let checked = trust
        .check_names(&[subject.name()])
        .and_then(|()| trust.check(&subject, read_signature.as_deref()));
    match checked {
        Ok(expires) => Ok(Answer::new(format!(
            "{}: {} is signed by a key that you trust; expires {expires}\n",
            files_name(&arguments.path),
            escaped(&subject.words())
        ))),
        Err(error) => {
            let path = files_name(&arguments.path);
            let line_of = format!("{path}: {error} [{}]", error.code());
            Ok(Answer::new(format!("{}\n", escaped(&line_of))).with_code(DIFFERS))
        }
    }
}

/// Who is trusted; nothing where everybody is.
fn trust(trusting: &Trusting) -> Result<Option<Trust>, Failure> {
    if trusting.trust.is_empty() {
        return Ok(None);
    }
    let keys = trusting.trust.iter().map(|key| public_key(key)).collect::<Result<_, _>>()?;
    let at = match trusting.as_of {
        Some(at) => at,
        None => {
            now().ok_or_else(|| Failure::new("the system's clock has no date; give `--as-of`"))?
        }
    };
    Ok(Some(Trust { keys, at, at_least: trusting.at_least.clone() }))
}

/// The instant by the system's clock.
#[expect(
    clippy::disallowed_methods,
    reason = "whether a signature has expired is asked of today; `--as-of` asks of another day"
)]
fn now() -> Option<Timestamp> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok()?;
    Timestamp::new(i64::try_from(since.as_secs()).ok()?, 0)
}

/// The text of a signature, if there is one.
fn read(file: &Path) -> Result<Option<String>, Failure> {
    match files::read(file, KEY_FILE_BYTES_MAX) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(unreadable) if unreadable.error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(unreadable) => Err(unreadable.into()),
    }
}

/// Whose packs and directories a command uses.
pub(crate) struct Trusted(Option<Trust>);

impl Trusted {
    /// As the command line says.
    pub(crate) fn of(trusting: &Trusting) -> Result<Self, Failure> {
        trust(trusting).map(Self)
    }

    /// Everybody's.
    pub(crate) const fn everybody() -> Self {
        Self(None)
    }

    /// Refuses a pack of a folder, which was read already, that nobody signed who is trusted.
    pub(crate) fn pack(&self, folder: &Path, files: &[PackFile]) -> Result<(), Failure> {
        if self.0.is_none() {
            return Ok(());
        }
        let pack = engine::load(&folder.display().to_string(), files)?;
        self.check(folder, &of_pack(folder, &pack))
    }

    /// Refuses a directory, which was read already, that nobody signed who is trusted.
    pub(crate) fn directory(
        &self,
        file: &Path,
        directory: &Directory,
        bytes: &[u8],
    ) -> Result<(), Failure> {
        self.check(file, &of_directory(file, directory, bytes))
    }

    /// Refuses an engine that has something older than the caller names, or has not what it names.
    pub(crate) fn versions(&self, engine: &Engine) -> Result<(), Failure> {
        let Some(trust) = &self.0 else { return Ok(()) };
        let checked = trust.check_versions(engine);
        checked.map_err(|error| Failure::new(&format!("{error} [{}]", error.code())))
    }

    fn check(&self, path: &Path, named: &Named) -> Result<(), Failure> {
        let Some(trust) = &self.0 else { return Ok(()) };
        let checked = trust.check(&named.subject, read(&named.signature)?.as_deref());
        checked.map(|_| ()).map_err(|error| {
            Failure::new(&format!("{}: {error} [{}]", files_name(path), error.code()))
        })
    }
}
