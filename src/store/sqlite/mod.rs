//! SQLite: the embedded default, one file beside the program. Write-ahead log with a sync at every commit, one writer
//! connection, a few readers that never wait for it.

mod append;
mod codes;
mod failure;
mod file;
mod group;
mod keeping;
mod leases;

use super::open::{OpenError, migration_failed};
use crate::chamber::ids::{CouncilId, Millis, PersonId};
use crate::ports::{
    Append, AppendError, CodeRow, Head, Keyholder, LEASE, Lease, MAX_PAGE, Position, Restoration, Store, StoreError,
    StoredCheckpoint, StoredEntry,
};
use async_trait::async_trait;
use failure::Failure;
use file::FileIdentity;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, SqliteConnection, SqlitePool};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::{Mutex, MutexGuard};
use tokio::time::timeout;

/// How long one connection waits for another process's lock: longer than any commit of ours, short enough that a
/// delegate who waits still sees an answer.
const BUSY_LIMIT: Duration = Duration::from_secs(5);

/// How long a write may take all in all, waiting for the writer included. A disk that takes longer counts as away.
const WRITE_LIMIT: Duration = Duration::from_secs(10);

/// Reads are short pages; more readers than this only compete for the same disk.
const READERS: u32 = 4;

/// [`LEASE`] as it is added to `council_head.lease_until`.
const LEASE_MS: i64 = LEASE.as_millis() as i64;

/// SQLite's own upper limit of pages, which is its default.
const ALL_PAGES: u32 = 4_294_967_294;

/// A store in one file. After a failed sync or any other failure of the disk it trusts nothing it can read any more and is
/// [`StoreError::Unavailable`] until it is opened anew.
pub struct SqliteStore {
    options: SqliteConnectOptions,
    /// The one connection that writes; absent after a failure, until the next write makes a new one.
    writer: Mutex<Option<SqliteConnection>>,
    /// Batches that wait for it.
    queue: group::Queue,
    readers: SqlitePool,
    /// Closed, or failed in a way that leaves nothing to trust.
    shut: AtomicBool,
    max_pages: AtomicU32,
    path: PathBuf,
    /// Which file the path named when it was opened.
    identity: Option<FileIdentity>,
    /// A database in memory lives as long as somebody is connected to it: here one always is.
    _anchor: Option<SqlitePool>,
}

impl SqliteStore {
    /// Opens the file, creating it (readable by its owner only) and its directory when missing.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        let path = path.as_ref();
        file::ensure_writable(path)
            .map_err(|error| OpenError::NotWritable { path: path.to_owned(), reason: error.to_string() })?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            // Only Apple's systems know it: there a plain sync leaves the data in the drive's cache.
            .pragma("fullfsync", "on")
            // Gives the log's space back after a burst.
            .pragma("journal_size_limit", "67108864")
            .foreign_keys(true)
            .busy_timeout(BUSY_LIMIT);
        let mut writer =
            SqliteConnection::connect_with(&options).await.map_err(|error| failure::opening(path, error))?;
        let mode: String = sqlx::query_scalar("PRAGMA journal_mode")
            .fetch_one(&mut writer)
            .await
            .map_err(|error| failure::opening(path, error))?;
        if mode != "wal" {
            return Err(OpenError::NotWritable {
                path: path.to_owned(),
                reason: "this file system cannot share memory between processes, as a write-ahead log needs".to_owned(),
            });
        }
        file::make_log_durable(&mut writer, path).await?;
        sqlx::migrate!("migrations/sqlite").run(&mut writer).await.map_err(migration_failed)?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(BUSY_LIMIT)
            .connect_lazy_with(options.clone().pragma("query_only", "on"));
        Ok(Self {
            options,
            writer: Mutex::new(Some(writer)),
            queue: group::Queue::default(),
            readers,
            shut: AtomicBool::new(false),
            max_pages: AtomicU32::new(ALL_PAGES),
            path: path.to_owned(),
            identity: file::identity(path),
            _anchor: None,
        })
    }

    /// A store in this process's memory: gone with it, and nobody else's. For what must leave nothing behind.
    pub async fn in_memory() -> Result<Self, OpenError> {
        let failed = |error: sqlx::Error| OpenError::Failed { reason: error.to_string() };
        // Each call names a database of its own, which this store's connections share.
        let options = SqliteConnectOptions::from_str("sqlite::memory:").map_err(failed)?.busy_timeout(BUSY_LIMIT);
        let anchor = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
        let anchor = anchor.connect_with(options.clone()).await.map_err(failed)?;
        sqlx::migrate!("migrations/sqlite").run(&anchor).await.map_err(migration_failed)?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(BUSY_LIMIT)
            .connect_lazy_with(options.clone().pragma("query_only", "on"));
        Ok(Self {
            options,
            writer: Mutex::new(None),
            queue: group::Queue::default(),
            readers,
            shut: AtomicBool::new(false),
            max_pages: AtomicU32::new(ALL_PAGES),
            path: PathBuf::new(),
            identity: None,
            _anchor: Some(anchor),
        })
    }

    /// Keeps the file from growing beyond `pages` of 4 KiB from the next write on, and `None` lifts the limit: what would need
    /// more is answered with `Full`. For a disk that must keep room for others, and to rehearse a full one.
    pub async fn limit_pages(&self, pages: Option<u32>) {
        self.max_pages.store(pages.unwrap_or(ALL_PAGES), Ordering::SeqCst);
        *self.writer.lock().await = None;
    }

    /// Takes the writer connection, to be given back only after a clean end: whatever else happens to it (an error, a
    /// dropped future), it is closed, which rolls back what it had begun.
    async fn writer(&self) -> Result<Writer<'_>, Failure> {
        self.check_open()?;
        // SQLite would go on writing to a file that was moved or deleted, and a receipt would promise what nobody finds.
        if file::identity(&self.path) != self.identity {
            return Err(Failure::Broken);
        }
        let mut slot = self.writer.lock().await;
        let connection = match slot.take() {
            Some(connection) => connection,
            None => {
                let limited =
                    self.options.clone().pragma("max_page_count", self.max_pages.load(Ordering::SeqCst).to_string());
                SqliteConnection::connect_with(&limited).await?
            }
        };
        self.check_open()?;
        Ok(Writer { slot, connection })
    }

    fn check_open(&self) -> Result<(), Failure> {
        if self.shut.load(Ordering::SeqCst) { Err(Failure::Unavailable) } else { Ok(()) }
    }

    /// Logs what went wrong, and shuts the store when it was the disk.
    fn report(&self, failure: Failure, doing: &'static str) -> Failure {
        tracing::warn!(store = "sqlite", doing, failure = ?failure, "the store failed");
        if matches!(failure, Failure::Broken) && !self.shut.swap(true, Ordering::SeqCst) {
            tracing::error!(
                store = "sqlite",
                "the disk failed: nothing read from it is trusted until the file was copied, verified and opened anew"
            );
        }
        failure
    }

    /// Runs a read or a small write under the time limit.
    async fn run<T>(
        &self,
        doing: &'static str,
        work: impl Future<Output = Result<T, Failure>> + Send,
    ) -> Result<T, StoreError> {
        let answer = match self.check_open() {
            Ok(()) => timeout(WRITE_LIMIT, work).await.unwrap_or(Err(Failure::Unavailable)),
            Err(failure) => return Err(failure.into()),
        };
        // A read that ended after the disk failed may have seen what was never synced.
        answer.and_then(|value| self.check_open().map(|()| value)).map_err(|failure| self.report(failure, doing).into())
    }
}

/// The writer connection while somebody uses it.
struct Writer<'a> {
    slot: MutexGuard<'a, Option<SqliteConnection>>,
    connection: SqliteConnection,
}

impl Writer<'_> {
    /// To be called when no transaction is open.
    fn give_back(mut self) {
        *self.slot = Some(self.connection);
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn councils(&self) -> Result<Vec<CouncilId>, StoreError> {
        self.run("councils", async {
            let ids: Vec<String> =
                sqlx::query_scalar("SELECT council FROM council_head WHERE size > 0 ORDER BY council")
                    .fetch_all(&self.readers)
                    .await?;
            ids.into_iter().map(|id| CouncilId::parse(id).map_err(|_| Failure::Corrupt)).collect()
        })
        .await
    }

    async fn acquire(&self, council: &CouncilId, holder: &str) -> Result<Lease, StoreError> {
        self.run("acquire", leases::acquire(self, council, holder)).await
    }

    async fn take_over(&self, council: &CouncilId, holder: &str) -> Result<Option<Lease>, StoreError> {
        self.run("take_over", leases::take_over(self, council, holder)).await
    }

    async fn renew(&self, holder: &str) -> Result<Vec<(CouncilId, u64)>, StoreError> {
        self.run("renew", leases::renew(self, holder)).await
    }

    async fn release(&self, holder: &str) -> Result<(), StoreError> {
        self.run("release", leases::release(self, holder)).await
    }

    async fn positions(&self) -> Result<Vec<Position>, StoreError> {
        self.run("positions", leases::positions(self)).await
    }

    async fn head(&self, council: &CouncilId) -> Result<Option<Head>, StoreError> {
        self.run("head", async {
            let row: Option<(i64, i64, Option<String>)> = sqlx::query_as(
                "SELECT council_head.epoch, council_head.size, checkpoint.note FROM council_head
                 LEFT JOIN checkpoint ON checkpoint.council = council_head.council AND checkpoint.size = council_head.size
                 WHERE council_head.council = ?1",
            )
            .bind(council.as_str())
            .fetch_optional(&self.readers)
            .await?;
            row.map(|(epoch, size, checkpoint)| super::rows::head(epoch, size, checkpoint).ok_or(Failure::Corrupt))
                .transpose()
        })
        .await
    }

    async fn read(&self, council: &CouncilId, from_seq: u64, limit: u32) -> Result<Vec<StoredEntry>, StoreError> {
        self.run("read", async {
            let rows: Vec<(i64, String)> =
                sqlx::query_as("SELECT seq, line FROM entry WHERE council = ?1 AND seq >= ?2 ORDER BY seq LIMIT ?3")
                    .bind(council.as_str())
                    .bind(signed(from_seq))
                    .bind(limit.min(MAX_PAGE))
                    .fetch_all(&self.readers)
                    .await?;
            super::rows::entries(from_seq, rows).ok_or(Failure::Corrupt)
        })
        .await
    }

    async fn checkpoints(
        &self,
        council: &CouncilId,
        from_size: u64,
        limit: u32,
    ) -> Result<Vec<StoredCheckpoint>, StoreError> {
        self.run("checkpoints", async {
            let rows: Vec<(i64, String)> = sqlx::query_as(
                "SELECT size, note FROM checkpoint WHERE council = ?1 AND size >= ?2 ORDER BY size LIMIT ?3",
            )
            .bind(council.as_str())
            .bind(signed(from_size))
            .bind(limit.min(MAX_PAGE))
            .fetch_all(&self.readers)
            .await?;
            rows.into_iter().map(|(size, note)| Ok(StoredCheckpoint { size: unsigned(size)?, note })).collect()
        })
        .await
    }

    async fn append(&self, council: &CouncilId, epoch: u64, batch: Append) -> Result<(), AppendError> {
        if !batch.is_whole() {
            return Err(AppendError::BadBatch);
        }
        group::append(self, council, epoch, batch).await
    }

    async fn put_code(&self, code: &CodeRow) -> Result<(), StoreError> {
        self.run("put_code", codes::put(self, code)).await
    }

    async fn find_code(&self, council: &CouncilId, mac: &[u8; 32], now: Millis) -> Result<Option<CodeRow>, StoreError> {
        self.run("find_code", codes::find(self, council, mac, now)).await
    }

    async fn spend_code(
        &self,
        council: &CouncilId,
        mac: &[u8; 32],
        now: Millis,
    ) -> Result<Option<CodeRow>, StoreError> {
        self.run("spend_code", codes::spend(self, council, mac, now)).await
    }

    async fn cancel_code(&self, council: &CouncilId, person: &PersonId) -> Result<bool, StoreError> {
        self.run("cancel_code", codes::cancel(self, council, person)).await
    }

    async fn live_codes(&self, council: &CouncilId, now: Millis) -> Result<Vec<(PersonId, Millis)>, StoreError> {
        self.run("live_codes", codes::live(self, council, now)).await
    }

    async fn keyholders(&self) -> Result<Vec<Keyholder>, StoreError> {
        self.run("keyholders", keeping::keyholders(self)).await
    }

    async fn put_keyholder(&self, keyholder: &Keyholder) -> Result<(), StoreError> {
        self.run("put_keyholder", keeping::put_keyholder(self, keyholder)).await
    }

    async fn remove_keyholder(&self, name: &str) -> Result<bool, StoreError> {
        self.run("remove_keyholder", keeping::remove_keyholder(self, name)).await
    }

    async fn restoration(&self, council: &CouncilId) -> Result<Option<Restoration>, StoreError> {
        self.run("restoration", keeping::restoration(self, council)).await
    }

    async fn put_restoration(&self, restoration: &Restoration) -> Result<(), StoreError> {
        self.run("put_restoration", keeping::put_restoration(self, restoration)).await
    }

    async fn clock(&self) -> Result<Millis, StoreError> {
        self.run("clock", keeping::clock(self)).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.run("ping", async {
            sqlx::query("SELECT epoch FROM council_head LIMIT 1").fetch_optional(&self.readers).await?;
            Ok(())
        })
        .await
    }

    async fn close(&self) {
        self.shut.store(true, Ordering::SeqCst);
        self.readers.close().await;
        if let Some(writer) = self.writer.lock().await.take()
            && let Err(error) = writer.close().await
        {
            tracing::warn!(store = "sqlite", %error, "closing failed; the next opening recovers from the log");
        }
    }
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn unsigned(value: i64) -> Result<u64, Failure> {
    u64::try_from(value).map_err(|_| Failure::Corrupt)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::StoredCheckpoint;

    fn first_line() -> Append {
        Append {
            first_seq: 0,
            lines: vec!["{}".to_owned()],
            checkpoint: StoredCheckpoint { size: 1, note: "note".to_owned() },
            rows: vec![],
        }
    }

    #[tokio::test]
    async fn a_store_in_memory_keeps_to_itself_and_leaves_nothing() {
        let (one, other) = (SqliteStore::in_memory().await.unwrap(), SqliteStore::in_memory().await.unwrap());
        let hall = CouncilId::parse("hall").unwrap();
        let epoch = one.acquire(&hall, "node").await.unwrap().epoch;
        one.append(&hall, epoch, first_line()).await.unwrap();
        // Also when the writer's own connection was lost.
        *one.writer.lock().await = None;
        assert_eq!(one.read(&hall, 0, 10).await.unwrap().len(), 1);
        assert_eq!(one.acquire(&hall, "node").await.unwrap().epoch, epoch + 1);
        assert_eq!(other.head(&hall).await, Ok(None));
        one.close().await;
        assert_eq!(one.head(&hall).await, Err(StoreError::Unavailable));
    }

    #[tokio::test]
    async fn after_a_failed_disk_nothing_is_trusted_until_it_is_opened_anew() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("hall.db");
        let store = SqliteStore::open(&path).await.unwrap();
        let hall = CouncilId::parse("hall").unwrap();
        let epoch = store.acquire(&hall, "node").await.unwrap().epoch;
        let batch = first_line();

        store.report(Failure::Broken, "append");
        assert_eq!(store.append(&hall, epoch, batch.clone()).await, Err(AppendError::Unavailable));
        assert_eq!(store.head(&hall).await, Err(StoreError::Unavailable));
        assert_eq!(store.acquire(&hall, "node").await, Err(StoreError::Unavailable));

        let store = SqliteStore::open(&path).await.unwrap();
        store.append(&hall, epoch, batch).await.unwrap();
    }
}
