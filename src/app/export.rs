//! A council's whole record as one file, read from the store without disturbing whoever writes.

use crate::chamber::event::Event;
use crate::chamber::ids::CouncilId;
use crate::ledger::bundle::write_bundle;
use crate::ledger::entry::Entry;
use crate::ledger::note::VerifierKey;
use crate::ledger::text;
use crate::ports::{Store, StoreError};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::runtime::Handle;

/// Entries or checkpoints read at a time.
const PAGE: u32 = 1024;

#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("there is no council {0} in this store")]
    UnknownCouncil(CouncilId),
    #[error("entry 0 cannot be read; the store is damaged")]
    Founding,
    #[error("{path}: {source}")]
    File { path: PathBuf, source: io::Error },
}

/// What was written.
#[derive(Debug)]
pub struct Exported {
    pub entries: u64,
    pub vkey: String,
}

/// Writes the record as it stands at this moment. `progress` is told how many of how many entries are written. The file is
/// complete or not there: it is written beside its place and renamed at the end.
pub async fn export(
    store: Arc<dyn Store>,
    council: CouncilId,
    file: &Path,
    progress: impl FnMut(u64, u64) + Send + 'static,
) -> Result<Exported, ExportError> {
    let head = store.head(&council).await?.filter(|head| head.size > 0);
    let head = head.ok_or_else(|| ExportError::UnknownCouncil(council.clone()))?;
    let first = store.read(&council, 0, 1).await?.pop().ok_or(ExportError::Founding)?;
    let key = record_key(&first.line).ok_or(ExportError::Founding)?;
    let vkey = key.to_string();
    let path = file.to_path_buf();
    let handle = Handle::current();
    let task = tokio::task::spawn_blocking(move || {
        let part = path.with_extension("part");
        let wrong = |source| ExportError::File { path: path.clone(), source };
        let out = File::create(&part).map_err(wrong)?;
        let reading = Reading { store, council, handle, end: head.size };
        let entries = reading.entries(progress);
        let written = write_bundle(BufWriter::new(&out), &key, entries, reading.checkpoints());
        if let Err(source) = written.and_then(|()| out.sync_all()).and_then(|()| std::fs::rename(&part, &path)) {
            // What is half written is of no use to anybody; that it cannot be removed changes nothing.
            let _ = std::fs::remove_file(&part);
            return Err(wrong(source));
        }
        Ok(Exported { entries: head.size, vkey })
    });
    match task.await {
        Ok(outcome) => outcome,
        Err(error) => Err(ExportError::File { path: file.to_path_buf(), source: io::Error::other(error) }),
    }
}

/// The checkpoint key that entry 0 names.
pub(super) fn record_key(line: &str) -> Option<VerifierKey> {
    let Event::CouncilFounded { origin, checkpoint_key, .. } = Entry::decode(line).ok()?.event else { return None };
    VerifierKey::new(origin, &text::from_base64_exact::<32>(&checkpoint_key)?).ok()
}

/// Pages through the store from a thread that may wait.
struct Reading {
    store: Arc<dyn Store>,
    council: CouncilId,
    handle: Handle,
    end: u64,
}

impl Reading {
    fn entries(&self, mut progress: impl FnMut(u64, u64)) -> impl Iterator<Item = io::Result<String>> {
        let mut page = VecDeque::new();
        let mut next = 0;
        std::iter::from_fn(move || {
            if next == self.end {
                return None;
            }
            if page.is_empty() {
                progress(next, self.end);
                match self.handle.block_on(self.store.read(&self.council, next, PAGE)) {
                    Ok(entries) => page.extend(entries),
                    Err(error) => return Some(Err(io::Error::other(error))),
                }
            }
            let Some(entry) = page.pop_front() else {
                return Some(Err(io::Error::other("the store ends before its head says so")));
            };
            next += 1;
            Some(Ok(entry.line))
        })
    }

    fn checkpoints(&self) -> impl Iterator<Item = io::Result<(u64, String)>> {
        let mut page = VecDeque::new();
        let mut from = Some(0);
        std::iter::from_fn(move || {
            if page.is_empty() {
                match self.handle.block_on(self.store.checkpoints(&self.council, from?, PAGE)) {
                    Ok(checkpoints) => {
                        from = checkpoints.last().map(|last| last.size + 1);
                        page.extend(checkpoints);
                    }
                    Err(error) => {
                        from = None;
                        return Some(Err(io::Error::other(error)));
                    }
                }
            }
            // Those made since the export began belong to entries that are not in it.
            let checkpoint = page.pop_front().filter(|checkpoint| checkpoint.size <= self.end)?;
            Some(Ok((checkpoint.size, checkpoint.note)))
        })
    }
}
