//! Whatever people ask, in whatever order and at whatever time: the invariants hold, and the record alone tells the same.

mod chamber_hall;
#[path = "chamber_hall/steps.rs"]
mod steps;

use chamber_hall::*;
use dienhong::chamber::ballot::Counted;
use dienhong::chamber::event::Event;
use dienhong::chamber::ids::{AnswerKey, BallotId, Millis, PersonId};
use dienhong::chamber::rules::RulesProfile;
use dienhong::chamber::{Chamber, invariants};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{FileFailurePersistence, TestRunner};
use std::collections::{BTreeMap, BTreeSet};
use steps::{Step, resolve, steps};

/// An entry is at most this long; what an event takes of it must leave room for envelope and statement.
const ENTRY_BYTES: usize = 65_535;

proptest! {
    #![proptest_config(config())]

    #[test]
    fn whatever_is_asked_the_chamber_stays_whole(rules in profiles(), steps in prop::collection::vec(steps(), 100)) {
        let mut hall = Hall::at_question(rules, 6, 4);
        for step in &steps {
            take(&mut hall, step);
        }
        prop_assert_eq!(&hall.replayed(), &hall.chamber);
        prop_assert_eq!(&through_json(&hall), &hall.chamber);
        prop_assert_eq!(&written_down(&hall.chamber), &hall.chamber);
        recount(&hall)?;
    }

    /// A record that was torn, doubled or stirred: the fold takes in what follows and leaves the rest.
    #[test]
    fn no_record_brings_the_chamber_out_of_its_states(
        rules in profiles(),
        steps in prop::collection::vec(steps(), 40),
        picks in prop::collection::vec((any::<prop::sample::Index>(), prop::bool::weighted(0.9)), 80),
    ) {
        let mut hall = Hall::at_question(rules, 6, 4);
        for step in &steps {
            take(&mut hall, step);
        }
        let mut chamber = Chamber::new();
        let mut next = 0;
        for (seq, (pick, in_order)) in picks.iter().enumerate() {
            let n = if *in_order { next % hall.record.len() } else { pick.index(hall.record.len()) };
            next = n + 1;
            let (at, event) = &hall.record[n];
            let before = chamber.clone();
            chamber.apply(*at, seq as u64, event);
            if before.fits(*at, event).is_err() {
                prop_assert_eq!(&chamber, &before);
            }
            prop_assert_eq!(invariants::check(&chamber), Ok(()));
            prop_assert_eq!(invariants::check_sealed(&before, &chamber), Ok(()));
        }
    }
}

/// As a snapshot has it.
fn written_down(chamber: &Chamber) -> Chamber {
    let text = serde_json::to_string(chamber).expect("a chamber");
    serde_json::from_str(&text).expect("it reads back")
}

/// The steps above go everywhere: what none of them brought about would hold for nothing.
#[test]
fn the_steps_bring_about_whatever_a_day_can() {
    let mut runner = TestRunner::deterministic();
    let days = (profiles(), prop::collection::vec(steps(), 100));
    let mut missing: BTreeSet<&str> = BTreeSet::from([
        "sitting_prepared",
        "sitting_opened",
        "sitting_suspended",
        "sitting_resumed",
        "sitting_closed",
        "session_created",
        "rules_set",
        "item_added",
        "item_changed",
        "item_moved",
        "item_removed",
        "item_started",
        "item_finished",
        "question_prepared",
        "excused",
        "speech_started",
        "speech_paused",
        "speech_ended",
        "ballot_held",
        "ballot_resumed",
        "ballot_announced",
        "ballot_voided",
        "wall_shown",
        "wall_added",
        "wall_removed",
        "wall_follows",
        "ticker_set",
        "gavel_handed",
    ]);
    for _ in 0..200 {
        let (rules, steps) = days.new_tree(&mut runner).expect("a day").current();
        let mut hall = Hall::at_question(rules, 6, 4);
        let before = hall.record.len();
        for step in &steps {
            take(&mut hall, step);
        }
        for (_, event) in &hall.record[before..] {
            let told = serde_json::to_value(event).expect("plain data");
            missing.remove(told["kind"].as_str().expect("every event says its kind"));
        }
        if missing.is_empty() {
            return;
        }
    }
    panic!("no step brought about {missing:?}");
}

fn config() -> ProptestConfig {
    let beside_this_file = FileFailurePersistence::WithSource("regressions");
    ProptestConfig { cases: 256, failure_persistence: Some(Box::new(beside_this_file)), ..ProptestConfig::default() }
}

/// Tries the step; what is accepted is checked by the hall itself, what is refused is refused again the same.
fn take(hall: &mut Hall, step: &Step) {
    hall.now = hall.now.plus(step.wait_ms);
    hall.tick();
    assert_eq!(hall.chamber.due(hall.now), None);
    let (who, command) = resolve(hall, step);
    let decided = hall.chamber.decide(hall.now, &who, &command);
    assert_eq!(hall.chamber.decide(hall.now, &who, &command), decided, "deciding is a function");
    let before = hall.record.len();
    let acted = hall.act(&who, command);
    assert_eq!(acted, decided);
    for (_, event) in &hall.record[before..] {
        let line = serde_json::to_string(event).expect("an event is plain data");
        assert!(line.len() < ENTRY_BYTES / 2, "{line}");
    }
}

/// The record written and read again gives the same chamber.
fn through_json(hall: &Hall) -> Chamber {
    let mut chamber = Chamber::new();
    for (seq, (at, event)) in hall.record.iter().enumerate() {
        let line = serde_json::to_string(event).expect("an event is plain data");
        let read: Event = serde_json::from_str(&line).expect("an event reads back");
        assert_eq!(&read, event);
        chamber.apply(*at, seq as u64, &read);
    }
    chamber
}

/// Counts every closed ballot again from the record alone, without the chamber.
fn recount(hall: &Hall) -> Result<(), TestCaseError> {
    let mut open: BTreeMap<&BallotId, BTreeMap<&PersonId, &AnswerKey>> = BTreeMap::new();
    let mut deadline: Option<Millis> = None;
    for (at, event) in &hall.record {
        match event {
            Event::BallotOpened { ballot, closes_at, .. } => {
                open.insert(ballot, BTreeMap::new());
                deadline = *closes_at;
            }
            Event::BallotHeld { .. } => deadline = Some(*at),
            Event::BallotResumed { closes_at, .. } => deadline = *closes_at,
            Event::BallotExtended { closes_at: Some(closes_at), .. } => deadline = Some(*closes_at),
            Event::VoteCast { ballot, person, answer, .. } => {
                prop_assert!(deadline.is_none_or(|deadline| *at < deadline), "a vote after the time or on hold");
                open.get_mut(ballot).expect("a vote between opening and closing").insert(person, answer);
            }
            Event::BallotVoided { ballot, .. } => {
                open.remove(ballot);
            }
            Event::BallotClosed { ballot, counted, .. } => {
                let votes = open.remove(ballot).expect("closed once");
                check_counted(counted, &votes)?;
            }
            _ => {}
        }
    }
    prop_assert!(open.len() <= 1, "at most one ballot is left open");
    Ok(())
}

fn check_counted(counted: &Counted, votes: &BTreeMap<&PersonId, &AnswerKey>) -> Result<(), TestCaseError> {
    for answer in &counted.answers {
        let chosen = votes.values().filter(|key| ***key == answer.answer).count();
        prop_assert_eq!(usize::try_from(answer.count).ok(), Some(chosen));
    }
    prop_assert_eq!(usize::try_from(counted.took_part()).ok(), Some(votes.len()));
    Ok(())
}

fn profiles() -> impl Strategy<Value = RulesProfile> {
    (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(enforced, change_allowed, limited)| {
        let mut rules = if enforced { province(8) } else { generic(8) };
        rules.change_allowed = change_allowed;
        rules.ballot_seconds = if limited { 30 } else { 0 };
        rules
    })
}
