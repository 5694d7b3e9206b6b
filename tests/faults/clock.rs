//! The machine's clock is set forward and back by an hour while a countdown runs.

use crate::checker::Record;
use crate::floor::{ballot, vote};
use crate::report::{Figure, Outcome, Size, Times};
use crate::shim::{Field, MISSING, Shim};
use crate::support::place::Place;
use crate::world::World;
use dienhong::chamber::command::Command;
use dienhong::chamber::event::Event;
use dienhong::chamber::ids::BallotId;
use dienhong::ledger::entry::Entry;
use dienhong::wire::views::BallotState;
use std::time::{Duration, Instant};

const HOUR_MS: i64 = 3_600_000;
/// The shortest countdown a ballot can have.
const SECONDS: u32 = 5;

pub async fn jumps(size: Size) -> Outcome {
    let times = size.of(20, 1);
    let Some(shim) = Shim::build() else { return MISSING };
    let store = Place::sqlite();
    let url = store.url();
    let mut world = World::open_at(store, url, shim.settings("hall.db")).await;
    let (mut moved, mut late) = (Times::default(), Times::default());
    let length = Duration::from_secs(SECONDS.into());
    for _ in 0..times {
        let asked = Instant::now();
        let opened = world.floor.open(Some(SECONDS)).await;
        let on = BallotId::parse(opened.id).expect("an id");
        for (n, jump) in [HOUR_MS, -HOUR_MS, 0].into_iter().enumerate() {
            shim.set(Field::ClockMs, jump);
            vote(&world.floor.delegate(n).await, "yes").await;
        }
        shim.set(Field::ClockMs, HOUR_MS);
        let closed = ballot(&world.floor.chair, |ballot| ballot.state == BallotState::Closed).await;
        late.add(asked.elapsed().saturating_sub(length));
        assert_eq!(closed.result.expect("a result").took_part, 3);
        world
            .floor
            .chairs(Command::VoidBallot { ballot: on, reason: "vòng thử".to_owned() }, BallotState::Voided)
            .await;
    }
    // Started anew by a clock that stands an hour back, it goes on from its newest entry.
    shim.set(Field::ClockMs, -HOUR_MS);
    world.process.kill().await;
    world.process.restart().await;
    world.floor.chair.joined(crate::hall::LIMIT).await.expect("the chair comes back");
    world.floor.open(None).await;

    let record = Record::read(&world.place, &world.key()).await;
    let mut opened = None;
    let mut newest = 0;
    for line in &record.lines {
        let entry = Entry::decode(line).expect("it was verified");
        assert!(entry.time.0 >= newest, "time goes back in entry {}", entry.seq);
        newest = entry.time.0;
        match entry.event {
            Event::BallotOpened { .. } => opened = Some(entry.time),
            Event::BallotClosed { .. } => {
                let lasted = Duration::from_millis(entry.time.since(opened.expect("it was opened")));
                moved.add(lasted.abs_diff(length));
            }
            _ => {}
        }
    }
    Outcome::Held(vec![
        Figure::count("ballots", times as usize),
        Figure::new("end moved in the record: max", moved.max(), "ms").at_most(100.0),
        Figure::new("shown after the order to open and 5 s: max", late.max(), "ms"),
    ])
}
