//! Which bytes are which letters?

use std::fmt;
use std::io::Read;

use encoding_rs_io::DecodeReaderBytesBuilder;

use super::error::BAD_MAPPING;

/// An encoding of text, by a name of the Encoding Standard of the WHATWG.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoding(&'static encoding_rs::Encoding);

/// There is no such encoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownEncoding(String);

impl UnknownEncoding {
    /// A stable name for programs: `audience/bad-mapping`. Listed in `docs/reference/codes.md`.
    pub const fn code(&self) -> &'static str {
        BAD_MAPPING
    }
}

impl fmt::Display for UnknownEncoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "there is no encoding `{}`; expected one such as `utf-8`, `windows-1252`, `utf-16le` or \
             `shift_jis`",
            self.0
        )
    }
}

impl std::error::Error for UnknownEncoding {}

/// What stands for bytes that are no letter of an encoding.
pub(crate) const UNREADABLE: char = '\u{fffd}';

impl Encoding {
    /// The encoding of that name.
    ///
    /// ```
    /// use cleartosend_audience::Encoding;
    ///
    /// assert_eq!(Encoding::named("latin1")?.name(), "windows-1252");
    /// assert!(Encoding::named("utf8-ish").is_err());
    /// # Ok::<(), cleartosend_audience::UnknownEncoding>(())
    /// ```
    ///
    /// # Errors
    /// There is none.
    pub fn named(name: &str) -> Result<Self, UnknownEncoding> {
        encoding_rs::Encoding::for_label_no_replacement(name.as_bytes())
            .map(Self)
            .ok_or_else(|| UnknownEncoding(name.chars().take(60).collect()))
    }

    /// Its name in the standard.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The text of bytes as UTF-8, with a mark where they are no letter.
    pub(crate) fn read(self, input: impl Read + Send + 'static) -> Box<dyn Read + Send> {
        let mut builder = DecodeReaderBytesBuilder::new();
        Box::new(builder.encoding(Some(self.0)).strip_bom(true).build(input))
    }
}
