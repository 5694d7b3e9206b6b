//! Who presides, and who keeps the roll. Two may preside: each acts on what they see, which may be old.

use super::{Client, Scene};
use crate::chamber::Chamber;
use crate::chamber::agenda::ItemKind;
use crate::chamber::ballot::{Ballot, BallotState, Verdict};
use crate::chamber::command::{Command, NewItem};
use crate::chamber::ids::QuestionId;

const ITEMS: u32 = 4;

impl Client {
    pub(super) fn presides(&mut self, now: u64, chamber: &Chamber, scene: &mut Scene) {
        if self.orders_something() || chamber.sitting().is_none() {
            return;
        }
        let holder = chamber.gavel().map(|holder| holder.id.clone());
        if holder.as_ref() != Some(&self.person) {
            let reason = (holder.is_some() && self.rng.chance(700)).then(|| "đổi người điều hành".to_owned());
            if holder.is_none() || self.rng.chance(30) {
                self.orders(now, &Command::TakeGavel { reason }, scene);
            }
            return;
        }
        match chamber.running_ballot() {
            None => self.opens_the_next(now, chamber, scene),
            Some(_) if self.rng.chance(25) => self.opens_the_next(now, chamber, scene),
            Some(ballot) => self.leads_on(now, chamber, ballot, scene),
        }
    }

    fn opens_the_next(&mut self, now: u64, chamber: &Chamber, scene: &mut Scene) {
        let Some(question) = next_question(chamber) else { return };
        let open = Command::OpenBallot { question, seconds: Some(scene.ballot_seconds) };
        self.orders(now, &open, scene);
        // The same person at two consoles.
        if self.rng.chance(200) {
            self.orders(now, &open, scene);
        }
    }

    fn leads_on(&mut self, now: u64, chamber: &Chamber, running: &Ballot, scene: &mut Scene) {
        let ballot = running.id.clone();
        let reason = || "bỏ phiếu lại".to_owned();
        let has_all = running.votes.len() as u32 >= chamber.attendance().present;
        let command = match running.state {
            BallotState::Open if self.rng.chance(60) => Command::HoldBallot { ballot, reason: None },
            BallotState::Open if self.rng.chance(30) => Command::ExtendBallot { ballot, seconds: 5 },
            BallotState::Open if self.rng.chance(if has_all { 700 } else { 80 }) => Command::CloseBallot { ballot },
            BallotState::Open | BallotState::OnHold if self.rng.chance(15) => {
                Command::VoidBallot { ballot, reason: reason() }
            }
            BallotState::OnHold if self.rng.chance(500) => Command::ResumeBallot { ballot },
            BallotState::Closed => {
                let tie = chamber.judgement(&ballot).is_some_and(|judgement| judgement.tie);
                Command::ConfirmBallot { ballot, casting: tie.then_some(Verdict::Rejected) }
            }
            BallotState::Confirmed => Command::AnnounceBallot { ballot },
            _ => return,
        };
        self.orders(now, &command, scene);
    }

    pub(super) fn keeps_the_roll(&mut self, now: u64, chamber: &Chamber, scene: &mut Scene) {
        if self.orders_something() {
            return;
        }
        let mut preparations = preparations().into_iter();
        let is_missing = [chamber.session().is_none(), chamber.items().next().is_none(), chamber.sitting().is_none()];
        if let Some(next) = is_missing.iter().position(|missing| *missing).and_then(|at| preparations.nth(at)) {
            return self.orders(now, &next, scene);
        }
        let delegates: Vec<_> = chamber.people().into_iter().filter(|person| person.is_delegate()).collect();
        let Some(person) = self.rng.pick(&delegates).map(|person| person.id.clone()) else { return };
        let reason = "theo yêu cầu".to_owned();
        match self.rng.below(100) {
            0..=2 => self.orders(now, &Command::RevokeDevice { person, reason }, scene),
            3..=5 => self.orders(now, &Command::CheckOut { person, reason: Some(reason) }, scene),
            6..=8 => self.orders(now, &Command::CheckIn { person, reason: Some(reason) }, scene),
            _ => {}
        }
    }
}

/// What there must be before anybody can vote, in this order.
pub fn preparations() -> [Command; 3] {
    let items = (1..=ITEMS).map(item).collect();
    [Command::create_session("Kỳ họp", "Nhiệm kỳ"), Command::add_items(items), Command::open_sitting("Phiên họp")]
}

/// One that was not put to the vote, or whose last round was voided.
fn next_question(chamber: &Chamber) -> Option<QuestionId> {
    let questions = chamber.items().flat_map(|item| chamber.questions_of(&item.item.id));
    let is_due = |id: &QuestionId| {
        chamber.ballots_on(id).next_back().is_none_or(|last| matches!(last.state, BallotState::Voided))
    };
    questions.map(|question| &question.id).find(|id| is_due(id)).cloned()
}

fn item(n: u32) -> NewItem {
    let rule = if n.is_multiple_of(2) { "majority_of_all" } else { "majority_of_present" };
    let item = NewItem::new(n.to_string(), ItemKind::Vote, format!("Nghị quyết {n}"));
    NewItem { rule: Some(rule.to_owned()), ..item }
}
