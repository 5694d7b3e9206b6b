//! From an event of the debate to the debate after it, and what the rest of the day does to the debate.

use crate::chamber::agenda::ItemState;
use crate::chamber::event::Event;
use crate::chamber::ids::{ItemId, Millis, PersonId, PromiseId, RequestId, SpeechId};
use crate::chamber::limits;
use crate::chamber::speaking::{Budget, Debate, Kept, Promise, Round, Speech, SpeechKind, SpeechRequest, Spoken};
use crate::chamber::state::Chamber;
use crate::chamber::wall::WallMode;

impl Chamber {
    /// The event fits.
    pub(super) fn apply_speaking(&mut self, at: Millis, event: &Event) {
        match event {
            Event::ListOpened {} => self.debate.list_open = true,
            Event::ListClosed {} => self.debate.list_open = false,
            Event::SpeechRequested { request, person, speech_kind, topic, to } => {
                self.debate.requested = self.debate.requested.saturating_add(1);
                let asked = self.debate.asked.entry(person.clone()).or_default();
                *asked = asked.saturating_add(1);
                self.debate.place(SpeechRequest {
                    id: request.clone(),
                    person: person.clone(),
                    kind: *speech_kind,
                    topic: topic.clone(),
                    to: to.clone(),
                    at,
                    moved: false,
                });
            }
            Event::RequestWithdrawn { request, .. } => {
                self.debate.take(request);
            }
            Event::RequestMoved { request, before, .. } => self.debate.put_before(request, before.as_ref()),

            Event::SpeechStarted { speech, request, person, speech_kind, seconds } => {
                let topic = request.as_ref().and_then(|request| self.debate.take(request)?.topic);
                self.start_speech(at, speech, person, *speech_kind, topic, *seconds);
            }
            Event::SpeechPaused { spent_ms, .. } => self.with_speech(|speech| {
                speech.spent_ms = spent_ms.unwrap_or(speech.spent_at(at));
                speech.running_since = None;
            }),
            Event::SpeechResumed { .. } => {
                self.with_speech(|speech| speech.running_since = Some(at));
                // After a suspension the wall tells of the item again.
                if self.wall().mode == WallMode::Item {
                    self.show_speaker(at);
                }
            }
            Event::SpeechExtended { seconds, .. } => self.with_speech(|speech| {
                speech.allotted_ms = speech.allotted_ms.saturating_add(millis(*seconds));
            }),
            Event::SpeechEnded { spent_ms, .. } => self.end_speech(at, *spent_ms),

            Event::RoundStarted { item, round, official } => {
                self.debate.rounds.insert(item.clone(), *round);
                self.debate.round =
                    Some(Round { number: *round, item: item.clone(), official: official.clone(), asked: Vec::new() });
                self.debate.reorder();
            }
            Event::BudgetSet { item, group, seconds } => self.debate.set_budget(item, group, *seconds),
            Event::PromiseLogged { promise, official, text, until, to } => {
                let item = self.current_item().map(|item| item.item.id.clone());
                let Some(session) = self.session().map(|session| session.id.clone()) else { return };
                self.debate.promised = self.debate.promised.saturating_add(1);
                let closed_doors = self.is_still_behind_doors();
                self.debate.promises.push(Promise {
                    id: promise.clone(),
                    session,
                    item,
                    official: official.clone(),
                    to: to.clone(),
                    text: text.clone(),
                    until: until.clone(),
                    at,
                    struck: None,
                    kept: None,
                    closed_doors,
                });
            }
            Event::PromiseStruck { promise, reason } => {
                self.debate.with_promise(promise, |promise| promise.struck = Some(reason.clone()));
            }
            Event::PromiseKept { promise, note } => {
                self.debate.with_promise(promise, |promise| promise.kept = Some(Kept { at, note: note.clone() }));
            }
            _ => {}
        }
    }

    /// What an event that is not the debate's own means for it; to be called after it was taken in.
    pub(super) fn debate_follows(&mut self, event: &Event) {
        match event {
            // Whoever leaves the hall or the roll waits no longer. A speech that was begun is the chair's to end.
            Event::CheckedOut { person, .. } | Event::PersonLeft { person, .. } => {
                self.debate.queue.retain(|request| request.person != *person);
            }
            // A seat or an office given up, and what could be asked with it alone.
            Event::PersonSet { person } => {
                let mut queue = std::mem::take(&mut self.debate.queue);
                queue.retain(|request| request.person != person.id || self.may_ask(&request.person, request.kind));
                self.debate.queue = queue;
            }
            Event::ItemFinished { .. } => self.debate.end_item(),
            Event::ItemRemoved { .. } => {
                let mut budgets = std::mem::take(&mut self.debate.budgets);
                budgets.retain(|budget| self.item(&budget.item).is_some());
                self.debate.budgets = budgets;
            }
            Event::SessionCreated { term, .. } => self.begin_debates_of(term),
            _ => {}
        }
    }

    /// The record keeps what earlier sessions said; the fold would grow for ever. What was promised in this term and still stands is
    /// remembered, the newest of it.
    fn begin_debates_of(&mut self, term: &str) {
        let Debate { requested, started, promised, mut promises, .. } = std::mem::take(&mut self.debate);
        promises.retain(|promise| {
            let session = self.sessions.iter().find(|session| session.id == promise.session);
            promise.struck.is_none() && session.is_some_and(|session| session.term == term)
        });
        promises.drain(..promises.len().saturating_sub(limits::EARLIER_PROMISES));
        self.debate = Debate { requested, started, promised, promises, ..Debate::default() };
    }

    fn start_speech(
        &mut self,
        at: Millis,
        id: &SpeechId,
        person: &PersonId,
        kind: SpeechKind,
        topic: Option<String>,
        seconds: u32,
    ) {
        self.debate.started = self.debate.started.saturating_add(1);
        if let (SpeechKind::Interpellate, Some(round)) = (kind, &mut self.debate.round) {
            round.asked.push((person.clone(), topic.clone()));
            self.debate.reorder();
        }
        let current = self.items.iter().rev().find(|item| item.state == ItemState::Current);
        self.debate.speech = Some(Speech {
            id: id.clone(),
            person: person.clone(),
            kind,
            topic,
            item: current.map(|item| item.item.id.clone()),
            started_at: at,
            allotted_ms: millis(seconds),
            spent_ms: 0,
            running_since: Some(at),
        });
        self.show_speaker(at);
    }

    /// A ballot and its result go before whoever speaks.
    fn show_speaker(&mut self, at: Millis) {
        if self.running_ballot().is_none() {
            let in_round = self.debate.round.is_some();
            self.show(at, if in_round { WallMode::Interpellation } else { WallMode::Speaker });
        }
    }

    fn end_speech(&mut self, at: Millis, spent_ms: u64) {
        let session = self.session().map(|session| session.id.clone());
        if let (Some(speech), Some(session)) = (self.debate.speech.take(), session) {
            self.debate.spoken.push(Spoken {
                id: speech.id,
                session,
                person: speech.person,
                kind: speech.kind,
                item: speech.item,
                started_at: speech.started_at,
                spent_ms,
                allotted_ms: speech.allotted_ms,
            });
        }
        if matches!(self.wall().mode, WallMode::Speaker | WallMode::Interpellation) {
            self.show(at, WallMode::Item);
        }
    }

    fn with_speech(&mut self, change: impl FnOnce(&mut Speech)) {
        if let Some(speech) = &mut self.debate.speech {
            change(speech);
        }
    }
}

impl Debate {
    /// Takes a request out of the queue.
    fn take(&mut self, id: &RequestId) -> Option<SpeechRequest> {
        let at = self.queue.iter().position(|request| request.id == *id)?;
        Some(self.queue.remove(at))
    }

    fn set_budget(&mut self, item: &ItemId, group: &str, seconds: u32) {
        let known = self.budgets.iter_mut().find(|budget| budget.item == *item && budget.group == group);
        match known {
            Some(budget) => budget.seconds = seconds,
            None => self.budgets.push(Budget { item: item.clone(), group: group.to_owned(), seconds }),
        }
        self.budgets.retain(|budget| budget.seconds > 0);
    }

    fn with_promise(&mut self, id: &PromiseId, change: impl FnOnce(&mut Promise)) {
        if let Some(promise) = self.promises.iter_mut().find(|promise| promise.id == *id) {
            change(promise);
        }
    }

    /// Nobody waits for an item that is done.
    fn end_item(&mut self) {
        self.list_open = false;
        self.queue.clear();
        self.asked.clear();
        self.round = None;
    }
}

fn millis(seconds: u32) -> u64 {
    u64::from(seconds) * 1_000
}
