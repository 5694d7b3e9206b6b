//! From an event to the chamber after it.

mod agenda;
mod sittings;
mod speaking;
mod walls;

use super::ballot::{Ballot, BallotForm, BallotState, ClosedBy, Counted, Hold, Outcome, Question, Vote};
use super::event::Event;
use super::ids::{AnswerKey, BallotId, Millis, PersonId};
use super::roll::{Device, Person};
use super::state::{Chamber, Council};
use super::wall::WallMode;
use std::sync::Arc;

impl Chamber {
    /// Takes in what the record says happened at `at` in entry `seq`. Total: an event that [`fits`](Self::fits) refuses
    /// changes nothing, so that no record, however wrong, can bring the chamber into a state it could not reach.
    pub fn apply(&mut self, at: Millis, seq: u64, event: &Event) {
        if self.fits(at, event).is_err() {
            return;
        }
        let was_behind_doors = self.is_behind_closed_doors();
        match event {
            Event::CouncilFounded { council, origin, name, short_name, rules, checkpoint_key } => {
                self.council = Some(Council {
                    id: council.clone(),
                    origin: origin.clone(),
                    name: name.clone(),
                    short_name: short_name.clone(),
                    rules: rules.as_ref().clone(),
                    checkpoint_key: checkpoint_key.clone(),
                    founded_at: at,
                });
                self.show(at, WallMode::Welcome);
            }
            Event::RulesSet { rules } => {
                if let Some(council) = &mut self.council {
                    council.rules = rules.as_ref().clone();
                }
            }
            Event::RosterImported { .. } => {}
            Event::PersonSet { person } => self.set_person(at, person),
            Event::PersonLeft { person, .. } => self.remove_person(at, person),
            Event::DeviceBound { person, device, key, issued_by } => {
                let bound = Device { id: device.clone(), key: key.clone(), bound_at: at, issued_by: issued_by.clone() };
                self.roll.devices.insert(person.clone(), bound);
                self.roll.revoked.remove(person);
                self.roll.keys.insert(key.clone(), person.clone());
                self.roll.bound = self.roll.bound.saturating_add(1);
            }
            Event::DeviceRevoked { person, reason, .. } => {
                self.roll.devices.remove(person);
                self.roll.revoked.insert(person.clone(), reason.clone());
            }

            Event::SessionCreated { .. }
            | Event::SittingPrepared { .. }
            | Event::SittingOpened { .. }
            | Event::SittingSuspended { .. }
            | Event::SittingResumed { .. }
            | Event::SittingClosed { .. }
            | Event::CheckedIn { .. }
            | Event::CheckedOut { .. }
            | Event::Excused { .. } => self.apply_sitting(at, event),

            Event::ItemAdded { .. }
            | Event::ItemChanged { .. }
            | Event::ItemMoved { .. }
            | Event::ItemRemoved { .. }
            | Event::QuestionPrepared { .. }
            | Event::ItemStarted { .. }
            | Event::ItemFinished { .. } => self.apply_agenda(at, event),

            Event::BallotOpened { .. }
            | Event::BallotHeld { .. }
            | Event::BallotResumed { .. }
            | Event::BallotExtended { .. }
            | Event::VoteCast { .. }
            | Event::CountRecorded { .. }
            | Event::BallotClosed { .. }
            | Event::BallotConfirmed { .. }
            | Event::BallotAnnounced { .. }
            | Event::BallotVoided { .. }
            | Event::BallotAnnulled { .. } => self.apply_ballot(at, seq, event),

            Event::GavelTaken { person, .. } => self.gavel = Some(person.clone()),
            Event::GavelHanded { to, .. } => self.gavel = Some(to.clone()),

            Event::WallShown { .. }
            | Event::WallAdded { .. }
            | Event::WallRemoved { .. }
            | Event::WallFollows { .. }
            | Event::TickerSet { .. } => self.apply_wall(at, event),
            _ => self.apply_speaking(at, event),
        }
        self.debate_follows(event);
        if was_behind_doors && !self.is_behind_closed_doors() {
            self.clear_walls(at);
        }
    }

    fn apply_ballot(&mut self, at: Millis, seq: u64, event: &Event) {
        match event {
            Event::BallotOpened { ballot, question, round, previous, document_sha256, closes_at } => {
                let Some(known) = self.question(question) else { return };
                self.ballots.push(Arc::new(Ballot {
                    id: ballot.clone(),
                    question: question.clone(),
                    item: known.item.clone(),
                    round: *round,
                    previous: previous.clone(),
                    document_sha256: document_sha256.clone(),
                    state: BallotState::Open,
                    opened_at: at,
                    closes_at: *closes_at,
                    remaining_ms: None,
                    length_ms: closes_at.map(|closes_at| closes_at.since(at)),
                    hold: None,
                    closed_doors: self.is_behind_closed_doors(),
                    form: BallotForm::Electronic,
                    recorded_by: None,
                    papers: None,
                    votes: Default::default(),
                    present: self.present_entitled(known).collect(),
                    outcome: None,
                    reason: None,
                }));
                self.show(at, WallMode::Voting);
            }
            Event::BallotHeld { ballot, cause, reason, remaining_ms } => self.with_ballot(ballot, |ballot| {
                ballot.state = BallotState::OnHold;
                ballot.hold = Some(Hold { cause: *cause, reason: reason.clone(), since: at });
                ballot.closes_at = None;
                ballot.remaining_ms = *remaining_ms;
            }),
            Event::BallotResumed { ballot, closes_at } => {
                let known = self.ballot(ballot).and_then(|ballot| self.question(&ballot.question));
                let present: Vec<PersonId> = known.into_iter().flat_map(|known| self.present_entitled(known)).collect();
                self.with_ballot(ballot, |ballot| {
                    ballot.state = BallotState::Open;
                    ballot.hold = None;
                    ballot.closes_at = *closes_at;
                    ballot.remaining_ms = None;
                    ballot.present.extend(present);
                });
                self.show(at, WallMode::Voting);
            }
            Event::BallotExtended { ballot, seconds, closes_at, remaining_ms } => self.with_ballot(ballot, |ballot| {
                ballot.closes_at = *closes_at;
                ballot.remaining_ms = *remaining_ms;
                let more = u64::from(*seconds) * 1_000;
                ballot.length_ms = ballot.length_ms.map(|length| length.saturating_add(more));
            }),
            Event::VoteCast { ballot, person, answer, more, turn } => {
                let question = self.ballot(ballot).and_then(|ballot| self.question(&ballot.question));
                let own = |key: &AnswerKey| question.and_then(|question| question.own_key(key)).unwrap_or(key).clone();
                let vote = Vote { answer: own(answer), more: more.iter().map(own).collect(), turn: *turn, seq, at };
                let person = self.roll.own_id(person).clone();
                self.with_ballot(ballot, |ballot| drop(ballot.votes.insert(person, vote)));
            }
            Event::CountRecorded {
                ballot,
                question,
                round,
                previous,
                document_sha256,
                form,
                recorded_by,
                counted,
                papers,
            } => {
                let Some(known) = self.question(question) else { return };
                self.ballots.push(Arc::new(Ballot {
                    id: ballot.clone(),
                    question: question.clone(),
                    item: known.item.clone(),
                    round: *round,
                    previous: previous.clone(),
                    document_sha256: document_sha256.clone(),
                    state: BallotState::Closed,
                    opened_at: at,
                    closes_at: None,
                    remaining_ms: None,
                    length_ms: None,
                    hold: None,
                    closed_doors: self.is_behind_closed_doors(),
                    form: *form,
                    recorded_by: Some(recorded_by.clone()),
                    papers: *papers,
                    votes: Default::default(),
                    present: self.present_entitled(known).collect(),
                    outcome: Some(self.outcome(at, ClosedBy::Chair, counted)),
                    reason: None,
                }));
                self.show(at, WallMode::Result);
            }
            Event::BallotClosed { ballot, closed_by, counted } => {
                let outcome = self.outcome(at, *closed_by, counted);
                self.with_ballot(ballot, |ballot| {
                    stop(ballot, BallotState::Closed);
                    ballot.outcome = Some(outcome);
                    // Built anew from their list they take half the room that they have grown to one by one.
                    ballot.votes = std::mem::take(&mut ballot.votes).into_iter().collect();
                    ballot.present = std::mem::take(&mut ballot.present).into_iter().collect();
                });
                // A recess goes on, whatever became of the ballot.
                if !self.is_suspended() {
                    self.show(at, WallMode::Result);
                }
            }
            Event::BallotConfirmed { ballot, verdict, casting, chosen } => self.with_ballot(ballot, |ballot| {
                ballot.state = BallotState::Confirmed;
                if let Some(outcome) = &mut ballot.outcome {
                    outcome.verdict = Some(*verdict);
                    outcome.casting = *casting;
                    outcome.chosen = chosen.clone();
                    outcome.confirmed_at = Some(at);
                }
            }),
            Event::BallotAnnounced { ballot } => self.with_ballot(ballot, |ballot| {
                ballot.state = BallotState::Announced;
                if let Some(outcome) = &mut ballot.outcome {
                    outcome.announced_at = Some(at);
                }
            }),
            Event::BallotVoided { ballot, reason } => {
                self.with_ballot(ballot, |ballot| {
                    stop(ballot, BallotState::Voided);
                    ballot.reason = Some(reason.clone());
                });
                // A recess goes on, whatever became of the ballot.
                if !self.is_suspended() {
                    self.show(at, WallMode::Item);
                }
            }
            Event::BallotAnnulled { ballot, reason } => self.with_ballot(ballot, |ballot| {
                ballot.state = BallotState::Annulled;
                ballot.reason = Some(reason.clone());
            }),
            _ => {}
        }
    }

    /// What a ballot that is closed now came to, without a verdict yet.
    fn outcome(&self, at: Millis, closed_by: ClosedBy, counted: &Counted) -> Outcome {
        Outcome {
            counted: counted.clone(),
            delegates: self.delegates_at_closing(),
            closed_by,
            closed_at: at,
            verdict: None,
            casting: None,
            chosen: Vec::new(),
            confirmed_at: None,
            announced_at: None,
        }
    }

    /// The delegates in seat order; the last closed ballot's own list where the roll is still the same.
    fn delegates_at_closing(&self) -> Arc<[Person]> {
        let now: Vec<&Person> = self.people().into_iter().filter(|person| person.is_delegate()).collect();
        let last = self.ballots.iter().rev().find_map(|ballot| ballot.outcome.as_ref());
        match last.map(|outcome| &outcome.delegates) {
            Some(known) if known.iter().eq(now.iter().copied()) => Arc::clone(known),
            _ => now.into_iter().cloned().collect(),
        }
    }

    /// A seat has one holder, the newest; a gavel is held by a chair or by nobody. Who gives up the seat gives up the place
    /// in the hall: a later seat does not find them present. Somebody whose seat went to another keeps it, because the
    /// entry that seats them elsewhere follows at once.
    fn set_person(&mut self, at: Millis, person: &Person) {
        if person.seat.is_some() {
            for other in self.roll.people.values_mut().filter(|other| other.id != person.id) {
                if other.seat == person.seat {
                    other.seat = None;
                }
            }
        }
        if !person.is_delegate() {
            self.leave_hall(at, &person.id);
        }
        self.roll.former.remove(&person.id);
        self.roll.people.insert(person.id.clone(), person.clone());
        self.roll.order.forget();
        self.drop_gavel_of_nobody();
    }

    fn remove_person(&mut self, at: Millis, id: &PersonId) {
        if let Some(person) = self.roll.people.remove(id) {
            self.roll.former.insert(id.clone(), person);
        }
        self.roll.order.forget();
        self.roll.devices.remove(id);
        self.leave_hall(at, id);
        self.drop_gavel_of_nobody();
    }

    fn drop_gavel_of_nobody(&mut self) {
        if self.gavel.as_ref().is_some_and(|holder| !self.is_chair(holder)) {
            self.gavel = None;
        }
    }

    /// A new question, or a new wording of one.
    fn put_question(&mut self, question: &Question) {
        match self.questions.iter_mut().find(|known| known.id == question.id) {
            Some(known) => *known = question.clone(),
            None => self.questions.push(question.clone()),
        }
    }

    fn with_ballot(&mut self, id: &BallotId, change: impl FnOnce(&mut Ballot)) {
        if let Some(ballot) = self.ballot_mut(id) {
            change(ballot);
        }
    }

    /// On the main wall, in place of whatever it showed.
    pub(super) fn show(&mut self, at: Millis, mode: WallMode) {
        self.show_card(at, mode, None);
    }
}

/// Nothing runs any more: no deadline, no hold.
fn stop(ballot: &mut Ballot, state: BallotState) {
    ballot.state = state;
    ballot.hold = None;
    ballot.closes_at = None;
    ballot.remaining_ms = None;
}
