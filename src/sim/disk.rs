//! The store's own data: one council's record with the semantics that `ports::Store` asks for. What it answers may be lost or late;
//! what it holds never lies, unless a bug is planted in it.

use super::planted::Planted;
use crate::chamber::ids::CouncilId;
use crate::ports::{Append, AppendError, Head, LEASE, Lease, MAX_PAGE, Position, StoredCheckpoint, StoredEntry};

/// A lease as long as the real one, in the world's milliseconds.
pub const LEASE_MS: u64 = LEASE.as_millis() as u64;

pub struct Disk {
    council: CouncilId,
    planted: Option<Planted>,
    lines: Vec<String>,
    checkpoints: Vec<StoredCheckpoint>,
    epoch: u64,
    holder: String,
    lease_until: u64,
}

impl Disk {
    pub fn new(council: CouncilId, planted: Option<Planted>) -> Self {
        let (lines, checkpoints) = (Vec::new(), Vec::new());
        Self { council, planted, lines, checkpoints, epoch: 0, holder: String::new(), lease_until: 0 }
    }

    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    pub fn checkpoints(&self) -> &[StoredCheckpoint] {
        &self.checkpoints
    }

    pub fn size(&self) -> u64 {
        self.lines.len() as u64
    }

    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    pub fn acquire(&mut self, now: u64, holder: &str) -> Lease {
        if self.planted != Some(Planted::EpochReused) || self.epoch == 0 {
            self.epoch += 1;
        }
        holder.clone_into(&mut self.holder);
        self.lease_until = now + LEASE_MS;
        Lease { epoch: self.epoch }
    }

    pub fn take_over(&mut self, now: u64, holder: &str) -> Option<Lease> {
        (self.lease_until <= now || self.holder == holder).then(|| self.acquire(now, holder))
    }

    pub fn renew(&mut self, now: u64, holder: &str) -> Vec<(CouncilId, u64)> {
        if self.holder != holder {
            return Vec::new();
        }
        self.lease_until = now + LEASE_MS;
        vec![(self.council.clone(), self.epoch)]
    }

    /// The lease has run out.
    pub fn release(&mut self) {
        self.lease_until = 0;
    }

    pub fn position(&self, now: u64) -> Position {
        Position {
            council: self.council.clone(),
            epoch: self.epoch,
            size: self.size(),
            holder: self.holder.clone(),
            lease_left_ms: self.lease_until.saturating_sub(now),
        }
    }

    pub fn head(&self) -> Option<Head> {
        let checkpoint = self.checkpoints.last().map(|last| last.note.clone());
        (self.epoch > 0).then(|| Head { epoch: self.epoch, size: self.size(), checkpoint })
    }

    pub fn read(&self, from_seq: u64, limit: u32) -> Vec<StoredEntry> {
        let lines = self.lines.iter().zip(0..).skip(index(from_seq)).take(limit.min(MAX_PAGE) as usize);
        lines.map(|(line, seq)| StoredEntry { seq, line: line.clone() }).collect()
    }

    pub fn checkpoints_from(&self, from_size: u64, limit: u32) -> Vec<StoredCheckpoint> {
        let fitting = self.checkpoints.iter().filter(|checkpoint| checkpoint.size >= from_size);
        fitting.take(limit.min(MAX_PAGE) as usize).cloned().collect()
    }

    /// All of the batch or nothing.
    pub fn append(&mut self, now: u64, epoch: u64, batch: &Append) -> Result<(), AppendError> {
        if !batch.is_whole() {
            return Err(AppendError::BadBatch);
        }
        let is_writer = epoch == self.epoch || self.planted == Some(Planted::NoFence);
        if !is_writer || batch.first_seq != self.size() {
            return Err(AppendError::Conflict);
        }
        self.lease_until = now + LEASE_MS;
        self.lines.extend(batch.lines.iter().cloned());
        self.checkpoints.push(batch.checkpoint.clone());
        Ok(())
    }

    /// What a batch leaves behind where a failed transaction is not taken back: a planted bug.
    pub fn tear(&mut self, batch: &Append) {
        self.lines.extend(batch.lines.first().cloned());
    }
}

fn index(seq: u64) -> usize {
    usize::try_from(seq).unwrap_or(usize::MAX)
}
