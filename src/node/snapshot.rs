//! A council's snapshot: what its record came to at one size, in a file beside the instance's secret, so that a start need not read a
//! term's record. A cache of this node: nothing rests on it, and it is never trusted over the record
//! (docs/decisions/0020-a-snapshot-is-checked-against-the-record.md).

use super::secret::InstanceSecret;
use crate::chamber::ids::CouncilId;
use crate::sequencer::{BadSnapshot, Snapshot};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use subtle::ConstantTimeEq;

const FORMAT: &str = "dienhong snapshot 1";
/// Names the source of the fold (build.rs): another source may fold the same record to another state.
const FOLD: &str = env!("DIENHONG_FOLD");
const MAC: usize = 32;
/// One is written at a time in this process: it stands in memory whole, some 80 MB for a million entries.
static WRITING: Mutex<()> = Mutex::new(());

/// Where one council's snapshot lies.
#[derive(Clone)]
pub struct SnapshotFile {
    folder: PathBuf,
    council: CouncilId,
    secret: Arc<InstanceSecret>,
    /// One writes at a time.
    turn: Arc<Mutex<()>>,
}

/// A snapshot with what else a council's task needs of the record.
#[derive(Clone)]
pub struct Kept {
    pub snapshot: Snapshot,
    /// Something in the record lies behind closed doors.
    pub closed_doors: bool,
}

/// Why a snapshot is not used. None of these is a fault of the record.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    #[error("it cannot be read: {0}")]
    Read(#[from] io::Error),
    #[error("it has another format")]
    Format,
    #[error("it was written by a program that folds the record in another way")]
    Fold,
    #[error("it is another council's")]
    Council,
    #[error("this instance did not write it, or it was changed since")]
    Mac,
    #[error("{0}")]
    State(#[from] BadSnapshot),
}

impl SnapshotFile {
    pub fn new(folder: &Path, council: &CouncilId, secret: &Arc<InstanceSecret>) -> Self {
        Self { folder: folder.to_owned(), council: council.clone(), secret: secret.clone(), turn: Arc::default() }
    }

    /// Blocks. `None` where there is none.
    pub fn read(&self) -> Result<Option<Kept>, Unusable> {
        let bytes = match fs::read(self.path("snap")) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let (signed, mac) = bytes.split_last_chunk::<MAC>().ok_or(Unusable::Format)?;
        let (format, rest) = line(signed).ok_or(Unusable::Format)?;
        let (fold, rest) = line(rest).ok_or(Unusable::Format)?;
        let (council, rest) = line(rest).ok_or(Unusable::Format)?;
        let (closed_doors, state) = line(rest).ok_or(Unusable::Format)?;
        if format != FORMAT {
            return Err(Unusable::Format);
        }
        if fold != FOLD {
            return Err(Unusable::Fold);
        }
        if council != self.council.as_str() {
            return Err(Unusable::Council);
        }
        if !bool::from(self.secret.snapshot_mac(council, signed).ct_eq(mac)) {
            return Err(Unusable::Mac);
        }
        Ok(Some(Kept { snapshot: Snapshot::decode(state)?, closed_doors: closed_doors == "closed doors" }))
    }

    /// Blocks. Puts it in the place of the one before, which stays whole until the new one is on the disk.
    pub fn write(&self, kept: &Kept) -> io::Result<()> {
        let _alone = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
        let doors = if kept.closed_doors { "closed doors" } else { "open" };
        let mut bytes = format!("{FORMAT}\n{FOLD}\n{}\n{doors}\n", self.council).into_bytes();
        bytes.append(&mut kept.snapshot.encode()?);
        let mac = self.secret.snapshot_mac(self.council.as_str(), &bytes);
        let new = self.path("snap.new");
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
        file.write_all(&bytes)?;
        file.write_all(&mac)?;
        file.sync_all()?;
        fs::rename(&new, self.path("snap"))?;
        File::open(&self.folder)?.sync_all()
    }

    /// Blocks. It is not used again.
    pub fn delete(&self) -> io::Result<()> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        match fs::remove_file(self.path("snap")) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn path(&self, ending: &str) -> PathBuf {
        self.folder.join(format!("{}.{ending}", self.council))
    }
}

/// The first line and what comes after it.
fn line(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = bytes.iter().take(128).position(|byte| *byte == b'\n')?;
    let (line, rest) = bytes.split_at_checked(end)?;
    Some((std::str::from_utf8(line).ok()?, rest.get(1..)?))
}
