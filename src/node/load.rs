//! Reads a council's record back: at start, and after every failure, by this one path.

use super::closed_doors;
use super::heads::OldState;
use super::secret::InstanceSecret;
use super::snapshot::{Kept, SnapshotFile};
use super::snapshot_check::Difference;
use crate::chamber::event::Event;
use crate::chamber::ids::CouncilId;
use crate::ledger::entry::Entry;
use crate::ledger::note::NoteSigner;
use crate::ledger::text;
use crate::ports::{Head, Restoration, Store, StoreError};
use crate::sequencer::{LoadError, Sequencer, Snapshot};
use std::sync::Arc;
use std::time::Instant;

/// Entries read at a time, some 600 KiB.
const PAGE: u32 = 1024;

pub struct Loaded {
    pub sequencer: Sequencer,
    /// With which it may be written; `None` where it was only read.
    pub epoch: Option<u64>,
    /// Something in the record lies behind closed doors.
    pub closed_doors: bool,
    /// What it was read on from, which is still to be checked against the record.
    pub resumed: Option<Snapshot>,
}

#[derive(Debug, thiserror::Error)]
pub enum LoadFailure {
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The record contradicts itself. Nothing is served from it; a human must look.
    #[error("the stored record does not hold together: {0}")]
    Record(#[from] LoadError),
    #[error("entry 0 does not found a council")]
    NotFounded,
    #[error("the checkpoint key in entry 0 is not this instance's: is it the right instance.key?")]
    ForeignKey,
    #[error("reading the record broke down")]
    Broken,
    #[error("the system gives no random bytes")]
    NoRandomness,
    #[error("the backup of {size} entries was not restored to its end; restore it again into an empty store")]
    Unfinished { size: u64 },
    /// Found by reading all of it; a human must look.
    #[error("{0}")]
    Damaged(#[from] Difference),
    #[error("{0}")]
    OldState(#[from] OldState),
}

impl LoadFailure {
    /// The record itself is in question, not only the way to it.
    pub fn is_alarm(&self) -> bool {
        let is_corrupt = matches!(self, Self::Store(StoreError::Corrupt));
        is_corrupt || matches!(self, Self::Record(_) | Self::NotFounded | Self::Damaged(_) | Self::OldState(_))
    }

    pub fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            Self::Record(_) => "record_damaged",
            Self::NotFounded => "not_founded",
            Self::ForeignKey => "foreign_key",
            Self::Broken => "load_broken",
            Self::NoRandomness => "no_randomness",
            Self::Unfinished { .. } => "restore_unfinished",
            Self::Damaged(_) => "store_corrupt",
            Self::OldState(error) => error.code(),
        }
    }
}

/// Folds a council's whole record, checking it against its signed head: from its snapshot on, where there is one that agrees with
/// the record, otherwise from the beginning. `writer`: becomes the council's writer before, under that name.
pub async fn load(
    store: &dyn Store,
    secret: &InstanceSecret,
    council: &CouncilId,
    writer: Option<&str>,
    snapshots: Option<SnapshotFile>,
) -> Result<Loaded, LoadFailure> {
    let begun = Instant::now();
    // Read while the store answers.
    let reading = snapshots.map(|file| tokio::task::spawn_blocking(move || read_snapshot(&file)));
    // Looked at before the pen is taken: whoever has another instance's key must not stop the one that writes.
    let (origin, signer) = founding(store, secret, council).await?;
    is_restored_whole(store, council).await?;
    // After this no older writer's commit can still arrive, so what is read is what is there.
    let epoch = match writer {
        Some(holder) => Some(store.acquire(council, holder).await?.epoch),
        None => None,
    };
    // What is written without this node after that comes later, by following.
    let head = store.head(council).await?.ok_or(LoadFailure::NotFounded)?;
    let record = Record { store, council, origin, signer, head, is_still: epoch.is_some() };
    let kept = match reading {
        Some(reading) => reading.await.unwrap_or(None),
        None => None,
    };
    let folded = record.fold(kept).await?;
    let (entries, from) = (folded.sequencer.size(), folded.resumed.as_ref().map_or(0, |snapshot| snapshot.size));
    let took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(%council, entries, from, took_ms, "the record is read");
    metrics::gauge!("dienhong_load_seconds", "council" => council.to_string()).set(begun.elapsed().as_secs_f64());
    metrics::gauge!("dienhong_load_entries", "council" => council.to_string()).set((entries - from) as f64);
    Ok(Loaded { sequencer: folded.sequencer, epoch, closed_doors: folded.closed_doors, resumed: folded.resumed })
}

/// Whoever restores a record must not be stopped half-way either.
async fn is_restored_whole(store: &dyn Store, council: &CouncilId) -> Result<(), LoadFailure> {
    let Some(Restoration { size, made_at, approvals, reason, .. }) = store.restoration(council).await? else {
        return Ok(());
    };
    if store.head(council).await?.is_none_or(|head| head.size < size) {
        return Err(LoadFailure::Unfinished { size });
    }
    let made_at = made_at.0;
    if approvals.is_empty() {
        tracing::warn!(%council, size, made_at, reason, "this record was restored from a backup that nobody approved");
    } else {
        tracing::info!(%council, size, made_at, "this record was restored from a backup that two people approved");
    }
    Ok(())
}

/// The record's origin and its checkpoint key, which must be this instance's.
async fn founding(
    store: &dyn Store,
    secret: &InstanceSecret,
    council: &CouncilId,
) -> Result<(String, Arc<NoteSigner>), LoadFailure> {
    let first = store.read(council, 0, 1).await?.pop().ok_or(LoadFailure::NotFounded)?;
    let founding = Entry::decode(&first.line).map_err(|source| LoadError::Entry { seq: 0, source })?;
    let Event::CouncilFounded { origin, checkpoint_key, .. } = founding.event else {
        return Err(LoadFailure::NotFounded);
    };
    let signer = secret.checkpoint_signer(&origin).map_err(|_| LoadFailure::ForeignKey)?;
    if text::base64(&signer.public()) != checkpoint_key {
        return Err(LoadFailure::ForeignKey);
    }
    Ok((origin, Arc::new(signer)))
}

/// A record as it is read: up to the head that was seen.
struct Record<'a> {
    store: &'a dyn Store,
    council: &'a CouncilId,
    origin: String,
    signer: Arc<NoteSigner>,
    head: Head,
    /// Nobody else can write, so the head is where the entries end.
    is_still: bool,
}

/// A record that was read, as far as it goes.
struct Folded {
    sequencer: Sequencer,
    closed_doors: bool,
    /// What it was read on from, which is still to be checked against the record.
    resumed: Option<Snapshot>,
}

impl Record<'_> {
    /// From the snapshot on where it agrees with the record.
    async fn fold(&self, kept: Option<Kept>) -> Result<Folded, LoadFailure> {
        if let Some(kept) = kept {
            match self.fold_on(kept).await {
                Ok(folded) => return Ok(folded),
                Err(LoadFailure::Record(reason)) => {
                    let council = self.council;
                    tracing::warn!(%council, "the snapshot does not go with the record, which is read in full: {reason}");
                }
                Err(failure) => return Err(failure),
            }
        }
        let sequencer = Sequencer::new(self.origin.clone(), self.signer.clone());
        self.read_on(Folded { sequencer, closed_doors: false, resumed: None }).await
    }

    async fn fold_on(&self, Kept { snapshot, closed_doors }: Kept) -> Result<Folded, LoadFailure> {
        let (size, entries) = (snapshot.size, self.head.size);
        if size > entries {
            return Err(LoadError::Size { entries, size }.into());
        }
        let Some(last) = self.store.read(self.council, size.saturating_sub(1), 1).await?.pop() else {
            return Err(LoadError::Size { entries: 0, size }.into());
        };
        let resumed = Some(snapshot.clone());
        let sequencer = Sequencer::resume(self.origin.clone(), self.signer.clone(), snapshot, &last.line)?;
        self.read_on(Folded { sequencer, closed_doors, resumed }).await
    }

    /// Reads what follows, up to the head, and compares the whole with it.
    async fn read_on(&self, mut folded: Folded) -> Result<Folded, LoadFailure> {
        loop {
            let next = folded.sequencer.tree().size();
            let missing = self.head.size.saturating_sub(next);
            if missing == 0 {
                break;
            }
            let page = self.store.read(self.council, next, u32::try_from(missing).unwrap_or(PAGE).min(PAGE)).await?;
            // Fewer entries than the head says are found out below.
            if page.is_empty() {
                break;
            }
            for entry in &page {
                folded.closed_doors = folded.closed_doors || closed_doors::speaks_of_them(&entry.line);
                folded.sequencer.load(&entry.line)?;
            }
        }
        let size = folded.sequencer.tree().size();
        if self.is_still && !self.store.read(self.council, size, 1).await?.is_empty() {
            return Err(LoadError::Size { entries: size.saturating_add(1), size: self.head.size }.into());
        }
        folded.sequencer.loaded(self.head.checkpoint.clone())?;
        Ok(folded)
    }
}

fn read_snapshot(file: &SnapshotFile) -> Option<Kept> {
    file.read().unwrap_or_else(|reason| {
        tracing::warn!(%reason, "the snapshot is not used, and the record is read in full");
        None
    })
}
