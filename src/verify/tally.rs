//! One ballot as the recount keeps it, and what its figures must satisfy.

use super::finding::Problem;
use super::recount::Status;
use super::verdict::{Figures, Judged, Tie, judge};
use crate::chamber::ballot::{BallotForm, Counted, Papers, Question, QuestionForm, Verdict};
use crate::chamber::ids::{AnswerKey, BallotId, Millis, PersonId};
use crate::ledger::merkle::Hash;
use std::collections::{BTreeMap, BTreeSet};

/// A ballot's votes while it is taken, and its count from the closing on.
pub(super) struct Tally {
    /// As it stood when the ballot was opened.
    pub question: Question,
    /// Hash of that question's document.
    pub document: Hash,
    pub round: u32,
    pub status: Status,
    /// No vote counts from then on, even before the closing entry is written.
    pub closes_at: Option<Millis>,
    /// The last answers and turn of each person.
    pub votes: BTreeMap<PersonId, (Vec<AnswerKey>, u32)>,
    pub form: BallotForm,
    pub recorded_by: Option<PersonId>,
    /// Entitled delegates present at any moment while it was open.
    pub present: BTreeSet<PersonId>,
    /// Until the closing, at the opening.
    pub in_office: u32,
    pub seats: u32,
    /// Counted once, at the closing.
    pub answers: Vec<(AnswerKey, u32)>,
    pub took_part: u32,
    pub verdict: Option<Verdict>,
    pub chosen: Vec<AnswerKey>,
}

/// How a count that people took was taken.
pub(super) struct Taken<'a> {
    pub form: BallotForm,
    pub recorded_by: &'a PersonId,
    pub papers: Option<&'a Papers>,
}

impl Tally {
    /// Which of the question's answers it is.
    pub fn place_of(&self, key: &AnswerKey) -> Option<usize> {
        self.question.answers.iter().position(|known| known.key == *key)
    }

    /// Whether one vote may name `answers`, which stand at `places`: rising, no more than the form allows, abstaining alone.
    pub fn may_stand_together(&self, answers: &[AnswerKey], places: &[usize]) -> bool {
        let most = match self.question.form {
            QuestionForm::Motion | QuestionForm::Choice => 1,
            QuestionForm::Election { places } => places,
        };
        let abstains = answers.iter().any(|answer| answer.as_str() == AnswerKey::ABSTAIN);
        places.is_sorted_by(|a, b| a < b) && count(answers.len()) <= most && !(abstains && answers.len() > 1)
    }

    /// Whether one vote names as many as the question asks for, or abstains.
    pub fn are_enough(&self, answers: &[AnswerKey]) -> bool {
        let abstains = answers.iter().any(|answer| answer.as_str() == AnswerKey::ABSTAIN);
        abstains || count(answers.len()) >= self.question.min_choices
    }

    pub fn compare_answers(&self, ballot: &BallotId, recorded: &Counted) -> Vec<Problem> {
        let keys = self.answers.iter().map(|(key, _)| key);
        if !recorded.answers.iter().map(|part| &part.answer).eq(keys) {
            return vec![Problem::WrongAnswers { ballot: ballot.clone() }];
        }
        let pairs = recorded.answers.iter().zip(&self.answers);
        pairs
            .filter(|(part, (_, counted))| part.count != *counted)
            .map(|(part, (_, counted))| {
                let (answer, recorded, counted) = (part.answer.clone(), part.count, *counted);
                Problem::WrongCount { ballot: ballot.clone(), answer, recorded, counted }
            })
            .collect()
    }

    pub fn compare_bases(
        &self,
        ballot: &BallotId,
        recorded: &Counted,
        took_part: Option<(&'static str, u32, u32)>,
    ) -> Vec<Problem> {
        let bases = [
            ("present", recorded.present, count(self.present.len())),
            ("in office", recorded.in_office, self.in_office),
            ("seats", recorded.seats, self.seats),
        ];
        let compared = bases.into_iter().chain(took_part);
        compared
            .filter(|(_, recorded, counted)| recorded != counted)
            .map(|(base, recorded, counted)| Problem::WrongBase { ballot: ballot.clone(), base, recorded, counted })
            .collect()
    }

    /// Whether figures that people reported can be so at all (docs/record-format.md, Counting).
    pub fn is_possible(&self, taken: &Taken<'_>, recorded: &Counted) -> bool {
        let present = u64::from(recorded.present);
        let parts = || self.answers.iter().map(|(key, count)| (key.as_str(), u64::from(*count)));
        let sum: u64 = parts().map(|(_, count)| count).sum();
        let (votes, took_part) = match (taken.form, taken.papers) {
            (BallotForm::ShowOfHands, None) => (present, None),
            (BallotForm::Paper, Some(papers)) => {
                let [issued, returned, valid, invalid] =
                    [papers.issued, papers.returned, papers.valid, papers.invalid].map(u64::from);
                if valid + invalid != returned || returned > issued || issued > present {
                    return false;
                }
                (valid, Some(papers.returned))
            }
            _ => return false,
        };
        match self.question.form {
            QuestionForm::Motion | QuestionForm::Choice => {
                let adds_up = if taken.papers.is_some() { sum == votes } else { sum <= votes };
                adds_up && recorded.took_part == took_part
            }
            QuestionForm::Election { places } => {
                let abstain: u64 = parts().filter(|(key, _)| *key == AnswerKey::ABSTAIN).map(|(_, count)| count).sum();
                let each_fits = parts().all(|(_, count)| count <= votes);
                let hands = u32::try_from(sum.min(present)).unwrap_or(u32::MAX);
                // A question that lists an answer twice can have more abstain than there are votes.
                let choosing = votes.checked_sub(abstain);
                let named = sum.saturating_sub(abstain);
                // Only a paper tells how many names one voter chose.
                let least = if taken.papers.is_some() { u64::from(self.question.min_choices) } else { 0 };
                each_fits
                    && choosing.is_some_and(|of| named <= of * u64::from(places) && named >= of * least)
                    && recorded.took_part == Some(took_part.unwrap_or(hands))
            }
        }
    }

    pub fn judge_now(&mut self) {
        let judged = self.judge().ok();
        self.verdict = judged.as_ref().map(|judged| judged.verdict);
        self.chosen = judged.map_or_else(Vec::new, |judged| judged.chosen);
    }

    pub fn judge(&self) -> std::result::Result<Judged, Tie> {
        let figures = Figures {
            answers: self.answers.iter().map(|(key, count)| (key.clone(), (*count).into())).collect(),
            took_part: self.took_part.into(),
            present: count(self.present.len()).into(),
            in_office: self.in_office.into(),
            seats: self.seats.into(),
        };
        judge(&self.question.rule, self.question.form, &figures)
    }
}

/// No council is larger than this can say.
pub(super) fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
