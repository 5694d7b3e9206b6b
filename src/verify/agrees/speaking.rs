//! The orders of the debate and what they bring about.

use super::{same, same_option};
use crate::chamber::command::Command;
use crate::chamber::event::Event;
use crate::chamber::ids::PersonId;
use crate::chamber::rules::RulesProfile;
use crate::chamber::speaking::SpeechKind;

/// The events without the end of a speech before them, where the order is one that ends whatever is being said; what leads
/// to a vote is judged with the vote. That it is the end of the speech that runs, and how long that took, is the fold's to
/// say.
pub(super) fn after_speech<'a>(command: &Command, events: &'a [Event]) -> &'a [Event] {
    use Command as C;
    match (command, events) {
        (
            C::CallSpeaker { .. }
            | C::GiveFloor { .. }
            | C::StartItem { .. }
            | C::FinishItem { .. }
            | C::CloseSitting {},
            [Event::SpeechEnded { .. }, rest @ ..],
        ) => rest,
        _ => events,
    }
}

/// As [`super::order_agrees`], for an order of the debate; without the end of a speech before it.
pub(super) fn agrees(rules: &RulesProfile, command: &Command, events: &[Event]) -> bool {
    use Command as C;
    use Event as E;
    match (command, events) {
        (C::OpenList {}, [E::ListOpened {}]) | (C::CloseList {}, [E::ListClosed {}]) => true,
        (
            C::AskToSpeak { person: who, kind, topic: about, to: whom },
            [E::SpeechRequested { person, speech_kind, topic, to, .. }],
        ) => person == who && speech_kind == kind && same_option(topic, about) && is_addressed(*kind, to, whom),
        (C::WithdrawRequest { request: ordered, reason: why }, [E::RequestWithdrawn { request, reason }]) => {
            request == ordered && same_option(reason, why)
        }
        (
            C::MoveRequest { request: ordered, before: place, reason: why },
            [E::RequestMoved { request, before, reason }],
        ) => request == ordered && before == place && same(reason, why),
        (
            C::CallSpeaker { request: ordered, seconds: allotted },
            [E::SpeechStarted { request: Some(request), speech_kind, seconds, .. }],
        ) => request == ordered && *seconds == allotted.unwrap_or_else(|| speech_kind.seconds(&rules.speaking)),
        (
            C::GiveFloor { person: who, kind, seconds: allotted },
            [E::SpeechStarted { person, speech_kind, seconds, .. }],
        ) => {
            person == who
                && speech_kind == kind
                && *seconds == allotted.unwrap_or_else(|| kind.seconds(&rules.speaking))
        }
        (C::PauseSpeech { speech: ordered }, [E::SpeechPaused { speech, spent_ms: None }])
        | (C::ResumeSpeech { speech: ordered }, [E::SpeechResumed { speech }])
        | (C::EndSpeech { speech: ordered }, [E::SpeechEnded { speech, .. }]) => speech == ordered,
        (C::ExtendSpeech { speech: ordered, seconds: by }, [E::SpeechExtended { speech, seconds }]) => {
            speech == ordered && seconds == by
        }
        (C::StartRound { official: ordered }, [E::RoundStarted { official, .. }]) => official == ordered,
        (C::SetBudget { item: ordered, group: whose, seconds: given }, [E::BudgetSet { item, group, seconds }]) => {
            item == ordered && same(group, whose) && seconds == given
        }
        (
            C::LogPromise { official: who, text: words, until: day, to: whom },
            [E::PromiseLogged { official, text, until, to, .. }],
        ) => official == who && same(text, words) && until == day && to == whom,
        (C::StrikePromise { promise: ordered, reason: why }, [E::PromiseStruck { promise, reason }]) => {
            promise == ordered && same(reason, why)
        }
        (C::KeepPromise { promise: ordered, note: said }, [E::PromiseKept { promise, note }]) => {
            promise == ordered && same_option(note, said)
        }
        _ => false,
    }
}

/// An interpellation that names nobody goes to the official whose round it is (see `settled`); nothing else is addressed to
/// anybody.
fn is_addressed(kind: SpeechKind, recorded: &Option<PersonId>, signed: &Option<PersonId>) -> bool {
    recorded == signed || (kind == SpeechKind::Interpellate && signed.is_none())
}
