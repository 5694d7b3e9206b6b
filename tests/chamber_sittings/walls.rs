use super::*;
use dienhong::chamber::agenda::ItemKind;
use dienhong::chamber::ids::WallId;
use dienhong::chamber::limits;
use dienhong::chamber::refusal::Refusal;
use dienhong::chamber::wall::{Card, WallMode};

fn wid(id: &str) -> WallId {
    WallId::parse(id).expect("an id")
}

fn card(title: &str, text: Option<&str>, until: Option<u64>) -> Option<Card> {
    Some(Card { title: title.into(), text: text.map(str::to_owned), until: until.map(Millis) })
}

fn show(wall: Option<&str>, mode: WallMode, card: Option<Card>) -> Command {
    Command::ShowOnWall { wall: wall.map(wid), mode, card }
}

fn add(name: &str) -> Command {
    Command::AddWall { name: name.into() }
}

#[test]
fn every_wall_follows_the_main_one_until_it_has_its_own() {
    let mut hall = Hall::sitting(generic(9), 4, 4);
    hall.must(&by("clerk"), add("Sảnh"));
    hall.must(&by("clerk"), add(" Phòng báo chí "));
    let own = |hall: &Hall| -> Vec<(String, Option<WallMode>)> {
        let walls = hall.chamber.other_walls().iter();
        walls.map(|wall| (format!("{} {}", wall.id, wall.name), wall.own.as_ref().map(|own| own.mode))).collect()
    };
    assert_eq!(own(&hall), [("w2 Sảnh".to_owned(), None), ("w3 Phòng báo chí".to_owned(), None)]);
    hall.must(&by("clerk"), show(Some("w2"), WallMode::Agenda, None));
    hall.start("i2");
    assert_eq!(own(&hall)[0].1, Some(WallMode::Agenda), "its own stays");
    assert_eq!(hall.chamber.wall().mode, WallMode::Item);
    hall.must(&by("clerk"), Command::FollowMain { wall: wid("w2") });
    assert_eq!(own(&hall)[0].1, None);
    hall.must(&by("clerk"), show(Some("w1"), WallMode::Blank, None));
    assert_eq!(hall.chamber.wall().mode, WallMode::Blank, "w1 is the main one");

    // A number is given out once.
    hall.must(&by("clerk"), Command::RemoveWall { wall: wid("w2") });
    hall.must(&by("clerk"), add("Sảnh"));
    assert_eq!(own(&hall).iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["w3 Phòng báo chí", "w4 Sảnh"]);
    for (command, refusal) in [
        (show(Some("w2"), WallMode::Blank, None), Refusal::UnknownWall),
        (Command::RemoveWall { wall: wid("w2") }, Refusal::UnknownWall),
        (Command::RemoveWall { wall: wid("w1") }, Refusal::UnknownWall),
        (Command::FollowMain { wall: wid("w1") }, Refusal::UnknownWall),
        (add("Sảnh"), Refusal::BadText),
        (add(" "), Refusal::BadText),
    ] {
        assert_eq!(hall.refused(&by("clerk"), command), refusal);
    }
    for n in 3..=limits::WALLS {
        hall.must(&by("clerk"), add(&format!("Màn {n}")));
    }
    assert_eq!(hall.refused(&by("clerk"), add("Thêm")), Refusal::TooManyWalls);
}

#[test]
fn cards_say_their_own_words_and_nothing_else_does() {
    let mut hall = Hall::sitting(generic(9), 4, 4);
    hall.must(&by("clerk"), show(None, WallMode::Title, card(" Chào cờ ", Some(" "), None)));
    assert_eq!(hall.chamber.wall().card, card("Chào cờ", None, None));
    hall.must(&by("p1"), show(None, WallMode::Countdown, card("Giải lao", Some("15 phút"), Some(1_765_000_900_000))));
    assert_eq!(hall.chamber.wall().card, card("Giải lao", Some("15 phút"), Some(1_765_000_900_000)));
    for command in [
        show(None, WallMode::Title, None),
        show(None, WallMode::Countdown, None),
        show(None, WallMode::Countdown, card("Giải lao", None, None)),
        show(None, WallMode::Title, card("Chào cờ", None, Some(1))),
        show(None, WallMode::Title, card(" ", None, None)),
        show(None, WallMode::Title, card(&"a".repeat(limits::CARD_TITLE_CHARS + 1), None, None)),
        show(None, WallMode::Title, card("a", Some(&"a".repeat(limits::CARD_TEXT_CHARS + 1)), None)),
        show(None, WallMode::Agenda, card("Chào cờ", None, None)),
    ] {
        assert_eq!(hall.refused(&by("clerk"), command), Refusal::BadText);
    }
    let never = show(None, WallMode::Countdown, card("Giải lao", None, Some(u64::MAX)));
    assert_eq!(hall.refused(&by("clerk"), never), Refusal::BadDate);
}

#[test]
fn the_ticker_runs_until_it_is_cleared() {
    let mut hall = Hall::sitting(generic(9), 4, 4);
    let ticker = |text: Option<&str>| Command::SetTicker { text: text.map(str::to_owned) };
    hall.must(&by("clerk"), ticker(Some(" 14 giờ họp tiếp ")));
    assert_eq!(hall.chamber.ticker(), Some("14 giờ họp tiếp"));
    assert_eq!(hall.refused(&by("clerk"), ticker(Some(&"a".repeat(201)))), Refusal::BadText);
    hall.must(&by("clerk"), ticker(Some(" ")));
    assert_eq!(hall.chamber.ticker(), None);
}

#[test]
fn the_main_wall_follows_the_hall() {
    let mut hall = Hall::sitting(generic(9), 4, 4);
    let mode = |hall: &Hall| hall.chamber.wall().mode;
    let debate = new_item("5", ItemKind::Discussion, "Thảo luận", None);
    hall.must(&by("clerk"), Command::add_items(vec![debate]));
    let speaker = || show(None, WallMode::Speaker, None);
    assert_eq!(hall.refused(&by("p1"), speaker()), Refusal::NothingToShow);
    let round = show(None, WallMode::Interpellation, None);
    assert_eq!(hall.refused(&by("p1"), round), Refusal::NothingToShow);
    hall.start("i5");
    hall.must(&by("p3"), Command::AskToSpeak { person: pid("p3"), kind: SpeechKind::Speak, topic: None, to: None });
    hall.must(&by("p1"), speaker());
    hall.must(&by("p1"), floor("p4"));
    assert_eq!(mode(&hall), WallMode::Speaker);

    // A recess: a countdown where its end is known, else a card.
    let until = hall.now.plus(900_000);
    hall.must(&by("p1"), suspend(Some("Giải lao"), Some(until)));
    assert_eq!(
        (mode(&hall), hall.chamber.wall().card.clone()),
        (WallMode::Countdown, Some(Card { title: "Giải lao".into(), text: None, until: Some(until) }))
    );
    hall.must(&by("p1"), Command::ResumeSitting {});
    assert_eq!(mode(&hall), WallMode::Item);
    let long = "Vì sự cố kỹ thuật ".repeat(20);
    hall.must(&by("p1"), suspend(Some(&long), None));
    let shown = hall.chamber.wall().card.clone().expect("a card");
    assert!(mode(&hall) == WallMode::Title && shown.title.chars().count() <= limits::CARD_TITLE_CHARS);
    hall.must(&by("p1"), Command::ResumeSitting {});
    hall.must(&by("p1"), suspend(None, None));
    assert_eq!(
        hall.chamber.wall().card,
        card("Kỳ họp thứ 29", None, None),
        "the session's title where nothing is said"
    );
    hall.must(&by("p1"), Command::ResumeSitting {});

    hall.start("i2");
    hall.open("q1");
    assert_eq!(mode(&hall), WallMode::Voting);
    hall.close("b1");
    assert_eq!(mode(&hall), WallMode::Result);
    hall.void("b1", "nhầm nội dung");
    assert_eq!(mode(&hall), WallMode::Item);
    hall.must(&by("p1"), Command::FinishItem { item: iid("i2") });
    assert_eq!(mode(&hall), WallMode::Agenda, "no item is there to be shown");
    hall.must(&by("p1"), suspend(None, None));
    hall.must(&by("p1"), Command::ResumeSitting {});
    assert_eq!(mode(&hall), WallMode::Welcome);
}
