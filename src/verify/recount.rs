//! Every ballot counted again. Shares no counting code with the chamber, whose tallies it checks: it keeps its own roll,
//! attendance and votes, straight from the entries.

use super::finding::{Problem, WhyNot};
use super::question::document_hash;
use super::verdict::{Figures, Tie, judge};
use crate::chamber::ballot::{Counted, Question, Verdict};
use crate::chamber::event::Event;
use crate::chamber::ids::{AnswerKey, BallotId, Millis, PersonId, QuestionId, SeatId};
use crate::ledger::merkle::Hash;
use std::collections::{BTreeMap, BTreeSet};

/// How a ballot ended, as far as the record says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Open,
    OnHold,
    Closed,
    Confirmed,
    Announced,
    Voided,
    Annulled,
}

impl Status {
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::OnHold => "on_hold",
            Self::Closed => "closed",
            Self::Confirmed => "confirmed",
            Self::Announced => "announced",
            Self::Voided => "voided",
            Self::Annulled => "annulled",
        }
    }
}

/// One ballot as counted here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Result {
    pub ballot: BallotId,
    pub question: QuestionId,
    pub title: String,
    pub round: u32,
    pub status: Status,
    /// In the question's order of answers.
    pub answers: Vec<(AnswerKey, u32)>,
    pub present: u32,
    pub in_office: u32,
    pub seats: u32,
    /// What the rule gives, with the chair's casting vote where it leaves a tie to the chair; `None` before the closing or
    /// while that casting vote is missing.
    pub verdict: Option<Verdict>,
}

#[derive(Default)]
pub struct Recount {
    seats: u32,
    /// Delegates in office and their seats.
    delegates: BTreeMap<PersonId, SeatId>,
    present: BTreeSet<PersonId>,
    questions: BTreeMap<QuestionId, Question>,
    ballots: BTreeMap<BallotId, Tally>,
    /// In the order of their opening.
    order: Vec<BallotId>,
}

struct Tally {
    /// As it stood when the ballot was opened.
    question: Question,
    /// Hash of that question's document.
    document: Hash,
    round: u32,
    status: Status,
    /// No vote counts from then on, even before the closing entry is written.
    closes_at: Option<Millis>,
    /// The last answer and turn of each person.
    votes: BTreeMap<PersonId, (AnswerKey, u32)>,
    /// Delegates present at any moment while it was open.
    present: BTreeSet<PersonId>,
    in_office: u32,
    /// Counted once, at the closing.
    answers: Vec<(AnswerKey, u32)>,
    verdict: Option<Verdict>,
}

impl Recount {
    /// Takes in one event that happened `at`, and says what in it is wrong.
    pub fn take(&mut self, at: Millis, event: &Event) -> Vec<Problem> {
        match event {
            Event::CouncilFounded { rules, .. } => self.seats = rules.seats,
            Event::PersonSet { person } => {
                self.delegates.remove(&person.id);
                if let Some(seat) = &person.seat {
                    // A seat has one holder, the newest.
                    self.delegates.retain(|_, taken| taken != seat);
                    self.delegates.insert(person.id.clone(), seat.clone());
                }
            }
            Event::PersonLeft { person, .. } => {
                self.delegates.remove(person);
                self.present.remove(person);
            }
            Event::SittingOpened { .. } | Event::SittingClosed { .. } => self.present.clear(),
            Event::CheckedIn { person, .. } => {
                self.present.insert(person.clone());
                for tally in self.ballots.values_mut() {
                    if tally.status == Status::Open {
                        tally.present.insert(person.clone());
                    }
                }
            }
            Event::CheckedOut { person, .. } | Event::Excused { person, .. } => {
                self.present.remove(person);
            }
            Event::QuestionPrepared { question } => {
                self.questions.insert(question.id.clone(), question.clone());
            }
            Event::BallotOpened { ballot, question, round, document_sha256, closes_at, .. } => {
                let problem = self.open(ballot, question, *round, document_sha256);
                self.set_deadline(ballot, *closes_at);
                return problem.into_iter().collect();
            }
            Event::BallotHeld { ballot, .. } => self.set_status(ballot, Status::OnHold),
            Event::BallotExtended { ballot, closes_at, .. } => self.set_deadline(ballot, *closes_at),
            Event::BallotResumed { ballot, closes_at } => {
                self.set_deadline(ballot, *closes_at);
                let present = self.present_delegates();
                if let Some(tally) = self.ballots.get_mut(ballot) {
                    tally.status = Status::Open;
                    tally.present.extend(present);
                }
            }
            Event::VoteCast { ballot, person, answer, turn } => {
                return self.vote(at, ballot, person, answer, *turn).err().into_iter().collect();
            }
            Event::BallotClosed { ballot, counted, .. } => return self.close(ballot, counted),
            Event::BallotConfirmed { ballot, verdict, casting } => {
                return self.confirm(ballot, *verdict, *casting).into_iter().collect();
            }
            Event::BallotAnnounced { ballot } => self.set_status(ballot, Status::Announced),
            Event::BallotVoided { ballot, .. } => {
                self.set_status(ballot, Status::Voided);
                // A voided round decides nothing.
                self.ballots.entry(ballot.clone()).and_modify(|tally| tally.verdict = None);
            }
            Event::BallotAnnulled { ballot, .. } => self.set_status(ballot, Status::Annulled),
            _ => {}
        }
        Vec::new()
    }

    /// The hash of the document that votes on this ballot must name.
    pub fn document(&self, ballot: &BallotId) -> Option<Hash> {
        self.ballots.get(ballot).map(|tally| tally.document)
    }

    /// Every ballot, in the order of opening.
    pub fn results(&self) -> Vec<Result> {
        let result = |ballot: &BallotId| {
            let tally = self.ballots.get(ballot)?;
            Some(Result {
                ballot: ballot.clone(),
                question: tally.question.id.clone(),
                title: tally.question.title.clone(),
                round: tally.round,
                status: tally.status,
                answers: tally.answers.clone(),
                present: count(tally.present.len()),
                in_office: tally.in_office,
                seats: self.seats,
                verdict: tally.verdict,
            })
        };
        self.order.iter().filter_map(result).collect()
    }

    fn open(&mut self, ballot: &BallotId, question: &QuestionId, round: u32, named: &str) -> Option<Problem> {
        // A ballot on nothing: the fold says so.
        let question = self.questions.get(question).cloned()?;
        let document = document_hash(&question);
        let is_named = document.hex() == named && question.document_sha256 == named;
        let tally = Tally {
            question,
            document,
            round,
            status: Status::Open,
            closes_at: None,
            votes: BTreeMap::new(),
            present: self.present_delegates(),
            in_office: count(self.delegates.len()),
            answers: Vec::new(),
            verdict: None,
        };
        if self.ballots.insert(ballot.clone(), tally).is_none() {
            self.order.push(ballot.clone());
        }
        (!is_named).then_some(Problem::BallotDocument)
    }

    fn vote(
        &mut self,
        at: Millis,
        ballot: &BallotId,
        person: &PersonId,
        answer: &AnswerKey,
        turn: u32,
    ) -> std::result::Result<(), Problem> {
        let cannot = |why| Problem::VoteCannotCount { person: person.clone(), why };
        let tally = self
            .ballots
            .get_mut(ballot)
            .filter(|tally| tally.status == Status::Open)
            .filter(|tally| tally.closes_at.is_none_or(|closes_at| at < closes_at));
        let tally = tally.ok_or_else(|| cannot(WhyNot::NotOpen))?;
        if !self.delegates.contains_key(person) {
            return Err(cannot(WhyNot::NotADelegate));
        }
        if !self.present.contains(person) {
            return Err(cannot(WhyNot::NotPresent));
        }
        if !tally.question.answers.iter().any(|known| known.key == *answer) {
            return Err(cannot(WhyNot::UnknownAnswer));
        }
        let before = tally.votes.get(person).map_or(0, |(_, turn)| *turn);
        if turn != before.saturating_add(1) {
            return Err(cannot(WhyNot::Turn));
        }
        if before > 0 && !tally.question.change_allowed {
            return Err(cannot(WhyNot::Final));
        }
        tally.votes.insert(person.clone(), (answer.clone(), turn));
        Ok(())
    }

    fn close(&mut self, ballot: &BallotId, recorded: &Counted) -> Vec<Problem> {
        let (seats, in_office) = (self.seats, count(self.delegates.len()));
        let Some(tally) = self.ballots.get_mut(ballot) else {
            return Vec::new();
        };
        tally.status = Status::Closed;
        tally.in_office = in_office;
        let votes = std::mem::take(&mut tally.votes);
        let number_of = |key: &AnswerKey| count(votes.values().filter(|(answer, _)| answer == key).count());
        let keys = tally.question.answers.iter().map(|answer| &answer.key);
        tally.answers = keys.map(|key| (key.clone(), number_of(key))).collect();
        tally.verdict = tally.judge(seats).ok();

        let mut problems = Vec::new();
        let keys_fit = recorded.answers.iter().map(|part| &part.answer).eq(tally.answers.iter().map(|(key, _)| key));
        if !keys_fit {
            problems.push(Problem::WrongAnswers { ballot: ballot.clone() });
        }
        for (part, (_, counted)) in recorded.answers.iter().zip(&tally.answers) {
            if part.count != *counted && keys_fit {
                let (answer, recorded, counted) = (part.answer.clone(), part.count, *counted);
                problems.push(Problem::WrongCount { ballot: ballot.clone(), answer, recorded, counted });
            }
        }
        for (base, recorded, counted) in [
            ("present", recorded.present, count(tally.present.len())),
            ("in office", recorded.in_office, in_office),
            ("seats", recorded.seats, seats),
        ] {
            if recorded != counted {
                problems.push(Problem::WrongBase { ballot: ballot.clone(), base, recorded, counted });
            }
        }
        problems
    }

    fn confirm(&mut self, ballot: &BallotId, recorded: Verdict, casting: Option<Verdict>) -> Option<Problem> {
        let seats = self.seats;
        let tally = self.ballots.get_mut(ballot)?;
        tally.status = Status::Confirmed;
        let given = tally.judge(seats);
        let (verdict, wrong) = match (given, casting) {
            (Ok(verdict), casting) => (Some(verdict), verdict != recorded || casting.is_some()),
            (Err(Tie), Some(casting)) => (Some(casting), casting != recorded),
            (Err(Tie), None) => (None, true),
        };
        tally.verdict = verdict;
        let words = |verdict: Option<Verdict>| match verdict {
            Some(Verdict::Adopted) => "adopted",
            Some(Verdict::Rejected) => "rejected",
            None => "a tie for the chair to decide",
        };
        wrong.then(|| Problem::WrongVerdict {
            ballot: ballot.clone(),
            recorded: words(Some(recorded)),
            given: words(given.ok().or(verdict)),
        })
    }

    fn set_deadline(&mut self, ballot: &BallotId, closes_at: Option<Millis>) {
        if let Some(tally) = self.ballots.get_mut(ballot) {
            tally.closes_at = closes_at;
        }
    }

    fn set_status(&mut self, ballot: &BallotId, status: Status) {
        if let Some(tally) = self.ballots.get_mut(ballot) {
            tally.status = status;
        }
    }

    fn present_delegates(&self) -> BTreeSet<PersonId> {
        self.present.iter().filter(|person| self.delegates.contains_key(*person)).cloned().collect()
    }
}

impl Tally {
    fn judge(&self, seats: u32) -> std::result::Result<Verdict, Tie> {
        let of = |key: &str| {
            let found = self.answers.iter().find(|(answer, _)| answer.as_str() == key);
            found.map_or(0, |(_, count)| *count)
        };
        let figures = Figures {
            yes: of(AnswerKey::YES).into(),
            no: of(AnswerKey::NO).into(),
            took_part: self.answers.iter().map(|(_, count)| i128::from(*count)).sum(),
            present: count(self.present.len()).into(),
            in_office: self.in_office.into(),
            seats: seats.into(),
        };
        judge(&self.question.rule, &figures)
    }
}

/// No council is larger than this can say.
fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
