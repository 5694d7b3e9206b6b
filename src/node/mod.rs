//! Floor 4. Runs the sequencers: performs their effects, holds the leases, owns the only clock and the only randomness.
//! A [`Platform`] is all councils of one process.

pub(crate) mod append;
pub(crate) mod catch_up;
pub mod clock;
mod closed_doors;
pub mod cluster;
pub mod codes;
mod company;
mod council;
pub(crate) mod directory;
mod enrolment;
mod following;
mod founding;
mod handle;
pub mod heads;
pub(crate) mod leading;
pub(crate) mod load;
mod look_up;
mod nudge;
pub mod peers;
mod rehearsal;
pub mod roster;
mod salts;
mod screens;
pub mod scrub;
pub mod secret;
mod snapshot;
pub mod snapshot_check;
mod snapshots;
mod surroundings;
mod tenure;
mod waiting;

pub use enrolment::{EnrolError, Enrolled, Invitation, NewCode};
pub use founding::{FoundError, NewCouncil};
pub use handle::Council;
pub use load::LoadFailure;
pub use surroundings::INBOX;

use crate::chamber::ids::CouncilId;
use crate::hub::close::Close;
use crate::ports::{Store, StoreError};
use clock::Clock;
use cluster::{Cluster, Joining, Message};
use handle::Grounds;
use heads::Heads;
use rehearsal::Rehearsals;
use secret::InstanceSecret;
use snapshots::Late;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub struct Platform {
    store: Arc<dyn Store>,
    secret: Arc<InstanceSecret>,
    clock: Clock,
    holder: String,
    /// Where councils' snapshots lie.
    snapshots: Option<PathBuf>,
    heads: Arc<Heads>,
    stop: watch::Sender<bool>,
    councils: RwLock<BTreeMap<CouncilId, Arc<Council>>>,
    tasks: std::sync::Mutex<Vec<JoinHandle<()>>>,
    /// Founding is rare and must not run twice for one name.
    founding: tokio::sync::Mutex<()>,
    rehearsals: Rehearsals,
    late: Late,
    /// The other nodes; `None` where this one serves alone.
    cluster: Option<Arc<Cluster>>,
}

/// What a node keeps on its own disk.
#[derive(Debug, Clone)]
pub struct Folders {
    /// A cache: it may be deleted.
    pub snapshots: PathBuf,
    /// By which a store that has come back older is known.
    pub heads: PathBuf,
}

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the councils cannot be listed: {0}")]
    Store(#[from] StoreError),
    #[error("council {council}: {failure}")]
    Council { council: CouncilId, failure: LoadFailure },
    #[error("lines to other nodes cannot be made: {0}")]
    Nodes(#[from] rustls::Error),
}

impl Platform {
    /// Starts every council the store has, as their only node: it becomes the writer of all. `holder` names this process for people
    /// who look into the database. Without `folders` every start reads the whole record and believes whatever the store has.
    pub async fn open(
        store: Arc<dyn Store>,
        secret: InstanceSecret,
        holder: String,
        folders: Option<Folders>,
    ) -> Result<Arc<Self>, OpenError> {
        Self::begin(store, secret, Clock::start(), holder, folders, None).await
    }

    /// Starts every council the store has, as one of several nodes: it leads those whose lease it gets, and follows the others.
    pub async fn join(
        store: Arc<dyn Store>,
        secret: InstanceSecret,
        folders: Option<Folders>,
        joining: Joining,
    ) -> Result<Arc<Self>, OpenError> {
        let clock = Clock::start();
        let cluster = Cluster::new(&secret, clock, joining)?;
        let holder = cluster.holder.clone();
        let platform = Self::begin(store, secret, clock, holder, folders, Some(cluster.clone())).await?;
        cluster.begin(&platform);
        Ok(platform)
    }

    async fn begin(
        store: Arc<dyn Store>,
        secret: InstanceSecret,
        clock: Clock,
        holder: String,
        folders: Option<Folders>,
        cluster: Option<Arc<Cluster>>,
    ) -> Result<Arc<Self>, OpenError> {
        let (snapshots, heads) = folders.map(|folders| (folders.snapshots, folders.heads)).unzip();
        let heads = Arc::new(Heads::new(heads));
        let platform = Arc::new(Self {
            store,
            secret: Arc::new(secret),
            clock,
            holder,
            snapshots,
            heads: heads.clone(),
            stop: watch::Sender::new(false),
            councils: RwLock::default(),
            tasks: std::sync::Mutex::default(),
            founding: tokio::sync::Mutex::default(),
            rehearsals: Rehearsals::default(),
            late: Late::default(),
            cluster,
        });
        let stopping = platform.stop.subscribe();
        platform.add_task(tokio::spawn(async move { heads.keep(stopping).await }));
        let mut failed = None;
        for id in platform.store.councils().await? {
            // One council's damage is told and keeps only that council away.
            if let Err(failure) = platform.start(id.clone()).await {
                tracing::error!(council = %id, code = failure.code(), "this council cannot be served: {failure}");
                failed = Some(OpenError::Council { council: id, failure });
            }
        }
        match failed {
            Some(error) if platform.councils().is_empty() => {
                platform.stop.send_replace(true);
                Err(error)
            }
            _ => Ok(platform),
        }
    }

    /// A council, or a rehearsal of one.
    pub fn council(&self, id: &CouncilId) -> Option<Arc<Council>> {
        let council = self.councils.read().unwrap_or_else(PoisonError::into_inner).get(id).cloned();
        council.or_else(|| self.rehearsals.find(id))
    }

    /// The store behind all councils, to read from.
    pub fn store(&self) -> Arc<dyn Store> {
        self.store.clone()
    }

    /// All councils by id, without their rehearsals.
    pub fn councils(&self) -> Vec<Arc<Council>> {
        self.councils.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// The store answers and records can be written. One council that cannot does not take the process from the others.
    pub async fn ready(&self) -> Result<(), StoreError> {
        self.store.ping().await?;
        let councils = self.councils();
        let ready = councils.iter().filter(|council| council.is_ready()).count();
        metrics::gauge!("dienhong_councils_ready").set(ready as f64);
        if ready > 0 || councils.is_empty() { Ok(()) } else { Err(StoreError::Unavailable) }
    }

    /// Lets what is being written become durable, answers it, and ends every council's task.
    pub async fn stop(&self) {
        self.stop.send_replace(true);
        let tasks = std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        for task in tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a council's task broke down");
            }
        }
        if let Some(cluster) = &self.cluster {
            // Nothing is renewed any more, so what is let go stays free for the others.
            cluster.end_tasks().await;
            if self.store.release(&cluster.holder).await.is_ok() {
                cluster.tell(&Message::Moved {});
            }
        }
        // Only now, so that every socket has its last receipts.
        for council in self.councils() {
            council.send_away(Close::Stopping);
        }
        self.rehearsals.stop().await;
        self.heads.write().await;
        self.late.written().await;
        if let Some(cluster) = &self.cluster {
            cluster.close().await;
        }
        self.store.close().await;
    }

    /// The council founded first on this platform; its administrators may found others.
    pub async fn is_host(&self, council: &Council) -> bool {
        let founded_at = |council: Arc<Council>| async move {
            let at = council.ask(|sequencer| sequencer.durable().council().map(|info| info.founded_at)).await.flatten();
            at.map(|at| (at, council.id.clone()))
        };
        let mut first = None;
        for council in self.councils() {
            let Some(founded) = founded_at(council).await else { return false };
            if first.as_ref().is_none_or(|first| founded < *first) {
                first = Some(founded);
            }
        }
        first.is_some_and(|(_, id)| id == council.id)
    }

    /// Serves a council that was founded on another node. False when it cannot be.
    async fn serve_new(self: &Arc<Self>, id: &CouncilId) -> bool {
        let _one_at_a_time = self.founding.lock().await;
        if self.council(id).is_some() || *self.stop.borrow() {
            return true;
        }
        match self.start(id.clone()).await {
            Ok(_) => true,
            Err(failure) => {
                tracing::error!(council = %id, code = failure.code(), "this council cannot be served: {failure}");
                false
            }
        }
    }

    /// Awaited when the platform stops.
    fn add_task(&self, task: JoinHandle<()>) {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).push(task);
    }

    async fn start(self: &Arc<Self>, id: CouncilId) -> Result<Arc<Council>, LoadFailure> {
        let grounds = Grounds {
            id: id.clone(),
            store: self.store.clone(),
            secret: self.secret.clone(),
            stop: self.stop.subscribe(),
            snapshots: self.snapshots.clone(),
            heads: self.heads.clone(),
            rehearsal_of: None,
        };
        let (council, task) = Council::start(self, grounds).await?;
        self.add_task(task);
        self.councils.write().unwrap_or_else(PoisonError::into_inner).insert(id, council.clone());
        Ok(council)
    }
}
