//! Questions and how they are worded, and blocs of them.

use super::agenda::{agenda_weight, question_weight};
use super::{Decision, majority_rule};
use crate::chamber::agenda::{Item, is_secret_rule};
use crate::chamber::ballot::{BlocPart, Question, QuestionForm};
use crate::chamber::event::Event;
use crate::chamber::ids::{AnswerKey, ItemId, QuestionId};
use crate::chamber::limits;
use crate::chamber::question::document_sha256;
use crate::chamber::refusal::Refusal;
use crate::chamber::rules::{AnswerMeaning, MajorityRule, RulesProfile};
use crate::chamber::state::{Chamber, Council, next_number, small};
use crate::chamber::texts;
use std::collections::BTreeSet;

/// What a question says, as asked for.
pub(super) struct Wording<'a> {
    pub title: &'a str,
    pub text: &'a str,
    pub rule: &'a str,
    pub seconds: Option<u32>,
    pub show_split: Option<bool>,
    pub form: QuestionForm,
    pub answers: Option<&'a [AnswerMeaning]>,
    pub change_allowed: Option<bool>,
}

pub(super) fn prepare(
    chamber: &Chamber,
    council: &Council,
    item: &ItemId,
    wording: &Wording<'_>,
    replaces: Option<&QuestionId>,
) -> Decision {
    let item = &chamber.open_item(item).ok_or(Refusal::UnknownItem)?.item;
    // Whether a vote is secret is told by the item's rule alone, so a secret rule asks for a secret item.
    if is_secret_rule(wording.rule) && !item.needs_secret_ballot() {
        return Err(Refusal::FormNotSupported);
    }
    let id = match replaces {
        None => next_id(chamber, item)?,
        Some(replaced) => {
            let replaced = chamber.question(replaced).filter(|question| question.item == item.id);
            let replaced = replaced.ok_or(Refusal::UnknownQuestion)?;
            if chamber.was_put_to_the_vote(&replaced.id) {
                return Err(Refusal::QuestionDecided);
            }
            replaced.id.clone()
        }
    };
    let question = question(council, id, item.id.clone(), wording)?;
    let replaced = replaces.and_then(|replaced| chamber.question(replaced)).map_or(0, question_weight);
    fits_agenda(chamber, replaced, &question)?;
    Ok(vec![Event::QuestionPrepared { question }])
}

/// A bloc has the rule and the answers of its parts; the rest is the profile's.
pub(super) fn prepare_bloc(
    chamber: &Chamber,
    council: &Council,
    item: &ItemId,
    title: &str,
    questions: &[QuestionId],
) -> Decision {
    let item = &chamber.open_item(item).ok_or(Refusal::UnknownItem)?.item;
    if item.needs_secret_ballot() {
        return Err(Refusal::FormNotSupported);
    }
    // Before anything is copied: an order can name far more.
    if questions.len() > limits::BLOC_PARTS {
        return Err(Refusal::BadBloc);
    }
    let id = next_id(chamber, item)?;
    let parts = questions.iter().map(|id| chamber.question(id).ok_or(Refusal::UnknownQuestion));
    let parts = parts.collect::<Result<Vec<&Question>, Refusal>>()?;
    let first = parts.first().ok_or(Refusal::BadBloc)?;
    let mut bloc = Question {
        id,
        item: item.id.clone(),
        title: texts::line(title, limits::TITLE_CHARS)?,
        text: String::new(),
        answers: first.answers.clone(),
        rule: first.rule.clone(),
        form: QuestionForm::Motion,
        bloc: parts.iter().map(|part| BlocPart::of(part)).collect(),
        seconds: council.rules.ballot_seconds,
        change_allowed: council.rules.change_allowed,
        show_split: council.rules.show_split,
        document_sha256: String::new(),
    };
    if !chamber.is_bloc_whole(&bloc) {
        return Err(Refusal::BadBloc);
    }
    bloc.document_sha256 = document_sha256(&bloc);
    // Its parts' titles stand in one entry together, and in the agenda once more.
    if question_weight(&bloc) > limits::ENTRY_TEXT_BYTES {
        return Err(Refusal::TooManyItems);
    }
    fits_agenda(chamber, 0, &bloc)?;
    Ok(vec![Event::QuestionPrepared { question: bloc }])
}

/// The id of one more question on `item`.
fn next_id(chamber: &Chamber, item: &Item) -> Result<QuestionId, Refusal> {
    if chamber.questions_of(&item.id).count() >= limits::QUESTIONS_PER_ITEM {
        return Err(Refusal::TooManyItems);
    }
    Ok(QuestionId::numbered('q', next_number(&chamber.questions)))
}

/// Whether the agenda can still be sent to every screen with `question` in it, in place of something of weight `replaced`.
fn fits_agenda(chamber: &Chamber, replaced: usize, question: &Question) -> Result<(), Refusal> {
    let weight = agenda_weight(chamber).saturating_sub(replaced).saturating_add(question_weight(question));
    if weight > limits::AGENDA_BYTES { Err(Refusal::TooManyItems) } else { Ok(()) }
}

pub(super) fn question(
    council: &Council,
    id: QuestionId,
    item: ItemId,
    wording: &Wording<'_>,
) -> Result<Question, Refusal> {
    let profile = &council.rules;
    let rule: &MajorityRule = majority_rule(council, wording.rule)?;
    let mut question = Question {
        id,
        item,
        title: texts::line(wording.title, limits::TITLE_CHARS)?,
        text: texts::paragraphs(wording.text, limits::TEXT_CHARS)?,
        answers: answers(profile, wording.form, wording.answers)?,
        rule: rule.clone(),
        form: wording.form,
        bloc: Vec::new(),
        seconds: super::seconds(wording.seconds.unwrap_or(profile.ballot_seconds))?,
        change_allowed: wording.change_allowed.unwrap_or(profile.change_allowed),
        show_split: wording.show_split.unwrap_or(profile.show_split),
        document_sha256: String::new(),
    };
    question.document_sha256 = document_sha256(&question);
    Ok(question)
}

/// The answers of a question. A motion has the profile's, some of which may be given other meanings; options are `a1` …,
/// candidates `c1` …, and the profile's `abstain` stands after them.
fn answers(
    profile: &RulesProfile,
    form: QuestionForm,
    asked: Option<&[AnswerMeaning]>,
) -> Result<Vec<AnswerMeaning>, Refusal> {
    let asked = asked.unwrap_or_default();
    let (options, letter, max_chars) = match form {
        QuestionForm::Motion => return motion_answers(profile, asked),
        QuestionForm::Choice => (2..=limits::ANSWERS - 1, 'a', limits::MEANING_CHARS),
        QuestionForm::Election { .. } => (1..=limits::CANDIDATES, 'c', limits::CANDIDATE_CHARS),
    };
    let too_many_places = match form {
        QuestionForm::Election { places } => !(1..=small(asked.len())).contains(&places),
        QuestionForm::Motion | QuestionForm::Choice => false,
    };
    if !options.contains(&asked.len()) || too_many_places {
        return Err(Refusal::BadAnswers);
    }
    let mut answers = Vec::with_capacity(asked.len() + 1);
    let mut seen = BTreeSet::new();
    for (n, option) in (1u32..).zip(asked) {
        let meaning = texts::line(&option.meaning, max_chars).map_err(|_| Refusal::BadAnswers)?;
        // Two that read alike cannot be told apart: namesakes need their year of birth.
        if option.key != AnswerKey::numbered(letter, n) || !seen.insert(meaning.clone()) {
            return Err(Refusal::BadAnswers);
        }
        answers.push(AnswerMeaning { key: option.key.clone(), meaning });
    }
    answers.extend(profile.answers.iter().filter(|answer| answer.key.as_str() == AnswerKey::ABSTAIN).cloned());
    Ok(answers)
}

fn motion_answers(profile: &RulesProfile, asked: &[AnswerMeaning]) -> Result<Vec<AnswerMeaning>, Refusal> {
    let mut answers = profile.answers.clone();
    let mut seen = BTreeSet::new();
    for redefined in asked {
        let answer = answers.iter_mut().find(|answer| answer.key == redefined.key && seen.insert(&redefined.key));
        let meaning = texts::line(&redefined.meaning, limits::MEANING_CHARS).map_err(|_| Refusal::BadAnswers)?;
        answer.ok_or(Refusal::BadAnswers)?.meaning = meaning;
    }
    Ok(answers)
}
