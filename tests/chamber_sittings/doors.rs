//! What the public may not see, and what it goes on seeing.

use super::*;
use dienhong::chamber::agenda::ItemKind;
use dienhong::chamber::command::NewItem;
use dienhong::chamber::ids::{PersonId, WallId};
use dienhong::chamber::refusal::Refusal;
use dienhong::chamber::wall::{Card, WallMode};
use dienhong::wire::from_chamber::{self as from, Eyes, Store};

fn closed(kind: ItemKind, title: &str) -> NewItem {
    NewItem { closed: true, ..new_item("9", kind, title, None) }
}

/// A hall at the item behind closed doors, `i5`, with a wall of its own beside the main one.
fn behind_doors() -> Hall {
    let mut hall = Hall::sitting(generic(9), 6, 6);
    hall.must(&by("clerk"), Command::AddWall { name: "Sảnh".into() });
    hall.must(&by("clerk"), Command::add_items(vec![closed(ItemKind::Discussion, "Chuyện kín")]));
    hall.start("i5");
    hall
}

fn public_words(hall: &Hall) -> String {
    let council = from::council(&hall.chamber, "vkey", Eyes::Public, &Default::default());
    let live = from::live(&hall.chamber, Store::Writable, Eyes::Public);
    let results = from::results(&hall.chamber);
    format!("{council:?} {live:?} {results:?} {:?}", from::seats(&hall.chamber, Eyes::Public))
}

#[test]
fn cards_and_ticker_of_a_closed_item_are_gone_when_the_doors_open() {
    let mut hall = behind_doors();
    let card = |title: &str| Some(Card { title: title.into(), text: None, until: None });
    let w2 = WallId::parse("w2").expect("an id");
    for (wall, words) in [(None, "Thẻ kín một"), (Some(w2), "Thẻ kín hai")] {
        hall.must(&by("clerk"), Command::ShowOnWall { wall, mode: WallMode::Title, card: card(words) });
    }
    hall.must(&by("clerk"), Command::SetTicker { text: Some("Dòng kín".into()) });
    assert!(!public_words(&hall).contains("kín"));
    hall.must(&by("p1"), Command::FinishItem { item: iid("i5") });
    assert!(!hall.chamber.is_behind_closed_doors());
    assert!(!public_words(&hall).contains("kín"), "{}", public_words(&hall));
    assert_eq!(hall.chamber.wall().mode, WallMode::Agenda);
    assert!(hall.chamber.other_walls().iter().all(|wall| wall.own.is_none()));
}

#[test]
fn what_happens_behind_closed_doors_does_not_stir_the_public_view() {
    let mut hall = behind_doors();
    let before = public_words(&hall);
    hall.now = Millis(hall.now.0 + 60_000);
    hall.must(&by("clerk"), Command::show_on_wall(WallMode::Blank));
    hall.must(&by("p3"), Command::AskToSpeak { person: pid("p3"), kind: SpeechKind::Speak, topic: None, to: None });
    let request = hall.chamber.queue()[0].id.clone();
    hall.must(&by("p1"), Command::CallSpeaker { request, seconds: None });
    assert_eq!(public_words(&hall), before);
}

#[test]
fn a_promise_made_right_after_a_closed_item_is_not_told() {
    let mut hall = behind_doors();
    let promise = |text: &str| Command::LogPromise {
        official: PersonId::parse("p1").expect("an id"),
        text: text.into(),
        until: None,
        to: None,
    };
    hall.must(&by("clerk"), promise("kín trong"));
    hall.must(&by("p1"), Command::FinishItem { item: iid("i5") });
    hall.must(&by("clerk"), promise("kín sau"));
    hall.start("i1");
    hall.must(&by("clerk"), promise("rộng rãi"));
    let told: Vec<String> = from::speaking(&hall.chamber, Store::Writable, Eyes::Public)
        .promises
        .into_iter()
        .map(|promise| promise.text)
        .collect();
    assert_eq!(told, ["rộng rãi"]);
    assert_eq!(from::speaking(&hall.chamber, Store::Writable, Eyes::Hall).promises.len(), 3);
}

#[test]
fn an_announced_result_stays_readable_and_a_closed_one_never_is() {
    let mut hall = Hall::at_question(generic(9), 6, 6);
    hall.open("q1");
    hall.vote("b1", "p1", "yes");
    hall.close("b1");
    hall.confirm("b1");
    hall.announce("b1");
    let mark = NewItem { closed: true, ..new_item("2", ItemKind::Vote, "Nghị quyết về ngân sách", None) };
    assert_eq!(hall.refused(&by("clerk"), Command::ChangeItem { item: iid("i2"), to: mark }), Refusal::BallotSealed);
    // Taken up again in a closed sitting, what was announced is still there.
    hall.must(&by("clerk"), Command::CloseSitting {});
    hall.must(&by("clerk"), Command::OpenSitting { sitting: None, title: Some("Kín".into()), closed_doors: true });
    hall.start("i2");
    assert_eq!(from::results(&hall.chamber).results.len(), 1);

    for n in 1..=6 {
        hall.check_in(&format!("p{n}"));
    }
    hall.start("i3");
    hall.open("q2");
    hall.close("b2");
    hall.confirm("b2");
    hall.announce("b2");
    hall.must(&by("clerk"), Command::CloseSitting {});
    assert_eq!(from::results(&hall.chamber).results.len(), 1, "only the one announced in public");
}

#[test]
fn doors_once_closed_on_an_item_keep_what_was_inside() {
    let under = |parent: Option<&str>| Command::MoveItem { item: iid("i2"), parent: parent.map(iid), before: None };
    let mark = |closed| {
        let to = NewItem { closed, ..new_item("2", ItemKind::Vote, "Nghị quyết về ngân sách", None) };
        Command::ChangeItem { item: iid("i2"), to }
    };
    for (shut, open) in [(mark(true), mark(false)), (under(Some("i5")), under(None))] {
        let mut hall = Hall::at_question(generic(9), 6, 6);
        hall.must(&by("clerk"), Command::add_items(vec![closed(ItemKind::Discussion, "Chuyện khác")]));
        hall.must(&by("clerk"), shut);
        hall.open("q1");
        hall.vote("b1", "p2", "no");
        hall.close("b1");
        hall.announce("b1");
        hall.must(&by("clerk"), suspend(Some("Lý do trong phòng"), None));
        let inside = public_words(&hall);
        hall.must(&by("clerk"), open);
        hall.must(&by("p1"), Command::FinishItem { item: iid("i2") });
        let outside = public_words(&hall);
        for words in [&inside, &outside] {
            let told = ["ngân sách", "Lý do trong phòng", "b1"].iter().find(|secret| words.contains(**secret));
            assert_eq!(told, None, "{words}");
        }
        assert_eq!(hall.replayed(), hall.chamber);
    }
}

#[test]
fn what_was_announced_keeps_its_name_and_its_place_in_sight() {
    let mut hall = Hall::at_question(generic(9), 6, 6);
    hall.must(&by("clerk"), Command::add_items(vec![closed(ItemKind::Discussion, "Chuyện khác")]));
    hall.decide_question("q1", "b1", &[("p1", "yes")]);
    let renamed = new_item("99", ItemKind::Vote, "Nghị quyết khác hẳn", None);
    assert_eq!(hall.refused(&by("clerk"), Command::ChangeItem { item: iid("i2"), to: renamed }), Refusal::BallotSealed);
    let hide = Command::MoveItem { item: iid("i2"), parent: Some(iid("i5")), before: None };
    assert_eq!(hall.refused(&by("clerk"), hide), Refusal::BallotSealed);
    let later = NewItem { minutes: Some(90), ..new_item("2", ItemKind::Vote, "Nghị quyết về ngân sách", None) };
    hall.must(&by("clerk"), Command::ChangeItem { item: iid("i2"), to: later });
}

#[test]
fn after_a_recess_the_wall_shows_the_ballot_that_waits() {
    let mut hall = Hall::at_question(generic(9), 6, 6);
    hall.open("q1");
    hall.must(&by("clerk"), suspend(Some("Giải lao"), None));
    hall.must(&by("clerk"), Command::ResumeSitting {});
    assert_eq!(hall.chamber.wall().mode, WallMode::Voting);
    hall.must(&by("clerk"), suspend(Some("Giải lao"), None));
    hall.must(&by("p1"), Command::VoidBallot { ballot: bid("b1"), reason: "Mất điện".into() });
    assert_eq!(hall.chamber.wall().mode, WallMode::Title, "the recess goes on");
}

#[test]
fn a_seat_lost_is_a_departure_in_the_roll_call() {
    let mut hall = Hall::sitting(generic(9), 6, 6);
    hall.must(&by("admin"), Command::EndMandate { person: pid("p3"), reason: "Chuyển công tác".into() });
    let last = hall.chamber.sitting().and_then(|sitting| sitting.comings.last().cloned()).expect("a coming");
    assert_eq!((last.person, last.state), (pid("p3"), dienhong::chamber::attendance::PresenceState::Absent));
}
