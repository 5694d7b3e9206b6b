//! A place where a store can live, to be opened and reopened, and looked into past the store.

use super::postgres;
use dienhong::ports::Store;
use dienhong::store;
use sqlx::{Connection, PgConnection, SqliteConnection};
use std::sync::Arc;
use tempfile::TempDir;

pub enum Place {
    Sqlite(TempDir),
    Postgres(String),
}

impl Place {
    pub fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().expect("a temporary directory"))
    }

    /// `None` when Postgres is left out.
    pub async fn postgres() -> Option<Self> {
        postgres::fresh_database().await.map(Self::Postgres)
    }

    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(directory) => {
                format!("sqlite:{}", directory.path().join("hall.db").display())
            }
            Self::Postgres(url) => url.clone(),
        }
    }

    pub async fn open(&self) -> Arc<dyn Store> {
        store::open(&self.url()).await.expect("the store opens")
    }

    /// The first column of a query, as text.
    pub async fn look(&self, sql: &'static str) -> Vec<String> {
        match self {
            Self::Sqlite(_) => {
                let mut connection = SqliteConnection::connect(&self.url()).await.expect("the file opens");
                sqlx::query_scalar(sql).fetch_all(&mut connection).await.expect("the query runs")
            }
            Self::Postgres(url) => {
                let mut connection = PgConnection::connect(url).await.expect("the server lets us in");
                sqlx::query_scalar(sql).fetch_all(&mut connection).await.expect("the query runs")
            }
        }
    }

    /// Runs a statement past the store, or says what the database answered.
    pub async fn meddle(&self, sql: &'static str) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(_) => {
                let mut connection = SqliteConnection::connect(&self.url()).await?;
                sqlx::raw_sql(sql).execute(&mut connection).await.map(drop)
            }
            Self::Postgres(url) => {
                let mut connection = PgConnection::connect(url).await?;
                sqlx::raw_sql(sql).execute(&mut connection).await.map(drop)
            }
        }
    }
}
