//! Who may speak, when and for how long.

mod interpellation;

pub(super) use interpellation::{keep_promise, log_promise, set_budget, start_round, strike_promise};

use super::Decision;
use crate::chamber::agenda::{AgendaItem, ItemKind};
use crate::chamber::command::Actor;
use crate::chamber::event::Event;
use crate::chamber::ids::{Millis, PersonId, RequestId, SpeechId};
use crate::chamber::limits;
use crate::chamber::refusal::Refusal;
use crate::chamber::roll::Office;
use crate::chamber::speaking::{Speech, SpeechKind, SpeechRequest};
use crate::chamber::state::{Chamber, Council};
use crate::chamber::texts;

/// The end of whatever is being said, when something else begins: to be put before it.
pub(super) fn speech_ended(chamber: &Chamber, now: Millis) -> Option<Event> {
    let speech = chamber.speech()?;
    Some(Event::SpeechEnded { speech: speech.id.clone(), spent_ms: speech.spent_at(now) })
}

/// Opening an open list changes nothing: two who tap at once both find it open.
pub(super) fn open_list(chamber: &Chamber) -> Decision {
    item_at_work(chamber)?;
    Ok(vec![Event::ListOpened {}])
}

pub(super) fn close_list(chamber: &Chamber) -> Decision {
    item_at_work(chamber)?;
    if chamber.is_list_open() { Ok(vec![Event::ListClosed {}]) } else { Err(Refusal::ListClosed) }
}

/// Also while the sitting is suspended: a recess is when people make up their minds.
pub(super) fn ask(
    chamber: &Chamber,
    person: &PersonId,
    kind: SpeechKind,
    topic: Option<&str>,
    to: Option<&PersonId>,
) -> Decision {
    let item = current_item(chamber)?;
    let known = chamber.person(person).ok_or(Refusal::UnknownPerson)?;
    if !chamber.may_ask(person, kind) {
        return Err(if known.is_delegate() { Refusal::NotPresent } else { Refusal::NotAllowed });
    }
    if !chamber.is_list_open() && kind != SpeechKind::PointOfOrder {
        return Err(Refusal::ListClosed);
    }
    let to = addressee(chamber, item, kind, to)?;
    let topic = texts::label(topic.unwrap_or_default(), limits::TOPIC_CHARS)?;
    if chamber.queue().iter().any(|request| request.person == *person && request.kind == kind) {
        return Err(Refusal::AlreadyAsked);
    }
    let asked = chamber.debate.asked.get(person).copied().unwrap_or_default();
    if chamber.queue().len() >= limits::REQUESTS || asked >= limits::REQUESTS_PER_ITEM {
        return Err(Refusal::TooManyRequests);
    }
    Ok(vec![Event::SpeechRequested {
        request: RequestId::numbered('r', chamber.debate.requested.saturating_add(1)),
        person: person.clone(),
        speech_kind: kind,
        topic: Some(topic).filter(|topic| !topic.is_empty()),
        to,
    }])
}

/// Only an interpellation is addressed to somebody: where it names nobody, to the official whose round it is.
fn addressee(
    chamber: &Chamber,
    item: &AgendaItem,
    kind: SpeechKind,
    to: Option<&PersonId>,
) -> Result<Option<PersonId>, Refusal> {
    if kind != SpeechKind::Interpellate {
        return if to.is_none() { Ok(None) } else { Err(Refusal::NotInterpellation) };
    }
    is_interpellation(item)?;
    let is_official = |person: &PersonId| chamber.holds_office(person, Office::Official);
    match to {
        Some(to) if is_official(to) => Ok(Some(to.clone())),
        Some(_) => Err(Refusal::NotAnOfficial),
        None => Ok(chamber.round().map(|round| &round.official).filter(|official| is_official(official)).cloned()),
    }
}

/// Whoever takes somebody else's request back says why.
pub(super) fn withdraw(chamber: &Chamber, by: &Actor, request: &RequestId, reason: Option<&str>) -> Decision {
    let request = waiting(chamber, request)?;
    let reason = texts::optional_reason(reason)?;
    let is_self = matches!(by, Actor::Person(by) if *by == request.person);
    if reason.is_none() && !is_self {
        return Err(Refusal::ReasonNeeded);
    }
    Ok(vec![Event::RequestWithdrawn { request: request.id.clone(), reason }])
}

pub(super) fn move_request(
    chamber: &Chamber,
    request: &RequestId,
    before: Option<&RequestId>,
    reason: &str,
) -> Decision {
    let request = waiting(chamber, request)?;
    let before = before.map(|before| waiting(chamber, before)).transpose()?.map(|before| before.id.clone());
    // Nobody goes before themself.
    if before.as_ref() == Some(&request.id) {
        return Err(Refusal::UnknownRequest);
    }
    Ok(vec![Event::RequestMoved { request: request.id.clone(), before, reason: texts::reason(reason)? }])
}

pub(super) fn call(
    chamber: &Chamber,
    council: &Council,
    now: Millis,
    request: &RequestId,
    seconds: Option<u32>,
) -> Decision {
    let request = waiting(chamber, request)?;
    floor_goes_to(
        chamber,
        council,
        now,
        &Turn { request: Some(request), person: &request.person, kind: request.kind, seconds },
    )
}

/// To somebody who waits for the same kind, it is their request that is called.
pub(super) fn give_floor(
    chamber: &Chamber,
    council: &Council,
    now: Millis,
    person: &PersonId,
    kind: SpeechKind,
    seconds: Option<u32>,
) -> Decision {
    let request = chamber.queue().iter().find(|request| request.person == *person && request.kind == kind);
    floor_goes_to(chamber, council, now, &Turn { request, person, kind, seconds })
}

/// Who is to speak next, and why.
struct Turn<'a> {
    request: Option<&'a SpeechRequest>,
    person: &'a PersonId,
    kind: SpeechKind,
    /// The rules' own where left out.
    seconds: Option<u32>,
}

fn floor_goes_to(chamber: &Chamber, council: &Council, now: Millis, turn: &Turn<'_>) -> Decision {
    let item = item_at_work(chamber)?;
    if chamber.is_taking_votes() {
        return Err(Refusal::BallotRunning);
    }
    let known = chamber.person(turn.person).ok_or(Refusal::UnknownPerson)?;
    if !chamber.may_speak(turn.person) {
        return Err(if known.is_delegate() { Refusal::NotPresent } else { Refusal::NotAllowed });
    }
    if turn.kind == SpeechKind::Interpellate {
        is_interpellation(item)?;
        if chamber.is_round_full() {
            return Err(Refusal::RoundFull);
        }
    }
    if chamber.spoken().len() >= limits::SPEECHES {
        return Err(Refusal::TooManyRequests);
    }
    let seconds = match turn.seconds {
        None => turn.kind.seconds(&council.rules.speaking),
        Some(0) => 0,
        Some(asked) => within_limits(asked)?,
    };
    let started = Event::SpeechStarted {
        speech: SpeechId::numbered('f', chamber.debate.started.saturating_add(1)),
        request: turn.request.map(|request| request.id.clone()),
        person: turn.person.clone(),
        speech_kind: turn.kind,
        seconds,
    };
    Ok(speech_ended(chamber, now).into_iter().chain([started]).collect())
}

pub(super) fn pause(chamber: &Chamber, speech: &SpeechId) -> Decision {
    let speech = running(chamber, speech)?;
    if speech.running_since.is_none() {
        return Err(Refusal::SpeechPaused);
    }
    Ok(vec![Event::SpeechPaused { speech: speech.id.clone(), spent_ms: None }])
}

/// The clock stands where it was at `since`, when something could last be written: the hall may have waited from then on, and
/// the chair lets the speech go on.
pub(super) fn pause_for_store(chamber: &Chamber, since: Millis, speech: &SpeechId) -> Decision {
    let speech = running(chamber, speech)?;
    if speech.running_since.is_none() {
        return Err(Refusal::SpeechPaused);
    }
    Ok(vec![Event::SpeechPaused { speech: speech.id.clone(), spent_ms: Some(speech.spent_at(since)) }])
}

pub(super) fn resume(chamber: &Chamber, speech: &SpeechId) -> Decision {
    let speech = running(chamber, speech)?;
    if speech.running_since.is_some() {
        return Err(Refusal::SpeechRunning);
    }
    item_at_work(chamber)?;
    Ok(vec![Event::SpeechResumed { speech: speech.id.clone() }])
}

/// A speech without a limit gets none by this.
pub(super) fn extend(chamber: &Chamber, speech: &SpeechId, seconds: u32) -> Decision {
    let speech = running(chamber, speech)?;
    if speech.allotted_ms == 0 {
        return Err(Refusal::BadDuration);
    }
    Ok(vec![Event::SpeechExtended { speech: speech.id.clone(), seconds: within_limits(seconds)? }])
}

pub(super) fn end(chamber: &Chamber, now: Millis, speech: &SpeechId) -> Decision {
    running(chamber, speech)?;
    Ok(speech_ended(chamber, now).into_iter().collect())
}

/// The item the hall is at.
fn current_item(chamber: &Chamber) -> Result<&AgendaItem, Refusal> {
    chamber.sitting().ok_or(Refusal::NoSitting)?;
    chamber.current_item().ok_or(Refusal::ItemNotCurrent)
}

/// The item the hall is at, in a sitting that is not suspended.
fn item_at_work(chamber: &Chamber) -> Result<&AgendaItem, Refusal> {
    let sitting = chamber.sitting().ok_or(Refusal::NoSitting)?;
    if sitting.suspension.is_some() {
        return Err(Refusal::SittingSuspended);
    }
    current_item(chamber)
}

fn is_interpellation(item: &AgendaItem) -> Result<(), Refusal> {
    if item.item.kind == ItemKind::Interpellation { Ok(()) } else { Err(Refusal::NotInterpellation) }
}

fn waiting<'a>(chamber: &'a Chamber, request: &RequestId) -> Result<&'a SpeechRequest, Refusal> {
    chamber.speech_request(request).ok_or(Refusal::UnknownRequest)
}

fn running<'a>(chamber: &'a Chamber, speech: &SpeechId) -> Result<&'a Speech, Refusal> {
    chamber.speech().filter(|running| running.id == *speech).ok_or(Refusal::UnknownSpeech)
}

fn within_limits(seconds: u32) -> Result<u32, Refusal> {
    let limits = limits::SPEECH_SECONDS_MIN..=limits::SPEECH_SECONDS_MAX;
    if limits.contains(&seconds) { Ok(seconds) } else { Err(Refusal::BadDuration) }
}
