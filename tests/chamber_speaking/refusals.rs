//! Every refusal of the debate, one by one: none changes anything.

use super::chamber_hall::*;
use super::debate::*;
use dienhong::chamber::command::{Actor, Command};
use dienhong::chamber::ids::Millis;
use dienhong::chamber::limits;
use dienhong::chamber::refusal::Refusal::{self, *};
use dienhong::chamber::roll::Office;
use dienhong::chamber::speaking::SpeechKind::*;

/// Where a case takes place, who asks what, and the answer.
type Case = (Hall, Actor, Command, Refusal);

#[test]
fn each_is_met() {
    for (mut hall, who, command, expected) in cases() {
        let told = format!("{command:?} by {who:?}");
        assert_eq!(hall.refused(&who, command).code(), expected.code(), "{told}");
    }
}

pub fn cases() -> Vec<Case> {
    [list_cases(), request_cases(), queue_cases(), floor_cases(), clock_cases(), promise_cases()].concat()
}

fn list_cases() -> Vec<Case> {
    let no_sitting = Hall::founded(generic(9), 3);
    let gavel = by("p1");
    vec![
        (hall(), gavel.clone(), Command::OpenList {}, ItemNotCurrent),
        (hall(), gavel.clone(), Command::CloseList {}, ItemNotCurrent),
        (discussion(), by("p2"), Command::OpenList {}, GavelNeeded),
        (discussion(), by("p3"), Command::CloseList {}, NotAllowed),
        (no_sitting, by("p1"), Command::OpenList {}, GavelNeeded),
        (closed(discussion()), gavel, Command::CloseList {}, ListClosed),
    ]
}

fn request_cases() -> Vec<Case> {
    let asks_about =
        |topic: &str| Command::AskToSpeak { person: pid("p3"), kind: Speak, topic: Some(topic.into()), to: None };
    let asks_of = |kind, to: &str| Command::AskToSpeak { person: pid("p3"), kind, topic: None, to: Some(pid(to)) };
    let mut away = discussion();
    away.check_out("p3");
    let mut twice = discussion();
    ask(&mut twice, "p3", Speak);
    vec![
        (Hall::founded(generic(9), 3), by("p3"), asks("p3", Speak), NoSitting),
        (hall(), by("p3"), asks("p3", Speak), ItemNotCurrent),
        (hall(), by("p3"), asks("p3", PointOfOrder), ItemNotCurrent),
        (discussion(), by("p4"), asks("p3", Speak), NotAllowed),
        (discussion(), by("clerk"), asks("stranger", Speak), UnknownPerson),
        (away, by("p3"), asks("p3", Speak), NotPresent),
        (discussion(), by("gd1"), asks("gd1", Speak), NotAllowed),
        (discussion(), by("gd1"), asks("gd1", Rebut), NotAllowed),
        (interpellation(), by("gd1"), asks("gd1", Interpellate), NotAllowed),
        (discussion(), by("clerk"), asks("clerk", PointOfOrder), NotAllowed),
        (discussion(), by("guest"), asks("guest", Explain), NotAllowed),
        (closed(discussion()), by("p3"), asks("p3", Speak), ListClosed),
        (closed(discussion()), by("p3"), asks("p3", Rebut), ListClosed),
        (closed(discussion()), by("gd1"), asks("gd1", Answer), ListClosed),
        (discussion(), by("p3"), asks("p3", Interpellate), NotInterpellation),
        (interpellation(), by("p3"), asks_of(Speak, "gd1"), NotInterpellation),
        (interpellation(), by("p3"), asks_of(Interpellate, "p2"), NotAnOfficial),
        (interpellation(), by("p3"), asks_of(Interpellate, "stranger"), NotAnOfficial),
        (discussion(), by("p3"), asks_about(&"ế".repeat(201)), BadText),
        (discussion(), by("p3"), asks_about("một\nhai"), BadText),
        (twice, by("p3"), asks("p3", Speak), AlreadyAsked),
        (tireless(), by("p3"), asks("p3", Speak), TooManyRequests),
        (crowded(), by("p150"), asks("p150", Speak), TooManyRequests),
    ]
}

fn queue_cases() -> Vec<Case> {
    let waiting = || {
        let mut hall = discussion();
        ask(&mut hall, "p3", Speak);
        ask(&mut hall, "p4", Speak);
        hall
    };
    let withdraw =
        |request: &str, reason: &str| Command::WithdrawRequest { request: rid(request), reason: Some(reason.into()) };
    let without_reason = Command::MoveRequest { request: rid("r2"), before: Some(rid("r1")), reason: "  ".into() };
    vec![
        (waiting(), by("p1"), withdraw("r9", "lý do"), UnknownRequest),
        (waiting(), by("p1"), withdraw("r1", " "), ReasonNeeded),
        (waiting(), by("p4"), withdraw("r1", "lý do"), NotAllowed),
        (waiting(), by("p2"), withdraw("r1", "lý do"), GavelNeeded),
        (waiting(), by("p1"), moves("r9", None), UnknownRequest),
        (waiting(), by("p1"), moves("r1", Some("r9")), UnknownRequest),
        (waiting(), by("p1"), moves("r1", Some("r1")), UnknownRequest),
        (waiting(), by("p1"), without_reason, ReasonNeeded),
        (waiting(), by("p4"), moves("r2", Some("r1")), NotAllowed),
    ]
}

fn floor_cases() -> Vec<Case> {
    let mut voting = Hall::at_question(generic(9), 6, 6);
    voting.open("q1");
    let mut held = voting.clone();
    held.must(&by("p1"), Command::HoldBallot { ballot: bid("b1"), reason: None });
    let mut waiting = discussion();
    ask(&mut waiting, "p3", Speak);
    let mut round = interpellation();
    round.must(&by("p1"), Command::StartRound { official: pid("gd1") });
    for who in ["p2", "p3", "p4"] {
        give(&mut round, who, Interpellate);
    }
    let mut unseated = discussion();
    ask(&mut unseated, "gd2", Answer);
    let start_round = |official: &str| Command::StartRound { official: pid(official) };
    vec![
        (waiting.clone(), by("p1"), calls("r2", None), UnknownRequest),
        (waiting.clone(), by("p1"), calls("r1", Some(9)), BadDuration),
        (waiting.clone(), by("p1"), calls("r1", Some(3_601)), BadDuration),
        (waiting.clone(), by("p2"), calls("r1", None), GavelNeeded),
        (waiting, by("p3"), calls("r1", None), NotAllowed),
        (hall(), by("p1"), gives("p3", Speak, None), ItemNotCurrent),
        (discussion(), by("p1"), gives("stranger", Speak, None), UnknownPerson),
        (discussion(), by("p1"), gives("screen", Explain, None), NotAllowed),
        (discussion(), by("p1"), gives("p3", Interpellate, None), NotInterpellation),
        (voting, by("p1"), gives("p3", Speak, None), BallotRunning),
        (held, by("p1"), gives("p3", Speak, None), BallotRunning),
        (round, by("p1"), gives("p5", Interpellate, None), RoundFull),
        (discussion(), by("p1"), start_round("gd1"), NotInterpellation),
        (hall(), by("p1"), start_round("gd1"), ItemNotCurrent),
        (interpellation(), by("p1"), start_round("p3"), NotAnOfficial),
        (interpellation(), by("p1"), start_round("stranger"), UnknownPerson),
        (interpellation(), by("clerk"), start_round("gd1"), NotAllowed),
    ]
}

fn clock_cases() -> Vec<Case> {
    let mut runs = discussion();
    give(&mut runs, "p3", Speak);
    let mut paused = runs.clone();
    paused.must(&by("p1"), Command::PauseSpeech { speech: fid("f1") });
    let mut unlimited = discussion();
    unlimited.must(&by("p1"), gives("p3", Speak, Some(0)));
    let pause = |speech: &str| Command::PauseSpeech { speech: fid(speech) };
    let pause_for_store = |speech: &str| Command::PauseForStore { speech: fid(speech), since: Millis(0) };
    let resume = |speech: &str| Command::ResumeSpeech { speech: fid(speech) };
    let extend = |speech: &str, seconds| Command::ExtendSpeech { speech: fid(speech), seconds };
    let end = |speech: &str| Command::EndSpeech { speech: fid(speech) };
    vec![
        (discussion(), by("p1"), pause("f1"), UnknownSpeech),
        (runs.clone(), by("p1"), pause("f2"), UnknownSpeech),
        (runs.clone(), by("p1"), resume("f2"), UnknownSpeech),
        (runs.clone(), by("p1"), extend("f2", 60), UnknownSpeech),
        (runs.clone(), by("p1"), end("f2"), UnknownSpeech),
        (paused.clone(), by("p1"), pause("f1"), SpeechPaused),
        (paused, SYSTEM, pause_for_store("f1"), SpeechPaused),
        (runs.clone(), SYSTEM, pause_for_store("f2"), UnknownSpeech),
        (runs.clone(), SYSTEM, pause("f1"), NotAllowed),
        (runs.clone(), by("p1"), pause_for_store("f1"), NotAllowed),
        (runs.clone(), by("p1"), resume("f1"), SpeechRunning),
        (runs.clone(), by("p1"), extend("f1", 9), BadDuration),
        (runs.clone(), by("p1"), extend("f1", 3_601), BadDuration),
        (unlimited, by("p1"), extend("f1", 60), BadDuration),
        (runs.clone(), by("p3"), pause("f1"), NotAllowed),
        (runs, by("p4"), end("f1"), NotAllowed),
    ]
}

fn promise_cases() -> Vec<Case> {
    let of =
        |official: &str| Command::LogPromise {
            official: pid(official), text: "Trả lời".into(), until: None, to: None
        };
    let to_nobody =
        Command::LogPromise {
            official: pid("gd1"), text: "Trả lời".into(), until: None, to: Some(pid("stranger"))
        };
    let budget =
        |item: &str, group: &str, seconds| Command::SetBudget { item: iid(item), group: group.into(), seconds };
    let strike = |id: &str, reason: &str| Command::StrikePromise { promise: mid(id), reason: reason.into() };
    let keep = |id: &str, note: Option<&str>| Command::KeepPromise { promise: mid(id), note: note.map(str::to_owned) };
    let mut logged = interpellation();
    logged.must(&by("clerk"), promise("Trả lời", None));
    let mut kept = logged.clone();
    kept.must(&by("clerk"), keep("m1", None));
    let mut gone = kept.clone();
    gone.must(&by("clerk"), strike("m1", "nhầm"));
    let mut full = interpellation();
    for n in 0..limits::PROMISES {
        full.must(&by("clerk"), promise(&format!("Việc {n}"), None));
    }
    let before_any_session = {
        let mut hall = Hall::founded(generic(9), 3);
        hall.must(&by("admin"), import(vec![somebody("gd1", None, vec![Office::Official])]));
        hall
    };
    let mut cases = vec![
        (before_any_session, by("clerk"), of("gd1"), NoSession),
        (hall(), by("clerk"), of("p3"), NotAnOfficial),
        (hall(), by("clerk"), of("guest"), NotAnOfficial),
        (hall(), by("clerk"), of("stranger"), UnknownPerson),
        (hall(), by("clerk"), to_nobody, UnknownPerson),
        (hall(), by("p3"), of("gd1"), NotAllowed),
        (hall(), by("clerk"), promise(" ", None), BadText),
        (hall(), by("clerk"), promise(&"ế".repeat(501), None), BadText),
        (full, by("clerk"), promise("Thêm một việc", None), TooManyRequests),
        (logged.clone(), by("clerk"), strike("m2", "nhầm"), UnknownPromise),
        (logged.clone(), by("clerk"), keep("m2", None), UnknownPromise),
        (logged.clone(), by("clerk"), keep("m1", Some(&"ế".repeat(501))), BadText),
        (logged.clone(), by("p3"), keep("m1", None), NotAllowed),
        (kept.clone(), by("p1"), keep("m1", Some("lần nữa")), PromiseKept),
        (gone, by("clerk"), keep("m1", None), UnknownPromise),
        (logged.clone(), by("clerk"), strike("m1", ""), ReasonNeeded),
        (logged, by("p3"), strike("m1", "nhầm"), NotAllowed),
        (hall(), by("clerk"), budget("i99", "Tổ 1", 60), UnknownItem),
        (hall(), by("clerk"), budget("i5", "Tổ 9", 60), BadText),
        (hall(), by("clerk"), budget("i5", "", 60), BadText),
        (hall(), by("clerk"), budget("i5", "Tổ 9", 0), BadText),
        (hall(), by("clerk"), budget("i5", "Tổ 1", limits::BUDGET_SECONDS + 1), BadDuration),
        (hall(), by("p3"), budget("i5", "Tổ 1", 60), NotAllowed),
    ];
    let no_days = [
        "",
        "2026",
        "2026-6-30",
        "30-06-2026",
        "2026-06-31",
        "2026-02-29",
        "2100-02-29",
        "2026-00-10",
        "2026-13-01",
        "2026-01-00",
        "2026-06-30 ",
        "+026-06-30",
        "2026-06-30-01",
        "２０２６-06-30",
    ];
    cases.extend(no_days.map(|day| (hall(), by("clerk"), promise("Trả lời", Some(day)), BadDate)));
    cases
}

#[test]
fn real_days_are_taken() {
    let mut hall = hall();
    for day in ["2026-06-30", "2028-02-29", "2000-02-29", "2026-12-31", "2027-01-01"] {
        hall.must(&by("clerk"), promise("Trả lời", Some(day)));
    }
}

fn closed(mut hall: Hall) -> Hall {
    hall.must(&by("p1"), Command::CloseList {});
    hall
}

/// `p3` asked and thought better of it as often as an item takes.
fn tireless() -> Hall {
    let mut hall = discussion();
    for _ in 0..limits::REQUESTS_PER_ITEM {
        let request = ask(&mut hall, "p3", Speak);
        hall.must(&by("p3"), Command::WithdrawRequest { request: rid(&request), reason: None });
    }
    hall
}

/// As many wait as the queue takes.
fn crowded() -> Hall {
    let mut hall = Hall::sitting(generic(200), 150, 150);
    hall.must(
        &by("clerk"),
        Command::add_items(vec![new_item("5", dienhong::chamber::agenda::ItemKind::Discussion, "Thảo luận", None)]),
    );
    hall.start("i5");
    hall.must(&by("p1"), Command::OpenList {});
    for n in 0..limits::REQUESTS {
        let kind = if n < 100 { Speak } else { Rebut };
        ask(&mut hall, &format!("p{}", n % 100 + 1), kind);
    }
    hall
}
