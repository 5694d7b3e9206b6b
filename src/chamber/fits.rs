//! Does an event follow from the state before it? The fold takes in only what does, and a verifier names what does not.
//! Who may act and how long texts are is judged when a command is decided; here only what the state itself demands.

mod agenda;
mod questions;
mod sittings;
mod speaking;
mod times;
mod walls;

use super::ballot::{Ballot, BallotForm, BallotState, ClosedBy, Question};
use super::event::Event;
use super::ids::{BallotId, DeviceId, Millis};
use super::roll::Person;
use super::rules::RulesProfile;
use super::state::{Chamber, next_number, small};

/// What an event contradicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    #[error("a council is founded once, before everything else")]
    Founding,
    #[error("the council's rules cannot become so now")]
    Rules,
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
    #[error("the ballot is not in a state for this, or the time it has is another")]
    Ballot,
    #[error("the vote cannot count: ballot not open, person not a present delegate, or answer or turn out of order")]
    Vote,
    #[error("the tally is not the count of the votes before it")]
    Tally,
    #[error("the verdict is not what the question's rule gives")]
    Verdict,
    #[error("the debate is not in a state for this, or the time spent is another")]
    Speaking,
    #[error("the gavel is not with whom the event says")]
    Gavel,
    #[error("the hall has no such wall, or has it already")]
    Wall,
}

impl Chamber {
    /// Whether `event` can happen at `at` in this state.
    ///
    /// # Errors
    /// What it contradicts.
    pub fn fits(&self, at: Millis, event: &Event) -> Result<(), Misfit> {
        let is_founding = matches!(event, Event::CouncilFounded { .. });
        demand(is_founding == self.council.is_none(), Misfit::Founding)?;
        self.fits_debate(event)?;
        match event {
            Event::CouncilFounded { .. } | Event::RosterImported { .. } => Ok(()),
            Event::RulesSet { rules } => self.fits_rules(rules),
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

            Event::SessionCreated { .. }
            | Event::SittingPrepared { .. }
            | Event::SittingOpened { .. }
            | Event::SittingSuspended { .. }
            | Event::SittingResumed { .. }
            | Event::SittingClosed { .. }
            | Event::CheckedIn { .. }
            | Event::CheckedOut { .. }
            | Event::Excused { .. } => self.fits_sitting(event),

            Event::ItemAdded { .. }
            | Event::ItemChanged { .. }
            | Event::ItemMoved { .. }
            | Event::ItemRemoved { .. }
            | Event::ItemStarted { .. }
            | Event::ItemFinished { .. } => self.fits_agenda(event),
            Event::QuestionPrepared { question } => self.fits_question(question),

            Event::GavelTaken { person, from, .. } => {
                demand(*from == self.gavel && from.as_ref() != Some(person) && self.is_chair(person), Misfit::Gavel)
            }
            Event::GavelHanded { from, to } => {
                demand(self.gavel.as_ref() == Some(from) && from != to && self.is_chair(to), Misfit::Gavel)
            }

            Event::WallShown { .. }
            | Event::WallAdded { .. }
            | Event::WallRemoved { .. }
            | Event::WallFollows { .. }
            | Event::TickerSet { .. } => self.fits_wall(event),
            _ => self.fits_ballot(at, event),
        }
    }

    fn fits_ballot(&self, at: Millis, event: &Event) -> Result<(), Misfit> {
        match event {
            Event::BallotOpened { ballot, question, round, previous, document_sha256, closes_at } => {
                let question = self.question(question).ok_or(Misfit::Agenda)?;
                let is_next = *ballot == BallotId::numbered('b', next_number(&self.ballots));
                demand(is_next && *document_sha256 == question.document_sha256, Misfit::Ballot)?;
                demand(!self.is_secret(question) && times::may_close_at(at, *closes_at), Misfit::Ballot)?;
                self.fits_round(question, *round, previous.as_ref())
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
                let question = self.question(question).ok_or(Misfit::Agenda)?;
                let is_next = *ballot == BallotId::numbered('b', next_number(&self.ballots));
                let is_recorded = self.person(recorded_by).is_some();
                let may_be_seen = *form == BallotForm::Paper || !self.is_secret(question);
                let names_document = *document_sha256 == question.document_sha256;
                demand(is_next && is_recorded && may_be_seen && names_document, Misfit::Ballot)?;
                self.fits_round(question, *round, previous.as_ref())?;
                let present = small(self.present_entitled(question).count());
                let (in_office, seats) = self.bases_of(question);
                let bases_fit = (counted.present, counted.in_office, counted.seats) == (present, in_office, seats);
                demand(bases_fit && question.can_be_counted(*form, counted, papers.as_ref()), Misfit::Tally)
            }
            Event::VoteCast { ballot, person, answer, more, turn } => {
                let ballot = self.ballot(ballot).filter(|ballot| ballot.is_open_at(at)).ok_or(Misfit::Vote)?;
                let question = self.question(&ballot.question).ok_or(Misfit::Vote)?;
                let is_answer = question.takes(answer, more) && question.has_enough(answer, more);
                let is_next = *turn == self.next_turn(&ballot.id, person);
                let may_vote = self.is_entitled(question, person)
                    && self.is_present(person)
                    && (*turn == 1 || question.change_allowed);
                demand(is_answer && is_next && may_vote, Misfit::Vote)
            }
            Event::BallotHeld { ballot, cause, remaining_ms, .. } => {
                let is_held = |open: &Ballot| open.leaves(at, *cause, *remaining_ms);
                self.in_state(ballot, |known| known.state == BallotState::Open && is_held(known)).map(|_| ())
            }
            Event::BallotResumed { ballot, closes_at } => {
                let goes_on = |held: &Ballot| held.goes_on_until(at, *closes_at);
                demand(self.is_in_session(), Misfit::Ballot)?;
                self.in_state(ballot, |known| known.state == BallotState::OnHold && goes_on(known)).map(|_| ())
            }
            Event::BallotExtended { ballot, seconds, closes_at, remaining_ms } => {
                self.in_state(ballot, |known| known.is_longer(at, *seconds, *closes_at, *remaining_ms)).map(|_| ())
            }
            Event::BallotClosed { ballot, closed_by, counted } => {
                let known = self.in_state(ballot, Ballot::is_taking_votes)?;
                demand(*closed_by == ClosedBy::Chair || known.is_due(at), Misfit::Ballot)?;
                demand(self.tally(ballot).as_ref() == Some(counted), Misfit::Tally)
            }
            Event::BallotConfirmed { ballot, verdict, casting, chosen } => {
                self.in_state(ballot, |known| known.state == BallotState::Closed)?;
                let judgement = self.judgement(ballot).ok_or(Misfit::Verdict)?;
                let is_judged = judgement.with_casting(*casting) == Some(*verdict) && judgement.chosen == *chosen;
                demand(is_judged, Misfit::Verdict)
            }
            Event::BallotAnnounced { ballot } => {
                self.in_state(ballot, |known| known.state == BallotState::Confirmed).map(|_| ())
            }
            Event::BallotVoided { ballot, .. } => self.in_state(ballot, Ballot::is_running).map(|_| ()),
            Event::BallotAnnulled { ballot, .. } => {
                self.in_state(ballot, |known| known.state == BallotState::Announced).map(|_| ())
            }
            // Everything else was judged by the caller, or is the debate's.
            _ => self.fits_speaking(at, event),
        }
    }

    fn fits_rules(&self, rules: &RulesProfile) -> Result<(), Misfit> {
        let is_same_council = self
            .council
            .as_ref()
            .is_some_and(|council| council.rules.names == rules.names && council.rules.preset == rules.preset);
        let has_seats = self.in_office() <= rules.seats;
        let is_sound = rules.quorum.denominator > 0 && rules.majorities.iter().all(|named| named.rule.denominator > 0);
        demand(is_same_council && has_seats && is_sound && self.running_ballot().is_none(), Misfit::Rules)
    }

    fn fits_person(&self, person: &Person) -> Result<(), Misfit> {
        let others = self.roll.delegates().filter(|other| other.id != person.id && other.seat != person.seat);
        let delegates = others.count() + usize::from(person.is_delegate());
        demand(!self.is_taking_votes() && small(delegates) <= self.seats(), Misfit::Roll)
    }

    fn fits_round(&self, question: &Question, round: u32, previous: Option<&BallotId>) -> Result<(), Misfit> {
        let may_open = self.is_in_session() && self.running_ballot().is_none() && self.is_current(&question.item);
        let is_open = !self.is_put_to_the_vote(&question.id) && self.is_bloc_whole(question);
        let last = self.rounds(&question.id).next_back();
        let is_next = round == small(self.rounds(&question.id).count()).saturating_add(1);
        demand(may_open && is_open && is_next && last.map(|last| &last.id) == previous, Misfit::Ballot)
    }

    fn is_secret(&self, question: &Question) -> bool {
        self.item(&question.item).is_some_and(|item| item.item.needs_secret_ballot())
    }

    /// A sitting is open and not suspended.
    fn is_in_session(&self) -> bool {
        self.sitting().is_some_and(|sitting| sitting.suspension.is_none())
    }

    fn in_state(&self, ballot: &BallotId, is_right: impl Fn(&Ballot) -> bool) -> Result<&Ballot, Misfit> {
        self.ballot(ballot).filter(|known| is_right(known)).ok_or(Misfit::Ballot)
    }
}

fn demand(holds: bool, otherwise: Misfit) -> Result<(), Misfit> {
    if holds { Ok(()) } else { Err(otherwise) }
}
