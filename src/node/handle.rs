//! A council as the floors above see it: the way into its task, and what is asked beside it.

use super::clock::CouncilClock;
use super::cluster::Message;
use super::heads::Heads;
use super::load::LoadFailure;
use super::peers::Relayed;
use super::snapshot::SnapshotFile;
use super::surroundings::{HEARD, Heard, INBOX, Incoming, QUESTIONS, Question, Request, Surroundings};
use super::{Platform, codes, council, enrolment, look_up};
use crate::chamber::ids::{CouncilId, PersonId};
use crate::hub::admission::Denial;
use crate::hub::close::Close;
use crate::hub::room::Room;
use crate::hub::{Answered, Errand, Inbox};
use crate::ports::{Store, StoreError};
use crate::sequencer::{Answer, Sequencer, Submission};
use crate::wire::frames::{Page, Reply};
use crate::wire::views::{Found, Query};
use async_trait::async_trait;
use std::sync::{Arc, PoisonError, RwLock, Weak};
use std::time::Duration;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

/// An answer that takes longer means the council's task is stuck; the caller gets `busy` and tries again.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// What another node wrote is here after a moment, or after a look into the store; somebody who waits longer is told what was done
/// and sees it later.
const SHOWN_WITHIN: Duration = Duration::from_secs(2);
/// Before a task that broke down is started again.
const BREATH: Duration = Duration::from_secs(1);

/// One council as the floors above see it.
pub struct Council {
    pub id: CouncilId,
    pub room: Arc<Room>,
    pub(super) platform: Weak<Platform>,
    /// Where its record is kept.
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: CouncilClock,
    /// The council it rehearses for, where it is a rehearsal.
    pub(super) rehearsal_of: Option<CouncilId>,
    /// The rehearsal that runs beside it.
    pub(super) beside: watch::Sender<Option<CouncilId>>,
    leave: watch::Sender<Option<Close>>,
    line: RwLock<Line>,
    ready: watch::Receiver<bool>,
    /// Entries that are durable and shown here.
    size: watch::Receiver<u64>,
    /// Other nodes may know more.
    pub(super) among_others: bool,
}

/// The way into a council's task.
#[derive(Clone)]
struct Line {
    requests: mpsc::Sender<Request>,
    questions: mpsc::Sender<Question>,
    heard: mpsc::Sender<Heard>,
}

impl Line {
    fn new() -> (Self, Incoming) {
        let (requests, requested) = mpsc::channel(INBOX);
        let (questions, questioned) = mpsc::channel(QUESTIONS);
        let (heard, hearing) = mpsc::channel(HEARD);
        let incoming = Incoming { requests: requested, questions: questioned, heard: hearing };
        (Self { requests, questions, heard }, incoming)
    }
}

/// What a council is started on.
pub(super) struct Grounds {
    pub id: CouncilId,
    pub store: Arc<dyn Store>,
    pub secret: Arc<super::secret::InstanceSecret>,
    pub stop: watch::Receiver<bool>,
    /// `None`: it has no snapshot.
    pub snapshots: Option<std::path::PathBuf>,
    pub heads: Arc<Heads>,
    pub rehearsal_of: Option<CouncilId>,
}

impl Council {
    /// Reads the record and serves it, until told to stop.
    pub(super) async fn start(
        platform: &Arc<Platform>,
        grounds: Grounds,
    ) -> Result<(Arc<Self>, JoinHandle<()>), LoadFailure> {
        let (started, starting) = oneshot::channel();
        let (line, incoming) = Line::new();
        let (ready, is_ready) = watch::channel(false);
        let (size, is_size) = watch::channel(0);
        // A rehearsal is this node's own.
        let cluster = platform.cluster.clone().filter(|_| grounds.rehearsal_of.is_none());
        let beside = watch::Sender::new(None);
        let snapshots = grounds.snapshots.map(|folder| SnapshotFile::new(&folder, &grounds.id, &grounds.secret));
        let world = Surroundings {
            snapshots,
            heads: grounds.heads,
            late: platform.late.clone(),
            council: grounds.id.clone(),
            store: grounds.store.clone(),
            secret: grounds.secret,
            clock: CouncilClock::new(platform.clock),
            room: Arc::new(Room::new()),
            holder: platform.holder.clone(),
            stop: grounds.stop,
            ready: Arc::new(ready),
            size: Arc::new(size),
            cluster: cluster.clone(),
            is_rehearsal: grounds.rehearsal_of.is_some(),
            beside: beside.subscribe(),
        };
        let council = Arc::new(Self {
            id: grounds.id,
            room: world.room.clone(),
            platform: Arc::downgrade(platform),
            store: grounds.store,
            clock: world.clock.clone(),
            rehearsal_of: grounds.rehearsal_of,
            beside,
            leave: watch::Sender::new(None),
            line: RwLock::new(line),
            ready: is_ready,
            size: is_size,
            among_others: cluster.is_some(),
        });
        let task = tokio::spawn(supervise(council.clone(), world, incoming, started));
        starting.await.unwrap_or(Err(LoadFailure::Broken))?;
        Ok((council, task))
    }

    /// Submits a command and waits for its answer, and until what it did is shown here.
    pub async fn act(&self, submission: Submission) -> Answer {
        let answer = self.ask_to_act(submission).await;
        if let Answer::Receipt(receipt) = &answer {
            let mut size = self.size.clone();
            // Where it stands in the record is true in any case; the rest follows.
            let _ = tokio::time::timeout(SHOWN_WITHIN, size.wait_for(|size| *size > receipt.seq)).await;
        }
        answer
    }

    async fn ask_to_act(&self, submission: Submission) -> Answer {
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

    /// Waits until everything is here that is in the store now, where other nodes write as well. Not for ever: then what is here
    /// must do.
    pub(super) async fn catch_up(&self) {
        if !self.among_others {
            return;
        }
        let (answered, answer) = oneshot::channel();
        if self.line().heard.try_send(Heard::CatchUp(answered)).is_ok() {
            let _ = tokio::time::timeout(SHOWN_WITHIN, answer).await;
        }
    }

    /// Waits until the record can be written, here or by another node; not for ever.
    pub(super) async fn writable(&self) {
        let mut ready = self.ready.clone();
        let _ = tokio::time::timeout(SHOWN_WITHIN, ready.wait_for(|ready| *ready)).await;
    }

    /// A command from another node, for the leader alone.
    pub(super) fn relay(&self, submission: Submission, relayed: Relayed) {
        match self.line().requests.try_send(Request::Relayed { submission: Box::new(submission), relayed }) {
            Err(TrySendError::Full(Request::Relayed { relayed, .. })) => relayed(Some(Answer::Busy)),
            Err(TrySendError::Closed(Request::Relayed { relayed, .. })) => relayed(None),
            // Sent; nothing else can come back.
            _ => {}
        }
    }

    /// What another node says. Lost where there is no room: nothing rests on it.
    pub(super) fn hear(&self, from: String, message: Message) {
        if self.line().heard.try_send(Heard::Said(from, message)).is_err() {
            metrics::counter!("dienhong_bus_dropped_total", "where" => "council").increment(1);
        }
    }

    /// False while the record cannot be written.
    pub fn is_ready(&self) -> bool {
        *self.ready.borrow()
    }

    /// Turns to the reason once everything is durable and answered and the sockets are to close.
    pub fn leaving(&self) -> watch::Receiver<Option<Close>> {
        self.leave.subscribe()
    }

    /// Sends everybody away.
    pub(super) fn send_away(&self, close: Close) {
        self.leave.send_replace(Some(close));
    }

    /// Entries of the record as they are stored, at most a tile's worth.
    pub async fn lines(&self, from: u64, count: u64) -> Result<Vec<String>, StoreError> {
        let count = u32::try_from(count).unwrap_or(256).min(256);
        Ok(self.store.read(&self.id, from, count).await?.into_iter().map(|entry| entry.line).collect())
    }

    pub(super) fn codes_changed(&self) {
        // With a full inbox the list on the console stays a little old; nothing rests on it.
        let _ = self.line().requests.try_send(Request::CodesChanged);
    }

    async fn nudge(&self, by: PersonId, ballot: crate::chamber::ids::BallotId) -> Result<u32, Denial> {
        let (answered, answer) = oneshot::channel();
        self.line().requests.try_send(Request::Nudge { by, ballot, answered }).map_err(|_| Denial::Busy)?;
        // Dropped unanswered while the record cannot be read.
        answer.await.unwrap_or(Err(Denial::StoreUnavailable))
    }

    fn line(&self) -> Line {
        self.line.read().unwrap_or_else(PoisonError::into_inner).clone()
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
            Errand::Nudge { ballot } => Ok(Reply::Nudged { people: self.nudge(by, ballot).await? }),
            Errand::StartRehearsal => {
                let rehearsal = platform.start_rehearsal(self, by).await?;
                Ok(Reply::RehearsalStarted { id: rehearsal.to_string() })
            }
            Errand::EndRehearsal => {
                platform.end_rehearsal(self, by).await?;
                Ok(Reply::RehearsalEnded {})
            }
        }
    }

    async fn look_up(&self, by: PersonId, query: Query) -> Result<Found, Denial> {
        look_up::look_up(self, &by, query).await
    }

    fn joined(&self, person: &PersonId, page: Page) {
        // With a full inbox the next step renews the view soon enough.
        let _ = self.line().requests.try_send(Request::Joined(person.clone(), page));
    }

    async fn renew(&self) {
        self.catch_up().await;
    }

    fn now(&self) -> u64 {
        self.clock.now().0
    }
}
