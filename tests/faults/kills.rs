//! The program is killed, or told to end, in the middle of a ballot.

use crate::checker::ended;
use crate::report::{Figure, Outcome, Size, Times};
use crate::support::place::Place;
use crate::world::{Voting, World, a_moment, ready};
use std::time::Instant;

/// Serving again after a kill, and after an order to end and a start (docs/faults.md).
const AGAIN_MS: f64 = 3_000.0;
const RESUMED_MS: f64 = 2_000.0;

pub async fn sqlite(size: Size) -> Outcome {
    kills(Place::sqlite(), size.of(500, 3)).await
}

pub async fn postgres(size: Size) -> Outcome {
    match Place::postgres().await {
        Some(store) => kills(store, size.of(500, 3)).await,
        None => Outcome::NotRun("Postgres is left out"),
    }
}

async fn kills(store: Place, times: u32) -> Outcome {
    let mut world = World::open(store).await;
    let mut voting = Voting::begin(&world.floor, &[world.process.endpoint()]).await;
    let (mut listening, mut again) = (Times::default(), Times::default());
    for _ in 0..times {
        voting.more(10).await;
        a_moment(30).await;
        world.process.kill().await;
        let started = Instant::now();
        world.process.restart().await;
        listening.add(started.elapsed());
        ready(&world.process.endpoint()).await;
        again.add(started.elapsed());
        voting.resume().await;
    }
    voting.more(10).await;
    let mut figures = ended(&world.place, &world.floor, voting, times).await;
    figures.push(Figure::new("listening again: median", listening.percentile(50.0), "ms"));
    figures.extend(again.figures("serving again", AGAIN_MS));
    Outcome::Held(figures)
}

pub async fn terminated(size: Size) -> Outcome {
    let times = size.of(50, 1);
    let mut world = World::open(Place::sqlite()).await;
    let mut voting = Voting::begin(&world.floor, &[world.process.endpoint()]).await;
    let (mut ending, mut again) = (Times::default(), Times::default());
    for _ in 0..times {
        voting.more(10).await;
        a_moment(30).await;
        let told = Instant::now();
        assert!(world.process.terminate().await.success(), "it ends in order");
        ending.add(told.elapsed());
        let started = Instant::now();
        world.process.restart().await;
        ready(&world.process.endpoint()).await;
        again.add(started.elapsed());
        voting.resume().await;
    }
    let mut figures = ended(&world.place, &world.floor, voting, times).await;
    figures.extend([Figure::new("drained and ended: max", ending.max(), "ms")]);
    figures.extend(again.figures("serving again", RESUMED_MS));
    Outcome::Held(figures)
}
