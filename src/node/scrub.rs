//! Reads the record again and again behind the council that is served from it, slowly, and compares it with the hashes in memory: what
//! a disk has lost or somebody has changed is found before anybody needs it, and named.

use super::snapshot_check::{Difference, retry, stored};
use super::surroundings::Surroundings;
use super::waiting::until;
use crate::chamber::ids::CouncilId;
use crate::ledger::checkpoint::Checkpoint;
use crate::ledger::entry::line_hash;
use crate::ledger::merkle::Tree;
use crate::ledger::note::VerifierKey;
use crate::ports::{Store, StoreError, StoredCheckpoint};
use crate::sequencer::Sequencer;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use tokio::task::{JoinSet, spawn_blocking};

/// Checkpoints looked at in one go: their signatures take some 4 ms.
const CHECKPOINTS: u32 = 64;
/// After each page of 256 entries, or of checkpoints: 2,000 entries a second, a record of a million in some ten minutes.
const PAUSE: Duration = Duration::from_millis(128);
/// From the end of one reading to the next, so that a small record is not read without end.
const REST: Duration = Duration::from_secs(10);
/// All councils of the process take turns, page by page: the pace above is theirs together.
static TURN: Semaphore = Semaphore::const_new(1);

/// What a record must agree with: its hashes as they were when its entries were written or last read in full.
#[derive(Clone)]
pub struct Reference {
    tree: Tree,
    size: u64,
    key: VerifierKey,
}

impl Reference {
    /// What is durable of it. A copy costs little: it shares what is old.
    pub fn of(sequencer: &Sequencer) -> Self {
        Self { tree: sequencer.tree().clone(), size: sequencer.size(), key: sequencer.verifier() }
    }

    fn checkpoint(&self, StoredCheckpoint { size, note }: &StoredCheckpoint) -> Result<(), Difference> {
        let head = Checkpoint::open(note, &self.key).ok().filter(|head| head.size == *size);
        let is_ours = head.is_some_and(|head| self.tree.root_at(*size) == Some(head.root));
        if is_ours { Ok(()) } else { Err(Difference::Checkpoint { size: *size }) }
    }
}

/// How fast a record is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Beside a hall that is served.
    Slow,
    /// While everybody waits for it.
    Fast,
}

impl Pace {
    async fn pause(self) {
        if self == Self::Slow {
            // It is never closed; without a turn the reading is only not paced.
            let _turn = TURN.acquire().await;
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// Reads all entries and checkpoints up to the reference's size. While the store is away it waits.
pub async fn read_through(
    store: &dyn Store,
    council: &CouncilId,
    reference: &Reference,
    pace: Pace,
) -> Result<(), Difference> {
    let mut next = 0;
    while next < reference.size {
        for entry in stored(store, council, next).await?.into_iter().filter(|entry| entry.seq < reference.size) {
            if reference.tree.leaf(entry.seq) != Some(line_hash(&entry.line)) {
                return Err(Difference::Entry { seq: entry.seq });
            }
            next = entry.seq + 1;
        }
        pace.pause().await;
    }
    let mut from = 1;
    while from <= reference.size {
        let page = stored_checkpoints(store, council, from).await?;
        let Some(last) = page.last() else { return Err(Difference::Unread { from }) };
        from = last.size.saturating_add(1);
        let reference = reference.clone();
        let check = move || {
            page.iter()
                .take_while(|found| found.size <= reference.size)
                .try_for_each(|found| reference.checkpoint(found))
        };
        // A check that breaks down has found something nobody foresaw.
        spawn_blocking(check).await.unwrap_or(Err(Difference::Unread { from }))?;
        pace.pause().await;
    }
    Ok(())
}

/// The checkpoints of at least `from` entries. The head's own is among them, so there is at least one.
async fn stored_checkpoints(
    store: &dyn Store,
    council: &CouncilId,
    from: u64,
) -> Result<Vec<StoredCheckpoint>, Difference> {
    let mut limit = CHECKPOINTS;
    loop {
        match store.checkpoints(council, from, limit).await {
            Ok(page) => return Ok(page),
            // The one that cannot be read stands first on a page of one.
            Err(StoreError::Corrupt) if limit > 1 => limit /= 2,
            Err(StoreError::Corrupt) => return Err(Difference::Unread { from }),
            Err(StoreError::Unavailable | StoreError::Full) => retry().await,
        }
    }
}

/// One council's readings, as long as it is led here.
pub struct Scrub {
    store: Arc<dyn Store>,
    council: CouncilId,
    reading: JoinSet<Result<(), Difference>>,
    /// When the next begins; `None` where nothing lies on a disk.
    due: Option<Instant>,
    suspects: bool,
}

pub enum Turn {
    /// The next reading is to begin.
    Due,
    Found(Difference),
}

impl Scrub {
    pub fn new(world: &Surroundings) -> Self {
        let due = (!world.is_rehearsal).then(Instant::now);
        Self {
            store: world.store.clone(),
            council: world.council.clone(),
            reading: JoinSet::new(),
            due,
            suspects: false,
        }
    }

    /// What was read so far was about a state that is not served any more. Where a snapshot is being checked, which reads the same
    /// entries, that comes first.
    pub fn start_over(&mut self, is_checking: bool) {
        self.reading = JoinSet::new();
        let first = if is_checking { Instant::now() + REST } else { Instant::now() };
        self.due = self.due.map(|_| first);
        self.suspects = false;
    }

    pub fn begin(&mut self, sequencer: &Sequencer) {
        let (store, council, reference) = (self.store.clone(), self.council.clone(), Reference::of(sequencer));
        self.reading.spawn(async move { read_through(store.as_ref(), &council, &reference, Pace::Slow).await });
    }

    /// A difference was found: before the record is served again, all of it is read.
    pub fn suspects(&self) -> bool {
        self.suspects
    }

    pub async fn turn(&mut self) -> Turn {
        loop {
            let outcome = match self.reading.join_next().await {
                None => {
                    until(self.due).await;
                    return Turn::Due;
                }
                Some(Ok(outcome)) => outcome,
                Some(Err(error)) => {
                    tracing::error!(council = %self.council, %error, "the reading of the record broke down");
                    Ok(())
                }
            };
            self.due = Some(Instant::now() + REST);
            let told = outcome.as_ref().map_or_else(|difference| difference.code(), |()| "whole");
            metrics::counter!("dienhong_scrubs_total", "outcome" => told).increment(1);
            if let Err(difference) = outcome {
                self.suspects = true;
                return Turn::Found(difference);
            }
        }
    }

    /// Nothing is read any more.
    pub async fn end(&mut self) {
        self.reading.shutdown().await;
    }
}
