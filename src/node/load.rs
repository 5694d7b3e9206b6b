//! Reads a council's record back: at start, and after every failure, by this one path.

use super::closed_doors;
use super::secret::InstanceSecret;
use crate::chamber::event::Event;
use crate::chamber::ids::CouncilId;
use crate::ledger::entry::Entry;
use crate::ledger::text;
use crate::ports::{Store, StoreError};
use crate::sequencer::{LoadError, Sequencer};
use std::sync::Arc;

/// Entries read at a time, some 600 KiB.
const PAGE: u32 = 1024;

pub struct Loaded {
    pub sequencer: Sequencer,
    /// With which it may be written; `None` where it was only read.
    pub epoch: Option<u64>,
    /// Something in the record lies behind closed doors.
    pub closed_doors: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum LoadFailure {
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The record contradicts itself. Nothing is served from it; a human must look.
    #[error("the stored record does not hold together: {0}")]
    Record(#[from] LoadError),
    #[error("entry 0 does not found a council")]
    NotFounded,
    #[error("the checkpoint key in entry 0 is not this instance's: is it the right instance.key?")]
    ForeignKey,
    #[error("reading the record broke down")]
    Broken,
    #[error("the system gives no random bytes")]
    NoRandomness,
}

impl LoadFailure {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            Self::Record(_) => "record_damaged",
            Self::NotFounded => "not_founded",
            Self::ForeignKey => "foreign_key",
            Self::Broken => "load_broken",
            Self::NoRandomness => "no_randomness",
        }
    }
}

/// Folds a council's whole record, checking it against its signed head. `writer`: becomes the council's writer before, under that
/// name.
pub async fn load(
    store: &dyn Store,
    secret: &InstanceSecret,
    council: &CouncilId,
    writer: Option<&str>,
) -> Result<Loaded, LoadFailure> {
    // Looked at before the pen is taken: whoever has another instance's key must not stop the one that writes.
    let first = store.read(council, 0, 1).await?.pop().ok_or(LoadFailure::NotFounded)?;
    let founding = Entry::decode(&first.line).map_err(|source| LoadError::Entry { seq: 0, source })?;
    let Event::CouncilFounded { origin, checkpoint_key, .. } = founding.event else {
        return Err(LoadFailure::NotFounded);
    };
    let signer = secret.checkpoint_signer(&origin).map_err(|_| LoadFailure::ForeignKey)?;
    if text::base64(&signer.public()) != checkpoint_key {
        return Err(LoadFailure::ForeignKey);
    }
    // After this no older writer's commit can still arrive, so what is read is what is there.
    let epoch = match writer {
        Some(holder) => Some(store.acquire(council, holder).await?.epoch),
        None => None,
    };
    // Without the pen, what is written meanwhile comes later, by following.
    let seen = match epoch {
        Some(_) => None,
        None => store.head(council).await?,
    };
    let end = seen.as_ref().map_or(u64::MAX, |head| head.size);
    let mut page = store.read(council, 0, PAGE).await?;
    let mut sequencer = Sequencer::new(origin, Arc::new(signer));
    let mut closed_doors = false;
    loop {
        let mut next = 0;
        for entry in page.iter().filter(|entry| entry.seq < end) {
            closed_doors = closed_doors || closed_doors::speaks_of_them(&entry.line);
            sequencer.load(&entry.line)?;
            next = entry.seq + 1;
        }
        if page.len() < PAGE as usize || next >= end {
            break;
        }
        page = store.read(council, next, PAGE).await?;
    }
    let head = match seen {
        Some(head) => Some(head),
        None => store.head(council).await?,
    };
    sequencer.loaded(head.and_then(|head| head.checkpoint))?;
    Ok(Loaded { sequencer, epoch, closed_doors })
}
