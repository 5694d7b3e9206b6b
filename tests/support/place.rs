//! A place where a store can live, to be opened and reopened, and looked into past the store.

use super::postgres;
use dienhong::ports::Store;
use dienhong::store;
use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, PgConnection, SqliteConnection};
use std::path::Path;
use std::str::FromStr;
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

    /// A database as a program that knew only the first migrations would have left it.
    pub async fn prepare_at(&self, version: i64) {
        let folder = match self {
            Self::Sqlite(_) => "migrations/sqlite",
            Self::Postgres(_) => "migrations/postgres",
        };
        let migrator = Migrator::new(Path::new(folder)).await.expect("the migrations are there");
        match self {
            Self::Sqlite(_) => {
                let file = SqliteConnectOptions::from_str(&self.url()).expect("an address").create_if_missing(true);
                let mut connection = SqliteConnection::connect_with(&file).await.expect("the file opens");
                migrator.run_to(version, &mut connection).await.expect("the migrations run");
            }
            Self::Postgres(url) => {
                let mut connection = PgConnection::connect(url).await.expect("the server lets us in");
                migrator.run_to(version, &mut connection).await.expect("the migrations run");
            }
        }
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
