//! The course of a ballot: open ⇄ on hold → closed → confirmed → announced; voided before, annulled after.

use super::Decision;
use crate::chamber::ballot::{Ballot, BallotState, ClosedBy, HoldCause, Verdict};
use crate::chamber::command::Actor;
use crate::chamber::event::Event;
use crate::chamber::ids::{BallotId, Millis, QuestionId};
use crate::chamber::limits;
use crate::chamber::refusal::Refusal;
use crate::chamber::state::{Chamber, Council, next_number, small};
use crate::chamber::texts;

pub(super) fn open(
    chamber: &Chamber,
    council: &Council,
    now: Millis,
    question: &QuestionId,
    seconds: Option<u32>,
) -> Decision {
    let question = chamber.question(question).ok_or(Refusal::UnknownQuestion)?;
    if chamber.sitting().is_none() {
        return Err(Refusal::NoSitting);
    }
    if chamber.item(&question.item).is_some_and(|item| item.item.needs_secret_ballot()) {
        return Err(Refusal::FormNotSupported);
    }
    if chamber.running_ballot().is_some() {
        return Err(Refusal::BallotRunning);
    }
    if !chamber.is_current(&question.item) {
        return Err(Refusal::ItemNotCurrent);
    }
    let previous = chamber.rounds(&question.id).next_back();
    if previous.is_some_and(|last| !matches!(last.state, BallotState::Voided | BallotState::Annulled)) {
        return Err(Refusal::QuestionDecided);
    }
    if chamber.rounds_of_session() >= limits::ROUNDS {
        return Err(Refusal::TooManyItems);
    }
    if council.rules.quorum_enforced && !chamber.is_quorate() {
        return Err(Refusal::NotQuorate);
    }
    let length_ms = millis(super::seconds(seconds.unwrap_or(question.seconds))?);
    Ok(vec![Event::BallotOpened {
        ballot: BallotId::numbered('b', next_number(&chamber.ballots)),
        question: question.id.clone(),
        round: small(chamber.rounds(&question.id).count()).saturating_add(1),
        previous: previous.map(|last| last.id.clone()),
        document_sha256: question.document_sha256.clone(),
        closes_at: (length_ms > 0).then(|| now.plus(length_ms)),
    }])
}

pub(super) fn hold(chamber: &Chamber, now: Millis, ballot: &BallotId, reason: Option<&str>) -> Decision {
    let ballot = known(chamber, ballot)?;
    if !ballot.is_open_at(now) {
        return Err(Refusal::BallotNotOpen);
    }
    Ok(vec![Event::BallotHeld {
        ballot: ballot.id.clone(),
        cause: HoldCause::Chair,
        reason: texts::optional_reason(reason)?,
        remaining_ms: rest(ballot, now),
    }])
}

/// Also where the time ran out while nothing could be written: votes that were sent in time wait on the tablets, and the
/// chair decides whether they may still come.
/// The countdown stands where it was at `since`, when votes could last be taken.
pub(super) fn hold_for_store(chamber: &Chamber, since: Millis, ballot: &BallotId) -> Decision {
    let ballot = known(chamber, ballot)?;
    if ballot.state != BallotState::Open {
        return Err(Refusal::BallotNotOpen);
    }
    Ok(vec![Event::BallotHeld {
        ballot: ballot.id.clone(),
        cause: HoldCause::StoreUnavailable,
        reason: None,
        remaining_ms: rest(ballot, since).map(|rest| rest.max(limits::STORE_HOLD_REST_MS)),
    }])
}

pub(super) fn resume(chamber: &Chamber, now: Millis, ballot: &BallotId) -> Decision {
    let ballot = known(chamber, ballot)?;
    if ballot.state != BallotState::OnHold {
        return Err(Refusal::BallotNotOnHold);
    }
    let closes_at = ballot.remaining_ms.map(|rest| now.plus(rest));
    Ok(vec![Event::BallotResumed { ballot: ballot.id.clone(), closes_at }])
}

pub(super) fn extend(chamber: &Chamber, now: Millis, ballot: &BallotId, seconds: u32) -> Decision {
    let ballot = known(chamber, ballot)?;
    if !(ballot.is_open_at(now) || ballot.state == BallotState::OnHold) {
        return Err(Refusal::BallotNotOpen);
    }
    let more = millis(super::seconds(seconds)?);
    // Nothing to add, or a ballot without a limit.
    if more == 0 || (ballot.closes_at.is_none() && ballot.remaining_ms.is_none()) {
        return Err(Refusal::BadDuration);
    }
    Ok(vec![Event::BallotExtended {
        ballot: ballot.id.clone(),
        seconds,
        closes_at: ballot.closes_at.map(|closes_at| closes_at.plus(more)),
        remaining_ms: ballot.remaining_ms.map(|rest| rest.saturating_add(more)),
    }])
}

/// By the chair at any time, also from hold; by the system when the time has come.
pub(super) fn close(chamber: &Chamber, now: Millis, by: &Actor, ballot: &BallotId) -> Decision {
    let ballot = known(chamber, ballot)?;
    if !ballot.is_taking_votes() {
        return Err(Refusal::BallotNotOpen);
    }
    let closed_by = match by {
        Actor::System if ballot.is_due(now) => ClosedBy::Time,
        Actor::System => return Err(Refusal::NotAllowed),
        Actor::Person(_) | Actor::Operator => ClosedBy::Chair,
    };
    let counted = chamber.tally(&ballot.id).ok_or(Refusal::UnknownBallot)?;
    Ok(vec![Event::BallotClosed { ballot: ballot.id.clone(), closed_by, counted }])
}

pub(super) fn confirm(chamber: &Chamber, ballot: &BallotId, casting: Option<Verdict>) -> Decision {
    let ballot = known(chamber, ballot)?;
    if ballot.state != BallotState::Closed {
        return Err(Refusal::BallotNotClosed);
    }
    let judgement = chamber.judgement(&ballot.id).ok_or(Refusal::BallotNotClosed)?;
    let verdict = judgement.with_casting(casting).ok_or(if judgement.tie {
        Refusal::CastingVoteNeeded
    } else {
        Refusal::CastingVoteNotAllowed
    })?;
    Ok(vec![Event::BallotConfirmed { ballot: ballot.id.clone(), verdict, casting }])
}

pub(super) fn announce(chamber: &Chamber, ballot: &BallotId) -> Decision {
    let ballot = known(chamber, ballot)?;
    if ballot.state != BallotState::Confirmed {
        return Err(Refusal::BallotNotConfirmed);
    }
    Ok(vec![Event::BallotAnnounced { ballot: ballot.id.clone() }])
}

pub(super) fn void(chamber: &Chamber, ballot: &BallotId, reason: &str) -> Decision {
    let ballot = known(chamber, ballot)?;
    match ballot.state {
        BallotState::Announced | BallotState::Annulled => Err(Refusal::BallotSealed),
        BallotState::Voided => Err(Refusal::BallotVoided),
        BallotState::Open | BallotState::OnHold | BallotState::Closed | BallotState::Confirmed => {
            Ok(vec![Event::BallotVoided { ballot: ballot.id.clone(), reason: texts::ending_reason(reason)? }])
        }
    }
}

pub(super) fn annul(chamber: &Chamber, ballot: &BallotId, reason: &str) -> Decision {
    let ballot = known(chamber, ballot)?;
    match ballot.state {
        BallotState::Announced => {
            Ok(vec![Event::BallotAnnulled { ballot: ballot.id.clone(), reason: texts::ending_reason(reason)? }])
        }
        BallotState::Voided => Err(Refusal::BallotVoided),
        _ => Err(Refusal::BallotNotAnnounced),
    }
}

fn known<'a>(chamber: &'a Chamber, ballot: &BallotId) -> Result<&'a Ballot, Refusal> {
    chamber.ballot(ballot).ok_or(Refusal::UnknownBallot)
}

fn rest(ballot: &Ballot, now: Millis) -> Option<u64> {
    ballot.closes_at.map(|closes_at| closes_at.since(now))
}

fn millis(seconds: u32) -> u64 {
    u64::from(seconds) * 1_000
}
