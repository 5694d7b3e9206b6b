//! One-time codes: beside the record, so each is a single statement.

use super::failure::Failure;
use super::{SqliteStore, signed};
use crate::chamber::ids::{CouncilId, Millis, PersonId};
use crate::ports::CodeRow;
use crate::store::rows::{code_row, live_code};

pub(super) async fn put(store: &SqliteStore, code: &CodeRow) -> Result<(), Failure> {
    let mut writer = store.writer().await?;
    sqlx::query(
        "INSERT INTO enrolment_code (council, person, mac, issued_by, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (council, person) DO UPDATE
         SET mac = excluded.mac, issued_by = excluded.issued_by, expires_at = excluded.expires_at",
    )
    .bind(code.council.as_str())
    .bind(code.person.as_str())
    .bind(code.mac.as_slice())
    .bind(code.issued_by.as_str())
    .bind(signed(code.expires_at.0))
    .execute(&mut writer.connection)
    .await?;
    writer.give_back();
    Ok(())
}

pub(super) async fn find(
    store: &SqliteStore,
    council: &CouncilId,
    mac: &[u8; 32],
    now: Millis,
) -> Result<Option<CodeRow>, Failure> {
    let found: Option<(String, String, i64)> = sqlx::query_as(
        "SELECT person, issued_by, expires_at FROM enrolment_code WHERE council = ?1 AND mac = ?2 AND expires_at > ?3",
    )
    .bind(council.as_str())
    .bind(mac.as_slice())
    .bind(signed(now.0))
    .fetch_optional(&store.readers)
    .await?;
    found.map(|found| code_row(council, mac, found).ok_or(Failure::Corrupt)).transpose()
}

pub(super) async fn spend(
    store: &SqliteStore,
    council: &CouncilId,
    mac: &[u8; 32],
    now: Millis,
) -> Result<Option<CodeRow>, Failure> {
    let mut writer = store.writer().await?;
    let spent: Option<(String, String, i64)> = sqlx::query_as(
        "DELETE FROM enrolment_code WHERE council = ?1 AND mac = ?2 AND expires_at > ?3
         RETURNING person, issued_by, expires_at",
    )
    .bind(council.as_str())
    .bind(mac.as_slice())
    .bind(signed(now.0))
    .fetch_all(&mut writer.connection)
    .await?
    .pop();
    writer.give_back();
    spent.map(|spent| code_row(council, mac, spent).ok_or(Failure::Corrupt)).transpose()
}

pub(super) async fn cancel(store: &SqliteStore, council: &CouncilId, person: &PersonId) -> Result<bool, Failure> {
    let mut writer = store.writer().await?;
    let gone = sqlx::query("DELETE FROM enrolment_code WHERE council = ?1 AND person = ?2")
        .bind(council.as_str())
        .bind(person.as_str())
        .execute(&mut writer.connection)
        .await?
        .rows_affected();
    writer.give_back();
    Ok(gone > 0)
}

pub(super) async fn live(
    store: &SqliteStore,
    council: &CouncilId,
    now: Millis,
) -> Result<Vec<(PersonId, Millis)>, Failure> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT person, expires_at FROM enrolment_code WHERE council = ?1 AND expires_at > ?2 ORDER BY person",
    )
    .bind(council.as_str())
    .bind(signed(now.0))
    .fetch_all(&store.readers)
    .await?;
    rows.into_iter().map(|row| live_code(row).ok_or(Failure::Corrupt)).collect()
}
