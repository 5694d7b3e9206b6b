//! Following a record that another node writes: its entries are taken in as they become durable, and nothing is believed that
//! the council's key does not sign for.

use super::{LoadError, Sequencer, note_text_sha256};
use crate::chamber::event::Event;
use crate::chamber::ids::Millis;
use crate::ledger::checkpoint::Checkpoint;
use crate::ledger::entry::Entry;
use crate::ledger::merkle::leaf_hash;
use std::sync::Arc;

/// Why nothing was taken in; the sequencer is as it was.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// They begin elsewhere than this record ends: known already, or something between them is missing.
    #[error("the entries begin at {first_seq}, but the record ends at {size}")]
    Elsewhere { first_seq: u64, size: u64 },
    /// Something was decided here that is not durable: who writes does not follow.
    #[error("this record is being written here")]
    Leading,
    #[error("there are no entries in it")]
    Empty,
    #[error("{0}")]
    Record(#[from] LoadError),
}

impl Sequencer {
    /// Takes in entries that are durable, with the checkpoint that ends them. Everything is checked before anything changes: that
    /// they go on where this record ends, that the checkpoint is this council's, and that they hash to its root. Returns the
    /// events, for the screens.
    pub fn extend(
        &mut self,
        first_seq: u64,
        lines: &[Arc<str>],
        checkpoint: &str,
    ) -> Result<Vec<(Millis, Event)>, FollowError> {
        let size = self.durable_size;
        if self.tree.size() != size || !self.waiting.is_empty() {
            return Err(FollowError::Leading);
        }
        if first_seq != size {
            return Err(FollowError::Elsewhere { first_seq, size });
        }
        if lines.is_empty() {
            return Err(FollowError::Empty);
        }
        let end = size.saturating_add(lines.len() as u64);
        let head = Checkpoint::open(checkpoint, &self.signer.verifier()).map_err(|_| LoadError::Checkpoint)?;
        if head.origin != self.origin {
            return Err(LoadError::Checkpoint.into());
        }
        if head.size != end {
            return Err(LoadError::Size { entries: end, size: head.size }.into());
        }
        let entries = read(size, lines)?;
        self.tree.extend(lines.iter().map(|line| leaf_hash(line.as_bytes())));
        if self.tree.root() != head.root {
            self.tree.truncate(size);
            return Err(LoadError::Root { size: end }.into());
        }
        Ok(self.accept(lines, entries, checkpoint))
    }

    /// The leaves are in the tree already.
    fn accept(&mut self, lines: &[Arc<str>], entries: Vec<Entry>, checkpoint: &str) -> Vec<(Millis, Event)> {
        let mut events = Vec::with_capacity(entries.len());
        for (line, entry) in lines.iter().zip(entries) {
            if let Some(note) = &entry.statement {
                self.known.insert(&note_text_sha256(note), entry.seq);
            }
            self.newest = self.newest.max(entry.time);
            self.ahead.apply(entry.time, entry.seq, &entry.event);
            self.durable.apply(entry.time, entry.seq, &entry.event);
            self.remember(line.clone());
            self.durable_size = entry.seq.saturating_add(1);
            events.push((entry.time, entry.event));
        }
        self.durable.share_with(&self.ahead);
        self.checkpoint = Some(checkpoint.to_owned());
        events
    }
}

fn read(first_seq: u64, lines: &[Arc<str>]) -> Result<Vec<Entry>, LoadError> {
    let mut entries = Vec::with_capacity(lines.len());
    for (expected, line) in (first_seq..).zip(lines) {
        let entry = Entry::decode(line).map_err(|source| LoadError::Entry { seq: expected, source })?;
        if entry.seq != expected {
            return Err(LoadError::Gap { seq: entry.seq, expected });
        }
        entries.push(entry);
    }
    Ok(entries)
}
