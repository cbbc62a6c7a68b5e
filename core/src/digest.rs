//! Content digests: SHA-256 over bytes and over RFC 8785 canonical JSON.

use std::fmt;

use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// A SHA-256 digest, printed as `sha256:` and 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The digest of several named byte strings, in the order given. Lengths are hashed too, so
    /// moving a byte from one part to the next changes the digest.
    pub fn of_parts<'a>(parts: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Self {
        let mut hasher = Sha256::new();
        for (name, bytes) in parts {
            hasher.update((name.len() as u64).to_be_bytes());
            hasher.update(name.as_bytes());
            hasher.update((bytes.len() as u64).to_be_bytes());
            hasher.update(bytes);
        }
        Self(hasher.finalize().into())
    }
}

/// The digests of byte strings that begin alike: the beginning is hashed once.
#[derive(Clone, Debug)]
pub(crate) struct Beginning(Sha256);

impl Beginning {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self(Sha256::new_with_prefix(bytes))
    }

    /// The digest of the beginning and what comes after it.
    pub(crate) fn and(&self, rest: &[u8]) -> Digest {
        Digest(self.0.clone().chain_update(rest).finalize().into())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let mut text = [0; 64];
        for (pair, byte) in text.as_chunks_mut::<2>().0.iter_mut().zip(self.0) {
            *pair = [HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]];
        }
        f.write_str("sha256:")?;
        f.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::{Beginning, Digest};

    #[test]
    fn known_answer() {
        assert_eq!(
            Digest::of(b"abc").to_string(),
            "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn a_beginning_hashed_before_changes_nothing() {
        let whole: Vec<u8> = (0..=255).collect();
        for cut in 0..whole.len() {
            let (beginning, rest) = whole.split_at(cut);
            assert_eq!(Beginning::of(beginning).and(rest), Digest::of(&whole));
        }
    }

    #[test]
    fn a_byte_that_moves_between_parts_changes_the_digest() {
        let one = Digest::of_parts([("a", &b"xy"[..]), ("b", b"z")]);
        let other = Digest::of_parts([("a", &b"x"[..]), ("b", b"yz")]);
        assert_ne!(one, other);
    }
}
