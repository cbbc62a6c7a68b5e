//! What came of a screening, without its rows?

use std::io::{self, Read};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// A screened audience: what it looked like, what was found, and where the rows went.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "callers build it: a new field is theirs to fill in")]
pub struct Screened {
    /// The file of the audience.
    pub audience: FileDigest,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// What was found: the summary of the screening.
    pub summary: Value,
    /// The file of the result; none where no rows were written.
    pub output: Option<FileDigest>,
    /// How the file of the result was written, in the words of whoever wrote it, so that its rows
    /// can be counted again; none where its name tells it.
    pub written: Option<Value>,
    /// How the file of the audience was read, in the words of whoever read it, so that its rows can
    /// be judged again; none where that takes more than the file, such as a book of accounts.
    pub read: Option<Value>,
}

/// A file by what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "callers build it: a new field is theirs to fill in")]
pub struct FileDigest {
    /// Its name, without its folder.
    pub name: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// `sha256:` and 64 hexadecimal digits.
    pub digest: String,
}

/// A column of an audience.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "callers build it: a new field is theirs to fill in")]
pub struct Column {
    /// As the audience calls it.
    pub name: String,
    /// The type of its values.
    pub ty: String,
}

impl Screened {
    pub(crate) fn to_json(&self) -> Value {
        let columns = Column::all_to_json(&self.columns);
        json!({
            "audience": self.audience.to_json(),
            "columns": columns,
            "summary": self.summary,
            "output": self.output.as_ref().map(FileDigest::to_json),
            "written": self.written,
            "read": self.read,
        })
    }
}

impl Column {
    pub(crate) fn all_to_json(columns: &[Self]) -> Value {
        columns.iter().map(|Self { name, ty }| json!({"name": name, "type": ty})).collect()
    }
}

impl FileDigest {
    fn to_json(&self) -> Value {
        let Self { name, bytes, digest } = self;
        json!({"name": name, "bytes": bytes, "digest": digest})
    }

    pub(crate) fn from_json(json: &Value) -> Option<Self> {
        Some(Self {
            name: json.get("name")?.as_str()?.to_owned(),
            bytes: json.get("bytes")?.as_u64()?,
            digest: json.get("digest")?.as_str()?.to_owned(),
        })
    }

    /// What is in a file, or comes out of a pipe.
    ///
    /// # Errors
    /// What the system says.
    pub fn read(name: &str, mut from: impl Read) -> io::Result<Self> {
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 1 << 16];
        let mut bytes = 0;
        loop {
            let read = match from.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            bytes += read as u64;
            hash.update(buffer.get(..read).unwrap_or_default());
        }
        let digits: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { name: name.to_owned(), bytes, digest: format!("sha256:{digits}") })
    }
}
