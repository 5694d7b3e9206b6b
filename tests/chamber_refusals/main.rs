//! Every refusal has a case that leads to it, and none changes anything.

mod ballots;
#[path = "../chamber_hall/mod.rs"]
mod chamber_hall;
mod council;
mod day;
#[path = "../chamber_speaking/debate.rs"]
mod debate;
#[path = "../chamber_speaking/refusals.rs"]
mod speaking;

use chamber_hall::*;
use dienhong::chamber::command::{Actor, Command};
use dienhong::chamber::refusal::Refusal;

/// Where a case takes place, who asks what, and the answer.
type Case = (Hall, Actor, Command, Refusal);

#[test]
fn every_refusal_can_be_met() {
    let cases: Vec<Case> = [
        council::council_cases(),
        council::roll_cases(),
        council::agenda_cases(),
        council::attendance_cases(),
        ballots::ballot_cases(),
        ballots::form_cases(),
        ballots::vote_cases(),
        council::gavel_cases(),
        day::cases(),
        speaking::cases(),
    ]
    .concat();
    let mut met: Vec<Refusal> = Vec::new();
    for (mut hall, who, command, expected) in cases {
        let told = format!("{command:?} by {who:?}");
        assert_eq!(hall.refused(&who, command).code(), expected.code(), "{told}");
        met.push(expected);
    }
    for refusal in Refusal::ALL {
        assert!(met.contains(refusal), "no case leads to {}", refusal.code());
    }
}

#[test]
fn codes_are_unique() {
    let codes: std::collections::BTreeSet<&str> = Refusal::ALL.iter().map(|refusal| refusal.code()).collect();
    assert_eq!(codes.len(), Refusal::ALL.len());
}
