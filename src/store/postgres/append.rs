//! The one transaction that makes a record grow.

use super::connect::{Session, limited};
use super::failure::{self, Failure};
use super::{LEASE_MS, signed};
use crate::chamber::ids::CouncilId;
use crate::ports::{Append, AppendError};
use crate::projection::{Cell, Row, Value, Write};
use crate::store::rows::{cells, column_list, on_conflict, runs};
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, PgConnection, PgPool, Postgres};
use std::collections::BTreeMap;

pub(super) async fn append(pool: &PgPool, council: &CouncilId, epoch: u64, batch: &Append) -> Result<(), AppendError> {
    let mut commit_sent = false;
    match transact(pool, council, epoch, batch, &mut commit_sent).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(AppendError::Conflict),
        Err(failure) => Err(match failure::report(failure, "append") {
            _ if commit_sent => AppendError::Unknown,
            Failure::Unavailable => AppendError::Unavailable,
            Failure::Full => AppendError::Full,
            Failure::Corrupt => AppendError::Corrupt,
        }),
    }
}

/// False when the head was not where the batch begins, or not the writer's any more; nothing is written then.
async fn transact(
    pool: &PgPool,
    council: &CouncilId,
    epoch: u64,
    batch: &Append,
    commit_sent: &mut bool,
) -> Result<bool, Failure> {
    limited(async {
        let mut session = Session::begun(pool).await?;
        let connection = session.connection();
        let moved = grow(connection, council, epoch, batch).await?;
        if moved {
            for run in runs(&batch.rows) {
                write_run(connection, council, run).await?;
            }
            *commit_sent = true;
            sqlx::raw_sql("COMMIT").execute(connection).await?;
        } else {
            sqlx::raw_sql("ROLLBACK").execute(connection).await?;
        }
        session.end();
        Ok::<bool, Failure>(moved)
    })
    .await
}

/// Moves the head and writes what lies between its old and its new place, or does nothing and says false. One statement,
/// so that a batch costs as few journeys to the server as it can.
async fn grow(connection: &mut PgConnection, council: &CouncilId, epoch: u64, batch: &Append) -> Result<bool, Failure> {
    let done = sqlx::query(
        "WITH moved AS (
             UPDATE council_head
             SET size = $4, lease_until = (extract(epoch FROM clock_timestamp()) * 1000)::bigint + $5
             WHERE council = $1 AND epoch = $2 AND size = $3
             RETURNING council
         ), written AS (
             INSERT INTO entry (council, seq, line)
             SELECT moved.council, $3 + batch.place - 1, batch.line
             FROM moved, UNNEST($6::text[]) WITH ORDINALITY AS batch (line, place)
         )
         INSERT INTO checkpoint (council, size, note) SELECT moved.council, $4, $7 FROM moved",
    )
    .bind(council.as_str())
    .bind(signed(epoch))
    .bind(signed(batch.first_seq))
    .bind(signed(batch.checkpoint.size))
    .bind(LEASE_MS)
    .bind(&batch.lines)
    .bind(batch.checkpoint.note.as_str())
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes rows of one shape in one statement. All names in it are this program's own; values are bound, one array a column.
async fn write_run(connection: &mut PgConnection, council: &CouncilId, run: &[Row]) -> Result<(), Failure> {
    // One statement may touch a row only once. The last of several decides, since all set the same columns.
    let last: BTreeMap<Vec<&Value>, &Row> =
        run.iter().map(|row| (row.key.iter().map(|cell| &cell.value).collect(), row)).collect();
    let rows: Vec<&Row> = last.into_values().collect();
    let Some(first) = rows.first() else {
        return Ok(());
    };
    let mut query = sqlx::query(AssertSqlSafe(statement(first))).bind(council.as_str());
    for column in 0..cells(first).count() {
        let values: Vec<&Value> =
            rows.iter().filter_map(|row| cells(row).nth(column)).map(|cell| &cell.value).collect();
        query = bind_column(query, &values);
    }
    query.execute(connection).await?;
    Ok(())
}

fn statement(row: &Row) -> String {
    let table = row.table.name();
    let arrays: Vec<String> =
        (2..).zip(cells(row)).map(|(place, cell)| format!("${place}::{}[]", type_of(cell))).collect();
    let arrays = arrays.join(", ");
    match row.write {
        // A key of the council alone: one row, whose columns come in arrays all the same.
        Write::Put => format!(
            "INSERT INTO {table} ({}) SELECT $1, batch.* FROM UNNEST({arrays}) AS batch {}",
            column_list(row),
            on_conflict(row),
        ),
        Write::Change => {
            let names: Vec<&str> = cells(row).map(|cell| cell.column).collect();
            let set: Vec<String> = row.set.iter().map(|cell| format!("{0} = batch.{0}", cell.column)).collect();
            let key: String = row.key.iter().map(|cell| format!(" AND {table}.{0} = batch.{0}", cell.column)).collect();
            format!(
                "UPDATE {table} SET {} FROM UNNEST({arrays}) AS batch ({}) WHERE {table}.council = $1{key}",
                set.join(", "),
                names.join(", "),
            )
        }
    }
}

fn type_of(cell: &Cell) -> &'static str {
    match cell.value {
        Value::Text(_) => "text",
        Value::Int(_) => "bigint",
        Value::Flag(_) => "boolean",
    }
}

/// A column has one kind of value in all rows of a run (the type of the statement's array comes from the first).
fn bind_column<'q>(query: Query<'q, Postgres, PgArguments>, values: &[&Value]) -> Query<'q, Postgres, PgArguments> {
    match values.first() {
        Some(Value::Int(_)) => query.bind(
            values.iter().map(|value| if let Value::Int(number) = value { *number } else { None }).collect::<Vec<_>>(),
        ),
        Some(Value::Flag(_)) => {
            query.bind(values.iter().map(|value| matches!(value, Value::Flag(true))).collect::<Vec<_>>())
        }
        _ => query.bind(
            values
                .iter()
                .map(|value| if let Value::Text(text) = value { text.clone() } else { None })
                .collect::<Vec<_>>(),
        ),
    }
}
