//! How is an engine made of what somebody signed, and of nothing else?
//!
//! The engine itself knows no keys. This is a builder around its own: it checks each signature
//! before it adds anything, and looks at the finished engine once more, so that nothing unsigned
//! comes in by another way. It reads no file and no clock: signatures and the instant are given.

use std::fmt;
use std::sync::Arc;

use cleartosend::{Directory, DirectoryError, Engine, EngineBuilder, EngineError, Pack};

use crate::signed::{Subject, Trust, TrustError};

/// Builders that can be told whom to trust.
pub trait Trusting {
    /// From here on, takes only packs and directories that are signed by these keys, have not
    /// expired and are not too old. What is built in needs no signature.
    ///
    /// ```
    /// use cleartosend::{Engine, Timestamp};
    /// use cleartosend_evidence::{SecretKey, Trust, Trusting as _};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let (_, officer) = SecretKey::pair()?; // read from its file: PublicKey::read
    /// let trust = Trust {
    ///     keys: vec![officer],
    ///     at: Timestamp::parse("2026-03-01T00:00:00Z")?,
    ///     at_least: vec![("whatsapp".to_owned(), "1.0.0".to_owned())],
    /// };
    /// let engine = Engine::builder().trust(trust).build()?;
    /// assert_eq!(&*engine.packs()[0].name, "whatsapp");
    /// # Ok(())
    /// # }
    /// ```
    fn trust(self, trust: Trust) -> TrustedBuilder;
}

impl Trusting for EngineBuilder {
    fn trust(self, trust: Trust) -> TrustedBuilder {
        TrustedBuilder {
            builder: self,
            trust,
            directory: None,
            signed: Vec::new(),
            refused: Vec::new(),
        }
    }
}

/// Gathers what an engine is made of, and refuses what nobody signed who is trusted.
#[derive(Clone, Debug)]
#[must_use]
pub struct TrustedBuilder {
    builder: EngineBuilder,
    trust: Trust,
    /// The directory that was given last.
    directory: Option<Arc<Directory>>,
    /// The digests of what is signed.
    signed: Vec<String>,
    refused: Vec<(String, TrustError)>,
}

/// Why no engine was made. It has no code of its own: each error in it has one.
#[derive(Debug)]
#[non_exhaustive]
pub enum TrustedError {
    /// These are not trusted, each with its name.
    Untrusted(Vec<(String, TrustError)>),
    /// The file of a directory cannot be read.
    Directory(DirectoryError),
    /// What is trusted does not make an engine.
    Engine(EngineError),
}

impl TrustedBuilder {
    /// Puts a pack on top, with the text of its signature.
    pub fn pack(mut self, pack: impl Into<Arc<Pack>>, signature: Option<&str>) -> Self {
        let pack = pack.into();
        match self.trust.check(&Subject::pack(&pack), signature) {
            Ok(_) => {
                self.signed.push(pack.digest.to_string());
                self.builder = self.builder.add(pack);
            }
            Err(error) => self.refused.push((format!("the pack `{}`", pack.name), error)),
        }
        self
    }

    /// Takes the directory in a file, with the text of its signature, in place of the built-in one.
    ///
    /// # Errors
    /// A file that is not a directory.
    pub fn directory(self, file: &[u8], signature: Option<&str>) -> Result<Self, TrustedError> {
        let directory = Directory::from_json(file).map_err(TrustedError::Directory)?;
        let subject = Subject::directory(&directory, file);
        Ok(self.with_directory(directory, &subject, signature))
    }

    /// Lays a directory of providers that you vetted yourself on top of the one that was given, or
    /// of the built-in one.
    ///
    /// # Errors
    /// As [`Self::directory`], and two that contradict each other.
    pub fn own(self, file: &[u8], signature: Option<&str>) -> Result<Self, TrustedError> {
        let own = Directory::from_json(file).map_err(TrustedError::Directory)?;
        let base = match &self.directory {
            Some(directory) => Arc::clone(directory),
            None => Directory::built_in().map_err(TrustedError::Directory)?,
        };
        let stacked = Directory::stack(&base, &own).map_err(TrustedError::Directory)?;
        Ok(self.with_directory(stacked, &Subject::directory(&own, file), signature))
    }

    fn with_directory(
        mut self,
        directory: Directory,
        subject: &Subject,
        signature: Option<&str>,
    ) -> Self {
        match self.trust.check(subject, signature) {
            Ok(_) => {
                let directory = Arc::new(directory);
                self.signed.push(directory.digest().to_string());
                self.builder = self.builder.directory(Arc::clone(&directory));
                self.directory = Some(directory);
            }
            Err(error) => self.refused.push(("the directory".to_owned(), error)),
        }
        self
    }

    /// Puts a built-in pack on top.
    pub fn built_in_pack(mut self, name: &str) -> Self {
        self.builder = self.builder.built_in_pack(name);
        self
    }

    /// The engine.
    ///
    /// # Errors
    /// All that is not trusted, whether it was given here or to the builder before; then what keeps
    /// the engine from being made.
    pub fn build(self) -> Result<Engine, TrustedError> {
        let Self { builder, trust, directory: _, signed, mut refused } = self;
        if !refused.is_empty() {
            return Err(TrustedError::Untrusted(refused));
        }
        let engine = builder.build().map_err(TrustedError::Engine)?;
        let is_signed = |digest: &str| signed.iter().any(|known| known == digest);
        for pack in engine.packs() {
            let built_in = Pack::built_in(&pack.name);
            let is_built_in = built_in.is_some_and(|built_in| {
                built_in.is_ok_and(|built_in| built_in.digest == pack.digest)
            });
            if !is_built_in && !is_signed(&pack.digest.to_string()) {
                refused.push((format!("the pack `{}`", pack.name), TrustError::unsigned()));
            }
        }
        let directory = engine.directory().digest();
        let is_built_in =
            Directory::built_in().is_ok_and(|built_in| built_in.digest() == directory);
        if !is_built_in && !is_signed(&directory.to_string()) {
            refused.push(("the directory".to_owned(), TrustError::unsigned()));
        }
        if let Err(error) = trust.check_versions(&engine) {
            refused.push(("the engine".to_owned(), error));
        }
        if refused.is_empty() { Ok(engine) } else { Err(TrustedError::Untrusted(refused)) }
    }
}

impl fmt::Display for TrustedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Untrusted(refused) => {
                let refused: Vec<String> = refused
                    .iter()
                    .map(|(name, error)| format!("{name} {error} [{}]", error.code()))
                    .collect();
                f.write_str(&refused.join("; "))
            }
            Self::Directory(error) => error.fmt(f),
            Self::Engine(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for TrustedError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Untrusted(_) => None,
            Self::Directory(error) => Some(error),
            Self::Engine(error) => Some(error),
        }
    }
}
