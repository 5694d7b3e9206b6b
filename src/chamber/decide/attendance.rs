//! Coming, going, being excused.

use super::Decision;
use crate::chamber::attendance::PresenceState;
use crate::chamber::command::Actor;
use crate::chamber::event::Event;
use crate::chamber::ids::PersonId;
use crate::chamber::limits;
use crate::chamber::refusal::Refusal;
use crate::chamber::roll::Person;
use crate::chamber::state::Chamber;
use crate::chamber::texts;

pub(super) fn check_in(chamber: &Chamber, by: &Actor, person: &PersonId, reason: Option<&str>) -> Decision {
    let delegate = delegate_of_sitting(chamber, person)?;
    if chamber.is_present(&delegate.id) {
        return Err(Refusal::AlreadyPresent);
    }
    let reason = reason_by(by, person, reason)?;
    Ok(vec![Event::CheckedIn { person: person.clone(), reason }])
}

pub(super) fn check_out(chamber: &Chamber, by: &Actor, person: &PersonId, reason: Option<&str>) -> Decision {
    let delegate = delegate_of_sitting(chamber, person)?;
    if !chamber.is_present(&delegate.id) {
        return Err(Refusal::NotPresent);
    }
    let reason = reason_by(by, person, reason)?;
    has_changes_left(chamber, person)?;
    Ok(vec![Event::CheckedOut { person: person.clone(), reason }])
}

/// Also ahead of a sitting that is prepared: then it goes with the next one that opens. Again with another reason corrects
/// the first.
pub(super) fn excuse(chamber: &Chamber, person: &PersonId, reason: &str) -> Decision {
    let delegate = delegate(chamber, person)?;
    if !chamber.may_be_excused() {
        return Err(Refusal::NoSitting);
    }
    if chamber.presence(&delegate.id).state == PresenceState::Present {
        return Err(Refusal::AlreadyPresent);
    }
    let reason = texts::reason(reason)?;
    has_changes_left(chamber, person)?;
    Ok(vec![Event::Excused { person: person.clone(), reason }])
}

/// Coming in is never refused for this: it only follows a going out.
fn has_changes_left(chamber: &Chamber, person: &PersonId) -> Result<(), Refusal> {
    let changes = chamber.presence(person).changes;
    if changes < limits::ATTENDANCE_CHANGES { Ok(()) } else { Err(Refusal::TooManyChanges) }
}

fn delegate<'a>(chamber: &'a Chamber, person: &PersonId) -> Result<&'a Person, Refusal> {
    let person = chamber.person(person).ok_or(Refusal::UnknownPerson)?;
    if person.is_delegate() { Ok(person) } else { Err(Refusal::NotADelegate) }
}

fn delegate_of_sitting<'a>(chamber: &'a Chamber, person: &PersonId) -> Result<&'a Person, Refusal> {
    let person = delegate(chamber, person)?;
    if chamber.sitting().is_none() {
        return Err(Refusal::NoSitting);
    }
    Ok(person)
}

/// Whoever acts for another says why.
fn reason_by(by: &Actor, person: &PersonId, reason: Option<&str>) -> Result<Option<String>, Refusal> {
    let reason = texts::optional_reason(reason)?;
    let is_self = matches!(by, Actor::Person(by) if by == person);
    if reason.is_none() && !is_self { Err(Refusal::ReasonNeeded) } else { Ok(reason) }
}
