//! A recess, or a failure, in the middle of a debate; and what else takes the floor away.

use super::chamber_hall::*;
use super::debate::*;
use dienhong::chamber::agenda::SuspensionCause;
use dienhong::chamber::command::Command;
use dienhong::chamber::event::Event;
use dienhong::chamber::ids::Millis;
use dienhong::chamber::refusal::Refusal;
use dienhong::chamber::speaking::SpeechKind::*;
use dienhong::chamber::wall::WallMode;

fn suspend() -> Command {
    Command::SuspendSitting { cause: SuspensionCause::Recess, reason: None, until: None }
}

#[test]
fn a_recess_stops_the_clock_and_the_floor_but_nobody_loses_their_place() {
    let mut hall = interpellation();
    ask(&mut hall, "p3", Speak);
    let speech = call(&mut hall, "r1");
    hall.wait(30);
    hall.must(&by("p1"), suspend());
    hall.wait(900);
    assert_eq!(hall.chamber.speech().map(|speech| speech.spent_at(hall.now)), Some(30_000));
    let resume = Command::ResumeSpeech { speech: fid(&speech) };
    let round = Command::StartRound { official: pid("gd1") };
    for command in [Command::OpenList {}, Command::CloseList {}, gives("p4", Speak, None), resume.clone(), round] {
        assert_eq!(hall.refused(&by("p1"), command).code(), Refusal::SittingSuspended.code());
    }
    // In the recess people make up their minds, and the chair puts the queue in order.
    ask(&mut hall, "p4", Speak);
    ask(&mut hall, "p5", Speak);
    hall.must(&by("p1"), moves("r3", Some("r2")));
    hall.must(&by("p1"), Command::ExtendSpeech { speech: fid(&speech), seconds: 60 });

    hall.must(&by("p1"), Command::ResumeSitting {});
    assert_eq!(hall.chamber.speech().and_then(|speech| speech.running_since), None, "the chair lets it go on");
    assert_eq!(hall.chamber.wall().mode, WallMode::Item);
    hall.must(&by("p1"), resume);
    assert_eq!(hall.chamber.wall().mode, WallMode::Speaker);
    hall.wait(12);
    assert_eq!(end(&mut hall, &speech), 42_000);
    assert_eq!(ids(&hall), ["r3", "r2"]);
    call(&mut hall, "r3");
    assert_eq!(hall.replayed(), hall.chamber);
}

#[test]
fn what_passed_while_nothing_could_be_written_is_not_the_speakers() {
    let mut hall = discussion();
    let speech = give(&mut hall, "p3", Speak);
    hall.wait(30);
    let since = hall.now;
    hall.wait(600);
    let events = hall.must(&SYSTEM, Command::PauseForStore { speech: fid(&speech), since });
    assert_eq!(events, [Event::SpeechPaused { speech: fid(&speech), spent_ms: Some(30_000) }]);
    hall.must(&by("p1"), Command::ResumeSpeech { speech: fid(&speech) });
    hall.wait(12);
    assert_eq!(end(&mut hall, &speech), 42_000);
    assert_eq!(hall.replayed(), hall.chamber);
}

#[test]
fn a_pause_takes_nothing_back_and_gives_nothing_away() {
    let mut hall = discussion();
    let speech = give(&mut hall, "p3", Speak);
    hall.wait(30);
    hall.must(&by("p1"), Command::PauseSpeech { speech: fid(&speech) });
    hall.must(&by("p1"), Command::ResumeSpeech { speech: fid(&speech) });
    hall.wait(10);
    let paused = |spent_ms| Event::SpeechPaused { speech: fid(&speech), spent_ms };
    for (spent_ms, fits) in [(29_999, false), (30_000, true), (40_000, true), (40_001, false)] {
        assert_eq!(hall.chamber.fits(hall.now, &paused(Some(spent_ms))).is_ok(), fits, "{spent_ms}");
    }
    // One that was away since before the clock ran last leaves it where it was then.
    let events = hall.must(&SYSTEM, Command::PauseForStore { speech: fid(&speech), since: Millis(0) });
    assert_eq!(events, [paused(Some(30_000))]);
}

#[test]
fn a_speech_that_is_paused_is_not_paused_again_by_a_recess() {
    let mut hall = discussion();
    let speech = give(&mut hall, "p3", Speak);
    hall.must(&by("p1"), Command::PauseSpeech { speech: fid(&speech) });
    let events = hall.must(&by("p1"), suspend());
    assert!(matches!(events.as_slice(), [Event::SittingSuspended { .. }]), "{events:?}");
    assert_eq!(end(&mut hall, &speech), 0);
}

#[test]
fn the_next_item_a_vote_and_the_closing_end_a_speech() {
    let mut hall = discussion();
    let ends = |hall: &mut Hall, command: Command| {
        give(hall, "p3", Speak);
        hall.wait(5);
        let events = hall.must(&by("p1"), command);
        assert!(matches!(events.first(), Some(Event::SpeechEnded { spent_ms: 5_000, .. })), "{events:?}");
        assert_eq!(hall.chamber.speech(), None);
    };
    ends(&mut hall, Command::StartItem { item: iid("i6") });
    // The question's own item becomes the current one.
    ends(&mut hall, Command::OpenBallot { question: qid("q1"), seconds: None });
    hall.void("b1", "mất mạng");
    ends(&mut hall, Command::FinishItem { item: iid("i2") });
    hall.start("i5");
    ends(&mut hall, Command::CloseSitting {});
    assert_eq!(hall.chamber.spoken().len(), 4);
    assert_eq!(hall.replayed(), hall.chamber);
}
