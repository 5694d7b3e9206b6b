//! The newest signed head this node has seen of each council, on its own disk beside the database. A store that comes back older or
//! with another history, such as a backup that somebody put in its place or a standby that was promoted too early, is found
//! before it is served (docs/decisions/0022-old-states-are-found-by-heads.md).

use super::waiting::stopped;
use crate::chamber::ids::CouncilId;
use crate::ledger::checkpoint::Checkpoint;
use crate::ledger::note::MAX_NOTE_LEN;
use crate::sequencer::Sequencer;
use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::spawn_blocking;

/// Between two writes to the disk. What a power cut loses of it is harmless: the members' tablets hold the heads of their receipts.
const EVERY: Duration = Duration::from_secs(5);

/// What the store has is not what it had. Nothing is served from it; a human must look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OldState {
    #[error(
        "the record ends at {entries} entries, but this node has seen {seen}: an older state of the store has come back"
    )]
    Behind { entries: u64, seen: u64 },
    #[error("the first {seen} entries are not those this node has seen: another history stands in the record's place")]
    Forked { seen: u64 },
}

impl OldState {
    pub fn code(self) -> &'static str {
        match self {
            Self::Behind { .. } => "record_behind",
            Self::Forked { .. } => "record_forked",
        }
    }
}

/// All councils' heads of one process.
#[derive(Default)]
pub struct Heads {
    /// `None`: they are only known as long as the process lives.
    folder: Option<PathBuf>,
    seen: Mutex<BTreeMap<CouncilId, Seen>>,
}

/// A checkpoint's note.
#[derive(Clone, PartialEq, Eq)]
struct Seen {
    note: String,
    is_written: bool,
}

impl Heads {
    pub fn new(folder: Option<PathBuf>) -> Self {
        Self { folder, seen: Mutex::default() }
    }

    /// The council's record stands there now.
    pub fn note(&self, council: &CouncilId, sequencer: &Sequencer) {
        let Some(note) = sequencer.checkpoint() else { return };
        let mut seen = self.lock();
        if seen.get(council).is_none_or(|seen| seen.note != note) {
            seen.insert(council.clone(), Seen { note: note.to_owned(), is_written: false });
        }
    }

    /// Whether a record as it was read holds everything that was ever seen of it. It is noted then.
    pub async fn check(&self, council: &CouncilId, sequencer: &Sequencer) -> Result<(), OldState> {
        let known = self.lock().get(council).map(|seen| seen.note.clone());
        let note = match known {
            Some(note) => Some(note),
            None => self.read(council).await,
        };
        if let Some(note) = note {
            match Checkpoint::open(&note, &sequencer.verifier()) {
                Ok(head) => compare(&head, sequencer)?,
                // Where it is deleted nothing is compared either: the members' heads remain.
                Err(error) => tracing::error!(%council, %error, "the head kept of this council is not one of its own"),
            }
        }
        self.note(council, sequencer);
        Ok(())
    }

    /// Writes what is new now and then, until told to stop; [`Self::write`] then writes the rest.
    pub async fn keep(&self, mut stop: watch::Receiver<bool>) {
        loop {
            tokio::select! {
                () = stopped(&mut stop) => return,
                () = tokio::time::sleep(EVERY) => self.write().await,
            }
        }
    }

    /// Writes what is new.
    pub async fn write(&self) {
        let Some(folder) = self.folder.clone() else { return };
        let is_new =
            |(council, seen): (&CouncilId, &Seen)| (!seen.is_written).then(|| (council.clone(), seen.note.clone()));
        let news: Vec<(CouncilId, String)> = self.lock().iter().filter_map(is_new).collect();
        if news.is_empty() {
            return;
        }
        let work = spawn_blocking(move || put(&folder, &news).map(|()| news));
        match work.await.unwrap_or_else(|error| Err(io::Error::other(error))) {
            Ok(written) => {
                let mut seen = self.lock();
                for (council, note) in written {
                    // It may have gone on meanwhile.
                    if let Some(seen) = seen.get_mut(&council).filter(|seen| seen.note == note) {
                        seen.is_written = true;
                    }
                }
            }
            // Tried again with the next.
            Err(error) => tracing::warn!(%error, "the councils' heads cannot be written beside the database"),
        }
    }

    async fn read(&self, council: &CouncilId) -> Option<String> {
        let (folder, of) = (self.folder.clone()?, council.clone());
        let reading = spawn_blocking(move || get(&folder, &of));
        reading.await.unwrap_or_else(|error| Err(io::Error::other(error))).unwrap_or_else(|error| {
            tracing::error!(%council, %error, "the head kept of this council cannot be read");
            None
        })
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<CouncilId, Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn compare(head: &Checkpoint, sequencer: &Sequencer) -> Result<(), OldState> {
    let (entries, seen) = (sequencer.size(), head.size);
    if entries < seen {
        return Err(OldState::Behind { entries, seen });
    }
    if sequencer.tree().root_at(seen) == Some(head.root) { Ok(()) } else { Err(OldState::Forked { seen }) }
}

/// Blocks. The checkpoint kept of a council; `None` where there is none.
pub fn get(folder: &Path, council: &CouncilId) -> io::Result<Option<String>> {
    let mut note = String::new();
    match File::open(path(folder, council)) {
        Ok(file) => file.take(MAX_NOTE_LEN as u64).read_to_string(&mut note).map(|_| Some(note)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Blocks. Puts checkpoints in the place of those before, which stay whole until the new ones are on the disk.
pub fn put(folder: &Path, heads: &[(CouncilId, String)]) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    for (council, note) in heads {
        let path = path(folder, council);
        let new = path.with_extension("new");
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
        file.write_all(note.as_bytes())?;
        file.sync_all()?;
        fs::rename(&new, &path)?;
    }
    File::open(folder)?.sync_all()
}

fn path(folder: &Path, council: &CouncilId) -> PathBuf {
    folder.join(format!("{council}.head"))
}
