//! What must hold in every state a chamber can reach. Tests and the simulator check it after every event.

use super::ballot::{Ballot, BallotState};
use super::roll::Office;
use super::state::{Chamber, small};
use std::collections::BTreeSet;

/// An invariant that does not hold, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    #[error("more than one ballot runs")]
    TwoBallots,
    #[error("ballot {0} runs without a sitting, or its item is not the current one")]
    StrayBallot(String),
    #[error("more than one item is current, or one is without a sitting")]
    StrayItem,
    #[error("the gavel is held by somebody who is not a chair on the roll")]
    StrayGavel,
    #[error("two people hold one seat")]
    TwoInASeat,
    #[error("there are more delegates than seats")]
    TooManyDelegates,
    #[error("somebody who is not on the roll has a device, or two people one key")]
    StrayDevice,
    #[error("ballot {0}: not votes ≤ present ≤ in office ≤ seats")]
    Bounds(String),
    #[error("ballot {0}: the tally is not the count of its votes")]
    Tally(String),
    #[error("ballot {0}: the delegates at its closing are not those it counted")]
    Delegates(String),
    #[error("ballot {0}: a vote by somebody who was not present or never on the roll, or for no answer")]
    StrayVote(String),
    #[error("ballot {0}: its state and what it carries do not go together")]
    State(String),
    #[error("ballot {0} was sealed and changed")]
    Unsealed(String),
}

/// Checks one state.
///
/// # Errors
/// The first invariant found broken.
pub fn check(chamber: &Chamber) -> Result<(), Violation> {
    check_roll(chamber)?;
    let current = chamber.items.iter().filter(|item| item.state == super::agenda::ItemState::Current).count();
    demand(current <= usize::from(chamber.sitting().is_some()), || Violation::StrayItem)?;
    let gavel_fits = chamber.gavel.as_ref().is_none_or(|holder| chamber.holds_office(holder, Office::Chair));
    demand(gavel_fits, || Violation::StrayGavel)?;

    let running = chamber.ballots.iter().filter(|ballot| ballot.is_running()).count();
    demand(running <= 1, || Violation::TwoBallots)?;
    demand(running == usize::from(chamber.running_ballot().is_some()), || Violation::TwoBallots)?;
    chamber.ballots.iter().try_for_each(|ballot| check_ballot(chamber, ballot))
}

/// Checks that nothing sealed in `before` is different in `after`: an announced result stays as it is, but that it may
/// be annulled; an annulled one stays for ever.
///
/// # Errors
/// The first ballot that changed.
pub fn check_sealed(before: &Chamber, after: &Chamber) -> Result<(), Violation> {
    for (n, sealed) in before.ballots.iter().enumerate().filter(|(_, ballot)| ballot.is_sealed()) {
        let annulled =
            after.ballots.get(n).map(|now| Ballot { state: now.state, reason: now.reason.clone(), ..sealed.clone() });
        let kept = after.ballots.get(n) == Some(sealed)
            || (sealed.state == BallotState::Announced
                && annulled.as_ref() == after.ballots.get(n)
                && annulled.is_some_and(|now| now.state == BallotState::Annulled && now.reason.is_some()));
        demand(kept, || Violation::Unsealed(sealed.id.to_string()))?;
    }
    Ok(())
}

fn check_roll(chamber: &Chamber) -> Result<(), Violation> {
    let seats: BTreeSet<_> = chamber.roll.delegates().filter_map(|person| person.seat.as_ref()).collect();
    demand(seats.len() == chamber.roll.in_office(), || Violation::TwoInASeat)?;
    demand(chamber.in_office() <= chamber.seats(), || Violation::TooManyDelegates)?;
    let keys: BTreeSet<_> = chamber.roll.devices.values().map(|device| &device.key).collect();
    let devices_fit = keys.len() == chamber.roll.devices.len()
        && chamber.roll.devices.iter().all(|(person, device)| {
            chamber.person(person).is_some() && chamber.roll.keys.get(&device.key) == Some(person)
        });
    demand(devices_fit, || Violation::StrayDevice)
}

fn check_ballot(chamber: &Chamber, ballot: &Ballot) -> Result<(), Violation> {
    let id = || ballot.id.to_string();
    if ballot.is_running() {
        let is_placed = chamber.sitting().is_some() && chamber.is_current(&ballot.item);
        demand(is_placed, || Violation::StrayBallot(id()))?;
    }
    check_state(ballot).then_some(()).ok_or_else(|| Violation::State(id()))?;

    let question = chamber.question(&ballot.question).ok_or_else(|| Violation::StrayBallot(id()))?;
    let is_counted = |(person, vote): (&_, &super::ballot::Vote)| {
        ballot.present.contains(person)
            && chamber.person_ever(person).is_some()
            && question.answers.iter().any(|answer| answer.key == vote.answer)
            && vote.turn > 0
            && (vote.turn == 1 || question.change_allowed)
    };
    demand(ballot.votes.iter().all(is_counted), || Violation::StrayVote(id()))?;

    let Some(counted) = chamber.tally(&ballot.id) else {
        return Ok(());
    };
    let is_fold = counted.answers == ballot.count(question)
        && counted.took_part() == small(ballot.votes.len())
        && counted.present == small(ballot.present.len());
    demand(is_fold, || Violation::Tally(id()))?;
    let is_frozen = ballot.outcome.as_ref().is_none_or(|outcome| {
        small(outcome.delegates.len()) == counted.in_office
            && ballot.present.iter().all(|id| outcome.delegates.iter().any(|delegate| delegate.id == *id))
    });
    demand(is_frozen, || Violation::Delegates(id()))?;
    let is_bounded = counted.took_part() <= counted.present
        && counted.present <= counted.in_office
        && counted.in_office <= counted.seats;
    demand(is_bounded, || Violation::Bounds(id()))
}

/// A deadline only while open, a rest and a hold only while on hold, a result from the closing on, a verdict from the
/// confirmation on, a reason where it ended by one.
fn check_state(ballot: &Ballot) -> bool {
    let is_open = ballot.state == BallotState::Open;
    let on_hold = ballot.state == BallotState::OnHold;
    let has_verdict = ballot.outcome.as_ref().is_some_and(|outcome| outcome.verdict.is_some());
    let ended_by_reason = matches!(ballot.state, BallotState::Voided | BallotState::Annulled);
    let result_fits = match ballot.state {
        BallotState::Open | BallotState::OnHold => ballot.outcome.is_none(),
        BallotState::Closed => ballot.outcome.is_some() && !has_verdict,
        BallotState::Confirmed | BallotState::Announced | BallotState::Annulled => has_verdict,
        BallotState::Voided => true,
    };
    (is_open || ballot.closes_at.is_none())
        && (on_hold || ballot.remaining_ms.is_none())
        && on_hold == ballot.hold.is_some()
        && ended_by_reason == ballot.reason.is_some()
        && result_fits
}

fn demand(holds: bool, violation: impl FnOnce() -> Violation) -> Result<(), Violation> {
    if holds { Ok(()) } else { Err(violation()) }
}
