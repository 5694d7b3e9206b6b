use super::*;
use dienhong::chamber::agenda::{ItemKind, ItemState};
use dienhong::chamber::command::NewItem;
use dienhong::chamber::event::Event;
use dienhong::chamber::ids::ItemId;
use dienhong::chamber::limits;
use dienhong::chamber::refusal::Refusal;

fn item(number: &str, level: u32) -> NewItem {
    NewItem { level, ..new_item(number, ItemKind::Report, "Báo cáo", None) }
}

fn add(items: Vec<NewItem>, parent: Option<&str>, before: Option<&str>) -> Command {
    Command::AddItems { items, parent: parent.map(iid), before: before.map(iid), start: false }
}

fn move_to(item: &str, parent: Option<&str>, before: Option<&str>) -> Command {
    Command::MoveItem { item: iid(item), parent: parent.map(iid), before: before.map(iid) }
}

fn remove(item: &str) -> Command {
    Command::RemoveItem { item: iid(item) }
}

/// `i1` … `i4`, then `i5` with `i6` (`i7` under it) and `i8` under it.
fn planned() -> Hall {
    let mut hall = Hall::sitting(generic(9), 4, 4);
    hall.must(&by("clerk"), add(vec![item("5", 0), item("5.1", 1), item("5.1.a", 2), item("5.2", 1)], None, None));
    assert_eq!(outline(&hall), ["i1", "i2", "i3", "i4", "i5", "i6<i5", "i7<i6", "i8<i5"]);
    hall
}

#[test]
fn items_stand_where_they_are_put() {
    let mut hall = planned();
    hall.must(&by("clerk"), add(vec![item("0", 0), item("0.1", 1)], None, Some("i1")));
    hall.must(&by("clerk"), add(vec![item("5.0", 0)], Some("i5"), Some("i6")));
    hall.must(&by("clerk"), add(vec![item("5.3", 0)], Some("i5"), None));
    let told = ["i9", "i10<i9", "i1", "i2", "i3", "i4", "i5", "i11<i5", "i6<i5", "i7<i6", "i8<i5", "i12<i5"];
    assert_eq!(outline(&hall), told);

    // A neighbour elsewhere, a step of two levels, a fifth level.
    for (command, refusal) in [
        (add(vec![item("9", 0)], None, Some("i6")), Refusal::BadPlace),
        (add(vec![item("9", 0)], Some("i6"), Some("i8")), Refusal::BadPlace),
        (add(vec![item("9", 0), item("9.1", 2)], None, None), Refusal::BadPlace),
        (add(vec![item("9", 1)], None, None), Refusal::BadPlace),
        (add(vec![item("9", 0), item("9.1", 1)], Some("i7"), None), Refusal::BadPlace),
        (add(vec![item("9", 0)], Some("i99"), None), Refusal::UnknownItem),
    ] {
        assert_eq!(hall.refused(&by("clerk"), command), refusal);
    }
    hall.must(&by("clerk"), add(vec![item("5.1.a.1", 0)], Some("i7"), None));
    assert_eq!(hall.replayed(), hall.chamber);
}

#[test]
fn items_move_with_what_stands_under_them() {
    let mut hall = planned();
    hall.must(&by("clerk"), move_to("i6", None, Some("i2")));
    assert_eq!(outline(&hall), ["i1", "i6", "i7<i6", "i2", "i3", "i4", "i5", "i8<i5"]);
    hall.must(&by("clerk"), move_to("i6", Some("i8"), None));
    assert_eq!(outline(&hall), ["i1", "i2", "i3", "i4", "i5", "i8<i5", "i6<i8", "i7<i6"]);
    hall.must(&by("clerk"), move_to("i1", None, None));
    assert_eq!(outline(&hall), ["i2", "i3", "i4", "i5", "i8<i5", "i6<i8", "i7<i6", "i1"]);
    for (command, refusal) in [
        (move_to("i5", Some("i6"), None), Refusal::BadPlace),
        (move_to("i5", Some("i5"), None), Refusal::BadPlace),
        (move_to("i2", None, Some("i2")), Refusal::BadPlace),
        (move_to("i2", None, Some("i6")), Refusal::BadPlace),
        (move_to("i5", Some("i2"), None), Refusal::BadPlace),
        (move_to("i2", Some("i7"), None), Refusal::BadPlace),
        (move_to("i99", None, None), Refusal::UnknownItem),
        (move_to("i2", Some("i99"), None), Refusal::UnknownItem),
    ] {
        assert_eq!(hall.refused(&by("clerk"), command), refusal);
    }
    assert_eq!(hall.replayed(), hall.chamber);
}

#[test]
fn what_was_taken_up_stays_on_the_agenda() {
    let mut hall = planned();
    hall.must(&by("clerk"), remove("i6"));
    assert_eq!(outline(&hall), ["i1", "i2", "i3", "i4", "i5", "i8<i5"]);
    // Its number is not given out again, nor that of a question which went with it.
    hall.must(&by("clerk"), remove("i3"));
    assert_eq!(hall.chamber.question(&qid("q2")), None);
    let vote = new_item("9", ItemKind::Vote, "Nghị quyết", None);
    hall.must(&by("clerk"), Command::add_items(vec![vote]));
    assert_eq!(hall.chamber.questions_of(&iid("i9")).map(|question| question.id.as_str()).collect::<Vec<_>>(), ["q3"]);
    let open = Command::OpenBallot { question: qid("q2"), seconds: None };
    assert_eq!(hall.refused(&by("p1"), open), Refusal::UnknownQuestion);

    hall.start("i8");
    assert_eq!(hall.refused(&by("clerk"), remove("i8")), Refusal::ItemTaken);
    assert_eq!(hall.refused(&by("clerk"), remove("i5")), Refusal::ItemTaken, "something under it was");
    hall.must(&by("p1"), Command::FinishItem { item: iid("i8") });
    assert_eq!(hall.refused(&by("clerk"), remove("i8")), Refusal::ItemTaken, "done is taken up");
    assert_eq!(hall.refused(&by("clerk"), remove("i6")), Refusal::UnknownItem);
    assert_eq!(hall.replayed(), hall.chamber);
}

#[test]
fn an_ad_hoc_item_begins_in_one_order() {
    let mut hall = planned();
    hall.start("i8");
    hall.must(&by("p1"), floor("p3"));
    let now = |items| Command::AddItems { items, parent: None, before: Some(iid("i2")), start: true };
    assert_eq!(hall.refused(&by("clerk"), now(vec![item("1a", 0)])), Refusal::NotAllowed);
    let events = hall.must(&by("p1"), now(vec![item("1a", 0), item("1a.1", 1)]));
    assert!(matches!(events.as_slice(), [
        Event::ItemAdded { .. },
        Event::ItemAdded { before: None, .. },
        Event::SpeechEnded { .. },
        Event::ItemFinished { .. },
        Event::ItemStarted { item },
    ] if *item == iid("i9")));
    assert_eq!(hall.chamber.current_item().map(|item| item.item.id.as_str()), Some("i9"));
    assert_eq!(outline(&hall)[..3], ["i1", "i9", "i10<i9"]);

    hall.must(&by("p1"), suspend(None, None));
    assert_eq!(hall.refused(&by("p1"), now(vec![item("1b", 0)])), Refusal::SittingSuspended);
    hall.must(&by("p1"), Command::ResumeSitting {});
    hall.start("i2");
    hall.open("q1");
    assert_eq!(hall.refused(&by("p1"), now(vec![item("1b", 0)])), Refusal::BallotRunning);
    // What does not begin at once may be added at any time.
    hall.must(&by("clerk"), Command::add_items(vec![item("9", 0)]));
}

#[test]
fn the_list_opens_and_closes_with_the_item() {
    let mut hall = Hall::sitting(generic(9), 4, 4);
    let debate = new_item("5", ItemKind::Discussion, "Thảo luận", None);
    hall.must(&by("clerk"), Command::add_items(vec![debate]));
    hall.start("i1");
    assert!(!hall.chamber.is_list_open());
    hall.start("i5");
    assert!(hall.chamber.is_list_open());
    let ask = Command::AskToSpeak { person: pid("p3"), kind: SpeechKind::Speak, topic: None, to: None };
    hall.must(&by("p3"), ask);
    hall.must(&by("p1"), floor("p4"));
    let events = hall.must(&by("p1"), Command::FinishItem { item: iid("i5") });
    assert!(matches!(events.as_slice(), [Event::SpeechEnded { .. }, Event::ItemFinished { .. }]));
    assert_eq!(hall.chamber.item(&iid("i5")).map(|item| item.state), Some(ItemState::Done));
    assert!(!hall.chamber.is_list_open() && hall.chamber.queue().is_empty());
    assert_eq!(hall.refused(&by("p1"), Command::FinishItem { item: iid("i5") }), Refusal::ItemNotCurrent);
    assert_eq!(hall.refused(&by("p1"), Command::FinishItem { item: iid("i99") }), Refusal::UnknownItem);
    hall.start("i2");
    hall.open("q1");
    assert_eq!(hall.refused(&by("p1"), Command::FinishItem { item: iid("i2") }), Refusal::BallotRunning);
}

#[test]
fn a_changed_item_takes_its_question_with_it() {
    let mut hall = planned();
    let change = |item: &str, to: NewItem| Command::ChangeItem { item: iid(item), to };
    let vote = |title: &str, rule| new_item("2", ItemKind::Vote, title, rule);
    let before = hall.chamber.question(&qid("q1")).expect("prepared").clone();

    // A new title and rule: the question follows, and votes on the old wording would not count.
    hall.must(&by("clerk"), change("i2", vote("Nghị quyết về ngân sách 2026", Some("two_thirds_of_all"))));
    let after = hall.chamber.question(&qid("q1")).expect("prepared").clone();
    assert_eq!(after.title, "Nghị quyết về ngân sách 2026");
    assert_ne!((after.rule.clone(), after.document_sha256), (before.rule, before.document_sha256));
    // Without a rule it keeps the one it has.
    hall.must(&by("clerk"), change("i2", vote("Nghị quyết về ngân sách", None)));
    let kept = hall.chamber.question(&qid("q1")).expect("prepared").clone();
    assert_eq!((kept.title.as_str(), kept.rule), ("Nghị quyết về ngân sách", after.rule));

    // A question with a title of its own stays, and so do several.
    hall.must(&by("clerk"), prepare("i3", "Điều 5 sửa đổi", "majority_of_all", Some("q2")));
    let events = hall.must(&by("clerk"), change("i3", vote("Nghị quyết mới", None)));
    assert_eq!(events.len(), 1);
    hall.must(&by("clerk"), prepare("i2", "Sửa đổi", "majority_of_all", None));
    assert_eq!(hall.must(&by("clerk"), change("i2", vote("Ngân sách", None))).len(), 1);

    // A report that comes to be voted on gets a question; its place stays.
    let presenter = Some(" Ủy ban nhân dân ".to_owned());
    hall.must(&by("clerk"), change("i7", NewItem { presenter, ..vote("Chủ trương đầu tư", None) }));
    let item = &hall.chamber.item(&iid("i7")).expect("there").item;
    assert_eq!((item.parent.as_ref(), item.presenter.as_deref()), (Some(&iid("i6")), Some("Ủy ban nhân dân")));
    let made = hall.chamber.question(&qid("q4")).expect("a question");
    assert_eq!((made.title.as_str(), made.text.as_str()), ("Chủ trương đầu tư", ""));

    for (command, refusal) in [
        (change("i99", vote("Khác", None)), Refusal::UnknownItem),
        (change("i2", vote(" ", None)), Refusal::BadText),
        (change("i2", vote("Khác", Some("by_acclamation"))), Refusal::BadRule),
        (change("i2", NewItem { level: 1, ..vote("Khác", None) }), Refusal::BadPlace),
        (change("i2", NewItem { presenter: Some("a".repeat(201)), ..vote("Khác", None) }), Refusal::BadText),
        (change("i2", NewItem { planned_at: Some(Millis(u64::MAX)), ..vote("Khác", None) }), Refusal::BadDate),
    ] {
        assert_eq!(hall.refused(&by("clerk"), command), refusal);
    }
    assert_eq!(hall.replayed(), hall.chamber);
}

#[test]
fn what_was_voted_on_keeps_kind_and_rule() {
    let mut hall = Hall::at_question(generic(9), 4, 4);
    hall.open("q1");
    let change = |kind, rule| Command::ChangeItem { item: iid("i2"), to: new_item("2", kind, "Ngân sách", rule) };
    assert_eq!(hall.refused(&by("clerk"), change(ItemKind::Report, None)), Refusal::QuestionDecided);
    let other_rule = change(ItemKind::Vote, Some("two_thirds_of_all"));
    assert_eq!(hall.refused(&by("clerk"), other_rule), Refusal::QuestionDecided);
    // A slip in the title can still be put right; what is voted on stays as it was read out.
    assert_eq!(hall.must(&by("clerk"), change(ItemKind::Vote, None)).len(), 1);
    assert_eq!(hall.chamber.item(&iid("i2")).map(|item| item.item.title.as_str()), Some("Ngân sách"));
    assert_eq!(
        hall.chamber.question(&qid("q1")).map(|question| question.title.as_str()),
        Some("Nghị quyết về ngân sách")
    );
}

#[test]
fn what_is_behind_closed_doors_stays_there() {
    let mut hall = planned();
    let hidden = |hall: &Hall| -> Vec<ItemId> {
        hall.chamber.items().filter(|item| item.hidden).map(|item| item.item.id.clone()).collect()
    };
    // Marked so, with what stands under it and what comes under it later.
    hall.must(&by("clerk"), Command::ChangeItem { item: iid("i6"), to: NewItem { closed: true, ..item("5.1", 0) } });
    assert_eq!(hidden(&hall), [iid("i6"), iid("i7")]);
    hall.must(&by("clerk"), add(vec![item("5.1.b", 0)], Some("i6"), None));
    hall.must(&by("clerk"), move_to("i8", Some("i6"), None));
    assert_eq!(hidden(&hall), [iid("i6"), iid("i7"), iid("i9"), iid("i8")]);
    // A mark set by mistake is taken back before anything was said.
    hall.must(&by("clerk"), move_to("i8", None, None));
    assert_eq!(hidden(&hall), [iid("i6"), iid("i7"), iid("i9")]);
    hall.must(&by("clerk"), Command::ChangeItem { item: iid("i6"), to: item("5.1", 0) });
    assert_eq!(hidden(&hall), []);
    // Once it was taken up behind closed doors, no mark brings it to light.
    hall.must(&by("clerk"), Command::ChangeItem { item: iid("i6"), to: NewItem { closed: true, ..item("5.1", 0) } });
    hall.start("i6");
    hall.start("i1");
    hall.must(&by("clerk"), Command::ChangeItem { item: iid("i6"), to: item("5.1", 0) });
    assert_eq!(hidden(&hall), [iid("i6"), iid("i7"), iid("i9")]);

    // What a closed sitting has taken up is hidden for ever; what stands above it is not.
    hall.must(&by("clerk"), Command::CloseSitting {});
    hall.must(&by("clerk"), Command::OpenSitting { sitting: None, title: Some("Kín".into()), closed_doors: true });
    hall.start("i2");
    hall.must(&by("clerk"), Command::CloseSitting {});
    hall.must(&by("clerk"), Command::open_sitting("Sáng"));
    assert_eq!(hidden(&hall), [iid("i2"), iid("i6"), iid("i7"), iid("i9")]);
    assert!(!hall.chamber.is_behind_closed_doors());
    hall.start("i2");
    assert!(hall.chamber.is_behind_closed_doors());
}

#[test]
fn an_agenda_with_presenters_fits_its_frame() {
    let mut hall = Hall::sitting(generic(9), 4, 4);
    let presenter = Some("\"".repeat(limits::PRESENTER_CHARS));
    let heavy = NewItem { presenter, ..new_item("9", ItemKind::Report, &"ế".repeat(limits::TITLE_CHARS), None) };
    let mut added = 0;
    let refused = loop {
        match hall.act(&by("clerk"), Command::add_items(vec![heavy.clone()])) {
            Ok(_) => added += 1,
            Err(refusal) => break refusal,
        }
    };
    assert_eq!(refused, Refusal::TooManyItems);
    assert!(added > 50, "{added}");
    // A longer text does not get in through a change either.
    let longer = NewItem { title: "ế".repeat(limits::TITLE_CHARS), ..new_item("2", ItemKind::Vote, "", None) };
    let grown =
        ["i2", "i3"].map(|item| hall.act(&by("clerk"), Command::ChangeItem { item: iid(item), to: longer.clone() }));
    assert!(grown.contains(&Err(Refusal::TooManyItems)));
}
