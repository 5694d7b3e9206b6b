//! How long this node may act as a council's writer. The store's fence is what keeps two from writing; this keeps one that cannot
//! show that it lives from acting as if it could.

use super::cluster::Renewed;
use super::surroundings::Surroundings;
use crate::chamber::ids::CouncilId;
use crate::ports::LEASE;
use std::time::Instant;
use tokio::sync::watch;
use tokio::time;

pub struct Tenure {
    council: CouncilId,
    epoch: u64,
    /// `None`: this node is the only one, and leads until it ends.
    renewed: Option<watch::Receiver<Renewed>>,
    granted: Instant,
    /// The lease held then.
    proven: Instant,
}

/// A lease that was taken: when it was asked for, from which moment on it may be counted, and when it was there.
#[derive(Debug, Clone, Copy)]
pub struct Term {
    pub epoch: u64,
    pub asked: Instant,
    pub granted: Instant,
}

impl Term {
    /// Where no other node could take it.
    pub fn alone(epoch: u64) -> Self {
        let now = Instant::now();
        Self { epoch, asked: now, granted: now }
    }
}

impl Tenure {
    pub fn new(world: &Surroundings, term: Term) -> Self {
        let mut renewed = world.cluster.as_ref().map(|cluster| cluster.renewed());
        if let Some(renewed) = &mut renewed {
            // It may have been renewed since.
            renewed.mark_changed();
        }
        let Term { epoch, asked, granted } = term;
        Self { council: world.council.clone(), epoch, renewed, granted, proven: asked }
    }

    /// A commit that began then has become durable, which renews the lease.
    pub fn proven_at(&mut self, at: Instant) {
        self.proven = self.proven.max(at);
    }

    /// Ends once the lease is somebody else's, or may have run out by this machine's clock.
    pub async fn lost(&mut self) {
        let Some(renewed) = &mut self.renewed else { return std::future::pending().await };
        loop {
            tokio::select! {
                biased;
                changed = renewed.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    let Renewed { at, epochs } = renewed.borrow_and_update().clone();
                    // Asked before it was there, that says nothing of it.
                    if at < self.granted {
                        continue;
                    }
                    if epochs.get(&self.council) != Some(&self.epoch) {
                        return;
                    }
                    self.proven = self.proven.max(at);
                }
                () = time::sleep_until((self.proven + LEASE).into()) => return,
            }
        }
    }
}
