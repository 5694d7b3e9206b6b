//! The course of a ballot: open ⇄ on hold → closed → confirmed → announced; voided before, annulled after.

use super::Decision;
use super::agenda::item_begins;
use super::sittings::sits;
use super::speaking::speech_ended;
use crate::chamber::ballot::{Ballot, BallotState, ClosedBy, HoldCause, Question, Verdict};
use crate::chamber::command::Actor;
use crate::chamber::event::Event;
use crate::chamber::ids::{BallotId, ItemId, Millis, QuestionId};
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
    let question = open_question(chamber, question)?;
    if needs_secret_ballot(chamber, question) {
        return Err(Refusal::FormNotSupported);
    }
    let round = next_round(chamber, council, question)?;
    let length_ms = millis(super::seconds(seconds.unwrap_or(question.seconds))?);
    let mut events = lead_to(chamber, now, &question.item);
    events.push(Event::BallotOpened {
        ballot: round.ballot,
        question: question.id.clone(),
        round: round.number,
        previous: round.previous,
        document_sha256: question.document_sha256.clone(),
        closes_at: (length_ms > 0).then(|| now.plus(length_ms)),
    });
    Ok(events)
}

/// A question of an item of the present session.
pub(super) fn open_question<'a>(chamber: &'a Chamber, question: &QuestionId) -> Result<&'a Question, Refusal> {
    let question = chamber.question(question).filter(|question| chamber.open_item(&question.item).is_some());
    question.ok_or(Refusal::UnknownQuestion)
}

pub(super) fn needs_secret_ballot(chamber: &Chamber, question: &Question) -> bool {
    chamber.item(&question.item).is_some_and(|item| item.item.needs_secret_ballot())
}

/// A round of voting that may begin.
pub(super) struct Round {
    pub ballot: BallotId,
    pub number: u32,
    pub previous: Option<BallotId>,
}

/// The next round on a question, whether it is taken on the tablets or counted by people.
pub(super) fn next_round(chamber: &Chamber, council: &Council, question: &Question) -> Result<Round, Refusal> {
    sits(chamber)?;
    if chamber.running_ballot().is_some() {
        return Err(Refusal::BallotRunning);
    }
    if chamber.is_put_to_the_vote(&question.id) {
        return Err(Refusal::QuestionDecided);
    }
    if !chamber.is_bloc_whole(question) {
        return Err(Refusal::BadBloc);
    }
    // The roll may have become another since.
    if chamber.bases_of(question).0 == 0 && !question.groups.is_empty() {
        return Err(Refusal::UnknownGroup);
    }
    if chamber.rounds_of_session() >= limits::ROUNDS {
        return Err(Refusal::TooManyItems);
    }
    if council.rules.quorum_enforced && !chamber.is_quorate() {
        return Err(Refusal::NotQuorate);
    }
    Ok(Round {
        ballot: BallotId::numbered('b', next_number(&chamber.ballots)),
        number: small(chamber.rounds(&question.id).count()).saturating_add(1),
        previous: chamber.rounds(&question.id).next_back().map(|last| last.id.clone()),
    })
}

/// What must end and begin before a vote on an item: a vote ends a speech, and where the hall is at another item, it goes on
/// to this one.
pub(super) fn lead_to(chamber: &Chamber, now: Millis, item: &ItemId) -> Vec<Event> {
    if chamber.is_current(item) {
        return speech_ended(chamber, now).into_iter().collect();
    }
    item_begins(chamber, now, item)
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
    sits(chamber)?;
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
    Ok(vec![confirmed(chamber, ballot, casting)?])
}

/// A closed ballot in which nothing is left for the chair to decide is confirmed and announced in one.
pub(super) fn announce(chamber: &Chamber, ballot: &BallotId) -> Decision {
    let ballot = known(chamber, ballot)?;
    let confirmed = match ballot.state {
        BallotState::Confirmed => None,
        BallotState::Closed => Some(confirmed(chamber, ballot, None)?),
        _ => return Err(Refusal::BallotNotConfirmed),
    };
    Ok(confirmed.into_iter().chain([Event::BallotAnnounced { ballot: ballot.id.clone() }]).collect())
}

fn confirmed(chamber: &Chamber, ballot: &Ballot, casting: Option<Verdict>) -> Result<Event, Refusal> {
    let judgement = chamber.judgement(&ballot.id).ok_or(Refusal::BallotNotClosed)?;
    let verdict = judgement.with_casting(casting).ok_or(if judgement.tie {
        Refusal::CastingVoteNeeded
    } else {
        Refusal::CastingVoteNotAllowed
    })?;
    Ok(Event::BallotConfirmed { ballot: ballot.id.clone(), verdict, casting, chosen: judgement.chosen })
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
