//! What both databases need to write the projections' rows: many rows of one shape go out as one statement.

use crate::chamber::ids::{CouncilId, Millis, PersonId};
use crate::ports::{CodeRow, Head, Keyholder, Position, Restoration, StoredEntry};
use crate::projection::{Cell, Row};

/// Neighbouring rows of the same shape: same table, same way of writing, same columns. The order between runs is kept.
pub(super) fn runs(rows: &[Row]) -> impl Iterator<Item = &[Row]> {
    rows.chunk_by(same_shape)
}

/// The key's cells and then the ones to set.
pub(super) fn cells(row: &Row) -> impl Iterator<Item = &Cell> {
    row.key.iter().chain(&row.set)
}

/// `council, ballot, person, answer`: the columns a `Put` inserts, in the order of [`cells`].
pub(super) fn column_list(row: &Row) -> String {
    let columns: Vec<&str> = std::iter::once("council").chain(cells(row).map(|cell| cell.column)).collect();
    columns.join(", ")
}

/// `ON CONFLICT (…) DO UPDATE SET …`: a `Put` of a row that is there already sets its columns anew.
pub(super) fn on_conflict(row: &Row) -> String {
    let key: Vec<&str> = std::iter::once("council").chain(row.key.iter().map(|cell| cell.column)).collect();
    let set: Vec<String> = row.set.iter().map(|cell| format!("{0} = excluded.{0}", cell.column)).collect();
    format!("ON CONFLICT ({}) DO UPDATE SET {}", key.join(", "), set.join(", "))
}

/// Same table, same way of writing, same columns.
pub(super) fn same_shape(a: &Row, b: &Row) -> bool {
    a.table == b.table
        && a.write == b.write
        && a.key.len() == b.key.len()
        && a.set.len() == b.set.len()
        && cells(a).zip(cells(b)).all(|(a, b)| a.column == b.column)
}

/// `None` when a value cannot be right.
pub(super) fn position((council, epoch, size, holder, left): (String, i64, i64, String, i64)) -> Option<Position> {
    Some(Position {
        council: CouncilId::parse(council).ok()?,
        epoch: u64::try_from(epoch).ok()?,
        size: u64::try_from(size).ok()?,
        holder,
        lease_left_ms: u64::try_from(left).ok()?,
    })
}

/// A head as it stands in its row; `None` when it contradicts itself.
pub(super) fn head(epoch: i64, size: i64, checkpoint: Option<String>) -> Option<Head> {
    let head = Head { epoch: u64::try_from(epoch).ok()?, size: u64::try_from(size).ok()?, checkpoint };
    (head.checkpoint.is_some() == (head.size > 0)).then_some(head)
}

/// `None` when a value cannot be right.
pub(super) fn keyholder((name, vkey, named_at): (String, String, i64)) -> Option<Keyholder> {
    Some(Keyholder { name, vkey, named_at: Millis(u64::try_from(named_at).ok()?) })
}

/// Council, size, root, made at, restored at, approvals, reason.
pub(super) type RestorationRow = (String, i64, String, i64, i64, String, String);

/// `None` when a value cannot be right.
pub(super) fn restoration(row: RestorationRow) -> Option<Restoration> {
    let (council, size, root, made_at, restored_at, approvals, reason) = row;
    Some(Restoration {
        council: CouncilId::parse(council).ok()?,
        size: u64::try_from(size).ok()?,
        root,
        made_at: Millis(u64::try_from(made_at).ok()?),
        restored_at: Millis(u64::try_from(restored_at).ok()?),
        approvals,
        reason,
    })
}

/// A page of entries; `None` when one is missing or the numbers are not those asked for.
pub(super) fn entries(from_seq: u64, rows: Vec<(i64, String)>) -> Option<Vec<StoredEntry>> {
    rows.into_iter()
        .zip(from_seq..)
        .map(|((seq, line), expected)| {
            (u64::try_from(seq) == Ok(expected)).then_some(StoredEntry { seq: expected, line })
        })
        .collect()
}

/// A one-time code from its row (person, issued_by, expires_at); `None` when it cannot be one.
pub(super) fn code_row(
    council: &CouncilId,
    mac: &[u8; 32],
    (person, issued_by, expires_at): (String, String, i64),
) -> Option<CodeRow> {
    let (person, expires_at) = live_code((person, expires_at))?;
    Some(CodeRow { council: council.clone(), person, mac: *mac, issued_by, expires_at })
}

/// Who has a code, and until when; `None` when it cannot be so.
pub(super) fn live_code((person, expires_at): (String, i64)) -> Option<(PersonId, Millis)> {
    Some((PersonId::parse(person).ok()?, Millis(u64::try_from(expires_at).ok()?)))
}
