//! What one tap of the chair's brings about: opening takes the hall to the question, announcing confirms.

use super::*;
use dienhong::chamber::agenda::{ItemState, SuspensionCause};
use dienhong::chamber::ballot::Verdict;
use dienhong::chamber::event::Event;
use dienhong::chamber::refusal::Refusal;
use dienhong::chamber::speaking::SpeechKind;

#[test]
fn opening_a_ballot_goes_to_its_item() {
    let mut hall = Hall::sitting(generic(9), 4, 4);
    let open = |question| Command::OpenBallot { question: qid(question), seconds: None };
    let events = hall.must(&by("p1"), open("q1"));
    assert!(matches!(&events[..], [Event::ItemStarted { item }, Event::BallotOpened { .. }] if *item == iid("i2")));
    assert_eq!(hall.refused(&by("p1"), open("q2")), Refusal::BallotRunning);
    hall.close("b1");
    hall.announce("b1");
    let events = hall.must(&by("p1"), open("q2"));
    assert!(matches!(
        &events[..],
        [Event::ItemFinished { item: left }, Event::ItemStarted { item }, Event::BallotOpened { .. }]
            if *left == iid("i2") && *item == iid("i3")
    ));
    assert_eq!(hall.chamber.item(&iid("i2")).map(|item| item.state), Some(ItemState::Done));
    hall.void("b2", "thử lại");
    assert_eq!(hall.must(&by("p1"), open("q2")).len(), 1, "at its item already");
}

#[test]
fn opening_a_ballot_ends_the_speech() {
    let mut hall = Hall::at_question(generic(9), 4, 4);
    hall.must(&by("p1"), Command::GiveFloor { person: pid("p3"), kind: SpeechKind::Speak, seconds: None });
    hall.wait(20);
    let events = hall.must(&by("p1"), Command::OpenBallot { question: qid("q1"), seconds: None });
    assert!(
        matches!(&events[..], [Event::SpeechEnded { spent_ms: 20_000, .. }, Event::BallotOpened { .. }]),
        "{events:?}"
    );
    hall.void("b1", "thử lại");
    hall.must(&by("p1"), Command::GiveFloor { person: pid("p3"), kind: SpeechKind::Speak, seconds: None });
    let events = hall.must(&by("p1"), Command::OpenBallot { question: qid("q2"), seconds: None });
    let is_lead = |event: &Event| {
        matches!(event, Event::SpeechEnded { .. } | Event::ItemFinished { .. } | Event::ItemStarted { .. })
    };
    assert_eq!(events.iter().filter(|event| is_lead(event)).count(), 3, "{events:?}");
    assert_eq!(hall.replayed(), hall.chamber);
}

#[test]
fn no_vote_is_opened_resumed_or_counted_while_the_sitting_is_suspended() {
    let mut hall = Hall::at_question(generic(9), 4, 4);
    let suspend = || Command::SuspendSitting { cause: SuspensionCause::Recess, reason: None, until: None };
    let hands = || record("q1", BallotForm::ShowOfHands, &[("yes", 4), ("no", 0), ("abstain", 0)], None);
    hall.must(&by("p1"), suspend());
    let open = Command::OpenBallot { question: qid("q1"), seconds: None };
    assert_eq!(hall.refused(&by("p1"), open.clone()), Refusal::SittingSuspended);
    assert_eq!(hall.refused(&by("clerk"), hands()), Refusal::SittingSuspended);
    hall.must(&by("p1"), Command::ResumeSitting {});
    hall.must(&by("p1"), open);
    hall.must(&by("p1"), suspend());
    let resume = Command::ResumeBallot { ballot: bid("b1") };
    assert_eq!(hall.refused(&by("p1"), resume.clone()), Refusal::SittingSuspended);
    hall.must(&by("p1"), Command::ResumeSitting {});
    hall.must(&by("p1"), resume);
}

#[test]
fn announcing_confirms_what_leaves_nothing_to_decide() {
    let mut hall = Hall::at_question(generic(9), 4, 4);
    let announce = || Command::AnnounceBallot { ballot: bid("b1") };
    hall.open("q1");
    assert_eq!(hall.refused(&by("p1"), announce()), Refusal::BallotNotConfirmed);
    hall.vote("b1", "p1", "yes");
    hall.vote("b1", "p2", "no");
    hall.close("b1");
    assert_eq!(hall.refused(&by("p1"), announce()), Refusal::CastingVoteNeeded);
    hall.must(&by("p1"), Command::ConfirmBallot { ballot: bid("b1"), casting: Some(Verdict::Rejected) });
    assert_eq!(hall.must(&by("p1"), announce()).len(), 1);

    hall.open("q2");
    hall.vote("b2", "p1", "yes");
    hall.close("b2");
    let events = hall.must(&by("p1"), Command::AnnounceBallot { ballot: bid("b2") });
    assert!(matches!(&events[..], [Event::BallotConfirmed { casting: None, .. }, Event::BallotAnnounced { .. }]));
    assert!(hall.verdict("b2").is_some());
    assert_eq!(hall.refused(&by("p1"), Command::AnnounceBallot { ballot: bid("b2") }), Refusal::BallotNotConfirmed);
}

#[test]
fn questions_of_an_earlier_session_are_history() {
    let mut hall = Hall::sitting(generic(9), 4, 4);
    hall.must(&by("clerk"), Command::CloseSitting {});
    hall.must(&by("clerk"), Command::create_session("Kỳ họp sau", ""));
    hall.must(&by("clerk"), Command::open_sitting("Sáng"));
    let open = Command::OpenBallot { question: qid("q1"), seconds: None };
    assert_eq!(hall.refused(&by("p1"), open), Refusal::UnknownQuestion);
}
