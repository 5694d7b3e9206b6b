//! What a server has promised people, held against the record that is there in the end: every receipt stands in it, every head
//! anybody was shown is a beginning of it, and nobody's vote counts twice. Whether the record itself is in order, `verify` says.

use crate::chamber::event::Event;
use crate::chamber::ids::{AnswerKey, BallotId, PersonId};
use crate::ledger::checkpoint::{Checkpoint, CheckpointError};
use crate::ledger::entry::{Entry, line_hash};
use crate::ledger::merkle::Tree;
use crate::ledger::note::VerifierKey;
use crate::ledger::receipt::{Receipt, ReceiptError, check_under};
use std::collections::BTreeMap;

/// A promise that the record does not keep.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("The checkpoint is not one of this record's key: {0}.")]
    BadCheckpoint(CheckpointError),
    /// The end of the record was lost, or an old copy of it was put back.
    #[error("A head of {size} entries was shown, but the record has only {entries}.")]
    CutShort { size: u64, entries: u64 },
    /// Two histories, or one that was rewritten.
    #[error("A head of {size} entries was shown that is no beginning of this record.")]
    Fork { size: u64 },
    #[error("The record holds something else where the receipt's entry {seq} belongs.")]
    EntryDiffers { seq: u64 },
    #[error("The receipt of entry {seq} proves nothing: {error}.")]
    BadReceipt { seq: u64, error: ReceiptError },
    #[error("The same vote of {person} in ballot {ballot} stands in entry {first} and again in entry {second}.")]
    VoteRepeated { ballot: BallotId, person: PersonId, first: u64, second: u64 },
}

impl Broken {
    /// Stable; never renamed.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadCheckpoint(_) => "bad_checkpoint",
            Self::CutShort { .. } => "cut_short",
            Self::Fork { .. } => "fork",
            Self::EntryDiffers { .. } => "entry_differs",
            Self::BadReceipt { .. } => "bad_receipt",
            Self::VoteRepeated { .. } => "vote_repeated",
        }
    }
}

/// The vote that counts for one delegate in one ballot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub seq: u64,
    pub answer: AnswerKey,
    /// Further candidates, in an election.
    pub more: Vec<AnswerKey>,
    /// From 1; a changed vote has the next.
    pub turn: u32,
}

/// A record as far as promises are about it. Keeps hashes instead of lines.
#[derive(Debug, Clone)]
pub struct Promises {
    key: VerifierKey,
    tree: Tree,
    standing: BTreeMap<(BallotId, PersonId), Standing>,
    repeated: Option<Broken>,
}

impl Promises {
    /// `key` is the record's checkpoint key.
    pub fn new(key: VerifierKey) -> Self {
        Self { key, tree: Tree::new(), standing: BTreeMap::new(), repeated: None }
    }

    /// Of a record whose lines (without line feeds) are at hand, from entry 0 on.
    pub fn of(key: VerifierKey, lines: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let mut promises = Self::new(key);
        lines.into_iter().for_each(|line| promises.push(line.as_ref()));
        promises
    }

    /// Takes the record's next line. One that cannot be read keeps its place and holds no vote.
    pub fn push(&mut self, line: &str) {
        let seq = self.tree.size();
        self.tree.push(line_hash(line));
        if let Ok(Entry { event: Event::VoteCast { ballot, person, answer, more, turn }, .. }) = Entry::decode(line) {
            self.vote(ballot, person, Standing { seq, answer, more, turn });
        }
    }

    /// Number of entries.
    pub fn size(&self) -> u64 {
        self.tree.size()
    }

    /// The receipt's entry stands in the record, byte for byte, under a head that is a beginning of it.
    pub fn receipt(&self, receipt: &Receipt) -> Result<(), Broken> {
        let checkpoint = self.beginning(&receipt.checkpoint)?;
        if self.tree.leaf(receipt.seq) != Some(line_hash(&receipt.entry)) {
            return Err(Broken::EntryDiffers { seq: receipt.seq });
        }
        match check_under(receipt, &checkpoint) {
            Ok(_) => Ok(()),
            Err(error) => Err(Broken::BadReceipt { seq: receipt.seq, error }),
        }
    }

    /// The checkpoint, a signed note, is the head of a beginning of the record.
    pub fn head(&self, checkpoint: &str) -> Result<(), Broken> {
        self.beginning(checkpoint).map(drop)
    }

    /// No vote stands in the record twice. A delegate who may change a vote has one of each turn, and only the last counts.
    pub fn counted_once(&self) -> Result<(), Broken> {
        self.repeated.clone().map_or(Ok(()), Err)
    }

    /// The vote that counts, by ballot and delegate.
    pub fn standing(&self) -> &BTreeMap<(BallotId, PersonId), Standing> {
        &self.standing
    }

    fn beginning(&self, checkpoint: &str) -> Result<Checkpoint, Broken> {
        let checkpoint = Checkpoint::open(checkpoint, &self.key).map_err(Broken::BadCheckpoint)?;
        match self.tree.root_at(checkpoint.size) {
            Some(root) if root == checkpoint.root => Ok(checkpoint),
            Some(_) => Err(Broken::Fork { size: checkpoint.size }),
            None => Err(Broken::CutShort { size: checkpoint.size, entries: self.size() }),
        }
    }

    fn vote(&mut self, ballot: BallotId, person: PersonId, vote: Standing) {
        let place = (ballot, person);
        match self.standing.get(&place) {
            Some(before) if before.turn >= vote.turn => {
                let (first, second) = (before.seq, vote.seq);
                let (ballot, person) = place;
                self.repeated.get_or_insert(Broken::VoteRepeated { ballot, person, first, second });
            }
            _ => {
                self.standing.insert(place, vote);
            }
        }
    }
}
