//! Is a log complete, in order, and who sealed it?
//!
//! A seal is a line of a log that speaks for the lines since the seal before it, its *segment*: how
//! many there are, the digest of each and of all, the number of the segment, and the digest of the
//! seal before. It is signed, as `minisign` signs.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use cleartosend::expert::digest::Digest;
use cleartosend::expert::text::shortened;
use minisign::{KeyPair, PublicKeyBox, SecretKeyBox, SignatureBox};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::json;
use crate::log::{Lines, Missing, append_locked, open_locked, store_name};
use crate::record::Record;
use crate::verify::verify;

/// Why a key or a seal could not be made or read. It has no code: whoever makes one is a person, and
/// programs tell the three apart. What is wrong with a seal that is there, its verification says.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "whoever reads it tells each from the others")]
pub enum SealError {
    /// A key that is none, or not of this kind.
    Key(String),
    /// A log that fails verification already, or has nothing to seal.
    Log(String),
    /// What the system says.
    Io(io::Error),
}

impl std::fmt::Display for SealError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Key(message) | Self::Log(message) => f.write_str(message),
            Self::Io(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for SealError {}

impl From<io::Error> for SealError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

fn of_key(error: &minisign::PError) -> SealError {
    SealError::Key(format!("is not a key in the format of minisign: {error}"))
}

/// A key that signs, in the format of minisign, without a password.
pub struct SecretKey(minisign::SecretKey);

/// A public key, which identifies the signer.
#[derive(Clone, Debug)]
pub struct PublicKey(minisign::PublicKey);

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey")
    }
}

impl SecretKey {
    /// A new pair of keys, from the system's random numbers.
    ///
    /// # Errors
    /// A system without them.
    pub fn pair() -> Result<(Self, PublicKey), SealError> {
        let KeyPair { pk, sk } =
            KeyPair::generate_unencrypted_keypair().map_err(|error| of_key(&error))?;
        Ok((Self(sk), PublicKey(pk)))
    }

    /// Reads the text of a key's file.
    ///
    /// # Errors
    /// What is not a secret key, or one that a password hides.
    pub fn read(text: &str) -> Result<Self, SealError> {
        SecretKeyBox::from_string(text)
            .and_then(SecretKeyBox::into_unencrypted_secret_key)
            .map(Self)
            .map_err(|error| of_key(&error))
    }

    /// The text of its file.
    ///
    /// # Errors
    /// A key that cannot be written.
    pub fn to_text(&self) -> Result<String, SealError> {
        self.0
            .to_box(Some("cleartosend secret key: keep it where nobody else can read it"))
            .map(SecretKeyBox::into_string)
            .map_err(|error| of_key(&error))
    }

    /// The public key of its signatures.
    ///
    /// # Errors
    /// A key that has none.
    pub fn public(&self) -> Result<PublicKey, SealError> {
        minisign::PublicKey::from_secret_key(&self.0).map(PublicKey).map_err(|error| of_key(&error))
    }

    pub(crate) fn sign(&self, bytes: &[u8], comment: &str) -> Result<String, SealError> {
        minisign::sign(
            None,
            &self.0,
            Cursor::new(bytes),
            Some(comment),
            Some("signature by a key of cleartosend"),
        )
        .map(SignatureBox::into_string)
        .map_err(|error| of_key(&error))
    }
}

impl PublicKey {
    /// Reads the text of a key's file.
    ///
    /// # Errors
    /// What is not a public key.
    pub fn read(text: &str) -> Result<Self, SealError> {
        PublicKeyBox::from_string(text)
            .and_then(PublicKeyBox::into_public_key)
            .map(Self)
            .map_err(|error| of_key(&error))
    }

    /// The text of its file.
    ///
    /// # Errors
    /// A key that cannot be written.
    pub fn to_text(&self) -> Result<String, SealError> {
        self.0.to_box().map(PublicKeyBox::into_string).map_err(|error| of_key(&error))
    }

    /// Its id, as minisign shows it.
    pub fn id(&self) -> String {
        self.0.keynum().iter().rev().map(|byte| format!("{byte:02X}")).collect()
    }

    pub(crate) fn has_signed(&self, bytes: &[u8], signature: &str) -> bool {
        SignatureBox::from_string(signature).is_ok_and(|signature| {
            minisign::verify(&self.0, &signature, Cursor::new(bytes), true, false, false).is_ok()
        })
    }
}

/// What stands in a log at the end of a segment.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "the document of version 1")]
pub struct Seal {
    /// The version of this document.
    pub seal: u64,
    /// The number of the segment, from 1.
    pub segment: u64,
    /// How many lines it has.
    pub records: u64,
    /// Of each line the first 16 hexadecimal digits of its digest, with blanks between.
    pub lines: String,
    /// The digest of all of its lines, with their line feeds.
    pub digest: String,
    /// The digest of the line of the seal before; none for the first.
    pub previous: Option<String>,
    /// The id of the key.
    pub key: String,
    /// The signature, in the format of minisign, over the form of RFC 8785 of this document without
    /// this member.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub signature: String,
}

/// With what a log begins whose beginning was moved to another file.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
struct Continues {
    /// The number of the last segment there.
    continues: u64,
    /// The digest of the line of its seal.
    previous: String,
}

/// The version of seals.
const VERSION: u64 = 1;

/// Where a log fails: the first line that is not what was sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a place and what is wrong there")]
pub struct Broken {
    /// The line, counted from 1.
    pub line: u64,
    /// What is wrong with it.
    pub reason: String,
}

/// What a line of a log is to its seals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Record,
    Seal,
    Continues,
}

fn kind(line: &[u8]) -> Kind {
    if line.starts_with(b"{\"seal\":") {
        Kind::Seal
    } else if line.starts_with(b"{\"continues\":") {
        Kind::Continues
    } else {
        Kind::Record
    }
}

/// The seals of a log, checked line by line from its beginning.
#[derive(Clone, Debug)]
pub struct Chain {
    trusted: Vec<PublicKey>,
    line: u64,
    segment: u64,
    /// How many seals were in this file.
    seals: u64,
    previous: Option<String>,
    /// The number of the first line since the last seal.
    begins: u64,
    lines: Vec<String>,
    hash: Sha256,
}

impl Chain {
    /// Of a log that is sealed by one of these keys.
    pub fn new(trusted: Vec<PublicKey>) -> Self {
        Self {
            trusted,
            line: 0,
            segment: 0,
            seals: 0,
            previous: None,
            begins: 1,
            lines: Vec::new(),
            hash: Sha256::new(),
        }
    }

    /// Whether a line is a record, and no line of the log's own.
    pub fn is_record(line: &[u8]) -> bool {
        kind(line) == Kind::Record
    }

    /// Whether a first line says that the log goes on from another file.
    pub fn is_continuation(line: &[u8]) -> bool {
        kind(line) == Kind::Continues
    }

    /// How many segments were sealed.
    pub fn segments(&self) -> u64 {
        self.segment
    }

    /// How many lines there are since the last seal.
    pub fn unsealed(&self) -> usize {
        self.lines.len()
    }

    /// Begins the next file of a log, whose beginning this chain has seen.
    #[must_use]
    pub fn next_file(self) -> Self {
        Self { line: 0, seals: 0, begins: 1, lines: Vec::new(), hash: Sha256::new(), ..self }
    }

    /// Takes the next line, without its line feed.
    ///
    /// # Errors
    /// The first line that is not what was sealed, once the seal of its segment shows it.
    pub fn push(&mut self, line: &[u8]) -> Result<(), Broken> {
        self.line += 1;
        match kind(line) {
            Kind::Record => {
                self.lines.push(short(line));
                self.hash.update(line);
                self.hash.update(b"\n");
                Ok(())
            }
            Kind::Seal => self.seal(line),
            Kind::Continues => self.continues(line),
        }
    }

    /// What is not sealed at the end.
    ///
    /// # Errors
    /// Lines after the last seal.
    pub fn finish(&self) -> Result<(), Broken> {
        match self.lines.len() {
            0 => Ok(()),
            count => Err(Broken {
                line: self.begins,
                reason: format!(
                    "is not sealed, and {} after it: no seal follows {}",
                    match count {
                        1 => "nothing".to_owned(),
                        2 => "1 line".to_owned(),
                        more => format!("{} lines", more - 1),
                    },
                    match self.segment {
                        0 => "the beginning of the log".to_owned(),
                        segment => format!("segment {segment}"),
                    }
                ),
            }),
        }
    }

    fn broken(&self, line: u64, reason: &str) -> Broken {
        Broken { line, reason: format!("{reason} (segment {})", self.segment + 1) }
    }

    fn continues(&mut self, line: &[u8]) -> Result<(), Broken> {
        let here = self.line;
        let Ok(Continues { continues, previous }) = serde_json::from_slice(line) else {
            return Err(self.broken(here, "is not the beginning of a log that continues another"));
        };
        if here != 1 {
            return Err(self.broken(here, "says that a log begins, but it began before"));
        }
        if self.segment == 0 {
            return Err(Broken {
                line: here,
                reason: format!("follows segment {continues}, whose file was not read before"),
            });
        }
        if self.segment != continues || self.previous.as_ref() != Some(&previous) {
            return Err(Broken {
                line: here,
                reason: format!(
                    "follows segment {continues}, and the file before ends with another segment {}",
                    self.segment
                ),
            });
        }
        self.begins = here + 1;
        Ok(())
    }

    /// Takes the word of a log for what it continues, where the files before it are not at hand.
    ///
    /// # Errors
    /// A line that does not say it.
    pub fn continue_from(&mut self, line: &[u8]) -> Result<(), Broken> {
        if let (0, Ok(Continues { continues, previous })) =
            (self.segment, serde_json::from_slice(line))
        {
            (self.segment, self.previous) = (continues, Some(previous));
        }
        self.push(line)
    }

    fn seal(&mut self, line: &[u8]) -> Result<(), Broken> {
        let here = self.line;
        let seal: Seal = match json::read(line).map(serde_json::from_value) {
            Ok(Ok(seal)) => seal,
            _ => return Err(self.broken(here, "is not a seal that can be read")),
        };
        if seal.seal != VERSION {
            return Err(self.broken(here, &format!("is a seal of unknown version {}", seal.seal)));
        }
        let signed = signed(&seal).unwrap_or_default();
        if !self.trusted.iter().any(|key| key.has_signed(&signed, &seal.signature)) {
            let key = shortened(&seal.key, 40);
            let reason = match self.trusted.iter().any(|known| known.id() == seal.key) {
                true => format!("is a seal whose signature by the key {key} does not fit it"),
                false => format!("is a seal by the key {key}, which is not trusted"),
            };
            return Err(self.broken(here, &reason));
        }
        // What is missing or occurs twice is reported before lines are compared that belong to
        // another segment.
        if seal.segment != self.segment + 1 {
            let reason = match seal.segment <= self.segment {
                true => format!("belongs to segment {}, which stands before", seal.segment),
                false => format!(
                    "comes before the seal of segment {}: segments or their seals are missing",
                    seal.segment
                ),
            };
            return Err(self.broken(self.begins, &reason));
        }
        if seal.previous != self.previous {
            return Err(self.broken(self.begins, "follows another seal than the one before it"));
        }
        let sealed: Vec<&str> = seal.lines.split_ascii_whitespace().collect();
        if let Some((place, reason)) = first_difference(&self.lines, &sealed) {
            return Err(self.broken(self.begins + place as u64, reason));
        }
        let digest = hex(&std::mem::take(&mut self.hash).finalize());
        if digest != seal.digest || seal.records != sealed.len() as u64 {
            return Err(self.broken(self.begins, "or a line after it was changed"));
        }
        self.segment = seal.segment;
        self.seals += 1;
        self.previous = Some(Digest::of(line).to_string());
        self.lines.clear();
        self.begins = here + 1;
        Ok(())
    }
}

/// Where lines are not those that were sealed, and how.
fn first_difference(found: &[String], sealed: &[&str]) -> Option<(usize, &'static str)> {
    let at = |place: usize| found.get(place).map(String::as_str);
    let place = (0..found.len().max(sealed.len()))
        .find(|place| at(*place) != sealed.get(*place).copied())?;
    let (here, was) = (at(place), sealed.get(place).copied());
    let is_later = |line: Option<&str>| {
        line.is_some_and(|line| sealed.get(place..).is_some_and(|rest| rest.contains(&line)))
    };
    let was_is_found = was.is_some_and(|was| {
        found.get(place..).is_some_and(|rest| rest.iter().any(|line| line == was))
    });
    Some((
        place,
        match (here, was) {
            (None, _) => "is where a record was taken away: the segment ends too early",
            (Some(_), None) => "was added to the segment",
            _ if found.len() < sealed.len() && is_later(here) => {
                "stands where another record was taken away"
            }
            _ if found.len() > sealed.len() && was_is_found => "was added to the segment",
            _ if is_later(here) && was_is_found => {
                "stands in another place than when it was sealed"
            }
            _ => "was changed after it was sealed",
        },
    ))
}

fn short(line: &[u8]) -> String {
    const DIGITS: usize = 16;
    let digest = Digest::of(line).to_string();
    digest.strip_prefix("sha256:").and_then(|hex| hex.get(..DIGITS)).unwrap_or_default().to_owned()
}

fn hex(bytes: &[u8]) -> String {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{digits}")
}

/// What is signed.
fn signed(seal: &Seal) -> Option<Vec<u8>> {
    json::canonical(&Seal { signature: String::new(), ..seal.clone() }).ok()
}

/// What became of a log that was to be put aside.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "whoever reads it tells each from the others")]
pub enum Rotated {
    /// It was put aside in this file, after its last records were sealed; none were left to seal
    /// where there is no seal.
    Aside {
        /// The seal that was appended.
        seal: Option<Box<Seal>>,
        /// Where it is now.
        file: PathBuf,
    },
    /// Nothing was recorded since the log was begun, and it stays where it is.
    Nothing,
}

impl Seal {
    /// Seals what a log has since its last seal: reads all of it, checks the seals that are there
    /// by the same key or one of those that sealed it `earlier`, and appends a seal.
    ///
    /// # Errors
    /// A log that is not there, is broken, holds what is no record, or has nothing to seal.
    pub fn append(log: &Path, key: &SecretKey, earlier: &[PublicKey]) -> Result<Self, SealError> {
        let mut file = open_locked(log, Missing::IsAnError)?;
        let chain = Self::checked(&mut file, key, earlier)?;
        if chain.lines.is_empty() {
            return Err(SealError::Log("has no record after its last seal".to_owned()));
        }
        Self::append_to(&mut file, key, chain)
    }

    /// As [`Self::append`], and then puts the log aside under the number of its last segment, as
    /// `log-000012.ndjson`, and begins a new one in its place that goes on from there. Whoever
    /// appends meanwhile waits, and appends to the new one. A log whose records are all sealed is
    /// put aside as it is.
    ///
    /// # Errors
    /// As [`Self::append`], and a file aside that is there already.
    pub fn rotate(
        log: &Path,
        key: &SecretKey,
        earlier: &[PublicKey],
    ) -> Result<Rotated, SealError> {
        let mut file = open_locked(log, Missing::IsAnError)?;
        let chain = Self::checked(&mut file, key, earlier)?;
        if chain.lines.is_empty() && chain.seals == 0 {
            return Ok(Rotated::Nothing);
        }
        let (segment, previous, seal) = if chain.lines.is_empty() {
            (chain.segment, chain.previous, None)
        } else {
            let seal = Self::append_to(&mut file, key, chain)?;
            // Every member writes itself without fail.
            let line = serde_json::to_string(&seal).unwrap_or_default();
            (seal.segment, Some(Digest::of(line.as_bytes()).to_string()), Some(Box::new(seal)))
        };
        let continues = Continues { continues: segment, previous: previous.unwrap_or_default() };
        let first = serde_json::to_string(&continues).unwrap_or_default();
        let stem = log.file_stem().unwrap_or_default().to_string_lossy();
        let end = log.extension().unwrap_or_default().to_string_lossy();
        let aside = log.with_file_name(format!("{stem}-{segment:06}.{end}"));
        let begun = log.with_file_name(format!(".{stem}-{:06}.{end}.new", segment + 1));
        let mut new = File::create_new(&begun)?;
        let done = new
            .write_all(format!("{first}\n").as_bytes())
            .and_then(|()| new.sync_all())
            // The log is there at all times: as it was, or as it begins again.
            .and_then(|()| std::fs::hard_link(log, &aside))
            .and_then(|()| std::fs::rename(&begun, log));
        if let Err(error) = done {
            let _ = std::fs::remove_file(&begun);
            return Err(error.into());
        }
        store_name(log);
        Ok(Rotated::Aside { seal, file: aside })
    }

    /// The seals of a log, which is read whole.
    fn checked(
        file: &mut File,
        key: &SecretKey,
        earlier: &[PublicKey],
    ) -> Result<Chain, SealError> {
        let mut trusted = vec![key.public()?];
        trusted.extend_from_slice(earlier);
        let mut chain = Chain::new(trusted);
        // What is not sealed yet and contradicts itself, such as after it was changed.
        let mut differs = None;
        file.seek(SeekFrom::Start(0))?;
        for line in Lines::new(BufReader::new(&mut *file)) {
            let line = line?;
            let at = |reason: &dyn std::fmt::Display| {
                SealError::Log(format!("line {}: {reason}", line.number))
            };
            let bytes = line.bytes.as_ref().map_err(|error| at(error))?;
            if Chain::is_record(bytes) {
                let record = Record::read(bytes).map_err(|error| at(&error))?;
                if differs.is_none() {
                    differs = verify(&record).first().map(|difference| at(difference));
                }
            }
            chain.continue_from(bytes).map_err(|broken| {
                SealError::Log(format!("line {}: {}", broken.line, broken.reason))
            })?;
            if chain.lines.is_empty() {
                differs = None;
            }
        }
        differs.map_or(Ok(chain), Err)
    }

    fn append_to(file: &mut File, key: &SecretKey, chain: Chain) -> Result<Self, SealError> {
        let mut seal = Self {
            seal: VERSION,
            segment: chain.segment + 1,
            records: chain.lines.len() as u64,
            lines: chain.lines.join(" "),
            digest: hex(&chain.hash.finalize()),
            previous: chain.previous,
            key: key.public()?.id(),
            signature: String::new(),
        };
        let unwritable = || SealError::Log("cannot be sealed: its seal has no form".to_owned());
        let comment = format!("segment {}, {} records", seal.segment, seal.records);
        seal.signature = key.sign(&signed(&seal).ok_or_else(unwritable)?, &comment)?;
        let line = serde_json::to_string(&seal).map_err(|_| unwritable())?;
        append_locked(file, &line)?;
        Ok(seal)
    }
}
