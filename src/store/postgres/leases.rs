//! Who writes: leases that run out by this database's clock. Each is a single statement.

use super::connect::Session;
use super::failure::Failure;
use super::{LEASE_MS, unsigned};
use crate::chamber::ids::CouncilId;
use crate::ports::{Lease, Position};
use sqlx::PgPool;

pub(super) async fn acquire(pool: &PgPool, council: &CouncilId, holder: &str) -> Result<Lease, Failure> {
    let mut session = Session::of(pool).await?;
    let epoch: i64 = sqlx::query_scalar(
        "INSERT INTO council_head (council, epoch, size, holder, lease_until)
             VALUES ($1, 1, 0, $2, (extract(epoch FROM clock_timestamp()) * 1000)::bigint + $3)
             ON CONFLICT (council) DO UPDATE
             SET epoch = council_head.epoch + 1, holder = excluded.holder, lease_until = excluded.lease_until
             RETURNING epoch",
    )
    .bind(council.as_str())
    .bind(holder)
    .bind(LEASE_MS)
    .fetch_one(session.connection())
    .await?;
    session.end();
    Ok(Lease { epoch: unsigned(epoch)? })
}

pub(super) async fn take_over(pool: &PgPool, council: &CouncilId, holder: &str) -> Result<Option<Lease>, Failure> {
    let mut session = Session::of(pool).await?;
    // Whoever waited for the row compares with the row and the clock as they are then.
    let epoch: Option<i64> = sqlx::query_scalar(
        "INSERT INTO council_head (council, epoch, size, holder, lease_until)
             VALUES ($1, 1, 0, $2, (extract(epoch FROM clock_timestamp()) * 1000)::bigint + $3)
             ON CONFLICT (council) DO UPDATE
             SET epoch = council_head.epoch + 1, holder = excluded.holder,
                 lease_until = (extract(epoch FROM clock_timestamp()) * 1000)::bigint + $3
             WHERE council_head.holder = excluded.holder
                OR council_head.lease_until <= (extract(epoch FROM clock_timestamp()) * 1000)::bigint
             RETURNING epoch",
    )
    .bind(council.as_str())
    .bind(holder)
    .bind(LEASE_MS)
    .fetch_all(session.connection())
    .await?
    .pop();
    session.end();
    epoch.map(|epoch| Ok(Lease { epoch: unsigned(epoch)? })).transpose()
}

pub(super) async fn renew(pool: &PgPool, holder: &str) -> Result<Vec<(CouncilId, u64)>, Failure> {
    let mut session = Session::of(pool).await?;
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "UPDATE council_head SET lease_until = (extract(epoch FROM clock_timestamp()) * 1000)::bigint + $2
             WHERE holder = $1 AND lease_until > 0 RETURNING council, epoch",
    )
    .bind(holder)
    .bind(LEASE_MS)
    .fetch_all(session.connection())
    .await?;
    session.end();
    rows.into_iter()
        .map(|(council, epoch)| Ok((CouncilId::parse(council).map_err(|_| Failure::Corrupt)?, unsigned(epoch)?)))
        .collect()
}

pub(super) async fn release(pool: &PgPool, holder: &str) -> Result<(), Failure> {
    let mut session = Session::of(pool).await?;
    sqlx::query("UPDATE council_head SET lease_until = 0 WHERE holder = $1")
        .bind(holder)
        .execute(session.connection())
        .await?;
    session.end();
    Ok(())
}

pub(super) async fn positions(pool: &PgPool) -> Result<Vec<Position>, Failure> {
    let mut session = Session::of(pool).await?;
    let rows: Vec<(String, i64, i64, String, i64)> = sqlx::query_as(
        r#"SELECT council, epoch, size, holder,
                  greatest(lease_until - (extract(epoch FROM clock_timestamp()) * 1000)::bigint, 0)
           FROM council_head WHERE size > 0 ORDER BY council COLLATE "C""#,
    )
    .fetch_all(session.connection())
    .await?;
    session.end();
    rows.into_iter().map(|row| crate::store::rows::position(row).ok_or(Failure::Corrupt)).collect()
}
