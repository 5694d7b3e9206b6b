//! Cases of sittings, the agenda's tree and the walls.

use super::Case;
use super::chamber_hall::*;
use dienhong::chamber::agenda::{ItemKind, SuspensionCause};
use dienhong::chamber::command::Command;
use dienhong::chamber::ids::{Millis, SittingId, WallId};
use dienhong::chamber::limits;
use dienhong::chamber::refusal::Refusal::*;
use dienhong::chamber::wall::WallMode;

pub fn cases() -> Vec<Case> {
    let sitting = || Hall::sitting(generic(9), 4, 4);
    let clerk = || by("clerk");
    let suspend =
        |until| Command::SuspendSitting { cause: SuspensionCause::Failure, reason: None, until: Some(Millis(until)) };
    let mut suspended = Hall::at_question(generic(9), 4, 4);
    suspended.must(&clerk(), suspend(limits::LATEST_MS));
    let mut held = Hall::at_question(generic(9), 4, 4);
    held.open("q1");
    held.must(&clerk(), suspend(limits::LATEST_MS));
    let mut unsat = Hall::founded(generic(9), 4);
    unsat.must(&clerk(), Command::create_session("Kỳ họp", String::new()));

    let prepared = SittingId::parse("t9").expect("an id");
    let open = Command::OpenSitting { sitting: Some(prepared), title: None, closed_doors: false };
    let under =
        |item: &str, parent: &str| Command::MoveItem { item: iid(item), parent: Some(iid(parent)), before: None };
    let no_wall = || WallId::parse("w9").expect("an id");
    let add_wall = |n: usize| Command::AddWall { name: format!("Màn {n}") };
    let mut walled = sitting();
    for n in 0..limits::WALLS {
        walled.must(&clerk(), add_wall(n));
    }
    let change = |kind| Command::ChangeItem { item: iid("i2"), to: new_item("2", kind, "Báo cáo", None) };
    let rules = || Command::SetRules { rules: Box::new(generic(3)) };
    vec![
        (Hall::founded(generic(9), 4), clerk(), open.clone(), NoSession),
        (unsat, clerk(), open, UnknownSitting),
        (sitting(), clerk(), suspend(1), BadDate),
        (Hall::founded(generic(9), 4), clerk(), suspend(1), NoSitting),
        (suspended.clone(), clerk(), suspend(1), SittingSuspended),
        (suspended.clone(), by("p1"), Command::StartItem { item: iid("i3") }, SittingSuspended),
        (suspended, by("p1"), Command::OpenBallot { question: qid("q1"), seconds: None }, SittingSuspended),
        (held.clone(), by("p1"), Command::ResumeBallot { ballot: bid("b1") }, SittingSuspended),
        (held.clone(), clerk(), change(ItemKind::Report), QuestionDecided),
        (held.clone(), by("admin"), rules(), BallotRunning),
        (held, clerk(), Command::RemoveItem { item: iid("i2") }, ItemTaken),
        (sitting(), by("admin"), rules(), BadRule),
        (sitting(), clerk(), Command::ResumeSitting {}, SittingNotSuspended),
        (sitting(), clerk(), under("i2", "i2"), BadPlace),
        (sitting(), clerk(), under("i2", "i99"), UnknownItem),
        (sitting(), by("p1"), Command::FinishItem { item: iid("i2") }, ItemNotCurrent),
        (sitting(), clerk(), Command::FollowMain { wall: no_wall() }, UnknownWall),
        (walled, clerk(), add_wall(limits::WALLS), TooManyWalls),
        (sitting(), clerk(), Command::show_on_wall(WallMode::Speaker), NothingToShow),
        (sitting(), clerk(), Command::show_on_wall(WallMode::Interpellation), NothingToShow),
        (sitting(), clerk(), Command::show_on_wall(WallMode::Title), BadText),
    ]
}
