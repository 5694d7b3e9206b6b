//! One council's task: it alone touches the council's sequencer. It stamps the time, performs the effects, and shows what has
//! become durable.

use super::append::append_of;
use super::closed_doors;
use super::load::{self, LoadFailure};
use super::nudge;
use super::salts::Salts;
use super::screens::Screens;
use super::surroundings::{Incoming, Request, Surroundings};
use super::waiting::{Commit, Waited, finished, stopped, until};
use crate::chamber::Chamber;
use crate::chamber::command::{Actor, Command};
use crate::chamber::ids::{Millis, PersonId};
use crate::hub::Answered;
use crate::ports::AppendError;
use crate::sequencer::{Answer, Batch, Sequencer, Submission, Ticket};
use crate::wire::from_chamber::Rehearsal;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{oneshot, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time;

/// Requests taken before the loop looks at its commit and its clock again, some 5 ms of work.
const AT_ONCE: usize = 64;
/// A commit that takes longer has an unknown outcome; the stores' own limits are shorter, so this is reached only when a
/// driver hangs.
const COMMIT_WITHIN: Duration = Duration::from_secs(20);
/// Between attempts to reach a store that is away: soon enough that a short failure is hardly noticed, and not a flood.
const RETRY_FIRST: Duration = Duration::from_millis(100);
const RETRY_LAST: Duration = Duration::from_secs(2);

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
        reading: JoinSet::new(),
        screens: Screens::new(world.room.clone(), Rehearsal { is_one: world.is_rehearsal, beside: None }),
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
        if loaded.closed_doors {
            task.world.room.close_doors();
        }
        task.settle(&loaded.sequencer, std::mem::take(&mut lost));
        match task.serve(loaded.sequencer, loaded.epoch, away_since, &mut started).await {
            // Whoever reads lets go first: afterwards the store may be closed.
            Ended::Stopped => return task.reading.shutdown().await,
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
    /// Reads under way; a newer one ends those before it.
    reading: JoinSet<()>,
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
        let mut beside = self.world.beside.clone();
        self.screens.rehearsal_beside(beside.borrow_and_update().as_ref());
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
                Ok(()) = beside.changed() => {
                    self.screens.rehearsal_beside(beside.borrow_and_update().as_ref());
                    self.screens.show_council(&sequencer, self.world.clock.now());
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

    /// A ballot that was open, or a speech that ran, while nothing could be written is put on hold before anything else happens,
    /// with the time it had left or had taken when the record was last written: the chair resumes or ends it. Returns since
    /// when, if there is one. There is at most one: nobody speaks while votes are taken.
    fn hold_after_interruption(&mut self, sequencer: &mut Sequencer, away_since: Option<Millis>) -> Option<Millis> {
        let since = away_since.unwrap_or(sequencer.newest());
        let submission = Submission {
            by: Actor::System,
            command: interrupted(sequencer.durable(), since)?,
            statement: None,
            arguments: None,
        };
        // Nobody waits for this ticket: the hold shows on every screen when it is durable.
        let refused = sequencer.submit(Ticket(u64::MAX), self.world.clock.now(), self.salts.next(), submission);
        if let Some(Answer::Refused(refusal)) = refused {
            tracing::error!(council = %self.world.council, code = refusal.code(), "what was interrupted could not be held");
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
            Request::Nudge { by, ballot, answered } => {
                let now = self.world.clock.now();
                let nudged = nudge::may_nudge(sequencer.durable(), &by, &ballot)
                    .and_then(|()| self.screens.nudge(sequencer, &ballot, now));
                // Whoever asked may have gone.
                let _ = answered.send(nudged);
            }
        }
    }

    /// Reads who has a one-time code, beside the loop: a slow store must not keep anybody from voting. While it is away the
    /// last known list stays.
    fn read_codes(&mut self, codes: &watch::Sender<Codes>) {
        let (store, council, now) = (self.world.store.clone(), self.world.council.clone(), self.world.clock.now());
        let codes = codes.clone();
        self.reading.abort_all();
        // Those that have ended are let go, so that the set stays as small as what is under way.
        while self.reading.try_join_next().is_some() {}
        self.reading.spawn(async move {
            if let Ok(read) = store.live_codes(&council, now).await {
                codes.send_replace(read);
            }
        });
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
        if batch.lines.iter().any(|line| closed_doors::speaks_of_them(line)) {
            self.world.room.close_doors();
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

/// What holds whatever ran against the clock at `since`.
fn interrupted(chamber: &Chamber, since: Millis) -> Option<Command> {
    if let Some(ballot) = chamber.open_ballot() {
        return Some(Command::HoldForStore { ballot: ballot.id.clone(), since });
    }
    let speech = chamber.speech().filter(|speech| speech.running_since.is_some())?;
    Some(Command::PauseForStore { speech: speech.id.clone(), since })
}
