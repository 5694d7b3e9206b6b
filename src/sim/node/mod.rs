//! One node's council task, step by step in the world's time. What decides, folds, loads, catches up and lets people in is the real
//! code; the order of effects is that of `node/council`, `node/leading`, `node/following`, `node/tenure` and `node/cluster/tend`.

mod clock;
mod following;
mod jobs;
mod leading;
mod said;

pub use said::{Asker, Basis, Effect, Made, Said, Sent};

use super::desk::{Asked, Desk, Reply};
use super::planted::Planted;
use crate::chamber::Chamber;
use crate::chamber::command::{Actor, Command, Issuer};
use crate::chamber::ids::{CouncilId, Millis, PersonId};
use crate::hub::admission::{self, Denial, Ordered};
use crate::hub::directory::Directory;
use crate::node::secret::InstanceSecret;
use crate::node::{directory, load};
use crate::sample::Rng;
use crate::sequencer::{Answer, Sequencer, Submission, Ticket};
use clock::Clock;
use following::Following;
use jobs::{Done, Jobs, Kind};
use leading::Leading;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// As in `node/council`.
const RETRY_FIRST: u64 = 100;
const RETRY_LAST: u64 = 2_000;
/// As in `node/cluster/tend`.
const RENEW_EVERY: u64 = 1_000;
const LOOK_EVERY: u64 = 500;
const LOOK_AGAIN: u64 = 20;
/// As in `node/peers`.
const RELAYED_WITHIN: u64 = 5_000;

/// What all lives of all nodes share.
pub struct Grounds {
    pub council: CouncilId,
    pub secret: InstanceSecret,
    pub planted: Option<Planted>,
    /// One node serves, without leases.
    pub alone: bool,
}

struct Question {
    asker: Asker,
    text: Option<[u8; 32]>,
    basis: Basis,
}

enum Mode {
    Loading { pause: u64 },
    Resting { until: u64, pause: u64 },
    Following(Box<Following>),
    TakingOver(Term),
    Leading(Box<Leading>),
}

/// A lease that was taken: when it was asked for, and when it was there.
#[derive(Debug, Clone, Copy)]
struct Term {
    epoch: u64,
    asked: u64,
    granted: u64,
    since: Option<Millis>,
}

pub struct Node {
    grounds: Arc<Grounds>,
    pub life: u64,
    pub holder: String,
    clock: Clock,
    rng: Rng,
    desk: Desk,
    jobs: Jobs,
    mode: Mode,
    directory: Directory,
    inbox: VecDeque<(Asker, Submission)>,
    asked: BTreeMap<Ticket, Question>,
    tickets: u64,
    lost: Vec<(Ticket, Option<[u8; 32]>)>,
    away_since: Option<Millis>,
    pause: u64,
    renew_at: u64,
    look_at: u64,
    renewed: Option<Renewed>,
    seen: Option<Seen>,
    relays: BTreeMap<u64, (Asker, u64)>,
    relayed: u64,
}

#[derive(Clone)]
struct Renewed {
    at: u64,
    epoch: Option<u64>,
}

#[derive(Clone)]
struct Seen {
    at: u64,
    holder: String,
    size: u64,
    is_free: bool,
}

impl Node {
    /// A process that starts at `now` on a machine whose wall clock says `wall`.
    pub fn start(grounds: Arc<Grounds>, index: usize, life: u64, now: u64, wall: Millis, rng: Rng) -> Self {
        Self {
            grounds,
            life,
            holder: format!("n{index}#{life}"),
            clock: Clock::start(now, wall),
            rng,
            desk: Desk::default(),
            jobs: Jobs::default(),
            mode: Mode::Resting { until: now, pause: RETRY_FIRST },
            directory: Directory::default(),
            inbox: VecDeque::new(),
            asked: BTreeMap::new(),
            tickets: 0,
            lost: Vec::new(),
            away_since: None,
            pause: RETRY_FIRST,
            renew_at: now,
            look_at: now,
            renewed: None,
            seen: None,
            relays: BTreeMap::new(),
            relayed: 0,
        }
    }

    /// What is durable here, while the record is read.
    pub fn sequencer(&self) -> Option<&Sequencer> {
        match &self.mode {
            Mode::Following(following) => Some(&following.sequencer),
            Mode::Leading(leading) => Some(&leading.sequencer),
            _ => None,
        }
    }

    pub fn chamber(&self) -> Option<&Chamber> {
        self.sequencer().map(Sequencer::durable)
    }

    /// The epoch under which this node writes the record.
    pub fn leads_under(&self) -> Option<u64> {
        match &self.mode {
            Mode::Leading(leading) => Some(leading.epoch()),
            _ => None,
        }
    }

    pub fn take_calls(&self) -> Vec<Asked> {
        self.desk.take_asked()
    }

    /// The store has answered.
    pub fn store_said(&mut self, now: u64, job: u64, call: u64, reply: Reply, fx: &mut Vec<Effect>) {
        if let Mode::Leading(_) = self.mode {
            // Whoever wakes up looks at the clock first.
            self.check_tenure(now, fx);
        }
        self.desk.answer(call, reply);
        if let Some((kind, began, done)) = self.jobs.poll(&self.desk, job) {
            self.finished(now, kind, began, done, fx);
        }
        self.turn(now, fx);
    }

    /// A command off a socket. Before the record was read for the first time nobody gets in.
    pub fn admit(&mut self, asker: Asker, person: &PersonId, sent: &Sent) -> Option<Denial> {
        if self.directory.people.is_empty() {
            return Some(Denial::StoreUnavailable);
        }
        let submission = match sent {
            Sent::Vote { note } => admission::vote(&self.directory, person, note),
            Sent::Order { note, arguments } => match admission::order(&self.directory, person, note, arguments) {
                Ok(Ordered::Chamber(submission)) => Ok(*submission),
                Ok(Ordered::Errand(..)) => Err(Denial::UnknownOrder),
                Err(denial) => Err(denial),
            },
            Sent::Enrol { note } => admission::enrol(&self.directory, note).map(|enrol| {
                let by = Actor::Person(enrol.person.clone());
                let command = Command::BindDevice { person: enrol.person, key: enrol.key, issued_by: Issuer::Operator };
                Submission { by, command, statement: Some(enrol.signed), arguments: None }
            }),
        };
        match submission {
            Ok(submission) if self.inbox.len() < crate::node::INBOX => {
                self.inbox.push_back((asker, submission));
                None
            }
            Ok(_) => Some(Denial::Busy),
            Err(denial) => Some(denial),
        }
    }

    /// A command that another node sent on.
    pub fn relay(&mut self, asker: Asker, submission: Submission) {
        self.inbox.push_back((asker, submission));
    }

    /// What became of a command that was sent on.
    pub fn relay_said(&mut self, now: u64, relay: u64, answer: Option<Answer>, fx: &mut Vec<Effect>) {
        self.give_back(relay, answer, fx);
        self.turn(now, fx);
    }

    fn give_back(&mut self, relay: u64, answer: Option<Answer>, fx: &mut Vec<Effect>) {
        if let Some((to, _)) = self.relays.remove(&relay) {
            let answer = Some(answer.unwrap_or(Answer::StoreUnavailable));
            fx.push(Effect::Answer { to, answer, made: None });
        }
    }

    pub fn hear(&mut self, now: u64, said: &Said, fx: &mut Vec<Effect>) {
        match said {
            Said::Moved => self.look_at = self.look_at.min(now + LOOK_AGAIN),
            Said::Batch { first_seq, lines, checkpoint } => self.hear_batch(now, *first_seq, lines, checkpoint, fx),
        }
        self.turn(now, fx);
    }

    /// Does everything whose time has come.
    pub fn turn(&mut self, now: u64, fx: &mut Vec<Effect>) {
        self.tend(now, fx);
        for (kind, began, done) in self.jobs.overdue(now) {
            self.finished(now, kind, began, done, fx);
        }
        let late: Vec<u64> =
            self.relays.iter().filter(|(_, (_, at))| at + RELAYED_WITHIN < now).map(|(id, _)| *id).collect();
        late.into_iter().for_each(|relay| self.give_back(relay, None, fx));
        loop {
            let more = match self.mode {
                Mode::Resting { until, pause } if until <= now => {
                    self.load(now, pause);
                    true
                }
                Mode::Following(_) => self.follow_on(now, fx),
                Mode::Leading(_) => self.lead_on(now, fx),
                _ => false,
            };
            if !more {
                break;
            }
        }
        if matches!(self.mode, Mode::Loading { .. } | Mode::Resting { .. } | Mode::TakingOver(_)) {
            self.turn_away(fx);
        }
    }

    /// When [`Self::turn`] has something to do again.
    pub fn next_due(&self) -> u64 {
        let mut due = self.jobs.next_limit();
        if !self.grounds.alone {
            // One of each at a time.
            let when = |kind, at| if self.jobs.has(kind) { u64::MAX } else { at };
            due = due.min(when(Kind::Renew, self.renew_at)).min(when(Kind::Look, self.look_at));
        }
        if let Some((_, at)) = self.relays.values().min_by_key(|(_, at)| *at) {
            due = due.min(at + RELAYED_WITHIN + 1);
        }
        due.min(match &self.mode {
            Mode::Resting { until, .. } => *until,
            Mode::Following(following) => following.next_due(),
            Mode::Leading(leading) => leading.next_due(self.minds_tenure(), &self.clock),
            _ => u64::MAX,
        })
    }

    fn minds_tenure(&self) -> bool {
        !self.grounds.alone && self.grounds.planted != Some(Planted::StaleLeader)
    }

    /// Leases and looks, whatever the mode.
    fn tend(&mut self, now: u64, fx: &mut Vec<Effect>) {
        if self.grounds.alone {
            return;
        }
        if self.renew_at <= now && !self.jobs.has(Kind::Renew) {
            self.renew_at = now + RENEW_EVERY;
            let (desk, holder) = (self.desk.clone(), self.holder.clone());
            self.begin(now, Kind::Renew, jobs::renew(desk, holder), fx);
        }
        if self.look_at <= now && !self.jobs.has(Kind::Look) {
            self.look_at = u64::MAX;
            self.begin(now, Kind::Look, jobs::look(self.desk.clone()), fx);
        }
    }

    fn begin(&mut self, now: u64, kind: Kind, future: jobs::Future, fx: &mut Vec<Effect>) {
        if let Some(done) = self.jobs.begin(&self.desk, now, kind, future) {
            self.finished(now, kind, now, done, fx);
        }
    }

    fn finished(&mut self, now: u64, kind: Kind, began: u64, done: Done, fx: &mut Vec<Effect>) {
        match done {
            Done::Renewed(Ok(renewed)) => {
                let epoch =
                    renewed.iter().find(|(council, _)| *council == self.grounds.council).map(|(_, epoch)| *epoch);
                self.renewed = Some(Renewed { at: began, epoch });
            }
            Done::Renewed(Err(_)) => {}
            Done::Seen(seen) => {
                self.look_at = now + LOOK_EVERY;
                if let Ok(positions) = seen
                    && let Some(position) =
                        positions.into_iter().find(|position| position.council == self.grounds.council)
                {
                    let is_free = position.lease_left_ms == 0;
                    self.seen = Some(Seen { at: began, holder: position.holder, size: position.size, is_free });
                    self.look(now);
                }
            }
            Done::Loaded(loaded) => self.loaded(now, *loaded, fx),
            Done::Piece(piece) => self.add(now, piece, fx),
            Done::Taken(epoch) => self.taken(now, began, epoch, fx),
            Done::CaughtUp(sequencer, outcome) => self.caught_up(now, sequencer, outcome, fx),
            Done::Written(outcome) => self.written(now, began, outcome, fx),
            Done::Broken => debug_assert!(false, "{kind:?} broke down"),
        }
    }

    fn load(&mut self, now: u64, pause: u64) {
        self.mode = Mode::Loading { pause };
        let writer = self.grounds.alone.then(|| self.holder.clone());
        // It waits for the store at once, so it cannot be done yet.
        let future = jobs::load(self.desk.clone(), self.grounds.clone(), writer);
        let _ = self.jobs.begin(&self.desk, now, Kind::Load, future);
    }

    fn loaded(&mut self, now: u64, loaded: Result<load::Loaded, load::LoadFailure>, fx: &mut Vec<Effect>) {
        let Mode::Loading { pause } = self.mode else { return };
        match loaded {
            Ok(load::Loaded { mut sequencer, epoch, .. }) => {
                if let Some(planted) = self.grounds.planted {
                    sequencer.plant(planted.rules());
                }
                for (ticket, text) in std::mem::take(&mut self.lost) {
                    let answer = text.and_then(|text| sequencer.find(&text)).unwrap_or(Answer::StoreUnavailable);
                    self.answer(ticket, answer, None, fx);
                }
                match epoch {
                    Some(epoch) => {
                        let term = Term { epoch, asked: now, granted: now, since: self.away_since };
                        self.lead(now, sequencer, term, fx);
                    }
                    None => self.follow(now, sequencer, fx),
                }
            }
            Err(failure) => {
                fx.push(Effect::Trace(format!("cannot load: {}", failure.code())));
                for (ticket, _) in std::mem::take(&mut self.lost) {
                    self.answer(ticket, Answer::StoreUnavailable, None, fx);
                }
                self.mode = Mode::Resting { until: now + pause, pause: (pause * 2).min(RETRY_LAST) };
            }
        }
    }

    /// Reads the record again after a rest.
    fn again(&mut self, now: u64) {
        self.jobs.forget_reading();
        self.mode = Mode::Resting { until: now + self.pause, pause: RETRY_FIRST };
    }

    fn turn_away(&mut self, fx: &mut Vec<Effect>) {
        for (to, _) in self.inbox.drain(..) {
            let answer = match to {
                Asker::Node { .. } => None,
                _ => Some(Answer::StoreUnavailable),
            };
            fx.push(Effect::Answer { to, answer, made: None });
        }
    }

    fn answer(&mut self, ticket: Ticket, answer: Answer, epoch: Option<u64>, fx: &mut Vec<Effect>) {
        if let Some(question) = self.asked.remove(&ticket) {
            self.deliver(question, answer, epoch, fx);
        }
    }

    fn deliver(&mut self, question: Question, answer: Answer, epoch: Option<u64>, fx: &mut Vec<Effect>) {
        let Question { asker: to, text, basis } = question;
        let made = Some(Made { text, basis: Some(basis), epoch });
        fx.push(Effect::Answer { to, answer: Some(answer), made });
    }

    fn show(&mut self, now: u64, fx: &mut Vec<Effect>) {
        let Some(newest) = self.sequencer().map(Sequencer::newest) else { return };
        self.clock.not_before(now, newest);
        if let Some(chamber) = self.chamber() {
            self.directory = directory::of(chamber, &self.directory);
        }
        fx.push(Effect::Show);
    }

    fn seed(&mut self) -> [u8; 32] {
        seed(&mut self.rng)
    }
}

fn seed(rng: &mut Rng) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes.chunks_exact_mut(8).for_each(|chunk| chunk.copy_from_slice(&rng.next_u64().to_le_bytes()));
    bytes
}

/// Everything decided so far.
fn basis(sequencer: &Sequencer) -> Basis {
    Basis { size: sequencer.tree().size(), root: sequencer.tree().root() }
}
