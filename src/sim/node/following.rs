//! While another node writes, or nobody: `node/following`.

use super::super::disk::LEASE_MS;
use super::super::planted::Planted;
use super::jobs::{self, Kind};
use super::{Asker, Effect, Made, Mode, Node, Said, Seen, Term};
use crate::chamber::ids::Millis;
use crate::ledger::checkpoint::Checkpoint;
use crate::ledger::merkle::leaf_hash;
use crate::node::catch_up::{CatchUpError, Piece};
use crate::ports::StoreError;
use crate::sequencer::{Answer, FollowError, Sequencer, Submission};
use std::sync::Arc;

/// As in `node/following`.
const JITTER_MS: u32 = 300;

pub struct Following {
    pub sequencer: Box<Sequencer>,
    leader: Option<String>,
    led_at: u64,
    since: Option<Millis>,
    away: bool,
    /// Entries known to be in the store.
    target: u64,
    take_at: Option<u64>,
    /// For a planted bug.
    was_led: bool,
}

impl Following {
    pub fn next_due(&self) -> u64 {
        let away_at = if self.away { u64::MAX } else { self.led_at + LEASE_MS };
        away_at.min(self.take_at.unwrap_or(u64::MAX))
    }
}

impl Node {
    pub(super) fn follow(&mut self, now: u64, sequencer: Sequencer, fx: &mut Vec<Effect>) {
        fx.push(Effect::Trace(format!("follows from {}", sequencer.size())));
        let since = self.away_since;
        self.mode = Mode::Following(Box::new(Following {
            sequencer: Box::new(sequencer),
            leader: None,
            led_at: now,
            since,
            away: since.is_some(),
            target: 0,
            take_at: None,
            was_led: false,
        }));
        self.show(now, fx);
        self.look(now);
    }

    pub(super) fn follow_on(&mut self, now: u64, fx: &mut Vec<Effect>) -> bool {
        let (has_read, has_take) = (self.jobs.has(Kind::Read), self.jobs.has(Kind::Take));
        let (desk, council) = (self.desk.clone(), self.grounds.council.clone());
        let Mode::Following(following) = &mut self.mode else { return false };
        if following.sequencer.size() < following.target && !has_read {
            let from = following.sequencer.size();
            self.begin(now, Kind::Read, jobs::read(desk, council, from), fx);
            return true;
        }
        if following.take_at.is_some_and(|at| at <= now) && !has_take {
            following.take_at = None;
            if following.was_led && self.grounds.planted == Some(Planted::NeverTakesOver) {
                return true;
            }
            self.begin(now, Kind::Take, jobs::take(desk, council, self.holder.clone()), fx);
            return true;
        }
        if !following.away && following.led_at + LEASE_MS <= now {
            following.away = true;
        }
        if let Some((asker, submission)) = self.inbox.pop_front() {
            self.send_on(now, asker, submission, fx);
            return true;
        }
        false
    }

    /// Where the council stands, by the store.
    pub(super) fn look(&mut self, now: u64) {
        let is_taking = self.jobs.has(Kind::Take);
        let Some(Seen { at, holder, size, is_free }) = self.seen.clone() else { return };
        let jitter = u64::from(self.rng.below(JITTER_MS));
        let Mode::Following(following) = &mut self.mode else { return };
        following.target = following.target.max(size);
        let is_mine = holder == self.holder;
        if is_mine || is_free {
            following.leader = None;
            if !is_taking {
                following.take_at.get_or_insert(now + if is_mine { 0 } else { jitter });
            }
        } else {
            following.leader = Some(holder);
            following.take_at = None;
            following.was_led = true;
            following.led_at = following.led_at.max(at);
            following.since = Some(self.clock.at(now));
            following.away = false;
        }
    }

    pub(super) fn taken(&mut self, now: u64, asked: u64, epoch: Option<u64>, fx: &mut Vec<Effect>) {
        let Some(epoch) = epoch else { return };
        if !matches!(self.mode, Mode::Following(_)) {
            return;
        }
        let term = Term { epoch, asked, granted: now, since: None };
        let Mode::Following(following) = std::mem::replace(&mut self.mode, Mode::TakingOver(term)) else { return };
        self.jobs.forget_reading();
        self.mode = Mode::TakingOver(Term { since: following.since, ..term });
        let future = jobs::catch_up(self.desk.clone(), self.grounds.council.clone(), following.sequencer);
        self.begin(now, Kind::CatchUp, future, fx);
    }

    pub(super) fn caught_up(
        &mut self,
        now: u64,
        sequencer: Box<Sequencer>,
        outcome: Result<(), CatchUpError>,
        fx: &mut Vec<Effect>,
    ) {
        let Mode::TakingOver(term) = self.mode else { return };
        match outcome {
            Ok(()) => {
                fx.push(Effect::Tell(Said::Moved));
                let since = term.since.map(|since| since.max(sequencer.newest()));
                self.lead(now, *sequencer, Term { since, ..term }, fx);
            }
            Err(error) => {
                fx.push(Effect::Trace(format!("cannot take over: {error}")));
                self.again(now);
            }
        }
    }

    /// Adds what was read.
    pub(super) fn add(&mut self, now: u64, read: Result<Option<Piece>, StoreError>, fx: &mut Vec<Effect>) {
        let Mode::Following(following) = &mut self.mode else { return };
        match read {
            Ok(Some(piece)) => match following.sequencer.extend(piece.first_seq, &piece.lines, &piece.checkpoint) {
                Ok(_) => {
                    self.show(now, fx);
                }
                Err(FollowError::Elsewhere { .. }) => {}
                Err(error) => {
                    fx.push(Effect::Trace(format!("does not go on as it was: {error}")));
                    self.again(now);
                }
            },
            Ok(None) | Err(_) => following.target = following.sequencer.size(),
        }
    }

    pub(super) fn hear_batch(
        &mut self,
        now: u64,
        first_seq: u64,
        lines: &[Arc<str>],
        checkpoint: &str,
        fx: &mut Vec<Effect>,
    ) {
        let signer = self.grounds.secret.checkpoint_signer(super::super::ORIGIN);
        let Mode::Following(following) = &mut self.mode else { return };
        let mut outcome = following.sequencer.extend(first_seq, lines, checkpoint).map(drop);
        if self.grounds.planted == Some(Planted::TrustsBus)
            && matches!(outcome, Err(FollowError::Record(_)))
            && let Ok(signer) = signer
        {
            let mut tree = following.sequencer.tree().clone();
            tree.extend(lines.iter().map(|line| leaf_hash(line.as_bytes())));
            let believed = Checkpoint { origin: signer.name().to_owned(), size: tree.size(), root: tree.root() };
            outcome = following.sequencer.extend(first_seq, lines, &believed.sign(&signer)).map(drop);
        }
        match outcome {
            Ok(()) => {
                following.led_at = now;
                following.since = Some(self.clock.at(now));
                following.away = false;
                self.show(now, fx);
            }
            Err(FollowError::Elsewhere { first_seq, size }) if first_seq < size => {}
            Err(_) => following.target = following.target.max(following.sequencer.size() + 1),
        }
    }

    fn send_on(&mut self, now: u64, to: Asker, submission: Submission, fx: &mut Vec<Effect>) {
        let Mode::Following(following) = &mut self.mode else { return };
        if let Asker::Node { .. } = to {
            return fx.push(Effect::Answer { to, answer: None, made: None });
        }
        let text = submission.statement.as_ref().map(|signed| signed.text_sha256);
        let known = text.and_then(|text| following.sequencer.find(&text));
        match (known, &following.leader) {
            (Some(receipt), _) => {
                let made = Some(Made { text, basis: None, epoch: None });
                fx.push(Effect::Answer { to, answer: Some(receipt), made });
            }
            (None, Some(leader)) => {
                self.relayed += 1;
                self.relays.insert(self.relayed, (to, now));
                let submission = Box::new(submission);
                fx.push(Effect::Forward { holder: leader.clone(), relay: self.relayed, submission });
            }
            (None, None) => fx.push(Effect::Answer { to, answer: Some(Answer::StoreUnavailable), made: None }),
        }
    }
}
