//! The world has ended: the surviving record is exported and verified, and every promise is held against it.

use super::Oracle;
use super::invariant::{Held, Invariant, broken};
use crate::ledger::bundle::write_bundle;
use crate::ports::StoredCheckpoint;
use crate::verify::promises::{self, Promises};
use crate::verify::{Problem, verify};
use std::collections::BTreeSet;
use std::io::Cursor;

impl Oracle {
    pub fn end(&self, lines: &[String], checkpoints: &[StoredCheckpoint]) -> Held {
        let mut bundle = Cursor::new(Vec::new());
        let notes = checkpoints.iter().map(|checkpoint| Ok((checkpoint.size, checkpoint.note.clone())));
        if write_bundle(&mut bundle, &self.key, lines.iter().cloned().map(Ok), notes).is_err() {
            return broken(Invariant::RecordWhole, "the record cannot be exported");
        }
        bundle.set_position(0);
        match verify(bundle, Some(&self.key), |_| {}) {
            Ok(report) => match report.findings.first() {
                None => {}
                Some(finding) => {
                    return broken(about(&finding.problem), format!("entry {:?}: {}", finding.seq, finding.problem));
                }
            },
            Err(error) => return broken(Invariant::RecordWhole, error.to_string()),
        }
        let promises = Promises::of(self.key.clone(), lines);
        self.receipts.values().try_for_each(|receipt| kept(promises.receipt(receipt), Invariant::ReceiptStands))?;
        // Those in the record were verified with it.
        let whole: BTreeSet<&str> = checkpoints.iter().map(|checkpoint| checkpoint.note.as_str()).collect();
        let mut others = self.heads.iter().filter(|head| !whole.contains(head.as_str()));
        others.try_for_each(|head| kept(promises.head(head), Invariant::OneHistory))?;
        kept(promises.counted_once(), Invariant::OneVote)
    }
}

fn kept(promise: Result<(), promises::Broken>, invariant: Invariant) -> Held {
    promise.or_else(|promise| broken(invariant, promise.to_string()))
}

fn about(problem: &Problem) -> Invariant {
    match problem {
        Problem::BadStatement(_) | Problem::WrongLog | Problem::WrongPerson { .. } | Problem::VoteDocument => {
            Invariant::VoteSigned
        }
        Problem::VoteCannotCount { .. } | Problem::NoDevice { .. } => Invariant::VoterEntitled,
        Problem::StatementRepeated { .. } => Invariant::OneOutcome,
        Problem::WrongCount { .. } | Problem::WrongBase { .. } | Problem::WrongVerdict { .. } => Invariant::TallyIsFold,
        _ => Invariant::RecordWhole,
    }
}
