//! Who presides.

use super::Decision;
use crate::chamber::command::Actor;
use crate::chamber::event::Event;
use crate::chamber::ids::PersonId;
use crate::chamber::refusal::Refusal;
use crate::chamber::state::Chamber;
use crate::chamber::texts;

pub(super) fn take_gavel(chamber: &Chamber, by: &Actor, reason: Option<&str>) -> Decision {
    let Actor::Person(person) = by else {
        return Err(Refusal::NotAllowed);
    };
    if chamber.gavel.as_ref() == Some(person) {
        return Err(Refusal::GavelHeld);
    }
    let reason = texts::optional_reason(reason)?;
    if chamber.gavel.is_some() && reason.is_none() {
        return Err(Refusal::ReasonNeeded);
    }
    Ok(vec![Event::GavelTaken { person: person.clone(), from: chamber.gavel.clone(), reason }])
}

pub(super) fn hand_gavel(chamber: &Chamber, to: &PersonId) -> Decision {
    let from = chamber.gavel.as_ref().ok_or(Refusal::GavelNeeded)?;
    if chamber.person(to).is_none() {
        return Err(Refusal::UnknownPerson);
    }
    if !chamber.is_chair(to) {
        return Err(Refusal::NotAllowed);
    }
    if from == to {
        return Err(Refusal::GavelHeld);
    }
    Ok(vec![Event::GavelHanded { from: from.clone(), to: to.clone() }])
}
