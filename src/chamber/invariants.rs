//! What must hold in every state a chamber can reach. Tests and the simulator check it after every event.

mod speaking;

use super::agenda::AgendaItem;
use super::ballot::{Ballot, BallotForm, BallotState, Question, QuestionForm, Verdict};
use super::ids::{AnswerKey, QuestionId, SessionId};
use super::limits;
use super::state::{Chamber, small};
use super::wall::MAIN_WALL;
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
    #[error("more than one sitting is open, or one that was not opened is closed or suspended")]
    StraySitting,
    #[error("the sitting is suspended and a ballot is open or a speech's clock runs")]
    Restless,
    #[error("item {0} does not follow what it stands under, or stands too deep")]
    Misplaced(String),
    #[error("item {0} is shown to the public and stands under one that is not, or is marked closed")]
    Exposed(String),
    #[error("two walls have one id or one name")]
    TwoWalls,
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
    #[error("ballot {0}: what it chose is not among its answers, too many, or does not go with its verdict")]
    Chosen(String),
    #[error("question {0} was decided twice, by itself and in a bloc")]
    DecidedTwice(String),
    #[error("a list, a queue, a round or a speech outlived its item")]
    StrayDebate,
    #[error("somebody waits twice, or out of order, or is not on the roll")]
    Queue,
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
    check_sittings(chamber)?;
    check_agenda(chamber)?;
    check_walls(chamber)?;
    let gavel_fits = chamber.gavel.as_ref().is_none_or(|holder| chamber.is_chair(holder));
    demand(gavel_fits, || Violation::StrayGavel)?;
    speaking::check(chamber)?;

    let running = chamber.ballots.iter().filter(|ballot| ballot.is_running()).count();
    demand(running <= 1, || Violation::TwoBallots)?;
    demand(running == usize::from(chamber.running_ballot().is_some()), || Violation::TwoBallots)?;
    check_decided_once(chamber)?;
    chamber.ballots.iter().try_for_each(|ballot| check_ballot(chamber, ballot))
}

/// Checks that nothing sealed in `before` is different in `after`: an announced result stays as it is, but that it may
/// be annulled; an annulled one stays for ever.
///
/// # Errors
/// The first ballot that changed.
pub fn check_sealed(before: &Chamber, after: &Chamber) -> Result<(), Violation> {
    for (n, sealed) in before.ballots.iter().enumerate().filter(|(_, ballot)| ballot.is_sealed()) {
        let now = after.ballots.get(n);
        let annulled = now.map(|now| Ballot { state: now.state, reason: now.reason.clone(), ..Ballot::clone(sealed) });
        let kept = now == Some(sealed)
            || (sealed.state == BallotState::Announced
                && annulled.as_ref() == now.map(AsRef::as_ref)
                && annulled.is_some_and(|now| now.state == BallotState::Annulled && now.reason.is_some()));
        demand(kept, || Violation::Unsealed(sealed.id.to_string()))?;
    }
    Ok(())
}

fn check_sittings(chamber: &Chamber) -> Result<(), Violation> {
    let open = chamber.sittings.iter().filter(|sitting| sitting.opened_at.is_some() && sitting.closed_at.is_none());
    let is_whole = open.count() <= 1
        && chamber.sittings.iter().all(|sitting| {
            let is_known = chamber.sessions.iter().any(|session| session.id == sitting.session);
            // Only what was opened can be closed, and only what is open suspended.
            let is_open = sitting.opened_at.is_some() && sitting.closed_at.is_none();
            is_known
                && (sitting.closed_at.is_none() || sitting.opened_at.is_some())
                && (sitting.suspension.is_none() || is_open)
        });
    demand(is_whole, || Violation::StraySitting)?;
    let runs = chamber.speech().is_some_and(|speech| speech.running_since.is_some());
    demand(!chamber.is_suspended() || (chamber.open_ballot().is_none() && !runs), || Violation::Restless)
}

/// One session's items stand together, each after what it stands under, and nothing under a hidden item is shown.
fn check_agenda(chamber: &Chamber) -> Result<(), Violation> {
    let mut seen = BTreeSet::new();
    let mut sessions: Vec<&SessionId> = Vec::new();
    // The way from the top down to the last item.
    let mut line: Vec<&AgendaItem> = Vec::new();
    for item in &chamber.items {
        let id = || item.item.id.to_string();
        if sessions.last() != Some(&&item.session) {
            demand(!sessions.contains(&&item.session), || Violation::Misplaced(id()))?;
            sessions.push(&item.session);
            line.clear();
        }
        let depth = match &item.item.parent {
            None => 0,
            Some(parent) => line.iter().rposition(|above| above.item.id == *parent).map_or(usize::MAX, |at| at + 1),
        };
        let is_placed = depth <= limits::AGENDA_DEPTH && seen.insert(&item.item.id);
        demand(is_placed, || Violation::Misplaced(id()))?;
        line.truncate(depth);
        let must_hide = item.item.closed || line.last().is_some_and(|above| above.hidden);
        demand(item.hidden || !must_hide, || Violation::Exposed(id()))?;
        line.push(item);
    }
    Ok(())
}

fn check_walls(chamber: &Chamber) -> Result<(), Violation> {
    let ids: BTreeSet<&str> = chamber.walls.others.iter().map(|wall| wall.id.as_str()).collect();
    let names: BTreeSet<&str> = chamber.walls.others.iter().map(|wall| wall.name.as_str()).collect();
    let walls = chamber.walls.others.len();
    demand(ids.len() == walls && names.len() == walls && !ids.contains(MAIN_WALL), || Violation::TwoWalls)
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
            && question.takes(&vote.answer, &vote.more)
            && question.has_enough(&vote.answer, &vote.more)
            && vote.turn > 0
            && (vote.turn == 1 || question.change_allowed)
    };
    demand(ballot.votes.iter().all(is_counted), || Violation::StrayVote(id()))?;

    let Some(counted) = chamber.tally(&ballot.id) else {
        return Ok(());
    };
    let is_count = match ballot.form {
        BallotForm::Electronic => {
            counted.answers == ballot.count(question) && counted.took_part() == small(ballot.votes.len())
        }
        form => ballot.votes.is_empty() && question.can_be_counted(form, &counted, ballot.papers.as_ref()),
    };
    demand(is_count && counted.present == small(ballot.present.len()), || Violation::Tally(id()))?;
    demand(check_chosen(ballot, question), || Violation::Chosen(id()))?;
    let is_frozen = ballot.outcome.as_ref().is_none_or(|outcome| {
        let entitled = || outcome.delegates.iter().filter(|delegate| question.entitles(delegate));
        small(entitled().count()) == counted.in_office
            && ballot.present.iter().all(|id| entitled().any(|delegate| delegate.id == *id))
    });
    demand(is_frozen, || Violation::Delegates(id()))?;
    let is_bounded = counted.took_part() <= counted.present
        && counted.present <= counted.in_office
        && counted.in_office <= counted.seats;
    demand(is_bounded, || Violation::Bounds(id()))
}

/// Only answers that can win, each once, no more than there are places; and where there are places, nothing is adopted
/// without somebody to fill one.
fn check_chosen(ballot: &Ballot, question: &Question) -> bool {
    let Some(outcome) = &ballot.outcome else { return true };
    let distinct: BTreeSet<_> = outcome.chosen.iter().collect();
    let is_choosable = |key: &AnswerKey| question.has_answer(key) && key.as_str() != AnswerKey::ABSTAIN;
    let fits_verdict = match question.form {
        QuestionForm::Motion => outcome.chosen.is_empty(),
        QuestionForm::Choice | QuestionForm::Election { .. } => {
            (outcome.verdict == Some(Verdict::Adopted)) != outcome.chosen.is_empty()
        }
    };
    distinct.len() == outcome.chosen.len()
        && small(distinct.len()) <= question.form.choices()
        && outcome.chosen.iter().all(is_choosable)
        && fits_verdict
}

/// A question is decided by one ballot: its own, or that of one bloc.
fn check_decided_once(chamber: &Chamber) -> Result<(), Violation> {
    let standing = |question: &QuestionId| {
        let last = chamber.rounds(question).next_back();
        last.is_some_and(|last| !matches!(last.state, BallotState::Voided | BallotState::Annulled))
    };
    for bloc in chamber.questions.iter().filter(|bloc| !bloc.bloc.is_empty() && standing(&bloc.id)) {
        for part in &bloc.bloc {
            let is_this = chamber.bloc_of(&part.question).is_some_and(|newest| newest.id == bloc.id);
            demand(is_this && !standing(&part.question), || Violation::DecidedTwice(part.question.to_string()))?;
        }
    }
    Ok(())
}

/// A deadline only while open, a rest and a hold only while on hold, a result from the closing on, a verdict from the
/// confirmation on, a reason where it ended by one, somebody who recorded it where people counted.
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
    let is_electronic = ballot.form == BallotForm::Electronic;
    is_electronic == ballot.recorded_by.is_none()
        && (ballot.form == BallotForm::Paper) == ballot.papers.is_some()
        && (is_open || ballot.closes_at.is_none())
        && (on_hold || ballot.remaining_ms.is_none())
        && on_hold == ballot.hold.is_some()
        && ended_by_reason == ballot.reason.is_some()
        && result_fits
}

fn demand(holds: bool, violation: impl FnOnce() -> Violation) -> Result<(), Violation> {
    if holds { Ok(()) } else { Err(violation()) }
}
