//! The orders about rules, sessions and sittings and what they bring about.

use super::{same, same_option};
use crate::chamber::ballot::HoldCause;
use crate::chamber::command::Command;
use crate::chamber::event::Event;
use crate::chamber::rules::RulesProfile;

/// As [`super::order_agrees`], for an order about rules, sessions and sittings; without the end of a speech before it.
pub(super) fn agrees(command: &Command, events: &[Event]) -> bool {
    use Command as C;
    use Event as E;
    match (command, events) {
        (C::SetRules { rules: ordered }, [E::RulesSet { rules }]) => are_rules(rules, ordered),
        (
            C::CreateSession { title: ordered, term: for_term, kind },
            [E::SessionCreated { title, term, session_kind, .. }],
        ) => same(title, ordered) && same(term, for_term) && kind.unwrap_or_default() == *session_kind,
        (
            C::PrepareSitting { title: ordered, planned_at: for_when, closed_doors: closed },
            [E::SittingPrepared { title, planned_at, closed_doors, .. }],
        ) => same(title, ordered) && planned_at == for_when && closed_doors == closed,
        (
            C::OpenSitting { title: Some(ordered), sitting: None, closed_doors: closed },
            [E::SittingOpened { title, closed_doors, .. }],
        ) => same(title, ordered) && closed == closed_doors,
        // That it has the title it was prepared with, the fold says.
        (
            C::OpenSitting { title: None, sitting: Some(ordered), closed_doors: closed },
            [E::SittingOpened { sitting, closed_doors, .. }],
        ) => sitting == ordered && (*closed_doors || !closed),
        (
            C::SuspendSitting { cause: why, reason: told, until: when },
            [before @ .., E::SittingSuspended { cause, reason, until, .. }],
        ) => cause == why && same_option(reason, told) && until == when && stands_still(before, told),
        (C::ResumeSitting {}, [E::SittingResumed { .. }])
        | (C::CloseSitting {}, [E::SittingClosed { .. }] | [E::ItemFinished { .. }, E::SittingClosed { .. }]) => true,
        _ => false,
    }
}

/// What comes before a suspension: whoever speaks is paused, an open ballot is held. That each was running, the fold says.
fn stands_still(events: &[Event], told: &Option<String>) -> bool {
    let events = match events {
        [Event::SpeechPaused { spent_ms: None, .. }, rest @ ..] => rest,
        all => all,
    };
    match events {
        [] => true,
        [Event::BallotHeld { cause: HoldCause::Chair, reason, .. }] => same_option(reason, told),
        _ => false,
    }
}

/// All figures as they were signed, and the words of the answers.
fn are_rules(recorded: &RulesProfile, signed: &RulesProfile) -> bool {
    let are_answers = recorded.answers.len() == signed.answers.len()
        && recorded
            .answers
            .iter()
            .zip(&signed.answers)
            .all(|(recorded, signed)| recorded.key == signed.key && same(&recorded.meaning, &signed.meaning));
    are_answers && RulesProfile { answers: recorded.answers.clone(), ..signed.clone() } == *recorded
}
