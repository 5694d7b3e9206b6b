//! Reads the record again behind a council that was started from a snapshot: every entry must still hash to its leaf, and all of them
//! fold to the snapshot's chamber. The same reading finds an old entry that the store gives back otherwise than it took it.

use crate::chamber::Chamber;
use crate::chamber::ids::CouncilId;
use crate::ledger::entry::{Entry, line_hash};
use crate::ports::{Store, StoreError, StoredEntry};
use crate::sequencer::Snapshot;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

/// Entries looked at in one go, some 5 ms of work.
const PAGE: u32 = 256;
/// The pause after each page, in times what the page took: a fifth of one core at most, on a node that serves a hall meanwhile.
const PAUSE: u32 = 4;
/// One council's at a time in this process: a node with a whole province must not read all records at once, just when everybody
/// comes back after a start.
static TURN: Semaphore = Semaphore::const_new(1);
/// Between attempts to read a store that is away.
const RETRY: Duration = Duration::from_secs(5);

/// What the store gives back is not what is known of the record.
#[derive(Debug, thiserror::Error)]
pub enum Difference {
    #[error("entry {seq} is not the one that was recorded")]
    Entry { seq: u64 },
    #[error("the record ends before entry {seq}")]
    Missing { seq: u64 },
    #[error("the store cannot read entry {seq}")]
    Store { seq: u64 },
    #[error("the checkpoint of {size} entries is not the one that was signed")]
    Checkpoint { size: u64 },
    #[error("the store cannot read a checkpoint of {from} or more entries")]
    Unread { from: u64 },
    #[error("the record of {size} entries folds to another state than the snapshot's")]
    Fold { size: u64 },
}

impl Difference {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Entry { .. } => "entry_changed",
            Self::Missing { .. } => "entry_missing",
            Self::Store { .. } | Self::Unread { .. } => "store_corrupt",
            Self::Checkpoint { .. } => "checkpoint_changed",
            Self::Fold { .. } => "snapshot_differs",
        }
    }
}

/// Reads from entry 0 up to the snapshot's size.
pub async fn check(store: Arc<dyn Store>, council: CouncilId, snapshot: Snapshot) -> Result<(), Difference> {
    // It is never closed; without a turn the check is only not paced.
    let _turn = TURN.acquire().await;
    let size = snapshot.size;
    let snapshot = Arc::new(snapshot);
    let (mut next, mut chamber) = (0, Chamber::new());
    while next < size {
        let page = stored(store.as_ref(), &council, next).await?;
        let begun = Instant::now();
        let expected = snapshot.clone();
        let work = tokio::task::spawn_blocking(move || fold_page(chamber, &expected, &page));
        (next, chamber) = work.await.unwrap_or(Err(Difference::Fold { size }))?;
        tokio::time::sleep(begun.elapsed() * PAUSE).await;
    }
    let same = move || chamber == *snapshot.chamber();
    let same = tokio::task::spawn_blocking(same).await.unwrap_or(false);
    if same { Ok(()) } else { Err(Difference::Fold { size }) }
}

/// The entries from `next` on, which must be there; at least one. While the store is away it waits.
pub async fn stored(store: &dyn Store, council: &CouncilId, next: u64) -> Result<Vec<StoredEntry>, Difference> {
    let mut limit = PAGE;
    loop {
        match store.read(council, next, limit).await {
            Ok(page) if page.is_empty() => return Err(Difference::Missing { seq: next }),
            Ok(page) => return Ok(page),
            // The one that cannot be read stands first on a page of one.
            Err(StoreError::Corrupt) if limit > 1 => limit /= 2,
            Err(StoreError::Corrupt) => return Err(Difference::Store { seq: next }),
            Err(StoreError::Unavailable | StoreError::Full) => retry().await,
        }
    }
}

/// Until a store that is away is asked again.
pub async fn retry() {
    tokio::time::sleep(RETRY).await;
}

/// What comes after the snapshot's size was looked at when it was loaded.
fn fold_page(mut chamber: Chamber, snapshot: &Snapshot, page: &[StoredEntry]) -> Result<(u64, Chamber), Difference> {
    let mut next = snapshot.size;
    for StoredEntry { seq, line } in page.iter().filter(|entry| entry.seq < snapshot.size) {
        let changed = Difference::Entry { seq: *seq };
        if snapshot.leaf(*seq) != Some(line_hash(line)) {
            return Err(changed);
        }
        let Ok(entry) = Entry::decode(line) else { return Err(changed) };
        chamber.apply(entry.time, *seq, &entry.event);
        next = seq + 1;
    }
    Ok((next, chamber))
}
