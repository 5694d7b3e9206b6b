//! Sessions and sittings: prepared, opened, suspended, resumed, closed.

use super::agenda::{item_ends, no_ballot_runs};
use super::{Decision, moment};
use crate::chamber::agenda::{SessionKind, Sitting, SuspensionCause};
use crate::chamber::ballot::HoldCause;
use crate::chamber::event::Event;
use crate::chamber::ids::{Millis, SessionId, SittingId};
use crate::chamber::limits;
use crate::chamber::refusal::Refusal;
use crate::chamber::state::{Chamber, next_number};
use crate::chamber::texts;

/// A session follows another once that one has sat and no sitting is open. Sittings of it that were only prepared do not
/// hold up the next session; they are never opened.
pub(super) fn create_session(chamber: &Chamber, title: &str, term: &str, kind: SessionKind) -> Decision {
    if chamber.sitting().is_some() {
        return Err(Refusal::SittingOpen);
    }
    if let Some(session) = chamber.session()
        && !chamber.sittings.iter().any(|sitting| sitting.session == session.id && sitting.opened_at.is_some())
    {
        return Err(Refusal::SessionExists);
    }
    Ok(vec![Event::SessionCreated {
        session: SessionId::numbered('s', next_number(&chamber.sessions)),
        title: texts::line(title, limits::HEADING_CHARS)?,
        term: texts::label(term, limits::HEADING_CHARS)?,
        session_kind: kind,
    }])
}

pub(super) fn prepare(chamber: &Chamber, title: &str, planned_at: Option<Millis>, closed_doors: bool) -> Decision {
    let session = chamber.session().ok_or(Refusal::NoSession)?;
    has_room(chamber, &session.id)?;
    Ok(vec![Event::SittingPrepared {
        sitting: SittingId::numbered('t', next_number(&chamber.sittings)),
        session: session.id.clone(),
        title: texts::line(title, limits::HEADING_CHARS)?,
        planned_at: moment(planned_at)?,
        closed_doors,
    }])
}

pub(super) fn open(
    chamber: &Chamber,
    sitting: Option<&SittingId>,
    title: Option<&str>,
    closed_doors: bool,
) -> Decision {
    let session = chamber.session().ok_or(Refusal::NoSession)?;
    if chamber.sitting().is_some() {
        return Err(Refusal::SittingOpen);
    }
    let Some(sitting) = sitting else {
        has_room(chamber, &session.id)?;
        return Ok(vec![Event::SittingOpened {
            sitting: SittingId::numbered('t', next_number(&chamber.sittings)),
            session: session.id.clone(),
            title: texts::line(title.unwrap_or_default(), limits::HEADING_CHARS)?,
            closed_doors,
        }]);
    };
    let prepared = chamber.prepared_sittings().find(|prepared| prepared.id == *sitting);
    let prepared = prepared.ok_or(Refusal::UnknownSitting)?;
    // What was prepared is what is opened: another title, or doors that were to stay open, is a mistake to be told.
    if title.is_some() || (closed_doors && !prepared.closed_doors) {
        return Err(Refusal::BadText);
    }
    Ok(vec![Event::SittingOpened {
        sitting: prepared.id.clone(),
        session: prepared.session.clone(),
        title: prepared.title.clone(),
        closed_doors: prepared.closed_doors,
    }])
}

/// Whoever speaks is stopped in the middle and goes on later; a ballot keeps the time it had left. Both wait for the chair
/// once the sitting is resumed.
pub(super) fn suspend(
    chamber: &Chamber,
    now: Millis,
    cause: SuspensionCause,
    reason: Option<&str>,
    until: Option<Millis>,
) -> Decision {
    let sitting = sits(chamber)?;
    let reason = texts::optional_reason(reason)?;
    let until = moment(until)?;
    if until.is_some_and(|until| until <= now) {
        return Err(Refusal::BadDate);
    }
    let running = chamber.speech().filter(|speech| speech.running_since.is_some());
    let paused = running.map(|speech| Event::SpeechPaused { speech: speech.id.clone(), spent_ms: None });
    let held = chamber.open_ballot().map(|ballot| Event::BallotHeld {
        ballot: ballot.id.clone(),
        cause: HoldCause::Chair,
        reason: reason.clone(),
        remaining_ms: ballot.closes_at.map(|closes_at| closes_at.since(now)),
    });
    let suspended = Event::SittingSuspended { sitting: sitting.id.clone(), cause, reason, until };
    Ok(paused.into_iter().chain(held).chain([suspended]).collect())
}

pub(super) fn resume(chamber: &Chamber) -> Decision {
    let sitting = chamber.sitting().ok_or(Refusal::NoSitting)?;
    if sitting.suspension.is_none() {
        return Err(Refusal::SittingNotSuspended);
    }
    Ok(vec![Event::SittingResumed { sitting: sitting.id.clone() }])
}

/// Also while it is suspended. The current item ends with the sitting; the next sitting may start it again.
pub(super) fn close(chamber: &Chamber, now: Millis) -> Decision {
    let sitting = chamber.sitting().ok_or(Refusal::NoSitting)?;
    no_ballot_runs(chamber)?;
    let closed = Event::SittingClosed { sitting: sitting.id.clone() };
    Ok(item_ends(chamber, now).into_iter().chain([closed]).collect())
}

/// The sitting, open and not suspended: whatever moves the hall on needs it.
pub(super) fn sits(chamber: &Chamber) -> Result<&Sitting, Refusal> {
    let sitting = chamber.sitting().ok_or(Refusal::NoSitting)?;
    if sitting.suspension.is_some() { Err(Refusal::SittingSuspended) } else { Ok(sitting) }
}

fn has_room(chamber: &Chamber, session: &SessionId) -> Result<(), Refusal> {
    let sittings = chamber.sittings.iter().filter(|sitting| sitting.session == *session).count();
    if sittings < limits::SITTINGS { Ok(()) } else { Err(Refusal::TooManyItems) }
}
