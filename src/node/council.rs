//! One council's task: it alone touches the council's sequencer. It stamps the time, performs the effects, and shows what has
//! become durable.

use super::append::append_of;
use super::clock::CouncilClock;
use super::load::{self, LoadFailure};
use super::salts::Salts;
use super::screens::Screens;
use super::secret::InstanceSecret;
use crate::chamber::command::{Actor, Command};
use crate::chamber::ids::{CouncilId, Millis, PersonId};
use crate::hub::Answered;
use crate::hub::room::Room;
use crate::ports::{AppendError, Store};
use crate::sequencer::{Answer, Batch, Sequencer, Submission, Ticket};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time;

/// Questions waiting for one council: beyond it the asker is told to come back.
pub const QUESTIONS: usize = 256;
/// Requests taken before the loop looks at its commit and its clock again, some 5 ms of work.
const AT_ONCE: usize = 64;
/// Commands waiting for one council: twice the votes of the largest council, all pressed at once. Beyond it: `busy`.
pub const INBOX: usize = 1024;
/// A commit that takes longer has an unknown outcome; the stores' own limits are shorter, so this is reached only when a
/// driver hangs.
const COMMIT_WITHIN: Duration = Duration::from_secs(20);
/// Between attempts to reach a store that is away: soon enough that a short failure is hardly noticed, and not a flood.
const RETRY_FIRST: Duration = Duration::from_millis(100);
const RETRY_LAST: Duration = Duration::from_secs(2);

/// What may be asked of the task.
pub enum Request {
    Act {
        submission: Box<Submission>,
        answered: Answered,
    },
    /// A person's page has joined.
    Joined(PersonId),
    /// One-time codes were issued, spent or cancelled.
    CodesChanged,
}

/// Reads the council's state between two steps.
pub type Question = Box<dyn FnOnce(&Sequencer) + Send>;

/// What comes in. Questions have a queue of their own, so that a crowd that only reads never takes a vote's place.
pub struct Incoming {
    pub requests: mpsc::Receiver<Request>,
    pub questions: mpsc::Receiver<Question>,
}

/// What the task needs of the world.
#[derive(Clone)]
pub struct Surroundings {
    pub council: CouncilId,
    pub store: Arc<dyn Store>,
    pub secret: Arc<InstanceSecret>,
    pub clock: CouncilClock,
    pub room: Arc<Room>,
    /// Names this process in the lease row.
    pub holder: String,
    pub stop: watch::Receiver<bool>,
    /// True while the record can be read and written.
    pub ready: Arc<watch::Sender<bool>>,
}

/// Runs until told to stop. The first load's outcome is sent on `started`, once the room shows what was loaded: whoever
/// comes in after that is known.
pub async fn run(
    world: Surroundings,
    incoming: Incoming,
    mut started: Option<oneshot::Sender<Result<(), LoadFailure>>>,
) {
    let Some(salts) = Salts::draw() else {
        if let Some(started) = started {
            // Whoever started this may have gone; there is nobody else to tell.
            let _ = started.send(Err(LoadFailure::NoRandomness));
        }
        return;
    };
    let mut task = Task {
        salts,
        reading: Reading(tokio::spawn(async {})),
        screens: Screens::new(world.room.clone()),
        world,
        incoming,
        answered: HashMap::new(),
        next: 0,
    };
    let mut lost: Vec<(Ticket, Option<[u8; 32]>)> = Vec::new();
    let mut away_since: Option<Millis> = None;
    let mut pause = RETRY_FIRST;
    loop {
        let loaded = match task.load(&mut started, &mut lost, away_since).await {
            Some(loaded) => loaded,
            None => return,
        };
        task.settle(&loaded.sequencer, std::mem::take(&mut lost));
        match task.serve(loaded.sequencer, loaded.epoch, away_since, &mut started).await {
            Ended::Stopped => return task.reading.end().await,
            Ended::StoreFailed { waiting, since, wrote } => {
                lost = waiting;
                away_since = Some(since);
                // It can be read but not written, such as on a full disk: not to be tried without end.
                if !wrote && !task.rest(pause).await {
                    return;
                }
                pause = if wrote { RETRY_FIRST } else { (pause * 2).min(RETRY_LAST) };
            }
        }
    }
}

struct Task {
    world: Surroundings,
    incoming: Incoming,
    screens: Screens,
    reading: Reading,
    salts: Salts,
    answered: HashMap<Ticket, Answered>,
    next: u64,
}

enum Ended {
    Stopped,
    /// `since`: when votes could last be taken. `wrote`: something was written since the load before it.
    StoreFailed {
        waiting: Vec<(Ticket, Option<[u8; 32]>)>,
        since: Millis,
        wrote: bool,
    },
}

/// Who has a one-time code, and until when.
type Codes = Vec<(PersonId, Millis)>;

type Commit = JoinHandle<Result<(), AppendError>>;

impl Task {
    /// Loads until it works. Meanwhile everybody gets `store_unavailable` at once, and stop is heeded.
    async fn load(
        &mut self,
        started: &mut Option<oneshot::Sender<Result<(), LoadFailure>>>,
        lost: &mut Vec<(Ticket, Option<[u8; 32]>)>,
        away_since: Option<Millis>,
    ) -> Option<load::Loaded> {
        let mut pause = RETRY_FIRST;
        loop {
            let (store, secret) = (self.world.store.clone(), self.world.secret.clone());
            let (council, holder) = (self.world.council.clone(), self.world.holder.clone());
            let loading = tokio::spawn(async move { load::load(store.as_ref(), &secret, &council, &holder).await });
            let outcome = match self.answer_unavailable_until(loading).await {
                Waited::Done(Ok(outcome)) => outcome,
                // The load itself broke down: the same as a store that cannot be read.
                Waited::Done(Err(_)) => Err(LoadFailure::Broken),
                Waited::Stopped => return None,
            };
            match outcome {
                Ok(loaded) => {
                    if let Some(since) = away_since {
                        let away = self.world.clock.now().since(since);
                        tracing::warn!(council = %self.world.council, away_ms = away, "the store is back");
                    }
                    return Some(loaded);
                }
                Err(failure) => {
                    tracing::error!(council = %self.world.council, code = failure.code(), "{failure}");
                    if let Some(started) = started.take() {
                        let _ = started.send(Err(failure));
                        return None;
                    }
                    self.give_up_on(lost);
                }
            }
            if !self.rest(pause).await {
                return None;
            }
            pause = (pause * 2).min(RETRY_LAST);
        }
    }

    /// False when told to stop.
    async fn rest(&mut self, pause: Duration) -> bool {
        matches!(self.answer_unavailable_until(tokio::spawn(time::sleep(pause))).await, Waited::Done(_))
    }

    async fn answer_unavailable_until<T>(&mut self, mut work: JoinHandle<T>) -> Waited<T> {
        loop {
            tokio::select! {
                done = &mut work => return Waited::Done(done),
                () = stopped(&mut self.world.stop) => {
                    work.abort();
                    return Waited::Stopped;
                }
                request = self.incoming.requests.recv() => match request {
                    Some(Request::Act { answered, .. }) => answered(Answer::StoreUnavailable),
                    Some(_) => {}
                    None => return Waited::Stopped,
                },
                // A dropped question tells its asker the same.
                question = self.incoming.questions.recv() => drop(question),
            }
        }
    }

    /// Answers those who waited when the store failed, from what is really there.
    fn settle(&mut self, sequencer: &Sequencer, lost: Vec<(Ticket, Option<[u8; 32]>)>) {
        for (ticket, text) in lost {
            let answer = text.and_then(|text| sequencer.find(&text)).unwrap_or(Answer::StoreUnavailable);
            self.answer(ticket, answer);
        }
    }

    fn give_up_on(&mut self, lost: &mut Vec<(Ticket, Option<[u8; 32]>)>) {
        for (ticket, _) in lost.drain(..) {
            self.answer(ticket, Answer::StoreUnavailable);
        }
    }

    async fn serve(
        &mut self,
        mut sequencer: Sequencer,
        epoch: u64,
        away_since: Option<Millis>,
        started: &mut Option<oneshot::Sender<Result<(), LoadFailure>>>,
    ) -> Ended {
        self.world.clock.not_before(sequencer.newest());
        // Until the hold stands in the record, screens go on showing that nobody can vote.
        let held_since = self.hold_after_interruption(&mut sequencer, away_since);
        self.screens.show_everything(&sequencer, self.world.clock.now(), held_since);
        self.world.ready.send_replace(held_since.is_none());
        if let Some(started) = started.take() {
            // Nobody may be waiting for the start any more.
            let _ = started.send(Ok(()));
        }
        let mut comings = self.world.room.comings_and_goings();
        let mut stop = self.world.stop.clone();
        let mut commit: Option<(Commit, Batch, Instant)> = None;
        let mut wrote = false;
        let (codes, mut codes_read) = watch::channel(Vec::new());
        self.read_codes(&codes);
        loop {
            if commit.is_none()
                && let Some(batch) = sequencer.seal()
            {
                commit = Some((self.start_commit(epoch, &batch), batch, Instant::now()));
            }
            let stopping = *stop.borrow();
            if stopping && commit.is_none() {
                return Ended::Stopped;
            }
            let deadline = sequencer.next_deadline().map(|at| self.world.clock.instant(at));
            let screens_due = self.screens.next_due();
            tokio::select! {
                biased;
                outcome = finished(&mut commit) => {
                    let Some((_, batch, begun)) = commit.take() else { continue };
                    metrics::histogram!("dienhong_commit_seconds").record(begun.elapsed().as_secs_f64());
                    match outcome {
                        Ok(()) => {
                            wrote = true;
                            self.world.ready.send_replace(true);
                            self.committed(&mut sequencer, &batch);
                        }
                        Err(error) => {
                            let since = held_since.filter(|_| !wrote).unwrap_or(self.world.clock.now());
                            return self.store_failed(sequencer, error, since, wrote);
                        }
                    }
                }
                () = until(deadline), if !stopping => sequencer.due(self.world.clock.now(), || self.salts.next()),
                request = self.incoming.requests.recv(), if sequencer.wants_more() && !stopping => {
                    let Some(request) = request else { return Ended::Stopped };
                    self.take(&mut sequencer, request, &codes);
                    // What else is there already goes into the same batch.
                    for _ in 1..AT_ONCE {
                        if !sequencer.wants_more() {
                            break;
                        }
                        let Ok(request) = self.incoming.requests.try_recv() else { break };
                        self.take(&mut sequencer, request, &codes);
                    }
                }
                Some(question) = self.incoming.questions.recv() => question(&sequencer),
                Ok(()) = codes_read.changed() => {
                    let codes = codes_read.borrow_and_update().clone();
                    self.screens.set_codes(codes);
                }
                () = until(screens_due) => self.screens.catch_up(&sequencer, self.world.clock.now()),
                changed = comings.changed() => {
                    if changed.is_ok() {
                        self.screens.people_came_or_went();
                    }
                }
                () = stopped(&mut stop), if !stopping => {}
            }
        }
    }

    /// A ballot that was open while nobody could vote is put on hold before anything else happens, with the time it had left
    /// when the record was last written: the chair resumes or voids it. Returns since when, if there is one.
    fn hold_after_interruption(&mut self, sequencer: &mut Sequencer, away_since: Option<Millis>) -> Option<Millis> {
        let since = away_since.unwrap_or(sequencer.newest());
        let ballot = sequencer.durable().open_ballot().map(|ballot| ballot.id.clone())?;
        let hold = Submission {
            by: Actor::System,
            command: Command::HoldForStore { ballot, since },
            statement: None,
            arguments: None,
        };
        // Nobody waits for this ticket: the hold shows on every screen when it is durable.
        let refused = sequencer.submit(Ticket(u64::MAX), self.world.clock.now(), self.salts.next(), hold);
        if let Some(Answer::Refused(refusal)) = refused {
            tracing::error!(council = %self.world.council, code = refusal.code(), "the interrupted ballot could not be held");
            return None;
        }
        Some(since)
    }

    fn take(&mut self, sequencer: &mut Sequencer, request: Request, codes: &watch::Sender<Codes>) {
        match request {
            Request::Act { submission, answered } => {
                self.next += 1;
                let ticket = Ticket(self.next);
                match sequencer.submit(ticket, self.world.clock.now(), self.salts.next(), *submission) {
                    Some(answer) => self.deliver(answered, answer),
                    None => {
                        self.answered.insert(ticket, answered);
                    }
                }
            }
            Request::Joined(person) => self.screens.show_me(sequencer, &person),
            Request::CodesChanged => self.read_codes(codes),
        }
    }

    /// Reads who has a one-time code, beside the loop: a slow store must not keep anybody from voting. While it is away the
    /// last known list stays.
    fn read_codes(&mut self, codes: &watch::Sender<Codes>) {
        let (store, council, now) = (self.world.store.clone(), self.world.council.clone(), self.world.clock.now());
        let codes = codes.clone();
        self.reading = Reading(tokio::spawn(async move {
            if let Ok(read) = store.live_codes(&council, now).await {
                codes.send_replace(read);
            }
        }));
    }

    fn start_commit(&self, epoch: u64, batch: &Batch) -> Commit {
        let (store, council) = (self.world.store.clone(), self.world.council.clone());
        metrics::histogram!("dienhong_batch_entries").record(batch.lines.len() as f64);
        let append = append_of(batch);
        tokio::spawn(async move {
            match time::timeout(COMMIT_WITHIN, store.append(&council, epoch, append)).await {
                Ok(outcome) => outcome,
                Err(_) => Err(AppendError::Unknown),
            }
        })
    }

    fn committed(&mut self, sequencer: &mut Sequencer, batch: &Batch) {
        let answers = sequencer.committed(batch);
        metrics::gauge!("dienhong_record_entries", "council" => self.world.council.to_string())
            .set(sequencer.size() as f64);
        for (ticket, answer) in answers {
            self.answer(ticket, answer);
        }
        self.screens.follow(sequencer, &batch.events, self.world.clock.now());
    }

    fn store_failed(&mut self, sequencer: Sequencer, error: AppendError, since: Millis, wrote: bool) -> Ended {
        tracing::error!(council = %self.world.council, code = error.code(), "the record could not be written: {error}");
        metrics::counter!("dienhong_append_failures_total", "code" => error.code()).increment(1);
        self.world.ready.send_replace(false);
        self.screens.show_store_away(&sequencer, since);
        Ended::StoreFailed { waiting: sequencer.abandon(), since, wrote }
    }

    fn answer(&mut self, ticket: Ticket, answer: Answer) {
        if let Some(answered) = self.answered.remove(&ticket) {
            self.deliver(answered, answer);
        }
    }

    /// Puts the entry's line into a receipt where memory no longer has it.
    fn deliver(&self, answered: Answered, answer: Answer) {
        match answer {
            Answer::Receipt(mut receipt) if receipt.line.is_none() => {
                let (store, council) = (self.world.store.clone(), self.world.council.clone());
                tokio::spawn(async move {
                    match store.read(&council, receipt.seq, 1).await.map(|mut entries| entries.pop()) {
                        Ok(Some(entry)) => {
                            receipt.line = Some(Arc::from(entry.line));
                            answered(Answer::Receipt(receipt));
                        }
                        _ => answered(Answer::StoreUnavailable),
                    }
                });
            }
            answer => answered(answer),
        }
    }
}

/// A read under way, given up when a newer one starts or the task ends: afterwards the store may be closed.
struct Reading(JoinHandle<()>);

impl Reading {
    /// Gives it up and waits until it has let go of the store.
    async fn end(&mut self) {
        self.0.abort();
        // Whether it had finished or was given up is all the same.
        let _ = (&mut self.0).await;
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.0.abort();
    }
}

enum Waited<T> {
    Done(Result<T, tokio::task::JoinError>),
    Stopped,
}

async fn finished(commit: &mut Option<(Commit, Batch, Instant)>) -> Result<(), AppendError> {
    match commit {
        // A commit that broke down half-way may have been written.
        Some((commit, ..)) => commit.await.unwrap_or(Err(AppendError::Unknown)),
        None => std::future::pending().await,
    }
}

/// A dropped sender means that nobody can ask for a stop any more, which is a stop as well.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}
