//! While it writes the record: `node/leading` and `node/tenure`.

use super::super::disk::LEASE_MS;
use super::super::planted::Planted;
use super::clock::Clock;
use super::jobs::{self, Kind};
use super::{Asker, Effect, Mode, Node, Question, RETRY_FIRST, RETRY_LAST, Said, Term, basis, seed};
use crate::chamber::command::Actor;
use crate::chamber::ids::Millis;
use crate::chamber::refusal::Refusal;
use crate::node::append::append_of;
use crate::node::leading::interrupted;
use crate::ports::AppendError;
use crate::sequencer::{Answer, Batch, Sequencer, Submission, Ticket};

pub struct Leading {
    pub sequencer: Sequencer,
    term: Term,
    /// The lease held then.
    proven: u64,
    commit: Option<Batch>,
    wrote: bool,
    held_since: Option<Millis>,
}

impl Leading {
    pub fn epoch(&self) -> u64 {
        self.term.epoch
    }

    pub fn next_due(&self, minds_tenure: bool, clock: &Clock) -> u64 {
        let tenure = if minds_tenure { self.proven + LEASE_MS } else { u64::MAX };
        let deadline = self.sequencer.next_deadline().map_or(u64::MAX, |at| clock.instant(at));
        tenure.min(deadline)
    }
}

impl Node {
    pub(super) fn lead(&mut self, now: u64, sequencer: Sequencer, term: Term, fx: &mut Vec<Effect>) {
        fx.push(Effect::Trace(format!("leads with epoch {} from {}", term.epoch, sequencer.size())));
        self.clock.not_before(now, sequencer.newest());
        let mut leading = Leading { sequencer, proven: term.asked, term, commit: None, wrote: false, held_since: None };
        let since = term.since.unwrap_or(leading.sequencer.newest());
        if let Some(command) = interrupted(leading.sequencer.durable(), since) {
            let submission = Submission { by: Actor::System, command, statement: None, arguments: None };
            let refused = leading.sequencer.submit(Ticket(u64::MAX), self.clock.at(now), self.seed(), submission);
            leading.held_since = refused.is_none().then_some(since);
        }
        self.mode = Mode::Leading(Box::new(leading));
        self.show(now, fx);
    }

    /// One turn of the loop; false when there is nothing more to do now.
    pub(super) fn lead_on(&mut self, now: u64, fx: &mut Vec<Effect>) -> bool {
        if self.check_tenure(now, fx) {
            return true;
        }
        let council = self.grounds.council.clone();
        let Mode::Leading(leading) = &mut self.mode else { return false };
        if leading.commit.is_none()
            && !self.jobs.has(Kind::Commit)
            && let Some(batch) = leading.sequencer.seal()
        {
            let append = append_of(&batch);
            let future = jobs::commit(self.desk.clone(), council, leading.term.epoch, append);
            leading.commit = Some(batch);
            // The store's answer comes later.
            let _ = self.jobs.begin(&self.desk, now, Kind::Commit, future);
            if self.grounds.planted == Some(Planted::EarlyReceipt) {
                self.take_as_durable(now, fx);
            }
            return true;
        }
        let at = self.clock.at(now);
        if leading.sequencer.next_deadline().is_some_and(|deadline| deadline <= at) {
            let before = leading.sequencer.tree().size();
            let rng = &mut self.rng;
            leading.sequencer.due(at, || seed(rng));
            if leading.sequencer.tree().size() > before {
                return true;
            }
        }
        if leading.sequencer.wants_more()
            && let Some((asker, submission)) = self.inbox.pop_front()
        {
            self.act(now, asker, submission, fx);
            return true;
        }
        false
    }

    fn act(&mut self, now: u64, asker: Asker, mut submission: Submission, fx: &mut Vec<Effect>) {
        let (at, seed) = (self.clock.at(now), self.seed());
        let Mode::Leading(leading) = &mut self.mode else { return };
        let text = submission.statement.as_ref().map(|signed| signed.text_sha256);
        if self.grounds.planted == Some(Planted::RetryJudgedAnew)
            && let Some(signed) = &mut submission.statement
        {
            signed.text_sha256 = seed;
        }
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        let question = Question { asker, text, basis: basis(&leading.sequencer) };
        let epoch = Some(leading.term.epoch);
        match leading.sequencer.submit(ticket, at, seed, submission) {
            Some(answer) => self.deliver(question, answer, epoch, fx),
            None => drop(self.asked.insert(ticket, question)),
        }
    }

    /// The batch under way is durable.
    fn take_as_durable(&mut self, now: u64, fx: &mut Vec<Effect>) {
        let Mode::Leading(leading) = &mut self.mode else { return };
        let Some(batch) = leading.commit.take() else { return };
        let before = leading.sequencer.checkpoint().map(str::to_owned);
        let mut answers = leading.sequencer.committed(&batch);
        leading.wrote = true;
        let epoch = Some(leading.term.epoch);
        if self.grounds.planted == Some(Planted::WrongCheckpoint)
            && let Some(before) = before
        {
            for (_, answer) in &mut answers {
                if let Answer::Receipt(receipt) = answer {
                    receipt.checkpoint.clone_from(&before);
                }
            }
        }
        self.show(now, fx);
        for (ticket, answer) in answers {
            self.answer(ticket, answer, epoch, fx);
        }
        let Batch { first_seq, lines, checkpoint, .. } = batch;
        fx.push(Effect::Tell(Said::Batch { first_seq, lines, checkpoint }));
    }

    pub(super) fn written(&mut self, now: u64, began: u64, outcome: Result<(), AppendError>, fx: &mut Vec<Effect>) {
        let planted = self.grounds.planted;
        let Mode::Leading(leading) = &mut self.mode else { return };
        let error = match outcome {
            Ok(()) => {
                leading.proven = leading.proven.max(began);
                return self.take_as_durable(now, fx);
            }
            Err(AppendError::Unknown) if planted == Some(Planted::UnknownIsWritten) => {
                return self.take_as_durable(now, fx);
            }
            Err(error) => error,
        };
        let since = leading.held_since.filter(|_| !leading.wrote).unwrap_or(self.clock.at(now));
        fx.push(Effect::Trace(format!("cannot write: {}", error.code())));
        if error == AppendError::Unknown && planted == Some(Planted::UnknownIsLost) {
            let epoch = Some(leading.term.epoch);
            let told: Vec<Ticket> = self.asked.keys().copied().collect();
            for ticket in told {
                self.answer(ticket, Answer::Refused(Refusal::BallotNotOpen), epoch, fx);
            }
        }
        self.give_up(now, since);
    }

    /// Drops both folds; those who wait are answered from what is really there.
    fn give_up(&mut self, now: u64, since: Millis) {
        let until = now + self.pause;
        let mode = std::mem::replace(&mut self.mode, Mode::Resting { until: now, pause: RETRY_FIRST });
        let Mode::Leading(leading) = mode else { return };
        self.jobs.forget_reading();
        self.lost = leading.sequencer.abandon();
        self.away_since = Some(since);
        if leading.wrote {
            self.pause = RETRY_FIRST;
        } else {
            self.mode = Mode::Resting { until, pause: RETRY_FIRST };
            self.pause = (self.pause * 2).min(RETRY_LAST);
        }
    }

    /// True when the lease is somebody else's, or may have run out by this machine's clock.
    pub(super) fn check_tenure(&mut self, now: u64, fx: &mut Vec<Effect>) -> bool {
        if !self.minds_tenure() {
            return false;
        }
        let Mode::Leading(leading) = &mut self.mode else { return false };
        let mut lost = leading.proven + LEASE_MS <= now;
        // Asked before it was there, an answer says nothing of it.
        if let Some(renewed) = self.renewed.as_ref().filter(|renewed| renewed.at >= leading.term.granted) {
            if renewed.epoch == Some(leading.term.epoch) {
                leading.proven = leading.proven.max(renewed.at);
                lost = leading.proven + LEASE_MS <= now;
            } else {
                lost = true;
            }
        }
        if lost {
            fx.push(Effect::Trace("does not lead any more".to_owned()));
            let since = self.clock.at(now);
            self.give_up(now, since);
        }
        lost
    }
}
