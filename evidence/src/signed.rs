//! Whose pack is this, and is it still good?
//!
//! A signature in the format of minisign. Its trusted comment, which is signed too, says what it is
//! for: `cleartosend pack house 1.2.0 expires 2027-01-01T00:00:00Z`. Of a directory the file itself
//! is signed, of a pack one line with its name, version and digest, which covers all of its files.

use std::fmt;

use cleartosend::expert::suggest::nearest;
use cleartosend::expert::text::shortened;
use cleartosend::{Directory, Engine, Pack, Timestamp};
use minisign::SignatureBox;

use crate::seal::{PublicKey, SealError, SecretKey};

/// What is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    kind: &'static str,
    name: String,
    version: Version,
    bytes: Vec<u8>,
}

/// What comes after what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd)]
enum Version {
    Pack(semver::Version),
    Directory(Timestamp),
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pack(version) => version.fmt(f),
            Self::Directory(at) => at.fmt(f),
        }
    }
}

impl Subject {
    /// A pack, by its name, version and digest.
    pub fn pack(pack: &Pack) -> Self {
        let (name, version) = (pack.name.to_string(), pack.version.clone());
        let bytes = format!("cleartosend pack {name} {version} {}\n", pack.digest).into_bytes();
        Self { kind: "pack", name, version: Version::Pack(version), bytes }
    }

    /// A directory, by its file. Its version is when it was retrieved.
    pub fn directory(directory: &Directory, file: &[u8]) -> Self {
        Self {
            kind: "directory",
            name: PROVIDERS.to_owned(),
            version: Version::Directory(directory.retrieved_at()),
            bytes: file.to_vec(),
        }
    }

    /// Its name: that of the pack, or `providers`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Which it is, in words.
    pub fn words(&self) -> String {
        format!("{} {} {}", self.kind, self.name, self.version)
    }

    /// Signs it, up to an instant or for good.
    ///
    /// # Errors
    /// A key that cannot sign.
    pub fn sign(&self, key: &SecretKey, expires: Option<Timestamp>) -> Result<String, SealError> {
        let expires = expires.map_or_else(|| NEVER.to_owned(), |at| at.to_string());
        key.sign(&self.bytes, &format!("{}{EXPIRES}{expires}", self.begins()))
    }

    fn begins(&self) -> String {
        format!("cleartosend {}", self.words())
    }
}

impl Version {
    /// Refuses an older one than a text says, which is read as this is one: as the version of a
    /// pack, or as a date or timestamp.
    fn refuse_older(&self, than: &str) -> Result<(), TrustError> {
        let wanted = match self {
            Self::Pack(_) => than.parse().ok().map(Self::Pack),
            Self::Directory(_) => {
                let midnight = format!("{than}T00:00:00Z");
                let at = Timestamp::parse(than).or_else(|_| Timestamp::parse(&midnight));
                at.ok().map(Self::Directory)
            }
        };
        let Some(wanted) = wanted else {
            let message = format!("`{}` is not a version of it", shortened(than, 40));
            return Err(TrustError::new("trust/bad-version", message));
        };
        if *self < wanted {
            let message = format!("has version {self}, which is older than {wanted}");
            return Err(TrustError::new("trust/older", message));
        }
        Ok(())
    }
}

/// The name of every directory.
const PROVIDERS: &str = "providers";

const EXPIRES: &str = " expires ";
const NEVER: &str = "never";

/// What is trusted.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "callers build it: a new field is theirs to fill in")]
pub struct Trust {
    /// Whose signatures count.
    pub keys: Vec<PublicKey>,
    /// The instant at which signatures must not have expired.
    pub at: Timestamp,
    /// The oldest versions that count: the name of a pack, or `providers`, and a version.
    pub at_least: Vec<(String, String)>,
}

/// Why something is not trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustError {
    code: &'static str,
    message: String,
}

impl TrustError {
    /// A stable name for programs. Listed in `docs/reference/codes.md`.
    pub fn code(&self) -> &'static str {
        self.code
    }

    fn new(code: &'static str, message: String) -> Self {
        Self { code, message }
    }

    pub(crate) fn unsigned() -> Self {
        Self::new("trust/unsigned", "is not signed".to_owned())
    }
}

impl fmt::Display for TrustError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for TrustError {}

impl Trust {
    /// Whether a signature makes something trusted; none where it has no signature. Says until when.
    ///
    /// # Errors
    /// What is unsigned, signed by somebody else, changed since, expired, or older than is wanted.
    pub fn check(&self, subject: &Subject, signature: Option<&str>) -> Result<String, TrustError> {
        let Some(signature) = signature else {
            return Err(TrustError::unsigned());
        };
        let Ok(signed) = SignatureBox::from_string(signature) else {
            let message = "has a signature that is not in the format of minisign";
            return Err(TrustError::new("trust/bad-signature", message.to_owned()));
        };
        let id: String = signed.keynum().iter().rev().map(|byte| format!("{byte:02X}")).collect();
        let Some(key) = self.keys.iter().find(|key| key.id() == id) else {
            let message = format!("is signed by the key {id}, which is not trusted");
            return Err(TrustError::new("trust/unknown-key", message));
        };
        let comment = signed.trusted_comment().unwrap_or_default();
        let about =
            comment.strip_prefix(&subject.begins()).and_then(|rest| rest.strip_prefix(EXPIRES));
        if !key.has_signed(&subject.bytes, signature) {
            let message =
                format!("is not what the key {id} signed: `{}`", shortened(&comment, 120));
            return Err(TrustError::new("trust/changed", message));
        }
        let Some(expires) = about else {
            let message = format!(
                "has a signature for something else: `{}`, expected `{}`",
                shortened(&comment, 120),
                subject.begins()
            );
            return Err(TrustError::new("trust/changed", message));
        };
        if expires != NEVER && !Timestamp::parse(expires).is_ok_and(|end| self.at < end) {
            let message = format!("has a signature that expired at {expires}: it is {}", self.at);
            return Err(TrustError::new("trust/expired", message));
        }
        for (_, least) in self.at_least.iter().filter(|(name, _)| *name == subject.name) {
            subject.version.refuse_older(least)?;
        }
        Ok(expires.to_owned())
    }

    /// Whether [`Self::at_least`] names these things alone: a floor under something that is not in
    /// use holds nothing.
    ///
    /// # Errors
    /// The first name that is none of them.
    pub fn check_names(&self, in_use: &[&str]) -> Result<(), TrustError> {
        let other = self.at_least.iter().find(|(name, _)| !in_use.contains(&name.as_str()));
        let Some((name, _)) = other else { return Ok(()) };
        let near = nearest(name, in_use.iter().copied());
        let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        let message = format!(
            "a least version is given for `{}`, which is not in use: expected one of {}{near}",
            shortened(name, 60),
            in_use.join(", ")
        );
        Err(TrustError::new("trust/unknown-name", message))
    }

    /// Whether an engine has no pack and no directory that is older than [`Self::at_least`] says,
    /// built-in ones included, and has all that it names. Signatures are no matter here.
    ///
    /// # Errors
    /// The first that is older, or not in use.
    pub fn check_versions(&self, engine: &Engine) -> Result<(), TrustError> {
        let packs = engine.packs().iter().map(|pack| &*pack.name);
        let in_use: Vec<&str> = packs.chain([PROVIDERS]).collect();
        self.check_names(&in_use)?;
        for (name, least) in &self.at_least {
            let pack = engine.packs().iter().find(|pack| *pack.name == **name);
            let version = match pack {
                Some(pack) => Version::Pack(pack.version.clone()),
                None => Version::Directory(engine.directory().retrieved_at()),
            };
            version.refuse_older(least).map_err(|error| {
                TrustError::new(error.code, format!("{name}: {}", error.message))
            })?;
        }
        Ok(())
    }
}
