//! One council's task: it alone touches the council's sequencer. It stamps the time, performs the effects, and shows what has
//! become durable. It leads, which is to write the record, or follows what another node writes.

use super::cluster::Message;
use super::company::Company;
use super::following::Followed;
use super::load::{self, LoadFailure};
use super::nudge;
use super::salts::Salts;
use super::screens::Screens;
use super::scrub::{self, Pace, Reference, Scrub};
use super::snapshots::Snapshots;
use super::surroundings::{Incoming, Request, Surroundings};
use super::tenure::Term;
use super::waiting::{Waited, stopped};
use crate::chamber::ids::{Millis, PersonId};
use crate::hub::Answered;
use crate::sequencer::{Answer, Sequencer, Ticket};
use crate::wire::from_chamber::Rehearsal;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{oneshot, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time;

/// Requests taken before the loop looks at its commit and its clock again, some 5 ms of work.
pub(super) const AT_ONCE: usize = 64;
/// Between attempts to reach a store that is away: soon enough that a short failure is hardly noticed, and not a flood.
const RETRY_FIRST: Duration = Duration::from_millis(100);
const RETRY_LAST: Duration = Duration::from_secs(2);

/// Runs until told to stop. The first load's outcome is sent on `started`, once the room shows what was loaded: whoever
/// comes in after that is known.
pub async fn run(world: Surroundings, incoming: Incoming, mut started: Started) {
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
        codes: watch::Sender::new(Vec::new()),
        company: Company::new(),
        snapshots: Snapshots::new(&world),
        scrub: Scrub::new(&world),
        screens: Screens::new(world.room.clone(), Rehearsal { is_one: world.is_rehearsal, beside: None }),
        world,
        incoming,
        answered: HashMap::new(),
        next: 0,
    };
    let mut lost = Vec::new();
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
        task.snapshots.loaded(&loaded, task.world.room.had_closed_doors());
        task.settle(&loaded.sequencer, std::mem::take(&mut lost));
        let led = match loaded.epoch {
            Some(epoch) => {
                Followed::Leads { sequencer: Box::new(loaded.sequencer), term: Term::alone(epoch), since: away_since }
            }
            None => task.follow(loaded.sequencer, away_since, &mut started).await,
        };
        let (sequencer, term, since) = match led {
            Followed::Leads { sequencer, term, since } => (sequencer, term, since),
            Followed::Again => {
                if !task.rest(pause).await {
                    return;
                }
                continue;
            }
            Followed::Stopped => return task.end().await,
        };
        let leads = Leads::begin();
        let ended = task.serve(*sequencer, term, since, &mut started).await;
        drop(leads);
        match ended {
            // Whoever reads lets go first: afterwards the store may be closed.
            Ended::Stopped => return task.end().await,
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

/// Counts a council that is led here, also where its task breaks down.
struct Leads;

impl Leads {
    fn begin() -> Self {
        metrics::gauge!("dienhong_leads").increment(1.0);
        Self
    }
}

impl Drop for Leads {
    fn drop(&mut self) {
        metrics::gauge!("dienhong_leads").decrement(1.0);
    }
}

pub(super) struct Task {
    pub(super) world: Surroundings,
    pub(super) incoming: Incoming,
    pub(super) screens: Screens,
    /// Reads under way; a newer one ends those before it.
    reading: JoinSet<()>,
    /// Who has a one-time code, as it was last read.
    pub(super) codes: watch::Sender<Codes>,
    pub(super) company: Company,
    pub(super) salts: Salts,
    pub(super) answered: HashMap<Ticket, Answered>,
    pub(super) next: u64,
    pub(super) snapshots: Snapshots,
    pub(super) scrub: Scrub,
}

/// Whoever still waits for an answer, and for which statement's.
type Lost = Vec<(Ticket, Option<[u8; 32]>)>;

/// Where the first load's outcome is awaited.
pub(super) type Started = Option<oneshot::Sender<Result<(), LoadFailure>>>;

pub(super) fn tell_started(started: &mut Started) {
    if let Some(started) = started.take() {
        // Nobody may be waiting for the start any more.
        let _ = started.send(Ok(()));
    }
}

pub(super) enum Ended {
    Stopped,
    /// `since`: when votes could last be taken. `wrote`: something was written since the load before it.
    StoreFailed {
        waiting: Lost,
        since: Millis,
        wrote: bool,
    },
}

/// Who has a one-time code, and until when.
pub(super) type Codes = Vec<(PersonId, Millis)>;

impl Task {
    /// Loads until it works. Meanwhile everybody gets `store_unavailable` at once, and stop is heeded.
    async fn load(
        &mut self,
        started: &mut Started,
        lost: &mut Lost,
        away_since: Option<Millis>,
    ) -> Option<load::Loaded> {
        let mut pause = RETRY_FIRST;
        loop {
            let (store, secret) = (self.world.store.clone(), self.world.secret.clone());
            let council = self.world.council.clone();
            // One that could not be deleted is not read either.
            let snapshots = self.world.snapshots.clone().filter(|_| !self.snapshots.is_refuted());
            // Where several nodes serve, the record is read first and led once its lease is free.
            let writer = self.world.cluster.is_none().then(|| self.world.holder.clone());
            let is_suspect = self.scrub.suspects();
            let loading = tokio::spawn(async move {
                let loaded = load::load(store.as_ref(), &secret, &council, writer.as_deref(), snapshots).await?;
                if is_suspect {
                    let reference = Reference::of(&loaded.sequencer);
                    scrub::read_through(store.as_ref(), &council, &reference, Pace::Fast).await?;
                }
                Ok(loaded)
            });
            let outcome = match self.answer_unavailable_until(loading).await {
                Waited::Done(Ok(outcome)) => outcome,
                // The load itself broke down: the same as a store that cannot be read.
                Waited::Done(Err(_)) => Err(LoadFailure::Broken),
                Waited::Stopped => return None,
            };
            let outcome = match outcome {
                Ok(loaded) => {
                    let checked = self.world.heads.check(&self.world.council, &loaded.sequencer).await;
                    checked.map(|()| loaded).map_err(LoadFailure::from)
                }
                Err(failure) => Err(failure),
            };
            self.world.alarm(outcome.as_ref().err().is_some_and(LoadFailure::is_alarm));
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

    /// Nothing is read any more: afterwards the store may be closed.
    async fn end(mut self) {
        self.scrub.end().await;
        self.reading.shutdown().await;
    }

    /// False when told to stop.
    pub(super) async fn rest(&mut self, pause: Duration) -> bool {
        matches!(self.answer_unavailable_until(tokio::spawn(time::sleep(pause))).await, Waited::Done(_))
    }

    pub(super) async fn answer_unavailable_until<T>(&mut self, mut work: JoinHandle<T>) -> Waited<T> {
        loop {
            tokio::select! {
                done = &mut work => return Waited::Done(done),
                () = stopped(&mut self.world.stop) => {
                    work.abort();
                    return Waited::Stopped;
                }
                request = self.incoming.requests.recv() => match request {
                    Some(Request::Act { answered, .. }) => answered(Answer::StoreUnavailable),
                    Some(Request::Relayed { relayed, .. }) => relayed(None),
                    Some(_) => {}
                    None => return Waited::Stopped,
                },
                // A dropped question tells its asker the same.
                question = self.incoming.questions.recv() => drop(question),
            }
        }
    }

    /// Answers those who waited when the store failed, from what is really there.
    fn settle(&mut self, sequencer: &Sequencer, lost: Lost) {
        for (ticket, text) in lost {
            let answer = text.and_then(|text| sequencer.find(&text)).unwrap_or(Answer::StoreUnavailable);
            self.answer(ticket, answer);
        }
    }

    fn give_up_on(&mut self, lost: &mut Lost) {
        for (ticket, _) in lost.drain(..) {
            self.answer(ticket, Answer::StoreUnavailable);
        }
    }

    /// What is asked of a node whether it leads or follows.
    pub(super) fn attend(&mut self, sequencer: &Sequencer, request: Request) {
        match request {
            Request::Joined(person, page) => {
                self.screens.show_me(sequencer, &person);
                self.tell(|council| Message::Joined { council, person, page });
            }
            Request::CodesChanged => {
                self.read_codes();
                self.tell(|council| Message::Codes { council });
            }
            Request::Nudge { by, ballot, answered } => {
                let now = self.world.clock.now();
                let elsewhere = self.company.elsewhere().acting;
                let nudged = nudge::may_nudge(sequencer.durable(), &by, &ballot)
                    .and_then(|()| self.screens.nudge(sequencer, &ballot, now, &elsewhere));
                if let Ok(people) = &nudged {
                    let people = people.clone();
                    self.tell(|council| Message::Nudge { council, ballot, people });
                }
                // Whoever asked may have gone.
                let _ = answered.send(nudged.map(|people| u32::try_from(people.len()).unwrap_or(u32::MAX)));
            }
            // Each mode has its own way with these.
            Request::Act { answered, .. } => answered(Answer::Internal),
            Request::Relayed { relayed, .. } => relayed(None),
        }
    }

    /// What another node says beside its entries.
    pub(super) fn hear(&mut self, sequencer: &Sequencer, from: String, message: Message) {
        match message {
            Message::Codes { .. } => self.read_codes(),
            Message::Nudge { ballot, people, .. } => {
                self.screens.nudged(sequencer, ballot, people, self.world.clock.now());
            }
            Message::Presence { presence, .. } => {
                self.company.heard(from, presence);
                self.screens.set_elsewhere(self.company.elsewhere());
            }
            Message::Joined { person, page, .. } => self.world.room.replaced_elsewhere(&person, page),
            Message::Batch { .. } | Message::Moved {} => {}
        }
    }

    pub(super) fn people_came_or_went(&mut self) {
        self.screens.people_came_or_went();
        self.company.changed();
    }

    /// When [`Self::tell_company`] is due.
    pub(super) fn company_due(&self) -> Option<Instant> {
        self.world.cluster.as_ref().map(|_| self.company.next_due())
    }

    /// Tells the other nodes who is connected here, and forgets what they have not told for long.
    pub(super) fn tell_company(&mut self) {
        if let Some(presence) = self.company.tell(&self.world.room) {
            self.tell(|council| Message::Presence { council, presence });
        }
        self.screens.set_elsewhere(self.company.elsewhere());
    }

    fn tell(&self, message: impl FnOnce(crate::chamber::ids::CouncilId) -> Message) {
        if let Some(cluster) = &self.world.cluster {
            cluster.tell(&message(self.world.council.clone()));
        }
    }

    /// Reads who has a one-time code, beside the loop: a slow store must not keep anybody from voting. While it is away the
    /// last known list stays.
    pub(super) fn read_codes(&mut self) {
        let (store, council, now) = (self.world.store.clone(), self.world.council.clone(), self.world.clock.now());
        let codes = self.codes.clone();
        self.reading.abort_all();
        // Those that have ended are let go, so that the set stays as small as what is under way.
        while self.reading.try_join_next().is_some() {}
        self.reading.spawn(async move {
            if let Ok(read) = store.live_codes(&council, now).await {
                codes.send_replace(read);
            }
        });
    }

    pub(super) fn answer(&mut self, ticket: Ticket, answer: Answer) {
        if let Some(answered) = self.answered.remove(&ticket) {
            self.deliver(answered, answer);
        }
    }

    /// Puts the entry's line into a receipt where memory no longer has it.
    pub(super) fn deliver(&self, answered: Answered, answer: Answer) {
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
