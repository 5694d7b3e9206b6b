//! The one transaction that makes records grow.

use super::failure::Failure;
use super::group::Job;
use super::{LEASE_MS, signed};
use crate::projection::{Cell, Row, Value, Write};
use crate::store::rows::{cells, column_list, on_conflict, same_shape};
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{AssertSqlSafe, Connection, Sqlite, SqliteConnection};
use std::collections::BTreeSet;

/// Rows of one statement. Few sizes, so that each statement is prepared once and then reused.
const CHUNKS: [usize; 7] = [64, 32, 16, 8, 4, 2, 1];

/// Writes the batches whose head was where they begin and still the writer's; says of each whether it was so. Of the others nothing
/// is written. All of them are of different councils.
pub(super) async fn transact(
    connection: &mut SqliteConnection,
    jobs: &[Job],
    commit_sent: &mut bool,
) -> Result<Vec<bool>, Failure> {
    // Takes the write lock at once: a transaction that begins as a reader may fail half-way instead of waiting.
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let moved = move_heads(&mut transaction, jobs).await?;
    let moving: Vec<&Job> = jobs.iter().zip(&moved).filter(|(_, moved)| **moved).map(|(job, _)| job).collect();
    if moving.is_empty() {
        transaction.rollback().await?;
        return Ok(moved);
    }
    insert_entries(&mut transaction, &moving).await?;
    insert_checkpoints(&mut transaction, &moving).await?;
    let rows: Vec<Owned<'_>> = moving
        .iter()
        .flat_map(|job| job.batch.rows.iter().map(|row| Owned { council: job.council.as_str(), row }))
        .collect();
    for run in rows.chunk_by(|a, b| same_shape(a.row, b.row)) {
        write_run(&mut transaction, run).await?;
    }
    *commit_sent = true;
    transaction.commit().await?;
    Ok(moved)
}

/// The fence: moves each head that stands where its batch begins and is still the writer's, and says which did.
async fn move_heads(connection: &mut SqliteConnection, jobs: &[Job]) -> Result<Vec<bool>, Failure> {
    let mut moved = BTreeSet::new();
    for chunk in chunks(jobs) {
        let sql = format!(
            "WITH batch (council, epoch, before, after) AS (VALUES {})
             UPDATE council_head
             SET size = batch.after, lease_until = CAST(unixepoch('subsec') * 1000 AS INTEGER) + {LEASE_MS}
             FROM batch
             WHERE council_head.council = batch.council AND council_head.epoch = batch.epoch
             AND council_head.size = batch.before
             RETURNING council",
            placeholders(4, chunk.len())
        );
        let mut query = sqlx::query_scalar::<_, String>(AssertSqlSafe(sql));
        for Job { council, epoch, batch, .. } in chunk {
            query = query
                .bind(council.as_str())
                .bind(signed(*epoch))
                .bind(signed(batch.first_seq))
                .bind(signed(batch.checkpoint.size));
        }
        // All rows are fetched so that the statement runs to its end.
        moved.extend(query.fetch_all(&mut *connection).await?);
    }
    Ok(jobs.iter().map(|job| moved.contains(job.council.as_str())).collect())
}

async fn insert_entries(connection: &mut SqliteConnection, jobs: &[&Job]) -> Result<(), Failure> {
    let entries: Vec<(&str, i64, &str)> = jobs
        .iter()
        .flat_map(|job| {
            let lines = (job.batch.first_seq..).zip(&job.batch.lines);
            lines.map(|(seq, line)| (job.council.as_str(), signed(seq), line.as_str()))
        })
        .collect();
    for chunk in chunks(&entries) {
        let sql = format!("INSERT INTO entry (council, seq, line) VALUES {}", placeholders(3, chunk.len()));
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for (council, seq, line) in chunk {
            query = query.bind(*council).bind(*seq).bind(*line);
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

async fn insert_checkpoints(connection: &mut SqliteConnection, jobs: &[&Job]) -> Result<(), Failure> {
    for chunk in chunks(jobs) {
        let sql = format!("INSERT INTO checkpoint (council, size, note) VALUES {}", placeholders(3, chunk.len()));
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for job in chunk {
            let checkpoint = &job.batch.checkpoint;
            query = query.bind(job.council.as_str()).bind(signed(checkpoint.size)).bind(checkpoint.note.as_str());
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

/// A council's row of a projection.
#[derive(Clone, Copy)]
struct Owned<'a> {
    council: &'a str,
    row: &'a Row,
}

/// Writes rows of one shape. All names in the statements are this program's own; values are bound.
async fn write_run(connection: &mut SqliteConnection, run: &[Owned<'_>]) -> Result<(), Failure> {
    let Some(Owned { row: first, .. }) = run.first() else {
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
                for Owned { council, row } in chunk {
                    query = cells(row).fold(query.bind(*council), bind);
                }
                query.execute(&mut *connection).await?;
            }
        }
        Write::Change => {
            let set: Vec<String> = first.set.iter().map(|cell| format!("{} = ?", cell.column)).collect();
            let key: String = first.key.iter().map(|cell| format!(" AND {} = ?", cell.column)).collect();
            let sql = format!("UPDATE {table} SET {} WHERE council = ?{key}", set.join(", "));
            for Owned { council, row } in run {
                let query = row.set.iter().fold(sqlx::query(AssertSqlSafe(sql.as_str())), bind);
                let query = row.key.iter().fold(query.bind(*council), bind);
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
        assert_eq!(pieces.iter().map(|piece| piece.len()).collect::<Vec<_>>(), [64, 16, 2, 1]);
        assert_eq!(pieces.concat(), rows);
        assert_eq!(chunks::<u32>(&[]).count(), 0);
    }

    #[test]
    fn one_group_of_placeholders_a_row() {
        assert_eq!(placeholders(2, 2), "(?, ?), (?, ?)");
    }
}
