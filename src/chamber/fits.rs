//! Does an event follow from the state before it? The fold takes in only what does, and a verifier names what does not.
//! Who may act and how long texts are is judged when a command is decided; here only what the state itself demands.

use super::ballot::{Ballot, BallotState, ClosedBy, Question};
use super::event::Event;
use super::ids::{BallotId, DeviceId, ItemId, Millis, PersonId, QuestionId, SessionId, SittingId};
use super::question::document_sha256;
use super::roll::Person;
use super::state::{Chamber, next_number, small};

/// What an event contradicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    #[error("a council is founded once, before everything else")]
    Founding,
    #[error("the roll cannot become so now")]
    Roll,
    #[error("the device or its key does not fit what was bound and revoked before")]
    Device,
    #[error("the session or sitting does not follow the one before")]
    Session,
    #[error("the agenda has no such item or question at this place, or its document's hash is another")]
    Agenda,
    #[error("the person's attendance cannot change so now")]
    Attendance,
    #[error("the ballot is not in a state for this")]
    Ballot,
    #[error("the vote cannot count: ballot not open, person not a present delegate, or answer or turn out of order")]
    Vote,
    #[error("the tally is not the count of the votes before it")]
    Tally,
    #[error("the verdict is not what the question's rule gives")]
    Verdict,
    #[error("the gavel is not with whom the event says")]
    Gavel,
}

impl Chamber {
    /// Whether `event` can happen at `at` in this state.
    ///
    /// # Errors
    /// What it contradicts.
    pub fn fits(&self, at: Millis, event: &Event) -> Result<(), Misfit> {
        let is_founding = matches!(event, Event::CouncilFounded { .. });
        demand(is_founding == self.council.is_none(), Misfit::Founding)?;
        match event {
            Event::CouncilFounded { .. } | Event::RosterImported { .. } | Event::WallShown { .. } => Ok(()),
            Event::PersonSet { person } => self.fits_person(person),
            Event::PersonLeft { person, .. } => {
                demand(self.person(person).is_some() && !self.is_taking_votes(), Misfit::Roll)
            }
            Event::DeviceBound { person, device, key, .. } => {
                let is_next = *device == DeviceId::numbered('d', self.roll.bound.saturating_add(1));
                let is_free = self.person(person).is_some() && self.device_of(person).is_none();
                demand(is_next && is_free && !self.is_key_used(key), Misfit::Device)
            }
            Event::DeviceRevoked { person, device, .. } => {
                demand(self.device_of(person).is_some_and(|bound| bound.id == *device), Misfit::Device)
            }

            Event::SessionCreated { session, .. } => {
                let is_next = *session == SessionId::numbered('s', next_number(&self.sessions));
                demand(is_next && self.sitting().is_none(), Misfit::Session)
            }
            Event::SittingOpened { sitting, session, .. } => {
                let is_next = *sitting == SittingId::numbered('t', next_number(&self.sittings));
                let follows = self.sitting().is_none() && self.session().is_some_and(|now| now.id == *session);
                demand(is_next && follows, Misfit::Session)
            }
            Event::SittingClosed { sitting } => {
                let is_open = self.sitting().is_some_and(|open| open.id == *sitting);
                demand(is_open && self.current_item().is_none(), Misfit::Session)?;
                demand(self.running_ballot().is_none(), Misfit::Ballot)
            }
            Event::ItemAdded { item } => {
                let is_next = item.id == ItemId::numbered('i', next_number(&self.items));
                demand(is_next && self.session().is_some(), Misfit::Agenda)
            }
            Event::QuestionPrepared { question } => self.fits_question(question),
            Event::ItemStarted { item } => {
                let may_start = self.sitting().is_some() && self.current_item().is_none();
                demand(may_start && self.open_item(item).is_some(), Misfit::Agenda)?;
                demand(self.running_ballot().is_none(), Misfit::Ballot)
            }
            Event::ItemFinished { item } => {
                demand(self.is_current(item), Misfit::Agenda)?;
                demand(self.running_ballot().is_none(), Misfit::Ballot)
            }

            Event::CheckedIn { person, .. } | Event::Excused { person, .. } => {
                demand(self.may_attend(person) && !self.is_present(person), Misfit::Attendance)
            }
            Event::CheckedOut { person, .. } => {
                demand(self.may_attend(person) && self.is_present(person), Misfit::Attendance)
            }

            Event::GavelTaken { person, from, .. } => {
                demand(*from == self.gavel && from.as_ref() != Some(person) && self.is_chair(person), Misfit::Gavel)
            }
            Event::GavelHanded { from, to } => {
                demand(self.gavel.as_ref() == Some(from) && from != to && self.is_chair(to), Misfit::Gavel)
            }
            _ => self.fits_ballot(at, event),
        }
    }

    fn fits_ballot(&self, at: Millis, event: &Event) -> Result<(), Misfit> {
        match event {
            Event::BallotOpened { ballot, question, round, previous, document_sha256, .. } => {
                let question = self.question(question).ok_or(Misfit::Agenda)?;
                let is_next = *ballot == BallotId::numbered('b', next_number(&self.ballots));
                let may_open = self.running_ballot().is_none() && self.is_current(&question.item);
                demand(is_next && may_open && *document_sha256 == question.document_sha256, Misfit::Ballot)?;
                self.fits_round(&question.id, *round, previous.as_ref())
            }
            Event::VoteCast { ballot, person, answer, turn } => {
                let ballot = self.ballot(ballot).filter(|ballot| ballot.is_open_at(at)).ok_or(Misfit::Vote)?;
                let question = self.question(&ballot.question).ok_or(Misfit::Vote)?;
                let is_answer = question.answers.iter().any(|known| known.key == *answer);
                let is_next = *turn == self.next_turn(&ballot.id, person);
                let may_vote = self.is_present(person) && (*turn == 1 || question.change_allowed);
                demand(is_answer && is_next && may_vote, Misfit::Vote)
            }
            Event::BallotHeld { ballot, remaining_ms, .. } => {
                let is_limited = |open: &Ballot| open.closes_at.is_some() == remaining_ms.is_some();
                self.in_state(ballot, |known| known.state == BallotState::Open && is_limited(known)).map(|_| ())
            }
            Event::BallotResumed { ballot, closes_at } => {
                let is_limited = |held: &Ballot| held.remaining_ms.is_some() == closes_at.is_some();
                self.in_state(ballot, |known| known.state == BallotState::OnHold && is_limited(known)).map(|_| ())
            }
            Event::BallotExtended { ballot, closes_at, remaining_ms, .. } => {
                let is_same_kind = |known: &Ballot| {
                    known.closes_at.is_some() == closes_at.is_some()
                        && known.remaining_ms.is_some() == remaining_ms.is_some()
                };
                self.in_state(ballot, |known| known.is_taking_votes() && is_same_kind(known)).map(|_| ())
            }
            Event::BallotClosed { ballot, closed_by, counted } => {
                let known = self.in_state(ballot, Ballot::is_taking_votes)?;
                demand(*closed_by == ClosedBy::Chair || known.is_due(at), Misfit::Ballot)?;
                demand(self.tally(ballot).as_ref() == Some(counted), Misfit::Tally)
            }
            Event::BallotConfirmed { ballot, verdict, casting } => {
                self.in_state(ballot, |known| known.state == BallotState::Closed)?;
                let judged = self.judgement(ballot).and_then(|judgement| judgement.with_casting(*casting));
                demand(judged == Some(*verdict), Misfit::Verdict)
            }
            Event::BallotAnnounced { ballot } => {
                self.in_state(ballot, |known| known.state == BallotState::Confirmed).map(|_| ())
            }
            Event::BallotVoided { ballot, .. } => self.in_state(ballot, Ballot::is_running).map(|_| ()),
            Event::BallotAnnulled { ballot, .. } => {
                self.in_state(ballot, |known| known.state == BallotState::Announced).map(|_| ())
            }
            // Everything else was judged by the caller.
            _ => Ok(()),
        }
    }

    fn fits_person(&self, person: &Person) -> Result<(), Misfit> {
        let others = self.roll.delegates().filter(|other| other.id != person.id && other.seat != person.seat);
        let delegates = others.count() + usize::from(person.is_delegate());
        demand(!self.is_taking_votes() && small(delegates) <= self.seats(), Misfit::Roll)
    }

    fn fits_question(&self, question: &Question) -> Result<(), Misfit> {
        let is_next = question.id == QuestionId::numbered('q', next_number(&self.questions));
        let is_new_wording = self.question(&question.id).is_some_and(|known| known.item == question.item)
            && self.rounds(&question.id).next().is_none();
        let item = self.open_item(&question.item).ok_or(Misfit::Agenda)?;
        let is_whole = question.rule.denominator > 0 && question.document_sha256 == document_sha256(question);
        demand((is_next || is_new_wording) && !item.item.needs_secret_ballot() && is_whole, Misfit::Agenda)
    }

    fn fits_round(&self, question: &QuestionId, round: u32, previous: Option<&BallotId>) -> Result<(), Misfit> {
        let last = self.rounds(question).next_back();
        let is_again = last.is_none_or(|last| matches!(last.state, BallotState::Voided | BallotState::Annulled));
        let is_next = round == small(self.rounds(question).count()).saturating_add(1);
        demand(is_again && is_next && last.map(|last| &last.id) == previous, Misfit::Ballot)
    }

    fn may_attend(&self, person: &PersonId) -> bool {
        self.sitting().is_some() && self.delegate(person).is_some()
    }

    fn in_state(&self, ballot: &BallotId, is_right: impl Fn(&Ballot) -> bool) -> Result<&Ballot, Misfit> {
        self.ballot(ballot).filter(|known| is_right(known)).ok_or(Misfit::Ballot)
    }
}

fn demand(holds: bool, otherwise: Misfit) -> Result<(), Misfit> {
    if holds { Ok(()) } else { Err(otherwise) }
}
