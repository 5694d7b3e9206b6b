//! The people of a world and their tablets. A view is the durable fold of the node somebody is connected to; statements, keys and
//! receipts are real.

mod delegate;
mod hostile;
mod officers;
mod signing;

pub use officers::preparations;

use super::node::Sent;
use super::oracle::{Broken, Invariant};
use crate::chamber::Chamber;
use crate::chamber::ids::{BallotId, PersonId};
use crate::chamber::refusal::Refusal;
use crate::hub::admission::Denial;
use crate::ledger::checkpoint::Checkpoint;
use crate::ledger::note::VerifierKey;
use crate::ledger::receipt::{Receipt, check_under};
use crate::sample::Rng;
use crate::sequencer::Answer;
use ed25519_dalek::SigningKey;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Without an answer the same words are sent again; after a second time from another node.
const ANSWER_WITHIN: u64 = 1_500;
/// Without a sign of life from its node a tablet looks for another one.
const SILENCE: u64 = 3_000;
/// Statements that others may overhear and send again.
const OVERHEARD: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Delegate,
    Chair,
    Secretary,
    Hostile,
}

/// What a node shows to somebody.
#[derive(Clone)]
pub struct View {
    pub size: u64,
    pub chamber: Arc<Chamber>,
}

/// What a client does to the world.
pub enum Move {
    Send { request: u64, acts_for: PersonId, sent: Sent },
    Reconnect,
}

#[derive(Clone)]
pub enum Told {
    Answer(Answer),
    Denied(Denial),
}

/// What clients know of the world they are in.
pub struct Scene {
    pub key: VerifierKey,
    pub healed: bool,
    pub ballot_seconds: u32,
    overheard: VecDeque<(PersonId, Sent)>,
    /// Checkpoints whose signature was found good.
    opened: BTreeMap<String, Checkpoint>,
}

impl Scene {
    pub fn new(key: VerifierKey, ballot_seconds: u32) -> Self {
        Self { key, healed: false, ballot_seconds, overheard: VecDeque::new(), opened: BTreeMap::new() }
    }

    fn open(&mut self, note: &str) -> Option<&Checkpoint> {
        if !self.opened.contains_key(note) {
            let checkpoint = Checkpoint::open(note, &self.key).ok()?;
            self.opened.insert(note.to_owned(), checkpoint);
        }
        self.opened.get(note)
    }

    fn overhear(&mut self, person: &PersonId, sent: &Sent) {
        if self.overheard.len() == OVERHEARD {
            self.overheard.pop_front();
        }
        self.overheard.push_back((person.clone(), sent.clone()));
    }
}

/// Something signed that waits for its answer.
#[derive(Clone)]
struct Pending {
    request: u64,
    sent: Sent,
    /// The ballot it is a vote in.
    ballot: Option<BallotId>,
    due: u64,
    tries: u32,
}

pub struct Client {
    pub person: PersonId,
    pub part: Part,
    pub node: usize,
    pub session: u64,
    pub view: Option<View>,
    rng: Rng,
    key: SigningKey,
    heard_at: u64,
    next_move: u64,
    requests: u64,
    pending: Vec<Pending>,
    /// Votes that came while the ballot did not take any: sent again once it does.
    kept: Vec<Pending>,
    /// The last turn voted in each ballot.
    cast: BTreeMap<BallotId, u32>,
    reconnect: bool,
}

impl Client {
    pub fn new(person: PersonId, part: Part, node: usize, mut rng: Rng) -> Self {
        let key = signing::key(&mut rng);
        let next_move = 300 + u64::from(rng.below(700));
        Self {
            person,
            part,
            node,
            session: 0,
            view: None,
            rng,
            key,
            heard_at: 0,
            next_move,
            requests: 0,
            pending: Vec::new(),
            kept: Vec::new(),
            cast: BTreeMap::new(),
            reconnect: false,
        }
    }

    pub fn is_honest(&self) -> bool {
        self.part != Part::Hostile
    }

    /// Votes and orders that have no answer yet.
    pub fn waits_for(&self) -> usize {
        self.pending.len()
    }

    pub fn next_due(&self) -> u64 {
        let due = self.pending.iter().map(|pending| pending.due).min().unwrap_or(u64::MAX);
        due.min(self.next_move).min(self.heard_at + SILENCE)
    }

    pub fn sees(&mut self, now: u64, view: View) {
        self.heard_at = now;
        self.view = Some(view);
    }

    pub fn connected(&mut self, now: u64, node: usize) {
        (self.node, self.heard_at) = (node, now);
        self.session += 1;
        // Whatever had no answer is sent again at once.
        self.pending.iter_mut().for_each(|pending| (pending.due, pending.tries) = (now, 0));
    }

    /// The connection is gone.
    pub fn cut(&mut self) {
        self.reconnect = true;
    }

    /// Does what is to be done by now.
    pub fn think(&mut self, now: u64, scene: &mut Scene) -> Vec<Move> {
        let mut moves = Vec::new();
        if std::mem::take(&mut self.reconnect) || self.heard_at + SILENCE <= now {
            self.heard_at = now;
            moves.push(Move::Reconnect);
            return moves;
        }
        if self.next_move <= now {
            self.next_move = now + self.pause();
            if !scene.healed {
                self.takes_part(now, scene, &mut moves);
            }
        }
        for pending in self.pending.iter_mut().filter(|pending| pending.due <= now) {
            pending.tries += 1;
            if pending.tries > 2 {
                self.reconnect = true;
            }
            pending.due = now + ANSWER_WITHIN;
            moves.push(Move::Send {
                request: pending.request,
                acts_for: self.person.clone(),
                sent: pending.sent.clone(),
            });
        }
        if self.reconnect {
            self.next_move = self.next_move.min(now + 1);
        }
        moves
    }

    /// An answer has come. What is held from then on, if it is a receipt.
    pub fn hears(&mut self, now: u64, request: u64, told: &Told, scene: &mut Scene) -> Result<Option<Receipt>, Broken> {
        self.heard_at = now;
        let Some(at) = self.pending.iter().position(|pending| pending.request == request) else { return Ok(None) };
        match told {
            Told::Answer(Answer::Busy | Answer::StoreUnavailable) => self.again_later(now, at),
            Told::Denied(denial) if denial.retry() => self.again_later(now, at),
            Told::Answer(Answer::Receipt(receipt)) => {
                let pending = self.pending.swap_remove(at);
                return self.check(receipt, &pending, scene).map(Some);
            }
            Told::Answer(Answer::Refused(Refusal::BallotNotOpen)) => {
                let pending = self.pending.swap_remove(at);
                if pending.ballot.is_some() && !scene.healed {
                    self.kept.push(pending);
                }
            }
            Told::Answer(_) | Told::Denied(_) => {
                let pending = self.pending.swap_remove(at);
                // The next vote takes the turn that this one did not.
                if let Some(turn) = pending.ballot.as_ref().and_then(|ballot| self.cast.get_mut(ballot)) {
                    *turn = turn.saturating_sub(1);
                }
            }
        }
        Ok(None)
    }

    fn again_later(&mut self, now: u64, at: usize) {
        let wait = 200 + u64::from(self.rng.below(800));
        if let Some(pending) = self.pending.get_mut(at) {
            pending.due = now + wait;
        }
    }

    fn check(
        &self,
        receipt: &crate::sequencer::Receipt,
        pending: &Pending,
        scene: &mut Scene,
    ) -> Result<Receipt, Broken> {
        let wrong = |what: String| Broken { invariant: Invariant::ReceiptStands, what };
        let checkpoint =
            scene.open(&receipt.checkpoint).ok_or_else(|| wrong("a receipt's checkpoint is not signed".into()))?;
        let receipt = Receipt {
            seq: receipt.seq,
            entry: receipt.line.as_deref().unwrap_or_default().to_owned(),
            proof: receipt.proof.clone(),
            checkpoint: receipt.checkpoint.clone(),
        };
        let entry = check_under(&receipt, checkpoint).map_err(|error| {
            wrong(format!("{} finds the receipt of entry {} bad: {error}", self.person, receipt.seq))
        })?;
        let (Sent::Vote { note } | Sent::Order { note, .. } | Sent::Enrol { note }) = &pending.sent;
        if entry.statement.as_deref() == Some(note) {
            Ok(receipt)
        } else {
            Err(wrong(format!("{} gets a receipt for what somebody else said", self.person)))
        }
    }

    fn pause(&mut self) -> u64 {
        let (least, more) = match self.part {
            Part::Delegate => (60, 500),
            Part::Chair => (80, 300),
            Part::Secretary => (80, 300),
            Part::Hostile => (100, 600),
        };
        least + u64::from(self.rng.below(more))
    }

    fn takes_part(&mut self, now: u64, scene: &mut Scene, moves: &mut Vec<Move>) {
        let Some(chamber) = self.view.as_ref().map(|view| view.chamber.clone()) else { return };
        if self.has_lost_its_key(now, &chamber, scene) {
            return;
        }
        match self.part {
            Part::Delegate => self.sits(now, &chamber, scene),
            Part::Chair => {
                self.sits(now, &chamber, scene);
                self.presides(now, &chamber, scene);
            }
            Part::Secretary => self.keeps_the_roll(now, &chamber, scene),
            Part::Hostile => {
                self.comes_in(now, &chamber, scene);
                self.attacks(&chamber, scene, moves);
            }
        }
    }

    /// Keeps what was signed until it is answered. It leaves with this step's other moves.
    fn say(&mut self, now: u64, sent: Sent, ballot: Option<BallotId>, scene: &mut Scene) {
        scene.overhear(&self.person, &sent);
        self.requests += 1;
        self.pending.push(Pending { request: self.requests, sent, ballot, due: now, tries: 0 });
    }
}
