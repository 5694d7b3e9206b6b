//! A delegate: comes in, votes, sometimes changes the vote, goes out, and gets a new device where the old one was revoked.

use super::super::node::Sent;
use super::{Client, Scene, signing};
use crate::chamber::Chamber;
use crate::chamber::ballot::Ballot;
use crate::chamber::command::Command;
use crate::chamber::ids::AnswerKey;
use crate::ledger::text::base64;

impl Client {
    /// The device was revoked: a new key is made and enrolled. Not at once: somebody has to walk over with a code.
    pub(super) fn has_lost_its_key(&mut self, now: u64, chamber: &Chamber, scene: &mut Scene) -> bool {
        let own = base64(&self.public_key());
        if chamber.device_of(&self.person).is_some_and(|device| device.key == own) {
            return false;
        }
        let is_enrolling = self.pending.iter().any(|pending| matches!(pending.sent, Sent::Enrol { .. }));
        if !is_enrolling && !chamber.is_key_used(&own) {
            // Its enrolment has a receipt that this view does not show yet, or was refused.
            if self.rng.chance(700) {
                return true;
            }
        }
        if !is_enrolling && self.rng.chance(300) {
            self.key = signing::key(&mut self.rng);
            self.pending.clear();
            self.kept.clear();
            if let Some(sent) = self.enrolment() {
                self.say(now, sent, None, scene);
            }
        }
        true
    }

    pub(super) fn comes_in(&mut self, now: u64, chamber: &Chamber, scene: &mut Scene) {
        let has_seat = chamber.person(&self.person).is_some_and(|person| person.is_delegate());
        let is_out = chamber.sitting().is_some() && !chamber.is_present(&self.person);
        if has_seat && is_out && !self.orders_something() && self.rng.chance(600) {
            self.orders(now, &Command::CheckIn { person: self.person.clone(), reason: None }, scene);
        }
    }

    pub(super) fn sits(&mut self, now: u64, chamber: &Chamber, scene: &mut Scene) {
        self.comes_in(now, chamber, scene);
        if !chamber.is_present(&self.person) {
            // Some press the button all the same.
            if !self.rng.chance(60) {
                return;
            }
        } else if !self.orders_something() && self.rng.chance(12) {
            return self.orders(now, &Command::CheckOut { person: self.person.clone(), reason: None }, scene);
        }
        let Some(ballot) = chamber.open_ballot() else { return };
        if let Some(at) = self.kept.iter().position(|kept| kept.ballot.as_ref() == Some(&ballot.id)) {
            let mut kept = self.kept.swap_remove(at);
            (kept.due, kept.tries) = (now, 0);
            return self.pending.push(kept);
        }
        let is_waiting =
            self.pending.iter().chain(&self.kept).any(|pending| pending.ballot.as_ref() == Some(&ballot.id));
        if is_waiting {
            return;
        }
        let turn = self.cast.get(&ballot.id).copied().unwrap_or(0) + 1;
        let may_change = chamber.question(&ballot.question).is_some_and(|question| question.change_allowed);
        if (turn == 1 && self.rng.chance(500)) || (turn > 1 && may_change && self.rng.chance(40)) {
            self.votes(now, ballot, turn, scene);
        }
    }

    fn votes(&mut self, now: u64, ballot: &Ballot, turn: u32, scene: &mut Scene) {
        let choice = self.choice();
        let vote = choice.and_then(|choice| self.vote(&ballot.id, &ballot.document_sha256, choice, turn));
        if let Some(sent) = vote.and_then(|vote| self.signed_vote(vote)) {
            self.cast.insert(ballot.id.clone(), turn);
            self.say(now, sent, Some(ballot.id.clone()), scene);
        }
    }

    pub(super) fn choice(&mut self) -> Option<AnswerKey> {
        let key = *self.rng.weighted(&[(AnswerKey::YES, 5), (AnswerKey::NO, 4), (AnswerKey::ABSTAIN, 1)])?;
        AnswerKey::parse(key).ok()
    }

    pub(super) fn orders_something(&self) -> bool {
        self.pending.iter().any(|pending| pending.ballot.is_none())
    }

    pub(super) fn orders(&mut self, now: u64, command: &Command, scene: &mut Scene) {
        if let Some(sent) = self.signed_order(command) {
            self.say(now, sent, None, scene);
        }
    }
}
