//! Sessions and sittings, the agenda as a tree, rules that change, and the walls, told in acts.

mod agenda;
#[path = "../chamber_hall/mod.rs"]
mod chamber_hall;
mod doors;
mod rules;
mod sittings;
mod walls;

use chamber_hall::*;
use dienhong::chamber::agenda::SuspensionCause;
use dienhong::chamber::command::Command;
use dienhong::chamber::ids::{Millis, SittingId};
use dienhong::chamber::speaking::SpeechKind;

pub fn tid(id: &str) -> SittingId {
    SittingId::parse(id).expect("an id")
}

pub fn suspend(reason: Option<&str>, until: Option<Millis>) -> Command {
    Command::SuspendSitting { cause: SuspensionCause::Recess, reason: reason.map(str::to_owned), until }
}

pub fn prepare_sitting(title: &str, closed_doors: bool) -> Command {
    Command::PrepareSitting { title: title.into(), planned_at: None, closed_doors }
}

pub fn open_prepared(sitting: &str) -> Command {
    Command::OpenSitting { sitting: Some(tid(sitting)), title: None, closed_doors: false }
}

pub fn floor(person: &str) -> Command {
    Command::GiveFloor { person: pid(person), kind: SpeechKind::Speak, seconds: None }
}

/// The agenda as it reads: each item's id, and under which it stands.
pub fn outline(hall: &Hall) -> Vec<String> {
    let told = |item: &dienhong::chamber::agenda::Item| match &item.parent {
        Some(parent) => format!("{}<{parent}", item.id),
        None => item.id.to_string(),
    };
    hall.chamber.items().map(|item| told(&item.item)).collect()
}
