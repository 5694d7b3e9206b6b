//! When a council's snapshot is written, and whether the one it was started from holds.

use super::load::Loaded;
use super::snapshot::{Kept, SnapshotFile};
use super::snapshot_check::{Difference, check};
use super::surroundings::Surroundings;
use crate::chamber::ids::CouncilId;
use crate::ports::Store;
use crate::sequencer::Sequencer;
use std::future::pending;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::task::{JoinError, JoinHandle, JoinSet, spawn_blocking};

/// Entries after which another one is written: what a start has to fold at most after a power cut, some 0.3 s of work.
const EVERY: u64 = 16_384;

pub struct Snapshots {
    file: Option<SnapshotFile>,
    store: Arc<dyn Store>,
    council: CouncilId,
    /// Size of the newest that was written or tried.
    newest: u64,
    writing: Option<JoinHandle<()>>,
    checking: JoinSet<Result<(), Difference>>,
    refuted: bool,
    late: Late,
}

/// Snapshots that are still being written when their councils have stopped.
#[derive(Clone, Default)]
pub struct Late(Arc<Mutex<Vec<JoinHandle<()>>>>);

impl Late {
    fn add(&self, writing: impl Iterator<Item = JoinHandle<()>>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(writing);
    }

    /// Waits for all of them.
    pub async fn written(&self) {
        let writing = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        for one in writing {
            // One that broke down left the snapshot before it in its place.
            let _ = one.await;
        }
    }
}

impl Snapshots {
    pub fn new(world: &Surroundings) -> Self {
        Self {
            file: world.snapshots.clone(),
            store: world.store.clone(),
            council: world.council.clone(),
            newest: 0,
            writing: None,
            checking: JoinSet::new(),
            refuted: false,
            late: world.late.clone(),
        }
    }

    /// A record was loaded: what it was read on from is checked from now on.
    pub fn loaded(&mut self, loaded: &Loaded, closed_doors: bool) {
        // Whatever the check before it has found was about what is not served any more.
        self.checking = JoinSet::new();
        self.refuted = false;
        self.newest = loaded.resumed.as_ref().map_or(0, |snapshot| snapshot.size);
        if let Some(snapshot) = loaded.resumed.clone() {
            self.checking.spawn(check(self.store.clone(), self.council.clone(), snapshot));
        }
        self.follow(&loaded.sequencer, closed_doors);
    }

    /// Entries have become durable.
    pub fn follow(&mut self, sequencer: &Sequencer, closed_doors: bool) {
        let is_writing = self.writing.as_ref().is_some_and(|writing| !writing.is_finished());
        if sequencer.size().saturating_sub(self.newest) >= EVERY && !is_writing {
            self.write(sequencer, closed_doors);
        }
    }

    /// What this council was started from said something else than the record, which has not been read in full since.
    pub fn is_refuted(&self) -> bool {
        self.refuted
    }

    /// What the council was started from is still being compared with the record.
    pub fn is_checking(&self) -> bool {
        !self.checking.is_empty()
    }

    /// The record is in question, so what is known of it is not taken from here, nor at the next start.
    pub async fn distrust(&mut self) {
        self.refuted = true;
        self.delete().await;
    }

    /// The council stops: the next start need not fold anything. Nobody waits for the disk here, so that its lease is soon free.
    pub async fn last(&mut self, sequencer: &Sequencer, closed_doors: bool) {
        self.checking.shutdown().await;
        let before = self.writing.take();
        if !self.refuted && sequencer.size() > self.newest {
            self.write(sequencer, closed_doors);
        }
        self.late.add(before.into_iter().chain(self.writing.take()));
    }

    /// Returns once the record turns out to say something else than the snapshot the council was started from, which is gone then: the
    /// record must be read in full.
    pub async fn refuted(&mut self) {
        while !self.refuted {
            match self.checking.join_next().await {
                None => pending().await,
                Some(checked) => self.refuted = self.is_refuted_by(checked),
            }
        }
        self.delete().await;
    }

    async fn delete(&mut self) {
        self.written().await;
        let Some(file) = self.file.clone() else { return };
        let council = self.council.clone();
        // Where it cannot be deleted it is read and checked again at the next start.
        let deleting = spawn_blocking(move || file.delete());
        if let Ok(Err(error)) = deleting.await {
            tracing::warn!(%council, %error, "the snapshot cannot be deleted");
        }
    }

    fn is_refuted_by(&self, checked: Result<Result<(), Difference>, JoinError>) -> bool {
        let council = self.council.to_string();
        match checked {
            Ok(Ok(())) => {
                tracing::info!(council, "the snapshot agrees with the record");
                metrics::counter!("dienhong_snapshot_checks_total", "outcome" => "agrees").increment(1);
                false
            }
            Ok(Err(difference)) => {
                let code = difference.code();
                tracing::error!(council, code, "{difference}; the record is read in full");
                metrics::counter!("dienhong_snapshot_checks_total", "outcome" => code).increment(1);
                true
            }
            Err(error) => {
                if error.is_panic() {
                    tracing::error!(council, %error, "the check of the snapshot broke down");
                }
                false
            }
        }
    }

    /// Beside the council's task: what is copied here is small, the rest is shared.
    fn write(&mut self, sequencer: &Sequencer, closed_doors: bool) {
        let (Some(file), Some(snapshot)) = (self.file.clone(), sequencer.snapshot()) else { return };
        self.newest = snapshot.size;
        let (council, size) = (self.council.clone(), snapshot.size);
        self.writing = Some(spawn_blocking(move || match file.write(&Kept { snapshot, closed_doors }) {
            Ok(()) => tracing::info!(%council, entries = size, "a snapshot is written"),
            // The next start takes longer, nothing else.
            Err(error) => tracing::warn!(%council, %error, "the snapshot cannot be written"),
        }));
    }

    /// Waits for what is being written.
    async fn written(&mut self) {
        if let Some(writing) = &mut self.writing {
            // One that broke down left the snapshot before it in its place.
            let _ = writing.await;
            self.writing = None;
        }
    }
}
