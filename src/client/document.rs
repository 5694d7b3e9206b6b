//! That the question a screen shows is the one its ballot names.

use super::error::ClientError;
use crate::chamber::ballot::{BlocPart, Question, QuestionForm};
use crate::chamber::ids::{AnswerKey, BadId, ItemId, QuestionId};
use crate::chamber::question::document_sha256;
use crate::chamber::rules::{AnswerMeaning, Base, MajorityRule, TieRule};
use crate::wire::views::{BallotView, BaseView, QuestionForm as FormView, QuestionView, RuleView, TieView};

/// Makes the `chamber-question/v1` document out of what is shown and compares its hash with the ballot's.
///
/// # Errors
/// `document_differs`.
pub(super) fn same_document(ballot: &BallotView, shown: &QuestionView) -> Result<(), ClientError> {
    let question = question(shown).map_err(|_| ClientError::WrongDocument)?;
    if ballot.question == shown.id && document_sha256(&question) == ballot.document_sha256 {
        Ok(())
    } else {
        Err(ClientError::WrongDocument)
    }
}

fn question(shown: &QuestionView) -> Result<Question, BadId> {
    Ok(Question {
        id: QuestionId::parse(shown.id.as_str())?,
        item: ItemId::parse(shown.item.as_str())?,
        title: shown.title.clone(),
        text: shown.text.clone(),
        answers: shown
            .answers
            .iter()
            .map(|a| Ok(AnswerMeaning { key: AnswerKey::parse(a.key.as_str())?, meaning: a.meaning.clone() }))
            .collect::<Result<_, BadId>>()?,
        rule: rule(&shown.rule),
        form: match shown.form {
            FormView::Motion => QuestionForm::Motion,
            FormView::Choice => QuestionForm::Choice,
            FormView::Election => QuestionForm::Election { places: shown.choices },
        },
        bloc: shown
            .bloc
            .iter()
            .map(|part| {
                Ok(BlocPart {
                    question: QuestionId::parse(part.question.as_str())?,
                    title: part.title.clone(),
                    document_sha256: part.document_sha256.clone(),
                })
            })
            .collect::<Result<_, BadId>>()?,
        groups: shown.groups.clone(),
        min_choices: shown.min_choices,
        live_names: shown.live_names,
        seconds: shown.seconds,
        change_allowed: shown.change_allowed,
        show_split: shown.show_split,
        document_sha256: shown.document_sha256.clone(),
    })
}

fn rule(shown: &RuleView) -> MajorityRule {
    MajorityRule {
        numerator: shown.numerator,
        denominator: shown.denominator,
        base: match shown.base {
            BaseView::AllSeats => Base::AllSeats,
            BaseView::InOffice => Base::InOffice,
            BaseView::Present => Base::Present,
            BaseView::TookPart => Base::TookPart,
            BaseView::YesAndNo => Base::YesAndNo,
        },
        constant: shown.constant,
        strict: shown.strict,
        tie: match shown.tie {
            TieView::Fails => TieRule::Fails,
            TieView::ChairDecides => TieRule::ChairDecides,
        },
    }
}
