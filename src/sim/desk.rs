//! A node's view of the store: calls that wait until the world has answered them. The code on top is the nodes' own.

use crate::chamber::ids::{CouncilId, Millis, PersonId};
use crate::ports::{
    Append, AppendError, CodeRow, Head, Keyholder, Lease, Position, Restoration, Store, StoreError, StoredCheckpoint,
    StoredEntry,
};
use async_trait::async_trait;
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

/// What a node asks of the store.
#[derive(Debug, Clone)]
pub enum Call {
    Acquire { holder: String },
    TakeOver { holder: String },
    Renew { holder: String },
    Positions,
    Head,
    Read { from_seq: u64, limit: u32 },
    Checkpoints { from_size: u64, limit: u32 },
    Append { epoch: u64, batch: Arc<Append> },
}

#[derive(Debug, Clone)]
pub enum Reply {
    Lease(Option<Lease>),
    Renewed(Vec<(CouncilId, u64)>),
    Positions(Vec<Position>),
    Head(Option<Head>),
    Entries(Vec<StoredEntry>),
    Checkpoints(Vec<StoredCheckpoint>),
    Written(Result<(), AppendError>),
    Failed(StoreError),
}

impl Call {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Acquire { .. } => "acquire",
            Self::TakeOver { .. } => "take_over",
            Self::Renew { .. } => "renew",
            Self::Positions => "positions",
            Self::Head => "head",
            Self::Read { .. } => "read",
            Self::Checkpoints { .. } => "checkpoints",
            Self::Append { .. } => "append",
        }
    }
}

/// A call on its way: its number, the job it belongs to, and what is asked.
pub struct Asked {
    pub call: u64,
    pub job: u64,
    pub what: Call,
}

#[derive(Default)]
struct Papers {
    job: u64,
    calls: u64,
    asked: Vec<Asked>,
    replies: BTreeMap<u64, Reply>,
}

#[derive(Clone, Default)]
pub struct Desk(Arc<Mutex<Papers>>);

impl Desk {
    /// Calls from now on belong to this job.
    pub fn works_on(&self, job: u64) {
        self.papers().job = job;
    }

    pub fn take_asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.papers().asked)
    }

    pub fn answer(&self, call: u64, reply: Reply) {
        self.papers().replies.insert(call, reply);
    }

    fn papers(&self) -> MutexGuard<'_, Papers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn ask(&self, what: Call) -> Reply {
        let call = {
            let mut papers = self.papers();
            papers.calls += 1;
            let (call, job) = (papers.calls, papers.job);
            papers.asked.push(Asked { call, job, what });
            call
        };
        poll_fn(|_| match self.papers().replies.remove(&call) {
            Some(reply) => Poll::Ready(reply),
            None => Poll::Pending,
        })
        .await
    }
}

/// What does not answer the question counts as no answer.
fn failed(reply: Reply) -> StoreError {
    match reply {
        Reply::Failed(error) => error,
        _ => StoreError::Unavailable,
    }
}

#[async_trait]
impl Store for Desk {
    async fn councils(&self) -> Result<Vec<CouncilId>, StoreError> {
        Ok(self.positions().await?.into_iter().map(|position| position.council).collect())
    }

    async fn acquire(&self, _: &CouncilId, holder: &str) -> Result<Lease, StoreError> {
        match self.ask(Call::Acquire { holder: holder.to_owned() }).await {
            Reply::Lease(Some(lease)) => Ok(lease),
            other => Err(failed(other)),
        }
    }

    async fn take_over(&self, _: &CouncilId, holder: &str) -> Result<Option<Lease>, StoreError> {
        match self.ask(Call::TakeOver { holder: holder.to_owned() }).await {
            Reply::Lease(lease) => Ok(lease),
            other => Err(failed(other)),
        }
    }

    async fn renew(&self, holder: &str) -> Result<Vec<(CouncilId, u64)>, StoreError> {
        match self.ask(Call::Renew { holder: holder.to_owned() }).await {
            Reply::Renewed(renewed) => Ok(renewed),
            other => Err(failed(other)),
        }
    }

    async fn release(&self, _: &str) -> Result<(), StoreError> {
        Ok(())
    }

    async fn positions(&self) -> Result<Vec<Position>, StoreError> {
        match self.ask(Call::Positions).await {
            Reply::Positions(positions) => Ok(positions),
            other => Err(failed(other)),
        }
    }

    async fn head(&self, _: &CouncilId) -> Result<Option<Head>, StoreError> {
        match self.ask(Call::Head).await {
            Reply::Head(head) => Ok(head),
            other => Err(failed(other)),
        }
    }

    async fn read(&self, _: &CouncilId, from_seq: u64, limit: u32) -> Result<Vec<StoredEntry>, StoreError> {
        match self.ask(Call::Read { from_seq, limit }).await {
            Reply::Entries(entries) => Ok(entries),
            other => Err(failed(other)),
        }
    }

    async fn checkpoints(
        &self,
        _: &CouncilId,
        from_size: u64,
        limit: u32,
    ) -> Result<Vec<StoredCheckpoint>, StoreError> {
        match self.ask(Call::Checkpoints { from_size, limit }).await {
            Reply::Checkpoints(checkpoints) => Ok(checkpoints),
            other => Err(failed(other)),
        }
    }

    async fn append(&self, _: &CouncilId, epoch: u64, batch: Append) -> Result<(), AppendError> {
        match self.ask(Call::Append { epoch, batch: Arc::new(batch) }).await {
            Reply::Written(outcome) => outcome,
            other => Err(failed(other).into()),
        }
    }

    // One-time codes lie beside the record: the world hands them out itself.
    async fn put_code(&self, _: &CodeRow) -> Result<(), StoreError> {
        Err(StoreError::Unavailable)
    }

    async fn find_code(&self, _: &CouncilId, _: &[u8; 32], _: Millis) -> Result<Option<CodeRow>, StoreError> {
        Err(StoreError::Unavailable)
    }

    async fn spend_code(&self, _: &CouncilId, _: &[u8; 32], _: Millis) -> Result<Option<CodeRow>, StoreError> {
        Err(StoreError::Unavailable)
    }

    async fn cancel_code(&self, _: &CouncilId, _: &PersonId) -> Result<bool, StoreError> {
        Err(StoreError::Unavailable)
    }

    async fn live_codes(&self, _: &CouncilId, _: Millis) -> Result<Vec<(PersonId, Millis)>, StoreError> {
        Err(StoreError::Unavailable)
    }

    // No backups are made in made-up worlds.
    async fn keyholders(&self) -> Result<Vec<Keyholder>, StoreError> {
        Err(StoreError::Unavailable)
    }

    async fn put_keyholder(&self, _: &Keyholder) -> Result<(), StoreError> {
        Err(StoreError::Unavailable)
    }

    async fn remove_keyholder(&self, _: &str) -> Result<bool, StoreError> {
        Err(StoreError::Unavailable)
    }

    async fn restoration(&self, _: &CouncilId) -> Result<Option<Restoration>, StoreError> {
        Ok(None)
    }

    async fn put_restoration(&self, _: &Restoration) -> Result<(), StoreError> {
        Err(StoreError::Unavailable)
    }

    async fn clock(&self) -> Result<Millis, StoreError> {
        Err(StoreError::Unavailable)
    }

    async fn ping(&self) -> Result<(), StoreError> {
        Ok(())
    }

    async fn close(&self) {}
}
