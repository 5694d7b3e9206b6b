//! Whether an event of the debate can follow, and whether another leaves the debate whole.

use super::{Misfit, demand};
use crate::chamber::agenda::{AgendaItem, ItemKind};
use crate::chamber::event::Event;
use crate::chamber::ids::{Millis, PersonId, PromiseId, RequestId, SpeechId};
use crate::chamber::limits;
use crate::chamber::roll::Office;
use crate::chamber::speaking::{Promise, Speech, SpeechKind};
use crate::chamber::state::Chamber;

impl Chamber {
    pub(super) fn fits_speaking(&self, at: Millis, event: &Event) -> Result<(), Misfit> {
        let debate = &self.debate;
        let fits = match event {
            Event::ListOpened {} => self.item_at_work().is_some(),
            Event::ListClosed {} => self.item_at_work().is_some() && debate.list_open,
            Event::SpeechRequested { request, person, speech_kind, to, .. } => {
                let is_next = *request == RequestId::numbered('r', debate.requested.saturating_add(1));
                let is_taken = debate.list_open || *speech_kind == SpeechKind::PointOfOrder;
                let waits = |kind| debate.queue.iter().any(|other| other.person == *person && other.kind == kind);
                let is_first = !waits(*speech_kind) && debate.queue.len() < limits::REQUESTS;
                let may_ask = self.current_item().is_some() && self.may_ask(person, *speech_kind);
                is_next && is_taken && is_first && may_ask && self.is_addressed(*speech_kind, to.as_ref())
            }
            Event::RequestWithdrawn { request, .. } => self.speech_request(request).is_some(),
            Event::RequestMoved { request, before, .. } => {
                let is_known = |request: &RequestId| self.speech_request(request).is_some();
                is_known(request) && before.as_ref().is_none_or(|before| before != request && is_known(before))
            }
            Event::SpeechStarted { speech, request, person, speech_kind, .. } => {
                let is_next = *speech == SpeechId::numbered('f', debate.started.saturating_add(1));
                let is_silent = debate.speech.is_none() && !self.is_taking_votes();
                let is_asked = request.as_ref().is_none_or(|request| {
                    let request = self.speech_request(request);
                    request.is_some_and(|waiting| waiting.person == *person && waiting.kind == *speech_kind)
                });
                let in_place = self.item_at_work().is_some_and(|item| {
                    let is_interpellation = item.item.kind == ItemKind::Interpellation && !self.is_round_full();
                    *speech_kind != SpeechKind::Interpellate || is_interpellation
                });
                is_next && is_silent && is_asked && in_place && self.may_speak(person)
            }
            Event::SpeechPaused { speech, spent_ms } => self.is_speech(speech, |known| {
                let possible = known.spent_ms..=known.spent_at(at);
                known.running_since.is_some() && spent_ms.is_none_or(|spent_ms| possible.contains(&spent_ms))
            }),
            Event::SpeechResumed { speech } => {
                self.item_at_work().is_some() && self.is_speech(speech, |known| known.running_since.is_none())
            }
            Event::SpeechExtended { speech, .. } => self.is_speech(speech, |known| known.allotted_ms > 0),
            Event::SpeechEnded { speech, spent_ms } => self.is_speech(speech, |known| known.spent_at(at) == *spent_ms),
            Event::RoundStarted { item, round, official } => {
                let before = debate.rounds.get(item).copied().unwrap_or_default();
                let in_place = self
                    .item_at_work()
                    .is_some_and(|current| current.item.id == *item && current.item.kind == ItemKind::Interpellation);
                in_place && *round == before.saturating_add(1) && self.holds_office(official, Office::Official)
            }
            Event::BudgetSet { item, .. } => self.open_item(item).is_some(),
            Event::PromiseLogged { promise, official, .. } => {
                let is_next = *promise == PromiseId::numbered('m', debate.promised.saturating_add(1));
                is_next && self.session().is_some() && self.person(official).is_some()
            }
            Event::PromiseStruck { promise, .. } => {
                debate.promises.iter().any(|known| known.id == *promise && known.struck.is_none())
            }
            Event::PromiseKept { promise, .. } => {
                let stands = |known: &Promise| known.id == *promise && known.struck.is_none() && known.kept.is_none();
                debate.promises.iter().any(stands)
            }
            _ => true,
        };
        demand(fits, Misfit::Speaking)
    }

    /// No item and no sitting ends and no vote is taken while somebody speaks: the end of the speech stands before it. Nor is a
    /// sitting suspended while a clock runs.
    pub(super) fn fits_debate(&self, event: &Event) -> Result<(), Misfit> {
        let fits = match event {
            Event::ItemFinished { .. }
            | Event::SittingClosed { .. }
            | Event::BallotOpened { .. }
            | Event::CountRecorded { .. } => self.speech().is_none(),
            Event::SittingSuspended { .. } => self.speech().is_none_or(|speech| speech.running_since.is_none()),
            _ => true,
        };
        demand(fits, Misfit::Speaking)
    }

    /// An interpellation to an official or to the hall, everything else to nobody.
    fn is_addressed(&self, kind: SpeechKind, to: Option<&PersonId>) -> bool {
        if kind != SpeechKind::Interpellate {
            return to.is_none();
        }
        let is_interpellation =
            self.current_item().is_some_and(|current| current.item.kind == ItemKind::Interpellation);
        is_interpellation && to.is_none_or(|to| self.holds_office(to, Office::Official))
    }

    fn is_speech(&self, id: &SpeechId, is_so: impl Fn(&Speech) -> bool) -> bool {
        self.speech().is_some_and(|speech| speech.id == *id && is_so(speech))
    }

    fn item_at_work(&self) -> Option<&AgendaItem> {
        self.sitting().filter(|sitting| sitting.suspension.is_none()).and_then(|_| self.current_item())
    }
}
