use super::*;
use dienhong::chamber::attendance::PresenceState;
use dienhong::chamber::ballot::{BallotState, HoldCause};
use dienhong::chamber::event::Event;
use dienhong::chamber::limits;
use dienhong::chamber::refusal::Refusal;
use dienhong::chamber::wall::WallMode;

#[test]
fn a_day_is_prepared_and_opened_as_prepared() {
    let mut hall = Hall::founded(generic(9), 4);
    assert_eq!(hall.refused(&by("clerk"), prepare_sitting("Sáng", false)), Refusal::NoSession);
    hall.must(&by("clerk"), Command::create_session("Kỳ họp", String::new()));
    hall.must(&by("clerk"), prepare_sitting("Sáng", false));
    hall.must(&by("clerk"), prepare_sitting("Họp kín", true));
    assert_eq!(hall.chamber.sitting(), None, "what is prepared is not open");
    assert_eq!(hall.refused(&by("clerk"), prepare_sitting(" ", false)), Refusal::BadText);
    let far = Command::PrepareSitting {
        title: "Sáng".into(),
        planned_at: Some(Millis(limits::LATEST_MS + 1)),
        closed_doors: false,
    };
    assert_eq!(hall.refused(&by("clerk"), far), Refusal::BadDate);

    // The second may be opened first; it keeps its title and its doors.
    let events = hall.must(&by("clerk"), open_prepared("t2"));
    assert!(matches!(events.as_slice(), [Event::SittingOpened { sitting, title, closed_doors: true, .. }]
        if *sitting == tid("t2") && title == "Họp kín"));
    assert!(hall.chamber.is_behind_closed_doors());
    assert_eq!(hall.refused(&by("clerk"), open_prepared("t1")), Refusal::SittingOpen);
    hall.must(&by("clerk"), Command::CloseSitting {});
    assert_eq!(hall.refused(&by("clerk"), open_prepared("t2")), Refusal::UnknownSitting, "it has been");
    assert_eq!(hall.refused(&by("clerk"), open_prepared("t3")), Refusal::UnknownSitting);

    // Another title, or doors that were to stay open, is told as a mistake.
    let other = |title: Option<&str>, closed_doors| Command::OpenSitting {
        sitting: Some(tid("t1")),
        title: title.map(str::to_owned),
        closed_doors,
    };
    assert_eq!(hall.refused(&by("clerk"), other(Some("Chiều"), false)), Refusal::BadText);
    assert_eq!(hall.refused(&by("clerk"), other(None, true)), Refusal::BadText);
    hall.must(&by("clerk"), other(None, false));
    hall.must(&by("clerk"), Command::CloseSitting {});
    // One made up on the spot has the next number.
    let events = hall.must(&by("clerk"), Command::open_sitting("Tối"));
    assert!(matches!(&events[0], Event::SittingOpened { sitting, .. } if *sitting == tid("t3")));
}

#[test]
fn a_prepared_sitting_does_not_hold_up_the_next_session() {
    let mut hall = Hall::founded(generic(9), 4);
    let session = || Command::create_session("Kỳ họp", String::new());
    hall.must(&by("clerk"), session());
    hall.must(&by("clerk"), prepare_sitting("Sáng", false));
    assert_eq!(hall.refused(&by("clerk"), session()), Refusal::SessionExists, "it has not sat");
    hall.must(&by("clerk"), prepare_sitting("Chiều", false));
    hall.must(&by("clerk"), open_prepared("t1"));
    hall.must(&by("clerk"), Command::CloseSitting {});
    // Excuses for the afternoon that will not be are not carried into the next session.
    hall.must(&by("clerk"), Command::Excuse { person: pid("p3"), reason: "ốm".into() });
    hall.must(&by("clerk"), session());
    assert_eq!(hall.chamber.presence(&pid("p3")).state, PresenceState::Absent);
    assert_eq!(hall.refused(&by("clerk"), open_prepared("t2")), Refusal::UnknownSitting);
}

#[test]
fn a_session_has_so_many_sittings() {
    let mut hall = Hall::founded(generic(9), 4);
    hall.must(&by("clerk"), Command::create_session("Kỳ họp", String::new()));
    for n in 1..=limits::SITTINGS {
        hall.must(&by("clerk"), prepare_sitting(&format!("Phiên {n}"), false));
    }
    assert_eq!(hall.refused(&by("clerk"), prepare_sitting("Thêm", false)), Refusal::TooManyItems);
    assert_eq!(hall.refused(&by("clerk"), Command::open_sitting("Thêm")), Refusal::TooManyItems);
    hall.must(&by("clerk"), open_prepared("t40"));
}

#[test]
fn a_recess_stops_every_clock() {
    let mut hall = Hall::at_question(generic(9), 4, 4);
    hall.open("q1");
    hall.wait(10);
    assert_eq!(hall.refused(&by("p2"), suspend(None, None)), Refusal::GavelNeeded);
    let until = hall.now.plus(900_000);
    assert_eq!(hall.refused(&by("clerk"), suspend(None, Some(hall.now))), Refusal::BadDate);
    let events = hall.must(&by("clerk"), suspend(Some("Mất điện"), Some(until)));
    assert!(matches!(events.as_slice(), [
        Event::BallotHeld { cause: HoldCause::Chair, reason: Some(reason), remaining_ms: Some(20_000), .. },
        Event::SittingSuspended { .. },
    ] if reason == "Mất điện"));
    assert_eq!(hall.refused(&by("clerk"), suspend(None, None)), Refusal::SittingSuspended);

    // Nothing moves on; people come and go.
    for command in [
        Command::ResumeBallot { ballot: bid("b1") },
        Command::StartItem { item: iid("i3") },
        Command::OpenBallot { question: qid("q2"), seconds: None },
        floor("p3"),
    ] {
        assert_eq!(hall.refused(&by("p1"), command), Refusal::SittingSuspended);
    }
    hall.check_out("p4");
    hall.check_in("p4");
    hall.wait(900);
    assert_eq!(hall.tick(), [], "time stands still");

    assert_eq!(hall.refused(&by("p3"), Command::ResumeSitting {}), Refusal::NotAllowed);
    hall.must(&by("p1"), Command::ResumeSitting {});
    assert_eq!(hall.refused(&by("p1"), Command::ResumeSitting {}), Refusal::SittingNotSuspended);
    // The ballot goes on when the chair says so, with the time it had left.
    assert_eq!(hall.chamber.running_ballot().map(|ballot| ballot.state), Some(BallotState::OnHold));
    hall.must(&by("p1"), Command::ResumeBallot { ballot: bid("b1") });
    assert_eq!(hall.chamber.next_deadline(), Some(hall.now.plus(20_000)));
}

#[test]
fn a_speech_is_stopped_in_the_middle_and_goes_on_after_the_recess() {
    let mut hall = Hall::at_question(generic(9), 4, 4);
    hall.must(&by("p1"), floor("p3"));
    hall.wait(30);
    let events = hall.must(&by("p1"), suspend(None, None));
    assert!(matches!(events.as_slice(), [Event::SpeechPaused { .. }, Event::SittingSuspended { .. }]));
    hall.wait(600);
    let speech = hall.chamber.speech().expect("stopped, not ended").clone();
    assert_eq!(speech.spent_at(hall.now), 30_000);
    let resume = Command::ResumeSpeech { speech: speech.id.clone() };
    assert_eq!(hall.refused(&by("p1"), resume.clone()), Refusal::SittingSuspended);
    hall.must(&by("p1"), Command::ResumeSitting {});
    // One that was paused already is not paused again.
    let events = hall.must(&by("p1"), suspend(None, None));
    assert_eq!(events.len(), 1);
    hall.must(&by("p1"), Command::ResumeSitting {});
    hall.must(&by("p1"), resume);
}

#[test]
fn the_day_can_end_in_the_recess_and_ends_what_was_going_on() {
    let mut hall = Hall::at_question(generic(9), 4, 4);
    hall.must(&by("p1"), floor("p3"));
    hall.must(&by("p1"), suspend(None, None));
    let events = hall.must(&by("clerk"), Command::CloseSitting {});
    assert!(matches!(
        events.as_slice(),
        [Event::SpeechEnded { .. }, Event::ItemFinished { .. }, Event::SittingClosed { .. }]
    ));
    assert!(!hall.chamber.is_suspended());
    assert_eq!(hall.chamber.spoken().len(), 1);

    let mut hall = Hall::at_question(generic(9), 4, 4);
    hall.open("q1");
    hall.must(&by("p1"), suspend(None, None));
    assert_eq!(hall.refused(&by("clerk"), Command::CloseSitting {}), Refusal::BallotRunning);
}

#[test]
fn an_excuse_given_ahead_goes_with_the_sitting() {
    let mut hall = Hall::founded(generic(9), 4);
    let excuse = |person: &str, reason: &str| Command::Excuse { person: pid(person), reason: reason.into() };
    hall.must(&by("clerk"), Command::create_session("Kỳ họp", String::new()));
    assert_eq!(hall.refused(&by("clerk"), excuse("p3", "ốm")), Refusal::NoSitting, "nothing is planned");
    hall.must(&by("clerk"), prepare_sitting("Sáng", false));
    hall.must(&by("clerk"), excuse("p4", "công tác"));
    hall.wait(60);
    hall.must(&by("clerk"), excuse("p3", "ốm"));
    assert_eq!(hall.refused(&by("p3"), Command::CheckIn { person: pid("p3"), reason: None }), Refusal::NoSitting);
    hall.must(&by("clerk"), open_prepared("t1"));
    assert_eq!(hall.chamber.presence(&pid("p3")).reason.as_deref(), Some("ốm"));
    hall.check_in("p1");
    hall.check_in("p3");
    let count = hall.chamber.attendance();
    assert_eq!((count.present, count.excused, count.absent), (2, 1, 1));

    // The sitting's own log, for the roll-call report.
    let log = |hall: &Hall| {
        let comings = &hall.chamber.sittings()[0].comings;
        comings.iter().map(|coming| (coming.person.to_string(), coming.state)).collect::<Vec<_>>()
    };
    use PresenceState::{Absent, Excused, Present};
    hall.check_out("p1");
    let told = [("p4", Excused), ("p3", Excused), ("p1", Present), ("p3", Present), ("p1", Absent)];
    assert_eq!(log(&hall), told.map(|(person, state)| (person.to_owned(), state)));
    hall.must(&by("clerk"), Command::CloseSitting {});
    assert_eq!(log(&hall).len(), 5, "it stays after the sitting");
    assert_eq!(hall.chamber.attendance().excused, 0, "the next sitting begins anew");
}

/// Records from before sittings were prepared open them without a word.
#[test]
fn a_sitting_may_open_unprepared() {
    let hall = Hall::sitting(generic(9), 4, 2);
    assert!(hall.record.iter().any(|(_, event)| matches!(event, Event::SittingOpened { .. })));
    assert!(!hall.record.iter().any(|(_, event)| matches!(event, Event::SittingPrepared { .. })));
    let line = r#"{"kind":"sitting_opened","sitting":"t1","session":"s1","title":"Phiên khai mạc"}"#;
    let event: Event = serde_json::from_str(line).expect("as it always was");
    assert_eq!(serde_json::to_string(&event).expect("plain data"), line);
    assert!(hall.record.iter().any(|(_, written)| *written == event));
    assert_eq!(hall.chamber.wall().mode, WallMode::Welcome);
}

#[test]
fn a_deputy_presides_as_the_chair_does() {
    let mut hall = Hall::at_question(generic(9), 4, 4);
    let deputy = dienhong::chamber::roll::Office::Deputy;
    hall.must(&OPERATOR, import(vec![somebody("p3", Some("3"), vec![deputy])]));
    hall.must(&by("p1"), Command::HandGavel { to: pid("p3") });
    hall.must(&by("p3"), Command::OpenBallot { question: qid("q1"), seconds: None });
    hall.must(&by("p3"), Command::CloseBallot { ballot: bid("b1") });
    hall.must(&by("p1"), Command::TakeGavel { reason: Some("trở lại".into()) });
    let confirm = Command::ConfirmBallot { ballot: bid("b1"), casting: None };
    assert_eq!(hall.refused(&by("p3"), confirm), Refusal::GavelNeeded);
}
