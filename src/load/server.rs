//! One server under test: this same program as a process of its own, with a data folder of its own.

use super::LoadError;
use super::child;
use super::line::Door;
use super::usage;
use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::process::Child;

/// Lines of its log shown when it does not start.
const LAST_LINES: usize = 5;

/// How servers are started.
#[derive(Debug, Clone)]
pub struct Setup {
    pub program: PathBuf,
    /// An empty folder for all of them.
    pub folder: PathBuf,
    pub store: Option<String>,
    /// Joins several to one hall.
    pub redis: Option<String>,
    pub nodes: u32,
    /// The only core they may use; the generator's own is chosen by whoever starts it.
    pub core: Option<u32>,
}

/// A running server; killed when this is dropped: its record is thrown away anyway.
pub struct Server {
    setup: Setup,
    data: PathBuf,
    door: Door,
    /// Where the other nodes reach it.
    node_port: Option<u16>,
    process: Mutex<Process>,
}

#[derive(Default)]
struct Process {
    child: Option<Child>,
    pid: u32,
    /// CPU seconds of those before it.
    before: f64,
}

impl Server {
    /// Starts `serve` on `data`, which is made where it is not there.
    ///
    /// # Errors
    /// `Start` with the last lines of its log.
    pub async fn start(setup: &Setup, data: &Path) -> Result<Self, LoadError> {
        std::fs::create_dir_all(data)?;
        let mut server = Self {
            setup: setup.clone(),
            data: data.to_owned(),
            door: Door::new(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))),
            node_port: setup.redis.is_some().then(child::free_port).transpose()?,
            process: Mutex::default(),
        };
        server.door = Door::new(server.run().await?);
        Ok(server)
    }

    /// Kills it and starts it on the same record and port.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn start_again(&self) -> Result<(), LoadError> {
        self.kill().await?;
        self.run().await.map(drop)
    }

    /// Ends it at once, as a power failure would.
    ///
    /// # Errors
    /// When the system does not let us.
    pub async fn kill(&self) -> Result<(), LoadError> {
        let child = {
            let mut process = self.lock();
            process.before += usage::cpu_seconds(process.pid).unwrap_or(0.0);
            process.child.take()
        };
        if let Some(mut child) = child {
            child.kill().await?;
        }
        Ok(())
    }

    async fn run(&self) -> Result<SocketAddr, LoadError> {
        let log = self.data.join("server.log");
        let mut command = child::command(&self.setup.program, self.setup.core);
        let address = self.door.address();
        command.arg("serve").arg("--data").arg(&self.data).arg("--listen").arg(address.to_string());
        if let (Some(redis), Some(port)) = (&self.setup.redis, self.node_port) {
            let node = format!("127.0.0.1:{port}");
            command.args(["--redis", redis, "--node-listen", &node, "--node-address", &node]);
        }
        if let Some(store) = &self.setup.store {
            // A password must not stand in the list of processes.
            command.env("DIENHONG_STORE", store);
        }
        let mut child = command.env("DIENHONG_LOG", "warn").stderr(File::create(&log)?).spawn()?;
        let address = child::told(&mut child, |line| line.split_once("http://")?.1.trim().parse().ok()).await;
        let (Some(address), Some(pid)) = (address, child.id()) else {
            return Err(LoadError::Start(last_lines(&log)));
        };
        let mut process = self.lock();
        (process.child, process.pid) = (Some(child), pid);
        Ok(address)
    }

    pub fn door(&self) -> &Door {
        &self.door
    }

    pub fn data(&self) -> &Path {
        &self.data
    }

    /// CPU seconds so far, of every process it has been.
    pub fn cpu_seconds(&self) -> Option<f64> {
        let process = self.lock();
        match process.child {
            Some(_) => Some(process.before + usage::cpu_seconds(process.pid)?),
            None => Some(process.before),
        }
    }

    /// Proportional set size; nothing while it does not run.
    pub fn pss_kib(&self) -> Option<u64> {
        usage::pss_kib(self.pid()?)
    }

    pub fn open_files(&self) -> Option<u64> {
        usage::open_files(self.pid()?)
    }

    pub fn is_running(&self) -> bool {
        self.pid().is_some()
    }

    fn pid(&self) -> Option<u32> {
        let process = self.lock();
        process.child.as_ref().map(|_| process.pid)
    }

    fn lock(&self) -> MutexGuard<'_, Process> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn last_lines(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LAST_LINES)..].join("\n")
}
