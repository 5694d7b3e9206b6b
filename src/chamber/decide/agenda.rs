//! The items of the agenda, and which one the hall is at.

use super::questions::{self, Wording};
use super::sittings::sits;
use super::speaking::speech_ended;
use super::tree::Place;
use super::{Decision, majority_rule, moment};
use crate::chamber::agenda::{AgendaItem, Item, ItemKind, is_secret_rule};
use crate::chamber::ballot::{BlocPart, Question, QuestionForm};
use crate::chamber::command::NewItem;
use crate::chamber::event::Event;
use crate::chamber::ids::{ItemId, Millis, QuestionId, is_valid_id};
use crate::chamber::limits;
use crate::chamber::question::document_sha256;
use crate::chamber::refusal::Refusal;
use crate::chamber::rules::AnswerMeaning;
use crate::chamber::state::{Chamber, Council, next_number};
use crate::chamber::texts;

/// With `start` the first of them becomes the current one at once.
pub(super) fn add_items(
    chamber: &Chamber,
    council: &Council,
    now: Millis,
    items: &[NewItem],
    place: Place<'_>,
    start: bool,
) -> Decision {
    if chamber.session().is_none() {
        return Err(Refusal::NoSession);
    }
    if start {
        sits(chamber)?;
        no_ballot_runs(chamber)?;
    }
    if items.is_empty() {
        return Err(Refusal::BadText);
    }
    if chamber.items().count().saturating_add(items.len()) > limits::ITEMS {
        return Err(Refusal::TooManyItems);
    }
    let top = place.depth(chamber)?;
    let mut events = Vec::with_capacity(items.len() * 2);
    let mut argument_bytes = 0;
    let mut agenda_bytes = agenda_weight(chamber);
    let mut item_number = chamber.items_added.saturating_add(1);
    let mut question_number = next_number(&chamber.questions);
    // The way from the top down to the last item added: what the next one may stand under.
    let mut line: Vec<ItemId> = Vec::new();
    let first = ItemId::numbered('i', item_number);
    for new in items {
        let id = ItemId::numbered('i', item_number);
        let level = usize::try_from(new.level).map_err(|_| Refusal::BadPlace)?;
        if level > line.len() || top + level > limits::AGENDA_DEPTH {
            return Err(Refusal::BadPlace);
        }
        line.truncate(level);
        let parent = line.last().or(place.parent).cloned();
        line.push(id.clone());
        let item = Item { parent, ..item(council, id, new)? };
        item_number = item_number.saturating_add(1);
        argument_bytes += argument_weight(new);
        let id = QuestionId::numbered('q', question_number);
        let question = own_question(council, id, &item)?;
        question_number = question_number.saturating_add(u32::from(question.is_some()));
        agenda_bytes += item_weight(&item) + question.as_ref().map_or(0, question_weight);
        events.push(Event::ItemAdded { item, before: place.before.filter(|_| level == 0).cloned() });
        events.extend(question.map(|question| Event::QuestionPrepared { question }));
    }
    // Each item is an entry of its own, but the order's arguments hold them all in one.
    if argument_bytes > limits::ENTRY_TEXT_BYTES || agenda_bytes > limits::AGENDA_BYTES {
        return Err(Refusal::TooManyItems);
    }
    if start {
        events.extend(item_begins(chamber, now, &first));
    }
    Ok(events)
}

/// Its place stays. What was put to the vote stays what it was: neither kind nor rule of its item changes under it. A question
/// that nobody has voted on yet follows its item's title and rule where it had that title.
pub(super) fn change_item(chamber: &Chamber, council: &Council, id: &ItemId, to: &NewItem) -> Decision {
    let known = &chamber.open_item(id).ok_or(Refusal::UnknownItem)?.item;
    if to.level != 0 {
        return Err(Refusal::BadPlace);
    }
    let mut item = Item { parent: known.parent.clone(), ..item(council, id.clone(), to)? };
    // An order that names no rule does not mean another one.
    if to.rule.is_none() && item.kind == known.kind {
        item.rule.clone_from(&known.rule);
    }
    if chamber.was_voted_on(id) && (item.kind != known.kind || item.rule != known.rule) {
        return Err(Refusal::QuestionDecided);
    }
    // What was announced to everybody stays readable, under the name it was announced with: no mark takes it back.
    let is_renamed = (&item.number, &item.title, &item.short_title, &item.presenter)
        != (&known.number, &known.title, &known.short_title, &known.presenter);
    let is_hidden = item.closed && !known.closed;
    if (is_renamed && chamber.was_announced_in_public(id)) || (is_hidden && chamber.has_announced_in_public(id)) {
        return Err(Refusal::BallotSealed);
    }
    let question = followed_question(chamber, council, known, &item)?;
    let replaced = question.as_ref().and_then(|question| chamber.question(&question.id)).map_or(0, question_weight);
    let agenda_bytes = agenda_weight(chamber).saturating_sub(item_weight(known) + replaced)
        + item_weight(&item)
        + question.as_ref().map_or(0, question_weight);
    if argument_weight(to) > limits::ENTRY_TEXT_BYTES || agenda_bytes > limits::AGENDA_BYTES {
        return Err(Refusal::TooManyItems);
    }
    let question = question.map(|question| Event::QuestionPrepared { question });
    Ok(std::iter::once(Event::ItemChanged { item }).chain(question).collect())
}

pub(super) fn start_item(chamber: &Chamber, now: Millis, item: &ItemId) -> Decision {
    sits(chamber)?;
    let AgendaItem { item, .. } = chamber.open_item(item).ok_or(Refusal::UnknownItem)?;
    if chamber.is_current(&item.id) {
        return Err(Refusal::ItemCurrent);
    }
    no_ballot_runs(chamber)?;
    Ok(item_begins(chamber, now, &item.id))
}

/// Also while the sitting is suspended.
pub(super) fn finish_item(chamber: &Chamber, now: Millis, item: &ItemId) -> Decision {
    if chamber.sitting().is_none() {
        return Err(Refusal::NoSitting);
    }
    let AgendaItem { item, .. } = chamber.open_item(item).ok_or(Refusal::UnknownItem)?;
    if !chamber.is_current(&item.id) {
        return Err(Refusal::ItemNotCurrent);
    }
    no_ballot_runs(chamber)?;
    Ok(item_ends(chamber, now))
}

pub(super) fn no_ballot_runs(chamber: &Chamber) -> Result<(), Refusal> {
    if chamber.running_ballot().is_some() { Err(Refusal::BallotRunning) } else { Ok(()) }
}

/// The item becomes the current one, in place of the one before.
pub(super) fn item_begins(chamber: &Chamber, now: Millis, item: &ItemId) -> Vec<Event> {
    item_ends(chamber, now).into_iter().chain([Event::ItemStarted { item: item.clone() }]).collect()
}

/// The current item, if there is one, is done, and whoever speaks with it.
pub(super) fn item_ends(chamber: &Chamber, now: Millis) -> Vec<Event> {
    let finished = chamber.current_item().map(|current| Event::ItemFinished { item: current.item.id.clone() });
    speech_ended(chamber, now).into_iter().chain(finished).collect()
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
    let presenter = texts::label(new.presenter.as_deref().unwrap_or_default(), limits::PRESENTER_CHARS)?;
    Ok(Item {
        id,
        number: texts::line(&new.number, limits::NUMBER_CHARS)?,
        kind: new.kind,
        title,
        short_title,
        minutes: new.minutes,
        rule,
        parent: None,
        planned_at: moment(new.planned_at)?,
        presenter: Some(presenter).filter(|presenter| !presenter.is_empty()),
        closed: new.closed,
    })
}

/// The question that an item of kind `vote` brings with it.
fn own_question(council: &Council, id: QuestionId, item: &Item) -> Result<Option<Question>, Refusal> {
    let Some(rule) = item.rule.as_deref().filter(|_| item.kind == ItemKind::Vote && !item.needs_secret_ballot()) else {
        return Ok(None);
    };
    let wording = Wording {
        title: &item.title,
        text: "",
        rule,
        seconds: None,
        show_split: None,
        form: QuestionForm::Motion,
        answers: None,
        change_allowed: None,
        groups: &[],
        min_choices: 0,
        live_names: false,
    };
    questions::question(council, id, item.id.clone(), &wording).map(Some)
}

/// The question that goes with a changed item: its own one anew, or the first where it has come to be of kind `vote`.
fn followed_question(
    chamber: &Chamber,
    council: &Council,
    from: &Item,
    to: &Item,
) -> Result<Option<Question>, Refusal> {
    let mut questions = chamber.questions_of(&from.id);
    let (first, second) = (questions.next(), questions.next());
    let Some(known) = first else {
        return own_question(council, QuestionId::numbered('q', next_number(&chamber.questions)), to);
    };
    // A bloc is made of its parts' words, not of its item's.
    let is_own = second.is_none() && known.bloc.is_empty() && known.title == from.title;
    let follows = is_own && !chamber.was_put_to_the_vote(&known.id);
    if !follows {
        return Ok(None);
    }
    let mut question = Question { title: to.title.clone(), ..known.clone() };
    if let Some(rule) = to.rule.as_deref().filter(|_| to.rule != from.rule && !to.needs_secret_ballot()) {
        question.rule = majority_rule(council, rule)?.clone();
    }
    question.document_sha256 = document_sha256(&question);
    Ok(Some(question).filter(|question| question != known))
}

/// What the session's agenda weighs on a screen, see [`limits::AGENDA_BYTES`].
pub(super) fn agenda_weight(chamber: &Chamber) -> usize {
    let of = |item: &AgendaItem| {
        let questions: usize = chamber.questions_of(&item.item.id).map(question_weight).sum();
        item_weight(&item.item) + questions
    };
    chamber.items().map(of).sum()
}

fn item_weight(item: &Item) -> usize {
    let texts = [Some(&item.number), Some(&item.title), Some(&item.short_title), item.presenter.as_ref()];
    limits::ITEM_BYTES + texts.into_iter().flatten().map(|text| texts::event_bytes(text)).sum::<usize>()
}

pub(super) fn question_weight(question: &Question) -> usize {
    let answer =
        |answer: &AnswerMeaning| limits::ANSWER_BYTES + answer.key.as_str().len() + texts::event_bytes(&answer.meaning);
    let part = |part: &BlocPart| limits::BLOC_PART_BYTES + texts::event_bytes(&part.title);
    let answers: usize = question.answers.iter().map(answer).sum();
    let bloc: usize = question.bloc.iter().map(part).sum();
    let groups: usize = question.groups.iter().map(|group| limits::GROUP_BYTES + texts::event_bytes(group)).sum();
    let texts = texts::event_bytes(&question.title) + texts::event_bytes(&question.text);
    let options = usize::from(question.min_choices > 0) + usize::from(question.live_names);
    limits::QUESTION_BYTES + texts + answers + bloc + groups + options * limits::QUESTION_OPTION_BYTES
}

fn argument_weight(new: &NewItem) -> usize {
    let texts = [Some(&new.number), Some(&new.title), new.short_title.as_ref(), new.presenter.as_ref()];
    let texts: usize = texts.into_iter().flatten().map(|text| texts::argument_bytes(text)).sum();
    limits::ITEM_ARGUMENT_BYTES.saturating_add(texts)
}
