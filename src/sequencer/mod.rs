//! Floor 2. Order, idempotency and batching, as one pure state machine. It knows no clock, network, store or randomness: the
//! node tells it the time, brings random bytes, and performs the effects it asks for.
//!
//! Two folds of the record stand side by side. `ahead` decides: it has every accepted event at once. `durable` has only what
//! the store has confirmed; every view and every answer is made from it. A commit moves one batch across.

mod answers;
mod batch;
mod follow;
mod known;
mod load;
mod rules;
mod snapshot;

pub use answers::{Answer, Receipt, Ticket};
pub use batch::Batch;
pub use follow::FollowError;
pub use load::LoadError;
pub(crate) use rules::{Decide, Rules};
pub use snapshot::{BadSnapshot, Snapshot};

use crate::chamber::Chamber;
use crate::chamber::command::{Actor, Command};
use crate::chamber::event::Event;
use crate::chamber::ids::Millis;
use crate::chamber::refusal::Refusal;
use crate::ledger::checkpoint::Checkpoint;
use crate::ledger::entry::Entry;
use crate::ledger::merkle::{Hash, Tree, leaf_hash};
use crate::ledger::note::{NoteSigner, VerifierKey};
use answers::Waiting;
use known::Known;
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::sync::Arc;

/// Most entries one batch takes: at about 600 bytes an entry a transaction of some 150 KiB, where both stores are near their
/// best rate and a commit still takes about a millisecond.
pub const MAX_BATCH: usize = 256;

/// Entries whose lines stay in memory for receipts: several ballots of the largest council, about 3 MB.
const RECENT_LINES: usize = 4096;

/// A command with the words that authorise it.
#[derive(Debug, Clone)]
pub struct Submission {
    pub by: Actor,
    pub command: Command,
    /// The signed note, checked before it came here.
    pub statement: Option<Signed>,
    /// The text whose hash an order's statement names.
    pub arguments: Option<String>,
}

/// A signed note and what tells it apart: the hash of its text, never of its signature, which may be randomised.
#[derive(Debug, Clone)]
pub struct Signed {
    pub note: String,
    pub text_sha256: [u8; 32],
    /// The device key that was found to have signed it, base64.
    pub key: String,
}

/// One council's record and both its folds. Answers that need not wait come back from [`Sequencer::submit`], the others from
/// [`Sequencer::committed`].
pub struct Sequencer {
    origin: String,
    signer: Arc<NoteSigner>,
    ahead: Chamber,
    durable: Chamber,
    /// Leaves of every entry in `ahead`.
    tree: Tree,
    durable_size: u64,
    checkpoint: Option<String>,
    /// Time of the newest entry: the record's time never falls, whatever the machine's clock does.
    newest: Millis,
    /// Where each statement stands, found by the hash of its text.
    known: Known,
    recent: VecDeque<Arc<str>>,
    gathering: Vec<Decided>,
    in_flight: Vec<Decided>,
    waiting: VecDeque<Waiting>,
    rules: Rules,
}

/// One entry that was decided but is not durable yet.
struct Decided {
    line: Arc<str>,
    at: Millis,
    event: Event,
}

impl Sequencer {
    /// An empty record. Feed it with [`Self::load`], then call [`Self::loaded`].
    pub fn new(origin: String, signer: Arc<NoteSigner>) -> Self {
        Self {
            origin,
            signer,
            ahead: Chamber::new(),
            durable: Chamber::new(),
            tree: Tree::new(),
            durable_size: 0,
            checkpoint: None,
            newest: Millis(0),
            known: Known::default(),
            recent: VecDeque::new(),
            gathering: Vec::new(),
            in_flight: Vec::new(),
            waiting: VecDeque::new(),
            rules: Rules::default(),
        }
    }

    /// For the simulator alone.
    pub(crate) fn plant(&mut self, rules: Rules) {
        self.rules = rules;
    }

    /// What the store has confirmed: the state every screen shows.
    pub fn durable(&self) -> &Chamber {
        &self.durable
    }

    /// Number of durable entries.
    pub fn size(&self) -> u64 {
        self.durable_size
    }

    /// The newest durable checkpoint's note.
    pub fn checkpoint(&self) -> Option<&str> {
        self.checkpoint.as_deref()
    }

    /// The checkpoint key as a verifier key text.
    pub fn vkey(&self) -> String {
        self.verifier().to_string()
    }

    /// The key that every checkpoint of the record must be signed with.
    pub fn verifier(&self) -> VerifierKey {
        self.signer.verifier()
    }

    /// Leaves of the record. Only sizes up to [`Self::size`] are durable.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// When a ballot will close by itself, as decided so far.
    pub fn next_deadline(&self) -> Option<Millis> {
        self.ahead.next_deadline()
    }

    /// Time of the newest entry.
    pub fn newest(&self) -> Millis {
        self.newest
    }

    /// Room for more before the next batch must be sealed.
    pub fn wants_more(&self) -> bool {
        self.gathering.len() < MAX_BATCH
    }

    /// Decides a command at once. `None`: the answer follows when the batch is durable. `seed` is 32 fresh random bytes, from
    /// which the entries' salts are made.
    pub fn submit(&mut self, ticket: Ticket, now: Millis, seed: [u8; 32], submission: Submission) -> Option<Answer> {
        let text = submission.statement.as_ref().map(|s| s.text_sha256);
        if let Some(seq) = text.and_then(|text| self.known.get(&text)) {
            return self.answer_for(ticket, seq, text);
        }
        if !self.is_signer_current(&submission) {
            return self.say_when_durable(ticket, text, Answer::UnknownDevice);
        }
        match self.decide(now, seed, submission) {
            Ok(seq) => self.answer_for(ticket, seq, text),
            Err(Failure::Refused(refusal)) => self.say_when_durable(ticket, text, Answer::Refused(refusal)),
            Err(Failure::TooLarge) => Some(Answer::TooLarge),
            Err(Failure::Unsound) => Some(Answer::Internal),
        }
    }

    /// The chamber's own acts whose time has come.
    pub fn due(&mut self, now: Millis, mut seed: impl FnMut() -> [u8; 32]) {
        // The chamber has one running ballot, so this ends after a step; the bound guards against a rule that would not.
        for _ in 0..8 {
            let Some(command) = self.ahead.due(self.time(now)) else { return };
            let own = Submission { by: Actor::System, command, statement: None, arguments: None };
            if self.decide(now, seed(), own).is_err() {
                return;
            }
        }
    }

    /// Seals what has gathered into a batch, unless one is under way or there is nothing to write.
    pub fn seal(&mut self) -> Option<Batch> {
        if !self.in_flight.is_empty() || self.gathering.is_empty() {
            return None;
        }
        self.in_flight = std::mem::take(&mut self.gathering);
        let first_seq = self.durable_size;
        let size = first_seq + self.in_flight.len() as u64;
        let checkpoint = Checkpoint { origin: self.origin.clone(), size, root: self.tree.root_at(size)? };
        Some(Batch {
            first_seq,
            size,
            lines: self.in_flight.iter().map(|d| d.line.clone()).collect(),
            events: self.in_flight.iter().map(|d| (d.at, d.event.clone())).collect(),
            checkpoint: checkpoint.sign(&self.signer),
        })
    }

    /// The batch under way is durable. Returns the answers that waited for it, in order.
    pub fn committed(&mut self, batch: &Batch) -> Vec<(Ticket, Answer)> {
        let mut seq = self.durable_size;
        for decided in std::mem::take(&mut self.in_flight) {
            self.durable.apply(decided.at, seq, &decided.event);
            self.remember(decided.line);
            seq += 1;
        }
        self.durable.share_with(&self.ahead);
        self.durable_size = seq;
        self.checkpoint = Some(batch.checkpoint.clone());
        let ready = self.waiting.iter().take_while(|w| w.seq < seq).count();
        let ready: Vec<Waiting> = self.waiting.drain(..ready).collect();
        ready.into_iter().filter_map(|waiting| self.ripe(waiting)).collect()
    }

    /// What is said now that everything a caller waited for is durable. While a refusal waited, the same words may have been sent
    /// again and taken: nobody is told that something was refused which stands in the record.
    fn ripe(&mut self, waiting: Waiting) -> Option<(Ticket, Answer)> {
        let Waiting { ticket, seq, text_sha256, refusal } = waiting;
        let Some(refusal) = refusal else { return Some((ticket, self.receipt(seq))) };
        match text_sha256.and_then(|text| self.known.get(&text)) {
            Some(seq) => self.answer_for(ticket, seq, text_sha256).map(|answer| (ticket, answer)),
            None => Some((ticket, refusal)),
        }
    }

    /// The store did not take the batch, or may have: everything undurable is given up. Returns who still waits and for which
    /// statement, to be looked up with [`Self::find`] in the sequencer that is loaded afresh.
    pub fn abandon(self) -> Vec<(Ticket, Option<[u8; 32]>)> {
        self.waiting.into_iter().map(|w| (w.ticket, w.text_sha256)).collect()
    }

    /// The receipt of a statement that is durably in the record.
    pub fn find(&self, text_sha256: &[u8; 32]) -> Option<Answer> {
        let seq = self.known.get(text_sha256)?;
        (seq < self.durable_size).then(|| self.receipt(seq))
    }

    /// The signature was checked against the device known then; it may have been revoked since. An enrolment is signed by the
    /// key it brings.
    fn is_signer_current(&self, submission: &Submission) -> bool {
        match (&submission.by, &submission.statement, &submission.command) {
            (Actor::Person(_), Some(_), Command::BindDevice { .. }) => true,
            (Actor::Person(person), Some(signed), _) => (self.rules.is_current)(&self.ahead, person, &signed.key),
            // Nobody acts for a person without that person's signature.
            (Actor::Person(_), None, _) => false,
            (Actor::Operator | Actor::System, ..) => true,
        }
    }

    fn decide(&mut self, now: Millis, seed: [u8; 32], submission: Submission) -> Result<u64, Failure> {
        let now = self.time(now);
        let decided = (self.rules.decide)(&self.ahead, now, &submission.by, &submission.command);
        let events = decided.map_err(Failure::Refused)?;
        if !self.follow(now, &events) {
            return Err(Failure::Unsound);
        }
        let first = self.tree.size();
        let mut entries = Vec::with_capacity(events.len());
        for (i, event) in events.into_iter().enumerate() {
            let leads = i == 0;
            let entry = Entry {
                seq: first + i as u64,
                time: now,
                salt: salt(&seed, i as u64),
                by: submission.by.clone(),
                event,
                cause: (!leads).then_some(first),
                statement: submission.statement.as_ref().filter(|_| leads).map(|s| s.note.clone()),
                arguments: submission.arguments.as_ref().filter(|_| leads).cloned(),
            };
            // Every entry must fit before any of them is taken: an order is carried out whole or not at all.
            let line = entry.encode().map_err(|_| Failure::TooLarge)?;
            entries.push((line, entry.event));
        }
        if let Some(signed) = &submission.statement {
            self.known.insert(&signed.text_sha256, first);
        }
        for (line, event) in entries {
            self.ahead.apply(now, self.tree.size(), &event);
            self.tree.push(leaf_hash(line.as_bytes()));
            self.gathering.push(Decided { line: Arc::from(line), at: now, event });
        }
        self.newest = now;
        Ok(first)
    }

    /// Whether each event fits the fold after those before it. What decides and what folds are two pieces of code; where they
    /// ever disagree nothing is written, since an entry the fold leaves out can never be taken back.
    fn follow(&self, now: Millis, events: &[Event]) -> bool {
        if let [one] = events {
            return (self.rules.fits)(&self.ahead, now, one);
        }
        let mut trial = self.ahead.clone();
        events.iter().all(|event| {
            let fits = (self.rules.fits)(&trial, now, event);
            trial.apply(now, self.tree.size(), event);
            fits
        })
    }

    fn answer_for(&mut self, ticket: Ticket, seq: u64, text_sha256: Option<[u8; 32]>) -> Option<Answer> {
        if seq < self.durable_size {
            return Some(self.receipt(seq));
        }
        self.wait(Waiting { ticket, seq, text_sha256, refusal: None });
        None
    }

    /// A refusal rests on everything decided before it. While some of that is not durable it may still be undone, and so may
    /// the reason: the refusal waits as a receipt would.
    fn say_when_durable(&mut self, ticket: Ticket, text_sha256: Option<[u8; 32]>, refusal: Answer) -> Option<Answer> {
        let decided = self.tree.size();
        if decided == self.durable_size || !self.rules.refusals_wait {
            return Some(refusal);
        }
        self.wait(Waiting { ticket, seq: decided - 1, text_sha256, refusal: Some(refusal) });
        None
    }

    /// Kept in the order of seq, so that a commit answers a prefix.
    fn wait(&mut self, waiting: Waiting) {
        let at = self.waiting.partition_point(|other| other.seq <= waiting.seq);
        self.waiting.insert(at, waiting);
    }

    fn receipt(&self, seq: u64) -> Answer {
        let proof: Option<Vec<Hash>> = self.tree.inclusion(seq, self.durable_size);
        let (Some(proof), Some(checkpoint)) = (proof, self.checkpoint.clone()) else {
            return Answer::Busy;
        };
        let oldest = self.durable_size - self.recent.len() as u64;
        let line = seq.checked_sub(oldest).and_then(|i| self.recent.get(i as usize)).cloned();
        Answer::Receipt(Receipt { seq, line, proof, checkpoint })
    }

    fn remember(&mut self, line: Arc<str>) {
        if self.recent.len() == RECENT_LINES {
            self.recent.pop_front();
        }
        self.recent.push_back(line);
    }

    /// The record's time: the machine's, but never before the newest entry.
    fn time(&self, now: Millis) -> Millis {
        now.max(self.newest)
    }
}

enum Failure {
    Refused(Refusal),
    TooLarge,
    Unsound,
}

/// SHA-256 of a note's text: everything up to and with the last line feed before the empty line.
pub fn note_text_sha256(note: &str) -> [u8; 32] {
    let text = note.split_once("\n\n").map_or(note, |(text, _)| note.get(..text.len() + 1).unwrap_or(note));
    Sha256::digest(text.as_bytes()).into()
}

fn salt(seed: &[u8; 32], i: u64) -> [u8; 16] {
    let mut hash = Sha256::new();
    hash.update(seed);
    hash.update(i.to_be_bytes());
    let digest: [u8; 32] = hash.finalize().into();
    let mut salt = [0; 16];
    salt.copy_from_slice(&digest[..16]);
    salt
}
