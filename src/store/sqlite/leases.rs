//! Who writes: leases that run out by this machine's clock. Each is a single statement; all rows are fetched so that it runs to
//! its end, which is where it commits.

use super::failure::Failure;
use super::{LEASE_MS, SqliteStore, unsigned};
use crate::chamber::ids::CouncilId;
use crate::ports::{Lease, Position};

pub(super) async fn acquire(store: &SqliteStore, council: &CouncilId, holder: &str) -> Result<Lease, Failure> {
    let mut writer = store.writer().await?;
    let epochs: Vec<i64> = sqlx::query_scalar(
        "INSERT INTO council_head (council, epoch, size, holder, lease_until)
         VALUES (?1, 1, 0, ?2, CAST(unixepoch('subsec') * 1000 AS INTEGER) + ?3)
         ON CONFLICT (council) DO UPDATE
         SET epoch = epoch + 1, holder = excluded.holder, lease_until = excluded.lease_until
         RETURNING epoch",
    )
    .bind(council.as_str())
    .bind(holder)
    .bind(LEASE_MS)
    .fetch_all(&mut writer.connection)
    .await?;
    writer.give_back();
    Ok(Lease { epoch: unsigned(epochs.first().copied().ok_or(Failure::Corrupt)?)? })
}

pub(super) async fn take_over(
    store: &SqliteStore,
    council: &CouncilId,
    holder: &str,
) -> Result<Option<Lease>, Failure> {
    let mut writer = store.writer().await?;
    let epochs: Vec<i64> = sqlx::query_scalar(
        "INSERT INTO council_head (council, epoch, size, holder, lease_until)
         VALUES (?1, 1, 0, ?2, CAST(unixepoch('subsec') * 1000 AS INTEGER) + ?3)
         ON CONFLICT (council) DO UPDATE
         SET epoch = epoch + 1, holder = excluded.holder, lease_until = excluded.lease_until
         WHERE holder = excluded.holder OR lease_until <= CAST(unixepoch('subsec') * 1000 AS INTEGER)
         RETURNING epoch",
    )
    .bind(council.as_str())
    .bind(holder)
    .bind(LEASE_MS)
    .fetch_all(&mut writer.connection)
    .await?;
    writer.give_back();
    epochs.first().map(|epoch| Ok(Lease { epoch: unsigned(*epoch)? })).transpose()
}

pub(super) async fn renew(store: &SqliteStore, holder: &str) -> Result<Vec<(CouncilId, u64)>, Failure> {
    let mut writer = store.writer().await?;
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "UPDATE council_head SET lease_until = CAST(unixepoch('subsec') * 1000 AS INTEGER) + ?2
         WHERE holder = ?1 AND lease_until > 0 RETURNING council, epoch",
    )
    .bind(holder)
    .bind(LEASE_MS)
    .fetch_all(&mut writer.connection)
    .await?;
    writer.give_back();
    rows.into_iter()
        .map(|(council, epoch)| Ok((CouncilId::parse(council).map_err(|_| Failure::Corrupt)?, unsigned(epoch)?)))
        .collect()
}

pub(super) async fn release(store: &SqliteStore, holder: &str) -> Result<(), Failure> {
    let mut writer = store.writer().await?;
    sqlx::query("UPDATE council_head SET lease_until = 0 WHERE holder = ?1")
        .bind(holder)
        .execute(&mut writer.connection)
        .await?;
    writer.give_back();
    Ok(())
}

pub(super) async fn positions(store: &SqliteStore) -> Result<Vec<Position>, Failure> {
    let rows: Vec<(String, i64, i64, String, i64)> = sqlx::query_as(
        "SELECT council, epoch, size, holder, max(lease_until - CAST(unixepoch('subsec') * 1000 AS INTEGER), 0)
         FROM council_head WHERE size > 0 ORDER BY council",
    )
    .fetch_all(&store.readers)
    .await?;
    rows.into_iter().map(|row| crate::store::rows::position(row).ok_or(Failure::Corrupt)).collect()
}
