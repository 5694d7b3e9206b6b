//! The database's file, before and beside SQLite.

use super::failure;
use crate::store::open::OpenError;
use sqlx::{Connection, SqliteConnection};
use std::fs;
use std::io::{self, Read, Seek, Write};
use std::path::Path;

/// Of the log at a time; it has 4 MiB as a rule.
const PIECE: usize = 1 << 20;

/// Says early and plainly what SQLite would say late and as a code.
pub(super) fn ensure_writable(path: &Path) -> std::io::Result<()> {
    if let Some(directory) = path.parent().filter(|directory| !directory.as_os_str().is_empty()) {
        fs::create_dir_all(directory)?;
    }
    let mut options = fs::OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// What was read from the log is on the disk afterwards, whatever became of the program before.
pub(super) async fn make_log_durable(writer: &mut SqliteConnection, path: &Path) -> Result<(), OpenError> {
    let failed = |reason: String| OpenError::NotWritable { path: path.to_owned(), reason };
    // Another program may have the file open: in here it writes nothing.
    let alone = writer.begin_with("BEGIN IMMEDIATE").await.map_err(|error| failure::opening(path, error))?;
    let database = path.to_owned();
    let written = tokio::task::spawn_blocking(move || write_log_again(&database)).await;
    written.map_err(|error| failed(error.to_string()))?.map_err(|error| failed(error.to_string()))?;
    alone.rollback().await.map_err(|error| failure::opening(path, error))
}

/// Writes the log (`-wal`) over with what can be read of it, and makes that durable. After a failed sync the system goes on
/// showing what never reached the disk, and calls the next sync good: the log must be read from the disk, not from a memory that
/// a power cut takes away. Nobody may write to the log meanwhile. The database itself needs none of this: as long as it was not
/// synced the log is not begun anew, and whoever opens it copies all of it once more.
fn write_log_again(database: &Path) -> io::Result<()> {
    let mut name = database.as_os_str().to_owned();
    name.push("-wal");
    let mut log = match fs::OpenOptions::new().read(true).write(true).open(name) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        opened => opened?,
    };
    let (mut piece, mut at) = (vec![0; PIECE], 0);
    loop {
        let read = log.read(&mut piece)?;
        if read == 0 {
            return log.sync_all();
        }
        log.seek(io::SeekFrom::Start(at))?;
        log.write_all(&piece[..read])?;
        at += read as u64;
    }
}

/// Device and number of a file; moved or deleted, the path names another or none.
pub(super) type FileIdentity = (u64, u64);

#[cfg(unix)]
pub(super) fn identity(path: &Path) -> Option<FileIdentity> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).ok().map(|metadata| (metadata.dev(), metadata.ino()))
}

/// Elsewhere an open file can be neither moved nor deleted.
#[cfg(not(unix))]
pub(super) fn identity(_: &Path) -> Option<FileIdentity> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_that_is_written_again_is_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let (database, log) = (folder.path().join("hall.db"), folder.path().join("hall.db-wal"));
        write_log_again(&database).expect("there need not be one");
        assert!(!log.exists());
        let bytes: Vec<u8> = (0..PIECE * 2 + 77).map(|n| (n * n / 7) as u8).collect();
        fs::write(&log, &bytes).unwrap();
        write_log_again(&database).unwrap();
        assert!(fs::read(&log).unwrap() == bytes);
    }
}
