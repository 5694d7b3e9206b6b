//! What screens are shown of the debate.

use super::chamber_hall::*;
use super::debate::*;
use dienhong::chamber::command::Command;
use dienhong::chamber::speaking::SpeechKind::*;
use dienhong::wire::from_chamber::{Eyes, Store, speaking};
use dienhong::wire::views::SpeakingView;

fn shown(hall: &Hall) -> SpeakingView {
    speaking(&hall.chamber, Store::Writable, Eyes::Hall)
}

#[test]
fn time_is_told_by_person_by_group_and_against_the_budget() {
    let mut hall = discussion();
    for (group, seconds) in [("Tổ 1", 600), ("Tổ 2", 300)] {
        hall.must(&by("clerk"), Command::SetBudget { item: iid("i5"), group: group.into(), seconds });
    }
    for (who, seconds) in [("p3", 10), ("p5", 40), ("p6", 30), ("p3", 5), ("gd1", 25)] {
        let speech = give(&mut hall, who, Speak);
        hall.wait(seconds);
        end(&mut hall, &speech);
    }
    let view = shown(&hall);
    let people: Vec<_> = view.people.iter().map(|sum| (sum.id.as_str(), sum.speeches, sum.spent_ms)).collect();
    assert_eq!(people, [("p5", 1, 40_000), ("p6", 1, 30_000), ("gd1", 1, 25_000), ("p3", 2, 15_000)]);
    let groups: Vec<_> = view.groups.iter().map(|sum| (sum.id.as_str(), sum.speeches, sum.spent_ms)).collect();
    assert_eq!(groups, [("Tổ 2", 2, 70_000), ("Tổ 1", 3, 40_000)]);
    let budgets: Vec<_> = view.budgets.iter().map(|b| (b.group.as_str(), b.seconds, b.spent_ms)).collect();
    assert_eq!(budgets, [("Tổ 1", 600, 40_000), ("Tổ 2", 300, 70_000)]);
    // In another item the time is another.
    hall.start("i6");
    assert!(shown(&hall).budgets.is_empty());
    assert_eq!(shown(&hall).groups.len(), 2);
}

#[test]
fn a_clock_is_the_same_for_every_screen() {
    let mut hall = discussion();
    let speech = give(&mut hall, "p3", Speak);
    let began = hall.now.0;
    hall.wait(30);
    hall.must(&by("p1"), Command::PauseSpeech { speech: fid(&speech) });
    let paused = shown(&hall).speech.expect("shown");
    assert_eq!((paused.started_at, paused.spent_ms, paused.running_since), (began, 30_000, None));
    hall.wait(30);
    hall.must(&by("p1"), Command::ResumeSpeech { speech: fid(&speech) });
    hall.wait(30);
    let runs = shown(&hall).speech.expect("shown");
    assert_eq!((runs.spent_ms, runs.running_since), (30_000, Some(began + 60_000)));
}

#[test]
fn the_clock_stands_still_while_nothing_can_be_written() {
    let mut hall = discussion();
    give(&mut hall, "p3", Speak);
    hall.wait(30);
    let away = |hall: &Hall, since| {
        let shown = speaking(&hall.chamber, Store::AwaySince(since), Eyes::Hall).speech.expect("shown");
        (shown.spent_ms, shown.running_since)
    };
    let since = hall.now;
    assert_eq!(away(&hall, since), (30_000, None));
    hall.wait(30);
    assert_eq!(away(&hall, since), (30_000, None));
    // A paused clock shows what it showed.
    hall.must(&by("p1"), Command::PauseSpeech { speech: fid("f1") });
    hall.wait(30);
    assert_eq!(away(&hall, hall.now), (60_000, None));
}

#[test]
fn nothing_said_behind_closed_doors_is_told_outside() {
    let mut hall = at("i7");
    ask(&mut hall, "p3", Speak);
    ask(&mut hall, "p4", Speak);
    hall.must(&by("clerk"), promise("Báo cáo riêng", None));
    let budget = Command::SetBudget { item: iid("i7"), group: "Tổ 1".into(), seconds: 60 };
    hall.must(&by("clerk"), budget);
    let speech = call(&mut hall, "r1");
    hall.wait(30);
    let silence = SpeakingView {
        list_open: false,
        queue: Vec::new(),
        speech: None,
        round: None,
        budgets: Vec::new(),
        people: Vec::new(),
        groups: Vec::new(),
        promises: Vec::new(),
    };
    assert_eq!(speaking(&hall.chamber, Store::Writable, Eyes::Public), silence);
    assert!(shown(&hall).list_open && shown(&hall).speech.is_some() && shown(&hall).promises.len() == 1);
    end(&mut hall, &speech);
    assert_eq!(shown(&hall).people.len(), 1);
    // Nor when the hall has gone on to what is public.
    hall.start("i5");
    assert_eq!(speaking(&hall.chamber, Store::Writable, Eyes::Public), SpeakingView { list_open: true, ..silence });
    hall.must(&by("clerk"), promise("Công khai", None));
    hall.must(&by("clerk"), promise("Ghi nhầm", None));
    hall.must(&by("clerk"), Command::StrikePromise { promise: mid("m3"), reason: "nhầm".into() });
    let told: Vec<_> =
        speaking(&hall.chamber, Store::Writable, Eyes::Public).promises.into_iter().map(|promise| promise.id).collect();
    assert_eq!(told, ["m2"]);
}
