//! The disk is full, or does not make durable what it was given.

use crate::checker::ended;
use crate::hall::LIMIT;
use crate::plain_http::get_at;
use crate::report::{Figure, Outcome, Size, Times, added};
use crate::shim::{Field, MISSING, Shim};
use crate::support::place::Place;
use crate::support::small_disk::SmallDisk;
use crate::world::{Voting, World, a_moment, ready};
use std::time::{Duration, Instant};
use tokio::time::timeout;

/// Longer than a page waits before it sends a vote again that was not taken (client/pending).
const RESENT: Duration = Duration::from_millis(500);

/// Somebody else fills the disk that the record is on, and later makes room.
pub async fn full(size: Size) -> Outcome {
    let (mut told, mut again, mut runs) = (Times::default(), Times::default(), vec![]);
    // Each time another hall: what one writes would soon fill 4 MiB by itself.
    for _ in 0..size.of(20, 1) {
        let store = Place::sqlite();
        let Place::Sqlite(folder) = &store else { unreachable!("it was just made") };
        let Some(disk) = SmallDisk::mount(folder.path()) else {
            return Outcome::NotRun("only root can mount a small disk");
        };
        let world = World::open(store).await;
        let mut voting = Voting::begin(&world.floor, &[world.process.endpoint()]).await;
        voting.more(5).await;
        let filled = Instant::now();
        let ballast = disk.fill();
        voting.held().await;
        told.add(filled.elapsed());
        suspended(&world).await;
        std::fs::remove_file(ballast).expect("room again");
        let back = Instant::now();
        ready(&world.process.endpoint()).await;
        again.add(back.elapsed());
        voting.go_on().await;
        runs.push(ended(&world.place, &world.floor, voting, 1).await);
        // Before the folder that it is mounted on is removed.
        drop(disk);
    }
    Outcome::Held([added(runs), said_and_served(&told, &again)].concat())
}

/// fsync answers EIO. After that nobody knows what the disk holds, so the server takes nothing until it is started anew.
pub async fn fsync_fails(size: Size) -> Outcome {
    let times = size.of(100, 2);
    let Some(shim) = Shim::build() else { return MISSING };
    let store = Place::sqlite();
    let url = store.url();
    let mut world = World::open_at(store, url, shim.settings("hall.db")).await;
    let mut voting = Voting::begin(&world.floor, &[world.process.endpoint()]).await;
    let (mut told, mut again) = (Times::default(), Times::default());
    for _ in 0..times {
        voting.more(5).await;
        a_moment(20).await;
        let failing = Instant::now();
        shim.set(Field::Fail, 1);
        voting.held().await;
        told.add(failing.elapsed());
        suspended(&world).await;
        // What was acknowledged before is still on its way to some; from then on nobody is told anything, though all send again.
        let quiet = async {
            let mut receipts = None;
            while receipts.replace(voting.count()) != Some(voting.count()) {
                tokio::time::sleep(RESENT).await;
            }
        };
        timeout(LIMIT, quiet).await.expect("nothing is acknowledged after a failed fsync");
        world.process.kill().await;
        let started = Instant::now();
        world.process.restart().await;
        ready(&world.process.endpoint()).await;
        again.add(started.elapsed());
        voting.resume().await;
    }
    assert_eq!(shim.get(Field::Failed), i64::from(times));
    let figures = ended(&world.place, &world.floor, voting, times).await;
    Outcome::Held([figures, said_and_served(&told, &again)].concat())
}

/// Whoever watches over the server is told that it does not serve.
async fn suspended(world: &World) {
    // A yes is kept for a second (http/metrics).
    let told = async { while get_at(&world.process.endpoint(), "/readyz", "").await.status != 503 {} };
    timeout(LIMIT, told).await.expect("it says that it does not serve");
    assert_eq!(get_at(&world.process.endpoint(), "/healthz", "").await.status, 200);
}

fn said_and_served(told: &Times, again: &Times) -> Vec<Figure> {
    let said = Figure::new("screens say so: max", told.max(), "ms");
    [vec![said], again.figures("serving again", 3_000.0).into()].concat()
}
