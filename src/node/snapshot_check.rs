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

/// The snapshot and the record say different things.
#[derive(Debug, thiserror::Error)]
pub enum Difference {
    #[error("entry {seq} is not the one that was recorded")]
    Entry { seq: u64 },
    #[error("the record ends before entry {seq}")]
    Missing { seq: u64 },
    #[error("the store cannot read entries from {seq} on")]
    Store { seq: u64 },
    #[error("the record of {size} entries folds to another state than the snapshot's")]
    Fold { size: u64 },
}

impl Difference {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Entry { .. } => "entry_changed",
            Self::Missing { .. } => "entry_missing",
            Self::Store { .. } => "store_corrupt",
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
        let page = match store.read(&council, next, PAGE).await {
            Ok(page) if page.is_empty() => return Err(Difference::Missing { seq: next }),
            Ok(page) => page,
            Err(StoreError::Corrupt) => return Err(Difference::Store { seq: next }),
            Err(StoreError::Unavailable | StoreError::Full) => {
                tokio::time::sleep(RETRY).await;
                continue;
            }
        };
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
