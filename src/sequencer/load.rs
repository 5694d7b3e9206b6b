//! A record is taken in: entry by entry from its beginning, or from a snapshot on.

use super::snapshot::Snapshot;
use super::{Sequencer, note_text_sha256};
use crate::ledger::checkpoint::Checkpoint;
use crate::ledger::entry::{Entry, EntryError};
use crate::ledger::merkle::leaf_hash;
use crate::ledger::note::NoteSigner;
use std::sync::Arc;

/// The record read back from the store does not hold together; nothing may be built on it.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("entry {seq} cannot be read: {source}")]
    Entry { seq: u64, source: EntryError },
    #[error("entry {seq} stands where entry {expected} belongs")]
    Gap { seq: u64, expected: u64 },
    #[error("the stored entries do not hash to the root of the checkpoint of size {size}")]
    Root { size: u64 },
    #[error("the checkpoint cannot be read or is not signed by this council's key")]
    Checkpoint,
    #[error("the record has {entries} entries but its checkpoint speaks of {size}")]
    Size { entries: u64, size: u64 },
}

impl Sequencer {
    /// A record up to a snapshot's size. Feed it with what came after by [`Self::load`], then call [`Self::loaded`]. Refused where the
    /// snapshot's hashes are not those its checkpoint was signed for, by this council's key, or where `last` is not the line
    /// of its newest entry.
    pub fn resume(origin: String, signer: Arc<NoteSigner>, snapshot: Snapshot, last: &str) -> Result<Self, LoadError> {
        let Snapshot { chamber, tree, known, size, checkpoint } = snapshot;
        let newest = size.checked_sub(1).ok_or(LoadError::Checkpoint)?;
        let entry = Entry::decode(last).map_err(|source| LoadError::Entry { seq: newest, source })?;
        if entry.seq != newest {
            return Err(LoadError::Gap { seq: entry.seq, expected: newest });
        }
        let mut sequencer = Self { ahead: chamber, tree, known, newest: entry.time, ..Self::new(origin, signer) };
        sequencer.agrees_with(Some(&checkpoint))?;
        if sequencer.tree.leaf(newest) != Some(leaf_hash(last.as_bytes())) {
            return Err(LoadError::Root { size });
        }
        sequencer.remember(Arc::from(last));
        Ok(sequencer)
    }

    /// What is durable, to be written down. `None` while there is nothing.
    pub fn snapshot(&self) -> Option<Snapshot> {
        Some(Snapshot {
            chamber: self.durable.clone(),
            tree: self.tree.clone(),
            known: self.known.clone(),
            size: self.durable_size,
            checkpoint: self.checkpoint.clone()?,
        })
    }

    /// Takes the next stored entry in. The same path serves the start and every recovery.
    pub fn load(&mut self, line: &str) -> Result<(), LoadError> {
        let expected = self.tree.size();
        let entry = Entry::decode(line).map_err(|source| LoadError::Entry { seq: expected, source })?;
        if entry.seq != expected {
            return Err(LoadError::Gap { seq: entry.seq, expected });
        }
        if let Some(note) = &entry.statement {
            self.known.insert(&note_text_sha256(note), entry.seq);
        }
        self.newest = self.newest.max(entry.time);
        self.ahead.apply(entry.time, entry.seq, &entry.event);
        self.tree.push(leaf_hash(line.as_bytes()));
        self.remember(Arc::from(line));
        Ok(())
    }

    /// The whole record is in: compares it with the head the store named, and opens for commands.
    pub fn loaded(&mut self, checkpoint: Option<String>) -> Result<(), LoadError> {
        self.agrees_with(checkpoint.as_deref())?;
        self.durable = self.ahead.clone();
        self.durable_size = self.tree.size();
        self.checkpoint = checkpoint;
        Ok(())
    }

    /// The head speaks of exactly the entries that were read.
    fn agrees_with(&self, checkpoint: Option<&str>) -> Result<(), LoadError> {
        let entries = self.tree.size();
        let Some(note) = checkpoint else {
            return if entries == 0 { Ok(()) } else { Err(LoadError::Checkpoint) };
        };
        let head = Checkpoint::open(note, &self.signer.verifier()).map_err(|_| LoadError::Checkpoint)?;
        if head.origin != self.origin {
            return Err(LoadError::Checkpoint);
        }
        if head.size != entries {
            return Err(LoadError::Size { entries, size: head.size });
        }
        if head.root != self.tree.root() {
            return Err(LoadError::Root { size: head.size });
        }
        Ok(())
    }
}
