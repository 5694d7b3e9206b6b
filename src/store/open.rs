//! From an address to a store that is ready: reached, of the right schema, and safe to write to.

use super::postgres::PostgresStore;
use super::sqlite::SqliteStore;
use crate::ports::Store;
use sqlx::migrate::MigrateError;
use std::path::PathBuf;
use std::sync::Arc;

/// Opens `sqlite:PATH` (created when missing) or `postgres://…` (the database must be there), bringing the schema up to this
/// program's.
pub async fn open(url: &str) -> Result<Arc<dyn Store>, OpenError> {
    if let Some(path) = url.strip_prefix("sqlite:") {
        let path = path.strip_prefix("//").unwrap_or(path);
        if path.is_empty() || path.contains(['?', '\0']) {
            return Err(OpenError::BadUrl);
        }
        return Ok(Arc::new(SqliteStore::open(path).await?));
    }
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok(Arc::new(PostgresStore::open(url).await?));
    }
    Err(OpenError::BadUrl)
}

/// Why a store could not be opened, in words for the console. Never holds a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    #[error("the store's address must be sqlite:PATH or postgres://USER@HOST/DATABASE")]
    BadUrl,
    #[error("cannot write to {}: {reason}", path.display())]
    NotWritable { path: PathBuf, reason: String },
    #[error("the database at {host} cannot be reached: {reason}")]
    Unreachable { host: String, reason: String },
    #[error("the database at {host} does not let the user {user} in: {reason}")]
    AuthenticationFailed { host: String, user: String, reason: String },
    #[error("there is no database {name} at {host}; create it with: createdb {name}")]
    NoSuchDatabase { host: String, name: String },
    #[error("the database at {host} is a standby that only follows another; give the address of the primary")]
    NotPrimary { host: String },
    #[error("the store's schema (version {version}) is newer than this program; run the newer program")]
    SchemaTooNew { version: i64 },
    #[error("the store's schema version {version} is not the one this program knows by that number")]
    SchemaDiffers { version: i64 },
    #[error("the store is damaged or is not a store: {reason}")]
    Corrupt { reason: String },
    #[error("the store could not be prepared: {reason}")]
    Failed { reason: String },
}

impl OpenError {
    /// The stable code for logs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadUrl => "store_bad_url",
            Self::NotWritable { .. } => "store_not_writable",
            Self::Unreachable { .. } => "store_unreachable",
            Self::AuthenticationFailed { .. } => "store_authentication_failed",
            Self::NoSuchDatabase { .. } => "store_no_such_database",
            Self::NotPrimary { .. } => "store_not_primary",
            Self::SchemaTooNew { .. } => "store_schema_too_new",
            Self::SchemaDiffers { .. } => "store_schema_differs",
            Self::Corrupt { .. } => "store_corrupt",
            Self::Failed { .. } => "store_failed",
        }
    }
}

/// Migrations only ever go forward: one that was applied and is unknown here came from a newer program.
pub(super) fn migration_failed(error: MigrateError) -> OpenError {
    match error {
        MigrateError::VersionMissing(version) => OpenError::SchemaTooNew { version },
        MigrateError::VersionMismatch(version) => OpenError::SchemaDiffers { version },
        other => OpenError::Failed { reason: other.to_string() },
    }
}
