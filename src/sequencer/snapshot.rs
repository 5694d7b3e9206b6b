//! What a sequencer knows at one size of its record, to be written down and taken up again without reading the record. Whether it is
//! to be trusted, who reads it back says: this is only its form.

use super::known::{Known, Mark};
use crate::chamber::Chamber;
use crate::ledger::merkle::{Hash, Tree};
use serde::{Deserialize, Serialize};

/// The durable state at one size. A copy costs little: it shares what is old with the sequencer it was taken of.
#[derive(Debug, Clone)]
pub struct Snapshot {
    pub(super) chamber: Chamber,
    pub(super) tree: Tree,
    pub(super) known: Known,
    pub size: u64,
    /// The signed checkpoint of that size.
    pub checkpoint: String,
}

/// The written form does not hold together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the written state does not hold together")]
pub struct BadSnapshot;

/// In front of the lists.
#[derive(Serialize, Deserialize)]
struct Lengths {
    size: u64,
    marks: u64,
    chamber: u64,
    checkpoint: String,
}

const HASH: usize = 32;
const MARK: usize = 24;
/// Of the number in front that says how long [`Lengths`] is.
const PREFIX: usize = 8;

impl Snapshot {
    pub fn chamber(&self) -> &Chamber {
        &self.chamber
    }

    pub fn root(&self) -> Option<Hash> {
        self.tree.root_at(self.size)
    }

    /// The leaf of an entry.
    pub fn leaf(&self, seq: u64) -> Option<Hash> {
        self.tree.leaf(seq)
    }

    /// A line of lengths; the leaves, 32 bytes each; the statements in order, 24 bytes each; the chamber as JSON.
    pub fn encode(&self) -> Result<Vec<u8>, serde_json::Error> {
        let chamber = serde_json::to_vec(&self.chamber)?;
        let marks = self.known.marks(self.size);
        let lengths = serde_json::to_vec(&Lengths {
            size: self.size,
            marks: marks.len() as u64,
            chamber: chamber.len() as u64,
            checkpoint: self.checkpoint.clone(),
        })?;
        let leaves = self.tree.leaves(self.size);
        let room = PREFIX + lengths.len() + self.size as usize * HASH + marks.len() * MARK + chamber.len();
        let mut bytes = Vec::with_capacity(room);
        bytes.extend((lengths.len() as u64).to_le_bytes());
        bytes.extend(lengths);
        leaves.for_each(|leaf| bytes.extend(leaf.0));
        for ([first, second], seq) in marks {
            [first, second, seq].iter().for_each(|word| bytes.extend(word.to_le_bytes()));
        }
        bytes.extend(chamber);
        Ok(bytes)
    }

    /// Hashes the tree beside reading the rest: both take about as long, and a hall waits for them.
    pub fn decode(bytes: &[u8]) -> Result<Self, BadSnapshot> {
        let parts = Parts::of(bytes).ok_or(BadSnapshot)?;
        let (tree, chamber, known) = std::thread::scope(|scope| {
            let tree = scope.spawn(|| tree(parts.leaves));
            let chamber = serde_json::from_slice(parts.chamber);
            (tree.join(), chamber, known(parts.marks))
        });
        Ok(Self {
            tree: tree.map_err(|_| BadSnapshot)?,
            chamber: chamber.map_err(|_| BadSnapshot)?,
            known: known.ok_or(BadSnapshot)?,
            size: parts.lengths.size,
            checkpoint: parts.lengths.checkpoint,
        })
    }
}

struct Parts<'a> {
    lengths: Lengths,
    leaves: &'a [u8],
    marks: &'a [u8],
    chamber: &'a [u8],
}

impl<'a> Parts<'a> {
    /// The parts fill the bytes exactly.
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let (prefix, rest) = bytes.split_first_chunk::<PREFIX>()?;
        let (lengths, rest) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*prefix)).ok()?)?;
        let lengths: Lengths = serde_json::from_slice(lengths).ok()?;
        let times = |count: u64, each: usize| usize::try_from(count).ok()?.checked_mul(each);
        let (leaves, rest) = rest.split_at_checked(times(lengths.size, HASH)?)?;
        let (marks, chamber) = rest.split_at_checked(times(lengths.marks, MARK)?)?;
        (times(lengths.chamber, 1)? == chamber.len()).then_some(Self { lengths, leaves, marks, chamber })
    }
}

fn tree(leaves: &[u8]) -> Tree {
    let mut tree = Tree::new();
    let (leaves, _) = leaves.as_chunks::<HASH>();
    tree.extend(leaves.iter().map(|leaf| Hash(*leaf)));
    tree
}

fn known(marks: &[u8]) -> Option<Known> {
    let (words, _) = marks.as_chunks::<8>();
    let (marks, _) = words.as_chunks::<3>();
    let read = |[first, second, seq]: &[[u8; 8]; 3]| -> Mark {
        ([u64::from_le_bytes(*first), u64::from_le_bytes(*second)], u64::from_le_bytes(*seq))
    };
    Known::of(marks.iter().map(read).collect())
}
