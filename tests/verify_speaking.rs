//! What the verifier finds in a debate's record. The records are signed by the council's own key: what is tested is whether
//! a server that lies about who spoke, in what order and for how long, is caught.

mod ledger_support;

use dienhong::chamber::agenda::ItemKind;
use dienhong::chamber::command::{Actor, Command, NewItem};
use dienhong::chamber::event::Event;
use dienhong::chamber::ids::{PromiseId, RequestId, SpeechId};
use dienhong::chamber::speaking::SpeechKind;
use dienhong::ledger::merkle::Hash;
use dienhong::verify::verify;
use ledger_support::*;
use std::io::Cursor;

fn findings(hall: &Hall) -> Vec<(Option<u64>, &'static str)> {
    let report = verify(Cursor::new(hall.bundle()), Some(&vkey()), |_| {}).unwrap();
    report.findings.iter().map(|finding| (finding.seq, finding.problem.code())).collect()
}

/// At an interpellation, `i3`, of `gd1`, with the list open; `i4` comes after it.
fn debating() -> Hall {
    let mut hall = Hall::new();
    story::enrol_everybody(&mut hall);
    let sha256 = Hash::of(b"officials.csv").hex();
    let people = vec![somebody(9, "gd1", None, &[Office::Official])];
    hall.order("quan-tri", Command::ImportRoster { sha256, people });
    story::open_the_sitting(&mut hall);
    let items = vec![
        NewItem::new("3", ItemKind::Interpellation, "Chất vấn"),
        NewItem::new("4", ItemKind::Discussion, "Thảo luận"),
    ];
    hall.order("thu-ky", Command::add_items(items));
    hall.order("chu-toa", Command::StartItem { item: item("i3") });
    hall.order("chu-toa", Command::OpenList {});
    hall
}

fn rid(id: &str) -> RequestId {
    RequestId::parse(id).unwrap()
}

fn fid(id: &str) -> SpeechId {
    SpeechId::parse(id).unwrap()
}

fn asks(who: &str, kind: SpeechKind, topic: &str) -> Command {
    Command::AskToSpeak { person: person(who), kind, topic: Some(topic.into()), to: None }
}

/// `r1` to `r3` wait.
fn waiting() -> Hall {
    let mut hall = debating();
    hall.order("db1", asks("db1", SpeechKind::Interpellate, " Bao giờ xong cầu? "));
    hall.order("db2", asks("db2", SpeechKind::Interpellate, "Học phí"));
    hall.order("db3", asks("db3", SpeechKind::Speak, "Góp ý"));
    hall
}

/// `f1` is being said, by `db1`.
fn speaking() -> Hall {
    let mut hall = waiting();
    hall.order("chu-toa", Command::CallSpeaker { request: rid("r1"), seconds: None });
    hall
}

#[test]
fn a_whole_debate_is_whole() {
    let mut hall = debating();
    hall.order("chu-toa", Command::StartRound { official: person("gd1") });
    hall.order("db1", asks("db1", SpeechKind::Interpellate, "Bao giờ xong cầu?"));
    hall.order("db2", asks("db2", SpeechKind::Rebut, "Không đồng ý"));
    hall.order("thu-ky", asks("db3", SpeechKind::Speak, "Góp ý"));
    hall.order("db1", asks("db1", SpeechKind::PointOfOrder, ""));
    let reason = "nhường người chưa hỏi".to_owned();
    hall.order("chu-toa", Command::MoveRequest { request: rid("r3"), before: Some(rid("r1")), reason });
    hall.order("db1", Command::WithdrawRequest { request: rid("r4"), reason: None });
    hall.order("chu-toa", Command::CallSpeaker { request: rid("r1"), seconds: None });
    hall.order("chu-toa", Command::PauseSpeech { speech: fid("f1") });
    hall.wait(60_000);
    hall.order("chu-toa", Command::ResumeSpeech { speech: fid("f1") });
    hall.order("chu-toa", Command::ExtendSpeech { speech: fid("f1"), seconds: 30 });
    // Ends the one before.
    hall.order("chu-toa", Command::GiveFloor { person: person("gd1"), kind: SpeechKind::Answer, seconds: Some(0) });
    let promised = Command::LogPromise {
        official: person("gd1"),
        text: "Thông xe trong quý II".into(),
        until: Some("2027-06-30".into()),
        to: Some(person("db1")),
    };
    hall.order("thu-ky", promised);
    let kept = Command::KeepPromise { promise: PromiseId::parse("m1").unwrap(), note: Some(" đã thông xe ".into()) };
    hall.order("chu-toa", kept);
    let struck = Command::StrikePromise { promise: PromiseId::parse("m1").unwrap(), reason: "ghi nhầm ngày".into() };
    hall.order("chu-toa", struck);
    hall.order("chu-toa", Command::CallSpeaker { request: rid("r2"), seconds: Some(90) });
    hall.order("db2", Command::EndSpeech { speech: fid("f3") });
    hall.order("thu-ky", Command::SetBudget { item: item("i4"), group: "Tổ 1".into(), seconds: 600 });
    hall.order("chu-toa", Command::CloseList {});
    hall.order("chu-toa", Command::StartItem { item: item("i4") });
    // A vote ends a speech, and so does the end of the day.
    hall.order("chu-toa", Command::GiveFloor { person: person("db3"), kind: SpeechKind::Speak, seconds: None });
    hall.order("chu-toa", Command::OpenBallot { question: question("q1"), seconds: None });
    hall.order("chu-toa", Command::VoidBallot { ballot: ballot("b1"), reason: "chưa đọc dự thảo".into() });
    hall.order("chu-toa", Command::GiveFloor { person: person("db3"), kind: SpeechKind::Speak, seconds: None });
    hall.order("chu-toa", Command::CloseSitting {});
    assert_eq!(hall.chamber.spoken().len(), 5);
    assert_eq!(hall.chamber.spoken().first().map(|spoken| spoken.spent_ms), Some(4_500));
    assert_eq!(findings(&hall), []);
}

/// One act of `by`, who signed `ordered`; recorded is what `decide` gives for it, bent.
fn forge(hall: &mut Hall, by: &str, ordered: &Command, bend: impl FnOnce(&mut Vec<Event>)) -> u64 {
    let (note, arguments) = hall.signed_order(by, ordered);
    hall.wait(1_500);
    let now = hall.entries.last().unwrap().time.plus(1_500);
    let mut events = hall.chamber.decide(now, &Actor::Person(person(by)), ordered).unwrap();
    bend(&mut events);
    let first = hall.entries.len() as u64;
    hall.write(Actor::Person(person(by)), Some(note), Some(arguments), events);
    first
}

#[test]
fn time_spent_is_what_the_clock_says() {
    for lie in [0, 1_499, 1_501, u64::from(u32::MAX)] {
        let mut hall = speaking();
        let first = forge(&mut hall, "chu-toa", &Command::EndSpeech { speech: fid("f1") }, |events| {
            let Some(Event::SpeechEnded { spent_ms, .. }) = events.first_mut() else { panic!("{events:?}") };
            assert_eq!(*spent_ms, 1_500);
            *spent_ms = lie;
        });
        assert_eq!(findings(&hall), [(Some(first), "does_not_follow")], "{lie}");
    }
}

#[test]
fn what_is_recorded_is_what_was_signed() {
    type Bend = fn(&mut Vec<Event>);
    let call = || Command::CallSpeaker { request: rid("r1"), seconds: None };
    let another: Bend = |events| {
        if let Some(Event::SpeechStarted { request, person, .. }) = events.last_mut() {
            (*request, *person) = (Some(rid("r2")), ledger_support::person("db2"));
        }
    };
    let longer: Bend = |events| {
        if let Some(Event::SpeechStarted { seconds, .. }) = events.last_mut() {
            *seconds += 60;
        }
    };
    let other_topic: Bend = |events| {
        if let Some(Event::SpeechRequested { topic, .. }) = events.last_mut() {
            *topic = Some("Chuyện khác".into());
        }
    };
    let other_kind: Bend = |events| {
        if let Some(Event::SpeechRequested { speech_kind, .. }) = events.last_mut() {
            *speech_kind = SpeechKind::Answer;
        }
    };
    let last: Bend = |events| {
        if let Some(Event::RequestMoved { before, .. }) = events.last_mut() {
            *before = None;
        }
    };
    let moved = || Command::MoveRequest { request: rid("r3"), before: Some(rid("r1")), reason: "đổi".into() };
    let ask = || asks("db1", SpeechKind::Rebut, "Ý kiến khác");
    let cases: [(&str, Command, Bend); 5] = [
        ("chu-toa", call(), another),
        ("chu-toa", call(), longer),
        ("chu-toa", moved(), last),
        ("db1", ask(), other_topic),
        ("db1", ask(), other_kind),
    ];
    for (n, (by, command, bend)) in cases.into_iter().enumerate() {
        let mut hall = waiting();
        let first = forge(&mut hall, by, &command, bend);
        assert_eq!(findings(&hall), [(Some(first), "disagrees")], "case {n}");
    }
}

/// Where the order names nobody, the question is for the official whose round it is, and outside a round for nobody.
#[test]
fn an_interpellation_to_nobody_goes_to_the_official_whose_round_it_is() {
    let two_officials = || {
        let mut hall = debating();
        let sha256 = Hash::of(b"another.csv").hex();
        let people = vec![somebody(10, "gd2", None, &[Office::Official])];
        hall.order("quan-tri", Command::ImportRoster { sha256, people });
        hall
    };
    let order = asks("db1", SpeechKind::Interpellate, "Bao giờ xong cầu?");
    for (in_a_round, whom) in [(false, Some("gd1")), (true, Some("gd2")), (true, None)] {
        let mut hall = two_officials();
        if in_a_round {
            hall.order("chu-toa", Command::StartRound { official: person("gd1") });
        }
        let first = forge(&mut hall, "db1", &order, |events| {
            let Some(Event::SpeechRequested { to, .. }) = events.last_mut() else { panic!("{events:?}") };
            assert_eq!(*to, in_a_round.then(|| person("gd1")));
            *to = whom.map(person);
        });
        assert_eq!(findings(&hall), [(Some(first), "disagrees")], "{in_a_round} {whom:?}");
    }
}

#[test]
fn the_system_stops_the_clock_where_nothing_could_be_written() {
    let mut hall = speaking();
    hall.write(Actor::System, None, None, vec![Event::SpeechPaused { speech: fid("f1"), spent_ms: Some(0) }]);
    assert_eq!(findings(&hall), []);
}

#[test]
fn what_cannot_follow_is_found() {
    // Two speak at once: the end of the first was left out.
    let mut hall = speaking();
    let first = forge(&mut hall, "chu-toa", &Command::CallSpeaker { request: rid("r2"), seconds: None }, |events| {
        events.remove(0);
    });
    assert_eq!(findings(&hall), [(Some(first), "does_not_follow")]);

    // Somebody is called who did not ask.
    let mut hall = waiting();
    let first = forge(&mut hall, "chu-toa", &Command::CallSpeaker { request: rid("r1"), seconds: None }, |events| {
        if let Some(Event::SpeechStarted { person, .. }) = events.last_mut() {
            *person = ledger_support::person("db3");
        }
    });
    assert_eq!(findings(&hall), [(Some(first), "does_not_follow")]);

    // Nobody signed it.
    let mut hall = speaking();
    let first = hall.entries.len() as u64;
    hall.write(Actor::System, None, None, vec![Event::SpeechPaused { speech: fid("f1"), spent_ms: None }]);
    assert_eq!(findings(&hall), [(Some(first), "unsigned_act")]);

    // Nor what only the system says, where a person's name stands.
    let mut hall = speaking();
    let first = forge(&mut hall, "chu-toa", &Command::PauseSpeech { speech: fid("f1") }, |events| {
        if let Some(Event::SpeechPaused { spent_ms, .. }) = events.last_mut() {
            *spent_ms = Some(0);
        }
    });
    assert_eq!(findings(&hall), [(Some(first), "disagrees")]);

    // A delegate who speaks may end their speech, not lengthen it.
    let mut hall = speaking();
    let (note, arguments) = hall.signed_order("db1", &Command::ExtendSpeech { speech: fid("f1"), seconds: 60 });
    let first = hall.entries.len() as u64;
    let extended = vec![Event::SpeechExtended { speech: fid("f1"), seconds: 60 }];
    hall.write(Actor::Person(person("db1")), Some(note), Some(arguments), extended);
    assert_eq!(findings(&hall), [(Some(first), "not_allowed")]);
}

#[test]
fn a_promise_is_kept_once_and_as_was_said() {
    let promised = Command::LogPromise { official: person("gd1"), text: "Thông xe".into(), until: None, to: None };
    let keep = |note: &str| Command::KeepPromise { promise: PromiseId::parse("m1").unwrap(), note: Some(note.into()) };
    let mut hall = debating();
    hall.order("thu-ky", promised.clone());
    let first = forge(&mut hall, "thu-ky", &keep("đúng hạn"), |events| {
        let [Event::PromiseKept { note, .. }] = &mut events[..] else { panic!("{events:?}") };
        *note = Some("trước hạn".into());
    });
    assert_eq!(findings(&hall), [(Some(first), "disagrees")]);

    let mut hall = debating();
    hall.order("thu-ky", promised);
    hall.order("thu-ky", keep("đúng hạn"));
    let (note, arguments) = hall.signed_order("chu-toa", &keep("đúng hạn"));
    let first = hall.entries.len() as u64;
    let again = Event::PromiseKept { promise: PromiseId::parse("m1").unwrap(), note: Some("đúng hạn".into()) };
    hall.write(Actor::Person(person("chu-toa")), Some(note), Some(arguments), vec![again]);
    assert_eq!(findings(&hall), [(Some(first), "does_not_follow")]);
}
