//! Backups: everything a new machine needs in one file (docs/backup.md). A plain tar of a manifest, the exported record of every
//! council, and the instance secret where it was asked for.

pub mod approval;
pub mod file;
pub mod restore;
pub mod write;

use crate::chamber::ids::CouncilId;
use crate::ports::{Keyholder, StoreError};
use serde::{Deserialize, Serialize};
use std::io;
use std::path::PathBuf;

/// In front of every manifest; another format gets another number.
const FORMAT: &str = "dienhong backup 1";
const MANIFEST: &str = "manifest.json";
const SECRET: &str = "instance.key";
/// A platform of 1,000 councils has some 300 KiB.
const MAX_MANIFEST: u64 = 4 << 20;

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    format: String,
    /// Milliseconds since 1970 UTC, by the clock of the machine that wrote it.
    pub made_at: u64,
    pub councils: Vec<Entry>,
    /// Whose approval a restore needs.
    pub keyholders: Vec<Named>,
    /// The instance secret is in the file as well.
    pub with_secret: bool,
}

/// One council's record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub council: String,
    pub origin: String,
    /// Number of entries.
    pub size: u64,
    /// Over all of them, in base64.
    pub root: String,
    /// Length of the exported record.
    pub bytes: u64,
}

impl Entry {
    fn path(&self) -> String {
        format!("councils/{}.tar", self.council)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    pub name: String,
    pub vkey: String,
    pub named_at: u64,
}

impl From<Keyholder> for Named {
    fn from(Keyholder { name, vkey, named_at }: Keyholder) -> Self {
        Self { name, vkey, named_at: named_at.0 }
    }
}

/// Why nothing was written or restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("{0}")]
    Secret(#[from] crate::node::secret::SecretError),
    #[error("there is no instance secret at {0}: without it no council of this backup can be served")]
    NoSecret(PathBuf),
    #[error("{0}")]
    Export(#[from] super::export::ExportError),
    #[error("{path}: {source}")]
    File { path: PathBuf, source: io::Error },
    #[error("the store has no council to back up")]
    Empty,
    #[error(
        "the record of {council} is damaged: {finding} `dienhong export` and then `dienhong verify` name all of it"
    )]
    Damaged { council: CouncilId, finding: String },
    #[error("this is not a backup, or it is damaged: {0}")]
    NotABackup(&'static str),
    #[error("the backup was not written by the instance with this secret, or it was changed since")]
    Foreign,
    #[error("the store is not empty: a backup is never restored over a record")]
    NotEmpty,
    #[error("{given} of 2 approvals: a restore needs the signatures of two different keyholders")]
    Approvals { given: usize },
    #[error(
        "this backup names fewer than two keyholders, so nobody can approve it; to restore it all the same say why with --unapproved"
    )]
    Nobody,
    #[error("this backup names its keyholders: it is restored with two approvals, and not without")]
    ApprovalNeeded,
    #[error("the record of {council} could not be written: {source}")]
    Append { council: CouncilId, source: crate::ports::AppendError },
}

impl BackupError {
    /// The stable code for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            Self::Secret(_) | Self::NoSecret(_) => "backup_secret",
            Self::Export(_) | Self::File { .. } => "backup_file",
            Self::Empty => "backup_empty",
            Self::Damaged { .. } => "record_damaged",
            Self::NotABackup(_) => "not_a_backup",
            Self::Foreign => "backup_foreign",
            Self::NotEmpty => "store_not_empty",
            Self::Approvals { .. } | Self::ApprovalNeeded => "approvals_missing",
            Self::Nobody => "no_keyholders",
            Self::Append { source, .. } => source.code(),
        }
    }
}

fn wrong(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.into();
    move |source| BackupError::File { path, source }
}
