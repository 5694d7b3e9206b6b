//! A council's task while another node writes the record, or nobody: it shows what has become durable, sends commands to whoever
//! leads, and takes over once nobody does.

use super::catch_up::{self, CatchUpError, Piece};
use super::closed_doors;
use super::cluster::{Cluster, Message, Seen};
use super::council::{Started, Task, tell_started};
use super::surroundings::{Heard, Request};
use super::tenure::Term;
use super::waiting::{Waited, finished_one, stopped, until};
use crate::chamber::event::Event;
use crate::chamber::ids::Millis;
use crate::hub::Answered;
use crate::ports::{LEASE, StoreError};
use crate::sequencer::{Answer, FollowError, Sequencer, Submission};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time;

/// Nodes that see a free lease do not all reach for it at once: which comes first is chance, so that councils spread.
const JITTER_MS: u16 = 300;
/// Between looks at the store for those who wait: whoever knocks with a login that is not good asks for one.
const ASK_EVERY: Duration = Duration::from_millis(100);
/// Those who wait for this node to catch up; beyond it they go on with what it has.
const WAITING: usize = 256;

pub(super) enum Followed {
    Stopped,
    /// The record is this node's to write. `since`: when somebody was last known to.
    Leads {
        sequencer: Box<Sequencer>,
        term: Term,
        since: Option<Millis>,
    },
    /// What the store has does not go on from what was read: to be read again.
    Again,
}

type Reading = JoinHandle<Result<Option<Piece>, StoreError>>;

struct Following {
    cluster: Arc<Cluster>,
    sequencer: Sequencer,
    /// The node that leads.
    leader: Option<String>,
    /// When somebody was last known to lead: by this machine's clock, and by the council's.
    led_at: Instant,
    since: Option<Millis>,
    /// Screens show that nobody can vote.
    away: bool,
    /// Entries known to be in the store.
    target: u64,
    reading: Option<Reading>,
    /// Those who wait for the next read, and for the one under way.
    waiting: Vec<oneshot::Sender<()>>,
    waiting_now: Vec<oneshot::Sender<()>>,
    /// When the store was last read.
    asked_at: Option<Instant>,
    take_at: Option<Instant>,
    taking: Option<JoinHandle<Option<Term>>>,
}

impl Task {
    /// Until told to stop, or until this node leads.
    pub(super) async fn follow(
        &mut self,
        sequencer: Sequencer,
        since: Option<Millis>,
        started: &mut Started,
    ) -> Followed {
        let Some(cluster) = self.world.cluster.clone() else { return Followed::Again };
        let mut seen = cluster.seen();
        seen.mark_changed();
        self.world.clock.not_before(sequencer.newest());
        self.screens.show_everything(&sequencer, self.world.clock.now(), since);
        self.world.size.send_replace(sequencer.size());
        let mut following = Following::new(cluster, sequencer, since);
        tell_started(started);
        self.read_codes();
        let mut codes_read = self.codes.subscribe();
        let mut comings = self.world.room.comings_and_goings();
        let mut stop = self.world.stop.clone();
        loop {
            self.read_what_is_missing(&mut following);
            let away_at = (!following.away).then(|| following.led_at + LEASE);
            let take_at = following.take_at.filter(|_| following.taking.is_none());
            let ask_at = following.ask_at().filter(|_| following.reading.is_none());
            let (screens_due, company_due) = (self.screens.next_due(), self.company_due());
            tokio::select! {
                biased;
                () = stopped(&mut stop) => {
                    self.snapshots.last(&following.sequencer, self.world.room.had_closed_doors()).await;
                    following.end().await;
                    return Followed::Stopped;
                }
                taken = finished_one(&mut following.taking) => {
                    following.taking = None;
                    following.take_at = None;
                    if let Some(Some(term)) = taken {
                        return self.take_over(following, term).await;
                    }
                }
                read = finished_one(&mut following.reading) => {
                    following.reading = None;
                    if !self.add(&mut following, read) {
                        return Followed::Again;
                    }
                }
                Ok(()) = seen.changed() => {
                    let seen = seen.borrow_and_update().clone();
                    self.look(&mut following, &seen);
                }
                Some(heard) = self.incoming.heard.recv() => match heard {
                    Heard::Said(from, message) => self.hear_following(&mut following, from, message),
                    Heard::CatchUp(answered) => {
                        if following.waiting.len() < WAITING {
                            following.waiting.push(answered);
                        }
                    }
                },
                request = self.incoming.requests.recv() => {
                    let Some(request) = request else { return Followed::Stopped };
                    self.take_following(&mut following, request);
                }
                Some(question) = self.incoming.questions.recv() => question(&following.sequencer),
                Ok(()) = codes_read.changed() => {
                    let codes = codes_read.borrow_and_update().clone();
                    self.screens.set_codes(codes);
                }
                () = until(take_at) => following.taking = Some(self.reach_for_the_lease(&following.cluster)),
                () = until(away_at) => self.show_away(&mut following),
                // Read with the next turn of the loop.
                () = until(ask_at) => {}
                () = until(screens_due) => self.screens.catch_up(&following.sequencer, self.world.clock.now()),
                () = until(company_due) => self.tell_company(),
                () = self.snapshots.refuted() => return Followed::Again,
                changed = comings.changed() => {
                    if changed.is_ok() {
                        self.people_came_or_went();
                    }
                }
            }
        }
    }

    /// Where the council stands, by the store.
    fn look(&mut self, following: &mut Following, seen: &Seen) {
        let Some(position) = seen.positions.get(&self.world.council) else { return };
        following.target = following.target.max(position.size);
        let (mine, free) = (position.holder == following.cluster.holder, position.lease_left_ms == 0);
        if mine || free {
            following.leader = None;
            self.world.ready.send_replace(false);
            let random = self.salts.next();
            let jitter = u16::from_be_bytes([random[0], random[1]]) % JITTER_MS;
            // What is this node's already nobody else reaches for.
            let pause = if mine { Duration::ZERO } else { Duration::from_millis(jitter.into()) };
            following.take_at.get_or_insert_with(|| Instant::now() + pause);
        } else {
            following.leader = Some(position.holder.clone());
            following.take_at = None;
            self.led(following, seen.at);
        }
    }

    /// Somebody led at that time.
    fn led(&mut self, following: &mut Following, at: Instant) {
        following.led_at = following.led_at.max(at);
        following.since = Some(self.world.clock.now());
        if std::mem::take(&mut following.away) {
            self.screens.show_everything(&following.sequencer, self.world.clock.now(), None);
        }
        self.world.ready.send_if_modified(|ready| !std::mem::replace(ready, true));
    }

    /// Nobody has led for as long as a lease lasts, as far as this node can see.
    fn show_away(&mut self, following: &mut Following) {
        following.away = true;
        self.world.ready.send_replace(false);
        let since = following.since.unwrap_or(following.sequencer.newest());
        self.screens.show_store_away(&following.sequencer, self.world.clock.now(), since);
    }

    fn reach_for_the_lease(&self, cluster: &Arc<Cluster>) -> JoinHandle<Option<Term>> {
        let (store, council, cluster) = (self.world.store.clone(), self.world.council.clone(), cluster.clone());
        tokio::spawn(async move {
            let _place = cluster.takeovers.acquire().await.ok()?;
            let asked = Instant::now();
            let lease = store.take_over(&council, &cluster.holder).await.ok().flatten()?;
            Some(Term { epoch: lease.epoch, asked, granted: Instant::now() })
        })
    }

    /// Nobody else can write any more: what is missing here is read, and compared with the head.
    async fn take_over(&mut self, following: Following, term: Term) -> Followed {
        let Following { cluster, mut sequencer, since, waiting, waiting_now, .. } = following;
        metrics::counter!("dienhong_takeovers_total").increment(1);
        tracing::info!(council = %self.world.council, epoch = term.epoch, "this node leads the council now");
        let (store, council) = (self.world.store.clone(), self.world.council.clone());
        let catching_up = tokio::spawn(async move {
            let added = catch_up::to_the_end(store.as_ref(), &council, &mut sequencer).await?;
            Ok::<_, CatchUpError>((sequencer, added))
        });
        let outcome = self.answer_unavailable_until(catching_up).await;
        for waits in waiting.into_iter().chain(waiting_now) {
            // Whoever waited may have gone.
            let _ = waits.send(());
        }
        match outcome {
            Waited::Done(Ok(Ok((sequencer, added)))) => {
                if let Err(error) = self.world.heads.check(&self.world.council, &sequencer).await {
                    // It is read again, and refused by the same comparison.
                    tracing::error!(council = %self.world.council, code = error.code(), "{error}");
                    return Followed::Again;
                }
                self.note_closed_doors(&added);
                cluster.tell(&Message::Moved {});
                // Whatever was seen of a leader, the newest entry shows that there was one.
                let since = since.map(|since| since.max(sequencer.newest()));
                Followed::Leads { sequencer: Box::new(sequencer), term, since }
            }
            Waited::Done(Ok(Err(error))) => {
                tracing::error!(council = %self.world.council, %error, "the record cannot be taken over");
                Followed::Again
            }
            Waited::Done(Err(_)) => Followed::Again,
            Waited::Stopped => Followed::Stopped,
        }
    }

    fn read_what_is_missing(&self, following: &mut Following) {
        let is_asked = following.ask_at().is_some_and(|at| at <= Instant::now());
        let is_behind = following.sequencer.size() < following.target || is_asked;
        if !is_behind || following.reading.is_some() {
            return;
        }
        following.asked_at = Some(Instant::now());
        following.waiting_now.append(&mut following.waiting);
        let (store, council) = (self.world.store.clone(), self.world.council.clone());
        let from = following.sequencer.size();
        following.reading = Some(tokio::spawn(async move { catch_up::next(store.as_ref(), &council, from).await }));
    }

    /// Adds what was read. False when it does not go on from what is here.
    fn add(&mut self, following: &mut Following, read: Option<Result<Option<Piece>, StoreError>>) -> bool {
        match read {
            Some(Ok(Some(piece))) => {
                if !piece.is_last {
                    // Whoever waits does so for everything that is there.
                    following.target = following.target.max(piece.end().saturating_add(1));
                    following.waiting.append(&mut following.waiting_now);
                }
                match following.sequencer.extend(piece.first_seq, &piece.lines, &piece.checkpoint) {
                    Ok(events) => {
                        metrics::counter!("dienhong_gaps_filled_total").increment(1);
                        self.show_added(following, &piece.lines, &events);
                    }
                    // The bus was quicker.
                    Err(FollowError::Elsewhere { .. }) => {}
                    Err(error) => {
                        tracing::error!(council = %self.world.council, %error, "the record does not go on as it was");
                        return false;
                    }
                }
            }
            // Looked for again when the store is next seen to have more.
            Some(Ok(None)) | Some(Err(_)) | None => following.target = following.sequencer.size(),
        }
        for waits in following.waiting_now.drain(..) {
            let _ = waits.send(());
        }
        true
    }

    fn show_added(&mut self, following: &mut Following, lines: &[Arc<str>], events: &[(Millis, Event)]) {
        let size = following.sequencer.size();
        self.world.heads.note(&self.world.council, &following.sequencer);
        self.world.clock.not_before(following.sequencer.newest());
        metrics::gauge!("dienhong_record_entries", "council" => self.world.council.to_string()).set(size as f64);
        self.note_closed_doors(lines);
        self.snapshots.follow(&following.sequencer, self.world.room.had_closed_doors());
        self.screens.follow(&following.sequencer, events, self.world.clock.now());
        if following.away {
            // Newer entries say nothing of whether anybody writes.
            let since = following.since.unwrap_or(following.sequencer.newest());
            self.screens.show_store_away(&following.sequencer, self.world.clock.now(), since);
        }
        self.world.size.send_replace(size);
    }

    fn note_closed_doors(&self, lines: &[Arc<str>]) {
        if lines.iter().any(|line| closed_doors::speaks_of_them(line)) {
            self.world.room.close_doors();
        }
    }

    fn hear_following(&mut self, following: &mut Following, from: String, message: Message) {
        let Message::Batch { first_seq, lines, checkpoint, .. } = message else {
            return self.hear(&following.sequencer, from, message);
        };
        let lines: Vec<Arc<str>> = lines.into_iter().map(Arc::from).collect();
        match following.sequencer.extend(first_seq, &lines, &checkpoint) {
            Ok(events) => {
                self.show_added(following, &lines, &events);
                // Who writes leads, whether or not this node can see the store.
                self.led(following, Instant::now());
            }
            Err(FollowError::Elsewhere { first_seq, size }) if first_seq < size => {}
            // Something is missing in between, or this is not what the council's key signed: the store knows.
            Err(error) => {
                if !matches!(error, FollowError::Elsewhere { .. }) {
                    metrics::counter!("dienhong_bus_refused_total", "cause" => "record").increment(1);
                }
                following.target = following.target.max(following.sequencer.size().saturating_add(1));
            }
        }
    }

    fn take_following(&mut self, following: &mut Following, request: Request) {
        match request {
            Request::Act { submission, answered } => self.send_on(following, *submission, answered),
            request => self.attend(&following.sequencer, request),
        }
    }

    fn send_on(&self, following: &Following, submission: Submission, answered: Answered) {
        // What stands in the record is known here as well as there.
        let known = submission.statement.as_ref().and_then(|signed| following.sequencer.find(&signed.text_sha256));
        match (known, &following.leader) {
            (Some(receipt), _) => self.deliver(answered, receipt),
            (None, Some(leader)) => following.cluster.forward(leader, &self.world.council, submission, answered),
            (None, None) => answered(Answer::StoreUnavailable),
        }
    }
}

impl Following {
    /// When the store may be read for those who wait, if anybody does.
    fn ask_at(&self) -> Option<Instant> {
        let soonest = self.asked_at.map_or_else(Instant::now, |at| at + ASK_EVERY);
        (!self.waiting.is_empty()).then_some(soonest)
    }

    fn new(cluster: Arc<Cluster>, sequencer: Sequencer, since: Option<Millis>) -> Self {
        Self {
            cluster,
            sequencer,
            leader: None,
            led_at: Instant::now(),
            since,
            away: since.is_some(),
            target: 0,
            reading: None,
            waiting: Vec::new(),
            waiting_now: Vec::new(),
            asked_at: None,
            take_at: None,
            taking: None,
        }
    }

    /// A lease that is being taken is let go with the others, so it must be there by then.
    async fn end(self) {
        if let Some(reading) = self.reading {
            reading.abort();
        }
        if let Some(taking) = self.taking {
            let _ = time::timeout(LEASE, taking).await;
        }
    }
}
