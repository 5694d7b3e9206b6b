//! The hall as it is now.

use super::result::{counts, result, threshold};
use super::{Eyes, Store, words};
use crate::chamber::Chamber;
use crate::chamber::agenda;
use crate::chamber::ballot::{self, Ballot};
use crate::chamber::majority::Threshold;
use crate::chamber::rules::{Base, MajorityRule, TieRule};
use crate::chamber::wall;
use crate::wire::views::*;

pub fn live(chamber: &Chamber, store: Store, eyes: Eyes) -> LiveView {
    let closed_doors = chamber.is_behind_closed_doors();
    if closed_doors && eyes == Eyes::Public {
        return behind_closed_doors(chamber);
    }
    let is_told = |ballot: &&Ballot| eyes == Eyes::Hall || !ballot.closed_doors;
    LiveView {
        sitting: chamber.sitting().map(|sitting| self::sitting(sitting, eyes)),
        gavel: chamber.gavel().map(|person| PersonRef { id: person.id.to_string(), name: person.name.clone() }),
        attendance: attendance(chamber),
        item: chamber.current_item().map(|item| item.item.id.to_string()),
        ballot: chamber.shown_ballot().filter(is_told).map(|ballot| ballot_view(chamber, ballot, store)),
        wall: shown(chamber.wall()),
        walls: chamber
            .other_walls()
            .iter()
            .map(|wall| NamedWallView {
                id: wall.id.to_string(),
                name: wall.name.clone(),
                own: wall.own.as_ref().map(shown),
            })
            .collect(),
        ticker: chamber.ticker().map(str::to_string),
        closed_doors,
    }
}

/// That there is a sitting and since when, and nothing else of it.
fn behind_closed_doors(chamber: &Chamber) -> LiveView {
    let untold = |sitting: &agenda::Sitting| SittingView {
        title: String::new(),
        suspension: None,
        ..self::sitting(sitting, Eyes::Public)
    };
    let quorum = threshold(&NO_RULE, &Threshold { base_count: 0, needed: 1, count: 0 });
    LiveView {
        sitting: chamber.sitting().map(untold),
        gavel: None,
        attendance: AttendanceView {
            seats: chamber.seats(),
            in_office: chamber.in_office(),
            present: 0,
            excused: 0,
            absent: 0,
            quorum,
            quorate: false,
        },
        item: None,
        ballot: None,
        // Not the wall's own time: it would tell whenever something happens.
        wall: WallView { mode: WallMode::Blank, card: None, since: chamber.closed_doors_since().0 },
        walls: Vec::new(),
        ticker: None,
        closed_doors: true,
    }
}

fn sitting(sitting: &agenda::Sitting, eyes: Eyes) -> SittingView {
    SittingView {
        id: sitting.id.to_string(),
        title: sitting.title.clone(),
        opened_at: sitting.opened_at.unwrap_or_default().0,
        closed_doors: sitting.closed_doors,
        suspension: sitting.suspension.as_ref().map(|suspension| SuspensionView {
            cause: match suspension.cause {
                agenda::SuspensionCause::Recess => SuspensionCause::Recess,
                agenda::SuspensionCause::Failure => SuspensionCause::Failure,
            },
            reason: suspension.reason.clone().filter(|_| eyes == Eyes::Hall || !suspension.closed_doors),
            since: suspension.since.0,
            until: suspension.until.map(|at| at.0),
        }),
    }
}

fn shown(shown: &wall::Shown) -> WallView {
    WallView {
        mode: words::wall_mode(shown.mode),
        card: shown.card.as_ref().map(|card| CardView {
            title: card.title.clone(),
            text: card.text.clone(),
            until: card.until.map(|at| at.0),
        }),
        since: shown.since.0,
    }
}

fn attendance(chamber: &Chamber) -> AttendanceView {
    let count = chamber.attendance();
    let quorum = chamber.council().zip(chamber.quorum_of(count.present));
    AttendanceView {
        seats: chamber.seats(),
        in_office: chamber.in_office(),
        present: count.present,
        excused: count.excused,
        absent: count.absent,
        quorate: quorum.as_ref().is_some_and(|(_, quorum)| quorum.met()),
        quorum: match quorum {
            Some((council, quorum)) => threshold(&council.rules.quorum, &quorum),
            None => threshold(&NO_RULE, &Threshold { base_count: 0, needed: 1, count: 0 }),
        },
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
        form: words::ballot_form(ballot.form),
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
        received: match &ballot.outcome {
            Some(outcome) => outcome.counted.took_part(),
            None => u32::try_from(ballot.votes.len()).unwrap_or(u32::MAX),
        },
        present: u32::try_from(ballot.present.len()).unwrap_or(u32::MAX),
        entitled: entitled(chamber, ballot),
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

/// As the closing fixed it, or as the roll stands.
fn entitled(chamber: &Chamber, ballot: &Ballot) -> u32 {
    match &ballot.outcome {
        Some(outcome) => outcome.counted.in_office,
        None => chamber.question(&ballot.question).map_or(0, |question| chamber.bases_of(question).0),
    }
}

pub(super) fn split(chamber: &Chamber, ballot: &Ballot) -> Option<Vec<AnswerCount>> {
    let question = chamber.question(&ballot.question)?;
    (question.show_split && ballot.is_taking_votes()).then(|| counts(&ballot.count(question)))
}
