//! What a node has under way with the store. The futures are the real code's; they are polled when an answer is there.

use super::super::desk::Desk;
use super::super::disk::LEASE_MS;
use super::Grounds;
use crate::chamber::ids::CouncilId;
use crate::node::catch_up::{self, CatchUpError, Piece};
use crate::node::leading::COMMIT_WITHIN;
use crate::node::load::{self, LoadFailure, Loaded};
use crate::ports::{Append, AppendError, Position, Store, StoreError};
use crate::sequencer::Sequencer;
use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Renew,
    Look,
    Load,
    Read,
    Take,
    CatchUp,
    Commit,
}

pub enum Done {
    Renewed(Result<Vec<(CouncilId, u64)>, StoreError>),
    Seen(Result<Vec<Position>, StoreError>),
    Loaded(Box<Result<Loaded, LoadFailure>>),
    Piece(Result<Option<Piece>, StoreError>),
    Taken(Option<u64>),
    CaughtUp(Box<Sequencer>, Result<(), CatchUpError>),
    Written(Result<(), AppendError>),
    /// It ended in a way that it cannot.
    Broken,
}

pub type Future = Pin<Box<dyn std::future::Future<Output = Done> + Send>>;

struct Job {
    kind: Kind,
    began: u64,
    limit: u64,
    future: Future,
}

#[derive(Default)]
pub struct Jobs {
    next: u64,
    jobs: BTreeMap<u64, Job>,
}

impl Jobs {
    pub fn begin(&mut self, desk: &Desk, now: u64, kind: Kind, future: Future) -> Option<Done> {
        self.next += 1;
        let limit = match kind {
            Kind::Renew | Kind::Look => now + LEASE_MS,
            Kind::Commit => now + COMMIT_WITHIN.as_millis() as u64,
            _ => u64::MAX,
        };
        self.jobs.insert(self.next, Job { kind, began: now, limit, future });
        self.poll(desk, self.next).map(|(_, _, done)| done)
    }

    pub fn has(&self, kind: Kind) -> bool {
        self.jobs.values().any(|job| job.kind == kind)
    }

    /// Goes on with a job whose answer has come; what kind it is and when it began, once it is done.
    pub fn poll(&mut self, desk: &Desk, id: u64) -> Option<(Kind, u64, Done)> {
        let job = self.jobs.get_mut(&id)?;
        desk.works_on(id);
        let Poll::Ready(done) = job.future.as_mut().poll(&mut Context::from_waker(Waker::noop())) else { return None };
        let job = self.jobs.remove(&id)?;
        Some((job.kind, job.began, done))
    }

    /// Those that have taken longer than anybody waits.
    pub fn overdue(&mut self, now: u64) -> Vec<(Kind, u64, Done)> {
        let late: Vec<u64> = self.jobs.iter().filter(|(_, job)| job.limit <= now).map(|(id, _)| *id).collect();
        late.iter()
            .filter_map(|id| {
                let job = self.jobs.remove(id)?;
                let done = match job.kind {
                    Kind::Renew => Done::Renewed(Err(StoreError::Unavailable)),
                    Kind::Look => Done::Seen(Err(StoreError::Unavailable)),
                    Kind::Commit => Done::Written(Err(AppendError::Unknown)),
                    Kind::Load | Kind::Read | Kind::Take | Kind::CatchUp => Done::Broken,
                };
                Some((job.kind, job.began, done))
            })
            .collect()
    }

    pub fn next_limit(&self) -> u64 {
        self.jobs.values().map(|job| job.limit).min().unwrap_or(u64::MAX)
    }

    /// What the council's own task had begun; leases and looks go on.
    pub fn forget_reading(&mut self) {
        self.jobs.retain(|_, job| matches!(job.kind, Kind::Renew | Kind::Look));
    }
}

pub fn renew(desk: Desk, holder: String) -> Future {
    Box::pin(async move { Done::Renewed(desk.renew(&holder).await) })
}

pub fn look(desk: Desk) -> Future {
    Box::pin(async move { Done::Seen(desk.positions().await) })
}

pub fn load(desk: Desk, grounds: Arc<Grounds>, writer: Option<String>) -> Future {
    Box::pin(async move {
        let loaded = load::load(&desk, &grounds.secret, &grounds.council, writer.as_deref(), None).await;
        Done::Loaded(Box::new(loaded))
    })
}

pub fn read(desk: Desk, council: CouncilId, from: u64) -> Future {
    Box::pin(async move { Done::Piece(catch_up::next(&desk, &council, from).await) })
}

pub fn take(desk: Desk, council: CouncilId, holder: String) -> Future {
    Box::pin(async move {
        let lease = desk.take_over(&council, &holder).await.ok().flatten();
        Done::Taken(lease.map(|lease| lease.epoch))
    })
}

pub fn catch_up(desk: Desk, council: CouncilId, mut sequencer: Box<Sequencer>) -> Future {
    Box::pin(async move {
        let outcome = catch_up::to_the_end(&desk, &council, &mut sequencer).await.map(drop);
        Done::CaughtUp(sequencer, outcome)
    })
}

pub fn commit(desk: Desk, council: CouncilId, epoch: u64, append: Append) -> Future {
    Box::pin(async move { Done::Written(desk.append(&council, epoch, append).await) })
}
