//! Floor 6. Puts the parts together: a data folder, a store, a platform, and the server over them.

pub mod backup;
pub mod control;
pub mod doctor;
pub mod export;
pub mod folder;
pub mod install;
pub mod local;
mod nodes;

use crate::authority::AuthorityError;
use crate::config::{Nodes, Place, Serving};
use crate::http::councils;
use crate::http::listener::{Bound, ListenError, ListenerConfig};
use crate::http::metrics::Metrics;
use crate::http::origin::{BadHost, BadOrigin, OriginPolicy};
use crate::http::tls::{Certificate, TlsError, TlsFiles};
use crate::node::secret::{InstanceSecret, SecretError};
use crate::node::{OpenError, Platform};
use crate::ports::Store;
use crate::store;
use folder::Lock;
use install::Install;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::watch;

#[derive(Debug, thiserror::Error)]
pub enum AppError {
    #[error("cannot make or lock {path}: {source}")]
    Folder { path: PathBuf, source: io::Error },
    #[error("another server runs on this data folder, or a command is at work on it: {path}")]
    InUse { path: PathBuf },
    #[error("{0}")]
    Secret(#[from] SecretError),
    #[error("{0}")]
    Store(#[from] store::OpenError),
    #[error("{0}")]
    Open(#[from] OpenError),
    #[error("{0}")]
    Listen(#[from] ListenError),
    #[error("{0}")]
    Tls(#[from] TlsError),
    #[error("{0}")]
    Authority(#[from] AuthorityError),
    #[error("{0}")]
    Origin(#[from] BadOrigin),
    #[error("{0}")]
    Host(#[from] BadHost),
    #[error("{0}")]
    Nodes(#[from] nodes::NodesError),
    #[error("metrics cannot be set up: {0}")]
    Metrics(#[from] metrics_exporter_prometheus::BuildError),
    #[error("cannot open the control socket {path}: {source}")]
    Control { path: PathBuf, source: io::Error },
}

/// Opens the instance in this process: it becomes the writer of every council it holds. Nobody else may work on the data folder
/// as long as the lock lives.
pub async fn open(place: &Place) -> Result<(Arc<Platform>, Lock), AppError> {
    let lock = Lock::take(place)?;
    let store = open_store(place).await?;
    Ok((open_platform(place, store).await?, lock))
}

/// Opens only the store, to read from it.
pub async fn open_store(place: &Place) -> Result<Arc<dyn Store>, AppError> {
    folder::make(place)?;
    Ok(store::open(&place.store_url()).await?)
}

/// A server that is bound and ready to run.
pub struct Server {
    bound: Bound,
    platform: Arc<Platform>,
    router: axum::Router,
    control: control::Listening,
    metrics: Metrics,
    certificate: Option<Arc<Certificate>>,
    install: Option<Install>,
    lock: Lock,
}

impl Server {
    /// Takes the port and the data folder first: one that is in use is told before the store is touched. Opening the store
    /// makes this process the writer of every council, which must not happen to one that is being served already.
    pub async fn bind(place: &Place, serving: &Serving) -> Result<Self, AppError> {
        Self::bind_among(place, serving, &Nodes::default()).await
    }

    /// As [`Server::bind`], beside other nodes where there are any: then it leads only councils that none of them leads.
    pub async fn bind_among(place: &Place, serving: &Serving, nodes: &Nodes) -> Result<Self, AppError> {
        nodes::check(place, nodes)?;
        let door = Door::open(place, serving).await?;
        let store = open_store(place).await?;
        door.lead_to(place, serving, nodes, store).await
    }

    /// As [`Server::bind`], over a store that is open already.
    pub async fn bind_over(place: &Place, serving: &Serving, store: Arc<dyn Store>) -> Result<Self, AppError> {
        Door::open(place, serving).await?.lead_to(place, serving, &Nodes::default(), store).await
    }

    pub fn address(&self) -> SocketAddr {
        self.bound.address()
    }

    pub fn platform(&self) -> &Arc<Platform> {
        &self.platform
    }

    /// What tablets take on to trust this server, where it has an authority of its own.
    pub fn install(&self) -> Option<&Install> {
        self.install.as_ref()
    }

    /// Serves until `stop` turns true, then lets connections drain and the record become durable.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let _lock = self.lock;
        let renewing = self.certificate.map(|certificate| tokio::spawn(certificate.keep_renewed()));
        let control = tokio::spawn(control::serve(self.control, self.platform.clone()));
        let (drain, draining) = watch::channel(false);
        let upkeep = tokio::spawn(self.metrics.upkeep());
        let installing = self.install.map(|install| tokio::spawn(install.serve(draining.clone())));
        let serving = tokio::spawn(self.bound.serve(self.router, draining));
        // A dropped sender means that nobody can ask for a stop any more, which is a stop as well.
        let _ = stop.wait_for(|stop| *stop).await;
        tracing::info!("stopping: no new connections, what is under way is finished");
        control.abort();
        // Until it is gone the socket is there. It ends in no other way than by the abort.
        let _ = control.await;
        drain.send_replace(true);
        self.platform.stop().await;
        match serving.await {
            Ok(drained) if drained.left > 0 => tracing::warn!(connections = drained.left, "cut off"),
            Ok(_) => {}
            Err(error) => tracing::error!(%error, "the listener broke down"),
        }
        if let Some(installing) = installing {
            // Ends as the other does; what is cut off there can be asked for again.
            let _ = installing.await;
        }
        upkeep.abort();
        if let Some(renewing) = renewing {
            renewing.abort();
        }
    }
}

/// What a server is reached by: taken, but not answering yet.
struct Door {
    bound: Bound,
    control: control::Listening,
    origins: OriginPolicy,
    metrics: Metrics,
    certificate: Option<Arc<Certificate>>,
    install: Option<Install>,
    lock: Lock,
}

impl Door {
    async fn open(place: &Place, serving: &Serving) -> Result<Self, AppError> {
        let tls = match (&serving.tls_cert, &serving.tls_key) {
            (Some(cert), Some(key)) => Some(TlsFiles { cert: cert.clone(), key: key.clone() }.load()?),
            _ => None,
        };
        let (tls, certificate) = tls.map(|tls| (tls.config, tls.certificate)).unzip();
        let origins =
            OriginPolicy::new(&serving.allow_origin)?.answering_to(&serving.host)?.certified_by(certificate.clone());
        let metrics = Metrics::install()?;
        let bound = Bound::bind(serving.listen, ListenerConfig::default(), tls).await?;
        let install = Install::open(&serving.installing, bound.address()).await?;
        let lock = Lock::take(place)?;
        let control = control::listen(&place.control_socket())
            .map_err(|source| AppError::Control { path: place.control_socket(), source })?;
        Ok(Self { bound, control, origins, metrics, certificate, install, lock })
    }

    async fn lead_to(
        self,
        place: &Place,
        serving: &Serving,
        nodes: &Nodes,
        store: Arc<dyn Store>,
    ) -> Result<Server, AppError> {
        let Self { bound, control, origins, metrics, certificate, install, lock } = self;
        let secret = InstanceSecret::open(&place.secret_file())?;
        let platform = match nodes::join(&secret, nodes).await? {
            Some(joining) => Platform::join(store, secret, Some(place.folders()), joining).await?,
            None => Platform::open(store, secret, holder(), Some(place.folders())).await?,
        };
        let mut router = councils::router(platform.clone(), origins, metrics.clone(), serving.metrics_for_all);
        if let Some(install) = &install {
            router = router.merge(install.routes());
        }
        Ok(Server { bound, platform, router, control, metrics, certificate, install, lock })
    }
}

async fn open_platform(place: &Place, store: Arc<dyn Store>) -> Result<Arc<Platform>, AppError> {
    let secret = InstanceSecret::open(&place.secret_file())?;
    Ok(Platform::open(store, secret, holder(), Some(place.folders())).await?)
}

fn holder() -> String {
    format!("pid {}", std::process::id())
}
