//! One-time codes: beside the record, so each is a single statement.

use super::connect::Session;
use super::failure::Failure;
use super::signed;
use crate::chamber::ids::{CouncilId, Millis, PersonId};
use crate::ports::CodeRow;
use crate::store::rows::{code_row, live_code};
use sqlx::PgPool;

pub(super) async fn put(pool: &PgPool, code: &CodeRow) -> Result<(), Failure> {
    let mut session = Session::of(pool).await?;
    sqlx::query(
        "INSERT INTO enrolment_code (council, person, mac, issued_by, expires_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (council, person) DO UPDATE
         SET mac = excluded.mac, issued_by = excluded.issued_by, expires_at = excluded.expires_at",
    )
    .bind(code.council.as_str())
    .bind(code.person.as_str())
    .bind(code.mac.as_slice())
    .bind(code.issued_by.as_str())
    .bind(signed(code.expires_at.0))
    .execute(session.connection())
    .await?;
    session.end();
    Ok(())
}

pub(super) async fn find(
    pool: &PgPool,
    council: &CouncilId,
    mac: &[u8; 32],
    now: Millis,
) -> Result<Option<CodeRow>, Failure> {
    let mut session = Session::of(pool).await?;
    let found: Option<(String, String, i64)> = sqlx::query_as(
        "SELECT person, issued_by, expires_at FROM enrolment_code WHERE council = $1 AND mac = $2 AND expires_at > $3",
    )
    .bind(council.as_str())
    .bind(mac.as_slice())
    .bind(signed(now.0))
    .fetch_optional(session.connection())
    .await?;
    session.end();
    found.map(|found| code_row(council, mac, found).ok_or(Failure::Corrupt)).transpose()
}

pub(super) async fn spend(
    pool: &PgPool,
    council: &CouncilId,
    mac: &[u8; 32],
    now: Millis,
) -> Result<Option<CodeRow>, Failure> {
    let mut session = Session::of(pool).await?;
    let spent: Option<(String, String, i64)> = sqlx::query_as(
        "DELETE FROM enrolment_code WHERE council = $1 AND mac = $2 AND expires_at > $3
         RETURNING person, issued_by, expires_at",
    )
    .bind(council.as_str())
    .bind(mac.as_slice())
    .bind(signed(now.0))
    .fetch_all(session.connection())
    .await?
    .pop();
    session.end();
    spent.map(|spent| code_row(council, mac, spent).ok_or(Failure::Corrupt)).transpose()
}

pub(super) async fn cancel(pool: &PgPool, council: &CouncilId, person: &PersonId) -> Result<bool, Failure> {
    let mut session = Session::of(pool).await?;
    let gone = sqlx::query("DELETE FROM enrolment_code WHERE council = $1 AND person = $2")
        .bind(council.as_str())
        .bind(person.as_str())
        .execute(session.connection())
        .await?
        .rows_affected();
    session.end();
    Ok(gone > 0)
}

pub(super) async fn live(pool: &PgPool, council: &CouncilId, now: Millis) -> Result<Vec<(PersonId, Millis)>, Failure> {
    let mut session = Session::of(pool).await?;
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT person, expires_at FROM enrolment_code WHERE council = $1 AND expires_at > $2 ORDER BY person COLLATE \"C\"",
    )
    .bind(council.as_str())
    .bind(signed(now.0))
    .fetch_all(session.connection())
    .await?;
    session.end();
    rows.into_iter().map(|row| live_code(row).ok_or(Failure::Corrupt)).collect()
}
