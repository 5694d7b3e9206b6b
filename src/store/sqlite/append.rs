//! The one transaction that makes a record grow.

use super::failure::Failure;
use super::{LEASE_MS, SqliteStore, WRITE_LIMIT, signed};
use crate::chamber::ids::CouncilId;
use crate::ports::{Append, AppendError};
use crate::projection::{Cell, Row, Value, Write};
use crate::store::rows::{cells, column_list, on_conflict, runs};
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{AssertSqlSafe, Connection, Sqlite, SqliteConnection};
use tokio::time::timeout;

/// Rows of one statement. Few sizes, so that each statement is prepared once and then reused.
const CHUNKS: [usize; 3] = [64, 8, 1];

pub(super) async fn append(
    store: &SqliteStore,
    council: &CouncilId,
    epoch: u64,
    batch: &Append,
) -> Result<(), AppendError> {
    let mut commit_sent = false;
    let work = async {
        let mut writer = store.writer().await?;
        let moved = transact(&mut writer.connection, council, epoch, batch, &mut commit_sent).await?;
        writer.give_back();
        Ok(moved)
    };
    let failure = match timeout(WRITE_LIMIT, work).await {
        Ok(Ok(true)) => return Ok(()),
        Ok(Ok(false)) => return Err(AppendError::Conflict),
        Ok(Err(failure)) => failure,
        Err(_) => Failure::Unavailable,
    };
    Err(match store.report(failure, "append") {
        Failure::Full => AppendError::Full,
        _ if commit_sent => AppendError::Unknown,
        Failure::Corrupt => AppendError::Corrupt,
        Failure::Unavailable | Failure::Broken => AppendError::Unavailable,
    })
}

/// False when the head was not where the batch begins, or not the writer's any more; nothing is written then.
async fn transact(
    connection: &mut SqliteConnection,
    council: &CouncilId,
    epoch: u64,
    batch: &Append,
    commit_sent: &mut bool,
) -> Result<bool, Failure> {
    // Takes the write lock at once: a transaction that begins as a reader may fail half-way instead of waiting.
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let moved = sqlx::query(
        "UPDATE council_head SET size = ?4, lease_until = CAST(unixepoch('subsec') * 1000 AS INTEGER) + ?5
         WHERE council = ?1 AND epoch = ?2 AND size = ?3",
    )
    .bind(council.as_str())
    .bind(signed(epoch))
    .bind(signed(batch.first_seq))
    .bind(signed(batch.checkpoint.size))
    .bind(LEASE_MS)
    .execute(&mut *transaction)
    .await?
    .rows_affected();
    if moved != 1 {
        transaction.rollback().await?;
        return Ok(false);
    }
    insert_entries(&mut transaction, council, batch).await?;
    sqlx::query("INSERT INTO checkpoint (council, size, note) VALUES (?1, ?2, ?3)")
        .bind(council.as_str())
        .bind(signed(batch.checkpoint.size))
        .bind(batch.checkpoint.note.as_str())
        .execute(&mut *transaction)
        .await?;
    for run in runs(&batch.rows) {
        write_run(&mut transaction, council, run).await?;
    }
    *commit_sent = true;
    transaction.commit().await?;
    Ok(true)
}

async fn insert_entries(connection: &mut SqliteConnection, council: &CouncilId, batch: &Append) -> Result<(), Failure> {
    let mut seq = signed(batch.first_seq);
    for chunk in chunks(&batch.lines) {
        let sql = format!("INSERT INTO entry (council, seq, line) VALUES {}", placeholders(3, chunk.len()));
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for line in chunk {
            query = query.bind(council.as_str()).bind(seq).bind(line.as_str());
            seq = seq.saturating_add(1);
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

/// Writes rows of one shape. All names in the statements are this program's own; values are bound.
async fn write_run(connection: &mut SqliteConnection, council: &CouncilId, run: &[Row]) -> Result<(), Failure> {
    let Some(first) = run.first() else {
        return Ok(());
    };
    let table = first.table.name();
    match first.write {
        Write::Put => {
            let columns = column_list(first);
            let conflict = on_conflict(first);
            let width = 1 + cells(first).count();
            for chunk in chunks(run) {
                let values = placeholders(width, chunk.len());
                let sql = format!("INSERT INTO {table} ({columns}) VALUES {values} {conflict}");
                let mut query = sqlx::query(AssertSqlSafe(sql));
                for row in chunk {
                    query = cells(row).fold(query.bind(council.as_str()), bind);
                }
                query.execute(&mut *connection).await?;
            }
        }
        Write::Change => {
            let set: Vec<String> = first.set.iter().map(|cell| format!("{} = ?", cell.column)).collect();
            let key: String = first.key.iter().map(|cell| format!(" AND {} = ?", cell.column)).collect();
            let sql = format!("UPDATE {table} SET {} WHERE council = ?{key}", set.join(", "));
            for row in run {
                let query = row.set.iter().fold(sqlx::query(AssertSqlSafe(sql.as_str())), bind);
                let query = row.key.iter().fold(query.bind(council.as_str()), bind);
                query.execute(&mut *connection).await?;
            }
        }
    }
    Ok(())
}

fn bind<'q>(query: Query<'q, Sqlite, SqliteArguments>, cell: &'q Cell) -> Query<'q, Sqlite, SqliteArguments> {
    match &cell.value {
        Value::Text(text) => query.bind(text.as_deref()),
        Value::Int(number) => query.bind(*number),
        Value::Flag(flag) => query.bind(*flag),
    }
}

/// `(?, ?), (?, ?)` for two columns and two rows.
fn placeholders(columns: usize, rows: usize) -> String {
    let row = format!("({})", vec!["?"; columns].join(", "));
    vec![row.as_str(); rows].join(", ")
}

/// Cuts a list into pieces of the lengths in [`CHUNKS`], the longest first.
fn chunks<T>(mut rest: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let length = CHUNKS.into_iter().find(|length| *length <= rest.len())?;
        let (chunk, after) = rest.split_at_checked(length)?;
        rest = after;
        Some(chunk)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_keep_every_row_in_order() {
        let rows: Vec<u32> = (0..83).collect();
        let pieces: Vec<&[u32]> = chunks(&rows).collect();
        assert_eq!(pieces.iter().map(|piece| piece.len()).collect::<Vec<_>>(), [64, 8, 8, 1, 1, 1]);
        assert_eq!(pieces.concat(), rows);
        assert_eq!(chunks::<u32>(&[]).count(), 0);
    }

    #[test]
    fn one_group_of_placeholders_a_row() {
        assert_eq!(placeholders(2, 2), "(?, ?), (?, ?)");
    }
}
