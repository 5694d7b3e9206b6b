//! Watches the record itself and everything that is said of it. Checks at each step what that step changed, and all of it again with
//! the verifier when the world ends.

mod end;
mod entries;
mod invariant;

pub use invariant::{Broken, Held, Invariant};

use super::node::Made;
use crate::chamber::Chamber;
use crate::chamber::ballot::Ballot;
use crate::chamber::ids::{BallotId, Millis};
use crate::chamber::invariants::{self, Violation};
use crate::ledger::checkpoint::Checkpoint;
use crate::ledger::entry::line_hash;
use crate::ledger::merkle::{Hash, Tree, verify_inclusion};
use crate::ledger::note::{Note, VerifierKey};
use crate::ledger::receipt::Receipt;
use crate::sequencer::{Answer, Sequencer};
use invariant::{broken, demand};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub struct Oracle {
    key: VerifierKey,
    tree: Tree,
    chamber: Chamber,
    newest: Millis,
    /// Where each statement stands, by the hash of its text.
    texts: BTreeMap<[u8; 32], u64>,
    /// The highest epoch given out, and the last one written under.
    granted: u64,
    written: u64,
    /// Results that were announced, as they were then.
    sealed: BTreeMap<BallotId, Arc<Ballot>>,
    /// Heads that anybody was shown.
    heads: BTreeSet<String>,
    /// Receipts that anybody holds, by entry and checkpoint.
    receipts: BTreeMap<(u64, String), Receipt>,
    /// Device keys, taken apart once.
    keys: BTreeMap<String, [u8; 4]>,
    votes: u64,
}

impl Oracle {
    pub fn new(key: VerifierKey) -> Self {
        Self {
            key,
            tree: Tree::new(),
            chamber: Chamber::new(),
            newest: Millis(0),
            texts: BTreeMap::new(),
            granted: 0,
            written: 0,
            sealed: BTreeMap::new(),
            heads: BTreeSet::new(),
            receipts: BTreeMap::new(),
            keys: BTreeMap::new(),
            votes: 0,
        }
    }

    pub fn size(&self) -> u64 {
        self.tree.size()
    }

    pub fn root(&self) -> Hash {
        self.tree.root()
    }

    pub fn votes(&self) -> u64 {
        self.votes
    }

    pub fn receipts(&self) -> usize {
        self.receipts.len()
    }

    /// The store made somebody the writer.
    pub fn granted(&mut self, epoch: u64) -> Held {
        let before = self.granted;
        self.granted = before.max(epoch);
        demand(epoch > before, Invariant::OneWriter, || format!("epoch {epoch} is given out after {before}"))
    }

    /// The store took a batch in.
    pub fn committed(&mut self, epoch: u64, first_seq: u64, lines: &[String], checkpoint: Option<&str>) -> Held {
        demand(epoch == self.granted && epoch >= self.written, Invariant::OneWriter, || {
            format!("a batch is written under epoch {epoch}, but {} was given out", self.granted)
        })?;
        self.written = epoch;
        demand(first_seq == self.size(), Invariant::RecordWhole, || {
            format!("a batch from {first_seq} follows {} entries", self.tree.size())
        })?;
        lines.iter().try_for_each(|line| self.entry(line))?;
        let head = checkpoint.and_then(head_of);
        let root = self.tree.root();
        demand(head == Some((self.size(), root)), Invariant::RecordWhole, || {
            format!("the checkpoint of {} entries is not their head", self.tree.size())
        })?;
        invariants::check(&self.chamber).or_else(|violation| broken(number_of(&violation), violation.to_string()))?;
        self.check_sealed(&self.chamber)?;
        for ballot in self.chamber.ballots().iter().filter(|ballot| ballot.is_sealed()) {
            self.sealed.entry(ballot.id.clone()).or_insert_with(|| ballot.clone());
        }
        Ok(())
    }

    /// A node has said something about a statement. `now_epoch`: the store's.
    pub fn answered(&mut self, made: &Made, answer: &Answer, now_epoch: u64) -> Held {
        let stands = made.text.and_then(|text| self.texts.get(&text).copied());
        match answer {
            Answer::Receipt(receipt) => {
                let line = receipt.line.as_deref();
                let is_there = line.is_some_and(|line| self.tree.leaf(receipt.seq) == Some(line_hash(line)));
                demand(is_there, Invariant::ReceiptStands, || {
                    format!("a receipt for entry {} is given, which is not in the record", receipt.seq)
                })?;
                let head = head_of(&receipt.checkpoint);
                let holds = head.is_some_and(|(size, root)| {
                    self.tree.root_at(size) == Some(root)
                        && self
                            .tree
                            .leaf(receipt.seq)
                            .is_some_and(|leaf| verify_inclusion(&leaf, receipt.seq, size, &receipt.proof, &root))
                });
                demand(holds, Invariant::ReceiptStands, || {
                    format!("the receipt for entry {} proves nothing", receipt.seq)
                })?;
                demand(made.text.is_none() || stands == Some(receipt.seq), Invariant::OneOutcome, || {
                    format!("a statement is receipted in entry {}, but stands in {stands:?}", receipt.seq)
                })
            }
            Answer::Busy | Answer::StoreUnavailable => Ok(()),
            Answer::Internal => broken(Invariant::TallyIsFold, "the rules and the fold disagree"),
            Answer::Refused(_) | Answer::UnknownDevice | Answer::TooLarge => {
                demand(stands.is_none(), Invariant::OneOutcome, || {
                    format!("a statement that stands in entry {stands:?} is answered {answer:?}")
                })?;
                demand(made.epoch.is_none_or(|epoch| epoch == now_epoch), Invariant::OneWriter, || {
                    format!("a leader of epoch {:?} refuses while {now_epoch} leads", made.epoch)
                })?;
                let Some(basis) = made.basis else { return Ok(()) };
                demand(self.tree.root_at(basis.size) == Some(basis.root), Invariant::OneOutcome, || {
                    format!("a refusal rests on {} entries that are not in the record", basis.size)
                })
            }
        }
    }

    /// A node has shown what it takes for durable.
    pub fn shown(&mut self, sequencer: &Sequencer) -> Held {
        let size = sequencer.size();
        let root = sequencer.tree().root_at(size);
        demand(root.is_some() && self.tree.root_at(size) == root, Invariant::OneHistory, || {
            format!("{size} entries are shown that are no beginning of the record")
        })?;
        if let Some(checkpoint) = sequencer.checkpoint().filter(|checkpoint| !self.heads.contains(*checkpoint)) {
            self.heads.insert(checkpoint.to_owned());
        }
        self.check_sealed(sequencer.durable())
    }

    /// Somebody holds a receipt they found good.
    pub fn holds(&mut self, receipt: Receipt) {
        self.receipts.insert((receipt.seq, receipt.checkpoint.clone()), receipt);
    }

    /// Announced results are what they were, wherever they are.
    fn check_sealed(&self, chamber: &Chamber) -> Held {
        chamber.ballots().iter().filter(|ballot| ballot.is_sealed()).try_for_each(|ballot| {
            let before = self.sealed.get(&ballot.id).unwrap_or(ballot);
            demand(Arc::ptr_eq(before, ballot) || before.outcome == ballot.outcome, Invariant::OneHistory, || {
                format!("the sealed result of {} has become another", ballot.id)
            })
        })
    }
}

/// Size and root of a checkpoint; its signature is the end's matter.
fn head_of(note: &str) -> Option<(u64, Hash)> {
    let checkpoint = Checkpoint::parse(&Note::parse(note).ok()?.text).ok()?;
    Some((checkpoint.size, checkpoint.root))
}

fn number_of(violation: &Violation) -> Invariant {
    match violation {
        Violation::TwoBallots | Violation::StrayGavel => Invariant::OneBallotOneGavel,
        Violation::StrayVote(_) => Invariant::VoterEntitled,
        Violation::Unsealed(_) => Invariant::OneHistory,
        _ => Invariant::TallyIsFold,
    }
}
