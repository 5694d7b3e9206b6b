//! A discussion, and what can befall it.

use super::chamber_hall::*;
use super::debate::*;
use dienhong::chamber::agenda::ItemKind;
use dienhong::chamber::command::{Command, NewItem};
use dienhong::chamber::event::Event;
use dienhong::chamber::limits;
use dienhong::chamber::refusal::Refusal;
use dienhong::chamber::roll::Office;
use dienhong::chamber::speaking::SpeechKind::*;
use dienhong::chamber::wall::WallMode;
use dienhong::wire::from_chamber::{self as from, Eyes, Store};

#[test]
fn a_discussion() {
    let mut hall = hall();
    hall.start("i1");
    assert!(!hall.chamber.is_list_open(), "nobody debates a ceremony");
    hall.start("i5");
    assert!(hall.chamber.is_list_open(), "a discussion begins with its list");
    // While the list is closed there are points of order alone.
    hall.must(&by("p1"), Command::CloseList {});
    assert_eq!(hall.refused(&by("p3"), asks("p3", Speak)), Refusal::ListClosed);
    hall.must(&by("p1"), Command::OpenList {});
    for who in ["p3", "p4", "p5"] {
        ask(&mut hall, who, Speak);
        hall.wait(1);
    }
    ask(&mut hall, "p6", Rebut);
    ask(&mut hall, "p4", PointOfOrder);
    ask(&mut hall, "p3", Rebut);
    assert_eq!(queue(&hall), ["p4 PointOfOrder", "p6 Rebut", "p3 Rebut", "p3 Speak", "p4 Speak", "p5 Speak"]);

    // The chair brings one forward, and takes one away; one takes their own back.
    hall.must(&by("p1"), moves("r3", Some("r1")));
    let withdraw = |request: &str, reason: Option<&str>| Command::WithdrawRequest {
        request: rid(request),
        reason: reason.map(str::to_owned),
    };
    assert_eq!(hall.refused(&by("p1"), withdraw("r2", None)), Refusal::ReasonNeeded);
    hall.must(&by("p1"), withdraw("r2", Some("trùng nội dung")));
    hall.must(&by("p3"), withdraw("r6", None));
    assert_eq!(ids(&hall), ["r5", "r4", "r3", "r1"]);

    // The first has a minute, is stopped for ten seconds, goes on.
    assert_eq!(hall.chamber.wall().mode, WallMode::Item);
    assert_eq!(call(&mut hall, "r5"), "f1");
    assert_eq!(hall.chamber.wall().mode, WallMode::Speaker);
    let speech = hall.chamber.speech().expect("somebody speaks").clone();
    assert_eq!((speech.allotted_ms, speech.person, speech.item), (60_000, pid("p4"), Some(iid("i5"))));
    hall.wait(20);
    hall.must(&by("p1"), Command::PauseSpeech { speech: fid("f1") });
    hall.wait(10);
    assert_eq!(hall.chamber.speech().map(|speech| speech.spent_at(hall.now)), Some(20_000));
    hall.must(&by("p1"), Command::ResumeSpeech { speech: fid("f1") });
    hall.wait(25);
    // Fifteen seconds are left; thirty more are given, and overrun by ten. Nothing ends by itself.
    hall.must(&by("p1"), Command::ExtendSpeech { speech: fid("f1"), seconds: 30 });
    hall.wait(55);
    assert_eq!(hall.tick(), []);
    let speech = hall.chamber.speech().expect("still");
    assert_eq!((speech.allotted_ms, speech.spent_at(hall.now)), (90_000, 100_000));

    // Calling the next ends it.
    let events = hall.must(&by("p1"), calls("r4", Some(30)));
    assert!(matches!(
        events.as_slice(),
        [Event::SpeechEnded { spent_ms: 100_000, .. }, Event::SpeechStarted { seconds: 30, .. }]
    ));
    assert_eq!(hall.chamber.wall().mode, WallMode::Speaker);
    // Whoever speaks may end it; paused time is no time.
    hall.wait(5);
    hall.must(&by("p1"), Command::PauseSpeech { speech: fid("f2") });
    hall.wait(1_000);
    let ended = hall.must(&by("p6"), Command::EndSpeech { speech: fid("f2") });
    assert!(matches!(ended.as_slice(), [Event::SpeechEnded { spent_ms: 5_000, .. }]));
    assert_eq!((hall.chamber.speech(), hall.chamber.wall().mode), (None, WallMode::Item));

    // The list is closed: those who wait are still called, and points of order taken.
    hall.must(&by("p1"), Command::CloseList {});
    assert_eq!(hall.refused(&by("p4"), asks("p4", Rebut)), Refusal::ListClosed);
    ask(&mut hall, "p2", PointOfOrder);
    assert_eq!(ids(&hall), ["r7", "r3", "r1"]);
    let speech = call(&mut hall, "r3");
    hall.wait(7);
    assert_eq!(end(&mut hall, &speech), 7_000);

    let spoken: Vec<_> = hall.chamber.spoken().iter().map(|s| (s.person.as_str(), s.spent_ms)).collect();
    assert_eq!(spoken, [("p4", 100_000), ("p6", 5_000), ("p5", 7_000)]);

    // The item is over: nobody waits for it, and its list is closed.
    hall.start("i1");
    assert!(hall.chamber.queue().is_empty() && !hall.chamber.is_list_open());
    hall.must(&by("clerk"), Command::CloseSitting {});
    assert_eq!(hall.replayed(), hall.chamber, "the record alone tells the same");
}

#[test]
fn a_new_request_finds_its_place_among_those_that_were_moved() {
    let mut hall = discussion();
    for who in ["p1", "p2", "p3"] {
        ask(&mut hall, who, Speak);
    }
    // Brought forward, it goes before its kind but not before a point of order.
    hall.must(&by("p1"), moves("r3", Some("r1")));
    ask(&mut hall, "p4", PointOfOrder);
    assert_eq!(ids(&hall), ["r4", "r3", "r1", "r2"]);
    // Put last, it stays behind those of a lower rank, and later ones of its rank do not join it.
    ask(&mut hall, "p5", Rebut);
    assert_eq!(ids(&hall), ["r4", "r5", "r3", "r1", "r2"]);
    hall.must(&by("p1"), moves("r5", None));
    ask(&mut hall, "p6", Rebut);
    assert_eq!(ids(&hall), ["r4", "r6", "r3", "r1", "r2", "r5"]);
    ask(&mut hall, "p4", Speak);
    assert_eq!(ids(&hall), ["r4", "r6", "r3", "r1", "r2", "r5", "r7"]);
    // A moved one that has lost those beside it still goes before whoever comes later.
    for request in ["r1", "r2", "r5", "r7"] {
        hall.must(&by("p1"), moves(request, Some("r3")));
    }
    assert_eq!(ids(&hall), ["r4", "r6", "r1", "r2", "r5", "r7", "r3"]);
    let last = ask(&mut hall, "p5", Speak);
    assert_eq!(ids(&hall).last(), Some(&last.as_str()));
}

#[test]
fn who_leaves_waits_no_longer_but_is_not_cut_short() {
    let mut hall = discussion();
    for who in ["p3", "p4", "p5"] {
        ask(&mut hall, who, Speak);
        ask(&mut hall, who, Rebut);
    }
    ask(&mut hall, "gd1", Answer);
    let speech = call(&mut hall, "r1");
    hall.wait(10);
    hall.check_out("p3");
    assert_eq!(queue(&hall), ["p4 Rebut", "p5 Rebut", "p4 Speak", "p5 Speak", "gd1 Answer"]);
    hall.must(&by("admin"), Command::EndMandate { person: pid("p4"), reason: "chuyển công tác".into() });
    assert_eq!(queue(&hall), ["p5 Rebut", "p5 Speak", "gd1 Answer"]);
    // The seat is given up; with an office it would still be possible to answer.
    hall.must(&by("admin"), import(vec![somebody("p5", None, Vec::new())]));
    assert_eq!(queue(&hall), ["gd1 Answer"]);
    hall.must(&by("admin"), import(vec![somebody("gd1", None, vec![Office::Guest])]));
    assert_eq!(queue(&hall), Vec::<String>::new());

    hall.wait(10);
    assert_eq!(end(&mut hall, &speech), 20_000);
    assert_eq!(hall.refused(&by("p3"), asks("p3", Speak)), Refusal::NotPresent);
    assert_eq!(hall.replayed(), hall.chamber);
}

#[test]
fn the_floor_is_given_to_those_who_did_not_ask() {
    let mut hall = discussion();
    // To an official, to an officer without a seat, to a guest: all are invited. To a screen: never.
    for (who, kind, allotted) in [("gd1", Explain, 180_000), ("clerk", Speak, 420_000), ("guest", Speak, 420_000)] {
        give(&mut hall, who, kind);
        assert_eq!(hall.chamber.speech().map(|speech| speech.allotted_ms), Some(allotted), "{who}");
    }
    assert_eq!(hall.refused(&by("p1"), gives("screen", Speak, None)), Refusal::NotAllowed);
    hall.check_out("p6");
    assert_eq!(hall.refused(&by("p1"), gives("p6", Speak, None)), Refusal::NotPresent);

    // Somebody who waits for this very thing has been called by it.
    hall.must(
        &by("p5"),
        Command::AskToSpeak { person: pid("p5"), kind: Speak, topic: Some(" Học phí ".into()), to: None },
    );
    ask(&mut hall, "p5", Rebut);
    let request = hall.chamber.queue().last().map(|request| request.id.clone());
    let started = hall.must(&by("p1"), gives("p5", Speak, Some(0)));
    assert!(matches!(started.last(), Some(Event::SpeechStarted { request: named, .. }) if *named == request));
    let speech = hall.chamber.speech().expect("somebody speaks");
    assert_eq!((speech.topic.as_deref(), speech.allotted_ms), (Some("Học phí"), 0));
    assert_eq!(queue(&hall), ["p5 Rebut"]);
}

#[test]
fn the_wall_follows_the_speakers_but_not_over_a_ballot_or_a_card() {
    let mut hall = hall();
    hall.start("i2");
    hall.open("q1");
    hall.close("b1");
    // The result stands on the wall until it is announced.
    let speech = give(&mut hall, "p3", Explain);
    assert_eq!(hall.chamber.wall().mode, WallMode::Result);
    end(&mut hall, &speech);
    assert_eq!(hall.chamber.wall().mode, WallMode::Result);
    hall.confirm("b1");
    hall.announce("b1");
    let speech = give(&mut hall, "p3", Explain);
    assert_eq!(hall.chamber.wall().mode, WallMode::Speaker);
    hall.must(&by("clerk"), Command::show_on_wall(WallMode::Agenda));
    end(&mut hall, &speech);
    assert_eq!(hall.chamber.wall().mode, WallMode::Agenda, "somebody wanted it so");
}

#[test]
fn a_session_begins_with_nothing_said() {
    let mut hall = discussion();
    ask(&mut hall, "p3", Speak);
    let speech = call(&mut hall, "r1");
    hall.wait(10);
    end(&mut hall, &speech);
    hall.must(&by("clerk"), promise("Trả lời bằng văn bản", None));
    let budget = Command::SetBudget { item: iid("i5"), group: "Tổ 1".into(), seconds: 600 };
    hall.must(&by("clerk"), budget);
    hall.must(&by("clerk"), Command::CloseSitting {});
    assert_eq!((hall.chamber.spoken().len(), hall.chamber.promises().len()), (1, 1), "the session is not over");
    // After the closing, too, the secretary completes the log.
    hall.must(&by("clerk"), promise("Báo cáo tại kỳ họp sau", Some("2026-12-31")));
    assert_eq!(hall.chamber.promises().last().map(|promise| promise.item.clone()), Some(None));

    hall.must(&by("clerk"), Command::create_session("Kỳ họp thứ 30", "2021–2026"));
    assert!(hall.chamber.spoken().is_empty());
    assert_eq!(hall.chamber.budgets_of(&iid("i5")).count(), 0);
    // Numbers go on: an id is never given twice.
    hall.must(&by("clerk"), promise("Khởi công", None));
    assert_eq!(promised(&hall), ["m1", "m2", "m3"], "what was promised in this term stands");
    assert_eq!(hall.replayed(), hall.chamber);
}

fn promised(hall: &Hall) -> Vec<&str> {
    hall.chamber.promises().iter().map(|promise| promise.id.as_str()).collect()
}

/// The present session holds a sitting, if none is open, and the next one begins.
fn next_session(hall: &mut Hall, title: &str, term: &str) {
    if hall.chamber.sitting().is_none() {
        hall.must(&by("clerk"), Command::open_sitting("Phiên họp"));
    }
    hall.must(&by("clerk"), Command::CloseSitting {});
    hall.must(&by("clerk"), Command::create_session(title, term));
}

#[test]
fn a_promise_stands_until_it_is_struck_or_its_term_ends() {
    let mut hall = discussion();
    for text in ["Khởi công cầu", "Ghi nhầm", "Bố trí vốn"] {
        hall.must(&by("clerk"), promise(text, None));
    }
    let strike = |id: &str| Command::StrikePromise { promise: mid(id), reason: "đã thực hiện".into() };
    hall.must(&by("clerk"), strike("m2"));
    next_session(&mut hall, "Kỳ họp thứ 30", "2021–2026");
    assert_eq!(promised(&hall), ["m1", "m3"], "what was struck in an earlier session is history");
    hall.must(&by("clerk"), promise("Báo cáo", None));
    hall.must(&by("clerk"), strike("m3"));
    let shown = from::speaking(&hall.chamber, Store::Writable, Eyes::Hall).promises;
    let told: Vec<_> = shown.iter().map(|promise| (promise.id.as_str(), promise.session.as_deref())).collect();
    assert_eq!(told, [("m1", Some("Kỳ họp thứ 29")), ("m3", Some("Kỳ họp thứ 29")), ("m4", None)]);
    let public = from::speaking(&hall.chamber, Store::Writable, Eyes::Public).promises;
    assert_eq!(public.iter().map(|promise| promise.id.as_str()).collect::<Vec<_>>(), ["m1", "m4"]);
    assert_eq!(hall.replayed(), hall.chamber);

    next_session(&mut hall, "Kỳ họp thứ nhất", "2026–2031");
    assert_eq!(promised(&hall), [""; 0]);
}

#[test]
fn promises_behind_closed_doors_stay_there_in_later_sessions() {
    let mut hall = discussion();
    hall.must(&by("clerk"), promise("rộng rãi", None));
    let inside = NewItem { closed: true, ..new_item("9", ItemKind::Discussion, "Chuyện kín", None) };
    hall.must(&by("clerk"), Command::add_items(vec![inside]));
    hall.start("i7");
    hall.must(&by("clerk"), promise("kín", None));
    next_session(&mut hall, "Kỳ họp thứ 30", "2021–2026");
    assert_eq!(promised(&hall), ["m1", "m2"]);
    let public = from::speaking(&hall.chamber, Store::Writable, Eyes::Public).promises;
    assert_eq!(public.iter().map(|promise| promise.text.as_str()).collect::<Vec<_>>(), ["rộng rãi"]);
}

#[test]
fn of_a_terms_earlier_promises_the_newest_are_kept() {
    let mut hall = discussion();
    for _ in 0..limits::PROMISES {
        hall.must(&by("clerk"), promise("Báo cáo", None));
    }
    assert_eq!(hall.refused(&by("clerk"), promise("Báo cáo", None)), Refusal::TooManyRequests);
    for title in ["Kỳ họp thứ 30", "Kỳ họp thứ 31"] {
        next_session(&mut hall, title, "2021–2026");
        hall.must(&by("clerk"), promise("Báo cáo", None));
    }
    let kept = promised(&hall);
    assert_eq!((kept.len(), kept[0]), (limits::EARLIER_PROMISES + 1, "m2"));
}
