//! Keyholders and restorations: beside the record, so each is a single statement.

use super::failure::Failure;
use super::{SqliteStore, signed};
use crate::chamber::ids::{CouncilId, Millis};
use crate::ports::{Keyholder, Restoration};
use crate::store::rows::{RestorationRow, keyholder, restoration as of_row};

pub(super) async fn clock(store: &SqliteStore) -> Result<Millis, Failure> {
    let now: i64 =
        sqlx::query_scalar("SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER)").fetch_one(&store.readers).await?;
    u64::try_from(now).map(Millis).map_err(|_| Failure::Corrupt)
}

pub(super) async fn keyholders(store: &SqliteStore) -> Result<Vec<Keyholder>, Failure> {
    let rows: Vec<(String, String, i64)> =
        sqlx::query_as("SELECT name, vkey, named_at FROM keyholder ORDER BY name").fetch_all(&store.readers).await?;
    rows.into_iter().map(|row| keyholder(row).ok_or(Failure::Corrupt)).collect()
}

pub(super) async fn put_keyholder(store: &SqliteStore, keyholder: &Keyholder) -> Result<(), Failure> {
    let mut writer = store.writer().await?;
    sqlx::query(
        "INSERT INTO keyholder (name, vkey, named_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (name) DO UPDATE SET vkey = excluded.vkey, named_at = excluded.named_at",
    )
    .bind(keyholder.name.as_str())
    .bind(keyholder.vkey.as_str())
    .bind(signed(keyholder.named_at.0))
    .execute(&mut writer.connection)
    .await?;
    writer.give_back();
    Ok(())
}

pub(super) async fn remove_keyholder(store: &SqliteStore, name: &str) -> Result<bool, Failure> {
    let mut writer = store.writer().await?;
    let gone = sqlx::query("DELETE FROM keyholder WHERE name = ?1")
        .bind(name)
        .execute(&mut writer.connection)
        .await?
        .rows_affected();
    writer.give_back();
    Ok(gone > 0)
}

pub(super) async fn restoration(store: &SqliteStore, council: &CouncilId) -> Result<Option<Restoration>, Failure> {
    let row: Option<RestorationRow> = sqlx::query_as(
        "SELECT council, size, root, made_at, restored_at, approvals, reason FROM restoration WHERE council = ?1",
    )
    .bind(council.as_str())
    .fetch_optional(&store.readers)
    .await?;
    row.map(|row| of_row(row).ok_or(Failure::Corrupt)).transpose()
}

pub(super) async fn put_restoration(store: &SqliteStore, restoration: &Restoration) -> Result<(), Failure> {
    let mut writer = store.writer().await?;
    sqlx::query(
        "INSERT INTO restoration (council, size, root, made_at, restored_at, approvals, reason)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )
    .bind(restoration.council.as_str())
    .bind(signed(restoration.size))
    .bind(restoration.root.as_str())
    .bind(signed(restoration.made_at.0))
    .bind(signed(restoration.restored_at.0))
    .bind(restoration.approvals.as_str())
    .bind(restoration.reason.as_str())
    .execute(&mut writer.connection)
    .await?;
    writer.give_back();
    Ok(())
}
