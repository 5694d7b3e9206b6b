//! The servers under test: one, or several that serve the same councils over one Postgres and one Redis.

use super::LoadError;
use super::line::Doors;
use super::server::{Server, Setup};
use super::usage::{Database, Spent};
use std::path::PathBuf;

/// What all nodes of one hall share (config::Place).
const INSTANCE_KEY: &str = "instance.key";

pub struct Nodes {
    servers: Vec<Server>,
    doors: Doors,
    database: Database,
    store: Option<String>,
}

impl Nodes {
    /// Starts them, the first alone: it makes the key that the others are given.
    ///
    /// # Errors
    /// `Start` with the last lines of the log of the one that does not.
    pub async fn start(setup: &Setup) -> Result<Self, LoadError> {
        let data = |n: u32| setup.folder.join(format!("node-{n}"));
        let mut servers = vec![Server::start(setup, &data(1)).await?];
        for n in 2..=setup.nodes {
            std::fs::create_dir_all(data(n))?;
            std::fs::copy(data(1).join(INSTANCE_KEY), data(n).join(INSTANCE_KEY))?;
            servers.push(Server::start(setup, &data(n)).await?);
        }
        let doors = Doors::of(servers.iter().map(|server| server.door().address()));
        let database = Database::of(setup.store.as_deref()).await;
        Ok(Self { servers, doors, database, store: setup.store.clone() })
    }

    pub fn count(&self) -> usize {
        self.servers.len()
    }

    /// Where councils are founded and people enrolled: so the one that leads them first.
    pub fn first(&self) -> Result<&Server, LoadError> {
        self.servers.first().ok_or(LoadError::Broken("no server"))
    }

    pub fn all(&self) -> &[Server] {
        &self.servers
    }

    /// Everybody's way in.
    pub fn doors(&self) -> &Doors {
        &self.doors
    }

    /// Where the first one's console is reached (config::Place).
    pub fn control_socket(&self) -> Result<PathBuf, LoadError> {
        Ok(self.first()?.data().join("control.sock"))
    }

    pub fn database(&self) -> &Database {
        &self.database
    }

    pub fn store(&self) -> Option<&str> {
        self.store.as_deref()
    }

    /// `sqlite` or `postgres`.
    pub fn store_kind(&self) -> &'static str {
        if self.store.as_deref().is_some_and(|url| url.starts_with("postgres")) { "postgres" } else { "sqlite" }
    }

    /// CPU time so far, of all nodes together.
    pub fn spent(&self) -> Spent {
        let server = self.servers.iter().map(Server::cpu_seconds).sum();
        Spent { server, database: self.database.cpu_seconds() }
    }

    /// Of those that run.
    pub fn pss_kib(&self) -> Option<u64> {
        self.servers.iter().filter(|server| server.is_running()).map(Server::pss_kib).sum()
    }

    pub fn open_files(&self) -> Option<u64> {
        self.servers.iter().filter(|server| server.is_running()).map(Server::open_files).sum()
    }

    /// Kills them all, so that none takes over from another, and starts them again on the same record and ports.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn start_again(&self) -> Result<(), LoadError> {
        for server in &self.servers {
            server.kill().await?;
        }
        for server in &self.servers {
            server.start_again().await?;
        }
        Ok(())
    }
}
