//! Postgres is killed while a commit is under way, or the line to it fails.

use crate::checker::ended;
use crate::node::metric;
use crate::proxy::{Line, Proxy};
use crate::report::{Figure, Outcome, Size, Times};
use crate::support::place::Place;
use crate::support::postgres::own_server;
use crate::world::{DELEGATES, Voting, World, ready};
use std::time::{Duration, Instant};

const LEFT_OUT: Outcome = Outcome::NotRun("Postgres is left out");

/// The postmaster and all its backends are killed while the server waits to hear of a commit: every second time the commit was
/// there already, so nobody can say by the answer whether it is done.
pub async fn killed(size: Size) -> Outcome {
    let times = size.of(200, 2);
    let Some(server) = own_server() else { return LEFT_OUT };
    let url = server.fresh_database().await;
    let (proxy, through) = Proxy::before(&url).await;
    let world = World::open_at(Place::Postgres(url), through, Vec::new()).await;
    let mut voting = Voting::begin(&world.floor, &[world.process.endpoint()]).await;
    let mut again = Times::default();
    for n in 0..times {
        voting.more(DELEGATES as usize).await;
        proxy.catch_commit(n % 2 == 0).await;
        server.kill();
        voting.held().await;
        server.restart(&[]);
        let back = Instant::now();
        proxy.set(Line::Through);
        ready(&world.process.endpoint()).await;
        again.add(back.elapsed());
        voting.go_on().await;
    }
    let unknown = metric(&world.process.endpoint(), "dienhong_append_failures_total", "append_unknown").await;
    let mut figures = ended(&world.place, &world.floor, voting, times).await;
    figures.push(Figure::new("unknown outcomes", unknown, ""));
    figures.extend(again.figures("serving again once Postgres was back", 3_000.0));
    Outcome::Held(figures)
}

/// The line is cut, goes silent, or loses a commit on its way there or back; in between it is slow.
pub async fn line(size: Size) -> Outcome {
    let times = size.of(40, 4);
    let Some(store) = Place::postgres().await else { return LEFT_OUT };
    let (proxy, through) = Proxy::before(&store.url()).await;
    let world = World::open_at(store, through, Vec::new()).await;
    let mut voting = Voting::begin(&world.floor, &[world.process.endpoint()]).await;
    let (mut told, mut again) = (Times::default(), Times::default());
    for n in 0..times {
        proxy.set(Line::Delay(Duration::from_millis(5)));
        voting.more(5).await;
        let failed = Instant::now();
        match n % 4 {
            0 => proxy.set(Line::Cut),
            1 => proxy.set(Line::Silent),
            way => proxy.catch_commit(way == 2).await,
        }
        voting.held().await;
        told.add(failed.elapsed());
        proxy.set(Line::Through);
        let back = Instant::now();
        ready(&world.process.endpoint()).await;
        again.add(back.elapsed());
        voting.go_on().await;
    }
    let unknown = metric(&world.process.endpoint(), "dienhong_append_failures_total", "append_unknown").await;
    let mut figures = ended(&world.place, &world.floor, voting, times).await;
    figures.push(Figure::new("unknown outcomes", unknown, ""));
    figures.push(Figure::new("screens say so: max", told.max(), "ms"));
    figures.extend(again.figures("serving again", 3_000.0));
    Outcome::Held(figures)
}
