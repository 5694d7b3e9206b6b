//! Puts a backup into an empty store, once two people have approved it.

use super::approval::{NEEDED, count};
use super::file::BackupFile;
use super::{BackupError, Entry, wrong};
use crate::chamber::ids::{CouncilId, Millis};
use crate::config::Place;
use crate::ledger::bundle::{BundleError, Part, read_bundle};
use crate::ledger::entry::Entry as Line;
use crate::node::heads;
use crate::node::secret::InstanceSecret;
use crate::ports::{Append, Keyholder, Restoration, Store, StoredCheckpoint};
use crate::projection;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

/// As the lease row names whoever restores.
const HOLDER: &str = "restore";

/// What allows a restore.
#[derive(Debug, Clone)]
pub enum Leave {
    /// Signed notes of keyholders.
    Approvals(Vec<String>),
    /// Nobody was named who could approve; kept with the record, and told at every start.
    Unapproved { reason: String },
}

/// Checks everything first, then writes every record as it was written: the same entries, checkpoints and projections. The
/// caller holds the data folder's lock. A restore that breaks off leaves records that no server serves.
pub async fn restore(
    place: &Place,
    store: Arc<dyn Store>,
    file: &Path,
    leave: Leave,
) -> Result<Vec<Entry>, BackupError> {
    let (place, path) = (place.clone(), file.to_path_buf());
    let handle = Handle::current();
    if !store.councils().await?.is_empty() {
        return Err(BackupError::NotEmpty);
    }
    let work = spawn_blocking(move || {
        let backup = BackupFile::open(&path)?;
        let approvals = may_restore(&backup, &leave)?;
        let secret = secret(&place, &backup)?;
        backup.is_of(&secret)?;
        backup.check(Some(&secret))?;
        let restoring = Restoring { place: &place, store: store.as_ref(), backup: &backup, handle, approvals, leave };
        restoring.run()?;
        Ok(backup.manifest.councils)
    });
    work.await.unwrap_or(Err(BackupError::NotABackup("restoring it broke down")))
}

/// The notes to be kept with the record.
fn may_restore(backup: &BackupFile, leave: &Leave) -> Result<String, BackupError> {
    let can_be_approved = backup.manifest.keyholders.len() >= NEEDED;
    match leave {
        Leave::Approvals(_) if !can_be_approved => Err(BackupError::Nobody),
        Leave::Unapproved { .. } if can_be_approved => Err(BackupError::ApprovalNeeded),
        Leave::Unapproved { .. } => Ok(String::new()),
        Leave::Approvals(notes) => match count(&backup.manifest, notes) {
            given if given < NEEDED => Err(BackupError::Approvals { given }),
            _ => Ok(notes.concat()),
        },
    }
}

/// The folder's own, or the one in the backup where the folder has none yet.
fn secret(place: &Place, backup: &BackupFile) -> Result<InstanceSecret, BackupError> {
    if let Some(text) = &backup.secret {
        let path = place.secret_file();
        let new = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        match new {
            Ok(mut file) => file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(wrong(path))?,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(wrong(path)(error)),
        }
    }
    super::write::existing_secret(place)
}

struct Restoring<'a> {
    place: &'a Place,
    store: &'a dyn Store,
    backup: &'a BackupFile,
    handle: Handle,
    approvals: String,
    leave: Leave,
}

impl Restoring<'_> {
    fn run(&self) -> Result<(), BackupError> {
        for named in &self.backup.manifest.keyholders {
            let (name, vkey) = (named.name.clone(), named.vkey.clone());
            self.wait(self.store.put_keyholder(&Keyholder { name, vkey, named_at: Millis(named.named_at) }))?;
        }
        let mut heads = Vec::new();
        for (i, council) in self.backup.manifest.councils.iter().enumerate() {
            let id = CouncilId::parse(council.council.clone());
            let id = id.map_err(|_| BackupError::NotABackup("a council's id cannot be one"))?;
            self.remember(&id, council)?;
            let head = self.council(i, &id)?;
            heads.push((id, head));
        }
        self.wait(self.store.release(HOLDER))?;
        // What this node saw before is over: two people have said so.
        let folder = self.place.heads();
        heads::put(&folder, &heads).map_err(wrong(folder))
    }

    fn remember(&self, id: &CouncilId, council: &Entry) -> Result<(), BackupError> {
        // Of a restore that broke off before its first entry.
        if self.wait(self.store.restoration(id))?.is_some() {
            return Err(BackupError::NotEmpty);
        }
        let reason = match &self.leave {
            Leave::Unapproved { reason } => reason.clone(),
            Leave::Approvals(_) => String::new(),
        };
        let restoration = Restoration {
            council: id.clone(),
            size: council.size,
            root: council.root.clone(),
            made_at: Millis(self.backup.manifest.made_at),
            restored_at: self.wait(self.store.clock())?,
            approvals: self.approvals.clone(),
            reason,
        };
        self.wait(self.store.put_restoration(&restoration))
    }

    /// Writes one record, batch by batch as it was written, and says its head.
    fn council(&self, i: usize, id: &CouncilId) -> Result<String, BackupError> {
        let mut checkpoints = Vec::new();
        let found = |part: Part<'_>| {
            if let Part::Checkpoint { size, note } = part {
                checkpoints.push(StoredCheckpoint { size, note: note.to_owned() });
            }
            Ok::<(), BackupError>(())
        };
        read_bundle(self.backup.bundle(i)?, found)?;
        let head = checkpoints.last().map(|last| last.note.clone());
        let epoch = self.wait(self.store.acquire(id, HOLDER))?.epoch;
        let (mut ends, mut first_seq, mut lines) = (checkpoints.into_iter().peekable(), 0, Vec::new());
        read_bundle(self.backup.bundle(i)?, |part| {
            let Part::Entry(line) = part else { return Ok::<(), BackupError>(()) };
            lines.push(line.to_owned());
            let size = first_seq + lines.len() as u64;
            if let Some(checkpoint) = ends.next_if(|end| end.size == size) {
                let append = append(first_seq, std::mem::take(&mut lines), checkpoint)?;
                let written = self.handle.block_on(self.store.append(id, epoch, append));
                written.map_err(|source| BackupError::Append { council: id.clone(), source })?;
                first_seq = size;
            }
            Ok(())
        })?;
        head.ok_or(BackupError::NotABackup("a record in it has no head"))
    }

    fn wait<T>(&self, asked: impl Future<Output = Result<T, crate::ports::StoreError>>) -> Result<T, BackupError> {
        Ok(self.handle.block_on(asked)?)
    }
}

fn append(first_seq: u64, lines: Vec<String>, checkpoint: StoredCheckpoint) -> Result<Append, BackupError> {
    let mut rows = Vec::new();
    for (seq, line) in (first_seq..).zip(&lines) {
        let entry = Line::decode(line).map_err(|_| BackupError::NotABackup("an entry in it cannot be read"))?;
        rows.extend(projection::rows(entry.time, seq, &entry.event));
    }
    Ok(Append { first_seq, lines, checkpoint, rows })
}

impl From<BundleError> for BackupError {
    fn from(_: BundleError) -> Self {
        Self::NotABackup("a record in it cannot be read")
    }
}
