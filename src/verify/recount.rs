//! Every ballot counted again. Shares no counting code with the chamber, whose tallies it checks: it keeps its own roll,
//! attendance and votes, straight from the entries.

use super::finding::{Problem, WhyNot};
use super::question::document_hash;
use super::tally::{Taken, Tally, count};
use super::verdict::Tie;
use crate::chamber::ballot::{BallotForm, BlocPart, Counted, Question, QuestionForm, Verdict};
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
    /// How the votes were taken. Those that people counted are not counted again: `answers` are then what they recorded.
    pub form: BallotForm,
    /// Who recorded a count that people took.
    pub recorded_by: Option<PersonId>,
    /// In the question's order of answers.
    pub answers: Vec<(AnswerKey, u32)>,
    pub took_part: u32,
    pub present: u32,
    pub in_office: u32,
    pub seats: u32,
    /// The option that prevails or the candidates elected, the most votes first.
    pub chosen: Vec<AnswerKey>,
    /// What the rule gives, with the chair's casting vote where it leaves a tie to the chair; `None` before the closing or
    /// while that casting vote is missing.
    pub verdict: Option<Verdict>,
}

type Delegates = BTreeMap<PersonId, (SeatId, String)>;

#[derive(Default)]
pub struct Recount {
    seats: u32,
    /// Delegates in office, their seats and groups.
    delegates: Delegates,
    present: BTreeSet<PersonId>,
    questions: BTreeMap<QuestionId, Question>,
    ballots: BTreeMap<BallotId, Tally>,
    /// In the order of their opening.
    order: Vec<BallotId>,
}

impl Recount {
    /// Takes in one event that happened `at`, and says what in it is wrong.
    pub fn take(&mut self, at: Millis, event: &Event) -> Vec<Problem> {
        match event {
            Event::CouncilFounded { rules, .. } | Event::RulesSet { rules } => self.seats = rules.seats,
            Event::PersonSet { person } => {
                self.delegates.remove(&person.id);
                if let Some(seat) = &person.seat {
                    // A seat has one holder, the newest.
                    self.delegates.retain(|_, (taken, _)| taken != seat);
                    self.delegates.insert(person.id.clone(), (seat.clone(), person.group.clone()));
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
                    if tally.status == Status::Open && votes_on(&self.delegates, &tally.question, person) {
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
                let problems = self.open(ballot, question, *round, document_sha256);
                self.set_deadline(ballot, *closes_at);
                return problems;
            }
            Event::CountRecorded {
                ballot,
                question,
                round,
                document_sha256,
                form,
                recorded_by,
                counted,
                papers,
                ..
            } => {
                let mut problems = self.open(ballot, question, *round, document_sha256);
                let taken = Taken { form: *form, recorded_by, papers: papers.as_ref() };
                problems.extend(self.take_count(ballot, &taken, counted));
                return problems;
            }
            Event::BallotHeld { ballot, .. } => self.set_status(ballot, Status::OnHold),
            Event::BallotExtended { ballot, closes_at, .. } => self.set_deadline(ballot, *closes_at),
            Event::BallotResumed { ballot, closes_at } => {
                self.set_deadline(ballot, *closes_at);
                if let Some(tally) = self.ballots.get_mut(ballot) {
                    let entitled = |person: &&PersonId| votes_on(&self.delegates, &tally.question, person);
                    tally.status = Status::Open;
                    tally.present.extend(self.present.iter().filter(entitled).cloned());
                }
            }
            Event::VoteCast { ballot, person, answer, more, turn } => {
                let answers: Vec<AnswerKey> = std::iter::once(answer).chain(more).cloned().collect();
                return self.vote(at, ballot, person, answers, *turn).err().into_iter().collect();
            }
            Event::BallotClosed { ballot, counted, .. } => return self.close(ballot, counted),
            Event::BallotConfirmed { ballot, verdict, casting, chosen } => {
                return self.confirm(ballot, *verdict, *casting, chosen);
            }
            Event::BallotAnnounced { ballot } => self.set_status(ballot, Status::Announced),
            Event::BallotVoided { ballot, .. } => {
                self.set_status(ballot, Status::Voided);
                // A voided round decides nothing.
                self.ballots.entry(ballot.clone()).and_modify(|tally| {
                    tally.verdict = None;
                    tally.chosen.clear();
                });
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

    /// Whether a ballot on it was opened at some time, its own or that of a bloc it is part of.
    pub fn was_put_to_the_vote(&self, question: &QuestionId) -> bool {
        let is_on = |put: &Question| put.id == *question || put.bloc.iter().any(|part| part.question == *question);
        self.ballots.values().any(|tally| is_on(&tally.question))
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
                form: tally.form,
                recorded_by: tally.recorded_by.clone(),
                answers: tally.answers.clone(),
                took_part: tally.took_part,
                present: count(tally.present.len()),
                in_office: tally.in_office,
                seats: tally.seats,
                chosen: tally.chosen.clone(),
                verdict: tally.verdict,
            })
        };
        self.order.iter().filter_map(result).collect()
    }

    fn open(&mut self, ballot: &BallotId, question: &QuestionId, round: u32, named: &str) -> Vec<Problem> {
        // A ballot on nothing: the fold says so.
        let Some(question) = self.questions.get(question).cloned() else {
            return Vec::new();
        };
        let is_part = |part: &BlocPart| {
            let known = self.questions.get(&part.question);
            known.is_some_and(|known| document_hash(known).hex() == part.document_sha256 && known.title == part.title)
        };
        let has_its_parts = question.bloc.iter().all(is_part);
        let document = document_hash(&question);
        let is_named = document.hex() == named && question.document_sha256 == named;
        let entitled = |person: &&PersonId| votes_on(&self.delegates, &question, person);
        let present = self.present.iter().filter(entitled).cloned().collect();
        let (in_office, seats) = bases(&self.delegates, self.seats, &question);
        let tally = Tally {
            question,
            document,
            round,
            status: Status::Open,
            closes_at: None,
            votes: BTreeMap::new(),
            form: BallotForm::Electronic,
            recorded_by: None,
            present,
            in_office,
            seats,
            answers: Vec::new(),
            took_part: 0,
            verdict: None,
            chosen: Vec::new(),
        };
        if self.ballots.insert(ballot.clone(), tally).is_none() {
            self.order.push(ballot.clone());
        }
        let other_parts = (!has_its_parts).then(|| Problem::BlocDocument { ballot: ballot.clone() });
        (!is_named).then_some(Problem::BallotDocument).into_iter().chain(other_parts).collect()
    }

    fn vote(
        &mut self,
        at: Millis,
        ballot: &BallotId,
        person: &PersonId,
        answers: Vec<AnswerKey>,
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
        if !votes_on(&self.delegates, &tally.question, person) {
            return Err(cannot(WhyNot::NotEntitled));
        }
        if !self.present.contains(person) {
            return Err(cannot(WhyNot::NotPresent));
        }
        let places: Option<Vec<usize>> = answers.iter().map(|answer| tally.place_of(answer)).collect();
        let places = places.ok_or_else(|| cannot(WhyNot::UnknownAnswer))?;
        if !tally.may_stand_together(&answers, &places) {
            return Err(cannot(WhyNot::TooManyChoices));
        }
        if !tally.are_enough(&answers) {
            return Err(cannot(WhyNot::TooFewChoices));
        }
        let before = tally.votes.get(person).map_or(0, |(_, turn)| *turn);
        if turn != before.saturating_add(1) {
            return Err(cannot(WhyNot::Turn));
        }
        if before > 0 && !tally.question.change_allowed {
            return Err(cannot(WhyNot::Final));
        }
        tally.votes.insert(person.clone(), (answers, turn));
        Ok(())
    }

    fn close(&mut self, ballot: &BallotId, recorded: &Counted) -> Vec<Problem> {
        let Some(tally) = self.ballots.get_mut(ballot) else {
            return Vec::new();
        };
        tally.status = Status::Closed;
        (tally.in_office, tally.seats) = bases(&self.delegates, self.seats, &tally.question);
        let votes = std::mem::take(&mut tally.votes);
        let number_of = |key: &AnswerKey| count(votes.values().filter(|(answers, _)| answers.contains(key)).count());
        let keys = tally.question.answers.iter().map(|answer| &answer.key);
        tally.answers = keys.map(|key| (key.clone(), number_of(key))).collect();
        tally.took_part = count(votes.len());
        tally.judge_now();

        let mut problems = tally.compare_answers(ballot, recorded);
        let is_election = matches!(tally.question.form, QuestionForm::Election { .. });
        if recorded.took_part.is_some() != is_election && problems.is_empty() {
            problems.push(Problem::WrongAnswers { ballot: ballot.clone() });
        }
        let took_part = recorded.took_part.map(|recorded| ("who took part", recorded, tally.took_part));
        problems.extend(tally.compare_bases(ballot, recorded, took_part));
        problems
    }

    /// A count that people took is believed as far as it is possible: its bases are counted here, its votes cannot be.
    fn take_count(&mut self, ballot: &BallotId, taken: &Taken<'_>, recorded: &Counted) -> Vec<Problem> {
        let Some(tally) = self.ballots.get_mut(ballot) else {
            return Vec::new();
        };
        tally.status = Status::Closed;
        (tally.in_office, tally.seats) = bases(&self.delegates, self.seats, &tally.question);
        tally.form = taken.form;
        tally.recorded_by = Some(taken.recorded_by.clone());
        tally.answers = recorded.answers.iter().map(|part| (part.answer.clone(), part.count)).collect();
        let given = tally.answers.iter().map(|(_, count)| u64::from(*count));
        tally.took_part = recorded.took_part.unwrap_or_else(|| u32::try_from(given.sum::<u64>()).unwrap_or(u32::MAX));
        tally.judge_now();

        let keys = tally.question.answers.iter().map(|answer| &answer.key);
        if !keys.eq(tally.answers.iter().map(|(key, _)| key)) {
            return vec![Problem::WrongAnswers { ballot: ballot.clone() }];
        }
        let mut problems = tally.compare_bases(ballot, recorded, None);
        if !tally.is_possible(taken, recorded) {
            problems.push(Problem::ImpossibleCount { ballot: ballot.clone() });
        }
        problems
    }

    fn confirm(
        &mut self,
        ballot: &BallotId,
        recorded: Verdict,
        casting: Option<Verdict>,
        chosen: &[AnswerKey],
    ) -> Vec<Problem> {
        let Some(tally) = self.ballots.get_mut(ballot) else {
            return Vec::new();
        };
        tally.status = Status::Confirmed;
        let given = tally.judge();
        let (verdict, wrong) = match (&given, casting) {
            (Ok(judged), casting) => (Some(judged.verdict), judged.verdict != recorded || casting.is_some()),
            (Err(Tie), Some(casting)) => (Some(casting), casting != recorded),
            (Err(Tie), None) => (None, true),
        };
        tally.verdict = verdict;
        tally.chosen = given.as_ref().map_or_else(|_| Vec::new(), |judged| judged.chosen.clone());
        let words = |verdict: Option<Verdict>| match verdict {
            Some(Verdict::Adopted) => "adopted",
            Some(Verdict::Rejected) => "rejected",
            None => "a tie for the chair to decide",
        };
        let list = |keys: &[AnswerKey]| keys.iter().map(AnswerKey::as_str).collect::<Vec<_>>().join(", ");
        let wrong_verdict = wrong.then(|| Problem::WrongVerdict {
            ballot: ballot.clone(),
            recorded: words(Some(recorded)),
            given: words(given.ok().map(|judged| judged.verdict).or(verdict)),
        });
        let wrong_chosen = (tally.chosen != chosen).then(|| Problem::WrongChosen {
            ballot: ballot.clone(),
            recorded: list(chosen),
            given: list(&tally.chosen),
        });
        wrong_verdict.into_iter().chain(wrong_chosen).collect()
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
}

/// A delegate, and of one of the question's groups where it is put to some only.
fn votes_on(delegates: &Delegates, question: &Question, person: &PersonId) -> bool {
    delegates.get(person).is_some_and(|(_, group)| question.groups.is_empty() || question.groups.contains(group))
}

/// Who is entitled, and how many seats that is of: of some groups as many as they have delegates.
fn bases(delegates: &Delegates, seats: u32, question: &Question) -> (u32, u32) {
    let entitled = count(delegates.keys().filter(|person| votes_on(delegates, question, person)).count());
    (entitled, if question.groups.is_empty() { seats } else { entitled })
}
