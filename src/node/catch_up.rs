//! What the store has of a record beyond what is known here.

use crate::chamber::ids::CouncilId;
use crate::ports::{MAX_PAGE, Store, StoreError};
use crate::sequencer::{FollowError, LoadError, Sequencer};
use std::sync::Arc;

/// Checkpoints looked at for one piece: batches have at most a few hundred entries, so they end some 4,000 entries further on.
const CHECKPOINTS: u32 = 16;

/// Entries that end with a checkpoint.
pub struct Piece {
    pub first_seq: u64,
    pub lines: Vec<Arc<str>>,
    pub checkpoint: String,
    /// There was nothing after it when it was read.
    pub is_last: bool,
}

impl Piece {
    /// The record's size with it.
    pub fn end(&self) -> u64 {
        self.first_seq.saturating_add(self.lines.len() as u64)
    }
}

/// The next piece after `from` entries; `None`: there is nothing more.
pub async fn next(store: &dyn Store, council: &CouncilId, from: u64) -> Result<Option<Piece>, StoreError> {
    let checkpoints = store.checkpoints(council, from.saturating_add(1), CHECKPOINTS).await?;
    let fits = |size: u64| size.saturating_sub(from) <= u64::from(MAX_PAGE);
    // One batch alone may be larger than a page; then it is read in several.
    let last = checkpoints.iter().rev().find(|checkpoint| fits(checkpoint.size)).or(checkpoints.first());
    let Some(last) = last else { return Ok(None) };
    let mut lines: Vec<Arc<str>> = Vec::new();
    loop {
        let next = from.saturating_add(lines.len() as u64);
        let missing = last.size.saturating_sub(next);
        if missing == 0 {
            break;
        }
        let page = store.read(council, next, u32::try_from(missing).unwrap_or(MAX_PAGE).min(MAX_PAGE)).await?;
        // The transaction that wrote the checkpoint wrote them.
        if page.is_empty() {
            return Err(StoreError::Corrupt);
        }
        lines.extend(page.into_iter().map(|entry| Arc::from(entry.line)));
    }
    let is_newest = checkpoints.last().is_some_and(|newest| newest.size == last.size);
    let is_last = is_newest && checkpoints.len() < CHECKPOINTS as usize;
    Ok(Some(Piece { first_seq: from, lines, checkpoint: last.note.clone(), is_last }))
}

/// Why a record that was taken over is not led.
#[derive(Debug, thiserror::Error)]
pub enum CatchUpError {
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("{0}")]
    Follow(#[from] FollowError),
}

/// Takes in everything there is, and compares with the head. Right only while nobody writes: after the lease was taken over.
pub async fn to_the_end(
    store: &dyn Store,
    council: &CouncilId,
    sequencer: &mut Sequencer,
) -> Result<Vec<Arc<str>>, CatchUpError> {
    let mut all = Vec::new();
    while let Some(piece) = next(store, council, sequencer.size()).await? {
        sequencer.extend(piece.first_seq, &piece.lines, &piece.checkpoint)?;
        all.extend(piece.lines);
    }
    let head = store.head(council).await?.ok_or(StoreError::Corrupt)?;
    if head.size != sequencer.size() {
        return Err(FollowError::from(LoadError::Size { entries: sequencer.size(), size: head.size }).into());
    }
    if head.checkpoint.as_deref() != sequencer.checkpoint() {
        return Err(FollowError::from(LoadError::Checkpoint).into());
    }
    Ok(all)
}
