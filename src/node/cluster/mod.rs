//! This node among the others of its platform: its name, its leases, what it hears of them, and the lines to them.

mod message;
mod tend;

pub use message::Message;

use super::Platform;
use super::clock::Clock;
use super::peers::{Door, Identity, Peers, Taker};
use super::secret::InstanceSecret;
use crate::chamber::ids::CouncilId;
use crate::hub::Answered;
use crate::ports::{Bus, Position};
use crate::sequencer::Submission;
use message::Seal;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use tokio::net::TcpListener;
use tokio::sync::{Notify, Semaphore, watch};
use tokio::task::JoinHandle;

/// Leases reached for at once: when a node that led a hundred councils dies, its successors share them out instead of one grabbing
/// all.
const TAKEOVERS: usize = 4;

/// What a node brings along to serve with others.
pub struct Joining {
    pub bus: Arc<dyn Bus>,
    /// Where other nodes come in.
    pub listener: TcpListener,
    /// Where they find it: host and port, as it stands in the lease row.
    pub address: String,
}

pub struct Cluster {
    /// This node as it names itself, anew in each process: its address and a random word.
    pub holder: String,
    bus: Arc<dyn Bus>,
    seal: Seal,
    clock: Clock,
    peers: Peers,
    pub takeovers: Semaphore,
    seen: watch::Sender<Seen>,
    renewed: watch::Sender<Renewed>,
    look: Notify,
    door: Mutex<Option<Door>>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

/// Where all councils stood when the store was last asked.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Before it was asked.
    pub at: Instant,
    pub positions: Arc<BTreeMap<CouncilId, Position>>,
}

/// Which leases this node had when it last renewed them.
#[derive(Debug, Clone)]
pub struct Renewed {
    /// Before it did.
    pub at: Instant,
    pub epochs: Arc<BTreeMap<CouncilId, u64>>,
}

impl Cluster {
    pub fn new(secret: &InstanceSecret, clock: Clock, joining: Joining) -> Result<Arc<Self>, rustls::Error> {
        let identity = Identity::new(&secret.node_key())?;
        let holder = format!("{}#{}", joining.address, random_word());
        let now = Instant::now();
        // The taker is put in once there is a platform that takes.
        let nobody: Taker = Arc::new(|_, _, relayed| relayed(None));
        let door = Door { listener: joining.listener, identity: identity.clone(), node: holder.clone(), taker: nobody };
        Ok(Arc::new(Self {
            bus: joining.bus,
            seal: Seal::new(secret.bus_key(), holder.clone()),
            clock,
            peers: Peers::new(identity, holder.clone()),
            takeovers: Semaphore::new(TAKEOVERS),
            seen: watch::Sender::new(Seen { at: now, positions: Arc::default() }),
            renewed: watch::Sender::new(Renewed { at: now, epochs: Arc::default() }),
            look: Notify::new(),
            door: Mutex::new(Some(door)),
            tasks: Mutex::default(),
            holder,
        }))
    }

    /// Begins to tend leases, to listen and to take commands, for this platform.
    pub fn begin(self: &Arc<Self>, platform: &Arc<Platform>) {
        let mut tasks = tend::all(self, platform);
        if let Some(mut door) = self.door.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let platform = Arc::downgrade(platform);
            door.taker = Arc::new(move |council, submission, relayed| {
                match platform.upgrade().and_then(|platform| platform.council(council)) {
                    Some(council) => council.relay(submission, relayed),
                    None => relayed(None),
                }
            });
            tasks.push(tokio::spawn(door.serve()));
        }
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).extend(tasks);
    }

    pub fn seen(&self) -> watch::Receiver<Seen> {
        self.seen.subscribe()
    }

    pub fn renewed(&self) -> watch::Receiver<Renewed> {
        self.renewed.subscribe()
    }

    /// Asks the store soon where the councils stand, instead of at the next round.
    pub fn look(&self) {
        self.look.notify_one();
    }

    /// Tells the other nodes. Nobody waits for it, and nobody may rely on it.
    pub fn tell(&self, message: &Message) {
        if let Some(sealed) = self.seal.seal(message, self.clock.now()) {
            metrics::counter!("dienhong_bus_out_total").increment(1);
            self.bus.publish(sealed);
        }
    }

    /// Sends a command to the node that leads its council.
    pub fn forward(&self, leader: &str, council: &CouncilId, submission: Submission, answered: Answered) {
        self.peers.send(leader, council.clone(), submission, answered);
    }

    /// Nothing is renewed, heard or taken any more.
    pub async fn end_tasks(&self) {
        let tasks = std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        for task in tasks {
            task.abort();
            // It ends in no other way than by the abort.
            let _ = task.await;
        }
    }

    pub async fn close(&self) {
        self.bus.close().await;
    }
}

/// Tells this process's life from those before it at the same address. Names need no secrecy: without random bytes the process's
/// own number must do.
pub fn random_word() -> String {
    let mut random = [0; 8];
    match getrandom::fill(&mut random) {
        Ok(()) => crate::ledger::text::hex(&random),
        Err(_) => format!("p{}", std::process::id()),
    }
}
