//! A day in the hall, told in acts, and what can befall a ballot.

mod chamber_hall;

use chamber_hall::*;
use dienhong::chamber::agenda::ItemState;
use dienhong::chamber::ballot::{BallotState, ClosedBy, HoldCause, Verdict};
use dienhong::chamber::command::Command;
use dienhong::chamber::event::Event;
use dienhong::chamber::refusal::Refusal;
use dienhong::chamber::wall::WallMode;

#[test]
fn a_day_in_the_hall() {
    // Nine seats, one of them vacant. Six must be present.
    let mut hall = Hall::sitting(province(9), 8, 5);
    assert_eq!(hall.chamber.wall().mode, WallMode::Welcome);
    let quorum = hall.chamber.quorum().expect("founded");
    assert_eq!((quorum.base_count, quorum.needed, quorum.count), (9, 6, 5));

    // Five are too few to vote; the sixth makes the quorum.
    hall.start("i2");
    assert_eq!(hall.chamber.wall().mode, WallMode::Item);
    let open = Command::OpenBallot { question: qid("q1"), seconds: Some(30) };
    assert_eq!(hall.refused(&by("p1"), open.clone()), Refusal::NotQuorate);
    hall.check_in("p6");
    hall.must(&by("p1"), open);
    assert_eq!(hall.chamber.wall().mode, WallMode::Voting);

    // Three vote, one of them changes to another answer.
    hall.wait(5);
    hall.vote("b1", "p1", "yes");
    hall.vote("b1", "p2", "no");
    hall.vote("b1", "p3", "abstain");
    hall.vote("b1", "p2", "yes");
    assert_eq!(hall.counts("b1"), [2, 0, 1]);
    let missing: Vec<&str> = hall.chamber.missing(&bid("b1")).iter().map(|person| person.id.as_str()).collect();
    assert_eq!(missing, ["p4", "p5", "p6"]);

    // A late-comer arrives and may vote at once; somebody leaves after voting, and the vote stays.
    hall.check_in("p7");
    hall.vote("b1", "p7", "yes");
    hall.check_out("p3");
    assert_eq!(hall.vote_refused("b1", "p3", "no"), Refusal::NotPresent);

    // Five seconds are over; the chair holds the ballot with 25 left, and nobody can vote.
    hall.must(&by("p1"), Command::HoldBallot { ballot: bid("b1"), reason: Some("loa hỏng".into()) });
    assert_eq!(hall.vote_refused("b1", "p4", "yes"), Refusal::BallotNotOpen);
    hall.wait(600);
    assert_eq!(hall.tick(), [], "time stands still on hold");
    let held = hall.chamber.running_ballot().expect("running");
    assert_eq!((held.remaining_ms, held.closes_at), (Some(25_000), None));

    // It is resumed, extended by thirty seconds, and closes by itself after 55.
    hall.must(&by("p1"), Command::ResumeBallot { ballot: bid("b1") });
    hall.must(&by("p1"), Command::ExtendBallot { ballot: bid("b1"), seconds: 30 });
    assert_eq!(hall.chamber.next_deadline(), Some(hall.now.plus(55_000)));
    hall.vote("b1", "p4", "yes");
    hall.vote("b1", "p5", "yes");
    hall.wait(54);
    assert_eq!(hall.tick(), []);
    hall.vote("b1", "p6", "no");
    hall.wait(1);
    assert_eq!(hall.vote_refused("b1", "p6", "yes"), Refusal::BallotNotOpen, "the time is over, closed or not");
    assert!(matches!(hall.tick().as_slice(), [Event::BallotClosed { closed_by: ClosedBy::Time, .. }]));
    assert_eq!(hall.chamber.next_deadline(), None);
    assert_eq!(hall.chamber.wall().mode, WallMode::Result);

    // Five of eight in office: adopted. All seven who were there count as present.
    let closed = hall.chamber.tally(&bid("b1")).expect("a tally");
    assert_eq!((closed.took_part(), closed.present, closed.in_office, closed.seats), (7, 7, 8, 9));
    assert_eq!(hall.counts("b1"), [5, 1, 1]);
    let judged = hall.chamber.judgement(&bid("b1")).expect("closed");
    assert_eq!((judged.threshold.base_count, judged.threshold.needed, judged.threshold.count), (8, 5, 5));
    assert_eq!(hall.verdict("b1"), None, "provisional until confirmed");
    hall.confirm("b1");
    assert_eq!(hall.verdict("b1"), Some(Verdict::Adopted));
    hall.announce("b1");
    assert_eq!(hall.chamber.running_ballot(), None);

    // The next question is taken, fails technically and is voided; the second round decides.
    hall.start("i3");
    assert_eq!(hall.chamber.item(&iid("i2")).map(|item| item.state), Some(ItemState::Done));
    hall.open("q2");
    hall.vote("b2", "p1", "no");
    hall.void("b2", "mất mạng trong hội trường");
    assert_eq!(hall.chamber.wall().mode, WallMode::Item);
    assert_eq!(hall.chamber.tally(&bid("b2")), None);
    hall.open("q2");
    let second = hall.chamber.running_ballot().expect("running").clone();
    assert_eq!((second.round, second.previous), (2, Some(bid("b2"))));
    assert!(second.votes.is_empty(), "a round begins empty");
    for person in ["p1", "p2", "p4", "p5", "p6"] {
        hall.vote("b3", person, "yes");
    }
    hall.close("b3");
    hall.confirm("b3");
    // Two thirds of eight are six.
    assert_eq!(hall.verdict("b3"), Some(Verdict::Rejected));
    hall.announce("b3");

    // An announced result is annulled, stays readable, and the question is put again.
    hall.must(&by("p1"), Command::AnnulBallot { ballot: bid("b3"), reason: "đại biểu khiếu nại".into() });
    assert_eq!((hall.counts("b3"), hall.verdict("b3")), ([5, 0, 0], Some(Verdict::Rejected)));
    hall.check_in("p8");
    let everybody = ["p1", "p2", "p4", "p5", "p6", "p8"].map(|person| (person, "yes"));
    hall.decide_question("q2", "b4", &everybody);
    assert_eq!(hall.verdict("b4"), Some(Verdict::Adopted));
    assert_eq!(hall.chamber.ballots_on(&qid("q2")).count(), 3);

    // Evening: the sitting ends with its item and its attendance.
    hall.must(&by("clerk"), Command::CloseSitting {});
    assert_eq!(hall.chamber.sitting(), None);
    assert_eq!(hall.chamber.current_item(), None);
    assert_eq!(hall.chamber.attendance().present, 0);

    assert_eq!(hall.replayed(), hall.chamber, "the record alone tells the same");
}

#[test]
fn a_tie_waits_for_the_chair() {
    let mut hall = Hall::at_question(generic(10), 4, 4);
    hall.open("q1");
    for (person, answer) in [("p1", "yes"), ("p2", "yes"), ("p3", "no"), ("p4", "no")] {
        hall.vote("b1", person, answer);
    }
    hall.close("b1");
    assert!(hall.chamber.judgement(&bid("b1")).expect("closed").tie);
    let confirm = |casting| Command::ConfirmBallot { ballot: bid("b1"), casting };
    assert_eq!(hall.refused(&by("p1"), confirm(None)), Refusal::CastingVoteNeeded);
    assert_eq!(hall.refused(&OPERATOR, confirm(Some(Verdict::Adopted))), Refusal::NotAllowed);
    hall.must(&by("p1"), confirm(Some(Verdict::Rejected)));
    assert_eq!(hall.verdict("b1"), Some(Verdict::Rejected));
    hall.announce("b1");
}

#[test]
fn a_casting_vote_where_none_is_due_is_refused() {
    let mut hall = Hall::at_question(generic(10), 4, 4);
    hall.open("q1");
    hall.vote("b1", "p1", "yes");
    hall.close("b1");
    let confirm = Command::ConfirmBallot { ballot: bid("b1"), casting: Some(Verdict::Rejected) };
    assert_eq!(hall.refused(&by("p1"), confirm), Refusal::CastingVoteNotAllowed);
    hall.confirm("b1");
    assert_eq!(hall.verdict("b1"), Some(Verdict::Adopted));
}

#[test]
fn a_ballot_nobody_answers_is_rejected() {
    let mut hall = Hall::at_question(generic(10), 4, 4);
    hall.open("q1");
    hall.close("b1");
    hall.confirm("b1");
    assert_eq!((hall.counts("b1"), hall.verdict("b1")), ([0, 0, 0], Some(Verdict::Rejected)));
}

#[test]
fn the_store_goes_away_and_comes_back() {
    let mut hall = Hall::at_question(generic(10), 4, 4);
    hall.open("q1");
    hall.vote("b1", "p1", "yes");
    // The record could not be written for two minutes; the thirty seconds are long over.
    hall.wait(120);
    hall.must(&SYSTEM, Command::HoldForStore { ballot: bid("b1"), since: hall.now });
    let held = hall.chamber.running_ballot().expect("running").clone();
    assert_eq!(held.hold.map(|hold| hold.cause), Some(HoldCause::StoreUnavailable));
    assert_eq!(hall.tick(), [], "it does not close behind the chair's back");
    // Resumed, there is time for the votes that waited on their tablets.
    hall.must(&by("p1"), Command::ResumeBallot { ballot: bid("b1") });
    hall.wait(9);
    hall.vote("b1", "p2", "yes");
    hall.wait(1);
    assert!(matches!(hall.tick().as_slice(), [Event::BallotClosed { .. }]));
    assert_eq!(hall.counts("b1"), [2, 0, 0]);
}

#[test]
fn a_hold_is_no_presence() {
    let mut hall = Hall::at_question(generic(10), 4, 2);
    hall.open("q1");
    hall.must(&by("p1"), Command::HoldBallot { ballot: bid("b1"), reason: None });
    // One comes and goes while on hold, one comes and stays.
    hall.check_in("p3");
    hall.check_out("p3");
    hall.check_in("p4");
    hall.must(&by("p1"), Command::ResumeBallot { ballot: bid("b1") });
    hall.vote("b1", "p4", "yes");
    hall.close("b1");
    assert_eq!(hall.chamber.tally(&bid("b1")).map(|counted| counted.present), Some(3));
}

#[test]
fn a_held_ballot_can_be_closed_and_extended() {
    let mut hall = Hall::at_question(generic(10), 4, 2);
    hall.open("q1");
    hall.wait(10);
    hall.must(&by("p1"), Command::HoldBallot { ballot: bid("b1"), reason: None });
    hall.must(&by("p1"), Command::ExtendBallot { ballot: bid("b1"), seconds: 60 });
    let held = hall.chamber.running_ballot().expect("running");
    assert_eq!((held.remaining_ms, held.length_ms), (Some(80_000), Some(90_000)));
    hall.close("b1");
    let closed = hall.chamber.running_ballot().expect("running");
    assert_eq!((closed.state, closed.remaining_ms), (BallotState::Closed, None));
}

#[test]
fn a_ballot_without_a_limit_is_the_chairs_to_close() {
    let mut hall = Hall::at_question(generic(10), 4, 2);
    hall.must(&by("p1"), Command::OpenBallot { question: qid("q1"), seconds: Some(0) });
    assert_eq!(hall.chamber.next_deadline(), None);
    hall.wait(100_000);
    assert_eq!(hall.tick(), []);
    let extend = Command::ExtendBallot { ballot: bid("b1"), seconds: 30 };
    assert_eq!(hall.refused(&by("p1"), extend), Refusal::BadDuration);
    hall.must(&by("p1"), Command::HoldBallot { ballot: bid("b1"), reason: None });
    hall.must(&by("p1"), Command::ResumeBallot { ballot: bid("b1") });
    hall.vote("b1", "p1", "yes");
    hall.close("b1");
}
