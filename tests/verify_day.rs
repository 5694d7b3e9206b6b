//! What the verifier finds in the record of a day: sittings, the agenda's tree, rules and walls. The records are signed by the
//! council's own key: what is tested is whether a server that writes something other than was ordered is caught.

mod ledger_support;

use dienhong::chamber::agenda::{ItemKind, SuspensionCause};
use dienhong::chamber::command::{Actor, Command, NewItem};
use dienhong::chamber::event::Event;
use dienhong::chamber::ids::{Millis, SittingId, WallId};
use dienhong::chamber::speaking::SpeechKind;
use dienhong::chamber::wall::{Card, WallMode};
use dienhong::verify::verify;
use ledger_support::*;
use std::io::Cursor;

fn findings(hall: &Hall) -> Vec<(Option<u64>, &'static str)> {
    let report = verify(Cursor::new(hall.bundle()), Some(&vkey()), |_| {}).unwrap();
    report.findings.iter().map(|finding| (finding.seq, finding.problem.code())).collect()
}

fn morning() -> Hall {
    let mut hall = Hall::new();
    story::enrol_everybody(&mut hall);
    story::open_the_sitting(&mut hall);
    hall
}

fn report(number: &str, level: u32) -> NewItem {
    NewItem { level, ..NewItem::new(number, ItemKind::Report, "Báo cáo") }
}

fn wall() -> Option<WallId> {
    WallId::parse("w2").ok()
}

fn card(title: &str) -> Option<Card> {
    Some(Card { title: title.into(), text: None, until: None })
}

fn suspend() -> Command {
    Command::SuspendSitting { cause: SuspensionCause::Recess, reason: Some(" giải lao ".into()), until: None }
}

fn branch(start: bool) -> Command {
    let items = vec![report("3", 0), report("3.1", 1), NewItem::new("4", ItemKind::Vote, "Nghị quyết")];
    Command::AddItems { items, parent: None, before: Some(item("i2")), start }
}

fn change(title: &str) -> Command {
    Command::ChangeItem { item: item("i1"), to: NewItem::new("1", ItemKind::Vote, title) }
}

#[test]
fn a_whole_day_is_whole() {
    let mut hall = morning();
    hall.order("thu-ky", Command::PrepareSitting { title: "Chiều".into(), planned_at: None, closed_doors: true });
    hall.order("thu-ky", branch(false));
    hall.order("thu-ky", change(" Nghị quyết về giao thông "));
    hall.order("thu-ky", Command::MoveItem { item: item("i4"), parent: None, before: Some(item("i1")) });
    hall.order("thu-ky", Command::RemoveItem { item: item("i3") });
    hall.order("chu-toa", branch(true));
    hall.order("chu-toa", Command::GiveFloor { person: person("db1"), kind: SpeechKind::Speak, seconds: None });
    hall.order("chu-toa", suspend());
    hall.order("chu-toa", Command::ResumeSitting {});
    hall.order("chu-toa", branch(true));
    let current = hall.chamber.current_item().map(|current| current.item.id.clone()).unwrap();
    hall.order("chu-toa", Command::FinishItem { item: current });
    hall.order("chu-toa", Command::StartItem { item: item("i1") });
    hall.order("chu-toa", Command::OpenBallot { question: question("q1"), seconds: None });
    hall.order("thu-ky", suspend());
    hall.order("thu-ky", Command::ResumeSitting {});
    hall.order("chu-toa", Command::VoidBallot { ballot: ballot("b1"), reason: "mất điện".into() });
    let mut rules = rules();
    rules.seats += 1;
    rules.answers[0].meaning = " Đồng ý ".into();
    hall.order("quan-tri", Command::SetRules { rules: Box::new(rules) });
    hall.order("thu-ky", Command::AddWall { name: " Sảnh ".into() });
    hall.order("thu-ky", Command::ShowOnWall { wall: wall(), mode: WallMode::Title, card: card(" Chào cờ ") });
    hall.order("thu-ky", Command::ShowOnWall { wall: WallId::parse("w1").ok(), mode: WallMode::Blank, card: None });
    hall.order("thu-ky", Command::FollowMain { wall: wall().unwrap() });
    hall.order("thu-ky", Command::SetTicker { text: Some(" 14 giờ ".into()) });
    hall.order("thu-ky", Command::SetTicker { text: Some(" ".into()) });
    hall.order("thu-ky", Command::RemoveWall { wall: wall().unwrap() });
    hall.order("thu-ky", Command::CloseSitting {});
    hall.order("thu-ky", Command::Excuse { person: person("db2"), reason: "ốm".into() });
    let sitting = SittingId::parse("t2").ok();
    hall.order("thu-ky", Command::OpenSitting { sitting, title: None, closed_doors: false });
    assert_eq!(findings(&hall), []);
}

/// One act of `by`, who signed `ordered`; recorded is what `decide` gives for it, bent.
fn forge(hall: &mut Hall, by: &str, ordered: &Command, bend: impl FnOnce(&mut Vec<Event>)) -> u64 {
    let (note, arguments) = hall.signed_order(by, ordered);
    let now = hall.entries.last().unwrap().time;
    let mut events = hall.chamber.decide(now, &Actor::Person(person(by)), ordered).unwrap();
    bend(&mut events);
    let first = hall.entries.len() as u64;
    hall.write(Actor::Person(person(by)), Some(note), Some(arguments), events);
    first
}

#[test]
fn what_is_recorded_is_what_was_signed() {
    type Bend = fn(&mut Vec<Event>);
    let mut more_seats = rules();
    more_seats.seats += 1;
    let doors = Command::PrepareSitting { title: "Chiều".into(), planned_at: None, closed_doors: true };
    let moved = Command::MoveItem { item: item("i2"), parent: None, before: Some(item("i1")) };
    let shown = Command::ShowOnWall { wall: None, mode: WallMode::Title, card: card("Chào cờ") };
    let ticker = Command::SetTicker { text: Some("14 giờ".into()) };
    let cases: [(&str, Command, Bend); 19] = [
        ("quan-tri", Command::SetRules { rules: Box::new(more_seats) }, |events| {
            let Some(Event::RulesSet { rules }) = events.first_mut() else { panic!("{events:?}") };
            rules.quorum_enforced = !rules.quorum_enforced;
        }),
        ("thu-ky", doors, |events| {
            let Some(Event::SittingPrepared { closed_doors, .. }) = events.first_mut() else { panic!("{events:?}") };
            *closed_doors = false;
        }),
        ("thu-ky", suspend(), |events| {
            let Some(Event::SittingSuspended { until, .. }) = events.last_mut() else { panic!("{events:?}") };
            *until = Some(Millis(1));
        }),
        ("thu-ky", branch(false), |events| {
            let Some(Event::ItemAdded { before, .. }) = events.first_mut() else { panic!("{events:?}") };
            *before = None;
        }),
        ("thu-ky", branch(false), |events| {
            let Some(Event::ItemAdded { item, .. }) = events.get_mut(1) else { panic!("{events:?}") };
            item.presenter = Some("Người khác".into());
        }),
        // An item begins that was only to be added, and another than the first.
        ("thu-ky", branch(false), |events| events.push(Event::ItemStarted { item: item("i3") })),
        ("chu-toa", branch(true), |events| {
            let Some(Event::ItemStarted { item }) = events.last_mut() else { panic!("{events:?}") };
            *item = ledger_support::item("i1");
        }),
        ("thu-ky", change("Nghị quyết mới"), |events| {
            let Some(Event::ItemChanged { item }) = events.first_mut() else { panic!("{events:?}") };
            item.closed = true;
        }),
        ("thu-ky", moved, |events| {
            let Some(Event::ItemMoved { before, .. }) = events.first_mut() else { panic!("{events:?}") };
            *before = None;
        }),
        ("thu-ky", Command::RemoveItem { item: item("i2") }, |events| {
            events[0] = Event::ItemRemoved { item: item("i1") };
        }),
        ("thu-ky", shown, |events| {
            let Some(Event::WallShown { card, .. }) = events.first_mut() else { panic!("{events:?}") };
            *card = self::card("Bế mạc");
        }),
        ("thu-ky", ticker, |events| events[0] = Event::TickerSet { text: None }),
        // A rule that was left out is the profile's first for a vote, none for anything else, and the item's own in a change.
        ("thu-ky", branch(false), |events| with_rule(events, "i5", Some("chair_decides"))),
        ("thu-ky", branch(false), |events| with_rule(events, "i5", None)),
        ("thu-ky", branch(false), |events| with_rule(events, "i3", Some("over_half"))),
        ("thu-ky", change("Nghị quyết mới"), |events| with_rule(events, "i1", Some("chair_decides"))),
        // A vote without its question, an item of another kind with one, and a question that stays as it was worded.
        ("thu-ky", branch(false), |events| events.retain(|event| !matches!(event, Event::QuestionPrepared { .. }))),
        ("thu-ky", branch(false), |events| {
            let Some(Event::QuestionPrepared { question }) = events.last_mut() else { panic!("{events:?}") };
            question.item = item("i4");
        }),
        ("thu-ky", change("Nghị quyết mới"), |events| events.truncate(1)),
    ];
    for (n, (by, command, bend)) in cases.into_iter().enumerate() {
        let mut hall = morning();
        let first = forge(&mut hall, by, &command, bend);
        assert_eq!(findings(&hall), [(Some(first), "disagrees")], "case {n}: {command:?}");
    }
}

/// Records the item with another rule than it was given.
fn with_rule(events: &mut [Event], id: &str, rule: Option<&str>) {
    for event in events {
        if let Event::ItemAdded { item, .. } | Event::ItemChanged { item } = event
            && item.id == ledger_support::item(id)
        {
            item.rule = rule.map(str::to_owned);
        }
    }
}

/// A question goes with its item only where it had the item's title, is its only one and was never put to the vote.
#[test]
fn a_question_that_need_not_follow_its_item_stays() {
    let retitled = |number: &str, kind, title: &str| NewItem::new(number, kind, title);
    // Under its item's old title still: only the number changes. And under a title of its own.
    let cases = [
        (item("i1"), retitled("1.a", ItemKind::Vote, "Nghị quyết về phát triển giao thông"), "q1"),
        (item("i2"), retitled("2", ItemKind::Report, "Báo cáo khác"), "q2"),
    ];
    for (item, to, stays) in cases {
        let order = Command::ChangeItem { item, to };
        let mut hall = morning();
        hall.order("thu-ky", order.clone());
        assert_eq!(findings(&hall), [], "{stays}");

        let mut hall = morning();
        let mut question = hall.chamber.question(&question(stays)).unwrap().clone();
        question.title = "Báo cáo khác".into();
        question.document_sha256 = dienhong::chamber::question::document_sha256(&question);
        let first = forge(&mut hall, "thu-ky", &order, |events| events.push(Event::QuestionPrepared { question }));
        assert_eq!(findings(&hall), [(Some(first + 1), "disagrees")], "{stays}");
    }
}

/// An item that comes to be a vote brings its first question, by the profile's first rule; one that loses its kind none.
#[test]
fn a_changed_item_that_comes_to_be_a_vote_brings_its_question() {
    let order = Command::ChangeItem { item: item("i3"), to: NewItem::new("3", ItemKind::Vote, "Nghị quyết") };
    let noon = || {
        let mut hall = morning();
        hall.order("thu-ky", Command::add_items(vec![report("3", 0)]));
        hall
    };
    let mut hall = noon();
    hall.order("thu-ky", order.clone());
    assert_eq!(hall.chamber.questions_of(&item("i3")).count(), 1);
    let back = Command::ChangeItem { item: item("i3"), to: NewItem::new("3", ItemKind::Report, "Báo cáo lại") };
    hall.order("thu-ky", back);
    assert_eq!(findings(&hall), []);

    let mut hall = noon();
    let first = forge(&mut hall, "thu-ky", &order, |events| events.truncate(1));
    assert_eq!(findings(&hall), [(Some(first), "disagrees")]);

    let mut hall = noon();
    let first = forge(&mut hall, "thu-ky", &order, |events| {
        let Some(Event::QuestionPrepared { question }) = events.last_mut() else { panic!("{events:?}") };
        question.rule = rules().majorities[1].rule.clone();
        question.document_sha256 = dienhong::chamber::question::document_sha256(question);
    });
    assert_eq!(findings(&hall), [(Some(first + 1), "disagrees")]);
}

/// A changed item takes its question along; what the order does not name stays word for word.
#[test]
fn a_question_that_follows_its_item_says_nothing_new() {
    let bends: [fn(&mut dienhong::chamber::ballot::Question); 3] = [
        |question| question.text = "Điều 1. Khác.".into(),
        |question| question.seconds += 1,
        |question| question.answers[0].meaning = "Không đồng ý".into(),
    ];
    for (n, bend) in bends.into_iter().enumerate() {
        let mut hall = morning();
        let first = forge(&mut hall, "thu-ky", &change("Nghị quyết mới"), |events| {
            let Some(Event::QuestionPrepared { question }) = events.last_mut() else { panic!("{events:?}") };
            bend(question);
            question.document_sha256 = dienhong::chamber::question::document_sha256(question);
        });
        assert_eq!(findings(&hall), [(Some(first + 1), "disagrees")], "case {n}");
    }
}

#[test]
fn what_cannot_follow_is_found() {
    // A recess in which a speech goes on, and one that nobody signed.
    let mut hall = morning();
    hall.order("chu-toa", Command::StartItem { item: item("i1") });
    hall.order("chu-toa", Command::GiveFloor { person: person("db1"), kind: SpeechKind::Speak, seconds: None });
    let first = forge(&mut hall, "thu-ky", &suspend(), |events| {
        events.remove(0);
    });
    assert_eq!(findings(&hall), [(Some(first), "does_not_follow")]);

    let mut hall = morning();
    let first = hall.entries.len() as u64;
    hall.write(Actor::System, None, None, vec![Event::SittingResumed { sitting: SittingId::parse("t1").unwrap() }]);
    assert_eq!(findings(&hall).last(), Some(&(Some(first), "unsigned_act")));
}
