//! Which entries have that key?
//!
//! A table from 64-bit hashes to entry numbers, built once: sorted, with a jump table by the upper
//! bits, so that a lookup is one jump and a scan of one or two neighbours. The hash has no random
//! seed and the order of answers is the order of the entries. A hash that two keys share only costs
//! a comparison: callers compare the keys themselves.

/// Entry numbers by hash.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// How far a hash is shifted for its place in `starts`.
    shift: u32,
    /// Where the hashes of each upper part start, and one more for the end.
    starts: Box<[u32]>,
    /// The lower halves of the hashes, in the order of the whole hashes.
    hashes: Box<[u32]>,
    entries: Box<[u32]>,
}

impl Index {
    /// The table of those pairs: sorted into buckets by the upper bits, then within each bucket. No
    /// more than 2³² of them are kept; the limit on a directory's providers holds far fewer.
    pub(super) fn new(mut pairs: Vec<(u64, u32)>) -> Self {
        pairs.truncate(u32::MAX as usize);
        let bits = pairs.len().next_power_of_two().trailing_zeros().clamp(1, 30);
        let shift = 64 - bits;
        let mut ends = vec![0_u32; (1 << bits) + 1];
        for (hash, _) in &pairs {
            if let Some(count) = ends.get_mut((hash >> shift) as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for end in &mut ends {
            sum += *end;
            *end = sum;
        }
        let mut sorted = vec![(0, 0); pairs.len()];
        for pair in pairs {
            if let Some(next) = ends.get_mut((pair.0 >> shift) as usize) {
                if let Some(place) = sorted.get_mut(*next as usize) {
                    *place = pair;
                }
                *next += 1;
            }
        }
        // Each counter ran from the start of its bucket to its end, and is now the start of the
        // next one.
        let mut starts = vec![0_u32; (1 << bits) + 1].into_boxed_slice();
        let (mut hashes, mut entries) =
            (Vec::with_capacity(sorted.len()), Vec::with_capacity(sorted.len()));
        let mut from = 0;
        for (start, end) in starts.iter_mut().skip(1).zip(&ends) {
            let until = *end as usize;
            if let Some(bucket) = sorted.get_mut(from..until) {
                bucket.sort_unstable();
                let mut before = None;
                for pair in bucket.iter().filter(|pair| before.replace(**pair) != Some(**pair)) {
                    hashes.push(pair.0 as u32);
                    entries.push(pair.1);
                }
            }
            *start = hashes.len() as u32;
            from = until;
        }
        Self {
            shift,
            starts,
            hashes: hashes.into_boxed_slice(),
            entries: entries.into_boxed_slice(),
        }
    }

    /// The entries under that hash, in rising order.
    pub(super) fn get(&self, hash: u64) -> impl Iterator<Item = u32> + '_ {
        let upper = hash.checked_shr(self.shift).unwrap_or(0) as usize;
        let from = self.starts.get(upper).map_or(0, |start| *start as usize);
        let until = self.starts.get(upper + 1).map_or(0, |start| *start as usize);
        let hashes = self.hashes.get(from..until).unwrap_or_default();
        let entries = self.entries.get(from..until).unwrap_or_default();
        hashes
            .iter()
            .zip(entries)
            .filter(move |(lower, _)| **lower == hash as u32)
            .map(|(_, entry)| *entry)
    }
}

/// The hash of a text.
pub(super) fn hash(text: &str) -> u64 {
    hash_bytes(text.bytes())
}

/// FNV-1a, and the finalizer of MurmurHash3, since the table is indexed by the upper bits, which
/// FNV mixes least.
pub(super) fn hash_bytes(bytes: impl IntoIterator<Item = u8>) -> u64 {
    let hash = bytes.into_iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    finished(hash)
}

/// Spreads what differs anywhere over all bits.
pub(super) fn finished(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

#[cfg(test)]
mod tests {
    use super::{Index, hash};

    #[test]
    fn every_key_finds_its_entries_and_a_stranger_none() {
        let pairs = (0..1000_u32)
            .flat_map(|at| [(hash(&at.to_string()), at), (hash("shared"), at)])
            .collect();
        let index = Index::new(pairs);
        for at in 0..1000_u32 {
            assert_eq!(index.get(hash(&at.to_string())).collect::<Vec<_>>(), [at]);
        }
        assert_eq!(index.get(hash("shared")).collect::<Vec<_>>(), (0..1000).collect::<Vec<_>>());
        assert_eq!(index.get(hash("stranger")).count(), 0);
        assert_eq!(Index::new(Vec::new()).get(hash("x")).count(), 0);
        assert_eq!(Index::default().get(hash("x")).count(), 0);
    }
}
