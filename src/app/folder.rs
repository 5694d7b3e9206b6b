//! The data folder: who may look into it, and who works on it.

use super::AppError;
use crate::config::Place;
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};

/// Makes the folder, for its user alone. One that is there already is left as its owner made it.
pub fn make(place: &Place) -> Result<(), AppError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&place.data)
        .map_err(|source| AppError::Folder { path: place.data.clone(), source })
}

/// The one process at work on a data folder, for as long as this lives; the kernel gives it back however the process ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Makes the folder where it is not there.
    pub fn take(place: &Place) -> Result<Self, AppError> {
        make(place)?;
        let path = place.lock_file();
        let wrong = |source| AppError::Folder { path: path.clone(), source };
        let file =
            OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path).map_err(wrong)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(AppError::InUse { path: place.data.clone() }),
            Err(TryLockError::Error(source)) => Err(wrong(source)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    fn mode(place: &Place) -> u32 {
        std::fs::metadata(&place.data).expect("the folder").permissions().mode() & 0o777
    }

    #[test]
    fn one_at_a_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place { data: folder.path().join("data"), store: None };
        let first = Lock::take(&place).expect("free");
        assert_eq!(mode(&place), 0o700);
        let error = Lock::take(&place).expect_err("taken");
        assert!(error.to_string().contains("another server runs on this data folder"), "{error}");
        drop(first);
        Lock::take(&place).expect("free again");
    }

    #[test]
    fn a_folder_that_was_there_keeps_its_rights() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place { data: folder.path().to_owned(), store: None };
        std::fs::set_permissions(folder.path(), Permissions::from_mode(0o750)).expect("set");
        make(&place).expect("made");
        assert_eq!(mode(&place), 0o750);
    }
}
