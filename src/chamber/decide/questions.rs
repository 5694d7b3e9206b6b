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
use crate::chamber::rules::{AnswerMeaning, MajorityRule, NamesPolicy, RulesProfile};
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
    pub groups: &'a [String],
    pub min_choices: u32,
    pub live_names: bool,
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
    let groups = groups(chamber, wording.groups)?;
    let question = worded(Question { groups, ..question(council, id, item.id.clone(), wording)? });
    if entry_weight(&question) > limits::QUESTION_TEXT_BYTES {
        return Err(Refusal::TooManyItems);
    }
    let replaced = replaces.and_then(|replaced| chamber.question(replaced)).map_or(0, question_weight);
    fits_agenda(chamber, replaced, &question)?;
    Ok(vec![Event::QuestionPrepared { question }])
}

/// A bloc has the rule, the answers and the groups of its parts; the rest is the profile's.
pub(super) fn prepare_bloc(
    chamber: &Chamber,
    council: &Council,
    item: &ItemId,
    title: &str,
    questions: &[QuestionId],
    live_names: bool,
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
    let bloc = Question {
        id,
        item: item.id.clone(),
        title: texts::line(title, limits::TITLE_CHARS)?,
        text: String::new(),
        answers: first.answers.clone(),
        rule: first.rule.clone(),
        form: QuestionForm::Motion,
        bloc: parts.iter().map(|part| BlocPart::of(part)).collect(),
        groups: first.groups.clone(),
        min_choices: 0,
        live_names: may_be_live(council, QuestionForm::Motion, live_names)?,
        seconds: council.rules.ballot_seconds,
        change_allowed: council.rules.change_allowed,
        show_split: council.rules.show_split,
        document_sha256: String::new(),
    };
    if !chamber.is_bloc_whole(&bloc) {
        return Err(Refusal::BadBloc);
    }
    let bloc = worded(bloc);
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
    Ok(worded(Question {
        id,
        item,
        title: texts::line(wording.title, limits::TITLE_CHARS)?,
        text: texts::paragraphs(wording.text, limits::TEXT_CHARS)?,
        answers: answers(profile, wording.form, wording.answers)?,
        rule: rule.clone(),
        form: wording.form,
        bloc: Vec::new(),
        groups: Vec::new(),
        min_choices: min_choices(wording.form, wording.min_choices)?,
        live_names: may_be_live(council, wording.form, wording.live_names)?,
        seconds: super::seconds(wording.seconds.unwrap_or(profile.ballot_seconds))?,
        change_allowed: wording.change_allowed.unwrap_or(profile.change_allowed),
        show_split: wording.show_split.unwrap_or(profile.show_split),
        document_sha256: String::new(),
    }))
}

/// With the hash of its own document.
fn worded(mut question: Question) -> Question {
    question.document_sha256 = document_sha256(&question);
    question
}

/// The groups as they stand in a question: each once, in order. Only such as have a delegate.
fn groups(chamber: &Chamber, asked: &[String]) -> Result<Vec<String>, Refusal> {
    if asked.len() > limits::GROUPS {
        return Err(Refusal::TooManyItems);
    }
    let on_roll = |name: &String| {
        let name = texts::line(name, limits::NAME_CHARS)?;
        let has_a_delegate = chamber.roll.delegates().any(|delegate| delegate.group == name);
        if has_a_delegate { Ok(name) } else { Err(Refusal::UnknownGroup) }
    };
    let groups = asked.iter().map(on_roll).collect::<Result<BTreeSet<String>, Refusal>>()?;
    Ok(groups.into_iter().collect())
}

/// One is what every vote names anyhow.
fn min_choices(form: QuestionForm, asked: u32) -> Result<u32, Refusal> {
    match asked {
        0 | 1 => Ok(0),
        _ if form.is_election() && asked <= form.choices() => Ok(asked),
        _ => Err(Refusal::BadAnswers),
    }
}

/// A seat has marks for the answers of a motion only.
fn may_be_live(council: &Council, form: QuestionForm, asked: bool) -> Result<bool, Refusal> {
    match asked {
        true if council.rules.names != NamesPolicy::Public => Err(Refusal::NamesRestricted),
        true if !form.is_motion() => Err(Refusal::FormNotSupported),
        asked => Ok(asked),
    }
}

/// What its texts weigh in its entry: in the event, and as the order's arguments.
fn entry_weight(question: &Question) -> usize {
    let twice = |text: &str| texts::event_bytes(text) + texts::argument_bytes(text);
    let answers = question.answers.iter().map(|answer| limits::ANSWER_ENTRY_BYTES + twice(&answer.meaning));
    let groups = question.groups.iter().map(|group| limits::GROUP_BYTES + twice(group));
    twice(&question.title) + twice(&question.text) + answers.chain(groups).sum::<usize>()
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
