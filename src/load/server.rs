//! The server under test: this same program as a process of its own, on a free port, with a data folder of its own.

use super::LoadError;
use super::line::Door;
use super::usage::{self, Database, Spent};
use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// A start with migrations on a slow disk.
const START_LIMIT: Duration = Duration::from_secs(60);
/// Lines of its log shown when it does not start.
const LAST_LINES: usize = 5;

/// A running server; killed when this is dropped: its record is thrown away anyway.
pub struct Server {
    pid: u32,
    door: Door,
    store: Option<String>,
    database: Database,
    control: PathBuf,
    _process: Child,
}

impl Server {
    /// Starts `program serve` on `data`, an empty folder of its own.
    ///
    /// # Errors
    /// `Start` with the last lines of its log.
    pub async fn start(program: &Path, data: &Path, store: Option<&str>) -> Result<Self, LoadError> {
        let log = data.join("server.log");
        let mut command = Command::new(program);
        command.arg("serve").arg("--data").arg(data).args(["--listen", "127.0.0.1:0"]);
        // Settings of the hall that runs on this machine must not reach the one under test.
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_some_and(|name| name.starts_with("DIENHONG_")) {
                command.env_remove(name);
            }
        }
        if let Some(store) = store {
            // A password must not stand in the list of processes.
            command.env("DIENHONG_STORE", store);
        }
        command.env("DIENHONG_LOG", "warn").stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut process = command.stderr(File::create(&log)?).spawn()?;
        let started = async {
            let mut lines = BufReader::new(process.stdout.take()?).lines();
            let mut address = None;
            while let (None, Some(line)) = (address, lines.next_line().await.ok()?) {
                address = line.split_once("http://").and_then(|(_, address)| address.trim().parse::<SocketAddr>().ok());
            }
            // Whatever else it says is taken from it, so that it never waits for a reader.
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            address
        };
        let address = timeout(START_LIMIT, started).await.ok().flatten();
        let (Some(address), Some(pid)) = (address, process.id()) else {
            return Err(LoadError::Start(last_lines(&log)));
        };
        Ok(Self {
            pid,
            door: Door::new(address),
            store: store.map(str::to_owned),
            database: Database::of(store).await,
            control: data.join("control.sock"),
            _process: process,
        })
    }

    pub fn door(&self) -> &Door {
        &self.door
    }

    /// Where its console is reached.
    pub fn control_socket(&self) -> &Path {
        &self.control
    }

    pub fn database(&self) -> &Database {
        &self.database
    }

    /// `sqlite` or `postgres`.
    pub fn store_kind(&self) -> &'static str {
        if self.store.as_deref().is_some_and(|url| url.starts_with("postgres")) { "postgres" } else { "sqlite" }
    }

    /// CPU time so far.
    pub fn spent(&self) -> Spent {
        Spent { server: usage::cpu_seconds(self.pid), database: self.database.cpu_seconds() }
    }

    pub fn pss_kib(&self) -> Option<u64> {
        usage::pss_kib(self.pid)
    }
}

fn last_lines(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LAST_LINES)..].join("\n")
}
