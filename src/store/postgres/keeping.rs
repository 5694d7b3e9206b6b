//! Keyholders and restorations: beside the record, so each is a single statement.

use super::connect::Session;
use super::failure::Failure;
use super::signed;
use crate::chamber::ids::{CouncilId, Millis};
use crate::ports::{Keyholder, Restoration};
use crate::store::rows::{RestorationRow, keyholder, restoration as of_row};
use sqlx::PgPool;

pub(super) async fn clock(pool: &PgPool) -> Result<Millis, Failure> {
    let mut session = Session::of(pool).await?;
    let now: i64 = sqlx::query_scalar("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")
        .fetch_one(session.connection())
        .await?;
    session.end();
    u64::try_from(now).map(Millis).map_err(|_| Failure::Corrupt)
}

pub(super) async fn keyholders(pool: &PgPool) -> Result<Vec<Keyholder>, Failure> {
    let mut session = Session::of(pool).await?;
    let rows: Vec<(String, String, i64)> =
        sqlx::query_as(r#"SELECT name, vkey, named_at FROM keyholder ORDER BY name COLLATE "C""#)
            .fetch_all(session.connection())
            .await?;
    session.end();
    rows.into_iter().map(|row| keyholder(row).ok_or(Failure::Corrupt)).collect()
}

pub(super) async fn put_keyholder(pool: &PgPool, keyholder: &Keyholder) -> Result<(), Failure> {
    let mut session = Session::of(pool).await?;
    sqlx::query(
        "INSERT INTO keyholder (name, vkey, named_at) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET vkey = excluded.vkey, named_at = excluded.named_at",
    )
    .bind(keyholder.name.as_str())
    .bind(keyholder.vkey.as_str())
    .bind(signed(keyholder.named_at.0))
    .execute(session.connection())
    .await?;
    session.end();
    Ok(())
}

pub(super) async fn remove_keyholder(pool: &PgPool, name: &str) -> Result<bool, Failure> {
    let mut session = Session::of(pool).await?;
    let gone = sqlx::query("DELETE FROM keyholder WHERE name = $1")
        .bind(name)
        .execute(session.connection())
        .await?
        .rows_affected();
    session.end();
    Ok(gone > 0)
}

pub(super) async fn restoration(pool: &PgPool, council: &CouncilId) -> Result<Option<Restoration>, Failure> {
    let mut session = Session::of(pool).await?;
    let row: Option<RestorationRow> = sqlx::query_as(
        "SELECT council, size, root, made_at, restored_at, approvals, reason FROM restoration WHERE council = $1",
    )
    .bind(council.as_str())
    .fetch_optional(session.connection())
    .await?;
    session.end();
    row.map(|row| of_row(row).ok_or(Failure::Corrupt)).transpose()
}

pub(super) async fn put_restoration(pool: &PgPool, restoration: &Restoration) -> Result<(), Failure> {
    let mut session = Session::of(pool).await?;
    sqlx::query(
        "INSERT INTO restoration (council, size, root, made_at, restored_at, approvals, reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(restoration.council.as_str())
    .bind(signed(restoration.size))
    .bind(restoration.root.as_str())
    .bind(signed(restoration.made_at.0))
    .bind(signed(restoration.restored_at.0))
    .bind(restoration.approvals.as_str())
    .bind(restoration.reason.as_str())
    .execute(session.connection())
    .await?;
    session.end();
    Ok(())
}
