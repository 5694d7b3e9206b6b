//! A sealed batch as the store takes it.

use crate::ports::{Append, StoredCheckpoint};
use crate::projection;
use crate::sequencer::Batch;

pub fn append_of(batch: &Batch) -> Append {
    let rows = batch.events.iter().zip(batch.first_seq..);
    Append {
        first_seq: batch.first_seq,
        lines: batch.lines.iter().map(|line| line.to_string()).collect(),
        checkpoint: StoredCheckpoint { size: batch.size, note: batch.checkpoint.clone() },
        rows: rows.flat_map(|((at, event), seq)| projection::rows(*at, seq, event)).collect(),
    }
}
