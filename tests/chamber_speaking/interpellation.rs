//! Chất vấn: rounds, answers, rebuttals, and what was promised.

use super::chamber_hall::*;
use super::debate::*;
use dienhong::chamber::command::Command;
use dienhong::chamber::event::Event;
use dienhong::chamber::refusal::Refusal;
use dienhong::chamber::speaking::Kept;
use dienhong::chamber::speaking::SpeechKind::*;
use dienhong::chamber::wall::WallMode;
use dienhong::wire::from_chamber::{self as from, Eyes, Store};

fn round(official: &str) -> Command {
    Command::StartRound { official: pid(official) }
}

#[test]
fn a_round_of_three_askers_with_answers_and_rebuttals() {
    let mut hall = interpellation();
    // Before the round they may ask anybody; in it, its official where they name nobody.
    hall.must(
        &by("p2"),
        Command::AskToSpeak { person: pid("p2"), kind: Interpellate, topic: None, to: Some(pid("gd2")) },
    );
    hall.must(&by("p1"), round("gd1"));
    for who in ["p3", "p4", "p5"] {
        let topic = Some(format!("Câu hỏi của {who}"));
        hall.must(&by(who), Command::AskToSpeak { person: pid(who), kind: Interpellate, topic, to: None });
    }
    let addressed: Vec<_> = hall.chamber.queue().iter().map(|request| request.to.clone()).collect();
    assert_eq!(addressed, [Some(pid("gd2")), Some(pid("gd1")), Some(pid("gd1")), Some(pid("gd1"))]);

    // Somebody wants to rebut before anybody has asked; then three ask, a minute each.
    ask(&mut hall, "p6", Rebut);
    ask(&mut hall, "p4", Rebut);
    assert_eq!(queue(&hall)[..2], ["p6 Rebut", "p4 Rebut"]);
    for request in ["r2", "r3", "r4"] {
        call(&mut hall, request);
        assert_eq!(hall.chamber.wall().mode, WallMode::Interpellation);
        assert_eq!(hall.chamber.speech().map(|speech| speech.allotted_ms), Some(60_000));
        hall.wait(50);
    }
    let asked: Vec<_> = hall.chamber.round().expect("on").asked.clone();
    let topics = ["p3", "p4", "p5"].map(|who| (pid(who), Some(format!("Câu hỏi của {who}"))));
    assert_eq!(asked, topics);
    // Those who asked go before, whenever they said so.
    assert_eq!(queue(&hall)[..2], ["p4 Rebut", "p6 Rebut"]);
    ask(&mut hall, "p3", Rebut);
    assert_eq!(queue(&hall)[..3], ["p4 Rebut", "p3 Rebut", "p6 Rebut"]);

    // The round takes no fourth: the answer comes first.
    assert_eq!(hall.refused(&by("p1"), calls("r1", None)), Refusal::RoundFull);
    assert_eq!(hall.refused(&by("p1"), gives("p6", Interpellate, None)), Refusal::RoundFull);
    let answer = give(&mut hall, "gd1", Answer);
    assert_eq!(hall.chamber.spoken().len(), 3);
    hall.wait(170);
    hall.must(&by("clerk"), promise("Hoàn thành nút giao trước mùa mưa", Some("2026-06-30")));
    assert_eq!(end(&mut hall, &answer), 170_000);
    assert_eq!(hall.chamber.wall().mode, WallMode::Item);
    let rebuttal = call(&mut hall, "r6");
    assert_eq!(hall.chamber.speech().map(|speech| speech.allotted_ms), Some(120_000));
    end(&mut hall, &rebuttal);

    // The next round: nobody has asked in it, so those who wait stand as they came.
    let started = hall.must(&by("p1"), round("gd2"));
    assert!(matches!(started.as_slice(), [Event::RoundStarted { round: 2, .. }]));
    assert_eq!(queue(&hall)[..2], ["p6 Rebut", "p3 Rebut"]);
    let again = call(&mut hall, "r1");
    end(&mut hall, &again);
    assert_eq!(hall.chamber.round().expect("on").asked, [(pid("p2"), None)]);

    // The item is over and taken up again: rounds are counted on.
    hall.start("i5");
    assert_eq!(hall.chamber.round(), None);
    hall.start("i6");
    let started = hall.must(&by("p1"), round("gd1"));
    assert!(matches!(started.as_slice(), [Event::RoundStarted { round: 3, .. }]));

    let kept = hall.chamber.promises().first().expect("logged");
    assert_eq!(
        (kept.item.clone(), kept.to.clone(), kept.until.as_deref()),
        (Some(iid("i6")), Some(pid("p3")), Some("2026-06-30"))
    );
    assert_eq!(hall.replayed(), hall.chamber);
}

#[test]
fn a_council_sets_how_many_ask_and_how_long() {
    let mut rules = generic(9);
    rules.speaking.askers_a_round = 1;
    rules.speaking.interpellate = 45;
    let mut hall = Hall::sitting(rules, 4, 4);
    let official = somebody("gd1", None, vec![dienhong::chamber::roll::Office::Official]);
    hall.must(&by("admin"), import(vec![official]));
    let item = new_item("5", dienhong::chamber::agenda::ItemKind::Interpellation, "Chất vấn", None);
    hall.must(&by("clerk"), Command::add_items(vec![item]));
    hall.start("i5");
    // Before a round is on nobody counts.
    give(&mut hall, "p2", Interpellate);
    assert_eq!(hall.chamber.speech().map(|speech| speech.allotted_ms), Some(45_000));
    hall.must(&by("p1"), round("gd1"));
    give(&mut hall, "p3", Interpellate);
    assert_eq!(hall.refused(&by("p1"), gives("p4", Interpellate, None)), Refusal::RoundFull);
    hall.must(&by("p1"), round("gd1"));
    give(&mut hall, "p4", Interpellate);
}

#[test]
fn a_promise_is_struck_with_a_reason_and_stays_readable() {
    let mut hall = interpellation();
    hall.must(&by("p1"), promise("  Trả lời bằng văn bản ", Some("2028-02-29")));
    let strike = |id: &str| Command::StrikePromise { promise: mid(id), reason: "ghi nhầm".into() };
    hall.must(&by("clerk"), strike("m1"));
    let struck = hall.chamber.promises().first().expect("kept");
    assert_eq!((struck.text.as_str(), struck.struck.as_deref()), ("Trả lời bằng văn bản", Some("ghi nhầm")));
    assert_eq!(hall.refused(&by("clerk"), strike("m1")), Refusal::UnknownPromise);
}

#[test]
fn a_promise_is_marked_as_kept_once_and_a_mistake_is_struck() {
    let mut hall = interpellation();
    for text in ["Thông xe", "Trả lời bằng văn bản"] {
        hall.must(&by("clerk"), promise(text, Some("2026-06-30")));
    }
    hall.wait(86_400);
    let keep = |id: &str, note: &str| Command::KeepPromise { promise: mid(id), note: Some(note.into()) };
    hall.must(&by("clerk"), keep("m1", "  Thông xe ngày 20/3 "));
    let day = hall.now;
    hall.wait(60);
    // The chair may, too, and need say nothing.
    hall.must(&by("p1"), keep("m2", " "));
    let kept = |hall: &Hall, n: usize| hall.chamber.promises()[n].kept.clone();
    let first = Kept { at: day, note: Some("Thông xe ngày 20/3".into()) };
    assert_eq!(kept(&hall, 0), Some(first.clone()));
    assert_eq!(kept(&hall, 1), Some(Kept { at: hall.now, note: None }));
    let shown = |hall: &Hall, eyes| from::speaking(&hall.chamber, Store::Writable, eyes).promises;
    let told = shown(&hall, Eyes::Public);
    assert_eq!(told.len(), 2, "what was kept is the public's to know");
    assert_eq!((told[0].kept_at, told[0].kept_note.as_deref()), (Some(day.0), Some("Thông xe ngày 20/3")));
    assert_eq!((told[1].kept_at, told[1].kept_note.clone()), (Some(hall.now.0), None));
    assert_eq!(told[1].struck, None);

    hall.must(&by("clerk"), Command::StrikePromise { promise: mid("m2"), reason: "đánh dấu nhầm".into() });
    assert_eq!(shown(&hall, Eyes::Public).len(), 1);
    assert!(kept(&hall, 1).is_some(), "the hall still reads both");
    // It goes with the term, into its later sessions.
    hall.must(&by("clerk"), Command::CloseSitting {});
    hall.must(&by("clerk"), Command::create_session("Kỳ họp sau", "2021–2026"));
    assert_eq!(shown(&hall, Eyes::Public)[0].kept_at, Some(day.0));
    assert_eq!(kept(&hall, 0), Some(first));
    assert_eq!(hall.replayed(), hall.chamber);
}

#[test]
fn groups_have_a_time_until_it_is_taken_away() {
    let mut hall = discussion();
    let set = |item: &str, group: &str, seconds| Command::SetBudget { item: iid(item), group: group.into(), seconds };
    hall.must(&by("clerk"), set("i5", "Tổ 2", 900));
    hall.must(&by("clerk"), set("i6", "Tổ 2", 60));
    hall.must(&by("p1"), set("i5", "Tổ 2", 600));
    let of = |hall: &Hall, item: &str| -> Vec<(String, u32)> {
        hall.chamber.budgets_of(&iid(item)).map(|budget| (budget.group.clone(), budget.seconds)).collect()
    };
    assert_eq!(of(&hall, "i5"), [("Tổ 2".to_owned(), 600)]);
    // The group is dissolved; its time can still be taken away, but not set.
    let moved = ["p5", "p6"].map(|who| somebody(who, Some(&who[1..]), Vec::new()));
    hall.must(&by("admin"), import(moved.to_vec()));
    assert_eq!(hall.refused(&by("clerk"), set("i5", "Tổ 2", 900)), Refusal::BadText);
    hall.must(&by("clerk"), set("i5", "Tổ 2", 0));
    assert_eq!((of(&hall, "i5").len(), of(&hall, "i6").len()), (0, 1));
}
