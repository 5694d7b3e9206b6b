//! Floor 4. Runs the sequencers: performs their effects, holds the leases, owns the only clock and the only randomness.
//! A [`Platform`] is all councils of one process.

mod append;
pub mod clock;
pub mod codes;
mod council;
mod enrolment;
mod founding;
mod load;
pub mod roster;
mod salts;
mod screens;
pub mod secret;

pub use council::INBOX;
pub use enrolment::{EnrolError, Enrolled, Invitation, NewCode};
pub use founding::{FoundError, NewCouncil};
pub use load::LoadFailure;

use crate::chamber::ids::{CouncilId, PersonId};
use crate::hub::admission::Denial;
use crate::hub::room::Room;
use crate::hub::{Answered, Errand, Inbox};
use crate::ports::{Store, StoreError};
use crate::sequencer::{Answer, Sequencer, Submission};
use crate::wire::frames::Reply;
use async_trait::async_trait;
use clock::{Clock, CouncilClock};
use council::{Incoming, QUESTIONS, Question, Request, Surroundings};
use secret::InstanceSecret;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

/// An answer that takes longer means the council's task is stuck; the caller gets `busy` and tries again.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// Before a task that broke down is started again.
const BREATH: Duration = Duration::from_secs(1);

pub struct Platform {
    store: Arc<dyn Store>,
    secret: Arc<InstanceSecret>,
    clock: Clock,
    holder: String,
    stop: watch::Sender<bool>,
    leave: watch::Sender<bool>,
    councils: RwLock<BTreeMap<CouncilId, Arc<Council>>>,
    tasks: std::sync::Mutex<Vec<JoinHandle<()>>>,
    /// Founding is rare and must not run twice for one name.
    founding: tokio::sync::Mutex<()>,
}

/// One council as the floors above see it.
pub struct Council {
    pub id: CouncilId,
    pub room: Arc<Room>,
    platform: std::sync::Weak<Platform>,
    clock: CouncilClock,
    line: RwLock<Line>,
    ready: watch::Receiver<bool>,
}

/// The way into a council's task.
#[derive(Clone)]
struct Line {
    requests: mpsc::Sender<Request>,
    questions: mpsc::Sender<Question>,
}

impl Line {
    fn new() -> (Self, Incoming) {
        let (requests, requested) = mpsc::channel(INBOX);
        let (questions, questioned) = mpsc::channel(QUESTIONS);
        (Self { requests, questions }, Incoming { requests: requested, questions: questioned })
    }
}

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the councils cannot be listed: {0}")]
    Store(#[from] StoreError),
    #[error("council {council}: {failure}")]
    Council { council: CouncilId, failure: LoadFailure },
}

impl Platform {
    /// Starts every council the store has. `holder` names this process for people who look into the database.
    pub async fn open(store: Arc<dyn Store>, secret: InstanceSecret, holder: String) -> Result<Arc<Self>, OpenError> {
        let platform = Arc::new(Self {
            store,
            secret: Arc::new(secret),
            clock: Clock::start(),
            holder,
            stop: watch::Sender::new(false),
            leave: watch::Sender::new(false),
            councils: RwLock::default(),
            tasks: std::sync::Mutex::default(),
            founding: tokio::sync::Mutex::default(),
        });
        let mut failed = None;
        for id in platform.store.councils().await? {
            // One council's damage is told and keeps only that council away.
            if let Err(failure) = platform.start(id.clone()).await {
                tracing::error!(council = %id, code = failure.code(), "this council cannot be served: {failure}");
                failed = Some(OpenError::Council { council: id, failure });
            }
        }
        match failed {
            Some(error) if platform.councils().is_empty() => Err(error),
            _ => Ok(platform),
        }
    }

    pub fn council(&self, id: &CouncilId) -> Option<Arc<Council>> {
        self.councils.read().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    /// The store behind all councils, to read from.
    pub fn store(&self) -> Arc<dyn Store> {
        self.store.clone()
    }

    /// All councils by id.
    pub fn councils(&self) -> Vec<Arc<Council>> {
        self.councils.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// Turns true once everything is durable and answered and the sockets are to close.
    pub fn leaving(&self) -> watch::Receiver<bool> {
        self.leave.subscribe()
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
        // Only now, so that every socket has its last receipts.
        self.leave.send_replace(true);
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

    /// Entries of a council's record as they are stored, at most a tile's worth.
    pub async fn lines(&self, council: &CouncilId, from: u64, count: u64) -> Result<Vec<String>, StoreError> {
        let count = u32::try_from(count).unwrap_or(256).min(256);
        Ok(self.store.read(council, from, count).await?.into_iter().map(|entry| entry.line).collect())
    }

    async fn start(self: &Arc<Self>, id: CouncilId) -> Result<Arc<Council>, LoadFailure> {
        let (started, starting) = oneshot::channel();
        let (line, incoming) = Line::new();
        let (ready, is_ready) = watch::channel(false);
        let world = Surroundings {
            council: id.clone(),
            store: self.store.clone(),
            secret: self.secret.clone(),
            clock: CouncilClock::new(self.clock),
            room: Arc::new(Room::new()),
            holder: self.holder.clone(),
            stop: self.stop.subscribe(),
            ready: Arc::new(ready),
        };
        let council = Arc::new(Council {
            id: id.clone(),
            room: world.room.clone(),
            platform: Arc::downgrade(self),
            clock: world.clock.clone(),
            line: RwLock::new(line),
            ready: is_ready,
        });
        let task = tokio::spawn(supervise(council.clone(), world, incoming, started));
        starting.await.unwrap_or(Err(LoadFailure::Broken))?;
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).push(task);
        self.councils.write().unwrap_or_else(PoisonError::into_inner).insert(id, council.clone());
        Ok(council)
    }
}

/// Keeps a council's task running: one that breaks down is started again from the record, which is all it stood on.
async fn supervise(
    council: Arc<Council>,
    world: Surroundings,
    incoming: Incoming,
    started: oneshot::Sender<Result<(), LoadFailure>>,
) {
    let mut next = (incoming, Some(started));
    loop {
        let (incoming, started) = next;
        if tokio::spawn(council::run(world.clone(), incoming, started)).await.is_ok() {
            return;
        }
        tracing::error!(council = %world.council, "the council's task broke down; it starts again from the record");
        metrics::counter!("dienhong_council_breakdowns_total").increment(1);
        world.ready.send_replace(false);
        // A fault that comes back at once must not spin.
        tokio::time::sleep(BREATH).await;
        let (line, incoming) = Line::new();
        *council.line.write().unwrap_or_else(PoisonError::into_inner) = line;
        next = (incoming, None);
    }
}

impl Council {
    /// Submits a command and waits for its answer.
    pub async fn act(&self, submission: Submission) -> Answer {
        let (answered, answer) = oneshot::channel();
        // A caller that went away needs no answer.
        self.submit(submission, Box::new(move |answer| drop(answered.send(answer))));
        match tokio::time::timeout(ANSWER_WITHIN, answer).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Answer::StoreUnavailable,
            Err(_) => Answer::Busy,
        }
    }

    /// Asks for something of the durable state. `None` while the record cannot be read or the inbox is full.
    pub async fn ask<T: Send + 'static>(&self, question: impl FnOnce(&Sequencer) -> T + Send + 'static) -> Option<T> {
        let (answered, answer) = oneshot::channel();
        let question: Question = Box::new(move |sequencer| drop(answered.send(question(sequencer))));
        self.line().questions.try_send(question).ok()?;
        tokio::time::timeout(ANSWER_WITHIN, answer).await.ok()?.ok()
    }

    /// False while the record cannot be written.
    pub fn is_ready(&self) -> bool {
        *self.ready.borrow()
    }

    fn codes_changed(&self) {
        // With a full inbox the list on the console stays a little old; nothing rests on it.
        let _ = self.line().requests.try_send(Request::CodesChanged);
    }

    fn line(&self) -> Line {
        self.line.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Inbox for Council {
    fn submit(&self, submission: Submission, answered: Answered) {
        match self.line().requests.try_send(Request::Act { submission: Box::new(submission), answered }) {
            Err(TrySendError::Full(Request::Act { answered, .. })) => answered(Answer::Busy),
            // The task is being started again, or the process stops.
            Err(TrySendError::Closed(Request::Act { answered, .. })) => answered(Answer::StoreUnavailable),
            // Sent; nothing but an act can come back.
            _ => {}
        }
    }

    async fn serve(&self, by: PersonId, errand: Errand) -> Result<Reply, Denial> {
        let platform = self.platform.upgrade().ok_or(Denial::Busy)?;
        match errand {
            Errand::IssueCode { person } => {
                let code = platform.issue_code(self, &person, enrolment::by_person(&by), codes::CODE_LIFE_MS).await?;
                Ok(Reply::Code(code.to_wire(&self.id)))
            }
            Errand::CancelCode { person } => {
                platform.cancel_code(self, &person, &by).await?;
                Ok(Reply::CodeCancelled { person: person.to_string() })
            }
        }
    }

    fn joined(&self, person: &PersonId) {
        // With a full inbox the next step renews the view soon enough.
        let _ = self.line().requests.try_send(Request::Joined(person.clone()));
    }

    fn now(&self) -> u64 {
        self.clock.now().0
    }
}
