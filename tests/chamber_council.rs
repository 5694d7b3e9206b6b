//! The council around its ballots, told in acts: gavel, roll, devices, attendance, agenda, wall.

mod chamber_hall;

use chamber_hall::*;
use dienhong::chamber::agenda::ItemKind;
use dienhong::chamber::attendance::PresenceState;
use dienhong::chamber::command::Command;
use dienhong::chamber::event::Event;
use dienhong::chamber::limits;
use dienhong::chamber::refusal::Refusal;
use dienhong::chamber::roll::Office;
use dienhong::chamber::wall::WallMode;
use dienhong::wire::from_chamber::{self as from, Connections};

#[test]
fn a_newly_elected_chair_takes_the_chair_at_once() {
    let mut hall = Hall::at_question(generic(10), 4, 4);
    hall.open("q1");
    // In the middle of a ballot the gavel goes to p2, and with it every act on the ballot.
    hall.must(&by("p1"), Command::HandGavel { to: pid("p2") });
    let close = Command::CloseBallot { ballot: bid("b1") };
    assert_eq!(hall.refused(&by("p1"), close.clone()), Refusal::GavelNeeded);
    assert_eq!(hall.refused(&by("p3"), close.clone()), Refusal::NotAllowed);
    hall.must(&by("p2"), close);
    // Taking it back needs a reason that stands in the record.
    assert_eq!(hall.refused(&by("p1"), Command::TakeGavel { reason: Some("  ".into()) }), Refusal::ReasonNeeded);
    hall.must(&by("p1"), Command::TakeGavel { reason: Some("chủ tọa vắng".into()) });
    assert_eq!(hall.chamber.gavel().map(|person| person.id.as_str()), Some("p1"));
    assert_eq!(hall.refused(&by("p1"), Command::TakeGavel { reason: None }), Refusal::GavelHeld);
}

#[test]
fn the_gavel_falls_free_with_the_office() {
    let mut hall = Hall::sitting(generic(10), 4, 4);
    // p1 stays a delegate but is chair no longer.
    hall.must(&by("admin"), import(vec![somebody("p1", Some("1"), Vec::new())]));
    assert_eq!(hall.chamber.gavel(), None);
    hall.must(&by("p2"), Command::TakeGavel { reason: None });
    hall.must(&by("admin"), Command::EndMandate { person: pid("p2"), reason: "thôi làm nhiệm vụ".into() });
    assert_eq!(hall.chamber.gavel(), None);
}

#[test]
fn two_delegates_change_seats_in_one_import() {
    let mut hall = Hall::sitting(generic(4), 4, 4);
    let chair = || vec![Office::Chair];
    let swap = vec![
        somebody("p1", Some("2"), chair()),
        somebody("p2", Some("1"), chair()),
        somebody("p3", Some("3"), Vec::new()),
    ];
    let events = hall.must(&by("admin"), import(swap));
    assert!(matches!(events.first(), Some(Event::RosterImported { people: 2, .. })), "p3 did not change");
    let seats: Vec<&str> = hall.chamber.people().iter().map(|person| person.id.as_str()).collect();
    assert_eq!(seats, ["p2", "p1", "p3", "p4", "admin", "clerk"]);
    assert_eq!(hall.chamber.attendance().present, 4, "nobody left the hall");

    // In a full hall one gives the seat up and another takes it, in whichever order the file has them.
    let successor = somebody("p9", Some("4"), Vec::new());
    let events = hall.must(&by("admin"), import(vec![successor, somebody("p4", None, Vec::new())]));
    assert!(matches!(&events[1], Event::PersonSet { person } if person.id == pid("p4")));
    assert_eq!(hall.chamber.in_office(), 4);
}

/// Whoever gave up the seat has left the hall: a seat given back does not find them present.
#[test]
fn presence_ends_with_the_seat() {
    let mut hall = Hall::sitting(generic(10), 4, 4);
    let seat = |seat: Option<&str>| somebody("p3", seat, Vec::new());
    hall.must(&by("admin"), import(vec![seat(None)]));
    hall.must(&by("admin"), import(vec![seat(Some("3"))]));
    assert!(!hall.chamber.is_present(&pid("p3")));
    hall.check_in("p3");
    hall.must(&OPERATOR, Command::SetPerson { person: seat(None) });
    hall.must(&OPERATOR, Command::SetPerson { person: seat(Some("7")) });
    assert_eq!(hall.chamber.presence(&pid("p3")).state, PresenceState::Absent);
    assert_eq!(hall.chamber.attendance().present, 3);

    let end = Command::EndMandate { person: pid("p4"), reason: "chuyển công tác".into() };
    hall.must(&by("admin"), end);
    hall.must(&by("admin"), import(vec![somebody("p4", Some("4"), Vec::new())]));
    assert!(!hall.chamber.is_present(&pid("p4")));
}

/// Going out ends somewhere; coming in does not, so nobody is kept from voting.
#[test]
fn whoever_came_and_went_too_often_may_still_come_in() {
    let mut hall = Hall::sitting(generic(10), 4, 0);
    for _ in 0..limits::ATTENDANCE_CHANGES / 2 {
        hall.check_in("p1");
        hall.check_out("p1");
    }
    hall.check_in("p1");
    let leave = Command::CheckOut { person: pid("p1"), reason: None };
    assert_eq!(hall.refused(&by("p1"), leave), Refusal::TooManyChanges);
    // The next sitting begins anew.
    hall.must(&by("clerk"), Command::CloseSitting {});
    hall.must(&by("clerk"), Command::open_sitting("Chiều"));
    hall.check_in("p1");
    hall.check_out("p1");
}

#[test]
fn the_roll_stands_still_while_votes_are_taken() {
    let mut hall = Hall::at_question(generic(10), 4, 4);
    hall.open("q1");
    hall.vote("b1", "p3", "yes");
    let end = Command::EndMandate { person: pid("p3"), reason: "chuyển công tác".into() };
    assert_eq!(hall.refused(&by("admin"), end.clone()), Refusal::BallotRunning);
    let newcomer = import(vec![somebody("p9", Some("9"), Vec::new())]);
    assert_eq!(hall.refused(&by("admin"), newcomer.clone()), Refusal::BallotRunning);
    // Once it is closed, the tally is fixed and people may come and go.
    hall.close("b1");
    hall.must(&by("admin"), end);
    hall.must(&by("admin"), newcomer);
    hall.confirm("b1");
    hall.announce("b1");
    let counted = hall.chamber.tally(&bid("b1")).expect("a tally");
    assert_eq!((counted.yes(), counted.in_office), (1, 4));
    assert_eq!(hall.chamber.person(&pid("p3")), None);
    assert!(hall.chamber.person_ever(&pid("p3")).is_some(), "the past vote still has a name");
}

#[test]
fn one_live_device_a_person_and_no_key_twice() {
    let mut hall = Hall::founded(generic(10), 4);
    hall.must(&by("p1"), bind("p1", &key(1)));
    hall.must(&by("p2"), bind("p2", &key(2)));
    assert_eq!(hall.chamber.person_of_key(&key(1)).map(|person| person.id.as_str()), Some("p1"));

    // A new tablet replaces the old one.
    let events = hall.must(&by("p1"), bind("p1", &key(3)));
    assert!(matches!(&events[0], Event::DeviceRevoked { reason, .. } if reason == "replaced"));
    assert_eq!(hall.chamber.person_of_key(&key(1)), None);
    assert_eq!(hall.chamber.device_of(&pid("p1")).map(|device| device.id.as_str()), Some("d3"));

    // Neither a key in use, nor one revoked, nor the record's own is bound again.
    for used in [key(1), key(2), key(3), CHECKPOINT_KEY.to_owned()] {
        assert_eq!(hall.refused(&by("p4"), bind("p4", &used)), Refusal::KeyInUse);
    }
    // Nobody binds a device to somebody else.
    assert_eq!(hall.refused(&by("p4"), bind("p3", &key(4))), Refusal::NotAllowed);

    hall.must(&by("clerk"), Command::RevokeDevice { person: pid("p1"), reason: "mất máy".into() });
    assert_eq!(hall.chamber.device_of(&pid("p1")), None);
    // Officers tell it from somebody who never had a device; with a new one it is history.
    let told = |hall: &Hall, id: &str| {
        let console = from::console(&hall.chamber, &Connections::default());
        console.people.into_iter().find(|entry| entry.id == id).and_then(|entry| entry.revoked)
    };
    assert_eq!((told(&hall, "p1").as_deref(), told(&hall, "p2"), told(&hall, "p4")), (Some("mất máy"), None, None));
    hall.must(&by("p1"), bind("p1", &key(5)));
    assert_eq!(told(&hall, "p1"), None);
    hall.must(&by("clerk"), Command::RevokeDevice { person: pid("p1"), reason: "ế".repeat(limits::REASON_CHARS) });
    assert_eq!(told(&hall, "p1").map(|reason| reason.chars().count()), Some(80), "a line of the list");
    assert_eq!(hall.replayed(), hall.chamber);
    hall.must(&OPERATOR, Command::EndMandate { person: pid("p2"), reason: "thôi làm nhiệm vụ".into() });
    assert_eq!(hall.chamber.person_of_key(&key(2)), None);
}

#[test]
fn the_secretary_acts_for_a_delegate_and_says_why() {
    let mut hall = Hall::sitting(generic(10), 4, 1);
    let check_in = |reason: Option<&str>| Command::CheckIn { person: pid("p3"), reason: reason.map(str::to_owned) };
    assert_eq!(hall.refused(&by("clerk"), check_in(None)), Refusal::ReasonNeeded);
    assert_eq!(hall.refused(&by("p2"), check_in(Some("bạn tôi"))), Refusal::NotAllowed);
    hall.must(&by("clerk"), Command::Excuse { person: pid("p3"), reason: "ốm".into() });
    assert_eq!(hall.chamber.presence(&pid("p3")).state, PresenceState::Excused);
    assert_eq!(hall.chamber.presence(&pid("p3")).reason.as_deref(), Some("ốm"));
    hall.must(&by("clerk"), check_in(Some("quên máy")));
    let count = hall.chamber.attendance();
    assert_eq!((count.present, count.excused, count.absent), (2, 0, 2));
}

#[test]
fn the_secretary_prepares_another_wording() {
    let mut hall = Hall::at_question(province(10), 8, 8);
    let before = hall.chamber.question(&qid("q1")).expect("prepared").document_sha256.clone();
    hall.must(&by("clerk"), prepare("i2", "Nghị quyết về ngân sách (sửa)", "majority_of_all", Some("q1")));
    let after = hall.chamber.question(&qid("q1")).expect("prepared").clone();
    assert_eq!(after.title, "Nghị quyết về ngân sách (sửa)");
    assert_ne!(after.document_sha256, before);

    // A tablet that still shows the old wording cannot vote on the new one.
    hall.open("q1");
    let mut paper = hall.ballot_paper("b1", "p3", "yes");
    paper.document_sha256 = before;
    assert_eq!(hall.refused(&by("p3"), Command::CastVote(paper)), Refusal::WrongDocument);

    // Once put to the vote the wording stays; an amendment is a question of its own.
    let again = prepare("i2", "Khác", "majority_of_all", Some("q1"));
    assert_eq!(hall.refused(&by("clerk"), again), Refusal::QuestionDecided);
    let events = hall.must(&by("clerk"), prepare("i2", "Điều khoản sửa đổi", "majority_of_all", None));
    assert!(matches!(&events[0], Event::QuestionPrepared { question } if question.id == qid("q3")));
    assert_eq!(hall.chamber.questions_of(&iid("i2")).count(), 2);
}

#[test]
fn texts_enter_the_record_composed_and_short_titles_are_made() {
    let mut hall = Hall::founded(province(10), 8);
    hall.must(&by("clerk"), Command::create_session(" Ky\u{0300} ho\u{0323}p ", String::new()));
    assert_eq!(hall.chamber.session().map(|session| session.title.as_str()), Some("Kỳ họp"));
    let title =
        "Nghị quyết quy định trường hợp người bị thu hồi đất được mua, thuê mua nhà ở xã hội không phải bốc thăm";
    let item = new_item("11", ItemKind::Vote, title, None);
    hall.must(&by("clerk"), Command::add_items(vec![item]));
    let item = &hall.chamber.item(&iid("i1")).expect("added").item;
    assert_eq!(item.short_title, "Nghị quyết quy định trường hợp người bị thu hồi đất được…");
    assert_eq!(item.rule.as_deref(), Some("majority_of_all"), "the profile's first rule");
    assert_eq!(hall.chamber.question(&qid("q1")).map(|question| question.title.as_str()), Some(title));
}

#[test]
fn a_new_session_begins_with_its_own_agenda() {
    let mut hall = Hall::sitting(generic(10), 4, 4);
    let next = Command::create_session("Kỳ họp thứ 30", "2021–2026");
    assert_eq!(hall.refused(&by("clerk"), next.clone()), Refusal::SittingOpen);
    hall.must(&by("clerk"), Command::CloseSitting {});
    hall.must(&by("clerk"), next.clone());
    assert_eq!(hall.chamber.items().count(), 0);
    assert!(hall.chamber.item(&iid("i2")).is_some(), "the earlier agenda stays readable");
    assert_eq!(hall.refused(&by("clerk"), next), Refusal::SessionExists);
    hall.must(&by("clerk"), Command::open_sitting("Sáng"));
    assert_eq!(hall.refused(&by("p1"), Command::StartItem { item: iid("i2") }), Refusal::UnknownItem);
}

#[test]
fn what_needs_a_secret_ballot_is_shown_but_not_opened_on_the_tablets() {
    let mut hall = Hall::sitting(generic(10), 4, 4);
    hall.start("i4");
    assert_eq!(hall.chamber.questions_of(&iid("i4")).count(), 0);
    hall.must(&by("clerk"), prepare("i4", "Bầu bổ sung", "majority_of_all", None));
    let open = Command::OpenBallot { question: qid("q3"), seconds: None };
    assert_eq!(hall.refused(&by("p1"), open), Refusal::FormNotSupported);
    let prepare_secret = prepare("i2", "Bãi nhiệm", "secret_two_thirds_of_all", None);
    assert_eq!(hall.refused(&by("clerk"), prepare_secret), Refusal::FormNotSupported);
}

#[test]
fn the_wall_shows_only_what_is_there() {
    let mut hall = Hall::sitting(generic(10), 4, 4);
    let show = |mode| Command::show_on_wall(mode);
    assert_eq!(hall.refused(&by("p1"), show(WallMode::Item)), Refusal::UnknownItem);
    hall.must(&by("clerk"), show(WallMode::RollCall));
    hall.start("i2");
    assert_eq!(hall.refused(&by("p1"), show(WallMode::Voting)), Refusal::BallotNotOpen);
    assert_eq!(hall.refused(&by("p1"), show(WallMode::Result)), Refusal::BallotNotClosed);
    hall.decide_question("q1", "b1", &[("p1", "yes")]);
    hall.must(&by("p1"), show(WallMode::Agenda));
    hall.must(&by("p1"), show(WallMode::Result));
    assert_eq!(hall.refused(&by("p1"), show(WallMode::Voting)), Refusal::BallotNotOpen);
    // The next item has no result yet.
    hall.start("i3");
    assert_eq!(hall.refused(&by("p1"), show(WallMode::Result)), Refusal::BallotNotClosed);
    assert_eq!(hall.refused(&by("p2"), show(WallMode::Blank)), Refusal::GavelNeeded);
    assert_eq!(hall.refused(&by("p3"), show(WallMode::Blank)), Refusal::NotAllowed);
}
