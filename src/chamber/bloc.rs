//! Several questions decided by one vote (en bloc).

use super::ballot::{Ballot, BallotState, BlocPart, Question};
use super::ids::{ItemId, QuestionId};
use super::limits;
use super::state::Chamber;
use std::collections::BTreeSet;

impl Chamber {
    /// Every question of the item was decided with another item's, and announced: nothing is left to take it up for.
    pub fn is_decided_en_bloc(&self, item: &ItemId) -> bool {
        let decided = |question: &Question| {
            let elsewhere = self.bloc_of(&question.id).filter(|bloc| bloc.item != *item);
            let last = elsewhere.and_then(|bloc| self.rounds(&bloc.id).next_back());
            last.is_some_and(|last| last.state == BallotState::Announced)
        };
        self.questions_of(item).next().is_some() && self.questions_of(item).all(decided)
    }

    /// A ballot on it runs or decided it, its own or that of a bloc it is part of. A voided or annulled one leaves it open.
    pub(super) fn is_put_to_the_vote(&self, question: &QuestionId) -> bool {
        let is_over = |last: &Ballot| matches!(last.state, BallotState::Voided | BallotState::Annulled);
        self.rounds(question).next_back().is_some_and(|last| !is_over(last)) || self.bloc_of(question).is_some()
    }

    /// It was put to the vote at some time, so its wording stays.
    pub(super) fn was_put_to_the_vote(&self, question: &QuestionId) -> bool {
        let mut blocs = self.questions.iter().filter(|bloc| bloc.bloc.iter().any(|part| part.question == *question));
        self.rounds(question).next().is_some() || blocs.any(|bloc| self.rounds(&bloc.id).next().is_some())
    }

    /// The bloc's part as it stands now; `None` where it may not stand in a bloc, or no longer as it was when that was made.
    fn part_of(&self, part: &BlocPart) -> Option<&Question> {
        let question = self.question(&part.question)?;
        let item = &self.open_item(&question.item)?.item;
        let may_stand = question.form.is_motion() && question.bloc.is_empty() && !item.needs_secret_ballot();
        let is_same = question.title == part.title && question.document_sha256 == part.document_sha256;
        (may_stand && is_same && !self.is_put_to_the_vote(&question.id)).then_some(question)
    }

    /// Whether `bloc` can be put to the vote: at least two questions, each once, of one rule, for the same groups and with the same answers as the
    /// bloc itself, none of them voted on, worded as they were when it was made. A question that is no bloc always can.
    pub(super) fn is_bloc_whole(&self, bloc: &Question) -> bool {
        if bloc.bloc.is_empty() {
            return true;
        }
        let ids: BTreeSet<&QuestionId> = bloc.bloc.iter().map(|part| &part.question).collect();
        let is_hidden = |item: &ItemId| self.item(item).is_some_and(|item| item.hidden);
        // What the public may not see is not put to the vote together with what it may: the bloc's words would tell it.
        let is_as_open = |part: &Question| is_hidden(&part.item) == is_hidden(&bloc.item);
        let is_like = |part: &Question| {
            let is_alike = part.rule == bloc.rule && part.answers == bloc.answers && part.groups == bloc.groups;
            is_alike && part.id != bloc.id && is_as_open(part)
        };
        (2..=limits::BLOC_PARTS).contains(&bloc.bloc.len())
            && ids.len() == bloc.bloc.len()
            && bloc.form.is_motion()
            && bloc.bloc.iter().all(|part| self.part_of(part).is_some_and(is_like))
    }
}
