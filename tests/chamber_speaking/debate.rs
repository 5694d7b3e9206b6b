//! A hall that debates: what people say in a line.
#![allow(dead_code)] // Each test file uses its own part.

use super::chamber_hall::*;
use dienhong::chamber::agenda::ItemKind;
use dienhong::chamber::command::Command;
use dienhong::chamber::event::Event;
use dienhong::chamber::ids::{PromiseId, RequestId, SpeechId};
use dienhong::chamber::roll::Office;
use dienhong::chamber::speaking::SpeechKind;

/// Six delegates are there, `p5` and `p6` of `Tổ 2`; `gd1` and `gd2` are officials; `guest` is a guest. Beside the items of
/// [`Hall::sitting`]: `i5` a discussion, `i6` an interpellation, `i7` a discussion behind closed doors.
pub fn hall() -> Hall {
    let mut hall = Hall::sitting(generic(9), 6, 6);
    let mut others = vec![
        somebody("p5", Some("5"), Vec::new()),
        somebody("p6", Some("6"), Vec::new()),
        somebody("gd1", None, vec![Office::Official]),
        somebody("gd2", None, vec![Office::Official]),
        somebody("guest", None, vec![Office::Guest]),
        somebody("screen", None, vec![Office::Screen]),
    ];
    others[0].group = "Tổ 2".into();
    others[1].group = "Tổ 2".into();
    hall.must(&by("admin"), import(others));
    let mut secret = new_item("7", ItemKind::Discussion, "Thảo luận kín", None);
    secret.closed = true;
    let items = vec![
        new_item("5", ItemKind::Discussion, "Thảo luận", None),
        new_item("6", ItemKind::Interpellation, "Chất vấn", None),
        secret,
    ];
    hall.must(&by("clerk"), Command::add_items(items));
    hall
}

/// At `i5`, with the list open.
pub fn discussion() -> Hall {
    at("i5")
}

/// At `i6`, with the list open.
pub fn interpellation() -> Hall {
    at("i6")
}

pub fn at(item: &str) -> Hall {
    let mut hall = hall();
    hall.start(item);
    hall.must(&by("p1"), Command::OpenList {});
    hall
}

pub fn asks(who: &str, kind: SpeechKind) -> Command {
    Command::AskToSpeak { person: pid(who), kind, topic: None, to: None }
}

/// Asks for the floor; which request that is.
pub fn ask(hall: &mut Hall, who: &str, kind: SpeechKind) -> String {
    match hall.must(&by(who), asks(who, kind)).as_slice() {
        [Event::SpeechRequested { request, .. }] => request.to_string(),
        other => panic!("{other:?}"),
    }
}

pub fn calls(request: &str, seconds: Option<u32>) -> Command {
    Command::CallSpeaker { request: rid(request), seconds }
}

/// Calls the request; which speech begins.
pub fn call(hall: &mut Hall, request: &str) -> String {
    match hall.must(&by("p1"), calls(request, None)).last() {
        Some(Event::SpeechStarted { speech, .. }) => speech.to_string(),
        other => panic!("{other:?}"),
    }
}

pub fn gives(who: &str, kind: SpeechKind, seconds: Option<u32>) -> Command {
    Command::GiveFloor { person: pid(who), kind, seconds }
}

pub fn give(hall: &mut Hall, who: &str, kind: SpeechKind) -> String {
    match hall.must(&by("p1"), gives(who, kind, None)).last() {
        Some(Event::SpeechStarted { speech, .. }) => speech.to_string(),
        other => panic!("{other:?}"),
    }
}

pub fn moves(request: &str, before: Option<&str>) -> Command {
    Command::MoveRequest { request: rid(request), before: before.map(rid), reason: "đổi thứ tự".into() }
}

/// Ends what is being said; how long it took.
pub fn end(hall: &mut Hall, speech: &str) -> u64 {
    match hall.must(&by("p1"), Command::EndSpeech { speech: fid(speech) }).as_slice() {
        [Event::SpeechEnded { spent_ms, .. }] => *spent_ms,
        other => panic!("{other:?}"),
    }
}

/// The queue as `person kind`.
pub fn queue(hall: &Hall) -> Vec<String> {
    hall.chamber.queue().iter().map(|request| format!("{} {:?}", request.person, request.kind)).collect()
}

/// The queue's ids.
pub fn ids(hall: &Hall) -> Vec<&str> {
    hall.chamber.queue().iter().map(|request| request.id.as_str()).collect()
}

pub fn promise(text: &str, until: Option<&str>) -> Command {
    Command::LogPromise {
        official: pid("gd1"),
        text: text.into(),
        until: until.map(str::to_owned),
        to: Some(pid("p3")),
    }
}

pub fn rid(id: &str) -> RequestId {
    RequestId::parse(id).expect("an id")
}

pub fn fid(id: &str) -> SpeechId {
    SpeechId::parse(id).expect("an id")
}

pub fn mid(id: &str) -> PromiseId {
    PromiseId::parse(id).expect("an id")
}
