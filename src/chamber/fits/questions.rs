//! Questions: whether one may stand on the agenda as it is worded.

use super::{Misfit, demand};
use crate::chamber::ballot::{Question, QuestionForm};
use crate::chamber::ids::{AnswerKey, QuestionId};
use crate::chamber::limits;
use crate::chamber::question::document_sha256;
use crate::chamber::state::{Chamber, next_number, small};
use std::collections::BTreeSet;

impl Chamber {
    pub(super) fn fits_question(&self, question: &Question) -> Result<(), Misfit> {
        let is_next = question.id == QuestionId::numbered('q', next_number(&self.questions));
        let is_new_wording = self.question(&question.id).is_some_and(|known| known.item == question.item)
            && !self.was_put_to_the_vote(&question.id);
        let item = self.open_item(&question.item).ok_or(Misfit::Agenda)?;
        let is_whole = question.rule.denominator > 0
            && has_answers_of_its_form(question)
            && question.groups.is_sorted_by(|a, b| a < b)
            && has_its_least(question)
            && self.may_be_live(question)
            && question.document_sha256 == document_sha256(question);
        // A bloc is voted on openly, so that none of its parts gets round a secret ballot.
        let is_bloc = question.bloc.is_empty() || (self.is_bloc_whole(question) && !item.item.needs_secret_ballot());
        demand((is_next || is_new_wording) && is_bloc && is_whole, Misfit::Agenda)
    }

    fn may_be_live(&self, question: &Question) -> bool {
        !question.live_names || question.form.is_motion() && self.has_public_names()
    }
}

/// Only an election asks for more than one, and for no more than it takes.
fn has_its_least(question: &Question) -> bool {
    let least = question.min_choices;
    least == 0 || question.form.is_election() && (2..=question.form.choices()).contains(&least)
}

/// A motion can be voted for, against and abstained from, each answer there once; options are `a1` …, candidates `c1` …, in
/// this order with `abstain` last, and there are no more places than candidates. Which answers a motion has besides is the
/// profile's, as it was when the question was first worded.
fn has_answers_of_its_form(question: &Question) -> bool {
    let keys: Vec<&str> = question.answers.iter().map(|answer| answer.key.as_str()).collect();
    let (letter, most) = match question.form {
        QuestionForm::Motion => {
            let each: BTreeSet<&str> = keys.iter().copied().collect();
            let usual = [AnswerKey::YES, AnswerKey::NO, AnswerKey::ABSTAIN];
            return each.len() == keys.len()
                && keys.len() <= limits::ANSWERS
                && usual.iter().all(|key| each.contains(key));
        }
        QuestionForm::Choice => ('a', limits::ANSWERS - 1),
        QuestionForm::Election { .. } => ('c', limits::CANDIDATES),
    };
    let Some((&AnswerKey::ABSTAIN, options)) = keys.split_last() else { return false };
    let is_range = match question.form {
        QuestionForm::Election { places } => (1..=small(options.len())).contains(&places),
        QuestionForm::Motion | QuestionForm::Choice => options.len() >= 2,
    };
    let are_numbered = (1..).zip(options).all(|(n, key)| AnswerKey::numbered(letter, n).as_str() == *key);
    is_range && options.len() <= most && are_numbered
}
