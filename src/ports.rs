//! Floor 2. What the sequencer's runner asks of the world around it. A store keeps each council's record; whatever it
//! answers, the record itself decides what happened. A bus tells the other nodes.

use crate::chamber::ids::{CouncilId, Millis, PersonId};
use crate::projection::Row;
use async_trait::async_trait;
use std::time::Duration;

/// Most entries or checkpoints one page of a read holds; a larger `limit` is cut to this. An entry has at most 65,535
/// bytes, so a page stays under 256 MiB at worst and at some 4 MB in practice.
pub const MAX_PAGE: u32 = 4_096;

/// How long a writer counts as alive after it took the lease, renewed it or appended. Where several nodes serve, nobody leads
/// for so long after a writer has died; renewing each second, it may miss two before it counts as dead.
pub const LEASE: Duration = Duration::from_secs(3);

/// Keeps the records of all councils, durably: what an `Ok` has confirmed is on disk.
///
/// Only one writer at a time can append to a council: [`acquire`](Store::acquire) makes the caller that writer and
/// outlaws the one before, [`append`](Store::append) checks it in the same transaction that writes.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// The councils that have a record (at least entry 0), by id.
    async fn councils(&self) -> Result<Vec<CouncilId>, StoreError>;

    /// Makes the caller the council's only writer, with a higher epoch than any before, and creates the council's head
    /// when it is new. When this returns, no append of an earlier epoch is under way and none can succeed any more: after
    /// an [`AppendError::Unknown`], acquire first and then read what is really there.
    ///
    /// `holder` names the writer for people who look into the database. When the answer is an error the epoch may have
    /// been raised all the same; acquiring again is always right.
    async fn acquire(&self, council: &CouncilId, holder: &str) -> Result<Lease, StoreError>;

    /// As [`acquire`](Store::acquire), but only where the lease has run out by the store's own clock or is `holder`'s already;
    /// `None` where somebody else has it.
    async fn take_over(&self, council: &CouncilId, holder: &str) -> Result<Option<Lease>, StoreError>;

    /// Renews all leases of this holder that nobody has taken over, and says which they are, with their epochs.
    async fn renew(&self, holder: &str) -> Result<Vec<(CouncilId, u64)>, StoreError>;

    /// Lets go of all leases of this holder: they have run out at once.
    async fn release(&self, holder: &str) -> Result<(), StoreError>;

    /// Where every council that has a record stands, by id.
    async fn positions(&self) -> Result<Vec<Position>, StoreError>;

    /// Where the council's record ends; `None` when it was never acquired here.
    async fn head(&self, council: &CouncilId) -> Result<Option<Head>, StoreError>;

    /// The entries from `from_seq` on, without gaps, at most `limit` ([`MAX_PAGE`]); fewer than that is the end.
    /// A hole among them is [`StoreError::Corrupt`].
    async fn read(&self, council: &CouncilId, from_seq: u64, limit: u32) -> Result<Vec<StoredEntry>, StoreError>;

    /// The checkpoints of at least `from_size` entries, smallest first, at most `limit` ([`MAX_PAGE`]).
    async fn checkpoints(
        &self,
        council: &CouncilId,
        from_size: u64,
        limit: u32,
    ) -> Result<Vec<StoredCheckpoint>, StoreError>;

    /// Writes a batch in one transaction: all of it, or nothing. `Ok` means durable.
    ///
    /// Dropping the future half-way leaves the outcome as unknown as [`AppendError::Unknown`].
    async fn append(&self, council: &CouncilId, epoch: u64, batch: Append) -> Result<(), AppendError>;

    /// Keeps a one-time code; the person's code before it, if any, is gone.
    async fn put_code(&self, code: &CodeRow) -> Result<(), StoreError>;

    /// The code with this MAC, if it has not run out at `now`. It stays.
    async fn find_code(&self, council: &CouncilId, mac: &[u8; 32], now: Millis) -> Result<Option<CodeRow>, StoreError>;

    /// As [`find_code`](Store::find_code), and removes it: of any number of callers exactly one gets it. When the answer is
    /// an error the code may be spent all the same.
    async fn spend_code(&self, council: &CouncilId, mac: &[u8; 32], now: Millis)
    -> Result<Option<CodeRow>, StoreError>;

    /// Removes the person's code; false when there was none.
    async fn cancel_code(&self, council: &CouncilId, person: &PersonId) -> Result<bool, StoreError>;

    /// Who has a code that has not run out at `now`, and until when; by person.
    async fn live_codes(&self, council: &CouncilId, now: Millis) -> Result<Vec<(PersonId, Millis)>, StoreError>;

    /// Who approves that a backup is restored, by name.
    async fn keyholders(&self) -> Result<Vec<Keyholder>, StoreError>;

    /// Names a keyholder; one of the same name is replaced.
    async fn put_keyholder(&self, keyholder: &Keyholder) -> Result<(), StoreError>;

    /// False when there was none of that name.
    async fn remove_keyholder(&self, name: &str) -> Result<bool, StoreError>;

    /// From which backup the council's record was restored; `None` where it began here.
    async fn restoration(&self, council: &CouncilId) -> Result<Option<Restoration>, StoreError>;

    /// Written before the first entry of a restored record, once.
    async fn put_restoration(&self, restoration: &Restoration) -> Result<(), StoreError>;

    /// The database's own clock.
    async fn clock(&self) -> Result<Millis, StoreError>;

    /// Asks the database for a sign of life.
    async fn ping(&self) -> Result<(), StoreError>;

    /// Waits for what is under way and lets go of the database. Every later call is [`StoreError::Unavailable`].
    async fn close(&self);
}

/// Carries messages between the nodes of one platform, quickly and without any promise: they may be lost, doubled, late, or made
/// up by somebody else. Nothing that must hold rests on it.
#[async_trait]
pub trait Bus: Send + Sync + 'static {
    /// Sends to all nodes, this one included. Never waits; what there is no room for is dropped, the oldest first.
    fn publish(&self, message: Vec<u8>);

    /// The next message; `None` once there can be none any more. For one listener.
    async fn next(&self) -> Option<Vec<u8>>;

    /// Sends what still waits, within a moment, and lets go.
    async fn close(&self);
}

/// The right to write, until somebody acquires a higher epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// From 1.
    pub epoch: u64,
}

/// Where a council's record ends, and who writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    pub council: CouncilId,
    pub epoch: u64,
    pub size: u64,
    /// As it named itself.
    pub holder: String,
    /// 0: nobody writes; the lease has run out or was released.
    pub lease_left_ms: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub epoch: u64,
    /// Number of entries; the next one gets this `seq`.
    pub size: u64,
    /// The signed checkpoint of exactly `size` entries; `None` only while the record is empty.
    pub checkpoint: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEntry {
    pub seq: u64,
    /// The entry's one line without its line feed, byte for byte as it was appended.
    pub line: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCheckpoint {
    pub size: u64,
    pub note: String,
}

/// What one commit adds to a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Append {
    /// The record's size before; `seq` of the first line.
    pub first_seq: u64,
    /// Never empty.
    pub lines: Vec<String>,
    /// Of `first_seq` + the number of lines.
    pub checkpoint: StoredCheckpoint,
    /// What the projections make of the events, in their order.
    pub rows: Vec<Row>,
}

impl Append {
    /// False when it holds no line, or when its checkpoint is not the one that ends it.
    pub fn is_whole(&self) -> bool {
        let end = u64::try_from(self.lines.len()).ok().and_then(|count| self.first_seq.checked_add(count));
        !self.lines.is_empty() && end == Some(self.checkpoint.size) && i64::try_from(self.checkpoint.size).is_ok()
    }
}

/// A one-time code that lets a person bind a device. Beside the record, not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeRow {
    pub council: CouncilId,
    pub person: PersonId,
    /// Of the code, under a key only the server has: whoever reads the table learns no code.
    pub mac: [u8; 32],
    /// As the caller writes it down; the store does not look into it.
    pub issued_by: String,
    pub expires_at: Millis,
}

/// Somebody whose signature helps to put a backup in a store's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyholder {
    /// As its key is named.
    pub name: String,
    /// The public key as text: `<name>+<8 hex digits>+<base64>`.
    pub vkey: String,
    pub named_at: Millis,
}

/// That a record came from a backup. One that is shorter than `size` was not restored to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restoration {
    pub council: CouncilId,
    /// Entries in the backup.
    pub size: u64,
    /// Over them, in base64.
    pub root: String,
    pub made_at: Millis,
    pub restored_at: Millis,
    /// The signed notes of those who approved it, one after the other; empty where nobody could.
    pub approvals: String,
    /// Why it was restored without approval; empty where it was approved.
    pub reason: String,
}

/// Why a batch was not confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum AppendError {
    /// Nothing written: the head moved, or another writer raised the epoch.
    #[error("another writer has moved the record's head")]
    Conflict,
    /// The commit was sent and no answer came: written whole or not at all.
    #[error("the store did not say whether the batch was written")]
    Unknown,
    /// Nothing written.
    #[error("the store cannot be reached")]
    Unavailable,
    /// Nothing written.
    #[error("the store's disk is full")]
    Full,
    /// Nothing written: the store's own data contradict each other or cannot be read. A matter for a human.
    #[error("the store is damaged")]
    Corrupt,
    /// Nothing written: the batch is empty or its checkpoint does not end it. A mistake of the caller.
    #[error("the batch is not whole")]
    BadBatch,
}

impl AppendError {
    /// The stable code for logs and metrics.
    pub fn code(self) -> &'static str {
        match self {
            Self::Conflict => "append_conflict",
            Self::Unknown => "append_unknown",
            Self::Unavailable => "store_unavailable",
            Self::Full => "store_full",
            Self::Corrupt => "store_corrupt",
            Self::BadBatch => "bad_batch",
        }
    }
}

/// Why anything but an append failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum StoreError {
    #[error("the store cannot be reached")]
    Unavailable,
    #[error("the store's disk is full")]
    Full,
    /// The store's own data contradict each other or cannot be read. A matter for a human.
    #[error("the store is damaged")]
    Corrupt,
}

impl StoreError {
    /// The stable code for logs and metrics.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unavailable => "store_unavailable",
            Self::Full => "store_full",
            Self::Corrupt => "store_corrupt",
        }
    }
}

impl From<StoreError> for AppendError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable => Self::Unavailable,
            StoreError::Full => Self::Full,
            StoreError::Corrupt => Self::Corrupt,
        }
    }
}
