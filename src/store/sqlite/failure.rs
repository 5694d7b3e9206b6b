//! What SQLite's errors mean for the record.

use crate::ports::StoreError;
use crate::store::open::OpenError;
use std::path::Path;

/// Why a statement did not do what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// Locked, out of memory, out of connections: later it may go.
    Unavailable,
    /// No room for another page. SQLite says so when a write came back short, which is before the last byte of a commit:
    /// on Unix nothing is written after it (its commits are not padded). So a full disk has surely not kept the batch.
    Full,
    /// The file is not a sound database, or its rows contradict its schema or each other.
    Corrupt,
    /// The disk did not read, write or sync as asked. What the system's cache shows from now on need not be on disk.
    Broken,
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        tracing::warn!(store = "sqlite", %error, "a statement failed");
        match error {
            sqlx::Error::Database(error) => {
                error.code().and_then(|code| code.parse().ok()).map_or(Self::Unavailable, Self::of_code)
            }
            sqlx::Error::WorkerCrashed | sqlx::Error::Io(_) => Self::Broken,
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) | sqlx::Error::RowNotFound => Self::Corrupt,
            _ => Self::Unavailable,
        }
    }
}

impl Failure {
    /// By SQLite's extended result code, whose low byte is the primary one (sqlite.org/rescode.html).
    fn of_code(code: u32) -> Self {
        const IOERR_NOMEM: u32 = 3082;
        const READONLY_DBMOVED: u32 = 1032;
        match (code, code & 0xff) {
            (IOERR_NOMEM, _) => Self::Unavailable,
            // SQLITE_IOERR; and the file was moved or deleted under us, so that what we write is lost with it.
            (_, 10) | (READONLY_DBMOVED, _) => Self::Broken,
            // SQLITE_FULL
            (_, 13) => Self::Full,
            // SQLITE_ERROR (no such table or column), SQLITE_CORRUPT, SQLITE_SCHEMA, SQLITE_CONSTRAINT, SQLITE_MISMATCH,
            // SQLITE_NOTADB
            (_, 1 | 11 | 17 | 19 | 20 | 26) => Self::Corrupt,
            _ => Self::Unavailable,
        }
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unavailable | Failure::Broken => Self::Unavailable,
            Failure::Full => Self::Full,
            Failure::Corrupt => Self::Corrupt,
        }
    }
}

/// Why the file could not be opened, for the console.
pub(super) fn opening(path: &Path, error: sqlx::Error) -> OpenError {
    let reason = error.to_string();
    match Failure::from(error) {
        Failure::Corrupt => OpenError::Corrupt { reason },
        _ => OpenError::NotWritable { path: path.to_owned(), reason },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_not_a_broken_one() {
        assert_eq!(Failure::of_code(13), Failure::Full);
    }

    #[test]
    fn every_failure_of_the_disk_is_final() {
        // read, short read, write, fsync, directory fsync, truncate, and the plain code
        for code in [266, 522, 778, 1034, 1290, 1546, 10] {
            assert_eq!(Failure::of_code(code), Failure::Broken, "{code}");
        }
        assert_eq!(Failure::of_code(1032), Failure::Broken, "the file was moved away");
        assert_eq!(Failure::of_code(3082), Failure::Unavailable, "out of memory passes");
    }

    #[test]
    fn a_lock_passes_and_damage_does_not() {
        for code in [5, 6, 7, 14, 261, 517] {
            assert_eq!(Failure::of_code(code), Failure::Unavailable, "{code}");
        }
        for code in [11, 267, 26, 1555, 275] {
            assert_eq!(Failure::of_code(code), Failure::Corrupt, "{code}");
        }
    }
}
