//! Figures leave at each audience's own pace. Whatever the pace, what is shown in the end is what is in the record.

use crate::floor::{Floor, LONG, ballot, recorded, vote};
use crate::hall::{Hall, LIMIT, join, watch_as};
use crate::support::place::Place;
use dienhong::chamber::command::Command;
use dienhong::client::{Client, when};
use dienhong::wire::frames::Page;
use dienhong::wire::from_chamber::{self as from, Eyes, Store};
use dienhong::wire::views::{ConsoleView, LiveView, SeatsView};
use std::sync::Arc;
use tokio::task::JoinSet;

const DELEGATES: usize = 12;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_rush_every_audience_sees_what_is_in_the_record() {
    let hall = Hall::open(Place::sqlite(), "province", DELEGATES as u32).await;
    let endpoint = hall.endpoint();
    let floor = Floor::ready(&hall, 1, DELEGATES).await;
    let others: [(&str, Client, Eyes); 4] = [
        ("a tablet", floor.delegate(3).await, Eyes::Hall),
        ("the hall's own wall", join(&endpoint, Page::Wall, &floor.delegates[2]).await, Eyes::Hall),
        ("a wall outside", watch_as(&endpoint, Page::Wall).await, Eyes::Public),
        ("a spectator", watch_as(&endpoint, Page::Public).await, Eyes::Public),
    ];
    floor.open(LONG).await;
    // Votes and comings and goings, everybody at once.
    let mut rush = JoinSet::new();
    for (n, identity) in floor.delegates.iter().enumerate().filter(|(n, _)| *n != 3) {
        let tablet = join(&endpoint, Page::Delegate, identity).await;
        rush.spawn(async move {
            vote(&tablet, ["yes", "no", "abstain"][n % 3]).await;
            let turned = when(&tablet.views().me, LIMIT, |me| me.vote.is_some()).await.expect("one's own vote");
            assert_eq!(turned.next_turn, 2);
            if n % 4 == 1 {
                let person = tablet.identity().expect("a person").person().clone();
                recorded(&tablet, Command::CheckOut { person, reason: None }).await;
            }
        });
    }
    while let Some(done) = rush.join_next().await {
        done.expect("every vote is taken");
    }
    let (live, seats, missing) = hall.council().ask(durable).await.expect("the council answers");
    for (name, client, eyes) in &others {
        let n = usize::from(*eyes == Eyes::Public);
        when(&client.views().live, LIMIT, |shown| *shown == live[n]).await.unwrap_or_else(|e| panic!("{name}: {e}"));
        when(&client.views().seats, LIMIT, |shown| *shown == seats[n]).await.unwrap_or_else(|e| panic!("{name}: {e}"));
    }
    when(&floor.chair.views().live, LIMIT, |shown| *shown == live[0]).await.expect("the chair's figures");
    let is_newest = |shown: &ConsoleView| shown.missing == missing;
    when(&floor.chair.views().console, LIMIT, is_newest).await.expect("the chair's list of those missing");
    hall.close().await;
}

/// What the hall and the public are to see of the record, and whose vote is missing.
fn durable(sequencer: &dienhong::sequencer::Sequencer) -> ([LiveView; 2], [SeatsView; 2], Vec<String>) {
    let chamber = sequencer.durable();
    let eyes = [Eyes::Hall, Eyes::Public];
    let console = from::console(chamber, &from::Connections::default());
    (
        eyes.map(|eyes| from::live(chamber, Store::Writable, eyes)),
        eyes.map(|eyes| from::seats(chamber, eyes)),
        console.missing,
    )
}

/// Who has two pages open sees the vote on both, though only one of them was sent the receipt.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vote_is_shown_on_all_pages_of_its_person() {
    let hall = Hall::open(Place::sqlite(), "province", 3).await;
    let floor = Floor::ready(&hall, 1, 3).await;
    floor.open(LONG).await;
    let tablet = floor.delegate(0).await;
    let receipt = vote(&tablet, "yes").await;
    for client in [&tablet, &floor.chair] {
        let me = when(&client.views().me, LIMIT, |me| me.vote.is_some()).await.expect("one's own vote");
        let voted: Arc<_> = me;
        assert_eq!(voted.vote.as_ref().map(|vote| vote.seq), Some(receipt.seq));
    }
    ballot(&floor.chair, |ballot| ballot.received == 1).await;
    hall.close().await;
}
