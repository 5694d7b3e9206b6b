//! Counts that people took: by show of hands and on paper.

use super::*;
use BallotForm::{Electronic, Paper, ShowOfHands};
use dienhong::chamber::ballot::{BallotState, Verdict};
use dienhong::chamber::event::Event;
use dienhong::chamber::refusal::Refusal;
use dienhong::chamber::roll::Office;

const COUNTS: [(&str, u32); 3] = [("yes", 4), ("no", 1), ("abstain", 1)];

#[test]
fn a_show_of_hands_is_a_ballot_closed_at_once() {
    let mut hall = Hall::at_question(generic(9), 8, 7);
    let scrutineer = somebody("teller", None, vec![Office::Scrutineer]);
    hall.must(&by("admin"), import(vec![scrutineer]));
    assert_eq!(hall.refused(&by("p1"), record("q1", ShowOfHands, &COUNTS, None)), Refusal::NotAllowed);
    hall.must(&by("teller"), record("q1", ShowOfHands, &COUNTS, None));
    let ballot = hall.chamber.ballot(&bid("b1")).expect("recorded").clone();
    assert_eq!((ballot.state, ballot.form), (BallotState::Closed, ShowOfHands));
    assert_eq!(ballot.recorded_by, Some(pid("teller")));
    let counted = ballot.outcome.expect("closed").counted;
    assert_eq!((counted.present, counted.in_office, counted.took_part()), (7, 8, 6));
    // From here on like any other.
    hall.confirm("b1");
    assert_eq!(hall.verdict("b1"), Some(Verdict::Adopted));
    hall.announce("b1");
    let again = hall.refused(&by("clerk"), record("q1", ShowOfHands, &COUNTS, None));
    assert_eq!(again, Refusal::QuestionDecided);
    hall.must(&by("p1"), Command::AnnulBallot { ballot: bid("b1"), reason: "đếm lại".into() });
    // The counts may be reported in any order; the record has the question's.
    hall.must(&by("clerk"), record("q1", ShowOfHands, &[("abstain", 0), ("no", 3), ("yes", 3)], None));
    assert_eq!(hall.counts("b2"), [3, 3, 0]);
    assert_eq!(hall.chamber.ballot(&bid("b2")).map(|ballot| ballot.round), Some(2));
    // Level: the chair decides as ever.
    assert_eq!(hall.refused(&by("p1"), Command::AnnounceBallot { ballot: bid("b2") }), Refusal::CastingVoteNeeded);
    hall.must(&by("p1"), Command::VoidBallot { ballot: bid("b2"), reason: "đếm sai".into() });
    hall.decide_question("q1", "b3", &[("p1", "yes")]);
    assert_eq!(hall.replayed(), hall.chamber);
}

#[test]
fn figures_that_cannot_be_are_refused() {
    let mut hall = Hall::at_question(generic(9), 8, 7);
    let [yes, no, abstain] = COUNTS;
    let papers = |papers| record("q1", Paper, &COUNTS, Some(papers));
    for bad in [
        record("q1", Electronic, &COUNTS, None),
        record("q1", ShowOfHands, &COUNTS, Some([7, 6, 6, 0])),
        record("q1", ShowOfHands, &[yes, no], None),
        record("q1", ShowOfHands, &[yes, no, abstain, yes], None),
        record("q1", ShowOfHands, &[yes, yes, abstain], None),
        record("q1", ShowOfHands, &[yes, no, ("maybe", 0)], None),
        record("q1", ShowOfHands, &[("yes", 7), ("no", 1), ("abstain", 0)], None),
        record("q1", ShowOfHands, &[("yes", u32::MAX), ("no", u32::MAX), ("abstain", 2)], None),
        record("q1", Paper, &COUNTS, None),
        papers([8, 6, 6, 0]),
        papers([6, 7, 6, 1]),
        papers([7, 7, 6, 0]),
        papers([7, 6, 5, 1]),
        papers([7, 7, 7, 0]),
        papers([7, 5, 6, u32::MAX]),
    ] {
        assert_eq!(hall.refused(&by("clerk"), bad.clone()), Refusal::BadCount, "{bad:?}");
    }
    hall.must(&by("clerk"), papers([7, 7, 6, 1]));
    assert_eq!(hall.chamber.tally(&bid("b1")).map(|counted| counted.took_part()), Some(7));
}

#[test]
fn an_election_counted_by_people() {
    let mut hall = electing();
    hall.must(&by("clerk"), election(2, &["A", "B", "C"]));
    let counts = |[a, b, c, abstain]: [u32; 4]| [("c1", a), ("c2", b), ("c3", c), ("abstain", abstain)];
    let paper = |figures, papers| record("q3", Paper, &counts(figures), Some(papers));
    for bad in [
        paper([7, 1, 1, 0], [7, 7, 6, 1]),
        // 6 valid papers, one of them blank, name 10 at most.
        paper([5, 5, 1, 1], [7, 7, 6, 1]),
        record("q3", ShowOfHands, &counts([8, 0, 0, 0]), None),
        record("q3", ShowOfHands, &counts([7, 7, 1, 0]), None),
    ] {
        assert_eq!(hall.refused(&by("clerk"), bad.clone()), Refusal::BadCount, "{bad:?}");
    }
    hall.must(&by("clerk"), paper([5, 4, 1, 1], [7, 7, 6, 1]));
    hall.announce("b1");
    assert_eq!(chosen(&hall, "b1"), ["c1"]);
    assert_eq!(hall.chamber.tally(&bid("b1")).map(|counted| counted.took_part()), Some(7));
    hall.must(&by("p1"), Command::AnnulBallot { ballot: bid("b1"), reason: "kiểm lại phiếu".into() });
    // Hands do not tell who raised one: as many as can have.
    hall.must(&by("clerk"), record("q3", ShowOfHands, &counts([6, 5, 1, 0]), None));
    assert_eq!(hall.chamber.tally(&bid("b2")).map(|counted| counted.took_part()), Some(7));
    hall.announce("b2");
    assert_eq!(chosen(&hall, "b2"), ["c1", "c2"]);
}

#[test]
fn what_must_be_secret_is_counted_on_paper_only() {
    let mut hall = Hall::sitting(generic(9), 8, 7);
    hall.must(
        &by("clerk"),
        asking("i4", "majority_of_all", QuestionForm::Election { places: 1 }, answers('c', &["A", "B"])),
    );
    hall.start("i4");
    let open = Command::OpenBallot { question: qid("q3"), seconds: None };
    assert_eq!(hall.refused(&by("p1"), open), Refusal::FormNotSupported);
    let counts = [("c1", 5), ("c2", 1), ("abstain", 0)];
    let hands = record("q3", ShowOfHands, &counts, None);
    assert_eq!(hall.refused(&by("clerk"), hands), Refusal::FormNotSupported);
    hall.must(&by("clerk"), record("q3", Paper, &counts, Some([7, 6, 6, 0])));
    hall.announce("b1");
    assert_eq!(chosen(&hall, "b1"), ["c1"]);
    // A question that is open is not made secret by its rule's name.
    let secret = prepare("i2", "Bãi nhiệm", "secret_two_thirds_of_all", None);
    assert_eq!(hall.refused(&by("clerk"), secret), Refusal::FormNotSupported);
}

#[test]
fn a_count_asks_what_an_opening_asks_and_leaves_the_hall_where_it_is() {
    let mut hall = Hall::sitting(province(9), 8, 5);
    let hands = || record("q1", ShowOfHands, &[("yes", 5), ("no", 0), ("abstain", 0)], None);
    assert_eq!(hall.refused(&by("clerk"), hands()), Refusal::NotQuorate);
    hall.check_in("p6");
    hall.start("i3");
    // Which item the hall is at is the chair's to say.
    assert_eq!(hall.refused(&by("clerk"), hands()), Refusal::GavelNeeded);
    hall.start("i2");
    assert!(matches!(&hall.must(&by("clerk"), hands())[..], [Event::CountRecorded { .. }]));
    let other = record("q2", ShowOfHands, &[("yes", 5), ("no", 0), ("abstain", 0)], None);
    assert_eq!(hall.refused(&by("clerk"), other), Refusal::BallotRunning);
    hall.announce("b1");
    hall.must(&by("clerk"), Command::CloseSitting {});
    assert_eq!(hall.refused(&by("clerk"), hands()), Refusal::NoSitting);
    assert_eq!(hall.refused(&by("clerk"), record("q9", ShowOfHands, &COUNTS, None)), Refusal::UnknownQuestion);
}
