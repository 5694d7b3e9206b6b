//! A store that goes wrong on command, around one that works: for tests and rehearsals of what must hold then.

use crate::chamber::ids::{CouncilId, Millis, PersonId};
use crate::ports::{
    Append, AppendError, CodeRow, Head, Keyholder, Lease, Position, Restoration, Store, StoreError, StoredCheckpoint,
    StoredEntry,
};
use async_trait::async_trait;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

/// What befalls one append.
#[derive(Debug)]
pub enum Fault {
    /// Nothing written, and the store says so.
    NotWritten,
    /// The disk is full: nothing written, and the store says so.
    Full,
    /// Written, but the answer was lost.
    WrittenAnswerLost,
    /// Nothing written, and the answer was lost.
    NotWrittenAnswerLost,
    /// Before it, another writer acquires the council.
    Overtaken,
    /// Before it, another writer acquires the council and writes this.
    RivalWrote(Append),
    /// It waits until it is let go (or the other end is dropped), then goes its way.
    Held(oneshot::Receiver<()>),
}

/// Passes everything on to the inner store, except where a fault was planned.
pub struct FaultyStore {
    inner: Arc<dyn Store>,
    planned: Mutex<VecDeque<Fault>>,
    away: AtomicBool,
}

impl FaultyStore {
    pub fn new(inner: Arc<dyn Store>) -> Self {
        Self { inner, planned: Mutex::default(), away: AtomicBool::new(false) }
    }

    /// Each append takes the oldest planned fault; when none is left, appends work.
    pub fn plan(&self, fault: Fault) {
        self.planned.lock().unwrap_or_else(PoisonError::into_inner).push_back(fault);
    }

    /// Cuts the store off (every call is `Unavailable`, nothing is written), or brings it back.
    pub fn set_away(&self, away: bool) {
        self.away.store(away, Ordering::SeqCst);
    }

    fn reach(&self) -> Result<&dyn Store, StoreError> {
        if self.away.load(Ordering::SeqCst) { Err(StoreError::Unavailable) } else { Ok(&*self.inner) }
    }

    fn next_fault(&self) -> Option<Fault> {
        self.planned.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}

#[async_trait]
impl Store for FaultyStore {
    async fn append(&self, council: &CouncilId, epoch: u64, batch: Append) -> Result<(), AppendError> {
        let inner = self.reach()?;
        match self.next_fault() {
            None => inner.append(council, epoch, batch).await,
            Some(Fault::NotWritten) => Err(AppendError::Unavailable),
            Some(Fault::Full) => Err(AppendError::Full),
            Some(Fault::NotWrittenAnswerLost) => Err(AppendError::Unknown),
            Some(Fault::WrittenAnswerLost) => {
                inner.append(council, epoch, batch).await?;
                Err(AppendError::Unknown)
            }
            Some(Fault::Overtaken) => {
                inner.acquire(council, "rival").await?;
                inner.append(council, epoch, batch).await
            }
            Some(Fault::RivalWrote(rival)) => {
                let lease = inner.acquire(council, "rival").await?;
                inner.append(council, lease.epoch, rival).await?;
                inner.append(council, epoch, batch).await
            }
            Some(Fault::Held(release)) => {
                // An error means that the other end is gone, which lets it go as well.
                let _ = release.await;
                self.reach()?.append(council, epoch, batch).await
            }
        }
    }

    async fn councils(&self) -> Result<Vec<CouncilId>, StoreError> {
        self.reach()?.councils().await
    }

    async fn acquire(&self, council: &CouncilId, holder: &str) -> Result<Lease, StoreError> {
        self.reach()?.acquire(council, holder).await
    }

    async fn take_over(&self, council: &CouncilId, holder: &str) -> Result<Option<Lease>, StoreError> {
        self.reach()?.take_over(council, holder).await
    }

    async fn renew(&self, holder: &str) -> Result<Vec<(CouncilId, u64)>, StoreError> {
        self.reach()?.renew(holder).await
    }

    async fn release(&self, holder: &str) -> Result<(), StoreError> {
        self.reach()?.release(holder).await
    }

    async fn positions(&self) -> Result<Vec<Position>, StoreError> {
        self.reach()?.positions().await
    }

    async fn head(&self, council: &CouncilId) -> Result<Option<Head>, StoreError> {
        self.reach()?.head(council).await
    }

    async fn read(&self, council: &CouncilId, from_seq: u64, limit: u32) -> Result<Vec<StoredEntry>, StoreError> {
        self.reach()?.read(council, from_seq, limit).await
    }

    async fn checkpoints(
        &self,
        council: &CouncilId,
        from_size: u64,
        limit: u32,
    ) -> Result<Vec<StoredCheckpoint>, StoreError> {
        self.reach()?.checkpoints(council, from_size, limit).await
    }

    async fn put_code(&self, code: &CodeRow) -> Result<(), StoreError> {
        self.reach()?.put_code(code).await
    }

    async fn find_code(&self, council: &CouncilId, mac: &[u8; 32], now: Millis) -> Result<Option<CodeRow>, StoreError> {
        self.reach()?.find_code(council, mac, now).await
    }

    async fn spend_code(
        &self,
        council: &CouncilId,
        mac: &[u8; 32],
        now: Millis,
    ) -> Result<Option<CodeRow>, StoreError> {
        self.reach()?.spend_code(council, mac, now).await
    }

    async fn cancel_code(&self, council: &CouncilId, person: &PersonId) -> Result<bool, StoreError> {
        self.reach()?.cancel_code(council, person).await
    }

    async fn live_codes(&self, council: &CouncilId, now: Millis) -> Result<Vec<(PersonId, Millis)>, StoreError> {
        self.reach()?.live_codes(council, now).await
    }

    async fn keyholders(&self) -> Result<Vec<Keyholder>, StoreError> {
        self.reach()?.keyholders().await
    }

    async fn put_keyholder(&self, keyholder: &Keyholder) -> Result<(), StoreError> {
        self.reach()?.put_keyholder(keyholder).await
    }

    async fn remove_keyholder(&self, name: &str) -> Result<bool, StoreError> {
        self.reach()?.remove_keyholder(name).await
    }

    async fn restoration(&self, council: &CouncilId) -> Result<Option<Restoration>, StoreError> {
        self.reach()?.restoration(council).await
    }

    async fn put_restoration(&self, restoration: &Restoration) -> Result<(), StoreError> {
        self.reach()?.put_restoration(restoration).await
    }

    async fn clock(&self) -> Result<Millis, StoreError> {
        self.reach()?.clock().await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.reach()?.ping().await
    }

    async fn close(&self) {
        self.inner.close().await;
    }
}
