//! The hall as it is now.

use super::result::{counts, result, threshold};
use super::{Store, words};
use crate::chamber::Chamber;
use crate::chamber::ballot::{self, Ballot};
use crate::chamber::majority::Threshold;
use crate::chamber::rules::{Base, MajorityRule, TieRule};
use crate::wire::views::*;

pub fn live(chamber: &Chamber, store: Store) -> LiveView {
    let wall = chamber.wall();
    LiveView {
        sitting: chamber.sitting().map(|sitting| SittingView {
            id: sitting.id.to_string(),
            title: sitting.title.clone(),
            opened_at: sitting.opened_at.0,
        }),
        gavel: chamber.gavel().map(|person| PersonRef { id: person.id.to_string(), name: person.name.clone() }),
        attendance: attendance(chamber),
        item: chamber.current_item().map(|item| item.item.id.to_string()),
        ballot: chamber.shown_ballot().map(|ballot| ballot_view(chamber, ballot, store)),
        wall: WallView { mode: words::wall_mode(wall.mode), since: wall.since.0 },
    }
}

fn attendance(chamber: &Chamber) -> AttendanceView {
    let count = chamber.attendance();
    let quorum = chamber.council().zip(chamber.quorum());
    AttendanceView {
        seats: chamber.seats(),
        in_office: chamber.in_office(),
        present: count.present,
        excused: count.excused,
        absent: count.absent,
        quorum: match quorum {
            Some((council, quorum)) => threshold(&council.rules.quorum, &quorum),
            None => threshold(&NO_RULE, &Threshold { base_count: 0, needed: 1, count: 0 }),
        },
        quorate: chamber.is_quorate(),
    }
}

/// Shown only before a council is founded, when there is nothing to count.
const NO_RULE: MajorityRule = MajorityRule {
    numerator: 1,
    denominator: 1,
    base: Base::AllSeats,
    constant: 0,
    strict: false,
    tie: TieRule::Fails,
};

fn ballot_view(chamber: &Chamber, ballot: &Ballot, store: Store) -> BallotView {
    let mut view = BallotView {
        id: ballot.id.to_string(),
        question: ballot.question.to_string(),
        item: ballot.item.to_string(),
        round: ballot.round,
        state: words::ballot_state(ballot.state),
        document_sha256: ballot.document_sha256.clone(),
        opened_at: ballot.opened_at.0,
        closes_at: ballot.closes_at.filter(|_| ballot.state == ballot::BallotState::Open).map(|at| at.0),
        remaining_ms: ballot.remaining_ms.filter(|_| ballot.state == ballot::BallotState::OnHold),
        length_ms: ballot.length_ms,
        hold_cause: ballot.hold.as_ref().map(|hold| match hold.cause {
            ballot::HoldCause::Chair => HoldCause::Chair,
            ballot::HoldCause::StoreUnavailable => HoldCause::StoreUnavailable,
        }),
        received: u32::try_from(ballot.votes.len()).unwrap_or(u32::MAX),
        present: u32::try_from(ballot.present.len()).unwrap_or(u32::MAX),
        split: split(chamber, ballot),
        result: result(chamber, ballot),
        reason: ballot.reason.clone(),
    };
    // While nothing can be written the countdown stands still on every screen, as it will in the record once it is back.
    if let (Store::AwaySince(since), BallotState::Open) = (store, view.state) {
        view.state = BallotState::OnHold;
        view.hold_cause = Some(HoldCause::StoreUnavailable);
        view.remaining_ms = ballot.closes_at.map(|closes_at| closes_at.since(since));
        view.closes_at = None;
    }
    view
}

pub(super) fn split(chamber: &Chamber, ballot: &Ballot) -> Option<Vec<AnswerCount>> {
    let question = chamber.question(&ballot.question)?;
    (question.show_split && ballot.is_taking_votes()).then(|| counts(&ballot.count(question)))
}
