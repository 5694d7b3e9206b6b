//! Sessions, sittings, items and the questions on them.

use super::{Decision, majority_rule};
use crate::chamber::agenda::{AgendaItem, Item, ItemKind, is_secret_rule};
use crate::chamber::ballot::Question;
use crate::chamber::command::NewItem;
use crate::chamber::event::Event;
use crate::chamber::ids::{ItemId, QuestionId, SessionId, SittingId, is_valid_id};
use crate::chamber::limits;
use crate::chamber::question::document_sha256;
use crate::chamber::refusal::Refusal;
use crate::chamber::rules::{AnswerMeaning, MajorityRule};
use crate::chamber::state::{Chamber, Council, next_number};
use crate::chamber::texts;

/// What a question says, as asked for.
pub(super) struct Wording<'a> {
    pub title: &'a str,
    pub text: &'a str,
    pub rule: &'a str,
    pub seconds: Option<u32>,
    pub show_split: Option<bool>,
}

/// A session follows another once that one has sat and no sitting is open.
pub(super) fn create_session(chamber: &Chamber, title: &str, term: &str) -> Decision {
    if chamber.sitting().is_some() {
        return Err(Refusal::SittingOpen);
    }
    if let Some(session) = chamber.session()
        && !chamber.sittings.iter().any(|sitting| sitting.session == session.id)
    {
        return Err(Refusal::SessionExists);
    }
    Ok(vec![Event::SessionCreated {
        session: SessionId::numbered('s', next_number(&chamber.sessions)),
        title: texts::line(title, limits::HEADING_CHARS)?,
        term: texts::label(term, limits::HEADING_CHARS)?,
    }])
}

pub(super) fn add_items(chamber: &Chamber, council: &Council, items: &[NewItem]) -> Decision {
    if chamber.session().is_none() {
        return Err(Refusal::NoSession);
    }
    if items.is_empty() {
        return Err(Refusal::BadText);
    }
    if chamber.items().count().saturating_add(items.len()) > limits::ITEMS {
        return Err(Refusal::TooManyItems);
    }
    let mut events = Vec::with_capacity(items.len() * 2);
    let mut argument_bytes = 0;
    let mut agenda_bytes = agenda_weight(chamber);
    let mut item_number = next_number(&chamber.items);
    let mut question_number = next_number(&chamber.questions);
    for new in items {
        let item = item(council, ItemId::numbered('i', item_number), new)?;
        item_number = item_number.saturating_add(1);
        argument_bytes += argument_weight(new);
        let question = match item.rule.as_deref() {
            Some(rule) if item.kind == ItemKind::Vote && !item.needs_secret_ballot() => {
                let id = QuestionId::numbered('q', question_number);
                question_number = question_number.saturating_add(1);
                let wording = Wording { title: &item.title, text: "", rule, seconds: None, show_split: None };
                Some(question(council, id, item.id.clone(), &wording)?)
            }
            _ => None,
        };
        agenda_bytes += item_weight(&item) + question.as_ref().map_or(0, question_weight);
        events.push(Event::ItemAdded { item });
        events.extend(question.map(|question| Event::QuestionPrepared { question }));
    }
    // Each item is an entry of its own, but the order's arguments hold them all in one.
    if argument_bytes > limits::ENTRY_TEXT_BYTES || agenda_bytes > limits::AGENDA_BYTES {
        return Err(Refusal::TooManyItems);
    }
    Ok(events)
}

pub(super) fn prepare_question(
    chamber: &Chamber,
    council: &Council,
    item: &ItemId,
    wording: &Wording<'_>,
    replaces: Option<&QuestionId>,
) -> Decision {
    let item = &chamber.open_item(item).ok_or(Refusal::UnknownItem)?.item;
    if item.needs_secret_ballot() || is_secret_rule(wording.rule) {
        return Err(Refusal::FormNotSupported);
    }
    let id = match replaces {
        None if chamber.questions_of(&item.id).count() >= limits::QUESTIONS_PER_ITEM => {
            return Err(Refusal::TooManyItems);
        }
        None => QuestionId::numbered('q', next_number(&chamber.questions)),
        Some(replaced) => {
            let replaced = chamber.question(replaced).filter(|question| question.item == item.id);
            let replaced = replaced.ok_or(Refusal::UnknownQuestion)?;
            if chamber.rounds(&replaced.id).next().is_some() {
                return Err(Refusal::QuestionDecided);
            }
            replaced.id.clone()
        }
    };
    let question = question(council, id, item.id.clone(), wording)?;
    let replaced = replaces.and_then(|replaced| chamber.question(replaced)).map_or(0, question_weight);
    if agenda_weight(chamber).saturating_sub(replaced) + question_weight(&question) > limits::AGENDA_BYTES {
        return Err(Refusal::TooManyItems);
    }
    Ok(vec![Event::QuestionPrepared { question }])
}

pub(super) fn open_sitting(chamber: &Chamber, title: &str) -> Decision {
    let session = chamber.session().ok_or(Refusal::NoSession)?;
    if chamber.sitting().is_some() {
        return Err(Refusal::SittingOpen);
    }
    Ok(vec![Event::SittingOpened {
        sitting: SittingId::numbered('t', next_number(&chamber.sittings)),
        session: session.id.clone(),
        title: texts::line(title, limits::HEADING_CHARS)?,
    }])
}

/// The current item ends with the sitting; the next sitting may start it again.
pub(super) fn close_sitting(chamber: &Chamber) -> Decision {
    let sitting = chamber.sitting().ok_or(Refusal::NoSitting)?;
    no_ballot_runs(chamber)?;
    let closed = Event::SittingClosed { sitting: sitting.id.clone() };
    Ok(finished(chamber).into_iter().chain([closed]).collect())
}

pub(super) fn start_item(chamber: &Chamber, item: &ItemId) -> Decision {
    if chamber.sitting().is_none() {
        return Err(Refusal::NoSitting);
    }
    let AgendaItem { item, .. } = chamber.open_item(item).ok_or(Refusal::UnknownItem)?;
    if chamber.is_current(&item.id) {
        return Err(Refusal::ItemCurrent);
    }
    no_ballot_runs(chamber)?;
    let started = Event::ItemStarted { item: item.id.clone() };
    Ok(finished(chamber).into_iter().chain([started]).collect())
}

fn no_ballot_runs(chamber: &Chamber) -> Result<(), Refusal> {
    if chamber.running_ballot().is_some() { Err(Refusal::BallotRunning) } else { Ok(()) }
}

fn finished(chamber: &Chamber) -> Option<Event> {
    chamber.current_item().map(|current| Event::ItemFinished { item: current.item.id.clone() })
}

fn item(council: &Council, id: ItemId, new: &NewItem) -> Result<Item, Refusal> {
    let title = texts::line(&new.title, limits::TITLE_CHARS)?;
    let short_title = match &new.short_title {
        Some(short) => texts::line(short, limits::SHORT_TITLE_CHARS)?,
        None => texts::shortened(&title),
    };
    if new.minutes.is_some_and(|minutes| minutes > limits::ITEM_MINUTES) {
        return Err(Refusal::BadDuration);
    }
    let rule = match (new.rule.as_deref(), new.kind) {
        (Some(name), _) if is_secret_rule(name) && is_valid_id(name) => Some(name.to_owned()),
        (Some(name), _) => majority_rule(council, name).map(|_| Some(name.to_owned()))?,
        (None, ItemKind::Vote) => Some(council.rules.majorities.first().ok_or(Refusal::BadRule)?.name.clone()),
        (None, _) => None,
    };
    Ok(Item {
        id,
        number: texts::line(&new.number, limits::NUMBER_CHARS)?,
        kind: new.kind,
        title,
        short_title,
        minutes: new.minutes,
        rule,
    })
}

/// What the session's agenda weighs on a screen, see [`limits::AGENDA_BYTES`].
fn agenda_weight(chamber: &Chamber) -> usize {
    let of = |item: &AgendaItem| {
        let questions: usize = chamber.questions_of(&item.item.id).map(question_weight).sum();
        item_weight(&item.item) + questions
    };
    chamber.items().map(of).sum()
}

fn item_weight(item: &Item) -> usize {
    let texts: usize = [&item.number, &item.title, &item.short_title].map(|text| texts::event_bytes(text)).iter().sum();
    limits::ITEM_BYTES + texts
}

fn question_weight(question: &Question) -> usize {
    let answer =
        |answer: &AnswerMeaning| limits::ANSWER_BYTES + answer.key.as_str().len() + texts::event_bytes(&answer.meaning);
    let answers: usize = question.answers.iter().map(answer).sum();
    limits::QUESTION_BYTES + texts::event_bytes(&question.title) + texts::event_bytes(&question.text) + answers
}

fn argument_weight(new: &NewItem) -> usize {
    let texts = [Some(&new.number), Some(&new.title), new.short_title.as_ref()];
    let texts: usize = texts.into_iter().flatten().map(|text| texts::argument_bytes(text)).sum();
    limits::ITEM_ARGUMENT_BYTES.saturating_add(texts)
}

fn question(council: &Council, id: QuestionId, item: ItemId, wording: &Wording<'_>) -> Result<Question, Refusal> {
    let profile = &council.rules;
    let rule: &MajorityRule = majority_rule(council, wording.rule)?;
    let mut question = Question {
        id,
        item,
        title: texts::line(wording.title, limits::TITLE_CHARS)?,
        text: texts::paragraphs(wording.text, limits::TEXT_CHARS)?,
        answers: profile.answers.clone(),
        rule: rule.clone(),
        seconds: super::seconds(wording.seconds.unwrap_or(profile.ballot_seconds))?,
        change_allowed: profile.change_allowed,
        show_split: wording.show_split.unwrap_or(profile.show_split),
        document_sha256: String::new(),
    };
    question.document_sha256 = document_sha256(&question);
    Ok(question)
}
