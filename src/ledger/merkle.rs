//! The record's hash tree (RFC 6962, proofs as in RFC 9162). All levels stay in memory, 64 bytes an entry, so that appending
//! and proving take steps in the logarithm of the size. Copies of a tree share what they have in common.

use super::text::{base64, from_base64_exact, from_hex, hex};
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::Arc;

/// A SHA-256 hash. `Display` is hex, as in statements; notes and proofs use [`Hash::base64`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// Plain SHA-256, as used for documents and arguments.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    pub fn hex(&self) -> String {
        hex(&self.0)
    }

    pub fn base64(&self) -> String {
        base64(&self.0)
    }

    /// Exactly 64 lower-case digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        from_hex(text).map(Self)
    }

    pub fn from_base64(text: &str) -> Option<Self> {
        from_base64_exact(text).map(Self)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.hex())
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.hex())
    }
}

/// SHA-256(0x00 ‖ entry).
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update([0]).chain_update(entry).finalize().into())
}

/// SHA-256(0x01 ‖ left ‖ right).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Hash(Sha256::new().chain_update([1]).chain_update(left.0).chain_update(right.0).finalize().into())
}

/// The root of the tree of no entries.
pub fn empty_root() -> Hash {
    Hash::of(b"")
}

/// Hashes of one level that are shared as one: 32 KiB, so that a copy of the tree of a million entries is 2,000 pointers, and what is
/// still open is copied in microseconds.
const PIECE: usize = 1024;

/// One level of the tree.
#[derive(Debug, Clone, Default)]
struct Level {
    /// Each of [`PIECE`] hashes.
    full: Vec<Arc<[Hash]>>,
    open: Vec<Hash>,
}

impl Level {
    fn len(&self) -> usize {
        self.full.len() * PIECE + self.open.len()
    }

    fn get(&self, index: usize) -> Option<&Hash> {
        match self.full.get(index / PIECE) {
            Some(piece) => piece.get(index % PIECE),
            None => self.open.get(index - self.full.len() * PIECE),
        }
    }

    fn push(&mut self, hash: Hash) {
        self.open.push(hash);
        if self.open.len() == PIECE {
            self.full.push(Arc::from(self.open.as_slice()));
            self.open.clear();
        }
    }

    fn truncate(&mut self, len: usize) {
        if len >= self.len() {
            return;
        }
        if let Some(cut) = self.full.get(len / PIECE) {
            self.open = cut.to_vec();
            self.full.truncate(len / PIECE);
        }
        self.open.truncate(len % PIECE);
    }

    /// The last two, where their number is even: they have just become one node of the next level.
    fn pair(&self) -> Option<(&Hash, &Hash)> {
        let len = self.len();
        (len > 0 && len.is_multiple_of(2)).then(|| Some((self.get(len - 2)?, self.get(len - 1)?)))?
    }
}

/// An append-only list of leaf hashes that can prove what it says.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// `levels[h][i]` is the node over leaves `i·2^h .. (i+1)·2^h`; only nodes whose leaves are all there. Never empty above
    /// level 0.
    levels: Vec<Level>,
}

impl Tree {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, |leaves| leaves.len() as u64)
    }

    pub fn push(&mut self, leaf: Hash) {
        let mut node = leaf;
        for height in 0.. {
            let Some(level) = self.levels.get_mut(height) else {
                self.levels.push(Level { full: Vec::new(), open: vec![node] });
                return;
            };
            level.push(node);
            match level.pair() {
                Some((left, right)) => node = node_hash(left, right),
                None => return,
            }
        }
    }

    pub fn extend(&mut self, leaves: impl IntoIterator<Item = Hash>) {
        leaves.into_iter().for_each(|leaf| self.push(leaf));
    }

    /// Takes back everything after the first `size` leaves: a batch that did not become durable. Does nothing to a tree that
    /// is not larger.
    pub fn truncate(&mut self, size: u64) {
        for (height, level) in self.levels.iter_mut().enumerate() {
            // A level's length is at most `usize::MAX`, so a larger count truncates nothing.
            level.truncate(usize::try_from(size.checked_shr(height as u32).unwrap_or(0)).unwrap_or(usize::MAX));
        }
        self.levels.retain(|level| level.len() > 0);
    }

    pub fn root(&self) -> Hash {
        self.root_at(self.size()).unwrap_or_else(empty_root)
    }

    /// The root when the tree had `size` leaves; `None` when it never had.
    pub fn root_at(&self, size: u64) -> Option<Hash> {
        match size {
            0 => Some(empty_root()),
            _ => self.range(0, size),
        }
    }

    /// The first `size` leaves.
    pub fn leaves(&self, size: u64) -> impl Iterator<Item = &Hash> {
        let level = self.levels.first();
        let all =
            level.into_iter().flat_map(|level| level.full.iter().flat_map(|piece| piece.iter()).chain(&level.open));
        all.take(usize::try_from(size).unwrap_or(usize::MAX))
    }

    pub fn leaf(&self, index: u64) -> Option<Hash> {
        self.node(0, index)
    }

    /// The node `height` levels above the leaves, if all its leaves are there.
    pub fn node(&self, height: u32, index: u64) -> Option<Hash> {
        self.levels.get(height as usize)?.get(usize::try_from(index).ok()?).copied()
    }

    /// Proof that the leaf `index` stands in the tree of the first `size` leaves, leaf to root. `None` unless
    /// `index < size ≤ self.size()`.
    pub fn inclusion(&self, index: u64, size: u64) -> Option<Vec<Hash>> {
        if index >= size || size > self.size() {
            return None;
        }
        let (mut start, mut end) = (0, size);
        let mut proof = Vec::new();
        while end - start > 1 {
            let middle = start + split(end - start);
            if index < middle {
                proof.push(self.range(middle, end)?);
                end = middle;
            } else {
                proof.push(self.range(start, middle)?);
                start = middle;
            }
        }
        proof.reverse();
        Some(proof)
    }

    /// Proof that the tree of the first `from` leaves is a beginning of that of the first `to`. `None` unless
    /// `from ≤ to ≤ self.size()`; empty when `from` is 0 or `to`.
    pub fn consistency(&self, from: u64, to: u64) -> Option<Vec<Hash>> {
        if from > to || to > self.size() {
            return None;
        }
        let mut proof = Vec::new();
        if from == 0 || from == to {
            return Some(proof);
        }
        let (mut start, mut end) = (0, to);
        while from != end {
            let middle = start + split(end - start);
            if from <= middle {
                proof.push(self.range(middle, end)?);
                end = middle;
            } else {
                proof.push(self.range(start, middle)?);
                start = middle;
            }
        }
        // The old tree's own root is known to who checks; a part of it is not.
        if start != 0 {
            proof.push(self.range(start, end)?);
        }
        proof.reverse();
        Some(proof)
    }

    /// The hash over the leaves `start..end`, where `start` is where RFC 6962 would part a tree. Only the right-most part of a
    /// tree is ever incomplete, so the loop takes one step for each 1 bit of the length.
    fn range(&self, start: u64, end: u64) -> Option<Hash> {
        let mut parts = Vec::new();
        let mut at = start;
        while at < end {
            let rest = end - at;
            let height = rest.ilog2();
            parts.push(self.node(height, at >> height)?);
            at += 1 << height;
        }
        let mut parts = parts.into_iter().rev();
        let last = parts.next()?;
        Some(parts.fold(last, |right, left| node_hash(&left, &right)))
    }
}

/// The largest power of two below `size` (which is at least 2).
fn split(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}

/// RFC 9162, 2.1.3.2: that `leaf` is the entry `index` of the tree with this `size` and `root`.
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut node, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in proof {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            if node & 1 == 0 {
                while node & 1 == 0 && node != 0 {
                    node >>= 1;
                    last >>= 1;
                }
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// RFC 9162, 2.1.4.2: that the tree (`from`, `old`) is a beginning of (`to`, `new`). From nothing to anything an empty proof
/// holds, if `old` is the empty tree's root.
pub fn verify_consistency(from: u64, to: u64, proof: &[Hash], old: &Hash, new: &Hash) -> bool {
    if from > to {
        return false;
    }
    if from == to {
        return proof.is_empty() && old == new;
    }
    if from == 0 {
        return proof.is_empty() && *old == empty_root();
    }
    let (mut node, mut last) = (from - 1, to - 1);
    while node & 1 == 1 {
        node >>= 1;
        last >>= 1;
    }
    let (first, rest) = if from.is_power_of_two() {
        (*old, proof)
    } else {
        let Some((first, rest)) = proof.split_first() else {
            return false;
        };
        (*first, rest)
    };
    let (mut old_hash, mut new_hash) = (first, first);
    for sibling in rest {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && old_hash == *old && new_hash == *new
}
