//! A hall served by this very process, for the demonstration and the replay.

use super::control::{self, Request, Response};
use super::{AppError, Server};
use crate::chamber::ids::CouncilId;
use crate::client::{ClientError, Endpoint, Host};
use crate::config::{Installing, Place, Serving};
use crate::node::{FoundError, NewCouncil, Platform};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A running server with one council to play in.
pub struct LocalHall {
    endpoint: Endpoint,
    platform: Arc<Platform>,
    council: CouncilId,
    stop: watch::Sender<bool>,
    running: JoinHandle<()>,
    /// Removed with everything in it when the hall is gone.
    scratch: Option<Scratch>,
}

#[derive(Debug, thiserror::Error)]
pub enum LocalError {
    #[error("{0}")]
    App(#[from] AppError),
    #[error("{0}")]
    Found(#[from] FoundError),
    #[error("{0}")]
    Client(#[from] ClientError),
    #[error("no folder for the hall can be made: {0}")]
    Scratch(std::io::Error),
}

impl LocalHall {
    /// Starts a server on `listen`. Without `data` everything is kept in a folder that is removed at the end, unless `store` says
    /// where the record goes.
    pub async fn start(
        data: Option<PathBuf>,
        store: Option<String>,
        listen: SocketAddr,
        council: NewCouncil,
    ) -> Result<Self, LocalError> {
        let (data, scratch) = match data {
            Some(data) => (data, None),
            None => {
                let scratch = Scratch::new().map_err(LocalError::Scratch)?;
                (scratch.0.clone(), Some(scratch))
            }
        };
        let place = Place { data, store };
        let serving = Serving {
            listen,
            tls_cert: None,
            tls_key: None,
            allow_origin: Vec::new(),
            host: Vec::new(),
            metrics_for_all: false,
            installing: Installing::default(),
        };
        let server = Server::bind(&place, &serving).await?;
        let platform = server.platform().clone();
        let id = council.id.clone();
        if platform.council(&id).is_none() {
            platform.found(council).await?;
        }
        // Browsers sign on localhost only, whatever loopback address is bound.
        let endpoint = Endpoint::new(&format!("http://localhost:{}", server.address().port()), id.as_str())?;
        let (stop, stopping) = watch::channel(false);
        let running = tokio::spawn(server.run(stopping));
        Ok(Self { endpoint, platform, council: id, stop, running, scratch })
    }

    pub fn platform(&self) -> &Arc<Platform> {
        &self.platform
    }

    /// Lets everything become durable and ends the server.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.running.await {
            tracing::error!(%error, "the server broke down");
        }
        drop(self.scratch);
    }

    async fn ask(&self, request: Request) -> Result<Response, ClientError> {
        control::carry_out(&self.platform, request).await.or_failed()
    }
}

impl Host for LocalHall {
    fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    async fn issue_code(&self, person: &str, life: Duration) -> Result<String, ClientError> {
        self.ask(control::enrolment(&self.council, person, life)).await?.into_code()
    }

    async fn import_roster(&self, csv: &str) -> Result<(), ClientError> {
        self.ask(control::roster(&self.council, csv)).await.map(drop)
    }
}

/// Any free port on this machine.
pub const ANY_PORT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// A folder of this process's own, only its user can enter.
pub struct Scratch(PathBuf);

impl Scratch {
    pub fn new() -> std::io::Result<Self> {
        use std::os::unix::fs::DirBuilderExt;
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(std::io::Error::other)?;
        let path = std::env::temp_dir().join(format!("dienhong-{:016x}", u64::from_be_bytes(random)));
        std::fs::DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Self(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(path = %self.0.display(), %error, "left behind");
        }
    }
}
