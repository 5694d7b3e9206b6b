//! Postgres: the production store. Any number of nodes may be connected; the head's row decides who writes.

mod append;
mod codes;
mod connect;
mod failure;
mod keeping;
mod leases;

use super::open::OpenError;
use crate::chamber::ids::{CouncilId, Millis, PersonId};
use crate::ports::{
    Append, AppendError, CodeRow, Head, Keyholder, LEASE, Lease, MAX_PAGE, Position, Restoration, Store, StoreError,
    StoredCheckpoint, StoredEntry,
};
use async_trait::async_trait;
use connect::{Session, limited};
use failure::Failure;
use sqlx::PgPool;
use std::time::Duration;

/// How long one conversation with the server may take. A server that takes longer counts as away: the tablets keep their
/// votes and send them again.
const WAIT_LIMIT: Duration = Duration::from_secs(10);

/// [`LEASE`] as it is added to `council_head.lease_until`.
const LEASE_MS: i64 = LEASE.as_millis() as i64;

/// A store in a Postgres database.
pub struct PostgresStore {
    /// For appends, acquiring and codes.
    writers: PgPool,
    /// For everything else, so that reloading a large record never keeps a vote waiting for a connection.
    readers: PgPool,
}

impl PostgresStore {
    /// Connects, checks that this server may be written to, and brings the schema up to this program's.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        let (writers, readers) = connect::open(url).await?;
        Ok(Self { writers, readers })
    }
}

async fn run<T>(doing: &'static str, work: impl Future<Output = Result<T, Failure>> + Send) -> Result<T, StoreError> {
    limited(work).await.map_err(|failure| failure::report(failure, doing).into())
}

#[async_trait]
impl Store for PostgresStore {
    async fn councils(&self) -> Result<Vec<CouncilId>, StoreError> {
        run("councils", async {
            let mut session = Session::of(&self.readers).await?;
            let ids: Vec<String> =
                sqlx::query_scalar(r#"SELECT council FROM council_head WHERE size > 0 ORDER BY council COLLATE "C""#)
                    .fetch_all(session.connection())
                    .await?;
            session.end();
            ids.into_iter().map(|id| CouncilId::parse(id).map_err(|_| Failure::Corrupt)).collect()
        })
        .await
    }

    async fn acquire(&self, council: &CouncilId, holder: &str) -> Result<Lease, StoreError> {
        run("acquire", leases::acquire(&self.writers, council, holder)).await
    }

    async fn take_over(&self, council: &CouncilId, holder: &str) -> Result<Option<Lease>, StoreError> {
        run("take_over", leases::take_over(&self.writers, council, holder)).await
    }

    async fn renew(&self, holder: &str) -> Result<Vec<(CouncilId, u64)>, StoreError> {
        run("renew", leases::renew(&self.writers, holder)).await
    }

    async fn release(&self, holder: &str) -> Result<(), StoreError> {
        run("release", leases::release(&self.writers, holder)).await
    }

    async fn positions(&self) -> Result<Vec<Position>, StoreError> {
        run("positions", leases::positions(&self.readers)).await
    }

    async fn head(&self, council: &CouncilId) -> Result<Option<Head>, StoreError> {
        run("head", async {
            let mut session = Session::of(&self.readers).await?;
            let row: Option<(i64, i64, Option<String>)> = sqlx::query_as(
                "SELECT council_head.epoch, council_head.size, checkpoint.note FROM council_head
                     LEFT JOIN checkpoint
                     ON checkpoint.council = council_head.council AND checkpoint.size = council_head.size
                     WHERE council_head.council = $1",
            )
            .bind(council.as_str())
            .fetch_optional(session.connection())
            .await?;
            session.end();
            row.map(|(epoch, size, checkpoint)| super::rows::head(epoch, size, checkpoint).ok_or(Failure::Corrupt))
                .transpose()
        })
        .await
    }

    async fn read(&self, council: &CouncilId, from_seq: u64, limit: u32) -> Result<Vec<StoredEntry>, StoreError> {
        run("read", async {
            let mut session = Session::of(&self.readers).await?;
            let rows: Vec<(i64, String)> =
                sqlx::query_as("SELECT seq, line FROM entry WHERE council = $1 AND seq >= $2 ORDER BY seq LIMIT $3")
                    .bind(council.as_str())
                    .bind(signed(from_seq))
                    .bind(i64::from(limit.min(MAX_PAGE)))
                    .fetch_all(session.connection())
                    .await?;
            session.end();
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
        run("checkpoints", async {
            let mut session = Session::of(&self.readers).await?;
            let rows: Vec<(i64, String)> = sqlx::query_as(
                "SELECT size, note FROM checkpoint WHERE council = $1 AND size >= $2 ORDER BY size LIMIT $3",
            )
            .bind(council.as_str())
            .bind(signed(from_size))
            .bind(i64::from(limit.min(MAX_PAGE)))
            .fetch_all(session.connection())
            .await?;
            session.end();
            rows.into_iter().map(|(size, note)| Ok(StoredCheckpoint { size: unsigned(size)?, note })).collect()
        })
        .await
    }

    async fn append(&self, council: &CouncilId, epoch: u64, batch: Append) -> Result<(), AppendError> {
        if !batch.is_whole() {
            return Err(AppendError::BadBatch);
        }
        append::append(&self.writers, council, epoch, &batch).await
    }

    async fn put_code(&self, code: &CodeRow) -> Result<(), StoreError> {
        run("put_code", codes::put(&self.writers, code)).await
    }

    async fn find_code(&self, council: &CouncilId, mac: &[u8; 32], now: Millis) -> Result<Option<CodeRow>, StoreError> {
        run("find_code", codes::find(&self.readers, council, mac, now)).await
    }

    async fn spend_code(
        &self,
        council: &CouncilId,
        mac: &[u8; 32],
        now: Millis,
    ) -> Result<Option<CodeRow>, StoreError> {
        run("spend_code", codes::spend(&self.writers, council, mac, now)).await
    }

    async fn cancel_code(&self, council: &CouncilId, person: &PersonId) -> Result<bool, StoreError> {
        run("cancel_code", codes::cancel(&self.writers, council, person)).await
    }

    async fn live_codes(&self, council: &CouncilId, now: Millis) -> Result<Vec<(PersonId, Millis)>, StoreError> {
        run("live_codes", codes::live(&self.readers, council, now)).await
    }

    async fn keyholders(&self) -> Result<Vec<Keyholder>, StoreError> {
        run("keyholders", keeping::keyholders(&self.readers)).await
    }

    async fn put_keyholder(&self, keyholder: &Keyholder) -> Result<(), StoreError> {
        run("put_keyholder", keeping::put_keyholder(&self.writers, keyholder)).await
    }

    async fn remove_keyholder(&self, name: &str) -> Result<bool, StoreError> {
        run("remove_keyholder", keeping::remove_keyholder(&self.writers, name)).await
    }

    async fn restoration(&self, council: &CouncilId) -> Result<Option<Restoration>, StoreError> {
        run("restoration", keeping::restoration(&self.readers, council)).await
    }

    async fn put_restoration(&self, restoration: &Restoration) -> Result<(), StoreError> {
        run("put_restoration", keeping::put_restoration(&self.writers, restoration)).await
    }

    async fn clock(&self) -> Result<Millis, StoreError> {
        run("clock", keeping::clock(&self.readers)).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        run("ping", async {
            let session = Session::of(&self.writers).await?;
            session.end();
            Ok(())
        })
        .await
    }

    async fn close(&self) {
        for pool in [&self.writers, &self.readers] {
            if tokio::time::timeout(WAIT_LIMIT, pool.close()).await.is_err() {
                tracing::warn!(
                    store = "postgres",
                    "the server did not answer the farewell; the connections are dropped"
                );
            }
        }
    }
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn unsigned(value: i64) -> Result<u64, Failure> {
    u64::try_from(value).map_err(|_| Failure::Corrupt)
}
